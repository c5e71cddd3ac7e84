//! The states of a veto: a listed bar on a unit or person, for a time (D-703).

use super::{Flow, Row, Workflow, birth, row};
use crate::campaign::definition::code_enum;
use crate::error::{ErrorCode, Fault};
use crate::operation::Operation as O;

code_enum! {
    /// Where a veto stands; whether its time has run out is said by its days.
    VetoState {
        /// Recorded: in force during its days.
        Recorded,
        /// Lifted by the department that supplied it.
        Lifted,
    }
}

code_enum! {
    /// What may stand in the way of a veto.
    VetoGuard {
        /// Departments and county-direct units supply vetoes, and the office.
        SuppliesVetoes,
        /// The department that supplied it alone may lift it.
        IsSupplier,
    }
}

/// What the guards of a veto ask.
#[derive(Clone, Copy, Debug)]
pub struct VetoFacts {
    /// Whoever acts does so for a department or a county-direct unit, or for the office.
    pub supplies: bool,
    /// Whoever acts does so for the department that supplied it, or for the office where none did.
    pub supplier: bool,
}

/// The veto's workflow.
#[derive(Debug)]
pub struct VetoFlow;

use VetoGuard as G;
use VetoState as S;

impl Flow for VetoFlow {
    type State = S;
    type Guard = G;
    type Facts<'a> = VetoFacts;
    const WORKFLOW: Workflow = Workflow::Veto;
    const ROWS: &'static [Row<S, G>] = &[
        birth(O::RecordVeto, S::Recorded, &[G::SuppliesVetoes]),
        row(S::Recorded, O::LiftVeto, S::Lifted, &[G::IsSupplier]),
    ];

    fn check(guard: G, facts: &VetoFacts) -> Vec<Fault> {
        match guard {
            G::SuppliesVetoes if !facts.supplies => vec![Fault::new(ErrorCode::NotADepartment)],
            G::SuppliesVetoes => vec![],
            G::IsSupplier if !facts.supplier => vec![Fault::new(ErrorCode::NotTheSupplier)],
            G::IsSupplier => vec![],
        }
    }
}

//! The states of a duty record: a supervisor writes it, the office reviews it (D-805).

use super::{Flow, Row, Workflow, birth, outcome};
use crate::campaign::definition::code_enum;
use crate::error::{ErrorCode, Fault};
use crate::operation::Operation as O;

code_enum! {
    /// Where a duty record stands.
    DutyRecordState {
        /// Written, not yet reviewed.
        Submitted,
        /// Reviewed: it counts.
        Approved,
        /// Reviewed: it does not count.
        Declined,
    }
}

code_enum! {
    /// What may stand in the way of a duty record.
    DutyRecordGuard {
        /// The day is in the supervisor's term of appointment.
        InTerm,
        /// Whoever acts is no supervisor: these records, and those of their rivals, evaluate them (D-605, D-902).
        NotSupervisor,
        /// No list is made from a ranking that counts it.
        RankingFree,
    }
}

/// What the guards of a duty record ask.
#[derive(Clone, Copy, Debug)]
pub struct DutyRecordFacts {
    /// The day is in the supervisor's term.
    pub in_term: bool,
    /// Whoever asks is a supervisor.
    pub by_supervisor: bool,
    /// A list is made from a ranking that counts it.
    pub ranking_in_use: bool,
}

/// The duty record's workflow.
#[derive(Debug)]
pub struct DutyRecordFlow;

use DutyRecordGuard as G;
use DutyRecordState as S;

const REVIEWABLE: &[G] = &[G::NotSupervisor, G::RankingFree];

impl Flow for DutyRecordFlow {
    type State = S;
    type Guard = G;
    type Facts<'a> = DutyRecordFacts;
    const WORKFLOW: Workflow = Workflow::DutyRecord;
    const ROWS: &'static [Row<S, G>] = &[
        birth(O::CreateDutyRecord, S::Submitted, &[G::InTerm]),
        outcome(S::Submitted, O::ReviewDutyRecord, "approved", S::Approved, REVIEWABLE),
        outcome(S::Submitted, O::ReviewDutyRecord, "declined", S::Declined, REVIEWABLE),
    ];

    fn check(guard: G, facts: &DutyRecordFacts) -> Vec<Fault> {
        let (fails, code) = match guard {
            G::InTerm => (!facts.in_term, ErrorCode::OutOfTerm),
            G::NotSupervisor => (facts.by_supervisor, ErrorCode::SupervisorsEvaluated),
            G::RankingFree => (facts.ranking_in_use, ErrorCode::RankingInUse),
        };
        if fails { vec![Fault::new(code)] } else { vec![] }
    }
}

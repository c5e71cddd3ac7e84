//! The states of an assignment: one supervisor is to score one application (D-602).

use super::{Flow, Row, Workflow, birth, end, row};
use crate::campaign::definition::code_enum;
use crate::error::{ErrorCode, Fault};
use crate::operation::Operation as O;
use crate::workflow::campaign::CampaignState;

code_enum! {
    /// Where an assignment stands.
    AssignmentState {
        /// Proposed, by the system or the office.
        Planned,
        /// Confirmed by the office: the supervisor is told.
        Confirmed,
        /// The supervisor has declared no conflict of interest.
        Cleared,
        /// The supervisor is recused.
        Recused,
    }
}

code_enum! {
    /// What may stand in the way of an assignment.
    AssignmentGuard {
        /// The campaign verifies.
        Verifying,
        /// The application is `accepted`.
        ApplicationAccepted,
        /// The supervisor is in office.
        SupervisorInOffice,
        /// The supervisor is not of the nominee's unit (D-603, D-902).
        NotOwnUnit,
        /// The supervisor does not stand in the category (D-605).
        NotCandidate,
        /// The supervisor does not score the application already.
        NotAssignedYet,
        /// No sheet has been submitted.
        NoSheetSubmitted,
        /// The supervisor is not recused from the application (D-603).
        NotRecused,
    }
}

/// What the guards of an assignment ask.
#[derive(Clone, Copy, Debug)]
pub struct AssignmentFacts {
    /// The campaign's phase.
    pub phase: CampaignState,
    /// The application is `accepted`.
    pub application_accepted: bool,
    /// The supervisor is in office.
    pub supervisor_in_office: bool,
    /// The supervisor works at the nominee's unit.
    pub own_unit: bool,
    /// The supervisor stands in the category.
    pub candidate: bool,
    /// The supervisor scores the application already.
    pub assigned_already: bool,
    /// Its sheet has been submitted.
    pub sheet_submitted: bool,
    /// A recusal binds the supervisor.
    pub recused: bool,
}

/// The assignment's workflow.
#[derive(Debug)]
pub struct AssignmentFlow;

use AssignmentGuard as G;
use AssignmentState as S;

const NEW: &[G] = &[
    G::Verifying,
    G::ApplicationAccepted,
    G::SupervisorInOffice,
    G::NotOwnUnit,
    G::NotCandidate,
    G::NotRecused,
    G::NotAssignedYet,
];
const OPEN: &[G] = &[G::Verifying];
const CONFIRMABLE: &[G] = &[G::Verifying, G::ApplicationAccepted, G::NotRecused];
const DECLARABLE: &[G] = &[G::Verifying, G::NotOwnUnit, G::NotCandidate, G::NotRecused];
const REMOVABLE: &[G] = &[G::Verifying, G::NoSheetSubmitted];

impl Flow for AssignmentFlow {
    type State = S;
    type Guard = G;
    type Facts<'a> = AssignmentFacts;
    const WORKFLOW: Workflow = Workflow::Assignment;
    const ROWS: &'static [Row<S, G>] = &[
        birth(O::PlanAssignments, S::Planned, NEW),
        birth(O::CreateAssignment, S::Planned, NEW),
        // Whoever is recused is replaced at once.
        birth(O::DeclareRecusal, S::Planned, &[]),
        // A new plan takes the place of the earlier one.
        end(S::Planned, O::PlanAssignments, OPEN),
        // Locked, moved or swapped; who comes new is held to what a new assignment is.
        row(S::Planned, O::UpdateAssignment, S::Planned, OPEN),
        row(S::Planned, O::ConfirmAssignments, S::Confirmed, CONFIRMABLE),
        row(S::Confirmed, O::DeclareNoConflict, S::Cleared, DECLARABLE),
        row(S::Planned, O::DeclareRecusal, S::Recused, OPEN),
        row(S::Confirmed, O::DeclareRecusal, S::Recused, OPEN),
        row(S::Cleared, O::DeclareRecusal, S::Recused, OPEN),
        end(S::Planned, O::DeleteAssignment, REMOVABLE),
        end(S::Confirmed, O::DeleteAssignment, REMOVABLE),
        end(S::Cleared, O::DeleteAssignment, REMOVABLE),
    ];

    fn phase(facts: &AssignmentFacts) -> Option<CampaignState> {
        Some(facts.phase)
    }

    fn check(guard: G, facts: &AssignmentFacts) -> Vec<Fault> {
        let (fails, code) = match guard {
            G::Verifying => return super::phase_fault(facts.phase, CampaignState::Verifying),
            G::ApplicationAccepted => (!facts.application_accepted, ErrorCode::ApplicationNotAccepted),
            G::SupervisorInOffice => (!facts.supervisor_in_office, ErrorCode::SupervisorInactive),
            G::NotOwnUnit => (facts.own_unit, ErrorCode::OwnUnit),
            G::NotCandidate => (facts.candidate, ErrorCode::SupervisorIsCandidate),
            G::NotAssignedYet => (facts.assigned_already, ErrorCode::AlreadyAssigned),
            G::NoSheetSubmitted => (facts.sheet_submitted, ErrorCode::SheetSubmitted),
            G::NotRecused => (facts.recused, ErrorCode::Recused),
        };
        if fails { vec![Fault::new(code)] } else { vec![] }
    }
}

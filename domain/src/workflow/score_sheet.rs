//! The states of a score sheet (D-604).

use super::{Flow, Row, Workflow, birth, end, row};
use crate::campaign::definition::code_enum;
use crate::error::{ErrorCode, Fault};
use crate::operation::Operation as O;
use crate::policy::Stake;
use crate::workflow::assignment::AssignmentState;
use crate::workflow::campaign::CampaignState;

code_enum! {
    /// Where a score sheet stands.
    ScoreSheetState {
        /// Being written.
        Draft,
        /// Submitted: it counts.
        Submitted,
    }
}

code_enum! {
    /// What may stand in the way of a score sheet.
    ScoreSheetGuard {
        /// The campaign verifies.
        Verifying,
        /// The supervisor has declared no conflict.
        AssignmentCleared,
        /// A trip to the nominee is recorded, with this supervisor among its participants.
        SiteVisitRecorded,
        /// Every criterion has points and a reason, or "cannot judge".
        SheetComplete,
        /// No list is made from the ranking.
        RankingFree,
        /// Whoever acts has no stake in the nominee (D-902).
        NoStake,
    }
}

/// What the guards of a score sheet ask.
#[derive(Clone, Debug)]
pub struct ScoreSheetFacts {
    /// The campaign's phase.
    pub phase: CampaignState,
    /// Where the assignment stands.
    pub assignment: AssignmentState,
    /// A site visit names this assignment.
    pub visited: bool,
    /// Criteria that are neither judged nor marked "cannot judge".
    pub missing: Vec<u32>,
    /// A list is made from the ranking.
    pub ranking_in_use: bool,
    /// What stakes whoever acts has in the nominee.
    pub stakes: Vec<Stake>,
}

/// The score sheet's workflow.
#[derive(Debug)]
pub struct ScoreSheetFlow;

use ScoreSheetGuard as G;
use ScoreSheetState as S;

const WRITABLE: &[G] = &[G::Verifying, G::AssignmentCleared, G::NoStake];

impl Flow for ScoreSheetFlow {
    type State = S;
    type Guard = G;
    type Facts<'a> = ScoreSheetFacts;
    const WORKFLOW: Workflow = Workflow::ScoreSheet;
    const ROWS: &'static [Row<S, G>] = &[
        birth(O::SaveScoreSheet, S::Draft, WRITABLE),
        row(S::Draft, O::SaveScoreSheet, S::Draft, WRITABLE),
        row(
            S::Draft,
            O::SubmitScoreSheet,
            S::Submitted,
            &[G::Verifying, G::AssignmentCleared, G::NoStake, G::SiteVisitRecorded, G::SheetComplete],
        ),
        row(S::Submitted, O::ReopenScoreSheet, S::Draft, &[G::Verifying, G::RankingFree, G::NoStake]),
        // What was begun goes with its assignment.
        end(S::Draft, O::DeleteAssignment, &[]),
    ];

    fn phase(facts: &ScoreSheetFacts) -> Option<CampaignState> {
        Some(facts.phase)
    }

    fn check(guard: G, facts: &ScoreSheetFacts) -> Vec<Fault> {
        let fault = |fails: bool, code| if fails { vec![Fault::new(code)] } else { vec![] };
        match guard {
            G::Verifying => super::phase_fault(facts.phase, CampaignState::Verifying),
            G::AssignmentCleared => match facts.assignment {
                AssignmentState::Cleared => vec![],
                AssignmentState::Planned => vec![Fault::new(ErrorCode::NotConfirmed)],
                AssignmentState::Confirmed => vec![Fault::new(ErrorCode::NotDeclared)],
                AssignmentState::Recused => vec![Fault::new(ErrorCode::Recused)],
            },
            G::SiteVisitRecorded => fault(!facts.visited, ErrorCode::SiteVisitMissing),
            G::SheetComplete => facts
                .missing
                .iter()
                .map(|number| Fault::new(ErrorCode::SheetIncomplete).with("criterion", *number))
                .collect(),
            G::RankingFree => fault(facts.ranking_in_use, ErrorCode::RankingInUse),
            G::NoStake => Stake::faults(&facts.stakes),
        }
    }
}

//! The states of a vetting request: a department is asked about a candidate (D-702).

use super::{Flow, Row, Workflow, birth, outcome, row};
use crate::campaign::definition::code_enum;
use crate::error::{ErrorCode, Fault};
use crate::operation::Operation as O;
use crate::policy::Stake;
use crate::workflow::campaign::CampaignState;
use crate::workflow::shortlist::ShortlistState;

code_enum! {
    /// Where a vetting request stands.
    VettingState {
        /// 征求中: the department has not answered.
        Requested,
        /// 无意见.
        NoObjection,
        /// 有意见: to be resolved before the notice.
        Concern,
        /// 否决.
        Veto,
        /// The concern is resolved, with a record of how.
        Resolved,
    }
}

code_enum! {
    /// What may stand in the way of a vetting request.
    VettingGuard {
        /// The campaign selects.
        Selecting,
        /// The category's list is proposed and not decided.
        ListUnderWay,
        /// Whoever acts has no stake in the candidate (D-902).
        NoStake,
    }
}

/// What the guards of a vetting request ask.
#[derive(Clone, Debug)]
pub struct VettingFacts {
    /// The campaign's phase.
    pub phase: CampaignState,
    /// Where the list stands that is alive in the category; none where none is.
    pub list: Option<ShortlistState>,
    /// Whoever acts has these stakes in the candidate.
    pub stakes: Vec<Stake>,
    /// Whoever acts is of the house: only they learn how a list was decided (D-403).
    pub insider: bool,
}

/// The vetting request's workflow.
#[derive(Debug)]
pub struct VettingFlow;

use VettingGuard as G;
use VettingState as S;

const ASKING: &[G] = &[G::Selecting, G::ListUnderWay];
const RESOLVING: &[G] = &[G::Selecting, G::ListUnderWay, G::NoStake];

impl Flow for VettingFlow {
    type State = S;
    type Guard = G;
    type Facts<'a> = VettingFacts;
    const WORKFLOW: Workflow = Workflow::VettingRequest;
    const ROWS: &'static [Row<S, G>] = &[
        birth(O::RequestVetting, S::Requested, ASKING),
        outcome(S::Requested, O::RecordVettingOpinion, "no_objection", S::NoObjection, ASKING),
        outcome(S::Requested, O::RecordVettingOpinion, "concern", S::Concern, ASKING),
        outcome(S::Requested, O::RecordVettingOpinion, "veto", S::Veto, ASKING),
        row(S::Concern, O::ResolveVettingConcern, S::Resolved, RESOLVING),
    ];

    fn phase(facts: &VettingFacts) -> Option<CampaignState> {
        Some(facts.phase)
    }

    fn check(guard: G, facts: &VettingFacts) -> Vec<Fault> {
        use ShortlistState as L;
        match guard {
            G::Selecting => super::phase_fault(facts.phase, CampaignState::Selecting),
            G::ListUnderWay => match facts.list {
                Some(L::Proposed | L::Endorsed | L::Noticed) => vec![],
                Some(_) | None if !facts.insider => vec![Fault::new(ErrorCode::VettingOver)],
                Some(L::Approved) => vec![Fault::new(ErrorCode::ListApproved)],
                Some(L::Draft | L::Returned) | None => vec![Fault::new(ErrorCode::ListNotProposed)],
            },
            G::NoStake => Stake::faults(&facts.stakes),
        }
    }
}

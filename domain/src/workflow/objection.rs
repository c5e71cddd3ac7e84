//! The states of an objection, from filing to answer (D-705, D-706).

use super::{Flow, Row, Workflow, birth, outcome, row};
use crate::campaign::definition::code_enum;
use crate::error::{ErrorCode, Fault};
use crate::operation::Operation as O;
use crate::policy::Stake;
use crate::workflow::campaign::CampaignState;
use crate::workflow::public_notice::NoticeState;

code_enum! {
    /// Where an objection stands.
    ObjectionState {
        /// 已收到: filed, with nobody at work on it yet.
        Filed,
        /// 调查中: somebody without a stake investigates.
        Investigating,
        /// 成立.
        Upheld,
        /// 部分成立.
        Partly,
        /// 不成立.
        Rejected,
    }
}

impl ObjectionState {
    /// Whether it still waits for its answer.
    #[must_use]
    pub fn is_open(self) -> bool {
        match self {
            Self::Filed | Self::Investigating => true,
            Self::Upheld | Self::Partly | Self::Rejected => false,
        }
    }
}

code_enum! {
    /// What may stand in the way of an objection.
    ObjectionGuard {
        /// The campaign is not cancelled.
        CampaignAlive,
        /// The notice has not been withdrawn.
        NoticeStands,
        /// The list has not been decided.
        ListUndecided,
        /// Whoever acts has no stake in the candidates (D-902).
        NoStake,
        /// Whoever acts is the assigned investigator.
        IsInvestigator,
        /// The objector has given a name.
        ObjectorNamed,
    }
}

/// What the guards of an objection ask.
#[derive(Clone, Debug)]
pub struct ObjectionFacts {
    /// The campaign's phase.
    pub phase: CampaignState,
    /// Where the notice stands against which it is filed.
    pub notice: NoticeState,
    /// The category is decided: by an approved list, or without an award.
    pub decided: bool,
    /// Whoever acts has these stakes.
    pub stakes: Vec<Stake>,
    /// Whoever acts is the assigned investigator.
    pub investigator: bool,
    /// The objector has given a name.
    pub named: bool,
}

/// The objection's workflow.
#[derive(Debug)]
pub struct ObjectionFlow;

use ObjectionGuard as G;
use ObjectionState as S;

const FILING: &[G] = &[G::CampaignAlive, G::NoticeStands, G::ListUndecided];
const ASSIGNING: &[G] = &[G::CampaignAlive, G::NoStake];
const ANSWERING: &[G] = &[G::CampaignAlive, G::IsInvestigator, G::NoStake];
const REVEALING: &[G] = &[G::CampaignAlive, G::IsInvestigator, G::NoStake, G::ObjectorNamed];

impl Flow for ObjectionFlow {
    type State = S;
    type Guard = G;
    type Facts<'a> = ObjectionFacts;
    const WORKFLOW: Workflow = Workflow::Objection;
    const ROWS: &'static [Row<S, G>] = &[
        birth(O::FileObjection, S::Filed, FILING),
        row(S::Filed, O::AssignObjection, S::Investigating, ASSIGNING),
        row(S::Investigating, O::AssignObjection, S::Investigating, ASSIGNING),
        outcome(S::Investigating, O::ResolveObjection, "upheld", S::Upheld, ANSWERING),
        outcome(S::Investigating, O::ResolveObjection, "partly", S::Partly, ANSWERING),
        outcome(S::Investigating, O::ResolveObjection, "rejected", S::Rejected, ANSWERING),
        // The name is opened to whoever investigates, and to report the answer afterwards.
        row(S::Investigating, O::RevealObjector, S::Investigating, REVEALING),
        row(S::Upheld, O::RevealObjector, S::Upheld, REVEALING),
        row(S::Partly, O::RevealObjector, S::Partly, REVEALING),
        row(S::Rejected, O::RevealObjector, S::Rejected, REVEALING),
    ];

    fn phase(facts: &ObjectionFacts) -> Option<CampaignState> {
        Some(facts.phase)
    }

    fn check(guard: G, facts: &ObjectionFacts) -> Vec<Fault> {
        let fault = |fails: bool, code| if fails { vec![Fault::new(code)] } else { vec![] };
        match guard {
            G::CampaignAlive => super::cancelled_fault(facts.phase),
            G::NoticeStands => fault(facts.notice == NoticeState::Withdrawn, ErrorCode::NoticeWithdrawn),
            G::ListUndecided => fault(facts.decided, ErrorCode::ObjectionsClosed),
            G::NoStake => Stake::faults(&facts.stakes),
            G::IsInvestigator => fault(!facts.investigator, ErrorCode::NotTheInvestigator),
            G::ObjectorNamed => fault(!facts.named, ErrorCode::ObjectorAnonymous),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    #[test]
    fn d_705_an_objection_is_open_until_it_is_answered() {
        let open: Vec<_> = ObjectionState::iter().filter(|state| state.is_open()).collect();
        assert_eq!(open, [ObjectionState::Filed, ObjectionState::Investigating]);
    }
}

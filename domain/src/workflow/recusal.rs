//! The states of a recusal: why a person may not score or handle an application (D-603).

use super::{Flow, Row, Workflow, birth, row};
use crate::campaign::definition::code_enum;
use crate::error::{ErrorCode, Fault};
use crate::operation::Operation as O;
use crate::workflow::campaign::CampaignState;

code_enum! {
    /// Where a recusal stands.
    RecusalState {
        /// Proposed by the system; it binds until the office has looked at it.
        Proposed,
        /// In force.
        InForce,
        /// Lifted, with a reason.
        Lifted,
    }
}

impl RecusalState {
    /// Whether it binds the person.
    #[must_use]
    pub fn binds(self) -> bool {
        match self {
            Self::Proposed | Self::InForce => true,
            Self::Lifted => false,
        }
    }
}

code_enum! {
    /// What may stand in the way of a recusal.
    RecusalGuard {
        /// The campaign is not cancelled.
        CampaignAlive,
        /// The campaign is not closed yet: there is something to be recused from.
        CampaignOpen,
        /// Nobody lifts a recusal that somebody else laid upon them.
        NotBound,
    }
}

/// What the guards of a recusal ask.
#[derive(Clone, Copy, Debug)]
pub struct RecusalFacts {
    /// The campaign's phase.
    pub phase: CampaignState,
    /// Whoever acts is bound by it and has not declared it.
    pub laid_on_oneself: bool,
}

/// The recusal's workflow.
#[derive(Debug)]
pub struct RecusalFlow;

use RecusalGuard as G;
use RecusalState as S;

const DECLARABLE: &[G] = &[G::CampaignAlive, G::CampaignOpen];
const LIFTABLE: &[G] = &[G::CampaignAlive, G::CampaignOpen, G::NotBound];

impl Flow for RecusalFlow {
    type State = S;
    type Guard = G;
    type Facts<'a> = RecusalFacts;
    const WORKFLOW: Workflow = Workflow::Recusal;
    const ROWS: &'static [Row<S, G>] = &[
        birth(O::ProposeRecusals, S::Proposed, &[]),
        birth(O::DeclareRecusal, S::InForce, DECLARABLE),
        row(S::Proposed, O::DeclareRecusal, S::InForce, DECLARABLE),
        row(S::Proposed, O::LiftRecusal, S::Lifted, LIFTABLE),
        row(S::InForce, O::LiftRecusal, S::Lifted, LIFTABLE),
    ];

    fn phase(facts: &RecusalFacts) -> Option<CampaignState> {
        Some(facts.phase)
    }

    fn check(guard: G, facts: &RecusalFacts) -> Vec<Fault> {
        use CampaignState as P;
        let fault = |fails: bool, code| if fails { vec![Fault::new(code)] } else { vec![] };
        match guard {
            G::CampaignAlive => super::cancelled_fault(facts.phase),
            G::CampaignOpen => fault(
                !matches!(facts.phase, P::Accepting | P::Verifying | P::Selecting | P::Cancelled),
                ErrorCode::CampaignNotOpen,
            ),
            G::NotBound => fault(facts.laid_on_oneself, ErrorCode::OwnRecusal),
        }
    }
}

//! The states of a public notice (docs/rules.md, section 7).

use super::{Flow, Row, Workflow, birth, row};
use crate::campaign::definition::code_enum;
use crate::error::{ErrorCode, Fault};
use crate::operation::Operation as O;
use crate::time::Instant;
use crate::workflow::campaign::CampaignState;

code_enum! {
    /// Where a public notice stands.
    NoticeState {
        /// Shown, and open to objections.
        Published,
        /// Its period is over.
        Closed,
        /// Its list was returned; it stays readable, marked as withdrawn.
        Withdrawn,
    }
}

code_enum! {
    /// What may stand in the way of a public notice.
    NoticeGuard {
        /// The campaign is not cancelled.
        CampaignAlive,
        /// Its period is over.
        PeriodOver,
    }
}

/// What the guards of a public notice ask.
#[derive(Clone, Copy, Debug)]
pub struct NoticeFacts {
    /// The campaign's phase.
    pub phase: CampaignState,
    /// Now.
    pub now: Instant,
    /// The instant at which its period is over.
    pub closes_at: Instant,
}

/// The public notice's workflow.
#[derive(Debug)]
pub struct NoticeFlow;

use NoticeGuard as G;
use NoticeState as S;

impl Flow for NoticeFlow {
    type State = S;
    type Guard = G;
    type Facts<'a> = NoticeFacts;
    const WORKFLOW: Workflow = Workflow::PublicNotice;
    const ROWS: &'static [Row<S, G>] = &[
        birth(O::PublishNotice, S::Published, &[]),
        row(S::Published, O::CloseNotice, S::Closed, &[G::CampaignAlive, G::PeriodOver]),
        row(S::Published, O::ReturnShortlist, S::Withdrawn, &[]),
    ];

    fn phase(facts: &NoticeFacts) -> Option<CampaignState> {
        Some(facts.phase)
    }

    fn check(guard: G, facts: &NoticeFacts) -> Vec<Fault> {
        match guard {
            G::CampaignAlive => super::cancelled_fault(facts.phase),
            G::PeriodOver if facts.now < facts.closes_at => {
                vec![Fault::new(ErrorCode::NoticeRunning).with("until", facts.closes_at)]
            }
            G::PeriodOver => vec![],
        }
    }
}

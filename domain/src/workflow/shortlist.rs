//! The states of a shortlist: the office proposes, the county government decides (docs/rules.md, section 7).

use super::{Flow, Row, Workflow, birth, row};
use crate::campaign::definition::code_enum;
use crate::error::Fault;
use crate::operation::Operation as O;
use crate::review::shortlist::ListFacts;

code_enum! {
    /// Where a shortlist stands.
    ShortlistState {
        /// Being made.
        Draft,
        /// Proposed by the office.
        Proposed,
        /// The approver consents that its names are shown.
        Endorsed,
        /// Shown to the public.
        Noticed,
        /// Decided: its entries are awarded.
        Approved,
        /// Sent back; a new one may be made.
        Returned,
    }
}

code_enum! {
    /// What may stand in the way of a shortlist.
    ShortlistGuard {
        /// The campaign selects.
        Selecting,
        /// The category has no other list alive.
        NoOtherList,
        /// The list has entries.
        NotEmpty,
        /// The list is not longer than the quota (D-206).
        WithinQuota,
        /// The list leaves the surplus that the definition asks for (D-206).
        SurplusLeft,
        /// The share rules hold on the entries standing (D-205).
        SharesHold,
        /// Every departure from the ranking has its reason (D-701).
        DeparturesReasoned,
        /// Every entry is still verified.
        EntriesStanding,
        /// The ranking is still the one that the list was made from.
        RankingCurrent,
        /// Every annual assessment that is blended in is there (D-607).
        AssessmentsPresent,
        /// No tie across the quota boundary is open (D-609).
        TiesResolved,
        /// Whoever proposed it does not decide on it (D-902).
        NotProposer,
        /// The approver has consented, where the definition asks for it.
        ConsentGiven,
        /// The calendar of working days is there for the notice's period.
        CalendarKnown,
        /// Its last notice has closed.
        NoticeClosed,
        /// Every entry standing stood in a closed notice (D-707).
        EntriesNoticed,
        /// The category has not been decided without an award.
        NotDecidedWithoutAward,
        /// Whoever acts has no stake in the category's candidates (D-902).
        NoStake,
        /// No veto is in force against an entry standing (D-703).
        NoVetoInForce,
        /// Every department has said its word on every entry standing, and every concern is resolved (D-702).
        VettingDone,
        /// No objection on its notices or its entries is open (D-707).
        ObjectionsAnswered,
        /// Every upheld objection is carried out (D-706).
        UpheldCarriedOut,
    }
}

/// The shortlist's workflow.
#[derive(Debug)]
pub struct ShortlistFlow;

use ShortlistGuard as G;
use ShortlistState as S;

const NOTICE: &[G] = &[
    G::Selecting,
    G::ConsentGiven,
    G::NotEmpty,
    G::SharesHold,
    G::CalendarKnown,
    G::NoVetoInForce,
    G::VettingDone,
];
const DECIDING: &[G] = &[G::Selecting, G::NotProposer, G::NoStake];

impl Flow for ShortlistFlow {
    type State = S;
    type Guard = G;
    type Facts<'a> = ListFacts;
    const WORKFLOW: Workflow = Workflow::Shortlist;
    const ROWS: &'static [Row<S, G>] = &[
        birth(
            O::CreateShortlist,
            S::Draft,
            &[
                G::Selecting,
                G::NoOtherList,
                G::NotDecidedWithoutAward,
                G::AssessmentsPresent,
                G::TiesResolved,
            ],
        ),
        row(S::Draft, O::UpdateShortlist, S::Draft, &[G::Selecting]),
        row(
            S::Draft,
            O::ProposeShortlist,
            S::Proposed,
            &[
                G::Selecting,
                G::NotEmpty,
                G::WithinQuota,
                G::SurplusLeft,
                G::SharesHold,
                G::DeparturesReasoned,
                G::EntriesStanding,
                G::RankingCurrent,
                G::AssessmentsPresent,
                G::TiesResolved,
                G::NoVetoInForce,
                G::NoStake,
            ],
        ),
        row(S::Proposed, O::EndorseShortlist, S::Endorsed, DECIDING),
        row(S::Endorsed, O::PublishNotice, S::Noticed, NOTICE),
        row(S::Proposed, O::PublishNotice, S::Noticed, NOTICE),
        row(
            S::Noticed,
            O::ApproveShortlist,
            S::Approved,
            &[
                G::Selecting,
                G::NotProposer,
                G::NotEmpty,
                G::WithinQuota,
                G::SharesHold,
                G::NoticeClosed,
                G::EntriesNoticed,
                G::NoVetoInForce,
                G::VettingDone,
                G::ObjectionsAnswered,
                G::UpheldCarriedOut,
                G::NoStake,
            ],
        ),
        row(S::Proposed, O::SubstituteApplication, S::Proposed, &[G::Selecting]),
        row(S::Endorsed, O::SubstituteApplication, S::Proposed, &[G::Selecting]),
        row(S::Noticed, O::SubstituteApplication, S::Proposed, &[G::Selecting]),
        // Who falls out leaves another list behind.
        row(S::Proposed, O::WithdrawApplication, S::Proposed, &[]),
        row(S::Endorsed, O::WithdrawApplication, S::Endorsed, &[]),
        row(S::Noticed, O::WithdrawApplication, S::Noticed, &[]),
        row(S::Proposed, O::DisqualifyApplication, S::Proposed, &[]),
        row(S::Endorsed, O::DisqualifyApplication, S::Endorsed, &[]),
        row(S::Noticed, O::DisqualifyApplication, S::Noticed, &[]),
        row(S::Proposed, O::ReturnShortlist, S::Returned, DECIDING),
        row(S::Endorsed, O::ReturnShortlist, S::Returned, DECIDING),
        row(S::Noticed, O::ReturnShortlist, S::Returned, DECIDING),
    ];

    fn phase(facts: &ListFacts) -> Option<super::campaign::CampaignState> {
        Some(facts.phase)
    }

    fn check(guard: G, facts: &ListFacts) -> Vec<Fault> {
        facts.check(guard)
    }
}

//! The states of an application: one table holds every transition (DOMAIN.md, section 4).

use super::{Flow, Row, Workflow, birth, end, outcome, row};
use crate::application::Situation;
use crate::campaign::definition::code_enum;
use crate::error::Fault;
use crate::operation::Operation as O;

code_enum! {
    /// Where an application stands.
    ApplicationState {
        /// 草稿: being written.
        Draft,
        /// 已提交.
        Submitted,
        /// 退回补正: to be corrected until a date.
        Returned,
        /// 已受理.
        Accepted,
        /// 不予受理.
        Rejected,
        /// 已核查.
        Verified,
        /// 入选候选名单.
        Shortlisted,
        /// 未入选候选名单.
        NotShortlisted,
        /// 已表彰.
        Awarded,
        /// 未表彰.
        NotAwarded,
        /// 取消资格.
        Disqualified,
        /// 已撤回.
        Withdrawn,
        /// 已撤销表彰.
        Revoked,
    }
}

code_enum! {
    /// What may stand in the way of an application.
    ApplicationGuard {
        /// The campaign is not cancelled.
        CampaignAlive,
        /// The campaign is published or accepts declarations.
        DraftsOpen,
        /// The campaign accepts declarations.
        Accepting,
        /// The campaign verifies.
        Verifying,
        /// Nominees of the category declare themselves.
        RouteDeclared,
        /// The nominee is in the category's scope.
        NomineeInScope,
        /// The unit's deadline, or the correction date, has not passed.
        DeadlineOpen,
        /// The form is complete and valid.
        FormValid,
        /// The nominee stands in no other category (D-204).
        StandsNowhereElse,
        /// The unit's limit in the category is not reached (D-206).
        UnderUnitLimit,
        /// The sealed paper copies of the current content have been received.
        PaperReceived,
        /// The last notice of its list has not closed.
        NoticeOpen,
        /// Its list is not approved.
        ListNotApproved,
    }
}

/// The application's workflow.
#[derive(Debug)]
pub struct ApplicationFlow;

use ApplicationGuard as G;
use ApplicationState as S;

const EDITABLE: &[G] = &[G::CampaignAlive, G::DraftsOpen];
const CORRECTABLE: &[G] = &[G::CampaignAlive, G::Accepting, G::DeadlineOpen];
const SUBMITTABLE: &[G] = &[
    G::CampaignAlive,
    G::Accepting,
    G::NomineeInScope,
    G::DeadlineOpen,
    G::FormValid,
    G::StandsNowhereElse,
    G::UnderUnitLimit,
];
const OFFICE: &[G] = &[G::CampaignAlive, G::Accepting];
const BEFORE_DECISION: &[G] = &[G::CampaignAlive, G::ListNotApproved];
const WITHDRAWABLE: &[G] = &[G::CampaignAlive, G::NoticeOpen];

impl Flow for ApplicationFlow {
    type State = S;
    type Guard = G;
    type Facts<'a> = Situation<'a>;
    const WORKFLOW: Workflow = Workflow::Application;
    const ROWS: &'static [Row<S, G>] = &[
        birth(
            O::CreateApplication,
            S::Draft,
            &[G::CampaignAlive, G::DraftsOpen, G::RouteDeclared, G::NomineeInScope],
        ),
        row(S::Draft, O::UpdateApplication, S::Draft, EDITABLE),
        row(S::Returned, O::UpdateApplication, S::Returned, CORRECTABLE),
        end(S::Draft, O::DeleteApplication, EDITABLE),
        row(S::Draft, O::SubmitApplication, S::Submitted, SUBMITTABLE),
        row(S::Returned, O::SubmitApplication, S::Submitted, SUBMITTABLE),
        row(S::Submitted, O::RecordPaperReceipt, S::Submitted, OFFICE),
        row(S::Submitted, O::ReturnApplication, S::Returned, OFFICE),
        row(
            S::Submitted,
            O::AcceptApplication,
            S::Accepted,
            &[G::CampaignAlive, G::Accepting, G::PaperReceived],
        ),
        row(S::Submitted, O::RejectApplication, S::Rejected, OFFICE),
        row(S::Draft, O::LapseApplication, S::Withdrawn, &[]),
        row(S::Returned, O::LapseApplication, S::Withdrawn, &[]),
        birth(O::OpenEvaluations, S::Verified, &[]),
        row(S::Submitted, O::WithdrawApplication, S::Withdrawn, WITHDRAWABLE),
        row(S::Returned, O::WithdrawApplication, S::Withdrawn, WITHDRAWABLE),
        row(S::Accepted, O::WithdrawApplication, S::Withdrawn, WITHDRAWABLE),
        row(S::Verified, O::WithdrawApplication, S::Withdrawn, WITHDRAWABLE),
        row(S::Shortlisted, O::WithdrawApplication, S::Withdrawn, WITHDRAWABLE),
        row(S::NotShortlisted, O::WithdrawApplication, S::Withdrawn, WITHDRAWABLE),
        row(S::Accepted, O::SubmitScoreSheet, S::Verified, &[]),
        row(S::Accepted, O::WaiveVisits, S::Verified, &[G::CampaignAlive, G::Verifying]),
        row(S::Verified, O::ReopenScoreSheet, S::Accepted, &[]),
        row(S::Verified, O::DeclareRecusal, S::Accepted, &[]),
        row(S::Verified, O::DecideNoAward, S::NotAwarded, &[]),
        row(S::Accepted, O::DisqualifyApplication, S::Disqualified, BEFORE_DECISION),
        row(S::Verified, O::DisqualifyApplication, S::Disqualified, BEFORE_DECISION),
        row(S::Shortlisted, O::DisqualifyApplication, S::Disqualified, BEFORE_DECISION),
        row(S::NotShortlisted, O::DisqualifyApplication, S::Disqualified, BEFORE_DECISION),
        outcome(S::Verified, O::ProposeShortlist, "shortlisted", S::Shortlisted, &[]),
        outcome(S::Verified, O::ProposeShortlist, "not_shortlisted", S::NotShortlisted, &[]),
        row(S::Shortlisted, O::ReturnShortlist, S::Verified, &[]),
        row(S::NotShortlisted, O::ReturnShortlist, S::Verified, &[]),
        row(S::NotShortlisted, O::SubstituteApplication, S::Shortlisted, BEFORE_DECISION),
        outcome(S::Shortlisted, O::ApproveShortlist, "awarded", S::Awarded, &[]),
        outcome(S::Shortlisted, O::ApproveShortlist, "declined", S::NotAwarded, &[]),
        row(S::Awarded, O::RevokeAward, S::Revoked, &[]),
    ];

    fn check(guard: G, facts: &Situation<'_>) -> Vec<Fault> {
        facts.check(guard)
    }
}

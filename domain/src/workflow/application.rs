//! The states of an application: one table holds every transition (docs/rules.md, section 4).

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
        /// The last notice of its list has not closed, nor is what was decided announced.
        NoticeOpen,
        /// Its list is not approved.
        ListNotApproved,
        /// What is declared does not lie sealed until the last deadline has passed (D-303).
        SealOpened,
        /// Whoever acts has no stake in it (D-902).
        NoStake,
        /// Whoever acts has no stake in any candidate of its category (D-902).
        NoStakeInCategory,
        /// No veto is in force against the nominee (D-703).
        NoVeto,
        /// Who was commended last time names new deeds, where the definition asks for them (D-801).
        NewDeedsGiven,
        /// Whoever submits has not drafted it, where two steps are asked for (D-505).
        NotWriter,
        /// Whoever confirms that it is accepted has not checked it (D-505).
        AcceptedByAnother,
        /// Whoever confirms that it is rejected has not checked it (D-505).
        RejectedByAnother,
        /// One sheet at least counts.
        SheetCounts,
        /// The definition lets the next in rank take a vacant place (D-706).
        SubstitutionAllowed,
        /// A place of the list that was proposed is vacant.
        PlaceVacant,
        /// The share rules hold with the newcomer on the list (D-205).
        SharesKept,
    }
}

/// The outcome of the first of two steps: the state stays until another account confirms (D-505).
pub const CHECKED: &str = "checked";

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
    G::NoVeto,
    G::NewDeedsGiven,
    G::NotWriter,
];
const RECEIVING: &[G] = &[G::CampaignAlive, G::Accepting];
const OFFICE: &[G] = &[G::CampaignAlive, G::Accepting, G::SealOpened, G::NoStake];
const ACCEPTING: &[G] =
    &[G::CampaignAlive, G::Accepting, G::SealOpened, G::NoStake, G::PaperReceived, G::AcceptedByAnother];
const REJECTING: &[G] = &[G::CampaignAlive, G::Accepting, G::SealOpened, G::NoStake, G::RejectedByAnother];
const WAIVING: &[G] = &[G::CampaignAlive, G::Verifying, G::NoStake, G::SheetCounts];
const DISQUALIFYING: &[G] = &[G::CampaignAlive, G::ListNotApproved, G::NoStake];
const SUBSTITUTING: &[G] = &[
    G::CampaignAlive,
    G::ListNotApproved,
    G::NoStakeInCategory,
    G::NoVeto,
    G::SubstitutionAllowed,
    G::PlaceVacant,
    G::SharesKept,
];
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
        row(S::Draft, O::UploadAttachment, S::Draft, EDITABLE),
        row(S::Returned, O::UploadAttachment, S::Returned, CORRECTABLE),
        end(S::Draft, O::DeleteApplication, EDITABLE),
        row(S::Draft, O::SubmitApplication, S::Submitted, SUBMITTABLE),
        row(S::Returned, O::SubmitApplication, S::Submitted, SUBMITTABLE),
        row(S::Submitted, O::RecordPaperReceipt, S::Submitted, RECEIVING),
        row(S::Submitted, O::ReturnApplication, S::Returned, OFFICE),
        row(S::Submitted, O::AcceptApplication, S::Accepted, ACCEPTING),
        row(S::Submitted, O::RejectApplication, S::Rejected, REJECTING),
        // D-505: with two steps the first of them is the check.
        outcome(S::Submitted, O::AcceptApplication, CHECKED, S::Submitted, ACCEPTING),
        outcome(S::Submitted, O::RejectApplication, CHECKED, S::Submitted, REJECTING),
        row(S::Draft, O::LapseApplication, S::Withdrawn, &[]),
        row(S::Returned, O::LapseApplication, S::Withdrawn, &[]),
        birth(O::OpenEvaluations, S::Verified, &[]),
        row(S::Submitted, O::WithdrawApplication, S::Withdrawn, WITHDRAWABLE),
        row(S::Returned, O::WithdrawApplication, S::Withdrawn, WITHDRAWABLE),
        row(S::Accepted, O::WithdrawApplication, S::Withdrawn, WITHDRAWABLE),
        row(S::Verified, O::WithdrawApplication, S::Withdrawn, WITHDRAWABLE),
        row(S::Shortlisted, O::WithdrawApplication, S::Withdrawn, WITHDRAWABLE),
        row(S::NotShortlisted, O::WithdrawApplication, S::Withdrawn, WITHDRAWABLE),
        // Whoever does not know yet that there is no award withdraws as anybody does (D-403).
        row(S::NotAwarded, O::WithdrawApplication, S::Withdrawn, WITHDRAWABLE),
        row(S::Accepted, O::SubmitScoreSheet, S::Verified, &[]),
        row(S::Accepted, O::WaiveVisits, S::Verified, WAIVING),
        row(S::Verified, O::ReopenScoreSheet, S::Accepted, &[]),
        row(S::Verified, O::DeclareRecusal, S::Accepted, &[]),
        row(S::Verified, O::DecideNoAward, S::NotAwarded, &[]),
        row(S::Accepted, O::DisqualifyApplication, S::Disqualified, DISQUALIFYING),
        row(S::Verified, O::DisqualifyApplication, S::Disqualified, DISQUALIFYING),
        row(S::Shortlisted, O::DisqualifyApplication, S::Disqualified, DISQUALIFYING),
        row(S::NotShortlisted, O::DisqualifyApplication, S::Disqualified, DISQUALIFYING),
        outcome(S::Verified, O::ProposeShortlist, "shortlisted", S::Shortlisted, &[]),
        outcome(S::Verified, O::ProposeShortlist, "not_shortlisted", S::NotShortlisted, &[]),
        row(S::Shortlisted, O::ReturnShortlist, S::Verified, &[]),
        row(S::NotShortlisted, O::ReturnShortlist, S::Verified, &[]),
        row(S::NotShortlisted, O::SubstituteApplication, S::Shortlisted, SUBSTITUTING),
        outcome(S::Shortlisted, O::ApproveShortlist, "awarded", S::Awarded, &[]),
        outcome(S::Shortlisted, O::ApproveShortlist, "declined", S::NotAwarded, &[]),
        row(S::Awarded, O::RevokeAward, S::Revoked, &[G::NoStake]),
    ];

    fn phase(facts: &Situation<'_>) -> Option<super::campaign::CampaignState> {
        Some(facts.phase)
    }

    fn check(guard: G, facts: &Situation<'_>) -> Vec<Fault> {
        facts.check(guard)
    }
}

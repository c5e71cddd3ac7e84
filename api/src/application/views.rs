//! Applications as clients see them: personal values masked, and no decision before it is announced (D-403, D-904).

use pingxuan_domain::application::form::understand;
use pingxuan_domain::application::handling::{Check, DisqualificationGround, Verdict, Waiver};
use pingxuan_domain::application::{Application, PaperReceipt, Rejection, RejectionGround};
use pingxuan_domain::campaign::definition::NomineeKind;
use pingxuan_domain::workflow::application::{ApplicationFlow, ApplicationState};
use pingxuan_domain::workflow::{self};
use pingxuan_domain::{Day, Fault, Instant, Operation};
use pingxuan_persistence::applications::{Case, UnitBrief};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::feedback::CriterionFeedbackView;
use super::forms;
use super::office::FormPointer;
use crate::actions::AllowedAction;
use crate::attachment::views::AttachedView;
use crate::call::Call;
use crate::decision::record::DocumentView;
use crate::enums;
use crate::problem::Failure;

/// A unit, briefly.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitBriefView {
    /// The unit.
    id: Uuid,
    /// Full name.
    #[schema(max_length = 100)]
    name: String,
}

impl UnitBriefView {
    /// A unit by its name.
    #[must_use]
    pub fn named(id: Uuid, name: String) -> Self {
        Self { id, name }
    }
}

impl From<&UnitBrief> for UnitBriefView {
    fn from(unit: &UnitBrief) -> Self {
        Self { id: unit.id, name: unit.name.clone() }
    }
}

/// The receipt of sealed paper copies.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct PaperReceiptView {
    /// Sealed copies received.
    #[schema(minimum = 0, maximum = 100)]
    copies: u32,
    /// The content digest printed on them.
    #[schema(max_length = 64)]
    digest: String,
    /// Whether that is the content as it is now.
    current: bool,
    /// The day of receipt.
    #[schema(value_type = String, format = Date)]
    received_on: Day,
    /// Why missing copies are waived, where they are.
    #[schema(max_length = 2000)]
    waived_reason: Option<String>,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Instant,
}

/// What a rejected application does not meet.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct RejectionView {
    /// The scope, or a criterion.
    #[schema(value_type = enums::RejectionGround)]
    ground: RejectionGround,
    /// The criterion's number.
    #[schema(minimum = 1, maximum = 20)]
    criterion: Option<u32>,
}

/// What an application was disqualified for.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct DisqualificationView {
    /// What kind of thing is held against it.
    #[schema(value_type = enums::DisqualificationGround)]
    ground: DisqualificationGround,
    /// The objection, vetting request, veto or assignment; for the house.
    reference_id: Option<Uuid>,
}

impl From<Rejection> for RejectionView {
    fn from(rejection: Rejection) -> Self {
        Self { ground: rejection.ground, criterion: rejection.criterion }
    }
}

/// The first of two steps, until another account confirms it.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckedView {
    /// What it says.
    #[schema(value_type = enums::CheckVerdict)]
    verdict: Verdict,
    /// The account that checked.
    checked_by: Uuid,
    #[schema(value_type = String, format = DateTime)]
    checked_at: Instant,
    /// Why, where it is to be rejected.
    #[schema(max_length = 2000)]
    reason: Option<String>,
    /// What is not met, where it is to be rejected.
    rejection: Option<RejectionView>,
}

impl From<&Check> for CheckedView {
    fn from(check: &Check) -> Self {
        Self {
            verdict: check.verdict,
            checked_by: check.by,
            checked_at: check.at,
            reason: check.reason.clone(),
            rejection: check.rejection.map(RejectionView::from),
        }
    }
}

/// A waiver of the sheets that were still due.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaiverView {
    /// Why.
    #[schema(max_length = 2000)]
    reason: String,
    /// Sheets that counted then.
    #[schema(minimum = 1, maximum = 1000)]
    sheets: u32,
    /// The account that waived.
    waived_by: Uuid,
    #[schema(value_type = String, format = DateTime)]
    waived_at: Instant,
}

impl From<&Waiver> for WaiverView {
    fn from(waiver: &Waiver) -> Self {
        Self {
            reason: waiver.reason.clone(),
            sheets: waiver.sheets,
            waived_by: waiver.by,
            waived_at: waiver.at,
        }
    }
}

/// An application.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct ApplicationView {
    id: Uuid,
    /// The campaign.
    campaign_id: Uuid,
    /// The category.
    #[schema(max_length = 64)]
    category_code: String,
    /// What is nominated.
    #[schema(value_type = enums::NomineeKind)]
    nominee_kind: NomineeKind,
    /// Who is to be commended; empty while that lies sealed from the caller.
    #[schema(max_length = 200)]
    nominee_name: String,
    /// The nominated person's post.
    #[schema(max_length = 200)]
    nominee_post: Option<String>,
    /// The unit that declares; null where the office evaluates.
    unit: Option<UnitBriefView>,
    /// The supervisor who is evaluated.
    supervisor_id: Option<Uuid>,
    /// Where it stands.
    #[schema(value_type = enums::ApplicationState)]
    state: ApplicationState,
    /// The office entered it on behalf of the unit.
    entered_by_office: bool,
    /// Digest of the content, to be printed on the paper copies.
    #[schema(max_length = 64)]
    content_digest: String,
    /// Until when it may be written and submitted.
    #[schema(value_type = String, format = DateTime)]
    deadline: Instant,
    /// Why it was returned, rejected, withdrawn or disqualified.
    #[schema(max_length = 2000)]
    reason: Option<String>,
    /// What it does not meet, where it was rejected.
    rejection: Option<RejectionView>,
    /// What it was disqualified for.
    disqualification: Option<DisqualificationView>,
    /// The decision by which its award was revoked.
    revocation: Option<DocumentView>,
    /// Until when it is to be corrected.
    #[schema(value_type = Option<String>, format = Date)]
    correct_by: Option<Day>,
    /// The members of the form that are open for correction, as JSON pointers below it; left out where all of it is.
    #[schema(value_type = Option<Vec<FormPointer>>, max_items = 100)]
    unlocked_fields: Option<Vec<String>>,
    /// The first of two steps, until another account confirms it; the house alone learns of it.
    check: Option<CheckedView>,
    /// The waiver of the sheets that were still due; the house alone learns of it.
    waiver: Option<WaiverView>,
    /// The paper copies received.
    paper_receipt: Option<PaperReceiptView>,
    #[schema(value_type = Option<String>, format = DateTime)]
    submitted_at: Option<Instant>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Instant,
    /// The form, personal values masked; null while it lies sealed from the caller; left out in lists.
    #[schema(value_type = Option<Object>)]
    form: Option<Value>,
    /// What is attached to it; null while it lies sealed from the caller; left out in lists.
    #[schema(max_items = 100)]
    attachments: Option<Vec<AttachedView>>,
    /// What was found, for the unit of an application that was not chosen, once the awards are announced; null otherwise, and in
    /// lists.
    #[schema(max_items = 20)]
    feedback: Option<Vec<CriterionFeedbackView>>,
    /// What may be done with it.
    #[schema(max_items = 40)]
    allowed_actions: Option<Vec<AllowedAction>>,
}

impl ApplicationView {
    /// An application as a list shows it.
    ///
    /// # Errors
    /// [`Failure`] where its category or what is sealed cannot be read.
    pub fn brief(call: &Call, case: &Case, with_actions: bool) -> Result<Self, Failure> {
        let application = &case.application;
        let (state, _) = application.seen_by(&call.visibility);
        let insider = call.visibility.is_insider();
        let situation = case.situation(&call.visibility, call.now, Vec::new())?;
        let sealed = case.is_sealed_from(&call.visibility);
        let (nominee_name, nominee_post) = nominee(case, sealed)?;
        let handling = &application.handling;
        let corrected = state == ApplicationState::Returned;
        Ok(Self {
            id: application.id,
            campaign_id: application.campaign_id,
            category_code: application.category_code.clone(),
            nominee_kind: application.nominee,
            nominee_name,
            nominee_post,
            unit: case.unit.as_ref().map(UnitBriefView::from),
            supervisor_id: application.supervisor_id,
            state,
            entered_by_office: application.entered_by_office,
            content_digest: application.content_digest.clone(),
            deadline: situation.deadline(),
            reason: application.reason.clone().filter(|_| !sealed),
            rejection: application.rejection.map(RejectionView::from),
            disqualification: application.handling.disqualification.map(|of| DisqualificationView {
                ground: of.ground,
                reference_id: Some(of.reference_id).filter(|_| insider),
            }),
            revocation: application
                .handling
                .revocation
                .as_ref()
                .filter(|_| state == ApplicationState::Revoked)
                .map(DocumentView::from),
            correct_by: application.correct_by,
            unlocked_fields: handling.unlocked.clone().filter(|_| corrected),
            check: handling.check.as_ref().filter(|_| insider).map(CheckedView::from),
            waiver: handling.waiver.as_ref().filter(|_| insider).map(WaiverView::from),
            paper_receipt: application.paper.as_ref().map(|paper| paper_view(application, paper)),
            submitted_at: application.submitted_at,
            created_at: application.created_at,
            updated_at: if insider { application.updated_at } else { application.shown_updated_at },
            form: None,
            attachments: None,
            feedback: None,
            allowed_actions: if with_actions { Some(allowed(call, case, state)?) } else { None },
        })
    }

    /// An application in full, with what this caller may do with it.
    ///
    /// # Errors
    /// [`Failure`] where its category or what is sealed cannot be read.
    pub fn full(call: &Call, case: &Case) -> Result<Self, Failure> {
        let mut view = Self::brief(call, case, true)?;
        let sealed = case.is_sealed_from(&call.visibility);
        view.form = (!sealed).then(|| case.application.form.clone());
        let attached = case.application.attached.iter().map(AttachedView::from);
        view.attachments = (!sealed).then(|| attached.collect());
        Ok(view)
    }

    /// The same, with what was found.
    #[must_use]
    pub fn with_feedback(mut self, feedback: Option<Vec<CriterionFeedbackView>>) -> Self {
        self.feedback = feedback;
        self
    }
}

/// Name and post of the nominee. While the campaign is sealed the form alone says whom it nominates, to whoever may read it.
fn nominee(case: &Case, sealed: bool) -> Result<(String, Option<String>), Failure> {
    let application = &case.application;
    if application.nominee == NomineeKind::Person && case.campaign.is_sealed() && !sealed {
        let understood = understand(forms::form_of(case)?, &application.form);
        return Ok((understood.nominee_name.unwrap_or_default(), understood.post));
    }
    Ok((application.nominee_name.clone(), application.nominee_post.clone()))
}

fn paper_view(application: &Application, paper: &PaperReceipt) -> PaperReceiptView {
    PaperReceiptView {
        copies: paper.copies,
        digest: paper.digest.clone(),
        current: paper.digest == application.content_digest,
        received_on: paper.received_on,
        waived_reason: paper.waived_reason.clone(),
        recorded_at: paper.recorded_at,
    }
}

/// What this caller may do with an application in the state that they see.
fn allowed(call: &Call, case: &Case, seen: ApplicationState) -> Result<Vec<AllowedAction>, Failure> {
    let operations = workflow::operations::<ApplicationFlow>(Some(seen));
    let reached = |operation: Operation| {
        let visibility = call.visibility_of(operation);
        visibility.is_some_and(|visibility| case.application.within(&visibility, false))
    };
    let submits = operations.contains(&Operation::SubmitApplication) && reached(Operation::SubmitApplication);
    let form_faults = if submits { forms::faults(call.vault(), case, call.now.day())? } else { Vec::new() };
    let situation = case.situation(&call.visibility, call.now, form_faults)?;
    let place = ("/applications/{application_id}", case.application.id.to_string());
    Ok(call.allowed_actions((place.0, &place.1), &operations, |operation| {
        if !reached(operation) {
            return None;
        }
        case.application.blockers(seen, operation, &situation)
    }))
}

/// What stands in the way of submitting: the same function as `blocked_by` (D-501).
///
/// # Errors
/// [`Failure`] where its category or what is sealed cannot be read.
pub fn submission_blockers(call: &Call, case: &Case) -> Result<Option<Vec<Fault>>, Failure> {
    let (seen, _) = case.application.seen_by(&call.visibility);
    if !workflow::operations::<ApplicationFlow>(Some(seen)).contains(&Operation::SubmitApplication) {
        return Ok(None);
    }
    let situation =
        case.situation(&call.visibility, call.now, forms::faults(call.vault(), case, call.now.day())?)?;
    Ok(case.application.blockers(seen, Operation::SubmitApplication, &situation))
}

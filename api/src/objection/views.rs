//! How an objection is shown: to the house without who objects, to the objector without what the house keeps to itself.

use pingxuan_domain::Instant;
use pingxuan_domain::decision::PublicNotice;
use pingxuan_domain::decision::objection::{Consequence, Objection, Objector};
use pingxuan_domain::workflow::objection::{ObjectionFlow, ObjectionState};
use pingxuan_domain::workflow::{self};
use pingxuan_persistence::objections::Case;
use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use crate::actions::AllowedAction;
use crate::call::Call;
use crate::enums;
use crate::openness::notices::NoticeEntryView;
use crate::secret::Secret;

/// One piece of evidence: a text.
#[derive(Debug)]
pub struct EvidenceText;

impl PartialSchema for EvidenceText {
    fn schema() -> RefOr<Schema> {
        let text =
            ObjectBuilder::new().description(Some("A piece of evidence, in words")).schema_type(Type::String);
        text.min_length(Some(1)).max_length(Some(2000)).pattern(Some(r"\S")).into()
    }
}

impl ToSchema for EvidenceText {}

/// Who objects: name, where they are from, telephone.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectorBody {
    /// Name.
    #[schema(min_length = 1, max_length = 50, pattern = r"\S")]
    name: String,
    /// Where they are from.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    unit: Option<String>,
    /// Telephone, so that the answer can be reported.
    #[schema(min_length = 1, max_length = 30, pattern = r"\S")]
    phone: String,
}

impl From<ObjectorBody> for Objector {
    fn from(sent: ObjectorBody) -> Self {
        Self { name: sent.name, unit: sent.unit, phone: sent.phone }
    }
}

impl From<Objector> for ObjectorBody {
    fn from(objector: Objector) -> Self {
        Self { name: objector.name, unit: objector.unit, phone: objector.phone }
    }
}

/// What an objector is given: the receipt code is told this once and never again.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObjectionReceiptView {
    /// What the case is followed with. Keep it: nobody can tell it again.
    #[schema(value_type = String, min_length = 29, max_length = 29)]
    receipt_code: Secret,
    /// The case, as it is followed.
    #[serde(flatten)]
    objection: FollowedObjectionView,
}

impl ObjectionReceiptView {
    /// The receipt of what was filed against a notice.
    #[must_use]
    pub fn of(receipt_code: String, objection: &Objection, notice: &PublicNotice) -> Self {
        Self { receipt_code: receipt_code.into(), objection: FollowedObjectionView::of(objection, notice) }
    }
}

/// An objection, as whoever holds its receipt code follows it.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct FollowedObjectionView {
    /// Where it stands.
    #[schema(value_type = enums::ObjectionState)]
    state: ObjectionState,
    #[schema(value_type = String, format = DateTime)]
    filed_at: Instant,
    /// It came after the notice's period, and before the decision.
    late: bool,
    notice_id: Uuid,
    /// The campaign's title, as the notice shows it.
    #[schema(max_length = 200)]
    campaign_title: String,
    /// The honour, as the notice shows it.
    #[schema(max_length = 200)]
    category_title: String,
    /// Whom it concerns, as the notice shows them; null where it concerns the list as a whole.
    candidate: Option<NoticeEntryView>,
    /// The answer.
    #[schema(max_length = 4000)]
    answer: Option<String>,
    /// When it was answered.
    #[schema(value_type = Option<String>, format = DateTime)]
    resolved_at: Option<Instant>,
}

impl FollowedObjectionView {
    /// What is told of an objection against a notice.
    #[must_use]
    pub fn of(objection: &Objection, notice: &PublicNotice) -> Self {
        let mut entries = notice.content.entries.iter();
        let candidate = entries.find(|entry| Some(entry.application_id) == objection.application_id);
        Self {
            state: objection.state,
            filed_at: objection.filed_at,
            late: objection.late,
            notice_id: notice.id,
            campaign_title: notice.content.campaign_title.clone(),
            category_title: notice.content.category_title.clone(),
            candidate: candidate.map(NoticeEntryView::from),
            answer: objection.answer.clone(),
            resolved_at: objection.resolved_at,
        }
    }
}

/// An objection, as the house sees it. Who objects is not in it.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct ObjectionView {
    id: Uuid,
    notice_id: Uuid,
    shortlist_id: Uuid,
    campaign_id: Uuid,
    /// The category.
    #[schema(max_length = 60)]
    category_code: String,
    /// The candidate whom it concerns; null where it concerns the list as a whole.
    application_id: Option<Uuid>,
    /// The candidate's name.
    #[schema(max_length = 200)]
    nominee_name: Option<String>,
    /// Where it stands.
    #[schema(value_type = enums::ObjectionState)]
    state: ObjectionState,
    /// It came after the notice's period, and before the decision.
    late: bool,
    /// The objector has given a name; an anonymous objection is a lead.
    named: bool,
    /// What is held against the candidate.
    #[schema(max_length = 10000)]
    content: String,
    /// What proves it.
    #[schema(value_type = Vec<EvidenceText>, max_items = 50)]
    evidence: Vec<String>,
    /// The account that investigates.
    investigator_id: Option<Uuid>,
    /// Its name.
    #[schema(max_length = 100)]
    investigator_name: Option<String>,
    /// What the investigation found; the objector is not told.
    #[schema(max_length = 10000)]
    findings: Option<String>,
    /// What the objector is answered.
    #[schema(max_length = 4000)]
    answer: Option<String>,
    /// What follows for the candidate, where it was upheld in part.
    #[schema(value_type = Option<enums::Consequence>)]
    consequence: Option<Consequence>,
    /// Why that was chosen.
    #[schema(max_length = 2000)]
    consequence_reason: Option<String>,
    /// The version, for `If-Match`: `"<version>"`.
    #[schema(minimum = 1, maximum = 9007199254740991i64)]
    version: i64,
    #[schema(value_type = String, format = DateTime)]
    filed_at: Instant,
    /// When it was answered.
    #[schema(value_type = Option<String>, format = DateTime)]
    resolved_at: Option<Instant>,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Instant,
    /// What may be done with it.
    #[schema(max_items = 40)]
    allowed_actions: Option<Vec<AllowedAction>>,
}

impl ObjectionView {
    /// An objection on its own, with what may be done with it.
    #[must_use]
    pub fn whole(call: &Call, case: Case) -> Self {
        let (id, state) = (case.objection.id.to_string(), case.objection.state);
        let facts = case.facts(&call.visibility);
        let operations = workflow::operations::<ObjectionFlow>(Some(state));
        let allowed = call.allowed_actions(("/objections/{objection_id}", &id), &operations, |operation| {
            workflow::blockers::<ObjectionFlow>(Some(state), operation, &facts)
        });
        Self { allowed_actions: Some(allowed), ..Self::row(case) }
    }

    /// A row of a list.
    #[must_use]
    pub fn row(case: Case) -> Self {
        let Case { objection, nominee_name, investigator_name, .. } = case;
        Self {
            id: objection.id,
            notice_id: objection.notice_id,
            shortlist_id: objection.shortlist_id,
            campaign_id: objection.campaign_id,
            category_code: objection.category_code,
            application_id: objection.application_id,
            nominee_name,
            state: objection.state,
            late: objection.late,
            named: objection.objector.is_some(),
            content: objection.content,
            evidence: objection.evidence,
            investigator_id: objection.investigator_id,
            investigator_name,
            findings: objection.findings,
            answer: objection.answer,
            consequence: objection.consequence,
            consequence_reason: objection.consequence_reason,
            version: objection.version,
            filed_at: objection.filed_at,
            resolved_at: objection.resolved_at,
            updated_at: objection.updated_at,
            allowed_actions: None,
        }
    }
}

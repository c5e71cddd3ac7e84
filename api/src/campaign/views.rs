//! Campaigns and categories as clients see them.

use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::campaign::definition::{Category, Definition, NomineeKind, Route, ScopeItem};
use pingxuan_domain::decision::NoAward;
use pingxuan_domain::review::vetting::{departments_named, unknown_departments};
use pingxuan_domain::workflow::campaign::{CampaignFacts, CampaignFlow, CampaignState};
use pingxuan_domain::workflow::{self};
use pingxuan_domain::{Instant, Operation, Visibility};
use pingxuan_persistence::{Connection, campaigns, units};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{Object, Schema};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use super::advance::definition_faults;
use crate::actions::AllowedAction;
use crate::call::Call;
use crate::catalogue::Language;
use crate::decision::record::{DecisionRecordBody, DocumentView};
use crate::enums;
use crate::problem::Failure;

/// The published schema of notice definitions takes this name's place in the document.
#[derive(Debug)]
pub struct NoticeDefinition;

impl PartialSchema for NoticeDefinition {
    fn schema() -> RefOr<Schema> {
        Object::new().into()
    }
}

impl ToSchema for NoticeDefinition {}

/// A campaign as it is entered.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignIn {
    /// The notice definition: all that the campaign is made of.
    #[schema(value_type = NoticeDefinition)]
    pub definition: Value,
}

/// A campaign.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct CampaignView {
    id: Uuid,
    /// The year that is selected for.
    #[schema(minimum = 1950, maximum = 2100)]
    year: i32,
    /// The notice's title.
    #[schema(max_length = 200)]
    title: String,
    /// Who issued the notice.
    #[schema(max_length = 100)]
    issuer: String,
    /// The notice's document number.
    #[schema(max_length = 100)]
    document_number: Option<String>,
    /// Its phase.
    #[schema(value_type = enums::CampaignState)]
    state: CampaignState,
    /// When declarations open.
    #[schema(value_type = String, format = DateTime)]
    opens_at: Instant,
    /// When they close.
    #[schema(value_type = String, format = DateTime)]
    closes_at: Instant,
    /// When the notice was published.
    #[schema(value_type = Option<String>, format = DateTime)]
    published_at: Option<Instant>,
    /// When the awards were announced.
    #[schema(value_type = Option<String>, format = DateTime)]
    announced_at: Option<Instant>,
    /// When declarations that lay sealed were opened (D-303).
    #[schema(value_type = Option<String>, format = DateTime)]
    seal_opened_at: Option<Instant>,
    /// Why it was cancelled.
    #[schema(max_length = 2000)]
    cancel_reason: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Instant,
    /// The notice definition; left out in lists.
    #[schema(value_type = NoticeDefinition)]
    definition: Option<Value>,
    /// What may be done with it.
    #[schema(max_items = 40)]
    allowed_actions: Option<Vec<AllowedAction>>,
}

impl CampaignView {
    /// A campaign as a list shows it.
    #[must_use]
    pub fn brief(campaign: &Campaign) -> Self {
        let definition = &campaign.definition;
        Self {
            id: campaign.id,
            year: campaign.year,
            title: campaign.title.clone(),
            issuer: definition.issuer.value.clone(),
            document_number: definition.document_number.value.clone(),
            state: campaign.state,
            opens_at: campaign.opens_at,
            closes_at: campaign.closes_at,
            published_at: campaign.published_at,
            announced_at: campaign.announced_at,
            seal_opened_at: campaign.seal_opened_at,
            cancel_reason: campaign.cancel_reason.clone(),
            created_at: campaign.created_at,
            updated_at: campaign.updated_at,
            definition: None,
            allowed_actions: None,
        }
    }

    /// A campaign in full, with what this caller may do with it.
    ///
    /// # Errors
    /// [`Failure`] where the database refuses.
    pub async fn full(
        call: &Call,
        connection: &impl Connection,
        campaign: &Campaign,
    ) -> Result<Self, Failure> {
        let mut view = Self::brief(campaign);
        view.definition = Some(written(&campaign.definition)?);
        view.allowed_actions = Some(allowed(call, campaign, &facts_of(call, connection, campaign).await?));
        Ok(view)
    }
}

/// What this caller may do with a campaign: what its phase knows, and in every phase what begins another from it.
fn allowed(call: &Call, campaign: &Campaign, facts: &CampaignFacts) -> Vec<AllowedAction> {
    let mut operations = workflow::operations::<CampaignFlow>(Some(campaign.state));
    operations.extend(workflow::operations::<CampaignFlow>(None));
    call.allowed_actions(("/campaigns/{campaign_id}", &campaign.id.to_string()), &operations, |operation| {
        let known = workflow::blockers::<CampaignFlow>(Some(campaign.state), operation, facts);
        known.or_else(|| workflow::blockers::<CampaignFlow>(None, operation, facts))
    })
}

/// Campaigns as a list shows them, each with what this caller may do with it.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn with_actions(
    call: &Call,
    connection: &impl Connection,
    campaigns: &[Campaign],
) -> Result<Vec<CampaignView>, Failure> {
    let known = facts(call, connection, campaigns).await?;
    let view = |(campaign, facts): (&Campaign, &CampaignFacts)| CampaignView {
        allowed_actions: Some(allowed(call, campaign, facts)),
        ..CampaignView::brief(campaign)
    };
    Ok(campaigns.iter().zip(&known).map(view).collect())
}

/// What stands in the way of the next phase of each campaign; asked only for those who may advance one.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn facts(
    call: &Call,
    connection: &impl Connection,
    campaigns: &[Campaign],
) -> Result<Vec<CampaignFacts>, Failure> {
    if call.visibility_of(Operation::AdvanceCampaign).is_none() {
        return Ok(campaigns.iter().map(|_| CampaignFacts::default()).collect());
    }
    let visibility = Visibility::system(call.operation());
    let mut known = campaigns::facts(connection, &visibility, campaigns, call.now).await?;
    let drafts =
        known.iter_mut().zip(campaigns).filter(|(_, campaign)| campaign.state == CampaignState::Draft);
    let drafts: Vec<_> = drafts.map(|(facts, campaign)| (facts, &campaign.definition)).collect();
    let named: Vec<&str> = drafts.iter().flat_map(|(_, definition)| departments_named(definition)).collect();
    let departments =
        if named.is_empty() { vec![] } else { units::among(connection, &visibility, &[], &named).await? };
    for (facts, definition) in drafts {
        facts.definition_faults = definition_faults(definition);
        facts.definition_faults.extend(unknown_departments(definition, &departments));
    }
    Ok(known)
}

/// The same of one campaign.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn facts_of(
    call: &Call,
    connection: &impl Connection,
    campaign: &Campaign,
) -> Result<CampaignFacts, Failure> {
    let known = facts(call, connection, std::slice::from_ref(campaign)).await?;
    known.into_iter().next().ok_or_else(|| Failure::Internal("a campaign without facts".into()))
}

/// A definition as JSON.
///
/// # Errors
/// [`Failure::Internal`] where it cannot be written.
pub fn written(definition: &Definition) -> Result<Value, Failure> {
    serde_json::to_value(definition).map_err(|error| Failure::Internal(error.to_string()))
}

/// A label in both languages.
#[derive(Debug, Serialize, ToSchema)]
pub struct LabelView {
    /// Chinese.
    #[schema(max_length = 200)]
    zh: String,
    /// English.
    #[schema(max_length = 200)]
    en: String,
}

/// A criterion.
#[derive(Debug, Serialize, ToSchema)]
pub struct CriterionView {
    /// Its number, from 1.
    #[schema(minimum = 1, maximum = 20)]
    number: u32,
    /// A short title.
    #[schema(max_length = 200)]
    title: String,
    /// The text, verbatim.
    #[schema(max_length = 4000)]
    text: String,
    /// Weight in percent.
    #[schema(minimum = 1, maximum = 100)]
    weight: u32,
}

/// A category.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryView {
    /// The campaign.
    campaign_id: Uuid,
    /// Its code.
    #[schema(max_length = 64)]
    code: String,
    /// The honour's name.
    title: LabelView,
    /// What is nominated.
    #[schema(value_type = enums::NomineeKind)]
    nominee: NomineeKind,
    /// Who can be a nominee.
    #[schema(value_type = Vec<enums::ScopeItem>, max_items = 10)]
    scope: Vec<ScopeItem>,
    /// How nominees come in.
    #[schema(value_type = enums::Route)]
    route: Route,
    /// How many may be commended.
    #[schema(minimum = 1, maximum = 1000)]
    quota: u32,
    /// The conditions.
    #[schema(max_items = 20)]
    criteria: Vec<CriterionView>,
    /// Score sheets that each nominee needs.
    #[schema(minimum = 0, maximum = 20)]
    visits: u32,
    /// Applications that one unit may have standing.
    #[schema(minimum = 1, maximum = 100)]
    per_unit_limit: u32,
    /// Whether there is a form to fill in.
    has_form: bool,
    /// The decision by which it is left without an award, once the caller may know of it.
    no_award: Option<NoAwardView>,
    /// What may be done with it; not in lists.
    #[schema(max_items = 40)]
    pub allowed_actions: Option<Vec<AllowedAction>>,
}

/// The decision by which a category is left without an award.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct NoAwardView {
    /// Its document.
    document: DocumentView,
    /// Its record, for the house.
    decision: Option<DecisionRecordBody>,
    #[schema(value_type = String, format = DateTime)]
    decided_at: Instant,
}

impl NoAwardView {
    /// What was decided, for those who may know it.
    #[must_use]
    pub fn of(call: &Call, decided: &NoAward) -> Self {
        let record = &decided.decision;
        Self {
            document: DocumentView::from(record),
            decision: call.visibility.is_insider().then(|| DecisionRecordBody::from(record)),
            decided_at: decided.decided_at,
        }
    }
}

impl CategoryView {
    /// A category of a campaign, with the decision that leaves it without an award where the caller may know of it.
    #[must_use]
    pub fn of(campaign_id: Uuid, category: &Category, no_award: Option<&NoAward>, call: &Call) -> Self {
        let label = &category.title.value;
        let criteria = category.criteria.iter().map(|criterion| CriterionView {
            number: criterion.number,
            title: criterion.title.value.clone(),
            text: criterion.text.value.clone(),
            weight: criterion.weight.value,
        });
        Self {
            campaign_id,
            code: category.code.clone(),
            title: LabelView { zh: label.zh.clone(), en: label.en.clone() },
            nominee: category.nominee.value,
            scope: category.scope.value.clone(),
            route: category.route.value,
            quota: category.quota.value,
            criteria: criteria.collect(),
            visits: category.visits.value,
            per_unit_limit: category.per_unit_limit.value,
            has_form: category.form.is_some(),
            no_award: no_award.map(|decided| NoAwardView::of(call, decided)),
            allowed_actions: None,
        }
    }
}

/// A form: its schema, and hints for drawing it.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormView {
    /// Its code.
    #[schema(max_length = 64)]
    pub code: String,
    /// Its name.
    pub title: LabelView,
    /// JSON Schema 2020-12; the server checks with the same.
    #[schema(value_type = Object)]
    pub schema: Value,
    /// Order and widths.
    #[schema(value_type = Object)]
    pub ui: Value,
}

impl LabelView {
    /// What it says in a language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.zh,
            Language::English => &self.en,
        }
    }

    /// A label.
    #[must_use]
    pub fn of(label: &pingxuan_domain::campaign::definition::Label) -> Self {
        Self { zh: label.zh.clone(), en: label.en.clone() }
    }
}

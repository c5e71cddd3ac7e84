//! Vetting requests and vetoes as clients see them.

use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::decision::veto::{Barred, VetoField};
use pingxuan_domain::workflow::veto::{VetoFlow, VetoState};
use pingxuan_domain::workflow::vetting_request::{VettingFlow, VettingState};
use pingxuan_domain::workflow::{self};
use pingxuan_domain::{Day, Instant};
use pingxuan_persistence::{vetoes, vetting};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::actions::AllowedAction;
use crate::application::views::UnitBriefView;
use crate::call::Call;
use crate::campaign::views::LabelView;
use crate::enums;

/// A question to a department about a candidate. The department learns who it is, and nothing else of the selection.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct VettingRequestView {
    id: Uuid,
    campaign_id: Uuid,
    application_id: Uuid,
    /// The category's code.
    #[schema(max_length = 64)]
    category_code: String,
    /// The honour.
    category_title: Option<LabelView>,
    /// Who is to be commended.
    #[schema(max_length = 200)]
    nominee_name: String,
    /// A person's unit.
    #[schema(max_length = 100)]
    unit_name: Option<String>,
    /// A person's post.
    #[schema(max_length = 200)]
    post: Option<String>,
    /// The department that is asked.
    department: UnitBriefView,
    /// Where it stands.
    #[schema(value_type = enums::VettingState)]
    state: VettingState,
    /// The last day for the answer, until 24:00.
    #[schema(value_type = String, format = Date)]
    due_on: Day,
    /// The department's answer.
    opinion: Option<OpinionView>,
    /// How a concern was resolved.
    resolution: Option<ResolutionView>,
    /// The version, for `If-Match`: `"<version>"`.
    #[schema(minimum = 1, maximum = 9007199254740991i64)]
    version: i64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Instant,
    /// What may be done with it.
    #[schema(max_items = 40)]
    allowed_actions: Option<Vec<AllowedAction>>,
}

/// A department's answer; which of the three it is, the state says.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct OpinionView {
    /// What it rests on.
    #[schema(max_length = 2000)]
    basis: Option<String>,
    /// The document that says so.
    #[schema(max_length = 200)]
    document: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    given_at: Instant,
}

/// How a concern was resolved.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResolutionView {
    /// What was looked into, and what came of it.
    #[schema(max_length = 2000)]
    text: String,
    #[schema(value_type = String, format = DateTime)]
    resolved_at: Instant,
}

impl VettingRequestView {
    /// A request, with what this caller may do with it where that is asked for.
    #[must_use]
    pub fn of(call: &Call, campaign: &Campaign, case: vetting::Case, with_actions: bool) -> Self {
        let allowed_actions = with_actions.then(|| request_actions(call, &case));
        let category = campaign.definition.category(&case.category_code);
        let request = case.request;
        Self {
            id: request.id,
            campaign_id: request.campaign_id,
            application_id: request.application_id,
            category_code: case.category_code,
            category_title: category.map(|category| LabelView::of(&category.title.value)),
            nominee_name: case.nominee_name,
            unit_name: case.unit_name,
            post: case.post,
            department: UnitBriefView::named(request.department_id, case.department_name),
            state: request.state,
            due_on: request.due_on,
            opinion: request.opinion.map(|opinion| OpinionView {
                basis: opinion.basis,
                document: opinion.document,
                given_at: opinion.given_at,
            }),
            resolution: request.resolution.map(|resolution| ResolutionView {
                text: resolution.text,
                resolved_at: resolution.resolved_at,
            }),
            version: request.version,
            created_at: request.created_at,
            updated_at: request.updated_at,
            allowed_actions,
        }
    }
}

fn request_actions(call: &Call, case: &vetting::Case) -> Vec<AllowedAction> {
    let state = Some(case.request.state);
    let facts = case.facts(&call.visibility);
    let place = ("/vetting-requests/{request_id}", case.request.id.to_string());
    let operations = workflow::operations::<VettingFlow>(state);
    call.allowed_actions((place.0, &place.1), &operations, |operation| {
        call.visibility_of(operation).filter(|visibility| case.request.within(visibility))?;
        workflow::blockers::<VettingFlow>(state, operation, &facts)
    })
}

/// A bar on a unit or on a person, for a time.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct VetoView {
    id: Uuid,
    /// The unit that is barred; absent where it is a person.
    unit: Option<UnitBriefView>,
    /// The person who is barred; absent where it is a unit.
    person: Option<BarredPersonView>,
    /// What it is about.
    #[schema(value_type = enums::VetoField)]
    field: VetoField,
    /// The department that supplied it and alone may lift it; absent where the office did.
    department: Option<UnitBriefView>,
    /// The written decision.
    #[schema(max_length = 200)]
    document: String,
    /// What it rests on.
    #[schema(max_length = 2000)]
    basis: String,
    /// The day of the written decision.
    #[schema(value_type = String, format = Date)]
    decided_on: Day,
    /// Its last day, until 24:00.
    #[schema(value_type = String, format = Date)]
    until: Day,
    /// Whether it bars now: it is not lifted, and its last day is not over.
    in_force: bool,
    /// Whether it was lifted.
    #[schema(value_type = enums::VetoState)]
    state: VetoState,
    /// Why it was lifted.
    #[schema(max_length = 2000)]
    lift_reason: Option<String>,
    /// The version, for `If-Match`: `"<version>"`.
    #[schema(minimum = 1, maximum = 9007199254740991i64)]
    version: i64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Instant,
    /// What may be done with it.
    #[schema(max_items = 40)]
    allowed_actions: Option<Vec<AllowedAction>>,
}

/// A person who is barred.
#[derive(Debug, Serialize, ToSchema)]
pub struct BarredPersonView {
    /// Name.
    #[schema(max_length = 50)]
    name: String,
    /// Citizen ID, masked.
    #[schema(max_length = 18)]
    citizen_id: String,
}

impl VetoView {
    /// A veto, with what this caller may do with it where that is asked for.
    #[must_use]
    pub fn of(call: &Call, case: vetoes::Case, with_actions: bool) -> Self {
        let allowed_actions = with_actions.then(|| veto_actions(call, &case));
        let in_force = case.veto.in_force(call.now);
        let named = |id: Option<Uuid>, name: Option<String>| Some(UnitBriefView::named(id?, name?));
        let veto = case.veto;
        let (unit, person) = match veto.barred {
            Barred::Unit(id) => (Some(id), None),
            Barred::Person { name, citizen_id_masked, .. } => {
                (None, Some(BarredPersonView { name, citizen_id: citizen_id_masked }))
            }
        };
        Self {
            id: veto.id,
            unit: named(unit, case.unit_name),
            person,
            field: veto.field,
            department: named(veto.department_id, case.department_name),
            document: veto.document,
            basis: veto.basis,
            decided_on: veto.decided_on,
            until: veto.until,
            in_force,
            state: veto.state,
            lift_reason: veto.lift_reason,
            version: veto.version,
            created_at: veto.created_at,
            updated_at: veto.updated_at,
            allowed_actions,
        }
    }
}

fn veto_actions(call: &Call, case: &vetoes::Case) -> Vec<AllowedAction> {
    let state = Some(case.veto.state);
    let place = ("/vetoes/{veto_id}", case.veto.id.to_string());
    let operations = workflow::operations::<VetoFlow>(state);
    call.allowed_actions((place.0, &place.1), &operations, |operation| {
        let visibility = call.visibility_of(operation).filter(|visibility| case.veto.within(visibility))?;
        workflow::blockers::<VetoFlow>(state, operation, &case.veto.facts(&visibility))
    })
}

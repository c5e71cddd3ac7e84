//! 征求意见: the office asks departments about the candidates of a list (D-702).

use actix_web::{get, post, web};
use pingxuan_domain::campaign::definition::Category;
use pingxuan_domain::county::Unit;
use pingxuan_domain::review::vetting::{VettingRequest, to_ask};
use pingxuan_domain::step::Step;
use pingxuan_domain::workflow::vetting_request::{VettingFacts, VettingFlow, VettingState};
use pingxuan_domain::workflow::{self};
use pingxuan_domain::{Day, ErrorCode, Fault, Refused};
use pingxuan_persistence::shortlists::Case as List;
use pingxuan_persistence::{Tx, calendars, shortlists, units, vetting};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::views::VettingRequestView;
use crate::call::{Answer, Call};
use crate::campaign::advance::category_of;
use crate::campaign::locked;
use crate::enums;
use crate::identity::session::actor;
use crate::pages::{PageQuery, PageView};
use crate::problem::Failure;
use crate::verification::assignments::seen_campaign;

/// Which vetting requests are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VettingQuery {
    /// 状态 · In this state.
    #[param(value_type = Option<enums::VettingState>)]
    state: Option<VettingState>,
    /// 申报 · About the candidate of this application.
    application_id: Option<Uuid>,
    /// 部门 · Asked of this department.
    department_id: Option<Uuid>,
    /// 排序 · Order: `due_on`, `created_at`; `-` before a name turns it round.
    #[param(max_length = 60, pattern = "^-?(due_on|created_at)(,-?(due_on|created_at))*$")]
    #[expect(dead_code, reason = "read with the page")]
    sort: Option<String>,
}

/// Whom the office asks about the candidates of a list.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VettingIn {
    /// The category whose list is under way.
    #[schema(min_length = 1, max_length = 60)]
    category_code: String,
    /// The last day for the answer, where it is later than the definition's working days from now; those where it is not given.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    due_on: Option<Day>,
    /// Departments to be asked besides those of the definition.
    #[serde(default)]
    #[schema(max_items = 50)]
    department_ids: Option<Vec<Uuid>>,
}

/// What was asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct VettingAskedView {
    /// The new requests, candidate by candidate.
    #[schema(max_items = 100000)]
    items: Vec<VettingRequestView>,
}

/// 征求意见列表 · List vetting requests
///
/// What departments were asked about the candidates of a campaign, and what they answered. A department sees what is asked of
/// it: who the candidate is, nothing else of the selection.
#[utoipa::path(
    tag = "vetting",
    params(("campaign_id" = Uuid, Path, description = "The campaign"), PageQuery, VettingQuery),
    responses((status = 200, description = "A page of vetting requests", body = PageView<VettingRequestView>))
)]
#[get("/campaigns/{campaign_id}/vetting-requests")]
pub async fn list_vetting_requests(call: Call, campaign_id: web::Path<Uuid>) -> Answer {
    let campaign = seen_campaign(&call, *campaign_id).await?;
    let asked: VettingQuery = call.filters()?;
    let filter = vetting::Filter {
        campaign_id: Some(campaign.id),
        application_id: asked.application_id,
        department_id: asked.department_id,
        state: asked.state,
    };
    let page = vetting::page(call.app.db.read(), &call.visibility, &filter, &call.page()?).await?;
    let with_actions = call.includes("allowed_actions");
    call.listed(page, |case| VettingRequestView::of(&call, &campaign, case, with_actions))
}

/// 征求部门意见 · Ask departments about candidates
///
/// Asks the departments of the definition, and those named besides, about every candidate who stands on the category's list:
/// once each, and no department about itself or its own people. Whom a substitution brings onto the list is asked about by
/// calling it again.
#[utoipa::path(
    tag = "vetting",
    params(("campaign_id" = Uuid, Path, description = "The campaign")),
    request_body = VettingIn,
    responses((status = 201, description = "Asked", body = VettingAskedView))
)]
#[post("/campaigns/{campaign_id}/vetting-requests")]
pub async fn request_vetting(call: Call, campaign_id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let view = asked(&call, tx, *campaign_id).await?;
        call.entered(&format!("/api/v1/campaigns/{campaign_id}/vetting-requests"), &view)
    })
    .await
}

async fn asked(call: &Call, tx: &Tx, campaign_id: Uuid) -> Result<VettingAskedView, Failure> {
    let campaign = locked(call, tx, campaign_id).await?;
    let sent: VettingIn = call.read()?;
    let category = category_of(&campaign, &sent.category_code, "/category_code")?;
    let earliest = earliest(call, tx, category).await?;
    let departments = departments(call, tx, category, (&sent, earliest.as_ref().ok())).await?;
    let list = shortlists::alive(tx, &call.visibility, campaign_id, &category.code).await?;
    let facts = VettingFacts {
        phase: campaign.state,
        list: list.as_ref().map(|list| list.shortlist.state),
        stakes: vec![],
        insider: call.visibility.is_insider(),
    };
    workflow::permit::<VettingFlow>(None, call.operation(), &facts)?;
    let list = list.ok_or_else(|| Failure::guard(ErrorCode::ListNotProposed))?;
    let due_on = sent.due_on.unwrap_or(earliest.map_err(Refused::guard)?);
    let requests = new_requests(call, &list, &departments, due_on)?;
    if requests.is_empty() {
        return Err(Failure::guard(ErrorCode::NobodyToAsk));
    }
    let steps: Vec<Step> = requests.iter().map(|request| asked_step(call, request)).collect();
    vetting::insert_many(tx, &call.journal(), &requests, &steps).await?;
    let ids: Vec<Uuid> = requests.iter().map(|request| request.id).collect();
    let cases = vetting::among(tx, &call.visibility, &ids).await?;
    let view = |case| VettingRequestView::of(call, &campaign, case, true);
    Ok(VettingAskedView { items: cases.into_iter().map(view).collect() })
}

/// The departments that are asked: those of the definition, and those named besides, which must be active units.
async fn departments(
    call: &Call,
    tx: &Tx,
    category: &Category,
    (sent, earliest): (&VettingIn, Option<&Day>),
) -> Result<Vec<Unit>, Failure> {
    let named = sent.department_ids.as_deref().unwrap_or_default();
    let codes: Vec<&str> = category.vetting_departments.value.iter().map(String::as_str).collect();
    let found = units::among(tx, &call.visibility, named, &codes).await?;
    let mut faults = Vec::new();
    for (index, id) in named.iter().enumerate() {
        let at = |code| Fault::at(format!("/department_ids/{index}"), code);
        if named.iter().take(index).any(|earlier| earlier == id) {
            faults.push(at(ErrorCode::Duplicate));
        } else if !found.iter().any(|unit| unit.id == *id && unit.active) {
            faults.push(at(ErrorCode::UnknownReference));
        }
    }
    if let (Some(due_on), Some(earliest)) = (sent.due_on, earliest)
        && due_on < *earliest
    {
        faults.push(Fault::at("/due_on", ErrorCode::DueTooEarly).with("earliest", *earliest));
    }
    Refused::unless_valid(faults)?;
    Ok(found)
}

/// The first day on which a department's time may be over: its working days by the definition, counted from now (D-305, D-702).
async fn earliest(call: &Call, tx: &Tx, category: &Category) -> Result<Result<Day, Fault>, Failure> {
    let calendar = calendars::all(tx, &call.visibility).await?;
    Ok(calendar.period_end(call.now.day(), category.vetting_working_days.value))
}

/// One request for each candidate standing and each department that is not yet asked about them.
fn new_requests(
    call: &Call,
    list: &List,
    departments: &[Unit],
    due_on: Day,
) -> Result<Vec<VettingRequest>, Failure> {
    let actor = actor(&call.visibility)?;
    let standing = list.candidates.iter().filter(|listed| listed.stands(list.shortlist.state));
    let requests = standing.flat_map(|listed| {
        let nominee = &listed.nominee;
        let asked = to_ask(departments, nominee.unit_code.as_deref(), &listed.asked);
        asked.map(|department| VettingRequest {
            id: call.app.clock.new_id(),
            campaign_id: list.campaign.id,
            application_id: nominee.application_id,
            department_id: department.id,
            state: VettingState::Requested,
            due_on,
            asked_by: actor.user_id,
            opinion: None,
            resolution: None,
            version: 1,
            created_at: call.now,
            updated_at: call.now,
        })
    });
    Ok(requests.collect())
}

fn asked_step(call: &Call, request: &VettingRequest) -> Step {
    request
        .step(call.operation(), None)
        .changing("/application_id", (), request.application_id.to_string())
        .changing("/department_id", (), request.department_id.to_string())
        .changing("/due_on", (), request.due_on.to_string())
}

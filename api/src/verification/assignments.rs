//! 核查任务: who is to score what; a supervisor declares that no conflict stands in the way before opening it (D-602, D-603).

use actix_web::{delete, get, post, web};
use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::campaign::definition::UnitKind;
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::verification::Assignment;
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::workflow::assignment::{AssignmentFacts, AssignmentFlow, AssignmentState};
use pingxuan_domain::workflow::recusal::{RecusalFacts, RecusalFlow};
use pingxuan_domain::workflow::score_sheet::{ScoreSheetFlow, ScoreSheetState};
use pingxuan_domain::workflow::{self};
use pingxuan_domain::{ErrorCode, Fault, Instant, Operation, Refused, Visibility};
use pingxuan_persistence::assignments::{self, Case};
use pingxuan_persistence::{PageRequest, Tx, applications, campaigns, recusals, supervisors};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::score_sheets;
use crate::actions::AllowedAction;
use crate::call::{Answer, Call};
use crate::campaign::held;
use crate::enums;
use crate::pages::{PageQuery, PageView};
use crate::problem::Failure;

/// Which assignments are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AssignmentQuery {
    /// 类别代码 · In this category.
    #[param(min_length = 1, max_length = 60, pattern = "^[a-z][a-z0-9_]*$")]
    category_code: Option<String>,
    /// 监督员 · Of this supervisor.
    supervisor_id: Option<Uuid>,
    /// 申报 · Of this application.
    application_id: Option<Uuid>,
    /// 状态 · In this state.
    #[param(value_type = Option<enums::AssignmentState>)]
    state: Option<AssignmentState>,
    /// 排序 · Order: `created_at`, `updated_at`; `-` before a name turns it round.
    #[param(max_length = 60, pattern = "^-?(created_at|updated_at)(,-?(created_at|updated_at))*$")]
    #[expect(dead_code, reason = "read with the page")]
    sort: Option<String>,
}

/// An assignment as the office makes it by hand.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignmentIn {
    /// The application to score.
    application_id: Uuid,
    /// Who is to score it.
    supervisor_id: Uuid,
}

impl AssignmentIn {
    /// What would be sent to make an assignment anew.
    pub(super) fn of(assignment: &Assignment) -> Self {
        Self { application_id: assignment.application_id, supervisor_id: assignment.supervisor_id }
    }
}

/// The unit of whoever is to be scored.
#[derive(Debug, Serialize, ToSchema)]
pub struct NomineeUnitView {
    id: Uuid,
    /// Full name.
    #[schema(max_length = 100)]
    name: String,
    /// What kind of unit it is.
    #[schema(value_type = enums::UnitKind)]
    kind: UnitKind,
}

/// An assignment: one supervisor is to score one application.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct AssignmentView {
    id: Uuid,
    /// The campaign.
    campaign_id: Uuid,
    /// The application to score.
    application_id: Uuid,
    /// Its category.
    #[schema(max_length = 60)]
    category_code: String,
    /// Who is to be scored.
    #[schema(max_length = 100)]
    nominee_name: String,
    /// The nominee's unit.
    nominee_unit: Option<NomineeUnitView>,
    /// Where the application stands.
    #[schema(value_type = enums::ApplicationState)]
    application_state: ApplicationState,
    /// Who is to score it.
    supervisor_id: Uuid,
    /// Their name.
    #[schema(max_length = 50)]
    supervisor_name: String,
    /// Where the assignment stands.
    #[schema(value_type = enums::AssignmentState)]
    state: AssignmentState,
    /// Whether a new plan leaves it as it is.
    locked: bool,
    /// Where the score sheet stands; null while there is none.
    #[schema(value_type = Option<enums::ScoreSheetState>)]
    sheet_state: Option<ScoreSheetState>,
    /// Whether a trip to the nominee is recorded in which the supervisor took part.
    visited: bool,
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

/// An assignment as it is shown.
pub(crate) fn view(call: &Call, case: Case, with_actions: bool) -> AssignmentView {
    let allowed_actions = with_actions.then(|| actions(call, &case));
    let assignment = case.assignment;
    let unit =
        case.nominee_unit.map(|unit| NomineeUnitView { id: unit.id, name: unit.name, kind: unit.kind });
    AssignmentView {
        id: assignment.id,
        campaign_id: assignment.campaign_id,
        application_id: assignment.application_id,
        category_code: case.category_code,
        nominee_name: case.nominee_name,
        nominee_unit: unit,
        application_state: case.application_state,
        supervisor_id: assignment.supervisor_id,
        supervisor_name: case.supervisor_name,
        state: assignment.state,
        locked: assignment.locked,
        sheet_state: case.sheet_state,
        visited: case.visited,
        version: assignment.version,
        created_at: assignment.created_at,
        updated_at: assignment.updated_at,
        allowed_actions,
    }
}

/// What may be done with an assignment, whether its sheet may be written, and whether the supervisor may still be recused; a
/// sheet says the rest of itself.
fn actions(call: &Call, case: &Case) -> Vec<AllowedAction> {
    let state = Some(case.assignment.state);
    let id = case.assignment.id.to_string();
    let place = (PLACE, id.as_str());
    let facts = case.facts(call.now);
    let operations = workflow::operations::<AssignmentFlow>(state);
    let mut found = call.allowed_actions(place, &operations, |operation| {
        workflow::blockers::<AssignmentFlow>(state, operation, &facts)
    });
    let sheet = score_sheets::facts(case, Vec::new());
    found.extend(call.allowed_actions(place, &[Operation::SaveScoreSheet], |operation| {
        workflow::blockers::<ScoreSheetFlow>(case.sheet_state, operation, &sheet)
    }));
    let recusal = RecusalFacts { phase: case.phase, laid_on_oneself: false };
    let against = workflow::blockers::<RecusalFlow>(None, Operation::DeclareRecusal, &recusal);
    let place = format!("/api/v1/campaigns/{}/recusals", case.assignment.campaign_id);
    found.extend(
        against
            .filter(|_| !facts.recused)
            .and_then(|against| call.allowed_action(Operation::DeclareRecusal, place, &against)),
    );
    found
}

/// Where an assignment is.
const PLACE: &str = "/assignments/{assignment_id}";

pub(super) fn answered(call: &Call, case: Case) -> Answer {
    let version = case.assignment.version.to_string();
    call.ok(&view(call, case, true), &version)
}

/// 核查任务列表 · List the assignments of a campaign
///
/// Assignments by category, supervisor, application and state. A supervisor sees their own once they are confirmed.
#[utoipa::path(
    tag = "verification",
    params(("campaign_id" = Uuid, Path, description = "The campaign"), PageQuery, AssignmentQuery),
    responses((status = 200, description = "A page of assignments", body = PageView<AssignmentView>))
)]
#[get("/campaigns/{campaign_id}/assignments")]
pub async fn list_assignments(call: Call, campaign_id: web::Path<Uuid>) -> Answer {
    seen_campaign(&call, *campaign_id).await?;
    let asked: AssignmentQuery = call.filters()?;
    let filter = assignments::Filter {
        campaign_id: Some(*campaign_id),
        category_code: asked.category_code,
        supervisor_id: asked.supervisor_id,
        application_id: asked.application_id,
        state: asked.state,
    };
    let page = assignments::page(call.app.db.read(), &call.visibility, &filter, &call.page()?).await?;
    let with_actions = call.includes("allowed_actions");
    call.listed(page, |case| view(&call, case, with_actions))
}

/// The campaign, where it is there for this caller.
///
/// # Errors
/// 404 where it is not.
pub async fn seen_campaign(call: &Call, id: Uuid) -> Result<Campaign, Failure> {
    let visibility = call.visibility_of(Operation::GetCampaign).ok_or_else(Failure::not_found)?;
    campaigns::find(call.app.db.read(), &visibility, id).await?.ok_or_else(Failure::not_found)
}

/// 指派监督员 · Make an assignment
///
/// The office assigns a supervisor in office to an accepted application: nobody of its unit, nobody who stands in its
/// category, nobody recused, nobody twice. It is planned until `confirm_assignments`.
#[utoipa::path(
    tag = "verification",
    params(("campaign_id" = Uuid, Path, description = "The campaign")),
    request_body = AssignmentIn,
    responses((status = 201, description = "Created", body = AssignmentView))
)]
#[post("/campaigns/{campaign_id}/assignments")]
pub async fn create_assignment(call: Call, campaign_id: web::Path<Uuid>) -> Answer {
    let answer = call.act(async |tx| {
        let case = made(&call, tx, *campaign_id).await?;
        let location = format!("/api/v1/assignments/{}", case.assignment.id);
        call.created(&location, &view(&call, case, true), "1")
    });
    answer.await.map_err(|failure| failure.taken_is(ErrorCode::AlreadyAssigned))
}

async fn made(call: &Call, tx: &Tx, campaign_id: Uuid) -> Result<Case, Failure> {
    let campaign = held(call, tx, campaign_id).await?;
    let sent: AssignmentIn = call.read()?;
    let facts = facts(call, tx, (campaign_id, &sent)).await?;
    let facts = AssignmentFacts { phase: campaign.state, ..facts };
    workflow::permit::<AssignmentFlow>(None, call.operation(), &facts)?;
    let assignment = planned(call, campaign_id, (sent.application_id, sent.supervisor_id));
    let step = planned_step(call, &assignment);
    assignments::insert_many(tx, &call.journal(), std::slice::from_ref(&assignment), &[step]).await?;
    assignments::find(tx, &call.visibility, assignment.id).await?.ok_or_else(Failure::not_found)
}

/// A new assignment of an application to a supervisor.
pub(super) fn planned(
    call: &Call,
    campaign_id: Uuid,
    (application_id, supervisor_id): (Uuid, Uuid),
) -> Assignment {
    Assignment {
        id: call.app.clock.new_id(),
        campaign_id,
        application_id,
        supervisor_id,
        state: AssignmentState::Planned,
        locked: false,
        version: 1,
        created_at: call.now,
        updated_at: call.now,
    }
}

/// The step by which an assignment comes into being.
pub(super) fn planned_step(call: &Call, assignment: &Assignment) -> Step {
    Step::of(call.operation(), ObjectKind::Assignment, assignment.id, call.now)
        .in_campaign(assignment.campaign_id)
        .states(None, Some(assignment.state))
        .changing("/application_id", None::<String>, assignment.application_id.to_string())
        .changing("/supervisor_id", None::<String>, assignment.supervisor_id.to_string())
}

/// What the guards ask of a new assignment, with application and supervisor looked up.
pub(super) async fn facts(
    call: &Call,
    tx: &Tx,
    (campaign_id, sent): (Uuid, &AssignmentIn),
) -> Result<AssignmentFacts, Failure> {
    let case = applications::lock(tx, &call.visibility, sent.application_id).await?;
    let case = case.filter(|case| case.campaign.id == campaign_id);
    let supervisor = supervisors::find(tx, &Visibility::system(call.operation()), sent.supervisor_id).await?;
    let (Some(case), Some(supervisor)) = (&case, &supervisor) else {
        let named = [("/application_id", case.is_some()), ("/supervisor_id", supervisor.is_some())];
        let missing = named.into_iter().filter(|(_, there)| !there);
        let faults = missing.map(|(pointer, _)| Fault::at(pointer, ErrorCode::UnknownReference));
        return Err(Refused::Invalid(faults.collect()).into());
    };
    let there = assignments::Filter {
        application_id: Some(sent.application_id),
        supervisor_id: Some(sent.supervisor_id),
        ..assignments::Filter::default()
    };
    let one = PageRequest { limit: 1, ..PageRequest::default() };
    let there = assignments::page(tx, &call.visibility, &there, &one).await?;
    let candidates = supervisors::candidates(tx, &call.visibility, campaign_id).await?;
    let bound = recusals::bound_among(tx, &call.visibility, sent.application_id, &[supervisor.id]).await?;
    let application = &case.application;
    Ok(AssignmentFacts {
        phase: case.campaign.state,
        application_accepted: application.state == ApplicationState::Accepted,
        supervisor_in_office: supervisor.in_office(call.now.day()),
        own_unit: application.unit_id.is_some() && application.unit_id == supervisor.unit_id,
        candidate: candidates.contains(&(application.category_code.clone(), supervisor.id)),
        assigned_already: !there.items.is_empty(),
        sheet_submitted: false,
        recused: !bound.is_empty(),
    })
}

/// 撤销指派 · Delete an assignment
///
/// Only without a submitted sheet; the draft of one goes with it.
#[utoipa::path(
    tag = "verification",
    params(("assignment_id" = Uuid, Path, description = "The assignment"), ("If-Match" = String, Header, description = "The version that is deleted")),
    responses((status = 204, description = "Deleted"))
)]
#[delete("/assignments/{assignment_id}")]
pub async fn delete_assignment(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        deleted(&call, tx, *id).await?;
        call.gone()
    })
    .await
}

async fn deleted(call: &Call, tx: &Tx, id: Uuid) -> Result<(), Failure> {
    let case = acting(call, tx, id).await?;
    let assignment = &case.assignment;
    let step = Step::of(call.operation(), ObjectKind::Assignment, id, call.now)
        .in_campaign(assignment.campaign_id)
        .states(Some(assignment.state), None);
    let of_sheet = case.sheet_state.map(|state| {
        Step::of(call.operation(), ObjectKind::ScoreSheet, id, call.now)
            .in_campaign(assignment.campaign_id)
            .states(Some(state), None)
    });
    let steps: Vec<Step> = std::iter::once(step).chain(of_sheet).collect();
    Ok(assignments::delete(tx, &call.journal(), assignment, &steps).await?)
}

/// 声明无回避情形 · Declare that there is no conflict of interest
///
/// The supervisor declares that nothing of D-603 ties them to the nominee; only then the application opens to them.
#[utoipa::path(
    tag = "verification",
    params(("assignment_id" = Uuid, Path, description = "The assignment"), ("If-Match" = String, Header, description = "The version that is declared on")),
    responses((status = 200, description = "Declared", body = AssignmentView))
)]
#[post("/assignments/{assignment_id}/declare")]
pub async fn declare_no_conflict(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let case = declared(&call, tx, *id).await?;
        answered(&call, case)
    })
    .await
}

async fn declared(call: &Call, tx: &Tx, id: Uuid) -> Result<Case, Failure> {
    let mut case = acting(call, tx, id).await?;
    let from = case.assignment.state;
    let after = case.assignment.moved(call.operation(), call.now)?;
    let step = Step::of(call.operation(), ObjectKind::Assignment, id, call.now)
        .in_campaign(after.campaign_id)
        .states(Some(from), Some(after.state));
    assignments::record(tx, &call.journal(), &after, step).await?;
    case.assignment = after;
    Ok(case)
}

/// The assignment that is acted on: the campaign held, the assignment locked, the version as it was said, no guard
/// against it.
async fn acting(call: &Call, tx: &Tx, id: Uuid) -> Result<Case, Failure> {
    let found = assignments::find(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    held(call, tx, found.assignment.campaign_id).await?;
    let case = assignments::lock(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    call.expects(&case.assignment.version.to_string())?;
    workflow::permit::<AssignmentFlow>(Some(case.assignment.state), call.operation(), &case.facts(call.now))?;
    Ok(case)
}

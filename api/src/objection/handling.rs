//! The office assigns an objection, and whoever investigates answers it (D-705, D-706).

use actix_web::{get, post, web};
use pingxuan_domain::decision::objection::{Consequence, Objection, Objector, Resolution};
use pingxuan_domain::step::{Audience, ObjectKind, Step};
use pingxuan_domain::workflow::account::AccountState;
use pingxuan_domain::workflow::objection::{ObjectionFlow, ObjectionState};
use pingxuan_domain::workflow::{self};
use pingxuan_domain::{ErrorCode, Fault, Refused, Role};
use pingxuan_persistence::objections::{self, Case};
use pingxuan_persistence::{Tx, accounts, notices};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{IntoParams, PartialSchema, ToSchema};
use uuid::Uuid;

use super::views::{ObjectionView, ObjectorBody};
use crate::call::{Answer, Call};
use crate::enums;
use crate::pages::{PageQuery, PageView};
use crate::problem::Failure;

/// Which objections are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ObjectionQuery {
    /// 评选活动 · In this campaign.
    campaign_id: Option<Uuid>,
    /// 公示 · Against this notice.
    notice_id: Option<Uuid>,
    /// 类别 · In this category.
    #[param(min_length = 1, max_length = 60)]
    category_code: Option<String>,
    /// 推荐对象 · Against this candidate.
    application_id: Option<Uuid>,
    /// 状态 · In this state.
    #[param(value_type = Option<enums::ObjectionState>)]
    state: Option<ObjectionState>,
    /// 逾期 · Whether it came after the notice's period.
    late: Option<bool>,
    /// 排序 · Order: `filed_at`; `-` before it turns it round.
    #[param(max_length = 60, pattern = "^-?filed_at$")]
    #[expect(dead_code, reason = "read with the page")]
    sort: Option<String>,
}

/// Who is to investigate.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectionAssignmentIn {
    /// An account of the office, without a stake in whom the objection concerns.
    investigator_id: Uuid,
}

/// What an investigation comes to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectionResolutionIn {
    /// Whether the objection is upheld.
    #[schema(value_type = ObjectionOutcome)]
    outcome: ObjectionState,
    /// The candidate of the notice whom it concerns, where the objection names none; needed where it is upheld, in whole or in part.
    #[serde(default)]
    application_id: Option<Uuid>,
    /// What the investigation found; for the house.
    #[schema(min_length = 1, max_length = 10000, pattern = r"\S")]
    findings: String,
    /// What the objector is answered.
    #[schema(min_length = 1, max_length = 4000, pattern = r"\S")]
    answer: String,
    /// What follows for the candidate: needed where it is upheld in part, and nowhere else.
    #[serde(default)]
    #[schema(value_type = Option<enums::Consequence>)]
    consequence: Option<Consequence>,
    /// Why that is chosen.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    consequence_reason: Option<String>,
}

/// What an investigation may come to: the states to which it leads.
#[derive(Debug)]
pub struct ObjectionOutcome;

impl PartialSchema for ObjectionOutcome {
    fn schema() -> RefOr<Schema> {
        let outcomes = [ObjectionState::Upheld, ObjectionState::Partly, ObjectionState::Rejected];
        let outcomes = outcomes.map(<&'static str>::from);
        ObjectBuilder::new()
            .description(Some("What an investigation comes to"))
            .schema_type(Type::String)
            .enum_values(Some(outcomes))
            .into()
    }
}

impl ToSchema for ObjectionOutcome {}

/// Why the name is opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectorRevealIn {
    /// Why; it stands in the audit.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    reason: String,
}

/// 异议列表 · List objections
///
/// By campaign, notice, category, candidate, state, and whether they came late. Who objects is not in them.
#[utoipa::path(tag = "objections", params(PageQuery, ObjectionQuery), responses((status = 200, description = "A page of objections", body = PageView<ObjectionView>)))]
#[get("/objections")]
pub async fn list_objections(call: Call) -> Answer {
    let asked: ObjectionQuery = call.filters()?;
    let filter = objections::Filter {
        campaign_id: asked.campaign_id,
        notice_id: asked.notice_id,
        category_code: asked.category_code,
        application_id: asked.application_id,
        state: asked.state,
        late: asked.late,
    };
    let page = objections::page(call.app.db.read(), &call.visibility, &filter, &call.page()?).await?;
    let with_actions = call.includes("allowed_actions");
    call.listed(
        page,
        |case| {
            if with_actions { ObjectionView::whole(&call, case) } else { ObjectionView::row(case) }
        },
    )
}

/// 查看异议 · Get an objection
///
/// What is held against whom, with its evidence, and what came of it; who objects is not in it.
#[utoipa::path(tag = "objections", params(("objection_id" = Uuid, Path, description = "The objection")), responses((status = 200, description = "The objection", body = ObjectionView)))]
#[get("/objections/{objection_id}")]
pub async fn get_objection(call: Call, id: web::Path<Uuid>) -> Answer {
    let case = objections::find(call.app.db.read(), &call.visibility, *id).await?;
    answered(&call, case.ok_or_else(Failure::not_found)?)
}

/// 指定调查人 · Assign an objection
///
/// To an account of the office that has no stake in the candidate, or in any of the list where no candidate is named. Whoever
/// assigns has none either. It can be assigned anew while it is investigated.
#[utoipa::path(
    tag = "objections",
    params(("objection_id" = Uuid, Path, description = "The objection"), ("If-Match" = String, Header, description = "The version that is assigned")),
    request_body = ObjectionAssignmentIn,
    responses((status = 200, description = "Assigned", body = ObjectionView))
)]
#[post("/objections/{objection_id}/assign")]
pub async fn assign_objection(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| answered(&call, assigned(&call, tx, *id).await?)).await
}

async fn assigned(call: &Call, tx: &Tx, id: Uuid) -> Result<Case, Failure> {
    let case = locked(call, tx, id).await?;
    let sent: ObjectionAssignmentIn = call.read()?;
    let fault = investigator_fault(call, tx, &case.objection, sent.investigator_id).await?;
    Refused::unless_valid(fault.into_iter().collect())?;
    permit(call, &case)?;
    let before = case.objection;
    let step = step_of(call, &before);
    let (from, was) = (before.state, before.investigator_id);
    let after = before.assigned(sent.investigator_id, call.now)?;
    let step = step.states(Some(from), Some(after.state)).changing(
        "/investigator_id",
        json!(was),
        json!(after.investigator_id),
    );
    objections::record(tx, &call.journal(), &after, step).await?;
    found(call, tx, id).await
}

/// What is against somebody as the investigator: an active account of the office, without a stake (D-705).
async fn investigator_fault(
    call: &Call,
    tx: &Tx,
    objection: &Objection,
    investigator_id: Uuid,
) -> Result<Option<Fault>, Failure> {
    let account = accounts::find(tx, &call.visibility, investigator_id).await?;
    let works_here =
        account.is_some_and(|user| user.state == AccountState::Active && user.roles.contains(&Role::Office));
    let code = if !works_here {
        ErrorCode::UnknownReference
    } else if objections::stakes_of(tx, &call.visibility, objection, investigator_id).await?.is_empty() {
        return Ok(None);
    } else {
        ErrorCode::InvestigatorHasStake
    };
    Ok(Some(Fault::at("/investigator_id", code)))
}

/// 答复异议 · Answer an objection
///
/// The assigned investigator says whether it is upheld, in part, or not, with the findings for the house and the answer for the
/// objector. What is upheld obliges the office to disqualify the candidate; what is upheld in part, by the choice recorded with
/// it.
#[utoipa::path(
    tag = "objections",
    params(("objection_id" = Uuid, Path, description = "The objection"), ("If-Match" = String, Header, description = "The version that is answered")),
    request_body = ObjectionResolutionIn,
    responses((status = 200, description = "Answered", body = ObjectionView))
)]
#[post("/objections/{objection_id}/resolve")]
pub async fn resolve_objection(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| answered(&call, resolved(&call, tx, *id).await?)).await
}

async fn resolved(call: &Call, tx: &Tx, id: Uuid) -> Result<Case, Failure> {
    let case = locked(call, tx, id).await?;
    let resolution = Resolution::from(call.read::<ObjectionResolutionIn>()?);
    let shown = notices::find(tx, &call.visibility, case.objection.notice_id).await?;
    let notice = shown.ok_or_else(Failure::not_found)?.notice;
    Refused::unless_valid(resolution.faults(&case.objection, &notice))?;
    permit(call, &case)?;
    let before = case.objection;
    let step = step_of(call, &before);
    let (from, was) = (before.state, before.application_id);
    let after = before.resolved(resolution, call.now)?;
    // Findings and answer may name people: the audit keeps what proves them, not what they say.
    let salt = id.to_string();
    let proof =
        |text: &Option<String>| json!(text.as_ref().map(|text| call.vault().salted_digest(&salt, text)));
    let step = step
        .states(Some(from), Some(after.state))
        .because(after.consequence_reason.clone())
        .changing("/application_id", json!(was), json!(after.application_id))
        .changing("/consequence", Value::Null, json!(after.consequence))
        .changing("/findings", Value::Null, proof(&after.findings))
        .changing("/answer", Value::Null, proof(&after.answer));
    objections::record(tx, &call.journal(), &after, step).await?;
    found(call, tx, id).await
}

impl From<ObjectionResolutionIn> for Resolution {
    fn from(sent: ObjectionResolutionIn) -> Self {
        Self {
            outcome: sent.outcome,
            application_id: sent.application_id,
            findings: sent.findings,
            answer: sent.answer,
            consequence: sent.consequence,
            consequence_reason: sent.consequence_reason,
        }
    }
}

/// 查看异议人 · Open who objects
///
/// Tells the assigned investigator the objector's name, unit and telephone, to ask further and to report the answer. Each
/// opening leaves an audit event with its reason; the objection itself stays as it is.
#[utoipa::path(
    tag = "objections",
    params(("objection_id" = Uuid, Path, description = "The objection"), ("If-Match" = String, Header, description = "The version whose objector is opened")),
    request_body = ObjectorRevealIn,
    responses((status = 200, description = "Who objects", body = ObjectorBody))
)]
#[post("/objections/{objection_id}/reveal")]
pub async fn reveal_objector(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let objector = revealed(&call, tx, *id).await?;
        call.plain(&ObjectorBody::from(objector))
    })
    .await
}

async fn revealed(call: &Call, tx: &Tx, id: Uuid) -> Result<Objector, Failure> {
    let case = locked(call, tx, id).await?;
    let sent: ObjectorRevealIn = call.read()?;
    permit(call, &case)?;
    let objection = case.objection;
    let sealed = objection.objector.as_deref();
    let sealed = sealed.ok_or_else(|| Failure::Internal(format!("{id} was let through without a name")))?;
    let opened = call.vault().open(objection.id.as_bytes(), sealed)?;
    let objector = serde_json::from_slice(&opened).map_err(|error| Failure::Internal(error.to_string()))?;
    let state = Some(objection.state);
    let step = step_of(call, &objection).states(state, state).because(sent.reason);
    objections::record_opening(tx, &call.journal(), step).await?;
    Ok(objector)
}

/// The objection that is acted on, locked, in the version that the caller has seen.
async fn locked(call: &Call, tx: &Tx, id: Uuid) -> Result<Case, Failure> {
    let case = objections::lock(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    call.expects(&case.objection.version.to_string())?;
    Ok(case)
}

fn permit(call: &Call, case: &Case) -> Result<(), Failure> {
    let facts = case.facts(&call.visibility);
    Ok(workflow::permit::<ObjectionFlow>(Some(case.objection.state), call.operation(), &facts)?)
}

/// A step of an objection; outside the house only the objector learns of it.
fn step_of(call: &Call, objection: &Objection) -> Step {
    Step::of(call.operation(), ObjectKind::Objection, objection.id, call.now)
        .in_campaign(objection.campaign_id)
        .to_audience(Audience::Insiders)
}

async fn found(call: &Call, tx: &Tx, id: Uuid) -> Result<Case, Failure> {
    objections::find(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)
}

fn answered(call: &Call, case: Case) -> Answer {
    let version = case.objection.version.to_string();
    call.ok(&ObjectionView::whole(call, case), &version)
}

//! 回避: who may not score or handle which application, and why (D-603).

use actix_web::{get, post, web};
use pingxuan_domain::verification::recusal::{Bound, Recusal, RecusalKind};
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::workflow::campaign::CampaignState;
use pingxuan_domain::workflow::recusal::{RecusalFacts, RecusalFlow, RecusalState};
use pingxuan_domain::workflow::{self};
use pingxuan_domain::{ErrorCode, Fault, Instant, Operation, Reach, Refused, Role, Visibility};
use pingxuan_persistence::recusals::{self, Case};
use pingxuan_persistence::{PageRequest, Tx, accounts, applications, assignments, campaigns, supervisors};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::assignments::{AssignmentView, seen_campaign, view as assignment_view};
use super::recusing::{audited, new_recusal, step_of, taken_from};
use crate::actions::AllowedAction;
use crate::call::{Answer, Call};
use crate::campaign::held;
use crate::enums;
use crate::pages::{PageQuery, PageView};
use crate::problem::Failure;

/// Which recusals are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RecusalQuery {
    /// 申报 · From this application.
    application_id: Option<Uuid>,
    /// 监督员 · Of this supervisor.
    supervisor_id: Option<Uuid>,
    /// 状态 · In this state.
    #[param(value_type = Option<enums::RecusalState>)]
    state: Option<RecusalState>,
    /// 排序 · Order: `created_at`, `updated_at`; `-` before a name turns it round.
    #[param(max_length = 60, pattern = "^-?(created_at|updated_at)(,-?(created_at|updated_at))*$")]
    #[expect(dead_code, reason = "read with the page")]
    sort: Option<String>,
}

/// A recusal as it is declared. Without `supervisor_id` and `user_id` it is one's own; only the office names somebody else.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecusalIn {
    /// The application from which somebody is recused.
    application_id: Uuid,
    /// The supervisor who is recused.
    #[serde(default)]
    supervisor_id: Option<Uuid>,
    /// The account of the office or of an approver that is recused.
    #[serde(default)]
    user_id: Option<Uuid>,
    /// What kind it is.
    #[schema(value_type = enums::RecusalKind)]
    kind: RecusalKind,
    /// Why.
    #[schema(min_length = 1, max_length = 500, pattern = r"\S")]
    reason: String,
}

/// Why a recusal is lifted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecusalLifting {
    /// The reason.
    #[schema(min_length = 1, max_length = 500, pattern = r"\S")]
    reason: String,
}

/// A recusal of one person from one application.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct RecusalView {
    id: Uuid,
    /// The campaign.
    campaign_id: Uuid,
    /// The application.
    application_id: Uuid,
    /// Its category.
    #[schema(max_length = 60)]
    category_code: String,
    /// Whose application it is.
    #[schema(max_length = 100)]
    nominee_name: String,
    /// The supervisor who is recused; absent where it is an account.
    supervisor_id: Option<Uuid>,
    /// The account that is recused; absent where it is a supervisor.
    user_id: Option<Uuid>,
    /// The name of whoever is recused.
    #[schema(max_length = 100)]
    person_name: String,
    /// What kind it is.
    #[schema(value_type = enums::RecusalKind)]
    kind: RecusalKind,
    /// Why; absent where the system proposed it, whose kind says all it has seen.
    #[schema(max_length = 500)]
    reason: Option<String>,
    /// Where it stands. What the system proposed binds until the office has lifted it.
    #[schema(value_type = enums::RecusalState)]
    state: RecusalState,
    /// The account that declared it; absent where the system proposed it.
    declared_by: Option<Uuid>,
    /// It came after the verification: the sheets stay as they are.
    after_verification: bool,
    /// Why it was lifted.
    #[schema(max_length = 500)]
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

/// A recusal that has been declared, with what came of it.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct DeclaredRecusalView {
    #[serde(flatten)]
    recusal: RecusalView,
    /// Who is planned to score in the place of the supervisor; absent where nobody is needed or nobody may, and for those who
    /// see their own assignments only.
    replacement: Option<AssignmentView>,
}

fn view(call: &Call, case: Case, with_actions: bool) -> RecusalView {
    let allowed_actions = with_actions.then(|| actions(call, &case));
    let recusal = case.recusal;
    RecusalView {
        id: recusal.id,
        campaign_id: recusal.campaign_id,
        application_id: recusal.application_id,
        category_code: case.category_code,
        nominee_name: case.nominee_name,
        supervisor_id: recusal.supervisor_id,
        user_id: recusal.user_id,
        person_name: case.person_name,
        kind: recusal.kind,
        reason: Some(recusal.reason).filter(|reason| !reason.is_empty()),
        state: recusal.state,
        declared_by: recusal.declared_by,
        after_verification: recusal.after_verification,
        lift_reason: recusal.lift_reason,
        version: recusal.version,
        created_at: recusal.created_at,
        updated_at: recusal.updated_at,
        allowed_actions,
    }
}

fn actions(call: &Call, case: &Case) -> Vec<AllowedAction> {
    let (state, id) = (Some(case.recusal.state), case.recusal.id.to_string());
    let operations = workflow::operations::<RecusalFlow>(state);
    call.allowed_actions(("/recusals/{recusal_id}", &id), &operations, |operation| {
        let visibility = call.visibility_of(operation)?;
        let facts = facts(&visibility, case.phase, &case.recusal);
        workflow::blockers::<RecusalFlow>(state, operation, &facts)
            .filter(|_| case.recusal.within(&visibility))
    })
}

fn facts(visibility: &Visibility, phase: CampaignState, recusal: &Recusal) -> RecusalFacts {
    RecusalFacts { phase, laid_on_oneself: recusal.is_laid_on(visibility) }
}

/// 回避列表 · List the recusals of a campaign
///
/// Who is recused from what, by application, supervisor and state: those declared, and those that the system proposes. A
/// supervisor sees their own.
#[utoipa::path(
    tag = "verification",
    params(("campaign_id" = Uuid, Path, description = "The campaign"), PageQuery, RecusalQuery),
    responses((status = 200, description = "A page of recusals", body = PageView<RecusalView>))
)]
#[get("/campaigns/{campaign_id}/recusals")]
pub async fn list_recusals(call: Call, campaign_id: web::Path<Uuid>) -> Answer {
    seen_campaign(&call, *campaign_id).await?;
    let asked: RecusalQuery = call.filters()?;
    let filter = recusals::Filter {
        campaign_id: Some(*campaign_id),
        application_id: asked.application_id,
        supervisor_id: asked.supervisor_id,
        state: asked.state,
    };
    let page = recusals::page(call.app.db.read(), &call.visibility, &filter, &call.page()?).await?;
    let with_actions = call.includes("allowed_actions");
    call.listed(page, |case| view(&call, case, with_actions))
}

/// 回避 · Declare a recusal
///
/// A supervisor or an approver declares it of themselves, the office of anybody. What the system proposed comes into force by
/// it. While the campaign verifies, the supervisor loses the assignment, a submitted sheet counts no more, the application is
/// accepted and no longer verified where too few are left, and somebody else is planned; later the sheets stay as they are.
#[utoipa::path(
    tag = "verification",
    params(("campaign_id" = Uuid, Path, description = "The campaign")),
    request_body = RecusalIn,
    responses(
        (status = 200, description = "What was proposed is in force", body = DeclaredRecusalView),
        (status = 201, description = "Created", body = DeclaredRecusalView),
    )
)]
#[post("/campaigns/{campaign_id}/recusals")]
pub async fn declare_recusal(call: Call, campaign_id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let (case, replacement) = declared(&call, tx, *campaign_id).await?;
        let version = case.recusal.version;
        let replacement = replacement.map(|case| assignment_view(&call, case, true));
        let view = DeclaredRecusalView { recusal: view(&call, case, true), replacement };
        if version == 1 {
            call.created(&format!("/api/v1/campaigns/{campaign_id}/recusals"), &view, "1")
        } else {
            call.ok(&view, &version.to_string())
        }
    })
    .await
}

async fn declared(
    call: &Call,
    tx: &Tx,
    campaign_id: Uuid,
) -> Result<(Case, Option<assignments::Case>), Failure> {
    let seen = call.visibility_of(Operation::GetCampaign).ok_or_else(Failure::not_found)?;
    let found = campaigns::find(tx, &seen, campaign_id).await?;
    let own = |public: bool| public || call.visibility.has(Reach::All);
    found.filter(|campaign| own(campaign.is_public())).ok_or_else(Failure::not_found)?;
    let campaign = held(call, tx, campaign_id).await?;
    let sent: RecusalIn = call.read()?;
    let mut faults = Vec::new();
    let bound = bound(call, tx, &sent).await?.map_err(|fault| faults.push(fault));
    if !is_named(call, tx, campaign_id, sent.application_id).await? {
        faults.push(Fault::at("/application_id", ErrorCode::UnknownReference));
    }
    let Ok(bound) = bound else { return Err(Refused::Invalid(faults).into()) };
    Refused::unless_valid(faults)?;
    let system = Visibility::system(call.operation());
    applications::lock(tx, &system, sent.application_id).await?.ok_or_else(Failure::not_found)?;
    let before = recusals::binding(tx, &system, sent.application_id, bound).await?;
    if before.as_ref().is_some_and(|before| before.state == RecusalState::InForce) {
        return Err(Refused::invalid(Fault::at("/application_id", ErrorCode::AlreadyRecused)).into());
    }
    let facts = RecusalFacts { phase: campaign.state, laid_on_oneself: false };
    let from = before.as_ref().map(|before| before.state);
    workflow::permit::<RecusalFlow>(from, call.operation(), &facts)?;
    let place = (&campaign, sent.application_id);
    let new = new_recusal(call, call.operation(), place, (bound, sent.kind))?;
    let (was, after) = match before {
        // Whoever it binds cannot lift what the system saw by declaring it first: it stays the system's.
        Some(before) => {
            let was = audited(&before);
            let (kind, after_verification) = (sent.kind, new.after_verification);
            let moved = before.moved(call.operation(), call.now)?;
            (was, Recusal { kind, after_verification, reason: sent.reason, ..moved })
        }
        None => {
            let declared_by = call.visibility.actor().map(|actor| actor.user_id);
            (Value::Null, Recusal { reason: sent.reason, declared_by, ..new })
        }
    };
    let step = step_of(call.operation(), &after, from)
        .because(after.reason.clone())
        .difference(&was, &audited(&after));
    if from.is_none() {
        recusals::insert_many(tx, &call.journal(), std::slice::from_ref(&after), &[step]).await?;
    } else {
        recusals::record(tx, &call.journal(), &after, step).await?;
    }
    let replacement = if campaign.state == CampaignState::Verifying {
        taken_from(call, tx, &campaign, &after).await?
    } else {
        None
    };
    let shown = match (replacement, call.visibility_of(Operation::ListAssignments)) {
        (Some(made), Some(visibility)) => assignments::find(tx, &visibility, made.id).await?,
        (_, _) => None,
    };
    let case = recusals::find(tx, &system, after.id).await?.ok_or_else(Failure::not_found)?;
    Ok((case, shown))
}

/// Who is to be bound: oneself, or whom the office names. Whoever is not the office is told of nobody else.
async fn bound(call: &Call, tx: &Tx, sent: &RecusalIn) -> Result<Result<Bound, Fault>, Failure> {
    let system = Visibility::system(call.operation());
    let actor = call.visibility.actor().ok_or_else(Failure::not_found)?;
    let oneself = Bound::of(actor.user_id, actor.supervisor_id);
    let names_others = call.visibility.has(Reach::All);
    let found = match (sent.supervisor_id, sent.user_id) {
        (None, None) => Some(oneself),
        (Some(_), Some(_)) => return Ok(Err(Fault::at("/user_id", ErrorCode::Invalid))),
        (Some(id), None) if names_others => {
            supervisors::find(tx, &system, id).await?.map(|supervisor| Bound::Supervisor(supervisor.id))
        }
        (None, Some(id)) if names_others => {
            let handles = |role: &Role| matches!(role, Role::Office | Role::Approver | Role::Supervisor);
            let account = accounts::find(tx, &system, id).await?;
            let account = account.filter(|account| account.roles.iter().any(handles));
            account.map(|account| Bound::of(account.id, account.supervisor_id))
        }
        (Some(id), None) => Some(oneself).filter(|_| actor.supervisor_id == Some(id)),
        (None, Some(id)) => Some(oneself).filter(|_| actor.user_id == id),
    };
    let pointer = if sent.user_id.is_some() { "/user_id" } else { "/supervisor_id" };
    Ok(found.ok_or_else(|| Fault::at(pointer, ErrorCode::UnknownReference)))
}

/// Whether the application is one of the campaign's that the caller may read, or one that is assigned to them. From a draft
/// nobody is recused: it may still be deleted, and nobody handles it yet.
async fn is_named(call: &Call, tx: &Tx, campaign_id: Uuid, application_id: Uuid) -> Result<bool, Failure> {
    if let Some(visibility) = call.visibility_of(Operation::GetApplication)
        && let Some(case) = applications::find(tx, &visibility, application_id).await?
    {
        let draft = case.application.state == ApplicationState::Draft;
        return Ok(case.application.campaign_id == campaign_id && !draft);
    }
    let Some(visibility) = call.visibility_of(Operation::ListAssignments) else { return Ok(false) };
    let assigned = assignments::Filter {
        campaign_id: Some(campaign_id),
        application_id: Some(application_id),
        ..assignments::Filter::default()
    };
    let one = PageRequest { limit: 1, ..PageRequest::default() };
    Ok(!assignments::page(tx, &visibility, &assigned, &one).await?.items.is_empty())
}

/// 解除回避 · Lift a recusal
///
/// It binds no more; an assignment that was lost by it stays lost. The office lifts any, others what they declared
/// themselves: nobody lifts what somebody else, or the system, laid upon them.
#[utoipa::path(
    tag = "verification",
    params(("recusal_id" = Uuid, Path, description = "The recusal"), ("If-Match" = String, Header, description = "The version that is lifted")),
    request_body = RecusalLifting,
    responses((status = 200, description = "Lifted", body = RecusalView))
)]
#[post("/recusals/{recusal_id}/lift")]
pub async fn lift_recusal(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let case = lifted(&call, tx, *id).await?;
        let version = case.recusal.version.to_string();
        call.ok(&view(&call, case, true), &version)
    })
    .await
}

async fn lifted(call: &Call, tx: &Tx, id: Uuid) -> Result<Case, Failure> {
    let found = recusals::find(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    let campaign = held(call, tx, found.recusal.campaign_id).await?;
    let mut case = recusals::lock(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    call.expects(&case.recusal.version.to_string())?;
    let sent: RecusalLifting = call.read()?;
    let (from, before) = (Some(case.recusal.state), case.recusal);
    let facts = facts(&call.visibility, campaign.state, &before);
    workflow::permit::<RecusalFlow>(from, call.operation(), &facts)?;
    let after =
        Recusal { lift_reason: Some(sent.reason.clone()), ..before.moved(call.operation(), call.now)? };
    let step = step_of(call.operation(), &after, from).because(sent.reason);
    recusals::record(tx, &call.journal(), &after, step).await?;
    case.recusal = after;
    Ok(case)
}

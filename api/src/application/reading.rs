//! Applications read: lists, single ones, what they still lack, what happened to them.

use actix_web::{get, web};
use pingxuan_domain::workflow::Workflow;
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::{Instant, Operation};
use pingxuan_persistence::applications::{self, Asked, Case};
use pingxuan_persistence::{Page, audit};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::feedback::feedback;
use super::sealing::opened;
use super::version;
use super::views::{ApplicationView, submission_blockers};
use crate::call::{Answer, Call};
use crate::enums;
use crate::pages::{PageQuery, PageView};
use crate::problem::{Failure, ProblemItem, illegal_transition};

/// Which applications are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ApplicationQuery {
    /// 活动 · Of this campaign.
    campaign_id: Option<Uuid>,
    /// 类别 · In this category.
    #[param(min_length = 1, max_length = 64)]
    category_code: Option<String>,
    /// 状态 · In this state, as the caller sees it.
    #[param(value_type = Option<enums::ApplicationState>)]
    state: Option<ApplicationState>,
    /// 单位 · Of this unit.
    unit_id: Option<Uuid>,
    /// 排序 · Order: `nominee_name`, `created_at`; `-` before a name turns it round.
    #[param(max_length = 60, pattern = "^-?(nominee_name|created_at)(,-?(nominee_name|created_at))*$")]
    #[expect(dead_code, reason = "read with the page")]
    sort: Option<String>,
}

/// 申报列表 · List applications
///
/// A unit sees its own, a supervisor those assigned and the one on themselves, the office all but drafts that others write.
#[utoipa::path(tag = "applications", params(PageQuery, ApplicationQuery), responses((status = 200, description = "A page of applications", body = PageView<ApplicationView>)))]
#[get("/applications")]
pub async fn list_applications(call: Call) -> Answer {
    let asked: ApplicationQuery = call.filters()?;
    let filter = applications::Filter {
        campaign_id: asked.campaign_id,
        category_code: asked.category_code,
        state: asked.state,
        unit_id: asked.unit_id,
    };
    let with_actions = call.includes("allowed_actions");
    let asked = if with_actions { Asked::Here } else { Asked::Brief };
    let page =
        applications::page(call.app.db.read(), &call.visibility, (&filter, asked), &call.page()?).await?;
    let views = page.items.iter().map(|case| ApplicationView::brief(&call, case, with_actions));
    let items = views.collect::<Result<Vec<_>, _>>()?;
    call.listed(Page { items, next: page.next, total: page.total }, |view| view)
}

/// 查看申报 · Get an application
///
/// One application with its form, personal values masked, and with what may be done with it; for the unit of one that was not
/// chosen also with what was found, once the awards are announced.
#[utoipa::path(tag = "applications", params(("application_id" = Uuid, Path, description = "The application")), responses((status = 200, description = "The application", body = ApplicationView)))]
#[get("/applications/{application_id}")]
pub async fn get_application(call: Call, id: web::Path<Uuid>) -> Answer {
    let case = found(&call, *id).await?;
    let view = ApplicationView::full(&call, &case)?.with_feedback(feedback(&call, &case).await?);
    call.ok(&view, &version(&case, &call.visibility))
}

/// What an application still lacks before it can be submitted.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckView {
    /// Whether it can be submitted now.
    ready: bool,
    /// What stands in the way, each fault of the form with its pointer.
    #[schema(max_items = 1000)]
    blocked_by: Vec<ProblemItem>,
}

/// 提交前检查 · Check an application before it is submitted
///
/// Answers the same as `blocked_by` of `submit_application`. The house is not told what lies sealed.
#[utoipa::path(tag = "applications", params(("application_id" = Uuid, Path, description = "The application")), responses((status = 200, description = "What it still lacks", body = CheckView)))]
#[get("/applications/{application_id}/check")]
pub async fn check_application(call: Call, id: web::Path<Uuid>) -> Answer {
    let case = found(&call, *id).await?;
    opened(&call, &case)?;
    let (seen, _) = case.application.seen_by(&call.visibility);
    let faults = submission_blockers(&call, &case)?.unwrap_or_else(|| {
        vec![illegal_transition(Workflow::Application, Operation::SubmitApplication, seen.into())]
    });
    let blocked_by: Vec<_> = faults.iter().map(|fault| ProblemItem::blocking(call.language, fault)).collect();
    call.plain(&CheckView { ready: blocked_by.is_empty(), blocked_by })
}

/// Something that happened to an application.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryItemView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    /// What was done.
    #[schema(max_length = 80)]
    operation_id: String,
    /// In which role; null where the system did it.
    #[schema(max_length = 40)]
    role: Option<String>,
    /// The state before.
    #[schema(max_length = 40)]
    from: Option<String>,
    /// The state after.
    #[schema(max_length = 40)]
    to: Option<String>,
    /// The reason given.
    #[schema(max_length = 4000)]
    reason: Option<String>,
}

/// 申报经过 · Get what happened to an application
///
/// Every step, oldest first; a decision only once it is announced, unless the caller is of the house.
#[utoipa::path(tag = "applications", params(("application_id" = Uuid, Path, description = "The application"), PageQuery), responses((status = 200, description = "What happened", body = PageView<HistoryItemView>)))]
#[get("/applications/{application_id}/history")]
pub async fn get_application_history(call: Call, id: web::Path<Uuid>) -> Answer {
    let sealed = found(&call, *id).await?.is_sealed_from(&call.visibility);
    let events = audit::history(call.app.db.read(), &call.visibility, *id).await?;
    let items = events.into_iter().map(|event| {
        let text =
            |member: &str| event.leaf.get(member).and_then(serde_json::Value::as_str).map(str::to_owned);
        HistoryItemView {
            at: event.at,
            from: text("from"),
            to: text("to"),
            reason: text("reason").filter(|_| !sealed),
            operation_id: event.operation,
            role: event.actor_role.filter(|role| role != "system"),
        }
    });
    let page = call.sliced(items.collect())?;
    call.listed(page, |view| view)
}

/// The application that is read.
///
/// # Errors
/// 404 where there is none within the caller's reach.
pub async fn found(call: &Call, id: Uuid) -> Result<Case, Failure> {
    applications::find(call.app.db.read(), &call.visibility, id).await?.ok_or_else(Failure::not_found)
}

/// The application in full, as single reads and writes answer it.
///
/// # Errors
/// [`Failure`] where its category or what is sealed cannot be read.
pub fn answered(call: &Call, case: &Case) -> Answer {
    call.ok(&ApplicationView::full(call, case)?, &version(case, &call.visibility))
}

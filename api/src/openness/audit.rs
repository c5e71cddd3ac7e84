//! The audit: who did what, when, in which role, and what it changed (D-1001).

use actix_web::web::Bytes;
use actix_web::{HttpResponse, get};
use futures_util::stream::try_unfold;
use pingxuan_domain::step::{ObjectKind, Outcome, Step};
use pingxuan_domain::{ErrorCode, Fault, Instant, Operation};
use pingxuan_persistence::PageRequest;
use pingxuan_persistence::audit::{self, Event};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::call::{Answer, Call, JSON};
use crate::pages::{PageQuery, PageView};
use crate::problem::Failure;

/// Which events are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// 评选活动 · Of this campaign.
    campaign_id: Option<Uuid>,
    /// 对象 · About this object.
    object_id: Option<Uuid>,
    /// 操作人 · Of this account's or machine client's doing.
    actor_id: Option<Uuid>,
    /// 操作 · Caused by this operation.
    #[param(value_type = Option<String>, max_length = 80, pattern = "^[a-z][a-z0-9_]*$")]
    operation: Option<String>,
    /// 结果 · That ended so: `done`, `failed` or `denied`.
    #[param(value_type = Option<String>, max_length = 20, pattern = "^(done|failed|denied)$")]
    outcome: Option<String>,
    /// 自此时刻起 · Not before this instant.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Instant>,
    /// 至此时刻止 · Before this instant.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Instant>,
}

/// An audit event.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEventView {
    id: Uuid,
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    /// What was done.
    #[schema(max_length = 80, pattern = "^[a-z][a-z0-9_]*$")]
    operation: String,
    /// Who did it.
    actor: AuditActorView,
    /// What it was done to.
    object: AuditObjectView,
    campaign_id: Option<Uuid>,
    /// The state before.
    #[schema(max_length = 40)]
    from: Option<String>,
    /// The state after.
    #[schema(max_length = 40)]
    to: Option<String>,
    /// How it ended: `done`, `failed` (a wrong password or code, a token used twice) or `denied` (the roles have no such operation).
    #[schema(max_length = 20, pattern = "^(done|failed|denied)$")]
    outcome: String,
    /// What changed, by JSON pointer. Personal values stand in it as salted digests.
    #[schema(max_items = 1000)]
    changed: Vec<AuditChangeView>,
    /// The reason given.
    #[schema(max_length = 4000)]
    reason: Option<String>,
    /// The request that caused it.
    #[schema(max_length = 64)]
    request_id: Option<String>,
    /// The address that the request came from.
    #[schema(max_length = 60)]
    address: Option<String>,
    /// Who may learn of it before the announcement: `everyone`, `insiders`, `outsiders`.
    #[schema(max_length = 20, pattern = "^(everyone|insiders|outsiders)$")]
    audience: String,
}

/// Who did something.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditActorView {
    /// `user`, `client`, `system` or `public`.
    #[schema(max_length = 20, pattern = "^(user|client|system|public)$")]
    kind: String,
    /// The account or the machine client.
    id: Option<Uuid>,
    /// Its name at the time.
    #[schema(max_length = 100)]
    name: Option<String>,
    /// The role it acted in.
    #[schema(max_length = 40)]
    role: Option<String>,
}

/// What something was done to.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditObjectView {
    /// What kind of thing.
    #[schema(max_length = 40, pattern = "^[a-z][a-z0-9_]*$")]
    kind: String,
    /// Which one.
    id: Uuid,
}

/// One member that changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditChangeView {
    /// Where.
    #[schema(max_length = 500)]
    pointer: String,
    /// What it was; null where it was not there.
    from: Value,
    /// What it is; null where it is gone.
    to: Value,
}

impl From<Event> for AuditEventView {
    fn from(event: Event) -> Self {
        let leaf = &event.leaf;
        let text = |pointer: &str| leaf.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let change = |change: &Value| AuditChangeView {
            pointer: change.get("pointer").and_then(Value::as_str).unwrap_or_default().to_owned(),
            from: change.get("from").cloned().unwrap_or_default(),
            to: change.get("to").cloned().unwrap_or_default(),
        };
        let changed = leaf.get("changed").and_then(Value::as_array);
        Self {
            id: event.id,
            at: event.at,
            actor: AuditActorView {
                kind: text("/actor/kind").unwrap_or_default(),
                id: event.actor_id,
                name: text("/actor/name"),
                role: event.actor_role,
            },
            object: AuditObjectView { kind: event.object_kind.to_string(), id: event.object_id },
            campaign_id: event.campaign_id,
            from: text("/from"),
            to: text("/to"),
            outcome: event.outcome.to_string(),
            changed: changed.into_iter().flatten().map(change).collect(),
            reason: text("/reason"),
            request_id: text("/request_id"),
            address: text("/address"),
            audience: event.audience.to_string(),
            operation: event.operation,
        }
    }
}

/// 审计记录 · List audit events
///
/// Every change that was made, every log-in, and what was refused for want of a role, the newest first: by campaign, object, account,
/// operation, outcome or time. `Accept: application/jsonl` exports them: all that the filters find, whatever `limit` says, each in its
/// final form on a line of its own; that leaves an event too.
#[utoipa::path(
    tag = "audit",
    params(PageQuery, AuditQuery),
    responses((status = 200, description = "A page of events, or all of them", content((PageView<AuditEventView> = "application/json"), (String = "application/jsonl"))))
)]
#[get("/audit-events")]
pub async fn list_audit_events(call: Call) -> Answer {
    let asked: AuditQuery = call.filters()?;
    let filter = audit::Filter {
        campaign_id: asked.campaign_id,
        object_id: asked.object_id,
        actor_id: asked.actor_id,
        operation: asked.operation.as_deref().map(operation).transpose()?,
        outcome: asked.outcome.as_deref().map(outcome).transpose()?,
        from: asked.from,
        until: asked.until,
    };
    if call.offers(&[JSON, JSONL])? == JSONL {
        return exported(&call, filter).await;
    }
    let page = audit::page(call.app.db.read(), &call.visibility, &filter, &call.page()?).await?;
    call.listed(page, AuditEventView::from)
}

/// One JSON value on each line.
const JSONL: &str = "application/jsonl";
/// Events that are read at once for an export.
const AT_ONCE: u64 = 500;

/// All events that a filter finds, read piece by piece while they are sent. That they were exported is written down first.
async fn exported(call: &Call, filter: audit::Filter) -> Answer {
    let step = Step::of(call.operation(), ObjectKind::AuditLog, Uuid::nil(), call.now);
    let step = step.changing("/export", Value::Null, call.query());
    let journal = call.journal();
    call.app
        .db
        .in_tx(async |tx| Ok::<_, Failure>(journal.write(tx, std::slice::from_ref(&step)).await?))
        .await?;
    let (app, visibility) = (call.app.clone(), call.visibility.clone());
    let first = PageRequest { limit: AT_ONCE, ..call.page()? };
    let pieces = try_unfold(Some(first), move |request| {
        let (app, visibility, filter) = (app.clone(), visibility.clone(), filter.clone());
        async move {
            let Some(request) = request else { return Ok(None) };
            let page = audit::page(app.db.read(), &visibility, &filter, &request).await?;
            let lines: String = page.items.iter().map(|event| format!("{}\n", event.leaf)).collect();
            let next = page.next.map(|after| PageRequest { after: Some(after), ..request });
            Ok::<_, Failure>(Some((Bytes::from(lines), next)))
        }
    });
    Ok(HttpResponse::Ok().content_type(JSONL).streaming(pieces))
}

fn outcome(code: &str) -> Result<Outcome, Failure> {
    let unknown = |_| Failure::Plain(Fault::new(ErrorCode::InvalidParameter).with("parameter", "outcome"));
    code.parse().map_err(unknown)
}

fn operation(code: &str) -> Result<Operation, Failure> {
    let unknown = |_| Failure::Plain(Fault::new(ErrorCode::InvalidParameter).with("parameter", "operation"));
    code.parse().map_err(unknown)
}

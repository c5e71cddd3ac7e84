//! 履职记录: what the supervisors did, reviewed by the office (D-805).

use std::collections::BTreeSet;

use actix_web::{get, post, web};
use pingxuan_domain::campaign::definition::DutyKind;
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::verification::DutyRecord;
use pingxuan_domain::workflow::duty_record::{DutyRecordFacts, DutyRecordFlow, DutyRecordState};
use pingxuan_domain::workflow::{self};
use pingxuan_domain::{Day, ErrorCode, Fault, Instant, Operation, Refused};
use pingxuan_persistence::{Tx, duty_records, supervisors};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{IntoParams, PartialSchema, ToSchema};
use uuid::Uuid;

use crate::actions::AllowedAction;
use crate::call::{Answer, Call};
use crate::enums;
use crate::pages::{PageQuery, PageView};
use crate::problem::Failure;

/// Which duty records are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DutyRecordQuery {
    /// 状态 · In this state.
    #[param(value_type = Option<enums::DutyRecordState>)]
    state: Option<DutyRecordState>,
    /// 类别 · Of this kind.
    #[param(value_type = Option<enums::DutyKind>)]
    kind: Option<DutyKind>,
    /// 年度 · Of this year.
    #[param(minimum = 2000, maximum = 2100)]
    year: Option<i32>,
    /// 排序 · Order: `done_on`, `created_at`; `-` before a name turns it round.
    #[param(max_length = 60, pattern = "^-?(done_on|created_at)(,-?(done_on|created_at))*$")]
    #[expect(dead_code, reason = "read with the page")]
    sort: Option<String>,
}

/// A duty record as its supervisor writes it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DutyRecordIn {
    /// What it tells of.
    #[schema(value_type = enums::DutyKind)]
    kind: DutyKind,
    /// The day, in the supervisor's term.
    #[schema(value_type = String, format = Date)]
    done_on: Day,
    /// A title.
    #[schema(min_length = 1, max_length = 100)]
    title: String,
    /// What was done.
    #[schema(min_length = 1, max_length = 2000)]
    description: String,
    /// Whether the advice was adopted.
    #[serde(default)]
    adopted: bool,
}

/// The office's review of a duty record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DutyReview {
    /// Whether it counts.
    #[schema(value_type = ReviewOutcome)]
    outcome: DutyRecordState,
    /// Why; a declined one needs it.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 500, pattern = r"\S")]
    reason: Option<String>,
}

/// What a review may come to: the states to which it leads.
#[derive(Debug)]
pub struct ReviewOutcome;

impl PartialSchema for ReviewOutcome {
    fn schema() -> RefOr<Schema> {
        let outcomes = [DutyRecordState::Approved, DutyRecordState::Declined].map(<&'static str>::from);
        ObjectBuilder::new()
            .description(Some("What a review comes to"))
            .schema_type(Type::String)
            .enum_values(Some(outcomes))
            .into()
    }
}

impl ToSchema for ReviewOutcome {}

/// A duty record.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct DutyRecordView {
    id: Uuid,
    /// Whose.
    supervisor_id: Uuid,
    /// What it tells of.
    #[schema(value_type = enums::DutyKind)]
    kind: DutyKind,
    /// The day.
    #[schema(value_type = String, format = Date)]
    done_on: Day,
    /// A title.
    #[schema(max_length = 100)]
    title: String,
    /// What was done.
    #[schema(max_length = 2000)]
    description: String,
    /// Whether the advice was adopted.
    adopted: bool,
    /// Where it stands.
    #[schema(value_type = enums::DutyRecordState)]
    state: DutyRecordState,
    /// What the office said of it.
    #[schema(max_length = 500)]
    review_reason: Option<String>,
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

/// A record as it is shown; `years_in_use` are those whose records are closed, where actions are asked for.
fn view(call: &Call, record: DutyRecord, years_in_use: Option<&BTreeSet<i32>>) -> DutyRecordView {
    let allowed_actions = years_in_use.map(|years| {
        let facts = facts(call, years.contains(&record.done_on.year()));
        let operations = workflow::operations::<DutyRecordFlow>(Some(record.state));
        let place = ("/duty-records/{duty_record_id}", record.id.to_string());
        call.allowed_actions((place.0, &place.1), &operations, |operation| {
            workflow::blockers::<DutyRecordFlow>(Some(record.state), operation, &facts)
        })
    });
    DutyRecordView {
        id: record.id,
        supervisor_id: record.supervisor_id,
        kind: record.kind,
        done_on: record.done_on,
        title: record.title,
        description: record.description,
        adopted: record.adopted,
        state: record.state,
        review_reason: record.review_reason,
        version: record.version,
        created_at: record.created_at,
        updated_at: record.updated_at,
        allowed_actions,
    }
}

fn facts(call: &Call, ranking_in_use: bool) -> DutyRecordFacts {
    let asking = call.visibility.actor().and_then(|actor| actor.supervisor_id);
    DutyRecordFacts { in_term: true, by_supervisor: asking.is_some(), ranking_in_use }
}

/// 履职记录列表 · List a supervisor's duty records
///
/// What a supervisor did, by state, kind and year.
#[utoipa::path(
    tag = "verification",
    params(("supervisor_id" = Uuid, Path, description = "The supervisor"), PageQuery, DutyRecordQuery),
    responses((status = 200, description = "A page of duty records", body = PageView<DutyRecordView>))
)]
#[get("/supervisors/{supervisor_id}/duty-records")]
pub async fn list_duty_records(call: Call, supervisor_id: web::Path<Uuid>) -> Answer {
    let read = call.app.db.read();
    supervisors::find(read, &call.visibility, *supervisor_id).await?.ok_or_else(Failure::not_found)?;
    let asked: DutyRecordQuery = call.filters()?;
    let filter = duty_records::Filter {
        supervisor_id: Some(*supervisor_id),
        state: asked.state,
        kind: asked.kind,
        year: asked.year,
    };
    let page = duty_records::page(read, &call.visibility, &filter, &call.page()?).await?;
    let years = if call.includes("allowed_actions") {
        Some(duty_records::years_in_use(read, &call.visibility).await?)
    } else {
        None
    };
    call.listed(page, |record| view(&call, record, years.as_ref()))
}

/// 填写履职记录 · Write a duty record
///
/// A supervisor writes down what they did; it counts once the office has approved it. The day lies in their term.
#[utoipa::path(
    tag = "verification",
    params(("supervisor_id" = Uuid, Path, description = "The supervisor")),
    request_body = DutyRecordIn,
    responses((status = 201, description = "Created", body = DutyRecordView))
)]
#[post("/supervisors/{supervisor_id}/duty-records")]
pub async fn create_duty_record(call: Call, supervisor_id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let record = written(&call, tx, *supervisor_id).await?;
        let version = record.version.to_string();
        let location = format!("/api/v1/supervisors/{supervisor_id}/duty-records");
        call.created(&location, &view(&call, record, Some(&BTreeSet::new())), &version)
    })
    .await
}

async fn written(call: &Call, tx: &Tx, supervisor_id: Uuid) -> Result<DutyRecord, Failure> {
    let found = supervisors::find(tx, &call.visibility, supervisor_id).await?;
    let supervisor = found.ok_or_else(Failure::not_found)?;
    let sent: DutyRecordIn = call.read()?;
    if sent.done_on > call.now.day() {
        return Err(Refused::invalid(Fault::at("/done_on", ErrorCode::NotInThePast)).into());
    }
    let facts = DutyRecordFacts {
        in_term: supervisor.in_office(sent.done_on),
        by_supervisor: true,
        ranking_in_use: false,
    };
    workflow::permit::<DutyRecordFlow>(None, Operation::CreateDutyRecord, &facts)?;
    let record = DutyRecord {
        id: call.app.clock.new_id(),
        supervisor_id,
        kind: sent.kind,
        done_on: sent.done_on,
        title: sent.title,
        description: sent.description,
        adopted: sent.adopted,
        state: DutyRecordState::Submitted,
        review_reason: None,
        version: 1,
        created_at: call.now,
        updated_at: call.now,
    };
    let step = Step::of(call.operation(), ObjectKind::DutyRecord, record.id, call.now)
        .states(None, Some(record.state))
        .difference(&Value::Null, &audited(&record));
    duty_records::insert(tx, &call.journal(), &record, step).await?;
    Ok(record)
}

/// 审核履职记录 · Review a duty record
///
/// The office approves or declines it, once. Nobody reviews their own, and none is reviewed while a list stands that was
/// ranked by its year's records.
#[utoipa::path(
    tag = "verification",
    params(("duty_record_id" = Uuid, Path, description = "The duty record"), ("If-Match" = String, Header, description = "The version that is reviewed")),
    request_body = DutyReview,
    responses((status = 200, description = "Reviewed", body = DutyRecordView))
)]
#[post("/duty-records/{duty_record_id}/review")]
pub async fn review_duty_record(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let record = reviewed(&call, tx, *id).await?;
        let version = record.version.to_string();
        call.ok(&view(&call, record, Some(&BTreeSet::new())), &version)
    })
    .await
}

async fn reviewed(call: &Call, tx: &Tx, id: Uuid) -> Result<DutyRecord, Failure> {
    let before = duty_records::lock(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    call.expects(&before.version.to_string())?;
    let sent: DutyReview = call.read()?;
    if sent.outcome == DutyRecordState::Declined && sent.reason.is_none() {
        return Err(Refused::invalid(Fault::at("/reason", ErrorCode::Required)).into());
    }
    let in_use = duty_records::ranking_in_use(tx, &call.visibility, before.done_on.year()).await?;
    let facts = facts(call, in_use);
    workflow::permit::<DutyRecordFlow>(Some(before.state), call.operation(), &facts)?;
    let from = before.state;
    let after = before.reviewed(sent.outcome, sent.reason.clone(), call.now)?;
    let step = Step::of(call.operation(), ObjectKind::DutyRecord, id, call.now)
        .states(Some(from), Some(after.state))
        .because(sent.reason);
    duty_records::record(tx, &call.journal(), &after, step).await?;
    Ok(after)
}

fn audited(record: &DutyRecord) -> Value {
    json!({
        "supervisor_id": record.supervisor_id, "kind": record.kind, "done_on": record.done_on, "title": record.title,
        "description": record.description, "adopted": record.adopted,
    })
}

//! 专题活动: thematic activities to which the supervisors are called, and who attended them (D-608, D-805).

use actix_web::{get, post, put, web};
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::verification::ThematicActivity;
use pingxuan_domain::{Day, ErrorCode, Fault, Instant, Refused};
use pingxuan_persistence::thematic_activities::{self, Case};
use pingxuan_persistence::{Tx, duty_records, supervisors};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::site_visits::VisitSupervisor;
use crate::call::{Answer, Call};
use crate::pages::{PageQuery, PageView};
use crate::problem::Failure;

/// Which activities are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ThematicActivityQuery {
    /// 年度 · Of this year.
    #[param(minimum = 2000, maximum = 2100)]
    year: Option<i32>,
    /// 排序 · Order: `held_on`, `created_at`; `-` before a name turns it round.
    #[param(max_length = 60, pattern = "^-?(held_on|created_at)(,-?(held_on|created_at))*$")]
    #[expect(dead_code, reason = "read with the page")]
    sort: Option<String>,
}

/// An activity as the office enters it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ThematicActivityIn {
    /// A title.
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    title: String,
    /// The day on which it was held.
    #[schema(value_type = String, format = Date)]
    held_on: Day,
    /// What it was about.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000)]
    description: Option<String>,
}

/// Who attended an activity.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Attendance {
    /// All the supervisors who attended: they take the place of those named before.
    #[schema(max_items = 1000)]
    supervisor_ids: Vec<Uuid>,
}

/// A thematic activity.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct ThematicActivityView {
    id: Uuid,
    /// A title.
    #[schema(max_length = 100)]
    title: String,
    /// The day on which it was held.
    #[schema(value_type = String, format = Date)]
    held_on: Day,
    /// What it was about.
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// The supervisors who attended.
    #[schema(max_items = 1000)]
    attended: Vec<VisitSupervisor>,
    /// The version, for `If-Match`: `"<version>"`.
    #[schema(minimum = 1, maximum = 9007199254740991i64)]
    version: i64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Instant,
}

impl From<Case> for ThematicActivityView {
    fn from(Case { activity, attended_names }: Case) -> Self {
        let attended = activity.attended.into_iter().zip(attended_names);
        Self {
            id: activity.id,
            title: activity.title,
            held_on: activity.held_on,
            description: activity.description,
            attended: attended.map(|(id, name)| VisitSupervisor { id, name }).collect(),
            version: activity.version,
            created_at: activity.created_at,
            updated_at: activity.updated_at,
        }
    }
}

/// 专题活动列表 · List the thematic activities
///
/// All of them, or those of a year, with who attended.
#[utoipa::path(
    tag = "verification",
    params(PageQuery, ThematicActivityQuery),
    responses((status = 200, description = "A page of activities", body = PageView<ThematicActivityView>))
)]
#[get("/thematic-activities")]
pub async fn list_thematic_activities(call: Call) -> Answer {
    let asked: ThematicActivityQuery = call.filters()?;
    let page =
        thematic_activities::page(call.app.db.read(), &call.visibility, asked.year, &call.page()?).await?;
    call.listed(page, ThematicActivityView::from)
}

/// 新增专题活动 · Enter a thematic activity
///
/// What was held, and when; who attended is recorded afterwards.
#[utoipa::path(
    tag = "verification",
    request_body = ThematicActivityIn,
    responses((status = 201, description = "Created", body = ThematicActivityView))
)]
#[post("/thematic-activities")]
pub async fn create_thematic_activity(call: Call) -> Answer {
    let sent: ThematicActivityIn = call.read()?;
    call.act(async |tx| {
        let activity = entered(&call, tx, &sent).await?;
        let view = ThematicActivityView::from(Case { activity, attended_names: Vec::new() });
        call.created("/api/v1/thematic-activities", &view, "1")
    })
    .await
}

async fn entered(call: &Call, tx: &Tx, sent: &ThematicActivityIn) -> Result<ThematicActivity, Failure> {
    if sent.held_on > call.now.day() {
        return Err(Refused::invalid(Fault::at("/held_on", ErrorCode::NotInThePast)).into());
    }
    let activity = ThematicActivity {
        id: call.app.clock.new_id(),
        title: sent.title.clone(),
        held_on: sent.held_on,
        description: sent.description.clone(),
        attended: Vec::new(),
        version: 1,
        created_at: call.now,
        updated_at: call.now,
    };
    let step = Step::of(call.operation(), ObjectKind::ThematicActivity, activity.id, call.now).difference(
        &Value::Null,
        &json!({"title": activity.title, "held_on": activity.held_on, "description": activity.description}),
    );
    thematic_activities::insert(tx, &call.journal(), &activity, step).await?;
    Ok(activity)
}

/// 登记出席 · Record who attended an activity
///
/// Replaces who attended: supervisors who were in office on that day. Not while a list stands that was ranked by the
/// attendance of its year.
#[utoipa::path(
    tag = "verification",
    params(("activity_id" = Uuid, Path, description = "The activity"), ("If-Match" = String, Header, description = "The version that is changed")),
    request_body = Attendance,
    responses((status = 200, description = "Recorded", body = ThematicActivityView))
)]
#[put("/thematic-activities/{activity_id}/attendance")]
pub async fn record_attendance(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let case = recorded(&call, tx, *id).await?;
        let version = case.activity.version.to_string();
        call.ok(&ThematicActivityView::from(case), &version)
    })
    .await
}

async fn recorded(call: &Call, tx: &Tx, id: Uuid) -> Result<Case, Failure> {
    let found = thematic_activities::lock(tx, &call.visibility, id).await?;
    let before = found.ok_or_else(Failure::not_found)?.activity;
    call.expects(&before.version.to_string())?;
    let Attendance { supervisor_ids } = call.read()?;
    let known = supervisors::among(tx, &call.visibility, &supervisor_ids).await?;
    let mut faults = Vec::new();
    for (index, id) in supervisor_ids.iter().enumerate() {
        let code = match known.iter().find(|supervisor| supervisor.id == *id) {
            _ if supervisor_ids.iter().take(index).any(|earlier| earlier == id) => ErrorCode::Duplicate,
            None => ErrorCode::UnknownReference,
            Some(one) if !one.in_office(before.held_on) => ErrorCode::OutOfTerm,
            Some(_) => continue,
        };
        faults.push(Fault::at(format!("/supervisor_ids/{index}"), code));
    }
    Refused::unless_valid(faults)?;
    // Attendance evaluates supervisors: none of them writes it down (D-605, D-902).
    if call.visibility.actor().is_some_and(|actor| actor.supervisor_id.is_some()) {
        return Err(Failure::guard(ErrorCode::SupervisorsEvaluated));
    }
    if duty_records::ranking_in_use(tx, &call.visibility, before.held_on.year()).await? {
        return Err(Failure::guard(ErrorCode::RankingInUse));
    }
    let attended: Vec<Uuid> = known.iter().map(|supervisor| supervisor.id).collect();
    let step = Step::of(call.operation(), ObjectKind::ThematicActivity, id, call.now).changing(
        "/supervisor_ids",
        json!(before.attended),
        json!(attended),
    );
    let after = ThematicActivity { attended, version: before.version + 1, updated_at: call.now, ..before };
    thematic_activities::record(tx, &call.journal(), &after, step).await?;
    let attended_names = known.into_iter().map(|supervisor| supervisor.name).collect();
    Ok(Case { activity: after, attended_names })
}

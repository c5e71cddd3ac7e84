//! Calendars of working days, one a year: what periods in working days are counted by (D-305).

use std::collections::BTreeSet;

use actix_web::{get, put, web};
use pingxuan_domain::calendar::CalendarYear;
use pingxuan_domain::step::{ObjectKind, Step, id_of_year};
use pingxuan_domain::{Day, ErrorCode, Fault, Refused};
use pingxuan_persistence::{Tx, calendars};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::call::{Answer, Call};
use crate::problem::Failure;

/// A year's arrangement of holidays, as the State Council publishes it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkdayCalendar {
    /// The year; the path's.
    #[schema(minimum = 2000, maximum = 2100)]
    year: i32,
    /// The document that it is taken from.
    #[schema(min_length = 1, max_length = 500)]
    source: String,
    /// Every day off, week-ends within a holiday included.
    #[schema(value_type = Vec<CalendarDay>, max_items = 366)]
    holidays: BTreeSet<Day>,
    /// 调休上班: the Saturdays and Sundays that are worked.
    #[schema(value_type = Vec<CalendarDay>, max_items = 366)]
    working_days: BTreeSet<Day>,
}

/// A day of a calendar.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, format = Date)]
pub struct CalendarDay(#[expect(dead_code, reason = "it stands for its schema")] String);

impl From<CalendarYear> for WorkdayCalendar {
    fn from(calendar: CalendarYear) -> Self {
        let CalendarYear { year, source, holidays, working_days } = calendar;
        Self { year, source, holidays, working_days }
    }
}

impl From<WorkdayCalendar> for CalendarYear {
    fn from(sent: WorkdayCalendar) -> Self {
        let WorkdayCalendar { year, source, holidays, working_days } = sent;
        Self { year, source, holidays, working_days }
    }
}

/// 查看工作日历 · Get the calendar of a year
///
/// Holidays and make-up working days of one year.
#[utoipa::path(tag = "county", params(("year" = i32, Path, description = "The year", minimum = 2000, maximum = 2100)), responses((status = 200, description = "The calendar", body = WorkdayCalendar)))]
#[get("/workday-calendars/{year}")]
pub async fn get_workday_calendar(call: Call, year: web::Path<i32>) -> Answer {
    let found = calendars::find(call.app.db.read(), &call.visibility, *year).await?;
    let (calendar, version) = found.ok_or_else(Failure::not_found)?;
    call.ok(&WorkdayCalendar::from(calendar), &version.to_string())
}

/// 录入工作日历 · Put the calendar of a year
///
/// Enters or replaces the calendar of one year. Periods that already run keep their end.
#[utoipa::path(
    tag = "county",
    params(
        ("year" = i32, Path, description = "The year", minimum = 2000, maximum = 2100),
        ("If-Match" = Option<String>, Header, description = "The version that is replaced"),
        ("If-None-Match" = Option<String>, Header, description = "`*` where it is created"),
    ),
    request_body = WorkdayCalendar,
    responses(
        (status = 200, description = "Replaced", body = WorkdayCalendar),
        (status = 201, description = "Created", body = WorkdayCalendar),
    )
)]
#[put("/workday-calendars/{year}")]
pub async fn put_workday_calendar(call: Call, year: web::Path<i32>) -> Answer {
    let answer = call.act(async |tx| {
        let (calendar, version) = put(&call, tx, *year).await?;
        let view = WorkdayCalendar::from(calendar);
        if version == 1 {
            call.created(&format!("/api/v1/workday-calendars/{year}"), &view, "1")
        } else {
            call.ok(&view, &version.to_string())
        }
    });
    answer.await.map_err(Failure::taken_is_there)
}

async fn put(call: &Call, tx: &Tx, year: i32) -> Result<(CalendarYear, i64), Failure> {
    let before = calendars::find(tx, &call.visibility, year).await?;
    let version = before.as_ref().map(|(_, version)| version.to_string());
    call.puts(version.as_deref())?;
    let calendar = CalendarYear::from(call.read::<WorkdayCalendar>()?);
    check(&calendar, year)?;
    let step = Step::of(call.operation(), ObjectKind::WorkdayCalendar, id_of_year(year), call.now);
    let step =
        step.difference(&audited(before.as_ref().map(|(calendar, _)| calendar)), &audited(Some(&calendar)));
    let version = before.map_or(1, |(_, version)| version + 1);
    if version == 1 {
        calendars::insert(tx, &call.journal(), &calendar, step).await?;
    } else {
        calendars::record(tx, &call.journal(), &calendar, version, step).await?;
    }
    Ok((calendar, version))
}

fn check(calendar: &CalendarYear, year: i32) -> Result<(), Refused> {
    let mut faults = calendar.check();
    if calendar.year != year {
        faults.push(Fault::at("/year", ErrorCode::Invalid));
    }
    Refused::unless_valid(faults)
}

fn audited(calendar: Option<&CalendarYear>) -> Value {
    calendar.map_or(Value::Null, |calendar| {
        json!({
            "year": calendar.year, "source": calendar.source,
            "holidays": calendar.holidays, "working_days": calendar.working_days,
        })
    })
}

//! Exports asked for: what can be written out, and by whom.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use actix_web::{HttpResponse, post};
use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::job::{Asked, ExportFormat, ExportKind, Job, JobState};
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::{ErrorCode, Fault, Operation, Refused, Visibility};
use pingxuan_persistence::{Tx, campaigns, jobs};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::archives::is_packable;
use super::exports::is_one_table;
use super::imports::entered_by;
use super::views::JobView;
use crate::call::{Answer, Call};
use crate::campaign::advance::category_of;
use crate::enums;
use crate::identity::session::actor;
use crate::problem::Failure;

/// What is to be written out.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportIn {
    /// What.
    #[schema(value_type = enums::ExportKind)]
    what: ExportKind,
    /// How: `csv` where it is one table, `zip` for the archive alone.
    #[schema(value_type = enums::ExportFormat)]
    format: ExportFormat,
    /// Of which campaign.
    campaign_id: Uuid,
    /// Of which category alone; of all where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 64)]
    category_code: Option<String>,
}

/// 申请导出 · Ask for an export
///
/// Writes something of a campaign out as a file, in the caller's language, by a job: the answer says where it is followed. What stands in
/// the file is what the operation that reads it would show the caller; personal values are masked. Where it is several tables (one for
/// each category, whose criteria and forms differ), CSV needs a category. `archive` is everything of a campaign whose awards are announced,
/// as a package that can be verified alone; once it is made, the campaign can be archived.
#[utoipa::path(tag = "jobs", request_body = ExportIn, responses((status = 202, description = "The job that does it", body = JobView)))]
#[post("/exports")]
pub async fn create_export(call: Call) -> Answer {
    let sent: ExportIn = call.read()?;
    reading(&call, sent.what)?;
    let campaign = campaign(&call, sent.campaign_id).await?;
    check(&sent, &campaign)?;
    if sent.what == ExportKind::Archive && !is_packable(&campaign) {
        return Err(Failure::guard(ErrorCode::NotAnnounced));
    }
    let asked = Asked::Export {
        what: sent.what,
        format: sent.format,
        campaign_id: sent.campaign_id,
        category_code: sent.category_code,
    };
    let job = begun(&call, asked, Some(sent.campaign_id))?;
    let answer = call.act(async |tx| queued(&call, tx, &job).await).await?;
    call.app.jobs.wake.notify_one();
    Ok(answer)
}

/// The operation that shows one by one what an export writes out.
#[must_use]
pub fn read_by(what: ExportKind) -> Operation {
    match what {
        ExportKind::Applications => Operation::ListApplications,
        ExportKind::ScoreSheets => Operation::GetScoreSheet,
        ExportKind::Ranking => Operation::GetRanking,
        ExportKind::Shortlists => Operation::ListShortlists,
        ExportKind::Awards => Operation::ListAwards,
        ExportKind::Statistics => Operation::GetCampaignStatistics,
        // It holds what is decided, before and after: whoever sends the campaign on makes it.
        ExportKind::Archive => Operation::AdvanceCampaign,
    }
}

/// The operation that somebody has to be allowed who gets what came of a job: what shows it, or enters it, one by one.
#[must_use]
pub fn granted_with(asked: &Asked) -> Operation {
    match asked {
        Asked::Export { what, .. } => read_by(*what),
        Asked::Import { what, .. } => entered_by(*what),
        Asked::Plan { .. } => Operation::PlanAssignments,
    }
}

fn reading(call: &Call, what: ExportKind) -> Result<Visibility, Failure> {
    call.visibility_of(read_by(what)).ok_or_else(|| Failure::of(ErrorCode::RoleNotPermitted))
}

async fn campaign(call: &Call, id: Uuid) -> Result<Campaign, Failure> {
    let visibility = call.visibility_of(Operation::GetCampaign);
    let visibility = visibility.ok_or_else(|| Failure::of(ErrorCode::RoleNotPermitted))?;
    let found = campaigns::find(call.app.db.read(), &visibility, id).await?;
    let unknown = || Refused::invalid(Fault::at("/campaign_id", ErrorCode::UnknownReference));
    Ok(found.ok_or_else(unknown)?)
}

/// Whether it can be written so.
fn check(sent: &ExportIn, campaign: &Campaign) -> Result<(), Refused> {
    let category = sent.category_code.as_deref();
    if let Some(code) = category {
        category_of(campaign, code, "/category_code")?;
    }
    let refused = |code| Err(Refused::invalid(Fault::at("/format", code)));
    match (sent.what, sent.format) {
        (ExportKind::Archive, ExportFormat::Zip) if category.is_some() => {
            Err(Refused::invalid(Fault::at("/category_code", ErrorCode::Invalid)))
        }
        (ExportKind::Archive, ExportFormat::Zip) => Ok(()),
        (ExportKind::Archive, ExportFormat::Xlsx | ExportFormat::Csv) | (_, ExportFormat::Zip) => {
            refused(ErrorCode::NotAChoice)
        }
        (what, ExportFormat::Csv) if !is_one_table(what, campaign, category) => {
            refused(ErrorCode::OneTableOnly)
        }
        (_, ExportFormat::Xlsx | ExportFormat::Csv) => Ok(()),
    }
}

/// A job of the caller's, which waits for a node.
///
/// # Errors
/// 401, should the policy ever let in somebody who is not logged in.
pub fn begun(call: &Call, asked: Asked, campaign_id: Option<Uuid>) -> Result<Job, Failure> {
    let owner = actor(&call.visibility)?;
    let role = call.visibility.role().ok_or_else(|| Failure::of(ErrorCode::RoleNotPermitted))?;
    Ok(Job {
        id: call.app.clock.new_id(),
        asked,
        owner_id: owner.user_id,
        owner_name: owner.name.clone(),
        owner_role: role,
        language: call.language.tag().to_owned(),
        request_id: call.request_id.clone(),
        campaign_id,
        state: JobState::Queued,
        progress: 0,
        attempts: 0,
        holder: None,
        result: None,
        fault: None,
        created_at: call.now,
        updated_at: call.now,
        finished_at: None,
        expires_at: None,
        version: 1,
    })
}

/// Enters a job, and says where it is followed.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn queued(call: &Call, tx: &Tx, job: &Job) -> Result<HttpResponse, Failure> {
    let step = Step::of(call.operation(), ObjectKind::Job, job.id, call.now)
        .states(None, Some(job.state))
        .changing("/asked", Value::Null, json!(job.asked));
    let step = Step { campaign_id: job.campaign_id, ..step };
    jobs::insert(tx, &call.journal(), job, step).await?;
    let location = format!("/api/v1/jobs/{}", job.id);
    let mut answer = call.created(&location, &JobView::of(call, job, true), &job.version.to_string())?;
    *answer.status_mut() = StatusCode::ACCEPTED;
    answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    Ok(answer)
}

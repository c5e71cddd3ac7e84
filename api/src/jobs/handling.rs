//! Jobs looked at, called off, and what came of them fetched: each by whoever asked for it.

use actix_web::{get, post, web};
use pingxuan_domain::ErrorCode;
use pingxuan_domain::job::{Job, JobState};
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_persistence::jobs;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::asking::granted_with;
use super::views::JobView;
use crate::attachment::downloading::{HandedOut, handed_out};
use crate::call::{Answer, Call};
use crate::enums;
use crate::files::Kept;
use crate::pages::{PageQuery, PageView};
use crate::problem::Failure;
use crate::verification::plan_views::PlanView;

/// Which jobs are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct JobQuery {
    /// 状态 · In this state.
    #[param(value_type = Option<enums::JobState>)]
    state: Option<JobState>,
    /// 排序 · Order: `created_at`; `-` before it turns it round.
    #[param(max_length = 20, pattern = "^-?created_at$")]
    #[expect(dead_code, reason = "read with the page")]
    sort: Option<String>,
}

/// 任务列表 · List the own jobs
///
/// Exports, imports and plans that the caller asked for.
#[utoipa::path(tag = "jobs", params(PageQuery, JobQuery), responses((status = 200, description = "A page of jobs", body = PageView<JobView>)))]
#[get("/jobs")]
pub async fn list_jobs(call: Call) -> Answer {
    let asked: JobQuery = call.filters()?;
    let filter = jobs::Filter { state: asked.state };
    let page = jobs::page(call.app.db.read(), &call.visibility, filter, &call.page()?).await?;
    let with_actions = call.includes("allowed_actions");
    call.listed(page, |job| JobView::of(&call, &job, with_actions))
}

/// 查看任务 · Get a job
///
/// How far it has come, and once it is done where its result is fetched. Only whoever asked for it sees it.
#[utoipa::path(tag = "jobs", params(("job_id" = Uuid, Path, description = "The job")), responses((status = 200, description = "The job", body = JobView)))]
#[get("/jobs/{job_id}")]
pub async fn get_job(call: Call, id: web::Path<Uuid>) -> Answer {
    let job = found(&call, *id).await?;
    call.ok(&JobView::of(&call, &job, true), &job.version.to_string())
}

/// 下载任务结果 · Download what came of a job
///
/// The file, under its name; a part of it by `Range`. Of a plan it is the plan, as JSON. Its tag is its SHA-256. Only who may still read one by one what is in it gets it; each download is written into
/// the audit.
#[utoipa::path(
    tag = "jobs",
    params(("job_id" = Uuid, Path, description = "The job")),
    responses(
        (status = 200, description = "The whole file", content((Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (Vec<u8> = "text/csv"), (Vec<u8> = "application/zip"), (PlanView = "application/json"))),
        (status = 206, description = "The part that was asked for", content((Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (Vec<u8> = "text/csv"), (Vec<u8> = "application/zip"), (Vec<u8> = "application/json")))
    )
)]
#[get("/jobs/{job_id}/result")]
pub async fn download_job_result(call: Call, id: web::Path<Uuid>) -> Answer {
    let job = found(&call, *id).await?;
    let allowed = call.visibility_of(granted_with(&job.asked));
    allowed.ok_or_else(|| Failure::of(ErrorCode::RoleNotPermitted))?;
    let result = job.result.as_ref().filter(|_| job.state == JobState::Succeeded);
    let result = result.ok_or_else(|| Failure::guard(ErrorCode::JobWithoutResult))?;
    let step = about(&call, &job);
    let journal = call.journal();
    call.app
        .db
        .in_tx(async |tx| Ok::<_, Failure>(journal.write(tx, std::slice::from_ref(&step)).await?))
        .await?;
    let place = (Kept::Result, job.id);
    let (name, media_type) = (result.name.as_str(), result.media_type.as_str());
    handed_out(&call, HandedOut { place, name, media_type, size: result.size, digest: &result.digest }).await
}

/// 取消任务 · Cancel a job
///
/// While it waits or is carried out: what it has read or written by then is thrown away. What an import has entered already stays.
#[utoipa::path(
    tag = "jobs",
    params(("job_id" = Uuid, Path, description = "The job"), ("If-Match" = String, Header, description = "The version that is cancelled")),
    responses((status = 200, description = "Cancelled", body = JobView))
)]
#[post("/jobs/{job_id}/cancel")]
pub async fn cancel_job(call: Call, id: web::Path<Uuid>) -> Answer {
    let answer = call
        .act(async |tx| {
            let before = jobs::lock(tx, &call.visibility, *id).await?.ok_or_else(Failure::not_found)?;
            call.expects(&before.version.to_string())?;
            if before.state.is_over() {
                return Err(Failure::guard(ErrorCode::JobOver));
            }
            let from = before.state;
            let job = before.over(JobState::Cancelled, call.now);
            let step = about(&call, &job).states(Some(from), Some(job.state));
            jobs::record(tx, &call.journal(), &job, &[step]).await?;
            call.ok(&JobView::of(&call, &job, true), &job.version.to_string())
        })
        .await?;
    call.app.files.delete(Kept::Given, *id).await?;
    Ok(answer)
}

async fn found(call: &Call, id: Uuid) -> Result<Job, Failure> {
    jobs::find(call.app.db.read(), &call.visibility, id).await?.ok_or_else(Failure::not_found)
}

/// The beginning of a step of a job.
fn about(call: &Call, job: &Job) -> Step {
    let step = Step::of(call.operation(), ObjectKind::Job, job.id, call.now);
    Step { campaign_id: job.campaign_id, ..step }
}

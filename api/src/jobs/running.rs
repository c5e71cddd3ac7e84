//! The runner: each node takes one job at a time, says that it is alive while it carries it out, and notices when it is called off.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web;
use pingxuan_domain::job::{Asked, ExportKind, Job, JobState};
use pingxuan_domain::{ErrorCode, Operation, Visibility};
use pingxuan_persistence::jobs;
use pingxuan_persistence::journal::Journal;

use super::work::{Work, ended};
use super::{archives, exports, imports, planning};
use crate::app::App;
use crate::files::Kept;
use crate::problem::{Failure, Seed};

/// How often a node looks whether there is something to do.
const PACE: Duration = Duration::from_millis(500);
/// How often it says at most that it is alive, and looks whether the job was called off.
const BEAT: Duration = Duration::from_millis(500);

/// Carries jobs out until the server stops, one after another.
pub async fn keep_working(app: Arc<App>) {
    let app = web::Data::from(app);
    loop {
        match next(&app).await {
            Ok(true) => {}
            Ok(false) => {
                tokio::select! {
                    () = tokio::time::sleep(PACE) => {}
                    () = app.jobs.wake.notified() => {}
                }
            }
            Err(error) => {
                tracing::warn!(%error, "jobs wait until this works again");
                tokio::time::sleep(PACE).await;
            }
        }
    }
}

/// Gives back what this node has, for another to take.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn give_back(app: &App) -> Result<(), Failure> {
    app.db.in_tx(async |tx| Ok(jobs::give_back(tx, app.jobs.node).await?)).await
}

/// What writes down what the system does with a job, beside the request that asked for it.
#[must_use]
pub fn journal(app: &App, job: &Job) -> Journal {
    let clock = app.clock.clone();
    let system = Visibility::system(Operation::FinishJob);
    Journal::new(&system, job.request_id.clone(), None, Arc::new(move || clock.new_id()))
}

/// Takes the job that has waited longest and carries it out; answers whether there was one.
async fn next(app: &web::Data<App>) -> Result<bool, Failure> {
    let system = Visibility::system(Operation::FinishJob);
    if !jobs::any_waiting(app.db.read(), &system).await? {
        return Ok(false);
    }
    let now = app.clock.now();
    let claimed = app
        .db
        .in_tx(async |tx| {
            let job = jobs::claim(tx, &system, app.jobs.holder(), now).await?;
            if let Some(job) = job.as_ref().filter(|job| job.state.is_over()) {
                journal(app, job).write(tx, &[ended(job, JobState::Running)]).await?;
            }
            Ok::<_, Failure>(job)
        })
        .await?;
    let Some(job) = claimed else { return Ok(false) };
    tracing::info!(job = %job.id, state = %job.state, attempts = job.attempts, "a job is taken");
    let id = job.id;
    let over = job.state.is_over() || {
        let work = Work { app: app.clone(), job, progress: Default::default() };
        carry_out(&work).await
    };
    if over {
        app.files.delete(Kept::Given, id).await?;
    }
    Ok(true)
}

/// Carries a job out, as long as it is this node's; answers whether it is over by that. One that failed for a passing reason is begun
/// anew when the lease is over, like that of a node that went away.
async fn carry_out(work: &Work) -> bool {
    let job = work.job.id;
    let done = tokio::select! {
        biased;
        done = done(work) => done,
        () = lost(work) => {
            tracing::info!(%job, "a job was called off");
            return false;
        }
    };
    let Err(failure) = done else { return true };
    let code = Seed::of(&failure).whole.code;
    if code == ErrorCode::ServiceUnavailable {
        tracing::warn!(%failure, %job, "a job waits until its lease is over");
        return false;
    }
    if matches!(failure, Failure::Store(_) | Failure::Internal(_)) {
        tracing::error!(%failure, %job, "a job failed");
    }
    let told = work.fail(code).await;
    if let Err(error) = &told {
        tracing::warn!(%error, %job, "the end of a job cannot be told");
    }
    told.is_ok()
}

async fn done(work: &Work) -> Result<(), Failure> {
    match &work.job.asked {
        Asked::Export { what, .. } => {
            let made = match what {
                ExportKind::Archive => archives::make(work).await?,
                ExportKind::Applications
                | ExportKind::ScoreSheets
                | ExportKind::Ranking
                | ExportKind::Shortlists
                | ExportKind::Awards
                | ExportKind::Statistics => exports::make(work).await?,
            };
            work.deliver(made, async |_| Ok(())).await
        }
        Asked::Import { .. } => imports::carry_out(work).await,
        Asked::Plan { campaign_id, order } => planning::carry_out(work, *campaign_id, order).await,
    }
}

/// Says that this node is alive, until the job is not its own any more.
async fn lost(work: &Work) {
    let holder = work.app.jobs.holder();
    let beat = BEAT.min(work.app.jobs.lease / 3);
    loop {
        tokio::time::sleep(beat).await;
        let progress = work.progress.get();
        let held = work.app.db.in_tx(async |tx| jobs::hold(tx, work.job.id, holder, progress).await).await;
        match held {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => tracing::warn!(%error, job = %work.job.id, "a node cannot say that it is alive"),
        }
    }
}

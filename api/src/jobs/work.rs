//! One job at work: with the rights of whoever asked for it, as they are now, and with its end.

use std::cell::Cell;
use std::rc::Rc;

use actix_web::web;
use pingxuan_domain::job::{Asked, Job, JobResult, JobState};
use pingxuan_domain::policy::{Caller, authorize};
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::{ErrorCode, Operation, Visibility};
use pingxuan_persistence::{Tx, accounts, jobs};
use serde_json::{Value, json};
use tempfile::TempPath;
use uuid::Uuid;

use crate::app::App;
use crate::call::{Access, Call};
use crate::catalogue::Language;
use crate::files::Kept;
use crate::files::spool::Spooled;
use crate::problem::Failure;

/// A job that this node carries out.
#[derive(Clone, Debug)]
pub struct Work {
    /// What every request shares.
    pub app: web::Data<App>,
    /// The job, as it was claimed.
    pub job: Job,
    /// How far it has come, in percent.
    pub progress: Rc<Cell<u32>>,
}

/// A file that came of a job.
#[derive(Debug)]
pub struct Made {
    /// Where it is.
    pub path: TempPath,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Rows that were written or read.
    pub rows: u64,
    /// Rows that were wrong.
    pub faulty: u64,
    /// Rows that are entered with it.
    pub entered: u64,
}

impl Work {
    /// The language that it was asked for in.
    #[must_use]
    pub fn language(&self) -> Language {
        Language::negotiate(Some(&self.job.language))
    }

    /// A call of an operation by whoever asked for the job, with what their account may do now.
    ///
    /// # Errors
    /// 403 where they may not, or their account is closed.
    pub async fn call(&self, operation: Operation) -> Result<Call, Failure> {
        let now = self.app.clock.now();
        let system = Visibility::system(Operation::FinishJob);
        let owner = accounts::find(self.app.db.read(), &system, self.job.owner_id).await?;
        let owner = owner.filter(|owner| owner.is_open(now));
        let owner = owner.ok_or_else(|| Failure::of(ErrorCode::RoleNotPermitted))?;
        // Nobody is logged in for it.
        let caller = Caller::User(Box::new(self.app.security.actor(&owner, Uuid::nil(), now)));
        authorize(&caller, self.asked_by())?;
        let access = Access {
            visibility: authorize(&caller, operation)?,
            now,
            language: self.language(),
            request_id: self.job.request_id.clone(),
            address: None,
        };
        let (headers, path, query, body) = Default::default();
        // No request came with it.
        Ok(Call { app: self.app.clone(), access, headers, path, query, body, reading: true })
    }

    fn asked_by(&self) -> Operation {
        match self.job.asked {
            Asked::Export { .. } => Operation::CreateExport,
            Asked::Import { .. } => Operation::CreateImport,
            Asked::Plan { .. } => Operation::PlanAssignments,
        }
    }

    /// Says how far it has come: so many of so many, which are the part of the whole between two percentages.
    pub fn tell(&self, (done, all): (u64, u64), (from, to): (u32, u32)) {
        let share = u64::from(to.saturating_sub(from)) * done.min(all) / all.max(1);
        self.progress.set(from + u32::try_from(share).unwrap_or_default());
    }

    /// Keeps what came of it and says that it is done, with what is entered in the same transaction.
    ///
    /// # Errors
    /// 409 where it is not this node's any more, and whatever the entering answers; then nothing is entered.
    pub async fn deliver(
        &self,
        made: Made,
        enter: impl AsyncFn(&Tx) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let file = Spooled::measured(made.path).await?;
        self.app.files.keep(Kept::Result, self.job.id, &file.path).await?;
        let result = JobResult {
            name: made.name,
            media_type: made.media_type.to_owned(),
            size: file.size,
            digest: file.digest,
            rows: made.rows,
            faulty: made.faulty,
            entered: made.entered,
        };
        self.app
            .db
            .in_tx(async |tx| {
                let job = self.held(tx).await?;
                enter(tx).await?;
                let job = Job { result: Some(result.clone()), ..job };
                self.end(tx, job, JobState::Succeeded).await
            })
            .await
    }

    /// Says that it failed.
    ///
    /// # Errors
    /// 409 where it is not this node's any more.
    pub async fn fail(&self, fault: ErrorCode) -> Result<(), Failure> {
        self.app
            .db
            .in_tx(async |tx| {
                let job = Job { fault: Some(fault), ..self.held(tx).await? };
                self.end(tx, job, JobState::Failed).await
            })
            .await
    }

    /// The job, locked, while it is this node's.
    async fn held(&self, tx: &Tx) -> Result<Job, Failure> {
        let found = jobs::lock(tx, &Visibility::system(Operation::FinishJob), self.job.id).await?;
        let held = |job: &Job| job.state == JobState::Running && job.holder == Some(self.app.jobs.node);
        found.filter(held).ok_or_else(|| Failure::of(ErrorCode::Conflict))
    }

    async fn end(&self, tx: &Tx, job: Job, state: JobState) -> Result<(), Failure> {
        let now = self.app.clock.now();
        let from = job.state;
        let job = job.over(state, now);
        Ok(jobs::record(tx, &super::running::journal(&self.app, &job), &job, &[ended(&job, from)]).await?)
    }
}

/// What is written down of the end of a job.
#[must_use]
pub fn ended(job: &Job, from: JobState) -> Step {
    let step = Step::of(Operation::FinishJob, ObjectKind::Job, job.id, job.updated_at)
        .states(Some(from), Some(job.state))
        .changing("/result", Value::Null, json!(job.result))
        .changing("/fault", Value::Null, json!(job.fault));
    Step { campaign_id: job.campaign_id, ..step }
}

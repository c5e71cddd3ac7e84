//! The doctor: looks through a whole installation for what is not as it must be, and changes nothing.

use std::fmt;

use pingxuan_domain::Instant;
use pingxuan_migration::{Standing, standing};
use pingxuan_persistence::condition::{Filed, damaged, filed, stuck};
use pingxuan_persistence::{Database, installation, sealing, truths};

use crate::files::{Files, Kept, spool::Spooled};
use crate::problem::Failure;
use crate::running::bootstrap::check_key;

/// Seconds after which a job that is not over is stuck.
const STUCK: i64 = 60 * 60;

/// What was looked at, and what was found there.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What was looked at.
    pub about: &'static str,
    /// What is wrong; nothing, where all is well.
    pub faults: Vec<String>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.faults.is_empty() {
            return write!(f, "well   {}", self.about);
        }
        write!(f, "FAULT  {}", self.about)?;
        self.faults.iter().try_for_each(|fault| write!(f, "\n         {fault}"))
    }
}

/// Looks through everything. What cannot be looked at is a fault too, and the rest is looked at all the same.
pub async fn examine(db: &Database, files: &Files, now: Instant) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut found = |about, faults: Result<Vec<String>, Failure>| {
        let faults = faults.unwrap_or_else(|failure| vec![failure.to_string()]);
        findings.push(Finding { about, faults });
    };
    found("the pages of the database", damaged(db).await.map_err(Failure::from));
    found("the schema", schema(db).await);
    found("the key, and what is sealed with it", sealed(db).await);
    found(
        "what must hold of the selection, and its audit",
        truths::broken(db.read()).await.map_err(Failure::from),
    );
    found("the files", kept(db, files).await);
    found("the jobs", jobs(db, now).await);
    findings
}

async fn schema(db: &Database) -> Result<Vec<String>, Failure> {
    let connection = db.for_migrations();
    let Standing { pending, unknown, .. } =
        standing(&connection).await.map_err(|error| Failure::Internal(error.to_string()))?;
    let lacking = pending.iter().map(|step| format!("{step} is missing: run `pingxuan migrate`"));
    Ok(lacking.chain(unknown.iter().map(|step| format!("{step} is a newer program's"))).collect())
}

async fn sealed(db: &Database) -> Result<Vec<String>, Failure> {
    if installation::find(db.read(), "key_check").await?.is_none() {
        return Ok(vec!["no key has ever been used here".into()]);
    }
    check_key(db, db.vault()).await?;
    db.vault().take(&sealing::keys(db.read()).await?)?;
    let (_, shut) = sealing::opened(db).await?;
    Ok(shut.into_iter().map(|place| format!("a value of {place} does not open")).collect())
}

async fn kept(db: &Database, files: &Files) -> Result<Vec<String>, Failure> {
    let mut faults = Vec::new();
    for Filed { of_job, id, digest } in filed(db.read()).await? {
        let place = Files::place_of(if of_job { Kept::Result } else { Kept::Attachment }, id);
        let copy = files.scratch()?;
        if !files.carry_out(&place, &copy).await? {
            faults.push(format!("{place} is not there"));
        } else if Spooled::measured(copy).await?.digest != digest {
            faults.push(format!("{place} was changed"));
        }
    }
    Ok(faults)
}

async fn jobs(db: &Database, now: Instant) -> Result<Vec<String>, Failure> {
    let stuck = stuck(db.read(), now.plus_seconds(-STUCK).millis()).await?;
    Ok(stuck.iter().map(|id| format!("{id} has not ended within an hour")).collect())
}

//! Whether this node can work: the database writes, files can be kept, and it is not about to stop.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::web;
use pingxuan_persistence::Database;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use crate::files::Files;
use crate::problem::Failure;

/// How long each thing may take before the node is taken not to be ready.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long an answer is good: whoever asks often does not make the disk write often.
const GOOD_FOR: Duration = Duration::from_millis(500);
/// What is written to see whether there is room.
static PROBE: [u8; 64 * 1024] = [0; 64 * 1024];

/// What a node is not ready for, as its refusal names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Lacking {
    /// It is about to stop.
    Stopping,
    /// The database does not answer, or does not write.
    Database,
    /// Files cannot be kept, or the disk is full.
    Files,
}

/// How ready a node is. A copy is of the same node.
#[derive(Clone, Debug, Default)]
pub struct Ready(Arc<Known>);

#[derive(Debug, Default)]
struct Known {
    stopping: AtomicBool,
    last: Mutex<Option<(Instant, Option<Lacking>)>>,
}

impl Ready {
    /// Says from now on that the node is about to stop.
    pub fn stop(&self) {
        self.0.stopping.store(true, Ordering::Relaxed);
    }

    /// Whether the node is about to stop.
    #[must_use]
    pub fn stops(&self) -> bool {
        self.0.stopping.load(Ordering::Relaxed)
    }

    /// What is lacking, if anything is.
    pub async fn lacking(&self, db: &Database, files: &Files) -> Option<Lacking> {
        if self.stops() {
            return Some(Lacking::Stopping);
        }
        let mut last = self.0.last.lock().await;
        if let Some((at, lacking)) = *last
            && at.elapsed() < GOOD_FOR
        {
            return lacking;
        }
        let now = Instant::now();
        let lacking = look(db, files).await;
        if let Some(lacking) = lacking {
            tracing::warn!(?lacking, "this node is not ready");
        }
        *last = Some((now, lacking));
        lacking
    }
}

async fn look(db: &Database, files: &Files) -> Option<Lacking> {
    let (writes, keeps) = tokio::join!(timeout(PATIENCE, db.writes()), timeout(PATIENCE, keeps(files)));
    if !matches!(writes, Ok(Ok(true))) {
        return Some(Lacking::Database);
    }
    (!matches!(keeps, Ok(Ok(())))).then_some(Lacking::Files)
}

/// Writes something where files are on their way, and asks the store for what is not there.
async fn keeps(files: &Files) -> Result<(), Failure> {
    let scratch = files.scratch()?;
    let written = web::block(move || {
        let mut file = std::fs::File::create(&scratch)?;
        file.write_all(&PROBE)?;
        file.sync_all()
    });
    written.await.map_err(|error| Failure::Internal(error.to_string()))??;
    files.answers().await
}

//! What stands in the database, asked for at most every few seconds however often somebody scrapes.

use std::time::Duration;

use pingxuan_persistence::Database;
use pingxuan_persistence::overview::{Counted, counted};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

/// How long an answer is good.
const GOOD_FOR: Duration = Duration::from_secs(15);
/// How long a scrape waits for the database.
const PATIENCE: Duration = Duration::from_secs(3);

type Found = Option<Vec<Counted>>;

/// The last answer, and when it was asked for.
#[derive(Debug, Default)]
pub(super) struct Standing(Mutex<Option<(Instant, Found)>>);

impl Standing {
    /// What stands there; nothing where the database does not answer.
    pub(super) async fn of(&self, db: &Database) -> Found {
        let mut last = self.0.lock().await;
        if let Some((at, found)) = last.as_ref()
            && at.elapsed() < GOOD_FOR
        {
            return found.clone();
        }
        let now = Instant::now();
        let found = match timeout(PATIENCE, counted(db.read())).await {
            Ok(Ok(found)) => Some(found),
            Ok(Err(error)) => {
                tracing::warn!(%error, "what stands in the database cannot be counted");
                None
            }
            Err(_) => None,
        };
        *last = Some((now, found.clone()));
        found
    }
}

//! A queue: so many pieces of work at once and no more, and how many wait for their turn.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

/// A queue. A copy is the same queue.
#[derive(Clone, Debug)]
pub struct Queue {
    turns: Arc<Semaphore>,
    waiting: Arc<AtomicU64>,
    at_once: usize,
}

/// Somebody who waits; whoever gives up waits no longer.
struct Waiting<'a>(&'a AtomicU64);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Queue {
    /// A queue for so many at once.
    #[must_use]
    pub fn of(at_once: usize) -> Self {
        Self { turns: Arc::new(Semaphore::new(at_once)), waiting: Arc::default(), at_once }
    }

    /// Waits for a turn, which is over when the answer is dropped.
    ///
    /// # Errors
    /// None: the queue is never closed.
    pub async fn turn(&self) -> Result<OwnedSemaphorePermit, AcquireError> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let _waiting = Waiting(&self.waiting);
        Arc::clone(&self.turns).acquire_owned().await
    }

    /// How many have their turn.
    #[must_use]
    pub fn running(&self) -> u64 {
        u64::try_from(self.at_once.saturating_sub(self.turns.available_permits())).unwrap_or_default()
    }

    /// How many wait.
    #[must_use]
    pub fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }
}

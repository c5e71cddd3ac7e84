//! How much is asked of the database, and how long that takes: figures of this process since its start.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use sea_orm::Statement;

/// What is counted on the way. A copy counts with it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Meter(Arc<Counts>);

#[derive(Default)]
struct Counts {
    listener: OnceLock<Listener>,
    statements: AtomicU64,
    failed: AtomicU64,
    statement_micros: AtomicU64,
    begun: AtomicU64,
    waiting: AtomicU64,
    waited_micros: AtomicU64,
    again: AtomicU64,
}

/// Who is told of every statement, on the thread that sends it.
pub(crate) type Listener = Box<dyn Fn(&Statement) + Send + Sync>;

impl fmt::Debug for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Counts").field("statements", &self.statements).finish_non_exhaustive()
    }
}

impl Meter {
    /// Somebody is told of every statement from now on, unless another is already.
    pub(crate) fn listen(&self, listener: Listener) {
        // A second one is told nothing.
        let _ = self.0.listener.set(listener);
    }

    /// Tells of a statement.
    pub(crate) fn tell(&self, statement: &Statement) {
        if let Some(told) = self.0.listener.get() {
            told(statement);
        }
    }

    /// Counts a statement that was carried out, or refused.
    pub(crate) fn sent(&self, elapsed: Duration, is_refused: bool) {
        let Counts { statements, failed, statement_micros, .. } = &*self.0;
        (if is_refused { failed } else { statements }).fetch_add(1, Ordering::Relaxed);
        statement_micros.fetch_add(micros(elapsed), Ordering::Relaxed);
    }

    /// A transaction waits for its connection until the answer is dropped.
    pub(crate) fn waits(&self) -> Waiting<'_> {
        self.0.waiting.fetch_add(1, Ordering::Relaxed);
        Waiting { counts: &self.0, since: Instant::now() }
    }

    /// A transaction is tried again.
    pub(crate) fn again(&self) {
        self.0.again.fetch_add(1, Ordering::Relaxed);
    }

    /// The figures, with those of the pools.
    pub(crate) fn load(&self, pools: [Pool; 2]) -> Load {
        let read = |figure: &AtomicU64| figure.load(Ordering::Relaxed);
        let counts = &*self.0;
        Load {
            pools,
            statements: read(&counts.statements),
            failed: read(&counts.failed),
            statement_time: Duration::from_micros(read(&counts.statement_micros)),
            transactions: read(&counts.begun),
            waiting: read(&counts.waiting),
            waited: Duration::from_micros(read(&counts.waited_micros)),
            again: read(&counts.again),
        }
    }
}

/// A transaction that waits for its connection.
pub(crate) struct Waiting<'a> {
    counts: &'a Counts,
    since: Instant,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let Counts { begun, waiting, waited_micros, .. } = self.counts;
        waiting.fetch_sub(1, Ordering::Relaxed);
        begun.fetch_add(1, Ordering::Relaxed);
        waited_micros.fetch_add(micros(self.since.elapsed()), Ordering::Relaxed);
    }
}

/// The load of the database, as this process sees it.
#[derive(Clone, Debug)]
pub struct Load {
    /// Its pools of connections.
    pub pools: [Pool; 2],
    /// Statements that were carried out.
    pub statements: u64,
    /// Statements that the database refused.
    pub failed: u64,
    /// How long all of them took together.
    pub statement_time: Duration,
    /// Transactions that asked for a connection, whether they got it or not.
    pub transactions: u64,
    /// Transactions that wait for one now.
    pub waiting: u64,
    /// How long all of them waited together.
    pub waited: Duration,
    /// How often a transaction was tried again.
    pub again: u64,
}

/// A pool of connections.
#[derive(Clone, Copy, Debug)]
pub struct Pool {
    /// `read` or `write`.
    pub name: &'static str,
    /// Connections that are open.
    pub size: u32,
    /// Those of them that nobody uses.
    pub idle: u32,
    /// How many there may be.
    pub most: u32,
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

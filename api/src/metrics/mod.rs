//! Figures of the service for Prometheus: what the gate and the sweeper count, by labels that are few and name nobody.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pingxuan_domain::Operation;
use pingxuan_domain::policy::Caller;

use self::standing::Standing;
use self::text::Histogram;

pub mod listening;
mod names;
mod scrape;
mod standing;
mod text;

pub use names::{FAMILIES, Family, Kind};

/// What is counted of requests that are no operation's: pages, and paths that are not there.
const NO_OPERATION: &str = "none";

/// The figures. A copy counts with it.
#[derive(Clone, Debug, Default)]
pub struct Metrics(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    answered: Mutex<Answered>,
    under_way: AtomicU64,
    panics: AtomicU64,
    sweeps: AtomicU64,
    failed_sweeps: AtomicU64,
    standing: Standing,
}

#[derive(Debug, Default)]
struct Answered {
    /// By operation, caller and class of the status.
    requests: BTreeMap<(&'static str, &'static str, u16), u64>,
    /// By operation.
    times: BTreeMap<&'static str, Histogram>,
}

/// A request that is under way until this is dropped, whatever comes of it.
#[derive(Debug)]
pub struct UnderWay(Metrics);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Metrics {
    /// A request has come.
    #[must_use]
    pub fn comes(&self) -> UnderWay {
        self.0.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(self.clone())
    }

    /// Whether any request is under way.
    #[must_use]
    pub fn are_under_way(&self) -> bool {
        self.0.under_way.load(Ordering::Relaxed) > 0
    }

    /// A request is answered: by whom it was asked, with which status, and after how long the first byte was ready.
    pub fn answered(&self, operation: &'static str, caller: &'static str, status: u16, after: Duration) {
        let mut answered = self.0.answered();
        *answered.requests.entry((operation, caller, status / 100)).or_default() += 1;
        answered.times.entry(operation).or_default().observe(after);
    }

    /// A handler has panicked.
    pub fn panicked(&self) {
        self.0.panics.fetch_add(1, Ordering::Relaxed);
    }

    /// A round of the sweeper is over.
    pub fn swept(&self, well: bool) {
        let count = if well { &self.0.sweeps } else { &self.0.failed_sweeps };
        count.fetch_add(1, Ordering::Relaxed);
    }
}

impl Counts {
    fn answered(&self) -> MutexGuard<'_, Answered> {
        self.answered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What an operation is called in figures and logs.
#[must_use]
pub fn name_of(operation: Option<Operation>) -> &'static str {
    operation.map_or(NO_OPERATION, Operation::code)
}

/// What a caller is called in figures: of which sort, and never who.
#[must_use]
pub fn sort_of(caller: &Caller) -> &'static str {
    match caller {
        Caller::Public => "public",
        Caller::User(_) => "user",
        Caller::Client(_) => "client",
        Caller::System => "system",
    }
}

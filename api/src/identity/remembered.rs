//! Who a token is of, remembered for as long as nothing has changed: a request whose token is known costs neither a query nor the
//! check of a signature.
//!
//! Every node looks four times a second at a figure in the database that grows with every change of access. What it remembers holds
//! good under the figure that it was found under, and while it has looked within [`TRUST`]. A node that cannot look asks the database
//! at each request, and fails where it does not answer: nobody gets in by a broken line.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use moka::sync::Cache;
use pingxuan_domain::Instant;
use pingxuan_domain::policy::Caller;
use tokio::time;

/// How many tokens are remembered; the least used go first.
const MOST: u64 = 20_000;
/// How long a look at the figure is trusted: with the time of a look, less than a second from change to refusal.
const TRUST: Duration = Duration::from_millis(700);

/// Under which figures something was found: the database's, and how often this node itself has forgotten all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    generation: i64,
    forgotten: u64,
}

/// Whose a token was found to be.
#[derive(Clone, Debug)]
pub struct Known {
    /// Who: somebody, or a machine client.
    pub caller: Caller,
    /// Until when, if nothing changes: the token's end, the session's or the account's, whichever comes first.
    pub until: Instant,
}

#[derive(Debug, Default)]
struct Looked {
    generation: Option<i64>,
    forgotten: u64,
    at: Option<time::Instant>,
}

/// The tokens that this node remembers.
#[derive(Clone)]
pub struct Remembered {
    tokens: Cache<[u8; 32], (Mark, Known)>,
    looked: Arc<Mutex<Looked>>,
}

impl fmt::Debug for Remembered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Remembered({} tokens)", self.tokens.entry_count())
    }
}

impl Default for Remembered {
    fn default() -> Self {
        Self { tokens: Cache::new(MOST), looked: Arc::default() }
    }
}

impl Remembered {
    /// What holds good now, if this node has looked lately. Ask for it before the database is asked who somebody is.
    #[must_use]
    pub fn mark(&self) -> Option<Mark> {
        let looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = looked.at.is_some_and(|at| at.elapsed() < TRUST);
        let generation = looked.generation.filter(|_| fresh)?;
        Some(Mark { generation, forgotten: looked.forgotten })
    }

    /// How many tokens are remembered, more or less.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.tokens.entry_count()
    }

    /// Who a token is of, if that is known and holds good.
    #[must_use]
    pub fn find(&self, token: &str, now: Instant) -> Option<Known> {
        let mark = self.mark()?;
        let (found_under, known) = self.tokens.get(&key(token))?;
        (found_under == mark && now < known.until).then_some(known)
    }

    /// Remembers who a token is of, as it was found after `mark` had been asked for.
    pub fn keep(&self, token: &str, mark: Option<Mark>, known: &Known) {
        if let Some(mark) = mark {
            self.tokens.insert(key(token), (mark, known.clone()));
        }
    }

    /// Forgets everything: this node itself has changed somebody's access.
    pub fn forget(&self) {
        self.looked.lock().unwrap_or_else(PoisonError::into_inner).forgotten += 1;
    }

    /// Whether this is the database's figure that was noted last.
    #[must_use]
    pub fn knows(&self, generation: i64) -> bool {
        self.looked.lock().unwrap_or_else(PoisonError::into_inner).generation == Some(generation)
    }

    /// Notes a look at the database's figure that began at `at`. What follows from another figure is taken before it is noted: what a
    /// request finds by what held before may not be remembered under it.
    pub fn looked(&self, generation: i64, at: time::Instant) {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        (looked.generation, looked.at) = (Some(generation), Some(at));
    }
}

fn key(token: &str) -> [u8; 32] {
    let mut key = [0; 32];
    key.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        Known { caller: Caller::Public, until: Instant::from_millis(1_000) }
    }

    fn now() -> Instant {
        Instant::from_millis(0)
    }

    #[tokio::test(start_paused = true)]
    async fn s_06_what_is_remembered_holds_while_nothing_changes() {
        let remembered = Remembered::default();
        remembered.looked(1, time::Instant::now());
        remembered.keep("token", remembered.mark(), &known());
        assert!(remembered.find("token", now()).is_some());
        assert!(remembered.find("tokem", now()).is_none());
        assert!(remembered.find("token", Instant::from_millis(1_000)).is_none(), "its time is over");
        assert!(remembered.knows(1));
        remembered.looked(1, time::Instant::now());
        assert!(remembered.find("token", now()).is_some());
        assert!(!remembered.knows(2));
        remembered.looked(2, time::Instant::now());
        assert!(remembered.find("token", now()).is_none(), "something has changed elsewhere");
    }

    #[tokio::test(start_paused = true)]
    async fn s_06_what_this_node_changed_is_forgotten_at_once() {
        let remembered = Remembered::default();
        remembered.looked(1, time::Instant::now());
        let before = remembered.mark();
        remembered.forget();
        remembered.keep("token", before, &known());
        assert!(remembered.find("token", now()).is_none(), "it was found before the change");
        remembered.keep("token", remembered.mark(), &known());
        assert!(remembered.find("token", now()).is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn s_65_a_node_that_cannot_look_trusts_nothing() {
        let remembered = Remembered::default();
        assert_eq!(remembered.mark(), None);
        remembered.keep("token", remembered.mark(), &known());
        remembered.looked(1, time::Instant::now());
        assert!(remembered.find("token", now()).is_none());
        remembered.keep("token", remembered.mark(), &known());
        time::advance(TRUST).await;
        assert!(remembered.find("token", now()).is_none());
    }
}

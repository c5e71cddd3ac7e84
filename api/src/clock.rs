//! The clock that everything asks: the machine's, one that can be moved and goes on, or one that stands (D-301).

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use pingxuan_domain::Instant;
use uuid::{ContextV7, Timestamp, Uuid};

/// The injected clock, and the ids that carry its time.
#[derive(Clone)]
pub struct Clock {
    face: Arc<Face>,
    ids: Arc<Mutex<ContextV7>>,
}

enum Face {
    Machine,
    /// Milliseconds by which it is ahead of the machine's clock.
    Moved(AtomicI64),
    Standing(AtomicI64),
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn machine() -> Self {
        Self::of(Face::Machine)
    }

    /// A clock that starts at an instant, goes on, and can be moved forward.
    #[must_use]
    pub fn movable(start: Instant) -> Self {
        Self::of(Face::Moved(AtomicI64::new(start.millis().saturating_sub(machine_millis()))))
    }

    /// A clock that stands until it is moved.
    #[must_use]
    pub fn standing(at: Instant) -> Self {
        Self::of(Face::Standing(AtomicI64::new(at.millis())))
    }

    fn of(face: Face) -> Self {
        Self { face: Arc::new(face), ids: Arc::new(Mutex::new(ContextV7::new())) }
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Instant {
        Instant::from_millis(match &*self.face {
            Face::Machine => machine_millis(),
            Face::Moved(ahead) => machine_millis().saturating_add(ahead.load(Ordering::SeqCst)),
            Face::Standing(at) => at.load(Ordering::SeqCst),
        })
    }

    /// A new id (UUIDv7) of this clock's time; ids of one process grow.
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        let millis = self.now().millis();
        let seconds = u64::try_from(millis.div_euclid(1000)).unwrap_or(0);
        let nanos = u32::try_from(millis.rem_euclid(1000) * 1_000_000).unwrap_or(0);
        let ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        Uuid::new_v7(Timestamp::from_unix(&*ids, seconds, nanos))
    }

    /// Sets a clock that can be moved back to an instant, for a demonstration that begins again.
    pub(crate) fn begin_again(&self, at: Instant) {
        match &*self.face {
            Face::Machine => {}
            Face::Moved(ahead) => {
                ahead.store(at.millis().saturating_sub(machine_millis()), Ordering::SeqCst);
            }
            Face::Standing(now) => now.store(at.millis(), Ordering::SeqCst),
        }
    }

    /// Moves the clock forward to an instant; never backward. The machine's clock cannot be moved.
    pub(crate) fn advance(&self, to: Instant) {
        let forward = to.millis().saturating_sub(self.now().millis()).max(0);
        match &*self.face {
            Face::Machine => {}
            Face::Moved(shift) | Face::Standing(shift) => {
                shift.fetch_add(forward, Ordering::SeqCst);
            }
        }
    }
}

fn machine_millis() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where the machine's clock is read")]
    let now = SystemTime::now();
    now.duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_301_a_moved_clock_goes_on_and_never_back() {
        let start: Instant = "2022-11-07T01:00:00Z".parse().unwrap();
        let clock = Clock::standing(start);
        let first = clock.new_id();
        clock.advance(start.plus_seconds(60));
        assert_eq!(clock.now(), start.plus_seconds(60));
        clock.advance(start);
        assert_eq!(clock.now(), start.plus_seconds(60));
        assert!(clock.new_id() > first);
        let movable = Clock::movable(start);
        assert!(movable.now() >= start && movable.now() < start.plus_seconds(3600));
    }
}

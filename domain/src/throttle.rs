//! How often somebody may be wrong before they must wait: so often within a quarter of an hour, then longer each time, and
//! never for long, since a lock is also what an attacker can do to an office.

use crate::time::Instant;

/// Seconds within which wrong attempts are counted together.
const WINDOW: i64 = 15 * 60;
/// Seconds of the first lock; each next one is twice as long, up to the longest.
const FIRST_LOCK: i64 = 10 * 60;
/// Seconds of the longest lock.
const LONGEST_LOCK: i64 = 30 * 60;
/// Seconds after which earlier locks are forgotten.
const FORGOTTEN: i64 = 24 * 60 * 60;

/// What is kept of the attempts on one account, or from one source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attempts {
    /// Attempts that were wrong, or are still being looked at.
    pub count: i64,
    /// When the first of them was.
    pub first_at: Instant,
    /// Until when no further one is looked at; long past where it never was locked.
    pub locked_until: Instant,
    /// How often it has been locked of late.
    pub locks: u32,
}

impl Attempts {
    /// Counts an attempt before it is looked at, so that many at once are counted too. The last that is allowed locks.
    ///
    /// # Errors
    /// The instant until which none is looked at.
    pub fn attempt(mut self, limit: i64, now: Instant) -> Result<Self, Instant> {
        if self.is_locked(now) {
            return Err(self.locked_until);
        }
        if now >= self.locked_until.plus_seconds(FORGOTTEN) {
            self.locks = 0;
        }
        if now >= self.first_at.plus_seconds(WINDOW) || self.locked_until > self.first_at {
            (self.count, self.first_at) = (0, now);
        }
        self.count += 1;
        if self.count >= limit {
            let seconds = FIRST_LOCK.saturating_mul(1 << self.locks.min(8)).min(LONGEST_LOCK);
            self.locked_until = now.plus_seconds(seconds);
            self.locks += 1;
        }
        Ok(self)
    }

    /// Takes one attempt back, since it was right; a lock that it brought goes with it.
    #[must_use]
    pub fn taken_back(mut self, limit: i64, now: Instant) -> Self {
        self.count = (self.count - 1).max(0);
        if self.is_locked(now) && self.count < limit {
            self.locked_until = self.first_at;
            self.locks = self.locks.saturating_sub(1);
        }
        self
    }

    /// Whether none is looked at now.
    #[must_use]
    pub fn is_locked(self, now: Instant) -> bool {
        now < self.locked_until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> Instant {
        "2022-11-07T01:00:00Z".parse().unwrap()
    }

    fn wrong(mut kept: Attempts, times: usize, at: Instant) -> Attempts {
        for _ in 0..times {
            kept = kept.attempt(5, at).unwrap();
        }
        kept
    }

    #[test]
    fn g_03_five_wrong_attempts_lock_for_ten_minutes() {
        let kept = wrong(Attempts::default(), 4, start());
        assert!(!kept.is_locked(start()));
        let locked = wrong(kept, 1, start());
        let until = start().plus_seconds(600);
        assert_eq!(locked.attempt(5, start()), Err(until));
        assert_eq!(locked.attempt(5, until.plus_seconds(-1)), Err(until));
        assert_eq!(locked.attempt(5, until).unwrap().count, 1);
    }

    #[test]
    fn s_16_each_lock_is_longer_and_none_is_long() {
        let mut kept = Attempts::default();
        let mut now = start();
        let mut minutes = Vec::new();
        for _ in 0..5 {
            kept = wrong(kept, 5, now);
            minutes.push((kept.locked_until.millis() - now.millis()) / 60_000);
            now = kept.locked_until;
        }
        assert_eq!(minutes, [10, 20, 30, 30, 30]);
        kept = wrong(kept, 5, now.plus_seconds(FORGOTTEN));
        assert_eq!(kept.locked_until, now.plus_seconds(FORGOTTEN + FIRST_LOCK));
    }

    #[test]
    fn s_16_wrong_attempts_are_counted_together_for_a_quarter_of_an_hour() {
        let kept = wrong(Attempts::default(), 4, start());
        assert_eq!(wrong(kept, 1, start().plus_seconds(WINDOW)).count, 1);
        assert!(wrong(kept, 1, start().plus_seconds(WINDOW - 1)).is_locked(start().plus_seconds(WINDOW - 1)));
    }

    #[test]
    fn s_16_what_was_right_counts_for_nothing() {
        let four = wrong(Attempts::default(), 4, start());
        let fifth = wrong(four, 1, start()).taken_back(5, start());
        assert_eq!((fifth.count, fifth.is_locked(start()), fifth.locks), (4, false, 0));
        assert!(wrong(fifth, 1, start()).is_locked(start()));
    }
}

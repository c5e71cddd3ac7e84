//! What is written offline and sent later: the client's time, kept beside the server's (D-606).

use crate::error::{ErrorCode, Fault};
use crate::time::Instant;

/// Milliseconds by which the clock of a device may be ahead: five minutes.
const AHEAD: i64 = 5 * 60 * 1000;

/// What is wrong with the time at which something says that it was written.
#[must_use]
pub fn written_fault(written_at: Option<Instant>, now: Instant) -> Option<Fault> {
    let ahead = written_at.is_some_and(|written_at| written_at > now.plus_millis(AHEAD));
    ahead.then(|| Fault::at("/written_at", ErrorCode::ClockAhead))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_606_the_clock_of_a_device_may_be_ahead_by_five_minutes() {
        let now = Instant::from_millis(1_672_531_200_000);
        let ahead = |millis| written_fault(Some(now.plus_millis(millis)), now).is_some();
        assert_eq!(written_fault(None, now), None);
        assert!(!ahead(-30 * 24 * 3600 * 1000) && !ahead(0) && !ahead(AHEAD));
        assert!(ahead(AHEAD + 1));
    }
}

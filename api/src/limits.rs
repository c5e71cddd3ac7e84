//! How often somebody may call: each account, each machine client, and each source of those who show no token.
//!
//! What is counted is this node's own: with several nodes behind a proxy each gives as much. Guesses of passwords are counted apart,
//! for all nodes together (ADR 19).

use std::fmt;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use uuid::Uuid;

/// Whose requests are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counted {
    /// An account's or a machine client's.
    Principal(Uuid),
    /// A source's; of addresses of IPv6 the half that names the network.
    Source(IpAddr),
}

impl Counted {
    /// A source, by its address.
    #[must_use]
    pub fn source(address: IpAddr) -> Self {
        Self::Source(match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(long) => IpAddr::V6((u128::from(long) >> 64 << 64).into()),
        })
    }
}

/// How a caller stands after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Requests within a minute.
    pub limit: u32,
    /// Requests that are left at once.
    pub left: u32,
    /// Seconds until all of them are there again.
    pub whole_in: u64,
    /// Where none was left: seconds until the next.
    pub wait: Option<u64>,
}

type Limiter = RateLimiter<Counted, DashMapStateStore<Counted>, DefaultClock, StateInformationMiddleware>;

/// The limits, if there are any.
#[derive(Clone, Default)]
pub struct Limits(Option<Arc<[(u32, Limiter); 2]>>);

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Limits({:?})", self.0.as_ref().map(|limits| limits.each_ref().map(|(limit, _)| *limit)))
    }
}

/// How many times as often a source may call: an office shares an address.
const SOURCE: u32 = 5;

impl Limits {
    /// So many requests a minute for a principal, and five times as many for a source; 0 is no limit.
    #[must_use]
    pub fn a_minute(principal: u32) -> Self {
        let limiter =
            |limit: NonZeroU32| (limit.get(), RateLimiter::keyed(Quota::per_minute(limit)).with_middleware());
        let limits = NonZeroU32::new(principal).zip(NonZeroU32::new(principal.saturating_mul(SOURCE)));
        Self(limits.map(|(principal, source)| Arc::new([limiter(principal), limiter(source)])))
    }

    /// Counts a request, and says how the caller stands; nothing where there is no limit.
    #[must_use]
    pub fn count(&self, whose: Counted) -> Option<Allowance> {
        let [principals, sources] = self.0.as_deref()?;
        let (limit, limiter) = match whose {
            Counted::Principal(_) => principals,
            Counted::Source(_) => sources,
        };
        let (left, wait) = match limiter.check_key(&whose) {
            Ok(state) => (state.remaining_burst_capacity(), None),
            Err(not_until) => (0, Some(seconds(not_until.wait_time_from(limiter.clock().now())))),
        };
        let whole_in = u64::from(limit - left) * 60 / u64::from(*limit) + u64::from(left < *limit);
        Some(Allowance { limit: *limit, left, whole_in, wait })
    }

    /// Forgets who has all of their requests again.
    pub fn put_in_order(&self) {
        for (_, limiter) in self.0.iter().flat_map(|limits| limits.iter()) {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

/// Whole seconds, of which none is too short.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s_45_each_is_counted_apart_and_a_source_has_more() {
        let limits = Limits::a_minute(2);
        let (one, other) = (Counted::Principal(Uuid::from_u128(1)), Counted::Principal(Uuid::from_u128(2)));
        let left = |whose| limits.count(whose).map(|allowance| (allowance.left, allowance.wait.is_some()));
        assert_eq!([left(one), left(one), left(one)], [Some((1, false)), Some((0, false)), Some((0, true))]);
        assert_eq!(left(other), Some((1, false)));
        let source = Counted::source("192.0.2.1".parse().unwrap());
        assert_eq!(limits.count(source).map(|allowance| (allowance.limit, allowance.left)), Some((10, 9)));
        let refused = limits.count(one).unwrap();
        assert!(refused.wait.is_some_and(|wait| (1..=31).contains(&wait)), "{refused:?}");
        assert!((1..=61).contains(&refused.whole_in), "{refused:?}");
        limits.put_in_order();
        assert!(limits.count(one).is_some_and(|allowance| allowance.wait.is_some()), "it is not forgotten");
        assert_eq!(Limits::a_minute(0).count(one), None);
    }

    #[test]
    fn s_45_a_network_is_one_source() {
        let source = |address: &str| Counted::source(address.parse().unwrap());
        assert_eq!(source("2001:db8::1"), source("2001:db8::ffff:2"));
        assert_ne!(source("2001:db8::1"), source("2001:db8:0:1::1"));
        assert_ne!(source("192.0.2.1"), source("192.0.2.2"));
    }
}

//! How long requests take, by operation.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::Method;
use pingxuan_domain::Operation;

use crate::contract::Contract;

/// The latencies of all requests.
pub struct Measures {
    contract: Arc<Contract>,
    taken: RefCell<Vec<(Option<Operation>, Duration)>>,
}

impl fmt::Debug for Measures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Measures({} requests)", self.count())
    }
}

/// What the requests of one operation, or of one group of them, took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Latency {
    /// The operation or the group.
    pub name: String,
    /// How many requests.
    pub requests: usize,
    /// Half of them took this long at most.
    pub median: Duration,
    /// Nineteen of twenty took this long at most.
    pub p95: Duration,
    /// All of them took this long at most.
    pub most: Duration,
}

impl Measures {
    /// Measures for the operations of a contract.
    #[must_use]
    pub fn of(contract: Arc<Contract>) -> Self {
        Self { contract, taken: RefCell::default() }
    }

    /// Notes how long a request for this operation took.
    pub fn take(&self, operation: Option<Operation>, took: Duration) {
        self.taken.borrow_mut().push((operation, took));
    }

    /// The operation at a path below `/api/v1`.
    #[must_use]
    pub fn operation(&self, method: &str, path: &str) -> Option<Operation> {
        let path = format!("/api/v1{}", path.split('?').next().unwrap_or(path));
        self.contract.operation(&method.parse::<Method>().ok()?, &path)
    }

    /// How many requests there were.
    #[must_use]
    pub fn count(&self) -> usize {
        self.taken.borrow().len()
    }

    /// Latencies by group of operations, as the contract's tags have them.
    #[must_use]
    pub fn by_group(&self) -> Vec<Latency> {
        self.sorted_into(|operation| Some(self.contract.route(operation)?.tag.as_str()))
    }

    /// Latencies by operation.
    #[must_use]
    pub fn by_operation(&self) -> Vec<Latency> {
        self.sorted_into(|operation| Some(operation.code()))
    }

    /// Latencies of all requests together.
    #[must_use]
    pub fn together(&self) -> Latency {
        latency("all", self.taken.borrow().iter().map(|(_, took)| *took).collect())
    }

    fn sorted_into<'a>(&'a self, name: impl Fn(Operation) -> Option<&'a str>) -> Vec<Latency> {
        let mut sorted: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
        for (operation, took) in self.taken.borrow().iter() {
            let name = operation.and_then(&name).unwrap_or("(none)");
            sorted.entry(name).or_default().push(*took);
        }
        sorted.into_iter().map(|(name, took)| latency(name, took)).collect()
    }
}

fn latency(name: &str, mut took: Vec<Duration>) -> Latency {
    took.sort_unstable();
    // The least of those values that so many percent do not exceed (nearest rank).
    let percentile = |percent: usize| {
        let rank = (took.len() * percent).div_ceil(100).max(1);
        took.get(rank - 1).copied().unwrap_or_default()
    };
    Latency {
        name: name.to_owned(),
        requests: took.len(),
        median: percentile(50),
        p95: percentile(95),
        most: percentile(100),
    }
}

/// A duration in milliseconds with one decimal.
#[must_use]
pub fn millis(took: Duration) -> String {
    format!("{:.1}", took.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        let took = (1..=100).rev().map(Duration::from_millis).collect();
        let found = latency("x", took);
        let expected = [50, 95, 100].map(Duration::from_millis);
        assert_eq!((found.requests, [found.median, found.p95, found.most]), (100, expected));
        assert_eq!(latency("none", vec![]).most, Duration::ZERO);
        assert_eq!(latency("one", vec![Duration::from_millis(7)]).median, Duration::from_millis(7));
    }
}

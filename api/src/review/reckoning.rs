//! Rankings are reckoned beside the threads that answer, and those that take long are remembered by what they follow from.

use std::fmt;
use std::sync::Arc;

use actix_web::web;
use moka::sync::Cache;
use pingxuan_domain::campaign::definition::{Route, ScoringPolicy};
use pingxuan_domain::review::ranking::Ranking;
use pingxuan_persistence::rankings::RankingRequest;

use crate::problem::Failure;

/// How many are remembered; the least used go first.
const MOST: u64 = 64;

/// The rankings that this node remembers. A ranking follows from its request alone, so that none ever goes stale.
#[derive(Clone)]
pub struct Rankings(Cache<String, Arc<Ranking>>);

impl fmt::Debug for Rankings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rankings({} remembered)", self.0.entry_count())
    }
}

impl Default for Rankings {
    fn default() -> Self {
        Self(Cache::new(MOST))
    }
}

impl Rankings {
    /// The ranking of a request. A mean is reckoned at once; what is calibrated replays its noise ten thousand times.
    ///
    /// # Errors
    /// [`Failure::Internal`] where the request cannot be written as JSON, or the thread breaks off.
    pub async fn of(&self, request: RankingRequest) -> Result<Ranking, Failure> {
        let category = &request.category;
        let calibrated = category.scoring_policy.value == ScoringPolicy::Calibrated;
        if !calibrated || category.route.value == Route::OfficeEvaluated {
            return Ok(request.rank());
        }
        let digest = request.digest()?;
        if let Some(known) = self.0.get(&digest) {
            return Ok(Ranking::clone(&known));
        }
        let ranked = web::block(move || request.rank()).await;
        let ranked = Arc::new(ranked.map_err(|error| Failure::Internal(error.to_string()))?);
        self.0.insert(digest, Arc::clone(&ranked));
        Ok(Ranking::clone(&ranked))
    }
}

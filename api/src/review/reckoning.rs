//! Rankings are reckoned beside the threads that answer where that takes long, and remembered by what they follow from.

use std::fmt;
use std::sync::Arc;

use actix_web::web;
use moka::sync::Cache;
use pingxuan_domain::campaign::definition::{Route, ScoringPolicy};
use pingxuan_domain::review::ranking::Ranking;
use pingxuan_persistence::rankings::{RankingRequest, ranking_digest};

use crate::problem::Failure;

/// How many places are remembered, of all rankings together; the least used rankings go first. A place is some two KiB.
const MOST: u64 = 20_000;

/// A ranking, and the digest that it is known by.
#[derive(Clone, Debug)]
pub struct Reckoned {
    /// The ranking.
    pub ranking: Arc<Ranking>,
    /// Its digest ([`ranking_digest`]).
    pub digest: String,
}

impl Reckoned {
    fn of(request: &RankingRequest) -> Result<Self, Failure> {
        let ranking = request.rank();
        Ok(Self { digest: ranking_digest(&ranking)?, ranking: Arc::new(ranking) })
    }

    fn places(&self) -> u32 {
        u32::try_from(self.ranking.entries.len()).unwrap_or(u32::MAX).max(1)
    }
}

/// The rankings that this node remembers. A ranking follows from its request alone, so that none ever goes stale.
#[derive(Clone)]
pub struct Rankings(Cache<String, Reckoned>);

impl fmt::Debug for Rankings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rankings({} remembered)", self.0.entry_count())
    }
}

impl Default for Rankings {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(MOST).weigher(|_, known: &Reckoned| known.places()).build())
    }
}

impl Rankings {
    /// The ranking of a request. A mean is reckoned at once; what is calibrated replays its noise ten thousand times.
    ///
    /// # Errors
    /// [`Failure::Internal`] where request or ranking cannot be written as JSON, or the thread breaks off.
    pub async fn of(&self, request: RankingRequest) -> Result<Reckoned, Failure> {
        let key = request.digest()?;
        if let Some(known) = self.0.get(&key) {
            return Ok(known);
        }
        let category = &request.category;
        let calibrated = category.scoring_policy.value == ScoringPolicy::Calibrated;
        let reckoned = if calibrated && category.route.value != Route::OfficeEvaluated {
            let reckoned = web::block(move || Reckoned::of(&request)).await;
            reckoned.map_err(|error| Failure::Internal(error.to_string()))??
        } else {
            Reckoned::of(&request)?
        };
        self.0.insert(key, reckoned.clone());
        Ok(reckoned)
    }
}

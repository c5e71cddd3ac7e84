//! Rankings are reckoned beside the threads that answer where that takes long, and remembered by what they follow from.

use std::fmt;
use std::sync::Arc;

use actix_web::web;
use moka::sync::Cache;
use pingxuan_domain::campaign::definition::{Category, Route, ScoringPolicy};
use pingxuan_domain::review::ranking::Ranking;
use pingxuan_persistence::rankings::{Inputs, Material, ranking_digest};

use crate::problem::Failure;

/// How many bytes are remembered, of all rankings together; the least used rankings go first.
const MOST: u64 = 64 << 20;
/// What a place takes in a ranking, in bytes.
const PLACE: usize = 2048;

/// A ranking, and the digest that it is known by.
#[derive(Clone, Debug)]
pub struct Reckoned {
    /// The category, with the rules that it is ranked by.
    pub category: Arc<Category>,
    /// The ranking.
    pub ranking: Arc<Ranking>,
    /// Its digest ([`ranking_digest`]).
    pub digest: String,
}

impl Reckoned {
    fn of(material: &Material, category: Arc<Category>) -> Result<Self, Failure> {
        let ranking = material.rank(&category)?;
        Ok(Self { category, digest: ranking_digest(&ranking)?, ranking: Arc::new(ranking) })
    }

    fn bytes(&self) -> usize {
        PLACE * (1 + self.ranking.entries.len())
    }
}

/// The rankings that this node remembers. A ranking follows from its material alone, so that none ever goes stale.
#[derive(Clone)]
pub struct Rankings(Cache<Arc<Material>, Reckoned>);

impl fmt::Debug for Rankings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rankings({} remembered)", self.0.entry_count())
    }
}

impl Default for Rankings {
    fn default() -> Self {
        let bytes = |material: &Arc<Material>, known: &Reckoned| {
            u32::try_from(material.bytes() + known.bytes()).unwrap_or(u32::MAX)
        };
        Self(Cache::builder().max_capacity(MOST).weigher(bytes).build())
    }
}

impl Rankings {
    /// The ranking that follows from what was read. A mean is reckoned at once; what is calibrated replays its noise ten thousand
    /// times.
    ///
    /// # Errors
    /// [`Failure::Internal`] where the points of a sheet cannot be read or the ranking not written as JSON, or the thread breaks off.
    pub async fn of(&self, inputs: &Inputs<'_>) -> Result<Reckoned, Failure> {
        if let Some(known) = self.0.get(&inputs.material) {
            return Ok(known);
        }
        let (material, category) = (Arc::new(inputs.material.clone()), Arc::new(inputs.category.clone()));
        let calibrated = category.scoring_policy.value == ScoringPolicy::Calibrated;
        let reckoned = if calibrated && category.route.value != Route::OfficeEvaluated {
            let material = material.clone();
            let reckoned = web::block(move || Reckoned::of(&material, category)).await;
            reckoned.map_err(|error| Failure::Internal(error.to_string()))??
        } else {
            Reckoned::of(&material, category)?
        };
        self.0.insert(material, reckoned.clone());
        Ok(reckoned)
    }
}

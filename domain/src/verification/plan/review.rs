//! How good the assignments are as they stand, and what would make them better.

use std::collections::BTreeMap;

use pingxuan_fairness::assign::{Pair, links, merit, one_more};
use uuid::Uuid;

use super::Request;
use super::round::{Round, too_large};
use crate::error::Fault;
use crate::review::calibration::Grade;

/// How well the assignments of a category tell supervisors apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Quality {
    /// In how many parts they fall; 1 is whole.
    pub components: usize,
    /// How much they tell of differences between supervisors, 0 to 1.
    pub efficiency: f64,
    /// The most that as many assignments could tell.
    pub bound: f64,
    /// The one over the other.
    pub share_of_bound: f64,
    /// The same as a word.
    pub grade: Grade,
    /// The squares of how many nominees two supervisors share, added up.
    pub pair_square: i64,
    /// What that cannot be below.
    pub pair_square_bound: i64,
    /// What trips and last year's pairs cost, in hundreds of metres.
    pub cost: i64,
}

/// The one further assignment that would bring most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OneMore {
    /// The application and the supervisor.
    pub pair: (Uuid, Uuid),
    /// The efficiency now.
    pub before: f64,
    /// The efficiency with it.
    pub after: f64,
}

/// Two assignments whose supervisors change places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Swap {
    /// One: application and supervisor before the swap.
    pub one: (Uuid, Uuid),
    /// The other.
    pub other: (Uuid, Uuid),
    /// By how many hundreds of metres trips grow.
    pub dearer: i64,
}

/// What is to be said of the assignments of a category.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// How good they are.
    pub quality: Quality,
    /// What one more would bring, where they hang together and it brings something.
    pub one_more: Option<OneMore>,
    /// The cheapest swaps that join what hangs apart, each to be made after those before it.
    pub links: Vec<Swap>,
}

/// Reviews the assignments of a category: those that nominees have and keep, and those that are planned and may still be swapped.
///
/// # Errors
/// The fault of what is too large to be reckoned.
pub fn review(request: &Request, category: &str, planned: &[(Uuid, Uuid)]) -> Result<Review, Fault> {
    let mut request = request.clone().ordered();
    for nominee in &mut request.nominees {
        let more = planned.iter().filter(|(id, _)| *id == nominee.application_id).map(|(_, id)| *id);
        nominee.assigned.extend(more);
        nominee.wanted = 0;
    }
    let request = request.ordered();
    let mut round = Round::new(&request, category, &BTreeMap::new());
    let pairs = round.instance.locked.clone();
    let free: Vec<Pair> = planned.iter().filter_map(|pair| round.place(*pair)).collect();
    round.instance.locked.retain(|pair| !free.contains(pair));
    round.instance.unit_cap = 0;
    let merit = merit(&round.instance, &pairs).map_err(too_large)?;
    let further = one_more(&round.instance, &pairs).map_err(too_large)?;
    let links = if merit.components > 1 {
        links(&round.instance, &pairs).map_err(too_large)?.swaps
    } else {
        Vec::new()
    };
    let quality = Quality {
        components: merit.components,
        efficiency: merit.quality.efficiency,
        bound: merit.quality.efficiency_bound,
        share_of_bound: merit.quality.share_of_bound,
        grade: merit.quality.grade().into(),
        pair_square: merit.pair_square,
        pair_square_bound: merit.pair_square_bound,
        cost: round.cost(&pairs),
    };
    let one_more = further
        .and_then(|one| Some(OneMore { pair: round.name(one.pair)?, before: one.before, after: one.after }));
    let links = links.into_iter().filter_map(|swap| {
        Some(Swap { one: round.name(swap.one)?, other: round.name(swap.other)?, dearer: swap.dearer })
    });
    let links = links.collect();
    Ok(Review { quality, one_more, links })
}

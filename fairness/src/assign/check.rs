//! The rules that a plan breaks, whoever made it, and the replacement of parts of it.

use serde::{Deserialize, Serialize};

use super::instance::{AssignmentError, Board, Costs, Instance, Pair};
use super::plan::{Outcome, solve};
use crate::random::SplitMix64;

/// A rule that a plan breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Breach {
    /// A pair of somebody who is not there.
    Unknown(Pair),
    /// A pair that stands more than once.
    Twice(Pair),
    /// A pair that may not be: forbidden, or not among those that come into question.
    Forbidden(Pair),
    /// A locked pair is missing.
    Unlocked(Pair),
    /// An applicant is not visited as often as wanted.
    Visits {
        /// The applicant.
        applicant: usize,
        /// How often the plan has it visited.
        visits: usize,
        /// How often it is to be.
        wanted: usize,
    },
    /// An applicant has more reviewers of one unit than may be.
    UnitCap {
        /// The applicant.
        applicant: usize,
        /// The unit.
        unit: usize,
        /// How many reviewers of the unit visit.
        visits: usize,
    },
    /// A reviewer makes fewer visits than the least.
    Under {
        /// The reviewer.
        reviewer: usize,
        /// The visits.
        load: usize,
        /// The least.
        min_load: usize,
    },
    /// A reviewer makes more visits than may be.
    Over {
        /// The reviewer.
        reviewer: usize,
        /// The visits.
        load: usize,
        /// The most.
        max_load: usize,
    },
}

/// Lists every rule of the instance that a plan breaks: of pairs first, in the order of the plan, then of locks, of applicants
/// and of reviewers. Moves and swaps by hand go through the same rules as the plans that are made here.
///
/// # Errors
/// The [`AssignmentError`] of the instance.
pub fn check(instance: &Instance, pairs: &[Pair]) -> Result<Vec<Breach>, AssignmentError> {
    Ok(instance.board()?.breaches(pairs))
}

/// Plans anew what is to leave a plan: those pairs are forbidden, all others stay. The rest is [`solve`]'s.
///
/// # Errors
/// The [`AssignmentError`] of the instance; [`AssignmentError::Unknown`] where a pair to leave is not of the plan.
pub fn replace(instance: &Instance, pairs: &[Pair], leaving: &[Pair]) -> Result<Outcome, AssignmentError> {
    if let Some(&(applicant, reviewer)) = leaving.iter().find(|pair| !pairs.contains(pair)) {
        return Err(AssignmentError::Unknown { applicant, reviewer });
    }
    let mut instance = instance.clone();
    instance.locked.retain(|pair| !leaving.contains(pair));
    instance.locked.extend(pairs.iter().filter(|pair| !leaving.contains(pair)));
    instance.forbidden.extend(leaving);
    solve(&instance)
}

/// Adds to each cost a whole number from 0 to `rho`, drawn in the order in which the costs stand, so that nobody knows
/// beforehand which of two equal plans is made (FAIRNESS.md, section 6: about 10 % of the median cost).
pub fn add_noise(costs: &mut Costs, rho: u32, seed: u64) {
    let mut random = SplitMix64::new(seed);
    let mut noise = |cost: &mut i64| *cost = cost.saturating_add(random.below(u64::from(rho) + 1) as i64);
    match costs {
        Costs::Dense(rows) => rows.iter_mut().flatten().for_each(noise),
        Costs::Sparse(rows) => rows.iter_mut().flatten().for_each(|(_, cost)| noise(cost)),
    }
}

impl Board<'_> {
    pub fn breaches(&self, pairs: &[Pair]) -> Vec<Breach> {
        let (n, m) = (self.possible.len(), self.instance.reviewers.len());
        let mut breaches = Vec::new();
        let mut visits: Vec<Vec<usize>> = vec![Vec::new(); n];
        let mut loads = vec![0; m];
        for &pair in pairs {
            let (Some(visits), Some(load)) = (visits.get_mut(pair.0), loads.get_mut(pair.1)) else {
                breaches.push(Breach::Unknown(pair));
                continue;
            };
            if visits.contains(&pair.1) {
                breaches.push(Breach::Twice(pair));
                continue;
            }
            visits.push(pair.1);
            *load += 1;
            if self.cost(pair).is_none() {
                breaches.push(Breach::Forbidden(pair));
            }
        }
        for (applicant, (locked, visits)) in self.locked.iter().zip(&visits).enumerate() {
            let missing = locked.iter().filter(|reviewer| !visits.contains(reviewer));
            breaches.extend(missing.map(|reviewer| Breach::Unlocked((applicant, *reviewer))));
        }
        for (applicant, (one, visits)) in self.instance.applicants.iter().zip(&visits).enumerate() {
            if visits.len() != one.visits {
                breaches.push(Breach::Visits { applicant, visits: visits.len(), wanted: one.visits });
            }
            let mut units: Vec<usize> = visits.iter().filter_map(|reviewer| self.unit(*reviewer)).collect();
            units.sort_unstable();
            for of in units.chunk_by(|one, other| one == other) {
                if let Some(&unit) = of.first().filter(|_| self.exceeds(of.len())) {
                    breaches.push(Breach::UnitCap { applicant, unit, visits: of.len() });
                }
            }
        }
        for (reviewer, (one, load)) in self.instance.reviewers.iter().zip(loads).enumerate() {
            if load < one.min_load {
                breaches.push(Breach::Under { reviewer, load, min_load: one.min_load });
            }
            if load > one.max_load {
                breaches.push(Breach::Over { reviewer, load, max_load: one.max_load });
            }
        }
        breaches
    }

    /// Whether so many reviewers of one unit are too many for an applicant.
    fn exceeds(&self, reviewers: usize) -> bool {
        self.instance.unit_cap > 0 && reviewers > self.instance.unit_cap
    }

    /// Whether a reviewer may come to an applicant beside others, as far as units go.
    pub fn fits<'a>(&self, reviewer: usize, mut others: impl Iterator<Item = &'a usize>) -> bool {
        let cap = self.instance.unit_cap;
        let Some(unit) = self.unit(reviewer).filter(|_| cap > 0) else { return true };
        others.by_ref().filter(|other| self.unit(**other) == Some(unit)).take(cap).count() < cap
    }
}

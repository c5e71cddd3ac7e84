//! What is to be assigned, and what may not be.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// An applicant and a reviewer, by their places in the instance.
pub type Pair = (usize, usize);

/// The largest cost of a pair, and the largest weight of loads.
pub const LARGEST_COST: i64 = 1_000_000_000;

/// Who is to be visited how often, who may visit, and what that costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    /// Those who are visited.
    pub applicants: Vec<Applicant>,
    /// Those who visit.
    pub reviewers: Vec<Reviewer>,
    /// What a visit costs (travel, a pair that met before, noise between equals), and which pairs there are.
    pub costs: Costs,
    /// Pairs that may not be. Whoever asks has joined what makes a conflict: own unit ([`Instance::own_unit`]), kin,
    /// interest, last year's pair.
    pub forbidden: Vec<Pair>,
    /// Pairs that are to be.
    pub locked: Vec<Pair>,
    /// How many reviewers of one unit an applicant may have; 0 for any number.
    pub unit_cap: usize,
    /// What the sum of the squares of the loads, those made elsewhere included, weighs against costs, from 0 to
    /// [`LARGEST_COST`].
    pub beta: i64,
}

/// One who is visited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applicant {
    /// The unit; none where it stands for itself.
    pub unit: Option<usize>,
    /// Visits by so many reviewers; 0 for none.
    pub visits: usize,
}

/// One who visits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewer {
    /// The unit; one without is bound by no cap.
    pub unit: Option<usize>,
    /// Visits at least.
    pub min_load: usize,
    /// Visits at most.
    pub max_load: usize,
    /// Visits made elsewhere, up to [`LARGEST_COST`]: what these add to them weighs as if they came first.
    #[serde(default)]
    pub base_load: usize,
}

/// What visits cost, from 0 to [`LARGEST_COST`] each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Costs {
    /// For each applicant the cost of each reviewer.
    Dense(Vec<Vec<i64>>),
    /// For each applicant the reviewers that come into question, each once and in any order, with their costs. No
    /// other pair is possible.
    Sparse(Vec<Vec<(usize, i64)>>),
}

/// Why an instance, or a plan for it, cannot be worked with. Applicants and reviewers are named by their places.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssignmentError {
    /// Not one list of costs for each applicant.
    #[error("{found} lists of costs for {expected} applicants")]
    CostLists {
        /// How many there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// Not one cost for each reviewer.
    #[error("applicant {applicant} has {found} costs for {expected} reviewers")]
    CostCount {
        /// The applicant.
        applicant: usize,
        /// How many costs there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// A cost below 0 or above [`LARGEST_COST`].
    #[error("the pair of applicant {applicant} and reviewer {reviewer} costs {cost}")]
    Cost {
        /// The applicant.
        applicant: usize,
        /// The reviewer.
        reviewer: usize,
        /// The cost.
        cost: i64,
    },
    /// A reviewer twice in the list of one applicant.
    #[error("applicant {applicant} has reviewer {reviewer} twice")]
    Twice {
        /// The applicant.
        applicant: usize,
        /// The reviewer.
        reviewer: usize,
    },
    /// A pair of somebody who is not there.
    #[error("there is no pair of applicant {applicant} and reviewer {reviewer}")]
    Unknown {
        /// The applicant.
        applicant: usize,
        /// The reviewer.
        reviewer: usize,
    },
    /// A locked pair has no cost: it is not among those that come into question.
    #[error("the locked pair of applicant {applicant} and reviewer {reviewer} has no cost")]
    LockedWithoutCost {
        /// The applicant.
        applicant: usize,
        /// The reviewer.
        reviewer: usize,
    },
    /// A reviewer is to visit more often than they may.
    #[error("reviewer {reviewer} is to make {min_load} visits at least and {max_load} at most")]
    Loads {
        /// The reviewer.
        reviewer: usize,
        /// At least.
        min_load: usize,
        /// At most.
        max_load: usize,
    },
    /// A weight of loads below 0 or above [`LARGEST_COST`].
    #[error("loads weigh {beta}")]
    Beta {
        /// The weight.
        beta: i64,
    },
    /// More, or dearer, than whole numbers of 64 bits can add up.
    #[error("the instance is too large to be added up in 64 bits")]
    TooLarge,
    /// A plan breaks rules that no part of it may break before it is worked on.
    #[error("the plan breaks {broken} rules")]
    PlanBroken {
        /// How many; [`super::check`] lists them.
        broken: usize,
    },
    /// A share of the cost is not a number, below 0, or above 1,000.
    #[error("the allowance is no share of the cost")]
    Allowance,
}

/// An instance that has been looked through: the possible pairs of each applicant by reviewer.
#[derive(Clone, Debug)]
pub(super) struct Board<'a> {
    pub instance: &'a Instance,
    /// For each applicant the reviewers that may visit, ascending, with the cost.
    pub possible: Vec<Vec<(u32, i64)>>,
    /// For each applicant the locked reviewers, ascending.
    pub locked: Vec<Vec<usize>>,
    /// All visits that are wanted.
    pub demand: usize,
    /// The largest cost of one more visit, its load included.
    pub dearest: i64,
}

impl Instance {
    /// The pairs in which both are of one unit, ascending: conflicts that can be seen from the instance itself. They are
    /// not forbidden unless they are listed so.
    #[must_use]
    pub fn own_unit(&self) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for (a, applicant) in self.applicants.iter().enumerate() {
            for (r, reviewer) in self.reviewers.iter().enumerate() {
                if applicant.unit.is_some() && applicant.unit == reviewer.unit {
                    pairs.push((a, r));
                }
            }
        }
        pairs
    }

    /// Looks through the whole instance.
    pub(super) fn board(&self) -> Result<Board<'_>, AssignmentError> {
        let (n, m) = (self.applicants.len(), self.reviewers.len());
        for (reviewer, &Reviewer { min_load, max_load, .. }) in self.reviewers.iter().enumerate() {
            if min_load > max_load {
                return Err(AssignmentError::Loads { reviewer, min_load, max_load });
            }
        }
        if !(0..=LARGEST_COST).contains(&self.beta) {
            return Err(AssignmentError::Beta { beta: self.beta });
        }
        let forbidden = self.lists(&self.forbidden)?;
        let locked = self.lists(&self.locked)?;
        let mut possible = self.costs.rows(n, m)?;
        for (applicant, row) in possible.iter_mut().enumerate() {
            for &reviewer in locked.get(applicant).into_iter().flatten() {
                if find(row, reviewer).is_none() {
                    return Err(AssignmentError::LockedWithoutCost { applicant, reviewer });
                }
            }
            if let Some(forbidden) = forbidden.get(applicant) {
                row.retain(|&(reviewer, _)| forbidden.binary_search(&(reviewer as usize)).is_err());
            }
        }
        let demand = self.applicants.iter().try_fold(0_usize, |sum, one| sum.checked_add(one.visits));
        let demand = demand.filter(|demand| *demand <= i32::MAX as usize).ok_or(AssignmentError::TooLarge)?;
        let costs = possible.iter().flatten().map(|&(_, cost)| cost).max().unwrap_or(0);
        // The last of so many visits of one reviewer costs beta * (2 n - 1) more than without it.
        let most = |reviewer: &Reviewer| {
            let base = i64::try_from(reviewer.base_load).ok().filter(|base| *base <= LARGEST_COST)?;
            Some(base + i64::try_from(reviewer.max_load.min(n)).ok()?)
        };
        let load = self.reviewers.iter().try_fold(0, |load, one| Some(most(one)?.max(load)));
        let dearest = load.and_then(|load| self.beta.checked_mul(2 * load));
        let dearest = dearest.and_then(|load| load.checked_add(costs)).ok_or(AssignmentError::TooLarge)?;
        Ok(Board { instance: self, possible, locked, demand, dearest })
    }

    /// Pairs by applicant, each list ascending and without repetition.
    fn lists(&self, pairs: &[Pair]) -> Result<Vec<Vec<usize>>, AssignmentError> {
        let mut lists = vec![Vec::new(); self.applicants.len()];
        for &(applicant, reviewer) in pairs {
            match lists.get_mut(applicant) {
                Some(list) if reviewer < self.reviewers.len() => list.push(reviewer),
                _ => return Err(AssignmentError::Unknown { applicant, reviewer }),
            }
        }
        for list in &mut lists {
            list.sort_unstable();
            list.dedup();
        }
        Ok(lists)
    }
}

impl Costs {
    /// For each applicant the reviewers and costs, ascending.
    fn rows(&self, n: usize, m: usize) -> Result<Vec<Vec<(u32, i64)>>, AssignmentError> {
        let found = match self {
            Self::Dense(rows) => rows.len(),
            Self::Sparse(rows) => rows.len(),
        };
        if found != n {
            return Err(AssignmentError::CostLists { found, expected: n });
        }
        if u32::try_from(n).is_err() || u32::try_from(m).is_err() {
            return Err(AssignmentError::TooLarge);
        }
        let mut rows: Vec<Vec<(u32, i64)>> = match self {
            Self::Dense(rows) => {
                if let Some((applicant, row)) = rows.iter().enumerate().find(|(_, row)| row.len() != m) {
                    return Err(AssignmentError::CostCount { applicant, found: row.len(), expected: m });
                }
                rows.iter().map(|row| (0..).zip(row.iter().copied()).collect()).collect()
            }
            Self::Sparse(rows) => {
                for (applicant, row) in rows.iter().enumerate() {
                    if let Some(&(reviewer, _)) = row.iter().find(|(reviewer, _)| *reviewer >= m) {
                        return Err(AssignmentError::Unknown { applicant, reviewer });
                    }
                }
                rows.iter().map(|row| row.iter().map(|&(r, cost)| (r as u32, cost)).collect()).collect()
            }
        };
        for (applicant, row) in rows.iter_mut().enumerate() {
            row.sort_unstable();
            if let Some(&[(reviewer, _), _]) = row.array_windows().find(|[one, other]| one.0 == other.0) {
                return Err(AssignmentError::Twice { applicant, reviewer: reviewer as usize });
            }
            if let Some(&(reviewer, cost)) = row.iter().find(|(_, cost)| !(0..=LARGEST_COST).contains(cost)) {
                return Err(AssignmentError::Cost { applicant, reviewer: reviewer as usize, cost });
            }
        }
        Ok(rows)
    }
}

/// The cost of a reviewer in an ascending list.
pub(super) fn find(row: &[(u32, i64)], reviewer: usize) -> Option<i64> {
    let place = row.binary_search_by_key(&reviewer, |&(reviewer, _)| reviewer as usize).ok()?;
    row.get(place).map(|&(_, cost)| cost)
}

impl Board<'_> {
    /// What a visit costs; none where it may not be.
    pub fn cost(&self, (applicant, reviewer): Pair) -> Option<i64> {
        find(self.possible.get(applicant)?, reviewer)
    }

    /// The reviewer's unit.
    pub fn unit(&self, reviewer: usize) -> Option<usize> {
        self.instance.reviewers.get(reviewer).and_then(|one| one.unit)
    }

    /// Whether the pair is to stay.
    pub fn is_locked(&self, (applicant, reviewer): Pair) -> bool {
        self.locked.get(applicant).is_some_and(|locked| locked.binary_search(&reviewer).is_ok())
    }
}

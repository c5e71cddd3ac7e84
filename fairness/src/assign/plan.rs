//! The cheapest plan, or why there is none.

use serde::{Deserialize, Serialize};

use super::instance::{AssignmentError, Board, Instance, Pair};
use super::network::{Aim, Network};

/// Who visits whom, and what it costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The pairs, ascending by applicant, then reviewer.
    pub pairs: Vec<Pair>,
    /// The visits of each reviewer.
    pub loads: Vec<usize>,
    /// The costs of the pairs, added up.
    pub cost: i64,
    /// The squares of the loads, added up: what they add to the squares of the loads made elsewhere.
    pub load_square: i64,
    /// `cost + beta * load_square`.
    pub objective: i64,
}

/// What came of an instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A plan that keeps every rule, at the least objective.
    Feasible(Plan),
    /// No plan keeps every rule.
    Infeasible(Box<Shortage>),
}

/// Why no plan keeps every rule, and what comes nearest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortage {
    /// As many visits as can be; of such plans one that keeps as many locks as can be kept; of these one with the least
    /// objective. Least loads have no say.
    pub plan: Plan,
    /// The visits that are wanted and not made.
    pub shortfall: usize,
    /// Whom they are missing, ascending.
    pub short: Vec<Short>,
    /// Why visits are missing, if any are.
    pub cut: Option<Cut>,
    /// Locked pairs that the plan does not keep, ascending.
    pub unlocked: Vec<Pair>,
    /// Reviewers who stay below their least loads in this plan, ascending.
    pub below: Vec<usize>,
    /// Why least loads cannot be reached, where they cannot even if applicants and locks are left aside.
    pub idle: Option<Cut>,
}

/// An applicant who does not get all visits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Short {
    /// The applicant.
    pub applicant: usize,
    /// How many visits are missing.
    pub missing: usize,
    /// The reviewers who may visit, ascending.
    pub reviewers: Vec<usize>,
}

/// A smallest cut: what is wanted of, or by, these cannot pass between them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// Applicants, ascending: those who compete for visits, or all whom the idle reviewers may visit.
    pub applicants: Vec<usize>,
    /// Reviewers, ascending: all who may visit one of these applicants, or those who compete for visits.
    pub reviewers: Vec<usize>,
    /// The visits that these applicants want, or that these reviewers are to make at least.
    pub wanted: usize,
    /// The visits that these reviewers can make at most at these applicants.
    pub possible: usize,
}

/// Finds the plan with the least objective (FAIRNESS.md, section 6, stage 1): the sum of the costs plus `beta` times the
/// sum of the squared loads, each applicant visited as often as wanted, least and largest loads, forbidden and locked
/// pairs and the cap on units kept. The objective is unique; the plan follows from the instance alone.
///
/// # Errors
/// The [`AssignmentError`] of the instance.
pub fn solve(instance: &Instance) -> Result<Outcome, AssignmentError> {
    let board = instance.board()?;
    board.solve()
}

impl Board<'_> {
    pub fn solve(&self) -> Result<Outcome, AssignmentError> {
        if self.locked_within_possible() {
            let network = Network::solved(self, Aim::Plan)?;
            if network.is_met() {
                return Ok(Outcome::Feasible(self.plan(network.pairs())));
            }
        }
        Ok(Outcome::Infeasible(Box::new(self.shortage()?)))
    }

    /// Whether no locked pair is forbidden.
    fn locked_within_possible(&self) -> bool {
        let mut pairs =
            self.locked.iter().enumerate().flat_map(|(a, locked)| locked.iter().map(move |r| (a, *r)));
        pairs.all(|pair| self.cost(pair).is_some())
    }

    /// The plan of ascending pairs that are all possible.
    pub fn plan(&self, pairs: Vec<Pair>) -> Plan {
        let mut loads = vec![0; self.instance.reviewers.len()];
        let mut cost = 0;
        for pair in &pairs {
            cost += self.cost(*pair).unwrap_or_default();
            if let Some(load) = loads.get_mut(pair.1) {
                *load += 1;
            }
        }
        let base = self.instance.reviewers.iter().map(|reviewer| reviewer.base_load);
        let load_square = loads.iter().zip(base).map(|(load, base)| (load * (load + 2 * base)) as i64).sum();
        Plan { pairs, loads, cost, load_square, objective: cost + self.instance.beta * load_square }
    }

    fn shortage(&self) -> Result<Shortage, AssignmentError> {
        let network = Network::solved(self, Aim::Coverage)?;
        let plan = self.plan(network.pairs());
        let mut visits = vec![0; self.possible.len()];
        for &(applicant, _) in &plan.pairs {
            if let Some(visits) = visits.get_mut(applicant) {
                *visits += 1;
            }
        }
        let wanted = self.instance.applicants.iter().map(|applicant| applicant.visits);
        let rows = wanted.zip(visits).zip(&self.possible).enumerate();
        let short: Vec<Short> = rows
            .filter(|(_, ((wanted, visits), _))| visits < wanted)
            .map(|(applicant, ((wanted, visits), row))| Short {
                applicant,
                missing: wanted - visits,
                reviewers: row.iter().map(|&(reviewer, _)| reviewer as usize).collect(),
            })
            .collect();
        let shortfall = self.demand - plan.pairs.len();
        let cut = (shortfall > 0).then(|| self.cut(network.starved(), shortfall));
        let locked =
            self.locked.iter().enumerate().flat_map(|(a, locked)| locked.iter().map(move |r| (a, *r)));
        let unlocked = locked.filter(|pair| plan.pairs.binary_search(pair).is_err()).collect();
        let least = self.instance.reviewers.iter().map(|reviewer| reviewer.min_load);
        let below: Vec<usize> = plan
            .loads
            .iter()
            .zip(least)
            .enumerate()
            .filter(|(_, (load, least))| *load < least)
            .map(|(r, _)| r)
            .collect();
        let idle = if below.is_empty() { None } else { self.idle()? };
        Ok(Shortage { plan, shortfall, short, cut, unlocked, below, idle })
    }

    /// The cut before applicants who want more than can come to them.
    fn cut(&self, applicants: Vec<usize>, shortfall: usize) -> Cut {
        let wanted =
            applicants.iter().filter_map(|a| self.instance.applicants.get(*a)).map(|one| one.visits).sum();
        let mut reviewers: Vec<usize> = applicants
            .iter()
            .filter_map(|a| self.possible.get(*a))
            .flatten()
            .map(|&(reviewer, _)| reviewer as usize)
            .collect();
        reviewers.sort_unstable();
        reviewers.dedup();
        Cut { applicants, reviewers, wanted, possible: wanted - shortfall }
    }

    /// The cut behind reviewers who are to make more visits than they can.
    fn idle(&self) -> Result<Option<Cut>, AssignmentError> {
        let network = Network::solved(self, Aim::Minima)?;
        if network.is_met() {
            return Ok(None);
        }
        let (reviewers, possible) = network.idle();
        let wanted =
            reviewers.iter().filter_map(|r| self.instance.reviewers.get(*r)).map(|one| one.min_load).sum();
        let meets = |row: &[(u32, i64)]| reviewers.iter().any(|r| super::instance::find(row, *r).is_some());
        let applicants = (0..).zip(&self.possible).filter(|(_, row)| meets(row)).map(|(a, _)| a).collect();
        Ok(Some(Cut { applicants, reviewers, wanted, possible }))
    }
}

//! Swaps that let reviewers meet as many different colleagues as can be (FAIRNESS.md, section 6, stage 2).
#![expect(
    clippy::indexing_slicing,
    reason = "plans have been checked, so that applicants and reviewers are of the board"
)]

use serde::{Deserialize, Serialize};

use super::instance::{AssignmentError, Board, Instance, Pair};
use super::links::{Links, Swap};
use super::plan::Plan;
use crate::design::{Design, MOST_REVIEWERS, Quality};
use crate::random::SplitMix64;

/// Swaps tried for each visit.
const TRIES: usize = 200;

/// A plan by which reviewers can be compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Balanced {
    /// The plan, with the loads of the plan from which it came.
    pub plan: Plan,
    /// What its pairs may cost.
    pub budget: i64,
    /// What it is worth.
    pub merit: Merit,
    /// Swaps that were forced, whatever they cost, because parts hung apart.
    pub forced: Vec<Swap>,
    /// Whether all hangs together now. [`super::links`] says why not.
    pub connected: bool,
}

/// How well a plan mixes reviewers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Merit {
    /// In how many parts it falls.
    pub components: usize,
    /// How much it can tell about the differences between its reviewers.
    pub quality: Quality,
    /// The squares of how many applicants two reviewers have in common, added up over pairs of reviewers.
    pub pair_square: i64,
    /// What `pair_square` cannot be below: all pairs alike.
    pub pair_square_bound: i64,
}

/// Swaps reviewers between applicants as long as `pair_square` falls, or stays at no higher cost, and costs stay within
/// `1 + allowance` times those of the plan, 200 seeded tries for each visit. Loads stay as they are. Where parts hang apart in
/// the end, the cheapest swaps that link them are made, whatever they cost.
///
/// # Errors
/// The [`AssignmentError`] of the instance; [`AssignmentError::PlanBroken`] where the plan is none of the instance; [`AssignmentError::Allowance`] where that
/// is not within 0 and 1,000.
pub fn balance(
    instance: &Instance,
    pairs: &[Pair],
    allowance: f64,
    seed: u64,
) -> Result<Balanced, AssignmentError> {
    if !(0.0..=1_000.0).contains(&allowance) {
        return Err(AssignmentError::Allowance);
    }
    let board = instance.board()?;
    let mut table = Table::new(&board, pairs)?;
    let budget = table.cost.saturating_add((table.cost as f64 * allowance).floor() as i64);
    let mut random = SplitMix64::new(seed);
    let visits = table.visits.len() as u64;
    for _ in 0..TRIES * table.visits.len() {
        table.attempt(random.below(visits) as usize, random.below(visits) as usize, budget);
    }
    let Links { swaps, pairs, stuck } = board.links(table.visits)?;
    let merit = board.merit(&pairs)?;
    Ok(Balanced { plan: board.plan(pairs), budget, merit, forced: swaps, connected: stuck.is_none() })
}

/// What a plan is worth.
///
/// # Errors
/// The [`AssignmentError`] of the instance; [`AssignmentError::Unknown`] or [`AssignmentError::Twice`] where a pair is nobody's or stands twice.
pub fn merit(instance: &Instance, pairs: &[Pair]) -> Result<Merit, AssignmentError> {
    instance.board()?.merit(pairs)
}

impl Board<'_> {
    fn merit(&self, pairs: &[Pair]) -> Result<Merit, AssignmentError> {
        let design = self.design(pairs)?;
        // A design of a bounded size always has its eigenvalues.
        let quality = design.quality().ok_or(AssignmentError::TooLarge)?;
        let (common, meetings) = common(self, pairs);
        let pair_square = common.iter().map(|times| i64::from(*times) * i64::from(*times)).sum::<i64>() / 2;
        let m = self.instance.reviewers.len() as i64;
        let of_two = m * (m - 1) / 2;
        // So many meetings, spread over all pairs as evenly as whole numbers can be.
        let (each, more) =
            (meetings.checked_div(of_two).unwrap_or(0), meetings.checked_rem(of_two).unwrap_or(0));
        let pair_square_bound = (of_two - more) * each * each + more * (each + 1) * (each + 1);
        Ok(Merit { components: design.components, quality, pair_square, pair_square_bound })
    }

    /// Who visits whom by these pairs.
    pub fn design(&self, pairs: &[Pair]) -> Result<Design, AssignmentError> {
        let (applicants, reviewers) = (self.possible.len(), self.instance.reviewers.len());
        if reviewers > MOST_REVIEWERS {
            return Err(AssignmentError::TooLarge);
        }
        if let Some(&(applicant, reviewer)) =
            pairs.iter().find(|pair| pair.0 >= applicants || pair.1 >= reviewers)
        {
            return Err(AssignmentError::Unknown { applicant, reviewer });
        }
        let mut sorted = pairs.to_vec();
        sorted.sort_unstable();
        if let Some(&[(applicant, reviewer), _]) = sorted.array_windows().find(|[one, other]| one == other) {
            return Err(AssignmentError::Twice { applicant, reviewer });
        }
        Ok(Design::of(applicants, reviewers, sorted))
    }
}

/// How many applicants two reviewers have in common, row by row and in both orders, and the sum over pairs.
fn common(board: &Board, pairs: &[Pair]) -> (Vec<u32>, i64) {
    let m = board.instance.reviewers.len();
    let (mut common, mut meetings) = (vec![0; m * m], 0);
    let mut of = vec![Vec::new(); board.possible.len()];
    for &(applicant, reviewer) in pairs {
        for &other in &of[applicant] {
            let other: usize = other;
            common[other * m + reviewer] += 1;
            common[reviewer * m + other] += 1;
            meetings += 1;
        }
        of[applicant].push(reviewer);
    }
    (common, meetings)
}

/// A plan in the making.
struct Table<'a> {
    board: &'a Board<'a>,
    visits: Vec<Pair>,
    /// The reviewers of each applicant.
    of: Vec<Vec<usize>>,
    common: Vec<u32>,
    cost: i64,
}

impl<'a> Table<'a> {
    fn new(board: &'a Board<'a>, pairs: &[Pair]) -> Result<Self, AssignmentError> {
        let broken = board.breaches(pairs).len();
        if broken > 0 {
            return Err(AssignmentError::PlanBroken { broken });
        }
        board.design(pairs)?;
        let mut of = vec![Vec::new(); board.possible.len()];
        for &(applicant, reviewer) in pairs {
            of[applicant].push(reviewer);
        }
        let cost = pairs.iter().filter_map(|pair| board.cost(*pair)).sum();
        let mut visits = pairs.to_vec();
        visits.sort_unstable();
        Ok(Self { board, of, common: common(board, pairs).0, cost, visits })
    }

    /// Makes two visits' reviewers change places if that is allowed and good.
    fn attempt(&mut self, one: usize, other: usize, budget: i64) {
        let ((a, r), (b, s)) = (self.visits[one], self.visits[other]);
        if a == b || r == s || self.of[a].contains(&s) || self.of[b].contains(&r) {
            return;
        }
        let board = self.board;
        let (Some(to_a), Some(to_b)) = (board.cost((a, s)), board.cost((b, r))) else { return };
        let now = board.cost((a, r)).unwrap_or_default() + board.cost((b, s)).unwrap_or_default();
        let dearer = to_a + to_b - now;
        if self.cost + dearer > budget || board.is_locked((a, r)) || board.is_locked((b, s)) {
            return;
        }
        if !board.fits(s, self.others(a, r)) || !board.fits(r, self.others(b, s)) {
            return;
        }
        let change = self.meet(a, r, s) + self.meet(b, s, r);
        if change < 0 || (change == 0 && dearer <= 0) {
            self.cost += dearer;
            (self.visits[one].1, self.visits[other].1) = (s, r);
            for (applicant, from, to) in [(a, r, s), (b, s, r)] {
                self.of[applicant].iter_mut().filter(|one| **one == from).for_each(|one| *one = to);
            }
        } else {
            self.meet(b, r, s);
            self.meet(a, s, r);
        }
    }

    fn others(&self, applicant: usize, reviewer: usize) -> impl Iterator<Item = &usize> {
        self.of[applicant].iter().filter(move |other| **other != reviewer)
    }

    /// Counts `to` in the place of `from`; answers the change of `pair_square`.
    fn meet(&mut self, applicant: usize, from: usize, to: usize) -> i64 {
        let m = self.board.instance.reviewers.len();
        let mut change = 0;
        for &other in &self.of[applicant] {
            if other == from || other == to {
                continue;
            }
            let less = i64::from(self.common[from * m + other]);
            let more = i64::from(self.common[to * m + other]);
            change += 2 * more + 1 - (2 * less - 1);
            self.common[from * m + other] -= 1;
            self.common[other * m + from] -= 1;
            self.common[to * m + other] += 1;
            self.common[other * m + to] += 1;
        }
        change
    }
}

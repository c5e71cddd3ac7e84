//! The cheapest swaps that make one design of teams that hang apart.
#![expect(
    clippy::indexing_slicing,
    reason = "plans have been checked, so that applicants and reviewers are of the board"
)]

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::instance::{AssignmentError, Board, Instance, Pair};

/// Two visits whose reviewers change places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swap {
    /// One visit before the swap.
    pub one: Pair,
    /// The other, in another part.
    pub other: Pair,
    /// What the plan costs more with it; negative where it costs less.
    pub dearer: i64,
}

/// What links the parts of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Links {
    /// The swaps in their order, each the cheapest that links two parts of the plan with those before it; none where all hangs
    /// together.
    pub swaps: Vec<Swap>,
    /// The plan with them, ascending.
    pub pairs: Vec<Pair>,
    /// Why parts still hang apart, if they do.
    pub stuck: Option<Stuck>,
}

/// Parts that no swap links, and what stands in the way of sending a reviewer to an applicant of another part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stuck {
    /// How many parts there are.
    pub components: usize,
    /// Visits whose reviewer could be replaced by one of another part, but for these: locked visits.
    pub locked: usize,
    /// Replacements that are forbidden or do not come into question.
    pub forbidden: usize,
    /// Replacements by one too many of a unit.
    pub capped: usize,
    /// Replacements that are allowed, but have no counterpart, or cut off as much as they link: applicants with one visit.
    pub unmatched: usize,
}

/// Proposes the cheapest swaps that link all parts of a plan: loads stay, and all rules are kept.
///
/// # Errors
/// The [`AssignmentError`] of the instance; [`AssignmentError::PlanBroken`] where the plan is none of the instance.
pub fn links(instance: &Instance, pairs: &[Pair]) -> Result<Links, AssignmentError> {
    let board = instance.board()?;
    let broken = board.breaches(pairs).len();
    if broken > 0 {
        return Err(AssignmentError::PlanBroken { broken });
    }
    board.links(pairs.to_vec())
}

/// The cheapest replacements of a reviewer by another: among visits that hold nothing together, and among all.
#[derive(Clone, Copy, Debug, Default)]
struct Cheapest {
    loose: Option<(i64, Pair)>,
    any: Option<(i64, Pair)>,
}

impl Board<'_> {
    pub fn links(&self, mut pairs: Vec<Pair>) -> Result<Links, AssignmentError> {
        pairs.sort_unstable();
        let mut swaps = Vec::new();
        loop {
            let design = self.design(&pairs)?;
            if design.components <= 1 {
                return Ok(Links { swaps, pairs, stuck: None });
            }
            let (moves, mut stuck) = self.moves(&pairs, &design.reviewer_component);
            let found = moves.iter().filter_map(|(&(r, s), there)| {
                let back = moves.get(&(s, r)).filter(|_| r < s)?;
                let sum = |one: Option<(i64, Pair)>, other: Option<(i64, Pair)>| {
                    one.zip(other).map(|(one, other)| Swap {
                        one: one.1,
                        other: other.1,
                        dearer: one.0 + other.0,
                    })
                };
                let swaps = [sum(there.loose, back.any), sum(there.any, back.loose)];
                swaps.into_iter().flatten().min_by_key(|swap| (swap.dearer, swap.one, swap.other))
            });
            let Some(swap) = found.min_by_key(|swap| (swap.dearer, swap.one, swap.other)) else {
                stuck.components = design.components;
                return Ok(Links { swaps, pairs, stuck: Some(stuck) });
            };
            for pair in &mut pairs {
                if *pair == swap.one {
                    pair.1 = swap.other.1;
                } else if *pair == swap.other {
                    pair.1 = swap.one.1;
                }
            }
            pairs.sort_unstable();
            swaps.push(swap);
        }
    }

    /// For each two reviewers of different parts the cheapest replacements of the first by the second, and what forbids others.
    fn moves(&self, pairs: &[Pair], part: &[Option<usize>]) -> (BTreeMap<(usize, usize), Cheapest>, Stuck) {
        let mut moves: BTreeMap<(usize, usize), Cheapest> = BTreeMap::new();
        let mut stuck = Stuck::default();
        let bridges = self.bridges(pairs);
        for (of, bridges) in pairs.chunk_by(|one, other| one.0 == other.0).zip(bridges) {
            let reviewers: Vec<usize> = of.iter().map(|pair| pair.1).collect();
            for (&(a, r), bridge) in of.iter().zip(bridges) {
                let now = self.cost((a, r)).unwrap_or_default();
                let elsewhere = part.iter().filter(|other| other.is_some() && **other != part[r]).count();
                if self.is_locked((a, r)) {
                    stuck.locked += elsewhere;
                    continue;
                }
                stuck.forbidden += elsewhere;
                for &(s, cost) in &self.possible[a] {
                    let s = s as usize;
                    if part[s].is_none() || part[s] == part[r] {
                        continue;
                    }
                    stuck.forbidden -= 1;
                    if !self.fits(s, reviewers.iter().filter(|other| **other != r)) {
                        stuck.capped += 1;
                        continue;
                    }
                    stuck.unmatched += 1;
                    let best = moves.entry((r, s)).or_default();
                    let found = Some((cost - now, (a, r)));
                    let cheaper = |held: Option<(i64, Pair)>| held.is_none_or(|held| Some(held) > found);
                    if cheaper(best.any) {
                        best.any = found;
                    }
                    if !bridge && cheaper(best.loose) {
                        best.loose = found;
                    }
                }
            }
        }
        (moves, stuck)
    }

    /// For each applicant of a sorted plan which of its visits alone hold two halves of a part together (Tarjan 1974).
    fn bridges(&self, pairs: &[Pair]) -> Vec<Vec<bool>> {
        let (n, m) = (self.possible.len(), self.instance.reviewers.len());
        let mut near: Vec<Vec<(usize, usize)>> = vec![Vec::new(); n + m];
        for (edge, &(applicant, reviewer)) in pairs.iter().enumerate() {
            near[applicant].push((n + reviewer, edge));
            near[n + reviewer].push((applicant, edge));
        }
        let mut bridge = vec![false; pairs.len()];
        let (mut order, mut low) = (vec![0; n + m], vec![0; n + m]);
        let mut count = 0;
        for root in 0..n {
            if order[root] > 0 {
                continue;
            }
            // Nodes on the way from the root: by which edge they were reached, and which of their edges is next.
            let mut way = vec![(root, usize::MAX, 0)];
            while let Some(&mut (node, by, ref mut next)) = way.last_mut() {
                if *next == 0 {
                    count += 1;
                    (order[node], low[node]) = (count, count);
                }
                if let Some(&(other, edge)) = near[node].get(*next) {
                    *next += 1;
                    if edge == by {
                        continue;
                    }
                    if order[other] == 0 {
                        way.push((other, edge, 0));
                    } else {
                        low[node] = low[node].min(order[other]);
                    }
                    continue;
                }
                way.pop();
                if let Some(&(above, _, _)) = way.last() {
                    low[above] = low[above].min(low[node]);
                    bridge[by] = low[node] > order[above];
                }
            }
        }
        let rows = pairs.chunk_by(|one, other| one.0 == other.0);
        let mut bridge = bridge.into_iter();
        rows.map(|row| bridge.by_ref().take(row.len()).collect()).collect()
    }
}

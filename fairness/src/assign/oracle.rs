//! Two slow ways to the same optimum, for tests alone: a plain primal-dual flow, and every plan there is.

use super::check::Breach;
use super::{Instance, Pair, check};

/// What a lock and a least load are worth, each more than any path.
const LOCK: i64 = 1_000_000_000;
const LEAST: i64 = 10_000_000;

struct Arc {
    head: usize,
    room: i64,
    cost: i64,
}

#[derive(Default)]
struct Graph {
    arcs: Vec<Arc>,
    out: Vec<Vec<usize>>,
}

impl Graph {
    fn add(&mut self, tail: usize, head: usize, room: i64, cost: i64) -> usize {
        self.out.resize_with(self.out.len().max(tail.max(head) + 1), Vec::new);
        self.out[tail].push(self.arcs.len());
        self.out[head].push(self.arcs.len() + 1);
        self.arcs.push(Arc { head, room, cost });
        self.arcs.push(Arc { head: tail, room: 0, cost: -cost });
        self.arcs.len() - 2
    }

    /// Successive shortest paths by Bellman and Ford: as much as can be, at the least cost. There is no negative cycle to
    /// begin with, as the network is in layers.
    fn flow(&mut self, from: usize, to: usize) {
        loop {
            let mut reached: Vec<Option<(i64, usize)>> = vec![None; self.out.len()];
            reached[from] = Some((0, usize::MAX));
            let mut changed = true;
            while changed {
                changed = false;
                for node in 0..self.out.len() {
                    let Some((distance, _)) = reached[node] else { continue };
                    for &number in &self.out[node] {
                        let arc = &self.arcs[number];
                        let there = distance + arc.cost;
                        if arc.room > 0 && reached[arc.head].is_none_or(|(held, _)| there < held) {
                            reached[arc.head] = Some((there, number));
                            changed = true;
                        }
                    }
                }
            }
            if reached[to].is_none() {
                return;
            }
            let mut node = to;
            while node != from {
                let by = reached[node].unwrap().1;
                self.arcs[by].room -= 1;
                self.arcs[by ^ 1].room += 1;
                node = self.arcs[by ^ 1].head;
            }
        }
    }
}

/// The pairs of an optimum by the network of FAIRNESS.md, section 6, as it is written there.
pub(super) fn primal_dual(instance: &Instance, minima: bool) -> Vec<Pair> {
    let board = instance.board().unwrap();
    let (n, m) = (instance.applicants.len(), instance.reviewers.len());
    let (source, sink) = (0, 1);
    let mut graph = Graph::default();
    graph.add(source, sink, 0, 0);
    for (r, reviewer) in instance.reviewers.iter().enumerate() {
        for t in 1..=reviewer.max_load.min(n) {
            let least = if minima && t <= reviewer.min_load { LEAST } else { 0 };
            let load = (reviewer.base_load + t) as i64;
            graph.add(source, 2 + r, 1, instance.beta * (2 * load - 1) - least);
        }
    }
    let mut arcs = Vec::new();
    let mut next = 2 + m + n;
    for (a, applicant) in instance.applicants.iter().enumerate() {
        let mut units: Vec<(usize, usize)> = Vec::new();
        for &(r, cost) in &board.possible[a] {
            let r = r as usize;
            let door = match instance.reviewers[r].unit.filter(|_| instance.unit_cap > 0) {
                None => 2 + m + a,
                Some(unit) => {
                    let held = units.iter().find(|held| held.0 == unit).map(|held| held.1);
                    held.unwrap_or_else(|| {
                        units.push((unit, next));
                        graph.add(next, 2 + m + a, instance.unit_cap as i64, 0);
                        next += 1;
                        next - 1
                    })
                }
            };
            let lock = if board.is_locked((a, r)) { LOCK } else { 0 };
            arcs.push(((a, r), graph.add(2 + r, door, 1, cost - lock)));
        }
        graph.add(2 + m + a, sink, applicant.visits as i64, 0);
    }
    graph.flow(source, sink);
    let used = arcs.into_iter().filter(|(_, arc)| graph.arcs[*arc].room == 0);
    used.map(|(pair, _)| pair).collect()
}

/// The least objective of a plan that keeps every rule, and (visits, locks kept, objective) of the best plan without least loads.
pub(super) fn every_plan(instance: &Instance) -> (Option<i64>, (usize, usize, i64)) {
    let board = instance.board().unwrap();
    let all: Vec<Pair> = (0..instance.applicants.len())
        .flat_map(|a| board.possible[a].iter().map(move |&(r, _)| (a, r as usize)))
        .collect();
    assert!(all.len() <= 16, "too many plans");
    let (mut feasible, mut best) = (None, None);
    for chosen in 0_u32..1 << all.len() {
        let pairs: Vec<Pair> =
            (0..all.len()).filter(|bit| chosen >> bit & 1 == 1).map(|bit| all[bit]).collect();
        let breaches = check(instance, &pairs).unwrap();
        let plan = board.plan(pairs);
        if breaches.is_empty() {
            feasible = Some(feasible.map_or(plan.objective, |held: i64| held.min(plan.objective)));
        }
        let tolerable = breaches.iter().all(|breach| match breach {
            Breach::Visits { visits, wanted, .. } => visits < wanted,
            Breach::Unlocked(_) | Breach::Under { .. } => true,
            Breach::Unknown(_) | Breach::Twice(_) | Breach::Forbidden(_) => false,
            Breach::UnitCap { .. } | Breach::Over { .. } => false,
        });
        if tolerable {
            let unlocked = breaches.iter().filter(|breach| matches!(breach, Breach::Unlocked(_))).count();
            let locks = board.locked.iter().map(Vec::len).sum::<usize>() - unlocked;
            let found = (plan.pairs.len(), locks, -plan.objective);
            best = best.max(Some(found));
        }
    }
    let (visits, locks, objective) = best.unwrap();
    (feasible, (visits, locks, -objective))
}

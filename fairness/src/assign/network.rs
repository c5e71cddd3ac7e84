//! The network whose cheapest flow is the cheapest plan (FAIRNESS.md, section 6, stage 1).
#![expect(
    clippy::indexing_slicing,
    reason = "the board has one row for each applicant, and nodes are numbered here"
)]

use super::flow::Flow;
use super::instance::{AssignmentError, Board, Pair};

/// So many pairs are weighed all at once; of more, each applicant's cheapest first.
const ALL_AT_ONCE: usize = 100_000;
/// So many of each applicant's cheapest.
const CHEAPEST: usize = 40;

/// What the flow is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aim {
    /// A plan that keeps every rule.
    Plan,
    /// As many visits as can be, then as many locks as can be kept, then the least cost; without least loads.
    Coverage,
    /// As many of the least loads as can be reached, whatever applicants want beyond them.
    Minima,
}

/// Applicants lead to reviewers, through a node where more of a unit might come than may; each reviewer leads to the sink by
/// one arc for each visit, the next dearer than the last. For [`Aim::Minima`] the sink is the source of applicants.
#[derive(Debug)]
pub(super) struct Network<'a> {
    board: &'a Board<'a>,
    aim: Aim,
    flow: Flow,
    /// For each applicant the units of which not all may come, with their nodes, ascending.
    capped: Vec<Vec<(usize, usize)>>,
    /// For each applicant the reviewers within the network, ascending, with their arcs.
    arcs: Vec<Vec<(u32, usize)>>,
    /// What a kept lock is worth: more than anything else along a path.
    lock: i64,
}

const SINK: usize = 0;

impl<'a> Network<'a> {
    /// The network of a board, solved.
    pub fn solved(board: &'a Board<'a>, aim: Aim) -> Result<Self, AssignmentError> {
        let few = aim == Aim::Plan && board.possible.iter().map(Vec::len).sum::<usize>() > ALL_AT_ONCE;
        if few {
            let network = Self::narrow(board, aim, CHEAPEST)?;
            if network.is_met() {
                return Ok(network);
            }
        }
        Self::narrow(board, aim, usize::MAX)
    }

    /// The network with so many of each applicant's cheapest pairs and, if these suffice, all that make the flow cheaper:
    /// then it is the cheapest of all.
    pub fn narrow(board: &'a Board<'a>, aim: Aim, cheapest: usize) -> Result<Self, AssignmentError> {
        let mut network = Self::new(board, aim)?;
        network.loads();
        network.caps();
        let mut row = Vec::new();
        for (a, possible) in board.possible.iter().enumerate() {
            row.clear();
            row.extend_from_slice(possible);
            if row.len() > cheapest {
                let order = |&(r, cost): &(u32, i64)| (!board.is_locked((a, r as usize)), cost, r);
                row.select_nth_unstable_by_key(cheapest, order);
                row.truncate(cheapest.max(board.locked[a].len()));
                row.sort_unstable();
            }
            for &(reviewer, cost) in &row {
                network.pair(a, reviewer, cost);
            }
        }
        network.flow.optimise();
        while network.is_met() && network.widen() {
            network.flow.optimise();
        }
        Ok(network)
    }

    fn new(board: &'a Board<'a>, aim: Aim) -> Result<Self, AssignmentError> {
        let (n, m) = (board.possible.len(), board.instance.reviewers.len());
        let mut nodes = 1 + m + n;
        let mut capped = Vec::with_capacity(n);
        let cap = board.instance.unit_cap;
        for row in &board.possible {
            let mut units: Vec<usize> = Vec::new();
            if cap > 0 {
                units.extend(row.iter().filter_map(|&(reviewer, _)| board.unit(reviewer as usize)));
                units.sort_unstable();
            }
            let over = units.chunk_by(|one, other| one == other).filter(|unit| unit.len() > cap);
            let over: Vec<(usize, usize)> = over.map(|unit| unit[0]).zip(nodes..).collect();
            nodes += over.len();
            capped.push(over);
        }
        // A cycle meets each reviewer and the sink once, and three nodes at most between two of them.
        let longest = nodes.min(4 * (m + 1)) as i128;
        let dearest = i128::from(board.dearest);
        let locks = aim == Aim::Coverage && !board.instance.locked.is_empty();
        let lock = if locks { longest * dearest + 1 } else { 0 };
        let dear = longest * (dearest + lock) + 1;
        let total = dearest.max(1) * board.demand as i128;
        if nodes > u32::MAX as usize / 2 || (dear * (longest + 1)).max(total) > i128::from(i64::MAX / 32) {
            return Err(AssignmentError::TooLarge);
        }
        let mut supply = vec![0; nodes];
        match aim {
            Aim::Plan | Aim::Coverage => {
                supply[SINK] = -(board.demand as i64);
                for (a, applicant) in board.instance.applicants.iter().enumerate() {
                    supply[1 + m + a] = applicant.visits as i64;
                }
            }
            Aim::Minima => {
                for (r, reviewer) in board.instance.reviewers.iter().enumerate() {
                    let least = reviewer.min_load.min(n + 1) as i64;
                    supply[1 + r] = -least;
                    supply[SINK] += least;
                }
            }
        }
        let arcs = vec![Vec::new(); n];
        Ok(Self {
            board,
            aim,
            flow: Flow::new(supply, longest as i64, dear as i64),
            capped,
            arcs,
            lock: lock as i64,
        })
    }

    /// The arcs of loads: the t-th visit of a reviewer, b of them made elsewhere, costs beta (2 t - 1), so that t visits cost
    /// beta (t^2 - b^2).
    fn loads(&mut self) {
        let (n, m) = (self.board.possible.len(), self.board.instance.reviewers.len());
        let beta = self.board.instance.beta;
        match self.aim {
            Aim::Plan | Aim::Coverage => {
                let mut met = vec![0; m];
                for &(reviewer, _) in self.board.possible.iter().flatten() {
                    met[reviewer as usize] += 1;
                }
                for (r, reviewer) in self.board.instance.reviewers.iter().enumerate() {
                    // One more than there are applicants is as unreachable as any number beyond.
                    let least = if self.aim == Aim::Plan { reviewer.min_load.min(n + 1) } else { 0 };
                    let most = reviewer.max_load.min(met[r]).max(least);
                    if beta == 0 {
                        self.flow.add(1 + r, SINK, least as i64, most as i64, 0);
                        continue;
                    }
                    for t in 1..=most {
                        let lower = i64::from(t <= least);
                        let load = (reviewer.base_load + t) as i64;
                        self.flow.add(1 + r, SINK, lower, 1, beta * (2 * load - 1));
                    }
                }
            }
            Aim::Minima => {
                for (a, applicant) in self.board.instance.applicants.iter().enumerate() {
                    self.flow.add(SINK, 1 + m + a, 0, applicant.visits as i64, 0);
                }
            }
        }
    }

    /// The arcs to the nodes of units.
    fn caps(&mut self) {
        let m = self.board.instance.reviewers.len();
        for (a, units) in self.capped.iter().enumerate() {
            for &(_, node) in units {
                self.flow.add(1 + m + a, node, 0, self.board.instance.unit_cap as i64, 0);
            }
        }
    }

    /// The node from which a reviewer's arc leads.
    fn door(&self, applicant: usize, reviewer: u32) -> usize {
        let units = &self.capped[applicant];
        let unit = if units.is_empty() { None } else { self.board.unit(reviewer as usize) };
        let place = unit.and_then(|unit| units.binary_search_by_key(&unit, |&(unit, _)| unit).ok());
        place.map_or(1 + self.board.instance.reviewers.len() + applicant, |place| units[place].1)
    }

    fn pair(&mut self, applicant: usize, reviewer: u32, cost: i64) {
        let locked = self.board.is_locked((applicant, reviewer as usize));
        let (lower, cost) = match self.aim {
            Aim::Plan => (i64::from(locked), cost),
            Aim::Coverage => (0, if locked { cost - self.lock } else { cost }),
            Aim::Minima => (0, cost),
        };
        let door = self.door(applicant, reviewer);
        let arc = self.flow.add(door, 1 + reviewer as usize, lower, 1, cost);
        self.arcs[applicant].push((reviewer, arc));
    }

    /// Adds the pairs outside the network that would make the flow cheaper, and those that are no dearer than these are cheap.
    /// Without any, the flow is the cheapest of all.
    fn widen(&mut self) -> bool {
        let mut outside = Vec::new();
        for (a, row) in self.board.possible.iter().enumerate() {
            let mut within = self.arcs[a].iter().map(|&(reviewer, _)| reviewer).peekable();
            for &(reviewer, cost) in row {
                if within.next_if_eq(&reviewer).is_none() {
                    outside.push((
                        self.flow.reduced(self.door(a, reviewer), 1 + reviewer as usize, cost),
                        a,
                        reviewer,
                        cost,
                    ));
                }
            }
        }
        let gain = outside.iter().map(|one| -one.0).max().unwrap_or(0);
        if gain <= 1 {
            return false;
        }
        for (_, a, reviewer, cost) in outside.into_iter().filter(|one| one.0 <= gain) {
            self.pair(a, reviewer, cost);
        }
        self.arcs.iter_mut().for_each(|row| row.sort_unstable());
        true
    }

    /// The pairs that carry flow, ascending.
    pub fn pairs(&self) -> Vec<Pair> {
        let row = |(a, arcs): (usize, &'_ Vec<(u32, usize)>)| {
            let used = arcs.iter().filter(|(_, arc)| self.flow.on(*arc) > 0);
            used.map(|&(reviewer, _)| (a, reviewer as usize)).collect::<Vec<_>>()
        };
        self.arcs.iter().enumerate().flat_map(row).collect()
    }

    /// Whether everything that was asked for flows.
    pub fn is_met(&self) -> bool {
        (0..self.nodes()).all(|node| self.flow.unmet(node) == 0)
    }

    /// Applicants whose visits nobody can make unless some other applicant of the same list goes without: from the other
    /// side of the smallest cut nothing more can come to them.
    pub fn starved(&self) -> Vec<usize> {
        let m = self.board.instance.reviewers.len();
        let unmet = (1 + m..self.nodes()).filter(|node| self.flow.unmet(*node) > 0);
        let reaches = self.flow.spread(unmet, true);
        (0..self.board.possible.len()).filter(|a| reaches[1 + m + a]).collect()
    }

    /// Reviewers who cannot all reach their least loads, and the visits that they make together at most ([`Aim::Minima`]).
    pub fn idle(&self) -> (Vec<usize>, usize) {
        let m = self.board.instance.reviewers.len();
        let unmet = (1..=m).filter(|node| self.flow.unmet(*node) < 0);
        let reached = self.flow.spread(unmet, false);
        let idle: Vec<usize> = (0..m).filter(|r| reached[1 + r]).collect();
        let made = |r: &usize| self.board.instance.reviewers[*r].min_load as i64 + self.flow.unmet(1 + r);
        let made = idle.iter().map(made).sum::<i64>();
        (idle, usize::try_from(made).unwrap_or_default())
    }

    fn nodes(&self) -> usize {
        1 + self.board.instance.reviewers.len()
            + self.board.possible.len()
            + self.capped.iter().map(Vec::len).sum::<usize>()
    }
}

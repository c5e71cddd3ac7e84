//! Minimum-cost flow by cost scaling, exact in integers.
#![expect(
    clippy::indexing_slicing,
    reason = "nodes and arcs are numbered here, in the order in which they are made"
)]

use std::collections::VecDeque;
use std::ops::Range;

/// By how much the tolerance shrinks from one phase to the next.
const SHRINK: i64 = 5;

/// A network, and the cheapest flow on it (Goldberg and Tarjan 1990; Goldberg 1997).
///
/// Node 0 takes what the others cannot pass on: each node with a supply or a demand is joined to it by an artificial arc
/// that is dearer than any path. So the flow meets as much as can be met, at the least cost.
#[derive(Clone, Debug)]
pub(super) struct Flow {
    supply: Vec<i64>,
    edges: Vec<Edge>,
    flow: Vec<i64>,
    /// The artificial edge of each node that has one.
    spare: Vec<Option<usize>>,
    potential: Vec<i64>,
    /// What costs are multiplied by: a cycle that gains less than 1 for each of its arcs gains nothing.
    scale: i64,
    dear: i64,
}

/// An arc of the network, as it was added.
#[derive(Clone, Copy, Debug)]
struct Edge {
    tail: u32,
    head: u32,
    lower: i64,
    upper: i64,
    cost: i64,
}

/// One direction of an edge.
#[derive(Clone, Copy, Debug)]
struct Arc {
    cost: i64,
    /// How much more it could carry.
    room: i32,
    head: u32,
    /// The place of the other direction.
    twin: u32,
    edge: u32,
}

impl Flow {
    /// A network without arcs. Supplies (demands are negative) are to sum to 0. `longest` is how many arcs a cycle has at
    /// most, `dear` more than any path costs; their product is not to exceed a 32nd of `i64::MAX`.
    pub fn new(supply: Vec<i64>, longest: i64, dear: i64) -> Self {
        let nodes = supply.len();
        let (spare, potential) = (vec![None; nodes], vec![0; nodes]);
        Self { supply, edges: Vec::new(), flow: Vec::new(), spare, potential, scale: longest + 1, dear }
    }

    /// Adds an arc that carries from `lower` to `upper`; answers its number. After the first [`Self::optimise`], `lower`
    /// is to be 0.
    pub fn add(&mut self, tail: usize, head: usize, lower: i64, upper: i64, cost: i64) -> usize {
        self.supply[tail] -= lower;
        self.supply[head] += lower;
        self.edges.push(Edge { tail: tail as u32, head: head as u32, lower, upper, cost: cost * self.scale });
        self.flow.push(lower);
        self.edges.len() - 1
    }

    /// What an arc carries.
    pub fn on(&self, edge: usize) -> i64 {
        self.flow[edge]
    }

    /// The supply that does not leave a node, or the demand that nothing reaches (negative).
    pub fn unmet(&self, node: usize) -> i64 {
        let Some(spare) = self.spare[node] else { return 0 };
        if self.edges[spare].head == 0 { self.flow[spare] } else { -self.flow[spare] }
    }

    /// What an arc that is not there would cost beyond what the flow pays on its way, in units of a scale of its own. No arc
    /// below -1: nothing makes the flow cheaper.
    pub fn reduced(&self, tail: usize, head: usize, cost: i64) -> i64 {
        cost * self.scale + self.potential[tail] - self.potential[head]
    }

    /// The nodes that more can be sent to from one of the given nodes or, backward, those that can send more to one; node
    /// 0 left aside.
    pub fn spread(&self, from: impl Iterator<Item = usize>, forward: bool) -> Vec<bool> {
        let mut reached = vec![false; self.supply.len()];
        from.for_each(|node| reached[node] = true);
        loop {
            let mut grown = false;
            for (edge, flow) in
                self.edges.iter().zip(&self.flow).filter(|(edge, _)| edge.tail.min(edge.head) > 0)
            {
                let (tail, head) = (edge.tail as usize, edge.head as usize);
                // Along the arc where it could carry more, against it where it could carry less.
                let along = reached[tail] == forward;
                if reached[tail] != reached[head]
                    && if along { *flow < edge.upper } else { *flow > edge.lower }
                {
                    reached[tail] = true;
                    reached[head] = true;
                    grown = true;
                }
            }
            if !grown {
                return reached;
            }
        }
    }

    /// Makes the flow the cheapest. Where arcs were added to a flow that was, it goes on from there.
    pub fn optimise(&mut self) {
        // First whether all can be sent, at whatever cost: potentials count steps.
        let mut residual = Residual::new(self, -self.scale);
        residual.refine(1);
        if residual.excess.iter().any(|excess| *excess != 0) {
            self.join();
            residual = Residual::new(self, 0);
        }
        residual.price(self);
        // A phase lowers potentials by less than its tolerance times the longest path.
        let mut tolerance = residual.worst().min(i64::MAX / 16 / self.scale * SHRINK);
        while tolerance > 1 {
            tolerance = (tolerance / SHRINK).max(1);
            residual.refine(tolerance);
        }
        residual.store(self);
        self.potential = residual.potential;
    }

    /// Adds artificial arcs, and sends all through them.
    fn join(&mut self) {
        for node in 1..self.supply.len() {
            let supply = self.supply[node];
            if supply != 0 {
                let (tail, head) = if supply > 0 { (node, 0) } else { (0, node) };
                let edge = self.add(tail, head, 0, supply.abs(), self.dear);
                self.flow[edge] = supply.abs();
                self.spare[node] = Some(edge);
            }
        }
    }
}

/// What could still be sent where.
struct Residual {
    arcs: Vec<Arc>,
    /// Where the arcs of each node begin, and where the last end.
    starts: Vec<u32>,
    /// Where those of its arcs end that could carry more.
    live: Vec<u32>,
    potential: Vec<i64>,
    excess: Vec<i64>,
    /// For each node the arc before which none is admissible.
    current: Vec<u32>,
    active: VecDeque<u32>,
    /// A node below this potential can send nothing on.
    lowest: i64,
}

impl Residual {
    /// What a network could still carry, at no cost.
    fn new(network: &Flow, lowest: i64) -> Self {
        let nodes = network.supply.len();
        let mut starts = vec![0; nodes + 1];
        for edge in &network.edges {
            starts[edge.tail as usize + 1] += 1;
            starts[edge.head as usize + 1] += 1;
        }
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        let mut live = starts[..nodes].to_vec();
        let mut dead = starts[1..].to_vec();
        let mut arcs = vec![Arc { cost: 0, room: 0, head: 0, twin: 0, edge: 0 }; 2 * network.edges.len()];
        let mut excess = network.supply.clone();
        let mut take = |node: usize, room: i64| {
            let place = if room > 0 { live[node] } else { dead[node] - 1 };
            if room > 0 {
                live[node] += 1
            } else {
                dead[node] -= 1
            }
            place
        };
        for (number, (edge, flow)) in network.edges.iter().zip(&network.flow).enumerate() {
            let (tail, head) = (edge.tail as usize, edge.head as usize);
            let (ahead, behind) = (edge.upper - flow, flow - edge.lower);
            let (there, back) = (take(tail, ahead), take(head, behind));
            let (cost, edge) = (0, number as u32);
            arcs[there as usize] = Arc { cost, room: ahead as i32, head: head as u32, twin: back, edge };
            arcs[back as usize] = Arc { cost, room: behind as i32, head: tail as u32, twin: there, edge };
            excess[tail] -= behind;
            excess[head] += behind;
        }
        let current = starts[..nodes].to_vec();
        let potential = vec![0; nodes];
        Self { arcs, starts, live, potential, excess, current, active: VecDeque::new(), lowest }
    }

    /// Takes the costs of the network, and its potentials.
    fn price(&mut self, network: &Flow) {
        for node in 0..self.potential.len() {
            for arc in &mut self.arcs[self.starts[node] as usize..self.starts[node + 1] as usize] {
                let edge = &network.edges[arc.edge as usize];
                arc.cost = if edge.tail as usize == node { edge.cost } else { -edge.cost };
            }
        }
        self.potential.clone_from(&network.potential);
        self.lowest = i64::MIN;
    }

    /// Gives the network back what it carries.
    fn store(&self, network: &mut Flow) {
        for node in 0..self.potential.len() {
            for arc in &self.arcs[self.starts[node] as usize..self.starts[node + 1] as usize] {
                let edge = &network.edges[arc.edge as usize];
                if edge.tail as usize == node {
                    network.flow[arc.edge as usize] = edge.upper - i64::from(arc.room);
                }
            }
        }
    }

    /// The arcs of a node that could carry more.
    fn range(&self, node: usize) -> Range<usize> {
        self.starts[node] as usize..self.live[node] as usize
    }

    /// By how much the potentials are wrong at most.
    fn worst(&self) -> i64 {
        let mut worst = 0;
        for node in 0..self.potential.len() {
            for arc in &self.arcs[self.range(node)] {
                worst = worst.max(self.potential[arc.head as usize] - self.potential[node] - arc.cost);
            }
        }
        worst
    }

    /// A flow in which no arc that could carry more has a reduced cost below `-tolerance`.
    fn refine(&mut self, tolerance: i64) {
        for node in 0..self.potential.len() {
            let mut place = self.starts[node];
            while place < self.live[node] {
                let Arc { cost, room, head, .. } = self.arcs[place as usize];
                if cost + self.potential[node] < self.potential[head as usize] {
                    self.push(node, place, room);
                } else {
                    place += 1;
                }
            }
            self.current[node] = self.starts[node];
        }
        for node in 0..self.potential.len() {
            if self.excess[node] > 0 {
                self.active.push_back(node as u32);
            }
        }
        while let Some(node) = self.active.pop_front() {
            self.discharge(node as usize, tolerance);
        }
    }

    /// Sends an amount through an arc, whose place another takes where it is full.
    fn push(&mut self, node: usize, place: u32, amount: i32) {
        let arc = &mut self.arcs[place as usize];
        arc.room -= amount;
        let (full, head, twin) = (arc.room == 0, arc.head as usize, arc.twin);
        let back = &mut self.arcs[twin as usize];
        let opens = back.room == 0;
        back.room += amount;
        self.excess[node] -= i64::from(amount);
        self.excess[head] += i64::from(amount);
        if full {
            self.live[node] -= 1;
            self.swap(place, self.live[node]);
        }
        if opens {
            let twin = if full { self.arcs[self.live[node] as usize].twin } else { twin };
            self.swap(twin, self.live[head]);
            self.live[head] += 1;
        }
    }

    /// Exchanges two arcs of one node.
    fn swap(&mut self, one: u32, other: u32) {
        self.arcs.swap(one as usize, other as usize);
        for place in [one, other] {
            let twin = self.arcs[place as usize].twin;
            self.arcs[twin as usize].twin = place;
        }
    }

    /// Sends on all that a node has too much of.
    fn discharge(&mut self, node: usize, tolerance: i64) {
        loop {
            while self.advance(node) {
                let place = self.current[node];
                let Arc { cost, head, room, .. } = self.arcs[place as usize];
                let before = self.excess[head as usize];
                // What could not go on from there would come back at once.
                if before >= 0 && !self.advance(head as usize) {
                    if !self.relabel(head as usize, tolerance) {
                        self.potential[head as usize] = self.potential[node] + cost;
                    }
                    continue;
                }
                let amount = i64::from(room).min(self.excess[node]);
                self.push(node, place, amount as i32);
                if before <= 0 && before + amount > 0 {
                    self.active.push_back(head);
                }
                if self.excess[node] == 0 {
                    return;
                }
            }
            if self.potential[node] < self.lowest || !self.relabel(node, tolerance) {
                return;
            }
        }
    }

    /// Moves on to the next arc of a node through which more could be sent at a gain.
    fn advance(&mut self, node: usize) -> bool {
        let (own, current, end) =
            (self.potential[node], self.current[node] as usize, self.live[node] as usize);
        let gains = |arc: &Arc| arc.cost + own < self.potential[arc.head as usize];
        let found = self.arcs.get(current..end).unwrap_or_default().iter().position(gains);
        self.current[node] = found.map_or(end, |offset| current + offset) as u32;
        found.is_some()
    }

    /// Lowers a node until its best arc gains; `false` where it has none.
    fn relabel(&mut self, node: usize, tolerance: i64) -> bool {
        let range = self.range(node);
        let (mut best, mut place) = (i64::MIN, None);
        for (arc, at) in self.arcs[range.clone()].iter().zip(range) {
            let label = self.potential[arc.head as usize] - arc.cost;
            if label > best {
                (best, place) = (label, Some(at));
            }
        }
        let Some(place) = place else { return false };
        self.potential[node] = best - tolerance;
        self.current[node] = place as u32;
        true
    }
}

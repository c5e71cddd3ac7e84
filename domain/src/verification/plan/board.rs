//! The board on which a plan is laid out: who sits where, how loaded, and who has met whom how often.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{Method, Random, Request};

/// The place of a nominee on the board, in the seeded order.
pub(super) type Seat = usize;
/// The place of a supervisor on the board, in the seeded order.
pub(super) type Desk = usize;

#[derive(Debug)]
struct Nominee {
    id: Uuid,
    unit: Option<Uuid>,
    wanted: usize,
    fixed: Vec<Desk>,
    barred: Vec<Desk>,
    chosen: Vec<Desk>,
}

#[derive(Debug)]
struct Supervisor {
    id: Uuid,
    unit: Option<Uuid>,
    load: u32,
    /// Whether the supervisor may be assigned; those who may not matter for what hangs together.
    open: bool,
}

/// The plan in the making.
#[derive(Debug)]
pub(super) struct Board {
    nominees: Vec<Nominee>,
    supervisors: Vec<Supervisor>,
    /// For each two supervisors, the nominees that both score; by `first x supervisors + second`, both ways.
    met: Vec<i64>,
}

impl Board {
    pub(super) fn new(request: &Request) -> Self {
        let mut random = Random(request.seed);
        let mut supervisors: Vec<_> = request
            .supervisors
            .iter()
            .map(|given| Supervisor { id: given.id, unit: given.unit_id, load: given.load, open: true })
            .collect();
        supervisors.sort_by_key(|supervisor| supervisor.id);
        supervisors.dedup_by_key(|supervisor| supervisor.id);
        random.shuffle(&mut supervisors);
        let known: BTreeSet<Uuid> = supervisors.iter().map(|supervisor| supervisor.id).collect();
        let assigned: BTreeSet<Uuid> =
            request.nominees.iter().flat_map(|nominee| &nominee.assigned).copied().collect();
        let away =
            assigned.difference(&known).map(|id| Supervisor { id: *id, unit: None, load: 0, open: false });
        supervisors.extend(away);
        let desks: BTreeMap<Uuid, Desk> =
            supervisors.iter().enumerate().map(|(desk, supervisor)| (supervisor.id, desk)).collect();

        let mut given: Vec<_> = request.nominees.iter().collect();
        given.sort_by_key(|nominee| nominee.application_id);
        given.dedup_by_key(|nominee| nominee.application_id);
        random.shuffle(&mut given);
        let met = vec![0; supervisors.len() * supervisors.len()];
        let mut board = Self { nominees: Vec::new(), supervisors, met };
        for nominee in given {
            let fixed: BTreeSet<Desk> =
                nominee.assigned.iter().filter_map(|id| desks.get(id)).copied().collect();
            let fixed: Vec<Desk> = fixed.into_iter().collect();
            for (at, desk) in fixed.iter().enumerate() {
                fixed.iter().take(at).for_each(|other| board.meet(*desk, *other, 1));
            }
            board.nominees.push(Nominee {
                id: nominee.application_id,
                unit: nominee.unit_id,
                wanted: usize::try_from(nominee.wanted).unwrap_or(usize::MAX),
                fixed,
                barred: nominee.barred.iter().filter_map(|id| desks.get(id)).copied().collect(),
                chosen: Vec::new(),
            });
        }
        board
    }

    /// Gives each nominee in turn the least loaded supervisors; equals by how often they met those already
    /// there, where the method asks for it, then by the seeded order.
    pub(super) fn fill(&mut self, method: Method) {
        for seat in self.seats() {
            let wanted = self.nominees.get(seat).map_or(0, |nominee| nominee.wanted);
            for _ in 0..wanted {
                let already = self.at(seat);
                let meetings = |desk: Desk| match method {
                    Method::Plain => 0,
                    Method::Balanced => already.iter().map(|other| self.met(desk, *other)).sum::<i64>(),
                };
                let free = self.desks().filter(|desk| self.may_take(seat, *desk));
                let Some(desk) = free.min_by_key(|desk| (self.load(*desk), meetings(*desk), *desk)) else {
                    break;
                };
                already.into_iter().for_each(|other| self.meet(desk, other, 1));
                self.loaded(desk, 1);
                if let Some(nominee) = self.nominees.get_mut(seat) {
                    nominee.chosen.push(desk);
                }
            }
        }
    }

    pub(super) fn seats(&self) -> std::ops::Range<Seat> {
        0..self.nominees.len()
    }

    pub(super) fn desks(&self) -> std::ops::Range<Desk> {
        0..self.supervisors.len()
    }

    /// Those who had the nominee before the plan.
    pub(super) fn fixed(&self, seat: Seat) -> &[Desk] {
        self.nominees.get(seat).map_or(&[], |nominee| &nominee.fixed)
    }

    /// Those whom the plan gives the nominee.
    pub(super) fn chosen(&self, seat: Seat) -> &[Desk] {
        self.nominees.get(seat).map_or(&[], |nominee| &nominee.chosen)
    }

    fn at(&self, seat: Seat) -> Vec<Desk> {
        self.fixed(seat).iter().chain(self.chosen(seat)).copied().collect()
    }

    /// What a supervisor has with the plan so far.
    pub(super) fn load(&self, desk: Desk) -> u32 {
        self.supervisors.get(desk).map_or(0, |supervisor| supervisor.load)
    }

    /// Whether a nominee may be given to one more supervisor: this one. The hard rules of every step stand
    /// here.
    pub(super) fn may_take(&self, seat: Seat, desk: Desk) -> bool {
        let (Some(nominee), Some(supervisor)) = (self.nominees.get(seat), self.supervisors.get(desk)) else {
            return false;
        };
        let own_unit = nominee.unit.is_some() && nominee.unit == supervisor.unit;
        let taken =
            [&nominee.fixed, &nominee.barred, &nominee.chosen].into_iter().any(|some| some.contains(&desk));
        supervisor.open && !own_unit && !taken
    }

    /// Gives a nominee to another supervisor instead of one that the plan gave it to. Answers by how much the
    /// sum of squared pair counts grew; calling it the other way round undoes it.
    pub(super) fn replace(&mut self, seat: Seat, from: Desk, to: Desk) -> i64 {
        let others: Vec<Desk> = self.at(seat).into_iter().filter(|desk| *desk != from).collect();
        let Some(place) = self
            .nominees
            .get_mut(seat)
            .and_then(|nominee| nominee.chosen.iter_mut().find(|desk| **desk == from))
        else {
            return 0;
        };
        *place = to;
        self.loaded(from, -1);
        self.loaded(to, 1);
        let mut grown = 0;
        for other in others {
            // (n - 1)² - n² and (n + 1)² - n².
            grown += 1 - 2 * self.met(from, other);
            self.meet(from, other, -1);
            grown += 1 + 2 * self.met(to, other);
            self.meet(to, other, 1);
        }
        grown
    }

    fn loaded(&mut self, desk: Desk, by: i32) {
        if let Some(supervisor) = self.supervisors.get_mut(desk) {
            supervisor.load = supervisor.load.saturating_add_signed(by);
        }
    }

    fn met(&self, first: Desk, second: Desk) -> i64 {
        self.met.get(first * self.supervisors.len() + second).copied().unwrap_or_default()
    }

    fn meet(&mut self, first: Desk, second: Desk, by: i64) {
        let size = self.supervisors.len();
        for place in [first * size + second, second * size + first] {
            if let Some(count) = self.met.get_mut(place) {
                *count += by;
            }
        }
    }

    /// The sum over all pairs of supervisors of (nominees that both score)².
    #[cfg(test)]
    pub(super) fn pair_square(&self) -> i64 {
        self.met.iter().map(|count| count * count).sum::<i64>() / 2
    }

    /// The plan's assignments: application and supervisor.
    pub(super) fn new_pairs(&self) -> impl Iterator<Item = (Uuid, Uuid)> {
        self.nominees.iter().flat_map(|nominee| {
            let chosen = nominee.chosen.iter().filter_map(|desk| self.supervisors.get(*desk));
            chosen.map(|supervisor| (nominee.id, supervisor.id))
        })
    }

    /// Applications that get fewer than they want, and how many fewer.
    pub(super) fn short(&self) -> impl Iterator<Item = (Uuid, u32)> {
        self.nominees.iter().filter_map(|nominee| {
            let missing = nominee.wanted.saturating_sub(nominee.chosen.len());
            (missing > 0).then(|| (nominee.id, u32::try_from(missing).unwrap_or(u32::MAX)))
        })
    }

    /// What each supervisor who may be assigned has.
    pub(super) fn loads(&self) -> impl Iterator<Item = (Uuid, u32)> {
        self.supervisors
            .iter()
            .filter(|supervisor| supervisor.open)
            .map(|supervisor| (supervisor.id, supervisor.load))
    }
}

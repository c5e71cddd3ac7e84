//! Who scores whom (D-602): nobody at the own unit, loads balanced, pairs mixed, the design connected.
//!
//! A plan follows from its request and seed alone, so that anybody can make it again.

use uuid::Uuid;

use self::board::Board;
use crate::campaign::definition::code_enum;

mod balance;
mod board;

code_enum! {
    /// How a plan is made.
    Method {
        /// Each nominee in a seeded order takes the least loaded supervisors.
        Plain,
        /// The same, then balanced so that supervisors meet as many different colleagues as can be.
        Balanced,
    }
}

/// What a plan is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The nominees; their order has no say. Ids are distinct.
    pub nominees: Vec<Nominee>,
    /// The supervisors that may be assigned; their order has no say. Ids are distinct.
    pub supervisors: Vec<Supervisor>,
    /// How.
    pub method: Method,
    /// What decides between equals.
    pub seed: u64,
}

/// One nominee to be scored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nominee {
    /// The application.
    pub application_id: Uuid,
    /// The nominee's unit; its supervisors do not score it (D-603).
    pub unit_id: Option<Uuid>,
    /// Sheets that are still to be assigned.
    pub wanted: u32,
    /// Supervisors that have it already, or had it and are recused: they are not assigned again.
    pub assigned: Vec<Uuid>,
    /// Supervisors that never had it and are not to have it: they stand in the category themselves (D-605).
    pub barred: Vec<Uuid>,
}

/// One supervisor that may be assigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Supervisor {
    /// The supervisor.
    pub id: Uuid,
    /// The unit where the supervisor works.
    pub unit_id: Option<Uuid>,
    /// Sheets that the supervisor has already, in the whole campaign.
    pub load: u32,
}

/// A plan, for the office to adjust and confirm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// New assignments: application and supervisor, ordered by both.
    pub pairs: Vec<(Uuid, Uuid)>,
    /// Applications that cannot get all the sheets they want and how many are missing, by id.
    pub short: Vec<(Uuid, u32)>,
    /// Whether the assignments, old and new, hang together: only then can supervisors be compared.
    pub connected: bool,
    /// What each supervisor of the request has with this plan, by id.
    pub loads: Vec<(Uuid, u32)>,
}

/// Plans assignments (D-602): never a supervisor of the nominee's unit, never one twice for a nominee, and as
/// many as are wanted wherever so many may be assigned.
///
/// `plain` gives each nominee, in a seeded order, the least loaded supervisors. `balanced` prefers among
/// those of one load the ones that met least often with those already chosen, then swaps until no swap makes
/// loads more even or, at even loads, the sum of squared pair counts smaller (FAIRNESS.md, section 6, stage
/// 2), and links what does not hang together.
#[must_use]
pub fn plan(request: &Request) -> Plan {
    let mut board = Board::new(request);
    board.fill(request.method);
    match request.method {
        Method::Plain => {}
        Method::Balanced => {
            balance::improve(&mut board);
            balance::link(&mut board);
        }
    }
    let mut pairs: Vec<_> = board.new_pairs().collect();
    let mut short: Vec<_> = board.short().collect();
    let mut loads: Vec<_> = board.loads().collect();
    pairs.sort_unstable();
    short.sort_unstable();
    loads.sort_unstable();
    Plan { pairs, short, connected: balance::survey(&board).components <= 1, loads }
}

/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same everywhere.
#[derive(Debug)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From the last place to the second, each exchanged with one at or before it (Fisher and Yates). The
    /// bias of the remainder is beyond notice for any number of people.
    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let places = u64::try_from(last).unwrap_or(u64::MAX - 1) + 1;
            let place = usize::try_from(self.next() % places).unwrap_or_default();
            items.swap(last, place);
        }
    }
}

#[cfg(test)]
mod tests;

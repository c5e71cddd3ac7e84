//! Who scores whom (D-602): nobody with a conflict, loads even, trips short, reviewers mixed, the design connected.
//!
//! A plan follows from its request alone, the seed included, so that anybody can make it again. How it is found is the
//! mathematics of `fairness::assign`; here stands what of it the rules want. Each category is planned by itself, as its sheets are
//! compared with one another alone, with the loads of the whole campaign.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use pingxuan_fairness::random::SplitMix64;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::round::Round;
use crate::campaign::definition::code_enum;
use crate::error::Fault;
use crate::geography::Place;

mod review;
mod round;

pub use review::{OneMore, Quality, Review, Swap, review};

/// Pairs of nominees and supervisors above which a plan takes longer than somebody waits for.
pub const LARGE: usize = 20_000;

code_enum! {
    /// How a plan is made.
    Method {
        /// Loads even; chance decides between equals.
        Plain,
        /// The same, then balanced so that supervisors meet as many different colleagues as can be.
        Balanced,
        /// Loads even, trips short, last year's pairs avoided; then balanced as far as trips grow by a quarter at most.
        Optimal,
    }
}

code_enum! {
    /// What becomes of pairs that met last year.
    Repeats {
        /// They cost more, where costs are looked at.
        Avoided,
        /// They are ruled out.
        Barred,
    }
}

code_enum! {
    /// Why a supervisor may not score a nominee.
    ConflictReason {
        /// The nominee is of the supervisor's unit (D-603).
        OwnUnit,
        /// The supervisor stands in the category (D-605).
        Candidate,
        /// The supervisor is recused (D-603).
        Recused,
        /// The supervisor scored the same unit in the last campaign.
        LastYear,
    }
}

/// What a plan is made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// How.
    pub method: Method,
    /// What decides between equals.
    pub seed: u64,
    /// What becomes of last year's pairs.
    pub repeats: Repeats,
    /// The nominees; their order has no say. Ids are distinct.
    pub nominees: Vec<Nominee>,
    /// The supervisors that may be assigned; their order has no say. Ids are distinct.
    pub supervisors: Vec<Supervisor>,
    /// Where units are.
    pub places: BTreeMap<Uuid, Place>,
}

/// One nominee to be scored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nominee {
    /// The application.
    pub application_id: Uuid,
    /// Its category.
    pub category_code: String,
    /// The nominee's unit; its supervisors do not score it (D-603).
    pub unit_id: Option<Uuid>,
    /// Sheets that are still to be assigned.
    pub wanted: u32,
    /// Supervisors that have it and keep it.
    pub assigned: Vec<Uuid>,
    /// Supervisors that are not to have it, but for those of its own unit, who can be told by that.
    pub conflicts: Vec<(Uuid, ConflictReason)>,
    /// Supervisors that scored the unit in the last campaign.
    pub met: Vec<Uuid>,
}

/// One supervisor that may be assigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supervisor {
    /// The supervisor.
    pub id: Uuid,
    /// The unit where the supervisor works.
    pub unit_id: Option<Uuid>,
    /// Sheets that the supervisor has already, in the whole campaign.
    pub load: u32,
}

/// What the office wants planned, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// One category; all of them where it is left out.
    pub category_code: Option<String>,
    /// How.
    pub method: Method,
    /// What becomes of last year's pairs.
    pub repeats: Repeats,
    /// What decides between equals.
    pub seed: u64,
    /// The public draw from which the seed follows.
    pub draw: Option<Draw>,
}

/// A public draw, from whose result the seed of a plan follows: nobody can have chosen it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draw {
    /// Which draw.
    pub name: String,
    /// What was drawn, as it was published.
    pub result: String,
}

impl Draw {
    /// The text whose SHA-256 gives the seed: the result, the campaign and the category, or nothing for all of them, in lines.
    #[must_use]
    pub fn text(&self, campaign_id: Uuid, category_code: Option<&str>) -> String {
        format!("{}\n{campaign_id}\n{}", self.result, category_code.unwrap_or_default())
    }
}

/// The seed in a digest of hexadecimal digits: its first 53 bits, as many as a number of JSON holds.
#[must_use]
pub fn seed_of(digest: &str) -> Option<u64> {
    u64::from_str_radix(digest.get(..14)?, 16).ok().map(|bits| bits >> 3)
}

/// A pair that is ruled out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conflict {
    /// The application.
    pub application_id: Uuid,
    /// The supervisor.
    pub supervisor_id: Uuid,
    /// Why.
    pub reason: ConflictReason,
}

/// A plan, for the office to adjust and confirm.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// New assignments: application and supervisor, ordered by both.
    pub pairs: Vec<(Uuid, Uuid)>,
    /// Applications that cannot get all the sheets they want, by id.
    pub short: Vec<Short>,
    /// Why sheets are missing: one for each category in which some are.
    pub cuts: Vec<Cut>,
    /// Categories whose assignments, old and new, do not hang together: their supervisors cannot be compared.
    pub apart: Vec<String>,
    /// What each supervisor of the request has with this plan, by id.
    pub loads: BTreeMap<Uuid, u32>,
}

/// An application that cannot get all the sheets it wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Short {
    /// The application.
    pub application_id: Uuid,
    /// How many are missing.
    pub missing: usize,
    /// Supervisors that may score it: all that there are.
    pub supervisors: Vec<Uuid>,
}

/// The smallest cut: what these applications want cannot come from these supervisors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cut {
    /// The category.
    pub category_code: String,
    /// Applications that compete.
    pub applications: Vec<Uuid>,
    /// All supervisors that may score any of them.
    pub supervisors: Vec<Uuid>,
    /// Sheets that these applications want in all.
    pub wanted: usize,
    /// Sheets that they can get in all.
    pub possible: usize,
}

impl Request {
    /// The same with everything in order of ids and nothing twice: equal requests are equal texts then.
    #[must_use]
    pub fn ordered(mut self) -> Self {
        self.nominees.sort_by_key(|nominee| nominee.application_id);
        self.nominees.dedup_by_key(|nominee| nominee.application_id);
        self.supervisors.sort_by_key(|supervisor| supervisor.id);
        self.supervisors.dedup_by_key(|supervisor| supervisor.id);
        for nominee in &mut self.nominees {
            for list in [&mut nominee.assigned, &mut nominee.met] {
                list.sort_unstable();
                list.dedup();
            }
            nominee.conflicts.sort_unstable();
            nominee.conflicts.dedup();
        }
        self
    }

    /// Pairs of nominees and supervisors.
    #[must_use]
    pub fn size(&self) -> usize {
        self.nominees.len().saturating_mul(self.supervisors.len())
    }

    /// Every pair that is ruled out, and why, in order: one line for each reason.
    #[must_use]
    pub fn conflicts(&self) -> Vec<Conflict> {
        let mut conflicts: Vec<Conflict> =
            self.nominees.iter().flat_map(|nominee| self.conflicts_of(nominee)).collect();
        conflicts.sort_unstable();
        conflicts
    }

    fn conflicts_of(&self, nominee: &Nominee) -> impl Iterator<Item = Conflict> {
        let conflict = |(supervisor_id, reason)| Conflict {
            application_id: nominee.application_id,
            supervisor_id,
            reason,
        };
        let own =
            |supervisor: &&Supervisor| supervisor.unit_id.is_some() && supervisor.unit_id == nominee.unit_id;
        let own = self.supervisors.iter().filter(own).map(|one| (one.id, ConflictReason::OwnUnit));
        let met = nominee.met.iter().filter(|_| self.repeats == Repeats::Barred);
        let met = met.map(|id| (*id, ConflictReason::LastYear));
        own.chain(nominee.conflicts.iter().copied()).chain(met).map(conflict)
    }

    /// The categories of its nominees.
    #[must_use]
    pub fn categories(&self) -> BTreeSet<&str> {
        self.nominees.iter().map(|nominee| nominee.category_code.as_str()).collect()
    }

    /// How many pairs of a category are ruled out, but for those of one unit.
    fn conflicts_in(&self, category: &str) -> usize {
        let nominees = self.nominees.iter().filter(|nominee| nominee.category_code == category);
        nominees.map(|nominee| nominee.conflicts.len()).sum()
    }
}

/// Plans assignments (D-602): nobody with a conflict, nobody twice for a nominee, and as many as are wanted wherever so many may
/// be assigned; not two of one unit for a nominee where everybody gets their sheets without. Loads are as even as can be before
/// anything else is looked at.
///
/// # Errors
/// The fault of a request that is too large to be reckoned.
pub fn plan(request: &Request) -> Result<Plan, Fault> {
    let request = request.clone().ordered();
    let mut seeds = SplitMix64::new(request.seed);
    let loads = request.supervisors.iter().map(|supervisor| (supervisor.id, supervisor.load)).collect();
    let mut plan = Plan { loads, ..Plan::default() };
    // Whoever may not score in one category makes up for it in those planned after it.
    let mut categories: Vec<&str> = request.categories().into_iter().collect();
    categories.sort_by_key(|category| Reverse(request.conflicts_in(category)));
    for category in categories {
        let round = Round::new(&request, category, &plan.loads);
        let made = round.made(request.method, [seeds.next_u64(), seeds.next_u64()])?;
        for (_, supervisor_id) in &made.pairs {
            plan.loads.entry(*supervisor_id).and_modify(|load| *load = load.saturating_add(1));
        }
        plan.pairs.extend(made.pairs);
        plan.short.extend(made.short);
        plan.cuts.extend(made.cut);
        if made.components > 1 {
            plan.apart.push(category.to_owned());
        }
    }
    plan.pairs.sort_unstable();
    plan.short.sort_by_key(|short| short.application_id);
    Ok(plan)
}

#[cfg(test)]
mod tests;

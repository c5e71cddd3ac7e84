//! One category of a request as the mathematics takes it: nominees and supervisors by their places, costs in whole numbers.

use std::collections::{BTreeMap, BTreeSet};

use pingxuan_fairness::assign::{
    Applicant, AssignmentError, Costs, Instance, LARGEST_COST, Outcome, Pair, Reviewer, add_noise, balance,
    merit, solve,
};
use uuid::Uuid;

use super::{Cut, Method, Nominee, Request, Short};
use crate::error::{ErrorCode, Fault};
use crate::geography::Place;

/// What a trip costs that is not known, or leads to another district: 20 km, in hundreds of metres.
const ELSEWHERE: i64 = 200;
/// No trip within a county costs more: what is farther is a mistake in the coordinates.
const FARTHEST: i64 = 10_000;
/// What a pair that met last year costs beside the trip: 50 km.
const MET_BEFORE: i64 = 500;
/// Between equals chance decides: a number up to this, where costs have no say.
const CHANCE: u32 = 999;
/// By how much balancing may make trips longer.
const ALLOWANCE: f64 = 0.25;

/// A category, laid out.
pub(super) struct Round<'a> {
    category: &'a str,
    nominees: Vec<&'a Nominee>,
    /// Those who may be assigned, and those who no longer may but have something, ascending.
    supervisors: Vec<Uuid>,
    /// What is to be solved; costs are those of trips and of last year's pairs.
    pub instance: Instance,
}

/// What was planned in it.
pub(super) struct Made {
    pub pairs: Vec<(Uuid, Uuid)>,
    pub short: Vec<Short>,
    pub cut: Option<Cut>,
    pub components: usize,
}

/// The pairs of a plan, who is short, and why.
type Solved = (Vec<Pair>, Vec<Short>, Option<Cut>);

/// A request is made so that nothing but its size can be wrong with it.
pub(super) fn too_large(_: AssignmentError) -> Fault {
    Fault::new(ErrorCode::PlanTooLarge)
}

impl<'a> Round<'a> {
    /// Lays out a category of an ordered request, with what each supervisor has in the whole campaign.
    pub fn new(request: &'a Request, category: &'a str, loads: &BTreeMap<Uuid, u32>) -> Self {
        let nominees: Vec<&Nominee> =
            request.nominees.iter().filter(|nominee| nominee.category_code == category).collect();
        let units: BTreeMap<Uuid, Option<Uuid>> =
            request.supervisors.iter().map(|supervisor| (supervisor.id, supervisor.unit_id)).collect();
        let all = units.keys().chain(nominees.iter().flat_map(|nominee| &nominee.assigned)).copied();
        let supervisors: Vec<Uuid> = all.collect::<BTreeSet<_>>().into_iter().collect();
        let numbers: BTreeSet<Uuid> = units.values().flatten().copied().collect();
        let number = |unit: Option<Uuid>| numbers.iter().position(|known| Some(*known) == unit);
        let place = |id: &Uuid| supervisors.binary_search(id).ok();

        let mut kept = vec![0; supervisors.len()];
        let (mut locked, mut forbidden) = (Vec::new(), Vec::new());
        for (a, nominee) in nominees.iter().enumerate() {
            for r in nominee.assigned.iter().filter_map(place) {
                kept.iter_mut().skip(r).take(1).for_each(|kept| *kept += 1);
                locked.push((a, r));
            }
            // Who may no longer be assigned only keeps what they have.
            let away = supervisors.iter().filter(|id| !units.contains_key(id)).copied();
            let ruled_out = request.conflicts_of(nominee).map(|conflict| conflict.supervisor_id).chain(away);
            // What somebody has is kept, whatever became known since: it is taken from them by a recusal.
            let ruled_out = ruled_out.filter(|id| !nominee.assigned.contains(id));
            forbidden.extend(ruled_out.filter_map(|id| Some((a, place(&id)?))));
        }
        let reviewers = supervisors.iter().zip(&kept).map(|(id, kept)| {
            let unit = units.get(id);
            let load = loads.get(id).map_or(0, |load| usize::try_from(*load).unwrap_or(usize::MAX));
            Reviewer {
                unit: number(unit.copied().flatten()),
                min_load: 0,
                max_load: if unit.is_some() { nominees.len() } else { *kept },
                base_load: load.saturating_sub(*kept),
            }
        });
        let applicants = nominees.iter().map(|nominee| Applicant {
            unit: number(nominee.unit_id),
            visits: nominee.assigned.len() + usize::try_from(nominee.wanted).unwrap_or(usize::MAX / 2),
        });
        let costs = nominees.iter().map(|nominee| {
            let cost = |id: &Uuid| cost(request, nominee, (*id, units.get(id).copied().flatten()));
            supervisors.iter().map(cost).collect()
        });
        let instance = Instance {
            applicants: applicants.collect(),
            reviewers: reviewers.collect(),
            costs: Costs::Dense(costs.collect()),
            forbidden,
            locked,
            unit_cap: 1,
            beta: 0,
        };
        Self { category, nominees, supervisors, instance }
    }

    /// Plans it, with a seed for what chance decides between equals and one for what is swapped.
    pub fn made(&self, method: Method, [chance, swaps]: [u64; 2]) -> Result<Made, Fault> {
        let mut instance = self.instance.clone();
        let even = Costs::Dense(vec![vec![0; self.supervisors.len()]; self.nominees.len()]);
        let rho = match method {
            Method::Plain | Method::Balanced => {
                instance.costs = even.clone();
                CHANCE
            }
            Method::Optimal => tenth_of_median(&instance.costs),
        };
        add_noise(&mut instance.costs, rho, chance);
        instance.beta = weight_of_loads(&instance);
        let (mut pairs, short, cut) = self.solved(&mut instance)?;
        if method != Method::Plain {
            let allowance = if method == Method::Optimal { ALLOWANCE } else { 0.0 };
            if method == Method::Balanced {
                instance.costs = even;
            }
            pairs = balance(&instance, &pairs, allowance, swaps).map_err(too_large)?.plan.pairs;
        }
        let components = merit(&instance, &pairs).map_err(too_large)?.components;
        pairs.retain(|pair| !instance.locked.contains(pair));
        Ok(Made { pairs: self.named(&pairs), short, cut, components })
    }

    /// The cheapest plan; where somebody is short, that of as many sheets as there can be, which the instance wants from then on.
    fn solved(&self, instance: &mut Instance) -> Result<Solved, Fault> {
        if let Outcome::Feasible(plan) = solve(instance).map_err(too_large)? {
            return Ok((plan.pairs, Vec::new(), None));
        }
        instance.unit_cap = 0;
        let shortage = match solve(instance).map_err(too_large)? {
            Outcome::Feasible(plan) => return Ok((plan.pairs, Vec::new(), None)),
            Outcome::Infeasible(shortage) => shortage,
        };
        let short = shortage.short.iter().filter_map(|short| {
            let nominee = self.nominees.get(short.applicant)?;
            let free = short.reviewers.iter().filter_map(|r| self.supervisors.get(*r)).copied();
            Some(Short {
                application_id: nominee.application_id,
                missing: short.missing,
                supervisors: free.filter(|id| !nominee.assigned.contains(id)).collect(),
            })
        });
        let cut = shortage.cut.as_ref().map(|cut| Cut {
            category_code: self.category.to_owned(),
            applications: cut
                .applicants
                .iter()
                .filter_map(|a| Some(self.nominees.get(*a)?.application_id))
                .collect(),
            supervisors: cut.reviewers.iter().filter_map(|r| self.supervisors.get(*r)).copied().collect(),
            wanted: cut.wanted,
            possible: cut.possible,
        });
        for short in &shortage.short {
            if let Some(applicant) = instance.applicants.get_mut(short.applicant) {
                applicant.visits -= short.missing;
            }
        }
        Ok((shortage.plan.pairs, short.collect(), cut))
    }

    /// Pairs by the ids of applications and supervisors.
    pub fn named(&self, pairs: &[Pair]) -> Vec<(Uuid, Uuid)> {
        pairs.iter().filter_map(|pair| self.name(*pair)).collect()
    }

    /// A pair by the ids of application and supervisor.
    pub fn name(&self, (applicant, reviewer): Pair) -> Option<(Uuid, Uuid)> {
        Some((self.nominees.get(applicant)?.application_id, *self.supervisors.get(reviewer)?))
    }

    /// What pairs cost.
    pub fn cost(&self, pairs: &[Pair]) -> i64 {
        let Costs::Dense(rows) = &self.instance.costs else { return 0 };
        pairs.iter().filter_map(|(a, r)| rows.get(*a)?.get(*r)).sum()
    }

    /// The place of a pair.
    pub fn place(&self, (application_id, supervisor_id): (Uuid, Uuid)) -> Option<Pair> {
        let nominee = self.nominees.binary_search_by_key(&application_id, |nominee| nominee.application_id);
        Some((nominee.ok()?, self.supervisors.binary_search(&supervisor_id).ok()?))
    }
}

/// What it costs that a supervisor, of a unit, goes to a nominee: the trip, and that they met last year.
fn cost(request: &Request, nominee: &Nominee, (id, unit): (Uuid, Option<Uuid>)) -> i64 {
    let place = |unit: Option<Uuid>| unit.and_then(|unit| request.places.get(&unit));
    let trip = match (place(unit), place(nominee.unit_id)) {
        (Some(from), Some(to)) => trip(from, to),
        _ => ELSEWHERE,
    };
    trip + if nominee.met.binary_search(&id).is_ok() { MET_BEFORE } else { 0 }
}

/// Hundreds of metres between two places: by their coordinates, else by their districts.
fn trip(from: &Place, to: &Place) -> i64 {
    match (from.point, to.point) {
        (Some(one), Some(other)) => i64::from(one.distance(other)).min(FARTHEST),
        _ if from.district.is_some() && from.district == to.district => 0,
        _ => ELSEWHERE,
    }
}

/// So much that no saving elsewhere outweighs loads that are less even: what one change of the plan can save in all.
fn weight_of_loads(instance: &Instance) -> i64 {
    let Costs::Dense(rows) = &instance.costs else { return LARGEST_COST };
    let dearest = rows.iter().flatten().max().copied().unwrap_or(0);
    let few = instance.applicants.len().min(instance.reviewers.len());
    let few = i64::try_from(few).unwrap_or(LARGEST_COST);
    few.saturating_mul(2).saturating_mul(dearest).saturating_add(1).min(LARGEST_COST)
}

/// About 10 % of the median cost (FAIRNESS.md, section 6).
fn tenth_of_median(costs: &Costs) -> u32 {
    let Costs::Dense(rows) = costs else { return 0 };
    let mut costs: Vec<i64> = rows.iter().flatten().copied().collect();
    costs.sort_unstable();
    let median = costs.get(costs.len() / 2).copied().unwrap_or(0);
    u32::try_from(median / 10).unwrap_or(0)
}

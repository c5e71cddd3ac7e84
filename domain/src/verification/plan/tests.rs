//! Tests of plans: hard rules, coverage, even loads, short trips, mixed pairs, one connected design (D-602, D-603).

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use strum::IntoEnumIterator;

use super::*;
use crate::geography::Point;
use crate::review::calibration::Grade;

fn nominee(number: u128, unit: u128, wanted: u32) -> Nominee {
    let application_id = Uuid::from_u128(number);
    let unit_id = (unit > 0).then(|| Uuid::from_u128(unit));
    Nominee {
        application_id,
        category_code: "township".into(),
        unit_id,
        wanted,
        assigned: vec![],
        conflicts: vec![],
        met: vec![],
    }
}

fn supervisor(number: u128, unit: u128, load: u32) -> Supervisor {
    let unit_id = (unit > 0).then(|| Uuid::from_u128(unit));
    Supervisor { id: Uuid::from_u128(1000 + number), unit_id, load }
}

/// Townships of different units, supervisors of none.
fn townships(nominees: u128, supervisors: u128, wanted: u32, method: Method, seed: u64) -> Request {
    let nominees = (1..=nominees).map(|number| nominee(number, number, wanted)).collect();
    let supervisors = (1..=supervisors).map(|number| supervisor(number, 0, 0)).collect();
    request(nominees, supervisors, (method, seed))
}

fn request(nominees: Vec<Nominee>, supervisors: Vec<Supervisor>, (method, seed): (Method, u64)) -> Request {
    Request { method, seed, repeats: Repeats::Avoided, nominees, supervisors, places: BTreeMap::new() }
}

fn planned(request: &Request) -> Plan {
    plan(request).unwrap()
}

/// The sum of squared pair counts and the parts of the design, counted anew from what came out.
fn counted(request: &Request, plan: &Plan) -> (i64, usize) {
    let mut of_nominee: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
    let old = request
        .nominees
        .iter()
        .flat_map(|nominee| nominee.assigned.iter().map(|id| (nominee.application_id, *id)));
    for (application, supervisor) in
        old.collect::<BTreeSet<_>>().into_iter().chain(plan.pairs.iter().copied())
    {
        of_nominee.entry(application).or_default().push(supervisor);
    }
    let mut met: BTreeMap<(Uuid, Uuid), i64> = BTreeMap::new();
    let mut parts: Vec<BTreeSet<Uuid>> = Vec::new();
    for supervisors in of_nominee.values() {
        for one in supervisors {
            for other in supervisors.iter().filter(|other| one < *other) {
                *met.entry((*one, *other)).or_default() += 1;
            }
        }
        let here: BTreeSet<Uuid> = supervisors.iter().copied().collect();
        let (mut linked, apart): (Vec<_>, Vec<_>) =
            parts.into_iter().partition(|part| !part.is_disjoint(&here));
        linked.push(here);
        parts = apart;
        parts.push(linked.into_iter().flatten().collect());
    }
    (met.values().map(|count| count * count).sum(), parts.len())
}

fn spread(plan: &Plan) -> u32 {
    let loads = || plan.loads.values().copied();
    loads().max().unwrap_or(0) - loads().min().unwrap_or(0)
}

#[test]
fn d_605_who_stands_in_the_category_scores_nobody_in_it() {
    let mut request = townships(6, 3, 2, Method::Balanced, 1);
    let candidate = Uuid::from_u128(1001);
    for nominee in request.nominees.iter_mut().take(4) {
        nominee.conflicts.push((candidate, ConflictReason::Candidate));
    }
    let plan = planned(&request);
    assert!(plan.pairs.iter().all(|(id, supervisor)| *supervisor != candidate || id.as_u128() > 4));
    assert_eq!(plan.pairs.len(), 12);
}

#[test]
fn d_602_a_balanced_plan_of_25_townships_and_12_supervisors_is_connected_and_better_mixed() {
    for seed in 0..60 {
        let request = townships(25, 12, 2, Method::Balanced, seed);
        let balanced = planned(&request);
        assert!(balanced.apart.is_empty(), "seed {seed}");
        assert_eq!(balanced.pairs.len(), 50);
        assert_eq!(spread(&balanced), 1);
        // 25 nominees make 25 pairs, and 12 supervisors could make 66: hardly anybody meets twice.
        let (square, parts) = counted(&request, &balanced);
        assert!(square <= 27 && parts == 1, "seed {seed}: {square}");
        let plain = Request { method: Method::Plain, ..request };
        assert!(counted(&plain, &planned(&plain)).0 >= square);
    }
}

#[test]
fn d_602_with_three_sheets_pairs_come_close_to_the_bound() {
    // FAIRNESS.md, section 6, instance P2 (25 x 12, 3 sheets): 203 before, 111 after, bound 93.
    for seed in 0..10 {
        let request = townships(25, 12, 3, Method::Balanced, seed);
        let (square, parts) = counted(&request, &planned(&request));
        assert!(square <= 111 && parts == 1, "seed {seed}: {square}");
    }
}

#[test]
fn d_602_teams_of_before_are_linked_by_what_is_new() {
    // Two teams that share nobody, and one sheet more for each nominee, which mere load would leave within
    // the team.
    let mut request = townships(6, 6, 1, Method::Balanced, 7);
    for (at, nominee) in request.nominees.iter_mut().enumerate() {
        let team = if at < 3 { [1001, 1002] } else { [1004, 1005] };
        nominee.assigned = team.map(Uuid::from_u128).to_vec();
    }
    assert!(planned(&request).apart.is_empty());
    // Where nothing is wanted the plan says so.
    request.nominees.iter_mut().for_each(|nominee| nominee.wanted = 0);
    let plan = planned(&request);
    assert!(!plan.apart.is_empty() && plan.pairs.is_empty() && plan.short.is_empty());
}

#[test]
fn d_602_too_few_sheets_cannot_be_connected_and_are_said_not_to_be() {
    for method in Method::iter() {
        let whole = |nominees, supervisors, wanted| {
            planned(&townships(nominees, supervisors, wanted, method, 1)).apart.is_empty()
        };
        assert!(!whole(4, 8, 2) && !whole(2, 2, 1));
        assert!(whole(2, 1, 1) && whole(0, 3, 1));
    }
}

#[test]
fn d_603_who_has_too_few_unconflicted_supervisors_is_named() {
    let mut request = townships(2, 0, 2, Method::Balanced, 3);
    request.supervisors = vec![supervisor(1, 1, 0), supervisor(2, 1, 0), supervisor(3, 0, 0)];
    let plan = planned(&request);
    let (one, free) = (Uuid::from_u128(1), vec![Uuid::from_u128(1003)]);
    assert_eq!(plan.short, [Short { application_id: one, missing: 1, supervisors: free.clone() }]);
    let cut = Cut {
        category_code: "township".into(),
        applications: vec![one],
        supervisors: free,
        wanted: 2,
        possible: 1,
    };
    assert_eq!(plan.cuts, [cut]);
    assert_eq!(plan.pairs.len(), 3);
    assert!(plan.pairs.contains(&(Uuid::from_u128(1), Uuid::from_u128(1003))));
}

#[test]
fn d_602_who_has_more_already_gets_less() {
    for method in Method::iter() {
        let mut request = townships(4, 4, 2, method, 5);
        request.supervisors[0].load = 5;
        let plan = planned(&request);
        let loads: Vec<u32> = plan.loads.values().copied().collect();
        assert_eq!((loads[0], loads[1..].iter().sum::<u32>()), (5, 8), "{method}");
    }
}

fn place(latitude: i32, district: Option<&str>) -> Place {
    let point = (latitude != 0).then_some(Point { latitude, longitude: 115_000_000 });
    Place { point, district: district.map(str::to_owned) }
}

#[test]
fn d_602_an_optimal_plan_makes_trips_short_and_loads_even() {
    // Two parts of a county, 100 km from each other; the last nominee has no coordinates, but a district.
    let mut request = townships(8, 4, 1, Method::Optimal, 5);
    for (nominee, north) in request.nominees.iter_mut().zip([true, false].iter().cycle()) {
        nominee.unit_id = Some(Uuid::from_u128(if *north { 1 } else { 2 }));
    }
    for (supervisor, north) in request.supervisors.iter_mut().zip([true, false].iter().cycle()) {
        supervisor.unit_id = Some(Uuid::from_u128(if *north { 3 } else { 4 }));
    }
    let places = [
        place(27_000_000, None),
        place(0, Some("南片")),
        place(27_010_000, None),
        place(26_000_000, Some("南片")),
    ];
    request.places = (1..).map(Uuid::from_u128).zip(places).collect();
    let plan = planned(&request);
    assert_eq!((plan.pairs.len(), spread(&plan)), (8, 0));
    let north = |id: &Uuid| id.as_u128() % 2;
    // One visit each cannot be linked, and so no trip crosses the county.
    assert!(plan.pairs.iter().all(|(nominee, supervisor)| north(nominee) == north(supervisor)));
}

#[test]
fn d_602_pairs_of_last_year_are_avoided_or_barred() {
    let mut request = townships(6, 6, 1, Method::Optimal, 5);
    for (nominee, supervisor) in request.nominees.iter_mut().zip(&request.supervisors) {
        nominee.met.push(supervisor.id);
    }
    let again = |request: &Request, plan: &Plan| {
        let met = |nominee: &&Nominee| plan.pairs.contains(&(nominee.application_id, nominee.met[0]));
        request.nominees.iter().filter(met).count()
    };
    assert_eq!(again(&request, &planned(&request)), 0);
    request.method = Method::Balanced;
    request.repeats = Repeats::Barred;
    assert_eq!(again(&request, &planned(&request)), 0);
    assert_eq!(request.conflicts().len(), 6);
    // Whoever is alone comes again rather than nobody, unless it is barred.
    request.supervisors.truncate(1);
    assert_eq!(planned(&request).short.len(), 1);
    request.repeats = Repeats::Avoided;
    assert!(planned(&request).short.is_empty());
}

#[test]
fn d_602_two_of_one_unit_come_only_where_nobody_else_can() {
    for method in Method::iter() {
        let mut request = townships(6, 0, 2, method, 2);
        request.supervisors =
            [(1, 50), (2, 50), (3, 51), (4, 51)].map(|(id, unit)| supervisor(id, unit, 0)).to_vec();
        let unit = |supervisor: &Uuid| (supervisor.as_u128() - 1001) / 2;
        let plan = planned(&request);
        for of_one in plan.pairs.chunk_by(|one, other| one.0 == other.0) {
            assert_ne!(unit(&of_one[0].1), unit(&of_one[1].1), "{method}");
        }
        request.supervisors.truncate(2);
        assert_eq!(planned(&request).pairs.len(), 12, "{method}");
    }
}

#[test]
fn d_602_each_category_hangs_together_by_itself() {
    let mut request = townships(12, 4, 2, Method::Balanced, 3);
    request.nominees.iter_mut().skip(6).for_each(|nominee| nominee.category_code = "collective".into());
    let plan = planned(&request);
    assert!(plan.apart.is_empty());
    assert_eq!((plan.pairs.len(), spread(&plan)), (24, 0));
}

#[test]
fn d_602_a_review_says_how_good_it_is_and_what_would_make_it_better() {
    // Two teams of two; one of the pairs is locked.
    let mut request = townships(4, 4, 0, Method::Plain, 0);
    let id = Uuid::from_u128;
    let mut pairs = Vec::new();
    for (number, team) in [(1, [1, 2]), (2, [1, 2]), (3, [3, 4]), (4, [3, 4])] {
        pairs.extend(team.map(|supervisor| (id(number), id(1000 + supervisor))));
    }
    request.nominees[0].assigned.push(pairs.remove(0).1);
    let found = review(&request, "township", &pairs).unwrap();
    assert_eq!((found.quality.components, found.quality.grade, found.one_more), (2, Grade::Poor, None));
    let swap = found.links[0];
    assert!(found.links.len() == 1 && pairs.contains(&swap.one) && pairs.contains(&swap.other));
    for pair in &mut pairs {
        if *pair == swap.one {
            pair.1 = swap.other.1;
        } else if *pair == swap.other {
            pair.1 = swap.one.1;
        }
    }
    let found = review(&request, "township", &pairs).unwrap();
    assert_eq!((found.quality.components, found.links.len()), (1, 0));
    let more = found.one_more.unwrap();
    assert!(more.after > more.before && !pairs.contains(&more.pair));
    assert!(found.quality.cost > 0 && found.quality.share_of_bound > 0.0);
}

#[test]
fn a_request_is_kept_as_it_was() {
    let mut request = townships(3, 2, 1, Method::Optimal, 9_007_199_254_740_991);
    request.places.insert(Uuid::from_u128(1), place(26_000_000, Some("东片")));
    request.nominees[0].conflicts.push((Uuid::from_u128(1001), ConflictReason::Recused));
    let text = serde_json::to_string(&request).unwrap();
    assert_eq!(serde_json::from_str::<Request>(&text).unwrap(), request);
}

fn any_request() -> impl Strategy<Value = Request> {
    let nominees =
        proptest::collection::vec((0u128..6, 0u32..4, proptest::collection::vec(1u128..16, 0..3)), 0..16);
    let supervisors = proptest::collection::vec((0u128..6, 0u32..4), 0..12);
    let method = prop_oneof![Just(Method::Plain), Just(Method::Balanced), Just(Method::Optimal)];
    (nominees, supervisors, method, any::<u64>()).prop_map(|(nominees, supervisors, method, seed)| {
        let nominees = (1..).zip(nominees).map(|(number, (unit, wanted, assigned))| {
            let assigned = assigned.into_iter().map(|number| supervisor(number, 0, 0).id).collect();
            Nominee { assigned, ..nominee(number, unit, wanted) }
        });
        let supervisors = (1..).zip(supervisors).map(|(number, (unit, load))| supervisor(number, unit, load));
        request(nominees.collect(), supervisors.collect(), (method, seed))
    })
}

proptest! {
    #[test]
    fn d_603_hard_rules_hold_and_everybody_gets_what_can_be_had(request in any_request()) {
        let plan = planned(&request);
        let distinct: BTreeSet<_> = plan.pairs.iter().collect();
        prop_assert_eq!(distinct.len(), plan.pairs.len());
        for nominee in &request.nominees {
            let own = |unit: Option<Uuid>| unit.is_some() && unit == nominee.unit_id;
            let allowed: BTreeSet<Uuid> = request
                .supervisors
                .iter()
                .filter(|supervisor| !own(supervisor.unit_id) && !nominee.assigned.contains(&supervisor.id))
                .map(|supervisor| supervisor.id)
                .collect();
            let got = plan.pairs.iter().filter(|(application, _)| *application == nominee.application_id);
            let got: Vec<Uuid> = got.map(|(_, supervisor)| *supervisor).collect();
            prop_assert!(got.iter().all(|supervisor| allowed.contains(supervisor)));
            let possible = allowed.len().min(nominee.wanted as usize);
            prop_assert_eq!(got.len(), possible);
            let missing = nominee.wanted - possible as u32;
            let said = plan.short.iter().find(|short| short.application_id == nominee.application_id);
            prop_assert_eq!(said.map_or(0, |short| short.missing as u32), missing);
        }
        for supervisor in &request.supervisors {
            let new = plan.pairs.iter().filter(|(_, id)| *id == supervisor.id).count() as u32;
            prop_assert_eq!(plan.loads[&supervisor.id], supervisor.load + new);
        }
        prop_assert_eq!(plan.loads.len(), request.supervisors.len());
        prop_assert_eq!(plan.apart.is_empty(), counted(&request, &plan).1 <= 1);
    }

    #[test]
    fn d_602_the_seed_alone_decides(request in any_request()) {
        let first = planned(&request);
        let mut turned = request.clone();
        turned.nominees.reverse();
        turned.supervisors.reverse();
        turned.nominees.iter_mut().for_each(|nominee| nominee.assigned.reverse());
        prop_assert_eq!(planned(&turned), first);
    }

    #[test]
    fn d_602_loads_differ_by_at_most_one_where_nobody_is_conflicted(
        nominees in 0u128..30, supervisors in 1u128..15, wanted in 0u32..4, seed: u64,
    ) {
        for method in Method::iter() {
            prop_assert!(spread(&planned(&townships(nominees, supervisors, wanted, method, seed))) <= 1);
        }
    }

    #[test]
    fn d_602_a_balanced_plan_hangs_together_wherever_there_are_sheets_enough(
        nominees in 1u128..20, supervisors in 1u128..10, wanted in 1u32..4, seed: u64,
    ) {
        let request = townships(nominees, supervisors, wanted, Method::Balanced, seed);
        let plan = planned(&request);
        let used = plan.loads.values().filter(|load| **load > 0).count();
        // A connected design of n nodes has at least n - 1 links.
        prop_assert_eq!(plan.apart.is_empty(), plan.pairs.len() + 1 >= request.nominees.len() + used);
    }
}

#[test]
fn d_602_who_may_not_score_in_one_category_makes_up_for_it_in_another() {
    for method in Method::iter() {
        let mut request = townships(12, 6, 2, method, 3);
        for nominee in request.nominees.iter_mut().skip(6) {
            nominee.category_code = "village".into();
            nominee.conflicts = vec![(Uuid::from_u128(1001), ConflictReason::Candidate)];
        }
        let plan = planned(&request);
        assert_eq!((plan.pairs.len(), plan.short.len()), (24, 0));
        let loads: Vec<u32> = plan.loads.values().copied().collect();
        assert_eq!(loads, [4; 6], "{method}");
    }
}

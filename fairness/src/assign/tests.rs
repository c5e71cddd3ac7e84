//! Plans against two slower ways to the same optimum, and what must hold of any of them.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::network::{Aim, Network};
use super::oracle::{every_plan, primal_dual};
use super::*;

/// Instances of `n` applicants and `m` reviewers: pairs and locks of any kind, loads that may be out of reach.
fn instances(n: usize, m: usize) -> impl Strategy<Value = Instance> {
    (1..=n, 1..=m).prop_flat_map(|(n, m)| {
        let applicant =
            (option::of(0_usize..4), 0_usize..4).prop_map(|(unit, visits)| Applicant { unit, visits });
        let reviewer = (option::of(0_usize..3), 0_usize..3, 0_usize..6, 0_usize..4).prop_map(
            |(unit, min_load, more, base_load)| Reviewer {
                unit,
                min_load,
                max_load: min_load + more,
                base_load,
            },
        );
        let pairs = move |most: usize| vec((0..n, 0..m), 0..=most);
        (
            vec(applicant, n),
            vec(reviewer, m),
            vec(vec(0_i64..30, m), n),
            pairs(n * m / 3),
            prop_oneof![Just(Vec::new()).boxed(), pairs(2).boxed()],
            0_usize..3,
            0_i64..6,
        )
            .prop_map(|(applicants, reviewers, costs, forbidden, locked, unit_cap, beta)| Instance {
                applicants,
                reviewers,
                costs: Costs::Dense(costs),
                forbidden,
                locked,
                unit_cap,
                beta,
            })
    })
}

/// A round as counties have them: visits can be made and spread.
fn rounds() -> impl Strategy<Value = Instance> {
    (4_usize..14, 4_usize..9, 2_usize..4).prop_flat_map(|(n, m, visits)| {
        (vec(vec(0_i64..50, m), n), vec((0..n, 0..m), 0..4), 1_i64..4).prop_map(
            move |(costs, forbidden, beta)| Instance {
                applicants: (0..n).map(|a| Applicant { unit: Some(100 + a), visits }).collect(),
                reviewers: (0..m)
                    .map(|r| Reviewer { unit: Some(r), min_load: 0, max_load: n, base_load: 0 })
                    .collect(),
                costs: Costs::Dense(costs),
                forbidden,
                locked: vec![],
                unit_cap: 1,
                beta,
            },
        )
    })
}

fn round(n: usize, m: usize, visits: usize, locked: Vec<Pair>) -> Instance {
    Instance {
        applicants: vec![Applicant { unit: None, visits }; n],
        reviewers: vec![Reviewer { unit: None, min_load: 0, max_load: n, base_load: 0 }; m],
        costs: Costs::Dense(vec![vec![1; m]; n]),
        forbidden: vec![],
        locked,
        unit_cap: 0,
        beta: 1,
    }
}

fn plan(outcome: &Outcome) -> &Plan {
    match outcome {
        Outcome::Feasible(plan) => plan,
        Outcome::Infeasible(shortage) => &shortage.plan,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn no_plan_of_all_is_better(instance in instances(4, 4)) {
        let (feasible, (visits, locks, objective)) = every_plan(&instance);
        match solve(&instance).unwrap() {
            Outcome::Feasible(plan) => {
                prop_assert_eq!(check(&instance, &plan.pairs).unwrap(), vec![]);
                prop_assert_eq!(Some(plan.objective), feasible);
            }
            Outcome::Infeasible(shortage) => {
                prop_assert_eq!(feasible, None);
                let wanted: BTreeSet<&Pair> = instance.locked.iter().collect();
                let kept = wanted.len() - shortage.unlocked.len();
                prop_assert_eq!((shortage.plan.pairs.len(), kept, shortage.plan.objective), (visits, locks, objective));
            }
        }
    }

    #[test]
    fn a_primal_dual_flow_is_as_good(instance in instances(12, 8)) {
        let outcome = solve(&instance).unwrap();
        let feasible = matches!(outcome, Outcome::Feasible(_));
        let board = instance.board().unwrap();
        let oracle = board.plan(primal_dual(&instance, true));
        prop_assert_eq!(check(&instance, &oracle.pairs).unwrap().is_empty(), feasible);
        let oracle = if feasible { oracle } else { board.plan(primal_dual(&instance, false)) };
        prop_assert_eq!(oracle.pairs.len(), plan(&outcome).pairs.len());
        prop_assert_eq!(oracle.objective, plan(&outcome).objective);
    }

    #[test]
    fn a_shortage_is_explained(instance in instances(8, 5)) {
        let Outcome::Infeasible(shortage) = solve(&instance).unwrap() else { return Ok(()) };
        let missing: usize = shortage.short.iter().map(|short| short.missing).sum();
        prop_assert_eq!(missing, shortage.shortfall);
        prop_assert_eq!(shortage.cut.is_some(), shortage.shortfall > 0);
        let board = instance.board().unwrap();
        // What a list of reviewers can make at a list of applicants is bounded by loads, units and pairs.
        if let Some(cut) = &shortage.cut {
            prop_assert!(shortage.short.iter().all(|short| cut.applicants.contains(&short.applicant)));
            let mut alone = instance.clone();
            for (a, applicant) in alone.applicants.iter_mut().enumerate() {
                if !cut.applicants.contains(&a) {
                    applicant.visits = 0;
                }
            }
            alone.locked = vec![];
            let Outcome::Infeasible(alone) = solve(&alone).unwrap() else { panic!("the cut is one by itself") };
            prop_assert_eq!(alone.plan.pairs.len(), cut.possible);
            prop_assert_eq!(cut.wanted, cut.possible + shortage.shortfall);
            let may = |r: &usize| cut.applicants.iter().any(|a| board.cost((*a, *r)).is_some());
            prop_assert!(cut.reviewers.iter().all(may));
        }
        if let Some(idle) = &shortage.idle {
            prop_assert!(idle.possible < idle.wanted);
            prop_assert!(!idle.reviewers.is_empty());
        }
        let reasons = [shortage.shortfall > 0, !shortage.unlocked.is_empty(), !shortage.below.is_empty()];
        let together = !instance.locked.is_empty();
        prop_assert!(reasons.contains(&true) || together);
        prop_assert!(together || shortage.shortfall > 0 || shortage.idle.is_some());
    }

    #[test]
    fn a_few_cheapest_pairs_lead_to_the_same_optimum(instance in instances(12, 8), few in 1_usize..4) {
        let board = instance.board().unwrap();
        let Outcome::Feasible(all) = board.solve().unwrap() else { return Ok(()) };
        let narrow = Network::narrow(&board, Aim::Plan, few).unwrap();
        if narrow.is_met() {
            prop_assert_eq!(board.plan(narrow.pairs()).objective, all.objective);
        }
    }

    #[test]
    fn lists_of_candidates_say_the_same_as_a_table(instance in instances(8, 6)) {
        let Costs::Dense(rows) = &instance.costs else { unreachable!() };
        let rows = rows.iter().map(|row| row.iter().copied().enumerate().rev().collect()).collect();
        let sparse = Instance { costs: Costs::Sparse(rows), ..instance.clone() };
        prop_assert_eq!(solve(&sparse), solve(&instance));
    }

    #[test]
    fn balancing_keeps_all_rules_and_loads(instance in rounds(), seed: u64, allowance in 0.0..0.5) {
        let Outcome::Feasible(plan) = solve(&instance).unwrap() else { return Ok(()) };
        let before = merit(&instance, &plan.pairs).unwrap();
        let balanced = balance(&instance, &plan.pairs, allowance, seed).unwrap();
        prop_assert_eq!(check(&instance, &balanced.plan.pairs).unwrap(), vec![]);
        prop_assert_eq!(&balanced.plan.loads, &plan.loads);
        prop_assert_eq!(balanced.merit.components == 1, balanced.connected);
        prop_assert!(balanced.merit.pair_square >= balanced.merit.pair_square_bound);
        if balanced.forced.is_empty() {
            prop_assert!(balanced.plan.cost <= balanced.budget);
            prop_assert!(balanced.merit.pair_square <= before.pair_square);
        }
        prop_assert_eq!(balance(&instance, &plan.pairs, allowance, seed).unwrap(), balanced);
    }

    #[test]
    fn links_join_teams_at_the_least_cost(costs in vec(vec(0_i64..40, 6), 6), locked in vec(0_usize..12, 0..4)) {
        // Two teams of three reviewers, each with three applicants, of whom each is visited twice.
        let pairs: Vec<Pair> = (0..6).flat_map(|a| [(a, a / 3 * 3 + a % 3), (a, a / 3 * 3 + (a + 1) % 3)]).collect();
        let mut instance = round(6, 6, 2, locked.iter().map(|place| pairs[*place]).collect());
        instance.costs = Costs::Dense(costs);
        let links = links(&instance, &pairs).unwrap();
        let mut cheapest = None;
        for one in &pairs {
            for other in &pairs {
                let swapped: Vec<Pair> = pairs.iter().map(|pair| match pair {
                    pair if pair == one => (one.0, other.1),
                    pair if pair == other => (other.0, one.1),
                    pair => *pair,
                }).collect();
                let kept = check(&instance, &swapped).unwrap().is_empty();
                if kept && merit(&instance, &swapped).unwrap().components == 1 {
                    let cost = |pairs: Vec<Pair>| instance.board().unwrap().plan(pairs).cost;
                    let dearer = cost(swapped) - cost(pairs.clone());
                    cheapest = Some(cheapest.map_or(dearer, |held: i64| held.min(dearer)));
                }
            }
        }
        prop_assert_eq!(links.swaps.first().map(|swap| swap.dearer), cheapest);
        prop_assert_eq!(links.stuck.is_none(), cheapest.is_some());
        prop_assert_eq!(check(&instance, &links.pairs).unwrap(), vec![]);
    }

    #[test]
    fn one_more_visit_brings_what_it_says(instance in rounds()) {
        let Outcome::Feasible(plan) = solve(&instance).unwrap() else { return Ok(()) };
        let efficiency = |pairs: &[Pair]| merit(&instance, pairs).unwrap().quality.efficiency;
        let before = efficiency(&plan.pairs);
        let mut best = before;
        let board = instance.board().unwrap();
        for (a, row) in board.possible.iter().enumerate() {
            for &(r, _) in row {
                let pair = (a, r as usize);
                if !plan.pairs.contains(&pair) && plan.loads[pair.1] < instance.reviewers[pair.1].max_load {
                    let more: Vec<Pair> = plan.pairs.iter().copied().chain([pair]).collect();
                    if merit(&instance, &more).unwrap().components == 1 && plan.loads[pair.1] > 0 {
                        best = f64::max(best, efficiency(&more));
                    }
                }
            }
        }
        match one_more(&instance, &plan.pairs).unwrap() {
            Some(more) => {
                prop_assert!((more.before - before).abs() < 1e-9);
                prop_assert!((more.after - best).abs() < 1e-9, "{} {}", more.after, best);
                let pairs: Vec<Pair> = plan.pairs.iter().copied().chain([more.pair]).collect();
                prop_assert!((efficiency(&pairs) - more.after).abs() < 1e-9);
            }
            None => prop_assert!(before == 0.0 || best <= before + 1e-9),
        }
    }

    #[test]
    fn a_replacement_keeps_the_rest(instance in rounds(), which: prop::sample::Index) {
        let Outcome::Feasible(plan) = solve(&instance).unwrap() else { return Ok(()) };
        let leaving = plan.pairs[which.index(plan.pairs.len())];
        if let Outcome::Feasible(after) = replace(&instance, &plan.pairs, &[leaving]).unwrap() {
            let stayed = plan.pairs.iter().filter(|pair| after.pairs.contains(pair)).count();
            prop_assert_eq!(stayed, plan.pairs.len() - 1);
            prop_assert!(!after.pairs.contains(&leaving));
            prop_assert_eq!(check(&instance, &after.pairs).unwrap(), vec![]);
        }
    }

    #[test]
    fn noise_is_seeded_and_bounded(rows in vec(vec(0_i64..100, 3), 4), rho in 0_u32..20, seed: u64) {
        let plain = Costs::Dense(rows);
        let (mut one, mut other) = (plain.clone(), plain.clone());
        add_noise(&mut one, rho, seed);
        add_noise(&mut other, rho, seed);
        prop_assert_eq!(&one, &other);
        let (Costs::Dense(plain), Costs::Dense(noisy)) = (plain, one) else { unreachable!() };
        for (before, after) in plain.iter().flatten().zip(noisy.iter().flatten()) {
            prop_assert!((0..=i64::from(rho)).contains(&(after - before)));
        }
    }
}

#[test]
fn instances_are_refused_by_name() {
    let good = round(2, 2, 1, vec![]);
    let refused = |change: &dyn Fn(&mut Instance)| {
        let mut bad = good.clone();
        change(&mut bad);
        solve(&bad).unwrap_err()
    };
    assert!(matches!(solve(&good).unwrap(), Outcome::Feasible(_)));
    let costs = |rows: Vec<Vec<i64>>| Costs::Dense(rows);
    assert_eq!(
        refused(&|one| one.costs = costs(vec![])),
        AssignmentError::CostLists { found: 0, expected: 2 }
    );
    assert_eq!(
        refused(&|one| one.costs = costs(vec![vec![1, 1], vec![1]])),
        AssignmentError::CostCount { applicant: 1, found: 1, expected: 2 }
    );
    assert_eq!(
        refused(&|one| one.costs = costs(vec![vec![1, -1], vec![1, 1]])),
        AssignmentError::Cost { applicant: 0, reviewer: 1, cost: -1 }
    );
    assert_eq!(
        refused(&|one| one.costs = Costs::Sparse(vec![vec![], vec![(0, 1), (0, 2)]])),
        AssignmentError::Twice { applicant: 1, reviewer: 0 }
    );
    assert_eq!(
        refused(&|one| one.costs = Costs::Sparse(vec![vec![(2, 1)], vec![]])),
        AssignmentError::Unknown { applicant: 0, reviewer: 2 }
    );
    assert_eq!(
        refused(&|one| one.forbidden = vec![(2, 0)]),
        AssignmentError::Unknown { applicant: 2, reviewer: 0 }
    );
    assert_eq!(
        refused(&|one| {
            one.costs = Costs::Sparse(vec![vec![(0, 1)], vec![(0, 1)]]);
            one.locked = vec![(1, 1)];
        }),
        AssignmentError::LockedWithoutCost { applicant: 1, reviewer: 1 }
    );
    assert_eq!(
        refused(&|one| one.reviewers[1].min_load = 9),
        AssignmentError::Loads { reviewer: 1, min_load: 9, max_load: 2 }
    );
    assert_eq!(refused(&|one| one.beta = -1), AssignmentError::Beta { beta: -1 });
    assert_eq!(refused(&|one| one.applicants[0].visits = usize::MAX), AssignmentError::TooLarge);
    assert_eq!(balance(&good, &[(0, 0)], 0.25, 1).unwrap_err(), AssignmentError::PlanBroken { broken: 1 });
    assert_eq!(balance(&good, &[(0, 0), (1, 1)], f64::NAN, 1).unwrap_err(), AssignmentError::Allowance);
    assert_eq!(merit(&good, &[(0, 7)]).unwrap_err(), AssignmentError::Unknown { applicant: 0, reviewer: 7 });
    assert_eq!(
        merit(&good, &[(0, 0), (1, 1), (0, 0)]).unwrap_err(),
        AssignmentError::Twice { applicant: 0, reviewer: 0 }
    );
    assert_eq!(
        replace(&good, &[(0, 0)], &[(1, 1)]).unwrap_err(),
        AssignmentError::Unknown { applicant: 1, reviewer: 1 }
    );
}

#[test]
fn nobody_to_visit_and_nobody_who_visits_are_instances() {
    let nothing = Plan { pairs: vec![], loads: vec![], cost: 0, load_square: 0, objective: 0 };
    assert_eq!(solve(&round(0, 0, 1, vec![])), Ok(Outcome::Feasible(nothing.clone())));
    assert_eq!(solve(&round(3, 0, 0, vec![])), Ok(Outcome::Feasible(nothing)));
    let Outcome::Infeasible(shortage) = solve(&round(2, 0, 1, vec![])).unwrap() else { panic!() };
    assert_eq!(shortage.shortfall, 2);
    assert_eq!(shortage.cut, Some(Cut { applicants: vec![0, 1], reviewers: vec![], wanted: 2, possible: 0 }));
}

#[test]
fn every_rule_that_a_plan_breaks_is_listed() {
    let mut instance = round(3, 3, 2, vec![(2, 2)]);
    instance.forbidden = vec![(0, 1)];
    instance.unit_cap = 1;
    instance.reviewers[0] = Reviewer { unit: Some(5), min_load: 0, max_load: 1, base_load: 0 };
    instance.reviewers[1].unit = Some(5);
    instance.reviewers[2].min_load = 1;
    let breaches = check(&instance, &[(0, 0), (0, 1), (0, 1), (9, 0), (1, 0)]).unwrap();
    assert_eq!(
        breaches,
        [
            Breach::Forbidden((0, 1)),
            Breach::Twice((0, 1)),
            Breach::Unknown((9, 0)),
            Breach::Unlocked((2, 2)),
            Breach::UnitCap { applicant: 0, unit: 5, visits: 2 },
            Breach::Visits { applicant: 1, visits: 1, wanted: 2 },
            Breach::Visits { applicant: 2, visits: 0, wanted: 2 },
            Breach::Over { reviewer: 0, load: 2, max_load: 1 },
            Breach::Under { reviewer: 2, load: 0, min_load: 1 },
        ]
    );
}

#[test]
fn a_lock_on_a_conflict_cannot_be_kept() {
    let mut instance = round(2, 2, 1, vec![(0, 0)]);
    instance.forbidden = vec![(0, 0)];
    let Outcome::Infeasible(shortage) = solve(&instance).unwrap() else { panic!() };
    assert_eq!((shortage.shortfall, shortage.unlocked), (0, vec![(0, 0)]));
}

#[test]
fn teams_that_nothing_links_are_told_why() {
    // One visit each: whatever is exchanged, as much is cut off.
    let instance = round(2, 2, 1, vec![]);
    let stuck = |instance: &Instance, pairs: &[Pair]| links(instance, pairs).unwrap().stuck.unwrap();
    let pairs = [(0, 0), (1, 1)];
    assert_eq!(stuck(&instance, &pairs), Stuck { components: 2, unmatched: 2, ..Stuck::default() });
    let locked = Instance { locked: pairs.to_vec(), ..instance.clone() };
    assert_eq!(stuck(&locked, &pairs), Stuck { components: 2, locked: 2, ..Stuck::default() });
    let forbidden = Instance { forbidden: vec![(0, 1), (1, 0)], ..instance };
    assert_eq!(stuck(&forbidden, &pairs), Stuck { components: 2, forbidden: 2, ..Stuck::default() });
}

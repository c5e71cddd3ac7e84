//! How long plans take, from a county's townships to ten thousand people.

use divan::Bencher;
use pingxuan_fairness::assign::{Applicant, Costs, Instance, Outcome, Reviewer, balance, solve};
use pingxuan_fairness::random::SplitMix64;

fn main() {
    divan::main();
}

/// Applicants and reviewers: townships, departments of a large county, people.
const SIZES: [(usize, usize); 3] = [(25, 12), (500, 50), (10_000, 500)];

/// Three visits each among 40 candidates at most, loads up to a quarter above the mean.
fn instance((n, m): (usize, usize)) -> Instance {
    let mut random = SplitMix64::new(1);
    let mut row = || {
        let mut row: Vec<(usize, i64)> = (0..m).map(|r| (r, random.below(1_000) as i64)).collect();
        row.sort_unstable_by_key(|&(r, cost)| (cost, r));
        row.truncate(40);
        row
    };
    Instance {
        costs: Costs::Sparse((0..n).map(|_| row()).collect()),
        applicants: vec![Applicant { unit: None, visits: 3 }; n],
        reviewers: (0..m)
            .map(|r| Reviewer { unit: Some(r), min_load: 0, max_load: 15 * n / (4 * m), base_load: 0 })
            .collect(),
        forbidden: vec![],
        locked: vec![],
        unit_cap: 1,
        beta: 1,
    }
}

#[divan::bench(args = SIZES)]
fn plan(bencher: Bencher, size: (usize, usize)) {
    let instance = instance(size);
    bencher.bench(|| solve(&instance));
}

#[divan::bench(args = SIZES)]
fn balanced(bencher: Bencher, size: (usize, usize)) {
    let instance = instance(size);
    let Ok(Outcome::Feasible(plan)) = solve(&instance) else { return };
    bencher.bench(|| balance(&instance, &plan.pairs, 0.25, 1));
}

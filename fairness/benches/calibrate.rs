//! How long a calibration takes, at the sizes of a county's rounds and at the largest.

use divan::{Bencher, counter::ItemsCount};
use pingxuan_fairness::calibrate::{Fit, Round, Scores, Simulation, Visit, simulate};
use pingxuan_fairness::random::{SplitMix64, normal_quantile};

const SIZES: [(usize, usize); 3] = [(25, 12), (500, 50), (10_000, 500)];
const DRAWS: u32 = 100;

fn main() {
    divan::main();
}

/// Three visits each, the reviewers in steps that grow from one turn to the next, so that all of them cross.
fn round((applicants, reviewers): (usize, usize)) -> Round {
    let mut stream = SplitMix64::new(2022);
    let mut normal = || normal_quantile(stream.uniform());
    let leniency: Vec<f64> = (0..reviewers).map(|_| 3.0 * normal()).collect();
    let mut visits = Vec::new();
    for applicant in 0..applicants {
        let (true_figure, turn) = (80.0 + 3.0 * normal(), applicant / reviewers);
        for step in [0, 1 + turn % 4, 6 + turn % 5] {
            let reviewer = (applicant + step) % reviewers;
            let scores =
                vec![true_figure + leniency.get(reviewer).copied().unwrap_or_default() + 1.5 * normal()];
            visits.push(Visit { applicant, reviewer, scores });
        }
    }
    let (quota, weights) = (1 + applicants / 30, vec![1.0]);
    Round {
        applicants,
        reviewers,
        visits,
        weights,
        quota,
        lambda: None,
        assessment: None,
        offsets: None,
        simulation: None,
    }
}

/// Runs a task on the checked scores of a round, and leaves the checking out of its time.
fn on_scores<T>(bencher: Bencher<'_, '_>, size: (usize, usize), task: impl Fn(&Scores<'_>) -> T + Sync) {
    let round = round(size);
    match Scores::of(&round) {
        Ok(scores) => bencher.bench(|| task(&scores)),
        Err(error) => eprintln!("{error}"),
    }
}

#[divan::bench(args = SIZES)]
fn check(bencher: Bencher<'_, '_>, size: (usize, usize)) {
    let round = round(size);
    bencher.counter(ItemsCount::new(round.visits.len())).bench(|| Scores::of(&round).is_ok());
}

#[divan::bench(args = SIZES)]
fn fit_with_lambda_given(bencher: Bencher<'_, '_>, size: (usize, usize)) {
    on_scores(bencher, size, |scores| Fit::given(scores, 0.25).is_ok());
}

#[divan::bench(args = SIZES, sample_count = 20)]
fn fit_by_reml(bencher: Bencher<'_, '_>, size: (usize, usize)) {
    on_scores(bencher, size, |scores| Fit::reml(scores).is_ok());
}

#[divan::bench(args = SIZES, sample_count = 20)]
fn standard_errors(bencher: Bencher<'_, '_>, size: (usize, usize)) {
    on_scores(bencher, size, |scores| Fit::given(scores, 0.25).map(|fit| fit.errors().calibrated()).ok());
}

#[divan::bench(args = SIZES, sample_count = 5)]
fn a_hundred_draws(bencher: Bencher<'_, '_>, size: (usize, usize)) {
    let simulation = Simulation { seed: 42, draws: DRAWS, rank_draws: None };
    on_scores(bencher, size, |scores| Fit::given(scores, 0.25).map(|fit| simulate(&fit, simulation)).ok());
}

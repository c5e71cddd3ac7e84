//! Simulates rounds on four designs and prints which share of the true first five each way of scoring selects.
//!
//! `cargo run --release -p pingxuan-fairness --example rounds [-- ROUNDS]`; it exits 1 where the order of docs/FAIRNESS.md
//! does not come out: calibrated no worse than raw, and pair-balanced over random over teams.

mod designs;

use std::error::Error;
use std::process::ExitCode;

use designs::{APPLICANTS, Panels, REVIEWERS};
use pingxuan_fairness::calibrate::{Calibration, Fit, Round, Scores, Visit, calibrate, least_squares, order};
use pingxuan_fairness::random::SplitMix64;

const PLACES: usize = 5;
const ROUNDS: u32 = 2_000;
const COLUMNS: [&str; 6] =
    ["raw", "drop high/low", "centred", "least squares", "calibrated (A)", "shrunk (B)"];

/// A round with true figures and leniencies of standard deviation 3, and who is truly among the first five.
fn draw(panels: &Panels, noise: f64, stream: &mut SplitMix64) -> (Round, Vec<usize>) {
    let mut normals = vec![0.0; APPLICANTS + REVIEWERS];
    stream.fill_normal(&mut normals);
    let (figures, leniency) = normals.split_at(APPLICANTS);
    let mut visits = Vec::new();
    for ((applicant, panel), figure) in panels.iter().enumerate().zip(figures) {
        let mut errors = [0.0; designs::EACH];
        stream.fill_normal(&mut errors);
        for (reviewer, error) in panel.iter().zip(errors) {
            let lenient = leniency.get(*reviewer).copied().unwrap_or_default();
            let score = 80.0 + 3.0 * figure + 3.0 * lenient + noise * error;
            visits.push(Visit { applicant, reviewer: *reviewer, scores: vec![score] });
        }
    }
    let round = Round {
        applicants: APPLICANTS,
        reviewers: REVIEWERS,
        visits,
        weights: vec![1.0],
        quota: PLACES,
        lambda: None,
        assessment: None,
        offsets: None,
        simulation: None,
    };
    (round, first(figures))
}

fn first(figures: &[f64]) -> Vec<usize> {
    order(figures).into_iter().take(PLACES).collect()
}

/// Each score less the mean of all scores of its reviewer, averaged.
fn centred(scores: &Scores<'_>) -> Vec<f64> {
    let (mut sums, mut counts) = ([0.0; REVIEWERS], [0.0; REVIEWERS]);
    for visit in scores.visits() {
        if let (Some(sum), Some(count)) = (sums.get_mut(visit.reviewer), counts.get_mut(visit.reviewer)) {
            *sum += visit.composite;
            *count += 1.0;
        }
    }
    let mean = |reviewer: usize| {
        sums.get(reviewer).zip(counts.get(reviewer)).map_or(0.0, |(sum, count)| sum / count)
    };
    let of_one = |applicant| {
        let visits = scores.visits_of(applicant).map(|visit| visit.composite - mean(visit.reviewer));
        visits.sum::<f64>() / designs::EACH as f64
    };
    (0..APPLICANTS).map(of_one).collect()
}

/// The share of the true first five that each way selects, and the design's share of its bound.
fn shares(
    panels: &Panels,
    noise: f64,
    stream: &mut SplitMix64,
) -> Result<([f64; 6], Calibration), Box<dyn Error>> {
    let (round, truth) = draw(panels, noise, stream);
    let found = calibrate(&round)?;
    let scores = Scores::of(&round)?;
    let fit = Fit::given(&scores, found.lambda.value)?;
    let shrunk = found.posterior.as_ref().map_or(&fit.calibrated, |posterior| &posterior.means);
    let ways = [
        &found.raw_means,
        &found.trimmed_means,
        &centred(&scores),
        &least_squares(&scores)?,
        &found.calibrated,
        shrunk,
    ];
    let share = |figures: &Vec<f64>| {
        first(figures).iter().filter(|applicant| truth.contains(applicant)).count() as f64 / PLACES as f64
    };
    Ok((ways.map(share), found))
}

/// Simulates one line of the table, prints it, and gives the shares of the columns.
fn line(
    name: &str,
    noise: f64,
    rounds: u32,
    design: impl Fn(&mut SplitMix64) -> Panels,
) -> Result<[f64; 6], Box<dyn Error>> {
    let mut stream = SplitMix64::new(2022);
    let mut designs = SplitMix64::new(1);
    let mut panels = design(&mut designs);
    let (mut sums, mut efficiency) = ([0.0; 6], 0.0);
    for round in 0..rounds {
        // A new draw of the design now and then, so that no one of them decides.
        if round % 20 == 0 {
            panels = design(&mut designs);
        }
        let (ways, found) = shares(&panels, noise, &mut stream)?;
        sums.iter_mut().zip(ways).for_each(|(sum, share)| *sum += share);
        efficiency += found.quality.share_of_bound;
    }
    let mean = sums.map(|sum| sum / f64::from(rounds));
    let cells: Vec<String> = mean.iter().map(|share| format!("{share:.3}")).collect();
    println!("| {name} | {noise} | {:.2} | {} |", efficiency / f64::from(rounds), cells.join(" | "));
    Ok(mean)
}

/// Prints the table, and says whether its order is the one of the account.
fn table(rounds: u32) -> Result<bool, Box<dyn Error>> {
    println!("| design | noise | share of bound | {} |", COLUMNS.join(" | "));
    println!("| --- |{}", " ---: |".repeat(COLUMNS.len() + 2));
    let mut holds = true;
    for noise in [1.5, 3.0] {
        let teams = line("fixed teams", noise, rounds, |_| designs::fixed_teams())?;
        let swaps = line("teams and one swap each", noise, rounds, |_| designs::teams_and_swaps())?;
        let random = line("random, balanced loads", noise, rounds, designs::random_balanced)?;
        let balanced = line("pair-balanced", noise, rounds, designs::pair_balanced)?;
        let of = |[raw, _, _, _, calibrated, _]: [f64; 6]| (raw, calibrated);
        let lines = [teams, swaps, random, balanced].map(of);
        holds &= lines.iter().all(|(raw, calibrated)| *calibrated >= *raw - 1e-12);
        holds &= lines.iter().zip(lines.iter().skip(1)).all(|((_, worse), (_, better))| better >= worse);
    }
    Ok(holds)
}

fn main() -> ExitCode {
    let rounds = std::env::args().nth(1).and_then(|given| given.parse().ok()).unwrap_or(ROUNDS);
    match table(rounds) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            println!("The order is not the expected one.");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

//! The tasks of a calibration on a round from a file: processor time of each, and figures to compare.

use std::error::Error;

use pingxuan_fairness::calibrate::{Fit, Round, Scores, Simulation, Visit, simulate};
use serde_json::json;

use super::processor_seconds;

const LAMBDA: f64 = 0.25;
const PLACES: usize = 300;
const DRAWS: u32 = 10_000;

fn read(path: &str) -> Result<Round, Box<dyn Error>> {
    let text = std::fs::read_to_string(path)?;
    let mut lines = text.lines().map(|line| line.split(' '));
    let mut head = lines.next().ok_or("an empty file")?;
    let mut size = || -> Result<usize, Box<dyn Error>> { Ok(head.next().ok_or("no size")?.parse()?) };
    let (applicants, reviewers) = (size()?, size()?);
    let mut visits = Vec::new();
    for mut line in lines {
        let mut field = || line.next().ok_or("a short line");
        let (applicant, reviewer) = (field()?.parse()?, field()?.parse()?);
        visits.push(Visit { applicant, reviewer, scores: vec![field()?.parse()?] });
    }
    let weights = vec![1.0];
    Ok(Round {
        applicants,
        reviewers,
        visits,
        weights,
        quota: PLACES,
        lambda: None,
        assessment: None,
        offsets: None,
        simulation: None,
    })
}

/// What a task gives, and the mean of its times; so many of them that a tick more or less is nothing.
fn timed<T>(
    times: u32,
    mut task: impl FnMut() -> Result<T, Box<dyn Error>>,
) -> Result<(T, f64), Box<dyn Error>> {
    let start = processor_seconds()?;
    let mut result = std::hint::black_box(task())?;
    for _ in 1..times {
        result = std::hint::black_box(task())?;
    }
    Ok((result, (processor_seconds()? - start) / f64::from(times)))
}

/// Measures all tasks and prints them, as one JSON object.
pub fn measure(path: &str) -> Result<(), Box<dyn Error>> {
    let round = read(path)?;
    let (scores, reading) = timed(200, || Ok(Scores::of(&round)?))?;
    let (fit, fitting) = timed(200, || Ok(Fit::given(&scores, LAMBDA)?))?;
    let (errors, inverting) = timed(50, || Ok(fit.errors().calibrated()))?;
    let (reml, searching) = timed(50, || Ok(Fit::reml(&scores)?))?;
    let simulation = Simulation { seed: 42, draws: DRAWS, rank_draws: Some(1) };
    let (certainty, drawing) = timed(1, || Ok(simulate(&fit, simulation)))?;
    let ranked = Simulation { rank_draws: Some(2_000), draws: 2_000, ..simulation };
    let (_, ranking) = timed(1, || Ok(simulate(&fit, ranked)))?;
    println!(
        "{}",
        json!({
            "seconds": {
                "check": reading, "fit": fitting, "errors": inverting, "reml": searching, "draws": drawing,
                "draws_ranked": ranking,
            },
            "calibrated": fit.calibrated, "errors": errors, "lambda": reml.lambda.value, "top_count": certainty.top_count,
        })
    );
    Ok(())
}

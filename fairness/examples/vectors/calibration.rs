//! The vectors of a calibration: every field of the reference within the tolerance of the format.

use pingxuan_fairness::agree::agreement;
use pingxuan_fairness::calibrate::{
    Assessment, Calibration, CalibrationError, Certainty, Fit, LambdaStatus, Round, Scores, Simulation,
    Visit, calibrate, least_squares,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::comparison::Comparison;

#[derive(Deserialize)]
struct Vector {
    name: String,
    n_applicants: usize,
    n_reviewers: usize,
    criteria_weights: Vec<f64>,
    visits: Vec<(usize, usize, Vec<f64>)>,
    quota: usize,
    lambda_input: Option<f64>,
    #[serde(default)]
    assessment_alpha: f64,
    #[serde(default)]
    assessment: Option<Vec<f64>>,
    simulation: Option<Draws>,
    expected: Value,
}

#[derive(Deserialize)]
struct Draws {
    seed: u64,
    draws: u32,
}

impl Vector {
    fn round(&self) -> Round {
        let visit = |(applicant, reviewer, scores): &(usize, usize, Vec<f64>)| Visit {
            applicant: *applicant,
            reviewer: *reviewer,
            scores: scores.clone(),
        };
        Round {
            applicants: self.n_applicants,
            reviewers: self.n_reviewers,
            visits: self.visits.iter().map(visit).collect(),
            weights: self.criteria_weights.clone(),
            quota: self.quota,
            lambda: self.lambda_input,
            assessment: self.assessment.as_ref().map(|points| Assessment {
                shares: vec![self.assessment_alpha; points.len()],
                points: points.clone(),
            }),
            offsets: None,
            simulation: self.simulation.as_ref().map(|draws| Simulation {
                seed: draws.seed,
                draws: draws.draws,
                rank_draws: Some(draws.draws),
            }),
        }
    }
}

/// Whether a file is of this format.
pub fn is(file: &Value) -> bool {
    file.get("vectors").is_some_and(Value::is_array)
}

/// Every comparison of a file.
pub fn compare(file: &Value) -> Result<Vec<Comparison>, serde_json::Error> {
    let vectors: Vec<Vector> = serde_json::from_value(file.get("vectors").cloned().unwrap_or_default())?;
    Ok(vectors.iter().flat_map(of_vector).collect())
}

fn of_vector(vector: &Vector) -> Vec<Comparison> {
    let round = vector.round();
    let found = match calibrate(&round) {
        Ok(found) => fields(&round, &found),
        Err(error) => Ok(refusal(&round, &error)),
    };
    let found = match found {
        Ok(found) => found,
        Err(error) => json!({ "error": error.to_string() }),
    };
    let mut comparisons = Vec::new();
    object(&mut comparisons, &vector.name, &vector.expected, &found);
    comparisons
}

/// What can be said of a round that is not calibrated.
fn refusal(round: &Round, error: &CalibrationError) -> Value {
    let code = if matches!(error, CalibrationError::SingleVisits { .. }) {
        "single_visits".to_owned()
    } else {
        error.to_string()
    };
    match Scores::of(round) {
        Ok(scores) => {
            let composite: Vec<f64> = scores.visits().map(|visit| visit.composite).collect();
            let design = scores.design();
            json!({
                "error": code, "refused": code, "status": code, "composite": composite,
                "raw_mean": scores.raw_means(), "drop_high_low": scores.trimmed_means(),
                "components": design.components, "applicant_component": design.applicant_component,
                "reviewer_component": design.reviewer_component, "dof": scores.degrees_of_freedom(),
            })
        }
        Err(error) => json!({ "error": error.to_string() }),
    }
}

/// The fields of a vector, from a calibration.
fn fields(round: &Round, found: &Calibration) -> Result<Value, CalibrationError> {
    let scores = Scores::of(round)?;
    let fit = Fit::given(&scores, found.lambda.value)?;
    let agreement = agreement(&fit);
    let composite: Vec<f64> = scores.visits().map(|visit| visit.composite).collect();
    let status = match found.lambda.status {
        LambdaStatus::Given => "given",
        LambdaStatus::Interior => "interior",
        LambdaStatus::Lower => "lower",
        LambdaStatus::Upper => "upper",
        LambdaStatus::PerfectAgreement => "perfect_agreement",
    };
    let mut selected: Vec<usize> = found.order.iter().copied().take(round.quota).collect();
    selected.sort_unstable();
    let flagged: Vec<usize> = found
        .residuals
        .iter()
        .enumerate()
        .filter(|(_, visit)| visit.flag.is_some())
        .map(|(at, _)| at)
        .collect();
    let largest = found
        .residuals
        .iter()
        .enumerate()
        .filter_map(|(at, residual)| Some((at, residual, residual.t?)))
        .reduce(|best, next| if next.2.abs() > best.2.abs() { next } else { best })
        .map(|(at, residual, t)| {
            let visit = residual.visit;
            json!({ "visit_index": at, "applicant": visit.applicant, "reviewer": visit.reviewer, "value": t })
        });
    let boundary = found.boundary.map(|boundary| {
        json!({
            "last_in": boundary.last_in, "first_out": boundary.first_out, "gap": boundary.gap,
            "se_of_gap": boundary.standard_error, "z": boundary.z,
        })
    });
    let posterior = found.posterior.as_ref();
    let mut value = json!({
        "composite": composite,
        "raw_mean": found.raw_means,
        "drop_high_low": found.trimmed_means,
        "components": found.design.components,
        "applicant_component": found.design.applicant_component,
        "reviewer_component": found.design.reviewer_component,
        "information_eigenvalues": found.quality.eigenvalues,
        "algebraic_connectivity": found.quality.algebraic_connectivity,
        "efficiency": found.quality.efficiency,
        "efficiency_bound": found.quality.efficiency_bound,
        "lambda_": found.lambda.value,
        "lambda_status": status,
        "reml_objective": found.lambda.objective,
        "dof": found.degrees_of_freedom,
        "within_ss": found.within_squares,
        "rss": found.residual_squares,
        "sigma_e2": found.noise_variance,
        "sigma_b2": found.leniency_variance,
        "leniency": found.leniency,
        "leniency_se": found.leniency_errors,
        "calibrated": found.calibrated,
        "calibrated_se": found.calibrated_errors,
        "calibrated_lambda0_min_norm": least_squares(&scores)?,
        "sigma_theta2_moment": found.spread,
        "shrunk_mean": posterior.map(|posterior| &posterior.means),
        "shrunk_sd": posterior.map(|posterior| &posterior.deviations),
        "grand_mean_gls": posterior.map(|posterior| posterior.grand_mean),
        "final": found.finals,
        "order": found.order,
        "selected": selected,
        "boundary": boundary,
        "residual_std_max": largest,
        "flagged_visits": flagged,
        "icc1": agreement.intraclass.map(|intraclass| intraclass.single),
        "icc_k": agreement.intraclass.map(|intraclass| intraclass.mean),
        "krippendorff_interval_raw": agreement.alpha,
        "krippendorff_interval_after_leniency": agreement.alpha_after_leniency,
        "shrunk_simulation": found.shrunk_certainty.as_ref().map(draws),
    });
    if let (Some(fields), Some(Value::Object(drawn))) =
        (value.as_object_mut(), found.certainty.as_ref().map(draws))
    {
        fields.extend(drawn);
    }
    Ok(value)
}

fn draws(certainty: &Certainty) -> Value {
    let (low, high): (Vec<u16>, Vec<u16>) = certainty.rank_interval.iter().copied().unzip();
    json!({ "top_q_count": certainty.top_count, "rank_lo": low, "rank_hi": high })
}

/// Compares the members of an object; `cross_check` says how the reference itself was checked.
fn object(comparisons: &mut Vec<Comparison>, name: &str, expected: &Value, found: &Value) {
    for (field, expected) in
        expected.as_object().into_iter().flatten().filter(|(field, _)| *field != "cross_check")
    {
        let name = format!("{name} {field}");
        let none = Value::Null;
        let value = found.get(field).unwrap_or(&none);
        if expected.is_object() && value.is_object() {
            object(comparisons, &name, expected, value);
            continue;
        }
        let mut worst = 0.0_f64;
        let holds = agrees(field, expected, value, &mut worst);
        let detail = if holds {
            format!("off by {worst:.1e} at most")
        } else {
            format!("{value} in place of {expected}")
        };
        comparisons.push(Comparison { name, holds, detail });
    }
}

/// Whether a value is within the tolerance of its field, and how far off it is at most.
fn agrees(field: &str, expected: &Value, found: &Value, worst: &mut f64) -> bool {
    match (expected, found) {
        (Value::Array(expected), Value::Array(found)) => {
            expected.len() == found.len()
                && expected.iter().zip(found).all(|(expected, found)| {
                    // A flagged visit may be given as its index or with its figures.
                    let expected = expected.get("visit_index").unwrap_or(expected);
                    agrees(field, expected, found, worst)
                })
        }
        // A reviewer without a visit is in no part.
        (Value::Number(number), Value::Null) => field == "reviewer_component" && number.as_i64() == Some(-1),
        (Value::Number(expected), Value::Number(found)) => {
            let (Some(expected), Some(found)) = (expected.as_f64(), found.as_f64()) else { return false };
            let off = (expected - found).abs();
            *worst = worst.max(off);
            off <= match field {
                "top_q_count" => 2.0,
                "rank_lo" | "rank_hi" => 1.0,
                _ => 1e-8 + 1e-6 * expected.abs(),
            }
        }
        _ => expected == found,
    }
}

//! Scores without the strictness of those who gave them, and how sure the order is that they make.
//!
//! Each score is an applicant's figure plus a reviewer's leniency plus noise. Applicants are fixed, leniencies are ridged
//! by the ratio lambda of noise to leniency, which is estimated by REML: "each score minus how generous that reviewer is
//! compared with colleagues who saw the same places, then averaged". `docs/FAIRNESS.md` has the whole account.

use serde::{Deserialize, Serialize};
use thiserror::Error;

mod boundary;
mod diagnostics;
mod explain;
mod fit;
mod input;
mod lambda;
mod ranking;
mod shrunk;
mod simulate;

pub use boundary::{Boundary, DISTINGUISHABLE_ABOVE, ExtraVisit, Zone, order};
pub use diagnostics::{
    ASK_ABOVE, Comparability, EXPLAIN_ABOVE, Flag, GOOD_SHARE, Grade, LEAST_FREEDOM, LEAST_SHARE,
    LEAST_VISITS, Obstacle, Residual, obstacles,
};
pub use explain::{ExplainedVisit, Explanation};
pub use fit::{Errors, Fit, least_squares};
pub use input::{
    Assessment, LAMBDA_RANGE, LARGEST_SCORE, MOST_APPLICANTS, MOST_CRITERIA, MOST_DRAWS, Round, ScoredVisit,
    Scores, Simulation, Visit,
};
pub use lambda::{Lambda, LambdaStatus};
pub use ranking::{Basis, Ranking, Tie, TieFigure, TieStep, hundredths, rank};
pub use shrunk::Shrunk;
pub use simulate::{Certainty, simulate, simulate_shrunk};

use crate::design::{Design, Quality};

/// Why a round cannot be calibrated.
#[derive(Clone, Debug, PartialEq, Error, Serialize)]
#[serde(rename_all = "snake_case", tag = "fault")]
pub enum CalibrationError {
    /// There are none of something, or too many.
    #[error("{given} {what}: 1 to {most} can be calibrated")]
    Number {
        /// Of what.
        what: &'static str,
        /// How many.
        given: usize,
        /// The most.
        most: usize,
    },
    /// A weight is no share.
    #[error("the weight of criterion {criterion} is {weight}: it must be between 0 and 1")]
    Weight {
        /// The criterion.
        criterion: usize,
        /// Its weight.
        weight: f64,
    },
    /// The weights are not the whole.
    #[error("the weights sum to {sum}: they must sum to 1")]
    WeightSum {
        /// Their sum.
        sum: f64,
    },
    /// A given lambda is out of range.
    #[error("lambda is {lambda}: it must be between {} and {}", LAMBDA_RANGE.0, LAMBDA_RANGE.1)]
    Lambda {
        /// What was given.
        lambda: f64,
    },
    /// Not one share or points of the assessment, or offset, for each applicant.
    #[error("{given} {what} for {wanted} applicants")]
    ExactCount {
        /// Of what: `shares`, `points` or `offsets`.
        what: &'static str,
        /// How many there are.
        given: usize,
        /// How many there must be.
        wanted: usize,
    },
    /// A share that is not between 0 and 1, or points or an offset that are no number or too large.
    #[error(
        "{what}: applicant {applicant} has {figure}, where a share is 0 to 1 and any other a number up to {LARGEST_SCORE}"
    )]
    Exact {
        /// What: `shares`, `points` or `offsets`.
        what: &'static str,
        /// Whose.
        applicant: usize,
        /// What it is.
        figure: f64,
    },
    /// No draws, or too many.
    #[error("{given} draws: 1 to {most} can be made")]
    Draws {
        /// How many are asked for.
        given: u32,
        /// The most.
        most: u32,
    },
    /// A visit names an applicant that does not exist.
    #[error("visit {visit} is to applicant {applicant}, who does not exist")]
    NoSuchApplicant {
        /// The visit.
        visit: usize,
        /// Whom it names.
        applicant: usize,
    },
    /// A visit names a reviewer that does not exist.
    #[error("visit {visit} is by reviewer {reviewer}, who does not exist")]
    NoSuchReviewer {
        /// The visit.
        visit: usize,
        /// Whom it names.
        reviewer: usize,
    },
    /// Not one score for each criterion.
    #[error("visit {visit} has {given} scores for {wanted} criteria")]
    ScoreCount {
        /// The visit.
        visit: usize,
        /// How many it has.
        given: usize,
        /// How many it must have.
        wanted: usize,
    },
    /// A score is no number, or too large.
    #[error(
        "visit {visit} has the score {score} on criterion {criterion}: it must be a number up to {LARGEST_SCORE}"
    )]
    Score {
        /// The visit.
        visit: usize,
        /// The criterion.
        criterion: usize,
        /// What it is.
        score: f64,
    },
    /// A pair has two visits.
    #[error("reviewer {reviewer} has visited applicant {applicant} twice: visits {} and {}", visits[0], visits[1])]
    VisitTwice {
        /// Whom.
        applicant: usize,
        /// Who.
        reviewer: usize,
        /// The two visits.
        visits: [usize; 2],
    },
    /// An applicant has no visit.
    #[error("applicant {applicant} has no visit")]
    Unvisited {
        /// Whom.
        applicant: usize,
    },
    /// No applicant has a second visit: nothing tells reviewers apart (`single_visits`).
    #[error(
        "{visits} visits to {applicants} applicants: without second visits nothing tells reviewers apart"
    )]
    SingleVisits {
        /// How many visits there are.
        visits: usize,
        /// How many applicants.
        applicants: usize,
    },
    /// Lambda is too small for the design: the matrix has no factor.
    #[error("with lambda = {lambda} the leniencies are not determined")]
    NearlySingular {
        /// The lambda.
        lambda: f64,
    },
    /// The eigenvalues of the information matrix were not found.
    #[error("the eigenvalues of the information matrix were not found")]
    Eigenvalues,
}

impl CalibrationError {
    fn single_visits(scores: &Scores<'_>) -> Self {
        Self::SingleVisits { visits: scores.design().visits(), applicants: scores.design().applicants() }
    }
}

/// Everything that a round's scores say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Who visited whom.
    pub design: Design,
    /// How much that can tell.
    pub quality: Quality,
    /// Whether teams can be compared.
    pub comparability: Comparability,
    /// Every reason why this is not official; none if it is.
    pub obstacles: Vec<Obstacle>,
    /// 原始均分: the plain mean of each applicant.
    pub raw_means: Vec<f64>,
    /// 去掉最高最低: the mean without one highest and one lowest figure, from three visits on.
    pub trimmed_means: Vec<f64>,
    /// Noise over leniency.
    pub lambda: Lambda,
    /// nu: visits beyond the first of each applicant.
    pub degrees_of_freedom: usize,
    /// W: the sum of squares within applicants.
    pub within_squares: f64,
    /// What is left of it.
    pub residual_squares: f64,
    /// The variance of a visit's noise.
    pub noise_variance: f64,
    /// The variance of leniency.
    pub leniency_variance: f64,
    /// The variance among the true figures; 0: no distinguishable difference.
    pub spread: f64,
    /// 督导员尺度: how far each reviewer is above (+) or below (-) colleagues who saw the same applicants.
    pub leniency: Vec<f64>,
    /// Its standard error.
    pub leniency_errors: Vec<f64>,
    /// 校准分: each score minus its reviewer's leniency, averaged.
    pub calibrated: Vec<f64>,
    /// Its standard error.
    pub calibrated_errors: Vec<f64>,
    /// The calibrated figure blended with the assessment, plus the offset.
    pub finals: Vec<f64>,
    /// Applicants by that figure, the lower index first where two are the same.
    pub order: Vec<usize>,
    /// The line behind the last place, in that order.
    pub boundary: Option<Boundary>,
    /// What model B believes of each applicant; `None` where spread or noise is 0.
    pub posterior: Option<Posterior>,
    /// Draws from model A.
    pub certainty: Option<Certainty>,
    /// Draws from model B: what is published.
    pub shrunk_certainty: Option<Certainty>,
    /// 入选把握: from model B; q/N for all where the spread is 0, from model A where the noise is.
    pub probabilities: Option<Vec<f64>>,
    /// The zone of each applicant by that probability.
    pub zones: Option<Vec<Zone>>,
    /// Where one visit more would tell most, of the 10-90 % zone.
    pub extra_visits: Vec<ExtraVisit>,
    /// How each visit sits with all the others, by applicant and then by reviewer.
    pub residuals: Vec<Residual>,
    /// The official figures: calibrated without an obstacle, raw otherwise.
    pub ranking: Ranking,
}

/// What model B believes of the applicants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Posterior {
    /// The mean of each, before the assessment.
    pub means: Vec<f64>,
    /// The standard deviation of each.
    pub deviations: Vec<f64>,
    /// The mean of all.
    pub grand_mean: f64,
}

/// Calibrates a round and says how sure its order is.
///
/// # Errors
/// The first fault of the round; [`CalibrationError::SingleVisits`] where there is nothing to calibrate by.
pub fn calibrate(round: &Round) -> Result<Calibration, CalibrationError> {
    let scores = Scores::of(round)?;
    if scores.degrees_of_freedom() == 0 {
        return Err(CalibrationError::single_visits(&scores));
    }
    let spectrum = fit::spectrum(&scores)?;
    let fit = match round.lambda {
        Some(lambda) => Fit::given(&scores, lambda)?,
        None => Fit::by_likelihood(&scores, &spectrum)?,
    };
    let design = scores.design().clone();
    let quality = design.quality_of(spectrum.values);
    let obstacles = obstacles(&design, &quality);
    let basis = if obstacles.is_empty() { Basis::Calibrated } else { Basis::RawMean };
    let comparability = if design.components == 1 {
        Comparability::Comparable
    } else {
        Comparability::NotComparableAcrossTeams
    };
    let errors = fit.errors();
    let spread = errors.spread();
    let finals = scores.finals(&fit.calibrated);
    let order = order(&finals);
    let shrunk = Shrunk::of(&errors, spread);
    let certainty = round.simulation.map(|simulation| simulate(&fit, simulation));
    let shrunk_certainty = round
        .simulation
        .zip(shrunk.as_ref())
        .map(|(simulation, shrunk)| simulate_shrunk(&fit, shrunk, simulation));
    let probabilities = match (&shrunk_certainty, &certainty) {
        (Some(drawn), _) => Some(drawn.top_share.clone()),
        (None, Some(_)) if spread <= 0.0 => {
            Some(simulate::indistinguishable(round.applicants, scores.places()))
        }
        (None, drawn) => drawn.as_ref().map(|drawn| drawn.top_share.clone()),
    };
    let zones: Option<Vec<Zone>> =
        probabilities.as_ref().map(|shares| shares.iter().copied().map(Zone::of).collect());
    let extra_visits = shrunk
        .as_ref()
        .zip(zones.as_ref())
        .map(|(shrunk, zones)| boundary::extra_visits(&errors, shrunk, zones))
        .unwrap_or_default();
    Ok(Calibration {
        quality,
        comparability,
        obstacles,
        raw_means: scores.raw_means().to_vec(),
        trimmed_means: scores.trimmed_means(),
        lambda: fit.lambda,
        degrees_of_freedom: fit.degrees_of_freedom,
        within_squares: fit.within_squares,
        residual_squares: fit.residual_squares,
        noise_variance: fit.noise_variance,
        leniency_variance: fit.leniency_variance,
        spread,
        leniency: fit.leniency.clone(),
        leniency_errors: errors.leniency(),
        calibrated: fit.calibrated.clone(),
        calibrated_errors: errors.calibrated(),
        boundary: boundary::boundary(&errors, &finals, &order, scores.places()),
        finals,
        order,
        posterior: shrunk.map(|Shrunk { means, deviations, grand_mean, .. }| Posterior {
            means,
            deviations,
            grand_mean,
        }),
        certainty,
        shrunk_certainty,
        probabilities,
        zones,
        extra_visits,
        residuals: diagnostics::residuals(&errors),
        ranking: rank(&fit, basis),
        design,
    })
}

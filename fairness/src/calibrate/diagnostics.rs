//! What a fit says of its own visits, and whether it may be official (C11 to C13).

use serde::{Deserialize, Serialize};

use super::fit::Errors;
use super::input::ScoredVisit;
use crate::design::{Design, Quality};

/// From here on a visit is asked for its evidence.
pub const ASK_ABOVE: f64 = 2.5;
/// From here on a visit must be explained.
pub const EXPLAIN_ABOVE: f64 = 3.0;
/// Fewest degrees of freedom of an official calibration.
pub const LEAST_FREEDOM: usize = 10;
/// Fewest visits of each reviewer of an official calibration.
pub const LEAST_VISITS: usize = 3;
/// Least share of the efficiency bound of an official calibration.
pub const LEAST_SHARE: f64 = 0.5;
/// From here on a design is good.
pub const GOOD_SHARE: f64 = 0.8;

/// What is asked of a visit that stands out. Nothing is ever taken away for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// Ask for the evidence: |t| above 2.5.
    AskForEvidence,
    /// It must be explained: |t| above 3.
    MustExplain,
}

/// 可疑打分: how one visit sits with all the others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Residual {
    /// The visit.
    pub visit: ScoredVisit,
    /// What neither the applicant nor the reviewer explains: y - a - b.
    pub residual: f64,
    /// How much of its own figure the model gives back, 0 to 1.
    pub leverage: f64,
    /// The residual over its standard error; `None` where the visit alone decides its fit, or there is no noise.
    pub t: Option<f64>,
    /// What is asked for it.
    pub flag: Option<Flag>,
}

/// Residuals of all visits, by applicant and then by reviewer.
pub(crate) fn residuals(errors: &Errors<'_>) -> Vec<Residual> {
    let fit = errors.fit;
    let noise = fit.noise_variance.sqrt();
    let of_one = |visit: ScoredVisit| {
        let ScoredVisit { applicant, reviewer, composite, .. } = visit;
        let fitted =
            fit.calibrated.get(applicant).zip(fit.leniency.get(reviewer)).map_or(0.0, |(a, b)| a + b);
        let residual = composite - fitted;
        let leverage = errors.leverage(applicant, reviewer);
        let free = 1.0 - leverage;
        let t = (noise > 0.0 && free > 1e-9).then(|| residual / (noise * free.sqrt()));
        let flag = t.map(f64::abs).and_then(|t| {
            if t > EXPLAIN_ABOVE {
                Some(Flag::MustExplain)
            } else {
                (t > ASK_ABOVE).then_some(Flag::AskForEvidence)
            }
        });
        Residual { visit, residual, leverage, t, flag }
    };
    fit.scores.visits().map(of_one).collect()
}

/// 设计质量: what a share of the efficiency bound is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// .8 of the bound and more.
    Good,
    /// .5 to .8.
    Weak,
    /// Below .5, or falling apart.
    Poor,
}

impl Quality {
    /// What its share of the bound is called.
    #[must_use]
    pub fn grade(&self) -> Grade {
        if self.share_of_bound >= GOOD_SHARE {
            Grade::Good
        } else if self.share_of_bound >= LEAST_SHARE {
            Grade::Weak
        } else {
            Grade::Poor
        }
    }
}

/// One reason why a calibration is not official.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum Obstacle {
    /// The design falls apart: between its parts nothing can be compared.
    Disconnected {
        /// Into how many parts.
        components: usize,
    },
    /// Too few visits beyond the first of each applicant.
    FewDegreesOfFreedom {
        /// How many there are.
        given: usize,
        /// How many it takes.
        least: usize,
    },
    /// A reviewer has visits, but too few.
    FewVisits {
        /// The reviewer.
        reviewer: usize,
        /// How many there are.
        given: usize,
        /// How many it takes.
        least: usize,
    },
    /// Reviewers cross too little.
    PoorDesign {
        /// The share of the efficiency bound.
        share: f64,
        /// The share it takes.
        least: f64,
    },
}

/// Whether figures of different teams can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparability {
    /// All applicants hang together through common reviewers.
    Comparable,
    /// Teams without a link: each is taken as equally strict, and no probability is to be published (C12).
    NotComparableAcrossTeams,
}

/// Every reason why the calibration of a design is not official, in the order of the rule; none if it is. Reviewers
/// without a visit take no part.
#[must_use]
pub fn obstacles(design: &Design, quality: &Quality) -> Vec<Obstacle> {
    let freedom = design.visits().saturating_sub(design.applicants());
    let mut found = Vec::new();
    if design.components != 1 {
        found.push(Obstacle::Disconnected { components: design.components });
    }
    if freedom < LEAST_FREEDOM {
        found.push(Obstacle::FewDegreesOfFreedom { given: freedom, least: LEAST_FREEDOM });
    }
    for (reviewer, given) in design.loads().iter().copied().enumerate() {
        if (1..LEAST_VISITS).contains(&given) {
            found.push(Obstacle::FewVisits { reviewer, given, least: LEAST_VISITS });
        }
    }
    if quality.share_of_bound < LEAST_SHARE {
        found.push(Obstacle::PoorDesign { share: quality.share_of_bound, least: LEAST_SHARE });
    }
    found
}

//! Visits and reviewers worth a second look: kinds, indices and figures.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calibrate::{ASK_ABOVE, Fit, Residual};
use crate::design::count;

/// Favours and disfavours are listed where Holm's adjusted p is below this.
pub const HOLM_LEVEL: f64 = 0.05;
/// Slopes of a reviewer's figures on those of all that are taken as usual.
pub const SLOPES: (f64, f64) = (0.5, 2.0);
/// From so many visits on, the same scores on all criteria are listed.
pub const IDENTICAL_FROM: usize = 3;
/// Two scorings of one reviewer less than so many minutes apart are listed.
pub const LEAST_MINUTES: f64 = 10.0;
/// Two favours, there and back, are listed where both t are above this.
pub const RECIPROCAL_ABOVE: f64 = 1.5;
/// Fewest visits of a reviewer to a unit's applicants of which a mean is taken.
pub const FEWEST_TOGETHER: usize = 2;

/// What is known of a round beside its scores; an empty list is nothing known, and so is `None` in a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Circumstances {
    /// The unit of each reviewer.
    pub reviewer_units: Vec<Option<usize>>,
    /// The unit or village group of each applicant.
    pub applicant_units: Vec<Option<usize>>,
    /// When each visit of the round was scored, in minutes from any one instant.
    pub minutes: Vec<Option<f64>>,
    /// Whether each visit of the round has its proof: a place or a photograph.
    pub proofs: Vec<Option<bool>>,
}

/// One thing worth a second look.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Finding {
    /// A figure at odds with the others for the applicant and of the reviewer: |t| above 2.5.
    OutlyingVisit(Residual),
    /// A reviewer gives the applicants of one unit more (or less) than all the rest explains.
    OneSided {
        /// Who.
        reviewer: usize,
        /// Whose applicants.
        unit: usize,
        /// The visits, as places in the round.
        visits: Vec<usize>,
        /// By how many points on the mean.
        mean_residual: f64,
        /// That over its standard error without regard to the fit: mean x sqrt(n) / `sigma_e`.
        z: f64,
        /// The chance of as much without a reason, over all pairs together (Holm 1979).
        adjusted_p: f64,
    },
    /// A reviewer spreads figures much less, or much more, than all others do.
    Scale {
        /// Who.
        reviewer: usize,
        /// Over how many visits.
        visits: usize,
        /// The slope of the figures on the calibrated ones.
        slope: f64,
    },
    /// A reviewer gave the very same scores on all criteria again and again.
    IdenticalScores {
        /// Who.
        reviewer: usize,
        /// The visits, as places in the round.
        visits: Vec<usize>,
        /// The scores.
        scores: Vec<f64>,
    },
    /// A reviewer scored two visits one right after the other.
    CloseInTime {
        /// Who.
        reviewer: usize,
        /// The two visits, as places in the round.
        visits: [usize; 2],
        /// How far apart.
        minutes: f64,
    },
    /// A visit has no proof that it took place.
    NoProof {
        /// The visit, as its place in the round.
        visit: usize,
    },
    /// Two units were each generous to the other.
    Reciprocal {
        /// One visit.
        there: Residual,
        /// The other one.
        back: Residual,
    },
}

/// All findings, kind by kind in the order of [`Finding`], each kind by its indices. Lists of circumstances that are too
/// short leave the rest unknown.
#[must_use]
pub fn screens(fit: &Fit<'_>, residuals: &[Residual], known: &Circumstances) -> Vec<Finding> {
    let outlying = residuals.iter().filter(|residual| residual.t.is_some_and(|t| t.abs() > ASK_ABOVE));
    let mut found: Vec<Finding> = outlying.copied().map(Finding::OutlyingVisit).collect();
    found.extend(one_sided(fit, residuals, known));
    found.extend(scales(fit));
    found.extend(identical(fit));
    found.extend(close_in_time(fit, known));
    found.extend(no_proof(fit, known));
    found.extend(reciprocal(residuals, known));
    found
}

fn known_of<T: Copy>(list: &[Option<T>], index: usize) -> Option<T> {
    list.get(index).copied().flatten()
}

fn one_sided(fit: &Fit<'_>, residuals: &[Residual], known: &Circumstances) -> Vec<Finding> {
    let noise = fit.noise_variance.sqrt();
    if noise <= 0.0 {
        return Vec::new();
    }
    let mut together: BTreeMap<(usize, usize), (Vec<usize>, f64)> = BTreeMap::new();
    for Residual { visit, residual, .. } in residuals {
        if let Some(unit) = known_of(&known.applicant_units, visit.applicant) {
            let (visits, sum) = together.entry((visit.reviewer, unit)).or_default();
            visits.push(visit.visit);
            *sum += residual;
        }
    }
    let mut tested: Vec<(f64, Finding)> = together
        .into_iter()
        .filter(|(_, (visits, _))| visits.len() >= FEWEST_TOGETHER)
        .map(|((reviewer, unit), (visits, sum))| {
            let mean_residual = sum / count(visits.len());
            let z = mean_residual * count(visits.len()).sqrt() / noise;
            let p = libm::erfc(z.abs() * std::f64::consts::FRAC_1_SQRT_2);
            (p, Finding::OneSided { reviewer, unit, visits, mean_residual, z, adjusted_p: p })
        })
        .collect();
    tested.sort_by(|(left, _), (right, _)| left.total_cmp(right));
    let all = tested.len();
    let mut least = 0.0_f64;
    let mut found = Vec::new();
    for (place, (p, mut finding)) in tested.into_iter().enumerate() {
        least = least.max((p * count(all - place)).min(1.0));
        if least >= HOLM_LEVEL {
            break;
        }
        if let Finding::OneSided { adjusted_p, .. } = &mut finding {
            *adjusted_p = least;
        }
        found.push(finding);
    }
    found
}

/// The visits of each reviewer.
fn by_reviewer(fit: &Fit<'_>) -> Vec<Vec<crate::calibrate::ScoredVisit>> {
    let mut visits = vec![Vec::new(); fit.leniency.len()];
    for visit in fit.scores().visits() {
        if let Some(of_one) = visits.get_mut(visit.reviewer) {
            of_one.push(visit);
        }
    }
    visits
}

fn scales(fit: &Fit<'_>) -> Vec<Finding> {
    let slope = |(reviewer, visits): (usize, Vec<crate::calibrate::ScoredVisit>)| {
        let points: Vec<(f64, f64)> = visits
            .iter()
            .filter_map(|visit| Some((*fit.calibrated.get(visit.applicant)?, visit.composite)))
            .collect();
        let number = count(points.len());
        let x_mean = points.iter().map(|(x, _)| x).sum::<f64>() / number;
        let y_mean = points.iter().map(|(_, y)| y).sum::<f64>() / number;
        let across: f64 = points.iter().map(|(x, _)| (x - x_mean) * (x - x_mean)).sum();
        let along: f64 = points.iter().map(|(x, y)| (x - x_mean) * (y - y_mean)).sum();
        let slope = along / across;
        let usual = (SLOPES.0..=SLOPES.1).contains(&slope);
        (points.len() >= IDENTICAL_FROM && across > 1e-9 && !usual).then_some(Finding::Scale {
            reviewer,
            visits: points.len(),
            slope,
        })
    };
    by_reviewer(fit).into_iter().enumerate().filter_map(slope).collect()
}

fn identical(fit: &Fit<'_>) -> Vec<Finding> {
    let round = fit.scores().round();
    let mut found = Vec::new();
    for (reviewer, visits) in by_reviewer(fit).into_iter().enumerate() {
        let mut same: BTreeMap<Vec<u64>, Vec<usize>> = BTreeMap::new();
        for visit in visits {
            // 0.0 is added so that 0 and -0 are one score.
            let scores =
                round.visits.get(visit.visit).map(|visit| visit.scores.as_slice()).unwrap_or_default();
            same.entry(scores.iter().map(|score| (score + 0.0).to_bits()).collect())
                .or_default()
                .push(visit.visit);
        }
        found.extend(same.into_iter().filter(|(_, visits)| visits.len() >= IDENTICAL_FROM).map(
            |(scores, visits)| Finding::IdenticalScores {
                reviewer,
                visits,
                scores: scores.into_iter().map(f64::from_bits).collect(),
            },
        ));
    }
    found
}

fn close_in_time(fit: &Fit<'_>, known: &Circumstances) -> Vec<Finding> {
    let mut found = Vec::new();
    for (reviewer, visits) in by_reviewer(fit).into_iter().enumerate() {
        let mut timed: Vec<(f64, usize)> = visits
            .iter()
            .filter_map(|visit| Some((known_of(&known.minutes, visit.visit)?, visit.visit)))
            .filter(|(minutes, _)| minutes.is_finite())
            .collect();
        timed.sort_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(&right.1)));
        for (first, second) in timed.iter().zip(timed.iter().skip(1)) {
            let minutes = second.0 - first.0;
            if minutes < LEAST_MINUTES {
                found.push(Finding::CloseInTime { reviewer, visits: [first.1, second.1], minutes });
            }
        }
    }
    found
}

fn no_proof(fit: &Fit<'_>, known: &Circumstances) -> Vec<Finding> {
    let unproved =
        |visit: &crate::calibrate::ScoredVisit| known_of(&known.proofs, visit.visit) == Some(false);
    fit.scores().visits().filter(unproved).map(|visit| Finding::NoProof { visit: visit.visit }).collect()
}

fn reciprocal(residuals: &[Residual], known: &Circumstances) -> Vec<Finding> {
    // Generous visits from one unit to another.
    let mut favours: BTreeMap<(usize, usize), Vec<Residual>> = BTreeMap::new();
    for residual in residuals {
        let from = known_of(&known.reviewer_units, residual.visit.reviewer);
        let to = known_of(&known.applicant_units, residual.visit.applicant);
        if let (Some(from), Some(to), Some(t)) = (from, to, residual.t)
            && from != to
            && t > RECIPROCAL_ABOVE
        {
            favours.entry((from, to)).or_default().push(*residual);
        }
    }
    let mut found = Vec::new();
    for ((from, to), there) in favours.range(..).filter(|((from, to), _)| from < to) {
        for back in favours.get(&(*to, *from)).into_iter().flatten() {
            found.extend(there.iter().map(|there| Finding::Reciprocal { there: *there, back: *back }));
        }
    }
    found
}

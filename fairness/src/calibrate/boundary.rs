//! The line between in and out: how wide it is, who stands near it, where one visit more would tell most.
#![expect(clippy::indexing_slicing, reason = "indices of one checked round")]

use std::f64::consts::{FRAC_1_SQRT_2, PI};

use serde::{Deserialize, Serialize};

use super::fit::Errors;
use super::shrunk::Shrunk;
use super::simulate::final_posterior;
use crate::design::count;

/// From here on a gap is told from chance, at one in twenty on one side.
pub const DISTINGUISHABLE_ABOVE: f64 = 1.64;

/// The gap between the last applicant in and the first one out.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Boundary {
    /// The last one in.
    pub last_in: usize,
    /// The first one out.
    pub first_out: usize,
    /// The difference of their final figures, 0 or more.
    pub gap: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Gap over error; `None` without any error.
    pub z: Option<f64>,
    /// Whether the gap is more than chance would make: z of 1.64 and more, or no error at all.
    pub distinguishable: bool,
}

/// A figure without what rounding has left behind its ninth decimal, so that sums that are equal are equal.
pub(crate) fn settled(figure: f64) -> f64 {
    (figure * 1e9).round_ties_even() / 1e9
}

/// Applicants by figure to nine decimals, largest first; the lower index first where figures are the same.
#[must_use]
pub fn order(figures: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..figures.len()).collect();
    order.sort_by(|left, right| settled(figures[*right]).total_cmp(&settled(figures[*left])));
    order
}

/// The line behind the first `places` of an order; none where everybody or nobody is in.
pub(crate) fn boundary(
    errors: &Errors<'_>,
    figures: &[f64],
    order: &[usize],
    places: usize,
) -> Option<Boundary> {
    let (last_in, first_out) = (*order.get(places.checked_sub(1)?)?, *order.get(places)?);
    let gap = (figures[last_in] - figures[first_out]).max(0.0);
    let standard_error = errors.final_difference(last_in, first_out)?;
    let z = (standard_error > 0.0).then(|| gap / standard_error);
    let distinguishable = z.map_or(gap > 0.0, |z| z >= DISTINGUISHABLE_ABOVE);
    Some(Boundary { last_in, first_out, gap, standard_error, z, distinguishable })
}

/// How sure it is that an applicant is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    /// 稳入: P of .90 and more.
    In,
    /// 临界: P of .10 to .90: one visit more, or a discussion with its reasons recorded.
    Borderline,
    /// 未入: P below .10.
    Out,
}

impl Zone {
    /// The zone of a probability.
    #[must_use]
    pub fn of(probability: f64) -> Self {
        if probability >= 0.90 {
            Self::In
        } else if probability >= 0.10 {
            Self::Borderline
        } else {
            Self::Out
        }
    }
}

/// What one visit more to an applicant is expected to be worth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExtraVisit {
    /// The applicant.
    pub applicant: usize,
    /// By how many points the selection is expected to get better.
    pub gain: f64,
}

/// The applicants of the 10-90 % zone, the one that a visit would help most first (ties: lower index first).
///
/// The gain is the knowledge gradient of a selection (Gupta and Miescke 1996; Frazier, Powell and Dayanik 2008). An
/// applicant's figure has the posterior mean m and variance v (model B); a further visit has the noise variance
/// `sigma_e2 + c`, c the mean posterior variance of the leniency of the reviewers with visits. It will move the mean by
/// an amount of standard deviation `s = w v / sqrt(v + sigma_e2 + c)`, w the share of the scores in its final figure (where
/// that is 0, a visit moves nothing), and the selection is better by what the mean is then beyond the figure t that it is measured against: of one that is in, the first one out, otherwise the last
/// one in. With `d = |m - t|` that is expected to be `s phi(d/s) - d Phi(-d/s)`.
pub(crate) fn extra_visits(errors: &Errors<'_>, shrunk: &Shrunk, zones: &[Zone]) -> Vec<ExtraVisit> {
    let fit = errors.fit;
    let (scores, places) = (fit.scores, fit.scores.places());
    let (means, deviations) = final_posterior(fit, shrunk);
    let order = order(&means);
    let (Some(last_in), Some(first_out)) =
        (places.checked_sub(1).and_then(|last| order.get(last)), order.get(places))
    else {
        return Vec::new();
    };
    let active = scores.design().active();
    let leniency: f64 = active.iter().map(|reviewer| shrunk.leniency_variances[*reviewer]).sum();
    let visit_variance = fit.noise_variance + leniency / count(active.len());
    let mut found: Vec<ExtraVisit> = order
        .iter()
        .enumerate()
        .filter(|(_, applicant)| zones[**applicant] == Zone::Borderline)
        .map(|(place, applicant)| {
            let against = means[if place < places { *first_out } else { *last_in }];
            let weight = scores.scores_share(*applicant);
            let variance = deviations[*applicant] * deviations[*applicant];
            let moved = if weight > 0.0 {
                variance / (variance + weight * weight * visit_variance).sqrt()
            } else {
                0.0
            };
            ExtraVisit {
                applicant: *applicant,
                gain: expected_excess((means[*applicant] - against).abs(), moved),
            }
        })
        .collect();
    found.sort_by(|left, right| right.gain.total_cmp(&left.gain).then(left.applicant.cmp(&right.applicant)));
    found
}

/// The mean of what a normal number of mean 0 and deviation s has beyond a distance d of 0 or more.
fn expected_excess(distance: f64, deviation: f64) -> f64 {
    if deviation <= 0.0 {
        return 0.0;
    }
    let x = distance / deviation;
    let density = libm::exp(-0.5 * x * x) / (2.0 * PI).sqrt();
    let beyond = 0.5 * libm::erfc(x * FRAC_1_SQRT_2);
    (deviation * density - distance * beyond).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_begin_where_they_say() {
        let zones = [0.9, 0.899, 0.1, 0.099].map(Zone::of);
        assert_eq!(zones, [Zone::In, Zone::Borderline, Zone::Borderline, Zone::Out]);
    }

    #[test]
    fn what_lies_beyond_a_line_is_the_integral_of_the_tail() {
        let sum: f64 = (0..2_000_000_u32)
            .map(|step| (f64::from(step) + 0.5) * 1e-5)
            .map(|x| (x - 0.7).max(0.0) * (-0.5 * x * x).exp() / (2.0 * PI).sqrt() * 1e-5)
            .sum();
        assert!((expected_excess(0.7, 1.0) - sum).abs() < 1e-9);
        assert!((expected_excess(1.4, 2.0) - 2.0 * sum).abs() < 1e-9);
        assert_eq!(expected_excess(1.0, 0.0), 0.0);
    }
}

//! Model B: applicants random too. For probabilities and intervals, never for the order (C9).
#![expect(clippy::indexing_slicing, reason = "indices of one checked round")]

use super::fit::Errors;
use crate::design::count;
use crate::linear::{Factor, Symmetric};

/// What is believed of the true figures, given all scores (posterior of the crossed random model; Lawrence 2014).
#[derive(Clone, Debug)]
pub struct Shrunk {
    /// The mean of each applicant.
    pub means: Vec<f64>,
    /// The standard deviation of each applicant.
    pub deviations: Vec<f64>,
    /// The mean of all, by generalised least squares.
    pub grand_mean: f64,
    /// Noise over spread, in variance.
    pub(crate) kappa: f64,
    /// The variance of each leniency.
    pub(crate) leniency_variances: Vec<f64>,
    pub(crate) factor: Factor,
}

impl Shrunk {
    /// The posterior for a spread above 0; `None` where the spread or the noise is 0, as there is nothing to draw.
    pub(crate) fn of(errors: &Errors<'_>, spread: f64) -> Option<Self> {
        let fit = errors.fit;
        let (scores, noise) = (fit.scores, fit.noise_variance);
        if spread <= 0.0 || noise <= 0.0 {
            return None;
        }
        let kappa = noise / spread;
        let design = scores.design();
        let (applicants, reviewers) = (design.applicants(), design.reviewers());
        let reduced = design.reduced(|visits| count(visits) + kappa).plus_diagonal(fit.lambda.value);
        let mut matrix = Symmetric::zero(reviewers + 1);
        for row in 0..reviewers {
            matrix.row_mut(row)[..reviewers - row].copy_from_slice(reduced.row(row));
        }
        let mut right = vec![0.0; reviewers + 1];
        let mut weight = 0.0;
        for applicant in 0..applicants {
            let (of_one, figures) = scores.sheet(applicant);
            let visits = count(of_one.len());
            let divisor = visits + kappa;
            let sum: f64 = figures.iter().sum();
            for (reviewer, figure) in of_one.iter().zip(figures) {
                matrix.add(*reviewer, reviewers, kappa / divisor);
                right[*reviewer] += figure - sum / divisor;
            }
            right[reviewers] += kappa * sum / divisor;
            // N kappa - kappa^2 sum 1/d, without the difference of large numbers where kappa is large.
            weight += kappa * (visits / divisor);
        }
        matrix.add(reviewers, reviewers, weight);
        let factor = Factor::of(matrix)?;
        factor.solve(&mut right);
        let inverse = factor.inverse();
        let grand_mean = right[reviewers];
        let (mut means, mut deviations) = (Vec::with_capacity(applicants), Vec::with_capacity(applicants));
        for applicant in 0..applicants {
            let (of_one, figures) = scores.sheet(applicant);
            let divisor = count(of_one.len()) + kappa;
            let adjusted: f64 =
                of_one.iter().zip(figures).map(|(reviewer, figure)| figure - right[*reviewer]).sum();
            means.push((adjusted + kappa * grand_mean) / divisor);
            let mut shares: Vec<(usize, f64)> =
                of_one.iter().map(|reviewer| (*reviewer, -1.0 / divisor)).collect();
            shares.push((reviewers, kappa / divisor));
            deviations.push((noise * (1.0 / divisor + inverse.quadratic(&shares))).sqrt());
        }
        let leniency_variances =
            (0..reviewers).map(|reviewer| noise * inverse.at(reviewer, reviewer)).collect();
        Some(Self { means, deviations, grand_mean, kappa, leniency_variances, factor })
    }
}

//! Model A: applicants fixed, reviewers' leniency ridged (C3 to C7).
#![expect(clippy::indexing_slicing, reason = "indices of one checked round")]

use super::lambda::{Lambda, LambdaStatus, Likelihood};
use super::{CalibrationError, Scores};
use crate::design::count;
use crate::linear::{Factor, Spectrum, Symmetric};

/// The additive model y = a + b + e with its leniencies b ridged by lambda.
#[derive(Clone, Debug)]
pub struct Fit<'a> {
    pub(crate) scores: &'a Scores<'a>,
    /// Where lambda comes from, and what it is.
    pub lambda: Lambda,
    /// nu: visits beyond the first of each applicant.
    pub degrees_of_freedom: usize,
    /// W: the sum of squares within applicants.
    pub within_squares: f64,
    /// What is left of it, penalty included: W - r.b.
    pub residual_squares: f64,
    /// The variance of a visit's noise.
    pub noise_variance: f64,
    /// The variance of leniency: noise over lambda.
    pub leniency_variance: f64,
    /// 督导员尺度: b of each reviewer, 0 without a visit; they sum to 0 within each part of the design.
    pub leniency: Vec<f64>,
    /// 校准分: a of each applicant.
    pub calibrated: Vec<f64>,
    pub(crate) factor: Factor,
}

/// r: how far each reviewer's visits lie above the means of the applicants, in sum.
fn excess(scores: &Scores<'_>) -> Vec<f64> {
    let mut excess = vec![0.0; scores.design().reviewers()];
    for (applicant, mean) in scores.raw_means().iter().enumerate() {
        let (reviewers, figures) = scores.sheet(applicant);
        for (reviewer, figure) in reviewers.iter().zip(figures) {
            excess[*reviewer] += figure - mean;
        }
    }
    excess
}

/// The mean over an applicant's visits of what is left once a leniency is taken off each.
fn adjusted_means(scores: &Scores<'_>, leniency: &[f64]) -> Vec<f64> {
    let adjusted = |applicant| {
        let (reviewers, figures) = scores.sheet(applicant);
        let sum: f64 =
            reviewers.iter().zip(figures).map(|(reviewer, figure)| figure - leniency[*reviewer]).sum();
        sum / count(figures.len())
    };
    (0..scores.design().applicants()).map(adjusted).collect()
}

/// The eigenvalues of the information matrix and what the likelihood of lambda asks for beside them.
pub(crate) fn spectrum(scores: &Scores<'_>) -> Result<Spectrum, CalibrationError> {
    scores.design().spectrum(&excess(scores)).ok_or(CalibrationError::Eigenvalues)
}

impl<'a> Fit<'a> {
    /// The fit with a lambda that is given.
    ///
    /// # Errors
    /// [`CalibrationError::SingleVisits`] where no applicant has a second visit, [`CalibrationError::NearlySingular`]
    /// where lambda is too small for the design.
    pub fn given(scores: &'a Scores<'a>, lambda: f64) -> Result<Self, CalibrationError> {
        Self::with(scores, Lambda { value: lambda, status: LambdaStatus::Given, objective: None })
    }

    /// The fit with lambda by REML.
    ///
    /// # Errors
    /// As [`Fit::given`], and [`CalibrationError::Eigenvalues`] where they cannot be found.
    pub fn reml(scores: &'a Scores<'a>) -> Result<Self, CalibrationError> {
        Self::by_likelihood(scores, &spectrum(scores)?)
    }

    pub(crate) fn by_likelihood(
        scores: &'a Scores<'a>,
        spectrum: &Spectrum,
    ) -> Result<Self, CalibrationError> {
        let within = scores.within_squares();
        let freedom = scores.degrees_of_freedom();
        if freedom == 0 {
            return Err(CalibrationError::single_visits(scores));
        }
        Self::with(scores, Likelihood { spectrum, within, freedom }.peak())
    }

    pub(crate) fn with(scores: &'a Scores<'a>, lambda: Lambda) -> Result<Self, CalibrationError> {
        let degrees_of_freedom = scores.degrees_of_freedom();
        if degrees_of_freedom == 0 {
            return Err(CalibrationError::single_visits(scores));
        }
        let within_squares = scores.within_squares();
        let penalised = scores.design().information().plus_diagonal(lambda.value);
        let factor =
            Factor::of(penalised).ok_or(CalibrationError::NearlySingular { lambda: lambda.value })?;
        let mut leniency = if within_squares > 0.0 { excess(scores) } else { vec![0.0; factor.size()] };
        let explained = leniency.clone();
        factor.solve(&mut leniency);
        let explained: f64 = explained.iter().zip(&leniency).map(|(r, b)| r * b).sum();
        let residual_squares = (within_squares - explained).max(0.0);
        let noise_variance = residual_squares / count(degrees_of_freedom);
        let calibrated = adjusted_means(scores, &leniency);
        Ok(Self {
            scores,
            lambda,
            degrees_of_freedom,
            within_squares,
            residual_squares,
            noise_variance,
            leniency_variance: noise_variance / lambda.value,
            leniency,
            calibrated,
            factor,
        })
    }

    /// The scores that were fitted.
    #[must_use]
    pub const fn scores(&self) -> &'a Scores<'a> {
        self.scores
    }

    /// The same model with the same lambda on one criterion alone: the figures of the tie cascade. Their weighted sum is
    /// the calibrated figure of the whole.
    #[must_use]
    pub fn criterion(&self, criterion: usize) -> Option<Vec<f64>> {
        if criterion >= self.scores.round().weights.len() {
            return None;
        }
        let of_one = self.scores.criterion(criterion);
        let mut leniency = excess(&of_one);
        self.factor.solve(&mut leniency);
        Some(adjusted_means(&of_one, &leniency))
    }

    /// How sure the figures are; this inverts the matrix of the reviewers once.
    #[must_use]
    pub fn errors(&self) -> Errors<'_> {
        Errors { fit: self, inverse: self.factor.inverse() }
    }
}

/// Exact variances of a fit, given lambda (C6).
#[derive(Clone, Debug)]
pub struct Errors<'a> {
    pub(crate) fit: &'a Fit<'a>,
    inverse: Symmetric,
}

impl Errors<'_> {
    /// g of an applicant: one share for each of its reviewers.
    fn shares(&self, applicant: usize) -> Vec<(usize, f64)> {
        let reviewers = &self.fit.scores.design().reviewers_of()[applicant];
        let share = 1.0 / count(reviewers.len());
        reviewers.iter().map(|reviewer| (*reviewer, share)).collect()
    }

    /// The standard error of each calibrated figure.
    #[must_use]
    pub fn calibrated(&self) -> Vec<f64> {
        let error = |applicant| self.variance(applicant).sqrt();
        (0..self.fit.calibrated.len()).map(error).collect()
    }

    fn variance(&self, applicant: usize) -> f64 {
        let shares = self.shares(applicant);
        self.fit.noise_variance * (1.0 / count(shares.len()) + self.inverse.quadratic(&shares))
    }

    /// The standard error of each leniency.
    #[must_use]
    pub fn leniency(&self) -> Vec<f64> {
        let error = |reviewer| (self.fit.noise_variance * self.inverse.at(reviewer, reviewer)).sqrt();
        (0..self.fit.leniency.len()).map(error).collect()
    }

    /// The standard error of the difference of two calibrated figures: what they share cancels. `None` for an applicant
    /// that does not exist; 0 between an applicant and itself.
    #[must_use]
    pub fn difference(&self, one: usize, other: usize) -> Option<f64> {
        self.weighted_difference((one, 1.0), (other, 1.0))
    }

    /// The standard error of the difference of two final figures, as [`Errors::difference`]: assessment and offset have
    /// none, and the share of the scores weighs each figure.
    #[must_use]
    pub fn final_difference(&self, one: usize, other: usize) -> Option<f64> {
        let applicants = self.fit.calibrated.len();
        if one >= applicants || other >= applicants {
            return None;
        }
        let weight = |applicant| self.fit.scores.scores_share(applicant);
        // In units of the larger weight, so that equal ones leave the difference of the calibrated figures as it is.
        let unit = f64::max(weight(one), weight(other));
        if unit <= 0.0 {
            return Some(0.0);
        }
        let difference = self.weighted_difference((one, weight(one) / unit), (other, weight(other) / unit));
        difference.map(|error| unit * error)
    }

    /// The standard error of the difference of two applicants' calibrated figures, each times its weight.
    fn weighted_difference(&self, one: (usize, f64), other: (usize, f64)) -> Option<f64> {
        let applicants = self.fit.calibrated.len();
        if one.0 >= applicants || other.0 >= applicants {
            return None;
        }
        if one.0 == other.0 {
            return Some(0.0);
        }
        let mut shares = Vec::new();
        let mut own = 0.0;
        for ((applicant, weight), sign) in [(one, 1.0), (other, -1.0)] {
            let of_one = self.shares(applicant);
            own += weight * weight / count(of_one.len());
            shares.extend(of_one.into_iter().map(|(reviewer, share)| (reviewer, sign * weight * share)));
        }
        Some((self.fit.noise_variance * (own + self.inverse.quadratic(&shares).max(0.0))).sqrt())
    }

    /// The leverage of a visit: how much of its own figure the model gives back, 0 to 1.
    #[must_use]
    pub(crate) fn leverage(&self, applicant: usize, reviewer: usize) -> f64 {
        let mut shares = self.shares(applicant);
        let own = 1.0 / count(shares.len());
        for (of, share) in &mut shares {
            *share = f64::from(u8::from(*of == reviewer)) - *share;
        }
        own + self.inverse.quadratic(&shares)
    }

    /// The variance among the true figures, by the method of moments; 0 where noise alone explains the spread (C7).
    #[must_use]
    pub fn spread(&self) -> f64 {
        let figures = &self.fit.calibrated;
        let applicants = count(figures.len());
        if figures.len() < 2 {
            return 0.0;
        }
        let mean = figures.iter().sum::<f64>() / applicants;
        let observed: f64 = figures.iter().map(|a| (a - mean) * (a - mean)).sum();
        let mut trace = 0.0;
        let mut own = 0.0;
        let mut together = vec![0.0; self.fit.leniency.len()];
        for applicant in 0..figures.len() {
            trace += self.variance(applicant);
            let shares = self.shares(applicant);
            own += 1.0 / count(shares.len());
            for (reviewer, share) in shares {
                together[reviewer] += share;
            }
        }
        let mut solved = together.clone();
        self.fit.factor.solve(&mut solved);
        let shared: f64 = together.iter().zip(&solved).map(|(g, s)| g * s).sum();
        let total = self.fit.noise_variance * (own + shared);
        ((observed - (trace - total / applicants)) / (applicants - 1.0)).max(0.0)
    }
}

/// The fit without any ridge: least squares, of all solutions the one with the smallest leniencies (lambda to 0).
///
/// # Errors
/// [`CalibrationError::NearlySingular`] where the matrix cannot be factored.
pub fn least_squares(scores: &Scores<'_>) -> Result<Vec<f64>, CalibrationError> {
    let design = scores.design();
    let mut matrix = design.information();
    // What the information matrix cannot see is a constant within a part; a constant added there makes it solvable and
    // leaves the solution that sums to zero.
    for row in 0..design.reviewers() {
        for column in row..design.reviewers() {
            let parts = (design.reviewer_component[row], design.reviewer_component[column]);
            if row == column && parts.0.is_none() || parts.0.is_some() && parts.0 == parts.1 {
                matrix.add(row, column, 1.0);
            }
        }
    }
    let factor = Factor::of(matrix).ok_or(CalibrationError::NearlySingular { lambda: 0.0 })?;
    let mut leniency = excess(scores);
    factor.solve(&mut leniency);
    Ok(adjusted_means(scores, &leniency))
}

//! How much noise there is to leniency: lambda by restricted maximum likelihood (C4).

use serde::{Deserialize, Serialize};

use crate::design::count;
use crate::linear::Spectrum;

/// Where lambda comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LambdaStatus {
    /// It was given.
    Given,
    /// The likelihood has its peak there.
    Interior,
    /// The likelihood grows towards no noise at all: the lower end of the search.
    Lower,
    /// The likelihood grows towards no leniency at all: the upper end of the search.
    Upper,
    /// All visits of each applicant agree: there is nothing to estimate, and lambda is 1.
    PerfectAgreement,
}

/// The ratio lambda = visit noise / leniency, in variance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lambda {
    /// The ratio, above 0.
    pub value: f64,
    /// Where it comes from.
    pub status: LambdaStatus,
    /// Minus twice the restricted log-likelihood at the peak but for a constant, where it was searched.
    pub objective: Option<f64>,
}

/// Points of the search, and its ends.
const POINTS: u16 = 161;
const ENDS: (f64, f64) = (1e-4, 1e6);
const HALVINGS: usize = 200;
/// Differences of the objective, for each degree of freedom, that rounding makes.
const FLAT: f64 = 1e-10;

/// The restricted likelihood of lambda in the basis of the eigenvectors (Patterson and Thompson 1971).
pub(crate) struct Likelihood<'a> {
    pub(crate) spectrum: &'a Spectrum,
    pub(crate) within: f64,
    pub(crate) freedom: usize,
}

impl Likelihood<'_> {
    fn terms(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.spectrum.values.iter().copied().zip(self.spectrum.carried.iter().map(|z| z * z))
    }

    fn residual(&self, lambda: f64) -> f64 {
        self.within - self.terms().map(|(value, square)| square / (value + lambda)).sum::<f64>()
    }

    /// f(u) at u = ln lambda.
    fn objective(&self, u: f64) -> f64 {
        let (lambda, freedom) = (libm::exp(u), count(self.freedom));
        let determinant: f64 = self.terms().map(|(value, _)| libm::log((value + lambda) / lambda)).sum();
        freedom * libm::log(self.residual(lambda) / freedom) + determinant
    }

    /// f'(u) at u = ln lambda.
    fn slope(&self, u: f64) -> f64 {
        let lambda = libm::exp(u);
        let (mut squares, mut traces) = (0.0, 0.0);
        for (value, square) in self.terms() {
            let shifted = value + lambda;
            squares += square / (shifted * shifted);
            traces += 1.0 / shifted - 1.0 / lambda;
        }
        lambda * (count(self.freedom) * squares / self.residual(lambda) + traces)
    }

    /// The lowest of 161 points, then the root of the slope in the two cells beside it. An end that is as low but for rounding
    /// stands, the lower one first: a likelihood that is flat says nothing.
    pub(crate) fn peak(&self) -> Lambda {
        if self.within == 0.0 {
            return Lambda { value: 1.0, status: LambdaStatus::PerfectAgreement, objective: None };
        }
        let (from, to) = (libm::log(ENDS.0), libm::log(ENDS.1));
        let point = |index: u16| from + (to - from) * f64::from(index) / f64::from(POINTS - 1);
        let (mut best, mut lowest) = (0, f64::INFINITY);
        for index in 0..POINTS {
            let objective = self.objective(point(index));
            if objective < lowest {
                (best, lowest) = (index, objective);
            }
        }
        let flat = FLAT * count(self.freedom);
        let [first, last] = [from, to].map(|end| self.objective(end));
        // Where no noise is left, rounding may leave less than nothing of it, and no logarithm.
        if first.is_nan() || first <= lowest + flat {
            return Lambda {
                value: ENDS.0,
                status: LambdaStatus::Lower,
                objective: Some(first).filter(|first| first.is_finite()),
            };
        }
        if last <= lowest + flat {
            return Lambda { value: ENDS.1, status: LambdaStatus::Upper, objective: Some(last) };
        }
        let (mut low, mut high) = (point(best - 1), point(best + 1));
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            if self.slope(middle) > 0.0 {
                high = middle;
            } else {
                low = middle;
            }
        }
        let u = 0.5 * (low + high);
        Lambda { value: libm::exp(u), status: LambdaStatus::Interior, objective: Some(self.objective(u)) }
    }
}

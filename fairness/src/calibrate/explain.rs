//! The arithmetic of one applicant, opened up as far as the sheet.

use serde::{Deserialize, Serialize};

use super::fit::Fit;

/// One visit in the arithmetic of an applicant.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExplainedVisit {
    /// Its place in the round, where its sheet is.
    pub visit: usize,
    /// Who scored.
    pub reviewer: usize,
    /// The weighted figure of the sheet.
    pub raw: f64,
    /// How much that reviewer is above (+) or below (-) colleagues who saw the same applicants.
    pub leniency: f64,
    /// What is left: raw - leniency.
    pub adjusted: f64,
}

/// How an applicant's figure comes about: every sum in it can be done again by hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// The applicant.
    pub applicant: usize,
    /// Its visits, by reviewer.
    pub visits: Vec<ExplainedVisit>,
    /// The mean of what is raw.
    pub raw_mean: f64,
    /// The mean of what is adjusted.
    pub calibrated: f64,
    /// The share of the assessment and its points, where there is one.
    pub assessment: Option<(f64, f64)>,
    /// What is added after that; 0 without an offset.
    pub offset: f64,
    /// (1 - share) calibrated + share x points + offset.
    pub figure: f64,
}

impl Fit<'_> {
    /// The arithmetic of one applicant; `None` for one that does not exist.
    #[must_use]
    pub fn explain(&self, applicant: usize) -> Option<Explanation> {
        let calibrated = *self.calibrated.get(applicant)?;
        let raw_mean = *self.scores.raw_means().get(applicant)?;
        let visits = self
            .scores
            .visits_of(applicant)
            .map(|visit| {
                let leniency = self.leniency.get(visit.reviewer).copied().unwrap_or_default();
                let (raw, reviewer) = (visit.composite, visit.reviewer);
                ExplainedVisit { visit: visit.visit, reviewer, raw, leniency, adjusted: raw - leniency }
            })
            .collect();
        let assessment = self.scores.assessment_of(applicant);
        let offset = self.scores.offset_of(applicant);
        let figure = self.scores.final_of(applicant, calibrated);
        Some(Explanation { applicant, visits, raw_mean, calibrated, assessment, offset, figure })
    }
}

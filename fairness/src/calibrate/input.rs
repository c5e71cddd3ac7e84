//! What a calibration is made from, checked and put in order.
#![expect(
    clippy::indexing_slicing,
    reason = "visits are checked against the numbers of applicants and reviewers first"
)]

use serde::{Deserialize, Serialize};

use super::CalibrationError;
use crate::design::{Design, MOST_REVIEWERS, count};

/// The most applicants of a round: ranks are kept in 16 bits.
pub const MOST_APPLICANTS: usize = 65_535;
/// The most criteria.
pub const MOST_CRITERIA: usize = 1_000;
/// The largest score, assessment or figure, up or down: official figures are whole millionths.
pub const LARGEST_SCORE: f64 = 1e9;
/// The most draws of a simulation.
pub const MOST_DRAWS: u32 = 1_000_000;
/// The smallest and the largest lambda that may be given.
pub const LAMBDA_RANGE: (f64, f64) = (1e-6, 1e12);

/// One category's scores, as indices and figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Round {
    /// How many applicants there are (N).
    pub applicants: usize,
    /// How many reviewers there are (M), with visits or without.
    pub reviewers: usize,
    /// The visits, in any order; one for each pair at most, one for each applicant at least.
    pub visits: Vec<Visit>,
    /// The weight of each criterion, 0 or more, together 1.
    pub weights: Vec<f64>,
    /// How many places there are (q); a quota above N is N.
    pub quota: usize,
    /// Visit noise over leniency in variance, where it is given; estimated by REML otherwise.
    pub lambda: Option<f64>,
    /// What is blended in after the calibration.
    pub assessment: Option<Assessment>,
    /// What is added to the final figure of each applicant after that, up or down: bonus and deduction points, taken as
    /// exact. Finals are not clamped to any scale.
    pub offsets: Option<Vec<f64>>,
    /// How the noise is replayed; without it there are no probabilities.
    pub simulation: Option<Simulation>,
}

/// One visit of one reviewer to one applicant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// The applicant, from 0.
    pub applicant: usize,
    /// The reviewer, from 0.
    pub reviewer: usize,
    /// One score for each criterion.
    pub scores: Vec<f64>,
}

/// Points from elsewhere, taken as exact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// Their share of the final figure of each applicant (alpha), 0 to 1: 0 is an applicant without an assessment.
    pub shares: Vec<f64>,
    /// The points of each applicant, on the scale of the scores; they count for nothing where the share is 0.
    pub points: Vec<f64>,
}

/// How the noise of a round is replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Simulation {
    /// The seed of the stream, to be stored with the result.
    pub seed: u64,
    /// How many rounds are drawn for the probabilities, 1 or more; 10,000 leave an error of .005 at most.
    pub draws: u32,
    /// How many of them, from the first, are ranked for the intervals. Left out: all while N x draws is at most 5e7,
    /// otherwise 2,000.
    pub rank_draws: Option<u32>,
}

impl Simulation {
    /// The most ranks that are kept without being asked for.
    const MOST_RANKS: u64 = 50_000_000;

    /// How many draws are ranked for N applicants.
    #[must_use]
    pub fn ranked(&self, applicants: usize) -> u32 {
        let all = u64::from(self.draws).saturating_mul(u64::try_from(applicants).unwrap_or(u64::MAX));
        let unasked = if all <= Self::MOST_RANKS { self.draws } else { 2_000 };
        self.rank_draws.unwrap_or(unasked).min(self.draws)
    }
}

/// A round that holds together: its visits in order of applicant and reviewer, with their weighted figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores<'a> {
    round: &'a Round,
    design: Design,
    /// Where the visits of each applicant begin, and where the last ones end.
    starts: Vec<usize>,
    /// The place of each visit in the round.
    places: Vec<usize>,
    /// The reviewer of each visit.
    reviewers: Vec<usize>,
    /// The weighted figure of each visit (C1).
    composites: Vec<f64>,
    /// The mean of each applicant's figures.
    means: Vec<f64>,
}

impl<'a> Scores<'a> {
    /// Checks a round and puts its visits in order, so that the order in which they came changes nothing.
    ///
    /// # Errors
    /// The first fault of the round, with the indices of what is wrong.
    pub fn of(round: &'a Round) -> Result<Self, CalibrationError> {
        check_numbers(round)?;
        for (visit, given) in round.visits.iter().enumerate() {
            check_visit(round, visit, given)?;
        }
        let mut places: Vec<usize> = (0..round.visits.len()).collect();
        let pair = |place: &usize| (round.visits[*place].applicant, round.visits[*place].reviewer);
        places.sort_by_key(pair);
        if let Some(twice) = places.windows(2).find(|two| pair(&two[0]) == pair(&two[1])) {
            let (applicant, reviewer) = pair(&twice[0]);
            return Err(CalibrationError::VisitTwice { applicant, reviewer, visits: [twice[0], twice[1]] });
        }
        let mut starts = vec![0; round.applicants + 1];
        for place in &places {
            starts[round.visits[*place].applicant + 1] += 1;
        }
        if let Some(applicant) = starts.iter().skip(1).position(|visits| *visits == 0) {
            return Err(CalibrationError::Unvisited { applicant });
        }
        for applicant in 0..round.applicants {
            starts[applicant + 1] += starts[applicant];
        }
        let composites: Vec<f64> =
            places.iter().map(|place| weighted(&round.weights, &round.visits[*place].scores)).collect();
        let reviewers = places.iter().map(|place| round.visits[*place].reviewer).collect();
        let design = Design::of(round.applicants, round.reviewers, places.iter().map(pair));
        let means = starts.windows(2).map(|ends| mean(&composites[ends[0]..ends[1]])).collect();
        Ok(Self { round, design, starts, places, reviewers, composites, means })
    }

    /// The same visits with other figures: those of one criterion, or what is left of them.
    pub(crate) fn with_composites(&self, composites: Vec<f64>) -> Self {
        let means = self.starts.windows(2).map(|ends| mean(&composites[ends[0]..ends[1]])).collect();
        Self { composites, means, ..self.clone() }
    }

    /// The same visits with the scores of one criterion alone.
    pub(crate) fn criterion(&self, criterion: usize) -> Self {
        let of_one = |place: &usize| self.round.visits[*place].scores[criterion];
        self.with_composites(self.places.iter().map(of_one).collect())
    }

    /// The round that was checked.
    #[must_use]
    pub const fn round(&self) -> &'a Round {
        self.round
    }

    /// Who visited whom.
    #[must_use]
    pub const fn design(&self) -> &Design {
        &self.design
    }

    /// The visits, by applicant and then by reviewer.
    pub fn visits(&self) -> impl Iterator<Item = ScoredVisit> + '_ {
        (0..self.design.applicants()).flat_map(|applicant| self.visits_of(applicant))
    }

    /// The visits of one applicant, by reviewer; none for an applicant that does not exist.
    pub fn visits_of(&self, applicant: usize) -> impl Iterator<Item = ScoredVisit> + '_ {
        self.range(applicant).map(move |at| ScoredVisit {
            visit: self.places[at],
            applicant,
            reviewer: self.reviewers[at],
            composite: self.composites[at],
        })
    }

    fn range(&self, applicant: usize) -> std::ops::Range<usize> {
        match self.starts.get(applicant..=applicant + 1) {
            Some([from, to]) => *from..*to,
            _ => 0..0,
        }
    }

    /// The reviewers of one applicant and their figures, side by side.
    pub(crate) fn sheet(&self, applicant: usize) -> (&[usize], &[f64]) {
        let range = self.range(applicant);
        (&self.reviewers[range.clone()], &self.composites[range])
    }

    /// 原始均分: the plain mean of each applicant's weighted figures.
    #[must_use]
    pub fn raw_means(&self) -> &[f64] {
        &self.means
    }

    /// 去掉最高最低: the mean without one highest and one lowest figure, from three visits on; the mean below.
    #[must_use]
    pub fn trimmed_means(&self) -> Vec<f64> {
        let trimmed = |applicant| {
            let mut figures = self.sheet(applicant).1.to_vec();
            figures.sort_by(f64::total_cmp);
            match figures.as_slice() {
                [_, middle @ .., _] if !middle.is_empty() => mean(middle),
                all => mean(all),
            }
        };
        (0..self.design.applicants()).map(trimmed).collect()
    }

    /// Visits beyond the first of each applicant (nu): what tells reviewers apart.
    #[must_use]
    pub fn degrees_of_freedom(&self) -> usize {
        self.composites.len() - self.means.len()
    }

    /// The sum of squares within applicants (W): exactly 0 where all visits of each applicant agree but for rounding.
    #[must_use]
    pub fn within_squares(&self) -> f64 {
        let squares = |(applicant, mean): (usize, &f64)| -> f64 {
            self.sheet(applicant).1.iter().map(|y| (y - mean) * (y - mean)).sum()
        };
        let within: f64 = self.means.iter().enumerate().map(squares).sum();
        let largest = self.composites.iter().map(|y| y.abs()).fold(0.0, f64::max);
        let rounding = 1e-13 * largest;
        if within <= rounding * rounding * count(self.composites.len()) { 0.0 } else { within }
    }

    /// The final figures (C8): each blended with the assessment, (1 - share) figure + share x points, plus the offset.
    #[must_use]
    pub fn finals(&self, figures: &[f64]) -> Vec<f64> {
        figures.iter().enumerate().map(|(applicant, figure)| self.final_of(applicant, *figure)).collect()
    }

    /// The final figure of one applicant.
    pub(crate) fn final_of(&self, applicant: usize, figure: f64) -> f64 {
        let blended = match self.assessment_of(applicant) {
            Some((share, points)) => (1.0 - share) * figure + share * points,
            None => figure,
        };
        blended + self.offset_of(applicant)
    }

    /// The share and the points of an applicant's assessment; `None` for one without.
    pub(crate) fn assessment_of(&self, applicant: usize) -> Option<(f64, f64)> {
        let Assessment { shares, points } = self.round.assessment.as_ref()?;
        let (share, points) = (*shares.get(applicant)?, *points.get(applicant)?);
        (share > 0.0).then_some((share, points))
    }

    /// What is added for an applicant; 0 without an offset.
    pub(crate) fn offset_of(&self, applicant: usize) -> f64 {
        let offsets = self.round.offsets.as_ref();
        offsets.and_then(|offsets| offsets.get(applicant)).copied().unwrap_or_default()
    }

    /// The share of the scores in an applicant's final figure: what the assessment leaves.
    pub(crate) fn scores_share(&self, applicant: usize) -> f64 {
        self.assessment_of(applicant).map_or(1.0, |(share, _)| 1.0 - share)
    }

    /// How many places there are to fill.
    #[must_use]
    pub fn places(&self) -> usize {
        self.round.quota.min(self.round.applicants)
    }
}

/// A visit with its weighted figure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoredVisit {
    /// Its place in the round.
    pub visit: usize,
    /// The applicant.
    pub applicant: usize,
    /// The reviewer.
    pub reviewer: usize,
    /// The weighted figure of its scores.
    pub composite: f64,
}

fn check_numbers(round: &Round) -> Result<(), CalibrationError> {
    let limits = [
        ("applicants", round.applicants, MOST_APPLICANTS),
        ("reviewers", round.reviewers, MOST_REVIEWERS),
        ("criteria", round.weights.len(), MOST_CRITERIA),
    ];
    for (what, given, most) in limits {
        if given == 0 || given > most {
            return Err(CalibrationError::Number { what, given, most });
        }
    }
    for (criterion, weight) in round.weights.iter().enumerate() {
        if !(0.0..=1.0 + 1e-9).contains(weight) {
            return Err(CalibrationError::Weight { criterion, weight: *weight });
        }
    }
    let sum: f64 = round.weights.iter().sum();
    if (sum - 1.0).abs() > 1e-9 {
        return Err(CalibrationError::WeightSum { sum });
    }
    if let Some(lambda) = round.lambda.filter(|lambda| !(LAMBDA_RANGE.0..=LAMBDA_RANGE.1).contains(lambda)) {
        return Err(CalibrationError::Lambda { lambda });
    }
    check_exact(round)?;
    let draws = round.simulation.map_or(1, |simulation| simulation.draws);
    if draws == 0 || draws > MOST_DRAWS {
        return Err(CalibrationError::Draws { given: draws, most: MOST_DRAWS });
    }
    match round.simulation.and_then(|simulation| simulation.rank_draws) {
        Some(given) if given == 0 || given > draws => Err(CalibrationError::Draws { given, most: draws }),
        _ => Ok(()),
    }
}

/// What is taken as exact: one of each kind for each applicant.
fn check_exact(round: &Round) -> Result<(), CalibrationError> {
    let assessment = round.assessment.as_ref();
    let kinds = [
        ("shares", assessment.map(|assessment| &assessment.shares)),
        ("points", assessment.map(|assessment| &assessment.points)),
        ("offsets", round.offsets.as_ref()),
    ];
    for (what, figures) in kinds {
        let Some(figures) = figures else { continue };
        let (given, wanted) = (figures.len(), round.applicants);
        if given != wanted {
            return Err(CalibrationError::ExactCount { what, given, wanted });
        }
        let holds =
            |figure: &f64| if what == "shares" { (0.0..=1.0).contains(figure) } else { is_score(*figure) };
        if let Some(applicant) = figures.iter().position(|figure| !holds(figure)) {
            return Err(CalibrationError::Exact { what, applicant, figure: figures[applicant] });
        }
    }
    Ok(())
}

fn check_visit(round: &Round, visit: usize, given: &Visit) -> Result<(), CalibrationError> {
    let Visit { applicant, reviewer, scores } = given;
    if *applicant >= round.applicants {
        return Err(CalibrationError::NoSuchApplicant { visit, applicant: *applicant });
    }
    if *reviewer >= round.reviewers {
        return Err(CalibrationError::NoSuchReviewer { visit, reviewer: *reviewer });
    }
    if scores.len() != round.weights.len() {
        return Err(CalibrationError::ScoreCount { visit, given: scores.len(), wanted: round.weights.len() });
    }
    match scores.iter().position(|score| !is_score(*score)) {
        Some(criterion) => Err(CalibrationError::Score { visit, criterion, score: scores[criterion] }),
        None => Ok(()),
    }
}

fn is_score(value: f64) -> bool {
    value.abs() <= LARGEST_SCORE
}

fn weighted(weights: &[f64], scores: &[f64]) -> f64 {
    weights.iter().zip(scores).map(|(weight, score)| weight * score).sum()
}

/// The mean of figures, of which there is one at least.
fn mean(figures: &[f64]) -> f64 {
    figures.iter().sum::<f64>() / count(figures.len())
}

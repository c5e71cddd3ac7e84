//! The sheets of a category as one round of the calibration, and what it says as a ranking keeps it (D-607).
//!
//! A sheet enters with its composite alone, as it may judge a part of the criteria. Nominees and supervisors are numbered in
//! the order of their ids, so that the order of rows changes nothing.

use std::collections::BTreeMap;

use pingxuan_fairness::agree::agreement;
use pingxuan_fairness::calibrate::{
    self, CalibrationError, Comparability, Fit, MOST_DRAWS, Round, Scores, Visit, calibrate,
};
use pingxuan_fairness::design::Quality;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::{
    Agreement, Boundary, Calibrated, CalibratedSheet, Calibration, DesignQuality, ExtraVisit, Fitted,
    Obstacle, ObstacleKind, Simulation, SupervisorScale,
};
use crate::review::measure::Measure;
use crate::review::ranking::{Counting, Judged, in_millionths};
use crate::review::scoring::Figure;

/// What a calibration says of a category and of each nominee.
pub(in crate::review) struct Fitting {
    /// Of the category.
    pub calibration: Calibration,
    /// Of the nominees that have a sheet that counts, by their places; empty where nothing was fitted.
    pub nominees: BTreeMap<usize, NomineeFit>,
}

/// What a calibration says of a nominee.
pub(in crate::review) struct NomineeFit {
    /// The mean of its adjusted sheets.
    pub mean: Decimal,
    /// What the ranking keeps of it, still without a score.
    pub calibrated: Calibrated,
    /// The calibrated criteria; none where the calibration is not official.
    pub criteria: Vec<(u32, Figure)>,
    /// Its sheets that count, by their places.
    pub sheets: BTreeMap<usize, CalibratedSheet>,
}

/// A sheet that counts, with the numbers of its nominee and its supervisor.
pub(super) struct Sheet<'a> {
    pub nominee: usize,
    pub supervisor: usize,
    pub counting: Counting<'a>,
}

/// Calibrates the sheets that count of nominees in the order of their ids. `places` are those on the list.
pub(in crate::review) fn fit(
    criteria: &[u32],
    judged: &[Judged<'_>],
    places: u32,
    simulation: Simulation,
) -> Fitting {
    let simulation = Simulation { draws: simulation.draws.clamp(1, MOST_DRAWS), ..simulation };
    let category = Category::of(judged);
    let round = Round {
        quota: usize::try_from(places).unwrap_or(usize::MAX),
        assessment: Some(calibrate::Assessment {
            shares: category.of_nominees(|nominee| nominee.assessment_share()),
            points: category
                .of_nominees(|nominee| nominee.blended().map(Figure::decimal).unwrap_or_default()),
        }),
        offsets: Some(category.of_nominees(|nominee| nominee.adjustment())),
        simulation: Some(calibrate::Simulation {
            seed: simulation.seed,
            draws: simulation.draws,
            rank_draws: None,
        }),
        ..category.round(|sheet| Some(sheet.counting.composite))
    };
    let without_fit = |obstacles, design| Fitting {
        calibration: Calibration { official: false, obstacles, design, fit: None, simulation },
        nominees: BTreeMap::new(),
    };
    if category.sheets.is_empty() {
        return without_fit(vec![Obstacle::of(ObstacleKind::NoSheetCounts)], None);
    }
    let scores = match Scores::of(&round) {
        Ok(scores) => scores,
        Err(error) => return without_fit(vec![unfit(&error)], None),
    };
    let fitted = calibrate(&round).and_then(|found| {
        let agreement = agreement(&Fit::given(&scores, found.lambda.value)?);
        Ok((found, agreement))
    });
    match fitted {
        Ok((found, agreement)) => category.told(criteria, &found, &agreement, simulation),
        Err(error) => {
            let design = scores.design();
            let quality = design.quality();
            let gate = quality.iter().flat_map(|quality| calibrate::obstacles(design, quality));
            let mut obstacles: Vec<Obstacle> = gate.map(|obstacle| category.obstacle(obstacle)).collect();
            obstacles.push(unfit(&error));
            without_fit(obstacles, quality.map(|quality| design_quality(design.components, &quality)))
        }
    }
}

/// The sheets of a category under plain numbers.
pub(super) struct Category<'a, 'b> {
    /// The nominees with a sheet that counts, and their places among all.
    pub nominees: Vec<(usize, &'b Judged<'a>)>,
    /// Their supervisors, in the order of their ids.
    pub supervisors: Vec<Uuid>,
    /// The sheets, by nominee.
    pub sheets: Vec<Sheet<'a>>,
}

impl<'a, 'b> Category<'a, 'b> {
    /// The nominees in the order of their ids.
    pub fn of(judged: &'b [Judged<'a>]) -> Self {
        let nominees: Vec<(usize, &Judged<'a>)> =
            judged.iter().enumerate().filter(|(_, one)| one.counting().next().is_some()).collect();
        let all = nominees.iter().flat_map(|(_, one)| one.counting());
        let mut supervisors: Vec<Uuid> = all.map(|counting| counting.sheet.supervisor_id).collect();
        supervisors.sort_unstable();
        supervisors.dedup();
        let number = |counting: &Counting<'_>| {
            supervisors.binary_search(&counting.sheet.supervisor_id).unwrap_or_default()
        };
        let sheets = nominees
            .iter()
            .enumerate()
            .flat_map(|(nominee, (_, one))| one.counting().map(move |counting| (nominee, counting)))
            .map(|(nominee, counting)| Sheet { nominee, supervisor: number(&counting), counting })
            .collect();
        Self { nominees, supervisors, sheets }
    }

    fn of_nominees(&self, figure: impl Fn(&Judged<'_>) -> Decimal) -> Vec<f64> {
        self.nominees.iter().map(|(_, nominee)| float(figure(nominee))).collect()
    }

    /// The round of one figure of each sheet, without those that have none.
    pub fn round(&self, figure: impl Fn(&Sheet<'_>) -> Option<Decimal>) -> Round {
        let visit = |sheet: &Sheet<'_>| {
            let scores = vec![float(figure(sheet)?)];
            Some(Visit { applicant: sheet.nominee, reviewer: sheet.supervisor, scores })
        };
        Round {
            applicants: self.nominees.len(),
            reviewers: self.supervisors.len(),
            visits: self.sheets.iter().filter_map(visit).collect(),
            weights: vec![1.0],
            quota: 0,
            lambda: None,
            assessment: None,
            offsets: None,
            simulation: None,
        }
    }

    /// The round of all criteria; none where a sheet leaves one out.
    pub fn round_in_full(&self, weights: &[(u32, u32)]) -> Option<Round> {
        let whole: u32 = weights.iter().map(|(_, weight)| weight).sum();
        let scores = |sheet: &Sheet<'_>| {
            let points = weights.iter().map(|(criterion, _)| sheet.counting.points(*criterion).map(float));
            points.collect::<Option<Vec<f64>>>()
        };
        let all: Vec<Vec<f64>> = self.sheets.iter().map(scores).collect::<Option<_>>()?;
        let mut round = self.round(|sheet| Some(sheet.counting.composite));
        for (visit, scores) in round.visits.iter_mut().zip(all) {
            visit.scores = scores;
        }
        round.weights = weights.iter().map(|(_, weight)| f64::from(*weight) / f64::from(whole)).collect();
        Some(round)
    }

    fn application(&self, nominee: usize) -> Uuid {
        self.nominees.get(nominee).map(|(_, one)| one.input.application_id).unwrap_or_default()
    }

    pub fn supervisor(&self, number: usize) -> Uuid {
        self.supervisors.get(number).copied().unwrap_or_default()
    }

    /// All that a calibration says, by ids.
    fn told(
        &self,
        criteria: &[u32],
        found: &calibrate::Calibration,
        agreement: &pingxuan_fairness::agree::Agreement,
        simulation: Simulation,
    ) -> Fitting {
        let official = found.obstacles.is_empty();
        let comparable = found.comparability == Comparability::Comparable;
        let probabilities = found.probabilities.as_ref().filter(|_| comparable);
        let zones = found.zones.as_ref().filter(|_| comparable);
        // Without noise model A draws what is certain; without a spread nothing is distinguishable.
        let certain = found.certainty.as_ref().filter(|_| found.spread > 0.0);
        let drawn = found.shrunk_certainty.as_ref().or(certain).filter(|_| comparable);
        let mut nominees = BTreeMap::new();
        for (number, (place, _)) in self.nominees.iter().enumerate() {
            let of = |figures: &[f64]| figures.get(number).copied().unwrap_or_default();
            let interval = drawn.and_then(|drawn| drawn.rank_interval.get(number));
            let calibrated = Calibrated {
                figure: Measure::from_f64(of(&found.calibrated)),
                standard_error: Measure::from_f64(of(&found.calibrated_errors)),
                score: None,
                probability: probabilities.map(|shares| Measure::from_f64(of(shares))),
                rank_interval: interval.map(|(first, last)| (u32::from(*first), u32::from(*last))),
                zone: zones.and_then(|zones| zones.get(number)).map(|zone| (*zone).into()),
            };
            let mean = Decimal::from_f64_retain(of(&found.calibrated)).unwrap_or_default();
            let fit = NomineeFit { mean, calibrated, criteria: Vec::new(), sheets: BTreeMap::new() };
            nominees.insert(*place, fit);
        }
        for residual in &found.residuals {
            let Some(sheet) = self.sheets.get(residual.visit.visit) else { continue };
            let leniency = found.leniency.get(sheet.supervisor).copied().unwrap_or_default();
            let told = CalibratedSheet {
                leniency: Measure::from_f64(leniency),
                adjusted: Measure::from_f64(residual.visit.composite - leniency),
                t: residual.t.map(Measure::from_f64),
                flag: residual.flag.map(Into::into),
            };
            if let Some(fit) = self.fit_of(&mut nominees, sheet.nominee) {
                fit.sheets.insert(sheet.counting.place, told);
            }
        }
        for criterion in criteria.iter().filter(|_| official) {
            for (nominee, figure) in self.criterion(*criterion, found.lambda.value) {
                if let Some(fit) = self.fit_of(&mut nominees, nominee) {
                    fit.criteria.push((*criterion, figure));
                }
            }
        }
        let calibration = Calibration {
            official,
            obstacles: found.obstacles.iter().map(|obstacle| self.obstacle(*obstacle)).collect(),
            design: Some(design_quality(found.design.components, &found.quality)),
            fit: Some(self.fitted(found, agreement)),
            simulation,
        };
        Fitting { calibration, nominees }
    }

    fn fit_of<'c>(
        &self,
        nominees: &'c mut BTreeMap<usize, NomineeFit>,
        nominee: usize,
    ) -> Option<&'c mut NomineeFit> {
        self.nominees.get(nominee).and_then(|(place, _)| nominees.get_mut(place))
    }

    /// A criterion of each nominee by the sheets that judge it, with the lambda of the whole: where every sheet judges every
    /// criterion, the weighted sum of these is the calibrated figure. Parts that no supervisor links on this criterion are
    /// taken as equally strict; where no nominee has a second sheet on it, that is everybody, and the means stand.
    fn criterion(&self, criterion: u32, lambda: f64) -> Vec<(usize, Figure)> {
        let mut round = self.round(|sheet| sheet.counting.points(criterion));
        let mut judged: Vec<usize> = round.visits.iter().map(|visit| visit.applicant).collect();
        judged.dedup();
        for visit in &mut round.visits {
            visit.applicant = judged.binary_search(&visit.applicant).unwrap_or_default();
        }
        round.applicants = judged.len();
        let Ok(scores) = Scores::of(&round) else { return Vec::new() };
        let figures = match Fit::given(&scores, lambda) {
            Ok(fit) => fit.calibrated,
            Err(_) => scores.raw_means().to_vec(),
        };
        let official = |figure| in_millionths(Decimal::from_f64_retain(figure).unwrap_or_default());
        judged.into_iter().zip(figures.into_iter().map(official)).collect()
    }

    fn fitted(
        &self,
        found: &calibrate::Calibration,
        agreement: &pingxuan_fairness::agree::Agreement,
    ) -> Fitted {
        let measure = Measure::from_f64;
        let errors = found.leniency.iter().zip(&found.leniency_errors);
        let scale =
            |(number, ((leniency, error), sheets)): (usize, ((&f64, &f64), &usize))| SupervisorScale {
                supervisor_id: self.supervisor(number),
                sheets: u32::try_from(*sheets).unwrap_or(u32::MAX),
                leniency: measure(*leniency),
                standard_error: measure(*error),
            };
        let extra_visit = |visit: &calibrate::ExtraVisit| ExtraVisit {
            application_id: self.application(visit.applicant),
            gain: measure(visit.gain),
        };
        Fitted {
            lambda: measure(found.lambda.value),
            lambda_status: found.lambda.status.into(),
            sigma_e: measure(found.noise_variance.sqrt()),
            sigma_b: measure(found.leniency_variance.sqrt()),
            sigma_theta: measure(found.spread.sqrt()),
            agreement: Agreement {
                icc_single: agreement.intraclass.map(|icc| measure(icc.single)),
                icc_mean: agreement.intraclass.map(|icc| measure(icc.mean)),
                alpha: agreement.alpha.map(measure),
                alpha_after_leniency: agreement.alpha_after_leniency.map(measure),
            },
            boundary: found.boundary.map(|boundary| Boundary {
                last_in: self.application(boundary.last_in),
                first_out: self.application(boundary.first_out),
                gap: measure(boundary.gap),
                standard_error: measure(boundary.standard_error),
                z: boundary.z.map(measure),
                distinguishable: boundary.distinguishable,
            }),
            extra_visits: found.extra_visits.iter().map(extra_visit).collect(),
            supervisors: errors.zip(found.design.loads()).enumerate().map(scale).collect(),
        }
    }

    fn obstacle(&self, obstacle: calibrate::Obstacle) -> Obstacle {
        let of =
            |kind, given, limit| Obstacle { given: Some(given), limit: Some(limit), ..Obstacle::of(kind) };
        let count = Measure::from_count;
        match obstacle {
            calibrate::Obstacle::Disconnected { components } => {
                of(ObstacleKind::Disconnected, count(components), count(1))
            }
            calibrate::Obstacle::FewDegreesOfFreedom { given, least } => {
                of(ObstacleKind::FewDegreesOfFreedom, count(given), count(least))
            }
            calibrate::Obstacle::FewVisits { reviewer, given, least } => Obstacle {
                supervisor_id: Some(self.supervisor(reviewer)),
                ..of(ObstacleKind::FewVisits, count(given), count(least))
            },
            calibrate::Obstacle::PoorDesign { share, least } => {
                of(ObstacleKind::PoorDesign, Measure::from_f64(share), Measure::from_f64(least))
            }
        }
    }
}

fn design_quality(components: usize, quality: &Quality) -> DesignQuality {
    DesignQuality {
        components: u32::try_from(components).unwrap_or(u32::MAX),
        efficiency: Measure::from_f64(quality.efficiency),
        efficiency_bound: Measure::from_f64(quality.efficiency_bound),
        share_of_bound: Measure::from_f64(quality.share_of_bound),
        grade: quality.grade().into(),
    }
}

/// Why nothing was fitted. What a round of checked sheets cannot be is told as not determined.
fn unfit(error: &CalibrationError) -> Obstacle {
    use CalibrationError as E;
    match error {
        E::SingleVisits { .. } => Obstacle::of(ObstacleKind::SingleVisits),
        E::VisitTwice { .. } => Obstacle::of(ObstacleKind::VisitedTwice),
        E::Number { given, most, .. } => Obstacle {
            given: Some(Measure::from_count(*given)),
            limit: Some(Measure::from_count(*most)),
            ..Obstacle::of(ObstacleKind::TooMany)
        },
        E::NearlySingular { .. }
        | E::Eigenvalues
        | E::Weight { .. }
        | E::WeightSum { .. }
        | E::Lambda { .. }
        | E::ExactCount { .. }
        | E::Exact { .. }
        | E::Draws { .. }
        | E::NoSuchApplicant { .. }
        | E::NoSuchReviewer { .. }
        | E::ScoreCount { .. }
        | E::Score { .. }
        | E::Unvisited { .. } => Obstacle::of(ObstacleKind::NotDetermined),
    }
}

/// The nearest float: a text is read to the last bit alike on every machine.
fn float(number: Decimal) -> f64 {
    number.to_string().parse().unwrap_or_default()
}

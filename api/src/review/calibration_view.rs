//! How a calibration is shown: whether it is official, how sure it makes each place, and what stands against it (D-607, D-610).

use std::collections::HashMap;

use pingxuan_domain::review::calibration::{
    Boundary, Calibrated, Calibration, DesignQuality, ExtraVisit, Grade, Obstacle, ObstacleKind, Simulation,
    Zone,
};
use pingxuan_domain::review::measure::Measure;
use pingxuan_domain::review::scoring::Figure;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::sentences::{
    boundary_sentence, calibrated_sentences, design_sentence, extra_visit_sentence, obstacle_sentence,
    official_sentence,
};
use crate::catalogue::Language;
use crate::enums;

/// What the sheets of a category say together, where its policy is `calibrated`.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct CalibrationView {
    /// Whether the calibrated figures are the official ones; otherwise the raw means are, and these are information.
    official: bool,
    /// That in one sentence.
    #[schema(max_length = 500)]
    explanation: String,
    /// Every reason why they are not; none where they are.
    #[schema(max_items = 10000)]
    obstacles: Vec<ObstacleView>,
    /// How well the supervisors cross; null where nothing can be said.
    design: Option<DesignView>,
    /// The line behind the last place; null where everybody or nobody has a place, or nothing was fitted.
    boundary: Option<BoundaryView>,
    /// Where one visit more would help most, the best first.
    #[schema(max_items = 10000)]
    extra_visits: Vec<ExtraVisitView>,
    /// What the probabilities were drawn with: whoever has it draws the same.
    simulation: SimulationView,
}

/// One reason why a calibration is not official.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct ObstacleView {
    /// What it is.
    #[schema(value_type = enums::ObstacleKind)]
    kind: ObstacleKind,
    /// It in one sentence.
    #[schema(max_length = 500)]
    explanation: String,
    /// The supervisor that it is about, where it is about one.
    supervisor_id: Option<Uuid>,
    /// What there is: parts, sheets or a share from 0 to 1.
    #[schema(value_type = Option<String>, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    given: Option<Measure>,
    /// What it takes at least, or what is the most.
    #[schema(value_type = Option<String>, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    limit: Option<Measure>,
}

/// 设计质量: how well the supervisors cross.
#[derive(Debug, Serialize, ToSchema)]
pub struct DesignView {
    /// Into how many parts the visits fall; 1 is whole.
    #[schema(minimum = 0, maximum = 100_000)]
    components: u32,
    /// Efficiency of the design, 0 to 1.
    #[schema(value_type = String, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    efficiency: Measure,
    /// The most that a design of as many supervisors and sheets can reach.
    #[schema(value_type = String, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    efficiency_bound: Measure,
    /// Efficiency over its bound.
    #[schema(value_type = String, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    share_of_bound: Measure,
    /// What that share is called.
    #[schema(value_type = enums::DesignGrade)]
    grade: Grade,
    /// It in one sentence.
    #[schema(max_length = 500)]
    explanation: String,
}

/// The gap between the last nominee with a place and the first one without.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct BoundaryView {
    /// The application of the last one with a place.
    last_in: Uuid,
    /// The application of the first one without.
    first_out: Uuid,
    /// The difference of their figures, in points.
    #[schema(value_type = String, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    gap: Measure,
    /// Its standard error, in points.
    #[schema(value_type = String, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    standard_error: Measure,
    /// Gap over error; absent without any error.
    #[schema(value_type = Option<String>, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    z: Option<Measure>,
    /// Whether the gap is more than chance would make: z of 1.64 and more.
    distinguishable: bool,
    /// It in one sentence.
    #[schema(max_length = 500)]
    explanation: String,
}

/// What one visit more to a nominee is expected to be worth.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExtraVisitView {
    application_id: Uuid,
    /// By how many points the selection is expected to get better.
    #[schema(value_type = String, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    gain: Measure,
    /// It in one sentence.
    #[schema(max_length = 500)]
    explanation: String,
}

/// How the noise of the scores was replayed.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimulationView {
    /// The seed of the stream, as a text, since JSON keeps no number of 64 bits: it follows from campaign and category.
    #[schema(max_length = 20, pattern = "^[0-9]{1,20}$")]
    seed: String,
    /// How many rounds were drawn.
    #[schema(minimum = 1, maximum = 1_000_000)]
    draws: u32,
}

/// 校准分: a nominee's figure with the leniency of its supervisors off, and how sure its place is.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct CalibratedView {
    /// The mean of the adjusted sheets, in points; it is not kept between 0 and 100.
    #[schema(value_type = String, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    figure: Measure,
    /// The figure in one sentence.
    #[schema(max_length = 500)]
    figure_explanation: String,
    /// 误差: about how far it would move with other supervisors as careful, in points.
    #[schema(value_type = String, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    standard_error: Measure,
    /// The error in one sentence.
    #[schema(max_length = 500)]
    standard_error_explanation: String,
    /// What the nominee is ranked by where the calibration is official, and would be otherwise; absent where the assessment is
    /// missing.
    #[schema(value_type = Option<String>, max_length = 6, pattern = r"^(100\.00|[0-9]{1,2}\.[0-9]{2})$")]
    score: Option<Figure>,
    /// 入选把握: the share of the draws in which the nominee has a place, 0 to 1; absent where teams cannot be compared.
    #[schema(value_type = Option<String>, max_length = 8, pattern = r"^(1|0(\.[0-9]{1,6})?)$")]
    probability: Option<Measure>,
    /// The probability in one sentence.
    #[schema(max_length = 500)]
    probability_explanation: Option<String>,
    /// 名次区间: where nine tenths of the ranks lie; absent also where nothing is distinguishable.
    rank_interval: Option<RankIntervalView>,
    /// The interval in one sentence.
    #[schema(max_length = 500)]
    rank_interval_explanation: Option<String>,
    /// What the probability is called.
    #[schema(value_type = Option<enums::Zone>)]
    zone: Option<Zone>,
    /// The zone in one sentence.
    #[schema(max_length = 500)]
    zone_explanation: Option<String>,
}

/// Ranks from the first to the last of an interval.
#[derive(Debug, Serialize, ToSchema)]
pub struct RankIntervalView {
    /// The better end.
    #[schema(minimum = 1, maximum = 100_000)]
    first: u32,
    /// The worse end.
    #[schema(minimum = 1, maximum = 100_000)]
    last: u32,
}

impl CalibrationView {
    /// A calibration in the caller's language; `names` are the supervisors'.
    #[must_use]
    pub fn of(language: Language, calibration: &Calibration, names: &HashMap<Uuid, String>) -> Self {
        let fit = calibration.fit.as_ref();
        let extra_visits = fit.map(|fit| fit.extra_visits.as_slice()).unwrap_or_default();
        Self {
            official: calibration.official,
            explanation: official_sentence(language, calibration),
            obstacles: calibration
                .obstacles
                .iter()
                .map(|one| ObstacleView::of(language, one, names))
                .collect(),
            design: calibration.design.as_ref().map(|design| DesignView::of(language, design)),
            boundary: fit
                .and_then(|fit| fit.boundary.as_ref())
                .map(|boundary| BoundaryView::of(language, boundary)),
            extra_visits: extra_visits.iter().map(|visit| ExtraVisitView::of(language, visit)).collect(),
            simulation: SimulationView::of(calibration.simulation),
        }
    }
}

impl ObstacleView {
    /// An obstacle in the caller's language; `names` are the supervisors'.
    #[must_use]
    pub fn of(language: Language, obstacle: &Obstacle, names: &HashMap<Uuid, String>) -> Self {
        let name = obstacle.supervisor_id.and_then(|id| names.get(&id)).map(String::as_str);
        Self {
            kind: obstacle.kind,
            explanation: obstacle_sentence(language, obstacle, name),
            supervisor_id: obstacle.supervisor_id,
            given: obstacle.given,
            limit: obstacle.limit,
        }
    }

    /// The same where a supervisor has a name alone.
    #[must_use]
    pub fn without_supervisor(self) -> Self {
        Self { supervisor_id: None, ..self }
    }
}

impl DesignView {
    /// A design in the caller's language.
    #[must_use]
    pub fn of(language: Language, design: &DesignQuality) -> Self {
        Self {
            components: design.components,
            efficiency: design.efficiency,
            efficiency_bound: design.efficiency_bound,
            share_of_bound: design.share_of_bound,
            grade: design.grade,
            explanation: design_sentence(language, design),
        }
    }
}

impl BoundaryView {
    fn of(language: Language, boundary: &Boundary) -> Self {
        Self {
            last_in: boundary.last_in,
            first_out: boundary.first_out,
            gap: boundary.gap,
            standard_error: boundary.standard_error,
            z: boundary.z,
            distinguishable: boundary.distinguishable,
            explanation: boundary_sentence(language, boundary),
        }
    }
}

impl ExtraVisitView {
    fn of(language: Language, visit: &ExtraVisit) -> Self {
        Self {
            application_id: visit.application_id,
            gain: visit.gain,
            explanation: extra_visit_sentence(language, visit),
        }
    }
}

impl SimulationView {
    fn of(simulation: Simulation) -> Self {
        Self { seed: simulation.seed.to_string(), draws: simulation.draws }
    }
}

impl CalibratedView {
    /// A calibrated place; `places` are those on the list.
    #[must_use]
    pub fn of(language: Language, of: &Calibrated, simulation: Simulation, places: u32) -> Self {
        let said = calibrated_sentences(language, of, simulation, places);
        Self {
            figure: of.figure,
            figure_explanation: said.figure,
            standard_error: of.standard_error,
            standard_error_explanation: said.standard_error,
            score: of.score,
            probability: of.probability,
            probability_explanation: said.probability,
            rank_interval: of.rank_interval.map(|(first, last)| RankIntervalView { first, last }),
            rank_interval_explanation: said.rank_interval,
            zone: of.zone,
            zone_explanation: said.zone,
        }
    }
}

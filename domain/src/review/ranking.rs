//! The ranking of a category: figures, ranks, and what is still equal (D-607, D-609, D-610).
//!
//! A list keeps the ranking that it was made from, so all of it can be written as JSON and read back.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::calibration::fitting::fit;
use super::calibration::{Calibrated, CalibratedSheet, Calibration, Simulation};
use super::scoring::{Adjustment, Figure, Judgement};
use crate::campaign::definition::{Category, Route, ScoringPolicy};

mod cascade;
mod entry;
mod judged;
mod policies;

pub use entry::attendance_points;
pub(super) use judged::{Counting, Judged, in_millionths};

/// What one nominee is ranked by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RankingInput {
    /// The application; each stands once in a ranking.
    pub application_id: Uuid,
    /// The nominee's name, for display.
    pub nominee_name: String,
    /// The submitted sheets of assignments that nobody is recused from.
    pub sheets: Vec<SheetInput>,
    /// The annual assessment of the nominee's unit.
    pub assessment: Assessment,
    /// The points of each criterion, where the office evaluates (D-608).
    pub evaluated: Option<Vec<(u32, Figure)>>,
    /// Thematic activities attended, where the office evaluates and they count (D-608).
    #[serde(default)]
    pub attended: u32,
    /// Points that the office gives or takes, in their order (D-607).
    #[serde(default)]
    pub adjustments: Vec<Adjustment>,
}

/// One submitted score sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetInput {
    /// The assignment that it belongs to.
    pub assignment_id: Uuid,
    /// Who scored.
    pub supervisor_id: Uuid,
    /// What was said of each criterion.
    pub judgements: Vec<(u32, Judgement)>,
}

/// The annual assessment as it enters a ranking (D-607).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assessment {
    /// The category does not blend it in, and none is known.
    NotBlended,
    /// It is blended in and has not been recorded: blocks proposing.
    Missing,
    /// The county does not assess the unit: the verified score counts whole.
    NotAssessed,
    /// The unit's figure.
    Score(Figure),
}

impl Assessment {
    fn figure(self) -> Option<Figure> {
        match self {
            Self::Score(figure) => Some(figure),
            Self::NotBlended | Self::Missing | Self::NotAssessed => None,
        }
    }
}

/// A ranking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ranking {
    /// All nominees by rank; those of one rank by application id, which says nothing about them.
    pub entries: Vec<RankedEntry>,
    /// What is still equal, from the best rank down.
    pub ties: Vec<Tie>,
    /// Applications whose annual assessment is blended in and missing, by id.
    pub missing_assessments: Vec<Uuid>,
    /// The category's quota.
    pub quota: u32,
    /// What the sheets say together, where the policy is `calibrated`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration: Option<Calibration>,
}

/// One nominee's place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankedEntry {
    /// From 1; equals share one and the next is left out (1, 2, 2, 4).
    pub rank: u32,
    /// The application.
    pub application_id: Uuid,
    /// The nominee's name.
    pub nominee_name: String,
    /// The figure that is ranked by; none where no sheet counts or the assessment is missing, ranked last.
    pub score: Option<Figure>,
    /// The verified score: what the sheets that count come to by the policy applied, or the office's evaluation.
    pub verified: Option<Figure>,
    /// 原始均分: the plain mean of the sheets that count, where the policy is another; what is ranked by may differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw_mean: Option<Figure>,
    /// 校准分 and how sure the place is, where a calibration was made: official or as information, as the ranking says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibrated: Option<Calibrated>,
    /// The annual assessment.
    pub assessment: Assessment,
    /// The mean of each criterion over the sheets that count, are not left out and judge it, calibrated where the verified
    /// score is; by number, without those nobody judged.
    pub criteria: Vec<(u32, Figure)>,
    /// The sheets, those that do not count as well.
    pub sheets: Vec<SheetFigure>,
    /// The stages that set it apart from entries of the same figure, in their order.
    pub decided_by: Vec<TieStep>,
    /// The facts of the sentence that explains the figure.
    pub explanation: Explanation,
}

/// What one sheet came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetFigure {
    /// The assignment that it belongs to.
    pub assignment_id: Uuid,
    /// Who scored.
    pub supervisor_id: Uuid,
    /// The composite; none where nothing is judged.
    pub composite: Option<Figure>,
    /// Whether at least half of the weight is judged (D-604).
    pub counts: bool,
    /// Whether it counts and was left out as the highest or the lowest (`trimmed_mean`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub left_out: bool,
    /// What a calibration says of it, where one was made and it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibrated: Option<CalibratedSheet>,
}

/// What set an entry apart from equal ones (D-609).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TieStep {
    /// The mean of the criterion with this number.
    Criterion(u32),
    /// The annual assessment.
    AnnualAssessment,
    /// The order given by `resolve_tie`.
    Resolved,
}

/// The facts of the sentence that explains a figure (D-610).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explanation {
    /// How the nominee came in: by sheets, or by the office's evaluation.
    pub route: Route,
    /// Sheets submitted.
    pub sheets: u32,
    /// Those that count.
    pub sheets_counted: u32,
    /// The policy that the definition asks for.
    #[serde(default = "plain", skip_serializing_if = "is_plain")]
    pub policy: ScoringPolicy,
    /// The policy that was applied: another one where `trimmed_mean` falls back to `mean` for too few sheets, or a calibration
    /// is not official.
    #[serde(default = "plain", skip_serializing_if = "is_plain")]
    pub applied: ScoringPolicy,
    /// Sheets that count and were left out as the highest and the lowest.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out: u32,
    /// The verified score.
    pub verified: Option<Figure>,
    /// The weight that the verified score has for this nominee, in percent.
    pub verified_weight: u32,
    /// The annual assessment, where it has a weight.
    pub assessment: Option<Figure>,
    /// The weight that the assessment has for this nominee, in percent; 0 where it is not assessed.
    pub assessment_weight: u32,
    /// Thematic activities attended that count.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub attended: u32,
    /// What the office gives or takes, all together.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub adjustment: Adjustment,
    /// What the figure was before that, where something is given or taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unadjusted: Option<Figure>,
    /// What comes of it.
    pub score: Option<Figure>,
}

const fn plain() -> ScoringPolicy {
    ScoringPolicy::Mean
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_plain(policy: &ScoringPolicy) -> bool {
    *policy == plain()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_nothing(adjustment: &Adjustment) -> bool {
    *adjustment == Adjustment::default()
}

/// Entries that nothing sets apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tie {
    /// The applications, by id.
    pub application_ids: Vec<Uuid>,
    /// The rank that they share.
    pub rank: u32,
    /// Whether the quota ends among them: then it must be resolved before a list is made.
    pub across_quota: bool,
}

/// Ranks the nominees of a category by its policy.
///
/// Verified score: what the policy makes of the composites that count, or Σ w·p / Σ w of the evaluated points (D-608); then the
/// blend and what the office gives or takes, kept between 0 and 100 (D-607). Nothing is rounded on the way. `trimmed_mean` leaves
/// out one highest and one lowest composite of five or more, and is `mean` below. `calibrated` fits all sheets of the category
/// together and is official only without an obstacle; otherwise the mean is, and what was fitted stands beside it. `simulation`
/// is what its probabilities are drawn with; the other policies draw nothing.
///
/// Equal figures go through the definition's cascade
/// (D-609); a stage that lacks the figure of one of the equals decides nothing among them, so that nobody
/// loses by what was not judged or not assessed. `resolutions` are the orders given by `resolve_tie`, the
/// newest last: the newest that names exactly the applications of a tie orders it. Entries without a figure
/// share the last rank and are no tie.
#[must_use]
pub fn rank(
    category: &Category,
    inputs: &[RankingInput],
    resolutions: &[Vec<Uuid>],
    simulation: Simulation,
) -> Ranking {
    let weights: Vec<(u32, u32)> =
        category.criteria.iter().map(|criterion| (criterion.number, criterion.weight.value)).collect();
    let numbers: Vec<u32> = weights.iter().map(|(number, _)| *number).collect();
    let mut judged: Vec<Judged<'_>> =
        inputs.iter().map(|input| Judged::of(category, &weights, input)).collect();
    judged.sort_by_key(|nominee| nominee.input.application_id);
    let places = super::shortlist::places(category, count(judged.len()));
    let fitting = (category.route.value == Route::SelfDeclared
        && category.scoring_policy.value == ScoringPolicy::Calibrated)
        .then(|| fit(&numbers, &judged, places, simulation));
    let (calibration, mut fits) = fitting.map(|fitting| (fitting.calibration, fitting.nominees)).unzip();
    let official = calibration.as_ref().is_some_and(|calibration| calibration.official);
    let entries: Vec<RankedEntry> = judged
        .iter()
        .enumerate()
        .map(|(place, nominee)| {
            let fit = fits.as_mut().and_then(|fits| fits.remove(&place));
            entry::entry(category, &weights, nominee, fit, official)
        })
        .collect();
    let missing_assessments = entries
        .iter()
        .filter(|entry| entry.assessment == Assessment::Missing)
        .map(|entry| entry.application_id)
        .collect();

    let quota = category.quota.value;
    let mut ranking =
        Ranking { entries: Vec::new(), ties: Vec::new(), missing_assessments, quota, calibration };
    for equals in cascade::split(entries, |entry| entry.score) {
        let groups = if equals.first().is_some_and(|first| first.score.is_some()) {
            cascade::cascade(category, equals)
        } else {
            vec![equals]
        };
        for group in groups.into_iter().flat_map(|group| cascade::resolve(group, resolutions)) {
            cascade::place(&mut ranking, group, places);
        }
    }
    ranking
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;

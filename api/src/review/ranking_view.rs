//! How a ranking is shown: figures, places, what set equal figures apart, and what is still equal (D-609, D-610).

use pingxuan_domain::campaign::definition::{Route, ScoringPolicy};
use pingxuan_domain::review::ranking::{Assessment, RankedEntry, Ranking, Tie, TieStep};
use pingxuan_domain::review::scoring::{Adjustment, Figure};
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_persistence::rankings::Nominee;
use serde::Serialize;
use strum::{EnumIter, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use super::calibration_view::{CalibratedView, CalibrationView};
use super::ranking::Ranked;
use super::sentences::score_sentence;
use crate::actions::AllowedAction;
use crate::call::Call;
use crate::catalogue::Language;
use crate::enums;

/// What is known of a unit's annual assessment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, EnumIter, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AssessmentStatus {
    /// The category does not blend it in.
    NotBlended,
    /// It has not been recorded: no list can be made.
    Missing,
    /// The county does not assess the unit.
    NotAssessed,
    /// There is a figure.
    Assessed,
}

/// What sets equal figures apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, EnumIter, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum TieStage {
    /// The mean of a criterion.
    Criterion,
    /// The annual assessment.
    AnnualAssessment,
    /// The order that the office gave.
    Resolved,
}

/// The ranking of a category.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct RankingView {
    campaign_id: Uuid,
    /// The category.
    #[schema(max_length = 60)]
    category_code: String,
    /// How many may be commended.
    #[schema(minimum = 0, maximum = 100000)]
    quota: u32,
    /// How nominees come in.
    #[schema(value_type = enums::Route)]
    route: Route,
    /// How sheets become one figure.
    #[schema(value_type = enums::ScoringPolicy)]
    scoring_policy: ScoringPolicy,
    /// Weight of the verified score, in percent.
    #[schema(minimum = 0, maximum = 100)]
    verified_weight: u32,
    /// Weight of the annual assessment, in percent.
    #[schema(minimum = 0, maximum = 100)]
    assessment_weight: u32,
    /// The list that keeps this ranking; its inputs are closed until the list is returned. Null while the ranking is open.
    shortlist_id: Option<Uuid>,
    /// Digest of the ranking (SHA-256 of its canonical JSON): it changes with any figure or place.
    #[schema(min_length = 64, max_length = 64)]
    digest: String,
    /// All nominees by rank.
    #[schema(max_items = 10000)]
    entries: Vec<RankedEntryView>,
    /// What is still equal.
    #[schema(max_items = 10000)]
    ties: Vec<TieView>,
    /// Applications whose annual assessment is blended in and missing.
    #[schema(max_items = 10000)]
    missing_assessments: Vec<Uuid>,
    /// What the sheets say together, where the policy is `calibrated`; else null.
    calibration: Option<CalibrationView>,
    /// Where what stands behind the figures is shown.
    #[schema(max_length = 500)]
    diagnostics_href: String,
    /// What may be done with it.
    #[schema(max_items = 40)]
    allowed_actions: Vec<AllowedAction>,
}

/// One nominee's place.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct RankedEntryView {
    /// From 1; equals share one and the next is left out (1, 2, 2, 4).
    #[schema(minimum = 1, maximum = 100000)]
    rank: u32,
    application_id: Uuid,
    /// Who is to be commended.
    #[schema(max_length = 200)]
    nominee_name: String,
    /// A person's unit.
    #[schema(max_length = 100)]
    unit_name: Option<String>,
    /// A person's post.
    #[schema(max_length = 200)]
    post: Option<String>,
    /// Whether they are a leading cadre.
    is_leading_cadre: bool,
    /// Whether they work at the front line.
    front_line: bool,
    /// Where the application stands.
    #[schema(value_type = enums::ApplicationState)]
    state: ApplicationState,
    /// The figure that is ranked by; absent where no sheet counts or the assessment is missing.
    #[schema(value_type = Option<String>, max_length = 6, pattern = r"^(100\.00|[0-9]{1,2}\.[0-9]{2})$")]
    score: Option<Figure>,
    /// The verified score.
    #[schema(value_type = Option<String>, max_length = 6, pattern = r"^(100\.00|[0-9]{1,2}\.[0-9]{2})$")]
    verified: Option<Figure>,
    /// The policy that made it: another than the category's where too few sheets count, or a calibration is not official.
    #[schema(value_type = enums::ScoringPolicy)]
    applied_policy: ScoringPolicy,
    /// 原始均分: the plain mean of the sheets that count, where the category's policy is another.
    #[schema(value_type = Option<String>, max_length = 6, pattern = r"^(100\.00|[0-9]{1,2}\.[0-9]{2})$")]
    raw_mean: Option<Figure>,
    /// 校准分 and how sure the place is, where the sheets were calibrated; else null.
    calibrated: Option<CalibratedView>,
    /// The annual assessment of the nominee's unit.
    assessment: AssessmentView,
    /// The mean of each criterion that somebody judged.
    #[schema(max_items = 100)]
    criteria: Vec<CriterionMeanView>,
    /// Sheets submitted.
    #[schema(minimum = 0, maximum = 10000)]
    sheets: u32,
    /// Those that count: at least half of the weight is judged.
    #[schema(minimum = 0, maximum = 10000)]
    sheets_counted: u32,
    /// Points that the office gives, or takes where they are negative, all together; absent where there are none.
    #[schema(value_type = Option<String>, max_length = 7, pattern = r"^-?(100\.00|[0-9]{1,2}\.[0-9]{2})$")]
    adjustment: Option<Adjustment>,
    /// The stages that set it apart from entries of the same figure, in their order.
    #[schema(max_items = 200)]
    decided_by: Vec<TieStepView>,
    /// The figure in one sentence.
    #[schema(max_length = 1000)]
    explanation: String,
    /// Where the place is opened down to the sheets.
    #[schema(max_length = 500)]
    explanation_href: String,
}

/// An annual assessment as it enters a ranking.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct AssessmentView {
    /// What is known of it.
    #[schema(value_type = enums::AssessmentStatus)]
    status: AssessmentStatus,
    /// The figure.
    #[schema(value_type = Option<String>, max_length = 6, pattern = r"^(100\.00|[0-9]{1,2}\.[0-9]{2})$")]
    score: Option<Figure>,
}

/// The mean of a criterion.
#[derive(Debug, Serialize, ToSchema)]
pub struct CriterionMeanView {
    /// The criterion's number.
    #[schema(minimum = 1, maximum = 100)]
    criterion: u32,
    /// The mean over the sheets that count and judge it.
    #[schema(value_type = String, max_length = 6, pattern = r"^(100\.00|[0-9]{1,2}\.[0-9]{2})$")]
    mean: Figure,
}

/// One stage that set equal figures apart.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct TieStepView {
    /// The stage.
    #[schema(value_type = enums::TieStage)]
    stage: TieStage,
    /// The criterion's number, where the stage is one.
    #[schema(minimum = 1, maximum = 100)]
    criterion: Option<u32>,
}

/// Entries that nothing sets apart.
#[derive(Debug, Serialize, ToSchema)]
pub struct TieView {
    /// The rank that they share.
    #[schema(minimum = 1, maximum = 100000)]
    rank: u32,
    /// The applications.
    #[schema(max_items = 10000)]
    application_ids: Vec<Uuid>,
    /// Whether the quota ends among them: then it must be resolved before a list is made.
    across_quota: bool,
}

impl RankingView {
    /// A ranking in the caller's language, with what may be done with it.
    #[must_use]
    pub fn of(call: &Call, ranked: &Ranked) -> Self {
        let (category, ranking) = (&ranked.category, &ranked.ranking);
        let entry = |entry: &RankedEntry| RankedEntryView::of(call.language, ranked, entry);
        Self {
            campaign_id: ranked.campaign.id,
            category_code: category.code.clone(),
            quota: ranking.quota,
            route: category.route.value,
            scoring_policy: category.scoring_policy.value,
            verified_weight: category.blend.value.verified,
            assessment_weight: category.blend.value.assessment,
            shortlist_id: ranked.frozen_by,
            digest: ranked.digest.clone(),
            entries: ranking.entries.iter().map(entry).collect(),
            ties: ties(ranking),
            missing_assessments: ranking.missing_assessments.clone(),
            calibration: ranking
                .calibration
                .as_ref()
                .map(|calibration| CalibrationView::of(call.language, calibration, &ranked.supervisors)),
            diagnostics_href: ranked.href("/diagnostics"),
            allowed_actions: ranked.allowed_actions(call),
        }
    }
}

fn ties(ranking: &Ranking) -> Vec<TieView> {
    let tie = |tie: &Tie| TieView {
        rank: tie.rank,
        application_ids: tie.application_ids.clone(),
        across_quota: tie.across_quota,
    };
    ranking.ties.iter().map(tie).collect()
}

impl RankedEntryView {
    /// One place of a ranking.
    #[must_use]
    pub fn of(language: Language, ranked: &Ranked, entry: &RankedEntry) -> Self {
        let nominee = ranked.nominees.get(&entry.application_id);
        let calibration = ranked.ranking.calibration.as_ref();
        Self {
            rank: entry.rank,
            application_id: entry.application_id,
            nominee_name: entry.nominee_name.clone(),
            unit_name: nominee.and_then(|nominee| nominee.unit_name.clone()),
            post: nominee.and_then(|nominee| nominee.post.clone()),
            is_leading_cadre: nominee.is_some_and(|nominee| nominee.is_leading_cadre),
            front_line: nominee.is_some_and(|nominee| nominee.front_line),
            state: nominee.map_or(ApplicationState::Verified, state),
            score: entry.score,
            verified: entry.verified,
            applied_policy: entry.explanation.applied,
            raw_mean: entry.raw_mean,
            calibrated: calibration.zip(entry.calibrated.as_ref()).map(|(calibration, calibrated)| {
                CalibratedView::of(language, calibrated, calibration.simulation, ranked.places())
            }),
            assessment: AssessmentView::of(entry.assessment),
            criteria: entry.criteria.iter().map(CriterionMeanView::of).collect(),
            sheets: entry.explanation.sheets,
            sheets_counted: entry.explanation.sheets_counted,
            adjustment: adjustment(entry),
            decided_by: entry.decided_by.iter().copied().map(TieStepView::of).collect(),
            explanation: score_sentence(language, &ranked.category, entry),
            explanation_href: ranked.href(&format!("/{}", entry.application_id)),
        }
    }
}

/// What the office gives or takes; none where that is nothing.
#[must_use]
pub fn adjustment(entry: &RankedEntry) -> Option<Adjustment> {
    Some(entry.explanation.adjustment).filter(|adjustment| *adjustment != Adjustment::default())
}

fn state(nominee: &Nominee) -> ApplicationState {
    nominee.state
}

impl AssessmentView {
    /// An annual assessment as it enters a ranking.
    #[must_use]
    pub fn of(assessment: Assessment) -> Self {
        let (status, score) = match assessment {
            Assessment::NotBlended => (AssessmentStatus::NotBlended, None),
            Assessment::Missing => (AssessmentStatus::Missing, None),
            Assessment::NotAssessed => (AssessmentStatus::NotAssessed, None),
            Assessment::Score(figure) => (AssessmentStatus::Assessed, Some(figure)),
        };
        Self { status, score }
    }
}

impl CriterionMeanView {
    /// The mean of a criterion.
    #[must_use]
    pub fn of((criterion, mean): &(u32, Figure)) -> Self {
        Self { criterion: *criterion, mean: *mean }
    }
}

impl TieStepView {
    /// One stage that set equal figures apart.
    #[must_use]
    pub fn of(step: TieStep) -> Self {
        let (stage, criterion) = match step {
            TieStep::Criterion(number) => (TieStage::Criterion, Some(number)),
            TieStep::AnnualAssessment => (TieStage::AnnualAssessment, None),
            TieStep::Resolved => (TieStage::Resolved, None),
        };
        Self { stage, criterion }
    }
}

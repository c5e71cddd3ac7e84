//! 试算: a definition tried before it is entered, alone or on data that is given with it (D-207). Nothing is stored.

use std::collections::HashMap;

use actix_web::{post, web};
use pingxuan_domain::campaign::defaults::with_defaults;
use pingxuan_domain::campaign::definition::{Category, Definition};
use pingxuan_domain::campaign::dry_run::{self, MOST_NOMINEES, Nominee, Place, Trial};
use pingxuan_domain::review::calibration::Calibration;
use pingxuan_domain::review::ranking::{Assessment, RankedEntry};
use pingxuan_domain::review::scoring::{Figure, Points};
use pingxuan_domain::review::shortlist::places;
use pingxuan_domain::{ErrorCode, Fault, Refused};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use super::advance::definition_faults;
use super::views::NoticeDefinition;
use crate::call::{Answer, Call};
use crate::catalogue::Language;
use crate::problem::{Failure, ProblemItem};
use crate::review::calibration_view::{CalibratedView, DesignView, ObstacleView};
use crate::review::ranking_view::{AssessmentView, CriterionMeanView, TieStepView};
use crate::review::sentences::{official_sentence, score_sentence};

/// A definition to try, with data to try it on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DryRunIn {
    /// The notice definition.
    #[schema(value_type = NoticeDefinition)]
    definition: Value,
    /// Nominees by category; at most 2,000 in all.
    #[serde(default)]
    #[schema(max_items = 20)]
    data: Vec<DryRunData>,
}

/// The nominees of one category.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DryRunData {
    /// The category.
    #[schema(min_length = 1, max_length = 60)]
    category_code: String,
    /// Its nominees.
    #[schema(max_items = 2000)]
    nominees: Vec<DryRunNominee>,
}

/// Somebody to try a definition on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DryRunNominee {
    /// Who.
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    name: String,
    /// Whether they are a leading cadre.
    #[serde(default)]
    is_leading_cadre: bool,
    /// Whether they work at the front line.
    #[serde(default)]
    front_line: bool,
    /// Score sheets, where the category is declared.
    #[serde(default)]
    #[schema(max_items = 20)]
    sheets: Vec<DryRunSheet>,
    /// Who gave each sheet, by name, so that a category under `calibrated` can be tried; left out, each sheet is somebody else's.
    #[serde(default)]
    #[schema(max_items = 20, value_type = Vec<DryRunSupervisor>)]
    supervisors: Vec<DryRunSupervisor>,
    /// The annual assessment of the unit; null where it is not known.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 6, pattern = r"^(100\.00|[0-9]{1,2}\.[0-9]{2})$")]
    assessment: Option<Figure>,
    /// 不参加考评: where there is no figure, the unit is not assessed and the verified score counts whole.
    #[serde(default)]
    not_assessed: bool,
    /// The points of each criterion, where the office evaluates.
    #[serde(default)]
    points: Option<DryRunPoints>,
}

/// A score sheet: the points of each criterion in the definition's order, null where it cannot be judged.
#[derive(Debug, Deserialize)]
pub struct DryRunSheet(Vec<Option<Points>>);

/// The name of a supervisor; whoever has the same name is the same.
#[derive(Debug, Deserialize)]
pub struct DryRunSupervisor(String);

/// The points of each criterion in the definition's order.
#[derive(Debug, Deserialize)]
pub struct DryRunPoints(Vec<Figure>);

/// A list of so many texts at most as a definition may have criteria.
fn of_criteria(text: ObjectBuilder, description: &str) -> RefOr<Schema> {
    ArrayBuilder::new().items(text).max_items(Some(20)).description(Some(description)).into()
}

impl PartialSchema for DryRunSheet {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .max_length(Some(5))
            .pattern(Some(r"^(100(\.0)?|[0-9]{1,2}(\.[05])?)$"));
        of_criteria(
            text,
            "The points of each criterion in the definition's order; null where it cannot be judged.",
        )
    }
}

impl ToSchema for DryRunSheet {}

impl PartialSchema for DryRunSupervisor {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(50));
        text.pattern(Some(r"\S"))
            .description(Some("The name of a supervisor; whoever has the same name is the same."))
            .into()
    }
}

impl ToSchema for DryRunSupervisor {}

impl PartialSchema for DryRunPoints {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new()
            .schema_type(Type::String)
            .max_length(Some(6))
            .pattern(Some(r"^(100\.00|[0-9]{1,2}\.[0-9]{2})$"));
        of_criteria(text, "The points of each criterion in the definition's order.")
    }
}

impl ToSchema for DryRunPoints {}

/// What a definition comes to.
#[derive(Debug, Serialize, ToSchema)]
pub struct DryRunView {
    /// What stands in the way of publishing it, each with a pointer; nothing, if it can be published.
    #[schema(max_items = 10000)]
    definition_faults: Vec<ProblemItem>,
    /// What it makes of the data, category by category.
    #[schema(max_items = 20)]
    categories: Vec<DryRunCategoryView>,
}

/// What a category makes of its nominees.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct DryRunCategoryView {
    /// The category.
    #[schema(max_length = 64)]
    category_code: String,
    /// How many may be commended.
    #[schema(minimum = 0, maximum = 100000)]
    quota: u32,
    /// All nominees by rank.
    #[schema(max_items = 2000)]
    entries: Vec<DryRunEntryView>,
    /// What is still equal.
    #[schema(max_items = 2000)]
    ties: Vec<DryRunTieView>,
    /// What would stand in the way of proposing the list that follows the ranking.
    #[schema(max_items = 10000)]
    blocked_by: Vec<ProblemItem>,
    /// What the sheets say together, where the policy is `calibrated`; else null.
    calibration: Option<DryRunCalibrationView>,
}

/// Whether the sheets of a category carry a calibration.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct DryRunCalibrationView {
    /// Whether the calibrated figures would be the official ones; otherwise the raw means would.
    official: bool,
    /// That in one sentence.
    #[schema(max_length = 500)]
    explanation: String,
    /// Every reason why they would not; a supervisor is named in the sentence.
    #[schema(max_items = 10000)]
    obstacles: Vec<ObstacleView>,
    /// How well the supervisors cross; null where nothing can be said.
    design: Option<DesignView>,
}

/// One nominee's place.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct DryRunEntryView {
    /// From 1; equals share one and the next is left out (1, 2, 2, 4).
    #[schema(minimum = 1, maximum = 2000)]
    rank: u32,
    /// The nominee's number in the data, from 0.
    #[schema(minimum = 0, maximum = 2000)]
    nominee: usize,
    /// Who.
    #[schema(max_length = 100)]
    name: String,
    /// Whether the list that follows the ranking has them.
    listed: bool,
    /// The figure that is ranked by; absent where no sheet counts or the assessment is missing.
    #[schema(value_type = Option<String>, max_length = 6, pattern = r"^(100\.00|[0-9]{1,2}\.[0-9]{2})$")]
    score: Option<Figure>,
    /// The verified score.
    #[schema(value_type = Option<String>, max_length = 6, pattern = r"^(100\.00|[0-9]{1,2}\.[0-9]{2})$")]
    verified: Option<Figure>,
    /// The mean of the sheets without any calibration; absent where no sheet counts.
    #[schema(value_type = Option<String>, max_length = 6, pattern = r"^(100\.00|[0-9]{1,2}\.[0-9]{2})$")]
    raw_mean: Option<Figure>,
    /// 校准分 and how sure the place is, where the sheets were calibrated; else null.
    calibrated: Option<CalibratedView>,
    /// The annual assessment.
    assessment: AssessmentView,
    /// The mean of each criterion that somebody judged.
    #[schema(max_items = 100)]
    criteria: Vec<CriterionMeanView>,
    /// The stages that set it apart from entries of the same figure, in their order.
    #[schema(max_items = 200)]
    decided_by: Vec<TieStepView>,
    /// The figure in one sentence.
    #[schema(max_length = 1000)]
    explanation: String,
}

/// Nominees whom nothing sets apart.
#[derive(Debug, Serialize, ToSchema)]
pub struct DryRunTieView {
    /// The rank that they share.
    #[schema(minimum = 1, maximum = 2000)]
    rank: u32,
    /// Their numbers in the data.
    #[schema(max_items = 2000)]
    nominees: Vec<usize>,
    /// Whether the quota ends among them: then it must be resolved before a list is made.
    across_quota: bool,
}

/// 试算通知定义 · Try a definition
///
/// Says everything that is wrong with a definition, and what it makes of data that is given: the ranking by its weights, blend
/// and cascade, the list that follows it, and the share, surplus and quota rules that this list misses. Nothing is stored.
#[utoipa::path(tag = "campaigns", request_body = DryRunIn, responses((status = 200, description = "What it comes to", body = DryRunView)))]
#[post("/campaigns/dry-run")]
pub async fn dry_run_campaign(call: Call) -> Answer {
    let sent: DryRunIn = call.read()?;
    let definition = read(sent.definition)?;
    let data: Vec<(String, Vec<Nominee>)> = sent.data.into_iter().map(nominees).collect();
    let tried = chosen(&definition, &data)?;
    let tried: Vec<(Category, Vec<Nominee>)> =
        tried.into_iter().map(|(category, nominees)| (category.clone(), nominees.to_vec())).collect();
    let faults = definition_faults(&definition);
    // A calibration replays its noise ten thousand times: beside the threads that answer.
    let trials = web::block(move || {
        let trial = |(category, nominees): (Category, Vec<Nominee>)| {
            let trial = dry_run::try_out(&category, &nominees);
            (category, trial)
        };
        tried.into_iter().map(trial).collect::<Vec<_>>()
    });
    let trials = trials.await.map_err(|error| Failure::Internal(error.to_string()))?;
    let view = DryRunView {
        definition_faults: faults.iter().map(|fault| ProblemItem::of(call.language, fault)).collect(),
        categories: trials.into_iter().map(|(category, trial)| shown(&call, &category, trial)).collect(),
    };
    call.plain(&view)
}

/// A definition as the domain reads it, with what the rules give where it is silent (D-201).
///
/// # Errors
/// [`Failure::Internal`] where its schema lets pass what cannot be read.
pub fn read(sent: Value) -> Result<Definition, Failure> {
    serde_json::from_value(with_defaults(sent)).map_err(|error| {
        Failure::Internal(format!("the schema of definitions lets pass what cannot be read: {error}"))
    })
}

fn nominees(data: DryRunData) -> (String, Vec<Nominee>) {
    let nominee = |sent: DryRunNominee| Nominee {
        name: sent.name,
        is_leading_cadre: sent.is_leading_cadre,
        front_line: sent.front_line,
        sheets: sent.sheets.into_iter().map(|DryRunSheet(points)| points).collect(),
        supervisors: sent.supervisors.into_iter().map(|DryRunSupervisor(name)| name).collect(),
        assessment: match sent.assessment {
            Some(figure) => Assessment::Score(figure),
            None if sent.not_assessed => Assessment::NotAssessed,
            None => Assessment::Missing,
        },
        points: sent.points.map(|DryRunPoints(points)| points),
    };
    (data.category_code, data.nominees.into_iter().map(nominee).collect())
}

/// The categories that are tried, each with its nominees.
fn chosen<'a>(
    definition: &'a Definition,
    data: &'a [(String, Vec<Nominee>)],
) -> Result<Vec<(&'a Category, &'a [Nominee])>, Refused> {
    let (mut tried, mut faults) = (Vec::new(), Vec::new());
    let count: usize = data.iter().map(|(_, nominees)| nominees.len()).sum();
    if count > MOST_NOMINEES {
        faults.push(Fault::at("/data", ErrorCode::TooMany).with("limit", MOST_NOMINEES));
    }
    for (index, (code, nominees)) in data.iter().enumerate() {
        let at = format!("/data/{index}/category_code");
        if data.iter().take(index).any(|(earlier, _)| earlier == code) {
            faults.push(Fault::at(&at, ErrorCode::Duplicate));
        }
        let Some(category) = definition.category(code) else {
            faults.push(Fault::at(at, ErrorCode::UnknownCategory).with("category", code.as_str()));
            continue;
        };
        let below = format!("/data/{index}/nominees");
        faults.extend(dry_run::faults(category, nominees).into_iter().map(|fault| fault.below(&below)));
        tried.push((category, nominees.as_slice()));
    }
    Refused::unless_valid(faults)?;
    Ok(tried)
}

impl DryRunCalibrationView {
    fn of(language: Language, calibration: &Calibration, names: &HashMap<Uuid, String>) -> Self {
        let obstacles = calibration.obstacles.iter();
        Self {
            official: calibration.official,
            explanation: official_sentence(language, calibration),
            obstacles: obstacles
                .map(|one| ObstacleView::of(language, one, names).without_supervisor())
                .collect(),
            design: calibration.design.as_ref().map(|design| DesignView::of(language, design)),
        }
    }
}

fn shown(call: &Call, category: &Category, trial: Trial) -> DryRunCategoryView {
    let calibration = trial.calibration.as_ref();
    let places = places(category, u32::try_from(trial.places.len()).unwrap_or(u32::MAX));
    let calibrated = |entry: &RankedEntry| {
        let simulation = calibration?.simulation;
        Some(CalibratedView::of(call.language, entry.calibrated.as_ref()?, simulation, places))
    };
    let entry = |Place { nominee, entry, listed }: Place| DryRunEntryView {
        rank: entry.rank,
        nominee,
        listed,
        score: entry.score,
        verified: entry.verified,
        raw_mean: entry.raw_mean,
        calibrated: calibrated(&entry),
        assessment: AssessmentView::of(entry.assessment),
        criteria: entry.criteria.iter().map(CriterionMeanView::of).collect(),
        decided_by: entry.decided_by.iter().copied().map(TieStepView::of).collect(),
        explanation: score_sentence(call.language, category, &entry),
        name: entry.nominee_name,
    };
    let tie = |(rank, nominees, across_quota)| DryRunTieView { rank, nominees, across_quota };
    DryRunCategoryView {
        category_code: category.code.clone(),
        quota: category.quota.value,
        entries: trial.places.into_iter().map(entry).collect(),
        ties: trial.ties.into_iter().map(tie).collect(),
        calibration: calibration
            .map(|calibration| DryRunCalibrationView::of(call.language, calibration, &trial.supervisors)),
        blocked_by: trial.faults.iter().map(|fault| ProblemItem::blocking(call.language, fault)).collect(),
    }
}

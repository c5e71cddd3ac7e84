//! How each figure of a ranking explains itself: down to the sheets, in one sentence each (D-610).

use actix_web::{get, web};
use pingxuan_domain::Fact;
use pingxuan_domain::Instant;
use pingxuan_domain::campaign::definition::{Category, Criterion, DutyKind, Route, ScoringPolicy};
use pingxuan_domain::review::PointAdjustment;
use pingxuan_domain::review::calibration::{CalibratedSheet, SheetFlag};
use pingxuan_domain::review::evaluation::DutyCount;
use pingxuan_domain::review::measure::Measure;
use pingxuan_domain::review::ranking::{RankedEntry, SheetFigure, attendance_points};
use pingxuan_domain::review::scoring::{Adjustment, Figure, Judgement, Points};
use pingxuan_domain::verification::score_sheet::{CriterionScore, judgements, total};
use pingxuan_persistence::duty_records;
use pingxuan_persistence::rankings::{self, OpenedSheet};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ranking::Ranked;
use super::ranking_view::RankedEntryView;
use super::sentences::{
    assessment_sentence, figure, flag_sentence, rank_sentence, raw_mean_sentence, sheet_sentence,
    verified_sentence,
};
use crate::call::{Answer, Call};
use crate::catalogue::{Language, tell};
use crate::enums;
use crate::problem::Failure;

/// One place of a ranking, opened down to the sheets.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct ExplainedEntryView {
    campaign_id: Uuid,
    /// The category.
    #[schema(max_length = 60)]
    category_code: String,
    /// The list that keeps the ranking.
    shortlist_id: Option<Uuid>,
    /// The place; its `explanation` is that of the score.
    entry: RankedEntryView,
    /// The rank in one sentence.
    #[schema(max_length = 1000)]
    rank_explanation: String,
    /// The verified score in one sentence.
    #[schema(max_length = 2000)]
    verified_explanation: String,
    /// 原始均分 in one sentence, where the category's policy is another than the mean.
    #[schema(max_length = 500)]
    raw_mean_explanation: Option<String>,
    /// The annual assessment in one sentence.
    #[schema(max_length = 1000)]
    assessment_explanation: String,
    /// The criteria, in the notice's order.
    #[schema(max_items = 100)]
    criteria: Vec<ExplainedCriterionView>,
    /// The sheets, those that do not count as well.
    #[schema(max_items = 1000)]
    sheets: Vec<ExplainedSheetView>,
    /// Approved duty records by kind, where the office evaluates.
    #[schema(max_items = 20)]
    duty_records: Vec<DutyPointsView>,
    /// Thematic activities attended, where they count; else null.
    attendance: Option<AttendanceView>,
    /// Points that the office gave or took, one by one, the newest last.
    #[schema(max_items = 1000)]
    adjustments: Vec<AdjustmentView>,
}

/// What the thematic activities attended are worth (D-608).
#[derive(Debug, Serialize, ToSchema)]
pub struct AttendanceView {
    /// Activities attended.
    #[schema(minimum = 0, maximum = 100000)]
    attended: u32,
    /// Points for each.
    #[schema(minimum = 0, maximum = 100)]
    points_each: u32,
}

/// Points that the office gave, or took where they are negative (D-607).
#[derive(Debug, Serialize, ToSchema)]
pub struct AdjustmentView {
    /// The points.
    #[schema(value_type = String, max_length = 7, pattern = r"^-?(100\.00|[0-9]{1,2}\.[0-9]{2})$")]
    points: Adjustment,
    /// Why.
    #[schema(max_length = 2000)]
    reason: String,
    /// The account that recorded them.
    adjusted_by: Uuid,
    #[schema(value_type = String, format = DateTime)]
    adjusted_at: Instant,
}

/// A criterion's figure.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct ExplainedCriterionView {
    /// The criterion's number.
    #[schema(minimum = 1, maximum = 100)]
    criterion: u32,
    /// Its title.
    #[schema(max_length = 200)]
    title: String,
    /// Its weight, in percent.
    #[schema(minimum = 0, maximum = 100)]
    weight: u32,
    /// The mean over the sheets that count and judge it; absent where nobody judged it.
    #[schema(value_type = Option<String>, max_length = 6, pattern = r"^(100\.00|[0-9]{1,2}\.[0-9]{2})$")]
    mean: Option<Figure>,
    /// The figure in one sentence.
    #[schema(max_length = 2000)]
    explanation: String,
}

/// A sheet with its figure.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct ExplainedSheetView {
    assignment_id: Uuid,
    supervisor_id: Uuid,
    /// Who scored.
    #[schema(max_length = 100)]
    supervisor_name: String,
    /// The composite; absent where nothing is judged.
    #[schema(value_type = Option<String>, max_length = 6, pattern = r"^(100\.00|[0-9]{1,2}\.[0-9]{2})$")]
    composite: Option<Figure>,
    /// Whether it counts: at least half of the weight is judged.
    counts: bool,
    /// Whether it counts and was left out as the highest or the lowest.
    left_out: bool,
    /// The figure in one sentence.
    #[schema(max_length = 1000)]
    explanation: String,
    /// What a calibration makes of it, where one was made and it counts; else null.
    calibrated: Option<CalibratedSheetView>,
    /// Where the sheet itself is read.
    #[schema(max_length = 500)]
    href: String,
    /// Points and reasons, criterion by criterion.
    #[schema(max_items = 100)]
    judgements: Vec<JudgementView>,
    /// A remark on the whole.
    #[schema(max_length = 4000)]
    remark: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    submitted_at: Option<Instant>,
}

/// One sheet in the arithmetic of a calibrated figure.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct CalibratedSheetView {
    /// 督导员尺度: how many points its supervisor is above (+) or below (-) colleagues who saw the same nominees.
    #[schema(value_type = String, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    leniency: Measure,
    /// The composite less that: what the mean is taken of.
    #[schema(value_type = String, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    adjusted: Measure,
    /// Both in one sentence.
    #[schema(max_length = 500)]
    explanation: String,
    /// 可疑打分: what neither nominee nor supervisor explains, over its error; absent where the sheet alone decides its fit.
    #[schema(value_type = Option<String>, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    t: Option<Measure>,
    /// What is asked for it. Nothing is ever taken away for it.
    #[schema(value_type = Option<enums::SheetFlag>)]
    flag: Option<SheetFlag>,
    /// That in one sentence.
    #[schema(max_length = 500)]
    flag_explanation: Option<String>,
}

impl CalibratedSheetView {
    fn of(language: Language, of: &CalibratedSheet) -> Self {
        Self {
            leniency: of.leniency,
            adjusted: of.adjusted,
            explanation: sheet_sentence(language, of),
            t: of.t,
            flag: of.flag,
            flag_explanation: flag_sentence(language, of),
        }
    }
}

/// What a supervisor says of one criterion.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct JudgementView {
    /// The criterion's number.
    #[schema(minimum = 1, maximum = 100)]
    criterion: u32,
    /// Points; absent where it cannot be judged.
    #[schema(value_type = Option<String>, max_length = 5, pattern = r"^(100(\.0)?|[0-9]{1,2}(\.[05])?)$")]
    points: Option<Points>,
    /// Whether the supervisor cannot judge it.
    cannot_judge: bool,
    /// The reason.
    #[schema(max_length = 4000)]
    reason: String,
    /// What was found that would bar the nominee.
    #[schema(max_length = 4000)]
    veto_finding: Option<String>,
}

/// What the approved duty records of one kind are worth.
#[derive(Debug, Serialize, ToSchema)]
pub struct DutyPointsView {
    /// The kind.
    #[schema(value_type = enums::DutyKind)]
    pub(crate) kind: DutyKind,
    /// The criterion that it counts for.
    #[schema(minimum = 1, maximum = 100)]
    pub(crate) criterion: u32,
    /// Records approved.
    #[schema(minimum = 0, maximum = 1000000)]
    pub(crate) approved: u32,
    /// Those whose advice was adopted.
    #[schema(minimum = 0, maximum = 1000000)]
    pub(crate) adopted: u32,
    /// Points for each record.
    #[schema(minimum = 0, maximum = 1000000)]
    points_each: u32,
    /// Points more where the advice was adopted.
    #[schema(minimum = 0, maximum = 1000000)]
    adopted_bonus: u32,
}

/// 排名依据 · Explain a place in a ranking
///
/// One nominee's figures, each with the sentence that explains it, down to the points and reasons of every sheet (or to the
/// approved duty records and the thematic activities attended, where the office evaluates), with every adjustment of its points.
#[utoipa::path(
    tag = "review",
    params(
        ("campaign_id" = Uuid, Path, description = "The campaign"),
        ("category_code" = String, Path, description = "The category", max_length = 60),
        ("application_id" = Uuid, Path, description = "The application"),
    ),
    responses((status = 200, description = "The place, explained", body = ExplainedEntryView))
)]
#[get("/campaigns/{campaign_id}/categories/{category_code}/ranking/{application_id}")]
pub async fn explain_ranking_entry(call: Call, place: web::Path<(Uuid, String, Uuid)>) -> Answer {
    let (campaign_id, category_code, application_id) = place.into_inner();
    let read = call.app.db.read();
    let ranked = Ranked::find(&call, campaign_id, &category_code).await?;
    let entry = ranked.ranking.entries.iter().find(|entry| entry.application_id == application_id);
    let entry = entry.ok_or_else(Failure::not_found)?;
    let assignments: Vec<Uuid> = entry.sheets.iter().map(|sheet| sheet.assignment_id).collect();
    let opened = rankings::opened_sheets(read, &call.visibility, &assignments).await?;
    let duty = match (ranked.category.route.value, ranked.nominees.get(&application_id)) {
        (Route::OfficeEvaluated, Some(nominee)) => {
            let mut counts =
                duty_records::approved_counts(read, &call.visibility, ranked.campaign.year).await?;
            nominee.supervisor_id.and_then(|supervisor| counts.remove(&supervisor)).unwrap_or_default()
        }
        (Route::OfficeEvaluated | Route::SelfDeclared, _) => vec![],
    };
    let given = rankings::adjustments(read, &call.visibility, campaign_id, &category_code).await?;
    let beside = Beside { opened, duty, given };
    call.ok(&explained(call.language, &ranked, entry, &beside), &ranked.digest)
}

/// What the figures of one place are made of.
struct Beside {
    opened: Vec<OpenedSheet>,
    duty: Vec<DutyCount>,
    given: Vec<PointAdjustment>,
}

fn explained(
    language: Language,
    ranked: &Ranked,
    entry: &RankedEntry,
    Beside { opened, duty, given }: &Beside,
) -> ExplainedEntryView {
    let category = &ranked.category;
    let given = given.iter().filter(|given| given.application_id == entry.application_id);
    let adjustment = |given: &PointAdjustment| AdjustmentView {
        points: given.points,
        reason: given.reason.clone(),
        adjusted_by: given.adjusted_by,
        adjusted_at: given.adjusted_at,
    };
    let counting: Vec<&OpenedSheet> = opened
        .iter()
        .filter(|sheet| {
            entry.sheets.iter().any(|of| of.assignment_id == sheet.assignment_id && of.counts && !of.left_out)
        })
        .collect();
    let criterion =
        |criterion: &Criterion| explained_criterion(language, category, entry, &counting, criterion);
    let sheet = |figure: &SheetFigure| {
        let sheet = opened.iter().find(|sheet| sheet.assignment_id == figure.assignment_id)?;
        Some(explained_sheet(language, category, figure, sheet))
    };
    ExplainedEntryView {
        campaign_id: ranked.campaign.id,
        category_code: category.code.clone(),
        shortlist_id: ranked.frozen_by,
        entry: RankedEntryView::of(language, ranked, entry),
        rank_explanation: rank_sentence(language, ranked, entry),
        verified_explanation: verified_sentence(language, entry),
        raw_mean_explanation: entry.raw_mean.map(|mean| raw_mean_sentence(language, mean)),
        assessment_explanation: assessment_sentence(language, entry),
        criteria: category.criteria.iter().map(criterion).collect(),
        sheets: entry.sheets.iter().filter_map(sheet).collect(),
        duty_records: duty_points(category, duty),
        attendance: attendance_points(category)
            .map(|points_each| AttendanceView { attended: entry.explanation.attended, points_each }),
        adjustments: given.map(adjustment).collect(),
    }
}

fn explained_criterion(
    language: Language,
    category: &Category,
    entry: &RankedEntry,
    counting: &[&OpenedSheet],
    criterion: &Criterion,
) -> ExplainedCriterionView {
    let number = criterion.number;
    let mean = entry.criteria.iter().find(|(of, _)| *of == number).map(|(_, mean)| *mean);
    let points = counting.iter().flat_map(|sheet| judgements(&sheet.scores)).filter(|(of, _)| *of == number);
    let points: Vec<String> = points
        .filter_map(|(_, judgement)| match judgement {
            Judgement::Points(points) => Some(points.to_string()),
            Judgement::CannotJudge => None,
        })
        .collect();
    let key = match (category.route.value, mean) {
        (Route::OfficeEvaluated, _) => "explain-criterion-evaluated",
        (Route::SelfDeclared, Some(_)) if entry.explanation.applied == ScoringPolicy::Calibrated => {
            "explain-criterion-calibrated"
        }
        (Route::SelfDeclared, Some(_)) => "explain-criterion-mean",
        (Route::SelfDeclared, None) => "explain-criterion-not_judged",
    };
    let facts = [
        ("criterion", Fact::from(number)),
        ("judged", Fact::from(points.len())),
        ("points", Fact::from(points.join(", "))),
        ("mean", figure(mean)),
    ];
    ExplainedCriterionView {
        criterion: number,
        title: criterion.title.value.clone(),
        weight: criterion.weight.value,
        mean,
        explanation: tell(language, key, &facts),
    }
}

fn explained_sheet(
    language: Language,
    category: &Category,
    figures: &SheetFigure,
    sheet: &OpenedSheet,
) -> ExplainedSheetView {
    let whole: u32 = category.criteria.iter().map(|criterion| criterion.weight.value).sum();
    let key = if figures.counts { "explain-sheet-counts" } else { "explain-sheet-not_counted" };
    let facts = [
        ("judged_weight", Fact::from(total(category, &sheet.scores).judged_weight)),
        ("whole_weight", Fact::from(whole)),
        ("composite", figure(figures.composite)),
    ];
    let judgement = |score: &CriterionScore| JudgementView {
        criterion: score.criterion,
        points: score.points,
        cannot_judge: score.cannot_judge,
        reason: score.reason.clone(),
        veto_finding: score.veto_finding.clone(),
    };
    ExplainedSheetView {
        assignment_id: sheet.assignment_id,
        supervisor_id: sheet.supervisor_id,
        supervisor_name: sheet.supervisor_name.clone(),
        composite: figures.composite,
        counts: figures.counts,
        left_out: figures.left_out,
        explanation: tell(language, key, &facts),
        calibrated: figures.calibrated.as_ref().map(|of| CalibratedSheetView::of(language, of)),
        href: format!("/api/v1/assignments/{}/score-sheet", sheet.assignment_id),
        judgements: sheet.scores.iter().map(judgement).collect(),
        remark: sheet.remark.clone(),
        submitted_at: sheet.submitted_at,
    }
}

/// What each rule of an evaluation finds in a supervisor's approved records, in the definition's order.
#[must_use]
pub fn duty_points(category: &Category, duty: &[DutyCount]) -> Vec<DutyPointsView> {
    let rules = category.evaluation.as_ref().map_or(&[][..], |evaluation| &evaluation.value.duty_points);
    let points = |rule: &pingxuan_domain::campaign::definition::DutyPoints| {
        let count = duty.iter().find(|count| count.kind == rule.kind);
        DutyPointsView {
            kind: rule.kind,
            criterion: rule.criterion,
            approved: count.map_or(0, |count| count.approved),
            adopted: count.map_or(0, |count| count.adopted),
            points_each: rule.points_each,
            adopted_bonus: rule.adopted_bonus,
        }
    };
    rules.iter().map(points).collect()
}

//! How each figure of a ranking explains itself: down to the sheets, in one sentence each (D-610).

use actix_web::{get, web};
use pingxuan_domain::Fact;
use pingxuan_domain::Instant;
use pingxuan_domain::campaign::definition::{Category, Criterion, DutyKind, Route};
use pingxuan_domain::review::PointAdjustment;
use pingxuan_domain::review::evaluation::DutyCount;
use pingxuan_domain::review::ranking::{Assessment, RankedEntry, SheetFigure, TieStep, attendance_points};
use pingxuan_domain::review::scoring::{Adjustment, Figure, Judgement, Points};
use pingxuan_domain::verification::score_sheet::{CriterionScore, judgements, total};
use pingxuan_persistence::rankings::{self, OpenedSheet};
use pingxuan_persistence::{campaigns, duty_records};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ranking::Ranked;
use super::ranking_view::{RankedEntryView, adjustment};
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
    /// The figure in one sentence.
    #[schema(max_length = 1000)]
    explanation: String,
    /// Points and reasons, criterion by criterion.
    #[schema(max_items = 100)]
    judgements: Vec<JudgementView>,
    /// A remark on the whole.
    #[schema(max_length = 4000)]
    remark: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    submitted_at: Option<Instant>,
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
    let campaign =
        campaigns::find(read, &call.visibility, campaign_id).await?.ok_or_else(Failure::not_found)?;
    let ranked = Ranked::read(read, &call, campaign, &category_code).await?;
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
        .filter(|sheet| entry.sheets.iter().any(|of| of.assignment_id == sheet.assignment_id && of.counts))
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
        explanation: tell(language, key, &facts),
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

/// The figure that is ranked by, in one sentence; another says what the office gives or takes.
#[must_use]
pub fn score_sentence(language: Language, category: &Category, entry: &RankedEntry) -> String {
    let of = &entry.explanation;
    let blended = category.blend.value.assessment > 0;
    let key = match (of.route, of.score, entry.assessment) {
        (Route::OfficeEvaluated, _, _) if of.attended > 0 => "explain-score-attended",
        (Route::OfficeEvaluated, _, _) => "explain-score-evaluated",
        (Route::SelfDeclared, None, Assessment::Missing) if of.verified.is_some() => "explain-score-missing",
        (Route::SelfDeclared, None, _) => "explain-score-no_sheets",
        (Route::SelfDeclared, Some(_), Assessment::Score(_)) if blended => "explain-score-blended",
        (Route::SelfDeclared, Some(_), Assessment::NotAssessed) if blended => "explain-score-not_assessed",
        (Route::SelfDeclared, Some(_), _) => "explain-score-verified",
    };
    let facts = [
        ("sheets", Fact::from(of.sheets)),
        ("counted", Fact::from(of.sheets_counted)),
        ("verified", figure(of.verified)),
        ("verified_weight", Fact::from(of.verified_weight)),
        ("assessment", figure(of.assessment)),
        ("assessment_weight", Fact::from(of.assessment_weight)),
        ("attended", Fact::from(of.attended)),
        ("score", figure(of.unadjusted.or(of.score))),
    ];
    let whole = tell(language, key, &facts);
    let Some(adjustment) = adjustment(entry) else { return whole };
    let facts = [("adjustment", Fact::from(adjustment.to_string())), ("score", figure(of.score))];
    let adjusted = tell(language, "explain-score-adjusted", &facts);
    match language {
        Language::Chinese => whole + &adjusted,
        Language::English => format!("{whole} {adjusted}"),
    }
}

fn verified_sentence(language: Language, entry: &RankedEntry) -> String {
    let counting = entry.sheets.iter().filter(|sheet| sheet.counts).filter_map(|sheet| sheet.composite);
    let composites: Vec<String> = counting.map(|composite| composite.to_string()).collect();
    let key = match (entry.explanation.route, entry.verified) {
        (Route::OfficeEvaluated, _) if entry.explanation.attended > 0 => "explain-verified-attended",
        (Route::OfficeEvaluated, _) => "explain-verified-evaluated",
        (Route::SelfDeclared, None) => "explain-verified-none",
        (Route::SelfDeclared, Some(_)) => "explain-verified-mean",
    };
    let facts = [
        ("composites", Fact::from(composites.join(", "))),
        ("attended", Fact::from(entry.explanation.attended)),
        ("verified", figure(entry.verified)),
    ];
    tell(language, key, &facts)
}

fn assessment_sentence(language: Language, entry: &RankedEntry) -> String {
    let key = match entry.assessment {
        Assessment::NotBlended => "explain-assessment-not_blended",
        Assessment::Missing => "explain-assessment-missing",
        Assessment::NotAssessed => "explain-assessment-not_assessed",
        Assessment::Score(_) if entry.explanation.assessment_weight == 0 => "explain-assessment-not_blended",
        Assessment::Score(_) => "explain-assessment-assessed",
    };
    let facts = [
        ("assessment", figure(entry.explanation.assessment)),
        ("weight", Fact::from(entry.explanation.assessment_weight)),
    ];
    tell(language, key, &facts)
}

fn rank_sentence(language: Language, ranked: &Ranked, entry: &RankedEntry) -> String {
    let tied = ranked.ranking.ties.iter().any(|tie| tie.application_ids.contains(&entry.application_id));
    let key = match (entry.score, tied, entry.decided_by.is_empty()) {
        (None, _, _) => "explain-rank-no_score",
        (Some(_), true, _) => "explain-rank-tied",
        (Some(_), false, false) => "explain-rank-decided",
        (Some(_), false, true) => "explain-rank-alone",
    };
    let stage = |step: &TieStep| match step {
        TieStep::Criterion(number) => {
            tell(language, "explain-stage-criterion", &[("criterion", Fact::from(*number))])
        }
        TieStep::AnnualAssessment => tell(language, "explain-stage-annual_assessment", &[]),
        TieStep::Resolved => tell(language, "explain-stage-resolved", &[]),
    };
    let stages: Vec<String> = entry.decided_by.iter().map(stage).collect();
    let separator = if language == Language::Chinese { "、" } else { ", " };
    let facts = [
        ("rank", Fact::from(entry.rank)),
        ("nominees", Fact::from(ranked.ranking.entries.len())),
        ("score", figure(entry.score)),
        ("stages", Fact::from(stages.join(separator))),
    ];
    tell(language, key, &facts)
}

/// A figure as a sentence says it.
fn figure(figure: Option<Figure>) -> Fact {
    Fact::from(figure.map_or_else(|| "–".to_owned(), |figure| figure.to_string()))
}

//! The sentences of a ranking: each figure explains itself in one, in the caller's language (D-610).

use pingxuan_domain::Fact;
use pingxuan_domain::campaign::definition::{Category, Route, ScoringPolicy};
use pingxuan_domain::review::calibration::screening::{Finding, FindingKind};
use pingxuan_domain::review::calibration::{
    Agreement, Boundary, Calibrated, CalibratedSheet, Calibration, DesignQuality, ExtraVisit, Obstacle,
    Simulation, SupervisorScale,
};
use pingxuan_domain::review::measure::Measure;
use pingxuan_domain::review::ranking::{Assessment, RankedEntry, TieStep};
use pingxuan_domain::review::scoring::Figure;

use super::ranking::Ranked;
use super::ranking_view::adjustment;
use crate::catalogue::{Language, tell};

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

/// The verified score in one sentence: what the policy applied made of the sheets, and where another one was asked for, why.
#[must_use]
pub fn verified_sentence(language: Language, entry: &RankedEntry) -> String {
    let of = &entry.explanation;
    let kept = entry.sheets.iter().filter(|sheet| sheet.counts && !sheet.left_out);
    let composites: Vec<String> =
        kept.filter_map(|sheet| sheet.composite).map(|composite| composite.to_string()).collect();
    let key = match (of.route, entry.verified, of.policy, of.applied) {
        (Route::OfficeEvaluated, ..) if of.attended > 0 => "explain-verified-attended",
        (Route::OfficeEvaluated, ..) => "explain-verified-evaluated",
        (Route::SelfDeclared, None, ..) => "explain-verified-none",
        (Route::SelfDeclared, Some(_), ScoringPolicy::TrimmedMean, ScoringPolicy::Mean) => {
            "explain-verified-too_few"
        }
        (Route::SelfDeclared, Some(_), ScoringPolicy::Calibrated, ScoringPolicy::Mean) => {
            "explain-verified-not_official"
        }
        (Route::SelfDeclared, Some(_), _, ScoringPolicy::Mean) => "explain-verified-mean",
        (Route::SelfDeclared, Some(_), _, ScoringPolicy::TrimmedMean) => "explain-verified-trimmed",
        (Route::SelfDeclared, Some(_), _, ScoringPolicy::Calibrated) => "explain-verified-calibrated",
    };
    let facts = [
        ("composites", Fact::from(composites.join(", "))),
        ("attended", Fact::from(of.attended)),
        ("left_out", Fact::from(of.left_out)),
        ("verified", figure(entry.verified)),
    ];
    tell(language, key, &facts)
}

/// The annual assessment in one sentence.
#[must_use]
pub fn assessment_sentence(language: Language, entry: &RankedEntry) -> String {
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

/// The rank in one sentence.
#[must_use]
pub fn rank_sentence(language: Language, ranked: &Ranked, entry: &RankedEntry) -> String {
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
#[must_use]
pub fn figure(figure: Option<Figure>) -> Fact {
    Fact::from(figure.map_or_else(|| "–".to_owned(), |figure| figure.to_string()))
}

/// The sentences of a calibrated place: figure, error, probability, interval and zone, in this order, those that there are.
#[must_use]
pub fn calibrated_sentences(
    language: Language,
    of: &Calibrated,
    simulation: Simulation,
    places: u32,
) -> CalibratedSentences {
    let (first, last) = of.rank_interval.unwrap_or_default();
    let facts = [
        ("figure", Fact::from(of.figure.rounded(2))),
        ("error", Fact::from(of.standard_error.rounded(2))),
        ("draws", Fact::from(simulation.draws)),
        ("places", Fact::from(places)),
        ("share", Fact::from(of.probability.map(Measure::percent).unwrap_or_default())),
        ("first", Fact::from(first)),
        ("last", Fact::from(last)),
    ];
    let said = |key: &str| tell(language, key, &facts);
    CalibratedSentences {
        figure: said("explain-calibrated"),
        standard_error: said("explain-error"),
        probability: of.probability.map(|_| said("explain-probability")),
        rank_interval: of.rank_interval.map(|_| said("explain-rank_interval")),
        zone: of.zone.map(|zone| said(&format!("explain-zone-{zone}"))),
    }
}

/// What is said of a calibrated place.
#[derive(Clone, Debug)]
pub struct CalibratedSentences {
    /// 校准分.
    pub figure: String,
    /// 误差.
    pub standard_error: String,
    /// 入选把握.
    pub probability: Option<String>,
    /// 名次区间.
    pub rank_interval: Option<String>,
    /// 稳入, 临界 or 未入.
    pub zone: Option<String>,
}

/// 原始均分 in one sentence.
#[must_use]
pub fn raw_mean_sentence(language: Language, raw_mean: Figure) -> String {
    tell(language, "explain-raw_mean", &[("figure", figure(Some(raw_mean)))])
}

/// What a calibration makes of one sheet, in one sentence.
#[must_use]
pub fn sheet_sentence(language: Language, of: &CalibratedSheet) -> String {
    let key = leniency_key("explain-sheet", of.leniency);
    let facts = [
        ("leniency", Fact::from(of.leniency.size().rounded(2))),
        ("adjusted", Fact::from(of.adjusted.rounded(2))),
    ];
    tell(language, &key, &facts)
}

/// What is asked of a sheet that stands out, in one sentence.
#[must_use]
pub fn flag_sentence(language: Language, of: &CalibratedSheet) -> Option<String> {
    let (flag, t) = of.flag.zip(of.t)?;
    Some(tell(language, &format!("explain-flag-{flag}"), &[("t", Fact::from(t.rounded(1)))]))
}

/// 督导员尺度 in one sentence.
#[must_use]
pub fn scale_sentence(language: Language, of: &SupervisorScale) -> String {
    let facts = [
        ("leniency", Fact::from(of.leniency.size().rounded(2))),
        ("error", Fact::from(of.standard_error.rounded(2))),
    ];
    tell(language, &leniency_key("explain-scale", of.leniency), &facts)
}

/// Above, below or level with the colleagues, to the two decimals that are said.
fn leniency_key(prefix: &str, leniency: Measure) -> String {
    let side = match leniency.rounded(2).as_str() {
        "0.00" => "level",
        _ if leniency < Measure::default() => "strict",
        _ => "generous",
    };
    format!("{prefix}-{side}")
}

/// 设计质量 in one sentence.
#[must_use]
pub fn design_sentence(language: Language, design: &DesignQuality) -> String {
    let facts = [
        ("components", Fact::from(design.components)),
        ("share", Fact::from(design.share_of_bound.percent())),
    ];
    let key = if design.components > 1 { "explain-design-apart" } else { "explain-design-whole" };
    tell(language, key, &facts)
}

/// Whether a calibration is official, in one sentence.
#[must_use]
pub fn official_sentence(language: Language, calibration: &Calibration) -> String {
    tell(language, if calibration.official { "explain-official" } else { "explain-not_official" }, &[])
}

/// One reason against a calibration, in one sentence.
#[must_use]
pub fn obstacle_sentence(language: Language, obstacle: &Obstacle, supervisor: Option<&str>) -> String {
    let number = |measure: Option<Measure>| Fact::from(measure.map(|it| it.to_string()).unwrap_or_default());
    let share = |measure: Option<Measure>| Fact::from(measure.map(Measure::percent).unwrap_or_default());
    let facts = [
        ("given", number(obstacle.given)),
        ("limit", number(obstacle.limit)),
        ("given_percent", share(obstacle.given)),
        ("limit_percent", share(obstacle.limit)),
        ("supervisor", Fact::from(supervisor.unwrap_or_default())),
    ];
    tell(language, &format!("obstacle-{}", obstacle.kind), &facts)
}

/// The line behind the last place, in one sentence.
#[must_use]
pub fn boundary_sentence(language: Language, boundary: &Boundary) -> String {
    let key = if boundary.distinguishable { "explain-boundary-clear" } else { "explain-boundary-open" };
    let facts = [
        ("gap", Fact::from(boundary.gap.rounded(2))),
        ("error", Fact::from(boundary.standard_error.rounded(2))),
    ];
    tell(language, key, &facts)
}

/// What one visit more is worth, in one sentence.
#[must_use]
pub fn extra_visit_sentence(language: Language, visit: &ExtraVisit) -> String {
    tell(language, "explain-extra_visit", &[("gain", Fact::from(visit.gain.rounded(2)))])
}

/// How far supervisors agree, in one sentence; none where nothing can be said.
#[must_use]
pub fn agreement_sentence(language: Language, agreement: &Agreement) -> Option<String> {
    let (before, after) = agreement.alpha.zip(agreement.alpha_after_leniency)?;
    let facts = [("before", Fact::from(before.rounded(2))), ("after", Fact::from(after.rounded(2)))];
    Some(tell(language, "explain-agreement", &facts))
}

/// One thing worth a second look, in one sentence: who, whom they scored, and how far.
#[must_use]
pub fn finding_sentence(language: Language, finding: &Finding, who: &[&str], whom: &[&str]) -> String {
    let separator = if language == Language::Chinese { "、" } else { ", " };
    let measure = finding.measure.unwrap_or_default();
    let facts = [
        ("supervisors", Fact::from(who.join(separator))),
        ("nominees", Fact::from(whom.join(separator))),
        ("sheets", Fact::from(finding.assignment_ids.len())),
        ("measure", Fact::from(measure.rounded(1))),
        ("size", Fact::from(measure.size().rounded(1))),
    ];
    let favour = match finding.kind == FindingKind::OneSided {
        true if measure < Measure::default() => "-against",
        true => "-for",
        false => "",
    };
    let key = format!("explain-finding-{}{favour}", finding.kind);
    tell(language, &key, &facts)
}

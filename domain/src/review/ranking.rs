//! The ranking of a category: figures, ranks, and what is still equal (D-607, D-609, D-610).
//!
//! A list keeps the ranking that it was made from, so all of it can be written as JSON and read back.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::scoring::{Adjustment, Composite, Figure, Judgement, blend, composite, mean};
use crate::campaign::definition::{Blend, Category, Route, TieBreak};

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The verified score: the mean of the sheets that count, or the office's evaluation.
    pub verified: Option<Figure>,
    /// The annual assessment.
    pub assessment: Assessment,
    /// The mean of each criterion over the sheets that count and judge it; by number, without those nobody
    /// judged.
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

/// Ranks the nominees of a category by the policy `mean`, the only one that a definition may name as yet.
///
/// Verified score: the mean of the composites that count, or Σ w·p / Σ w of the evaluated points (D-608);
/// then the blend and what the office gives or takes, kept between 0 and 100 (D-607). Nothing is rounded on the way. Equal figures go through the definition's cascade
/// (D-609); a stage that lacks the figure of one of the equals decides nothing among them, so that nobody
/// loses by what was not judged or not assessed. `resolutions` are the orders given by `resolve_tie`, the
/// newest last: the newest that names exactly the applications of a tie orders it. Entries without a figure
/// share the last rank and are no tie.
#[must_use]
pub fn rank(category: &Category, inputs: &[RankingInput], resolutions: &[Vec<Uuid>]) -> Ranking {
    let mut entries: Vec<RankedEntry> = inputs.iter().map(|input| entry(category, input)).collect();
    entries.sort_by_key(|entry| entry.application_id);
    let missing_assessments = entries
        .iter()
        .filter(|entry| entry.assessment == Assessment::Missing)
        .map(|entry| entry.application_id)
        .collect();

    let mut ranking =
        Ranking { entries: Vec::new(), ties: Vec::new(), missing_assessments, quota: category.quota.value };
    let places = super::shortlist::places(category, count(entries.len()));
    for equals in split(entries, |entry| entry.score) {
        let groups = if equals.first().is_some_and(|first| first.score.is_some()) {
            cascade(category, equals)
        } else {
            vec![equals]
        };
        for group in groups.into_iter().flat_map(|group| resolve(group, resolutions)) {
            place(&mut ranking, group, places);
        }
    }
    ranking
}

/// Entries that are equal so far.
type Group = Vec<RankedEntry>;

/// Puts a group at the end of the ranking, under one rank. Of `places` on the list the last may lie within it.
fn place(ranking: &mut Ranking, group: Group, places: u32) {
    let before = count(ranking.entries.len());
    let rank = before.saturating_add(1);
    let after = before.saturating_add(count(group.len()));
    if group.len() > 1 && group.iter().all(|entry| entry.score.is_some()) {
        ranking.ties.push(Tie {
            application_ids: group.iter().map(|entry| entry.application_id).collect(),
            rank,
            across_quota: before < places && places < after,
        });
    }
    ranking.entries.extend(group.into_iter().map(|entry| RankedEntry { rank, ..entry }));
}

/// Parts a group by a key, the greatest first and no key last; the order within stays.
fn split<K: Ord>(mut group: Group, key: impl Fn(&RankedEntry) -> K) -> Vec<Group> {
    // A stable sort: entries of one key stay ordered by id.
    group.sort_by_key(|entry| std::cmp::Reverse(key(entry)));
    let mut parts: Vec<Group> = Vec::new();
    for entry in group {
        match parts.last_mut() {
            Some(part) if part.first().is_some_and(|first| key(first) == key(&entry)) => part.push(entry),
            Some(_) | None => parts.push(vec![entry]),
        }
    }
    parts
}

/// Sets equal entries apart by the stages of the definition.
fn cascade(category: &Category, equals: Group) -> Vec<Group> {
    let mut groups = vec![equals];
    for step in steps(category) {
        groups = groups.into_iter().flat_map(|group| apart(group, step)).collect();
    }
    groups
}

/// The definition's cascade, step by step: criteria from the heaviest, equal weights by number.
fn steps(category: &Category) -> Vec<TieStep> {
    let mut criteria: Vec<_> = category.criteria.iter().collect();
    criteria.sort_by_key(|criterion| (std::cmp::Reverse(criterion.weight.value), criterion.number));
    let by_weight: Vec<_> =
        criteria.into_iter().map(|criterion| TieStep::Criterion(criterion.number)).collect();
    let of_stage = |stage: &TieBreak| match stage {
        TieBreak::CriteriaByWeight => by_weight.clone(),
        TieBreak::AnnualAssessment => vec![TieStep::AnnualAssessment],
    };
    category.tie_break.value.iter().flat_map(of_stage).collect()
}

fn apart(group: Group, step: TieStep) -> Vec<Group> {
    let figure = |entry: &RankedEntry| match step {
        TieStep::Criterion(number) => {
            entry.criteria.iter().find(|(of, _)| *of == number).map(|(_, figure)| *figure)
        }
        TieStep::AnnualAssessment => entry.assessment.figure(),
        TieStep::Resolved => None,
    };
    if group.iter().any(|entry| figure(entry).is_none()) {
        return vec![group];
    }
    decided(split(group, figure), step)
}

/// Orders a group that is still equal by the newest resolution that names exactly its entries.
fn resolve(group: Group, resolutions: &[Vec<Uuid>]) -> Vec<Group> {
    let tied: BTreeSet<Uuid> = group.iter().map(|entry| entry.application_id).collect();
    let names_it = |order: &&Vec<Uuid>| order.len() == tied.len() && order.iter().all(|id| tied.contains(id));
    // Of one length, and nobody outside the group: an order that names somebody twice leaves somebody out.
    let is_whole = |order: &&Vec<Uuid>| order.iter().collect::<BTreeSet<_>>().len() == tied.len();
    let scored = group.iter().all(|entry| entry.score.is_some());
    let order = resolutions.iter().rev().find(|order| scored && names_it(order) && is_whole(order));
    match order {
        Some(order) if group.len() > 1 => {
            let place = |entry: &RankedEntry| order.iter().position(|id| *id == entry.application_id);
            decided(split(group, |entry| std::cmp::Reverse(place(entry))), TieStep::Resolved)
        }
        Some(_) | None => vec![group],
    }
}

/// Notes the step with every entry that it set apart.
fn decided(mut parts: Vec<Group>, step: TieStep) -> Vec<Group> {
    if parts.len() > 1 {
        parts.iter_mut().flatten().for_each(|entry| entry.decided_by.push(step));
    }
    parts
}

/// The figures of one nominee, not yet ranked.
fn entry(category: &Category, input: &RankingInput) -> RankedEntry {
    let weights: Vec<(u32, u32)> =
        category.criteria.iter().map(|criterion| (criterion.number, criterion.weight.value)).collect();
    let composites: Vec<(&SheetInput, Composite)> =
        input.sheets.iter().map(|sheet| (sheet, composite(&weights, &sheet.judgements))).collect();
    let counting: Vec<&(&SheetInput, Composite)> =
        composites.iter().filter(|(_, composite)| composite.counts).collect();

    let (verified, criteria) = match category.route.value {
        Route::SelfDeclared => {
            let scores: Vec<Decimal> = counting.iter().filter_map(|(_, composite)| composite.score).collect();
            let sheets: Vec<&SheetInput> = counting.iter().map(|(sheet, _)| *sheet).collect();
            (mean(&scores), means_of_criteria(&weights, &sheets))
        }
        Route::OfficeEvaluated => {
            let points = input.evaluated.as_deref();
            let duty = points.and_then(|points| weighted(&weights, points));
            let attended = attendance(category, input.attended);
            let whole = duty.map(|duty| (duty + attended).min(Decimal::ONE_HUNDRED));
            (whole, points.unwrap_or_default().to_vec())
        }
    };

    let assessment = settle(category.blend.value, input.assessment);
    let applied = match assessment {
        // The verified score counts whole, visibly (D-607).
        Assessment::NotAssessed => Blend { verified: 100, assessment: 0 },
        Assessment::NotBlended | Assessment::Missing | Assessment::Score(_) => category.blend.value,
    };
    let blended = assessment.figure().filter(|_| applied.assessment > 0);
    let complete = verified.filter(|_| assessment != Assessment::Missing);
    let adjustment: Decimal = input.adjustments.iter().map(|adjustment| adjustment.decimal()).sum();
    let whole = complete.map(|verified| blend(verified, blended.map(Figure::decimal), applied));
    let score = whole.map(|whole| Figure::from_decimal(whole + adjustment));
    let verified = verified.map(Figure::from_decimal);

    let explanation = Explanation {
        route: category.route.value,
        sheets: count(composites.len()),
        sheets_counted: count(counting.len()),
        verified,
        verified_weight: applied.verified,
        assessment: blended,
        assessment_weight: applied.assessment,
        attended: if attendance_points(category).is_some() { input.attended } else { 0 },
        adjustment: total(&input.adjustments),
        unadjusted: whole.map(Figure::from_decimal).filter(|_| !adjustment.is_zero()),
        score,
    };
    let sheets = composites
        .iter()
        .map(|(sheet, composite)| SheetFigure {
            assignment_id: sheet.assignment_id,
            supervisor_id: sheet.supervisor_id,
            composite: composite.score.map(Figure::from_decimal),
            counts: composite.counts,
        })
        .collect();
    RankedEntry {
        rank: 0,
        application_id: input.application_id,
        nominee_name: input.nominee_name.clone(),
        score,
        verified,
        assessment,
        criteria,
        sheets,
        decided_by: Vec::new(),
        explanation,
    }
}

/// The points of each thematic activity attended, where the office evaluates and they count (D-608).
#[must_use]
pub fn attendance_points(category: &Category) -> Option<u32> {
    category.evaluation.as_ref().and_then(|evaluation| evaluation.value.attendance_points_each)
}

/// What the thematic activities attended are worth (D-608).
fn attendance(category: &Category, attended: u32) -> Decimal {
    Decimal::from(attendance_points(category).unwrap_or(0)) * Decimal::from(attended)
}

/// All adjustments together, as far as one can say it.
fn total(adjustments: &[Adjustment]) -> Adjustment {
    let sum: i64 = adjustments.iter().map(|adjustment| adjustment.hundredths()).sum();
    let farthest = Adjustment::FARTHEST_HUNDREDTHS;
    Adjustment::from_hundredths(sum.clamp(-farthest, farthest)).unwrap_or_default()
}

/// What is said of the assessment depends on whether the category needs it, not on who looked it up.
fn settle(weights: Blend, given: Assessment) -> Assessment {
    match given {
        Assessment::NotBlended | Assessment::Missing if weights.assessment > 0 => Assessment::Missing,
        Assessment::NotBlended | Assessment::Missing => Assessment::NotBlended,
        Assessment::NotAssessed | Assessment::Score(_) => given,
    }
}

/// The mean points of each criterion over the sheets that judge it.
fn means_of_criteria(weights: &[(u32, u32)], sheets: &[&SheetInput]) -> Vec<(u32, Figure)> {
    let points = |sheet: &SheetInput, number: u32| {
        let judgement =
            sheet.judgements.iter().find(|(of, _)| *of == number).map(|(_, judgement)| *judgement);
        match judgement {
            Some(Judgement::Points(points)) => Some(points.decimal()),
            Some(Judgement::CannotJudge) | None => None,
        }
    };
    let of_criterion = |number: u32| {
        let judged: Vec<Decimal> = sheets.iter().filter_map(|sheet| points(sheet, number)).collect();
        mean(&judged).map(|mean| (number, Figure::from_decimal(mean)))
    };
    weights.iter().filter_map(|(number, _)| of_criterion(*number)).collect()
}

/// Σ w·p / Σ w over all criteria; one without points has 0 (D-608).
fn weighted(weights: &[(u32, u32)], points: &[(u32, Figure)]) -> Option<Decimal> {
    let of =
        |number: u32| points.iter().find(|(of, _)| *of == number).map_or(Decimal::ZERO, |(_, p)| p.decimal());
    let sum: Decimal = weights.iter().map(|(number, weight)| Decimal::from(*weight) * of(*number)).sum();
    sum.checked_div(weights.iter().map(|(_, weight)| Decimal::from(*weight)).sum())
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;

//! The score sheet: one supervisor's points and reasons for each criterion of one application (D-604).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::campaign::definition::Category;
use crate::error::{ErrorCode, Fault};
use crate::review::scoring::{Composite, Judgement, Points, composite};
use crate::verification::finding::FindingReference;

/// What a supervisor says of one criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CriterionScore {
    /// The criterion's number.
    pub criterion: u32,
    /// Points, 0 to 100 in steps of 0.5; none while it is not judged.
    pub points: Option<Points>,
    /// The supervisor cannot judge it.
    pub cannot_judge: bool,
    /// The reason.
    pub reason: String,
    /// What the supervisor found that would bar the nominee, recorded apart from the points.
    pub veto_finding: Option<String>,
    /// The findings of site visits to which the reason refers (D-504).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<FindingReference>,
    /// The attachments to which it refers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachment_ids: Vec<Uuid>,
}

impl CriterionScore {
    /// The judgement, where there is one with its reason.
    #[must_use]
    pub fn judgement(&self) -> Option<Judgement> {
        match (self.points, self.cannot_judge) {
            _ if self.reason.trim().is_empty() => None,
            (Some(points), false) => Some(Judgement::Points(points)),
            (None, true) => Some(Judgement::CannotJudge),
            (Some(_), true) | (None, false) => None,
        }
    }
}

/// What is wrong with scores as they are sent: unknown or repeated criteria, points beside "cannot judge".
#[must_use]
pub fn faults(category: &Category, scores: &[CriterionScore]) -> Vec<Fault> {
    let mut seen = Vec::new();
    let mut faults = Vec::new();
    for (index, score) in scores.iter().enumerate() {
        let pointer = |member: &str| format!("/scores/{index}/{member}");
        if !category.criteria.iter().any(|criterion| criterion.number == score.criterion) {
            faults.push(
                Fault::at(pointer("criterion"), ErrorCode::UnknownCriterion)
                    .with("criterion", score.criterion),
            );
        }
        if seen.contains(&score.criterion) {
            faults.push(Fault::at(pointer("criterion"), ErrorCode::Duplicate));
        }
        seen.push(score.criterion);
        if score.cannot_judge && score.points.is_some() {
            faults.push(Fault::at(pointer("points"), ErrorCode::Invalid));
        }
    }
    faults
}

/// The criteria that still want points and a reason, or "cannot judge" and a reason.
#[must_use]
pub fn missing(category: &Category, scores: &[CriterionScore]) -> Vec<u32> {
    let judged = |number| scores.iter().any(|score| score.criterion == number && score.judgement().is_some());
    category.criteria.iter().map(|criterion| criterion.number).filter(|number| !judged(*number)).collect()
}

/// The judgements of a sheet, by criterion.
#[must_use]
pub fn judgements(scores: &[CriterionScore]) -> Vec<(u32, Judgement)> {
    scores.iter().filter_map(|score| Some((score.criterion, score.judgement()?))).collect()
}

/// The weights of a category's criteria.
#[must_use]
pub fn weights(category: &Category) -> Vec<(u32, u32)> {
    category.criteria.iter().map(|criterion| (criterion.number, criterion.weight.value)).collect()
}

/// The sheet's composite: Σ w·s / Σ w over the judged criteria.
#[must_use]
pub fn total(category: &Category, scores: &[CriterionScore]) -> Composite {
    composite(&weights(category), &judgements(scores))
}

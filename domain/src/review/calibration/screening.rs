//! 疑点筛查: sheets and supervisors worth a second look; a list for people, never a verdict (`docs/FAIRNESS.md`).

use std::collections::BTreeMap;

use pingxuan_fairness::agree::{self, Circumstances, screens};
use pingxuan_fairness::calibrate::{CalibrationError, Fit, Residual, Scores, calibrate};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fitting::Category;
use crate::campaign::definition::{self, code_enum};
use crate::review::measure::Measure;
use crate::review::ranking::{Judged, RankingInput};
use crate::time::Instant;

/// What is known of the sheets beside their points; what is missing is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The unit of each supervisor.
    pub supervisor_units: BTreeMap<Uuid, Uuid>,
    /// The unit of each nominee, by application.
    pub nominee_units: BTreeMap<Uuid, Uuid>,
    /// Of each sheet, by assignment.
    pub sheets: BTreeMap<Uuid, SheetSurroundings>,
}

/// What is known of one sheet beside its points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SheetSurroundings {
    /// When it was submitted.
    pub submitted_at: Option<Instant>,
    /// Whether a visit of its supervisor to the nominee has a photo.
    pub has_photo: bool,
}

code_enum! {
    /// Why something is worth a second look.
    FindingKind {
        /// A sheet fits neither the nominee's others nor the supervisor's others.
        OutlyingVisit,
        /// A supervisor gives the nominees of one unit more, or less, than all the rest explains.
        OneSided,
        /// A supervisor spreads points much less, or much more, than all others do.
        Scale,
        /// A supervisor gave the very same points on all criteria again and again.
        IdenticalScores,
        /// Two sheets of a supervisor were submitted one right after the other.
        CloseInTime,
        /// No photo shows that the visit took place.
        NoProof,
        /// Two units were each generous to the other.
        Reciprocal,
    }
}

/// One thing worth a second look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Why.
    pub kind: FindingKind,
    /// Whose sheets.
    pub supervisor_ids: Vec<Uuid>,
    /// The sheets, by assignment; none where it is about all of a supervisor's.
    pub assignment_ids: Vec<Uuid>,
    /// The unit whose nominees were favoured or not, where it is about one.
    pub unit_id: Option<Uuid>,
    /// How far: t of a sheet, points on the mean of a favour, the slope of a scale, the minutes between two sheets.
    pub measure: Option<Measure>,
    /// The chance of as much without a reason, over all pairs together (Holm 1979), of a favour.
    pub adjusted_p: Option<Measure>,
}

/// All that is worth a second look in a category; nothing where nothing can be fitted.
#[must_use]
pub fn screen(
    category: &definition::Category,
    inputs: &[RankingInput],
    known: &Surroundings,
) -> Vec<Finding> {
    let weights: Vec<(u32, u32)> =
        category.criteria.iter().map(|criterion| (criterion.number, criterion.weight.value)).collect();
    let mut judged: Vec<Judged<'_>> =
        inputs.iter().map(|input| Judged::of(category, &weights, input)).collect();
    judged.sort_by_key(|nominee| nominee.input.application_id);
    let category = Category::of(&judged);
    screened(&category, &weights, known).unwrap_or_default()
}

fn screened(
    category: &Category<'_, '_>,
    weights: &[(u32, u32)],
    known: &Surroundings,
) -> Result<Vec<Finding>, CalibrationError> {
    let in_full = category.round_in_full(weights);
    let whole = in_full.is_some();
    let round = in_full.unwrap_or_else(|| category.round(|sheet| Some(sheet.counting.composite)));
    let scores = Scores::of(&round)?;
    let found = calibrate(&round)?;
    let fit = Fit::given(&scores, found.lambda.value)?;
    let circumstances = circumstances(category, known);
    let list = screens(&fit, &found.residuals, &circumstances.numbers);
    // Equal composites of sheets that judge a part say nothing.
    let list = list.into_iter().filter(|one| whole || !matches!(one, agree::Finding::IdenticalScores { .. }));
    Ok(list.map(|one| told(category, &circumstances.units, one)).collect())
}

struct Numbered {
    numbers: Circumstances,
    units: Vec<Uuid>,
}

fn circumstances(category: &Category<'_, '_>, known: &Surroundings) -> Numbered {
    let mut units: Vec<Uuid> =
        known.supervisor_units.values().chain(known.nominee_units.values()).copied().collect();
    units.sort_unstable();
    units.dedup();
    let number = |unit: Option<&Uuid>| unit.and_then(|unit| units.binary_search(unit).ok());
    let of_sheet = |sheet: &super::fitting::Sheet<'_>| known.sheets.get(&sheet.counting.sheet.assignment_id);
    let minutes = |at: Instant| at.millis() as f64 / 60_000.0;
    let numbers = Circumstances {
        reviewer_units: category
            .supervisors
            .iter()
            .map(|supervisor| number(known.supervisor_units.get(supervisor)))
            .collect(),
        applicant_units: category
            .nominees
            .iter()
            .map(|(_, nominee)| number(known.nominee_units.get(&nominee.input.application_id)))
            .collect(),
        minutes: category
            .sheets
            .iter()
            .map(|sheet| of_sheet(sheet).and_then(|known| known.submitted_at).map(minutes))
            .collect(),
        proofs: category.sheets.iter().map(|sheet| of_sheet(sheet).map(|known| known.has_photo)).collect(),
    };
    Numbered { numbers, units }
}

fn told(category: &Category<'_, '_>, units: &[Uuid], finding: agree::Finding) -> Finding {
    use agree::Finding as F;
    let of = |kind, supervisors: &[usize], sheets: &[usize]| Finding {
        kind,
        supervisor_ids: supervisors.iter().map(|number| category.supervisor(*number)).collect(),
        assignment_ids: sheets
            .iter()
            .filter_map(|place| category.sheets.get(*place))
            .map(|sheet| sheet.counting.sheet.assignment_id)
            .collect(),
        unit_id: None,
        measure: None,
        adjusted_p: None,
    };
    let t = |residual: &Residual| residual.t.map(Measure::from_f64);
    match finding {
        F::OutlyingVisit(one) => Finding {
            measure: t(&one),
            ..of(FindingKind::OutlyingVisit, &[one.visit.reviewer], &[one.visit.visit])
        },
        F::OneSided { reviewer, unit, visits, mean_residual, adjusted_p, .. } => Finding {
            unit_id: units.get(unit).copied(),
            measure: Some(Measure::from_f64(mean_residual)),
            adjusted_p: Some(Measure::from_f64(adjusted_p)),
            ..of(FindingKind::OneSided, &[reviewer], &visits)
        },
        F::Scale { reviewer, slope, .. } => {
            Finding { measure: Some(Measure::from_f64(slope)), ..of(FindingKind::Scale, &[reviewer], &[]) }
        }
        F::IdenticalScores { reviewer, visits, .. } => of(FindingKind::IdenticalScores, &[reviewer], &visits),
        F::CloseInTime { reviewer, visits, minutes } => Finding {
            measure: Some(Measure::from_f64(minutes)),
            ..of(FindingKind::CloseInTime, &[reviewer], &visits)
        },
        F::NoProof { visit } => {
            let supervisor: Vec<usize> =
                category.sheets.get(visit).map(|sheet| sheet.supervisor).into_iter().collect();
            of(FindingKind::NoProof, &supervisor, &[visit])
        }
        F::Reciprocal { there, back } => Finding {
            measure: t(&there),
            ..of(
                FindingKind::Reciprocal,
                &[there.visit.reviewer, back.visit.reviewer],
                &[there.visit.visit, back.visit.visit],
            )
        },
    }
}

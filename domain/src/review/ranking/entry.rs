//! The figures of one nominee, not yet ranked (D-607, D-608, D-610).

use rust_decimal::Decimal;

use super::judged::{Judged, total};
use super::policies::{Verified, verified};
use super::{Explanation, RankedEntry, SheetFigure, SheetInput, count, in_millionths};
use crate::campaign::definition::{Category, Route, ScoringPolicy};
use crate::review::calibration::Calibrated;
use crate::review::calibration::fitting::NomineeFit;
use crate::review::scoring::{Composite, Figure, mean};

/// The figures of a nominee, with what a calibration says of it where one was made and the nominee has a sheet that counts.
pub(super) fn entry(
    category: &Category,
    weights: &[(u32, u32)],
    nominee: &Judged<'_>,
    fit: Option<NomineeFit>,
    official: bool,
) -> RankedEntry {
    let input = nominee.input;
    let policy = category.scoring_policy.value;
    let numbers: Vec<u32> = weights.iter().map(|(number, _)| *number).collect();
    let counting: Vec<_> = nominee.counting().collect();
    let raw_mean = || {
        let composites: Vec<Decimal> = counting.iter().map(|sheet| sheet.composite).collect();
        mean(&composites).map(Figure::from_decimal)
    };
    let other = category.route.value == Route::SelfDeclared && policy != ScoringPolicy::Mean;
    let Verified { applied, score: verified, criteria, left_out } = match category.route.value {
        Route::OfficeEvaluated => evaluated(category, weights, nominee),
        Route::SelfDeclared if official => Verified {
            applied: ScoringPolicy::Calibrated,
            score: fit.as_ref().map(|fit| fit.mean),
            criteria: fit.as_ref().map(|fit| fit.criteria.clone()).unwrap_or_default(),
            left_out: Vec::new(),
        },
        Route::SelfDeclared => verified(policy, &numbers, counting.clone()),
    };

    let adjustment = nominee.adjustment();
    let whole = nominee.whole(verified);
    let rounded = |number: Decimal| {
        if applied == ScoringPolicy::Calibrated {
            in_millionths(number)
        } else {
            Figure::from_decimal(number)
        }
    };
    let score = whole.map(|whole| rounded(whole + adjustment));
    let verified = verified.map(rounded);
    let explanation = Explanation {
        route: category.route.value,
        sheets: count(nominee.composites.len()),
        sheets_counted: count(counting.len()),
        policy,
        applied,
        left_out: count(left_out.len()),
        verified,
        verified_weight: nominee.weights.verified,
        assessment: nominee.blended(),
        assessment_weight: nominee.weights.assessment,
        attended: if attendance_points(category).is_some() { input.attended } else { 0 },
        adjustment: total(&input.adjustments),
        unadjusted: whole.map(rounded).filter(|_| !adjustment.is_zero()),
        score,
    };
    let of_sheet = |(place, (sheet, composite)): (usize, (&SheetInput, &Composite))| SheetFigure {
        assignment_id: sheet.assignment_id,
        supervisor_id: sheet.supervisor_id,
        composite: composite.score.map(Figure::from_decimal),
        counts: composite.counts,
        left_out: left_out.contains(&place),
        calibrated: fit.as_ref().and_then(|fit| fit.sheets.get(&place)).copied(),
    };
    let sheets = input.sheets.iter().zip(&nominee.composites).enumerate().map(of_sheet).collect();
    let calibrated =
        fit.map(|fit| Calibrated { score: nominee.calibrated_score(Some(fit.mean)), ..fit.calibrated });
    RankedEntry {
        rank: 0,
        application_id: input.application_id,
        nominee_name: input.nominee_name.clone(),
        score,
        verified,
        raw_mean: other.then(raw_mean).flatten(),
        calibrated,
        assessment: nominee.assessment,
        criteria,
        sheets,
        decided_by: Vec::new(),
        explanation,
    }
}

/// What the office's evaluation comes to (D-608).
fn evaluated(category: &Category, weights: &[(u32, u32)], nominee: &Judged<'_>) -> Verified {
    let points = nominee.input.evaluated.as_deref();
    let duty = points.and_then(|points| weighted(weights, points));
    let attended = attendance(category, nominee.input.attended);
    Verified {
        applied: ScoringPolicy::Mean,
        score: duty.map(|duty| (duty + attended).min(Decimal::ONE_HUNDRED)),
        criteria: points.unwrap_or_default().to_vec(),
        left_out: Vec::new(),
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

/// Σ w·p / Σ w over all criteria; one without points has 0 (D-608).
fn weighted(weights: &[(u32, u32)], points: &[(u32, Figure)]) -> Option<Decimal> {
    let of =
        |number: u32| points.iter().find(|(of, _)| *of == number).map_or(Decimal::ZERO, |(_, p)| p.decimal());
    let sum: Decimal = weights.iter().map(|(number, weight)| Decimal::from(*weight) * of(*number)).sum();
    sum.checked_div(weights.iter().map(|(_, weight)| Decimal::from(*weight)).sum())
}

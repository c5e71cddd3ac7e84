//! What one more visit would bring.
#![expect(
    clippy::indexing_slicing,
    reason = "the design has checked the pairs, and numbers the rows of its matrix"
)]

use serde::{Deserialize, Serialize};

use super::instance::{AssignmentError, Instance, Pair};
use crate::design::count;
use crate::linear::{Factor, Symmetric};

/// The visit that would bring most.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OneMore {
    /// The pair.
    pub pair: Pair,
    /// What it costs, without what it adds to loads.
    pub cost: i64,
    /// The efficiency of the design as it is.
    pub before: f64,
    /// The efficiency with the visit.
    pub after: f64,
}

/// The one further visit, forbidden pairs, largest loads and the cap on units kept, that raises the efficiency of the design
/// most; of equals the first. None where the plan hangs apart (see [`super::links`]), where no visit is left, or where none
/// raises it.
///
/// A visit to an applicant with `k` of them adds `k / (k + 1) d d^T` to the information, `d` being the reviewer less the mean
/// of those who are there, so that the trace of its inverse falls by a quotient (Sherman and Morrison 1950).
///
/// # Errors
/// The [`AssignmentError`] of the instance; [`AssignmentError::Unknown`] or [`AssignmentError::Twice`] where a pair is nobody's or stands twice.
pub fn one_more(instance: &Instance, pairs: &[Pair]) -> Result<Option<OneMore>, AssignmentError> {
    let board = instance.board()?;
    let design = board.design(pairs)?;
    let active = design.active();
    if design.components != 1 || active.len() < 2 {
        return Ok(None);
    }
    // The design is joined, so that all that its information lacks is the mean.
    let m = count(active.len());
    let whole = design.information().restricted(&active).plus(1.0 / m);
    let Some(inverse) = Factor::of(whole).map(|factor| factor.inverse().plus(-1.0 / m)) else {
        return Ok(None);
    };
    let squared = inverse.squared();
    let trace: f64 = (0..active.len()).map(|row| inverse.at(row, row)).sum();
    let efficiency = |trace: f64, visits: usize| (m - 1.0) / trace / (count(visits) / m);
    let before = efficiency(trace, design.visits());

    let mut rows = vec![None; instance.reviewers.len()];
    for (row, reviewer) in active.iter().enumerate() {
        rows[*reviewer] = Some(row);
    }
    let mut best: Option<OneMore> = None;
    for ((a, possible), of_one) in board.possible.iter().enumerate().zip(design.reviewers_of()) {
        let there: Vec<usize> = of_one.iter().filter_map(|reviewer| rows[*reviewer]).collect();
        if there.is_empty() {
            continue;
        }
        let k = count(there.len());
        let within = |matrix: &Symmetric| {
            let cells = there.iter().flat_map(|one| there.iter().map(move |other| (*one, *other)));
            cells.map(|(one, other)| matrix.at(one, other)).sum::<f64>() / (k * k)
        };
        let (held, held_squared) = (within(&inverse), within(&squared));
        for &(r, cost) in possible {
            let reviewer = r as usize;
            let full = design.loads()[reviewer] >= instance.reviewers[reviewer].max_load;
            let Some(row) = rows[reviewer].filter(|row| !full && !there.contains(row)) else { continue };
            if !board.fits(reviewer, of_one.iter()) {
                continue;
            }
            let form = |matrix: &Symmetric, held: f64| {
                let across: f64 = there.iter().map(|other| matrix.at(row, *other)).sum();
                matrix.at(row, row) - 2.0 * across / k + held
            };
            let weight = k / (k + 1.0);
            let fall = weight * form(&squared, held_squared) / (1.0 + weight * form(&inverse, held));
            let after = efficiency(trace - fall, design.visits() + 1);
            if after > best.as_ref().map_or(before, |best| best.after) {
                best = Some(OneMore { pair: (a, reviewer), cost, before, after });
            }
        }
    }
    Ok(best)
}

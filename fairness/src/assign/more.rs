//! What one more visit would bring.
#![expect(
    clippy::indexing_slicing,
    reason = "rows of the information matrix are numbered by the design itself"
)]

use nalgebra::{Cholesky, DMatrix};
use serde::{Deserialize, Serialize};

use super::instance::{Fault, Instance, Pair};

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
/// The [`Fault`] of the instance; [`Fault::Unknown`] or [`Fault::Twice`] where a pair is nobody's or stands twice.
pub fn one_more(instance: &Instance, pairs: &[Pair]) -> Result<Option<OneMore>, Fault> {
    let board = instance.board()?;
    let design = board.design(pairs)?;
    let m = design.reviewers.len();
    if design.components != 1 || m < 2 {
        return Ok(None);
    }
    // The design is joined, so that all that its information lacks is the mean.
    let mean = 1.0 / m as f64;
    let whole = DMatrix::from_row_slice(m, m, &design.information).add_scalar(mean);
    let Some(inverse) = Cholesky::new(whole).map(|whole| whole.inverse()) else { return Ok(None) };
    let inverse: Vec<f64> = inverse.iter().map(|value| value - mean).collect();
    let square = square(&inverse, m);
    let trace: f64 = (0..m).map(|row| inverse[row * m + row]).sum();
    let efficiency = |trace: f64, visits: usize| (m - 1) as f64 / trace / (visits as f64 / m as f64);
    let before = efficiency(trace, design.visits);

    let mut loads = vec![0; instance.reviewers.len()];
    let mut of = vec![Vec::new(); board.possible.len()];
    for &(applicant, reviewer) in pairs {
        loads[reviewer] += 1;
        of[applicant].push(reviewer);
    }
    let mut rows = vec![None; instance.reviewers.len()];
    for (row, reviewer) in design.reviewers.iter().enumerate() {
        rows[*reviewer] = Some(row);
    }
    let mut best: Option<OneMore> = None;
    for (a, possible) in board.possible.iter().enumerate() {
        let there: Vec<usize> = of[a].iter().filter_map(|reviewer| rows[*reviewer]).collect();
        if there.is_empty() {
            continue;
        }
        let k = there.len() as f64;
        let within = |matrix: &[f64]| {
            let cells = there.iter().flat_map(|one| there.iter().map(move |other| one * m + other));
            cells.map(|cell| matrix[cell]).sum::<f64>() / (k * k)
        };
        let (held, squared) = (within(&inverse), within(&square));
        for &(r, cost) in possible {
            let reviewer = r as usize;
            let full = loads[reviewer] >= instance.reviewers[reviewer].max_load;
            let Some(row) = rows[reviewer].filter(|row| !full && !there.contains(row)) else { continue };
            if !board.fits(reviewer, of[a].iter()) {
                continue;
            }
            let form = |matrix: &[f64], held: f64| {
                let across: f64 = there.iter().map(|other| matrix[row * m + other]).sum();
                matrix[row * m + row] - 2.0 * across / k + held
            };
            let weight = k / (k + 1.0);
            let fall = weight * form(&square, squared) / (1.0 + weight * form(&inverse, held));
            let after = efficiency(trace - fall, design.visits + 1);
            if after > best.as_ref().map_or(before, |best| best.after) {
                best = Some(OneMore { pair: (a, reviewer), cost, before, after });
            }
        }
    }
    Ok(best)
}

/// A symmetric matrix by itself.
fn square(matrix: &[f64], m: usize) -> Vec<f64> {
    let mut square = vec![0.0; m * m];
    for (row, target) in matrix.chunks_exact(m).zip(square.chunks_exact_mut(m)) {
        for (factor, source) in row.iter().zip(matrix.chunks_exact(m)) {
            for (cell, value) in target.iter_mut().zip(source) {
                *cell += factor * value;
            }
        }
    }
    square
}

//! Eigenvalues of a symmetric matrix, and a vector in the basis of its eigenvectors.
//!
//! Eigenvectors are never formed: the reflections and rotations are applied to the one vector that is asked for.
#![expect(clippy::indexing_slicing, reason = "rows and columns below `size` by construction")]

use super::{LANES, Symmetric, dot};

/// The eigenvalues of a symmetric matrix in ascending order, and `z = Q^T r` in the same order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Spectrum {
    pub(crate) values: Vec<f64>,
    pub(crate) carried: Vec<f64>,
}

impl Spectrum {
    /// Householder's tridiagonal form (1958), then QL with implicit shifts (Dubrulle, Martin and Wilkinson 1968).
    /// `None` where an eigenvalue does not settle, which no finite symmetric matrix of counts does.
    pub(crate) fn of(matrix: Symmetric, mut vector: Vec<f64>) -> Option<Self> {
        let (mut diagonal, mut beside) = tridiagonal(matrix, &mut vector);
        implicit_ql(&mut diagonal, &mut beside, &mut vector)?;
        let mut order: Vec<usize> = (0..diagonal.len()).collect();
        order.sort_by(|left, right| diagonal[*left].total_cmp(&diagonal[*right]));
        Some(Self {
            values: order.iter().map(|index| diagonal[*index]).collect(),
            carried: order.iter().map(|index| vector[*index]).collect(),
        })
    }
}

/// Reduces a symmetric matrix to its tridiagonal form by reflections, which the vector goes through too: the diagonal and
/// what stands beside it. Each step takes the last reflection out of a row and multiplies the row by the next one in one
/// pass over the upper triangle.
fn tridiagonal(mut matrix: Symmetric, vector: &mut [f64]) -> (Vec<f64>, Vec<f64>) {
    let size = matrix.size();
    let (mut diagonal, mut beside) = (Vec::with_capacity(size), Vec::with_capacity(size));
    // The reflection of the last step and its companion: A - v w^T - w v^T is still to be formed.
    let (mut last, mut companion) = (vec![0.0; size], vec![0.0; size]);
    let (mut next, mut image) = (vec![0.0; size], vec![0.0; size]);
    for step in 0..size {
        update_row(&mut matrix, step, &last, &companion);
        let row = matrix.row(step);
        diagonal.push(row[0]);
        if step + 1 == size {
            break;
        }
        next[step] = 0.0;
        next[step + 1..].copy_from_slice(&row[1..]);
        let (value, scale) = reflection(&mut next[step + 1..]);
        beside.push(value);
        let along = scale * dot(&next[step + 1..], &vector[step + 1..]);
        super::add_scaled(&mut vector[step + 1..], -along, &next[step + 1..]);
        image[step + 1..].fill(0.0);
        for row in step + 1..size {
            update_row(&mut matrix, row, &last, &companion);
            multiply_row(matrix.row(row), row, &next, &mut image);
        }
        let half = 0.5 * scale * scale * dot(&image[step + 1..], &next[step + 1..]);
        for ((cell, p), v) in companion[step + 1..].iter_mut().zip(&image[step + 1..]).zip(&next[step + 1..])
        {
            *cell = scale * p - half * v;
        }
        std::mem::swap(&mut last, &mut next);
    }
    (diagonal, beside)
}

/// Turns x into the v of the reflection `I - scale v v^T` that maps x to a multiple of the first axis, and gives that
/// multiple and the scale (0 where nothing is to be reflected).
fn reflection(x: &mut [f64]) -> (f64, f64) {
    let (first, rest) = match x.split_first_mut() {
        Some(parts) => parts,
        None => return (0.0, 0.0),
    };
    let below = dot(rest, rest);
    if below == 0.0 {
        let value = *first;
        *first = 0.0;
        return (value, 0.0);
    }
    let norm = (*first * *first + below).sqrt();
    let value = if *first > 0.0 { -norm } else { norm };
    *first -= value;
    (value, 2.0 / (*first * *first + below))
}

/// Takes a reflection out of the upper part of one row: `A - v w^T - w v^T`.
fn update_row(matrix: &mut Symmetric, row: usize, v: &[f64], w: &[f64]) {
    let (at_v, at_w) = (v[row], w[row]);
    for ((cell, x), y) in matrix.row_mut(row).iter_mut().zip(&v[row..]).zip(&w[row..]) {
        *cell -= at_v * y + at_w * x;
    }
}

/// Adds what the upper part of one row of a symmetric matrix contributes to its product with v.
fn multiply_row(upper: &[f64], row: usize, v: &[f64], product: &mut [f64]) {
    let at_row = v[row];
    let (corner, upper) = (upper[0], &upper[1..]);
    let (cells, cells_rest) = upper.as_chunks::<LANES>();
    let (values, values_rest) = v[row + 1..].as_chunks::<LANES>();
    let (head, tail) = product.split_at_mut(row + 1);
    let (sums, sums_rest) = tail.as_chunks_mut::<LANES>();
    let mut lanes = [0.0; LANES];
    for ((a, x), sum) in cells.iter().zip(values).zip(sums) {
        for (((cell, value), target), lane) in a.iter().zip(x).zip(sum).zip(&mut lanes) {
            *lane += cell * value;
            *target += cell * at_row;
        }
    }
    let mut along: f64 = lanes.iter().sum();
    for ((cell, value), target) in cells_rest.iter().zip(values_rest).zip(sums_rest) {
        along += cell * value;
        *target += cell * at_row;
    }
    head[row] += corner * at_row + along;
}

/// Rotations until nothing is left beside the diagonal; the vector goes through the same rotations.
fn implicit_ql(diagonal: &mut [f64], beside: &mut Vec<f64>, vector: &mut [f64]) -> Option<()> {
    const MOST_ROUNDS: usize = 60;
    let size = diagonal.len();
    beside.push(0.0);
    let norm = diagonal.iter().zip(beside.iter()).map(|(d, e)| d.abs() + e.abs()).fold(0.0, f64::max);
    let negligible = f64::EPSILON * norm;
    for low in 0..size {
        let mut rounds = 0;
        loop {
            let high = (low..size - 1).find(|at| beside[*at].abs() <= negligible).unwrap_or(size - 1);
            if high == low {
                break;
            }
            rounds += 1;
            if rounds > MOST_ROUNDS {
                return None;
            }
            rotate(diagonal, beside, vector, low, high);
        }
    }
    Some(())
}

/// One sweep of rotations from `high` up to `low` with Wilkinson's shift.
fn rotate(diagonal: &mut [f64], beside: &mut [f64], vector: &mut [f64], low: usize, high: usize) {
    let half = (diagonal[low + 1] - diagonal[low]) / (2.0 * beside[low]);
    let root = (half * half + 1.0).sqrt();
    let mut g = diagonal[high] - diagonal[low] + beside[low] / (half + if half < 0.0 { -root } else { root });
    let (mut sine, mut cosine, mut p) = (1.0, 1.0, 0.0);
    for at in (low..high).rev() {
        let f = sine * beside[at];
        let b = cosine * beside[at];
        let length = (f * f + g * g).sqrt();
        beside[at + 1] = length;
        if length == 0.0 {
            diagonal[at + 1] -= p;
            beside[high] = 0.0;
            return;
        }
        sine = f / length;
        cosine = g / length;
        g = diagonal[at + 1] - p;
        let turn = (diagonal[at] - g) * sine + 2.0 * cosine * b;
        p = sine * turn;
        diagonal[at + 1] = g + p;
        g = cosine * turn - b;
        let (upper, lower) = (vector[at], vector[at + 1]);
        vector[at + 1] = sine * upper + cosine * lower;
        vector[at] = cosine * upper - sine * lower;
    }
    diagonal[low] -= p;
    beside[low] = g;
    beside[high] = 0.0;
}

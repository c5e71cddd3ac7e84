//! Dense symmetric systems, factored and solved in one order of operations on every machine.
//!
//! A library of linear algebra picks its kernels by the processor that it finds, and with them the order of its sums; a
//! result that is stored, hashed and recomputed elsewhere cannot have that. Nothing here depends on more than IEEE 754.

mod factor;
mod spectrum;
mod symmetric;

pub(crate) use factor::{BLOCK, Factor};
pub(crate) use spectrum::Spectrum;
pub(crate) use symmetric::Symmetric;

/// Edge of the tiles that products of matrices are made of.
const TILE: usize = 4;

/// How many sums of a dot product run side by side.
const LANES: usize = 8;

/// The dot product of two rows of one length: eight partial sums, joined in one order.
pub(crate) fn dot(left: &[f64], right: &[f64]) -> f64 {
    let (left_chunks, left_rest) = left.as_chunks::<LANES>();
    let (right_chunks, right_rest) = right.as_chunks::<LANES>();
    let mut lanes = [0.0; LANES];
    for (a, b) in left_chunks.iter().zip(right_chunks) {
        for ((lane, x), y) in lanes.iter_mut().zip(a).zip(b) {
            *lane += x * y;
        }
    }
    let rest: f64 = left_rest.iter().zip(right_rest).map(|(x, y)| x * y).sum();
    let [a, b, c, d, e, f, g, h] = lanes;
    (((a + b) + (c + d)) + ((e + f) + (g + h))) + rest
}

/// `target += factor * source`, element by element.
pub(crate) fn add_scaled(target: &mut [f64], factor: f64, source: &[f64]) {
    for (cell, value) in target.iter_mut().zip(source) {
        *cell += factor * value;
    }
}

//! Cholesky's factor of a positive definite matrix: solving, inverting, drawing.
#![expect(clippy::indexing_slicing, reason = "rows and columns below the padded size by construction")]

use super::{Square, add_scaled};

/// Edge of the tiles that the products are made of.
const TILE: usize = 4;

/// How many rows are factored before the rest of the matrix is brought up to date.
const PANEL: usize = 32;

/// How many right-hand sides are solved side by side; it changes no sum of any of them.
pub(crate) const BLOCK: usize = 8;

/// The factor `U` of `S = U^T U`, upper triangular with a positive diagonal (`L = U^T`), padded with ones on the diagonal
/// to whole tiles.
#[derive(Clone, Debug)]
pub(crate) struct Factor {
    size: usize,
    padded: usize,
    upper: Vec<f64>,
}

/// Rows of a panel regrouped by tiles of columns, so that a product reads memory in one direction.
struct Packed {
    depth: usize,
    cells: Vec<[f64; TILE]>,
}

impl Packed {
    fn tile(&self, tile: usize) -> &[[f64; TILE]] {
        &self.cells[tile * self.depth..][..self.depth]
    }
}

/// `sum += left^T right` over the depth of two packed tiles, in order of depth.
fn product(left: &[[f64; TILE]], right: &[[f64; TILE]]) -> [[f64; TILE]; TILE] {
    let mut sum = [[0.0; TILE]; TILE];
    for (a, b) in left.iter().zip(right) {
        for (row, x) in sum.iter_mut().zip(a) {
            for (cell, y) in row.iter_mut().zip(b) {
                *cell += x * y;
            }
        }
    }
    sum
}

impl Factor {
    /// The factor of a symmetric matrix, of which the upper triangle is read; `None` where a pivot is not positive.
    pub(crate) fn of(matrix: &Square) -> Option<Self> {
        let size = matrix.size();
        let padded = size.next_multiple_of(TILE);
        let mut upper = vec![0.0; padded * padded];
        for row in 0..padded {
            if row < size {
                upper[row * padded + row..row * padded + size].copy_from_slice(&matrix.row(row)[row..]);
            } else {
                upper[row * padded + row] = 1.0;
            }
        }
        let mut factor = Self { size, padded, upper };
        let mut start = 0;
        while start < padded {
            let end = (start + PANEL).min(padded);
            factor.factor_panel(start, end)?;
            factor.update_rest(start, end);
            start = end;
        }
        Some(factor)
    }

    /// Factors the rows `start..end`, which are up to date with all rows before `start`.
    fn factor_panel(&mut self, start: usize, end: usize) -> Option<()> {
        let padded = self.padded;
        for row in start..end {
            let (above, rest) = self.upper.split_at_mut(row * padded);
            let current = &mut rest[row..padded];
            for earlier in start..row {
                let pivot_row = &above[earlier * padded..][row..padded];
                add_scaled(current, -pivot_row[0], pivot_row);
            }
            let pivot = current[0];
            if !(pivot > 0.0 && pivot.is_finite()) {
                return None;
            }
            let root = pivot.sqrt();
            for cell in current.iter_mut() {
                *cell /= root;
            }
        }
        Some(())
    }

    /// Takes the rows `start..end` out of all rows behind them.
    fn update_rest(&mut self, start: usize, end: usize) {
        let padded = self.padded;
        let first = end / TILE;
        let tiles = padded / TILE - first;
        let mut packed = Packed { depth: end - start, cells: Vec::with_capacity(tiles * (end - start)) };
        for tile in 0..tiles {
            for row in start..end {
                let (columns, _) = self.upper[row * padded + end + tile * TILE..].as_chunks::<TILE>();
                packed.cells.push(columns[0]);
            }
        }
        for down in 0..tiles {
            for across in down..tiles {
                let sums = product(packed.tile(down), packed.tile(across));
                for (offset, sum) in sums.iter().enumerate() {
                    let row = end + down * TILE + offset;
                    let cells = &mut self.upper[row * padded + end + across * TILE..][..TILE];
                    for (cell, value) in cells.iter_mut().zip(sum) {
                        *cell -= value;
                    }
                }
            }
        }
    }

    pub(crate) const fn size(&self) -> usize {
        self.size
    }

    fn row(&self, row: usize) -> &[f64] {
        &self.upper[row * self.padded..][row..self.size]
    }

    /// Solves `S x = right` in place.
    pub(crate) fn solve(&self, right: &mut [f64]) {
        for row in 0..self.size {
            let (head, tail) = right.split_at_mut(row + 1);
            let coefficients = self.row(row);
            head[row] /= coefficients[0];
            add_scaled(tail, -head[row], &coefficients[1..]);
        }
        for row in (0..self.size).rev() {
            let coefficients = self.row(row);
            right[row] = (right[row] - super::dot(&coefficients[1..], &right[row + 1..])) / coefficients[0];
        }
    }

    /// Solves `U w = z` (that is, `L^T w = z`) in place for a block of right-hand sides, one a column: if the z are
    /// independent with variance one, the w have the covariance `S^-1`.
    pub(crate) fn back_substitute(&self, block: &mut [[f64; BLOCK]]) {
        for row in (0..self.size).rev() {
            let coefficients = self.row(row);
            let (head, tail) = block.split_at_mut(row + 1);
            let mut sums = head[row];
            for (coefficient, solved) in coefficients[1..].iter().zip(tail) {
                for (sum, value) in sums.iter_mut().zip(solved) {
                    *sum -= coefficient * *value;
                }
            }
            head[row] = sums.map(|sum| sum / coefficients[0]);
        }
    }

    /// `S^-1`, as `X X^T` with `X = U^-1`.
    pub(crate) fn inverse(&self) -> Square {
        let (size, padded) = (self.size, self.padded);
        let mut inverse = vec![0.0; padded * padded];
        for row in (0..padded).rev() {
            let (above, below) = inverse.split_at_mut((row + 1) * padded);
            let current = &mut above[row * padded..];
            let coefficients = &self.upper[row * padded..][..padded];
            let reciprocal = 1.0 / coefficients[row];
            for (offset, later) in below.chunks_exact(padded).enumerate() {
                let column = row + 1 + offset;
                add_scaled(&mut current[column..], -coefficients[column] * reciprocal, &later[column..]);
            }
            current[row] = reciprocal;
        }
        let tiles = padded / TILE;
        let mut packed = Packed { depth: padded, cells: Vec::with_capacity(tiles * padded) };
        for tile in 0..tiles {
            for column in 0..padded {
                packed
                    .cells
                    .push(std::array::from_fn(|offset| inverse[(tile * TILE + offset) * padded + column]));
            }
        }
        let mut result = Square::zero(size);
        for down in 0..tiles {
            for across in down..tiles {
                let from = across * TILE;
                let sums = product(&packed.tile(down)[from..], &packed.tile(across)[from..]);
                for (row, cells) in (down * TILE..size).zip(&sums) {
                    for (column, value) in (across * TILE..size).zip(cells) {
                        result.row_mut(row)[column] = *value;
                        result.row_mut(column)[row] = *value;
                    }
                }
            }
        }
        result
    }
}

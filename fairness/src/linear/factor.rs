//! Cholesky's factor of a positive definite matrix: solving, inverting, drawing.
#![expect(clippy::indexing_slicing, reason = "rows and columns below the padded size by construction")]

use super::{Symmetric, TILE, add_scaled};

/// How many rows are factored before the rest of the matrix is brought up to date.
const PANEL: usize = 32;

/// How many right-hand sides are solved side by side; it changes no sum of any of them.
pub(crate) const BLOCK: usize = 8;

/// The factor `U` of `S = U^T U`, upper triangular with a positive diagonal (`L = U^T`), padded with ones on the diagonal
/// to whole tiles, in the place of the matrix.
#[derive(Clone, Debug)]
pub(crate) struct Factor {
    upper: Symmetric,
}

/// Rows regrouped by tiles of columns, so that a product reads memory in one direction.
struct Packed {
    depth: usize,
    cells: Vec<[f64; TILE]>,
}

impl Packed {
    fn tile(&self, tile: usize) -> &[[f64; TILE]] {
        &self.cells[tile * self.depth..][..self.depth]
    }
}

/// A tile of which each cell stands twice, side by side, as it is multiplied with two at once.
type Twice = [[f64; 2]; TILE];

fn twice(tile: &[[f64; TILE]]) -> impl Iterator<Item = Twice> {
    tile.iter().map(|cells| cells.map(|cell| [cell; 2]))
}

/// `left^T right` over the depth of two packed tiles, in order of depth.
fn product(left: &[Twice], right: &[[f64; TILE]]) -> [[f64; TILE]; TILE] {
    let mut sum = [[0.0; TILE]; TILE];
    for (a, b) in left.iter().zip(right) {
        for (row, [x, y]) in sum.iter_mut().zip(a) {
            let [p, q, r, s] = row;
            *p += x * b[0];
            *q += y * b[1];
            *r += x * b[2];
            *s += y * b[3];
        }
    }
    sum
}

impl Factor {
    /// The factor of a symmetric matrix; `None` where a pivot is not positive.
    pub(crate) fn of(mut upper: Symmetric) -> Option<Self> {
        let padded = upper.padded();
        for row in upper.size()..padded {
            upper.add(row, row, 1.0);
        }
        let mut packed = Packed { depth: 0, cells: Vec::with_capacity(PANEL * padded) };
        let mut left = Vec::with_capacity(PANEL);
        let mut start = 0;
        while start < padded {
            let end = (start + PANEL).min(padded);
            factor_panel(&mut upper, start, end)?;
            update_rest(&mut upper, start, end, &mut packed, &mut left);
            start = end;
        }
        Some(Self { upper })
    }

    pub(crate) const fn size(&self) -> usize {
        self.upper.size()
    }

    /// Solves `S x = right` in place.
    pub(crate) fn solve(&self, right: &mut [f64]) {
        for row in 0..self.size() {
            let (head, tail) = right.split_at_mut(row + 1);
            let coefficients = self.upper.row(row);
            head[row] /= coefficients[0];
            add_scaled(tail, -head[row], &coefficients[1..]);
        }
        for row in (0..self.size()).rev() {
            let coefficients = self.upper.row(row);
            right[row] = (right[row] - super::dot(&coefficients[1..], &right[row + 1..])) / coefficients[0];
        }
    }

    /// Solves `U w = z` (that is, `L^T w = z`) in place for a block of right-hand sides, one a column: if the z are
    /// independent with variance one, the w have the covariance `S^-1`.
    pub(crate) fn back_substitute(&self, block: &mut [[f64; BLOCK]]) {
        for row in (0..self.size()).rev() {
            let coefficients = self.upper.row(row);
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
    pub(crate) fn inverse(&self) -> Symmetric {
        let (size, padded) = (self.size(), self.upper.padded());
        let mut inverse = vec![0.0; padded * padded];
        for row in (0..padded).rev() {
            let (above, below) = inverse.split_at_mut((row + 1) * padded);
            let current = &mut above[row * padded..];
            let coefficients = self.upper.rest(row, row);
            let reciprocal = 1.0 / coefficients[0];
            for (coefficient, (column, later)) in
                coefficients[1..].iter().zip((row + 1..).zip(below.chunks_exact(padded)))
            {
                add_scaled(&mut current[column..], -coefficient * reciprocal, &later[column..]);
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
        let mut result = Symmetric::zero(size);
        let mut left: Vec<Twice> = Vec::with_capacity(padded);
        for down in 0..tiles {
            left.clear();
            left.extend(twice(packed.tile(down)));
            for across in down..tiles {
                let from = across * TILE;
                let sums = product(&left[from..], &packed.tile(across)[from..]);
                for (row, cells) in (down * TILE..size).zip(&sums) {
                    let columns = (from..size).zip(cells).skip_while(|(column, _)| *column < row);
                    for (column, value) in columns {
                        result.row_mut(row)[column - row] = *value;
                    }
                }
            }
        }
        result
    }
}

/// Factors the rows `start..end`, which are up to date with all rows before `start`.
fn factor_panel(upper: &mut Symmetric, start: usize, end: usize) -> Option<()> {
    for row in start..end {
        let (current, earlier) = upper.with_earlier(row);
        let whole = start + (row - start) / TILE * TILE;
        for first in (start..whole).step_by(TILE) {
            take_out(current, std::array::from_fn(|offset| earlier(first + offset)));
        }
        for pivot_row in (whole..row).map(earlier) {
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

/// Takes a tile of rows out of a later one, in their order; the first cells are in the column of its pivot.
fn take_out(row: &mut [f64], [a, b, c, d]: [&[f64]; TILE]) {
    let [p, q, r, s] = [a[0], b[0], c[0], d[0]];
    for ((((cell, a), b), c), d) in row.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        *cell = *cell - p * a - q * b - r * c - s * d;
    }
}

/// Takes the rows `start..end` out of all rows behind them.
fn update_rest(upper: &mut Symmetric, start: usize, end: usize, packed: &mut Packed, left: &mut Vec<Twice>) {
    let tiles = (upper.padded() - end) / TILE;
    packed.depth = end - start;
    packed.cells.clear();
    packed.cells.resize(tiles * packed.depth, [0.0; TILE]);
    for row in start..end {
        let (columns, _) = upper.rest(row, end).as_chunks::<TILE>();
        for (tile, cells) in columns.iter().enumerate() {
            packed.cells[tile * packed.depth + row - start] = *cells;
        }
    }
    for down in 0..tiles {
        left.clear();
        left.extend(twice(packed.tile(down)));
        let length = (tiles - down) * TILE;
        let rows = upper.tile_mut(end / TILE + down);
        for across in down..tiles {
            let sums = product(left, packed.tile(across));
            let from = (across - down) * TILE;
            for (row, sum) in rows.chunks_exact_mut(length).zip(&sums) {
                for (cell, value) in row[from..from + TILE].iter_mut().zip(sum) {
                    *cell -= value;
                }
            }
        }
    }
}

//! A symmetric matrix, of which the upper triangle is kept.
#![expect(clippy::indexing_slicing, reason = "rows and columns below `size` by construction")]

use super::{TILE, dot};

/// A symmetric matrix of `size` rows. Each row is kept from the tile of its diagonal on, padded with zeros to whole tiles;
/// what a row has before its diagonal has no meaning.
#[derive(Clone, Debug)]
pub(crate) struct Symmetric {
    size: usize,
    padded: usize,
    cells: Vec<f64>,
}

/// Where the cell of a row and a column is kept, the column not before the first one of the row's tile.
const fn place(padded: usize, row: usize, column: usize) -> usize {
    let tile = row / TILE;
    let length = padded - tile * TILE;
    // Rows of each tile are shorter by its edge than those of the one before.
    let above = TILE * tile * (padded + length + TILE) / 2;
    above + row % TILE * length + column - tile * TILE
}

impl Symmetric {
    pub(crate) fn zero(size: usize) -> Self {
        let padded = size.next_multiple_of(TILE);
        Self { size, padded, cells: vec![0.0; padded * (padded + TILE) / 2] }
    }

    pub(crate) const fn size(&self) -> usize {
        self.size
    }

    /// The size with the padding.
    pub(super) const fn padded(&self) -> usize {
        self.padded
    }

    /// A row from a column on, padding included.
    pub(super) fn rest(&self, row: usize, from: usize) -> &[f64] {
        &self.cells[place(self.padded, row, from)..place(self.padded, row, self.padded)]
    }

    /// A row from the diagonal on, padding included, and what gives the rows before it from the same column on.
    pub(super) fn with_earlier<'a>(&'a mut self, row: usize) -> (&'a mut [f64], impl Fn(usize) -> &'a [f64]) {
        let padded = self.padded;
        let (above, below) = self.cells.split_at_mut(place(padded, row, row));
        let above = &*above;
        let earlier = move |of: usize| &above[place(padded, of, row)..place(padded, of, padded)];
        (&mut below[..padded - row], earlier)
    }

    /// The rows of a tile, one after the other, each from the first column of the tile on, padding included.
    pub(super) fn tile_mut(&mut self, tile: usize) -> &mut [f64] {
        let first = tile * TILE;
        let places = place(self.padded, first, first)..place(self.padded, first + TILE - 1, self.padded);
        &mut self.cells[places]
    }

    /// A row from the diagonal on.
    pub(crate) fn row(&self, row: usize) -> &[f64] {
        &self.cells[place(self.padded, row, row)..][..self.size - row]
    }

    /// A row from the diagonal on.
    pub(crate) fn row_mut(&mut self, row: usize) -> &mut [f64] {
        &mut self.cells[place(self.padded, row, row)..][..self.size - row]
    }

    pub(crate) fn at(&self, row: usize, column: usize) -> f64 {
        self.cells[place(self.padded, row.min(column), row.max(column))]
    }

    /// Adds to a cell, which is its own mirror image.
    pub(crate) fn add(&mut self, row: usize, column: usize, value: f64) {
        self.cells[place(self.padded, row.min(column), row.max(column))] += value;
    }

    /// The same matrix with a constant added along the diagonal.
    pub(crate) fn plus_diagonal(mut self, value: f64) -> Self {
        for index in 0..self.size {
            self.add(index, index, value);
        }
        self
    }

    /// The same matrix with a constant added everywhere.
    pub(crate) fn plus(mut self, value: f64) -> Self {
        for row in 0..self.size {
            self.row_mut(row).iter_mut().for_each(|cell| *cell += value);
        }
        self
    }

    /// The matrix times itself.
    pub(crate) fn squared(&self) -> Self {
        let whole: Vec<Vec<f64>> =
            (0..self.size).map(|row| (0..self.size).map(|column| self.at(row, column)).collect()).collect();
        let mut squared = Self::zero(self.size);
        for (row, left) in whole.iter().enumerate() {
            for (cell, right) in squared.row_mut(row).iter_mut().zip(&whole[row..]) {
                *cell = dot(left, right);
            }
        }
        squared
    }

    /// The rows and columns of the indices that are kept, in their order.
    pub(crate) fn restricted(&self, kept: &[usize]) -> Self {
        let mut restricted = Self::zero(kept.len());
        for (place, row) in kept.iter().enumerate() {
            for (cell, column) in restricted.row_mut(place).iter_mut().zip(&kept[place..]) {
                *cell = self.at(*row, *column);
            }
        }
        restricted
    }

    /// `x^T A x` for an x that is zero outside a few indices: the sum over pairs of (index, value).
    pub(crate) fn quadratic(&self, sparse: &[(usize, f64)]) -> f64 {
        sparse
            .iter()
            .map(|(row, x)| x * sparse.iter().map(|(column, y)| self.at(*row, *column) * y).sum::<f64>())
            .sum()
    }
}

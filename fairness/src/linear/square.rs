//! A square matrix, row by row.
#![expect(clippy::indexing_slicing, reason = "rows and columns below `size` by construction")]

/// A square matrix of `size` rows, stored row by row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Square {
    size: usize,
    cells: Vec<f64>,
}

impl Square {
    pub(crate) fn zero(size: usize) -> Self {
        Self { size, cells: vec![0.0; size * size] }
    }

    pub(crate) const fn size(&self) -> usize {
        self.size
    }

    pub(crate) fn row(&self, row: usize) -> &[f64] {
        &self.cells[row * self.size..][..self.size]
    }

    pub(crate) fn row_mut(&mut self, row: usize) -> &mut [f64] {
        &mut self.cells[row * self.size..][..self.size]
    }

    pub(crate) fn at(&self, row: usize, column: usize) -> f64 {
        self.cells[row * self.size + column]
    }

    pub(crate) fn add(&mut self, row: usize, column: usize, value: f64) {
        self.cells[row * self.size + column] += value;
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
        self.cells.iter_mut().for_each(|cell| *cell += value);
        self
    }

    /// A symmetric matrix times itself.
    pub(crate) fn squared(&self) -> Self {
        let mut squared = Self::zero(self.size);
        for row in 0..self.size {
            for column in row..self.size {
                let value = super::dot(self.row(row), self.row(column));
                squared.row_mut(row)[column] = value;
                squared.row_mut(column)[row] = value;
            }
        }
        squared
    }

    /// The rows and columns of the indices that are kept, in their order.
    pub(crate) fn restricted(&self, kept: &[usize]) -> Self {
        let cells = kept.iter().flat_map(|row| kept.iter().map(|column| self.at(*row, *column))).collect();
        Self { size: kept.len(), cells }
    }

    /// `x^T A x` for an x that is zero outside a few indices: the sum over pairs of (index, value).
    pub(crate) fn quadratic(&self, sparse: &[(usize, f64)]) -> f64 {
        sparse
            .iter()
            .map(|(row, x)| x * sparse.iter().map(|(column, y)| self.at(*row, *column) * y).sum::<f64>())
            .sum()
    }
}

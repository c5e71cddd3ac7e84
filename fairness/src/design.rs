//! Who visited whom, as a graph: what hangs together, and how much a design can tell about its reviewers.
#![expect(
    clippy::indexing_slicing,
    reason = "applicants and reviewers are checked against their numbers first"
)]

use serde::{Deserialize, Serialize};

use crate::linear::{Spectrum, Symmetric};

/// Below this an eigenvalue of the information matrix is zero.
const ZERO: f64 = 1e-9;

/// The most reviewers of a design: the matrix of their pairs is dense.
pub const MOST_REVIEWERS: usize = 2_000;

/// The visits of a round without their scores: the two-sided graph of applicants and reviewers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Design {
    /// The reviewers of each applicant, ascending.
    reviewers_of: Vec<Vec<usize>>,
    /// How many visits each reviewer has made.
    loads: Vec<usize>,
    /// In how many parts the graph falls; applicants and reviewers without a visit are in none.
    pub components: usize,
    /// The part of each applicant, `None` without a visit; parts are numbered in the order of their first applicants.
    pub applicant_component: Vec<Option<usize>>,
    /// The part of each reviewer, `None` without a visit.
    pub reviewer_component: Vec<Option<usize>>,
}

/// How much a design can tell about the differences between its reviewers (Bailey and Cameron 2011).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// Eigenvalues of the information matrix of the reviewers who have visits, ascending, zeros exact.
    pub eigenvalues: Vec<f64>,
    /// The second smallest eigenvalue: 0 if and only if the design falls apart.
    pub algebraic_connectivity: f64,
    /// Harmonic mean of the eigenvalues but the first over the mean load, 0 to 1; 0 if the design falls apart.
    pub efficiency: f64,
    /// The most that any design of as many reviewers and visits can reach: M(k-1)/(k(M-1)), k visits an applicant on
    /// average (Yates 1936: the balanced design); 0 for one reviewer.
    pub efficiency_bound: f64,
    /// Efficiency over its bound: .8 and more is good, below .5 poor.
    pub share_of_bound: f64,
}

impl Design {
    /// The design of visits (applicant, reviewer); a pair outside the numbers is left out, one that is given twice counts
    /// once.
    #[must_use]
    pub fn of(applicants: usize, reviewers: usize, visits: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let mut reviewers_of = vec![Vec::new(); applicants];
        for (applicant, reviewer) in visits {
            if applicant < applicants && reviewer < reviewers {
                reviewers_of[applicant].push(reviewer);
            }
        }
        let mut loads = vec![0; reviewers];
        let mut roots: Vec<usize> = (0..reviewers).collect();
        for of_one in &mut reviewers_of {
            of_one.sort_unstable();
            of_one.dedup();
            for reviewer in of_one.iter() {
                loads[*reviewer] += 1;
                let (here, first) = (root(&mut roots, *reviewer), root(&mut roots, of_one[0]));
                roots[here] = first;
            }
        }
        let mut label = vec![None; reviewers];
        let mut components = 0;
        let mut next = || {
            components += 1;
            components - 1
        };
        let mut part = |reviewer: &usize| *label[root(&mut roots, *reviewer)].get_or_insert_with(&mut next);
        let applicant_component = reviewers_of.iter().map(|of_one| of_one.first().map(&mut part)).collect();
        let reviewer_component = (0..reviewers).map(|reviewer| label[root(&mut roots, reviewer)]).collect();
        Self { reviewers_of, loads, components, applicant_component, reviewer_component }
    }

    /// How many applicants there are.
    #[must_use]
    pub const fn applicants(&self) -> usize {
        self.reviewers_of.len()
    }

    /// How many reviewers there are, with visits or without.
    #[must_use]
    pub const fn reviewers(&self) -> usize {
        self.loads.len()
    }

    /// How many visits there are.
    #[must_use]
    pub fn visits(&self) -> usize {
        self.loads.iter().sum()
    }

    /// The visits of each reviewer.
    #[must_use]
    pub fn loads(&self) -> &[usize] {
        &self.loads
    }

    /// The reviewers of each applicant, ascending.
    #[must_use]
    pub fn reviewers_of(&self) -> &[Vec<usize>] {
        &self.reviewers_of
    }

    /// The reviewers who have visits, ascending.
    pub(crate) fn active(&self) -> Vec<usize> {
        (0..self.reviewers()).filter(|reviewer| self.loads[*reviewer] > 0).collect()
    }

    /// `diag(m) - sum_i B_i B_i^T / d_i`, of which the information matrix is the case of d = n.
    pub(crate) fn reduced(&self, divisor: impl Fn(usize) -> f64) -> Symmetric {
        let mut matrix = Symmetric::zero(self.reviewers());
        for (reviewer, load) in self.loads.iter().enumerate() {
            matrix.add(reviewer, reviewer, count(*load));
        }
        for of_one in &self.reviewers_of {
            let part = 1.0 / divisor(of_one.len());
            for (place, row) in of_one.iter().enumerate() {
                let cells = matrix.row_mut(*row);
                for column in &of_one[place..] {
                    cells[column - row] -= part;
                }
            }
        }
        matrix
    }

    /// The information matrix of all reviewers, those without a visit included.
    pub(crate) fn information(&self) -> Symmetric {
        self.reduced(count)
    }

    /// The eigenvalues of the information matrix of the reviewers with visits, and a vector over all reviewers in the
    /// basis of its eigenvectors.
    pub(crate) fn spectrum(&self, vector: &[f64]) -> Option<Spectrum> {
        let active = self.active();
        let carried = active.iter().map(|reviewer| vector[*reviewer]).collect();
        let mut spectrum = Spectrum::of(self.information().restricted(&active), carried)?;
        for (value, carried) in spectrum.values.iter_mut().zip(&mut spectrum.carried) {
            if *value < ZERO {
                (*value, *carried) = (0.0, 0.0);
            }
        }
        Some(spectrum)
    }

    /// How much the design can tell; `None` where the eigenvalues cannot be found, which no design of a bounded size
    /// brings about.
    #[must_use]
    pub fn quality(&self) -> Option<Quality> {
        self.spectrum(&vec![0.0; self.reviewers()]).map(|spectrum| self.quality_of(spectrum.values))
    }

    pub(crate) fn quality_of(&self, eigenvalues: Vec<f64>) -> Quality {
        let (visits, reviewers) = (count(self.visits()), count(eigenvalues.len()));
        let algebraic_connectivity = eigenvalues.get(1).copied().unwrap_or(0.0);
        let efficiency = if algebraic_connectivity > 0.0 {
            let reciprocals: f64 = eigenvalues.iter().skip(1).map(|value| 1.0 / value).sum();
            (reviewers - 1.0) / reciprocals / (visits / reviewers)
        } else {
            0.0
        };
        let visited = self.reviewers_of.iter().filter(|of_one| !of_one.is_empty()).count();
        let each = visits / count(visited);
        let efficiency_bound =
            if reviewers > 1.0 { reviewers * (each - 1.0) / (each * (reviewers - 1.0)) } else { 0.0 };
        let share_of_bound = if efficiency_bound > 0.0 { efficiency / efficiency_bound } else { 0.0 };
        Quality { eigenvalues, algebraic_connectivity, efficiency, efficiency_bound, share_of_bound }
    }
}

/// The root of a reviewer's part, with the path to it halved.
fn root(roots: &mut [usize], mut at: usize) -> usize {
    while roots[at] != at {
        roots[at] = roots[roots[at]];
        at = roots[at];
    }
    at
}

/// A count as a number to reckon with, exact below 2^53.
pub(crate) const fn count(of: usize) -> f64 {
    of as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_balanced_design_reaches_its_bound() {
        let visits =
            [(0, 0), (0, 1), (1, 0), (1, 2), (2, 1), (2, 2), (3, 0), (3, 3), (4, 1), (4, 3), (5, 2), (5, 3)];
        let quality = Design::of(6, 4, visits).quality().unwrap();
        for (found, expected) in quality.eigenvalues.iter().zip([0.0, 2.0, 2.0, 2.0]) {
            assert!((found - expected).abs() < 1e-12, "{:?}", quality.eigenvalues);
        }
        assert!((quality.efficiency - 2.0 / 3.0).abs() < 1e-12);
        assert!((quality.share_of_bound - 1.0).abs() < 1e-12);
    }

    #[test]
    fn teams_hang_apart_and_are_numbered_by_their_first_applicant() {
        let design = Design::of(5, 6, [(1, 4), (1, 5), (2, 0), (2, 1), (4, 5)]);
        assert_eq!(design.components, 2);
        assert_eq!(design.applicant_component, [None, Some(0), Some(1), None, Some(0)]);
        assert_eq!(design.reviewer_component, [Some(1), Some(1), None, None, Some(0), Some(0)]);
        assert_eq!(design.active(), [0, 1, 4, 5]);
        let quality = design.quality().unwrap();
        assert_eq!((quality.algebraic_connectivity, quality.efficiency), (0.0, 0.0));
        assert_eq!(quality.share_of_bound, 0.0);
    }

    #[test]
    fn small_and_empty_designs_have_figures() {
        let found = |applicants, reviewers, visits: &[(usize, usize)]| {
            let design = Design::of(applicants, reviewers, visits.iter().copied());
            (design.components, design.quality().unwrap())
        };
        let none = |zeros| Quality {
            eigenvalues: vec![0.0; zeros],
            algebraic_connectivity: 0.0,
            efficiency: 0.0,
            efficiency_bound: 0.0,
            share_of_bound: 0.0,
        };
        assert_eq!(found(0, 0, &[]), (0, none(0)));
        assert_eq!(found(3, 2, &[]), (0, none(0)));
        assert_eq!(found(2, 1, &[(0, 0), (1, 0)]), (1, none(1)));
        assert_eq!(found(2, 2, &[(0, 0), (1, 1)]), (2, none(2)));
    }

    #[test]
    fn visits_of_nobody_are_left_out_and_visits_twice_count_once() {
        assert_eq!(Design::of(1, 1, [(0, 1), (1, 0), (0, 0), (0, 0)]), Design::of(1, 1, [(0, 0)]));
    }
}

//! How well a design of visits tells the strictness of reviewers from the worth of applicants.

use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Eigenvalues below this are 0: differences between reviewers on which the visits say nothing.
const ZERO: f64 = 1e-9;

/// Which reviewers can be compared, and by how much information. Applicants and reviewers without a visit have no part in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Design {
    /// The parts that hang together, applicants and reviewers with visits counted; 0 without a visit.
    pub components: usize,
    /// The part of each applicant, numbered by the first applicant in it.
    pub applicant_component: Vec<Option<usize>>,
    /// The part of each reviewer.
    pub reviewer_component: Vec<Option<usize>>,
    /// The reviewers with visits, ascending: the rows of the information matrix.
    pub reviewers: Vec<usize>,
    /// The information matrix of the reviewers, row by row: `diag(m) - sum_i B_i B_i^T / n_i` (Bailey and Cameron 2009).
    pub information: Vec<f64>,
    /// Visits in all.
    pub visits: usize,
    /// Applicants with visits.
    pub visited: usize,
}

/// The figures of a design.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// The parts that hang together.
    pub components: usize,
    /// The second smallest eigenvalue, the algebraic connectivity (Fiedler 1973): 0 where parts hang apart or there are
    /// not two reviewers.
    pub lambda2: f64,
    /// The harmonic mean of the eigenvalues but the 0, by the mean load; 0 where `lambda2` is.
    pub efficiency: f64,
    /// The largest efficiency that there can be, `M (k - 1) / (k (M - 1))` for `M` reviewers and `k` visits of an applicant
    /// on average (Yates 1936: the balanced design); 0 for one reviewer.
    pub bound: f64,
    /// The efficiency by its bound; 0 where that is 0.
    pub share: f64,
}

/// Why there is no such design.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DesignFault {
    /// A visit of somebody who is not there.
    #[error("visit {visit} is of an applicant or by a reviewer that is not there")]
    Unknown {
        /// The visit, by its place.
        visit: usize,
    },
    /// A reviewer visits an applicant twice.
    #[error("visit {visit} is one that stands before it")]
    Twice {
        /// The visit, by its place.
        visit: usize,
    },
}

impl Design {
    /// The design of visits, pairs of applicant and reviewer, by their places.
    ///
    /// # Errors
    /// [`DesignFault`] where a visit is of somebody who is not there, or stands twice.
    pub fn new(applicants: usize, reviewers: usize, visits: &[(usize, usize)]) -> Result<Self, DesignFault> {
        let mut of = vec![Vec::new(); applicants];
        let mut seen = vec![false; reviewers];
        for (visit, &(applicant, reviewer)) in visits.iter().enumerate() {
            let (Some(list), Some(seen)) = (of.get_mut(applicant), seen.get_mut(reviewer)) else {
                return Err(DesignFault::Unknown { visit });
            };
            if list.contains(&reviewer) {
                return Err(DesignFault::Twice { visit });
            }
            list.push(reviewer);
            *seen = true;
        }
        let mut row = vec![None; reviewers];
        let rows: Vec<usize> = (0..reviewers).filter(|reviewer| seen.get(*reviewer) == Some(&true)).collect();
        for (place, reviewer) in rows.iter().enumerate() {
            if let Some(row) = row.get_mut(*reviewer) {
                *row = Some(place);
            }
        }
        let m = rows.len();
        let mut information = vec![0.0; m * m];
        let mut add = |one: usize, other: usize, what: f64| {
            let places = row.get(one).copied().flatten().zip(row.get(other).copied().flatten());
            if let Some(cell) = places.and_then(|(one, other)| information.get_mut(one * m + other)) {
                *cell += what;
            }
        };
        for list in &mut of {
            list.sort_unstable();
            let part = 1.0 / list.len() as f64;
            for one in &*list {
                add(*one, *one, 1.0);
                list.iter().for_each(|other| add(*one, *other, -part));
            }
        }
        let (components, applicant_component, reviewer_component) = parts(&of, reviewers);
        let visited = of.iter().filter(|list| !list.is_empty()).count();
        Ok(Self {
            components,
            applicant_component,
            reviewer_component,
            reviewers: rows,
            information,
            visits: visits.len(),
            visited,
        })
    }

    /// The eigenvalues of the information matrix, ascending; those below 1e-9 are 0.
    #[must_use]
    pub fn eigenvalues(&self) -> Vec<f64> {
        let m = self.reviewers.len();
        if m == 0 {
            return Vec::new();
        }
        let values = DMatrix::from_row_slice(m, m, &self.information).symmetric_eigenvalues();
        let mut values: Vec<f64> =
            values.iter().map(|value| if *value < ZERO { 0.0 } else { *value }).collect();
        values.sort_unstable_by(f64::total_cmp);
        values
    }

    /// The figures of the design, from its [`Self::eigenvalues`].
    #[must_use]
    pub fn quality(&self, eigenvalues: &[f64]) -> Quality {
        let (m, n) = (self.reviewers.len() as f64, self.visits as f64);
        let joined = self.components == 1 && self.reviewers.len() > 1;
        let lambda2 = eigenvalues.get(1).copied().filter(|_| joined).unwrap_or(0.0);
        let inverse: f64 = eigenvalues.iter().skip(1).map(|value| 1.0 / value).sum();
        let efficiency = if lambda2 > 0.0 { (m - 1.0) / inverse / (n / m) } else { 0.0 };
        let k = n / self.visited as f64;
        let bound = if self.reviewers.len() > 1 { m * (k - 1.0) / (k * (m - 1.0)) } else { 0.0 };
        let share = if bound > 0.0 { efficiency / bound } else { 0.0 };
        Quality { components: self.components, lambda2, efficiency, bound, share }
    }
}

/// How many parts hang together, and the parts of applicants and reviewers, by union and find.
fn parts(of: &[Vec<usize>], reviewers: usize) -> (usize, Vec<Option<usize>>, Vec<Option<usize>>) {
    let mut leaders: Vec<usize> = (0..reviewers).collect();
    for list in of {
        for pair in list.windows(2) {
            if let [one, other] = *pair {
                let (one, other) = (leader(&mut leaders, one), leader(&mut leaders, other));
                if let Some(above) = leaders.get_mut(one.max(other)) {
                    *above = one.min(other);
                }
            }
        }
    }
    let mut count = 0;
    let mut label: Vec<Option<usize>> = vec![None; reviewers];
    let mut applicants = Vec::with_capacity(of.len());
    for list in of {
        let first = list.first().map(|reviewer| leader(&mut leaders, *reviewer));
        let label = first.and_then(|first| label.get_mut(first)).map(|label| {
            *label.get_or_insert_with(|| {
                count += 1;
                count - 1
            })
        });
        applicants.push(label);
    }
    let reviewers = (0..reviewers).map(|reviewer| leader(&mut leaders, reviewer));
    let reviewers = reviewers.map(|leader| label.get(leader).copied().flatten()).collect();
    (count, applicants, reviewers)
}

/// The smallest of the part, with the way to it shortened.
fn leader(leaders: &mut [usize], mut of: usize) -> usize {
    while let Some(above) = leaders.get(of).copied().filter(|above| *above != of) {
        let next = leaders.get(above).copied().unwrap_or(above);
        if let Some(leader) = leaders.get_mut(of) {
            *leader = next;
        }
        of = above;
    }
    of
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_balanced_design_reaches_its_bound() {
        let visits =
            [(0, 0), (0, 1), (1, 0), (1, 2), (2, 1), (2, 2), (3, 0), (3, 3), (4, 1), (4, 3), (5, 2), (5, 3)];
        let design = Design::new(6, 4, &visits).unwrap();
        let eigenvalues = design.eigenvalues();
        for (found, expected) in eigenvalues.iter().zip([0.0, 2.0, 2.0, 2.0]) {
            assert!((found - expected).abs() < 1e-12, "{eigenvalues:?}");
        }
        let quality = design.quality(&eigenvalues);
        assert!((quality.efficiency - 2.0 / 3.0).abs() < 1e-12);
        assert!((quality.share - 1.0).abs() < 1e-12);
    }

    #[test]
    fn teams_hang_apart_and_are_numbered_by_their_first_applicant() {
        let design = Design::new(5, 6, &[(1, 4), (1, 5), (2, 0), (2, 1), (4, 5)]).unwrap();
        assert_eq!(design.components, 2);
        assert_eq!(design.applicant_component, [None, Some(0), Some(1), None, Some(0)]);
        assert_eq!(design.reviewer_component, [Some(1), Some(1), None, None, Some(0), Some(0)]);
        assert_eq!(design.reviewers, [0, 1, 4, 5]);
        let quality = design.quality(&design.eigenvalues());
        assert_eq!((quality.lambda2, quality.efficiency, quality.share), (0.0, 0.0, 0.0));
    }

    #[test]
    fn small_and_empty_designs_have_figures() {
        let quality = |n, m, visits: &[(usize, usize)]| {
            let design = Design::new(n, m, visits).unwrap();
            design.quality(&design.eigenvalues())
        };
        let none = Quality { components: 0, lambda2: 0.0, efficiency: 0.0, bound: 0.0, share: 0.0 };
        assert_eq!(quality(0, 0, &[]), none);
        assert_eq!(quality(3, 2, &[]), none);
        assert_eq!(quality(2, 1, &[(0, 0), (1, 0)]), Quality { components: 1, ..none.clone() });
        assert_eq!(quality(2, 2, &[(0, 0), (1, 1)]), Quality { components: 2, ..none });
    }

    #[test]
    fn visits_of_nobody_and_visits_twice_are_refused() {
        assert_eq!(Design::new(1, 1, &[(0, 1)]), Err(DesignFault::Unknown { visit: 0 }));
        assert_eq!(Design::new(1, 1, &[(0, 0), (0, 0)]), Err(DesignFault::Twice { visit: 1 }));
    }
}

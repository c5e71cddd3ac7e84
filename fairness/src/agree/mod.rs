//! How far reviewers agree, and which visits are worth a second look: figures and lists, never a verdict (section 7).

mod screens;

use serde::{Deserialize, Serialize};

pub use screens::{
    Circumstances, FEWEST_TOGETHER, Finding, HOLM_LEVEL, IDENTICAL_FROM, LEAST_MINUTES, RECIPROCAL_ABOVE,
    SLOPES, screens,
};

use crate::calibrate::{Fit, Scores};
use crate::design::count;

/// Intraclass correlation of a one-way layout with unequal groups (Shrout and Fleiss 1979, Searle 1971).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Intraclass {
    /// Mean square between applicants (MSB).
    pub between: f64,
    /// Mean square within applicants (MSW).
    pub within: f64,
    /// k0: the mean number of visits, corrected for their being unequal.
    pub visits: f64,
    /// ICC(1): how reliable one visit is. At most 1; negative where applicants differ less than their visits.
    pub single: f64,
    /// ICC(k): how reliable the mean of an applicant's visits is.
    pub mean: f64,
}

/// How far the reviewers of a round agree.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// Intraclass correlation; `None` for one applicant, for single visits, or without any difference at all.
    pub intraclass: Option<Intraclass>,
    /// Krippendorff's alpha of the figures as they were given: 1 at perfect agreement, about 0 at chance.
    pub alpha: Option<f64>,
    /// The same once leniency is taken off. It is descriptive: the leniencies are fitted to the very same figures.
    pub alpha_after_leniency: Option<f64>,
}

/// How far the reviewers of a fitted round agree.
#[must_use]
pub fn agreement(fit: &Fit<'_>) -> Agreement {
    let scores = fit.scores();
    Agreement {
        intraclass: intraclass(scores),
        alpha: krippendorff(groups(scores, &[]).iter().map(Vec::as_slice)),
        alpha_after_leniency: krippendorff(groups(scores, &fit.leniency).iter().map(Vec::as_slice)),
    }
}

/// The figures of each applicant with the leniency of their reviewers off, where there is one.
fn groups(scores: &Scores<'_>, leniency: &[f64]) -> Vec<Vec<f64>> {
    let off = |reviewer: usize| leniency.get(reviewer).copied().unwrap_or_default();
    let of_one =
        |applicant| scores.visits_of(applicant).map(|visit| visit.composite - off(visit.reviewer)).collect();
    (0..scores.design().applicants()).map(of_one).collect()
}

/// Intraclass correlation of the weighted figures.
#[must_use]
pub fn intraclass(scores: &Scores<'_>) -> Option<Intraclass> {
    let applicants = count(scores.design().applicants());
    let visits = count(scores.design().visits());
    let freedom = scores.degrees_of_freedom();
    if applicants < 2.0 || freedom == 0 {
        return None;
    }
    let sizes = || scores.design().reviewers_of().iter().map(|of_one| count(of_one.len()));
    let total: f64 = scores.raw_means().iter().zip(sizes()).map(|(mean, size)| mean * size).sum();
    let grand = total / visits;
    let squares: f64 = scores
        .raw_means()
        .iter()
        .zip(sizes())
        .map(|(mean, size)| size * (mean - grand) * (mean - grand))
        .sum();
    let between = squares / (applicants - 1.0);
    let within = scores.within_squares() / count(freedom);
    let k0 = (visits - sizes().map(|size| size * size).sum::<f64>() / visits) / (applicants - 1.0);
    let spread = between + (k0 - 1.0) * within;
    (between > 0.0 && spread > 0.0).then(|| Intraclass {
        between,
        within,
        visits: k0,
        single: (between - within) / spread,
        mean: (between - within) / between,
    })
}

/// Krippendorff's alpha for interval figures, missing ones allowed (Krippendorff 2011), in its closed form over groups of
/// two figures and more. `None` without such a group, or where all figures in them are one.
pub fn krippendorff<'a>(groups: impl Iterator<Item = &'a [f64]> + Clone) -> Option<f64> {
    let pairable = groups.filter(|group| group.len() >= 2);
    let visits = count(pairable.clone().map(<[f64]>::len).sum());
    if visits == 0.0 {
        return None;
    }
    let mean_of = |figures: &[f64]| figures.iter().sum::<f64>() / count(figures.len());
    let squares = |figures: &[f64], mean: f64| figures.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>();
    let grand = pairable.clone().flatten().sum::<f64>() / visits;
    let total: f64 = pairable.clone().map(|group| squares(group, grand)).sum();
    let within: f64 = pairable
        .map(|group| count(group.len()) * squares(group, mean_of(group)) / (count(group.len()) - 1.0))
        .sum();
    (total > 0.0).then(|| 1.0 - (visits - 1.0) / visits * within / total)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Krippendorff's definition over pairs, as slow as it is plain.
    fn by_pairs(groups: &[Vec<f64>]) -> f64 {
        let groups: Vec<&Vec<f64>> = groups.iter().filter(|group| group.len() >= 2).collect();
        let all: Vec<f64> = groups.iter().flat_map(|group| group.iter().copied()).collect();
        let pairs = |figures: &[f64]| -> f64 {
            figures.iter().flat_map(|x| figures.iter().map(move |y| (x - y) * (x - y))).sum()
        };
        let n = all.len() as f64;
        let observed: f64 =
            groups.iter().map(|group| pairs(group) / (group.len() as f64 - 1.0)).sum::<f64>() / n;
        1.0 - observed / (pairs(&all) / (n * (n - 1.0)))
    }

    #[test]
    fn the_closed_form_is_the_definition() {
        let groups = vec![vec![1.0, 2.0, 4.5], vec![7.0], vec![3.0, 3.5], vec![9.0, 8.0, 8.5, 7.0]];
        let closed = krippendorff(groups.iter().map(Vec::as_slice)).unwrap();
        assert!((closed - by_pairs(&groups)).abs() < 1e-12);
    }

    #[test]
    fn agreement_without_differences_is_undefined_and_full_agreement_is_one() {
        let same = [vec![5.0, 5.0], vec![5.0, 5.0]];
        assert_eq!(krippendorff(same.iter().map(Vec::as_slice)), None);
        let single = [vec![5.0], vec![6.0]];
        assert_eq!(krippendorff(single.iter().map(Vec::as_slice)), None);
        let full = [vec![5.0, 5.0], vec![6.0, 6.0]];
        assert_eq!(krippendorff(full.iter().map(Vec::as_slice)), Some(1.0));
    }
}

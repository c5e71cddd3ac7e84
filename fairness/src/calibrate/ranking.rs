//! The official figures, the order they make, and who decides where they are the same (section 5).
#![expect(clippy::indexing_slicing, reason = "indices of one checked round")]

use serde::{Deserialize, Serialize};

use super::fit::Fit;

/// Which figure is official.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// 校准分: the calibrated figure, blended with the assessment, plus the offset.
    Calibrated,
    /// 原始均分: the plain mean, blended and offset alike; the calibrated figure is information.
    RawMean,
}

/// A figure in hundredths, as it is published: rounded to millionths, then half up, in whole numbers. It saturates where
/// no score can be.
#[must_use]
pub fn hundredths(figure: f64) -> i64 {
    let millionths = (figure * 1e6).round_ties_even() as i64;
    millionths.saturating_add(5_000).div_euclid(10_000)
}

/// The official result of a round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ranking {
    /// Which figure it is made of.
    pub basis: Basis,
    /// The official figure of each applicant, in hundredths.
    pub figures: Vec<i64>,
    /// The rank of each applicant, from 1: one more than there are larger figures, so that ties share theirs.
    pub ranks: Vec<usize>,
    /// Who is in, ascending; those whose tie is not resolved are not among them.
    pub selected: Vec<usize>,
    /// The tie across the last place, if there is one.
    pub tie: Option<Tie>,
}

/// Applicants with one figure, more of them than there are places left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tie {
    /// Who they are, ascending.
    pub applicants: Vec<usize>,
    /// How many places there are for them.
    pub places: usize,
    /// What was looked at, in order.
    pub steps: Vec<TieStep>,
    /// Between whom nothing decides: a vote of the committee, to be recorded. Never chance, index or time.
    pub unresolved: Vec<usize>,
    /// How many places are left for those.
    pub unresolved_places: usize,
}

/// One figure that ties were looked at by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TieStep {
    /// Which figure.
    pub by: TieFigure,
    /// The figures of those who were still tied, in hundredths.
    pub figures: Vec<(usize, i64)>,
    /// Who is in by it, ascending.
    pub admitted: Vec<usize>,
    /// Who is out by it, ascending.
    pub left_out: Vec<usize>,
}

/// The figures that a tie is looked at by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TieFigure {
    /// One criterion, on the same basis and with the same lambda as the whole.
    Criterion(usize),
    /// The assessment, where all who are still tied have one.
    Assessment,
}

/// The ranking of a fit on one basis.
#[must_use]
pub fn rank(fit: &Fit<'_>, basis: Basis) -> Ranking {
    let scores = fit.scores;
    let of_basis = match basis {
        Basis::Calibrated => &fit.calibrated,
        Basis::RawMean => scores.raw_means(),
    };
    let figures: Vec<i64> = scores.finals(of_basis).into_iter().map(hundredths).collect();
    let mut sorted = figures.clone();
    sorted.sort_unstable_by(|left, right| right.cmp(left));
    let ranks = figures.iter().map(|figure| sorted.partition_point(|other| other > figure) + 1).collect();
    let places = scores.places();
    let (mut selected, tied) =
        split((0..figures.len()).map(|applicant| (applicant, figures[applicant])).collect(), places);
    let tie = tied.map(|(applicants, places)| cascade(fit, basis, applicants, places));
    if let Some(tie) = &tie {
        selected.extend(tie.steps.iter().flat_map(|step| step.admitted.iter().copied()));
        selected.sort_unstable();
    }
    Ranking { basis, figures, ranks, selected, tie }
}

/// Who is in by figure alone, ascending; and those tied across the last place, with the places left for them.
fn split(figures: Vec<(usize, i64)>, places: usize) -> (Vec<usize>, Option<(Vec<usize>, usize)>) {
    let mut sorted: Vec<i64> = figures.iter().map(|(_, figure)| *figure).collect();
    sorted.sort_unstable_by(|left, right| right.cmp(left));
    let Some(last) = places.checked_sub(1).and_then(|last| sorted.get(last)) else {
        return (
            if places == 0 {
                Vec::new()
            } else {
                figures.into_iter().map(|(applicant, _)| applicant).collect()
            },
            None,
        );
    };
    let those = |keep: &dyn Fn(&i64) -> bool| -> Vec<usize> {
        figures.iter().filter(|(_, figure)| keep(figure)).map(|(applicant, _)| *applicant).collect()
    };
    if sorted.get(places).is_some_and(|next| next == last) {
        let above = those(&|figure| figure > last);
        let left = places - above.len();
        (above, Some((those(&|figure| figure == last), left)))
    } else {
        (those(&|figure| figure >= last), None)
    }
}

/// The heaviest criterion, the next one by weight (of equal weights the first), the assessment, and then a vote.
fn cascade(fit: &Fit<'_>, basis: Basis, applicants: Vec<usize>, places: usize) -> Tie {
    let round = fit.scores.round();
    let mut criteria: Vec<usize> = (0..round.weights.len()).filter(|at| round.weights[*at] > 0.0).collect();
    criteria.sort_by(|left, right| round.weights[*right].total_cmp(&round.weights[*left]));
    let mut looked_at = criteria.into_iter().map(TieFigure::Criterion).collect::<Vec<_>>();
    looked_at.extend(round.assessment.is_some().then_some(TieFigure::Assessment));
    let (mut unresolved, mut unresolved_places) = (applicants.clone(), places);
    let mut steps = Vec::new();
    for by in looked_at {
        if unresolved.is_empty() {
            break;
        }
        // One without an assessment is not behind others for it: it decides where all have one.
        let assessed = |at: &usize| fit.scores.assessment_of(*at).is_some();
        if by == TieFigure::Assessment && !unresolved.iter().all(assessed) {
            break;
        }
        let figure =
            |values: &[f64]| unresolved.iter().map(|at| (*at, hundredths(values[*at]))).collect::<Vec<_>>();
        let figures = match (by, basis) {
            (TieFigure::Criterion(criterion), Basis::Calibrated) => {
                figure(&fit.criterion(criterion).unwrap_or_default())
            }
            (TieFigure::Criterion(criterion), Basis::RawMean) => {
                figure(fit.scores.criterion(criterion).raw_means())
            }
            (TieFigure::Assessment, _) => {
                figure(round.assessment.as_ref().map_or(&[][..], |assessment| &assessment.points))
            }
        };
        let (admitted, still) = split(figures.clone(), unresolved_places);
        let (tied, left) = still.unwrap_or_default();
        let left_out = figures
            .iter()
            .map(|(applicant, _)| *applicant)
            .filter(|applicant| !admitted.contains(applicant) && !tied.contains(applicant))
            .collect();
        steps.push(TieStep { by, figures, admitted, left_out });
        (unresolved, unresolved_places) = (tied, left);
    }
    Tie { applicants, places, steps, unresolved, unresolved_places }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn official_figures_are_rounded_half_up_from_millionths() {
        let known = [
            (87.125, 8713),
            (87.124_999_6, 8713),
            (87.124_999_4, 8712),
            (0.1 + 0.2, 30),
            (1.005, 101),
            (-1.005, -100),
            (-1.006, -101),
            (0.0, 0),
        ];
        for (figure, expected) in known {
            assert_eq!(hundredths(figure), expected, "{figure}");
        }
    }

    #[test]
    fn places_go_down_the_figures_until_a_tie_crosses_the_last() {
        let figures = vec![(0, 5), (1, 9), (2, 5), (3, 7)];
        assert_eq!(split(figures.clone(), 2), (vec![1, 3], None));
        assert_eq!(split(figures.clone(), 3), (vec![1, 3], Some((vec![0, 2], 1))));
        assert_eq!(split(figures.clone(), 4), (vec![0, 1, 2, 3], None));
        assert_eq!(split(figures, 0), (vec![], None));
    }
}

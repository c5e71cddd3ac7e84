//! Properties of every round (section 10 of the specification), and the edges of what can be calibrated.

mod edges;

use pingxuan_fairness::calibrate::{
    Assessment, Calibration, Fit, Round, Scores, Simulation, Visit, calibrate, hundredths, least_squares,
};
use proptest::prelude::*;

/// A round from a seed: each applicant is seen by one to all reviewers, one of them by two at least.
pub fn round(applicants: usize, reviewers: usize, most: usize, seed: u64, lambda: Option<f64>) -> Round {
    let mut stream = pingxuan_fairness::random::SplitMix64::new(seed);
    let mut below = |limit: usize| (stream.uniform() * limit as f64) as usize;
    let mut visits = Vec::new();
    for applicant in 0..applicants {
        let least = if applicant == 0 { 2 } else { 1 };
        let mut left = (least + below(most)).min(reviewers);
        for reviewer in 0..reviewers {
            if below(reviewers - reviewer) < left {
                left -= 1;
                let figure = 70.0 + below(20) as f64 + 0.7 * reviewer as f64;
                let scores = vec![figure + 0.5 * below(12) as f64, figure + 0.5 * below(12) as f64];
                visits.push(Visit { applicant, reviewer, scores });
            }
        }
    }
    let simulation = Some(Simulation { seed, draws: 100, rank_draws: None });
    Round {
        applicants,
        reviewers,
        visits,
        weights: vec![0.6, 0.4],
        quota: 1 + applicants / 3,
        lambda,
        assessment: None,
        offsets: None,
        simulation,
    }
}

pub fn rounds() -> impl Strategy<Value = Round> {
    (2..14_usize, 2..8_usize, 1..5_usize, any::<u64>(), prop::option::of(0.01..20.0_f64)).prop_map(
        |(applicants, reviewers, most, seed, lambda)| round(applicants, reviewers, most, seed, lambda),
    )
}

fn with_scores(round: &Round, change: impl Fn(&Visit, f64) -> f64) -> Round {
    let mut changed = round.clone();
    for visit in &mut changed.visits {
        let before = visit.clone();
        for score in &mut visit.scores {
            *score = change(&before, *score);
        }
    }
    changed
}

fn close(left: &[f64], right: &[f64], tolerance: f64) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(x, y)| (x - y).abs() <= tolerance)
}

fn calibrated(round: &Round) -> Calibration {
    calibrate(round).unwrap()
}

proptest! {
    #[test]
    fn points_for_everybody_shift_every_figure(round in rounds(), points in -30.0..30.0_f64) {
        let (before, after) = (calibrated(&round), calibrated(&with_scores(&round, |_, score| score + points)));
        let shifted: Vec<f64> = before.calibrated.iter().map(|a| a + points).collect();
        prop_assert!(close(&shifted, &after.calibrated, 1e-7));
        prop_assert!(close(&before.leniency, &after.leniency, 1e-7));
    }

    #[test]
    fn another_unit_of_measure_scales_figures_and_errors_and_leaves_lambda(round in rounds(), scale in 0.1..8.0_f64) {
        let (before, after) = (calibrated(&round), calibrated(&with_scores(&round, |_, score| score * scale)));
        let times = |values: &[f64]| values.iter().map(|value| value * scale).collect::<Vec<f64>>();
        prop_assert_eq!(before.lambda.status, after.lambda.status);
        prop_assert!((before.lambda.value / after.lambda.value - 1.0).abs() < 1e-6);
        prop_assert!(close(&times(&before.calibrated), &after.calibrated, 1e-5));
        prop_assert!(close(&times(&before.leniency), &after.leniency, 1e-5));
        prop_assert!(close(&times(&before.calibrated_errors), &after.calibrated_errors, 1e-5));
    }

    #[test]
    fn with_lambda_large_the_calibrated_figure_is_the_raw_mean(mut round in rounds()) {
        round.lambda = Some(1e12);
        let found = calibrated(&round);
        prop_assert!(close(&found.calibrated, &found.raw_means, 1e-8));
    }

    #[test]
    fn where_everybody_sees_everything_the_calibrated_figure_is_the_raw_mean(seed: u64, n in 2..8_usize, m in 2..6_usize) {
        let round = round(n, m, 100, seed, Some(0.3));
        prop_assume!(round.visits.len() == n * m);
        let found = calibrated(&round);
        prop_assert!(close(&found.calibrated, &found.raw_means, 1e-9));
    }

    #[test]
    fn leniencies_sum_to_zero_in_each_part(round in rounds()) {
        let found = calibrated(&round);
        let mut sums = vec![0.0; found.design.components];
        for (component, b) in found.design.reviewer_component.iter().zip(&found.leniency) {
            match component {
                Some(component) => sums[*component] += b,
                None => prop_assert_eq!(*b, 0.0),
            }
        }
        prop_assert!(sums.iter().all(|sum| sum.abs() < 1e-7));
        let zeros = found.quality.eigenvalues.iter().filter(|value| **value == 0.0).count();
        prop_assert_eq!(zeros, found.design.components);
    }

    #[test]
    fn probabilities_sum_to_the_places(round in rounds()) {
        let found = calibrated(&round);
        let places = u32::try_from(round.quota.min(round.applicants)).unwrap();
        for certainty in found.certainty.iter().chain(&found.shrunk_certainty) {
            prop_assert_eq!(certainty.top_count.iter().sum::<u32>(), places * certainty.draws);
            prop_assert!(certainty.rank_interval.iter().all(|(first, last)| 1 <= *first && first <= last));
        }
        let sum: f64 = found.probabilities.iter().flatten().sum();
        prop_assert!((sum - f64::from(places)).abs() < 1e-9);
    }

    #[test]
    fn a_better_score_never_lowers_its_applicant(mut round in rounds(), at: prop::sample::Index, more in 0.1..20.0_f64) {
        round.lambda = round.lambda.or(Some(0.5));
        let visit = at.index(round.visits.len());
        let before = calibrated(&round);
        round.visits[visit].scores.iter_mut().for_each(|score| *score += more);
        let after = calibrated(&round);
        let applicant = round.visits[visit].applicant;
        prop_assert!(after.calibrated[applicant] > before.calibrated[applicant]);
    }

    #[test]
    fn the_order_of_visits_changes_not_a_bit(round in rounds(), order: u64) {
        let mut shuffled = round.clone();
        let mut stream = pingxuan_fairness::random::SplitMix64::new(order);
        shuffled.visits.sort_by_cached_key(|_| stream.next_u64());
        let (before, mut after) = (calibrated(&round), calibrated(&shuffled));
        for (left, right) in before.residuals.iter().zip(&mut after.residuals) {
            let visits = (&round.visits[left.visit.visit], &shuffled.visits[right.visit.visit]);
            prop_assert_eq!(visits.0, visits.1);
            right.visit.visit = left.visit.visit;
        }
        prop_assert_eq!(before, after);
    }

    #[test]
    fn other_numbers_for_applicants_and_reviewers_change_the_fit_by_rounding_alone(round in rounds()) {
        let mut turned = round.clone();
        for visit in &mut turned.visits {
            visit.applicant = round.applicants - 1 - visit.applicant;
            visit.reviewer = round.reviewers - 1 - visit.reviewer;
        }
        let (before, mut after) = (calibrated(&round), calibrated(&turned));
        after.calibrated.reverse();
        after.leniency.reverse();
        after.calibrated_errors.reverse();
        prop_assert!(close(&before.calibrated, &after.calibrated, 1e-5));
        prop_assert!(close(&before.leniency, &after.leniency, 1e-5));
        prop_assert!(close(&before.calibrated_errors, &after.calibrated_errors, 1e-5));
    }

    #[test]
    fn the_weighted_figures_of_the_criteria_are_the_figure_of_the_whole(round in rounds()) {
        let scores = Scores::of(&round).unwrap();
        let fit = Fit::given(&scores, round.lambda.unwrap_or(0.4)).unwrap();
        let parts: Vec<Vec<f64>> = (0..2).map(|criterion| fit.criterion(criterion).unwrap()).collect();
        let sums: Vec<f64> = parts[0].iter().zip(&parts[1]).map(|(x, y)| 0.6 * x + 0.4 * y).collect();
        prop_assert!(close(&sums, &fit.calibrated, 1e-8));
        prop_assert!(fit.criterion(2).is_none());
    }

    #[test]
    fn a_stricter_reviewer_moves_everybody_alike_without_a_ridge(round in rounds(), points in -9.0..9.0_f64) {
        let scores = Scores::of(&round).unwrap();
        prop_assume!(scores.design().components == 1);
        prop_assume!(scores.design().loads().iter().all(|load| *load > 0));
        let stricter = with_scores(&round, |visit, score| if visit.reviewer == 0 { score + points } else { score });
        let stricter = Scores::of(&stricter).unwrap();
        let moved = points / round.reviewers as f64;
        let expected: Vec<f64> = least_squares(&scores).unwrap().iter().map(|a| a + moved).collect();
        prop_assert!(close(&expected, &least_squares(&stricter).unwrap(), 1e-7));
    }

    #[test]
    fn an_explanation_can_be_added_up_by_hand(mut round in rounds(), share in 0.0..=1.0_f64) {
        let exact = |of: fn(f64) -> f64| (0..round.applicants).map(|at| of(at as f64)).collect::<Vec<f64>>();
        // Every third has no assessment, every fourth loses points.
        let shares = (0..round.applicants).map(|at| if at % 3 == 2 { 0.0 } else { share }).collect();
        let (points, offsets) = (exact(|at| 60.0 + at), exact(|at| if at % 4.0 == 3.0 { -1.5 } else { 0.25 }));
        round.assessment = Some(Assessment { shares, points });
        round.offsets = Some(offsets);
        let found = calibrated(&round);
        let scores = Scores::of(&round).unwrap();
        let fit = Fit::given(&scores, found.lambda.value).unwrap();
        for applicant in 0..round.applicants {
            let explanation = fit.explain(applicant).unwrap();
            let visits = explanation.visits.len() as f64;
            let mean = explanation.visits.iter().map(|visit| visit.raw - visit.leniency).sum::<f64>() / visits;
            prop_assert!((mean - explanation.calibrated).abs() < 1e-9);
            let (share, points) = explanation.assessment.unwrap_or_default();
            prop_assert_eq!(share > 0.0, points > 0.0);
            prop_assert!(applicant % 3 != 2 || share == 0.0);
            let figure = (1.0 - share) * mean + share * points + explanation.offset;
            prop_assert!((figure - found.finals[applicant]).abs() < 1e-9);
            prop_assert_eq!(explanation.figure, found.finals[applicant]);
            prop_assert!(explanation.visits.iter().all(|visit| round.visits[visit.visit].applicant == applicant));
        }
        prop_assert!(fit.explain(round.applicants).is_none());
    }

    #[test]
    fn errors_of_differences_are_those_of_the_full_least_squares(round in rounds()) {
        let scores = Scores::of(&round).unwrap();
        let fit = Fit::given(&scores, round.lambda.unwrap_or(0.7)).unwrap();
        let errors = fit.errors();
        let covariance = full_covariance(&round, fit.lambda.value);
        let alone = errors.calibrated();
        for one in 0..round.applicants {
            let variance = fit.noise_variance * covariance[one][one];
            prop_assert!((alone[one] - variance.sqrt()).abs() < 1e-7);
            for other in 0..round.applicants {
                let variance = fit.noise_variance
                    * (covariance[one][one] + covariance[other][other] - 2.0 * covariance[one][other]);
                prop_assert!((errors.difference(one, other).unwrap().powi(2) - variance).abs() < 1e-6 * (1.0 + variance));
            }
        }
    }

    #[test]
    fn what_is_exact_moves_finals_and_has_no_error(mut round in rounds(), share in 0.1..0.9_f64, whole: bool) {
        let plain = calibrated(&round);
        // The last applicant's figure is its assessment alone; all others have one of a share, or none.
        let last = round.applicants - 1;
        let mut shares = vec![if whole { share } else { 0.0 }; round.applicants];
        shares[last] = 1.0;
        round.assessment = Some(Assessment { shares, points: vec![70.0; round.applicants] });
        round.offsets = Some(vec![1_000.0; round.applicants]);
        let found = calibrated(&round);
        prop_assert_eq!(&found.calibrated, &plain.calibrated);
        prop_assert_eq!(&found.posterior, &plain.posterior);
        prop_assert_eq!(found.finals[last], 1_070.0);
        let weight = if whole { 1.0 - share } else { 1.0 };
        let scores = Scores::of(&round).unwrap();
        let fit = Fit::given(&scores, found.lambda.value).unwrap();
        let errors = fit.errors();
        for applicant in 0..last {
            let alone = weight * errors.calibrated()[applicant];
            prop_assert!((errors.final_difference(applicant, last).unwrap() - alone).abs() < 1e-9 * (1.0 + alone));
            let both = weight * errors.difference(applicant, 0).unwrap();
            prop_assert!((errors.final_difference(applicant, 0).unwrap() - both).abs() < 1e-9 * (1.0 + both));
        }
        prop_assert!(found.extra_visits.iter().all(|extra| extra.gain >= 0.0 && (extra.applicant != last || extra.gain == 0.0)));
        // The same points for everybody change no draw.
        round.offsets = None;
        let without = calibrated(&round);
        prop_assert_eq!(without.probabilities, found.probabilities);
        prop_assert_eq!(without.ranking.selected, found.ranking.selected);
    }

    #[test]
    fn rankings_fill_the_places_or_name_the_tie(mut round in rounds(), step in 1..4_u32) {
        // Coarse scores make ties.
        round = with_scores(&round, |_, score| (score / f64::from(step * 10)).round() * f64::from(step * 10));
        let found = calibrated(&round);
        let ranking = &found.ranking;
        let places = round.quota.min(round.applicants);
        let left = ranking.tie.as_ref().map_or(0, |tie| tie.unresolved_places);
        prop_assert_eq!(ranking.selected.len() + left, places);
        if let Some(tie) = &ranking.tie {
            prop_assert!(tie.unresolved.is_empty() || tie.unresolved.len() > tie.unresolved_places);
            let placed: usize = tie.steps.iter().map(|step| step.admitted.len() + step.left_out.len()).sum();
            prop_assert_eq!(placed + tie.unresolved.len(), tie.applicants.len());
        }
        let worst = ranking.selected.iter().map(|at| ranking.figures[*at]).min();
        for applicant in (0..round.applicants).filter(|at| !ranking.selected.contains(at)) {
            prop_assert!(worst.is_none_or(|worst| ranking.figures[applicant] <= worst));
        }
    }

    #[test]
    fn hundredths_are_within_half_of_a_hundredth(figure in -1e6..1e6_f64) {
        let off = hundredths(figure) as f64 / 100.0 - figure;
        prop_assert!((-0.005_000_6..=0.005_000_6).contains(&off));
    }
}

/// The covariance of all figures over the noise variance, by inverting the normal equations of applicants and reviewers.
fn full_covariance(round: &Round, lambda: f64) -> Vec<Vec<f64>> {
    let size = round.applicants + round.reviewers;
    let mut matrix = vec![vec![0.0; 2 * size]; size];
    for visit in &round.visits {
        let (i, j) = (visit.applicant, round.applicants + visit.reviewer);
        for (row, column) in [(i, i), (i, j), (j, i), (j, j)] {
            matrix[row][column] += 1.0;
        }
    }
    for row in 0..size {
        matrix[row][row] += if row < round.applicants { 0.0 } else { lambda };
        matrix[row][size + row] = 1.0;
    }
    for pivot in 0..size {
        let scale = matrix[pivot][pivot];
        matrix[pivot].iter_mut().for_each(|cell| *cell /= scale);
        let pivot_row = matrix[pivot].clone();
        for (row, cells) in matrix.iter_mut().enumerate() {
            let factor = if row == pivot { 0.0 } else { cells[pivot] };
            cells.iter_mut().zip(&pivot_row).for_each(|(cell, value)| *cell -= factor * value);
        }
    }
    matrix.into_iter().map(|row| row[size..].to_vec()).collect()
}

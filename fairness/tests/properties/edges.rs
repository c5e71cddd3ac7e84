//! The edges of what can be calibrated: refusals, parts, ends of the search, no noise, no spread.

use pingxuan_fairness::agree::{Circumstances, Finding, agreement, screens};
use pingxuan_fairness::calibrate::{
    Assessment, Basis, CalibrationError, Comparability, Fit, LambdaStatus, Obstacle, Round, Scores,
    Simulation, TieFigure, Visit, Zone, calibrate,
};

/// One criterion; each row is an applicant, `None` where a reviewer has not been.
fn table(rows: &[&[Option<f64>]], quota: usize, lambda: Option<f64>) -> Round {
    let mut visits = Vec::new();
    for (applicant, row) in rows.iter().enumerate() {
        for (reviewer, score) in row.iter().enumerate() {
            visits.extend(score.map(|score| Visit { applicant, reviewer, scores: vec![score] }));
        }
    }
    let simulation = Some(Simulation { seed: 1, draws: 50, rank_draws: None });
    let reviewers = rows[0].len();
    Round {
        applicants: rows.len(),
        reviewers,
        visits,
        weights: vec![1.0],
        quota,
        lambda,
        assessment: None,
        offsets: None,
        simulation,
    }
}

fn full(rows: &[&[f64]], quota: usize, lambda: Option<f64>) -> Round {
    let rows: Vec<Vec<Option<f64>>> =
        rows.iter().map(|row| row.iter().copied().map(Some).collect()).collect();
    table(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>(), quota, lambda)
}

#[test]
fn faults_are_told_with_their_indices() {
    let good = full(&[&[80.0, 82.0], &[70.0, 75.0]], 1, None);
    let fault = |change: &dyn Fn(&mut Round)| {
        let mut round = good.clone();
        change(&mut round);
        calibrate(&round).unwrap_err()
    };
    use CalibrationError as E;
    assert_eq!(fault(&|r| r.applicants = 0), E::Number { what: "applicants", given: 0, most: 65_535 });
    assert_eq!(fault(&|r| r.reviewers = 3_000), E::Number { what: "reviewers", given: 3_000, most: 2_000 });
    assert_eq!(fault(&|r| r.weights.clear()), E::Number { what: "criteria", given: 0, most: 1_000 });
    assert_eq!(fault(&|r| r.weights[0] = -0.5), E::Weight { criterion: 0, weight: -0.5 });
    assert_eq!(fault(&|r| r.weights[0] = 0.5), E::WeightSum { sum: 0.5 });
    assert_eq!(fault(&|r| r.lambda = Some(0.0)), E::Lambda { lambda: 0.0 });
    assert!(matches!(fault(&|r| r.lambda = Some(f64::NAN)), E::Lambda { .. }));
    assert_eq!(fault(&|r| r.visits[3].applicant = 2), E::NoSuchApplicant { visit: 3, applicant: 2 });
    assert_eq!(fault(&|r| r.visits[3].reviewer = 2), E::NoSuchReviewer { visit: 3, reviewer: 2 });
    assert_eq!(fault(&|r| r.visits[1].scores.push(1.0)), E::ScoreCount { visit: 1, given: 2, wanted: 1 });
    assert_eq!(fault(&|r| r.visits[1].scores[0] = 1e10), E::Score { visit: 1, criterion: 0, score: 1e10 });
    assert!(matches!(fault(&|r| r.visits[2].scores[0] = f64::NAN), E::Score { visit: 2, criterion: 0, .. }));
    assert_eq!(
        fault(&|r| r.visits[3].reviewer = 0),
        E::VisitTwice { applicant: 1, reviewer: 0, visits: [2, 3] }
    );
    assert_eq!(fault(&|r| r.applicants = 3), E::Unvisited { applicant: 2 });
    let assessed = |share, points| Some(Assessment { shares: vec![share; 2], points });
    assert_eq!(
        fault(&|r| r.assessment = assessed(1.5, vec![])),
        E::Exact { what: "shares", applicant: 0, figure: 1.5 }
    );
    assert_eq!(
        fault(&|r| r.assessment = assessed(0.5, vec![1.0])),
        E::ExactCount { what: "points", given: 1, wanted: 2 }
    );
    let endless = vec![1.0, f64::INFINITY];
    assert_eq!(
        fault(&|r| r.assessment = assessed(0.5, endless.clone())),
        E::Exact { what: "points", applicant: 1, figure: f64::INFINITY }
    );
    assert_eq!(fault(&|r| r.offsets = Some(vec![])), E::ExactCount { what: "offsets", given: 0, wanted: 2 });
    assert_eq!(
        fault(&|r| r.offsets = Some(vec![0.0, -2e9])),
        E::Exact { what: "offsets", applicant: 1, figure: -2e9 }
    );
    let drawn = |draws, rank_draws| Some(Simulation { seed: 0, draws, rank_draws });
    assert_eq!(fault(&|r| r.simulation = drawn(0, None)), E::Draws { given: 0, most: 1_000_000 });
    assert_eq!(fault(&|r| r.simulation = drawn(10, Some(11))), E::Draws { given: 11, most: 10 });
    assert_eq!(fault(&|r| r.visits.truncate(0)), E::Unvisited { applicant: 0 });
}

#[test]
fn single_visits_are_refused_and_their_means_still_told() {
    let round = table(&[&[Some(80.0), None], &[None, Some(70.0)]], 1, None);
    assert_eq!(calibrate(&round), Err(CalibrationError::SingleVisits { visits: 2, applicants: 2 }));
    assert_eq!(Scores::of(&round).unwrap().raw_means(), [80.0, 70.0]);
    let one_reviewer = full(&[&[80.0], &[70.0]], 1, Some(1.0));
    assert_eq!(calibrate(&one_reviewer), Err(CalibrationError::SingleVisits { visits: 2, applicants: 2 }));
}

#[test]
fn one_applicant_is_in_for_certain() {
    let found = calibrate(&full(&[&[80.0, 84.0, 88.0]], 1, None)).unwrap();
    assert!((found.calibrated[0] - 84.0).abs() < 1e-9);
    assert_eq!((found.spread, found.boundary), (0.0, None));
    assert_eq!(found.probabilities, Some(vec![1.0]));
    assert_eq!(found.ranking.selected, [0]);
}

#[test]
fn more_places_than_applicants_take_everybody_and_none_takes_nobody() {
    let rows: &[&[f64]] = &[&[80.0, 84.0], &[70.0, 76.0]];
    let all = calibrate(&full(rows, 5, Some(1.0))).unwrap();
    assert_eq!((all.ranking.selected.clone(), all.boundary), (vec![0, 1], None));
    assert_eq!(all.certainty.unwrap().top_count, [50, 50]);
    let none = calibrate(&full(rows, 0, Some(1.0))).unwrap();
    assert!(none.ranking.selected.is_empty() && none.extra_visits.is_empty());
    assert_eq!(none.probabilities, Some(vec![0.0, 0.0]));
}

#[test]
fn perfect_agreement_has_no_leniency_and_no_error() {
    // 70.1 three times over is not 3 x 70.1 in binary: rounding is not disagreement.
    let found =
        calibrate(&full(&[&[70.1, 70.1, 70.1], &[80.3, 80.3, 80.3], &[70.1, 70.1, 70.1]], 2, None)).unwrap();
    assert_eq!(found.lambda.status, LambdaStatus::PerfectAgreement);
    assert_eq!((found.lambda.value, found.within_squares, found.noise_variance), (1.0, 0.0, 0.0));
    assert_eq!(found.leniency, [0.0; 3]);
    assert_eq!(found.calibrated_errors, [0.0; 3]);
    assert_eq!(found.probabilities, Some(vec![1.0, 1.0, 0.0]));
    assert!(found.residuals.iter().all(|residual| residual.t.is_none() && residual.flag.is_none()));
    // Which of two equal figures takes the last place is nobody's to draw.
    assert_eq!(found.ranking.selected, [1]);
    assert_eq!(found.ranking.tie.unwrap().unresolved, [0, 2]);
}

#[test]
fn without_spread_everybody_has_the_same_prospect() {
    let found = calibrate(&full(&[&[80.0, 70.0], &[70.0, 80.0], &[74.0, 76.0]], 2, Some(1.0))).unwrap();
    assert_eq!(found.spread, 0.0);
    assert!(found.posterior.is_none() && found.shrunk_certainty.is_none() && found.certainty.is_some());
    assert_eq!(found.probabilities, Some(vec![2.0 / 3.0; 3]));
    assert_eq!(found.zones, Some(vec![Zone::Borderline; 3]));
}

#[test]
fn the_search_for_lambda_says_when_it_ends_at_an_end() {
    // Figures that are exactly an applicant and a reviewer: no noise at all.
    let additive: Vec<Vec<f64>> =
        (0..8).map(|i| (0..4).map(|j| 70.0 + f64::from(i) + 3.0 * f64::from(j)).collect()).collect();
    let found = calibrate(&full(&additive.iter().map(Vec::as_slice).collect::<Vec<_>>(), 2, None)).unwrap();
    assert_eq!((found.lambda.status, found.lambda.value), (LambdaStatus::Lower, 1e-4));
    // Each reviewer is as often above as below: no leniency at all.
    let balanced: Vec<Vec<f64>> =
        (0..8).map(|i| (0..4).map(|j| 70.0 + f64::from(i) + f64::from((i + j) % 4)).collect()).collect();
    let found = calibrate(&full(&balanced.iter().map(Vec::as_slice).collect::<Vec<_>>(), 2, None)).unwrap();
    assert_eq!((found.lambda.status, found.lambda.value), (LambdaStatus::Upper, 1e6));
}

#[test]
fn reviewers_without_visits_take_no_part() {
    let with = table(&[&[Some(80.0), None, Some(84.0)], &[Some(71.0), None, Some(76.0)]], 1, None);
    let without = full(&[&[80.0, 84.0], &[71.0, 76.0]], 1, None);
    let (with, without) = (calibrate(&with).unwrap(), calibrate(&without).unwrap());
    assert_eq!(with.calibrated, without.calibrated);
    assert_eq!(with.quality, without.quality);
    assert_eq!((with.leniency[1], with.design.reviewer_component[1]), (0.0, None));
    assert!((with.leniency_errors[1] - with.leniency_variance.sqrt()).abs() < 1e-12);
    assert!(
        !with.obstacles.iter().any(|obstacle| matches!(obstacle, Obstacle::FewVisits { reviewer: 1, .. }))
    );
}

#[test]
fn the_gate_names_every_reason_and_the_raw_mean_is_official_then() {
    let teams = [[Some(80.0), Some(84.0), None, None], [None, None, Some(71.0), Some(76.0)]];
    let rows: Vec<&[Option<f64>]> = teams.iter().map(|row| &row[..]).collect();
    let found = calibrate(&table(&rows, 1, Some(1.0))).unwrap();
    let few = |reviewer| Obstacle::FewVisits { reviewer, given: 1, least: 3 };
    let expected = [
        Obstacle::Disconnected { components: 2 },
        Obstacle::FewDegreesOfFreedom { given: 2, least: 10 },
        few(0),
        few(1),
        few(2),
        few(3),
        Obstacle::PoorDesign { share: 0.0, least: 0.5 },
    ];
    assert_eq!(found.obstacles, expected);
    assert_eq!(found.comparability, Comparability::NotComparableAcrossTeams);
    assert_eq!((found.ranking.basis, found.ranking.figures.clone()), (Basis::RawMean, vec![8200, 7350]));
}

/// Everybody sees everything: two criteria, two applicants with one figure, told apart by the heavier criterion.
#[test]
fn a_tie_is_broken_by_the_heavier_criterion_first() {
    let sheets = [[90.0, 70.0], [70.0, 100.0], [60.0, 60.0]];
    let mut visits = Vec::new();
    for (applicant, sheet) in sheets.iter().enumerate() {
        for reviewer in 0..6 {
            let off = if (applicant + reviewer) % 2 == 0 { 0.5 } else { -0.5 };
            visits.push(Visit { applicant, reviewer, scores: vec![sheet[0] + off, sheet[1] + off] });
        }
    }
    let weights = vec![0.6, 0.4];
    let mut round = Round {
        applicants: 3,
        reviewers: 6,
        visits,
        weights,
        quota: 1,
        lambda: Some(1.0),
        assessment: None,
        offsets: None,
        simulation: None,
    };
    let ranking = calibrate(&round).unwrap().ranking;
    assert_eq!((ranking.basis, ranking.figures.clone()), (Basis::Calibrated, vec![8200, 8200, 6000]));
    assert_eq!(ranking.ranks, [1, 1, 3]);
    let tie = ranking.tie.unwrap();
    assert_eq!((tie.applicants, tie.places), (vec![0, 1], 1));
    assert_eq!(tie.steps[0].by, TieFigure::Criterion(0));
    assert_eq!(tie.steps[0].figures, [(0, 9000), (1, 7000)]);
    assert_eq!((tie.steps[0].admitted.clone(), tie.steps[0].left_out.clone()), (vec![0], vec![1]));
    assert_eq!((ranking.selected, tie.unresolved), (vec![0], vec![]));
    // With the same sheets twice the assessment decides.
    for visit in round.visits.iter_mut().filter(|visit| visit.applicant == 1) {
        let off = if (visit.applicant + visit.reviewer) % 2 == 0 { 0.5 } else { -0.5 };
        visit.scores = vec![90.0 + off, 70.0 + off];
    }
    let assessed =
        |share| Some(Assessment { shares: vec![1e-9, share, 1e-9], points: vec![80.0, 81.0, 99.0] });
    // But not where one of them has none.
    round.assessment = assessed(0.0);
    assert_eq!(calibrate(&round).unwrap().ranking.tie.unwrap().unresolved, [0, 1]);
    round.assessment = assessed(1e-9);
    let ranking = calibrate(&round).unwrap().ranking;
    let steps: Vec<TieFigure> = ranking.tie.unwrap().steps.iter().map(|step| step.by).collect();
    assert_eq!(steps, [TieFigure::Criterion(0), TieFigure::Criterion(1), TieFigure::Assessment]);
    assert_eq!(ranking.selected, [1]);
}

#[test]
fn the_last_draws_are_the_same_however_many_there_are() {
    let rows: Vec<Vec<f64>> =
        (0..6).map(|i| (0..4).map(|j| 70.0 + f64::from((i * 7 + j * 5) % 11)).collect()).collect();
    let mut round = full(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>(), 2, Some(1.0));
    let mut counts = |draws| {
        round.simulation = Some(Simulation { seed: 5, draws, rank_draws: Some(1) });
        calibrate(&round).unwrap().certainty.unwrap().top_count
    };
    // One more draw adds exactly the places, wherever it stands in its block.
    for draws in 6..18 {
        let (fewer, more) = (counts(draws), counts(draws + 1));
        let added: Vec<u32> = more.iter().zip(&fewer).map(|(more, fewer)| more - fewer).collect();
        assert!(added.iter().all(|added| *added <= 1) && added.iter().sum::<u32>() == 2, "{draws}");
    }
}

/// A round of ten applicants and five reviewers, additive but for a little noise, with one thing wrong at a time.
fn round_with(change: impl Fn(usize, usize, f64) -> f64) -> Round {
    let rows: Vec<Vec<f64>> = (0..10_usize)
        .map(|i| {
            (0..5_usize)
                .map(|j| {
                    let noise = [0.3, -0.2, 0.1, -0.4, 0.2, -0.1, 0.25][(i * 5 + j * 3) % 7];
                    change(i, j, 70.0 + 2.0 * i as f64 + j as f64 + noise)
                })
                .collect()
        })
        .collect();
    full(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>(), 3, Some(0.5))
}

fn found_in(round: &Round, known: &Circumstances) -> Vec<Finding> {
    let scores = Scores::of(round).unwrap();
    let fit = Fit::given(&scores, 0.5).unwrap();
    screens(&fit, &calibrate(round).unwrap().residuals, known)
}

#[test]
fn screens_list_what_stands_out_and_nothing_else() {
    assert_eq!(found_in(&round_with(|_, _, score| score), &Circumstances::default()), []);
    let outlying = found_in(
        &round_with(|i, j, score| if (i, j) == (4, 2) { score + 9.0 } else { score }),
        &Circumstances::default(),
    );
    assert!(matches!(outlying.as_slice(), [Finding::OutlyingVisit(one)]
        if (one.visit.applicant, one.visit.reviewer) == (4, 2) && one.t.unwrap() > 3.0));
    let flat =
        found_in(&round_with(|_, j, score| if j == 1 { 80.0 } else { score }), &Circumstances::default());
    assert!(
        flat.iter()
            .any(|one| matches!(one, Finding::Scale { reviewer: 1, visits: 10, slope } if *slope == 0.0))
    );
    assert!(flat.iter().any(|one| matches!(one, Finding::IdenticalScores { reviewer: 1, visits, scores }
        if visits.len() == 10 && scores == &[80.0])));
}

#[test]
fn favours_are_tested_together_and_reciprocity_needs_both_ways() {
    let units = Circumstances {
        reviewer_units: vec![Some(0), Some(1), None, None, None],
        applicant_units: (0..10).map(|applicant| Some(applicant % 5)).collect(),
        ..Circumstances::default()
    };
    let there =
        found_in(&round_with(|i, j, score| if j == 0 && i % 5 == 1 { score + 4.0 } else { score }), &units);
    let one_sided: Vec<&Finding> =
        there.iter().filter(|one| matches!(one, Finding::OneSided { .. })).collect();
    assert!(
        matches!(one_sided.first(), Some(Finding::OneSided { reviewer: 0, unit: 1, visits, mean_residual, adjusted_p, .. })
        if visits.len() == 2 && *mean_residual > 1.0 && *adjusted_p < 0.05)
    );
    assert!(!there.iter().any(|one| matches!(one, Finding::Reciprocal { .. })));
    let both = |i: usize, j: usize| (j == 0 && i == 1) || (j == 1 && i == 5);
    let back = found_in(&round_with(|i, j, score| if both(i, j) { score + 6.0 } else { score }), &units);
    let pairs: Vec<&Finding> = back.iter().filter(|one| matches!(one, Finding::Reciprocal { .. })).collect();
    assert!(matches!(pairs.as_slice(), [Finding::Reciprocal { there, back }]
        if (there.visit.applicant, back.visit.applicant) == (1, 5)));
}

#[test]
fn visits_close_in_time_or_without_proof_are_listed() {
    let mut known =
        Circumstances { minutes: vec![None; 50], proofs: vec![Some(true); 50], ..Circumstances::default() };
    // Visit 0 and 5 are reviewer 0's first two; visit 1 is another reviewer's.
    (known.minutes[0], known.minutes[5], known.minutes[10]) = (Some(100.0), Some(91.0), Some(110.0));
    known.minutes[1] = Some(100.0);
    known.proofs[7] = Some(false);
    let found = found_in(&round_with(|_, _, score| score), &known);
    assert_eq!(
        found,
        [Finding::CloseInTime { reviewer: 0, visits: [5, 0], minutes: 9.0 }, Finding::NoProof { visit: 7 }]
    );
}

#[test]
fn agreement_rises_where_only_strictness_differs() {
    let round = round_with(|_, j, score| score + 6.0 * j as f64);
    let scores = Scores::of(&round).unwrap();
    let found = agreement(&Fit::given(&scores, 0.1).unwrap());
    assert!(found.alpha.unwrap() < 0.6 && found.alpha_after_leniency.unwrap() > 0.99);
    let intraclass = found.intraclass.unwrap();
    assert!((intraclass.visits - 5.0).abs() < 1e-12 && intraclass.single < intraclass.mean);
}

//! Tests of calibrated rankings: a known round to the last figure, the gate, and what changes nothing (D-607, D-609, D-610).

mod properties;

use rust_decimal::Decimal;

use super::*;
use crate::campaign::definition::Blend;
use crate::review::calibration::{LambdaStatus, ObstacleKind, SheetFlag, Zone};
use crate::review::measure::Measure;

/// Any two of seven nominees have one supervisor in common, each supervisor has three of them: a balanced design.
const PLANE: [[u128; 3]; 7] = [[0, 1, 3], [1, 2, 4], [2, 3, 5], [3, 4, 6], [4, 5, 0], [5, 6, 1], [6, 0, 2]];

fn few(seed: u64) -> Simulation {
    Simulation { seed, draws: 400 }
}

fn drawn(category: &Category, inputs: &[RankingInput], simulation: Simulation) -> Ranking {
    super::super::rank(category, inputs, &[], simulation)
}

fn measure(text: &str) -> Measure {
    text.parse().unwrap()
}

/// Townships by calibration alone: five criteria of 20 each, nothing blended in.
fn townships(quota: u32) -> Category {
    let mut category = category("demonstration_township");
    category.scoring_policy.value = ScoringPolicy::Calibrated;
    category.blend.value = Blend { verified: 100, assessment: 0 };
    category.quota.value = quota;
    category.surplus_percent.value = None;
    category
}

/// One sheet of a supervisor with points in halves.
fn by(supervisor: u128, nominee: u128, halves: &[u16]) -> SheetInput {
    SheetInput {
        assignment_id: id(10_000 + 100 * nominee + supervisor),
        supervisor_id: id(2000 + supervisor),
        judgements: (1..)
            .zip(halves)
            .map(|(number, halves)| (number, Judgement::Points(Points::from_halves(*halves).unwrap())))
            .collect(),
    }
}

/// Nominees from 1 with the supervisors of each, and the points in halves of each pair.
fn visited(design: &[Vec<u128>], halves: impl Fn(usize, u128) -> [u16; 5]) -> Vec<RankingInput> {
    let input = |(at, supervisors): (usize, &Vec<u128>)| {
        let number = at as u128 + 1;
        let sheets = supervisors.iter().map(|of| by(*of, number, &halves(at, *of))).collect();
        nominee(number, Assessment::NotAssessed, sheets)
    };
    design.iter().enumerate().map(input).collect()
}

fn plane() -> Vec<Vec<u128>> {
    PLANE.iter().map(|supervisors| supervisors.to_vec()).collect()
}

/// Noise of 0 to 4 points that is the same every time.
fn noise(at: usize, of: u128) -> u16 {
    ((at as u128 * 31 + of * 17 + at as u128 * of * 7) % 9) as u16
}

fn codes(ranking: &Ranking) -> Vec<String> {
    let calibration = ranking.calibration.as_ref().unwrap();
    calibration.obstacles.iter().map(|obstacle| obstacle.kind.to_string()).collect()
}

/// The reference round P2 of `fairness`: 25 townships, 12 supervisors, three sheets each, an assessment of 20 %.
fn reference() -> (Category, Vec<RankingInput>, serde_json::Value) {
    let text = include_str!("../../../../../fairness/tests/vectors/calibration.json");
    let vectors: serde_json::Value = serde_json::from_str(text).unwrap();
    let vector = &vectors["vectors"][1];
    let mut category = townships(5);
    category.criteria.truncate(4);
    for (criterion, weight) in category.criteria.iter_mut().zip([35, 25, 20, 20]) {
        criterion.weight.value = weight;
    }
    category.blend.value = Blend { verified: 80, assessment: 20 };
    let halves = |points: &serde_json::Value| (points.as_f64().unwrap() * 2.0) as u16;
    let mut inputs: Vec<RankingInput> = vector["assessment"]
        .as_array()
        .unwrap()
        .iter()
        .zip(0..)
        .map(|(points, number)| {
            let assessment = (points.as_f64().unwrap() * 100.0).round() as i64;
            nominee(number, Assessment::Score(figure(assessment)), vec![])
        })
        .collect();
    for visit in vector["visits"].as_array().unwrap() {
        let [at, of] = [0, 1].map(|member| visit[member].as_u64().unwrap());
        let scores: Vec<u16> = visit[2].as_array().unwrap().iter().map(halves).collect();
        inputs[at as usize].sheets.push(by(u128::from(of), u128::from(at), &scores));
    }
    (category, inputs, vector["expected"].clone())
}

#[test]
fn d_607_a_calibrated_ranking_is_the_reference_to_the_last_figure() {
    let (category, inputs, expected) = reference();
    let ranking = drawn(&category, &inputs, Simulation::seeded(42));
    let calibration = ranking.calibration.as_ref().unwrap();
    assert!(calibration.official && calibration.obstacles.is_empty());
    let fit = calibration.fit.as_ref().unwrap();
    let design = calibration.design.unwrap();
    assert_eq!((design.components, design.grade.to_string().as_str()), (1, "good"));
    let near = |found: Measure, expected: &serde_json::Value| {
        let millionths = expected.as_f64().unwrap() * 1e6;
        assert!((found.millionths() as f64 - millionths).abs() <= 1.0, "{found} {expected}");
    };
    near(design.efficiency, &expected["efficiency"]);
    near(design.efficiency_bound, &expected["efficiency_bound"]);
    near(fit.lambda, &expected["lambda_"]);
    assert_eq!(fit.lambda_status, LambdaStatus::Interior);
    let root = |name: &str| json!(expected[name].as_f64().unwrap().sqrt());
    near(fit.sigma_e, &root("sigma_e2"));
    near(fit.sigma_b, &root("sigma_b2"));
    near(fit.sigma_theta, &root("sigma_theta2_moment"));
    near(fit.agreement.icc_single.unwrap(), &expected["icc1"]);
    near(fit.agreement.icc_mean.unwrap(), &expected["icc_k"]);
    near(fit.agreement.alpha.unwrap(), &expected["krippendorff_interval_raw"]);
    near(fit.agreement.alpha_after_leniency.unwrap(), &expected["krippendorff_interval_after_leniency"]);
    let boundary = fit.boundary.unwrap();
    assert_eq!((boundary.last_in, boundary.first_out, boundary.distinguishable), (id(8), id(7), false));
    near(boundary.gap, &expected["boundary"]["gap"]);
    near(boundary.standard_error, &expected["boundary"]["se_of_gap"]);
    near(boundary.z.unwrap(), &expected["boundary"]["z"]);
    for (at, scale) in fit.supervisors.iter().enumerate() {
        assert_eq!(scale.supervisor_id, id(2000 + at as u128));
        near(scale.leniency, &expected["leniency"][at]);
        near(scale.standard_error, &expected["leniency_se"][at]);
    }
    let gains: Vec<_> = fit.extra_visits.iter().map(|visit| visit.gain).collect();
    assert!(gains.len() == 7 && gains.is_sorted_by(|one, next| one >= next), "{gains:?}");

    let drawn = &expected["shrunk_simulation"];
    for entry in &ranking.entries {
        let at = entry.application_id.as_u128() as usize;
        let calibrated = entry.calibrated.unwrap();
        near(calibrated.figure, &expected["calibrated"][at]);
        near(calibrated.standard_error, &expected["calibrated_se"][at]);
        let count = calibrated.probability.unwrap().millionths() / 100;
        assert!((count - drawn["top_q_count"][at].as_i64().unwrap()).abs() <= 2);
        assert_eq!(json!(calibrated.rank_interval), json!([drawn["rank_lo"][at], drawn["rank_hi"][at]]));
        let zone = if count >= 9000 { Zone::Secure } else { Zone::Borderline };
        assert_eq!(calibrated.zone, Some(if count < 1000 { Zone::Outside } else { zone }));
        let official = expected["final"][at].as_f64().unwrap();
        assert_eq!(entry.score, Some(figure(pingxuan_fairness::calibrate::hundredths(official))));
        assert_eq!(entry.score, calibrated.score);
        assert_eq!(entry.verified, Some(calibrated.figure.figure()));
        let raw = expected["raw_mean"][at].as_f64().unwrap();
        assert_eq!(entry.raw_mean, Some(figure(pingxuan_fairness::calibrate::hundredths(raw))));
        assert_eq!(entry.explanation.applied, ScoringPolicy::Calibrated);
    }
    let first: Vec<u128> =
        ranking.entries.iter().map(|entry| entry.application_id.as_u128()).take(5).collect();
    assert_eq!(first, [6, 17, 21, 3, 8]);
}

#[test]
fn d_610_a_calibrated_ranking_is_json_without_floats_and_opens_down_to_the_sheets() {
    let (category, inputs, _) = reference();
    let ranking = drawn(&category, &inputs, Simulation { seed: u64::MAX, draws: 100 });
    let text = serde_json::to_string(&ranking).unwrap();
    assert_eq!(serde_json::from_str::<Ranking>(&text).unwrap(), ranking);
    let frozen: serde_json::Value = serde_json::from_str(&text).unwrap();
    fn floats(value: &serde_json::Value) -> usize {
        match value {
            serde_json::Value::Number(number) => usize::from(number.is_f64()),
            serde_json::Value::Array(items) => items.iter().map(floats).sum(),
            serde_json::Value::Object(members) => members.values().map(floats).sum(),
            serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::String(_) => 0,
        }
    }
    assert_eq!(floats(&frozen), 0);
    assert_eq!(frozen["calibration"]["simulation"], json!({"seed": "18446744073709551615", "draws": 100}));
    assert_eq!(frozen["calibration"]["fit"]["lambda"], json!("0.224528"));
    for entry in &ranking.entries {
        let sheets: Vec<_> = entry.sheets.iter().map(|sheet| sheet.calibrated.unwrap()).collect();
        let sum: i64 = sheets.iter().map(|sheet| sheet.adjusted.millionths()).sum();
        let mean = sum as f64 / sheets.len() as f64;
        assert!((mean - entry.calibrated.unwrap().figure.millionths() as f64).abs() <= 1.0);
        // The criteria by their weights are the figure again, as every sheet judges all of them.
        let weights = [35, 25, 20, 20];
        let whole: i64 =
            entry.criteria.iter().zip(weights).map(|((_, of), weight)| of.hundredths() * weight).sum();
        assert!((whole as f64 / 100.0 - entry.verified.unwrap().hundredths() as f64).abs() <= 1.0);
    }
}

#[test]
fn d_607_without_a_second_sheet_and_without_any_it_is_told_and_the_mean_is_official() {
    let category = townships(2);
    let design: Vec<Vec<u128>> = vec![vec![1], vec![1], vec![2]];
    let inputs = visited(&design, |at, _| [100 + 2 * at as u16; 5]);
    let ranking = rank(&category, &inputs, &[]);
    assert_eq!(
        codes(&ranking),
        [
            "disconnected",
            "few_degrees_of_freedom",
            "few_visits",
            "few_visits",
            "poor_design",
            "single_visits"
        ]
    );
    let calibration = ranking.calibration.as_ref().unwrap();
    assert!(!calibration.official && calibration.fit.is_none());
    assert_eq!(calibration.design.unwrap().components, 2);
    let entry = &ranking.entries[0];
    assert_eq!(
        (entry.score, entry.raw_mean, entry.calibrated),
        (Some(figure(5200)), Some(figure(5200)), None)
    );
    assert_eq!(
        (entry.explanation.policy, entry.explanation.applied),
        (ScoringPolicy::Calibrated, ScoringPolicy::Mean)
    );

    let none = rank(&category, &[nominee(1, Assessment::NotAssessed, vec![])], &[]);
    assert_eq!(codes(&none), ["no_sheet_counts"]);
    assert_eq!((none.entries[0].score, none.calibration.unwrap().design), (None, None));

    let twice = visited(&[vec![1, 1], vec![1, 2]], |_, _| [100; 5]);
    assert_eq!(codes(&rank(&category, &twice, &[])), ["visited_twice"]);
    assert_eq!(codes(&rank(&category, &[], &[])), ["no_sheet_counts"]);
}

#[test]
fn d_607_each_reason_of_the_gate_keeps_the_mean_official_and_the_calibrated_figure_beside_it() {
    let category = townships(3);
    let halves = |at: usize, of: u128| [100 + 3 * at as u16 + 2 * of as u16 + noise(at, of); 5];
    let of = |design: &[Vec<u128>]| drawn(&category, &visited(design, halves), few(7));
    assert_eq!(codes(&of(&plane())), [""; 0]);

    let apart = |by: u128| plane().into_iter().map(move |of| of.iter().map(|of| of + by).collect());
    let teams: Vec<Vec<u128>> = apart(0).chain(apart(7)).collect();
    let disconnected = of(&teams);
    assert_eq!(codes(&disconnected), ["disconnected", "poor_design"]);
    for entry in &disconnected.entries {
        let calibrated = entry.calibrated.unwrap();
        assert_eq!((calibrated.probability, calibrated.rank_interval, calibrated.zone), (None, None, None));
    }

    let few = of(&vec![vec![0, 1, 2]; 4]);
    assert_eq!(codes(&few), ["few_degrees_of_freedom"]);
    let obstacle = few.calibration.unwrap().obstacles[0];
    assert_eq!((obstacle.given, obstacle.limit), (Some(measure("8")), Some(measure("10"))));

    let mut once = plane();
    once[0].push(9);
    let once = of(&once);
    assert_eq!(codes(&once), ["few_visits"]);
    let obstacle = once.calibration.as_ref().unwrap().obstacles[0];
    assert_eq!((obstacle.kind, obstacle.supervisor_id), (ObstacleKind::FewVisits, Some(id(2009))));
    assert_eq!((obstacle.given, obstacle.limit), (Some(measure("1")), Some(measure("3"))));

    // Teams of two, and one visit to link each with the next.
    let mut linked: Vec<Vec<u128>> = (0..16).map(|at| vec![at / 4 * 2, at / 4 * 2 + 1]).collect();
    (linked[3][1], linked[7][1], linked[11][1]) = (2, 4, 6);
    let poor = of(&linked);
    assert_eq!(codes(&poor), ["poor_design"]);
    let obstacle = poor.calibration.as_ref().unwrap().obstacles[0];
    assert!(obstacle.given < obstacle.limit && obstacle.limit == Some(measure("0.5")));

    for ranking in [&disconnected, &once, &poor] {
        assert!(!ranking.calibration.as_ref().unwrap().official);
        let mut differs = false;
        for entry in &ranking.entries {
            assert_eq!(entry.score, entry.raw_mean);
            assert_eq!(entry.explanation.applied, ScoringPolicy::Mean);
            differs |= entry.calibrated.unwrap().score != entry.score;
        }
        assert!(differs, "the calibrated figure is told beside it");
    }
}

#[test]
fn d_609_with_a_calibration_the_cascade_goes_by_calibrated_criteria() {
    let category = townships(3);
    // The third is as good as the fifth, and better on the first criterion; the strict have seen the third.
    let truth = [[120; 5], [124; 5], [140, 136, 138, 138, 138], [128; 5], [138; 5], [116; 5], [112; 5]];
    let leniency = [2_i16, 4, -10, -8, 10, -2, 4];
    let halves = |at: usize, of: u128| {
        truth[at].map(|points: u16| points.checked_add_signed(leniency[of as usize]).unwrap())
    };
    let inputs = visited(&plane(), halves);
    let ranking = drawn(&category, &inputs, few(1));
    assert!(ranking.calibration.as_ref().unwrap().official);
    let [third, fifth] = &ranking.entries[..2] else { panic!("two") };
    assert_eq!((third.application_id, third.rank, fifth.application_id, fifth.rank), (id(3), 1, id(5), 2));
    assert_eq!(third.score, fifth.score);
    assert_eq!(third.decided_by, [TieStep::Criterion(1)]);
    assert_eq!((third.criteria[0].1, fifth.criteria[0].1), (figure(7000), figure(6900)));
    assert_eq!(ranking.ties, []);

    // By the mean the generous decide.
    let mut plain = category;
    plain.scoring_policy.value = ScoringPolicy::Mean;
    let plain = rank(&plain, &inputs, &[]);
    let place = |number| plain.entries.iter().find(|entry| entry.application_id == id(number)).unwrap();
    assert!(place(5).score > place(3).score && place(5).criteria[0] > place(3).criteria[0]);
}

#[test]
fn d_609_a_criterion_that_is_not_always_judged_is_calibrated_by_the_sheets_that_judge_it() {
    let category = townships(3);
    let mut inputs = visited(&plane(), |at, of| [100 + 3 * at as u16 + 2 * of as u16 + noise(at, of); 5]);
    // Nobody judges the fifth criterion of the first, and only one sheet that of the second.
    for sheet in &mut inputs[0].sheets {
        sheet.judgements[4].1 = Judgement::CannotJudge;
    }
    for sheet in inputs[1].sheets.iter_mut().skip(1) {
        sheet.judgements[4].1 = Judgement::CannotJudge;
    }
    let ranking = drawn(&category, &inputs, few(1));
    assert!(ranking.calibration.as_ref().unwrap().official);
    for entry in &ranking.entries {
        let judged = if entry.application_id == id(1) { 4 } else { 5 };
        assert_eq!(entry.criteria.len(), judged);
    }
    // With one sheet of each nominee on it, the criterion is what they say.
    for sheet in inputs.iter_mut().flat_map(|input| input.sheets.iter_mut().skip(1)) {
        sheet.judgements[4].1 = Judgement::CannotJudge;
    }
    let ranking = drawn(&category, &inputs, few(1));
    let seventh = ranking.entries.iter().find(|entry| entry.application_id == id(7)).unwrap();
    let Judgement::Points(points) = inputs[6].sheets[0].judgements[4].1 else { panic!("judged") };
    assert_eq!(seventh.criteria[4], (5, Figure::from_decimal(points.decimal())));
}

#[test]
fn d_610_a_sheet_that_fits_nothing_else_is_asked_about_and_still_counts() {
    let category = townships(3);
    let design: Vec<Vec<u128>> = plane().into_iter().chain(plane()).collect();
    let halves = |at: usize, of: u128| {
        let spoilt = if (at, of) == (2, 3) { 60 } else { 0 };
        [80 + 3 * at as u16 + 2 * of as u16 + noise(at, of) + spoilt; 5]
    };
    let ranking = drawn(&category, &visited(&design, halves), few(1));
    let sheets: Vec<&SheetFigure> = ranking.entries.iter().flat_map(|entry| &entry.sheets).collect();
    let flagged: Vec<_> = sheets.iter().filter(|sheet| sheet.calibrated.unwrap().flag.is_some()).collect();
    assert_eq!(flagged.len(), 1);
    assert_eq!(flagged[0].assignment_id, id(10_303));
    let told = flagged[0].calibrated.unwrap();
    assert_eq!(told.flag, Some(SheetFlag::MustExplain));
    assert!(told.t.unwrap() > measure("3") && flagged[0].counts);
}

#[test]
fn d_607_agreement_in_everything_leaves_the_means_and_no_doubt() {
    let category = townships(3);
    let inputs = visited(&plane(), |at, _| [100 + 10 * at as u16; 5]);
    let ranking = drawn(&category, &inputs, few(1));
    let calibration = ranking.calibration.as_ref().unwrap();
    let fit = calibration.fit.as_ref().unwrap();
    assert!(calibration.official);
    assert_eq!((fit.lambda_status, fit.sigma_e), (LambdaStatus::PerfectAgreement, measure("0")));
    for (entry, place) in ranking.entries.iter().zip(1..) {
        assert_eq!(entry.score, entry.raw_mean);
        let calibrated = entry.calibrated.unwrap();
        assert_eq!(calibrated.rank_interval, Some((place, place)));
        assert_eq!(calibrated.zone, Some(if place <= 3 { Zone::Secure } else { Zone::Outside }));
    }

    // All alike: a place of three for seven, and nobody ahead.
    let alike = drawn(&category, &visited(&plane(), |_, _| [100; 5]), few(1));
    assert!(alike.ties[0].across_quota && alike.ties[0].application_ids.len() == 7);
    for entry in &alike.entries {
        let calibrated = entry.calibrated.unwrap();
        assert_eq!((calibrated.probability, calibrated.rank_interval), (Some(measure("0.428571")), None));
        assert_eq!(calibrated.zone, Some(Zone::Borderline));
    }
}

#[test]
fn d_607_what_is_assessed_given_or_taken_comes_after_the_calibration() {
    let mut category = townships(3);
    category.blend.value = Blend { verified: 80, assessment: 20 };
    let halves = |at: usize, of: u128| [100 + at as u16 + 2 * of as u16 + noise(at, of); 5];
    let mut inputs = visited(&plane(), halves);
    inputs[1].assessment = Assessment::Score(figure(10_000));
    inputs[2].assessment = Assessment::Missing;
    inputs[3].adjustments = vec!["40.00".parse().unwrap(), "-1.50".parse().unwrap()];
    inputs[4].adjustments = vec!["100.00".parse().unwrap()];
    // No sheet counts: it takes no part.
    inputs.push(nominee(8, Assessment::NotAssessed, vec![sheet(1, &[Some(100), None, None, None, None])]));
    let ranking = drawn(&category, &inputs, few(3));
    assert!(ranking.calibration.as_ref().unwrap().official);
    let entry = |number| ranking.entries.iter().find(|entry| entry.application_id == id(number)).unwrap();
    let figure_of = |number| entry(number).calibrated.unwrap().figure.decimal();
    let expected = |number: Decimal| Some(Figure::from_decimal(number));
    assert_eq!(entry(1).score, expected(figure_of(1)));
    assert_eq!(
        entry(2).score,
        expected((figure_of(2) * Decimal::from(4) + Decimal::ONE_HUNDRED) / Decimal::from(5))
    );
    assert_eq!((entry(3).score, entry(3).calibrated.unwrap().score), (None, None));
    assert_eq!(entry(4).score, expected(figure_of(4) + "38.5".parse::<Decimal>().unwrap()));
    assert_eq!(entry(4).calibrated.unwrap().zone, Some(Zone::Secure));
    assert_eq!(entry(4).explanation.unadjusted, expected(figure_of(4)));
    assert_eq!(entry(5).score, Some(figure(10_000)));
    assert_eq!((entry(8).score, entry(8).calibrated, entry(8).raw_mean), (None, None, None));
    assert_eq!(entry(8).explanation.applied, ScoringPolicy::Calibrated);
    assert_eq!(entry(8).sheets[0].calibrated, None);
    assert_eq!(ranking.calibration.as_ref().unwrap().fit.as_ref().unwrap().supervisors.len(), 7);
}

#[test]
fn d_607_the_seed_moves_probabilities_alone_and_a_changed_copy_of_the_category_is_ranked_by_itself() {
    let (category, inputs, _) = reference();
    let of = |category: &Category, seed| drawn(category, &inputs, few(seed));
    let ranking = of(&category, 1);
    assert_eq!(of(&category, 1), ranking);
    let other = of(&category, 2);
    assert_ne!(other, ranking);
    let figures = |ranking: &Ranking| -> Vec<_> {
        let figure = |entry: &RankedEntry| (entry.rank, entry.application_id, entry.score);
        ranking.entries.iter().map(figure).collect()
    };
    assert_eq!(figures(&other), figures(&ranking));
    let mut changed = category.clone();
    changed.scoring_policy.value = ScoringPolicy::Mean;
    let plain = of(&changed, 1);
    assert_eq!(plain.calibration, None);
    for entry in &plain.entries {
        let calibrated = ranking.entries.iter().find(|of| of.application_id == entry.application_id).unwrap();
        assert_eq!(entry.verified, calibrated.raw_mean);
    }
    changed.scoring_policy.value = ScoringPolicy::Calibrated;
    changed.blend.value = Blend { verified: 100, assessment: 0 };
    assert!(of(&changed, 1).entries.iter().all(|entry| entry.score == entry.verified));
}

//! Tests of the ranking: the cascade, ties and what a frozen ranking keeps (D-607, D-609, D-610).

mod calibrated;
mod policies;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::campaign::definition::Blend;
use crate::review::scoring::Points;
use crate::samples::category;

/// Nothing here is drawn.
fn rank(category: &Category, inputs: &[RankingInput], resolutions: &[Vec<Uuid>]) -> Ranking {
    super::rank(category, inputs, resolutions, Simulation::default())
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn figure(hundredths: i64) -> Figure {
    Figure::from_hundredths(hundredths).unwrap()
}

/// Judgements in whole points by criterion; none = cannot judge.
fn sheet(number: u128, points: &[Option<u16>]) -> SheetInput {
    let judge = |points: &Option<u16>| match points {
        Some(points) => Judgement::Points(Points::from_halves(points * 2).unwrap()),
        None => Judgement::CannotJudge,
    };
    SheetInput {
        assignment_id: id(1000 + number),
        supervisor_id: id(2000 + number),
        judgements: (1..).zip(points.iter().map(judge)).collect(),
    }
}

fn nominee(number: u128, assessment: Assessment, sheets: Vec<SheetInput>) -> RankingInput {
    let nominee_name = format!("虚构乡{number}");
    RankingInput {
        application_id: id(number),
        nominee_name,
        sheets,
        assessment,
        evaluated: None,
        attended: 0,
        adjustments: vec![],
    }
}

/// A township with one sheet of five points and an assessment in hundredths.
fn township(number: u128, points: [u16; 5], assessment: i64) -> RankingInput {
    nominee(number, Assessment::Score(figure(assessment)), vec![sheet(number, &points.map(Some))])
}

fn ranks(ranking: &Ranking) -> Vec<(u32, u128)> {
    ranking.entries.iter().map(|entry| (entry.rank, entry.application_id.as_u128())).collect()
}

#[test]
fn d_607_the_mean_of_the_counting_sheets_is_blended_with_the_assessment() {
    let all = [Some(90), Some(80), Some(70), Some(60), Some(50)];
    let thin = [Some(100), Some(100), None, None, None];
    let half = [Some(60), Some(80), Some(100), None, None];
    let input =
        nominee(1, Assessment::Score(figure(9000)), vec![sheet(1, &all), sheet(2, &thin), sheet(3, &half)]);
    let ranking = rank(&category("demonstration_township"), &[input], &[]);
    let entry = &ranking.entries[0];
    // (70 + 80) / 2 = 75, and 0.8 x 75 + 0.2 x 90 = 78.
    assert_eq!((entry.verified, entry.score), (Some(figure(7500)), Some(figure(7800))));
    let counts: Vec<_> = entry.sheets.iter().map(|sheet| (sheet.composite, sheet.counts)).collect();
    assert_eq!(
        counts,
        [(Some(figure(7000)), true), (Some(figure(10_000)), false), (Some(figure(8000)), true)]
    );
    let means =
        [(1, figure(7500)), (2, figure(8000)), (3, figure(8500)), (4, figure(6000)), (5, figure(5000))];
    assert_eq!(entry.criteria, means);
    let explanation = Explanation {
        route: Route::SelfDeclared,
        sheets: 3,
        sheets_counted: 2,
        policy: ScoringPolicy::Mean,
        applied: ScoringPolicy::Mean,
        left_out: 0,
        verified: Some(figure(7500)),
        verified_weight: 80,
        assessment: Some(figure(9000)),
        assessment_weight: 20,
        attended: 0,
        adjustment: Adjustment::default(),
        unadjusted: None,
        score: Some(figure(7800)),
    };
    assert_eq!(entry.explanation, explanation);
}

#[test]
fn d_607_who_is_not_assessed_keeps_the_verified_score_whole() {
    let input = nominee(1, Assessment::NotAssessed, vec![sheet(1, &[Some(90); 5])]);
    let ranking = rank(&category("demonstration_township"), &[input], &[]);
    let entry = &ranking.entries[0];
    assert_eq!((entry.score, entry.assessment), (Some(figure(9000)), Assessment::NotAssessed));
    assert_eq!((entry.explanation.verified_weight, entry.explanation.assessment_weight), (100, 0));
}

#[test]
fn d_607_without_assessment_or_sheet_there_is_no_figure_and_the_last_rank() {
    let inputs = [
        nominee(1, Assessment::Missing, vec![sheet(1, &[Some(100); 5])]),
        nominee(2, Assessment::NotBlended, vec![sheet(2, &[Some(100); 5])]),
        nominee(3, Assessment::Score(figure(10_000)), vec![sheet(3, &[Some(100), None, None, None, None])]),
        township(4, [0; 5], 0),
    ];
    let ranking = rank(&category("demonstration_township"), &inputs, &[vec![id(3), id(2), id(1)]]);
    assert_eq!(ranks(&ranking), [(1, 4), (2, 1), (2, 2), (2, 3)]);
    assert_eq!(ranking.missing_assessments, [id(1), id(2)]);
    assert_eq!(ranking.ties, []);
    assert_eq!(ranking.entries[1].verified, Some(figure(10_000)));
}

#[test]
fn d_607_where_nothing_is_blended_no_assessment_is_missing() {
    let inputs = [nominee(1, Assessment::Missing, vec![sheet(1, &[Some(80); 4])])];
    let ranking = rank(&category("advanced_individual"), &inputs, &[]);
    assert_eq!(ranking.missing_assessments, [] as [Uuid; 0]);
    assert_eq!(
        (ranking.entries[0].score, ranking.entries[0].assessment),
        (Some(figure(8000)), Assessment::NotBlended)
    );
}

#[test]
fn d_608_the_offices_points_are_weighted() {
    let evaluated = vec![(1, figure(10_000)), (2, figure(5000)), (3, figure(1500))];
    let mut input = nominee(1, Assessment::NotBlended, vec![]);
    input.evaluated = Some(evaluated.clone());
    let ranking =
        rank(&category("excellent_supervisor"), &[nominee(2, Assessment::NotBlended, vec![]), input], &[]);
    assert_eq!(ranks(&ranking), [(1, 1), (2, 2)]);
    // (100 + 50 + 15 + 0) / 4 = 41.25.
    assert_eq!(ranking.entries[0].score, Some(figure(4125)));
    assert_eq!(ranking.entries[0].criteria, evaluated);
    assert_eq!(ranking.entries[1].score, None);
}

#[test]
fn d_609_equal_figures_are_ordered_by_the_heaviest_criterion_then_the_next_then_the_assessment() {
    let mut category = category("demonstration_township");
    for (criterion, weight) in category.criteria.iter_mut().zip([10, 30, 20, 30, 10]) {
        criterion.weight.value = weight;
    }
    category.blend.value = Blend { verified: 100, assessment: 0 };
    let inputs = [
        // All come to 70. Criterion 2 (30) sets 1 apart, 4 (30) sets 2 apart, 3 (20) nobody, the assessment 3
        // from 4.
        township(1, [70, 80, 70, 60, 70], 0),
        township(2, [55, 70, 70, 75, 70], 0),
        township(3, [70, 70, 70, 70, 70], 8001),
        township(4, [70, 70, 70, 70, 70], 8000),
        township(5, [71, 70, 70, 70, 70], 0),
    ];
    let ranking = rank(&category, &inputs, &[]);
    assert_eq!(ranks(&ranking), [(1, 5), (2, 1), (3, 2), (4, 3), (5, 4)]);
    let decided: Vec<_> = ranking.entries.iter().map(|entry| entry.decided_by.clone()).collect();
    let (second, fourth) = (TieStep::Criterion(2), TieStep::Criterion(4));
    assert_eq!(decided[0], []);
    assert_eq!(decided[1], [second]);
    assert_eq!(decided[2], [second, fourth]);
    assert_eq!(decided[3], [second, fourth, TieStep::AnnualAssessment]);
    assert_eq!(decided[4], decided[3]);
    assert_eq!(ranking.ties, []);

    category.tie_break.value = vec![];
    let ranking = rank(&category, &inputs, &[]);
    assert_eq!(ranks(&ranking), [(1, 5), (2, 1), (2, 2), (2, 3), (2, 4)]);
}

#[test]
fn d_609_equal_means_equal_two_decimal_figures() {
    let mut category = category("demonstration_township");
    category.blend.value = Blend { verified: 80, assessment: 20 };
    // 74.004 and 74.000 are one figure, the heaviest criterion decides.
    let inputs = [township(1, [70; 5], 9002), township(2, [72, 70, 68, 70, 70], 9000)];
    let ranking = rank(&category, &inputs, &[]);
    assert_eq!(ranks(&ranking), [(1, 2), (2, 1)]);
    assert_eq!(ranking.entries[0].score, ranking.entries[1].score);
}

#[test]
fn d_609_nobody_loses_by_what_was_not_judged_or_not_assessed() {
    let mut category = category("demonstration_township");
    let unjudged = [None, Some(80), Some(80), Some(80), Some(80)];
    let inputs = [
        nominee(1, Assessment::Score(figure(8000)), vec![sheet(1, &unjudged)]),
        nominee(2, Assessment::NotAssessed, vec![sheet(2, &[Some(80); 5])]),
    ];
    let ranking = rank(&category, &inputs, &[]);
    let tie = Tie { application_ids: vec![id(1), id(2)], rank: 1, across_quota: false };
    assert_eq!((ranks(&ranking), ranking.ties), (vec![(1, 1), (1, 2)], vec![tie]));
    category.quota.value = 1;
    assert!(rank(&category, &inputs, &[]).ties[0].across_quota);
}

#[test]
fn d_206_a_tie_across_the_places_that_the_surplus_leaves_is_across_the_boundary() {
    let mut category = category("demonstration_township");
    category.blend.value = Blend { verified: 100, assessment: 0 };
    category.quota.value = 5;
    let inputs: Vec<_> = [90, 85, 80, 70, 70]
        .into_iter()
        .zip(1..)
        .map(|(points, number)| township(number, [points; 5], 0))
        .collect();
    assert!(!rank(&category, &inputs, &[]).ties[0].across_quota, "all five have a place");
    // floor(5 x 100 / 120) = 4.
    category.surplus_percent.value = Some(20);
    assert!(rank(&category, &inputs, &[]).ties[0].across_quota);
}

#[test]
fn d_609_what_is_still_equal_shares_a_rank_until_it_is_resolved() {
    let mut category = category("demonstration_township");
    category.quota.value = 2;
    let inputs =
        [township(4, [60; 5], 0), township(3, [70; 5], 0), township(2, [70; 5], 0), township(1, [80; 5], 0)];
    let tie = |across_quota| vec![Tie { application_ids: vec![id(2), id(3)], rank: 2, across_quota }];
    // Neither an order of other applications nor one that names somebody twice resolves it.
    let others = [vec![id(3)], vec![id(3), id(3)], vec![id(3), id(2), id(1)], vec![]];
    let ranking = rank(&category, &inputs, &others);
    assert_eq!((ranks(&ranking), ranking.ties), (vec![(1, 1), (2, 2), (2, 3), (4, 4)], tie(true)));

    let ranking = rank(&category, &inputs, &[vec![id(2), id(3)], vec![id(3), id(2)], vec![id(1), id(2)]]);
    assert_eq!((ranks(&ranking), ranking.ties.len()), (vec![(1, 1), (2, 3), (3, 2), (4, 4)], 0));
    let decided: Vec<_> = ranking.entries.iter().map(|entry| entry.decided_by.clone()).collect();
    assert_eq!(decided, [vec![], vec![TieStep::Resolved], vec![TieStep::Resolved], vec![]]);

    for quota in [1, 3, 4, 9] {
        category.quota.value = quota;
        assert_eq!(rank(&category, &inputs, &[]).ties, tie(false), "the quota of {quota} does not part them");
    }
}

#[test]
fn d_609_a_frozen_ranking_is_json_without_floats() {
    let mut category = category("demonstration_township");
    category.quota.value = 1;
    let inputs =
        [township(1, [70; 5], 9025), township(2, [70; 5], 9025), nominee(3, Assessment::Missing, vec![])];
    let ranking = rank(&category, &inputs, &[]);
    let frozen = serde_json::to_value(&ranking).unwrap();
    assert_eq!(frozen["entries"][0]["score"], json!("74.05"));
    assert_eq!(frozen["entries"][0]["criteria"][0], json!([1, "70.00"]));
    assert_eq!(frozen["entries"][0]["assessment"], json!({"score": "90.25"}));
    assert_eq!(frozen["entries"][2]["assessment"], json!("missing"));
    assert_eq!(frozen["entries"][0]["explanation"]["route"], json!("self_declared"));
    assert_eq!(serde_json::to_value(TieStep::Criterion(2)).unwrap(), json!({"criterion": 2}));
    assert_eq!(serde_json::from_value::<Ranking>(frozen).unwrap(), ranking);
    let text = serde_json::to_string(&inputs).unwrap();
    assert_eq!(serde_json::from_str::<Vec<RankingInput>>(&text).unwrap(), inputs);
}

fn any_assessment() -> impl Strategy<Value = Assessment> {
    prop_oneof![
        Just(Assessment::Missing),
        Just(Assessment::NotAssessed),
        (0i64..3).prop_map(|tens| Assessment::Score(figure(tens * 1000))),
    ]
}

/// Few distinct points, so that ties are common.
fn any_inputs() -> impl Strategy<Value = Vec<RankingInput>> {
    let points = proptest::option::weighted(0.8, (0u16..3).prop_map(|tens| tens * 10));
    let sheets = proptest::collection::vec(proptest::collection::vec(points, 5), 0..3);
    proptest::collection::vec((any_assessment(), sheets), 0..12).prop_map(|nominees| {
        let sheets_of =
            |sheets: Vec<Vec<Option<u16>>>| (0..).zip(sheets).map(|(n, points)| sheet(n, &points)).collect();
        (1..)
            .zip(nominees)
            .map(|(number, (assessment, sheets))| nominee(number, assessment, sheets_of(sheets)))
            .collect()
    })
}

proptest! {
    #[test]
    fn d_609_ranks_follow_the_figures_and_ties_are_exactly_the_shared_ranks(
        inputs in any_inputs(), quota in 1u32..6,
    ) {
        let mut category = category("demonstration_township");
        category.quota.value = quota;
        let ranking = rank(&category, &inputs, &[]);
        prop_assert_eq!(ranking.entries.len(), inputs.len());
        for pair in ranking.entries.windows(2) {
            prop_assert!(pair[0].score >= pair[1].score && pair[0].rank <= pair[1].rank);
        }
        for (at, entry) in (1u32..).zip(&ranking.entries) {
            let ahead = ranking.entries.iter().filter(|other| other.rank < entry.rank).count();
            prop_assert_eq!(entry.rank as usize, ahead + 1);
            let sharing = ranking.entries.iter().filter(|other| other.rank == entry.rank).count();
            let tied = ranking.ties.iter().any(|tie| tie.application_ids.contains(&entry.application_id));
            prop_assert_eq!(tied, sharing > 1 && entry.score.is_some(), "at {}", at);
            let incomplete = entry.verified.is_none() || entry.assessment == Assessment::Missing;
            prop_assert_eq!(entry.score.is_none(), incomplete);
        }
        for tie in &ranking.ties {
            let inside = ranking.entries.iter().take(quota as usize);
            let within = inside.filter(|entry| entry.rank == tie.rank).count();
            prop_assert_eq!(tie.across_quota, within > 0 && within < tie.application_ids.len());
        }
    }

    #[test]
    fn d_609_the_order_of_the_inputs_and_ids_decides_nothing(inputs in any_inputs(), seed in any::<u64>()) {
        let category = category("demonstration_township");
        let ranking = rank(&category, &inputs, &[]);
        let mut shuffled = inputs.clone();
        shuffled.sort_by_key(|input| (input.application_id.as_u128() as u64).wrapping_mul(seed | 1));
        prop_assert_eq!(&rank(&category, &shuffled, &[]), &ranking);

        let renamed: Vec<_> = inputs
            .iter()
            .map(|input| (id(100 - input.application_id.as_u128()), input.clone()))
            .map(|(application_id, input)| RankingInput { application_id, ..input })
            .collect();
        let mut back = ranks(&rank(&category, &renamed, &[]));
        back.iter_mut().for_each(|(_, id)| *id = 100 - *id);
        back.sort_unstable();
        let mut ranked = ranks(&ranking);
        ranked.sort_unstable();
        prop_assert_eq!(back, ranked);
    }

    #[test]
    fn d_609_resolving_every_tie_leaves_none_and_moves_nobody_else(inputs in any_inputs()) {
        let category = category("demonstration_township");
        let before = rank(&category, &inputs, &[]);
        let orders: Vec<Vec<Uuid>> =
            before.ties.iter().map(|tie| tie.application_ids.iter().rev().copied().collect()).collect();
        let after = rank(&category, &inputs, &orders);
        prop_assert_eq!(&after.ties, &[]);
        for entry in &before.entries {
            let now = after.entries.iter().find(|now| now.application_id == entry.application_id).unwrap();
            let tie = before.ties.iter().find(|tie| tie.application_ids.contains(&entry.application_id));
            let moved_by = tie.map_or(0, |tie| {
                tie.application_ids.iter().rev().position(|id| *id == entry.application_id).unwrap()
            });
            prop_assert_eq!(now.rank as usize, entry.rank as usize + moved_by);
        }
    }
}

#[test]
fn d_607_points_are_given_and_taken_after_the_blend_and_stay_between_0_and_100() {
    let category = category("demonstration_township");
    let score = |points: u16, adjustments: &[&str]| {
        let mut input = township(1, [points; 5], i64::from(points) * 100);
        input.adjustments = adjustments.iter().map(|text| text.parse().unwrap()).collect();
        rank(&category, &[input], &[]).entries[0].clone()
    };
    let adjusted = score(90, &["2.50", "-1.00"]);
    assert_eq!(adjusted.score, Some(figure(9150)));
    assert_eq!(adjusted.verified, Some(figure(9000)));
    assert_eq!(adjusted.explanation.adjustment.to_string(), "1.50");
    assert_eq!(adjusted.explanation.unadjusted.map(|figure| figure.to_string()).as_deref(), Some("90.00"));
    assert_eq!(score(99, &["2.00"]).score, Some(figure(10_000)));
    assert_eq!(score(1, &["-2.00"]).score, Some(figure(0)));
}

#[test]
fn d_608_attendance_counts_beside_the_duty_records_up_to_100() {
    let mut category = category("excellent_supervisor");
    category.evaluation.as_mut().unwrap().value.attendance_points_each = Some(2);
    let score = |points: i64, attended: u32| {
        let mut input = nominee(1, Assessment::NotBlended, vec![]);
        input.evaluated = Some((1..=4).map(|number| (number, figure(points))).collect());
        input.attended = attended;
        rank(&category, &[input], &[]).entries[0].clone()
    };
    assert_eq!(score(5000, 0).score, Some(figure(5000)));
    assert_eq!(score(5000, 3).score, Some(figure(5600)));
    assert_eq!(score(5000, 3).explanation.attended, 3);
    assert_eq!(score(9900, 3).score, Some(figure(10_000)));
}

#[test]
fn d_609_a_frozen_entry_keeps_what_was_given_and_attended_and_nothing_else_besides() {
    let mut ranking = rank(&category("demonstration_township"), &[township(1, [90; 5], 9000)], &[]);
    let mut kept = |attended, given: &str| -> Vec<&str> {
        let entry = &mut ranking.entries.first_mut().unwrap().explanation;
        (entry.attended, entry.adjustment) = (attended, given.parse().unwrap());
        let frozen = serde_json::to_value(entry).unwrap();
        ["attended", "adjustment"].into_iter().filter(|member| frozen.get(*member).is_some()).collect()
    };
    assert_eq!(kept(0, "0.00"), [""; 0]);
    assert_eq!(kept(2, "0.00"), ["attended"]);
    assert_eq!(kept(0, "1.50"), ["adjustment"]);
}

#[test]
fn d_609_a_resolution_of_others_resolves_nothing() {
    let inputs: Vec<_> = (1..=4).map(|number| township(number, [80; 5], 9000)).collect();
    let category = category("demonstration_township");
    let group = |numbers: &[u128]| -> Vec<Uuid> { numbers.iter().copied().map(id).collect() };
    // The newest names two of the four, and the one before it all of them: it is the one that counts.
    let ranking = rank(&category, &inputs, &[group(&[4, 3, 2, 1]), group(&[1, 2])]);
    assert_eq!(ranks(&ranking), [(1, 4), (2, 3), (3, 2), (4, 1)]);
    let others = rank(&category, &inputs, &[group(&[5, 6, 7, 8])]);
    assert_eq!(others.ties.len(), 1, "{:?}", others.ties);
    // Those without a score are behind all others, and nobody puts them in order.
    let unscored: Vec<_> = (1..=2).map(|number| nominee(number, Assessment::NotAssessed, vec![])).collect();
    let ranking = rank(&category, &unscored, &[group(&[2, 1])]);
    assert!(ranking.entries.iter().all(|entry| entry.rank == 1), "{:?}", ranks(&ranking));
}

#[test]
fn d_701_whom_a_newcomer_passes_over_is_whoever_does_not_stand_behind_it() {
    use crate::review::substitution::passed_over;
    let inputs = [
        township(1, [90; 5], 9000),
        township(2, [80; 5], 9000),
        township(3, [80; 5], 9000),
        township(4, [70; 5], 9000),
    ];
    let ranking = rank(&category("demonstration_township"), &inputs, &[]);
    let over = |waiting: &[u128], newcomer: u128| {
        let waiting: Vec<Uuid> = waiting.iter().copied().map(id).collect();
        let over = passed_over(&ranking, &waiting, id(newcomer));
        over.into_iter().map(|id| id.as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(over(&[1, 2, 3, 4], 1), []);
    assert_eq!(over(&[1, 2, 3, 4], 2), [1, 3]);
    assert_eq!(over(&[2, 3, 4], 4), [2, 3]);
    assert_eq!(over(&[4], 2), []);
}

//! Tests of the policies side by side: what is left out, what falls back, and that the mean is what it was (D-607).

use super::*;
use crate::campaign::definition::Blend;

fn by(policy: ScoringPolicy) -> Category {
    let mut category = category("demonstration_township");
    category.scoring_policy.value = policy;
    category.blend.value = Blend { verified: 100, assessment: 0 };
    category
}

/// A nominee with sheets of one number of points each.
fn even(number: u128, points: &[u16]) -> RankingInput {
    let sheets = (1..).zip(points).map(|(at, points)| sheet(at, &[Some(*points); 5])).collect();
    nominee(number, Assessment::NotBlended, sheets)
}

#[test]
fn d_607_one_highest_and_one_lowest_of_five_sheets_are_left_out() {
    let category = by(ScoringPolicy::TrimmedMean);
    let mut input = even(1, &[90, 70, 90, 80, 60]);
    // It does not count, and is not what is left out either.
    input.sheets.push(sheet(9, &[Some(100), None, None, None, None]));
    let entry = rank(&category, &[input], &[]).entries.remove(0);
    // (70 + 80 + 90) / 3 = 80, and (60 + 70 + 80 + 90 + 90) / 5 = 78.
    assert_eq!((entry.score, entry.verified, entry.raw_mean), {
        (Some(figure(8000)), Some(figure(8000)), Some(figure(7800)))
    });
    assert_eq!(entry.criteria, (1..=5).map(|number| (number, figure(8000))).collect::<Vec<_>>());
    let left_out: Vec<bool> = entry.sheets.iter().map(|sheet| sheet.left_out).collect();
    // Of the two highest the one with the greater id.
    assert_eq!(left_out, [false, false, true, false, true, false]);
    let told = entry.explanation;
    assert_eq!((told.policy, told.applied), (ScoringPolicy::TrimmedMean, ScoringPolicy::TrimmedMean));
    assert_eq!((told.sheets, told.sheets_counted, told.left_out), (6, 5, 2));
}

#[test]
fn d_607_with_fewer_sheets_the_trimmed_mean_is_visibly_the_mean() {
    let category = by(ScoringPolicy::TrimmedMean);
    let entry = rank(&category, &[even(1, &[90, 70, 90, 60])], &[]).entries.remove(0);
    assert_eq!((entry.score, entry.raw_mean), (Some(figure(7750)), Some(figure(7750))));
    let told = entry.explanation;
    assert_eq!((told.policy, told.applied), (ScoringPolicy::TrimmedMean, ScoringPolicy::Mean));
    assert_eq!((told.sheets_counted, told.left_out), (4, 0));
    assert!(entry.sheets.iter().all(|sheet| !sheet.left_out));
    let frozen = serde_json::to_value(told).unwrap();
    assert_eq!(frozen["policy"], json!("trimmed_mean"));
    assert_eq!(frozen.get("applied"), None);
}

#[test]
fn d_607_where_the_office_evaluates_its_points_are_the_score_by_every_policy() {
    let mut category = category("excellent_supervisor");
    let mut input = nominee(1, Assessment::NotBlended, vec![]);
    input.evaluated = Some((1..=4).map(|number| (number, figure(5000))).collect());
    for policy in [ScoringPolicy::TrimmedMean, ScoringPolicy::Calibrated] {
        category.scoring_policy.value = policy;
        let ranking = rank(&category, std::slice::from_ref(&input), &[]);
        let entry = &ranking.entries[0];
        assert_eq!((entry.score, entry.raw_mean, entry.calibrated), (Some(figure(5000)), None, None));
        assert_eq!((entry.explanation.applied, ranking.calibration), (ScoringPolicy::Mean, None));
    }
}

/// All member names of a value.
fn names(value: &serde_json::Value, found: &mut std::collections::BTreeSet<String>) {
    match value {
        serde_json::Value::Object(members) => {
            for (name, member) in members {
                found.insert(name.clone());
                names(member, found);
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| names(item, found)),
        serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::String(_) => {}
    }
}

proptest! {
    #[test]
    fn d_607_a_ranking_by_the_mean_is_written_as_it_always_was(inputs in any_inputs()) {
        let ranking = rank(&category("demonstration_township"), &inputs, &[]);
        let frozen = serde_json::to_value(&ranking).unwrap();
        let mut found = Default::default();
        names(&frozen, &mut found);
        for name in ["raw_mean", "calibrated", "calibration", "left_out", "policy", "applied"] {
            prop_assert!(!found.contains(name), "{}", name);
        }
        prop_assert_eq!(serde_json::from_value::<Ranking>(frozen).unwrap(), ranking);
    }

    #[test]
    fn d_607_the_trimmed_mean_lies_between_the_highest_and_the_lowest_and_no_order_changes_it(
        points in proptest::collection::vec(0u16..=100, 1..9), turn in 0usize..9,
    ) {
        let category = by(ScoringPolicy::TrimmedMean);
        let of = |input: &RankingInput| rank(&category, std::slice::from_ref(input), &[]).entries.remove(0);
        let input = even(1, &points);
        let mut turned = input.clone();
        turned.sheets.rotate_left(turn % points.len());
        let (entry, other) = (of(&input), of(&turned));
        prop_assert_eq!((entry.score, &entry.criteria, entry.explanation), (other.score, &other.criteria, other.explanation));
        let out = |entry: &RankedEntry| {
            let out = entry.sheets.iter().filter(|sheet| sheet.left_out).map(|sheet| sheet.assignment_id);
            out.collect::<std::collections::BTreeSet<_>>()
        };
        prop_assert_eq!(out(&entry), out(&other));
        prop_assert_eq!(out(&entry).len(), if points.len() < 5 { 0 } else { 2 });
        let score = entry.score.unwrap();
        let hundredths = |points: Option<&u16>| figure(i64::from(*points.unwrap()) * 100);
        prop_assert!(hundredths(points.iter().min()) <= score && score <= hundredths(points.iter().max()));
    }
}

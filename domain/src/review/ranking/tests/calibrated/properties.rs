//! Properties of calibrated rankings: what changes nothing, and what moves everybody alike (D-607).

use super::*;

/// The balanced design with any points: its calibration is official.
fn any_plane() -> impl Strategy<Value = Vec<RankingInput>> {
    let points = proptest::array::uniform7(proptest::array::uniform7(proptest::array::uniform5(40u16..=160)));
    (points, proptest::array::uniform7(any_assessment())).prop_map(|(points, assessments)| {
        let mut inputs = visited(&plane(), |at, of| points[at][of as usize]);
        for (input, assessment) in inputs.iter_mut().zip(assessments) {
            input.assessment = assessment;
        }
        inputs
    })
}

/// Up to seven nominees with some of up to six supervisors, and points in halves from 40 to 160.
fn any_design() -> impl Strategy<Value = Vec<RankingInput>> {
    let of_one = proptest::collection::btree_map(0u128..6, proptest::array::uniform5(40u16..=160), 0..5);
    proptest::collection::vec((of_one, any_assessment()), 1..8).prop_map(|nominees| {
        let input =
            |(number, (sheets, assessment)): (u128, (std::collections::BTreeMap<u128, [u16; 5]>, _))| {
                let sheets = sheets.iter().map(|(of, halves)| by(*of, number, halves)).collect();
                nominee(number, assessment, sheets)
            };
        (1..).zip(nominees).map(input).collect()
    })
}

/// Official and not.
fn any_round() -> impl Strategy<Value = Vec<RankingInput>> {
    prop_oneof![any_plane(), any_design()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn d_607_the_order_of_nominees_and_sheets_changes_nothing(inputs in any_round(), seed in any::<u64>()) {
        let category = townships(3);
        let of = |inputs: &[RankingInput]| drawn(&category, inputs, few(5));
        let mut shuffled = inputs.clone();
        shuffled.sort_by_key(|input| (input.application_id.as_u128() as u64).wrapping_mul(seed | 1));
        prop_assert_eq!(of(&shuffled), of(&inputs));
        for input in &mut shuffled {
            input.sheets.reverse();
        }
        let (mut turned, ranking) = (of(&shuffled), of(&inputs));
        for entry in &mut turned.entries {
            entry.sheets.reverse();
        }
        prop_assert_eq!(turned, ranking);
    }

    #[test]
    fn d_607_a_calibrated_ranking_holds_together(inputs in any_round(), quota in 1u32..5) {
        let category = townships(quota);
        let ranking = drawn(&category, &inputs, few(9));
        let calibration = ranking.calibration.as_ref().unwrap();
        prop_assert_eq!(calibration.official, calibration.obstacles.is_empty());
        prop_assert!(calibration.fit.is_some() || !calibration.official);
        let applied = if calibration.official { ScoringPolicy::Calibrated } else { ScoringPolicy::Mean };
        let mut sum = 0;
        let fitted = ranking.entries.iter().filter(|entry| entry.calibrated.is_some());
        let places = i64::from(quota).min(fitted.clone().count() as i64);
        let comparable = calibration.design.is_some_and(|design| design.components == 1);
        for entry in &ranking.entries {
            prop_assert_eq!(entry.explanation.applied, applied);
            prop_assert_eq!(entry.verified.is_some(), entry.raw_mean.is_some());
            if !calibration.official {
                prop_assert_eq!(entry.verified, entry.raw_mean);
            }
            for sheet in &entry.sheets {
                prop_assert_eq!(sheet.calibrated.is_some(), entry.calibrated.is_some() && sheet.counts);
            }
            let Some(calibrated) = entry.calibrated else { continue };
            prop_assert_eq!(calibrated.probability.is_some(), comparable);
            prop_assert_eq!(calibrated.zone.is_some(), comparable);
            sum += calibrated.probability.map_or(0, Measure::millionths);
        }
        if comparable && calibration.fit.is_some() {
            prop_assert!((sum - places * 1_000_000).abs() <= 7, "{} of {}", sum, places);
        }
        let text = serde_json::to_string(&ranking).unwrap();
        prop_assert_eq!(serde_json::from_str::<Ranking>(&text).unwrap(), ranking);
    }

    #[test]
    fn d_607_as_many_points_more_on_every_sheet_are_as_many_points_more_for_everybody(
        inputs in any_round(), more in 1u16..=40,
    ) {
        let category = townships(3);
        let mut raised = inputs.clone();
        for (_, judgement) in raised.iter_mut().flat_map(|input| &mut input.sheets).flat_map(|sheet| &mut sheet.judgements) {
            let Judgement::Points(points) = judgement else { continue };
            let halves = points.to_string().parse::<f64>().unwrap() * 2.0;
            *points = Points::from_halves(halves as u16 + more).unwrap();
        }
        let [before, after] = [&inputs, &raised].map(|inputs| drawn(&category, inputs, few(4)));
        let [old, new] = [&before, &after].map(|ranking| ranking.calibration.as_ref().unwrap());
        prop_assert_eq!(&old.obstacles, &new.obstacles);
        for entry in &before.entries {
            let raised = after.entries.iter().find(|of| of.application_id == entry.application_id).unwrap();
            let (Some(old), Some(new)) = (entry.calibrated, raised.calibrated) else { continue };
            let moved = new.figure.millionths() - old.figure.millionths() - i64::from(more) * 500_000;
            prop_assert!(moved.abs() <= 10, "{:?} {:?}", old, new);
            prop_assert!((new.standard_error.millionths() - old.standard_error.millionths()).abs() <= 10);
        }
    }
}

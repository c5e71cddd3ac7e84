//! The office's evaluation of supervisors from their duty records (D-608).

use serde::{Deserialize, Serialize};

use super::scoring::Figure;
use crate::campaign::definition::{Category, DutyKind};

/// How many duty records of one kind a supervisor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyCount {
    /// The kind.
    pub kind: DutyKind,
    /// Records that the office has approved.
    pub approved: u32,
    /// Those among them whose advice was adopted.
    pub adopted: u32,
}

/// The points of each criterion, in the definition's order: points_each x approved + adopted_bonus x adopted
/// over its rules, at most 100; 0 where there is no record or no rule (D-608).
#[must_use]
pub fn evaluate(category: &Category, counts: &[DutyCount]) -> Vec<(u32, Figure)> {
    let rules = category.evaluation.as_ref().map_or(&[][..], |evaluation| &evaluation.value.duty_points);
    let of_criterion = |criterion: u32| {
        let points = rules
            .iter()
            .filter(|rule| rule.criterion == criterion)
            .flat_map(|rule| {
                counts.iter().filter(|count| count.kind == rule.kind).map(move |count| (rule, count))
            })
            .map(|(rule, count)| {
                let approved = u64::from(rule.points_each) * u64::from(count.approved);
                approved.saturating_add(u64::from(rule.adopted_bonus) * u64::from(count.adopted))
            })
            .fold(0, u64::saturating_add);
        let hundredths = i64::try_from(points.saturating_mul(100)).unwrap_or(i64::MAX);
        Figure::from_hundredths(hundredths.min(Figure::MOST_HUNDREDTHS)).unwrap_or_default()
    };
    category.criteria.iter().map(|criterion| (criterion.number, of_criterion(criterion.number))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::definition::Definition;
    use proptest::prelude::*;

    fn category(code: &str) -> Category {
        let text = include_str!("../../../campaigns/xingguo-2022.json");
        serde_json::from_str::<Definition>(text).unwrap().category(code).unwrap().clone()
    }

    fn figure(whole: i64) -> Figure {
        Figure::from_hundredths(whole * 100).unwrap()
    }

    #[test]
    fn d_608_records_are_worth_their_points_up_to_100() {
        let counts = [
            DutyCount { kind: DutyKind::Supervision, approved: 11, adopted: 0 },
            DutyCount { kind: DutyKind::Advice, approved: 4, adopted: 3 },
            DutyCount { kind: DutyKind::Liaison, approved: 2, adopted: 2 },
        ];
        let expected = [(1, figure(100)), (2, figure(20)), (3, figure(55)), (4, figure(0))];
        assert_eq!(evaluate(&category("excellent_supervisor"), &counts), expected);
    }

    #[test]
    fn d_608_without_rules_there_are_no_points() {
        let counts = [DutyCount { kind: DutyKind::Advice, approved: 4, adopted: 3 }];
        let points = evaluate(&category("advanced_individual"), &counts);
        assert!(points.len() == 4 && points.iter().all(|(_, points)| *points == figure(0)));
    }

    proptest! {
        #[test]
        fn d_608_one_record_more_never_costs_points(approved: u32, adopted: u32, bonus: u32, each: u32) {
            let mut category = category("excellent_supervisor");
            let rule = &mut category.evaluation.as_mut().unwrap().value.duty_points[2];
            (rule.points_each, rule.adopted_bonus) = (each, bonus);
            let points = |approved, adopted| {
                evaluate(&category, &[DutyCount { kind: DutyKind::Advice, approved, adopted }])[2].1
            };
            prop_assert!(points(approved, adopted) <= points(approved.saturating_add(1), adopted));
            prop_assert!(points(approved, adopted) <= points(approved, adopted.saturating_add(1)));
        }
    }
}

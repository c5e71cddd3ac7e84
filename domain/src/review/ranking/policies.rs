//! The policies by which the sheets of a nominee become one figure, and what each of them needs (D-607).

use rust_decimal::Decimal;

use super::judged::Counting;
use crate::campaign::definition::ScoringPolicy;
use crate::review::scoring::{Figure, mean};

impl ScoringPolicy {
    /// How many sheets of each nominee a category must plan for the policy: 去掉最高最低 leaves three of five, and a single
    /// sheet tells nothing of its supervisor.
    #[must_use]
    pub const fn least_visits(self) -> u32 {
        match self {
            Self::Mean => 1,
            Self::TrimmedMean => 5,
            Self::Calibrated => 2,
        }
    }
}

/// What the sheets of a nominee come to by themselves.
pub(super) struct Verified {
    /// The policy that was applied.
    pub applied: ScoringPolicy,
    /// The verified score, unrounded; none where no sheet counts.
    pub score: Option<Decimal>,
    /// The means of the criteria over the sheets that make it up.
    pub criteria: Vec<(u32, Figure)>,
    /// Places of the sheets that were left out.
    pub left_out: Vec<usize>,
}

/// The mean of the sheets that count, by `trimmed_mean` without one highest and one lowest composite where there are five of
/// them; what is left out counts for nothing, in the criteria neither. Of equal composites the one with the smaller assignment
/// id is left out as the lowest, and the one with the greater as the highest.
pub(super) fn verified(policy: ScoringPolicy, numbers: &[u32], mut counting: Vec<Counting<'_>>) -> Verified {
    let enough = u32::try_from(counting.len()).is_ok_and(|sheets| sheets >= policy.least_visits());
    let mut left_out = Vec::new();
    let applied = if policy == ScoringPolicy::TrimmedMean && enough {
        counting.sort_by_key(|sheet| (sheet.composite, sheet.sheet.assignment_id));
        left_out.extend(counting.pop().map(|highest| highest.place));
        left_out.push(counting.remove(0).place);
        policy
    } else {
        ScoringPolicy::Mean
    };
    let composites: Vec<Decimal> = counting.iter().map(|sheet| sheet.composite).collect();
    let of_criterion = |number: u32| {
        let judged: Vec<Decimal> = counting.iter().filter_map(|sheet| sheet.points(number)).collect();
        mean(&judged).map(|mean| (number, Figure::from_decimal(mean)))
    };
    let criteria = numbers.iter().filter_map(|number| of_criterion(*number)).collect();
    Verified { applied, score: mean(&composites), criteria, left_out }
}

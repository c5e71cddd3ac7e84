//! How long a list may be and who it may be made of (D-205, D-206). Whole numbers only.

use crate::campaign::definition::{Category, NomineeKind};
use crate::error::{ErrorCode, Fault};

/// Under this quota no leading cadre may stand on a list (D-205).
const LEADING_CADRES_FROM_QUOTA: u32 = 5;

/// The share rules that a list of so many entries misses, and by how many (D-205).
///
/// - `leading_cadre_share` (facts `allowed`, `present`, `over_by`): more than floor(n x percent / 100)
///   leading cadres, or any where the quota is under 5;
/// - `front_line_share` (facts `needed`, `present`, `short_by`): fewer than ceil(n x percent / 100) of the
///   front line.
///
/// Units have no shares.
#[must_use]
pub fn share_faults(category: &Category, entries: u32, leading_cadres: u32, front_line: u32) -> Vec<Fault> {
    let rules = match category.nominee.value {
        NomineeKind::Unit => return Vec::new(),
        NomineeKind::Person | NomineeKind::Supervisor => category.share_rules.value,
    };
    let mut faults = Vec::new();
    if let Some(percent) = rules.leading_cadres_at_most_percent {
        let share = narrow(u64::from(entries) * u64::from(percent) / 100);
        let allowed = if category.quota.value < LEADING_CADRES_FROM_QUOTA { 0 } else { share };
        if leading_cadres > allowed {
            let fault = Fault::new(ErrorCode::LeadingCadreShare).with("allowed", allowed);
            faults.push(fault.with("present", leading_cadres).with("over_by", leading_cadres - allowed));
        }
    }
    if let Some(percent) = rules.front_line_at_least_percent {
        let needed = narrow((u64::from(entries) * u64::from(percent)).div_ceil(100));
        if front_line < needed {
            let fault = Fault::new(ErrorCode::FrontLineShare).with("needed", needed);
            faults.push(fault.with("present", front_line).with("short_by", needed - front_line));
        }
    }
    faults
}

/// `quota_exceeded` (facts `quota`, `entries`, `over_by`) where a list is longer than the quota (D-206).
#[must_use]
pub fn quota_fault(category: &Category, entries: u32) -> Option<Fault> {
    let quota = category.quota.value;
    let over_by = entries.checked_sub(quota).filter(|over_by| *over_by > 0)?;
    Some(
        Fault::new(ErrorCode::QuotaExceeded)
            .with("quota", quota)
            .with("entries", entries)
            .with("over_by", over_by),
    )
}

/// `surplus_missing` (facts `allowed`, `entries`, `verified`) where a surplus ratio of r percent is set and a
/// list has more than floor(verified x 100 / (100 + r)) entries (D-206).
#[must_use]
pub fn surplus_fault(category: &Category, entries: u32, verified: u32) -> Option<Fault> {
    let percent = category.surplus_percent.value?;
    let allowed = narrow(u64::from(verified) * 100 / (100 + u64::from(percent)));
    (entries > allowed).then(|| {
        let fault = Fault::new(ErrorCode::SurplusMissing).with("allowed", allowed);
        fault.with("entries", entries).with("verified", verified)
    })
}

fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
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

    fn over(allowed: u32, present: u32) -> Fault {
        let fault =
            Fault::new(ErrorCode::LeadingCadreShare).with("allowed", allowed).with("present", present);
        fault.with("over_by", present - allowed)
    }

    #[test]
    fn d_205_leading_cadres_are_at_most_a_fifth_of_the_list() {
        let category = category("advanced_individual");
        assert_eq!(share_faults(&category, 10, 2, 0), []);
        assert_eq!(share_faults(&category, 10, 3, 0), [over(2, 3)]);
        // floor(9 x 20 / 100) = 1: the entries of the list count, not the quota.
        assert_eq!(share_faults(&category, 9, 3, 0), [over(1, 3)]);
        assert_eq!(share_faults(&category, 4, 1, 0), [over(0, 1)]);
    }

    #[test]
    fn d_205_under_a_quota_of_5_no_leading_cadre_is_allowed() {
        assert_eq!(share_faults(&category("excellent_supervisor"), 2, 1, 0), [over(0, 1)]);
        let mut category = category("advanced_individual");
        category.quota.value = 4;
        assert_eq!(share_faults(&category, 100, 1, 0), [over(0, 1)]);
        category.quota.value = 5;
        assert_eq!(share_faults(&category, 5, 1, 0), []);
    }

    #[test]
    fn d_205_the_front_line_has_at_least_its_share_rounded_up() {
        let mut category = category("advanced_individual");
        category.share_rules.value.front_line_at_least_percent = Some(35);
        let short = Fault::new(ErrorCode::FrontLineShare).with("needed", 4_u32).with("present", 2_u32);
        assert_eq!(share_faults(&category, 10, 0, 2), [short.with("short_by", 2_u32)]);
        assert_eq!(share_faults(&category, 10, 0, 4), []);
        assert_eq!(share_faults(&category, 0, 0, 0), []);
        assert_eq!(share_faults(&category, 10, 3, 0).len(), 2);
    }

    #[test]
    fn d_205_units_have_no_shares() {
        let mut category = category("advanced_collective");
        category.share_rules.value.leading_cadres_at_most_percent = Some(0);
        assert_eq!(share_faults(&category, 10, 10, 0), []);
    }

    #[test]
    fn d_206_a_list_is_never_longer_than_the_quota() {
        let category = category("demonstration_township");
        assert_eq!(quota_fault(&category, 5), None);
        assert_eq!(quota_fault(&category, 0), None);
        let fault = Fault::new(ErrorCode::QuotaExceeded).with("quota", 5_u32).with("entries", 7_u32);
        assert_eq!(quota_fault(&category, 7), Some(fault.with("over_by", 2_u32)));
    }

    #[test]
    fn d_206_the_surplus_leaves_some_out() {
        let mut category = category("demonstration_township");
        assert_eq!(surplus_fault(&category, 5, 0), None);
        category.surplus_percent.value = Some(20);
        // floor(11 x 100 / 120) = 9.
        assert_eq!(surplus_fault(&category, 9, 11), None);
        let fault = Fault::new(ErrorCode::SurplusMissing).with("allowed", 9_u32).with("entries", 10_u32);
        assert_eq!(surplus_fault(&category, 10, 11), Some(fault.with("verified", 11_u32)));
    }

    proptest! {
        #[test]
        fn d_205_the_faults_say_exactly_when_a_share_is_missed(
            quota in 1u32..20,
            entries: u32,
            leading: u32,
            front: u32,
            most in 0u32..=100,
            least in 0u32..=100,
        ) {
            let mut category = category("advanced_individual");
            category.quota.value = quota;
            category.share_rules.value.leading_cadres_at_most_percent = Some(most);
            category.share_rules.value.front_line_at_least_percent = Some(least);
            let faults = share_faults(&category, entries, leading, front);
            let codes: Vec<_> = faults.into_iter().map(|fault| fault.code).collect();
            let share = |part: u32| u64::from(part) * 100;
            let of_list = |percent: u32| u64::from(entries) * u64::from(percent);
            let too_many = if quota < 5 { leading > 0 } else { share(leading) > of_list(most) };
            prop_assert_eq!(codes.contains(&ErrorCode::LeadingCadreShare), too_many);
            prop_assert_eq!(codes.contains(&ErrorCode::FrontLineShare), share(front) < of_list(least));
        }
    }
}

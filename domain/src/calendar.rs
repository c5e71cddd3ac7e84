//! Working days: the State Council's holidays and make-up days as data, and periods counted by them (D-305).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::error::{ErrorCode, Fault};
use crate::time::Day;

/// One year's arrangement of holidays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarYear {
    /// The year.
    pub year: i32,
    /// The document that it is taken from.
    pub source: String,
    /// Every day off, week-ends within a holiday included.
    pub holidays: BTreeSet<Day>,
    /// 调休上班: the Saturdays and Sundays that are worked.
    pub working_days: BTreeSet<Day>,
}

impl CalendarYear {
    /// All that is wrong with it, each with the list it stands in and the `day` that it is about.
    ///
    /// - `invalid` (facts `day`, `year`): a day of another year, or a make-up working day that is no
    ///   week-end;
    /// - `duplicate` (fact `day`): a day off that is also worked.
    #[must_use]
    pub fn check(&self) -> Vec<Fault> {
        let invalid =
            |pointer, day| Fault::at(pointer, ErrorCode::Invalid).with("day", day).with("year", self.year);
        let mut faults = Vec::new();
        for &day in self.holidays.iter().filter(|day| day.year() != self.year) {
            faults.push(invalid("/holidays", day));
        }
        for &day in &self.working_days {
            if day.year() != self.year || !day.is_weekend() {
                faults.push(invalid("/working_days", day));
            }
            if self.holidays.contains(&day) {
                faults.push(Fault::at("/working_days", ErrorCode::Duplicate).with("day", day));
            }
        }
        faults
    }
}

/// The years whose arrangement is known. Of two for one year, the later given counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeMap<i32, CalendarYear>,
}

impl FromIterator<CalendarYear> for Calendar {
    fn from_iter<I: IntoIterator<Item = CalendarYear>>(years: I) -> Self {
        Self { years: years.into_iter().map(|year| (year.year, year)).collect() }
    }
}

impl Calendar {
    /// Whether a day is worked: a make-up day is, a holiday is not, every other day follows the week (D-305).
    ///
    /// # Errors
    /// `calendar_missing` with the `year` where the year's arrangement is not known.
    pub fn is_working_day(&self, day: Day) -> Result<bool, Fault> {
        let year = self.years.get(&day.year()).ok_or_else(|| missing(day.year()))?;
        Ok(year.working_days.contains(&day) || !(year.holidays.contains(&day) || day.is_weekend()))
    }

    /// The last day of a period of `days` working days, at whose 24:00 it ends. Day 1 is the first working
    /// day after the day of publication (D-305); a period of no days ends on the day of publication.
    ///
    /// # Errors
    /// `calendar_missing` with the first `year` that the period reaches and whose arrangement is not known.
    pub fn period_end(&self, published_on: Day, days: u32) -> Result<Day, Fault> {
        let mut day = published_on;
        let mut left = days;
        while left > 0 {
            let next = day.next();
            if next == day {
                // The last day there is: no calendar goes further.
                return Err(missing(day.year().saturating_add(1)));
            }
            day = next;
            if self.is_working_day(day)? {
                left -= 1;
            }
        }
        Ok(day)
    }
}

fn missing(year: i32) -> Fault {
    Fault::new(ErrorCode::CalendarMissing).with("year", year)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn calendar() -> Calendar {
        [
            include_str!("../../campaigns/calendars/2022.json"),
            include_str!("../../campaigns/calendars/2023.json"),
            include_str!("../../campaigns/calendars/2024.json"),
            include_str!("../../campaigns/calendars/2025.json"),
            include_str!("../../campaigns/calendars/2026.json"),
        ]
        .into_iter()
        .map(|text| serde_json::from_str(text).unwrap())
        .collect()
    }

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn d_305_the_calendars_given_have_no_faults() {
        for year in calendar().years.values() {
            assert_eq!(year.check(), [], "{}", year.year);
        }
    }

    #[test]
    fn d_305_five_working_days_over_new_year_and_over_make_up_days() {
        // 29, 30 December; 31 December to 2 January are off; 3, 4, 5 January.
        assert_eq!(calendar().period_end(day("2022-12-28"), 5), Ok(day("2023-01-05")));
        // 8 and 9 October 2022, a week-end, are worked.
        assert_eq!(calendar().period_end(day("2022-09-30"), 5), Ok(day("2022-10-12")));
        // The day of publication does not count, be it worked or not.
        assert_eq!(calendar().period_end(day("2022-11-05"), 1), Ok(day("2022-11-07")));
        assert_eq!(calendar().period_end(day("2022-11-07"), 1), Ok(day("2022-11-08")));
    }

    #[test]
    fn d_305_five_working_days_over_the_spring_festivals() {
        // 10 to 17 February 2024 are off, the Sundays 4 and 18 are worked: 8, 9, 18, 19, 20.
        assert_eq!(calendar().period_end(day("2024-02-07"), 5), Ok(day("2024-02-20")));
        // 28 January to 4 February 2025 are off, the Saturday 8 is worked: 27 January, 5, 6, 7, 8 February.
        assert_eq!(calendar().period_end(day("2025-01-26"), 5), Ok(day("2025-02-08")));
        // 15 to 23 February 2026 are off, the Saturdays 14 and 28 are worked: 13, 14, 24, 25, 26.
        assert_eq!(calendar().period_end(day("2026-02-12"), 5), Ok(day("2026-02-26")));
        // National Day and Mid-Autumn of 2025 fall together: 1 to 8 October are off, the Saturday 11 is worked.
        assert_eq!(calendar().period_end(day("2025-09-30"), 3), Ok(day("2025-10-11")));
    }

    #[test]
    fn d_305_a_year_without_a_calendar_is_refused() {
        let missing = |year: i32| Err(Fault::new(ErrorCode::CalendarMissing).with("year", year));
        assert_eq!(calendar().period_end(day("2026-12-28"), 5), missing(2027));
        assert_eq!(calendar().is_working_day(day("2021-01-04")), missing(2021).map(|_: Day| false));
        assert_eq!(Calendar::default().period_end(day("9999-12-31"), 1), missing(10_000));
    }

    #[test]
    fn d_305_every_fault_of_a_calendar_is_named() {
        let year = CalendarYear {
            year: 2022,
            source: "test".to_owned(),
            holidays: [day("2021-12-31"), day("2022-10-08")].into(),
            working_days: [day("2022-10-08"), day("2022-10-10"), day("2023-01-01")].into(),
        };
        let invalid =
            |pointer, text| Fault::at(pointer, ErrorCode::Invalid).with("day", day(text)).with("year", 2022);
        assert_eq!(
            year.check(),
            [
                invalid("/holidays", "2021-12-31"),
                Fault::at("/working_days", ErrorCode::Duplicate).with("day", day("2022-10-08")),
                invalid("/working_days", "2022-10-10"),
                invalid("/working_days", "2023-01-01"),
            ]
        );
    }

    proptest! {
        #[test]
        fn d_305_a_period_ends_on_a_working_day_and_holds_as_many_as_it_has(
            offset in 0i64..500, days in 1u32..60,
        ) {
            let calendar = calendar();
            let published = day("2022-01-01").plus_days(offset);
            let end = calendar.period_end(published, days).unwrap();
            prop_assert!(calendar.is_working_day(end).unwrap());
            let mut worked = 0;
            let mut at = published;
            while at < end {
                at = at.next();
                worked += u32::from(calendar.is_working_day(at).unwrap());
            }
            prop_assert_eq!(worked, days);
            prop_assert!(calendar.period_end(published, days + 1).unwrap() > end);
        }
    }
}

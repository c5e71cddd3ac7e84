//! The period of a public notice, and whom it names (D-305, D-704).

use uuid::Uuid;

use super::PublicNotice;
use crate::calendar::Calendar;
use crate::error::Fault;
use crate::time::{Day, Instant};

/// The days on which a notice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first working day after the day of publication.
    pub first_day: Day,
    /// The last, until 24:00.
    pub last_day: Day,
}

impl Period {
    /// The period of so many working days of a notice that is published now.
    ///
    /// # Errors
    /// `calendar_missing` where the period reaches a year whose arrangement is not known.
    pub fn of(calendar: &Calendar, now: Instant, working_days: u32) -> Result<Self, Fault> {
        let first_day = calendar.period_end(now.day(), 1)?;
        Ok(Self { first_day, last_day: calendar.period_end(now.day(), working_days)? })
    }
}

/// Who of these has stood in none of the notices, withdrawn ones aside: a repeat notice names the newcomers only.
#[must_use]
pub fn newcomers(notices: &[PublicNotice], standing: &[Uuid]) -> Vec<Uuid> {
    use crate::workflow::public_notice::NoticeState;
    let shown = notices.iter().filter(|notice| notice.state != NoticeState::Withdrawn);
    let shown: Vec<Uuid> =
        shown.flat_map(|notice| &notice.content.entries).map(|entry| entry.application_id).collect();
    standing.iter().filter(|id| !shown.contains(id)).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_305_a_notice_of_28_december_stands_until_5_january() {
        let years = [
            include_str!("../../../campaigns/calendars/2022.json"),
            include_str!("../../../campaigns/calendars/2023.json"),
        ];
        let calendar: Calendar = years.into_iter().map(|text| serde_json::from_str(text).unwrap()).collect();
        let now: Instant = "2022-12-28T02:00:00Z".parse().unwrap();
        let period = Period::of(&calendar, now, 5).unwrap();
        assert_eq!(period.first_day.to_string(), "2022-12-29");
        assert_eq!(period.last_day.to_string(), "2023-01-05");
        assert!(Period::of(&calendar, now, 500).is_err());
    }
}

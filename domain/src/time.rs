//! Instants and days, and the zone in which a campaign reads them (D-301).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::format_description::well_known::Rfc3339;
use time::macros::{format_description, offset};
use time::{Date, Duration, OffsetDateTime, UtcOffset};

/// The zone of every campaign: all of China keeps one time.
pub const ZONE_NAME: &str = "Asia/Shanghai";
const ZONE: UtcOffset = offset!(+8);

/// A moment, in milliseconds since 1970-01-01T00:00:00Z; written as RFC 3339 in UTC with milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant(i64);

impl Instant {
    /// The latest instant that can be written with a four-digit year.
    pub const LAST: Instant = Instant(253_402_300_799_999);

    /// From milliseconds since the epoch, kept between the year 1970 and the year 9999.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        if millis < 0 {
            Self(0)
        } else if millis > Self::LAST.0 {
            Self::LAST
        } else {
            Self(millis)
        }
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, as tokens write them.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This instant moved by a number of milliseconds.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self::from_millis(self.0.saturating_add(millis))
    }

    /// This instant moved by a number of seconds.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        self.plus_millis(seconds.saturating_mul(1000))
    }

    /// The day that the campaign's zone shows at this instant.
    #[must_use]
    pub fn day(self) -> Day {
        Day(self.date_time().to_offset(ZONE).date())
    }

    fn date_time(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Lists are full of instants: each is one text, put together without a description of its format.
        let (at, millis) = (self.date_time(), self.0.unsigned_abs() % 1000);
        let day =
            [(0, 4, at.year().unsigned_abs()), (5, 2, u8::from(at.month()).into()), (8, 2, at.day().into())];
        let clock = [(11, 2, at.hour().into()), (14, 2, at.minute().into()), (17, 2, at.second().into())];
        let fraction = (20, 3, u32::try_from(millis).unwrap_or_default());
        let mut text = *b"0000-00-00T00:00:00.000Z";
        for (place, digits, mut number) in day.into_iter().chain(clock).chain([fraction]) {
            for digit in text.iter_mut().skip(place).take(digits).rev() {
                *digit += (number % 10) as u8;
                number /= 10;
            }
        }
        f.write_str(str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

/// What was written is no instant or no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a date or an instant as RFC 3339 writes them")]
pub struct NotATime;

impl FromStr for Instant {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        let read = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| NotATime)?;
        let millis =
            i64::try_from(read.unix_timestamp_nanos().div_euclid(1_000_000)).map_err(|_| NotATime)?;
        if (0..=Self::LAST.0).contains(&millis) { Ok(Self(millis)) } else { Err(NotATime) }
    }
}

/// A calendar day, `YYYY-MM-DD`, read in the campaign's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// The day of a year, month (1-12) and day of the month, where there is such a day.
    #[must_use]
    pub fn of(year: i32, month: u8, day: u8) -> Option<Self> {
        let month = time::Month::try_from(month).ok()?;
        Date::from_calendar_date(year, month, day).ok().map(Self)
    }

    /// The date, for what reckons with dates.
    #[must_use]
    pub fn date(self) -> Date {
        self.0
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// Whether this is a Saturday or a Sunday.
    #[must_use]
    pub fn is_weekend(self) -> bool {
        matches!(self.0.weekday(), time::Weekday::Saturday | time::Weekday::Sunday)
    }

    /// The day after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.next_day().unwrap_or(self.0))
    }

    /// This day moved by a number of days.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(Duration::days(days)))
    }

    /// The same day of the month so many months later, or earlier; the month's last day where it has no such day. So ends a
    /// period of months (Civil Code of the PRC, article 202).
    #[must_use]
    pub fn plus_months(self, months: i64) -> Self {
        let month = i64::from(self.0.year()) * 12 + i64::from(u8::from(self.0.month())) - 1 + months;
        let year = i32::try_from(month.div_euclid(12)).unwrap_or(self.0.year());
        let month = u8::try_from(month.rem_euclid(12) + 1).unwrap_or(1);
        let found = (28..=self.0.day()).rev().find_map(|day| Self::of(year, month, day));
        found.or_else(|| Self::of(year, month, self.0.day())).unwrap_or(self)
    }

    /// 00:00 of this day in the campaign's zone.
    #[must_use]
    pub fn start(self) -> Instant {
        let start = self.0.midnight().assume_offset(ZONE);
        Instant::from_millis(start.unix_timestamp().saturating_mul(1000))
    }

    /// 24:00 of this day in the campaign's zone: the instant at which a deadline on this day has passed.
    #[must_use]
    pub fn end(self) -> Instant {
        self.start().plus_seconds(24 * 60 * 60)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), u8::from(self.0.month()), self.0.day())
    }
}

impl FromStr for Day {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        Date::parse(text, format_description!("[year]-[month]-[day]")).map(Self).map_err(|_| NotATime)
    }
}

macro_rules! as_text {
    ($($type:ty),*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}
as_text!(Instant, Day);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_of_a_year_with_four_digits() {
        let shown = |millis| Instant::from_millis(millis).millis();
        assert_eq!([-1, 0, 1].map(shown), [0, 0, 1]);
        let last = Instant::LAST.millis();
        assert_eq!([last - 1, last, last + 1].map(shown), [last - 1, last, last]);
        assert_eq!([999, 1000, 2001].map(|millis| Instant::from_millis(millis).seconds()), [0, 1, 2]);
    }

    #[test]
    fn an_instant_is_written_as_rfc_3339_has_it_and_read_again() {
        let written = [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (1_667_354_645_067, "2022-11-02T02:04:05.067Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ];
        for (millis, text) in written {
            assert_eq!(Instant::from_millis(millis).to_string(), text);
            assert_eq!(text.parse(), Ok(Instant::from_millis(millis)));
        }
    }

    #[test]
    fn d_301_a_deadline_day_ends_at_24_00_in_the_campaigns_zone() {
        let day: Day = "2022-12-31".parse().unwrap();
        assert_eq!(day.end().to_string(), "2022-12-31T16:00:00.000Z");
        assert_eq!(day.end().day(), day.next());
        assert_eq!(day.end().plus_millis(-1).day(), day);
    }

    #[test]
    fn d_703_a_period_of_months_ends_on_the_day_of_the_same_number() {
        let later = |day: &str, months| day.parse::<Day>().unwrap().plus_months(months).to_string();
        assert_eq!(later("2022-03-15", 12), "2023-03-15");
        assert_eq!(later("2022-03-05", 24), "2024-03-05");
        assert_eq!(later("2024-02-29", 12), "2025-02-28");
        assert_eq!(later("2022-12-31", 2), "2023-02-28");
        assert_eq!(later("2023-01-10", -36), "2020-01-10");
        assert_eq!(later("2023-01-31", -1), "2022-12-31");
    }

    #[test]
    fn instants_are_read_and_written_with_milliseconds() {
        let at: Instant = "2022-11-07T09:00:00.12345+08:00".parse().unwrap();
        assert_eq!(at.to_string(), "2022-11-07T01:00:00.123Z");
        assert_eq!(at.to_string().parse::<Instant>().unwrap(), at);
        assert!("2022-11-07".parse::<Instant>().is_err());
        assert!("1969-12-31T23:59:59Z".parse::<Instant>().is_err());
        assert!("2022-02-29".parse::<Day>().is_err());
    }
}

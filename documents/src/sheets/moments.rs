//! Days and instants in sheets: how they are written, and the many ways in which people write them.

use rust_xlsxwriter::{ExcelDateTime, XlsxError};
use time::format_description::StaticFormatDescription;
use time::format_description::well_known::Rfc3339;
use time::macros::{date, format_description};
use time::{Date, Duration, Month, OffsetDateTime, PrimitiveDateTime, Time};

use super::CHINA;

const DAY: StaticFormatDescription = format_description!("[year]-[month]-[day]");
const INSTANT: StaticFormatDescription = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");

pub(super) fn day_text(day: Date) -> String {
    day.format(&DAY).unwrap_or_else(|_| day.to_string())
}

pub(super) fn instant_text(instant: OffsetDateTime) -> String {
    moment_text(local(instant))
}

pub(super) fn moment_text(moment: PrimitiveDateTime) -> String {
    moment.format(&INSTANT).unwrap_or_else(|_| moment.to_string())
}

/// What the clock in China shows.
pub(super) fn local(instant: OffsetDateTime) -> PrimitiveDateTime {
    let local = instant.to_offset(CHINA);
    PrimitiveDateTime::new(local.date(), local.time())
}

/// A moment as Excel keeps it. Years that it does not know are an error.
pub(super) fn excel(moment: PrimitiveDateTime) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(moment.year()).unwrap_or_default();
    ExcelDateTime::from_ymd(year, moment.month().into(), moment.day())?.and_hms(
        moment.hour().into(),
        moment.minute(),
        f64::from(moment.second()),
    )
}

/// The moment of a serial number, to the second. Excel counts a 29 February 1900 that never was.
pub(super) fn from_serial(serial: f64, since_1904: bool) -> Option<PrimitiveDateTime> {
    const SECONDS: f64 = 86_400.0;
    let epoch = if since_1904 {
        date!(1904 - 01 - 01)
    } else if serial < 60.0 {
        date!(1899 - 12 - 31)
    } else {
        date!(1899 - 12 - 30)
    };
    let since = Duration::checked_seconds_f64((serial * SECONDS).round())?;
    PrimitiveDateTime::new(epoch, Time::MIDNIGHT).checked_add(since)
}

/// A day as people write it: `2026-03-01`, `2026/3/1`, `2026.3.1`, `2026年3月1日`, `20260301`.
pub(super) fn read_day(text: &str) -> Option<Date> {
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if text.len() == 8 && digits(text) {
        return day(text.get(..4)?, text.get(4..6)?, text.get(6..)?);
    }
    let text = text.strip_suffix('日').or_else(|| text.strip_suffix('号')).unwrap_or(text);
    let mut parts = text.split(['-', '/', '.', '年', '月']).map(str::trim);
    let (year, month, number) = (parts.next()?, parts.next()?, parts.next()?);
    let whole = parts.next().is_none() && year.len() == 4 && [year, month, number].into_iter().all(digits);
    if whole { day(year, month, number) } else { None }
}

fn day(year: &str, month: &str, day: &str) -> Option<Date> {
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()
}

/// An instant as people write it: a day and, after a blank, the time in China; or by RFC 3339.
pub(super) fn read_instant(text: &str) -> Option<OffsetDateTime> {
    if let Ok(instant) = OffsetDateTime::parse(text, &Rfc3339) {
        return Some(instant.to_offset(CHINA));
    }
    let (day, time) = text.split_once([' ', 'T']).unwrap_or((text, "0:00"));
    let mut parts = time.trim().split(':').map(|part| part.parse::<u8>().ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(0))?;
    let time = Time::from_hms(hour, minute, second).ok()?;
    parts.next().is_none().then_some(())?;
    Some(PrimitiveDateTime::new(read_day(day)?, time).assume_offset(CHINA))
}

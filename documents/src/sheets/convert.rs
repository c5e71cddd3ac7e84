//! From a raw value to the cell of a column: what a person meant, where that is beyond doubt, and a reason where it is not.

use std::borrow::Cow;

use rust_decimal::Decimal;
use strum::{EnumIter, IntoStaticStr};
use time::{Date, OffsetDateTime, Time};

use super::grid::Raw;
use super::moments::{day_text, moment_text, read_day, read_instant};
use super::{CHINA, Cell, Choice, Column, ColumnKind};

/// Why a cell was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Reason {
    /// It must not be empty.
    Required,
    /// It has more characters than it may.
    TooLong,
    /// It is no number.
    NotANumber,
    /// It is no whole number.
    NotAnInteger,
    /// It has more places after the point than it may.
    TooManyPlaces,
    /// It is a number of more than 15 digits, of which the spreadsheet has lost the last.
    PrecisionLost,
    /// It is no day.
    NotADay,
    /// It is no instant.
    NotAnInstant,
    /// It is neither yes nor no.
    NotABoolean,
    /// It is none of the choices.
    NotAChoice,
    /// Its formula has no result.
    FormulaError,
}

impl Reason {
    /// The stable code, in snake case.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }
}

/// Numbers from here on have lost digits: a spreadsheet keeps 15.
const EXACT: f64 = 1e15;
const YES: [&str; 8] = ["是", "有", "true", "yes", "y", "1", "√", "✓"];
const NO: [&str; 8] = ["否", "无", "false", "no", "n", "0", "×", "✗"];

/// The cell that a raw value means in a column.
pub(super) fn convert(raw: &Raw, column: &Column) -> Result<Cell, Reason> {
    if raw.is_empty() {
        return if column.required { Err(Reason::Required) } else { Ok(Cell::Empty) };
    }
    if matches!(raw, Raw::Error(_)) {
        return Err(Reason::FormulaError);
    }
    match &column.kind {
        ColumnKind::Text { most } => {
            let text = exact_text(raw)?;
            if text.chars().count() > *most { Err(Reason::TooLong) } else { Ok(Cell::Text(text)) }
        }
        ColumnKind::Integer => {
            let number = number(raw)?.normalize();
            if number.scale() > 0 {
                return Err(Reason::NotAnInteger);
            }
            i64::try_from(number).map(Cell::Integer).map_err(|_| Reason::NotAnInteger)
        }
        ColumnKind::Decimal { places } => {
            let number = number(raw)?.normalize();
            if number.scale() > *places { Err(Reason::TooManyPlaces) } else { Ok(Cell::Decimal(number)) }
        }
        ColumnKind::Day => day(raw).map(Cell::Day).ok_or(Reason::NotADay),
        ColumnKind::Instant => instant(raw).map(Cell::Instant).ok_or(Reason::NotAnInstant),
        ColumnKind::Boolean => boolean(raw).map(Cell::Boolean).ok_or(Reason::NotABoolean),
        ColumnKind::Choice(choices) => choice(&exact_text(raw)?, choices),
    }
}

/// A raw value as a person sees it, for a report on it.
pub(super) fn shown(raw: &Raw) -> String {
    match raw {
        Raw::Empty => String::new(),
        Raw::Text(text) | Raw::Error(text) => text.clone(),
        Raw::Number(number) => fifteen_digits(*number),
        Raw::Boolean(truth) => truth.to_string().to_uppercase(),
        Raw::Moment(moment) if moment.time() == Time::MIDNIGHT => day_text(moment.date()),
        Raw::Moment(moment) => moment_text(*moment),
    }
}

/// The same without blanks around it, where nothing of it was lost.
fn exact_text(raw: &Raw) -> Result<String, Reason> {
    if matches!(raw, Raw::Number(number) if number.abs() >= EXACT) {
        return Err(Reason::PrecisionLost);
    }
    Ok(shown(raw).trim().to_owned())
}

/// A number by the 15 digits that a spreadsheet shows, without exponent and without `.0`.
fn fifteen_digits(number: f64) -> String {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    format!("{rounded}")
}

/// Full-width digits, signs and blanks as the plain ones.
fn plain(text: &str) -> Cow<'_, str> {
    let wide = |c: char| matches!(c, '\u{ff01}'..='\u{ff5e}' | '\u{3000}');
    if !text.contains(wide) {
        return Cow::Borrowed(text);
    }
    let narrow = |c: char| match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    Cow::Owned(text.chars().map(narrow).collect())
}

fn number(raw: &Raw) -> Result<Decimal, Reason> {
    if matches!(raw, Raw::Moment(_) | Raw::Boolean(_)) {
        return Err(Reason::NotANumber);
    }
    let text = exact_text(raw)?;
    let text = plain(&text);
    let text = ungrouped(text.trim()).ok_or(Reason::NotANumber)?;
    Decimal::from_str_exact(&text).map_err(|_| Reason::NotANumber)
}

/// A number without the commas between its thousands, where they stand right.
fn ungrouped(text: &str) -> Option<Cow<'_, str>> {
    let written = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+');
    if !text.chars().all(written) {
        return None;
    }
    if !text.contains(',') {
        return Some(Cow::Borrowed(text));
    }
    let whole = text.split('.').next()?.trim_start_matches(['-', '+']);
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let right = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    (right && !text.split('.').skip(1).any(|places| places.contains(',')))
        .then(|| Cow::Owned(text.replace(',', "")))
}

fn day(raw: &Raw) -> Option<Date> {
    if let Raw::Moment(moment) = raw {
        return (moment.time() == Time::MIDNIGHT).then_some(moment.date());
    }
    read_day(plain(&exact_text(raw).ok()?).trim())
}

fn instant(raw: &Raw) -> Option<OffsetDateTime> {
    if let Raw::Moment(moment) = raw {
        return Some(moment.assume_offset(CHINA));
    }
    read_instant(plain(&exact_text(raw).ok()?).trim())
}

fn boolean(raw: &Raw) -> Option<bool> {
    if let Raw::Boolean(truth) = raw {
        return Some(*truth);
    }
    let text = exact_text(raw).ok()?;
    let text = plain(&text).trim().to_lowercase();
    if YES.contains(&text.as_str()) { Some(true) } else { NO.contains(&text.as_str()).then_some(false) }
}

fn choice(text: &str, choices: &[Choice]) -> Result<Cell, Reason> {
    let says = |choice: &&Choice| {
        choice.code == text || choice.label.zh == text || choice.label.en.eq_ignore_ascii_case(text)
    };
    let found = choices.iter().find(says).ok_or(Reason::NotAChoice)?;
    Ok(Cell::Choice(found.code.clone()))
}

//! Sheets: rows of typed cells under columns, written as XLSX or CSV, and read back from what people made of them.

use rust_decimal::Decimal;
use time::{Date, OffsetDateTime, UtcOffset};

mod convert;
mod csv_writer;
mod grid;
mod guard;
mod marked;
mod moments;
mod reading;
mod template;
#[cfg(test)]
mod tests;
mod writing;
mod xlsx_writer;

pub use convert::Reason;
pub use marked::{Beside, Mark, MarkingFault, marked};
pub use reading::{CellFault, Limits, ReadingFault, Row, Table, read};
pub use template::template;
pub use writing::{Format, Writer, WritingFault};

/// The offset of every instant in a sheet: China knows one, all year.
const CHINA: UtcOffset = match UtcOffset::from_hms(8, 0, 0) {
    Ok(offset) => offset,
    Err(_) => UtcOffset::UTC,
};

/// The languages of headings and labels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Title {
    /// A text in both languages.
    #[must_use]
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The text in one of them.
    #[must_use]
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

/// A column of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What programs call it.
    pub key: String,
    /// What people call it.
    pub title: Title,
    /// What its cells hold.
    pub kind: ColumnKind,
    /// How wide it is, in characters of the Latin alphabet.
    pub width: u16,
    /// Whether a cell of it must not be empty.
    pub required: bool,
}

/// What the cells of a column hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// A text, also a telephone number or a code of digits.
    Text {
        /// How many characters it has at most.
        most: usize,
    },
    /// A whole number.
    Integer,
    /// A number with places after the point.
    Decimal {
        /// How many at most.
        places: u32,
    },
    /// A day.
    Day,
    /// A day with the time of it, in China.
    Instant,
    /// Yes or no.
    Boolean,
    /// One of several.
    Choice(Vec<Choice>),
}

/// One of several things that a cell may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What programs call it.
    pub code: String,
    /// What people call it.
    pub label: Title,
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with places after the point.
    Decimal(Decimal),
    /// A day.
    Day(Date),
    /// An instant.
    Instant(OffsetDateTime),
    /// Yes or no.
    Boolean(bool),
    /// The code of a choice.
    Choice(String),
}

impl Cell {
    /// A number with places after the point, where a text is one.
    #[must_use]
    pub fn decimal(text: &str) -> Option<Self> {
        text.parse().ok().map(Self::Decimal)
    }
}

/// The letters of a column, which is counted from nought: A, B, …, Z, AA.
#[must_use]
pub fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(u8::try_from((rest - 1) % 26).map_or('?', |letter| char::from(b'A' + letter)));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

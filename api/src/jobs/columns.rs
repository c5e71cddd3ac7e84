//! Columns: what stands in a sheet, drawn from what the operations that read it show.

use pingxuan_documents::sheets::{Cell, Choice, Column, ColumnKind, Language as SheetLanguage, Title};
use pingxuan_domain::{Day, Instant};
use serde_json::Value;
use time::OffsetDateTime;

use crate::catalogue::{Language, label, text};
use crate::enums;

/// The longest text that is asked of a column of an export; a cell of a spreadsheet holds no more.
const LONGEST: usize = 32_767;

/// A column of an export, with the pointer into what is shown.
#[derive(Clone, Debug)]
pub struct Field {
    /// The column.
    pub column: Column,
    pointer: String,
}

impl Field {
    /// A column whose title stands in the catalogue under its key.
    #[must_use]
    pub fn new(key: &str, pointer: &str, kind: ColumnKind, width: u16) -> Self {
        Self { column: titled(key, kind, width), pointer: pointer.to_owned() }
    }

    /// A column with a title of its own.
    #[must_use]
    pub fn named(key: &str, title: Title, pointer: String, kind: ColumnKind) -> Self {
        let column = Column { key: key.to_owned(), title, kind, width: 20, required: false };
        Self { column, pointer }
    }

    /// What stands in it of something that is shown.
    #[must_use]
    pub fn cell(&self, shown: &Value) -> Cell {
        shown.pointer(&self.pointer).map_or(Cell::Empty, |value| cell(value, &self.column.kind))
    }
}

/// The columns of fields.
#[must_use]
pub fn columns(fields: &[Field]) -> Vec<Column> {
    fields.iter().map(|field| field.column.clone()).collect()
}

/// The row of something that is shown.
#[must_use]
pub fn row(fields: &[Field], shown: &Value) -> Vec<Cell> {
    fields.iter().map(|field| field.cell(shown)).collect()
}

/// A column whose title stands in the catalogue under its key.
#[must_use]
pub fn titled(key: &str, kind: ColumnKind, width: u16) -> Column {
    Column { key: key.to_owned(), title: title(&format!("column-{key}")), kind, width, required: false }
}

/// A text of the catalogue in both languages.
#[must_use]
pub fn title(key: &str) -> Title {
    let said = |language| text(language, key).unwrap_or_else(|| key.to_owned());
    Title::new(said(Language::Chinese), said(Language::English))
}

/// Texts of any length.
#[must_use]
pub fn texts() -> ColumnKind {
    ColumnKind::Text { most: LONGEST }
}

/// Figures with two places.
#[must_use]
pub fn figures() -> ColumnKind {
    ColumnKind::Decimal { places: 2 }
}

/// The values of an enumeration, with their labels.
#[must_use]
pub fn choices(enumeration: &str) -> ColumnKind {
    let all = enums::all();
    let values = all.iter().find(|(name, _)| *name == enumeration).map_or(&[][..], |(_, values)| values);
    let choice = |value: &&str| {
        let said = |language| label(language, enumeration, value);
        let label = Title::new(said(Language::Chinese), said(Language::English));
        Choice { code: (*value).to_owned(), label }
    };
    ColumnKind::Choice(values.iter().map(choice).collect())
}

/// The language of sheets.
#[must_use]
pub fn sheet_language(language: Language) -> SheetLanguage {
    match language {
        Language::Chinese => SheetLanguage::Zh,
        Language::English => SheetLanguage::En,
    }
}

/// An instant, for sheets.
#[must_use]
pub fn moment(instant: Instant) -> OffsetDateTime {
    let nanoseconds = i128::from(instant.millis()) * 1_000_000;
    OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// A JSON value as what its column holds; as a text where it is something else.
fn cell(value: &Value, kind: &ColumnKind) -> Cell {
    let said = said(value);
    if said.is_empty() {
        return Cell::Empty;
    }
    let typed = match kind {
        ColumnKind::Text { .. } => None,
        ColumnKind::Integer => value.as_i64().map(Cell::Integer),
        ColumnKind::Decimal { .. } => Cell::decimal(&said),
        ColumnKind::Day => said.parse().ok().map(|day: Day| Cell::Day(day.date())),
        ColumnKind::Instant => said.parse().ok().map(|instant| Cell::Instant(moment(instant))),
        ColumnKind::Boolean => value.as_bool().map(Cell::Boolean),
        ColumnKind::Choice(_) => Some(Cell::Choice(said.clone())),
    };
    typed.unwrap_or(Cell::Text(said))
}

fn said(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(said).collect::<Vec<_>>().join("；"),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

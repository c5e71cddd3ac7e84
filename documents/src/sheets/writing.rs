//! The writer of rows: an export is written once and comes out as XLSX or as CSV.

use std::io;
use std::path::Path;

use rust_decimal::Decimal;
use rust_xlsxwriter::XlsxError;
use strum::EnumIter;
use thiserror::Error;
use time::OffsetDateTime;

use super::csv_writer::CsvWriter;
use super::moments::{day_text, instant_text};
use super::xlsx_writer::XlsxWriter;
use super::{Cell, Choice, Column, ColumnKind, Language};

/// The forms in which rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter)]
pub enum Format {
    /// A workbook of Office Open XML, with several sheets.
    Xlsx,
    /// Values between commas (RFC 4180), in UTF-8 with the mark that spreadsheets know it by; one sheet.
    Csv,
}

/// Why rows cannot be written.
#[derive(Debug, Error)]
pub enum WritingFault {
    /// The file could not be written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The workbook could not be written.
    #[error(transparent)]
    Workbook(#[from] XlsxError),
    /// The values could not be written.
    #[error(transparent)]
    Values(#[from] csv::Error),
    /// A row came before its sheet.
    #[error("a row without a sheet")]
    NoSheet,
    /// CSV has no second sheet.
    #[error("a second sheet in CSV")]
    OneSheet,
    /// A row does not fit the columns.
    #[error("{cells} cells for {columns} columns")]
    Cells {
        /// How many cells it has.
        cells: usize,
        /// How many columns there are.
        columns: usize,
    },
}

/// Writes rows to a file, one after another, in memory that does not grow with them.
pub struct Writer(Target);

enum Target {
    Xlsx(Box<XlsxWriter>),
    Csv(Box<CsvWriter>),
}

impl Writer {
    /// Begins a file. A workbook keeps the instant at which it was made; its rows wait beside it until it is finished.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn create(
        path: &Path,
        format: Format,
        language: Language,
        made: OffsetDateTime,
    ) -> Result<Self, WritingFault> {
        Ok(Self(match format {
            Format::Xlsx => Target::Xlsx(Box::new(XlsxWriter::create(path, language, made)?)),
            Format::Csv => Target::Csv(Box::new(CsvWriter::create(path, language)?)),
        }))
    }

    /// Begins a sheet with its headings. What a sheet must not be called is left out of its name.
    ///
    /// # Errors
    /// It cannot be written, or is a second one in CSV.
    pub fn sheet(&mut self, name: &str, columns: &[Column]) -> Result<(), WritingFault> {
        match &mut self.0 {
            Target::Xlsx(writer) => writer.sheet(name, columns),
            Target::Csv(writer) => writer.sheet(columns),
        }
    }

    /// Writes a row of the sheet that was begun last.
    ///
    /// # Errors
    /// It cannot be written, or does not fit the columns.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), WritingFault> {
        match &mut self.0 {
            Target::Xlsx(writer) => writer.row(cells),
            Target::Csv(writer) => writer.row(cells),
        }
    }

    /// Ends the file.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn finish(self) -> Result<(), WritingFault> {
        match self.0 {
            Target::Xlsx(writer) => writer.finish(),
            Target::Csv(writer) => writer.finish(),
        }
    }

    /// The same with shorter sheets, so that a test reaches the end of one.
    #[cfg(test)]
    pub(super) fn with_rows(mut self, rows: u32) -> Self {
        if let Target::Xlsx(writer) = &mut self.0 {
            writer.most_rows = rows;
        }
        self
    }
}

pub(super) fn check_width(cells: &[Cell], columns: &[Column]) -> Result<(), WritingFault> {
    if cells.len() == columns.len() {
        Ok(())
    } else {
        Err(WritingFault::Cells { cells: cells.len(), columns: columns.len() })
    }
}

/// A cell as people read it.
pub(super) fn text(cell: &Cell, column: &Column, language: Language) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Integer(number) => number.to_string(),
        Cell::Decimal(number) => decimal(*number, &column.kind),
        Cell::Day(day) => day_text(*day),
        Cell::Instant(instant) => instant_text(*instant),
        Cell::Boolean(truth) => boolean(*truth, language).to_owned(),
        Cell::Choice(code) => label(code, column, language).to_owned(),
    }
}

fn decimal(number: Decimal, kind: &ColumnKind) -> String {
    if let ColumnKind::Decimal { places } = kind {
        format!("{number:.*}", *places as usize)
    } else {
        number.to_string()
    }
}

const fn boolean(truth: bool, language: Language) -> &'static str {
    match (truth, language) {
        (true, Language::Zh) => "是",
        (false, Language::Zh) => "否",
        (true, Language::En) => "TRUE",
        (false, Language::En) => "FALSE",
    }
}

/// The label of a choice; a code that the column does not know stands for itself.
fn label<'a>(code: &'a str, column: &'a Column, language: Language) -> &'a str {
    let choices: &[Choice] = if let ColumnKind::Choice(choices) = &column.kind { choices } else { &[] };
    choices.iter().find(|choice| choice.code == code).map_or(code, |choice| choice.label.of(language))
}

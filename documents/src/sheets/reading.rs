//! The reader of tables: headings in any order, every cell as its column wants it, every fault with its place.

use std::io;
use std::path::Path;

use strum::IntoStaticStr;
use thiserror::Error;

use super::convert::{Reason, convert, shown};
use super::grid::{Raw, rows};
use super::{Cell, Column, letters};
use crate::inspection::{self, InspectionError, Refusal};

/// What a table may be at most.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The file and what it unpacks to.
    pub content: inspection::Limits,
    /// Rows under the headings.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Faults that are kept; the others are counted.
    pub faults: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let content = inspection::Limits {
            bytes: 20 << 20,
            unpacked: 128 << 20,
            entries: 1_000,
            ..inspection::Limits::default()
        };
        Self { content, rows: 20_000, columns: 100, faults: 1_000 }
    }
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The rows without a fault, in their order.
    pub rows: Vec<Row>,
    /// What is wrong with the others.
    pub faults: Vec<CellFault>,
    /// How many faults are not told, because there are too many.
    pub more_faults: usize,
    /// How many rows there are, with those that have a fault.
    pub count: usize,
    /// Where each column is in the file, counted from nought, in the order in which the caller gave them.
    pub places: Vec<usize>,
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its number in the file, as a spreadsheet shows it.
    pub number: u32,
    /// A cell for each column, in the order in which the caller gave them.
    pub cells: Vec<Cell>,
}

/// What is wrong with a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellFault {
    /// The number of its row, as a spreadsheet shows it.
    pub row: u32,
    /// Its column in the file, counted from nought.
    pub column: usize,
    /// The letters of that column.
    pub letters: String,
    /// The key of the column.
    pub key: String,
    /// What is wrong.
    pub reason: Reason,
    /// What the cell holds, at most 100 characters of it.
    pub value: String,
}

/// Why nothing was read.
#[derive(Debug, Error, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ReadingFault {
    /// The file must not be read.
    #[error(transparent)]
    Refused(Refusal),
    /// It cannot be read here.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Its letters are neither UTF-8 nor GB18030.
    #[error("neither UTF-8 nor GB18030")]
    Encoding,
    /// It has no sheet that can be seen.
    #[error("no visible sheet")]
    NoSheet,
    /// It has no headings, or nothing under them.
    #[error("no rows")]
    NoRows,
    /// It has too many rows.
    #[error("more rows than {most}")]
    TooManyRows {
        /// How many there may be.
        most: usize,
    },
    /// It has too many columns.
    #[error("more columns than {most}")]
    TooManyColumns {
        /// How many there may be.
        most: usize,
    },
    /// Its headings are not those of the columns.
    #[error("headings: missing {missing:?}, unknown {unknown:?}, duplicate {duplicate:?}")]
    Headings {
        /// The keys of columns that no heading names.
        missing: Vec<String>,
        /// Headings that name no column, with the letters of theirs.
        unknown: Vec<(String, String)>,
        /// Headings that name a column again, with the letters of theirs.
        duplicate: Vec<(String, String)>,
    },
}

impl ReadingFault {
    /// The stable code, in snake case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        if let Self::Refused(refusal) = self { refusal.code() } else { self.into() }
    }
}

impl From<Refusal> for ReadingFault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<InspectionError> for ReadingFault {
    fn from(error: InspectionError) -> Self {
        match error {
            InspectionError::Refused(refusal) => Self::Refused(refusal),
            InspectionError::Io(error) => Self::Io(error),
        }
    }
}

const LONGEST_VALUE: usize = 100;

/// Reads a table from XLSX (its first visible sheet) or CSV.
///
/// # Errors
/// The file is refused, or its headings do not fit. Faults of cells are in the table.
pub fn read(path: &Path, columns: &[Column], limits: &Limits) -> Result<Table, ReadingFault> {
    let mut table = Table::default();
    let mut places: Option<Vec<usize>> = None;
    let mut count = 0;
    rows(path, limits, |number, values| {
        match &places {
            None => places = Some(match_headings(&values, columns)?),
            Some(places) => {
                count += 1;
                table.add(number, &values, columns, places, limits.faults);
            }
        }
        Ok(())
    })?;
    if count == 0 {
        return Err(ReadingFault::NoRows);
    }
    Ok(Table { count, places: places.unwrap_or_default(), ..table })
}

impl Table {
    fn add(&mut self, number: u32, values: &[Raw], columns: &[Column], places: &[usize], most: usize) {
        let mut cells = Vec::with_capacity(columns.len());
        for (column, place) in columns.iter().zip(places) {
            let raw = values.get(*place).unwrap_or(&Raw::Empty);
            match convert(raw, column) {
                Ok(cell) => cells.push(cell),
                Err(_) if self.faults.len() >= most => self.more_faults += 1,
                Err(reason) => self.faults.push(CellFault {
                    row: number,
                    column: *place,
                    letters: letters(*place),
                    key: column.key.clone(),
                    reason,
                    value: shown(raw).chars().take(LONGEST_VALUE).collect(),
                }),
            }
        }
        if cells.len() == columns.len() {
            self.rows.push(Row { number, cells });
        }
    }
}

/// Where each column is in the file.
fn match_headings(headings: &[Raw], columns: &[Column]) -> Result<Vec<usize>, ReadingFault> {
    let mut places = vec![None; columns.len()];
    let (mut unknown, mut duplicate) = (Vec::new(), Vec::new());
    for (at, heading) in headings.iter().enumerate().filter(|(_, heading)| !heading.is_empty()) {
        let text = shown(heading).trim().to_owned();
        let named = columns.iter().position(|column| {
            column.title.zh == text
                || column.title.en.eq_ignore_ascii_case(&text)
                || column.key.eq_ignore_ascii_case(&text)
        });
        match named.and_then(|column| places.get_mut(column)) {
            Some(place @ None) => *place = Some(at),
            Some(Some(_)) => duplicate.push((letters(at), text)),
            None => unknown.push((letters(at), text)),
        }
    }
    // What need not be filled in may be left out: nothing stands beyond the last heading.
    let left_out = |column: &Column| (!column.required).then_some(headings.len());
    let found = places.iter().zip(columns).map(|(place, column)| place.or_else(|| left_out(column)));
    let found: Option<Vec<usize>> = found.collect();
    match found {
        Some(places) if unknown.is_empty() && duplicate.is_empty() => Ok(places),
        _ => {
            let missing = columns.iter().zip(&places).filter(|(_, place)| place.is_none());
            let missing = missing.map(|(column, _)| column.key.clone()).collect();
            Err(ReadingFault::Headings { missing, unknown, duplicate })
        }
    }
}

//! The table that goes back to the one who sent it: as it came, with what is wrong in red, told in a comment and listed on a sheet.

use std::collections::BTreeMap;
use std::path::Path;

use rust_xlsxwriter::{Color, Format, Note, Worksheet, XlsxError};
use time::{OffsetDateTime, Time};

use super::convert::shown;
use super::grid::{Raw, rows};
use super::moments::excel;
use super::xlsx_writer::{heading_format, short, workbook};
use super::{Language, Limits, ReadingFault, WritingFault, letters};

/// What is wrong with a cell, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The number of its row, as a spreadsheet shows it.
    pub row: u32,
    /// Its column in the file, counted from nought.
    pub column: usize,
    /// The sentence.
    pub text: String,
}

/// A sheet that stands behind the marked one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    /// Its name.
    pub name: String,
    /// Its headings.
    pub headings: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}

/// Why a table cannot be marked.
#[derive(Debug, thiserror::Error)]
pub enum MarkingFault {
    /// It cannot be read again.
    #[error(transparent)]
    Reading(#[from] ReadingFault),
    /// The marked one cannot be written.
    #[error(transparent)]
    Writing(#[from] WritingFault),
}

impl From<XlsxError> for MarkingFault {
    fn from(error: XlsxError) -> Self {
        Self::Writing(error.into())
    }
}

/// The marks by row and column.
type Marks<'a> = BTreeMap<(u32, usize), Vec<&'a str>>;

/// Writes a workbook of what a file holds, with the marks, and with another sheet behind it. Formulas are written as their results.
///
/// # Errors
/// The file cannot be read, or the workbook not be written.
pub fn marked(
    original: &Path,
    (marks, beside): (&[Mark], Option<&Beside>),
    limits: &Limits,
    language: Language,
    made: OffsetDateTime,
    to: &Path,
) -> Result<(), MarkingFault> {
    let [table, list] = match language {
        Language::Zh => ["填写", "问题清单"],
        Language::En => ["Table", "Problems"],
    };
    let mut by_cell = Marks::new();
    for mark in marks {
        by_cell.entry((mark.row, mark.column)).or_default().push(&mark.text);
    }
    let mut workbook = workbook(made)?;
    let sheet = workbook.add_worksheet().set_name(table)?;
    let mut headings: Vec<Raw> = Vec::new();
    let mut values = BTreeMap::new();
    let mut written = Ok(());
    rows(original, limits, |number, cells| {
        for (column, value) in cells.iter().enumerate() {
            if by_cell.contains_key(&(number, column)) {
                values.insert((number, column), shown(value));
            }
        }
        let row = write_row(sheet, number, &cells, &by_cell, headings.is_empty());
        written = std::mem::replace(&mut written, Ok(())).and(row);
        if headings.is_empty() {
            headings = cells;
        }
        Ok(())
    })?;
    written?;
    let red = red();
    for ((row, column), texts) in &by_cell {
        let Some((row, at)) = place(*row, *column) else { continue };
        if !values.contains_key(&(row + 1, *column)) {
            sheet.write_blank(row, at, &red)?;
        }
        sheet.insert_note(row, at, &Note::new(note(texts)).add_author_prefix(false))?;
    }
    list_marks(workbook.add_worksheet().set_name(list)?, &by_cell, &headings, &values, language)?;
    if let Some(beside) = beside {
        let sheet = workbook.add_worksheet().set_name(&beside.name)?;
        for (at, heading) in (0..).zip(&beside.headings) {
            sheet.set_column_width(at, 24)?;
            sheet.write_string_with_format(0, at, short(heading), &heading_format())?;
        }
        for (line, row) in (1..).zip(&beside.rows) {
            for (at, cell) in (0..).zip(row) {
                sheet.write_string(line, at, short(cell))?;
            }
        }
    }
    workbook.save(to)?;
    Ok(())
}

fn place(row: u32, column: usize) -> Option<(u32, u16)> {
    Some((row.checked_sub(1)?, u16::try_from(column).ok()?))
}

/// The texts of a cell; a comment holds as much as a cell.
fn note(texts: &[&str]) -> String {
    short(&texts.join("\n"))
}

fn red() -> Format {
    Format::new().set_background_color(Color::RGB(0x00FF_C7CE)).set_font_color(Color::RGB(0x009C_0006))
}

fn write_row(
    sheet: &mut Worksheet,
    number: u32,
    cells: &[Raw],
    marks: &Marks<'_>,
    heading: bool,
) -> Result<(), XlsxError> {
    for (column, value) in cells.iter().enumerate() {
        let Some((row, at)) = place(number, column) else { continue };
        let format = match (marks.contains_key(&(number, column)), heading) {
            (true, _) => red(),
            (false, true) => heading_format(),
            (false, false) => Format::new(),
        };
        match value {
            Raw::Empty => {}
            Raw::Number(value) => {
                sheet.write_number_with_format(row, at, *value, &format)?;
            }
            Raw::Boolean(value) => {
                sheet.write_boolean_with_format(row, at, *value, &format)?;
            }
            Raw::Moment(moment) => match excel(*moment) {
                Ok(written) => {
                    let day = moment.time() == Time::MIDNIGHT;
                    let format =
                        format.set_num_format(if day { "yyyy-mm-dd" } else { "yyyy-mm-dd hh:mm:ss" });
                    sheet.write_datetime_with_format(row, at, &written, &format)?;
                }
                Err(_) => {
                    sheet.write_string_with_format(row, at, shown(value), &format)?;
                }
            },
            Raw::Text(_) | Raw::Error(_) => {
                sheet.write_string_with_format(row, at, short(&shown(value)), &format)?;
            }
        }
    }
    Ok(())
}

fn list_marks(
    sheet: &mut Worksheet,
    marks: &Marks<'_>,
    headings: &[Raw],
    values: &BTreeMap<(u32, usize), String>,
    language: Language,
) -> Result<(), XlsxError> {
    let titles = match language {
        Language::Zh => ["行", "列", "列名", "内容", "问题"],
        Language::En => ["row", "column", "heading", "value", "problem"],
    };
    for ((at, title), width) in (0..).zip(titles).zip([8, 8, 20, 30, 60]) {
        sheet.set_column_width(at, width)?;
        sheet.write_string_with_format(0, at, title, &heading_format())?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (line, ((row, column), texts)) in (1..).zip(marks) {
        let heading = headings.get(*column).map(shown).unwrap_or_default();
        let value = values.get(&(*row, *column)).map(String::as_str).unwrap_or_default();
        sheet.write_number(line, 0, *row)?;
        for (at, text) in (1..).zip([&letters(*column), &heading, value, &note(texts)]) {
            sheet.write_string(line, at, short(text))?;
        }
    }
    Ok(())
}

//! Rows as a workbook: typed cells, headings that stay in sight, in memory that does not grow with the rows.

use std::path::{Path, PathBuf};

use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError,
};
use time::{OffsetDateTime, PrimitiveDateTime, Time};

use super::moments::{excel, local};
use super::writing::{check_width, text};
use super::{Cell, Column, ColumnKind, Language, WritingFault};

/// The rows that a sheet can have.
const MOST_ROWS: u32 = 1_048_576;
/// The longest text of a cell, in UTF-16 units, and what stands at the end of one that was cut.
const LONGEST: usize = 32_767;
const CUT: &str = "…（已截断 cut）";
/// Numbers with more digits are not kept by Excel.
const DIGITS: u32 = 15;
const LONGEST_NAME: usize = 31;

/// Writes a workbook.
pub(super) struct XlsxWriter {
    workbook: Workbook,
    path: PathBuf,
    styles: Styles,
    sheet: Option<Open>,
    names: Vec<String>,
    pub most_rows: u32,
}

/// How cells look, whatever their column.
struct Styles {
    language: Language,
    day: Format,
    instant: Format,
}

/// The sheet that is being written.
struct Open {
    index: usize,
    name: String,
    columns: Vec<Column>,
    formats: Vec<Format>,
    rows: u32,
}

impl XlsxWriter {
    pub fn create(path: &Path, language: Language, made: OffsetDateTime) -> Result<Self, WritingFault> {
        let mut workbook = workbook(made)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        workbook.set_tempdir(folder.unwrap_or(Path::new(".")))?;
        Ok(Self {
            workbook,
            path: path.to_owned(),
            styles: Styles {
                language,
                day: Format::new().set_num_format("yyyy-mm-dd"),
                instant: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            },
            sheet: None,
            names: Vec::new(),
            most_rows: MOST_ROWS,
        })
    }

    pub fn sheet(&mut self, name: &str, columns: &[Column]) -> Result<(), WritingFault> {
        self.close()?;
        let unique = unique_name(name, &mut self.names);
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(unique)?;
        headings(sheet, columns, self.styles.language)?;
        self.sheet = Some(Open {
            index: self.names.len() - 1,
            name: name.to_owned(),
            columns: columns.to_vec(),
            formats: columns.iter().map(|column| number_format(&column.kind)).collect(),
            rows: 1,
        });
        Ok(())
    }

    pub fn row(&mut self, cells: &[Cell]) -> Result<(), WritingFault> {
        let full = self.sheet.as_ref().is_some_and(|open| open.rows >= self.most_rows);
        if full && let Some(open) = self.sheet.take() {
            self.end(&open)?;
            self.sheet(&open.name, &open.columns)?;
        }
        let open = self.sheet.as_mut().ok_or(WritingFault::NoSheet)?;
        check_width(cells, &open.columns)?;
        let sheet = self.workbook.worksheet_from_index(open.index)?;
        let formats = open.columns.iter().zip(&open.formats);
        for (at, (cell, (column, number))) in (0..).zip(cells.iter().zip(formats)) {
            let place = Place { sheet, row: open.rows, column: at };
            place.write(cell, column, &self.styles, number)?;
        }
        open.rows += 1;
        Ok(())
    }

    pub fn finish(mut self) -> Result<(), WritingFault> {
        self.close()?;
        if self.names.is_empty() {
            return Err(WritingFault::NoSheet);
        }
        Ok(self.workbook.save(&self.path)?)
    }

    fn close(&mut self) -> Result<(), WritingFault> {
        match self.sheet.take() {
            Some(open) => self.end(&open),
            None => Ok(()),
        }
    }

    fn end(&mut self, open: &Open) -> Result<(), WritingFault> {
        if let Some(last) = open.columns.len().checked_sub(1) {
            let last = u16::try_from(last).unwrap_or(u16::MAX);
            self.workbook.worksheet_from_index(open.index)?.autofilter(0, 0, open.rows - 1, last)?;
        }
        Ok(())
    }
}

/// A cell of a sheet.
struct Place<'a> {
    sheet: &'a mut Worksheet,
    row: u32,
    column: u16,
}

impl Place<'_> {
    /// Writes a cell as what it is, and as a text where Excel would lose some of it.
    fn write(self, cell: &Cell, column: &Column, styles: &Styles, number: &Format) -> Result<(), XlsxError> {
        let shown = || text(cell, column, styles.language);
        match cell {
            Cell::Empty => Ok(()),
            Cell::Integer(value) => self.number(value.to_f64(), shown(), number),
            Cell::Decimal(value) => self.number(value.to_f64(), shown(), number),
            Cell::Boolean(truth) if styles.language == Language::En => {
                self.sheet.write_boolean(self.row, self.column, *truth).map(drop)
            }
            Cell::Day(day) => self.moment(PrimitiveDateTime::new(*day, Time::MIDNIGHT), shown(), &styles.day),
            Cell::Instant(instant) => self.moment(local(*instant), shown(), &styles.instant),
            Cell::Text(_) | Cell::Boolean(_) | Cell::Choice(_) => self.text(&shown()),
        }
    }

    fn number(self, value: Option<f64>, shown: String, format: &Format) -> Result<(), XlsxError> {
        match value {
            Some(value) if digits(&shown) <= DIGITS => {
                self.sheet.write_number_with_format(self.row, self.column, value, format).map(drop)
            }
            _ => self.text(&shown),
        }
    }

    fn moment(self, value: PrimitiveDateTime, shown: String, format: &Format) -> Result<(), XlsxError> {
        match excel(value) {
            Ok(value) => {
                self.sheet.write_datetime_with_format(self.row, self.column, &value, format).map(drop)
            }
            Err(_) => self.text(&shown),
        }
    }

    fn text(self, value: &str) -> Result<(), XlsxError> {
        self.sheet.write_string(self.row, self.column, short(value)).map(drop)
    }
}

/// A workbook that says when it was made, and by no clock of its own.
pub(super) fn workbook(made: OffsetDateTime) -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_timestamp(made.unix_timestamp())?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    Ok(workbook)
}

/// Writes the first row, which stays in sight.
pub(super) fn headings(
    sheet: &mut Worksheet,
    columns: &[Column],
    language: Language,
) -> Result<(), XlsxError> {
    let plain = heading_format();
    let required = heading_format().set_font_color(Color::RGB(0x00C0_0000));
    for (at, column) in (0..).zip(columns) {
        sheet.set_column_width(at, f64::from(column.width))?;
        let format = if column.required { &required } else { &plain };
        sheet.write_string_with_format(0, at, short(column.title.of(language)), format)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// What a heading looks like.
pub(super) fn heading_format() -> Format {
    Format::new()
        .set_bold()
        .set_background_color(Color::RGB(0x00E7_EBF0))
        .set_align(FormatAlign::Center)
        .set_text_wrap()
}

fn number_format(kind: &ColumnKind) -> Format {
    let places = match kind {
        ColumnKind::Decimal { places } => *places as usize,
        ColumnKind::Integer => 0,
        ColumnKind::Text { .. }
        | ColumnKind::Day
        | ColumnKind::Instant
        | ColumnKind::Boolean
        | ColumnKind::Choice(_) => return Format::new(),
    };
    let point = if places > 0 { "." } else { "" };
    Format::new().set_num_format(format!("0{point}{}", "0".repeat(places)))
}

fn digits(number: &str) -> u32 {
    let digits = number.chars().filter(char::is_ascii_digit).skip_while(|digit| *digit == '0').count();
    u32::try_from(digits).unwrap_or(u32::MAX)
}

/// The text, cut where a cell cannot hold it, with a mark at the end of what is left.
pub(super) fn short(text: &str) -> String {
    // No text has more UTF-16 units than bytes.
    if text.len() <= LONGEST || text.encode_utf16().count() <= LONGEST {
        return text.to_owned();
    }
    let mut left = LONGEST - CUT.encode_utf16().count();
    let kept = text.chars().take_while(|c| {
        let fits = c.len_utf16() <= left;
        left = left.saturating_sub(c.len_utf16());
        fits
    });
    kept.chain(CUT.chars()).collect()
}

/// A name that a sheet may have and no other has, which is remembered.
pub(super) fn unique_name(name: &str, names: &mut Vec<String>) -> String {
    let cleaned: String = name
        .chars()
        .map(|c| if c.is_control() || "[]:*?/\\：？＊／＼［］".contains(c) { ' ' } else { c })
        .collect();
    let cleaned = cleaned.trim_matches(|c: char| c == '\'' || c.is_whitespace());
    // Excel keeps this name for itself.
    let cleaned =
        if cleaned.is_empty() || cleaned.eq_ignore_ascii_case("history") { "Sheet" } else { cleaned };
    let mut number = 1;
    loop {
        let ending = if number == 1 { String::new() } else { format!(" ({number})") };
        let mut room = LONGEST_NAME - ending.len();
        let start: String = cleaned
            .chars()
            .take_while(|c| {
                let fits = c.len_utf16() <= room;
                room = room.saturating_sub(c.len_utf16());
                fits
            })
            .collect();
        let unique = start.trim_end_matches(|c: char| c == '\'' || c.is_whitespace()).to_owned() + &ending;
        if !names.iter().any(|other| other.to_lowercase() == unique.to_lowercase()) {
            names.push(unique.clone());
            return unique;
        }
        number += 1;
    }
}

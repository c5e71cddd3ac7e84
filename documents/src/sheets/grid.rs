//! The grid of a file: its rows of raw values, from XLSX or CSV, one after another. What a file is, its first bytes say.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use csv::{ByteRecord, ReaderBuilder};
use encoding_rs::GB18030;
use time::PrimitiveDateTime;

use super::guard::unguarded;
use super::moments::from_serial;
use super::{Limits, ReadingFault};
use crate::inspection::{Kind, Refusal, inspect_content};

/// A value as the file has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Raw {
    #[default]
    Empty,
    Text(String),
    Number(f64),
    Boolean(bool),
    Moment(PrimitiveDateTime),
    Error(String),
}

impl Raw {
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::Number(_) | Self::Boolean(_) | Self::Moment(_) | Self::Error(_) => false,
        }
    }
}

/// Shows every row that is not empty, with its number, to a function.
pub(super) fn rows(
    path: &Path,
    limits: &Limits,
    see: impl FnMut(u32, Vec<Raw>) -> Result<(), ReadingFault>,
) -> Result<(), ReadingFault> {
    let mut start = [0; 4];
    let read = File::open(path)?.read(&mut start)?;
    let bytes = std::fs::metadata(path)?.len();
    if bytes > limits.content.bytes {
        return Err(Refusal::TooLarge { bytes, most: limits.content.bytes }.into());
    }
    let mut rows = Rows { limits, see, count: 0 };
    match start.get(..read) {
        Some([]) => Err(Refusal::EmptyFile.into()),
        Some(b"PK\x03\x04") => workbook(path, &mut rows),
        _ => values(path, &mut rows),
    }
}

/// Counts the rows on their way.
struct Rows<'a, F> {
    limits: &'a Limits,
    see: F,
    count: usize,
}

impl<F: FnMut(u32, Vec<Raw>) -> Result<(), ReadingFault>> Rows<'_, F> {
    fn show(&mut self, number: u32, mut cells: Vec<Raw>) -> Result<(), ReadingFault> {
        while cells.last().is_some_and(Raw::is_empty) {
            cells.pop();
        }
        if cells.is_empty() {
            return Ok(());
        }
        // The headings are a row too.
        if self.count > self.limits.rows {
            return Err(ReadingFault::TooManyRows { most: self.limits.rows });
        }
        if cells.len() > self.limits.columns {
            return Err(ReadingFault::TooManyColumns { most: self.limits.columns });
        }
        self.count += 1;
        (self.see)(number, cells)
    }
}

fn workbook<F>(path: &Path, rows: &mut Rows<'_, F>) -> Result<(), ReadingFault>
where
    F: FnMut(u32, Vec<Raw>) -> Result<(), ReadingFault>,
{
    inspect_content(&mut File::open(path)?, Kind::Xlsx, &rows.limits.content)?;
    let mut workbook: Xlsx<_> = Xlsx::new(BufReader::new(File::open(path)?)).map_err(unreadable)?;
    let mut sheets = workbook.sheets_metadata().iter();
    let visible = |sheet: &&calamine::Sheet| {
        sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible
    };
    let name = sheets.find(visible).ok_or(ReadingFault::NoSheet)?.name.clone();
    let since_1904 = workbook.has_1904_epoch();
    let mut cells = workbook.worksheet_cells_reader(&name).map_err(unreadable)?;
    let mut row = 0;
    let mut values = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        let (at, column) = cell.get_position();
        let value = raw(cell.get_value(), since_1904);
        if value.is_empty() {
            continue;
        }
        if at < row {
            return Err(Refusal::unreadable("its rows are out of order").into());
        }
        if at > row {
            rows.show(row + 1, std::mem::take(&mut values))?;
            row = at;
        }
        let column = column as usize;
        if column >= rows.limits.columns {
            return Err(ReadingFault::TooManyColumns { most: rows.limits.columns });
        }
        if values.len() <= column {
            values.resize(column + 1, Raw::Empty);
        }
        if let Some(place) = values.get_mut(column) {
            *place = value;
        }
    }
    rows.show(row + 1, values)
}

fn raw(value: &DataRef<'_>, since_1904: bool) -> Raw {
    match value {
        DataRef::Empty => Raw::Empty,
        DataRef::Int(number) => Raw::Text(number.to_string()),
        DataRef::Float(number) => Raw::Number(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            Raw::Text(text.clone())
        }
        DataRef::SharedString(text) => Raw::Text((*text).to_owned()),
        DataRef::Bool(truth) => Raw::Boolean(*truth),
        DataRef::DateTime(moment) => {
            from_serial(moment.as_f64(), since_1904).map_or(Raw::Number(moment.as_f64()), Raw::Moment)
        }
        DataRef::Error(error) => Raw::Error(error.to_string()),
    }
}

fn unreadable(error: XlsxError) -> ReadingFault {
    Refusal::unreadable(error.to_string()).into()
}

fn values<F>(path: &Path, rows: &mut Rows<'_, F>) -> Result<(), ReadingFault>
where
    F: FnMut(u32, Vec<Raw>) -> Result<(), ReadingFault>,
{
    let bytes = std::fs::read(path)?;
    let text = decode(&bytes)?;
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = ByteRecord::new();
    let mut number = 0;
    let mut from = 0;
    while reader.read_byte_record(&mut record).map_err(|error| Refusal::unreadable(error.to_string()))? {
        let until = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        // Empty lines are rows to a spreadsheet, and none to this reader.
        number += 1 + empty_lines(text.get(from..until).unwrap_or_default());
        from = until;
        let cells = record.iter().map(|field| {
            let text = String::from_utf8_lossy(field);
            if text.is_empty() { Raw::Empty } else { Raw::Text(unguarded(&text).to_owned()) }
        });
        rows.show(number, cells.collect())?;
    }
    Ok(())
}

/// The empty lines before a record.
fn empty_lines(text: &str) -> u32 {
    let mut rest = text;
    let mut lines = 0;
    while let Some(next) = ["\r\n", "\n", "\r"].iter().find_map(|end| rest.strip_prefix(end)) {
        // The end of the line before may be here too, where the reader stopped between its two characters.
        lines += u32::from(!(rest.len() == text.len() && rest.starts_with('\n')));
        rest = next;
    }
    lines
}

/// UTF-8, with or without its mark, or else GB18030, as Excel writes it in China.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ReadingFault> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.contains(&0) {
        return Err(ReadingFault::Encoding);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(_) => {
            GB18030.decode_without_bom_handling_and_without_replacement(bytes).ok_or(ReadingFault::Encoding)
        }
    }
}

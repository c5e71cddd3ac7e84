//! Rows as values between commas: RFC 4180 with CRLF, in UTF-8 behind a byte order mark, texts guarded.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use csv::{Terminator, Writer, WriterBuilder};

use super::guard::guarded;
use super::writing::{check_width, text};
use super::{Cell, Column, Language, WritingFault};

/// Writes one sheet.
pub(super) struct CsvWriter {
    writer: Writer<BufWriter<File>>,
    columns: Vec<Column>,
    language: Language,
}

impl CsvWriter {
    pub fn create(path: &Path, language: Language) -> Result<Self, WritingFault> {
        let mut file = BufWriter::new(File::create(path)?);
        file.write_all("\u{feff}".as_bytes())?;
        let writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(file);
        Ok(Self { writer, columns: Vec::new(), language })
    }

    pub fn sheet(&mut self, columns: &[Column]) -> Result<(), WritingFault> {
        if !self.columns.is_empty() {
            return Err(WritingFault::OneSheet);
        }
        self.columns = columns.to_vec();
        let headings = columns.iter().map(|column| guarded(column.title.of(self.language)).into_owned());
        Ok(self.writer.write_record(headings)?)
    }

    pub fn row(&mut self, cells: &[Cell]) -> Result<(), WritingFault> {
        if self.columns.is_empty() {
            return Err(WritingFault::NoSheet);
        }
        check_width(cells, &self.columns)?;
        for (cell, column) in cells.iter().zip(&self.columns) {
            let text = text(cell, column, self.language);
            let is_text = matches!(cell, Cell::Text(_) | Cell::Choice(_));
            let text = if is_text { guarded(&text) } else { text.as_str().into() };
            self.writer.write_field(text.as_bytes())?;
        }
        Ok(self.writer.write_record(None::<&[u8]>)?)
    }

    pub fn finish(mut self) -> Result<(), WritingFault> {
        self.writer.flush()?;
        self.writer.get_ref().get_ref().sync_all()?;
        Ok(())
    }
}

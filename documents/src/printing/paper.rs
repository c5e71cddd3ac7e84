//! What a paper is made of: texts and tables, told without a word of how PDF or DOCX draw them.

use serde::Serialize;
use time::Date;

/// The columns of a table's raster: twice the twelve of a form, so that a field's label has its own.
pub const RASTER: u8 = 24;

/// The language of what the paper says by itself, and of how its lines break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Chinese, simplified.
    Zh,
    /// English.
    En,
}

/// The sheet that is printed on; always A4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sheet {
    /// Upright, as documents and forms are.
    Document,
    /// Upright, with an ornamental border, larger letters and the text in the middle.
    Certificate,
    /// As [`Certificate`](Sheet::Certificate), across.
    WideCertificate,
}

/// A paper: what is on it and in which order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Paper {
    /// The name of the document, which readers show in their window. It is not printed: a part says it.
    pub title: String,
    /// The language.
    pub language: Language,
    /// The sheet.
    pub sheet: Sheet,
    /// The day that the document bears as its own.
    pub date: Date,
    /// The content, from top to bottom.
    pub parts: Vec<Part>,
    /// By what the paper can be checked; printed at the foot of each page.
    pub check: Option<Check>,
}

/// How a printed paper is checked against the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// The check code, 核验码.
    pub code: String,
    /// The digest of the content. Its first sixteen characters are printed.
    pub digest: String,
    /// Where the check is made; the QR code leads there.
    pub url: String,
}

/// One part of a paper. Each line of a text is a paragraph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Running text.
    Text(Style, String),
    /// A bordered table. Tables that follow each other touch.
    Table(Table),
    /// A picture across the width. DOCX has what it says in its place.
    Picture {
        /// The picture as SVG.
        svg: String,
        /// What it shows, for whoever cannot see it.
        said: String,
    },
    /// Lines to sign on, side by side: what is to be written there.
    Signatures(Vec<String>),
    /// What follows begins on a new page.
    NewPage,
}

/// What a text is in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// The title, bold in the middle.
    Title,
    /// What stands below the title, as a document number.
    Subtitle,
    /// The heading of a section.
    Heading,
    /// A paragraph, its first line indented by two characters.
    Body,
    /// A paragraph without indentation, as 附件 or whom it is addressed to.
    Plain,
    /// Who issued it and when: at the right, each line in the middle of the others.
    Closing,
    /// Small print.
    Note,
}

/// A bordered table on a raster of [`RASTER`] columns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Table {
    /// How many of the first rows are repeated on each page.
    pub head: usize,
    /// The rows; the spans of each add up to [`RASTER`].
    pub rows: Vec<Vec<Cell>>,
}

/// One cell of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// How many columns of the raster it takes.
    pub span: u8,
    /// What it is.
    pub role: Role,
    /// What it says; may be empty.
    pub text: String,
}

/// What a cell is in its table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// What the cell beside it, or the column below it, holds.
    Label,
    /// What is filled in.
    Value,
    /// The heading of the rows below.
    Band,
    /// A long text below its own heading; flows over pages.
    Long(String),
    /// Room for a seal, never split over pages: the text above, and at the lower right what is signed and stamped.
    Seal(Vec<String>),
}

/// An opinion with its seal, 意见栏.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Whose it is, as 单位意见.
    pub label: String,
    /// The opinion; empty where it is written by hand.
    pub text: String,
    /// What is at the lower right, as （盖章） and 年 月 日.
    pub closing: Vec<String>,
}

impl Cell {
    /// A cell.
    #[must_use]
    pub fn new(span: u8, role: Role, text: impl Into<String>) -> Self {
        Self { span, role, text: text.into() }
    }
}

impl Table {
    /// A list: columns by title and share of the width, and rows of texts. The titles are repeated on each page.
    #[must_use]
    pub fn list(columns: &[(String, u8)], rows: impl IntoIterator<Item = Vec<String>>) -> Self {
        let spans = spans(&columns.iter().map(|(_, share)| *share).collect::<Vec<_>>());
        let head = columns.iter().zip(&spans).map(|((title, _), span)| Cell::new(*span, Role::Label, title));
        let rows = rows.into_iter().map(|row| {
            let texts = row.into_iter().chain(std::iter::repeat_with(String::new));
            spans.iter().zip(texts).map(|(span, text)| Cell::new(*span, Role::Value, text)).collect()
        });
        Self { head: 1, rows: std::iter::once(head.collect()).chain(rows).collect() }
    }

    /// Opinions with seals, one row after the other; those of one row are side by side.
    #[must_use]
    pub fn seals(rows: impl IntoIterator<Item = Vec<Seal>>) -> Self {
        let rows = rows.into_iter().map(|row| {
            let spans = spans(&vec![1; row.len()]);
            row.into_iter()
                .zip(spans)
                .flat_map(|(seal, span)| {
                    [
                        Cell::new(LABEL.min(span), Role::Label, seal.label),
                        Cell::new(span.saturating_sub(LABEL), Role::Seal(seal.closing), seal.text),
                    ]
                })
                .collect()
        });
        Self { head: 0, rows: rows.collect() }
    }
}

/// The columns that a label takes.
pub(crate) const LABEL: u8 = 3;

/// Shares of the width as whole columns that add up to the raster.
pub(crate) fn spans(shares: &[u8]) -> Vec<u8> {
    let total = shares.iter().map(|share| u32::from(*share)).sum::<u32>().max(1);
    let edge = |sum: u32| u8::try_from((sum * u32::from(RASTER) + total / 2) / total).unwrap_or(RASTER);
    let mut sum = 0;
    shares
        .iter()
        .map(|share| {
            let from = edge(sum);
            sum += u32::from(*share);
            edge(sum).saturating_sub(from)
        })
        .collect()
}

//! A paper as DOCX: the same content in the same order, for who must go on writing in it.

use std::io::Cursor;

use docx_rs::{
    AlignmentType, BreakType, Docx, Footer, HeightRule, LineSpacing, LineSpacingType, NumPages, PageMargin,
    PageNum, PageOrientationType, Paragraph, Pic, Run, RunFonts, Shading, SpecialIndentType, Table as Grid,
    TableCell, TableCellMargins, TableLayoutType, TableRow, VAlignType, WidthType, XMLDocx,
};

use super::fonts::Fonts;
use super::paper::{Cell, Language, Paper, Part, RASTER, Role, Sheet, Style, Table};
use super::qr::Picture;
use super::{PrintingError, glyphs, qr};

/// Twentieths of a point: a millimetre, and A4.
const MM: usize = 57;
const SHORT_SIDE: u32 = 11906;
const LONG_SIDE: u32 = 16838;
/// A QR code's side: 20 mm in English Metric Units.
const CODE: u32 = 720_000;
/// The picture's id; without one, the crate counts those of all documents.
const CODE_ID: &str = "code";
/// What Word has for Chinese and Latin text where the office names no family.
const SONGTI: &str = "宋体";
const LATIN: &str = "Times New Roman";

/// The paper as DOCX. Of the fonts, the names of the families and what they lack are told.
pub fn docx(paper: &Paper, fonts: &Fonts) -> Result<Vec<u8>, PrintingError> {
    let paper = glyphs::printable(paper, fonts);
    let code = paper.check.as_ref().map(|check| qr::picture(&check.url)).transpose()?;
    let writer = Writer {
        paper: &paper,
        title_family: fonts.title().unwrap_or(SONGTI),
        body_family: fonts.body().unwrap_or(SONGTI),
    };
    let mut bytes = Cursor::new(Vec::new());
    finished(writer.document(code).build(), paper.sheet).pack(&mut bytes).map_err(PrintingError::failed)?;
    Ok(bytes.into_inner())
}

struct Writer<'a> {
    paper: &'a Paper,
    title_family: &'a str,
    body_family: &'a str,
}

impl Writer<'_> {
    fn document(&self, code: Option<Picture>) -> Docx {
        let date = format!("{}T00:00:00Z", self.paper.date);
        let mm = |millimetres: usize| i32::try_from(millimetres * MM).unwrap_or(0);
        let (x, top, bottom, foot) = if self.is_certificate() { (32, 30, 40, 16) } else { (20, 22, 28, 6) };
        let margin = PageMargin::new()
            .left(mm(x))
            .right(mm(x))
            .top(mm(top))
            .bottom(mm(bottom))
            .header(mm(12))
            .footer(mm(foot));
        let docx = Docx::new()
            .created_at(&date)
            .updated_at(&date)
            .default_fonts(family(self.body_family))
            .default_size(21)
            .page_margin(margin.gutter(0))
            .footer(self.foot(None))
            .first_footer(self.foot(code));
        let docx = match self.paper.sheet {
            Sheet::WideCertificate => {
                docx.page_size(LONG_SIDE, SHORT_SIDE).page_orient(PageOrientationType::Landscape)
            }
            Sheet::Document | Sheet::Certificate => docx.page_size(SHORT_SIDE, LONG_SIDE),
        };
        self.paper.parts.iter().fold(docx, |docx, part| self.part(docx, part))
    }

    fn is_certificate(&self) -> bool {
        self.paper.sheet != Sheet::Document
    }

    /// The width between the margins.
    fn width(&self) -> usize {
        match self.paper.sheet {
            Sheet::Document => 170 * MM,
            Sheet::Certificate => 146 * MM,
            Sheet::WideCertificate => 233 * MM,
        }
    }

    fn part(&self, docx: Docx, part: &Part) -> Docx {
        match part {
            Part::Text(style, text) => {
                text.split('\n').fold(docx, |docx, line| docx.add_paragraph(self.styled(*style, line)))
            }
            Part::Table(table) => docx.add_table(self.table(table)).add_paragraph(hairline()),
            Part::Signatures(labels) => docx.add_paragraph(signatures(labels)),
            Part::Picture { said, .. } => docx.add_paragraph(self.styled(Style::Note, said)),
            Part::NewPage => {
                docx.add_paragraph(Paragraph::new().add_run(Run::new().add_break(BreakType::Page)))
            }
        }
    }

    fn styled(&self, style: Style, text: &str) -> Paragraph {
        let certificate = self.is_certificate();
        let size = |document, on_certificate| if certificate { on_certificate } else { document };
        let run = Run::new().add_text(text);
        let plain = |run: Run| Paragraph::new().add_run(run).line_spacing(spacing(60, 60));
        match style {
            Style::Title => {
                let run = run.bold().size(size(40, 76)).fonts(family(self.title_family));
                let run = if certificate { run.character_spacing(160) } else { run };
                Paragraph::new()
                    .add_run(run)
                    .align(AlignmentType::Center)
                    .line_spacing(spacing(0, 240))
                    .keep_next(true)
            }
            Style::Subtitle => plain(run.size(size(24, 32))).align(AlignmentType::Center).keep_next(true),
            Style::Heading => plain(run.bold().size(size(28, 40))).keep_next(true),
            Style::Body => self.indented(plain(run.size(size(28, 40))), size(28, 40)),
            Style::Plain => plain(run.size(size(28, 40))),
            Style::Closing => plain(run.size(size(28, 36))).align(AlignmentType::Right).keep_lines(true),
            Style::Note => plain(run.size(18)),
        }
    }

    /// The first line set in by two Chinese characters of a size in half points.
    fn indented(&self, paragraph: Paragraph, size: usize) -> Paragraph {
        let two = i32::try_from(size * 20).unwrap_or_default();
        match self.paper.language {
            Language::Zh => paragraph.indent(None, Some(SpecialIndentType::FirstLine(two)), None, None),
            Language::En => paragraph,
        }
    }

    fn table(&self, table: &Table) -> Grid {
        let column = self.width() / usize::from(RASTER);
        let rows = table.rows.iter().enumerate().map(|(number, cells)| {
            let whole = cells.iter().all(|cell| !matches!(cell.role, Role::Value | Role::Long(_)));
            let row = TableRow::new(cells.iter().map(|cell| self.cell(cell, column)).collect());
            let row = row.row_height(if number < table.head { HEAD_HEIGHT } else { ROW_HEIGHT });
            let row = row.height_rule(HeightRule::AtLeast);
            if whole { row.cant_split() } else { row }
        });
        Grid::new(rows.collect())
            .layout(TableLayoutType::Fixed)
            .width(column * usize::from(RASTER), WidthType::Dxa)
            .set_grid(vec![column; usize::from(RASTER)])
            .margins(TableCellMargins::new().margin(40, 85, 40, 85))
    }

    fn cell(&self, cell: &Cell, column: usize) -> TableCell {
        let span = usize::from(cell.span);
        let (align, vertical) = match &cell.role {
            Role::Label | Role::Band => (AlignmentType::Center, VAlignType::Center),
            Role::Value if cell.span <= 10 => (AlignmentType::Center, VAlignType::Center),
            Role::Value => (AlignmentType::Left, VAlignType::Center),
            Role::Long(_) | Role::Seal(_) => (AlignmentType::Both, VAlignType::Top),
        };
        let mut made =
            TableCell::new().grid_span(span).width(span * column, WidthType::Dxa).vertical_align(vertical);
        if let Role::Long(heading) = &cell.role {
            made = made
                .add_paragraph(Paragraph::new().add_run(Run::new().add_text(heading).bold()).keep_next(true));
        }
        if cell.role == Role::Band {
            made = made.shading(Shading::new().fill("F0F0F0"));
        }
        for line in cell.text.split('\n') {
            let run = Run::new().add_text(line);
            let run = if cell.role == Role::Band { run.bold() } else { run };
            let paragraph = Paragraph::new().add_run(run).align(align).keep_next(cell.role == Role::Band);
            let long = matches!(cell.role, Role::Long(_) | Role::Seal(_));
            made = made.add_paragraph(if long { self.indented(paragraph, 21) } else { paragraph });
        }
        match &cell.role {
            Role::Seal(closing) => {
                made = made.add_paragraph(Paragraph::new().line_spacing(spacing(SEAL_ROOM, 0)));
                closing.iter().fold(made, |made, line| {
                    let run = Run::new().add_text(line);
                    made.add_paragraph(Paragraph::new().add_run(run).align(AlignmentType::Right))
                })
            }
            Role::Long(_) if cell.text.is_empty() => {
                made.add_paragraph(Paragraph::new().line_spacing(spacing(600, 0)))
            }
            Role::Label | Role::Value | Role::Band | Role::Long(_) => made,
        }
    }

    /// The foot: codes, page and, on the first page, the QR code.
    fn foot(&self, code: Option<Picture>) -> Footer {
        let small = |text: &str| Run::new().add_text(text).size(16);
        let language = self.paper.language;
        let codes = self.paper.check.iter().fold(TableCell::new(), |cell, check| {
            let digest: String = check.digest.chars().take(16).collect();
            cell.add_paragraph(
                Paragraph::new().add_run(small(&(language.check_code().to_owned() + &check.code))),
            )
            .add_paragraph(Paragraph::new().add_run(small(&(language.digest().to_owned() + &digest))))
        });
        let codes = if self.paper.check.is_none() { codes.add_paragraph(Paragraph::new()) } else { codes };
        let [before, between, after] = language.page();
        let page = Paragraph::new()
            .align(AlignmentType::Center)
            .add_run(small(before))
            .add_page_num(PageNum::new())
            .add_run(small(between))
            .add_num_pages(NumPages::new())
            .add_run(small(after));
        let picture =
            code.into_iter().fold(Paragraph::new().align(AlignmentType::Right), |paragraph, code| {
                let picture =
                    Pic::new_with_dimensions(code.bytes, code.side, code.side).id(CODE_ID).size(CODE, CODE);
                paragraph.add_run(Run::new().add_image(picture))
            });
        let cells = [codes, TableCell::new().add_paragraph(page), TableCell::new().add_paragraph(picture)];
        let third = self.width() / 3;
        let cells = cells.map(|cell| {
            cell.width(third, WidthType::Dxa).vertical_align(VAlignType::Center).clear_all_border()
        });
        let table = Grid::without_borders(vec![TableRow::new(cells.into())])
            .layout(TableLayoutType::Fixed)
            .width(third * 3, WidthType::Dxa)
            .set_grid(vec![third; 3]);
        Footer::new().add_table(table).add_paragraph(hairline())
    }
}

/// The least height of a row; that of a heading row is its own, by which [`finished`] knows it.
const ROW_HEIGHT: f32 = 440.0;
const HEAD_HEIGHT: f32 = 441.0;
/// The room above what is signed and stamped.
const SEAL_ROOM: u32 = 1500;

fn family(east_asia: &str) -> RunFonts {
    RunFonts::new().ascii(LATIN).hi_ansi(LATIN).cs(LATIN).east_asia(east_asia)
}

fn spacing(before: u32, after: u32) -> LineSpacing {
    LineSpacing::new().before(before).after(after)
}

/// A paragraph as low as can be: between two tables there must be one.
fn hairline() -> Paragraph {
    let spacing = LineSpacing::new().before(0).after(0).line_rule(LineSpacingType::Exact).line(20);
    Paragraph::new().size(2).line_spacing(spacing)
}

fn signatures(labels: &[String]) -> Paragraph {
    let lines = labels.iter().map(|label| format!("{label}________________"));
    let text = lines.collect::<Vec<_>>().join("    ");
    Paragraph::new().add_run(Run::new().add_text(text)).line_spacing(spacing(240, 120))
}

/// What Word knows and the crate does not: heading rows that are repeated, and a certificate's border and middle.
fn finished(mut docx: XMLDocx, sheet: Sheet) -> XMLDocx {
    let mut document = String::from_utf8_lossy(&docx.document).into_owned();
    let head = format!("<w:trHeight w:val=\"{HEAD_HEIGHT}\"");
    document = document.replace(&head, &format!("<w:tblHeader />{head}"));
    if sheet != Sheet::Document {
        let sides = ["top", "left", "bottom", "right"].map(|side| {
            format!(r#"<w:{side} w:val="thinThickSmallGap" w:sz="24" w:space="24" w:color="B8860B" />"#)
        });
        let borders = format!(r#"<w:pgBorders w:offsetFrom="page">{}</w:pgBorders>"#, sides.concat());
        // In the order that the schema of a section has: borders, columns, middle.
        if let Some((before, (columns, after))) = document
            .split_once("<w:cols ")
            .and_then(|(before, after)| Some((before, after.split_once("/>")?)))
        {
            let middle = r#"<w:vAlign w:val="center" />"#;
            document = format!("{before}{borders}<w:cols {columns}/>{middle}{after}");
        }
    }
    docx.document = document.into_bytes();
    docx
}

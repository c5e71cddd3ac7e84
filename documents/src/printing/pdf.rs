//! A paper as PDF, drawn by typst from one fixed template.

use std::sync::LazyLock;

use serde::Serialize;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use super::fonts::Fonts;
use super::paper::Paper;
use super::{PrintingError, breaking, glyphs, qr};

/// How many renderings a cached intermediate result may be unused for.
const CACHED_FOR: usize = 2;

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));
static TEMPLATE: LazyLock<Source> =
    LazyLock::new(|| Source::new(Name::Template.id(), include_str!("paper.typ").to_owned()));

/// The files that typst sees. Their ids are interned for ever, so there are these and no others.
#[derive(Clone, Copy)]
enum Name {
    Template,
    Data,
    Code,
}

impl Name {
    fn id(self) -> FileId {
        static IDS: LazyLock<[FileId; 3]> =
            LazyLock::new(|| ["paper.typ", "data.json", "code.png"].map(interned));
        let [template, data, code] = *IDS;
        match self {
            Self::Template => template,
            Self::Data => data,
            Self::Code => code,
        }
    }
}

#[expect(clippy::expect_used, reason = "the three names above are paths")]
fn interned(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("a path within the project");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// What the template reads.
#[derive(Serialize)]
struct Data<'a> {
    paper: &'a Paper,
    tag: &'static str,
    title_fonts: Vec<&'a str>,
    body_fonts: Vec<&'a str>,
    page: [&'static str; 3],
    check_code: &'static str,
    digest: &'static str,
    year: i32,
    month: u8,
    day: u8,
}

/// One paper as typst sees it.
struct Desk<'a> {
    fonts: &'a Fonts,
    data: Bytes,
    code: Bytes,
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        Name::Template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == Name::Template.id() { Ok(TEMPLATE.clone()) } else { Err(FileError::NotSource) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let known = [(Name::Data, &self.data), (Name::Code, &self.code)];
        let found = known.into_iter().find(|(name, _)| name.id() == id);
        found.map(|(_, bytes)| bytes.clone()).ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// The paper as PDF/A-2u, for the archive; as plain PDF where an office's own font has what that standard refuses.
/// May be called from several threads at once.
pub fn pdf(paper: &Paper, fonts: &Fonts) -> Result<Vec<u8>, PrintingError> {
    let bytes = laid_out(paper, fonts)
        .and_then(|document| exported(&document, &[PdfStandard::A_2u]).or_else(|_| exported(&document, &[])));
    typst::comemo::evict(CACHED_FOR);
    bytes
}

/// The pages with all that is drawn on them.
pub(super) fn laid_out(paper: &Paper, fonts: &Fonts) -> Result<PagedDocument, PrintingError> {
    let mut paper = glyphs::printable(paper, fonts);
    breaking::breakable(&mut paper);
    let code = match &paper.check {
        Some(check) => qr::picture(&check.url)?.bytes,
        None => Vec::new(),
    };
    let data = Data {
        paper: &paper,
        tag: paper.language.of("zh", "en"),
        title_fonts: fonts.families(fonts.title(), paper.language),
        body_fonts: fonts.families(fonts.body(), paper.language),
        page: paper.language.page(),
        check_code: paper.language.check_code(),
        digest: paper.language.digest(),
        year: paper.date.year(),
        month: paper.date.month().into(),
        day: paper.date.day(),
    };
    let data = serde_json::to_vec(&data).map_err(PrintingError::failed)?;
    let desk = Desk { fonts, data: Bytes::new(data), code: Bytes::new(code) };
    typst::compile::<PagedDocument>(&desk).output.map_err(|faults| told(&faults))
}

fn exported(document: &PagedDocument, standards: &[PdfStandard]) -> Result<Vec<u8>, PrintingError> {
    let standards = PdfStandards::new(standards);
    let options = PdfOptions {
        creator: Smart::Custom(None),
        standards: standards.map_err(|fault| PrintingError::failed(fault.message()))?,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(document, &options).map_err(|faults| told(&faults))
}

fn told(faults: &[typst::diag::SourceDiagnostic]) -> PrintingError {
    let messages: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
    PrintingError::Failed(messages.join("; "))
}

//! Papers as they are printed: nothing is lost, cut or changed from one time to the next.

mod content;
mod drawn;
mod glyphs;
mod layout;
mod samples;

use std::io::{Seek, Write};
use std::process::Command;

use super::{Fonts, Paper, docx, pdf};

/// The fonts, loaded once.
fn fonts() -> &'static Fonts {
    static FONTS: std::sync::LazyLock<Fonts> = std::sync::LazyLock::new(Fonts::shipped);
    &FONTS
}

/// What a tool of the system answers about a PDF at its input; none where it is not installed and not required.
fn asked(tool: &str, arguments: &[&str], bytes: &[u8]) -> Option<Vec<u8>> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    match Command::new(tool).args(arguments).stdin(file).output() {
        Ok(output) => Some(output.stdout),
        Err(_) if std::env::var_os("PINGXUAN_REQUIRE_TOOLS").is_none() => {
            eprintln!("NOT RUN: {tool} is not installed");
            None
        }
        Err(error) => panic!("{tool}: {error}"),
    }
}

/// The text of a PDF in the order in which it is drawn, without blanks and line breaks.
fn text_of(bytes: &[u8]) -> Option<String> {
    asked("pdftotext", &["-raw", "-", "-"], bytes).map(|text| squeezed(&String::from_utf8(text).unwrap()))
}

/// Whether a text is there, in one piece or cut by a few ends of pages.
fn is_within(found: &str, text: &str) -> bool {
    let mut rest = text;
    let mut pieces = 0;
    while !rest.is_empty() {
        let ends = rest.char_indices().map(|(at, letter)| at + letter.len_utf8());
        let Some(end) = ends.take_while(|end| found.contains(&rest[..*end])).last() else { return false };
        rest = &rest[end..];
        pieces += 1;
    }
    pieces <= 4
}

/// A text without what breaking lines adds to it.
fn squeezed(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace() && *letter != '\u{200b}').collect()
}

/// A member of a DOCX.
fn member(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    std::io::read_to_string(archive.by_name(name).unwrap()).unwrap()
}

/// The text of a DOCX's body.
fn text_of_docx(bytes: &[u8]) -> String {
    let document = member(bytes, "word/document.xml");
    let tree = roxmltree::Document::parse(&document).unwrap();
    let texts = tree.descendants().filter(|node| node.has_tag_name((WORD, "t")));
    texts.filter_map(|node| node.text()).collect()
}

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// Both renderings; with `PINGXUAN_PAPERS` they are also put into that folder, to be looked at.
fn printed(name: &str, paper: &Paper) -> (Vec<u8>, Vec<u8>) {
    let both = (pdf(paper, fonts()).unwrap(), docx(paper, fonts()).unwrap());
    if let Some(folder) = std::env::var_os("PINGXUAN_PAPERS") {
        let file = std::path::Path::new(&folder).join(name);
        std::fs::write(file.with_extension("pdf"), &both.0).unwrap();
        std::fs::write(file.with_extension("docx"), &both.1).unwrap();
    }
    both
}

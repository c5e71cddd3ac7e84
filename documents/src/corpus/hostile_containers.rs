//! Hostile containers of the corpus: documents with something in them, and ZIP files that are not what they say.

use super::documents::{docx, docx_as, field, links, ofd, paragraph, xlsx};
use super::zips::{Part, packed, stored, zip, zip_with};
use super::{Specimen, hostile};

/// All of them.
pub(super) fn all() -> Vec<Specimen> {
    [active(), structure(), bombs(), foreign()].concat()
}

/// A text with further parts.
fn text(further: &[Part]) -> Vec<u8> {
    zip(&[&docx(&paragraph("甲")), further].concat())
}

/// A workbook with further parts.
fn workbook(further: &[Part]) -> Vec<u8> {
    zip(&[&xlsx("", 1), further].concat())
}

fn active() -> Vec<Specimen> {
    let rels = "word/_rels/document.xml.rels";
    let settings = "word/_rels/settings.xml.rels";
    let dtd = r#"<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>"#;
    let laughs = r#"<!DOCTYPE a [<!ENTITY x "xxxxxxxx"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>"#;
    let macros = "application/vnd.ms-word.document.macroEnabled.main+xml";
    let active = [
        (
            "a template from elsewhere",
            text(&[links(settings, &[("attachedTemplate", "http://a.example/a.dotm", true)])]),
        ),
        ("a picture from elsewhere", text(&[links(rels, &[("image", "http://a.example/a.png", true)])])),
        (
            "a picture of a server of Windows, not said to be outside",
            text(&[links(rels, &[("image", "\\\\server\\a.png", false)])]),
        ),
        ("a link to a file", text(&[links(rels, &[("hyperlink", "file:///c:/a.exe", true)])])),
        ("a link that is a script", text(&[links(rels, &[("hyperlink", "javascript:alert(1)", true)])])),
        ("an object of OLE", text(&[links(rels, &[("oleObject", "embeddings/a.bin", false)])])),
        (
            "an embedded object",
            text(&[packed("word/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")]),
        ),
        ("an embedded program", text(&[packed("word/media/image1.png", b"MZ\x90\0\x03")])),
        ("an embedded program of Linux", text(&[packed("word/media/image1.png", b"\x7fELF\x02\x01")])),
        ("an embedded program under its name", text(&[packed("word/media/a.exe", b"x")])),
        ("an embedded page", text(&[packed("word/media/a.html", b"<html></html>")])),
        ("macros", text(&[packed("word/vbaProject.bin", b"x")])),
        ("macros under another name", text(&[packed("word/data.bin", b"x")])),
        ("a document with macros that was renamed", zip(&docx_as(macros, ""))),
        ("an entity from a file in the text", text(&[packed("word/footnotes.xml", dtd)])),
        ("entities that swell", text(&[packed("word/footnotes.xml", laughs)])),
        ("an entity without a type definition", text(&[packed("word/footnotes.xml", "<a>&x;</a>")])),
        ("a type definition in the relationships", text(&[packed(rels, dtd)])),
        ("a field that runs a program", zip(&docx(&field("DDEAUTO c:\\\\windows\\\\cmd.exe \"/k calc\"")))),
        ("a field that fetches a picture", zip(&docx(&field("INCLUDEPICTURE http://a.example/a.png")))),
        ("a page within a text", text(&[links(rels, &[("aFChunk", "a.xml", false)])])),
        ("a control", text(&[packed("word/activeX/activeX1.xml", "<a/>")])),
        ("a drawing with a script", text(&[packed("word/media/a.svg", "<svg><script>1</script></svg>")])),
    ];
    let active_workbooks = [
        ("a link to another workbook", workbook(&[packed("xl/externalLinks/externalLink1.xml", "<a/>")])),
        ("a data exchange", workbook(&[packed("xl/x.xml", "<a><ddeLink/></a>")])),
        ("macros of Excel 4", workbook(&[packed("xl/macrosheets/sheet1.xml", "<a/>")])),
    ];
    let named = |name: &'static str| move |(about, bytes)| hostile(about, name, bytes, "active_content");
    let mut all: Vec<Specimen> = active.into_iter().map(named("a.docx")).collect();
    all.extend(active_workbooks.map(named("a.xlsx")));
    let program = [ofd(1), vec![packed("Doc_0/Res/a.png", b"MZ\x90")]].concat();
    let script = [ofd(1), vec![packed("Doc_0/Attachs/a.js", b"x")]].concat();
    let dtd = [ofd(1), vec![packed("Doc_0/Annotations.xml", dtd)]].concat();
    for (about, parts) in
        [("a program in it", program), ("a script in it", script), ("an entity from a file in it", dtd)]
    {
        all.push(hostile(about, "a.ofd", zip(&parts), "active_content"));
    }
    all
}

fn structure() -> Vec<Specimen> {
    let entry = |change: &dyn Fn(&mut Part)| {
        let mut part = stored("word/a.xml", "<a/>");
        change(&mut part);
        text(&[part])
    };
    let named = |name: &str| text(&[stored(name, "<a/>")]);
    let twice = text(&[stored("word/a.xml", "<a/>"), stored("word/a.xml", "<b/>")]);
    let case = text(&[stored("word/a.xml", "<a/>"), stored("Word/A.xml", "<b/>")]);
    let unsafe_archive = [
        ("a folder above", named("../../a.xml")),
        ("a folder above in the middle", named("word/../../a.xml")),
        ("an absolute path", named("/etc/a.xml")),
        ("a path of Windows", named("word\\..\\a.xml")),
        ("a drive", named("c:/a.xml")),
        ("a zero byte in a path", named("a\0.xml")),
        ("two of one name", twice),
        ("two of one name but for the case", case),
        ("a link", entry(&|part| part.attributes = 0o120_777 << 16)),
        ("a device", entry(&|part| part.attributes = 0o060_644 << 16)),
        ("a name that is no text", entry(&|part| part.name = b"word/\xff.xml".to_vec())),
        ("another way of packing", entry(&|part| part.method = 12)),
        ("a container within", text(&[stored("word/media/a.png", zip(&[stored("a", "x")]))])),
        ("entries that overlap", entry(&|part| part.header = Some(0))),
    ];
    let mut all: Vec<Specimen> = unsafe_archive
        .into_iter()
        .map(|(about, bytes)| hostile(about, "a.docx", bytes, "unsafe_archive"))
        .collect();
    all.extend([
        hostile("an encrypted entry", "a.docx", entry(&|part| part.flags |= 1), "encrypted"),
        hostile(
            "a header of another name",
            "a.docx",
            entry(&|part| part.other_name = Some(b"word/b.xml".to_vec())),
            "unreadable",
        ),
        hostile("a wrong check sum", "a.docx", entry(&|part| part.crc ^= 1), "unreadable"),
        hostile(
            "a container that is cut short",
            "a.docx",
            text(&[]).get(..300).unwrap_or_default(),
            "unreadable",
        ),
        hostile("broken XML", "a.docx", text(&[packed("word/a.xml", "<a><b></a>")]), "unreadable"),
        hostile(
            "XML in another encoding",
            "a.docx",
            text(&[packed("word/a.xml", utf16("<a/>"))]),
            "unreadable",
        ),
        hostile(
            "XML that says another encoding",
            "a.docx",
            text(&[packed("word/a.xml", r#"<?xml version="1.0" encoding="UTF-7"?><a/>"#)]),
            "unreadable",
        ),
    ]);
    all
}

fn utf16(text: &str) -> Vec<u8> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

fn bombs() -> Vec<Specimen> {
    let zeros = packed("word/media/a.png", vec![0; 8 << 20]);
    let mut lying = packed("word/media/a.png", vec![0; 8 << 20]);
    lying.unpacked = 4096;
    let mut large = stored("word/media/a.png", "x");
    (large.method, large.unpacked) = (8, 1 << 30);
    let mut many: Vec<Part> = (0..60_000).map(|number| stored(&format!("word/{number}.xml"), "")).collect();
    many.splice(0..0, docx(""));
    let deep = format!("{}{}", "<a>".repeat(2_000), "</a>".repeat(2_000));
    let one_text = format!("<a>{}</a>", text_of(6 << 20));
    vec![
        hostile("eight mebibytes of zeros", "a.docx", text(&[zeros]), "archive_bomb"),
        hostile("a gibibyte in a byte", "a.docx", text(&[large]), "archive_bomb"),
        hostile("more than it says", "a.docx", text(&[lying]), "unreadable"),
        hostile("60,000 entries", "a.docx", zip(&many), "archive_bomb"),
        hostile("a million shared strings", "a.xlsx", million_strings(), "too_complex"),
        hostile(
            "2,000 elements within each other",
            "a.docx",
            text(&[packed("word/a.xml", deep)]),
            "too_complex",
        ),
        hostile("a text of six mebibytes", "a.docx", text(&[packed("word/a.xml", one_text)]), "unreadable"),
    ]
}

/// A text of letters that do not repeat themselves soon.
fn text_of(length: u64) -> String {
    let letters = (0..length).map(|n| char::from_digit((n * n / 7 % 26) as u32 + 10, 36).unwrap_or('x'));
    letters.collect()
}

/// A million strings that are not all the same, so that they do not swell.
fn million_strings() -> Vec<u8> {
    let strings: String = (0..1_000_000_u32)
        .map(|number| format!("<si><t>{}</t></si>", number.wrapping_mul(2_654_435_761)))
        .collect();
    let mut parts = xlsx("", 0);
    parts.retain(|part| part.name != b"xl/sharedStrings.xml");
    parts.push(packed("xl/sharedStrings.xml", format!("<sst>{strings}</sst>")));
    zip(&parts)
}

fn foreign() -> Vec<Specimen> {
    let plain = text(&[]);
    let parts = docx("");
    let mut gap = parts.clone();
    if let Some(part) = gap.first_mut() {
        part.gap = b"<script>alert(1)</script>".to_vec();
    }
    let page = b"PK\x03\x04<script>alert(1)</script>";
    let shifted = zip_with(&parts, u32::try_from(page.len()).unwrap_or_default(), b"");
    vec![
        hostile("a page before a container", "a.docx", [&page[..], &shifted].concat(), "polyglot"),
        hostile("a page behind a container", "a.docx", [&plain[..], b"<script>"].concat(), "polyglot"),
        hostile(
            "a page in the comment of a container",
            "a.docx",
            zip_with(&parts, 0, b"<script>"),
            "polyglot",
        ),
        hostile("bytes between entries", "a.docx", zip(&gap), "polyglot"),
        hostile(
            "a container that is no document",
            "a.docx",
            zip(&[stored("a.xml", "<a/>")]),
            "type_mismatch",
        ),
        hostile("a workbook as a text", "a.docx", workbook(&[]), "type_mismatch"),
        hostile("a text as a workbook", "a.xlsx", plain.clone(), "type_mismatch"),
        hostile("a text as a fixed layout", "a.ofd", plain, "active_content"),
        hostile(
            "a fixed layout without its root",
            "a.ofd",
            zip(&[stored("OFD.xml", "<OFD/>")]),
            "type_mismatch",
        ),
    ]
}

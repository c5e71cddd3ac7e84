//! Harmless files of the corpus, 15 of each kind and more: what people send, which must not be refused.

use super::Specimen;
use super::documents::{docx, field, links, ofd, paragraph, xlsx};
use super::pdfs::{packed_pdf, pdf, pdf_with_trailer};
use super::pictures::{chunk, jpeg, jpeg_with, png, png_with, segment, zlib};
use super::videos::{atom, brands, large_atom, movie, mp4};
use super::zips::{Part, packed, stored, zip};
use crate::inspection::Kind;

/// All of them.
pub(super) fn all() -> Vec<Specimen> {
    let kinds = [
        (Kind::Pdf, pdfs()),
        (Kind::Jpeg, jpegs()),
        (Kind::Png, pngs()),
        (Kind::Docx, texts()),
        (Kind::Xlsx, workbooks()),
        (Kind::Ofd, layouts()),
        (Kind::Mp4, videos()),
    ];
    kinds.into_iter().flat_map(|(kind, files)| specimens(kind, files)).collect()
}

const NAMES: [&str; 6] =
    ["扫描件", "2026年 先进集体 申报表", "a.b.c", "王·阿卜杜拉", "Ünïcode", "（附件1）现场照片"];

fn specimens(kind: Kind, files: Vec<(&str, Vec<u8>)>) -> impl Iterator<Item = Specimen> {
    files.into_iter().enumerate().map(move |(number, (about, bytes))| {
        let extension = kind.extensions().iter().cycle().nth(number).copied().unwrap_or_default();
        let extension = if number % 5 == 4 { extension.to_uppercase() } else { extension.to_owned() };
        let name = NAMES.iter().cycle().nth(number).copied().unwrap_or_default();
        Specimen {
            about: about.to_owned(),
            name: format!("{name}.{extension}"),
            media_type: [Some(kind.media_type()), None, Some("application/octet-stream")]
                .into_iter()
                .cycle()
                .nth(number)
                .flatten(),
            bytes,
            verdict: Ok(kind),
        }
    })
}

fn pdfs() -> Vec<(&'static str, Vec<u8>)> {
    let page = pdf("", 1, &[]);
    let update = "4 0 obj\n<< /Producer (b) >>\nendobj\nxref\n4 1\n";
    let start = page.len() + update.find("xref").unwrap_or_default();
    let updated = format!(
        "{update}{:010} 00000 n \ntrailer\n<< /Size 5 /Root 1 0 R /Prev {} >>\nstartxref\n{start}\n%%EOF\n",
        page.len(),
        table_of(&page)
    );
    let mut stream = b"<< /Length 44 >>\nstream\n".to_vec();
    stream.extend(b"BT /F1 12 Tf 72 720 Td (JavaScript /JS) Tj ET");
    let stream = format!("{}\nendstream", String::from_utf8_lossy(&stream));
    vec![
        ("one page", page.clone()),
        ("five pages", pdf("", 5, &[])),
        ("300 pages", pdf("", 300, &[])),
        ("objects in a stream", packed_pdf("", &[], 0)),
        ("many objects in a stream", packed_pdf("", &["<< /A 1 >>"; 300], 0)),
        (
            "a link to a page of the network",
            pdf("", 1, &["<< /Type /Annot /Subtype /Link /A << /S /URI /URI (https://example.cn/) >> >>"]),
        ),
        ("opens at a page", pdf("/OpenAction [3 0 R /Fit]", 1, &[])),
        ("opens at a page by an action", pdf("/OpenAction << /S /GoTo /D [3 0 R /Fit] >>", 1, &[])),
        (
            "an outline",
            pdf(
                "/Outlines 4 0 R",
                1,
                &[
                    "<< /Type /Outlines /First 5 0 R /Last 5 0 R /Count 1 >>",
                    "<< /Title (a) /Parent 4 0 R /Dest [3 0 R /Fit] >>",
                ],
            ),
        ),
        (
            "a form to fill in",
            pdf(
                "/AcroForm << /Fields [4 0 R] >>",
                1,
                &["<< /FT /Tx /T (name) /Subtype /Widget /Type /Annot >>"],
            ),
        ),
        (
            "a signature",
            pdf("", 1, &["<< /Type /Sig /Filter /Adobe.PPKLite /ByteRange [0 1 2 3] /Contents <00> >>"]),
        ),
        ("widths of a font", pdf("", 1, &["<< /Type /Font /Subtype /CIDFontType2 /W [1 [500 600]] >>"])),
        ("words of a script in the text of a page", pdf("", 1, &[&stream])),
        ("words of a script in a text", pdf("", 1, &["(/JavaScript /JS /Launch)"])),
        ("an identifier", pdf_with_trailer("/ID [<00> <00>]", &[])),
        ("a later version appended", [page.clone(), updated.into_bytes()].concat()),
        ("white space at the end", [page, b"\r\n\r\n".to_vec()].concat()),
        (
            "metadata",
            pdf(
                "/Metadata 4 0 R",
                1,
                &["<< /Type /Metadata /Subtype /XML /Length 5 >>\nstream\n<a/>\n\nendstream"],
            ),
        ),
    ]
}

/// Where the table of a document begins.
fn table_of(document: &[u8]) -> usize {
    document.windows(6).position(|window| window == b"\nxref\n").map_or(0, |at| at + 1)
}

fn jpegs() -> Vec<(&'static str, Vec<u8>)> {
    let exif = segment(0xe1, b"Exif\0\0II*\0\x08\0\0\0\0\0");
    let further = |segments: &[Vec<u8>]| jpeg_with(16, 16, segments);
    vec![
        ("one point", jpeg(1, 1)),
        ("a block", jpeg(8, 8)),
        ("three blocks", jpeg(24, 8)),
        ("a landscape", jpeg(640, 480)),
        ("a portrait", jpeg(480, 640)),
        ("48 million points", jpeg(8_000, 6_000)),
        ("Exif", further(std::slice::from_ref(&exif))),
        ("Exif twice", further(&[exif.clone(), exif])),
        (
            "a colour profile",
            further(&[segment(0xe2, &[b"ICC_PROFILE\0\x01\x01".to_vec(), vec![0; 3_000]].concat())]),
        ),
        ("a comment", further(&[segment(0xfe, "现场照片".as_bytes())])),
        ("an empty comment", further(&[segment(0xfe, b"")])),
        ("a segment as long as can be", further(&[segment(0xed, &vec![0; 65_533])])),
        ("a restart interval", further(&[segment(0xdd, &[0, 4])])),
        ("filling before a marker", further(&[vec![0xff, 0xff], segment(0xfe, b"a")])),
        ("a second picture behind it, as telephones add it", [jpeg(64, 64), jpeg(8, 8)].concat()),
        ("zeros and a second picture behind it", [jpeg(64, 64), vec![0; 100], jpeg(8, 8)].concat()),
        ("zeros behind it", [jpeg(64, 64), vec![0; 2]].concat()),
    ]
}

fn pngs() -> Vec<(&'static str, Vec<u8>)> {
    let further = |name: &[u8; 4], data: &[u8]| png_with(16, 16, &[chunk(name, data)]);
    vec![
        ("one point", png(1, 1)),
        ("16 × 16", png(16, 16)),
        ("a line", png(4_000, 1)),
        ("a column", png(1, 4_000)),
        ("a screen", png(1_920, 1_080)),
        ("49 million points", png(7_000, 7_000)),
        ("a gamma", further(b"gAMA", &45_455_u32.to_be_bytes())),
        ("a resolution", further(b"pHYs", &[0, 0, 0x0b, 0x13, 0, 0, 0x0b, 0x13, 1])),
        ("a time", further(b"tIME", &[7, 0xea, 3, 1, 9, 30, 0])),
        ("a text", further(b"tEXt", b"Comment\0a <script> in a text")),
        ("a text in Chinese", further(b"iTXt", "Title\0\0\0zh\0\0现场照片".as_bytes())),
        ("a packed text", further(b"zTXt", &[b"Comment\0\0".to_vec(), zlib(b"a")].concat())),
        ("a colour profile", further(b"iCCP", &[b"a\0\0".to_vec(), zlib(&[0; 500])].concat())),
        ("standard colours", further(b"sRGB", &[0])),
        ("Exif", further(b"eXIf", b"II*\0\x08\0\0\0\0\0")),
        ("an unknown chunk", further(b"teSt", &[0; 70_000])),
    ]
}

fn texts() -> Vec<(&'static str, Vec<u8>)> {
    let body = paragraph("先进集体申报表");
    let with = |further: &[Part]| zip(&[&docx(&body), further].concat());
    let rels = "word/_rels/document.xml.rels";
    let descending = {
        let mut parts = docx(&body);
        parts.reverse();
        zip(&parts)
    };
    let described: Vec<Part> = docx(&body).into_iter().map(|part| Part { described: true, ..part }).collect();
    vec![
        ("nothing", zip(&docx(""))),
        ("a paragraph", with(&[])),
        (
            "10,000 paragraphs",
            zip(&docx(&(0..10_000).map(|n| paragraph(&format!("第{n}段"))).collect::<String>())),
        ),
        (
            "a picture",
            with(&[
                links(rels, &[("image", "media/image1.png", false)]),
                stored("word/media/image1.png", png(8, 8)),
            ]),
        ),
        (
            "two pictures",
            with(&[stored("word/media/a.jpeg", jpeg(8, 8)), stored("word/media/b.png", png(8, 8))]),
        ),
        ("a link", with(&[links(rels, &[("hyperlink", "https://example.cn/?a=1&amp;b=2", true)])])),
        ("a link to a file beside it", with(&[links(rels, &[("hyperlink", "附件2.docx", true)])])),
        ("an address", with(&[links(rels, &[("hyperlink", "mailto:a@example.cn", true)])])),
        ("a part named from the root", with(&[links(rels, &[("styles", "/word/styles.xml", false)])])),
        ("styles", with(&[packed("word/styles.xml", "<w:styles xmlns:w=\"a\"/>")])),
        ("an embedded font", with(&[stored("word/fonts/font1.odttf", [7; 99])])),
        ("settings of a printer", with(&[stored("word/printerSettings/printerSettings1.bin", [0; 99])])),
        ("the number of a page", zip(&docx(&field(" PAGE \\* MERGEFORMAT ")))),
        ("a table of contents", zip(&docx(&field(" TOC \\o \"1-3\" \\h \\z \\u ")))),
        (
            "a link as a field",
            zip(&docx(&field(" HYPERLINK \"https://example.cn/import/link\" ").replace("import/link", "a"))),
        ),
        ("characters by number", zip(&docx(&paragraph("&#20013;&amp;&lt;")))),
        ("folders as entries", with(&[stored("word/media/", "")])),
        ("parts in another order", descending),
        ("sizes behind the data", zip(&described)),
        (
            "a drawing",
            with(&[packed(
                "word/media/a.svg",
                "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0\"/></svg>",
            )]),
        ),
        ("a byte order mark", with(&[packed("word/a.xml", "\u{feff}<?xml version=\"1.0\"?><a/>")])),
    ]
}

fn workbooks() -> Vec<(&'static str, Vec<u8>)> {
    let row = |cells: &str| format!(r#"<row r="1">{cells}</row>"#);
    let one = |cells: &str| zip(&xlsx(&row(cells), 1));
    let with = |further: &[Part]| zip(&[&xlsx("", 1), further].concat());
    let rels = "xl/worksheets/_rels/sheet1.xml.rels";
    let rows: String =
        (1..5_000).map(|n| format!(r#"<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>"#)).collect();
    vec![
        ("nothing", zip(&xlsx("", 0))),
        ("a number", one(r#"<c r="A1"><v>1</v></c>"#)),
        ("a shared string", one(r#"<c r="A1" t="s"><v>0</v></c>"#)),
        ("a string in its place", one(r#"<c r="A1" t="inlineStr"><is><t>甲</t></is></c>"#)),
        ("a formula", one(r#"<c r="A1"><f>SUM(B1:C1)</f><v>3</v></c>"#)),
        ("an error", one(r#"<c r="A1" t="e"><v>#DIV/0!</v></c>"#)),
        ("5,000 rows", zip(&xlsx(&rows, 0))),
        ("1,000 equal strings", zip(&xlsx("", 1_000))),
        ("settings of a printer", with(&[stored("xl/printerSettings/printerSettings1.bin", [1; 99])])),
        (
            "a comment",
            with(&[
                packed("xl/comments1.xml", "<comments/>"),
                packed("xl/drawings/vmlDrawing1.vml", "<xml/>"),
            ]),
        ),
        ("a link", with(&[links(rels, &[("hyperlink", "https://example.cn/", true)])])),
        ("a picture", with(&[stored("xl/media/image1.jpg", jpeg(8, 8))])),
        ("a chart", with(&[packed("xl/charts/chart1.xml", "<c/>")])),
        ("a theme", with(&[packed("xl/theme/theme1.xml", "<a/>")])),
        ("properties", with(&[packed("docProps/core.xml", "<a/>"), packed("docProps/app.xml", "<a/>")])),
        ("a chain of formulas", with(&[packed("xl/calcChain.xml", "<a/>")])),
    ]
}

fn layouts() -> Vec<(&'static str, Vec<u8>)> {
    let with = |path: &str, content: &[u8]| zip(&[ofd(1), vec![packed(path, content)]].concat());
    let described: Vec<Part> = ofd(2).into_iter().map(|part| Part { described: true, ..part }).collect();
    vec![
        ("one page", zip(&ofd(1))),
        ("ten pages", zip(&ofd(10))),
        ("300 pages", zip(&ofd(300))),
        ("sizes behind the data", zip(&described)),
        ("a picture", with("Doc_0/Res/image_1.png", &png(8, 8))),
        ("a photograph", with("Doc_0/Res/image_1.jpg", &jpeg(8, 8))),
        ("a bitmap", with("Doc_0/Res/image_1.bmp", b"BM\0\0\0\0")),
        ("a page of a facsimile", with("Doc_0/Res/image_1.jb2", b"\x97JB2\r\n\x1a\n")),
        ("a font", with("Doc_0/Res/font_1.ttf", b"\0\x01\0\0")),
        ("resources", with("Doc_0/DocumentRes.xml", b"<a/>")),
        ("resources of all documents", with("Doc_0/PublicRes.xml", b"<a/>")),
        ("a template", with("Doc_0/Tpls/Tpl_0/Content.xml", b"<a/>")),
        ("annotations", with("Doc_0/Annots/Annotations.xml", b"<a/>")),
        ("an invoice attached", with("Doc_0/Attachs/original_invoice.xml", "<a>发票</a>".as_bytes())),
        ("a signature", with("Doc_0/Signs/Sign_0/SignedValue.dat", &[0x30, 0x82, 1, 2])),
        ("a seal", with("Doc_0/Signs/Sign_0/Seal.esl", &[0x30, 0x82, 1, 2])),
    ]
}

fn videos() -> Vec<(&'static str, Vec<u8>)> {
    let data = || atom(b"mdat", &[0x55; 64]);
    let parts = |parts: &[Vec<u8>]| parts.concat();
    let to_the_end = [0, 0, 0, 0].into_iter().chain(*b"mdat").chain([7; 64]).collect();
    vec![
        ("a second", mp4(1)),
        ("an hour", mp4(3_600)),
        ("data before its description", parts(&[brands(b"isommp42"), data(), movie(3, &[b"vide"])])),
        ("MP4 version 1", parts(&[brands(b"mp41"), movie(3, &[b"vide"]), data()])),
        ("H.264", parts(&[brands(b"isomavc1"), movie(3, &[b"vide"]), data()])),
        ("of Apple", parts(&[brands(b"M4V isom"), movie(3, &[b"vide"]), data()])),
        ("of QuickTime and MP4", parts(&[brands(b"qt  mp42"), movie(3, &[b"vide"]), data()])),
        ("for streaming", parts(&[brands(b"iso5dash"), movie(3, &[b"vide"]), atom(b"moof", b""), data()])),
        (
            "room that is left",
            parts(&[brands(b"isom"), atom(b"free", &[0; 32]), movie(3, &[b"vide"]), data()]),
        ),
        (
            "data with a long size",
            parts(&[brands(b"isom"), movie(3, &[b"vide"]), large_atom(b"mdat", &[7; 64])]),
        ),
        ("data to the end", parts(&[brands(b"isom"), movie(3, &[b"vide"]), to_the_end])),
        ("data twice", parts(&[brands(b"isom"), data(), movie(3, &[b"vide"]), data()])),
        (
            "a box of its maker",
            parts(&[brands(b"isom"), atom(b"uuid", &[9; 48]), movie(3, &[b"vide"]), data()]),
        ),
        ("no length", parts(&[brands(b"isom"), movie(0, &[b"vide"]), data()])),
        ("picture and sound", parts(&[brands(b"isom"), movie(3, &[b"vide", b"soun"]), data()])),
        ("wide", parts(&[brands(b"iso4"), atom(b"wide", b""), data(), movie(3, &[b"vide"])])),
    ]
}

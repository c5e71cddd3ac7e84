//! Documents of the corpus: the parts of DOCX, XLSX and OFD.

use super::zips::{Part, packed};

const TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
const LINKS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const SHEET: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OPEN_XML: &str = "application/vnd.openxmlformats-officedocument";
const XML: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;

fn types(part: &str, kind: &str, further: &str) -> Part {
    let text = format!(
        r#"{XML}<Types xmlns="{TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/{part}" ContentType="{kind}"/>{further}</Types>"#
    );
    packed("[Content_Types].xml", text)
}

/// A part of relationships: the kind behind the last slash, the target, and whether it is outside.
pub(super) fn links(path: &str, links: &[(&str, &str, bool)]) -> Part {
    let mut text = format!(r#"{XML}<Relationships xmlns="{LINKS}">"#);
    for (number, (kind, target, outside)) in (1..).zip(links) {
        let mode = if *outside { r#" TargetMode="External""# } else { "" };
        text +=
            &format!(r#"<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>"#);
    }
    packed(path, text + "</Relationships>")
}

/// The parts of a text of this body.
pub(super) fn docx(body: &str) -> Vec<Part> {
    docx_as(&format!("{OPEN_XML}.wordprocessingml.document.main+xml"), body)
}

/// The same with another content type.
pub(super) fn docx_as(kind: &str, body: &str) -> Vec<Part> {
    let text = format!(r#"{XML}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>"#);
    vec![
        types("word/document.xml", kind, ""),
        links("_rels/.rels", &[("officeDocument", "word/document.xml", false)]),
        packed("word/document.xml", text),
    ]
}

/// A paragraph of a text.
pub(super) fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

/// A field of an instruction.
pub(super) fn field(instruction: &str) -> String {
    format!(
        r#"<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{instruction}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>"#
    )
}

/// The parts of a workbook with these rows, and so many shared strings.
pub(super) fn xlsx(rows: &str, strings: usize) -> Vec<Part> {
    let kind = format!("{OPEN_XML}.spreadsheetml.sheet.main+xml");
    let sheet = format!(
        r#"<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{OPEN_XML}.spreadsheetml.worksheet+xml"/>"#
    );
    let book = format!(
        r#"{XML}<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>"#
    );
    let shared = format!(r#"{XML}<sst xmlns="{SHEET}">{}</sst>"#, "<si><t>甲</t></si>".repeat(strings));
    vec![
        types("xl/workbook.xml", &kind, &sheet),
        links("_rels/.rels", &[("officeDocument", "xl/workbook.xml", false)]),
        packed("xl/workbook.xml", book),
        links(
            "xl/_rels/workbook.xml.rels",
            &[("worksheet", "worksheets/sheet1.xml", false), ("sharedStrings", "sharedStrings.xml", false)],
        ),
        packed(
            "xl/worksheets/sheet1.xml",
            format!(r#"{XML}<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>"#),
        ),
        packed("xl/sharedStrings.xml", shared),
    ]
}

/// The parts of a fixed-layout document with so many pages.
pub(super) fn ofd(pages: usize) -> Vec<Part> {
    const OFD: &str = "http://www.ofdspec.org/2016";
    let root = format!(
        r#"{XML}<ofd:OFD xmlns:ofd="{OFD}" Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"#
    );
    let list: String = (0..pages)
        .map(|page| format!(r#"<ofd:Page ID="{}" BaseLoc="Pages/Page_{page}/Content.xml"/>"#, page + 10))
        .collect();
    let document = format!(
        r#"{XML}<ofd:Document xmlns:ofd="{OFD}"><ofd:CommonData><ofd:MaxUnitID>99</ofd:MaxUnitID></ofd:CommonData><ofd:Pages>{list}</ofd:Pages></ofd:Document>"#
    );
    let page = format!(r#"{XML}<ofd:Page xmlns:ofd="{OFD}"><ofd:Content/></ofd:Page>"#);
    let mut parts = vec![packed("OFD.xml", root), packed("Doc_0/Document.xml", document)];
    parts.extend((0..pages).map(|number| packed(&format!("Doc_0/Pages/Page_{number}/Content.xml"), &page)));
    parts
}

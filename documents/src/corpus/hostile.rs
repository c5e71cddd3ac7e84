//! Hostile documents, pictures and videos of the corpus.

use super::pdfs::{packed_pdf, pdf, pdf_with_trailer};
use super::pictures::{PNG, chunk, header, jpeg, jpeg_with, png, png_with, segment};
use super::videos::{atom, brands, movie, mp4};
use super::zips::{stored, zip, zip_with};
use super::{Specimen, hostile};

/// All of them.
pub(super) fn all() -> Vec<Specimen> {
    [plain(), pictures(), videos(), acting_pdfs(), broken_pdfs()].concat()
}

/// The test file of EICAR, put together here, or this program would be taken for it.
fn eicar() -> String {
    ["X5O!P%@AP[4\\PZX54(P^)7CC)7}", "$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"].concat()
}

const SCRIPT: &str = "<script>alert(1)</script>";

fn plain() -> Vec<Specimen> {
    let svg = format!(r#"<svg xmlns="http://www.w3.org/2000/svg">{SCRIPT}</svg>"#);
    let page = format!("<!doctype html><html>{SCRIPT}</html>");
    let gif = b"GIF89a/*\x01\0\x01\0\0\0\0*/=1;alert(1);".to_vec();
    let html = Specimen {
        media_type: Some("text/html"),
        ..hostile("declared as a page", "a.pdf", pdf("", 1, &[]), "type_mismatch")
    };
    vec![
        html,
        hostile("nothing", "a.pdf", "", "empty_file"),
        hostile("EICAR", "a.pdf", eicar(), "malware"),
        hostile("EICAR within a document", "a.pdf", pdf("", 1, &[&format!("({})", eicar())]), "malware"),
        hostile("a drawing with a script", "a.svg", svg.clone(), "bad_name"),
        hostile("a drawing as a picture", "a.png", svg, "type_mismatch"),
        hostile("a page", "a.html", page.clone(), "bad_name"),
        hostile("a page under an ending of its own", "甲.xhtml", page.clone(), "type_not_allowed"),
        hostile("a page as a document", "a.pdf", page, "type_mismatch"),
        hostile("a picture that is a script", "a.gif", gif.clone(), "type_not_allowed"),
        hostile("a script as a picture", "a.jpg", gif, "type_mismatch"),
        hostile("a program as a document", "a.docx", b"MZ\x90\0".repeat(99), "type_mismatch"),
        hostile("an encrypted workbook", "a.xlsx", encrypted_office(), "encrypted"),
        hostile("an old document as a new one", "a.docx", [OLE, &[0; 512]].concat(), "type_mismatch"),
    ]
}

const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

fn encrypted_office() -> Vec<u8> {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    [OLE, &[0; 1016], &name, &[0; 512]].concat()
}

fn pictures() -> Vec<Specimen> {
    let huge = [PNG, &header(50_000, 50_000), &chunk(b"IDAT", b"x"), &chunk(b"IEND", b"")].concat();
    let mut wrong = png(4, 4);
    if let Some(byte) = wrong.get_mut(30) {
        *byte ^= 1;
    }
    let cut = |bytes: Vec<u8>, left: usize| {
        bytes.get(..bytes.len().saturating_sub(left)).unwrap_or_default().to_vec()
    };
    let container = zip(&[stored("a.txt", "x")]);
    let behind = |bytes: Vec<u8>| {
        [
            bytes.clone(),
            zip_with(&[stored("a.txt", "x")], u32::try_from(bytes.len()).unwrap_or_default(), b""),
        ]
        .concat()
    };
    vec![
        hostile("50,000 × 50,000 pixels in the header", "a.png", huge, "too_many_pixels"),
        hostile("65,535 × 65,535 pixels in the frame", "a.jpg", big_jpeg(), "too_many_pixels"),
        hostile("a wrong check sum", "a.png", wrong, "unreadable"),
        hostile("a PNG that is cut short", "a.png", cut(png(64, 64), 20), "unreadable"),
        hostile("a JPEG that is cut short", "a.jpg", cut(jpeg(64, 64), 2), "unreadable"),
        hostile("a JPEG that is cut in its header", "a.jpg", cut(jpeg(8, 8), 40), "unreadable"),
        hostile(
            "a PNG without pixels",
            "a.png",
            [PNG, &header(1, 1), &chunk(b"IEND", b"")].concat(),
            "unreadable",
        ),
        hostile(
            "a PNG of no size",
            "a.png",
            [PNG, &header(0, 1), &chunk(b"IDAT", b""), &chunk(b"IEND", b"")].concat(),
            "unreadable",
        ),
        hostile("a page behind a JPEG", "a.jpg", [jpeg(8, 8), SCRIPT.into()].concat(), "polyglot"),
        hostile("a page behind a PNG", "a.png", [png(8, 8), SCRIPT.into()].concat(), "polyglot"),
        hostile("a container behind a JPEG", "a.jpg", behind(jpeg(8, 8)), "polyglot"),
        hostile(
            "a container in a comment of a JPEG",
            "a.jpg",
            jpeg_with(8, 8, &[segment(0xfe, &container)]),
            "polyglot",
        ),
        hostile(
            "a container in a chunk of a PNG",
            "a.png",
            png_with(8, 8, &[chunk(b"teSt", &container)]),
            "polyglot",
        ),
        hostile(
            "a PDF in a comment of a JPEG",
            "a.jpg",
            jpeg_with(8, 8, &[segment(0xfe, &pdf("", 1, &[]))]),
            "polyglot",
        ),
    ]
}

fn big_jpeg() -> Vec<u8> {
    let frame = [&[0xff, 0xd8][..], &segment(0xc0, &[8, 0xff, 0xff, 0xff, 0xff, 1, 1, 0x11, 0])].concat();
    [frame, segment(0xda, &[1, 1, 0, 0, 63, 0]), vec![0, 0xff, 0xd9]].concat()
}

fn videos() -> Vec<Specimen> {
    let data = atom(b"mdat", &[7; 32]);
    let mut long = mp4(3);
    if let Some(byte) = long.get_mut(3) {
        *byte = 0xff;
    }
    vec![
        hostile(
            "a picture of Apple as a video",
            "a.mp4",
            [brands(b"heicmif1"), movie(1, &[b"vide"]), data.clone()].concat(),
            "unreadable",
        ),
        hostile(
            "a sound as a video",
            "a.mp4",
            [brands(b"isom"), movie(1, &[b"soun"]), data.clone()].concat(),
            "unreadable",
        ),
        hostile("a video without its description", "a.mp4", [brands(b"isom"), data].concat(), "unreadable"),
        hostile(
            "a box that is none behind a video",
            "a.mp4",
            [mp4(3), atom(b"html", SCRIPT.as_bytes())].concat(),
            "polyglot",
        ),
        hostile("a page behind a video", "a.mp4", [mp4(3), SCRIPT.into()].concat(), "unreadable"),
        hostile(
            "a container behind a video",
            "a.mp4",
            [mp4(3), atom(b"free", &zip(&[stored("a", "x")]))].concat(),
            "polyglot",
        ),
        hostile("a box that reaches beyond the end", "a.mp4", long, "unreadable"),
    ]
}

fn acting_pdfs() -> Vec<Specimen> {
    let script = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>";
    let opens = format!("/OpenAction {script}");
    let active = [
        ("a script when it is opened", pdf(&opens, 1, &[])),
        ("a script in an object of its own", pdf("/OpenAction 4 0 R", 1, &[script])),
        (
            "a script with a written-out name",
            pdf("/OpenAction 4 0 R", 1, &["<< /S /#4aavaScript /#4a#53 (1) >>"]),
        ),
        ("a script whose kind is an object", pdf("/OpenAction 4 0 R", 1, &["<< /S 5 0 R >>", "/JavaScript"])),
        ("a script among the names", pdf("/Names << /JavaScript << /Names [(a) 4 0 R] >> >>", 1, &[script])),
        ("a script in an object stream", packed_pdf(&opens, &[], 0)),
        ("a script in an object of a stream", packed_pdf("/OpenAction 4 0 R", &[script], 0)),
        ("a program that is started", pdf("/OpenAction << /S /Launch /F (cmd.exe) >>", 1, &[])),
        ("a program that a page starts", pdf("", 1, &["<< /AA << /O << /S /Launch /F (a) >> >> >>"])),
        ("a form that sends itself", pdf("", 1, &["<< /S /SubmitForm /F (http://a.example) >>"])),
        ("another document that is opened", pdf("", 1, &["<< /S /GoToR /F (\\\\\\\\server\\\\a.pdf) >>"])),
        (
            "an embedded file",
            pdf(
                "",
                1,
                &[
                    "<< /Type /Filespec /F (a.exe) /EF << /F 5 0 R >> >>",
                    "<< /Length 2 >>\nstream\nMZ\nendstream",
                ],
            ),
        ),
        (
            "an embedded file in an object stream",
            packed_pdf("/Names << /EmbeddedFiles 4 0 R >>", &["<< /Names [] >>"], 0),
        ),
        (
            "a form of XFA",
            pdf("/AcroForm << /Fields [] /XFA 4 0 R >>", 1, &["<< /Length 4 >>\nstream\n<a/>\nendstream"]),
        ),
        ("rich media", pdf("", 1, &["<< /Type /Annot /Subtype /RichMedia >>"])),
        ("a script that the cross references leave out", left_out()),
        (
            "a script that nothing refers to",
            pdf("", 1, &["<< /Kept << /Deep [ << /S /JavaScript >> ] >> >>"]),
        ),
    ];
    active.map(|(about, bytes)| hostile(about, "a.pdf", bytes, "active_content")).to_vec()
}

/// A document with an object that no table lists.
fn left_out() -> Vec<u8> {
    let object = b"9 0 obj\n<< /S /JavaScript /JS (1) >>\nendobj\n%%EOF\n";
    [pdf("", 1, &[]), object.to_vec()].concat()
}

fn broken_pdfs() -> Vec<Specimen> {
    let plain = pdf("", 1, &[]);
    let cut = plain.get(..plain.len() - 20).unwrap_or_default().to_vec();
    let encrypt = "/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O (a) /U (a) >> /ID [(a) (a)]";
    let container = zip_with(&[stored("a.txt", "x")], u32::try_from(plain.len()).unwrap_or_default(), b"");
    let inside = format!(
        "<< /Length 200 >>\nstream\n{}\nendstream",
        String::from_utf8_lossy(&zip(&[stored("a.txt", "x")]))
    );
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let within = format!("{}({}){}", "[".repeat(400), "x".repeat(1 << 20), "]".repeat(400));
    let endless: String = (0..3_000).map(|_| "obj<</First 1/Length 9>>stream\n").collect();
    vec![
        hostile("an encrypted document", "a.pdf", pdf_with_trailer(encrypt, &[]), "encrypted"),
        hostile(
            "a document with an unknown encryption",
            "a.pdf",
            pdf_with_trailer("/#45ncrypt << /Filter /Mine >>", &[]),
            "encrypted",
        ),
        hostile("a container behind a document", "a.pdf", [plain.clone(), container].concat(), "polyglot"),
        hostile("a container within a document", "a.pdf", pdf("", 1, &[&inside]), "polyglot"),
        hostile("a page behind a document", "a.pdf", [plain.clone(), SCRIPT.into()].concat(), "polyglot"),
        hostile("a document behind a page", "a.pdf", [SCRIPT.into(), plain].concat(), "type_mismatch"),
        hostile("a document without its end", "a.pdf", cut, "unreadable"),
        hostile("a document that is its first line", "a.pdf", "%PDF-1.7\n%%EOF\n", "unreadable"),
        hostile("a document without pages", "a.pdf", pdf("", 0, &[]), "unreadable"),
        hostile("objects that swell a thousandfold", "a.pdf", packed_pdf("", &[], 17 << 20), "archive_bomb"),
        hostile("an object stream packed twice", "a.pdf", twice_packed(), "too_complex"),
        hostile("streams without an end", "a.pdf", format!("%PDF-1.7\n{endless}\n%%EOF\n"), "too_complex"),
        hostile("a megabyte within 400 arrays", "a.pdf", pdf("", 1, &[&within]), "too_complex"),
        hostile("100,000 arrays within each other", "a.pdf", pdf("/Deep 4 0 R", 0, &[&deep]), "unreadable"),
    ]
}

fn twice_packed() -> Vec<u8> {
    let text = "<< /Type /ObjStm /N 1 /First 4 /Filter [/FlateDecode /FlateDecode] /Length 4 >>\nstream\nabcd\nendstream";
    pdf("", 1, &[text])
}

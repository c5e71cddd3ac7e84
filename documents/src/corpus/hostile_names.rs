//! Names of the corpus that could deceive: the content under each is harmless.

use super::pdfs::pdf;
use super::{Specimen, hostile};

/// Files with harmless content under a bad name, or under one that their content does not fit.
pub(super) fn all() -> Vec<Specimen> {
    let long = format!("{}a.pdf", "中".repeat(84));
    let names = [
        ("a program behind a document", "a.pdf.exe"),
        ("a document behind a program", "a.exe.pdf"),
        ("a script behind a document, in capitals", "通知.PDF.JS"),
        ("an override of direction", "a\u{202e}fdp.exe"),
        ("an override of direction alone", "甲\u{202e}fdp.pdf"),
        ("an isolate of direction", "甲\u{2066}乙.pdf"),
        ("a character without width", "甲\u{200b}乙.pdf"),
        ("a folder above", "../a.pdf"),
        ("a folder above, as in addresses", "..%2f..%2fx.pdf"),
        ("a folder above, escaped twice", "%252e%252e%252fx.pdf"),
        ("a path of Windows", "C:\\a.pdf"),
        ("a server of Windows", "\\\\server\\a.pdf"),
        ("an absolute path", "/etc/a.pdf"),
        ("a full-width slash", "甲／乙.pdf"),
        ("a stream of NTFS", "a.pdf:b.pdf"),
        ("a device", "CON.pdf"),
        ("a device with a number", "com1.x.pdf"),
        ("a zero byte", "a.pdf\0.jpg"),
        ("a new line", "a\nb.pdf"),
        ("a dot at the start", ".a.pdf"),
        ("a dot at the end", "a.pdf."),
        ("a blank at the end", "a.pdf "),
        ("256 and more bytes", &long),
        ("nothing", ""),
    ];
    let bad = names.map(|(about, name)| hostile(about, name, pdf("", 1, &[]), "bad_name"));
    let wrong = [
        ("a.png", "type_mismatch"),
        ("a.docx", "type_mismatch"),
        ("a.txt", "type_not_allowed"),
        ("pdf", "type_not_allowed"),
    ]
    .map(|(name, code)| hostile("a PDF under another ending", name, pdf("", 1, &[]), code));
    [bad.to_vec(), wrong.to_vec()].concat()
}

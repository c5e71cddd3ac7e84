//! Signatures: what the first and the last bytes of a file say of it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use super::{Kind, Refusal};

/// The two halves of the test file of EICAR. They stand apart here, or this program itself would be taken for it.
const EICAR: [&[u8]; 2] = [b"X5O!P%@AP[4\\PZX54(P^)7CC)7}", b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"];

/// What begins like this, and what it is called. The first that fits is meant.
const BEGINNINGS: [(&[u8], &str); 12] = [
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"PK\x03\x04", "zip"),
    (OLE, "ole"),
    (b"GIF8", "gif"),
    (b"MZ", "executable"),
    (b"\x7fELF", "executable"),
    (b"#!", "script"),
    (b"Rar!\x1a", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
];
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
const UNKNOWN: &str = "unknown";

/// Whether the EICAR test string is among these bytes.
pub(super) fn is_malware(bytes: &[u8]) -> bool {
    let [first, second] = EICAR;
    bytes
        .windows(first.len())
        .enumerate()
        .filter(|(_, window)| *window == first)
        .any(|(at, _)| bytes.get(at + first.len()..).is_some_and(|rest| rest.starts_with(second)))
}

/// What bytes begin like.
pub(super) fn name(head: &[u8]) -> &'static str {
    if head.get(4..8) == Some(b"ftyp") {
        return "mp4";
    }
    if let Some((_, name)) = BEGINNINGS.iter().find(|(signature, _)| head.starts_with(signature)) {
        return name;
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let begins = |with: &[u8]| text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    if begins(b"<!doctype html") || begins(b"<html") || begins(b"<script") {
        "html"
    } else if begins(b"<svg") || begins(b"<?xml") {
        "xml"
    } else {
        UNKNOWN
    }
}

/// Whether a part of a container begins like something that must not be in it: a container, a program, a page.
pub(super) fn forbidden_part(head: &[u8]) -> Option<&'static str> {
    let name = name(head);
    matches!(name, "zip" | "ole" | "executable" | "script" | "rar" | "7z" | "gzip" | "html" | "pdf")
        .then_some(name)
}

/// Whether the content begins like its kind, and like no other.
pub(super) fn check(head: &[u8], kind: Kind) -> Result<(), Refusal> {
    let found = name(head);
    let wanted = match kind {
        Kind::Docx | Kind::Xlsx | Kind::Ofd => "zip",
        Kind::Pdf | Kind::Jpeg | Kind::Png | Kind::Mp4 => kind.into(),
    };
    if found != wanted {
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        if wanted == "zip" && found == "ole" && contains(head, &name) {
            return Err(Refusal::Encrypted);
        }
        return Err(Refusal::TypeMismatch { expected: kind, found: found.to_owned() });
    }
    // Readers of PDF accept a beginning anywhere in the first 1,024 bytes.
    let early = head.get(..1024.min(head.len())).unwrap_or_default();
    if kind != Kind::Pdf && contains(early, b"%PDF-") {
        return Err(Refusal::Polyglot { with: "pdf" });
    }
    Ok(())
}

/// Whether bytes contain others.
pub(super) fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// Whether a file that is no container ends like one, so that an unpacker would take it for one.
pub(super) fn ends_as_container(file: &mut File) -> io::Result<bool> {
    const END: [u8; 4] = *b"PK\x05\x06";
    const SIZE: usize = 22;
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(SIZE as u64 + u64::from(u16::MAX))))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    let mut records = tail.windows(SIZE).filter(|record| record.starts_with(&END));
    // The numbers of this and the directory's disk are nought in every container of one file.
    Ok(records.any(|record| record.get(4..8) == Some(&[0; 4])))
}

//! ZIP containers of the corpus, written record by record, so that every record can lie.

use std::io::Write;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// An entry, and what its records say of it.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub name: Vec<u8>,
    pub flags: u16,
    pub method: u16,
    pub data: Vec<u8>,
    pub crc: u32,
    pub unpacked: u32,
    /// The upper half holds the mode of Unix.
    pub attributes: u32,
    /// The name in the header, where it is another than in the directory.
    pub other_name: Option<Vec<u8>>,
    /// Where the directory says that the header is, where it is elsewhere.
    pub header: Option<u32>,
    /// Bytes after the entry that belong to nothing.
    pub gap: Vec<u8>,
    /// Whether the sizes follow the data, as programs write that do not know them before.
    pub described: bool,
}

/// A part that is packed.
pub(super) fn packed(name: &str, content: impl AsRef<[u8]>) -> Part {
    let content = content.as_ref();
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    let data = encoder.write_all(content).and_then(|()| encoder.finish()).unwrap_or_default();
    Part { method: 8, data, ..stored(name, content) }
}

/// A part that is stored as it is.
pub(super) fn stored(name: &str, content: impl AsRef<[u8]>) -> Part {
    let content = content.as_ref();
    let mut crc = Crc::new();
    crc.update(content);
    Part {
        name: name.as_bytes().to_vec(),
        flags: 1 << 11,
        method: 0,
        data: content.to_vec(),
        crc: crc.sum(),
        unpacked: size(content),
        attributes: 0o100_644 << 16,
        other_name: None,
        header: None,
        gap: Vec::new(),
        described: false,
    }
}

/// A container of parts.
pub(super) fn zip(parts: &[Part]) -> Vec<u8> {
    zip_with(parts, 0, b"")
}

/// A container of parts, in which the first offset is counted from after a beginning of that length, with a comment.
pub(super) fn zip_with(parts: &[Part], beginning: u32, comment: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for part in parts {
        let header = part.header.unwrap_or(beginning + size(&out));
        let flags = part.flags | if part.described { 1 << 3 } else { 0 };
        let sizes = [part.crc, size(&part.data), part.unpacked];
        let common = |shown: [u32; 3]| {
            let mut common = [20_u16, flags, part.method, 0, 0x5c61].map(u16::to_le_bytes).concat();
            common.extend(shown.map(u32::to_le_bytes).concat());
            common
        };
        let name = part.other_name.as_ref().unwrap_or(&part.name);
        out.extend(b"PK\x03\x04");
        out.extend(common(if part.described { [0; 3] } else { sizes }));
        out.extend([short(name), 0].map(u16::to_le_bytes).concat());
        out.extend(name);
        out.extend(&part.data);
        if part.described {
            out.extend(b"PK\x07\x08");
            out.extend(sizes.map(u32::to_le_bytes).concat());
        }
        out.extend(&part.gap);
        directory.extend(b"PK\x01\x02\x14\x03");
        directory.extend(common(sizes));
        directory.extend([short(&part.name), 0, 0, 0, 0].map(u16::to_le_bytes).concat());
        directory.extend([part.attributes, header].map(u32::to_le_bytes).concat());
        directory.extend(&part.name);
    }
    let start = beginning + size(&out);
    let count = u16::try_from(parts.len()).unwrap_or(u16::MAX);
    let mut end = b"PK\x05\x06\0\0\0\0".to_vec();
    end.extend([count, count].map(u16::to_le_bytes).concat());
    end.extend([size(&directory), start].map(u32::to_le_bytes).concat());
    end.extend(short(comment).to_le_bytes());
    [out, directory, end, comment.to_vec()].concat()
}

fn size(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}

fn short(bytes: &[u8]) -> u16 {
    u16::try_from(bytes.len()).unwrap_or(u16::MAX)
}

//! An entry of a ZIP container: where it lies, and its content, unpacked by pieces and counted.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Take};

use flate2::Crc;
use flate2::bufread::DeflateDecoder;

use super::Damage;
use super::records::{Central, Common, descriptor, local_header};

const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
const DESCRIBED: u16 = 1 << 3;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
const FILE_TYPE: u32 = 0o170_000;
const REGULAR: u32 = 0o100_000;
const DIRECTORY: u32 = 0o040_000;

/// An entry.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Its path, with `/` between the parts.
    pub path: String,
    /// Bytes that it takes in the container.
    pub packed: u64,
    /// Bytes of its content.
    pub unpacked: u64,
    /// Where its header begins.
    pub header: u64,
    common: Common,
    attributes: u32,
    data: u64,
}

impl From<Central> for Entry {
    fn from(central: Central) -> Self {
        let Central { common, attributes, header } = central;
        Self {
            path: String::from_utf8_lossy(&common.name).into_owned(),
            packed: common.packed,
            unpacked: common.unpacked,
            header,
            attributes,
            data: 0,
            common,
        }
    }
}

impl Entry {
    /// Whether it is a folder, which holds nothing.
    pub fn is_folder(&self) -> bool {
        self.path.ends_with('/')
    }

    /// Whether its content is there as it is.
    pub fn is_stored(&self) -> bool {
        self.common.method == STORED
    }

    /// Whether it may be read at all.
    pub(super) fn check(&self) -> Result<(), Damage> {
        if self.common.flags & ENCRYPTED != 0 {
            return Err(Damage::Encrypted { path: self.path.clone() });
        }
        let kind = self.attributes >> 16 & FILE_TYPE;
        let why = if std::str::from_utf8(&self.common.name).is_err() {
            "its name is not UTF-8"
        } else if !is_safe(&self.path) {
            "its path leads elsewhere"
        } else if ![0, REGULAR, DIRECTORY].contains(&kind) {
            "it is a link or a device"
        } else if self.is_folder() && self.unpacked != 0 {
            "it is a folder that holds bytes"
        } else if ![STORED, DEFLATED].contains(&self.common.method) {
            "it is packed in another way than deflate"
        } else if self.common.method == STORED && self.packed != self.unpacked {
            "it is stored with two sizes"
        } else {
            return Ok(());
        };
        Err(Damage::Unsafe { path: self.path.clone(), why })
    }

    /// Holds its header against the directory, and says where the next entry begins.
    pub(super) fn place(&mut self, file: &mut File, at: u64) -> Result<u64, Damage> {
        if self.header > at {
            return Err(Damage::Foreign { at });
        }
        if self.header < at {
            return Err(Damage::Unsafe { path: self.path.clone(), why: "it overlaps another" });
        }
        self.place_at(file).map_err(|damage| {
            if let Damage::Broken { path: None, why } = damage {
                Damage::Broken { path: Some(self.path.clone()), why }
            } else {
                damage
            }
        })
    }

    fn place_at(&mut self, file: &mut File) -> Result<u64, Damage> {
        file.seek(SeekFrom::Start(self.header))?;
        let mut reader = BufReader::with_capacity(256, &mut *file);
        let mut local = local_header(&mut reader)?;
        let described = local.flags & DESCRIBED != 0;
        self.data = reader.stream_position()?;
        if described && (local.crc, local.packed, local.unpacked) == (0, 0, 0) {
            (local.crc, local.packed, local.unpacked) =
                (self.common.crc, self.common.packed, self.common.unpacked);
        }
        if local != self.common {
            return Err(Damage::Broken { path: None, why: "header and directory disagree" });
        }
        let end = self
            .data
            .checked_add(self.packed)
            .ok_or(Damage::Broken { path: None, why: "it lies outside the file" })?;
        if !described {
            return Ok(end);
        }
        file.seek(SeekFrom::Start(end))?;
        if !descriptor(file, &self.common)? {
            return Err(Damage::Broken { path: None, why: "its descriptor and the directory disagree" });
        }
        Ok(file.stream_position()?)
    }

    /// Its content, unpacked by pieces. Ends in an error where there is more or less of it than the directory says, or other bytes.
    pub fn content<'a>(&self, file: &'a mut File) -> io::Result<Content<'a>> {
        file.seek(SeekFrom::Start(self.data))?;
        let packed = BufReader::new(file.take(self.packed));
        let source = if self.is_stored() {
            Source::Stored(packed)
        } else {
            Source::Deflated(Box::new(DeflateDecoder::new(packed)))
        };
        Ok(Content { source, left: self.unpacked, crc: Crc::new(), expected: self.common.crc })
    }
}

/// Whether a path stays in the folder that it is unpacked into, on every system.
pub(crate) fn is_safe(path: &str) -> bool {
    let parts = path.strip_suffix('/').unwrap_or(path);
    !path.contains(|c: char| c.is_control() || matches!(c, '\\' | ':'))
        && parts.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

enum Source<'a> {
    Stored(BufReader<Take<&'a mut File>>),
    Deflated(Box<DeflateDecoder<BufReader<Take<&'a mut File>>>>),
}

/// The content of an entry while it is read.
pub(crate) struct Content<'a> {
    source: Source<'a>,
    left: u64,
    crc: Crc,
    expected: u32,
}

impl Read for Content<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let read = match &mut self.source {
            Source::Stored(source) => source.read(buffer)?,
            Source::Deflated(source) => source.read(buffer)?,
        };
        let wrong = |why| Err(io::Error::new(io::ErrorKind::InvalidData, why));
        match self.left.checked_sub(read as u64) {
            None => return wrong("an entry is longer than its directory says"),
            Some(left) => self.left = left,
        }
        self.crc.update(buffer.get(..read).unwrap_or_default());
        if read > 0 {
            return Ok(read);
        }
        if self.left > 0 {
            return wrong("an entry is shorter than its directory says");
        }
        if self.crc.sum() != self.expected {
            return wrong("the content of an entry is not what its check sum says");
        }
        let rest = match &mut self.source {
            Source::Stored(source) => source.read(&mut [0; 1])?,
            Source::Deflated(source) => source.get_mut().read(&mut [0; 1])?,
        };
        if rest > 0 { wrong("bytes follow the content of an entry") } else { Ok(0) }
    }
}

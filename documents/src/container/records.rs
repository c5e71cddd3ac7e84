//! The records of a ZIP container as APPNOTE.TXT (6.3.10) has them: end, directory entry, local header, data descriptor.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};

use super::Damage;

const END: u32 = 0x0605_4b50;
const END_64: u32 = 0x0606_4b50;
const LOCATOR_64: u32 = 0x0706_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const LOCAL: u32 = 0x0403_4b50;
const DESCRIPTOR: u32 = 0x0807_4b50;

const END_SIZE: u64 = 22;
const END_64_SIZE: u64 = 56;
const LOCATOR_64_SIZE: u64 = 20;
const ZIP_64: u16 = 1;

/// Numbers in little-endian order, out of anything that reads.
pub(super) trait Numbers: Read {
    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], Damage> {
        let mut bytes = [0; N];
        self.read_exact(&mut bytes).map_err(cut_short)?;
        Ok(bytes)
    }

    fn u16(&mut self) -> Result<u16, Damage> {
        self.bytes().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Result<u32, Damage> {
        self.bytes().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64, Damage> {
        self.bytes().map(u64::from_le_bytes)
    }

    fn some(&mut self, length: u16) -> Result<Vec<u8>, Damage> {
        let mut bytes = vec![0; usize::from(length)];
        self.read_exact(&mut bytes).map_err(cut_short)?;
        Ok(bytes)
    }
}

impl<R: Read + ?Sized> Numbers for R {}

fn cut_short(error: std::io::Error) -> Damage {
    if error.kind() == ErrorKind::UnexpectedEof {
        Damage::Broken { path: None, why: "it is cut short" }
    } else {
        Damage::Io(error)
    }
}

/// The end of a container, which says where the directory is.
pub(super) struct End {
    pub entries: u64,
    pub directory: u64,
    pub directory_size: u64,
    pub comment: Vec<u8>,
}

impl End {
    /// Finds the end record, which reaches to the last byte of the file.
    pub fn find(file: &mut File) -> Result<Self, Damage> {
        let length = file.seek(SeekFrom::End(0))?;
        let from = length.saturating_sub(END_SIZE + u64::from(u16::MAX));
        file.seek(SeekFrom::Start(from))?;
        let mut tail = Vec::new();
        file.by_ref().take(length - from).read_to_end(&mut tail)?;
        let found = tail.windows(4).enumerate().rev().filter(|(_, four)| *four == END.to_le_bytes());
        let mut elsewhere = None;
        for (offset, _) in found {
            let position = from + offset as u64;
            let Some(record) = tail.get(offset + 4..) else { continue };
            match Self::parse(record, position, length) {
                Ok(end) => return end.checked(file, position),
                Err(_) => elsewhere = Some(Damage::Foreign { at: position }),
            }
        }
        Err(elsewhere.unwrap_or(Damage::NotAContainer))
    }

    fn parse(mut record: &[u8], position: u64, length: u64) -> Result<Self, Damage> {
        let broken = || Damage::Broken { path: None, why: "the end record is not one file's alone" };
        let (disk, directory_disk) = (record.u16()?, record.u16()?);
        let (here, entries) = (record.u16()?, record.u16()?);
        let (directory_size, directory) = (record.u32()?, record.u32()?);
        let comment_length = record.u16()?;
        if position + END_SIZE + u64::from(comment_length) != length {
            return Err(Damage::Foreign { at: position });
        }
        if disk != 0 || directory_disk != 0 || here != entries {
            return Err(broken());
        }
        Ok(Self {
            entries: entries.into(),
            directory: directory.into(),
            directory_size: directory_size.into(),
            comment: record.some(comment_length)?,
        })
    }

    /// The same, with the numbers of the Zip64 record where there is one, and nothing between the directory and the end.
    fn checked(mut self, file: &mut File, position: u64) -> Result<Self, Damage> {
        let large = self.entries == u64::from(u16::MAX)
            || self.directory == u64::from(u32::MAX)
            || self.directory_size == u64::from(u32::MAX);
        let mut until = position;
        if large && let Some(locator) = position.checked_sub(LOCATOR_64_SIZE) {
            file.seek(SeekFrom::Start(locator))?;
            if file.u32()? == LOCATOR_64 {
                let disk = file.u32()?;
                until = file.u64()?;
                let disks = file.u32()?;
                if disk != 0 || disks != 1 || until.checked_add(END_64_SIZE) != Some(locator) {
                    return Err(Damage::Broken { path: None, why: "the Zip64 locator points elsewhere" });
                }
                self.read_64(file, until)?;
            }
        }
        match self.directory.checked_add(self.directory_size) {
            Some(end) if end == until => Ok(self),
            Some(end) if end < until => Err(Damage::Foreign { at: end }),
            _ => Err(Damage::Broken { path: None, why: "the directory lies outside the file" }),
        }
    }

    fn read_64(&mut self, file: &mut File, position: u64) -> Result<(), Damage> {
        file.seek(SeekFrom::Start(position))?;
        let (signature, size) = (file.u32()?, file.u64()?);
        let _versions = file.u32()?;
        let disks = file.u64()?;
        let here = file.u64()?;
        self.entries = file.u64()?;
        self.directory_size = file.u64()?;
        self.directory = file.u64()?;
        if signature != END_64 || size != END_64_SIZE - 12 || disks != 0 || here != self.entries {
            return Err(Damage::Broken { path: None, why: "the Zip64 end record is not one file's alone" });
        }
        Ok(())
    }
}

/// What directory and local header both say of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Common {
    pub flags: u16,
    pub method: u16,
    pub changed: u32,
    pub crc: u32,
    pub packed: u64,
    pub unpacked: u64,
    pub name: Vec<u8>,
}

/// An entry of the directory.
pub(super) struct Central {
    pub common: Common,
    pub attributes: u32,
    pub header: u64,
}

impl Central {
    pub fn read(reader: &mut impl Read, longest: u16) -> Result<Self, Damage> {
        if reader.u32()? != CENTRAL {
            return Err(Damage::Broken { path: None, why: "an entry of the directory is none" });
        }
        let _made_by = reader.u16()?;
        let mut common = Common::read(reader)?;
        let name_length = reader.u16()?;
        let (extra, comment) = (reader.u16()?, reader.u16()?);
        let (disk, _internal, attributes) = (reader.u16()?, reader.u16()?, reader.u32()?);
        let mut header = u64::from(reader.u32()?);
        if name_length > longest {
            return Err(Damage::Unsafe { path: String::new(), why: "a path is too long" });
        }
        common.name = reader.some(name_length)?;
        let extra = reader.some(extra)?;
        let _comment = reader.some(comment)?;
        if disk != 0 {
            return Err(Damage::Broken { path: None, why: "an entry is in another file" });
        }
        widen(&extra, &mut [&mut common.unpacked, &mut common.packed, &mut header])?;
        Ok(Self { common, attributes, header })
    }
}

impl Common {
    /// The numbers that directory and header have in the same order; the name follows later.
    fn read(reader: &mut impl Read) -> Result<Self, Damage> {
        let _version = reader.u16()?;
        let (flags, method, changed) = (reader.u16()?, reader.u16()?, reader.u32()?);
        let crc = reader.u32()?;
        let (packed, unpacked) = (reader.u32()?.into(), reader.u32()?.into());
        Ok(Self { flags, method, changed, crc, packed, unpacked, name: Vec::new() })
    }
}

/// Replaces the numbers that say "see the Zip64 field" by the field's, in its order.
fn widen(mut extra: &[u8], numbers: &mut [&mut u64]) -> Result<(), Damage> {
    while !extra.is_empty() {
        let (tag, length) = (extra.u16()?, extra.u16()?);
        let field = extra.some(length)?;
        if tag == ZIP_64 {
            let mut field = field.as_slice();
            for number in numbers.iter_mut().filter(|number| ***number == u64::from(u32::MAX)) {
                **number = field.u64()?;
            }
        }
    }
    Ok(())
}

/// Reads the local header where the reader stands.
pub(super) fn local_header(reader: &mut impl Read) -> Result<Common, Damage> {
    if reader.u32()? != LOCAL {
        return Err(Damage::Broken { path: None, why: "there is no header where it should be" });
    }
    let mut common = Common::read(reader)?;
    let (name, extra) = (reader.u16()?, reader.u16()?);
    common.name = reader.some(name)?;
    let extra = reader.some(extra)?;
    widen(&extra, &mut [&mut common.unpacked, &mut common.packed])?;
    Ok(common)
}

/// Whether a data descriptor of these numbers stands where the reader stands.
pub(super) fn descriptor(reader: &mut impl Read, common: &Common) -> Result<bool, Damage> {
    let mut crc = reader.u32()?;
    if crc == DESCRIPTOR {
        crc = reader.u32()?;
    }
    let packed = u64::from(reader.u32()?);
    let second = u64::from(reader.u32()?);
    if crc != common.crc {
        return Ok(false);
    }
    if (packed, second) == (common.packed, common.unpacked) {
        return Ok(true);
    }
    let unpacked = reader.u64()?;
    Ok((packed | second << 32, unpacked) == (common.packed, common.unpacked))
}

//! The map of a ZIP container, read strictly: every byte belongs to one entry, one header or the directory, and nothing is said twice.
//!
//! Programs disagree about containers that are built loosely. One that passes here has one reading: entries follow each other without gap or
//! overlap from the first byte, the directory follows them and the end follows the directory, and each header says what the directory says.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use thiserror::Error;

mod entry;
mod records;
#[cfg(test)]
mod tests;

pub(crate) use entry::{Entry, is_safe};
use records::{Central, End};

/// What a container may hold at most.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Entries.
    pub entries: u64,
    /// Bytes of all entries together, unpacked.
    pub unpacked: u64,
    /// How many times larger than packed an entry may be, where it is larger than a mebibyte.
    pub ratio: u64,
}

/// What is wrong with a container.
#[derive(Debug, Error)]
pub(crate) enum Damage {
    /// There is no end record: it is no ZIP file.
    #[error("no ZIP container")]
    NotAContainer,
    /// Bytes that belong to nothing.
    #[error("bytes at {at} belong to no entry")]
    Foreign {
        /// Where they begin.
        at: u64,
    },
    /// An entry is encrypted.
    #[error("{path} is encrypted")]
    Encrypted {
        /// Which.
        path: String,
    },
    /// It would take more room than it may.
    #[error("more {what} than {most}")]
    Bomb {
        /// What there is too much of.
        what: &'static str,
        /// How much there may be.
        most: u64,
    },
    /// An entry that must not be unpacked.
    #[error("{path}: {why}")]
    Unsafe {
        /// Which.
        path: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A record contradicts another, or cannot be read.
    #[error("{}{why}", path.as_ref().map(|path| format!("{path}: ")).unwrap_or_default())]
    Broken {
        /// The entry that it belongs to, where it belongs to one.
        path: Option<String>,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The file could not be read.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The map of a container.
#[derive(Debug)]
pub(crate) struct Layout {
    /// Its entries, in the order of the file.
    pub entries: Vec<Entry>,
    /// What its end record carries along.
    pub comment: Vec<u8>,
}

/// Names longer than this are no file's.
const LONGEST_PATH: u16 = 1024;
/// Smaller entries may be packed as tightly as they like.
const RATIO_FROM: u64 = 1 << 20;

impl Layout {
    /// Reads the map of a container, and nothing of what its entries hold.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn read(file: &mut File, bounds: &Bounds) -> Result<Self, Damage> {
        let end = End::find(file)?;
        if end.entries > bounds.entries {
            return Err(Damage::Bomb { what: "entries", most: bounds.entries });
        }
        let mut entries = directory(file, &end)?;
        let mut seen = HashSet::new();
        let mut unpacked = 0_u64;
        for entry in &entries {
            entry.check()?;
            if !seen.insert(entry.path.to_lowercase()) {
                return Err(Damage::Unsafe {
                    path: entry.path.clone(),
                    why: "there is another of this name",
                });
            }
            unpacked = unpacked.saturating_add(entry.unpacked);
            if entry.unpacked > RATIO_FROM && entry.unpacked > entry.packed.saturating_mul(bounds.ratio) {
                return Err(Damage::Bomb { what: "swelling", most: bounds.ratio });
            }
        }
        if unpacked > bounds.unpacked {
            return Err(Damage::Bomb { what: "unpacked bytes", most: bounds.unpacked });
        }
        entries.sort_by_key(|entry| entry.header);
        let mut at = 0;
        for entry in &mut entries {
            at = entry.place(file, at)?;
        }
        if at != end.directory {
            return Err(Damage::Foreign { at });
        }
        Ok(Self { entries, comment: end.comment })
    }

    /// The entry of a path.
    pub fn find(&self, path: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.path == path)
    }
}

fn directory(file: &mut File, end: &End) -> Result<Vec<Entry>, Damage> {
    file.seek(SeekFrom::Start(end.directory))?;
    let mut reader = BufReader::new(file.take(end.directory_size));
    let mut entries = Vec::new();
    for _ in 0..end.entries {
        let central = Central::read(&mut reader, LONGEST_PATH)?;
        entries.push(Entry::from(central));
    }
    let mut rest = [0; 1];
    if reader.read(&mut rest)? != 0 {
        return Err(Damage::Broken { path: None, why: "the directory is longer than its entries" });
    }
    Ok(entries)
}

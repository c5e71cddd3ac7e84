//! The reader of archives: entries are taken out of a package that was verified before.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use super::ArchiveFault;
use super::verifying::BOUNDS;
use crate::container::Layout;

/// A package whose entries are taken out.
#[derive(Debug)]
pub struct ArchiveReader {
    file: File,
    layout: Layout,
}

impl ArchiveReader {
    /// Opens a package. Whether it is unchanged says [`verify`](super::verify) alone.
    ///
    /// # Errors
    /// It cannot be read, or is no container.
    pub fn open(path: &Path) -> Result<Self, ArchiveFault> {
        let mut file = File::open(path)?;
        let layout = Layout::read(&mut file, &BOUNDS)?;
        Ok(Self { file, layout })
    }

    /// Writes the content of an entry.
    ///
    /// # Errors
    /// There is no such entry, or reading or writing fails.
    pub fn take(&mut self, path: &str, into: &mut impl Write) -> Result<u64, ArchiveFault> {
        let entry = self.layout.find(path);
        let entry = entry.ok_or_else(|| ArchiveFault::Missing { path: path.to_owned() })?;
        Ok(io::copy(&mut entry.content(&mut self.file)?, into)?)
    }
}

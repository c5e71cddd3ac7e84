//! The writer of archives: one entry after another, hashed on its way, and the seal at the end.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use serde_json::Value;
use thiserror::Error;
use time::{OffsetDateTime, UtcOffset};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{FORMAT, Listed, MANIFEST, Manifest, SEAL_LENGTH, SUMS, VERSION, digest_of, expected_seal};
use crate::container::is_safe;

/// Why an archive cannot be written.
#[derive(Debug, Error)]
pub enum ArchiveError {
    /// The file could not be written, or the content of an entry not be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The container could not be written.
    #[error(transparent)]
    Container(#[from] zip::result::ZipError),
    /// The manifest could not be written.
    #[error(transparent)]
    Manifest(#[from] serde_json::Error),
    /// A path leads elsewhere, or is kept for the archive itself.
    #[error("{0:?} is no path for an entry")]
    Path(String),
    /// There is an entry of this path, in small or capital letters.
    #[error("a second {0:?}")]
    Duplicate(String),
    /// The instant cannot be written in a container: they know the years from 1980 to 2107.
    #[error("the instant of the archive lies outside the years of a container")]
    Instant,
}

/// Writes an archive. The same entries at the same instant give the same bytes.
pub struct ArchiveWriter {
    zip: ZipWriter<File>,
    options: SimpleFileOptions,
    entries: Vec<Listed>,
    paths: HashSet<String>,
    about: Value,
}

/// An archive that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// How many entries it has, without those of its own.
    pub entries: usize,
    /// Bytes of the file.
    pub bytes: u64,
    /// The seal.
    pub seal: String,
}

impl ArchiveWriter {
    /// Begins an archive of what the caller says, with one instant for all its entries, which is written as the clock in China shows it.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn create(path: &Path, about: Value, made: OffsetDateTime) -> Result<Self, ArchiveError> {
        let file = File::options().read(true).write(true).create(true).truncate(true).open(path)?;
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(instant(made).ok_or(ArchiveError::Instant)?)
            .unix_permissions(0o644)
            .large_file(true);
        let paths = [MANIFEST, SUMS].map(str::to_lowercase).into();
        Ok(Self { zip: ZipWriter::new(file), options, entries: Vec::new(), paths, about })
    }

    /// Writes an entry, read to its end.
    ///
    /// # Errors
    /// The path must not be used, or reading or writing fails; the archive is of no use then.
    pub fn add(&mut self, path: &str, content: impl Read) -> Result<&Listed, ArchiveError> {
        let small = path.to_lowercase();
        if !is_safe(path) || path.ends_with('/') || [MANIFEST, SUMS].map(str::to_lowercase).contains(&small) {
            return Err(ArchiveError::Path(path.to_owned()));
        }
        if !self.paths.insert(small) {
            return Err(ArchiveError::Duplicate(path.to_owned()));
        }
        let (size, sha256) = self.write(path, content)?;
        Ok(self.entries.push_mut(Listed { path: path.to_owned(), size, sha256 }))
    }

    /// Writes what the archive says of itself, and seals it.
    ///
    /// # Errors
    /// Writing fails.
    pub fn finish(mut self) -> Result<Sealed, ArchiveError> {
        let mut manifest = Manifest {
            format: FORMAT.to_owned(),
            version: VERSION,
            about: std::mem::take(&mut self.about),
            entries: std::mem::take(&mut self.entries),
            digest: String::new(),
        };
        manifest.digest = manifest.expected_digest()?;
        let mut text = serde_json::to_vec_pretty(&manifest)?;
        text.push(b'\n');
        let (_, own_digest) = self.write(MANIFEST, text.as_slice())?;
        self.write(SUMS, manifest.sums(&own_digest).as_bytes())?;
        self.zip.set_comment("0".repeat(SEAL_LENGTH))?;
        let mut file = self.zip.finish()?;
        let bytes = file.seek(SeekFrom::End(0))?;
        let seal = expected_seal(&mut file, bytes)?;
        file.seek(SeekFrom::Start(bytes.saturating_sub(SEAL_LENGTH as u64)))?;
        file.write_all(seal.as_bytes())?;
        file.sync_all()?;
        Ok(Sealed { entries: manifest.entries.len(), bytes, seal })
    }

    fn write(&mut self, path: &str, content: impl Read) -> Result<(u64, String), ArchiveError> {
        self.zip.start_file(path, self.options)?;
        let zip = &mut self.zip;
        Ok(digest_of(content, |piece| zip.write_all(piece))?)
    }
}

fn instant(made: OffsetDateTime) -> Option<DateTime> {
    let local = made.to_offset(UtcOffset::from_hms(8, 0, 0).ok()?);
    DateTime::from_date_and_time(
        u16::try_from(local.year()).ok()?,
        local.month().into(),
        local.day(),
        local.hour(),
        local.minute(),
        local.second(),
    )
    .ok()
}

//! The spool: bytes that come are written into a file without a name and digested on the way, off the async threads.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use aws_lc_rs::digest::{Context, SHA256};
use tempfile::TempPath;

use crate::problem::Failure;

/// What is written at once, in bytes.
const PIECE: usize = 512 * 1024;

/// Bytes on their way into a file.
pub struct Spool {
    // Nothing while it is written to, and for good once that has failed.
    writer: Option<Writer>,
    path: TempPath,
    waiting: Vec<u8>,
    size: u64,
}

struct Writer {
    file: File,
    digest: Context,
}

impl std::fmt::Debug for Spool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Spool({} bytes)", self.size)
    }
}

/// A file that has come whole; it goes with this.
#[derive(Debug)]
pub struct Spooled {
    /// Where it is.
    pub path: TempPath,
    /// Its bytes.
    pub size: u64,
    /// Its SHA-256 in hexadecimal digits.
    pub digest: String,
}

impl Spooled {
    /// A file that was written whole elsewhere, measured off the async threads.
    ///
    /// # Errors
    /// [`Failure::Internal`] where it cannot be read.
    pub async fn measured(path: TempPath) -> Result<Self, Failure> {
        let measuring = tokio::task::spawn_blocking(move || {
            let mut file = File::open(&path)?;
            let mut digest = Context::new(&SHA256);
            let (mut size, mut piece) = (0, vec![0; PIECE]);
            loop {
                let read = file.read(&mut piece)?;
                if read == 0 {
                    break;
                }
                digest.update(piece.get(..read).unwrap_or_default());
                size += read as u64;
            }
            Ok::<_, io::Error>(Self { path, size, digest: hex(digest) })
        });
        let measured = measuring.await.map_err(|error| Failure::Internal(format!("the spool: {error}")))?;
        Ok(measured?)
    }
}

fn hex(digest: Context) -> String {
    digest.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Spool {
    /// An empty one, in a folder.
    ///
    /// # Errors
    /// The operating system's.
    pub fn begin(folder: &Path) -> io::Result<Self> {
        let (file, path) = tempfile::Builder::new().prefix("spool-").tempfile_in(folder)?.into_parts();
        let writer = Some(Writer { file, digest: Context::new(&SHA256) });
        Ok(Self { writer, path, waiting: Vec::new(), size: 0 })
    }

    /// The bytes so far.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Takes some bytes.
    ///
    /// # Errors
    /// 507 where there is no room.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.waiting.extend_from_slice(bytes);
        self.size += bytes.len() as u64;
        if self.waiting.len() >= PIECE { self.flush().await } else { Ok(()) }
    }

    async fn flush(&mut self) -> Result<(), Failure> {
        let broken = || Failure::Internal("a spool that failed is written to".into());
        let mut writer = self.writer.take().ok_or_else(broken)?;
        let piece = std::mem::take(&mut self.waiting);
        let written = tokio::task::spawn_blocking(move || {
            writer.digest.update(&piece);
            writer.file.write_all(&piece).map(|()| writer)
        });
        let written = written.await.map_err(|error| Failure::Internal(format!("the spool: {error}")))?;
        self.writer = Some(written?);
        Ok(())
    }

    /// The whole file.
    ///
    /// # Errors
    /// 507 where there is no room.
    pub async fn close(mut self) -> Result<Spooled, Failure> {
        self.flush().await?;
        let writer = self.writer.ok_or_else(|| Failure::Internal("a spool that failed is closed".into()))?;
        Ok(Spooled { path: self.path, size: self.size, digest: hex(writer.digest) })
    }
}

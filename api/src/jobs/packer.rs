//! The packer: entries go to a thread of their own that puts them into the package, so many on their way and no more.

use std::fmt;
use std::fs::File;

use pingxuan_documents::archive::{ArchiveError, ArchiveWriter};
use serde::Serialize;
use serde_json::Value;
use tempfile::TempPath;
use time::OffsetDateTime;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::problem::Failure;

/// Entries that may be on their way.
const ENTRIES: usize = 4;

/// What an entry holds.
enum Content {
    Bytes(Vec<u8>),
    File(TempPath),
}

/// An entry with its path; nothing where that was the last.
type Order = Option<(String, Content)>;

/// Packs an archive.
pub struct Packer {
    orders: mpsc::Sender<Order>,
    packing: JoinHandle<Result<TempPath, ArchiveError>>,
    entries: u64,
}

impl fmt::Debug for Packer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Packer({} entries)", self.entries)
    }
}

impl Packer {
    /// Begins a package of what is said; its file goes with the packer where it is not sealed.
    #[must_use]
    pub fn begin(path: TempPath, about: Value, made: OffsetDateTime) -> Self {
        let (orders, mut coming) = mpsc::channel::<Order>(ENTRIES);
        let packing = tokio::task::spawn_blocking(move || {
            let package = path;
            let mut writer = ArchiveWriter::create(&package, about, made)?;
            while let Some(order) = coming.blocking_recv() {
                match order {
                    Some((path, Content::Bytes(bytes))) => drop(writer.add(&path, bytes.as_slice())?),
                    Some((path, Content::File(file))) => drop(writer.add(&path, File::open(&file)?)?),
                    None => {
                        writer.finish()?;
                        return Ok(package);
                    }
                }
            }
            // Whoever packed has gone.
            Err(ArchiveError::Path(String::new()))
        });
        Self { orders, packing, entries: 0 }
    }

    /// Puts in something as JSON.
    ///
    /// # Errors
    /// [`Failure`] where it cannot be written.
    pub async fn json(&mut self, path: &str, content: &impl Serialize) -> Result<(), Failure> {
        let mut text =
            serde_json::to_vec_pretty(content).map_err(|error| Failure::Internal(error.to_string()))?;
        text.push(b'\n');
        self.bytes(path, text).await
    }

    /// Puts in some bytes.
    ///
    /// # Errors
    /// [`Failure`] where they cannot be written.
    pub async fn bytes(&mut self, path: &str, content: Vec<u8>) -> Result<(), Failure> {
        self.order(Some((path.to_owned(), Content::Bytes(content)))).await
    }

    /// Puts in a file, which goes with it.
    ///
    /// # Errors
    /// [`Failure`] where it cannot be written.
    pub async fn file(&mut self, path: &str, content: TempPath) -> Result<(), Failure> {
        self.order(Some((path.to_owned(), Content::File(content)))).await
    }

    /// Seals the package; answers it, and how many entries it has.
    ///
    /// # Errors
    /// 507 where there is no room, [`Failure::Internal`] where it could not be written.
    pub async fn close(mut self) -> Result<(TempPath, u64), Failure> {
        let entries = self.entries;
        self.order(None).await?;
        Ok((stopped(&mut self.packing).await?, entries))
    }

    async fn order(&mut self, order: Order) -> Result<(), Failure> {
        self.entries += 1;
        if self.orders.send(order).await.is_ok() {
            return Ok(());
        }
        stopped(&mut self.packing).await?;
        Err(Failure::Internal("the packer of archives has stopped".into()))
    }
}

/// How the packer has ended.
async fn stopped(packing: &mut JoinHandle<Result<TempPath, ArchiveError>>) -> Result<TempPath, Failure> {
    let ended = packing.await.map_err(|error| Failure::Internal(format!("a packer of archives: {error}")))?;
    ended.map_err(|fault| {
        if let ArchiveError::Io(error) = fault {
            error.into()
        } else {
            Failure::Internal(format!("an archive: {fault}"))
        }
    })
}

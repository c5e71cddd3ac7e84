//! Files: where they are kept under names of our own, a folder or a store that speaks S3, and never a half one under its name.

use std::error::Error;
use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use actix_web::web::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt, WriteMultipart};
use pingxuan_domain::ErrorCode;
use tempfile::TempPath;
use tokio::io::AsyncReadExt;
use uuid::Uuid;

use self::scanner::Scanner;
use self::spool::Spool;
use crate::problem::Failure;

pub mod carrying;
pub mod scanner;
pub mod settings;
pub mod spool;
pub mod sweeping;

/// What is sent to the store at once, in bytes: the least that S3 takes for a part of a file.
const PART: usize = 5 * 1024 * 1024;

/// Where files are.
#[derive(Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    spool: PathBuf,
    /// What looks for viruses, where there is one.
    pub scanner: Option<Scanner>,
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Files({})", self.store)
    }
}

/// What kinds of files there are: each has a folder of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// An attachment, whole and looked at.
    Attachment,
    /// A piece of an upload, by where it begins.
    Piece(u64),
    /// What the virus scanner found something in.
    Quarantined,
    /// What a job is given to read.
    Given,
    /// What came of a job.
    Result,
}

impl Kept {
    fn folder(self) -> &'static str {
        match self {
            Self::Attachment => "attachments",
            Self::Piece(_) => "uploads",
            Self::Quarantined => "quarantine",
            Self::Given => "given",
            Self::Result => "results",
        }
    }

    fn place(self, id: Uuid) -> Path {
        match self {
            // Twenty digits hold every size, and are in the order of the numbers.
            Self::Piece(offset) => Path::from(format!("{}/{id}/{offset:020}", self.folder())),
            Self::Attachment | Self::Quarantined | Self::Given | Self::Result => {
                Path::from(format!("{}/{id}", self.folder()))
            }
        }
    }
}

/// The bytes of a file, piece by piece.
pub type Pieces = BoxStream<'static, Result<Bytes, Failure>>;

impl Files {
    /// Files in a folder, which is made.
    ///
    /// # Errors
    /// The operating system's.
    pub fn in_folder(folder: &FilePath) -> io::Result<Self> {
        let (kept, spool) = (folder.join("kept"), folder.join("spool"));
        std::fs::create_dir_all(&kept)?;
        std::fs::create_dir_all(&spool)?;
        let store = LocalFileSystem::new_with_prefix(&kept).map_err(io::Error::other)?;
        let store = store.with_fsync(true).with_automatic_cleanup(true);
        Ok(Self { store: Arc::new(store), spool, scanner: None })
    }

    /// Files in another store; what is on its way waits in a folder, which is made.
    ///
    /// # Errors
    /// The operating system's.
    pub fn at(store: Arc<dyn ObjectStore>, spool: PathBuf) -> io::Result<Self> {
        std::fs::create_dir_all(&spool)?;
        Ok(Self { store, spool, scanner: None })
    }

    /// A place for bytes that come.
    ///
    /// # Errors
    /// 507 where there is no room, [`Failure::Internal`] where the folder cannot be written.
    pub fn spool(&self) -> Result<Spool, Failure> {
        Ok(Spool::begin(&self.spool)?)
    }

    /// A place for a file that is written by its path; it goes with the answer.
    ///
    /// # Errors
    /// 507 where there is no room, [`Failure::Internal`] where the folder cannot be written.
    pub fn scratch(&self) -> Result<TempPath, Failure> {
        Ok(tempfile::Builder::new().prefix("spool-").tempfile_in(&self.spool)?.into_temp_path())
    }

    /// Keeps a file; it is there whole, or not at all.
    ///
    /// # Errors
    /// 507 where there is no room, 503 where the store is away.
    pub async fn keep(&self, kept: Kept, id: Uuid, file: &FilePath) -> Result<(), Failure> {
        self.write(&kept.place(id), file).await
    }

    async fn write(&self, place: &Path, file: &FilePath) -> Result<(), Failure> {
        let mut source = tokio::fs::File::open(file).await?;
        let upload = self.store.put_multipart(place).await?;
        let mut writing = WriteMultipart::new_with_chunk_size(upload, PART);
        let mut piece = vec![0; 256 * 1024];
        loop {
            // One part on its way while the next is filled.
            let read = async {
                writing.wait_for_capacity(1).await?;
                Ok::<_, Failure>(source.read(&mut piece).await?)
            };
            match read.await {
                Ok(0) => break,
                Ok(count) => writing.write(piece.get(..count).unwrap_or_default()),
                Err(failure) => {
                    writing.abort().await?;
                    return Err(failure);
                }
            }
        }
        writing.finish().await?;
        Ok(())
    }

    /// The bytes of a file, or of a part of it.
    ///
    /// # Errors
    /// [`Failure::Internal`] where it is not there, 503 where the store is away.
    pub async fn open(&self, kept: Kept, id: Uuid, range: Option<Range<u64>>) -> Result<Pieces, Failure> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        let found = self.store.get_opts(&kept.place(id), options).await?;
        Ok(found.into_stream().map_err(Failure::from).boxed())
    }

    /// Writes the pieces of an upload, in their order, into one place.
    ///
    /// # Errors
    /// As [`Files::open`] and [`Spool::write`].
    pub async fn join(&self, id: Uuid, spool: &mut Spool) -> Result<(), Failure> {
        for place in self.pieces(id).await? {
            let mut piece = self.store.get(&place).await?.into_stream();
            while let Some(bytes) = piece.try_next().await? {
                spool.write(&bytes).await?;
            }
        }
        Ok(())
    }

    async fn pieces(&self, id: Uuid) -> Result<Vec<Path>, Failure> {
        let folder = Path::from(format!("{}/{id}", Kept::Piece(0).folder()));
        let found: Vec<_> =
            self.store.list(Some(&folder)).map_ok(|piece| piece.location).try_collect().await?;
        let mut places = found;
        places.sort_by(|one, other| one.as_ref().cmp(other.as_ref()));
        Ok(places)
    }

    /// Deletes a file; that it is not there is no error.
    ///
    /// # Errors
    /// 503 where the store is away.
    pub async fn delete(&self, kept: Kept, id: Uuid) -> Result<(), Failure> {
        self.gone(&kept.place(id)).await
    }

    /// Deletes the pieces of an upload.
    ///
    /// # Errors
    /// 503 where the store is away.
    pub async fn delete_pieces(&self, id: Uuid) -> Result<(), Failure> {
        for place in self.pieces(id).await? {
            self.gone(&place).await?;
        }
        Ok(())
    }

    async fn gone(&self, place: &Path) -> Result<(), Failure> {
        match self.store.delete(place).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes what belongs to an attachment that is no more, in whatever state it was. What cannot be deleted now is found later.
    pub async fn let_go(&self, ids: &[Uuid]) {
        for id in ids {
            let gone = async {
                self.delete(Kept::Attachment, *id).await?;
                self.delete(Kept::Quarantined, *id).await?;
                self.delete_pieces(*id).await
            };
            if let Err(error) = gone.await {
                tracing::warn!(%error, %id, "a file stays for the sweeper");
            }
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if is_full(&error) {
            Self::of(ErrorCode::StorageFull)
        } else {
            Self::Internal(format!("a file: {error}"))
        }
    }
}

impl From<object_store::Error> for Failure {
    fn from(error: object_store::Error) -> Self {
        let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
        while let Some(below) = cause {
            if below.downcast_ref::<io::Error>().is_some_and(is_full) {
                return Self::of(ErrorCode::StorageFull);
            }
            cause = below.source();
        }
        if let object_store::Error::NotFound { path, .. } = error {
            return Self::Internal(format!("a file is not there: {path}"));
        }
        tracing::error!(%error, "the store of files is away");
        Self::of(ErrorCode::ServiceUnavailable)
    }
}

/// Whether there is no room left.
fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

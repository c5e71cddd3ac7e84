//! A backup: the database as it is at one moment, and the files, in one package that betrays a change of any byte.
//!
//! What is sealed in the database stays sealed: the key is not in it. All else, and every file, can be read by whoever holds it.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

use pingxuan_documents::archive::{ArchiveWriter, Sealed};
use pingxuan_domain::Instant;
use pingxuan_persistence::{Database, condition};
use serde::{Deserialize, Serialize};

use crate::files::Files;
use crate::jobs::columns::moment;
use crate::running::postgres_tools;

/// What tells a backup from other packages.
pub(super) const KIND: &str = "pingxuan-backup";
/// The entry that holds the database.
pub(super) const DATABASE: &str = "database";
/// What stands before the place of a file.
pub(super) const FILES: &str = "files/";

/// What a backup says of itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct About {
    /// That it is one.
    pub kind: String,
    /// The version of the program that made it.
    pub program: String,
    /// When.
    pub made_at: Instant,
    /// `sqlite` or `postgres`.
    pub database: String,
    /// What tells whether a key is the one that seals; it tells nothing of the key.
    pub key_check: String,
}

/// How a database is called in a backup.
pub(super) fn sort_of(postgres: bool) -> &'static str {
    if postgres { "postgres" } else { "sqlite" }
}

/// Writes a backup into a new file, while the service goes on. Files are gathered before and after the database is: what was there at
/// its moment is in the one or the other.
///
/// # Errors
/// A sentence that says what to mend.
pub async fn backup(
    (db, url): (&Database, &str),
    files: &Files,
    file: &Path,
    now: Instant,
) -> Result<Sealed, String> {
    reserve(file)?;
    let written = write((db, url), files, file, now).await;
    if written.is_err() {
        // A half backup is none.
        let _gone = std::fs::remove_file(file);
    }
    written
}

async fn write(
    (db, url): (&Database, &str),
    files: &Files,
    file: &Path,
    now: Instant,
) -> Result<Sealed, String> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let scratch = tempfile::Builder::new().prefix(".backup-").tempdir_in(folder);
    let scratch = scratch.map_err(|error| format!("{}: {error}.", folder.display()))?;
    let about = About {
        kind: KIND.to_owned(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: now,
        database: sort_of(db.is_postgres()).to_owned(),
        key_check: db.vault().check_value(),
    };
    let about = serde_json::to_value(about).map_err(|error| error.to_string())?;
    let mut archive = ArchiveWriter::create(file, about, moment(now)).map_err(|error| error.to_string())?;
    let before = listed(files).await?;
    for place in &before {
        archive = gather(archive, files, place, scratch.path().join("file")).await?;
    }
    let dumped = scratch.path().join("database");
    if db.is_postgres() {
        postgres_tools::dump(url, &dumped).await?;
    } else {
        condition::copy_sqlite(db, &dumped).await.map_err(|error| error.to_string())?;
    }
    archive = add(archive, DATABASE.to_owned(), dumped).await?;
    let after = listed(files).await?;
    for place in after.difference(&before) {
        archive = gather(archive, files, place, scratch.path().join("file")).await?;
    }
    apart(move || archive.finish()).await
}

async fn listed(files: &Files) -> Result<BTreeSet<String>, String> {
    let listed = files.listed().await.map_err(|failure| failure.to_string())?;
    Ok(listed.into_iter().collect())
}

/// Makes the file, the owner's alone; one that is there is not written over.
fn reserve(file: &Path) -> Result<(), String> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop).map_err(|error| format!("{} cannot be made: {error}.", file.display()))
}

async fn gather(
    archive: ArchiveWriter,
    files: &Files,
    place: &str,
    copy: PathBuf,
) -> Result<ArchiveWriter, String> {
    // What was deleted since it was listed belongs to nobody any more.
    match files.carry_out(place, &copy).await.map_err(|failure| failure.to_string())? {
        true => add(archive, format!("{FILES}{place}"), copy).await,
        false => Ok(archive),
    }
}

async fn add(mut archive: ArchiveWriter, path: String, file: PathBuf) -> Result<ArchiveWriter, String> {
    apart(move || {
        archive.add(&path, std::fs::File::open(file)?)?;
        Ok::<_, pingxuan_documents::archive::ArchiveError>(archive)
    })
    .await
}

/// Does some work with files off the async threads.
pub(super) async fn apart<T: Send + 'static, E: ToString + Send + 'static>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, String> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| error.to_string())?;
    done.map_err(|error| error.to_string())
}

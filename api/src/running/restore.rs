//! A backup restored: into an empty place, after every byte of it was held against what it says of itself.

use std::fs::File;
use std::path::{Path, PathBuf};

use pingxuan_documents::archive::{ArchiveReader, verify};
use pingxuan_persistence::{Database, Options, Vault, maintenance};

use crate::files::Files;
use crate::running::backup::{About, DATABASE, FILES, KIND, apart, sort_of};
use crate::running::bootstrap::sqlite_file;
use crate::running::postgres_tools;

/// What was restored.
#[derive(Clone, Copy, Debug)]
pub struct Restored {
    /// How many files, beside the database.
    pub files: usize,
    /// When the backup was made.
    pub made_at: pingxuan_domain::Instant,
}

/// Restores a backup.
///
/// # Errors
/// A sentence that says what to mend: the package was changed, it is of another kind of database or another key, or the place is not
/// empty.
pub async fn restore(file: &Path, url: &str, vault: Vault, files: &Files) -> Result<Restored, String> {
    let shown = file.display().to_string();
    let verified = {
        let file = file.to_owned();
        apart(move || {
            verify(&file).map_err(|faults| {
                let first = faults.first().map(ToString::to_string).unwrap_or_default();
                format!("{shown} is not as it was written ({first}): take another backup.")
            })
        })
        .await?
    };
    let about: About = serde_json::from_value(verified.about)
        .ok()
        .filter(|about: &About| about.kind == KIND)
        .ok_or_else(|| format!("{} is no backup.", file.display()))?;
    let database = sqlite_file(url);
    if about.database != sort_of(database.is_none()) {
        return Err(format!("The backup is of {}: name such a database by DATABASE_URL.", about.database));
    }
    if about.key_check != vault.check_value() {
        return Err("The backup was sealed with another key: put the right one in its place first (PINGXUAN_KEY_FILE).".into());
    }
    if !files.listed().await.map_err(|failure| failure.to_string())?.is_empty() {
        return Err("There are files already where the files are kept: restore into an empty place.".into());
    }
    refuse_tables(url, vault).await?;

    let scratch = files.scratch().map_err(|failure| failure.to_string())?;
    let mut reader = ArchiveReader::open(file).map_err(|fault| fault.to_string())?;
    let mut restored = 0;
    for entry in &verified.entries {
        let Some(place) = entry.path.strip_prefix(FILES) else { continue };
        reader = take(reader, entry.path.clone(), scratch.to_path_buf()).await?;
        files.carry_in(place, &scratch).await.map_err(|failure| failure.to_string())?;
        restored += 1;
    }
    // The database comes last, whole or not at all: without it nothing begins to work on half of what was kept.
    let dump = database.as_ref().map_or_else(|| scratch.to_path_buf(), |file| file.with_extension("half"));
    take(reader, DATABASE.to_owned(), dump.clone()).await?;
    match database {
        Some(file) => apart(move || std::fs::rename(dump, file)).await?,
        None => postgres_tools::read(url, &dump).await?,
    }
    Ok(Restored { files: restored, made_at: about.made_at })
}

/// Refuses a database in which something stands.
async fn refuse_tables(url: &str, vault: Vault) -> Result<(), String> {
    let refused = || "The database is not empty: restore into an empty one.".to_owned();
    if let Some(file) = sqlite_file(url) {
        return if file.exists() { Err(refused()) } else { Ok(()) };
    }
    let options = Options { url: url.to_owned(), connections: 2 };
    let db = Database::connect(&options, vault).await.map_err(|error| {
        format!("The database cannot be reached ({error}): see that it runs and that DATABASE_URL is right.")
    })?;
    let tables = maintenance::tables(&db).await.map_err(|error| error.to_string())?;
    db.close().await.map_err(|error| error.to_string())?;
    if tables.is_empty() { Ok(()) } else { Err(refused()) }
}

async fn take(mut reader: ArchiveReader, path: String, file: PathBuf) -> Result<ArchiveReader, String> {
    apart(move || {
        let mut options = File::options();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut into = options.open(file)?;
        reader.take(&path, &mut into)?;
        into.sync_all()?;
        Ok::<_, pingxuan_documents::archive::ArchiveFault>(reader)
    })
    .await
}

//! The commands that keep an installation: backup, restore, doctor.

use std::path::Path;
use std::process::ExitCode;

use pingxuan_api::clock::Clock;
use pingxuan_api::files::Files;
use pingxuan_api::running::bootstrap::{kept_secret, sqlite_file, take_sqlite};
use pingxuan_api::running::settings::Settings;
use pingxuan_api::running::{backup, doctor, restore};
use pingxuan_persistence::{Database, Options, Vault};
use secrecy::ExposeSecret;

use super::{Place, settings};

/// What is kept: settings, database and files of an installation that has been used.
struct Kept {
    url: String,
    db: Database,
    files: Files,
}

impl Kept {
    async fn open(place: Place) -> Result<Self, String> {
        let settings = settings(None, place)?;
        let url = settings.url("pingxuan.sqlite");
        if let Some(file) = sqlite_file(&url).filter(|file| !file.exists()) {
            return Err(format!(
                "{} is not there: name the database by DATABASE_URL or --data-dir.",
                file.display()
            ));
        }
        let options = Options { url: url.clone(), connections: 2 };
        let db = Database::connect(&options, vault(&settings)?).await.map_err(|error| {
            format!(
                "The database cannot be reached ({error}): see that it runs and that DATABASE_URL is right."
            )
        })?;
        Ok(Self { url, db, files: files(&settings)? })
    }

    async fn close(self) -> Result<(), String> {
        self.db.close().await.map_err(|error| error.to_string())
    }
}

fn vault(settings: &Settings) -> Result<Vault, String> {
    Vault::new(&kept_secret(settings)?).map_err(|error| error.to_string())
}

fn files(settings: &Settings) -> Result<Files, String> {
    let opened = settings.files.open();
    opened.map_err(|error| format!("PINGXUAN_FILES: the place of files cannot be used: {error}."))
}

/// Writes a backup.
pub(super) async fn back_up(place: Place, file: &Path) -> Result<ExitCode, String> {
    let kept = Kept::open(place).await?;
    let now = Clock::machine().now();
    let sealed = backup::backup((&kept.db, &kept.url), &kept.files, file, now).await?;
    println!("{}: {} entries, {} bytes, {}", file.display(), sealed.entries, sealed.bytes, sealed.seal);
    kept.close().await?;
    Ok(ExitCode::SUCCESS)
}

/// Restores a backup: as the role that owns the tables, where that is another than the program's.
pub(super) async fn restore(place: Place, file: &Path) -> Result<ExitCode, String> {
    let settings = settings(None, place)?;
    let url = settings.url("pingxuan.sqlite");
    let vault = vault(&settings)?;
    let _taken = take_sqlite(&url)?;
    let owner = settings.migration_url.as_ref().filter(|_| sqlite_file(&url).is_none());
    let url = owner.map_or(url.as_str(), |owner| owner.expose_secret());
    let restored = restore::restore(file, url, vault, &files(&settings)?).await?;
    println!(
        "Restored as it was at {}, with {} files. Look through it with `pingxuan doctor` before it is served.",
        restored.made_at, restored.files
    );
    Ok(ExitCode::SUCCESS)
}

/// Looks through the installation; the exit code tells whether anything was found.
pub(super) async fn examine(place: Place) -> Result<ExitCode, String> {
    let kept = Kept::open(place).await?;
    let findings = doctor::examine(&kept.db, &kept.files, Clock::machine().now()).await;
    findings.iter().for_each(|finding| println!("{finding}"));
    kept.close().await?;
    let well = findings.iter().all(|finding| finding.faults.is_empty());
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

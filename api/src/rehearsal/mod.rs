//! The rehearsal (演练): a whole selection on a throw-away database, as its people would run it, through HTTP only.
//!
//! The clock is moved in process. Passwords cost what they cost in earnest: all accounts share one hash, and everyone logs in
//! once for each of their days, so that a few hundred log-ins are all there is.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use pingxuan_persistence::maintenance::{create_database, drop_database};
use pingxuan_persistence::{StoreError, sqlite_url};
use tempfile::TempDir;
use uuid::Uuid;

use crate::clock::Clock;
use crate::cors::Origins;
use crate::edge::Edge;
use crate::files::settings::FilesSettings;
use crate::identity::passwords::Cost;
use crate::identity::security::Security;
use crate::printing::settings::PrintingSettings;
use crate::problem::Failure;
use crate::running::bootstrap::{Making, make};
use crate::running::retention::Retention;
use crate::secret::Secret;

pub mod chance;
pub mod doings;
pub mod measures;
pub mod minutes;
pub mod people;
pub mod phases;
pub mod play;
pub mod progress;
pub mod reckoning;
pub mod report;
pub mod truth;

pub use report::Report;

use people::Stage;
use play::Play;

/// The instant at which the notice was published, and the rehearsal begins.
const BEGINNING: &str = "2022-11-04T20:11:14+08:00";
/// What seals personal data in a rehearsal. Its people are invented, and the database is thrown away.
const SECRET: [u8; 32] = [0x5a; 32];

/// How to rehearse.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// A PostgreSQL server, where a database is made and dropped; a SQLite file in a temporary folder without one.
    pub database_url: Option<Secret>,
    /// A file in which the report is kept, as Markdown.
    pub report: Option<PathBuf>,
    /// A file in which the archive package is kept; without it none is made, which takes a while.
    pub archive: Option<PathBuf>,
    /// How many units the county has; its own, at least.
    pub units: usize,
    /// Say nothing but the result.
    pub quiet: bool,
}

/// Why a rehearsal could not be brought to its end.
#[derive(Debug, thiserror::Error)]
pub enum RehearsalError {
    /// An answer that nobody expected.
    #[error("{what}: {expected} was expected, and the answer is {status}\n{shown}")]
    Unexpected {
        /// What was asked, by whom.
        what: String,
        /// The status that was expected.
        expected: u16,
        /// The status that came.
        status: u16,
        /// The problem document.
        shown: String,
    },
    /// An answer without what it should have.
    #[error("{what}: the answer has no {lacks}")]
    Lacks {
        /// What was asked, by whom.
        what: String,
        /// What is missing.
        lacks: String,
    },
    /// The server or its database failed.
    #[error("{0}")]
    Failed(#[from] Failure),
    /// The database failed.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The request did not come through.
    #[error("a request did not come through: {0}")]
    Http(#[from] reqwest::Error),
    /// A file or a port could not be had.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// Where the rehearsal's database is.
enum Place {
    File(TempDir),
    Server { url: String, name: String },
}

impl Place {
    fn of(options: &Options) -> Result<Self, RehearsalError> {
        Ok(match &options.database_url {
            Some(url)
                if !["postgres://", "postgresql://"]
                    .iter()
                    .any(|scheme| url.expose().starts_with(scheme)) =>
            {
                return Err(Failure::Internal(
                    "--database-url names a PostgreSQL server by postgres://…; without it the rehearsal takes \
                     a SQLite file of its own."
                        .into(),
                )
                .into());
            }
            Some(url) => {
                let name = format!("pingxuan_rehearsal_{}", Uuid::new_v4().simple());
                Self::Server { url: url.expose().to_owned(), name }
            }
            None => Self::File(tempfile::Builder::new().prefix("pingxuan-rehearsal-").tempdir()?),
        })
    }

    fn database(&self) -> &'static str {
        match self {
            Self::File(_) => "SQLite",
            Self::Server { .. } => "PostgreSQL",
        }
    }

    async fn prepare(&self) -> Result<String, RehearsalError> {
        match self {
            Self::File(folder) => Ok(sqlite_url(&folder.path().join("rehearsal.sqlite"))),
            Self::Server { url, name } => Ok(create_database(url, name).await?),
        }
    }

    async fn clear(self) -> Result<(), RehearsalError> {
        match self {
            Self::File(folder) => folder.close()?,
            Self::Server { url, name } => drop_database(&url, &name).await?,
        }
        Ok(())
    }
}

/// Rehearses a selection, prints its report, and keeps it where that is wanted. Within an actix `System`.
///
/// # Errors
/// [`RehearsalError`] where an answer comes that nobody expected: the rehearsal ends there. What merely differs from the rules
/// stands in the report.
pub async fn rehearse(options: Options) -> Result<Report, RehearsalError> {
    // What the server takes for an error of its own is shown; a log that is there already stays.
    let errors = tracing_subscriber::fmt().with_max_level(tracing::Level::ERROR).with_writer(std::io::stderr);
    let _kept = errors.try_init();
    let place = Place::of(&options)?;
    let played = match place.prepare().await {
        Ok(url) => on(&url, place.database(), &options).await,
        Err(error) => Err(error),
    };
    let cleared = place.clear().await;
    let report = played?;
    cleared?;
    println!("{}", report.text());
    if let Some(file) = &options.report {
        fs::write(file, report.markdown())?;
    }
    Ok(report)
}

async fn on(url: &str, database: &'static str, options: &Options) -> Result<Report, RehearsalError> {
    let beginning = BEGINNING.parse().map_err(|_| Failure::Internal("the beginning is no instant".into()))?;
    let folder = tempfile::tempdir()?;
    let making = Making {
        url: url.to_owned(),
        connections: 4,
        secret: SECRET,
        clock: Clock::movable(beginning),
        cost: Cost::Full,
        origins: Origins::default(),
        security: Security::lasting(),
        edge: Edge::unhurried(),
        retention: Retention::default(),
        files: FilesSettings::in_folder(folder.path()),
        printing: PrintingSettings::default(),
        migration_url: None,
    };
    let app = Arc::new(make(&making).await?);
    let stage = Stage::open(Arc::clone(&app))?;
    let played = played(&stage, options, database).await;
    stage.close().await;
    app.db.clone().close().await?;
    played
}

async fn played(
    stage: &std::rc::Rc<Stage>,
    options: &Options,
    database: &'static str,
) -> Result<Report, RehearsalError> {
    let mut play = Play::open(stage, options).await?;
    phases::all(&mut play).await?;
    Ok(Report::of(&play, database))
}

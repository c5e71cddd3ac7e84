//! The connection to the database: one code on SQLite and PostgreSQL.

use std::fmt;
use std::fs::OpenOptions;
use std::num::NonZero;
use std::path::Path;
use std::thread;
use std::time::Duration;

use sea_orm::sqlx::Connection as _;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseBackend, DatabaseConnection, DbErr, Statement};

use crate::connection::{Connections, Reader, Tx};
use crate::error::{StoreError, Transient};
use crate::load::{Load, Meter, Pool};
use crate::postgres::Pools;
use crate::vault::Vault;

/// How often a transaction that failed for a passing reason is tried.
const TRIES: u32 = 6;

/// The lock of whoever begins on a database of PostgreSQL.
const BEGINNING: i64 = 20_221_104;

/// A turn to begin: nobody else has one until it is over.
#[derive(Debug)]
pub struct Turn(Option<Tx>);

impl Turn {
    /// Lets the next one begin.
    ///
    /// # Errors
    /// [`StoreError`] where the database is away.
    pub async fn end(self) -> Result<(), StoreError> {
        match self.0 {
            Some(tx) => Ok(tx.rollback().await?),
            None => Ok(()),
        }
    }
}

/// The database, with the vault that seals personal data in it.
#[derive(Clone, Debug)]
pub struct Database {
    read: Reader,
    write: Connections,
    vault: Vault,
    meter: Meter,
}

/// How to connect. A password may stand in the URL, so `Debug` does not show it.
#[derive(Clone)]
pub struct Options {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
    /// Connections for each thread that asks: of PostgreSQL half of them for readers, two at least; of SQLite as many readers for each
    /// processor, beside the one that writes.
    pub connections: u32,
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("connections", &self.connections).finish_non_exhaustive()
    }
}

impl Database {
    /// Connects; the file of a SQLite database is made if it is not there.
    ///
    /// # Errors
    /// [`StoreError::Database`] where the database cannot be reached.
    pub async fn connect(options: &Options, vault: Vault) -> Result<Self, StoreError> {
        let meter = Meter::default();
        // Whoever reads does not wait behind those who wait for a lock to write.
        let (read, write) = if options.url.starts_with("sqlite:") {
            let processors = thread::available_parallelism().map_or(2, NonZero::get);
            let readers = u32::try_from(processors).unwrap_or(2).saturating_mul(options.connections);
            let write = sqlite(&options.url, 1, &meter).await?;
            (sqlite(&options.url, readers, &meter).await?, write)
        } else {
            let half = (options.connections / 2).max(2);
            let pools =
                |name| Pools::new((name, half), &options.url, meter.clone()).map(Connections::Postgres);
            (pools("read")?, pools("write")?)
        };
        write.ping().await?;
        Ok(Self { read: Reader(read), write, vault, meter })
    }

    /// For reads outside a transaction.
    #[must_use]
    pub fn read(&self) -> &Reader {
        &self.read
    }

    /// For the migrations, which start their own transactions.
    #[must_use]
    pub fn for_migrations(&self) -> DatabaseConnection {
        match &self.write {
            Connections::Sqlite(connection) => connection.clone(),
            Connections::Postgres(pools) => pools.apart(),
        }
    }

    /// Tells of every statement that is sent from now on, on the thread that sends it; of where transactions begin and end it tells
    /// nothing. The first who asks is told.
    pub fn tell_statements(&self, told: impl Fn(&Statement) + Send + Sync + 'static) {
        self.meter.listen(Box::new(told));
    }

    /// What seals and opens personal data.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Whether this is PostgreSQL, which several processes may share.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        self.write.backend() == DatabaseBackend::Postgres
    }

    /// Waits until no other process makes the schema, the first keys or the first account. A file of SQLite is one process's alone.
    ///
    /// # Errors
    /// [`StoreError`] where the database refuses.
    pub async fn turn(&self) -> Result<Turn, StoreError> {
        if !self.is_postgres() {
            return Ok(Turn(None));
        }
        let tx = self.write.begin().await?;
        tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({BEGINNING})")).await?;
        Ok(Turn(Some(tx)))
    }

    /// Does some work in one transaction: all of it, or none. What fails for a passing reason is tried again, so the work
    /// must do nothing but SQL.
    ///
    /// # Errors
    /// Whatever the work answers, and [`StoreError`] where the transaction itself fails.
    pub async fn in_tx<T, E>(&self, work: impl AsyncFn(&Tx) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError> + Transient,
    {
        let mut tried = 0;
        loop {
            tried += 1;
            match self.once(&work).await {
                Err(error) if error.is_transient() && tried < TRIES => {
                    tracing::info!(tried, "a transaction is tried again");
                    self.meter.again();
                    tokio::time::sleep(Duration::from_millis(u64::from(tried) * 7)).await;
                }
                answer => return answer,
            }
        }
    }

    async fn once<T, E>(&self, work: &impl AsyncFn(&Tx) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError> + Transient,
    {
        let waiting = self.meter.waits();
        let tx = self.write.begin().await.map_err(StoreError::from)?;
        drop(waiting);
        match work(&tx).await {
            Ok(done) => {
                tx.commit().await.map_err(StoreError::from)?;
                Ok(done)
            }
            Err(error) => {
                // Where the database has ended it already, what matters is why.
                if let Err(unended) = tx.rollback().await {
                    tracing::debug!(%unended, "a transaction cannot be rolled back");
                }
                Err(error)
            }
        }
    }

    /// How much is asked of the database, and how its connections are.
    #[must_use]
    pub fn load(&self) -> Load {
        let pool = |name, connections: &Connections| match connections {
            Connections::Postgres(pools) => pools.load(),
            Connections::Sqlite(connection) => {
                let pool = connection.get_sqlite_connection_pool();
                let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
                Pool { name, size: pool.size(), idle, most: pool.options().get_max_connections() }
            }
        };
        self.meter.load([pool("read", &self.read.0), pool("write", &self.write)])
    }

    /// Whether the database answers and takes changes: a PostgreSQL that follows another, or is closed for them, does not.
    ///
    /// # Errors
    /// [`StoreError::Database`] where it does not answer.
    pub async fn writes(&self) -> Result<bool, StoreError> {
        if !self.is_postgres() {
            // Whoever begins a transaction here has the one place of the writer.
            self.read.0.ping().await?;
            self.in_tx(async |_| Ok::<_, StoreError>(())).await?;
            return Ok(true);
        }
        let asked = "SELECT current_setting('transaction_read_only') = 'off' AS writes";
        let statement = Statement::from_string(DatabaseBackend::Postgres, asked);
        let row = Reader(self.write.clone()).query_one_raw(statement).await?;
        Ok(row.map(|row| row.try_get("", "writes")).transpose()?.unwrap_or(false))
    }

    /// Closes all connections; a SQLite database is checkpointed by it.
    ///
    /// # Errors
    /// [`StoreError::Database`] where closing fails.
    pub async fn close(self) -> Result<(), StoreError> {
        self.read.0.close().await?;
        self.write.close().await?;
        Ok(())
    }
}

/// Connections to a file, at most so many; one stays open, since the file is folded together when the last is closed.
async fn sqlite(url: &str, most: u32, meter: &Meter) -> Result<Connections, DbErr> {
    let mut wanted = ConnectOptions::new(url);
    wanted
        .max_connections(most)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(15))
        .sqlx_logging(false)
        .test_before_acquire(false)
        .map_sqlx_sqlite_opts(|sqlite| {
            keep_private(sqlite.get_filename());
            sqlite
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(10))
        })
        .map_sqlx_sqlite_pool_opts(|pool| {
            // A full disk ends a transaction behind the driver's back, which counts it as open from then on: what came
            // next on this connection would be a part of it, and never be committed.
            pool.after_release(|connection, _| {
                Box::pin(async move {
                    connection.ping().await?;
                    Ok(!connection.is_in_transaction())
                })
            })
        });
    let mut connection = sea_orm::Database::connect(wanted).await?;
    let meter = meter.clone();
    connection.set_metric_callback(move |info| {
        meter.tell(info.statement);
        meter.sent(info.elapsed, info.failed);
    });
    Ok(Connections::Sqlite(connection))
}

/// Makes the file of a SQLite database the owner's alone, if it is not there; those beside it (`-wal`, `-shm`) are made as it is. What
/// stands in the way here is told when it is opened.
fn keep_private(file: &Path) {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    drop(options.open(file));
}

/// The URL of a SQLite database in a file.
#[must_use]
pub fn sqlite_url(file: &Path) -> String {
    format!("sqlite:{}", file.display())
}

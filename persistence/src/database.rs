//! The connection to the database: one code on SQLite and PostgreSQL.

use std::fmt;
use std::fs::OpenOptions;
use std::path::Path;
use std::time::Duration;

use sea_orm::sqlx::Connection as _;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseBackend, DatabaseConnection, DatabaseTransaction,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

use crate::error::{StoreError, Transient};
use crate::load::{Load, Meter, Pool};
use crate::vault::Vault;

/// A connection that reads.
pub type Reader = DatabaseConnection;
/// A transaction.
pub type Tx = DatabaseTransaction;
/// Either of them.
pub use sea_orm::ConnectionTrait as Connection;

/// How often a transaction that failed for a passing reason is tried.
const TRIES: u32 = 6;

/// After which a connection has rested.
const RESTED: Duration = Duration::from_secs(1);

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
    read: DatabaseConnection,
    write: DatabaseConnection,
    vault: Vault,
    meter: Meter,
}

/// How to connect. A password may stand in the URL, so `Debug` does not show it.
#[derive(Clone)]
pub struct Options {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
    /// Connections: of SQLite as many readers beside the one that writes, of PostgreSQL half of them for readers; two at least.
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
        let sqlite = options.url.starts_with("sqlite:");
        let meter = Meter::default();
        let connect = async |connections: u32| {
            let mut wanted = ConnectOptions::new(options.url.clone());
            wanted
                .max_connections(connections)
                .min_connections(1)
                .acquire_timeout(Duration::from_secs(15))
                .sqlx_logging(false)
                // Whether it still stands is asked of a connection that has rested, and not before every statement.
                .test_before_acquire_if_idle_for(RESTED)
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
                })
                .map_sqlx_postgres_opts(|postgres| {
                    // What is asked is the same for every value, and planning costs more than what is planned. A county's
                    // rows are in memory, or on a disk that finds any of them as fast as the next one.
                    let planned = [("plan_cache_mode", "force_generic_plan"), ("random_page_cost", "1.1")];
                    postgres.application_name("pingxuan").options(planned)
                });
            let mut connection = sea_orm::Database::connect(wanted).await?;
            let meter = meter.clone();
            connection.set_metric_callback(move |info| meter.statement(info));
            Ok::<_, StoreError>(connection)
        };
        // Whoever reads does not wait behind those who wait for a lock to write.
        let half = (options.connections / 2).max(2);
        let write = connect(if sqlite { 1 } else { half }).await?;
        let read = connect(if sqlite { options.connections.max(2) } else { half }).await?;
        Ok(Self { read, write, vault, meter })
    }

    /// For reads outside a transaction.
    #[must_use]
    pub fn read(&self) -> &Reader {
        &self.read
    }

    /// For the migrations, which start their own transactions.
    #[must_use]
    pub fn for_migrations(&self) -> &DatabaseConnection {
        &self.write
    }

    /// Tells of every statement that is sent from now on, on the thread that sends it; of where transactions begin and end it tells
    /// nothing.
    pub fn tell_statements(&mut self, told: impl Fn(&Statement) + Clone + Send + Sync + 'static) {
        for connection in [&mut self.read, &mut self.write] {
            let told = told.clone();
            connection.set_metric_callback(move |sent| told(sent.statement));
        }
    }

    /// What seals and opens personal data.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Whether this is PostgreSQL, which several processes may share.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        self.write.get_database_backend() == DatabaseBackend::Postgres
    }

    /// Waits until no other process makes the schema, the first keys or the first account. A file of SQLite is one process's alone.
    ///
    /// # Errors
    /// [`StoreError`] where the database refuses.
    pub async fn turn(&self) -> Result<Turn, StoreError> {
        if !self.is_postgres() {
            return Ok(Turn(None));
        }
        #[expect(clippy::disallowed_methods, reason = "it holds a lock beside other transactions")]
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
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        #[expect(clippy::disallowed_methods, reason = "this is the one place where transactions start")]
        let begun = self.write.begin_with_options(options);
        let waiting = self.meter.waits();
        let tx = begun.await.map_err(StoreError::from)?;
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
        let pools = [("read", &self.read), ("write", &self.write)].map(|(name, connection)| {
            let (size, idle, most) = if self.is_postgres() {
                let pool = connection.get_postgres_connection_pool();
                (pool.size(), pool.num_idle(), pool.options().get_max_connections())
            } else {
                let pool = connection.get_sqlite_connection_pool();
                (pool.size(), pool.num_idle(), pool.options().get_max_connections())
            };
            Pool { name, size, idle: u32::try_from(idle).unwrap_or(u32::MAX), most }
        });
        self.meter.load(pools)
    }

    /// Whether the database answers and takes changes: a PostgreSQL that follows another, or is closed for them, does not.
    ///
    /// # Errors
    /// [`StoreError::Database`] where it does not answer.
    pub async fn writes(&self) -> Result<bool, StoreError> {
        if !self.is_postgres() {
            // Whoever begins a transaction here has the one place of the writer.
            self.read.ping().await?;
            self.in_tx(async |_| Ok::<_, StoreError>(())).await?;
            return Ok(true);
        }
        let asked = "SELECT current_setting('transaction_read_only') = 'off' AS writes";
        let statement = Statement::from_string(DatabaseBackend::Postgres, asked);
        let row = self.write.query_one_raw(statement).await?;
        Ok(row.map(|row| row.try_get("", "writes")).transpose()?.unwrap_or(false))
    }

    /// Closes all connections; a SQLite database is checkpointed by it.
    ///
    /// # Errors
    /// [`StoreError::Database`] where closing fails.
    pub async fn close(self) -> Result<(), StoreError> {
        self.read.close().await?;
        self.write.close().await?;
        Ok(())
    }
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

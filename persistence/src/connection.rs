//! What statements are sent on: a reader, or a transaction.

use std::fmt;

/// Either a reader or a transaction.
pub use sea_orm::ConnectionTrait as Connection;
use sea_orm::{
    ConnectionTrait, DatabaseBackend, DatabaseConnection, DatabaseTransaction, DbErr, ExecResult,
    QueryResult, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use tokio::sync::Mutex;

use crate::postgres::{Lent, Pools};

/// Connections of one kind.
#[derive(Clone, Debug)]
pub(crate) enum Connections {
    /// To a file: whoever asks has the same ones, since SQLite works on threads of its own.
    Sqlite(DatabaseConnection),
    /// To a server.
    Postgres(Pools),
}

impl Connections {
    /// Which database it is.
    pub(crate) fn backend(&self) -> DatabaseBackend {
        match self {
            Self::Sqlite(_) => DatabaseBackend::Sqlite,
            Self::Postgres(_) => DatabaseBackend::Postgres,
        }
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// [`DbErr`] where the database refuses.
    pub(crate) async fn begin(&self) -> Result<Tx, DbErr> {
        match self {
            Self::Sqlite(connection) => {
                let options = TransactionOptions {
                    sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                    ..TransactionOptions::default()
                };
                #[expect(
                    clippy::disallowed_methods,
                    reason = "this is the one place where transactions start"
                )]
                let tx = connection.begin_with_options(options).await?;
                Ok(Tx(Begun::Sqlite(tx)))
            }
            Self::Postgres(pools) => {
                let mut lent = pools.lend().await?;
                lent.say("BEGIN").await?;
                Ok(Tx(Begun::Postgres(Mutex::new(lent))))
            }
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`DbErr`] where it does not.
    pub(crate) async fn ping(&self) -> Result<(), DbErr> {
        match self {
            Self::Sqlite(connection) => connection.ping().await,
            Self::Postgres(pools) => pools.with(async |lent| lent.ping().await).await,
        }
    }

    /// Closes them.
    ///
    /// # Errors
    /// [`DbErr`] where the file cannot be closed.
    pub(crate) async fn close(&self) -> Result<(), DbErr> {
        match self {
            Self::Sqlite(connection) => connection.close_by_ref().await,
            Self::Postgres(pools) => {
                pools.close().await;
                Ok(())
            }
        }
    }
}

/// Reads outside a transaction, each on a connection that is free.
#[derive(Clone, Debug)]
pub struct Reader(pub(crate) Connections);

#[async_trait::async_trait]
impl ConnectionTrait for Reader {
    fn get_database_backend(&self) -> DatabaseBackend {
        self.0.backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match &self.0 {
            Connections::Sqlite(connection) => connection.execute_raw(statement).await,
            Connections::Postgres(pools) => pools.with(async |lent| lent.execute(statement).await).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match &self.0 {
            Connections::Sqlite(connection) => connection.execute_unprepared(sql).await,
            Connections::Postgres(pools) => pools.with(async |lent| lent.say(sql).await).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match &self.0 {
            Connections::Sqlite(connection) => connection.query_one_raw(statement).await,
            Connections::Postgres(pools) => pools.with(async |lent| lent.query_one(statement).await).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match &self.0 {
            Connections::Sqlite(connection) => connection.query_all_raw(statement).await,
            Connections::Postgres(pools) => pools.with(async |lent| lent.query_all(statement).await).await,
        }
    }
}

/// A transaction. One that is dropped before its end is undone.
pub struct Tx(Begun);

enum Begun {
    Sqlite(DatabaseTransaction),
    Postgres(Mutex<Lent>),
}

impl fmt::Debug for Tx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tx").finish_non_exhaustive()
    }
}

impl Tx {
    /// Ends it, with all that was done.
    ///
    /// # Errors
    /// [`DbErr`] where the database refuses: then nothing was done.
    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        match self.0 {
            Begun::Sqlite(tx) => tx.commit().await,
            Begun::Postgres(lent) => end(lent, "COMMIT").await,
        }
    }

    /// Ends it with nothing done.
    ///
    /// # Errors
    /// [`DbErr`] where the database is away; it undoes it then by itself.
    pub(crate) async fn rollback(self) -> Result<(), DbErr> {
        match self.0 {
            Begun::Sqlite(tx) => tx.rollback().await,
            Begun::Postgres(lent) => end(lent, "ROLLBACK").await,
        }
    }
}

async fn end(lent: Mutex<Lent>, word: &str) -> Result<(), DbErr> {
    let mut lent = lent.into_inner();
    let said = lent.say(word).await;
    lent.back(said).map(drop)
}

#[async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DatabaseBackend {
        match &self.0 {
            Begun::Sqlite(_) => DatabaseBackend::Sqlite,
            Begun::Postgres(_) => DatabaseBackend::Postgres,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match &self.0 {
            Begun::Sqlite(tx) => tx.execute_raw(statement).await,
            Begun::Postgres(lent) => lent.lock().await.execute(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match &self.0 {
            Begun::Sqlite(tx) => tx.execute_unprepared(sql).await,
            Begun::Postgres(lent) => lent.lock().await.say(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match &self.0 {
            Begun::Sqlite(tx) => tx.query_one_raw(statement).await,
            Begun::Postgres(lent) => lent.lock().await.query_one(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match &self.0 {
            Begun::Sqlite(tx) => tx.query_all_raw(statement).await,
            Begun::Postgres(lent) => lent.lock().await.query_all(statement).await,
        }
    }
}

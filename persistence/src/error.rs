//! What can go wrong with the database, apart from what the rules refuse.

use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// A failure of the database or of what it holds.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else changed the row since it was read.
    #[error("the row was changed by someone else")]
    Stale,
    /// A UNIQUE constraint of the schema, the last net, was hit; the database's own words say which.
    #[error("a unique constraint refused it: {0}")]
    Taken(String),
    /// A row holds what no rule allows.
    #[error("the database holds what it should not: {0}")]
    Corrupt(String),
    /// Personal data or keys could not be opened or sealed.
    #[error("sealed data: {0}")]
    Sealed(&'static str),
    /// The database refused or is away.
    #[error(transparent)]
    Database(DbErr),
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        if let Some(SqlErr::UniqueConstraintViolation(which)) = error.sql_err() {
            Self::Taken(which)
        } else if error == DbErr::RecordNotUpdated {
            Self::Stale
        } else {
            Self::Database(error)
        }
    }
}

impl StoreError {
    /// Whether the database is away: it does not answer, breaks off, is starting or stopping, has no room left, or no connection to it
    /// came free in time.
    #[must_use]
    pub fn is_away(&self) -> bool {
        use sea_orm::SqlxError;
        match self {
            Self::Database(DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) => true,
            Self::Database(
                DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)),
            ) => {
                let broken = matches!(
                    **error,
                    SqlxError::Io(_)
                        | SqlxError::PoolTimedOut
                        | SqlxError::PoolClosed
                        | SqlxError::WorkerCrashed
                );
                let code = error.as_database_error().and_then(|error| error.code());
                // PostgreSQL: shut down by its administrator or by a crash, cannot be connected to now, has too many connections, no
                // room on the disk. SQLite: no room.
                let later = ["57P01", "57P02", "57P03", "53300", "53100", "13"];
                broken || code.is_some_and(|code| later.contains(&code.as_ref()))
            }
            Self::Database(_) | Self::Stale | Self::Taken(_) | Self::Corrupt(_) | Self::Sealed(_) => false,
        }
    }
}

/// Whether a failure may pass when the same is tried again.
pub trait Transient {
    /// A serialization failure, a deadlock, a busy database.
    fn is_transient(&self) -> bool;
}

impl Transient for StoreError {
    fn is_transient(&self) -> bool {
        let Self::Database(
            DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)),
        ) = self
        else {
            return false;
        };
        let code = error.as_database_error().and_then(|error| error.code());
        // PostgreSQL: serialization failure, deadlock. SQLite: busy, and busy within a transaction.
        matches!(code.as_deref(), Some("40001" | "40P01" | "5" | "261" | "517"))
    }
}

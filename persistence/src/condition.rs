//! The condition of a whole database, for `pingxuan doctor` and for backups: its pages, what it says of files, and jobs that do not move.

use std::path::Path;

use pingxuan_domain::job::JobResult;
use sea_orm::{ConnectionTrait, QueryResult, Statement};
use uuid::Uuid;

use crate::connection::Connection;
use crate::convert::from_json;
use crate::database::Database;
use crate::error::StoreError;

/// A file that must be there, because the database says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// Whether it came of a job; else it is an attachment.
    pub of_job: bool,
    /// The id of either.
    pub id: Uuid,
    /// Its SHA-256 in hexadecimal digits.
    pub digest: String,
}

async fn rows(connection: &impl Connection, sql: &str) -> Result<Vec<QueryResult>, StoreError> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    Ok(connection.query_all_raw(statement).await?)
}

/// What is damaged in the pages and references of a SQLite database. PostgreSQL watches over its own (`data_checksums`, `pg_amcheck`).
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn damaged(db: &Database) -> Result<Vec<String>, StoreError> {
    if db.is_postgres() {
        return Ok(Vec::new());
    }
    let mut damaged = Vec::new();
    for row in rows(db.read(), "PRAGMA integrity_check").await? {
        let said: String = row.try_get("", "integrity_check")?;
        damaged.extend((said != "ok").then_some(said));
    }
    for row in rows(db.read(), "PRAGMA foreign_key_check").await? {
        let (table, parent): (String, String) = (row.try_get("", "table")?, row.try_get("", "parent")?);
        damaged.push(format!("a row of {table} refers to a row of {parent} that is not there"));
    }
    Ok(damaged)
}

/// The files that must be there.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn filed(connection: &impl Connection) -> Result<Vec<Filed>, StoreError> {
    let mut filed = Vec::new();
    let attached = "SELECT id, digest FROM attachments WHERE state = 'stored' AND digest IS NOT NULL";
    for row in rows(connection, attached).await? {
        filed.push(Filed { of_job: false, id: row.try_get("", "id")?, digest: row.try_get("", "digest")? });
    }
    let made = "SELECT id, result FROM jobs WHERE state = 'succeeded' AND result IS NOT NULL";
    for row in rows(connection, made).await? {
        let result: JobResult = from_json("jobs.result", &row.try_get::<String>("", "result")?)?;
        filed.push(Filed { of_job: true, id: row.try_get("", "id")?, digest: result.digest });
    }
    Ok(filed)
}

/// Jobs that have waited since before an instant, in milliseconds since 1970, and that nobody has taken.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn stuck(connection: &impl Connection, before: i64) -> Result<Vec<Uuid>, StoreError> {
    let sql = format!("SELECT id FROM jobs WHERE state IN ('queued', 'running') AND created_at < {before}");
    rows(connection, &sql).await?.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
}

/// Writes a SQLite database as it is at this moment into a new file, while others go on with it.
///
/// # Errors
/// [`StoreError`] where the file is there already, or there is no room.
pub async fn copy_sqlite(db: &Database, file: &Path) -> Result<(), StoreError> {
    let name = file.display().to_string().replace('\'', "''");
    db.read().execute_unprepared(&format!("VACUUM INTO '{name}'")).await?;
    Ok(())
}

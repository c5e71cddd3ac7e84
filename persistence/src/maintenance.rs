//! Whole databases: made, emptied and dropped, for demonstrations and rehearsals. Nothing of the selection comes here.

use std::time::Duration;

use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbErr, FromQueryResult, Statement};

use crate::database::Database;
use crate::error::StoreError;

/// The tables, views and triggers of a SQLite database, in the order in which they can be dropped.
const SQLITE_THINGS: &str = "SELECT type AS kind, name FROM sqlite_master \
    WHERE type IN ('table', 'view', 'trigger') AND name NOT LIKE 'sqlite_%' \
    ORDER BY CASE type WHEN 'trigger' THEN 1 WHEN 'view' THEN 2 ELSE 3 END, name";

/// The tables of a PostgreSQL database, in the schema where the program's own are made.
const POSTGRES_TABLES: &str = "SELECT 'table' AS kind, tablename AS name FROM pg_tables \
    WHERE schemaname = current_schema() ORDER BY tablename";

/// Drops the tables of a PostgreSQL database, and the functions of their triggers; those of extensions stay.
const POSTGRES_EMPTY: &str = "DO $$ DECLARE thing record; BEGIN \
    FOR thing IN SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() LOOP \
        EXECUTE format('DROP TABLE IF EXISTS %I CASCADE', thing.name); \
    END LOOP; \
    FOR thing IN SELECT p.oid::regprocedure::text AS signature FROM pg_proc p \
        WHERE p.pronamespace = current_schema()::regnamespace AND p.prokind = 'f' \
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP \
        EXECUTE 'DROP FUNCTION IF EXISTS ' || thing.signature || ' CASCADE'; \
    END LOOP; END $$";

#[derive(FromQueryResult)]
struct Thing {
    kind: String,
    name: String,
}

async fn things(db: &Database) -> Result<Vec<Thing>, StoreError> {
    let connection = db.for_migrations();
    let sql = if db.is_postgres() { POSTGRES_TABLES } else { SQLITE_THINGS };
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    Ok(Thing::find_by_statement(statement).all(&connection).await?)
}

/// The names of all tables that are there.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn tables(db: &Database) -> Result<Vec<String>, StoreError> {
    let things = things(db).await?.into_iter();
    Ok(things.filter(|thing| thing.kind == "table").map(|thing| thing.name).collect())
}

/// Takes everything out of a database, whatever its triggers say: it is as empty as a new one.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn empty(db: &Database) -> Result<(), StoreError> {
    let connection = db.for_migrations();
    if db.is_postgres() {
        connection.execute_unprepared(POSTGRES_EMPTY).await?;
        return Ok(());
    }
    // The writer is one connection, so that the pragma holds for what follows.
    connection.execute_unprepared("PRAGMA foreign_keys = OFF").await?;
    let emptied = drop_all(&connection, things(db).await?).await;
    connection.execute_unprepared("PRAGMA foreign_keys = ON").await?;
    emptied
}

/// Clears the rows of all tables but some, whatever their triggers say; tables, indexes and triggers stay, so that connections that
/// are open go on.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn clear(db: &Database, kept: &[&str]) -> Result<(), StoreError> {
    let tables = tables(db).await?.into_iter().filter(|name| !kept.contains(&name.as_str()));
    let tables: Vec<String> = tables.map(|name| format!("\"{}\"", name.replace('"', "\"\""))).collect();
    db.in_tx(async |tx| {
        if db.is_postgres() {
            for table in &tables {
                tx.execute_unprepared(&format!("ALTER TABLE {table} DISABLE TRIGGER USER")).await?;
            }
            tx.execute_unprepared(&format!("TRUNCATE {} CASCADE", tables.join(", "))).await?;
            for table in &tables {
                tx.execute_unprepared(&format!("ALTER TABLE {table} ENABLE TRIGGER USER")).await?;
            }
            return Ok(());
        }
        tx.execute_unprepared("PRAGMA defer_foreign_keys = ON").await?;
        let select = "SELECT name AS kind, sql AS name FROM sqlite_master WHERE type = 'trigger'";
        let statement = Statement::from_string(tx.get_database_backend(), select);
        // The name of each trigger, and the statement that makes it.
        let triggers = Thing::find_by_statement(statement).all(tx).await?;
        for trigger in &triggers {
            tx.execute_unprepared(&format!("DROP TRIGGER \"{}\"", trigger.kind.replace('"', "\"\""))).await?;
        }
        for table in &tables {
            tx.execute_unprepared(&format!("DELETE FROM {table}")).await?;
        }
        for trigger in &triggers {
            tx.execute_unprepared(&trigger.name).await?;
        }
        Ok::<_, StoreError>(())
    })
    .await
}

async fn drop_all(connection: &DatabaseConnection, things: Vec<Thing>) -> Result<(), StoreError> {
    for thing in things {
        let name = thing.name.replace('"', "\"\"");
        connection.execute_unprepared(&format!("DROP {} IF EXISTS \"{name}\"", thing.kind)).await?;
    }
    Ok(())
}

/// Creates a database on the PostgreSQL server of a URL, and answers its own URL.
///
/// # Errors
/// [`StoreError`] where the URL is no PostgreSQL server's, the name is not plain, or the server refuses.
pub async fn create_database(url: &str, name: &str) -> Result<String, StoreError> {
    let made = beside(url, name).ok_or_else(|| {
        StoreError::Database(DbErr::Custom(
            "a database is created by a URL postgres://… and a plain name".into(),
        ))
    })?;
    on_server(url, &format!("CREATE DATABASE \"{name}\"")).await?;
    Ok(made)
}

/// Drops a database of the PostgreSQL server of a URL, whoever is still connected to it.
///
/// # Errors
/// [`StoreError`] where the name is not plain, or the server refuses.
pub async fn drop_database(url: &str, name: &str) -> Result<(), StoreError> {
    if beside(url, name).is_none() {
        return Err(StoreError::Database(DbErr::Custom("a database is dropped by its plain name".into())));
    }
    on_server(url, &format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)")).await
}

async fn on_server(url: &str, sql: &str) -> Result<(), StoreError> {
    let mut wanted = ConnectOptions::new(url);
    wanted.max_connections(1).acquire_timeout(Duration::from_secs(8)).sqlx_logging(false);
    let server = sea_orm::Database::connect(wanted).await?;
    let done = server.execute_unprepared(sql).await;
    server.close().await?;
    done?;
    Ok(())
}

/// The URL of another database on the same server; none where the URL is not of PostgreSQL or the name not plain.
fn beside(url: &str, name: &str) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if name.is_empty() || name.len() > 63 || !name.bytes().all(plain) {
        return None;
    }
    let (address, query) = url.find('?').map_or((url, ""), |at| url.split_at(at));
    let (scheme, rest) = address.split_once("://")?;
    let server = rest.split('/').next()?;
    matches!(scheme, "postgres" | "postgresql").then(|| format!("{scheme}://{server}/{name}{query}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_of_the_server_keeps_the_rest_of_the_url() {
        let found = beside("postgres://me:word@%2Ftmp%2Fpg/main?sslmode=disable", "pingxuan_rehearsal_1f");
        assert_eq!(
            found.as_deref(),
            Some("postgres://me:word@%2Ftmp%2Fpg/pingxuan_rehearsal_1f?sslmode=disable")
        );
        assert_eq!(beside("postgresql://db:5432", "x").as_deref(), Some("postgresql://db:5432/x"));
        for (url, name) in [("sqlite:x", "x"), ("postgres://db/x", ""), ("postgres://db/x", "X; --")] {
            assert_eq!(beside(url, name), None, "{url} {name}");
        }
    }
}

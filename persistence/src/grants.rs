//! What the program's own role may do in PostgreSQL, where another role owns the tables: everything it needs, and nothing that would
//! change what has been written down.

use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

use crate::database::Database;
use crate::error::StoreError;

#[derive(FromQueryResult)]
struct Role {
    role: String,
}

/// The role that a connection works as.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn role(db: &Database) -> Result<String, StoreError> {
    let connection = db.read();
    let asked =
        Statement::from_string(connection.get_database_backend(), "SELECT current_user::text AS role");
    let found = Role::find_by_statement(asked).one(connection).await?;
    found.map(|role| role.role).ok_or_else(|| StoreError::Corrupt("nobody is connected".into()))
}

/// Gives a role what the program needs: rows of all tables, but neither change nor deletion of events, nor the door by which they
/// leave, which a function opens that the owner made.
///
/// # Errors
/// [`StoreError`] where the database refuses, as it does to whoever does not own the tables.
pub async fn give(owner: &Database, role: &str) -> Result<(), StoreError> {
    let role = format!("\"{}\"", role.replace('"', "\"\""));
    let grants = format!(
        "DO $grants$ BEGIN \
            EXECUTE format('GRANT USAGE ON SCHEMA %I TO {role}', current_schema()); \
            EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO {role}', current_schema()); \
            REVOKE UPDATE, DELETE, TRUNCATE ON audit_events, outgoing_events FROM {role}; \
            REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON audit_door, seaql_migrations FROM {role}; \
            GRANT EXECUTE ON FUNCTION forget_audit_events(bigint) TO {role}; \
        END $grants$"
    );
    owner.for_migrations().execute_unprepared(&grants).await?;
    Ok(())
}

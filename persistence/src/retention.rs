//! How long what is kept is kept: events of access, personal data of selections that are over, sessions and tokens, old passwords.

use pingxuan_domain::{Instant, Visibility};
use sea_orm::{
    ColumnTrait, DatabaseBackend, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait,
    Statement,
};
use uuid::Uuid;

use crate::connection::{Connection, Tx};
use crate::convert::mark;
use crate::entity::account::{refresh_token, session};
use crate::error::StoreError;

/// Log-ins, and what was refused or failed: these events go once they are old. What was done stays. As the index of them says it.
const OF_ACCESS: &str = "(operation IN ('login', 'verify_second_factor', 'refresh_session', 'logout', 'revoke_session', 'issue_token') \
    OR outcome <> 'done')";

/// Whether there are events of access from before an instant.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn has_old_events(
    connection: &impl Connection,
    _: &Visibility,
    before: Instant,
) -> Result<bool, StoreError> {
    let sql = format!("SELECT id FROM audit_events WHERE at < {} AND {OF_ACCESS} LIMIT 1", before.millis());
    let asked = Statement::from_string(connection.get_database_backend(), sql);
    Ok(Found::find_by_statement(asked).one(connection).await?.is_some())
}

#[derive(FromQueryResult)]
struct Gone {
    gone: i64,
}

/// Forgets the events of access from before an instant, through the door that is theirs alone; answers how many there were.
///
/// # Errors
/// [`StoreError`] where the database refuses, as it does for the last 180 days by its own clock.
pub async fn forget_events(tx: &Tx, _: &Visibility, before: Instant) -> Result<i64, StoreError> {
    if tx.get_database_backend() == DatabaseBackend::Postgres {
        let call = Statement::from_sql_and_values(
            DatabaseBackend::Postgres,
            "SELECT forget_audit_events($1) AS gone",
            [before.millis().into()],
        );
        let gone = Gone::find_by_statement(call).one(tx).await?;
        return Ok(gone.map_or(0, |gone| gone.gone));
    }
    let millis = before.millis();
    tx.execute_unprepared(&format!("UPDATE audit_door SET forget_before = {millis}")).await?;
    let forget = format!("DELETE FROM audit_events WHERE at < {millis} AND {OF_ACCESS}");
    let gone = tx.execute_unprepared(&forget).await?;
    tx.execute_unprepared("UPDATE audit_door SET forget_before = NULL").await?;
    Ok(i64::try_from(gone.rows_affected()).unwrap_or(i64::MAX))
}

#[derive(FromQueryResult)]
struct Found {
    id: Uuid,
}

/// Campaigns that have been over since before an instant, and of which personal values are still kept.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn campaigns_with_personal_data(
    connection: &impl Connection,
    _: &Visibility,
    over_before: Instant,
) -> Result<Vec<Uuid>, StoreError> {
    let backend = connection.get_database_backend();
    let mark = mark(backend, 1);
    let sql = format!(
        "SELECT c.id FROM campaigns c WHERE c.state IN ('announced', 'archived', 'cancelled') AND c.updated_at < {mark} AND ( \
            EXISTS (SELECT 1 FROM applications a WHERE a.campaign_id = c.id AND a.personal IS NOT NULL) \
            OR EXISTS (SELECT 1 FROM objections o WHERE o.campaign_id = c.id AND o.objector IS NOT NULL)) ORDER BY c.id"
    );
    let statement = Statement::from_sql_and_values(backend, sql, [over_before.millis().into()]);
    Ok(Found::find_by_statement(statement).all(connection).await?.into_iter().map(|found| found.id).collect())
}

/// Erases the personal values of a campaign's forms and who objected; answers of how many applications and objections. The index by which a person
/// is known again stays with those who were commended, since later selections ask whether they were (D-801).
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn erase_personal_data(
    tx: &Tx,
    _: &Visibility,
    campaign_id: Uuid,
) -> Result<(u64, u64), StoreError> {
    let backend = tx.get_database_backend();
    let mark = mark(backend, 1);
    let run = async |sql: &str| {
        let sql = sql.replace('?', &mark);
        tx.execute_raw(Statement::from_sql_and_values(backend, sql, [campaign_id.into()])).await
    };
    run("UPDATE application_snapshots SET personal = NULL WHERE personal IS NOT NULL AND application_id IN \
        (SELECT id FROM applications WHERE campaign_id = ?)")
    .await?;
    // An index is there still, as the table wants it, and leads to nobody: the application's own id.
    let own_id =
        if backend == DatabaseBackend::Postgres { "decode(replace(id::text, '-', ''), 'hex')" } else { "id" };
    run(&format!(
        "UPDATE applications SET person_index = {own_id} WHERE person_index IS NOT NULL AND campaign_id = ? \
            AND state NOT IN ('awarded', 'revoked')"
    ))
    .await?;
    let named =
        run("UPDATE objections SET objector = NULL WHERE objector IS NOT NULL AND campaign_id = ?").await?;
    let erased =
        run("UPDATE applications SET personal = NULL WHERE personal IS NOT NULL AND campaign_id = ?").await?;
    Ok((erased.rows_affected(), named.rows_affected()))
}

/// Forgets sessions that have been over since before an instant, and refresh tokens that are good for nothing since then.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn forget_sessions(tx: &Tx, before: Instant) -> Result<(), StoreError> {
    let over = session::Column::ExpiresAt.lt(before.millis());
    let sessions = session::Entity::find().select_only().column(session::Column::Id).filter(over.clone());
    refresh_token::Entity::delete_many()
        .filter(refresh_token::Column::SessionId.in_subquery(sessions.into_query()))
        .exec(tx)
        .await?;
    session::Entity::delete_many().filter(over).exec(tx).await?;
    Ok(())
}

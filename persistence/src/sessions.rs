//! Log-in sessions and their refresh tokens. A token is kept as its digest, used once, and gives away whoever uses it twice.

use pingxuan_domain::account::User;
use pingxuan_domain::{Instant, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use crate::connection::{Connection, Tx};
use crate::entity::account::{refresh_token, session, user};
use crate::error::StoreError;
use crate::page::{Page, PageRequest, page as read_page};
use crate::{access, accounts};

/// A new refresh token.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Its digest.
    pub hash: Vec<u8>,
    /// When it is given.
    pub issued_at: Instant,
    /// Until when it may be used.
    pub expires_at: Instant,
}

/// A log-in session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub user_id: Uuid,
    /// When it was opened.
    pub created_at: Instant,
    /// When it was last renewed.
    pub renewed_at: Instant,
    /// When it ends at the latest.
    pub expires_at: Instant,
    /// Where it was opened from.
    pub address: Option<String>,
    /// What the program called itself that opened it.
    pub device: Option<String>,
}

/// Opens a session with its first refresh token.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn insert(tx: &Tx, _: &Visibility, session: &Session, token: &NewToken) -> Result<(), StoreError> {
    let row = session::ActiveModel {
        id: Set(session.id),
        user_id: Set(session.user_id),
        created_at: Set(session.created_at.millis()),
        expires_at: Set(session.expires_at.millis()),
        ended_at: Set(None),
        ended_because: Set(None),
        address: Set(session.address.clone()),
        device: Set(session.device.clone()),
        renewed_at: Set(session.renewed_at.millis()),
    };
    session::Entity::insert(row).exec_without_returning(tx).await?;
    insert_token(tx, session.id, token).await
}

/// The sessions of an account that live: opened, not ended, renewed since an instant.
fn living(user_id: Uuid, renewed_since: Instant, now: Instant) -> Select<session::Entity> {
    session::Entity::find()
        .filter(session::Column::UserId.eq(user_id))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now.millis()))
        .filter(session::Column::RenewedAt.gt(renewed_since.millis()))
}

/// A page of an account's sessions that live.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn page(
    connection: &impl Connection,
    _: &Visibility,
    user_id: Uuid,
    (renewed_since, now): (Instant, Instant),
    request: &PageRequest,
) -> Result<Page<Session>, StoreError> {
    let select = living(user_id, renewed_since, now);
    read_page(connection, select, request, (&[], session::Column::Id), |row, _| Ok(from_row(row))).await
}

/// A session of an account that lives.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find(
    connection: &impl Connection,
    _: &Visibility,
    user_id: Uuid,
    (renewed_since, now): (Instant, Instant),
    id: Uuid,
) -> Result<Option<Session>, StoreError> {
    let select = living(user_id, renewed_since, now).filter(session::Column::Id.eq(id));
    Ok(select.one(connection).await?.map(from_row))
}

fn from_row(row: session::Model) -> Session {
    Session {
        id: row.id,
        user_id: row.user_id,
        created_at: Instant::from_millis(row.created_at),
        renewed_at: Instant::from_millis(row.renewed_at),
        expires_at: Instant::from_millis(row.expires_at),
        address: row.address,
        device: row.device,
    }
}

/// Adds the next refresh token of a session.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn insert_token(tx: &Tx, session_id: Uuid, token: &NewToken) -> Result<(), StoreError> {
    let row = refresh_token::ActiveModel {
        hash: Set(token.hash.clone()),
        session_id: Set(session_id),
        issued_at: Set(token.issued_at.millis()),
        expires_at: Set(token.expires_at.millis()),
        used_at: Set(None),
    };
    refresh_token::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// A session that has not ended, with the account that it belongs to: one query. Whether the account is open is the caller's to ask.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn with_owner(
    connection: &impl Connection,
    session_id: Uuid,
    now: Instant,
) -> Result<Option<(Session, User)>, StoreError> {
    let owner = session::Entity::belongs_to(user::Entity).from(session::Column::UserId).to(user::Column::Id);
    let found = session::Entity::find_by_id(session_id)
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now.millis()))
        .join(JoinType::InnerJoin, owner.into())
        .select_also(user::Entity)
        .one(connection)
        .await?;
    let Some((session, Some(owner))) = found else { return Ok(None) };
    Ok(Some((from_row(session), accounts::from_row(owner)?)))
}

/// What became of a refresh token that someone showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Used {
    /// It was good, and is used now.
    Good {
        /// Its session.
        session_id: Uuid,
    },
    /// It had been used before: its session must end.
    Again {
        /// Its session.
        session_id: Uuid,
    },
    /// There is no such token, or its time is over.
    Unknown,
}

/// Notes that a session was renewed.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn renewed(tx: &Tx, session_id: Uuid, now: Instant) -> Result<(), StoreError> {
    use sea_orm::sea_query::Expr;
    session::Entity::update_many()
        .col_expr(session::Column::RenewedAt, Expr::value(now.millis()))
        .filter(session::Column::Id.eq(session_id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Uses a refresh token. Of two that use one, one alone finds it good.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn use_token(tx: &Tx, hash: &[u8], now: Instant) -> Result<Used, StoreError> {
    use refresh_token::Column as T;
    let done = refresh_token::Entity::update_many()
        .col_expr(T::UsedAt, sea_orm::sea_query::Expr::value(now.millis()))
        .filter(T::Hash.eq(hash.to_vec()))
        .filter(T::UsedAt.is_null())
        .filter(T::ExpiresAt.gt(now.millis()))
        .exec(tx)
        .await?;
    let Some(token) = refresh_token::Entity::find_by_id(hash.to_vec()).one(tx).await? else {
        return Ok(Used::Unknown);
    };
    let session_id = token.session_id;
    Ok(match (done.rows_affected, token.used_at) {
        (1, _) => Used::Good { session_id },
        (_, Some(_)) => Used::Again { session_id },
        (_, None) => Used::Unknown,
    })
}

/// Ends a session.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn end(tx: &Tx, session_id: Uuid, because: &str, now: Instant) -> Result<(), StoreError> {
    end_where(tx, session::Column::Id.eq(session_id), because, now).await
}

/// Ends all sessions of an account.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn end_all_of(tx: &Tx, user_id: Uuid, because: &str, now: Instant) -> Result<(), StoreError> {
    end_where(tx, session::Column::UserId.eq(user_id), because, now).await
}

/// Ends all sessions of an account but one.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn end_others_of(
    tx: &Tx,
    user_id: Uuid,
    but: Uuid,
    because: &str,
    now: Instant,
) -> Result<(), StoreError> {
    let others = session::Column::UserId.eq(user_id).and(session::Column::Id.ne(but));
    end_where(tx, others, because, now).await
}

/// Ends the sessions of an account that live, but for so many that were renewed last.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn end_beyond(
    tx: &Tx,
    user_id: Uuid,
    keep: usize,
    (renewed_since, now): (Instant, Instant),
) -> Result<(), StoreError> {
    let select = living(user_id, renewed_since, now).order_by_desc(session::Column::RenewedAt);
    let rows = select.order_by_desc(session::Column::Id).all(tx).await?;
    let beyond: Vec<Uuid> = rows.into_iter().skip(keep).map(|row| row.id).collect();
    if beyond.is_empty() {
        return Ok(());
    }
    end_where(tx, session::Column::Id.is_in(beyond), "too many sessions", now).await
}

async fn end_where(
    tx: &Tx,
    which: sea_orm::sea_query::SimpleExpr,
    because: &str,
    now: Instant,
) -> Result<(), StoreError> {
    use sea_orm::sea_query::Expr;
    session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(now.millis()))
        .col_expr(session::Column::EndedBecause, Expr::value(because))
        .filter(which)
        .filter(session::Column::EndedAt.is_null())
        .exec(tx)
        .await?;
    access::changed(tx).await
}

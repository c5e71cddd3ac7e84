//! Log-in sessions and their refresh tokens. A token is kept as its digest, used once, and gives away whoever uses it twice.

use pingxuan_domain::policy::Actor;
use pingxuan_domain::workflow::account::AccountState;
use pingxuan_domain::{Instant, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::accounts;
use crate::database::{Connection, Tx};
use crate::entity::account::{refresh_token, session, user};
use crate::error::StoreError;

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

/// Opens a session with its first refresh token.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn insert(
    tx: &Tx,
    _: &Visibility,
    session_id: Uuid,
    user_id: Uuid,
    expires_at: Instant,
    token: &NewToken,
) -> Result<(), StoreError> {
    let row = session::ActiveModel {
        id: Set(session_id),
        user_id: Set(user_id),
        created_at: Set(token.issued_at.millis()),
        expires_at: Set(expires_at.millis()),
        ended_at: Set(None),
        ended_because: Set(None),
    };
    session::Entity::insert(row).exec_without_returning(tx).await?;
    insert_token(tx, session_id, token).await
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

/// Who a session belongs to, if it lives at this instant and its account is active: one query.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn actor(
    connection: &impl Connection,
    session_id: Uuid,
    now: Instant,
) -> Result<Option<Actor>, StoreError> {
    let owner = session::Entity::belongs_to(user::Entity).from(session::Column::UserId).to(user::Column::Id);
    let reversed: sea_orm::RelationDef = owner.into();
    let select = user::Entity::find()
        .join(JoinType::InnerJoin, reversed.rev())
        .filter(session::Column::Id.eq(session_id))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now.millis()))
        .filter(user::Column::State.eq(AccountState::Active.to_string()));
    let Some(row) = connection.query_one(&select.into_query()).await? else { return Ok(None) };
    let user = accounts::from_row(user::Model::from_query_result(&row, "")?)?;
    Ok(Some(user.actor(session_id)))
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
    Ok(())
}

/// When a session ends at the latest.
///
/// # Errors
/// [`StoreError`] where the database refuses, or there is no such session.
pub async fn ends_at(connection: &impl Connection, session_id: Uuid) -> Result<Instant, StoreError> {
    let row = session::Entity::find_by_id(session_id).one(connection).await?;
    let row = row.ok_or_else(|| StoreError::Corrupt("a session that is not there".into()))?;
    Ok(Instant::from_millis(row.expires_at))
}

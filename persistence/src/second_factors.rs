//! Second factors: seeds, codes for when they are lost, and log-ins that wait for one. Nothing of it stands in clear.

use pingxuan_domain::Instant;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockType, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::connection::{Connection, Tx};
use crate::entity::account::{pending_login, recovery_code, totp_seed};
use crate::error::StoreError;

/// The seeds of an account, sealed.
#[derive(Clone, Debug, Default)]
pub struct Seeds {
    /// The one in use.
    pub seed: Option<Vec<u8>>,
    /// One that waits for its first code.
    pub offered: Option<Vec<u8>>,
    /// The last step of which a code was used.
    pub last_step: i64,
}

/// Keeps a seed that waits for its first code, in the place of another that waited.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn offer(tx: &Tx, user_id: Uuid, sealed: Vec<u8>) -> Result<(), StoreError> {
    let row = totp_seed::ActiveModel {
        user_id: Set(user_id),
        seed: Set(None),
        offered: Set(Some(sealed)),
        last_step: Set(0),
    };
    let over =
        OnConflict::column(totp_seed::Column::UserId).update_column(totp_seed::Column::Offered).to_owned();
    totp_seed::Entity::insert(row).on_conflict(over).exec_without_returning(tx).await?;
    Ok(())
}

/// The seeds of an account, locked until the transaction ends.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn lock(tx: &Tx, user_id: Uuid) -> Result<Seeds, StoreError> {
    let row = totp_seed::Entity::find_by_id(user_id).lock(LockType::Update).one(tx).await?;
    let seeds =
        |row: totp_seed::Model| Seeds { seed: row.seed, offered: row.offered, last_step: row.last_step };
    Ok(row.map(seeds).unwrap_or_default())
}

/// Takes a seed into use, of which a code of a step was used, with new recovery codes in the place of the old ones.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn confirm(
    tx: &Tx,
    user_id: Uuid,
    (sealed, step): (Vec<u8>, i64),
    codes: Vec<Vec<u8>>,
) -> Result<(), StoreError> {
    totp_seed::Entity::update(totp_seed::ActiveModel {
        user_id: Set(user_id),
        seed: Set(Some(sealed)),
        offered: Set(None),
        last_step: Set(step),
    })
    .exec(tx)
    .await?;
    forget_codes(tx, user_id).await?;
    let code = |digest| recovery_code::ActiveModel {
        digest: Set(digest),
        user_id: Set(user_id),
        used_at: Set(None),
    };
    recovery_code::Entity::insert_many(codes.into_iter().map(code)).exec_without_returning(tx).await?;
    Ok(())
}

/// Notes that a code of a step was used.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn used(tx: &Tx, user_id: Uuid, step: i64) -> Result<(), StoreError> {
    totp_seed::Entity::update_many()
        .col_expr(totp_seed::Column::LastStep, Expr::value(step))
        .filter(totp_seed::Column::UserId.eq(user_id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Uses a recovery code; whether it was one of the account's, and not used before.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn use_code(tx: &Tx, user_id: Uuid, digest: Vec<u8>, now: Instant) -> Result<bool, StoreError> {
    let done = recovery_code::Entity::update_many()
        .col_expr(recovery_code::Column::UsedAt, Expr::value(now.millis()))
        .filter(recovery_code::Column::Digest.eq(digest))
        .filter(recovery_code::Column::UserId.eq(user_id))
        .filter(recovery_code::Column::UsedAt.is_null())
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// How many recovery codes of an account are left.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn codes_left(connection: &impl Connection, user_id: Uuid) -> Result<u64, StoreError> {
    let select = recovery_code::Entity::find()
        .filter(recovery_code::Column::UserId.eq(user_id))
        .filter(recovery_code::Column::UsedAt.is_null());
    Ok(select.count(connection).await?)
}

/// Takes away an account's second factor, with its recovery codes.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn remove(tx: &Tx, user_id: Uuid) -> Result<(), StoreError> {
    totp_seed::Entity::delete_by_id(user_id).exec(tx).await?;
    forget_codes(tx, user_id).await
}

async fn forget_codes(tx: &Tx, user_id: Uuid) -> Result<(), StoreError> {
    recovery_code::Entity::delete_many().filter(recovery_code::Column::UserId.eq(user_id)).exec(tx).await?;
    Ok(())
}

/// A log-in whose password was right, and that waits for its second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Whose it is.
    pub user_id: Uuid,
    /// Until when it waits.
    pub expires_at: Instant,
    /// How many wrong codes were shown.
    pub tries: i32,
}

/// Forgets log-ins whose waiting is over.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn forget_over(tx: &Tx, now: Instant) -> Result<(), StoreError> {
    use pending_login::Column as C;
    pending_login::Entity::delete_many().filter(C::ExpiresAt.lte(now.millis())).exec(tx).await?;
    Ok(())
}

/// Lets a log-in wait, under the digest of its token.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn wait(tx: &Tx, digest: Vec<u8>, pending: &Pending) -> Result<(), StoreError> {
    let row = pending_login::ActiveModel {
        digest: Set(digest),
        user_id: Set(pending.user_id),
        expires_at: Set(pending.expires_at.millis()),
        tries: Set(pending.tries),
    };
    pending_login::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

fn from_row(row: pending_login::Model) -> Pending {
    Pending { user_id: row.user_id, expires_at: Instant::from_millis(row.expires_at), tries: row.tries }
}

/// A log-in that waits.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn waiting(connection: &impl Connection, digest: &[u8]) -> Result<Option<Pending>, StoreError> {
    let row = pending_login::Entity::find_by_id(digest.to_vec()).one(connection).await?;
    Ok(row.map(from_row))
}

/// The same, locked until the transaction ends.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn lock_waiting(tx: &Tx, digest: &[u8]) -> Result<Option<Pending>, StoreError> {
    let row = pending_login::Entity::find_by_id(digest.to_vec()).lock(LockType::Update).one(tx).await?;
    Ok(row.map(from_row))
}

/// Notes that a wrong code was shown for a log-in that waits.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn tried(tx: &Tx, digest: &[u8], tries: i32) -> Result<(), StoreError> {
    use pending_login::Column as C;
    pending_login::Entity::update_many()
        .col_expr(C::Tries, Expr::value(tries))
        .filter(C::Digest.eq(digest.to_vec()))
        .exec(tx)
        .await?;
    Ok(())
}

/// Ends the waiting of a log-in.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn forget(tx: &Tx, digest: &[u8]) -> Result<(), StoreError> {
    pending_login::Entity::delete_by_id(digest.to_vec()).exec(tx).await?;
    Ok(())
}

//! Attempts to log in that were wrong, by account and by source, shared by all nodes. Neither name nor address is kept.

use pingxuan_domain::Instant;
use pingxuan_domain::throttle::Attempts;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{LockType, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::connection::{Connection, Tx};
use crate::entity::account::login_attempts::{ActiveModel, Column, Entity, Model};
use crate::error::StoreError;
use crate::vault::Vault;

/// Whose attempts they are: a digest under the installation's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who(Vec<u8>);

impl Who {
    /// Of an account, by the name that was given; there need not be such an account.
    #[must_use]
    pub fn account(vault: &Vault, username: &str) -> Self {
        Self(vault.index("login_account", &username.to_lowercase()))
    }

    /// From an address.
    #[must_use]
    pub fn source(vault: &Vault, address: &str) -> Self {
        Self(vault.index("login_source", address))
    }
}

/// What is kept of somebody's attempts.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find(connection: &impl Connection, who: &Who) -> Result<Attempts, StoreError> {
    let row = Entity::find_by_id(who.0.clone()).one(connection).await?;
    Ok(row.map(from_row).unwrap_or_default())
}

/// Until when each of several is locked, in their order: one query.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn locked_among(
    connection: &impl Connection,
    who: &[Who],
    now: Instant,
) -> Result<Vec<Option<Instant>>, StoreError> {
    let digests: Vec<Vec<u8>> = who.iter().map(|who| who.0.clone()).collect();
    let select =
        Entity::find().filter(Column::Who.is_in(digests)).filter(Column::LockedUntil.gt(now.millis()));
    let rows = select.all(connection).await?;
    let until = |who: &Who| rows.iter().find(|row| row.who == who.0).map(|row| row.locked_until);
    Ok(who.iter().map(|who| until(who).map(Instant::from_millis)).collect())
}

/// The same, locked until the transaction ends, also where nothing was kept yet.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn lock(tx: &Tx, who: &Who) -> Result<Attempts, StoreError> {
    let none = row(who, Attempts::default());
    let there = OnConflict::column(Column::Who).do_nothing().to_owned();
    Entity::insert(none).on_conflict(there).try_insert().exec_without_returning(tx).await?;
    let row = Entity::find_by_id(who.0.clone()).lock(LockType::Update).one(tx).await?;
    Ok(row.map(from_row).unwrap_or_default())
}

/// Keeps what somebody's attempts have come to.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn keep(tx: &Tx, who: &Who, attempts: Attempts) -> Result<(), StoreError> {
    // Whoever was right in the meantime has taken the row away.
    let over = OnConflict::column(Column::Who)
        .update_columns([Column::Count, Column::FirstAt, Column::LockedUntil, Column::Locks])
        .to_owned();
    Entity::insert(row(who, attempts)).on_conflict(over).exec_without_returning(tx).await?;
    Ok(())
}

/// Forgets somebody's attempts.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn forget(tx: &Tx, who: &Who) -> Result<(), StoreError> {
    Entity::delete_by_id(who.0.clone()).exec(tx).await?;
    Ok(())
}

/// Forgets all attempts whose last window began before an instant.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn forget_before(tx: &Tx, instant: Instant) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::FirstAt.lt(instant.millis())).exec(tx).await?;
    Ok(())
}

fn row(who: &Who, attempts: Attempts) -> ActiveModel {
    ActiveModel {
        who: Set(who.0.clone()),
        count: Set(attempts.count),
        first_at: Set(attempts.first_at.millis()),
        locked_until: Set(attempts.locked_until.millis()),
        locks: Set(crate::convert::small(attempts.locks)),
    }
}

fn from_row(row: Model) -> Attempts {
    Attempts {
        count: row.count,
        first_at: Instant::from_millis(row.first_at),
        locked_until: Instant::from_millis(row.locked_until),
        locks: u32::try_from(row.locks).unwrap_or(0),
    }
}

//! Log-ins by single sign-on that have begun: kept until their browser comes back from the identity provider, and good once.

use pingxuan_domain::Instant;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::connection::Tx;
use crate::entity::account::oidc_login::{ActiveModel, Column, Entity};
use crate::error::StoreError;

/// A log-in that has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// Digest of the cookie of the browser in which it began.
    pub browser: Vec<u8>,
    /// Its verifier and its nonce, sealed.
    pub sealed: Vec<u8>,
    /// Until when it is good.
    pub expires_at: Instant,
}

/// Keeps a log-in that has begun, under the digest of its state.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn keep(tx: &Tx, digest: Vec<u8>, begun: &Begun) -> Result<(), StoreError> {
    let row = ActiveModel {
        digest: Set(digest),
        browser: Set(begun.browser.clone()),
        sealed: Set(begun.sealed.clone()),
        expires_at: Set(begun.expires_at.millis()),
    };
    Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Takes a log-in that has begun away and answers it: of many that ask for one, a single one gets it.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn take(tx: &Tx, digest: &[u8]) -> Result<Option<Begun>, StoreError> {
    let Some(row) = Entity::find_by_id(digest.to_vec()).one(tx).await? else { return Ok(None) };
    let gone = Entity::delete_by_id(digest.to_vec()).exec(tx).await?;
    let begun =
        Begun { browser: row.browser, sealed: row.sealed, expires_at: Instant::from_millis(row.expires_at) };
    Ok((gone.rows_affected == 1).then_some(begun))
}

/// Forgets log-ins whose time is over.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn forget_over(tx: &Tx, now: Instant) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::ExpiresAt.lte(now.millis())).exec(tx).await?;
    Ok(())
}

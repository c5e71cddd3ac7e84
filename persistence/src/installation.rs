//! What the database is for, which key seals it, and the keys that sign access tokens.

use pingxuan_domain::Instant;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::access;
use crate::connection::{Connection, Tx};
use crate::entity::account::{installation, signing_key};
use crate::error::StoreError;

/// A fact of the installation.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find(connection: &impl Connection, name: &str) -> Result<Option<String>, StoreError> {
    let row = installation::Entity::find_by_id(name.to_owned()).one(connection).await?;
    Ok(row.map(|row| row.value))
}

/// Writes a fact of the installation down, once and for all.
///
/// # Errors
/// [`StoreError::Taken`] where it is written already.
pub async fn insert(tx: &Tx, name: &str, value: &str) -> Result<(), StoreError> {
    let row = installation::ActiveModel { name: Set(name.to_owned()), value: Set(value.to_owned()) };
    installation::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// A key that signs access tokens.
#[derive(Clone, Debug)]
pub struct SigningKey {
    /// Its name in tokens and in the published key set.
    pub kid: String,
    /// The private key, sealed.
    pub sealed: Vec<u8>,
    /// The public key.
    pub public: Vec<u8>,
    /// When it was made.
    pub created_at: Instant,
}

/// The keys that sign access tokens, newest first.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn signing_keys(connection: &impl Connection) -> Result<Vec<SigningKey>, StoreError> {
    let rows =
        signing_key::Entity::find().order_by_desc(signing_key::Column::CreatedAt).all(connection).await?;
    let key = |row: signing_key::Model| SigningKey {
        kid: row.kid,
        sealed: row.sealed,
        public: row.public,
        created_at: Instant::from_millis(row.created_at),
    };
    Ok(rows.into_iter().map(key).collect())
}

/// Keeps a key that signs access tokens.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn insert_signing_key(tx: &Tx, key: &SigningKey) -> Result<(), StoreError> {
    let row = signing_key::ActiveModel {
        kid: Set(key.kid.clone()),
        sealed: Set(key.sealed.clone()),
        public: Set(key.public.clone()),
        created_at: Set(key.created_at.millis()),
    };
    signing_key::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Keeps a new key, and of those before as many as make `keep` with it; every node is to know.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn rotate_signing_key(tx: &Tx, key: &SigningKey, keep: usize) -> Result<(), StoreError> {
    insert_signing_key(tx, key).await?;
    let over: Vec<String> = signing_keys(tx).await?.into_iter().skip(keep).map(|key| key.kid).collect();
    signing_key::Entity::delete_many().filter(signing_key::Column::Kid.is_in(over)).exec(tx).await?;
    access::changed(tx).await
}

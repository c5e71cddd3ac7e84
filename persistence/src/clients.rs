//! Machine clients and their secrets. A secret is kept as its digest; while one takes the other's place, two are good.

use pingxuan_domain::client::Client;
use pingxuan_domain::step::Step;
use pingxuan_domain::{Instant, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::access;
use crate::connection::{Connection, Tx};
use crate::convert::{from_json, to_json};
use crate::entity::account::client::{ActiveModel, Column, Entity, Model};
use crate::entity::account::client_secret;
use crate::error::StoreError;
use crate::journal::Journal;
use crate::page::{Page, PageRequest, Sortable, page as read_page};
use crate::standing::stale_unless_one;

/// What the list of clients may be sorted by.
const SORTABLE: Sortable<Column> = &[("name", Column::Name)];

/// A page of clients.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn page(
    connection: &impl Connection,
    _: &Visibility,
    request: &PageRequest,
) -> Result<Page<Client>, StoreError> {
    read_page(connection, Entity::find(), request, (SORTABLE, Column::Id), |row, _| from_row(row)).await
}

/// The client with this id, locked until the transaction ends.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn lock(tx: &Tx, _: &Visibility, id: Uuid) -> Result<Option<Client>, StoreError> {
    Entity::find_by_id(id).lock(LockType::Update).one(tx).await?.map(from_row).transpose()
}

/// The client that a token is of: one query. It asks nobody's leave, as it is what tells who asks.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn holding(connection: &impl Connection, id: Uuid) -> Result<Option<Client>, StoreError> {
    Entity::find_by_id(id).one(connection).await?.map(from_row).transpose()
}

/// The client that has an id and a secret that is good.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn with_secret(
    connection: &impl Connection,
    _: &Visibility,
    (id, digest): (Uuid, Vec<u8>),
    now: Instant,
) -> Result<Option<Client>, StoreError> {
    let good = Condition::any()
        .add(client_secret::Column::ExpiresAt.is_null())
        .add(client_secret::Column::ExpiresAt.gt(now.millis()));
    let shown = client_secret::Entity::find_by_id(digest)
        .filter(client_secret::Column::ClientId.eq(id))
        .filter(good)
        .one(connection)
        .await?;
    match shown {
        Some(_) => holding(connection, id).await,
        None => Ok(None),
    }
}

/// Enters a client with its first secret.
///
/// # Errors
/// [`StoreError::Taken`] where one is called so already.
pub async fn insert(
    tx: &Tx,
    journal: &Journal,
    client: &Client,
    digest: Vec<u8>,
    step: Step,
) -> Result<(), StoreError> {
    let row = ActiveModel {
        id: Set(client.id),
        name: Set(client.name.clone()),
        scopes: Set(to_json(&client.scopes)?),
        version: Set(client.version),
        created_at: Set(client.created_at.millis()),
        updated_at: Set(client.updated_at.millis()),
    };
    Entity::insert(row).exec_without_returning(tx).await?;
    insert_secret(tx, client.id, digest, client.created_at).await?;
    journal.write(tx, &[step]).await
}

async fn insert_secret(tx: &Tx, client_id: Uuid, digest: Vec<u8>, now: Instant) -> Result<(), StoreError> {
    let row = client_secret::ActiveModel {
        digest: Set(digest),
        client_id: Set(client_id),
        created_at: Set(now.millis()),
        expires_at: Set(None),
    };
    client_secret::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Gives a client, whose version has grown by one, another secret. The one before stays good until an instant, and none else.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed it meanwhile.
pub async fn rotate(
    tx: &Tx,
    journal: &Journal,
    client: &Client,
    (digest, keep_until): (Vec<u8>, Instant),
    step: Step,
) -> Result<(), StoreError> {
    use client_secret::Column as S;
    let update = Entity::update_many()
        .col_expr(Column::Version, Expr::value(client.version))
        .col_expr(Column::UpdatedAt, Expr::value(client.updated_at.millis()))
        .filter(Column::Id.eq(client.id))
        .filter(Column::Version.eq(client.version - 1));
    stale_unless_one(update.exec(tx).await?)?;
    let of_it = || client_secret::Entity::delete_many().filter(S::ClientId.eq(client.id));
    of_it().filter(S::ExpiresAt.is_not_null()).exec(tx).await?;
    if client.updated_at < keep_until {
        client_secret::Entity::update_many()
            .col_expr(S::ExpiresAt, Expr::value(keep_until.millis()))
            .filter(S::ClientId.eq(client.id))
            .exec(tx)
            .await?;
    } else {
        of_it().exec(tx).await?;
    }
    insert_secret(tx, client.id, digest, client.updated_at).await?;
    journal.write(tx, &[step]).await
}

/// Until when the secrets of some clients are good that are to go, in the order of the clients: one query.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn old_secrets(
    connection: &impl Connection,
    _: &Visibility,
    clients: &[Uuid],
    now: Instant,
) -> Result<Vec<Option<Instant>>, StoreError> {
    use client_secret::Column as S;
    let rows = client_secret::Entity::find()
        .filter(S::ClientId.is_in(clients.iter().copied()))
        .filter(S::ExpiresAt.gt(now.millis()))
        .order_by_asc(S::ExpiresAt)
        .all(connection)
        .await?;
    let until = |id: &Uuid| rows.iter().rev().find(|row| row.client_id == *id)?.expires_at;
    Ok(clients.iter().map(|id| until(id).map(Instant::from_millis)).collect())
}

/// Deletes a client with its secrets: what it holds is good for nothing from then on.
///
/// # Errors
/// [`StoreError::Stale`] where someone else deleted it meanwhile.
pub async fn delete(tx: &Tx, journal: &Journal, client: &Client, step: Step) -> Result<(), StoreError> {
    client_secret::Entity::delete_many()
        .filter(client_secret::Column::ClientId.eq(client.id))
        .exec(tx)
        .await?;
    let gone = Entity::delete_many().filter(Column::Id.eq(client.id)).exec(tx).await?;
    if gone.rows_affected != 1 {
        return Err(StoreError::Stale);
    }
    access::changed(tx).await?;
    journal.write(tx, &[step]).await
}

/// Forgets secrets whose time is over.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn forget_over(tx: &Tx, now: Instant) -> Result<(), StoreError> {
    let over = client_secret::Column::ExpiresAt.lte(now.millis());
    client_secret::Entity::delete_many().filter(over).exec(tx).await?;
    Ok(())
}

fn from_row(row: Model) -> Result<Client, StoreError> {
    Ok(Client {
        id: row.id,
        name: row.name,
        scopes: from_json("clients.scopes", &row.scopes)?,
        version: row.version,
        created_at: Instant::from_millis(row.created_at),
        updated_at: Instant::from_millis(row.updated_at),
    })
}

//! 附件: what is known of files that are attached to applications; the files are in a store of their own.

use pingxuan_domain::application::attachment::{Attachment, AttachmentState};
use pingxuan_domain::step::Step;
use pingxuan_domain::{Instant, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::connection::{Connection, Tx};
use crate::convert::{code, code_option, from_json, size, to_json};
use crate::entity::selection::attachment::{ActiveModel, Column, Entity, Model};
use crate::error::StoreError;
use crate::journal::Journal;
use crate::page::{Page, PageRequest, Sortable, page as read_page};
use crate::standing::stale_unless_one;

/// What the list of attachments may be sorted by.
const SORTABLE: Sortable<Column> = &[("name", Column::Name), ("created_at", Column::CreatedAt)];

/// The attachment with this id. Whether its application is within reach is asked of that.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find(
    connection: &impl Connection,
    _: &Visibility,
    id: Uuid,
) -> Result<Option<Attachment>, StoreError> {
    Entity::find_by_id(id).one(connection).await?.map(from_row).transpose()
}

/// The same, locked until the transaction ends; its application is locked before it.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn lock(tx: &Tx, _: &Visibility, id: Uuid) -> Result<Option<Attachment>, StoreError> {
    Entity::find_by_id(id).lock(LockType::Update).one(tx).await?.map(from_row).transpose()
}

/// A page of an application's attachments, which is within reach. Outside those who may add some, what is not whole, or was
/// put aside, is not there.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn page(
    connection: &impl Connection,
    _: &Visibility,
    (application_id, whole): (Uuid, bool),
    request: &PageRequest,
) -> Result<Page<Attachment>, StoreError> {
    let select = Entity::find()
        .filter(Column::ApplicationId.eq(application_id))
        .apply_if(whole.then_some(()), |select, ()| {
            select.filter(Column::State.eq(AttachmentState::Stored.to_string()))
        });
    read_page(connection, select, request, (SORTABLE, Column::Id), |row, _| from_row(row)).await
}

/// How many attachments an application has, those that are on their way or were put aside among them.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn count(tx: &Tx, _: &Visibility, application_id: Uuid) -> Result<u32, StoreError> {
    let count = Entity::find().filter(Column::ApplicationId.eq(application_id)).count(tx).await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Enters an attachment.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn insert(tx: &Tx, attachment: &Attachment) -> Result<(), StoreError> {
    Entity::insert(to_row(attachment)?).exec_without_returning(tx).await?;
    Ok(())
}

/// Records a change of an attachment, whose version has grown by one. What it means for its application is that one's step.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed it meanwhile.
pub async fn record(tx: &Tx, attachment: &Attachment) -> Result<(), StoreError> {
    let update = Entity::update_many().set(to_row(attachment)?);
    let update =
        update.filter(Column::Id.eq(attachment.id)).filter(Column::Version.eq(attachment.version - 1));
    stale_unless_one(update.exec(tx).await?)
}

/// Deletes an attachment, and writes down what came of it.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed it meanwhile.
pub async fn delete(
    tx: &Tx,
    journal: &Journal,
    attachment: &Attachment,
    steps: &[Step],
) -> Result<(), StoreError> {
    let delete = Entity::delete_many().filter(Column::Id.eq(attachment.id));
    let done = delete.filter(Column::Version.eq(attachment.version)).exec(tx).await?;
    if done.rows_affected != 1 {
        return Err(StoreError::Stale);
    }
    journal.write(tx, steps).await
}

/// Deletes what belongs to an application, which is deleted with it; answers the ids, whose files are to go too.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn delete_all(tx: &Tx, application_id: Uuid) -> Result<Vec<Uuid>, StoreError> {
    let of_it = Condition::all().add(Column::ApplicationId.eq(application_id));
    let ids = Entity::find().select_only().column(Column::Id).filter(of_it.clone());
    let ids: Vec<Uuid> = ids.into_tuple().all(tx).await?;
    Entity::delete_many().filter(of_it).exec(tx).await?;
    Ok(ids)
}

/// Gives up uploads that nobody has gone on with since an instant; answers their ids, whose pieces are to go too.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn give_up(tx: &Tx, before: Instant) -> Result<Vec<Uuid>, StoreError> {
    let forgotten = Condition::all()
        .add(Column::State.eq(AttachmentState::Uploading.to_string()))
        .add(Column::UpdatedAt.lt(before.millis()));
    let ids = Entity::find().select_only().column(Column::Id).filter(forgotten.clone());
    let ids: Vec<Uuid> = ids.into_tuple().all(tx).await?;
    if !ids.is_empty() {
        Entity::delete_many()
            .filter(forgotten)
            .filter(Column::Id.is_in(ids.iter().copied()))
            .exec(tx)
            .await?;
    }
    Ok(ids)
}

/// Of some ids, those that are attachments: the files of the others belong to nobody.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn known(
    connection: &impl Connection,
    _: &Visibility,
    ids: &[Uuid],
) -> Result<Vec<Uuid>, StoreError> {
    let select =
        Entity::find().select_only().column(Column::Id).filter(Column::Id.is_in(ids.iter().copied()));
    Ok(select.order_by_asc(Column::Id).into_tuple().all(connection).await?)
}

fn from_row(row: Model) -> Result<Attachment, StoreError> {
    Ok(Attachment {
        id: row.id,
        application_id: row.application_id,
        code: row.code,
        pointers: from_json("attachments.pointers", &row.pointers)?,
        name: row.name,
        kind: code_option("attachments.kind", row.kind.as_deref())?,
        size: size("attachments.size", row.size)?,
        digest: row.digest,
        received: size("attachments.received", row.received)?,
        state: code("attachments.state", &row.state)?,
        created_by: row.created_by,
        created_at: Instant::from_millis(row.created_at),
        updated_at: Instant::from_millis(row.updated_at),
        version: row.version,
    })
}

fn to_row(attachment: &Attachment) -> Result<ActiveModel, StoreError> {
    let bytes = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    Ok(ActiveModel {
        id: Set(attachment.id),
        application_id: Set(attachment.application_id),
        code: Set(attachment.code.clone()),
        pointers: Set(to_json(&attachment.pointers)?),
        name: Set(attachment.name.clone()),
        kind: Set(attachment.kind.map(|kind| kind.to_string())),
        size: Set(bytes(attachment.size)),
        digest: Set(attachment.digest.clone()),
        received: Set(bytes(attachment.received)),
        state: Set(attachment.state.to_string()),
        created_by: Set(attachment.created_by),
        created_at: Set(attachment.created_at.millis()),
        updated_at: Set(attachment.updated_at.millis()),
        version: Set(attachment.version),
    })
}

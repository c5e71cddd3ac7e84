//! 打印件: which papers were printed from what, by the code that stands on them (D-503).

use pingxuan_domain::Instant;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::connection::{Connection, Tx};
use crate::entity::selection::printed::{ActiveModel, Column, Entity, Model};
use crate::error::StoreError;

/// A paper that was printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// The code that stands on it.
    pub check_code: String,
    /// What it is.
    pub kind: String,
    /// The application, award, campaign it is of.
    pub object_id: Uuid,
    /// The digest of what it was printed from.
    pub digest: String,
    /// When that was first printed.
    pub printed_at: Instant,
}

/// The paper with a code. Everyone may ask who holds one in their hands.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find(connection: &impl Connection, check_code: &str) -> Result<Option<Printed>, StoreError> {
    Ok(Entity::find_by_id(check_code).one(connection).await?.map(from_row))
}

/// Enters a paper unless the same was printed before; answers the one that is there, with its code.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn enter(tx: &Tx, printed: &Printed) -> Result<Printed, StoreError> {
    let row = ActiveModel {
        check_code: Set(printed.check_code.clone()),
        kind: Set(printed.kind.clone()),
        object_id: Set(printed.object_id),
        digest: Set(printed.digest.clone()),
        printed_at: Set(printed.printed_at.millis()),
    };
    let same = OnConflict::columns([Column::Kind, Column::ObjectId, Column::Digest]).do_nothing().to_owned();
    Entity::insert(row).on_conflict(same).try_insert().exec_without_returning(tx).await?;
    let there = Entity::find()
        .filter(Column::Kind.eq(&printed.kind))
        .filter(Column::ObjectId.eq(printed.object_id))
        .filter(Column::Digest.eq(&printed.digest));
    let there = there.one(tx).await?;
    there.map(from_row).ok_or_else(|| StoreError::Corrupt("a printed paper is gone at once".into()))
}

fn from_row(row: Model) -> Printed {
    Printed {
        check_code: row.check_code,
        kind: row.kind,
        object_id: row.object_id,
        digest: row.digest,
        printed_at: Instant::from_millis(row.printed_at),
    }
}

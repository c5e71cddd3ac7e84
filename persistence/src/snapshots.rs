//! What applications said when they were submitted: only ever added to (D-402).

use pingxuan_domain::application::{Application, Snapshot};
use pingxuan_domain::{Instant, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use crate::convert::{count, from_json, to_json};
use crate::database::{Connection, Tx};
use crate::entity::selection::snapshot::{ActiveModel, Column, Entity};
use crate::error::StoreError;

/// A submission without what was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Which submission it was, from 1.
    pub number: u32,
    /// Digest of the content.
    pub content_digest: String,
    /// When it was submitted.
    pub submitted_at: Instant,
}

#[derive(FromQueryResult)]
struct SubmissionRow {
    number: i32,
    content_digest: String,
    submitted_at: i64,
}

/// The submissions of an application, in order.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn submissions(
    connection: &impl Connection,
    _: &Visibility,
    application_id: Uuid,
) -> Result<Vec<Submission>, StoreError> {
    let rows = Entity::find()
        .select_only()
        .columns([Column::Number, Column::ContentDigest, Column::SubmittedAt])
        .filter(Column::ApplicationId.eq(application_id))
        .order_by_asc(Column::Number)
        .into_model::<SubmissionRow>()
        .all(connection)
        .await?;
    let read = |row: SubmissionRow| {
        Ok(Submission {
            number: count("application_snapshots.number", row.number)?,
            content_digest: row.content_digest,
            submitted_at: Instant::from_millis(row.submitted_at),
        })
    };
    rows.into_iter().map(read).collect()
}

/// What an application said in the submissions with these numbers, in order.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn numbered(
    connection: &impl Connection,
    _: &Visibility,
    application_id: Uuid,
    numbers: &[u32],
) -> Result<Vec<Snapshot>, StoreError> {
    let rows = Entity::find()
        .filter(Column::ApplicationId.eq(application_id))
        .filter(Column::Number.is_in(numbers.iter().copied()))
        .order_by_asc(Column::Number)
        .all(connection)
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        found.push(Snapshot {
            application_id: row.application_id,
            number: count("application_snapshots.number", row.number)?,
            form: from_json("application_snapshots.form", &row.form)?,
            personal: row.personal,
            content_digest: row.content_digest,
            attached: from_json("application_snapshots.attached", &row.attached)?,
            submitted_at: Instant::from_millis(row.submitted_at),
        });
    }
    Ok(found)
}

/// Keeps what an application says, which is locked, as its next submission.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn keep(tx: &Tx, application: &Application, now: Instant) -> Result<(), StoreError> {
    let last = Entity::find()
        .select_only()
        .expr_as(Expr::cust("coalesce(max(number), 0)"), "last")
        .filter(Column::ApplicationId.eq(application.id));
    let last: Option<i32> = match tx.query_one(&last.into_query()).await? {
        Some(row) => row.try_get("", "last")?,
        None => None,
    };
    let row = ActiveModel {
        application_id: Set(application.id),
        number: Set(last.unwrap_or(0) + 1),
        form: Set(to_json(&application.form)?),
        personal: Set(application.personal.clone()),
        content_digest: Set(application.content_digest.clone()),
        attached: Set(to_json(&application.attached)?),
        submitted_at: Set(now.millis()),
    };
    Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

//! What applications said when they were submitted: only ever added to (D-402).

use pingxuan_domain::application::{Application, Snapshot};
use pingxuan_domain::{Instant, Visibility};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::connection::{Connection, Tx};
use crate::convert::{count, from_json, to_json};
use crate::entity::selection::snapshot::{Column, Entity};
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
    let next = Query::select()
        .expr(Expr::cust("coalesce(max(number), 0) + 1"))
        .from(Entity)
        .and_where(Column::ApplicationId.eq(application.id))
        .take();
    let values: [(Column, Expr); 7] = [
        (Column::ApplicationId, application.id.into()),
        (Column::Number, Expr::SubQuery(None, Box::new(next.into()))),
        (Column::Form, to_json(&application.form)?.into()),
        (Column::Personal, application.personal.clone().into()),
        (Column::ContentDigest, application.content_digest.clone().into()),
        (Column::Attached, to_json(&application.attached)?.into()),
        (Column::SubmittedAt, now.millis().into()),
    ];
    let (columns, values): (Vec<_>, Vec<_>) = values.into_iter().unzip();
    let mut insert = Query::insert();
    insert.into_table(Entity).columns(columns);
    insert.values(values).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    tx.execute(&insert).await?;
    Ok(())
}

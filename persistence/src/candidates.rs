//! 候选对象: the applications of a category or campaign, which one decision moves all together.

use pingxuan_domain::Visibility;
use pingxuan_domain::application::Application;
use pingxuan_domain::step::Step;
use pingxuan_domain::workflow::application::ApplicationState;
use sea_orm::sea_query::{Expr, LockType, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use crate::applications::{all_of, to_row};
use crate::beside::ROWS;
use crate::connection::{Connection, Tx};
use crate::entity::selection::application::{Column, Entity};
use crate::error::StoreError;
use crate::journal::Journal;

/// Locks the applications of a category, in order of id, until the transaction ends.
pub(crate) async fn lock(tx: &Tx, campaign_id: Uuid, category_code: &str) -> Result<(), StoreError> {
    let select = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::CampaignId.eq(campaign_id))
        .filter(Column::CategoryCode.eq(category_code))
        .order_by_asc(Column::Id)
        .lock(LockType::Update);
    tx.query_all(&select.into_query()).await?;
    Ok(())
}

/// The applications in which a supervisor is evaluated by campaigns under way, from their opening to the decision, locked.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn lock_evaluations(
    tx: &Tx,
    _: &Visibility,
    supervisor_id: Uuid,
) -> Result<Vec<Application>, StoreError> {
    let open = [ApplicationState::Verified, ApplicationState::Shortlisted, ApplicationState::NotShortlisted];
    let select = ROWS
        .clone()
        .filter(Column::SupervisorId.eq(supervisor_id))
        .filter(Column::State.is_in(open.map(|state| state.to_string())))
        .filter(Expr::cust(
            "campaign_id IN (SELECT c.id FROM campaigns c WHERE c.state IN ('verifying', 'selecting'))",
        ))
        .order_by_asc(Column::Id)
        .lock(LockType::Update);
    all_of(tx, select).await
}

/// Records applications whose nominee was corrected, each of whose versions has grown by one.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed one of them meanwhile, [`StoreError::Taken`] where the person stands in the
/// campaign already.
pub async fn correct_all(
    tx: &Tx,
    journal: &Journal,
    applications: &[Application],
    steps: &[Step],
) -> Result<(), StoreError> {
    let corrected = [
        Column::NomineeName,
        Column::NomineePost,
        Column::IsLeadingCadre,
        Column::FrontLine,
        Column::PersonIndex,
        Column::Version,
        Column::ShownVersion,
        Column::ShownUpdatedAt,
        Column::UpdatedAt,
    ];
    overwrite(tx, applications, &corrected, "applications.version = excluded.version - 1").await?;
    journal.write(tx, steps).await
}

/// Records applications that have moved, each of whose versions has grown by one. Only where they stand is written.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed one of them meanwhile.
pub async fn record_all(
    tx: &Tx,
    journal: &Journal,
    applications: &[Application],
    steps: &[Step],
) -> Result<(), StoreError> {
    let standing = [
        Column::State,
        Column::Version,
        Column::ShownState,
        Column::ShownVersion,
        Column::ShownUpdatedAt,
        Column::UpdatedAt,
    ];
    overwrite(tx, applications, &standing, "applications.version = excluded.version - 1").await?;
    journal.write(tx, steps).await
}

/// Writes down whom applications nominate, once that need not lie sealed in their forms alone any more (D-303). It is no
/// change of theirs: what they say is what they said.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed one of them meanwhile.
pub async fn name_nominees(tx: &Tx, applications: &[Application]) -> Result<(), StoreError> {
    let named = [Column::NomineeName, Column::NomineePost, Column::IsLeadingCadre, Column::FrontLine];
    overwrite(tx, applications, &named, "applications.version = excluded.version").await
}

/// Writes columns of rows that are there over, all at once; the condition says whether they are still as they were read.
async fn overwrite(
    tx: &Tx,
    applications: &[Application],
    columns: &[Column],
    condition: &'static str,
) -> Result<(), StoreError> {
    let over = OnConflict::column(Column::Id)
        .update_columns(columns.iter().copied())
        .action_and_where(Expr::cust(condition))
        .to_owned();
    // Fifty rows a statement keeps the bound values below SQLite's limit.
    for chunk in applications.chunks(50) {
        let rows = chunk.iter().map(to_row).collect::<Result<Vec<_>, _>>()?;
        let wanted = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        let done = Entity::insert_many(rows).on_conflict(over.clone()).exec_without_returning(tx).await?;
        if done != wanted {
            return Err(StoreError::Stale);
        }
    }
    Ok(())
}

//! Categories that were decided without an award.

use pingxuan_domain::decision::NoAward;
use pingxuan_domain::step::Step;
use pingxuan_domain::{Instant, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::connection::{Connection, Tx};
use crate::convert::{from_json, to_json};
use crate::entity::review::no_award::{ActiveModel, Column, Entity, Model};
use crate::error::StoreError;
use crate::journal::Journal;

/// The decision by which a category was left without an award.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find(
    connection: &impl Connection,
    _: &Visibility,
    campaign_id: Uuid,
    category_code: &str,
) -> Result<Option<NoAward>, StoreError> {
    let select = Entity::find()
        .filter(Column::CampaignId.eq(campaign_id))
        .filter(Column::CategoryCode.eq(category_code));
    select.one(connection).await?.map(from_row).transpose()
}

/// The decisions by which categories of a campaign were left without an award.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn of_campaign(
    connection: &impl Connection,
    _: &Visibility,
    campaign_id: Uuid,
) -> Result<Vec<NoAward>, StoreError> {
    let select = Entity::find().filter(Column::CampaignId.eq(campaign_id)).order_by_asc(Column::Id);
    select.all(connection).await?.into_iter().map(from_row).collect()
}

/// The categories of these campaigns that were decided without an award.
pub(crate) async fn categories(
    connection: &impl Connection,
    campaign_ids: &[Uuid],
) -> Result<Vec<(Uuid, String)>, StoreError> {
    let select = Entity::find()
        .select_only()
        .columns([Column::CampaignId, Column::CategoryCode])
        .filter(Column::CampaignId.is_in(campaign_ids.iter().copied()))
        .order_by_asc(Column::Id);
    Ok(select.into_tuple().all(connection).await?)
}

/// Enters the decision.
///
/// # Errors
/// [`StoreError::Taken`] where the category was decided so already.
pub async fn insert(tx: &Tx, journal: &Journal, decided: &NoAward, steps: &[Step]) -> Result<(), StoreError> {
    let row = ActiveModel {
        id: Set(decided.id),
        campaign_id: Set(decided.campaign_id),
        category_code: Set(decided.category_code.clone()),
        decision: Set(to_json(&decided.decision)?),
        decided_by: Set(decided.decided_by),
        decided_at: Set(decided.decided_at.millis()),
    };
    Entity::insert(row).exec_without_returning(tx).await?;
    journal.write(tx, steps).await
}

fn from_row(row: Model) -> Result<NoAward, StoreError> {
    Ok(NoAward {
        id: row.id,
        campaign_id: row.campaign_id,
        category_code: row.category_code,
        decision: from_json("no_awards.decision", &row.decision)?,
        decided_by: row.decided_by,
        decided_at: Instant::from_millis(row.decided_at),
    })
}

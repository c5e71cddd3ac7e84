//! 延期: longer times for one unit or for all, entered and never changed (D-302).

use pingxuan_domain::campaign::Extension;
use pingxuan_domain::step::Step;
use pingxuan_domain::{Day, Instant, Reach, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use crate::connection::{Connection, Tx};
use crate::convert::{code, day_option};
use crate::entity::selection::extension::{ActiveModel, Column, Entity, Model};
use crate::error::StoreError;
use crate::journal::Journal;
use crate::page::{Page, PageRequest, Sortable, by_name, page_with};
use crate::standing::Scalar;

/// What the list of extensions may be sorted by.
const SORTABLE: Sortable<Column> = &[("until", Column::Until), ("granted_at", Column::GrantedAt)];

/// Which extensions are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Of this campaign.
    pub campaign_id: Uuid,
    /// For this unit alone.
    pub unit_id: Option<Uuid>,
}

/// A page of extensions, each with its unit's name.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn page(
    connection: &impl Connection,
    visibility: &Visibility,
    filter: &Filter,
    request: &PageRequest,
) -> Result<Page<(Extension, Option<String>)>, StoreError> {
    let select = Entity::find()
        .filter(Column::CampaignId.eq(filter.campaign_id))
        .apply_if(filter.unit_id, |select, id| select.filter(Column::UnitId.eq(id)))
        .apply_if((!visibility.has(Reach::All)).then_some(()), |select, ()| {
            select.filter(Expr::cust("1 = 0"))
        });
    let name = "SELECT u.name FROM units u WHERE u.id = extensions.unit_id";
    let rows = Entity::find().scalar("unit_name", name);
    let read = by_name(|row, beside| Ok((from_row(row)?, beside.try_get("", "unit_name")?)));
    page_with(connection, select, rows, request, (SORTABLE, Column::Id), read).await
}

/// The last day that a unit has by its extensions, those for all among them; without a unit, that all have.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn latest(
    connection: &impl Connection,
    _: &Visibility,
    campaign_id: Uuid,
    unit_id: Option<Uuid>,
) -> Result<Option<Day>, StoreError> {
    let whose = Condition::any()
        .add(Column::UnitId.is_null())
        .add_option(unit_id.map(|unit_id| Column::UnitId.eq(unit_id)));
    let select = Entity::find()
        .select_only()
        .expr_as(Column::Until.max(), "latest")
        .filter(Column::CampaignId.eq(campaign_id))
        .filter(whose);
    let Some(row) = connection.query_one(&select.into_query()).await? else { return Ok(None) };
    day_option("extensions.until", row.try_get::<Option<String>>("", "latest")?.as_deref())
}

/// Enters an extension.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn insert(tx: &Tx, journal: &Journal, extension: &Extension, step: Step) -> Result<(), StoreError> {
    Entity::insert(to_row(extension)).exec_without_returning(tx).await?;
    journal.write(tx, &[step]).await
}

fn from_row(row: Model) -> Result<Extension, StoreError> {
    Ok(Extension {
        id: row.id,
        campaign_id: row.campaign_id,
        unit_id: row.unit_id,
        until: code("extensions.until", &row.until)?,
        document_number: row.document_number,
        reason: row.reason,
        granted_by: row.granted_by,
        granted_at: Instant::from_millis(row.granted_at),
    })
}

fn to_row(extension: &Extension) -> ActiveModel {
    ActiveModel {
        id: Set(extension.id),
        campaign_id: Set(extension.campaign_id),
        unit_id: Set(extension.unit_id),
        until: Set(extension.until.to_string()),
        document_number: Set(extension.document_number.clone()),
        reason: Set(extension.reason.clone()),
        granted_by: Set(extension.granted_by),
        granted_at: Set(extension.granted_at.millis()),
    }
}

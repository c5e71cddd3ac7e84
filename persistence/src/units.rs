//! 单位: the units of the county.

use pingxuan_domain::campaign::definition::UnitKind;
use pingxuan_domain::county::Unit;
use pingxuan_domain::geography::{Place, Point};
use pingxuan_domain::step::Step;
use pingxuan_domain::{Instant, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QueryTrait};
use uuid::Uuid;

use crate::connection::{Connection, Tx};
use crate::convert::code;
use crate::entity::county::unit::{self, ActiveModel, Column, Entity, Model};
use crate::error::StoreError;
use crate::journal::Journal;
use crate::page::{Page, PageRequest, Sortable, contains, page as read_page};
use crate::standing::stale_unless_one;

/// What the list of units may be sorted by.
const SORTABLE: Sortable<Column> = &[("code", Column::Code), ("name", Column::Name)];

/// Which units are wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this kind.
    pub kind: Option<UnitKind>,
    /// Active or not.
    pub active: Option<bool>,
    /// With this in the name.
    pub name: Option<String>,
}

/// The unit with this id, if the caller may reach it.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find(
    connection: &impl Connection,
    _: &Visibility,
    id: Uuid,
) -> Result<Option<Unit>, StoreError> {
    Entity::find_by_id(id).one(connection).await?.map(from_row).transpose()
}

/// The units with one of these ids or codes, in order of code.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn among(
    connection: &impl Connection,
    _: &Visibility,
    ids: &[Uuid],
    codes: &[&str],
) -> Result<Vec<Unit>, StoreError> {
    let named = Condition::any()
        .add(Column::Id.is_in(ids.iter().copied()))
        .add(Column::Code.is_in(codes.iter().copied()));
    let select = Entity::find().filter(named).order_by_asc(Column::Code);
    select.all(connection).await?.into_iter().map(from_row).collect()
}

/// A page of units.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn page(
    connection: &impl Connection,
    _: &Visibility,
    filter: &Filter,
    request: &PageRequest,
) -> Result<Page<Unit>, StoreError> {
    let kind = filter.kind.map(|kind| kind.to_string());
    let select = Entity::find()
        .apply_if(kind, |select, kind| select.filter(Column::Kind.eq(kind)))
        .apply_if(filter.active, |select, active| select.filter(Column::Active.eq(active)))
        .apply_if(filter.name.as_deref(), |select, name| select.filter(contains(Column::Name, name)));
    read_page(connection, select, request, (SORTABLE, Column::Id), |row, _| from_row(row)).await
}

/// Where units are, of those of which anything is known.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn places(connection: &impl Connection, _: &Visibility) -> Result<Vec<(Uuid, Place)>, StoreError> {
    let known = Condition::any().add(Column::Latitude.is_not_null()).add(Column::District.is_not_null());
    let rows = Entity::find().filter(known).all(connection).await?.into_iter().map(from_row);
    rows.map(|unit| unit.map(|unit| (unit.id, unit.place))).collect()
}

/// Enters a unit.
///
/// # Errors
/// [`StoreError::Taken`] where its code is another unit's.
pub async fn insert(tx: &Tx, journal: &Journal, unit: &Unit, step: Step) -> Result<(), StoreError> {
    Entity::insert(to_row(unit)).exec_without_returning(tx).await?;
    journal.write(tx, &[step]).await
}

/// Enters several units at once.
///
/// # Errors
/// [`StoreError::Taken`] where the code of one is another unit's.
pub async fn insert_many(
    tx: &Tx,
    journal: &Journal,
    units: &[Unit],
    steps: &[Step],
) -> Result<(), StoreError> {
    // A hundred rows a statement keeps the bound values below SQLite's limit.
    for chunk in units.chunks(100) {
        Entity::insert_many(chunk.iter().map(to_row)).exec_without_returning(tx).await?;
    }
    journal.write(tx, steps).await
}

/// Records a change of a unit, whose version has grown by one.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed it meanwhile.
pub async fn record(tx: &Tx, journal: &Journal, unit: &Unit, step: Step) -> Result<(), StoreError> {
    let update = Entity::update_many().set(to_row(unit));
    let update = update.filter(Column::Id.eq(unit.id)).filter(Column::Version.eq(unit.version - 1));
    stale_unless_one(update.exec(tx).await?)?;
    journal.write(tx, &[step]).await
}

fn from_row(row: Model) -> Result<Unit, StoreError> {
    Ok(Unit {
        id: row.id,
        kind: code("units.kind", &row.kind)?,
        code: row.code,
        name: row.name,
        short_name: row.short_name,
        active: row.active,
        place: Place {
            point: row.latitude.zip(row.longitude).map(|(latitude, longitude)| Point { latitude, longitude }),
            district: row.district,
        },
        version: row.version,
        created_at: Instant::from_millis(row.created_at),
        updated_at: Instant::from_millis(row.updated_at),
    })
}

fn to_row(unit: &Unit) -> ActiveModel {
    unit::ActiveModel {
        id: Set(unit.id),
        code: Set(unit.code.clone()),
        kind: Set(unit.kind.to_string()),
        name: Set(unit.name.clone()),
        short_name: Set(unit.short_name.clone()),
        active: Set(unit.active),
        latitude: Set(unit.place.point.map(|point| point.latitude)),
        longitude: Set(unit.place.point.map(|point| point.longitude)),
        district: Set(unit.place.district.clone()),
        version: Set(unit.version),
        created_at: Set(unit.created_at.millis()),
        updated_at: Set(unit.updated_at.millis()),
    }
}

//! Calendars of working days, one a year (D-305).

use pingxuan_domain::Visibility;
use pingxuan_domain::calendar::{Calendar, CalendarYear};
use pingxuan_domain::step::Step;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::connection::{Connection, Tx};
use crate::convert::{from_json, to_json};
use crate::entity::county::workday_calendar::{ActiveModel, Column, Entity, Model};
use crate::error::StoreError;
use crate::journal::Journal;
use crate::standing::stale_unless_one;

/// The calendar of a year with its version.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find(
    connection: &impl Connection,
    _: &Visibility,
    year: i32,
) -> Result<Option<(CalendarYear, i64)>, StoreError> {
    Entity::find_by_id(year).one(connection).await?.map(|row| Ok((from_row(&row)?, row.version))).transpose()
}

/// All years that there are, for periods counted in working days.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn all(connection: &impl Connection, _: &Visibility) -> Result<Calendar, StoreError> {
    Entity::find().order_by_asc(Column::Year).all(connection).await?.iter().map(from_row).collect()
}

/// Enters a year's calendar, at version 1.
///
/// # Errors
/// [`StoreError::Taken`] where the year has one.
pub async fn insert(
    tx: &Tx,
    journal: &Journal,
    calendar: &CalendarYear,
    step: Step,
) -> Result<(), StoreError> {
    Entity::insert(to_row(calendar, 1, &step)?).exec_without_returning(tx).await?;
    journal.write(tx, &[step]).await
}

/// Records a change of a year's calendar, whose version has grown by one.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed it meanwhile.
pub async fn record(
    tx: &Tx,
    journal: &Journal,
    calendar: &CalendarYear,
    version: i64,
    step: Step,
) -> Result<(), StoreError> {
    let update = Entity::update_many().set(to_row(calendar, version, &step)?);
    let update = update.filter(Column::Year.eq(calendar.year)).filter(Column::Version.eq(version - 1));
    stale_unless_one(update.exec(tx).await?)?;
    journal.write(tx, &[step]).await
}

fn from_row(row: &Model) -> Result<CalendarYear, StoreError> {
    from_json("workday_calendars.content", &row.content)
}

fn to_row(calendar: &CalendarYear, version: i64, step: &Step) -> Result<ActiveModel, StoreError> {
    Ok(ActiveModel {
        year: Set(calendar.year),
        content: Set(to_json(calendar)?),
        version: Set(version),
        updated_at: Set(step.at.millis()),
    })
}

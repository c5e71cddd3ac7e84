//! 专题活动: thematic activities, and which supervisors attended them (D-805).

use std::collections::HashMap;

use pingxuan_domain::step::Step;
use pingxuan_domain::verification::ThematicActivity;
use pingxuan_domain::{Instant, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockType, Query, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use crate::connection::{Connection, Tx};
use crate::convert::{code, count};
use crate::entity::verification::attendance;
use crate::entity::verification::attendance::{Column as A, Entity as Attendances};
use crate::entity::verification::thematic_activity::{ActiveModel, Column, Entity, Model};
use crate::error::StoreError;
use crate::journal::Journal;
use crate::page::{Page, PageRequest, Sortable, page as read_page};
use crate::standing::{Scalar, stale_unless_one};

/// What the list of activities may be sorted by.
const SORTABLE: Sortable<Column> = &[("held_on", Column::HeldOn), ("created_at", Column::CreatedAt)];

/// An activity with what is shown beside it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The activity.
    pub activity: ThematicActivity,
    /// The names of those who attended, in the order of their ids in the activity.
    pub attended_names: Vec<String>,
}

/// The activity with this id.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find(
    connection: &impl Connection,
    _: &Visibility,
    id: Uuid,
) -> Result<Option<Case>, StoreError> {
    let Some(row) = Entity::find_by_id(id).one(connection).await? else { return Ok(None) };
    let mut found = vec![from_row(row)?];
    name_attended(connection, &mut found).await?;
    Ok(found.pop())
}

/// The same, locked until the transaction ends.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn lock(tx: &Tx, visibility: &Visibility, id: Uuid) -> Result<Option<Case>, StoreError> {
    if Entity::find_by_id(id).lock(LockType::Update).one(tx).await?.is_none() {
        return Ok(None);
    }
    find(tx, visibility, id).await
}

/// A page of activities, all or those of a year.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn page(
    connection: &impl Connection,
    _: &Visibility,
    year: Option<i32>,
    request: &PageRequest,
) -> Result<Page<Case>, StoreError> {
    let select = Entity::find().apply_if(year, |select, year| select.filter(of_year(year)));
    let mut page =
        read_page(connection, select, request, (SORTABLE, Column::Id), |row, _| from_row(row)).await?;
    name_attended(connection, &mut page.items).await?;
    Ok(page)
}

/// How many activities of a year each supervisor attended.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn attended_counts(
    connection: &impl Connection,
    _: &Visibility,
    year: i32,
) -> Result<HashMap<Uuid, u32>, StoreError> {
    let activities = Query::select().column(Column::Id).from(Entity).and_where(of_year(year)).to_owned();
    let select = Attendances::find()
        .select_only()
        .column(A::SupervisorId)
        .expr_as(Expr::cust("count(*)"), "attended")
        .filter(A::ActivityId.in_subquery(activities))
        .group_by(A::SupervisorId)
        .order_by_asc(A::SupervisorId);
    let rows = connection.query_all(&select.into_query()).await?;
    let read = |row: &sea_orm::QueryResult| {
        Ok((row.try_get("", "supervisor_id")?, count("attended", row.try_get::<i64>("", "attended")?)?))
    };
    rows.iter().map(read).collect()
}

/// Enters an activity, which nobody is known to have attended yet.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn insert(
    tx: &Tx,
    journal: &Journal,
    activity: &ThematicActivity,
    step: Step,
) -> Result<(), StoreError> {
    Entity::insert(to_row(activity)).exec_without_returning(tx).await?;
    journal.write(tx, &[step]).await
}

/// Records a change of an activity, whose version has grown by one, with all who attended it.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed it meanwhile.
pub async fn record(
    tx: &Tx,
    journal: &Journal,
    activity: &ThematicActivity,
    step: Step,
) -> Result<(), StoreError> {
    let update = Entity::update_many().set(to_row(activity));
    let update = update.filter(Column::Id.eq(activity.id)).filter(Column::Version.eq(activity.version - 1));
    stale_unless_one(update.exec(tx).await?)?;
    Attendances::delete_many().filter(A::ActivityId.eq(activity.id)).exec(tx).await?;
    // Two hundred rows a statement keeps the bound values below SQLite's limit.
    for chunk in activity.attended.chunks(200) {
        let rows = chunk
            .iter()
            .map(|id| attendance::ActiveModel { activity_id: Set(activity.id), supervisor_id: Set(*id) });
        Attendances::insert_many(rows).exec_without_returning(tx).await?;
    }
    journal.write(tx, &[step]).await
}

/// Reads who attended these activities: one query for all of them.
async fn name_attended(connection: &impl Connection, cases: &mut [Case]) -> Result<(), StoreError> {
    let select = Attendances::find()
        .filter(A::ActivityId.is_in(cases.iter().map(|case| case.activity.id)))
        .scalar("name", "SELECT s.name FROM supervisors s WHERE s.id = attendances.supervisor_id")
        .order_by_asc(A::SupervisorId);
    for row in connection.query_all(&select.into_query()).await? {
        let activity_id: Uuid = row.try_get("", "activity_id")?;
        if let Some(case) = cases.iter_mut().find(|case| case.activity.id == activity_id) {
            case.activity.attended.push(row.try_get("", "supervisor_id")?);
            case.attended_names.push(row.try_get("", "name")?);
        }
    }
    Ok(())
}

/// The rows of a year; days are texts that sort as days do.
fn of_year(year: i32) -> SimpleExpr {
    Column::HeldOn.between(format!("{year:04}-01-01"), format!("{year:04}-12-31"))
}

/// An activity as its row tells it; those who attended stand in rows of their own.
fn from_row(row: Model) -> Result<Case, StoreError> {
    let activity = ThematicActivity {
        id: row.id,
        title: row.title,
        held_on: code("thematic_activities.held_on", &row.held_on)?,
        description: row.description,
        attended: Vec::new(),
        version: row.version,
        created_at: Instant::from_millis(row.created_at),
        updated_at: Instant::from_millis(row.updated_at),
    };
    Ok(Case { activity, attended_names: Vec::new() })
}

fn to_row(activity: &ThematicActivity) -> ActiveModel {
    ActiveModel {
        id: Set(activity.id),
        title: Set(activity.title.clone()),
        held_on: Set(activity.held_on.to_string()),
        description: Set(activity.description.clone()),
        version: Set(activity.version),
        created_at: Set(activity.created_at.millis()),
        updated_at: Set(activity.updated_at.millis()),
    }
}

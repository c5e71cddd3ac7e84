//! 监督员: the supervisors of the county.

use pingxuan_domain::county::Supervisor;
use pingxuan_domain::step::Step;
use pingxuan_domain::{Day, Instant, Reach, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::connection::{Connection, Tx};
use crate::convert::{code, day_option, from_json, to_json};
use crate::entity::county::supervisor::{ActiveModel, Column, Entity, Model};
use crate::entity::selection::application;
use crate::error::StoreError;
use crate::journal::Journal;
use crate::page::{Page, PageRequest, Sortable, contains, page as read_page};
use crate::standing::{NOT_STANDING, Scalar, stale_unless_one};

/// What the list of supervisors may be sorted by.
const SORTABLE: Sortable<Column> = &[("name", Column::Name)];

/// Which supervisors are wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Working at this unit.
    pub unit_id: Option<Uuid>,
    /// In office on this day.
    pub in_office_on: Option<Day>,
    /// With this in the name.
    pub name: Option<String>,
}

/// The supervisor with this id, if the caller may reach it.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find(
    connection: &impl Connection,
    visibility: &Visibility,
    id: Uuid,
) -> Result<Option<Supervisor>, StoreError> {
    let found = Entity::find_by_id(id).one(connection).await?.map(from_row).transpose()?;
    Ok(found.filter(|supervisor| supervisor.within(visibility)))
}

/// A page of supervisors.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn page(
    connection: &impl Connection,
    visibility: &Visibility,
    filter: &Filter,
    request: &PageRequest,
) -> Result<Page<Supervisor>, StoreError> {
    let select = Entity::find()
        .filter(scope(visibility))
        .apply_if(filter.unit_id, |select, id| select.filter(Column::UnitId.eq(id)))
        .apply_if(filter.in_office_on, |select, day| select.filter(in_office_on(day)))
        .apply_if(filter.name.as_deref(), |select, name| select.filter(contains(Column::Name, name)));
    read_page(connection, select, request, (SORTABLE, Column::Id), |row, _| from_row(row)).await
}

/// The supervisors in office on a day, in order of id.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn in_office(
    connection: &impl Connection,
    visibility: &Visibility,
    day: Day,
) -> Result<Vec<Supervisor>, StoreError> {
    let select = Entity::find().filter(scope(visibility)).filter(in_office_on(day)).order_by_asc(Column::Id);
    select.all(connection).await?.into_iter().map(from_row).collect()
}

/// Those of these supervisors whom the caller may reach, in order of id.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn among(
    connection: &impl Connection,
    visibility: &Visibility,
    ids: &[Uuid],
) -> Result<Vec<Supervisor>, StoreError> {
    let select = Entity::find().filter(scope(visibility)).filter(Column::Id.is_in(ids.iter().copied()));
    select.order_by_asc(Column::Id).all(connection).await?.into_iter().map(from_row).collect()
}

/// Those of these citizen indexes that are a supervisor's.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn indexes_among(
    connection: &impl Connection,
    _: &Visibility,
    indexes: &[Vec<u8>],
) -> Result<Vec<Vec<u8>>, StoreError> {
    let select = Entity::find().select_only().column(Column::CitizenIndex);
    let select = select.filter(Column::CitizenIndex.is_in(indexes.iter().cloned()));
    Ok(select.into_tuple().all(connection).await?)
}

/// The supervisors who stand in a campaign themselves, each with the category (D-605).
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn candidates(
    connection: &impl Connection,
    _: &Visibility,
    campaign_id: Uuid,
) -> Result<Vec<(String, Uuid)>, StoreError> {
    use application::Column as A;
    let select = application::Entity::find()
        .select_only()
        .column(A::CategoryCode)
        .scalar(
            "standing",
            "SELECT p.id FROM supervisors p WHERE p.citizen_index = applications.person_index",
        )
        .filter(A::CampaignId.eq(campaign_id))
        .filter(A::PersonIndex.is_not_null())
        .filter(Expr::cust(format!("state NOT IN {NOT_STANDING}")));
    let mut found = Vec::new();
    for row in connection.query_all(&select.into_query()).await? {
        if let Some(id) = row.try_get::<Option<Uuid>>("", "standing")? {
            found.push((row.try_get("", "category_code")?, id));
        }
    }
    Ok(found)
}

/// Enters a supervisor.
///
/// # Errors
/// [`StoreError::Taken`] where the citizen ID is another supervisor's.
pub async fn insert(
    tx: &Tx,
    journal: &Journal,
    supervisor: &Supervisor,
    step: Step,
) -> Result<(), StoreError> {
    Entity::insert(to_row(supervisor)?).exec_without_returning(tx).await?;
    journal.write(tx, &[step]).await
}

/// Enters several supervisors at once.
///
/// # Errors
/// [`StoreError::Taken`] where the citizen ID of one is another supervisor's.
pub async fn insert_many(
    tx: &Tx,
    journal: &Journal,
    supervisors: &[Supervisor],
    steps: &[Step],
) -> Result<(), StoreError> {
    // A hundred rows a statement keeps the bound values below SQLite's limit.
    for chunk in supervisors.chunks(100) {
        let rows = chunk.iter().map(to_row).collect::<Result<Vec<_>, _>>()?;
        Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    journal.write(tx, steps).await
}

/// Records a change of a supervisor, whose version has grown by one.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed it meanwhile, [`StoreError::Taken`] where the citizen ID is another
/// supervisor's.
pub async fn record(
    tx: &Tx,
    journal: &Journal,
    supervisor: &Supervisor,
    step: Step,
) -> Result<(), StoreError> {
    let update = Entity::update_many().set(to_row(supervisor)?);
    let update =
        update.filter(Column::Id.eq(supervisor.id)).filter(Column::Version.eq(supervisor.version - 1));
    stale_unless_one(update.exec(tx).await?)?;
    journal.write(tx, &[step]).await
}

/// The rows within the caller's reaches, as [`Supervisor::within`] says it.
fn scope(visibility: &Visibility) -> Condition {
    let own = visibility.actor().and_then(|actor| actor.supervisor_id);
    let mut any = Condition::any().add(Expr::cust("1 = 0"));
    for reach in visibility.reaches() {
        match reach {
            Reach::All | Reach::Names => any = any.add(Expr::cust("1 = 1")),
            Reach::Own => any = any.add_option(own.map(|id| Column::Id.eq(id))),
            Reach::Assigned | Reach::Declared | Reach::Entered | Reach::Published => {}
        }
    }
    any
}

/// The rows in office on a day, as [`Supervisor::in_office`] says it; days are texts that sort as days do.
fn in_office_on(day: Day) -> Condition {
    let until = Column::AppointedUntil.is_null().or(Column::AppointedUntil.gte(day.to_string()));
    Condition::all().add(Column::AppointedFrom.lte(day.to_string())).add(until)
}

fn from_row(row: Model) -> Result<Supervisor, StoreError> {
    Ok(Supervisor {
        id: row.id,
        name: row.name,
        unit_id: row.unit_id,
        former_units: from_json("supervisors.former_units", &row.former_units)?,
        post: row.post,
        citizen_id_masked: row.citizen_id_masked,
        phone_masked: row.phone_masked,
        citizen_index: row.citizen_index,
        personal: row.personal,
        is_leading_cadre: row.is_leading_cadre,
        front_line: row.front_line,
        appointed_from: code("supervisors.appointed_from", &row.appointed_from)?,
        appointed_until: day_option("supervisors.appointed_until", row.appointed_until.as_deref())?,
        version: row.version,
        created_at: Instant::from_millis(row.created_at),
        updated_at: Instant::from_millis(row.updated_at),
    })
}

fn to_row(supervisor: &Supervisor) -> Result<ActiveModel, StoreError> {
    Ok(ActiveModel {
        id: Set(supervisor.id),
        name: Set(supervisor.name.clone()),
        unit_id: Set(supervisor.unit_id),
        former_units: Set(to_json(&supervisor.former_units)?),
        post: Set(supervisor.post.clone()),
        citizen_id_masked: Set(supervisor.citizen_id_masked.clone()),
        phone_masked: Set(supervisor.phone_masked.clone()),
        citizen_index: Set(supervisor.citizen_index.clone()),
        personal: Set(supervisor.personal.clone()),
        is_leading_cadre: Set(supervisor.is_leading_cadre),
        front_line: Set(supervisor.front_line),
        appointed_from: Set(supervisor.appointed_from.to_string()),
        appointed_until: Set(supervisor.appointed_until.map(|day| day.to_string())),
        version: Set(supervisor.version),
        created_at: Set(supervisor.created_at.millis()),
        updated_at: Set(supervisor.updated_at.millis()),
    })
}

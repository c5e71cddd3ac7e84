//! 一票否决: bars on units and persons, for a time (D-703).

use pingxuan_domain::decision::veto::{Barred, Veto, VetoField};
use pingxuan_domain::step::Step;
use pingxuan_domain::workflow::veto::VetoState;
use pingxuan_domain::{Day, Instant, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryResult, QuerySelect, QueryTrait,
    Select,
};
use uuid::Uuid;

use crate::connection::{Connection, Tx};
use crate::convert::code;
use crate::entity::county::veto::{ActiveModel, Column, Entity, Model};
use crate::error::StoreError;
use crate::journal::Journal;
use crate::page::{Page, PageRequest, Sortable, by_name, page_with};
use crate::standing::{Scalar, all_or_own_units, stale_unless_one};

/// What the list of vetoes may be sorted by.
const SORTABLE: Sortable<Column> =
    &[("decided_on", Column::DecidedOn), ("until", Column::Until), ("created_at", Column::CreatedAt)];

/// Which vetoes are wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Against this unit.
    pub unit_id: Option<Uuid>,
    /// About this.
    pub field: Option<VetoField>,
    /// In this state.
    pub state: Option<VetoState>,
    /// In force on this day, or not.
    pub in_force: Option<(Day, bool)>,
}

/// A veto with the names of the units that it speaks of.
#[derive(Clone, Debug)]
pub struct Case {
    /// The veto.
    pub veto: Veto,
    /// The unit that is barred; none where it is a person.
    pub unit_name: Option<String>,
    /// The department that supplied it; none where the office did.
    pub department_name: Option<String>,
}

/// The veto with this id, if the caller may reach it.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find(
    connection: &impl Connection,
    visibility: &Visibility,
    id: Uuid,
) -> Result<Option<Case>, StoreError> {
    let select = with_names(Entity::find_by_id(id).filter(scope(visibility)));
    let Some(row) = connection.query_one(&select.into_query()).await? else { return Ok(None) };
    Ok(Some(assemble(Model::from_query_result(&row, "")?, &row)?))
}

/// The same, locked until the transaction ends.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn lock(tx: &Tx, visibility: &Visibility, id: Uuid) -> Result<Option<Case>, StoreError> {
    let locked = Entity::find_by_id(id).select_only().column(Column::Id).lock(LockType::Update);
    if tx.query_one(&locked.into_query()).await?.is_none() {
        return Ok(None);
    }
    find(tx, visibility, id).await
}

/// A page of vetoes.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn page(
    connection: &impl Connection,
    visibility: &Visibility,
    filter: &Filter,
    request: &PageRequest,
) -> Result<Page<Case>, StoreError> {
    let (field, state) =
        (filter.field.map(|field| field.to_string()), filter.state.map(|state| state.to_string()));
    let select = Entity::find()
        .filter(scope(visibility))
        .apply_if(filter.unit_id, |select, id| select.filter(Column::UnitId.eq(id)))
        .apply_if(field, |select, field| select.filter(Column::Field.eq(field)))
        .apply_if(state, |select, state| select.filter(Column::State.eq(state)))
        .apply_if(filter.in_force, |select, (day, wanted)| {
            let force = in_force(day);
            select.filter(if wanted { force } else { force.not() })
        });
    let rows = with_names(Entity::find());
    page_with(connection, select, rows, request, (SORTABLE, Column::Id), by_name(assemble)).await
}

/// Enters a veto.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn insert(tx: &Tx, journal: &Journal, veto: &Veto, step: Step) -> Result<(), StoreError> {
    Entity::insert(to_row(veto)).exec_without_returning(tx).await?;
    journal.write(tx, &[step]).await
}

/// Records a change of a veto, whose version has grown by one.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed it meanwhile.
pub async fn record(tx: &Tx, journal: &Journal, veto: &Veto, step: Step) -> Result<(), StoreError> {
    let update = Entity::update_many().set(to_row(veto));
    let update = update.filter(Column::Id.eq(veto.id)).filter(Column::Version.eq(veto.version - 1));
    stale_unless_one(update.exec(tx).await?)?;
    journal.write(tx, &[step]).await
}

/// The rows that bar on a day, as [`Veto::in_force`] says it; days are texts that sort as days do.
fn in_force(day: Day) -> Condition {
    Condition::all()
        .add(Column::State.eq(VetoState::Recorded.to_string()))
        .add(Column::Until.gte(day.to_string()))
}

/// The rows within the caller's reaches, as [`Veto::within`] says it.
fn scope(visibility: &Visibility) -> Condition {
    all_or_own_units(visibility, Column::DepartmentId)
}

fn with_names(select: Select<Entity>) -> Select<Entity> {
    let name = |column: &str| format!("SELECT u.name FROM units u WHERE u.id = vetoes.{column}");
    select.scalar("unit_name", &name("unit_id")).scalar("department_name", &name("department_id"))
}

fn assemble(row: Model, beside: &QueryResult) -> Result<Case, StoreError> {
    Ok(Case {
        veto: from_row(row)?,
        unit_name: beside.try_get("", "unit_name")?,
        department_name: beside.try_get("", "department_name")?,
    })
}

fn from_row(row: Model) -> Result<Veto, StoreError> {
    let person = (row.person_name, row.citizen_id_masked, row.person_index, row.personal);
    let barred = match (row.unit_id, person) {
        (Some(unit_id), _) => Barred::Unit(unit_id),
        (None, (Some(name), Some(citizen_id_masked), Some(index), Some(personal))) => {
            Barred::Person { name, citizen_id_masked, index, personal }
        }
        (None, _) => return Err(StoreError::Corrupt("a veto against nobody".into())),
    };
    Ok(Veto {
        id: row.id,
        barred,
        field: code("vetoes.field", &row.field)?,
        department_id: row.department_id,
        document: row.document,
        basis: row.basis,
        decided_on: code("vetoes.decided_on", &row.decided_on)?,
        until: code("vetoes.until", &row.until)?,
        state: code("vetoes.state", &row.state)?,
        lift_reason: row.lift_reason,
        version: row.version,
        created_at: Instant::from_millis(row.created_at),
        updated_at: Instant::from_millis(row.updated_at),
    })
}

fn to_row(veto: &Veto) -> ActiveModel {
    let (mut unit, mut person) = (None, (None, None, None, None));
    match veto.barred.clone() {
        Barred::Unit(id) => unit = Some(id),
        Barred::Person { name, citizen_id_masked, index, personal } => {
            person = (Some(name), Some(citizen_id_masked), Some(index), Some(personal));
        }
    }
    ActiveModel {
        id: Set(veto.id),
        unit_id: Set(unit),
        person_name: Set(person.0),
        citizen_id_masked: Set(person.1),
        person_index: Set(person.2),
        personal: Set(person.3),
        field: Set(veto.field.to_string()),
        department_id: Set(veto.department_id),
        document: Set(veto.document.clone()),
        basis: Set(veto.basis.clone()),
        decided_on: Set(veto.decided_on.to_string()),
        until: Set(veto.until.to_string()),
        state: Set(veto.state.to_string()),
        lift_reason: Set(veto.lift_reason.clone()),
        version: Set(veto.version),
        created_at: Set(veto.created_at.millis()),
        updated_at: Set(veto.updated_at.millis()),
    }
}

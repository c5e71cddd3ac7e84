//! 履职记录: what the supervisors did, and what of it counts.

use std::collections::{BTreeSet, HashMap};

use pingxuan_domain::campaign::definition::{DutyKind, Route};
use pingxuan_domain::review::evaluation::DutyCount;
use pingxuan_domain::step::Step;
use pingxuan_domain::verification::DutyRecord;
use pingxuan_domain::workflow::duty_record::DutyRecordState;
use pingxuan_domain::{Instant, Reach, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockType, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use crate::connection::{Connection, Tx};
use crate::convert::{code, count};
use crate::entity::verification::duty_record::{ActiveModel, Column, Entity, Model};
use crate::error::StoreError;
use crate::journal::Journal;
use crate::page::{Page, PageRequest, Sortable, page as read_page};
use crate::standing::{hold_back_lists, lists_in_use, stale_unless_one};

/// What the list of duty records may be sorted by.
const SORTABLE: Sortable<Column> = &[("done_on", Column::DoneOn), ("created_at", Column::CreatedAt)];

/// Which duty records are wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this supervisor.
    pub supervisor_id: Option<Uuid>,
    /// In this state.
    pub state: Option<DutyRecordState>,
    /// Of this kind.
    pub kind: Option<DutyKind>,
    /// Of this year.
    pub year: Option<i32>,
}

/// The duty record with this id, if the caller may reach it.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find(
    connection: &impl Connection,
    visibility: &Visibility,
    id: Uuid,
) -> Result<Option<DutyRecord>, StoreError> {
    Entity::find_by_id(id).filter(scope(visibility)).one(connection).await?.map(from_row).transpose()
}

/// The same, locked until the transaction ends.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn lock(tx: &Tx, visibility: &Visibility, id: Uuid) -> Result<Option<DutyRecord>, StoreError> {
    let select = Entity::find_by_id(id).filter(scope(visibility)).lock(LockType::Update);
    select.one(tx).await?.map(from_row).transpose()
}

/// A page of duty records.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn page(
    connection: &impl Connection,
    visibility: &Visibility,
    filter: &Filter,
    request: &PageRequest,
) -> Result<Page<DutyRecord>, StoreError> {
    let (state, kind) =
        (filter.state.map(|state| state.to_string()), filter.kind.map(|kind| kind.to_string()));
    let select = Entity::find()
        .filter(scope(visibility))
        .apply_if(filter.supervisor_id, |select, id| select.filter(Column::SupervisorId.eq(id)))
        .apply_if(state, |select, state| select.filter(Column::State.eq(state)))
        .apply_if(kind, |select, kind| select.filter(Column::Kind.eq(kind)))
        .apply_if(filter.year, |select, year| select.filter(of_year(year)));
    read_page(connection, select, request, (SORTABLE, Column::Id), |row, _| from_row(row)).await
}

/// What each supervisor has approved in a year, kind by kind (D-608).
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn approved_counts(
    connection: &impl Connection,
    visibility: &Visibility,
    year: i32,
) -> Result<HashMap<Uuid, Vec<DutyCount>>, StoreError> {
    let select = Entity::find()
        .select_only()
        .columns([Column::SupervisorId, Column::Kind])
        .expr_as(Expr::cust("count(*)"), "approved")
        .expr_as(Expr::cust("count(CASE WHEN adopted THEN 1 END)"), "adopted")
        .filter(scope(visibility))
        .filter(Column::State.eq(DutyRecordState::Approved.to_string()))
        .filter(of_year(year))
        .group_by(Column::SupervisorId)
        .group_by(Column::Kind)
        .order_by_asc(Column::SupervisorId)
        .order_by_asc(Column::Kind);
    let mut counts: HashMap<Uuid, Vec<DutyCount>> = HashMap::new();
    for row in connection.query_all(&select.into_query()).await? {
        let kind: String = row.try_get("", "kind")?;
        counts.entry(row.try_get("", "supervisor_id")?).or_default().push(DutyCount {
            kind: code("duty_records.kind", &kind)?,
            approved: count("approved", row.try_get::<i64>("", "approved")?)?,
            adopted: count("adopted", row.try_get::<i64>("", "adopted")?)?,
        });
    }
    Ok(counts)
}

/// The years whose duty records are closed: a list is proposed or decided that was ranked by them (D-609).
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn years_in_use(connection: &impl Connection, _: &Visibility) -> Result<BTreeSet<i32>, StoreError> {
    let lists = lists_in_use(connection, Expr::cust("1 = 1")).await?;
    let evaluated = lists.into_iter().filter(|(definition, code)| {
        definition.category(code).is_some_and(|category| category.route.value == Route::OfficeEvaluated)
    });
    Ok(evaluated.map(|(definition, _)| definition.year.value).collect())
}

/// Whether the duty records of a year are closed. No list is proposed until the transaction ends.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn ranking_in_use(tx: &Tx, visibility: &Visibility, year: i32) -> Result<bool, StoreError> {
    hold_back_lists(tx).await?;
    Ok(years_in_use(tx, visibility).await?.contains(&year))
}

/// Enters a duty record.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn insert(tx: &Tx, journal: &Journal, record: &DutyRecord, step: Step) -> Result<(), StoreError> {
    Entity::insert(to_row(record)).exec_without_returning(tx).await?;
    journal.write(tx, &[step]).await
}

/// Records a change of a duty record, whose version has grown by one.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed it meanwhile.
pub async fn record(tx: &Tx, journal: &Journal, record: &DutyRecord, step: Step) -> Result<(), StoreError> {
    let update = Entity::update_many().set(to_row(record));
    let update = update.filter(Column::Id.eq(record.id)).filter(Column::Version.eq(record.version - 1));
    stale_unless_one(update.exec(tx).await?)?;
    journal.write(tx, &[step]).await
}

/// The rows within the caller's reaches: a supervisor sees their own.
fn scope(visibility: &Visibility) -> Condition {
    let own = visibility.actor().and_then(|actor| actor.supervisor_id);
    let mut any = Condition::any().add(Expr::cust("1 = 0"));
    for reach in visibility.reaches() {
        match reach {
            Reach::All => any = any.add(Expr::cust("1 = 1")),
            Reach::Own => any = any.add_option(own.map(|id| Column::SupervisorId.eq(id))),
            Reach::Assigned | Reach::Declared | Reach::Entered | Reach::Published | Reach::Names => {}
        }
    }
    any
}

/// The rows of a year; days are texts that sort as days do.
fn of_year(year: i32) -> SimpleExpr {
    Column::DoneOn.between(format!("{year:04}-01-01"), format!("{year:04}-12-31"))
}

fn from_row(row: Model) -> Result<DutyRecord, StoreError> {
    Ok(DutyRecord {
        id: row.id,
        supervisor_id: row.supervisor_id,
        kind: code("duty_records.kind", &row.kind)?,
        done_on: code("duty_records.done_on", &row.done_on)?,
        title: row.title,
        description: row.description,
        adopted: row.adopted,
        state: code("duty_records.state", &row.state)?,
        review_reason: row.review_reason,
        version: row.version,
        created_at: Instant::from_millis(row.created_at),
        updated_at: Instant::from_millis(row.updated_at),
    })
}

fn to_row(record: &DutyRecord) -> ActiveModel {
    ActiveModel {
        id: Set(record.id),
        supervisor_id: Set(record.supervisor_id),
        kind: Set(record.kind.to_string()),
        done_on: Set(record.done_on.to_string()),
        title: Set(record.title.clone()),
        description: Set(record.description.clone()),
        adopted: Set(record.adopted),
        state: Set(record.state.to_string()),
        review_reason: Set(record.review_reason.clone()),
        version: Set(record.version),
        created_at: Set(record.created_at.millis()),
        updated_at: Set(record.updated_at.millis()),
    }
}

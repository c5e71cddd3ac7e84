//! 后台任务: long work as rows that any node claims, one at a time, and holds for as long as it is alive.
//!
//! Whether a node is alive is told by the database's own clock: that of the application may stand still, or be moved.

use pingxuan_domain::job::{ATTEMPTS, Job, JobState};
use pingxuan_domain::step::Step;
use pingxuan_domain::{ErrorCode, Instant, Reach, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockBehavior, LockType, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::connection::{Connection, Tx};
use crate::convert::{code, code_option, count, from_json, from_json_option, instant_option, small, to_json};
use crate::entity::selection::job::{ActiveModel, Column, Entity, Model};
use crate::error::StoreError;
use crate::journal::Journal;
use crate::page::{Page, PageRequest, Sortable, page as read_page};
use crate::standing::stale_unless_one;

/// What the list of jobs may be sorted by.
const SORTABLE: Sortable<Column> = &[("created_at", Column::CreatedAt)];

/// A node that has a job, and the milliseconds for which it is taken to be alive when it says nothing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The node.
    pub node: Uuid,
    /// The milliseconds.
    pub lease: u32,
}

/// Which jobs are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// In this state.
    pub state: Option<JobState>,
}

/// The job with this id, if the caller may reach it: each has their own.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find(
    connection: &impl Connection,
    visibility: &Visibility,
    id: Uuid,
) -> Result<Option<Job>, StoreError> {
    Entity::find_by_id(id).filter(scope(visibility)).one(connection).await?.map(from_row).transpose()
}

/// The same, locked until the transaction ends.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn lock(tx: &Tx, visibility: &Visibility, id: Uuid) -> Result<Option<Job>, StoreError> {
    let select = Entity::find_by_id(id).filter(scope(visibility)).lock(LockType::Update);
    select.one(tx).await?.map(from_row).transpose()
}

/// A page of jobs.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn page(
    connection: &impl Connection,
    visibility: &Visibility,
    filter: Filter,
    request: &PageRequest,
) -> Result<Page<Job>, StoreError> {
    let select = Entity::find()
        .filter(scope(visibility))
        .apply_if(filter.state, |select, state| select.filter(Column::State.eq(state.to_string())));
    read_page(connection, select, request, (SORTABLE, Column::Id), |row, _| from_row(row)).await
}

/// Enters a job.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn insert(tx: &Tx, journal: &Journal, job: &Job, step: Step) -> Result<(), StoreError> {
    Entity::insert(to_row(job)?).exec_without_returning(tx).await?;
    journal.write(tx, &[step]).await
}

/// Records a change of a job, whose version has grown by one.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed it meanwhile.
pub async fn record(tx: &Tx, journal: &Journal, job: &Job, steps: &[Step]) -> Result<(), StoreError> {
    let update = Entity::update_many().set(to_row(job)?);
    let update = update.filter(Column::Id.eq(job.id)).filter(Column::Version.eq(job.version - 1));
    stale_unless_one(update.exec(tx).await?)?;
    journal.write(tx, steps).await
}

/// Whether any job waits for a node: one query, without a transaction.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn any_waiting(connection: &impl Connection, _: &Visibility) -> Result<bool, StoreError> {
    let select = Entity::find().select_only().column(Column::Id).filter(waiting(connection)).limit(1);
    Ok(connection.query_one(&select.into_query()).await?.is_some())
}

/// Takes the job that has waited longest, for a node. One that was begun too often fails instead, and is answered as it is then.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn claim(tx: &Tx, _: &Visibility, holder: Holder, now: Instant) -> Result<Option<Job>, StoreError> {
    let select = Entity::find()
        .filter(waiting(tx))
        .order_by_asc(Column::Id)
        .limit(1)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    let Some(row) = select.one(tx).await? else { return Ok(None) };
    let found = from_row(row)?;
    let job = if found.attempts >= ATTEMPTS {
        Job { fault: Some(ErrorCode::JobAbandoned), ..found.over(JobState::Failed, now) }
    } else {
        Job {
            state: JobState::Running,
            attempts: found.attempts + 1,
            holder: Some(holder.node),
            version: found.version + 1,
            updated_at: now,
            progress: 0,
            ..found
        }
    };
    let mut row = to_row(&job)?;
    row.held_until = sea_orm::ActiveValue::NotSet;
    Entity::update_many().set(row).filter(Column::Id.eq(job.id)).exec(tx).await?;
    hold(tx, job.id, holder, job.progress).await?;
    Ok(Some(job))
}

/// Says that a node is alive, and how far it has come with a job; answers whether it still has it.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn hold(tx: &Tx, id: Uuid, holder: Holder, progress: u32) -> Result<bool, StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::HeldUntil, Expr::cust(format!("{} + {}", clock(tx), holder.lease)))
        .col_expr(Column::Progress, Expr::value(small(Ord::min(progress, 100))))
        .filter(Column::Id.eq(id))
        .filter(Column::Holder.eq(holder.node))
        .filter(Column::State.eq(JobState::Running.to_string()));
    Ok(update.exec(tx).await?.rows_affected == 1)
}

/// Gives back what a node has and cannot go on with, for another to take; that it was begun does not count.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn give_back(tx: &Tx, node: Uuid) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(JobState::Queued.to_string()))
        .col_expr(Column::Holder, Expr::value(Option::<Uuid>::None))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).sub(1))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Holder.eq(node))
        .filter(Column::State.eq(JobState::Running.to_string()))
        .exec(tx)
        .await?;
    Ok(())
}

/// Lets go what came of jobs whose time is over; answers their ids, whose files are to go too.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn expire(tx: &Tx, now: Instant) -> Result<Vec<Uuid>, StoreError> {
    let over = Condition::all().add(Column::ExpiresAt.lte(now.millis()));
    let ids = Entity::find().select_only().column(Column::Id).filter(over.clone());
    let ids: Vec<Uuid> = ids.into_tuple().all(tx).await?;
    if !ids.is_empty() {
        Entity::update_many()
            .col_expr(
                Column::State,
                Expr::cust("CASE WHEN state = 'succeeded' THEN 'expired' ELSE state END"),
            )
            .col_expr(Column::ExpiresAt, Expr::value(Option::<i64>::None))
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .filter(over)
            .filter(Column::Id.is_in(ids.iter().copied()))
            .exec(tx)
            .await?;
    }
    Ok(ids)
}

/// Of some ids, those that are jobs whose files are still of use.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn known(
    connection: &impl Connection,
    _: &Visibility,
    ids: &[Uuid],
) -> Result<Vec<Uuid>, StoreError> {
    let of_use = Condition::any()
        .add(Column::ExpiresAt.is_not_null())
        .add(Column::State.is_in([JobState::Queued.to_string(), JobState::Running.to_string()]));
    let select = Entity::find().select_only().column(Column::Id).filter(of_use);
    Ok(select.filter(Column::Id.is_in(ids.iter().copied())).into_tuple().all(connection).await?)
}

/// Jobs that no living node has.
fn waiting(connection: &impl Connection) -> Condition {
    let abandoned = Condition::all()
        .add(Column::State.eq(JobState::Running.to_string()))
        .add(Expr::cust(format!("held_until < {}", clock(connection))));
    Condition::any().add(Column::State.eq(JobState::Queued.to_string())).add(abandoned)
}

/// The database's clock, in milliseconds since 1970.
fn clock(connection: &impl Connection) -> &'static str {
    if connection.get_database_backend() == sea_orm::DbBackend::Postgres {
        "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
    } else {
        "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
    }
}

/// The caller's own; all of them for the system.
fn scope(visibility: &Visibility) -> SimpleExpr {
    match visibility.actor() {
        Some(actor) if visibility.has(Reach::Own) => Column::OwnerId.eq(actor.user_id),
        Some(_) => Expr::cust("1 = 0"),
        None if visibility.has(Reach::All) => Expr::cust("1 = 1"),
        None => Expr::cust("1 = 0"),
    }
}

fn from_row(row: Model) -> Result<Job, StoreError> {
    Ok(Job {
        id: row.id,
        asked: from_json("jobs.asked", &row.asked)?,
        owner_id: row.owner_id,
        owner_name: row.owner_name,
        owner_role: code("jobs.owner_role", &row.owner_role)?,
        language: row.language,
        request_id: row.request_id,
        campaign_id: row.campaign_id,
        state: code("jobs.state", &row.state)?,
        progress: count("jobs.progress", row.progress)?,
        attempts: count("jobs.attempts", row.attempts)?,
        holder: row.holder,
        result: from_json_option("jobs.result", row.result.as_deref())?,
        fault: code_option("jobs.fault", row.fault.as_deref())?,
        created_at: Instant::from_millis(row.created_at),
        updated_at: Instant::from_millis(row.updated_at),
        finished_at: instant_option(row.finished_at),
        expires_at: instant_option(row.expires_at),
        version: row.version,
    })
}

fn to_row(job: &Job) -> Result<ActiveModel, StoreError> {
    Ok(ActiveModel {
        id: Set(job.id),
        kind: Set(job.kind().to_string()),
        asked: Set(to_json(&job.asked)?),
        owner_id: Set(job.owner_id),
        owner_name: Set(job.owner_name.clone()),
        owner_role: Set(job.owner_role.to_string()),
        language: Set(job.language.clone()),
        request_id: Set(job.request_id.clone()),
        campaign_id: Set(job.campaign_id),
        state: Set(job.state.to_string()),
        progress: Set(small(job.progress)),
        attempts: Set(small(job.attempts)),
        held_until: Set(None),
        holder: Set(job.holder),
        result: Set(job.result.as_ref().map(to_json).transpose()?),
        fault: Set(job.fault.map(|fault| fault.code().to_owned())),
        created_at: Set(job.created_at.millis()),
        updated_at: Set(job.updated_at.millis()),
        finished_at: Set(job.finished_at.map(Instant::millis)),
        expires_at: Set(job.expires_at.map(Instant::millis)),
        version: Set(job.version),
    })
}

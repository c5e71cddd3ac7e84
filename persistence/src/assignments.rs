//! 核查任务: who is to score what, and what must be known to say what may be done with it.

use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::step::Step;
use pingxuan_domain::verification::{Assignment, ScoreSheet};
use pingxuan_domain::workflow::assignment::AssignmentState;
use pingxuan_domain::{Reach, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockType, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, Iterable, QueryFilter, QueryOrder, QueryResult,
    QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

pub use crate::assignment_cases::Case;
use crate::assignment_cases::{ROWS, read_columns, with_case, with_case_and_sheet};
use crate::cells::Cells;
use crate::connection::{Connection, Tx};
use crate::entity::selection::application;
use crate::entity::verification::assignment::{ActiveModel, Column, Entity};
use crate::entity::verification::site_visit_supervisor as participant;
use crate::error::StoreError;
use crate::journal::Journal;
use crate::page::{Page, PageRequest, Sortable, page_with};
use crate::score_sheets;
use crate::standing::{Scalar, stale_unless_one};

/// What the list of assignments may be sorted by.
const SORTABLE: Sortable<Column> = &[("created_at", Column::CreatedAt), ("updated_at", Column::UpdatedAt)];

/// Which assignments are wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this campaign.
    pub campaign_id: Option<Uuid>,
    /// In this category.
    pub category_code: Option<String>,
    /// Of this supervisor.
    pub supervisor_id: Option<Uuid>,
    /// Of this application.
    pub application_id: Option<Uuid>,
    /// In this state.
    pub state: Option<AssignmentState>,
}

/// The assignment with this id, if the caller may reach it.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find(
    connection: &impl Connection,
    visibility: &Visibility,
    id: Uuid,
) -> Result<Option<Case>, StoreError> {
    Ok(read(connection, visibility, id).await?.map(|(case, _)| case))
}

/// The same, with its sheet, if that was begun.
pub(crate) async fn read(
    connection: &impl Connection,
    visibility: &Visibility,
    id: Uuid,
) -> Result<Option<(Case, Option<ScoreSheet>)>, StoreError> {
    let select = with_case_and_sheet(with_id(id).filter(scope(visibility)), visibility);
    let Some(row) = connection.query_one(&select.into_query()).await? else { return Ok(None) };
    let mut cells = Cells::of(&row)?;
    let case = Case::read(connection, &mut cells).await?;
    Ok(Some((case, score_sheets::read_columns(&mut cells)?)))
}

/// A select, without a column, of the assignment with this id.
fn with_id(id: Uuid) -> Select<Entity> {
    ROWS.clone().filter(Column::Id.eq(id))
}

/// The same, locked until the transaction ends. Whoever also locks its application does so before.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn lock(tx: &Tx, visibility: &Visibility, id: Uuid) -> Result<Option<Case>, StoreError> {
    Ok(read_locked(tx, visibility, id).await?.map(|(case, _)| case))
}

/// As [`read`].
pub(crate) async fn read_locked(
    tx: &Tx,
    visibility: &Visibility,
    id: Uuid,
) -> Result<Option<(Case, Option<ScoreSheet>)>, StoreError> {
    let locked = with_id(id).filter(scope(visibility)).column(Column::Id).lock(LockType::Update);
    if tx.query_one(&locked.into_query()).await?.is_none() {
        return Ok(None);
    }
    read(tx, visibility, id).await
}

/// The campaign of the assignment with this id, if the caller may reach it, held as [`campaigns::hold`](crate::campaigns::hold) does.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn hold_campaign(
    tx: &Tx,
    visibility: &Visibility,
    id: Uuid,
) -> Result<Option<Campaign>, StoreError> {
    let select = with_id(id).filter(scope(visibility)).column(Column::CampaignId);
    crate::campaigns::hold_chosen(tx, select.into_query()).await
}

/// A page of assignments.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn page(
    connection: &impl Connection,
    visibility: &Visibility,
    filter: &Filter,
    request: &PageRequest,
) -> Result<Page<Case>, StoreError> {
    let state = filter.state.map(|state| state.to_string());
    let category = filter.category_code.as_deref();
    let select = ROWS
        .clone()
        .filter(scope(visibility))
        .apply_if(filter.campaign_id, |select, id| select.filter(Column::CampaignId.eq(id)))
        .apply_if(category, |select, code| {
            select.filter(Column::ApplicationId.in_subquery(of_category(code)))
        })
        .apply_if(filter.supervisor_id, |select, id| select.filter(Column::SupervisorId.eq(id)))
        .apply_if(filter.application_id, |select, id| select.filter(Column::ApplicationId.eq(id)))
        .apply_if(state, |select, state| select.filter(Column::State.eq(state)));
    let with_case = with_case(ROWS.clone(), visibility);
    let page = page_with(connection, select, with_case, request, (SORTABLE, Column::Id), Ok).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for row in &page.items {
        // Definitions are kept parsed: a page reads one only the first time that its campaign is met.
        items.push(Case::read(connection, &mut Cells::of(row)?).await?);
    }
    Ok(Page { items, next: page.next, total: page.total })
}

/// All assignments of a campaign, for planning, each with its category, in order of id.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn of_campaign(
    connection: &impl Connection,
    visibility: &Visibility,
    campaign_id: Uuid,
) -> Result<Vec<(Assignment, String)>, StoreError> {
    let category = "SELECT a.category_code FROM applications a WHERE a.id = assignments.application_id";
    let select = ROWS.clone().columns(Column::iter()).scalar("category_code", category);
    let select = select.filter(scope(visibility)).filter(Column::CampaignId.eq(campaign_id));
    let rows = connection.query_all(&select.order_by_asc(Column::Id).into_query()).await?;
    let read = |row: &QueryResult| {
        let mut cells = Cells::of(row)?;
        Ok((read_columns(&mut cells)?, cells.take()?))
    };
    rows.iter().map(read).collect()
}

/// What is planned in a campaign, or in one category of it, in order of id.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn planned(
    tx: &Tx,
    visibility: &Visibility,
    (campaign_id, category_code): (Uuid, Option<&str>),
) -> Result<Vec<Case>, StoreError> {
    let planned = in_scope_of(campaign_id, category_code, AssignmentState::Planned);
    let select = with_case(ROWS.clone().filter(scope(visibility)).filter(planned), visibility);
    let rows = tx.query_all(&select.order_by_asc(Column::Id).into_query()).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        // Definitions are kept parsed: the campaign's is read once.
        found.push(Case::read(tx, &mut Cells::of(row)?).await?);
    }
    Ok(found)
}

/// Enters assignments, with their steps in one go.
///
/// # Errors
/// [`StoreError::Taken`] where a supervisor has one of the applications already.
pub async fn insert_many(
    tx: &Tx,
    journal: &Journal,
    assignments: &[Assignment],
    steps: &[Step],
) -> Result<(), StoreError> {
    // A hundred rows a statement keeps the bound values below SQLite's limit.
    for chunk in assignments.chunks(100) {
        Entity::insert_many(chunk.iter().map(to_row)).exec_without_returning(tx).await?;
    }
    journal.write(tx, steps).await
}

/// Records a change of an assignment, whose version has grown by one.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed it meanwhile.
pub async fn record(
    tx: &Tx,
    journal: &Journal,
    assignment: &Assignment,
    step: Step,
) -> Result<(), StoreError> {
    let update = Entity::update_many().set(to_row(assignment));
    let update =
        update.filter(Column::Id.eq(assignment.id)).filter(Column::Version.eq(assignment.version - 1));
    stale_unless_one(update.exec(tx).await?)?;
    journal.write(tx, &[step]).await
}

/// Records that all assignments of a campaign, or of one category in it, that stand in one state move to another: one
/// step for each of them.
///
/// # Errors
/// [`StoreError::Stale`] where they are not as many as there are steps.
pub async fn record_many(
    tx: &Tx,
    journal: &Journal,
    (campaign_id, category_code): (Uuid, Option<&str>),
    (from, to): (AssignmentState, AssignmentState),
    steps: &[Step],
) -> Result<(), StoreError> {
    let Some(first) = steps.first() else { return Ok(()) };
    let update = Entity::update_many()
        .col_expr(Column::State, Expr::value(to.to_string()))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(first.at.millis()))
        .filter(in_scope_of(campaign_id, category_code, from));
    stale_unless_as_many(update.exec(tx).await?.rows_affected, steps)?;
    journal.write(tx, steps).await
}

/// Deletes an assignment with the draft of its sheet; trips on which it was named stay, without it.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed it meanwhile.
pub async fn delete(
    tx: &Tx,
    journal: &Journal,
    assignment: &Assignment,
    steps: &[Step],
) -> Result<(), StoreError> {
    let unnamed = participant::Entity::update_many()
        .col_expr(participant::Column::AssignmentId, Expr::value(None::<Uuid>))
        .filter(participant::Column::AssignmentId.eq(assignment.id));
    unnamed.exec(tx).await?;
    let delete = Entity::delete_many().filter(Column::Id.eq(assignment.id));
    let done = delete.filter(Column::Version.eq(assignment.version)).exec(tx).await?;
    if done.rows_affected != 1 {
        return Err(StoreError::Stale);
    }
    journal.write(tx, steps).await
}

/// Deletes all planned assignments of a campaign, or of one category in it, but for those that are locked: one step for each
/// of them. Nothing rests on a planned one.
///
/// # Errors
/// [`StoreError::Stale`] where they are not as many as there are steps.
pub async fn delete_planned(
    tx: &Tx,
    journal: &Journal,
    (campaign_id, category_code): (Uuid, Option<&str>),
    steps: &[Step],
) -> Result<(), StoreError> {
    let planned = in_scope_of(campaign_id, category_code, AssignmentState::Planned);
    let done = Entity::delete_many().filter(planned).filter(Column::Locked.eq(false)).exec(tx).await?;
    stale_unless_as_many(done.rows_affected, steps)?;
    journal.write(tx, steps).await
}

fn stale_unless_as_many(rows: u64, steps: &[Step]) -> Result<(), StoreError> {
    if usize::try_from(rows).is_ok_and(|rows| rows == steps.len()) { Ok(()) } else { Err(StoreError::Stale) }
}

fn in_scope_of(campaign_id: Uuid, category_code: Option<&str>, state: AssignmentState) -> Condition {
    Condition::all()
        .add(Column::CampaignId.eq(campaign_id))
        .add(Column::State.eq(state.to_string()))
        .add_option(category_code.map(|code| Column::ApplicationId.in_subquery(of_category(code))))
}

/// The applications of a category, in whatever campaign.
fn of_category(code: &str) -> SelectStatement {
    use application::Column as A;
    Query::select().column(A::Id).from(application::Entity).and_where(A::CategoryCode.eq(code)).to_owned()
}

/// The rows within the caller's reaches: a supervisor is told of an assignment once it is confirmed.
fn scope(visibility: &Visibility) -> Condition {
    let own = visibility.actor().and_then(|actor| actor.supervisor_id);
    let mut any = Condition::any().add(Expr::cust("1 = 0"));
    for reach in visibility.reaches() {
        match reach {
            Reach::All => any = any.add(Expr::cust("1 = 1")),
            Reach::Own | Reach::Assigned => {
                let told = |id| {
                    Column::SupervisorId.eq(id).and(Column::State.ne(AssignmentState::Planned.to_string()))
                };
                any = any.add_option(own.map(told));
            }
            Reach::Declared | Reach::Entered | Reach::Published | Reach::Names => {}
        }
    }
    any
}

fn to_row(assignment: &Assignment) -> ActiveModel {
    ActiveModel {
        id: Set(assignment.id),
        campaign_id: Set(assignment.campaign_id),
        application_id: Set(assignment.application_id),
        supervisor_id: Set(assignment.supervisor_id),
        state: Set(assignment.state.to_string()),
        locked: Set(assignment.locked),
        version: Set(assignment.version),
        created_at: Set(assignment.created_at.millis()),
        updated_at: Set(assignment.updated_at.millis()),
    }
}

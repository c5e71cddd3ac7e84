//! 申报/推荐: applications, and what must be known to say what may be done with one.

use std::sync::LazyLock;

use pingxuan_domain::application::Application;
use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::step::Step;
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::{Instant, Reach, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{CommonTableExpression, Expr, LockType, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, IdenStatic, Iterable, QueryFilter, QueryOrder,
    QueryResult, QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

pub use crate::beside::Asked;
use crate::beside::{Beside, ROWS, with_beside};
use crate::campaigns;
pub use crate::cases::{Case, UnitBrief};
use crate::cells::Cells;
use crate::connection::{Connection, Tx};
use crate::convert::to_json;
use crate::entity::selection::application::{ActiveModel, Column, Entity};
use crate::entity::verification::assignment;
use crate::error::StoreError;
use crate::journal::Journal;
use crate::page::{Page, PageRequest, Sortable, page_with};
use crate::standing::{NOT_RECUSED, NOT_STANDING, Scalar, stale_unless_one};

/// What the list of applications may be sorted by.
const SORTABLE: Sortable<Column> =
    &[("nominee_name", Column::NomineeName), ("created_at", Column::CreatedAt)];

/// Which applications are wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this campaign.
    pub campaign_id: Option<Uuid>,
    /// In this category.
    pub category_code: Option<String>,
    /// In this state, as the caller sees it.
    pub state: Option<ApplicationState>,
    /// Of this unit.
    pub unit_id: Option<Uuid>,
}

/// The application with this id, if the caller may reach it.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find(
    connection: &impl Connection,
    visibility: &Visibility,
    id: Uuid,
) -> Result<Option<Case>, StoreError> {
    let Some(case) = read(connection, visibility, id, Asked::Little).await? else { return Ok(None) };
    let (seen, _) = case.application.seen_by(visibility);
    if Asked::is_little(visibility, seen) {
        return Ok(Some(case));
    }
    read(connection, visibility, id, Asked::Here).await
}

async fn read(
    connection: &impl Connection,
    visibility: &Visibility,
    id: Uuid,
    asked: Asked,
) -> Result<Option<Case>, StoreError> {
    let select = with_beside(with_id(id).filter(scope(visibility)), visibility, asked);
    one(connection, &select.into_query()).await
}

async fn one(connection: &impl Connection, select: &SelectStatement) -> Result<Option<Case>, StoreError> {
    let Some(row) = connection.query_one(select).await? else { return Ok(None) };
    Ok(Some(case(connection, &row).await?))
}

/// The case of a row with the columns of [`with_beside`].
async fn case(connection: &impl Connection, row: &QueryResult) -> Result<Case, StoreError> {
    let mut cells = Cells::of(row)?;
    Case::of(connection, read_columns(&mut cells)?, Beside::read(&mut cells)?).await
}

/// A select, without a column, of the application with this id.
fn with_id(id: Uuid) -> Select<Entity> {
    ROWS.clone().filter(Column::Id.eq(id))
}

/// The campaign of the application with this id, if the caller may reach it, held as [`campaigns::hold`] does.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn hold_campaign(
    tx: &Tx,
    visibility: &Visibility,
    id: Uuid,
) -> Result<Option<Campaign>, StoreError> {
    let select = with_id(id).filter(scope(visibility)).column(Column::CampaignId);
    campaigns::hold_chosen(tx, select.into_query()).await
}

/// The application of an assignment, locked until the transaction ends without its unit: for what is done to it without being asked
/// whether it may be.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn lock_of_assignment(
    tx: &Tx,
    visibility: &Visibility,
    assignment_id: Uuid,
) -> Result<Option<Case>, StoreError> {
    use assignment::Column as A;
    let of_assignment =
        assignment::Entity::find_by_id(assignment_id).select_only().column(A::ApplicationId).into_query();
    let chosen = ROWS.clone().filter(Column::Id.in_subquery(of_assignment));
    // What stands beside it is held by whoever has come so far: its campaign.
    let mut select = with_beside(chosen, visibility, Asked::Nothing).into_query();
    select.lock_with_tables(LockType::Update, [Entity]);
    one(tx, &select).await
}

/// The application with this id, if the caller may reach it, locked until the transaction ends, with its unit locked before it: the
/// unit's other applications wait, so that what they may be at once is decided one after the other.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn lock(tx: &Tx, visibility: &Visibility, id: Uuid) -> Result<Option<Case>, StoreError> {
    use crate::entity::county::unit;
    let scoped = || with_id(id).filter(scope(visibility));
    let seen = if visibility.is_insider() { Column::State } else { Column::ShownState };
    let its_unit = Expr::from(scoped().column(Column::UnitId).into_query());
    let of_unit = Expr::col((unit::Entity, unit::Column::Id)).eq(its_unit);
    let unit = unit::Entity::find().select_only().column(unit::Column::Id).filter(of_unit);
    let unit = unit.lock(LockType::Update).into_query();
    // It is counted before the application is found, and locked before it.
    let first = Expr::cust("(SELECT count(*) FROM its_unit) < 2");
    let mut locked = scoped().column(seen).filter(first).lock(LockType::Update).into_query();
    locked.with_cte(CommonTableExpression::new().table_name("its_unit").query(unit).to_owned());
    let Some(row) = tx.query_one(&locked).await? else { return Ok(None) };
    let state = Cells::of(&row)?.code("applications.state")?;
    read(tx, visibility, id, Asked::Ahead(state)).await
}

/// A page of applications, with as much of what the guards ask.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn page(
    connection: &impl Connection,
    visibility: &Visibility,
    (filter, asked): (&Filter, Asked),
    request: &PageRequest,
) -> Result<Page<Case>, StoreError> {
    let state = filter.state.map(|state| state.to_string());
    let seen = if visibility.is_insider() { Column::State } else { Column::ShownState };
    let select = ROWS
        .clone()
        .filter(scope(visibility))
        .apply_if(filter.campaign_id, |select, id| select.filter(Column::CampaignId.eq(id)))
        .apply_if(filter.category_code.as_deref(), |select, code| {
            select.filter(Column::CategoryCode.eq(code))
        })
        .apply_if(state, |select, state| select.filter(seen.eq(state)))
        .apply_if(filter.unit_id, |select, id| select.filter(Column::UnitId.eq(id)));
    let with_beside = with_beside(ROWS.clone(), visibility, asked);
    let by = (SORTABLE, Column::Id);
    let page = page_with(connection, select, with_beside, request, by, Ok).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for row in &page.items {
        // Definitions are kept parsed: a page reads one only the first time that its campaign is met.
        items.push(case(connection, row).await?);
    }
    Ok(Page { items, next: page.next, total: page.total })
}

/// All applications of a campaign in these states, locked, in order of id.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn lock_all(
    tx: &Tx,
    _: &Visibility,
    campaign_id: Uuid,
    category_code: Option<&str>,
    states: &[ApplicationState],
) -> Result<Vec<Application>, StoreError> {
    all_of(tx, in_states(campaign_id, category_code, states).lock(LockType::Update)).await
}

/// The same, as they are read at the moment.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn all(
    connection: &impl Connection,
    _: &Visibility,
    campaign_id: Uuid,
    category_code: Option<&str>,
    states: &[ApplicationState],
) -> Result<Vec<Application>, StoreError> {
    all_of(connection, in_states(campaign_id, category_code, states)).await
}

/// The applications of a select without a column.
pub(crate) async fn all_of(
    connection: &impl Connection,
    select: Select<Entity>,
) -> Result<Vec<Application>, StoreError> {
    let rows = connection.query_all(&select.columns_as_said(&COLUMNS).into_query()).await?;
    rows.iter().map(|row| read_columns(&mut Cells::of(row)?)).collect()
}

fn in_states(campaign_id: Uuid, category_code: Option<&str>, states: &[ApplicationState]) -> Select<Entity> {
    ROWS.clone()
        .filter(Column::CampaignId.eq(campaign_id))
        .filter(Column::State.is_in(states.iter().map(ToString::to_string)))
        .apply_if(category_code, |select, code| select.filter(Column::CategoryCode.eq(code)))
        .order_by_asc(Column::Id)
}

/// The citizen indexes of the persons who stand in a campaign already (D-204).
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn standing_persons(
    tx: &Tx,
    _: &Visibility,
    campaign_id: Uuid,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let select = Entity::find()
        .select_only()
        .column(Column::PersonIndex)
        .filter(Column::CampaignId.eq(campaign_id))
        .filter(Column::PersonIndex.is_not_null())
        .filter(Expr::cust(format!("state NOT IN {NOT_STANDING}")));
    let rows = tx.query_all(&select.into_query()).await?;
    rows.iter().map(|row| Ok(row.try_get("", "person_index")?)).collect()
}

/// Enters an application.
///
/// # Errors
/// [`StoreError::Taken`] where the nominee stands already.
pub async fn insert(
    tx: &Tx,
    journal: &Journal,
    application: &Application,
    step: Step,
) -> Result<(), StoreError> {
    Entity::insert(to_row(application)?).exec_without_returning(tx).await?;
    journal.write(tx, &[step]).await
}

/// Enters several applications at once.
///
/// # Errors
/// [`StoreError::Taken`] where a nominee stands already.
pub async fn insert_many(
    tx: &Tx,
    journal: &Journal,
    applications: &[Application],
    steps: &[Step],
) -> Result<(), StoreError> {
    // Fifty rows a statement keeps the bound values below SQLite's limit.
    for chunk in applications.chunks(50) {
        let rows = chunk.iter().map(to_row).collect::<Result<Vec<_>, _>>()?;
        Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    journal.write(tx, steps).await
}

/// Records where an application stands, whose version has grown by one; what it says is left as it is.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed it meanwhile, [`StoreError::Taken`] where the nominee stands already.
pub async fn record(
    tx: &Tx,
    journal: &Journal,
    application: &Application,
    steps: &[Step],
) -> Result<(), StoreError> {
    update(tx, application, standing(application)?).await?;
    journal.write(tx, steps).await
}

/// Records what an application says, and where it stands.
///
/// # Errors
/// As [`record`].
pub async fn record_content(
    tx: &Tx,
    journal: &Journal,
    application: &Application,
    steps: &[Step],
) -> Result<(), StoreError> {
    update(tx, application, to_row(application)?).await?;
    journal.write(tx, steps).await
}

async fn update(tx: &Tx, application: &Application, row: ActiveModel) -> Result<(), StoreError> {
    let update = Entity::update_many().set(row);
    let update =
        update.filter(Column::Id.eq(application.id)).filter(Column::Version.eq(application.version - 1));
    stale_unless_one(update.exec(tx).await?)
}

/// Deletes a draft.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed it meanwhile.
pub async fn delete(
    tx: &Tx,
    journal: &Journal,
    application: &Application,
    step: Step,
) -> Result<(), StoreError> {
    let delete = Entity::delete_many().filter(Column::Id.eq(application.id));
    let done = delete.filter(Column::Version.eq(application.version)).exec(tx).await?;
    if done.rows_affected != 1 {
        return Err(StoreError::Stale);
    }
    journal.write(tx, &[step]).await
}

/// The rows within the caller's reaches, as [`Application::within`] says it.
fn scope(visibility: &Visibility) -> Condition {
    let actor = visibility.actor();
    let unit = actor.and_then(|actor| actor.unit_id);
    let supervisor = actor.and_then(|actor| actor.supervisor_id);
    let mut any = Condition::any().add(Expr::cust("1 = 0"));
    for reach in visibility.reaches() {
        let of_oneself = supervisor.map(|id| Column::SupervisorId.eq(id));
        match reach {
            Reach::All => any = any.add(Expr::cust("1 = 1")),
            Reach::Own => {
                any = any.add_option(unit.map(|id| Column::UnitId.eq(id))).add_option(of_oneself);
            }
            Reach::Assigned => {
                any = any
                    .add_option(of_oneself)
                    .add_option(supervisor.map(|id| Column::Id.in_subquery(cleared(id))));
            }
            Reach::Declared => {
                let submitted = Column::SubmittedAt.is_not_null().or(Column::SupervisorId.is_not_null());
                any = any.add(submitted.or(Column::EnteredByOffice.eq(true)));
            }
            Reach::Entered => any = any.add(Column::EnteredByOffice.eq(true)),
            Reach::Published | Reach::Names => {}
        }
    }
    any
}

/// The applications that a supervisor may open: assigned, and declared free of conflict (D-603).
fn cleared(supervisor: Uuid) -> SelectStatement {
    use assignment::Column as A;
    Query::select()
        .column(A::ApplicationId)
        .from(assignment::Entity)
        .and_where(A::SupervisorId.eq(supervisor))
        .and_where(A::State.eq("cleared"))
        .and_where(Expr::cust(NOT_RECUSED))
        .to_owned()
}

/// An application's columns, in the order of the schema.
static COLUMNS: LazyLock<String> = LazyLock::new(|| columns(false));

/// The columns that [`read_columns`] reads, in the order of the schema. In a list, what is declared, which is long, is left out: where
/// the form alone says whom it nominates, that is read.
pub(crate) fn columns(brief: bool) -> String {
    let column = |column: Column| match (brief, column.as_str()) {
        (true, "form") => {
            "CASE WHEN applications.nominee_name = '' THEN applications.form ELSE 'null' END AS form"
                .to_owned()
        }
        (true, "personal") => "NULL AS personal".to_owned(),
        (true, "attached") => "'[]' AS attached".to_owned(),
        (_, name) => format!("applications.{name}"),
    };
    Column::iter().map(column).collect::<Vec<_>>().join(", ")
}

/// An application of its columns, in the order of the schema.
fn read_columns(cells: &mut Cells<'_>) -> Result<Application, StoreError> {
    Ok(Application {
        id: cells.take()?,
        campaign_id: cells.take()?,
        category_code: cells.take()?,
        nominee: cells.code("applications.nominee_kind")?,
        unit_id: cells.take()?,
        supervisor_id: cells.take()?,
        nominee_name: cells.take()?,
        nominee_post: cells.take()?,
        is_leading_cadre: cells.take()?,
        front_line: cells.take()?,
        form: cells.json("applications.form")?,
        personal: cells.take()?,
        person_index: cells.take()?,
        content_digest: cells.take()?,
        attached: cells.json("applications.attached")?,
        state: cells.code("applications.state")?,
        version: cells.take()?,
        shown_state: cells.code("applications.shown_state")?,
        shown_version: cells.take()?,
        shown_updated_at: cells.instant()?,
        entered_by_office: cells.take()?,
        reason: cells.take()?,
        rejection: cells.json_option("applications.rejection")?,
        correct_by: cells.day_option("applications.correct_by")?,
        paper: cells.json_option("applications.paper")?,
        handling: cells.json("applications.handling")?,
        submitted_at: cells.instant_option()?,
        created_at: cells.instant()?,
        updated_at: cells.instant()?,
    })
}

/// Where it stands: what a step changes that leaves what is said as it is.
fn standing(application: &Application) -> Result<ActiveModel, StoreError> {
    Ok(ActiveModel {
        state: Set(application.state.to_string()),
        version: Set(application.version),
        shown_state: Set(application.shown_state.to_string()),
        shown_version: Set(application.shown_version),
        shown_updated_at: Set(application.shown_updated_at.millis()),
        reason: Set(application.reason.clone()),
        rejection: Set(application.rejection.as_ref().map(to_json).transpose()?),
        correct_by: Set(application.correct_by.map(|day| day.to_string())),
        paper: Set(application.paper.as_ref().map(to_json).transpose()?),
        handling: Set(to_json(&application.handling)?),
        submitted_at: Set(application.submitted_at.map(Instant::millis)),
        updated_at: Set(application.updated_at.millis()),
        ..ActiveModel::default()
    })
}

pub(crate) fn to_row(application: &Application) -> Result<ActiveModel, StoreError> {
    Ok(ActiveModel {
        id: Set(application.id),
        campaign_id: Set(application.campaign_id),
        category_code: Set(application.category_code.clone()),
        nominee_kind: Set(application.nominee.to_string()),
        unit_id: Set(application.unit_id),
        supervisor_id: Set(application.supervisor_id),
        nominee_name: Set(application.nominee_name.clone()),
        nominee_post: Set(application.nominee_post.clone()),
        is_leading_cadre: Set(application.is_leading_cadre),
        front_line: Set(application.front_line),
        form: Set(to_json(&application.form)?),
        personal: Set(application.personal.clone()),
        person_index: Set(application.person_index.clone()),
        content_digest: Set(application.content_digest.clone()),
        attached: Set(to_json(&application.attached)?),
        entered_by_office: Set(application.entered_by_office),
        created_at: Set(application.created_at.millis()),
        ..standing(application)?
    })
}

//! 核查任务: who is to score what, and what must be known to say what may be done with it.

use std::sync::Arc;

use pingxuan_domain::campaign::definition::{Category, Definition};
use pingxuan_domain::policy::Stake;
use pingxuan_domain::step::Step;
use pingxuan_domain::verification::Assignment;
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::workflow::assignment::{AssignmentFacts, AssignmentState};
use pingxuan_domain::workflow::campaign::CampaignState;
use pingxuan_domain::workflow::score_sheet::ScoreSheetState;
use pingxuan_domain::{Day, Instant, Reach, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockType, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QueryOrder, QueryResult,
    QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

use crate::applications::UnitBrief;
use crate::convert::{code, day_option};
use crate::database::{Connection, Tx};
use crate::entity::selection::application;
use crate::entity::verification::assignment::{ActiveModel, Column, Entity, Model};
use crate::entity::verification::site_visit_supervisor as participant;
use crate::error::StoreError;
use crate::journal::Journal;
use crate::page::{Page, PageRequest, Sortable, page_with};
use crate::stakes::with_stakes;
use crate::standing::{NOT_STANDING, Scalar, stale_unless_one};

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

/// An assignment with what must be known of its application, supervisor and sheet, all read at once.
#[derive(Clone, Debug)]
pub struct Case {
    /// The assignment.
    pub assignment: Assignment,
    /// Who is to be scored.
    pub nominee_name: String,
    /// The nominee's unit.
    pub nominee_unit: Option<UnitBrief>,
    /// Who is to score.
    pub supervisor_name: String,
    /// The unit where the supervisor works.
    pub supervisor_unit_id: Option<Uuid>,
    /// The category.
    pub category_code: String,
    /// Where the application stands, as the caller sees it (D-403).
    pub application_state: ApplicationState,
    /// The campaign's phase.
    pub phase: CampaignState,
    /// Where the score sheet stands; none while there is none.
    pub sheet_state: Option<ScoreSheetState>,
    /// Whether a trip to the nominee is recorded in which the supervisor took part.
    pub visited: bool,
    /// What stakes whoever asks has in the nominee (D-902).
    pub stakes: Vec<Stake>,
    definition: Arc<Definition>,
    recused: bool,
    application_accepted: bool,
    candidate: bool,
    term: (Day, Option<Day>),
}

impl Case {
    /// The category, as the definition has it.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where the definition does not have it.
    pub fn category(&self) -> Result<&Category, StoreError> {
        let code = &self.category_code;
        self.definition.category(code).ok_or_else(|| StoreError::Corrupt(format!("no category '{code}'")))
    }

    /// What the guards of an assignment ask.
    #[must_use]
    pub fn facts(&self, now: Instant) -> AssignmentFacts {
        let (from, until) = self.term;
        let today = now.day();
        let nominee_unit = self.nominee_unit.as_ref().map(|unit| unit.id);
        AssignmentFacts {
            phase: self.phase,
            application_accepted: self.application_accepted,
            supervisor_in_office: from <= today && until.is_none_or(|until| today <= until),
            own_unit: nominee_unit.is_some() && nominee_unit == self.supervisor_unit_id,
            candidate: self.candidate,
            assigned_already: false,
            sheet_submitted: self.sheet_state == Some(ScoreSheetState::Submitted),
            recused: self.recused,
        }
    }
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
    let select = with_case(Entity::find_by_id(id).filter(scope(visibility)), visibility);
    let Some(row) = connection.query_one(&select.into_query()).await? else { return Ok(None) };
    Ok(Some(assemble(connection, Model::from_query_result(&row, "")?, Beside::read(&row)?).await?))
}

/// The same, locked until the transaction ends. Whoever also locks its application does so before.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn lock(tx: &Tx, visibility: &Visibility, id: Uuid) -> Result<Option<Case>, StoreError> {
    let locked = Entity::find_by_id(id)
        .filter(scope(visibility))
        .select_only()
        .column(Column::Id)
        .lock(LockType::Update);
    if tx.query_one(&locked.into_query()).await?.is_none() {
        return Ok(None);
    }
    find(tx, visibility, id).await
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
    let select = Entity::find()
        .filter(scope(visibility))
        .apply_if(filter.campaign_id, |select, id| select.filter(Column::CampaignId.eq(id)))
        .apply_if(category, |select, code| {
            select.filter(Column::ApplicationId.in_subquery(of_category(code)))
        })
        .apply_if(filter.supervisor_id, |select, id| select.filter(Column::SupervisorId.eq(id)))
        .apply_if(filter.application_id, |select, id| select.filter(Column::ApplicationId.eq(id)))
        .apply_if(state, |select, state| select.filter(Column::State.eq(state)));
    let beside = |select| with_case(select, visibility);
    let rows = page_with(connection, select, beside, request, (SORTABLE, Column::Id), |model, row| {
        Ok((model, Beside::read(row)?))
    })
    .await?;
    let mut items = Vec::with_capacity(rows.items.len());
    for (model, beside) in rows.items {
        // Definitions are kept parsed: a page reads one only the first time that its campaign is met.
        items.push(assemble(connection, model, beside).await?);
    }
    Ok(Page { items, next: rows.next, total: rows.total })
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
    let select = Entity::find().filter(scope(visibility)).filter(Column::CampaignId.eq(campaign_id));
    let select = select.scalar("category_code", category).order_by_asc(Column::Id);
    let rows = connection.query_all(&select.into_query()).await?;
    let read = |row: &QueryResult| {
        Ok((from_row(Model::from_query_result(row, "")?)?, row.try_get("", "category_code")?))
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
    let select = with_case(Entity::find().filter(scope(visibility)).filter(planned), visibility);
    let rows = tx.query_all(&select.order_by_asc(Column::Id).into_query()).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        // Definitions are kept parsed: the campaign's is read once.
        found.push(assemble(tx, Model::from_query_result(&row, "")?, Beside::read(&row)?).await?);
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

/// The applications by which an assignment's supervisor stands in its category (D-605), as SQL.
fn standing_in_category() -> String {
    format!(
        "FROM applications o JOIN applications a ON a.campaign_id = o.campaign_id \
         AND a.category_code = o.category_code JOIN supervisors p ON p.citizen_index = o.person_index \
         WHERE a.id = assignments.application_id AND p.id = assignments.supervisor_id \
         AND o.state NOT IN {NOT_STANDING}"
    )
}

fn with_case(select: Select<Entity>, visibility: &Visibility) -> Select<Entity> {
    let of_application = "applications a WHERE a.id = assignments.application_id";
    let application = |column: &str| format!("SELECT a.{column} FROM {of_application}");
    let unit = |column: &str| {
        format!("SELECT u.{column} FROM units u WHERE u.id IN (SELECT a.unit_id FROM {of_application})")
    };
    let supervisor =
        |column: &str| format!("SELECT p.{column} FROM supervisors p WHERE p.id = assignments.supervisor_id");
    let campaign =
        |column: &str| format!("SELECT c.{column} FROM campaigns c WHERE c.id = assignments.campaign_id");
    let seen = if visibility.is_insider() { "state" } else { "shown_state" };
    with_stakes(select, "", "o.id = assignments.application_id", visibility)
        .scalar(
            "recusals",
            "SELECT count(*) FROM recusals r WHERE r.application_id = assignments.application_id \
             AND r.supervisor_id = assignments.supervisor_id AND r.state <> 'lifted'",
        )
        .scalar("nominee_name", &application("nominee_name"))
        .scalar("category_code", &application("category_code"))
        .scalar("a_state", &application("state"))
        .scalar("a_seen", &application(seen))
        .scalar("u_id", &application("unit_id"))
        .scalar("u_name", &unit("name"))
        .scalar("u_kind", &unit("kind"))
        .scalar("u_active", &unit("active"))
        .scalar("p_name", &supervisor("name"))
        .scalar("p_unit_id", &supervisor("unit_id"))
        .scalar("p_from", &supervisor("appointed_from"))
        .scalar("p_until", &supervisor("appointed_until"))
        .scalar("candidacies", &format!("SELECT count(*) {}", standing_in_category()))
        .scalar("c_state", &campaign("state"))
        .scalar("c_digest", &campaign("definition_digest"))
        .scalar("sheet_state", "SELECT s.state FROM score_sheets s WHERE s.assignment_id = assignments.id")
        .scalar(
            "visits",
            "SELECT count(*) FROM site_visit_supervisors t JOIN site_visits v ON v.id = t.site_visit_id \
             WHERE t.supervisor_id = assignments.supervisor_id AND v.application_id = assignments.application_id",
        )
}

/// What is read beside an assignment's own columns.
struct Beside {
    columns: Columns,
    stakes: Vec<Stake>,
}

#[derive(FromQueryResult)]
struct Columns {
    recusals: i64,
    nominee_name: String,
    category_code: String,
    a_state: String,
    a_seen: String,
    u_id: Option<Uuid>,
    u_name: Option<String>,
    u_kind: Option<String>,
    u_active: Option<bool>,
    p_name: String,
    p_unit_id: Option<Uuid>,
    p_from: String,
    p_until: Option<String>,
    candidacies: i64,
    c_state: String,
    c_digest: String,
    sheet_state: Option<String>,
    visits: i64,
}

impl Beside {
    fn read(row: &QueryResult) -> Result<Self, StoreError> {
        let columns = Columns::from_query_result(row, "")?;
        Ok(Self { columns, stakes: crate::stakes::read(row, "")? })
    }
}

impl Columns {
    fn unit(&self) -> Result<Option<UnitBrief>, StoreError> {
        let (Some(id), Some(name), Some(kind), Some(active)) =
            (self.u_id, &self.u_name, &self.u_kind, self.u_active)
        else {
            return Ok(None);
        };
        Ok(Some(UnitBrief { id, name: name.clone(), kind: code("units.kind", kind)?, active }))
    }
}

async fn assemble(connection: &impl Connection, model: Model, beside: Beside) -> Result<Case, StoreError> {
    let Beside { columns: beside, stakes } = beside;
    let definition = crate::campaigns::definition(connection, model.campaign_id, &beside.c_digest).await?;
    let sheet_state = beside.sheet_state.as_deref();
    let until = day_option("supervisors.appointed_until", beside.p_until.as_deref())?;
    Ok(Case {
        assignment: from_row(model)?,
        nominee_unit: beside.unit()?,
        supervisor_unit_id: beside.p_unit_id,
        application_state: code("applications.state", &beside.a_seen)?,
        phase: code("campaigns.state", &beside.c_state)?,
        sheet_state: sheet_state.map(|state| code("score_sheets.state", state)).transpose()?,
        visited: beside.visits > 0,
        stakes,
        definition,
        recused: beside.recusals > 0,
        application_accepted: beside.a_state == "accepted",
        candidate: beside.candidacies > 0,
        term: (code("supervisors.appointed_from", &beside.p_from)?, until),
        nominee_name: beside.nominee_name,
        supervisor_name: beside.p_name,
        category_code: beside.category_code,
    })
}

fn from_row(row: Model) -> Result<Assignment, StoreError> {
    Ok(Assignment {
        id: row.id,
        campaign_id: row.campaign_id,
        application_id: row.application_id,
        supervisor_id: row.supervisor_id,
        state: code("assignments.state", &row.state)?,
        locked: row.locked,
        version: row.version,
        created_at: Instant::from_millis(row.created_at),
        updated_at: Instant::from_millis(row.updated_at),
    })
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

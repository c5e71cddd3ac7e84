//! 征求意见: what departments are asked about candidates, and answer (D-702).

use std::collections::HashMap;

use pingxuan_domain::campaign::definition::NomineeKind;
use pingxuan_domain::policy::Stake;
use pingxuan_domain::review::vetting::{Asked, VettingRequest};
use pingxuan_domain::step::Step;
use pingxuan_domain::workflow::campaign::CampaignState;
use pingxuan_domain::workflow::shortlist::ShortlistState;
use pingxuan_domain::workflow::vetting_request::{VettingFacts, VettingState};
use pingxuan_domain::{Instant, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QueryResult, QuerySelect,
    QueryTrait, Select,
};
use uuid::Uuid;

use crate::connection::{Connection, Tx};
use crate::convert::{code, from_json_option, to_json};
use crate::entity::review::vetting_request::{ActiveModel, Column, Entity, Model};
use crate::error::StoreError;
use crate::journal::Journal;
use crate::page::{Page, PageRequest, Sortable, by_name, page_with};
use crate::stakes::with_stakes;
use crate::standing::{Scalar, all_or_own_units, stale_unless_one};

/// What the list of requests may be sorted by.
const SORTABLE: Sortable<Column> = &[("due_on", Column::DueOn), ("created_at", Column::CreatedAt)];

/// Which requests are wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// In this campaign.
    pub campaign_id: Option<Uuid>,
    /// About this candidate.
    pub application_id: Option<Uuid>,
    /// Asked of this department.
    pub department_id: Option<Uuid>,
    /// In this state.
    pub state: Option<VettingState>,
}

/// A request with what the department may know of the candidate, and what its guards ask.
#[derive(Clone, Debug)]
pub struct Case {
    /// The request.
    pub request: VettingRequest,
    /// The category.
    pub category_code: String,
    /// Who is to be commended.
    pub nominee_name: String,
    /// A person's unit; none for a unit, which stands for itself.
    pub unit_name: Option<String>,
    /// A person's post.
    pub post: Option<String>,
    /// The name of the department that is asked.
    pub department_name: String,
    phase: CampaignState,
    list: Option<ShortlistState>,
    stakes: Vec<Stake>,
}

impl Case {
    /// What the guards ask.
    #[must_use]
    pub fn facts(&self, visibility: &Visibility) -> VettingFacts {
        VettingFacts {
            phase: self.phase,
            list: self.list,
            stakes: self.stakes.clone(),
            insider: visibility.is_insider(),
        }
    }
}

/// The request with this id, if the caller may reach it.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find(
    connection: &impl Connection,
    visibility: &Visibility,
    id: Uuid,
) -> Result<Option<Case>, StoreError> {
    Ok(among(connection, visibility, &[id]).await?.pop())
}

/// The same, locked until the transaction ends; its campaign is held before it.
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

/// Those of these requests that the caller may reach, in order of asking.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn among(
    connection: &impl Connection,
    visibility: &Visibility,
    ids: &[Uuid],
) -> Result<Vec<Case>, StoreError> {
    let select = Entity::find()
        .filter(scope(visibility))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(Column::Id);
    let rows = connection.query_all(&with_beside(select, visibility).into_query()).await?;
    rows.iter().map(|row| assemble(Model::from_query_result(row, "")?, row)).collect()
}

/// A page of requests.
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
    let select = Entity::find()
        .filter(scope(visibility))
        .apply_if(filter.campaign_id, |select, id| select.filter(Column::CampaignId.eq(id)))
        .apply_if(filter.application_id, |select, id| select.filter(Column::ApplicationId.eq(id)))
        .apply_if(filter.department_id, |select, id| select.filter(Column::DepartmentId.eq(id)))
        .apply_if(state, |select, state| select.filter(Column::State.eq(state)));
    let rows = with_beside(Entity::find(), visibility);
    page_with(connection, select, rows, request, (SORTABLE, Column::Id), by_name(assemble)).await
}

/// What departments were asked about these applications, by application, in order of asking.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn asked(
    connection: &impl Connection,
    _: &Visibility,
    application_ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Asked>>, StoreError> {
    let select = Entity::find()
        .select_only()
        .columns([Column::ApplicationId, Column::State, Column::DueOn])
        .scalar("department_code", &department("code"))
        .scalar("department_name", &department("name"))
        .filter(Column::ApplicationId.is_in(application_ids.iter().copied()))
        .order_by_asc(Column::Id);
    let mut found: HashMap<Uuid, Vec<Asked>> = HashMap::new();
    for row in select.into_model::<AskedRow>().all(connection).await? {
        found.entry(row.application_id).or_default().push(Asked {
            department_code: row.department_code,
            department_name: row.department_name,
            state: code("vetting_requests.state", &row.state)?,
            due_on: code("vetting_requests.due_on", &row.due_on)?,
        });
    }
    Ok(found)
}

/// Enters requests, all at once.
///
/// # Errors
/// [`StoreError::Taken`] where a department has been asked about a candidate already.
pub async fn insert_many(
    tx: &Tx,
    journal: &Journal,
    requests: &[VettingRequest],
    steps: &[Step],
) -> Result<(), StoreError> {
    // A hundred rows a statement keeps the bound values below SQLite's limit.
    for chunk in requests.chunks(100) {
        let rows = chunk.iter().map(to_row).collect::<Result<Vec<_>, _>>()?;
        Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    journal.write(tx, steps).await
}

/// Records a change of a request, whose version has grown by one.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed it meanwhile.
pub async fn record(
    tx: &Tx,
    journal: &Journal,
    request: &VettingRequest,
    step: Step,
) -> Result<(), StoreError> {
    let update = Entity::update_many().set(to_row(request)?);
    let update = update.filter(Column::Id.eq(request.id)).filter(Column::Version.eq(request.version - 1));
    stale_unless_one(update.exec(tx).await?)?;
    journal.write(tx, &[step]).await
}

/// The rows within the caller's reaches, as [`VettingRequest::within`] says it.
fn scope(visibility: &Visibility) -> Condition {
    all_or_own_units(visibility, Column::DepartmentId)
}

fn department(column: &str) -> String {
    format!("SELECT u.{column} FROM units u WHERE u.id = vetting_requests.department_id")
}

/// The select with the columns that [`assemble`] reads.
fn with_beside(select: Select<Entity>, visibility: &Visibility) -> Select<Entity> {
    let candidate = |column: &str| {
        format!("SELECT a.{column} FROM applications a WHERE a.id = vetting_requests.application_id")
    };
    let select = with_stakes(select, "", "o.id = vetting_requests.application_id", visibility);
    select
        .scalar("category_code", &candidate("category_code"))
        .scalar("nominee_kind", &candidate("nominee_kind"))
        .scalar("nominee_name", &candidate("nominee_name"))
        .scalar("nominee_post", &candidate("nominee_post"))
        .scalar(
            "unit_name",
            "SELECT u.name FROM units u, applications a WHERE a.id = vetting_requests.application_id \
             AND u.id = COALESCE(a.unit_id, (SELECT s.unit_id FROM supervisors s WHERE s.id = a.supervisor_id))",
        )
        .scalar("department_name", &department("name"))
        .scalar("phase", "SELECT c.state FROM campaigns c WHERE c.id = vetting_requests.campaign_id")
        .scalar(
            "list_state",
            "SELECT s.state FROM shortlists s, applications a WHERE a.id = vetting_requests.application_id \
             AND s.campaign_id = a.campaign_id AND s.category_code = a.category_code AND s.state <> 'returned'",
        )
}

fn assemble(row: Model, beside: &QueryResult) -> Result<Case, StoreError> {
    let text = |name: &str| beside.try_get::<String>("", name);
    let kind: NomineeKind = code("applications.nominee_kind", &text("nominee_kind")?)?;
    let list: Option<String> = beside.try_get("", "list_state")?;
    let unit_name: Option<String> = beside.try_get("", "unit_name")?;
    Ok(Case {
        request: from_row(row)?,
        category_code: text("category_code")?,
        nominee_name: text("nominee_name")?,
        unit_name: unit_name.filter(|_| kind != NomineeKind::Unit),
        post: beside.try_get("", "nominee_post")?,
        department_name: text("department_name")?,
        phase: code("campaigns.state", &text("phase")?)?,
        list: list.map(|state| code("shortlists.state", &state)).transpose()?,
        stakes: crate::stakes::read(beside, "")?,
    })
}

fn from_row(row: Model) -> Result<VettingRequest, StoreError> {
    Ok(VettingRequest {
        id: row.id,
        campaign_id: row.campaign_id,
        application_id: row.application_id,
        department_id: row.department_id,
        state: code("vetting_requests.state", &row.state)?,
        due_on: code("vetting_requests.due_on", &row.due_on)?,
        asked_by: row.asked_by,
        opinion: from_json_option("vetting_requests.opinion", row.opinion.as_deref())?,
        resolution: from_json_option("vetting_requests.resolution", row.resolution.as_deref())?,
        version: row.version,
        created_at: Instant::from_millis(row.created_at),
        updated_at: Instant::from_millis(row.updated_at),
    })
}

fn to_row(request: &VettingRequest) -> Result<ActiveModel, StoreError> {
    Ok(ActiveModel {
        id: Set(request.id),
        campaign_id: Set(request.campaign_id),
        application_id: Set(request.application_id),
        department_id: Set(request.department_id),
        state: Set(request.state.to_string()),
        due_on: Set(request.due_on.to_string()),
        asked_by: Set(request.asked_by),
        opinion: Set(request.opinion.as_ref().map(to_json).transpose()?),
        resolution: Set(request.resolution.as_ref().map(to_json).transpose()?),
        version: Set(request.version),
        created_at: Set(request.created_at.millis()),
        updated_at: Set(request.updated_at.millis()),
    })
}

#[derive(FromQueryResult)]
struct AskedRow {
    application_id: Uuid,
    state: String,
    due_on: String,
    department_code: String,
    department_name: String,
}

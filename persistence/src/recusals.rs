//! 回避: who may not score or handle which application (D-603).

use std::collections::HashSet;

use pingxuan_domain::step::Step;
use pingxuan_domain::verification::recusal::{Bound, Recusal};
use pingxuan_domain::workflow::campaign::CampaignState;
use pingxuan_domain::workflow::recusal::RecusalState;
use pingxuan_domain::{Instant, Reach, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QueryResult, QuerySelect,
    QueryTrait, Select,
};
use uuid::Uuid;

use crate::connection::{Connection, Tx};
use crate::convert::code;
use crate::entity::verification::recusal::{ActiveModel, Column, Entity, Model};
use crate::error::StoreError;
use crate::journal::Journal;
use crate::page::{Page, PageRequest, Sortable, by_name, page_with};
use crate::standing::{Scalar, stale_unless_one};

/// What the list of recusals may be sorted by.
const SORTABLE: Sortable<Column> = &[("created_at", Column::CreatedAt), ("updated_at", Column::UpdatedAt)];

/// Which recusals are wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this campaign.
    pub campaign_id: Option<Uuid>,
    /// From this application.
    pub application_id: Option<Uuid>,
    /// Of this supervisor.
    pub supervisor_id: Option<Uuid>,
    /// In this state.
    pub state: Option<RecusalState>,
}

/// A recusal with what is shown beside it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The recusal.
    pub recusal: Recusal,
    /// From whose application.
    pub nominee_name: String,
    /// The category.
    pub category_code: String,
    /// Who is recused.
    pub person_name: String,
    /// The campaign's phase.
    pub phase: CampaignState,
}

/// The recusal with this id, if the caller may reach it.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find(
    connection: &impl Connection,
    visibility: &Visibility,
    id: Uuid,
) -> Result<Option<Case>, StoreError> {
    let select = with_case(Entity::find_by_id(id).filter(scope(visibility)));
    let Some(row) = connection.query_one(&select.into_query()).await? else { return Ok(None) };
    Ok(Some(assemble(Model::from_query_result(&row, "")?, &row)?))
}

/// The same, locked until the transaction ends.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn lock(tx: &Tx, visibility: &Visibility, id: Uuid) -> Result<Option<Case>, StoreError> {
    let locked = Entity::find_by_id(id).filter(scope(visibility)).lock(LockType::Update);
    if locked.one(tx).await?.is_none() {
        return Ok(None);
    }
    find(tx, visibility, id).await
}

/// A page of recusals.
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
        .apply_if(filter.supervisor_id, |select, id| select.filter(Column::SupervisorId.eq(id)))
        .apply_if(state, |select, state| select.filter(Column::State.eq(state)));
    let rows = with_case(Entity::find());
    page_with(connection, select, rows, request, (SORTABLE, Column::Id), by_name(assemble)).await
}

/// The recusal that binds somebody on an application, if there is one.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn binding(
    tx: &Tx,
    _: &Visibility,
    application_id: Uuid,
    bound: Bound,
) -> Result<Option<Recusal>, StoreError> {
    let person = match bound {
        Bound::Supervisor(id) => Column::SupervisorId.eq(id),
        Bound::Account(id) => Column::UserId.eq(id),
    };
    let select =
        Entity::find().filter(Column::ApplicationId.eq(application_id)).filter(person).filter(binds());
    select.one(tx).await?.map(from_row).transpose()
}

/// Those of these supervisors who are bound on an application.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn bound_among(
    tx: &Tx,
    _: &Visibility,
    application_id: Uuid,
    supervisor_ids: &[Uuid],
) -> Result<HashSet<Uuid>, StoreError> {
    let select = Entity::find()
        .filter(Column::ApplicationId.eq(application_id))
        .filter(Column::SupervisorId.is_in(supervisor_ids.iter().copied()))
        .filter(binds());
    Ok(select.all(tx).await?.into_iter().filter_map(|row| row.supervisor_id).collect())
}

/// The recusals of supervisors in a campaign, whether they bind or are lifted, in order of id.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn of_supervisors(
    connection: &impl Connection,
    _: &Visibility,
    campaign_id: Uuid,
) -> Result<Vec<Recusal>, StoreError> {
    let select = Entity::find()
        .filter(Column::CampaignId.eq(campaign_id))
        .filter(Column::SupervisorId.is_not_null())
        .order_by_asc(Column::Id);
    select.all(connection).await?.into_iter().map(from_row).collect()
}

/// Enters recusals, with their steps in one go.
///
/// # Errors
/// [`StoreError::Taken`] where somebody is recused from one of the applications already.
pub async fn insert_many(
    tx: &Tx,
    journal: &Journal,
    recusals: &[Recusal],
    steps: &[Step],
) -> Result<(), StoreError> {
    // Fifty rows a statement keeps the bound values below SQLite's limit.
    for chunk in recusals.chunks(50) {
        Entity::insert_many(chunk.iter().map(to_row)).exec_without_returning(tx).await?;
    }
    journal.write(tx, steps).await
}

/// Records a change of a recusal, whose version has grown by one.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed it meanwhile.
pub async fn record(tx: &Tx, journal: &Journal, recusal: &Recusal, step: Step) -> Result<(), StoreError> {
    let update = Entity::update_many().set(to_row(recusal));
    let update = update.filter(Column::Id.eq(recusal.id)).filter(Column::Version.eq(recusal.version - 1));
    stale_unless_one(update.exec(tx).await?)?;
    journal.write(tx, &[step]).await
}

/// The rows that bind, as [`RecusalState::binds`] says it.
fn binds() -> Condition {
    Condition::all().add(Column::State.ne(RecusalState::Lifted.to_string()))
}

/// The rows within the caller's reaches, as [`Recusal::within`] says it.
fn scope(visibility: &Visibility) -> Condition {
    let mut any = Condition::any().add(Expr::cust("1 = 0"));
    for reach in visibility.reaches() {
        match reach {
            Reach::All => any = any.add(Expr::cust("1 = 1")),
            Reach::Own => {
                let actor = visibility.actor();
                let supervisor = actor.and_then(|actor| actor.supervisor_id);
                any = any
                    .add_option(supervisor.map(|id| Column::SupervisorId.eq(id)))
                    .add_option(actor.map(|actor| Column::UserId.eq(actor.user_id)));
            }
            Reach::Assigned | Reach::Declared | Reach::Entered | Reach::Published | Reach::Names => {}
        }
    }
    any
}

fn with_case(select: Select<Entity>) -> Select<Entity> {
    let application =
        |column: &str| format!("SELECT a.{column} FROM applications a WHERE a.id = recusals.application_id");
    select
        .scalar("nominee_name", &application("nominee_name"))
        .scalar("category_code", &application("category_code"))
        .scalar("supervisor_name", "SELECT p.name FROM supervisors p WHERE p.id = recusals.supervisor_id")
        .scalar("user_name", "SELECT w.display_name FROM users w WHERE w.id = recusals.user_id")
        .scalar("c_state", "SELECT c.state FROM campaigns c WHERE c.id = recusals.campaign_id")
}

fn assemble(model: Model, row: &QueryResult) -> Result<Case, StoreError> {
    let supervisor: Option<String> = row.try_get("", "supervisor_name")?;
    let phase: String = row.try_get("", "c_state")?;
    let person_name = match supervisor {
        Some(name) => name,
        None => row.try_get("", "user_name")?,
    };
    Ok(Case {
        recusal: from_row(model)?,
        nominee_name: row.try_get("", "nominee_name")?,
        category_code: row.try_get("", "category_code")?,
        person_name,
        phase: code("campaigns.state", &phase)?,
    })
}

fn from_row(row: Model) -> Result<Recusal, StoreError> {
    Ok(Recusal {
        id: row.id,
        campaign_id: row.campaign_id,
        application_id: row.application_id,
        supervisor_id: row.supervisor_id,
        user_id: row.user_id,
        kind: code("recusals.kind", &row.kind)?,
        reason: row.reason,
        state: code("recusals.state", &row.state)?,
        declared_by: row.declared_by,
        after_verification: row.after_verification,
        lift_reason: row.lift_reason,
        version: row.version,
        created_at: Instant::from_millis(row.created_at),
        updated_at: Instant::from_millis(row.updated_at),
    })
}

fn to_row(recusal: &Recusal) -> ActiveModel {
    ActiveModel {
        id: Set(recusal.id),
        campaign_id: Set(recusal.campaign_id),
        application_id: Set(recusal.application_id),
        supervisor_id: Set(recusal.supervisor_id),
        user_id: Set(recusal.user_id),
        kind: Set(recusal.kind.to_string()),
        reason: Set(recusal.reason.clone()),
        state: Set(recusal.state.to_string()),
        declared_by: Set(recusal.declared_by),
        after_verification: Set(recusal.after_verification),
        lift_reason: Set(recusal.lift_reason.clone()),
        version: Set(recusal.version),
        created_at: Set(recusal.created_at.millis()),
        updated_at: Set(recusal.updated_at.millis()),
    }
}

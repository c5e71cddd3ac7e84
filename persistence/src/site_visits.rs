//! 实地核查: the trips to the nominees, and who took part.

use std::collections::{HashMap, HashSet};

use pingxuan_domain::step::Step;
use pingxuan_domain::verification::SiteVisit;
use pingxuan_domain::verification::finding::{Finding, FindingReference};
use pingxuan_domain::verification::site_visit::Photo;
use pingxuan_domain::workflow::assignment::AssignmentState;
use pingxuan_domain::workflow::campaign::CampaignState;
use pingxuan_domain::workflow::score_sheet::ScoreSheetState;
use pingxuan_domain::{Day, Instant, Reach, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockType, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QueryResult, QuerySelect,
    QueryTrait, Select,
};
use uuid::Uuid;

use crate::connection::{Connection, Tx};
use crate::convert::{code, from_json, from_json_option, instant_option, to_json};
use crate::entity::verification::site_visit::{ActiveModel, Column, Entity, Model};
use crate::entity::verification::{assignment, score_sheet, site_visit_supervisor as participant};
use crate::error::StoreError;
use crate::journal::Journal;
use crate::page::{Page, PageRequest, Sortable, by_name, page_with};
use crate::standing::{NOT_RECUSED, Scalar, stale_unless_one};

/// What the list of site visits may be sorted by.
const SORTABLE: Sortable<Column> = &[("visited_on", Column::VisitedOn), ("created_at", Column::CreatedAt)];

/// Which site visits are wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this campaign.
    pub campaign_id: Option<Uuid>,
    /// To the nominee of this application.
    pub application_id: Option<Uuid>,
}

/// A site visit with what is shown beside it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The visit.
    pub visit: SiteVisit,
    /// Who was visited.
    pub nominee_name: String,
    /// The category.
    pub category_code: String,
    /// The campaign's phase.
    pub phase: CampaignState,
    /// The names of the supervisors who took part, in the order of their ids in the visit.
    pub supervisor_names: Vec<String>,
}

/// What a visit found of the deeds that an application states.
#[derive(Clone, Debug)]
pub struct Found {
    /// The visit.
    pub site_visit_id: Uuid,
    /// Its day.
    pub visited_on: Day,
    /// The photos taken.
    pub photos: Vec<Photo>,
    /// What was found.
    pub findings: Vec<Finding>,
}

impl Found {
    /// What a score refers to by it.
    pub fn references(&self) -> impl Iterator<Item = FindingReference> {
        let site_visit_id = self.site_visit_id;
        self.findings
            .iter()
            .map(move |finding| FindingReference { site_visit_id, pointer: finding.pointer.clone() })
    }
}

/// The site visit with this id, if the caller may reach it.
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
    let mut found = vec![from_row(Model::from_query_result(&row, "")?, &row)?];
    name_participants(connection, &mut found).await?;
    Ok(found.pop())
}

/// The same, locked until the transaction ends.
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

/// A page of site visits.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn page(
    connection: &impl Connection,
    visibility: &Visibility,
    filter: &Filter,
    request: &PageRequest,
) -> Result<Page<Case>, StoreError> {
    let select = Entity::find()
        .filter(scope(visibility))
        .apply_if(filter.campaign_id, |select, id| select.filter(Column::CampaignId.eq(id)))
        .apply_if(filter.application_id, |select, id| select.filter(Column::ApplicationId.eq(id)));
    let (rows, by) = (with_case(Entity::find()), (SORTABLE, Column::Id));
    let mut page = page_with(connection, select, rows, request, by, by_name(from_row)).await?;
    name_participants(connection, &mut page.items).await?;
    Ok(page)
}

/// The assignments on an application, confirmed or cleared, of these supervisors: supervisor and assignment.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn assigned_of(
    tx: &Tx,
    _: &Visibility,
    application_id: Uuid,
    supervisor_ids: &[Uuid],
) -> Result<HashMap<Uuid, Uuid>, StoreError> {
    use assignment::Column as A;
    let select = assignment::Entity::find()
        .filter(A::ApplicationId.eq(application_id))
        .filter(A::SupervisorId.is_in(supervisor_ids.iter().copied()))
        .filter(A::State.is_in(working()))
        .filter(Expr::cust(NOT_RECUSED));
    Ok(select.all(tx).await?.into_iter().map(|row| (row.supervisor_id, row.id)).collect())
}

/// What the visits to the nominee of an application found of its deeds, the earliest first. Whether the application is within
/// reach is asked of that.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn found_of(
    connection: &impl Connection,
    _: &Visibility,
    application_id: Uuid,
) -> Result<Vec<Found>, StoreError> {
    let select = Entity::find()
        .filter(Column::ApplicationId.eq(application_id))
        .order_by_asc(Column::VisitedOn)
        .order_by_asc(Column::Id);
    let read = |row: Model| {
        Ok(Found {
            site_visit_id: row.id,
            visited_on: code("site_visits.visited_on", &row.visited_on)?,
            photos: from_json("site_visits.photos", &row.photos)?,
            findings: from_json("site_visits.findings", &row.findings)?,
        })
    };
    select.all(connection).await?.into_iter().map(read).collect()
}

/// The participants of a visit who have a submitted sheet on the application whose nominee was visited, whether they were
/// assigned before the trip or after it.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn relied_on_by(tx: &Tx, _: &Visibility, id: Uuid) -> Result<HashSet<Uuid>, StoreError> {
    use assignment::Column as A;
    use score_sheet::Column as S;
    let submitted = Query::select()
        .column(S::AssignmentId)
        .from(score_sheet::Entity)
        .and_where(S::State.eq(ScoreSheetState::Submitted.to_string()))
        .to_owned();
    let visited =
        Query::select().column(Column::ApplicationId).from(Entity).and_where(Column::Id.eq(id)).to_owned();
    let scored = Query::select()
        .column(A::SupervisorId)
        .from(assignment::Entity)
        .and_where(A::ApplicationId.in_subquery(visited))
        .and_where(A::Id.in_subquery(submitted))
        .to_owned();
    let select = participant::Entity::find()
        .filter(participant::Column::SiteVisitId.eq(id))
        .filter(participant::Column::SupervisorId.in_subquery(scored));
    Ok(select.all(tx).await?.into_iter().map(|row| row.supervisor_id).collect())
}

/// Enters a site visit; `assigned` are the assignments of those participants who have one.
///
/// # Errors
/// [`StoreError::Taken`] where the id is another visit's.
pub async fn insert(
    tx: &Tx,
    journal: &Journal,
    visit: &SiteVisit,
    assigned: &HashMap<Uuid, Uuid>,
    step: Step,
) -> Result<(), StoreError> {
    Entity::insert(to_row(visit)?).exec_without_returning(tx).await?;
    insert_participants(tx, visit, assigned).await?;
    journal.write(tx, &[step]).await
}

/// Records a change of a site visit, whose version has grown by one, with all its participants.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed it meanwhile.
pub async fn record(
    tx: &Tx,
    journal: &Journal,
    visit: &SiteVisit,
    assigned: &HashMap<Uuid, Uuid>,
    step: Step,
) -> Result<(), StoreError> {
    let update = Entity::update_many().set(to_row(visit)?);
    let update = update.filter(Column::Id.eq(visit.id)).filter(Column::Version.eq(visit.version - 1));
    stale_unless_one(update.exec(tx).await?)?;
    participant::Entity::delete_many().filter(participant::Column::SiteVisitId.eq(visit.id)).exec(tx).await?;
    insert_participants(tx, visit, assigned).await?;
    journal.write(tx, &[step]).await
}

async fn insert_participants(
    tx: &Tx,
    visit: &SiteVisit,
    assigned: &HashMap<Uuid, Uuid>,
) -> Result<(), StoreError> {
    let rows = visit.supervisor_ids.iter().map(|id| participant::ActiveModel {
        site_visit_id: Set(visit.id),
        supervisor_id: Set(*id),
        assignment_id: Set(assigned.get(id).copied()),
    });
    if !visit.supervisor_ids.is_empty() {
        participant::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Reads who took part in these visits: one query for all of them.
async fn name_participants(connection: &impl Connection, cases: &mut [Case]) -> Result<(), StoreError> {
    use participant::Column as P;
    let select = participant::Entity::find()
        .filter(P::SiteVisitId.is_in(cases.iter().map(|case| case.visit.id)))
        .scalar("name", "SELECT s.name FROM supervisors s WHERE s.id = site_visit_supervisors.supervisor_id")
        .order_by_asc(P::SupervisorId);
    for row in connection.query_all(&select.into_query()).await? {
        let visit_id: Uuid = row.try_get("", "site_visit_id")?;
        if let Some(case) = cases.iter_mut().find(|case| case.visit.id == visit_id) {
            case.visit.supervisor_ids.push(row.try_get("", "supervisor_id")?);
            case.supervisor_names.push(row.try_get("", "name")?);
        }
    }
    Ok(())
}

/// The rows within the caller's reaches: a supervisor sees the trips they took part in, and those to the nominees
/// assigned to them, once they have declared that nothing speaks against it (D-603).
fn scope(visibility: &Visibility) -> Condition {
    let own = visibility.actor().and_then(|actor| actor.supervisor_id);
    let mut any = Condition::any().add(Expr::cust("1 = 0"));
    for reach in visibility.reaches() {
        match reach {
            Reach::All => any = any.add(Expr::cust("1 = 1")),
            Reach::Own | Reach::Assigned => {
                any = any
                    .add_option(own.map(|id| Column::Id.in_subquery(taken_part(id))))
                    .add_option(own.map(|id| Column::ApplicationId.in_subquery(assigned_to(id))));
            }
            Reach::Declared | Reach::Entered | Reach::Published | Reach::Names => {}
        }
    }
    any
}

fn taken_part(supervisor: Uuid) -> SelectStatement {
    use participant::Column as P;
    Query::select()
        .column(P::SiteVisitId)
        .from(participant::Entity)
        .and_where(P::SupervisorId.eq(supervisor))
        .to_owned()
}

fn assigned_to(supervisor: Uuid) -> SelectStatement {
    use assignment::Column as A;
    Query::select()
        .column(A::ApplicationId)
        .from(assignment::Entity)
        .and_where(A::SupervisorId.eq(supervisor))
        .and_where(A::State.eq(AssignmentState::Cleared.to_string()))
        .and_where(Expr::cust(NOT_RECUSED))
        .to_owned()
}

/// The states in which an assignment is its supervisor's to carry out.
fn working() -> [String; 2] {
    [AssignmentState::Confirmed, AssignmentState::Cleared].map(|state| state.to_string())
}

fn with_case(select: Select<Entity>) -> Select<Entity> {
    let application = |column: &str| {
        format!("SELECT a.{column} FROM applications a WHERE a.id = site_visits.application_id")
    };
    select
        .scalar("nominee_name", &application("nominee_name"))
        .scalar("category_code", &application("category_code"))
        .scalar("c_state", "SELECT c.state FROM campaigns c WHERE c.id = site_visits.campaign_id")
}

/// A visit as its row tells it; its participants stand in rows of their own.
fn from_row(row: Model, beside: &QueryResult) -> Result<Case, StoreError> {
    let phase: String = beside.try_get("", "c_state")?;
    Ok(Case {
        nominee_name: beside.try_get("", "nominee_name")?,
        category_code: beside.try_get("", "category_code")?,
        phase: code("campaigns.state", &phase)?,
        supervisor_names: Vec::new(),
        visit: SiteVisit {
            id: row.id,
            campaign_id: row.campaign_id,
            application_id: row.application_id,
            visited_on: code("site_visits.visited_on", &row.visited_on)?,
            place: row.place,
            supervisor_ids: Vec::new(),
            others: from_json("site_visits.others", &row.others)?,
            notes: row.notes,
            photos: from_json("site_visits.photos", &row.photos)?,
            findings: from_json("site_visits.findings", &row.findings)?,
            unit_word: from_json_option("site_visits.unit_word", row.unit_word.as_deref())?,
            written_at: instant_option(row.written_at),
            version: row.version,
            created_at: Instant::from_millis(row.created_at),
            updated_at: Instant::from_millis(row.updated_at),
        },
    })
}

fn to_row(visit: &SiteVisit) -> Result<ActiveModel, StoreError> {
    Ok(ActiveModel {
        id: Set(visit.id),
        campaign_id: Set(visit.campaign_id),
        application_id: Set(visit.application_id),
        visited_on: Set(visit.visited_on.to_string()),
        place: Set(visit.place.clone()),
        others: Set(to_json(&visit.others)?),
        notes: Set(visit.notes.clone()),
        photos: Set(to_json(&visit.photos)?),
        findings: Set(to_json(&visit.findings)?),
        unit_word: Set(visit.unit_word.as_ref().map(to_json).transpose()?),
        written_at: Set(visit.written_at.map(Instant::millis)),
        version: Set(visit.version),
        created_at: Set(visit.created_at.millis()),
        updated_at: Set(visit.updated_at.millis()),
    })
}

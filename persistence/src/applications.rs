//! 申报/推荐: applications, and what must be known to say what may be done with one.

use pingxuan_domain::application::form::understand;
use pingxuan_domain::application::{Application, ListStanding, Situation};
use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::campaign::definition::{Category, RepeatAward, UnitKind};
use pingxuan_domain::county::Unit;
use pingxuan_domain::policy::Stake;
use pingxuan_domain::step::Step;
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::{Fault, Instant, Reach, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockType, Query};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};
use uuid::Uuid;

use crate::beside::{Beside, with_beside};
use crate::convert::{code, day_option, from_json, from_json_option, instant_option, to_json};
use crate::database::{Connection, Tx};
use crate::entity::selection::application::{ActiveModel, Column, Entity, Model};
use crate::entity::verification::assignment;
use crate::error::StoreError;
use crate::journal::Journal;
use crate::page::{Page, PageRequest, Sortable, page_with};
use crate::standing::{NOT_RECUSED, NOT_STANDING, stale_unless_one};

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

/// An application with what must be known of its campaign, unit and list, all read at once.
#[derive(Clone, Debug)]
pub struct Case {
    /// The application.
    pub application: Application,
    /// The campaign.
    pub campaign: Campaign,
    /// The declaring unit.
    pub unit: Option<UnitBrief>,
    beside: Option<Beside>,
}

/// What is shown of a unit beside what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitBrief {
    /// Its id.
    pub id: Uuid,
    /// Full name.
    pub name: String,
    /// What kind of unit it is.
    pub kind: UnitKind,
    /// Whether it is active.
    pub active: bool,
}

impl Case {
    /// The case of an application that is just begun: it stands nowhere yet.
    #[must_use]
    pub fn begun(application: Application, campaign: Campaign, unit: &Unit) -> Self {
        let unit = UnitBrief { id: unit.id, name: unit.name.clone(), kind: unit.kind, active: unit.active };
        Self { application, campaign, unit: Some(unit), beside: None }
    }

    /// The category.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where the definition does not have it.
    pub fn category(&self) -> Result<&Category, StoreError> {
        let code = &self.application.category_code;
        self.campaign
            .definition
            .category(code)
            .ok_or_else(|| StoreError::Corrupt(format!("no category '{code}'")))
    }

    /// Whether what the application says is kept from this caller (D-303).
    #[must_use]
    pub fn is_sealed_from(&self, visibility: &Visibility) -> bool {
        self.application.sealed_from(&self.campaign, visibility)
    }

    /// The stakes that the caller may know of: that they are nominated themselves lies sealed with the rest (D-303).
    fn told_stakes(&self, stakes: &[Stake], visibility: &Visibility) -> Vec<Stake> {
        let sealed = self.is_sealed_from(visibility);
        stakes.iter().copied().filter(|stake| !(sealed && *stake == Stake::OwnNomination)).collect()
    }

    /// The situation that the guards ask, with what is wrong with the form.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where the definition does not have the category.
    pub fn situation(
        &self,
        visibility: &Visibility,
        now: Instant,
        form_faults: Vec<Fault>,
    ) -> Result<Situation<'_>, StoreError> {
        let category = self.category()?;
        let application = &self.application;
        let beside = self.beside.as_ref();
        let asks_for_new_deeds = category.repeat_award.value == RepeatAward::NewDeeds
            && beside.is_some_and(|beside| beside.awarded_last_time);
        let names_new_deeds = || {
            category.form.as_ref().is_some_and(|form| understand(&form.value, &application.form).new_deeds)
        };
        Ok(Situation {
            now,
            phase: self.campaign.state,
            category,
            acceptance: self.campaign.definition.acceptance.value,
            paper_copies: self.campaign.definition.paper_copies.value,
            unit: self.unit.as_ref().map(|unit| (unit.kind, unit.active)),
            application: Some(application),
            form_faults,
            elsewhere: beside.and_then(|beside| beside.elsewhere.clone()).into_iter().collect(),
            standing_of_unit: beside.map_or(0, |beside| beside.standing_of_unit),
            list: beside.map_or(ListStanding::Open, |beside| beside.list),
            extended_until: beside.and_then(|beside| beside.extended_until),
            sealed: self.campaign.is_sealed(),
            veto_until: beside.and_then(|beside| beside.veto_until),
            new_deeds_missing: asks_for_new_deeds && !names_new_deeds(),
            asking: visibility.actor().map(|actor| actor.user_id),
            stakes: beside.map(|beside| self.told_stakes(&beside.stakes, visibility)).unwrap_or_default(),
            stakes_in_category: beside.map(|beside| beside.stakes_in_category.clone()).unwrap_or_default(),
            counting_sheets: beside.map_or(0, |beside| beside.counting_sheets),
            standing_list: beside.and_then(|beside| beside.standing_list),
        })
    }
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
    let select = with_beside(Entity::find_by_id(id).filter(scope(visibility)), visibility);
    let Some(row) = connection.query_one(&select.into_query()).await? else { return Ok(None) };
    Ok(Some(
        assemble(connection, Model::from_query_result(&row, "")?, Beside::read(&row, visibility)?).await?,
    ))
}

/// The campaign of the application with this id, if the caller may reach it.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn campaign_of(
    connection: &impl Connection,
    visibility: &Visibility,
    id: Uuid,
) -> Result<Option<Uuid>, StoreError> {
    let select = Entity::find_by_id(id).filter(scope(visibility)).select_only().column(Column::CampaignId);
    let row = connection.query_one(&select.into_query()).await?;
    Ok(row.map(|row| row.try_get("", "campaign_id")).transpose()?)
}

/// The application with this id, if the caller may reach it, locked until the transaction ends, with its unit locked before it: the
/// unit's other applications wait, so that what they may be at once is decided one after the other.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn lock(tx: &Tx, visibility: &Visibility, id: Uuid) -> Result<Option<Case>, StoreError> {
    use crate::entity::county::unit;
    let scoped = || Entity::find_by_id(id).filter(scope(visibility)).select_only();
    let of_unit = unit::Column::Id.in_subquery(scoped().column(Column::UnitId).into_query());
    let unit = unit::Entity::find().select_only().column(unit::Column::Id).filter(of_unit);
    tx.query_one(&unit.lock(LockType::Update).into_query()).await?;
    let locked = scoped().column(Column::Id).lock(LockType::Update).into_query();
    if tx.query_one(&locked).await?.is_none() {
        return Ok(None);
    }
    find(tx, visibility, id).await
}

/// A page of applications.
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
    let seen = if visibility.is_insider() { Column::State } else { Column::ShownState };
    let select = Entity::find()
        .filter(scope(visibility))
        .apply_if(filter.campaign_id, |select, id| select.filter(Column::CampaignId.eq(id)))
        .apply_if(filter.category_code.as_deref(), |select, code| {
            select.filter(Column::CategoryCode.eq(code))
        })
        .apply_if(state, |select, state| select.filter(seen.eq(state)))
        .apply_if(filter.unit_id, |select, id| select.filter(Column::UnitId.eq(id)));
    let rows = page_with(
        connection,
        select,
        |select| with_beside(select, visibility),
        request,
        (SORTABLE, Column::Id),
        |model, row| Ok((model, Beside::read(row, visibility)?)),
    )
    .await?;
    let mut items = Vec::with_capacity(rows.items.len());
    for (model, beside) in rows.items {
        // Definitions are kept parsed: a page reads one only the first time that its campaign is met.
        items.push(assemble(connection, model, beside).await?);
    }
    Ok(Page { items, next: rows.next, total: rows.total })
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
    let select = in_states(campaign_id, category_code, states).lock(LockType::Update);
    select.all(tx).await?.into_iter().map(from_row).collect()
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
    let select = in_states(campaign_id, category_code, states);
    select.all(connection).await?.into_iter().map(from_row).collect()
}

fn in_states(campaign_id: Uuid, category_code: Option<&str>, states: &[ApplicationState]) -> Select<Entity> {
    Entity::find()
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

/// Records a change of an application, whose version has grown by one.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed it meanwhile, [`StoreError::Taken`] where the nominee stands already.
pub async fn record(
    tx: &Tx,
    journal: &Journal,
    application: &Application,
    steps: &[Step],
) -> Result<(), StoreError> {
    let update = Entity::update_many().set(to_row(application)?);
    let update =
        update.filter(Column::Id.eq(application.id)).filter(Column::Version.eq(application.version - 1));
    stale_unless_one(update.exec(tx).await?)?;
    journal.write(tx, steps).await
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
fn cleared(supervisor: Uuid) -> sea_orm::sea_query::SelectStatement {
    use assignment::Column as A;
    Query::select()
        .column(A::ApplicationId)
        .from(assignment::Entity)
        .and_where(A::SupervisorId.eq(supervisor))
        .and_where(A::State.eq("cleared"))
        .and_where(Expr::cust(NOT_RECUSED))
        .to_owned()
}

/// The case of a row.
async fn assemble(connection: &impl Connection, model: Model, beside: Beside) -> Result<Case, StoreError> {
    let application = from_row(model)?;
    let campaign = beside.campaign(connection, application.campaign_id).await?;
    let unit = match (application.unit_id, &beside.unit) {
        (Some(id), Some((name, kind, active))) => {
            Some(UnitBrief { id, name: name.clone(), kind: *kind, active: *active })
        }
        (_, _) => None,
    };
    Ok(Case { application, campaign, unit, beside: Some(beside) })
}

pub(crate) fn from_row(row: Model) -> Result<Application, StoreError> {
    Ok(Application {
        id: row.id,
        campaign_id: row.campaign_id,
        category_code: row.category_code,
        nominee: code("applications.nominee_kind", &row.nominee_kind)?,
        unit_id: row.unit_id,
        supervisor_id: row.supervisor_id,
        nominee_name: row.nominee_name,
        nominee_post: row.nominee_post,
        is_leading_cadre: row.is_leading_cadre,
        front_line: row.front_line,
        form: from_json("applications.form", &row.form)?,
        personal: row.personal,
        person_index: row.person_index,
        content_digest: row.content_digest,
        attached: from_json("applications.attached", &row.attached)?,
        state: code("applications.state", &row.state)?,
        version: row.version,
        shown_state: code("applications.shown_state", &row.shown_state)?,
        shown_version: row.shown_version,
        shown_updated_at: Instant::from_millis(row.shown_updated_at),
        entered_by_office: row.entered_by_office,
        reason: row.reason,
        rejection: from_json_option("applications.rejection", row.rejection.as_deref())?,
        correct_by: day_option("applications.correct_by", row.correct_by.as_deref())?,
        paper: from_json_option("applications.paper", row.paper.as_deref())?,
        handling: from_json("applications.handling", &row.handling)?,
        submitted_at: instant_option(row.submitted_at),
        created_at: Instant::from_millis(row.created_at),
        updated_at: Instant::from_millis(row.updated_at),
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
        state: Set(application.state.to_string()),
        version: Set(application.version),
        shown_state: Set(application.shown_state.to_string()),
        shown_version: Set(application.shown_version),
        shown_updated_at: Set(application.shown_updated_at.millis()),
        entered_by_office: Set(application.entered_by_office),
        reason: Set(application.reason.clone()),
        rejection: Set(application.rejection.as_ref().map(to_json).transpose()?),
        correct_by: Set(application.correct_by.map(|day| day.to_string())),
        paper: Set(application.paper.as_ref().map(to_json).transpose()?),
        handling: Set(to_json(&application.handling)?),
        submitted_at: Set(application.submitted_at.map(Instant::millis)),
        created_at: Set(application.created_at.millis()),
        updated_at: Set(application.updated_at.millis()),
    })
}

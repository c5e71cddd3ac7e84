//! Statistics of a campaign, counted by the database: eight queries, however many applications there are.

use pingxuan_domain::campaign::definition::UnitKind;
use pingxuan_domain::statistics::Arrival;
use pingxuan_domain::step::{Audience, ObjectKind};
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::workflow::assignment::AssignmentState;
use pingxuan_domain::{Instant, Visibility};
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{
    ColumnTrait, DatabaseBackend, EntityTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::connection::Connection;
use crate::convert::{code, count};
use crate::entity::county::unit;
use crate::entity::event::audit_event;
use crate::entity::selection::{application, campaign};
use crate::entity::verification::{assignment, site_visit};
use crate::error::StoreError;
use crate::standing::Scalar;

/// An hour, by which submissions are counted: whichever day it is of in the campaign's zone, it is of one.
const HOUR: i64 = 3_600_000;

/// Applications of one category in one state, of units of one kind.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The category.
    pub category_code: String,
    /// The state.
    pub state: ApplicationState,
    /// The kind of the unit; none for what the office evaluates.
    pub unit_kind: Option<UnitKind>,
    /// How many.
    pub count: u32,
}

/// Assignments of one category in one state, with their sheets.
#[derive(Clone, Debug)]
pub struct Assigned {
    /// The category.
    pub category_code: String,
    /// The state.
    pub state: AssignmentState,
    /// How many.
    pub count: u32,
    /// Sheets of theirs that were submitted.
    pub submitted: u32,
    /// Sheets of theirs that were submitted and count.
    pub counting: u32,
}

/// A unit that has declared nothing.
#[derive(Clone, Debug)]
pub struct SilentUnit {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: UnitKind,
}

/// Units in scope, and how many of them have declared.
#[derive(Clone, Copy, Debug)]
pub struct Declaring {
    /// Active units of these kinds.
    pub in_scope: u32,
    /// Those of them that have submitted something.
    pub declared: u32,
}

/// What else is counted.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    /// Extensions granted to one unit.
    pub extensions_of_units: u32,
    /// Extensions granted to all.
    pub extensions_of_all: u32,
    /// Objections that nobody has decided yet.
    pub open_objections: u32,
}

/// Applications by category, state and kind of unit.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn standing(
    connection: &impl Connection,
    _: &Visibility,
    campaign_id: Uuid,
) -> Result<Vec<Standing>, StoreError> {
    use application::Column as C;
    let select = application::Entity::find()
        .select_only()
        .columns([C::CategoryCode, C::State])
        .scalar("unit_kind", "SELECT u.kind FROM units u WHERE u.id = applications.unit_id")
        .expr_as(Expr::cust("count(*)"), "number")
        .filter(C::CampaignId.eq(campaign_id))
        .group_by(C::CategoryCode)
        .group_by(C::State)
        .group_by(Expr::cust("unit_kind"));
    let read = |row: &QueryResult| {
        let (state, kind): (String, Option<String>) =
            (row.try_get("", "state")?, row.try_get("", "unit_kind")?);
        Ok(Standing {
            category_code: row.try_get("", "category_code")?,
            state: code("applications.state", &state)?,
            unit_kind: kind.map(|kind| code("units.kind", &kind)).transpose()?,
            count: number(row, "number")?,
        })
    };
    connection.query_all(&select.into_query()).await?.iter().map(read).collect()
}

/// When applications were submitted, hour by hour: the hour's first instant, and how many.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn submissions(
    connection: &impl Connection,
    _: &Visibility,
    campaign_id: Uuid,
) -> Result<Vec<(Instant, u32)>, StoreError> {
    use application::Column as C;
    let select = application::Entity::find()
        .select_only()
        .expr_as(Expr::cust(format!("submitted_at / {HOUR}")), "hour")
        .expr_as(Expr::cust("count(*)"), "number")
        .filter(C::CampaignId.eq(campaign_id))
        .filter(C::SubmittedAt.is_not_null())
        .group_by(Expr::cust("hour"))
        .order_by_asc(Expr::cust("hour"));
    let read = |row: &QueryResult| {
        let hour: i64 = row.try_get("", "hour")?;
        Ok((Instant::from_millis(hour.saturating_mul(HOUR)), number(row, "number")?))
    };
    connection.query_all(&select.into_query()).await?.iter().map(read).collect()
}

/// How many units of these kinds there are, and how many of them have declared.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn declaring(
    connection: &impl Connection,
    _: &Visibility,
    (campaign_id, kinds): (Uuid, &[UnitKind]),
) -> Result<Declaring, StoreError> {
    let declared: SimpleExpr = Expr::case(declared(campaign_id), 1).into();
    let select = unit::Entity::find()
        .select_only()
        .expr_as(Expr::cust("count(*)"), "in_scope")
        .expr_as(declared.count(), "declared")
        .filter(in_scope(kinds));
    let row = connection.query_one(&select.into_query()).await?.ok_or_else(nothing)?;
    Ok(Declaring { in_scope: number(&row, "in_scope")?, declared: number(&row, "declared")? })
}

/// The units of these kinds that have declared nothing, so many at most.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn silent_units(
    connection: &impl Connection,
    _: &Visibility,
    (campaign_id, kinds): (Uuid, &[UnitKind]),
    at_most: u64,
) -> Result<Vec<SilentUnit>, StoreError> {
    use unit::Column as U;
    let select = unit::Entity::find()
        .select_only()
        .columns([U::Id, U::Name, U::Kind])
        .filter(in_scope(kinds))
        .filter(declared(campaign_id).not())
        .order_by_asc(U::Kind)
        .order_by_asc(U::Id)
        .limit(at_most);
    let read = |row: &QueryResult| {
        let kind: String = row.try_get("", "kind")?;
        Ok(SilentUnit {
            id: row.try_get("", "id")?,
            name: row.try_get("", "name")?,
            kind: code("units.kind", &kind)?,
        })
    };
    connection.query_all(&select.into_query()).await?.iter().map(read).collect()
}

/// Assignments to applications that still stand, by category and state, with their sheets.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn assigned(
    connection: &impl Connection,
    _: &Visibility,
    campaign_id: Uuid,
) -> Result<Vec<Assigned>, StoreError> {
    use assignment::Column as C;
    let sheet = |condition: &str| {
        Expr::cust(format!(
            "count((SELECT 1 FROM score_sheets h WHERE h.assignment_id = assignments.id AND {condition}))"
        ))
    };
    let select = assignment::Entity::find()
        .select_only()
        .column(C::State)
        .scalar("category_code", &of_application("category_code", "assignments"))
        .expr_as(Expr::cust("count(*)"), "number")
        .expr_as(sheet("h.state = 'submitted'"), "submitted")
        .expr_as(sheet("h.state = 'submitted' AND h.counts AND assignments.state <> 'recused'"), "counting")
        .filter(C::CampaignId.eq(campaign_id))
        .filter(Expr::cust(format!(
            "({}) NOT IN ('withdrawn', 'disqualified')",
            of_application("state", "assignments")
        )))
        .group_by(Expr::cust("category_code"))
        .group_by(C::State);
    let read = |row: &QueryResult| {
        let state: String = row.try_get("", "state")?;
        Ok(Assigned {
            category_code: row.try_get("", "category_code")?,
            state: code("assignments.state", &state)?,
            count: number(row, "number")?,
            submitted: number(row, "submitted")?,
            counting: number(row, "counting")?,
        })
    };
    connection.query_all(&select.into_query()).await?.iter().map(read).collect()
}

/// Trips recorded, by category.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn trips(
    connection: &impl Connection,
    _: &Visibility,
    campaign_id: Uuid,
) -> Result<Vec<(String, u32)>, StoreError> {
    let select = site_visit::Entity::find()
        .select_only()
        .scalar("category_code", &of_application("category_code", "site_visits"))
        .expr_as(Expr::cust("count(*)"), "number")
        .filter(site_visit::Column::CampaignId.eq(campaign_id))
        .group_by(Expr::cust("category_code"));
    let read = |row: &QueryResult| Ok((row.try_get("", "category_code")?, number(row, "number")?));
    connection.query_all(&select.into_query()).await?.iter().map(read).collect()
}

/// When each application of a campaign came where, from the audit.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn arrivals(
    connection: &impl Connection,
    _: &Visibility,
    campaign_id: Uuid,
) -> Result<Vec<Arrival>, StoreError> {
    use audit_event::Column as C;
    let postgres = connection.get_database_backend() == DatabaseBackend::Postgres;
    let leaf = if postgres { "CAST(leaf AS jsonb)" } else { "leaf" };
    let member = |name: &str| Expr::cust(format!("{leaf} ->> '{name}'"));
    let select = audit_event::Entity::find()
        .select_only()
        .columns([C::ObjectId, C::At])
        .expr_as(member("to"), "state")
        .filter(C::CampaignId.eq(campaign_id))
        .filter(C::ObjectKind.eq(ObjectKind::Application.to_string()))
        .filter(C::Audience.ne(Audience::Outsiders.to_string()))
        .filter(Expr::cust(format!("coalesce({leaf} ->> 'from', '') <> coalesce({leaf} ->> 'to', '')")))
        .order_by_asc(C::ObjectId)
        .order_by_asc(C::Id);
    let read = |row: &QueryResult| {
        let state: Option<String> = row.try_get("", "state")?;
        Ok(Arrival {
            application_id: row.try_get("", "object_id")?,
            state: state.map(|state| code("audit_events.to", &state)).transpose()?,
            at: Instant::from_millis(row.try_get("", "at")?),
        })
    };
    connection.query_all(&select.into_query()).await?.iter().map(read).collect()
}

/// Extensions and open objections.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn counted(
    connection: &impl Connection,
    _: &Visibility,
    campaign_id: Uuid,
) -> Result<Counted, StoreError> {
    let extensions = "SELECT count(*) FROM extensions x WHERE x.campaign_id = campaigns.id AND x.unit_id IS";
    let select = campaign::Entity::find_by_id(campaign_id)
        .select_only()
        .scalar("of_units", &format!("{extensions} NOT NULL"))
        .scalar("of_all", &format!("{extensions} NULL"))
        .scalar(
            "objections",
            "SELECT count(*) FROM objections o WHERE o.campaign_id = campaigns.id \
             AND o.state IN ('filed', 'investigating')",
        );
    let row = connection.query_one(&select.into_query()).await?.ok_or_else(nothing)?;
    Ok(Counted {
        extensions_of_units: number(&row, "of_units")?,
        extensions_of_all: number(&row, "of_all")?,
        open_objections: number(&row, "objections")?,
    })
}

/// A column of the application that something belongs to.
fn of_application(column: &str, table: &str) -> String {
    format!("SELECT a.{column} FROM applications a WHERE a.id = {table}.application_id")
}

/// Active units of these kinds.
fn in_scope(kinds: &[UnitKind]) -> SimpleExpr {
    unit::Column::Active.eq(true).and(unit::Column::Kind.is_in(kinds.iter().map(ToString::to_string)))
}

/// Units of which something has been submitted.
fn declared(campaign_id: Uuid) -> SimpleExpr {
    let submitted = application::Entity::find()
        .select_only()
        .column(application::Column::UnitId)
        .filter(application::Column::CampaignId.eq(campaign_id))
        .filter(application::Column::SubmittedAt.is_not_null())
        .filter(application::Column::UnitId.is_not_null());
    unit::Column::Id.in_subquery(submitted.into_query())
}

fn number(row: &QueryResult, name: &str) -> Result<u32, StoreError> {
    count(name, row.try_get::<i64>("", name)?)
}

fn nothing() -> StoreError {
    StoreError::Corrupt("a count of nothing".to_owned())
}

//! What was written down of every change: for the audit, and as the history of one application.

use pingxuan_domain::step::{Audience, ObjectKind, Outcome};
use pingxuan_domain::{Instant, Operation, Visibility};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QueryTrait};
use serde_json::Value;
use uuid::Uuid;

use crate::connection::Connection;
use crate::convert::{code, from_json};
use crate::entity::event::audit_event::{Column, Entity, Model};
use crate::error::StoreError;
use crate::page::{Page, PageRequest, Sortable, page as read_page};

/// The audit is read newest first and sorted no other way.
const SORTABLE: Sortable<Column> = &[("id", Column::Id)];

/// Which events are wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this campaign.
    pub campaign_id: Option<Uuid>,
    /// About this object.
    pub object_id: Option<Uuid>,
    /// Of this account's doing.
    pub actor_id: Option<Uuid>,
    /// Caused by this operation.
    pub operation: Option<Operation>,
    /// That ended so.
    pub outcome: Option<Outcome>,
    /// Not before this instant.
    pub from: Option<Instant>,
    /// Before this instant.
    pub until: Option<Instant>,
}

/// An audit event.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: Instant,
    /// What was done.
    pub operation: String,
    /// Whose account did it; none for the public and the system.
    pub actor_id: Option<Uuid>,
    /// The role it was done in.
    pub actor_role: Option<String>,
    /// What it was done to.
    pub object_kind: ObjectKind,
    /// Which one.
    pub object_id: Uuid,
    /// The campaign that it belongs to.
    pub campaign_id: Option<Uuid>,
    /// Who may learn of it before the announcement.
    pub audience: Audience,
    /// How it ended.
    pub outcome: Outcome,
    /// All that was written down, in its final form.
    pub leaf: Value,
}

/// A page of events, the newest first.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn page(
    connection: &impl Connection,
    _: &Visibility,
    filter: &Filter,
    request: &PageRequest,
) -> Result<Page<Event>, StoreError> {
    let operation = filter.operation.map(Operation::code);
    let outcome = filter.outcome.map(|outcome| outcome.to_string());
    let select = Entity::find()
        .apply_if(filter.campaign_id, |select, id| select.filter(Column::CampaignId.eq(id)))
        .apply_if(filter.object_id, |select, id| select.filter(Column::ObjectId.eq(id)))
        .apply_if(filter.actor_id, |select, id| select.filter(Column::ActorId.eq(id)))
        .apply_if(operation, |select, operation| select.filter(Column::Operation.eq(operation)))
        .apply_if(outcome, |select, outcome| select.filter(Column::Outcome.eq(outcome)))
        .apply_if(filter.from, |select, from| select.filter(Column::At.gte(from.millis())))
        .apply_if(filter.until, |select, until| select.filter(Column::At.lt(until.millis())));
    let request = PageRequest { sort: vec![("id".to_owned(), true)], ..request.clone() };
    read_page(connection, select, &request, (SORTABLE, Column::Id), |row, _| from_row(row)).await
}

/// What happened to an application, as this caller may know it, the oldest first: the house sees what was decided when
/// it was decided, all others when it was made known (D-403).
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn history(
    connection: &impl Connection,
    visibility: &Visibility,
    application_id: Uuid,
) -> Result<Vec<Event>, StoreError> {
    let own = if visibility.is_insider() { Audience::Insiders } else { Audience::Outsiders };
    let rows = Entity::find()
        .filter(Column::ObjectId.eq(application_id))
        .filter(Column::Audience.is_in([Audience::Everyone, own].map(|audience| audience.to_string())))
        .order_by_asc(Column::Id)
        .all(connection)
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// What was last done to something, if it is written down.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn last(
    connection: &impl Connection,
    _: &Visibility,
    (kind, id): (ObjectKind, Uuid),
) -> Result<Option<Event>, StoreError> {
    let select = Entity::find()
        .filter(Column::ObjectId.eq(id))
        .filter(Column::ObjectKind.eq(kind.to_string()))
        .order_by_desc(Column::Id);
    select.one(connection).await?.map(from_row).transpose()
}

fn from_row(row: Model) -> Result<Event, StoreError> {
    Ok(Event {
        id: row.id,
        at: Instant::from_millis(row.at),
        operation: row.operation,
        actor_id: row.actor_id,
        actor_role: row.actor_role,
        object_kind: code("audit_events.object_kind", &row.object_kind)?,
        object_id: row.object_id,
        campaign_id: row.campaign_id,
        audience: code("audit_events.audience", &row.audience)?,
        outcome: code("audit_events.outcome", &row.outcome)?,
        leaf: from_json("audit_events.leaf", &row.leaf)?,
    })
}

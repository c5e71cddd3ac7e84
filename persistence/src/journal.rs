//! What is written down of every step, in its own transaction: an audit event and an outgoing event (D-401, D-1002).
//!
//! Both are canonical JSON (RFC 8785) without a number: their final leaf form.

use std::fmt;
use std::sync::Arc;

use pingxuan_domain::policy::Caller;
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::{Operation, Role, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::CommonTableExpression;
use sea_orm::{ConnectionTrait, DatabaseBackend, EntityTrait, QueryTrait};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::connection::Tx;
use crate::convert::canonical;
use crate::entity::event::{audit_event, outgoing_event};
use crate::error::StoreError;

/// The version of the leaf form.
const LEAF_FORM: u32 = 2;

/// Where steps come from: who asks, by which request. It writes them down.
#[derive(Clone)]
pub struct Journal {
    caller: Caller,
    role: Option<Role>,
    request_id: String,
    address: Option<String>,
    new_id: Arc<dyn Fn() -> Uuid + Send + Sync>,
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal").field("role", &self.role).field("request_id", &self.request_id).finish()
    }
}

impl Journal {
    /// A journal for what one request does.
    #[must_use]
    pub fn new(
        visibility: &Visibility,
        request_id: String,
        address: Option<String>,
        new_id: Arc<dyn Fn() -> Uuid + Send + Sync>,
    ) -> Self {
        Self { caller: visibility.caller().clone(), role: visibility.role(), request_id, address, new_id }
    }

    /// The same journal for what the system does by itself within a request (D-301).
    #[must_use]
    pub fn as_system(&self) -> Self {
        Self { caller: Caller::System, role: None, ..self.clone() }
    }

    /// For what somebody does who is not to be known (D-705): nothing of them is kept, not the account whose token they happen to
    /// hold, and not the address.
    #[must_use]
    pub fn as_nobody(&self) -> Self {
        Self { caller: Caller::Public, role: None, address: None, ..self.clone() }
    }

    /// For someone who has just logged in.
    #[must_use]
    pub fn as_caller(&self, caller: Caller) -> Self {
        Self { caller, ..self.clone() }
    }

    /// Writes steps down.
    ///
    /// # Errors
    /// [`StoreError`] where the database refuses.
    pub async fn write(&self, tx: &Tx, steps: &[Step]) -> Result<(), StoreError> {
        if steps.is_empty() {
            return Ok(());
        }
        let mut audit = Vec::with_capacity(steps.len());
        let mut outgoing = Vec::new();
        for step in steps {
            audit.push(self.audit_event(step)?);
            if is_of_the_selection(step.object.0) {
                outgoing.push(self.outgoing_event(step)?);
            }
        }
        // Nearly all requests have few steps; PostgreSQL takes both kinds of events at once.
        if tx.get_database_backend() == DatabaseBackend::Postgres
            && audit.len() <= 100
            && !outgoing.is_empty()
        {
            let audit = audit_event::Entity::insert_many(audit).into_query();
            let mut both = outgoing_event::Entity::insert_many(outgoing).into_query();
            both.with_cte(CommonTableExpression::new().table_name("audit").query(audit).to_owned());
            tx.execute(&both).await?;
            return Ok(());
        }
        // A hundred rows a statement keeps the bound values below SQLite's limit.
        for chunk in audit.chunks(100) {
            audit_event::Entity::insert_many(chunk.iter().cloned()).exec_without_returning(tx).await?;
        }
        for chunk in outgoing.chunks(100) {
            outgoing_event::Entity::insert_many(chunk.iter().cloned()).exec_without_returning(tx).await?;
        }
        Ok(())
    }

    fn actor(&self) -> Value {
        match &self.caller {
            Caller::Public => json!({"kind": "public"}),
            Caller::System => json!({"kind": "system"}),
            Caller::Client(client) => json!({"kind": "client", "id": client.id, "name": client.name}),
            Caller::User(actor) => {
                let role: Option<&str> = self.role.map(Into::into);
                json!({"kind": "user", "id": actor.user_id, "name": actor.name, "role": role, "session_id": actor.session_id})
            }
        }
    }

    fn audit_event(&self, step: &Step) -> Result<audit_event::ActiveModel, StoreError> {
        let id = (self.new_id)();
        let (kind, object_id) = step.object;
        let changed: Vec<Value> = step
            .changed
            .iter()
            .map(|change| json!({"pointer": change.pointer, "from": change.from, "to": change.to}))
            .collect();
        let mut leaf = head(id, step);
        leaf.insert("actor".into(), self.actor());
        leaf.insert("changed".into(), changed.into());
        leaf.insert("outcome".into(), step.outcome.to_string().into());
        leaf.insert("reason".into(), step.reason.clone().into());
        leaf.insert("request_id".into(), self.request_id.clone().into());
        leaf.insert("address".into(), self.address.clone().into());
        Ok(audit_event::ActiveModel {
            id: Set(id),
            at: Set(step.at.millis()),
            operation: Set(step.operation.code().to_owned()),
            actor_id: Set(self.caller.principal()),
            actor_role: Set(match self.caller {
                Caller::System => Some("system".to_owned()),
                Caller::Client(_) => Some("integration".to_owned()),
                Caller::Public | Caller::User(_) => self.role.map(|role| role.to_string()),
            }),
            object_kind: Set(kind.to_string()),
            object_id: Set(object_id),
            campaign_id: Set(step.campaign_id),
            audience: Set(step.audience.to_string()),
            leaf: Set(canonical(&leaf)?),
            outcome: Set(step.outcome.to_string()),
        })
    }

    fn outgoing_event(&self, step: &Step) -> Result<outgoing_event::ActiveModel, StoreError> {
        let id = (self.new_id)();
        let (kind, object_id) = step.object;
        Ok(outgoing_event::ActiveModel {
            id: Set(id),
            at: Set(step.at.millis()),
            kind: Set(event_kind(kind, step.operation)),
            object_kind: Set(kind.to_string()),
            object_id: Set(object_id),
            campaign_id: Set(step.campaign_id),
            audience: Set(step.audience.to_string()),
            leaf: Set(canonical(&head(id, step))?),
        })
    }
}

/// The name of an outgoing event: what it is about, and what was done.
fn event_kind(kind: ObjectKind, operation: Operation) -> String {
    format!("{kind}.{operation}")
}

/// What both events say; no personal data by construction.
fn head(id: Uuid, step: &Step) -> Map<String, Value> {
    let (kind, object_id) = step.object;
    let mut leaf = Map::new();
    leaf.insert("form".into(), LEAF_FORM.into());
    leaf.insert("id".into(), id.to_string().into());
    leaf.insert("at".into(), step.at.to_string().into());
    leaf.insert("operation".into(), step.operation.code().into());
    leaf.insert("object".into(), json!({"kind": kind.to_string(), "id": object_id}));
    leaf.insert("campaign_id".into(), json!(step.campaign_id));
    leaf.insert("from".into(), step.from.into());
    leaf.insert("to".into(), step.to.into());
    leaf
}

/// Whether other systems are told: accounts and sessions are nobody's business but security's.
fn is_of_the_selection(kind: ObjectKind) -> bool {
    match kind {
        ObjectKind::User
        | ObjectKind::Session
        | ObjectKind::Client
        | ObjectKind::AuditLog
        | ObjectKind::Job => false,
        ObjectKind::Unit
        | ObjectKind::Supervisor
        | ObjectKind::Campaign
        | ObjectKind::WorkdayCalendar
        | ObjectKind::Application
        | ObjectKind::Assignment
        | ObjectKind::SiteVisit
        | ObjectKind::ScoreSheet
        | ObjectKind::AnnualAssessment
        | ObjectKind::DutyRecord
        | ObjectKind::Ranking
        | ObjectKind::Shortlist
        | ObjectKind::PublicNotice
        | ObjectKind::Award
        | ObjectKind::Extension
        | ObjectKind::Recusal
        | ObjectKind::ThematicActivity
        | ObjectKind::NoAward
        | ObjectKind::VettingRequest
        | ObjectKind::Veto
        | ObjectKind::Objection => true,
    }
}

//! What stands where somebody who wrote offline thought to find something else: shown beside the refusal, and never overwritten
//! (D-606).

use actix_web::http::header;
use pingxuan_domain::differences::conflicts;
use pingxuan_domain::step::ObjectKind;
use pingxuan_domain::{ErrorCode, Instant};
use pingxuan_persistence::Tx;
use pingxuan_persistence::audit::{self, Event};
use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use crate::call::{Answer, Call};
use crate::enums;
use crate::problem::Failure;

/// What stands in place of the version that was named.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StandingView {
    /// Its tag, to be sent as `If-Match` once somebody has looked at it.
    #[schema(max_length = 100)]
    etag: String,
    /// When it was last changed.
    #[schema(value_type = Option<String>, format = DateTime)]
    changed_at: Option<Instant>,
    /// In which role.
    #[schema(value_type = Option<enums::Role>)]
    changed_role: Option<String>,
    /// By whom; left out where the caller does not learn who in the house it was.
    #[schema(max_length = 100)]
    changed_by: Option<String>,
}

/// A place in what was sent.
#[derive(Debug)]
pub struct BodyPointer;

impl PartialSchema for BodyPointer {
    fn schema() -> RefOr<Schema> {
        let pointer = ObjectBuilder::new()
            .description(Some("A JSON pointer into the request's body"))
            .schema_type(Type::String);
        pointer.max_length(Some(500)).into()
    }
}

impl ToSchema for BodyPointer {}

/// A refusal with what stands.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// The code of the refusal.
    pub code: ErrorCode,
    /// What stands.
    pub standing: StandingView,
    /// Where it differs from what was sent; nothing where that cannot be read, or says nothing of the content.
    pub pointers: Vec<String>,
}

/// What a request would put in the place of what stands, both as their schema writes them.
#[derive(Debug)]
pub struct Sides {
    /// What is sent, if it can be read.
    pub sent: Option<Value>,
    /// What stands.
    pub stands: Value,
}

/// Answers a request that names another version of something than the one that stands. Where what it sends stands already, the
/// answer to it was lost: it is done. Else the refusal says what stands, and where the two differ.
///
/// # Errors
/// The refusal, or [`Failure`] where the database refuses.
pub async fn met(
    call: &Call,
    tx: &Tx,
    refused: Failure,
    object: (ObjectKind, Uuid),
    (view, version): (&impl Serialize, i64),
    sides: Sides,
) -> Answer {
    let Failure::Plain(fault) = &refused else { return Err(refused) };
    if !matches!(fault.code, ErrorCode::PreconditionFailed | ErrorCode::AlreadyExists) {
        return Err(refused);
    }
    let shown = call.ok(view, &version.to_string())?;
    let pointers = sides.sent.as_ref().map(|sent| conflicts(sent, &sides.stands));
    if pointers.as_ref().is_some_and(Vec::is_empty) {
        return Ok(shown);
    }
    let etag = shown.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok()).unwrap_or("").to_owned();
    let last = audit::last(tx, &call.visibility, object).await?;
    let standing = StandingView {
        etag,
        changed_at: last.as_ref().map(|event| event.at),
        changed_role: last.as_ref().and_then(|event| event.actor_role.clone()),
        changed_by: last.as_ref().and_then(|event| named(call, event)),
    };
    let pointers = pointers.unwrap_or_default();
    Err(Failure::Conflict(Box::new(Conflict { code: fault.code, standing, pointers })))
}

/// The name of whoever did something, for those who may know it: the house, and for all others supervisors alone.
fn named(call: &Call, event: &Event) -> Option<String> {
    let known = call.visibility.is_insider() || event.actor_role.as_deref() == Some("supervisor");
    let name = event.leaf.pointer("/actor/name")?.as_str()?;
    known.then(|| name.to_owned())
}

//! 幂等: the first answers of requests that named a key, kept in the transaction of what they did (docs/api-design.md, rule 6).

use pingxuan_domain::Instant;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, DatabaseBackend, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use crate::connection::{Connection, Tx};
use crate::convert::{from_json, to_json};
use crate::entity::account::idempotent_answer::{ActiveModel, Column, Entity};
use crate::error::StoreError;
use crate::vault::Vault;

/// Who asks for what, with what key, and what it is that they ask: keyed digests, from which none of it can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    scope: Vec<u8>,
    request: Vec<u8>,
}

impl Asked {
    /// Digests of a principal with their operation and key, and of the path, query and body that they sent.
    #[must_use]
    pub fn new(vault: &Vault, scope: [&str; 3], request: (&str, &str, &[u8])) -> Self {
        let (path, query, body) = request;
        let body = crate::vault::digest_hex(body);
        Self {
            scope: vault.index("idempotency scope", &scope.join("\u{0}")),
            request: vault.index("idempotency request", &[path, query, &body].join("\u{0}")),
        }
    }

    /// What a transaction of PostgreSQL locks while it carries the request out.
    fn lock(&self) -> i64 {
        self.scope.first_chunk::<8>().map_or(0, |first| i64::from_be_bytes(*first))
    }
}

/// An answer as it is given again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptAnswer {
    /// Its status.
    pub status: u16,
    /// Its own headers; those that every answer carries are not among them.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: String,
}

/// What is known of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// It is new, and nobody else carries it out at the same time.
    New,
    /// It was carried out; this was the answer.
    Answered(KeptAnswer),
    /// The key was used with another request.
    Other,
    /// It is being carried out at this moment.
    InFlight,
}

/// Looks whether a request was carried out before, and keeps others from carrying it out until the transaction ends.
///
/// # Errors
/// [`StoreError`] where the database refuses, or where the answer cannot be opened.
pub async fn begin(tx: &Tx, vault: &Vault, asked: &Asked, now: Instant) -> Result<Known, StoreError> {
    if tx.get_database_backend() == DatabaseBackend::Postgres {
        // SQLite has one writer: whoever is second there finds the answer of the first.
        let select = sea_orm::sea_query::Query::select()
            .expr_as(Expr::cust_with_values("pg_try_advisory_xact_lock($1)", [asked.lock()]), "locked")
            .to_owned();
        let locked = tx.query_one(&select).await?;
        if !locked.map_or(Ok(false), |row| row.try_get::<bool>("", "locked"))? {
            return Ok(Known::InFlight);
        }
    }
    let select = Entity::find_by_id(asked.scope.clone()).filter(Column::KeptUntil.gt(now.millis()));
    let Some(found) = select.one(tx).await? else { return Ok(Known::New) };
    if found.request != asked.request {
        return Ok(Known::Other);
    }
    let opened = vault.open(&asked.scope, &found.answer)?;
    let text = String::from_utf8_lossy(&opened);
    Ok(Known::Answered(from_json("idempotent_answers.answer", &text)?))
}

/// Keeps the answer of a request until an instant, sealed; with the transaction, what it did and this stand together or not at
/// all.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn keep(
    tx: &Tx,
    vault: &Vault,
    asked: Asked,
    answer: &KeptAnswer,
    (now, until): (Instant, Instant),
) -> Result<(), StoreError> {
    let sealed = vault.seal(&asked.scope, to_json(answer)?.as_bytes())?;
    let row = ActiveModel {
        scope: Set(asked.scope),
        request: Set(asked.request),
        answer: Set(sealed),
        created_at: Set(now.millis()),
        kept_until: Set(until.millis()),
    };
    // One that is past its time may still be there.
    let over = OnConflict::column(Column::Scope)
        .update_columns([Column::Request, Column::Answer, Column::CreatedAt, Column::KeptUntil])
        .to_owned();
    Entity::insert(row).on_conflict(over).exec_without_returning(tx).await?;
    Ok(())
}

/// Forgets answers that are past their time.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn forget(tx: &Tx, now: Instant) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::KeptUntil.lte(now.millis())).exec(tx).await?;
    Ok(())
}

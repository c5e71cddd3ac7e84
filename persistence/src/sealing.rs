//! The keys that seal, and all that is sealed: sealed anew with the newest key, while everything goes on.

use sea_orm::ActiveValue::Set;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QueryResult, Statement, Value,
};
use uuid::Uuid;

use crate::access;
use crate::connection::{Connection, Tx};
use crate::convert::mark;
use crate::database::Database;
use crate::entity::account::sealing_key::{ActiveModel, Column, Entity};
use crate::error::StoreError;
use crate::vault::{Vault, WrappedKey};

/// How many values are read or sealed anew at once.
const AT_ONCE: u32 = 200;

/// What a sealed value belongs to, as its vault was told: a word, and what stands in a column.
#[derive(Clone, Copy, Debug)]
enum Owner {
    /// An id.
    Id(&'static str, &'static str),
    /// A text.
    Text(&'static str),
    /// Bytes.
    Bytes(&'static str, &'static str),
}

/// The word before the id of whose seed it is.
const SEED: &str = "totp ";
/// The word before the digest of a log-in that has begun elsewhere.
const OIDC_LOGIN: &str = "oidc login ";

/// Table, column, what tells its row, what it belongs to.
type Place = (&'static str, &'static str, &'static [&'static str], Owner);

/// Where sealed values are. A test joins this to the register of fields.
const PLACES: [Place; 10] = [
    ("applications", "personal", &["id"], Owner::Id("", "id")),
    ("application_snapshots", "personal", &["application_id", "number"], Owner::Id("", "application_id")),
    ("supervisors", "personal", &["id"], Owner::Id("", "id")),
    ("vetoes", "personal", &["id"], Owner::Id("", "id")),
    ("objections", "objector", &["id"], Owner::Id("", "id")),
    ("totp_seeds", "seed", &["user_id"], Owner::Id(SEED, "user_id")),
    ("totp_seeds", "offered", &["user_id"], Owner::Id(SEED, "user_id")),
    ("oidc_logins", "sealed", &["digest"], Owner::Bytes(OIDC_LOGIN, "digest")),
    ("signing_keys", "sealed", &["kid"], Owner::Text("kid")),
    ("idempotent_answers", "answer", &["scope"], Owner::Bytes("", "scope")),
];

/// What the seed of an account's second factor belongs to.
#[must_use]
pub fn seed_belongs_to(user_id: Uuid) -> Vec<u8> {
    [SEED.as_bytes(), user_id.as_bytes()].concat()
}

/// What is kept of a log-in that has begun elsewhere belongs to.
#[must_use]
pub fn oidc_login_belongs_to(digest: &[u8]) -> Vec<u8> {
    [OIDC_LOGIN.as_bytes(), digest].concat()
}

/// The tables and columns that hold sealed values.
pub fn places() -> impl Iterator<Item = (&'static str, &'static str)> {
    PLACES.iter().map(|(table, column, ..)| (*table, *column))
}

/// The keys that seal, the oldest first.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn keys(connection: &impl Connection) -> Result<Vec<WrappedKey>, StoreError> {
    let rows = Entity::find().order_by_asc(Column::Number).all(connection).await?;
    rows.into_iter()
        .map(|row| {
            let number = u32::try_from(row.number)
                .map_err(|_| StoreError::Corrupt(format!("sealing_keys.number is {}", row.number)))?;
            Ok(WrappedKey { number, wrapped: row.wrapped, active: row.active })
        })
        .collect()
}

/// Keeps a key; every node is to know.
///
/// # Errors
/// [`StoreError::Taken`] where there is one of its number.
pub async fn insert(tx: &Tx, key: &WrappedKey) -> Result<(), StoreError> {
    let number = i32::try_from(key.number).map_err(|_| StoreError::Corrupt("too many keys".into()))?;
    let row = ActiveModel { number: Set(number), wrapped: Set(key.wrapped.clone()), active: Set(key.active) };
    Entity::insert(row).exec_without_returning(tx).await?;
    access::changed(tx).await
}

/// Lets a key seal; every node is to know.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn activate(tx: &Tx, number: u32) -> Result<(), StoreError> {
    use sea_orm::sea_query::Expr;
    Entity::update_many()
        .col_expr(Column::Active, Expr::value(true))
        .filter(Column::Number.eq(i64::from(number)))
        .exec(tx)
        .await?;
    access::changed(tx).await
}

/// Forgets the keys before one; every node is to know.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn forget_before(tx: &Tx, number: u32) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::Number.lt(i64::from(number))).exec(tx).await?;
    access::changed(tx).await
}

/// Seals anew whatever is not sealed with a key yet, piece by piece; answers how many values that were. What somebody else changes
/// meanwhile is sealed by them.
///
/// # Errors
/// [`StoreError`] where the database refuses, or something does not open.
pub async fn seal_anew(db: &Database, number: u32) -> Result<u64, StoreError> {
    let mut sealed = 0;
    for place in PLACES {
        loop {
            let done = db.in_tx(async |tx| piece(tx, db.vault(), place, number).await).await?;
            sealed += done;
            if done == 0 {
                break;
            }
        }
    }
    Ok(sealed)
}

/// How many sealed values there are, and those that do not open, each as the table and column where it stands.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn opened(db: &Database) -> Result<(u64, Vec<String>), StoreError> {
    let (mut opened, mut shut) = (0, Vec::new());
    for place in PLACES {
        let (table, column, key, owner) = place;
        let mut after = Vec::new();
        loop {
            let rows = later(db.read(), place, &after).await?;
            for row in &rows {
                match db.vault().open(&belongs_to(row, owner)?, &row.try_get::<Vec<u8>>("", column)?) {
                    Ok(_) => opened += 1,
                    Err(_) => shut.push(format!("{table}.{column}")),
                }
            }
            let Some(last) = rows.last() else { break };
            after = key.iter().map(|name| key_value(last, name, owner)).collect::<Result<_, _>>()?;
        }
    }
    Ok((opened, shut))
}

/// The rows of one place whose keys come after one, a piece of them: there may be more than memory holds.
async fn later(
    connection: &impl Connection,
    (table, column, key, _): Place,
    after: &[Value],
) -> Result<Vec<QueryResult>, StoreError> {
    let (backend, shown) = (connection.get_database_backend(), key.join(", "));
    let marks: Vec<String> = (1..=after.len()).map(|at| mark(backend, at)).collect();
    let beyond =
        if after.is_empty() { String::new() } else { format!("AND ({shown}) > ({})", marks.join(", ")) };
    let wanted = format!(
        "SELECT {shown}, {column} FROM {table} WHERE {column} IS NOT NULL {beyond} ORDER BY {shown} LIMIT {AT_ONCE}"
    );
    let statement = Statement::from_sql_and_values(backend, wanted, after.to_vec());
    Ok(connection.query_all_raw(statement).await?)
}

/// Seals a piece of one place anew; answers of how many rows.
async fn piece(
    tx: &Tx,
    vault: &Vault,
    (table, column, key, owner): Place,
    number: u32,
) -> Result<u64, StoreError> {
    let backend = tx.get_database_backend();
    let shown = key.join(", ");
    let wanted = format!(
        "SELECT {shown}, {column} FROM {table} WHERE {column} IS NOT NULL AND substr({column}, 1, 7) <> {} ORDER BY {shown} LIMIT {AT_ONCE}",
        mark(backend, 1)
    );
    let marked: Value = Vault::mark(number).into();
    let rows = tx.query_all_raw(Statement::from_sql_and_values(backend, wanted, [marked])).await?;
    let mut done = 0;
    for row in rows {
        let before: Vec<u8> = row.try_get("", column)?;
        let belongs_to = belongs_to(&row, owner)?;
        let after = vault.seal(&belongs_to, &vault.open(&belongs_to, &before)?)?;
        let here = key.iter().enumerate().map(|(at, name)| format!("{name} = {}", mark(backend, at + 3)));
        let update = format!(
            "UPDATE {table} SET {column} = {} WHERE {column} = {} AND {}",
            mark(backend, 1),
            mark(backend, 2),
            here.collect::<Vec<_>>().join(" AND ")
        );
        let mut values: Vec<Value> = vec![after.into(), before.into()];
        for name in key {
            values.push(key_value(&row, name, owner)?);
        }
        let updated = tx.execute_raw(Statement::from_sql_and_values(backend, update, values)).await?;
        done += updated.rows_affected();
    }
    Ok(done)
}

fn belongs_to(row: &QueryResult, owner: Owner) -> Result<Vec<u8>, StoreError> {
    Ok(match owner {
        Owner::Id(word, name) => [word.as_bytes(), row.try_get::<Uuid>("", name)?.as_bytes()].concat(),
        Owner::Text(name) => row.try_get::<String>("", name)?.into_bytes(),
        Owner::Bytes(word, name) => [word.as_bytes(), &row.try_get::<Vec<u8>>("", name)?].concat(),
    })
}

/// A column of a key, as its type is.
fn key_value(row: &QueryResult, name: &str, owner: Owner) -> Result<Value, StoreError> {
    Ok(match owner {
        Owner::Text(_) => row.try_get::<String>("", name)?.into(),
        Owner::Bytes(_, _) => row.try_get::<Vec<u8>>("", name)?.into(),
        Owner::Id(_, _) if name == "number" => row.try_get::<i32>("", name)?.into(),
        Owner::Id(_, _) => row.try_get::<Uuid>("", name)?.into(),
    })
}

//! Accounts: who can log in, and as what.

use pingxuan_domain::account::User;
use pingxuan_domain::step::Step;
use pingxuan_domain::workflow::account::AccountState;
use pingxuan_domain::{Instant, Role, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

use crate::access;
use crate::connection::{Connection, Tx};
use crate::convert::{code, day_option, from_json, to_json};
use crate::entity::account::previous_password;
use crate::entity::account::user::{ActiveModel, Column, Entity, Model};
use crate::error::StoreError;
use crate::journal::Journal;
use crate::page::{Page, PageRequest, Sortable, page as read_page};
use crate::standing::stale_unless_one;

/// What the list of accounts may be sorted by.
const SORTABLE: Sortable<Column> = &[("username", Column::Username), ("display_name", Column::DisplayName)];

/// Which accounts are wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// With this role.
    pub role: Option<Role>,
    /// In this state.
    pub state: Option<AccountState>,
    /// Of this unit.
    pub unit_id: Option<Uuid>,
}

/// The account with this id.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find(
    connection: &impl Connection,
    _: &Visibility,
    id: Uuid,
) -> Result<Option<User>, StoreError> {
    Entity::find_by_id(id).one(connection).await?.map(from_row).transpose()
}

/// The same, locked until the transaction ends.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn lock(tx: &Tx, _: &Visibility, id: Uuid) -> Result<Option<User>, StoreError> {
    Entity::find_by_id(id).lock(LockType::Update).one(tx).await?.map(from_row).transpose()
}

/// The account that logs in with this name.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find_by_username(
    connection: &impl Connection,
    _: &Visibility,
    username: &str,
) -> Result<Option<User>, StoreError> {
    Entity::find().filter(Column::Username.eq(username)).one(connection).await?.map(from_row).transpose()
}

/// Those of these usernames and supervisors that an account has, as username and supervisor.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn among(
    connection: &impl Connection,
    _: &Visibility,
    usernames: &[&str],
    supervisors: &[Uuid],
) -> Result<Vec<(String, Option<Uuid>)>, StoreError> {
    let named = Condition::any()
        .add(Column::Username.is_in(usernames.iter().copied()))
        .add(Column::SupervisorId.is_in(supervisors.iter().copied()));
    let select = Entity::find().select_only().columns([Column::Username, Column::SupervisorId]);
    Ok(select.filter(named).into_tuple().all(connection).await?)
}

/// A page of accounts.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn page(
    connection: &impl Connection,
    _: &Visibility,
    filter: &Filter,
    request: &PageRequest,
) -> Result<Page<User>, StoreError> {
    let state = filter.state.map(|state| state.to_string());
    let select = Entity::find()
        .apply_if(filter.role, |select, role| select.filter(holds(role)))
        .apply_if(state, |select, state| select.filter(Column::State.eq(state)))
        .apply_if(filter.unit_id, |select, id| select.filter(Column::UnitId.eq(id)));
    read_page(connection, select, request, (SORTABLE, Column::Id), |row, _| from_row(row)).await
}

/// How many active accounts hold a role.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn count_active_with(
    connection: &impl Connection,
    _: &Visibility,
    role: Role,
) -> Result<usize, StoreError> {
    Ok(active_with(role).all(connection).await?.len())
}

/// How many active accounts hold a role; they are locked until the transaction ends, so that the last one stays.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn lock_active_with(tx: &Tx, _: &Visibility, role: Role) -> Result<usize, StoreError> {
    Ok(active_with(role).lock(LockType::Update).all(tx).await?.len())
}

fn active_with(role: Role) -> Select<Entity> {
    Entity::find().filter(holds(role)).filter(Column::State.eq(AccountState::Active.to_string()))
}

/// Whether there is any account.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn any(connection: &impl Connection) -> Result<bool, StoreError> {
    Ok(Entity::find().limit(1).one(connection).await?.is_some())
}

/// The hashes of passwords that an account had before, the newest first.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn previous_passwords(
    connection: &impl Connection,
    _: &Visibility,
    user_id: Uuid,
    many: u64,
) -> Result<Vec<String>, StoreError> {
    let rows = previous_password::Entity::find()
        .filter(previous_password::Column::UserId.eq(user_id))
        .order_by_desc(previous_password::Column::Id)
        .limit(many)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| row.hash).collect())
}

/// Keeps the hash of a password that is replaced now, under a new id.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn keep_previous(
    tx: &Tx,
    (id, user_id): (Uuid, Uuid),
    hash: String,
    now: Instant,
) -> Result<(), StoreError> {
    let row = previous_password::ActiveModel {
        id: Set(id),
        user_id: Set(user_id),
        replaced_at: Set(now.millis()),
        hash: Set(hash),
    };
    previous_password::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Puts the same password's hash at a new cost in the place of the old one; nobody sees a change.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn rehash(tx: &Tx, user_id: Uuid, old: &str, new: String) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::PasswordHash, sea_orm::sea_query::Expr::value(new))
        .filter(Column::Id.eq(user_id))
        .filter(Column::PasswordHash.eq(old))
        .exec(tx)
        .await?;
    Ok(())
}

/// Roles are kept as a JSON list of codes, so that one is found by its quoted code.
fn holds(role: Role) -> sea_orm::sea_query::SimpleExpr {
    Column::Roles.contains(format!("\"{role}\""))
}

/// Enters an account.
///
/// # Errors
/// [`StoreError::Taken`] where the username or the supervisor has one already.
pub async fn insert(tx: &Tx, journal: &Journal, user: &User, step: Step) -> Result<(), StoreError> {
    Entity::insert(to_row(user)?).exec_without_returning(tx).await?;
    journal.write(tx, &[step]).await
}

/// Enters several users at once.
///
/// # Errors
/// [`StoreError::Taken`] where the username or the supervisor of one has one already.
pub async fn insert_many(
    tx: &Tx,
    journal: &Journal,
    users: &[User],
    steps: &[Step],
) -> Result<(), StoreError> {
    // A hundred rows a statement keeps the bound values below SQLite's limit.
    for chunk in users.chunks(100) {
        let rows = chunk.iter().map(to_row).collect::<Result<Vec<_>, _>>()?;
        Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    journal.write(tx, steps).await
}

/// Records a change of an account, whose version has grown by one.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed it meanwhile.
pub async fn record(tx: &Tx, journal: &Journal, user: &User, step: Step) -> Result<(), StoreError> {
    let update = Entity::update_many().set(to_row(user)?);
    let update = update.filter(Column::Id.eq(user.id)).filter(Column::Version.eq(user.version - 1));
    stale_unless_one(update.exec(tx).await?)?;
    access::changed(tx).await?;
    journal.write(tx, &[step]).await
}

pub(crate) fn from_row(row: Model) -> Result<User, StoreError> {
    Ok(User {
        id: row.id,
        username: row.username,
        display_name: row.display_name,
        password_hash: row.password_hash,
        must_change_password: row.must_change_password,
        roles: from_json("users.roles", &row.roles)?,
        unit_id: row.unit_id,
        supervisor_id: row.supervisor_id,
        state: code("users.state", &row.state)?,
        valid_until: day_option("users.valid_until", row.valid_until.as_deref())?,
        password_set_at: Instant::from_millis(row.password_set_at),
        second_factor: row.second_factor,
        version: row.version,
        created_at: Instant::from_millis(row.created_at),
        updated_at: Instant::from_millis(row.updated_at),
    })
}

fn to_row(user: &User) -> Result<ActiveModel, StoreError> {
    Ok(ActiveModel {
        id: Set(user.id),
        username: Set(user.username.clone()),
        display_name: Set(user.display_name.clone()),
        password_hash: Set(user.password_hash.clone()),
        must_change_password: Set(user.must_change_password),
        roles: Set(to_json(&user.roles)?),
        unit_id: Set(user.unit_id),
        supervisor_id: Set(user.supervisor_id),
        state: Set(user.state.to_string()),
        valid_until: Set(user.valid_until.map(|day| day.to_string())),
        password_set_at: Set(user.password_set_at.millis()),
        second_factor: Set(user.second_factor),
        version: Set(user.version),
        created_at: Set(user.created_at.millis()),
        updated_at: Set(user.updated_at.millis()),
    })
}

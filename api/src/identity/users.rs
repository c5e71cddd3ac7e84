//! Accounts, kept by the security administrator (D-901).

use actix_web::{get, patch, post, web};
use pingxuan_domain::account::{User, role_faults};
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::workflow::account::{AccountFacts, AccountFlow, AccountState};
use pingxuan_domain::workflow::{self};
use pingxuan_domain::{Day, ErrorCode, Fault, Instant, Operation, Refused, Role};
use pingxuan_persistence::login_attempts::{self, Who};
use pingxuan_persistence::{Connection, Tx, accounts, second_factors, sessions, supervisors, units};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::passwords::one_time_password;
use super::session::actor;
use crate::actions::AllowedAction;
use crate::call::{Answer, Call};
use crate::enums;
use crate::pages::{PageQuery, PageView};
use crate::problem::Failure;
use crate::running::bootstrap::new_user;
use crate::secret::Secret;

/// Which accounts are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UserQuery {
    /// 角色 · With this role.
    #[param(value_type = Option<enums::Role>)]
    role: Option<Role>,
    /// 状态 · In this state.
    #[param(value_type = Option<enums::AccountState>)]
    state: Option<AccountState>,
    /// 单位 · Of this unit.
    unit_id: Option<Uuid>,
    /// 排序 · Order: `username`, `display_name`; `-` before a name turns it round.
    #[param(max_length = 60, pattern = "^-?(username|display_name)(,-?(username|display_name))*$")]
    #[expect(dead_code, reason = "read with the page")]
    sort: Option<String>,
}

/// An account as it is entered.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserIn {
    /// What one logs in with; it stays.
    #[schema(min_length = 2, max_length = 64, pattern = "^[a-z0-9][a-z0-9._-]*$")]
    pub username: String,
    /// The name shown to others.
    #[schema(min_length = 1, max_length = 100)]
    pub display_name: String,
    /// Its roles; administrators hold one alone.
    #[schema(value_type = Vec<enums::Role>, min_items = 1, max_items = 4)]
    pub roles: Vec<Role>,
    /// The unit that it acts for, with the role `unit`; in any other role, the unit where the person works: it gives no access,
    /// and bars them from the cases of that unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_id: Option<Uuid>,
    /// The supervisor that it is, with the role `supervisor` and only with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supervisor_id: Option<Uuid>,
    /// The last day on which it can log in, until 24:00 in Asia/Shanghai; without one it has no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub valid_until: Option<Day>,
}

/// What is reset beside the password.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordResetIn {
    /// The second factor and its recovery codes are lost: they are removed too. See to it that it is really the owner who asks.
    #[serde(default)]
    second_factor_lost: bool,
}

/// An account.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct UserView {
    id: Uuid,
    /// What one logs in with.
    #[schema(max_length = 64)]
    username: String,
    /// The name shown to others.
    #[schema(max_length = 100)]
    display_name: String,
    /// Its roles.
    #[schema(value_type = Vec<enums::Role>, max_items = 8)]
    roles: Vec<Role>,
    /// The unit that it acts for in the role of one; in any other role, the unit where the person works.
    unit_id: Option<Uuid>,
    /// The supervisor that it is.
    supervisor_id: Option<Uuid>,
    /// Where it stands.
    #[schema(value_type = enums::AccountState)]
    state: AccountState,
    /// The last day on which it can log in; without one it has no end.
    #[schema(value_type = Option<String>, format = Date)]
    valid_until: Option<Day>,
    /// It still has the password it was given.
    must_change_password: bool,
    /// It has a second factor.
    second_factor: bool,
    /// Until when too many wrong passwords have locked it.
    #[schema(value_type = Option<String>, format = DateTime)]
    locked_until: Option<Instant>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Instant,
    /// The password that it was given, shown this once.
    #[schema(value_type = Option<String>, max_length = 40)]
    initial_password: Option<Secret>,
    /// What may be done with it.
    #[schema(max_items = 40)]
    allowed_actions: Option<Vec<AllowedAction>>,
}

/// The view of an account; with what may be done with it, where it is known how many security administrators can log in.
fn view(call: &Call, user: User, locked_until: Option<Instant>, security_admins: Option<usize>) -> UserView {
    let allowed_actions = security_admins.map(|security_admins| {
        let last = is_security_admin(&user) && security_admins < 2;
        let facts = facts(call, &user, last, locked_until.is_some());
        let operations = workflow::operations::<AccountFlow>(Some(user.state));
        call.allowed_actions(("/users/{user_id}", &user.id.to_string()), &operations, |operation| {
            workflow::blockers::<AccountFlow>(Some(user.state), operation, &facts)
        })
    });
    UserView {
        id: user.id,
        username: user.username,
        display_name: user.display_name,
        roles: user.roles,
        unit_id: user.unit_id,
        supervisor_id: user.supervisor_id,
        state: user.state,
        valid_until: user.valid_until,
        must_change_password: user.must_change_password,
        second_factor: user.second_factor,
        locked_until,
        created_at: user.created_at,
        updated_at: user.updated_at,
        initial_password: None,
        allowed_actions,
    }
}

fn facts(call: &Call, user: &User, last_security_admin: bool, locked: bool) -> AccountFacts {
    AccountFacts {
        own: call.visibility.actor().is_some_and(|actor| actor.user_id == user.id),
        last_security_admin,
        locked,
    }
}

async fn answered(call: &Call, connection: &impl Connection, user: User) -> Answer {
    let version = user.version.to_string();
    let view = whole_view(call, connection, user).await?;
    call.ok(&view, &version)
}

/// The view of one account, with what may be done with it.
async fn whole_view(call: &Call, connection: &impl Connection, user: User) -> Result<UserView, Failure> {
    let security_admins = security_admins(call, connection).await?;
    let locked_until = locked_until(call, connection, &user).await?;
    Ok(view(call, user, locked_until, Some(security_admins)))
}

/// Until when an account is locked, if it is.
async fn locked_until(
    call: &Call,
    connection: &impl Connection,
    user: &User,
) -> Result<Option<Instant>, Failure> {
    let attempts = login_attempts::find(connection, &Who::account(call.vault(), &user.username)).await?;
    Ok(attempts.is_locked(call.now).then_some(attempts.locked_until))
}

/// How many security administrators can log in.
async fn security_admins(call: &Call, connection: &impl Connection) -> Result<usize, Failure> {
    Ok(accounts::count_active_with(connection, &call.visibility, Role::SecurityAdmin).await?)
}

fn is_security_admin(user: &User) -> bool {
    user.roles.contains(&Role::SecurityAdmin) && user.state == AccountState::Active
}

/// 账户列表 · List accounts
///
/// Accounts by role, state or unit.
#[utoipa::path(tag = "accounts", params(PageQuery, UserQuery), responses((status = 200, description = "A page of accounts", body = PageView<UserView>)))]
#[get("/users")]
pub async fn list_users(call: Call) -> Answer {
    let asked: UserQuery = call.filters()?;
    let filter = accounts::Filter { role: asked.role, state: asked.state, unit_id: asked.unit_id };
    let page = accounts::page(call.app.db.read(), &call.visibility, &filter, &call.page()?).await?;
    let security_admins = if call.includes("allowed_actions") {
        Some(security_admins(&call, call.app.db.read()).await?)
    } else {
        None
    };
    let who: Vec<Who> = page.items.iter().map(|user| Who::account(call.vault(), &user.username)).collect();
    let locked = login_attempts::locked_among(call.app.db.read(), &who, call.now).await?;
    let mut locked = locked.into_iter();
    call.listed(page, |user| view(&call, user, locked.next().flatten(), security_admins))
}

/// 新建账户 · Create an account
///
/// The answer holds a one-time password, shown this once; whoever logs in with it must change it first.
#[utoipa::path(tag = "accounts", request_body = UserIn, responses((status = 201, description = "Created", body = UserView)))]
#[post("/users")]
pub async fn create_user(call: Call) -> Answer {
    let sent: UserIn = call.read()?;
    check(&call, &sent).await?;
    let password = one_time_password()?;
    let mut user = new_user(&call.app, &sent.username, &sent.display_name, sent.roles, &password).await?;
    (user.unit_id, user.supervisor_id) = (sent.unit_id, sent.supervisor_id);
    user.valid_until = sent.valid_until;
    let step = entering(&user, call.now);
    let journal = call.journal();
    let answer = call.act(async |tx| {
        accounts::insert(tx, &journal, &user, step.clone()).await?;
        let (location, version) = (format!("/api/v1/users/{}", user.id), user.version.to_string());
        let mut view = whole_view(&call, tx, user.clone()).await?;
        view.initial_password = Some(password.clone().into());
        call.created(&location, &view, &version)
    });
    answer.await.map_err(|failure| failure.taken_is(ErrorCode::UsernameTaken))
}

/// 查看账户 · Get an account
///
/// One account, with what may be done with it.
#[utoipa::path(tag = "accounts", params(("user_id" = Uuid, Path, description = "The account")), responses((status = 200, description = "The account", body = UserView)))]
#[get("/users/{user_id}")]
pub async fn get_user(call: Call, id: web::Path<Uuid>) -> Answer {
    let read = call.app.db.read();
    let user = accounts::find(read, &call.visibility, *id).await?.ok_or_else(Failure::not_found)?;
    answered(&call, read, user).await
}

/// 修改账户 · Change an account
///
/// A merge patch of name, roles, unit and supervisor; the username stays. New roles hold from the next request on.
#[utoipa::path(
    tag = "accounts",
    params(("user_id" = Uuid, Path, description = "The account"), ("If-Match" = String, Header, description = "The version that is changed")),
    request_body(content = UserIn, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "Changed", body = UserView))
)]
#[patch("/users/{user_id}")]
pub async fn update_user(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let user = changed(&call, tx, *id).await?;
        answered(&call, tx, user).await
    })
    .await
}

async fn changed(call: &Call, tx: &Tx, id: Uuid) -> Result<User, Failure> {
    let before = locked(call, tx, id).await?;
    let current = UserIn {
        username: before.username.clone(),
        display_name: before.display_name.clone(),
        roles: before.roles.clone(),
        unit_id: before.unit_id,
        supervisor_id: before.supervisor_id,
        valid_until: before.valid_until,
    };
    let sent = call.patched(&current)?;
    if sent.username != before.username {
        return Err(Refused::invalid(Fault::at("/username", ErrorCode::UnknownMember)).into());
    }
    check(call, &sent).await?;
    let loses = before.roles.contains(&Role::SecurityAdmin) && !sent.roles.contains(&Role::SecurityAdmin);
    if loses && last_security_admin(call, tx, &before).await? {
        return Err(Failure::guard(ErrorCode::LastSecurityAdmin));
    }
    let mut after = before.clone();
    after.display_name = sent.display_name;
    after.roles = sent.roles;
    (after.unit_id, after.supervisor_id) = (sent.unit_id, sent.supervisor_id);
    after.valid_until = sent.valid_until;
    record(call, tx, &before, after).await
}

/// 停用账户 · Disable an account
///
/// It cannot log in any more, and its sessions end at once.
#[utoipa::path(
    tag = "accounts",
    params(("user_id" = Uuid, Path, description = "The account"), ("If-Match" = String, Header, description = "The version that is disabled")),
    responses((status = 200, description = "Disabled", body = UserView))
)]
#[post("/users/{user_id}/disable")]
pub async fn disable_user(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let user = switched(&call, tx, *id).await?;
        sessions::end_all_of(tx, user.id, "the account was disabled", call.now).await?;
        answered(&call, tx, user).await
    })
    .await
}

/// 启用账户 · Enable an account
///
/// It can log in again, with the password that it had.
#[utoipa::path(
    tag = "accounts",
    params(("user_id" = Uuid, Path, description = "The account"), ("If-Match" = String, Header, description = "The version that is enabled")),
    responses((status = 200, description = "Enabled", body = UserView))
)]
#[post("/users/{user_id}/enable")]
pub async fn enable_user(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let user = switched(&call, tx, *id).await?;
        answered(&call, tx, user).await
    })
    .await
}

/// 重置密码 · Reset a password
///
/// The answer holds a one-time password, shown this once; whoever logs in with it must change it first. All sessions of the account
/// end. A second factor stays, unless the body says that it is lost; then it must be enrolled anew where a role needs one.
#[utoipa::path(
    tag = "accounts",
    params(("user_id" = Uuid, Path, description = "The account"), ("If-Match" = String, Header, description = "The version whose password is reset")),
    request_body = Option<PasswordResetIn>,
    responses((status = 200, description = "Reset", body = UserView))
)]
#[post("/users/{user_id}/reset-password")]
pub async fn reset_user_password(call: Call, id: web::Path<Uuid>) -> Answer {
    let sent: PasswordResetIn = call.read_or_empty()?;
    let password = one_time_password()?;
    let hash = call.app.passwords.hash(password.clone()).await?;
    call.act(async |tx| {
        let before = locked(&call, tx, *id).await?;
        permit(&call, tx, &before, false).await?;
        let mut after = before.clone();
        after.password_hash.clone_from(&hash);
        (after.must_change_password, after.password_set_at) = (true, call.now);
        if sent.second_factor_lost {
            second_factors::remove(tx, after.id).await?;
            after.second_factor = false;
        }
        accounts::keep_previous(
            tx,
            (call.app.clock.new_id(), after.id),
            before.password_hash.clone(),
            call.now,
        )
        .await?;
        sessions::end_all_of(tx, after.id, "the password was reset", call.now).await?;
        let after = record(&call, tx, &before, after).await?;
        let version = after.version.to_string();
        let mut view = whole_view(&call, tx, after).await?;
        view.initial_password = Some(password.clone().into());
        call.ok(&view, &version)
    })
    .await
}

/// 解除锁定 · Unlock an account
///
/// Forgets the wrong passwords that have locked it, so that it can log in at once.
#[utoipa::path(
    tag = "accounts",
    params(("user_id" = Uuid, Path, description = "The account"), ("If-Match" = String, Header, description = "The version that is unlocked")),
    responses((status = 200, description = "Unlocked", body = UserView))
)]
#[post("/users/{user_id}/unlock")]
pub async fn unlock_user(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let user = locked(&call, tx, *id).await?;
        permit(&call, tx, &user, false).await?;
        login_attempts::forget(tx, &Who::account(call.vault(), &user.username)).await?;
        let step = Step::of(call.operation(), ObjectKind::User, user.id, call.now);
        call.journal().write(tx, &[step.states(Some(user.state), Some(user.state))]).await?;
        answered(&call, tx, user).await
    })
    .await
}

/// Asks the account's table.
async fn permit(call: &Call, tx: &Tx, user: &User, last: bool) -> Result<(), Failure> {
    let locked = locked_until(call, tx, user).await?.is_some();
    Ok(workflow::permit::<AccountFlow>(Some(user.state), call.operation(), &facts(call, user, last, locked))?)
}

async fn switched(call: &Call, tx: &Tx, id: Uuid) -> Result<User, Failure> {
    let before = locked(call, tx, id).await?;
    let last = last_security_admin(call, tx, &before).await?;
    permit(call, tx, &before, last).await?;
    let mut after = before.clone();
    after.state = workflow::next::<AccountFlow>(before.state, call.operation())?;
    record(call, tx, &before, after).await
}

async fn locked(call: &Call, tx: &Tx, id: Uuid) -> Result<User, Failure> {
    let user = accounts::lock(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    call.expects(&user.version.to_string())?;
    Ok(user)
}

async fn last_security_admin(call: &Call, tx: &Tx, user: &User) -> Result<bool, Failure> {
    Ok(is_security_admin(user)
        && accounts::lock_active_with(tx, &call.visibility, Role::SecurityAdmin).await? < 2)
}

async fn record(call: &Call, tx: &Tx, before: &User, mut after: User) -> Result<User, Failure> {
    after.version += 1;
    after.updated_at = call.now;
    let step = Step::of(call.operation(), ObjectKind::User, after.id, call.now)
        .states(Some(before.state), Some(after.state))
        .difference(&audited(before), &audited(&after));
    let recorded = accounts::record(tx, &call.journal(), &after, step).await;
    recorded.map_err(|error| Failure::from(error).taken_is(ErrorCode::Conflict))?;
    Ok(after)
}

/// What is written down of an account that is entered.
#[must_use]
pub fn entering(user: &User, now: Instant) -> Step {
    Step::of(Operation::CreateUser, ObjectKind::User, user.id, now)
        .states(None, Some(user.state))
        .difference(&Value::Null, &audited(user))
}

/// What the audit says of an account.
pub(crate) fn audited(user: &User) -> Value {
    json!({
        "username": user.username, "display_name": user.display_name, "roles": user.roles,
        "unit_id": user.unit_id, "supervisor_id": user.supervisor_id, "valid_until": user.valid_until,
        "second_factor": user.second_factor,
    })
}

/// What the roles need, and whether what is named is there.
async fn check(call: &Call, sent: &UserIn) -> Result<(), Failure> {
    actor(&call.visibility)?;
    let mut faults = role_faults(&sent.roles, sent.unit_id, sent.supervisor_id);
    let read = call.app.db.read();
    if let Some(id) = sent.unit_id
        && units::find(read, &call.visibility, id).await?.is_none()
    {
        faults.push(Fault::at("/unit_id", ErrorCode::UnknownReference));
    }
    if let Some(id) = sent.supervisor_id
        && supervisors::find(read, &call.visibility, id).await?.is_none()
    {
        faults.push(Fault::at("/supervisor_id", ErrorCode::UnknownReference));
    }
    Ok(Refused::unless_valid(faults)?)
}

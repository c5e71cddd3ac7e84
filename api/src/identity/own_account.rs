//! The caller's own account, and its password.

use actix_web::{HttpResponse, get, post};
use pingxuan_domain::account::User;
use pingxuan_domain::policy::Duty;
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::{ErrorCode, Fault, Operation, Refused, Role};
use pingxuan_persistence::{accounts, second_factors, sessions};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::attempts::Attempt;
use super::login::failed;
use super::passwords::is_common;
use super::session::actor;
use crate::call::{Answer, Call};
use crate::enums;
use crate::problem::Failure;
use crate::secret::Secret;

/// The caller's own account.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct MeView {
    /// The account.
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
    /// The password was given, not chosen, or is past its time.
    must_change_password: bool,
    /// A role of the account needs a second factor, and it has none.
    must_enrol_second_factor: bool,
    /// It has a second factor.
    second_factor: bool,
    /// How many of its recovery codes are left, where it has a second factor.
    #[schema(minimum = 0, maximum = 20)]
    recovery_codes_left: Option<u64>,
}

/// A change of the own password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordIn {
    /// The password until now.
    #[schema(value_type = String, min_length = 1, max_length = 200, format = Password)]
    current_password: Secret,
    /// The password from now on.
    #[schema(value_type = String, min_length = 1, max_length = 200, format = Password)]
    new_password: Secret,
}

/// 当前账户 · The caller's own account
///
/// Who the token belongs to, and what they are.
#[utoipa::path(tag = "auth", responses((status = 200, description = "The own account", body = MeView)))]
#[get("/me")]
pub async fn get_me(call: Call) -> Answer {
    let actor = actor(&call.visibility)?;
    let read = call.app.db.read();
    let user = accounts::find(read, &call.visibility, actor.user_id).await?.ok_or_else(Failure::not_found)?;
    let recovery_codes_left =
        if user.second_factor { Some(second_factors::codes_left(read, user.id).await?) } else { None };
    call.plain(&MeView {
        id: user.id,
        username: user.username,
        display_name: user.display_name,
        roles: user.roles,
        unit_id: user.unit_id,
        supervisor_id: user.supervisor_id,
        must_change_password: actor.duty == Some(Duty::ChangePassword),
        must_enrol_second_factor: actor.duty == Some(Duty::EnrolSecondFactor),
        second_factor: user.second_factor,
        recovery_codes_left,
    })
}

/// 修改密码 · Change the own password
///
/// Needs the password until now; ends all other sessions of the account. The new one is held to the installation's rules
/// (docs/settings.md), must not be easy to guess, and none of the last ones.
#[utoipa::path(tag = "auth", request_body = PasswordIn, responses((status = 204, description = "Changed")))]
#[post("/me/password")]
pub async fn change_password(call: Call) -> Answer {
    let sent: PasswordIn = call.read()?;
    let (id, session_id) = (actor(&call.visibility)?.user_id, actor(&call.visibility)?.session_id);
    let user =
        accounts::find(call.app.db.read(), &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    let attempt = Attempt::begin(&call, &user.username).await?;
    let current = sent.current_password.expose().to_owned();
    if !call.app.passwords.verify(current, Some(user.password_hash.clone())).await? {
        failed(&call, Some(id)).await?;
        return Err(Refused::invalid(Fault::at("/current_password", ErrorCode::WrongPassword)).into());
    }
    call.app.db.in_tx(async |tx| attempt.was_right(tx, &call).await).await?;
    refuse_weak(&call, &user, sent.new_password.expose()).await?;
    let hash = call.app.passwords.hash(sent.new_password.expose().to_owned()).await?;
    let journal = call.journal();
    call.app
        .db
        .in_tx(async |tx| {
            let found = accounts::lock(tx, &call.visibility, id).await?;
            let mut user = found.ok_or_else(Failure::not_found)?;
            let before = std::mem::replace(&mut user.password_hash, hash.clone());
            accounts::keep_previous(tx, (call.app.clock.new_id(), id), before, call.now).await?;
            user.must_change_password = false;
            user.password_set_at = call.now;
            user.version += 1;
            user.updated_at = call.now;
            sessions::end_others_of(tx, id, session_id, "the password was changed", call.now).await?;
            let step = Step::of(Operation::ChangePassword, ObjectKind::User, id, call.now);
            Ok::<_, Failure>(accounts::record(tx, &journal, &user, step).await?)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Sees to it that a new password is what the profile asks, hard to guess, and none of the last ones.
async fn refuse_weak(call: &Call, user: &User, password: &str) -> Result<(), Failure> {
    let profile = call.app.security.passwords;
    profile.check(&user.username, password).map_err(Refused::invalid)?;
    if is_common(password, &[&user.username, &user.display_name]) {
        return Err(Refused::invalid(Fault::at("/new_password", ErrorCode::PasswordCommon)).into());
    }
    let history = profile.rules().history;
    let earlier = u64::try_from(history.saturating_sub(1)).unwrap_or(0);
    let earlier =
        accounts::previous_passwords(call.app.db.read(), &call.visibility, user.id, earlier).await?;
    for hash in std::iter::once(user.password_hash.clone()).chain(earlier) {
        if call.app.passwords.verify(password.to_owned(), Some(hash)).await? {
            let fault = Fault::at("/new_password", ErrorCode::PasswordUsedBefore).with("history", history);
            return Err(Refused::invalid(fault).into());
        }
    }
    Ok(())
}

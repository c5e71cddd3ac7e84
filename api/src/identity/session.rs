//! Log-in, renewal, log-out, and the caller's own account.

use actix_web::{HttpResponse, get, post};
use pingxuan_domain::account::check_password;
use pingxuan_domain::policy::{Actor, Caller};
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::workflow::account::AccountState;
use pingxuan_domain::{ErrorCode, Fault, Operation, Refused, Role, Visibility};
use pingxuan_persistence::sessions::{self, Used};
use pingxuan_persistence::{Tx, accounts};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::tokens::{ACCESS_SECONDS, SESSION_SECONDS, refresh_hash, refresh_token};
use crate::call::{Answer, Call};
use crate::enums;
use crate::problem::Failure;

/// A log-in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginIn {
    /// The account's name.
    #[schema(min_length = 1, max_length = 64)]
    username: String,
    /// Its password.
    #[schema(min_length = 1, max_length = 200, format = Password)]
    password: String,
}

/// A renewal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshIn {
    /// The refresh token that was given last.
    #[schema(min_length = 1, max_length = 200)]
    refresh_token: String,
}

/// What one is let in with.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokensView {
    /// The access token, to be sent as `Authorization: Bearer …`.
    #[schema(max_length = 2000)]
    access_token: String,
    /// `Bearer`.
    #[schema(max_length = 10, pattern = "^Bearer$")]
    token_type: &'static str,
    /// Seconds until the access token is over. Go by this, not by the token's own `exp`.
    #[schema(minimum = 1, maximum = 86400)]
    expires_in: i64,
    /// What the next access token is got with; it is good once.
    #[schema(max_length = 200)]
    refresh_token: String,
    /// The password was given, not chosen: nothing but its change is open until then.
    must_change_password: bool,
}

/// The caller's own account.
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
    /// The password was given, not chosen.
    must_change_password: bool,
}

/// A change of the own password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordIn {
    /// The password until now.
    #[schema(min_length = 1, max_length = 200, format = Password)]
    current_password: String,
    /// The password from now on.
    #[schema(min_length = 1, max_length = 200, format = Password)]
    new_password: String,
}

/// 登录 · Log in
///
/// Gives an access token and a refresh token. A wrong name and a wrong password are answered alike.
#[utoipa::path(tag = "auth", request_body = LoginIn, responses((status = 200, description = "Let in", body = TokensView)))]
#[post("/auth/login")]
pub async fn login(call: Call) -> Answer {
    let sent: LoginIn = call.read()?;
    let user = accounts::find_by_username(call.app.db.read(), &call.visibility, &sent.username).await?;
    let hash = user.as_ref().map(|user| user.password_hash.clone());
    let right = call.app.passwords.verify(sent.password, hash).await?;
    let Some(user) = user.filter(|user| right && user.state == AccountState::Active) else {
        tracing::info!(request_id = call.request_id, "a log-in failed");
        return Err(Failure::of(ErrorCode::InvalidCredentials));
    };
    let session_id = call.app.clock.new_id();
    let actor = user.actor(session_id);
    let ends = call.now.plus_seconds(SESSION_SECONDS);
    let (given, kept) = refresh_token(call.now, ends)?;
    let journal = call.journal_of(Caller::User(Box::new(actor)));
    let step = Step::of(Operation::Login, ObjectKind::Session, session_id, call.now);
    call.app
        .db
        .in_tx(async |tx| {
            sessions::insert(tx, &call.visibility, session_id, user.id, ends, &kept).await?;
            Ok::<_, Failure>(journal.write(tx, std::slice::from_ref(&step)).await?)
        })
        .await?;
    call.plain(&tokens_view(&call, user.id, session_id, given, user.must_change_password)?)
}

/// 续期 · Renew a session
///
/// A refresh token is good once; the answer holds the next. Where an old one is used again, somebody has a copy: the
/// session ends.
#[utoipa::path(tag = "auth", request_body = RefreshIn, responses((status = 200, description = "Renewed", body = TokensView)))]
#[post("/auth/refresh")]
pub async fn refresh_session(call: Call) -> Answer {
    let sent: RefreshIn = call.read()?;
    let hash = refresh_hash(&sent.refresh_token);
    let renewed = call.app.db.in_tx(async |tx| renew(&call, tx, &hash).await).await?;
    let (actor, given) = renewed?;
    call.plain(&tokens_view(&call, actor.user_id, actor.session_id, given, actor.must_change_password)?)
}

/// The inner answer is a refusal that must stand: the session that it ends stays ended.
async fn renew(call: &Call, tx: &Tx, hash: &[u8]) -> Result<Result<(Actor, String), Failure>, Failure> {
    let session_id = match sessions::use_token(tx, hash, call.now).await? {
        Used::Good { session_id } => session_id,
        Used::Unknown => return Ok(Err(Failure::of(ErrorCode::InvalidRefreshToken))),
        Used::Again { session_id } => {
            sessions::end(tx, session_id, "a refresh token was used again", call.now).await?;
            let step = Step::of(Operation::RefreshSession, ObjectKind::Session, session_id, call.now);
            call.journal().write(tx, &[step.because("reuse".to_owned())]).await?;
            tracing::warn!(session = %session_id, "a refresh token was used again: the session is ended");
            return Ok(Err(Failure::of(ErrorCode::RefreshTokenReused)));
        }
    };
    let Some(actor) = sessions::actor(tx, session_id, call.now).await? else {
        return Ok(Err(Failure::of(ErrorCode::InvalidRefreshToken)));
    };
    let ends = sessions::ends_at(tx, session_id).await?;
    let (given, kept) = refresh_token(call.now, ends)?;
    sessions::insert_token(tx, session_id, &kept).await?;
    Ok(Ok((actor, given)))
}

/// 退出 · Log out
///
/// Ends the session: its tokens are good for nothing from now on.
#[utoipa::path(tag = "auth", responses((status = 204, description = "The session has ended")))]
#[post("/auth/logout")]
pub async fn logout(call: Call) -> Answer {
    let session_id = actor(&call.visibility)?.session_id;
    let step = Step::of(Operation::Logout, ObjectKind::Session, session_id, call.now);
    let journal = call.journal();
    call.app
        .db
        .in_tx(async |tx| {
            sessions::end(tx, session_id, "logged out", call.now).await?;
            Ok::<_, Failure>(journal.write(tx, std::slice::from_ref(&step)).await?)
        })
        .await?;
    call.gone()
}

/// 当前账户 · The caller's own account
///
/// Who the token belongs to, and what they are.
#[utoipa::path(tag = "auth", responses((status = 200, description = "The own account", body = MeView)))]
#[get("/me")]
pub async fn get_me(call: Call) -> Answer {
    let id = actor(&call.visibility)?.user_id;
    let user =
        accounts::find(call.app.db.read(), &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    call.plain(&MeView {
        id: user.id,
        username: user.username,
        display_name: user.display_name,
        roles: user.roles,
        unit_id: user.unit_id,
        supervisor_id: user.supervisor_id,
        must_change_password: user.must_change_password,
    })
}

/// 修改密码 · Change the own password
///
/// Needs the password until now; ends all other sessions of the account.
#[utoipa::path(tag = "auth", request_body = PasswordIn, responses((status = 204, description = "Changed")))]
#[post("/me/password")]
pub async fn change_password(call: Call) -> Answer {
    let sent: PasswordIn = call.read()?;
    let (id, session_id) = (actor(&call.visibility)?.user_id, actor(&call.visibility)?.session_id);
    let user =
        accounts::find(call.app.db.read(), &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    if !call.app.passwords.verify(sent.current_password.clone(), Some(user.password_hash)).await? {
        return Err(Refused::invalid(Fault::at("/current_password", ErrorCode::WrongPassword)).into());
    }
    check_password(&user.username, &sent.new_password).map_err(Refused::invalid)?;
    if sent.new_password == sent.current_password {
        return Err(Refused::invalid(Fault::at("/new_password", ErrorCode::PasswordUnchanged)).into());
    }
    let hash = call.app.passwords.hash(sent.new_password).await?;
    let journal = call.journal();
    call.app
        .db
        .in_tx(async |tx| {
            let found = accounts::lock(tx, &call.visibility, id).await?;
            let mut user = found.ok_or_else(Failure::not_found)?;
            user.password_hash.clone_from(&hash);
            user.must_change_password = false;
            user.version += 1;
            user.updated_at = call.now;
            sessions::end_others_of(tx, id, session_id, "the password was changed", call.now).await?;
            let step = Step::of(Operation::ChangePassword, ObjectKind::User, id, call.now);
            Ok::<_, Failure>(accounts::record(tx, &journal, &user, step).await?)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

fn tokens_view(
    call: &Call,
    user_id: Uuid,
    session_id: Uuid,
    refresh_token: String,
    must_change_password: bool,
) -> Result<TokensView, Failure> {
    let access_token =
        call.app.tokens.access_token(user_id, session_id, call.app.clock.new_id(), call.now)?;
    let token_type = "Bearer";
    Ok(TokensView {
        access_token,
        token_type,
        expires_in: ACCESS_SECONDS,
        refresh_token,
        must_change_password,
    })
}

/// Who asks, where the policy lets in only those who are logged in.
///
/// # Errors
/// 401, should the policy ever let in somebody else.
pub fn actor(visibility: &Visibility) -> Result<&Actor, Failure> {
    visibility.actor().ok_or_else(|| Failure::of(ErrorCode::Unauthenticated))
}

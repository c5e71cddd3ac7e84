//! Log-in and renewal: how somebody comes to hold tokens.

use actix_web::http::header;
use actix_web::post;
use pingxuan_domain::account::User;
use pingxuan_domain::policy::{Actor, Caller, Duty};
use pingxuan_domain::step::{ObjectKind, Outcome, Step};
use pingxuan_domain::{ErrorCode, Operation};
use pingxuan_persistence::second_factors::{self, Pending};
use pingxuan_persistence::sessions::{self, Session, Used};
use pingxuan_persistence::{Tx, accounts};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::attempts::Attempt;
use super::tokens::{ACCESS_SECONDS, pending_token, refresh_token, secret_hash};
use crate::call::{Answer, Call};
use crate::problem::Failure;
use crate::secret::Secret;

/// A log-in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginIn {
    /// The account's name.
    #[schema(min_length = 1, max_length = 64)]
    username: String,
    /// Its password.
    #[schema(value_type = String, min_length = 1, max_length = 200, format = Password)]
    password: Secret,
}

/// A renewal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshIn {
    /// The refresh token that was given last.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    refresh_token: Secret,
}

/// What one is let in with.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokensView {
    /// The access token, to be sent as `Authorization: Bearer …`.
    #[schema(value_type = String, max_length = 2000)]
    access_token: Secret,
    /// `Bearer`.
    #[schema(max_length = 10, pattern = "^Bearer$")]
    token_type: &'static str,
    /// Seconds until the access token is over. Go by this, not by the token's own `exp`.
    #[schema(minimum = 1, maximum = 86400)]
    expires_in: i64,
    /// What the next access token is got with; it is good once.
    #[schema(value_type = String, max_length = 200)]
    refresh_token: Secret,
    /// The password was given, not chosen: nothing but its change is open until then.
    must_change_password: bool,
    /// A role of the account needs a second factor: nothing but its enrolment is open until then.
    must_enrol_second_factor: bool,
}

/// A log-in whose password was right, and that waits for its second factor.
#[derive(Debug, Serialize, ToSchema)]
pub struct PendingLoginView {
    /// What stands for the password; it opens nothing by itself.
    #[schema(value_type = String, max_length = 200)]
    pending_token: Secret,
    /// Seconds within which the second factor must be shown.
    #[schema(minimum = 1, maximum = 3600)]
    expires_in: i64,
}

/// 登录 · Log in
///
/// Gives an access token and a refresh token; where the account has a second factor, a token that waits for it (202), to be shown to
/// `verify_second_factor`. A wrong name and a wrong password are answered alike. After several wrong passwords
/// the account is locked for some minutes (429), whether there is such an account or not.
#[utoipa::path(tag = "auth", request_body = LoginIn, responses(
    (status = 200, description = "Let in", body = TokensView),
    (status = 202, description = "The password is right; the second factor is still to be shown", body = PendingLoginView)
))]
#[post("/auth/login")]
pub async fn login(call: Call) -> Answer {
    let sent: LoginIn = call.read()?;
    let attempt = Attempt::begin(&call, &sent.username).await?;
    let user = accounts::find_by_username(call.app.db.read(), &call.visibility, &sent.username).await?;
    let hash = user.as_ref().map(|user| user.password_hash.clone());
    let right = call.app.passwords.verify(sent.password.expose().to_owned(), hash).await?;
    let known = user.as_ref().map(|user| user.id);
    let good = |user: &User| right && user.is_open(call.now) && !user.one_time_password_is_over(call.now);
    let Some(user) = user.filter(good) else {
        failed(&call, known).await?;
        return Err(Failure::of(ErrorCode::InvalidCredentials));
    };
    let dearer = call.app.passwords.dearer(&user.password_hash, sent.password.expose().to_owned()).await?;
    let admitted = call.app.db.in_tx(async |tx| {
        if let Some(hash) = &dearer {
            accounts::rehash(tx, user.id, &user.password_hash, hash.clone()).await?;
        }
        if user.second_factor {
            attempt.was_half_right(tx, &call).await?;
        } else {
            attempt.was_right(tx, &call).await?;
        }
        admit(&call, tx, &user).await
    });
    admitted.await?.answer(&call)
}

/// How far somebody has come who is known: by a password, or by an identity provider.
#[derive(Debug)]
pub enum Admitted {
    /// In: with a session of theirs, and its refresh token.
    In(Box<Actor>, Secret),
    /// As far as their second factor, with the token that waits for it.
    Waiting(Secret),
}

impl Admitted {
    /// What `login` answers.
    ///
    /// # Errors
    /// [`Failure`] where signing fails.
    pub fn answer(self, call: &Call) -> Answer {
        match self {
            Self::In(actor, given) => call.plain(&tokens_view(call, &actor, given)?),
            Self::Waiting(pending_token) => {
                call.accepted(&PendingLoginView { pending_token, expires_in: PENDING_SECONDS })
            }
        }
    }

    /// The one token with which the caller goes on, and its name.
    #[must_use]
    pub fn token(&self) -> (&'static str, &str) {
        match self {
            Self::In(_, given) => ("refresh_token", given.expose()),
            Self::Waiting(token) => ("pending_token", token.expose()),
        }
    }
}

/// Opens a session of an account, or lets the log-in wait for the account's second factor.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn admit(call: &Call, tx: &Tx, user: &User) -> Result<Admitted, Failure> {
    if user.second_factor {
        let token = pending_token()?;
        wait(call, tx, user, &token).await?;
        return Ok(Admitted::Waiting(token.into()));
    }
    let (actor, given) = open(call, tx, user).await?;
    Ok(Admitted::In(Box::new(actor), given.into()))
}

/// Seconds that a log-in waits for its second factor.
const PENDING_SECONDS: i64 = 5 * 60;

/// Lets a log-in wait for its second factor.
async fn wait(call: &Call, tx: &Tx, user: &User, token: &str) -> Result<(), Failure> {
    let expires_at = call.now.plus_seconds(PENDING_SECONDS);
    let pending = Pending { user_id: user.id, expires_at, tries: 0 };
    Ok(second_factors::wait(tx, secret_hash(token), &pending).await?)
}

/// Writes down that somebody did not get in. What they gave as a name is not kept: it may have been the password.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn failed(call: &Call, user_id: Option<Uuid>) -> Result<(), Failure> {
    tracing::info!(request_id = call.request_id, operation = %call.operation(), "a password or a code was wrong");
    let step = Step::of(call.operation(), ObjectKind::User, user_id.unwrap_or(Uuid::nil()), call.now);
    let step = step.ending(Outcome::Failed);
    let journal = call.journal();
    call.app.db.in_tx(async |tx| Ok(journal.write(tx, std::slice::from_ref(&step)).await?)).await
}

/// Opens a session of an account, and ends the one that was not renewed for the longest time where there are too many.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn open(call: &Call, tx: &Tx, user: &User) -> Result<(Actor, String), Failure> {
    let security = &call.app.security;
    let session = Session {
        id: call.app.clock.new_id(),
        user_id: user.id,
        created_at: call.now,
        renewed_at: call.now,
        expires_at: call.now.plus_seconds(security.session_seconds),
        address: call.address.clone(),
        device: call.header(header::USER_AGENT).map(|device| device.chars().take(200).collect()),
    };
    let actor = security.actor(user, session.id, call.now);
    let idle = call.now.plus_seconds(security.idle_seconds);
    let (given, kept) = refresh_token(call.now, session.expires_at.min(idle))?;
    let since = (security.renewed_since(call.now), call.now);
    sessions::end_beyond(tx, user.id, security.sessions.saturating_sub(1), since).await?;
    sessions::insert(tx, &call.visibility, &session, &kept).await?;
    let step = Step::of(call.operation(), ObjectKind::Session, session.id, call.now);
    call.journal_of(Caller::User(Box::new(actor.clone()))).write(tx, &[step]).await?;
    Ok((actor, given))
}

/// 续期 · Renew a session
///
/// A refresh token is good once; the answer holds the next. Where an old one is used again, somebody has a copy: the
/// session ends.
#[utoipa::path(tag = "auth", request_body = RefreshIn, responses((status = 200, description = "Renewed", body = TokensView)))]
#[post("/auth/refresh")]
pub async fn refresh_session(call: Call) -> Answer {
    let sent: RefreshIn = call.read()?;
    let hash = secret_hash(sent.refresh_token.expose());
    let renewed = call.app.db.in_tx(async |tx| renew(&call, tx, &hash).await).await?;
    let (actor, given) = renewed?;
    call.plain(&tokens_view(&call, &actor, given.into())?)
}

/// The inner answer is a refusal that must stand: the session that it ends stays ended.
async fn renew(call: &Call, tx: &Tx, hash: &[u8]) -> Result<Result<(Actor, String), Failure>, Failure> {
    let session_id = match sessions::use_token(tx, hash, call.now).await? {
        Used::Good { session_id } => session_id,
        Used::Unknown => return Ok(Err(Failure::of(ErrorCode::InvalidRefreshToken))),
        Used::Again { session_id } => {
            sessions::end(tx, session_id, "a refresh token was used again", call.now).await?;
            let step = Step::of(Operation::RefreshSession, ObjectKind::Session, session_id, call.now);
            let step = step.ending(Outcome::Failed).because("reuse".to_owned());
            call.journal().write(tx, &[step]).await?;
            tracing::warn!(session = %session_id, "a refresh token was used again: the session is ended");
            return Ok(Err(Failure::of(ErrorCode::RefreshTokenReused)));
        }
    };
    let found = sessions::with_owner(tx, session_id, call.now).await?;
    let Some((session, user)) = found.filter(|(_, user)| user.is_open(call.now)) else {
        return Ok(Err(Failure::of(ErrorCode::InvalidRefreshToken)));
    };
    let idle = call.now.plus_seconds(call.app.security.idle_seconds);
    let (given, kept) = refresh_token(call.now, session.expires_at.min(idle))?;
    sessions::insert_token(tx, session_id, &kept).await?;
    sessions::renewed(tx, session_id, call.now).await?;
    Ok(Ok((call.app.security.actor(&user, session_id, call.now), given)))
}

/// What somebody is let in with.
///
/// # Errors
/// [`Failure`] where signing fails.
pub fn tokens_view(call: &Call, actor: &Actor, refresh_token: Secret) -> Result<TokensView, Failure> {
    Ok(TokensView {
        access_token: call.app.tokens.access_token(actor, call.app.clock.new_id(), call.now)?.into(),
        token_type: "Bearer",
        expires_in: ACCESS_SECONDS,
        refresh_token,
        must_change_password: actor.duty == Some(Duty::ChangePassword),
        must_enrol_second_factor: actor.duty == Some(Duty::EnrolSecondFactor),
    })
}

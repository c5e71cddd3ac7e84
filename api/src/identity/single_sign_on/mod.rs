//! Single sign-on: whoever has logged in at the county's or the province's identity provider is let in by it (OpenID Connect, with PKCE).
//!
//! The provider says who somebody is and nothing else. Accounts and roles are made here, and a second factor is shown here.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::{HttpResponse, get};
use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pingxuan_domain::ErrorCode;
use pingxuan_persistence::accounts;
use pingxuan_persistence::oidc_logins::{self, Begun};
use pingxuan_persistence::sealing::oidc_login_belongs_to;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use self::provider::{Provider, Return, Trouble};
use super::login::{Admitted, PendingLoginView, TokensView, admit, failed};
use super::tokens::{secret, secret_hash};
use crate::call::{Answer, Call};
use crate::problem::Failure;

pub mod id_token;
pub mod provider;
pub mod registration;

/// Seconds within which a browser must be back.
const SECONDS: i64 = 10 * 60;
/// The cookie of the browser in which a log-in began.
const COOKIE: &str = "pingxuan_oidc";
/// Errors of a provider that cannot log anybody in at the moment (RFC 6749, section 4.1.2.1).
const AWAY: [&str; 2] = ["server_error", "temporarily_unavailable"];

/// What the provider sends browsers back with.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OidcCallbackQuery {
    /// 状态参数 · The state that `oidc_start` gave.
    #[param(max_length = 200)]
    state: Option<String>,
    /// 授权码 · The provider's code; it is good once.
    #[param(max_length = 4000)]
    code: Option<String>,
    /// 身份认证平台 · Who the provider says it is (RFC 9207).
    #[param(max_length = 1000)]
    iss: Option<String>,
    /// 错误 · Why the provider lets nobody in.
    #[param(max_length = 200)]
    error: Option<String>,
}

/// 开始单点登录 · Begin a single sign-on
///
/// Sends the browser to the identity provider (303), with a cookie that binds the log-in to it for ten minutes. A page links to this
/// address; it does not fetch it. Where the settings name no identity provider: 404 `single_sign_on_off`.
#[utoipa::path(tag = "auth", responses((status = 303, description = "To the identity provider")))]
#[get("/auth/oidc/start")]
pub async fn oidc_start(call: Call) -> Answer {
    let provider = provider_of(&call)?;
    let (state, browser) = (secret("os")?, secret("ob")?);
    let (verifier, nonce) = (secret("ov")?, secret("on")?);
    let challenge = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()));
    let place = provider.log_in_at((&state, &nonce, &challenge), call.now).await;
    let place = place.map_err(|trouble| told(&call, &trouble))?;
    let digest = secret_hash(&state);
    let begun = Begun {
        browser: secret_hash(&browser),
        sealed: call
            .vault()
            .seal(&oidc_login_belongs_to(&digest), format!("{verifier} {nonce}").as_bytes())?,
        expires_at: call.now.plus_seconds(SECONDS),
    };
    let keep = async |tx: &_| Ok::<_, Failure>(oidc_logins::keep(tx, digest.clone(), &begun).await?);
    call.app.db.in_tx(keep).await?;
    Ok(sent_to(place.as_str(), cookie(provider, &browser, SECONDS)))
}

/// 完成单点登录 · End a single sign-on
///
/// Where the identity provider sends the browser back to. The account is the one whose username is the value of the claim that the
/// settings name; none is made. The answer is that of `login`; where the settings name a page to return to, the browser is sent there
/// (303) with `#refresh_token=…`, `#pending_token=…` or `#error=…`. Parameters that a provider adds are passed over.
#[utoipa::path(tag = "auth", params(OidcCallbackQuery), responses(
    (status = 200, description = "Let in", body = TokensView),
    (status = 202, description = "The second factor is still to be shown", body = PendingLoginView),
    (status = 303, description = "To the page that the settings name")
))]
#[get("/auth/oidc/callback")]
pub async fn oidc_callback(call: Call) -> Answer {
    let provider = provider_of(&call)?;
    let page = provider.registration.return_url.as_deref();
    let over = cookie(provider, "", 0);
    match (let_in(&call, provider).await, page) {
        (Ok(admitted), Some(page)) => {
            let (name, token) = admitted.token();
            Ok(sent_to(&format!("{page}#{name}={token}"), over))
        }
        (Err(Failure::Plain(fault)), Some(page)) => {
            Ok(sent_to(&format!("{page}#error={}", fault.code.code()), over))
        }
        (Ok(admitted), None) => {
            let mut answer = admitted.answer(&call)?;
            answer.headers_mut().append(header::SET_COOKIE, over);
            Ok(answer)
        }
        (Err(failure), _) => Err(failure),
    }
}

/// The provider that the settings name.
fn provider_of(call: &Call) -> Result<&Arc<Provider>, Failure> {
    call.app.single_sign_on.as_ref().ok_or_else(|| Failure::of(ErrorCode::SingleSignOnOff))
}

/// Lets in whoever comes back from the provider, as `login` does after a password that was right.
async fn let_in(call: &Call, provider: &Provider) -> Result<Admitted, Failure> {
    let asked: OidcCallbackQuery = call.filters()?;
    let state = secret_hash(asked.state.as_deref().unwrap_or_default());
    // It is used up now, whatever comes of it.
    let begun = call.app.db.in_tx(async |tx| Ok::<_, Failure>(oidc_logins::take(tx, &state).await?)).await?;
    let begun = begun.filter(|begun| call.now < begun.expires_at);
    let same = |begun: &Begun| sent_cookie(call).is_some_and(|sent| secret_hash(sent) == begun.browser);
    let Some(begun) = begun.filter(same) else {
        // Nobody knows whose log-in it was; whoever makes states up fills no audit.
        tracing::info!(request_id = call.request_id, "a single sign-on failed: it did not begin here");
        return Err(Failure::of(ErrorCode::SingleSignOnFailed));
    };
    let kept = call.vault().open(&oidc_login_belongs_to(&state), &begun.sealed)?;
    let kept = String::from_utf8(kept).unwrap_or_default();
    let (verifier, nonce) = kept.split_once(' ').unwrap_or_default();
    let username = match (asked.error.as_deref(), asked.code.as_deref()) {
        (Some(error), _) if AWAY.contains(&error) => {
            Err(Trouble::Away("it says that it cannot log anybody in".to_owned()))
        }
        (None, Some(code)) => {
            let back = Return { code, issuer: asked.iss.as_deref(), verifier, nonce };
            provider.username(&back, call.now).await
        }
        (Some(_), _) => Err(Trouble::Refused("the provider lets nobody in")),
        (None, None) => Err(Trouble::Refused("there is no code")),
    };
    let username = match username {
        Ok(username) => username,
        Err(trouble @ Trouble::Refused(_)) => return Err(refused(call, &trouble, None).await?),
        Err(trouble @ Trouble::Away(_)) => return Err(told(call, &trouble)),
    };
    let user = accounts::find_by_username(call.app.db.read(), &call.visibility, &username).await?;
    let known = user.as_ref().map(|user| user.id);
    let Some(user) = user.filter(|user| user.is_open(call.now)) else {
        return Err(refused(call, &Trouble::Refused("there is no open account"), known).await?);
    };
    call.app.db.in_tx(async |tx| admit(call, tx, &user).await).await
}

/// Writes down that somebody did not get in; nobody is told why but those who read the log.
async fn refused(call: &Call, trouble: &Trouble, user_id: Option<Uuid>) -> Result<Failure, Failure> {
    failed(call, user_id).await?;
    Ok(told(call, trouble))
}

/// What the caller is told of a trouble, whose particulars are logged.
fn told(call: &Call, trouble: &Trouble) -> Failure {
    match trouble {
        Trouble::Away(why) => {
            tracing::warn!(request_id = call.request_id, why, "the identity provider cannot be used");
            Failure::of(ErrorCode::SingleSignOnAway)
        }
        Trouble::Refused(why) => {
            tracing::info!(request_id = call.request_id, why, "a single sign-on failed");
            Failure::of(ErrorCode::SingleSignOnFailed)
        }
    }
}

/// Sends a browser elsewhere, with a cookie.
fn sent_to(place: &str, cookie: header::HeaderValue) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, place))
        .insert_header((header::SET_COOKIE, cookie))
        .finish()
}

/// The cookie of a browser, for the pages of single sign-on alone. Lax, as the provider's page sends the browser back.
fn cookie(provider: &Provider, value: &str, seconds: i64) -> header::HeaderValue {
    let path = provider.registration.path();
    let secure = if provider.registration.secure { "; Secure" } else { "" };
    let text = format!("{COOKIE}={value}; Max-Age={seconds}; Path={path}; HttpOnly; SameSite=Lax{secure}");
    header::HeaderValue::from_str(&text).unwrap_or_else(|_| header::HeaderValue::from_static(""))
}

/// The cookie that the browser sends.
fn sent_cookie(call: &Call) -> Option<&str> {
    let sent = call.header(header::COOKIE)?.split(';');
    sent.filter_map(|one| one.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value)
}

//! Tokens for machine clients: the client-credentials grant of OAuth 2 (RFC 6749, section 4.4).
//!
//! This one operation speaks as that standard says and not as the rest of the API does: forms for requests, and errors of its own
//! shape, which the gate writes.

use std::collections::HashMap;

use actix_web::http::header;
use actix_web::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pingxuan_domain::client::{Client, Scope};
use pingxuan_domain::policy::Caller;
use pingxuan_domain::step::{ObjectKind, Outcome, Step};
use pingxuan_domain::{ErrorCode, Fault};
use pingxuan_persistence::clients;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::tokens::{ACCESS_SECONDS, secret_hash};
use crate::call::{Answer, Call};
use crate::problem::{Failure, Problem};
use crate::secret::Secret;

/// The media type of requests.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// What a machine client asks a token with.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "the form is read name by name, as the standard wants unknown ones passed over")]
pub struct TokenRequest {
    /// `client_credentials`.
    #[schema(max_length = 40, pattern = "^client_credentials$")]
    grant_type: String,
    /// Scopes that are wanted, with spaces between; all of the client's where nothing is said.
    #[schema(max_length = 400, pattern = "^[a-z:]+( [a-z:]+)*$")]
    scope: Option<String>,
    /// The client's id, where it is not shown by `Authorization: Basic …`.
    client_id: Option<Uuid>,
    /// Its secret, likewise.
    #[schema(value_type = Option<String>, max_length = 200, format = Password)]
    client_secret: Option<Secret>,
}

/// A machine client's access token (RFC 6749, section 5.1).
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientTokenView {
    /// The access token, to be sent as `Authorization: Bearer …`.
    #[schema(value_type = String, max_length = 2000)]
    access_token: Secret,
    /// `Bearer`.
    #[schema(max_length = 10, pattern = "^Bearer$")]
    token_type: &'static str,
    /// Seconds until it is over.
    #[schema(minimum = 1, maximum = 86400)]
    expires_in: i64,
    /// The scopes that it is for, with spaces between.
    #[schema(max_length = 400)]
    scope: String,
}

/// Why no token is given (RFC 6749, section 5.2).
#[derive(Debug, Serialize, ToSchema)]
pub struct OauthErrorView {
    /// The code of the standard.
    #[schema(
        max_length = 40,
        pattern = "^(invalid_request|invalid_client|invalid_scope|unsupported_grant_type|temporarily_unavailable|server_error)$"
    )]
    error: &'static str,
    /// What is wrong, in English, as the standard takes ASCII alone.
    #[schema(max_length = 2000)]
    error_description: String,
    /// This API's own stable code.
    #[schema(max_length = 80, pattern = "^[a-z][a-z0-9_]*$")]
    code: String,
    /// The request's id, to be named when asking for help.
    #[schema(max_length = 64)]
    request_id: String,
}

impl OauthErrorView {
    /// What a refusal is in the words of the standard.
    #[must_use]
    pub fn of(code: ErrorCode, problem: &Problem) -> Self {
        let error = if code == ErrorCode::InvalidClient {
            "invalid_client"
        } else if code == ErrorCode::InvalidScope {
            "invalid_scope"
        } else if code == ErrorCode::UnsupportedGrantType {
            "unsupported_grant_type"
        } else if matches!(problem.status, 429 | 503) {
            "temporarily_unavailable"
        } else if problem.status >= 500 {
            "server_error"
        } else {
            "invalid_request"
        };
        let plain = |character: &char| matches!(character, ' '..='~') && !matches!(character, '"' | '\\');
        Self {
            error,
            error_description: problem.detail.chars().filter(plain).collect(),
            code: problem.code.clone(),
            request_id: problem.request_id.clone(),
        }
    }
}

/// 机器客户端取令牌 · Get a token for a machine client
///
/// The client-credentials grant of OAuth 2: a client shows its id and secret, by `Authorization: Basic …` or in the form, and is given
/// an access token for its scopes, or for those of them that it asks for. Errors are as RFC 6749 wants them.
#[utoipa::path(
    tag = "auth",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "A token", body = ClientTokenView))
)]
#[post("/oauth2/token")]
pub async fn issue_token(call: Call) -> Answer {
    let form = form(&call)?;
    let text = |name: &str| form.get(name).map(String::as_str).filter(|text| !text.is_empty());
    match text("grant_type") {
        Some("client_credentials") => {}
        Some(_) => return Err(Failure::of(ErrorCode::UnsupportedGrantType)),
        None => return Err(missing("grant_type")),
    }
    let shown = credentials(&call, text("client_id"), text("client_secret"))?;
    let Some(client) = known(&call, shown).await? else {
        failed(&call).await?;
        return Err(Failure::of(ErrorCode::InvalidClient));
    };
    let client = narrowed(client, text("scope"))?;
    let token = call.app.tokens.client_token(&client, call.app.clock.new_id(), call.now)?;
    let step = Step::of(call.operation(), ObjectKind::Client, client.id, call.now);
    let scope = Scope::list(&client.scopes);
    let journal = call.journal_of(Caller::Client(Box::new(client)));
    call.app
        .db
        .in_tx(async |tx| Ok::<_, Failure>(journal.write(tx, std::slice::from_ref(&step)).await?))
        .await?;
    call.plain(&ClientTokenView {
        access_token: token.into(),
        token_type: "Bearer",
        expires_in: ACCESS_SECONDS,
        scope,
    })
}

/// The form, of which each name stands once (RFC 6749, section 3.2).
fn form(call: &Call) -> Result<HashMap<String, String>, Failure> {
    let mut found = HashMap::new();
    for (name, value) in form_urlencoded::parse(call.body_of(FORM)?) {
        if found.insert(name.clone().into_owned(), value.into_owned()).is_some() {
            return Err(Failure::Plain(
                Fault::new(ErrorCode::InvalidTokenRequest).with("parameter", name.as_ref()),
            ));
        }
    }
    Ok(found)
}

fn missing(name: &str) -> Failure {
    Failure::Plain(Fault::new(ErrorCode::InvalidTokenRequest).with("parameter", name))
}

/// The id and the secret that are shown, in one way alone.
fn credentials(
    call: &Call,
    id: Option<&str>,
    secret: Option<&str>,
) -> Result<Option<(Uuid, String)>, Failure> {
    let Some(sent) = call.header(header::AUTHORIZATION) else {
        let (Some(id), Some(secret)) = (id, secret) else { return Ok(None) };
        return Ok(id.parse().ok().map(|id| (id, secret.to_owned())));
    };
    if secret.is_some() {
        return Err(missing("client_secret"));
    }
    Ok(basic(sent))
}

/// What `Basic` credentials say (RFC 6749, section 2.3.1): both parts are encoded as in a form.
fn basic(sent: &str) -> Option<(Uuid, String)> {
    let (scheme, encoded) = sent.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    let plain = |text: &str| {
        let text = text.replace('+', " ");
        percent_encoding::percent_decode_str(&text).decode_utf8().ok().map(std::borrow::Cow::into_owned)
    };
    Some((plain(id)?.parse().ok()?, plain(secret)?))
}

async fn known(call: &Call, shown: Option<(Uuid, String)>) -> Result<Option<Client>, Failure> {
    let Some((id, secret)) = shown else { return Ok(None) };
    let shown = (id, secret_hash(&secret));
    Ok(clients::with_secret(call.app.db.read(), &call.visibility, shown, call.now).await?)
}

/// The client with the scopes that it asks for, which are among its own.
fn narrowed(client: Client, wanted: Option<&str>) -> Result<Client, Failure> {
    let Some(wanted) = wanted else { return Ok(client) };
    let wanted = Scope::read_list(wanted).map_err(|_| Failure::of(ErrorCode::InvalidScope))?;
    if wanted.is_empty() || wanted.iter().any(|scope| !client.scopes.contains(scope)) {
        return Err(Failure::of(ErrorCode::InvalidScope));
    }
    Ok(client.within(&wanted))
}

/// Writes down that a client was not known. What it gave as its id is not kept: it may have been the secret.
async fn failed(call: &Call) -> Result<(), Failure> {
    tracing::info!(request_id = call.request_id, "a machine client was not known");
    let step = Step::of(call.operation(), ObjectKind::Client, Uuid::nil(), call.now).ending(Outcome::Failed);
    let journal = call.journal();
    call.app
        .db
        .in_tx(async |tx| Ok::<_, Failure>(journal.write(tx, std::slice::from_ref(&step)).await?))
        .await
}

//! What the document says of machine clients: their scheme and scopes, and the errors of the standard by which they get tokens.

use actix_web::http::StatusCode;
use pingxuan_domain::client::Scope;
use pingxuan_domain::policy::{Grant, Who};
use pingxuan_domain::{ErrorCode, Fault};
use serde_json::{Map, Value, json};
use strum::IntoEnumIterator;

use super::document;
use crate::call::JSON;
use crate::catalogue::{Language, label};
use crate::identity::client_tokens::{FORM, OauthErrorView};
use crate::problem::{Problem, Seed, seed_of_status};

/// The security scheme, with what each scope is for.
pub(super) fn scheme() -> Value {
    let scopes = Scope::iter().map(|scope| {
        let said = |language| label(language, "scope", scope.into());
        (scope.to_string(), format!("{} · {}", said(Language::Chinese), said(Language::English)).into())
    });
    json!({
        "type": "oauth2",
        "description": "For other systems: an access token of `issue_token`, for some of these scopes: a JWT, used as RFC8725 advises.",
        "flows": {"clientCredentials": {"tokenUrl": "/oauth2/token", "scopes": scopes.collect::<Map<_, _>>()}},
    })
}

/// The scopes with which machine clients are let in.
pub(super) fn scopes(grants: &[Grant]) -> Vec<Scope> {
    let scope = |grant: &Grant| match grant.who {
        Who::Scope(scope) => Some(scope),
        Who::Public | Who::LoggedIn | Who::Role(_) => None,
    };
    grants.iter().filter_map(scope).collect()
}

/// The answer of one status where machines ask for tokens: as RFC 6749 wants it.
pub(super) fn problem(stated: &(&str, &str, &str)) -> Value {
    let (_, mut response) = document::problem(stated);
    let code = match stated.0 {
        "400" => ErrorCode::InvalidTokenRequest,
        "401" => ErrorCode::InvalidClient,
        "429" => ErrorCode::TooManyRequests,
        status => {
            let status = status.parse().ok().and_then(|status| StatusCode::from_u16(status).ok());
            seed_of_status(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)).whole.code
        }
    };
    let facts = [("parameter", "grant_type"), ("seconds", "2"), ("wanted", FORM)];
    let whole = facts.into_iter().fold(Fault::new(code), |fault, (name, fact)| fault.with(name, fact));
    let seed = Seed { whole, faults: Vec::new(), conflict: None };
    let id = "018568e9-5400-70f2-82fb-35129853f426";
    let example = OauthErrorView::of(code, &Problem::of(Language::English, &seed, "/oauth2/token", id));
    let schema = json!({"$ref": "#/components/schemas/OauthErrorView"});
    if let Some(members) = response.as_object_mut() {
        members.insert("content".into(), json!({JSON: {"schema": schema, "example": example}}));
    }
    response
}

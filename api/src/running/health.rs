//! Whether the server lives, whether it can work, the keys that its tokens are signed with, and where to report a weakness.

use actix_web::{HttpResponse, get, web};
use pingxuan_domain::{ErrorCode, Fault};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::app::App;
use crate::call::Answer;
use crate::problem::Failure;

/// How the server is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    #[schema(max_length = 10, pattern = "^ok$")]
    pub status: &'static str,
}

/// 存活检查 · Whether the process lives
///
/// Answers as long as the process does; it asks nothing of the database.
#[utoipa::path(tag = "operation", responses((status = 200, description = "It lives", body = Health)))]
#[get("/health/live")]
pub async fn liveness() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "ok" })
}

/// 就绪检查 · Whether the server can work
///
/// The database writes, files can be kept, and the server is not about to stop; 503 names what is lacking. A proxy sends nobody to a
/// server that is not ready.
#[utoipa::path(tag = "operation", responses((status = 200, description = "It can work", body = Health)))]
#[get("/health/ready")]
pub async fn readiness(app: web::Data<App>) -> Answer {
    if let Some(lacking) = app.ready.lacking(&app.db, &app.files).await {
        let lacking: &'static str = lacking.into();
        return Err(Failure::Plain(Fault::new(ErrorCode::NotReady).with("lacking", lacking)));
    }
    Ok(HttpResponse::Ok().json(Health { status: "ok" }))
}

/// The keys that access tokens are signed with (RFC 7517).
#[derive(Debug, Serialize, ToSchema)]
pub struct KeySet {
    /// The keys, the signing one first.
    #[schema(max_items = 20)]
    pub keys: Vec<Value>,
}

/// 公钥集 · The keys that access tokens are signed with
///
/// A JWK set (RFC 7517), for systems that check tokens by themselves.
#[utoipa::path(tag = "auth", responses((status = 200, description = "The key set", body = KeySet)))]
#[get("/.well-known/jwks.json")]
pub async fn get_jwks(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok().insert_header(("Cache-Control", "public, max-age=300")).json(app.tokens.published())
}

/// Days for which what `security.txt` says is good: RFC 9116 advises less than a year.
const CONTACT_DAYS: i64 = 364;

/// 安全联系方式 · Where to report a weakness
///
/// A `security.txt` (RFC 9116), where the installation names somebody to write to; 404 where it does not.
#[utoipa::path(tag = "operation", responses((
    status = 200, description = "Where to report a weakness", body = String, content_type = "text/plain"
)))]
#[get("/.well-known/security.txt")]
pub async fn security_txt(app: web::Data<App>) -> Answer {
    let contact = app.edge.security_contact.as_ref().ok_or_else(Failure::not_found)?;
    let expires = app.clock.now().plus_seconds(CONTACT_DAYS * 24 * 60 * 60);
    let text = format!("Contact: {contact}\nExpires: {expires}\nPreferred-Languages: zh, en\n");
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(text))
}

//! The document and the pages that show it: Swagger UI, which calls its operations, and the reference. They load nothing
//! from anywhere else.

use std::sync::{Arc, LazyLock, OnceLock};

use actix_web::{HttpResponse, get, web};
use pingxuan_domain::ErrorCode;
use utoipa_swagger_ui::Config;

use crate::app::App;
use crate::call::Answer;
use crate::problem::Failure;

/// A file of a page that is ours: its name, its media type, its text.
type PageFile = (&'static str, &'static str, &'static str);

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
/// What stands before the files of Swagger UI: its page, with a log-in.
const DOCS: [PageFile; 3] = [
    ("index.html", HTML, include_str!("../../assets/docs/index.html")),
    ("log-in.css", CSS, include_str!("../../assets/docs/log-in.css")),
    ("log-in.js", SCRIPT, include_str!("../../assets/docs/log-in.js")),
];
const REFERENCE: [PageFile; 2] = [
    ("index.html", HTML, include_str!("../../assets/reference/index.html")),
    ("reference.js", SCRIPT, include_str!("../../assets/reference/reference.js")),
];

/// 接口文档 (OpenAPI 3.1) · The OpenAPI document
///
/// The contract in full, as it is held to by this server.
#[utoipa::path(tag = "operation", responses((status = 200, description = "The document", body = serde_json::Value)))]
#[get("/openapi.json")]
pub async fn openapi_document(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(app.contract.text.clone())
}

/// 接口文档页面 · Swagger UI
///
/// A page that shows the document and calls its operations; it asks no other host for anything.
#[utoipa::path(
    tag = "operation",
    params(("file" = String, Path, description = "A file of the page; empty for the page itself", max_length = 100)),
    responses((status = 200, description = "A file of the page", content_type = "text/html"))
)]
#[get("/docs/{file:.*}")]
pub async fn swagger_ui(file: web::Path<String>) -> Answer {
    static CONFIG: OnceLock<Arc<Config<'static>>> = OnceLock::new();
    let config = CONFIG.get_or_init(|| Arc::new(swagger_config()));
    let file = named(&file);
    if let Some(ours) = ours(&DOCS, file) {
        return Ok(ours);
    }
    match utoipa_swagger_ui::serve(file, Arc::clone(config)) {
        Ok(Some(found)) => {
            Ok(HttpResponse::Ok().content_type(found.content_type).body(found.bytes.into_owned()))
        }
        Ok(None) => Err(Failure::of(ErrorCode::NotFound)),
        Err(error) => Err(Failure::Internal(error.to_string())),
    }
}

/// Tokens are kept nowhere, and the page shows this document alone.
fn swagger_config() -> Config<'static> {
    Config::from("/openapi.json")
        .persist_authorization(false)
        .use_base_layout()
        .try_it_out_enabled(true)
        .display_request_duration(true)
}

/// The readable reference: Scalar. It stands beside the contract, as no client builds on it.
#[get("/reference/{file:.*}")]
pub async fn reference(file: web::Path<String>) -> Answer {
    static SCALAR: LazyLock<Option<web::Bytes>> =
        LazyLock::new(|| scalar_api_reference::get_asset("scalar.js").map(web::Bytes::from));
    let found = match named(&file) {
        "scalar.js" => SCALAR.clone().map(|script| HttpResponse::Ok().content_type(SCRIPT).body(script)),
        file => ours(&REFERENCE, file),
    };
    found.ok_or_else(|| Failure::of(ErrorCode::NotFound))
}

/// The name of a file; the page itself has none in its address.
fn named(file: &str) -> &str {
    if file.is_empty() { "index.html" } else { file }
}

fn ours(files: &[PageFile], wanted: &str) -> Option<HttpResponse> {
    let (_, media_type, text) = files.iter().find(|(name, _, _)| *name == wanted)?;
    Some(HttpResponse::Ok().content_type(*media_type).body(*text))
}

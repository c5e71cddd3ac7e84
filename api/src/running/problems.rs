//! 错误说明: a page for every error code, at the address that its `type` names: what it means, and what to do.

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use pingxuan_domain::ErrorCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::call::{Answer, Call, JSON};
use crate::catalogue::{Language, advice, text, title};
use crate::problem::{Failure, status};

const HTML: &str = "text/html";

/// What an error code means.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemPageView {
    /// The code.
    #[schema(max_length = 80, pattern = "^[a-z][a-z0-9_]*$")]
    code: String,
    /// The status of the whole; left out where the code stands in the `errors` of another alone.
    #[schema(minimum = 400, maximum = 599)]
    status: Option<u16>,
    /// The kind of problem.
    #[schema(max_length = 2000)]
    title: String,
    /// What it says, with the names of what is filled in in braces.
    #[schema(max_length = 2000)]
    meaning: String,
    /// What to do.
    #[schema(max_length = 2000)]
    advice: String,
}

impl ProblemPageView {
    fn of(language: Language, code: ErrorCode) -> Self {
        let whole = status(code).as_u16();
        let beneath =
            whole == 422 && !matches!(code, ErrorCode::ValidationFailed | ErrorCode::IdempotencyKeyReused);
        let status = (!beneath).then_some(whole);
        Self {
            code: code.code().to_owned(),
            status,
            title: title(language, code),
            meaning: text(language, code.code()).unwrap_or_else(|| title(language, code)),
            advice: advice(language, code, status),
        }
    }

    fn html(&self, language: Language) -> String {
        let said = |key: &str| text(language, key).unwrap_or_default();
        let status =
            self.status.map_or_else(|| said("problem-page-beneath"), |status| format!("HTTP {status}"));
        let [code, title, meaning, advice] =
            [&self.code, &self.title, &self.meaning, &self.advice].map(|text| escaped(text));
        let body = format!(
            "<p><code>{code}</code> · {}</p>\n<h2>{}</h2>\n<p>{meaning}</p>\n<h2>{}</h2>\n<p>{advice}</p>\n",
            escaped(&status),
            escaped(&said("problem-page-meaning")),
            escaped(&said("problem-page-advice")),
        );
        page(language, &format!("{title} · {code}"), &body)
    }
}

/// A page for people with one heading; both are HTML already.
#[must_use]
pub fn page(language: Language, title: &str, body: &str) -> String {
    let heading = title.split(" · ").next().unwrap_or(title);
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<link rel=\"icon\" href=\"data:,\">\n\
         <title>{title}</title>\n\
         <style>body{{font-family:system-ui,sans-serif;line-height:1.6;max-width:44rem;margin:3rem auto;padding:0 1rem}}\
         code{{background:#f2f2f2;padding:.1em .3em}}h2{{font-size:1rem;margin:1.5rem 0 .2rem}}</style>\n</head>\n<body>\n\
         <main>\n<h1>{heading}</h1>\n{body}</main>\n</body>\n</html>\n",
        language.tag(),
    )
}

/// A text within a page.
#[must_use]
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// 错误说明 · What an error code means
///
/// The page that the `type` of a problem document names: what the code means, and what to do about it. As JSON for programs, as
/// HTML for people.
#[utoipa::path(
    tag = "operation",
    params(("code" = String, Path, description = "The code", min_length = 1, max_length = 80, pattern = "^[a-z][a-z0-9_]*$")),
    responses((status = 200, description = "What it means", content(
        (ProblemPageView = "application/json"),
        (String = "text/html"),
    )))
)]
#[get("/problems/{code}")]
pub async fn problem_page(call: Call, code: web::Path<String>) -> Answer {
    let code: ErrorCode = code.parse().map_err(|_| Failure::not_found())?;
    let view = ProblemPageView::of(call.language, code);
    if call.offers(&[JSON, HTML])? == JSON {
        return call.plain(&view);
    }
    let page = view.html(call.language);
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8")).body(page))
}

//! The check of a printed paper: whether what somebody holds in their hands is still what it was printed from.

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use pingxuan_domain::decision::AwardState;
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::{Instant, Operation, Visibility};
use pingxuan_persistence::printed::{self, Printed};
use pingxuan_persistence::{applications, awards, campaigns};
use serde::Serialize;
use utoipa::ToSchema;

use super::awards::{digest_of as award_digest, list_digest, standing};
use super::notices::digest_of as notice_digest;
use crate::call::{Answer, Call, JSON};
use crate::catalogue::{label, text};
use crate::enums;
use crate::problem::Failure;

const HTML: &str = "text/html";

/// What is printed.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    strum::EnumIter,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::Display,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PaperKind {
    /// The form of a declaration.
    Application,
    /// 荣誉证书.
    Certificate,
    /// The list of the commended.
    AwardList,
    /// The notice of a campaign.
    Notice,
}

/// What a check says of a paper. It tells nothing of a person.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentCheckView {
    /// The code that stands on it.
    #[schema(max_length = 14)]
    check_code: String,
    /// What it is.
    #[schema(value_type = enums::PaperKind)]
    kind: PaperKind,
    /// The title of the campaign that it belongs to.
    #[schema(max_length = 200)]
    campaign_title: String,
    /// The digest of what it was printed from, which stands on it too.
    #[schema(max_length = 64)]
    digest: String,
    /// When that was first printed.
    #[schema(value_type = String, format = DateTime)]
    printed_at: Instant,
    /// Whether what it says is what is on record now; otherwise it is stale.
    current: bool,
}

/// 核验打印件 · Check a printed paper
///
/// By the code that stands on it: what it is, the digest that must stand on it, and whether it is current or stale. As HTML for people
/// who follow the QR code.
#[utoipa::path(
    tag = "public",
    params(("check_code" = String, Path, description = "The code, as 7K2M-QX4D-9HTC", min_length = 14, max_length = 14, pattern = "^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$")),
    responses((status = 200, description = "What it is", content(
        (DocumentCheckView = "application/json"),
        (String = "text/html"),
    )))
)]
#[get("/public/documents/{check_code}")]
pub async fn check_document(call: Call, check_code: web::Path<String>) -> Answer {
    let found = printed::find(call.app.db.read(), &check_code).await?.ok_or_else(Failure::not_found)?;
    let view = checked(&call, found).await?;
    if call.offers(&[JSON, HTML])? == JSON {
        return call.plain(&view);
    }
    let page = html(&call, &view);
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8")).body(page))
}

async fn checked(call: &Call, found: Printed) -> Result<DocumentCheckView, Failure> {
    let read = call.app.db.read();
    // Whoever holds the paper has read it: the check asks on their behalf and says no more than whether it is current.
    let visibility = Visibility::system(Operation::CheckDocument);
    let kind: PaperKind =
        found.kind.parse().map_err(|_| Failure::Internal(format!("a paper of no kind: {}", found.kind)))?;
    let (campaign_title, digest) = match kind {
        PaperKind::Application => {
            let case = applications::find(read, &visibility, found.object_id).await?;
            let stands = |state| !matches!(state, ApplicationState::Withdrawn | ApplicationState::Rejected);
            match case {
                Some(case) if stands(case.application.shown_state) => {
                    (case.campaign.title, Some(case.application.content_digest))
                }
                Some(case) => (case.campaign.title, None),
                None => (String::new(), None),
            }
        }
        PaperKind::Certificate => match awards::find(read, &visibility, found.object_id).await? {
            Some(case) => {
                let stands = case.award.state != AwardState::Revoked;
                let digest = award_digest(&case)?;
                (case.campaign_title, stands.then_some(digest))
            }
            None => (String::new(), None),
        },
        PaperKind::AwardList => match campaigns::find(read, &visibility, found.object_id).await? {
            Some(campaign) => {
                let digest = list_digest(&standing(call, read, &campaign).await?)?;
                (campaign.title, Some(digest))
            }
            None => (String::new(), None),
        },
        PaperKind::Notice => match campaigns::find(read, &visibility, found.object_id).await? {
            Some(campaign) => {
                let digest = notice_digest(&campaign)?;
                (campaign.title, Some(digest))
            }
            None => (String::new(), None),
        },
    };
    Ok(DocumentCheckView {
        current: digest.as_ref() == Some(&found.digest),
        check_code: found.check_code,
        kind,
        campaign_title,
        digest: found.digest,
        printed_at: found.printed_at,
    })
}

fn html(call: &Call, view: &DocumentCheckView) -> String {
    use crate::running::problems::{escaped, page};
    let word = |key: &str| escaped(&text(call.language, key).unwrap_or_default());
    let verdict = word(if view.current { "document-check-current" } else { "document-check-stale" });
    let rows = [
        ("document-check-kind", label(call.language, "paper_kind", view.kind.into())),
        ("document-check-campaign", view.campaign_title.clone()),
        ("document-check-code", view.check_code.clone()),
        ("document-check-digest", view.digest.chars().take(16).collect()),
        ("document-check-printed", view.printed_at.to_string()),
    ];
    let rows = rows.iter().map(|(key, value)| format!("<h2>{}</h2>\n<p>{}</p>\n", word(key), escaped(value)));
    page(call.language, &verdict, &rows.collect::<String>())
}

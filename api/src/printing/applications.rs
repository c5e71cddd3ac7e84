//! The form of a declaration on paper: filled in, with room for opinions and seals (D-503).

use actix_web::{get, web};
use pingxuan_documents::printing::{Part, Seal, Sheet, Style, Table, form};
use pingxuan_domain::ErrorCode;
use pingxuan_domain::campaign::definition::{Form, Label};
use pingxuan_domain::step::{Audience, ObjectKind, Step};
use pingxuan_persistence::applications::{self, Case};
use serde_json::Value;
use uuid::Uuid;

use super::checking::PaperKind;
use super::{Source, language, paper, printed};
use crate::application::forms::{opened_personal, whole};
use crate::application::sealing::opened;
use crate::application::version;
use crate::call::{Answer, Call};
use crate::catalogue::text;
use crate::problem::Failure;

/// 打印申报表 · Print an application's form
///
/// The form as it is filled in now, as PDF or DOCX, with room for opinions and seals, the digest of its content, a check code, and a QR
/// code that leads to `check_document`. Personal values stand on it in clear: that it was printed is written into the audit. After
/// a later change the paper is stale, and the check says so.
#[utoipa::path(
    tag = "applications",
    params(("application_id" = Uuid, Path, description = "The application")),
    responses((status = 200, description = "The paper", content((Vec<u8> = "application/pdf"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"))))
)]
#[get("/applications/{application_id}/document")]
pub async fn get_application_document(call: Call, id: web::Path<Uuid>) -> Answer {
    let (paper, version) = call
        .app
        .db
        .in_tx(async |tx| {
            let case = applications::find(tx, &call.visibility, *id).await?.ok_or_else(Failure::not_found)?;
            opened(&call, &case)?;
            let form = case.category()?.form.as_ref().map(|form| &form.value);
            let form = form.ok_or_else(|| Failure::guard(ErrorCode::RouteNotDeclared))?;
            let application = &case.application;
            let source = Source {
                kind: PaperKind::Application,
                object_id: application.id,
                digest: application.content_digest.clone(),
                date: application.updated_at.day(),
                title: call.language.of(&form.title).to_owned(),
            };
            let parts = parts(&call, &case, form)?;
            let paper = paper(&call, tx, &source, (Sheet::Document, parts)).await?;
            let personal = opened_personal(call.vault(), application.id, application.personal.as_deref())?;
            let names: Vec<&String> = personal.keys().collect();
            let step = Step::of(call.operation(), ObjectKind::Application, application.id, call.now)
                .in_campaign(application.campaign_id)
                .to_audience(Audience::Insiders)
                .changing("/opened", Value::Null, serde_json::json!(names));
            call.journal().write(tx, &[step]).await?;
            Ok::<_, Failure>((paper, version(&case, &call.visibility)))
        })
        .await?;
    printed(&call, paper, &version).await
}

/// The form, what is attached, and room for seals.
///
/// # Errors
/// [`Failure`] where what is sealed cannot be opened.
pub fn parts(call: &Call, case: &Case, of: &Form) -> Result<Vec<Part>, Failure> {
    let word = |key: &str| text(call.language, key).unwrap_or_default();
    let mut parts = form(&of.schema, &of.ui, &whole(call.vault(), &case.application)?, language(call));
    let attached = &case.application.attached;
    if !attached.is_empty() {
        let columns = [(word("paper-number"), 1), (word("paper-attachment"), 6), (word("paper-digest"), 5)];
        let row = |(place, one): (usize, &pingxuan_domain::application::attachment::Attached)| {
            let digest: String = one.digest.chars().take(16).collect();
            vec![(place + 1).to_string(), one.name.clone(), digest]
        };
        parts.push(Part::Text(Style::Heading, word("paper-attachments")));
        parts.push(Part::Table(Table::list(&columns, attached.iter().enumerate().map(row))));
    }
    let seals: Option<Vec<Label>> =
        of.ui.get("seals").and_then(|seals| serde_json::from_value(seals.clone()).ok());
    let labels = match seals {
        Some(seals) => seals.iter().map(|seal| call.language.of(seal).to_owned()).collect(),
        None => vec![word("paper-opinion-unit"), word("paper-opinion-office"), word("paper-opinion-decider")],
    };
    let seal = |label: String| {
        vec![Seal { label, text: String::new(), closing: vec![word("paper-seal"), word("paper-day")] }]
    };
    parts.push(Part::Table(Table::seals(labels.into_iter().map(seal))));
    Ok(parts)
}

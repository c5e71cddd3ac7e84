//! Imports asked for: the empty table to fill in, and the filled one taken in.

use actix_multipart::Multipart;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, get, post, web};
use pingxuan_documents::inspection::content_disposition;
use pingxuan_documents::sheets;
use pingxuan_domain::ErrorCode;
use pingxuan_domain::job::{Asked, ImportKind, ImportMode};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::asking::{begun, queued};
use super::columns::{moment, sheet_language};
use super::imports::{XLSX, columns, entered_by, limits, notes, read};
use super::views::JobView;
use crate::attachment::multipart::receive;
use crate::call::{Answer, Call, decode};
use crate::catalogue::label;
use crate::enums;
use crate::files::Kept;
use crate::problem::Failure;
use crate::upload::{Upload, is_replayed};

/// A table with what is to be done with it, as a form.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportForm {
    /// The table, with its name: XLSX, or CSV in UTF-8 or GB18030.
    #[schema(value_type = String, format = Binary, max_length = 20971520)]
    file: String,
    /// What its rows are.
    #[schema(value_type = enums::ImportKind)]
    what: ImportKind,
    /// How it is read in.
    #[schema(value_type = enums::ImportMode)]
    mode: ImportMode,
}

/// 下载导入模板 · Get an import template
///
/// The empty table to fill in, as a workbook in the caller's language, with lists to choose from and a sheet that explains it.
#[utoipa::path(
    tag = "jobs",
    params(("kind" = enums::ImportKind, Path, description = "What its rows are")),
    responses((status = 200, description = "The workbook", content((Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))))
)]
#[get("/imports/templates/{kind}")]
pub async fn get_import_template(call: Call, kind: web::Path<ImportKind>) -> Answer {
    let what = *kind;
    let path = call.app.files.scratch()?;
    let language = call.language;
    let made = moment(call.now);
    let writing = tokio::task::spawn_blocking(move || {
        sheets::template(&path, &columns(what), &notes(language, what), sheet_language(language), made)
            .map(|()| path)
    });
    let written = writing.await.map_err(|error| Failure::Internal(format!("a template: {error}")))?;
    let path = written.map_err(|fault| Failure::Internal(format!("a template: {fault}")))?;
    let workbook = tokio::fs::read(&path).await?;
    let name = format!("{}.xlsx", label(call.language, "import_kind", what.into()));
    let mut answer = HttpResponse::Ok().content_type(XLSX).body(workbook);
    if let Ok(named) = HeaderValue::from_str(&content_disposition(&name)) {
        answer.headers_mut().insert(header::CONTENT_DISPOSITION, named);
    }
    Ok(answer)
}

/// 申请导入 · Ask for an import
///
/// Reads a table in by a job, whose report is the table with every fault marked at its place. Each row is held to what the operation
/// holds it to that enters one alone; who may not call that may not import either. `dry_run` changes nothing, `all_or_nothing` enters
/// all rows where all are right, `row_by_row` those that are right. For accounts the report tells the one-time passwords, to whoever
/// asked alone.
#[utoipa::path(
    tag = "jobs",
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses((status = 202, description = "The job that does it", body = JobView))
)]
#[post("/imports")]
pub async fn create_import(mut upload: Upload) -> Answer {
    if !upload.is("multipart/form-data") {
        let refused = pingxuan_domain::Fault::new(ErrorCode::UnsupportedMediaType);
        return Err(Failure::Plain(refused.with("wanted", "multipart/form-data")));
    }
    let deadline = upload.call.app.edge.body_deadline;
    let coming = upload.bytes();
    let form = Multipart::new(upload.call.headers(), coming);
    let form = receive(&upload.call.app.files, form, (limits().content.bytes, deadline)).await?;
    let mut call = upload.call;
    call.stands_for(&json!({"file": form.file.digest, "name": form.name, "members": form.members}))?;
    let mut described = form.members;
    if let Some(members) = described.as_object_mut() {
        members.insert("file".into(), form.name.clone().into());
    }
    call.app.contract.check_body(call.operation(), &described)?;
    let sent: ImportForm = decode(described)?;
    permitted(&call, sent.what)?;
    // What can be told at once is told at once.
    read(&form.file.path, sent.what).await?;
    let asked = Asked::Import { what: sent.what, mode: sent.mode, file_name: form.name };
    let job = begun(&call, asked, None)?;
    let files = &call.app.files;
    files.keep(Kept::Given, job.id, &form.file.path).await?;
    let answer = call.act(async |tx| queued(&call, tx, &job).await).await;
    if answer.as_ref().map_or(true, is_replayed) {
        files.delete(Kept::Given, job.id).await?;
    }
    call.app.jobs.wake.notify_one();
    answer
}

/// Whether the caller may enter one by one what the table holds.
fn permitted(call: &Call, what: ImportKind) -> Result<(), Failure> {
    let given = call.visibility_of(entered_by(what));
    given.map(drop).ok_or_else(|| Failure::of(ErrorCode::RoleNotPermitted))
}

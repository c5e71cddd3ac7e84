//! What answers carry beside their bodies: tags, places, links; and the answer that says that nothing has changed.

use pingxuan_domain::Operation;
use pingxuan_domain::application::attachment::LARGEST;
use serde_json::{Map, Value, json};

use super::polish::shared_headers;

/// Operations that answer something without a version. Lists have none either.
const UNTAGGED: &[Operation] = &[
    Operation::Login,
    Operation::OidcStart,
    Operation::OidcCallback,
    Operation::RefreshSession,
    Operation::Logout,
    Operation::GetMe,
    Operation::ChangePassword,
    Operation::RevokeSession,
    Operation::VerifySecondFactor,
    Operation::EnrolTotp,
    Operation::ConfirmTotp,
    Operation::RemoveTotp,
    Operation::IssueToken,
    Operation::GetJwks,
    Operation::GetWorkflow,
    Operation::CheckApplication,
    Operation::CheckDocument,
    Operation::GetUploadOffset,
    Operation::GetApplicationHistory,
    Operation::GetApplicationChanges,
    Operation::GetApplicationEvidence,
    Operation::PlanAssignments,
    Operation::GetAssignmentPlan,
    Operation::ConfirmAssignments,
    Operation::RequestVetting,
    Operation::DryRunCampaign,
    Operation::WhatIfRanking,
    Operation::GetImportTemplate,
    Operation::GrantExtension,
    Operation::FileObjection,
    Operation::FollowObjection,
    Operation::RevealObjector,
    Operation::RevealPersonalData,
    Operation::Liveness,
    Operation::Readiness,
    Operation::SecurityTxt,
    Operation::SwaggerUi,
    Operation::ProblemPage,
];

/// Operations that answer 202 with a job.
const BEGIN_JOBS: &[Operation] =
    &[Operation::CreateExport, Operation::CreateImport, Operation::PlanAssignments];

/// What is fetched as a file, under its name.
const FILES: &[Operation] =
    &[Operation::DownloadAttachment, Operation::DownloadJobResult, Operation::GetImportTemplate];

/// Operations that answer a paper, with where it is checked.
const PAPERS: &[Operation] = &[
    Operation::GetApplicationDocument,
    Operation::GetCertificate,
    Operation::GetAwardListDocument,
    Operation::GetNoticeDocument,
];

/// The header that names a request, so that sending it again does nothing twice (docs/api-design.md, rule 6).
pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// Members of answers that are told once and never kept.
pub const SECRET_MEMBERS: &[(Operation, &str)] = &[
    (Operation::CreateUser, "initial_password"),
    (Operation::ResetUserPassword, "initial_password"),
    (Operation::CreateClient, "client_secret"),
    (Operation::RotateClientSecret, "client_secret"),
];

/// Operations that are posted and honour no key: they hand out secrets, look, or try.
const WITHOUT_KEY: &[Operation] = &[
    Operation::Login,
    Operation::RefreshSession,
    Operation::Logout,
    Operation::ChangePassword,
    Operation::VerifySecondFactor,
    Operation::EnrolTotp,
    Operation::ConfirmTotp,
    Operation::IssueToken,
    Operation::RevealObjector,
    Operation::RevealPersonalData,
    Operation::DryRunCampaign,
    Operation::WhatIfRanking,
];

/// Operations whose requests may be written offline and sent days later; those that are put honour a key too (D-606).
const OFFLINE: &[Operation] =
    &[Operation::RecordSiteVisit, Operation::SaveScoreSheet, Operation::SubmitScoreSheet];

/// Whether an operation that is called by a method honours an `Idempotency-Key`. What is put, patched or deleted names its version
/// instead.
#[must_use]
pub fn honours_key(method: &str, operation: Operation) -> bool {
    OFFLINE.contains(&operation) || (method.eq_ignore_ascii_case("post") && !WITHOUT_KEY.contains(&operation))
}

/// Days for which the answer to a key is kept.
#[must_use]
pub fn days_kept(operation: Operation) -> i64 {
    if OFFLINE.contains(&operation) { 90 } else { 1 }
}

/// The media types in which an operation answers where it succeeds; none where the answer has no body, or is a page's file.
pub(super) fn media_types(stated: &Value) -> Vec<String> {
    let responses = stated.get("responses").and_then(Value::as_object).into_iter().flatten();
    let found = responses.filter(|(status, _)| status.starts_with('2'));
    let found = found.filter_map(|(_, response)| response.get("content")?.as_object());
    let mut types: Vec<String> = found.flatten().map(|(media_type, _)| media_type.clone()).collect();
    types.dedup();
    if stated.get("operationId").is_some_and(|id| id == Operation::SwaggerUi.code()) { vec![] } else { types }
}

/// What an answer's `Cache-Control` says: `no-store` wherever a person, a state or a secret may stand in it.
#[must_use]
pub fn cache_control(operation: Operation) -> &'static str {
    use Operation as O;
    const ANYBODYS: &[O] = &[
        O::GetJwks,
        O::GetWorkflow,
        O::ListEnumerations,
        O::SecurityTxt,
        O::OpenapiDocument,
        O::SwaggerUi,
        O::ProblemPage,
    ];
    const SHOWN: &[O] =
        &[O::ListPublicNotices, O::GetPublicNotice, O::ListPublicAwards, O::VerifyCertificate];
    const REFERENCE: &[O] = &[
        O::ListCategories,
        O::GetCategory,
        O::GetCategoryForm,
        O::GetWorkdayCalendar,
        O::ListUnits,
        O::GetUnit,
    ];
    if ANYBODYS.contains(&operation) {
        "public, max-age=300"
    } else if SHOWN.contains(&operation) {
        // What is revoked or withdrawn says so at once.
        "public, no-cache"
    } else if REFERENCE.contains(&operation) {
        "private, no-cache"
    } else {
        "no-store"
    }
}

/// Describes the headers of an operation's answers, and 304 where it honours `If-None-Match`.
pub(super) fn describe(method: &str, operation: Operation, stated: &mut Value) {
    let listed = operation.code().starts_with("list_");
    let tagged = !listed && !UNTAGGED.contains(&operation) && operation != Operation::OpenapiDocument;
    let parameters = stated.get("parameters").and_then(Value::as_array);
    let paged = parameters
        .into_iter()
        .flatten()
        .any(|parameter| parameter.get("name").is_some_and(|name| name == "cursor"));
    let tag = etag();
    let keyed = honours_key(method, operation);
    let responses = stated.get_mut("responses").and_then(Value::as_object_mut);
    let described = |status: &String| status.starts_with('2') || status == "303";
    for (status, response) in responses.into_iter().flatten().filter(|(status, _)| described(status)) {
        let mut headers = Map::new();
        let begun = status == "202" && BEGIN_JOBS.contains(&operation);
        if (tagged || begun) && response.get("content").is_some() {
            headers.insert("ETag".into(), tag.clone());
        }
        if status == "201" {
            headers.insert("Location".into(), header("Where it is", 500, "^/"));
        }
        if begun {
            headers.insert("Location".into(), header("Where it is followed", 500, "^/"));
            let seconds = json!({"type": "integer", "minimum": 0, "maximum": 3600});
            let wait = json!({"description": "Seconds after which to look", "schema": seconds});
            headers.insert("Retry-After".into(), wait);
        }
        if status == "303" {
            headers.insert("Location".into(), header("Where the browser goes on", 8000, "^https?://"));
            headers
                .insert("Set-Cookie".into(), header("What binds the log-in to the browser", 300, "^[ -~]*$"));
        }
        if paged {
            headers.insert(
                "Link".into(),
                header("Where the next page is, `rel=\"next\"` (RFC 8288)", 3000, "^<"),
            );
        }
        if matches!(operation, Operation::GetUploadOffset | Operation::ResumeUpload) {
            let offset = json!({"type": "integer", "minimum": 0, "maximum": LARGEST});
            headers.insert(
                "Upload-Offset".into(),
                json!({"description": "Where the next piece begins", "schema": offset}),
            );
        }
        if PAPERS.contains(&operation) {
            let checked = "Where the paper is checked, `rel=\"describedby\"` (RFC 8288)";
            headers.insert("Link".into(), header(checked, 3000, "^<"));
        }
        if PAPERS.contains(&operation) || FILES.contains(&operation) {
            let named = header("The name of the file (RFC 6266)", 1500, "^attachment; ");
            headers.insert("Content-Disposition".into(), named);
        }
        shared_headers(&mut headers, keyed);
        if let Some(members) = response.as_object_mut() {
            members.insert("headers".into(), headers.into());
        }
    }
    if tagged && method == "get" {
        unchanged(stated, &tag);
    }
}

fn etag() -> Value {
    let mut tag =
        header("The version, to be sent as `If-Match` (RFC 9110, section 8.8.3)", 100, r#"^"[!#-~]+"$"#);
    if let Some(members) = tag.as_object_mut() {
        members.insert("example".into(), "\"1.0f3c9a5e7b214d68\"".into());
    }
    tag
}

fn header(description: &str, length: u32, pattern: &str) -> Value {
    json!({"description": description, "schema": {"type": "string", "maxLength": length, "pattern": pattern}})
}

/// A GET that is asked with the tag that the caller has.
fn unchanged(stated: &mut Value, tag: &Value) {
    let Some(members) = stated.as_object_mut() else { return };
    let parameters = members.entry("parameters").or_insert_with(|| json!([]));
    if let Some(parameters) = parameters.as_array_mut() {
        parameters.push(json!({
            "name": "If-None-Match", "in": "header", "required": false,
            "description": "The tag of the version that the caller has; 304 where it is still that one",
            "schema": {"type": "string", "maxLength": 1000},
        }));
    }
    if let Some(responses) = members.get_mut("responses").and_then(Value::as_object_mut) {
        let mut headers = Map::new();
        headers.insert("ETag".into(), tag.clone());
        shared_headers(&mut headers, false);
        let response = json!({"description": "Still the version that the caller has", "headers": headers});
        responses.insert("304".into(), response);
    }
}

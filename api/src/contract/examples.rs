//! Examples of the contract: what was asked and answered in the 2022 selection, and the problems that each status stands for.

use std::sync::LazyLock;

use pingxuan_domain::application::attachment::{FileKind, LARGEST};
use pingxuan_domain::{ErrorCode, Fault};
use serde_json::{Map, Value, json};
use strum::IntoEnumIterator;

use crate::catalogue::Language;
use crate::problem::{Problem, Seed};

/// Requests and answers by operation, chosen from a run of the suite (`docs/adding-an-operation.md`).
static CHOSEN: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("examples.json")).unwrap_or_default());

/// Enters the examples of an operation's body and answers.
pub(super) fn enter(id: &str, stated: &mut Value) {
    let itself = json!({"responses": {"200": {"openapi": "3.1.0", "info": {"title": "评选 Pingxuan", "version": "1.0.0"}}}});
    let itself = (id == "openapi_document").then_some(&itself);
    let chosen = itself.or_else(|| CHOSEN.get(id)).unwrap_or(&Value::Null);
    let patch = json!({"definition": {"paper_copies": {"value": 2, "source": "notice"}}});
    // What works against a demonstration at once.
    let login = json!({"username": "jiangbei", "password": crate::demo::PASSWORD});
    let request = match id {
        "login" => Some(&login),
        "update_campaign" => Some(&patch),
        _ => chosen.get("request"),
    };
    if let Some(body) = stated.pointer_mut("/requestBody/content").and_then(Value::as_object_mut) {
        for (media_type, media) in body {
            match media_type.as_str() {
                "multipart/form-data" if id == "create_import" => {
                    insert(media, Some(&json!({"file": BYTES, "what": "units", "mode": "dry_run"})));
                }
                "multipart/form-data" => insert(media, Some(&json!({"file": BYTES}))),
                _ if is_bytes(media_type) => describe_bytes(media),
                _ => insert(media, request),
            }
        }
    }
    let responses = stated.get_mut("responses").and_then(Value::as_object_mut);
    for (status, response) in responses.into_iter().flatten() {
        let told = chosen.pointer(&format!("/responses/{status}"));
        let content = response.get_mut("content").and_then(Value::as_object_mut);
        for (media_type, media) in content.into_iter().flatten() {
            // A part of something is bytes, whatever the whole is.
            if is_bytes(media_type) || status == "206" {
                describe_bytes(media);
                continue;
            }
            let (schema, shown) = match media_type.as_str() {
                "text/html" => (1_000_000, "<!doctype html><title>评选 Pingxuan</title>"),
                "image/svg+xml" => (
                    1_000_000,
                    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"640\" height=\"320\"></svg>",
                ),
                "text/plain" => (
                    2_000,
                    "Contact: mailto:security@example.org\nExpires: 2023-11-06T01:00:00.000Z\nPreferred-Languages: zh, en\n",
                ),
                "application/jsonl" => (
                    1_000_000_000,
                    "{\"actor\":{\"kind\":\"system\"},\"at\":\"2022-11-07T01:00:00.000Z\",\"operation\":\"open_acceptance\"}\n",
                ),
                "text/vnd.mermaid" => (100_000, "stateDiagram-v2\n    [*] --> published: publish_notice\n"),
                _ => {
                    insert(media, told);
                    continue;
                }
            };
            if let Some(members) = media.as_object_mut() {
                members.insert("schema".into(), json!({"type": "string", "maxLength": schema}));
                members.insert("example".into(), shown.into());
            }
        }
    }
}

/// What stands for the bytes of a file.
const BYTES: &str = "（文件内容）";

/// Whether a media type is that of files, which have no members.
fn is_bytes(media_type: &str) -> bool {
    ["application/octet-stream", "application/offset+octet-stream", "application/zip", "text/csv"]
        .contains(&media_type)
        || FileKind::iter().any(|kind| kind.media_type() == media_type)
}

/// A file: its bytes as they are.
fn describe_bytes(media: &mut Value) {
    if let Some(members) = media.as_object_mut() {
        members.insert("schema".into(), json!({"type": "string", "format": "binary", "maxLength": LARGEST}));
        members.insert("example".into(), BYTES.into());
    }
}

fn insert(media: &mut Value, example: Option<&Value>) {
    if let (Some(members), Some(example)) = (media.as_object_mut(), example) {
        members.insert("example".into(), example.clone());
    }
}

/// Problems as examples of a status's answer: by code, in the language that nobody asked for another than.
pub(super) fn problems(status: &str) -> Value {
    use ErrorCode as C;
    let guards = || vec![Fault::new(C::CampaignNotAccepting).with("phase", "verifying")];
    let fields = || {
        vec![
            Fault::at("/form/deeds/criterion_1", C::TooLong).with("limit", 2000),
            Fault::at("/form/head", C::Required),
        ]
    };
    let of: Vec<(C, Vec<Fault>)> = match status {
        "400" => vec![(C::UnknownParameter, vec![]), (C::MalformedJson, vec![])],
        "401" => vec![(C::Unauthenticated, vec![])],
        "403" => vec![(C::RoleNotPermitted, vec![])],
        "404" => vec![(C::NotFound, vec![])],
        "406" => vec![(C::NotAcceptable, vec![])],
        "408" => vec![(C::RequestTimeout, vec![])],
        "409" => vec![(C::GuardFailed, guards()), (C::IdempotencyInFlight, vec![])],
        "412" => vec![(C::PreconditionFailed, vec![])],
        "413" => vec![(C::PayloadTooLarge, vec![])],
        "414" => vec![(C::UriTooLong, vec![])],
        "415" => vec![(C::UnsupportedMediaType, vec![])],
        "416" => vec![(C::RangeNotSatisfiable, vec![])],
        "507" => vec![(C::StorageFull, vec![])],
        "422" => vec![(C::ValidationFailed, fields()), (C::IdempotencyKeyReused, vec![])],
        "428" => vec![(C::PreconditionRequired, vec![])],
        "429" => vec![(C::TooManyRequests, vec![]), (C::TooManyAttempts, vec![])],
        "503" => vec![(C::ServiceUnavailable, vec![])],
        _ => vec![(C::InternalError, vec![])],
    };
    let example = |(code, faults): (C, Vec<Fault>)| {
        let facts = [
            ("parameter", "stauts"),
            ("line", "1"),
            ("column", "12"),
            ("seconds", "600"),
            ("limit", "8192"),
            ("wanted", "application/json"),
        ];
        let whole = facts.into_iter().fold(Fault::new(code), |fault, (name, fact)| fault.with(name, fact));
        let seed = Seed { whole, faults, conflict: None };
        let problem = Problem::of(
            Language::Chinese,
            &seed,
            "/api/v1/applications",
            "018568e9-5400-70f2-82fb-35129853f426",
        );
        (code.code().to_owned(), json!({"summary": problem.title, "value": problem}))
    };
    Value::Object(of.into_iter().map(example).collect::<Map<_, _>>())
}

//! What answers carry beside their bodies: tags, places, links; and the answer that says that nothing has changed.

use pingxuan_domain::Operation;
use serde_json::{Map, Value, json};

/// Operations that answer something without a version. Lists have none either.
const UNTAGGED: &[Operation] = &[
    Operation::Login,
    Operation::RefreshSession,
    Operation::Logout,
    Operation::GetMe,
    Operation::ChangePassword,
    Operation::GetJwks,
    Operation::GetWorkflow,
    Operation::CheckApplication,
    Operation::GetApplicationHistory,
    Operation::GetApplicationChanges,
    Operation::PlanAssignments,
    Operation::ConfirmAssignments,
    Operation::RequestVetting,
    Operation::DryRunCampaign,
    Operation::GrantExtension,
    Operation::FileObjection,
    Operation::FollowObjection,
    Operation::RevealObjector,
    Operation::Liveness,
    Operation::Readiness,
    Operation::SwaggerUi,
];

/// Describes the headers of an operation's answers, and 304 where it honours `If-None-Match`.
pub(super) fn describe(method: &str, operation: Operation, stated: &mut Value) {
    let listed = operation.code().starts_with("list_");
    let tagged = !listed && !UNTAGGED.contains(&operation) && operation != Operation::OpenapiDocument;
    let parameters = stated.get("parameters").and_then(Value::as_array);
    let paged = parameters
        .into_iter()
        .flatten()
        .any(|parameter| parameter.get("name").is_some_and(|name| name == "cursor"));
    let tag = header("The version, to be sent as `If-Match` (RFC 9110, section 8.8.3)", 100);
    let responses = stated.get_mut("responses").and_then(Value::as_object_mut);
    for (status, response) in responses.into_iter().flatten().filter(|(status, _)| status.starts_with('2')) {
        let mut headers = Map::new();
        if tagged && response.get("content").is_some() {
            headers.insert("ETag".into(), tag.clone());
        }
        if status == "201" {
            headers.insert("Location".into(), header("Where it is", 500));
        }
        if paged {
            headers.insert("Link".into(), header("Where the next page is, `rel=\"next\"` (RFC 8288)", 3000));
        }
        if !headers.is_empty()
            && let Some(members) = response.as_object_mut()
        {
            members.insert("headers".into(), headers.into());
        }
    }
    if tagged && method == "get" {
        unchanged(stated, &tag);
    }
}

fn header(description: &str, length: u32) -> Value {
    json!({"description": description, "schema": {"type": "string", "maxLength": length}})
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
        let response =
            json!({"description": "Still the version that the caller has", "headers": {"ETag": tag}});
        responses.insert("304".into(), response);
    }
}

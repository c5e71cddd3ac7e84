//! The OpenAPI document: what the handlers say of themselves, completed from the policy, the workflows and the schemas.

use std::sync::{Arc, OnceLock};

use actix_web::App as ActixApp;
use pingxuan_domain::Operation;
use pingxuan_domain::operation::Standing;
use pingxuan_domain::policy::{Reach, Who, rule};
use pingxuan_domain::workflow::Workflow;
use serde_json::{Map, Value, json};
use strum::IntoEnumIterator;
use utoipa::{PartialSchema, ToSchema};
use utoipa_actix_web::AppExt;

use crate::catalogue::{Language, label};
use crate::contract::{Contract, answers, examples, oauth, polish};
use crate::identity::client_tokens::OauthErrorView;
use crate::problem::{PROBLEM_JSON, Problem};
use crate::routes;

/// The document, drawn from the handlers alone: it needs no database and no clock.
///
/// # Errors
/// A sentence that says what in it cannot be understood.
pub fn document() -> Result<Value, String> {
    let (_, drawn) = ActixApp::new().into_utoipa_app().configure(routes::documented).split_for_parts();
    let mut document = serde_json::to_value(drawn).map_err(|error| error.to_string())?;
    let root = document.as_object_mut().ok_or("the document is no object")?;
    root.insert("info".into(), info());
    let servers = json!([{"url": "/", "description": "本服务器 · This server: production, or a sandbox where it runs with --demo", "x-internal": false}]);
    root.insert("servers".into(), servers);
    root.insert("tags".into(), tags());
    let mut schemas = complete_schemas(root);
    let paths = root.get_mut("paths").and_then(Value::as_object_mut).ok_or("the document has no paths")?;
    for (template, item) in paths {
        for (method, stated) in item.as_object_mut().into_iter().flatten() {
            complete((method, template), stated)?;
        }
    }
    if let Some(schemas) = schemas.as_object_mut() {
        let sent = json!(root.get("paths")).to_string();
        schemas.retain(|name, _| !name.ends_with("Patch") || sent.contains(&format!("/{name}\"")));
    }
    let mut components = Map::new();
    components.insert("schemas".into(), schemas);
    components.insert("responses".into(), problems());
    components.insert("securitySchemes".into(), security_schemes());
    root.insert("components".into(), components.into());
    polish::polish(root);
    polish::set_apart(root);
    Ok(document)
}

/// The contract of this build: drawn once a process, as it is always the same.
///
/// # Errors
/// A sentence that says what in the document cannot be understood.
pub fn contract() -> Result<Arc<Contract>, String> {
    static DRAWN: OnceLock<Result<Arc<Contract>, String>> = OnceLock::new();
    DRAWN.get_or_init(|| Ok(Arc::new(Contract::new(&built()?)?))).clone()
}

/// The document of this build: drawn from the handlers while they are worked on. A release has it within, as the tests have held it to
/// the handlers: drawing it takes longer than all else of a start, and memory that nobody needs afterwards.
fn built() -> Result<Value, String> {
    #[cfg(debug_assertions)]
    return document();
    #[cfg(not(debug_assertions))]
    return serde_json::from_str(include_str!("../../../openapi/openapi.json"))
        .map_err(|error| error.to_string());
}

fn info() -> Value {
    json!({
        "title": "评选 Pingxuan",
        "version": "1.0.0",
        "summary": "县级评选表彰系统 · How a county selects and commends the units and people that serve it best",
        "description": include_str!("introduction.md"),
        "contact": {"name": "县“五型”办 · The county's office"},
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    })
}

fn tags() -> Value {
    let tags = [
        ("auth", "登录与会话 · Log-in and sessions"),
        ("accounts", "账户 · Accounts and roles"),
        ("county", "单位、监督员与年度考评 · Units, supervisors, annual assessments, working days"),
        ("campaigns", "评选活动 · Campaigns and their categories"),
        ("applications", "申报 · Applications"),
        ("attachments", "附件 · Attachments of applications"),
        ("verification", "核查与评分 · Assignments, site visits, score sheets, duty records"),
        ("review", "排名与候选名单 · Rankings and shortlists"),
        ("vetting", "征求意见与一票否决 · Vetting by departments, vetoes"),
        ("objections", "异议 · Objections, from their assignment to their answer"),
        ("awards", "表彰 · Awards"),
        ("jobs", "导出与导入 · Exports, imports, and the jobs that do them"),
        ("public", "公开信息 · What anyone may see"),
        ("reference", "工作流与枚举 · Workflows and enumerations"),
        ("audit", "审计 · The audit"),
        ("operation", "运行 · The server itself"),
    ];
    let tags = tags.iter().map(
        |(name, description)| json!({"name": name, "description": description, "x-displayName": description}),
    );
    Value::Array(tags.collect())
}

fn security_schemes() -> Value {
    json!({"client": oauth::scheme(), "bearer": {
        "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
        "description": "An access token of `login` or `refresh_session`: a JWT (RFC 7519) signed with EdDSA, used as RFC8725 advises; its key is at /.well-known/jwks.json."
    }})
}

/// The statuses of errors, with what they mean everywhere.
const PROBLEMS: [(&str, &str, &str); 18] = [
    (
        "400",
        "Malformed",
        "The request cannot be read: malformed JSON, an unknown or invalid parameter, a bad cursor",
    ),
    ("401", "Unauthenticated", "No token, or a bad one; or the credentials are wrong"),
    (
        "403",
        "Forbidden",
        "The caller's roles have no such operation, or the password or the second factor must be seen to first",
    ),
    ("404", "NotFound", "Out of the caller's reach, or not there: the same answer"),
    ("406", "NotAcceptable", "There is nothing of the media types that `Accept` asks for"),
    ("408", "RequestTimeout", "The body has not come in time"),
    (
        "409",
        "Conflict",
        "The state does not know the operation, or guards are against it; `errors` names each",
    ),
    ("412", "PreconditionFailed", "`If-Match` names another version than the one that is there"),
    ("413", "TooLarge", "The body is too large"),
    ("414", "AddressTooLong", "The address, with its parameters, is too long"),
    ("415", "UnsupportedMediaType", "The body has another media type than the one that the operation takes"),
    ("416", "RangeNotSatisfiable", "`Range` asks for a part that is not in the file"),
    ("422", "Invalid", "The body says something that cannot be; `errors` names every fault with a pointer"),
    (
        "428",
        "PreconditionRequired",
        "`If-Match` (or `If-None-Match: *` where something is created) is missing",
    ),
    ("429", "TooManyRequests", "Too many requests, or too many wrong attempts; see `Retry-After`"),
    ("500", "InternalError", "Something that must not happen; name the `request_id` when asking for help"),
    ("503", "Unavailable", "The server or its database is away for a moment; see `Retry-After`"),
    ("507", "StorageFull", "There is no room left to keep the file"),
];

fn problems() -> Value {
    Value::Object(PROBLEMS.iter().filter(|(status, _, _)| *status != "400").map(problem).collect())
}

/// The answer of one status, with its name.
pub(super) fn problem((status, name, description): &(&str, &str, &str)) -> (String, Value) {
    let schema = json!({"$ref": "#/components/schemas/Problem"});
    let header = |name: &str, description: &str, schema: Value| json!({name: {"description": description, "schema": schema}});
    let headers = match *name {
        "Unavailable" | "Conflict" | "TooManyRequests" => {
            let seconds = json!({"type": "integer", "minimum": 0, "maximum": 3600});
            header("Retry-After", "Seconds to wait", seconds)
        }
        "Unauthenticated" => {
            let scheme = json!({"type": "string", "maxLength": 200});
            header("WWW-Authenticate", "The scheme to log in with", scheme)
        }
        _ => json!({}),
    };
    let headers = with_shared(headers);
    let content = json!({PROBLEM_JSON: {"schema": schema, "examples": examples::problems(status)}});
    let response = json!({"description": description, "headers": headers, "content": content});
    ((*name).to_owned(), response)
}

/// The headers of an error, with those that every answer carries.
fn with_shared(mut headers: Value) -> Value {
    if let Some(members) = headers.as_object_mut() {
        polish::shared_headers(members, false);
    }
    headers
}

/// Takes the schemas out, with those that handlers cannot say: `XPatch` for every `XIn`, of which those stay that some operation
/// takes, and the notice definition.
fn complete_schemas(root: &mut Map<String, Value>) -> Value {
    let schemas =
        root.remove("components").and_then(|mut components| components.get_mut("schemas").map(Value::take));
    let Some(Value::Object(mut schemas)) = schemas else { return Value::Null };
    for name in schemas.keys().cloned().collect::<Vec<_>>() {
        if let (Some(base), Some(schema)) = (name.strip_suffix("In"), schemas.get(&name)) {
            let patch = patch_of(schema, &schemas);
            schemas.insert(format!("{base}Patch"), patch);
        }
    }
    for (patch, member) in FIXED {
        let members = schemas.get_mut(patch).and_then(|schema| schema.get_mut("properties")?.as_object_mut());
        members.and_then(|members| members.shift_remove(member));
    }
    for (name, schema) in notice_definition() {
        schemas.insert(name, schema);
    }
    // No handler names the body of its errors.
    let mut beneath = vec![("Problem".to_owned(), Problem::schema())];
    Problem::schemas(&mut beneath);
    beneath.push(("OauthErrorView".to_owned(), OauthErrorView::schema()));
    schemas.extend(beneath.into_iter().map(|(name, schema)| (name, json!(schema))));
    Value::Object(schemas)
}

/// Members that are given once: no patch names them.
const FIXED: [(&str, &str); 1] = [("UserPatch", "username")];

/// Lets a member be null too.
fn nullable(member: &mut Value) {
    let takes_null = |schema: &Value| match schema.get("type") {
        Some(Value::Array(types)) => types.iter().any(|one| one == "null"),
        Some(one) => one == "null",
        None => false,
    };
    let alternatives = ["oneOf", "anyOf"].iter().filter_map(|name| member.get(name)?.as_array());
    if !takes_null(member) && !alternatives.flatten().any(takes_null) {
        *member = json!({"anyOf": [member, {"type": "null"}]});
    }
}

/// What a merge patch of a body may be: every member may be absent, null takes away what need not be there, and an object may
/// be sent in part. What it makes of the whole is checked against the whole's own schema.
fn patch_of(schema: &Value, schemas: &Map<String, Value>) -> Value {
    let mut patch = schema.clone();
    if let Some(members) = patch.as_object_mut() {
        let required = members.remove("required").unwrap_or_default();
        let is_required =
            |name: &String| required.as_array().is_some_and(|names| names.iter().any(|one| one == name));
        members.insert("minProperties".into(), json!(1));
        for (name, member) in
            members.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten()
        {
            if let Some(name) = object_named(member, schemas) {
                let description = format!("A part of a {name}: a merge patch of it");
                *member = json!({"type": "object", "description": description, "additionalProperties": true});
            }
            if !is_required(name) {
                nullable(member);
            }
        }
    }
    patch
}

/// The name of the object schema that a member refers to.
fn object_named(member: &Value, schemas: &Map<String, Value>) -> Option<String> {
    let name = member.get("$ref")?.as_str()?.strip_prefix("#/components/schemas/")?;
    let is_object = schemas.get(name)?.get("type").is_some_and(|found| found == "object");
    is_object.then(|| name.to_owned())
}

/// The published schema of notice definitions, as components of the document.
fn notice_definition() -> Vec<(String, Value)> {
    let text = include_str!("../../../campaigns/notice-definition.schema.json")
        .replace("#/$defs/", "#/components/schemas/Notice");
    let Ok(Value::Object(mut whole)) = serde_json::from_str(&text) else { return vec![] };
    let parts = whole.remove("$defs");
    whole.remove("$schema");
    whole.remove("$id");
    let mut found = vec![("NoticeDefinition".to_owned(), Value::Object(whole))];
    for (name, schema) in parts.as_ref().and_then(Value::as_object).into_iter().flatten() {
        found.push((format!("Notice{name}"), schema.clone()));
    }
    found.iter_mut().for_each(|(_, schema)| plain(schema));
    found
}

/// A published schema as generators of clients read it best: its titles name no types, and what may be false alone is a boolean.
fn plain(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(plain),
        Value::Object(members) => {
            if members.get("title").is_some_and(Value::is_string) {
                members.shift_remove("title");
            }
            if members.get("const").is_some_and(Value::is_boolean) {
                let only = members.shift_remove("const");
                members.insert("type".into(), "boolean".into());
                members.insert("enum".into(), json!([only]));
            }
            members.values_mut().for_each(plain);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Completes one operation: who may call it, when, and every error that it can give.
fn complete((method, template): (&str, &str), stated: &mut Value) -> Result<(), String> {
    let id = stated.get("operationId").and_then(Value::as_str).unwrap_or("").to_owned();
    let operation: Operation = id.parse().map_err(|_| format!("{template}: no operation '{id}'"))?;
    let members = stated.as_object_mut().ok_or("an operation is no object")?;
    let grants = rule(operation);
    let public = grants.iter().any(|grant| grant.who == Who::Public);
    // Whoever is logged in is told what they may do with a notice; nobody need be.
    let either = operation == Operation::GetPublicNotice;
    let security = match (public, either, oauth::scopes(&grants)) {
        (true, true, _) => json!([{}, {"bearer": []}]),
        (true, false, _) => json!([]),
        (false, _, scopes) if scopes.is_empty() => json!([{"bearer": []}]),
        (false, _, scopes) => json!([{"bearer": []}, {"client": scopes}]),
    };
    members.insert("security".into(), security);
    members.insert("x-roles".into(), roles(operation));
    let described = members.get("description").and_then(Value::as_str).unwrap_or("").to_owned();
    let described = [described, who(operation), when(operation)];
    let described: Vec<String> = described.into_iter().filter(|part| !part.is_empty()).collect();
    members.insert("description".into(), described.join("\n\n").into());
    if let Some(content) = members.get_mut("requestBody").and_then(|body| body.get_mut("content")) {
        patch_reference(content);
    }
    let keyed = answers::honours_key(method, operation);
    let wanted = statuses(operation, template, &Value::Object(members.clone()), (public, keyed));
    let responses = members.entry("responses").or_insert_with(|| json!({}));
    if let Some(responses) = responses.as_object_mut() {
        for stated in PROBLEMS.iter().filter(|(status, _, _)| wanted.contains(status)) {
            let (status, name, _) = stated;
            // What a request may be wrong in stands with each operation, as those who read one operation want it.
            let response = match *status {
                _ if operation == Operation::IssueToken => oauth::problem(stated),
                "400" => problem(stated).1,
                _ => json!({"$ref": format!("#/components/responses/{name}")}),
            };
            responses.insert((*status).into(), response);
        }
    }
    answers::describe(method, operation, stated);
    examples::enter(&id, stated);
    if keyed && let Some(members) = stated.as_object_mut() {
        let parameters = members.entry("parameters").or_insert_with(|| json!([]));
        let key = json!({"$ref": "#/components/parameters/IdempotencyKey"});
        parameters.as_array_mut().into_iter().for_each(|parameters| parameters.push(key.clone()));
    }
    Ok(())
}

/// A merge patch is described by the patch of its resource's body.
fn patch_reference(content: &mut Value) {
    let reference = content.pointer_mut("/application~1merge-patch+json/schema/$ref");
    if let Some(Value::String(name)) = reference
        && let Some(base) = name.strip_suffix("In")
    {
        *name = format!("{base}Patch");
    }
}

fn roles(operation: Operation) -> Value {
    let role = |who: Who| match who {
        Who::Public => "public".to_owned(),
        Who::LoggedIn => "any".to_owned(),
        Who::Role(role) => role.to_string(),
        Who::Scope(scope) => scope.to_string(),
    };
    let grants = rule(operation);
    let grants = grants.iter().map(|grant| (role(grant.who), json!(<&str>::from(grant.reach))));
    Value::Object(grants.collect())
}

/// Who may call it, in words.
fn who(operation: Operation) -> String {
    let grants = rule(operation);
    let said = |language| {
        let said = grants.iter().map(|grant| {
            let who = match grant.who {
                Who::Public => label(language, "who", "public"),
                Who::LoggedIn => label(language, "who", "logged_in"),
                Who::Role(role) => label(language, "role", role.into()),
                Who::Scope(scope) => format!("{} `{scope}`", label(language, "who", "client")),
            };
            if grant.reach == Reach::All {
                who
            } else {
                format!("{who} ({})", label(language, "reach", grant.reach.into()))
            }
        });
        said.collect::<Vec<_>>().join(if language == Language::Chinese { "、" } else { ", " })
    };
    format!("**Who · 谁可调用**: {} · {}", said(Language::English), said(Language::Chinese))
}

/// When it is allowed, from the workflow tables.
fn when(operation: Operation) -> String {
    let mut lines = Vec::new();
    for table in Workflow::iter().map(Workflow::table) {
        for row in table.rows.iter().filter(|row| row.operation == operation) {
            let guards =
                if row.guards.is_empty() { String::new() } else { format!(" ({})", row.guards.join(", ")) };
            let outcome = if row.outcome.is_empty() { String::new() } else { format!(" [{}]", row.outcome) };
            let (from, to) = (row.from.unwrap_or("–"), row.to.unwrap_or("–"));
            lines.push(format!("- {}: {from} → {to}{outcome}{guards}", table.workflow));
        }
    }
    if lines.is_empty() { String::new() } else { format!("**When · 何时可用**\n\n{}", lines.join("\n")) }
}

/// The statuses of the errors that an operation can give.
fn statuses(
    operation: Operation,
    template: &str,
    stated: &Value,
    (public, keyed): (bool, bool),
) -> Vec<&'static str> {
    debug_assert_eq!(operation.standing(), Standing::Served);
    let header = |name: &str| {
        let parameters = stated.get("parameters").and_then(Value::as_array);
        parameters
            .into_iter()
            .flatten()
            .any(|parameter| parameter.get("name").is_some_and(|found| found == name))
    };
    let parameters = stated.get("parameters").and_then(Value::as_array);
    let asks =
        parameters.into_iter().flatten().any(|one| one.get("in").is_some_and(|place| place == "query"));
    let body = stated.get("requestBody").is_some();
    let versioned = header("If-Match");
    let moves =
        Workflow::iter().any(|workflow| workflow.table().rows.iter().any(|row| row.operation == operation));
    let writes = body || versioned || matches!(operation, Operation::Logout | Operation::RemoveTotp);
    let mut found = vec!["400", "500", "503"];
    if !public
        || matches!(
            operation,
            Operation::Login
                | Operation::OidcCallback
                | Operation::VerifySecondFactor
                | Operation::RefreshSession
                | Operation::IssueToken
        )
    {
        found.push("401");
    }
    if !public {
        found.push("403");
    }
    if asks {
        found.push("414");
    }
    let may_be_off =
        matches!(operation, Operation::OidcStart | Operation::OidcCallback | Operation::SecurityTxt);
    if template.contains('{') || operation == Operation::RemoveTotp || may_be_off {
        found.push("404");
    }
    if !answers::media_types(stated).is_empty() {
        found.push("406");
    }
    // D-303: what lies sealed is refused to the house.
    let sealable = matches!(
        operation,
        Operation::CheckApplication
            | Operation::GetApplicationChanges
            | Operation::GetApplicationEvidence
            | Operation::RevealPersonalData
            | Operation::GetApplicationDocument
            | Operation::ListAttachments
            | Operation::GetAttachment
            | Operation::DownloadAttachment
            | Operation::GetUploadOffset
    );
    // Something else may stand in the way of what is printed.
    let sealable = sealable
        || matches!(
            operation,
            Operation::GetCertificate | Operation::GetAwardListDocument | Operation::DownloadJobResult
        );
    if moves || sealable || keyed || (writes && !public) {
        found.push("409");
    }
    if !matches!(operation, Operation::Liveness | Operation::Readiness) {
        found.push("429");
    }
    if versioned {
        found.extend(["412", "428"]);
    }
    if body {
        found.extend(["408", "413", "415"]);
        // What is wrong with a form of RFC 6749 is a 400.
        if operation != Operation::IssueToken {
            found.push("422");
        }
    } else if keyed || operation == Operation::DeleteAttachment {
        found.push("422");
    }
    if matches!(operation, Operation::DownloadAttachment | Operation::DownloadJobResult) {
        found.push("416");
    }
    if matches!(operation, Operation::UploadAttachment | Operation::ResumeUpload | Operation::CreateImport) {
        found.push("507");
    }
    found
}

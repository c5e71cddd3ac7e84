//! What holds of the whole document and no handler says: shared headers, bounds of every text and number, rows of pages by name.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// The pattern of a text that has no other: no character that the service refuses everywhere (D-905), as
/// `pingxuan_domain::identifiers::control_character` says it for texts of several lines.
pub const TEXT: &str =
    r"^[^\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069\uFEFF]*$";
/// What a header may hold at all; what in it is no tag names no version (RFC 9110, section 13.1).
const TAGS: &str = "^[ -~]*$";

const SCHEMAS: &str = "#/components/schemas/";

/// Completes a drawn document.
pub(super) fn polish(root: &mut Map<String, Value>) {
    let asked = asked_schemas(root);
    if let Some(schemas) = root.get_mut("components").and_then(|components| components.get_mut("schemas")) {
        name_rows(schemas);
        leave_out_nulls(schemas, &asked);
        describe_members(schemas);
    }
    let shared = [("headers", headers()), ("parameters", json!({"IdempotencyKey": idempotency_key()}))];
    if let Some(components) = root.get_mut("components").and_then(Value::as_object_mut) {
        components.extend(shared.map(|(name, value)| (name.to_owned(), value)));
    }
    optional_bodies(root);
    bound_parts(root);
    for part in ["components", "paths"] {
        if let Some(part) = root.get_mut(part) {
            bound(part);
        }
    }
}

/// Rows of pages are named, so that clients share their type.
fn name_rows(schemas: &mut Value) {
    for (name, schema) in schemas.as_object_mut().into_iter().flatten() {
        let Some(row) = name.strip_prefix("PageView_") else { continue };
        if let Some(items) = schema.pointer_mut("/properties/items/items") {
            *items = json!({"$ref": format!("#/components/schemas/{row}")});
        }
    }
}

/// A body that may be left out is left out, not null.
fn optional_bodies(root: &mut Map<String, Value>) {
    let operations =
        root.get_mut("paths").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut);
    let stated = operations.filter_map(Value::as_object_mut).flat_map(Map::values_mut);
    let bodies =
        stated.filter_map(|operation| operation.pointer_mut("/requestBody/content")?.as_object_mut());
    for schema in
        bodies.flat_map(Map::values_mut).filter_map(|content| content.get_mut("schema")?.as_object_mut())
    {
        not_null(schema);
    }
}

/// The schemas that bodies of requests are made of.
fn asked_schemas(root: &Map<String, Value>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let operations = root.get("paths").and_then(Value::as_object).into_iter().flat_map(Map::values);
    let bodies = operations.filter_map(Value::as_object).flat_map(Map::values);
    let mut open: Vec<&Value> = bodies.filter_map(|operation| operation.get("requestBody")).collect();
    while let Some(next) = open.pop() {
        if let Some(name) =
            next.get("$ref").and_then(Value::as_str).and_then(|place| place.strip_prefix(SCHEMAS))
            && found.insert(name.to_owned())
        {
            let schemas = root.get("components").and_then(|components| components.get("schemas"));
            open.extend(schemas.and_then(|schemas| schemas.get(name)));
        }
        match next {
            Value::Object(members) => open.extend(members.values()),
            Value::Array(items) => open.extend(items),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    found
}

/// In an answer an optional member is absent, never null; `null` is for bodies, where clearing has a meaning.
fn leave_out_nulls(schemas: &mut Value, asked: &BTreeSet<String>) {
    for (_, schema) in
        schemas.as_object_mut().into_iter().flatten().filter(|(name, _)| !asked.contains(*name))
    {
        let parts = schema.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
        let places = (0..parts).map(|at| format!("/allOf/{at}")).chain([String::new()]);
        for place in places.collect::<Vec<_>>() {
            if let Some(schema) = schema.pointer_mut(&place) {
                never_null(schema);
            }
        }
    }
}

fn never_null(schema: &mut Value) {
    let required = schema.get("required").cloned().unwrap_or_default();
    let required =
        |name: &String| required.as_array().is_some_and(|names| names.iter().any(|one| one == name));
    let members = schema.get_mut("properties").and_then(Value::as_object_mut);
    for (_, member) in members.into_iter().flatten().filter(|(name, _)| !required(name)) {
        if let Some(said) = member.as_object_mut() {
            not_null(said);
        }
    }
}

/// Takes null away from what a schema admits.
fn not_null(said: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = said.get_mut("type") {
        types.retain(|one| one != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            said.insert("type".into(), only);
        }
    }
    for name in ["oneOf", "anyOf"] {
        let Some(Value::Array(several)) = said.get_mut(name) else { continue };
        several.retain(|one| one.get("type").is_none_or(|kind| kind != "null"));
        if let [Value::Object(only)] = several.as_slice() {
            let only = only.clone();
            said.remove(name);
            said.extend(only);
        }
    }
}

/// Members whose handlers leave it to their names are described by them, or by what they refer to.
fn describe_members(schemas: &mut Value) {
    let known = schemas.clone();
    for (_, schema) in schemas.as_object_mut().into_iter().flatten() {
        let members = schema.get_mut("properties").and_then(Value::as_object_mut);
        for (name, member) in members.into_iter().flatten() {
            let Some(said) = member.as_object_mut() else { continue };
            if !said.contains_key("description")
                && !said.contains_key("$ref")
                && let Some(description) = referred(&known, said).or_else(|| by_name(name))
            {
                said.insert("description".into(), description.into());
            }
        }
    }
}

/// What is said of the schema that a member may be beside null.
fn referred(schemas: &Value, member: &Map<String, Value>) -> Option<String> {
    let several = ["oneOf", "anyOf"].iter().find_map(|name| member.get(*name)?.as_array())?;
    let named = several.iter().find(|one| one.get("$ref").is_some())?;
    let name = named.get("$ref")?.as_str()?.strip_prefix(SCHEMAS)?;
    let said = named.get("description").or_else(|| schemas.get(name)?.get("description"))?;
    said.as_str().map(str::to_owned)
}

/// What a name says by itself.
fn by_name(name: &str) -> Option<String> {
    let words = |stem: &str| stem.replace('_', " ");
    match name {
        "id" => Some("编号 · Its id".into()),
        "created_at" => Some("登记时间 · When it was entered".into()),
        "updated_at" => Some("最近变动时间 · When it last changed".into()),
        "campaign_id" => Some("评选活动 · The campaign that it belongs to".into()),
        "application_id" => Some("申报 · The application that it is about".into()),
        _ => match (name.strip_suffix("_at"), name.strip_suffix("_id")) {
            (Some(stem), _) => Some(format!("When it was {}", words(stem))),
            (_, Some(stem)) => Some(format!("The id of the {}", words(stem))),
            (None, None) => None,
        },
    }
}

/// The headers that answers share.
fn headers() -> Value {
    let header = |description: &str, schema: Value| json!({"description": description, "required": true, "schema": schema});
    let sometimes = |description: &str, schema: Value| json!({"description": description, "schema": schema});
    json!({
        "RequestId": header(
            "请求编号 · The request's id: the one that was sent, or a new one; name it when asking for help",
            json!({"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z0-9._-]+$"}),
        ),
        "CacheControl": header(
            "缓存 · Whether and how the answer may be kept",
            json!({"type": "string", "enum": ["no-store", "private, no-cache", "public, no-cache", "public, max-age=300"]}),
        ),
        "ContentLanguage": header(
            "语言 · The language of the texts",
            json!({"type": "string", "enum": ["zh-CN", "en"]}),
        ),
        "AllowOrigin": sometimes(
            "跨源 · The origin that asks, where it is on the list of allowed ones",
            json!({"type": "string", "maxLength": 300, "pattern": "^https?://"}),
        ),
        "RateLimit": sometimes(
            "剩余额度 · Requests that are left (`r`), and seconds until all are there again (`t`)",
            json!({"type": "string", "maxLength": 100, "pattern": "^\"minute\";r=[0-9]+;t=[0-9]+$"}),
        ),
        "RateLimitPolicy": sometimes(
            "限额 · Requests (`q`) within so many seconds (`w`)",
            json!({"type": "string", "maxLength": 100, "pattern": "^\"minute\";q=[0-9]+;w=60$"}),
        ),
        "IdempotentReplayed": sometimes(
            "重放 · The answer was given before to the same `Idempotency-Key`",
            json!({"type": "string", "enum": ["true"]}),
        ),
    })
}

fn idempotency_key() -> Value {
    json!({
        "name": "Idempotency-Key", "in": "header", "required": false,
        "description": "幂等键 · A key of your own, a UUID for example: sent again within 24 hours with the same body it is answered \
                        again and does nothing twice; for 90 days where it may be written offline (record_site_visit, \
                        save_score_sheet, submit_score_sheet)",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        "example": "6f9f1c1e-5a0c-4f0e-9a52-0b0b6f3f7f10",
    })
}

/// References to the shared headers, for one answer.
pub(super) fn shared_headers(members: &mut Map<String, Value>, replays: bool) {
    let mut add = |name: &str, shared: &str| {
        members.insert(name.to_owned(), json!({"$ref": format!("#/components/headers/{shared}")}));
    };
    add("X-Request-Id", "RequestId");
    add("Cache-Control", "CacheControl");
    add("Content-Language", "ContentLanguage");
    add("Access-Control-Allow-Origin", "AllowOrigin");
    add("RateLimit", "RateLimit");
    add("RateLimit-Policy", "RateLimitPolicy");
    if replays {
        add("Idempotent-Replayed", "IdempotentReplayed");
    }
}

/// Bounds that no attribute of a handler can say: of the items of a list, of objects whose members are data.
const BOUNDS: [(&str, &str, &str); 6] = [
    ("ApplicationIn", "/properties/form", r#"{"maxProperties": 200}"#),
    ("ApplicationFormPatch", "/properties/form", r#"{"maxProperties": 200}"#),
    ("CampaignPatch", "/properties/definition", r#"{"maxProperties": 30}"#),
    ("DecisionRecord", "/properties/present/items", r#"{"minLength": 1, "maxLength": 100}"#),
    ("DryRunTieView", "/properties/nominees/items", r#"{"maximum": 2000}"#),
    ("WorkflowView", "/properties/states/items", r#"{"maxLength": 60}"#),
];

fn bound_parts(root: &mut Map<String, Value>) {
    let Some(schemas) = root.get_mut("components").and_then(|components| components.get_mut("schemas"))
    else {
        return;
    };
    for (name, pointer, bounds) in BOUNDS {
        let part = schemas.get_mut(name).and_then(|schema| schema.pointer_mut(pointer)?.as_object_mut());
        let bounds = serde_json::from_str::<Map<String, Value>>(bounds);
        part.into_iter().zip(bounds).for_each(|(part, bounds)| part.extend(bounds));
    }
}

/// Schemas that the server holds wholes of patches to, and that nothing of the document refers to: they stand apart.
pub(super) const APART: &str = "x-merged-schemas";

/// Puts what nothing refers to apart.
pub(super) fn set_apart(root: &mut Map<String, Value>) {
    let text = json!(root).to_string();
    let unused =
        |name: &String| name.ends_with("In") && !text.contains(&format!("\"#/components/schemas/{name}\""));
    let Some(schemas) =
        root.get_mut("components").and_then(|components| components.get_mut("schemas")?.as_object_mut())
    else {
        return;
    };
    let names: Vec<String> = schemas.keys().filter(|name| unused(name)).cloned().collect();
    let apart = names.into_iter().filter_map(|name| schemas.shift_remove(&name).map(|schema| (name, schema)));
    let apart: Map<String, Value> = apart.collect();
    root.insert(APART.into(), apart.into());
}

/// Bounds every text and whole number below a value; tags that requests name are described alike everywhere.
fn bound(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(bound),
        Value::Object(members) => {
            tags(members);
            // What is shown as an example, or is one of several values, is no schema.
            for (_, member) in members.iter_mut().filter(|(name, _)| {
                !matches!(name.as_str(), "example" | "examples" | "enum" | "const" | "default")
            }) {
                bound(member);
            }
            schema(members);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// `If-Match` and `If-None-Match` name tags, and are never null.
fn tags(members: &mut Map<String, Value>) {
    let named = members.get("name").and_then(Value::as_str).unwrap_or_default();
    if members.get("in").is_some_and(|place| place == "header")
        && ["If-Match", "If-None-Match"].contains(&named)
    {
        members.insert("schema".into(), json!({"type": "string", "maxLength": 1000, "pattern": TAGS}));
    }
}

fn schema(members: &mut Map<String, Value>) {
    let of = |wanted: &str| match members.get("type") {
        Some(Value::String(one)) => one == wanted,
        Some(Value::Array(several)) => several.iter().any(|one| one == wanted),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => false,
    };
    let (text, number) = (of("string"), of("integer"));
    if text && !members.contains_key("enum") && !members.contains_key("const") {
        bound_text(members);
    }
    if number && !members.contains_key("format") {
        let fits = |name: &str| {
            members.get(name).and_then(Value::as_i64).is_some_and(|edge| i32::try_from(edge).is_ok())
        };
        let format = if fits("maximum") { "int32" } else { "int64" };
        members.insert("format".into(), format.into());
    }
}

fn bound_text(members: &mut Map<String, Value>) {
    let longest = match members.get("format").and_then(Value::as_str) {
        Some("uuid") => Some(36),
        Some("date-time") => Some(35),
        Some("date") => Some(10),
        Some(_) | None => None,
    };
    if let Some(longest) = longest {
        members.entry("maxLength").or_insert_with(|| json!(longest));
    } else if !members.contains_key("pattern") && !members.contains_key("format") {
        members.insert("pattern".into(), TEXT.into());
    }
}

//! Every answer that the suite sees is held against the OpenAPI document: its status, its media type, its body.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use jsonschema::Validator;
use pingxuan_api::contract::document::document;
use pingxuan_api::contract::referred_to;
use serde_json::{Map, Value, json};

use crate::canaries;
use crate::reply::Reply;

/// The document as this build writes it; a test of the contract sees to it that it is the one served.
pub static DOCUMENT: LazyLock<Value> = LazyLock::new(|| document().expect("the document of the contract"));
static SERVED: LazyLock<Served> = LazyLock::new(|| Served::new(&DOCUMENT));

/// The names of all members of all schemas.
static MEMBERS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let mut names = BTreeSet::new();
    let mut open = vec![&*DOCUMENT];
    while let Some(next) = open.pop() {
        if let Some(members) = next.get("properties").and_then(Value::as_object) {
            names.extend(members.keys().cloned());
        }
        match next {
            Value::Object(members) => open.extend(members.values()),
            Value::Array(items) => open.extend(items),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    names
});

/// Null for what an object of a body leaves out, if some schema has a member of this name.
#[must_use]
pub fn left_out<'a>(body: &'a Value, pointer: &str) -> Option<&'a Value> {
    let (place, name) = pointer.rsplit_once('/')?;
    body.pointer(place)?.as_object().filter(|_| MEMBERS.contains(name)).map(|_| &Value::Null)
}

/// Headers that every answer carries.
const EVERYWHERE: [&str; 6] = [
    "x-request-id",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "strict-transport-security",
    "content-security-policy",
];

/// One operation of the document.
#[derive(Debug)]
pub struct Stated {
    /// Its `operationId`.
    pub id: String,
    /// Its method, in capitals.
    pub method: String,
    /// Its path, with parameters in braces.
    pub template: String,
    /// What the document says of it.
    pub stated: Value,
}

struct Served {
    operations: Vec<Stated>,
    components: Value,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

/// All operations of the document.
#[must_use]
pub fn operations() -> &'static [Stated] {
    &SERVED.operations
}

/// The operation that a method asks for at a place.
#[must_use]
pub fn operation_at(method: &str, place: &str) -> Option<&'static str> {
    let path = place.split('?').next().unwrap_or(place);
    SERVED.find(method, path).map(|stated| stated.id.as_str())
}

/// Holds an answer against the document.
///
/// # Panics
/// Where the document does not say it.
pub fn check(method: &str, place: &str, reply: &Reply) {
    for name in EVERYWHERE {
        assert!(reply.header(name).is_some(), "{reply}\nwithout {name}");
    }
    assert_ne!(reply.status, 500, "{reply}\nand nothing may end so");
    let path = place.split('?').next().unwrap_or(place);
    // `HEAD` is `GET` without its body.
    let (method, bare) = if method == "HEAD" { ("GET", true) } else { (method, false) };
    // Where machines ask for tokens, a standard says how errors look.
    if reply.status >= 400 && !bare && (path, method) != ("/oauth2/token", "POST") {
        SERVED.check_problem(path, reply);
    }
    let Some(stated) = SERVED.find(method, path) else {
        let known = SERVED.operations.iter().any(|stated| fits(&stated.template, path).is_some());
        let expected: &[u16] = if known && method == "OPTIONS" {
            &[204]
        } else if known {
            &[405]
        } else if ["/docs", "/reference"].contains(&path) {
            &[307, 308]
        } else if path.starts_with("/reference/") {
            match method {
                "GET" => &[200, 404],
                "OPTIONS" => &[204],
                _ => &[405],
            }
        } else {
            &[404]
        };
        assert!(expected.contains(&reply.status), "{reply}\nand is no operation of the document");
        return;
    };
    SERVED.check_response(stated, reply, bare);
}

impl Served {
    fn new(document: &Value) -> Self {
        let mut components = document.get("components").cloned().unwrap_or_default();
        let open = parts_of_wholes(&components);
        if let Some(schemas) = components.get_mut("schemas").and_then(Value::as_object_mut) {
            for (_, schema) in schemas.iter_mut().filter(|(name, _)| !open.contains(name.as_str())) {
                close(schema);
            }
        }
        let items = document.get("paths").and_then(Value::as_object).into_iter().flatten();
        let operations = items.flat_map(|(template, item)| {
            item.as_object().into_iter().flatten().map(|(method, stated)| Stated {
                id: stated.get("operationId").and_then(Value::as_str).unwrap_or("").to_owned(),
                method: method.to_uppercase(),
                template: template.clone(),
                stated: stated.clone(),
            })
        });
        Self { operations: operations.collect(), components, validators: Mutex::default() }
    }

    /// The operation at a path: of several that fit, the one that says most of it literally.
    fn find(&self, method: &str, path: &str) -> Option<&Stated> {
        let here = self.operations.iter();
        let here = here.filter_map(|stated| Some((fits(&stated.template, path)?, &stated.template)));
        let (_, template) = here.max_by_key(|(literal, _)| *literal)?;
        self.operations.iter().find(|stated| stated.template == *template && stated.method == method)
    }

    fn check_problem(&self, path: &str, reply: &Reply) {
        assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{reply}");
        self.check_body("Problem", &json!({"$ref": "#/components/schemas/Problem"}), reply);
        assert_eq!(reply.at("/status"), &json!(reply.status), "{reply}");
        let shown: String = path.chars().take(2000).collect();
        assert_eq!(reply.at("/instance"), &json!(shown), "{reply}");
        let clear = canaries::in_clear(&reply.text);
        assert!(clear.is_empty(), "{reply}\ntells in clear: {clear:?}");
        if reply.code() == "guard_failed" {
            for fault in reply.list_at("/errors") {
                let remedy = fault.get("remedy").and_then(Value::as_str).unwrap_or("");
                assert!(!remedy.is_empty(), "{reply}\nand nobody is told what would satisfy {fault}");
            }
        }
        assert_eq!(reply.text_at("/request_id"), reply.header("x-request-id").unwrap_or(""), "{reply}");
    }

    fn check_response(&self, stated: &Stated, reply: &Reply, bare: bool) {
        let status = reply.status.to_string();
        let id = &stated.id;
        let said = stated.stated.pointer(&format!("/responses/{status}"));
        let said = said.unwrap_or_else(|| panic!("{reply}\nand {id} does not document {status}"));
        let said = self.resolve(said);
        for name in ["ETag", "Location", "Link", "WWW-Authenticate", "Retry-After"] {
            let documented = said.pointer(&format!("/headers/{name}")).is_some();
            let sent = reply.header(name).is_some();
            // A list's last page links to no other, and not every conflict is over by waiting.
            let fits = documented == sent || (documented && ["Link", "Retry-After"].contains(&name));
            assert!(
                fits,
                "{reply}\n{:?}\nand {id} documents {name} for {status}: {documented}",
                reply.headers
            );
        }
        if bare {
            return;
        }
        let content = said.get("content").and_then(Value::as_object);
        let Some(content) = content.filter(|content| !content.is_empty()) else {
            assert!(reply.text.is_empty(), "{reply}\nand {id} documents {status} without a body");
            return;
        };
        let sent = reply.header("content-type").unwrap_or("");
        let media_type = sent.split(';').next().unwrap_or("").trim();
        // Swagger UI is documented as the page that it is; its files have types of their own.
        if id == "swagger_ui" {
            return;
        }
        let described = content.get(media_type);
        let described = described
            .unwrap_or_else(|| panic!("{reply}\nand {id} does not document {media_type} for {status}"));
        if let Some(schema) = described.get("schema").filter(|_| media_type.ends_with("json")) {
            self.check_body(&format!("{id} {status} {media_type}"), schema, reply);
        }
    }

    fn resolve<'a>(&'a self, said: &'a Value) -> &'a Value {
        let name =
            said.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix("#/components/"));
        match name {
            Some(name) => self.components.pointer(&format!("/{name}")).unwrap_or(said),
            None => said,
        }
    }

    fn check_body(&self, name: &str, schema: &Value, reply: &Reply) {
        let body: Value =
            serde_json::from_str(&reply.text).unwrap_or_else(|error| panic!("{reply}\n{error}"));
        let faults: Vec<String> = self
            .validator(name, schema)
            .iter_errors(&body)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{reply}\nis not what the document says ({name}):\n{}", faults.join("\n"));
    }

    fn validator(&self, name: &str, schema: &Value) -> Arc<Validator> {
        let mut validators = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
        let made = validators.entry(name.to_owned()).or_insert_with(|| {
            let mut whole = schema.clone();
            close(&mut whole);
            let schemas = referred_to(&self.components, &whole);
            if let Some(members) = whole.as_object_mut() {
                members.insert("components".into(), json!({"schemas": schemas}));
            }
            let options = jsonschema::draft202012::options().should_validate_formats(true);
            Arc::new(options.build(&whole).unwrap_or_else(|error| panic!("the schema of {name}: {error}")))
        });
        Arc::clone(made)
    }
}

/// Whether a path is of a template, and how many of its parts the template says literally.
fn fits(template: &str, path: &str) -> Option<usize> {
    if let Some(folder) = template.strip_suffix("{file}") {
        return path.starts_with(folder).then_some(1);
    }
    let (wanted, found): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    let parameter = |part: &str| part.starts_with('{') && part.ends_with('}');
    let alike = wanted.iter().zip(&found).all(|(wanted, found)| wanted == found || parameter(wanted));
    (alike && wanted.len() == found.len()).then(|| wanted.iter().filter(|part| !parameter(part)).count())
}

/// Sees to it that members which a schema does not name are faults too: what is answered is documented.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            let whole = close_object(members);
            for (name, member) in members.iter_mut() {
                // Parts of one whole do not know each other's members.
                if !(whole && name == "allOf") {
                    close(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Closes one object; answers whether it is a whole of several parts.
fn close_object(members: &mut Map<String, Value>) -> bool {
    let whole = members.get("allOf").and_then(Value::as_array).is_some_and(|parts| parts.len() > 1);
    let described = members.get("properties").is_some_and(Value::is_object);
    let decided = ["additionalProperties", "unevaluatedProperties", "oneOf", "anyOf"];
    if (whole || described) && !decided.iter().any(|name| members.contains_key(*name)) {
        members.insert("unevaluatedProperties".into(), json!(false));
    }
    whole
}

/// The schemas that are parts of others: they must let the members of the other parts pass.
fn parts_of_wholes(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if let Some(parts) = value.get("allOf").and_then(Value::as_array).filter(|parts| parts.len() > 1) {
        let names = parts.iter().filter_map(|part| part.get("$ref").and_then(Value::as_str));
        found.extend(names.filter_map(|name| name.rsplit('/').next()).map(str::to_owned));
    }
    match value {
        Value::Object(members) => found.extend(members.values().flat_map(parts_of_wholes)),
        Value::Array(items) => found.extend(items.iter().flat_map(parts_of_wholes)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_literal_template_is_found() {
        assert_eq!(fits("/api/v1/units/{unit_id}", "/api/v1/units/7"), Some(3 + 1));
        assert_eq!(fits("/api/v1/units/{unit_id}", "/api/v1/units"), None);
        assert_eq!(fits("/docs/{file}", "/docs/"), Some(1));
        assert!(fits("/a/plan", "/a/plan") > fits("/a/{id}", "/a/plan"));
    }

    #[test]
    fn members_that_are_not_documented_are_faults() {
        let components = json!({"schemas": {
            "Part": {"type": "object", "properties": {"a": {"type": "string"}}},
            "Whole": {"allOf": [
                {"$ref": "#/components/schemas/Part"}, {"type": "object", "properties": {"b": {"type": "string"}}},
            ]},
            "Plain": {"type": "object", "properties": {"c": {"type": "object"}}},
        }});
        let served = Served::new(&json!({"components": components}));
        let valid = |name: &str, value: Value| {
            let schema = json!({"$ref": format!("#/components/schemas/{name}")});
            served.validator(name, &schema).is_valid(&value)
        };
        assert!(valid("Whole", json!({"a": "x", "b": "y"})));
        assert!(!valid("Whole", json!({"a": "x", "c": "y"})));
        assert!(valid("Plain", json!({"c": {"anything": 1}})));
        assert!(!valid("Plain", json!({"d": 1})));
    }
}

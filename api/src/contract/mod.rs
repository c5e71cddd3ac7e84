//! The contract at work: what the OpenAPI document says is what requests are held to.
//!
//! Routes, parameters and bodies are read from the document that is served, so that it cannot say less than the server does.

use std::collections::HashMap;

use actix_web::dev::ResourceDef;
use actix_web::http::Method;
use jsonschema::Validator;
use pingxuan_domain::{ErrorCode, Fault, Operation, Refused};
use serde_json::{Value, json};

use crate::problem::Failure;

mod answers;
pub mod document;
pub mod schema_faults;

use schema_faults::faults;

/// An operation's place in the contract.
#[derive(Debug)]
pub struct Route {
    /// The operation.
    pub operation: Operation,
    /// The method.
    pub method: Method,
    /// The path, with its parameters in braces.
    pub template: String,
    /// Query parameters with their schemas.
    parameters: HashMap<String, (Value, Validator)>,
    body: Option<Validator>,
    patched: Option<Validator>,
}

/// A path of the document, made ready to compare with.
#[derive(Debug)]
struct Place {
    pattern: ResourceDef,
    method: Method,
    operation: Operation,
}

/// The document, and what is drawn from it.
#[derive(Debug)]
pub struct Contract {
    /// The document as it is served.
    pub text: String,
    /// The document.
    pub document: Value,
    routes: HashMap<Operation, Route>,
    places: Vec<Place>,
}

impl Contract {
    /// Draws routes, parameters and bodies from a document.
    ///
    /// # Errors
    /// A sentence that says what in the document cannot be understood.
    pub fn new(document: Value) -> Result<Self, String> {
        let mut routes = HashMap::new();
        let mut places = Vec::new();
        let components = document.get("components").cloned().unwrap_or_default();
        for (template, item) in document.get("paths").and_then(Value::as_object).into_iter().flatten() {
            for (method, stated) in item.as_object().into_iter().flatten() {
                let route = route(&components, method, template, stated)?;
                places.push(Place {
                    pattern: ResourceDef::new(template.as_str()),
                    method: route.method.clone(),
                    operation: route.operation,
                });
                routes.insert(route.operation, route);
            }
        }
        // What is named by words goes before what a parameter takes in: `…/resolve-tie` before `…/{application_id}`.
        places
            .sort_by_key(|place| place.pattern.pattern().map_or(0, |template| template.matches('{').count()));
        let text = serde_json::to_string_pretty(&document).map_err(|error| error.to_string())?;
        Ok(Self { text: text + "\n", document, routes, places })
    }

    /// The operation that a method asks for at a path.
    #[must_use]
    pub fn operation(&self, method: &Method, path: &str) -> Option<Operation> {
        let here = |place: &&Place| place.method == *method && place.pattern.is_match(path);
        self.places.iter().find(here).map(|place| place.operation)
    }

    /// The methods that there are at a path, in order.
    #[must_use]
    pub fn methods(&self, path: &str) -> Vec<&str> {
        let here = self.places.iter().filter(|place| place.pattern.is_match(path));
        let mut methods: Vec<&str> = here.map(|place| place.method.as_str()).collect();
        methods.sort_unstable();
        methods.dedup();
        methods
    }

    /// Where an operation is.
    #[must_use]
    pub fn route(&self, operation: Operation) -> Option<&Route> {
        self.routes.get(&operation)
    }

    /// All routes.
    pub fn routes(&self) -> impl Iterator<Item = &Route> {
        self.routes.values()
    }

    /// Checks a query: unknown parameters by name, known ones by their schema.
    ///
    /// # Errors
    /// 400 `unknown_parameter` or `invalid_parameter`, naming it.
    pub fn check_query(&self, operation: Operation, query: &str) -> Result<(), Failure> {
        let Some(route) = self.route(operation) else { return Ok(()) };
        let mut seen: Vec<String> = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let plain = |code| Failure::Plain(Fault::new(code).with("parameter", name.as_ref()));
            let Some((schema, validator)) = route.parameters.get(name.as_ref()) else {
                return Err(plain(ErrorCode::UnknownParameter));
            };
            if seen.contains(&name.clone().into_owned()) || !validator.is_valid(&read_as(schema, &value)) {
                return Err(plain(ErrorCode::InvalidParameter));
            }
            seen.push(name.into_owned());
        }
        Ok(())
    }

    /// Checks a body against its schema: every fault at once.
    ///
    /// # Errors
    /// 422 with every fault.
    pub fn check_body(&self, operation: Operation, body: &Value) -> Result<(), Failure> {
        self.check(self.route(operation).and_then(|route| route.body.as_ref()), body)
    }

    /// Checks what a patch has made of a resource.
    ///
    /// # Errors
    /// 422 with every fault.
    pub fn check_patched(&self, operation: Operation, whole: &Value) -> Result<(), Failure> {
        self.check(self.route(operation).and_then(|route| route.patched.as_ref()), whole)
    }

    fn check(&self, validator: Option<&Validator>, value: &Value) -> Result<(), Failure> {
        let mut found: Vec<Fault> = validator.map(|validator| faults(validator, value)).unwrap_or_default();
        let control = pingxuan_domain::identifiers::find_control(value);
        found.extend(control.into_iter().map(|pointer| Fault::at(pointer, ErrorCode::ControlCharacter)));
        Ok(Refused::unless_valid(found)?)
    }
}

/// A parameter's text as its schema reads it.
fn read_as(schema: &Value, text: &str) -> Value {
    let types = |wanted: &str| match schema.get("type") {
        Some(Value::String(one)) => one == wanted,
        Some(Value::Array(several)) => several.iter().any(|one| one == wanted),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => false,
    };
    if types("integer") {
        text.parse::<i64>().map_or_else(|_| text.into(), Value::from)
    } else if types("boolean") {
        text.parse::<bool>().map_or_else(|_| text.into(), Value::from)
    } else {
        text.into()
    }
}

fn route(components: &Value, method: &str, template: &str, stated: &Value) -> Result<Route, String> {
    let id = stated.get("operationId").and_then(Value::as_str).unwrap_or("");
    let operation: Operation = id.parse().map_err(|_| format!("{method} {template}: no operation '{id}'"))?;
    let parameters = stated.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let parameters = parameters.filter(|parameter| parameter.get("in").is_some_and(|place| place == "query"));
    let parameters = parameters.map(|parameter| {
        let name = parameter.get("name").and_then(Value::as_str).unwrap_or("").to_owned();
        let schema = parameter.get("schema").cloned().unwrap_or_default();
        let resolved = resolve(components, &schema);
        Ok((name, (resolved, compile(components, &schema)?)))
    });
    let content = stated.get("requestBody").and_then(|body| body.get("content")).and_then(Value::as_object);
    let (media_type, schema) = match content.and_then(|content| content.iter().next()) {
        Some((media_type, body)) => (media_type.as_str(), body.get("schema")),
        None => ("", None),
    };
    let whole = schema.and_then(|schema| schema.get("$ref")).and_then(Value::as_str);
    let whole = whole.filter(|_| media_type == "application/merge-patch+json");
    let whole =
        whole.and_then(|name| name.strip_suffix("Patch")).map(|name| json!({"$ref": format!("{name}In")}));
    Ok(Route {
        operation,
        method: method.to_uppercase().parse().map_err(|_| format!("no method '{method}'"))?,
        template: template.to_owned(),
        parameters: parameters.collect::<Result<_, String>>()?,
        body: schema.map(|schema| compile(components, schema)).transpose()?,
        patched: whole.map(|schema| compile(components, &schema)).transpose()?,
    })
}

fn resolve(components: &Value, schema: &Value) -> Value {
    let name = schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|name| name.strip_prefix("#/components/schemas/"));
    match name {
        Some(name) => components.pointer(&format!("/schemas/{name}")).cloned().unwrap_or_default(),
        None => schema.clone(),
    }
}

/// A schema of the document, made ready to check with.
fn compile(components: &Value, schema: &Value) -> Result<Validator, String> {
    let mut whole = schema.clone();
    if let Some(members) = whole.as_object_mut() {
        members.insert("components".into(), components.clone());
    }
    schema_faults::options().build(&whole).map_err(|error| format!("a schema cannot be used: {error}"))
}

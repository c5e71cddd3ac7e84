//! The contract at work: what the OpenAPI document says is what requests are held to.
//!
//! Routes, parameters and bodies are read from the document that is served, so that it cannot say less than the server does.

use std::collections::HashMap;

use actix_web::http::Method;
use actix_web::http::header::HeaderMap;
use actix_web::web::Bytes;
use pingxuan_domain::{ErrorCode, Fault, Operation, Refused};
use serde_json::{Map, Value, json};

use crate::accept::wanted;
use crate::problem::Failure;

pub mod answers;
pub mod document;
mod examples;
mod oauth;
mod places;
mod polish;
mod schema;
pub mod schema_faults;

use places::{Place, Places};
use schema::Schema;
use schema_faults::faults;

/// Operations that pass over parameters which they do not know: what an identity provider adds (RFC 6749, section 4.1.2).
const OPEN: &[Operation] = &[Operation::OidcCallback];

/// What the document says of an operation that is on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deprecation {
    /// Since when, for the header `Deprecation` (RFC 9745).
    pub since: String,
    /// Until when it stays, for the header `Sunset` (RFC 8594).
    pub sunset: Option<String>,
    /// What takes its place, for a link of the relation `successor-version`.
    pub successor: Option<String>,
}

impl Deprecation {
    /// Reads `deprecated` with `x-deprecation`: `{"since": seconds since 1970, "sunset": HTTP date, "successor": path}`.
    fn read(stated: &Value) -> Option<Self> {
        stated.get("deprecated").filter(|said| **said == true)?;
        let text =
            |name: &str| stated.pointer(&format!("/x-deprecation/{name}"))?.as_str().map(str::to_owned);
        let since = stated.pointer("/x-deprecation/since").and_then(Value::as_i64).unwrap_or_default();
        Some(Self { since: format!("@{since}"), sunset: text("sunset"), successor: text("successor") })
    }
}

/// An operation's place in the contract.
#[derive(Debug)]
pub struct Route {
    /// The operation.
    pub operation: Operation,
    /// The method.
    pub method: Method,
    /// The path, with its parameters in braces.
    pub template: String,
    /// What it is about: the document's tag.
    pub tag: String,
    /// Query parameters with their schemas.
    parameters: HashMap<String, (Value, Schema)>,
    /// Header parameters with their schemas.
    headers: Vec<(String, Value, Schema)>,
    /// Path parameters with their schemas, and whether they are whole numbers.
    segments: Vec<(String, Schema, bool)>,
    /// The media types of its answers where it succeeds.
    pub answers: Vec<String>,
    /// Since when it is deprecated, until when it stays, and what takes its place.
    pub deprecation: Option<Deprecation>,
    body: Option<Schema>,
    patched: Option<Schema>,
}

/// The document, and what is drawn from it.
#[derive(Debug)]
pub struct Contract {
    /// The document as it is served.
    pub text: Bytes,
    routes: HashMap<Operation, Route>,
    places: Places,
}

impl Contract {
    /// Draws routes, parameters and bodies from a document.
    ///
    /// # Errors
    /// A sentence that says what in the document cannot be understood.
    pub fn new(document: &Value) -> Result<Self, String> {
        let mut routes = HashMap::new();
        let mut places = Places::default();
        let mut components = document.get("components").cloned().unwrap_or_default();
        let apart = document.get(polish::APART).and_then(Value::as_object).cloned().unwrap_or_default();
        if let Some(schemas) = components.get_mut("schemas").and_then(Value::as_object_mut) {
            schemas.extend(apart);
        }
        for (template, item) in document.get("paths").and_then(Value::as_object).into_iter().flatten() {
            for (method, stated) in item.as_object().into_iter().flatten() {
                let route = route(&components, method, template, stated)?;
                places.enter(template, route.method.clone(), route.operation)?;
                routes.insert(route.operation, route);
            }
        }
        let text = serde_json::to_string_pretty(document).map_err(|error| error.to_string())?;
        Ok(Self { text: Bytes::from(text + "\n"), routes, places })
    }

    /// The operation that a method asks for at a path.
    #[must_use]
    pub fn operation(&self, method: &Method, path: &str) -> Option<Operation> {
        self.places.at(path)?.operation(method)
    }

    /// The methods that there are at a path, in order.
    #[must_use]
    pub fn methods(&self, path: &str) -> Vec<&str> {
        self.places.at(path).map(Place::methods).unwrap_or_default()
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
        if percent_encoding::percent_decode_str(query).decode_utf8().is_err() {
            return Err(Failure::Plain(Fault::new(ErrorCode::InvalidParameter).with("parameter", "?")));
        }
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let plain = |code| Failure::Plain(Fault::new(code).with("parameter", name.as_ref()));
            let Some((stated, schema)) = route.parameters.get(name.as_ref()) else {
                if OPEN.contains(&operation) {
                    continue;
                }
                return Err(plain(ErrorCode::UnknownParameter));
            };
            if seen.contains(&name.clone().into_owned()) || !schema.takes(&read_as(stated, &value)) {
                return Err(plain(ErrorCode::InvalidParameter));
            }
            seen.push(name.into_owned());
        }
        Ok(())
    }

    /// Checks the parameters of a path: one that is not as its schema says leads nowhere.
    ///
    /// # Errors
    /// 404.
    pub fn check_path(&self, operation: Operation, path: &str) -> Result<(), Failure> {
        let taken = |route: &Route| self.places.take(path, &route.segments);
        if self.route(operation).is_none_or(taken) { Ok(()) } else { Err(Failure::not_found()) }
    }

    /// Sees to it that the caller takes some answer of those that there are.
    ///
    /// # Errors
    /// 406.
    pub fn check_accept(&self, operation: Operation, accept: Option<&str>) -> Result<(), Failure> {
        let offered: Vec<&str> =
            self.route(operation).into_iter().flat_map(|route| &route.answers).map(String::as_str).collect();
        if offered.is_empty() || wanted(accept, &offered).is_some() {
            Ok(())
        } else {
            Err(Failure::of(ErrorCode::NotAcceptable))
        }
    }

    /// Checks the headers that the operation knows.
    ///
    /// # Errors
    /// 400 `invalid_parameter`, naming it.
    pub fn check_headers(&self, operation: Operation, headers: &HeaderMap) -> Result<(), Failure> {
        let Some(route) = self.route(operation) else { return Ok(()) };
        let wrong = |(name, stated, schema): &&(String, Value, Schema)| {
            headers
                .get(name.as_str())
                .is_some_and(|sent| !sent.to_str().is_ok_and(|text| schema.takes(&read_as(stated, text))))
        };
        match route.headers.iter().find(wrong) {
            Some((name, _, _)) => {
                Err(Failure::Plain(Fault::new(ErrorCode::InvalidParameter).with("parameter", name.as_str())))
            }
            None => Ok(()),
        }
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

    fn check(&self, schema: Option<&Schema>, value: &Value) -> Result<(), Failure> {
        let ready = schema.map(Schema::ready).transpose().map_err(Failure::Internal)?;
        let mut found: Vec<Fault> = ready.map(|ready| faults(ready, value)).unwrap_or_default();
        let control = pingxuan_domain::identifiers::find_control(value);
        // A pattern refuses such a character as well; its own code says more.
        found.retain(|fault| {
            fault.code != ErrorCode::WrongFormat
                || !control.iter().any(|at| Some(at) == fault.pointer.as_ref())
        });
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
        // `+5` and `007` are no numbers of JSON.
        let number = text.parse::<i64>().ok().filter(|number| number.to_string() == text);
        number.map_or_else(|| text.into(), Value::from)
    } else if types("boolean") {
        text.parse::<bool>().map_or_else(|_| text.into(), Value::from)
    } else {
        text.into()
    }
}

fn route(components: &Value, method: &str, template: &str, stated: &Value) -> Result<Route, String> {
    let id = stated.get("operationId").and_then(Value::as_str).unwrap_or("");
    let operation: Operation = id.parse().map_err(|_| format!("{method} {template}: no operation '{id}'"))?;
    let said = stated.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let said: Vec<&Value> = said.map(|parameter| referred(components, parameter)).collect();
    let of =
        |place: &'static str| said.iter().filter(move |it| it.get("in").is_some_and(|found| found == place));
    let read = |parameter: &&Value| {
        let name = parameter.get("name").and_then(Value::as_str).unwrap_or("").to_owned();
        let schema = parameter.get("schema").cloned().unwrap_or_default();
        let resolved = resolve(components, &schema);
        Ok::<_, String>((name, resolved, Schema::of(components, &schema)?))
    };
    let parameters = of("query").map(|it| read(it).map(|(name, schema, ready)| (name, (schema, ready))));
    let headers = of("header").map(read);
    let segments = of("path").map(|it| {
        let (name, schema, ready) = read(it)?;
        Ok((name, ready, schema.get("type").is_some_and(|of| of == "integer")))
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
        tag: stated.pointer("/tags/0").and_then(Value::as_str).unwrap_or_default().to_owned(),
        parameters: parameters.collect::<Result<_, String>>()?,
        headers: headers.collect::<Result<_, String>>()?,
        segments: segments.collect::<Result<_, String>>()?,
        answers: answers::media_types(stated),
        deprecation: Deprecation::read(stated),
        body: schema.map(|schema| Schema::of(components, schema)).transpose()?,
        patched: whole.map(|schema| Schema::of(components, &schema)).transpose()?,
    })
}

/// A parameter itself, where it is named by reference.
fn referred<'a>(components: &'a Value, parameter: &'a Value) -> &'a Value {
    let name = parameter.get("$ref").and_then(Value::as_str);
    let name = name.and_then(|name| name.strip_prefix("#/components/"));
    name.and_then(|name| components.pointer(&format!("/{name}"))).unwrap_or(parameter)
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

/// The schemas among the components that a schema refers to, by their names, and those that they refer to.
#[must_use]
pub fn referred_to(components: &Value, schema: &Value) -> Map<String, Value> {
    let mut found = Map::new();
    let mut open = vec![schema];
    while let Some(next) = open.pop() {
        let name = next.get("$ref").and_then(Value::as_str);
        let name = name.and_then(|name| name.strip_prefix("#/components/schemas/"));
        if let Some(name) = name.filter(|name| !found.contains_key(*name))
            && let Some(named) = components.pointer(&format!("/schemas/{name}"))
        {
            found.insert(name.to_owned(), named.clone());
            open.push(named);
        }
        match next {
            Value::Object(members) => open.extend(members.values()),
            Value::Array(items) => open.extend(items),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    found
}

//! Where the operations are: which path takes which methods, and what its parameters may be.

use actix_web::dev::{Path, ResourceDef};
use actix_web::http::Method;
use jsonschema::Validator;
use pingxuan_domain::Operation;

/// A path of the document, made ready to compare with.
#[derive(Debug)]
pub struct Place {
    pattern: ResourceDef,
    /// The path, with its parameters in braces.
    pub template: String,
    operations: Vec<(Method, Operation)>,
}

/// All places.
#[derive(Debug, Default)]
pub struct Places(Vec<Place>);

impl Places {
    /// Enters an operation's method at a path.
    pub fn enter(&mut self, template: &str, method: Method, operation: Operation) {
        match self.0.iter_mut().find(|place| place.template == template) {
            Some(place) => place.operations.push((method, operation)),
            None => self.0.push(Place {
                pattern: ResourceDef::new(template),
                template: template.to_owned(),
                operations: vec![(method, operation)],
            }),
        }
    }

    /// Puts what is named by words before what a parameter takes in: `…/resolve-tie` before `…/{application_id}`.
    pub fn order(&mut self) {
        self.0.sort_by_key(|place| place.template.matches('{').count());
    }

    /// The place of a path; another that its pattern fits as well is not asked.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<&Place> {
        self.0.iter().find(|place| place.pattern.is_match(path))
    }
}

impl Place {
    /// The operation that a method asks for here.
    #[must_use]
    pub fn operation(&self, method: &Method) -> Option<Operation> {
        self.operations.iter().find(|(here, _)| here == method).map(|(_, operation)| *operation)
    }

    /// The methods that there are here, in order: `HEAD` wherever there is `GET`, `OPTIONS` everywhere.
    #[must_use]
    pub fn methods(&self) -> Vec<&str> {
        let mut methods: Vec<&str> = self.operations.iter().map(|(method, _)| method.as_str()).collect();
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        methods.push("OPTIONS");
        methods.sort_unstable();
        methods
    }

    /// Whether every parameter of a path is what its schema says.
    #[must_use]
    pub fn takes(&self, path: &str, parameters: &[(String, Validator, bool)]) -> bool {
        let mut captured = Path::new(path);
        if !self.pattern.capture_match_info(&mut captured) {
            return false;
        }
        parameters.iter().all(|(name, schema, whole_number)| {
            let Some(text) = captured.get(name) else { return true };
            let Ok(text) = percent_encoding::percent_decode_str(text).decode_utf8() else { return false };
            match text.parse::<i64>() {
                Ok(number) if *whole_number && number.to_string() == *text => schema.is_valid(&number.into()),
                Ok(_) | Err(_) => schema.is_valid(&text.into_owned().into()),
            }
        })
    }
}

//! Where the operations are: which path takes which methods, and what its parameters may be.

use std::fmt;

use actix_web::http::Method;
use matchit::{Params, Router};
use pingxuan_domain::Operation;

use super::schema::Schema;

/// A path of the document.
#[derive(Debug)]
pub struct Place {
    /// The path, with its parameters in braces.
    template: String,
    operations: Vec<(Method, Operation)>,
}

/// All places. What is named by words goes before what a parameter takes in: `…/resolve-tie` before `…/{application_id}`.
#[derive(Default)]
pub struct Places {
    places: Vec<Place>,
    /// The number of the place that a path leads to.
    paths: Router<usize>,
}

impl fmt::Debug for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.places).finish()
    }
}

impl Places {
    /// Enters an operation's method at a path.
    ///
    /// # Errors
    /// What stands in its way.
    pub fn enter(&mut self, template: &str, method: Method, operation: Operation) -> Result<(), String> {
        if let Some(place) = self.places.iter_mut().find(|place| place.template == template) {
            place.operations.push((method, operation));
            return Ok(());
        }
        self.paths.insert(template, self.places.len()).map_err(|error| format!("{template}: {error}"))?;
        self.places.push(Place { template: template.to_owned(), operations: vec![(method, operation)] });
        Ok(())
    }

    /// The place of a path, with what stands in its parameters; another that its pattern fits as well is not asked.
    fn found<'p>(&self, path: &'p str) -> Option<(&Place, Params<'_, 'p>)> {
        let found = self.paths.at(path).ok()?;
        Some((self.places.get(*found.value)?, found.params))
    }

    /// The place of a path.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<&Place> {
        self.found(path).map(|(place, _)| place)
    }

    /// Whether every parameter of a path is what its schema says; what leads nowhere has none.
    #[must_use]
    pub fn take(&self, path: &str, parameters: &[(String, Schema, bool)]) -> bool {
        let Some((_, captured)) = self.found(path) else { return true };
        parameters.iter().all(|(name, schema, whole_number)| {
            let Some(text) = captured.get(name) else { return true };
            let Ok(text) = percent_encoding::percent_decode_str(text).decode_utf8() else { return false };
            match text.parse::<i64>() {
                Ok(number) if *whole_number && number.to_string() == *text => schema.takes(&number.into()),
                Ok(_) | Err(_) => schema.takes(&text.into_owned().into()),
            }
        })
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
}

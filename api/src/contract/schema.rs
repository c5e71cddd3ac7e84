//! Schemas of the document: what parameters and bodies are checked with.

use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::{Value, json};

use super::{referred_to, schema_faults};

/// A schema of the document. It is made ready when it is first checked with: a validator takes a hundred times the memory of what it
/// is made of, and most of a thousand are not asked for in months.
#[derive(Debug)]
pub struct Schema {
    /// With those that it refers to, and no others, since a validator keeps all that it is given.
    stated: String,
    ready: OnceLock<Validator>,
}

impl Schema {
    /// A schema, with those among the components that it refers to. A build for work makes it ready at once, so that what cannot be
    /// used is not served.
    ///
    /// # Errors
    /// A sentence that says why it cannot be used.
    pub fn of(components: &Value, schema: &Value) -> Result<Self, String> {
        let mut whole = schema.clone();
        let schemas = referred_to(components, schema);
        if let Some(members) = whole.as_object_mut().filter(|_| !schemas.is_empty()) {
            members.insert("components".into(), json!({"schemas": schemas}));
        }
        let schema = Self { stated: whole.to_string(), ready: OnceLock::new() };
        if cfg!(debug_assertions) {
            schema.ready()?;
        }
        Ok(schema)
    }

    /// What is checked with.
    ///
    /// # Errors
    /// A sentence that says why it cannot be used.
    pub fn ready(&self) -> Result<&Validator, String> {
        if let Some(ready) = self.ready.get() {
            return Ok(ready);
        }
        let wrong = |error: &dyn std::fmt::Display| format!("a schema cannot be used: {error}");
        let whole: Value = serde_json::from_str(&self.stated).map_err(|error| wrong(&error))?;
        let made = schema_faults::options().build(&whole).map_err(|error| wrong(&error))?;
        Ok(self.ready.get_or_init(|| made))
    }

    /// Whether a value is as the schema says; with one that cannot be used none is.
    #[must_use]
    pub fn takes(&self, value: &Value) -> bool {
        match self.ready() {
            Ok(ready) => ready.is_valid(value),
            Err(error) => {
                tracing::error!(error, "everything is refused");
                false
            }
        }
    }
}

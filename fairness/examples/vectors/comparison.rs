//! One comparison of what was found with what a vector expects.

use std::fmt;

use serde_json::Value;

/// What was compared, and how it went.
#[derive(Debug)]
pub struct Comparison {
    /// Which vector and which field.
    pub name: String,
    /// Whether it is within its tolerance.
    pub holds: bool,
    /// By how much it is off, or what stands in place of what.
    pub detail: String,
}

impl Comparison {
    /// A comparison of a field of a vector.
    pub fn new(vector: &str, field: &str, holds: bool, detail: String) -> Self {
        Self { name: format!("{vector} {field}"), holds, detail }
    }

    /// Of two values that are to be the same.
    pub fn same(vector: &str, field: &str, found: impl Into<Value>, expected: &Value) -> Self {
        let found = found.into();
        Self::new(vector, field, found == *expected, format!("{found}, expected {expected}"))
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{} {}: {}", if self.holds { "ok  " } else { "MISS" }, self.name, self.detail)
    }
}

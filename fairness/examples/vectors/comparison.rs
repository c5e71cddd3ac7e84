//! One comparison of what was found with what a vector expects.

use std::fmt;

use serde_json::Value;

/// What was compared, and whether it holds.
pub struct Comparison {
    /// The vector and the field.
    pub what: String,
    /// What was found and what was expected.
    pub said: String,
    /// Whether they agree.
    pub holds: bool,
}

impl Comparison {
    /// A comparison of a field of a vector.
    pub fn new(vector: &str, field: &str, said: String, holds: bool) -> Self {
        Self { what: format!("{vector} {field}"), said, holds }
    }

    /// Of two values that are to be the same.
    pub fn same(vector: &str, field: &str, found: impl Into<Value>, expected: &Value) -> Self {
        let found = found.into();
        Self::new(vector, field, format!("{found}, expected {expected}"), found == *expected)
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{} {}: {}", if self.holds { "ok  " } else { "MISS" }, self.what, self.said)
    }
}

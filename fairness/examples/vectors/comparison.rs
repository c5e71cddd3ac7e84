//! One comparison of a figure with its reference.

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

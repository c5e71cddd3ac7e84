//! placeholder for sheets of the crate

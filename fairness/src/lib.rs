//! Fair assignment, calibration and the certainty of a ranking: mathematics on plain indices, the same to the last bit on every machine.
#![deny(missing_docs)]

pub mod agree;
pub mod assign;
pub mod calibrate;
pub mod design;
mod linear;
pub mod random;

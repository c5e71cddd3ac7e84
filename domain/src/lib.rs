//! The rules of the selection: what may be done, by whom, when, and what comes of it.
//!
//! Nothing here reads a clock, a database or the network. Functions are given what they need to know and the
//! instant at which they are asked, and answer with a decision or with every reason against it.
#![warn(missing_docs)]

pub mod account;
pub mod application;
pub mod calendar;
pub mod campaign;
pub mod client;
pub mod county;
pub mod decision;
pub mod differences;
pub mod error;
pub mod geography;
pub mod identifiers;
pub mod job;
pub mod operation;
pub mod password;
pub mod policy;
pub mod review;
pub mod rules;
#[cfg(test)]
mod samples;
pub mod statistics;
pub mod step;
pub mod throttle;
pub mod time;
pub mod verification;
pub mod workflow;

pub use error::{ErrorCode, Fact, Fault, Refused};
pub use operation::Operation;
pub use policy::{Actor, Caller, Reach, Role, Visibility};
pub use time::{Day, Instant};

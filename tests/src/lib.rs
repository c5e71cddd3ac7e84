//! The suite's own house: a world with a server in it, people who call it, and the contract that every answer is held to.
#![expect(clippy::expect_used, reason = "a test that cannot go on says so")]

pub mod bodies;
pub mod campaign;
pub mod canaries;
pub mod contract;
pub mod county;
pub mod dump;
pub mod fields;
pub mod files;
pub mod forge;
pub mod jobs;
pub mod model;
pub mod objections;
pub mod pages;
pub mod people;
pub mod postgres;
pub mod provider;
pub mod recording;
pub mod reply;
pub mod rules;
pub mod scene;
pub mod selection;
pub mod statements;
pub mod story;
pub mod truths;
pub mod verification;
pub mod vetting;
pub mod world;

pub use people::Person;
pub use reply::Reply;
pub use world::{Database, World};

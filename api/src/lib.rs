//! The HTTP API: it knows requests and answers, and asks the domain for every decision.

pub mod accept;
pub mod actions;
pub mod app;
pub mod application;
pub mod call;
pub mod campaign;
pub mod catalogue;
pub mod clock;
pub mod contract;
pub mod county;
pub mod decision;
pub mod demo;
pub mod enums;
pub mod gate;
pub mod identity;
pub mod objection;
pub mod openness;
pub mod pages;
pub mod problem;
pub mod rehearsal;
pub mod review;
pub mod routes;
pub mod running;
pub mod statistics;
pub mod verification;
pub mod vetting;

//! The suite: black box, over HTTP, on SQLite and on PostgreSQL.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on says so")]

mod activities;
mod applications;
mod architecture;
mod assessments;
mod campaign_rules;
mod campaigns;
mod cancelled;
mod contract;
mod corrections;
mod county;
mod decision;
mod declaration_rules;
mod gate;
mod hard_cases;
mod identity;
mod matrix;
mod model;
mod objections;
mod recusals;
mod review;
mod rules;
mod score_sheets;
mod shares;
mod statistics;
mod substitution;
mod supervisors;
mod townships;
mod truths;
mod verification;
mod vetoes;
mod vetting;
mod workflow;

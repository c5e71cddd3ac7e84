//! Reads and records, on SQLite and PostgreSQL alike.
//!
//! Repositories are functions: `find`, `page`, `insert`, `record`, `lock`. Each that reads for a caller wants the
//! [`Visibility`](pingxuan_domain::Visibility) that the policy gave, first of all.

pub mod access;
pub mod accounts;
pub mod annual_assessments;
pub mod applications;
pub mod assignment_plans;
pub mod assignments;
pub mod attachments;
pub mod audit;
pub mod awards;
mod beside;
pub mod calendars;
pub mod campaigns;
pub mod candidates;
pub mod clients;
mod convert;
mod database;
pub mod duty_records;
mod entity;
mod error;
pub mod extensions;
pub mod grants;
pub mod grounds;
pub mod idempotency;
pub mod installation;
pub mod jobs;
pub mod journal;
pub mod late_recusals;
mod load;
pub mod login_attempts;
pub mod maintenance;
pub mod no_awards;
pub mod notices;
pub mod objections;
pub mod oidc_logins;
pub mod overview;
mod page;
pub mod printed;
pub mod rankings;
pub mod recusals;
pub mod register;
pub mod retention;
pub mod score_sheets;
pub mod sealing;
pub mod second_factors;
pub mod sessions;
pub mod shortlists;
pub mod site_visits;
pub mod snapshots;
pub mod stakes;
pub mod standing;
pub mod statistics;
pub mod supervisors;
pub mod thematic_activities;
pub mod units;
mod vault;
pub mod vetoes;
pub mod vetting;

pub use convert::canonical;
pub use database::{Connection, Database, Options, Reader, Tx, sqlite_url};
pub use load::{Load, Pool};
pub use error::{StoreError, Transient};
pub use page::{Key, Page, PageRequest};
pub use vault::{Vault, digest_hex};

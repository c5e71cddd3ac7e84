//! Running: settings, start, the server, and what time alone brings about.

pub mod backup;
pub mod bootstrap;
pub mod doctor;
pub mod door;
pub mod health;
pub mod pages;
pub mod postgres_tools;
pub mod problems;
pub mod ready;
pub mod restore;
pub mod retention;
pub mod server;
pub mod settings;
pub mod sweeper;
pub mod tls;

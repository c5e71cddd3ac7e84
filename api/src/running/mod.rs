//! Running: settings, start, the server, and what time alone brings about.

pub mod bootstrap;
pub mod health;
pub mod pages;
pub mod problems;
pub mod retention;
pub mod server;
pub mod settings;
pub mod sweeper;
pub mod tls;

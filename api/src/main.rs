//! `pingxuan`: serves the API, rehearses a selection, keeps the database and its accounts.

use std::process::ExitCode;

mod cli;

fn main() -> ExitCode {
    cli::run()
}

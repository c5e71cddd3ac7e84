//! `pingxuan`: serves the API, rehearses a selection, keeps the database and its accounts.

use std::process::ExitCode;

use tikv_jemallocator::Jemalloc;

mod cli;

/// It gives memory back that many threads have used in turn: the 19 MiB of each password that is hashed would stay with its thread.
#[global_allocator]
static MEMORY: Jemalloc = Jemalloc;

fn main() -> ExitCode {
    cli::run()
}

//! Measures the server over HTTP against the same SQL written by hand, and against a server that does nothing.
//!
//! `cargo run --release -p pingxuan-bench` makes a database, starts all three, asks them in turn and prints the tables of
//! `docs/BENCHMARKS.md`.
#![expect(clippy::expect_used, reason = "a measurement that cannot go on says so")]

use std::time::Duration;

use actix_web::rt::System;
use clap::{Args, Parser, Subcommand};
use pingxuan_tests::postgres;
use tikv_jemallocator::Jemalloc;
use uuid::Uuid;

mod driving;
mod growth;
mod limit;
mod operations;
mod places;
mod processes;
mod seeding;
mod still;
mod story;
mod targets;

/// What the server uses as well.
#[global_allocator]
static MEMORY: Jemalloc = Jemalloc;

#[derive(Debug, Parser)]
#[command(about)]
struct Cli {
    #[command(subcommand)]
    role: Option<Role>,
    #[command(flatten)]
    wanted: Wanted,
}

/// What this program is when it has started itself.
#[derive(Debug, Subcommand)]
enum Role {
    /// Serve the same SQL, written by hand.
    #[command(hide = true)]
    Limit,
    /// Serve one answer.
    #[command(hide = true)]
    Still,
}

/// What is measured, and how long.
#[derive(Debug, Args)]
struct Wanted {
    /// Compare pages among 1,000 and among 1,000,000 applications, and nothing else.
    #[arg(long)]
    growth: bool,
    /// On SQLite, where no limit is written by hand: the server alone.
    #[arg(long)]
    sqlite: bool,
    /// Applications in the database.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(10_000..=10_000_000))]
    rows: u32,
    /// Seconds for each operation of each server, at a time.
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u64).range(1..=20))]
    seconds: u64,
    /// Connections that ask at once.
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..=200))]
    clients: u16,
    /// How often each operation has its turn; the middle one is shown.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=99))]
    turns: u16,
}

fn main() {
    let cli = Cli::parse();
    System::new().block_on(async {
        match cli.role {
            Some(Role::Limit) => limit::serve().await,
            Some(Role::Still) => still::serve().await,
            None => measure(&cli.wanted).await,
        }
    });
}

async fn measure(wanted: &Wanted) {
    if wanted.sqlite {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("bench.sqlite");
        return measure_on(&format!("sqlite:{}", file.display()), wanted).await;
    }
    let server = postgres::measured().expect("a PostgreSQL to measure on");
    let name = format!("bench_{}", Uuid::new_v4().simple());
    server.create(&name, None).await;
    measure_on(&server.url(&name), wanted).await;
    server.drop(&name).await;
}

async fn measure_on(url: &str, wanted: &Wanted) {
    let (time, clients) = (Duration::from_secs(wanted.seconds), usize::from(wanted.clients));

    let told = story::told(url).await;
    if wanted.growth {
        println!("{}", growth::compare(url, &told).await);
        return;
    }
    let scene = seeding::seed(url, &told, wanted.rows).await;
    let mut targets = targets::start(url, &scene).await;
    let measured = operations::measure(&mut targets, &scene, (clients, time, wanted.turns)).await;
    println!(
        "{} applications, {clients} connections, {} s each, {} turns\n",
        wanted.rows, wanted.seconds, wanted.turns
    );
    println!("{}", operations::table(&measured));
    println!("{}", targets::held(&targets));
    if !wanted.sqlite {
        println!("{}", places::compare(url, &targets, &scene, (clients, time)).await);
    }
}

//! Processor time of this crate's tasks on one file, for `fairness/bench/run`, which sets them beside other libraries.
//!
//! `cargo run --release -p pingxuan-fairness --example measure -- calibration|flow FILE`

mod calibration;
mod flow;

use std::error::Error;

/// Seconds on a processor so far, as Linux counts them for this thread: it counts at its ticks, some milliseconds apart.
fn processor_seconds() -> Result<f64, Box<dyn Error>> {
    let counted = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(counted.split(' ').next().ok_or("no time")?.parse::<f64>()? / 1e9)
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["calibration", path] => calibration::measure(path),
        ["flow", path] => flow::measure(path),
        _ => Err("usage: measure calibration|flow FILE".into()),
    }
}

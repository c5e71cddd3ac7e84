//! Compares this crate with a file of reference vectors: prints each comparison, and exits 1 where one is missed.
//!
//! `cargo run -p pingxuan-fairness --example vectors -- fairness/tests/vectors/calibration.json`

mod calibration;
mod comparison;

use std::process::ExitCode;

use comparison::Comparison;

fn compare(path: &str) -> Result<Vec<Comparison>, Box<dyn std::error::Error>> {
    let file: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    if file.get("vectors").is_some() {
        return Ok(calibration::compare(&file)?);
    }
    Err("neither format of vectors: calibration has \"vectors\"".into())
}

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("which file of vectors?");
        return ExitCode::from(2);
    };
    match compare(&path) {
        Ok(comparisons) => {
            for Comparison { name, holds, detail } in &comparisons {
                println!("{} {name}: {detail}", if *holds { "ok  " } else { "MISS" });
            }
            let missed = comparisons.iter().filter(|comparison| !comparison.holds).count();
            println!("{} comparisons, {missed} missed", comparisons.len());
            ExitCode::from(u8::from(missed > 0 || comparisons.is_empty()))
        }
        Err(error) => {
            eprintln!("{path}: {error}");
            ExitCode::from(2)
        }
    }
}

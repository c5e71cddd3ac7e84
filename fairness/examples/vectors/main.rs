//! Compares this crate with a file of reference vectors: prints each comparison, and exits 1 where one is missed.
//!
//! `cargo run -p pingxuan-fairness --example vectors -- FILE`; which format a file has shows in what it holds.

use std::error::Error;
use std::process::ExitCode;

use comparison::Comparison;

mod assignment;
mod calibration;
mod comparison;

fn compare(path: &str) -> Result<Vec<Comparison>, Box<dyn Error>> {
    let file: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    if calibration::is(&file) {
        Ok(calibration::compare(&file)?)
    } else if assignment::is(&file) {
        Ok(assignment::compare(&file))
    } else {
        Err("neither \"vectors\" of a calibration nor \"instances\" of an assignment".into())
    }
}

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("which file of vectors?");
        return ExitCode::from(2);
    };
    match compare(&path) {
        Ok(comparisons) => {
            comparisons.iter().for_each(|comparison| println!("{comparison}"));
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

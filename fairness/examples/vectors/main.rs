//! Compares this crate with a file of reference vectors, prints each comparison, and fails on a miss.

use std::process::ExitCode;
use std::{env, fs};

use serde_json::Value;

mod assignment;
mod comparison;

fn main() -> ExitCode {
    let Some(path) = env::args().nth(1) else {
        eprintln!("usage: vectors FILE");
        return ExitCode::from(2);
    };
    let read = fs::read_to_string(&path).map_err(|error| error.to_string());
    let read = read.and_then(|text| serde_json::from_str(&text).map_err(|error| error.to_string()));
    let file: Value = match read {
        Ok(file) => file,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::from(2);
        }
    };
    // Which format it is shows in what it describes.
    let compared = if assignment::is(&file) {
        assignment::compare(&file)
    } else {
        eprintln!("{path}: no format that is known here");
        return ExitCode::from(2);
    };
    compared.iter().for_each(|comparison| println!("{comparison}"));
    let misses = compared.iter().filter(|comparison| !comparison.holds).count();
    println!("{} comparisons, {misses} misses", compared.len());
    if misses == 0 && !compared.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

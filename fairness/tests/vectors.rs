//! The reference vectors hold, as the example `vectors` compares them.

use std::error::Error;
use std::fs;
use std::path::Path;

#[path = "../examples/vectors/assignment.rs"]
mod assignment;
#[path = "../examples/vectors/comparison.rs"]
mod comparison;

fn read(name: &str) -> Result<serde_json::Value, Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(name);
    Ok(serde_json::from_str(&fs::read_to_string(path)?)?)
}

#[test]
fn assignments_are_as_good_as_the_reference() {
    let file = read("assignment.json").unwrap();
    assert!(assignment::is(&file));
    let compared = assignment::compare(&file);
    let misses: Vec<String> = compared.iter().filter(|one| !one.holds).map(ToString::to_string).collect();
    assert!(compared.len() > 30, "{} comparisons", compared.len());
    assert_eq!(misses, Vec::<String>::new());
}

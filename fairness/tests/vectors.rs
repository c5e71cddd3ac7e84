//! The reference vectors hold, as the example `vectors` compares them.

use comparison::Comparison;
use serde_json::Value;

#[path = "../examples/vectors/assignment.rs"]
mod assignment;
#[path = "../examples/vectors/calibration.rs"]
mod calibration;
#[path = "../examples/vectors/comparison.rs"]
mod comparison;

fn calibrations() -> Value {
    serde_json::from_str(include_str!("vectors/calibration.json")).unwrap_or_default()
}

fn assignments() -> Value {
    serde_json::from_str(include_str!("vectors/assignment.json")).unwrap_or_default()
}

fn missed(comparisons: &[Comparison]) -> Vec<String> {
    comparisons.iter().filter(|one| !one.holds).map(ToString::to_string).collect()
}

#[test]
fn every_field_of_a_calibration_is_within_its_tolerance() {
    let comparisons = calibration::compare(&calibrations()).unwrap();
    assert_eq!(comparisons.len(), 150);
    assert_eq!(missed(&comparisons), Vec::<String>::new());
}

#[test]
fn assignments_are_as_good_as_the_reference() {
    let comparisons = assignment::compare(&assignments());
    assert!(comparisons.len() > 30, "{} comparisons", comparisons.len());
    assert_eq!(missed(&comparisons), Vec::<String>::new());
}

#[test]
fn a_reference_that_is_off_is_missed() {
    let mut file = calibrations();
    file["vectors"][0]["expected"]["calibrated"][2] = 88.271.into();
    file["vectors"][1]["expected"]["lambda_status"] = "lower".into();
    let names = |comparisons: Vec<Comparison>| -> Vec<String> {
        comparisons.into_iter().filter(|one| !one.holds).map(|one| one.name).collect()
    };
    let missed = names(calibration::compare(&file).unwrap());
    assert_eq!(missed, ["P1-tiny calibrated", "P2-townships lambda_status"]);
    let mut file = assignments();
    file["instances"][0]["expected"]["objective"] = 417.into();
    let missed = names(assignment::compare(&file));
    assert!(matches!(missed.as_slice(), [one] if one.ends_with(" objective")), "{missed:?}");
}

#[test]
fn a_format_shows_in_what_a_file_holds() {
    assert!(calibration::is(&calibrations()) && !calibration::is(&assignments()));
    assert!(assignment::is(&assignments()) && !assignment::is(&calibrations()));
}

//! The reference vectors of a calibration, and what must hold of every round.

#[path = "../examples/vectors/calibration.rs"]
mod calibration;
#[path = "../examples/vectors/comparison.rs"]
mod comparison;

#[cfg(test)]
mod properties;

#[test]
fn every_field_of_the_reference_vectors_is_within_its_tolerance() {
    let file = serde_json::from_str(include_str!("vectors/calibration.json")).unwrap();
    let comparisons = calibration::compare(&file).unwrap();
    assert_eq!(comparisons.len(), 150);
    let missed: Vec<_> = comparisons.iter().filter(|comparison| !comparison.holds).collect();
    assert!(
        missed.is_empty(),
        "{:?}",
        missed.iter().map(|missed| (&missed.name, &missed.detail)).collect::<Vec<_>>()
    );
}

#[test]
fn a_reference_that_is_off_is_missed() {
    let mut file: serde_json::Value = serde_json::from_str(include_str!("vectors/calibration.json")).unwrap();
    file["vectors"][0]["expected"]["calibrated"][2] = 88.271.into();
    file["vectors"][1]["expected"]["lambda_status"] = "lower".into();
    let comparisons = calibration::compare(&file).unwrap();
    let missed: Vec<&str> = comparisons
        .iter()
        .filter(|comparison| !comparison.holds)
        .map(|comparison| comparison.name.as_str())
        .collect();
    assert_eq!(missed, ["P1-tiny calibrated", "P2-townships lambda_status"]);
}

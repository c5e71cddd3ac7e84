//! The rules have tests, and the tests have rules.

use pingxuan_domain::rules::{Force, RULES, Rule};
use pingxuan_tests::rules::tests;

#[test]
fn every_rule_that_is_in_force_has_a_test() {
    let tests = tests();
    let untested: Vec<String> = RULES
        .iter()
        .filter(|rule| rule.force() != Force::NotYet && !tests.contains_key(&rule.number))
        .map(|rule| format!("{rule}: {}", rule.en))
        .collect();
    assert!(untested.is_empty(), "rules in force, and not tested:\n  {}", untested.join("\n  "));
}

#[test]
fn every_test_names_a_rule_that_there_is() {
    let strays: Vec<String> = tests()
        .into_iter()
        .filter(|(number, _)| Rule::of(*number).is_none())
        .flat_map(|(_, tests)| tests)
        .map(|test| format!("{} in {}", test.name, test.file))
        .collect();
    assert!(strays.is_empty(), "tests of rules that there are not:\n  {}", strays.join("\n  "));
}

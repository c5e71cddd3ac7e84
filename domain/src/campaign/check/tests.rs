//! Tests of the check: each rule broken alone, all at once, and pointers that point (D-201, D-203, D-207).

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn example() -> Value {
    serde_json::from_str(include_str!("../../../../campaigns/xingguo-2022.json")).unwrap()
}

/// The faults of the example with some of its members replaced, as pointer and code.
fn faults(changes: &[(&str, Value)]) -> Vec<(String, &'static str)> {
    let mut value = example();
    for (pointer, to) in changes {
        *value.pointer_mut(pointer).unwrap() = to.clone();
    }
    let found = check(&serde_json::from_value(value.clone()).unwrap());
    for fault in &found {
        let pointer = fault.pointer.as_deref().unwrap();
        assert!(value.pointer(pointer).is_some(), "{pointer} points at nothing");
    }
    found.into_iter().map(|fault| (fault.pointer.unwrap(), fault.code.code())).collect()
}

fn only(changes: &[(&str, Value)], pointer: &str, code: &'static str) {
    assert_eq!(faults(changes), [(pointer.to_owned(), code)], "{changes:?}");
}

#[test]
fn d_207_the_example_has_no_fault() {
    assert_eq!(faults(&[]), []);
}

#[test]
fn d_201_weights_sum_to_100_and_criteria_are_numbered_from_1() {
    let weight = "/categories/1/criteria/3/weight/value";
    only(&[(weight, json!(26))], "/categories/1/criteria", "weights_not_hundred");
    let found = faults(&[(weight, json!(0)), ("/categories/1/criteria/0/weight/value", json!(101))]);
    let codes: Vec<_> = found.iter().map(|(pointer, code)| (pointer.as_str(), *code)).collect();
    let expected = [
        ("/categories/1/criteria/0/weight/value", "too_large"),
        (weight, "too_small"),
        ("/categories/1/criteria", "weights_not_hundred"),
    ];
    assert_eq!(codes, expected);
    let second = "/categories/2/criteria/1/number";
    only(&[(second, json!(1))], second, "criterion_out_of_order");
    only(&[("/categories/2/criteria", json!([]))], "/categories/2/criteria", "too_few");
}

#[test]
fn d_201_category_codes_are_unique_and_there_is_a_category() {
    let code = "/categories/2/code";
    only(&[(code, json!("advanced_collective"))], code, "category_code_repeated");
    only(&[("/categories", json!([]))], "/categories", "too_few");
}

#[test]
fn d_201_the_window_is_in_order_and_not_before_the_notice() {
    let (opens, closes) = ("/acceptance/value/opens_on", "/acceptance/value/closes_on");
    only(&[(opens, json!("2023-01-01"))], closes, "window_out_of_order");
    only(&[(opens, json!("2022-11-03"))], opens, "window_out_of_order");
    assert_eq!(faults(&[(opens, json!("2022-11-04")), (closes, json!("2022-11-04"))]), []);
    only(&[("/time_zone/value", json!("Asia/Urumqi"))], "/time_zone/value", "time_zone_not_supported");
}

#[test]
fn d_203_without_a_basis_there_is_no_honour() {
    only(
        &[("/categories/0/approval_basis", json!(null))],
        "/categories/0/approval_basis",
        "approval_basis_missing",
    );
    let document = "/categories/0/approval_basis/value/document";
    let exemption = "/categories/0/approval_basis/value/exemption";
    only(&[(document, json!(" "))], document, "approval_basis_missing");
    only(&[(document, json!("")), (exemption, json!(" "))], document, "approval_basis_missing");
    assert_eq!(faults(&[(document, json!("")), (exemption, json!("虚构的理由"))]), []);
    let ceiling = "/categories/0/approval_basis/value/quota_ceiling";
    only(&[(ceiling, json!(4))], "/categories/0/quota/value", "quota_above_ceiling");
    assert_eq!(faults(&[(ceiling, json!(5))]), []);
    only(&[("/categories/0/quota/value", json!(0))], "/categories/0/quota/value", "too_small");
}

#[test]
fn d_201_the_scope_fits_the_nominee() {
    let scope = "/categories/1/scope/value";
    only(
        &[(scope, json!(["department", "supervisors"]))],
        "/categories/1/scope/value/1",
        "scope_does_not_fit",
    );
    only(&[(scope, json!(["department", "department"]))], "/categories/1/scope/value/1", "duplicate");
    only(&[(scope, json!([]))], scope, "too_few");
    let scope = "/categories/3/scope/value";
    only(&[(scope, json!(["township"]))], "/categories/3/scope/value/0", "scope_does_not_fit");
}

#[test]
fn d_201_units_declare_with_a_form_and_visits() {
    only(&[("/categories/1/form", json!(null))], "/categories/1/form", "form_missing");
    only(&[("/categories/1/visits/value", json!(0))], "/categories/1/visits/value", "visits_missing");
    let evaluation = example().pointer("/categories/3/evaluation").unwrap().clone();
    only(&[("/categories/1/evaluation", evaluation)], "/categories/1/evaluation", "evaluation_not_allowed");
}

#[test]
fn d_201_the_office_evaluates_without_form_and_visits() {
    let form = example().pointer("/categories/1/form").unwrap().clone();
    only(&[("/categories/3/form", form)], "/categories/3/form", "form_not_allowed");
    only(&[("/categories/3/visits/value", json!(2))], "/categories/3/visits/value", "visits_not_allowed");
    only(&[("/categories/3/evaluation", json!(null))], "/categories/3/evaluation", "evaluation_missing");
    let rules = "/categories/3/evaluation/value/duty_points";
    let kind = format!("{rules}/1/kind");
    only(&[(&kind, json!("advice"))], &format!("{rules}/2/kind"), "duplicate");
    let criterion = format!("{rules}/1/criterion");
    only(&[(&criterion, json!(1))], rules, "evaluation_missing");
    let found = faults(&[(&criterion, json!(5))]);
    assert_eq!(found, [(criterion, "unknown_criterion"), (rules.to_owned(), "evaluation_missing")]);
}

#[test]
fn d_201_supervisors_alone_are_evaluated_by_the_office() {
    let found = faults(&[("/categories/3/nominee/value", json!("person"))]);
    let expected =
        [("/categories/3/scope/value/0", "scope_does_not_fit"), ("/categories/3/route/value", "invalid")];
    assert_eq!(found, expected.map(|(pointer, code)| (pointer.to_owned(), code)));
    let found = faults(&[("/categories/1/route/value", json!("office_evaluated"))]);
    let codes: Vec<_> = found.iter().map(|(_, code)| *code).collect();
    assert_eq!(codes, ["invalid", "form_not_allowed", "visits_not_allowed", "evaluation_missing"]);
}

#[test]
fn d_205_a_form_has_what_the_system_must_understand() {
    for (category, meanings) in
        [(1, &["name"][..]), (2, &["name", "citizen_id", "post", "is_leading_cadre", "front_line"][..])]
    {
        let properties = format!("/categories/{category}/form/value/schema/properties");
        for name in meanings {
            let means = format!("{properties}/{name}/x-means");
            only(&[(&means, json!("birth_month"))], &properties, "form_meaning_missing");
        }
        assert_eq!(faults(&[(&properties, json!({}))]).len(), meanings.len());
    }
}

#[test]
fn d_205_share_rules_are_for_persons_and_in_percent() {
    let share = "/categories/0/share_rules/value/leading_cadres_at_most_percent";
    only(&[(share, json!(20))], share, "share_rules_for_units");
    let share = "/categories/3/share_rules/value/front_line_at_least_percent";
    only(&[(share, json!(101))], share, "too_large");
    assert_eq!(faults(&[(share, json!(100))]), []);
    let surplus = "/categories/0/surplus_percent/value";
    only(&[(surplus, json!(101))], surplus, "too_large");
    let limit = "/categories/0/per_unit_limit/value";
    only(&[(limit, json!(0))], limit, "too_small");
    only(&[(limit, json!(2))], limit, "too_large");
    assert_eq!(faults(&[("/categories/2/per_unit_limit/value", json!(2))]), []);
    let days = "/categories/0/notice/value/working_days";
    only(&[(days, json!(4))], days, "too_small");
    assert_eq!(faults(&[(days, json!(5))]), []);
}

#[test]
fn d_607_the_blend_sums_to_100_and_supervisors_have_no_assessment() {
    only(
        &[("/categories/0/blend/value/assessment", json!(30))],
        "/categories/0/blend/value",
        "blend_not_hundred",
    );
    let blend = "/categories/3/blend/value";
    let found = faults(&[(blend, json!({"verified": 80, "assessment": 20}))]);
    assert_eq!(found, [(format!("{blend}/assessment"), "assessment_without_unit")]);
    let found =
        faults(&[("/categories/0/tie_break/value", json!(["annual_assessment", "annual_assessment"]))]);
    assert_eq!(found, [("/categories/0/tie_break/value/1".to_owned(), "duplicate")]);
}

#[test]
fn d_504_attachments_are_asked_for_once_and_within_bounds() {
    let proof = json!({"code": "proof", "title": {"zh": "证明", "en": "Proof"}});
    let rules = "/categories/0/attachments";
    let with = |count: u32, bytes: u64, kinds: &[&str]| json!({"value": {"max_count": count, "max_bytes": bytes, "kinds": kinds}, "source": "office"});
    let required = ("/categories/0/required_attachments/value", json!([proof]));
    assert_eq!(faults(std::slice::from_ref(&required)), []);
    for (given, pointer, code) in [
        (
            ("/categories/0/required_attachments/value", json!([proof, proof])),
            "/categories/0/required_attachments/value/1/code",
            "duplicate",
        ),
        (
            ("/categories/3/required_attachments/value", json!([proof])),
            "/categories/3/required_attachments/value",
            "form_not_allowed",
        ),
    ] {
        assert_eq!(faults(&[given]), [(pointer.to_owned(), code)]);
    }
    for (given, pointer, code) in [
        (with(0, 1, &["pdf"]), "/max_count", "too_small"),
        (with(101, 1, &["pdf"]), "/max_count", "too_large"),
        (with(1, 0, &["pdf"]), "/max_bytes", "too_small"),
        (with(1, (2 << 30) + 1, &["pdf"]), "/max_bytes", "too_large"),
        (with(1, 1, &[]), "/kinds", "too_few"),
        (with(1, 1, &["pdf", "pdf"]), "/kinds/1", "duplicate"),
    ] {
        let mut changed = example();
        *changed.pointer_mut(required.0).unwrap() = required.1.clone();
        changed["categories"][0]["attachments"] = given;
        let found = check(&serde_json::from_value(changed).unwrap());
        let found: Vec<_> = found
            .iter()
            .map(|fault| (fault.pointer.clone().unwrap_or_default(), fault.code.code()))
            .collect();
        assert_eq!(found, [(format!("{rules}/value{pointer}"), code)]);
    }
}

#[test]
fn d_607_a_policy_has_the_sheets_that_it_needs() {
    let (policy, visits) = ("/categories/0/scoring_policy/value", "/categories/0/visits/value");
    for (name, least) in [("mean", 1), ("trimmed_mean", 5), ("calibrated", 2)] {
        assert_eq!(faults(&[(policy, json!(name)), (visits, json!(least))]), []);
        let code = if least == 1 { "visits_missing" } else { "visits_too_few" };
        only(&[(policy, json!(name)), (visits, json!(least - 1))], visits, code);
        only(&[(policy, json!(name)), (visits, json!(0))], visits, "visits_missing");
    }
    let evaluated = "/categories/3/scoring_policy/value";
    for name in ["trimmed_mean", "calibrated"] {
        only(&[(evaluated, json!(name))], evaluated, "policy_needs_sheets");
    }
    let mut changed = example();
    *changed.pointer_mut(policy).unwrap() = json!("trimmed_mean");
    let found = check(&serde_json::from_value(changed).unwrap());
    let mut fault = Fault::at(visits, ErrorCode::VisitsTooFew);
    fault.facts.push(("policy", Fact::Choice("scoring_policy", "trimmed_mean")));
    assert_eq!(found, [fault.with("limit", 5)]);
}

#[test]
fn d_207_facts_say_what_is_wrong() {
    let mut changed = example();
    *changed.pointer_mut("/categories/1/criteria/3/weight/value").unwrap() = json!(26);
    *changed.pointer_mut("/categories/1/form/value/schema/properties").unwrap() = json!({});
    let found = check(&serde_json::from_value(changed).unwrap());
    let mut missing = Fault::at("/categories/1/form/value/schema/properties", ErrorCode::FormMeaningMissing);
    missing.facts.push(("meaning", Fact::Choice("meaning", "unit_name")));
    assert_eq!(
        found,
        [Fault::at("/categories/1/criteria", ErrorCode::WeightsNotHundred).with("sum", 101), missing]
    );
}

/// Faults that do not touch one another: a change, and where it shows.
fn independent() -> Vec<(&'static str, Value, &'static str)> {
    vec![
        ("/time_zone/value", json!("UTC"), "/time_zone/value"),
        ("/acceptance/value/opens_on", json!("2022-11-01"), "/acceptance/value/opens_on"),
        ("/former_unit_years/value", json!(200), "/former_unit_years/value"),
        ("/categories/0/approval_basis", json!(null), "/categories/0/approval_basis"),
        ("/categories/0/criteria/2/number", json!(7), "/categories/0/criteria/2/number"),
        ("/categories/0/visits/value", json!(0), "/categories/0/visits/value"),
        ("/categories/1/quota/value", json!(0), "/categories/1/quota/value"),
        ("/categories/1/blend/value/verified", json!(u32::MAX), "/categories/1/blend/value"),
        ("/categories/2/criteria/0/weight/value", json!(24), "/categories/2/criteria"),
        (
            "/categories/2/vetting_departments/value",
            json!(["A", "A"]),
            "/categories/2/vetting_departments/value/1",
        ),
        ("/categories/3/evaluation", json!(null), "/categories/3/evaluation"),
    ]
}

proptest! {
    #[test]
    fn d_207_every_fault_is_named_at_once(chosen in proptest::sample::subsequence(independent(), 0..=11)) {
        let changes: Vec<_> = chosen.iter().map(|(pointer, value, _)| (*pointer, value.clone())).collect();
        let found: Vec<_> = faults(&changes).into_iter().map(|(pointer, _)| pointer).collect();
        let expected: Vec<_> = chosen.iter().map(|(_, _, shows)| (*shows).to_owned()).collect();
        prop_assert_eq!(found, expected);
    }
}

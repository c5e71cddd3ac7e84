//! What a category is taken to say where its definition is silent (D-201, D-206, D-607, D-609).

use serde_json::{Value, json};

/// A definition with what the rules give for members that its categories leave out, each marked as set by the office (D-202): two
/// visits where nominees declare themselves, the plain mean, 80/20 with the annual assessment for units and none of it for
/// others, the cascade of criteria and then the assessment. How many persons a unit may nominate a definition says itself.
#[must_use]
pub fn with_defaults(mut definition: Value) -> Value {
    let categories = definition.get_mut("categories").and_then(Value::as_array_mut);
    for category in categories.into_iter().flatten() {
        let Some(members) = category.as_object_mut() else { continue };
        let says = |name: &str, value: &str| members.get(name).is_some_and(|member| member["value"] == value);
        let declared = says("route", "self_declared");
        let (of_units, of_persons) = (says("nominee", "unit"), says("nominee", "person"));
        let blend = if of_units { (80, 20) } else { (100, 0) };
        let silent = [
            ("visits", json!(if declared { 2 } else { 0 })),
            ("scoring_policy", json!("mean")),
            ("blend", json!({"verified": blend.0, "assessment": blend.1})),
            ("tie_break", json!(["criteria_by_weight", "annual_assessment"])),
            ("per_unit_limit", json!(1)),
        ];
        for (name, value) in silent.into_iter().filter(|(name, _)| !(of_persons && *name == "per_unit_limit"))
        {
            members.entry(name).or_insert_with(|| json!({"value": value, "source": "office"}));
        }
    }
    definition
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::check::check;
    use crate::campaign::definition::{Blend, Definition, Source, TieBreak};

    #[test]
    fn d_201_a_silent_definition_means_what_the_rules_say() {
        let text = include_str!("../../../campaigns/xingguo-2022.json");
        let mut written: Value = serde_json::from_str(text).unwrap();
        for category in written["categories"].as_array_mut().unwrap() {
            let persons = category["nominee"]["value"] == "person";
            for name in ["visits", "scoring_policy", "blend", "tie_break", "per_unit_limit"] {
                if !(persons && name == "per_unit_limit") {
                    category.as_object_mut().unwrap().remove(name).unwrap();
                }
            }
        }
        let definition: Definition = serde_json::from_value(with_defaults(written)).unwrap();
        assert_eq!(check(&definition), []);
        let said: Vec<_> = definition
            .categories
            .iter()
            .map(|category| {
                let Blend { verified, assessment } = category.blend.value;
                (category.visits.value, verified, assessment, category.per_unit_limit.value)
            })
            .collect();
        assert_eq!(said, [(2, 80, 20, 1), (2, 80, 20, 1), (2, 100, 0, 2), (0, 100, 0, 1)]);
        let category = &definition.categories[0];
        assert_eq!(category.tie_break.value, [TieBreak::CriteriaByWeight, TieBreak::AnnualAssessment]);
        assert_eq!(category.visits.source, Source::Office);
    }

    #[test]
    fn d_201_what_a_definition_says_stays() {
        let text = include_str!("../../../campaigns/xingguo-2022.json");
        let written: Value = serde_json::from_str(text).unwrap();
        assert_eq!(with_defaults(written.clone()), written);
        assert_eq!(with_defaults(json!([1])), json!([1]));
    }
}

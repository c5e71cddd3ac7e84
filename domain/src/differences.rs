//! In what two versions of something differ, by JSON pointer: two submissions (D-402), or what is sent and what stands (D-606).

use serde_json::Value;

/// The members of a form that differ between two versions, as JSON pointers with what they were and are. Objects are compared
/// member by member, lists and all else whole.
#[must_use]
pub fn differences(before: &Value, after: &Value) -> Vec<(String, Value, Value)> {
    let mut found = Vec::new();
    compare(String::new(), (before, after), members, &mut found);
    found
}

/// The JSON pointers at which what is sent and what stands differ. Objects are compared member by member, lists of objects place
/// by place, all else whole.
#[must_use]
pub fn conflicts(sent: &Value, stands: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(String::new(), (sent, stands), members_and_places, &mut found);
    found.into_iter().map(|(pointer, _, _)| pointer).collect()
}

/// The parts of which a value consists, each with its name; none of what is compared whole.
type Parts = fn(&Value) -> Option<Vec<(String, &Value)>>;

fn members(value: &Value) -> Option<Vec<(String, &Value)>> {
    let name = |name: &str| name.replace('~', "~0").replace('/', "~1");
    Some(value.as_object()?.iter().map(|(of, value)| (name(of), value)).collect())
}

fn members_and_places(value: &Value) -> Option<Vec<(String, &Value)>> {
    let Some(items) = value.as_array() else { return members(value) };
    let places = items.iter().enumerate().map(|(place, item)| (place.to_string(), item));
    items.iter().all(Value::is_object).then(|| places.collect())
}

fn compare(
    pointer: String,
    (before, after): (&Value, &Value),
    parts: Parts,
    found: &mut Vec<(String, Value, Value)>,
) {
    let alike = before.is_object() == after.is_object();
    let (Some(old), Some(new), true) = (parts(before), parts(after), alike) else {
        if before != after {
            found.push((pointer, before.clone(), after.clone()));
        }
        return;
    };
    let part = |of: &[(String, &Value)], name: &str| {
        of.iter().find(|(known, _)| known == name).map_or(Value::Null, |(_, value)| (*value).clone())
    };
    let came = new.iter().filter(|(name, _)| old.iter().all(|(known, _)| known != name));
    for (name, _) in old.iter().chain(came) {
        let sides = (part(&old, name), part(&new, name));
        compare(format!("{pointer}/{name}"), (&sides.0, &sides.1), parts, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn d_402_versions_differ_member_by_member() {
        let before = json!({"a": 1, "deeds": {"one": "x", "two": "y"}, "list": [1, 2], "gone": true});
        let after = json!({"a": 1, "deeds": {"one": "x", "two": "z"}, "list": [2, 1], "c/d": null, "new": 0});
        let mut found: Vec<_> =
            differences(&before, &after).into_iter().map(|(pointer, _, _)| pointer).collect();
        found.sort();
        assert_eq!(found, ["/deeds/two", "/gone", "/list", "/new"]);
        assert_eq!(differences(&before, &before), []);
    }

    #[test]
    fn d_606_a_conflict_is_named_where_it_is() {
        let sent = json!({"scores": [{"criterion": 1, "points": "80"}, {"criterion": 2, "points": "70"}], "ids": ["a", "b"]});
        let stands = json!({"scores": [{"criterion": 1, "points": "85"}, {"criterion": 2, "points": "70"}, {"criterion": 3}], "ids": ["a"]});
        assert_eq!(conflicts(&sent, &stands), ["/scores/0/points", "/scores/2", "/ids"]);
        assert_eq!(conflicts(&json!({"a": []}), &json!({"a": {}})), ["/a"]);
    }

    /// Values in which nothing is null: to be null is to be absent.
    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::from),
            (0..3_i32).prop_map(Value::from),
            "[ab]{0,2}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::btree_map("[a~/]{1,2}", inner, 0..3)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn d_606_conflicts_are_all_that_differs_and_nothing_else(sent in value(), stands in value()) {
            let found = conflicts(&sent, &stands);
            prop_assert_eq!(found.is_empty(), sent == stands);
            for pointer in &found {
                prop_assert_ne!(sent.pointer(pointer), stands.pointer(pointer));
            }
            // With what stands put in the places named, what was sent is what stands.
            let mut mended = sent.clone();
            let (there, gone): (Vec<_>, Vec<_>) =
                found.iter().partition(|pointer| stands.pointer(pointer).is_some());
            for pointer in there.into_iter().chain(gone.into_iter().rev()) {
                put(&mut mended, pointer, stands.pointer(pointer));
            }
            prop_assert_eq!(mended, stands.clone());
            let turned = conflicts(&stands, &sent);
            prop_assert_eq!(turned.len(), found.len());
            prop_assert!(turned.iter().all(|pointer| found.contains(pointer)));
        }
    }

    /// Puts a value in a place, or takes away what is there.
    fn put(of: &mut Value, pointer: &str, value: Option<&Value>) {
        let Some((above, name)) = pointer.rsplit_once('/') else {
            *of = value.unwrap().clone();
            return;
        };
        let name = name.replace("~1", "/").replace("~0", "~");
        match (of.pointer_mut(above).unwrap(), value) {
            (Value::Object(members), Some(value)) => drop(members.insert(name, value.clone())),
            (Value::Object(members), None) => drop(members.remove(&name)),
            (Value::Array(items), None) => drop(items.remove(name.parse().unwrap())),
            (Value::Array(items), Some(value)) => {
                let place: usize = name.parse().unwrap();
                if place < items.len() {
                    items[place] = value.clone()
                } else {
                    items.insert(items.len(), value.clone())
                }
            }
            _ => unreachable!("{above} holds nothing"),
        }
    }
}

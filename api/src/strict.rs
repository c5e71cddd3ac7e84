//! JSON as it is taken from others: nothing in it is dropped in silence, and a whole number is one however it is written (RFC 7493).

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// A value in which no object names a member twice, and whole numbers that were written with a fraction of zero are whole.
#[derive(Debug, PartialEq)]
pub struct Strict(pub Value);

/// How deep arrays and objects may lie in one another: deeper than any form needs.
const DEEPEST: usize = 32;

/// Whole numbers up to here are the same in every reader (2^53 - 1).
const EXACT: f64 = 9_007_199_254_740_991.0;

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        AnyValue { below: DEEPEST }.deserialize(deserializer).map(Self)
    }
}

/// A value below which others may lie so deep.
#[derive(Clone, Copy)]
struct AnyValue {
    below: usize,
}

impl AnyValue {
    fn inner<E: Error>(self) -> Result<Self, E> {
        let below = self.below.checked_sub(1);
        below.map(|below| Self { below }).ok_or_else(|| E::custom("too deep"))
    }
}

impl<'de> DeserializeSeed<'de> for AnyValue {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and small enough")]
        let whole = (value.fract() == 0.0 && value.abs() <= EXACT).then_some(value as i64);
        Ok(whole.map_or_else(|| value.into(), Value::from))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let (inner, mut found) = (self.inner()?, Vec::new());
        while let Some(item) = items.next_element_seed(inner)? {
            found.push(item);
        }
        Ok(found.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let (inner, mut found) = (self.inner()?, Map::new());
        while let Some(name) = members.next_key::<String>()? {
            let member = members.next_value_seed(inner)?;
            if found.contains_key(&name) {
                return Err(A::Error::custom("a member is named twice"));
            }
            found.insert(name, member);
        }
        Ok(found.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(text: &str) -> Option<Value> {
        serde_json::from_str::<Strict>(text).ok().map(|Strict(value)| value)
    }

    #[test]
    fn a_member_that_is_named_twice_is_refused_wherever_it_is() {
        assert_eq!(read(r#"{"a": 1, "b": [{"a": null}]}"#), Some(json!({"a": 1, "b": [{"a": null}]})));
        for text in [r#"{"a": 1, "a": 1}"#, r#"[{"b": {"a": 1, "\u0061": 2}}]"#] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn s_40_what_lies_too_deep_is_refused() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(&nested(DEEPEST)).is_some());
        assert_eq!(read(&nested(DEEPEST + 1)), None);
        let objects = |depth: usize| format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
        assert!(read(&objects(DEEPEST)).is_some());
        assert_eq!(read(&objects(DEEPEST + 1)), None);
        assert_eq!(read(&nested(100_000)), None);
    }

    #[test]
    fn a_whole_number_is_whole_however_it_is_written() {
        assert_eq!(read("[2023, 2023.0, -2.0e3, 1.5]"), Some(json!([2023, 2023, -2000, 1.5])));
        assert_eq!(read("1e300"), Some(json!(1e300)));
        assert_eq!(read("-0.0"), Some(json!(0)));
    }
}

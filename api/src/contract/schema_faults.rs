//! What is wrong with a value by its JSON Schema, as faults with pointers and stable codes: every one at once.

use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::paths::Location;
use jsonschema::{Keyword, ValidationError, ValidationOptions, Validator};
use pingxuan_domain::{ErrorCode, Fault};
use serde_json::{Map, Value};

/// The members of an object together hold at most so many characters (D-502).
const TOTAL: &str = "x-total-max-length";

/// How schemas are read here: formats are checked, and forms may limit their members together.
#[must_use]
pub fn options() -> ValidationOptions<'static> {
    jsonschema::draft202012::options().should_validate_formats(true).with_keyword(TOTAL, total)
}

/// Every fault of a value.
#[must_use]
pub fn faults(validator: &Validator, value: &Value) -> Vec<Fault> {
    validator.iter_errors(value).flat_map(|error| faults_of(&error)).collect()
}

fn faults_of(error: &ValidationError<'_>) -> Vec<Fault> {
    let here = error.instance_path().to_string();
    let below = |member: &str| format!("{here}/{}", member.replace('~', "~0").replace('/', "~1"));
    let number = |limit: &Value| limit.to_string();
    let count = |limit: u64| i64::try_from(limit).unwrap_or(i64::MAX);
    let at = |code| vec![Fault::at(here.clone(), code)];
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the library's enum is non-exhaustive; what is new is `invalid`"
    )]
    match error.kind() {
        Kind::Required { property } => {
            vec![Fault::at(below(property.as_str().unwrap_or("")), ErrorCode::Required)]
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            unexpected.iter().map(|member| Fault::at(below(member), ErrorCode::UnknownMember)).collect()
        }
        Kind::Type { .. } => at(ErrorCode::WrongType),
        Kind::MinLength { limit } => vec![Fault::at(here, ErrorCode::TooShort).with("limit", count(*limit))],
        Kind::MaxLength { limit } => vec![Fault::at(here, ErrorCode::TooLong).with("limit", count(*limit))],
        Kind::MinItems { limit } | Kind::MinProperties { limit } => {
            vec![Fault::at(here, ErrorCode::TooFew).with("limit", count(*limit))]
        }
        Kind::MaxItems { limit } | Kind::MaxProperties { limit } => {
            vec![Fault::at(here, ErrorCode::TooMany).with("limit", count(*limit))]
        }
        Kind::Minimum { limit } | Kind::ExclusiveMinimum { limit } => {
            vec![Fault::at(here, ErrorCode::TooSmall).with("limit", number(limit))]
        }
        Kind::Maximum { limit } | Kind::ExclusiveMaximum { limit } => {
            vec![Fault::at(here, ErrorCode::TooLarge).with("limit", number(limit))]
        }
        Kind::Enum { .. } | Kind::Constant { .. } => at(ErrorCode::NotAChoice),
        Kind::Pattern { .. } | Kind::Format { .. } | Kind::MultipleOf { .. } => at(ErrorCode::WrongFormat),
        Kind::UniqueItems => at(ErrorCode::Duplicate),
        Kind::Custom { .. } => at(ErrorCode::TooLong),
        _ => at(ErrorCode::Invalid),
    }
}

struct Total(u64);

fn total<'a>(
    _: &'a Map<String, Value>,
    limit: &'a Value,
    _: Location,
) -> Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>> {
    match limit.as_u64() {
        Some(limit) => Ok(Box::new(Total(limit))),
        None => Err(ValidationError::custom(format!("{TOTAL} takes a number"))),
    }
}

impl Total {
    fn holds(&self, value: &Value) -> bool {
        let members = value.as_object().into_iter().flatten();
        let lengths = members.filter_map(|(_, member)| member.as_str()).map(|text| text.chars().count());
        u64::try_from(lengths.sum::<usize>()).is_ok_and(|length| length <= self.0)
    }
}

impl<'i> Keyword<'i> for Total {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if self.holds(instance) {
            Ok(())
        } else {
            Err(ValidationError::custom(format!("more than {} in all", self.0)))
        }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        self.holds(instance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_fault_is_named_at_once_with_its_place() {
        let schema = json!({
            "type": "object", "additionalProperties": false, "required": ["a", "b"],
            "properties": {"a": {"type": "string", "maxLength": 2}, "b": {"type": "integer"}, "c/d": {"enum": ["x"]}}
        });
        let validator = options().build(&schema).unwrap();
        let mut found: Vec<_> = faults(&validator, &json!({"a": "长长长", "c/d": "y", "e": 1, "f": 2}))
            .into_iter()
            .map(|fault| (fault.pointer.unwrap(), fault.code))
            .collect();
        found.sort();
        assert_eq!(
            found,
            [
                ("/a".to_owned(), ErrorCode::TooLong),
                ("/b".to_owned(), ErrorCode::Required),
                ("/c~1d".to_owned(), ErrorCode::NotAChoice),
                ("/e".to_owned(), ErrorCode::UnknownMember),
                ("/f".to_owned(), ErrorCode::UnknownMember),
            ]
        );
    }

    #[test]
    fn d_502_deeds_hold_so_many_characters_in_all() {
        let validator = options().build(&json!({"type": "object", TOTAL: 5})).unwrap();
        assert!(validator.is_valid(&json!({"a": "一二三", "b": "四五"})));
        let found = faults(&validator, &json!({"a": "一二三", "b": "四五六"}));
        assert_eq!(found.iter().map(|fault| fault.code).collect::<Vec<_>>(), [ErrorCode::TooLong]);
    }
}

//! What the system understands of a form: names, posts, personal values (D-501, D-502, D-904).

use serde_json::{Map, Value};

use crate::campaign::definition::{Form, Meaning};
use crate::error::{ErrorCode, Fault};
use crate::identifiers::{check_citizen_id_by, find_control, is_masked, mask};
use crate::time::Day;

/// What a form says of the nominee.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Understood {
    /// The nominated person's name.
    pub nominee_name: Option<String>,
    /// Their post.
    pub post: Option<String>,
    /// Whether they are a leading cadre.
    pub leading_cadre: bool,
    /// Whether they work at the front line.
    pub front_line: bool,
    /// Their citizen ID.
    pub citizen_id: Option<String>,
    /// Whether new deeds are named (D-801).
    pub new_deeds: bool,
}

/// Reads what a filled-in form says of the nominee.
#[must_use]
pub fn understand(form: &Form, filled: &Value) -> Understood {
    let mut found = Understood::default();
    for (name, meaning) in form.meanings() {
        let value = filled.get(name);
        let text = || value.and_then(Value::as_str).map(str::to_owned).filter(|text| !text.is_empty());
        let flag = || value.and_then(Value::as_bool).unwrap_or(false);
        match meaning {
            Meaning::NomineeName => found.nominee_name = text(),
            Meaning::Post => found.post = text(),
            Meaning::CitizenId => found.citizen_id = text(),
            Meaning::LeadingCadre => found.leading_cadre = flag(),
            Meaning::FrontLine => found.front_line = flag(),
            Meaning::NewDeeds => found.new_deeds = text().is_some_and(|text| !text.trim().is_empty()),
            Meaning::UnitName | Meaning::Phone | Meaning::BirthMonth => {}
        }
    }
    found
}

/// Whether a JSON pointer leads to a member of a form. What lies within a list is part of the list.
#[must_use]
pub fn has_member(form: &Form, pointer: &str) -> bool {
    let Some(path) = pointer.strip_prefix('/') else { return false };
    let mut schema = &form.schema;
    path.split('/').all(|name| {
        let name = name.replace("~1", "/").replace("~0", "~");
        let below = schema.get("properties").and_then(|properties| properties.get(name));
        schema = below.unwrap_or(schema);
        below.is_some()
    })
}

/// Parts a filled-in form into what may be shown, with masks in place of personal values, and the personal values.
#[must_use]
pub fn part(form: &Form, filled: &Value) -> (Value, Map<String, Value>) {
    let mut shown = filled.clone();
    let mut personal = Map::new();
    for (name, meaning) in form.meanings().filter(|(_, meaning)| meaning.is_personal()) {
        let Some(place) = shown.get_mut(name) else { continue };
        if let Some(text) = place.as_str() {
            let masked = mask(meaning, text);
            personal.insert(name.to_owned(), std::mem::replace(place, Value::String(masked)));
        }
    }
    (shown, personal)
}

/// Puts the personal values back into a form that is shown with masks.
#[must_use]
pub fn join(shown: &Value, personal: &Map<String, Value>) -> Value {
    let mut whole = shown.clone();
    if let Some(members) = whole.as_object_mut() {
        for (name, value) in personal {
            members.insert(name.clone(), value.clone());
        }
    }
    whole
}

/// What no filled-in form may hold, a draft neither: masks sent back, control characters, personal values that are no text.
#[must_use]
pub fn draft_faults(form: &Form, sent: &Value) -> Vec<Fault> {
    let masked = form.meanings().filter(|(_, meaning)| meaning.is_personal()).filter_map(|(name, _)| {
        let pointer = format!("/{name}");
        match sent.get(name) {
            Some(Value::String(text)) if is_masked(text) => Some(Fault::at(pointer, ErrorCode::MaskedValue)),
            Some(Value::String(_) | Value::Null) | None => None,
            Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                Some(Fault::at(pointer, ErrorCode::WrongType))
            }
        }
    });
    let control =
        find_control(sent).into_iter().map(|pointer| Fault::at(pointer, ErrorCode::ControlCharacter));
    masked.chain(control).collect()
}

/// What a complete form must keep beyond its schema: identifiers with valid check digits (D-905), the unit's own name.
#[must_use]
pub fn meaning_faults(form: &Form, filled: &Value, unit_name: Option<&str>, today: Day) -> Vec<Fault> {
    let checked = form.meanings().filter_map(|(name, meaning)| {
        let text = filled.get(name)?.as_str()?;
        let pointer = format!("/{name}");
        match meaning {
            Meaning::CitizenId => check_citizen_id_by(text, today).err().map(|code| Fault::at(pointer, code)),
            Meaning::UnitName => unit_name
                .filter(|unit_name| *unit_name != text)
                .map(|unit_name| Fault::at(pointer, ErrorCode::OwnUnitOnly).with("unit", unit_name)),
            Meaning::NomineeName
            | Meaning::Post
            | Meaning::Phone
            | Meaning::BirthMonth
            | Meaning::LeadingCadre
            | Meaning::FrontLine
            | Meaning::NewDeeds => None,
        }
    });
    checked.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::definition::Label;
    use serde_json::json;

    #[test]
    fn d_501_a_pointer_leads_to_a_member_or_nowhere() {
        let schema = json!({"properties": {
            "head": {"type": "string"}, "a/b": {}, "honours": {"type": "array", "items": {"properties": {"year": {}}}},
            "deeds": {"properties": {"criterion_1": {}}},
        }});
        let label = Label { zh: String::new(), en: String::new() };
        let form = Form { code: "form".into(), title: label, schema, ui: Value::Null };
        for pointer in ["/head", "/a~1b", "/honours", "/deeds", "/deeds/criterion_1"] {
            assert!(has_member(&form, pointer), "{pointer}");
        }
        for pointer in
            ["", "/", "head", "/heads", "/honours/0", "/honours/0/year", "/deeds/criterion_2", "/a/b"]
        {
            assert!(!has_member(&form, pointer), "{pointer}");
        }
    }
}

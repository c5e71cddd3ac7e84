//! From a stated deed to its points: the evidence, what a site visit found of it, and what a score refers to (D-504).

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::application::attachment::Attached;
use crate::application::form::has_member;
use crate::campaign::definition::{Category, code_enum};
use crate::error::{ErrorCode, Fault};
use crate::verification::score_sheet::CriterionScore;
use crate::verification::site_visit::Photo;

code_enum! {
    /// What a site visit says of a stated deed. No points follow from it by themselves: people judge.
    FindingVerdict {
        /// 属实.
        Confirmed,
        /// 部分属实.
        Partly,
        /// 不属实.
        NotConfirmed,
    }
}

/// What was found of one deed that an application states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The deed: its place in the form, as a JSON pointer.
    pub pointer: String,
    /// The number of the criterion that it bears on; none where the place tells it.
    pub criterion: Option<u32>,
    /// What is said of it.
    pub verdict: FindingVerdict,
    /// What was seen.
    pub note: Option<String>,
    /// The application's attachments that show it.
    pub attachment_ids: Vec<Uuid>,
    /// Digests of those of the visit's photos that show it.
    pub photos: Vec<String>,
}

impl Finding {
    /// The criterion that it bears on.
    #[must_use]
    pub fn bears_on(&self, category: &Category) -> Option<u32> {
        self.criterion.or_else(|| criterion_of(category, &self.pointer))
    }
}

/// A finding, named by the visit and the deed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FindingReference {
    /// The site visit.
    pub site_visit_id: Uuid,
    /// The deed.
    pub pointer: String,
}

/// What an application states, and with what it bears that out.
#[derive(Clone, Copy, Debug)]
pub struct Stated<'a> {
    /// Its category.
    pub category: &'a Category,
    /// Its form as it is filled in.
    pub form: &'a Value,
    /// What is attached to it.
    pub attached: &'a [Attached],
}

/// The criterion of which a place of a form speaks by its name: `criterion_2` speaks of the second, where there is one.
#[must_use]
pub fn criterion_of(category: &Category, pointer: &str) -> Option<u32> {
    let (_, name) = pointer.rsplit_once('/')?;
    let mut numbers = category.criteria.iter().map(|criterion| criterion.number);
    numbers.find(|number| name == format!("criterion_{number}"))
}

/// The places of a category's form that speak of a criterion by their names, in the form's order.
#[must_use]
pub fn deeds(category: &Category) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(form) = &category.form {
        collect(category, &form.value.schema, "", &mut found);
    }
    found
}

fn collect(category: &Category, schema: &Value, place: &str, found: &mut Vec<String>) {
    let members = schema.get("properties").and_then(Value::as_object);
    for (name, below) in members.into_iter().flatten() {
        let pointer = format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"));
        if criterion_of(category, &pointer).is_some() {
            found.push(pointer);
        } else {
            collect(category, below, &pointer, found);
        }
    }
}

impl Stated<'_> {
    /// Whether something stands at a place of the form.
    #[must_use]
    pub fn states(&self, pointer: &str) -> bool {
        match self.form.pointer(pointer) {
            None | Some(Value::Null) => false,
            Some(Value::String(text)) => !text.trim().is_empty(),
            Some(Value::Array(items)) => !items.is_empty(),
            Some(Value::Object(members)) => !members.is_empty(),
            Some(Value::Bool(_) | Value::Number(_)) => true,
        }
    }

    /// Everything that is wrong with the findings of a visit: deeds that the application does not state, or that are named twice,
    /// criteria, attachments and photos that are not there.
    #[must_use]
    pub fn finding_faults(&self, findings: &[Finding], photos: &[Photo]) -> Vec<Fault> {
        let form = self.category.form.as_ref().map(|form| &form.value);
        let mut seen = HashSet::new();
        let mut faults = Vec::new();
        for (index, finding) in findings.iter().enumerate() {
            let at = |member: &str| format!("/findings/{index}/{member}");
            if !form.is_some_and(|form| has_member(form, &finding.pointer)) {
                faults.push(Fault::at(at("pointer"), ErrorCode::UnknownReference));
            } else if !self.states(&finding.pointer) {
                faults.push(Fault::at(at("pointer"), ErrorCode::DeedNotStated));
            } else if !seen.insert(&finding.pointer) {
                faults.push(Fault::at(at("pointer"), ErrorCode::Duplicate));
            }
            match finding.bears_on(self.category) {
                None => faults.push(Fault::at(at("criterion"), ErrorCode::Required)),
                Some(number) if self.category.criteria.iter().all(|one| one.number != number) => {
                    let fault = Fault::at(at("criterion"), ErrorCode::UnknownCriterion);
                    faults.push(fault.with("criterion", number));
                }
                Some(_) => {}
            }
            faults.extend(self.attachment_faults(&finding.attachment_ids, &at("attachment_ids")));
            let taken = |digest: &String| photos.iter().any(|photo| photo.sha256 == *digest);
            faults.extend(strangers(&finding.photos, &at("photos"), taken));
        }
        faults
    }

    /// What scores refer to and is not of this application, by `found`, all that its visits found.
    #[must_use]
    pub fn reference_faults(
        &self,
        scores: &[CriterionScore],
        found: &HashSet<FindingReference>,
    ) -> Vec<Fault> {
        let of = |(index, score): (usize, &CriterionScore)| {
            let at = |member: &str| format!("/scores/{index}/{member}");
            let mut faults = strangers(&score.findings, &at("findings"), |one| found.contains(one));
            faults.extend(self.attachment_faults(&score.attachment_ids, &at("attachment_ids")));
            faults
        };
        scores.iter().enumerate().flat_map(of).collect()
    }

    fn attachment_faults(&self, ids: &[Uuid], place: &str) -> Vec<Fault> {
        strangers(ids, place, |id| self.attached.iter().any(|one| one.id == *id))
    }
}

/// One fault for each that is not there, or is named twice.
fn strangers<T: PartialEq>(named: &[T], place: &str, is_there: impl Fn(&T) -> bool) -> Vec<Fault> {
    let fault = |(index, one): (usize, &T)| {
        let code = if !is_there(one) {
            ErrorCode::UnknownReference
        } else if named.iter().take(index).any(|earlier| earlier == one) {
            ErrorCode::Duplicate
        } else {
            return None;
        };
        Some(Fault::at(format!("{place}/{index}"), code))
    };
    named.iter().enumerate().filter_map(fault).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::definition::Definition;
    use serde_json::json;

    fn notice() -> Definition {
        serde_json::from_str(include_str!("../../../campaigns/xingguo-2022.json")).unwrap()
    }

    fn finding(pointer: &str, criterion: Option<u32>) -> Finding {
        let verdict = FindingVerdict::Partly;
        Finding {
            pointer: pointer.into(),
            criterion,
            verdict,
            note: None,
            attachment_ids: vec![],
            photos: vec![],
        }
    }

    #[test]
    fn d_504_a_place_named_after_a_criterion_speaks_of_it() {
        let definition = notice();
        for category in definition.categories.iter().filter(|category| category.form.is_some()) {
            let of: Vec<_> = deeds(category).iter().map(|place| criterion_of(category, place)).collect();
            let numbers: Vec<_> = category.criteria.iter().map(|criterion| Some(criterion.number)).collect();
            assert_eq!(of, numbers, "{}", category.code);
            for other in ["", "/deeds", "/deeds/criterion_99", "/deeds/criterion_01", "/criterion_1/x"] {
                assert_eq!(criterion_of(category, other), None, "{other}");
            }
        }
    }

    #[test]
    fn d_504_a_finding_is_of_a_deed_that_is_stated() {
        let definition = notice();
        let category = &definition.categories[0];
        let form =
            json!({"deeds": {"criterion_1": "修路", "criterion_2": " "}, "honours": [], "headcount": 3});
        let stated = Stated { category, form: &form, attached: &[] };
        let photo = Photo { file_name: "a.jpg".into(), sha256: "a".repeat(64) };
        let codes = |finding: Finding| {
            let faults = stated.finding_faults(&[finding], std::slice::from_ref(&photo));
            faults.into_iter().map(|fault| (fault.pointer.unwrap(), fault.code)).collect::<Vec<_>>()
        };
        let at = |member: &str, code| vec![(format!("/findings/0/{member}"), code)];
        for criterion in [None, Some(1), Some(2)] {
            assert_eq!(codes(finding("/deeds/criterion_1", criterion)), []);
        }
        assert_eq!(codes(finding("/headcount", Some(2))), []);
        assert_eq!(codes(finding("/headcount", None)), at("criterion", ErrorCode::Required));
        assert_eq!(codes(finding("/headcount", Some(99))), at("criterion", ErrorCode::UnknownCriterion));
        for empty in ["/deeds/criterion_2", "/deeds/criterion_3", "/honours", "/head"] {
            assert_eq!(codes(finding(empty, Some(1))), at("pointer", ErrorCode::DeedNotStated), "{empty}");
        }
        assert_eq!(codes(finding("/nowhere", Some(1))), at("pointer", ErrorCode::UnknownReference));
        let shown = |photos: &[&str]| Finding {
            photos: photos.iter().map(ToString::to_string).collect(),
            attachment_ids: vec![Uuid::nil()],
            ..finding("/deeds/criterion_1", Some(1))
        };
        let (known, unknown) = ("a".repeat(64), "b".repeat(64));
        let faults: Vec<_> = [
            ("/findings/0/attachment_ids/0", ErrorCode::UnknownReference),
            ("/findings/0/photos/1", ErrorCode::Duplicate),
            ("/findings/0/photos/2", ErrorCode::UnknownReference),
        ]
        .map(|(pointer, code)| (pointer.to_owned(), code))
        .into();
        assert_eq!(codes(shown(&[&known, &known, &unknown])), faults);
        let twice = [finding("/headcount", Some(1)), finding("/headcount", Some(2))];
        assert_eq!(stated.finding_faults(&twice, &[])[0].code, ErrorCode::Duplicate);
    }
}

//! What the office and the units do with an application beside its content: who wrote and who checked it, what was opened
//! for correction, waived, or held against it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::Rejection;
use crate::campaign::definition::code_enum;
use crate::decision::DecisionRecord;
use crate::differences::differences;
use crate::error::{ErrorCode, Fault};
use crate::time::Instant;

/// How an application has been handled so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Handling {
    /// The accounts that wrote its content (D-505).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub writers: Vec<Uuid>,
    /// JSON pointers below `/form` that are open for correction; all of it where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unlocked: Option<Vec<String>>,
    /// The first of two steps, until another account confirms it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<Check>,
    /// The waiver of the sheets that were still due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiver: Option<Waiver>,
    /// What it was disqualified for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disqualification: Option<Disqualification>,
    /// The decision by which its award was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revocation: Option<DecisionRecord>,
}

code_enum! {
    /// What a check says of a declaration.
    Verdict {
        /// It is to be accepted.
        Accept,
        /// It is to be rejected.
        Reject,
    }
}

/// The first of two steps (D-505).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// What it says.
    pub verdict: Verdict,
    /// The account that checked.
    pub by: Uuid,
    /// When.
    pub at: Instant,
    /// Why, where it is to be rejected.
    pub reason: Option<String>,
    /// What is not met, where it is to be rejected.
    pub rejection: Option<Rejection>,
}

/// The office waives the sheets that are still due, with a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// Why.
    pub reason: String,
    /// Sheets that counted then.
    pub sheets: u32,
    /// The account that waived.
    pub by: Uuid,
    /// When.
    pub at: Instant,
}

code_enum! {
    /// What an application is disqualified for.
    DisqualificationGround {
        /// An objection that was upheld, or upheld in part.
        Objection,
        /// A department's veto in the vetting.
        Vetting,
        /// A veto in force.
        Veto,
        /// A finding on site.
        SiteFinding,
    }
}

/// What an application is disqualified for, with its reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disqualification {
    /// What kind of thing is held against it.
    pub ground: DisqualificationGround,
    /// The objection, vetting request, veto, or the assignment whose sheet holds the finding.
    pub reference_id: Uuid,
}

impl Handling {
    /// Notes that an account wrote the content.
    pub fn written_by(&mut self, account: Uuid) {
        if !self.writers.contains(&account) {
            self.writers.push(account);
        }
    }

    /// The counting sheets that the application needs of those that its category asks for: the office waives what was still
    /// due, not the sheets that counted then.
    #[must_use]
    pub fn sheets_needed(&self, visits: u32) -> u32 {
        self.waiver.as_ref().map_or(visits, |waiver| waiver.sheets.min(visits))
    }
}

/// The faults of a correction that touches what is not open for it: one for each member that differs outside `unlocked`,
/// pointing at it below `/form`.
#[must_use]
pub fn locked_faults(unlocked: &[String], before: &Value, after: &Value) -> Vec<Fault> {
    let changed = differences(before, after).into_iter().map(|(pointer, _, _)| pointer);
    changed
        .filter(|pointer| !is_unlocked(unlocked, pointer))
        .map(|pointer| Fault::at(pointer, ErrorCode::FieldLocked))
        .collect()
}

/// Whether a pointer leads to, or below, one of those that are open for a correction.
#[must_use]
pub fn is_unlocked(unlocked: &[String], pointer: &str) -> bool {
    unlocked.iter().any(|open| {
        pointer.strip_prefix(open.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pointers(faults: Vec<Fault>) -> Vec<String> {
        faults.into_iter().filter_map(|fault| fault.pointer).collect()
    }

    #[test]
    fn d_602_a_waiver_spares_what_was_still_due_and_no_sheet_that_counted() {
        let mut handling = Handling::default();
        assert_eq!(handling.sheets_needed(3), 3);
        let (reason, by, at) = (String::new(), Uuid::nil(), Instant::default());
        handling.waiver = Some(Waiver { reason, sheets: 2, by, at });
        assert_eq!([handling.sheets_needed(3), handling.sheets_needed(1)], [2, 1]);
    }

    #[test]
    fn only_what_is_unlocked_may_differ() {
        let before = json!({"deeds": {"one": "x", "two": "y"}, "head": "a", "deeds2": 1});
        let after = json!({"deeds": {"one": "p", "two": "q"}, "head": "b", "deeds2": 2});
        let open = |unlocked: &[&str]| {
            let unlocked: Vec<String> = unlocked.iter().map(ToString::to_string).collect();
            let mut found = pointers(locked_faults(&unlocked, &before, &after));
            found.sort();
            found
        };
        assert_eq!(open(&["/deeds", "/head", "/deeds2"]), Vec::<String>::new());
        assert_eq!(open(&["/deeds"]), ["/deeds2", "/head"]);
        assert_eq!(open(&["/deeds/one", "/head"]), ["/deeds/two", "/deeds2"]);
        assert_eq!(open(&[""]), Vec::<String>::new());
    }
}

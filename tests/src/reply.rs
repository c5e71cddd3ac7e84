//! Answers, and what is looked for in them.

use std::fmt;

use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::contract;

/// An answer, which has been held against the contract.
#[derive(Clone, Debug)]
pub struct Reply {
    /// What it answers, for messages.
    pub what: String,
    /// The HTTP status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, where that is JSON; else null.
    pub body: Value,
    /// Its body as text.
    pub text: String,
    /// Its body as it came.
    pub bytes: Vec<u8>,
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pretty = serde_json::to_string_pretty(&self.body).unwrap_or_default();
        let shown = if self.body.is_null() { &self.text } else { &pretty };
        write!(f, "{} answers {}\n{shown}", self.what, self.status)
    }
}

impl Reply {
    /// The same, if it has this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert!(self.status == status, "{self}\nand {status} was expected");
        self
    }

    /// The same, if it is an error of this status and code.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Self {
        assert!(self.status == status && self.code() == code, "{self}\nand {status} {code} was expected");
        self
    }

    /// The same, if guards are against it and these are their codes.
    #[track_caller]
    pub fn blocked_by(self, codes: &[&str]) -> Self {
        let reply = self.refused(409, "guard_failed");
        assert!(reply.error_codes() == codes, "{reply}\nand {codes:?} were expected");
        reply
    }

    /// The same, if the body is refused for these faults: pointer and code of each, in any order.
    #[track_caller]
    pub fn invalid(self, faults: &[(&str, &str)]) -> Self {
        let reply = self.refused(422, "validation_failed");
        let mut found = reply.faults();
        let mut wanted: Vec<_> =
            faults.iter().map(|(at, code)| ((*at).to_owned(), (*code).to_owned())).collect();
        found.sort();
        wanted.sort();
        assert!(found == wanted, "{reply}\nand {wanted:?} were expected");
        reply
    }

    /// What is at a JSON pointer of the body; null where a member that the contract knows is left out.
    #[track_caller]
    #[must_use]
    pub fn at(&self, pointer: &str) -> &Value {
        let found = self.body.pointer(pointer).or_else(|| contract::left_out(&self.body, pointer));
        found.unwrap_or_else(|| panic!("{self}\nand has nothing at {pointer}"))
    }

    /// The text at a JSON pointer of the body.
    #[track_caller]
    #[must_use]
    pub fn text_at(&self, pointer: &str) -> String {
        let found = self.at(pointer).as_str();
        found.unwrap_or_else(|| panic!("{self}\nand has no text at {pointer}")).to_owned()
    }

    /// The list at a JSON pointer of the body.
    #[track_caller]
    #[must_use]
    pub fn list_at(&self, pointer: &str) -> &[Value] {
        let found = self.at(pointer).as_array();
        found.unwrap_or_else(|| panic!("{self}\nand has no list at {pointer}"))
    }

    /// The rows of a list.
    #[track_caller]
    #[must_use]
    pub fn items(&self) -> &[Value] {
        self.list_at("/items")
    }

    /// One member of each row of a list, as text.
    #[track_caller]
    #[must_use]
    pub fn column(&self, member: &str) -> Vec<String> {
        let text = |row: &Value| match row.get(member) {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => panic!("{self}\nand has a row without {member}"),
        };
        self.items().iter().map(text).collect()
    }

    /// The cursor of the next page, where there is one.
    #[must_use]
    pub fn next_cursor(&self) -> Option<String> {
        self.body.get("next_cursor").and_then(Value::as_str).map(str::to_owned)
    }

    /// The id of the resource.
    #[track_caller]
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.text_at("/id").parse().unwrap_or_else(|_| panic!("{self}\nand has no id"))
    }

    /// The state of the resource.
    #[track_caller]
    #[must_use]
    pub fn state(&self) -> String {
        self.text_at("/state")
    }

    /// Its `ETag`.
    #[track_caller]
    #[must_use]
    pub fn etag(&self) -> String {
        self.header("etag").unwrap_or_else(|| panic!("{self}\nand has no ETag")).to_owned()
    }

    /// A header's text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The code of an error.
    #[must_use]
    pub fn code(&self) -> &str {
        self.body.get("code").and_then(Value::as_str).unwrap_or("")
    }

    /// The codes of all faults of an error.
    #[must_use]
    pub fn error_codes(&self) -> Vec<String> {
        self.faults().into_iter().map(|(_, code)| code).collect()
    }

    /// Pointer and code of all faults of an error.
    #[must_use]
    pub fn faults(&self) -> Vec<(String, String)> {
        let faults = self.body.get("errors").and_then(Value::as_array).into_iter().flatten();
        let text =
            |fault: &Value, name: &str| fault.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
        faults.map(|fault| (text(fault, "pointer"), text(fault, "code"))).collect()
    }

    /// What stands in the way of an action that the resource lists; none where it does not list it.
    #[track_caller]
    #[must_use]
    pub fn blockers(&self, operation_id: &str) -> Option<Vec<String>> {
        let actions = self.list_at("/allowed_actions");
        let action =
            actions.iter().find(|action| action.get("operation_id") == Some(&json!(operation_id)))?;
        let blocked_by = action.get("blocked_by").and_then(Value::as_array).into_iter().flatten();
        Some(blocked_by.filter_map(|fault| fault.get("code")?.as_str().map(str::to_owned)).collect())
    }

    /// The ids of all operations that the resource lists.
    #[track_caller]
    #[must_use]
    pub fn actions(&self) -> Vec<String> {
        let actions = self.list_at("/allowed_actions").iter();
        actions.filter_map(|action| action.get("operation_id")?.as_str().map(str::to_owned)).collect()
    }
}

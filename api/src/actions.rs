//! What a caller may do with a resource now, and what stands in the way of the rest (docs/api-design.md, rule 3).

use pingxuan_domain::{Fault, Operation};
use serde::Serialize;
use utoipa::ToSchema;

use crate::call::Call;
use crate::problem::ProblemItem;

/// Something that the caller's roles could do with a resource in its state.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllowedAction {
    /// The operation.
    #[schema(max_length = 80, pattern = "^[a-z][a-z0-9_]*$")]
    pub operation_id: String,
    /// The HTTP method.
    #[schema(max_length = 10)]
    pub method: String,
    /// Where to send it.
    #[schema(max_length = 500)]
    pub href: String,
    /// What stands in the way; nothing, if it may be done now.
    #[schema(max_items = 1000)]
    pub blocked_by: Vec<ProblemItem>,
}

impl Call {
    /// The operations of a workflow's state that this caller may call on one resource. `place` is the path of the resource
    /// with its parameter: what is called elsewhere and only brings the resource along is no action of it. `blockers` answers
    /// none for what the caller cannot reach or the state does not know.
    #[must_use]
    pub fn allowed_actions(
        &self,
        (place, id): (&str, &str),
        operations: &[Operation],
        blockers: impl Fn(Operation) -> Option<Vec<Fault>>,
    ) -> Vec<AllowedAction> {
        let prefix = format!("/api/v1{place}");
        let action = |operation: &Operation| {
            let route = self.app.contract.route(*operation)?;
            route.template.strip_prefix(&prefix)?;
            self.visibility_of(*operation)?;
            let blocked_by = blockers(*operation)?;
            let (start, _) = prefix.rsplit_once('{')?;
            let (_, end) = route.template.get(start.len()..)?.split_once('}')?;
            self.allowed_action(*operation, format!("{start}{id}{end}"), &blocked_by)
        };
        operations.iter().filter_map(action).collect()
    }

    /// One operation at its place, where this caller may call it.
    #[must_use]
    pub fn allowed_action(
        &self,
        operation: Operation,
        href: String,
        blocked_by: &[Fault],
    ) -> Option<AllowedAction> {
        let route = self.app.contract.route(operation)?;
        self.visibility_of(operation)?;
        Some(AllowedAction {
            operation_id: operation.code().to_owned(),
            method: route.method.to_string(),
            href,
            blocked_by: blocked_by.iter().map(|fault| ProblemItem::blocking(self.language, fault)).collect(),
        })
    }
}

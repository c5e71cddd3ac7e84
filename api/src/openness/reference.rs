//! What anyone may look up: the workflows as they are held to, and the labels of every code.

use actix_web::{HttpResponse, get, web};
use pingxuan_domain::ErrorCode;
use pingxuan_domain::workflow::{Table, Workflow};
use serde::Serialize;
use utoipa::ToSchema;

use crate::call::{Answer, Call, JSON};
use crate::catalogue::{Language, label};
use crate::enums;
use crate::problem::Failure;

const MERMAID: &str = "text/vnd.mermaid";

/// A guard of a workflow.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuardView {
    /// Its name.
    #[schema(max_length = 80)]
    name: &'static str,
    /// What must hold, in the caller's language.
    #[schema(max_length = 500)]
    label: String,
}

/// A row of a workflow: from a state, by an operation with an outcome, to a state.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct TransitionView {
    /// The state before; null = it comes into being.
    #[schema(max_length = 40)]
    from: Option<&'static str>,
    /// What leads on.
    #[schema(max_length = 80)]
    operation_id: &'static str,
    /// Which of several ends; empty where there is one.
    #[schema(max_length = 40)]
    outcome: &'static str,
    /// The state after; null = it is gone.
    #[schema(max_length = 40)]
    to: Option<&'static str>,
    /// What may stand in the way.
    #[schema(max_items = 40)]
    guards: Vec<GuardView>,
}

/// A workflow.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkflowView {
    /// Which.
    #[schema(value_type = enums::Workflow)]
    workflow: Workflow,
    /// Its name, in the caller's language.
    #[schema(max_length = 100)]
    label: String,
    /// Its states, in order.
    #[schema(max_items = 40)]
    states: Vec<&'static str>,
    /// Its rows.
    #[schema(max_items = 200)]
    transitions: Vec<TransitionView>,
}

/// 工作流 · Get a workflow
///
/// Its states and every transition with what may stand in the way; `Accept: text/vnd.mermaid` draws it.
#[utoipa::path(
    tag = "reference",
    params(("workflow" = enums::Workflow, Path, description = "The workflow")),
    responses((status = 200, description = "The workflow", content((WorkflowView = "application/json"), (String = "text/vnd.mermaid"))))
)]
#[get("/workflows/{workflow}")]
pub async fn get_workflow(call: Call, name: web::Path<String>) -> Answer {
    let workflow: Workflow = name.parse().map_err(|_| Failure::of(ErrorCode::NotFound))?;
    let table = workflow.table();
    if call.offers(&[JSON, MERMAID])? == MERMAID {
        return Ok(HttpResponse::Ok().content_type(MERMAID).body(table.mermaid()));
    }
    call.plain(&view(call.language, table))
}

fn view(language: Language, table: Table) -> WorkflowView {
    let guard = |name: &'static str| GuardView { name, label: label(language, "guard", name) };
    let transitions = table.rows.into_iter().map(|row| TransitionView {
        from: row.from,
        operation_id: row.operation.code(),
        outcome: row.outcome,
        to: row.to,
        guards: row.guards.into_iter().map(guard).collect(),
    });
    WorkflowView {
        workflow: table.workflow,
        label: label(language, "workflow", table.workflow.into()),
        states: table.states,
        transitions: transitions.collect(),
    }
}

/// A value of an enumeration.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChoiceView {
    /// The stable code.
    #[schema(max_length = 80)]
    value: &'static str,
    /// Chinese.
    #[schema(max_length = 200)]
    zh: String,
    /// English.
    #[schema(max_length = 200)]
    en: String,
}

/// An enumeration.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnumerationView {
    /// Its name.
    #[schema(max_length = 80)]
    name: &'static str,
    /// Its values, in order.
    #[schema(max_items = 100)]
    values: Vec<ChoiceView>,
}

/// All enumerations.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnumerationsView {
    /// Each with its values.
    #[schema(max_items = 100)]
    items: Vec<EnumerationView>,
}

/// 枚举 · List the enumerations
///
/// Every code that stands in requests and answers, with its Chinese and English labels.
#[utoipa::path(tag = "reference", responses((status = 200, description = "All enumerations", body = EnumerationsView)))]
#[get("/enumerations")]
pub async fn list_enumerations(call: Call) -> Answer {
    let items = enums::all().into_iter().map(|(name, values)| {
        let choice = |value| ChoiceView {
            value,
            zh: label(Language::Chinese, name, value),
            en: label(Language::English, name, value),
        };
        EnumerationView { name, values: values.into_iter().map(choice).collect() }
    });
    call.plain(&EnumerationsView { items: items.collect() })
}

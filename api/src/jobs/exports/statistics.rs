//! The figures of a campaign, a table for each question.

use pingxuan_documents::sheets::ColumnKind;
use serde_json::{Value, json};

use super::Export;
use crate::catalogue::{Language, text};
use crate::jobs::columns::{Field, choices, columns, row, texts};
use crate::problem::Failure;
use crate::statistics::views::StatisticsView;

pub(super) async fn write(export: &mut Export<'_>) -> Result<(), Failure> {
    let shown = serde_json::to_value(StatisticsView::of(&export.call, &export.campaign).await?);
    let shown = shown.map_err(|error| Failure::Internal(error.to_string()))?;
    let language = export.work.language();
    for (name, fields, rows) in tables(&shown, language) {
        export.pen.sheet(&text(language, name).unwrap_or_default(), columns(&fields)).await?;
        for line in &rows {
            export.pen.row(row(&fields, line)).await?;
        }
    }
    Ok(())
}

/// The tables, each with the key of its name, its columns and its rows.
fn tables(shown: &Value, language: Language) -> Vec<(&'static str, Vec<Field>, Vec<Value>)> {
    let rows = |pointer: &str| shown.pointer(pointer).and_then(Value::as_array).cloned().unwrap_or_default();
    let number = |key: &str| Field::new(key, &format!("/{key}"), ColumnKind::Integer, 12);
    let of = |key: &str, kind: &str| Field::new(key, &format!("/{key}"), choices(kind), 16);
    let title = match language {
        Language::Chinese => "/title/zh",
        Language::English => "/title/en",
    };
    let name = || Field::new("category", title, texts(), 24);
    vec![
        (
            "statistics-states",
            vec![of("state", "application_state"), number("count")],
            rows("/applications/by_state"),
        ),
        (
            "statistics-categories",
            vec![name(), of("state", "application_state"), number("count")],
            by_category(&rows("/applications/by_category")),
        ),
        (
            "statistics-kinds",
            vec![of("kind", "unit_kind"), number("count")],
            rows("/applications/by_unit_kind"),
        ),
        (
            "statistics-days",
            vec![Field::new("day", "/day", ColumnKind::Day, 12), number("count")],
            rows("/applications/by_day"),
        ),
        (
            "statistics-undeclared",
            vec![Field::new("unit", "/name", texts(), 30), of("kind", "unit_kind")],
            rows("/units/undeclared"),
        ),
        (
            "statistics-verification",
            ["accepted", "verified", "sheets_due", "sheets_submitted", "sheets_counting", "trips"]
                .into_iter()
                .fold(vec![name()], |fields, key| {
                    let counted =
                        Field::new(&format!("count_{key}"), &format!("/{key}"), ColumnKind::Integer, 12);
                    fields.into_iter().chain([counted]).collect()
                }),
            rows("/verification"),
        ),
        (
            "statistics-durations",
            vec![
                of("state", "application_state"),
                number("count"),
                number("median_hours"),
                number("longest_hours"),
            ],
            rows("/durations"),
        ),
    ]
}

/// A row for each category and state.
fn by_category(categories: &[Value]) -> Vec<Value> {
    let states =
        |category: &Value| category.get("by_state").and_then(Value::as_array).cloned().unwrap_or_default();
    let row = |category: &Value, state: &Value| json!({"title": category.get("title"), "state": state.get("state"), "count": state.get("count")});
    categories
        .iter()
        .flat_map(|category| states(category).into_iter().map(move |state| row(category, &state)))
        .collect()
}

//! The lists of candidates as a table: each candidate in order, and who departs from the ranking for which reason.

use pingxuan_documents::sheets::ColumnKind;
use pingxuan_persistence::{PageRequest, shortlists};
use serde_json::{Value, json};

use super::Export;
use crate::catalogue::label;
use crate::jobs::columns::{Field, choices, columns, figures, row, texts};
use crate::problem::Failure;
use crate::review::shortlist_view::ShortlistView;

pub(super) async fn write(export: &mut Export<'_>) -> Result<(), Failure> {
    let fields = [
        Field::new("category", "/category", texts(), 24),
        Field::new("list_state", "/list_state", choices("shortlist_state"), 12),
        Field::new("position", "/position", ColumnKind::Integer, 8),
        Field::new("nominee", "/nominee_name", texts(), 24),
        Field::new("unit", "/unit_name", texts(), 30),
        Field::new("post", "/post", texts(), 24),
        Field::new("state", "/state", choices("application_state"), 12),
        Field::new("rank", "/rank", ColumnKind::Integer, 8),
        Field::new("score", "/score", figures(), 10),
        Field::new("departure", "/departure/kind", choices("departure_kind"), 14),
        Field::new("departure_reason", "/departure/reason", texts(), 40),
        Field::new("declined_reason", "/declined_reason", texts(), 40),
        Field::new("application", "/application_id", texts(), 38),
        Field::new("shortlist", "/shortlist_id", texts(), 38),
    ];
    let language = export.work.language();
    export.pen.sheet(&label(language, "export_kind", "shortlists"), columns(&fields)).await?;
    for (place, category) in export.categories.clone().iter().enumerate() {
        let filter = shortlists::Filter {
            campaign_id: Some(export.campaign.id),
            category_code: Some(category.code.clone()),
            ..shortlists::Filter::default()
        };
        // A list is large, and a category has few.
        let mut request = Some(PageRequest { limit: 5, ..PageRequest::default() });
        while let Some(asked) = request {
            let read = export.call.app.db.read();
            let page = shortlists::page(read, &export.call.visibility, &filter, &asked).await?;
            for case in &page.items {
                let shown = serde_json::to_value(ShortlistView::listed(&export.call, case, None)?);
                let shown = shown.map_err(|error| Failure::Internal(error.to_string()))?;
                for line in lines(&shown, language.of(&category.title.value)) {
                    export.pen.row(row(&fields, &line)).await?;
                }
            }
            request = page.next.map(|after| PageRequest { after: Some(after), ..asked });
        }
        export.work.tell((1, 1), export.part(place));
    }
    Ok(())
}

/// The candidates of a list, and after them those who were passed over.
fn lines(list: &Value, category: &str) -> Vec<Value> {
    let all = |name: &str| list.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let departures = all("departures");
    let mut lines = all("entries");
    let listed: Vec<Value> = lines.iter().filter_map(|line| line.get("application_id").cloned()).collect();
    let is_listed =
        |departure: &&Value| departure.get("application_id").is_some_and(|id| listed.contains(id));
    lines.extend(departures.iter().filter(|departure| !is_listed(departure)).map(|departure| {
        json!({"application_id": departure.get("application_id"), "nominee_name": departure.get("nominee_name")})
    }));
    for line in &mut lines {
        let id = line.get("application_id").cloned();
        let departure = departures.iter().find(|departure| departure.get("application_id") == id.as_ref());
        let Some(members) = line.as_object_mut() else { continue };
        members.insert("category".into(), category.into());
        members.insert("list_state".into(), list.get("state").cloned().unwrap_or_default());
        members.insert("shortlist_id".into(), list.get("id").cloned().unwrap_or_default());
        members.insert("departure".into(), departure.cloned().unwrap_or_default());
    }
    lines
}

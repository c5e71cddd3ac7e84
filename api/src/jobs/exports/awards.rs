//! Awards as a table: who is commended, by which decision, and whether it stands.

use pingxuan_documents::sheets::ColumnKind;
use pingxuan_persistence::awards;

use super::Export;
use crate::catalogue::label;
use crate::decision::awards::AwardView;
use crate::jobs::columns::{Field, choices, columns, row, texts};
use crate::problem::Failure;

pub(super) async fn write(export: &mut Export<'_>) -> Result<(), Failure> {
    let fields = [
        Field::new("category", "/category_title", texts(), 24),
        Field::new("position", "/position", ColumnKind::Integer, 8),
        Field::new("honouree", "/honouree", texts(), 24),
        Field::new("unit", "/unit_name", texts(), 30),
        Field::new("post", "/post", texts(), 24),
        Field::new("certificate_number", "/certificate_number", texts(), 24),
        Field::new("document_number", "/document_number", texts(), 24),
        Field::new("decided_on", "/decided_on", ColumnKind::Day, 12),
        Field::new("announced_at", "/announced_at", ColumnKind::Instant, 20),
        Field::new("state", "/state", choices("award_state"), 12),
        Field::new("revoked_by", "/revocation/document_number", texts(), 24),
        Field::new("id", "/id", texts(), 38),
        Field::new("application", "/application_id", texts(), 38),
    ];
    let language = export.work.language();
    export.pen.sheet(&label(language, "export_kind", "awards"), columns(&fields)).await?;
    let categories = export.categories.clone();
    for (place, category) in categories.iter().enumerate() {
        let filter = awards::Filter {
            campaign_id: Some(export.campaign.id),
            category_code: Some(category.code.clone()),
            ..awards::Filter::default()
        };
        let mut first = export.first();
        first.sort = vec![("certificate_number".to_owned(), false)];
        let mut request = Some(first);
        while let Some(asked) = request {
            let read = export.call.app.db.read();
            let page = awards::page(read, &export.call.visibility, &filter, &asked).await?;
            request = page
                .next
                .clone()
                .map(|after| pingxuan_persistence::PageRequest { after: Some(after), ..asked });
            for case in page.items {
                let shown = serde_json::to_value(AwardView::of(language, case));
                let shown = shown.map_err(|error| Failure::Internal(error.to_string()))?;
                export.pen.row(row(&fields, &shown)).await?;
            }
        }
        export.work.tell((1, 1), export.part(place));
    }
    Ok(())
}

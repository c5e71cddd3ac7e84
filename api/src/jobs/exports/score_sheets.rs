//! Score sheets as a table for each category: points and reason for each criterion, and what they come to.

use std::collections::HashMap;

use pingxuan_documents::sheets::{ColumnKind, Title};
use pingxuan_domain::campaign::definition::Category;
use pingxuan_domain::verification::ScoreSheet;
use pingxuan_persistence::assignments::{self, Case};
use pingxuan_persistence::score_sheets;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::Export;
use crate::catalogue::{Language, tell};
use crate::jobs::columns::{Field, choices, columns, figures, row, texts};
use crate::problem::Failure;

pub(super) async fn write(export: &mut Export<'_>) -> Result<(), Failure> {
    for (place, category) in export.categories.clone().iter().enumerate() {
        let fields = fields(category);
        export.pen.sheet(export.work.language().of(&category.title.value), columns(&fields)).await?;
        let filter = assignments::Filter {
            campaign_id: Some(export.campaign.id),
            category_code: Some(category.code.clone()),
            ..assignments::Filter::default()
        };
        let (mut request, mut all, mut done) = (Some(export.first()), 0, 0);
        while let Some(asked) = request {
            let (read, visibility) = (export.call.app.db.read(), &export.call.visibility);
            let page = assignments::page(read, visibility, &filter, &asked).await?;
            let ids: Vec<Uuid> = page.items.iter().map(|case| case.assignment.id).collect();
            let sheets = score_sheets::among(read, visibility, &ids).await?;
            let sheets: HashMap<Uuid, ScoreSheet> =
                sheets.into_iter().map(|sheet| (sheet.assignment_id, sheet)).collect();
            all = page.total.unwrap_or(all);
            for case in &page.items {
                done += 1;
                if let Some(sheet) = sheets.get(&case.assignment.id) {
                    export.pen.row(row(&fields, &shown(case, sheet))).await?;
                }
            }
            export.work.tell((done, all), export.part(place));
            request = export.after(&page);
        }
    }
    Ok(())
}

fn shown(case: &Case, sheet: &ScoreSheet) -> Value {
    let mut shown = Map::new();
    for score in &sheet.scores {
        let number = score.criterion;
        shown.insert(format!("points_{number}"), json!(score.points));
        shown.insert(format!("cannot_judge_{number}"), json!(score.cannot_judge));
        shown.insert(format!("reason_{number}"), json!(score.reason));
        shown.insert(format!("finding_{number}"), json!(score.veto_finding));
        let findings = score.findings.iter().map(|one| format!("{} ({})", one.pointer, one.site_visit_id));
        let referred: Vec<String> =
            findings.chain(score.attachment_ids.iter().map(Uuid::to_string)).collect();
        shown.insert(format!("evidence_{number}"), json!(referred.join("; ")));
    }
    let rest = json!({
        "application_id": case.assignment.application_id, "nominee_name": case.nominee_name,
        "unit_name": case.nominee_unit.as_ref().map(|unit| &unit.name), "supervisor_name": case.supervisor_name,
        "assignment_state": case.assignment.state, "state": sheet.state, "counts": sheet.counts,
        "composite": sheet.composite, "remark": sheet.remark, "written_at": sheet.written_at, "submitted_at": sheet.submitted_at,
    });
    shown.extend(rest.as_object().cloned().unwrap_or_default());
    Value::Object(shown)
}

fn fields(category: &Category) -> Vec<Field> {
    let mut fields = vec![
        Field::new("application", "/application_id", texts(), 38),
        Field::new("nominee", "/nominee_name", texts(), 24),
        Field::new("unit", "/unit_name", texts(), 30),
        Field::new("supervisor", "/supervisor_name", texts(), 12),
        Field::new("assignment_state", "/assignment_state", choices("assignment_state"), 12),
        Field::new("state", "/state", choices("score_sheet_state"), 12),
    ];
    for criterion in &category.criteria {
        let number = criterion.number;
        for (name, kind) in [
            ("points", ColumnKind::Decimal { places: 1 }),
            ("cannot_judge", ColumnKind::Boolean),
            ("reason", texts()),
            ("finding", texts()),
            ("evidence", texts()),
        ] {
            let said = |language| tell(language, &format!("column-{name}"), &[("number", number.into())]);
            let title = Title::new(said(Language::Chinese), said(Language::English));
            let key = format!("{name}_{number}");
            fields.push(Field::named(&key, title, format!("/{key}"), kind));
        }
    }
    fields.extend([
        Field::new("composite", "/composite", figures(), 10),
        Field::new("counts", "/counts", ColumnKind::Boolean, 10),
        Field::new("remark", "/remark", texts(), 40),
        Field::new("written_at", "/written_at", ColumnKind::Instant, 20),
        Field::new("submitted_at", "/submitted_at", ColumnKind::Instant, 20),
    ]);
    fields
}

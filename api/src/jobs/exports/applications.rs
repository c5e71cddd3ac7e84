//! Applications as a table for each category: where each stands, and what its form says in single values.

use pingxuan_documents::sheets::{Choice, ColumnKind, Title};
use pingxuan_domain::campaign::definition::{Category, Form};
use pingxuan_persistence::applications::{self, Case};
use serde_json::{Value, json};

use super::Export;
use crate::application::views::ApplicationView;
use crate::call::Call;
use crate::jobs::columns::{Field, choices, columns, row, texts};
use crate::problem::Failure;

pub(super) async fn write(export: &mut Export<'_>) -> Result<(), Failure> {
    for (place, category) in export.categories.clone().iter().enumerate() {
        let fields = fields(category);
        let name = export.work.language().of(&category.title.value).to_owned();
        export.pen.sheet(&name, columns(&fields)).await?;
        let filter = applications::Filter {
            campaign_id: Some(export.campaign.id),
            category_code: Some(category.code.clone()),
            ..applications::Filter::default()
        };
        let (mut request, mut all, mut done) = (Some(export.first()), 0, 0);
        while let Some(asked) = request {
            let read = export.call.app.db.read();
            let page = applications::page(
                read,
                &export.call.visibility,
                (&filter, applications::Asked::Nothing),
                &asked,
            )
            .await?;
            all = page.total.unwrap_or(all);
            for case in &page.items {
                let shown = shown(&export.call, case)?;
                export.pen.row(row(&fields, &shown)).await?;
                done += 1;
            }
            export.work.tell((done, all), export.part(place));
            request = export.after(&page);
        }
    }
    Ok(())
}

/// An application as it is read, with what shares go by and with its form, unless that lies sealed.
fn shown(call: &Call, case: &Case) -> Result<Value, Failure> {
    let view = ApplicationView::brief(call, case, false)?;
    let mut shown = serde_json::to_value(view).map_err(|error| Failure::Internal(error.to_string()))?;
    if let Some(members) = shown.as_object_mut().filter(|_| !case.is_sealed_from(&call.visibility)) {
        let application = &case.application;
        members.insert("is_leading_cadre".into(), json!(application.is_leading_cadre));
        members.insert("front_line".into(), json!(application.front_line));
        members.insert("form".into(), application.form.clone());
    }
    Ok(shown)
}

fn fields(category: &Category) -> Vec<Field> {
    let form = category.form.as_ref().map(|form| &form.value);
    let mut fields = vec![
        Field::new("id", "/id", texts(), 38),
        Field::new("category", "/category_code", texts(), 20),
        Field::new("nominee", "/nominee_name", texts(), 24),
        Field::new("unit", "/unit/name", texts(), 30),
        Field::new("nominee_kind", "/nominee_kind", choices("nominee_kind"), 12),
        Field::new("state", "/state", choices("application_state"), 12),
        Field::new("post", "/nominee_post", texts(), 24),
        Field::new("is_leading_cadre", "/is_leading_cadre", ColumnKind::Boolean, 12),
        Field::new("front_line", "/front_line", ColumnKind::Boolean, 12),
        Field::new("submitted_at", "/submitted_at", ColumnKind::Instant, 20),
        Field::new("content_digest", "/content_digest", texts(), 24),
    ];
    fields.extend(form.into_iter().flat_map(of_form));
    fields
}

/// The members of a form that are single values.
fn of_form(form: &Form) -> Vec<Field> {
    let members = form.schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    members.filter_map(|(name, schema)| of_member(name, schema)).collect()
}

fn of_member(name: &str, schema: &Value) -> Option<Field> {
    let text = |member: &str| schema.get(member).and_then(Value::as_str);
    let kind = match (text("type")?, schema.get("enum").and_then(Value::as_array)) {
        ("string", Some(values)) => ColumnKind::Choice(values.iter().filter_map(choice(schema)).collect()),
        ("string", None) => texts(),
        ("integer", _) => ColumnKind::Integer,
        ("number", _) => ColumnKind::Decimal { places: 4 },
        ("boolean", _) => ColumnKind::Boolean,
        _ => return None,
    };
    let zh = text("title").unwrap_or(name);
    let title = Title::new(zh, text("x-title-en").unwrap_or(zh));
    let pointer = format!("/form/{}", name.replace('~', "~0").replace('/', "~1"));
    Some(Field::named(name, title, pointer, kind))
}

/// A value of a form's list with what people call it.
fn choice(schema: &Value) -> impl Fn(&Value) -> Option<Choice> + '_ {
    move |value| {
        let code = value.as_str()?;
        let said = |language: &str| schema.get("x-enum-titles")?.get(code)?.get(language)?.as_str();
        let zh = said("zh").unwrap_or(code);
        Some(Choice { code: code.to_owned(), label: Title::new(zh, said("en").unwrap_or(zh)) })
    }
}

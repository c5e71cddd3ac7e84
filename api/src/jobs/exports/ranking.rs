//! The ranking of each category with its working: place, figures, what they are blended from, and what set equal ones apart.

use pingxuan_documents::sheets::{ColumnKind, Title};
use pingxuan_domain::campaign::definition::{Category, ScoringPolicy};
use serde_json::{Value, json};

use super::Export;
use crate::catalogue::{Language, label, tell};
use crate::jobs::columns::{Field, choices, columns, figures, row, texts};
use crate::problem::Failure;
use crate::review::ranking::Ranked;
use crate::review::ranking_view::RankingView;

pub(super) async fn write(export: &mut Export<'_>) -> Result<(), Failure> {
    let language = export.work.language();
    for (place, category) in export.categories.clone().iter().enumerate() {
        let fields = fields(category);
        export.pen.sheet(language.of(&category.title.value), columns(&fields)).await?;
        let read = export.call.app.db.read();
        let ranked = Ranked::read(read, &export.call, export.campaign.id, &category.code).await?;
        let shown = serde_json::to_value(RankingView::of(&export.call, &ranked));
        let mut shown = shown.map_err(|error| Failure::Internal(error.to_string()))?;
        let whole = shown.clone();
        let entries = shown.get_mut("entries").and_then(Value::as_array_mut);
        for entry in entries.into_iter().flatten() {
            complete(language, entry, &whole);
            export.pen.row(row(&fields, entry)).await?;
        }
        export.work.tell((1, 1), export.part(place));
    }
    Ok(())
}

/// Puts into a place what stands with the ranking, or in lists of its own.
fn complete(language: Language, entry: &mut Value, whole: &Value) {
    let decided_by = entry.get("decided_by").and_then(Value::as_array).into_iter().flatten();
    let stages: Vec<String> = decided_by.map(|step| stage(language, step)).collect();
    let means = entry.get("criteria").and_then(Value::as_array).cloned().unwrap_or_default();
    let Some(members) = entry.as_object_mut() else { return };
    members.insert("stages".into(), json!(stages));
    for name in ["scoring_policy", "verified_weight", "assessment_weight"] {
        members.insert(name.into(), whole.get(name).cloned().unwrap_or_default());
    }
    for mean in means {
        let number = mean.get("criterion").and_then(Value::as_u64).unwrap_or_default();
        members.insert(format!("criterion_{number}"), mean.get("mean").cloned().unwrap_or_default());
    }
}

/// What set a place apart, in words.
fn stage(language: Language, step: &Value) -> String {
    let text = |name: &str| step.get(name).and_then(Value::as_str).unwrap_or_default();
    let said = label(language, "tie_stage", text("stage"));
    match step.get("criterion").and_then(Value::as_i64) {
        Some(number) => format!("{said} {number}"),
        None => said,
    }
}

fn fields(category: &Category) -> Vec<Field> {
    let mut fields = vec![
        Field::new("rank", "/rank", ColumnKind::Integer, 8),
        Field::new("nominee", "/nominee_name", texts(), 24),
        Field::new("unit", "/unit_name", texts(), 30),
        Field::new("post", "/post", texts(), 24),
        Field::new("is_leading_cadre", "/is_leading_cadre", ColumnKind::Boolean, 12),
        Field::new("front_line", "/front_line", ColumnKind::Boolean, 12),
        Field::new("state", "/state", choices("application_state"), 12),
        Field::new("score", "/score", figures(), 10),
        Field::new("verified", "/verified", figures(), 10),
        Field::new("verified_weight", "/verified_weight", ColumnKind::Integer, 12),
        Field::new("assessment", "/assessment/score", figures(), 12),
        Field::new("assessment_status", "/assessment/status", choices("assessment_status"), 12),
        Field::new("assessment_weight", "/assessment_weight", ColumnKind::Integer, 12),
        Field::new("adjustment", "/adjustment", figures(), 10),
        Field::new("scoring_policy", "/scoring_policy", choices("scoring_policy"), 14),
        Field::new("applied_policy", "/applied_policy", choices("scoring_policy"), 14),
        Field::new("sheets", "/sheets", ColumnKind::Integer, 10),
        Field::new("sheets_counted", "/sheets_counted", ColumnKind::Integer, 10),
    ];
    if category.scoring_policy.value != ScoringPolicy::Mean {
        fields.push(Field::new("raw_mean", "/raw_mean", figures(), 10));
    }
    if category.scoring_policy.value == ScoringPolicy::Calibrated {
        let measures = || ColumnKind::Decimal { places: 6 };
        fields.extend([
            Field::new("calibrated", "/calibrated/figure", measures(), 12),
            Field::new("standard_error", "/calibrated/standard_error", measures(), 12),
            Field::new("probability", "/calibrated/probability", measures(), 12),
            Field::new("first_rank", "/calibrated/rank_interval/first", ColumnKind::Integer, 12),
            Field::new("last_rank", "/calibrated/rank_interval/last", ColumnKind::Integer, 12),
            Field::new("zone", "/calibrated/zone", choices("zone"), 10),
        ]);
    }
    for criterion in &category.criteria {
        let key = format!("criterion_{}", criterion.number);
        let said = |language| tell(language, "column-criterion", &[("number", criterion.number.into())]);
        let title = Title::new(said(Language::Chinese), said(Language::English));
        fields.push(Field::named(&key, title, format!("/{key}"), figures()));
    }
    fields.extend([
        Field::new("decided_by", "/stages", texts(), 24),
        Field::new("explanation", "/explanation", texts(), 60),
        Field::new("application", "/application_id", texts(), 38),
    ]);
    fields
}

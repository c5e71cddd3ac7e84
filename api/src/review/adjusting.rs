//! The office gives or takes points beside the score, each time with its reason (D-607, D-608).

use actix_web::{post, web};
use pingxuan_domain::review::PointAdjustment;
use pingxuan_domain::review::scoring::Adjustment;
use pingxuan_domain::step::{Audience, ObjectKind, Step};
use pingxuan_domain::{ErrorCode, Fault, Refused};
use pingxuan_persistence::{Tx, rankings};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::ranking::Ranked;
use super::ranking_view::RankingView;
use crate::call::{Answer, Call};
use crate::campaign::locked;
use crate::identity::session::actor;
use crate::problem::Failure;

/// Points given or taken.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdjustmentIn {
    /// Whose.
    application_id: Uuid,
    /// The points given, or taken where they are negative.
    #[schema(value_type = String, max_length = 7, pattern = r"^-?(100\.00|[0-9]{1,2}\.[0-9]{2})$")]
    points: Adjustment,
    /// Why.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    reason: String,
}

/// 加减分 · Adjust points
///
/// Gives points to an application of the ranking, or takes some, with a reason; what was given stays, another adjustment evens it
/// out. While the campaign selects, until a list is proposed from the ranking. `If-Match` names the ranking that was looked at;
/// the answer is the ranking with the points in it, which `explain_ranking_entry` lists one by one.
#[utoipa::path(
    tag = "review",
    params(
        ("campaign_id" = Uuid, Path, description = "The campaign"),
        ("category_code" = String, Path, description = "The category", max_length = 60),
        ("If-Match" = String, Header, description = "The ranking whose points are adjusted"),
    ),
    request_body = AdjustmentIn,
    responses((status = 200, description = "The ranking with the points in it", body = RankingView))
)]
#[post("/campaigns/{campaign_id}/categories/{category_code}/ranking/adjustments")]
pub async fn adjust_points(call: Call, place: web::Path<(Uuid, String)>) -> Answer {
    call.act(async |tx| {
        let ranked = adjusted(&call, tx, place.0, &place.1).await?;
        call.ok(&RankingView::of(&call, &ranked), &ranked.digest)
    })
    .await
}

async fn adjusted(call: &Call, tx: &Tx, campaign_id: Uuid, category_code: &str) -> Result<Ranked, Failure> {
    locked(call, tx, campaign_id).await?;
    let ranked = Ranked::read(tx, call, campaign_id, category_code).await?;
    call.expects(&ranked.digest)?;
    let sent: AdjustmentIn = call.read()?;
    if !ranked.ranking.entries.iter().any(|entry| entry.application_id == sent.application_id) {
        return Err(Refused::invalid(Fault::at("/application_id", ErrorCode::EntryUnknown)).into());
    }
    let blockers = ranked.input_blockers();
    if !blockers.is_empty() {
        return Err(Refused::Guards(blockers).into());
    }
    let given = PointAdjustment {
        id: call.app.clock.new_id(),
        application_id: sent.application_id,
        points: sent.points,
        reason: sent.reason,
        adjusted_by: actor(&call.visibility)?.user_id,
        adjusted_at: call.now,
    };
    let step = Step::of(call.operation(), ObjectKind::Ranking, given.id, call.now)
        .in_campaign(campaign_id)
        .because(given.reason.clone())
        .changing("/category_code", Value::Null, category_code)
        .changing("/application_id", Value::Null, given.application_id.to_string())
        .changing("/points", Value::Null, json!(given.points))
        .to_audience(Audience::Insiders);
    rankings::insert_adjustment(tx, &call.journal(), &given, step).await?;
    Ranked::read(tx, call, campaign_id, category_code).await
}

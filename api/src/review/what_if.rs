//! 假设试算: the ranking under another policy or other weights, marked as not official; nothing is stored.

use std::collections::HashMap;

use actix_web::{post, web};
use pingxuan_domain::campaign::definition::{Blend, ScoringPolicy};
use pingxuan_domain::review::ranking::RankedEntry;
use pingxuan_domain::review::scoring::Figure;
use pingxuan_domain::review::what_if::{Change, supposed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::ranking::Ranked;
use super::ranking_view::RankingView;
use crate::call::{Answer, Call};
use crate::enums;

/// What is to be otherwise; the rest stays as the definition has it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhatIfIn {
    /// How sheets become one figure.
    #[serde(default)]
    #[schema(value_type = Option<enums::ScoringPolicy>)]
    scoring_policy: Option<ScoringPolicy>,
    /// The weights of all criteria, together 100.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 100)]
    weights: Option<Vec<CriterionWeightIn>>,
    /// The weights of the verified score and the annual assessment.
    #[serde(default)]
    blend: Option<BlendIn>,
    /// How many may be commended.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 100_000)]
    quota: Option<u32>,
}

/// The weight of one criterion.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CriterionWeightIn {
    /// The criterion's number.
    #[schema(minimum = 1, maximum = 100)]
    criterion: u32,
    /// Its weight, in percent.
    #[schema(minimum = 1, maximum = 100)]
    weight: u32,
}

/// The weights of the two parts of a score, together 100.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BlendIn {
    /// Weight of the verified score, in percent.
    #[schema(minimum = 0, maximum = 100)]
    verified: u32,
    /// Weight of the annual assessment, in percent.
    #[schema(minimum = 0, maximum = 100)]
    assessment: u32,
}

/// A supposed ranking, beside the one that there is.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhatIfView {
    /// Never: it is a trial.
    official: bool,
    /// The ranking as it would be.
    ranking: RankingView,
    /// What would change for each nominee, by the rank that there is.
    #[schema(max_items = 10000)]
    moves: Vec<MoveView>,
}

/// What would change for a nominee.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct MoveView {
    application_id: Uuid,
    /// Who is to be commended.
    #[schema(max_length = 200)]
    nominee_name: String,
    /// The rank that there is.
    #[schema(minimum = 1, maximum = 100000)]
    rank: u32,
    /// The rank that it would be; null where the nominee is not ranked any more.
    #[schema(minimum = 1, maximum = 100000)]
    supposed_rank: Option<u32>,
    /// The score that there is.
    #[schema(value_type = Option<String>, max_length = 6, pattern = r"^(100\.00|[0-9]{1,2}\.[0-9]{2})$")]
    score: Option<Figure>,
    /// The score that it would be.
    #[schema(value_type = Option<String>, max_length = 6, pattern = r"^(100\.00|[0-9]{1,2}\.[0-9]{2})$")]
    supposed_score: Option<Figure>,
    /// Whether the rank is within the places that there are.
    within: bool,
    /// Whether it would be within the places that there would be.
    supposed_within: bool,
}

/// 假设试算 · What a ranking would be otherwise
///
/// The same scores under another policy, other weights, another blend or another quota, beside the ranking that there is. It is
/// never official, and nothing is stored.
#[utoipa::path(
    tag = "review",
    params(
        ("campaign_id" = Uuid, Path, description = "The campaign"),
        ("category_code" = String, Path, description = "The category", max_length = 60),
    ),
    request_body = WhatIfIn,
    responses((status = 200, description = "The ranking as it would be", body = WhatIfView))
)]
#[post("/campaigns/{campaign_id}/categories/{category_code}/ranking/what-if")]
pub async fn what_if_ranking(call: Call, place: web::Path<(Uuid, String)>) -> Answer {
    let (campaign_id, category_code) = place.into_inner();
    let there = Ranked::find(&call, campaign_id, &category_code).await?;
    let sent: WhatIfIn = call.read()?;
    let supposed = supposed(&there.category, &Change::from(sent))?;
    let trial = there.under(&call, &supposed).await?;
    let moves = moves(&there, &trial);
    call.plain(&WhatIfView { official: false, ranking: RankingView::of(&call, &trial), moves })
}

fn moves(there: &Ranked, trial: &Ranked) -> Vec<MoveView> {
    let would: HashMap<Uuid, &RankedEntry> =
        trial.ranking.entries.iter().map(|entry| (entry.application_id, entry)).collect();
    let (places, supposed_places) = (there.places(), trial.places());
    let moved = |entry: &RankedEntry| {
        let other = would.get(&entry.application_id);
        MoveView {
            application_id: entry.application_id,
            nominee_name: entry.nominee_name.clone(),
            rank: entry.rank,
            supposed_rank: other.map(|entry| entry.rank),
            score: entry.score,
            supposed_score: other.and_then(|entry| entry.score),
            within: entry.rank <= places,
            supposed_within: other.is_some_and(|entry| entry.rank <= supposed_places),
        }
    };
    there.ranking.entries.iter().map(moved).collect()
}

impl From<WhatIfIn> for Change {
    fn from(sent: WhatIfIn) -> Self {
        let weights = |weights: Vec<CriterionWeightIn>| {
            weights.into_iter().map(|one| (one.criterion, one.weight)).collect()
        };
        let blend = |blend: BlendIn| Blend { verified: blend.verified, assessment: blend.assessment };
        Self {
            scoring_policy: sent.scoring_policy,
            weights: sent.weights.map(weights),
            blend: sent.blend.map(blend),
            quota: sent.quota,
        }
    }
}

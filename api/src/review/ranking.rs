//! 排名: the ranking of a category as it is now, or as the list keeps it that was made from it; and its ties (D-609).

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::{get, post, web};
use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::campaign::definition::Category;
use pingxuan_domain::policy::Stake;
use pingxuan_domain::review::TieResolution;
use pingxuan_domain::review::ranking::Ranking;
use pingxuan_domain::review::shortlist::places;
use pingxuan_domain::review::tie::{self, Closed};
use pingxuan_domain::step::{Audience, ObjectKind, Step};
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::{ErrorCode, Fault, Operation, Refused, Visibility};
use pingxuan_persistence::rankings::Nominee;
use pingxuan_persistence::{Connection, Tx, rankings, shortlists, supervisors};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::charts;
use super::ranking_view::RankingView;
use super::reckoning::Reckoned;
use crate::actions::AllowedAction;
use crate::call::{Answer, Call, JSON};
use crate::campaign::locked;
use crate::drawing::{SVG, varied};
use crate::problem::Failure;

/// The order that the office gives to a tie.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TieOrderIn {
    /// All the applications of one tie, in the order given.
    #[schema(min_items = 2, max_items = 1000)]
    application_ids: Vec<Uuid>,
    /// Why in this order.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    reason: String,
}

/// A ranking with what is shown beside it.
#[derive(Debug)]
pub struct Ranked {
    /// The campaign.
    pub campaign: Campaign,
    /// The category, with the rules that it is ranked by.
    pub category: Arc<Category>,
    /// The ranking.
    pub ranking: Arc<Ranking>,
    /// Its digest.
    pub digest: String,
    /// The list that keeps it, once its inputs are closed.
    pub frozen_by: Option<Uuid>,
    /// What is shown of each nominee, by application.
    pub nominees: HashMap<Uuid, Nominee>,
    /// Whether its rules are supposed: it is a trial, and nothing can be done with it.
    pub trial: bool,
    /// The names of the supervisors, where a calibration names some.
    pub supervisors: HashMap<Uuid, String>,
    /// What stakes the caller has in the category, where they could add to its ranking.
    pub stakes: Vec<Stake>,
}

impl Ranked {
    /// The ranking of a category: the list's, once one is proposed (D-609); else as it is now.
    ///
    /// # Errors
    /// 404 where there is no such campaign or category.
    pub async fn read(
        connection: &impl Connection,
        call: &Call,
        campaign_id: Uuid,
        category_code: &str,
    ) -> Result<Self, Failure> {
        let acting = call.visibility_of(Operation::ResolveTie);
        let of = (campaign_id, category_code);
        let standing = rankings::standing(connection, &call.visibility, acting.as_ref(), of).await?;
        let (campaign, kept_by, stakes) = standing.ok_or_else(Failure::not_found)?;
        let definition = campaign.definition.clone();
        let category = definition.category(category_code).ok_or_else(Failure::not_found)?;
        let kept = match kept_by {
            Some(list) => shortlists::find(connection, &call.visibility, list).await?,
            None => None,
        };
        match kept.map(|case| case.shortlist) {
            Some(list) => {
                let ids: Vec<Uuid> = list.ranking.entries.iter().map(|entry| entry.application_id).collect();
                let nominees = rankings::nominees(connection, &call.visibility, &ids).await?;
                let (digest, frozen_by) = (list.ranking_digest, Some(list.id));
                let ranking = Arc::new(list.ranking);
                let supervisors = named(connection, call, &ranking).await?;
                Ok(Self {
                    campaign,
                    category: Arc::new(category.clone()),
                    ranking,
                    digest,
                    frozen_by,
                    nominees,
                    supervisors,
                    stakes,
                    trial: false,
                })
            }
            None => {
                let ranked = Self::reckoned(connection, call, campaign, category).await?;
                Ok(Self { stakes, ..ranked })
            }
        }
    }

    /// The ranking of a category for a caller who reads.
    ///
    /// # Errors
    /// 404 where there is no such campaign or category.
    pub async fn find(call: &Call, campaign_id: Uuid, category_code: &str) -> Result<Self, Failure> {
        Self::read(call.app.db.read(), call, campaign_id, category_code).await
    }

    /// The same sheets and assessments under other rules: a trial.
    ///
    /// # Errors
    /// [`Failure`] where the database refuses.
    pub async fn under(&self, call: &Call, supposed: &Category) -> Result<Self, Failure> {
        let campaign = self.campaign.clone();
        Ok(Self { trial: true, ..Self::reckoned(call.app.db.read(), call, campaign, supposed).await? })
    }

    async fn reckoned(
        connection: &impl Connection,
        call: &Call,
        campaign: Campaign,
        category: &Category,
    ) -> Result<Self, Failure> {
        let inputs = rankings::inputs(connection, &call.visibility, &campaign, category).await?;
        let Reckoned { category, ranking, digest } = call.app.rankings.of(&inputs).await?;
        let supervisors = named(connection, call, &ranking).await?;
        Ok(Self {
            nominees: inputs.nominees,
            campaign,
            category,
            ranking,
            digest,
            frozen_by: None,
            supervisors,
            stakes: vec![],
            trial: false,
        })
    }

    /// Where it is read, or what is below it.
    #[must_use]
    pub fn href(&self, below: &str) -> String {
        format!("/api/v1/campaigns/{}/categories/{}/ranking{below}", self.campaign.id, self.category.code)
    }

    /// How many places the list has.
    #[must_use]
    pub fn places(&self) -> u32 {
        let ranked = u32::try_from(self.ranking.entries.len()).unwrap_or(u32::MAX);
        places(&self.category, ranked)
    }

    fn blockers(&self) -> Vec<Fault> {
        tie::blockers(self.campaign.state, self.closed(), &self.stakes, &self.ranking)
    }

    /// What its inputs are closed by. Without a list only a decision that gives no award leaves nominees behind who are not awarded.
    fn closed(&self) -> Closed {
        let left = |nominee: &Nominee| nominee.state == ApplicationState::NotAwarded;
        match self.frozen_by {
            Some(_) => Closed::ByList,
            None if self.nominees.values().any(left) => Closed::ByNoAward,
            None => Closed::Open,
        }
    }

    /// What stands in the way of adjusting its points.
    #[must_use]
    pub fn input_blockers(&self) -> Vec<Fault> {
        tie::input_blockers(self.campaign.state, self.closed(), &self.stakes)
    }

    /// A tie may be ordered where there is one, points adjusted where somebody is ranked.
    #[must_use]
    pub fn allowed_actions(&self, call: &Call) -> Vec<AllowedAction> {
        let action = |operation, place: &str, blockers: Vec<Fault>| {
            call.allowed_action(operation, self.href(place), &blockers)
        };
        let tied = !self.trial && !self.ranking.ties.is_empty();
        let ranked = !self.trial && !self.ranking.entries.is_empty();
        let resolve = tied.then(|| action(Operation::ResolveTie, "/resolve-tie", self.blockers()));
        let adjust = ranked.then(|| action(Operation::AdjustPoints, "/adjustments", self.input_blockers()));
        [resolve, adjust].into_iter().flatten().flatten().collect()
    }
}

/// The names of those whom a calibration speaks of.
async fn named(
    connection: &impl Connection,
    call: &Call,
    ranking: &Ranking,
) -> Result<HashMap<Uuid, String>, Failure> {
    let Some(calibration) = &ranking.calibration else { return Ok(HashMap::new()) };
    let fitted = calibration.fit.iter().flat_map(|fit| &fit.supervisors).map(|scale| scale.supervisor_id);
    let against = calibration.obstacles.iter().filter_map(|obstacle| obstacle.supervisor_id);
    let ids: Vec<Uuid> = fitted.chain(against).collect();
    let system = Visibility::system(call.operation());
    let known = supervisors::among(connection, &system, &ids).await?;
    Ok(known.into_iter().map(|supervisor| (supervisor.id, supervisor.name)).collect())
}

/// 查看排名 · Get a ranking
///
/// All nominees of the category by rank, each figure with the sentence that explains it; what set equal figures apart, what is
/// still equal, and which annual assessments are missing. Once a list is proposed it is the ranking that the list keeps. Where the
/// policy is `calibrated`, each place says how sure it is. `Accept: image/svg+xml` draws the places with their intervals.
#[utoipa::path(
    tag = "review",
    params(
        ("campaign_id" = Uuid, Path, description = "The campaign"),
        ("category_code" = String, Path, description = "The category", max_length = 60),
    ),
    responses((status = 200, description = "The ranking", content((RankingView = "application/json"), (String = "image/svg+xml"))))
)]
#[get("/campaigns/{campaign_id}/categories/{category_code}/ranking")]
pub async fn get_ranking(call: Call, place: web::Path<(Uuid, String)>) -> Answer {
    let media_type = call.offers(&[JSON, SVG])?;
    let ranked = Ranked::find(&call, place.0, &place.1).await?;
    if media_type == JSON {
        let answer = call.ok(&RankingView::of(&call, &ranked), &ranked.digest)?;
        return Ok(varied(answer));
    }
    let (language, version) = (call.language, ranked.digest.clone());
    call.drawn(&version, move || charts::places(language, &ranked)).await
}

/// 同分定序 · Resolve a tie
///
/// Gives an order, with its reason, to the entries of one tie that the definition's cascade leaves equal. `If-Match` names the
/// ranking that was looked at; the answer is the ranking with the order in it.
#[utoipa::path(
    tag = "review",
    params(
        ("campaign_id" = Uuid, Path, description = "The campaign"),
        ("category_code" = String, Path, description = "The category", max_length = 60),
        ("If-Match" = String, Header, description = "The ranking whose tie is ordered"),
    ),
    request_body = TieOrderIn,
    responses((status = 200, description = "The ranking in its new order", body = RankingView))
)]
#[post("/campaigns/{campaign_id}/categories/{category_code}/ranking/resolve-tie")]
pub async fn resolve_tie(call: Call, place: web::Path<(Uuid, String)>) -> Answer {
    call.act(async |tx| {
        let ranked = resolved(&call, tx, place.0, &place.1).await?;
        call.ok(&RankingView::of(&call, &ranked), &ranked.digest)
    })
    .await
}

async fn resolved(call: &Call, tx: &Tx, campaign_id: Uuid, category_code: &str) -> Result<Ranked, Failure> {
    locked(call, tx, campaign_id).await?;
    let ranked = Ranked::read(tx, call, campaign_id, category_code).await?;
    call.expects(&ranked.digest)?;
    let sent: TieOrderIn = call.read()?;
    let blockers = ranked.blockers();
    if !blockers.is_empty() {
        return Err(Refused::Guards(blockers).into());
    }
    tie::check_order(&ranked.ranking, &sent.application_ids)?;
    let actor = call.visibility.actor().ok_or_else(|| Failure::of(ErrorCode::Unauthenticated))?;
    let resolution = TieResolution {
        id: call.app.clock.new_id(),
        campaign_id,
        category_code: category_code.to_owned(),
        application_ids: sent.application_ids,
        reason: sent.reason,
        resolved_by: actor.user_id,
        resolved_at: call.now,
    };
    let step = Step::of(Operation::ResolveTie, ObjectKind::Ranking, resolution.id, call.now)
        .in_campaign(campaign_id)
        .because(resolution.reason.clone())
        .changing("/category_code", Value::Null, category_code)
        .changing("/application_ids", Value::Null, json!(resolution.application_ids))
        .to_audience(Audience::Insiders);
    rankings::insert_resolution(tx, &call.journal(), &resolution, step).await?;
    Ranked::read(tx, call, campaign_id, category_code).await
}

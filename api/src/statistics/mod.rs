//! Statistics of a campaign, as figures and as pictures.

use actix_web::{get, web};
use pingxuan_persistence::campaigns;
use serde::{Deserialize, Serialize};
use strum::{EnumIter, IntoStaticStr};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::call::{Answer, Call, JSON};
use crate::drawing::{SVG, varied};
use crate::enums;
use crate::problem::Failure;
use crate::routes::Registry;

mod charts;
pub mod views;

use views::StatisticsView;

/// Registers the operations of this area.
pub fn configure(config: &mut impl Registry) {
    config.service(get_campaign_statistics);
}

/// The pictures that there are of a campaign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, EnumIter, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Chart {
    /// Applications by category and state.
    #[default]
    States,
    /// Submissions by day.
    Submissions,
    /// Progress of the visits, by category.
    Visits,
    /// Time in each state.
    Durations,
}

/// Which picture is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StatisticsQuery {
    /// 图 · The picture that `image/svg+xml` answers; `states` where it is not said.
    #[param(value_type = Option<enums::Chart>, inline)]
    #[serde(default)]
    chart: Chart,
}

/// 评选统计 · Get the statistics of a campaign
///
/// How many applications stand where, who has not declared yet, how far verification has come, and how long things take.
/// `Accept: image/svg+xml` draws one of four pictures of it, in the language of `Accept-Language`. While a campaign is
/// sealed (D-303) nothing is told by category.
#[utoipa::path(
    tag = "campaigns",
    params(("campaign_id" = Uuid, Path, description = "The campaign"), StatisticsQuery),
    responses((status = 200, description = "The statistics", content((StatisticsView = "application/json"), (String = "image/svg+xml"))))
)]
#[get("/campaigns/{campaign_id}/statistics")]
pub async fn get_campaign_statistics(call: Call, id: web::Path<Uuid>) -> Answer {
    let StatisticsQuery { chart } = call.filters()?;
    let media_type = call.offers(&[JSON, SVG])?;
    let read = call.app.db.read();
    let campaign = campaigns::find(read, &call.visibility, *id).await?.ok_or_else(Failure::not_found)?;
    let view = StatisticsView::of(&call, &campaign).await?;
    let version = campaign.version.to_string();
    if media_type == JSON {
        return Ok(varied(call.ok(&view, &version)?));
    }
    let language = call.language;
    call.drawn(&version, move || charts::draw(language, chart, &view)).await
}

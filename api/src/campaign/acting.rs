//! What the office does with a whole campaign beside sending it on: it opens the seal, cancels and copies it (D-303, D-304,
//! D-306).

use actix_web::{post, web};
use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::workflow::campaign::{CampaignFacts, CampaignFlow};
use pingxuan_domain::workflow::{self};
use pingxuan_domain::{ErrorCode, Fault, Refused};
use pingxuan_persistence::{Tx, campaigns};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::handlers::{answered, audited, begun, placed};
use super::locked;
use super::views::facts_of;
use crate::application::sealing::unseal;
use crate::call::{Answer, Call};
use crate::problem::Failure;

/// The last year that there may be a campaign of.
const LAST_YEAR: i32 = 2100;

/// Why a campaign is cancelled.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignCancelIn {
    /// The reason, shown with the campaign.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    reason: String,
}

/// What a copy is for.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignCopyIn {
    /// The year of the copy; the one after the campaign's where it is left out.
    #[serde(default)]
    #[schema(minimum = 1950, maximum = 2100)]
    year: Option<i32>,
}

/// The campaign that is moved, locked, in the version that the caller has seen.
///
/// # Errors
/// 404 where there is none, 428 and 412 where `If-Match` is missing or names another version.
pub async fn expected(call: &Call, tx: &Tx, id: Uuid) -> Result<Campaign, Failure> {
    let campaign = locked(call, tx, id).await?;
    call.expects(&campaign.version.to_string())?;
    Ok(campaign)
}

/// The campaign moved along its table, where its guards let it.
///
/// # Errors
/// 409 where the state does not know the operation, or guards are against it.
pub async fn moved(call: &Call, tx: &Tx, mut campaign: Campaign) -> Result<(Campaign, Step), Failure> {
    let from = campaign.state;
    workflow::permit::<CampaignFlow>(Some(from), call.operation(), &facts_of(call, tx, &campaign).await?)?;
    campaign.state = workflow::next::<CampaignFlow>(from, call.operation())?;
    campaign.version += 1;
    campaign.updated_at = call.now;
    let step = Step::of(call.operation(), ObjectKind::Campaign, campaign.id, call.now)
        .in_campaign(campaign.id)
        .states(Some(from), Some(campaign.state));
    Ok((campaign, step))
}

/// 启封申报 · Open the seal
///
/// Opens what lay sealed, once the last deadline and every extension have passed: from then on the house sees what is declared
/// and acts on it, and no extension is granted any more.
#[utoipa::path(
    tag = "campaigns",
    params(("campaign_id" = Uuid, Path, description = "The campaign"), ("If-Match" = String, Header, description = "The version that is opened")),
    responses((status = 200, description = "Opened", body = super::views::CampaignView))
)]
#[post("/campaigns/{campaign_id}/open-seal")]
pub async fn open_campaign_seal(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let campaign = opened(&call, tx, *id).await?;
        answered(&call, tx, &campaign).await
    })
    .await
}

async fn opened(call: &Call, tx: &Tx, id: Uuid) -> Result<Campaign, Failure> {
    let (mut campaign, step) = moved(call, tx, expected(call, tx, id).await?).await?;
    campaign.seal_opened_at = Some(call.now);
    unseal(call, tx, &campaign).await?;
    let step = step.changing("/seal_opened_at", Value::Null, call.now.to_string());
    campaigns::record(tx, &call.journal(), &campaign, step).await?;
    Ok(campaign)
}

/// 取消评选活动 · Cancel a campaign
///
/// Stops it for good before any list is approved: everything in it stays as it stands, and every action answers
/// `campaign_cancelled`. The reason is shown to everyone who sees the campaign.
#[utoipa::path(
    tag = "campaigns",
    params(("campaign_id" = Uuid, Path, description = "The campaign"), ("If-Match" = String, Header, description = "The version that is cancelled")),
    request_body = CampaignCancelIn,
    responses((status = 200, description = "Cancelled", body = super::views::CampaignView))
)]
#[post("/campaigns/{campaign_id}/cancel")]
pub async fn cancel_campaign(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let campaign = cancelled(&call, tx, *id).await?;
        answered(&call, tx, &campaign).await
    })
    .await
}

async fn cancelled(call: &Call, tx: &Tx, id: Uuid) -> Result<Campaign, Failure> {
    let campaign = expected(call, tx, id).await?;
    let sent: CampaignCancelIn = call.read()?;
    let (mut campaign, step) = moved(call, tx, campaign).await?;
    campaign.cancel_reason = Some(sent.reason.clone());
    campaigns::record(tx, &call.journal(), &campaign, step.because(sent.reason)).await?;
    Ok(campaign)
}

/// 复制评选活动 · Copy a campaign
///
/// Begins another year's draft from its definition, whatever phase it is in: the days and the year of the assessments move by
/// the difference of years and the document number is left open; all else is as it was.
#[utoipa::path(
    tag = "campaigns",
    params(("campaign_id" = Uuid, Path, description = "The campaign"), ("If-Match" = String, Header, description = "The version that is copied")),
    request_body = CampaignCopyIn,
    responses((status = 201, description = "The copy, a draft", body = super::views::CampaignView))
)]
#[post("/campaigns/{campaign_id}/copy")]
pub async fn copy_campaign(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let copy = copied(&call, tx, *id).await?;
        placed(&call, tx, &copy).await
    })
    .await
}

async fn copied(call: &Call, tx: &Tx, id: Uuid) -> Result<Campaign, Failure> {
    let campaign = campaigns::find(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    call.expects(&campaign.version.to_string())?;
    let sent: CampaignCopyIn = call.read()?;
    let year = sent.year.unwrap_or_else(|| campaign.year.saturating_add(1));
    let shift = year.saturating_sub(campaign.year);
    let definition = &campaign.definition;
    let window = definition.acceptance.value.closes_on.year();
    let last =
        [campaign.year, definition.assessment_year.value, window].into_iter().max().unwrap_or(campaign.year);
    if last.saturating_add(shift) > LAST_YEAR {
        let fault = Fault::at("/year", ErrorCode::TooLarge).with("limit", LAST_YEAR);
        return Err(Refused::invalid(fault).into());
    }
    workflow::permit::<CampaignFlow>(None, call.operation(), &CampaignFacts::default())?;
    let copy = begun(call, campaign.definition.for_year(year))?;
    let step = Step::of(call.operation(), ObjectKind::Campaign, copy.id, call.now)
        .in_campaign(copy.id)
        .states(None, Some(copy.state))
        .difference(&Value::Null, &audited(&copy))
        .changing("/copied_from", Value::Null, id.to_string());
    campaigns::insert(tx, &call.journal(), &copy, step).await?;
    Ok(copy)
}

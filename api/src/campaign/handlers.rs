//! Campaigns: entered, read, changed while they are drafts.

use std::sync::Arc;

use actix_web::{delete, get, patch, post, web};
use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::campaign::definition::Definition;
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::workflow::campaign::{CampaignFacts, CampaignFlow, CampaignState};
use pingxuan_domain::workflow::{self};
use pingxuan_domain::{ErrorCode, Instant, Operation, Refused};
use pingxuan_persistence::{Connection, Page, Tx, campaigns};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;
use uuid::Uuid;

use super::advance::definition_faults;
use super::views::{CampaignIn, CampaignView, with_actions, written};
use super::{dry_run, locked};
use crate::call::{Answer, Call};
use crate::enums;
use crate::pages::{PageQuery, PageView};
use crate::problem::Failure;

/// Which campaigns are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CampaignQuery {
    /// 年度 · Of this year.
    #[param(minimum = 1950, maximum = 2100)]
    year: Option<i32>,
    /// 阶段 · In this phase.
    #[param(value_type = Option<enums::CampaignState>)]
    state: Option<CampaignState>,
    /// 排序 · Order: `year`, `title`; `-` before a name turns it round.
    #[param(max_length = 60, pattern = "^-?(year|title)(,-?(year|title))*$")]
    #[expect(dead_code, reason = "read with the page")]
    sort: Option<String>,
}

/// 活动列表 · List campaigns
///
/// Campaigns by year or phase; drafts are shown to the office, the approver and the auditor only.
#[utoipa::path(tag = "campaigns", params(PageQuery, CampaignQuery), responses((status = 200, description = "A page of campaigns", body = PageView<CampaignView>)))]
#[get("/campaigns")]
pub async fn list_campaigns(call: Call) -> Answer {
    let asked: CampaignQuery = call.filters()?;
    let filter = campaigns::Filter { year: asked.year, state: asked.state };
    let read = call.app.db.read();
    let page = campaigns::page(read, &call.visibility, &filter, &call.page()?).await?;
    if !call.includes("allowed_actions") {
        return call.listed(page, |campaign| CampaignView::brief(&campaign));
    }
    let items = with_actions(&call, read, &page.items).await?;
    call.listed(Page { items, next: page.next, total: page.total }, |view| view)
}

/// 新建活动 · Create a campaign
///
/// From a notice definition, which is checked whole. What a draft still lacks stands in `blocked_by` of `advance_campaign`.
#[utoipa::path(tag = "campaigns", request_body = CampaignIn, responses((status = 201, description = "Created as a draft", body = CampaignView)))]
#[post("/campaigns")]
pub async fn create_campaign(call: Call) -> Answer {
    let sent: CampaignIn = call.read()?;
    let definition = read_definition(sent.definition)?;
    let campaign = begun(&call, definition)?;
    let step = Step::of(Operation::CreateCampaign, ObjectKind::Campaign, campaign.id, call.now)
        .in_campaign(campaign.id)
        .states(None, Some(campaign.state))
        .difference(&Value::Null, &audited(&campaign));
    let journal = call.journal();
    call.act(async |tx| {
        campaigns::insert(tx, &journal, &campaign, step.clone()).await?;
        placed(&call, tx, &campaign).await
    })
    .await
}

/// A draft of a definition, not yet kept.
///
/// # Errors
/// [`Failure::Internal`] where the definition cannot be written.
pub fn begun(call: &Call, definition: Definition) -> Result<Campaign, Failure> {
    let mut campaign = Campaign {
        id: call.app.clock.new_id(),
        year: 0,
        title: String::new(),
        state: CampaignState::Draft,
        definition_digest: String::new(),
        definition: Arc::new(definition),
        opens_at: Instant::default(),
        closes_at: Instant::default(),
        published_at: None,
        announced_at: None,
        seal_opened_at: None,
        cancel_reason: None,
        version: 1,
        created_at: call.now,
        updated_at: call.now,
    };
    defined(&mut campaign)?;
    Ok(campaign)
}

/// 201 with a new draft.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn placed(call: &Call, connection: &impl Connection, campaign: &Campaign) -> Answer {
    let view = CampaignView::full(call, connection, campaign).await?;
    call.created(&format!("/api/v1/campaigns/{}", campaign.id), &view, &campaign.version.to_string())
}

/// 查看活动 · Get a campaign
///
/// One campaign with its notice definition.
#[utoipa::path(tag = "campaigns", params(("campaign_id" = Uuid, Path, description = "The campaign")), responses((status = 200, description = "The campaign", body = CampaignView)))]
#[get("/campaigns/{campaign_id}")]
pub async fn get_campaign(call: Call, id: web::Path<Uuid>) -> Answer {
    let read = call.app.db.read();
    let campaign = campaigns::find(read, &call.visibility, *id).await?.ok_or_else(Failure::not_found)?;
    answered(&call, read, &campaign).await
}

/// 修改活动草稿 · Change a draft
///
/// A merge patch of the definition.
#[utoipa::path(
    tag = "campaigns",
    params(("campaign_id" = Uuid, Path, description = "The campaign"), ("If-Match" = String, Header, description = "The version that is changed")),
    request_body(content = CampaignIn, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "Changed", body = CampaignView))
)]
#[patch("/campaigns/{campaign_id}")]
pub async fn update_campaign(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let campaign = changed(&call, tx, *id).await?;
        answered(&call, tx, &campaign).await
    })
    .await
}

async fn changed(call: &Call, tx: &Tx, id: Uuid) -> Result<Campaign, Failure> {
    let before = locked(call, tx, id).await?;
    call.expects(&before.version.to_string())?;
    workflow::permit::<CampaignFlow>(Some(before.state), call.operation(), &CampaignFacts::default())?;
    let sent = call.patched(&CampaignIn { definition: written(&before.definition)? })?;
    let mut after = before.clone();
    after.definition = Arc::new(read_definition(sent.definition)?);
    defined(&mut after)?;
    after.version += 1;
    after.updated_at = call.now;
    let step = Step::of(call.operation(), ObjectKind::Campaign, id, call.now)
        .in_campaign(id)
        .states(Some(before.state), Some(after.state))
        .difference(&audited(&before), &audited(&after));
    campaigns::record(tx, &call.journal(), &after, step).await?;
    Ok(after)
}

/// 删除活动草稿 · Delete a draft
///
/// Only a draft can be deleted.
#[utoipa::path(
    tag = "campaigns",
    params(("campaign_id" = Uuid, Path, description = "The campaign"), ("If-Match" = String, Header, description = "The version that is deleted")),
    responses((status = 204, description = "Deleted"))
)]
#[delete("/campaigns/{campaign_id}")]
pub async fn delete_campaign(call: Call, id: web::Path<Uuid>) -> Answer {
    let answer = call.act(async |tx| {
        let campaign = locked(&call, tx, *id).await?;
        call.expects(&campaign.version.to_string())?;
        workflow::permit::<CampaignFlow>(Some(campaign.state), call.operation(), &CampaignFacts::default())?;
        let step = Step::of(call.operation(), ObjectKind::Campaign, campaign.id, call.now)
            .in_campaign(campaign.id)
            .states(Some(campaign.state), None)
            .difference(&audited(&campaign), &Value::Null);
        campaigns::delete(tx, &call.journal(), &campaign, step).await?;
        call.gone()
    });
    answer.await.map_err(|failure| failure.taken_is(ErrorCode::CampaignHasApplications))
}

/// A definition as the domain reads it, refused with all its faults where one of them is no draft's to have: a form is no
/// schema, or its days run backwards (D-207).
fn read_definition(sent: Value) -> Result<Definition, Failure> {
    let definition = dry_run::read(sent)?;
    let refused = |code| matches!(code, ErrorCode::FormNotASchema | ErrorCode::WindowOutOfOrder);
    let faults = definition_faults(&definition);
    if faults.iter().any(|fault| refused(fault.code)) {
        return Err(Refused::Invalid(faults).into());
    }
    Ok(definition)
}

/// Draws from the definition what the campaign keeps beside it.
fn defined(campaign: &mut Campaign) -> Result<(), Failure> {
    let definition = Arc::clone(&campaign.definition);
    campaign.year = definition.year.value;
    campaign.title.clone_from(&definition.title.value);
    campaign.opens_at = definition.acceptance.value.opens_at();
    campaign.closes_at = definition.acceptance.value.closes_at();
    campaign.definition_digest = campaigns::definition_digest(&definition)?;
    Ok(())
}

/// What the audit says of a campaign's content.
#[must_use]
pub fn audited(campaign: &Campaign) -> Value {
    json!({"year": campaign.year, "title": campaign.title, "definition_digest": campaign.definition_digest})
}

/// The campaign in full, as single reads and writes answer it.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn answered(call: &Call, connection: &impl Connection, campaign: &Campaign) -> Answer {
    let view = CampaignView::full(call, connection, campaign).await?;
    call.ok(&view, &campaign.version.to_string())
}

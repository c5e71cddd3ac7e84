//! 延期: more time for one unit, or for all (D-302).

use actix_web::{get, post, web};
use pingxuan_domain::campaign::Extension;
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::workflow::campaign::CampaignFlow;
use pingxuan_domain::workflow::{self};
use pingxuan_domain::{Day, ErrorCode, Fault, Instant, Refused};
use pingxuan_persistence::{Tx, campaigns, extensions, units};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::locked;
use super::views::facts_of;
use crate::call::{Answer, Call};
use crate::identity::session::actor;
use crate::pages::{PageQuery, PageView};
use crate::problem::Failure;

/// Which extensions are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExtensionQuery {
    /// 单位 · For this unit alone.
    unit_id: Option<Uuid>,
    /// 排序 · Order: `until`, `granted_at`; `-` before a name turns it round.
    #[param(max_length = 60, pattern = "^-?(until|granted_at)(,-?(until|granted_at))*$")]
    #[expect(dead_code, reason = "read with the page")]
    sort: Option<String>,
}

/// An extension as the office grants it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtensionIn {
    /// The unit; null for all.
    #[serde(default)]
    unit_id: Option<Uuid>,
    /// The last day, until 24:00: later than the deadline that there is now, and not before today.
    #[schema(value_type = String, format = Date)]
    until: Day,
    /// The document that grants it; one for all has one.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    document_number: Option<String>,
    /// Why.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    reason: String,
}

/// Who got how long, and why.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct ExtensionView {
    id: Uuid,
    /// The campaign.
    campaign_id: Uuid,
    /// The unit; absent where it is for all.
    unit_id: Option<Uuid>,
    /// The unit's name.
    #[schema(max_length = 100)]
    unit_name: Option<String>,
    /// The last day, until 24:00.
    #[schema(value_type = String, format = Date)]
    until: Day,
    /// The document that grants it.
    #[schema(max_length = 100)]
    document_number: Option<String>,
    /// Why.
    #[schema(max_length = 2000)]
    reason: String,
    /// Who granted it.
    granted_by: Uuid,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    granted_at: Instant,
}

impl ExtensionView {
    /// An extension with the name of its unit.
    #[must_use]
    pub fn of((extension, unit_name): (Extension, Option<String>)) -> Self {
        Self {
            id: extension.id,
            campaign_id: extension.campaign_id,
            unit_id: extension.unit_id,
            unit_name,
            until: extension.until,
            document_number: extension.document_number,
            reason: extension.reason,
            granted_by: extension.granted_by,
            granted_at: extension.granted_at,
        }
    }
}

/// 延期列表 · List extensions
///
/// Who got how long and why, in the order in which they were granted.
#[utoipa::path(tag = "campaigns", params(("campaign_id" = Uuid, Path, description = "The campaign"), PageQuery, ExtensionQuery), responses((status = 200, description = "A page of extensions", body = PageView<ExtensionView>)))]
#[get("/campaigns/{campaign_id}/extensions")]
pub async fn list_extensions(call: Call, id: web::Path<Uuid>) -> Answer {
    let asked: ExtensionQuery = call.filters()?;
    let read = call.app.db.read();
    campaigns::find(read, &call.visibility, *id).await?.ok_or_else(Failure::not_found)?;
    let filter = extensions::Filter { campaign_id: *id, unit_id: asked.unit_id };
    let page = extensions::page(read, &call.visibility, &filter, &call.page()?).await?;
    call.listed(page, ExtensionView::of)
}

/// 准予延期 · Grant an extension
///
/// Gives one unit, or with a document number all, until a later day, after publication and after the window has closed too.
/// Whoever has an extension may write and submit until it is over; until then the campaign goes on accepting.
#[utoipa::path(
    tag = "campaigns",
    params(("campaign_id" = Uuid, Path, description = "The campaign")),
    request_body = ExtensionIn,
    responses((status = 201, description = "Granted", body = ExtensionView))
)]
#[post("/campaigns/{campaign_id}/extensions")]
pub async fn grant_extension(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let granted = granted(&call, tx, *id).await?;
        call.entered(&format!("/api/v1/campaigns/{id}/extensions"), &ExtensionView::of(granted))
    })
    .await
}

async fn granted(call: &Call, tx: &Tx, id: Uuid) -> Result<(Extension, Option<String>), Failure> {
    let campaign = locked(call, tx, id).await?;
    let sent: ExtensionIn = call.read()?;
    let unit = match sent.unit_id {
        Some(unit_id) => units::find(tx, &call.visibility, unit_id).await?,
        None => None,
    };
    let extension = Extension {
        id: call.app.clock.new_id(),
        campaign_id: id,
        unit_id: sent.unit_id,
        until: sent.until,
        document_number: sent.document_number,
        reason: sent.reason,
        granted_by: actor(&call.visibility)?.user_id,
        granted_at: call.now,
    };
    let latest = extensions::latest(tx, &call.visibility, id, sent.unit_id).await?;
    let deadline = latest.map_or(campaign.closes_on(), |latest| latest.max(campaign.closes_on()));
    let mut faults = extension.faults(deadline, call.now.day());
    if extension.unit_id.is_some() && unit.is_none() {
        faults.push(Fault::at("/unit_id", ErrorCode::UnknownReference));
    }
    Refused::unless_valid(faults)?;
    let facts = facts_of(call, tx, &campaign).await?;
    workflow::permit::<CampaignFlow>(Some(campaign.state), call.operation(), &facts)?;
    let said = json!({
        "unit_id": extension.unit_id, "until": extension.until, "document_number": extension.document_number,
    });
    let step = Step::of(call.operation(), ObjectKind::Extension, extension.id, call.now)
        .in_campaign(id)
        .because(extension.reason.clone())
        .difference(&Value::Null, &said);
    extensions::insert(tx, &call.journal(), &extension, step).await?;
    Ok((extension, unit.map(|unit| unit.name)))
}

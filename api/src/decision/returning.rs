//! The approver sends a list back: its applications are verified again, and a notice that runs is withdrawn.

use actix_web::{post, web};
use pingxuan_domain::application::moving::move_all;
use pingxuan_domain::step::Audience;
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_persistence::{Tx, applications, candidates, notices, shortlists};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::notices::ended;
use crate::call::{Answer, Call};
use crate::problem::Failure;
use crate::review::acting::{answered, locked_list, moved, permit, shown};
use crate::review::shortlist_view::ShortlistView;

/// Why a list is returned.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShortlistReturnIn {
    /// The reason.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    reason: String,
}

/// 退回候选名单 · Return a shortlist
///
/// The list is done with, its reason kept; the office may make a new one. The applications that it decided on are `verified`
/// again and the inputs of the ranking open; a notice that runs closes, marked as withdrawn.
#[utoipa::path(
    tag = "review",
    params(("shortlist_id" = Uuid, Path, description = "The list"), ("If-Match" = String, Header, description = "The version that is returned; not `*`")),
    request_body = ShortlistReturnIn,
    responses((status = 200, description = "Returned", body = ShortlistView))
)]
#[post("/shortlists/{shortlist_id}/return")]
pub async fn return_shortlist(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| answered(&call, returned(&call, tx, *id).await?)).await
}

async fn returned(call: &Call, tx: &Tx, id: Uuid) -> Result<(ShortlistView, String), Failure> {
    let case = locked_list(call, tx, id).await?;
    let sent: ShortlistReturnIn = call.read()?;
    permit(call, tx, &case).await?;
    let journal = call.journal();
    let (mut list, step) = moved(call, &case)?;
    list.reason = Some(sent.reason.clone());
    shortlists::record(tx, &journal, &list, step.because(sent.reason.clone())).await?;
    // What was shown to everyone is taken back before everyone; what was not is still the house's own (D-403).
    let audience = if case.notices.is_empty() { Audience::Insiders } else { Audience::Everyone };
    let running = notices::running_of(tx, &call.visibility, id).await?;
    let withdrawn: Vec<_> =
        running.into_iter().map(|notice| ended(call, notice)).collect::<Result<_, _>>()?;
    let (withdrawn, steps): (Vec<_>, Vec<_>) = withdrawn.into_iter().unzip();
    let steps: Vec<_> = steps.into_iter().map(|step| step.because(sent.reason.clone())).collect();
    notices::record_all(tx, &journal, &withdrawn, &steps).await?;
    let decided = [ApplicationState::Shortlisted, ApplicationState::NotShortlisted];
    let category = Some(list.category_code.as_str());
    let decided = applications::lock_all(tx, &call.visibility, list.campaign_id, category, &decided).await?;
    let (applications, steps) = move_all(decided, call.operation(), audience, call.now, |_| ("", None))?;
    candidates::record_all(tx, &journal, &applications, &steps).await?;
    shown(tx, call, id).await
}

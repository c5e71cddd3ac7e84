//! The office proposes a list: from now on its ranking's inputs are closed, and only the house knows (D-403, D-609).

use actix_web::{post, web};
use pingxuan_domain::ErrorCode;
use pingxuan_domain::application::Application;
use pingxuan_domain::application::moving::move_all;
use pingxuan_domain::step::Audience;
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_persistence::{Tx, applications, candidates, shortlists};
use uuid::Uuid;

use super::acting::{answered, locked_list, moved, permit, shown};
use super::shortlist_view::ShortlistView;
use crate::call::{Answer, Call};
use crate::problem::Failure;

/// 提出候选名单 · Propose a shortlist
///
/// Puts the list before the approver. Its candidates are `shortlisted`, all other verified applications of the category
/// `not_shortlisted`; until the notice nobody outside the house sees it. The inputs of the ranking are closed until the list is
/// returned.
#[utoipa::path(
    tag = "review",
    params(("shortlist_id" = Uuid, Path, description = "The list"), ("If-Match" = String, Header, description = "The version that is proposed; not `*`")),
    responses((status = 200, description = "Proposed", body = ShortlistView))
)]
#[post("/shortlists/{shortlist_id}/propose")]
pub async fn propose_shortlist(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| answered(&call, proposed(&call, tx, *id).await?)).await
}

async fn proposed(call: &Call, tx: &Tx, id: Uuid) -> Result<(ShortlistView, String), Failure> {
    let case = locked_list(call, tx, id).await?;
    permit(call, tx, &case).await?;
    let actor = call.visibility.actor().ok_or_else(|| Failure::of(ErrorCode::Unauthenticated))?;
    let (mut list, step) = moved(call, &case)?;
    list.proposed_by = Some(actor.user_id);
    let journal = call.journal();
    shortlists::record(tx, &journal, &list, step.changing("/proposed_by", (), actor.user_id.to_string()))
        .await?;

    let listed: Vec<Uuid> = list.entries.iter().map(|entry| entry.application_id).collect();
    let outcome = |application: &Application| {
        (if listed.contains(&application.id) { "shortlisted" } else { "not_shortlisted" }, None)
    };
    let verified = [ApplicationState::Verified];
    let category = Some(list.category_code.as_str());
    let verified =
        applications::lock_all(tx, &call.visibility, list.campaign_id, category, &verified).await?;
    let (applications, steps) = move_all(verified, call.operation(), Audience::Insiders, call.now, outcome)?;
    candidates::record_all(tx, &journal, &applications, &steps).await?;
    shown(tx, call, id).await
}

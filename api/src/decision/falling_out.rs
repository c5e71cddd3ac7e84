//! 空缺: who falls out of a list under way makes another version of it, so that nobody decides on a list they have not seen.

use pingxuan_domain::Visibility;
use pingxuan_domain::application::Application;
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::workflow::shortlist::ShortlistState;
use pingxuan_persistence::shortlists::Case;
use pingxuan_persistence::{StoreError, Tx, applications, shortlists};
use serde_json::Value;
use uuid::Uuid;

use crate::call::Call;
use crate::problem::Failure;

/// The list of an application's category that is proposed and not decided, locked before the application is.
///
/// # Errors
/// 404 where the application is out of reach.
pub async fn list_under_way(call: &Call, tx: &Tx, application_id: Uuid) -> Result<Option<Case>, Failure> {
    let system = Visibility::system(call.operation());
    let found = applications::find(tx, &call.visibility, application_id).await?;
    let found = found.ok_or_else(Failure::not_found)?;
    let (campaign, code) = (found.campaign.id, &found.application.category_code);
    let Some(alive) = shortlists::alive(tx, &system, campaign, code).await? else { return Ok(None) };
    let locked = shortlists::lock(tx, &system, alive.shortlist.id).await?;
    Ok(locked.filter(|list| match list.shortlist.state {
        ShortlistState::Proposed | ShortlistState::Endorsed | ShortlistState::Noticed => true,
        ShortlistState::Draft | ShortlistState::Approved | ShortlistState::Returned => false,
    }))
}

/// Counts a change of the list on which an application stood until now; of none where it stood on none.
///
/// # Errors
/// [`StoreError::Stale`] where the list was proposed after it was looked for.
pub async fn fallen_out(
    call: &Call,
    tx: &Tx,
    list: Option<Case>,
    before: &Application,
) -> Result<(), Failure> {
    if before.state != ApplicationState::Shortlisted {
        return Ok(());
    }
    let was = list.ok_or(StoreError::Stale)?.shortlist;
    let from = Some(was.state);
    let after = was.moved(call.operation(), call.now)?;
    let step = after.step(call.operation(), from).changing("/fallen_out", Value::Null, before.id.to_string());
    Ok(shortlists::record(tx, &call.journal(), &after, step).await?)
}

//! What every action on a shortlist has in common: the list is found and locked, its guards are asked, it is shown anew.

use pingxuan_domain::calendar::Calendar;
use pingxuan_domain::decision::notice::Period;
use pingxuan_domain::review::Shortlist;
use pingxuan_domain::review::shortlist::ListFacts;
use pingxuan_domain::step::Step;
use pingxuan_domain::workflow::shortlist::{ShortlistFlow, ShortlistState};
use pingxuan_domain::workflow::{self};
use pingxuan_domain::{Fault, Visibility};
use pingxuan_persistence::shortlists::Case;
use pingxuan_persistence::{Connection, StoreError, Tx, calendars, rankings, shortlists};
use uuid::Uuid;

use super::shortlist_view::ShortlistView;
use crate::call::{Answer, Call};
use crate::problem::Failure;

/// The list that is acted on, locked, in the version that the caller has seen.
///
/// # Errors
/// 404 where there is none, 428 and 412 where `If-Match` is missing or names another version.
pub async fn locked_list(call: &Call, tx: &Tx, id: Uuid) -> Result<Case, Failure> {
    let case = shortlists::lock(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    call.expects(&case.shortlist.version.to_string())?;
    Ok(case)
}

/// What the guards of a list ask, as it is now.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn facts_now(connection: &impl Connection, call: &Call, case: &Case) -> Result<ListFacts, Failure> {
    let visibility: &Visibility = &call.visibility;
    let facts = match case.shortlist.state {
        ShortlistState::Draft => {
            let category = case.category()?;
            let inputs = rankings::inputs(connection, visibility, &case.campaign, category).await?;
            let now = call.app.rankings.of(&inputs).await?;
            case.facts(visibility, call.now, Some((&now.ranking, &now.digest)), None)?
        }
        ShortlistState::Proposed | ShortlistState::Endorsed => {
            let calendar = calendars::all(connection, visibility).await?;
            case.facts(visibility, call.now, None, calendar_fault(call, case, &calendar)?)?
        }
        ShortlistState::Noticed | ShortlistState::Approved | ShortlistState::Returned => {
            case.facts(visibility, call.now, None, None)?
        }
    };
    Ok(facts)
}

/// What is missing in the calendar for a notice that were published now.
///
/// # Errors
/// [`StoreError::Corrupt`] where the definition does not have the category.
pub fn calendar_fault(call: &Call, case: &Case, calendar: &Calendar) -> Result<Option<Fault>, StoreError> {
    let days = case.category()?.notice.value.working_days;
    Ok(Period::of(calendar, call.now, days).err())
}

/// Sees to it that the list may be acted on.
///
/// # Errors
/// 409 where the state does not know the operation, or guards are against it.
pub async fn permit(call: &Call, tx: &Tx, case: &Case) -> Result<(), Failure> {
    let facts = facts_now(tx, call, case).await?;
    Ok(workflow::permit::<ShortlistFlow>(Some(case.shortlist.state), call.operation(), &facts)?)
}

/// The list moved along its table, with the step that says so.
///
/// # Errors
/// 409 where the state does not know the operation.
pub fn moved(call: &Call, case: &Case) -> Result<(Shortlist, Step), Failure> {
    let list = case.shortlist.clone().moved(call.operation(), call.now)?;
    let step = list.step(call.operation(), Some(case.shortlist.state));
    Ok((list, step))
}

/// The list as it is after the action.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn shown(
    connection: &impl Connection,
    call: &Call,
    id: Uuid,
) -> Result<(ShortlistView, String), Failure> {
    let case = shortlists::find(connection, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    let facts = facts_now(connection, call, &case).await?;
    Ok((ShortlistView::whole(call, &case, &facts)?, case.shortlist.version.to_string()))
}

/// 200 with the list.
///
/// # Errors
/// [`Failure::Internal`] where it cannot be written.
pub fn answered(call: &Call, (view, version): (ShortlistView, String)) -> Answer {
    call.ok(&view, &version)
}

//! 递补: who waits takes a place that fell vacant; the list is proposed anew (D-701, D-706).

use actix_web::{post, web};
use pingxuan_domain::application::moving::move_all;
use pingxuan_domain::review::substitution::{Substitution, passed_over};
use pingxuan_domain::step::Audience;
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::{ErrorCode, Refused};
use pingxuan_persistence::applications::{self, Case};
use pingxuan_persistence::{Tx, candidates, rankings, shortlists};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::falling_out::list_under_way;
use crate::application::reading::answered;
use crate::application::views::ApplicationView;
use crate::application::{acted_on, permitted};
use crate::call::{Answer, Call};
use crate::identity::session::actor;
use crate::problem::Failure;

/// A substitution.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubstitutionIn {
    /// Why the place is filled, and so.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    reason: String,
    /// Why those who wait with a better rank are passed over; only where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    departure_reason: Option<String>,
}

/// 递补 · Substitute
///
/// Puts an application that waits (`not_shortlisted`) in the best vacant place of its category's list. The list is `proposed` anew,
/// in a new version: it is endorsed and shown again, and the repeat notice names the newcomers only, after their vetting. Whoever
/// substitutes counts as its proposer, and does not decide on it. Outside the house nothing of it is seen until that notice.
#[utoipa::path(
    tag = "review",
    params(("application_id" = Uuid, Path, description = "Who takes the place"), ("If-Match" = String, Header, description = "The application's version")),
    request_body = SubstitutionIn,
    responses((status = 200, description = "On the list", body = ApplicationView))
)]
#[post("/applications/{application_id}/substitute")]
pub async fn substitute_application(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let case = substituted(&call, tx, *id).await?;
        answered(&call, &case)
    })
    .await
}

async fn substituted(call: &Call, tx: &Tx, id: Uuid) -> Result<Case, Failure> {
    let under_way = list_under_way(call, tx, id).await?;
    let case = acted_on(call, tx, id).await?;
    let sent: SubstitutionIn = call.read()?;
    permitted(call, &case, vec![])?;
    let list = under_way.ok_or_else(|| Failure::guard(ErrorCode::NoPlaceVacant))?;
    let substitution = Substitution {
        newcomer: id,
        passed_over: passed_over(&list.shortlist.ranking, &waiting(call, tx, &list).await?, id),
        departure: sent.departure_reason,
        by: actor(&call.visibility)?.user_id,
    };
    Refused::unless_valid(substitution.fault(&case.application.nominee_name).into_iter().collect())?;

    let standing = list.candidates.iter().filter(|listed| listed.stands(list.shortlist.state));
    let standing: Vec<Uuid> = standing.map(|listed| listed.nominee.application_id).collect();
    let before = list.shortlist;
    let after = before.clone().substituted(&standing, substitution, call.now)?;
    let said = |list: &pingxuan_domain::review::Shortlist| {
        let entries: Vec<Uuid> = list.entries.iter().map(|entry| entry.application_id).collect();
        json!({"entries": entries, "departures": list.departures, "substituted_by": list.substituted_by})
    };
    let step = after.step(call.operation(), Some(before.state)).because(sent.reason.clone());
    let journal = call.journal();
    shortlists::replace_entries(tx, &after).await?;
    shortlists::record(tx, &journal, &after, step.difference(&said(&before), &said(&after))).await?;

    let place = after.entries.last().and_then(|entry| entry.substitutes).map(|place| place.to_string());
    let audience = Audience::Insiders;
    let newcomer = vec![case.application];
    let reason = |_: &_| ("", Some(sent.reason.clone()));
    let (moved, steps) = move_all(newcomer, call.operation(), audience, call.now, reason)?;
    let steps: Vec<_> =
        steps.into_iter().map(|step| step.changing("/substitutes", Value::Null, place.clone())).collect();
    candidates::record_all(tx, &journal, &moved, &steps).await?;
    applications::find(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)
}

/// Those of the list's ranking who wait for a place.
async fn waiting(call: &Call, tx: &Tx, list: &shortlists::Case) -> Result<Vec<Uuid>, Failure> {
    let ranked: Vec<Uuid> = list.shortlist.ranking.entries.iter().map(|entry| entry.application_id).collect();
    let nominees = rankings::nominees(tx, &call.visibility, &ranked).await?;
    let waits = |nominee: &&rankings::Nominee| nominee.state == ApplicationState::NotShortlisted;
    Ok(nominees.values().filter(waits).map(|nominee| nominee.application_id).collect())
}

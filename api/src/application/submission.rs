//! What a unit does with its declaration: submits it, withdraws it.

use actix_web::{post, web};
use pingxuan_domain::ErrorCode;
use pingxuan_domain::application::Application;
use pingxuan_domain::step::Audience;
use pingxuan_persistence::applications::{self, Case};
use pingxuan_persistence::{Tx, snapshots};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::declaration::steps_of_move;
use super::reading::answered;
use super::views::ApplicationView;
use super::{acted_on, forms, permitted};
use crate::call::{Answer, Call};
use crate::decision::falling_out::{fallen_out, list_under_way};
use crate::problem::Failure;

/// A withdrawal.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawalIn {
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 500)]
    reason: Option<String>,
}

/// 提交申报 · Submit an application
///
/// The form must be complete, the deadline not passed, and the nominee may stand nowhere else; `check_application` says what
/// is still in the way. What is submitted is kept as it is; `get_application_changes` compares.
#[utoipa::path(
    tag = "applications",
    params(("application_id" = Uuid, Path, description = "The application"), ("If-Match" = String, Header, description = "The version that is submitted")),
    responses((status = 200, description = "Submitted", body = ApplicationView))
)]
#[post("/applications/{application_id}/submit")]
pub async fn submit_application(call: Call, id: web::Path<Uuid>) -> Answer {
    let answer = call.act(async |tx| answered(&call, &submitted(&call, tx, *id).await?));
    answer.await.map_err(|failure| failure.taken_is(ErrorCode::StandsInAnotherCategory))
}

async fn submitted(call: &Call, tx: &Tx, id: Uuid) -> Result<Case, Failure> {
    let mut case = acted_on(call, tx, id).await?;
    let form_faults = forms::faults(call.vault(), &case, call.now.day())?;
    permitted(call, &case, form_faults)?;
    let before = case.application.clone();
    let mut after = before.clone().moved(call.operation(), "", Audience::Everyone, call.now)?;
    after.submitted_at = Some(call.now);
    after.correct_by = None;
    after.reason = None;
    after.handling.unlocked = None;
    moved(call, tx, &mut case, after, None).await?;
    snapshots::keep(tx, &case.application, call.now).await?;
    Ok(case)
}

/// 撤回申报 · Withdraw an application
///
/// Until the last notice of its list has closed. A shortlisted one frees its place.
#[utoipa::path(
    tag = "applications",
    params(("application_id" = Uuid, Path, description = "The application"), ("If-Match" = String, Header, description = "The version that is withdrawn")),
    request_body = WithdrawalIn,
    responses((status = 200, description = "Withdrawn", body = ApplicationView))
)]
#[post("/applications/{application_id}/withdraw")]
pub async fn withdraw_application(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let case = withdrawn(&call, tx, *id).await?;
        answered(&call, &case)
    })
    .await
}

async fn withdrawn(call: &Call, tx: &Tx, id: Uuid) -> Result<Case, Failure> {
    let list = list_under_way(call, tx, id).await?;
    let mut case = acted_on(call, tx, id).await?;
    let sent: WithdrawalIn = call.read()?;
    permitted(call, &case, vec![])?;
    let before = case.application.clone();
    let mut after = before.clone().moved(call.operation(), "", Audience::Everyone, call.now)?;
    after.reason.clone_from(&sent.reason);
    after.handling.check = None;
    fallen_out(call, tx, list, &before).await?;
    moved(call, tx, &mut case, after, sent.reason.as_deref()).await?;
    Ok(case)
}

/// Records where an application has moved, and what those who may know of it learn.
///
/// # Errors
/// [`Failure`] where someone else changed it meanwhile.
pub async fn moved(
    call: &Call,
    tx: &Tx,
    case: &mut Case,
    after: Application,
    reason: Option<&str>,
) -> Result<(), Failure> {
    let steps = steps_of_move(call, &case.application, &after, reason);
    applications::record(tx, &call.journal(), &after, &steps).await?;
    case.application = after;
    Ok(())
}

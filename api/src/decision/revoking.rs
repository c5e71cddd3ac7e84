//! An award is revoked: its place stays empty, and its certificate says so at once (D-708).

use actix_web::{post, web};
use pingxuan_domain::decision::{AwardState, DecisionRecord};
use pingxuan_domain::step::{Audience, ObjectKind, Step};
use pingxuan_persistence::applications::{self, Case};
use pingxuan_persistence::journal::Journal;
use pingxuan_persistence::{Tx, awards};
use serde_json::{Value, json};
use uuid::Uuid;

use super::record::{DecisionIn, DocumentView};
use crate::application::reading::answered;
use crate::application::views::ApplicationView;
use crate::application::{acted_on, permitted};
use crate::call::{Answer, Call};
use crate::problem::Failure;

/// 撤销表彰 · Revoke an award
///
/// By a decision with its complete record. Before the announcement nothing of it is seen outside the house, and no award is entered
/// when the campaign is announced; after it the award, its certificate and the public register say so at once. The place stays
/// empty.
#[utoipa::path(
    tag = "review",
    params(("application_id" = Uuid, Path, description = "The application"), ("If-Match" = String, Header, description = "The version whose award is revoked; not `*`")),
    request_body = DecisionIn,
    responses((status = 200, description = "Revoked", body = ApplicationView))
)]
#[post("/applications/{application_id}/revoke")]
pub async fn revoke_award(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let case = revoked(&call, tx, *id).await?;
        answered(&call, &case)
    })
    .await
}

async fn revoked(call: &Call, tx: &Tx, id: Uuid) -> Result<Case, Failure> {
    let mut case = acted_on(call, tx, id).await?;
    let decision = call.read::<DecisionIn>()?.complete(call.now)?;
    permitted(call, &case, vec![])?;
    let announced = case.campaign.announced_at.is_some();
    let audience = if announced { Audience::Everyone } else { Audience::Insiders };
    let before = case.application.state;
    let mut after = case.application.clone().moved(call.operation(), "", audience, call.now)?;
    let said = json!(DocumentView::from(&decision));
    let step = Step::of(call.operation(), ObjectKind::Application, id, call.now)
        .in_campaign(after.campaign_id)
        .states(Some(before), Some(after.state))
        .because(decision.reasons.clone())
        .changing("/revocation", Value::Null, said.clone())
        .to_audience(audience);
    let journal = call.journal();
    if announced {
        award_revoked(call, tx, &journal, id, &decision, said).await?;
    }
    after.handling.revocation = Some(decision);
    applications::record(tx, &journal, &after, &[step]).await?;
    case.application = after;
    Ok(case)
}

/// What the register says of it from now on.
async fn award_revoked(
    call: &Call,
    tx: &Tx,
    journal: &Journal,
    application_id: Uuid,
    decision: &DecisionRecord,
    said: Value,
) -> Result<(), Failure> {
    let award = awards::lock_of(tx, &call.visibility, application_id).await?;
    let mut award = award.ok_or_else(|| Failure::Internal(format!("{application_id} has no award")))?;
    let before = award.state;
    award.state = AwardState::Revoked;
    award.revocation = Some(decision.clone());
    award.version += 1;
    let step = Step::of(call.operation(), ObjectKind::Award, award.id, call.now)
        .in_campaign(award.campaign_id)
        .states(Some(before), Some(award.state))
        .because(decision.reasons.clone())
        .changing("/revocation", Value::Null, said);
    Ok(awards::record(tx, journal, &award, step).await?)
}

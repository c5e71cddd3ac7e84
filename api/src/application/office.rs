//! What the office does with a declaration: records its paper copies, returns, accepts or rejects it.

use actix_web::{post, put, web};
use pingxuan_domain::application::{Application, PaperReceipt, Rejection, RejectionGround};
use pingxuan_domain::step::{Audience, ObjectKind, Step};
use pingxuan_domain::{Day, ErrorCode, Fault, Refused};
use pingxuan_persistence::Tx;
use pingxuan_persistence::applications::{self, Case};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::reading::answered;
use super::submission::moved;
use super::views::ApplicationView;
use super::{acted_on, permitted};
use crate::call::{Answer, Call};
use crate::enums;
use crate::identity::session::actor;
use crate::problem::Failure;

/// A return for correction.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnIn {
    /// What is to be corrected.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
    /// The last day for it.
    #[schema(value_type = String, format = Date)]
    correct_by: Day,
}

/// A rejection.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectIn {
    /// What is not met.
    #[schema(value_type = enums::RejectionGround)]
    ground: RejectionGround,
    /// The criterion that is not met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 20)]
    criterion: Option<u32>,
    /// Why not.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

/// A receipt of sealed paper copies.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaperReceiptIn {
    /// Sealed copies received.
    #[schema(minimum = 0, maximum = 100)]
    copies: u32,
    /// The content digest printed on them.
    #[schema(min_length = 64, max_length = 64, pattern = "^[0-9a-f]{64}$")]
    digest: String,
    /// The day of receipt.
    #[schema(value_type = String, format = Date)]
    received_on: Day,
}

/// 登记纸质件 · Record the paper copies
///
/// How many sealed copies came in, and the digest printed on them; only copies of the current content count.
#[utoipa::path(
    tag = "applications",
    params(("application_id" = Uuid, Path, description = "The application"), ("If-Match" = String, Header, description = "The application's version")),
    request_body = PaperReceiptIn,
    responses((status = 200, description = "Recorded", body = ApplicationView))
)]
#[put("/applications/{application_id}/paper-receipt")]
pub async fn record_paper_receipt(call: Call, id: web::Path<Uuid>) -> Answer {
    let case = call.app.db.in_tx(async |tx| received(&call, tx, *id).await).await?;
    answered(&call, &case)
}

async fn received(call: &Call, tx: &Tx, id: Uuid) -> Result<Case, Failure> {
    let mut case = acted_on(call, tx, id).await?;
    let sent: PaperReceiptIn = call.read()?;
    if sent.received_on > call.now.day() {
        return Err(Refused::invalid(Fault::at("/received_on", ErrorCode::NotInThePast)).into());
    }
    permitted(call, &case, vec![])?;
    let before = paper_of(&case.application);
    case.application.paper = Some(PaperReceipt {
        copies: sent.copies,
        digest: sent.digest,
        received_on: sent.received_on,
        recorded_by: actor(&call.visibility)?.user_id,
        recorded_at: call.now,
    });
    case.application.touch(Audience::Everyone, call.now);
    let state = Some(case.application.state);
    let step = Step::of(call.operation(), ObjectKind::Application, id, call.now)
        .in_campaign(case.campaign.id)
        .states(state, state)
        .difference(&before, &paper_of(&case.application));
    applications::record(tx, &call.journal(), &case.application, &[step]).await?;
    Ok(case)
}

fn paper_of(application: &Application) -> serde_json::Value {
    json!({"paper_receipt": application.paper})
}

/// 退回补正 · Return an application
///
/// To be corrected until a day; the unit may submit it again until then.
#[utoipa::path(
    tag = "applications",
    params(("application_id" = Uuid, Path, description = "The application"), ("If-Match" = String, Header, description = "The version that is returned")),
    request_body = ReturnIn,
    responses((status = 200, description = "Returned", body = ApplicationView))
)]
#[post("/applications/{application_id}/return")]
pub async fn return_application(call: Call, id: web::Path<Uuid>) -> Answer {
    let case = call
        .app
        .db
        .in_tx(async |tx| {
            let mut case = acted_on(&call, tx, *id).await?;
            let sent: ReturnIn = call.read()?;
            if sent.correct_by < call.now.day() {
                return Err(Refused::invalid(Fault::at("/correct_by", ErrorCode::NotInTheFuture)).into());
            }
            let mut after = decided(&call, &case, &sent.reason)?;
            after.correct_by = Some(sent.correct_by);
            moved(&call, tx, &mut case, after, Some(&sent.reason)).await?;
            Ok::<_, Failure>(case)
        })
        .await?;
    answered(&call, &case)
}

/// 受理申报 · Accept an application
///
/// The sealed paper copies of its current content must have been received.
#[utoipa::path(
    tag = "applications",
    params(("application_id" = Uuid, Path, description = "The application"), ("If-Match" = String, Header, description = "The version that is accepted")),
    responses((status = 200, description = "Accepted", body = ApplicationView))
)]
#[post("/applications/{application_id}/accept")]
pub async fn accept_application(call: Call, id: web::Path<Uuid>) -> Answer {
    let case = call
        .app
        .db
        .in_tx(async |tx| {
            let mut case = acted_on(&call, tx, *id).await?;
            permitted(&call, &case, vec![])?;
            let after = case.application.clone().moved(call.operation(), "", Audience::Everyone, call.now)?;
            moved(&call, tx, &mut case, after, None).await?;
            Ok::<_, Failure>(case)
        })
        .await?;
    answered(&call, &case)
}

/// 不予受理 · Reject an application
///
/// With a reason that names the scope or the criterion that is not met.
#[utoipa::path(
    tag = "applications",
    params(("application_id" = Uuid, Path, description = "The application"), ("If-Match" = String, Header, description = "The version that is rejected")),
    request_body = RejectIn,
    responses((status = 200, description = "Rejected", body = ApplicationView))
)]
#[post("/applications/{application_id}/reject")]
pub async fn reject_application(call: Call, id: web::Path<Uuid>) -> Answer {
    let case = call
        .app
        .db
        .in_tx(async |tx| {
            let mut case = acted_on(&call, tx, *id).await?;
            let sent: RejectIn = call.read()?;
            let rejection = grounds(&case, &sent)?;
            let mut after = decided(&call, &case, &sent.reason)?;
            after.rejection = Some(rejection);
            moved(&call, tx, &mut case, after, Some(&sent.reason)).await?;
            Ok::<_, Failure>(case)
        })
        .await?;
    answered(&call, &case)
}

/// Whether the application may be decided so, and what it becomes.
fn decided(call: &Call, case: &Case, reason: &str) -> Result<Application, Failure> {
    permitted(call, &case, vec![])?;
    let mut after = case.application.clone().moved(call.operation(), "", Audience::Everyone, call.now)?;
    after.reason = Some(reason.to_owned());
    Ok(after)
}

/// What is not met: the scope, or a criterion that the notice has.
fn grounds(case: &Case, sent: &RejectIn) -> Result<Rejection, Failure> {
    let refused = |code| Failure::from(Refused::invalid(Fault::at("/criterion", code)));
    match (sent.ground, sent.criterion) {
        (RejectionGround::Scope, None) => {}
        (RejectionGround::Scope, Some(_)) => return Err(refused(ErrorCode::Invalid)),
        (RejectionGround::Criterion, None) => return Err(refused(ErrorCode::Required)),
        (RejectionGround::Criterion, Some(number)) => {
            if !case.category()?.criteria.iter().any(|criterion| criterion.number == number) {
                let fault = Fault::at("/criterion", ErrorCode::UnknownCriterion).with("criterion", number);
                return Err(Refused::invalid(fault).into());
            }
        }
    }
    Ok(Rejection { ground: sent.ground, criterion: sent.criterion })
}

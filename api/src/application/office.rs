//! What the office does with a declaration: records its paper copies, returns, accepts or rejects it, waives the sheets due.

use actix_web::{post, put, web};
use pingxuan_domain::application::attachment::ATTACHMENTS;
use pingxuan_domain::application::form::has_member;
use pingxuan_domain::application::handling::{Check, Verdict, Waiver};
use pingxuan_domain::application::{Application, PaperReceipt, Rejection, RejectionGround};
use pingxuan_domain::step::{Audience, ObjectKind, Step};
use pingxuan_domain::workflow::application::CHECKED;
use pingxuan_domain::{Day, ErrorCode, Fault, Refused};
use pingxuan_persistence::Tx;
use pingxuan_persistence::applications::{self, Case};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
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
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    reason: String,
    /// The last day for it.
    #[schema(value_type = String, format = Date)]
    correct_by: Day,
    /// The members of the form that are opened for it, as JSON pointers below the form; all of it where none are named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<FormPointer>>, min_items = 1, max_items = 100)]
    fields: Option<Vec<String>>,
}

/// A JSON pointer to a member of a form.
#[derive(Debug)]
pub struct FormPointer;

impl PartialSchema for FormPointer {
    fn schema() -> RefOr<Schema> {
        let pointer = ObjectBuilder::new()
            .description(Some("A JSON pointer below the form"))
            .schema_type(Type::String)
            .pattern(Some("^/"));
        pointer.min_length(Some(2)).max_length(Some(200)).into()
    }
}

impl ToSchema for FormPointer {}

/// A waiver of the score sheets that are still due.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WaiveIn {
    /// Why.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    reason: String,
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
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
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
    /// Why the copies that are missing are waived for this content; left out where they are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    waived_reason: Option<String>,
}

/// 登记纸质件 · Record the paper copies
///
/// How many sealed copies came in, and the digest printed on them; only copies of the current content count. Where the office
/// waives copies that are missing, it says why, for the content with this digest alone.
#[utoipa::path(
    tag = "applications",
    params(("application_id" = Uuid, Path, description = "The application"), ("If-Match" = String, Header, description = "The application's version")),
    request_body = PaperReceiptIn,
    responses((status = 200, description = "Recorded", body = ApplicationView))
)]
#[put("/applications/{application_id}/paper-receipt")]
pub async fn record_paper_receipt(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let case = received(&call, tx, *id).await?;
        answered(&call, &case)
    })
    .await
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
        waived_reason: sent.waived_reason,
        recorded_by: actor(&call.visibility)?.user_id,
        recorded_at: call.now,
    });
    case.application.touch(Audience::Everyone, call.now);
    let step = step(call, &case, &case.application).difference(&before, &paper_of(&case.application));
    applications::record(tx, &call.journal(), &case.application, &[step]).await?;
    Ok(case)
}

fn paper_of(application: &Application) -> Value {
    json!({"paper_receipt": application.paper})
}

/// 退回补正 · Return an application
///
/// To be corrected until a day; the unit may submit it again until then. Where members of the form are named, only those may
/// change.
#[utoipa::path(
    tag = "applications",
    params(("application_id" = Uuid, Path, description = "The application"), ("If-Match" = String, Header, description = "The version that is returned")),
    request_body = ReturnIn,
    responses((status = 200, description = "Returned", body = ApplicationView))
)]
#[post("/applications/{application_id}/return")]
pub async fn return_application(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let mut case = acted_on(&call, tx, *id).await?;
        let sent: ReturnIn = call.read()?;
        Refused::unless_valid(return_faults(&call, &case, &sent)?)?;
        permitted(&call, &case, vec![])?;
        let mut after = case.application.clone().moved(call.operation(), "", Audience::Everyone, call.now)?;
        after.reason = Some(sent.reason.clone());
        after.correct_by = Some(sent.correct_by);
        after.handling.unlocked.clone_from(&sent.fields);
        after.handling.check = None;
        moved(&call, tx, &mut case, after, Some(&sent.reason)).await?;
        answered(&call, &case)
    })
    .await
}

/// What is wrong with a return: a day that is over, members that the form does not have.
fn return_faults(call: &Call, case: &Case, sent: &ReturnIn) -> Result<Vec<Fault>, Failure> {
    let mut faults = Vec::new();
    if sent.correct_by < call.now.day() {
        faults.push(Fault::at("/correct_by", ErrorCode::NotInTheFuture));
    }
    if let Some(fields) = &sent.fields {
        // Where the office evaluates there is no form, and nothing in it to correct.
        let form = case.category()?.form.as_ref().map(|form| &form.value);
        let known = |field: &String| form.is_some_and(|form| field == ATTACHMENTS || has_member(form, field));
        let unknown = fields.iter().enumerate().filter(|(_, field)| !known(field));
        faults.extend(
            unknown.map(|(index, _)| Fault::at(format!("/fields/{index}"), ErrorCode::UnknownReference)),
        );
    }
    Ok(faults)
}

/// 受理申报 · Accept an application
///
/// The sealed paper copies of its current content must have been received. Where two steps are asked for, the first call is the
/// check, which another account confirms with the same call.
#[utoipa::path(
    tag = "applications",
    params(("application_id" = Uuid, Path, description = "The application"), ("If-Match" = String, Header, description = "The version that is accepted")),
    responses((status = 200, description = "Accepted", body = ApplicationView))
)]
#[post("/applications/{application_id}/accept")]
pub async fn accept_application(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let mut case = acted_on(&call, tx, *id).await?;
        judged(&call, tx, &mut case, Verdict::Accept, None, None).await?;
        answered(&call, &case)
    })
    .await
}

/// 不予受理 · Reject an application
///
/// With a reason that names the scope or the criterion that is not met. Where two steps are asked for, the first call is the
/// check, which another account confirms with the same call.
#[utoipa::path(
    tag = "applications",
    params(("application_id" = Uuid, Path, description = "The application"), ("If-Match" = String, Header, description = "The version that is rejected")),
    request_body = RejectIn,
    responses((status = 200, description = "Rejected", body = ApplicationView))
)]
#[post("/applications/{application_id}/reject")]
pub async fn reject_application(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let mut case = acted_on(&call, tx, *id).await?;
        let sent: RejectIn = call.read()?;
        let rejection = Some(grounds(&case, &sent)?);
        judged(&call, tx, &mut case, Verdict::Reject, Some(sent.reason), rejection).await?;
        answered(&call, &case)
    })
    .await
}

/// A verdict is given: where two steps are asked for, the first of them is the check, of which only the house learns (D-505).
async fn judged(
    call: &Call,
    tx: &Tx,
    case: &mut Case,
    verdict: Verdict,
    reason: Option<String>,
    rejection: Option<Rejection>,
) -> Result<(), Failure> {
    let situation = case.situation(&call.visibility, call.now, vec![])?;
    case.application.permit(&call.visibility, &situation)?;
    if !situation.is_first_step(verdict) {
        let mut after = case.application.clone().moved(call.operation(), "", Audience::Everyone, call.now)?;
        after.handling.check = None;
        after.reason.clone_from(&reason);
        after.rejection = rejection;
        return moved(call, tx, case, after, reason.as_deref()).await;
    }
    let mut after =
        case.application.clone().moved(call.operation(), CHECKED, Audience::Insiders, call.now)?;
    let by = actor(&call.visibility)?.user_id;
    let check = Check { verdict, by, at: call.now, reason: reason.clone(), rejection };
    let step = step(call, case, &after)
        .because(reason)
        .to_audience(Audience::Insiders)
        .changing("/outcome", Value::Null, CHECKED)
        .changing("/check", json!(after.handling.check), json!(check));
    after.handling.check = Some(check);
    applications::record(tx, &call.journal(), &after, &[step]).await?;
    case.application = after;
    Ok(())
}

/// 免除其余核查 · Waive the remaining visits
///
/// Takes an application for verified on the sheets that it has, of which one at least counts. The reason stays in the house.
#[utoipa::path(
    tag = "applications",
    params(("application_id" = Uuid, Path, description = "The application"), ("If-Match" = String, Header, description = "The application's version")),
    request_body = WaiveIn,
    responses((status = 200, description = "Verified", body = ApplicationView))
)]
#[post("/applications/{application_id}/waive-visits")]
pub async fn waive_visits(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let case = waived(&call, tx, *id).await?;
        answered(&call, &case)
    })
    .await
}

async fn waived(call: &Call, tx: &Tx, id: Uuid) -> Result<Case, Failure> {
    let mut case = acted_on(call, tx, id).await?;
    let sent: WaiveIn = call.read()?;
    let situation = case.situation(&call.visibility, call.now, vec![])?;
    case.application.permit(&call.visibility, &situation)?;
    let by = actor(&call.visibility)?.user_id;
    let waiver = Waiver { reason: sent.reason, sheets: situation.counting_sheets, by, at: call.now };
    let mut after = case.application.clone().moved(call.operation(), "", Audience::Everyone, call.now)?;
    let inside = step(call, &case, &after)
        .because(waiver.reason.clone())
        .changing("/waiver", json!(after.handling.waiver), json!(waiver))
        .to_audience(Audience::Insiders);
    let outside = step(call, &case, &after).to_audience(Audience::Outsiders);
    after.handling.waiver = Some(waiver);
    applications::record(tx, &call.journal(), &after, &[inside, outside]).await?;
    case.application = after;
    Ok(case)
}

fn step(call: &Call, case: &Case, after: &Application) -> Step {
    Step::of(call.operation(), ObjectKind::Application, after.id, call.now)
        .in_campaign(after.campaign_id)
        .states(Some(case.application.state), Some(after.state))
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

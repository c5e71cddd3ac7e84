//! Anyone objects to a notice, with a name or without, and follows the case by its receipt code (D-705).

use actix_web::{get, post, web};
use pingxuan_domain::Refused;
use pingxuan_domain::decision::PublicNotice;
use pingxuan_domain::decision::objection::{Objection, Objector, candidate_fault, is_late};
use pingxuan_domain::step::{Audience, ObjectKind, Step};
use pingxuan_domain::workflow::objection::{ObjectionFacts, ObjectionFlow, ObjectionState};
use pingxuan_domain::workflow::{self};
use pingxuan_persistence::{Tx, notices, objections};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::receipt::{new_receipt, receipt_digest};
use super::views::{EvidenceText, FollowedObjectionView, ObjectionReceiptView, ObjectorBody};
use crate::call::{Answer, Call};
use crate::problem::Failure;

/// What somebody holds against a candidate, or against a list as a whole.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectionIn {
    /// The candidate whom it concerns, as the notice names them; left out where it concerns the list as a whole.
    #[serde(default)]
    application_id: Option<Uuid>,
    /// Who objects; left out, the objection is anonymous and taken as a lead. Only the investigator is told.
    #[serde(default)]
    #[schema(nullable = false)]
    objector: Option<ObjectorBody>,
    /// What is held against the candidate.
    #[schema(min_length = 1, max_length = 10000, pattern = r"\S")]
    content: String,
    /// What proves it: where it can be seen, who can be asked, which documents say it.
    #[serde(default)]
    #[schema(value_type = Option<Vec<EvidenceText>>, max_items = 50)]
    evidence: Option<Vec<String>>,
}

/// 提出异议 · Object to a notice
///
/// Without an account, with a name or anonymously, until the list is decided; what comes after the notice's period is marked as
/// late. The answer tells the receipt code, this once, with which the case is followed. Name, unit and telephone are sealed and
/// opened to the assigned investigator alone.
#[utoipa::path(
    tag = "public",
    params(("notice_id" = Uuid, Path, description = "The notice")),
    request_body = ObjectionIn,
    responses((status = 201, description = "Filed", body = ObjectionReceiptView))
)]
#[post("/public/notices/{notice_id}/objections")]
pub async fn file_objection(call: Call, notice_id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let (code, objection, notice) = filed(&call, tx, *notice_id).await?;
        let place = format!("/api/v1/public/objections/{code}");
        call.entered(&place, &ObjectionReceiptView::of(code, &objection, &notice))
    })
    .await
}

async fn filed(call: &Call, tx: &Tx, notice_id: Uuid) -> Result<(String, Objection, PublicNotice), Failure> {
    let held = objections::hold_notice(tx, &call.visibility, notice_id).await?;
    let (shown, decided) = held.ok_or_else(Failure::not_found)?;
    let notice = shown.notice;
    let sent: ObjectionIn = call.read()?;
    Refused::unless_valid(candidate_fault(&notice, sent.application_id).into_iter().collect())?;
    let facts = ObjectionFacts {
        phase: shown.phase,
        notice: notice.state,
        decided,
        stakes: vec![],
        investigator: false,
        named: sent.objector.is_some(),
    };
    workflow::permit::<ObjectionFlow>(None, call.operation(), &facts)?;
    let code = new_receipt()?;
    let objection = objection(call, &notice, sent, &code)?;
    // Nothing of whoever objects and of what they say stands in the audit.
    let step = Step::of(call.operation(), ObjectKind::Objection, objection.id, call.now)
        .in_campaign(objection.campaign_id)
        .states(None, Some(objection.state))
        .changing("/notice_id", Value::Null, notice.id.to_string())
        .changing("/application_id", Value::Null, objection.application_id.map(|id| id.to_string()))
        .changing("/late", Value::Null, objection.late)
        .changing("/named", Value::Null, objection.objector.is_some())
        .to_audience(Audience::Insiders);
    objections::insert(tx, &call.journal().as_nobody(), &objection, step).await?;
    Ok((code, objection, notice))
}

fn objection(
    call: &Call,
    notice: &PublicNotice,
    sent: ObjectionIn,
    code: &str,
) -> Result<Objection, Failure> {
    let id = call.app.clock.new_id();
    let sealed = |objector: ObjectorBody| -> Result<Vec<u8>, Failure> {
        let whole = serde_json::to_vec(&Objector::from(objector));
        let whole = whole.map_err(|error| Failure::Internal(error.to_string()))?;
        Ok(call.vault().seal(id.as_bytes(), &whole)?)
    };
    Ok(Objection {
        id,
        notice_id: notice.id,
        shortlist_id: notice.shortlist_id,
        campaign_id: notice.campaign_id,
        category_code: notice.category_code.clone(),
        application_id: sent.application_id,
        receipt_digest: receipt_digest(code),
        objector: sent.objector.map(sealed).transpose()?,
        content: sent.content,
        evidence: sent.evidence.unwrap_or_default(),
        late: is_late(notice, call.now),
        state: ObjectionState::Filed,
        investigator_id: None,
        findings: None,
        answer: None,
        consequence: None,
        consequence_reason: None,
        version: 1,
        filed_at: call.now,
        resolved_at: None,
        updated_at: call.now,
    })
}

/// 查询异议 · Follow an objection
///
/// Where it stands and what is answered, for whoever holds the receipt code; never who objects. Small letters, missing hyphens
/// and letters that look like digits are understood.
#[utoipa::path(
    tag = "public",
    params(("receipt_code" = String, Path, description = "The receipt code", max_length = 40)),
    responses((status = 200, description = "The case", body = FollowedObjectionView))
)]
#[get("/public/objections/{receipt_code}")]
pub async fn follow_objection(call: Call, code: web::Path<String>) -> Answer {
    let (read, visibility) = (call.app.db.read(), &call.visibility);
    let found = objections::find_by_receipt(read, visibility, &receipt_digest(&code)).await?;
    let objection = found.ok_or_else(Failure::not_found)?;
    let shown = notices::find(read, visibility, objection.notice_id).await?.ok_or_else(Failure::not_found)?;
    call.plain(&FollowedObjectionView::of(&objection, &shown.notice))
}

//! The county government consents to a list, and decides on it (D-707). Who proposed it does neither (D-902).

use std::collections::BTreeMap;

use actix_web::{post, web};
use pingxuan_domain::application::Application;
use pingxuan_domain::application::moving::move_all;
use pingxuan_domain::decision::DecisionRecord;
use pingxuan_domain::decision::approval::declined;
use pingxuan_domain::step::Audience;
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::workflow::shortlist::ShortlistFlow;
use pingxuan_domain::workflow::{self};
use pingxuan_domain::{Fault, Refused};
use pingxuan_persistence::shortlists::Case;
use pingxuan_persistence::{Tx, applications, candidates, shortlists};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::call::{Answer, Call};
use crate::decision::record::DecisionRecordBody;
use crate::problem::Failure;
use crate::review::acting::{answered, facts_now, locked_list, moved, permit, shown};
use crate::review::shortlist_view::ShortlistView;

/// The approver's consent.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndorsementIn {
    /// A remark, kept in the audit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 2000)]
    remark: Option<String>,
}

/// The decision on a list.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalIn {
    /// The record of the decision.
    decision: DecisionRecordBody,
    /// Candidates who are declined singly; not all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 1000)]
    declined: Option<Vec<DeclinedIn>>,
}

/// A candidate who is declined.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclinedIn {
    application_id: Uuid,
    /// Why.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    reason: String,
}

/// 同意公示 · Endorse a shortlist
///
/// Consents that the names may be shown to the public.
#[utoipa::path(
    tag = "review",
    params(("shortlist_id" = Uuid, Path, description = "The list"), ("If-Match" = String, Header, description = "The version that is endorsed; not `*`")),
    request_body = EndorsementIn,
    responses((status = 200, description = "Endorsed", body = ShortlistView))
)]
#[post("/shortlists/{shortlist_id}/endorse")]
pub async fn endorse_shortlist(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| answered(&call, endorsed(&call, tx, *id).await?)).await
}

async fn endorsed(call: &Call, tx: &Tx, id: Uuid) -> Result<(ShortlistView, String), Failure> {
    let case = locked_list(call, tx, id).await?;
    let sent: EndorsementIn = call.read()?;
    permit(call, tx, &case).await?;
    let (list, step) = moved(call, &case)?;
    shortlists::record(tx, &call.journal(), &list, step.because(sent.remark)).await?;
    shown(tx, call, id).await
}

/// 审定 · Approve a shortlist
///
/// The decision, with its complete record: the candidates that stand are awarded, but for those declined singly. Nothing of it
/// is visible outside the house until the campaign is announced.
#[utoipa::path(
    tag = "review",
    params(("shortlist_id" = Uuid, Path, description = "The list"), ("If-Match" = String, Header, description = "The version that is approved; not `*`")),
    request_body = ApprovalIn,
    responses((status = 200, description = "Approved", body = ShortlistView))
)]
#[post("/shortlists/{shortlist_id}/approve")]
pub async fn approve_shortlist(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| answered(&call, approved(&call, tx, *id).await?)).await
}

async fn approved(call: &Call, tx: &Tx, id: Uuid) -> Result<(ShortlistView, String), Failure> {
    let case = locked_list(call, tx, id).await?;
    let sent: ApprovalIn = call.read()?;
    let (mut list, step) = moved(call, &case)?;
    let (decision, declined) = decided(call, &case, sent)?;
    permit_without(call, tx, &case, &declined).await?;
    for entry in &mut list.entries {
        entry.declined_reason = declined.get(&entry.application_id).cloned();
    }
    let step = step
        .because(decision.reasons.clone())
        .changing("/decision", Value::Null, json!(decision))
        .changing("/declined", Value::Null, if declined.is_empty() { Value::Null } else { json!(declined) });
    list.decision = Some(decision);
    let journal = call.journal();
    shortlists::replace_entries(tx, &list).await?;
    shortlists::record(tx, &journal, &list, step).await?;

    let shortlisted = [ApplicationState::Shortlisted];
    let category = Some(list.category_code.as_str());
    let standing =
        applications::lock_all(tx, &call.visibility, list.campaign_id, category, &shortlisted).await?;
    let outcome = |application: &Application| match declined.get(&application.id) {
        Some(reason) => ("declined", Some(reason.clone())),
        None => ("awarded", None),
    };
    let (applications, steps) = move_all(standing, call.operation(), Audience::Insiders, call.now, outcome)?;
    candidates::record_all(tx, &journal, &applications, &steps).await?;
    shown(tx, call, id).await
}

/// The record of the decision and who is declined: every fault of both at once.
fn decided(
    call: &Call,
    case: &Case,
    sent: ApprovalIn,
) -> Result<(DecisionRecord, BTreeMap<Uuid, String>), Failure> {
    let decision = DecisionRecord::from(sent.decision);
    let mut faults: Vec<Fault> = decision.faults(call.now);
    let standing = case.candidates.iter().filter(|listed| listed.stands(case.shortlist.state));
    let standing: Vec<Uuid> = standing.map(|listed| listed.nominee.application_id).collect();
    let named = sent.declined.unwrap_or_default().into_iter();
    let named: Vec<(Uuid, String)> = named.map(|of| (of.application_id, of.reason)).collect();
    let declined = match declined(&standing, &named) {
        Ok(declined) => declined,
        Err(Refused::Invalid(more)) => {
            faults.extend(more);
            BTreeMap::new()
        }
        Err(other) => return Err(other.into()),
    };
    Refused::unless_valid(faults)?;
    Ok((decision, declined))
}

/// Asks the guards of an approval for the list as it is without those who are declined: shares hold on who is left (D-205).
async fn permit_without(
    call: &Call,
    tx: &Tx,
    case: &Case,
    declined: &BTreeMap<Uuid, String>,
) -> Result<(), Failure> {
    let mut facts = facts_now(tx, call, case).await?;
    for candidate in &mut facts.candidates {
        // Who is declined is gone, but not before what was upheld against them is carried out (D-706).
        candidate.standing &= candidate.objection_upheld || !declined.contains_key(&candidate.application_id);
    }
    Ok(workflow::permit::<ShortlistFlow>(Some(case.shortlist.state), call.operation(), &facts)?)
}

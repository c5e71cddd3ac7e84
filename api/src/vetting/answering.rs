//! What a department says of a candidate, and what the office does about its concern (D-702).

use actix_web::{post, web};
use pingxuan_domain::Refused;
use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::review::vetting::{Opinion, Resolution};
use pingxuan_domain::workflow::vetting_request::{VettingFlow, VettingState};
use pingxuan_domain::workflow::{self};
use pingxuan_persistence::Tx;
use pingxuan_persistence::vetting::{self, Case};
use serde::Deserialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use super::views::VettingRequestView;
use crate::call::{Answer, Call};
use crate::campaign::held;
use crate::identity::session::actor;
use crate::problem::Failure;

/// A department's answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpinionIn {
    /// What the department says.
    #[schema(value_type = VettingOutcome)]
    opinion: VettingState,
    /// What it rests on; a concern and a veto need it.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    basis: Option<String>,
    /// The document that says so; a concern and a veto need it.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, pattern = r"\S")]
    document: Option<String>,
}

/// What a department may answer: the states to which it leads.
#[derive(Debug)]
pub struct VettingOutcome;

impl PartialSchema for VettingOutcome {
    fn schema() -> RefOr<Schema> {
        let outcomes = [VettingState::NoObjection, VettingState::Concern, VettingState::Veto];
        let outcomes = outcomes.map(<&'static str>::from);
        ObjectBuilder::new()
            .description(Some("What a department answers"))
            .schema_type(Type::String)
            .enum_values(Some(outcomes))
            .into()
    }
}

impl ToSchema for VettingOutcome {}

/// How the office resolved a concern.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolutionIn {
    /// What was looked into, and what came of it.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    resolution: String,
}

/// 答复征求意见 · Answer a vetting request
///
/// The department says that it has no objection, has a concern, or vetoes; the latter two with their basis and the document
/// that says so. It answers once, while the list is under way.
#[utoipa::path(
    tag = "vetting",
    params(("request_id" = Uuid, Path, description = "The request"), ("If-Match" = String, Header, description = "The version that is answered")),
    request_body = OpinionIn,
    responses((status = 200, description = "Answered", body = VettingRequestView))
)]
#[post("/vetting-requests/{request_id}/opinion")]
pub async fn record_vetting_opinion(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| shown(&call, opined(&call, tx, *id).await?)).await
}

async fn opined(call: &Call, tx: &Tx, id: Uuid) -> Result<(Campaign, Case), Failure> {
    let (campaign, mut case) = acted_on(call, tx, id).await?;
    let sent: OpinionIn = call.read()?;
    let actor = actor(&call.visibility)?;
    let opinion =
        Opinion { basis: sent.basis, document: sent.document, given_by: actor.user_id, given_at: call.now };
    Refused::unless_valid(opinion.faults(sent.opinion))?;
    permit(call, &case)?;
    let from = case.request.state;
    let step_reason = opinion.basis.clone();
    let document = opinion.document.clone();
    let after = case.request.answered(sent.opinion, opinion, call.now)?;
    let step = after.step(call.operation(), Some(from)).because(step_reason).changing(
        "/opinion/document",
        (),
        document,
    );
    vetting::record(tx, &call.journal(), &after, step).await?;
    case.request = after;
    Ok((campaign, case))
}

/// 办结部门意见 · Resolve a concern
///
/// The office records what it looked into and what came of it; only then may the candidate be shown to the public. Nobody
/// resolves a concern about a candidate in whom they have a stake.
#[utoipa::path(
    tag = "vetting",
    params(("request_id" = Uuid, Path, description = "The request"), ("If-Match" = String, Header, description = "The version that is resolved")),
    request_body = ResolutionIn,
    responses((status = 200, description = "Resolved", body = VettingRequestView))
)]
#[post("/vetting-requests/{request_id}/resolve")]
pub async fn resolve_vetting_concern(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| shown(&call, resolved(&call, tx, *id).await?)).await
}

async fn resolved(call: &Call, tx: &Tx, id: Uuid) -> Result<(Campaign, Case), Failure> {
    let (campaign, mut case) = acted_on(call, tx, id).await?;
    let sent: ResolutionIn = call.read()?;
    permit(call, &case)?;
    let actor = actor(&call.visibility)?;
    let from = case.request.state;
    let resolution =
        Resolution { text: sent.resolution.clone(), resolved_by: actor.user_id, resolved_at: call.now };
    let after = case.request.resolved(resolution, call.now)?;
    let step = after.step(call.operation(), Some(from)).because(sent.resolution);
    vetting::record(tx, &call.journal(), &after, step).await?;
    case.request = after;
    Ok((campaign, case))
}

/// The request that is acted on, locked, in the version that the caller has seen; its campaign is held before it.
async fn acted_on(call: &Call, tx: &Tx, id: Uuid) -> Result<(Campaign, Case), Failure> {
    let found = vetting::find(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    let campaign = held(call, tx, found.request.campaign_id).await?;
    let case = vetting::lock(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    call.expects(&case.request.version.to_string())?;
    Ok((campaign, case))
}

fn permit(call: &Call, case: &Case) -> Result<(), Failure> {
    let facts = case.facts(&call.visibility);
    Ok(workflow::permit::<VettingFlow>(Some(case.request.state), call.operation(), &facts)?)
}

fn shown(call: &Call, (campaign, case): (Campaign, Case)) -> Answer {
    let version = case.request.version.to_string();
    call.ok(&VettingRequestView::of(call, &campaign, case, true), &version)
}

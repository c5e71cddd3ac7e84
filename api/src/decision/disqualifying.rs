//! The office disqualifies a candidate, for something that bears it (D-706).

use actix_web::{post, web};
use pingxuan_domain::application::handling::{Disqualification, DisqualificationGround};
use pingxuan_domain::step::Audience;
use pingxuan_domain::{ErrorCode, Fault, Refused};
use pingxuan_persistence::applications::{self, Case};
use pingxuan_persistence::{Tx, grounds};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::falling_out::{fallen_out, list_under_way};
use crate::application::declaration::steps_of_move;
use crate::application::reading::answered;
use crate::application::views::ApplicationView;
use crate::application::{acted_on, permitted};
use crate::call::{Answer, Call};
use crate::enums;
use crate::problem::Failure;

/// A disqualification.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DisqualificationIn {
    /// What kind of thing is held against the application.
    #[schema(value_type = enums::DisqualificationGround)]
    ground: DisqualificationGround,
    /// The objection that was upheld (or in part, with that consequence), the vetting request answered with a veto, the veto in
    /// force, or the assignment whose submitted sheet holds the finding.
    reference_id: Uuid,
    /// Why.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    reason: String,
}

/// 取消资格 · Disqualify an application
///
/// Until its list is approved, for something that bears it and concerns this application; whoever has a stake in it has no part.
/// Everyone learns of it; a place of a proposed list falls vacant, and a public notice marks it beside the name.
#[utoipa::path(
    tag = "review",
    params(("application_id" = Uuid, Path, description = "The application"), ("If-Match" = String, Header, description = "The version that is disqualified; not `*`")),
    request_body = DisqualificationIn,
    responses((status = 200, description = "Disqualified", body = ApplicationView))
)]
#[post("/applications/{application_id}/disqualify")]
pub async fn disqualify_application(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let case = disqualified(&call, tx, *id).await?;
        answered(&call, &case)
    })
    .await
}

async fn disqualified(call: &Call, tx: &Tx, id: Uuid) -> Result<Case, Failure> {
    let list = list_under_way(call, tx, id).await?;
    let mut case = acted_on(call, tx, id).await?;
    let sent: DisqualificationIn = call.read()?;
    let named = Disqualification { ground: sent.ground, reference_id: sent.reference_id };
    permitted(call, &case, vec![])?;
    if !grounds::bear(tx, &call.visibility, &case.application, named, call.now).await? {
        return Err(Refused::invalid(Fault::at("/reference_id", ErrorCode::ReferenceUnsupported)).into());
    }
    let mut after = case.application.clone().moved(call.operation(), "", Audience::Everyone, call.now)?;
    let steps = steps_of_move(call, &case.application, &after, Some(&sent.reason)).into_iter();
    let steps: Vec<_> =
        steps.map(|step| step.changing("/disqualification", Value::Null, json!(named))).collect();
    after.reason = Some(sent.reason);
    after.handling.disqualification = Some(named);
    fallen_out(call, tx, list, &case.application).await?;
    applications::record(tx, &call.journal(), &after, &steps).await?;
    case.application = after;
    Ok(case)
}

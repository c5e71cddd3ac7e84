//! 调整核查任务: what is planned is locked, moved to another supervisor, or swapped with another, by hand (D-602).

use actix_web::{patch, web};
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::verification::Assignment;
use pingxuan_domain::workflow::assignment::{AssignmentFacts, AssignmentFlow};
use pingxuan_domain::workflow::{self};
use pingxuan_domain::{ErrorCode, Fault, Operation, Refused};
use pingxuan_persistence::Tx;
use pingxuan_persistence::assignments::{self, Case};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::assignments::{AssignmentIn, AssignmentView, answered, facts};
use crate::call::{Answer, Call};
use crate::campaign::locked;
use crate::problem::Failure;

/// What may be changed of an assignment that is planned.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignmentChangeIn {
    /// Whether a new plan leaves it as it is.
    locked: bool,
    /// Who is to score the application.
    supervisor_id: Uuid,
    /// Another planned assignment of the campaign: the two exchange their supervisors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    swap_with: Option<Uuid>,
}

/// 调整核查任务 · Change an assignment
///
/// A merge patch of what is planned and not yet confirmed: `locked` lets later plans leave it as it is, `supervisor_id` moves it to
/// another supervisor, `swap_with` exchanges the supervisors of two assignments. Whoever comes new is held to what a new assignment is
/// held to, and everything that stands in the way is told at once. What is confirmed is deleted and made anew.
#[utoipa::path(
    tag = "verification",
    params(("assignment_id" = Uuid, Path, description = "The assignment"), ("If-Match" = String, Header, description = "The version that is changed")),
    request_body(content = AssignmentChangeIn, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "Changed", body = AssignmentView))
)]
#[patch("/assignments/{assignment_id}")]
pub async fn update_assignment(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        changed(&call, tx, *id).await?;
        let case = assignments::find(tx, &call.visibility, *id).await?.ok_or_else(Failure::not_found)?;
        answered(&call, case)
    })
    .await
}

async fn changed(call: &Call, tx: &Tx, id: Uuid) -> Result<(), Failure> {
    let found = assignments::find(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    let campaign_id = found.assignment.campaign_id;
    // Nobody else changes who scores whom meanwhile: two are changed at once, in whatever order.
    locked(call, tx, campaign_id).await?;
    let case = assignments::lock(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    call.expects(&case.assignment.version.to_string())?;
    let before = &case.assignment;
    let current =
        AssignmentChangeIn { locked: before.locked, supervisor_id: before.supervisor_id, swap_with: None };
    let sent = call.patched(&current)?;
    permitted(call, &case)?;
    let moved = sent.supervisor_id != before.supervisor_id;
    let after = |supervisor_id| Assignment {
        supervisor_id,
        locked: sent.locked,
        version: before.version + 1,
        updated_at: call.now,
        ..before.clone()
    };
    let Some(other) = sent.swap_with else {
        let after = after(sent.supervisor_id);
        if moved {
            Refused::unless_guarded(against(call, tx, &after).await?)?;
        }
        return recorded(call, tx, (before, &after)).await;
    };
    if moved {
        return Err(Refused::invalid(Fault::at("/supervisor_id", ErrorCode::Invalid)).into());
    }
    let other = assignments::lock(tx, &call.visibility, other).await?;
    let other = other.filter(|other| other.assignment.campaign_id == campaign_id);
    let unknown = || Refused::invalid(Fault::at("/swap_with", ErrorCode::UnknownReference));
    let other = other.ok_or_else(unknown)?;
    permitted(call, &other)?;
    let one = after(other.assignment.supervisor_id);
    let swapped = Assignment {
        supervisor_id: before.supervisor_id,
        version: other.assignment.version + 1,
        updated_at: call.now,
        ..other.assignment.clone()
    };
    let mut faults = Vec::new();
    for (assignment, case) in [(&one, &case), (&swapped, &other)] {
        let against = against(call, tx, assignment).await?.into_iter();
        faults.extend(against.map(|fault| fault.about(case.nominee_name.as_str())));
    }
    Refused::unless_guarded(faults)?;
    recorded(call, tx, (before, &one)).await?;
    recorded(call, tx, (&other.assignment, &swapped)).await
}

/// Whether the table and the phase let it be changed.
fn permitted(call: &Call, case: &Case) -> Result<(), Refused> {
    workflow::permit::<AssignmentFlow>(Some(case.assignment.state), call.operation(), &case.facts(call.now))
}

/// What stands against a supervisor who comes new to an application: what stands against a new assignment.
async fn against(call: &Call, tx: &Tx, assignment: &Assignment) -> Result<Vec<Fault>, Failure> {
    let sent = AssignmentIn::of(assignment);
    let facts: AssignmentFacts = facts(call, tx, (assignment.campaign_id, &sent)).await?;
    let blockers = workflow::blockers::<AssignmentFlow>(None, Operation::CreateAssignment, &facts);
    Ok(blockers.unwrap_or_default())
}

async fn recorded(call: &Call, tx: &Tx, (before, after): (&Assignment, &Assignment)) -> Result<(), Failure> {
    let step = Step::of(call.operation(), ObjectKind::Assignment, after.id, call.now)
        .in_campaign(after.campaign_id)
        .states(Some(before.state), Some(after.state))
        .difference(&audited(before), &audited(after));
    Ok(assignments::record(tx, &call.journal(), after, step).await?)
}

fn audited(assignment: &Assignment) -> Value {
    json!({"supervisor_id": assignment.supervisor_id, "locked": assignment.locked})
}

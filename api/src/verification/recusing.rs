//! What recusals bring about: the assignment of whoever is recused, their sheet, a replacement; and those that the system
//! can see by itself (D-602, D-603).

use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::county::Supervisor;
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::verification::Assignment;
use pingxuan_domain::verification::recusal::{Bound, Person, Recusal, RecusalKind, proposals};
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::workflow::assignment::AssignmentState;
use pingxuan_domain::workflow::campaign::CampaignState;
use pingxuan_domain::workflow::recusal::{RecusalFlow, RecusalState};
use pingxuan_domain::workflow::{self};
use pingxuan_domain::{Operation, Visibility};
use pingxuan_persistence::{PageRequest, Tx, applications, assignments, recusals, supervisors};
use serde_json::{Value, json};
use uuid::Uuid;

use super::planning::replaced;
use super::score_sheets::settle;
use crate::call::Call;
use crate::problem::Failure;

/// A recusal that comes into being by this call's operation, or by the system's within it.
pub(super) fn new_recusal(
    call: &Call,
    operation: Operation,
    (campaign, application_id): (&Campaign, Uuid),
    (bound, kind): (Bound, RecusalKind),
) -> Result<Recusal, Failure> {
    let state = workflow::target::<RecusalFlow>(None, operation, "")?;
    Ok(Recusal {
        id: call.app.clock.new_id(),
        campaign_id: campaign.id,
        application_id,
        supervisor_id: bound.supervisor_id(),
        user_id: bound.user_id(),
        kind,
        reason: String::new(),
        state: state.ok_or_else(|| Failure::Internal("a recusal comes to be in no state".into()))?,
        declared_by: None,
        after_verification: campaign.state == CampaignState::Selecting,
        lift_reason: None,
        version: 1,
        created_at: call.now,
        updated_at: call.now,
    })
}

/// The step of a recusal.
pub(super) fn step_of(operation: Operation, recusal: &Recusal, from: Option<RecusalState>) -> Step {
    Step::of(operation, ObjectKind::Recusal, recusal.id, recusal.updated_at)
        .in_campaign(recusal.campaign_id)
        .states(from, Some(recusal.state))
}

/// What the audit says of a recusal beside its states.
pub(super) fn audited(recusal: &Recusal) -> Value {
    json!({
        "application_id": recusal.application_id, "supervisor_id": recusal.supervisor_id, "user_id": recusal.user_id,
        "kind": recusal.kind, "after_verification": recusal.after_verification,
    })
}

/// Proposes the recusals that the system can see by itself, of all supervisors in office from all applications that are to
/// be verified. What binds already is left, and what the office has lifted of the system's own.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn propose_recusals(call: &Call, tx: &Tx, campaign: &Campaign) -> Result<(), Failure> {
    const STATES: [ApplicationState; 2] = [ApplicationState::Accepted, ApplicationState::Verified];
    let operation = Operation::ProposeRecusals;
    let system = Visibility::system(operation);
    let applications = applications::lock_all(tx, &system, campaign.id, None, &STATES).await?;
    let applications: Vec<(Uuid, Uuid)> =
        applications.iter().filter_map(|application| Some((application.id, application.unit_id?))).collect();
    let person = |supervisor: Supervisor| Person {
        supervisor_id: supervisor.id,
        unit_id: supervisor.unit_id,
        former_units: supervisor.former_units,
    };
    let people = supervisors::in_office(tx, &system, call.now.day()).await?;
    let people: Vec<Person> = people.into_iter().map(person).collect();
    let years = campaign.definition.former_unit_years.value;
    let seen = proposals(&people, &applications, years, call.now.day());
    let there = recusals::of_supervisors(tx, &system, campaign.id).await?;
    let settled = there.iter().filter(|recusal| recusal.state.binds() || recusal.declared_by.is_none());
    let settled: Vec<_> = settled.map(|recusal| (recusal.application_id, recusal.supervisor_id)).collect();
    let (mut proposed, mut steps) = (Vec::new(), Vec::new());
    for (application_id, supervisor_id, kind) in seen {
        if settled.contains(&(application_id, Some(supervisor_id))) {
            continue;
        }
        let bound = (Bound::Supervisor(supervisor_id), kind);
        let recusal = new_recusal(call, operation, (campaign, application_id), bound)?;
        steps.push(step_of(operation, &recusal, None).difference(&Value::Null, &audited(&recusal)));
        proposed.push(recusal);
    }
    Ok(recusals::insert_many(tx, &call.journal().as_system(), &proposed, &steps).await?)
}

/// Takes an application from a supervisor who is recused while the campaign verifies: the assignment is `recused`, its sheet
/// counts no more, and somebody else is planned where a sheet is missing now. Answers who.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub(super) async fn taken_from(
    call: &Call,
    tx: &Tx,
    campaign: &Campaign,
    recusal: &Recusal,
) -> Result<Option<Assignment>, Failure> {
    let Some(supervisor_id) = recusal.supervisor_id else { return Ok(None) };
    let system = Visibility::system(call.operation());
    let filter = assignments::Filter {
        application_id: Some(recusal.application_id),
        supervisor_id: Some(supervisor_id),
        ..assignments::Filter::default()
    };
    let one = PageRequest { limit: 1, ..PageRequest::default() };
    let found = assignments::page(tx, &system, &filter, &one).await?.items.pop();
    let Some(found) = found.filter(|case| case.assignment.state != AssignmentState::Recused) else {
        return Ok(None);
    };
    let locked = assignments::lock(tx, &system, found.assignment.id).await?.ok_or_else(Failure::not_found)?;
    let from = locked.assignment.state;
    let after = locked.assignment.moved(call.operation(), call.now)?;
    let step = Step::of(call.operation(), ObjectKind::Assignment, after.id, call.now)
        .in_campaign(campaign.id)
        .states(Some(from), Some(after.state));
    assignments::record(tx, &call.journal(), &after, step).await?;
    let application = settle(call, tx, recusal.application_id).await?;
    replaced(call, tx, (campaign, application), recusal.id.as_u64_pair().1).await
}

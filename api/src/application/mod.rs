//! Applications: what units declare, and what the office does with it.

use pingxuan_domain::{Fault, Visibility};
use pingxuan_persistence::Tx;
use pingxuan_persistence::applications::{self, Case};
use uuid::Uuid;

use crate::call::Call;
use crate::campaign::held_already;
use crate::problem::Failure;
use crate::routes::Registry;

pub mod changes;
pub mod declaration;
pub mod evidence;
pub mod feedback;
pub mod forms;
pub mod office;
pub mod reading;
pub mod revealing;
pub mod sealing;
pub mod submission;
pub mod views;

/// Registers the operations of this area.
pub fn configure(config: &mut impl Registry) {
    config
        .service(reading::list_applications)
        .service(declaration::create_application)
        .service(reading::get_application)
        .service(declaration::update_application)
        .service(declaration::delete_application)
        .service(submission::submit_application)
        .service(submission::withdraw_application)
        .service(office::return_application)
        .service(office::accept_application)
        .service(office::reject_application)
        .service(office::record_paper_receipt)
        .service(reading::check_application)
        .service(revealing::reveal_personal_data)
        .service(reading::get_application_history)
        .service(changes::get_application_changes)
        .service(evidence::get_application_evidence)
        .service(office::waive_visits);
}

/// The application that a request acts on, locked, at the version that the caller has seen; its campaign is held before it.
///
/// # Errors
/// 404 out of reach, 428 and 412 as `If-Match` demands.
pub async fn acted_on(call: &Call, tx: &Tx, id: Uuid) -> Result<Case, Failure> {
    let case = held_case(call, tx, id).await?;
    call.expects(&version(&case, &call.visibility))?;
    Ok(case)
}

/// The application that something is done to which has a version of its own, locked; its campaign is held before it.
///
/// # Errors
/// 404 out of reach.
pub async fn held_case(call: &Call, tx: &Tx, id: Uuid) -> Result<Case, Failure> {
    let campaign = applications::hold_campaign(tx, &call.visibility, id).await?;
    held_already(call, tx, campaign.ok_or_else(Failure::not_found)?).await?;
    applications::lock(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)
}

/// Sees to it that the called operation may be carried out on what this caller sees.
///
/// # Errors
/// 409 where the state does not know it, or guards are against it.
pub fn permitted(call: &Call, case: &Case, form_faults: Vec<Fault>) -> Result<(), Failure> {
    let situation = case.situation(&call.visibility, call.now, form_faults)?;
    Ok(case.application.permit(&call.visibility, &situation)?)
}

/// The version of an application as this caller sees it (D-403); those outside the house count apart.
#[must_use]
pub fn version(case: &Case, visibility: &Visibility) -> String {
    let (_, version) = case.application.seen_by(visibility);
    if visibility.is_insider() { version.to_string() } else { format!("s{version}") }
}

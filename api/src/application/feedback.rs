//! What those who were not chosen learn once the awards are announced: what was found, and never by whom (D-801).

use std::collections::BTreeSet;

use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_persistence::applications::Case;
use pingxuan_persistence::score_sheets;
use serde::Serialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::call::Call;
use crate::problem::Failure;

/// What was found of one criterion.
#[derive(Debug, Serialize, ToSchema)]
pub struct CriterionFeedbackView {
    /// The criterion's number.
    #[schema(minimum = 1, maximum = 20)]
    criterion: u32,
    /// Its title.
    #[schema(max_length = 200)]
    title: String,
    /// The reasons that were given, in an order that tells nothing of who gave them.
    #[schema(value_type = Vec<Reason>, max_items = 100)]
    reasons: BTreeSet<String>,
}

/// A reason, as the schema of the feedback's list says it.
#[derive(Debug)]
struct Reason;

impl PartialSchema for Reason {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).max_length(Some(2000)).into()
    }
}

impl ToSchema for Reason {}

/// The feedback on an application, for its own unit, once the awards are announced and it is not among them.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn feedback(call: &Call, case: &Case) -> Result<Option<Vec<CriterionFeedbackView>>, Failure> {
    let application = &case.application;
    let unit = call.visibility.actor().and_then(|actor| actor.unit_id);
    let own = application.unit_id.is_some() && application.unit_id == unit;
    let state = application.shown_state;
    let chosen = !matches!(state, ApplicationState::NotShortlisted | ApplicationState::NotAwarded);
    if !own || chosen || case.campaign.announced_at.is_none() {
        return Ok(None);
    }
    let findings = score_sheets::findings(call.app.db.read(), &call.visibility, application.id).await?;
    let of = |number: u32| findings.iter().filter(move |found| found.criterion == number);
    let criteria = case.category()?.criteria.iter().map(|criterion| CriterionFeedbackView {
        criterion: criterion.number,
        title: criterion.title.value.clone(),
        reasons: of(criterion.number)
            .map(|found| found.reason.trim().to_owned())
            .filter(|reason| !reason.is_empty())
            .collect(),
    });
    Ok(Some(criteria.collect()))
}

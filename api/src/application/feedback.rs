//! What those who were not chosen learn once the awards are announced: what was found, and never by whom (D-801).

use std::collections::BTreeSet;

use pingxuan_domain::application::Application;
use pingxuan_domain::campaign::definition::Category;
use pingxuan_domain::policy::Actor;
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::{Fact, Visibility};
use pingxuan_persistence::applications::Case;
use pingxuan_persistence::{duty_records, score_sheets};
use serde::Serialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use crate::call::Call;
use crate::catalogue::tell;
use crate::problem::Failure;
use crate::review::explaining::{DutyPointsView, duty_points};

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
        ObjectBuilder::new()
            .description(Some("A reason that was given"))
            .schema_type(Type::String)
            .max_length(Some(2000))
            .into()
    }
}

impl ToSchema for Reason {}

/// Whether an application is of the caller's unit, or on the caller.
pub(super) fn is_own(call: &Call, application: &Application) -> bool {
    let actor = call.visibility.actor();
    let of = |named: Option<Uuid>, own: fn(&Actor) -> Option<Uuid>| {
        named.is_some() && named == actor.and_then(own)
    };
    of(application.unit_id, |actor| actor.unit_id)
        || of(application.supervisor_id, |actor| actor.supervisor_id)
}

/// The feedback on an application, for its own unit or the supervisor evaluated, once the awards are announced and it is not among them.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn feedback(call: &Call, case: &Case) -> Result<Option<Vec<CriterionFeedbackView>>, Failure> {
    let application = &case.application;
    let own = is_own(call, application);
    let state = application.shown_state;
    let chosen = !matches!(state, ApplicationState::NotShortlisted | ApplicationState::NotAwarded);
    if !own || chosen || case.campaign.announced_at.is_none() {
        return Ok(None);
    }
    let category = case.category()?;
    if let Some(supervisor) = application.supervisor_id {
        return Ok(Some(on_duty(call, case.campaign.year, category, supervisor).await?));
    }
    let findings = score_sheets::findings(call.app.db.read(), &call.visibility, application.id).await?;
    let of = |number: u32| findings.iter().filter(move |found| found.criterion == number);
    let criteria = category.criteria.iter().map(|criterion| CriterionFeedbackView {
        criterion: criterion.number,
        title: criterion.title.value.clone(),
        reasons: of(criterion.number)
            .map(|found| found.reason.trim().to_owned())
            .filter(|reason| !reason.is_empty())
            .collect(),
    });
    Ok(Some(criteria.collect()))
}

/// What the office found of a supervisor's year, criterion by criterion: how many records of each kind it approved (D-608).
async fn on_duty(
    call: &Call,
    year: i32,
    category: &Category,
    supervisor: Uuid,
) -> Result<Vec<CriterionFeedbackView>, Failure> {
    // Of oneself alone, whatever else the caller's reach in this operation is.
    let system = Visibility::system(call.operation());
    let mut counts = duty_records::approved_counts(call.app.db.read(), &system, year).await?;
    let duty = counts.remove(&supervisor).unwrap_or_default();
    let found = duty_points(category, &duty);
    let sentence = |points: &DutyPointsView| {
        let facts = [
            ("kind", Fact::Choice("duty_kind", points.kind.into())),
            ("approved", Fact::from(points.approved)),
            ("adopted", Fact::from(points.adopted)),
        ];
        tell(call.language, "feedback-duty", &facts)
    };
    let criteria = category.criteria.iter().map(|criterion| CriterionFeedbackView {
        criterion: criterion.number,
        title: criterion.title.value.clone(),
        reasons: found.iter().filter(|of| of.criterion == criterion.number).map(sentence).collect(),
    });
    Ok(criteria.collect())
}

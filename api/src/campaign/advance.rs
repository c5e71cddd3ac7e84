//! From phase to phase, and what comes of each (docs/rules.md, section 3).

use actix_web::{post, web};
use pingxuan_domain::application::Application;
use pingxuan_domain::application::moving::move_all;
use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::campaign::check::check;
use pingxuan_domain::campaign::definition::{Category, Definition, NomineeKind, Route};
use pingxuan_domain::county::Supervisor;
use pingxuan_domain::step::{Audience, ObjectKind, Step};
use pingxuan_domain::workflow::application::{ApplicationFlow, ApplicationState};
use pingxuan_domain::workflow::campaign::CampaignState;
use pingxuan_domain::workflow::{self};
use pingxuan_domain::{ErrorCode, Fault, Operation, Refused, Visibility};
use pingxuan_persistence::{Tx, applications, campaigns, candidates, supervisors};
use serde_json::{Value, json};
use uuid::Uuid;

use super::acting::{expected, moved};
use super::handlers::answered;
use crate::call::{Answer, Call};
use crate::contract::schema_faults;
use crate::decision::announce::announce;
use crate::problem::Failure;
use crate::verification::recusing::propose_recusals;

/// 推进阶段 · Advance a campaign
///
/// Moves the campaign into its next phase. Leaving `accepting`, drafts and expired corrections lapse, the evaluations of
/// supervisors open and recusals are proposed; leaving `selecting`, certificate numbers are given and the awards become public.
#[utoipa::path(
    tag = "campaigns",
    params(("campaign_id" = Uuid, Path, description = "The campaign"), ("If-Match" = String, Header, description = "The version that is advanced")),
    responses((status = 200, description = "Advanced", body = super::views::CampaignView))
)]
#[post("/campaigns/{campaign_id}/advance")]
pub async fn advance_campaign(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let campaign = advanced(&call, tx, *id).await?;
        answered(&call, tx, &campaign).await
    })
    .await
}

async fn advanced(call: &Call, tx: &Tx, id: Uuid) -> Result<Campaign, Failure> {
    let (mut campaign, step) = moved(call, tx, expected(call, tx, id).await?).await?;
    match campaign.state {
        CampaignState::Published => campaign.published_at = Some(call.now),
        CampaignState::Verifying => {
            lapse(call, tx, &campaign).await?;
            open_evaluations(call, tx, &campaign).await?;
            propose_recusals(call, tx, &campaign).await?;
        }
        CampaignState::Announced => {
            let clock = call.app.clock.clone();
            announce(tx, &call.journal(), &call.visibility, &campaign, call.now, move || clock.new_id())
                .await?;
            campaign.announced_at = Some(call.now);
        }
        CampaignState::Draft
        | CampaignState::Accepting
        | CampaignState::Selecting
        | CampaignState::Archived
        | CampaignState::Cancelled => {}
    }
    campaigns::record(tx, &call.journal(), &campaign, step).await?;
    Ok(campaign)
}

/// Drafts and corrections whose time is over lapse: the unit's declaration is withdrawn by the system.
async fn lapse(call: &Call, tx: &Tx, campaign: &Campaign) -> Result<(), Failure> {
    const LAPSING: [ApplicationState; 2] = [ApplicationState::Draft, ApplicationState::Returned];
    let system = Visibility::system(Operation::LapseApplication);
    let open = applications::lock_all(tx, &system, campaign.id, None, &LAPSING).await?;
    let lapsed = move_all(open, Operation::LapseApplication, Audience::Everyone, call.now, |_| ("", None));
    let (moved, steps) = lapsed?;
    Ok(candidates::record_all(tx, &call.journal().as_system(), &moved, &steps).await?)
}

/// Opens an application for each supervisor in office, in each category that the office evaluates. A supervisor who stands
/// elsewhere is left out, and named.
async fn open_evaluations(call: &Call, tx: &Tx, campaign: &Campaign) -> Result<(), Failure> {
    let evaluated = |category: &&Category| category.route.value == Route::OfficeEvaluated;
    let categories: Vec<&Category> = campaign.definition.categories.iter().filter(evaluated).collect();
    if categories.is_empty() {
        return Ok(());
    }
    let system = Visibility::system(Operation::OpenEvaluations);
    let in_office = supervisors::in_office(tx, &system, call.now.day()).await?;
    let mut standing = applications::standing_persons(tx, &system, campaign.id).await?;
    let (mut opened, mut steps, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
    for category in categories {
        for supervisor in &in_office {
            if standing.contains(&supervisor.citizen_index) {
                left_out.push(json!({"category": category.code, "supervisor_id": supervisor.id, "name": supervisor.name}));
                continue;
            }
            standing.push(supervisor.citizen_index.clone());
            let application = evaluation(call, campaign, category, supervisor)?;
            let step =
                Step::of(Operation::OpenEvaluations, ObjectKind::Application, application.id, call.now)
                    .in_campaign(campaign.id)
                    .states(None, Some(application.state))
                    .changing("/supervisor_id", Value::Null, json!(supervisor.id));
            steps.push(step);
            opened.push(application);
        }
    }
    if !left_out.is_empty() {
        let step = Step::of(Operation::OpenEvaluations, ObjectKind::Campaign, campaign.id, call.now);
        steps.push(step.in_campaign(campaign.id).changing("/left_out", Value::Null, left_out));
    }
    Ok(applications::insert_many(tx, &call.journal().as_system(), &opened, &steps).await?)
}

fn evaluation(
    call: &Call,
    campaign: &Campaign,
    category: &Category,
    supervisor: &Supervisor,
) -> Result<Application, Failure> {
    let state = workflow::target::<ApplicationFlow>(None, Operation::OpenEvaluations, "")?
        .ok_or_else(|| Failure::Internal("an evaluation opens in no state".into()))?;
    Ok(Application {
        id: call.app.clock.new_id(),
        campaign_id: campaign.id,
        category_code: category.code.clone(),
        nominee: NomineeKind::Supervisor,
        unit_id: None,
        supervisor_id: Some(supervisor.id),
        nominee_name: supervisor.name.clone(),
        nominee_post: supervisor.post.clone(),
        is_leading_cadre: supervisor.is_leading_cadre,
        front_line: supervisor.front_line,
        form: json!({}),
        personal: None,
        person_index: Some(supervisor.citizen_index.clone()),
        content_digest: String::new(),
        attached: vec![],
        state,
        version: 1,
        shown_state: state,
        shown_version: 1,
        shown_updated_at: call.now,
        entered_by_office: false,
        reason: None,
        rejection: None,
        correct_by: None,
        paper: None,
        handling: Default::default(),
        submitted_at: None,
        created_at: call.now,
        updated_at: call.now,
    })
}

/// Everything that is wrong with a definition, each pointing below `/definition`: the rules of D-207, and forms that are no
/// JSON Schema.
#[must_use]
pub fn definition_faults(definition: &Definition) -> Vec<Fault> {
    let mut faults = check(definition);
    for (index, category) in definition.categories.iter().enumerate() {
        let Some(form) = &category.form else { continue };
        if let Err(error) = schema_faults::options().build(&form.value.schema) {
            let pointer = format!("/categories/{index}/form/value/schema");
            faults.push(Fault::at(pointer, ErrorCode::FormNotASchema).with("error", error.to_string()));
        }
    }
    faults.into_iter().map(|fault| fault.below("/definition")).collect()
}

/// A category of a campaign, or a refusal that points at it.
///
/// # Errors
/// 422 `unknown_category`.
pub fn category_of<'a>(campaign: &'a Campaign, code: &str, pointer: &str) -> Result<&'a Category, Refused> {
    let unknown = || Refused::invalid(Fault::at(pointer, ErrorCode::UnknownCategory).with("category", code));
    campaign.definition.category(code).ok_or_else(unknown)
}

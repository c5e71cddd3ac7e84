//! 核查计划: who scores whom, proposed by the system with a seed, confirmed by the office (D-602).

use actix_web::http::header::HeaderName;
use actix_web::{post, web};
use pingxuan_domain::application::Application;
use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::campaign::definition::ScoringPolicy;
use pingxuan_domain::job::Asked;
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::verification::Assignment;
use pingxuan_domain::verification::plan::{self, LARGE, Method, Order, Plan, Repeats, Request, Review};
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::workflow::assignment::{AssignmentFacts, AssignmentFlow, AssignmentState};
use pingxuan_domain::workflow::{self};
use pingxuan_domain::{ErrorCode, Fault, Refused, Visibility};
use pingxuan_persistence::assignment_plans::{self, KeptPlan, Sealed};
use pingxuan_persistence::assignments::Case;
use pingxuan_persistence::{Tx, applications, assignments};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::assignments::{planned, planned_step};
use super::plan_table::Table;
use super::plan_views::{DrawView, PlanView};
use super::recusing::propose_recusals;
use super::repeating::drawn_seed;
use super::reviewing::Standing;
use crate::call::{Answer, Call};
use crate::campaign::locked;
use crate::enums;
use crate::jobs::asking::{begun, queued};
use crate::jobs::views::JobView;
use crate::problem::Failure;

/// What a client says that would rather be told where to look than wait (RFC 7240).
const PREFER: HeaderName = HeaderName::from_static("prefer");

/// What is to be planned, and how.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanRequest {
    /// One category; all of them where it is left out.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 60)]
    category_code: Option<String>,
    /// How the plan is made.
    #[serde(default = "balanced")]
    #[schema(value_type = enums::PlanMethod, default = "balanced")]
    method: Method,
    /// What becomes of pairs that met last year.
    #[serde(default = "avoided")]
    #[schema(value_type = enums::RepeatPairs, default = "avoided")]
    repeats: Repeats,
    /// What decides between equals: the same seed makes the same plan. 0 where it is left out.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    seed: Option<u64>,
    /// The public draw that decides between equals, instead of a seed.
    #[serde(default)]
    draw: Option<DrawView>,
}

fn balanced() -> Method {
    Method::Balanced
}

fn avoided() -> Repeats {
    Repeats::Avoided
}

impl PlanRequest {
    /// What is asked for in a campaign, with the seed that a draw gives: the first 53 bits of the SHA-256 of its result, the
    /// campaign's id and the category's code (nothing for all), in lines.
    fn order(self, campaign: &Campaign) -> Result<Order, Failure> {
        known(campaign, self.category_code.as_deref())?;
        let announced = campaign.definition.assignment_draw.as_ref();
        let announced = announced.filter(|_| self.draw.is_none() && self.method == Method::Optimal);
        let missing = announced
            .map(|draw| Fault::at("/draw", ErrorCode::DrawMissing).with("draw", draw.value.as_str()));
        let both = self.seed.is_some() && self.draw.is_some();
        let both = both.then(|| Fault::at("/seed", ErrorCode::SeedFromDraw));
        Refused::unless_valid(missing.into_iter().chain(both).collect())?;
        let draw = self.draw.map(plan::Draw::from);
        let drawn = draw.as_ref().map(|draw| drawn_seed(draw, campaign.id, self.category_code.as_deref()));
        Ok(Order {
            category_code: self.category_code,
            method: self.method,
            repeats: self.repeats,
            seed: drawn.or(self.seed).unwrap_or_default(),
            draw,
        })
    }
}

/// What is to be confirmed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmRequest {
    /// One category; all of them where it is left out.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 60)]
    category_code: Option<String>,
}

/// What was confirmed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConfirmedView {
    /// How many assignments.
    #[schema(minimum = 0, maximum = 100_000)]
    confirmed: usize,
}

/// 编制核查计划 · Plan the assignments
///
/// Proposes supervisors for every accepted application that still needs sheets: nobody of its unit, nobody who stands in
/// its category, nobody recused, loads even, the design of each category connected. `optimal` makes trips short too, by the coordinates
/// or districts of units, and avoids last year's pairs. What was planned before and neither confirmed nor locked is dropped. The recusals
/// that the system can see by itself are proposed first. The plan is kept with what it was made from, and anybody can repeat it: where
/// the definition announces a draw, an `optimal` plan needs its result. More than 20,000 pairs of nominee and supervisor, or
/// `Prefer: respond-async`, make it a job.
#[utoipa::path(
    tag = "verification",
    params(
        ("campaign_id" = Uuid, Path, description = "The campaign"),
        ("Prefer" = Option<String>, Header, description = "`respond-async`: be told where to look rather than wait (RFC 7240)", max_length = 1000)
    ),
    request_body = PlanRequest,
    responses(
        (status = 200, description = "The plan", body = PlanView),
        (status = 202, description = "The job that plans", body = JobView)
    )
)]
#[post("/campaigns/{campaign_id}/assignments/plan")]
pub async fn plan_assignments(call: Call, campaign_id: web::Path<Uuid>) -> Answer {
    let answer = call
        .act(async |tx| {
            let campaign = locked(&call, tx, *campaign_id).await?;
            let order = call.read::<PlanRequest>()?.order(&campaign)?;
            let laid = Laid::out(&call, tx, campaign, order).await?;
            if laid.request.size() > LARGE || waits_not(&call) {
                let asked = Asked::Plan { campaign_id: *campaign_id, order: laid.order };
                return queued(&call, tx, &begun(&call, asked, Some(*campaign_id))?).await;
            }
            let drawn_up = laid.drawn_up(&call).await?;
            laid.enter(&call, tx, &drawn_up).await?;
            call.plain(&laid.view(&call, &drawn_up))
        })
        .await?;
    call.app.jobs.wake.notify_one();
    Ok(answer)
}

/// Whether the client would rather not wait.
fn waits_not(call: &Call) -> bool {
    let preferences = call.header(PREFER).unwrap_or_default().split(',');
    preferences.map(str::trim).any(|preference| preference.eq_ignore_ascii_case("respond-async"))
}

/// What is to be planned, with all that it is planned from.
#[derive(Debug)]
pub struct Laid {
    campaign: Campaign,
    order: Order,
    table: Table,
    request: Request,
    /// What was planned before and is dropped.
    gone: Vec<Assignment>,
}

/// A plan, with the assignments that it makes, not yet entered.
#[derive(Debug)]
pub struct DrawnUp {
    plan: Plan,
    kept: KeptPlan,
    made: Vec<Assignment>,
}

impl DrawnUp {
    /// How many assignments it makes.
    #[must_use]
    pub fn assignments(&self) -> usize {
        self.made.len()
    }
}

impl Laid {
    /// Reads what a plan is made from, in a campaign that is locked, with what the system can see of recusals proposed first.
    ///
    /// # Errors
    /// 409 where the campaign does not verify.
    pub async fn out(call: &Call, tx: &Tx, campaign: Campaign, order: Order) -> Result<Self, Failure> {
        workflow::permit::<AssignmentFlow>(
            Some(AssignmentState::Planned),
            call.operation(),
            &phase_alone(&campaign),
        )?;
        propose_recusals(call, tx, &campaign).await?;
        let category = order.category_code.as_deref();
        let all = assignments::of_campaign(tx, &call.visibility, campaign.id).await?;
        let (gone, kept): (Vec<_>, Vec<_>) = all.into_iter().partition(|row| dropped(row, category));
        let system = Visibility::system(call.operation());
        let applications = applications::lock_all(tx, &system, campaign.id, category, &STATES).await?;
        let table = Table::read(call, tx, &campaign, (applications, alone(kept))).await?;
        let request = table.request(&campaign, &order);
        Ok(Self { campaign, order, table, request, gone: alone(gone) })
    }

    /// Makes the plan, beside the threads that answer requests.
    ///
    /// # Errors
    /// 422 where it is too large.
    pub async fn drawn_up(&self, call: &Call) -> Result<DrawnUp, Failure> {
        let plan = computed(self.request.clone()).await?;
        let made = plan.pairs.iter().map(|pair| planned(call, self.campaign.id, *pair));
        let kept = KeptPlan {
            id: call.app.clock.new_id(),
            campaign_id: self.campaign.id,
            category_code: self.order.category_code.clone(),
            method: self.order.method,
            seed: self.order.seed,
            draw: self.order.draw.clone(),
            inputs: Sealed::inputs(&self.request)?,
            result: Sealed::result(&plan)?,
            made_at: call.now,
            made_by: call.visibility.caller().principal(),
        };
        Ok(DrawnUp { made: made.collect(), plan, kept })
    }

    /// Enters a plan in the place of what was planned before, if it is made from what there is.
    ///
    /// # Errors
    /// 422 where it was made from something else.
    pub async fn enter(&self, call: &Call, tx: &Tx, drawn_up: &DrawnUp) -> Result<(), Failure> {
        let DrawnUp { kept, made, .. } = drawn_up;
        if Sealed::inputs(&self.request)?.digest != kept.inputs.digest {
            return Err(Failure::of(ErrorCode::PlanInputsChanged));
        }
        let gone = self.gone.iter().map(|assignment| {
            Step::of(call.operation(), ObjectKind::Assignment, assignment.id, call.now)
                .in_campaign(self.campaign.id)
                .states(Some(assignment.state), None)
        });
        let scope = (self.campaign.id, self.order.category_code.as_deref());
        assignments::delete_planned(tx, &call.journal(), scope, &gone.collect::<Vec<_>>()).await?;
        let mut steps: Vec<Step> = made.iter().map(|assignment| planned_step(call, assignment)).collect();
        steps.push(plan_step(call, kept, made.len()));
        assignments::insert_many(tx, &call.journal(), made, &steps).await?;
        Ok(assignment_plans::insert(tx, kept).await?)
    }

    /// A plan as it is shown.
    #[must_use]
    pub fn view(&self, call: &Call, DrawnUp { plan, kept, made }: &DrawnUp) -> PlanView {
        PlanView::of(call.language, &self.table, (kept, self.order.repeats), (plan, made))
    }
}

/// What falls apart though its scores are to be calibrated: no score is comparable across the gap (D-607). The cheapest swaps that
/// would join it are told with it.
async fn disconnected(
    call: &Call,
    tx: &Tx,
    campaign: &Campaign,
    category: Option<&str>,
) -> Result<Vec<Fault>, Failure> {
    let calibrated = |code: &str| {
        let category = campaign.definition.category(code);
        category.filter(|category| category.scoring_policy.value == ScoringPolicy::Calibrated)
    };
    let codes = campaign.definition.categories.iter().map(|category| category.code.as_str());
    if !codes
        .filter(|code| category.is_none_or(|wanted| wanted == *code))
        .any(|code| calibrated(code).is_some())
    {
        return Ok(Vec::new());
    }
    let standing = Standing::read(call, tx, campaign, category).await?;
    let apart = standing.reviews().await?.into_iter().filter(|(_, review)| review.quality.components > 1);
    let fault = |(code, review): (String, Review)| {
        let fault = Fault::new(ErrorCode::DesignDisconnected)
            .with("category", &calibrated(&code)?.title.value)
            .with("parts", review.quality.components);
        Some(fault.with("links", standing.proposal(&review)))
    };
    Ok(apart.filter_map(fault).collect())
}

/// The states of applications that are on the table.
pub(super) const STATES: [ApplicationState; 2] = [ApplicationState::Accepted, ApplicationState::Verified];

fn alone(assignments: Vec<(Assignment, String)>) -> Vec<Assignment> {
    assignments.into_iter().map(|(assignment, _)| assignment).collect()
}

async fn computed(request: Request) -> Result<Plan, Failure> {
    let plan = web::block(move || plan::plan(&request)).await;
    plan.map_err(|error| Failure::Internal(error.to_string()))?.map_err(Failure::Plain)
}

/// Plans who scores an application instead of somebody who is recused, if a sheet is missing and anybody may (D-602).
pub(super) async fn replaced(
    call: &Call,
    tx: &Tx,
    (campaign, application): (&Campaign, Application),
    seed: u64,
) -> Result<Option<Assignment>, Failure> {
    let system = Visibility::system(call.operation());
    let kept = alone(assignments::of_campaign(tx, &system, campaign.id).await?);
    let table = Table::read(call, tx, campaign, (vec![application], kept)).await?;
    let (method, repeats) = (Method::Balanced, Repeats::Avoided);
    let order = Order { category_code: None, method, repeats, seed, draw: None };
    let mut request = table.request(campaign, &order);
    request.nominees.iter_mut().for_each(|nominee| nominee.wanted = nominee.wanted.min(1));
    let plan = computed(request).await?;
    let Some(pair) = plan.pairs.first() else { return Ok(None) };
    let made = planned(call, campaign.id, *pair);
    let step = planned_step(call, &made);
    let journal = call.journal().as_system();
    assignments::insert_many(tx, &journal, std::slice::from_ref(&made), &[step]).await?;
    Ok(Some(made))
}

/// The plan as the audit tells it: whoever has its seed and what it was made from can make it again.
fn plan_step(call: &Call, kept: &KeptPlan, planned: usize) -> Step {
    let plan = json!({
        "plan_id": kept.id, "category_code": kept.category_code, "method": kept.method, "seed": kept.seed,
        "draw": kept.draw, "inputs_sha256": kept.inputs.digest, "result_sha256": kept.result.digest,
        "planned": planned,
    });
    Step::of(call.operation(), ObjectKind::Campaign, kept.campaign_id, call.now)
        .in_campaign(kept.campaign_id)
        .changing("/assignment_plan", None::<String>, plan)
}

/// Whether a new plan takes the place of an assignment.
fn dropped((assignment, code): &(Assignment, String), category: Option<&str>) -> bool {
    let planned = assignment.state == AssignmentState::Planned && !assignment.locked;
    planned && category.is_none_or(|wanted| wanted == code)
}

/// Sees to it that the category named is one of the campaign's.
fn known(campaign: &Campaign, category: Option<&str>) -> Result<(), Refused> {
    match category {
        Some(code) if campaign.definition.category(code).is_none() => {
            Err(Refused::invalid(Fault::at("/category_code", ErrorCode::UnknownCategory)))
        }
        Some(_) | None => Ok(()),
    }
}

/// What the guards ask where the phase alone decides.
fn phase_alone(campaign: &Campaign) -> AssignmentFacts {
    AssignmentFacts {
        phase: campaign.state,
        application_accepted: true,
        supervisor_in_office: true,
        own_unit: false,
        candidate: false,
        assigned_already: false,
        sheet_submitted: false,
        recused: false,
    }
}

/// 确认核查计划 · Confirm the assignments
///
/// Confirms all that is planned, in one category or in all: from now on the supervisors are told. Where one of them cannot
/// be confirmed, because the application is not accepted any more or the supervisor is recused, none is; nor where a category whose scores are to be calibrated
/// falls apart: what would join it is proposed (`get_assignment_plan` names the assignments).
#[utoipa::path(
    tag = "verification",
    params(("campaign_id" = Uuid, Path, description = "The campaign")),
    request_body = ConfirmRequest,
    responses((status = 200, description = "How many were confirmed", body = ConfirmedView))
)]
#[post("/campaigns/{campaign_id}/assignments/confirm")]
pub async fn confirm_assignments(call: Call, campaign_id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let confirmed = confirmed(&call, tx, *campaign_id).await?;
        call.plain(&ConfirmedView { confirmed })
    })
    .await
}

async fn confirmed(call: &Call, tx: &Tx, campaign_id: Uuid) -> Result<usize, Failure> {
    let campaign = locked(call, tx, campaign_id).await?;
    let sent: ConfirmRequest = call.read()?;
    let scope = (campaign_id, sent.category_code.as_deref());
    known(&campaign, scope.1)?;
    let (from, operation) = (AssignmentState::Planned, call.operation());
    workflow::permit::<AssignmentFlow>(Some(from), operation, &phase_alone(&campaign))?;
    let to = workflow::next::<AssignmentFlow>(from, operation)?;
    let planned = assignments::planned(tx, &call.visibility, scope).await?;
    if planned.is_empty() {
        return Err(Failure::guard(ErrorCode::NothingPlanned));
    }
    let against = |case: &Case| {
        let name = format!("{} · {}", case.nominee_name, case.supervisor_name);
        let faults = workflow::blockers::<AssignmentFlow>(Some(from), operation, &case.facts(call.now));
        faults.into_iter().flatten().map(move |fault| fault.about(name.as_str()))
    };
    let mut faults: Vec<Fault> = planned.iter().flat_map(against).collect();
    faults.extend(disconnected(call, tx, &campaign, scope.1).await?);
    if !faults.is_empty() {
        return Err(Refused::Guards(faults).into());
    }
    let step = |case: &Case| {
        Step::of(operation, ObjectKind::Assignment, case.assignment.id, call.now)
            .in_campaign(campaign_id)
            .states(Some(from), Some(to))
    };
    let steps: Vec<Step> = planned.iter().map(step).collect();
    assignments::record_many(tx, &call.journal(), scope, (from, to), &steps).await?;
    Ok(steps.len())
}

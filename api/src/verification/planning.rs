//! 核查计划: who scores whom, proposed by the system with a seed, confirmed by the office (D-602).

use std::collections::{HashMap, HashSet};

use actix_web::{post, web};
use pingxuan_domain::application::Application;
use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::county::Supervisor;
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::verification::Assignment;
use pingxuan_domain::verification::plan::{self, Method, Nominee, Plan, Request};
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::workflow::assignment::{AssignmentFacts, AssignmentFlow, AssignmentState};
use pingxuan_domain::workflow::{self};
use pingxuan_domain::{ErrorCode, Fault, Refused, Visibility};
use pingxuan_persistence::assignments::Case;
use pingxuan_persistence::{Tx, applications, assignments, recusals, score_sheets, supervisors};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::assignments::{planned, planned_step};
use super::recusing::propose_recusals;
use crate::call::{Answer, Call};
use crate::campaign::locked;
use crate::enums;
use crate::problem::Failure;

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
    /// What decides between equals: the same seed makes the same plan.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 9007199254740991i64, default = 0)]
    seed: u64,
}

fn balanced() -> Method {
    Method::Balanced
}

/// A plan, for the office to adjust and confirm.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanView {
    /// The new assignments.
    #[schema(max_items = 100_000)]
    items: Vec<PlannedView>,
    /// Applications that cannot get all the sheets they need.
    #[schema(max_items = 100_000)]
    short: Vec<ShortView>,
    /// Whether the assignments, old and new, hang together: only then can supervisors be compared.
    connected: bool,
    /// What each supervisor has in the campaign with this plan.
    #[schema(max_items = 10_000)]
    loads: Vec<LoadView>,
    /// The seed that it was made with.
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    seed: u64,
}

/// One planned assignment.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlannedView {
    id: Uuid,
    /// The application to score.
    application_id: Uuid,
    /// Its category.
    #[schema(max_length = 60)]
    category_code: String,
    /// Who is to be scored.
    #[schema(max_length = 100)]
    nominee_name: String,
    /// Who is to score it.
    supervisor_id: Uuid,
    /// Their name.
    #[schema(max_length = 50)]
    supervisor_name: String,
}

/// An application with too few supervisors who may score it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShortView {
    /// The application.
    application_id: Uuid,
    /// Who is to be scored.
    #[schema(max_length = 100)]
    nominee_name: String,
    /// How many sheets are missing.
    #[schema(minimum = 1, maximum = 1000)]
    missing: u32,
}

/// What a supervisor has to score.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoadView {
    /// The supervisor.
    supervisor_id: Uuid,
    /// Their name.
    #[schema(max_length = 50)]
    supervisor_name: String,
    /// How many applications.
    #[schema(minimum = 0, maximum = 100_000)]
    assignments: u32,
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
/// its category, nobody recused, loads even, the design connected. What was planned before and not confirmed is dropped.
/// The recusals that the system can see by itself are proposed first.
#[utoipa::path(
    tag = "verification",
    params(("campaign_id" = Uuid, Path, description = "The campaign")),
    request_body = PlanRequest,
    responses((status = 200, description = "The plan", body = PlanView))
)]
#[post("/campaigns/{campaign_id}/assignments/plan")]
pub async fn plan_assignments(call: Call, campaign_id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let view = laid_out(&call, tx, *campaign_id).await?;
        call.plain(&view)
    })
    .await
}

async fn laid_out(call: &Call, tx: &Tx, campaign_id: Uuid) -> Result<PlanView, Failure> {
    let campaign = locked(call, tx, campaign_id).await?;
    let sent: PlanRequest = call.read()?;
    let category = sent.category_code.as_deref();
    known(&campaign, category)?;
    workflow::permit::<AssignmentFlow>(
        Some(AssignmentState::Planned),
        call.operation(),
        &phase_alone(&campaign),
    )?;
    propose_recusals(call, tx, &campaign).await?;
    let kept = dropped(call, tx, (campaign_id, category)).await?;
    let system = Visibility::system(call.operation());
    let states = [ApplicationState::Accepted, ApplicationState::Verified];
    let applications = applications::lock_all(tx, &system, campaign_id, category, &states).await?;
    let table = Table::read(call, tx, &campaign, (applications, kept)).await?;
    let plan = computed(table.request(&campaign, sent.method, sent.seed)).await?;
    let pairs = plan.pairs.iter().map(|pair| planned(call, campaign_id, *pair));
    let made: Vec<Assignment> = pairs.collect();
    let mut steps: Vec<Step> = made.iter().map(|assignment| planned_step(call, assignment)).collect();
    steps.push(plan_step(call, campaign_id, &sent, made.len()));
    assignments::insert_many(tx, &call.journal(), &made, &steps).await?;
    Ok(table.view(&made, plan, sent.seed))
}

/// A plan is made beside the threads that answer requests.
async fn computed(request: Request) -> Result<Plan, Failure> {
    let plan = web::block(move || plan::plan(&request)).await;
    plan.map_err(|error| Failure::Internal(error.to_string()))
}

/// Plans who scores an application instead of somebody who is recused, if a sheet is missing and anybody may (D-602).
pub(super) async fn replaced(
    call: &Call,
    tx: &Tx,
    (campaign, application): (&Campaign, Application),
    seed: u64,
) -> Result<Option<Assignment>, Failure> {
    let system = Visibility::system(call.operation());
    let all = assignments::of_campaign(tx, &system, campaign.id).await?;
    let kept = all.into_iter().map(|(assignment, _)| assignment).collect();
    let table = Table::read(call, tx, campaign, (vec![application], kept)).await?;
    let mut request = table.request(campaign, Method::Balanced, seed);
    request.nominees.iter_mut().for_each(|nominee| nominee.wanted = nominee.wanted.min(1));
    let plan = computed(request).await?;
    let Some(pair) = plan.pairs.first() else { return Ok(None) };
    let made = planned(call, campaign.id, *pair);
    let step = planned_step(call, &made);
    let journal = call.journal().as_system();
    assignments::insert_many(tx, &journal, std::slice::from_ref(&made), &[step]).await?;
    Ok(Some(made))
}

/// The plan as the audit tells it: whoever has its seed can make it again.
fn plan_step(call: &Call, campaign_id: Uuid, sent: &PlanRequest, planned: usize) -> Step {
    let plan = json!({
        "category_code": sent.category_code, "method": sent.method, "seed": sent.seed, "planned": planned,
    });
    Step::of(call.operation(), ObjectKind::Campaign, campaign_id, call.now).in_campaign(campaign_id).changing(
        "/assignment_plan",
        None::<String>,
        plan,
    )
}

/// Drops what was planned before in the scope, and answers what stays of the whole campaign.
async fn dropped(call: &Call, tx: &Tx, scope: (Uuid, Option<&str>)) -> Result<Vec<Assignment>, Failure> {
    let all = assignments::of_campaign(tx, &call.visibility, scope.0).await?;
    let (gone, kept): (Vec<_>, Vec<_>) = all.into_iter().partition(|row| in_scope(row, scope.1));
    let steps = gone.iter().map(|(assignment, _)| {
        Step::of(call.operation(), ObjectKind::Assignment, assignment.id, call.now)
            .in_campaign(scope.0)
            .states(Some(assignment.state), None)
    });
    assignments::delete_planned(tx, &call.journal(), scope, &steps.collect::<Vec<_>>()).await?;
    Ok(kept.into_iter().map(|(assignment, _)| assignment).collect())
}

fn in_scope((assignment, code): &(Assignment, String), category: Option<&str>) -> bool {
    assignment.state == AssignmentState::Planned && category.is_none_or(|wanted| wanted == code)
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

/// What a plan is laid out from.
struct Table {
    applications: Vec<Application>,
    supervisors: Vec<Supervisor>,
    candidates: Vec<(String, Uuid)>,
    kept: Vec<Assignment>,
    /// Assignments whose submitted sheets do not count: another is due for each (D-604).
    void: HashSet<Uuid>,
    /// Whom recusals bind: application and supervisor (D-603).
    bound: Vec<(Uuid, Uuid)>,
}

impl Table {
    async fn read(
        call: &Call,
        tx: &Tx,
        campaign: &Campaign,
        (applications, kept): (Vec<Application>, Vec<Assignment>),
    ) -> Result<Self, Failure> {
        let system = Visibility::system(call.operation());
        let recusals = recusals::of_supervisors(tx, &system, campaign.id).await?;
        let bound = recusals.iter().filter(|recusal| recusal.state.binds());
        Ok(Self {
            applications,
            supervisors: supervisors::in_office(tx, &system, call.now.day()).await?,
            candidates: supervisors::candidates(tx, &system, campaign.id).await?,
            kept,
            void: score_sheets::void(tx, &system, campaign.id).await?,
            bound: bound
                .filter_map(|recusal| Some((recusal.application_id, recusal.supervisor_id?)))
                .collect(),
        })
    }

    fn request(&self, campaign: &Campaign, method: Method, seed: u64) -> Request {
        let supervisors = self.supervisors.iter().map(|supervisor| plan::Supervisor {
            id: supervisor.id,
            unit_id: supervisor.unit_id,
            load: count(self.working().filter(|assignment| assignment.supervisor_id == supervisor.id)),
        });
        Request {
            nominees: self
                .applications
                .iter()
                .map(|application| self.nominee(campaign, application))
                .collect(),
            supervisors: supervisors.collect(),
            method,
            seed,
        }
    }

    fn nominee(&self, campaign: &Campaign, application: &Application) -> Nominee {
        let category = campaign.definition.category(&application.category_code);
        let visits = category.map_or(0, |category| category.visits.value);
        let needed = application.handling.sheets_needed(visits);
        let of_nominee = |assignment: &&Assignment| assignment.application_id == application.id;
        let counting = count(self.working().filter(of_nominee).filter(|one| !self.void.contains(&one.id)));
        // Whoever is verified has the sheets it needs; it is on the table because it ties supervisors together.
        let wanted = if application.state == ApplicationState::Accepted { needed } else { 0 };
        let candidates = self.candidates.iter().filter(|(code, _)| *code == application.category_code);
        let bound = self.bound.iter().filter(|(id, _)| *id == application.id);
        Nominee {
            application_id: application.id,
            unit_id: application.unit_id,
            wanted: wanted.saturating_sub(counting),
            assigned: self
                .kept
                .iter()
                .filter(of_nominee)
                .map(|assignment| assignment.supervisor_id)
                .collect(),
            barred: candidates.map(|(_, id)| *id).chain(bound.map(|(_, id)| *id)).collect(),
        }
    }

    fn working(&self) -> impl Iterator<Item = &Assignment> {
        self.kept.iter().filter(|assignment| assignment.state != AssignmentState::Recused)
    }

    fn view(&self, made: &[Assignment], plan: Plan, seed: u64) -> PlanView {
        let nominees: HashMap<Uuid, &Application> =
            self.applications.iter().map(|one| (one.id, one)).collect();
        let names: HashMap<Uuid, &str> =
            self.supervisors.iter().map(|one| (one.id, one.name.as_str())).collect();
        let name = |id: &Uuid| names.get(id).copied().unwrap_or_default().to_owned();
        let nominee = |id: &Uuid| nominees.get(id).map_or_else(String::new, |one| one.nominee_name.clone());
        let item = |assignment: &Assignment| PlannedView {
            id: assignment.id,
            application_id: assignment.application_id,
            category_code: nominees
                .get(&assignment.application_id)
                .map_or_else(String::new, |one| one.category_code.clone()),
            nominee_name: nominee(&assignment.application_id),
            supervisor_id: assignment.supervisor_id,
            supervisor_name: name(&assignment.supervisor_id),
        };
        let short = plan.short.iter();
        let loads = plan.loads.iter();
        PlanView {
            items: made.iter().map(item).collect(),
            short: short
                .map(|(id, missing)| ShortView {
                    application_id: *id,
                    nominee_name: nominee(id),
                    missing: *missing,
                })
                .collect(),
            connected: plan.connected,
            loads: loads
                .map(|(id, load)| LoadView {
                    supervisor_id: *id,
                    supervisor_name: name(id),
                    assignments: *load,
                })
                .collect(),
            seed,
        }
    }
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

/// 确认核查计划 · Confirm the assignments
///
/// Confirms all that is planned, in one category or in all: from now on the supervisors are told. Where one of them cannot
/// be confirmed, because the application is not accepted any more or the supervisor is recused, none is.
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
    let faults: Vec<Fault> = planned.iter().flat_map(against).collect();
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

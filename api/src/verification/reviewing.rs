//! 核查计划的质量: how well the assignments stand, what would make them better, and how the plan can be repeated (D-602).

use std::collections::HashMap;

use actix_web::{get, web};
use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::review::calibration::Grade;
use pingxuan_domain::review::measure::Measure;
use pingxuan_domain::verification::Assignment;
use pingxuan_domain::verification::plan::{
    Conflict, ConflictReason, Method, Order, Repeats, Request, Review, review,
};
use pingxuan_domain::workflow::assignment::AssignmentState;
use pingxuan_domain::{Instant, Visibility};
use pingxuan_persistence::assignment_plans::{self, KeptPlan};
use pingxuan_persistence::{Connection, applications, assignments};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::assignments::seen_campaign;
use super::plan_table::Table;
use super::plan_views::DrawView;
use super::planning::STATES;
use crate::call::{Answer, Call};
use crate::catalogue::label;
use crate::enums;
use crate::problem::Failure;

/// Pairs that are ruled out and told at once.
const CONFLICTS: usize = 1_000;

/// Of what the plan is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PlanQuery {
    /// 类别代码 · In this category; of all that were planned at once where it is left out.
    #[param(min_length = 1, max_length = 60, pattern = "^[a-z][a-z0-9_]*$")]
    category_code: Option<String>,
}

/// The latest plan, how well the assignments stand now, and which pairs are ruled out.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct AssignmentPlanView {
    /// The latest plan; left out where none was made.
    plan: Option<KeptPlanView>,
    /// Each category in which somebody is assigned, as it is now.
    #[schema(max_items = 20)]
    categories: Vec<CategoryDesignView>,
    /// Pairs that are ruled out, one line for each reason: the first thousand.
    #[schema(max_items = 1000)]
    conflicts: Vec<ConflictView>,
    /// How many there are in all.
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    conflicts_total: usize,
}

/// A plan with all that is needed to repeat it: `pingxuan verify-plan` does, from this answer as a file.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptPlanView {
    id: Uuid,
    /// The campaign.
    campaign_id: Uuid,
    /// The category; left out where all were planned.
    #[schema(max_length = 60)]
    category_code: Option<String>,
    /// How it was made.
    #[schema(value_type = enums::PlanMethod)]
    method: Method,
    /// The seed that it was made with.
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    seed: u64,
    /// The public draw from which the seed follows.
    draw: Option<DrawView>,
    /// What it was made from.
    #[schema(value_type = Object)]
    inputs: Value,
    /// SHA-256 of that as canonical JSON (RFC 8785).
    #[schema(min_length = 64, max_length = 64)]
    inputs_sha256: String,
    /// What came of it.
    #[schema(value_type = Object)]
    result: Value,
    /// SHA-256 of that as canonical JSON (RFC 8785).
    #[schema(min_length = 64, max_length = 64)]
    result_sha256: String,
    #[schema(value_type = String, format = DateTime)]
    made_at: Instant,
    /// The account that had it made.
    made_by: Option<Uuid>,
}

/// How well the supervisors of a category can be compared by their assignments.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryDesignView {
    /// The category.
    #[schema(max_length = 60)]
    category_code: String,
    /// In how many parts the assignments fall; 1 is whole.
    #[schema(minimum = 1, maximum = 100_000)]
    components: usize,
    /// How much they tell of differences between supervisors; 0 where they fall apart.
    #[schema(value_type = String, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    efficiency: Measure,
    /// The most that as many assignments could tell.
    #[schema(value_type = String, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    efficiency_bound: Measure,
    /// The one over the other.
    #[schema(value_type = String, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    share_of_bound: Measure,
    /// The same as a word: good from .8 on, poor below .5.
    #[schema(value_type = enums::DesignGrade)]
    grade: Grade,
    /// The squares of how many nominees two supervisors share, added up: the less, the better mixed.
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    pair_square: i64,
    /// What that cannot be below.
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    pair_square_bound: i64,
    /// What trips and last year's pairs cost, in hundreds of metres.
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    cost: i64,
    /// The one further assignment that would bring most.
    one_more: Option<OneMoreView>,
    /// The cheapest swaps that join what hangs apart, to be made one after another with `update_assignment`.
    #[schema(max_items = 1000)]
    links: Vec<LinkView>,
}

/// A further assignment and what it would bring.
#[derive(Debug, Serialize, ToSchema)]
pub struct OneMoreView {
    /// The application.
    application_id: Uuid,
    /// Who is to be scored.
    #[schema(max_length = 100)]
    nominee_name: String,
    /// Who would score it.
    supervisor_id: Uuid,
    /// Their name.
    #[schema(max_length = 50)]
    supervisor_name: String,
    /// The efficiency now.
    #[schema(value_type = String, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    before: Measure,
    /// The efficiency with it.
    #[schema(value_type = String, max_length = 21, pattern = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$")]
    after: Measure,
}

/// Two assignments whose supervisors change places.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkView {
    /// The one that is changed.
    assignment_id: Uuid,
    /// Who and by whom: nominee and supervisor before the swap.
    #[schema(max_length = 200)]
    assignment: String,
    /// What `update_assignment` takes as `swap_with`.
    swap_with: Uuid,
    /// Who and by whom.
    #[schema(max_length = 200)]
    other: String,
    /// By how many hundreds of metres trips grow.
    #[schema(minimum = -9007199254740991i64, maximum = 9007199254740991i64)]
    dearer: i64,
}

/// A pair that is ruled out.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConflictView {
    /// The application.
    application_id: Uuid,
    /// Who is to be scored.
    #[schema(max_length = 100)]
    nominee_name: String,
    /// Who may not score it.
    supervisor_id: Uuid,
    /// Their name.
    #[schema(max_length = 50)]
    supervisor_name: String,
    /// Why.
    #[schema(value_type = enums::ConflictReason)]
    reason: ConflictReason,
    /// The same in the caller's language.
    #[schema(max_length = 100)]
    reason_label: String,
}

/// 查看核查计划 · Get the plan of assignments
///
/// The latest plan with its seed, draw, and what it was made from and came to, so that anybody can repeat it; and how well the assignments
/// stand now, whoever made them: how well supervisors can be compared, what one more assignment would bring, which swaps join what hangs
/// apart, and which pairs are ruled out for which reason.
#[utoipa::path(
    tag = "verification",
    params(("campaign_id" = Uuid, Path, description = "The campaign"), PlanQuery),
    responses((status = 200, description = "The plan", body = AssignmentPlanView))
)]
#[get("/campaigns/{campaign_id}/assignments/plan")]
pub async fn get_assignment_plan(call: Call, campaign_id: web::Path<Uuid>) -> Answer {
    let campaign = seen_campaign(&call, *campaign_id).await?;
    let asked: PlanQuery = call.filters()?;
    let category = asked.category_code.as_deref();
    if category.is_some_and(|code| campaign.definition.category(code).is_none()) {
        return Err(Failure::not_found());
    }
    let reader = call.app.db.read();
    let kept = assignment_plans::latest(reader, &call.visibility, *campaign_id, category).await?;
    let standing = Standing::read(&call, reader, &campaign, category).await?;
    let reviews = standing.reviews().await?;
    let conflicts = standing.conflicts();
    let view = AssignmentPlanView {
        plan: kept.map(KeptPlanView::of).transpose()?,
        categories: reviews.iter().map(|(code, review)| standing.design(code, review)).collect(),
        conflicts_total: conflicts.len(),
        conflicts: conflicts.iter().take(CONFLICTS).map(|one| standing.conflict(&call, one)).collect(),
    };
    call.plain(&view)
}

/// The assignments of a campaign, or of one category in it, as they stand.
#[derive(Debug)]
pub struct Standing {
    table: Table,
    request: Request,
    /// Those that may still be swapped.
    free: Vec<Assignment>,
}

impl Standing {
    /// Reads them, with all that ties supervisors to nominees.
    ///
    /// # Errors
    /// [`Failure`] where the database refuses.
    pub async fn read(
        call: &Call,
        connection: &impl Connection,
        campaign: &Campaign,
        category: Option<&str>,
    ) -> Result<Self, Failure> {
        let system = Visibility::system(call.operation());
        let all = assignments::of_campaign(connection, &system, campaign.id).await?;
        let all = all.into_iter().map(|(assignment, _)| assignment);
        let (free, kept) =
            all.partition(|one: &Assignment| one.state == AssignmentState::Planned && !one.locked);
        let applications = applications::all(connection, &system, campaign.id, category, &STATES).await?;
        let table = Table::read(call, connection, campaign, (applications, kept)).await?;
        let (method, repeats) = (Method::Optimal, Repeats::Avoided);
        let order = Order { category_code: None, method, repeats, seed: 0, draw: None };
        let request = table.request(campaign, &order);
        Ok(Self { table, request, free })
    }

    /// How well each category stands in which somebody is assigned, reckoned beside the threads that answer requests. What is too
    /// large to be reckoned is left out.
    ///
    /// # Errors
    /// [`Failure`] where it was given up.
    pub async fn reviews(&self) -> Result<Vec<(String, Review)>, Failure> {
        let request = self.request.clone();
        let free: Vec<_> = self.free.iter().map(|one| (one.application_id, one.supervisor_id)).collect();
        let reckoned = web::block(move || {
            let codes = request.categories().into_iter();
            let reviewed =
                codes.filter_map(|code| Some((code.to_owned(), review(&request, code, &free).ok()?)));
            reviewed.filter(|(_, review)| review.quality.components > 0).collect()
        });
        reckoned.await.map_err(|error| Failure::Internal(error.to_string()))
    }

    /// A swap by nominee and supervisor, in every language alike.
    fn named(&self, (application_id, supervisor_id): (Uuid, Uuid)) -> String {
        let nominee = self.table.applications.iter().find(|one| one.id == application_id);
        let supervisor = self.table.supervisors.iter().find(|one| one.id == supervisor_id);
        let nominee = nominee.map_or("", |one| one.nominee_name.as_str());
        format!("{nominee} · {}", supervisor.map_or("", |one| one.name.as_str()))
    }

    /// What would join the parts of a category, as one line.
    #[must_use]
    pub fn proposal(&self, review: &Review) -> String {
        let swaps = review.links.iter();
        let swaps = swaps.map(|swap| format!("{} ⇄ {}", self.named(swap.one), self.named(swap.other)));
        let swaps: Vec<String> = swaps.collect();
        if swaps.is_empty() { "—".to_owned() } else { swaps.join("；") }
    }

    /// The swaps with the assignments that they are of, each after those before it.
    fn links(&self, review: &Review) -> Vec<LinkView> {
        let pair = |one: &Assignment| ((one.application_id, one.supervisor_id), one.id);
        let mut held: HashMap<(Uuid, Uuid), Uuid> = self.free.iter().map(pair).collect();
        let mut links = Vec::new();
        for swap in &review.links {
            let (Some(one), Some(other)) = (held.remove(&swap.one), held.remove(&swap.other)) else { break };
            held.insert((swap.one.0, swap.other.1), one);
            held.insert((swap.other.0, swap.one.1), other);
            links.push(LinkView {
                assignment_id: one,
                assignment: self.named(swap.one),
                swap_with: other,
                other: self.named(swap.other),
                dearer: swap.dearer,
            });
        }
        links
    }

    fn design(&self, category_code: &str, review: &Review) -> CategoryDesignView {
        let quality = &review.quality;
        let nominees = self.table.nominee_names();
        let supervisors = self.table.supervisor_names();
        let one_more = review.one_more.map(|more| OneMoreView {
            application_id: more.pair.0,
            nominee_name: nominees.get(&more.pair.0).map_or_else(String::new, |one| one.nominee_name.clone()),
            supervisor_id: more.pair.1,
            supervisor_name: supervisors.get(&more.pair.1).copied().unwrap_or_default().to_owned(),
            before: Measure::from_f64(more.before),
            after: Measure::from_f64(more.after),
        });
        CategoryDesignView {
            category_code: category_code.to_owned(),
            components: quality.components,
            efficiency: Measure::from_f64(quality.efficiency),
            efficiency_bound: Measure::from_f64(quality.bound),
            share_of_bound: Measure::from_f64(quality.share_of_bound),
            grade: quality.grade,
            pair_square: quality.pair_square,
            pair_square_bound: quality.pair_square_bound,
            cost: quality.cost,
            one_more,
            links: self.links(review),
        }
    }

    /// Pairs that are ruled out, of supervisors who might be assigned otherwise.
    fn conflicts(&self) -> Vec<Conflict> {
        let in_office = self.table.supervisor_names();
        let mut conflicts = self.request.conflicts();
        conflicts.retain(|conflict| in_office.contains_key(&conflict.supervisor_id));
        conflicts.dedup();
        conflicts
    }

    fn conflict(&self, call: &Call, conflict: &Conflict) -> ConflictView {
        let Conflict { application_id, supervisor_id, reason } = *conflict;
        let nominee = self.table.applications.iter().find(|one| one.id == application_id);
        let supervisor = self.table.supervisors.iter().find(|one| one.id == supervisor_id);
        ConflictView {
            application_id,
            nominee_name: nominee.map_or_else(String::new, |one| one.nominee_name.clone()),
            supervisor_id,
            supervisor_name: supervisor.map_or_else(String::new, |one| one.name.clone()),
            reason,
            reason_label: label(call.language, "conflict_reason", reason.into()),
        }
    }
}

impl KeptPlanView {
    fn of(kept: KeptPlan) -> Result<Self, Failure> {
        let read = |text: &str| {
            serde_json::from_str(text).map_err(|error| Failure::Internal(format!("a kept plan: {error}")))
        };
        Ok(Self {
            id: kept.id,
            campaign_id: kept.campaign_id,
            category_code: kept.category_code,
            method: kept.method,
            seed: kept.seed,
            draw: kept.draw.map(DrawView::from),
            inputs: read(&kept.inputs.text)?,
            inputs_sha256: kept.inputs.digest,
            result: read(&kept.result.text)?,
            result_sha256: kept.result.digest,
            made_at: kept.made_at,
            made_by: kept.made_by,
        })
    }
}

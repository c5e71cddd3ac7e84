//! How plans are shown: with names, and with the reasons for what could not be done.

use std::collections::HashMap;

use pingxuan_domain::Fact;
use pingxuan_domain::application::Application;
use pingxuan_domain::verification::Assignment;
use pingxuan_domain::verification::plan::{Cut, Draw, Method, Plan, Repeats, Short};
use pingxuan_persistence::assignment_plans::KeptPlan;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::plan_table::Table;
use crate::catalogue::{Language, tell};
use crate::enums;

/// Nominees that a sentence names; of more it says how many there are.
const NAMED: usize = 5;

/// A public draw.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DrawView {
    /// Which draw: as the definition announces it, where it does.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// What was drawn, as it was published, character by character.
    #[schema(min_length = 1, max_length = 200)]
    pub result: String,
}

impl From<DrawView> for Draw {
    fn from(DrawView { name, result }: DrawView) -> Self {
        Self { name, result }
    }
}

impl From<Draw> for DrawView {
    fn from(Draw { name, result }: Draw) -> Self {
        Self { name, result }
    }
}

/// A plan, for the office to adjust and confirm.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanView {
    id: Uuid,
    /// How it was made.
    #[schema(value_type = enums::PlanMethod)]
    method: Method,
    /// What became of last year's pairs.
    #[schema(value_type = enums::RepeatPairs)]
    repeats: Repeats,
    /// The new assignments.
    #[schema(max_items = 100_000)]
    items: Vec<PlannedView>,
    /// Applications that cannot get all the sheets they need.
    #[schema(max_items = 100_000)]
    short: Vec<ShortView>,
    /// Why sheets are missing: who competes for whom, one line for each category.
    #[schema(max_items = 20)]
    cuts: Vec<CutView>,
    /// Whether the assignments of each category, old and new, hang together: only then can supervisors be compared.
    connected: bool,
    /// What each supervisor has in the campaign with this plan.
    #[schema(max_items = 10_000)]
    loads: Vec<LoadView>,
    /// The seed that it was made with.
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    seed: u64,
    /// The public draw from which the seed follows.
    draw: Option<DrawView>,
    /// SHA-256 of what it was made from, as `get_assignment_plan` shows it.
    #[schema(min_length = 64, max_length = 64)]
    inputs_sha256: String,
    /// SHA-256 of what came of it.
    #[schema(min_length = 64, max_length = 64)]
    result_sha256: String,
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
    missing: usize,
    /// All who may score it.
    #[schema(max_items = 10_000)]
    supervisors: Vec<SupervisorNameView>,
}

/// A supervisor by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupervisorNameView {
    /// The supervisor.
    supervisor_id: Uuid,
    /// Their name.
    #[schema(max_length = 50)]
    supervisor_name: String,
}

/// Applications that compete for supervisors.
#[derive(Debug, Serialize, ToSchema)]
pub struct CutView {
    /// The category.
    #[schema(max_length = 60)]
    category_code: String,
    /// The applications.
    #[schema(max_items = 100_000)]
    application_ids: Vec<Uuid>,
    /// All supervisors who may score any of them.
    #[schema(max_items = 10_000)]
    supervisors: Vec<SupervisorNameView>,
    /// Sheets that they need in all.
    #[schema(minimum = 0, maximum = 100_000)]
    wanted: usize,
    /// Sheets that they can get in all.
    #[schema(minimum = 0, maximum = 100_000)]
    possible: usize,
    /// The same as a sentence, in the caller's language.
    #[schema(max_length = 2000)]
    explanation: String,
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

/// What is told by name.
struct Names<'a> {
    language: Language,
    nominees: HashMap<Uuid, &'a Application>,
    supervisors: HashMap<Uuid, &'a str>,
}

impl Names<'_> {
    fn nominee(&self, id: &Uuid) -> String {
        self.nominees.get(id).map_or_else(String::new, |one| one.nominee_name.clone())
    }

    fn category(&self, id: &Uuid) -> String {
        self.nominees.get(id).map_or_else(String::new, |one| one.category_code.clone())
    }

    fn supervisor(&self, id: &Uuid) -> String {
        self.supervisors.get(id).copied().unwrap_or_default().to_owned()
    }

    fn supervisors(&self, ids: &[Uuid]) -> Vec<SupervisorNameView> {
        let named =
            |id: &Uuid| SupervisorNameView { supervisor_id: *id, supervisor_name: self.supervisor(id) };
        ids.iter().map(named).collect()
    }

    fn planned(&self, assignment: &Assignment) -> PlannedView {
        PlannedView {
            id: assignment.id,
            application_id: assignment.application_id,
            category_code: self.category(&assignment.application_id),
            nominee_name: self.nominee(&assignment.application_id),
            supervisor_id: assignment.supervisor_id,
            supervisor_name: self.supervisor(&assignment.supervisor_id),
        }
    }

    fn short(&self, short: &Short) -> ShortView {
        ShortView {
            application_id: short.application_id,
            nominee_name: self.nominee(&short.application_id),
            missing: short.missing,
            supervisors: self.supervisors(&short.supervisors),
        }
    }

    fn cut(&self, cut: &Cut) -> CutView {
        let named: Vec<String> = cut.applications.iter().take(NAMED).map(|id| self.nominee(id)).collect();
        let facts = [
            ("nominees", named.join("、").into()),
            ("count", cut.applications.len().into()),
            ("supervisors", cut.supervisors.len().into()),
            ("wanted", cut.wanted.into()),
            ("possible", cut.possible.into()),
        ];
        let facts: [(&'static str, Fact); 5] = facts;
        let key = if cut.applications.len() > NAMED { "plan-cut-of-many" } else { "plan-cut" };
        CutView {
            category_code: cut.category_code.clone(),
            application_ids: cut.applications.clone(),
            supervisors: self.supervisors(&cut.supervisors),
            wanted: cut.wanted,
            possible: cut.possible,
            explanation: tell(self.language, key, &facts),
        }
    }
}

impl PlanView {
    /// A plan that was made, with the assignments that it makes.
    #[must_use]
    pub fn of(
        language: Language,
        table: &Table,
        (kept, repeats): (&KeptPlan, Repeats),
        (plan, made): (&Plan, &[Assignment]),
    ) -> Self {
        let (nominees, supervisors) = (table.nominee_names(), table.supervisor_names());
        let names = Names { language, nominees, supervisors };
        let load = |(id, load): (&Uuid, &u32)| LoadView {
            supervisor_id: *id,
            supervisor_name: names.supervisor(id),
            assignments: *load,
        };
        Self {
            id: kept.id,
            method: kept.method,
            repeats,
            items: made.iter().map(|assignment| names.planned(assignment)).collect(),
            short: plan.short.iter().map(|short| names.short(short)).collect(),
            cuts: plan.cuts.iter().map(|cut| names.cut(cut)).collect(),
            connected: plan.apart.is_empty(),
            loads: plan.loads.iter().map(load).collect(),
            seed: kept.seed,
            draw: kept.draw.clone().map(DrawView::from),
            inputs_sha256: kept.inputs.digest.clone(),
            result_sha256: kept.result.digest.clone(),
        }
    }
}

//! What a plan is made from: the nominees, the supervisors, and all that ties one to another (D-602, D-603, D-605).

use std::collections::{BTreeMap, HashMap, HashSet};

use pingxuan_domain::Visibility;
use pingxuan_domain::application::Application;
use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::county::Supervisor;
use pingxuan_domain::geography::Place;
use pingxuan_domain::verification::Assignment;
use pingxuan_domain::verification::plan::{self, ConflictReason, Nominee, Order, Request};
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::workflow::assignment::AssignmentState;
use pingxuan_persistence::{Connection, assignment_plans, recusals, score_sheets, supervisors, units};
use uuid::Uuid;

use crate::call::Call;
use crate::problem::Failure;

/// Everything that a plan is made from, as it is read.
#[derive(Debug)]
pub struct Table {
    /// The nominees.
    pub applications: Vec<Application>,
    /// Who is in office.
    pub supervisors: Vec<Supervisor>,
    candidates: Vec<(String, Uuid)>,
    /// What stays of the whole campaign.
    kept: Vec<Assignment>,
    /// Assignments whose submitted sheets do not count: another is due for each (D-604).
    void: HashSet<Uuid>,
    /// Whom recusals bind: application and supervisor (D-603).
    bound: Vec<(Uuid, Uuid)>,
    /// Who scored which unit last: unit and supervisor.
    met: Vec<(Uuid, Uuid)>,
    places: HashMap<Uuid, Place>,
}

impl Table {
    /// Reads what belongs to some nominees, beside the assignments that stay.
    ///
    /// # Errors
    /// [`Failure`] where the database refuses.
    pub async fn read(
        call: &Call,
        connection: &impl Connection,
        campaign: &Campaign,
        (applications, kept): (Vec<Application>, Vec<Assignment>),
    ) -> Result<Self, Failure> {
        let system = Visibility::system(call.operation());
        let recusals = recusals::of_supervisors(connection, &system, campaign.id).await?;
        let bound = recusals.iter().filter(|recusal| recusal.state.binds());
        Ok(Self {
            applications,
            supervisors: supervisors::in_office(connection, &system, call.now.day()).await?,
            candidates: supervisors::candidates(connection, &system, campaign.id).await?,
            kept,
            void: score_sheets::void(connection, &system, campaign.id).await?,
            bound: bound
                .filter_map(|recusal| Some((recusal.application_id, recusal.supervisor_id?)))
                .collect(),
            met: assignment_plans::last_met(connection, &system, campaign.year).await?,
            places: units::places(connection, &system).await?.into_iter().collect(),
        })
    }

    /// The same as what a plan is reckoned from.
    #[must_use]
    pub fn request(&self, campaign: &Campaign, order: &Order) -> Request {
        let mut loads: HashMap<Uuid, u32> = HashMap::new();
        let mut of_nominee: HashMap<Uuid, Vec<&Assignment>> = HashMap::new();
        for assignment in &self.kept {
            of_nominee.entry(assignment.application_id).or_default().push(assignment);
            if assignment.state != AssignmentState::Recused {
                *loads.entry(assignment.supervisor_id).or_default() += 1;
            }
        }
        let (bound, met) = (grouped(&self.bound), grouped(&self.met));
        let nominee = |application: &Application| {
            let assigned = of_nominee.get(&application.id).map_or(&[][..], Vec::as_slice);
            let mut nominee = self.nominee(campaign, application, assigned);
            let bound = bound.get(&application.id).into_iter().flatten();
            nominee.conflicts.extend(bound.map(|id| (*id, ConflictReason::Recused)));
            let met = application.unit_id.and_then(|unit| met.get(&unit));
            nominee.met.extend(met.into_iter().flatten());
            nominee
        };
        // Where the office evaluates, nobody is visited.
        let scored = |application: &&Application| {
            let category = campaign.definition.category(&application.category_code);
            category.is_some_and(|category| category.visits.value > 0)
        };
        let supervisors = self.supervisors.iter().map(|supervisor| plan::Supervisor {
            id: supervisor.id,
            unit_id: supervisor.unit_id,
            load: loads.get(&supervisor.id).copied().unwrap_or_default(),
        });
        let units = self.applications.iter().map(|application| application.unit_id);
        let units = units.chain(self.supervisors.iter().map(|supervisor| supervisor.unit_id));
        let place = |unit: Option<Uuid>| Some((unit?, self.places.get(&unit?)?.clone()));
        Request {
            method: order.method,
            seed: order.seed,
            repeats: order.repeats,
            places: units.filter_map(place).collect::<BTreeMap<_, _>>(),
            nominees: self.applications.iter().filter(scored).map(nominee).collect(),
            supervisors: supervisors.collect(),
        }
    }

    fn nominee(&self, campaign: &Campaign, application: &Application, of_it: &[&Assignment]) -> Nominee {
        let category = campaign.definition.category(&application.category_code);
        let visits = category.map_or(0, |category| category.visits.value);
        // Whoever is verified has the sheets it needs; it is on the table because it ties supervisors together.
        let accepted = application.state == ApplicationState::Accepted;
        let needed = if accepted { application.handling.sheets_needed(visits) } else { 0 };
        let (recused, working): (Vec<&Assignment>, Vec<&Assignment>) =
            of_it.iter().partition(|assignment| assignment.state == AssignmentState::Recused);
        let counting = working.iter().filter(|assignment| !self.void.contains(&assignment.id)).count();
        let candidates = self.candidates.iter().filter(|(code, _)| *code == application.category_code);
        let candidates = candidates.map(|(_, id)| (*id, ConflictReason::Candidate));
        let recused = recused.into_iter().map(|one| (one.supervisor_id, ConflictReason::Recused));
        Nominee {
            application_id: application.id,
            category_code: application.category_code.clone(),
            unit_id: application.unit_id,
            wanted: needed.saturating_sub(u32::try_from(counting).unwrap_or(u32::MAX)),
            assigned: working.into_iter().map(|assignment| assignment.supervisor_id).collect(),
            conflicts: candidates.chain(recused).collect(),
            met: Vec::new(),
        }
    }

    /// Who somebody is that was nominated, by the id of the application.
    #[must_use]
    pub fn nominee_names(&self) -> HashMap<Uuid, &Application> {
        self.applications.iter().map(|application| (application.id, application)).collect()
    }

    /// Supervisors by their ids.
    #[must_use]
    pub fn supervisor_names(&self) -> HashMap<Uuid, &str> {
        self.supervisors.iter().map(|supervisor| (supervisor.id, supervisor.name.as_str())).collect()
    }
}

/// The second of pairs by their first.
fn grouped(pairs: &[(Uuid, Uuid)]) -> HashMap<Uuid, Vec<Uuid>> {
    let mut groups: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (one, other) in pairs {
        groups.entry(*one).or_default().push(*other);
    }
    groups
}

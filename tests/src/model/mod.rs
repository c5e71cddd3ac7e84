//! A model of one selection beside the server: the domain's tables, asked with facts of its own bookkeeping.
//!
//! The server reads its facts from SQL, the model keeps them in lists. Where the two answer differently, one of them is wrong.
#![expect(
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "bodies are written by member, and a run draws from some of the operations"
)]

use std::collections::BTreeSet;
use std::sync::Arc;

use pingxuan_domain::application::Application;
use pingxuan_domain::campaign::definition::{Definition, UnitKind};
use pingxuan_domain::policy::{Actor, Caller};
use pingxuan_domain::review::Shortlist;
use pingxuan_domain::verification::score_sheet::CriterionScore;
use pingxuan_domain::workflow::assignment::AssignmentState;
use pingxuan_domain::workflow::campaign::CampaignState;
use pingxuan_domain::workflow::objection::ObjectionState;
use pingxuan_domain::workflow::public_notice::NoticeState;
use pingxuan_domain::workflow::recusal::RecusalState;
use pingxuan_domain::workflow::score_sheet::ScoreSheetState;
use pingxuan_domain::workflow::vetting_request::VettingState;
use pingxuan_domain::{Day, Instant, Role};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::county::COUNTY;
use crate::people::Person;
use crate::story::{COLLECTIVE, INDIVIDUAL, TOWNSHIP, definition};
use crate::world::World;

mod asking;
mod effects;
mod facts;
pub mod hard_cases;
pub mod moves;
mod predicting;

/// The units of a model: townships and departments.
const UNITS: [(&str, UnitKind); 6] = [
    ("江背镇", UnitKind::Township),
    ("高兴镇", UnitKind::Township),
    ("良村镇", UnitKind::Township),
    ("县财政局", UnitKind::Department),
    ("县林业局", UnitKind::Department),
    ("县气象局", UnitKind::Department),
];
/// The supervisors, with the unit at which each works.
const SUPERVISORS: [(&str, Option<usize>); 3] = [("赵一", None), ("钱二", Some(0)), ("孙三", None)];
/// The categories, in the definition's order.
pub const CATEGORIES: [&str; 3] = [TOWNSHIP, COLLECTIVE, INDIVIDUAL];
/// The unit that is asked about every township.
const ASKED: usize = 3;

/// What an answer is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// It is done.
    Done,
    /// 401.
    Unauthenticated,
    /// 403.
    Forbidden,
    /// 404.
    NotFound,
    /// 409 `illegal_transition`.
    Illegal,
    /// 409 `guard_failed`, with these codes.
    Blocked(BTreeSet<String>),
    /// 422, with these codes.
    Invalid(BTreeSet<String>),
}

/// Somebody who acts.
#[derive(Clone)]
pub struct Someone {
    /// The person.
    pub person: Person,
    /// How the policy sees them; none without a log-in.
    pub actor: Option<Actor>,
    /// The unit where the person works.
    pub home: Option<Uuid>,
}

impl Someone {
    fn caller(&self) -> Caller {
        self.actor.clone().map_or(Caller::Public, |actor| Caller::User(Box::new(actor)))
    }

    fn account(&self) -> Option<Uuid> {
        self.actor.as_ref().map(|actor| actor.user_id)
    }
}

/// A unit.
pub struct UnitOf {
    id: Uuid,
    code: String,
    short_name: &'static str,
    kind: UnitKind,
}

/// A supervisor.
pub struct SupervisorOf {
    id: Uuid,
    unit: Option<usize>,
}

/// An application, as the model keeps it.
pub struct App {
    it: Application,
    unit: usize,
    /// Which person of the unit is nominated.
    person: Option<usize>,
}

/// An assignment with its sheet.
pub struct Duty {
    id: Uuid,
    application: Uuid,
    supervisor: usize,
    state: AssignmentState,
    sheet: Option<(ScoreSheetState, Vec<CriterionScore>)>,
}

/// A recusal.
pub struct Bar {
    /// Nil until the server has told it.
    id: Uuid,
    application: Uuid,
    supervisor: Option<usize>,
    account: Option<Uuid>,
    /// None where the system proposed it.
    declared_by: Option<Uuid>,
    state: RecusalState,
}

/// A list with its notices.
pub struct List {
    it: Shortlist,
    notices: Vec<Shown>,
}

/// A notice.
pub struct Shown {
    id: Uuid,
    state: NoticeState,
    closes_at: Instant,
    named: Vec<Uuid>,
}

/// An objection.
pub struct Against {
    id: Uuid,
    list: Uuid,
    notice: Uuid,
    application: Uuid,
    state: ObjectionState,
    investigator: Option<Uuid>,
    obliges: bool,
}

/// A veto against a unit.
pub struct Barred {
    id: Uuid,
    unit: usize,
    /// The unit that supplied it; the office where none did.
    supplier: Option<Uuid>,
    until: Day,
    lifted: bool,
}

/// A department asked about a candidate.
pub struct Question {
    id: Uuid,
    application: Uuid,
    state: VettingState,
    due_on: Day,
}

/// The model.
pub struct Model {
    /// Where it is played.
    pub world: World,
    definition: Arc<Definition>,
    campaign: Uuid,
    phase: CampaignState,
    extensions: Vec<(Option<usize>, Day)>,
    people: Vec<Someone>,
    units: Vec<UnitOf>,
    supervisors: Vec<SupervisorOf>,
    applications: Vec<App>,
    duties: Vec<Duty>,
    /// Which nominee was visited by which supervisor.
    trips: Vec<(Uuid, usize)>,
    bars: Vec<Bar>,
    lists: Vec<List>,
    orders: Vec<(usize, Vec<Uuid>)>,
    objections: Vec<Against>,
    vetoes: Vec<Barred>,
    questions: Vec<Question>,
    no_awards: Vec<usize>,
    written: u32,
}

/// The definition of the model's campaign: short windows, small quotas, every rule somewhere.
fn small_definition(asked: &str, today: Day) -> Value {
    let mut whole = definition();
    let set = |whole: &mut Value, pointer: &str, value: Value| {
        *whole.pointer_mut(pointer).unwrap_or_else(|| panic!("nothing at {pointer}")) = value;
    };
    let categories = whole.pointer_mut("/categories").and_then(Value::as_array_mut).expect("categories");
    categories.truncate(CATEGORIES.len());
    set(&mut whole, "/acceptance/value", json!({"opens_on": today, "closes_on": today.plus_days(2)}));
    for (at, (quota, visits)) in [(1, 1), (1, 2), (2, 1)].into_iter().enumerate() {
        let below = |member: &str| format!("/categories/{at}/{member}/value");
        set(&mut whole, &below("quota"), json!(quota));
        set(&mut whole, &below("visits"), json!(visits));
        set(&mut whole, &below("blend"), json!({"verified": 100, "assessment": 0}));
        set(&mut whole, &below("tie_break"), json!(["criteria_by_weight"]));
        set(&mut whole, &below("notice"), json!({"working_days": 5, "needs_consent": at != 1}));
        set(&mut whole, &below("two_step"), json!(at == 1));
        set(&mut whole, &below("vacancy"), json!(if at == 2 { "forfeited" } else { "substitution" }));
    }
    set(&mut whole, "/categories/0/vetting_departments/value", json!([asked]));
    whole
}

/// The vetoes that an earlier campaign has left in force.
async fn vetoes_before(office: &Person, units: &[UnitOf]) -> Vec<Barred> {
    let found = office.get("/vetoes?state=recorded&limit=100&in_force=true").await.expect(200);
    let uuid = |row: &Value, pointer: &str| -> Option<Uuid> { row.pointer(pointer)?.as_str()?.parse().ok() };
    let barred = |row: &Value| {
        Some(Barred {
            id: uuid(row, "/id")?,
            unit: units.iter().position(|unit| Some(unit.id) == uuid(row, "/unit/id"))?,
            supplier: uuid(row, "/department/id"),
            until: row.get("until")?.as_str()?.parse().ok()?,
            lifted: false,
        })
    };
    found.items().iter().map(|row| barred(row).unwrap_or_else(|| panic!("{row}"))).collect()
}

impl Model {
    /// A county with its people, and a campaign that accepts.
    pub async fn found(world: World) -> Self {
        let office = world.office().await;
        let (mut units, mut people) = (Vec::new(), Vec::new());
        for (short_name, kind) in UNITS {
            let id = world.unit_id(short_name).await;
            let code = office.get(&format!("/units/{id}")).await.expect(200).text_at("/code");
            people.push(world.unit(short_name).await);
            let second = format!("second-{}", units.len());
            people.push(world.account(&second, &[Role::Unit], Some(id), None).await);
            units.push(UnitOf { id, code, short_name, kind });
        }
        let mut supervisors = Vec::new();
        for (name, unit) in SUPERVISORS {
            let at = unit.and_then(|unit| units.get(unit)).map(|unit: &UnitOf| unit.id);
            let person = world.supervisor_at(name, at).await;
            supervisors.push(SupervisorOf { id: person.supervisor_id(), unit });
            people.push(person);
        }
        let unit = |at: usize| units.get(at).map(|unit| unit.id);
        people.push(office.clone());
        people.push(world.account("office-at-home", &[Role::Office], unit(1), None).await);
        people.push(world.account("both", &[Role::Office, Role::Approver], None, None).await);
        people.push(world.approver().await);
        people.push(world.account("approver-at-home", &[Role::Approver], unit(ASKED), None).await);
        people.push(world.auditor().await);
        people.push(world.public());
        let asked = units.get(ASKED).map(|unit| unit.code.clone()).unwrap_or_default();
        let text = small_definition(&asked, world.now().day());
        let definition: Definition = serde_json::from_value(text.clone()).expect("a definition");
        let campaign = world.campaign_of(text).await;
        world.advanced(campaign).await.expect(200);
        let someone = |person: Person| Someone { actor: person.as_actor(), home: person.home(), person };
        let vetoes = vetoes_before(&office, &units).await;
        Self {
            definition: Arc::new(definition),
            campaign,
            phase: CampaignState::Accepting,
            extensions: Vec::new(),
            people: people.into_iter().map(someone).collect(),
            units,
            supervisors,
            applications: Vec::new(),
            duties: Vec::new(),
            trips: Vec::new(),
            bars: Vec::new(),
            lists: Vec::new(),
            orders: Vec::new(),
            objections: Vec::new(),
            vetoes,
            questions: Vec::new(),
            no_awards: Vec::new(),
            written: 0,
            world,
        }
    }

    /// Whether the run has come to an end from which nothing leads on.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.phase, CampaignState::Cancelled | CampaignState::Archived)
    }

    /// How far it has come, for messages.
    #[must_use]
    pub fn told(&self) -> String {
        let states: Vec<String> = self.applications.iter().map(|app| app.it.state.to_string()).collect();
        let lists: Vec<String> = self.lists.iter().map(|list| list.it.state.to_string()).collect();
        format!("{} at {}: {states:?}, lists {lists:?}", self.phase, self.world.now())
    }

    fn now(&self) -> Instant {
        self.world.now()
    }

    fn application(&self, id: Uuid) -> Option<&App> {
        self.applications.iter().find(|app| app.it.id == id)
    }

    /// The citizen of a unit, as a number of the county.
    fn citizen(&self, unit: usize, person: usize) -> String {
        let short_name = self.units.get(unit).map_or("", |unit| unit.short_name);
        COUNTY.citizen_id(crate::county::number(short_name) * 100 + person)
    }
}

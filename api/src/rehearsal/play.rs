//! The play: who is in it, and what has happened so far.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use pingxuan_domain::campaign::definition::{Category, Definition};
use pingxuan_domain::review::evaluation::DutyCount;
use serde_json::Value;
use uuid::Uuid;

use super::RehearsalError;
use super::chance::Chance;
use super::people::{Person, Stage};
use super::progress::Progress;
use super::reckoning::{Assessed, Sheet};
use crate::demo::accounts::{EnteredSupervisor, EnteredUnit, enter};
use crate::demo::county::DEFINITION;
use crate::problem::Failure;

/// What decides about points and the like.
const SEED: u64 = 20_221_104;

/// 示范乡镇.
pub const TOWNSHIP: &str = "demonstration_township";
/// 先进集体.
pub const COLLECTIVE: &str = "advanced_collective";
/// 先进个人.
pub const INDIVIDUAL: &str = "advanced_individual";
/// 优秀监督员.
pub const SUPERVISOR: &str = "excellent_supervisor";

/// A unit of the county, and who acts for it.
#[derive(Clone, Debug)]
pub struct Declarer {
    /// The unit.
    pub unit: EnteredUnit,
    /// Who acts for it.
    pub person: Person,
}

/// A supervisor, and their account.
#[derive(Clone, Debug)]
pub struct Watcher {
    /// The supervisor.
    pub supervisor: EnteredSupervisor,
    /// Their account.
    pub person: Person,
}

/// A declaration that was submitted.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The application.
    pub id: Uuid,
    /// Its category.
    pub category: String,
    /// Who declared it.
    pub by: Rc<Declarer>,
    /// Who is to be commended.
    pub name: String,
    /// Whether it came to be accepted.
    pub accepted: bool,
    /// Whether the person nominated is a leading cadre.
    pub leading: bool,
}

/// A list as it was approved.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The honour's name.
    pub title: String,
    /// How many may be commended.
    pub quota: u32,
    /// The list.
    pub id: Uuid,
    /// Its notice.
    pub notice: Uuid,
    /// Who stands on it, in order: application and name.
    pub entries: Vec<(Uuid, String)>,
}

/// The play.
#[derive(Debug)]
pub struct Play {
    /// Where it is played.
    pub stage: Rc<Stage>,
    /// How far it has come.
    pub progress: Progress,
    /// The notice definition, as the office sends it.
    pub notice: Value,
    /// The same, as it is understood.
    pub definition: Definition,
    /// 县"五型"办: proposes.
    pub office: Person,
    /// 县"五型"办: receives and verifies.
    pub clerk: Person,
    /// 县政府: consents and decides.
    pub approver: Person,
    /// 县政府: sends a list back.
    pub second_approver: Person,
    /// 审计管理员.
    pub auditor: Person,
    /// Anyone.
    pub public: Person,
    /// The units.
    pub units: Vec<Rc<Declarer>>,
    /// The supervisors.
    pub watchers: Vec<Rc<Watcher>>,
    /// The campaign.
    pub campaign: Uuid,
    /// What was submitted.
    pub declared: Vec<Declared>,
    /// Drafts that were left lying, and what was not corrected: they are to lapse.
    pub lapsing: Vec<(Uuid, Rc<Declarer>)>,
    /// The points that were given, by application.
    pub sheets: HashMap<Uuid, Vec<Sheet>>,
    /// The annual assessments that came in, by unit.
    pub assessed: HashMap<Uuid, Assessed>,
    /// The duty records that were approved, by supervisor.
    pub records: HashMap<Uuid, Vec<DutyCount>>,
    /// The lists, by category.
    pub lists: BTreeMap<String, Listed>,
    /// What decides about points and the like.
    pub chance: Chance,
}

impl Play {
    /// A county is entered, and everyone takes their place.
    ///
    /// # Errors
    /// [`RehearsalError`] where something is refused.
    pub async fn open(stage: &Rc<Stage>, mut progress: Progress) -> Result<Self, RehearsalError> {
        progress.begin("准备 · the county is entered", stage.measures.count(), 1);
        let unreadable =
            |error: serde_json::Error| Failure::Internal(format!("the definition of 2022: {error}"));
        let county = enter(stage).await?;
        progress.step();
        let person = |name: &str| Person::of(stage, name);
        let declarer = |unit: EnteredUnit| Rc::new(Declarer { person: person(&unit.username), unit });
        let watcher = |supervisor: EnteredSupervisor| {
            Rc::new(Watcher { person: person(&supervisor.username), supervisor })
        };
        Ok(Self {
            progress,
            notice: serde_json::from_str(DEFINITION).map_err(unreadable)?,
            definition: serde_json::from_str(DEFINITION).map_err(unreadable)?,
            office: person("office-01"),
            clerk: person("office-02"),
            approver: person("approver-01"),
            second_approver: person("approver-02"),
            auditor: person("auditor"),
            public: Person::public(stage),
            units: county.units.into_iter().map(declarer).collect(),
            watchers: county.supervisors.into_iter().map(watcher).collect(),
            stage: Rc::clone(stage),
            campaign: Uuid::nil(),
            declared: Vec::new(),
            lapsing: Vec::new(),
            sheets: HashMap::new(),
            assessed: HashMap::new(),
            records: HashMap::new(),
            lists: BTreeMap::new(),
            chance: Chance::of(SEED),
        })
    }

    /// A phase begins, with so many steps foreseen.
    pub fn begin(&mut self, name: &'static str, steps: usize) {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        self.progress.begin(name, self.stage.measures.count(), steps);
    }

    /// Where the campaign is.
    #[must_use]
    pub fn place(&self) -> String {
        format!("/campaigns/{}", self.campaign)
    }

    /// A category of the definition.
    ///
    /// # Errors
    /// [`RehearsalError`] where there is none of this code.
    pub fn category(&self, code: &str) -> Result<Category, RehearsalError> {
        let found = self.definition.category(code).cloned();
        found.ok_or_else(|| Failure::Internal(format!("the definition has no category '{code}'")).into())
    }

    /// A unit by its short name.
    ///
    /// # Errors
    /// [`RehearsalError`] where there is none of this name.
    pub fn unit(&self, short_name: &str) -> Result<Rc<Declarer>, RehearsalError> {
        let found = self.units.iter().find(|declarer| declarer.unit.short_name == short_name).cloned();
        found.ok_or_else(|| Failure::Internal(format!("the county has no unit '{short_name}'")).into())
    }

    /// The office sends the campaign on, and it comes to this phase.
    ///
    /// # Errors
    /// [`RehearsalError`] where that is refused.
    pub async fn advance(&self, to: &str) -> Result<(), RehearsalError> {
        let (place, office) = (self.place(), &self.office);
        let found = office.get(&place).await?;
        let advanced = office.act(&place, found.tag()?, "advance").expect(200).await?;
        let state = advanced.state()?;
        self.stage
            .expect(state == to, || format!("the campaign should have come to `{to}` and is `{state}`"));
        Ok(())
    }

    /// The office would send the campaign on, and is refused for this.
    ///
    /// # Errors
    /// [`RehearsalError`] where it is not refused.
    pub async fn held_back(&self, code: &str) -> Result<(), RehearsalError> {
        let (place, office) = (self.place(), &self.office);
        let found = office.get(&place).await?;
        let blocked = found.blockers("advance_campaign").unwrap_or_default();
        self.stage.expect(blocked.iter().any(|found| found == code), || {
            format!("`advance_campaign` should be blocked by `{code}` and is by {}", blocked.join(", "))
        });
        office.act(&place, found.tag()?, "advance").refused(409, code).await?;
        Ok(())
    }
}

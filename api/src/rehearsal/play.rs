//! The play: who is in it, and what has happened so far.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::rc::Rc;

use pingxuan_domain::campaign::definition::{Category, Definition};
use pingxuan_domain::review::evaluation::DutyCount;
use serde_json::{Value, json};
use uuid::Uuid;

use super::chance::Chance;
use super::people::{Person, Reply, Stage, id_of, text_of};
use super::phases::calibration::Compared;
use super::phases::objections::Case;
use super::progress::Progress;
use super::reckoning::{Assessed, Sheet};
use super::truth::Truth;
use super::{Options, RehearsalError};
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

/// Whom the office asks about the candidates among the collectives; neither stands there itself.
pub const ASKED: [&str; 2] = ["县公安局", "县审计局"];

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
    /// Its notices: one of the whole list, and one for whoever came later.
    pub notices: Vec<Uuid>,
    /// Who stands on it, in order: application and name.
    pub entries: Vec<(Uuid, String)>,
}

/// Who stands on a list, in its order: application and name.
#[must_use]
pub fn standing(entries: &[Value]) -> Vec<(Uuid, String)> {
    let fallen = ["withdrawn", "disqualified"];
    let standing = entries.iter().filter(|entry| !fallen.contains(&text_of(entry, "state")));
    standing
        .map(|entry| (id_of(entry, "application_id"), text_of(entry, "nominee_name").to_owned()))
        .collect()
}

/// A member of a category of the notice, where that is for the office to say.
fn decide(notice: &mut Value, code: &str, member: &str, value: Value) {
    let categories = notice.get_mut("categories").and_then(Value::as_array_mut).into_iter().flatten();
    for category in categories.filter(|category| text_of(category, "code") == code) {
        if let Some(member) = category.get_mut(member) {
            *member = json!({"value": value, "source": "office"});
        }
    }
}

/// The notice of 2022 asks no department; this office does.
fn ask_departments(notice: &mut Value, units: &[EnteredUnit]) {
    let codes: Vec<&str> = units
        .iter()
        .filter(|unit| ASKED.contains(&unit.short_name.as_str()))
        .map(|unit| unit.code.as_str())
        .collect();
    decide(notice, COLLECTIVE, "vetting_departments", json!(codes));
}

/// The notice says nothing of how sheets become scores; this office sends three supervisors to each township, and takes off how
/// generous each of them is.
fn calibrate(notice: &mut Value) {
    decide(notice, TOWNSHIP, "visits", json!(3));
    decide(notice, TOWNSHIP, "scoring_policy", json!("calibrated"));
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
    /// 县"五型"办: receives, verifies and looks into objections.
    pub clerk: Person,
    /// 县政府: consents and decides.
    pub approver: Person,
    /// 县政府: sends a list back.
    pub second_approver: Person,
    /// 审计管理员.
    pub auditor: Person,
    /// 安全管理员.
    pub security: Person,
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
    /// A draft that was not finished in time, for which the office grants an extension.
    pub belated: Option<(Uuid, Rc<Declarer>)>,
    /// Who was disqualified.
    pub fallen: Vec<Uuid>,
    /// The objection that came after the period of its notice.
    pub late: Option<Case>,
    /// What is true of those whose scores are calibrated, and nobody knows.
    pub truth: Truth,
    /// What came of calibrating, by category.
    pub compared: Vec<Compared>,
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
    /// Where the archive package is to be kept, if one is to be made.
    pub archive: Option<PathBuf>,
}

impl Play {
    /// A county is entered, and everyone takes their place.
    ///
    /// # Errors
    /// [`RehearsalError`] where something is refused.
    pub async fn open(stage: &Rc<Stage>, options: &Options) -> Result<Self, RehearsalError> {
        let mut progress = Progress::new(options.quiet);
        progress.begin("准备 · the county is entered", stage.measures.count(), 1);
        let unreadable =
            |error: serde_json::Error| Failure::Internal(format!("the definition of 2022: {error}"));
        let county = enter(stage, options.units).await?;
        progress.step();
        let person = |name: &str| Person::of(stage, name);
        let declarer = |unit: EnteredUnit| Rc::new(Declarer { person: person(&unit.username), unit });
        let watcher = |supervisor: EnteredSupervisor| {
            Rc::new(Watcher { person: person(&supervisor.username), supervisor })
        };
        let mut notice: Value = serde_json::from_str(DEFINITION).map_err(unreadable)?;
        ask_departments(&mut notice, &county.units);
        calibrate(&mut notice);
        Ok(Self {
            progress,
            definition: serde_json::from_value(notice.clone()).map_err(unreadable)?,
            notice,
            office: person("office-01"),
            clerk: person("office-02"),
            approver: person("approver-01"),
            second_approver: person("approver-02"),
            auditor: person("auditor"),
            security: person("security-admin"),
            public: Person::public(stage),
            units: county.units.into_iter().map(declarer).collect(),
            watchers: county.supervisors.into_iter().map(watcher).collect(),
            stage: Rc::clone(stage),
            campaign: Uuid::nil(),
            declared: Vec::new(),
            lapsing: Vec::new(),
            belated: None,
            fallen: Vec::new(),
            late: None,
            truth: Truth::of([], []),
            compared: Vec::new(),
            sheets: HashMap::new(),
            assessed: HashMap::new(),
            records: HashMap::new(),
            lists: BTreeMap::new(),
            chance: Chance::of(SEED),
            archive: options.archive.clone(),
        })
    }

    /// A phase begins, with so many steps foreseen.
    pub fn begin(&mut self, name: &'static str, steps: usize) {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        self.stage.minutes.begin(name);
        self.progress.begin(name, self.stage.measures.count(), steps);
    }

    /// Where the campaign is.
    #[must_use]
    pub fn place(&self) -> String {
        format!("/campaigns/{}", self.campaign)
    }

    /// Writes into the minutes what has been done.
    pub fn note(&self, what: impl Into<String>) {
        self.stage.note(what);
    }

    /// A list as the office sees it now, and where it is.
    ///
    /// # Errors
    /// [`RehearsalError`] where there is none.
    pub async fn list(&self, code: &str) -> Result<(String, Reply), RehearsalError> {
        let id = self.lists.get(code).map(|list| list.id).unwrap_or_default();
        let place = format!("/shortlists/{id}");
        let found = self.office.get(&place).await?;
        Ok((place, found))
    }

    /// Notes anew who stands on a list.
    ///
    /// # Errors
    /// [`RehearsalError`] where it cannot be read.
    pub async fn read_again(&mut self, code: &str) -> Result<(), RehearsalError> {
        let (_, found) = self.list(code).await?;
        let standing = standing(found.list("/entries")?);
        if let Some(list) = self.lists.get_mut(code) {
            list.entries = standing;
        }
        Ok(())
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

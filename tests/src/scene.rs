//! A county in which everything is there: what is one's own, what is another's, in campaigns of every phase.

use pingxuan_domain::Role;
use pingxuan_domain::policy::Reach;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::county::COUNTY;
use crate::files::{DOCX, check_code};
use crate::jobs::{applications_csv, exported};
use crate::objections::lead;
use crate::people::Person;
use crate::selection::{NOTICE_OVER, approve, close};
use crate::story::{INDIVIDUAL, SUPERVISOR, TOWNSHIP, decision_record, definition_with_window, filled_form};
use crate::verification::{begin_sheet, record_visit, sheet, visit};
use crate::vetting::{request_vetting, veto};
use crate::world::{PASSWORD, World};

/// Whose things are own.
pub const UNIT: &str = "江背镇";
/// Whose things are foreign.
pub const OTHER_UNIT: &str = "高兴镇";
/// For whom the office enters an application.
const THIRD_UNIT: &str = "良村镇";
/// The unit whose draft is deleted.
const FOURTH_UNIT: &str = "兴江乡";
/// Whose things are own.
pub const ONE: &str = "赵一";
/// Whose things are foreign.
pub const OTHER: &str = "钱二";
/// The supervisor whose assignment is deleted.
const THIRD: &str = "孙三";

/// Something that an operation can be called on.
#[derive(Clone, Debug)]
pub struct Thing {
    /// What it is, for messages.
    pub name: String,
    /// The parameter of a path that names it.
    pub key: &'static str,
    /// All parameters of paths that lead to it.
    pub params: Vec<(&'static str, String)>,
    /// The unit that it is of.
    pub unit: Option<Uuid>,
    /// The supervisor that it is about.
    pub supervisor: Option<Uuid>,
    /// A supervisor whose it is to verify.
    pub assigned: Option<Uuid>,
    /// A draft that somebody writes.
    pub draft: bool,
    /// The office entered it for a unit.
    pub entered: bool,
    /// It is published, or of something published.
    pub published: bool,
    /// It stands in a ranking.
    pub ranked: bool,
    /// It holds things of which each is one's own or not.
    pub holds: bool,
    /// It was there, and is there no more.
    pub deleted: bool,
}

impl Thing {
    fn new(name: &str, key: &'static str, id: impl ToString) -> Self {
        Self {
            name: name.to_owned(),
            key,
            params: vec![(key, id.to_string())],
            unit: None,
            supervisor: None,
            assigned: None,
            draft: false,
            entered: false,
            published: true,
            ranked: false,
            holds: false,
            deleted: false,
        }
    }

    fn beside(mut self, name: &'static str, value: impl ToString) -> Self {
        self.params.push((name, value.to_string()));
        self
    }

    fn deleted(mut self) -> Self {
        self.deleted = true;
        self
    }

    fn of_unit(mut self, unit: Uuid) -> Self {
        self.unit = Some(unit);
        self
    }

    fn of_supervisor(mut self, supervisor: &Person) -> Self {
        self.supervisor = Some(supervisor.supervisor_id());
        self
    }

    fn assigned_to(mut self, supervisor: &Person) -> Self {
        self.assigned = Some(supervisor.supervisor_id());
        self
    }

    /// What it is called in lists.
    #[must_use]
    pub fn id(&self) -> &str {
        self.param(self.key).unwrap_or("")
    }

    /// A parameter of paths that lead to it.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(param, _)| *param == name).map(|(_, value)| value.as_str())
    }

    /// Whether it is within a reach of somebody of this unit, or who is this supervisor (D-903).
    #[must_use]
    pub fn within(&self, reach: Reach, unit: Option<Uuid>, supervisor: Option<Uuid>) -> bool {
        if self.deleted {
            return false;
        }
        let about = self.supervisor.is_some() && self.supervisor == supervisor;
        match reach {
            Reach::All | Reach::Names => true,
            Reach::Own | Reach::Assigned if self.holds => self.published,
            Reach::Own => about || (self.unit.is_some() && self.unit == unit),
            Reach::Assigned => about || (self.assigned.is_some() && self.assigned == supervisor),
            Reach::Declared => !self.draft || self.entered,
            Reach::Entered => self.entered,
            Reach::Published => self.published,
        }
    }
}

/// Everything there is in the county.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The things.
    pub things: Vec<Thing>,
    /// The campaign that accepts, whose lists hold applications.
    pub accepting: Uuid,
    /// The campaign that verifies, whose lists hold assignments and visits.
    pub verifying: Uuid,
    /// The campaign that selects, whose lists hold shortlists.
    pub selecting: Uuid,
}

/// Tells the whole story; the clock stands behind the first notice's period at its end.
pub async fn set(world: &World) -> Scene {
    let mut things = Vec::new();
    // Sessions are their owner's alone, and this owner calls nothing else.
    let somebody = world.person("somebody", &[Role::Office]).await;
    let session = somebody.get("/me/sessions").await.expect(200).text_at("/items/0/id");
    things.push(Thing::new("another's session", "session_id", session));
    let campaign = world.published_campaign().await;
    let job = exported(&somebody, applications_csv(campaign, TOWNSHIP)).await.id();
    things.push(Thing::new("another's job", "job_id", job));
    things.push(Thing::new("an empty table", "kind", "units"));
    let client =
        world.admin().await.post("/clients").json(json!({"name": "人事系统", "scopes": ["county:read"]}));
    things.push(Thing::new("a machine client", "client_id", client.await.expect(201).text_at("/id")));
    let accepting = world.campaign_of(definition_with_window("2022-11-07", "2023-12-31")).await;
    world.advanced(accepting).await.expect(200);
    declared(world, accepting, &mut things).await;
    let verifying = verified(world, &mut things).await;
    decided(world, &mut things).await;
    let selecting = shown(world, &mut things).await;
    let draft = world.draft_campaign().await;
    for (name, id, published, code) in [
        ("the campaign in draft", draft, false, TOWNSHIP),
        ("the accepting campaign", accepting, true, TOWNSHIP),
        ("the selecting campaign", selecting, true, SUPERVISOR),
    ] {
        let mut campaign = Thing::new(name, "campaign_id", id);
        (campaign.published, campaign.holds) = (published, true);
        let name = format!("a category of {name}");
        let mut category = Thing::new(&name, "category_code", code).beside("campaign_id", id);
        category.published = published;
        things.extend([campaign, category]);
    }
    papers(world, &mut things).await;
    registered(world, &mut things).await;
    deleted(world, accepting, verifying, &mut things).await;
    Scene { things, accepting, verifying, selecting }
}

/// What was there of everything that can be deleted.
async fn deleted(world: &World, accepting: Uuid, verifying: Uuid, things: &mut Vec<Thing>) {
    let gone = async |person: &Person, path: String| person.delete(&path).if_match("*").await.expect(204);
    let (admin, office) = (world.admin().await, world.office().await);
    let client = admin.post("/clients").json(json!({"name": "旧系统", "scopes": ["county:read"]}));
    let client = client.await.expect(201).text_at("/id");
    gone(&admin, format!("/clients/{client}")).await;
    things.push(Thing::new("a client that was deleted", "client_id", client).deleted());
    let campaign = world.draft_campaign().await;
    gone(&office, format!("/campaigns/{campaign}")).await;
    things.push(Thing::new("a campaign that was deleted", "campaign_id", campaign).deleted());
    let code = Thing::new("a category of a campaign that was deleted", "category_code", TOWNSHIP);
    things.push(code.beside("campaign_id", campaign).deleted());
    let unit = world.unit(FOURTH_UNIT).await;
    let draft = world.drafted(accepting, FOURTH_UNIT, TOWNSHIP).await;
    gone(&unit, format!("/applications/{draft}")).await;
    let draft = Thing::new("a draft that was deleted", "application_id", draft).of_unit(unit.unit_id());
    things.push(draft.beside("campaign_id", accepting).beside("category_code", TOWNSHIP).deleted());
    let third = world.supervisor(THIRD).await;
    let assigned = things.iter().find(|thing| thing.assigned.is_some() && thing.key == "application_id");
    let application = assigned.map(|thing| thing.id().to_owned()).unwrap_or_default();
    let assignment = json!({"application_id": application, "supervisor_id": third.supervisor_id()});
    let path = format!("/campaigns/{verifying}/assignments");
    let assignment = office.post(&path).json(assignment).await.expect(201).id();
    gone(&office, format!("/assignments/{assignment}")).await;
    let assignment = Thing::new("an assignment that was deleted", "assignment_id", assignment);
    things.push(assignment.of_supervisor(&third).deleted());
    let somebody = world.person("somebody", &[Role::Office]).await;
    let ended = world.log_in(somebody.username(), PASSWORD).await.expect(200).text_at("/access_token");
    let ended = world.bearer(&ended).get("/me/sessions").await.expect(200);
    let ended = ended.items().iter().find(|session| session.get("current") == Some(&json!(true)));
    let ended = ended.and_then(|session| session.get("id")?.as_str()).unwrap_or_default().to_owned();
    somebody.delete(&format!("/me/sessions/{ended}")).await.expect(204);
    things.push(Thing::new("a session that was ended", "session_id", ended).deleted());
}

/// What is attached to the applications that are there, as far as something may be, and a paper that was printed.
async fn papers(world: &World, things: &mut Vec<Thing>) {
    let drafts: Vec<Thing> = things.iter().filter(|thing| thing.draft).cloned().collect();
    for draft in drafts {
        let id: Uuid = draft.id().parse().expect("an id");
        let office = world.office().await;
        let writer = match draft.unit {
            Some(unit) if !draft.entered => {
                let short_name = if unit == world.unit_id(UNIT).await { UNIT } else { OTHER_UNIT };
                world.unit(short_name).await
            }
            Some(_) | None => office,
        };
        let attached = writer.attached(id, "证明.png").await;
        let mut thing =
            Thing::new(&format!("an attachment of {}", draft.name), "attachment_id", attached.id());
        (thing.unit, thing.draft, thing.entered) = (draft.unit, draft.draft, draft.entered);
        things.push(thing);
    }
    let mut codes = Vec::new();
    for draft in things.iter().filter(|thing| thing.key == "application_id" && thing.entered) {
        let printed = world.office().await.get(&format!("/applications/{}/document", draft.id()));
        codes.push(check_code(&printed.header("accept", DOCX).await.expect(200)));
    }
    things.extend(codes.into_iter().map(|code| Thing::new("a paper that was printed", "check_code", code)));
}

/// Units, supervisors, accounts, and what everyone may see.
async fn registered(world: &World, things: &mut Vec<Thing>) {
    for short_name in [UNIT, OTHER_UNIT] {
        let id = world.unit_id(short_name).await;
        let place = format!("/annual-assessments/2022/{id}");
        let body = json!({"score": "91.50"});
        world.office().await.put(&place).header("if-none-match", "*").json(body).await.expect(201);
        things.push(Thing::new(short_name, "unit_id", id).beside("year", 2022).of_unit(id));
    }
    for name in [ONE, OTHER] {
        let supervisor = world.supervisor(name).await;
        things.push(Thing::new(name, "supervisor_id", supervisor.supervisor_id()).of_supervisor(&supervisor));
    }
    let office = world.office().await;
    things.push(Thing::new("an account", "user_id", office.user_id()));
    let body = json!({"title": "政务公开日", "held_on": "2022-10-01"});
    let activity = office.post("/thematic-activities").json(body).await.expect(201).id();
    things.push(Thing::new("an activity", "activity_id", activity));
    things.push(Thing::new("a calendar", "year", 2023));
    things.push(Thing::new("a workflow", "workflow", "application"));
    things.push(Thing::new("a file", "file", "index.css"));
    things.push(Thing::new("an error code", "code", "not_found"));
}

/// Drafts, an application that the office entered, and what was submitted.
async fn declared(world: &World, campaign: Uuid, things: &mut Vec<Thing>) {
    let application = |name: String, id: Uuid, category: &str| {
        Thing::new(&name, "application_id", id)
            .beside("campaign_id", campaign)
            .beside("category_code", category)
    };
    for unit in [UNIT, OTHER_UNIT] {
        let id = world.unit_id(unit).await;
        let draft = world.drafted(campaign, unit, TOWNSHIP).await;
        let mut draft = application(format!("a draft of {unit}"), draft, TOWNSHIP).of_unit(id);
        draft.draft = true;
        let submitted = world.submitted(campaign, unit, INDIVIDUAL).await;
        let submitted = application(format!("what {unit} submitted"), submitted, INDIVIDUAL).of_unit(id);
        things.extend([draft, submitted]);
    }
    let third = world.unit_id(THIRD_UNIT).await;
    let body = json!({
        "campaign_id": campaign, "category_code": TOWNSHIP, "unit_id": third, "form": filled_form(TOWNSHIP, THIRD_UNIT, 1),
    });
    let entered = world.office().await.post("/applications").json(body).await.expect(201).id();
    let mut entered =
        application("a draft that the office entered".to_owned(), entered, TOWNSHIP).of_unit(third);
    (entered.draft, entered.entered) = (true, true);
    things.push(entered);
    let granted = world.extended(campaign, UNIT, "2024-01-31").await.expect(201).id();
    things.push(Thing::new("an extension", "extension_id", granted));
}

/// Two applications under way, each with a supervisor of its own, who is recused from the other, a trip and a sheet that is
/// being written.
async fn verified(world: &World, things: &mut Vec<Thing>) -> Uuid {
    let (campaign, applications) = world.verifying(&[(UNIT, TOWNSHIP), (OTHER_UNIT, TOWNSHIP)]).await;
    for (name, foreign) in [ONE, OTHER].into_iter().zip(applications.iter().rev()) {
        let supervisor = world.supervisor(name).await;
        let recusal = world.recused(campaign, *foreign, &supervisor).await.expect(201).id();
        let what = format!("a recusal of {name}");
        things.push(Thing::new(&what, "recusal_id", recusal).of_supervisor(&supervisor));
    }
    for ((unit, name), application) in [(UNIT, ONE), (OTHER_UNIT, OTHER)].into_iter().zip(applications) {
        let supervisor = world.supervisor(name).await;
        let assignment = world.cleared(campaign, application, &supervisor).await;
        let trip = Uuid::new_v4();
        record_visit(&supervisor, trip, visit(application, &[&supervisor])).await.expect(201);
        begin_sheet(&supervisor, assignment, sheet(5, "88.5")).await.expect(201);
        let of_unit = world.unit_id(unit).await;
        let about = |what: &str| format!("{what} that {name} has to verify");
        things.extend([
            Thing::new(&about("an application"), "application_id", application)
                .beside("campaign_id", campaign)
                .beside("category_code", TOWNSHIP)
                .of_unit(of_unit)
                .assigned_to(&supervisor),
            Thing::new(&about("an assignment"), "assignment_id", assignment).of_supervisor(&supervisor),
            Thing::new(&about("a trip"), "site_visit_id", trip).assigned_to(&supervisor),
        ]);
        let record = world.duty_record(&supervisor, 1).await.expect(200).id();
        things.push(
            Thing::new(&format!("a record of {name}"), "duty_record_id", record).of_supervisor(&supervisor),
        );
    }
    campaign
}

/// A selection of supervisors that is announced: its awards.
async fn decided(world: &World, things: &mut Vec<Thing>) {
    let campaign = world.selecting(&[]).await;
    let (list, notice) = world.noticed(campaign).await;
    world.move_clock(NOTICE_OVER).await;
    close(&world.office().await, notice).await.expect(200);
    let body = json!({"decision": decision_record()});
    approve(&world.approver().await, list, body).await.expect(200);
    world.advanced(campaign).await.expect(200);
    let awards = world.office().await.get("/awards").await.expect(200);
    for award in awards.items() {
        let text = |name: &str| award.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        things.push(Thing::new("an award", "award_id", text("id")));
        things.push(Thing::new("a certificate", "certificate_number", text("certificate_number")));
    }
}

/// A selection of supervisors whose list is shown to the public.
async fn shown(world: &World, things: &mut Vec<Thing>) -> Uuid {
    let campaign = world.selecting(&[]).await;
    let (list, notice) = world.noticed(campaign).await;
    things.push(Thing::new("a shortlist", "shortlist_id", list));
    things.push(Thing::new("a notice", "notice_id", notice));
    vetted(world, campaign, things).await;
    let (objection, receipt) = world.objected(notice, lead(None)).await;
    things.push(Thing::new("an objection", "objection_id", objection));
    things.push(Thing::new("an objection that is followed", "receipt_code", receipt));
    let ranked = world.ranked(campaign).await;
    let office = world.office().await;
    for application in ranked {
        let found = office.get(&format!("/applications/{application}")).await.expect(200);
        let supervisor: Uuid = found.text_at("/supervisor_id").parse().expect("an id");
        let mut thing = Thing::new("an evaluation", "application_id", application)
            .beside("campaign_id", campaign)
            .beside("category_code", SUPERVISOR);
        (thing.supervisor, thing.ranked) = (Some(supervisor), true);
        things.push(thing);
    }
    campaign
}

/// What two departments are asked about the supervisors of a list, and the vetoes that they and the office recorded.
async fn vetted(world: &World, campaign: Uuid, things: &mut Vec<Thing>) {
    let departments = [world.unit_id(UNIT).await, world.unit_id(OTHER_UNIT).await];
    let body = json!({"category_code": SUPERVISOR, "department_ids": departments});
    let asked = request_vetting(world, campaign, body).await.expect(201);
    for request in asked.items() {
        let text = |pointer: &str| request.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let department: Uuid = text("/department/id").parse().expect("an id");
        things.push(Thing::new("a question to a department", "request_id", text("/id")).of_unit(department));
    }
    // They vouch for others and bar them while they are departments; what they recorded stays theirs.
    of_kind(world, &departments, "department").await;
    for department in [Some(departments[0]), Some(departments[1]), None] {
        let barred = COUNTY.citizen_id(800_000);
        let body =
            veto(json!({"person": {"name": "某某", "citizen_id": barred}, "department_id": department}));
        let recorded = world.office().await.post("/vetoes").json(body).await.expect(201);
        let mut thing = Thing::new("a veto", "veto_id", recorded.id());
        thing.unit = department;
        things.push(thing);
    }
    of_kind(world, &departments, "township").await;
}

async fn of_kind(world: &World, units: &[Uuid], kind: &str) {
    for unit in units {
        world.office().await.change(&format!("/units/{unit}"), json!({"kind": kind})).await.expect(200);
    }
}

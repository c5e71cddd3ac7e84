//! What has happened before anything is measured, told through HTTP to a server of the suite, so that every row is one that the
//! program wrote: a campaign with score sheets, one that is ranked, one that is announced, one that accepts declarations today.

use std::sync::Arc;

use pingxuan_api::clock::Clock;
use pingxuan_tests::World;
use pingxuan_tests::county::COUNTY;
use pingxuan_tests::story::{INDIVIDUAL, TOWNSHIP, definition_with_window, filled_form, submit};
use serde_json::{Value, json};
use uuid::Uuid;

/// Townships that are scored, by two supervisors each.
const SCORED: usize = 24;
/// Days for which today's campaign accepts.
const OPEN: i64 = 30;

/// Who and what is there.
#[derive(Debug)]
pub struct Told {
    /// The office's username.
    pub office: String,
    /// The supervisors' usernames.
    pub supervisors: Vec<String>,
    /// The username of a township that has declared nothing.
    pub unit: String,
    /// That township.
    pub unit_id: Uuid,
    /// The campaign that accepts.
    pub accepting: Uuid,
    /// The day until which what is returned may be corrected.
    pub correct_by: String,
    /// What was submitted there for a person.
    pub submitted: Uuid,
    /// The campaign whose ranking is read.
    pub ranked: Uuid,
    /// Sheets that are drafts, with the supervisor of each by number.
    pub sheets: Vec<(Uuid, usize)>,
    /// A township's form.
    pub form: Value,
    /// Forms of people of that township, more than it may declare.
    pub people: Vec<Value>,
}

/// Tells it on an empty database.
pub async fn told(url: &str) -> Told {
    let (world, running) = World::start(url).await;
    let told = tell(&world).await;
    let app = Arc::clone(&running.app);
    running.stop().await;
    app.db.clone().close().await.expect("the database is left");
    told
}

async fn tell(world: &World) -> Told {
    let mut townships = COUNTY.of_kind("township");
    let last = townships.next().expect("a township");
    let scored: Vec<&str> = townships.take(SCORED).collect();
    let supervisors = [world.supervisor("钟甲").await, world.supervisor("钟乙").await];
    let (verifying, ranked) = (world.accepting_campaign().await, world.accepting_campaign().await);
    let mut declared = Vec::new();
    for unit in &scored {
        let there = world.accepted(verifying, unit, TOWNSHIP).await;
        declared.push((*unit, there, world.accepted(ranked, unit, TOWNSHIP).await));
    }
    let decided = world.selecting(&[("赵一", 3), ("钱二", 2), ("孙三", 1)]).await;
    for campaign in [verifying, ranked] {
        world.advanced(campaign).await.expect(200);
    }
    let mut sheets = Vec::new();
    for (place, (unit, there, elsewhere)) in declared.iter().enumerate() {
        for (number, supervisor) in supervisors.iter().enumerate() {
            sheets.push((world.drafted_sheet((verifying, *there), supervisor, (5, "80")).await, number));
            let points = (70 + place + number).to_string();
            world.scored((ranked, *elsewhere), supervisor, (5, &points)).await;
        }
        world.assessed(unit, json!({"score": "90.00"})).await.expect(201);
    }
    world.advanced(ranked).await.expect(200);
    world.approved(decided).await;
    world.advanced(decided).await.expect(200);

    let now = Clock::machine().now();
    world.move_clock(&now.to_string()).await;
    let (opens, closes) = (now.day().to_string(), now.day().plus_days(OPEN).to_string());
    let accepting = world.campaign_of(definition_with_window(&opens, &closes)).await;
    world.advanced(accepting).await.expect(200);
    let unit = world.unit(last).await;
    let person = |number| at_length(filled_form(INDIVIDUAL, last, number));
    let body = json!({"campaign_id": accepting, "category_code": INDIVIDUAL, "form": person(99)});
    let submitted = unit.post("/applications").json(body).await.expect(201).id();
    submit(&unit, submitted).await.expect(200);
    Told {
        office: world.office().await.username().to_owned(),
        supervisors: supervisors.iter().map(|supervisor| supervisor.username().to_owned()).collect(),
        unit: unit.username().to_owned(),
        unit_id: unit.unit_id(),
        accepting,
        correct_by: now.day().plus_days(OPEN / 2).to_string(),
        submitted,
        ranked,
        sheets,
        form: at_length(filled_form(TOWNSHIP, last, 1)),
        people: (1..=32).map(person).collect(),
    }
}

/// A form whose deeds are told at length: two kilobytes, as declarations have.
fn at_length(mut form: Value) -> Value {
    let deeds = form.get_mut("deeds").and_then(Value::as_object_mut).expect("deeds");
    for deed in deeds.values_mut() {
        *deed = json!(deed.as_str().unwrap_or_default().repeat(10));
    }
    form
}

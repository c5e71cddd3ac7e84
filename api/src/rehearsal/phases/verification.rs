//! 核查: supervisors are assigned, declare that no conflict stands in the way, visit and score.

use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

use pingxuan_domain::campaign::definition::{Category, ScoringPolicy};
use serde_json::{Value, json};
use uuid::Uuid;

use super::declaration::NOMINATED;
use crate::rehearsal::RehearsalError;
use crate::rehearsal::doings::place;
use crate::rehearsal::people::{Person, id_of, tag_of, text_of};
use crate::rehearsal::play::{Declared, INDIVIDUAL, Play, Watcher};
use crate::rehearsal::reckoning::Sheet;
use crate::rehearsal::truth::Truth;

/// When the plan is made, and confirmed.
const PLANNING: &str = "2023-01-05T10:00:00+08:00";
/// When supervisors declare that there is no conflict, go out, and have scored.
const DECLARING: &str = "2023-01-06T09:00:00+08:00";
const VISITING: &str = "2023-01-11T18:00:00+08:00";
const SCORING: &str = "2023-01-12T09:00:00+08:00";
/// What decides between equals when the plan is made.
const SEED: u64 = 2022;
/// Of so many criteria, one cannot be judged; of so many visited units, one dissents.
const CANNOT_JUDGE: u16 = 40;
const DISSENTS: usize = 31;

const FINDINGS: [&str; 6] = [
    "查阅台账{}份,与申报一致",
    "随机走访群众{}人,反映良好",
    "现场查看{}处,措施到位",
    "抽查办件{}件,均按时办结",
    "核对数据{}项,个别佐证不够充分",
    "座谈{}人次,群众认可度较高",
];

/// One assignment, as the office's list shows it.
#[derive(Clone, Debug)]
struct Task {
    id: Uuid,
    application: Uuid,
    watcher: Rc<Watcher>,
}

/// Plays the phase.
///
/// # Errors
/// [`RehearsalError`] where an answer comes that nobody expected.
pub async fn run(play: &mut Play) -> Result<(), RehearsalError> {
    let visited = play.declared.len();
    play.begin("核查 · verification", visited * 5);
    play.stage.move_to(PLANNING).await?;
    plan(play).await?;
    let tasks = confirm(play).await?;
    play.note(format!("{} sheets are assigned to {} supervisors", tasks.len(), play.watchers.len()));
    play.stage.move_to(DECLARING).await?;
    let tasks = recuse(play, tasks).await?;
    declare(play, &tasks).await?;
    too_early(play, &tasks).await?;
    play.stage.move_to(VISITING).await?;
    visit(play, &tasks).await?;
    play.stage.move_to(SCORING).await?;
    play.held_back("applications_unverified").await?;
    play.truth = truth(play);
    let missing = away(play, &tasks);
    score(play, tasks.iter().filter(|task| Some(task.id) != missing.map(|task| task.id))).await?;
    let submitted = tasks.len() - usize::from(missing.is_some());
    play.note(format!("{visited} trips are made, and {submitted} sheets are submitted"));
    if let Some(missing) = missing {
        waive(play, missing).await?;
    }
    verified(play).await?;
    reopen(play, &tasks).await?;
    verified(play).await
}

/// The office has a plan proposed and confirms it, first where scores are calibrated: that supervisors cross there decides whether
/// the calibration is official. Then it has one proposed for all the rest.
async fn plan(play: &Play) -> Result<(), RehearsalError> {
    let (first, rest): (Vec<&Category>, Vec<&Category>) =
        play.definition.categories.iter().partition(|category| calibrated(category));
    for category in first {
        planned(play, json!({"category_code": category.code}), &[category]).await?;
        let confirmed = play.office.post(&format!("{}/assignments/confirm", play.place()));
        confirmed.json(json!({"category_code": category.code})).expect(200).await?;
    }
    planned(play, json!({}), &rest).await
}

fn calibrated(category: &Category) -> bool {
    category.scoring_policy.value == ScoringPolicy::Calibrated
}

/// A plan of some categories is proposed: everyone gets their sheets, nobody scores their own unit, loads are even.
async fn planned(play: &Play, mut body: Value, of: &[&Category]) -> Result<(), RehearsalError> {
    if let Some(members) = body.as_object_mut() {
        members.extend([("method".into(), json!("balanced")), ("seed".into(), json!(SEED))]);
    }
    let asked = play.office.post(&format!("{}/assignments/plan", play.place()));
    let plan = asked.json(body).expect(200).await?;
    let visits = |declared: &Declared| {
        let category = of.iter().find(|category| category.code == declared.category)?;
        usize::try_from(category.visits.value).ok()
    };
    let wanted: usize = play.declared.iter().filter_map(visits).sum();
    let (items, short) = (plan.list("/items")?, plan.list("/short")?);
    play.stage.expect(items.len() == wanted && short.is_empty(), || {
        format!(
            "{wanted} sheets are wanted, {} are planned, and {} nominees are short",
            items.len(),
            short.len()
        )
    });
    play.stage.expect(plan.body.get("connected") == Some(&json!(true)), || {
        "the plan does not hang together".into()
    });
    let loads =
        plan.list("/loads")?.iter().filter_map(|load| load.get("assignments").and_then(Value::as_u64));
    let loads: Vec<u64> = loads.collect();
    let spread = loads.iter().max().zip(loads.iter().min()).map_or(0, |(most, least)| most - least);
    play.stage
        .expect(loads.len() == play.watchers.len() && spread <= 2, || format!("loads are uneven: {loads:?}"));
    for item in items {
        conflict(play, id_of(item, "application_id"), id_of(item, "supervisor_id"));
    }
    Ok(())
}

/// Notes an assignment that no rule allows: of the own unit, or in the category in which the supervisor stands.
fn conflict(play: &Play, application: Uuid, supervisor: Uuid) {
    let declared = play.declared.iter().find(|declared| declared.id == application);
    let watcher = play.watchers.iter().find(|watcher| watcher.supervisor.id == supervisor);
    let (Some(declared), Some(watcher)) = (declared, watcher) else { return };
    let invented = &watcher.supervisor.invented;
    let own = invented.unit == Some(declared.by.unit.short_name.as_str());
    let stands = declared.category == INDIVIDUAL && invented.name == NOMINATED;
    play.stage.expect(!own && !stands, || {
        format!("{} is to score {} (D-603, D-605)", invented.name, declared.name)
    });
}

/// A supervisor finds a relative among the nominees and recuses; somebody else is planned at once, and confirmed (D-602).
async fn recuse(play: &Play, tasks: Vec<Task>) -> Result<Vec<Task>, RehearsalError> {
    let Some(task) = tasks.into_iter().next() else { return Ok(Vec::new()) };
    let watcher = &task.watcher;
    let recusals = format!("{}/recusals", play.place());
    let body = json!({"application_id": task.application, "kind": "relative", "reason": "推荐对象负责人系本人近亲属。"});
    watcher.person.post(&recusals).json(body).expect(201).await?;
    watcher.person.look(&place(task.application)).refused(404, "not_found").await?;
    let by_hand = json!({"application_id": task.application, "supervisor_id": watcher.supervisor.id});
    play.office.post(&format!("{}/assignments", play.place())).json(by_hand).refused(409, "recused").await?;
    let planned = play.office.all(&format!("{}/assignments?state=planned", play.place())).await?;
    let replacement = planned.first().filter(|row| id_of(row, "application_id") == task.application);
    let replaced = replacement.map(|row| id_of(row, "supervisor_id"));
    play.stage.expect(planned.len() == 1 && replaced.is_some_and(|id| id != watcher.supervisor.id), || {
        format!(
            "somebody else should be planned for {}, and {planned:?} are",
            watcher.supervisor.invented.name
        )
    });
    if let Some(replaced) = replaced {
        conflict(play, task.application, replaced);
        let by = play.watchers.iter().find(|watcher| watcher.supervisor.id == replaced);
        let by = by.map(|watcher| watcher.supervisor.invented.name.clone()).unwrap_or_default();
        let of = play.declared.iter().find(|declared| declared.id == task.application);
        let of = of.map(|declared| declared.name.as_str()).unwrap_or_default();
        play.note(format!("{} recuses from {of}; {by} takes the place", watcher.supervisor.invented.name));
    }
    confirm(play).await
}

/// The office confirms the plan, and lists what came of it.
async fn confirm(play: &Play) -> Result<Vec<Task>, RehearsalError> {
    let confirmed = play.office.post(&format!("{}/assignments/confirm", play.place())).json(json!({}));
    let confirmed = confirmed.expect(200).await?;
    let rows = play.office.all(&format!("{}/assignments?state=confirmed", play.place())).await?;
    let now = confirmed.body.get("confirmed").and_then(Value::as_u64).unwrap_or(0);
    play.stage.expect(now > 0 && usize::try_from(now).is_ok_and(|now| now <= rows.len()), || {
        format!("{now} confirmed, {} listed", rows.len())
    });
    let task = |row: &Value| {
        let supervisor = id_of(row, "supervisor_id");
        let watcher = play.watchers.iter().find(|watcher| watcher.supervisor.id == supervisor)?;
        Some(Task {
            id: id_of(row, "id"),
            application: id_of(row, "application_id"),
            watcher: Rc::clone(watcher),
        })
    };
    Ok(rows.iter().filter_map(task).collect())
}

/// Before the declaration nothing of the application is open; after it the form is, without personal values.
async fn declare(play: &Play, tasks: &[Task]) -> Result<(), RehearsalError> {
    for watcher in &play.watchers {
        let own = watcher.person.all(&format!("{}/assignments?state=confirmed", play.place())).await?;
        let expected = tasks.iter().filter(|task| Rc::ptr_eq(&task.watcher, watcher)).count();
        let name = &watcher.supervisor.invented.name;
        play.stage.expect(own.len() == expected, || {
            format!("{name} has {expected} assignments and sees {}", own.len())
        });
        if let Some(first) = own.first() {
            watcher.person.look(&place(id_of(first, "application_id"))).refused(404, "not_found").await?;
        }
        for row in &own {
            let assignment = format!("/assignments/{}", text_of(row, "id"));
            let declared = watcher.person.act(&assignment, &tag_of(row), "declare").expect(200).await?;
            let state = declared.state()?;
            play.stage.expect(state == "cleared", || format!("{}: it is `{state}`", declared.what));
            watcher.person.get(&place(id_of(row, "application_id"))).await?;
            play.progress.step();
        }
    }
    Ok(())
}

/// A sheet is not submitted before a trip is recorded, and not before it is complete; no visit is waived while no sheet counts.
async fn too_early(play: &mut Play, tasks: &[Task]) -> Result<(), RehearsalError> {
    let Some(task) = tasks.first() else { return Ok(()) };
    let Some(category) = category_of(play, task.application) else { return Ok(()) };
    let sheet = points(play, &category, 7000);
    let mut half = sheet_body(play, &category, &sheet);
    if let Some(scores) = half.get_mut("scores").and_then(Value::as_array_mut) {
        scores.pop();
    }
    let (person, at) = (&task.watcher.person, format!("/assignments/{}/score-sheet", task.id));
    let saved = person.create(&at).json(half).expect(201).await?;
    let refused = person.act(&at, saved.tag()?, "submit").refused(409, "site_visit_missing").await?;
    play.stage.expect(refused.faults().iter().any(|(code, _)| *code == "sheet_incomplete"), || {
        format!("{}: the missing criterion is not named", refused.what)
    });
    let body = json!({"reason": "督导员临时有事。"});
    play.clerk.barred(&place(task.application), "waive-visits", body, "no_sheet_counts").await?;
    Ok(())
}

fn category_of(play: &Play, application: Uuid) -> Option<Category> {
    let declared = play.declared.iter().find(|declared| declared.id == application)?;
    play.definition.category(&declared.category).cloned()
}

/// One trip to each nominee: all its supervisors go, with somebody of the office, and one of them writes it down.
async fn visit(play: &Play, tasks: &[Task]) -> Result<(), RehearsalError> {
    let mut trips: BTreeMap<Uuid, Vec<&Task>> = BTreeMap::new();
    for task in tasks {
        trips.entry(task.application).or_default().push(task);
    }
    for (number, (application, going)) in trips.into_iter().enumerate() {
        let Some(writer) = going.first() else { continue };
        let Some(declared) = play.declared.iter().find(|declared| declared.id == application) else {
            continue;
        };
        let word = if number % DISSENTS == DISSENTS - 1 {
            json!({"verdict": "dissents", "spoken_by": "单位联系人", "reason": "第二项数据以年底统计为准。"})
        } else {
            json!({"verdict": "confirms", "spoken_by": "单位联系人"})
        };
        let body = json!({
            "application_id": application,
            "visited_on": format!("2023-01-{:02}", 6 + number % 6),
            "place": declared.by.unit.name,
            "supervisor_ids": going.iter().map(|task| task.watcher.supervisor.id).collect::<Vec<_>>(),
            "others": [{"name": "县“五型”办工作人员", "affiliation": "县政府办公室"}],
            "notes": "听取汇报,查阅资料,走访群众。(演示数据)",
            "unit_word": word,
        });
        let id = play.stage.app.clock.new_id();
        writer.watcher.person.create(&format!("/site-visits/{id}")).json(body).expect(201).await?;
        play.progress.step();
    }
    Ok(())
}

/// What is true of those whose scores are calibrated; only what supervisors see of it is ever told.
fn truth(play: &Play) -> Truth {
    let within = |declared: &&Declared| play.definition.category(&declared.category).is_some_and(calibrated);
    let nominees = play.declared.iter().filter(within).map(|declared| declared.id);
    Truth::of(nominees, play.watchers.iter().map(|watcher| watcher.supervisor.id))
}

/// Whoever goes to a township and does not come to score it: neither the first nor the last who has something to.
fn away<'a>(play: &Play, tasks: &'a [Task]) -> Option<&'a Task> {
    let (_, others) = tasks.split_last()?;
    let of_township =
        |task: &&Task| category_of(play, task.application).is_some_and(|category| calibrated(&category));
    others.iter().skip(1).rfind(of_township)
}

/// A supervisor falls ill: the office does with the sheets that the others submitted (D-604).
async fn waive(play: &Play, task: &Task) -> Result<(), RehearsalError> {
    let body = json!({"reason": "一名督导员因病住院,其余督导员的评分表已提交。"});
    let waived = play.clerk.take(&place(task.application), "waive-visits", body).await?;
    let (state, name) = (waived.state()?, &task.watcher.supervisor.invented.name);
    play.stage.expect(state == "verified", || format!("{}: it is `{state}`", waived.what));
    play.note(format!(
        "{name} falls ill; the remaining visit to {} is waived",
        waived.text("/nominee_name")?
    ));
    Ok(())
}

/// Every supervisor scores what is assigned to them.
async fn score(play: &mut Play, tasks: impl Iterator<Item = &Task>) -> Result<(), RehearsalError> {
    let mut tasks = tasks.peekable();
    let mut begun: HashSet<Uuid> = tasks.peek().map(|task| task.id).into_iter().collect();
    for task in tasks {
        let Some(category) = category_of(play, task.application) else { continue };
        let quality = quality(play, task);
        let sheet = points(play, &category, quality);
        let body = sheet_body(play, &category, &sheet);
        let (person, at) = (&task.watcher.person, format!("/assignments/{}/score-sheet", task.id));
        let saved = if begun.remove(&task.id) {
            save_again(person, &at, body).await?
        } else {
            person.create(&at).json(body).expect(201).await?.tag()?.to_owned()
        };
        let submitted = person.act(&at, &saved, "submit").expect(200).await?;
        let state = submitted.state()?;
        play.stage.expect(state == "submitted", || format!("{}: it is `{state}`", submitted.what));
        play.sheets.entry(task.application).or_default().push(sheet);
        play.progress.step();
    }
    Ok(())
}

async fn save_again(person: &Person, at: &str, body: Value) -> Result<String, RehearsalError> {
    let found = person.get(at).await?;
    Ok(person.put(at, found.tag()?).json(body).expect(200).await?.tag()?.to_owned())
}

/// The office finds a finding too thin and reopens the sheet; the supervisor writes more, and submits it again (D-604). The
/// other sheet of the nominee is not theirs to read (D-605).
async fn reopen(play: &mut Play, tasks: &[Task]) -> Result<(), RehearsalError> {
    let Some(task) = tasks.last() else { return Ok(()) };
    let (person, at) = (&task.watcher.person, format!("/assignments/{}/score-sheet", task.id));
    play.clerk.take(&at, "reopen", json!({"reason": "第一项的理由过于简略,请补充。"})).await?;
    play.held_back("applications_unverified").await?;
    let mut body = json!({"scores": person.get(&at).await?.list("/scores")?});
    if let Some(Value::String(reason)) = body.pointer_mut("/scores/0/reason") {
        reason.push_str("另查阅会议记录和工作照片。");
    }
    let saved = save_again(person, &at, body).await?;
    person.act(&at, &saved, "submit").expect(200).await?;
    let beside = tasks.iter().find(|other| other.application == task.application && other.id != task.id);
    if let Some(beside) = beside {
        person.look(&format!("/assignments/{}/score-sheet", beside.id)).refused(404, "not_found").await?;
    }
    play.note(format!(
        "A sheet of {} is reopened, and submitted again",
        task.watcher.supervisor.invented.name
    ));
    Ok(())
}

/// How good a nominee is to whoever scores, in hundredths of a point. Where no truth was drawn it is a pattern.
fn quality(play: &mut Play, task: &Task) -> u16 {
    if let Some(seen) = play.truth.seen(task.application, task.watcher.supervisor.id) {
        return seen;
    }
    let number = play.declared.iter().position(|declared| declared.id == task.application).unwrap_or(0);
    let leading = play.declared.iter().any(|declared| declared.id == task.application && declared.leading);
    let strict = play.watchers.iter().position(|watcher| Rc::ptr_eq(watcher, &task.watcher)).unwrap_or(0);
    let spread = u16::try_from(number * 37 % 27).unwrap_or(0);
    let strictness = u16::try_from(strict % 5).unwrap_or(0);
    // Leading cadres are made to stand high, so that the share rule (D-205) has something to say.
    (64 + spread + strictness + if leading { 6 } else { 0 }) * 100
}

/// Half points for each criterion, around a quality in hundredths.
fn points(play: &mut Play, category: &Category, quality: u16) -> Sheet {
    let chance = &mut play.chance;
    let of_criterion = |number: u32| {
        let judged = chance.below(CANNOT_JUDGE) > 0;
        let around = quality.saturating_add(chance.below(15) * 50).saturating_sub(325);
        (number, judged.then_some((around / 50).min(200)))
    };
    let mut sheet: Sheet =
        category.criteria.iter().map(|criterion| criterion.number).map(of_criterion).collect();
    // More than one that cannot be judged might leave too little of the weight.
    for (_, points) in sheet.iter_mut().filter(|(_, points)| points.is_none()).skip(1) {
        *points = Some(quality / 50);
    }
    sheet
}

fn sheet_body(play: &mut Play, category: &Category, sheet: &Sheet) -> Value {
    let scores: Vec<Value> = category
        .criteria
        .iter()
        .zip(sheet)
        .map(|(criterion, (number, halves))| {
            let title = &criterion.title.value;
            match halves {
                Some(halves) => {
                    let finding = play.chance.pick(&FINDINGS).copied().unwrap_or_default();
                    let finding = finding.replace("{}", &(3 + play.chance.below(40)).to_string());
                    let half = if halves % 2 == 1 { ".5" } else { "" };
                    json!({
                        "criterion": number, "points": format!("{}{half}", halves / 2), "reason": format!("“{title}”:{finding}。"),
                    })
                }
                None => json!({
                    "criterion": number, "cannot_judge": true, "reason": format!("“{title}”:现场条件所限,无法判断。"),
                }),
            }
        })
        .collect();
    json!({"scores": scores})
}

/// With the last sheet everything is verified.
async fn verified(play: &Play) -> Result<(), RehearsalError> {
    let rows =
        play.office.all(&format!("/applications?campaign_id={}&state=accepted", play.campaign)).await?;
    play.stage.expect(rows.is_empty(), || format!("{} applications are not verified", rows.len()));
    Ok(())
}

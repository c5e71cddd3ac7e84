//! 审定: the county government approves the lists. Until the announcement nobody outside the house learns of it.

use serde_json::{Value, json};

use super::objections::investigate;
use super::openness::{Asked, told};
use crate::rehearsal::RehearsalError;
use crate::rehearsal::people::{Person, text_of};
use crate::rehearsal::play::{INDIVIDUAL, Play, TOWNSHIP};

const DECIDING: &str = "2023-02-03T10:00:00+08:00";
const DECIDED_ON: &str = "2023-02-03";

/// The document that all four lists share.
pub const DOCUMENT: &str = "兴府字〔2023〕1号";

/// 审定记录, as it is embedded in each decision.
#[must_use]
pub fn record(decided_on: &str) -> Value {
    json!({
        "document_number": DOCUMENT,
        "decided_on": decided_on,
        "meeting": "县政府常务会议(演示)",
        "present": ["县长(演示)", "常务副县长(演示)", "副县长(演示)", "县政府办公室主任(演示)"],
        "recused": [{"name": "副县长乙(演示)", "reason": "分管单位在候选名单中。"}],
        "reasons": "公示期满无异议,同意按排名表彰。",
    })
}

/// Plays the phase.
///
/// # Errors
/// [`RehearsalError`] where an answer comes that nobody expected.
pub async fn run(play: &mut Play) -> Result<(), RehearsalError> {
    let categories = play.definition.categories.clone();
    play.begin("审定 · decision", categories.len() + 1);
    play.stage.move_to(DECIDING).await?;
    proposer(play).await?;
    play.held_back("categories_undecided").await?;
    relative(play).await?;
    late(play).await?;
    for category in &categories {
        let Some(list) = play.lists.get(&category.code) else { continue };
        let place = format!("/shortlists/{}", list.id);
        let found = play.approver.get(&place).await?;
        let body = json!({"decision": record(DECIDED_ON)});
        let approved = play.approver.act(&place, found.tag()?, "approve").json(body).expect(200).await?;
        let state = approved.state()?;
        play.stage.expect(state == "approved", || format!("{}: it is `{state}`", approved.what));
        play.note(format!("{}: the list of {} is approved", category.title.value.zh, list.entries.len()));
        play.progress.step();
    }
    for category in &categories {
        told(play, category, ("shortlisted", "not_shortlisted"), Asked::Some).await?;
    }
    unannounced(play).await?;
    play.progress.step();
    Ok(())
}

/// Who proposed the lists is made an approver, and still does not decide on them (D-707, D-902).
async fn proposer(play: &Play) -> Result<(), RehearsalError> {
    let name = play.office.name();
    let rows = play.security.all("/users?role=office").await?;
    let account = rows.iter().find(|row| text_of(row, "username") == name);
    let place = format!("/users/{}", account.map(|row| text_of(row, "id")).unwrap_or_default());
    give(play, &place, json!(["office", "approver"])).await?;
    let both = Person::of(&play.stage, name);
    let (list, _) = play.list(TOWNSHIP).await?;
    both.barred(&list, "approve", json!({"decision": record(DECIDED_ON)}), "own_proposal").await?;
    play.note(format!("{name}, who proposed the lists, is made an approver, and may not decide on them"));
    give(play, &place, json!(["office"])).await
}

async fn give(play: &Play, place: &str, roles: Value) -> Result<(), RehearsalError> {
    let found = play.security.get(place).await?;
    play.security.patch(place, found.tag()?).json(json!({"roles": roles})).expect(200).await?;
    Ok(())
}

/// An approver is a relative of a candidate: the list waits for another one (D-603).
async fn relative(play: &Play) -> Result<(), RehearsalError> {
    let candidate = play.lists.get(INDIVIDUAL).and_then(|list| list.entries.last()).cloned();
    let Some((application, candidate)) = candidate else { return Ok(()) };
    let approver = &play.second_approver;
    let recusals = format!("{}/recusals", play.place());
    let body = json!({"application_id": application, "kind": "relative", "reason": "系本人近亲属。"});
    approver.post(&recusals).json(body).expect(201).await?;
    let (list, _) = play.list(INDIVIDUAL).await?;
    approver.barred(&list, "approve", json!({"decision": record(DECIDED_ON)}), "recused").await?;
    play.note(format!("{} is a relative of {candidate} and takes no part in the decision", approver.name()));
    Ok(())
}

/// The objection that came after the period is answered before the decision all the same (D-705, D-707).
async fn late(play: &mut Play) -> Result<(), RehearsalError> {
    let Some(case) = play.late.take() else { return Ok(()) };
    let (list, _) = play.list(INDIVIDUAL).await?;
    let body = json!({"decision": record(DECIDED_ON)});
    play.approver.barred(&list, "approve", body, "objections_open").await?;
    let finding = json!({
        "outcome": "rejected", "findings": "经核验学历证书,信息属实。", "answer": "经核实,所反映的问题不属实。",
    });
    investigate(play, &case, finding).await
}

/// Decided is not announced: no award and no certificate is there for anyone (D-403).
async fn unannounced(play: &Play) -> Result<(), RehearsalError> {
    let awards = play.public.all("/public/awards").await?;
    play.stage
        .expect(awards.is_empty(), || format!("{} awards are public before the announcement", awards.len()));
    play.public.look("/public/awards/202201-01-001").refused(404, "not_found").await?;
    if let Some(notice) = play.lists.get(INDIVIDUAL).and_then(|list| list.notices.first()) {
        let place = format!("/public/notices/{notice}/objections");
        let body = json!({"content": "审定之后的异议。", "evidence": []});
        play.public.post(&place).json(body).refused(409, "objections_closed").await?;
    }
    if let Some(unit) = play.units.first() {
        let awards = unit.person.all("/awards").await?;
        play.stage.expect(awards.is_empty(), || {
            format!("a unit sees {} awards before the announcement", awards.len())
        });
    }
    Ok(())
}

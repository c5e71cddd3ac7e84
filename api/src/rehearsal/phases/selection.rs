//! 排名与名单: rankings are computed, ties resolved, lists made and proposed.

use std::collections::HashMap;

use pingxuan_domain::campaign::definition::{Category, Route, ScoringPolicy};
use serde_json::{Value, json};
use uuid::Uuid;

use super::assessment::{FORGOTTEN, put};
use super::calibration;
use crate::rehearsal::RehearsalError;
use crate::rehearsal::doings::place;
use crate::rehearsal::people::{Reply, id_of, text_of};
use crate::rehearsal::play::{COLLECTIVE, Listed, Play, standing};
use crate::rehearsal::reckoning::{by_records, by_sheets};

/// When the campaign goes on to selection, and when lists are proposed.
const SELECTING: &str = "2023-01-16T09:00:00+08:00";
/// Blockers of `propose_shortlist` that a departure from the ranking can clear.
const SHARES: [&str; 2] = ["leading_cadre_share", "front_line_share"];

/// Plays the phase.
///
/// # Errors
/// [`RehearsalError`] where an answer comes that nobody expected.
pub async fn run(play: &mut Play) -> Result<(), RehearsalError> {
    let categories = play.definition.categories.clone();
    play.begin("排名与名单 · rankings and lists", categories.len() * 2);
    play.stage.move_to(SELECTING).await?;
    play.advance("selecting").await?;
    forgotten(play).await?;
    for category in &categories {
        rank(play, category).await?;
        if category.scoring_policy.value == ScoringPolicy::Calibrated {
            let compared = calibration::run(play, category).await?;
            play.compared.push(compared);
        }
        play.progress.step();
    }
    for category in &categories {
        propose(play, category).await?;
        play.progress.step();
    }
    Ok(())
}

/// A missing assessment holds a list back (D-607); it comes in now.
async fn forgotten(play: &mut Play) -> Result<(), RehearsalError> {
    let lists = format!("{}/shortlists", play.place());
    play.office
        .post(&lists)
        .json(json!({"category_code": COLLECTIVE}))
        .refused(409, "assessment_missing")
        .await?;
    let unit = play.unit(FORGOTTEN)?;
    put(play, &unit).await
}

/// Where the ranking of a category is.
#[must_use]
pub fn ranking_place(play: &Play, category: &Category) -> String {
    format!("{}/categories/{}/ranking", play.place(), category.code)
}

/// The ranking is read, every score that is a mean is reckoned again, and every tie resolved that the quota ends in.
async fn rank(play: &Play, category: &Category) -> Result<(), RehearsalError> {
    let place = ranking_place(play, category);
    let mut ranking = play.office.get(&place).await?;
    if category.scoring_policy.value == ScoringPolicy::Mean {
        reckon(play, category, ranking.list("/entries")?);
    }
    if let Some(first) = ranking.list("/entries")?.first() {
        let explained = play.office.get(&format!("{place}/{}", text_of(first, "application_id"))).await?;
        let sentence = explained.text("/entry/explanation")?;
        play.stage.expect(sentence.contains(text_of(first, "score")), || {
            format!("{}: '{sentence}' does not name the score (D-610)", explained.what)
        });
    }
    loop {
        let across = |tie: &&Value| tie.get("across_quota") == Some(&json!(true));
        let Some(tie) = ranking.list("/ties")?.iter().find(across).cloned() else { return Ok(()) };
        let lists = format!("{}/shortlists", play.place());
        play.office
            .post(&lists)
            .json(json!({"category_code": category.code}))
            .refused(409, "tie_unresolved")
            .await?;
        let names: Vec<String> = tied(&ranking, &tie)?;
        let body = json!({
            "application_ids": tie.get("application_ids"), "reason": "得分相同,按任职时间先后排列。(演示数据)",
        });
        ranking = play.office.act(&place, ranking.tag()?, "resolve-tie").json(body).expect(200).await?;
        let title = &category.title.value.zh;
        play.note(format!(
            "{title}: {} are equal at the boundary; the office puts them in order",
            names.join(", ")
        ));
    }
}

/// Who is in a tie.
fn tied(ranking: &Reply, tie: &Value) -> Result<Vec<String>, RehearsalError> {
    let ids = tie.get("application_ids").and_then(Value::as_array).into_iter().flatten();
    let ids: Vec<&str> = ids.filter_map(Value::as_str).collect();
    let entries = ranking.list("/entries")?.iter();
    let among = entries.filter(|entry| ids.contains(&text_of(entry, "application_id")));
    Ok(among.map(|entry| text_of(entry, "nominee_name").to_owned()).collect())
}

/// Every score is what the sheets, the assessments and the duty records come to, and the order is that of the scores.
pub fn reckon(play: &Play, category: &Category, entries: &[Value]) {
    let mut before = None;
    for entry in entries {
        let (score, name) = (text_of(entry, "score"), text_of(entry, "nominee_name"));
        let expected = reckoned(play, category, id_of(entry, "application_id"), name).unwrap_or_default();
        play.stage.expect(score == expected, || {
            format!("{} {name}: the score is {score}, and reckoned again {expected}", category.code)
        });
        let hundredths = score.replace('.', "").parse::<u32>().unwrap_or(0);
        play.stage.expect(before.is_none_or(|before| before >= hundredths), || {
            format!("{} {name} stands below a lower score", category.code)
        });
        before = Some(hundredths);
    }
    let expected = match category.route.value {
        Route::SelfDeclared => {
            play.declared.iter().filter(|declared| declared.category == category.code).count()
        }
        // One of them stands elsewhere.
        Route::OfficeEvaluated => play.watchers.len() - 1,
    };
    play.stage.expect(entries.len() == expected, || {
        format!("{}: {expected} nominees are to be ranked, and {} are", category.code, entries.len())
    });
}

fn reckoned(play: &Play, category: &Category, application: Uuid, name: &str) -> Option<String> {
    match category.route.value {
        Route::SelfDeclared => {
            let declared = play.declared.iter().find(|declared| declared.id == application)?;
            let assessed = play.assessed.get(&declared.by.unit.id).copied().flatten();
            by_sheets(category, play.sheets.get(&application)?, assessed)
        }
        Route::OfficeEvaluated => {
            let watcher = play.watchers.iter().find(|watcher| watcher.supervisor.invented.name == name)?;
            by_records(category, play.records.get(&watcher.supervisor.id)?)
        }
    }
}

/// A list is made of the best and proposed; where the share rules are against it, it departs from the ranking with reasons.
///
/// # Errors
/// [`RehearsalError`] where an answer comes that nobody expected.
pub async fn propose(play: &mut Play, category: &Category) -> Result<(), RehearsalError> {
    let lists = format!("{}/shortlists", play.place());
    let body = json!({"category_code": category.code});
    let mut list = play.office.post(&lists).json(body.clone()).expect(201).await?;
    let id = list.id()?;
    play.office.post(&lists).json(body).refused(409, "list_alive").await?;
    let blocked = list.blockers("propose_shortlist").unwrap_or_default();
    if let Some(share) = blocked.iter().find(|code| SHARES.contains(&code.as_str())) {
        play.office.act(&format!("/shortlists/{id}"), list.tag()?, "propose").refused(409, share).await?;
        list = depart(play, category, &list).await?;
    }
    let blocked = list.blockers("propose_shortlist").unwrap_or_default();
    play.stage.expect(blocked.is_empty(), || {
        format!("{} is still blocked by {}", category.code, blocked.join(", "))
    });
    let hidden = seen_before(play, &list).await?;
    let proposed = play.office.act(&format!("/shortlists/{id}"), list.tag()?, "propose").expect(200).await?;
    unseen(play, &hidden).await?;
    let entries = standing(proposed.list("/entries")?);
    let quota = category.quota.value;
    play.stage.expect(u32::try_from(entries.len()) == Ok(quota), || {
        format!("the list of {} has {} of {quota} entries", category.code, entries.len())
    });
    let title = category.title.value.zh.clone();
    play.note(format!("{title}: a list of {} is proposed", entries.len()));
    play.lists.insert(category.code.clone(), Listed { title, quota, id, notices: Vec::new(), entries });
    Ok(())
}

/// What is known of one place of a ranking.
struct Ranked {
    id: Uuid,
    leading: bool,
    front_line: bool,
}

/// The office passes over those who are too many by the share rules, takes the next, and says why (D-205, D-701).
async fn depart(play: &Play, category: &Category, list: &Reply) -> Result<Reply, RehearsalError> {
    let ranking = play.office.get(&ranking_place(play, category)).await?;
    let flag = |entry: &Value, member: &str| entry.get(member) == Some(&json!(true));
    let ranked = ranking.list("/entries")?.iter().map(|entry| Ranked {
        id: id_of(entry, "application_id"),
        leading: flag(entry, "is_leading_cadre"),
        front_line: flag(entry, "front_line"),
    });
    let ranked: Vec<Ranked> = ranked.collect();
    let chosen = within_shares(category, &ranked);
    let best: Vec<Uuid> = ranked.iter().take(chosen.len()).map(|ranked| ranked.id).collect();
    let passed_over =
        best.iter().filter(|id| !chosen.contains(id)).map(|id| (id, "领导干部比例已满,按规定依次顺延。"));
    let put_in =
        chosen.iter().filter(|id| !best.contains(id)).map(|id| (id, "前列领导干部名额已满,依次递进入选。"));
    let departures: Vec<Value> = passed_over
        .chain(put_in)
        .map(|(id, reason)| json!({"application_id": id, "reason": reason}))
        .collect();
    play.note(format!(
        "{}: the list departs from the ranking, with {} reasons",
        category.title.value.zh,
        departures.len()
    ));
    let body = json!({"application_ids": chosen, "departures": departures});
    play.office.patch(&format!("/shortlists/{}", list.id()?), list.tag()?).json(body).expect(200).await
}

/// The best of the ranking that keep the shares, in its order.
fn within_shares(category: &Category, ranked: &[Ranked]) -> Vec<Uuid> {
    let quota = usize::try_from(category.quota.value).unwrap_or(usize::MAX);
    let share = |percent: Option<u32>| percent.map(|percent| usize::try_from(percent).unwrap_or(100) * quota);
    let rules = category.share_rules.value;
    let leading =
        share(rules.leading_cadres_at_most_percent).map(|share| if quota < 5 { 0 } else { share / 100 });
    let mut chosen: Vec<&Ranked> = Vec::new();
    for one in ranked {
        let led = chosen.iter().filter(|other| other.leading).count();
        if chosen.len() < quota && (!one.leading || leading.is_none_or(|most| led < most)) {
            chosen.push(one);
        }
    }
    let wanted = share(rules.front_line_at_least_percent).map_or(0, |share| share.div_ceil(100));
    for one in ranked.iter().filter(|one| one.front_line) {
        let in_front = chosen.iter().filter(|other| other.front_line).count();
        let last_behind = chosen.iter().rposition(|other| !other.front_line);
        if in_front < wanted
            && !chosen.iter().any(|other| other.id == one.id)
            && let Some(last) = last_behind.and_then(|at| chosen.get_mut(at))
        {
            *last = one;
        }
    }
    let chosen: Vec<Uuid> = chosen.into_iter().map(|one| one.id).collect();
    ranked.iter().map(|one| one.id).filter(|id| chosen.contains(id)).collect()
}

/// What the units of a category see before a list is proposed: state and tag, by application.
async fn seen_before(play: &Play, list: &Reply) -> Result<HashMap<Uuid, String>, RehearsalError> {
    let mut seen = HashMap::new();
    for entry in list.list("/entries")? {
        let id = id_of(entry, "application_id");
        if let Some(declared) = play.declared.iter().find(|declared| declared.id == id) {
            let found = declared.by.person.get(&place(id)).await?;
            seen.insert(id, found.tag()?.to_owned());
        }
    }
    Ok(seen)
}

/// A proposal is the house's own business: units see the same as before, to the tag (D-403).
async fn unseen(play: &Play, before: &HashMap<Uuid, String>) -> Result<(), RehearsalError> {
    for (id, tag) in before {
        let Some(declared) = play.declared.iter().find(|declared| declared.id == *id) else { continue };
        let found = declared.by.person.get(&place(*id)).await?;
        let (state, now) = (found.state()?, found.tag()?);
        play.stage.expect(state == "verified" && now == tag, || {
            format!("{}: the unit should see nothing of the proposal, and sees `{state}` (D-403)", found.what)
        });
        let house = play.office.get(&place(*id)).await?.state()?;
        play.stage.expect(house == "shortlisted", || {
            format!("the office should see `shortlisted`, and sees `{house}`")
        });
    }
    Ok(())
}

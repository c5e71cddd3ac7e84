//! 公示: lists are endorsed and shown, objections come in and are answered, one list is sent back and proposed anew, a newcomer
//! is shown in a notice of their own, and notices close at the end of their periods.

use pingxuan_domain::campaign::definition::{Category, Route};
use serde_json::json;
use uuid::Uuid;

use super::objections::{self, Case};
use super::selection::propose;
use crate::rehearsal::RehearsalError;
use crate::rehearsal::doings::place;
use crate::rehearsal::people::{Person, id_of, text_of};
use crate::rehearsal::play::{COLLECTIVE, INDIVIDUAL, Play, TOWNSHIP};

const ENDORSING: &str = "2023-01-17T09:00:00+08:00";
/// A Wednesday. The Spring Festival is from the 21st to the 27th, and the week-end after it is worked: five working days
/// end on Monday, the 30th (D-305).
const PUBLISHING: &str = "2023-01-18T09:00:00+08:00";
const CLOSES: &str = "2023-01-30T16:00:00.000Z";
const SENDING_BACK: &str = "2023-01-19T09:00:00+08:00";
/// The Friday before the festival: five working days end on Wednesday, 1 February.
const PUBLISHING_ANEW: &str = "2023-01-20T09:00:00+08:00";
const CLOSES_ANEW: &str = "2023-02-01T16:00:00.000Z";
/// The first instant after each period.
const OVER: &str = "2023-01-31T00:00:00+08:00";
const OVER_ANEW: &str = "2023-02-02T00:00:00+08:00";

/// A county so large is not asked unit by unit.
const MANY: usize = 100;

/// Plays the phase.
///
/// # Errors
/// [`RehearsalError`] where an answer comes that nobody expected.
pub async fn run(play: &mut Play) -> Result<(), RehearsalError> {
    let categories = play.definition.categories.clone();
    play.begin("公示 · public notices", categories.len() * 3 + 2);
    play.stage.move_to(ENDORSING).await?;
    for category in categories.iter().filter(|category| category.code != COLLECTIVE) {
        endorse(play, category).await?;
    }
    play.stage.move_to(PUBLISHING).await?;
    let asked = if play.units.len() > MANY { Asked::Some } else { Asked::All };
    for category in &categories {
        publish(play, category, CLOSES, None).await?;
        told(play, category, ("shortlisted", "not_shortlisted"), asked).await?;
    }
    play.note("The four lists are shown to the public for five working days");
    let cases = objections::filed(play).await?;
    play.stage.move_to(SENDING_BACK).await?;
    objections::answered(play, &cases).await?;
    send_back(play, cases).await?;

    play.stage.move_to(OVER).await?;
    for category in categories.iter().filter(|category| category.code != COLLECTIVE) {
        close(play, &category.code, 0).await?;
    }
    still_running(play).await?;
    play.late = Some(objections::file(play, (INDIVIDUAL, 1), "其学历信息似有出入。", false).await?);
    play.stage.move_to(OVER_ANEW).await?;
    close(play, COLLECTIVE, 0).await?;
    close(play, TOWNSHIP, 1).await?;
    play.note("The periods of all notices are over");
    Ok(())
}

/// The names are shown only with the approver's consent, and the office cannot give it.
///
/// # Errors
/// [`RehearsalError`] where an answer comes that nobody expected.
pub async fn endorse(play: &Play, category: &Category) -> Result<(), RehearsalError> {
    let (place, found) = play.list(&category.code).await?;
    if category.code == TOWNSHIP {
        play.office.act(&place, found.tag()?, "publish-notice").refused(409, "consent_missing").await?;
        play.office
            .act(&place, found.tag()?, "endorse")
            .json(json!({}))
            .refused(403, "role_not_permitted")
            .await?;
        play.approver.act(&place, "*", "endorse").json(json!({})).refused(428, "wildcard_refused").await?;
    }
    let body = json!({"remark": "同意公示。"});
    let endorsed = play.approver.act(&place, found.tag()?, "endorse").json(body).expect(200).await?;
    let state = endorsed.state()?;
    play.stage.expect(state == "endorsed", || format!("{}: it is `{state}`", endorsed.what));
    play.progress.step();
    Ok(())
}

/// A list is shown: all who stand on it, or whoever came later.
async fn publish(
    play: &mut Play,
    category: &Category,
    closes: &str,
    newcomer: Option<&str>,
) -> Result<(), RehearsalError> {
    let (place, found) = play.list(&category.code).await?;
    let published = play.office.act(&place, found.tag()?, "publish-notice").expect(200).await?;
    let notice = published.list("/notices")?.last().map(|notice| id_of(notice, "id")).unwrap_or_default();
    // Anyone reads it, without a log-in.
    let shown = play.public.get(&format!("/public/notices/{notice}")).await?;
    let until = shown.text("/closes_at")?;
    play.stage.expect(until == closes, || {
        format!(
            "the notice of {} should stand until {closes}, and stands until {until} (D-305)",
            category.code
        )
    });
    let text = shown.body.to_string();
    let personal = ["score", "citizen_id", "phone"].into_iter().find(|word| text.contains(word));
    play.stage.expect(personal.is_none(), || {
        format!("the notice of {} holds `{personal:?}` (D-704)", category.code)
    });
    let names: Vec<&str> =
        shown.list("/content/entries")?.iter().map(|entry| text_of(entry, "name")).collect();
    if let Some(list) = play.lists.get_mut(&category.code) {
        list.notices.push(notice);
        let all = || list.entries.iter().map(|(_, name)| name.as_str()).collect();
        let expected: Vec<&str> = newcomer.map_or_else(all, |name| vec![name]);
        play.stage.expect(names == expected, || format!("the notice of {} names {names:?}", category.code));
    }
    play.progress.step();
    Ok(())
}

/// Who is asked what they see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Everyone.
    All,
    /// Those on the list, and some of the others: each day costs everyone who is asked a log-in.
    Some,
}

/// What those outside the house see of where the nominees of a category stand (D-403): on the list, and off it.
///
/// # Errors
/// [`RehearsalError`] where an answer comes that nobody expected.
pub async fn told(
    play: &Play,
    category: &Category,
    (on, off): (&str, &str),
    asked: Asked,
) -> Result<(), RehearsalError> {
    let listed = play.lists.get(&category.code).map(|list| list.entries.as_slice()).unwrap_or_default();
    let of_units = play.declared.iter().filter(|declared| declared.category == category.code);
    let mut readers: Vec<(Uuid, &Person)> =
        of_units.map(|declared| (declared.id, &declared.by.person)).collect();
    if category.route.value == Route::OfficeEvaluated {
        readers.extend(listed.iter().filter_map(|(id, name)| {
            let watcher = play.watchers.iter().find(|watcher| watcher.supervisor.invented.name == *name)?;
            Some((*id, &watcher.person))
        }));
    }
    for (number, (id, reader)) in readers.into_iter().enumerate() {
        let on_it = listed.iter().any(|(listed, _)| *listed == id);
        if asked == Asked::Some && !on_it && number % 5 > 0 {
            continue;
        }
        let found = reader.get(&place(id)).await?;
        let fallen = play.fallen.contains(&id);
        let (state, expected) = (
            found.state()?,
            if fallen {
                "disqualified"
            } else if on_it {
                on
            } else {
                off
            },
        );
        play.stage.expect(state == expected, || {
            format!("{}: they should see `{expected}`, and see `{state}` (D-403)", found.what)
        });
    }
    Ok(())
}

/// The approver sends a list back while its notice stands: the notice is withdrawn, and the list proposed anew. On the same day
/// what was upheld is carried out, and whoever took the place is shown for a period of their own.
async fn send_back(play: &mut Play, cases: Vec<Case>) -> Result<(), RehearsalError> {
    let category = play.category(COLLECTIVE)?;
    let before = play.lists.get(COLLECTIVE).cloned();
    let (place, found) = play.list(COLLECTIVE).await?;
    let body = json!({"reason": "请补充说明前三名的主要事迹后重新报送。"});
    let returned = play.second_approver.act(&place, found.tag()?, "return").json(body).expect(200).await?;
    let state = returned.state()?;
    play.stage.expect(state == "returned", || format!("{}: it is `{state}`", returned.what));
    let approver = play.second_approver.name();
    play.note(format!(
        "{approver} sends the list of {} back; its notice is withdrawn",
        category.title.value.zh
    ));
    for notice in before.iter().flat_map(|before| &before.notices) {
        let withdrawn = play.public.get(&format!("/public/notices/{notice}")).await?.state()?;
        play.stage.expect(withdrawn == "withdrawn", || {
            format!("the notice of the list sent back is `{withdrawn}`")
        });
    }
    told(play, &category, ("verified", "verified"), Asked::Some).await?;
    play.progress.step();
    play.stage.move_to(PUBLISHING_ANEW).await?;
    propose(play, &category).await?;
    let same = before.is_some_and(|before| {
        play.lists.get(COLLECTIVE).is_some_and(|list| list.id != before.id && list.entries == before.entries)
    });
    play.stage
        .expect(same, || "the list that is proposed anew should be another one of the same names".into());
    endorse(play, &category).await?;
    publish(play, &category, CLOSES_ANEW, None).await?;
    told(play, &category, ("shortlisted", "not_shortlisted"), Asked::Some).await?;

    let Some(upheld) = objections::of(&cases, TOWNSHIP) else { return Ok(()) };
    let (_, name) = objections::carried_out(play, &upheld).await?;
    let category = play.category(TOWNSHIP)?;
    endorse(play, &category).await?;
    publish(play, &category, CLOSES_ANEW, Some(&name)).await?;
    play.note(format!("{name} is shown in a notice of its own, until the end of 2023-02-01"));
    told(play, &category, ("shortlisted", "not_shortlisted"), Asked::Some).await
}

/// A notice is not closed, and a list not approved, before the period is over.
async fn still_running(play: &Play) -> Result<(), RehearsalError> {
    let running = play.lists.get(COLLECTIVE).and_then(|list| list.notices.last()).copied();
    let Some(running) = running else { return Ok(()) };
    let shown = play.office.get(&format!("/public/notices/{running}")).await?;
    let notice = format!("/public-notices/{running}");
    play.office.act(&notice, shown.tag()?, "close").refused(409, "notice_running").await?;
    let (place, found) = play.list(COLLECTIVE).await?;
    let body = json!({"decision": super::decision::record("2023-01-31")});
    play.approver.act(&place, found.tag()?, "approve").json(body).refused(409, "notice_not_closed").await?;
    Ok(())
}

/// One of the notices of a list is closed.
async fn close(play: &Play, category: &str, number: usize) -> Result<(), RehearsalError> {
    let list = play.lists.get(category);
    let notice = list.and_then(|list| list.notices.get(number)).copied().unwrap_or_default();
    let shown = play.office.get(&format!("/public/notices/{notice}")).await?;
    let closed =
        play.office.act(&format!("/public-notices/{notice}"), shown.tag()?, "close").expect(200).await?;
    let state = closed.state()?;
    play.stage.expect(state == "closed", || format!("{}: it is `{state}`", closed.what));
    play.progress.step();
    Ok(())
}

//! 履职: supervisors write down what they did in the year, and the office reviews it.

use std::rc::Rc;

use pingxuan_domain::campaign::definition::DutyKind;
use pingxuan_domain::review::evaluation::DutyCount;
use serde_json::{Value, json};
use strum::IntoEnumIterator;

use crate::rehearsal::RehearsalError;
use crate::rehearsal::people::{tag_of, text_of};
use crate::rehearsal::play::{Play, Watcher};

/// When they write, and when the office reviews.
const WRITING: &str = "2022-12-05T09:00:00+08:00";
const REVIEWING: &str = "2022-12-08T09:00:00+08:00";

/// Supervision, liaison, advice, publicity: records written, for those who did most. Of the advice all but one were adopted.
/// The second and the third are equal to the last point, and one of them is a leading cadre: both must be dealt with.
const DILIGENT: [(&str, [u16; 4]); 3] =
    [("刘明察", [4, 4, 4, 4]), ("曾知微", [4, 3, 3, 4]), ("李秉直", [4, 3, 3, 4])];

const TITLES: [&str; 4] = ["营商环境专项监督", "走访联络群众", "提出工作建议", "宣讲惠民政策"];

/// Plays the phase.
///
/// # Errors
/// [`RehearsalError`] where an answer comes that nobody expected.
pub async fn run(play: &mut Play) -> Result<(), RehearsalError> {
    play.begin("履职 · duty records", play.watchers.len() * 2);
    play.stage.move_to(WRITING).await?;
    for watcher in play.watchers.clone() {
        write(play, &watcher).await?;
        play.progress.step();
    }
    play.stage.move_to(REVIEWING).await?;
    for watcher in play.watchers.clone() {
        review(play, &watcher).await?;
        play.progress.step();
    }
    play.note(format!(
        "{} supervisors write down what they did; one record of each is declined",
        play.watchers.len()
    ));
    Ok(())
}

fn place(watcher: &Watcher) -> String {
    format!("/supervisors/{}/duty-records", watcher.supervisor.id)
}

async fn write(play: &mut Play, watcher: &Rc<Watcher>) -> Result<(), RehearsalError> {
    let diligent = DILIGENT.iter().find(|(name, _)| *name == watcher.supervisor.invented.name);
    let counts =
        diligent.map_or_else(|| [0; 4].map(|_: u16| 1 + play.chance.below(3)), |(_, counts)| *counts);
    let mut approved = Vec::new();
    for ((kind, count), title) in DutyKind::iter().zip(counts).zip(TITLES) {
        for number in 0..count {
            let adopted = kind == DutyKind::Advice && number > 0;
            send(watcher, kind, title, (usize::from(number) + 1, adopted)).await?;
        }
        let adopted = if kind == DutyKind::Advice { count.saturating_sub(1) } else { 0 };
        approved.push(DutyCount { kind, approved: u32::from(count), adopted: u32::from(adopted) });
    }
    // One record of each is not what it should be; the office will decline it.
    send(watcher, DutyKind::Publicity, "转发一条信息", (12, false)).await?;
    play.records.insert(watcher.supervisor.id, approved);
    let mut early = record(DutyKind::Liaison, "任期之前的事", (1, false));
    if let Some(day) = early.get_mut("done_on") {
        *day = json!("2021-12-31");
    }
    watcher.person.post(&place(watcher)).json(early).refused(409, "out_of_term").await?;
    Ok(())
}

fn record(kind: DutyKind, title: &str, (month, adopted): (usize, bool)) -> Value {
    let day = if month > 11 { "2022-12-01".to_owned() } else { format!("2022-{:02}-15", month * 2) };
    json!({
        "kind": kind, "done_on": day, "title": title, "adopted": adopted,
        "description": format!("{title},第{month}次。(演示数据)"),
    })
}

async fn send(
    watcher: &Watcher,
    kind: DutyKind,
    title: &str,
    when: (usize, bool),
) -> Result<(), RehearsalError> {
    watcher.person.post(&place(watcher)).json(record(kind, title, when)).expect(201).await?;
    Ok(())
}

async fn review(play: &Play, watcher: &Watcher) -> Result<(), RehearsalError> {
    for row in play.clerk.all(&format!("{}?state=submitted", place(watcher))).await? {
        let declined = text_of(&row, "title") == "转发一条信息";
        let body = if declined {
            json!({"outcome": "declined", "reason": "仅转发信息,不属于履职活动。"})
        } else {
            json!({"outcome": "approved"})
        };
        let reviewed = format!("/duty-records/{}", text_of(&row, "id"));
        let reviewed = play.clerk.act(&reviewed, &tag_of(&row), "review").json(body).expect(200).await?;
        let (state, expected) = (reviewed.state()?, if declined { "declined" } else { "approved" });
        play.stage.expect(state == expected, || format!("{}: it is `{state}`", reviewed.what));
    }
    Ok(())
}

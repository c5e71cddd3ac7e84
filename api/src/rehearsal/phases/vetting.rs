//! 征求意见: departments are asked about the candidates among the collectives; one has a concern, and one vetoes.

use std::rc::Rc;

use serde_json::{Value, json};
use uuid::Uuid;

use super::openness::endorse;
use super::vacancy::{Ground, disqualify, substitute};
use crate::rehearsal::RehearsalError;
use crate::rehearsal::people::{id_of, tag_of, text_of};
use crate::rehearsal::play::{ASKED, COLLECTIVE, Declarer, Play};

/// When departments are asked, and when they answer.
const ASKING: &str = "2023-01-16T14:00:00+08:00";
const ANSWERING: &str = "2023-01-17T09:00:00+08:00";
/// Places of the list about which a department has something to say.
const CONCERN_AT: usize = 1;
const VETO_AT: usize = 3;
/// Who is not asked, and answers.
const UNASKED: &str = "县财政局";

/// Plays the phase.
///
/// # Errors
/// [`RehearsalError`] where an answer comes that nobody expected.
pub async fn run(play: &mut Play) -> Result<(), RehearsalError> {
    let listed = play.lists.get(COLLECTIVE).map(|list| list.entries.clone()).unwrap_or_default();
    play.begin("征求意见 · vetting", listed.len() * ASKED.len() + 2);
    play.stage.move_to(ASKING).await?;
    let category = play.category(COLLECTIVE)?;
    endorse(play, &category).await?;
    let (place, _) = play.list(COLLECTIVE).await?;
    play.office.barred(&place, "publish-notice", Value::Null, "vetting_missing").await?;
    ask(play).await?;
    play.office.barred(&place, "publish-notice", Value::Null, "vetting_open").await?;

    play.stage.move_to(ANSWERING).await?;
    let (Some(doubted), Some(vetoed)) = (listed.get(CONCERN_AT), listed.get(VETO_AT)) else { return Ok(()) };
    let (concern, veto) = answers(play, doubted, vetoed).await?;
    play.office.barred(&place, "publish-notice", Value::Null, "vetting_concern_open").await?;
    let body = json!({"resolution": "经核实,所反映的问题已于11月整改到位,不影响评选。"});
    let concerns = play.office.all(&format!("{}/vetting-requests?state=concern", play.place())).await?;
    let tag = concerns.iter().find(|row| id_of(row, "id") == concern).map(tag_of).unwrap_or_default();
    play.office.act(&request(concern), &tag, "resolve").json(body).expect(200).await?;
    play.note(format!("The concern about {} is looked into and resolved, on record", doubted.1));

    play.office.barred(&place, "publish-notice", Value::Null, "vetting_veto").await?;
    let ground = Ground {
        kind: "vetting", reference: veto, reason: "征求意见中被否决:未按期办结信访案件。"
    };
    disqualify(play, (vetoed.0, &vetoed.1), ground).await?;
    substitute(play, &category).await?;
    endorse(play, &category).await?;
    play.office.barred(&place, "publish-notice", Value::Null, "vetting_missing").await?;
    ask(play).await?;
    answers(play, doubted, vetoed).await?;
    play.progress.step();
    Ok(())
}

fn request(id: Uuid) -> String {
    format!("/vetting-requests/{id}")
}

async fn ask(play: &Play) -> Result<(), RehearsalError> {
    let place = format!("{}/vetting-requests", play.place());
    let asked = play.office.post(&place).json(json!({"category_code": COLLECTIVE})).expect(201).await?;
    let count = asked.list("/items")?.len();
    play.note(format!("{} are asked about the candidates: {count} requests", ASKED.join(" and ")));
    Ok(())
}

/// Every department answers what it is asked: a concern about one candidate, a veto of another, nothing against the others.
/// The requests with the concern and with the veto; nil where they were not asked now.
async fn answers(
    play: &Play,
    doubted: &(Uuid, String),
    vetoed: &(Uuid, String),
) -> Result<(Uuid, Uuid), RehearsalError> {
    let (mut concern, mut veto) = (Uuid::nil(), Uuid::nil());
    for (number, name) in ASKED.into_iter().enumerate() {
        let department: Rc<Declarer> = play.unit(name)?;
        let open = format!("{}/vetting-requests?state=requested", play.place());
        for row in department.person.all(&open).await? {
            let (id, about) = (id_of(&row, "id"), id_of(&row, "application_id"));
            let body = match number {
                0 if about == vetoed.0 => {
                    veto = id;
                    json!({"opinion": "veto", "basis": "未按期办结信访案件。", "document": "兴公函〔2023〕3号"})
                }
                1 if about == doubted.0 => {
                    concern = id;
                    json!({"opinion": "concern", "basis": "一项专项资金使用不规范。", "document": "兴审函〔2023〕2号"})
                }
                _ => json!({"opinion": "no_objection"}),
            };
            if veto == id || concern == id {
                let (opinion, basis) = (text_of(&body, "opinion"), text_of(&body, "basis"));
                play.note(format!(
                    "{name} answers about {}: {opinion}. {basis}",
                    text_of(&row, "nominee_name")
                ));
                let other = play.unit(UNASKED)?;
                let asked = other.person.act(&request(id), &tag_of(&row), "opinion").json(body.clone());
                asked.refused(404, "not_found").await?;
            }
            department.person.act(&request(id), &tag_of(&row), "opinion").json(body).expect(200).await?;
            play.progress.step();
        }
    }
    Ok((concern, veto))
}

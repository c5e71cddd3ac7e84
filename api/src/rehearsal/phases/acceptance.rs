//! 受理: sealed papers come in, everything is accepted, and after the deadline the campaign goes on to verification.

use serde_json::{Value, json};
use uuid::Uuid;

use super::declaration::{BELATED, CARELESS, FORGETFUL, NOMINATED, correct, noted};
use crate::rehearsal::RehearsalError;
use crate::rehearsal::doings::{accept, place, receive_paper, send_back, submit};
use crate::rehearsal::people::{id_of, text_of};
use crate::rehearsal::play::{Play, SUPERVISOR};

/// When papers are received.
const RECEIVING: &str = "2022-12-12T09:00:00+08:00";
/// The unit whose declaration is sent back last of all, with a correction date beyond the deadline.
const LATE: &str = "县商务局";
const SENT_BACK: &str = "2022-12-28T09:00:00+08:00";
const CORRECT_BY: &str = "2023-01-04";
/// The first instant after the deadline.
const OVER: &str = "2023-01-01T00:00:00+08:00";
const CORRECTED: &str = "2023-01-03T09:00:00+08:00";
/// The first moment at which nothing more is awaited.
const DONE: &str = "2023-01-05T09:00:00+08:00";

/// Plays the phase.
///
/// # Errors
/// [`RehearsalError`] where an answer comes that nobody expected.
pub async fn run(play: &mut Play) -> Result<(), RehearsalError> {
    play.begin("受理 · acceptance", play.declared.len() + 4);
    play.stage.move_to(RECEIVING).await?;
    let listed =
        play.clerk.all(&format!("/applications?campaign_id={}&state=submitted", play.campaign)).await?;
    play.stage.expect(listed.len() == play.declared.len(), || {
        format!("{} declarations were submitted, and {} are listed", play.declared.len(), listed.len())
    });
    without_paper(play).await?;
    let before = play.declared.len();
    let late = play.declared.iter().find(|declared| declared.by.unit.short_name == LATE).map(|late| late.id);
    for row in listed {
        let id = id_of(&row, "id");
        if Some(id) != late {
            receive(play, id).await?;
        }
    }
    let accepted = before - usize::from(late.is_some());
    play.note(format!("Papers come in, and {accepted} of {before} declarations are accepted"));
    if let Some(late) = late {
        after_the_deadline(play, late).await?;
    }
    play.stage.move_to(DONE).await?;
    play.advance("verifying").await?;
    play.progress.step();
    lapsed(play).await?;
    evaluations(play).await
}

async fn receive(play: &mut Play, id: Uuid) -> Result<(), RehearsalError> {
    let received = receive_paper(&play.clerk, id).await?;
    let accepted = accept(&play.clerk, &received).await?;
    let state = accepted.state()?;
    play.stage.expect(state == "accepted", || format!("{}: it is `{state}`", accepted.what));
    if let Some(declared) = play.declared.iter_mut().find(|declared| declared.id == id) {
        declared.accepted = true;
    }
    play.progress.step();
    Ok(())
}

/// Nothing is accepted without two sealed copies of what it says now (D-503).
async fn without_paper(play: &Play) -> Result<(), RehearsalError> {
    let Some(declared) = play.declared.first() else { return Ok(()) };
    let place = place(declared.id);
    let found = play.clerk.get(&place).await?;
    play.clerk.act(&place, found.tag()?, "accept").refused(409, "paper_copies_missing").await?;
    let stale = json!({"copies": 2, "digest": "0".repeat(64), "received_on": "2022-12-12"});
    let found =
        play.clerk.put(&format!("{place}/paper-receipt"), found.tag()?).json(stale).expect(200).await?;
    play.clerk.act(&place, found.tag()?, "accept").refused(409, "paper_stale").await?;
    Ok(())
}

/// One declaration is sent back with a correction date beyond the deadline: the campaign waits for it, and for nobody else.
async fn after_the_deadline(play: &mut Play, late: Uuid) -> Result<(), RehearsalError> {
    play.stage.move_to(SENT_BACK).await?;
    play.held_back("deadline_not_passed").await?;
    send_back(&play.clerk, late, "请补充第一项事迹的佐证。", CORRECT_BY).await?;
    play.progress.step();
    play.stage.move_to(OVER).await?;
    play.held_back("corrections_open").await?;
    for (draft, unit) in play.lapsing.first().into_iter().chain(&play.belated) {
        unit.person.barred(&place(*draft), "submit", Value::Null, "deadline_passed").await?;
    }
    extend(play).await?;
    play.stage.move_to(CORRECTED).await?;
    if let Some((draft, unit)) = play.belated.take() {
        let submitted = submit(&unit.person, &unit.person.get(&place(draft)).await?).await?;
        noted(play, &unit, &submitted, false)?;
        play.note(format!("{BELATED} submits within its extension, and its papers come in"));
        receive(play, draft).await?;
    }
    let unit = play.unit(LATE)?;
    correct(&unit, late).await?;
    play.progress.step();
    play.held_back("applications_undecided").await?;
    receive(play, late).await?;
    play.note(format!("{LATE} corrects its declaration after the deadline, within its correction date"));
    Ok(())
}

/// One of two units that are late is granted an extension, with a reason that anyone in the house can read (D-302).
async fn extend(play: &Play) -> Result<(), RehearsalError> {
    let unit = play.unit(BELATED)?;
    let extensions = format!("{}/extensions", play.place());
    let body =
        json!({"unit_id": unit.unit.id, "until": CORRECT_BY, "reason": "年末统计会审期间,经批准延期。"});
    play.office.post(&extensions).json(body).expect(201).await?;
    play.note(format!(
        "{BELATED} and {FORGETFUL} are late; {BELATED} is granted an extension until {CORRECT_BY}"
    ));
    play.held_back("extensions_running").await
}

/// What was never submitted, or not corrected in time, is withdrawn by the system.
async fn lapsed(play: &Play) -> Result<(), RehearsalError> {
    for (id, unit) in &play.lapsing {
        let found = unit.person.get(&place(*id)).await?;
        let state = found.state()?;
        play.stage.expect(state == "withdrawn", || {
            format!("{}: it should have lapsed and is `{state}`", found.what)
        });
    }
    play.note(format!(
        "{CARELESS} did not correct its declaration and {FORGETFUL} never submitted: both lapse"
    ));
    play.progress.step();
    Ok(())
}

/// Each supervisor in office is evaluated, but for the one whom their unit nominated.
async fn evaluations(play: &Play) -> Result<(), RehearsalError> {
    let asked = format!("/applications?campaign_id={}&category_code={SUPERVISOR}", play.campaign);
    let opened = play.office.all(&asked).await?;
    let named = opened.iter().any(|row| text_of(row, "nominee_name") == NOMINATED);
    let verified = opened.iter().all(|row| text_of(row, "state") == "verified");
    play.stage.expect(opened.len() + 1 == play.watchers.len() && verified && !named, || {
        format!("{} of {} supervisors are evaluated", opened.len(), play.watchers.len())
    });
    play.note(format!("{} supervisors are evaluated; {NOMINATED} stands elsewhere and is not", opened.len()));
    Ok(())
}

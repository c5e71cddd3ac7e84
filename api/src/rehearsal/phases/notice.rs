//! 通知: the office enters the campaign and publishes its notice.

use serde_json::{Value, json};

use crate::rehearsal::RehearsalError;
use crate::rehearsal::doings::begin;
use crate::rehearsal::play::{Play, TOWNSHIP};

/// The morning after the notice, before the window opens.
const BEFORE: &str = "2022-11-05T09:00:00+08:00";
/// The instant at which the window opens.
const OPENS: &str = "2022-11-07T00:00:00+08:00";

/// Plays the phase.
///
/// # Errors
/// [`RehearsalError`] where an answer comes that nobody expected.
pub async fn run(play: &mut Play) -> Result<(), RehearsalError> {
    play.begin("通知 · notice", 4);
    enter(play).await?;
    play.progress.step();
    play.advance("published").await?;
    play.progress.step();
    too_early(play).await?;
    play.progress.step();
    let quotas: Vec<String> = play
        .definition
        .categories
        .iter()
        .map(|category| format!("{} {}", category.quota.value, category.title.value.zh))
        .collect();
    play.note(format!("The notice is published: {}", quotas.join(", ")));
    // Nobody does anything: the window opens by itself (D-301).
    play.stage.move_to(OPENS).await?;
    let state = play.office.get(&play.place()).await?.state()?;
    play.stage
        .expect(state == "accepting", || format!("the window should have opened by itself; it is `{state}`"));
    play.note("The acceptance window opens by itself");
    play.progress.step();
    Ok(())
}

/// The office enters the campaign; units do not see it before it is published.
async fn enter(play: &mut Play) -> Result<(), RehearsalError> {
    let made = play.office.post("/campaigns").json(json!({"definition": play.notice})).expect(201).await?;
    play.campaign = made.id()?;
    let blocked = made.blockers("advance_campaign");
    play.stage.expect(blocked.as_ref().is_some_and(Vec::is_empty), || {
        format!("the definition should be ready to be published; it is blocked by {blocked:?}")
    });
    let Some(unit) = play.units.first() else { return Ok(()) };
    unit.person.look(&play.place()).refused(404, "not_found").await?;
    for category in &play.definition.categories {
        let shown = play.office.get(&format!("{}/categories/{}", play.place(), category.code)).await?;
        let criteria = shown.list("/criteria")?;
        let verbatim = criteria.len() == category.criteria.len()
            && criteria.iter().zip(&category.criteria).all(|(shown, criterion)| {
                shown.get("text").and_then(Value::as_str) == Some(&criterion.text.value)
            });
        play.stage.expect(verbatim, || format!("the criteria of {} are not the notice's", category.code));
    }
    Ok(())
}

/// A unit that is early may begin, and not submit.
async fn too_early(play: &Play) -> Result<(), RehearsalError> {
    play.stage.move_to(BEFORE).await?;
    let Some(unit) = play.units.first() else { return Ok(()) };
    let draft = begin(&unit.person, play.campaign, TOWNSHIP, json!({})).await?;
    let place = format!("/applications/{}", draft.id()?);
    unit.person.act(&place, draft.tag()?, "submit").refused(409, "campaign_not_accepting").await?;
    unit.person.delete(&place, draft.tag()?).expect(204).await?;
    Ok(())
}

//! 空缺与递补: a candidate falls out of a list, and the next in rank takes the place.

use pingxuan_domain::campaign::definition::Category;
use serde_json::{Value, json};
use uuid::Uuid;

use super::selection::ranking_place;
use crate::rehearsal::RehearsalError;
use crate::rehearsal::doings::place;
use crate::rehearsal::people::{id_of, text_of};
use crate::rehearsal::play::Play;

/// Why somebody is disqualified: what kind of thing it is, which, and the sentence.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    /// What kind of thing bears it.
    pub kind: &'a str,
    /// Which.
    pub reference: Uuid,
    /// The sentence.
    pub reason: &'a str,
}

/// The office disqualifies a candidate, who learns why.
///
/// # Errors
/// [`RehearsalError`] where an answer comes that nobody expected.
pub async fn disqualify(
    play: &mut Play,
    (id, name): (Uuid, &str),
    ground: Ground<'_>,
) -> Result<(), RehearsalError> {
    let of_nothing = json!({"ground": ground.kind, "reference_id": Uuid::nil(), "reason": ground.reason});
    let found = play.office.get(&place(id)).await?;
    play.office
        .act(&place(id), found.tag()?, "disqualify")
        .json(of_nothing)
        .refused(422, "reference_unsupported")
        .await?;
    let body = json!({"ground": ground.kind, "reference_id": ground.reference, "reason": ground.reason});
    play.office.take(&place(id), "disqualify", body).await?;
    if let Some(declared) = play.declared.iter().find(|declared| declared.id == id) {
        let told = declared.by.person.get(&place(id)).await?;
        let (state, reason) = (told.state()?, told.text("/reason")?);
        play.stage.expect(state == "disqualified" && reason == ground.reason, || {
            format!("{}: the unit should learn why, and sees `{state}`, '{reason}'", told.what)
        });
    }
    play.fallen.push(id);
    play.note(format!("{name} is disqualified ({}): {}", ground.kind, ground.reason));
    Ok(())
}

/// The next in rank takes the place that has become vacant; nobody is passed over without a reason.
///
/// # Errors
/// [`RehearsalError`] where an answer comes that nobody expected.
pub async fn substitute(play: &mut Play, category: &Category) -> Result<(Uuid, String), RehearsalError> {
    let (_, list) = play.list(&category.code).await?;
    let listed: Vec<Uuid> =
        list.list("/entries")?.iter().map(|entry| id_of(entry, "application_id")).collect();
    let ranking = play.office.get(&ranking_place(play, category)).await?;
    let waiting = |entry: &&Value| {
        let id = id_of(entry, "application_id");
        !listed.contains(&id) && !play.fallen.contains(&id)
    };
    let next: Vec<(Uuid, String)> = ranking
        .list("/entries")?
        .iter()
        .filter(waiting)
        .map(|entry| (id_of(entry, "application_id"), text_of(entry, "nominee_name").to_owned()))
        .take(2)
        .collect();
    if let [_, (after, _)] = next.as_slice() {
        let found = play.office.get(&place(*after)).await?;
        play.office
            .act(&place(*after), found.tag()?, "substitute")
            .json(json!({"reason": "递补。"}))
            .refused(422, "departure_reason_missing")
            .await?;
    }
    let Some((id, name)) = next.into_iter().next() else {
        return Err(
            crate::problem::Failure::Internal(format!("{}: nobody is next in rank", category.code)).into()
        );
    };
    play.office.take(&place(id), "substitute", json!({"reason": "按排名依次递补。"})).await?;
    play.read_again(&category.code).await?;
    let (_, now) = play.list(&category.code).await?;
    let state = now.state()?;
    let on_it =
        play.lists.get(&category.code).is_some_and(|list| list.entries.iter().any(|(entry, _)| *entry == id));
    play.stage.expect(state == "proposed" && on_it, || {
        format!("{}: {name} should be on the list, proposed anew, and it is `{state}`", now.what)
    });
    play.note(format!("{name}, next in rank, takes the vacant place"));
    Ok((id, name))
}

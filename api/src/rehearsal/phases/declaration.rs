//! 申报: townships, zone committees, departments and county-direct units declare, and nominate their people; some are sent
//! back and correct what they wrote.

use std::rc::Rc;

use pingxuan_domain::campaign::definition::UnitKind;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::demo::forms::{Nominee, person_form, unit_form};
use crate::rehearsal::RehearsalError;
use crate::rehearsal::doings::{begin, place, send_back, submit};
use crate::rehearsal::people::Reply;
use crate::rehearsal::play::{ASKED, COLLECTIVE, Declared, Declarer, INDIVIDUAL, Play, TOWNSHIP};

/// When units declare.
const DECLARING: &str = "2022-11-14T09:00:00+08:00";
/// When the office has looked through what came in.
const LOOKING: &str = "2022-11-21T09:00:00+08:00";
/// Until when what is sent back is to be corrected, and when that is done.
const CORRECT_BY: &str = "2022-12-09";
const CORRECTING: &str = "2022-11-28T09:00:00+08:00";

/// Units that do not declare themselves.
const SILENT: [&str; 2] = ["县邮政分公司", "县供电公司"];
/// A unit that begins and never submits, and one that does so after the deadline, with an extension.
pub const FORGETFUL: &str = "县气象局";
pub const BELATED: &str = "县统计局";
/// A unit that never corrects what was sent back.
pub const CARELESS: &str = "县公积金管理中心";
/// The supervisor whom their own unit nominates: they are not evaluated besides (D-204).
pub const NOMINATED: &str = "雷察微";
/// Beyond the numbers of all nominees.
const FIRST_OF_OTHERS: usize = 2900;
/// Of so many, every one is sent back.
const EVERY: usize = 7;

/// Plays the phase.
///
/// # Errors
/// [`RehearsalError`] where an answer comes that nobody expected.
pub async fn run(play: &mut Play) -> Result<(), RehearsalError> {
    play.begin("申报 · declaration", play.units.len() + nominations(play) + 10);
    play.stage.move_to(DECLARING).await?;
    for (number, unit) in play.units.clone().into_iter().enumerate() {
        match unit.unit.kind {
            UnitKind::Township => itself(play, &unit, TOWNSHIP, number).await?,
            UnitKind::ZoneCommittee | UnitKind::Department | UnitKind::CountyDirect => {
                let name = unit.unit.short_name.as_str();
                if !SILENT.contains(&name) && !ASKED.contains(&name) {
                    itself(play, &unit, COLLECTIVE, number).await?;
                }
            }
        }
    }
    let of_units = play.declared.len();
    its_people(play).await?;
    let of_people = play.declared.len() - of_units;
    play.note(format!("{of_units} units declare themselves, and {of_people} people are nominated"));
    refusals(play).await?;
    corrections(play).await
}

/// A unit declares itself. The first of each category sees first what an unfinished form is refused for.
async fn itself(
    play: &mut Play,
    unit: &Rc<Declarer>,
    category: &str,
    number: usize,
) -> Result<(), RehearsalError> {
    let form = unit_form(&play.category(category)?, &unit.unit.name, number);
    let first = !play.declared.iter().any(|declared| declared.category == category);
    let draft = if first {
        unfinished(play, unit, category, &form).await?
    } else {
        begin(&unit.person, play.campaign, category, form).await?
    };
    match unit.unit.short_name.as_str() {
        FORGETFUL => play.lapsing.push((draft.id()?, Rc::clone(unit))),
        BELATED => play.belated = Some((draft.id()?, Rc::clone(unit))),
        _ => return enter(play, unit, &draft, false).await,
    }
    Ok(())
}

/// A submitted declaration is noted.
///
/// # Errors
/// [`RehearsalError`] where the answer is no declaration.
pub fn noted(
    play: &mut Play,
    unit: &Rc<Declarer>,
    submitted: &Reply,
    leading: bool,
) -> Result<(), RehearsalError> {
    play.declared.push(Declared {
        id: submitted.id()?,
        category: submitted.text("/category_code")?,
        by: Rc::clone(unit),
        name: submitted.text("/nominee_name")?,
        accepted: false,
        leading,
    });
    play.progress.step();
    Ok(())
}

/// A draft may be unfinished; its submission may not. `check` says the same as the refusal.
async fn unfinished(
    play: &Play,
    unit: &Declarer,
    category: &str,
    form: &Value,
) -> Result<Reply, RehearsalError> {
    let mut half = form.clone();
    if let Some(members) = half.as_object_mut() {
        members.remove("deeds");
    }
    let draft = begin(&unit.person, play.campaign, category, half).await?;
    let place = place(draft.id()?);
    let check = unit.person.get(&format!("{place}/check")).await?;
    let pointed =
        check.list("/blocked_by")?.iter().any(|fault| fault.get("pointer") == Some(&json!("/form/deeds")));
    play.stage.expect(pointed && check.body.get("ready") == Some(&json!(false)), || {
        format!("{} should point at the missing deeds", check.what)
    });
    unit.person.act(&place, draft.tag()?, "submit").refused(409, "required").await?;
    let patch = json!({"form": {"deeds": form.get("deeds")}});
    unit.person.patch(&place, draft.tag()?).json(patch).expect(200).await
}

async fn enter(
    play: &mut Play,
    unit: &Rc<Declarer>,
    draft: &Reply,
    leading: bool,
) -> Result<(), RehearsalError> {
    let submitted = submit(&unit.person, draft).await?;
    let state = submitted.state()?;
    play.stage.expect(state == "submitted", || format!("{}: it is `{state}`", submitted.what));
    noted(play, unit, &submitted, leading)
}

/// How many townships nominate one person, and how many other units nominate two: ten and nine, and more in a larger county.
fn nominating(play: &Play) -> (usize, usize) {
    (10.max(play.units.len() / 6), 9.max(play.units.len() / 7))
}

/// How many people are nominated; one more is a supervisor whom their own unit nominates.
fn nominations(play: &Play) -> usize {
    let (townships, others) = nominating(play);
    townships + 2 * others + 1
}

/// Townships and other units nominate people, among them a supervisor.
async fn its_people(play: &mut Play) -> Result<(), RehearsalError> {
    let of_kind = |play: &Play, township: bool, count: usize| -> Vec<Rc<Declarer>> {
        let wanted = |unit: &&Rc<Declarer>| {
            (unit.unit.kind == UnitKind::Township) == township
                && !ASKED.contains(&unit.unit.short_name.as_str())
        };
        play.units.iter().filter(wanted).skip(3).take(count).cloned().collect()
    };
    let (townships, others) = nominating(play);
    let (townships, others) = (of_kind(play, true, townships), of_kind(play, false, others));
    let nominating: Vec<_> = [townships, others.clone(), others].concat();
    for (number, unit) in nominating.iter().enumerate() {
        nominate(play, unit, &Nominee::invented(number, number % 3 == 0)).await?;
    }
    let watcher = play.watchers.iter().find(|watcher| watcher.supervisor.invented.name == NOMINATED).cloned();
    if let Some(watcher) = watcher
        && let Some(unit) = watcher.supervisor.invented.unit
    {
        let person = Nominee {
            name: NOMINATED.to_owned(),
            citizen_id: watcher.supervisor.citizen_id.clone(),
            ..Nominee::invented(FIRST_OF_OTHERS, false)
        };
        let unit = play.unit(unit)?;
        nominate(play, &unit, &person).await?;
    }
    Ok(())
}

async fn nominate(play: &mut Play, unit: &Rc<Declarer>, person: &Nominee) -> Result<(), RehearsalError> {
    let form = person_form(&play.category(INDIVIDUAL)?, &unit.unit.name, person);
    let draft = begin(&unit.person, play.campaign, INDIVIDUAL, form).await?;
    let shown = draft.text("/form/citizen_id")?;
    play.stage.expect(shown.contains('*') && shown != person.citizen_id, || {
        format!("{}: the citizen ID is shown as {shown} (D-904)", draft.what)
    });
    enter(play, unit, &draft, person.leading).await
}

/// What is refused: a second declaration, a category out of scope, a person who stands already.
async fn refusals(play: &Play) -> Result<(), RehearsalError> {
    let (township, department) = (play.unit("潋江镇")?, play.unit("县财政局")?);
    let form = unit_form(&play.category(TOWNSHIP)?, &township.unit.name, 0);
    refused(play, &township, TOWNSHIP, form, "per_unit_limit_reached").await?;
    let body = json!({"campaign_id": play.campaign, "category_code": TOWNSHIP});
    department.person.post("/applications").json(body).refused(409, "nominee_out_of_scope").await?;
    let form = person_form(&play.category(INDIVIDUAL)?, &department.unit.name, &Nominee::invented(0, true));
    refused(play, &department, INDIVIDUAL, form, "stands_in_another_category").await
}

async fn refused(
    play: &Play,
    unit: &Declarer,
    category: &str,
    form: Value,
    code: &str,
) -> Result<(), RehearsalError> {
    let draft = begin(&unit.person, play.campaign, category, form).await?;
    let place = place(draft.id()?);
    unit.person.act(&place, draft.tag()?, "submit").refused(409, code).await?;
    unit.person.delete(&place, draft.tag()?).expect(204).await?;
    Ok(())
}

/// The office sends some back; all but one correct theirs and submit again.
async fn corrections(play: &mut Play) -> Result<(), RehearsalError> {
    play.stage.move_to(LOOKING).await?;
    let careless = |declared: &Declared| declared.by.unit.short_name == CARELESS;
    let returned: Vec<Declared> = play
        .declared
        .iter()
        .enumerate()
        .filter(|(number, declared)| number % EVERY == EVERY - 1 || careless(declared))
        .map(|(_, declared)| declared.clone())
        .collect();
    for declared in &returned {
        send_back(&play.clerk, declared.id, "请补充第一项事迹的数据和佐证。", CORRECT_BY).await?;
        play.progress.step();
    }
    play.note(format!("{} are sent back, to be corrected by {CORRECT_BY}", returned.len()));
    play.stage.move_to(CORRECTING).await?;
    for declared in returned {
        if careless(&declared) {
            play.declared.retain(|other| other.id != declared.id);
            play.lapsing.push((declared.id, declared.by));
        } else {
            correct(&declared.by, declared.id).await?;
        }
        play.progress.step();
    }
    Ok(())
}

/// A unit reads why its declaration came back, corrects it, and submits it again.
///
/// # Errors
/// [`RehearsalError`] where an answer comes that nobody expected.
pub async fn correct(unit: &Declarer, id: Uuid) -> Result<(), RehearsalError> {
    let found = unit.person.get(&place(id)).await?;
    let (state, reason) = (found.state()?, found.text("/reason")?);
    unit.person.stage().expect(state == "returned" && !reason.is_empty(), || {
        format!("{}: it is `{state}`, with the reason '{reason}'", found.what)
    });
    let deed = format!("{}已附台账和照片。", found.text("/form/deeds/criterion_1")?);
    let patch = json!({"form": {"deeds": {"criterion_1": deed}}});
    let corrected = unit.person.patch(&place(id), found.tag()?).json(patch).expect(200).await?;
    submit(&unit.person, &corrected).await?;
    Ok(())
}

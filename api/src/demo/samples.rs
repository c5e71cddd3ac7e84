//! The 2022 campaign, open, with some declarations in every state that one finds on the first morning.

use std::rc::Rc;

use pingxuan_domain::campaign::definition::{Category, Definition};
use serde_json::{Value, json};
use uuid::Uuid;

use super::accounts::{Entered, EnteredUnit};
use super::county::DEFINITION;
use super::forms::{Nominee, person_form, unit_form};
use crate::problem::Failure;
use crate::rehearsal::RehearsalError;
use crate::rehearsal::doings::{accept, begin, receive_paper, send_back, submit};
use crate::rehearsal::people::{Person, Reply, Stage};

const TOWNSHIP: &str = "demonstration_township";
const COLLECTIVE: &str = "advanced_collective";
const INDIVIDUAL: &str = "advanced_individual";

/// Until when what was returned is to be corrected.
const CORRECT_BY: &str = "2022-11-25";

/// How far a sample has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reached {
    /// Begun, and not finished.
    Begun,
    /// Finished, and not submitted.
    Filled,
    Submitted,
    Returned,
    /// Submitted, with its paper copies.
    Received,
    Accepted,
}

/// Unit, category, how far it has come. 江背镇 is not among them: it is left to whoever plays.
const SAMPLES: [(&str, &str, Reached); 20] = [
    ("潋江镇", TOWNSHIP, Reached::Submitted),
    ("古龙岗镇", TOWNSHIP, Reached::Received),
    ("梅窖镇", TOWNSHIP, Reached::Begun),
    ("高兴镇", TOWNSHIP, Reached::Filled),
    ("龙口镇", TOWNSHIP, Reached::Returned),
    ("城岗镇", TOWNSHIP, Reached::Accepted),
    ("兴江乡", TOWNSHIP, Reached::Accepted),
    ("埠头乡", TOWNSHIP, Reached::Submitted),
    ("县财政局", COLLECTIVE, Reached::Accepted),
    ("县公安局", COLLECTIVE, Reached::Accepted),
    ("县水利局", COLLECTIVE, Reached::Received),
    ("县教育科技体育局", COLLECTIVE, Reached::Submitted),
    ("县统计局", COLLECTIVE, Reached::Returned),
    ("县商务局", COLLECTIVE, Reached::Begun),
    ("县气象局", COLLECTIVE, Reached::Filled),
    ("县民政局", INDIVIDUAL, Reached::Accepted),
    ("县卫生健康委员会", INDIVIDUAL, Reached::Received),
    ("良村镇", INDIVIDUAL, Reached::Submitted),
    ("县市场监督管理局", INDIVIDUAL, Reached::Returned),
    ("县行政审批局", INDIVIDUAL, Reached::Filled),
];

/// The office publishes the campaign, and units declare.
///
/// # Errors
/// [`RehearsalError`] where a request is refused.
pub async fn enter(stage: &Rc<Stage>, county: &Entered) -> Result<(), RehearsalError> {
    let definition: Definition = serde_json::from_str(DEFINITION).map_err(unreadable)?;
    let (office, clerk) = (Person::of(stage, "office-01"), Person::of(stage, "office-02"));
    let campaign = open(stage, &office).await?;
    for (number, (unit, category, reached)) in SAMPLES.into_iter().enumerate() {
        let found = county.units.iter().find(|of_county| of_county.short_name == unit);
        let (Some(unit), Some(category)) = (found, definition.category(category)) else { continue };
        let person = Person::of(stage, &unit.username);
        let form = form(category, unit, number, reached);
        let draft = begin(&person, campaign, &category.code, form).await?;
        bring(&person, &clerk, draft, reached).await?;
    }
    Ok(())
}

fn unreadable(error: serde_json::Error) -> Failure {
    Failure::Internal(format!("the definition of 2022: {error}"))
}

async fn open(stage: &Stage, office: &Person) -> Result<Uuid, RehearsalError> {
    let definition: Value = serde_json::from_str(DEFINITION).map_err(unreadable)?;
    let made = office.post("/campaigns").json(json!({"definition": definition})).expect(201).await?;
    let campaign = made.id()?;
    office.act(&format!("/campaigns/{campaign}"), made.tag()?, "advance").expect(200).await?;
    // The window has been open since the morning: what is due is carried out at once.
    stage.app.move_clock(stage.app.clock.now()).await?;
    Ok(campaign)
}

fn form(category: &Category, unit: &EnteredUnit, number: usize, reached: Reached) -> Value {
    let mut form = if category.code == INDIVIDUAL {
        person_form(category, &unit.name, &Nominee::invented(number, number.is_multiple_of(4)))
    } else {
        unit_form(category, &unit.name, number)
    };
    if let (Reached::Begun, Some(members)) = (reached, form.as_object_mut()) {
        members.retain(|name, _| !matches!(name.as_str(), "deeds" | "phone"));
    }
    form
}

async fn bring(unit: &Person, clerk: &Person, draft: Reply, reached: Reached) -> Result<(), RehearsalError> {
    if matches!(reached, Reached::Begun | Reached::Filled) {
        return Ok(());
    }
    let id = submit(unit, &draft).await?.id()?;
    if reached == Reached::Returned {
        send_back(clerk, id, "第三项事迹请补充数据和佐证。", CORRECT_BY).await?;
        return Ok(());
    }
    if matches!(reached, Reached::Received | Reached::Accepted) {
        let received = receive_paper(clerk, id).await?;
        if reached == Reached::Accepted {
            accept(clerk, &received).await?;
        }
    }
    Ok(())
}

//! 审定: the county government approves the lists. Until the announcement nobody outside the house learns of it.

use serde_json::{Value, json};

use super::openness::{Asked, told};
use crate::rehearsal::RehearsalError;
use crate::rehearsal::play::Play;

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
    play.held_back("categories_undecided").await?;
    for category in &categories {
        let Some(list) = play.lists.get(&category.code) else { continue };
        let place = format!("/shortlists/{}", list.id);
        let found = play.approver.get(&place).await?;
        let body = json!({"decision": record(DECIDED_ON)});
        let approved = play.approver.act(&place, found.tag()?, "approve").json(body).expect(200).await?;
        let state = approved.state()?;
        play.stage.expect(state == "approved", || format!("{}: it is `{state}`", approved.what));
        play.progress.step();
    }
    for category in &categories {
        told(play, category, ("shortlisted", "not_shortlisted"), Asked::Some).await?;
    }
    unannounced(play).await?;
    play.progress.step();
    Ok(())
}

/// Decided is not announced: no award and no certificate is there for anyone (D-403).
async fn unannounced(play: &Play) -> Result<(), RehearsalError> {
    let awards = play.public.all("/public/awards").await?;
    play.stage
        .expect(awards.is_empty(), || format!("{} awards are public before the announcement", awards.len()));
    play.public.look("/public/awards/202201-01-001").refused(404, "not_found").await?;
    if let Some(unit) = play.units.first() {
        let awards = unit.person.all("/awards").await?;
        play.stage.expect(awards.is_empty(), || {
            format!("a unit sees {} awards before the announcement", awards.len())
        });
    }
    Ok(())
}

//! 年度考评: what the units scored in the year comes in.

use serde_json::json;

use crate::rehearsal::RehearsalError;
use crate::rehearsal::play::{Declarer, Play};

/// When they come in.
const COMING_IN: &str = "2023-01-14T09:00:00+08:00";
/// The unit that the county does not appraise.
const NOT_ASSESSED: &str = "县税务局";
/// The unit whose assessment comes in last, when a list is to be made already.
pub const FORGOTTEN: &str = "县林业局";

/// Plays the phase.
///
/// # Errors
/// [`RehearsalError`] where an answer comes that nobody expected.
pub async fn run(play: &mut Play) -> Result<(), RehearsalError> {
    play.begin("考评 · annual assessments", play.units.len() - 1);
    play.stage.move_to(COMING_IN).await?;
    for unit in play.units.clone() {
        if unit.unit.short_name != FORGOTTEN {
            put(play, &unit).await?;
            play.progress.step();
        }
    }
    play.note(format!(
        "The annual assessments come in, but for {FORGOTTEN}; {NOT_ASSESSED} is not appraised"
    ));
    Ok(())
}

/// The office enters the assessment of a unit.
///
/// # Errors
/// [`RehearsalError`] where an answer comes that nobody expected.
pub async fn put(play: &mut Play, unit: &Declarer) -> Result<(), RehearsalError> {
    let year = play.definition.assessment_year.value;
    let place = format!("/annual-assessments/{year}/{}", unit.unit.id);
    let hundredths = 7500 + u32::from(play.chance.below(2300));
    let assessed = (unit.unit.short_name != NOT_ASSESSED).then_some(hundredths);
    let body = match assessed {
        Some(hundredths) => json!({"score": format!("{}.{:02}", hundredths / 100, hundredths % 100)}),
        None => json!({"not_assessed_reason": "垂直管理单位,由上级主管部门考评。"}),
    };
    play.office.create(&place).json(body).expect(201).await?;
    play.assessed.insert(unit.unit.id, assessed);
    Ok(())
}

//! The phases of the story, in their order.

use super::RehearsalError;
use super::play::Play;

pub mod acceptance;
pub mod announcement;
pub mod assessment;
pub mod calibration;
pub mod decision;
pub mod declaration;
pub mod duty;
pub mod notice;
pub mod objections;
pub mod openness;
pub mod selection;
pub mod vacancy;
pub mod verification;
pub mod vetting;

/// Plays all phases, from the notice to the announcement.
///
/// # Errors
/// [`RehearsalError`] where an answer comes that nobody expected.
pub async fn all(play: &mut Play) -> Result<(), RehearsalError> {
    notice::run(play).await?;
    declaration::run(play).await?;
    duty::run(play).await?;
    acceptance::run(play).await?;
    verification::run(play).await?;
    assessment::run(play).await?;
    selection::run(play).await?;
    vetting::run(play).await?;
    openness::run(play).await?;
    decision::run(play).await?;
    announcement::run(play).await?;
    play.progress.end(play.stage.measures.count());
    Ok(())
}

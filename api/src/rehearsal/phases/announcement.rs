//! 公布: the campaign is announced, and anyone can check every award, without a log-in.

use pingxuan_domain::campaign::definition::Category;

use super::decision::DOCUMENT;
use super::openness::{Asked, told};
use crate::rehearsal::RehearsalError;
use crate::rehearsal::people::text_of;
use crate::rehearsal::play::Play;

const ANNOUNCING: &str = "2023-02-06T09:00:00+08:00";

/// Plays the phase.
///
/// # Errors
/// [`RehearsalError`] where an answer comes that nobody expected.
pub async fn run(play: &mut Play) -> Result<(), RehearsalError> {
    let categories = play.definition.categories.clone();
    play.begin("公布 · announcement", categories.len() + 2);
    play.stage.move_to(ANNOUNCING).await?;
    play.advance("announced").await?;
    play.progress.step();
    for category in &categories {
        told(play, category, ("awarded", "not_shortlisted"), Asked::Some).await?;
        awards(play, category).await?;
        play.progress.step();
    }
    let whole = play.public.all(&format!("/public/awards?campaign_id={}", play.campaign)).await?.len();
    let quota: u32 = categories.iter().map(|category| category.quota.value).sum();
    play.stage.expect(u32::try_from(whole) == Ok(quota), || format!("{whole} awards are public, of {quota}"));
    audited(play).await?;
    play.held_back("archive_package_missing").await?;
    play.progress.step();
    Ok(())
}

/// The public register names those who were on the list, in its order, each with a certificate that checks.
async fn awards(play: &Play, category: &Category) -> Result<(), RehearsalError> {
    let asked = format!("/public/awards?campaign_id={}&category_code={}", play.campaign, category.code);
    let rows = play.public.all(&format!("{asked}&sort=certificate_number")).await?;
    let names: Vec<&str> = rows.iter().map(|row| text_of(row, "honouree")).collect();
    let listed = play.lists.get(&category.code);
    let expected: Vec<&str> =
        listed.iter().flat_map(|list| &list.entries).map(|(_, name)| name.as_str()).collect();
    play.stage.expect(names == expected, || {
        format!("{}: {expected:?} were approved, and {names:?} are announced", category.code)
    });
    for row in &rows {
        let number = text_of(row, "certificate_number");
        let checked = play.public.get(&format!("/public/awards/{number}")).await?;
        let (state, honouree) = (checked.state()?, checked.text("/honouree")?);
        let document = checked.text("/document_number")?;
        play.stage.expect(
            state == "awarded" && honouree == text_of(row, "honouree") && document == DOCUMENT,
            || format!("certificate {number} says `{state}`, {honouree}, {document}"),
        );
    }
    Ok(())
}

/// Every decision stands in the audit, with the role that took it.
async fn audited(play: &Play) -> Result<(), RehearsalError> {
    let lists = play.lists.len();
    // What the house did, and how often: proposed and published once more than there are lists, as one was sent back.
    let expected = [
        ("open_acceptance", "system", "campaign", 1),
        ("advance_campaign", "office", "campaign", 4),
        ("propose_shortlist", "office", "shortlist", lists + 1),
        ("publish_notice", "office", "shortlist", lists + 1),
        ("return_shortlist", "approver", "shortlist", 1),
        ("approve_shortlist", "approver", "shortlist", lists),
    ];
    for (operation, role, kind, count) in expected {
        let asked = format!("/audit-events?campaign_id={}&operation={operation}", play.campaign);
        let rows = play.auditor.all(&asked).await?;
        let of_kind = rows.iter().filter(|row| {
            let member = |pointer: &str| row.pointer(pointer).and_then(|found| found.as_str()).unwrap_or("");
            member("/object/kind") == kind && member("/actor/role") == role
        });
        let found = of_kind.count();
        play.stage.expect(found == count, || {
            format!("the audit should have `{operation}` of a {kind} {count} times by '{role}', and has it {found} times")
        });
    }
    Ok(())
}

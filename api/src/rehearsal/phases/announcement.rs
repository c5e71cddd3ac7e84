//! 公布: the campaign is announced, and anyone can check every award, without a log-in.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use pingxuan_domain::campaign::definition::Category;

use serde_json::json;

use super::decision::{DOCUMENT, record};
use super::openness::{Asked, told};
use crate::rehearsal::RehearsalError;
use crate::rehearsal::doings::place;
use crate::rehearsal::people::text_of;
use crate::rehearsal::play::{INDIVIDUAL, Play};

const ANNOUNCING: &str = "2023-02-06T09:00:00+08:00";
const REVOKING: &str = "2023-03-01T09:00:00+08:00";
/// How often it is asked whether the package is made.
const PACE: Duration = Duration::from_millis(200);
const REVOKED_ON: &str = "2023-02-28";

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
    play.note(format!("{whole} awards are announced, each with a certificate that anyone can check"));
    revoke(play).await?;
    audited(play).await?;
    play.held_back("archive_package_missing").await?;
    if let Some(file) = play.archive.clone() {
        archived(play, &file).await?;
    }
    play.progress.step();
    Ok(())
}

/// The file of the selection is packed and closed (D-804).
async fn archived(play: &Play, file: &Path) -> Result<(), RehearsalError> {
    let wanted = json!({"what": "archive", "format": "zip", "campaign_id": play.campaign});
    let asked = play.office.post("/exports").json(wanted).expect(202).await?;
    let place = format!("/jobs/{}", asked.id()?);
    let job = loop {
        let job = play.office.get(&place).await?;
        if !["queued", "running"].contains(&job.state()?.as_str()) {
            break job;
        }
        actix_web::rt::time::sleep(PACE).await;
    };
    let state = job.state()?;
    play.stage
        .expect(state == "succeeded", || format!("the archive package should be made, and is `{state}`"));
    let package = play.office.get(&format!("{place}/result")).await?;
    tokio::fs::write(file, &package.bytes).await?;
    play.advance("archived").await?;
    play.note(format!("Everything is packed, {} bytes, and the campaign is archived", package.bytes.len()));
    Ok(())
}

/// Weeks later an award is revoked by a decision of its own: the register says so at once, and the place stays empty (D-708).
async fn revoke(play: &mut Play) -> Result<(), RehearsalError> {
    play.stage.move_to(REVOKING).await?;
    let Some((id, name)) = play.lists.get(INDIVIDUAL).and_then(|list| list.entries.get(2)).cloned() else {
        return Ok(());
    };
    let asked = format!("/public/awards?campaign_id={}&category_code={INDIVIDUAL}", play.campaign);
    let before = play.public.all(&asked).await?;
    let number = before.iter().find(|row| text_of(row, "honouree") == name);
    let number = number.map(|row| text_of(row, "certificate_number")).unwrap_or_default().to_owned();
    let mut decision = record(REVOKED_ON);
    if let Some(members) = decision.as_object_mut() {
        members.insert("document_number".into(), json!("兴府字〔2023〕6号"));
        members.insert("reasons".into(), json!("经查,申报材料中的两项事迹系伪造。"));
    }
    let body = json!({"decision": decision});
    let found = play.office.get(&place(id)).await?;
    play.office
        .act(&place(id), found.tag()?, "revoke")
        .json(body.clone())
        .refused(403, "role_not_permitted")
        .await?;
    play.approver.take(&place(id), "revoke", body).await?;
    let state = play.public.get(&format!("/public/awards/{number}")).await?.state()?;
    play.stage
        .expect(state == "revoked", || format!("certificate {number} should be revoked, and is `{state}`"));
    play.note(format!("The award of {name} ({number}) is revoked; the register says so at once"));
    let listed = play.lists.get_mut(INDIVIDUAL).into_iter().flat_map(|list| &mut list.entries);
    for (_, name) in listed.filter(|(entry, _)| *entry == id) {
        name.push_str("(已撤销 · revoked)");
    }
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
    let (lists, fallen) = (play.lists.len(), play.fallen.len());
    // What the house did, and how often: one list was sent back and proposed and published anew, and whoever took a place that
    // became vacant after the publication was shown apart.
    let expected = [
        ("open_acceptance", "system", "campaign", 1),
        ("advance_campaign", "office", "campaign", 4),
        ("propose_shortlist", "office", "shortlist", lists + 1),
        ("publish_notice", "office", "shortlist", lists + 2),
        ("disqualify_application", "office", "application", fallen),
        ("substitute_application", "office", "application", fallen),
        ("resolve_objection", "office", "objection", 4),
        ("reveal_objector", "office", "objection", 1),
        ("return_shortlist", "approver", "shortlist", 1),
        ("approve_shortlist", "approver", "shortlist", lists),
        ("revoke_award", "approver", "application", 1),
    ];
    for (operation, role, kind, count) in expected {
        let asked = format!("/audit-events?campaign_id={}&operation={operation}", play.campaign);
        let rows = play.auditor.all(&asked).await?;
        let of_kind = rows.iter().filter(|row| {
            let member = |pointer: &str| row.pointer(pointer).and_then(|found| found.as_str()).unwrap_or("");
            member("/object/kind") == kind && member("/actor/role") == role
        });
        // Where insiders and outsiders saw it come from different states, each audience has an event of the same request.
        let requests: BTreeSet<_> = of_kind.map(|row| text_of(row, "request_id")).collect();
        let found = requests.len();
        play.stage.expect(found == count, || {
            format!("the audit should have `{operation}` of a {kind} {count} times by '{role}', and has it {found} times")
        });
    }
    Ok(())
}

//! The announcement: certificates are numbered, and everyone learns what was decided (D-403, D-708).

use pingxuan_domain::application::moving::reveal_all;
use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::decision::{Award, AwardState, certificate_number};
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::workflow::application::ApplicationState as S;
use pingxuan_domain::workflow::shortlist::ShortlistState;
use pingxuan_domain::{Instant, Visibility};
use pingxuan_persistence::journal::Journal;
use pingxuan_persistence::shortlists::{Case, Listed};
use pingxuan_persistence::{Tx, applications, awards, campaigns, candidates, shortlists};
use uuid::Uuid;

use crate::problem::Failure;

/// The states in which a decision can be hidden from those outside the house.
const DECIDED: [S; 5] = [S::Shortlisted, S::NotShortlisted, S::Awarded, S::NotAwarded, S::Revoked];

/// Enters the awards of a campaign, whose lists are all approved, and makes known where its applications stand. It comes before
/// the campaign itself is recorded as announced, and under the same lock.
///
/// # Errors
/// [`Failure`] where the database refuses, or a list lacks what an approved one has.
pub async fn announce(
    tx: &Tx,
    journal: &Journal,
    visibility: &Visibility,
    campaign: &Campaign,
    now: Instant,
    new_id: impl Fn() -> Uuid,
) -> Result<(), Failure> {
    let number = campaigns::announced_of_year(tx, visibility, campaign.year).await? + 1;
    let mut granted = Vec::new();
    for list in shortlists::approved_of(tx, visibility, campaign.id).await? {
        granted.extend(awards_of(&list, number, now, &new_id)?);
    }
    let step = |award: &Award| {
        Step::of(visibility.operation(), ObjectKind::Award, award.id, now)
            .in_campaign(campaign.id)
            .states(None, Some(award.state))
    };
    let steps: Vec<Step> = granted.iter().map(step).collect();
    awards::insert_many(tx, journal, &granted, &steps).await?;

    let decided = applications::lock_all(tx, visibility, campaign.id, None, &DECIDED).await?;
    let (revealed, steps) = reveal_all(decided, visibility.operation(), now);
    Ok(candidates::record_all(tx, journal, &revealed, &steps).await?)
}

/// The awards of an approved list: one for each entry that was awarded, in the list's order.
fn awards_of(
    case: &Case,
    number: u32,
    now: Instant,
    new_id: &impl Fn() -> Uuid,
) -> Result<Vec<Award>, Failure> {
    let list = &case.shortlist;
    let decision =
        list.decision.as_ref().ok_or_else(|| Failure::Internal(format!("{} has no decision", list.id)))?;
    let definition = &case.campaign.definition;
    let category =
        definition.categories.iter().zip(1_u32..).find(|(category, _)| category.code == list.category_code);
    let (_, category) =
        category.ok_or_else(|| Failure::Internal(format!("no category '{}'", list.category_code)))?;
    let award = |listed: &Listed| Award {
        id: new_id(),
        application_id: listed.nominee.application_id,
        campaign_id: list.campaign_id,
        category_code: list.category_code.clone(),
        certificate_number: certificate_number(case.campaign.year, number, category, listed.position),
        honouree: listed.nominee.name.clone(),
        unit_name: listed.nominee.unit_name.clone(),
        post: listed.nominee.post.clone(),
        document_number: decision.document_number.clone(),
        decided_on: decision.decided_on,
        position: listed.position,
        state: AwardState::Awarded,
        revocation: None,
        announced_at: now,
        version: 1,
    };
    Ok(case.candidates.iter().filter(|listed| listed.stands(ShortlistState::Approved)).map(award).collect())
}

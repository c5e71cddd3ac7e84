//! 公示: a list is shown to the public, and its notice closed when its period is over (D-305, D-704).

use actix_web::{post, web};
use pingxuan_domain::Refused;
use pingxuan_domain::application::moving::reveal_all;
use pingxuan_domain::decision::notice::{Period, newcomers};
use pingxuan_domain::decision::{NoticeContent, NoticeEntry, PublicNotice};
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::workflow::public_notice::{NoticeFacts, NoticeFlow, NoticeState};
use pingxuan_domain::workflow::{self};
use pingxuan_persistence::shortlists::{Case, Listed};
use pingxuan_persistence::{
    Tx, applications, calendars, candidates, canonical, digest_hex, notices, shortlists,
};
use uuid::Uuid;

use crate::call::{Answer, Call};
use crate::campaign::held;
use crate::openness::notices::PublicNoticeView;
use crate::problem::Failure;
use crate::review::acting::{answered, locked_list, moved, permit, shown};
use crate::review::shortlist_view::ShortlistView;

/// 发布公示 · Publish a notice
///
/// Shows names, units and posts of the candidates to the public, frozen, for the working days that the definition asks for. A
/// repeat notice names the newcomers only, and earlier ones run on; where nobody is new there is none. All who declared in the
/// category now see whether they are on the list.
#[utoipa::path(
    tag = "review",
    params(("shortlist_id" = Uuid, Path, description = "The list"), ("If-Match" = String, Header, description = "The version that is shown")),
    responses((status = 200, description = "Shown; `notices` holds the notice", body = ShortlistView))
)]
#[post("/shortlists/{shortlist_id}/publish-notice")]
pub async fn publish_notice(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| answered(&call, published(&call, tx, *id).await?)).await
}

async fn published(call: &Call, tx: &Tx, id: Uuid) -> Result<(ShortlistView, String), Failure> {
    let case = locked_list(call, tx, id).await?;
    permit(call, tx, &case).await?;
    let standing = case.candidates.iter().filter(|listed| listed.stands(case.shortlist.state));
    let standing: Vec<Uuid> = standing.map(|listed| listed.nominee.application_id).collect();
    let named = newcomers(&case.notices, &standing);
    let journal = call.journal();
    let (list, step) = moved(call, &case)?;
    shortlists::record(tx, &journal, &list, step).await?;
    if !named.is_empty() {
        let notice = notice(call, tx, &case, &named).await?;
        let born = step_of(call, &notice).states(None, Some(notice.state));
        notices::insert(tx, &journal, &notice, born).await?;
    }

    let decided = [ApplicationState::Shortlisted, ApplicationState::NotShortlisted];
    let category = Some(list.category_code.as_str());
    let decided = applications::lock_all(tx, &call.visibility, list.campaign_id, category, &decided).await?;
    let (applications, steps) = reveal_all(decided, call.operation(), call.now);
    candidates::record_all(tx, &journal, &applications, &steps).await?;
    shown(tx, call, id).await
}

/// The notice that shows these candidates.
async fn notice(call: &Call, tx: &Tx, case: &Case, named: &[Uuid]) -> Result<PublicNotice, Failure> {
    let category = case.category()?;
    let working_days = category.notice.value.working_days;
    let calendar = calendars::all(tx, &call.visibility).await?;
    let period = Period::of(&calendar, call.now, working_days).map_err(Refused::guard)?;
    let entries = case.candidates.iter().filter(|listed| named.contains(&listed.nominee.application_id));
    let content = NoticeContent {
        campaign_title: case.campaign.title.clone(),
        category_title: category.title.value.zh.clone(),
        entries: entries.map(notice_entry).collect(),
        working_days,
        first_day: period.first_day,
        last_day: period.last_day,
    };
    Ok(PublicNotice {
        id: call.app.clock.new_id(),
        campaign_id: case.shortlist.campaign_id,
        shortlist_id: case.shortlist.id,
        category_code: case.shortlist.category_code.clone(),
        state: NoticeState::Published,
        digest: digest_hex(canonical(&content)?.as_bytes()),
        content,
        published_at: call.now,
        closes_at: period.last_day.end(),
        ended_at: None,
        version: 1,
    })
}

/// Name, unit and post: nothing else of a nominee is in a notice (D-704).
fn notice_entry(listed: &Listed) -> NoticeEntry {
    NoticeEntry {
        position: listed.position,
        application_id: listed.nominee.application_id,
        name: listed.nominee.name.clone(),
        unit: listed.nominee.unit_name.clone(),
        post: listed.nominee.post.clone(),
    }
}

/// 结束公示 · Close a notice
///
/// At the end of its period; the notice stays readable.
#[utoipa::path(
    tag = "review",
    params(("notice_id" = Uuid, Path, description = "The notice"), ("If-Match" = String, Header, description = "The version that is closed")),
    responses((status = 200, description = "Closed", body = PublicNoticeView))
)]
#[post("/public-notices/{notice_id}/close")]
pub async fn close_notice(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let shown = closed(&call, tx, *id).await?;
        call.ok(&PublicNoticeView::whole(&call, &shown), &shown.notice.version.to_string())
    })
    .await
}

async fn closed(call: &Call, tx: &Tx, id: Uuid) -> Result<notices::Shown, Failure> {
    let found = notices::find(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    // The campaign and the list first, as everything that decides on it.
    let campaign = held(call, tx, found.notice.campaign_id).await?;
    shortlists::lock(tx, &call.visibility, found.notice.shortlist_id).await?;
    let notice = notices::lock(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    call.expects(&notice.version.to_string())?;
    let facts = NoticeFacts { phase: campaign.state, now: call.now, closes_at: notice.closes_at };
    workflow::permit::<NoticeFlow>(Some(notice.state), call.operation(), &facts)?;
    let (notice, step) = ended(call, notice)?;
    notices::record_all(tx, &call.journal(), &[notice], &[step]).await?;
    notices::find(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)
}

/// A notice that is closed or withdrawn by this call, with the step that says so.
///
/// # Errors
/// 409 where its state does not know the operation.
pub fn ended(call: &Call, mut notice: PublicNotice) -> Result<(PublicNotice, Step), Failure> {
    let from = notice.state;
    notice.state = workflow::next::<NoticeFlow>(from, call.operation())?;
    notice.ended_at = Some(call.now);
    notice.version += 1;
    let step = step_of(call, &notice).states(Some(from), Some(notice.state));
    Ok((notice, step))
}

fn step_of(call: &Call, notice: &PublicNotice) -> Step {
    Step::of(call.operation(), ObjectKind::PublicNotice, notice.id, call.now).in_campaign(notice.campaign_id)
}

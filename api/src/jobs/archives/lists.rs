//! The lists of a package: verification, review, openness, decision, and what was written down of it all.

use std::collections::HashMap;

use pingxuan_domain::verification::ScoreSheet;
use pingxuan_domain::{Operation, Visibility};
use pingxuan_persistence::{
    Page, assignments, audit, awards, extensions, no_awards, notices, objections, score_sheets, shortlists,
    site_visits, vetting,
};
use uuid::Uuid;

use super::{Package, page_of, shown};
use crate::campaign::extensions::ExtensionView;
use crate::campaign::views::NoAwardView;
use crate::decision::awards::AwardView;
use crate::objection::views::ObjectionView;
use crate::openness::notices::PublicNoticeView;
use crate::problem::Failure;
use crate::review::ranking::Ranked;
use crate::review::ranking_view::RankingView;
use crate::review::shortlist_view::ShortlistView;
use crate::verification::assignments::view as assignment;
use crate::verification::score_sheets::view as sheet;
use crate::verification::site_visits::SiteVisitView;
use crate::vetting::views::VettingRequestView;

pub(super) async fn pack(package: &mut Package<'_>) -> Result<(), Failure> {
    verification(package).await?;
    package.work.progress.set(85);
    review(package).await?;
    package.work.progress.set(90);
    decision(package).await?;
    package.work.progress.set(95);
    events(package).await
}

async fn verification(package: &mut Package<'_>) -> Result<(), Failure> {
    let campaign_id = Some(package.campaign.id);
    let reach = package.reading(Operation::ListAssignments)?;
    let filter = assignments::Filter { campaign_id, ..assignments::Filter::default() };
    package
        .lines("assignments.jsonl", async |call, request| {
            let page = assignments::page(call.app.db.read(), &reach, &filter, request).await?;
            page_of(page, |case| shown(assignment(call, case, false)))
        })
        .await?;
    let reach = package.reading(Operation::ListSiteVisits)?;
    let visits = site_visits::Filter { campaign_id, ..site_visits::Filter::default() };
    package
        .lines("site-visits.jsonl", async |call, request| {
            let page = site_visits::page(call.app.db.read(), &reach, &visits, request).await?;
            page_of(page, |case| shown(SiteVisitView::from(case)))
        })
        .await?;
    let reach = package.reading(Operation::GetScoreSheet)?;
    package
        .lines("score-sheets.jsonl", async |call, request| {
            let read = call.app.db.read();
            let page = assignments::page(read, &reach, &filter, request).await?;
            let ids: Vec<Uuid> = page.items.iter().map(|case| case.assignment.id).collect();
            let sheets = score_sheets::among(read, &reach, &ids).await?;
            let mut sheets: HashMap<Uuid, ScoreSheet> =
                sheets.into_iter().map(|sheet| (sheet.assignment_id, sheet)).collect();
            let cases = page.items.into_iter();
            let begun =
                cases.filter_map(|case| sheets.remove(&case.assignment.id).map(|sheet| (case, sheet)));
            let page = Page { items: begun.collect(), next: page.next, total: page.total };
            page_of(page, |(case, of)| shown(sheet(call, case, of)?))
        })
        .await
}

async fn review(package: &mut Package<'_>) -> Result<(), Failure> {
    for category in &package.campaign.definition.categories {
        let (read, campaign_id) = (package.call.app.db.read(), package.campaign.id);
        let ranked = Ranked::read(read, &package.call, campaign_id, &category.code).await?;
        let view = shown(RankingView::of(&package.call, &ranked))?;
        package.packer.json(&format!("rankings/{}.json", category.code), &view).await?;
    }
    let campaign_id = Some(package.campaign.id);
    let reach = package.reading(Operation::ListShortlists)?;
    let filter = shortlists::Filter { campaign_id, ..shortlists::Filter::default() };
    package
        .lines("shortlists.jsonl", async |call, request| {
            let page = shortlists::page(call.app.db.read(), &reach, &filter, request).await?;
            page_of(page, |case| shown(ShortlistView::listed(call, &case, None)?))
        })
        .await?;
    let reach = package.reading(Operation::ListVettingRequests)?;
    let filter = vetting::Filter { campaign_id, ..vetting::Filter::default() };
    let campaign = package.campaign.clone();
    package
        .lines("vetting-requests.jsonl", async |call, request| {
            let page = vetting::page(call.app.db.read(), &reach, &filter, request).await?;
            page_of(page, |case| shown(VettingRequestView::of(call, &campaign, case, false)))
        })
        .await
}

async fn decision(package: &mut Package<'_>) -> Result<(), Failure> {
    let campaign_id = Some(package.campaign.id);
    let reach = package.reading(Operation::ListPublicNotices)?;
    let filter = notices::Filter { campaign_id, ..notices::Filter::default() };
    package
        .lines("notices.jsonl", async |call, request| {
            let page = notices::page(call.app.db.read(), &reach, &filter, request).await?;
            page_of(page, |notice| shown(PublicNoticeView::whole(call, &notice)))
        })
        .await?;
    let reach = package.reading(Operation::ListObjections)?;
    let filter = objections::Filter { campaign_id, ..objections::Filter::default() };
    package
        .lines("objections.jsonl", async |call, request| {
            let page = objections::page(call.app.db.read(), &reach, &filter, request).await?;
            page_of(page, |case| shown(ObjectionView::row(case)))
        })
        .await?;
    let reach = package.reading(Operation::ListExtensions)?;
    let filter = extensions::Filter { campaign_id: package.campaign.id, unit_id: None };
    package
        .lines("extensions.jsonl", async |call, request| {
            let page = extensions::page(call.app.db.read(), &reach, &filter, request).await?;
            page_of(page, |extension| shown(ExtensionView::of(extension)))
        })
        .await?;
    let (read, visibility) = (package.call.app.db.read(), &package.call.visibility);
    let decided = no_awards::of_campaign(read, visibility, package.campaign.id).await?;
    let decided = decided.iter().map(|decided| shown(NoAwardView::of(&package.call, decided)));
    let decided: Vec<_> = decided.collect::<Result<_, _>>()?;
    package.packer.json("no-awards.json", &decided).await?;
    let reach = package.reading(Operation::ListAwards)?;
    let filter = awards::Filter { campaign_id, ..awards::Filter::default() };
    package
        .lines("awards.jsonl", async |call, request| {
            let page = awards::page(call.app.db.read(), &reach, &filter, request).await?;
            page_of(page, |case| shown(AwardView::of(call.language, case)))
        })
        .await
}

/// What was written down of the campaign, in its final form, the newest first. It is the system that hands it out: a package is whole.
async fn events(package: &mut Package<'_>) -> Result<(), Failure> {
    let system = Visibility::system(Operation::FinishJob);
    let filter = audit::Filter { campaign_id: Some(package.campaign.id), ..audit::Filter::default() };
    package
        .lines("audit.jsonl", async |call, request| {
            let page = audit::page(call.app.db.read(), &system, &filter, request).await?;
            page_of(page, |event| Ok(event.leaf))
        })
        .await
}

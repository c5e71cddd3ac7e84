//! 候选名单: the lists that the office makes from the rankings (D-206, D-701).

use actix_web::{get, patch, post, web};
use pingxuan_domain::review::Shortlist;
use pingxuan_domain::review::ranking::Ranking;
use pingxuan_domain::review::shortlist::{Choice, ListFacts, choose};
use pingxuan_domain::workflow::shortlist::{ShortlistFlow, ShortlistState};
use pingxuan_domain::workflow::{self};
use pingxuan_domain::{ErrorCode, Fault};
use pingxuan_persistence::shortlists::Case;
use pingxuan_persistence::{Page, Tx, calendars, campaigns, no_awards, rankings, shortlists};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::acting::{answered, calendar_fault, locked_list, permit, shown};
use super::reckoning::Reckoned;
use super::shortlist_view::ShortlistView;
use crate::call::{Answer, Call};
use crate::campaign::advance::category_of;
use crate::campaign::locked;
use crate::enums;
use crate::pages::{PageQuery, PageView};
use crate::problem::Failure;

/// Which lists are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ShortlistQuery {
    /// 类别 · Of this category.
    #[param(min_length = 1, max_length = 60)]
    category_code: Option<String>,
    /// 状态 · In this state.
    #[param(value_type = Option<enums::ShortlistState>)]
    state: Option<ShortlistState>,
    /// 排序 · Order: `category_code`, `created_at`; `-` before a name turns it round.
    #[param(max_length = 60, pattern = "^-?(category_code|created_at)(,-?(category_code|created_at))*$")]
    #[expect(dead_code, reason = "read with the page")]
    sort: Option<String>,
}

/// A list as it is begun.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewShortlistIn {
    /// The category.
    #[schema(min_length = 1, max_length = 60)]
    category_code: String,
    /// Who stands on it; the best of the ranking, as far as quota and surplus go, where nobody is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 1000)]
    application_ids: Option<Vec<Uuid>>,
    /// Why it departs from the ranking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 1000)]
    departures: Option<Vec<DepartureIn>>,
}

/// Who stands on a list, and why it departs from the ranking. The list stands in the ranking's order.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShortlistIn {
    /// Who stands on it; null for the best of the ranking, as far as quota and surplus go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 1000)]
    application_ids: Option<Vec<Uuid>>,
    /// Why it departs from the ranking: one reason for each who is passed over or put in out of rank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 1000)]
    departures: Option<Vec<DepartureIn>>,
}

/// Why a list departs from the ranking in one nominee.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DepartureIn {
    application_id: Uuid,
    /// Why they are passed over, or put in.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    reason: String,
}

/// 候选名单列表 · List shortlists
///
/// The lists of a campaign, returned ones as well. With `include=allowed_actions` a draft's blockers are those of the ranking
/// that it was made from; whether the ranking has changed since is said by `get_shortlist`.
#[utoipa::path(
    tag = "review",
    params(("campaign_id" = Uuid, Path, description = "The campaign"), PageQuery, ShortlistQuery),
    responses((status = 200, description = "A page of lists", body = PageView<ShortlistView>))
)]
#[get("/campaigns/{campaign_id}/shortlists")]
pub async fn list_shortlists(call: Call, campaign_id: web::Path<Uuid>) -> Answer {
    let asked: ShortlistQuery = call.filters()?;
    let read = call.app.db.read();
    let campaign =
        campaigns::find(read, &call.visibility, *campaign_id).await?.ok_or_else(Failure::not_found)?;
    let (category_code, state) = (asked.category_code, asked.state);
    let filter = shortlists::Filter { campaign_id: Some(campaign.id), category_code, state };
    let page = shortlists::page(read, &call.visibility, &filter, &call.page()?).await?;
    let mut items = Vec::with_capacity(page.items.len());
    if call.includes("allowed_actions") {
        let calendar = calendars::all(read, &call.visibility).await?;
        for case in &page.items {
            let fault = calendar_fault(&call, case, &calendar)?;
            items.push(ShortlistView::listed(&call, case, Some(&facts_kept(&call, case, fault)?))?);
        }
    } else {
        for case in &page.items {
            items.push(ShortlistView::listed(&call, case, None)?);
        }
    }
    call.listed(Page { items, next: page.next, total: page.total }, |view| view)
}

/// What the guards ask, by the ranking that the list keeps.
fn facts_kept(call: &Call, case: &Case, calendar: Option<Fault>) -> Result<ListFacts, Failure> {
    let list = &case.shortlist;
    let draft = list.state == ShortlistState::Draft;
    let ranking = draft.then_some((&list.ranking, list.ranking_digest.as_str()));
    Ok(case.facts(&call.visibility, call.now, ranking, calendar)?)
}

/// 新建候选名单 · Create a shortlist
///
/// A draft, made from the ranking as it is now: of those named, or of the best as far as quota and surplus go. One list of a
/// category is alive at a time.
#[utoipa::path(
    tag = "review",
    params(("campaign_id" = Uuid, Path, description = "The campaign")),
    request_body = NewShortlistIn,
    responses((status = 201, description = "Created", body = ShortlistView))
)]
#[post("/campaigns/{campaign_id}/shortlists")]
pub async fn create_shortlist(call: Call, campaign_id: web::Path<Uuid>) -> Answer {
    let answer = call.act(async |tx| {
        let (id, (view, version)) = created(&call, tx, *campaign_id).await?;
        call.created(&format!("/api/v1/shortlists/{id}"), &view, &version)
    });
    answer.await.map_err(|failure| failure.taken_is(ErrorCode::ListAlive))
}

async fn created(
    call: &Call,
    tx: &Tx,
    campaign_id: Uuid,
) -> Result<(Uuid, (ShortlistView, String)), Failure> {
    let campaign = locked(call, tx, campaign_id).await?;
    let sent: NewShortlistIn = call.read()?;
    let category = category_of(&campaign, &sent.category_code, "/category_code")?;
    let inputs = rankings::inputs(tx, &call.visibility, &campaign, category).await?;
    let Reckoned { ranking, digest, .. } = call.app.rankings.of(&inputs).await?;
    let alive = shortlists::alive(tx, &call.visibility, campaign_id, &category.code).await?;
    let facts = ListFacts {
        phase: campaign.state,
        state: None,
        category: category.clone(),
        candidates: vec![],
        verified: 0,
        other_list: alive.is_some(),
        ranking: Some(Ranking::clone(&ranking)),
        ranking_changed: false,
        departures: Default::default(),
        own_proposal: false,
        calendar: None,
        notice_running: false,
        now: call.now,
        decided_without_award: no_awards::find(tx, &call.visibility, campaign_id, &category.code)
            .await?
            .is_some(),
        stakes: vec![],
        open_objections: 0,
    };
    workflow::permit::<ShortlistFlow>(None, call.operation(), &facts)?;
    let choice = choose(category, &ranking, sent.application_ids.as_deref(), &reasons(sent.departures))?;
    let list = begun(call, campaign_id, sent.category_code, (Ranking::clone(&ranking), digest), choice);
    let step = list.step(call.operation(), None).difference(&Value::Null, &audited(&list));
    shortlists::insert(tx, &call.journal(), &list, step).await?;
    Ok((list.id, shown(tx, call, list.id).await?))
}

fn begun(
    call: &Call,
    campaign_id: Uuid,
    category_code: String,
    (ranking, ranking_digest): (Ranking, String),
    choice: Choice,
) -> Shortlist {
    Shortlist {
        id: call.app.clock.new_id(),
        campaign_id,
        category_code,
        state: ShortlistState::Draft,
        ranking_digest,
        ranking,
        departures: choice.departures,
        entries: choice.entries,
        proposed_by: None,
        substituted_by: vec![],
        decision: None,
        reason: None,
        version: 1,
        created_at: call.now,
        updated_at: call.now,
    }
}

fn reasons(departures: Option<Vec<DepartureIn>>) -> Vec<(Uuid, String)> {
    let departures = departures.unwrap_or_default().into_iter();
    departures.map(|departure| (departure.application_id, departure.reason)).collect()
}

/// 查看候选名单 · Get a shortlist
///
/// One list with its candidates, its departures from the ranking, its notices and decision, the ranking that it keeps, and what
/// may be done with it.
#[utoipa::path(
    tag = "review",
    params(("shortlist_id" = Uuid, Path, description = "The list")),
    responses((status = 200, description = "The list", body = ShortlistView))
)]
#[get("/shortlists/{shortlist_id}")]
pub async fn get_shortlist(call: Call, id: web::Path<Uuid>) -> Answer {
    answered(&call, shown(call.app.db.read(), &call, *id).await?)
}

/// 修改候选名单 · Change a shortlist
///
/// A merge patch of a draft: who stands on it, and why it departs from the ranking. The ranking is read anew; who is no longer
/// ranked falls off the list, unless named in the patch.
#[utoipa::path(
    tag = "review",
    params(("shortlist_id" = Uuid, Path, description = "The list"), ("If-Match" = String, Header, description = "The version that is changed")),
    request_body(content = ShortlistIn, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "Changed", body = ShortlistView))
)]
#[patch("/shortlists/{shortlist_id}")]
pub async fn update_shortlist(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| answered(&call, changed(&call, tx, *id).await?)).await
}

async fn changed(call: &Call, tx: &Tx, id: Uuid) -> Result<(ShortlistView, String), Failure> {
    let case = locked_list(call, tx, id).await?;
    let category = case.category()?;
    let before = &case.shortlist;
    let inputs = rankings::inputs(tx, &call.visibility, &case.campaign, category).await?;
    let Reckoned { ranking, digest, .. } = call.app.rankings.of(&inputs).await?;
    let sent: ShortlistIn = call.patched(&current(before, &ranking))?;
    permit(call, tx, &case).await?;
    let choice = choose(category, &ranking, sent.application_ids.as_deref(), &reasons(sent.departures))?;
    let mut list = before.clone().moved(call.operation(), call.now)?;
    (list.ranking, list.ranking_digest) = (Ranking::clone(&ranking), digest);
    (list.entries, list.departures) = (choice.entries, choice.departures);
    let step = list.step(call.operation(), Some(before.state)).difference(&audited(before), &audited(&list));
    shortlists::replace_entries(tx, &list).await?;
    shortlists::record(tx, &call.journal(), &list, step).await?;
    shown(tx, call, id).await
}

/// The list as a patch finds it: who is no longer ranked has fallen off, with what was said of them.
fn current(list: &Shortlist, ranking: &Ranking) -> ShortlistIn {
    let ranked = |id: &Uuid| ranking.entries.iter().any(|entry| entry.application_id == *id);
    let entries = list.entries.iter().map(|entry| entry.application_id).filter(ranked);
    let departures = list.departures.iter().filter(|(id, _)| ranked(id));
    let departure =
        |(id, reason): (&Uuid, &String)| DepartureIn { application_id: *id, reason: reason.clone() };
    ShortlistIn {
        application_ids: Some(entries.collect()),
        departures: Some(departures.map(departure).collect()),
    }
}

fn audited(list: &Shortlist) -> Value {
    let entries: Vec<Uuid> = list.entries.iter().map(|entry| entry.application_id).collect();
    json!({
        "category_code": list.category_code, "application_ids": entries, "departures": list.departures,
        "ranking_digest": list.ranking_digest,
    })
}

//! How a shortlist is shown: its candidates with their places in the ranking, its departures, its notices, its decision.

use pingxuan_domain::Instant;
use pingxuan_domain::decision::PublicNotice;
use pingxuan_domain::review::ranking::{RankedEntry, Ranking};
use pingxuan_domain::review::scoring::Figure;
use pingxuan_domain::review::shortlist::{ListFacts, departures};
use pingxuan_domain::workflow::public_notice::NoticeState;
use pingxuan_domain::workflow::shortlist::{ShortlistFlow, ShortlistState};
use pingxuan_domain::workflow::{self};
use pingxuan_persistence::shortlists::{Case, Listed};
use serde::Serialize;
use strum::{EnumIter, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use super::entry_view::EntryView;
use crate::actions::AllowedAction;
use crate::call::Call;
use crate::decision::record::DecisionRecordBody;
use crate::enums;
use crate::problem::Failure;

/// How a list departs from the ranking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, EnumIter, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DepartureKind {
    /// Somebody whose rank would put them on the list is not on it.
    PassedOver,
    /// Somebody is on the list whose rank would not put them there.
    PutIn,
    /// A reason is given, though the list does not depart here.
    WithoutCause,
}

/// A shortlist.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct ShortlistView {
    id: Uuid,
    campaign_id: Uuid,
    /// The category.
    #[schema(max_length = 60)]
    category_code: String,
    /// Where it stands.
    #[schema(value_type = enums::ShortlistState)]
    state: ShortlistState,
    /// How many may be commended.
    #[schema(minimum = 0, maximum = 100000)]
    quota: u32,
    /// Its candidates, in order.
    #[schema(max_items = 1000)]
    entries: Vec<EntryView>,
    /// Where it departs from the ranking, and why.
    #[schema(max_items = 2000)]
    departures: Vec<DepartureView>,
    /// Digest of the ranking that it keeps.
    #[schema(min_length = 64, max_length = 64)]
    ranking_digest: String,
    /// The account that proposed it; whoever proposes does not decide.
    proposed_by: Option<Uuid>,
    /// The accounts that put somebody into a vacant place: they count as its proposers too.
    #[schema(max_items = 1000)]
    substituted_by: Vec<Uuid>,
    /// Its notices, in order of publication.
    #[schema(max_items = 100)]
    notices: Vec<NoticeBriefView>,
    /// The record of its decision.
    decision: Option<DecisionRecordBody>,
    /// Why it was returned.
    #[schema(max_length = 2000)]
    reason: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Instant,
    /// The ranking that it was made from; not in lists.
    #[schema(max_items = 10000)]
    ranking: Option<Vec<RankBriefView>>,
    /// What may be done with it.
    #[schema(max_items = 40)]
    allowed_actions: Option<Vec<AllowedAction>>,
}

/// A departure from the ranking (D-701).
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct DepartureView {
    application_id: Uuid,
    /// Whose.
    #[schema(max_length = 200)]
    nominee_name: String,
    /// How the list departs.
    #[schema(value_type = enums::DepartureKind)]
    kind: DepartureKind,
    /// Why; null while it is not said.
    #[schema(max_length = 2000)]
    reason: Option<String>,
}

/// A notice of the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeBriefView {
    id: Uuid,
    /// Where it stands.
    #[schema(value_type = enums::NoticeState)]
    state: NoticeState,
    #[schema(value_type = String, format = DateTime)]
    published_at: Instant,
    /// When its period is over.
    #[schema(value_type = String, format = DateTime)]
    closes_at: Instant,
}

/// A place of the ranking that the list was made from.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct RankBriefView {
    #[schema(minimum = 1, maximum = 100000)]
    rank: u32,
    application_id: Uuid,
    #[schema(max_length = 200)]
    nominee_name: String,
    #[schema(value_type = Option<String>, max_length = 6, pattern = r"^(100\.00|[0-9]{1,2}\.[0-9]{2})$")]
    score: Option<Figure>,
}

impl ShortlistView {
    /// A list on its own: with its ranking, and with what may be done with it.
    ///
    /// # Errors
    /// [`Failure`] where its category cannot be read.
    pub fn whole(call: &Call, case: &Case, facts: &ListFacts) -> Result<Self, Failure> {
        let entries = case.shortlist.ranking.entries.iter();
        Ok(Self {
            ranking: Some(entries.map(rank_brief).collect()),
            allowed_actions: Some(allowed_actions(call, case, facts)),
            ..Self::row(call, case)?
        })
    }

    /// A list among others, with what may be done with it where that is asked for.
    ///
    /// # Errors
    /// [`Failure`] where its category cannot be read.
    pub fn listed(call: &Call, case: &Case, facts: Option<&ListFacts>) -> Result<Self, Failure> {
        let allowed_actions = facts.map(|facts| allowed_actions(call, case, facts));
        Ok(Self { allowed_actions, ..Self::row(call, case)? })
    }

    fn row(call: &Call, case: &Case) -> Result<Self, Failure> {
        let list = &case.shortlist;
        let category = case.category()?;
        let entry = |listed: &Listed| EntryView::of(call, category, &list.ranking, listed);
        Ok(Self {
            id: list.id,
            campaign_id: list.campaign_id,
            category_code: list.category_code.clone(),
            state: list.state,
            quota: list.ranking.quota,
            entries: case.candidates.iter().map(entry).collect(),
            departures: departures_of(case),
            ranking_digest: list.ranking_digest.clone(),
            proposed_by: list.proposed_by,
            substituted_by: list.substituted_by.clone(),
            notices: case.notices.iter().map(notice_brief).collect(),
            decision: list.decision.as_ref().map(DecisionRecordBody::from),
            reason: list.reason.clone(),
            created_at: list.created_at,
            updated_at: list.updated_at,
            ranking: None,
            allowed_actions: None,
        })
    }
}

fn allowed_actions(call: &Call, case: &Case, facts: &ListFacts) -> Vec<AllowedAction> {
    let state = Some(case.shortlist.state);
    let operations = workflow::operations::<ShortlistFlow>(state);
    call.allowed_actions(
        ("/shortlists/{shortlist_id}", &case.shortlist.id.to_string()),
        &operations,
        |operation| workflow::blockers::<ShortlistFlow>(state, operation, facts),
    )
}

fn rank_brief(entry: &RankedEntry) -> RankBriefView {
    RankBriefView {
        rank: entry.rank,
        application_id: entry.application_id,
        nominee_name: entry.nominee_name.clone(),
        score: entry.score,
    }
}

fn notice_brief(notice: &PublicNotice) -> NoticeBriefView {
    NoticeBriefView {
        id: notice.id,
        state: notice.state,
        published_at: notice.published_at,
        closes_at: notice.closes_at,
    }
}

/// Somebody's place in the ranking that a list keeps.
#[must_use]
pub fn place(ranking: &Ranking, application_id: Uuid) -> Option<&RankedEntry> {
    ranking.entries.iter().find(|entry| entry.application_id == application_id)
}

/// Where the list departs from its ranking, said or not, and what is said without a departure.
fn departures_of(case: &Case) -> Vec<DepartureView> {
    let list = &case.shortlist;
    let order: Vec<Uuid> = list.ranking.entries.iter().map(|entry| entry.application_id).collect();
    let listed: Vec<Uuid> = list.entries.iter().map(|entry| entry.application_id).collect();
    let departing = departures(&order, &listed);
    let idle = list.departures.keys().filter(|id| !departing.contains(id));
    let view = |application_id: Uuid| DepartureView {
        application_id,
        nominee_name: place(&list.ranking, application_id)
            .map_or_else(String::new, |entry| entry.nominee_name.clone()),
        kind: match (departing.contains(&application_id), listed.contains(&application_id)) {
            (false, _) => DepartureKind::WithoutCause,
            (true, true) => DepartureKind::PutIn,
            (true, false) => DepartureKind::PassedOver,
        },
        reason: list.departures.get(&application_id).cloned(),
    };
    departing.iter().chain(idle).copied().map(view).collect()
}

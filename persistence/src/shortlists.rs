//! 候选名单: shortlists with their candidates and notices, and what stands in the way of them.

use std::collections::{BTreeMap, HashMap};

use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::campaign::definition::Category;
use pingxuan_domain::decision::PublicNotice;
use pingxuan_domain::policy::Stake;
use pingxuan_domain::review::ranking::Ranking;
use pingxuan_domain::review::shortlist::{Candidate, ListFacts};
use pingxuan_domain::review::vetting::{Asked, gaps};
use pingxuan_domain::review::{Entry, Shortlist};
use pingxuan_domain::step::Step;
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::workflow::public_notice::NoticeState;
use pingxuan_domain::workflow::shortlist::ShortlistState;
use pingxuan_domain::{Fault, Instant, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QueryResult, QuerySelect, QueryTrait,
    Select,
};
use uuid::Uuid;

use crate::connection::{Connection, Tx};
use crate::convert::{code, count, from_json, from_json_option, small, to_json};
use crate::entity::review::shortlist::{ActiveModel, Column, Entity, Model};
use crate::entity::review::shortlist_entry::{self, Column as E};
use crate::error::StoreError;
use crate::journal::Journal;
use crate::late_recusals::LateRecusal;
use crate::page::{Page, PageRequest, Sortable, by_name, page_with};
use crate::rankings::Nominee;
use crate::stakes::with_stakes;
use crate::standing::{NOT_STANDING, Scalar, stale_unless_one};

/// What the list of shortlists may be sorted by.
const SORTABLE: Sortable<Column> =
    &[("category_code", Column::CategoryCode), ("created_at", Column::CreatedAt)];

/// Which lists are wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this campaign.
    pub campaign_id: Option<Uuid>,
    /// Of this category.
    pub category_code: Option<String>,
    /// In this state.
    pub state: Option<ShortlistState>,
}

/// A list with what must be known of its campaign, candidates and notices.
#[derive(Clone, Debug)]
pub struct Case {
    /// The list.
    pub shortlist: Shortlist,
    /// The campaign.
    pub campaign: Campaign,
    /// Its candidates, in the list's order.
    pub candidates: Vec<Listed>,
    /// Its notices, in order of publication.
    pub notices: Vec<PublicNotice>,
    /// What stakes whoever asks has in the category's applications (D-902).
    pub stakes: Vec<Stake>,
    /// Objections on its notices or its entries that wait for their answer.
    pub open_objections: u32,
}

/// A candidate as the list shows it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Who it is, and where the application stands.
    pub nominee: Nominee,
    /// The place on the list, from 1.
    pub position: u32,
    /// Why the approver declined it singly.
    pub declined_reason: Option<String>,
    /// Whether they stood in a closed notice of this list.
    pub noticed: bool,
    /// Whose vacant place they have taken.
    pub substitutes: Option<Uuid>,
    /// What departments were asked about them, and answered.
    pub asked: Vec<Asked>,
    /// Recusals from them that came after the verification (D-602).
    pub late_recusals: Vec<LateRecusal>,
}

impl Case {
    /// The category.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where the definition does not have it.
    pub fn category(&self) -> Result<&Category, StoreError> {
        let code = &self.shortlist.category_code;
        self.campaign
            .definition
            .category(code)
            .ok_or_else(|| StoreError::Corrupt(format!("no category '{code}'")))
    }

    /// What the guards ask. `current` is the ranking as it is now with its digest, needed while the list is a draft.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where the definition does not have the category.
    pub fn facts(
        &self,
        visibility: &Visibility,
        now: Instant,
        current: Option<(&Ranking, &str)>,
        calendar: Option<Fault>,
    ) -> Result<ListFacts, StoreError> {
        let list = &self.shortlist;
        let ranking_changed = current.is_some_and(|(_, digest)| digest != list.ranking_digest);
        let ranked = current.map_or(&list.ranking, |(ranking, _)| ranking).entries.len();
        let asking = visibility.actor().map(|actor| actor.user_id);
        let category = self.category()?;
        Ok(ListFacts {
            phase: self.campaign.state,
            state: Some(list.state),
            category: category.clone(),
            candidates: self
                .candidates
                .iter()
                .map(|listed| listed.candidate(category, list.state, now))
                .collect(),
            verified: u32::try_from(ranked).unwrap_or(u32::MAX),
            other_list: false,
            ranking: current.map(|(ranking, _)| ranking.clone()),
            ranking_changed,
            departures: list.departures.clone(),
            own_proposal: asking.is_some_and(|asking| list.is_proposal_of(asking)),
            calendar,
            notice_running: self.notices.iter().any(|notice| notice.state == NoticeState::Published),
            now,
            decided_without_award: false,
            stakes: self.stakes.clone(),
            open_objections: self.open_objections,
        })
    }
}

impl Listed {
    /// Whether the application still stands for a list in this state.
    #[must_use]
    pub fn stands(&self, list: ShortlistState) -> bool {
        let wanted = match list {
            ShortlistState::Draft | ShortlistState::Returned => ApplicationState::Verified,
            ShortlistState::Proposed | ShortlistState::Endorsed | ShortlistState::Noticed => {
                ApplicationState::Shortlisted
            }
            ShortlistState::Approved => ApplicationState::Awarded,
        };
        self.nominee.state == wanted
    }

    /// What the vetting of them still lacks (D-702).
    #[must_use]
    pub fn vetting_gaps(&self, category: &Category, now: Instant) -> Vec<Fault> {
        gaps(category, (&self.nominee.name, self.nominee.unit_code.as_deref()), &self.asked, now)
    }

    fn candidate(&self, category: &Category, list: ShortlistState, now: Instant) -> Candidate {
        Candidate {
            application_id: self.nominee.application_id,
            nominee_name: self.nominee.name.clone(),
            is_leading_cadre: self.nominee.is_leading_cadre,
            front_line: self.nominee.front_line,
            standing: self.stands(list),
            noticed: self.noticed,
            veto_until: self.nominee.veto_until,
            vetting: self.vetting_gaps(category, now),
            objection_upheld: self.nominee.objection_upheld,
        }
    }
}

/// The list with this id.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find(
    connection: &impl Connection,
    visibility: &Visibility,
    id: Uuid,
) -> Result<Option<Case>, StoreError> {
    one(connection, visibility, Entity::find_by_id(id)).await
}

async fn one(
    connection: &impl Connection,
    visibility: &Visibility,
    select: Select<Entity>,
) -> Result<Option<Case>, StoreError> {
    let Some(row) = connection.query_one(&with_head(select, visibility).into_query()).await? else {
        return Ok(None);
    };
    let head = Head::read(Model::from_query_result(&row, "")?, &row)?;
    Ok(cases(connection, visibility, vec![head]).await?.pop())
}

/// The same, locked until the transaction ends: with the applications that it decides on, and with the campaign, so that
/// what lists are made from stays as it is.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn lock(tx: &Tx, visibility: &Visibility, id: Uuid) -> Result<Option<Case>, StoreError> {
    let select = Entity::find_by_id(id).select_only().columns([Column::CampaignId, Column::CategoryCode]);
    let Some((campaign_id, code)) = select.into_tuple::<(Uuid, String)>().one(tx).await? else {
        return Ok(None);
    };
    crate::campaigns::lock(tx, visibility, campaign_id).await?;
    let locked = Entity::find_by_id(id).select_only().column(Column::Id).lock(LockType::Update);
    if tx.query_one(&locked.into_query()).await?.is_none() {
        return Ok(None);
    }
    crate::candidates::lock(tx, campaign_id, &code).await?;
    find(tx, visibility, id).await
}

/// A page of lists.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn page(
    connection: &impl Connection,
    visibility: &Visibility,
    filter: &Filter,
    request: &PageRequest,
) -> Result<Page<Case>, StoreError> {
    let state = filter.state.map(|state| state.to_string());
    let select = Entity::find()
        .apply_if(filter.campaign_id, |select, id| select.filter(Column::CampaignId.eq(id)))
        .apply_if(filter.category_code.as_deref(), |select, code| {
            select.filter(Column::CategoryCode.eq(code))
        })
        .apply_if(state, |select, state| select.filter(Column::State.eq(state)));
    let (rows, by) = (with_head(Entity::find(), visibility), (SORTABLE, Column::Id));
    let page = page_with(connection, select, rows, request, by, by_name(Head::read)).await?;
    let (next, total) = (page.next, page.total);
    Ok(Page { items: cases(connection, visibility, page.items).await?, next, total })
}

/// The list of a category that is alive: every state but returned.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn alive(
    connection: &impl Connection,
    visibility: &Visibility,
    campaign_id: Uuid,
    category_code: &str,
) -> Result<Option<Case>, StoreError> {
    let select = Entity::find()
        .filter(Column::CampaignId.eq(campaign_id))
        .filter(Column::CategoryCode.eq(category_code))
        .filter(Column::State.ne(ShortlistState::Returned.to_string()));
    one(connection, visibility, select).await
}

/// The approved lists of a campaign, in order of category.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn approved_of(
    tx: &Tx,
    visibility: &Visibility,
    campaign_id: Uuid,
) -> Result<Vec<Case>, StoreError> {
    let select = Entity::find()
        .filter(Column::CampaignId.eq(campaign_id))
        .filter(Column::State.eq(ShortlistState::Approved.to_string()))
        .order_by_asc(Column::CategoryCode);
    let rows = tx.query_all(&with_head(select, visibility).into_query()).await?;
    let heads = rows.iter().map(|row| Head::read(Model::from_query_result(row, "")?, row));
    cases(tx, visibility, heads.collect::<Result<_, _>>()?).await
}

/// The categories of a campaign that have an approved list.
pub(crate) async fn approved_categories(
    connection: &impl Connection,
    campaign_ids: &[Uuid],
) -> Result<Vec<(Uuid, String)>, StoreError> {
    let select = Entity::find()
        .select_only()
        .columns([Column::CampaignId, Column::CategoryCode])
        .filter(Column::CampaignId.is_in(campaign_ids.iter().copied()))
        .filter(Column::State.eq(ShortlistState::Approved.to_string()));
    let rows = connection.query_all(&select.into_query()).await?;
    rows.iter().map(|row| Ok((row.try_get("", "campaign_id")?, row.try_get("", "category_code")?))).collect()
}

/// Enters a list with its entries.
///
/// # Errors
/// [`StoreError::Taken`] where the category has a list alive already.
pub async fn insert(tx: &Tx, journal: &Journal, shortlist: &Shortlist, step: Step) -> Result<(), StoreError> {
    Entity::insert(to_row(shortlist)?).exec_without_returning(tx).await?;
    insert_entries(tx, shortlist).await?;
    journal.write(tx, &[step]).await
}

/// Records a change of a list, whose version has grown by one; its entries stay as they are.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed it meanwhile.
pub async fn record(tx: &Tx, journal: &Journal, shortlist: &Shortlist, step: Step) -> Result<(), StoreError> {
    let update = Entity::update_many().set(to_row(shortlist)?);
    let update = update.filter(Column::Id.eq(shortlist.id)).filter(Column::Version.eq(shortlist.version - 1));
    stale_unless_one(update.exec(tx).await?)?;
    journal.write(tx, &[step]).await
}

/// Writes a list's entries anew: who stands on it, in which order, and who was declined. [`record`] comes with it.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn replace_entries(tx: &Tx, shortlist: &Shortlist) -> Result<(), StoreError> {
    shortlist_entry::Entity::delete_many().filter(E::ShortlistId.eq(shortlist.id)).exec(tx).await?;
    insert_entries(tx, shortlist).await
}

async fn insert_entries(tx: &Tx, shortlist: &Shortlist) -> Result<(), StoreError> {
    let row = |entry: &Entry| shortlist_entry::ActiveModel {
        shortlist_id: Set(shortlist.id),
        application_id: Set(entry.application_id),
        position: Set(small(entry.position)),
        declined_reason: Set(entry.declined_reason.clone()),
        substitutes: Set(entry.substitutes),
    };
    // A hundred rows a statement keeps the bound values below SQLite's limit.
    for chunk in shortlist.entries.chunks(100) {
        shortlist_entry::Entity::insert_many(chunk.iter().map(row)).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// A list's own row, with what is counted beside it.
struct Head {
    row: Model,
    stakes: Vec<Stake>,
    open_objections: u32,
}

impl Head {
    fn read(row: Model, beside: &QueryResult) -> Result<Self, StoreError> {
        let open: i64 = beside.try_get("", "open_objections")?;
        Ok(Self {
            row,
            stakes: crate::stakes::read(beside, "")?,
            open_objections: count("open_objections", open)?,
        })
    }
}

fn with_head(select: Select<Entity>, visibility: &Visibility) -> Select<Entity> {
    let decided_on = format!(
        "o.campaign_id = shortlists.campaign_id AND o.category_code = shortlists.category_code \
         AND o.state NOT IN {NOT_STANDING}"
    );
    with_stakes(select, "", decided_on, visibility).scalar(
        "open_objections",
        "SELECT count(*) FROM objections b WHERE b.state IN ('filed', 'investigating') \
         AND b.campaign_id = shortlists.campaign_id AND b.category_code = shortlists.category_code \
         AND (b.shortlist_id = shortlists.id OR b.application_id IS NULL OR b.application_id IN \
         (SELECT e.application_id FROM shortlist_entries e WHERE e.shortlist_id = shortlists.id))",
    )
}

/// Lists with all that is read beside them: six queries, however many lists.
async fn cases(
    connection: &impl Connection,
    visibility: &Visibility,
    heads: Vec<Head>,
) -> Result<Vec<Case>, StoreError> {
    if heads.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = heads.iter().map(|head| head.row.id).collect();
    let entries = shortlist_entry::Entity::find().filter(E::ShortlistId.is_in(ids.iter().copied()));
    let entries = entries.order_by_asc(E::ShortlistId).order_by_asc(E::Position).all(connection).await?;
    let listed: Vec<Uuid> = entries.iter().map(|entry| entry.application_id).collect();
    let nominees = crate::rankings::nominees(connection, visibility, &listed).await?;
    let campaigns =
        crate::campaigns::all_of(connection, heads.iter().map(|head| head.row.campaign_id)).await?;
    let asked = crate::vetting::asked(connection, visibility, &listed).await?;
    let recusals = crate::late_recusals::of(connection, visibility, &listed).await?;
    let (entries_of, notices) = (HashMap::new(), HashMap::new());
    let mut read = Beside { entries: entries_of, notices, nominees, campaigns, asked, recusals };
    for entry in entries {
        read.entries.entry(entry.shortlist_id).or_default().push(entry);
    }
    for notice in crate::notices::of_lists(connection, &ids).await? {
        read.notices.entry(notice.shortlist_id).or_default().push(notice);
    }
    heads.into_iter().map(|head| read.case(head)).collect()
}

/// What is read beside the rows of lists, by list, application and campaign.
struct Beside {
    entries: HashMap<Uuid, Vec<shortlist_entry::Model>>,
    notices: HashMap<Uuid, Vec<PublicNotice>>,
    nominees: HashMap<Uuid, Nominee>,
    campaigns: HashMap<Uuid, Campaign>,
    asked: HashMap<Uuid, Vec<Asked>>,
    recusals: HashMap<Uuid, Vec<LateRecusal>>,
}

impl Beside {
    fn case(&mut self, head: Head) -> Result<Case, StoreError> {
        let Head { row, stakes, open_objections } = head;
        let entries = self.entries.remove(&row.id).unwrap_or_default();
        let notices = self.notices.remove(&row.id).unwrap_or_default();
        let closed = notices.iter().filter(|notice| notice.state == NoticeState::Closed);
        let noticed: Vec<Uuid> =
            closed.flat_map(|notice| &notice.content.entries).map(|entry| entry.application_id).collect();
        let campaign = self.campaigns.get(&row.campaign_id).cloned();
        let campaign = campaign.ok_or_else(|| StoreError::Corrupt("a list without a campaign".into()))?;
        let candidates =
            entries.iter().map(|entry| self.listed(entry, &noticed)).collect::<Result<Vec<_>, _>>()?;
        let shortlist = from_row(row, &candidates)?;
        Ok(Case { shortlist, campaign, candidates, notices, stakes, open_objections })
    }

    fn listed(&self, entry: &shortlist_entry::Model, noticed: &[Uuid]) -> Result<Listed, StoreError> {
        let nominee = self.nominees.get(&entry.application_id).cloned();
        Ok(Listed {
            nominee: nominee.ok_or_else(|| StoreError::Corrupt("an entry without an application".into()))?,
            position: count("shortlist_entries.position", entry.position)?,
            declined_reason: entry.declined_reason.clone(),
            noticed: noticed.contains(&entry.application_id),
            substitutes: entry.substitutes,
            asked: self.asked.get(&entry.application_id).cloned().unwrap_or_default(),
            late_recusals: self.recusals.get(&entry.application_id).cloned().unwrap_or_default(),
        })
    }
}

fn from_row(row: Model, candidates: &[Listed]) -> Result<Shortlist, StoreError> {
    let entry = |listed: &Listed| Entry {
        application_id: listed.nominee.application_id,
        position: listed.position,
        declined_reason: listed.declined_reason.clone(),
        substitutes: listed.substitutes,
    };
    Ok(Shortlist {
        id: row.id,
        campaign_id: row.campaign_id,
        category_code: row.category_code,
        state: code("shortlists.state", &row.state)?,
        ranking: from_json("shortlists.ranking", &row.ranking)?,
        ranking_digest: row.ranking_digest,
        departures: from_json::<BTreeMap<Uuid, String>>("shortlists.departures", &row.departures)?,
        entries: candidates.iter().map(entry).collect(),
        proposed_by: row.proposed_by,
        substituted_by: from_json("shortlists.substituted_by", &row.substituted_by)?,
        decision: from_json_option("shortlists.decision", row.decision.as_deref())?,
        reason: row.reason,
        version: row.version,
        created_at: Instant::from_millis(row.created_at),
        updated_at: Instant::from_millis(row.updated_at),
    })
}

fn to_row(shortlist: &Shortlist) -> Result<ActiveModel, StoreError> {
    Ok(ActiveModel {
        id: Set(shortlist.id),
        campaign_id: Set(shortlist.campaign_id),
        category_code: Set(shortlist.category_code.clone()),
        state: Set(shortlist.state.to_string()),
        ranking: Set(to_json(&shortlist.ranking)?),
        ranking_digest: Set(shortlist.ranking_digest.clone()),
        departures: Set(to_json(&shortlist.departures)?),
        proposed_by: Set(shortlist.proposed_by),
        substituted_by: Set(to_json(&shortlist.substituted_by)?),
        decision: Set(shortlist.decision.as_ref().map(to_json).transpose()?),
        reason: Set(shortlist.reason.clone()),
        version: Set(shortlist.version),
        created_at: Set(shortlist.created_at.millis()),
        updated_at: Set(shortlist.updated_at.millis()),
    })
}

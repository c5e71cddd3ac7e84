//! 评选活动: campaigns, and what stands in the way of their next phase.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::campaign::definition::Definition;
use pingxuan_domain::step::Step;
use pingxuan_domain::workflow::campaign::{CampaignFacts, CampaignState};
use pingxuan_domain::{Instant, Operation, Reach, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, LockType, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use crate::cells::Cells;
use crate::connection::{Connection, Tx};
use crate::convert::{canonical, code, day_option, from_json, instant_option};
use crate::entity::selection::campaign::{ActiveModel, Column, Entity, Model};
use crate::error::StoreError;
use crate::journal::Journal;
use crate::page::{Page, PageRequest, Sortable, page as read_page};
use crate::standing::{Scalar, stale_unless_one};
use crate::vault::digest_hex;

/// What the list of campaigns may be sorted by.
const SORTABLE: Sortable<Column> = &[("year", Column::Year), ("title", Column::Title)];

/// Which campaigns are wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this year.
    pub year: Option<i32>,
    /// In this phase.
    pub state: Option<CampaignState>,
}

/// The campaign with this id, if the caller may reach it.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find(
    connection: &impl Connection,
    visibility: &Visibility,
    id: Uuid,
) -> Result<Option<Campaign>, StoreError> {
    one(connection, visibility, Entity::find_by_id(id)).await
}

/// The same, locked: nobody else acts on the campaign until the transaction ends.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn lock(tx: &Tx, visibility: &Visibility, id: Uuid) -> Result<Option<Campaign>, StoreError> {
    one(tx, visibility, Entity::find_by_id(id).lock(LockType::Update)).await
}

/// The same, held: its phase stays what it is until the transaction ends, while others may hold it too.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn hold(tx: &Tx, visibility: &Visibility, id: Uuid) -> Result<Option<Campaign>, StoreError> {
    one(tx, visibility, Entity::find_by_id(id).lock(LockType::Share)).await
}

/// The same for the one campaign that a subquery chooses.
pub(crate) async fn hold_chosen(tx: &Tx, chosen: SelectStatement) -> Result<Option<Campaign>, StoreError> {
    let system = Visibility::system(Operation::OpenAcceptance);
    let select = Entity::find().filter(Expr::col((Entity, Column::Id)).eq(Expr::from(chosen)));
    one(tx, &system, select.lock(LockType::Share)).await
}

async fn one(
    connection: &impl Connection,
    visibility: &Visibility,
    select: Select<Entity>,
) -> Result<Option<Campaign>, StoreError> {
    let Some(row) = connection.query_one(&heads(select)).await? else { return Ok(None) };
    let campaign = Head::read(&mut Cells::of(&row)?)?.campaign(connection).await?;
    Ok(campaign.within(visibility).then_some(campaign))
}

/// A campaign's columns but for its definition, which is long, and mostly kept parsed.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    id: Uuid,
    year: i32,
    title: String,
    state: String,
    definition_digest: String,
    opens_at: i64,
    closes_at: i64,
    published_at: Option<i64>,
    announced_at: Option<i64>,
    seal_opened_at: Option<i64>,
    cancel_reason: Option<String>,
    version: i64,
    created_at: i64,
    updated_at: i64,
}

/// The columns of [`Head`], in the order in which it is read.
const HEAD: [Column; 14] = [
    Column::Id,
    Column::Year,
    Column::Title,
    Column::State,
    Column::DefinitionDigest,
    Column::OpensAt,
    Column::ClosesAt,
    Column::PublishedAt,
    Column::AnnouncedAt,
    Column::SealOpenedAt,
    Column::CancelReason,
    Column::Version,
    Column::CreatedAt,
    Column::UpdatedAt,
];

/// What is read of a campaign, for [`Head::read`].
pub(crate) fn heads(select: Select<Entity>) -> SelectStatement {
    select.select_only().columns(HEAD).into_query()
}

impl From<Model> for Head {
    fn from(row: Model) -> Self {
        Self {
            id: row.id,
            year: row.year,
            title: row.title,
            state: row.state,
            definition_digest: row.definition_digest,
            opens_at: row.opens_at,
            closes_at: row.closes_at,
            published_at: row.published_at,
            announced_at: row.announced_at,
            seal_opened_at: row.seal_opened_at,
            cancel_reason: row.cancel_reason,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

impl Head {
    /// The columns of [`HEAD`], in their order.
    pub(crate) fn read(cells: &mut Cells<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: cells.take()?,
            year: cells.take()?,
            title: cells.take()?,
            state: cells.take()?,
            definition_digest: cells.take()?,
            opens_at: cells.take()?,
            closes_at: cells.take()?,
            published_at: cells.take()?,
            announced_at: cells.take()?,
            seal_opened_at: cells.take()?,
            cancel_reason: cells.take()?,
            version: cells.take()?,
            created_at: cells.take()?,
            updated_at: cells.take()?,
        })
    }

    /// Whether its awards are announced.
    pub(crate) fn is_announced(&self) -> bool {
        self.announced_at.is_some()
    }

    /// The campaign; its definition is read only the first time that it is met.
    pub(crate) async fn campaign(self, connection: &impl Connection) -> Result<Campaign, StoreError> {
        Ok(Campaign {
            id: self.id,
            year: self.year,
            title: self.title,
            state: code("campaigns.state", &self.state)?,
            definition: definition(connection, self.id, &self.definition_digest).await?,
            definition_digest: self.definition_digest,
            opens_at: Instant::from_millis(self.opens_at),
            closes_at: Instant::from_millis(self.closes_at),
            published_at: instant_option(self.published_at),
            announced_at: instant_option(self.announced_at),
            seal_opened_at: instant_option(self.seal_opened_at),
            cancel_reason: self.cancel_reason,
            version: self.version,
            created_at: Instant::from_millis(self.created_at),
            updated_at: Instant::from_millis(self.updated_at),
        })
    }
}

/// A page of campaigns.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn page(
    connection: &impl Connection,
    visibility: &Visibility,
    filter: &Filter,
    request: &PageRequest,
) -> Result<Page<Campaign>, StoreError> {
    let state = filter.state.map(|state| state.to_string());
    let mut select = Entity::find()
        .apply_if(filter.year, |select, year| select.filter(Column::Year.eq(year)))
        .apply_if(state, |select, state| select.filter(Column::State.eq(state)));
    if !visibility.has(Reach::All) {
        select = select.filter(Column::PublishedAt.is_not_null());
    }
    let page = read_page(connection, select, request, (SORTABLE, Column::Id), |row, _| {
        parsed(&row.definition_digest, &row.definition)?;
        Ok(Head::from(row))
    });
    let page = page.await?;
    let mut items = Vec::with_capacity(page.items.len());
    for head in page.items {
        items.push(head.campaign(connection).await?);
    }
    Ok(Page { items, next: page.next, total: page.total })
}

/// The campaigns with these ids, for what belongs to them.
pub(crate) async fn all_of(
    connection: &impl Connection,
    ids: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Campaign>, StoreError> {
    let wanted: BTreeSet<Uuid> = ids.collect();
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = connection.query_all(&heads(Entity::find().filter(Column::Id.is_in(wanted)))).await?;
    let mut campaigns = HashMap::with_capacity(rows.len());
    for row in rows {
        let campaign = Head::read(&mut Cells::of(&row)?)?.campaign(connection).await?;
        campaigns.insert(campaign.id, campaign);
    }
    Ok(campaigns)
}

/// The campaigns whose acceptance window has opened without their having been told, in order.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn due(tx: &Tx, _: &Visibility, now: Instant) -> Result<Vec<Campaign>, StoreError> {
    let select = Entity::find()
        .filter(Column::State.eq(CampaignState::Published.to_string()))
        .filter(Column::OpensAt.lte(now.millis()))
        .order_by_asc(Column::Id)
        .lock(LockType::Update);
    let mut due = Vec::new();
    for row in tx.query_all(&heads(select)).await? {
        due.push(Head::read(&mut Cells::of(&row)?)?.campaign(tx).await?);
    }
    Ok(due)
}

/// Whether a campaign is published whose window has opened by now.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn waiting(connection: &impl Connection, _: &Visibility, now: Instant) -> Result<bool, StoreError> {
    let select = Entity::find()
        .filter(Column::State.eq(CampaignState::Published.to_string()))
        .filter(Column::OpensAt.lte(now.millis()));
    Ok(connection.query_one(&select.limit(1).into_query()).await?.is_some())
}

/// How many campaigns of a year have been announced.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn announced_of_year(tx: &Tx, _: &Visibility, year: i32) -> Result<u32, StoreError> {
    let select = Entity::find().filter(Column::Year.eq(year)).filter(Column::AnnouncedAt.is_not_null());
    let rows = select.select_only().column(Column::Id).into_query();
    Ok(u32::try_from(tx.query_all(&rows).await?.len()).unwrap_or(u32::MAX))
}

/// The archive packages of a campaign that were made since its awards were announced and are there, as SQL.
const PACKAGES: &str = r#"SELECT count(*) FROM jobs j WHERE j.campaign_id = campaigns.id AND j.state = 'succeeded'
     AND j.kind = 'export' AND j.asked LIKE '%"what":"archive"%' AND j.finished_at >= campaigns.announced_at"#;

/// What stands in the way of the next phase of each of these campaigns, but for the faults of their definitions, in their
/// order: three queries for all.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn facts(
    connection: &impl Connection,
    _: &Visibility,
    campaigns: &[Campaign],
    now: Instant,
) -> Result<Vec<CampaignFacts>, StoreError> {
    let ids: Vec<Uuid> = campaigns.iter().map(|campaign| campaign.id).collect();
    let of = "FROM applications a WHERE a.campaign_id = campaigns.id AND a.state =";
    let select = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Id.is_in(ids.iter().copied()))
        .scalar("undecided", &format!("SELECT count(*) {of} 'submitted'"))
        .scalar("unverified", &format!("SELECT count(*) {of} 'accepted'"))
        .scalar("last_correction", &format!("SELECT max(a.correct_by) {of} 'returned'"))
        .scalar("packages", PACKAGES)
        .scalar("last_extension", "SELECT max(x.until) FROM extensions x WHERE x.campaign_id = campaigns.id");
    let mut counted = HashMap::new();
    for row in connection.query_all(&select.into_query()).await? {
        let number =
            |name| row.try_get::<i64>("", name).map(|number| u32::try_from(number).unwrap_or(u32::MAX));
        let day = |name: &str| day_option(name, row.try_get::<Option<String>>("", name)?.as_deref());
        let days = (day("last_correction")?, day("last_extension")?);
        let numbers = (number("undecided")?, number("unverified")?, number("packages")?);
        counted.insert(row.try_get::<Uuid>("", "id")?, (numbers, days));
    }
    let approved = crate::shortlists::approved_categories(connection, &ids).await?;
    let decided_without = crate::no_awards::categories(connection, &ids).await?;
    let facts = campaigns.iter().map(|campaign| {
        let ((undecided, unverified, packages), (last_correction, last_extension)) =
            counted.get(&campaign.id).copied().unwrap_or_default();
        let named = |decided: &[(Uuid, String)], code: &String| {
            decided.iter().any(|(id, of)| *id == campaign.id && of == code)
        };
        let codes: Vec<String> =
            campaign.definition.categories.iter().map(|category| category.code.clone()).collect();
        let (approved, rest): (Vec<_>, Vec<_>) = codes.into_iter().partition(|code| named(&approved, code));
        let open: Vec<_> = rest.into_iter().filter(|code| !named(&decided_without, code)).collect();
        CampaignFacts {
            now,
            definition_faults: Vec::new(),
            opens_at: campaign.opens_at,
            closes_at: campaign.closes_at,
            undecided,
            last_correction,
            unverified,
            undecided_categories: open,
            approved_lists: u32::try_from(approved.len()).unwrap_or(u32::MAX),
            last_extension,
            sealed: campaign.definition.sealed.value,
            seal_opened: campaign.seal_opened_at.is_some(),
            package_made: packages > 0,
        }
    });
    Ok(facts.collect())
}

/// Enters a campaign.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn insert(tx: &Tx, journal: &Journal, campaign: &Campaign, step: Step) -> Result<(), StoreError> {
    Entity::insert(to_row(campaign)?).exec_without_returning(tx).await?;
    journal.write(tx, &[step]).await
}

/// Records a change of a campaign, whose version has grown by one.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed it meanwhile.
pub async fn record(tx: &Tx, journal: &Journal, campaign: &Campaign, step: Step) -> Result<(), StoreError> {
    let update = Entity::update_many().set(to_row(campaign)?);
    let update = update.filter(Column::Id.eq(campaign.id)).filter(Column::Version.eq(campaign.version - 1));
    stale_unless_one(update.exec(tx).await?)?;
    journal.write(tx, &[step]).await
}

/// Deletes a draft.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed it meanwhile.
pub async fn delete(tx: &Tx, journal: &Journal, campaign: &Campaign, step: Step) -> Result<(), StoreError> {
    let delete = Entity::delete_many().filter(Column::Id.eq(campaign.id));
    let done = delete.filter(Column::Version.eq(campaign.version)).exec(tx).await?;
    if done.rows_affected != 1 {
        return Err(StoreError::Stale);
    }
    journal.write(tx, &[step]).await
}

/// The digest of a definition.
///
/// # Errors
/// [`StoreError::Corrupt`] where it cannot be written as JSON.
pub fn definition_digest(definition: &Definition) -> Result<String, StoreError> {
    Ok(digest_hex(canonical(definition)?.as_bytes()))
}

/// The definition with this digest, read only where it is not kept parsed.
pub(crate) async fn definition(
    connection: &impl Connection,
    id: Uuid,
    digest: &str,
) -> Result<Arc<Definition>, StoreError> {
    if let Some(definition) = kept(digest) {
        return Ok(definition);
    }
    let row = Entity::find_by_id(id).one(connection).await?;
    let row = row.ok_or_else(|| StoreError::Corrupt("a campaign that is not there".into()))?;
    parsed(&row.definition_digest, &row.definition)
}

/// How many definitions are kept parsed.
const KEPT: usize = 256;

/// Parsed definitions by their digest: what has a digest never changes, so nothing kept is ever stale.
fn definitions() -> MutexGuard<'static, HashMap<String, Arc<Definition>>> {
    static PARSED: OnceLock<Mutex<HashMap<String, Arc<Definition>>>> = OnceLock::new();
    PARSED.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner)
}

fn kept(digest: &str) -> Option<Arc<Definition>> {
    definitions().get(digest).cloned()
}

fn parsed(digest: &str, text: &str) -> Result<Arc<Definition>, StoreError> {
    if let Some(definition) = kept(digest) {
        return Ok(definition);
    }
    let definition: Arc<Definition> = Arc::new(from_json("campaigns.definition", text)?);
    let mut definitions = definitions();
    if definitions.len() >= KEPT {
        definitions.clear();
    }
    definitions.insert(digest.to_owned(), Arc::clone(&definition));
    Ok(definition)
}

fn to_row(campaign: &Campaign) -> Result<ActiveModel, StoreError> {
    Ok(ActiveModel {
        id: Set(campaign.id),
        year: Set(campaign.year),
        title: Set(campaign.title.clone()),
        state: Set(campaign.state.to_string()),
        definition: Set(crate::convert::to_json(&*campaign.definition)?),
        definition_digest: Set(campaign.definition_digest.clone()),
        opens_at: Set(campaign.opens_at.millis()),
        closes_at: Set(campaign.closes_at.millis()),
        published_at: Set(campaign.published_at.map(Instant::millis)),
        announced_at: Set(campaign.announced_at.map(Instant::millis)),
        seal_opened_at: Set(campaign.seal_opened_at.map(Instant::millis)),
        cancel_reason: Set(campaign.cancel_reason.clone()),
        version: Set(campaign.version),
        created_at: Set(campaign.created_at.millis()),
        updated_at: Set(campaign.updated_at.millis()),
    })
}

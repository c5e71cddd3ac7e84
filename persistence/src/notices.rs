//! 公示: public notices. What one shows is frozen; who falls out stays in it and is marked beside it (D-704).

use std::collections::HashMap;

use pingxuan_domain::decision::PublicNotice;
use pingxuan_domain::step::Step;
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::workflow::campaign::CampaignState;
use pingxuan_domain::workflow::public_notice::NoticeState;
use pingxuan_domain::{Instant, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QueryOrder, QueryResult, QuerySelect,
    QueryTrait, Select,
};
use uuid::Uuid;

use crate::connection::{Connection, Tx};
use crate::convert::{code, from_json, instant_option, to_json};
use crate::entity::review::public_notice::{ActiveModel, Column, Entity, Model};
use crate::error::StoreError;
use crate::journal::Journal;
use crate::page::{Page, PageRequest, Sortable, by_name, page_with};
use crate::standing::Scalar;

/// What the list of notices may be sorted by.
const SORTABLE: Sortable<Column> = &[("published_at", Column::PublishedAt), ("closes_at", Column::ClosesAt)];

/// Which notices are wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this campaign.
    pub campaign_id: Option<Uuid>,
    /// Of this category.
    pub category_code: Option<String>,
    /// In this state.
    pub state: Option<NoticeState>,
}

/// A notice as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The notice.
    pub notice: PublicNotice,
    /// The campaign's phase.
    pub phase: CampaignState,
    /// Who of its names has fallen out since, by application.
    pub fallen_out: HashMap<Uuid, ApplicationState>,
}

/// The notice with this id; all notices are public.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find(
    connection: &impl Connection,
    _: &Visibility,
    id: Uuid,
) -> Result<Option<Shown>, StoreError> {
    let select = with_phase(Entity::find_by_id(id)).into_query();
    let Some(row) = connection.query_one(&select).await? else { return Ok(None) };
    let notice = (from_row(Model::from_query_result(&row, "")?)?, phase(&row)?);
    Ok(shown(connection, vec![notice]).await?.pop())
}

/// The notice alone, locked until the transaction ends.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn lock(tx: &Tx, _: &Visibility, id: Uuid) -> Result<Option<PublicNotice>, StoreError> {
    Entity::find_by_id(id).lock(LockType::Update).one(tx).await?.map(from_row).transpose()
}

/// A page of notices.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn page(
    connection: &impl Connection,
    _: &Visibility,
    filter: &Filter,
    request: &PageRequest,
) -> Result<Page<Shown>, StoreError> {
    let state = filter.state.map(|state| state.to_string());
    let select = Entity::find()
        .apply_if(filter.campaign_id, |select, id| select.filter(Column::CampaignId.eq(id)))
        .apply_if(filter.category_code.as_deref(), |select, code| {
            select.filter(Column::CategoryCode.eq(code))
        })
        .apply_if(state, |select, state| select.filter(Column::State.eq(state)));
    let rows = with_phase(Entity::find());
    let read = by_name(|model, row| Ok((from_row(model)?, phase(row)?)));
    let page = page_with(connection, select, rows, request, (SORTABLE, Column::Id), read).await?;
    let (next, total) = (page.next, page.total);
    Ok(Page { items: shown(connection, page.items).await?, next, total })
}

/// The notices of a list that still run, locked.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn running_of(
    tx: &Tx,
    _: &Visibility,
    shortlist_id: Uuid,
) -> Result<Vec<PublicNotice>, StoreError> {
    let select = Entity::find()
        .filter(Column::ShortlistId.eq(shortlist_id))
        .filter(Column::State.eq(NoticeState::Published.to_string()))
        .order_by_asc(Column::Id)
        .lock(LockType::Update);
    select.all(tx).await?.into_iter().map(from_row).collect()
}

/// The notices of these lists, in order.
pub(crate) async fn of_lists(
    connection: &impl Connection,
    shortlist_ids: &[Uuid],
) -> Result<Vec<PublicNotice>, StoreError> {
    let select = Entity::find().filter(Column::ShortlistId.is_in(shortlist_ids.iter().copied()));
    select.order_by_asc(Column::Id).all(connection).await?.into_iter().map(from_row).collect()
}

/// Enters a notice.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn insert(tx: &Tx, journal: &Journal, notice: &PublicNotice, step: Step) -> Result<(), StoreError> {
    Entity::insert(to_row(notice)?).exec_without_returning(tx).await?;
    journal.write(tx, &[step]).await
}

/// Records that notices, locked before, were closed or withdrawn together; what they show is never written again.
///
/// # Errors
/// [`StoreError::Stale`] where one of them is not there.
pub async fn record_all(
    tx: &Tx,
    journal: &Journal,
    ended: &[PublicNotice],
    steps: &[Step],
) -> Result<(), StoreError> {
    let Some(first) = ended.first() else { return Ok(()) };
    let update = Entity::update_many()
        .col_expr(Column::State, Expr::value(first.state.to_string()))
        .col_expr(Column::EndedAt, Expr::value(first.ended_at.map(Instant::millis)))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.is_in(ended.iter().map(|notice| notice.id)));
    if usize::try_from(update.exec(tx).await?.rows_affected) != Ok(ended.len()) {
        return Err(StoreError::Stale);
    }
    journal.write(tx, steps).await
}

/// Marks beside the names of notices who has fallen out.
async fn shown(
    connection: &impl Connection,
    notices: Vec<(PublicNotice, CampaignState)>,
) -> Result<Vec<Shown>, StoreError> {
    let named = notices.iter().flat_map(|(notice, _)| &notice.content.entries);
    let named = named.map(|entry| entry.application_id);
    let fallen_out = fallen_out(connection, named.collect()).await?;
    let mark = |(notice, phase): (PublicNotice, CampaignState)| {
        let of_notice = notice.content.entries.iter().filter_map(|entry| {
            fallen_out.get(&entry.application_id).map(|state| (entry.application_id, *state))
        });
        Shown { fallen_out: of_notice.collect(), notice, phase }
    };
    Ok(notices.into_iter().map(mark).collect())
}

fn with_phase(select: Select<Entity>) -> Select<Entity> {
    select.scalar("c_state", "SELECT c.state FROM campaigns c WHERE c.id = public_notices.campaign_id")
}

fn phase(row: &QueryResult) -> Result<CampaignState, StoreError> {
    code("campaigns.state", &row.try_get::<String>("", "c_state")?)
}

async fn fallen_out(
    connection: &impl Connection,
    application_ids: Vec<Uuid>,
) -> Result<HashMap<Uuid, ApplicationState>, StoreError> {
    use crate::entity::selection::application::{Column as A, Entity as Applications};
    if application_ids.is_empty() {
        return Ok(HashMap::new());
    }
    let out = [ApplicationState::Withdrawn, ApplicationState::Disqualified].map(|state| state.to_string());
    let select = Applications::find().select_only().column(A::Id).column(A::ShownState);
    let select = select.filter(A::Id.is_in(application_ids)).filter(A::ShownState.is_in(out));
    let rows: Vec<(Uuid, String)> = select.into_tuple().all(connection).await?;
    rows.into_iter().map(|(id, state)| Ok((id, code("applications.shown_state", &state)?))).collect()
}

fn from_row(row: Model) -> Result<PublicNotice, StoreError> {
    Ok(PublicNotice {
        id: row.id,
        campaign_id: row.campaign_id,
        shortlist_id: row.shortlist_id,
        category_code: row.category_code,
        state: code("public_notices.state", &row.state)?,
        content: from_json("public_notices.content", &row.content)?,
        digest: row.digest,
        published_at: Instant::from_millis(row.published_at),
        closes_at: Instant::from_millis(row.closes_at),
        ended_at: instant_option(row.ended_at),
        version: row.version,
    })
}

fn to_row(notice: &PublicNotice) -> Result<ActiveModel, StoreError> {
    Ok(ActiveModel {
        id: Set(notice.id),
        campaign_id: Set(notice.campaign_id),
        shortlist_id: Set(notice.shortlist_id),
        category_code: Set(notice.category_code.clone()),
        state: Set(notice.state.to_string()),
        content: Set(to_json(&notice.content)?),
        digest: Set(notice.digest.clone()),
        published_at: Set(notice.published_at.millis()),
        closes_at: Set(notice.closes_at.millis()),
        ended_at: Set(notice.ended_at.map(Instant::millis)),
        version: Set(notice.version),
    })
}

//! 异议: objections. Who objects stands in a column of its own, sealed; of the receipt code only the digest is kept (D-705).

use pingxuan_domain::decision::objection::Objection;
use pingxuan_domain::policy::Stake;
use pingxuan_domain::step::Step;
use pingxuan_domain::workflow::campaign::CampaignState;
use pingxuan_domain::workflow::objection::{ObjectionFacts, ObjectionState};
use pingxuan_domain::workflow::public_notice::NoticeState;
use pingxuan_domain::workflow::shortlist::ShortlistState;
use pingxuan_domain::{Instant, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockType, Query};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QueryResult, QuerySelect, QueryTrait,
    Select,
};
use uuid::Uuid;

use crate::connection::{Connection, Tx};
use crate::convert::{code, from_json, instant_option, to_json};
use crate::entity::review::objection::{ActiveModel, Column, Entity, Model};
use crate::entity::review::{shortlist, shortlist_entry};
use crate::entity::selection::application;
use crate::error::StoreError;
use crate::journal::Journal;
use crate::notices::Shown;
use crate::page::{Page, PageRequest, Sortable, by_name, page_with};
use crate::stakes::{of_account, with_stakes};
use crate::standing::{Scalar, stale_unless_one};

/// What the list of objections may be sorted by.
const SORTABLE: Sortable<Column> = &[("filed_at", Column::FiledAt)];

/// The applications `o` that an objection concerns: the candidate, or all of the list where it names none.
const CONCERNED: &str = "o.id IN (SELECT objections.application_id UNION ALL SELECT e.application_id FROM shortlist_entries e \
     WHERE objections.application_id IS NULL AND e.shortlist_id = objections.shortlist_id)";

/// Which objections are wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// In this campaign.
    pub campaign_id: Option<Uuid>,
    /// Against this notice.
    pub notice_id: Option<Uuid>,
    /// In this category.
    pub category_code: Option<String>,
    /// Against this candidate.
    pub application_id: Option<Uuid>,
    /// In this state.
    pub state: Option<ObjectionState>,
    /// Whether it came after the notice's period.
    pub late: Option<bool>,
}

/// An objection with what must be known of its case.
#[derive(Clone, Debug)]
pub struct Case {
    /// The objection.
    pub objection: Objection,
    /// The campaign's phase.
    pub phase: CampaignState,
    /// Where the notice stands.
    pub notice: NoticeState,
    /// Where the notice's list stands.
    pub list: ShortlistState,
    /// The candidate's name.
    pub nominee_name: Option<String>,
    /// The investigator's name.
    pub investigator_name: Option<String>,
    /// What stakes whoever asks has in whom it concerns (D-902).
    pub stakes: Vec<Stake>,
}

impl Case {
    /// What the guards ask.
    #[must_use]
    pub fn facts(&self, visibility: &Visibility) -> ObjectionFacts {
        let asking = visibility.actor().map(|actor| actor.user_id);
        ObjectionFacts {
            phase: self.phase,
            notice: self.notice,
            decided: self.list == ShortlistState::Approved,
            stakes: self.stakes.clone(),
            investigator: asking.is_some() && asking == self.objection.investigator_id,
            named: self.objection.objector.is_some(),
        }
    }
}

/// The objection with this id.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find(
    connection: &impl Connection,
    visibility: &Visibility,
    id: Uuid,
) -> Result<Option<Case>, StoreError> {
    let select = beside(Entity::find_by_id(id), visibility).into_query();
    let Some(row) = connection.query_one(&select).await? else { return Ok(None) };
    case(Model::from_query_result(&row, "")?, &row).map(Some)
}

/// The same, locked until the transaction ends, in which its campaign stays in its phase.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn lock(tx: &Tx, visibility: &Visibility, id: Uuid) -> Result<Option<Case>, StoreError> {
    let select = Entity::find_by_id(id).select_only().column(Column::CampaignId);
    let Some(campaign_id) = select.into_tuple::<Uuid>().one(tx).await? else { return Ok(None) };
    crate::campaigns::hold(tx, visibility, campaign_id).await?;
    let locked = Entity::find_by_id(id).select_only().column(Column::Id).lock(LockType::Update);
    if tx.query_one(&locked.into_query()).await?.is_none() {
        return Ok(None);
    }
    find(tx, visibility, id).await
}

/// The objection whose receipt code has this digest.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find_by_receipt(
    connection: &impl Connection,
    _: &Visibility,
    digest: &str,
) -> Result<Option<Objection>, StoreError> {
    let select = Entity::find().filter(Column::ReceiptDigest.eq(digest));
    select.one(connection).await?.map(from_row).transpose()
}

/// A page of objections.
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
        .apply_if(filter.notice_id, |select, id| select.filter(Column::NoticeId.eq(id)))
        .apply_if(filter.category_code.as_deref(), |select, code| {
            select.filter(Column::CategoryCode.eq(code))
        })
        .apply_if(filter.application_id, |select, id| select.filter(Column::ApplicationId.eq(id)))
        .apply_if(state, |select, state| select.filter(Column::State.eq(state)))
        .apply_if(filter.late, |select, late| select.filter(Column::Late.eq(late)));
    let rows = beside(Entity::find(), visibility);
    page_with(connection, select, rows, request, (SORTABLE, Column::Id), by_name(case)).await
}

/// The notice against which somebody objects, and whether its category is decided, by this list or another or without an award;
/// nothing is decided, and the notice is not withdrawn, until the transaction ends (D-707).
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn hold_notice(
    tx: &Tx,
    visibility: &Visibility,
    notice_id: Uuid,
) -> Result<Option<(Shown, bool)>, StoreError> {
    let Some(found) = crate::notices::find(tx, visibility, notice_id).await? else { return Ok(None) };
    // Whoever decides on a list locks its campaign first.
    crate::campaigns::hold(tx, visibility, found.notice.campaign_id).await?;
    let Some(shown) = crate::notices::find(tx, visibility, notice_id).await? else { return Ok(None) };
    let (campaign, category) = (shown.notice.campaign_id, &shown.notice.category_code);
    let approved = shortlist::Entity::find()
        .filter(shortlist::Column::CampaignId.eq(campaign))
        .filter(shortlist::Column::CategoryCode.eq(category))
        .filter(shortlist::Column::State.eq(ShortlistState::Approved.to_string()))
        .select_only()
        .column(shortlist::Column::Id)
        .into_tuple::<Uuid>()
        .one(tx)
        .await?;
    let decided =
        approved.is_some() || crate::no_awards::find(tx, visibility, campaign, category).await?.is_some();
    Ok(Some((shown, decided)))
}

/// What stakes an account has in whom an objection concerns (D-902).
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn stakes_of(
    connection: &impl Connection,
    _: &Visibility,
    objection: &Objection,
    user_id: Uuid,
) -> Result<Vec<Stake>, StoreError> {
    let application = Expr::col(("o", application::Column::Id));
    let concerned = match objection.application_id {
        Some(id) => application.eq(id),
        None => {
            let listed = Query::select()
                .column(shortlist_entry::Column::ApplicationId)
                .from(shortlist_entry::Entity)
                .and_where(shortlist_entry::Column::ShortlistId.eq(objection.shortlist_id))
                .to_owned();
            application.in_subquery(listed)
        }
    };
    of_account(connection, user_id, concerned).await
}

/// Enters an objection.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn insert(tx: &Tx, journal: &Journal, objection: &Objection, step: Step) -> Result<(), StoreError> {
    Entity::insert(to_row(objection)?).exec_without_returning(tx).await?;
    journal.write(tx, &[step]).await
}

/// Records a change of an objection, whose version has grown by one.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed it meanwhile.
pub async fn record(tx: &Tx, journal: &Journal, objection: &Objection, step: Step) -> Result<(), StoreError> {
    let update = Entity::update_many().set(to_row(objection)?);
    let update = update.filter(Column::Id.eq(objection.id)).filter(Column::Version.eq(objection.version - 1));
    stale_unless_one(update.exec(tx).await?)?;
    journal.write(tx, &[step]).await
}

/// Records that somebody was told who objects: nothing changes.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn record_opening(tx: &Tx, journal: &Journal, step: Step) -> Result<(), StoreError> {
    journal.write(tx, &[step]).await
}

/// The select with what is read beside an objection's own row.
fn beside(select: Select<Entity>, visibility: &Visibility) -> Select<Entity> {
    with_stakes(select, "", CONCERNED, visibility)
        .scalar("c_state", "SELECT c.state FROM campaigns c WHERE c.id = objections.campaign_id")
        .scalar("n_state", "SELECT n.state FROM public_notices n WHERE n.id = objections.notice_id")
        .scalar("l_state", "SELECT l.state FROM shortlists l WHERE l.id = objections.shortlist_id")
        .scalar(
            "nominee_name",
            "SELECT a.nominee_name FROM applications a WHERE a.id = objections.application_id",
        )
        .scalar(
            "investigator_name",
            "SELECT i.display_name FROM users i WHERE i.id = objections.investigator_id",
        )
}

fn case(row: Model, beside: &QueryResult) -> Result<Case, StoreError> {
    Ok(Case {
        phase: code("campaigns.state", &beside.try_get::<String>("", "c_state")?)?,
        notice: code("public_notices.state", &beside.try_get::<String>("", "n_state")?)?,
        list: code("shortlists.state", &beside.try_get::<String>("", "l_state")?)?,
        nominee_name: beside.try_get("", "nominee_name")?,
        investigator_name: beside.try_get("", "investigator_name")?,
        stakes: crate::stakes::read(beside, "")?,
        objection: from_row(row)?,
    })
}

fn from_row(row: Model) -> Result<Objection, StoreError> {
    Ok(Objection {
        id: row.id,
        notice_id: row.notice_id,
        shortlist_id: row.shortlist_id,
        campaign_id: row.campaign_id,
        category_code: row.category_code,
        application_id: row.application_id,
        receipt_digest: row.receipt_digest,
        objector: row.objector,
        content: row.content,
        evidence: from_json("objections.evidence", &row.evidence)?,
        late: row.late,
        state: code("objections.state", &row.state)?,
        investigator_id: row.investigator_id,
        findings: row.findings,
        answer: row.answer,
        consequence: row
            .consequence
            .as_deref()
            .map(|text| code("objections.consequence", text))
            .transpose()?,
        consequence_reason: row.consequence_reason,
        version: row.version,
        filed_at: Instant::from_millis(row.filed_at),
        resolved_at: instant_option(row.resolved_at),
        updated_at: Instant::from_millis(row.updated_at),
    })
}

fn to_row(objection: &Objection) -> Result<ActiveModel, StoreError> {
    Ok(ActiveModel {
        id: Set(objection.id),
        notice_id: Set(objection.notice_id),
        shortlist_id: Set(objection.shortlist_id),
        campaign_id: Set(objection.campaign_id),
        category_code: Set(objection.category_code.clone()),
        application_id: Set(objection.application_id),
        receipt_digest: Set(objection.receipt_digest.clone()),
        objector: Set(objection.objector.clone()),
        content: Set(objection.content.clone()),
        evidence: Set(to_json(&objection.evidence)?),
        late: Set(objection.late),
        state: Set(objection.state.to_string()),
        investigator_id: Set(objection.investigator_id),
        findings: Set(objection.findings.clone()),
        answer: Set(objection.answer.clone()),
        consequence: Set(objection.consequence.map(|consequence| consequence.to_string())),
        consequence_reason: Set(objection.consequence_reason.clone()),
        version: Set(objection.version),
        filed_at: Set(objection.filed_at.millis()),
        resolved_at: Set(objection.resolved_at.map(Instant::millis)),
        updated_at: Set(objection.updated_at.millis()),
    })
}

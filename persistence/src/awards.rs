//! 表彰: the register of awards. Only announced ones are in it (D-708).

use pingxuan_domain::campaign::definition::Label;
use pingxuan_domain::decision::Award;
use pingxuan_domain::step::Step;
use pingxuan_domain::{Instant, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{LockType, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use crate::convert::{code, count, from_json_option, small, to_json};
use crate::database::{Connection, Tx};
use crate::entity::review::award::{ActiveModel, Column, Entity, Model};
use crate::error::StoreError;
use crate::journal::Journal;
use crate::page::{Page, PageRequest, Sortable, contains, page as read_page};
use crate::standing::stale_unless_one;

/// What the register may be sorted by.
const SORTABLE: Sortable<Column> = &[("certificate_number", Column::CertificateNumber)];

/// Which awards are wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this campaign.
    pub campaign_id: Option<Uuid>,
    /// In this category.
    pub category_code: Option<String>,
    /// Of the campaigns of this year.
    pub year: Option<i32>,
    /// With this in the name of who is commended.
    pub name: Option<String>,
}

/// An award with what must be said of its campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The award.
    pub award: Award,
    /// The campaign's title.
    pub campaign_title: String,
    /// The year that was selected for.
    pub year: i32,
    /// The honour's name.
    pub category_title: Label,
}

/// The award with this id.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find(
    connection: &impl Connection,
    _: &Visibility,
    id: Uuid,
) -> Result<Option<Case>, StoreError> {
    one(connection, Entity::find_by_id(id).one(connection).await?).await
}

/// The award whose certificate has this number.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find_by_certificate(
    connection: &impl Connection,
    _: &Visibility,
    certificate_number: &str,
) -> Result<Option<Case>, StoreError> {
    let select = Entity::find().filter(Column::CertificateNumber.eq(certificate_number));
    one(connection, select.one(connection).await?).await
}

/// A page of awards.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn page(
    connection: &impl Connection,
    _: &Visibility,
    filter: &Filter,
    request: &PageRequest,
) -> Result<Page<Case>, StoreError> {
    use crate::entity::selection::campaign;
    let of_year = |year: i32| {
        let mut select = Query::select();
        select
            .column(campaign::Column::Id)
            .from(campaign::Entity)
            .and_where(campaign::Column::Year.eq(year))
            .to_owned()
    };
    let select = Entity::find()
        .apply_if(filter.campaign_id, |select, id| select.filter(Column::CampaignId.eq(id)))
        .apply_if(filter.category_code.as_deref(), |select, code| {
            select.filter(Column::CategoryCode.eq(code))
        })
        .apply_if(filter.year, |select, year| select.filter(Column::CampaignId.in_subquery(of_year(year))))
        .apply_if(filter.name.as_deref(), |select, name| select.filter(contains(Column::Honouree, name)));
    let page = read_page(connection, select, request, (SORTABLE, Column::Id), |row, _| from_row(row)).await?;
    let (next, total) = (page.next, page.total);
    Ok(Page { items: cases(connection, page.items).await?, next, total })
}

/// Enters the awards of an announcement.
///
/// # Errors
/// [`StoreError::Taken`] where a certificate has the number already.
pub async fn insert_many(
    tx: &Tx,
    journal: &Journal,
    awards: &[Award],
    steps: &[Step],
) -> Result<(), StoreError> {
    // A hundred rows a statement keeps the bound values below SQLite's limit.
    for chunk in awards.chunks(100) {
        let rows = chunk.iter().map(to_row).collect::<Result<Vec<_>, _>>()?;
        Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    journal.write(tx, steps).await
}

/// The award that honours an application, locked until the transaction ends.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn lock_of(tx: &Tx, _: &Visibility, application_id: Uuid) -> Result<Option<Award>, StoreError> {
    let select = Entity::find().filter(Column::ApplicationId.eq(application_id)).lock(LockType::Update);
    select.one(tx).await?.map(from_row).transpose()
}

/// Records a change of an award, whose version has grown by one.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed it meanwhile.
pub async fn record(tx: &Tx, journal: &Journal, award: &Award, step: Step) -> Result<(), StoreError> {
    let update = Entity::update_many().set(to_row(award)?);
    let update = update.filter(Column::Id.eq(award.id)).filter(Column::Version.eq(award.version - 1));
    stale_unless_one(update.exec(tx).await?)?;
    journal.write(tx, &[step]).await
}

async fn one(connection: &impl Connection, row: Option<Model>) -> Result<Option<Case>, StoreError> {
    let awards = row.map(from_row).transpose()?.into_iter().collect();
    Ok(cases(connection, awards).await?.pop())
}

async fn cases(connection: &impl Connection, awards: Vec<Award>) -> Result<Vec<Case>, StoreError> {
    let campaigns =
        crate::campaigns::all_of(connection, awards.iter().map(|award| award.campaign_id)).await?;
    let case = |award: Award| {
        let campaign = campaigns.get(&award.campaign_id);
        let missing =
            || StoreError::Corrupt(format!("an award without a category '{}'", award.category_code));
        let campaign = campaign.ok_or_else(missing)?;
        let category = campaign.definition.category(&award.category_code).ok_or_else(missing)?;
        Ok(Case {
            campaign_title: campaign.title.clone(),
            year: campaign.year,
            category_title: category.title.value.clone(),
            award,
        })
    };
    awards.into_iter().map(case).collect()
}

fn from_row(row: Model) -> Result<Award, StoreError> {
    Ok(Award {
        id: row.id,
        application_id: row.application_id,
        campaign_id: row.campaign_id,
        category_code: row.category_code,
        certificate_number: row.certificate_number,
        honouree: row.honouree,
        unit_name: row.unit_name,
        post: row.post,
        document_number: row.document_number,
        decided_on: code("awards.decided_on", &row.decided_on)?,
        position: count("awards.position", row.position)?,
        state: code("awards.state", &row.state)?,
        revocation: from_json_option("awards.revocation", row.revocation.as_deref())?,
        announced_at: Instant::from_millis(row.announced_at),
        version: row.version,
    })
}

fn to_row(award: &Award) -> Result<ActiveModel, StoreError> {
    Ok(ActiveModel {
        id: Set(award.id),
        application_id: Set(award.application_id),
        campaign_id: Set(award.campaign_id),
        category_code: Set(award.category_code.clone()),
        certificate_number: Set(award.certificate_number.clone()),
        honouree: Set(award.honouree.clone()),
        unit_name: Set(award.unit_name.clone()),
        post: Set(award.post.clone()),
        document_number: Set(award.document_number.clone()),
        decided_on: Set(award.decided_on.to_string()),
        position: Set(small(award.position)),
        state: Set(award.state.to_string()),
        revocation: Set(award.revocation.as_ref().map(to_json).transpose()?),
        announced_at: Set(award.announced_at.millis()),
        version: Set(award.version),
    })
}

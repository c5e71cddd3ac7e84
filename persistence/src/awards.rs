//! 表彰: the register of awards. Only announced ones are in it (D-708).

use std::sync::LazyLock;

use pingxuan_domain::Visibility;
use pingxuan_domain::campaign::definition::Label;
use pingxuan_domain::decision::Award;
use pingxuan_domain::step::Step;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{LockType, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryResult, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use crate::cells::{Cells, columns};
use crate::connection::{Connection, Tx};
use crate::convert::{count, small, to_json};
use crate::entity::review::award::{ActiveModel, Column, Entity};
use crate::entity::selection::campaign;
use crate::error::StoreError;
use crate::journal::Journal;
use crate::page::{Page, PageRequest, Sortable, contains, page_as_read};
use crate::standing::{Scalar, stale_unless_one};

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
    one(connection, ROWS.clone().filter(Column::Id.eq(id))).await
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
    one(connection, ROWS.clone().filter(Column::CertificateNumber.eq(certificate_number))).await
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
    let of_year = |year: i32| {
        let mut select = Query::select();
        select
            .column(campaign::Column::Id)
            .from(campaign::Entity)
            .and_where(campaign::Column::Year.eq(year))
            .to_owned()
    };
    let select = ROWS
        .clone()
        .apply_if(filter.campaign_id, |select, id| select.filter(Column::CampaignId.eq(id)))
        .apply_if(filter.category_code.as_deref(), |select, code| {
            select.filter(Column::CategoryCode.eq(code))
        })
        .apply_if(filter.year, |select, year| select.filter(Column::CampaignId.in_subquery(of_year(year))))
        .apply_if(filter.name.as_deref(), |select, name| select.filter(contains(Column::Honouree, name)));
    let by = (SORTABLE, Column::Id);
    let page = page_as_read(connection, with_campaign(select), request, by, Ok).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for row in &page.items {
        // Definitions are kept parsed: a page reads one only the first time that its campaign is met.
        items.push(case(connection, row).await?);
    }
    Ok(Page { items, next: page.next, total: page.total })
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
    let select = ROWS.clone().filter(Column::ApplicationId.eq(application_id)).lock(LockType::Update);
    let row = tx.query_one(&select.columns_as_said(&COLUMNS).into_query()).await?;
    row.map(|row| read_columns(&mut Cells::of(&row)?)).transpose()
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

async fn one(connection: &impl Connection, select: Select<Entity>) -> Result<Option<Case>, StoreError> {
    let Some(row) = connection.query_one(&with_campaign(select).into_query()).await? else { return Ok(None) };
    Ok(Some(case(connection, &row).await?))
}

/// A select without a column: what it reads is said last.
static ROWS: LazyLock<Select<Entity>> = LazyLock::new(|| Entity::find().select_only());

/// An award's columns, in the order of the schema.
static COLUMNS: LazyLock<String> = LazyLock::new(|| columns::<Column>("awards"));

/// The select, which has none, with an award's columns and what must be said of its campaign.
fn with_campaign(select: Select<Entity>) -> Select<Entity> {
    let select = select.with(campaign::Entity, "c", "c.id = awards.campaign_id").columns_as_said(&COLUMNS);
    select.columns_as_said("c.title AS c_title, c.year AS c_year, c.definition_digest AS c_digest")
}

/// The award of a row with the columns of [`with_campaign`].
async fn case(connection: &impl Connection, row: &QueryResult) -> Result<Case, StoreError> {
    let mut cells = Cells::of(row)?;
    let award = read_columns(&mut cells)?;
    let (campaign_title, year) = (cells.take()?, cells.take()?);
    let definition = crate::campaigns::definition(connection, award.campaign_id, cells.text()?).await?;
    let missing = || StoreError::Corrupt(format!("an award without a category '{}'", award.category_code));
    let category = definition.category(&award.category_code).ok_or_else(missing)?;
    Ok(Case { campaign_title, year, category_title: category.title.value.clone(), award })
}

/// An award of its columns, in the order of the schema.
fn read_columns(cells: &mut Cells<'_>) -> Result<Award, StoreError> {
    Ok(Award {
        id: cells.take()?,
        application_id: cells.take()?,
        campaign_id: cells.take()?,
        category_code: cells.take()?,
        certificate_number: cells.take()?,
        honouree: cells.take()?,
        unit_name: cells.take()?,
        post: cells.take()?,
        document_number: cells.take()?,
        decided_on: cells.code("awards.decided_on")?,
        position: count("awards.position", cells.take::<i32>()?)?,
        state: cells.code("awards.state")?,
        revocation: cells.json_option("awards.revocation")?,
        announced_at: cells.instant()?,
        version: cells.take()?,
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

//! 年度考评: the yearly appraisals of the units.

use std::sync::Arc;

use pingxuan_domain::campaign::definition::Definition;
use pingxuan_domain::county::AnnualAssessment;
use pingxuan_domain::step::Step;
use pingxuan_domain::{Instant, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use crate::connection::{Connection, Tx};
use crate::convert::{figure, hundredths};
use crate::entity::county::annual_assessment::{ActiveModel, Column, Entity, Model};
use crate::entity::selection::application;
use crate::error::StoreError;
use crate::journal::Journal;
use crate::page::{Page, PageRequest, Sortable, page as read_page};
use crate::standing::{Scalar, hold_back_lists, lists_in_use, stale_unless_one};

/// What the list of annual assessments may be sorted by.
const SORTABLE: Sortable<Column> = &[("year", Column::Year)];

/// Which annual assessments are wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this year.
    pub year: Option<i32>,
    /// Of this unit.
    pub unit_id: Option<Uuid>,
}

/// The assessment of a unit in a year.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find(
    connection: &impl Connection,
    _: &Visibility,
    (year, unit_id): (i32, Uuid),
) -> Result<Option<AnnualAssessment>, StoreError> {
    Entity::find_by_id((year, unit_id)).one(connection).await?.map(from_row).transpose()
}

/// The years of which these units have assessments, each with the unit.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn among(
    connection: &impl Connection,
    _: &Visibility,
    unit_ids: &[Uuid],
) -> Result<Vec<(i32, Uuid)>, StoreError> {
    let select = Entity::find().select_only().columns([Column::Year, Column::UnitId]);
    Ok(select.filter(Column::UnitId.is_in(unit_ids.iter().copied())).into_tuple().all(connection).await?)
}

/// A page of assessments, each with its unit's name; by year, and within it by unit.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn page(
    connection: &impl Connection,
    _: &Visibility,
    filter: &Filter,
    request: &PageRequest,
) -> Result<Page<(AnnualAssessment, String)>, StoreError> {
    let select = Entity::find()
        .apply_if(filter.year, |select, year| select.filter(Column::Year.eq(year)))
        .apply_if(filter.unit_id, |select, id| select.filter(Column::UnitId.eq(id)))
        .scalar("unit_name", "SELECT u.name FROM units u WHERE u.id = annual_assessments.unit_id");
    // A unit has one assessment a year: only with the year does its id tell a row.
    let mut request = request.clone();
    if request.sort.is_empty() {
        request.sort.push(("year".to_owned(), false));
    }
    read_page(connection, select, &request, (SORTABLE, Column::UnitId), |row, beside| {
        Ok((from_row(row)?, beside.try_get("", "unit_name")?))
    })
    .await
}

/// The proposed and decided lists of categories in which a unit has an application, as definition and category code:
/// where such a category counts the assessment, it is closed (D-609). No list is proposed until the transaction ends.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn in_use(
    tx: &Tx,
    _: &Visibility,
    unit_id: Uuid,
) -> Result<Vec<(Arc<Definition>, String)>, StoreError> {
    hold_back_lists(tx).await?;
    let of_unit = Query::select()
        .expr(Expr::val(1))
        .from(application::Entity)
        .and_where(application::Column::UnitId.eq(unit_id))
        .and_where(Expr::cust(
            "applications.campaign_id = shortlists.campaign_id \
             AND applications.category_code = shortlists.category_code",
        ))
        .to_owned();
    lists_in_use(tx, Expr::exists(of_unit)).await
}

/// Enters an assessment.
///
/// # Errors
/// [`StoreError::Taken`] where the unit has one in that year.
pub async fn insert(
    tx: &Tx,
    journal: &Journal,
    assessment: &AnnualAssessment,
    step: Step,
) -> Result<(), StoreError> {
    Entity::insert(to_row(assessment)).exec_without_returning(tx).await?;
    journal.write(tx, &[step]).await
}

/// Enters several assessments at once.
///
/// # Errors
/// [`StoreError::Taken`] where the unit of one has one in that year.
pub async fn insert_many(
    tx: &Tx,
    journal: &Journal,
    assessments: &[AnnualAssessment],
    steps: &[Step],
) -> Result<(), StoreError> {
    // A hundred rows a statement keeps the bound values below SQLite's limit.
    for chunk in assessments.chunks(100) {
        Entity::insert_many(chunk.iter().map(to_row)).exec_without_returning(tx).await?;
    }
    journal.write(tx, steps).await
}

/// Records a change of an assessment, whose version has grown by one.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed it meanwhile.
pub async fn record(
    tx: &Tx,
    journal: &Journal,
    assessment: &AnnualAssessment,
    step: Step,
) -> Result<(), StoreError> {
    let update = Entity::update_many()
        .set(to_row(assessment))
        .filter(Column::Year.eq(assessment.year))
        .filter(Column::UnitId.eq(assessment.unit_id))
        .filter(Column::Version.eq(assessment.version - 1));
    stale_unless_one(update.exec(tx).await?)?;
    journal.write(tx, &[step]).await
}

fn from_row(row: Model) -> Result<AnnualAssessment, StoreError> {
    Ok(AnnualAssessment {
        year: row.year,
        unit_id: row.unit_id,
        score: figure("annual_assessments.score", row.score)?,
        not_assessed_reason: row.not_assessed_reason,
        version: row.version,
        updated_at: Instant::from_millis(row.updated_at),
    })
}

fn to_row(assessment: &AnnualAssessment) -> ActiveModel {
    ActiveModel {
        year: Set(assessment.year),
        unit_id: Set(assessment.unit_id),
        score: Set(assessment.score.map(hundredths)),
        not_assessed_reason: Set(assessment.not_assessed_reason.clone()),
        version: Set(assessment.version),
        updated_at: Set(assessment.updated_at.millis()),
    }
}

//! 评分表: the score sheets, one an assignment.

use std::collections::HashSet;

use pingxuan_domain::step::Step;
use pingxuan_domain::verification::ScoreSheet;
use pingxuan_domain::verification::score_sheet::CriterionScore;
use pingxuan_domain::workflow::score_sheet::ScoreSheetState;
use pingxuan_domain::{Instant, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QueryResult, QueryTrait, Select,
};
use uuid::Uuid;

use crate::assignments::{self, Case};
use crate::cells::Cells;
use crate::connection::{Connection, Tx};
use crate::convert::{figure, from_json, hundredths, to_json};
use crate::entity::verification::assignment;
use crate::entity::verification::score_sheet::{ActiveModel, Column, Entity};
use crate::error::StoreError;
use crate::journal::Journal;
use crate::standing::{Scalar, stale_unless_one};

/// The assignment with this id and its sheet, if there is one, where the caller may reach them.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn find(
    connection: &impl Connection,
    visibility: &Visibility,
    assignment_id: Uuid,
) -> Result<Option<(Case, Option<ScoreSheet>)>, StoreError> {
    assignments::read(connection, visibility, assignment_id).await
}

/// The same, with the assignment locked until the transaction ends: nobody else writes on the sheet.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn lock(
    tx: &Tx,
    visibility: &Visibility,
    assignment_id: Uuid,
) -> Result<Option<(Case, Option<ScoreSheet>)>, StoreError> {
    assignments::read_locked(tx, visibility, assignment_id).await
}

/// The sheets of these assignments, those that were begun.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn among(
    connection: &impl Connection,
    _: &Visibility,
    assignment_ids: &[Uuid],
) -> Result<Vec<ScoreSheet>, StoreError> {
    let select = Entity::find().filter(Column::AssignmentId.is_in(assignment_ids.iter().copied()));
    let read = |row: &QueryResult| read_columns(&mut Cells::of(row)?);
    connection.query_all(&select.into_query()).await?.iter().filter_map(|row| read(row).transpose()).collect()
}

/// A sheet with who has written it.
#[derive(Clone, Debug)]
pub struct Written {
    /// The sheet.
    pub sheet: ScoreSheet,
    /// Who scores.
    pub supervisor_id: Uuid,
    /// Their name.
    pub supervisor_name: String,
}

/// All sheets of an application that were begun, but for those of the recused, in order of their assignments. Whether the application
/// is within reach, and which of them the caller may see, is asked elsewhere.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn written_of(
    connection: &impl Connection,
    _: &Visibility,
    application_id: Uuid,
) -> Result<Vec<Written>, StoreError> {
    let of_assignment = "FROM assignments a WHERE a.id = score_sheets.assignment_id";
    let name =
        format!("SELECT s.name FROM supervisors s WHERE s.id IN (SELECT a.supervisor_id {of_assignment})");
    let select = Entity::find()
        .filter(Column::AssignmentId.in_subquery(not_recused(application_id)))
        .scalar("supervisor_id", &format!("SELECT a.supervisor_id {of_assignment}"))
        .scalar("supervisor_name", &name)
        .order_by_asc(Column::AssignmentId);
    let read = |row: &QueryResult| {
        let mut cells = Cells::of(row)?;
        let Some(sheet) = read_columns(&mut cells)? else { return Ok(None) };
        Ok(Some(Written { sheet, supervisor_id: cells.take()?, supervisor_name: cells.take()? }))
    };
    connection.query_all(&select.into_query()).await?.iter().filter_map(|row| read(row).transpose()).collect()
}

/// How many sheets of an application are submitted and count, but for those of the recused (D-602, D-604).
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn counting(tx: &Tx, _: &Visibility, application_id: Uuid) -> Result<u32, StoreError> {
    Ok(u32::try_from(select_counting(application_id).count(tx).await?).unwrap_or(u32::MAX))
}

/// What the sheets of an application that count say of its criteria, without who said it (D-801).
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn findings(
    connection: &impl Connection,
    _: &Visibility,
    application_id: Uuid,
) -> Result<Vec<CriterionScore>, StoreError> {
    let sheets = select_counting(application_id).all(connection).await?;
    let scores =
        sheets.iter().map(|row| from_json::<Vec<CriterionScore>>("score_sheets.scores", &row.scores));
    Ok(scores.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// The sheets of an application that are submitted and count, but for those of the recused.
fn select_counting(application_id: Uuid) -> Select<Entity> {
    Entity::find()
        .filter(Column::State.eq(ScoreSheetState::Submitted.to_string()))
        .filter(Column::Counts.eq(true))
        .filter(Column::AssignmentId.in_subquery(not_recused(application_id)))
}

/// The assignments on an application, but for those of the recused.
fn not_recused(application_id: Uuid) -> SelectStatement {
    use assignment::Column as A;
    Query::select()
        .column(A::Id)
        .from(assignment::Entity)
        .and_where(A::ApplicationId.eq(application_id))
        .and_where(A::State.ne("recused"))
        .to_owned()
}

/// The assignments of a campaign whose sheets are submitted and do not count: another is due for each (D-604).
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn void(
    connection: &impl Connection,
    _: &Visibility,
    campaign_id: Uuid,
) -> Result<HashSet<Uuid>, StoreError> {
    use assignment::Column as A;
    let of_campaign = Query::select()
        .column(A::Id)
        .from(assignment::Entity)
        .and_where(A::CampaignId.eq(campaign_id))
        .to_owned();
    let select = Entity::find()
        .filter(Column::State.eq(ScoreSheetState::Submitted.to_string()))
        .filter(Column::Counts.eq(false))
        .filter(Column::AssignmentId.in_subquery(of_campaign));
    Ok(select.all(connection).await?.into_iter().map(|row| row.assignment_id).collect())
}

/// Enters a sheet.
///
/// # Errors
/// [`StoreError::Taken`] where the assignment has one.
pub async fn insert(tx: &Tx, journal: &Journal, sheet: &ScoreSheet, step: Step) -> Result<(), StoreError> {
    Entity::insert(to_row(sheet)?).exec_without_returning(tx).await?;
    journal.write(tx, &[step]).await
}

/// Records a change of a sheet, whose version has grown by one.
///
/// # Errors
/// [`StoreError::Stale`] where someone else changed it meanwhile.
pub async fn record(tx: &Tx, journal: &Journal, sheet: &ScoreSheet, step: Step) -> Result<(), StoreError> {
    let update = Entity::update_many().set(to_row(sheet)?);
    let update = update
        .filter(Column::AssignmentId.eq(sheet.assignment_id))
        .filter(Column::Version.eq(sheet.version - 1));
    stale_unless_one(update.exec(tx).await?)?;
    journal.write(tx, &[step]).await
}

/// A sheet of its columns, in the order of the schema; none where all of them are empty.
pub(crate) fn read_columns(cells: &mut Cells<'_>) -> Result<Option<ScoreSheet>, StoreError> {
    let Some(assignment_id) = cells.take()? else { return Ok(None) };
    Ok(Some(ScoreSheet {
        assignment_id,
        state: cells.code("score_sheets.state")?,
        scores: cells.json("score_sheets.scores")?,
        remark: cells.take()?,
        counts: cells.take()?,
        composite: figure("score_sheets.composite", cells.take()?)?,
        written_at: cells.instant_option()?,
        version: cells.take()?,
        submitted_at: cells.instant_option()?,
        created_at: cells.instant()?,
        updated_at: cells.instant()?,
    }))
}

fn to_row(sheet: &ScoreSheet) -> Result<ActiveModel, StoreError> {
    Ok(ActiveModel {
        assignment_id: Set(sheet.assignment_id),
        state: Set(sheet.state.to_string()),
        scores: Set(to_json(&sheet.scores)?),
        remark: Set(sheet.remark.clone()),
        counts: Set(sheet.counts),
        composite: Set(sheet.composite.map(hundredths)),
        written_at: Set(sheet.written_at.map(Instant::millis)),
        version: Set(sheet.version),
        submitted_at: Set(sheet.submitted_at.map(Instant::millis)),
        created_at: Set(sheet.created_at.millis()),
        updated_at: Set(sheet.updated_at.millis()),
    })
}

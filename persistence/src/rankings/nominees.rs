//! The nominees of a category as a ranking and a list show them.

use std::collections::HashMap;

use pingxuan_domain::campaign::definition::NomineeKind;
use pingxuan_domain::review::ranking::Assessment;
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::{Day, Visibility};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryResult, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use crate::beside::VETO_UNTIL;
use crate::cells::Cells;
use crate::connection::Connection;
use crate::convert::figure;
use crate::entity::county::{annual_assessment, supervisor, unit};
use crate::entity::selection::application::{self, Column};
use crate::error::StoreError;
use crate::standing::Scalar;

/// What a ranking and a list show of a nominee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nominee {
    /// The application.
    pub application_id: Uuid,
    /// What is nominated.
    pub kind: NomineeKind,
    /// Who is to be commended.
    pub name: String,
    /// The unit that a person works at; none for a unit, which stands for itself.
    pub unit_name: Option<String>,
    /// A person's post.
    pub post: Option<String>,
    /// Whether they are a leading cadre.
    pub is_leading_cadre: bool,
    /// Whether they work at the front line.
    pub front_line: bool,
    /// The supervisor who is evaluated.
    pub supervisor_id: Option<Uuid>,
    /// The code of the unit that the nominee is, or is of.
    pub unit_code: Option<String>,
    /// The last day of a veto recorded against them, the latest of them (D-703).
    pub veto_until: Option<Day>,
    /// An objection against them was upheld, or in part with that consequence (D-706).
    pub objection_upheld: bool,
    /// Objections against them that wait for their answer.
    pub open_objections: u32,
    /// Where the application stands.
    pub state: ApplicationState,
}

/// What is shown of the nominees of these applications, whatever state they are in.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn nominees(
    connection: &impl Connection,
    _: &Visibility,
    application_ids: &[Uuid],
) -> Result<HashMap<Uuid, Nominee>, StoreError> {
    // No assessment is of the year 0.
    let select = select_nominees(0).filter(Column::Id.is_in(application_ids.iter().copied()));
    let rows = connection.query_all(&select.into_query()).await?;
    let read = |row: &QueryResult| read_columns(&mut Cells::of(row)?);
    rows.iter().map(|row| read(row).map(|(nominee, _)| (nominee.application_id, nominee))).collect()
}

/// Nominees with the assessment of their unit in a year: a person takes the unit's (D-607).
pub(super) fn select_nominees(assessment_year: i32) -> Select<application::Entity> {
    let assessed = format!("aa.year = {assessment_year} AND aa.unit_id = applications.unit_id");
    application::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::NomineeKind,
            Column::NomineeName,
            Column::NomineePost,
            Column::IsLeadingCadre,
            Column::FrontLine,
            Column::SupervisorId,
            Column::State,
        ])
        .with_if_any(supervisor::Entity, "s", "s.id = applications.supervisor_id")
        .with_if_any(unit::Entity, "u", "u.id = COALESCE(applications.unit_id, s.unit_id)")
        .with_if_any(annual_assessment::Entity, "aa", assessed)
        .expr_as(Expr::cust("u.name"), "unit_name")
        .expr_as(Expr::cust("u.code"), "unit_code")
        .scalar("veto_until", VETO_UNTIL)
        .scalar(
            "objections_upheld",
            "SELECT count(*) FROM objections b WHERE b.application_id = applications.id \
             AND (b.state = 'upheld' OR (b.state = 'partly' AND b.consequence = 'disqualify'))",
        )
        .scalar(
            "objections_open",
            "SELECT count(*) FROM objections b WHERE b.application_id = applications.id \
             AND b.state IN ('filed', 'investigating')",
        )
        .expr_as(Expr::cust("aa.version"), "assessment_version")
        .expr_as(Expr::cust("aa.score"), "assessment_score")
}

/// A nominee of the columns of [`select_nominees`], with the assessment of their unit.
pub(super) fn read_columns(cells: &mut Cells<'_>) -> Result<(Nominee, Assessment), StoreError> {
    let application_id = cells.take()?;
    let kind = cells.code("applications.nominee_kind")?;
    let nominee = Nominee {
        application_id,
        kind,
        name: cells.take()?,
        post: cells.take()?,
        is_leading_cadre: cells.take()?,
        front_line: cells.take()?,
        supervisor_id: cells.take()?,
        state: cells.code("applications.state")?,
        unit_name: cells.take::<Option<String>>()?.filter(|_| kind != NomineeKind::Unit),
        unit_code: cells.take()?,
        veto_until: cells.day_option("vetoes.until")?,
        objection_upheld: cells.counted()? > 0,
        open_objections: cells.counted()?,
    };
    let (version, score): (Option<i64>, Option<i32>) = (cells.take()?, cells.take()?);
    // Recorded with a figure, recorded without one, or not recorded; whether that matters the category says.
    let assessment = match (version, figure("annual_assessments.score", score)?) {
        (None, _) => Assessment::Missing,
        (Some(_), None) => Assessment::NotAssessed,
        (Some(_), Some(score)) => Assessment::Score(score),
    };
    Ok((nominee, assessment))
}

//! The nominees of a category as a ranking and a list show them.

use std::collections::HashMap;

use pingxuan_domain::campaign::definition::NomineeKind;
use pingxuan_domain::review::ranking::Assessment;
use pingxuan_domain::review::scoring::Figure;
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::{Day, Visibility};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, Select};
use uuid::Uuid;

use crate::beside::VETO_UNTIL;
use crate::convert::{code, count, day_option};
use crate::database::Connection;
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
    let rows = select.into_model::<NomineeRow>().all(connection).await?;
    rows.into_iter().map(|row| row.nominee().map(|nominee| (nominee.application_id, nominee))).collect()
}

/// Nominees with the assessment of their unit in a year: a person takes the unit's (D-607).
pub(super) fn select_nominees(assessment_year: i32) -> Select<application::Entity> {
    let unit = "SELECT u.name FROM units u WHERE u.id = COALESCE(applications.unit_id, \
                (SELECT s.unit_id FROM supervisors s WHERE s.id = applications.supervisor_id))";
    let assessed = format!(
        "FROM annual_assessments aa WHERE aa.year = {assessment_year} AND aa.unit_id = applications.unit_id"
    );
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
        .scalar("unit_name", unit)
        .scalar("unit_code", &unit.replacen("u.name", "u.code", 1))
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
        .scalar("assessment_version", &format!("SELECT aa.version {assessed}"))
        .scalar("assessment_score", &format!("SELECT aa.score {assessed}"))
}

#[derive(FromQueryResult)]
pub(super) struct NomineeRow {
    id: Uuid,
    nominee_kind: String,
    nominee_name: String,
    nominee_post: Option<String>,
    is_leading_cadre: bool,
    front_line: bool,
    supervisor_id: Option<Uuid>,
    state: String,
    unit_name: Option<String>,
    unit_code: Option<String>,
    veto_until: Option<String>,
    objections_upheld: i64,
    objections_open: i64,
    assessment_version: Option<i64>,
    assessment_score: Option<i32>,
}

impl NomineeRow {
    /// Recorded with a figure, recorded without one, or not recorded; whether that matters the category says.
    pub(super) fn assessment(&self) -> Result<Assessment, StoreError> {
        match (self.assessment_version, self.assessment_score) {
            (None, _) => Ok(Assessment::Missing),
            (Some(_), None) => Ok(Assessment::NotAssessed),
            (Some(_), Some(score)) => Figure::from_hundredths(i64::from(score))
                .map(Assessment::Score)
                .ok_or_else(|| StoreError::Corrupt(format!("annual_assessments.score: {score}"))),
        }
    }

    pub(super) fn nominee(self) -> Result<Nominee, StoreError> {
        let kind = code("applications.nominee_kind", &self.nominee_kind)?;
        Ok(Nominee {
            application_id: self.id,
            kind,
            name: self.nominee_name,
            unit_name: self.unit_name.filter(|_| kind != NomineeKind::Unit),
            post: self.nominee_post,
            is_leading_cadre: self.is_leading_cadre,
            front_line: self.front_line,
            supervisor_id: self.supervisor_id,
            unit_code: self.unit_code,
            veto_until: day_option("vetoes.until", self.veto_until.as_deref())?,
            objection_upheld: self.objections_upheld > 0,
            open_objections: count("objections", self.objections_open)?,
            state: code("applications.state", &self.state)?,
        })
    }
}

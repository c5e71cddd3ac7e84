//! 排名: what the nominees of a category are ranked by, read at once, and the orders given to ties.

use std::collections::HashMap;

use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::campaign::definition::{Category, NomineeKind, Route};
use pingxuan_domain::review::calibration::Simulation;
use pingxuan_domain::review::evaluation::evaluate;
use pingxuan_domain::review::ranking::{Assessment, Ranking, RankingInput, SheetInput, rank};
use pingxuan_domain::review::scoring::{Adjustment, Figure};
use pingxuan_domain::review::{PointAdjustment, TieResolution};
use pingxuan_domain::step::Step;
use pingxuan_domain::verification::score_sheet::{CriterionScore, judgements};
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::{Day, Instant, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use crate::beside::VETO_UNTIL;
use crate::convert::{canonical, code, count, day_option, from_json, instant_option, to_json};
use crate::database::{Connection, Tx};
use crate::entity::review::point_adjustment;
use crate::entity::review::tie_resolution::{self, Column as R};
use crate::entity::selection::application::{self, Column};
use crate::entity::verification::score_sheet::{self, Column as S};
use crate::error::StoreError;
use crate::journal::Journal;
use crate::standing::Scalar;
use crate::vault::digest_hex;

/// The states in which an application takes part in a ranking; also once its category was decided without an award, so that the
/// ranking behind that decision stays open to reading.
const RANKED: [ApplicationState; 4] = [
    ApplicationState::Verified,
    ApplicationState::Shortlisted,
    ApplicationState::NotShortlisted,
    ApplicationState::NotAwarded,
];

/// All that a category is ranked by.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// One for each application that takes part.
    pub inputs: Vec<RankingInput>,
    /// The orders given to ties, the newest last.
    pub resolutions: Vec<TieResolution>,
    /// Points that the office gave or took, by application, the newest last.
    pub adjustments: HashMap<Uuid, Vec<PointAdjustment>>,
    /// What is shown of each nominee, by application.
    pub nominees: HashMap<Uuid, Nominee>,
}

impl Inputs {
    /// The ranking as it is now.
    #[must_use]
    pub fn rank(&self, category: &Category) -> Ranking {
        let orders: Vec<Vec<Uuid>> =
            self.resolutions.iter().map(|given| given.application_ids.clone()).collect();
        rank(category, &self.inputs, &orders, Simulation::default())
    }
}

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

/// A sheet opened down to its points and reasons (D-610).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedSheet {
    /// The assignment that it belongs to.
    pub assignment_id: Uuid,
    /// Who scored.
    pub supervisor_id: Uuid,
    /// Their name.
    pub supervisor_name: String,
    /// Points and reasons, criterion by criterion.
    pub scores: Vec<CriterionScore>,
    /// A remark on the whole.
    pub remark: Option<String>,
    /// When it was submitted.
    pub submitted_at: Option<Instant>,
}

/// All that a category is ranked by: five queries at most.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn inputs(
    connection: &impl Connection,
    visibility: &Visibility,
    campaign: &Campaign,
    category: &Category,
) -> Result<Inputs, StoreError> {
    let rows = select_nominees(campaign.definition.assessment_year.value)
        .filter(Column::CampaignId.eq(campaign.id))
        .filter(Column::CategoryCode.eq(category.code.as_str()))
        .filter(Column::State.is_in(RANKED.map(|state| state.to_string())))
        .order_by_asc(Column::Id)
        .into_model::<NomineeRow>()
        .all(connection)
        .await?;
    let resolutions = resolutions(connection, campaign.id, &category.code).await?;
    let adjustments = adjustments(connection, visibility, campaign.id, &category.code).await?;
    let mut read = Inputs { resolutions, ..Inputs::default() };
    for given in adjustments {
        read.adjustments.entry(given.application_id).or_default().push(given);
    }
    let (mut sheets, mut duty, mut attended) = (HashMap::new(), HashMap::new(), HashMap::new());
    match category.route.value {
        Route::SelfDeclared => sheets = counting_sheets(connection, campaign.id, &category.code).await?,
        Route::OfficeEvaluated => {
            duty = crate::duty_records::approved_counts(connection, visibility, campaign.year).await?;
            attended =
                crate::thematic_activities::attended_counts(connection, visibility, campaign.year).await?;
        }
    }
    for row in rows {
        let assessment = row.assessment()?;
        let nominee = row.nominee()?;
        let id = nominee.application_id;
        let evaluated = (category.route.value == Route::OfficeEvaluated).then(|| {
            let counts = nominee.supervisor_id.and_then(|supervisor| duty.remove(&supervisor));
            evaluate(category, &counts.unwrap_or_default())
        });
        read.inputs.push(RankingInput {
            application_id: id,
            nominee_name: nominee.name.clone(),
            sheets: sheets.remove(&id).unwrap_or_default(),
            assessment,
            evaluated,
            attended: nominee.supervisor_id.and_then(|of| attended.get(&of).copied()).unwrap_or(0),
            adjustments: read.adjustments.get(&id).into_iter().flatten().map(|given| given.points).collect(),
        });
        read.nominees.insert(id, nominee);
    }
    Ok(read)
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

/// The sheets of these assignments, down to their points and reasons, in order of assignment.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn opened_sheets(
    connection: &impl Connection,
    _: &Visibility,
    assignment_ids: &[Uuid],
) -> Result<Vec<OpenedSheet>, StoreError> {
    let name = "SELECT s.name FROM supervisors s, assignments a WHERE a.id = score_sheets.assignment_id \
                AND s.id = a.supervisor_id";
    let rows = select_sheets()
        .column(S::Remark)
        .column(S::SubmittedAt)
        .scalar("supervisor_name", name)
        .filter(S::AssignmentId.is_in(assignment_ids.iter().copied()))
        .order_by_asc(S::AssignmentId)
        .into_model::<OpenedRow>()
        .all(connection)
        .await?;
    let open = |row: OpenedRow| {
        Ok(OpenedSheet {
            assignment_id: row.assignment_id,
            supervisor_id: row.supervisor_id,
            supervisor_name: row.supervisor_name,
            scores: from_json("score_sheets.scores", &row.scores)?,
            remark: row.remark,
            submitted_at: instant_option(row.submitted_at),
        })
    };
    rows.into_iter().map(open).collect()
}

/// Enters the order given to a tie.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn insert_resolution(
    tx: &Tx,
    journal: &Journal,
    resolution: &TieResolution,
    step: Step,
) -> Result<(), StoreError> {
    let row = tie_resolution::ActiveModel {
        id: Set(resolution.id),
        campaign_id: Set(resolution.campaign_id),
        category_code: Set(resolution.category_code.clone()),
        application_ids: Set(to_json(&resolution.application_ids)?),
        reason: Set(resolution.reason.clone()),
        resolved_by: Set(resolution.resolved_by),
        resolved_at: Set(resolution.resolved_at.millis()),
    };
    tie_resolution::Entity::insert(row).exec_without_returning(tx).await?;
    journal.write(tx, &[step]).await
}

/// Enters points that the office gives or takes.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn insert_adjustment(
    tx: &Tx,
    journal: &Journal,
    given: &PointAdjustment,
    step: Step,
) -> Result<(), StoreError> {
    let row = point_adjustment::ActiveModel {
        id: Set(given.id),
        application_id: Set(given.application_id),
        points: Set(i32::try_from(given.points.hundredths()).unwrap_or_default()),
        reason: Set(given.reason.clone()),
        adjusted_by: Set(given.adjusted_by),
        adjusted_at: Set(given.adjusted_at.millis()),
    };
    point_adjustment::Entity::insert(row).exec_without_returning(tx).await?;
    journal.write(tx, &[step]).await
}

/// The points that the office gave or took in a category, the newest last.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn adjustments(
    connection: &impl Connection,
    _: &Visibility,
    campaign_id: Uuid,
    category_code: &str,
) -> Result<Vec<PointAdjustment>, StoreError> {
    use point_adjustment::Column as A;
    let select = point_adjustment::Entity::find()
        .filter(A::ApplicationId.in_subquery(of_category(campaign_id, category_code)))
        .order_by_asc(A::Id);
    let given = |row: point_adjustment::Model| {
        let points = Adjustment::from_hundredths(i64::from(row.points));
        Ok(PointAdjustment {
            id: row.id,
            application_id: row.application_id,
            points: points
                .ok_or_else(|| StoreError::Corrupt(format!("point_adjustments: {}", row.points)))?,
            reason: row.reason,
            adjusted_by: row.adjusted_by,
            adjusted_at: Instant::from_millis(row.adjusted_at),
        })
    };
    select.all(connection).await?.into_iter().map(given).collect()
}

/// The applications of a category.
fn of_category(campaign_id: Uuid, category_code: &str) -> SelectStatement {
    Query::select()
        .column(Column::Id)
        .from(application::Entity)
        .and_where(Column::CampaignId.eq(campaign_id))
        .and_where(Column::CategoryCode.eq(category_code))
        .to_owned()
}

/// The digest of a ranking: equal rankings have equal digests.
///
/// # Errors
/// [`StoreError::Corrupt`] where it cannot be written as JSON.
pub fn ranking_digest(ranking: &Ranking) -> Result<String, StoreError> {
    Ok(digest_hex(canonical(ranking)?.as_bytes()))
}

async fn resolutions(
    connection: &impl Connection,
    campaign_id: Uuid,
    category_code: &str,
) -> Result<Vec<TieResolution>, StoreError> {
    let select = tie_resolution::Entity::find()
        .filter(R::CampaignId.eq(campaign_id))
        .filter(R::CategoryCode.eq(category_code))
        .order_by_asc(R::Id);
    let given = |row: tie_resolution::Model| {
        Ok(TieResolution {
            id: row.id,
            campaign_id: row.campaign_id,
            category_code: row.category_code,
            application_ids: from_json("tie_resolutions.application_ids", &row.application_ids)?,
            reason: row.reason,
            resolved_by: row.resolved_by,
            resolved_at: Instant::from_millis(row.resolved_at),
        })
    };
    select.all(connection).await?.into_iter().map(given).collect()
}

/// The submitted sheets of a category by application, but for those of recused supervisors (D-602); each in order of
/// assignment, so that an unchanged ranking keeps its digest.
async fn counting_sheets(
    connection: &impl Connection,
    campaign_id: Uuid,
    category_code: &str,
) -> Result<HashMap<Uuid, Vec<SheetInput>>, StoreError> {
    use crate::entity::verification::assignment::{self, Column as A};
    let not_recused = Query::select()
        .column(A::Id)
        .from(assignment::Entity)
        .and_where(A::State.ne("recused"))
        .and_where(A::ApplicationId.in_subquery(of_category(campaign_id, category_code)))
        .to_owned();
    let rows = select_sheets()
        .scalar(
            "application_id",
            "SELECT a.application_id FROM assignments a WHERE a.id = score_sheets.assignment_id",
        )
        .filter(S::State.eq("submitted"))
        .filter(S::AssignmentId.in_subquery(not_recused))
        .order_by_asc(S::AssignmentId)
        .into_model::<SheetRow>()
        .all(connection)
        .await?;
    let mut sheets: HashMap<Uuid, Vec<SheetInput>> = HashMap::new();
    for row in rows {
        let scores: Vec<CriterionScore> = from_json("score_sheets.scores", &row.scores)?;
        sheets.entry(row.application_id).or_default().push(SheetInput {
            assignment_id: row.assignment_id,
            supervisor_id: row.supervisor_id,
            judgements: judgements(&scores),
        });
    }
    Ok(sheets)
}

/// What sheets are ranked by.
fn select_sheets() -> Select<score_sheet::Entity> {
    score_sheet::Entity::find().select_only().column(S::AssignmentId).column(S::Scores).scalar(
        "supervisor_id",
        "SELECT a.supervisor_id FROM assignments a WHERE a.id = score_sheets.assignment_id",
    )
}

/// Nominees with the assessment of their unit in a year: a person takes the unit's (D-607).
fn select_nominees(assessment_year: i32) -> Select<application::Entity> {
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
struct NomineeRow {
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
    fn assessment(&self) -> Result<Assessment, StoreError> {
        match (self.assessment_version, self.assessment_score) {
            (None, _) => Ok(Assessment::Missing),
            (Some(_), None) => Ok(Assessment::NotAssessed),
            (Some(_), Some(score)) => Figure::from_hundredths(i64::from(score))
                .map(Assessment::Score)
                .ok_or_else(|| StoreError::Corrupt(format!("annual_assessments.score: {score}"))),
        }
    }

    fn nominee(self) -> Result<Nominee, StoreError> {
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

#[derive(FromQueryResult)]
struct SheetRow {
    assignment_id: Uuid,
    application_id: Uuid,
    supervisor_id: Uuid,
    scores: String,
}

#[derive(FromQueryResult)]
struct OpenedRow {
    assignment_id: Uuid,
    supervisor_id: Uuid,
    supervisor_name: String,
    scores: String,
    remark: Option<String>,
    submitted_at: Option<i64>,
}

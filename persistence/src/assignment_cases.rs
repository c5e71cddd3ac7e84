//! One assignment with what must be known of its application, supervisor and sheet.

use std::sync::Arc;

use pingxuan_domain::campaign::definition::{Category, Definition};
use pingxuan_domain::policy::Stake;
use pingxuan_domain::verification::Assignment;
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::workflow::assignment::AssignmentFacts;
use pingxuan_domain::workflow::campaign::CampaignState;
use pingxuan_domain::workflow::score_sheet::ScoreSheetState;
use pingxuan_domain::{Day, Instant, Visibility};
use sea_orm::{FromQueryResult, QueryResult, Select};
use uuid::Uuid;

use crate::applications::UnitBrief;
use crate::convert::{code, day_option};
use crate::database::Connection;
use crate::entity::county::{supervisor, unit};
use crate::entity::selection::{application, campaign};
use crate::entity::verification::assignment::Entity;
use crate::entity::verification::score_sheet;
use crate::error::StoreError;
use crate::stakes::with_stakes;
use crate::standing::{NOT_STANDING, Scalar};

/// An assignment with what must be known of its application, supervisor and sheet, all read at once.
#[derive(Clone, Debug)]
pub struct Case {
    /// The assignment.
    pub assignment: Assignment,
    /// Who is to be scored.
    pub nominee_name: String,
    /// The nominee's unit.
    pub nominee_unit: Option<UnitBrief>,
    /// Who is to score.
    pub supervisor_name: String,
    /// The unit where the supervisor works.
    pub supervisor_unit_id: Option<Uuid>,
    /// The category.
    pub category_code: String,
    /// Where the application stands, as the caller sees it (D-403).
    pub application_state: ApplicationState,
    /// The campaign's phase.
    pub phase: CampaignState,
    /// Where the score sheet stands; none while there is none.
    pub sheet_state: Option<ScoreSheetState>,
    /// Whether a trip to the nominee is recorded in which the supervisor took part.
    pub visited: bool,
    /// What stakes whoever asks has in the nominee (D-902).
    pub stakes: Vec<Stake>,
    definition: Arc<Definition>,
    recused: bool,
    application_accepted: bool,
    candidate: bool,
    term: (Day, Option<Day>),
}

impl Case {
    /// The category, as the definition has it.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where the definition does not have it.
    pub fn category(&self) -> Result<&Category, StoreError> {
        let code = &self.category_code;
        self.definition.category(code).ok_or_else(|| StoreError::Corrupt(format!("no category '{code}'")))
    }

    /// What the guards of an assignment ask.
    #[must_use]
    pub fn facts(&self, now: Instant) -> AssignmentFacts {
        let (from, until) = self.term;
        let today = now.day();
        let nominee_unit = self.nominee_unit.as_ref().map(|unit| unit.id);
        AssignmentFacts {
            phase: self.phase,
            application_accepted: self.application_accepted,
            supervisor_in_office: from <= today && until.is_none_or(|until| today <= until),
            own_unit: nominee_unit.is_some() && nominee_unit == self.supervisor_unit_id,
            candidate: self.candidate,
            assigned_already: false,
            sheet_submitted: self.sheet_state == Some(ScoreSheetState::Submitted),
            recused: self.recused,
        }
    }
}

/// The applications by which an assignment's supervisor stands in its category (D-605), as SQL.
fn standing_in_category() -> String {
    format!(
        "FROM applications o JOIN applications a ON a.campaign_id = o.campaign_id \
         AND a.category_code = o.category_code JOIN supervisors p ON p.citizen_index = o.person_index \
         WHERE a.id = assignments.application_id AND p.id = assignments.supervisor_id \
         AND o.state NOT IN {NOT_STANDING}"
    )
}

pub(crate) fn with_case(select: Select<Entity>, visibility: &Visibility) -> Select<Entity> {
    let seen = if visibility.is_insider() { "a.state AS a_seen" } else { "a.shown_state AS a_seen" };
    let select = select
        .with(application::Entity, "a", "a.id = assignments.application_id")
        .with(supervisor::Entity, "p", "p.id = assignments.supervisor_id")
        .with(campaign::Entity, "c", "c.id = assignments.campaign_id")
        .with_if_any(unit::Entity, "u", "u.id = a.unit_id")
        .with_if_any(score_sheet::Entity, "s", "s.assignment_id = assignments.id")
        .columns_as_said(BESIDE)
        .columns_as_said(seen);
    with_stakes(select, "", "o.id = assignments.application_id", visibility)
        .scalar("candidacies", &format!("SELECT count(*) {}", standing_in_category()))
}

/// What stands before the columns of an assignment's sheet.
pub(crate) const OF_SHEET: &str = "sheet_";
pub(crate) const SHEET: &str = "s.assignment_id AS sheet_assignment_id, s.scores AS sheet_scores, s.remark AS sheet_remark, \
     s.counts AS sheet_counts, s.composite AS sheet_composite, s.written_at AS sheet_written_at, s.version AS sheet_version, \
     s.submitted_at AS sheet_submitted_at, s.created_at AS sheet_created_at, s.updated_at AS sheet_updated_at";

/// Of the application, its unit, the supervisor, the campaign and the sheet; how many recusals bind the supervisor, and whether they were
/// on a trip there.
const BESIDE: &str = "a.nominee_name, a.category_code, a.state AS a_state, a.unit_id AS u_id, u.name AS u_name, u.kind AS u_kind, \
     u.active AS u_active, p.name AS p_name, p.unit_id AS p_unit_id, p.appointed_from AS p_from, p.appointed_until AS p_until, \
     c.state AS c_state, c.definition_digest AS c_digest, s.state AS sheet_state, \
     (SELECT count(*) FROM recusals r WHERE r.application_id = assignments.application_id \
     AND r.supervisor_id = assignments.supervisor_id AND r.state <> 'lifted') AS recusals, \
     (SELECT count(*) FROM site_visit_supervisors t JOIN site_visits v ON v.id = t.site_visit_id \
     WHERE t.supervisor_id = assignments.supervisor_id AND v.application_id = assignments.application_id) AS visits";

/// What is read beside an assignment's own columns.
pub(crate) struct Beside {
    columns: Columns,
    stakes: Vec<Stake>,
}

#[derive(FromQueryResult)]
struct Columns {
    recusals: i64,
    nominee_name: String,
    category_code: String,
    a_state: String,
    a_seen: String,
    u_id: Option<Uuid>,
    u_name: Option<String>,
    u_kind: Option<String>,
    u_active: Option<bool>,
    p_name: String,
    p_unit_id: Option<Uuid>,
    p_from: String,
    p_until: Option<String>,
    candidacies: i64,
    c_state: String,
    c_digest: String,
    sheet_state: Option<String>,
    visits: i64,
}

impl Beside {
    pub(crate) fn read(row: &QueryResult) -> Result<Self, StoreError> {
        let columns = Columns::from_query_result(row, "")?;
        Ok(Self { columns, stakes: crate::stakes::read(row, "")? })
    }
}

impl Columns {
    fn unit(&self) -> Result<Option<UnitBrief>, StoreError> {
        let (Some(id), Some(name), Some(kind), Some(active)) =
            (self.u_id, &self.u_name, &self.u_kind, self.u_active)
        else {
            return Ok(None);
        };
        Ok(Some(UnitBrief { id, name: name.clone(), kind: code("units.kind", kind)?, active }))
    }
}

impl Case {
    /// The case of an assignment with what was read beside it.
    pub(crate) async fn of(
        connection: &impl Connection,
        assignment: Assignment,
        beside: Beside,
    ) -> Result<Self, StoreError> {
        let Beside { columns: beside, stakes } = beside;
        let definition =
            crate::campaigns::definition(connection, assignment.campaign_id, &beside.c_digest).await?;
        let sheet_state = beside.sheet_state.as_deref();
        let until = day_option("supervisors.appointed_until", beside.p_until.as_deref())?;
        Ok(Self {
            assignment,
            nominee_unit: beside.unit()?,
            supervisor_unit_id: beside.p_unit_id,
            application_state: code("applications.state", &beside.a_seen)?,
            phase: code("campaigns.state", &beside.c_state)?,
            sheet_state: sheet_state.map(|state| code("score_sheets.state", state)).transpose()?,
            visited: beside.visits > 0,
            stakes,
            definition,
            recused: beside.recusals > 0,
            application_accepted: beside.a_state == "accepted",
            candidate: beside.candidacies > 0,
            term: (code("supervisors.appointed_from", &beside.p_from)?, until),
            nominee_name: beside.nominee_name,
            supervisor_name: beside.p_name,
            category_code: beside.category_code,
        })
    }
}

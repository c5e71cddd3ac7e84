//! One assignment with what must be known of its application, supervisor and sheet.

use std::sync::{Arc, LazyLock};

use pingxuan_domain::campaign::definition::{Category, Definition};
use pingxuan_domain::policy::Stake;
use pingxuan_domain::verification::Assignment;
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::workflow::assignment::AssignmentFacts;
use pingxuan_domain::workflow::campaign::CampaignState;
use pingxuan_domain::workflow::score_sheet::ScoreSheetState;
use pingxuan_domain::{Day, Instant, Visibility};
use sea_orm::{EntityTrait, QuerySelect, Select};
use uuid::Uuid;

use crate::applications::UnitBrief;
use crate::cells::{Cells, columns};
use crate::connection::Connection;
use crate::entity::county::{supervisor, unit};
use crate::entity::selection::{application, campaign};
use crate::entity::verification::assignment::{Column, Entity};
use crate::entity::verification::score_sheet;
use crate::error::StoreError;
use crate::stakes::{self, with_stakes};
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

/// A select without a column: what it reads is said last.
pub(crate) static ROWS: LazyLock<Select<Entity>> = LazyLock::new(|| Entity::find().select_only());

/// The columns of an assignment and of its case, where the house asks, and where others do.
static COLUMNS: LazyLock<[String; 2]> = LazyLock::new(|| {
    ["a.state", "a.shown_state"].map(|seen| {
        let (own, standing) = (columns::<Column>("assignments"), standing_in_category());
        format!("{own}, {BESIDE}, {seen} AS a_seen, (SELECT count(*) {standing}) AS candidacies")
    })
});

/// The select, which has none, with the columns of assignments and of their cases.
pub(crate) fn with_case(select: Select<Entity>, visibility: &Visibility) -> Select<Entity> {
    let [within, outside] = &*COLUMNS;
    let select = select
        .with(application::Entity, "a", "a.id = assignments.application_id")
        .with(supervisor::Entity, "p", "p.id = assignments.supervisor_id")
        .with(campaign::Entity, "c", "c.id = assignments.campaign_id")
        .with_if_any(unit::Entity, "u", "u.id = a.unit_id")
        .with_if_any(score_sheet::Entity, "s", "s.assignment_id = assignments.id")
        .columns_as_said(if visibility.is_insider() { within } else { outside });
    with_stakes(select, "", "o.id = assignments.application_id", visibility)
}

/// The same, with the columns of the sheet behind them.
pub(crate) fn with_case_and_sheet(select: Select<Entity>, visibility: &Visibility) -> Select<Entity> {
    static SHEET: LazyLock<String> = LazyLock::new(|| columns::<score_sheet::Column>("s"));
    with_case(select, visibility).columns_as_said(&SHEET)
}

/// Of the application, its unit, the supervisor, the campaign and the sheet; how many recusals bind the supervisor, and whether they were
/// on a trip there.
const BESIDE: &str = "a.nominee_name, a.category_code, a.state AS a_state, a.unit_id AS u_id, u.name AS u_name, u.kind AS u_kind, \
     u.active AS u_active, p.name AS p_name, p.unit_id AS p_unit_id, p.appointed_from AS p_from, p.appointed_until AS p_until, \
     c.state AS c_state, c.definition_digest AS c_digest, s.state AS s_state, \
     (SELECT count(*) FROM recusals r WHERE r.application_id = assignments.application_id \
     AND r.supervisor_id = assignments.supervisor_id AND r.state <> 'lifted') AS recusals, \
     (SELECT count(*) FROM site_visit_supervisors t JOIN site_visits v ON v.id = t.site_visit_id \
     WHERE t.supervisor_id = assignments.supervisor_id AND v.application_id = assignments.application_id) AS visits";

impl Case {
    /// The case of an assignment, of the columns of [`with_case`].
    pub(crate) async fn read(
        connection: &impl Connection,
        cells: &mut Cells<'_>,
    ) -> Result<Self, StoreError> {
        let assignment = read_columns(cells)?;
        let nominee_name = cells.take()?;
        let category_code = cells.take()?;
        let application_accepted = cells.text()? == "accepted";
        let (id, name): (Option<Uuid>, Option<String>) = (cells.take()?, cells.take()?);
        let (kind, active): (_, Option<bool>) = (cells.code_option("units.kind")?, cells.take()?);
        let unit = id.zip(name).zip(kind.zip(active));
        let supervisor_name = cells.take()?;
        let supervisor_unit_id = cells.take()?;
        let appointed_from = cells.code("supervisors.appointed_from")?;
        let appointed_until = cells.day_option("supervisors.appointed_until")?;
        let phase = cells.code("campaigns.state")?;
        let digest = cells.text()?;
        let campaign_id = assignment.campaign_id;
        Ok(Self {
            assignment,
            nominee_name,
            nominee_unit: unit.map(|((id, name), (kind, active))| UnitBrief { id, name, kind, active }),
            supervisor_name,
            supervisor_unit_id,
            category_code,
            application_accepted,
            phase,
            sheet_state: cells.code_option("score_sheets.state")?,
            recused: cells.counted()? > 0,
            visited: cells.counted()? > 0,
            application_state: cells.code("applications.state")?,
            candidate: cells.counted()? > 0,
            stakes: stakes::of_bits(cells.take()?),
            term: (appointed_from, appointed_until),
            definition: crate::campaigns::definition(connection, campaign_id, digest).await?,
        })
    }
}

/// An assignment of its columns, in the order of the schema.
pub(crate) fn read_columns(cells: &mut Cells<'_>) -> Result<Assignment, StoreError> {
    Ok(Assignment {
        id: cells.take()?,
        campaign_id: cells.take()?,
        application_id: cells.take()?,
        supervisor_id: cells.take()?,
        state: cells.code("assignments.state")?,
        locked: cells.take()?,
        version: cells.take()?,
        created_at: cells.instant()?,
        updated_at: cells.instant()?,
    })
}

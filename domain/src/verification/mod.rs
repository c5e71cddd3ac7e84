//! Verification on site: who goes where, and what they write down.

use uuid::Uuid;

use crate::campaign::definition::{Category, DutyKind};
use crate::error::Refused;
use crate::operation::Operation;
use crate::review::scoring::Figure;
use crate::time::{Day, Instant};
use crate::verification::finding::Finding;
use crate::verification::score_sheet::CriterionScore;
use crate::verification::site_visit::{Participant, Photo, UnitWord};
use crate::workflow;
use crate::workflow::assignment::{AssignmentFlow, AssignmentState};
use crate::workflow::duty_record::{DutyRecordFlow, DutyRecordState};
use crate::workflow::score_sheet::{ScoreSheetFlow, ScoreSheetState};

pub mod finding;
pub mod offline;
pub mod plan;
pub mod recusal;
pub mod score_sheet;
pub mod site_visit;

/// 核查任务: one supervisor is to score one application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Its id.
    pub id: Uuid,
    /// The campaign.
    pub campaign_id: Uuid,
    /// The application to score.
    pub application_id: Uuid,
    /// Who is to score it.
    pub supervisor_id: Uuid,
    /// Where it stands.
    pub state: AssignmentState,
    /// Whether a new plan leaves it as it is.
    pub locked: bool,
    /// Grows with every change.
    pub version: i64,
    /// When it was planned.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

impl Assignment {
    /// This assignment moved along a row of its table.
    ///
    /// # Errors
    /// [`Refused::Illegal`] where the table has no such row.
    pub fn moved(mut self, operation: Operation, now: Instant) -> Result<Self, Refused> {
        self.state = workflow::next::<AssignmentFlow>(self.state, operation)?;
        self.version += 1;
        self.updated_at = now;
        Ok(self)
    }
}

/// 评分表: one supervisor's points and reasons for one application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreSheet {
    /// The assignment that it belongs to.
    pub assignment_id: Uuid,
    /// Where it stands.
    pub state: ScoreSheetState,
    /// Points and reasons, criterion by criterion.
    pub scores: Vec<CriterionScore>,
    /// A remark on the whole.
    pub remark: Option<String>,
    /// Whether it counts: at least half of the weight is judged.
    pub counts: bool,
    /// Its composite, 0 to 100, once it is submitted and counts.
    pub composite: Option<Figure>,
    /// Grows with every change.
    pub version: i64,
    /// When it was last written, by the clock of whoever wrote it; none where they did not say (D-606).
    pub written_at: Option<Instant>,
    /// When it was submitted.
    pub submitted_at: Option<Instant>,
    /// When it was begun.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

impl ScoreSheet {
    /// This sheet submitted: from now on it counts, if enough of the weight is judged (D-604). `written_at` is when that was
    /// written, where it is said.
    ///
    /// # Errors
    /// [`Refused::Illegal`] where it is submitted already.
    pub fn submitted(
        mut self,
        category: &Category,
        written_at: Option<Instant>,
        now: Instant,
    ) -> Result<Self, Refused> {
        self.state = workflow::next::<ScoreSheetFlow>(self.state, Operation::SubmitScoreSheet)?;
        let total = score_sheet::total(category, &self.scores);
        self.counts = total.counts;
        self.composite = total.score.filter(|_| total.counts).map(Figure::from_decimal);
        self.version += 1;
        self.written_at = written_at.or(self.written_at);
        self.submitted_at = Some(now);
        self.updated_at = now;
        Ok(self)
    }

    /// This sheet reopened: it counts no more, until it is submitted again.
    ///
    /// # Errors
    /// [`Refused::Illegal`] where it is not submitted.
    pub fn reopened(mut self, now: Instant) -> Result<Self, Refused> {
        self.state = workflow::next::<ScoreSheetFlow>(self.state, Operation::ReopenScoreSheet)?;
        self.counts = false;
        self.composite = None;
        self.version += 1;
        self.submitted_at = None;
        self.updated_at = now;
        Ok(self)
    }
}

/// 实地核查: one trip to one nominee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteVisit {
    /// Its id, chosen by whoever records it.
    pub id: Uuid,
    /// The campaign.
    pub campaign_id: Uuid,
    /// The application whose nominee was visited.
    pub application_id: Uuid,
    /// The day.
    pub visited_on: Day,
    /// The place.
    pub place: String,
    /// The supervisors who took part.
    pub supervisor_ids: Vec<Uuid>,
    /// The others who took part.
    pub others: Vec<Participant>,
    /// What was found.
    pub notes: String,
    /// Photos taken.
    pub photos: Vec<Photo>,
    /// What was found of the deeds that the application states.
    pub findings: Vec<Finding>,
    /// The visited unit's word.
    pub unit_word: Option<UnitWord>,
    /// When it was last written, by the clock of whoever wrote it; none where they did not say (D-606).
    pub written_at: Option<Instant>,
    /// Grows with every change.
    pub version: i64,
    /// When it was recorded.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

/// 专题活动: a thematic activity to which the supervisors are called (D-805).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThematicActivity {
    /// Its id.
    pub id: Uuid,
    /// A title.
    pub title: String,
    /// The day.
    pub held_on: Day,
    /// What it is about.
    pub description: Option<String>,
    /// The supervisors who attended.
    pub attended: Vec<Uuid>,
    /// Grows with every change.
    pub version: i64,
    /// When it was entered.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

/// 履职记录: what a supervisor did in a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyRecord {
    /// Its id.
    pub id: Uuid,
    /// The supervisor.
    pub supervisor_id: Uuid,
    /// What it tells of.
    pub kind: DutyKind,
    /// The day.
    pub done_on: Day,
    /// A title.
    pub title: String,
    /// What was done.
    pub description: String,
    /// Whether the advice was adopted.
    pub adopted: bool,
    /// Where it stands.
    pub state: DutyRecordState,
    /// What the office said of it.
    pub review_reason: Option<String>,
    /// Grows with every change.
    pub version: i64,
    /// When it was written.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

impl DutyRecord {
    /// This record reviewed by the office: approved or declined.
    ///
    /// # Errors
    /// [`Refused::Illegal`] where it was reviewed before, or where the outcome is none of a review.
    pub fn reviewed(
        mut self,
        to: DutyRecordState,
        reason: Option<String>,
        now: Instant,
    ) -> Result<Self, Refused> {
        let reached =
            workflow::target::<DutyRecordFlow>(Some(self.state), Operation::ReviewDutyRecord, to.into())?;
        self.state = reached.unwrap_or(to);
        self.review_reason = reason;
        self.version += 1;
        self.updated_at = now;
        Ok(self)
    }
}

//! 后台任务: long work that somebody asked for, and that some node carries out (API rule 9).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::campaign::definition::code_enum;
use crate::error::ErrorCode;
use crate::operation::Operation;
use crate::policy::Role;
use crate::time::Instant;
use crate::verification::plan::Order;

/// How often a job is begun before it is given up: whoever had it went away each time.
pub const ATTEMPTS: u32 = 3;
/// Days for which what came of a job is kept.
pub const KEPT_DAYS: i64 = 7;

code_enum! {
    /// What kind of work it is.
    JobKind {
        /// Something is written out.
        Export,
        /// A table is read in.
        Import,
        /// Assignments are planned.
        Plan,
    }
}

code_enum! {
    /// Where a job stands.
    JobState {
        /// It waits for a node.
        Queued,
        /// A node carries it out.
        Running,
        /// It is done, and what came of it can be fetched.
        Succeeded,
        /// It could not be done.
        Failed,
        /// Whoever asked for it has called it off.
        Cancelled,
        /// It was done, and what came of it is gone.
        Expired,
    }
}

impl JobState {
    /// Whether nothing moves it any more but time.
    #[must_use]
    pub fn is_over(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

code_enum! {
    /// What can be written out.
    ExportKind {
        /// Applications.
        Applications,
        /// Score sheets.
        ScoreSheets,
        /// The ranking of every category, with its working.
        Ranking,
        /// The lists of candidates.
        Shortlists,
        /// Awards.
        Awards,
        /// The figures of a campaign.
        Statistics,
        /// Everything of a closed campaign, as a package that can be verified alone (D-804).
        Archive,
    }
}

impl ExportKind {
    /// The operations that show one by one what it writes out, as it writes it out.
    #[must_use]
    pub fn shows(self) -> &'static [Operation] {
        match self {
            Self::Applications => &[Operation::ListApplications, Operation::GetApplication],
            Self::ScoreSheets => &[Operation::GetScoreSheet],
            Self::Ranking => &[Operation::GetRanking],
            Self::Shortlists => &[Operation::ListShortlists],
            Self::Awards => &[Operation::ListAwards],
            Self::Statistics => &[Operation::GetCampaignStatistics],
            Self::Archive => &[
                Operation::GetApplication,
                Operation::ListAssignments,
                Operation::ListSiteVisits,
                Operation::GetScoreSheet,
                Operation::GetRanking,
                Operation::ListShortlists,
                Operation::ListVettingRequests,
                Operation::ListPublicNotices,
                Operation::ListObjections,
                Operation::ListExtensions,
                Operation::ListAwards,
                Operation::ListAuditEvents,
            ],
        }
    }
}

code_enum! {
    /// How it is written.
    ExportFormat {
        /// An Excel workbook.
        Xlsx,
        /// A table in text, UTF-8 with a mark at its beginning.
        Csv,
        /// A package.
        Zip,
    }
}

code_enum! {
    /// What can be read in.
    ImportKind {
        /// Units.
        Units,
        /// Accounts.
        Users,
        /// Supervisors.
        Supervisors,
        /// Annual assessments.
        AnnualAssessments,
    }
}

code_enum! {
    /// How a table is read in.
    ImportMode {
        /// Nothing is changed: what is wrong is reported.
        DryRun,
        /// All of it, or nothing where anything is wrong.
        AllOrNothing,
        /// Each row that is right; the others are reported.
        RowByRow,
    }
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Asked {
    /// To write something out.
    Export {
        /// What.
        what: ExportKind,
        /// How.
        format: ExportFormat,
        /// Of which campaign.
        campaign_id: Uuid,
        /// Of which category alone.
        category_code: Option<String>,
    },
    /// To read a table in.
    Import {
        /// What.
        what: ImportKind,
        /// How.
        mode: ImportMode,
        /// The name of its file.
        file_name: String,
    },
    /// To plan assignments.
    Plan {
        /// In which campaign.
        campaign_id: Uuid,
        /// What of it, and how.
        order: Order,
    },
}

/// What came of a job, as a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobResult {
    /// The file's name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its bytes.
    pub size: u64,
    /// Its SHA-256 in hexadecimal digits.
    pub digest: String,
    /// Rows that were written or read.
    pub rows: u64,
    /// Rows that were wrong.
    pub faulty: u64,
    /// Rows that changed something.
    pub entered: u64,
}

/// Long work.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Its id, which is the name of its files too.
    pub id: Uuid,
    /// What was asked for.
    pub asked: Asked,
    /// The account that asked.
    pub owner_id: Uuid,
    /// Its name then.
    pub owner_name: String,
    /// The role that it asked in.
    pub owner_role: Role,
    /// The language that it asked in, as a tag.
    pub language: String,
    /// The request that it came with.
    pub request_id: String,
    /// The campaign that it belongs to.
    pub campaign_id: Option<Uuid>,
    /// Where it stands.
    pub state: JobState,
    /// How far it has come, in percent.
    pub progress: u32,
    /// How often it was begun.
    pub attempts: u32,
    /// The node that has it.
    pub holder: Option<Uuid>,
    /// What came of it.
    pub result: Option<JobResult>,
    /// Why it failed.
    pub fault: Option<ErrorCode>,
    /// When it was asked for.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// When it was over.
    pub finished_at: Option<Instant>,
    /// Until when what came of it is kept.
    pub expires_at: Option<Instant>,
    /// Its version.
    pub version: i64,
}

impl Job {
    /// What kind of work it is.
    #[must_use]
    pub fn kind(&self) -> JobKind {
        match self.asked {
            Asked::Export { .. } => JobKind::Export,
            Asked::Import { .. } => JobKind::Import,
            Asked::Plan { .. } => JobKind::Plan,
        }
    }

    /// The same, over: what came of it is kept for some days.
    #[must_use]
    pub fn over(mut self, state: JobState, now: Instant) -> Self {
        self.state = state;
        self.holder = None;
        self.version += 1;
        self.updated_at = now;
        self.finished_at = Some(now);
        self.expires_at = Some(now.plus_seconds(KEPT_DAYS * 24 * 60 * 60));
        if state == JobState::Succeeded {
            self.progress = 100;
        }
        self
    }
}

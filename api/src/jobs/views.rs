//! How jobs are shown.

use pingxuan_domain::job::{Asked, ExportFormat, ImportMode, Job, JobKind, JobResult, JobState};
use pingxuan_domain::{Fault, Instant, Operation};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::actions::AllowedAction;
use crate::call::Call;
use crate::enums;
use crate::problem::ProblemItem;

/// Long work that somebody asked for.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct JobView {
    id: Uuid,
    /// Whether something is written out, read in or planned.
    #[schema(value_type = enums::JobKind)]
    kind: JobKind,
    /// What: a value of `export_kind`, of `import_kind` or of `plan_method`.
    #[schema(max_length = 40, pattern = "^[a-z][a-z_]*$")]
    what: String,
    /// How it is written; for exports.
    #[schema(value_type = Option<enums::ExportFormat>)]
    format: Option<ExportFormat>,
    /// How it is read in; for imports.
    #[schema(value_type = Option<enums::ImportMode>)]
    mode: Option<ImportMode>,
    /// The name of the file that is read in; for imports.
    #[schema(max_length = 255)]
    file_name: Option<String>,
    /// The campaign that is written out or planned.
    campaign_id: Option<Uuid>,
    /// The category that alone is written out or planned.
    #[schema(max_length = 64)]
    category_code: Option<String>,
    /// Where it stands.
    #[schema(value_type = enums::JobState)]
    state: JobState,
    /// How far it has come, in percent.
    #[schema(minimum = 0, maximum = 100)]
    progress: u32,
    /// What came of it, once it has succeeded and until it expires.
    result: Option<JobResultView>,
    /// Why it failed.
    fault: Option<ProblemItem>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Instant,
    /// When it was over.
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Instant>,
    /// Until when what came of it is kept.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Instant>,
    /// What may be done with it.
    #[schema(max_items = 40)]
    allowed_actions: Option<Vec<AllowedAction>>,
}

/// What came of a job.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobResultView {
    /// Where it is fetched.
    #[schema(max_length = 200)]
    href: String,
    /// The file's name.
    #[schema(max_length = 255)]
    name: String,
    /// Its media type.
    #[schema(max_length = 100)]
    media_type: String,
    /// Its bytes.
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    size: u64,
    /// Its SHA-256 in hexadecimal digits.
    #[schema(min_length = 64, max_length = 64)]
    sha256: String,
    /// Rows that were written or read.
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    rows: u64,
    /// Rows that were wrong; 0 for exports.
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    faulty: u64,
    /// Rows that were entered; 0 for exports.
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    entered: u64,
}

impl JobView {
    /// A job in the caller's language; with what may be done with it, where that is asked for.
    #[must_use]
    pub fn of(call: &Call, job: &Job, with_actions: bool) -> Self {
        let (what, format, mode): (&str, _, _) = match &job.asked {
            Asked::Export { what, format, .. } => ((*what).into(), Some(*format), None),
            Asked::Import { what, mode, .. } => ((*what).into(), None, Some(*mode)),
            Asked::Plan { order, .. } => (order.method.into(), None, None),
        };
        let (category_code, file_name) = match &job.asked {
            Asked::Export { category_code, .. } => (category_code.clone(), None),
            Asked::Import { file_name, .. } => (None, Some(file_name.clone())),
            Asked::Plan { order, .. } => (order.category_code.clone(), None),
        };
        let kept = job.result.as_ref().filter(|_| job.state == JobState::Succeeded);
        Self {
            id: job.id,
            kind: job.kind(),
            what: what.to_owned(),
            format,
            mode,
            file_name,
            campaign_id: job.campaign_id,
            category_code,
            state: job.state,
            progress: job.progress,
            result: kept.map(|result| JobResultView::of(job.id, result)),
            fault: job.fault.map(|code| ProblemItem::of(call.language, &Fault::new(code))),
            created_at: job.created_at,
            updated_at: job.updated_at,
            finished_at: job.finished_at,
            expires_at: job.expires_at,
            allowed_actions: with_actions.then(|| allowed_actions(call, job)),
        }
    }
}

fn allowed_actions(call: &Call, job: &Job) -> Vec<AllowedAction> {
    let href = format!("/api/v1/jobs/{}/cancel", job.id);
    let open = !job.state.is_over();
    open.then(|| call.allowed_action(Operation::CancelJob, href, &[])).flatten().into_iter().collect()
}

impl JobResultView {
    fn of(id: Uuid, result: &JobResult) -> Self {
        Self {
            href: format!("/api/v1/jobs/{id}/result"),
            name: result.name.clone(),
            media_type: result.media_type.clone(),
            size: result.size,
            sha256: result.digest.clone(),
            rows: result.rows,
            faulty: result.faulty,
            entered: result.entered,
        }
    }
}

//! What was submitted, and in what two submissions differ (D-402).

use actix_web::{get, web};
use pingxuan_domain::Instant;
use pingxuan_domain::application::Snapshot;
use pingxuan_domain::application::attachment::{ATTACHMENTS, Attached};
use pingxuan_domain::application::form::join;
use pingxuan_domain::differences::differences;
use pingxuan_persistence::snapshots::{self, Submission};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::forms::opened_personal;
use super::reading::found;
use super::sealing::opened;
use crate::attachment::views::AttachedView;
use crate::call::{Answer, Call};
use crate::problem::Failure;

/// Which submissions are compared.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ChangesQuery {
    /// 从第几次提交 · From this submission; the last but one, unless it is named.
    #[param(minimum = 1, maximum = 100000)]
    from: Option<u32>,
    /// 到第几次提交 · To this submission; the last, unless it is named.
    #[param(minimum = 1, maximum = 100000)]
    to: Option<u32>,
}

/// A submission.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmissionView {
    /// Which submission it was, from 1.
    #[schema(minimum = 1, maximum = 100000)]
    number: u32,
    #[schema(value_type = String, format = DateTime)]
    submitted_at: Instant,
    /// Digest of the content.
    #[schema(max_length = 64)]
    content_digest: String,
    /// Whether it is the last before the unit's deadline: what stood when that passed.
    at_deadline: bool,
}

/// One member of the form that differs, or an attachment that has come or gone.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormChangeView {
    /// Where, as a JSON pointer below the form; `/attachments/{id}` for an attachment.
    #[schema(max_length = 500)]
    pointer: String,
    /// What it was, a personal value masked; null where it was not there.
    from: Value,
    /// What it is, a personal value masked; null where it is gone.
    to: Value,
}

/// What was submitted, and in what two submissions differ.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct ApplicationChangesView {
    /// Every submission, in order.
    #[schema(max_items = 100000)]
    submissions: Vec<SubmissionView>,
    /// The submission compared with; null where nothing was submitted.
    #[schema(minimum = 1, maximum = 100000)]
    from: Option<u32>,
    /// The submission compared; null where nothing was submitted.
    #[schema(minimum = 1, maximum = 100000)]
    to: Option<u32>,
    /// In what they differ.
    #[schema(max_items = 10000)]
    changes: Vec<FormChangeView>,
}

/// 申报变更对照 · Compare what was submitted
///
/// Every submission that was made, and in what two of them differ: the last two, unless others are named. What lies sealed is
/// not compared before the seal is opened, but for the unit itself.
#[utoipa::path(tag = "applications", params(("application_id" = Uuid, Path, description = "The application"), ChangesQuery), responses((status = 200, description = "In what they differ", body = ApplicationChangesView)))]
#[get("/applications/{application_id}/changes")]
pub async fn get_application_changes(call: Call, id: web::Path<Uuid>) -> Answer {
    let asked: ChangesQuery = call.filters()?;
    let case = found(&call, *id).await?;
    opened(&call, &case)?;
    let read = call.app.db.read();
    let submissions = snapshots::submissions(read, &call.visibility, *id).await?;
    let last = submissions.last().map(|submission| submission.number);
    let to = asked.to.or(last);
    let from = asked.from.or(to.map(|to| to.saturating_sub(1).max(1)));
    let numbers: Vec<u32> = from.into_iter().chain(to).collect();
    let compared = snapshots::numbered(read, &call.visibility, *id, &numbers).await?;
    let numbered = |number: u32| {
        compared.iter().find(|snapshot| snapshot.number == number).ok_or_else(Failure::not_found)
    };
    let changes = match (from, to) {
        (Some(from), Some(to)) => changes(&call, numbered(from)?, numbered(to)?)?,
        (Some(_), None) => return Err(Failure::not_found()),
        (None, _) => Vec::new(),
    };
    let closes_at = case.situation(&call.visibility, call.now, Vec::new())?.closes_at();
    let in_time = submissions.iter().rev().find(|submission| submission.submitted_at < closes_at);
    let at_deadline = in_time.map(|submission| submission.number);
    let view = |submission: &Submission| SubmissionView {
        number: submission.number,
        submitted_at: submission.submitted_at,
        content_digest: submission.content_digest.clone(),
        at_deadline: Some(submission.number) == at_deadline,
    };
    let submissions = submissions.iter().map(view).collect();
    call.plain(&ApplicationChangesView { submissions, from, to, changes })
}

/// In what two submissions differ: told by what they really say, shown with masks.
fn changes(call: &Call, before: &Snapshot, after: &Snapshot) -> Result<Vec<FormChangeView>, Failure> {
    let whole = |snapshot: &Snapshot| {
        let personal = opened_personal(call.vault(), snapshot.application_id, snapshot.personal.as_deref())?;
        Ok::<_, Failure>(join(&snapshot.form, &personal))
    };
    let shown =
        |snapshot: &Snapshot, pointer: &str| snapshot.form.pointer(pointer).cloned().unwrap_or_default();
    let change = |(pointer, _, _): (String, Value, Value)| FormChangeView {
        from: shown(before, &pointer),
        to: shown(after, &pointer),
        pointer,
    };
    let mut changes: Vec<_> = differences(&whole(before)?, &whole(after)?).into_iter().map(change).collect();
    let view = |one: &Attached| serde_json::to_value(AttachedView::from(one)).unwrap_or_default();
    let left = before.attached.iter().filter(|one| !after.attached.contains(one));
    let came = after.attached.iter().filter(|one| !before.attached.contains(one));
    let pointer = |one: &Attached| format!("{ATTACHMENTS}/{}", one.id);
    changes.extend(left.map(|one| FormChangeView {
        pointer: pointer(one),
        from: view(one),
        to: Value::Null,
    }));
    changes.extend(came.map(|one| FormChangeView {
        pointer: pointer(one),
        from: Value::Null,
        to: view(one),
    }));
    Ok(changes)
}

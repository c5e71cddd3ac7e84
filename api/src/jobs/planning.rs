//! Assignments planned by a job: reckoned with nothing held, and entered if what they were made from is still so.

use pingxuan_domain::Operation;
use pingxuan_domain::verification::plan::Order;
use uuid::Uuid;

use super::work::{Made, Work};
use crate::call::JSON;
use crate::campaign::locked;
use crate::catalogue::label;
use crate::problem::Failure;
use crate::verification::planning::Laid;

/// Plans what was asked for. What comes of it is the plan, as it is answered where nobody has to wait.
///
/// # Errors
/// `plan_inputs_changed` where something that counts has changed meanwhile; then nothing is entered.
pub(super) async fn carry_out(work: &Work, campaign_id: Uuid, order: &Order) -> Result<(), Failure> {
    let call = work.call(Operation::PlanAssignments).await?;
    let laid_out = async |tx: &_| {
        let campaign = locked(&call, tx, campaign_id).await?;
        Laid::out(&call, tx, campaign, order.clone()).await
    };
    let laid = work.app.db.in_tx(laid_out).await?;
    work.progress.set(10);
    let drawn_up = laid.drawn_up(&call).await?;
    work.progress.set(90);
    let path = work.app.files.scratch()?;
    let written = serde_json::to_vec(&laid.view(&call, &drawn_up));
    tokio::fs::write(&path, written.map_err(|error| Failure::Internal(error.to_string()))?).await?;
    let rows = u64::try_from(drawn_up.assignments()).unwrap_or(u64::MAX);
    let name = format!("{}.json", label(work.language(), "job_kind", work.job.kind().into()));
    let made = Made { path, name, media_type: JSON, rows, faulty: 0, entered: rows };
    let enter = async |tx: &_| laid_out(tx).await?.enter(&call, tx, &drawn_up).await;
    work.deliver(made, enter).await
}

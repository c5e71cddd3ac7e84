//! What goes because its time is over, once a day: events of access, personal data of selections that are over, sessions.

use std::sync::Arc;

use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::{Instant, Operation, Visibility};
use pingxuan_persistence::journal::Journal;
use pingxuan_persistence::retention;
use serde_json::Value;
use uuid::Uuid;

use crate::app::App;
use crate::clock::Clock;
use crate::problem::Failure;

/// How many days what is kept is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Events of access: log-ins, and what was refused or failed.
    pub audit_days: i64,
    /// Personal data of a selection, after it is over.
    pub personal_days: i64,
}

impl Default for Retention {
    fn default() -> Self {
        Self { audit_days: 3 * 365, personal_days: 3 * 365 }
    }
}

/// Days for which every event is kept, whatever the settings say: the database sees to it, and a day is left for its clock.
const LEAST_DAYS: i64 = 181;
/// Days for which a session that is over is kept, so that its owner's questions can be answered.
const SESSION_DAYS: i64 = 30;

/// Carries out what is due at the beginning of the day: a day in which nothing is due asks three times and writes nothing.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn carry_out(app: &App, now: Instant) -> Result<(), Failure> {
    let today = now.day().start();
    let before = |days: i64| today.plus_seconds(-days * 24 * 60 * 60);
    app.db
        .in_tx(async |tx| Ok::<_, Failure>(retention::forget_sessions(tx, before(SESSION_DAYS)).await?))
        .await?;
    // Where the program's clock is not the machine's, the database, which goes by its own, would refuse more.
    let allowed = Clock::machine().now().plus_seconds(-LEAST_DAYS * 24 * 60 * 60);
    forget_events(app, before(app.retention.audit_days).min(allowed), now).await?;
    erase_personal_data(app, before(app.retention.personal_days), now).await
}

fn journal(app: &App, visibility: &Visibility) -> Journal {
    let clock = app.clock.clone();
    Journal::new(visibility, "retention".into(), None, Arc::new(move || clock.new_id()))
}

async fn forget_events(app: &App, before: Instant, now: Instant) -> Result<(), Failure> {
    let visibility = Visibility::system(Operation::ForgetAuditEvents);
    if !retention::has_old_events(app.db.read(), &visibility, before).await? {
        return Ok(());
    }
    let journal = journal(app, &visibility);
    app.db
        .in_tx(async |tx| {
            let gone = retention::forget_events(tx, &visibility, before).await?;
            if gone == 0 {
                // Another node has done it in the same moment.
                return Ok(());
            }
            let step = Step::of(Operation::ForgetAuditEvents, ObjectKind::AuditLog, Uuid::nil(), now)
                .changing("/before", Value::Null, before.to_string())
                .changing("/events", gone.to_string(), Value::Null);
            tracing::info!(gone, "events of access whose time is over are forgotten");
            Ok(journal.write(tx, &[step]).await?)
        })
        .await
}

async fn erase_personal_data(app: &App, before: Instant, now: Instant) -> Result<(), Failure> {
    let visibility = Visibility::system(Operation::ErasePersonalData);
    let journal = journal(app, &visibility);
    for campaign in retention::campaigns_with_personal_data(app.db.read(), &visibility, before).await? {
        app.db
            .in_tx(async |tx| {
                let (erased, named) = retention::erase_personal_data(tx, &visibility, campaign).await?;
                if erased + named == 0 {
                    // Another node has done it in the same moment.
                    return Ok(());
                }
                let step = Step::of(Operation::ErasePersonalData, ObjectKind::Campaign, campaign, now)
                    .in_campaign(campaign)
                    .changing("/applications_with_personal_data", erased.to_string(), "0")
                    .changing("/objections_with_names", named.to_string(), "0");
                tracing::info!(%campaign, erased, "personal data whose time is over is erased");
                Ok::<_, Failure>(journal.write(tx, &[step]).await?)
            })
            .await?;
    }
    Ok(())
}

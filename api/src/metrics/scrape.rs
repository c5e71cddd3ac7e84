//! What a scrape is answered: what was counted, and what is looked up at this moment.

use std::sync::atomic::Ordering;

use pingxuan_persistence::overview::Counted;

use super::names::*;
use super::text::Text;
use crate::app::App;
use crate::queue::Queue;

/// All figures, as text.
pub(super) async fn scrape(app: &App) -> String {
    let mut text = Text::default();
    text.family(BUILD).count(&[("version", env!("CARGO_PKG_VERSION"))], 1);
    requests(app, &mut text);
    database(app, &mut text);
    queues(app, &mut text);
    let standing = app.metrics.0.standing.of(&app.db).await;
    text.family(STANDING_UP).count(&[], u64::from(standing.is_some()));
    if let Some(standing) = standing {
        stands(app, &standing, &mut text);
    }
    text.into_string()
}

fn requests(app: &App, text: &mut Text) {
    let counts = &app.metrics.0;
    let answered = counts.answered();
    let mut rows = text.family(REQUESTS);
    for ((operation, caller, class), count) in &answered.requests {
        let status = format!("{class}xx");
        rows.count(&[("operation", *operation), ("caller", *caller), ("status", status.as_str())], *count);
    }
    let mut rows = text.family(REQUEST_SECONDS);
    for (operation, times) in &answered.times {
        rows.histogram(&[("operation", *operation)], times);
    }
    drop(answered);
    text.family(IN_FLIGHT).count(&[], counts.under_way.load(Ordering::Relaxed));
    text.family(PANICS).count(&[], counts.panics.load(Ordering::Relaxed));
    let mut rows = text.family(SWEEPS);
    rows.count(&[("outcome", "done")], counts.sweeps.load(Ordering::Relaxed));
    rows.count(&[("outcome", "failed")], counts.failed_sweeps.load(Ordering::Relaxed));
}

fn database(app: &App, text: &mut Text) {
    let load = app.db.load();
    let mut rows = text.family(CONNECTIONS);
    for pool in &load.pools {
        let used = pool.size.saturating_sub(pool.idle);
        rows.count(&[("pool", pool.name), ("state", "idle")], pool.idle.into());
        rows.count(&[("pool", pool.name), ("state", "used")], used.into());
    }
    let mut rows = text.family(CONNECTIONS_MOST);
    for pool in &load.pools {
        rows.count(&[("pool", pool.name)], pool.most.into());
    }
    let mut rows = text.family(STATEMENTS);
    rows.count(&[("outcome", "done")], load.statements);
    rows.count(&[("outcome", "failed")], load.failed);
    text.family(STATEMENT_SECONDS).row(&[], load.statement_time.as_secs_f64());
    text.family(TRANSACTIONS).count(&[], load.transactions);
    text.family(TRANSACTIONS_AGAIN).count(&[], load.again);
    text.family(TRANSACTIONS_WAITING).count(&[], load.waiting);
    text.family(TRANSACTION_WAIT_SECONDS).row(&[], load.waited.as_secs_f64());
}

fn queues(app: &App, text: &mut Text) {
    let queues = [("passwords", app.passwords.queue()), ("press", app.press.queue())];
    let mut told = |family: Family, figure: fn(&Queue) -> u64| {
        let mut rows = text.family(family);
        queues.iter().for_each(|(name, queue)| rows.count(&[("queue", *name)], figure(queue)));
    };
    told(QUEUE_RUNNING, Queue::running);
    told(QUEUE_WAITING, Queue::waiting);
    text.family(REMEMBERED).count(&[], app.remembered.count());
}

fn stands(app: &App, standing: &[Counted], text: &mut Text) {
    let of = |what: &'static str| standing.iter().filter(move |counted| counted.what == what);
    let number = |counted: &Counted| u64::try_from(counted.number).unwrap_or_default();
    for (family, what, label) in [
        (CAMPAIGNS, "campaign", "state"),
        (APPLICATIONS, "application", "state"),
        (AUDIT_EVENTS, "audit_event", "outcome"),
    ] {
        let mut rows = text.family(family);
        of(what).for_each(|counted| rows.count(&[(label, counted.state.as_str())], number(counted)));
    }
    let mut rows = text.family(JOBS);
    for job in of("job") {
        rows.count(&[("kind", job.kind.as_str()), ("state", job.state.as_str())], number(job));
    }
    let oldest = of("job").filter(|job| job.state == "queued").map(|job| job.oldest).min();
    let waited = oldest.map_or(0, |oldest| (app.clock.now().millis() - oldest).max(0));
    text.family(JOB_OLDEST).count(&[], u64::try_from(waited / 1000).unwrap_or_default());
}

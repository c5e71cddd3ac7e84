//! What time alone brings about is carried out within a second of its instant, or with the first request that it touches
//! (D-301).

use std::sync::Arc;
use std::time::Duration;

use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::workflow::campaign::{CampaignFacts, CampaignFlow, CampaignState};
use pingxuan_domain::workflow::{self};
use pingxuan_domain::{Instant, Operation, Visibility};
use pingxuan_persistence::journal::Journal;
use pingxuan_persistence::{
    Tx, access, campaigns, clients, idempotency, installation, jobs, login_attempts, oidc_logins, sealing,
    second_factors,
};

use crate::app::App;
use crate::files::{Kept, sweeping};
use crate::problem::Failure;
use crate::running::retention;

/// Days for which attempts to log in are kept: longer than they count.
const ATTEMPTS_KEPT: i64 = 2;
/// How often files are looked through for those that belong to nobody.
const CLEARED: Duration = Duration::from_secs(6 * 60 * 60);
/// How many rounds of the sweeper come before the house is put in order: about a minute.
const ROUNDS: u32 = 240;

/// Opens every campaign whose window has opened, and forgets what is past its time.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn sweep(app: &App) -> Result<(), Failure> {
    let now = app.clock.now();
    put_in_order(app, now).await?;
    open_due(app, now).await
}

/// Forgets what is past its time: kept answers, attempts to log in, old secrets of machine clients, log-ins that wait for a second
/// factor or for an identity provider.
async fn put_in_order(app: &App, now: Instant) -> Result<(), Failure> {
    app.limits.put_in_order();
    let attempts = now.plus_seconds(-ATTEMPTS_KEPT * 24 * 60 * 60);
    app.db
        .in_tx(async |tx| {
            idempotency::forget(tx, now).await?;
            login_attempts::forget_before(tx, attempts).await?;
            clients::forget_over(tx, now).await?;
            oidc_logins::forget_over(tx, now).await?;
            Ok::<_, Failure>(second_factors::forget_over(tx, now).await?)
        })
        .await?;
    sweeping::give_up(app, now).await?;
    let expired = app.db.in_tx(async |tx| jobs::expire(tx, now).await).await?;
    for id in expired {
        for kept in [Kept::Given, Kept::Result] {
            if let Err(error) = app.files.delete(kept, id).await {
                tracing::warn!(%error, job = %id, "a file stays for a later round");
            }
        }
    }
    retention::carry_out(app, now).await
}

async fn open_due(app: &App, now: Instant) -> Result<(), Failure> {
    let visibility = Visibility::system(Operation::OpenAcceptance);
    if !campaigns::waiting(app.db.read(), &visibility, now).await? {
        return Ok(());
    }
    let clock = app.clock.clone();
    let journal = Journal::new(&visibility, "sweeper".into(), None, Arc::new(move || clock.new_id()));
    app.db
        .in_tx(async |tx| {
            for campaign in campaigns::due(tx, &visibility, now).await? {
                open(tx, &journal, campaign, now).await?;
            }
            Ok(())
        })
        .await
}

/// The campaign, with its acceptance opened first if its time has come: what an acting request carries out for what it
/// touches.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn carry_out_due(
    tx: &Tx,
    journal: &Journal,
    campaign: Campaign,
    now: Instant,
) -> Result<Campaign, Failure> {
    if campaign.state != CampaignState::Published || now < campaign.opens_at {
        return Ok(campaign);
    }
    let system = Visibility::system(Operation::OpenAcceptance);
    match campaigns::lock(tx, &system, campaign.id).await? {
        Some(locked) if locked.state == CampaignState::Published => {
            open(tx, &journal.as_system(), locked, now).await
        }
        Some(locked) => Ok(locked),
        None => Err(Failure::not_found()),
    }
}

async fn open(tx: &Tx, journal: &Journal, mut campaign: Campaign, now: Instant) -> Result<Campaign, Failure> {
    let facts = CampaignFacts { now, opens_at: campaign.opens_at, ..CampaignFacts::default() };
    workflow::permit::<CampaignFlow>(Some(campaign.state), Operation::OpenAcceptance, &facts)?;
    let from = campaign.state;
    campaign.state = workflow::next::<CampaignFlow>(from, Operation::OpenAcceptance)?;
    campaign.version += 1;
    campaign.updated_at = now;
    let step = Step::of(Operation::OpenAcceptance, ObjectKind::Campaign, campaign.id, now)
        .in_campaign(campaign.id)
        .states(Some(from), Some(campaign.state));
    campaigns::record(tx, journal, &campaign, step).await?;
    tracing::info!(campaign = %campaign.id, "acceptance has opened");
    Ok(campaign)
}

/// Looks four times a second whether somebody's access has changed elsewhere, until the server stops; then the keys that sign tokens
/// may have changed too, and those that seal.
pub async fn keep_looking(app: Arc<App>) {
    loop {
        let began = tokio::time::Instant::now();
        match look(&app, began).await {
            Ok(()) => {}
            Err(error) => {
                tracing::warn!(%error, "who is logged in is asked of the database until this works again")
            }
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

async fn look(app: &App, began: tokio::time::Instant) -> Result<(), Failure> {
    let generation = access::generation(app.db.read()).await?;
    if !app.remembered.knows(generation) {
        app.db.vault().take(&sealing::keys(app.db.read()).await?)?;
        app.tokens.replace(app.db.vault(), &installation::signing_keys(app.db.read()).await?)?;
    }
    app.remembered.looked(generation, began);
    Ok(())
}

/// Opens what is due four times a second, and puts the house in order each minute, until the server stops.
pub async fn keep_sweeping(app: Arc<App>) {
    let mut cleared = tokio::time::Instant::now();
    for round in (0..ROUNDS).cycle() {
        tokio::time::sleep(Duration::from_millis(250)).await;
        let now = app.clock.now();
        let mut ordered = if round == 0 { put_in_order(&app, now).await } else { Ok(()) };
        if cleared.elapsed() > CLEARED {
            cleared = tokio::time::Instant::now();
            ordered = ordered.and(sweeping::sweep(&app, sweeping::ORPHANED).await.map(|_| ()));
        }
        let swept = ordered.and(open_due(&app, now).await);
        app.metrics.swept(swept.is_ok());
        if let Err(error) = swept {
            tracing::warn!(%error, "the sweeper will try again");
        }
    }
}

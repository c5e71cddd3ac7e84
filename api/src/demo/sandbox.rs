//! 沙箱: what a demonstration lets front-end teams do that nobody may elsewhere: move the clock, and begin again.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use pingxuan_domain::{ErrorCode, Fault, Instant, Refused};
use pingxuan_persistence::maintenance;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::{DemoAccount, START, furnish};
use crate::app::App;
use crate::problem::Failure;
use crate::running::bootstrap::enter_calendars;

/// Tables that stay when everything else is cleared away: what the installation is, and the keys that tokens are signed with.
const KEPT: [&str; 6] =
    ["access_generation", "audit_door", "installation", "seaql_migrations", "sealing_keys", "signing_keys"];

/// The sandbox of a demonstration; one reset at a time.
#[derive(Clone, Debug, Default)]
pub struct Sandbox(Arc<Mutex<()>>);

/// The paths of the sandbox, which are no part of the contract.
pub const PATHS: [&str; 2] = ["/sandbox/clock", "/sandbox/reset"];

/// An instant to move the clock to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockIn {
    now: Instant,
}

/// What the clock shows.
#[derive(Debug, Serialize)]
struct ClockView {
    now: Instant,
}

/// The county as it is after a reset.
#[derive(Debug, Serialize)]
struct ResetView {
    now: Instant,
    accounts: Vec<DemoAccount>,
}

/// Registers the sandbox, where the application has one.
pub fn configure(app: &App, config: &mut web::ServiceConfig) {
    if app.sandbox.is_some() {
        let [clock, reset] = PATHS;
        config.route(clock, web::post().to(move_sandbox_clock)).route(reset, web::post().to(reset_sandbox));
    }
}

/// Moves the clock forward; what has become due by then is carried out before the answer.
async fn move_sandbox_clock(app: web::Data<App>, body: web::Bytes) -> Result<HttpResponse, Failure> {
    let invalid = |code| Failure::from(Refused::invalid(Fault::at("/now", code)));
    let sent: ClockIn = serde_json::from_slice(&body).map_err(|_| invalid(ErrorCode::WrongFormat))?;
    if sent.now < app.clock.now() {
        return Err(invalid(ErrorCode::NotInTheFuture));
    }
    app.move_clock(sent.now).await?;
    Ok(HttpResponse::Ok().json(ClockView { now: app.clock.now() }))
}

/// Begins again: the county as it was furnished at first, on the morning on which the window opens.
async fn reset_sandbox(app: web::Data<App>) -> Result<HttpResponse, Failure> {
    let Some(Sandbox(turn)) = &app.sandbox else { return Err(Failure::not_found()) };
    let _turn = turn.lock().await;
    maintenance::clear(&app.db, &KEPT).await?;
    let start: Instant = START.parse().map_err(|_| Failure::Internal("the start is no instant".into()))?;
    app.clock.begin_again(start);
    app.remembered.forget();
    enter_calendars(&app).await?;
    let accounts = furnish(&app).await?;
    Ok(HttpResponse::Ok().json(ResetView { now: app.clock.now(), accounts }))
}

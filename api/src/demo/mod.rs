//! A county to play with (演示): `pingxuan serve --demo`. Its units are real, its people, codes and figures invented.

use std::sync::Arc;

use pingxuan_persistence::{Database, Options, Vault, accounts as kept_accounts, installation, maintenance};
use serde::Serialize;

use self::sandbox::Sandbox;
use crate::app::App;
use crate::limits::Limits;
use crate::problem::Failure;
use crate::rehearsal::RehearsalError;
use crate::rehearsal::people::Stage;
use crate::running::bootstrap::{Making, make};

pub mod accounts;
pub mod county;
pub mod forms;
pub mod samples;
pub mod sandbox;

/// Where the demonstration's clock starts: the morning on which the acceptance window opens.
pub const START: &str = "2022-11-07T09:00:00+08:00";
/// Where the tools of front-end teams serve their pages.
pub const ORIGINS: &str = "http://localhost:3000, http://localhost:4173, http://localhost:5173, http://localhost:8081, \
                           http://127.0.0.1:3000, http://127.0.0.1:4173, http://127.0.0.1:5173, http://127.0.0.1:8081";
/// What everyone logs in with.
pub const PASSWORD: &str = "Pingxuan-2022-demo";

/// The installation fact that marks a database of a demonstration.
pub(crate) const PURPOSE: &str = "purpose";
pub(crate) const DEMO: &str = "demo";

/// An account of the demonstration.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Serialize)]
pub struct DemoAccount {
    /// What it logs in with.
    pub username: String,
    /// Its password.
    pub password: String,
    /// Its roles.
    pub roles: Vec<String>,
    /// Short name of the unit that it acts for.
    pub unit: Option<String>,
}

/// What a database holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing, or a schema that nobody has used.
    Empty,
    /// A demonstration.
    Demo,
    /// Something else, which a demonstration must not touch.
    Other,
}

/// What a database holds, asked before anything is written to it.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn is_empty_or_demo(db: &Database) -> Result<State, Failure> {
    let tables = maintenance::tables(db).await?;
    let has = |name: &str| tables.iter().any(|table| table == name);
    if tables.is_empty() {
        return Ok(State::Empty);
    }
    if !has("installation") || !has("users") {
        return Ok(State::Other);
    }
    if installation::find(db.read(), PURPOSE).await?.as_deref() == Some(DEMO) {
        return Ok(State::Demo);
    }
    Ok(if kept_accounts::any(db.read()).await? { State::Other } else { State::Empty })
}

/// Opens a demonstration: the database is emptied, made anew and furnished. One that holds anything else is refused.
///
/// # Errors
/// [`Failure`] where the database holds something else, or refuses.
pub async fn open(making: &Making) -> Result<(App, Vec<DemoAccount>), Failure> {
    let options = Options { url: making.url.clone(), connections: 2 };
    let db = Database::connect(&options, Vault::new(&making.secret)?).await?;
    match is_empty_or_demo(&db).await? {
        State::Empty | State::Demo => maintenance::empty(&db).await?,
        State::Other => {
            return Err(Failure::Internal(
                "This database holds something else than a demonstration, which begins by emptying it. \
                 Name another by --database-url or --data-dir."
                    .into(),
            ));
        }
    }
    db.close().await?;
    let mut app = make(making).await?;
    app.sandbox = Some(Sandbox::default());
    // Marked before anything else, so that what breaks off half furnished can be begun anew.
    app.db.in_tx(async |tx| Ok::<_, Failure>(installation::insert(tx, PURPOSE, DEMO).await?)).await?;
    let accounts = furnish(&app).await?;
    Ok((app, accounts))
}

/// Furnishes an empty installation with a county, its people and the 2022 campaign. It does so as people would, through a
/// server of its own on a free port, so that everything is checked, digested and audited as ever.
///
/// # Errors
/// [`Failure`] where a request is refused or the database is away.
pub async fn furnish(app: &App) -> Result<Vec<DemoAccount>, Failure> {
    furnished(app).await.map_err(|error| match error {
        RehearsalError::Failed(failure) => failure,
        RehearsalError::Store(error) => error.into(),
        RehearsalError::Unexpected { .. }
        | RehearsalError::Lacks { .. }
        | RehearsalError::Http(_)
        | RehearsalError::Io(_) => Failure::Internal(format!("furnishing the demonstration: {error}")),
    })
}

async fn furnished(app: &App) -> Result<Vec<DemoAccount>, RehearsalError> {
    // Whoever furnishes is in a hurry once, and calls from nowhere else.
    let stage = Stage::open(Arc::new(App { limits: Limits::a_minute(0), ..app.clone() }))?;
    let entered = async {
        let county = accounts::enter(&stage, 0).await?;
        samples::enter(&stage, &county).await?;
        Ok(county.accounts)
    };
    let entered = entered.await;
    stage.close().await;
    entered
}

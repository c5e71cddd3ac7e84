//! What every request shares: the database, the clock, the keys, the contract.

use std::sync::Arc;

use pingxuan_domain::Instant;
use pingxuan_persistence::Database;

use crate::clock::Clock;
use crate::contract::Contract;
use crate::cors::Origins;
use crate::demo::sandbox::Sandbox;
use crate::edge::Edge;
use crate::files::Files;
use crate::identity::passwords::Passwords;
use crate::identity::remembered::Remembered;
use crate::identity::security::Security;
use crate::identity::single_sign_on::provider::Provider;
use crate::identity::tokens::Tokens;
use crate::jobs::Jobs;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::printing::press::Press;
use crate::problem::Failure;
use crate::review::reckoning::Rankings;
use crate::running::ready::Ready;
use crate::running::retention::Retention;
use crate::running::sweeper;
use crate::spans::Spans;

/// The application: made once, shared by all workers. A copy shares everything with it, the clock too.
#[derive(Clone, Debug)]
pub struct App {
    /// The database.
    pub db: Database,
    /// The injected clock.
    pub clock: Clock,
    /// Hashing of passwords, bounded.
    pub passwords: Passwords,
    /// Access tokens.
    pub tokens: Tokens,
    /// Who the tokens of late are of.
    pub remembered: Remembered,
    /// Rankings that take long.
    pub rankings: Rankings,
    /// How strict the installation is with those who log in.
    pub security: Security,
    /// The identity provider, where the settings name one.
    pub single_sign_on: Option<Arc<Provider>>,
    /// What a demonstration alone lets everyone do.
    pub sandbox: Option<Sandbox>,
    /// Origins whose pages may call the service.
    pub origins: Origins,
    /// What holds at the edge.
    pub edge: Edge,
    /// How long what is kept is kept.
    pub retention: Retention,
    /// How often somebody may call.
    pub limits: Limits,
    /// What is counted for those who watch the service.
    pub metrics: Metrics,
    /// Where spans of requests go.
    pub spans: Spans,
    /// Whether this node can work.
    pub ready: Ready,
    /// Where files are kept.
    pub files: Files,
    /// How jobs are carried out.
    pub jobs: Jobs,
    /// What prints papers.
    pub press: Press,
    /// The OpenAPI document, and what is drawn from it.
    pub contract: Arc<Contract>,
}

impl App {
    /// Moves a movable clock forward and carries out what has become due (D-301).
    ///
    /// # Errors
    /// [`Failure`] where the database refuses.
    pub async fn move_clock(&self, to: Instant) -> Result<(), Failure> {
        self.clock.advance(to);
        sweeper::sweep(self).await
    }
}

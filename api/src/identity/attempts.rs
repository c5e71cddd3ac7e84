//! Attempts to log in: counted before they are looked at, by account and by source, for all nodes together.

use pingxuan_domain::{ErrorCode, Fault, Instant};
use pingxuan_persistence::Tx;
use pingxuan_persistence::login_attempts::{self, Who};

use crate::call::Call;
use crate::problem::Failure;

/// One attempt that was counted.
#[derive(Debug)]
pub struct Attempt {
    account: Who,
    source: Option<Who>,
}

impl Attempt {
    /// Counts an attempt to show the password of an account, whether there is one of that name or not.
    ///
    /// # Errors
    /// 429 where the account or the source is locked, with the seconds to wait: the same for names that nobody has.
    pub async fn begin(call: &Call, username: &str) -> Result<Self, Failure> {
        let account = Who::account(call.vault(), username);
        let source = call.address.as_deref().map(|address| Who::source(call.vault(), address));
        let attempt = Self { account, source };
        let counted = call.app.db.in_tx(async |tx| attempt.count(tx, call).await).await?;
        counted.map(|()| attempt).map_err(|until| too_many(until, call.now))
    }

    async fn count(&self, tx: &Tx, call: &Call) -> Result<Result<(), Instant>, Failure> {
        let security = &call.app.security;
        let of_account = login_attempts::lock(tx, &self.account).await?.attempt(security.failures, call.now);
        let of_account = match of_account {
            Ok(counted) => counted,
            Err(until) => return Ok(Err(until)),
        };
        if let Some(source) = &self.source {
            let kept = login_attempts::lock(tx, source).await?;
            match kept.attempt(security.failures_of_a_source(), call.now) {
                Ok(counted) => login_attempts::keep(tx, source, counted).await?,
                Err(until) => return Ok(Err(until)),
            }
        }
        login_attempts::keep(tx, &self.account, of_account).await?;
        Ok(Ok(()))
    }

    /// Takes it back, since the password was right, and something else is still to be shown: wrong ones of before still count.
    ///
    /// # Errors
    /// [`Failure`] where the database refuses.
    pub async fn was_half_right(&self, tx: &Tx, call: &Call) -> Result<(), Failure> {
        let kept = login_attempts::lock(tx, &self.account).await?;
        let limit = call.app.security.failures;
        login_attempts::keep(tx, &self.account, kept.taken_back(limit, call.now)).await?;
        self.source_was_right(tx, call).await
    }

    /// Takes it back, since it was right: the account's attempts are forgotten, the source's are one fewer.
    ///
    /// # Errors
    /// [`Failure`] where the database refuses.
    pub async fn was_right(&self, tx: &Tx, call: &Call) -> Result<(), Failure> {
        login_attempts::forget(tx, &self.account).await?;
        self.source_was_right(tx, call).await
    }

    async fn source_was_right(&self, tx: &Tx, call: &Call) -> Result<(), Failure> {
        if let Some(source) = &self.source {
            let kept = login_attempts::lock(tx, source).await?;
            let limit = call.app.security.failures_of_a_source();
            login_attempts::keep(tx, source, kept.taken_back(limit, call.now)).await?;
        }
        Ok(())
    }
}

fn too_many(until: Instant, now: Instant) -> Failure {
    let seconds = (until.millis() - now.millis()).max(0) / 1000 + 1;
    Failure::Plain(Fault::new(ErrorCode::TooManyAttempts).with("seconds", seconds))
}

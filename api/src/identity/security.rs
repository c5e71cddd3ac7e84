//! How strict the installation is with those who log in: what its settings say, and what they are without them.

use pingxuan_domain::account::User;
use pingxuan_domain::password::PasswordProfile;
use pingxuan_domain::policy::Actor;
use pingxuan_domain::{Instant, Role};
use uuid::Uuid;

/// How strict the installation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Security {
    /// What passwords are held to.
    pub passwords: PasswordProfile,
    /// Roles whose accounts need a second factor.
    pub second_factor: Vec<Role>,
    /// Wrong passwords after which an account is locked for a while.
    pub failures: i64,
    /// Seconds after which a session that was not renewed is over.
    pub idle_seconds: i64,
    /// Seconds that a session lives at most, however often it is renewed.
    pub session_seconds: i64,
    /// Sessions that an account may have at once; the one that was not renewed for the longest time ends first.
    pub sessions: usize,
}

impl Default for Security {
    fn default() -> Self {
        Self {
            passwords: PasswordProfile::default(),
            second_factor: vec![Role::SecurityAdmin, Role::Admin, Role::Office, Role::Approver],
            failures: 5,
            idle_seconds: 30 * 60,
            session_seconds: 12 * 60 * 60,
            sessions: 10,
        }
    }
}

impl Security {
    /// For selections that are played within minutes by a clock that runs through years: passwords have no end, and nobody
    /// looks at a telephone.
    #[must_use]
    pub fn lasting() -> Self {
        Self { passwords: PasswordProfile::Nist, second_factor: Vec::new(), ..Self::default() }
    }

    /// Who has logged in with an account, and what they must do first.
    #[must_use]
    pub fn actor(&self, user: &User, session_id: Uuid, now: Instant) -> Actor {
        user.actor(session_id, user.duty(self.passwords, &self.second_factor, now))
    }

    /// Wrong passwords after which a source is locked for a while: offices share an address.
    #[must_use]
    pub fn failures_of_a_source(&self) -> i64 {
        self.failures.saturating_mul(20)
    }

    /// The instant since which a session must have been renewed to live now.
    #[must_use]
    pub fn renewed_since(&self, now: Instant) -> Instant {
        now.plus_seconds(-self.idle_seconds)
    }
}

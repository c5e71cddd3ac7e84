//! Accounts: who can log in, and as what.

use uuid::Uuid;

use crate::error::{ErrorCode, Fault};
use crate::password::PasswordProfile;
use crate::policy::{Actor, Duty, Role};
use crate::time::{Day, Instant};
use crate::workflow::account::AccountState;

/// Seconds for which a password that was given can be logged in with: seven days.
pub const ONE_TIME_SECONDS: i64 = 7 * 24 * 60 * 60;

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: Uuid,
    /// What one logs in with.
    pub username: String,
    /// The name shown to others.
    pub display_name: String,
    /// Argon2id hash of the password, as a PHC string.
    pub password_hash: String,
    /// It still has the password it was given.
    pub must_change_password: bool,
    /// When its password was set.
    pub password_set_at: Instant,
    /// Its roles.
    pub roles: Vec<Role>,
    /// The unit that it acts for in the role of one; in any other role, the unit where the person works (D-902).
    pub unit_id: Option<Uuid>,
    /// The supervisor that it is.
    pub supervisor_id: Option<Uuid>,
    /// It has a second factor, without which nobody logs in with it.
    pub second_factor: bool,
    /// Where it stands.
    pub state: AccountState,
    /// The last day on which it can log in; none: it has no end.
    pub valid_until: Option<Day>,
    /// Grows with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

impl User {
    /// Whether it can log in, and is believed to be who it says.
    #[must_use]
    pub fn is_open(&self, now: Instant) -> bool {
        self.state == AccountState::Active && self.valid_until.is_none_or(|day| now < day.end())
    }

    /// Whether a password that was given, and not changed since, is good no more.
    #[must_use]
    pub fn one_time_password_is_over(&self, now: Instant) -> bool {
        self.must_change_password && now >= self.password_set_at.plus_seconds(ONE_TIME_SECONDS)
    }

    /// What it must do before anything else is open to it: change a password that was given or is past its time, then enrol
    /// a second factor where one of its roles needs one.
    #[must_use]
    pub fn duty(&self, profile: PasswordProfile, second_factor: &[Role], now: Instant) -> Option<Duty> {
        if self.must_change_password || profile.is_over(self.password_set_at, now) {
            Some(Duty::ChangePassword)
        } else if !self.second_factor && self.roles.iter().any(|role| second_factor.contains(role)) {
            Some(Duty::EnrolSecondFactor)
        } else {
            None
        }
    }

    /// Whoever has logged in with the account. The unit where they work widens no reach: without the role of a unit they act for
    /// none (D-902).
    #[must_use]
    pub fn actor(&self, session_id: Uuid, duty: Option<Duty>) -> Actor {
        Actor {
            user_id: self.id,
            session_id,
            name: self.display_name.clone(),
            roles: self.roles.clone(),
            unit_id: self.unit_id.filter(|_| self.roles.contains(&Role::Unit)),
            supervisor_id: self.supervisor_id,
            duty,
        }
    }
}

/// What is wrong with the roles of an account and what they need (D-901).
#[must_use]
pub fn role_faults(roles: &[Role], unit: Option<Uuid>, supervisor: Option<Uuid>) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !Role::compatible(roles) {
        faults.push(Fault::at("/roles", ErrorCode::RolesIncompatible));
    }
    if roles.contains(&Role::Unit) && unit.is_none() {
        faults.push(Fault::at("/unit_id", ErrorCode::RoleNeedsUnit));
    }
    if roles.contains(&Role::Supervisor) != supervisor.is_some() {
        faults.push(Fault::at("/supervisor_id", ErrorCode::RoleNeedsSupervisor));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_901_roles_come_with_what_they_need() {
        let id = Some(Uuid::nil());
        assert_eq!(role_faults(&[Role::Unit], id, None), []);
        assert_eq!(role_faults(&[Role::Unit, Role::Supervisor], id, id), []);
        let codes = |roles: &[Role], unit, supervisor| {
            role_faults(roles, unit, supervisor).into_iter().map(|fault| fault.code).collect::<Vec<_>>()
        };
        assert_eq!(codes(&[Role::Unit], None, None), [ErrorCode::RoleNeedsUnit]);
        assert_eq!(codes(&[Role::Office], id, None), []);
        assert_eq!(codes(&[Role::Supervisor], None, None), [ErrorCode::RoleNeedsSupervisor]);
        assert_eq!(codes(&[Role::Auditor, Role::Office], None, None), [ErrorCode::RolesIncompatible]);
    }
}

//! Accounts: who can log in, and as what.

use uuid::Uuid;

use crate::error::{ErrorCode, Fault};
use crate::policy::{Actor, Role};
use crate::time::Instant;
use crate::workflow::account::AccountState;

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
    /// Its roles.
    pub roles: Vec<Role>,
    /// The unit that it acts for in the role of one; in any other role, the unit where the person works (D-902).
    pub unit_id: Option<Uuid>,
    /// The supervisor that it is.
    pub supervisor_id: Option<Uuid>,
    /// Where it stands.
    pub state: AccountState,
    /// Grows with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

impl User {
    /// Whoever has logged in with the account. The unit where they work widens no reach: without the role of a unit they act for
    /// none (D-902).
    #[must_use]
    pub fn actor(&self, session_id: Uuid) -> Actor {
        Actor {
            user_id: self.id,
            session_id,
            name: self.display_name.clone(),
            roles: self.roles.clone(),
            unit_id: self.unit_id.filter(|_| self.roles.contains(&Role::Unit)),
            supervisor_id: self.supervisor_id,
            must_change_password: self.must_change_password,
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
    let machine = roles.contains(&Role::Integration);
    if (roles.contains(&Role::Unit) && unit.is_none()) || (machine && unit.is_some()) {
        faults.push(Fault::at("/unit_id", ErrorCode::RoleNeedsUnit));
    }
    if roles.contains(&Role::Supervisor) != supervisor.is_some() {
        faults.push(Fault::at("/supervisor_id", ErrorCode::RoleNeedsSupervisor));
    }
    faults
}

/// The least length of a password, in characters.
pub const PASSWORD_LEAST: usize = 10;

/// Whether a new password is good enough: long enough, not the account's name, not one character over and over.
///
/// # Errors
/// `password_too_weak`, with the least length.
pub fn check_password(username: &str, password: &str) -> Result<(), Fault> {
    let long_enough = password.chars().count() >= PASSWORD_LEAST;
    let named = password.to_lowercase().contains(&username.to_lowercase());
    let first = password.chars().next();
    let monotonous = password.chars().all(|character| Some(character) == first);
    if long_enough && !named && !monotonous {
        Ok(())
    } else {
        Err(Fault::at("/new_password", ErrorCode::PasswordTooWeak).with("least", PASSWORD_LEAST))
    }
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
        assert_eq!(codes(&[Role::Integration], id, None), [ErrorCode::RoleNeedsUnit]);
        assert_eq!(codes(&[Role::Supervisor], None, None), [ErrorCode::RoleNeedsSupervisor]);
        assert_eq!(codes(&[Role::Auditor, Role::Office], None, None), [ErrorCode::RolesIncompatible]);
    }

    #[test]
    fn a_password_is_long_and_not_the_name() {
        assert!(check_password("jiangbei", "a long enough one").is_ok());
        for weak in ["short", "aaaaaaaaaaaa", "JiangBei-2022"] {
            assert!(check_password("jiangbei", weak).is_err(), "{weak}");
        }
    }
}

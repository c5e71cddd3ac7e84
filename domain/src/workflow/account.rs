//! The states of an account: it works, or it is disabled.

use super::{Flow, Row, Workflow, birth, row};
use crate::campaign::definition::code_enum;
use crate::error::{ErrorCode, Fault};
use crate::operation::Operation as O;

code_enum! {
    /// Where an account stands.
    AccountState {
        /// It can log in.
        Active,
        /// It cannot; its sessions are ended.
        Disabled,
    }
}

code_enum! {
    /// What may stand in the way of an account's change.
    AccountGuard {
        /// Nobody disables their own account.
        NotOneself,
        /// One security administrator at least can log in.
        SecurityAdminLeft,
        /// Too many wrong passwords have locked it.
        Locked,
    }
}

/// What the guards of an account ask.
#[derive(Clone, Copy, Debug)]
pub struct AccountFacts {
    /// It is the caller's own.
    pub own: bool,
    /// It is the last active account of a security administrator.
    pub last_security_admin: bool,
    /// Too many wrong passwords have locked it at this instant.
    pub locked: bool,
}

/// The account's workflow.
#[derive(Debug)]
pub struct AccountFlow;

use AccountGuard as G;
use AccountState as S;

impl Flow for AccountFlow {
    type State = S;
    type Guard = G;
    type Facts<'a> = AccountFacts;
    const WORKFLOW: Workflow = Workflow::Account;
    const ROWS: &'static [Row<S, G>] = &[
        birth(O::CreateUser, S::Active, &[]),
        row(S::Active, O::UpdateUser, S::Active, &[]),
        row(S::Disabled, O::UpdateUser, S::Disabled, &[]),
        row(S::Active, O::ResetUserPassword, S::Active, &[G::NotOneself]),
        row(S::Disabled, O::ResetUserPassword, S::Disabled, &[G::NotOneself]),
        row(S::Active, O::UnlockUser, S::Active, &[G::Locked]),
        row(S::Disabled, O::UnlockUser, S::Disabled, &[G::Locked]),
        row(S::Active, O::DisableUser, S::Disabled, &[G::NotOneself, G::SecurityAdminLeft]),
        row(S::Disabled, O::EnableUser, S::Active, &[]),
    ];

    fn check(guard: G, facts: &AccountFacts) -> Vec<Fault> {
        let (fails, code) = match guard {
            G::NotOneself => (facts.own, ErrorCode::OwnAccount),
            G::SecurityAdminLeft => (facts.last_security_admin, ErrorCode::LastSecurityAdmin),
            G::Locked => (!facts.locked, ErrorCode::NotLocked),
        };
        if fails { vec![Fault::new(code)] } else { vec![] }
    }
}

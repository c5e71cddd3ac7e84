//! The proof of having asked the policy, which everything that reads data wants.

use super::{Actor, Caller, Reach, Role};
use crate::operation::Operation;

/// The proof that the policy was asked: what the caller may reach with one operation.
///
/// Only [`authorize`](super::authorize) makes one for people, and every repository function wants one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visibility {
    pub(super) operation: Operation,
    pub(super) caller: Caller,
    pub(super) reaches: Vec<(Option<Role>, Reach)>,
}

impl Visibility {
    /// For background work and for what the system does by itself; whoever makes one logs it.
    #[must_use]
    pub fn system(operation: Operation) -> Self {
        Self { operation, caller: Caller::System, reaches: vec![(None, Reach::All)] }
    }

    /// The operation it was given for.
    #[must_use]
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// Who asked.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The actor, if someone is logged in.
    #[must_use]
    pub fn actor(&self) -> Option<&Actor> {
        self.caller.actor()
    }

    /// How far it reaches; what one of them admits is within reach.
    pub fn reaches(&self) -> impl Iterator<Item = Reach> + '_ {
        self.reaches.iter().map(|(_, reach)| *reach)
    }

    /// Whether one of its reaches is this one.
    #[must_use]
    pub fn has(&self, wanted: Reach) -> bool {
        self.reaches().any(|reach| reach == wanted)
    }

    /// The role that the caller acts in; none for the public and for what anyone logged in may do.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        self.reaches.iter().find_map(|(role, _)| *role).or_else(|| self.actor()?.roles.first().copied())
    }

    /// Whether the caller is of the house, who see a decision before it is announced (D-403).
    #[must_use]
    pub fn is_insider(&self) -> bool {
        match &self.caller {
            Caller::Public | Caller::Client(_) => false,
            Caller::System => true,
            Caller::User(actor) => {
                actor.roles.iter().any(|role| matches!(role, Role::Office | Role::Approver | Role::Auditor))
            }
        }
    }
}

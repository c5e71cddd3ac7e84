//! 回避: why a person may not score or handle an application, and what of it the system can see by itself (D-603).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::campaign::definition::code_enum;
use crate::error::Refused;
use crate::operation::Operation;
use crate::policy::{Reach, Visibility};
use crate::time::{Day, Instant};
use crate::workflow;
use crate::workflow::recusal::{RecusalFlow, RecusalState};

code_enum! {
    /// Why a person is recused.
    RecusalKind {
        /// The nominee is of the unit at which the person works.
        OwnUnit,
        /// The nominee is of a unit at which the person has worked.
        FormerUnit,
        /// The nominee, or the head of the unit, is a relative.
        Relative,
        /// One is the other's superior.
        Superior,
        /// The person declares another interest.
        DeclaredInterest,
        /// The office lays it upon the person for another reason.
        Manual,
    }
}

/// Who is bound by a recusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// A supervisor, and whoever logs in as them.
    Supervisor(Uuid),
    /// An account of the office or of an approver.
    Account(Uuid),
}

impl Bound {
    /// Whoever has an account: the supervisor that they are, so that it binds them in either part.
    #[must_use]
    pub fn of(user_id: Uuid, supervisor_id: Option<Uuid>) -> Self {
        supervisor_id.map_or(Self::Account(user_id), Self::Supervisor)
    }

    /// The supervisor, if it is one.
    #[must_use]
    pub fn supervisor_id(self) -> Option<Uuid> {
        match self {
            Self::Supervisor(id) => Some(id),
            Self::Account(_) => None,
        }
    }

    /// The account, if it is no supervisor's.
    #[must_use]
    pub fn user_id(self) -> Option<Uuid> {
        match self {
            Self::Supervisor(_) => None,
            Self::Account(id) => Some(id),
        }
    }
}

/// A recusal of one person from one application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recusal {
    /// Its id.
    pub id: Uuid,
    /// The campaign.
    pub campaign_id: Uuid,
    /// The application.
    pub application_id: Uuid,
    /// The supervisor who is recused.
    pub supervisor_id: Option<Uuid>,
    /// The account of the office or of an approver that is recused.
    pub user_id: Option<Uuid>,
    /// What kind it is.
    pub kind: RecusalKind,
    /// Why; empty where the system proposed it, whose kind says all it has seen.
    pub reason: String,
    /// Where it stands.
    pub state: RecusalState,
    /// The account that declared it; none where the system proposed it.
    pub declared_by: Option<Uuid>,
    /// It came after the verification: the sheets stay as they are, and the approver is told (D-602).
    pub after_verification: bool,
    /// Why it was lifted.
    pub lift_reason: Option<String>,
    /// Grows with every change.
    pub version: i64,
    /// When it came to be.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

impl Recusal {
    /// Whether it binds whoever asks.
    #[must_use]
    pub fn is_on(&self, visibility: &Visibility) -> bool {
        let Some(actor) = visibility.actor() else { return false };
        let as_supervisor = self.supervisor_id.is_some() && self.supervisor_id == actor.supervisor_id;
        as_supervisor || self.user_id == Some(actor.user_id)
    }

    /// Whether it is within one of the caller's reaches. The repository's condition for pages says the same in SQL.
    #[must_use]
    pub fn within(&self, visibility: &Visibility) -> bool {
        visibility.has(Reach::All) || (visibility.has(Reach::Own) && self.is_on(visibility))
    }

    /// Whether whoever asks is bound by it and has not declared it: nobody lifts what others laid upon them.
    #[must_use]
    pub fn is_laid_on(&self, visibility: &Visibility) -> bool {
        let declared = visibility.actor().is_some_and(|actor| self.declared_by == Some(actor.user_id));
        self.is_on(visibility) && !declared
    }

    /// This recusal moved along a row of its table.
    ///
    /// # Errors
    /// [`Refused::Illegal`] where the table has no such row.
    pub fn moved(mut self, operation: Operation, now: Instant) -> Result<Self, Refused> {
        self.state = workflow::next::<RecusalFlow>(self.state, operation)?;
        self.version += 1;
        self.updated_at = now;
        Ok(self)
    }
}

/// A unit at which a supervisor has worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormerUnit {
    /// The unit.
    pub unit_id: Uuid,
    /// The last day there.
    pub until: Day,
}

/// A supervisor, as the system looks for what ties them to nominees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The supervisor.
    pub supervisor_id: Uuid,
    /// The unit at which they work.
    pub unit_id: Option<Uuid>,
    /// Units at which they have worked.
    pub former_units: Vec<FormerUnit>,
}

/// What ties supervisors to applications, as far as the system can see it: the unit at which they work, and those that they
/// left within so many years before today. `applications` are pairs of application and unit. Each pair of application and
/// supervisor stands once, the own unit before a former one, in the given order.
#[must_use]
pub fn proposals(
    people: &[Person],
    applications: &[(Uuid, Uuid)],
    years: u32,
    today: Day,
) -> Vec<(Uuid, Uuid, RecusalKind)> {
    let since = today.plus_months(-i64::from(years) * 12);
    let mut found = Vec::new();
    for (application_id, unit_id) in applications {
        for person in people {
            let left_lately = |former: &FormerUnit| former.unit_id == *unit_id && former.until >= since;
            let kind = if person.unit_id == Some(*unit_id) {
                RecusalKind::OwnUnit
            } else if person.former_units.iter().any(left_lately) {
                RecusalKind::FormerUnit
            } else {
                continue;
            };
            found.push((*application_id, person.supervisor_id, kind));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_603_the_system_sees_the_own_unit_and_those_left_within_the_years() {
        let id = Uuid::from_u128;
        let day = |text: &str| text.parse::<Day>().unwrap();
        let person = |number, unit: Option<u128>, former: &[(u128, &str)]| Person {
            supervisor_id: id(number),
            unit_id: unit.map(id),
            former_units: former
                .iter()
                .map(|(unit, until)| FormerUnit { unit_id: id(*unit), until: day(until) })
                .collect(),
        };
        let people = [
            person(1, Some(10), &[(10, "2022-01-01")]),
            person(2, Some(11), &[(10, "2020-01-10")]),
            person(3, None, &[(10, "2020-01-09"), (11, "2022-06-30")]),
        ];
        let applications = [(id(100), id(10)), (id(101), id(11)), (id(102), id(12))];
        let found = proposals(&people, &applications, 3, day("2023-01-10"));
        assert_eq!(
            found,
            [
                (id(100), id(1), RecusalKind::OwnUnit),
                (id(100), id(2), RecusalKind::FormerUnit),
                (id(101), id(2), RecusalKind::OwnUnit),
                (id(101), id(3), RecusalKind::FormerUnit),
            ]
        );
    }
}

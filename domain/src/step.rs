//! A step: what a decision changes. It is the only thing that is recorded (D-401, D-1001).

use serde_json::Value;
use strum::{Display, EnumIter, EnumString, IntoStaticStr};
use uuid::Uuid;

use crate::operation::Operation;
use crate::time::Instant;

/// What a step is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, EnumString, IntoStaticStr, Display)]
#[strum(serialize_all = "snake_case")]
pub enum ObjectKind {
    /// An account.
    User,
    /// A log-in session.
    Session,
    /// A machine client.
    Client,
    /// The audit itself.
    AuditLog,
    /// Long work that somebody asked for.
    Job,
    /// A unit.
    Unit,
    /// A supervisor.
    Supervisor,
    /// A campaign.
    Campaign,
    /// A calendar of working days.
    WorkdayCalendar,
    /// An application.
    Application,
    /// An assignment.
    Assignment,
    /// A site visit.
    SiteVisit,
    /// A score sheet.
    ScoreSheet,
    /// An annual assessment.
    AnnualAssessment,
    /// A duty record.
    DutyRecord,
    /// The ranking of a category.
    Ranking,
    /// A shortlist.
    Shortlist,
    /// A public notice.
    PublicNotice,
    /// An award.
    Award,
    /// A longer time for one unit or for all.
    Extension,
    /// A recusal.
    Recusal,
    /// A thematic activity.
    ThematicActivity,
    /// A category decided without an award.
    NoAward,
    /// A question to a department about a candidate.
    VettingRequest,
    /// A bar on a unit or person.
    Veto,
    /// An objection.
    Objection,
}

/// The id under which something that belongs to a whole year stands in the audit.
#[must_use]
pub fn id_of_year(year: i32) -> Uuid {
    Uuid::from_u128(u128::from(year.unsigned_abs()))
}

/// One member that changed, by JSON pointer. Personal values stand in it as salted digests only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where.
    pub pointer: String,
    /// What it was; null where it was not there.
    pub from: Value,
    /// What it is; null where it is gone.
    pub to: Value,
}

/// Who may learn of a step before the announcement (D-403).
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, EnumString, IntoStaticStr, Display)]
#[strum(serialize_all = "snake_case")]
pub enum Audience {
    /// Whoever may see the object.
    Everyone,
    /// Office, approver and auditor only.
    Insiders,
    /// Those outside the house only: what is made known to them later, under the operation that made it known.
    Outsiders,
}

/// How what was tried has ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter, EnumString, IntoStaticStr, Display)]
#[strum(serialize_all = "snake_case")]
pub enum Outcome {
    /// It was done.
    #[default]
    Done,
    /// Who tried was not who they should have been: a wrong password, a token used twice.
    Failed,
    /// Who tried may not do it.
    Denied,
}

/// One change of one object.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The operation that caused it.
    pub operation: Operation,
    /// What it is about.
    pub object: (ObjectKind, Uuid),
    /// The campaign that it belongs to.
    pub campaign_id: Option<Uuid>,
    /// The state before; none where there was none.
    pub from: Option<&'static str>,
    /// The state after; none where there is none.
    pub to: Option<&'static str>,
    /// When.
    pub at: Instant,
    /// The reason given.
    pub reason: Option<String>,
    /// What else changed.
    pub changed: Vec<Change>,
    /// Who may learn of it.
    pub audience: Audience,
    /// How it ended.
    pub outcome: Outcome,
}

impl Step {
    /// A step of an object, without states.
    #[must_use]
    pub fn of(operation: Operation, kind: ObjectKind, id: Uuid, at: Instant) -> Self {
        Self {
            operation,
            object: (kind, id),
            campaign_id: None,
            from: None,
            to: None,
            at,
            reason: None,
            changed: Vec::new(),
            audience: Audience::Everyone,
            outcome: Outcome::default(),
        }
    }

    /// In a campaign.
    #[must_use]
    pub fn in_campaign(mut self, campaign_id: Uuid) -> Self {
        self.campaign_id = Some(campaign_id);
        self
    }

    /// From a state to a state.
    #[must_use]
    pub fn states<S: Into<&'static str>>(mut self, from: Option<S>, to: Option<S>) -> Self {
        self.from = from.map(Into::into);
        self.to = to.map(Into::into);
        self
    }

    /// With the reason given.
    #[must_use]
    pub fn because(mut self, reason: impl Into<Option<String>>) -> Self {
        self.reason = reason.into();
        self
    }

    /// With one more member that changed.
    #[must_use]
    pub fn changing(mut self, pointer: &str, from: impl Into<Value>, to: impl Into<Value>) -> Self {
        let (from, to) = (from.into(), to.into());
        if from != to {
            self.changed.push(Change { pointer: pointer.to_owned(), from, to });
        }
        self
    }

    /// With all members in which two versions of an object differ, top level by top level.
    #[must_use]
    pub fn difference(mut self, before: &Value, after: &Value) -> Self {
        let empty = serde_json::Map::new();
        let old = before.as_object().unwrap_or(&empty);
        let new = after.as_object().unwrap_or(&empty);
        for name in old.keys().chain(new.keys().filter(|name| !old.contains_key(*name))) {
            let was = old.get(name).cloned().unwrap_or_default();
            let is = new.get(name).cloned().unwrap_or_default();
            let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
            self = self.changing(&pointer, was, is);
        }
        self
    }

    /// With another end than that it was done.
    #[must_use]
    pub fn ending(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }

    /// Known to some only.
    #[must_use]
    pub fn to_audience(mut self, audience: Audience) -> Self {
        self.audience = audience;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_difference_names_what_changed_and_nothing_else() {
        let step = Step::of(Operation::UpdateUnit, ObjectKind::Unit, Uuid::nil(), Instant::default())
            .difference(&json!({"a": 1, "b": 2, "c/d": 3}), &json!({"a": 1, "b": 5, "e": 6}));
        let pointers: Vec<_> = step.changed.iter().map(|change| change.pointer.as_str()).collect();
        assert_eq!(pointers, ["/b", "/c~1d", "/e"]);
    }
}

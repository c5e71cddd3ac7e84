//! 一票否决: a listed bar on a unit or person, for a time (D-703).

use std::collections::BTreeMap;

use serde::Deserialize;
use uuid::Uuid;

use crate::campaign::definition::code_enum;
use crate::error::{ErrorCode, Fault, Refused};
use crate::operation::Operation;
use crate::policy::{Reach, Visibility};
use crate::step::{ObjectKind, Step};
use crate::time::{Day, Instant};
use crate::workflow;
use crate::workflow::veto::{VetoFacts, VetoFlow, VetoState};

code_enum! {
    /// What a veto is about.
    VetoField {
        /// 生态环境.
        Environment,
        /// 安全生产.
        Safety,
        /// 党风廉政.
        Discipline,
        /// 综治维稳.
        PublicOrder,
        /// 信访.
        Petitions,
        /// 失信.
        Credit,
        /// Another bar.
        Other,
    }
}

/// How long vetoes last where nothing else is said: data, field by field, in months.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VetoTerms {
    /// Where the terms come from.
    pub source: String,
    /// Months from the written decision.
    pub months: BTreeMap<VetoField, u32>,
}

impl VetoTerms {
    /// The last day of a veto that was decided on a day; none where the field has no term.
    #[must_use]
    pub fn until(&self, field: VetoField, decided_on: Day) -> Option<Day> {
        self.months.get(&field).map(|months| decided_on.plus_months(i64::from(*months)))
    }
}

/// Who is barred.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Barred {
    /// A unit.
    Unit(Uuid),
    /// A person, by citizen ID.
    Person {
        /// Name.
        name: String,
        /// Citizen ID, masked.
        citizen_id_masked: String,
        /// Blind index of the citizen ID.
        index: Vec<u8>,
        /// The citizen ID, sealed.
        personal: Vec<u8>,
    },
}

/// A veto.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Veto {
    /// Its id.
    pub id: Uuid,
    /// Who is barred.
    pub barred: Barred,
    /// What it is about.
    pub field: VetoField,
    /// The department that supplied it and alone may lift it; none where the office did.
    pub department_id: Option<Uuid>,
    /// The written decision.
    pub document: String,
    /// What it rests on.
    pub basis: String,
    /// The day of the written decision.
    pub decided_on: Day,
    /// Its last day, until 24:00.
    pub until: Day,
    /// Whether it was lifted.
    pub state: VetoState,
    /// Why it was lifted.
    pub lift_reason: Option<String>,
    /// Grows with every change.
    pub version: i64,
    /// When it was recorded.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

/// What is wrong with the days of a veto that is recorded now: it was decided before, and is over after it was decided.
#[must_use]
pub fn day_faults(decided_on: Day, until: Day, now: Instant) -> Vec<Fault> {
    let mut faults = Vec::new();
    if decided_on > now.day() {
        faults.push(Fault::at("/decided_on", ErrorCode::NotInThePast));
    }
    if until < decided_on {
        faults.push(Fault::at("/until", ErrorCode::Invalid));
    }
    faults
}

impl Veto {
    /// Whether it bars now: recorded, not lifted, and its last day is not over.
    #[must_use]
    pub fn in_force(&self, now: Instant) -> bool {
        self.state == VetoState::Recorded && now < self.until.end()
    }

    /// This veto lifted, with the step that says so.
    ///
    /// # Errors
    /// [`Refused::Illegal`] where it is lifted already.
    pub fn lifted(mut self, reason: String, now: Instant) -> Result<(Self, Step), Refused> {
        let operation = Operation::LiftVeto;
        let from = self.state;
        self.state = workflow::next::<VetoFlow>(from, operation)?;
        self.lift_reason = Some(reason);
        self.version += 1;
        self.updated_at = now;
        let step = Step::of(operation, ObjectKind::Veto, self.id, now)
            .states(Some(from), Some(self.state))
            .because(self.lift_reason.clone());
        Ok((self, step))
    }

    /// What the guards ask of whoever wants to lift it.
    #[must_use]
    pub fn facts(&self, visibility: &Visibility) -> VetoFacts {
        VetoFacts { supplies: true, supplier: self.is_supplied_by(visibility) }
    }

    /// Whether whoever asks acts for the department that supplied it, or for the office where none did.
    #[must_use]
    pub fn is_supplied_by(&self, visibility: &Visibility) -> bool {
        match self.department_id {
            Some(department) => visibility.actor().and_then(|actor| actor.unit_id) == Some(department),
            None => visibility.has(Reach::All),
        }
    }

    /// Whether it is within one of the caller's reaches. The repository's condition for pages says the same in SQL.
    #[must_use]
    pub fn within(&self, visibility: &Visibility) -> bool {
        let own = self.department_id.is_some() && self.is_supplied_by(visibility);
        visibility.has(Reach::All) || (visibility.has(Reach::Own) && own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_703_a_veto_bars_until_its_last_day_is_over_and_not_once_it_is_lifted() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let mut veto = Veto {
            id: Uuid::nil(),
            barred: Barred::Unit(Uuid::nil()),
            field: VetoField::Safety,
            department_id: None,
            document: "决定书".into(),
            basis: "责任事故".into(),
            decided_on: day("2022-03-15"),
            until: day("2023-03-15"),
            state: VetoState::Recorded,
            lift_reason: None,
            version: 1,
            created_at: Instant::default(),
            updated_at: Instant::default(),
        };
        let end = day("2023-03-15").end();
        assert!(veto.in_force(end.plus_millis(-1)));
        assert!(!veto.in_force(end));
        veto.state = VetoState::Lifted;
        assert!(!veto.in_force(end.plus_millis(-1)));
    }

    #[test]
    fn d_703_terms_are_data_a_year_for_environment_and_safety_and_two_for_others() {
        let terms: VetoTerms =
            serde_json::from_str(include_str!("../../../campaigns/veto-terms.json")).unwrap();
        let decided: Day = "2022-03-15".parse().unwrap();
        for field in <VetoField as strum::IntoEnumIterator>::iter() {
            let year = matches!(field, VetoField::Environment | VetoField::Safety);
            let until = terms.until(field, decided).map(|day| day.to_string());
            assert_eq!(until.as_deref(), Some(if year { "2023-03-15" } else { "2024-03-15" }), "{field}");
        }
    }
}

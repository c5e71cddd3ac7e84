//! The county: its units, its supervisors, the annual assessments of its units.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::campaign::definition::{Definition, TieBreak, UnitKind};
use crate::error::{ErrorCode, Fault};
use crate::geography::Place;
use crate::identifiers::{check_sent_citizen_id, is_masked};
use crate::policy::{Reach, Visibility};
use crate::review::scoring::Figure;
use crate::time::{Day, Instant};
use crate::verification::recusal::FormerUnit;

impl UnitKind {
    /// Whether it is a department of the county or stationed in it: those that vouch for others and bar them (D-702, D-703).
    #[must_use]
    pub fn is_department(self) -> bool {
        matches!(self, Self::Department | Self::CountyDirect)
    }
}

/// 单位: an organisation that declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its id.
    pub id: Uuid,
    /// 统一社会信用代码, GB 32100.
    pub code: String,
    /// What kind of unit it is.
    pub kind: UnitKind,
    /// Full name.
    pub name: String,
    /// Short name.
    pub short_name: String,
    /// Whether it still exists and may declare.
    pub active: bool,
    /// Where it is.
    pub place: Place,
    /// Grows with every change.
    pub version: i64,
    /// When it was entered.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

/// 监督员: who verifies on site and scores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supervisor {
    /// Their id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// The unit at which they work; their own unit is never theirs to score.
    pub unit_id: Option<Uuid>,
    /// Units at which they have worked (D-603).
    pub former_units: Vec<FormerUnit>,
    /// Their post there.
    pub post: Option<String>,
    /// Citizen ID, masked.
    pub citizen_id_masked: String,
    /// Telephone, masked.
    pub phone_masked: String,
    /// Blind index of the citizen ID.
    pub citizen_index: Vec<u8>,
    /// The personal values, sealed.
    pub personal: Vec<u8>,
    /// Whether they are a leading cadre.
    pub is_leading_cadre: bool,
    /// Whether they work at the front line.
    pub front_line: bool,
    /// The first day of their term.
    pub appointed_from: Day,
    /// The last day of their term; none while it is open.
    pub appointed_until: Option<Day>,
    /// Grows with every change.
    pub version: i64,
    /// When they were entered.
    pub created_at: Instant,
    /// When the record last changed.
    pub updated_at: Instant,
}

/// The personal values of a supervisor, as they are sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupervisorPersonal {
    /// Citizen ID, GB 11643.
    pub citizen_id: String,
    /// Telephone.
    pub phone: String,
}

impl SupervisorPersonal {
    /// Everything that is wrong with them: masks sent back, a wrong check digit, a birth to come, what is no telephone number.
    #[must_use]
    pub fn faults(&self, today: Day) -> Vec<Fault> {
        let citizen_id = check_sent_citizen_id(&self.citizen_id, today);
        let dials = |character: char| character.is_ascii_digit() || matches!(character, '-' | '+' | ' ');
        let digits = self.phone.chars().filter(char::is_ascii_digit).count();
        let phone = match &self.phone {
            masked if is_masked(masked) => Err(ErrorCode::MaskedValue),
            phone if phone.chars().all(dials) && digits >= 7 => Ok(()),
            _ => Err(ErrorCode::WrongFormat),
        };
        let checked = [("/citizen_id", citizen_id), ("/phone", phone)];
        checked
            .into_iter()
            .filter_map(|(pointer, checked)| Some(Fault::at(pointer, checked.err()?)))
            .collect()
    }
}

impl Supervisor {
    /// Whether they are in office on a day (D-805).
    #[must_use]
    pub fn in_office(&self, day: Day) -> bool {
        self.appointed_from <= day && self.appointed_until.is_none_or(|until| day <= until)
    }

    /// Whether the record is within one of the caller's reaches.
    #[must_use]
    pub fn within(&self, visibility: &Visibility) -> bool {
        let own = visibility.actor().and_then(|actor| actor.supervisor_id) == Some(self.id);
        visibility.reaches().any(|reach| match reach {
            Reach::All | Reach::Names => true,
            Reach::Own => own,
            Reach::Assigned | Reach::Declared | Reach::Entered | Reach::Published => false,
        })
    }
}

/// 年度考评: a unit's yearly appraisal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnualAssessment {
    /// The year appraised.
    pub year: i32,
    /// The unit.
    pub unit_id: Uuid,
    /// 0 to 100; none where the unit was not assessed.
    pub score: Option<Figure>,
    /// Why it was not assessed.
    pub not_assessed_reason: Option<String>,
    /// Grows with every change.
    pub version: i64,
    /// When it last changed.
    pub updated_at: Instant,
}

impl AnnualAssessment {
    /// Everything that is wrong with it: it has a score, or a reason why there is none (D-607).
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        match (self.score, &self.not_assessed_reason) {
            (Some(_), None) | (None, Some(_)) => vec![],
            (Some(_), Some(_)) => vec![Fault::at("/not_assessed_reason", ErrorCode::Invalid)],
            (None, None) => vec![Fault::at("/score", ErrorCode::Required)],
        }
    }

    /// Whether a category of a definition is ranked by it: blended in, or to tell equals apart.
    #[must_use]
    pub fn counts_in(&self, definition: &Definition, category_code: &str) -> bool {
        let category = definition.category(category_code);
        definition.assessment_year.value == self.year
            && category.is_some_and(|category| {
                category.blend.value.assessment > 0
                    || category.tie_break.value.contains(&TieBreak::AnnualAssessment)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn personal(citizen_id: &str, phone: &str) -> Vec<ErrorCode> {
        let personal = SupervisorPersonal { citizen_id: citizen_id.into(), phone: phone.into() };
        personal.faults(Day::of(2022, 11, 7).unwrap()).into_iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn d_904_masks_sent_back_and_wrong_numbers_are_told_apart() {
        assert_eq!(personal("11010519491231002X", "0797-5322100"), []);
        assert_eq!(personal("110***********002X", "138****5678"), [ErrorCode::MaskedValue; 2]);
        let wrong = [ErrorCode::InvalidCheckDigit, ErrorCode::WrongFormat];
        assert_eq!(personal("110105194912310021", "none"), wrong);
    }

    #[test]
    fn d_607_a_unit_is_assessed_or_it_is_said_why_not() {
        let assessed = |score: Option<i64>, reason: Option<&str>| {
            let score = score.and_then(Figure::from_hundredths);
            let reason = reason.map(str::to_owned);
            let assessment = AnnualAssessment {
                year: 2022,
                unit_id: Uuid::nil(),
                score,
                not_assessed_reason: reason,
                version: 1,
                updated_at: Instant::default(),
            };
            assessment.faults().len()
        };
        assert_eq!([assessed(Some(9000), None), assessed(None, Some("驻县单位"))], [0, 0]);
        assert_eq!([assessed(None, None), assessed(Some(9000), Some("驻县单位"))], [1, 1]);
    }
}

//! The county that the tests play in: its units as the campaign folder has them, and people who are invented.

use std::sync::LazyLock;

use pingxuan_domain::identifiers::{citizen_id_check_digit, credit_code_check_digit};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// The county of the 2022 notice.
pub static COUNTY: LazyLock<County> = LazyLock::new(|| {
    let text = include_str!("../../campaigns/xingguo-2022.units.json");
    serde_json::from_str(text).expect("the county's units")
});

/// A county and its units.
#[derive(Debug, Deserialize)]
pub struct County {
    region_code: String,
    units: Vec<Unit>,
}

/// A unit, as the list has it.
#[derive(Debug, Deserialize)]
pub struct Unit {
    /// What kind of unit it is.
    pub kind: String,
    /// Full name.
    pub name: String,
    /// Short name.
    pub short_name: String,
}

impl County {
    /// Its units.
    #[must_use]
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The short names of the units of a kind.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = &str> {
        self.units.iter().filter(move |unit| unit.kind == kind).map(|unit| unit.short_name.as_str())
    }

    /// A unit as the office enters it.
    #[must_use]
    pub fn unit(&self, short_name: &str) -> Value {
        let number = number(short_name);
        let unit = self.units.get(number).expect("a unit of the county");
        json!({
            "code": self.code(number), "kind": unit.kind, "name": unit.name, "short_name": unit.short_name,
        })
    }

    /// The full name of a unit.
    #[must_use]
    pub fn full_name(&self, short_name: &str) -> &str {
        &self.units.get(number(short_name)).expect("a unit of the county").name
    }

    /// A credit code with a valid check digit; each number has its own.
    #[must_use]
    pub fn code(&self, number: usize) -> String {
        let body = format!("11{}MB{number:07}", self.region_code);
        let check = credit_code_check_digit(&body).expect("17 characters of the alphabet");
        format!("{body}{check}")
    }

    /// A citizen ID with a valid check digit; each number below a million has its own.
    #[must_use]
    pub fn citizen_id(&self, number: usize) -> String {
        let (year, day, order) = (1960 + number / 28_000, number / 1000 % 28 + 1, number % 1000);
        let body = format!("{}{year:04}06{day:02}{order:03}", self.region_code);
        let check = citizen_id_check_digit(&body).expect("17 digits");
        format!("{body}{check}")
    }

    /// A supervisor as the office enters them.
    #[must_use]
    pub fn supervisor(&self, name: &str, number: usize, unit_id: Option<Uuid>) -> Value {
        let mut record = json!({
            "name": name, "citizen_id": self.citizen_id(900_000 + number), "phone": format!("138{number:08}"),
            "is_leading_cadre": false, "front_line": true, "appointed_from": "2022-01-01",
        });
        if let (Some(id), Some(members)) = (unit_id, record.as_object_mut()) {
            members.insert("unit_id".into(), json!(id));
        }
        record
    }
}

/// The place of a unit in the county's list.
#[must_use]
pub fn number(short_name: &str) -> usize {
    let found = COUNTY.units.iter().position(|unit| unit.short_name == short_name);
    found.unwrap_or_else(|| panic!("{short_name} is no unit of the county"))
}

/// A name in the characters of a username.
#[must_use]
pub fn ascii(name: &str) -> String {
    name.chars().map(|character| format!("{:x}", u32::from(character))).collect::<Vec<_>>().join("-")
}

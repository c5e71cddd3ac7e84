//! Units, supervisors and accounts of the demonstration are entered.

use std::rc::Rc;

use pingxuan_domain::account::User;
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::workflow::account::AccountState;
use pingxuan_domain::{Operation, Role};
use pingxuan_persistence::accounts;
use serde_json::{Value, json};
use uuid::Uuid;

use super::county::{self, COUNTY, CountyUnit, Invented, STAFF, citizen_id, phone};
use super::{DemoAccount, PASSWORD};
use crate::identity::users::audited;
use crate::problem::Failure;
use crate::rehearsal::RehearsalError;
use crate::rehearsal::people::{Person, Stage};
use crate::running::bootstrap::journal_of_start;

/// The supervisors' citizen IDs follow those of nominees, of whom there are fewer than this.
const FIRST_SUPERVISOR: usize = 3000;

/// A unit that was entered.
#[derive(Clone, Debug)]
pub struct EnteredUnit {
    /// Its id.
    pub id: Uuid,
    /// Its 统一社会信用代码.
    pub code: String,
    /// What kind of unit it is.
    pub kind: pingxuan_domain::campaign::definition::UnitKind,
    /// Full name.
    pub name: String,
    /// Short name.
    pub short_name: String,
    /// What its account logs in with.
    pub username: String,
}

/// A supervisor who was entered.
#[derive(Clone, Debug)]
pub struct EnteredSupervisor {
    /// The id.
    pub id: Uuid,
    /// What is invented of them.
    pub invented: Invented,
    /// Their citizen ID.
    pub citizen_id: String,
    /// What their account logs in with.
    pub username: String,
}

/// The county as it was entered.
#[derive(Clone, Debug)]
pub struct Entered {
    /// Its units.
    pub units: Vec<EnteredUnit>,
    /// Its supervisors.
    pub supervisors: Vec<EnteredSupervisor>,
    /// All accounts.
    pub accounts: Vec<DemoAccount>,
}

/// Enters staff, units and supervisors of a county of so many units, each with an account: units and supervisors as the office does, through HTTP, and the
/// accounts as the first one is, since nobody could log in with seventy one-time passwords.
///
/// # Errors
/// [`RehearsalError`] where a request is refused or the database is away.
pub async fn enter(stage: &Rc<Stage>, wanted: usize) -> Result<Entered, RehearsalError> {
    // Argon2id takes its time, once for each hash. All accounts have the same password, which is printed anyway, so they share
    // one hash; a salt of its own for each would protect nothing.
    let hash = stage.app.passwords.hash(PASSWORD.to_owned()).await?;
    let staff: Vec<User> = STAFF.iter().filter_map(|row| staff(stage, row, &hash)).collect();
    enter_accounts(stage, &staff).await?;
    let office = Person::of(stage, "office-01");
    let units = units(&office, wanted).await?;
    let supervisors = supervisors(&office, &units).await?;
    let others: Vec<User> = units
        .iter()
        .map(|unit| User {
            unit_id: Some(unit.id),
            ..user(stage, &unit.username, &unit.name, Role::Unit, &hash)
        })
        .chain(supervisors.iter().map(|supervisor| {
            let name = &supervisor.invented.name;
            let user = user(stage, &supervisor.username, name, Role::Supervisor, &hash);
            User { supervisor_id: Some(supervisor.id), ..user }
        }))
        .collect();
    enter_accounts(stage, &others).await?;
    let accounts = staff.iter().chain(&others).map(|user| account(user, &units)).collect();
    Ok(Entered { units, supervisors, accounts })
}

fn staff(stage: &Stage, (username, name, role): &(&str, &str, &str), hash: &str) -> Option<User> {
    Some(user(stage, username, name, role.parse().ok()?, hash))
}

fn user(stage: &Stage, username: &str, name: &str, role: Role, hash: &str) -> User {
    let now = stage.app.clock.now();
    User {
        id: stage.app.clock.new_id(),
        username: username.to_owned(),
        display_name: name.to_owned(),
        password_hash: hash.to_owned(),
        must_change_password: false,
        password_set_at: now,
        second_factor: false,
        roles: vec![role],
        unit_id: None,
        supervisor_id: None,
        state: AccountState::Active,
        valid_until: None,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

async fn enter_accounts(stage: &Stage, users: &[User]) -> Result<(), Failure> {
    let journal = journal_of_start(&stage.app.clock, Operation::CreateUser);
    stage
        .app
        .db
        .in_tx(async |tx| {
            for user in users {
                let step = Step::of(Operation::CreateUser, ObjectKind::User, user.id, user.created_at)
                    .states(None, Some(user.state))
                    .difference(&Value::Null, &audited(user));
                accounts::insert(tx, &journal, user, step).await?;
            }
            Ok(())
        })
        .await
}

fn account(user: &User, units: &[EnteredUnit]) -> DemoAccount {
    let unit = units.iter().find(|unit| Some(unit.id) == user.unit_id);
    DemoAccount {
        username: user.username.clone(),
        password: PASSWORD.to_owned(),
        roles: user.roles.iter().map(ToString::to_string).collect(),
        unit: unit.map(|unit| unit.short_name.clone()),
    }
}

async fn units(office: &Person, wanted: usize) -> Result<Vec<EnteredUnit>, RehearsalError> {
    let county =
        COUNTY.as_ref().ok_or_else(|| Failure::Internal("the county's units cannot be read".into()))?;
    let mut entered = Vec::with_capacity(wanted);
    for (number, unit) in county.grown_to(wanted).into_iter().enumerate() {
        let CountyUnit { kind, name, short_name } = &unit;
        let code = county.credit_code(number);
        let (latitude, longitude, district) = county::place(number);
        let body = json!({
            "code": code, "kind": kind, "name": name, "short_name": short_name, "latitude": latitude,
            "longitude": longitude, "district": district,
        });
        entered.push(EnteredUnit {
            id: office.post("/units").json(body).expect(201).await?.id()?,
            username: unit.username(number),
            code,
            kind: unit.kind,
            name: unit.name,
            short_name: unit.short_name,
        });
    }
    Ok(entered)
}

async fn supervisors(
    office: &Person,
    units: &[EnteredUnit],
) -> Result<Vec<EnteredSupervisor>, RehearsalError> {
    let mut entered = Vec::new();
    for (number, invented) in county::supervisors(units.len()).into_iter().enumerate() {
        let citizen_id = citizen_id(FIRST_SUPERVISOR + number);
        let mut body = json!({
            "name": invented.name, "post": invented.post, "citizen_id": citizen_id,
            "phone": phone(FIRST_SUPERVISOR + number), "is_leading_cadre": invented.leading,
            "front_line": invented.front_line, "appointed_from": "2022-01-01", "appointed_until": "2024-12-31",
        });
        let unit = units.iter().find(|unit| Some(unit.short_name.as_str()) == invented.unit);
        if let (Some(unit), Some(members)) = (unit, body.as_object_mut()) {
            members.insert("unit_id".into(), json!(unit.id));
        }
        let id = office.post("/supervisors").json(body).expect(201).await?.id()?;
        entered.push(EnteredSupervisor {
            id,
            invented,
            citizen_id,
            username: format!("supervisor-{:02}", number + 1),
        });
    }
    Ok(entered)
}

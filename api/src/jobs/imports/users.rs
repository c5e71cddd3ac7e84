//! Accounts read in, each with a one-time password, which stands in the report alone.

use std::collections::HashSet;

use pingxuan_documents::sheets::{Beside, Column, ColumnKind};
use pingxuan_domain::account::{User, role_faults};
use pingxuan_domain::{ErrorCode, Fault, Operation, Role};
use pingxuan_persistence::{Tx, accounts, supervisors};
use serde_json::{Value, json};
use strum::IntoEnumIterator;
use uuid::Uuid;

use super::Found;
use super::rows::{bodies_of, column, sent, text};
use crate::call::Call;
use crate::catalogue::{self, Language, label};
use crate::identity::passwords::one_time_password;
use crate::identity::users::{UserIn, entering};
use crate::jobs::work::Work;
use crate::problem::Failure;
use crate::running::bootstrap::new_user;
use crate::secret::Secret;

/// Accounts that are right, each with its one-time password.
pub type Users = Vec<(User, Secret)>;

/// The columns.
#[must_use]
pub fn columns() -> Vec<Column> {
    vec![
        column("username", ColumnKind::Text { most: 64 }, (20, true)),
        column("display_name", ColumnKind::Text { most: 100 }, (24, true)),
        column("roles", ColumnKind::Text { most: 200 }, (24, true)),
        column("unit_code", ColumnKind::Text { most: 18 }, (24, false)),
        column("supervisor_id", ColumnKind::Text { most: 36 }, (38, false)),
        column("valid_until", ColumnKind::Day, (14, false)),
    ]
}

pub(super) async fn check(work: &Work, call: &Call, found: &mut Found) -> Result<Users, Failure> {
    let (bodies, known) = bodies_of(call, found, &columns()).await?;
    let mut right: Vec<(u32, UserIn)> = Vec::new();
    for (row, mut body) in bodies {
        let mut unknown = None;
        if let Some(Value::String(code)) = body.remove("unit_code") {
            match known.get(&code) {
                Some(id) => drop(body.insert("unit_id".into(), json!(id))),
                None => unknown = Some(Fault::at("/unit_id", ErrorCode::UnknownReference)),
            }
        }
        body.insert("roles".into(), json!(roles(text(&body, "roles").unwrap_or_default())));
        match sent::<UserIn>(call, Operation::CreateUser, body)? {
            Err(faults) => found.wrong(row, faults),
            Ok(user) if unknown.is_none() => {
                found.wrong(row, role_faults(&user.roles, user.unit_id, user.supervisor_id));
                right.push((row, user));
            }
            Ok(_) => {}
        }
        found.wrong(row, unknown);
    }
    taken(call, found, &right).await?;
    let mut entered = Vec::new();
    let all = u64::try_from(right.len()).unwrap_or(u64::MAX);
    for (done, (row, user)) in (0..).zip(right) {
        if found.is_right(row) {
            let password = one_time_password()?;
            let mut made =
                new_user(&call.app, &user.username, &user.display_name, user.roles, &password).await?;
            (made.unit_id, made.supervisor_id) = (user.unit_id, user.supervisor_id);
            made.valid_until = user.valid_until;
            entered.push((made, password.into()));
        }
        work.tell((done, all), (30, 70));
    }
    Ok(entered)
}

/// Usernames and supervisors that stand twice, or are another account's, and supervisors that are not there.
async fn taken(call: &Call, found: &mut Found, users: &[(u32, UserIn)]) -> Result<(), Failure> {
    let read = call.app.db.read();
    let usernames: Vec<&str> = users.iter().map(|(_, user)| user.username.as_str()).collect();
    let named: Vec<Uuid> = users.iter().filter_map(|(_, user)| user.supervisor_id).collect();
    let reaching = call.visibility_of(Operation::GetSupervisor);
    let reaching = reaching.ok_or_else(|| Failure::of(ErrorCode::RoleNotPermitted))?;
    let there = supervisors::among(read, &reaching, &named).await?;
    let there: HashSet<Uuid> = there.into_iter().map(|supervisor| supervisor.id).collect();
    let others = accounts::among(read, &call.visibility, &usernames, &named).await?;
    let mut names: HashSet<&str> = HashSet::new();
    let mut persons: HashSet<Uuid> = HashSet::new();
    for (row, user) in users {
        if others.iter().any(|(username, _)| *username == user.username) {
            found.wrong(*row, [Fault::at("/username", ErrorCode::UsernameTaken)]);
        }
        if !names.insert(&user.username) {
            found.wrong(*row, [Fault::at("/username", ErrorCode::Duplicate)]);
        }
        let Some(id) = user.supervisor_id else { continue };
        let at = |code| [Fault::at("/supervisor_id", code)];
        if !there.contains(&id) {
            found.wrong(*row, at(ErrorCode::UnknownReference));
        }
        if !persons.insert(id) || others.iter().any(|(_, of)| *of == Some(id)) {
            found.wrong(*row, at(ErrorCode::Duplicate));
        }
    }
    Ok(())
}

/// The roles that a cell names, by code or by name; what is none stays as it is, to be refused.
fn roles(cell: &str) -> Vec<String> {
    let parts =
        cell.split(['、', ',', '，', ';', '；', ' ', '/']).map(str::trim).filter(|part| !part.is_empty());
    let code = |part: &str| {
        let says = |role: &Role| {
            let said = |language| label(language, "role", (*role).into());
            Language::ALL.into_iter().any(|language| said(language).eq_ignore_ascii_case(part))
        };
        Role::iter().find(says).map_or_else(|| part.to_owned(), |role| role.to_string())
    };
    parts.map(code).collect()
}

pub(super) async fn enter(tx: &Tx, call: &Call, entries: &Users) -> Result<(), Failure> {
    let users: Vec<User> = entries.iter().map(|(user, _)| user.clone()).collect();
    let steps: Vec<_> = users.iter().map(|user| entering(user, call.now)).collect();
    Ok(accounts::insert_many(tx, &call.journal(), &users, &steps).await?)
}

/// The sheet that says each account's one-time password.
#[must_use]
pub fn passwords(language: Language, users: &Users) -> Beside {
    let said = |key: &str| catalogue::text(language, key).unwrap_or_default();
    let row = |(user, password): &(User, Secret)| {
        vec![user.username.clone(), user.display_name.clone(), password.expose().to_owned()]
    };
    Beside {
        name: said("column-password"),
        headings: ["column-username", "column-display_name", "column-password"].map(said).into(),
        rows: users.iter().map(row).collect(),
    }
}

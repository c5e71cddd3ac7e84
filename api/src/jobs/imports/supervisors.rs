//! Supervisors read in; citizen ID and telephone are sealed as they are entered (D-904).

use std::collections::HashSet;

use pingxuan_documents::sheets::{Column, ColumnKind};
use pingxuan_domain::county::Supervisor;
use pingxuan_domain::step::Step;
use pingxuan_domain::{ErrorCode, Fault, Operation};
use pingxuan_persistence::{Tx, supervisors};
use serde_json::{Value, json};

use super::Found;
use super::rows::{bodies_of, column, sent};
use crate::call::Call;
use crate::county::supervisors::{SupervisorIn, entering};
use crate::problem::Failure;

/// Supervisors that are right, each with what is written down of it.
pub type Supervisors = Vec<(Supervisor, Step)>;

/// The columns.
#[must_use]
pub fn columns() -> Vec<Column> {
    vec![
        column("person_name", ColumnKind::Text { most: 50 }, (12, true)),
        column("unit_code", ColumnKind::Text { most: 18 }, (24, false)),
        column("post", ColumnKind::Text { most: 100 }, (20, false)),
        column("citizen_id", ColumnKind::Text { most: 18 }, (24, true)),
        column("phone", ColumnKind::Text { most: 30 }, (18, true)),
        column("is_leading_cadre", ColumnKind::Boolean, (12, false)),
        column("front_line", ColumnKind::Boolean, (12, false)),
        column("appointed_from", ColumnKind::Day, (14, true)),
        column("appointed_until", ColumnKind::Day, (14, false)),
    ]
}

pub(super) async fn check(call: &Call, found: &mut Found) -> Result<Supervisors, Failure> {
    let read = call.app.db.read();
    let (bodies, known) = bodies_of(call, found, &columns()).await?;
    let mut right: Vec<(u32, SupervisorIn, Vec<u8>)> = Vec::new();
    let mut indexes: HashSet<Vec<u8>> = HashSet::new();
    for (row, mut body) in bodies {
        if let Some(Value::String(code)) = body.remove("unit_code") {
            match known.get(&code) {
                Some(id) => drop(body.insert("unit_id".into(), json!(id))),
                None => found.wrong(row, [Fault::at("/unit_id", ErrorCode::UnknownReference)]),
            }
        }
        match sent::<SupervisorIn>(call, Operation::CreateSupervisor, body)? {
            Err(faults) => found.wrong(row, faults),
            Ok(supervisor) => {
                found.wrong(row, supervisor.faults(call.now.day()));
                let index = call.vault().index("citizen_id", supervisor.citizen_id());
                if !indexes.insert(index.clone()) {
                    found.wrong(row, [Fault::at("/citizen_id", ErrorCode::Duplicate)]);
                }
                right.push((row, supervisor, index));
            }
        }
    }
    let asked: Vec<Vec<u8>> = indexes.into_iter().collect();
    let standing: HashSet<Vec<u8>> =
        supervisors::indexes_among(read, &call.visibility, &asked).await?.into_iter().collect();
    let mut entered = Vec::new();
    for (row, supervisor, index) in right {
        if standing.contains(&index) {
            found.wrong(row, [Fault::at("/citizen_id", ErrorCode::CitizenIdTaken)]);
        }
        if found.is_right(row) {
            let made = supervisor.supervisor(call.vault(), call.app.clock.new_id(), call.now)?;
            let step = entering(call.vault(), &made, &supervisor);
            entered.push((made, step));
        }
    }
    Ok(entered)
}

pub(super) async fn enter(tx: &Tx, call: &Call, entries: &Supervisors) -> Result<(), Failure> {
    let (supervisors, steps): (Vec<_>, Vec<_>) = entries.iter().cloned().unzip();
    Ok(supervisors::insert_many(tx, &call.journal(), &supervisors, &steps).await?)
}

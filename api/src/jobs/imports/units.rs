//! Units read in.

use std::collections::HashSet;

use pingxuan_documents::sheets::{Column, ColumnKind};
use pingxuan_domain::county::Unit;
use pingxuan_domain::{ErrorCode, Fault, Operation};
use pingxuan_persistence::{Tx, units};
use serde_json::{Map, Value};

use super::Found;
use super::rows::{body, column, sent, text};
use crate::call::Call;
use crate::county::units::{UnitIn, entering};
use crate::jobs::columns::choices;
use crate::problem::Failure;

/// Units that are right.
pub type Units = Vec<Unit>;

/// The columns.
#[must_use]
pub fn columns() -> Vec<Column> {
    vec![
        column("code", ColumnKind::Text { most: 18 }, (24, true)),
        column("unit_kind", choices("unit_kind"), (16, true)),
        column("name", ColumnKind::Text { most: 100 }, (36, true)),
        column("short_name", ColumnKind::Text { most: 50 }, (20, true)),
        column("active", ColumnKind::Boolean, (10, false)),
        column("latitude", ColumnKind::Decimal { places: 6 }, (12, false)),
        column("longitude", ColumnKind::Decimal { places: 6 }, (12, false)),
        column("district", ColumnKind::Text { most: 50 }, (16, false)),
    ]
}

/// A row whose coordinates are numbers; figures are texts elsewhere.
fn located(mut body: Map<String, Value>) -> Map<String, Value> {
    for name in ["latitude", "longitude"] {
        if let Some(degrees) = text(&body, name).and_then(|text| text.parse::<f64>().ok()) {
            body.insert(name.to_owned(), degrees.into());
        }
    }
    body
}

pub(super) async fn check(call: &Call, found: &mut Found) -> Result<Units, Failure> {
    let columns = columns();
    let (mut right, mut codes): (Vec<(u32, UnitIn)>, HashSet<String>) = (Vec::new(), HashSet::new());
    for row in found.table.rows.clone() {
        match sent::<UnitIn>(call, Operation::CreateUnit, located(body(&columns, &row)))? {
            Err(faults) => found.wrong(row.number, faults),
            Ok(unit) => {
                found.wrong(row.number, unit.faults());
                if !codes.insert(unit.code().to_owned()) {
                    found.wrong(row.number, [Fault::at("/code", ErrorCode::Duplicate)]);
                }
                right.push((row.number, unit));
            }
        }
    }
    let asked: Vec<&str> = codes.iter().map(String::as_str).collect();
    let known = units::among(call.app.db.read(), &call.visibility, &[], &asked).await?;
    let known: HashSet<&str> = known.iter().map(|unit| unit.code.as_str()).collect();
    let mut entered = Vec::new();
    for (row, unit) in right {
        if known.contains(unit.code()) {
            found.wrong(row, [Fault::at("/code", ErrorCode::UnitCodeTaken)]);
        }
        if found.is_right(row) {
            entered.push(unit.unit(call.app.clock.new_id(), call.now));
        }
    }
    Ok(entered)
}

pub(super) async fn enter(tx: &Tx, call: &Call, entries: &Units) -> Result<(), Failure> {
    let steps: Vec<_> = entries.iter().map(entering).collect();
    Ok(units::insert_many(tx, &call.journal(), entries, &steps).await?)
}

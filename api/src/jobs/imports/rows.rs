//! Rows as the bodies of the operations that enter them one by one.

use std::collections::HashMap;

use pingxuan_documents::sheets::{Cell, Column, ColumnKind, Row};
use pingxuan_domain::{Fault, Operation, Refused};
use pingxuan_persistence::units;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::Found;
use crate::call::{Call, decode};
use crate::jobs::columns::titled;
use crate::problem::Failure;

/// Rows as bodies, each with its number.
pub type Bodies = Vec<(u32, Map<String, Value>)>;

/// A column: the member that it is of, the key of its title where that is another, and whether it must be filled in.
#[must_use]
pub fn column(key: &str, kind: ColumnKind, (width, required): (u16, bool)) -> Column {
    Column { required, ..titled(key, kind, width) }
}

/// The member of a body that a column is.
#[must_use]
pub fn member(column: &Column) -> &str {
    match column.key.as_str() {
        "unit_kind" => "kind",
        "person_name" => "name",
        "assessment_score" => "score",
        key => key,
    }
}

/// A row as a body; empty cells are left out.
#[must_use]
pub fn body(columns: &[Column], row: &Row) -> Map<String, Value> {
    let value =
        |(column, cell): (&Column, &Cell)| Some((member(column).to_owned(), value(cell, &column.kind)?));
    columns.iter().zip(&row.cells).filter_map(value).collect()
}

/// The rows as bodies, each with its number, and the units that they name by code.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn bodies_of(
    call: &Call,
    found: &Found,
    columns: &[Column],
) -> Result<(Bodies, HashMap<String, Uuid>), Failure> {
    let bodies: Bodies = found.table.rows.iter().map(|row| (row.number, body(columns, row))).collect();
    let codes: Vec<&str> = bodies.iter().filter_map(|(_, body)| text(body, "unit_code")).collect();
    let known = units::among(call.app.db.read(), &call.visibility, &[], &codes).await?;
    Ok((bodies, known.into_iter().map(|unit| (unit.code, unit.id)).collect()))
}

fn value(cell: &Cell, kind: &ColumnKind) -> Option<Value> {
    Some(match cell {
        Cell::Empty => return None,
        Cell::Text(text) | Cell::Choice(text) => text.clone().into(),
        Cell::Integer(number) => (*number).into(),
        Cell::Decimal(number) => {
            let places = if let ColumnKind::Decimal { places } = kind { *places } else { 0 };
            format!("{number:.*}", usize::try_from(places).unwrap_or_default()).into()
        }
        Cell::Day(day) => day.to_string().into(),
        Cell::Instant(instant) => instant.to_string().into(),
        Cell::Boolean(truth) => (*truth).into(),
    })
}

/// A body as the operation takes it, or everything that is wrong with it.
///
/// # Errors
/// [`Failure`] where something else is wrong than the body.
pub fn sent<T: DeserializeOwned>(
    call: &Call,
    operation: Operation,
    body: Map<String, Value>,
) -> Result<Result<T, Vec<Fault>>, Failure> {
    let body = Value::Object(body);
    let checked = call.app.contract.check_body(operation, &body).and_then(|()| decode(body));
    match checked {
        Ok(sent) => Ok(Ok(sent)),
        Err(Failure::Refused(Refused::Invalid(faults))) => Ok(Err(faults)),
        Err(failure) => Err(failure),
    }
}

/// The text of a member.
#[must_use]
pub fn text<'a>(body: &'a Map<String, Value>, member: &str) -> Option<&'a str> {
    body.get(member).and_then(Value::as_str)
}

//! Between rows and the domain's types.

use std::fmt::Display;
use std::str::FromStr;

use pingxuan_domain::review::scoring::Figure;
use pingxuan_domain::{Day, Instant};
use sea_orm::DatabaseBackend;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::StoreError;

/// A value written in canonical JSON (RFC 8785): equal values have equal texts.
///
/// # Errors
/// [`StoreError::Corrupt`] where it cannot be written as JSON.
pub fn canonical<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json_canonicalizer::to_string(value).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// JSON as it is kept in a column, members in their order.
pub(crate) fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// JSON of a column.
pub(crate) fn from_json<T: DeserializeOwned>(column: &str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(format!("{column}: {error}")))
}

/// JSON of a column that may be empty.
pub(crate) fn from_json_option<T: DeserializeOwned>(
    column: &str,
    text: Option<&str>,
) -> Result<Option<T>, StoreError> {
    text.map(|text| from_json(column, text)).transpose()
}

/// A code of a column.
pub(crate) fn code<T: FromStr>(column: &str, text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|_| StoreError::Corrupt(format!("{column}: '{text}'")))
}

/// A day of a column that may be empty.
pub(crate) fn day_option(column: &str, text: Option<&str>) -> Result<Option<Day>, StoreError> {
    text.map(|text| code(column, text)).transpose()
}

pub(crate) fn instant_option(millis: Option<i64>) -> Option<Instant> {
    millis.map(Instant::from_millis)
}

/// A number of a column that is never negative.
pub(crate) fn count<N: Copy + Display + TryInto<u32>>(column: &str, number: N) -> Result<u32, StoreError> {
    number.try_into().map_err(|_| StoreError::Corrupt(format!("{column}: {number}")))
}

/// A number for a column of 32 bits.
pub(crate) fn small(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// A figure of a column in hundredths that may be empty.
pub(crate) fn figure(column: &str, hundredths: Option<i32>) -> Result<Option<Figure>, StoreError> {
    let figure = |hundredths: i32| Figure::from_hundredths(i64::from(hundredths));
    hundredths.map(|of| figure(of).ok_or_else(|| StoreError::Corrupt(format!("{column}: {of}")))).transpose()
}

/// A figure for a column in hundredths: at most 10,000.
pub(crate) fn hundredths(figure: Figure) -> i32 {
    i32::try_from(figure.hundredths()).unwrap_or(i32::MAX)
}

/// A code of a column that may be empty.
pub(crate) fn code_option<T: FromStr>(column: &str, text: Option<&str>) -> Result<Option<T>, StoreError> {
    text.map(|text| code(column, text)).transpose()
}

/// A size of a column, in bytes.
pub(crate) fn size(column: &str, bytes: i64) -> Result<u64, StoreError> {
    bytes.try_into().map_err(|_| StoreError::Corrupt(format!("{column}: {bytes}")))
}

/// What stands for a value in a statement of ours, by its place from 1.
pub(crate) fn mark(backend: DatabaseBackend, at: usize) -> String {
    if backend == DatabaseBackend::Postgres { format!("${at}") } else { "?".to_owned() }
}

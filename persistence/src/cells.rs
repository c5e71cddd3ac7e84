//! Rows read by place: the columns of a select one after the other, as it names them, and none looked up by its name.

use std::str::FromStr;

use pingxuan_domain::{Day, Instant};
use sea_orm::sqlx::postgres::{PgRow, Postgres};
use sea_orm::sqlx::sqlite::{Sqlite, SqliteRow};
use sea_orm::sqlx::{Decode, Error, Row, Type};
use sea_orm::{ColumnTrait, Iterable, QueryResult};
use serde::de::DeserializeOwned;

use crate::convert::{code, code_option, day_option, from_json, from_json_option, instant_option};
use crate::error::StoreError;

/// The columns of a table, in the order of the schema, behind the name that a select has for it.
pub(crate) fn columns<C: ColumnTrait + Iterable>(table: &str) -> String {
    C::iter().map(|column| format!("{table}.{}", column.as_str())).collect::<Vec<_>>().join(", ")
}

/// The columns of a row that are still to be read.
#[derive(Clone, Copy)]
pub(crate) struct Cells<'r> {
    row: Driver<'r>,
    next: usize,
}

#[derive(Clone, Copy)]
enum Driver<'r> {
    Postgres(&'r PgRow),
    Sqlite(&'r SqliteRow),
}

impl<'r> Cells<'r> {
    /// All columns of a row.
    pub(crate) fn of(row: &'r QueryResult) -> Result<Self, StoreError> {
        let postgres = row.try_as_pg_row().map(Driver::Postgres);
        let row = postgres.or_else(|| row.try_as_sqlite_row().map(Driver::Sqlite));
        let row = row.ok_or_else(|| StoreError::Corrupt("a row of neither database".into()))?;
        Ok(Self { row, next: 0 })
    }

    /// The next column, as it is.
    pub(crate) fn take<T>(&mut self) -> Result<T, StoreError>
    where
        T: Decode<'r, Postgres> + Type<Postgres> + Decode<'r, Sqlite> + Type<Sqlite>,
    {
        let place = self.next;
        self.next += 1;
        let read = match self.row {
            // The suite compares the type of every column with the reader's; a release, which answers the same statements, does not.
            Driver::Postgres(row) if cfg!(debug_assertions) => row.try_get(place),
            Driver::Postgres(row) => row.try_get_unchecked(place),
            Driver::Sqlite(row) => row.try_get(place),
        };
        read.map_err(|error: Error| StoreError::Corrupt(format!("the column at {place}: {error}")))
    }

    /// A text that is looked at and not kept.
    pub(crate) fn text(&mut self) -> Result<&'r str, StoreError> {
        self.take()
    }

    /// The same of a column that may be empty.
    pub(crate) fn text_option(&mut self) -> Result<Option<&'r str>, StoreError> {
        self.take()
    }

    /// A code, of the column that is named.
    pub(crate) fn code<T: FromStr>(&mut self, column: &str) -> Result<T, StoreError> {
        code(column, self.text()?)
    }

    /// A code of a column that may be empty.
    pub(crate) fn code_option<T: FromStr>(&mut self, column: &str) -> Result<Option<T>, StoreError> {
        code_option(column, self.text_option()?)
    }

    /// What is written as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&mut self, column: &str) -> Result<T, StoreError> {
        from_json(column, self.text()?)
    }

    /// JSON of a column that may be empty.
    pub(crate) fn json_option<T: DeserializeOwned>(&mut self, column: &str) -> Result<Option<T>, StoreError> {
        from_json_option(column, self.text_option()?)
    }

    /// An instant.
    pub(crate) fn instant(&mut self) -> Result<Instant, StoreError> {
        self.take().map(Instant::from_millis)
    }

    /// An instant of a column that may be empty.
    pub(crate) fn instant_option(&mut self) -> Result<Option<Instant>, StoreError> {
        self.take().map(instant_option)
    }

    /// A day of a column that may be empty.
    pub(crate) fn day_option(&mut self, column: &str) -> Result<Option<Day>, StoreError> {
        day_option(column, self.text_option()?)
    }

    /// What a subquery has counted; nothing where it was not asked.
    pub(crate) fn counted(&mut self) -> Result<u32, StoreError> {
        let number: Option<i64> = self.take()?;
        Ok(u32::try_from(number.unwrap_or_default()).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::review::award;
    use crate::entity::selection::application;
    use crate::entity::verification::{assignment, score_sheet};

    fn names<C: ColumnTrait + Iterable>() -> Vec<String> {
        C::iter().map(|column| column.as_str().to_owned()).collect()
    }

    #[test]
    fn a_reader_takes_the_columns_that_the_schema_has() {
        let taken = [
            (
                "applications::read_columns",
                names::<application::Column>(),
                "id campaign_id category_code nominee_kind unit_id supervisor_id nominee_name \
                 nominee_post is_leading_cadre front_line form personal person_index content_digest \
                 attached state version shown_state shown_version shown_updated_at entered_by_office \
                 reason rejection correct_by paper handling submitted_at created_at updated_at",
            ),
            (
                "assignment_cases::read_columns",
                names::<assignment::Column>(),
                "id campaign_id application_id supervisor_id state locked version created_at updated_at",
            ),
            (
                "score_sheets::read_columns",
                names::<score_sheet::Column>(),
                "assignment_id state scores remark counts composite written_at version submitted_at \
                 created_at updated_at",
            ),
            (
                "awards::read_columns",
                names::<award::Column>(),
                "id application_id campaign_id category_code certificate_number honouree unit_name post \
                 document_number decided_on position state revocation announced_at version",
            ),
        ];
        for (reader, columns, order) in taken {
            assert_eq!(columns, order.split_whitespace().collect::<Vec<_>>(), "{reader} reads others");
        }
    }
}

//! What stands in the database, counted in one query: for those who watch the service, and with nothing of anybody in it.

use sea_orm::Statement;

use crate::connection::Connection;
use crate::error::StoreError;

/// Everything that is counted, by what it is, of which kind and in which state; for jobs since when the oldest is there.
const COUNTED: &str = "SELECT 'campaign' AS what, '' AS kind, state AS state, COUNT(*) AS number, MIN(created_at) AS oldest \
    FROM campaigns GROUP BY state \
    UNION ALL SELECT 'application', '', state, COUNT(*), MIN(created_at) FROM applications GROUP BY state \
    UNION ALL SELECT 'job', kind, state, COUNT(*), MIN(created_at) FROM jobs GROUP BY kind, state \
    UNION ALL SELECT 'audit_event', '', outcome, COUNT(*), MIN(at) FROM audit_events GROUP BY outcome";

/// How many there are of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// `campaign`, `application`, `job` or `audit_event`.
    pub what: String,
    /// The kind of a job; empty for all else.
    pub kind: String,
    /// The state; of an audit event how it ended.
    pub state: String,
    /// How many.
    pub number: i64,
    /// When the oldest of them was made, in milliseconds since 1970.
    pub oldest: i64,
}

/// How many campaigns, applications, jobs and audit events there are.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn counted(connection: &impl Connection) -> Result<Vec<Counted>, StoreError> {
    let statement = Statement::from_string(connection.get_database_backend(), COUNTED);
    let rows = connection.query_all_raw(statement).await?;
    let read = |row: &sea_orm::QueryResult| {
        Ok::<_, StoreError>(Counted {
            what: row.try_get("", "what")?,
            kind: row.try_get("", "kind")?,
            state: row.try_get("", "state")?,
            number: row.try_get("", "number")?,
            oldest: row.try_get("", "oldest")?,
        })
    };
    rows.iter().map(read).collect()
}

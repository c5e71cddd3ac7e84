//! Everything that a database holds, as text: for what must stand nowhere in clear.

use sea_orm_migration::sea_orm::{ConnectionTrait, Database, DatabaseBackend, DatabaseConnection, Statement};

use crate::truths::get;

/// All rows of all tables; bytes in hexadecimal digits.
pub async fn dump(url: &str) -> String {
    let db = Database::connect(url).await.expect("the database answers");
    let postgres = db.get_database_backend() == DatabaseBackend::Postgres;
    let tables = if postgres {
        "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table'"
    };
    let mut dumped = String::new();
    for table in column(&db, tables).await {
        let rows = if postgres {
            format!("SELECT CAST(t AS text) AS name FROM \"{table}\" t")
        } else {
            let columns = column(&db, &format!("SELECT name FROM pragma_table_info('{table}')")).await;
            let quoted: Vec<String> = columns.iter().map(|name| format!("quote(\"{name}\")")).collect();
            format!("SELECT {} AS name FROM \"{table}\"", quoted.join(" || ',' || "))
        };
        for row in column(&db, &rows).await {
            dumped.push_str(&format!("{table}: {row}\n"));
        }
    }
    db.close().await.expect("the connection closes");
    dumped
}

/// All columns of all tables, as `table.column`; the migrations' own left out.
pub async fn columns(url: &str) -> Vec<String> {
    let db = Database::connect(url).await.expect("the database answers");
    let sql = if db.get_database_backend() == DatabaseBackend::Postgres {
        "SELECT table_name || '.' || column_name AS name FROM information_schema.columns WHERE table_schema = 'public'"
    } else {
        "SELECT m.name || '.' || c.name AS name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"
    };
    let found = column(&db, sql).await;
    db.close().await.expect("the connection closes");
    found
        .into_iter()
        .filter(|name| !name.starts_with("seaql_migrations.") && !name.starts_with("sqlite_"))
        .collect()
}

async fn column(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.iter().map(|row| get(row, "name")).collect()
}

/// Whether a text stands in a dump: as it is, or in the hexadecimal digits of its bytes.
#[must_use]
pub fn holds(dumped: &str, canary: &str) -> bool {
    let hex: String = canary.bytes().map(|byte| format!("{byte:02x}")).collect();
    dumped.contains(canary) || dumped.to_lowercase().contains(&hex)
}

//! Databases behind the server's back: whether they are as they must be, and what is broken there on purpose.

use pingxuan_api::truths;
use sea_orm_migration::sea_orm::{
    ConnectionTrait, Database, DatabaseConnection, QueryResult, Statement, TryGetable,
};

/// What is wrong with a database; nothing is, where it is as it must be.
pub async fn broken(url: &str) -> Vec<String> {
    let db = connected(url).await;
    let broken = truths::broken(&db).await.expect("the database can be read");
    db.close().await.expect("the connection closes");
    broken
}

/// Changes a database behind the server's back, so that it is not as it must be.
pub async fn break_by(url: &str, sql: &str) {
    let db = connected(url).await;
    db.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    db.close().await.expect("the connection closes");
}

/// Looks into a database behind the server's back.
pub async fn look(url: &str, sql: &str) -> Vec<QueryResult> {
    let db = connected(url).await;
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    db.close().await.expect("the connection closes");
    rows
}

/// What stands in a column.
pub fn get<T: TryGetable>(row: &QueryResult, column: &str) -> T {
    row.try_get("", column).unwrap_or_else(|error| panic!("{column}: {error}"))
}

async fn connected(url: &str) -> DatabaseConnection {
    Database::connect(url).await.expect("the database answers")
}

//! The schema, frozen step by step. A step that has landed is never edited; what changes comes as a new one.
//!
//! Each step is one SQL text for both databases: the few types that they name differently stand in braces.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DatabaseBackend, DatabaseConnection, EntityTrait};
use sea_orm_migration::seaql_migrations;

mod m0001_foundation;
mod m0002_every_rule;
mod m0003_idempotency;
mod m0004_identity;
mod m0005_second_factor;
mod m0006_outcomes;
mod m0007_clients;
mod m0008_single_sign_on;
mod m0009_retention;
mod m0010_papers;
mod m0011_plans;
mod m0012_verification;
mod m0013_adds_orders;
mod m0014_adds_indexes;

/// All steps, in order.
#[derive(Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_foundation::Migration),
            Box::new(m0002_every_rule::Migration),
            Box::new(m0003_idempotency::Migration),
            Box::new(m0004_identity::Migration),
            Box::new(m0005_second_factor::Migration),
            Box::new(m0006_outcomes::Migration),
            Box::new(m0007_clients::Migration),
            Box::new(m0008_single_sign_on::Migration),
            Box::new(m0009_retention::Migration),
            Box::new(m0010_papers::Migration),
            Box::new(m0011_plans::Migration),
            Box::new(m0012_verification::Migration),
            Box::new(m0013_adds_orders::Migration),
            Box::new(m0014_adds_indexes::Migration),
        ]
    }
}

/// What stands in the name of a step that only adds, so that an older program works on (docs/nodes.md); `migration/check` holds it to
/// that.
const ADDS: &str = "_adds_";

/// How the schema of a database stands to this program, by the names of steps.
#[derive(Debug, Default)]
pub struct Standing {
    /// Those that are still to be taken.
    pub pending: Vec<String>,
    /// Those of a newer program that only add.
    pub added: Vec<String>,
    /// All others of a newer program.
    pub unknown: Vec<String>,
}

/// Looks how the schema stands, and changes nothing.
///
/// # Errors
/// [`DbErr`] where the database refuses.
pub async fn standing(db: &DatabaseConnection) -> Result<Standing, DbErr> {
    let taken: Vec<String> = if SchemaManager::new(db).has_table("seaql_migrations").await? {
        let rows = seaql_migrations::Entity::find().all(db).await?;
        rows.into_iter().map(|step| step.version).collect()
    } else {
        Vec::new()
    };
    let own: Vec<String> = Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
    let newer = taken.iter().filter(|step| !own.contains(step)).cloned();
    let (added, unknown) = newer.partition(|step| step.contains(ADDS));
    let pending = own.into_iter().filter(|step| !taken.contains(step)).collect();
    Ok(Standing { pending, added, unknown })
}

/// A step's SQL with the types of this database.
fn sql_for(backend: DatabaseBackend, text: &str) -> String {
    let types = if backend == DatabaseBackend::Postgres {
        [
            ("{uuid}", "uuid"),
            ("{text}", "text COLLATE \"C\""),
            ("{json}", "text"),
            ("{bytes}", "bytea"),
            ("{millis}", "bigint"),
        ]
    } else {
        [
            ("{uuid}", "blob"),
            ("{text}", "text"),
            ("{json}", "text"),
            ("{bytes}", "blob"),
            ("{millis}", "bigint"),
        ]
    };
    types.iter().fold(text.to_owned(), |sql, (name, native)| sql.replace(name, native))
}

/// The SQL that refuses to change or delete rows of a table: its only way is to grow.
fn insert_only(backend: DatabaseBackend, table: &str) -> String {
    if backend == DatabaseBackend::Postgres {
        return format!(
            "CREATE FUNCTION {table}_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$ \
             BEGIN RAISE EXCEPTION '{table} is insert-only'; END $$; \
             CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} \
             FOR EACH STATEMENT EXECUTE FUNCTION {table}_insert_only();"
        );
    }
    ["UPDATE", "DELETE"]
        .map(|verb| {
            format!(
                "CREATE TRIGGER {table}_no_{} BEFORE {verb} ON {table} \
                     BEGIN SELECT RAISE(ABORT, '{table} is insert-only'); END;",
                verb.to_lowercase()
            )
        })
        .join("\n")
}

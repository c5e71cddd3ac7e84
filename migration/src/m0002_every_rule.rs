//! Step 2: every rule of the selection: extensions, recusals, vetting, vetoes, objections, substitution, revocation.

use sea_orm_migration::prelude::*;

use crate::{insert_only, sql_for};

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0002_every_rule"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let backend = manager.get_database_backend();
        connection.execute_unprepared(&sql_for(backend, include_str!("m0002_every_rule.sql"))).await?;
        for table in ["application_snapshots", "point_adjustments", "no_awards", "extensions"] {
            connection.execute_unprepared(&insert_only(backend, table)).await?;
        }
        Ok(())
    }
}

//! Step 1: accounts, county, campaigns, applications, verification, review, decision, events.

use sea_orm_migration::prelude::*;

use crate::{insert_only, sql_for};

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0001_foundation"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let backend = manager.get_database_backend();
        connection.execute_unprepared(&sql_for(backend, include_str!("m0001_foundation.sql"))).await?;
        for table in ["audit_events", "outgoing_events"] {
            connection.execute_unprepared(&insert_only(backend, table)).await?;
        }
        Ok(())
    }
}

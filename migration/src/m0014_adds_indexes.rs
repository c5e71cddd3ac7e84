//! Step 14: indexes for what stands of a unit, and for the pages of a campaign.

use sea_orm_migration::prelude::*;

use crate::sql_for;

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0014_adds_indexes"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = sql_for(manager.get_database_backend(), include_str!("m0014_adds_indexes.sql"));
        manager.get_connection().execute_unprepared(&sql).await?;
        Ok(())
    }
}

//! Step 11: where units are, and how it was decided who scores whom.

use sea_orm_migration::prelude::*;

use crate::sql_for;

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0011_plans"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = sql_for(manager.get_database_backend(), include_str!("m0011_plans.sql"));
        manager.get_connection().execute_unprepared(&sql).await?;
        Ok(())
    }
}

//! Step 13: orders that pages of what grows are asked for in.

use sea_orm_migration::prelude::*;

use crate::sql_for;

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0013_adds_orders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = sql_for(manager.get_database_backend(), include_str!("m0013_adds_orders.sql"));
        manager.get_connection().execute_unprepared(&sql).await?;
        Ok(())
    }
}

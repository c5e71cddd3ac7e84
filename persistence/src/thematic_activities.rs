//! 专题活动: thematic activities, and which supervisors attended them (D-805).

use std::collections::HashMap;

use pingxuan_domain::Visibility;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use crate::convert::count;
use crate::database::Connection;
use crate::entity::verification::attendance::{Column as A, Entity as Attendances};
use crate::entity::verification::thematic_activity::{self, Column};
use crate::error::StoreError;

/// How many activities of a year each supervisor attended.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn attended_counts(
    connection: &impl Connection,
    _: &Visibility,
    year: i32,
) -> Result<HashMap<Uuid, u32>, StoreError> {
    let of_year = Query::select()
        .column(Column::Id)
        .from(thematic_activity::Entity)
        .and_where(Column::HeldOn.between(format!("{year:04}-01-01"), format!("{year:04}-12-31")))
        .to_owned();
    let select = Attendances::find()
        .select_only()
        .column(A::SupervisorId)
        .expr_as(Expr::cust("count(*)"), "attended")
        .filter(A::ActivityId.in_subquery(of_year))
        .group_by(A::SupervisorId)
        .order_by_asc(A::SupervisorId);
    let rows = connection.query_all(&select.into_query()).await?;
    let read = |row: &sea_orm::QueryResult| {
        Ok((row.try_get("", "supervisor_id")?, count("attended", row.try_get::<i64>("", "attended")?)?))
    };
    rows.iter().map(read).collect()
}

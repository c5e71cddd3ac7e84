//! 征求意见: what departments are asked about candidates, and answer (D-702).

use std::collections::HashMap;

use pingxuan_domain::Visibility;
use pingxuan_domain::review::vetting::Asked;
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::convert::code;
use crate::database::Connection;
use crate::entity::review::vetting_request::{Column, Entity};
use crate::error::StoreError;
use crate::standing::Scalar;

/// What departments were asked about these applications, by application, in order of asking.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn asked(
    connection: &impl Connection,
    _: &Visibility,
    application_ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Asked>>, StoreError> {
    let department =
        |column: &str| format!("SELECT u.{column} FROM units u WHERE u.id = vetting_requests.department_id");
    let select = Entity::find()
        .select_only()
        .columns([Column::ApplicationId, Column::State, Column::DueOn])
        .scalar("department_code", &department("code"))
        .scalar("department_name", &department("name"))
        .filter(Column::ApplicationId.is_in(application_ids.iter().copied()))
        .order_by_asc(Column::Id);
    let mut found: HashMap<Uuid, Vec<Asked>> = HashMap::new();
    for row in select.into_model::<AskedRow>().all(connection).await? {
        found.entry(row.application_id).or_default().push(Asked {
            department_code: row.department_code,
            department_name: row.department_name,
            state: code("vetting_requests.state", &row.state)?,
            due_on: code("vetting_requests.due_on", &row.due_on)?,
        });
    }
    Ok(found)
}

#[derive(FromQueryResult)]
struct AskedRow {
    application_id: Uuid,
    state: String,
    due_on: String,
    department_code: String,
    department_name: String,
}

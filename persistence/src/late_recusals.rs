//! Recusals that came after the verification: the sheets stay as they are, and the approver is told (D-602).

use std::collections::HashMap;

use pingxuan_domain::verification::recusal::RecusalKind;
use pingxuan_domain::workflow::recusal::RecusalState;
use pingxuan_domain::{Instant, Visibility};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::connection::Connection;
use crate::convert::code;
use crate::entity::verification::recusal::{Column, Entity};
use crate::error::StoreError;
use crate::standing::Scalar;

/// A recusal that came after the verification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateRecusal {
    /// Its id.
    pub id: Uuid,
    /// Who is recused.
    pub name: String,
    /// What kind it is.
    pub kind: RecusalKind,
    /// Why.
    pub reason: String,
    /// When it came to be.
    pub created_at: Instant,
}

/// The late recusals from these applications that were not lifted, by application, in order.
pub(crate) async fn of(
    connection: &impl Connection,
    _: &Visibility,
    application_ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<LateRecusal>>, StoreError> {
    let select = Entity::find()
        .select_only()
        .columns([Column::Id, Column::ApplicationId, Column::Kind, Column::Reason, Column::CreatedAt])
        .scalar(
            "name",
            "COALESCE((SELECT s.name FROM supervisors s WHERE s.id = recusals.supervisor_id), \
             (SELECT u.display_name FROM users u WHERE u.id = recusals.user_id))",
        )
        .filter(Column::ApplicationId.is_in(application_ids.iter().copied()))
        .filter(Column::AfterVerification.eq(true))
        .filter(Column::State.ne(RecusalState::Lifted.to_string()))
        .order_by_asc(Column::Id);
    let mut found: HashMap<Uuid, Vec<LateRecusal>> = HashMap::new();
    for row in select.into_model::<Row>().all(connection).await? {
        found.entry(row.application_id).or_default().push(LateRecusal {
            id: row.id,
            name: row.name,
            kind: code("recusals.kind", &row.kind)?,
            reason: row.reason,
            created_at: Instant::from_millis(row.created_at),
        });
    }
    Ok(found)
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    application_id: Uuid,
    kind: String,
    reason: String,
    created_at: i64,
    name: String,
}

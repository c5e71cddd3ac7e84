//! The figure that grows whenever somebody's access may have changed, so that every node knows that what it remembers is old.

use sea_orm::sea_query::Expr;
use sea_orm::{EntityTrait, ExprTrait};

use crate::connection::{Connection, Tx};
use crate::entity::account::access_generation::{Column, Entity};
use crate::error::StoreError;

/// The figure now: one query.
///
/// # Errors
/// [`StoreError`] where the database refuses, or the figure is not there.
pub async fn generation(connection: &impl Connection) -> Result<i64, StoreError> {
    let row = Entity::find_by_id(1).one(connection).await?;
    row.map(|row| row.generation).ok_or_else(|| StoreError::Corrupt("access_generation is empty".into()))
}

/// Lets the figure grow; with the transaction, the change and this stand together or not at all.
pub(crate) async fn changed(tx: &Tx) -> Result<(), StoreError> {
    let grown = Expr::col(Column::Generation).add(1);
    Entity::update_many().col_expr(Column::Generation, grown).exec(tx).await?;
    Ok(())
}

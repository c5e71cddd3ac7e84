//! What several repositories say alike: extra columns of a select, and updates that must find their row as it was read.

use std::borrow::Cow;
use std::sync::Arc;

use pingxuan_domain::campaign::definition::Definition;
use pingxuan_domain::{Reach, Visibility};
use sea_orm::sea_query::{Expr, LockType, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    UpdateResult,
};

use crate::connection::{Connection, Tx};
use crate::entity::review::shortlist;
use crate::entity::selection::campaign;
use crate::error::StoreError;

/// Extra columns of a select. All texts are ours, never a caller's.
pub(crate) trait Scalar: Sized {
    /// One more column: the single value of a subquery.
    fn scalar(self, name: &str, subquery: &str) -> Self;

    /// One more table, under an alias: its single row that fulfils a condition.
    fn with<T: EntityTrait>(self, table: T, alias: &'static str, condition: &'static str) -> Self;

    /// The same where there may be no such row.
    fn with_if_any<T: EntityTrait>(
        self,
        table: T,
        alias: &'static str,
        condition: impl Into<Cow<'static, str>>,
    ) -> Self;

    /// More columns, as SQL has them: `t.name AS t_name, …`.
    fn columns_as_said(self, columns: &'static str) -> Self;
}

impl<E: EntityTrait> Scalar for Select<E> {
    fn scalar(self, name: &str, subquery: &str) -> Self {
        self.expr_as(Expr::cust(format!("({subquery})")), name)
    }

    fn with<T: EntityTrait>(mut self, table: T, alias: &'static str, condition: &'static str) -> Self {
        QueryTrait::query(&mut self).join_as(JoinType::InnerJoin, table, alias, Expr::cust(condition));
        self
    }

    fn with_if_any<T: EntityTrait>(
        mut self,
        table: T,
        alias: &'static str,
        condition: impl Into<Cow<'static, str>>,
    ) -> Self {
        QueryTrait::query(&mut self).join_as(JoinType::LeftJoin, table, alias, Expr::cust(condition));
        self
    }

    fn columns_as_said(mut self, columns: &'static str) -> Self {
        QueryTrait::query(&mut self).expr(Expr::cust(columns));
        self
    }
}

/// An update that found nothing: someone else was there first.
pub(crate) fn stale_unless_one(done: UpdateResult) -> Result<(), StoreError> {
    if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// The rows that the caller may reach where the house reaches all, and a unit those that name it.
pub(crate) fn all_or_own_units<C: ColumnTrait>(visibility: &Visibility, unit: C) -> Condition {
    let own = visibility.actor().and_then(|actor| actor.unit_id).filter(|_| visibility.has(Reach::Own));
    let all = visibility.has(Reach::All).then(|| Expr::cust("1 = 1"));
    Condition::any().add(Expr::cust("1 = 0")).add_option(all).add_option(own.map(|id| unit.eq(id)))
}

/// States in which an application does not count as standing (D-206), as SQL.
pub(crate) const NOT_STANDING: &str = "('draft', 'withdrawn', 'rejected')";

/// Rows of `assignments` whose supervisor no recusal binds (D-603), as SQL.
pub(crate) const NOT_RECUSED: &str = "NOT EXISTS (SELECT 1 FROM recusals r WHERE r.state <> 'lifted' \
     AND r.application_id = assignments.application_id AND r.supervisor_id = assignments.supervisor_id)";

/// States of a list from which its ranking's inputs are closed (D-609).
const IN_USE: [&str; 4] = ["proposed", "endorsed", "noticed", "approved"];

/// The lists that close their inputs, of those that fulfil a condition, as definition and category code.
pub(crate) async fn lists_in_use(
    connection: &impl Connection,
    condition: SimpleExpr,
) -> Result<Vec<(Arc<Definition>, String)>, StoreError> {
    use shortlist::Column as S;
    let select = shortlist::Entity::find()
        .select_only()
        .columns([S::CampaignId, S::CategoryCode])
        .scalar("digest", "SELECT c.definition_digest FROM campaigns c WHERE c.id = shortlists.campaign_id")
        .filter(S::State.is_in(IN_USE))
        // Nothing is decided any more in a cancelled campaign, and what is frozen there closes nothing elsewhere.
        .filter(Expr::cust(
            "EXISTS (SELECT 1 FROM campaigns c WHERE c.id = shortlists.campaign_id AND c.state <> 'cancelled')",
        ))
        .filter(condition);
    let rows = connection.query_all(&select.into_query()).await?;
    let mut lists = Vec::with_capacity(rows.len());
    for row in rows {
        let digest: String = row.try_get("", "digest")?;
        // Definitions are kept parsed: one is read only the first time that its campaign is met.
        let definition =
            crate::campaigns::definition(connection, row.try_get("", "campaign_id")?, &digest).await?;
        lists.push((definition, row.try_get("", "category_code")?));
    }
    Ok(lists)
}

/// Lets nobody propose a list until the transaction ends: its inputs are about to change.
pub(crate) async fn hold_back_lists(tx: &Tx) -> Result<(), StoreError> {
    use campaign::Column as C;
    let select = campaign::Entity::find()
        .select_only()
        .column(C::Id)
        .filter(C::State.is_in(["verifying", "selecting"]))
        .order_by_asc(C::Id)
        .lock(LockType::Update);
    tx.query_all(&select.into_query()).await?;
    Ok(())
}

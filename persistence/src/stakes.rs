//! What stakes somebody has in applications: own unit, own nomination, recusal (D-603, D-902); read beside other rows.

use pingxuan_domain::Visibility;
use pingxuan_domain::policy::Stake;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{EntityTrait, ExprTrait, FromQueryResult, QueryResult, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use crate::database::Connection;
use crate::entity::account::user;
use crate::entity::selection::application;
use crate::error::StoreError;
use crate::standing::NOT_STANDING;

/// How an account `w` is tied to an application `o`; the account says its unit and its supervisor itself.
const TIES: [(&str, &str); 3] = [
    (
        "stake_unit",
        // Who is evaluated is of the unit at which they work.
        "COALESCE(o.unit_id, (SELECT e.unit_id FROM supervisors e WHERE e.id = o.supervisor_id)) \
         IN (w.unit_id, (SELECT p.unit_id FROM supervisors p WHERE p.id = w.supervisor_id))",
    ),
    (
        "stake_person",
        "o.person_index = (SELECT p.citizen_index FROM supervisors p WHERE p.id = w.supervisor_id)",
    ),
    (
        "stake_recused",
        "EXISTS (SELECT 1 FROM recusals r WHERE r.application_id = o.id AND r.state <> 'lifted' \
         AND (r.user_id = w.id OR r.supervisor_id = w.supervisor_id))",
    ),
];

/// The select with the columns that [`read`] reads under the same prefix: the caller's stakes in the applications `o` that fulfil a
/// condition, a text of ours such as `o.id = applications.id`.
pub(crate) fn with_stakes<E: EntityTrait>(
    select: Select<E>,
    prefix: &str,
    condition: &str,
    visibility: &Visibility,
) -> Select<E> {
    let account = visibility.actor().map(|actor| actor.user_id);
    with_stakes_of(select, prefix, account, Expr::cust(condition.to_owned()))
}

/// The same for an account.
fn with_stakes_of<E: EntityTrait>(
    select: Select<E>,
    prefix: &str,
    account: Option<Uuid>,
    condition: Expr,
) -> Select<E> {
    TIES.into_iter().fold(select, |select, (name, tie)| {
        let count = Query::select()
            .expr(Expr::cust("count(*)"))
            .from_as(user::Entity, "w")
            .from_as(application::Entity, "o")
            .and_where(Expr::col(("w", user::Column::Id)).eq(account))
            .and_where(Expr::cust(tie))
            .and_where(condition.clone())
            .take();
        select.expr_as(Expr::SubQuery(None, Box::new(count.into())), format!("{prefix}{name}"))
    })
}

#[derive(FromQueryResult)]
struct Counted {
    stake_unit: i64,
    stake_person: i64,
    stake_recused: i64,
}

/// The stakes of a row, in the columns under a prefix.
pub(crate) fn read(row: &QueryResult, prefix: &str) -> Result<Vec<Stake>, StoreError> {
    let counted = Counted::from_query_result(row, prefix)?;
    let kinds = [
        (counted.stake_unit, Stake::OwnUnit),
        (counted.stake_person, Stake::OwnNomination),
        (counted.stake_recused, Stake::Recused),
    ];
    Ok(kinds.into_iter().filter(|(count, _)| *count > 0).map(|(_, stake)| stake).collect())
}

/// The caller's stakes in an application.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn in_application(
    connection: &impl Connection,
    visibility: &Visibility,
    application_id: Uuid,
) -> Result<Vec<Stake>, StoreError> {
    let Some(actor) = visibility.actor() else { return Ok(Vec::new()) };
    of_account(connection, actor.user_id, Expr::col(("o", application::Column::Id)).eq(application_id)).await
}

/// The caller's stakes in the applications of a category.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn in_category(
    connection: &impl Connection,
    visibility: &Visibility,
    campaign_id: Uuid,
    category_code: &str,
) -> Result<Vec<Stake>, StoreError> {
    use application::Column as A;
    let Some(actor) = visibility.actor() else { return Ok(Vec::new()) };
    let of_category = Expr::col(("o", A::CampaignId))
        .eq(campaign_id)
        .and(Expr::col(("o", A::CategoryCode)).eq(category_code))
        .and(Expr::cust(format!("o.state NOT IN {NOT_STANDING}")));
    of_account(connection, actor.user_id, of_category).await
}

/// The stakes of an account in the applications `o` that fulfil a condition.
pub(crate) async fn of_account(
    connection: &impl Connection,
    user_id: Uuid,
    condition: Expr,
) -> Result<Vec<Stake>, StoreError> {
    let account = user::Entity::find_by_id(user_id).select_only();
    let select = with_stakes_of(account, "", Some(user_id), condition);
    let found = connection.query_one(&select.into_query()).await?;
    found.as_ref().map_or(Ok(Vec::new()), |row| read(row, ""))
}

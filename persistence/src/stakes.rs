//! What stakes somebody has in applications: own unit, own nomination, recusal (D-603, D-902); read beside other rows.

use pingxuan_domain::Visibility;
use pingxuan_domain::policy::Stake;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{EntityTrait, ExprTrait, QueryResult, QuerySelect, Select};
use uuid::Uuid;

use crate::database::Connection;
use crate::entity::account::user;
use crate::entity::selection::application;
use crate::error::StoreError;
use crate::standing::NOT_STANDING;

/// How an account `w` is tied to an application `o`; the account says its unit and its supervisor itself.
const TIES: [(Stake, &str); 3] = [
    (
        Stake::OwnUnit,
        // Who is evaluated is of the unit at which they work.
        "COALESCE(o.unit_id, (SELECT e.unit_id FROM supervisors e WHERE e.id = o.supervisor_id)) \
         IN (w.unit_id, (SELECT p.unit_id FROM supervisors p WHERE p.id = w.supervisor_id))",
    ),
    (
        Stake::OwnNomination,
        "o.person_index = (SELECT p.citizen_index FROM supervisors p WHERE p.id = w.supervisor_id)",
    ),
    (
        Stake::Recused,
        "EXISTS (SELECT 1 FROM recusals r WHERE r.application_id = o.id AND r.state <> 'lifted' \
         AND (r.user_id = w.id OR r.supervisor_id = w.supervisor_id))",
    ),
];

/// The column of [`with_stakes`], behind its prefix.
const COLUMN: &str = "stakes";

/// The select with the column that [`read`] reads under the same prefix: the caller's stakes in the applications `o` that fulfil a
/// condition, a text of ours such as `o.id = assignments.application_id`.
pub(crate) fn with_stakes<E: EntityTrait>(
    select: Select<E>,
    prefix: &str,
    condition: &str,
    visibility: &Visibility,
) -> Select<E> {
    select.expr_as(among(account(visibility), Expr::cust(condition.to_owned())), format!("{prefix}{COLUMN}"))
}

/// The account that asks.
fn account(visibility: &Visibility) -> Option<Uuid> {
    visibility.actor().map(|actor| actor.user_id)
}

/// The stakes of an account in the applications `o` that fulfil a condition, as one number: a bit for each that there is.
fn among(account: Option<Uuid>, condition: Expr) -> Expr {
    let any = TIES.iter().enumerate();
    let any = any.map(|(place, (_, tie))| format!("max(CASE WHEN {tie} THEN {} ELSE 0 END)", 1 << place));
    let any = any.collect::<Vec<_>>().join(" + ");
    let found = Query::select()
        .expr(Expr::cust(format!("coalesce({any}, 0)")))
        .from_as(user::Entity, "w")
        .from_as(application::Entity, "o")
        .and_where(Expr::col(("w", user::Column::Id)).eq(account))
        .and_where(condition)
        .take();
    Expr::SubQuery(None, Box::new(found.into()))
}

/// The caller's stakes in the application of the row that is read, as [`among`] has them.
pub(crate) fn in_row(visibility: &Visibility) -> Expr {
    let any = TIES.iter().enumerate().map(|(place, (_, tie))| {
        format!("CASE WHEN {} THEN {} ELSE 0 END", tie.replace("o.", "applications."), 1 << place)
    });
    let found = Query::select()
        .expr(Expr::cust(any.collect::<Vec<_>>().join(" + ")))
        .from_as(user::Entity, "w")
        .and_where(Expr::col(("w", user::Column::Id)).eq(account(visibility)))
        .take();
    Expr::SubQuery(None, Box::new(found.into()))
}

/// The caller's stakes in the candidates of the category of the row that is read, as [`among`] has them.
pub(crate) fn in_category_of_row(visibility: &Visibility) -> Expr {
    let candidates = format!(
        "o.campaign_id = applications.campaign_id AND o.category_code = applications.category_code \
         AND o.state NOT IN {NOT_STANDING}"
    );
    among(account(visibility), Expr::cust(candidates))
}

/// The stakes of a row, in the column under a prefix; none where it was not asked for.
pub(crate) fn read(row: &QueryResult, prefix: &str) -> Result<Vec<Stake>, StoreError> {
    let bits: Option<i32> = row.try_get(prefix, COLUMN)?;
    let bits = bits.unwrap_or_default();
    let found = TIES.iter().enumerate().filter(|(place, _)| bits & (1 << place) != 0);
    Ok(found.map(|(_, (stake, _))| *stake).collect())
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
    let stakes = Query::select().expr_as(among(Some(user_id), condition), COLUMN).take();
    let found = connection.query_one(&stakes).await?;
    found.as_ref().map_or(Ok(Vec::new()), |row| read(row, ""))
}

//! What stakes somebody has in applications: own unit, own nomination, recusal (D-603, D-902); read beside other rows.

use std::borrow::Cow;
use std::sync::LazyLock;

use pingxuan_domain::Visibility;
use pingxuan_domain::policy::Stake;
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{EntityTrait, ExprTrait, QueryResult, QuerySelect, Select};
use uuid::Uuid;

use crate::connection::Connection;
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
    condition: impl Into<Cow<'static, str>>,
    visibility: &Visibility,
) -> Select<E> {
    select.expr_as(among(account(visibility), Expr::cust(condition)), format!("{prefix}{COLUMN}"))
}

/// The account that asks.
fn account(visibility: &Visibility) -> Option<Uuid> {
    visibility.actor().map(|actor| actor.user_id)
}

/// All ties as one number: a bit for each that there is, each written in its own way.
fn bits(written: impl Fn(&str) -> String) -> String {
    let bit = |(place, (_, tie)): (usize, &(Stake, &str))| {
        written(&format!("CASE WHEN {tie} THEN {} ELSE 0 END", 1 << place))
    };
    TIES.iter().enumerate().map(bit).collect::<Vec<_>>().join(" + ")
}

/// The ties of an account to any of several applications.
static TO_ANY: LazyLock<String> =
    LazyLock::new(|| format!("coalesce({}, 0)", bits(|bit| format!("max({bit})"))));
/// Those to the application of the row that is read.
static TO_THIS: LazyLock<String> = LazyLock::new(|| bits(|bit| bit.replace("o.", "applications.")));
/// The candidates of the category of the row that is read.
static CANDIDATES: LazyLock<String> = LazyLock::new(|| {
    format!(
        "o.campaign_id = applications.campaign_id AND o.category_code = applications.category_code \
         AND o.state NOT IN {NOT_STANDING}"
    )
});

/// An account's ties, as one number.
fn ties(written: &'static str, account: Option<Uuid>) -> SelectStatement {
    let of_account = Expr::col(("w", user::Column::Id)).eq(account);
    Query::select().expr(Expr::cust(written)).from_as(user::Entity, "w").and_where(of_account).take()
}

/// The stakes of an account in the applications `o` that fulfil a condition, as one number.
fn among(account: Option<Uuid>, condition: Expr) -> Expr {
    let found = ties(&TO_ANY, account).from_as(application::Entity, "o").and_where(condition).take();
    Expr::SubQuery(None, Box::new(found.into()))
}

/// The caller's stakes in the application of the row that is read, as [`among`] has them.
pub(crate) fn in_row(visibility: &Visibility) -> Expr {
    Expr::SubQuery(None, Box::new(ties(&TO_THIS, account(visibility)).into()))
}

/// The caller's stakes in the candidates of the category of the row that is read, as [`among`] has them.
pub(crate) fn in_category_of_row(visibility: &Visibility) -> Expr {
    among(account(visibility), Expr::cust(CANDIDATES.as_str()))
}

/// The stakes of a row, in the column under a prefix; none where it was not asked for.
pub(crate) fn read(row: &QueryResult, prefix: &str) -> Result<Vec<Stake>, StoreError> {
    Ok(of_bits(row.try_get(prefix, COLUMN)?))
}

/// The stakes of such a number.
pub(crate) fn of_bits(bits: Option<i32>) -> Vec<Stake> {
    let bits = bits.unwrap_or_default();
    let found = TIES.iter().enumerate().filter(|(place, _)| bits & (1 << place) != 0);
    found.map(|(_, (stake, _))| *stake).collect()
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
    let Some(actor) = visibility.actor() else { return Ok(Vec::new()) };
    of_account(connection, actor.user_id, of_category(campaign_id, category_code)).await
}

/// The same as one number, of whoever asks; nobody has any.
pub(crate) fn in_this_category(
    visibility: Option<&Visibility>,
    campaign_id: Uuid,
    category_code: &str,
) -> Expr {
    among(visibility.and_then(account), of_category(campaign_id, category_code))
}

/// That an application `o` stands in a category.
fn of_category(campaign_id: Uuid, category_code: &str) -> Expr {
    use application::Column as A;
    Expr::col(("o", A::CampaignId))
        .eq(campaign_id)
        .and(Expr::col(("o", A::CategoryCode)).eq(category_code))
        .and(Expr::cust(format!("o.state NOT IN {NOT_STANDING}")))
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

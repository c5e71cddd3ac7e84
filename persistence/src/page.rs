//! Pages by key: the next page begins after the last row of this one, whatever was inserted or deleted meanwhile.

use sea_orm::sea_query::{Expr, ExprTrait, Func, SimpleExpr};
use sea_orm::{
    ColumnTrait, ColumnType, Condition, EntityTrait, FromQueryResult, Order, PaginatorTrait, QueryFilter,
    QueryOrder, QueryResult, QuerySelect, QueryTrait, Select, Value,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::connection::Connection;
use crate::error::StoreError;

/// One value of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Key {
    /// A number or an instant.
    Number(i64),
    /// An id.
    Id(Uuid),
    /// A text.
    Text(String),
}

/// What page is wanted.
#[derive(Clone, Debug, Default)]
pub struct PageRequest {
    /// Rows at most.
    pub limit: u64,
    /// The key of the row after which it begins.
    pub after: Option<Vec<Key>>,
    /// Names to sort by, of the list's declared set, with whether descending; the id always comes last.
    pub sort: Vec<(String, bool)>,
    /// Whether to count all rows that match.
    pub total: bool,
}

/// A page.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// Its rows.
    pub items: Vec<T>,
    /// The key of its last row, if there are more.
    pub next: Option<Vec<Key>>,
    /// How many rows match in all, if asked.
    pub total: Option<u64>,
}

impl<T> Page<T> {
    /// The same page with each row made into something else.
    pub fn map<U>(self, make: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(make).collect(), next: self.next, total: self.total }
    }
}

/// Columns that a list may be sorted by, by their public names. None of them may be NULL.
pub(crate) type Sortable<C> = &'static [(&'static str, C)];

/// Reads a page of a select: one query, two where the total is asked.
pub(crate) async fn page<E, C, T>(
    connection: &C,
    select: Select<E>,
    request: &PageRequest,
    by: (Sortable<E::Column>, E::Column),
    make: impl Fn(E::Model, &QueryResult) -> Result<T, StoreError>,
) -> Result<Page<T>, StoreError>
where
    E: EntityTrait,
    E::Model: FromQueryResult + Sync,
    E::Column: Copy,
    C: Connection,
{
    page_as_read(connection, select, request, by, by_name(make)).await
}

/// The same of a select with what is read, which need not be the model.
pub(crate) async fn page_as_read<E, C, T>(
    connection: &C,
    select: Select<E>,
    request: &PageRequest,
    by: (Sortable<E::Column>, E::Column),
    make: impl Fn(QueryResult) -> Result<T, StoreError>,
) -> Result<Page<T>, StoreError>
where
    E: EntityTrait,
    E::Model: FromQueryResult + Sync,
    E::Column: Copy,
    C: Connection,
{
    let (_, id) = by;
    let wanted = Wanted::of(request, by);
    let total = wanted.total(connection, &select, id).await?;
    wanted.read(connection, wanted.choose(select)?, total, make).await
}

/// The same of rows that are more than the model: `rows`, a select of all of them with what is read, is reckoned out for those of the
/// page alone, which are chosen first.
pub(crate) async fn page_with<E, C, T>(
    connection: &C,
    select: Select<E>,
    rows: Select<E>,
    request: &PageRequest,
    by: (Sortable<E::Column>, E::Column),
    make: impl Fn(QueryResult) -> Result<T, StoreError>,
) -> Result<Page<T>, StoreError>
where
    E: EntityTrait,
    E::Model: FromQueryResult + Sync,
    E::Column: Copy,
    C: Connection,
{
    let (_, id) = by;
    let wanted = Wanted::of(request, by);
    let total = wanted.total(connection, &select, id).await?;
    let chosen = wanted.choose(select)?.select_only().column(id).into_query();
    let rows = wanted.order(rows.filter(id.in_subquery(chosen)));
    wanted.read(connection, rows, total, make).await
}

/// What makes a row of its model, read by name, and of what stands beside it.
pub(crate) fn by_name<M: FromQueryResult, T>(
    make: impl Fn(M, &QueryResult) -> Result<T, StoreError>,
) -> impl Fn(QueryResult) -> Result<T, StoreError> {
    move |row| make(M::from_query_result(&row, "")?, &row)
}

/// The page that is wanted, with the columns that it is sorted by, each with whether descending; the id comes last.
struct Wanted<'a, K> {
    request: &'a PageRequest,
    columns: Vec<(K, bool)>,
}

impl<'a, K: ColumnTrait + Copy> Wanted<'a, K> {
    fn of(request: &'a PageRequest, (sortable, id): (Sortable<K>, K)) -> Self {
        let mut columns: Vec<(K, bool)> = Vec::new();
        for (name, descending) in &request.sort {
            if let Some((_, column)) = sortable.iter().find(|(sortable, _)| sortable == name) {
                columns.push((*column, *descending));
            }
        }
        let id_descending = columns.first().is_some_and(|(_, descending)| *descending);
        if !columns.iter().any(|(column, _)| column.as_str() == id.as_str()) {
            columns.push((id, id_descending));
        }
        Self { request, columns }
    }

    async fn total<E>(
        &self,
        connection: &impl Connection,
        select: &Select<E>,
        id: K,
    ) -> Result<Option<u64>, StoreError>
    where
        E: EntityTrait<Column = K>,
        E::Model: FromQueryResult + Sync,
    {
        let counted = || select.clone().select_only().column(id).count(connection);
        Ok(if self.request.total { Some(counted().await?) } else { None })
    }

    /// The rows of the page, and one more that tells whether there is another.
    fn choose<E: EntityTrait>(&self, select: Select<E>) -> Result<Select<E>, StoreError> {
        let select = match &self.request.after {
            Some(after) => select.filter(after_key(&self.columns, after)?),
            None => select,
        };
        Ok(self.order(select).limit(self.request.limit + 1))
    }

    fn order<E: EntityTrait>(&self, select: Select<E>) -> Select<E> {
        let order = |descending: bool| if descending { Order::Desc } else { Order::Asc };
        self.columns
            .iter()
            .fold(select, |select, (column, descending)| select.order_by(*column, order(*descending)))
    }

    async fn read<E, T>(
        &self,
        connection: &impl Connection,
        select: Select<E>,
        total: Option<u64>,
        make: impl Fn(QueryResult) -> Result<T, StoreError>,
    ) -> Result<Page<T>, StoreError>
    where
        E: EntityTrait<Column = K>,
    {
        let mut rows = connection.query_all(&select.into_query()).await?;
        let more = u64::try_from(rows.len()).unwrap_or(u64::MAX) > self.request.limit;
        if more {
            rows.pop();
        }
        let next = rows
            .last()
            .filter(|_| more)
            .map(|last| self.columns.iter().map(|(column, _)| key(last, *column)).collect::<Result<_, _>>());
        let next = next.transpose()?;
        let items = rows.into_iter().map(make).collect::<Result<_, _>>()?;
        Ok(Page { items, next, total })
    }
}

/// Whether a column's text has a text in it, letter by letter. `LIKE` would read `%` and `_`, and SQLite's knows no case.
pub(crate) fn contains<C: ColumnTrait>(column: C, text: &str) -> SimpleExpr {
    let without = Func::cust("replace").arg(Expr::col(column.as_column_ref())).arg(text).arg("");
    Expr::expr(without).ne(Expr::col(column.as_column_ref()))
}

fn after_key<C: ColumnTrait>(columns: &[(C, bool)], after: &[Key]) -> Result<Condition, StoreError> {
    if columns.len() != after.len() {
        return Err(StoreError::Corrupt("a cursor of another list".into()));
    }
    let mut any = Condition::any();
    for (index, ((column, descending), bound)) in columns.iter().zip(after).enumerate() {
        let mut all = Condition::all();
        for ((earlier, _), key) in columns.iter().zip(after).take(index) {
            all = all.add(earlier.eq(value(key)));
        }
        all = all.add(if *descending { column.lt(value(bound)) } else { column.gt(value(bound)) });
        any = any.add(all);
    }
    Ok(any)
}

fn value(key: &Key) -> Value {
    match key {
        Key::Number(number) => (*number).into(),
        Key::Id(id) => (*id).into(),
        Key::Text(text) => text.as_str().into(),
    }
}

/// The value of a column that a list may be sorted by.
fn key<C: ColumnTrait>(row: &QueryResult, column: C) -> Result<Key, StoreError> {
    let (name, def) = (column.as_str(), column.def());
    let kind = def.get_column_type();
    if matches!(kind, ColumnType::Uuid) {
        Ok(Key::Id(row.try_get("", name)?))
    } else if matches!(kind, ColumnType::BigInteger) {
        Ok(Key::Number(row.try_get("", name)?))
    } else if matches!(kind, ColumnType::Integer) {
        Ok(Key::Number(row.try_get::<i32>("", name)?.into()))
    } else if matches!(kind, ColumnType::String(_) | ColumnType::Text) {
        Ok(Key::Text(row.try_get("", name)?))
    } else {
        Err(StoreError::Corrupt(format!("'{name}' cannot be a key")))
    }
}

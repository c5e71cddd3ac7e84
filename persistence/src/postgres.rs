//! Connections to PostgreSQL: every thread has its own.
//!
//! Each worker of the server has a runtime of its own, and a connection lives by the runtime that opened it: used from another, every
//! answer wakes two threads instead of one, and it ends with the worker that opened it, whoever uses it then.

use std::collections::HashMap;
use std::fmt;
use std::io::ErrorKind;
use std::str::FromStr;
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use deadpool::managed::{Manager, Metrics, Object, Pool as Links, PoolError, QueueMode, RecycleResult};
use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sea_orm::sqlx::{AssertSqlSafe, ConnectOptions, Connection, Error, Executor, query_with};
use sea_orm::{
    ConnAcquireErr, DatabaseConnection, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, Values,
};
use sea_query_sqlx::SqlxValues;
use tokio::time::{sleep, timeout};

use crate::load::{Meter, Pool};

/// How long a connection is waited for.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long one that is refused for a passing reason is waited for.
const PAUSE: Duration = Duration::from_millis(100);
/// After which a connection has rested, and is asked whether it still stands.
const RESTED: Duration = Duration::from_secs(1);
/// After which a connection is opened anew: what the database keeps for one grows with its age.
const OLD: Duration = Duration::from_mins(30);

/// Connections of one kind. A copy has the same.
#[derive(Clone)]
pub(crate) struct Pools(Arc<Inner>);

struct Inner {
    name: &'static str,
    most: u32,
    opener: Opener,
    meter: Meter,
    open: RwLock<HashMap<ThreadId, Links<Opener>>>,
}

impl fmt::Debug for Pools {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A password may stand in the options.
        f.debug_struct("Pools")
            .field("name", &self.0.name)
            .field("most", &self.0.most)
            .finish_non_exhaustive()
    }
}

impl Pools {
    /// Connections of one kind, at most so many for each thread; nothing is opened yet.
    ///
    /// # Errors
    /// [`DbErr::Conn`] where the URL is none of PostgreSQL.
    pub(crate) fn new((name, most): (&'static str, u32), url: &str, meter: Meter) -> Result<Self, DbErr> {
        // What is asked is the same for every value, and planning costs more than what is planned. A county's rows are in memory,
        // or on a disk that finds any of them as fast as the next one.
        let planned = [("plan_cache_mode", "force_generic_plan"), ("random_page_cost", "1.1")];
        let options = PgConnectOptions::from_str(url).map_err(away)?;
        let opener =
            Opener(options.application_name("pingxuan").options(planned).disable_statement_logging());
        Ok(Self(Arc::new(Inner { name, most, opener, meter, open: RwLock::default() })))
    }

    /// One of the connections of the thread that asks.
    ///
    /// # Errors
    /// [`DbErr`] where the database is away, or none comes free in time.
    pub(crate) async fn lend(&self) -> Result<Lent, DbErr> {
        let links = self.mine()?;
        let link = match timeout(PATIENCE, links.get()).await {
            Ok(Ok(link)) => link,
            Ok(Err(PoolError::Backend(error))) => return Err(away(error)),
            Ok(Err(PoolError::Closed)) => {
                return Err(DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed));
            }
            Err(_)
            | Ok(Err(PoolError::Timeout(_) | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_))) =>
            {
                return Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout));
            }
        };
        Ok(Lent { link: Some(link), whole: false, meter: self.0.meter.clone() })
    }

    /// Does one thing on one of them, and gives it back.
    ///
    /// # Errors
    /// As [`Self::lend`], or what is done has them.
    pub(crate) async fn with<T>(
        &self,
        work: impl AsyncFnOnce(&mut Lent) -> Result<T, DbErr>,
    ) -> Result<T, DbErr> {
        let mut lent = self.lend().await?;
        let done = work(&mut lent).await;
        lent.back(done)
    }

    fn mine(&self) -> Result<Links<Opener>, DbErr> {
        let thread = thread::current().id();
        if let Some(links) = self.0.open.read().unwrap_or_else(PoisonError::into_inner).get(&thread) {
            return Ok(links.clone());
        }
        let most = usize::try_from(self.0.most).unwrap_or(usize::MAX);
        let links = Links::builder(self.0.opener.clone()).max_size(most).queue_mode(QueueMode::Lifo).build();
        let links = links.map_err(|error| DbErr::Conn(RuntimeErr::Internal(error.to_string())))?;
        let mut open = self.0.open.write().unwrap_or_else(PoisonError::into_inner);
        Ok(open.entry(thread).or_insert(links).clone())
    }

    /// Connections of `SeaORM`'s own, for the migrations.
    pub(crate) fn apart(&self) -> DatabaseConnection {
        PgPoolOptions::new().max_connections(2).connect_lazy_with(self.0.opener.0.clone()).into()
    }

    /// How many connections there are, of all threads together.
    pub(crate) fn load(&self) -> Pool {
        let open = self.0.open.read().unwrap_or_else(PoisonError::into_inner);
        let sum = |figure: fn(deadpool::Status) -> usize| {
            u32::try_from(open.values().map(|links| figure(links.status())).sum::<usize>())
                .unwrap_or(u32::MAX)
        };
        Pool {
            name: self.0.name,
            size: sum(|status| status.size),
            idle: sum(|status| status.available),
            most: sum(|status| status.max_size),
        }
    }

    /// Closes them, whose ever they are; those that are in use, when they are given back.
    pub(crate) async fn close(&self) {
        let open: Vec<_> =
            self.0.open.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        for links in open {
            let idle = links.retain(|_, _| false).removed;
            links.close();
            for link in idle {
                // The thread that opened it may be gone, and the connection with it.
                if let Err(error) = link.close().await {
                    tracing::debug!(%error, "a connection cannot be closed");
                }
            }
        }
    }
}

/// Opens connections, and sees to it that they still stand.
#[derive(Clone)]
struct Opener(PgConnectOptions);

impl Manager for Opener {
    type Type = PgConnection;
    type Error = Error;

    async fn create(&self) -> Result<PgConnection, Error> {
        loop {
            match PgConnection::connect_with(&self.0).await {
                // A database that starts, or has no place yet for one more, is waited for.
                Err(error) if passes(&error) => sleep(PAUSE).await,
                done => return done,
            }
        }
    }

    async fn recycle(&self, link: &mut PgConnection, metrics: &Metrics) -> RecycleResult<Error> {
        if metrics.age() > OLD {
            return Err(deadpool::managed::RecycleError::message("it is old"));
        }
        if metrics.last_used() > RESTED {
            link.ping().await?;
        }
        Ok(())
    }
}

/// Whether a connection that is refused now may be had in a moment.
fn passes(error: &Error) -> bool {
    let refused = matches!(error, Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused);
    refused || error.as_database_error().is_some_and(|error| error.is_transient_in_connect_phase())
}

fn away(error: Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(error.into()))
}

/// A connection that somebody has. It goes back where nothing is left open on it, and is closed elsewhere: the database undoes then
/// what was begun.
pub(crate) struct Lent {
    link: Option<Object<Opener>>,
    whole: bool,
    meter: Meter,
}

impl fmt::Debug for Lent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lent").field("whole", &self.whole).finish_non_exhaustive()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(link) = self.link.take().filter(|_| !self.whole) {
            drop(Object::take(link));
        }
    }
}

impl Lent {
    /// Gives the connection back after its last statement; one that has failed is closed.
    pub(crate) fn back<T>(mut self, answer: Result<T, DbErr>) -> Result<T, DbErr> {
        self.whole = answer.is_ok();
        answer
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`DbErr::Conn`] where it does not.
    pub(crate) async fn ping(&mut self) -> Result<(), DbErr> {
        self.connection()?.ping().await.map_err(away)
    }

    /// Sends a word that the meter does not count.
    ///
    /// # Errors
    /// [`DbErr::Exec`] where the database refuses.
    pub(crate) async fn say(&mut self, sql: &str) -> Result<ExecResult, DbErr> {
        let done = self.connection()?.execute(AssertSqlSafe(sql.to_owned())).await;
        done.map(ExecResult::from).map_err(refused)
    }

    /// Carries a statement out.
    ///
    /// # Errors
    /// [`DbErr::Exec`] where the database refuses.
    pub(crate) async fn execute(&mut self, statement: Statement) -> Result<ExecResult, DbErr> {
        let (sql, values) = self.take_apart(statement);
        let begun = Instant::now();
        let done = query_with(AssertSqlSafe(sql), values).execute(self.connection()?).await;
        self.meter.sent(begun.elapsed(), done.is_err());
        done.map(ExecResult::from).map_err(refused)
    }

    /// The first row that a statement finds.
    ///
    /// # Errors
    /// [`DbErr::Query`] where the database refuses.
    pub(crate) async fn query_one(&mut self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let (sql, values) = self.take_apart(statement);
        let begun = Instant::now();
        let found = query_with(AssertSqlSafe(sql), values).fetch_optional(self.connection()?).await;
        self.meter.sent(begun.elapsed(), found.is_err());
        found.map(|row| row.map(QueryResult::from)).map_err(unanswered)
    }

    /// All rows that a statement finds.
    ///
    /// # Errors
    /// [`DbErr::Query`] where the database refuses.
    pub(crate) async fn query_all(&mut self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let (sql, values) = self.take_apart(statement);
        let begun = Instant::now();
        let found = query_with(AssertSqlSafe(sql), values).fetch_all(self.connection()?).await;
        self.meter.sent(begun.elapsed(), found.is_err());
        found.map(|rows| rows.into_iter().map(QueryResult::from).collect()).map_err(unanswered)
    }

    fn take_apart(&self, statement: Statement) -> (String, SqlxValues) {
        self.meter.tell(&statement);
        (statement.sql, SqlxValues(statement.values.unwrap_or(Values(Vec::new()))))
    }

    fn connection(&mut self) -> Result<&mut PgConnection, DbErr> {
        self.link.as_deref_mut().ok_or(DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))
    }
}

fn refused(error: Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(error.into()))
}

fn unanswered(error: Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

//! Many clients on one row that bounds them: a conditional update against a lock, and what the server itself does.

use std::cell::Cell;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use pingxuan_tests::story::INDIVIDUAL;
use pingxuan_tests::truths;
use reqwest::Method;
use sea_orm_migration::sea_orm::sqlx::postgres::PgPoolOptions;
use sea_orm_migration::sea_orm::sqlx::{Error, PgPool, Postgres, Transaction, query, query_as};
use serde_json::{Value, json};

use crate::driving::{Ask, client, float};
use crate::seeding::Scene;
use crate::targets::{Targets, token, told};

const TABLES: &str = "CREATE TABLE bench_units (id int PRIMARY KEY, standing int NOT NULL, most int NOT NULL); \
    CREATE TABLE bench_applications (id bigserial PRIMARY KEY, unit_id int NOT NULL, form text NOT NULL)";
const BEGIN_AGAIN: &str = "TRUNCATE bench_units, bench_applications";
const BOUND: &str = "INSERT INTO bench_units VALUES (1, 0, $1)";
const LOCK: &str = "SELECT standing, most FROM bench_units WHERE id = 1 FOR UPDATE";
const TAKE: &str = "UPDATE bench_units SET standing = standing + 1 WHERE id = 1";
const TAKE_IF_FREE: &str = "UPDATE bench_units SET standing = standing + 1 WHERE id = 1 AND standing < most";
const TAKE_AND_INSERT: &str = "WITH taken AS (UPDATE bench_units SET standing = standing + 1 \
    WHERE id = 1 AND standing < most RETURNING id) \
    INSERT INTO bench_applications (unit_id, form) SELECT id, repeat('x', 2000) FROM taken";
const INSERT: &str = "INSERT INTO bench_applications (unit_id, form) VALUES (1, repeat('x', 2000))";
const COUNT: &str = "SELECT (SELECT count(*) FROM bench_applications), standing FROM bench_units";

/// A limit that is never reached, and one that is reached at once.
const NO_LIMIT: i32 = i32::MAX;
const LIMIT: i32 = 100;
/// What the conditional update is to come to, against the lock.
const AIM: f64 = 1.5;

/// How a place is taken.
#[derive(Clone, Copy)]
enum Form {
    Lock,
    Condition,
    Statement,
}

impl Form {
    fn title(self) -> &'static str {
        match self {
            Self::Lock => "SELECT FOR UPDATE, then update",
            Self::Condition => "conditional update, last",
            Self::Statement => "conditional update with its insert, one statement",
        }
    }

    /// Takes a place in a transaction, which a statement alone is too; whether there was one.
    async fn take(self, pool: &PgPool) -> Result<bool, Error> {
        match self {
            Self::Lock => {
                let mut tx = pool.begin().await?;
                let (standing, most) = query_as::<_, (i32, i32)>(LOCK).fetch_one(&mut *tx).await?;
                if standing < most {
                    query(INSERT).execute(&mut *tx).await?;
                    query(TAKE).execute(&mut *tx).await?;
                }
                ended(tx, standing < most).await
            }
            Self::Condition => {
                let mut tx = pool.begin().await?;
                query(INSERT).execute(&mut *tx).await?;
                let taken = query(TAKE_IF_FREE).execute(&mut *tx).await?.rows_affected() == 1;
                ended(tx, taken).await
            }
            Self::Statement => Ok(query(TAKE_AND_INSERT).execute(pool).await?.rows_affected() == 1),
        }
    }
}

/// Keeps what was done where a place was taken.
async fn ended(tx: Transaction<'_, Postgres>, taken: bool) -> Result<bool, Error> {
    if taken {
        tx.commit().await?;
    } else {
        tx.rollback().await?;
    }
    Ok(taken)
}

/// Compares them, and has the server refuse what is too much.
pub async fn compare(
    url: &str,
    targets: &Targets,
    scene: &Scene,
    (clients, time): (usize, Duration),
) -> String {
    truths::break_by(url, TABLES).await;
    let most = u32::try_from(clients).unwrap_or(u32::MAX);
    let pool = PgPoolOptions::new().max_connections(most).connect(url).await.expect("the database answers");
    let mut table = format!(
        "| {clients} clients, one unit | taken a second | refused at a limit of {LIMIT} |\n| --- | ---: | ---: |\n"
    );
    let mut rates = Vec::new();
    for form in [Form::Lock, Form::Condition, Form::Statement] {
        let (taken, _, took) = contend(&pool, form, NO_LIMIT, (clients, time)).await;
        let (_, refused, _) = contend(&pool, form, LIMIT, (clients, time / 4)).await;
        assert!(refused > 0, "{}: nobody was refused", form.title());
        let rate = float(taken) / took.as_secs_f64();
        table += &format!("| {} | {rate:.0} | {refused} |\n", form.title());
        rates.push((form, rate));
    }
    pool.close().await;
    if let Some(((_, lock), conditional)) = rates.split_first() {
        for (form, rate) in conditional {
            let (ratio, title) = (rate / lock, form.title());
            let held = if ratio >= AIM { "held" } else { "missed" };
            table += &format!("\nOver the lock: {title}: {ratio:.2} (aimed at: {AIM}, {held}).\n");
        }
    }
    let (taken, refused) = crowd(targets, scene).await;
    format!(
        "{table}\nThe server, {} submissions of one unit at once: {taken} taken, {refused} refused.\n",
        taken + refused
    )
}

/// Has clients take places until the time is over: how many were taken and refused. Never more are than there may be.
async fn contend(
    pool: &PgPool,
    form: Form,
    most: i32,
    (clients, time): (usize, Duration),
) -> (usize, usize, Duration) {
    query(BEGIN_AGAIN).execute(pool).await.expect("the tables are empty");
    query(BOUND).bind(most).execute(pool).await.expect("a unit");
    let (taken, refused) = (Cell::new(0), Cell::new(0));
    let began = Instant::now();
    let one = async || {
        while began.elapsed() < time {
            let count = if form.take(pool).await.expect("the database answers") { &taken } else { &refused };
            count.set(count.get() + 1);
        }
    };
    join_all((0..clients).map(|_| one())).await;
    let took = began.elapsed();
    let (rows, standing) = query_as::<_, (i64, i32)>(COUNT).fetch_one(pool).await.expect("figures");
    assert!(
        rows == i64::from(standing) && standing <= most,
        "{}: {rows} rows, {standing} of {most}",
        form.title()
    );
    (taken.get(), refused.get(), took)
}

/// One unit submits more than it may, all at once: how many are taken and refused.
async fn crowd(targets: &Targets, scene: &Scene) -> (usize, usize) {
    let (unit, campaign, people) = &scene.crowded;
    let (client, url) = (client(), targets.pingxuan.server.url.as_str());
    let token = token(&client, url, unit).await;
    let mut submissions = Vec::new();
    for form in people {
        let body = json!({"campaign_id": campaign, "category_code": INDIVIDUAL, "form": form});
        let draft = told(Ask::change(Method::POST, "/applications", Some(&token), body), &client, url).await;
        let id = draft.get("id").and_then(Value::as_str).expect("a draft");
        let submit = Ask::change(Method::POST, format!("/applications/{id}/submit"), Some(&token), "");
        submissions.push(submit.send(&client, url));
    }
    let statuses: Vec<u16> =
        join_all(submissions).await.iter().map(|answer| answer.status().as_u16()).collect();
    let of = |status| statuses.iter().filter(|found| **found == status).count();
    let (taken, refused) = (of(200), of(409));
    // One stands already; a unit may declare two.
    assert!(taken == 1 && taken + refused == statuses.len(), "{statuses:?}");
    (taken, refused)
}

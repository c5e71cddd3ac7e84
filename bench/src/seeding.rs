//! What the story has told, many times over by SQL: units and their accounts, campaigns, applications, awards.

use std::fmt::Display;

use pingxuan_tests::truths;
use serde_json::Value;
use uuid::Uuid;

use crate::story::Told;

/// Townships that declare.
const UNITS: usize = 64;
/// Campaigns in which they do.
const CAMPAIGNS: usize = 64;
/// Campaigns to which the many applications belong; a fifth of them are in each of five states.
const SHARES: u32 = 10;
/// States of the many applications.
const STATES: [&str; 5] = ["submitted", "accepted", "rejected", "verified", "awarded"];
/// Applications that are read by id.
const READ: usize = 1_000;

/// What is there to be asked about.
#[derive(Debug)]
pub struct Scene {
    /// The office's username.
    pub office: String,
    /// The supervisors' usernames.
    pub supervisors: Vec<String>,
    /// The usernames of the townships that declare.
    pub units: Vec<String>,
    /// Campaigns that accept.
    pub accepting: Vec<Uuid>,
    /// The day until which what is returned may be corrected.
    pub correct_by: String,
    /// One of the campaigns with many applications.
    pub full: Uuid,
    /// How many of its applications a list of one state has.
    pub listed: usize,
    /// Applications that are read by id.
    pub read: Vec<Uuid>,
    /// The campaign whose ranking is read.
    pub ranked: Uuid,
    /// Sheets that are drafts, with the supervisor of each by number.
    pub sheets: Vec<(Uuid, usize)>,
    /// A township's form.
    pub form: Value,
    /// The township of the story, its campaign, and forms of its people, more than it may declare.
    pub crowded: (String, Uuid, Vec<Value>),
}

/// Fills the database.
pub async fn seed(url: &str, told: &Told, rows: u32) -> Scene {
    let Told { unit, unit_id, accepting, submitted, .. } = told;
    let (new, known) = (new_id(url), |id: Uuid| written(url, id));
    // The copies keep the name, which their forms have to state.
    let units = format!("units t, {} WHERE t.id = {}", numbers(1, UNITS), known(*unit_id));
    copy(url, "units", &[("id", new), ("code", "'bench-' || n.i")], &units).await;
    let users = format!("users t, units u WHERE t.username = '{unit}' AND u.code LIKE 'bench-%'");
    copy(url, "users", &[("id", new), ("username", "u.code"), ("unit_id", "u.id")], &users).await;
    campaigns(url, *accepting, (CAMPAIGNS, "declared")).await;
    campaigns(url, *accepting, (usize::try_from(SHARES).unwrap_or_default(), "full")).await;
    applications(url, *submitted, (1, rows)).await;
    let number = if on_sqlite(url) { "hex(a.id)" } else { "CAST(a.id AS text)" };
    let of_application = [
        ("id", new),
        ("application_id", "a.id"),
        ("campaign_id", "a.campaign_id"),
        ("category_code", "a.category_code"),
        ("certificate_number", number),
    ];
    let awarded = "awards t, applications a JOIN campaigns c ON c.id = a.campaign_id \
                   WHERE t.id = (SELECT id FROM awards LIMIT 1) AND c.title LIKE 'full %' AND a.state = 'awarded'";
    copy(url, "awards", &of_application, awarded).await;
    truths::break_by(url, "ANALYZE").await;
    let full = ids(url, "SELECT id FROM campaigns WHERE title = 'full 1'").await.remove(0);
    let of_full =
        format!("SELECT id FROM applications WHERE campaign_id = {} LIMIT {READ}", written(url, full));
    Scene {
        office: told.office.clone(),
        supervisors: told.supervisors.clone(),
        units: (1..=UNITS).map(|number| format!("bench-{number}")).collect(),
        accepting: ids(url, "SELECT id FROM campaigns WHERE title LIKE 'declared %'").await,
        correct_by: told.correct_by.clone(),
        full,
        listed: share(rows) / STATES.len(),
        read: ids(url, &of_full).await,
        ranked: told.ranked,
        sheets: told.sheets.clone(),
        form: told.form.clone(),
        crowded: (unit.clone(), *accepting, told.people.clone()),
    }
}

/// Copies rows of a table: a select of them as `t`, with other values for some of the columns. It knows nothing of the rest.
async fn copy(url: &str, table: &str, changed: &[(&str, &str)], from: &str) {
    let rows = truths::look(url, &format!("SELECT * FROM {table} LIMIT 1")).await;
    let columns = rows.first().expect("a row of the story").column_names();
    let value = |column: &String| {
        let other = changed.iter().find(|(name, _)| name == column);
        other.map_or_else(|| format!("t.{column}"), |(_, value)| (*value).to_owned())
    };
    let values: Vec<String> = columns.iter().map(value).collect();
    let (columns, values) = (columns.join(", "), values.join(", "));
    truths::break_by(url, &format!("INSERT INTO {table} ({columns}) SELECT {values} FROM {from}")).await;
}

/// The numbers from one to another, as the table `n` with the column `i`.
fn numbers(from: impl Display, to: impl Display) -> String {
    format!(
        "(WITH RECURSIVE s(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM s WHERE i < {to}) SELECT i FROM s) n"
    )
}

/// Whether a URL is of a file of SQLite.
pub fn on_sqlite(url: &str) -> bool {
    url.starts_with("sqlite:")
}

/// An id that nothing has.
fn new_id(url: &str) -> &'static str {
    if on_sqlite(url) { "randomblob(16)" } else { "gen_random_uuid()" }
}

/// An id as the database has it.
fn written(url: &str, id: Uuid) -> String {
    if on_sqlite(url) { format!("x'{}'", id.simple()) } else { format!("'{id}'") }
}

/// Copies of an application from one number to another, spread over campaigns, units and states.
async fn applications(url: &str, of: Uuid, (from, to): (u32, u32)) {
    let person = if on_sqlite(url) { "randomblob(32)" } else { "sha256(CAST(CAST(n.i AS text) AS bytea))" };
    let names = STATES.iter().enumerate().map(|(place, name)| format!("WHEN {place} THEN '{name}'"));
    let states = STATES.len();
    let state = format!("CASE n.i / {SHARES} % {states} {} END", names.collect::<Vec<_>>().join(" "));
    let spread = [
        ("id", new_id(url)),
        ("campaign_id", "c.id"),
        ("unit_id", "u.id"),
        ("state", state.as_str()),
        ("shown_state", state.as_str()),
        // Without what is sealed, which belongs to one row alone; nobody asks for it here.
        ("personal", "NULL"),
        ("person_index", person),
    ];
    let numbered = |table: &str, of: &str| {
        format!("(SELECT id, row_number() OVER () - 1 AS place FROM {table} WHERE {of})")
    };
    let (full, units) =
        (numbered("campaigns", "title LIKE 'full %'"), numbered("units", "code LIKE 'bench-%'"));
    let from = format!(
        "applications t, {} JOIN {full} c ON c.place = n.i % {SHARES} JOIN {units} u ON u.place = n.i % {UNITS} WHERE t.id = {}",
        numbers(from, to),
        written(url, of)
    );
    copy(url, "applications", &spread, &from).await;
}

/// Fills the database further, to so many applications.
pub async fn grow(url: &str, told: &Told, (from, to): (u32, u32)) {
    applications(url, told.submitted, (from + 1, to)).await;
    truths::break_by(url, "ANALYZE").await;
}

/// How many of so many applications belong to one campaign.
pub fn share(rows: u32) -> usize {
    usize::try_from(rows / SHARES).unwrap_or_default()
}

/// So many copies of a campaign, named and numbered.
async fn campaigns(url: &str, of: Uuid, (count, name): (usize, &str)) {
    let title = format!("'{name} ' || n.i");
    let from = format!("campaigns t, {} WHERE t.id = {}", numbers(1, count), written(url, of));
    copy(url, "campaigns", &[("id", new_id(url)), ("title", &title)], &from).await;
}

async fn ids(url: &str, sql: &str) -> Vec<Uuid> {
    truths::look(url, sql).await.iter().map(|row| truths::get(row, "id")).collect()
}

//! What the story has told, many times over by SQL: units and their accounts, campaigns, applications, awards.
//!
//! A copy is a row of the story with some members changed (`jsonb_populate_record`), so it knows nothing of the other columns.

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
const STATES: u32 = 5;
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
    let copies = [
        // The copies keep the name, which their forms have to state.
        format!(
            "INSERT INTO units SELECT r.* FROM units t, generate_series(1, {UNITS}) i, LATERAL jsonb_populate_record(t, \
             jsonb_build_object('id', gen_random_uuid(), 'code', 'bench-' || i)) r WHERE t.id = '{unit_id}'"
        ),
        format!(
            "INSERT INTO users SELECT r.* FROM users t, units u, LATERAL jsonb_populate_record(t, jsonb_build_object(\
             'id', gen_random_uuid(), 'username', u.code, 'unit_id', u.id)) r \
             WHERE t.username = '{unit}' AND u.code LIKE 'bench-%'"
        ),
        campaigns(*accepting, CAMPAIGNS, "declared"),
        campaigns(*accepting, usize::try_from(SHARES).unwrap_or_default(), "full"),
        applications(*submitted, (1, rows)),
        "INSERT INTO awards SELECT r.* FROM awards t, applications a JOIN campaigns c ON c.id = a.campaign_id, \
         LATERAL jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'application_id', a.id, \
         'campaign_id', a.campaign_id, 'category_code', a.category_code, 'certificate_number', a.id)) r \
         WHERE t.id = (SELECT id FROM awards LIMIT 1) AND c.title LIKE 'full %' AND a.state = 'awarded'"
            .to_owned(),
        "ANALYZE".to_owned(),
    ];
    for sql in copies {
        truths::break_by(url, &sql).await;
    }
    let full = ids(url, "SELECT id FROM campaigns WHERE title = 'full 1'").await.remove(0);
    let of_full = format!("SELECT id FROM applications WHERE campaign_id = '{full}' LIMIT {READ}");
    Scene {
        office: told.office.clone(),
        supervisors: told.supervisors.clone(),
        units: (1..=UNITS).map(|number| format!("bench-{number}")).collect(),
        accepting: ids(url, "SELECT id FROM campaigns WHERE title LIKE 'declared %'").await,
        correct_by: told.correct_by.clone(),
        full,
        listed: usize::try_from(rows / SHARES / STATES).unwrap_or_default(),
        read: ids(url, &of_full).await,
        ranked: told.ranked,
        sheets: told.sheets.clone(),
        form: told.form.clone(),
        crowded: (unit.clone(), *accepting, told.people.clone()),
    }
}

/// Copies of an application from one number to another, spread over campaigns, units and states.
fn applications(of: Uuid, (from, to): (u32, u32)) -> String {
    // Without what is sealed, which belongs to one row alone; nobody asks for it here.
    format!(
        "INSERT INTO applications SELECT r.* FROM applications t, generate_series({from}, {to}) i \
         JOIN (SELECT id, row_number() OVER () - 1 AS n FROM campaigns WHERE title LIKE 'full %') c ON c.n = i % {SHARES} \
         JOIN (SELECT id, row_number() OVER () - 1 AS n FROM units WHERE code LIKE 'bench-%') u ON u.n = i % {UNITS}, \
         LATERAL (SELECT (ARRAY['submitted', 'accepted', 'rejected', 'verified', 'awarded'])[1 + i / {SHARES} % {STATES}] AS name) s, \
         LATERAL jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'campaign_id', c.id, 'unit_id', u.id, \
         'state', s.name, 'shown_state', s.name, 'personal', NULL, 'person_index', '\\x' || encode(sha256(i::text::bytea), 'hex'))) r \
         WHERE t.id = '{of}'"
    )
}

/// Fills the database further, to so many applications.
pub async fn grow(url: &str, told: &Told, (from, to): (u32, u32)) {
    for sql in [applications(told.submitted, (from + 1, to)), "ANALYZE".to_owned()] {
        truths::break_by(url, &sql).await;
    }
}

/// How many of so many applications belong to one campaign.
pub fn share(rows: u32) -> usize {
    usize::try_from(rows / SHARES).unwrap_or_default()
}

/// So many copies of a campaign, named and numbered.
fn campaigns(of: Uuid, count: usize, name: &str) -> String {
    format!(
        "INSERT INTO campaigns SELECT r.* FROM campaigns t, generate_series(1, {count}) i, LATERAL jsonb_populate_record(t, \
         jsonb_build_object('id', gen_random_uuid(), 'title', '{name} ' || i)) r WHERE t.id = '{of}'"
    )
}

async fn ids(url: &str, sql: &str) -> Vec<Uuid> {
    truths::look(url, sql).await.iter().map(|row| truths::get(row, "id")).collect()
}

//! The limit: the same paths on the same tables, with SQL written by hand that reads, locks and writes what the server must, a token
//! check and nothing else. No policy, no guards, no checks of what is sent, no audit of what changed: what a server on this machine can
//! come to at best.

use std::env;
use std::future::{Ready, ready};
use std::num::NonZero;
use std::thread;

use actix_web::error::{ErrorInternalServerError, ErrorUnauthorized};
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::{self, Data, Json, Path, Query, ServiceConfig};
use actix_web::{Error, FromRequest, HttpRequest, HttpResponse, dev::Payload};
use jsonwebtoken::{DecodingKey, EncodingKey, Header, Validation};
use pingxuan_api::clock::Clock;
use pingxuan_api::identity::passwords::{Cost, Passwords};
use sea_orm_migration::sea_orm::sqlx::postgres::PgPoolOptions;
use sea_orm_migration::sea_orm::sqlx::{PgConnection, PgPool, query, query_as, query_scalar};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::processes::announce;

/// Database connections for each processor.
pub const CONNECTIONS: u32 = 8;

/// What must be known of an application to say who may do what with it: beside its own columns and its unit's name the campaign's phase and
/// window, an extension, where its list stands, and the caller's ($2) stakes.
const ONE: &str = "SELECT row_to_json(t)::text FROM (SELECT a.id, a.campaign_id, a.category_code, a.nominee_kind, a.nominee_name, \
    a.nominee_post, u.id AS unit_id, u.name AS unit, a.form::json AS form, a.attached::json AS attached, a.handling::json AS handling, \
    a.state, a.version, a.content_digest, a.submitted_at, a.created_at, a.updated_at, c.state AS phase, c.definition_digest, c.closes_at, \
    (SELECT max(x.until) FROM extensions x WHERE x.campaign_id = a.campaign_id AND (x.unit_id IS NULL OR x.unit_id = a.unit_id)) \
    AS extended_until, \
    (SELECT s.state FROM shortlists s WHERE s.campaign_id = a.campaign_id AND s.category_code = a.category_code \
    AND s.state <> 'returned') AS list, \
    (SELECT a.unit_id IN (w.unit_id, (SELECT p.unit_id FROM supervisors p WHERE p.id = w.supervisor_id)) \
    OR a.person_index = (SELECT p.citizen_index FROM supervisors p WHERE p.id = w.supervisor_id) \
    OR EXISTS (SELECT 1 FROM recusals r WHERE r.application_id = a.id AND r.state <> 'lifted' \
    AND (r.user_id = w.id OR r.supervisor_id = w.supervisor_id)) FROM users w WHERE w.id = $2) AS stake \
    FROM applications a JOIN campaigns c ON c.id = a.campaign_id LEFT JOIN units u ON u.id = a.unit_id WHERE a.id = $1) t";
/// The same for whoever submits ($2 is not asked): where the nominee stands besides, vetoes, awards of before.
const DRAFT: &str = "SELECT row_to_json(t)::text FROM (SELECT a.id, a.campaign_id, a.category_code, a.nominee_kind, a.nominee_name, \
    a.nominee_post, u.id AS unit_id, u.name AS unit, a.form::json AS form, a.attached::json AS attached, a.handling::json AS handling, \
    a.state, a.version, a.content_digest, a.submitted_at, a.created_at, a.updated_at, c.state AS phase, c.definition_digest, c.closes_at, \
    $2::uuid AS asking, \
    (SELECT max(x.until) FROM extensions x WHERE x.campaign_id = a.campaign_id AND (x.unit_id IS NULL OR x.unit_id = a.unit_id)) \
    AS extended_until, \
    (SELECT count(*) FROM applications o WHERE o.campaign_id = a.campaign_id AND o.unit_id = a.unit_id AND o.id <> a.id \
    AND o.state NOT IN ('draft', 'withdrawn', 'rejected')) AS standing, \
    (SELECT count(*) FROM applications o WHERE o.campaign_id = a.campaign_id AND o.person_index = a.person_index AND o.id <> a.id \
    AND o.state NOT IN ('draft', 'withdrawn', 'rejected')) AS elsewhere, \
    (SELECT max(v.until) FROM vetoes v WHERE v.state = 'recorded' AND v.unit_id = a.unit_id) AS veto, \
    (SELECT count(*) FROM campaigns k JOIN applications o ON o.campaign_id = k.id AND o.unit_id = a.unit_id \
    JOIN awards w ON w.application_id = o.id WHERE k.year = c.year - 1 AND w.category_code = a.category_code) AS awarded \
    FROM applications a JOIN campaigns c ON c.id = a.campaign_id LEFT JOIN units u ON u.id = a.unit_id WHERE a.id = $1) t";
const PAGE: &str = "SELECT coalesce(json_agg(t), '[]')::text, max(t.id::text) FROM (SELECT a.id, a.campaign_id, a.category_code, \
    a.nominee_kind, a.nominee_name, a.nominee_post, u.id AS unit_id, u.name AS unit, a.handling::json AS handling, a.state, a.version, \
    a.content_digest, a.submitted_at, a.created_at, a.updated_at, c.closes_at, \
    (SELECT max(x.until) FROM extensions x WHERE x.campaign_id = a.campaign_id AND (x.unit_id IS NULL OR x.unit_id = a.unit_id)) \
    AS extended_until \
    FROM applications a JOIN campaigns c ON c.id = a.campaign_id LEFT JOIN units u ON u.id = a.unit_id \
    WHERE a.campaign_id = $1 AND a.category_code = $2 AND a.state = $3 AND a.id > $4 ORDER BY a.id LIMIT $5) t";
const HOLD_CAMPAIGN: &str = "SELECT c.state FROM campaigns c WHERE c.id = $1 FOR SHARE";
const HOLD_ITS_CAMPAIGN: &str = "SELECT c.id FROM campaigns c WHERE c.id = (SELECT a.campaign_id FROM applications a WHERE a.id = $1) FOR SHARE";
const LOCK_ITS_UNIT: &str =
    "SELECT u.id FROM units u WHERE u.id = (SELECT a.unit_id FROM applications a WHERE a.id = $1) FOR UPDATE";
const LOCK: &str = "SELECT a.version FROM applications a WHERE a.id = $1 FOR UPDATE";
const HOLD_CAMPAIGN_OF_TASK: &str = "SELECT c.id FROM campaigns c WHERE c.id = (SELECT g.campaign_id FROM assignments g WHERE g.id = $1) FOR SHARE";
const LOCK_APPLICATION_OF_TASK: &str = "SELECT a.form, a.category_code FROM applications a \
    WHERE a.id = (SELECT g.application_id FROM assignments g WHERE g.id = $1) FOR UPDATE";
const LOCK_TASK: &str = "SELECT g.id FROM assignments g WHERE g.id = $1 FOR UPDATE";
const TASK: &str = "SELECT row_to_json(t)::text, t.version FROM (SELECT g.id, g.campaign_id, g.application_id, g.supervisor_id, g.state, \
    a.nominee_name, a.category_code, a.state AS application_state, u.name AS unit, p.name AS supervisor, p.unit_id, c.state AS phase, \
    s.scores::json AS scores, s.remark, s.version, \
    (SELECT count(*) FROM recusals r WHERE r.application_id = g.application_id AND r.supervisor_id = g.supervisor_id \
    AND r.state <> 'lifted') AS recusals, \
    (SELECT count(*) FROM site_visit_supervisors t JOIN site_visits v ON v.id = t.site_visit_id \
    WHERE t.supervisor_id = g.supervisor_id AND v.application_id = g.application_id) AS visits \
    FROM assignments g JOIN applications a ON a.id = g.application_id JOIN supervisors p ON p.id = g.supervisor_id \
    JOIN campaigns c ON c.id = g.campaign_id LEFT JOIN units u ON u.id = a.unit_id LEFT JOIN score_sheets s ON s.assignment_id = g.id \
    WHERE g.id = $1) t";
const RANKING: &str = "SELECT json_build_object('entries', coalesce(json_agg(t), '[]'))::text FROM (SELECT a.id, a.nominee_name, \
    avg(s.composite) AS composite FROM applications a JOIN assignments g ON g.application_id = a.id \
    JOIN score_sheets s ON s.assignment_id = g.id AND s.counts WHERE a.campaign_id = $1 AND a.category_code = $2 \
    GROUP BY a.id ORDER BY 3 DESC, a.id) t";
const AWARDS: &str = "SELECT json_build_object('items', coalesce(json_agg(t), '[]'))::text FROM (SELECT w.certificate_number, w.honouree, \
    w.unit_name, w.post, w.document_number, w.decided_on, w.state, w.category_code, c.title AS campaign_title \
    FROM awards w JOIN campaigns c ON c.id = w.campaign_id ORDER BY w.id LIMIT 20) t";
const CREATE: &str = "INSERT INTO applications (id, campaign_id, category_code, nominee_kind, unit_id, nominee_name, is_leading_cadre, \
    front_line, form, content_digest, state, version, shown_state, shown_version, shown_updated_at, entered_by_office, created_at, \
    updated_at) VALUES ($1, $2, $3, 'unit', $4, $5, false, false, $6, 'digest', 'draft', 1, 'draft', 1, $7, false, $7, $7)";
const MOVE: &str = "UPDATE applications SET state = $2, shown_state = $2, correct_by = $3, version = version + 1, updated_at = $4 \
    WHERE id = $1 AND version = $5";
const KEEP: &str = "INSERT INTO application_snapshots (application_id, number, form, personal, content_digest, submitted_at) \
    SELECT id, (SELECT coalesce(max(k.number), 0) + 1 FROM application_snapshots k WHERE k.application_id = $1), form, personal, \
    content_digest, updated_at FROM applications WHERE id = $1";
const SAVE: &str = "UPDATE score_sheets SET scores = $2, version = version + 1, updated_at = $3 WHERE assignment_id = $1 AND version = $4";
const USER: &str = "SELECT id, unit_id, password_hash FROM users WHERE username = $1";
const SESSION: &str = "INSERT INTO sessions (id, user_id, created_at, expires_at, renewed_at) VALUES ($1, $2, $3, $3::bigint + 1800000, $3)";
const AUDIT: &str = "INSERT INTO audit_events (id, at, operation, actor_id, actor_role, object_kind, object_id, campaign_id, audience, \
    leaf) VALUES ($1, $2, $3, $4, 'unit', 'application', $5, $6, 'everyone', $7)";
const OUTGOING: &str = "INSERT INTO outgoing_events (id, at, kind, object_kind, object_id, campaign_id, audience, leaf) \
    VALUES ($1, $2, $3, 'application', $4, $5, 'everyone', $6)";

/// What tokens are signed with.
const SECRET: &[u8] = b"a secret of the limit alone";
/// When they are over: not today.
const LATER: u64 = 4_102_444_800;

type Answer = Result<HttpResponse, Error>;

struct House {
    pool: PgPool,
    passwords: Passwords,
    clock: Clock,
}

/// Serves until it is killed.
pub async fn serve() {
    let url = env::var("DATABASE_URL").expect("a database");
    // The best that it can be: nobody asks whether a connection still stands.
    let processors = thread::available_parallelism().map_or(2, NonZero::get);
    let most = CONNECTIONS * u32::try_from(processors).expect("a number of processors");
    let pool = PgPoolOptions::new().max_connections(most).test_before_acquire(false);
    let pool = pool.connect(&url).await.expect("the database answers");
    let passwords = Passwords::new(Cost::Full).expect("passwords are hashed");
    let house = Data::new(House { pool, passwords, clock: Clock::machine() });
    announce(move |config: &mut ServiceConfig| {
        config.app_data(house.clone()).service(
            web::scope("/api/v1")
                .route("/applications", web::get().to(page))
                .route("/applications", web::post().to(create))
                .route("/applications/{id}", web::get().to(one))
                .route("/applications/{id}/{action}", web::post().to(act))
                .route("/assignments/{id}/score-sheet", web::put().to(save))
                .route("/campaigns/{campaign}/categories/{category}/ranking", web::get().to(ranking))
                .route("/public/awards", web::get().to(awards))
                .route("/auth/login", web::post().to(log_in)),
        );
    })
    .await;
}

/// Whoever shows a good token.
#[derive(Serialize, Deserialize)]
struct Bearer {
    sub: Uuid,
    unit: Option<Uuid>,
    exp: u64,
}

impl FromRequest for Bearer {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let shown = request
            .headers()
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let claims = shown.and_then(|token| {
            let key = DecodingKey::from_secret(SECRET);
            Some(jsonwebtoken::decode::<Self>(token, &key, &Validation::default()).ok()?.claims)
        });
        ready(claims.ok_or_else(|| ErrorUnauthorized("")))
    }
}

fn json_text(text: String) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(text)
}

async fn one(house: Data<House>, bearer: Bearer, id: Path<Uuid>) -> Answer {
    let found = query_scalar::<_, String>(ONE).bind(*id).bind(bearer.sub).fetch_one(&house.pool).await;
    found.map(json_text).map_err(ErrorInternalServerError)
}

#[derive(Deserialize)]
struct Wanted {
    campaign_id: Uuid,
    category_code: String,
    state: String,
    limit: i64,
    #[serde(default)]
    cursor: Uuid,
}

async fn page(house: Data<House>, _: Bearer, wanted: Query<Wanted>) -> Answer {
    let Wanted { campaign_id, category_code, state, limit, cursor } = wanted.into_inner();
    let found =
        query_as::<_, (String, Option<String>)>(PAGE).bind(campaign_id).bind(category_code).bind(state);
    let found = found.bind(cursor).bind(limit).fetch_one(&house.pool).await;
    let (items, last) = found.map_err(ErrorInternalServerError)?;
    Ok(json_text(format!("{{\"items\":{items},\"next_cursor\":{}}}", json!(last))))
}

async fn ranking(house: Data<House>, _: Bearer, of: Path<(Uuid, String)>) -> Answer {
    let (campaign, category) = of.into_inner();
    let found = query_scalar::<_, String>(RANKING).bind(campaign).bind(category).fetch_one(&house.pool).await;
    found.map(json_text).map_err(ErrorInternalServerError)
}

async fn awards(house: Data<House>) -> Answer {
    let found = query_scalar::<_, String>(AWARDS).fetch_one(&house.pool).await;
    found.map(json_text).map_err(ErrorInternalServerError)
}

#[derive(Deserialize)]
struct Declaration {
    campaign_id: Uuid,
    category_code: String,
    form: Value,
}

async fn create(house: Data<House>, bearer: Bearer, sent: Json<Declaration>) -> Answer {
    let (id, now) = (house.clock.new_id(), house.clock.now().millis());
    let name = sent.form.get("name").and_then(Value::as_str).unwrap_or_default();
    let mut tx = house.pool.begin().await.map_err(ErrorInternalServerError)?;
    let held = query(HOLD_CAMPAIGN).bind(sent.campaign_id).execute(&mut *tx).await;
    held.map_err(ErrorInternalServerError)?;
    let insert =
        query(CREATE).bind(id).bind(sent.campaign_id).bind(&sent.category_code).bind(bearer.unit).bind(name);
    let inserted = insert.bind(sent.form.to_string()).bind(now).execute(&mut *tx).await;
    inserted.map_err(ErrorInternalServerError)?;
    write_down(&house, &mut tx, &bearer, ("create_application", id, Some(sent.campaign_id))).await?;
    tx.commit().await.map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Created().json(json!({"id": id, "state": "draft"})))
}

/// Submits or returns.
async fn act(house: Data<House>, bearer: Bearer, of: Path<(Uuid, String)>) -> Answer {
    let (id, action) = of.into_inner();
    let submits = action == "submit";
    let (state, correct_by) = if submits { ("submitted", None) } else { ("returned", Some("2099-01-01")) };
    let failed = ErrorInternalServerError;
    let mut tx = house.pool.begin().await.map_err(failed)?;
    let campaign: Uuid =
        query_scalar(HOLD_ITS_CAMPAIGN).bind(id).fetch_one(&mut *tx).await.map_err(failed)?;
    query(LOCK_ITS_UNIT).bind(id).execute(&mut *tx).await.map_err(failed)?;
    let version: i64 = query_scalar(LOCK).bind(id).fetch_one(&mut *tx).await.map_err(failed)?;
    let known = query_scalar::<_, String>(if submits { DRAFT } else { ONE }).bind(id).bind(bearer.sub);
    let known = known.fetch_one(&mut *tx).await.map_err(failed)?;
    let moved =
        query(MOVE).bind(id).bind(state).bind(correct_by).bind(house.clock.now().millis()).bind(version);
    moved.execute(&mut *tx).await.map_err(failed)?;
    if submits {
        query(KEEP).bind(id).execute(&mut *tx).await.map_err(failed)?;
    }
    write_down(&house, &mut tx, &bearer, ("submit_application", id, Some(campaign))).await?;
    tx.commit().await.map_err(failed)?;
    Ok(json_text(format!("{{\"state\":\"{state}\",\"was\":{known}}}")))
}

async fn save(house: Data<House>, bearer: Bearer, id: Path<Uuid>, sent: Json<Value>) -> Answer {
    let failed = ErrorInternalServerError;
    let mut tx = house.pool.begin().await.map_err(failed)?;
    let campaign: Uuid =
        query_scalar(HOLD_CAMPAIGN_OF_TASK).bind(*id).fetch_one(&mut *tx).await.map_err(failed)?;
    query(LOCK_APPLICATION_OF_TASK).bind(*id).execute(&mut *tx).await.map_err(failed)?;
    query(LOCK_TASK).bind(*id).execute(&mut *tx).await.map_err(failed)?;
    let (task, version): (String, i64) =
        query_as(TASK).bind(*id).fetch_one(&mut *tx).await.map_err(failed)?;
    let scores = sent.get("scores").map(Value::to_string);
    let save = query(SAVE).bind(*id).bind(&scores).bind(house.clock.now().millis()).bind(version);
    save.execute(&mut *tx).await.map_err(failed)?;
    write_down(&house, &mut tx, &bearer, ("save_score_sheet", *id, Some(campaign))).await?;
    tx.commit().await.map_err(failed)?;
    let scores = scores.unwrap_or_default();
    Ok(json_text(format!("{{\"state\":\"draft\",\"scores\":{scores},\"was\":{task}}}")))
}

/// The audit event and the outgoing event of a change.
async fn write_down(
    house: &House,
    tx: &mut PgConnection,
    bearer: &Bearer,
    (operation, object, campaign): (&str, Uuid, Option<Uuid>),
) -> Result<(), Error> {
    let now = house.clock.now().millis();
    let leaf = json!({
        "actor": {"kind": "user", "id": bearer.sub}, "at": now, "campaign_id": campaign, "changed": [], "object": object,
        "operation": operation, "outcome": "done",
    });
    let leaf = leaf.to_string();
    let audit =
        query(AUDIT).bind(house.clock.new_id()).bind(now).bind(operation).bind(bearer.sub).bind(object);
    audit.bind(campaign).bind(&leaf).execute(&mut *tx).await.map_err(ErrorInternalServerError)?;
    let outgoing = query(OUTGOING).bind(house.clock.new_id()).bind(now).bind(operation).bind(object);
    outgoing.bind(campaign).bind(&leaf).execute(&mut *tx).await.map_err(ErrorInternalServerError)?;
    Ok(())
}

#[derive(Deserialize)]
struct LogIn {
    username: String,
    password: String,
}

async fn log_in(house: Data<House>, sent: Json<LogIn>) -> Answer {
    let LogIn { username, password } = sent.into_inner();
    let user = query_as::<_, (Uuid, Option<Uuid>, String)>(USER).bind(username).fetch_one(&house.pool).await;
    let (sub, unit, hash) = user.map_err(ErrorUnauthorized)?;
    let right = house.passwords.verify(password, Some(hash)).await;
    if !right.map_err(|failure| ErrorInternalServerError(failure.to_string()))? {
        return Err(ErrorUnauthorized(""));
    }
    let session = query(SESSION).bind(house.clock.new_id()).bind(sub).bind(house.clock.now().millis());
    session.execute(&house.pool).await.map_err(ErrorInternalServerError)?;
    let claims = Bearer { sub, unit, exp: LATER };
    let token = jsonwebtoken::encode(&Header::default(), &claims, &EncodingKey::from_secret(SECRET));
    Ok(HttpResponse::Ok().json(json!({"access_token": token.map_err(ErrorInternalServerError)?})))
}

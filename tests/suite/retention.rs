//! What is kept, and for how long: events that nobody changes, and the one door by which old ones leave; personal data that is erased
//! when its selection is long over.

use pingxuan_api::running::retention::Retention;
use pingxuan_tests::objections::named;
use pingxuan_tests::story::INDIVIDUAL;
use pingxuan_tests::truths::{break_by, get, look};
use pingxuan_tests::world::PASSWORD;
use pingxuan_tests::{World, both};
use sea_orm_migration::sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};

const UNIT: &str = "江背镇";

/// Whether the database refuses a statement, and what it says.
async fn refused(url: &str, sql: &str) -> Option<String> {
    let db = Database::connect(url).await.unwrap();
    let done = db.execute_unprepared(sql).await;
    db.close().await.unwrap();
    done.err().map(|error| error.to_string())
}

async fn count(url: &str, sql: &str) -> i64 {
    get(&look(url, &format!("SELECT count(*) AS n FROM {sql}")).await.remove(0), "n")
}

fn is_postgres(world: &World) -> bool {
    world.database_url().starts_with("postgres")
}

/// A moment of long ago for the database's own clock, in milliseconds.
const LONG_AGO: i64 = 1_667_782_800_000;

both! {
    async fn g_08_nobody_changes_or_deletes_what_is_written_down(world: World) {
        world.unit_id(UNIT).await;
        world.log_in("office", PASSWORD).await.expect(200);
        let url = world.database_url();
        let mut statements = vec![
            "UPDATE audit_events SET operation = 'nothing'".to_owned(),
            "DELETE FROM audit_events".to_owned(),
            "DELETE FROM audit_events WHERE operation = 'login'".to_owned(),
            "UPDATE outgoing_events SET kind = 'nothing'".to_owned(),
            "DELETE FROM outgoing_events".to_owned(),
            "DELETE FROM audit_door".to_owned(),
            // The last 180 days are kept by the database's own clock, whoever asks.
            "UPDATE audit_door SET forget_before = 32503680000000".to_owned(),
        ];
        if is_postgres(&world) {
            statements.push("TRUNCATE audit_events".to_owned());
            statements.push("SELECT forget_audit_events(32503680000000)".to_owned());
        }
        let before = count(url, "audit_events").await;
        for sql in &statements {
            let said = refused(url, sql).await.unwrap_or_else(|| panic!("{sql} is carried out"));
            let why = ["insert-only", "180 days", "the door stays"].iter().any(|why| said.contains(why));
            assert!(why, "{sql}: {said}");
        }
        assert_eq!(count(url, "audit_events").await, before);
        // Where the door is left open by somebody, what is of the selection stays all the same.
        break_by(url, &format!("UPDATE audit_door SET forget_before = {}", LONG_AGO + 86_400_000_000)).await;
        assert!(refused(url, "DELETE FROM audit_events WHERE operation = 'create_unit'").await.is_some());
        assert_eq!(refused(url, "DELETE FROM audit_events WHERE operation = 'login'").await, None);
    }

    async fn g_07_an_auditor_exports_what_the_filters_find(world: World) {
        let office = world.office().await;
        // More than are read at once.
        for _ in 0..510 {
            office.get("/users").await.refused(403, "role_not_permitted");
        }
        let auditor = world.auditor().await;
        let export = async |query: &str| {
            let request = auditor.get(&format!("/audit-events?{query}")).header("accept", "application/jsonl");
            let reply = request.await.expect(200);
            assert_eq!(reply.header("content-type"), Some("application/jsonl"));
            reply.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
        };
        let denied = export("operation=list_users&limit=5").await;
        assert_eq!(denied.len(), 510);
        let kept = look(world.database_url(), "SELECT leaf FROM audit_events WHERE operation = 'list_users' ORDER BY id DESC").await;
        let kept: Vec<Value> = kept.iter().map(|row| serde_json::from_str(&get::<String>(row, "leaf")).unwrap()).collect();
        assert_eq!(denied, kept, "the newest first, each as it was written down");
        assert!(export("operation=create_campaign").await.is_empty());
        // That it was exported is written down, and stands in the next.
        let exports = export("operation=list_audit_events").await;
        assert_eq!(exports.len(), 3);
        assert_eq!(exports[2]["changed"][0]["to"], "operation=list_users&limit=5");
        office.get("/audit-events").header("accept", "application/jsonl").await.refused(403, "role_not_permitted");
    }

    async fn g_09_security_events_stay_for_180_days_and_those_of_the_selection_for_good(world: World) {
        let (other, running) = World::start_with(world.database_url(), |app| {
            app.retention = Retention { audit_days: 180, ..app.retention };
        }).await;
        let unit = other.unit_id(UNIT).await;
        other.log_in("office", "a wrong one").await.expect(401);
        let log_ins = async |other: &World| {
            let events = other.auditor().await.get("/audit-events?operation=login&outcome=failed").await.expect(200);
            events.items().len()
        };
        assert_eq!(log_ins(&other).await, 1);
        // A day has 24 hours, and what stood in it goes when all of it is 180 days ago.
        other.move_clock("2023-05-06T23:59:59+08:00").await;
        assert_eq!(log_ins(&other).await, 1, "on the 180th day");
        other.move_clock("2023-05-07T00:00:01+08:00").await;
        assert_eq!(log_ins(&other).await, 0, "after it");
        let auditor = other.auditor().await;
        let made = auditor.get(&format!("/audit-events?object_id={unit}")).await.expect(200);
        assert_eq!(made.column("operation"), ["create_unit"]);
        let told = auditor.get("/audit-events?operation=forget_audit_events").await.expect(200);
        assert_eq!(told.items().len(), 1, "once, and not at each look");
        assert_eq!(told.at("/items/0/actor/kind"), "system");
        assert_eq!(told.at("/items/0/changed/0/to"), "2022-11-07T16:00:00.000Z");
        assert_eq!(count(other.database_url(), "audit_door WHERE forget_before IS NOT NULL").await, 0);
        running.stop().await;
    }

    async fn g_14_personal_data_is_erased_when_its_selection_is_long_over(world: World) {
        let campaign = world.accepting_campaign().await;
        let id = world.submitted(campaign, UNIT, INDIVIDUAL).await;
        world.drafted(campaign, "高兴镇", INDIVIDUAL).await;
        let office = world.office().await;
        office.act(&format!("/campaigns/{campaign}/cancel"), json!({"reason": "不再评选。"})).await.expect(200);
        let url = world.database_url();
        let kept = async || {
            let values = [
                "applications WHERE personal IS NOT NULL",
                "application_snapshots WHERE personal IS NOT NULL",
            ];
            let mut counts = Vec::new();
            for value in values {
                counts.push(count(url, value).await);
            }
            counts
        };
        assert_eq!(kept().await, [2, 1]);
        let persons = async || {
            let rows = look(url, "SELECT person_index FROM applications").await;
            rows.iter().map(|row| get::<Vec<u8>>(row, "person_index")).collect::<Vec<_>>()
        };
        let known = persons().await;
        let shown = async || world.unit(UNIT).await.get(&format!("/applications/{id}")).await.expect(200);
        let before = shown().await;
        world.move_clock("2025-11-06T12:00:00+08:00").await;
        assert_eq!(kept().await, [2, 1], "three years are not over");
        world.move_clock("2025-11-07T12:00:00+08:00").await;
        assert_eq!(kept().await, [0, 0]);
        assert!(persons().await.iter().all(|index| !known.contains(index)), "nobody is known again by it");
        let after = shown().await;
        assert_eq!(after.at("/form"), before.at("/form"), "what is shown stays as it was");
        assert_eq!(after.at("/content_digest"), before.at("/content_digest"));
        let path = format!("/applications/{id}/reveal");
        let opened = office.post(&path).if_match("*").json(json!({"reason": "核对身份信息"})).await.expect(200);
        assert_eq!(opened.at("/items"), &json!([]));
        let auditor = world.auditor().await;
        let told = auditor.get("/audit-events?operation=erase_personal_data").await.expect(200);
        assert_eq!((told.column("operation").len(), told.at("/items/0/campaign_id")), (1, &json!(campaign)));
        assert_eq!(told.at("/items/0/changed/0/from"), "2");
        assert_eq!(told.at("/items/0/changed/0/pointer"), "/applications_with_personal_data");
    }

    async fn g_14_who_objected_is_erased_with_it(world: World) {
        world.supervisor("赵一").await;
        let campaign = world.selecting(&[]).await;
        let (_, notice) = world.noticed(campaign).await;
        world.objected(notice, named(None)).await;
        let office = world.office().await;
        office.act(&format!("/campaigns/{campaign}/cancel"), json!({"reason": "不再评选。"})).await.expect(200);
        let named = "objections WHERE objector IS NOT NULL";
        assert_eq!(count(world.database_url(), named).await, 1);
        world.move_clock("2026-06-01T12:00:00+08:00").await;
        assert_eq!(count(world.database_url(), named).await, 0);
    }

    async fn g_14_sessions_that_are_over_go_after_thirty_days(world: World) {
        world.log_in("office", PASSWORD).await.expect(401);
        world.office().await.get("/me").await.expect(200);
        let url = world.database_url();
        assert_eq!((count(url, "sessions").await, count(url, "refresh_tokens").await), (1, 1));
        world.move_clock("2022-12-07T12:00:00+08:00").await;
        assert_eq!(count(url, "sessions").await, 1);
        world.move_clock("2022-12-08T12:00:00+08:00").await;
        assert_eq!((count(url, "sessions").await, count(url, "refresh_tokens").await), (0, 0));
    }

    async fn g_08_the_programs_own_role_may_not_even_try(world: World) {
        if !is_postgres(&world) {
            // SQLite has no roles: who has the file has all of it.
            return;
        }
        let owner = world.database_url();
        let role = format!("app_{}", uuid::Uuid::new_v4().simple());
        break_by(owner, &format!("CREATE ROLE {role} LOGIN")).await;
        let (scheme, rest) = owner.split_once("://").unwrap();
        let (_, place) = rest.split_once('@').unwrap();
        let url = format!("{scheme}://{role}@{place}");
        let (other, running) = World::start_for(&url, Some(owner), |app| {
            app.retention = Retention { audit_days: 180, ..app.retention };
        }).await;
        // All of a story goes on, with the old door for what is old.
        let campaign = other.accepting_campaign().await;
        other.submitted(campaign, UNIT, INDIVIDUAL).await;
        other.move_clock("2023-06-01T12:00:00+08:00").await;
        let told = other.auditor().await.get("/audit-events?operation=forget_audit_events").await.expect(200);
        assert_eq!(told.items().len(), 1);
        for sql in [
            "UPDATE audit_events SET operation = 'nothing'",
            "DELETE FROM audit_events WHERE operation = 'login'",
            "TRUNCATE audit_events",
            "ALTER TABLE audit_events DISABLE TRIGGER USER",
            "DROP TABLE audit_events",
            "DELETE FROM outgoing_events",
            "UPDATE audit_door SET forget_before = 1",
            "CREATE TABLE of_my_own (one integer)",
        ] {
            let said = refused(&url, sql).await.unwrap_or_else(|| panic!("{sql} is carried out"));
            assert!(said.contains("permission denied") || said.contains("must be owner"), "{sql}: {said}");
        }
        let app = std::sync::Arc::clone(&running.app);
        running.stop().await;
        app.db.clone().close().await.unwrap();
        break_by(owner, &format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
    }
}

#[test]
fn g_09_settings_refuse_less_than_180_days() {
    let said = |days: &str| {
        let program = std::env::current_exe().unwrap();
        // The suite lies in `deps` beside the program.
        let pingxuan = program.parent().unwrap().parent().unwrap().join("pingxuan");
        let mut command = std::process::Command::new(pingxuan);
        let folder = tempfile::tempdir().unwrap();
        command.args(["migrate", "--data-dir"]).arg(folder.path()).env("PINGXUAN_AUDIT_DAYS", days);
        let told = command.env_remove("DATABASE_URL").output().unwrap();
        (told.status.success(), String::from_utf8_lossy(&told.stderr).into_owned())
    };
    let (done, told) = said("179");
    assert!(!done && told.contains("PINGXUAN_AUDIT_DAYS is '179'"), "{told}");
    assert!(said("180").0);
}

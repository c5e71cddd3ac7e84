//! Long work: who asks for it, who sees it, how it is called off, and what becomes of it when a node goes away.

use std::time::Duration;

use pingxuan_domain::Role;
use pingxuan_tests::files::folder_of;
use pingxuan_tests::jobs::{applications_csv, asks_import, exported, over, result, text, waited};
use pingxuan_tests::story::TOWNSHIP;
use pingxuan_tests::truths::break_by;
use pingxuan_tests::{World, both};
use serde_json::json;

both! {
    async fn rule_9_long_work_is_asked_for_followed_and_fetched(world: World) {
        let office = world.office().await;
        let campaign = world.accepting_campaign().await;
        world.submitted(campaign, "江背镇", TOWNSHIP).await;
        let asked = office.post("/exports").json(applications_csv(campaign, TOWNSHIP)).await.expect(202);
        let place = format!("/jobs/{}", asked.id());
        assert_eq!(asked.header("location"), Some(format!("/api/v1{place}").as_str()));
        assert_eq!(asked.header("retry-after"), Some("1"));
        assert_eq!(asked.at("/kind"), "export");
        assert_eq!(asked.actions(), ["cancel_job"]);
        let job = over(&office, asked.id()).await;
        assert_eq!((job.state().as_str(), job.at("/progress")), ("succeeded", &json!(100)));
        assert_eq!(job.at("/result/rows"), 1);
        assert_eq!(job.actions(), [""; 0]);
        assert_ne!(job.etag(), asked.etag());
        let file = result(&office, &job).await;
        assert_eq!(job.at("/result/size"), file.len());
        let listed = office.get("/jobs?state=succeeded&include=total").await.expect(200);
        assert_eq!(listed.column("id"), [asked.id().to_string()]);
        let part = office.get(&format!("{place}/result")).header("range", "bytes=0-2").await.expect(206);
        assert_eq!(part.header("content-range"), Some(format!("bytes 0-2/{}", file.len()).as_str()));
        let tag = format!("\"{}\"", job.text_at("/result/sha256"));
        assert_eq!(part.etag(), tag);
        office.get(&format!("{place}/result")).header("if-none-match", &tag).await.expect(304);
        let events = world.auditor().await.get(&format!("/audit-events?object_id={}", asked.id())).await.expect(200);
        let mut told = events.column("operation");
        told.sort();
        assert_eq!(told, ["create_export", "download_job_result", "download_job_result", "download_job_result", "finish_job"]);
    }

    async fn what_came_of_a_job_is_whoevers_asked_for_it(world: World) {
        let office = world.office().await;
        let campaign = world.accepting_campaign().await;
        let job = exported(&office, applications_csv(campaign, TOWNSHIP)).await;
        let place = format!("/jobs/{}", job.id());
        for other in [world.person("office-two", &[Role::Office]).await, world.admin().await, world.security_admin().await] {
            other.get(&place).await.refused(404, "not_found");
            other.get(&format!("{place}/result")).await.refused(404, "not_found");
            other.post(&format!("{place}/cancel")).if_match("*").await.refused(404, "not_found");
            assert!(other.get("/jobs").await.expect(200).items().is_empty());
        }
        for stranger in [world.approver().await, world.auditor().await, world.unit("江背镇").await] {
            stranger.get(&place).await.refused(403, "role_not_permitted");
            stranger.post("/exports").json(applications_csv(campaign, TOWNSHIP)).await.refused(403, "role_not_permitted");
        }
    }

    async fn who_may_not_read_it_any_more_does_not_get_what_came_of_a_job(world: World) {
        let office = world.person("office-two", &[Role::Office]).await;
        let campaign = world.accepting_campaign().await;
        let place = format!("/jobs/{}", exported(&office, applications_csv(campaign, TOWNSHIP)).await.id());
        office.get(&format!("{place}/result")).await.expect(200);
        let account = format!("/users/{}", office.user_id());
        world.security_admin().await.change(&account, json!({"roles": ["admin"]})).await.expect(200);
        // The job is still theirs; what is in it is not.
        office.get(&place).await.expect(200);
        office.get(&format!("{place}/result")).await.refused(403, "role_not_permitted");
    }

    async fn the_same_request_asks_for_one_job(world: World) {
        let office = world.office().await;
        let campaign = world.accepting_campaign().await;
        let ask = async || {
            let request = office.post("/exports").json(applications_csv(campaign, TOWNSHIP));
            request.header("idempotency-key", "once").await.expect(202)
        };
        let (first, second) = (ask().await, ask().await);
        assert_eq!(first.id(), second.id());
        assert_eq!(second.header("idempotent-replayed"), Some("true"));
        assert_eq!(second.header("retry-after"), Some("1"));
        assert_eq!(office.get("/jobs").await.expect(200).items().len(), 1);
    }

    async fn a_job_is_called_off_while_it_waits_or_runs_and_not_later(world: World) {
        let office = world.office().await;
        let campaign = world.accepting_campaign().await;
        let asked = office.post("/exports").json(applications_csv(campaign, TOWNSHIP)).await.expect(202);
        let place = format!("/jobs/{}", asked.id());
        office.post(&format!("{place}/cancel")).await.refused(428, "precondition_required");
        let done = over(&office, asked.id()).await;
        office.post(&format!("{place}/cancel")).if_match("\"77\"").await.refused(412, "precondition_failed");
        office.post(&format!("{place}/cancel")).if_match(&done.etag()).await.blocked_by(&["job_over"]);
        // Somebody else has one: it waits for as long as they are alive.
        let held = held(&world, &office, campaign, 3_600_000).await;
        let cancelled = office.act(&format!("/jobs/{held}/cancel"), json!(null)).await.expect(200);
        assert_eq!(cancelled.state(), "cancelled");
        assert_eq!(cancelled.actions(), [""; 0]);
        office.get(&format!("/jobs/{held}/result")).await.blocked_by(&["job_without_result"]);
    }

    async fn what_a_node_leaves_behind_another_takes_up(world: World) {
        let office = world.office().await;
        let campaign = world.accepting_campaign().await;
        let job = held(&world, &office, campaign, -1).await;
        assert_eq!(over(&office, job).await.state(), "succeeded");
        // Whoever had it went away three times.
        let job = held(&world, &office, campaign, 3_600_000).await;
        let url = world.database_url();
        break_by(url, &format!("UPDATE jobs SET attempts = 3, held_until = 1 WHERE id = {}", sql_id(&world, job))).await;
        let failed = over(&office, job).await;
        assert_eq!((failed.state().as_str(), failed.text_at("/fault/code").as_str()), ("failed", "job_abandoned"));
        office.get(&format!("/jobs/{job}/result")).await.blocked_by(&["job_without_result"]);
    }

    async fn a_job_that_the_store_of_files_failed_is_begun_anew(world: World) {
        let office = world.office().await;
        let campaign = world.accepting_campaign().await;
        let results = folder_of(world.database_url()).join("kept/results");
        std::fs::write(&results, "no folder").unwrap();
        let asked = office.post("/exports").json(applications_csv(campaign, TOWNSHIP)).await.expect(202).id();
        let table = "统一社会信用代码,单位类型,单位全称,单位简称\r\n113607320000000013,乡镇,新镇,新\r\n";
        let given = asks_import(&office, "units", "dry_run", ("units.csv", table.as_bytes())).await.expect(202).id();
        // A node has one at a time: it has let the first go when it takes the second.
        waited(&office, given, |job| job.state() != "queued").await;
        assert_eq!(office.get(&format!("/jobs/{asked}")).await.expect(200).state(), "running");
        std::fs::remove_file(&results).unwrap();
        break_by(world.database_url(), "UPDATE jobs SET held_until = 1").await;
        for job in [asked, given] {
            assert_eq!(over(&office, job).await.state(), "succeeded");
        }
        // What was given is deleted before the node takes the next.
        exported(&office, applications_csv(campaign, TOWNSHIP)).await;
        assert!(world.app().files.listed().await.unwrap().iter().all(|file| file.starts_with("results/")));
    }

    async fn a_node_that_stops_gives_back_what_it_has(world: World) {
        let office = world.office().await;
        let campaign = world.accepting_campaign().await;
        let job = held(&world, &office, campaign, 3_600_000).await;
        let node = world.app().jobs.node;
        let taken = async |other: World| {
            let id = sql_id(&other, other.app().jobs.node);
            let of_other = format!("UPDATE jobs SET holder = {id} WHERE id = {}", sql_id(&other, job));
            break_by(other.database_url(), &of_other).await;
            assert_ne!(node, other.app().jobs.node);
        };
        world.beside(|_| (), taken).await;
        let done = over(&office, job).await;
        assert_eq!(done.state(), "succeeded");
    }

    async fn what_came_of_a_job_is_kept_for_seven_days(world: World) {
        let office = world.office().await;
        let campaign = world.accepting_campaign().await;
        let job = exported(&office, applications_csv(campaign, TOWNSHIP)).await;
        assert_eq!(job.at("/expires_at"), "2022-11-14T01:00:00.000Z");
        assert!(!text(&office, &job).await.is_empty());
        assert_eq!(world.app().files.listed().await.unwrap(), [format!("results/{}", job.id())]);
        world.move_clock("2022-11-14T09:00:00+08:00").await;
        let gone = office.get(&format!("/jobs/{}", job.id())).await.expect(200);
        assert_eq!(gone.state(), "expired");
        office.get(&format!("/jobs/{}/result", job.id())).await.blocked_by(&["job_without_result"]);
        assert!(world.app().files.listed().await.unwrap().is_empty());
    }

    async fn a_job_does_what_its_owner_may_do_when_it_runs(world: World) {
        let office = world.person("office-two", &[Role::Office]).await;
        let campaign = world.accepting_campaign().await;
        let job = held(&world, &office, campaign, 3_600_000).await;
        let keeper = world.security_admin().await;
        keeper.act(&format!("/users/{}/disable", office.user_id()), json!(null)).await.expect(200);
        break_by(world.database_url(), "UPDATE jobs SET held_until = 1").await;
        // Only the database tells: whoever asked for it is not let in any more.
        let mut left = 200;
        let state = async || {
            let rows = pingxuan_tests::truths::look(world.database_url(), "SELECT state, fault FROM jobs").await;
            let text = |name: &str| pingxuan_tests::truths::get::<Option<String>>(&rows[0], name);
            (text("state").unwrap(), text("fault"))
        };
        while state().await.0 == "running" && left > 0 {
            actix_web::rt::time::sleep(Duration::from_millis(50)).await;
            left -= 1;
        }
        assert_eq!(state().await, ("failed".to_owned(), Some("role_not_permitted".to_owned())), "{job}");
    }
}

/// A job that another node has, for so many milliseconds from now.
async fn held(
    world: &World,
    owner: &pingxuan_tests::Person,
    campaign: uuid::Uuid,
    millis: i64,
) -> uuid::Uuid {
    let job = exported(owner, applications_csv(campaign, TOWNSHIP)).await.id();
    let until = format!("{} + {millis}", sql_clock(world));
    let node = sql_id(world, uuid::Uuid::from_u128(77));
    let sql = format!(
        "UPDATE jobs SET state = 'running', holder = {node}, held_until = {until}, result = NULL, attempts = 1, \
         finished_at = NULL, expires_at = NULL WHERE id = {}",
        sql_id(world, job)
    );
    break_by(world.database_url(), &sql).await;
    // What is written down of it again is of another instant.
    world.app().move_clock(world.now().plus_seconds(60)).await.unwrap();
    if millis > 0 {
        waited(owner, job, |job| job.state() == "running").await;
    }
    job
}

/// The database's clock, by which it is told who is alive.
fn sql_clock(world: &World) -> &'static str {
    if world.database_url().starts_with("sqlite:") {
        "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
    } else {
        "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
    }
}

/// An id as SQL has it.
fn sql_id(world: &World, id: uuid::Uuid) -> String {
    if world.database_url().starts_with("sqlite:") {
        format!("x'{}'", id.simple())
    } else {
        format!("'{id}'")
    }
}

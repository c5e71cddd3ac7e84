//! The service as its operator has it: readiness, and what the doctor finds.

use std::fs;

use pingxuan_api::running::doctor::examine;
use pingxuan_api::running::ready::Ready;
use pingxuan_tests::files::png;
use pingxuan_tests::story::{TOWNSHIP, definition};
use pingxuan_tests::truths::break_by;
use pingxuan_tests::{World, both};
use serde_json::json;
use uuid::Uuid;

/// An application with an attachment; answers the id of this.
async fn attached(world: &World) -> Uuid {
    let mut definition = definition();
    let rules = json!({"max_count": 20, "max_bytes": 1 << 20, "kinds": ["png"]});
    definition["categories"][0]["attachments"] = json!({"value": rules, "source": "office"});
    let campaign = world.campaign_of(definition).await;
    world.advanced(campaign).await.expect(200);
    let id = world.drafted(campaign, "江背镇", TOWNSHIP).await;
    let picture = png(3, 3, 1);
    world.unit("江背镇").await.attach(id, ("一.png", "image/png", &picture), &[]).await.expect(201).id()
}

/// Everything that the doctor finds.
async fn found(world: &World) -> Vec<String> {
    let app = world.app();
    let findings = examine(&app.db, &app.files, app.clock.now()).await;
    assert!(findings.len() > 5);
    findings.into_iter().flat_map(|finding| finding.faults).collect()
}

both! {
    async fn the_doctor_finds_files_that_are_changed_or_gone(world: World) {
        let id = attached(&world).await;
        assert_eq!(found(&world).await, [""; 0]);
        let files = &world.app().files;
        let (place, copy) = (format!("attachments/{id}"), files.scratch().unwrap());
        assert!(files.carry_out(&place, &copy).await.unwrap());
        let whole = fs::read(&copy).unwrap();
        let mut changed = whole.clone();
        changed[whole.len() / 2] ^= 1;
        fs::write(&copy, changed).unwrap();
        files.carry_in(&place, &copy).await.unwrap();
        assert_eq!(found(&world).await, [format!("{place} was changed")]);
        files.let_go(&[id]).await;
        assert_eq!(found(&world).await, [format!("{place} is not there")]);
        fs::write(&copy, whole).unwrap();
        files.carry_in(&place, &copy).await.unwrap();
        assert_eq!(found(&world).await, [""; 0]);
    }

    async fn the_doctor_finds_what_does_not_open(world: World) {
        attached(&world).await;
        assert_eq!(found(&world).await, [""; 0]);
        let url = world.database_url();
        break_by(url, "UPDATE applications SET personal = signing_keys.sealed FROM signing_keys").await;
        let shut = found(&world).await;
        assert!(shut.iter().any(|shut| shut == "a value of applications.personal does not open"), "{shut:?}");
        break_by(url, "UPDATE applications SET personal = NULL").await;
    }

    async fn a_server_whose_database_is_away_asks_to_come_again_and_lives(world: World) {
        world.beside(|_| (), async |other| {
            let office = other.office().await;
            office.get("/campaigns").await.expect(200);
            other.app().db.clone().close().await.unwrap();
            for who in [&office, &other.public()] {
                let refused = who.get("/public/awards").await.refused(503, "service_unavailable");
                assert_eq!(refused.header("retry-after"), Some("2"));
            }
            office.get("/campaigns").await.refused(503, "service_unavailable");
            other.public().get("/health/ready").await.refused(503, "not_ready");
            other.public().get("/health/live").await.expect(200);
        })
        .await;
    }

    async fn a_server_that_cannot_keep_files_is_not_ready_and_lives(world: World) {
        world.public().get("/health/ready").await.expect(200);
        let gone = |app: &mut pingxuan_api::app::App| {
            let folder = tempfile::tempdir().unwrap();
            app.files = pingxuan_api::files::Files::in_folder(folder.path()).unwrap();
        };
        world.beside_as(gone, async |other| {
            let refused = other.public().get("/health/ready").await.refused(503, "not_ready");
            assert_eq!(refused.header("retry-after"), Some("2"));
            assert!(refused.text_at("/detail").contains("磁盘"), "{:?}", refused.body);
            other.public().get("/health/live").await.expect(200);
        })
        .await;
    }

    async fn a_server_that_is_about_to_stop_says_so_and_goes_on(world: World) {
        let ready = Ready::default();
        let stopping = ready.clone();
        world.beside_as(|app| app.ready = ready, async |other| {
            other.public().get("/health/ready").await.expect(200);
            stopping.stop();
            let refused = other.public().get("/health/ready").await.refused(503, "not_ready");
            assert!(refused.text_at("/detail").contains("即将停止"), "{:?}", refused.body);
            other.public().get("/health/live").await.expect(200);
            other.public().get("/public/awards").await.expect(200);
        })
        .await;
    }
}

//! A request that names a key is carried out once, however often and wherever it is sent (docs/api-design.md, rule 6; C-13).

use std::collections::BTreeSet;

use futures_util::future::join_all;
use pingxuan_tests::county::COUNTY;
use pingxuan_tests::objections::lead;
use pingxuan_tests::story::TOWNSHIP;
use pingxuan_tests::{Person, Reply, World, both};
use serde_json::{Value, json};

const KEY: &str = "idempotency-key";

/// A unit is entered under a key.
async fn entered(who: &Person, key: &str, unit: Value) -> Reply {
    who.post("/units").header(KEY, key).json(unit).await
}

fn is_replay(reply: &Reply) -> bool {
    reply.header("idempotent-replayed") == Some("true")
}

both! {
    async fn c_13_the_same_request_under_the_same_key_is_answered_again_and_done_once(world: World) {
        let office = world.office().await;
        let first = entered(&office, "k-1", COUNTY.unit("江背镇")).await.expect(201);
        assert!(!is_replay(&first));
        let again = entered(&office, "k-1", COUNTY.unit("江背镇")).await.expect(201);
        assert!(is_replay(&again));
        assert_eq!((&again.text, again.etag()), (&first.text, first.etag()));
        assert_eq!(again.header("location"), first.header("location"));
        assert_ne!(again.header("x-request-id"), first.header("x-request-id"), "a request of its own");
        let all = office.get("/units?include=total").await.expect(200);
        assert_eq!(all.at("/total"), 1);
        let audit = world.auditor().await.get("/audit-events?operation=create_unit").await.expect(200);
        assert_eq!(audit.items().len(), 1, "and written down once");
    }

    async fn c_13_another_request_under_the_same_key_is_refused(world: World) {
        let office = world.office().await;
        let made = entered(&office, "k-1", COUNTY.unit("江背镇")).await.expect(201);
        entered(&office, "k-1", COUNTY.unit("高兴镇")).await.refused(422, "idempotency_key_reused");
        // Another operation, another person and another key are other requests.
        let supervisor = COUNTY.supervisor("钟甲", 1, None);
        office.post("/supervisors").header(KEY, "k-1").json(&supervisor).await.expect(201);
        let colleague = world.person("colleague", &[pingxuan_domain::Role::Office]).await;
        entered(&colleague, "k-1", COUNTY.unit("高兴镇")).await.expect(201);
        entered(&office, "k-2", COUNTY.unit("良村镇")).await.expect(201);
        // A query is a part of what is asked, a path as well.
        let campaign = world.accepting_campaign().await;
        let one = world.submitted(campaign, "梅窖镇", TOWNSHIP).await;
        let unit = world.unit("梅窖镇").await;
        let withdraw = |id: uuid::Uuid| unit.post(&format!("/applications/{id}/withdraw")).header(KEY, "k-3").if_match("*");
        withdraw(one).json(json!({})).await.expect(200);
        withdraw(made.id()).json(json!({})).await.refused(422, "idempotency_key_reused");
    }

    async fn c_13_an_action_is_answered_again_though_its_version_is_gone(world: World) {
        let campaign = world.accepting_campaign().await;
        let draft = world.drafted(campaign, "江背镇", TOWNSHIP).await;
        let unit = world.unit("江背镇").await;
        let place = format!("/applications/{draft}");
        let tag = unit.etag_of(&place).await;
        let submit = || unit.post(&format!("{place}/submit")).header(KEY, "submit").if_match(&tag);
        let first = submit().await.expect(200);
        let again = submit().await.expect(200);
        assert!(is_replay(&again));
        assert_eq!(again.text, first.text);
        // Without the key it is what it is: a version that is no longer there.
        unit.post(&format!("{place}/submit")).if_match(&tag).await.refused(412, "precondition_failed");
        let history = unit.get(&format!("{place}/history")).await.expect(200);
        let submitted = history.column("operation_id").into_iter().filter(|operation| operation == "submit_application");
        assert_eq!(submitted.count(), 1);
    }

    async fn c_13_what_was_refused_is_asked_anew(world: World) {
        let office = world.office().await;
        let mut unit = COUNTY.unit("江背镇");
        unit["name"] = json!("");
        entered(&office, "k-1", unit).await.expect(422);
        entered(&office, "k-1", COUNTY.unit("江背镇")).await.expect(201);
        // A body that nobody may send is refused before the key counts, whoever used it.
        world.admin().await.post("/units").header(KEY, "k-1").json(COUNTY.unit("江背镇")).await.expect(403);
    }

    async fn c_13_what_is_patched_names_its_version_and_no_key(world: World) {
        let office = world.office().await;
        let place = format!("/units/{}", world.unit_id("江背镇").await);
        let tag = office.etag_of(&place).await;
        let change = || office.patch(&place).if_match(&tag).header(KEY, "k-1").json(json!({"active": false}));
        assert!(!is_replay(&change().await.expect(200)));
        change().await.refused(412, "precondition_failed");
    }

    async fn c_13_a_secret_is_told_once(world: World) {
        let security = world.security_admin().await;
        let body = json!({"username": "newcomer", "display_name": "新来的", "roles": ["office"]});
        let create = || security.post("/users").header(KEY, "k-1").json(&body);
        let first = create().await.expect(201);
        let password = first.text_at("/initial_password");
        let again = create().await.expect(201);
        assert!(is_replay(&again) && !again.text.contains(&password), "{again}");
        assert_eq!(again.id(), first.id());
        assert_eq!(again.body.get("initial_password"), None);
    }

    async fn c_13_a_key_is_forgotten_after_a_day(world: World) {
        let office = world.office().await;
        entered(&office, "k-1", COUNTY.unit("江背镇")).await.expect(201);
        world.move_clock("2022-11-08T08:59:59+08:00").await;
        assert!(is_replay(&entered(&office, "k-1", COUNTY.unit("江背镇")).await.expect(201)));
        world.move_clock("2022-11-08T09:00:01+08:00").await;
        entered(&office, "k-1", COUNTY.unit("江背镇")).await.blocked_by(&["unit_code_taken"]);
    }

    async fn c_13_a_key_is_a_word(world: World) {
        let office = world.office().await;
        let long = "k".repeat(256);
        for bad in ["", "two words", long.as_str()] {
            let refused = entered(&office, bad, COUNTY.unit("江背镇")).await.refused(400, "invalid_parameter");
            assert!(refused.text_at("/detail").contains("Idempotency-Key"), "{refused}");
        }
        entered(&office, &"k".repeat(255), COUNTY.unit("江背镇")).await.expect(201);
    }

    async fn c_13_fifty_at_once_make_one(world: World) {
        let office = world.office().await;
        office.get("/me").await.expect(200);
        let sent = (0..50).map(|_| entered(&office, "k-1", COUNTY.unit("江背镇")));
        let replies = join_all(sent).await;
        let mut ids = BTreeSet::new();
        for reply in &replies {
            match reply.status {
                201 => {
                    ids.insert(reply.id());
                }
                409 => assert_eq!(reply.code(), "idempotency_in_flight", "{reply}"),
                _ => panic!("{reply}"),
            }
        }
        assert_eq!(ids.len(), 1);
        assert_eq!(replies.iter().filter(|reply| reply.status == 201 && !is_replay(reply)).count(), 1);
        assert_eq!(office.get("/units?include=total").await.expect(200).at("/total"), 1);
    }

    async fn c_13_an_answer_that_was_lost_is_given_by_another_server(world: World) {
        let office = world.office().await;
        let token = office.token().await.unwrap();
        // The first server has done it; whoever asked never read the answer.
        let first = entered(&office, "k-1", COUNTY.unit("江背镇")).await.expect(201);
        let (other, running) = World::start(world.database_url()).await;
        let again = entered(&other.bearer(&token), "k-1", COUNTY.unit("江背镇")).await.expect(201);
        assert!(is_replay(&again));
        assert_eq!(again.text, first.text);
        let app = std::sync::Arc::clone(&running.app);
        running.stop().await;
        app.db.clone().close().await.unwrap();
    }

    async fn c_13_an_objection_filed_twice_has_one_receipt(world: World) {
        let campaign = world.selecting(&[("钟甲", 2), ("钟乙", 1)]).await;
        let (_, notice) = world.noticed(campaign).await;
        let application = world.ranked(campaign).await[0];
        let body = lead(Some(application));
        let file = || world.public().post(&format!("/public/notices/{notice}/objections")).header(KEY, "k-1").json(&body);
        let (first, again) = (file().await.expect(201), file().await.expect(201));
        assert_eq!(again.at("/receipt_code"), first.at("/receipt_code"));
        assert_eq!(world.office().await.get("/objections?include=total").await.expect(200).at("/total"), 1);
    }
}

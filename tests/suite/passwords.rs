//! Passwords: what they are held to, how long they are good, and how often one may be wrong.

use futures_util::future::join_all;
use pingxuan_api::identity::passwords::{Cost, Passwords};
use pingxuan_api::identity::security::Security;
use pingxuan_domain::password::PasswordProfile;
use pingxuan_tests::world::PASSWORD;
use pingxuan_tests::{Person, Reply, World, both, truths};
use serde_json::{Value, json};

const WRONG: &str = "another password of many words";

fn as_assessors_ask(security: &mut Security) {
    security.passwords = PasswordProfile::Mlps;
}

async fn change(who: &Person, current: &str, new: &str) -> Reply {
    who.post("/me/password").json(json!({"current_password": current, "new_password": new})).await
}

/// So many wrong passwords for an account.
async fn wrong(world: &World, username: &str, times: usize) {
    for _ in 0..times {
        world.log_in(username, WRONG).await.refused(401, "invalid_credentials");
    }
}

both! {
    async fn g_02_as_assessors_ask_it_a_password_has_kinds_a_history_and_an_end(world: World) {
        let office = world.office().await;
        world.beside(as_assessors_ask, async |strict| {
            let me = strict.bearer(&office.token().await.unwrap());
            for weak in ["Ab1-xyz", "alllowercase1", "Office-77-mapletree"] {
                change(&me, PASSWORD, weak).await.invalid(&[("/new_password", "password_too_weak")]);
            }
            change(&me, PASSWORD, "Xingguo-2022").await.invalid(&[("/new_password", "password_common")]);
            let word = |number: usize| format!("Maple-{number}-quartz");
            let mut current = PASSWORD.to_owned();
            for number in 1..=5 {
                change(&me, &current, &word(number)).await.expect(204);
                current = word(number);
                world.move_clock(&format!("2022-11-07T09:00:{number:02}+08:00")).await;
            }
            for used in 1..=5 {
                change(&me, &current, &word(used)).await.invalid(&[("/new_password", "password_used_before")]);
            }
            change(&me, &current, &word(0)).await.expect(204);

            // Ninety days later the password opens nothing but its change.
            world.move_clock("2023-02-05T08:00:00+08:00").await;
            assert_eq!(strict.log_in("office", &word(0)).await.expect(200).at("/must_change_password"), false);
            world.move_clock("2023-02-05T09:01:00+08:00").await;
            let reply = strict.log_in("office", &word(0)).await.expect(200);
            assert_eq!(reply.at("/must_change_password"), true);
            let me = strict.bearer(&reply.text_at("/access_token"));
            me.get("/units").await.refused(403, "password_change_required");
            assert_eq!(me.get("/me").await.expect(200).at("/must_change_password"), true);
            change(&me, &word(0), &word(6)).await.expect(204);
            me.get("/units").await.expect(200);
        }).await;
    }

    async fn g_03_five_wrong_passwords_lock_an_account_for_ten_minutes_on_every_server(world: World) {
        let office = world.office().await;
        world.beside(|_| (), async |other| {
            wrong(&world, "office", 3).await;
            wrong(&other, "office", 2).await;
            for server in [&world, &other] {
                let locked = server.log_in("office", PASSWORD).await.refused(429, "too_many_attempts");
                assert_eq!(locked.header("retry-after"), Some("601"));
            }
            let keeper = world.security_admin().await;
            let place = format!("/users/{}", office.user_id());
            let seen = keeper.get(&place).await.expect(200);
            assert_eq!(seen.at("/locked_until"), "2022-11-07T01:10:00.000Z");
            let listed = keeper.get("/users?role=office").await.expect(200);
            assert_eq!(listed.at("/items/0/locked_until"), "2022-11-07T01:10:00.000Z");
            world.move_clock("2022-11-07T09:09:59+08:00").await;
            world.log_in("office", PASSWORD).await.refused(429, "too_many_attempts");
            world.move_clock("2022-11-07T09:10:00+08:00").await;
            other.log_in("office", PASSWORD).await.expect(200);
            wrong(&world, "office", 4).await;
            world.log_in("office", PASSWORD).await.expect(200);
            wrong(&world, "office", 4).await;
        }).await;
    }

    async fn s_16_each_further_lock_is_longer_and_the_keeper_ends_it(world: World) {
        let office = world.office().await;
        wrong(&world, "office", 5).await;
        world.move_clock("2022-11-07T09:10:00+08:00").await;
        wrong(&world, "office", 5).await;
        let locked = world.log_in("office", PASSWORD).await.refused(429, "too_many_attempts");
        assert_eq!(locked.header("retry-after"), Some("1201"));
        let keeper = world.security_admin().await;
        let place = format!("/users/{}", office.user_id());
        let seen = keeper.get(&place).await.expect(200);
        assert_eq!(seen.blockers("unlock_user"), Some(vec![]));
        let unlocked = keeper.act(&format!("{place}/unlock"), Value::Null).await.expect(200);
        assert_eq!(unlocked.at("/locked_until"), &Value::Null);
        keeper.act(&format!("{place}/unlock"), Value::Null).await.blocked_by(&["not_locked"]);
        world.log_in("office", PASSWORD).await.expect(200);
    }

    async fn s_16_of_many_guesses_at_once_five_are_looked_at(world: World) {
        world.office().await;
        let answers = join_all((0..30).map(|_| world.log_in("office", WRONG))).await;
        let looked_at = answers.iter().filter(|reply| reply.status == 401).count();
        assert_eq!(looked_at, 5, "{:?}", answers.iter().map(|reply| reply.status).collect::<Vec<_>>());
        assert!(answers.iter().all(|reply| [401, 429].contains(&reply.status)));
    }

    async fn s_16_a_source_is_locked_too_whatever_names_it_tries(world: World) {
        world.beside(|security| security.failures = 3, async |strict| {
            let guess = async |number: usize| strict.log_in(&format!("nobody-{number}"), WRONG).await;
            for number in 0..60 {
                guess(number).await.refused(401, "invalid_credentials");
            }
            guess(60).await.refused(429, "too_many_attempts");
        }).await;
    }

    async fn s_17_a_name_that_nobody_has_is_locked_as_any_other(world: World) {
        world.office().await;
        let told = async |username: &str| {
            wrong(&world, username, 5).await;
            let mut body = world.log_in(username, WRONG).await.refused(429, "too_many_attempts").body;
            body["request_id"] = Value::Null;
            body
        };
        assert_eq!(told("office").await, told("nobody").await);
    }

    async fn s_16_the_current_password_is_guessed_at_no_more_often(world: World) {
        let office = world.office().await;
        for _ in 0..5 {
            change(&office, WRONG, "some good new words").await.invalid(&[("/current_password", "wrong_password")]);
        }
        change(&office, PASSWORD, "some good new words").await.refused(429, "too_many_attempts");
    }

    async fn s_19_a_password_that_is_reset_is_told_once_and_must_be_changed(world: World) {
        let office = world.office().await;
        office.get("/me").await.expect(200);
        let keeper = world.security_admin().await;
        let place = format!("/users/{}", office.user_id());
        let reset = keeper.act(&format!("{place}/reset-password"), Value::Null).await.expect(200);
        office.get("/me").await.refused(401, "unauthenticated");
        world.log_in("office", PASSWORD).await.refused(401, "invalid_credentials");
        let given = reset.text_at("/initial_password");
        assert_eq!(keeper.get(&place).await.expect(200).body.get("initial_password"), None);
        let reply = world.log_in("office", &given).await.expect(200);
        let me = world.bearer(&reply.text_at("/access_token"));
        me.get("/units").await.refused(403, "password_change_required");
        change(&me, &given, PASSWORD).await.expect(204);
        let own = format!("/users/{}", keeper.user_id());
        keeper.act(&format!("{own}/reset-password"), Value::Null).await.blocked_by(&["own_account"]);
    }

    async fn s_14_a_hash_is_made_anew_at_a_higher_cost_when_its_owner_logs_in(world: World) {
        world.office().await;
        let hash = async || {
            let kept = "SELECT password_hash FROM users WHERE username = 'office'";
            let rows = truths::look(world.database_url(), kept).await;
            truths::get::<String>(&rows[0], "password_hash")
        };
        world.log_in("office", PASSWORD).await.expect(200);
        let cheap = hash().await;
        assert!(cheap.contains("m=8,t=1,p=1"), "{cheap}");
        let dearer = Passwords::new(Cost::Full).unwrap();
        let (other, running) = World::start_with(world.database_url(), |app| app.passwords = dearer).await;
        other.log_in("office", WRONG).await.refused(401, "invalid_credentials");
        assert_eq!(hash().await, cheap);
        other.log_in("office", PASSWORD).await.expect(200);
        let dear = hash().await;
        assert!(dear.contains("m=19456,t=2,p=1"), "{dear}");
        other.log_in("office", PASSWORD).await.expect(200);
        world.log_in("office", PASSWORD).await.expect(200);
        assert_eq!(hash().await, dear);
        let app = std::sync::Arc::clone(&running.app);
        running.stop().await;
        app.db.clone().close().await.unwrap();
    }

    async fn s_69_what_was_refused_for_want_of_a_role_is_in_the_audit(world: World) {
        let unit = world.unit("江背镇").await;
        unit.post("/campaigns").json(json!({})).await.refused(403, "role_not_permitted");
        unit.get("/units").await.expect(200);
        let auditor = world.auditor().await;
        let denied = auditor.get("/audit-events?outcome=denied").await.expect(200);
        assert_eq!(denied.items().len(), 1);
        assert_eq!(denied.at("/items/0/operation"), "create_campaign");
        assert_eq!(denied.at("/items/0/actor/id"), &json!(unit.user_id()));
        assert_eq!(denied.at("/items/0/address"), "127.0.0.1");
        assert_eq!(auditor.get("/audit-events?outcome=failed").await.expect(200).items().len(), 0);
        auditor.get("/audit-events?outcome=lost").await.refused(400, "invalid_parameter");
    }

    async fn s_69_log_ins_and_failures_are_in_the_audit(world: World) {
        let office = world.office().await;
        world.log_in("office", PASSWORD).await.expect(200);
        wrong(&world, "office", 1).await;
        wrong(&world, "my-password-by-mistake", 1).await;
        let auditor = world.auditor().await;
        let events = auditor.get("/audit-events?operation=login&limit=100").await.expect(200);
        assert!(!events.text.contains("my-password-by-mistake"), "what was given as a name may be a password");
        let failed: Vec<&Value> = events.items().iter().filter(|event| event["outcome"] == "failed").collect();
        assert_eq!(failed.len(), 2);
        let objects: Vec<&Value> = failed.iter().map(|event| &event["object"]["id"]).collect();
        assert!(objects.contains(&&json!(office.user_id())), "{objects:?}");
        assert!(failed.iter().all(|event| event["address"] == "127.0.0.1"));
        assert!(events.items().iter().any(|event| event["outcome"] == "done" && event["actor"]["id"] == json!(office.user_id())));
    }
}

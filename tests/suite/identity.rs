//! Who is who: log-in, sessions, the own account, and the accounts that the security administrator keeps.

use futures_util::future::join_all;
use pingxuan_domain::Role;
use pingxuan_tests::world::PASSWORD;
use pingxuan_tests::{Person, Reply, World, both};
use serde_json::{Value, json};

const WRONG: &str = "another password of many words";

async fn refresh(world: &World, token: &str) -> Reply {
    world.public().post("/auth/refresh").json(json!({"refresh_token": token})).await
}

/// A log-in's access token as somebody who calls, and its refresh token.
fn let_in(world: &World, reply: &Reply) -> (Person, String) {
    (world.bearer(&reply.text_at("/access_token")), reply.text_at("/refresh_token"))
}

fn new_account(username: &str, roles: &[&str]) -> Value {
    json!({"username": username, "display_name": "新账户", "roles": roles})
}

both! {
    async fn a_log_in_opens_a_session(world: World) {
        let office = world.office().await;
        let reply = world.log_in("office", PASSWORD).await.expect(200);
        assert_eq!(reply.at("/token_type"), "Bearer");
        assert_eq!(reply.at("/must_change_password"), false);
        let (me, _) = let_in(&world, &reply);
        let me = me.get("/me").await.expect(200);
        assert_eq!(me.id(), office.user_id());
        assert_eq!(me.at("/username"), "office");
        assert_eq!(me.at("/roles"), &json!(["office"]));
        assert_eq!(me.at("/unit_id"), &Value::Null);
    }

    async fn a_wrong_password_and_an_unknown_user_are_answered_alike(world: World) {
        world.office().await;
        let answers = [world.log_in("office", WRONG).await, world.log_in("nobody", WRONG).await];
        let told = answers.map(|reply| {
            let reply = reply.refused(401, "invalid_credentials");
            assert!(reply.header("www-authenticate").unwrap().starts_with("Bearer"), "{reply}");
            let mut body = reply.body;
            body["request_id"] = Value::Null;
            body
        });
        assert_eq!(told[0], told[1]);
    }

    async fn a_disabled_account_is_answered_as_a_wrong_password(world: World) {
        let office = world.office().await;
        let keeper = world.security_admin().await;
        keeper.act(&format!("/users/{}/disable", office.user_id()), Value::Null).await.expect(200);
        world.log_in("office", PASSWORD).await.refused(401, "invalid_credentials");
        world.log_in("office", WRONG).await.refused(401, "invalid_credentials");
    }

    async fn d_301_a_token_is_over_by_the_worlds_clock(world: World) {
        world.office().await;
        let reply = world.log_in("office", PASSWORD).await.expect(200);
        assert_eq!(reply.at("/expires_in"), 600);
        let (me, _) = let_in(&world, &reply);
        world.move_clock("2022-11-07T09:09:59+08:00").await;
        me.get("/me").await.expect(200);
        world.move_clock("2022-11-07T09:10:00+08:00").await;
        me.get("/me").await.refused(401, "unauthenticated");
    }

    async fn a_refresh_token_is_good_once_and_gives_the_next(world: World) {
        world.office().await;
        let first = world.log_in("office", PASSWORD).await.expect(200);
        let (_, token) = let_in(&world, &first);
        world.move_clock("2022-11-07T09:20:00+08:00").await;
        let second = refresh(&world, &token).await.expect(200);
        let (me, next) = let_in(&world, &second);
        assert_ne!(token, next);
        me.get("/me").await.expect(200);
        refresh(&world, &next).await.expect(200);
    }

    async fn an_old_refresh_token_ends_the_session(world: World) {
        world.office().await;
        let (first, token) = let_in(&world, &world.log_in("office", PASSWORD).await.expect(200));
        let (other, _) = let_in(&world, &world.log_in("office", PASSWORD).await.expect(200));
        let (second, next) = let_in(&world, &refresh(&world, &token).await.expect(200));
        refresh(&world, &token).await.refused(401, "refresh_token_reused");
        first.get("/me").await.refused(401, "unauthenticated");
        second.get("/me").await.refused(401, "unauthenticated");
        refresh(&world, &next).await.refused(401, "invalid_refresh_token");
        other.get("/me").await.expect(200);
    }

    async fn of_twenty_that_use_one_refresh_token_at_most_one_is_let_in(world: World) {
        world.office().await;
        let (me, token) = let_in(&world, &world.log_in("office", PASSWORD).await.expect(200));
        let answers = join_all((0..20).map(|_| refresh(&world, &token))).await;
        let good: Vec<&Reply> = answers.iter().filter(|reply| reply.status == 200).collect();
        assert_eq!(good.len(), 1, "one alone finds it good");
        for refused in answers.iter().filter(|reply| reply.status != 200) {
            refused.clone().refused(401, "refresh_token_reused");
        }
        me.get("/me").await.refused(401, "unauthenticated");
        let (winner, next) = let_in(&world, good[0]);
        winner.get("/me").await.refused(401, "unauthenticated");
        refresh(&world, &next).await.refused(401, "invalid_refresh_token");
    }

    async fn a_refresh_token_that_was_never_given_or_is_over_is_unknown(world: World) {
        world.office().await;
        refresh(&world, "rt_AAAA").await.refused(401, "invalid_refresh_token");
        let (_, token) = let_in(&world, &world.log_in("office", PASSWORD).await.expect(200));
        world.move_clock("2022-11-07T09:30:00+08:00").await;
        refresh(&world, &token).await.refused(401, "invalid_refresh_token");
    }

    async fn a_session_ends_after_twelve_hours_however_often_it_is_refreshed(world: World) {
        world.office().await;
        let (_, mut token) = let_in(&world, &world.log_in("office", PASSWORD).await.expect(200));
        let start = world.now();
        for round in 1..=26 {
            world.move_clock(&start.plus_seconds(round * 27 * 60).to_string()).await;
            token = let_in(&world, &refresh(&world, &token).await.expect(200)).1;
        }
        world.move_clock(&start.plus_seconds(12 * 3600).to_string()).await;
        refresh(&world, &token).await.refused(401, "invalid_refresh_token");
    }

    async fn logging_out_ends_the_session_and_no_other(world: World) {
        world.office().await;
        let (me, token) = let_in(&world, &world.log_in("office", PASSWORD).await.expect(200));
        let (other, _) = let_in(&world, &world.log_in("office", PASSWORD).await.expect(200));
        me.post("/auth/logout").await.expect(204);
        me.get("/me").await.refused(401, "unauthenticated");
        refresh(&world, &token).await.refused(401, "invalid_refresh_token");
        other.get("/me").await.expect(200);
    }

    async fn the_password_that_was_given_opens_nothing_but_its_change(world: World) {
        let keeper = world.security_admin().await;
        let made = keeper.post("/users").json(new_account("zhang", &["office"])).await.expect(201);
        let given = made.text_at("/initial_password");
        assert_eq!(made.at("/must_change_password"), true);
        let read = keeper.get(&format!("/users/{}", made.id())).await.expect(200);
        assert_eq!(read.body.get("initial_password"), None, "it is shown once");

        let reply = world.log_in("zhang", &given).await.expect(200);
        assert_eq!(reply.at("/must_change_password"), true);
        let (zhang, token) = let_in(&world, &reply);
        zhang.get("/me").await.expect(200);
        zhang.get("/units").await.refused(403, "password_change_required");
        zhang.post("/units").await.refused(403, "password_change_required");
        let body = json!({"current_password": given, "new_password": WRONG});
        zhang.post("/me/password").json(body).await.expect(204);
        zhang.get("/units").await.expect(200);
        refresh(&world, &token).await.expect(200);
        world.log_in("zhang", &given).await.refused(401, "invalid_credentials");
        world.log_in("zhang", WRONG).await.expect(200);
    }

    async fn a_new_password_is_checked_and_ends_the_other_sessions(world: World) {
        world.office().await;
        let (me, _) = let_in(&world, &world.log_in("office", PASSWORD).await.expect(200));
        let (other, token) = let_in(&world, &world.log_in("office", PASSWORD).await.expect(200));
        let change = async |current: &str, new: &str| {
            me.post("/me/password").json(json!({"current_password": current, "new_password": new})).await
        };
        change(WRONG, "a good new password").await.invalid(&[("/current_password", "wrong_password")]);
        for weak in ["short", "my Office password"] {
            change(PASSWORD, weak).await.invalid(&[("/new_password", "password_too_weak")]);
        }
        for common in ["aaaaaaaaaaaaaa", "password1234", "xingguo2022pingxuan", "qwertyuiop12"] {
            change(PASSWORD, common).await.invalid(&[("/new_password", "password_common")]);
        }
        change(PASSWORD, PASSWORD).await.invalid(&[("/new_password", "password_used_before")]);
        other.get("/me").await.expect(200);
        change(PASSWORD, WRONG).await.expect(204);
        me.get("/me").await.expect(200);
        other.get("/me").await.refused(401, "unauthenticated");
        refresh(&world, &token).await.refused(401, "invalid_refresh_token");
    }

    async fn disabling_an_account_ends_its_sessions_at_once(world: World) {
        let office = world.office().await;
        let (me, token) = let_in(&world, &world.log_in("office", PASSWORD).await.expect(200));
        me.get("/me").await.expect(200);
        let keeper = world.security_admin().await;
        let place = format!("/users/{}", office.user_id());
        let disabled = keeper.act(&format!("{place}/disable"), Value::Null).await.expect(200);
        assert_eq!(disabled.state(), "disabled");
        me.get("/me").await.refused(401, "unauthenticated");
        refresh(&world, &token).await.refused(401, "invalid_refresh_token");
        let enabled = keeper.act(&format!("{place}/enable"), Value::Null).await.expect(200);
        assert_eq!(enabled.state(), "active");
        me.get("/me").await.refused(401, "unauthenticated");
        world.log_in("office", PASSWORD).await.expect(200);
    }

    async fn a_role_taken_away_is_gone_at_once(world: World) {
        let two = world.person("two", &[Role::Office, Role::Approver]).await;
        two.get("/units").await.expect(200);
        let unit = two.post("/units").await;
        assert_ne!(unit.status, 403, "{unit}");
        let place = format!("/users/{}", two.user_id());
        world.security_admin().await.change(&place, json!({"roles": ["approver"]})).await.expect(200);
        two.post("/units").await.refused(403, "role_not_permitted");
    }

    async fn d_901_roles_that_do_not_go_together_are_refused(world: World) {
        let keeper = world.security_admin().await;
        let create = async |account: Value| keeper.post("/users").json(account).await;
        for roles in [["auditor", "admin"], ["security_admin", "admin"], ["auditor", "office"], ["admin", "unit"]] {
            let reply = create(new_account("x1", &roles)).await.expect(422);
            assert!(reply.faults().contains(&("/roles".into(), "roles_incompatible".into())), "{reply}");
        }
        create(new_account("x2", &["unit"])).await.invalid(&[("/unit_id", "role_needs_unit")]);
        create(new_account("x3", &["supervisor"])).await.invalid(&[("/supervisor_id", "role_needs_supervisor")]);
        let mut stranger = new_account("x4", &["unit"]);
        stranger["unit_id"] = json!("01849b5a-0000-7000-8000-000000000000");
        create(stranger).await.invalid(&[("/unit_id", "unknown_reference")]);
        let mut wrong = new_account("Upper Case", &["office"]);
        wrong["state"] = json!("active");
        create(wrong).await.invalid(&[("/username", "wrong_format"), ("/state", "unknown_member")]);
        create(new_account("x5", &[])).await.invalid(&[("/roles", "too_few")]);
        assert_eq!(keeper.get("/users?include=total").await.expect(200).at("/total"), 1, "nothing was made");
    }

    async fn s_19_a_password_that_was_given_is_good_for_seven_days(world: World) {
        let keeper = world.security_admin().await;
        let made = keeper.post("/users").json(new_account("zhang", &["office"])).await.expect(201);
        let once = made.text_at("/initial_password");
        world.move_clock("2022-11-14T08:59:59+08:00").await;
        world.log_in("zhang", &once).await.expect(200);
        world.move_clock("2022-11-14T09:00:00+08:00").await;
        world.log_in("zhang", &once).await.refused(401, "invalid_credentials");
        let keeper = world.security_admin().await;
        let reset = keeper.act(&format!("/users/{}/reset-password", made.id()), json!({})).await.expect(200);
        world.log_in("zhang", &reset.text_at("/initial_password")).await.expect(200);
    }

    async fn a_username_is_taken_once_and_stays(world: World) {
        let keeper = world.security_admin().await;
        let made = keeper.post("/users").json(new_account("zhang", &["office"])).await.expect(201);
        keeper.post("/users").json(new_account("zhang", &["office"])).await.blocked_by(&["username_taken"]);
        let place = format!("/users/{}", made.id());
        keeper.change(&place, json!({"username": "wang"})).await.expect(422);
        let changed = keeper.change(&place, json!({"display_name": "张三"})).await.expect(200);
        assert_eq!(changed.at("/display_name"), "张三");
        assert_eq!(changed.at("/username"), "zhang");
        assert_ne!(changed.etag(), made.etag());
    }

    async fn an_account_of_a_unit_names_its_unit(world: World) {
        let unit_id = world.unit_id("江背镇").await;
        let keeper = world.security_admin().await;
        let mut account = new_account("jiangbei", &["unit"]);
        account["unit_id"] = json!(unit_id);
        let made = keeper.post("/users").json(account).await.expect(201);
        assert_eq!(made.at("/unit_id"), &json!(unit_id));
        assert_eq!(made.header("location"), Some(format!("/api/v1/users/{}", made.id()).as_str()));
        let found = keeper.get(&format!("/users?unit_id={unit_id}")).await.expect(200);
        assert_eq!(found.column("username"), ["jiangbei"]);
        assert_eq!(keeper.get("/users?role=unit&state=active").await.expect(200).items().len(), 1);
        assert_eq!(keeper.get("/users?role=supervisor").await.expect(200).items().len(), 0);
        let place = format!("/users/{}", made.id());
        // D-902: in any other role it is where the person works.
        let moved = keeper.change(&place, json!({"roles": ["office"]})).await.expect(200);
        assert_eq!((moved.at("/roles"), moved.at("/unit_id")), (&json!(["office"]), &json!(unit_id)));
        let nowhere = keeper.change(&place, json!({"unit_id": null})).await.expect(200);
        assert_eq!(nowhere.at("/unit_id"), &Value::Null);
    }

    async fn d_901_the_last_security_administrator_stays(world: World) {
        let keeper = world.security_admin().await;
        let own = format!("/users/{}", keeper.user_id());
        let seen = keeper.get(&own).await.expect(200);
        let blocked = keeper.act(&format!("{own}/disable"), Value::Null).await.expect(409);
        assert_eq!(blocked.code(), "guard_failed");
        assert!(blocked.error_codes().contains(&"last_security_admin".into()), "{blocked}");
        assert_eq!(seen.blockers("disable_user"), Some(blocked.error_codes()), "what is shown is what is answered");
        keeper.change(&own, json!({"roles": ["office"]})).await.blocked_by(&["last_security_admin"]);

        let second = world.person("second-keeper", &[Role::SecurityAdmin]).await;
        keeper.act(&format!("{own}/disable"), Value::Null).await.blocked_by(&["own_account"]);
        let place = format!("/users/{}", second.user_id());
        keeper.act(&format!("{place}/disable"), Value::Null).await.expect(200);
        keeper.act(&format!("{place}/enable"), Value::Null).await.expect(200);
        second.change(&own, json!({"roles": ["office"]})).await.expect(200);
        keeper.get("/users").await.refused(403, "role_not_permitted");
    }

    async fn of_two_security_administrators_who_disable_each_other_one_stays(world: World) {
        let keepers = [world.person("one", &[Role::SecurityAdmin]).await, world.person("other", &[Role::SecurityAdmin]).await];
        let place = |index: usize| format!("/users/{}", keepers[index].user_id());
        let etags = [keepers[0].etag_of(&place(1)).await, keepers[1].etag_of(&place(0)).await];
        let disable = async |by: usize, whom: usize| {
            keepers[by].post(&format!("{}/disable", place(whom))).if_match(&etags[by]).await
        };
        let answers = join_all([disable(0, 1), disable(1, 0)]).await;
        let done = answers.iter().filter(|reply| reply.status == 200).count();
        assert_eq!(done, 1, "{} and {}", answers[0].status, answers[1].status);
        let left = if answers[0].status == 200 { &keepers[0] } else { &keepers[1] };
        assert_eq!(left.get("/users?state=active").await.expect(200).items().len(), 1);
    }

    async fn what_may_be_done_with_an_account_is_listed(world: World) {
        let office = world.office().await;
        let keeper = world.security_admin().await;
        let place = format!("/users/{}", office.user_id());
        let found = keeper.get(&place).await.expect(200);
        assert_eq!(found.actions(), ["update_user", "reset_user_password", "unlock_user", "disable_user"]);
        assert_eq!(found.blockers("unlock_user"), Some(vec!["not_locked".into()]));
        assert_eq!(found.blockers("disable_user"), Some(vec![]));
        let action = found.at("/allowed_actions/3");
        assert_eq!(action["method"], "POST");
        assert_eq!(action["href"], json!(format!("/api/v1{place}/disable")));
        let disabled = keeper.act(&format!("{place}/disable"), Value::Null).await.expect(200);
        assert_eq!(disabled.actions(), ["update_user", "reset_user_password", "unlock_user", "enable_user"]);
        let listed = keeper.get("/users").await.expect(200);
        assert!(listed.items().iter().all(|row| row.get("allowed_actions").is_none()));
        let listed = keeper.get("/users?include=allowed_actions,total").await.expect(200);
        assert!(listed.items().iter().all(|row| row["allowed_actions"].is_array()));
    }

    async fn the_published_key_is_the_one_that_signs(world: World) {
        let keys = world.public().get("/.well-known/jwks.json").await.expect(200);
        assert_eq!(keys.at("/keys/0/alg"), "EdDSA");
        assert_eq!(keys.list_at("/keys").len(), 1);
        assert!(!keys.text.contains("\"d\""), "no private part");
    }
}

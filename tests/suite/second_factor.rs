//! The second factor: enrolled by whoever has logged in of late, shown at each log-in, good once, and never passed by.

use futures_util::future::join_all;
use pingxuan_domain::Role;
use pingxuan_tests::dump::{dump, holds};
use pingxuan_tests::world::PASSWORD;
use pingxuan_tests::{Person, Reply, World, both};
use serde_json::{Value, json};

/// What a telephone shows at an instant (RFC 6238, RFC 4226), apart from the server's own library.
pub(crate) fn code_at(secret: &str, seconds: i64) -> String {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: String =
        secret.chars().map(|letter| format!("{:05b}", letters.find(letter).unwrap())).collect();
    let seed: Vec<u8> = (0..bits.len() / 8)
        .map(|byte| u8::from_str_radix(&bits[byte * 8..byte * 8 + 8], 2).unwrap())
        .collect();
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &seed);
    let tag = aws_lc_rs::hmac::sign(&key, &(seconds / 30).to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag[19] & 15);
    let number = u32::from_be_bytes(tag[offset..offset + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

fn code(world: &World, secret: &str) -> String {
    code_at(secret, world.now().seconds())
}

async fn show(world: &World, pending: &Reply, code: &str) -> Reply {
    let body = json!({"pending_token": pending.text_at("/pending_token"), "code": code});
    world.public().post("/auth/second-factor").json(body).await
}

/// A log-in that waits for its second factor.
async fn pending(world: &World, username: &str) -> Reply {
    world.log_in(username, PASSWORD).await.expect(202)
}

/// Somebody who has a second factor now: its secret, and the recovery codes.
async fn enrolled(world: &World, username: &str) -> (Person, String, Vec<String>) {
    let reply = world.log_in(username, PASSWORD).await.expect(200);
    let me = world.bearer(&reply.text_at("/access_token"));
    let secret = me.post("/me/totp").await.expect(200).text_at("/secret");
    let confirmed = me.post("/me/totp/confirm").json(json!({"code": code(world, &secret)})).await.expect(200);
    let codes = confirmed.list_at("/recovery_codes").iter().map(|code| code.as_str().unwrap().to_owned());
    (me, secret, codes.collect())
}

both! {
    async fn s_18_a_second_factor_is_shown_at_each_log_in_and_each_code_is_good_once(world: World) {
        let office = world.office().await;
        let other = world.bearer(&world.log_in("office", PASSWORD).await.expect(200).text_at("/access_token"));
        let (me, secret, codes) = enrolled(&world, "office").await;
        assert_eq!(codes.len(), 10);
        other.get("/me").await.refused(401, "unauthenticated");
        let own = me.get("/me").await.expect(200);
        assert_eq!((own.at("/second_factor"), own.at("/recovery_codes_left")), (&json!(true), &json!(10)));
        assert_eq!(world.security_admin().await.get(&format!("/users/{}", office.user_id())).await.expect(200).at("/second_factor"), true);

        let waiting = pending(&world, "office").await;
        assert_eq!(waiting.body.get("access_token"), None);
        world.bearer(&waiting.text_at("/pending_token")).get("/me").await.refused(401, "unauthenticated");
        let now = code(&world, &secret);
        show(&world, &waiting, &now).await.refused(401, "invalid_second_factor");
        world.move_clock("2022-11-07T09:00:31+08:00").await;
        let now = code(&world, &secret);
        let let_in = show(&world, &waiting, &now).await.expect(200);
        world.bearer(&let_in.text_at("/access_token")).get("/units").await.expect(200);
        // Neither the code nor the log-in is good again.
        show(&world, &waiting, &now).await.refused(401, "pending_login_over");
        show(&world, &pending(&world, "office").await, &now).await.refused(401, "invalid_second_factor");
        // A telephone may be half a minute wrong, and no more.
        world.move_clock("2022-11-07T09:05:00+08:00").await;
        let at = world.now().seconds();
        for wrong in [at - 60, at + 60] {
            show(&world, &pending(&world, "office").await, &code_at(&secret, wrong)).await.refused(401, "invalid_second_factor");
        }
        show(&world, &pending(&world, "office").await, &code_at(&secret, at + 30)).await.expect(200);
    }

    async fn s_18_of_many_that_show_one_code_one_is_let_in(world: World) {
        world.office().await;
        let (_, secret, _) = enrolled(&world, "office").await;
        world.move_clock("2022-11-07T09:01:00+08:00").await;
        world.beside(|security| security.failures = 100, async |other| {
            let mut waiting = Vec::new();
            for _ in 0..8 {
                waiting.push(pending(&other, "office").await);
            }
            let now = code(&world, &secret);
            let answers = join_all(waiting.iter().map(|waiting| show(&other, waiting, &now))).await;
            assert_eq!(answers.iter().filter(|reply| reply.status == 200).count(), 1);
        }).await;
    }

    async fn s_18_a_recovery_code_is_good_once(world: World) {
        world.office().await;
        let (me, secret, codes) = enrolled(&world, "office").await;
        show(&world, &pending(&world, "office").await, &codes[3]).await.expect(200);
        show(&world, &pending(&world, "office").await, &codes[3]).await.refused(401, "invalid_second_factor");
        let shouted = codes[4].to_uppercase().replace('-', " ");
        show(&world, &pending(&world, "office").await, &shouted).await.expect(200);
        assert_eq!(me.get("/me").await.expect(200).at("/recovery_codes_left"), 8);
        // Another account's codes are none of this one's.
        world.approver().await;
        let (_, _, theirs) = enrolled(&world, "approver").await;
        show(&world, &pending(&world, "office").await, &theirs[0]).await.refused(401, "invalid_second_factor");
        // A new secret replaces the codes with the old secret.
        world.move_clock("2022-11-07T09:02:00+08:00").await;
        let again = show(&world, &pending(&world, "office").await, &code(&world, &secret)).await.expect(200);
        let me = world.bearer(&again.text_at("/access_token"));
        let new = me.post("/me/totp").await.expect(200).text_at("/secret");
        me.post("/me/totp/confirm").json(json!({"code": code(&world, &new)})).await.expect(200);
        show(&world, &pending(&world, "office").await, &codes[5]).await.refused(401, "invalid_second_factor");
    }

    async fn s_18_codes_are_guessed_at_no_more_often_than_passwords(world: World) {
        world.office().await;
        let (_, secret, _) = enrolled(&world, "office").await;
        world.move_clock("2022-11-07T09:01:00+08:00").await;
        let right = code(&world, &secret);
        let wrong = if right == "000000" { "000001" } else { "000000" };
        let waiting = pending(&world, "office").await;
        for _ in 0..4 {
            show(&world, &waiting, wrong).await.refused(401, "invalid_second_factor");
        }
        // A right password in between makes no room for more.
        let next = pending(&world, "office").await;
        show(&world, &next, wrong).await.refused(401, "invalid_second_factor");
        show(&world, &next, &right).await.refused(429, "too_many_attempts");
        world.log_in("office", PASSWORD).await.refused(429, "too_many_attempts");
        world.move_clock("2022-11-07T09:12:00+08:00").await;
        show(&world, &waiting, &code(&world, &secret)).await.refused(401, "pending_login_over");
    }

    async fn g_04_where_a_role_needs_it_nothing_is_open_but_its_enrolment(world: World) {
        world.office().await;
        world.person("two", &[Role::Unit, Role::Supervisor]).await;
        world.beside(|security| security.second_factor = vec![Role::Office], async |strict| {
            let reply = strict.log_in("office", PASSWORD).await.expect(200);
            assert_eq!(reply.at("/must_enrol_second_factor"), true);
            let me = strict.bearer(&reply.text_at("/access_token"));
            me.get("/units").await.refused(403, "second_factor_required");
            me.get("/me/sessions").await.refused(403, "second_factor_required");
            assert_eq!(me.get("/me").await.expect(200).at("/must_enrol_second_factor"), true);
            me.post("/me/totp/confirm").json(json!({"code": "123456"})).await.blocked_by(&["totp_not_offered"]);
            let secret = me.post("/me/totp").await.expect(200).text_at("/secret");
            let right = code(&world, &secret);
            let wrong = if right == "000000" { "000001" } else { "000000" };
            me.post("/me/totp/confirm").json(json!({"code": wrong})).await.invalid(&[("/code", "wrong_code")]);
            me.post("/me/totp/confirm").json(json!({"code": right})).await.expect(200);
            me.get("/units").await.expect(200);
            me.delete("/me/totp").await.blocked_by(&["second_factor_needed"]);
        }).await;
    }

    async fn s_18_changing_it_needs_a_log_in_of_the_last_minutes(world: World) {
        world.office().await;
        let (_, _, codes) = enrolled(&world, "office").await;
        let reply = show(&world, &pending(&world, "office").await, &codes[0]).await.expect(200);
        world.move_clock("2022-11-07T09:09:59+08:00").await;
        let renewed = world.public().post("/auth/refresh").json(json!({"refresh_token": reply.text_at("/refresh_token")}));
        let me = world.bearer(&renewed.await.expect(200).text_at("/access_token"));
        me.post("/me/totp").await.expect(200);
        world.move_clock("2022-11-07T09:10:00+08:00").await;
        me.post("/me/totp").await.refused(403, "recent_login_required");
        me.delete("/me/totp").await.refused(403, "recent_login_required");
        let again = show(&world, &pending(&world, "office").await, &codes[1]).await.expect(200);
        let me = world.bearer(&again.text_at("/access_token"));
        me.delete("/me/totp").await.expect(204);
        me.delete("/me/totp").await.refused(404, "not_found");
        world.log_in("office", PASSWORD).await.expect(200);
    }

    async fn s_18_a_reset_password_opens_nothing_without_the_second_factor(world: World) {
        let office = world.office().await;
        let (_, _, codes) = enrolled(&world, "office").await;
        let keeper = world.security_admin().await;
        let place = format!("/users/{}", office.user_id());
        let reset = keeper.act(&format!("{place}/reset-password"), Value::Null).await.expect(200);
        let waiting = world.log_in("office", &reset.text_at("/initial_password")).await.expect(202);
        show(&world, &waiting, &codes[0]).await.expect(200);
        // Where the telephone is lost as well, the keeper says so, and it is written down.
        let lost = json!({"second_factor_lost": true});
        let reset = keeper.act(&format!("{place}/reset-password"), lost).await.expect(200);
        assert_eq!(reset.at("/second_factor"), false);
        world.log_in("office", &reset.text_at("/initial_password")).await.expect(200);
        let events = world.auditor().await.get(&format!("/audit-events?object_id={}&operation=reset_user_password", office.user_id()));
        let events = events.await.expect(200);
        assert!(events.text.contains("/second_factor"), "{events}");
    }

    async fn s_18_secrets_stand_nowhere_in_clear(world: World) {
        world.office().await;
        let (_, secret, codes) = enrolled(&world, "office").await;
        let waiting = pending(&world, "office").await;
        let dumped = dump(world.database_url()).await;
        assert!(holds(&dumped, "office"), "what is no secret is found");
        for canary in [secret.as_str(), &codes[0], &codes[0].replace('-', ""), &waiting.text_at("/pending_token"), PASSWORD] {
            assert!(!holds(&dumped, canary), "{canary} stands in the database");
        }
    }
}

//! Sessions and what ends them, on one server and on two; tokens that are none of ours; keys that change under way.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::join_all;
use pingxuan_api::running::bootstrap::rotate_signing_key;
use pingxuan_domain::Role;
use pingxuan_tests::forge::Forge;
use pingxuan_tests::truths::break_by;
use pingxuan_tests::world::PASSWORD;
use pingxuan_tests::{Person, World, both};
use serde_json::{Value, json};

/// Somebody who has logged in once more, beside the session that they have.
async fn again(world: &World, username: &str) -> Person {
    world.bearer(&world.log_in(username, PASSWORD).await.expect(200).text_at("/access_token"))
}

/// Sees to it that a token is refused within a second.
async fn refused_within_a_second(holder: &Person) {
    refused_within(holder, 10).await;
}

async fn refused_within(holder: &Person, tenths: u32) {
    for _ in 0..tenths {
        if holder.get("/me").await.status == 401 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(90)).await;
    }
    panic!("after {tenths} tenths of a second {holder} is still let in");
}

/// A token with one bit flipped in a part of it.
fn flipped(token: &str, part: usize) -> String {
    let mut parts: Vec<Vec<u8>> =
        token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap()).collect();
    let middle = parts[part].len() / 2;
    parts[part][middle] ^= 1;
    parts.iter().map(|part| URL_SAFE_NO_PAD.encode(part)).collect::<Vec<_>>().join(".")
}

/// The attacks of a token's table (QUALITY, list J), by their numbers: none of them is let in.
fn attacks(forge: &Forge) -> Vec<(&'static str, String)> {
    let parts: Vec<&str> = forge.token.split('.').collect();
    let (head, payload, signature) = (parts[0], parts[1], parts[2]);
    let with_head =
        |head: Value| format!("{}.{payload}.{signature}", URL_SAFE_NO_PAD.encode(head.to_string()));
    let none = |alg: &str| {
        let head = forge.head_with(json!({"alg": alg})).to_string();
        format!("{}.{payload}.", URL_SAFE_NO_PAD.encode(head))
    };
    let claims = Value::Object(forge.claims.clone()).to_string();
    let twice = claims.replacen('{', "{\"sub\": \"01849b5a-0000-7000-8000-000000000000\", ", 1);
    let raised = claims.replace("\"office\"", "\"security_admin\"");
    assert_ne!(raised, claims);
    let mut found = vec![
        ("1 none", none("none")),
        ("1 NONE", none("NONE")),
        ("1 nOnE", none("nOnE")),
        ("2 no signature", format!("{head}.{payload}.")),
        ("2 two parts", format!("{head}.{payload}")),
        ("4 another algorithm", forge.headed(&forge.head_with(json!({"alg": "ES256"})))),
        ("4 another family", with_head(forge.head_with(json!({"alg": "RS256"})))),
        ("5 a key by its path", forge.headed(&forge.head_with(json!({"kid": "../../dev/null"})))),
        ("6 a key by SQL", forge.headed(&forge.head_with(json!({"kid": "' UNION SELECT 'x' --"})))),
        ("7 an unknown key", forge.headed(&forge.head_with(json!({"kid": "0000000000000000"})))),
        ("7 no key named", forge.headed(&forge.head_with(json!({"kid": null})))),
        ("8 a key of one's own", forge.signed_by_another(|_| forge.head())),
        (
            "8 jwk",
            forge.signed_by_another(|x| {
                forge.head_with(json!({"jwk": {"kty": "OKP", "crv": "Ed25519", "x": x}}))
            }),
        ),
        ("8 jku", forge.signed_by_another(|_| forge.head_with(json!({"jku": "https://example.org/keys"})))),
        ("8 x5u", forge.headed(&forge.head_with(json!({"x5u": "https://example.org/key"})))),
        ("8 x5c", forge.headed(&forge.head_with(json!({"x5c": ["MIIB"]})))),
        ("9 crit", forge.headed(&forge.head_with(json!({"crit": ["exp"], "exp": 1})))),
        ("10 over", forge.saying(json!({"exp": 1_600_000_000}))),
        ("11 no end", forge.saying(json!({"exp": null}))),
        ("12 an end as a text", forge.saying(json!({"exp": "9999999999"}))),
        ("12 an end with a fraction", forge.saying(json!({"exp": 9_999_999_999.5}))),
        ("12 an endless end", forge.saying(json!({"exp": 1e30}))),
        ("12 an end too far to count", forge.saying(json!({"exp": i64::MAX}))),
        ("12 an end before all time", forge.saying(json!({"exp": -1}))),
        ("13 not yet", forge.saying(json!({"nbf": 9_999_999_999_i64}))),
        (
            "14 given tomorrow",
            forge.saying(json!({"iat": 9_999_999_999_i64, "exp": 9_999_999_999_i64 + 600})),
        ),
        ("15 for others", forge.saying(json!({"aud": "another"}))),
        ("15 for nobody", forge.saying(json!({"aud": null}))),
        ("15 for several", forge.saying(json!({"aud": ["pingxuan-api", "another"]}))),
        ("16 of others", forge.saying(json!({"iss": "another"}))),
        ("16 of nobody", forge.saying(json!({"iss": null}))),
        ("17 another type", forge.headed(&forge.head_with(json!({"typ": "JWT"})))),
        ("17 no type", forge.headed(&forge.head_with(json!({"typ": null})))),
        ("18 a bit of the head", flipped(&forge.token, 0)),
        ("18 a bit of the claims", flipped(&forge.token, 1)),
        ("18 a bit of the signature", flipped(&forge.token, 2)),
        ("19 a role more", format!("{head}.{}.{signature}", URL_SAFE_NO_PAD.encode(&raised))),
        ("23 five parts", format!("{}.{signature}.{signature}", forge.token)),
        (
            "23 a token in a token",
            forge.signed(&forge.head_with(json!({"cty": "JWT"})).to_string(), &forge.token),
        ),
        ("23 a very long token", format!("{}{}", forge.token, "A".repeat(60_000))),
        ("23 a claim twice", forge.signed(&forge.head().to_string(), &twice)),
        ("23 padding", format!("{}=", forge.token)),
        ("23 a space", forge.token.replacen('.', ". ", 1)),
        ("23 another last letter", format!("{}{}", &forge.token[..forge.token.len() - 1], "_")),
        ("a signature of naughts", format!("{head}.{payload}.{}", URL_SAFE_NO_PAD.encode([0; 64]))),
        ("no token", String::new()),
    ];
    found
        .extend(forge.signed_as_secret().into_iter().map(|token| ("3 the published key as a secret", token)));
    found
}

both! {
    async fn s_10_no_token_but_ours_is_let_in(world: World) {
        world.office().await;
        let forge = Forge::of(&world, "office").await;
        // Whoever forges a token as the server makes it is let in: what follows fails for what is wrong with it, not for the forge.
        for good in [forge.token.clone(), forge.saying(json!({})), forge.headed(&forge.head())] {
            world.bearer(&good).get("/me").await.expect(200);
        }
        let table = attacks(&forge);
        assert!(table.len() >= 45, "{}", table.len());
        for (attack, token) in table {
            let holder = world.bearer(&token);
            for reply in [holder.get("/me").await, holder.get("/units").await, holder.post("/units").json(json!({})).await] {
                assert_eq!((reply.status, reply.code()), (401, "unauthenticated"), "{attack}: {reply}");
            }
        }
        let other = world.log_in("office", PASSWORD).await.expect(200);
        world.bearer(&other.text_at("/refresh_token")).get("/me").await.refused(401, "unauthenticated");
        world.public().get(&format!("/me?access_token={}", forge.token)).await.refused(401, "unauthenticated");
        let twice = format!("Bearer {}", forge.token);
        let two = world.public().get("/me").header("authorization", &twice).header("authorization", &twice);
        two.await.refused(401, "unauthenticated");
        for scheme in ["bearer", "BEARER", "Bearer "] {
            world.public().get("/me").header("authorization", &format!("{scheme} {}", forge.token)).await.expect(200);
        }
        world.public().get("/me").header("authorization", &format!("Basic {}", forge.token)).await.refused(401, "unauthenticated");
    }

    async fn s_12_somebody_sees_where_they_are_logged_in_and_ends_it(world: World) {
        let office = world.office().await;
        office.get("/me").await.expect(200);
        let sent = world.public().post("/auth/login").header("user-agent", "县办电脑 Firefox");
        let reply = sent.json(json!({"username": "office", "password": PASSWORD})).await.expect(200);
        let other = world.bearer(&reply.text_at("/access_token"));
        let listed = office.get("/me/sessions?include=total").await.expect(200);
        assert_eq!(listed.at("/total"), 2);
        let current: Vec<&Value> = listed.items().iter().filter(|row| row["current"] == true).collect();
        assert_eq!(current.len(), 1);
        let theirs = listed.items().iter().find(|row| row["current"] == false).unwrap();
        assert_eq!(theirs["address"], "127.0.0.1");
        let place = format!("/me/sessions/{}", theirs["id"].as_str().unwrap());
        world.approver().await.delete(&place).await.refused(404, "not_found");
        other.get("/me").await.expect(200);
        office.delete(&place).await.expect(204);
        other.get("/me").await.refused(401, "unauthenticated");
        let renewed = world.public().post("/auth/refresh").json(json!({"refresh_token": reply.text_at("/refresh_token")}));
        renewed.await.refused(401, "invalid_refresh_token");
        office.delete(&place).await.refused(404, "not_found");
        assert_eq!(office.get("/me/sessions").await.expect(200).items().len(), 1);
    }

    async fn s_13_the_eleventh_session_ends_the_one_that_was_idle_longest(world: World) {
        world.office().await;
        let mut open = Vec::new();
        for minute in 0..11 {
            world.move_clock(&format!("2022-11-07T09:00:{minute:02}+08:00")).await;
            open.push(again(&world, "office").await);
        }
        open[0].get("/me").await.refused(401, "unauthenticated");
        for session in &open[1..] {
            session.get("/me").await.expect(200);
        }
        // What is idle for half an hour is over, and counts no more.
        world.move_clock("2022-11-07T09:40:00+08:00").await;
        let (last, _) = (again(&world, "office").await, ());
        assert_eq!(last.get("/me/sessions").await.expect(200).items().len(), 1);
    }

    async fn s_06_what_ends_on_one_server_ends_on_the_other_within_a_second(world: World) {
        let office = world.office().await;
        let keeper = world.security_admin().await;
        world.beside(|_| (), async |other| {
            // A session, an account, a role: each ended here, and known there before.
            let mine = again(&world, "office").await;
            let there = other.bearer(&mine.token().await.unwrap());
            there.get("/me").await.expect(200);
            mine.post("/auth/logout").await.expect(204);
            refused_within_a_second(&there).await;

            let there = other.bearer(&office.token().await.unwrap());
            there.get("/me").await.expect(200);
            let place = format!("/users/{}", office.user_id());
            keeper.act(&format!("{place}/disable"), Value::Null).await.expect(200);
            refused_within_a_second(&there).await;

            let two = world.person("two", &[Role::Office, Role::Approver]).await;
            let there = other.bearer(&two.token().await.unwrap());
            assert_eq!(there.post("/units").json(json!({})).await.status, 422);
            keeper.change(&format!("/users/{}", two.user_id()), json!({"roles": ["approver"]})).await.expect(200);
            for _ in 0..10 {
                if there.post("/units").json(json!({})).await.status == 403 {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(90)).await;
            }
            panic!("the role that was taken away is still there");
        }).await;
    }

    async fn s_20_a_new_key_under_load_fails_no_request(world: World) {
        world.office().await;
        world.person("busy", &[Role::Office]).await;
        world.beside(|_| (), async |other| {
            let app = world.app().clone();
            let holders = join_all((0..4).map(|_| again(&world, "office"))).await;
            let elsewhere: Vec<Person> =
                join_all(holders.iter().map(async |holder| other.bearer(&holder.token().await.unwrap()))).await;
            world.move_clock("2022-11-07T09:00:01+08:00").await;
            let new = rotate_signing_key(&app.db, app.clock.now()).await.unwrap();
            let load = async {
                for round in 0..40 {
                    // Tokens of this very moment, made by one server and read by the other.
                    let made = if round % 2 == 0 { again(&world, "busy").await } else { again(&other, "busy").await };
                    let token = made.token().await.unwrap();
                    for server in [&world, &other] {
                        server.bearer(&token).get("/me").await.expect(200);
                    }
                }
            };
            let clock = async {
                for second in 2..=11 {
                    tokio::time::sleep(Duration::from_millis(200)).await;
                    world.move_clock(&format!("2022-11-07T09:00:{second:02}+08:00")).await;
                }
            };
            tokio::join!(load, clock);
            for holder in elsewhere {
                holder.get("/me").await.expect(200);
            }
            let keys = other.public().get("/.well-known/jwks.json").await.expect(200);
            assert_eq!(keys.list_at("/keys").len(), 2);
            assert_eq!(keys.text_at("/keys/0/kid"), new);
            let fresh = again(&other, "office").await.token().await.unwrap();
            let head = URL_SAFE_NO_PAD.decode(fresh.split('.').next().unwrap()).unwrap();
            assert!(String::from_utf8(head).unwrap().contains(&new), "the new key signs");
        }).await;
    }

    async fn a_key_rotated_out_is_read_no_more(world: World) {
        world.office().await;
        let holder = again(&world, "office").await;
        let app = world.app().clone();
        for second in [1, 2] {
            world.move_clock(&format!("2022-11-07T09:00:{second:02}+08:00")).await;
            rotate_signing_key(&app.db, app.clock.now()).await.unwrap();
        }
        refused_within(&holder, 50).await;
    }

    async fn s_65_keys_that_could_not_be_read_are_asked_for_again(world: World) {
        world.office().await;
        let holder = again(&world, "office").await;
        let app = world.app().clone();
        world.move_clock("2022-11-07T09:00:01+08:00").await;
        rotate_signing_key(&app.db, app.clock.now()).await.unwrap();
        holder.get("/me").await.expect(200);
        // The first key goes, and what tells every node so comes while no key can be read.
        for change in [
            "ALTER TABLE signing_keys RENAME TO away",
            "DELETE FROM away WHERE created_at = (SELECT min(created_at) FROM away)",
            "UPDATE access_generation SET generation = generation + 1",
        ] {
            break_by(world.database_url(), change).await;
        }
        tokio::time::sleep(Duration::from_millis(900)).await;
        break_by(world.database_url(), "ALTER TABLE away RENAME TO signing_keys").await;
        refused_within(&holder, 50).await;
    }

    async fn d_901_an_account_ends_with_its_last_day(world: World) {
        let office = world.office().await;
        let keeper = world.security_admin().await;
        let place = format!("/users/{}", office.user_id());
        let changed = keeper.change(&place, json!({"valid_until": "2022-11-07"})).await.expect(200);
        assert_eq!(changed.at("/valid_until"), "2022-11-07");
        world.move_clock("2022-11-07T23:59:59+08:00").await;
        let holder = again(&world, "office").await;
        holder.get("/me").await.expect(200);
        world.move_clock("2022-11-08T00:00:00+08:00").await;
        holder.get("/me").await.refused(401, "unauthenticated");
        world.log_in("office", PASSWORD).await.refused(401, "invalid_credentials");
        let keeper = world.security_admin().await;
        keeper.change(&place, json!({"valid_until": null})).await.expect(200);
        world.log_in("office", PASSWORD).await.expect(200);
    }
}

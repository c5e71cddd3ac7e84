//! Machine clients: how they get tokens, what these open, how secrets take each other's place; and how often somebody may call.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pingxuan_api::limits::Limits;
use pingxuan_domain::client::Scope;
use pingxuan_tests::{Reply, World, both};
use serde_json::{Value, json};

const FORM: &str = "application/x-www-form-urlencoded";

async fn created(world: &World, scopes: &[&str]) -> Reply {
    let sent = json!({"name": "人事系统", "scopes": scopes});
    world.admin().await.post("/clients").json(sent).await.expect(201)
}

async fn rotated(world: &World, client: &Reply, body: Value) -> Reply {
    let path = format!("/clients/{}/rotate-secret", client.id());
    let request = world.admin().await.post(&path).if_match("*");
    request.json(body).await.expect(200)
}

async fn ask(world: &World, client: &Reply, secret: &Reply, scope: Option<&str>) -> Reply {
    world.token_of(&client.id().to_string(), &secret.text_at("/client_secret"), scope).await
}

/// Sees to it that a token is refused, with the code of the standard and our own.
fn refused(reply: &Reply, status: u16, error: &str, code: &str) {
    let told = (reply.status, reply.text_at("/error"), reply.text_at("/code"));
    assert_eq!(told, (status, error.to_owned(), code.to_owned()), "{reply}");
    assert_eq!(reply.header("content-type"), Some("application/json"), "{reply}");
    assert_eq!(reply.header("cache-control"), Some("no-store"), "{reply}");
    assert!(reply.text.is_ascii(), "{reply}");
}

both! {
    async fn s_20_a_client_does_what_its_scopes_say_and_nothing_else(world: World) {
        let unit = world.unit_id("江背镇").await;
        let client = created(&world, &["county:read", "awards:read"]).await;
        let token = ask(&world, &client, &client, None).await.expect(200);
        assert_eq!(token.at("/scope"), "county:read awards:read");
        assert_eq!((token.at("/token_type"), token.at("/expires_in")), (&json!("Bearer"), &json!(600)));
        assert_eq!(token.header("cache-control"), Some("no-store"));
        let machine = world.bearer(&token.text_at("/access_token"));
        assert_eq!(machine.get("/units").await.expect(200).column("id"), [unit.to_string()]);
        machine.get(&format!("/units/{unit}")).await.expect(200);
        machine.get("/awards").await.expect(200);
        machine.get("/public/awards").await.expect(200);
        machine.get("/campaigns").await.refused(403, "role_not_permitted");
        machine.get("/me").await.refused(403, "role_not_permitted");
        machine.get("/applications").await.refused(403, "role_not_permitted");
        machine.post("/units").json(json!({})).await.refused(403, "role_not_permitted");
        let less = ask(&world, &client, &client, Some("awards:read")).await.expect(200);
        assert_eq!(less.at("/scope"), "awards:read");
        let less = world.bearer(&less.text_at("/access_token"));
        less.get("/awards").await.expect(200);
        less.get("/units").await.refused(403, "role_not_permitted");
        world.move_clock("2022-11-07T09:10:01+08:00").await;
        machine.get("/units").await.refused(401, "unauthenticated");
    }

    async fn s_20_what_clients_do_and_are_refused_is_written_down(world: World) {
        let client = created(&world, &["county:read"]).await;
        let token = ask(&world, &client, &client, None).await.expect(200);
        world.bearer(&token.text_at("/access_token")).get("/me").await.expect(403);
        world.token_of(&client.id().to_string(), "wrong", None).await.expect(401);
        let events = async |query: &str| {
            world.auditor().await.get(&format!("/audit-events?{query}")).await.expect(200)
        };
        let id = client.id();
        let made = events("operation=create_client").await;
        assert_eq!((made.at("/items/0/object/kind"), made.at("/items/0/actor/role")), (&json!("client"), &json!("admin")));
        let issued = events(&format!("actor_id={id}&operation=issue_token")).await;
        assert_eq!(issued.items().len(), 1);
        assert_eq!(issued.at("/items/0/actor/kind"), "client");
        assert_eq!(issued.at("/items/0/actor/name"), "人事系统");
        let denied = events(&format!("actor_id={id}&outcome=denied")).await;
        assert_eq!(denied.column("operation"), ["get_me"]);
        assert_eq!(events("operation=issue_token&outcome=failed").await.items().len(), 1);
    }

    async fn s_20_tokens_are_asked_for_as_rfc_6749_says(world: World) {
        let client = created(&world, &["county:read"]).await;
        let (id, secret) = (client.id().to_string(), client.text_at("/client_secret"));
        let basic = |id: &str, secret: &str| format!("bAsIc {}", STANDARD.encode(format!("{id}:{secret}")));
        let send = async |form: &str, authorization: Option<String>| {
            let request = world.public().post("/oauth2/token").body(FORM, form);
            match authorization {
                Some(shown) => request.header("authorization", &shown).await,
                None => request.await,
            }
        };
        const GRANT: &str = "grant_type=client_credentials";
        let both_shown = format!("{GRANT}&client_id={id}&client_secret={secret}");
        send(GRANT, Some(basic(&id, &secret))).await.expect(200);
        send(&format!("{GRANT}&client_id={id}"), Some(basic(&id, &secret))).await.expect(200);
        send(&format!("{both_shown}&x=1"), None).await.expect(200);
        let unknown = [
            send(GRANT, None).await,
            send(GRANT, Some(basic(&id, "wrong"))).await,
            send(GRANT, Some(basic("nobody", &secret))).await,
            send(GRANT, Some(basic("01849b5a-0000-7000-8000-000000000000", &secret))).await,
            send(GRANT, Some(format!("Bearer {secret}"))).await,
            send(GRANT, Some("Basic !".to_owned())).await,
            send(&format!("{GRANT}&client_id={id}&client_secret=wrong"), None).await,
            send(&format!("{GRANT}&client_id={id}&client_secret="), None).await,
        ];
        for reply in unknown {
            refused(&reply, 401, "invalid_client", "invalid_client");
            assert_eq!(reply.header("www-authenticate"), Some("Basic realm=\"pingxuan\""));
        }
        let invalid = [
            send("", None).await,
            send("client_id=x", None).await,
            send(&format!("{GRANT}&{both_shown}"), None).await,
            send(&both_shown, Some(basic(&id, &secret))).await,
        ];
        for reply in invalid {
            refused(&reply, 400, "invalid_request", "invalid_token_request");
        }
        let password = send(&both_shown.replace("client_credentials", "password"), None).await;
        refused(&password, 400, "unsupported_grant_type", "unsupported_grant_type");
        for scope in ["awards:read", "county:read+awards:read", "office", "+"] {
            let reply = send(&format!("{both_shown}&scope={scope}"), None).await;
            refused(&reply, 400, "invalid_scope", "invalid_scope");
        }
        let json = world.public().post("/oauth2/token").json(json!({"grant_type": "client_credentials"})).await;
        refused(&json, 415, "invalid_request", "unsupported_media_type");
    }

    async fn s_20_two_secrets_are_good_while_one_takes_the_others_place(world: World) {
        let first = created(&world, &["county:read"]).await;
        let second = rotated(&world, &first, json!({})).await;
        assert_eq!(second.text_at("/old_secret_until"), "2022-11-08T01:00:00.000Z");
        ask(&world, &first, &first, None).await.expect(200);
        ask(&world, &first, &second, None).await.expect(200);
        let third = rotated(&world, &first, json!({"keep_hours": 2})).await;
        ask(&world, &first, &first, None).await.expect(401);
        ask(&world, &first, &second, None).await.expect(200);
        let listed = world.admin().await.get("/clients").await.expect(200);
        assert_eq!(listed.at("/items/0/old_secret_until"), "2022-11-07T03:00:00.000Z");
        assert!(!listed.text.contains("cs_"), "{listed}");
        world.move_clock("2022-11-07T11:00:00+08:00").await;
        ask(&world, &first, &second, None).await.expect(401);
        ask(&world, &first, &third, None).await.expect(200);
        let fourth = rotated(&world, &first, json!({"keep_hours": 0})).await;
        ask(&world, &first, &third, None).await.expect(401);
        ask(&world, &first, &fourth, None).await.expect(200);
        assert_eq!(fourth.at("/old_secret_until"), &Value::Null);
        let wrong = world.admin().await.post(&format!("/clients/{}/rotate-secret", first.id())).if_match("*");
        wrong.json(json!({"keep_hours": 169})).await.invalid(&[("/keep_hours", "too_large")]);
    }

    async fn s_20_a_deleted_client_is_refused_within_a_second_on_every_node(world: World) {
        let client = created(&world, &["county:read"]).await;
        let token = ask(&world, &client, &client, None).await.expect(200).text_at("/access_token");
        world.beside(|_| (), async |other| {
            let (here, there) = (world.bearer(&token), other.bearer(&token));
            here.get("/units").await.expect(200);
            there.get("/units").await.expect(200);
            let path = format!("/clients/{}", client.id());
            let admin = world.admin().await;
            admin.delete(&path).if_match("\"7\"").await.refused(412, "precondition_failed");
            admin.delete(&path).if_match(&client.etag()).await.expect(204);
            here.get("/units").await.refused(401, "unauthenticated");
            for _ in 0..10 {
                if there.get("/units").await.status == 401 {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(90)).await;
            }
            there.get("/units").await.refused(401, "unauthenticated");
            ask(&world, &client, &client, None).await.expect(401);
            admin.delete(&path).if_match("*").await.refused(404, "not_found");
        }).await;
    }

    async fn a_client_has_a_name_of_its_own_and_its_secret_is_told_once(world: World) {
        let admin = world.admin().await;
        let sent = json!({"name": "人事系统", "scopes": ["county:read"]});
        let keyed = || admin.post("/clients").header("idempotency-key", "one").json(&sent);
        let first = keyed().await.expect(201);
        let again = keyed().await.expect(201);
        assert_eq!((first.id(), again.at("/client_secret")), (again.id(), &Value::Null));
        admin.post("/clients").json(&sent).await.blocked_by(&["client_name_taken"]);
        let twice = json!({"name": "另一个", "scopes": ["county:read", "county:read"]});
        admin.post("/clients").json(twice).await.invalid(&[("/scopes", "duplicate")]);
        let human = json!({"name": "另一个", "scopes": ["office"]});
        admin.post("/clients").json(human).await.invalid(&[("/scopes/0", "not_a_choice")]);
        let none = json!({"name": "另一个", "scopes": []});
        admin.post("/clients").json(none).await.invalid(&[("/scopes", "too_few")]);
        let account = json!({"username": "machine", "display_name": "机器", "roles": ["integration"]});
        world.security_admin().await.post("/users").json(account).await.invalid(&[("/roles/0", "not_a_choice")]);
    }

    async fn s_45_each_principal_may_call_so_often_and_no_more(world: World) {
        let machine = world.machine("人事系统", &[Scope::CountyRead]).await;
        let token = world.office().await.token().await.unwrap();
        let bearer = machine.token().await.unwrap();
        let (other, running) = World::start_with(world.database_url(), |app| app.limits = Limits::a_minute(20)).await;
        let (office, machine) = (other.bearer(&token), other.bearer(&bearer));
        let first = office.get("/units").await.expect(200);
        assert_eq!(first.header("ratelimit-policy"), Some("\"minute\";q=20;w=60"));
        assert_eq!(first.header("ratelimit"), Some("\"minute\";r=19;t=4"));
        for _ in 1..20 {
            office.get("/units").await.expect(200);
        }
        let mut refused = office.get("/units").await;
        for _ in 0..5 {
            // While the twenty were sent some may have come back.
            if refused.status == 429 {
                break;
            }
            refused = office.get("/units").await;
        }
        let refused = refused.refused(429, "too_many_requests");
        let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=4).contains(&wait), "{refused}");
        assert!(refused.header("ratelimit").unwrap().starts_with("\"minute\";r=0;"), "{refused}");
        // Nobody else is refused, nor whether the server lives.
        machine.get("/units").await.expect(200);
        let public = other.public().get("/public/awards").await.expect(200);
        assert_eq!(public.header("ratelimit-policy"), Some("\"minute\";q=100;w=60"));
        assert_eq!(office.get("/health/live").await.expect(200).header("ratelimit"), None);
        // A bad token is counted with its source, as nobody's.
        let bad = other.bearer("bad").get("/units").await.expect(401);
        assert_eq!(bad.header("ratelimit-policy"), Some("\"minute\";q=100;w=60"));
        let app = std::sync::Arc::clone(&running.app);
        running.stop().await;
        app.db.clone().close().await.unwrap();
    }
}

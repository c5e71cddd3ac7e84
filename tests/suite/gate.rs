//! The gate: errors are problem documents whoever raises them, and every answer carries its headers.

use actix_web::middleware::from_fn;
use actix_web::{App as ActixApp, HttpResponse, HttpServer, web};
use pingxuan_api::gate::gate;
use pingxuan_tests::county::COUNTY;
use pingxuan_tests::world::PASSWORD;
use pingxuan_tests::{Reply, World, both};
use reqwest::Method;
use serde_json::{Value, json};

/// What a handler says that comes to a place where it must not be; the log's alone.
const PANIC: &str = "the sky has fallen";

async fn panics() -> HttpResponse {
    panic!("{PANIC}")
}

async fn lives() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// Holds an answer to what every answer carries.
fn carries_the_security_headers<'a>(header: impl Fn(&'static str) -> Option<&'a str>, policy: &str) {
    assert_eq!(header("x-content-type-options"), Some("nosniff"));
    assert_eq!(header("x-frame-options"), Some("DENY"));
    assert_eq!(header("referrer-policy"), Some("no-referrer"));
    assert_eq!(header("strict-transport-security"), Some("max-age=31536000; includeSubDomains"));
    let said = header("content-security-policy").unwrap();
    for part in [policy, "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"] {
        assert!(said.split("; ").any(|one| one == part), "{said}: {part}");
    }
}

both! {
    async fn an_unknown_path_is_a_problem_document(world: World) {
        for path in ["/nothing", "/units/1/2/3", "/api/v2/units", "/health", "/api/v1/"] {
            let reply = world.public().get(path).await.refused(404, "not_found");
            assert_eq!(reply.text_at("/type"), "/problems/not_found");
            assert_eq!(reply.header("content-type"), Some("application/problem+json"));
            assert!(!reply.text_at("/title").is_empty());
        }
    }

    async fn a_method_that_a_path_does_not_have_is_405_with_those_it_has(world: World) {
        let office = world.office().await;
        let place = format!("/units/{}", world.unit_id("江背镇").await);
        for (method, path, allow) in [
            (Method::DELETE, "/units", "GET, HEAD, OPTIONS, POST"),
            (Method::PUT, place.as_str(), "GET, HEAD, OPTIONS, PATCH"),
            (Method::GET, "/auth/login", "OPTIONS, POST"),
            (Method::POST, "/openapi.json", "GET, HEAD, OPTIONS"),
            (Method::DELETE, "/health/live", "GET, HEAD, OPTIONS"),
            (Method::PATCH, "/campaigns/dry-run", "OPTIONS, POST"),
        ] {
            let reply = office.request(method, path).await.refused(405, "method_not_allowed");
            assert_eq!(reply.header("allow"), Some(allow), "{reply}");
        }
    }

    async fn a_body_that_is_too_large_is_413(world: World) {
        let office = world.office().await;
        let mut unit = COUNTY.unit("江背镇");
        unit["name"] = json!("名".repeat(100_000));
        office.post("/units").json(&unit).await.refused(413, "payload_too_large");
        unit["name"] = json!("名".repeat(80_000));
        office.post("/units").json(&unit).await.invalid(&[("/name", "too_long")]);
        // Who may not call it is told so before the body is read.
        unit["name"] = json!("名".repeat(100_000));
        world.public().post("/units").json(&unit).await.refused(401, "unauthenticated");
        world.admin().await.post("/units").json(&unit).await.refused(403, "role_not_permitted");
    }

    async fn a_body_of_another_media_type_is_415(world: World) {
        let office = world.office().await;
        let unit = serde_json::to_vec(&COUNTY.unit("江背镇")).unwrap();
        for media_type in ["text/plain", "application/x-www-form-urlencoded", "application/merge-patch+json"] {
            office.post("/units").body(media_type, unit.clone()).await.refused(415, "unsupported_media_type");
        }
        office.post("/units").await.refused(415, "unsupported_media_type");
        let made = office.post("/units").body("Application/JSON; charset=utf-8", unit).await.expect(201);
        let place = format!("/units/{}", made.id());
        let patch = office.patch(&place).if_match(&made.etag()).body("application/json", "{\"active\":false}");
        patch.await.refused(415, "unsupported_media_type");
    }

    async fn malformed_json_is_400_and_says_where(world: World) {
        let office = world.office().await;
        for (body, place) in [("{", "1"), ("", "1"), ("{\n\"code\": nul}", "2"), ("{} {}", "1"), ("\u{feff}{}", "1")] {
            let request = office.post("/units").body("application/json", body).header("accept-language", "en");
            let reply = request.await.refused(400, "malformed_json");
            assert!(reply.text_at("/detail").contains(place), "{reply}\nnames the line {place}");
        }
        let broken = office.post("/units").body("application/json", vec![b'"', 0xff, b'"']);
        broken.await.refused(400, "malformed_json");
        let deep = "[".repeat(50_000) + &"]".repeat(50_000);
        let reply = office.post("/units").body("application/json", deep).await;
        assert!([400, 422].contains(&reply.status), "{}", reply.status);
    }

    async fn an_error_speaks_the_callers_language(world: World) {
        let ask = async |language: Option<&str>| {
            let request = world.public().get("/nothing");
            match language {
                Some(language) => request.header("accept-language", language).await,
                None => request.await,
            }
        };
        let chinese = ask(None).await;
        assert_eq!(chinese.header("content-language"), Some("zh-CN"));
        for default in ["", "fr", "*", ";;;q=x", "zh", "zh-CN,en;q=0.9", "de,zh;q=0.5", "en;q=0"] {
            let reply = ask(Some(default)).await;
            assert_eq!(reply.at("/detail"), chinese.at("/detail"), "{default}");
        }
        for english in ["en", "en-GB,en;q=0.9", "fr,en;q=0.3", "zh;q=0.2,en;q=0.8"] {
            let reply = ask(Some(english)).await;
            assert_eq!(reply.header("content-language"), Some("en"), "{english}");
            assert_ne!(reply.at("/detail"), chinese.at("/detail"));
            assert_eq!(reply.code(), chinese.code());
            assert!(reply.text_at("/detail").is_ascii(), "{reply}");
        }
        assert!(chinese.header("vary").unwrap().contains("Accept-Language"));
    }

    async fn a_request_id_is_kept_where_it_is_one_and_made_where_it_is_not(world: World) {
        let ask = async |id: &str| {
            let reply = world.public().get("/health/live").header("x-request-id", id).await.expect(200);
            reply.header("x-request-id").unwrap().to_owned()
        };
        for good in ["abc", "A-1_b.c", &"x".repeat(64)] {
            assert_eq!(ask(good).await, good);
        }
        for bad in ["", "a b", "<script>", "a\tb", &"x".repeat(65), "ä"] {
            let made = ask(bad).await;
            assert_ne!(made, bad);
            assert_eq!(made.len(), 36, "{made}");
        }
        let two = [world.public().get("/health/live").await, world.public().get("/health/live").await];
        assert_ne!(two[0].header("x-request-id"), two[1].header("x-request-id"));
        let refused = world.public().get("/units").header("x-request-id", "mine").await.refused(401, "unauthenticated");
        assert_eq!(refused.at("/request_id"), "mine");
    }

    async fn every_answer_carries_the_security_headers(world: World) {
        let office = world.office().await;
        office.post("/units").json(COUNTY.unit("江背镇")).await.expect(201);
        let answers: Vec<Reply> = vec![
            office.get("/me").await.expect(200),
            office.request(Method::OPTIONS, "/units").await.expect(204),
            office.request(Method::HEAD, "/units").await.expect(200),
            office.get("/units").await.expect(200),
            world.public().get("/health/live").await.expect(200),
            world.public().get("/units").await.expect(401),
            world.admin().await.post("/units").await.expect(403),
            world.public().get("/nothing").await.expect(404),
            office.delete("/units").await.expect(405),
            office.post("/units").body("application/json", "{").await.expect(400),
            office.post("/units").json(COUNTY.unit("江背镇")).await.expect(409),
            office.post("/units").body("text/plain", "x").await.expect(415),
            office.post("/units").json(json!({})).await.expect(422),
        ];
        for reply in &answers {
            carries_the_security_headers(|name| reply.header(name), "default-src 'none'");
            assert!(reply.header("cache-control").is_some(), "{reply}");
            assert_eq!(reply.header("server"), None, "{reply}");
        }
        assert_eq!(answers[0].header("cache-control"), Some("no-store"));
        for page in ["/docs/", "/reference/", "/problems/not_found"] {
            let page = world.public().get(page).header("accept", "text/html").await.expect(200);
            carries_the_security_headers(|name| page.header(name), "default-src 'self'");
        }
    }

    async fn s_65_a_panic_is_a_problem_document_and_the_server_lives(world: World) {
        let app = web::Data::new(world.app().clone());
        let server = HttpServer::new(move || {
            let app = ActixApp::new().app_data(app.clone());
            app.route("/panic", web::get().to(panics)).route("/panic/not", web::get().to(lives)).wrap(from_fn(gate))
        });
        // One worker: if it died, nobody would answer the second time.
        let server = server.workers(1).bind(("127.0.0.1", 0)).unwrap();
        let address = server.addrs()[0];
        let server = server.run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        for _ in 0..2 {
            let asked = client.get(format!("http://{address}/panic")).header("x-request-id", "mine");
            let answer = asked.send().await.unwrap();
            assert_eq!(answer.status(), 500);
            assert_eq!(answer.headers()["content-type"], "application/problem+json");
            carries_the_security_headers(|name| answer.headers().get(name)?.to_str().ok(), "default-src 'none'");
            let text = answer.text().await.unwrap();
            let told: Value = serde_json::from_str(&text).unwrap();
            assert_eq!((&told["code"], &told["request_id"]), (&json!("internal_error"), &json!("mine")));
            assert!(!text.contains(PANIC), "{text}");
            let answer = client.get(format!("http://{address}/panic/not")).send().await.unwrap();
            assert_eq!(answer.status(), 204);
        }
        handle.stop(true).await;
    }

    async fn the_word_bearer_is_read_in_any_case(world: World) {
        let token = world.office().await.token().await.unwrap();
        for scheme in ["Bearer", "bearer", "BEARER", "bEaReR"] {
            let request = world.public().get("/me").header("authorization", &format!("{scheme} {token}"));
            request.await.expect(200);
        }
    }

    async fn a_bad_token_lets_nobody_in(world: World) {
        let office = world.office().await;
        let token = office.token().await.unwrap();
        let (head, rest) = token.split_once('.').unwrap();
        let (claims, signature) = rest.split_once('.').unwrap();
        // {"alg":"none","typ":"at+jwt"}
        let none = "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0";
        for bad in [
            String::new(),
            "garbage".into(),
            format!("{none}.{claims}."),
            format!("{none}.{rest}"),
            format!("{head}.{claims}.{}", signature.chars().rev().collect::<String>()),
            format!("{head}.{}.{signature}", claims.replacen('e', "f", 1)),
            format!("{token}x"),
            format!("{token} {token}"),
        ] {
            let reply = world.public().get("/me").header("authorization", &format!("Bearer {bad}")).await;
            let reply = reply.refused(401, "unauthenticated");
            assert!(reply.header("www-authenticate").unwrap().starts_with("Bearer"), "{reply}");
        }
        for other in ["Basic b2ZmaWNlOng=", "Token x", &token, "Bearer"] {
            world.public().get("/me").header("authorization", other).await.refused(401, "unauthenticated");
        }
        // What anyone may call is called by anyone, whatever they hold.
        world.bearer("garbage").get("/health/live").await.expect(200);
        let body = json!({"username": "office", "password": PASSWORD});
        world.bearer("garbage").post("/auth/login").json(body).await.expect(200);
    }

    async fn the_server_says_that_it_lives_and_can_work(world: World) {
        for path in ["/health/live", "/health/ready"] {
            let reply = world.public().get(path).await.expect(200);
            assert_eq!(reply.body, json!({"status": "ok"}));
        }
    }

    async fn an_answer_is_compressed_where_that_is_asked_for(world: World) {
        // Past `Reply`, which reads text.
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let asked = client.get(world.url("/openapi.json")).header("accept-encoding", "gzip");
        let answer = asked.send().await.unwrap();
        assert_eq!(answer.headers()["content-encoding"], "gzip");
        assert!(answer.headers()["vary"].to_str().unwrap().to_lowercase().contains("accept-encoding"));
    }
}

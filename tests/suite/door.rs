//! At the door of every path: methods, origins, what may be kept, traces, and what is on its way out (C-28 to C-31, C-43).

use std::collections::BTreeSet;
use std::sync::Arc;

use pingxuan_api::contract::Contract;
use pingxuan_tests::contract::{DOCUMENT, operations};
use pingxuan_tests::world::ORIGIN;
use pingxuan_tests::{World, both};
use reqwest::Method;
use serde_json::{Value, json};
use strum::IntoEnumIterator;

/// Every path of the contract, with something that is no one's id in the place of each parameter.
fn paths() -> BTreeSet<(String, String)> {
    let filled = |template: &str| {
        let mut path = String::new();
        for part in template.split('/').skip(1) {
            path.push('/');
            path.push_str(match part {
                "{year}" => "2022",
                "{category_code}" => "no_such_category",
                "{certificate_number}" => "202201-01-001",
                "{workflow}" => "application",
                "{receipt_code}" => "ABCD-EFGH-JKMN-PQRS",
                "{file}" => "index.html",
                part if part.starts_with('{') => "018568e9-5400-70f2-82fb-35129853f426",
                part => part,
            });
        }
        path
    };
    operations().iter().map(|stated| (filled(&stated.template), stated.template.clone())).collect()
}

fn methods_of(template: &str) -> BTreeSet<String> {
    let item = &DOCUMENT["paths"][template];
    let mut methods: BTreeSet<String> =
        item.as_object().unwrap().keys().map(|method| method.to_uppercase()).collect();
    if methods.contains("GET") {
        methods.insert("HEAD".into());
    }
    methods.insert("OPTIONS".into());
    methods
}

fn listed(header: Option<&str>) -> BTreeSet<String> {
    header.unwrap_or_default().split(", ").map(str::to_owned).collect()
}

both! {
    async fn c_43_every_path_says_what_it_takes_and_refuses_the_rest(world: World) {
        let office = world.office().await;
        for (path, template) in paths() {
            let offered = world.public().request(Method::OPTIONS, &path).await.expect(204);
            let methods = methods_of(&template);
            assert_eq!(listed(offered.header("allow")), methods, "{template}");
            assert!(offered.header("x-request-id").is_some(), "{template}");
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"] {
                if methods.contains(method) {
                    continue;
                }
                let refused = office.request(method.parse().unwrap(), &path).await.refused(405, "method_not_allowed");
                assert_eq!(listed(refused.header("allow")), methods, "{method} {template}");
            }
        }
        world.public().request(Method::OPTIONS, "/nothing").await.refused(404, "not_found");
    }

    async fn c_43_head_is_get_without_its_body(world: World) {
        let office = world.office().await;
        let unit = world.unit_id("江背镇").await;
        for path in ["/units", "/me", "/enumerations", "/health/live", "/nothing", &format!("/units/{unit}")] {
            let get = office.get(path).await;
            let head = office.request(Method::HEAD, path).await;
            assert_eq!((head.status, head.text.as_str()), (get.status, ""), "{path}");
            for name in ["content-type", "etag", "cache-control", "content-language", "content-length"] {
                assert_eq!(head.header(name), get.header(name), "{path}: {name}");
            }
        }
        world.public().request(Method::HEAD, "/units").await.expect(401);
    }

    async fn c_12_a_tag_that_is_known_is_304(world: World) {
        let office = world.office().await;
        let place = format!("/units/{}", world.unit_id("江背镇").await);
        let tag = office.etag_of(&place).await;
        for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
            let same = office.get(&place).header("if-none-match", &known).await.expect(304);
            assert_eq!((same.etag(), same.text.as_str()), (tag.clone(), ""), "{known}");
        }
        office.get(&place).header("if-none-match", "\"other\"").await.expect(200);
        office.get(&place).header("if-none-match", "unquoted").await.expect(200);
        let long = "0".repeat(1_001);
        let refused = office.get(&place).header("if-none-match", &long).await.refused(400, "invalid_parameter");
        assert!(refused.text_at("/detail").contains("If-None-Match"), "{refused}");
    }

    async fn c_29_pages_of_allowed_origins_may_call_and_no_others(world: World) {
        let suffix = format!("{ORIGIN}.evil.test");
        for (path, template) in paths() {
            for (origin, allowed) in [(ORIGIN, true), ("https://evil.test", false), ("null", false), (&suffix, false)] {
                let preflight = world.public().request(Method::OPTIONS, &path).header("origin", origin);
                let told = preflight.header("access-control-request-method", "GET").await.expect(204);
                let answer = allowed.then_some(origin);
                assert_eq!(told.header("access-control-allow-origin"), answer, "{template}");
                let methods = if allowed { methods_of(&template) } else { listed(None) };
                assert_eq!(listed(told.header("access-control-allow-methods")), methods, "{template}");
                assert!(told.header("vary").unwrap().contains("Origin"), "{template}");
                assert_eq!(told.header("access-control-allow-credentials"), None);
            }
        }
        // Errors are read by a page as well, or it could not say what is wrong.
        let refused = world.public().get("/units").header("origin", ORIGIN).await.refused(401, "unauthenticated");
        assert_eq!(refused.header("access-control-allow-origin"), Some(ORIGIN));
        let exposed = refused.header("access-control-expose-headers").unwrap();
        for name in ["ETag", "Location", "Link", "Retry-After", "X-Request-Id", "Idempotent-Replayed"] {
            assert!(exposed.split(", ").any(|one| one == name), "{name}");
        }
    }

    async fn c_30_every_answer_says_whether_it_may_be_kept(world: World) {
        let office = world.office().await;
        let unit = world.unit_id("江背镇").await;
        for (path, wanted) in [
            ("/me".to_owned(), "no-store"),
            ("/applications".to_owned(), "no-store"),
            (format!("/units/{unit}"), "private, no-cache"),
            ("/enumerations".to_owned(), "public, max-age=300"),
            ("/public/notices".to_owned(), "public, no-cache"),
            ("/nothing".to_owned(), "no-store"),
        ] {
            assert_eq!(office.get(&path).await.header("cache-control"), Some(wanted), "{path}");
        }
    }

    async fn c_31_a_trace_goes_on(world: World) {
        let ask = async |parent: &str| {
            let reply = world.public().get("/health/live").header("traceparent", parent).await.expect(200);
            reply.header("traceresponse").map(str::to_owned)
        };
        let told = ask("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").await.unwrap();
        assert!(told.starts_with("00-0af7651916cd43dd8448eb211c80319c-") && told.ends_with("-01"), "{told}");
        assert!(!told.contains("b7ad6b7169203331"), "a span of its own");
        assert_eq!(ask("00-0-0-0").await, None);
    }

    async fn c_28_what_is_on_its_way_out_says_so(world: World) {
        let mut document = DOCUMENT.clone();
        let planted = &mut document["paths"]["/api/v1/enumerations"]["get"];
        planted["deprecated"] = json!(true);
        planted["x-deprecation"] =
            json!({"since": 1_700_000_000, "sunset": "Sat, 01 Jan 2028 00:00:00 GMT", "successor": "/api/v2/enumerations"});
        let contract = Arc::new(Contract::new(&document).unwrap());
        let (planted, running) = World::start_with(world.database_url(), |app| app.contract = contract).await;
        // Past `Reply`, which holds answers to the contract of this build.
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let told = client.get(planted.url("/enumerations")).send().await.unwrap();
        assert_eq!(told.headers()["deprecation"], "@1700000000");
        assert_eq!(told.headers()["sunset"], "Sat, 01 Jan 2028 00:00:00 GMT");
        assert_eq!(told.headers()["link"], "</api/v2/enumerations>; rel=\"successor-version\"");
        let other = planted.public().get("/workflows/application").await.expect(200);
        assert_eq!(other.header("deprecation"), None);
        let app = Arc::clone(&running.app);
        running.stop().await;
        app.db.clone().close().await.unwrap();
        let stated = operations().iter().filter(|stated| stated.stated.get("deprecated") == Some(&Value::Bool(true)));
        assert_eq!(stated.count(), 0, "nothing is on its way out: this test ends with the first that is");
    }

    async fn a_path_that_is_not_as_its_schema_says_leads_nowhere(world: World) {
        let office = world.office().await;
        let unit = world.unit_id("江背镇").await;
        let bare = unit.simple().to_string();
        for path in [format!("urn:uuid:{unit}"), format!("%7B{unit}%7D"), bare, "1".to_owned(), "%FF".to_owned()] {
            office.get(&format!("/units/{path}")).await.refused(404, "not_found");
        }
        for year in ["02022", "+2022", "1999", "2101", "next"] {
            office.get(&format!("/workday-calendars/{year}")).await.refused(404, "not_found");
        }
        for limit in ["05", "%2B5", "5.0"] {
            office.get(&format!("/units?limit={limit}")).await.refused(400, "invalid_parameter");
        }
        office.get("/units?name=%FF").await.refused(400, "invalid_parameter");
    }

    async fn an_error_stays_within_its_own_schema_whatever_was_sent(world: World) {
        let office = world.office().await;
        let long = "a".repeat(3_000);
        office.get(&format!("/units/{long}")).await.refused(404, "not_found");
        office.get(&format!("/units?{long}=1")).await.refused(400, "unknown_parameter");
        office.get("/units?a%00b=1").await.refused(400, "unknown_parameter");
        let mut unit = json!({});
        unit[&long] = json!(1);
        unit["\u{1}"] = json!(1);
        office.post("/units").json(&unit).await.refused(422, "validation_failed");
        let many: serde_json::Map<String, Value> = (0..1_500).map(|n| (format!("m{n}"), json!(n))).collect();
        let told = office.post("/units").json(many).await.refused(422, "validation_failed");
        assert_eq!(told.list_at("/errors").len(), 1_000);
    }

    async fn every_code_has_a_page_at_its_type(world: World) {
        for code in pingxuan_domain::ErrorCode::iter() {
            let place = format!("/problems/{}", code.code());
            for (language, html) in [("zh-CN", false), ("en", false), ("zh-CN", true), ("en", true)] {
                let accept = if html { "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8" } else { "application/json" };
                let page = world.public().get(&place).header("accept-language", language).header("accept", accept).await.expect(200);
                assert_eq!(page.header("content-language"), Some(language));
                if html {
                    assert!(page.text.starts_with("<!doctype html>") && page.text.contains(code.code()), "{page}");
                    assert!(page.header("content-security-policy").unwrap().contains("default-src 'self'"));
                    continue;
                }
                assert_eq!(page.at("/code"), code.code());
                for member in ["/title", "/meaning", "/advice"] {
                    let said = page.text_at(member);
                    let chinese = said.chars().any(|character| ('\u{4E00}'..='\u{9FFF}').contains(&character));
                    assert!(!said.is_empty() && chinese == (language == "zh-CN"), "{page}");
                }
            }
        }
        world.public().get("/problems/no_such_code").await.refused(404, "not_found");
    }

    async fn a_sandbox_is_a_demonstrations_alone(world: World) {
        for path in ["/sandbox/clock", "/sandbox/reset"] {
            let place = format!("http://{}{path}", world.address());
            let client = reqwest::Client::builder().no_proxy().build().unwrap();
            let answer = client.post(&place).json(&json!({"now": "2023-01-01T00:00:00Z"})).send().await.unwrap();
            assert_eq!(answer.status(), 404, "{path}");
            assert_eq!(answer.headers()["content-type"], "application/problem+json");
        }
    }
}

//! Requests that are wrong in every way that there is: each a problem document with the right code and pointers, in both languages (C-14).

use pingxuan_tests::county::COUNTY;
use pingxuan_tests::story::{TOWNSHIP, definition, filled_form};
use pingxuan_tests::{Person, Reply, World, both};
use reqwest::Method;
use serde_json::{Value, json};

/// A request that is wrong, and what is said of it.
struct Wrong<'a> {
    who: &'a Person,
    method: Method,
    path: String,
    headers: Vec<(&'a str, String)>,
    /// The media type and the body.
    body: Option<(&'a str, String)>,
    status: u16,
    code: &'a str,
    faults: Vec<(&'a str, &'a str)>,
}

const JSON: &str = "application/json";
const PATCH: &str = "application/merge-patch+json";

async fn asked(wrong: &Wrong<'_>, language: &str) -> Reply {
    let mut request =
        wrong.who.request(wrong.method.clone(), &wrong.path).header("accept-language", language);
    for (name, value) in &wrong.headers {
        request = request.header(name, value);
    }
    if let Some((media_type, body)) = &wrong.body {
        request = request.body(media_type, body.clone());
    }
    request.await
}

/// The same refusal in both languages, whose words alone differ.
async fn refused(wrong: Wrong<'_>) {
    let [chinese, english] = [asked(&wrong, "zh-CN").await, asked(&wrong, "en").await];
    for reply in [&chinese, &english] {
        assert_eq!((reply.status, reply.code()), (wrong.status, wrong.code), "{reply}");
        assert_eq!(reply.text_at("/type"), format!("/problems/{}", wrong.code), "{reply}");
        let mut found = if wrong.faults.is_empty() { vec![] } else { reply.faults() };
        let mut wanted: Vec<(String, String)> =
            wrong.faults.iter().map(|(at, code)| ((*at).to_owned(), (*code).to_owned())).collect();
        found.sort();
        wanted.sort();
        assert_eq!(found, wanted, "{reply}");
    }
    assert_ne!(chinese.at("/title"), english.at("/title"), "{english}");
    assert!(
        !chinese.text_at("/title").is_ascii() && english.text_at("/title").is_ascii(),
        "{chinese}\n{english}"
    );
    let words = |reply: &Reply| -> Vec<String> {
        let faults = reply.body.get("errors").and_then(Value::as_array).into_iter().flatten();
        faults.filter_map(|fault| fault["detail"].as_str().map(str::to_owned)).collect()
    };
    assert!(words(&chinese).iter().all(|word| !word.is_ascii()), "{chinese}");
}

both! {
    async fn c_14_whatever_is_wrong_is_said_at_once_in_both_languages(world: World) {
        let (office, public) = (world.office().await, world.public());
        let security = world.security_admin().await;
        let unit = world.unit("江背镇").await;
        let campaign = world.accepting_campaign().await;
        let place = format!("/units/{}", unit.unit_id());
        let tag = office.etag_of(&place).await;
        let draft = format!("/applications/{}", world.drafted(campaign, "江背镇", TOWNSHIP).await);
        let draft_tag = unit.etag_of(&draft).await;
        let known = COUNTY.unit("高兴镇");
        let with = |member: &str, value: Value| {
            let mut body = known.clone();
            body[member] = value;
            body.to_string()
        };
        let without = |member: &str| {
            let mut body = known.clone();
            body.as_object_mut().unwrap().remove(member);
            body.to_string()
        };
        let get = |path: &str, status, code| Wrong {
            who: &office, method: Method::GET, path: path.to_owned(), headers: vec![], body: None, status, code, faults: vec![],
        };
        let unit_of = |body: String, faults: Vec<(&'static str, &'static str)>| Wrong {
            who: &office, method: Method::POST, path: "/units".into(), headers: vec![], body: Some((JSON, body)), status: 422,
            code: "validation_failed", faults,
        };
        let sent = |media_type: &'static str, body: &str, status, code| Wrong {
            who: &office, method: Method::POST, path: "/units".into(), headers: vec![], body: Some((media_type, body.to_owned())),
            status, code, faults: vec![],
        };
        let patched = |headers: Vec<(&'static str, String)>, body: Value, status, code, faults| Wrong {
            who: &office, method: Method::PATCH, path: place.clone(), headers, body: Some((PATCH, body.to_string())), status, code, faults,
        };
        let tagged = || vec![("if-match", tag.clone())];
        let mut form = filled_form(TOWNSHIP, "江背镇", 1);
        form["headcount"] = json!("六十");
        form["unknown"] = json!(1);
        form["deeds"]["criterion_1"] = json!("长".repeat(2001));
        let mut campaign_of = definition();
        campaign_of["categories"][0]["quota"] = json!({"value": -1, "source": "office"});
        campaign_of["categories"][1]["colour"] = json!("red");
        campaign_of["year"] = Value::Null;
        let supervisor = json!({
            "name": "", "citizen_id": "360732198501011230", "phone": "138****5678", "appointed_from": "2022-13-01", "state": "x",
        });
        let nobody = json!({"username": "A b", "display_name": "", "roles": ["king"], "unit_id": "1"});

        let table = vec![
            // The request itself.
            get("/units?stauts=active", 400, "unknown_parameter"),
            get("/units?limit=0", 400, "invalid_parameter"),
            get("/units?limit=20&limit=30", 400, "invalid_parameter"),
            get("/units?kind=village", 400, "invalid_parameter"),
            get("/units?sort=-colour", 400, "invalid_parameter"),
            get("/units?cursor=abc.def", 400, "malformed_cursor"),
            get("/units?include=everything", 400, "invalid_parameter"),
            get("/nowhere", 404, "not_found"),
            get("/units/not-an-id", 404, "not_found"),
            get("/units/018568e9-5400-70f2-82fb-35129853f426", 404, "not_found"),
            Wrong { method: Method::DELETE, ..get("/units", 405, "method_not_allowed") },
            Wrong { headers: vec![("accept", "text/html".into())], ..get("/units", 406, "not_acceptable") },
            Wrong { headers: vec![("if-none-match", "0".repeat(1_001))], ..get(&place, 400, "invalid_parameter") },
            Wrong { who: &public, ..get("/units", 401, "unauthenticated") },
            Wrong { who: &unit, ..get("/audit-events", 403, "role_not_permitted") },
            // The body as a whole.
            sent(JSON, "", 400, "malformed_json"),
            sent(JSON, "{\"code\": nul}", 400, "malformed_json"),
            sent(JSON, "{\"name\": \"a\", \"name\": \"b\"}", 400, "malformed_json"),
            sent("text/plain", "{}", 415, "unsupported_media_type"),
            sent("application/json; charset=gbk", "{}", 415, "unsupported_media_type"),
            sent(JSON, &with("name", json!("名".repeat(100_000))), 413, "payload_too_large"),
            unit_of("[]".into(), vec![("", "wrong_type")]),
            unit_of("{}".into(), vec![("/code", "required"), ("/kind", "required"), ("/name", "required"), ("/short_name", "required")]),
            // Its members.
            unit_of(without("kind"), vec![("/kind", "required")]),
            unit_of(with("kind", json!("village")), vec![("/kind", "not_a_choice")]),
            unit_of(with("kind", json!(3)), vec![("/kind", "not_a_choice"), ("/kind", "wrong_type")]),
            unit_of(with("name", json!("")), vec![("/name", "too_short")]),
            unit_of(with("name", json!("名".repeat(101))), vec![("/name", "too_long")]),
            unit_of(with("name", json!("兴国县\u{0}")), vec![("/name", "control_character")]),
            unit_of(with("name", json!("兴国县\u{202e}")), vec![("/name", "control_character")]),
            unit_of(with("code", json!("11360732MB0000000A")), vec![("/code", "invalid_check_digit")]),
            unit_of(with("id", json!("018568e9-5400-70f2-82fb-35129853f426")), vec![("/id", "unknown_member")]),
            unit_of(with("version", json!(7)), vec![("/version", "unknown_member")]),
            Wrong { path: "/supervisors".into(), ..unit_of(supervisor.to_string(), vec![
                ("/appointed_from", "wrong_format"), ("/name", "too_short"), ("/state", "unknown_member"),
            ]) },
            Wrong { who: &security, path: "/users".into(), ..unit_of(nobody.to_string(), vec![
                ("/display_name", "too_short"), ("/roles/0", "not_a_choice"), ("/unit_id", "wrong_format"), ("/username", "wrong_format"),
            ]) },
            Wrong { path: "/campaigns".into(), ..unit_of(json!({"definition": campaign_of}).to_string(), vec![
                ("/definition/categories/0/quota/value", "too_small"), ("/definition/categories/1/colour", "unknown_member"),
                ("/definition/year", "wrong_type"),
            ]) },
            // The version, and what is changed.
            patched(vec![], json!({"active": false}), 428, "precondition_required", vec![]),
            patched(vec![("if-match", "\"999\"".into())], json!({"active": false}), 412, "precondition_failed", vec![]),
            patched(tagged(), json!({"colour": 1}), 422, "validation_failed", vec![("/colour", "unknown_member")]),
            patched(tagged(), json!({"name": null}), 422, "validation_failed", vec![("/name", "wrong_type")]),
            patched(tagged(), json!({}), 422, "validation_failed", vec![("", "too_few")]),
            Wrong { body: Some((JSON, "{\"active\": false}".into())), ..patched(tagged(), json!({}), 415, "unsupported_media_type", vec![]) },
            Wrong {
                who: &unit, path: draft.clone(),
                ..patched(vec![("if-match", draft_tag.clone())], json!({"form": form}), 422, "validation_failed", vec![
                    ("/form/deeds", "too_long"), ("/form/deeds/criterion_1", "too_long"), ("/form/headcount", "wrong_type"),
                    ("/form/unknown", "unknown_member"),
                ])
            },
            // What the state or the key does not let happen.
            Wrong {
                who: &unit, method: Method::POST, path: format!("{draft}/withdraw"), headers: vec![("if-match", draft_tag.clone())],
                body: Some((JSON, "{}".into())), status: 409, code: "illegal_transition", faults: vec![],
            },
            Wrong { headers: vec![("idempotency-key", "two words".into())], ..sent(JSON, "{}", 400, "invalid_parameter") },
        ];
        assert!(table.len() >= 40, "{}", table.len());
        for wrong in table {
            refused(wrong).await;
        }
    }
}

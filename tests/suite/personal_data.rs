//! Personal data: masked everywhere, opened for a reason on record, and names as people write them, from end to end (D-904, D-905).

use pingxuan_domain::Role;
use pingxuan_tests::story::{INDIVIDUAL, definition, filled_form};
use pingxuan_tests::{Person, Reply, World, both};
use serde_json::{Value, json};
use uuid::Uuid;

const UNIT: &str = "江背镇";

async fn reveal(person: &Person, id: Uuid) -> Reply {
    let path = format!("/applications/{id}/reveal");
    person.post(&path).if_match("*").json(json!({"reason": "核对身份信息"})).await
}

/// What a reveal tells, by pointer.
fn told<'a>(reply: &'a Reply, pointer: &str) -> &'a str {
    let items = reply.list_at("/items").iter();
    let mut found = items.filter(|item| item["pointer"] == pointer);
    found
        .next()
        .and_then(|item| item["value"].as_str())
        .unwrap_or_else(|| panic!("{reply}\nhas no {pointer}"))
}

both! {
    async fn d_904_personal_data_is_opened_for_a_reason_on_record(world: World) {
        let campaign = world.accepting_campaign().await;
        let id = world.submitted(campaign, UNIT, INDIVIDUAL).await;
        let written = filled_form(INDIVIDUAL, UNIT, 1);
        let personal: Vec<String> = {
            let shown = world.unit(UNIT).await.get(&format!("/applications/{id}")).await.expect(200);
            let form = shown.at("/form").as_object().unwrap().clone();
            let hidden = form.iter().filter(|(name, value)| written.get(*name) != Some(*value));
            hidden.map(|(name, _)| name.clone()).collect()
        };
        assert!(personal.len() >= 2, "{personal:?} are masked");
        for person in [world.unit(UNIT).await, world.office().await] {
            let opened = reveal(&person, id).await.expect(200);
            assert_eq!(opened.list_at("/items").len(), personal.len());
            for name in &personal {
                assert_eq!(told(&opened, &format!("/form/{name}")), written[name].as_str().unwrap());
            }
            assert_eq!(opened.header("cache-control"), Some("no-store"));
        }
        let auditor = world.auditor().await;
        let events = auditor.get(&format!("/audit-events?object_id={id}&operation=reveal_personal_data")).await.expect(200);
        assert_eq!(events.column("reason"), ["核对身份信息", "核对身份信息"]);
        let mut opened: Vec<String> = events.list_at("/items/0/changed/0/to").iter().map(|name| name.as_str().unwrap().to_owned()).collect();
        opened.sort();
        let mut wanted = personal.clone();
        wanted.sort();
        assert_eq!(opened, wanted, "the audit names what was opened, and not what it says");
        // Those outside the house do not learn from the history who looked.
        let history = world.unit(UNIT).await.get(&format!("/applications/{id}/history")).await.expect(200);
        assert!(!history.text.contains("reveal_personal_data"), "{history}");
    }

    async fn d_904_nobody_else_opens_it_and_nobody_without_a_reason(world: World) {
        let campaign = world.accepting_campaign().await;
        let id = world.submitted(campaign, UNIT, INDIVIDUAL).await;
        let draft = world.drafted(campaign, "高兴镇", INDIVIDUAL).await;
        reveal(&world.unit("高兴镇").await, id).await.refused(404, "not_found");
        reveal(&world.office().await, draft).await.refused(404, "not_found");
        for role in [Role::Approver, Role::Auditor, Role::Admin, Role::SecurityAdmin] {
            let person = world.person(&format!("curious-{role}").replace('_', "-"), &[role]).await;
            reveal(&person, id).await.refused(403, "role_not_permitted");
        }
        let office = world.office().await;
        let path = format!("/applications/{id}/reveal");
        office.post(&path).if_match("*").json(json!({})).await.invalid(&[("/reason", "required")]);
        office.post(&path).if_match("*").json(json!({"reason": ""})).await.invalid(&[("/reason", "too_short")]);
        office.post(&path).json(json!({"reason": "核对"})).await.refused(428, "precondition_required");
        let auditor = world.auditor().await;
        let events = auditor.get("/audit-events?operation=reveal_personal_data&outcome=done").await.expect(200);
        assert_eq!(events.items().len(), 0);
    }

    async fn d_303_what_lies_sealed_is_opened_to_its_unit_alone(world: World) {
        let mut sealed = definition();
        sealed["sealed"]["value"] = json!(true);
        let campaign = world.campaign_of(sealed).await;
        world.advanced(campaign).await.expect(200);
        let id = world.submitted(campaign, UNIT, INDIVIDUAL).await;
        reveal(&world.office().await, id).await.blocked_by(&["campaign_sealed"]);
        reveal(&world.unit(UNIT).await, id).await.expect(200);
    }

    async fn d_905_rare_characters_and_dots_come_through_unharmed(world: World) {
        // 生僻字 within and beyond the basic plane, of extensions B to H, and the dot in names of minorities.
        const NAME: &str = "𬭊䶮㛃𠮷·买买提·𱁬";
        let campaign = world.accepting_campaign().await;
        let unit = world.unit(UNIT).await;
        let mut form = filled_form(INDIVIDUAL, UNIT, 1);
        let name = form.as_object().unwrap().keys().find(|name| name.contains("name") && !name.contains("unit")).unwrap().clone();
        form[&name] = json!(NAME);
        let body = json!({"campaign_id": campaign, "category_code": INDIVIDUAL, "form": form});
        let id = unit.post("/applications").json(body).await.expect(201).id();
        let place = format!("/applications/{id}");
        let read = unit.get(&place).await.expect(200);
        assert_eq!((read.at("/nominee_name"), read.at(&format!("/form/{name}"))), (&json!(NAME), &json!(NAME)));
        unit.act(&format!("{place}/submit"), Value::Null).await.expect(200);
        let office = world.office().await;
        let listed = office.get(&format!("/applications?campaign_id={campaign}")).await.expect(200);
        assert_eq!(listed.column("nominee_name"), [NAME]);
        let events = world.auditor().await.get(&format!("/audit-events?object_id={id}")).await.expect(200);
        assert!(events.text.contains(NAME), "{events}");
        let account = json!({"username": "rare", "display_name": NAME, "roles": ["office"]});
        let made = world.security_admin().await.post("/users").json(account).await.expect(201);
        assert_eq!(made.at("/display_name"), NAME);
        let supervisor = world.supervisor(NAME).await.supervisor_id();
        let found = office.get(&format!("/supervisors/{supervisor}")).await.expect(200);
        assert_eq!(found.at("/name"), NAME);
    }
}

//! Vetoes: who records and lifts them, what they hold back, and for how long (D-703).

use pingxuan_tests::county::COUNTY;
use pingxuan_tests::selection::{NOTICE_OVER, approve, close};
use pingxuan_tests::story::{
    COLLECTIVE, INDIVIDUAL, SUPERVISOR, TOWNSHIP, decision_record, filled_form, submit,
};
use pingxuan_tests::vetting::{lift, veto};
use pingxuan_tests::{Reply, World, both};
use serde_json::{Value, json};
use uuid::Uuid;

const SAFETY: &str = "县应急管理局";
const POLICE: &str = "县公安局";

/// A department records a veto.
async fn recorded_by(world: &World, department: &str, members: Value) -> Reply {
    world.unit(department).await.post("/vetoes").json(veto(members)).await.expect(201)
}

/// The citizen ID of a supervisor of the tests: of as many people as were entered before.
async fn supervisor_with(world: &World, name: &str, citizen_id: &str) -> Uuid {
    let body = json!({
        "name": name, "citizen_id": citizen_id, "phone": "13800000001", "is_leading_cadre": false, "front_line": true,
        "appointed_from": "2022-01-01",
    });
    world.office().await.post("/supervisors").json(body).await.expect(201).id()
}

/// A campaign of supervisors that selects; the first of them has this citizen ID.
async fn selecting_with(world: &World, citizen_id: &str) -> Uuid {
    supervisor_with(world, "周五", citizen_id).await;
    world.selecting(&[]).await
}

async fn person_barred(world: &World, citizen_id: &str, until: &str) -> Uuid {
    let person = json!({"name": "周五", "citizen_id": citizen_id});
    recorded_by(world, SAFETY, json!({"person": person, "until": until})).await.id()
}

both! {
    async fn d_703_terms_are_data_and_may_be_set_otherwise(world: World) {
        let barred = world.unit_id("江背镇").await;
        let department = world.unit_id(SAFETY).await;
        for (field, until) in [("safety", "2023-11-01"), ("environment", "2023-11-01"), ("petitions", "2024-11-01")] {
            let made = recorded_by(&world, SAFETY, json!({"unit_id": barred, "field": field})).await;
            assert_eq!(made.at("/until"), until, "{field}");
            assert_eq!(made.at("/department/id"), &json!(department), "a unit records for itself");
            assert_eq!(made.at("/unit/name"), "兴国县江背镇");
            assert_eq!((made.state().as_str(), made.at("/in_force")), ("recorded", &json!(true)));
            assert_eq!(made.at("/person"), &Value::Null);
        }
        for until in ["2022-11-01", "2032-11-01"] {
            let made = recorded_by(&world, SAFETY, json!({"unit_id": barred, "until": until})).await;
            assert_eq!(made.at("/until"), until);
        }
    }

    async fn d_703_departments_and_county_direct_units_supply_vetoes_and_no_township_does(world: World) {
        let (rival, barred) = (world.unit("高兴镇").await, world.unit_id("江背镇").await);
        let body = veto(json!({"unit_id": barred}));
        let refused = rival.post("/vetoes").json(&body).await.blocked_by(&["not_a_department"]);
        assert!(refused.text_at("/errors/0/remedy").contains("部门"), "{refused}");
        let office = world.office().await;
        let named = veto(json!({"unit_id": barred, "department_id": world.unit_id("高兴镇").await}));
        office.post("/vetoes").json(named).await.invalid(&[("/department_id", "not_a_department")]);
        let department = world.unit(SAFETY).await;
        office.change(&format!("/units/{}", world.unit_id(SAFETY).await), json!({"active": false})).await.expect(200);
        department.post("/vetoes").json(&body).await.blocked_by(&["not_a_department"]);
        assert_eq!(office.get("/vetoes?include=total").await.expect(200).at("/total"), 0);
    }

    async fn d_703_what_is_recorded_must_be_possible(world: World) {
        let barred = world.unit_id("江背镇").await;
        let other = world.unit_id(POLICE).await;
        let department = world.unit(SAFETY).await;
        let office = world.office().await;
        let sent = async |who: &pingxuan_tests::Person, members: Value| who.post("/vetoes").json(veto(members)).await;
        sent(&office, json!({})).await.invalid(&[("/unit_id", "required")]);
        let person = |citizen_id: &str| json!({"name": "周五", "citizen_id": citizen_id});
        let good = COUNTY.citizen_id(1);
        let both = json!({"unit_id": barred, "person": person(&good)});
        sent(&office, both).await.invalid(&[("/person", "invalid")]);
        let (first, last) = good.split_at(17);
        let wrong = format!("{first}{}", if last == "0" { "1" } else { "0" });
        for (citizen_id, code) in [
            (wrong.as_str(), "invalid_check_digit"), ("3607**********1234", "masked_value"), ("1", "wrong_format"),
        ] {
            let reply = sent(&office, json!({"person": person(citizen_id)})).await;
            reply.invalid(&[("/person/citizen_id", code)]);
        }
        let body = json!({
            "unit_id": Uuid::nil(), "department_id": Uuid::nil(), "decided_on": "2022-11-08", "until": "2022-11-07",
        });
        sent(&office, body).await.invalid(&[
            ("/unit_id", "unknown_reference"),
            ("/department_id", "unknown_reference"),
            ("/decided_on", "not_in_the_past"),
            ("/until", "invalid"),
        ]);
        let body = json!({"unit_id": barred, "department_id": other});
        sent(&department, body).await.invalid(&[("/department_id", "unknown_reference")]);
        let own = json!({"unit_id": barred, "department_id": department.unit_id()});
        sent(&department, own).await.expect(201);
        let blank = json!({"unit_id": barred, "basis": " ", "document": "\t"});
        sent(&department, blank).await.invalid(&[("/basis", "wrong_format"), ("/document", "wrong_format")]);
        sent(&world.approver().await, json!({"unit_id": barred})).await.refused(403, "role_not_permitted");
    }

    async fn d_904_a_persons_number_is_masked_and_never_told(world: World) {
        let citizen_id = COUNTY.citizen_id(1);
        let made = recorded_by(&world, SAFETY, json!({"person": {"name": "周五", "citizen_id": citizen_id}})).await;
        let masked = format!("{}***********{}", &citizen_id[..3], &citizen_id[14..]);
        assert_eq!(made.at("/person"), &json!({"name": "周五", "citizen_id": masked}));
        assert_eq!(made.at("/unit"), &Value::Null);
        let listed = world.office().await.get("/vetoes").await.expect(200);
        let told = world.auditor().await.get(&format!("/audit-events?object_id={}", made.id())).await.expect(200);
        assert_eq!(told.column("operation"), ["record_veto"]);
        for reply in [&made, &listed, &told] {
            assert!(!reply.text.contains(&citizen_id[6..14]), "{reply}\ntells the citizen ID");
        }
    }

    async fn d_703_the_department_that_supplied_it_alone_may_lift_it(world: World) {
        let barred = world.unit_id("江背镇").await;
        let office = world.office().await;
        let own = office.post("/vetoes").json(veto(json!({"unit_id": barred}))).await.expect(201);
        assert_eq!(own.at("/department"), &Value::Null);
        let (safety, police) = (world.unit(SAFETY).await, world.unit(POLICE).await);
        let body = veto(json!({"unit_id": barred, "department_id": safety.unit_id()}));
        let supplied = office.post("/vetoes").json(body).await.expect(201);
        assert_eq!(supplied.blockers("lift_veto"), Some(vec!["not_the_supplier".to_owned()]));
        let place = format!("/vetoes/{}/lift", supplied.id());
        let body = json!({"reason": "整改验收合格。"});
        lift(&office, supplied.id()).await.blocked_by(&["not_the_supplier"]);
        lift(&police, supplied.id()).await.refused(404, "not_found");
        lift(&safety, own.id()).await.refused(404, "not_found");
        lift(&world.approver().await, supplied.id()).await.refused(403, "role_not_permitted");
        safety.post(&place).json(&body).await.refused(428, "precondition_required");
        safety.post(&place).if_match("\"2\"").json(&body).await.refused(412, "precondition_failed");
        safety.post(&place).if_match("\"1\"").json(json!({"reason": " "})).await.invalid(&[("/reason", "wrong_format")]);
        let lifted = safety.post(&place).if_match("\"1\"").json(&body).await.expect(200);
        assert_eq!((lifted.state().as_str(), lifted.at("/in_force")), ("lifted", &json!(false)));
        assert_eq!(lifted.at("/lift_reason"), "整改验收合格。");
        lift(&safety, supplied.id()).await.refused(409, "illegal_transition");
        lift(&office, own.id()).await.expect(200);
    }

    async fn d_703_vetoes_are_listed_to_the_house_and_to_who_supplied_them(world: World) {
        let (first, second) = (world.unit_id("江背镇").await, world.unit_id("高兴镇").await);
        let office = world.office().await;
        let over = recorded_by(&world, SAFETY, json!({"unit_id": first, "until": "2022-11-06"})).await.id();
        let lifted = recorded_by(&world, SAFETY, json!({"unit_id": second})).await.id();
        lift(&world.unit(SAFETY).await, lifted).await.expect(200);
        let good = recorded_by(&world, POLICE, json!({"unit_id": first, "field": "petitions"})).await.id();
        let none = office.post("/vetoes").json(veto(json!({"unit_id": second, "until": "2022-11-07"}))).await.expect(201).id();
        let found = async |who: &pingxuan_tests::Person, query: &str| {
            let listed = who.get(&format!("/vetoes?include=total&sort=created_at&{query}")).await.expect(200);
            assert_eq!(listed.at("/total"), listed.items().len());
            listed.column("id").iter().map(|id| id.parse().unwrap()).collect::<Vec<Uuid>>()
        };
        let auditor = world.auditor().await;
        assert_eq!(found(&auditor, "").await, [over, lifted, good, none]);
        assert_eq!(found(&office, "in_force=true").await, [good, none], "its last day is not over");
        assert_eq!(found(&office, "in_force=false").await, [over, lifted]);
        assert_eq!(found(&office, "state=lifted").await, [lifted]);
        assert_eq!(found(&office, "field=petitions").await, [good]);
        assert_eq!(found(&office, &format!("unit_id={first}")).await, [over, good]);
        assert_eq!(found(&world.unit(SAFETY).await, "").await, [over, lifted]);
        assert_eq!(found(&world.unit("江背镇").await, "").await, Vec::<Uuid>::new(), "who is barred is not who supplied it");
        world.move_clock("2022-11-08T00:00:00+08:00").await;
        assert_eq!(found(&office, "in_force=true").await, [good]);
        world.supervisor("赵一").await.get("/vetoes").await.refused(403, "role_not_permitted");
    }

    async fn d_703_who_is_barred_submits_nothing_until_the_day_after(world: World) {
        let campaign = world.accepting_campaign().await;
        let unit = world.unit("江背镇").await;
        let application = world.drafted(campaign, "江背镇", TOWNSHIP).await;
        let person = world.drafted(campaign, "江背镇", INDIVIDUAL).await;
        let body = json!({"unit_id": unit.unit_id(), "until": "2022-11-10"});
        let barred = recorded_by(&world, SAFETY, body).await.id();
        let refused = submit(&unit, application).await.blocked_by(&["veto_in_force"]);
        assert!(refused.text_at("/errors/0/detail").contains("2022"), "{refused}");
        let check = unit.get(&format!("/applications/{application}/check")).await.expect(200);
        assert!(check.text.contains("veto_in_force"), "{check}");
        // What bars the unit does not bar its people.
        submit(&unit, person).await.expect(200);
        world.move_clock("2022-11-10T23:59:59+08:00").await;
        submit(&unit, application).await.blocked_by(&["veto_in_force"]);
        world.move_clock("2022-11-11T00:00:00+08:00").await;
        submit(&unit, application).await.expect(200);
        lift(&world.unit(SAFETY).await, barred).await.expect(200);

        let other = world.unit("县财政局").await;
        let application = world.drafted(campaign, "县财政局", COLLECTIVE).await;
        let barred = recorded_by(&world, SAFETY, json!({"unit_id": other.unit_id()})).await.id();
        submit(&other, application).await.blocked_by(&["veto_in_force"]);
        lift(&world.unit(SAFETY).await, barred).await.expect(200);
        submit(&other, application).await.expect(200);
    }

    async fn d_703_a_person_is_barred_by_the_citizen_id_whatever_the_name(world: World) {
        let campaign = world.accepting_campaign().await;
        let unit = world.unit("江背镇").await;
        let application = world.drafted(campaign, "江背镇", INDIVIDUAL).await;
        let citizen_id = filled_form(INDIVIDUAL, "江背镇", 1)["citizen_id"].clone();
        let person = json!({"name": "另一个名字", "citizen_id": citizen_id});
        let barred = recorded_by(&world, SAFETY, json!({"person": person})).await.id();
        submit(&unit, application).await.blocked_by(&["veto_in_force"]);
        let colleague = world.drafted_for(campaign, "江背镇", INDIVIDUAL, 2).await;
        submit(&unit, colleague).await.expect(200);
        lift(&world.unit(SAFETY).await, barred).await.expect(200);
        // A place for one alone: the colleague's is taken back for it.
        unit.act(&format!("/applications/{colleague}/withdraw"), json!({})).await.expect(200);
        submit(&unit, application).await.expect(200);
    }

    async fn d_703_no_list_with_who_is_barred_is_proposed(world: World) {
        let citizen_id = COUNTY.citizen_id(1);
        let campaign = selecting_with(&world, &citizen_id).await;
        let list = world.listed(campaign, json!({"category_code": SUPERVISOR})).await.expect(201).id();
        let office = world.office().await;
        let place = format!("/shortlists/{list}/propose");
        let barred = person_barred(&world, &citizen_id, "2023-01-05").await;
        let refused = office.act(&place, Value::Null).await.blocked_by(&["entry_vetoed"]);
        assert!(refused.text_at("/errors/0/detail").contains("周五"), "{refused}");
        let seen = office.get(&format!("/shortlists/{list}")).await.expect(200);
        assert_eq!(seen.blockers("propose_shortlist").unwrap(), ["entry_vetoed"]);
        world.move_clock("2023-01-05T23:59:59+08:00").await;
        office.act(&place, Value::Null).await.blocked_by(&["entry_vetoed"]);
        world.move_clock("2023-01-06T00:00:00+08:00").await;
        assert_eq!(office.get("/vetoes?in_force=true").await.expect(200).items().len(), 0);
        office.act(&place, Value::Null).await.expect(200);
        lift(&world.unit(SAFETY).await, barred).await.expect(200);
    }

    async fn d_703_no_notice_names_who_is_barred(world: World) {
        let citizen_id = COUNTY.citizen_id(1);
        let campaign = selecting_with(&world, &citizen_id).await;
        let list = world.endorsed(campaign).await;
        let office = world.office().await;
        let place = format!("/shortlists/{list}/publish-notice");
        let barred = person_barred(&world, &citizen_id, "2023-12-31").await;
        office.act(&place, Value::Null).await.blocked_by(&["entry_vetoed"]);
        lift(&world.unit(SAFETY).await, barred).await.expect(200);
        let barred = person_barred(&world, &citizen_id, "2023-01-05").await;
        office.act(&place, Value::Null).await.blocked_by(&["entry_vetoed"]);
        world.move_clock("2023-01-06T00:00:00+08:00").await;
        office.act(&place, Value::Null).await.expect(200);
        lift(&world.unit(SAFETY).await, barred).await.expect(200);
    }

    async fn d_703_nobody_is_commended_who_is_barred(world: World) {
        let citizen_id = COUNTY.citizen_id(1);
        let campaign = selecting_with(&world, &citizen_id).await;
        let (list, notice) = world.noticed(campaign).await;
        world.move_clock(NOTICE_OVER).await;
        close(&world.office().await, notice).await.expect(200);
        let approver = world.approver().await;
        let body = json!({"decision": decision_record()});
        person_barred(&world, &citizen_id, "2023-01-12").await;
        approve(&approver, list, body.clone()).await.blocked_by(&["entry_vetoed"]);
        world.move_clock("2023-01-13T00:00:00+08:00").await;
        let again = person_barred(&world, &citizen_id, "2024-01-12").await;
        approve(&approver, list, body.clone()).await.blocked_by(&["entry_vetoed"]);
        lift(&world.unit(SAFETY).await, again).await.expect(200);
        approve(&approver, list, body).await.expect(200);
    }
}

//! What departments are asked about candidates, what they answer, and how that holds back the notice (D-702).

use pingxuan_domain::Role;
use pingxuan_tests::selection::{NOTICE_OVER, approve, close};
use pingxuan_tests::story::{SUPERVISOR, decision_record};
use pingxuan_tests::vetting::{answer, request_vetting, resolve, vetted_by};
use pingxuan_tests::{Person, Reply, World, both};
use serde_json::{Value, json};
use uuid::Uuid;

/// The departments of the definition.
const FINANCE: &str = "县财政局";
const POLICE: &str = "县公安局";
/// One that is asked besides.
const AUDIT: &str = "县审计局";

/// A campaign of supervisors that selects, vetted by two departments of which one has a candidate of its own: 赵一 works at
/// the finance bureau, 钱二 nowhere; 孙三 comes after them.
async fn selecting(world: &World, silence: &str) -> Uuid {
    let bureau = world.unit_id(FINANCE).await;
    world.unit_id(POLICE).await;
    for (name, unit, records) in [("赵一", Some(bureau), 3), ("钱二", None, 2), ("孙三", None, 1)] {
        let supervisor = world.supervisor_at(name, unit).await;
        for record in 0..records {
            world.duty_record(&supervisor, record).await.expect(200);
        }
    }
    let mut definition = vetted_by(&[FINANCE, POLICE]);
    definition["categories"][0]["vetting_silence"]["value"] = json!(silence);
    world.selecting_by(definition).await
}

async fn ask(world: &World, campaign: Uuid) -> Reply {
    request_vetting(world, campaign, json!({"category_code": SUPERVISOR})).await
}

/// The requests asked of a department, by the candidate's name.
async fn asked_of(department: &Person, campaign: Uuid, nominee: &str) -> Uuid {
    let listed = department.get(&format!("/campaigns/{campaign}/vetting-requests")).await.expect(200);
    let row = listed.items().iter().find(|row| row["nominee_name"] == nominee);
    row.unwrap_or_else(|| panic!("{listed}\nasks about {nominee}"))["id"].as_str().unwrap().parse().unwrap()
}

async fn opine(world: &World, campaign: Uuid, (unit, nominee): (&str, &str), opinion: &str) -> Reply {
    let department = world.unit(unit).await;
    let request = asked_of(&department, campaign, nominee).await;
    let body = json!({"opinion": opinion, "basis": "有待核实的情况。", "document": "函〔2023〕1号"});
    answer(&department, request, body).await.expect(200)
}

async fn publish(world: &World, list: Uuid) -> Reply {
    world.office().await.act(&format!("/shortlists/{list}/publish-notice"), Value::Null).await
}

both! {
    async fn d_702_every_department_is_asked_once_about_every_candidate_but_its_own(world: World) {
        let campaign = selecting(&world, "blocks").await;
        ask(&world, campaign).await.blocked_by(&["list_not_proposed"]);
        let draft = world.listed(campaign, json!({"category_code": SUPERVISOR})).await.expect(201).id();
        ask(&world, campaign).await.blocked_by(&["list_not_proposed"]);
        let office = world.office().await;
        office.act(&format!("/shortlists/{draft}/propose"), Value::Null).await.expect(200);

        let asked = ask(&world, campaign).await.expect(201);
        let pairs = |reply: &Reply| -> Vec<(String, String)> {
            let text = |row: &Value, pointer: &str| row.pointer(pointer).unwrap().as_str().unwrap().to_owned();
            let mut pairs: Vec<_> =
                reply.items().iter().map(|row| (text(row, "/nominee_name"), text(row, "/department/name"))).collect();
            pairs.sort();
            pairs
        };
        let wanted = [("赵一", "兴国县公安局"), ("钱二", "兴国县公安局"), ("钱二", "兴国县财政局")];
        let wanted = wanted.map(|(nominee, department)| (nominee.to_owned(), department.to_owned()));
        assert_eq!(pairs(&asked), wanted);
        // Five working days from 2023-01-01: the 3rd to the 6th, and the 9th.
        assert_eq!(asked.column("due_on"), ["2023-01-09"; 3]);
        assert_eq!(asked.column("state"), ["requested"; 3]);
        ask(&world, campaign).await.blocked_by(&["nobody_to_ask"]);

        let besides = world.unit_id(AUDIT).await;
        let body = json!({"category_code": SUPERVISOR, "department_ids": [besides], "due_on": "2023-01-31"});
        let more = request_vetting(&world, campaign, body.clone()).await.expect(201);
        assert_eq!(more.column("due_on"), ["2023-01-31"; 2]);
        request_vetting(&world, campaign, body).await.blocked_by(&["nobody_to_ask"]);

        let all = office.get(&format!("/campaigns/{campaign}/vetting-requests?include=total")).await.expect(200);
        assert_eq!(all.at("/total"), 5);
        let place = format!("/campaigns/{campaign}/vetting-requests?department_id={besides}&state=requested");
        assert_eq!(office.get(&place).await.expect(200).items().len(), 2);
        let application = all.items()[0]["application_id"].as_str().unwrap();
        let place = format!("/campaigns/{campaign}/vetting-requests?application_id={application}&sort=-due_on");
        let about = office.get(&place).await.expect(200);
        assert!(about.items().iter().all(|row| row["application_id"] == application), "{about}");
    }

    async fn d_702_what_is_asked_must_be_possible(world: World) {
        let campaign = selecting(&world, "blocks").await;
        world.proposed(campaign).await;
        let inactive = world.unit_id(AUDIT).await;
        world.office().await.change(&format!("/units/{inactive}"), json!({"active": false})).await.expect(200);
        let nowhere = Uuid::new_v4();
        let known = world.unit_id(POLICE).await;
        let body = json!({
            "category_code": SUPERVISOR, "due_on": "2023-01-08", "department_ids": [known, nowhere, known, inactive],
        });
        request_vetting(&world, campaign, body).await.invalid(&[
            ("/department_ids/1", "unknown_reference"),
            ("/department_ids/2", "duplicate"),
            ("/department_ids/3", "unknown_reference"),
            ("/due_on", "due_too_early"),
        ]);
        let body = json!({"category_code": "no_such_category"});
        request_vetting(&world, campaign, body).await.invalid(&[("/category_code", "unknown_category")]);
        let place = format!("/campaigns/{campaign}/vetting-requests");
        let body = json!({"category_code": SUPERVISOR});
        world.approver().await.post(&place).json(&body).await.refused(403, "role_not_permitted");
        world.unit(POLICE).await.post(&place).json(&body).await.refused(403, "role_not_permitted");

        world.move_clock("2026-12-28T09:00:00+08:00").await;
        ask(&world, campaign).await.blocked_by(&["calendar_missing"]);
        let body = json!({"category_code": SUPERVISOR, "due_on": "2027-01-31"});
        request_vetting(&world, campaign, body).await.blocked_by(&["calendar_missing"]);
    }

    async fn d_702_nobody_is_asked_before_the_campaign_selects(world: World) {
        world.unit_id(FINANCE).await;
        world.unit_id(POLICE).await;
        let campaign = world.campaign_of(vetted_by(&[FINANCE, POLICE])).await;
        world.advanced(campaign).await.expect(200);
        ask(&world, campaign).await.blocked_by(&["campaign_not_selecting", "list_not_proposed"]);
    }

    async fn d_702_a_definition_asks_active_units_alone(world: World) {
        let office = world.office().await;
        let police = world.unit_id(POLICE).await;
        let draft = world.campaign_of(vetted_by(&[FINANCE, POLICE])).await;
        let unknown = |place: usize| {
            (format!("/definition/categories/0/vetting_departments/value/{place}"), "unknown_reference".to_owned())
        };
        let refused = world.advanced(draft).await.blocked_by(&["unknown_reference"]);
        assert_eq!(refused.faults(), [unknown(0)]);
        world.unit_id(FINANCE).await;
        office.change(&format!("/units/{police}"), json!({"active": false})).await.expect(200);
        let seen = office.get(&format!("/campaigns/{draft}")).await.expect(200);
        assert_eq!(seen.blockers("advance_campaign").unwrap(), ["unknown_reference"]);
        assert_eq!(world.advanced(draft).await.blocked_by(&["unknown_reference"]).faults(), [unknown(1)]);
        office.change(&format!("/units/{police}"), json!({"active": true})).await.expect(200);
        world.advanced(draft).await.expect(200);
    }

    async fn d_702_a_department_learns_who_the_candidate_is_and_nothing_else(world: World) {
        let campaign = selecting(&world, "blocks").await;
        world.proposed(campaign).await;
        ask(&world, campaign).await.expect(201);
        let (police, finance) = (world.unit(POLICE).await, world.unit(FINANCE).await);
        let place = format!("/campaigns/{campaign}/vetting-requests");
        let seen = finance.get(&format!("{place}?include=total,allowed_actions")).await.expect(200);
        assert_eq!(seen.column("nominee_name"), ["钱二"], "of its own people it is told nothing");
        assert_eq!(seen.at("/total"), 1);
        let row = &seen.items()[0];
        assert_eq!(row["category_title"]["en"], "Excellent supervisor");
        let action = &row["allowed_actions"][0];
        assert_eq!((&action["operation_id"], &action["blocked_by"]), (&json!("record_vetting_opinion"), &json!([])));
        for hidden in ["score", "rank", "position", "7.50"] {
            assert!(!seen.text.contains(hidden), "a department is told of '{hidden}': {seen}");
        }
        let application = row["application_id"].as_str().unwrap();
        finance.get(&format!("/applications/{application}")).await.refused(404, "not_found");
        assert_eq!(police.get(&place).await.expect(200).items().len(), 2);
        let stranger = world.unit(AUDIT).await;
        assert_eq!(stranger.get(&place).await.expect(200).items().len(), 0);
        let request = asked_of(&finance, campaign, "钱二").await;
        for other in [stranger, police] {
            answer(&other, request, json!({"opinion": "no_objection"})).await.refused(404, "not_found");
        }
        world.supervisor("孙三").await.get(&place).await.refused(403, "role_not_permitted");
    }

    async fn d_702_a_department_answers_once_and_says_why_it_objects(world: World) {
        let campaign = selecting(&world, "blocks").await;
        world.proposed(campaign).await;
        ask(&world, campaign).await.expect(201);
        let police = world.unit(POLICE).await;
        let request = asked_of(&police, campaign, "赵一").await;
        let place = format!("/vetting-requests/{request}/opinion");
        for opinion in ["concern", "veto"] {
            let body = json!({"opinion": opinion});
            answer(&police, request, body).await.invalid(&[("/basis", "required"), ("/document", "required")]);
            let body = json!({"opinion": opinion, "basis": " ", "document": "函"});
            answer(&police, request, body).await.invalid(&[("/basis", "wrong_format")]);
        }
        for opinion in ["requested", "resolved"] {
            answer(&police, request, json!({"opinion": opinion})).await.invalid(&[("/opinion", "not_a_choice")]);
        }
        let body = json!({"opinion": "concern", "basis": "有信访件未办结。", "document": "兴公函〔2023〕3号"});
        police.post(&place).json(&body).await.refused(428, "precondition_required");
        police.post(&place).if_match("\"9\"").json(&body).await.refused(412, "precondition_failed");
        let answered = police.post(&place).if_match("\"1\"").json(&body).await.expect(200);
        assert_eq!(answered.state(), "concern");
        assert_eq!(answered.at("/opinion/basis"), "有信访件未办结。");
        assert_eq!(answered.at("/opinion/document"), "兴公函〔2023〕3号");
        assert_eq!(answered.at("/version"), 2);
        assert_eq!(answered.actions(), Vec::<String>::new(), "what follows is the office's");
        let body = json!({"opinion": "no_objection"});
        answer(&police, request, body).await.refused(409, "illegal_transition");

        let told = world.auditor().await.get(&format!("/audit-events?object_id={request}")).await.expect(200);
        assert_eq!(told.column("operation"), ["record_vetting_opinion", "request_vetting"]);
        assert_eq!(told.column("audience"), ["insiders"; 2]);
        assert_eq!(told.items()[0]["reason"], "有信访件未办结。");
    }

    async fn d_702_a_concern_is_resolved_by_somebody_without_a_stake(world: World) {
        let campaign = selecting(&world, "blocks").await;
        world.proposed(campaign).await;
        ask(&world, campaign).await.expect(201);
        let office = world.office().await;
        let police = world.unit(POLICE).await;
        let request = asked_of(&police, campaign, "赵一").await;
        resolve(&office, request).await.refused(409, "illegal_transition");
        opine(&world, campaign, (POLICE, "赵一"), "concern").await;
        let bureau = world.unit_id(FINANCE).await;
        let colleague = world.account("colleague", &[Role::Office], Some(bureau), None).await;
        let place = format!("/campaigns/{campaign}/vetting-requests?state=concern&include=allowed_actions");
        let seen = colleague.get(&place).await.expect(200);
        assert_eq!(seen.items()[0]["allowed_actions"][0]["blocked_by"][0]["code"], "own_unit_stake");
        resolve(&colleague, request).await.blocked_by(&["own_unit_stake"]);
        resolve(&police, request).await.refused(403, "role_not_permitted");
        let place = format!("/vetting-requests/{request}/resolve");
        let blank = office.post(&place).if_match("*").json(json!({"resolution": "\n"})).await;
        blank.invalid(&[("/resolution", "wrong_format")]);
        let resolved = resolve(&office, request).await.expect(200);
        assert_eq!(resolved.state(), "resolved");
        assert_eq!(resolved.at("/resolution/text"), "经核实,问题已整改到位。");
        resolve(&office, request).await.refused(409, "illegal_transition");
        let vetoed = opine(&world, campaign, (POLICE, "钱二"), "veto").await;
        resolve(&office, vetoed.id()).await.refused(409, "illegal_transition");
    }

    async fn d_702_no_notice_before_every_department_has_said_its_word(world: World) {
        let campaign = selecting(&world, "blocks").await;
        let list = world.endorsed(campaign).await;
        publish(&world, list).await.blocked_by(&["vetting_missing"; 3]);
        ask(&world, campaign).await.expect(201);
        publish(&world, list).await.blocked_by(&["vetting_open"; 3]);
        opine(&world, campaign, (POLICE, "赵一"), "no_objection").await;
        opine(&world, campaign, (FINANCE, "钱二"), "concern").await;
        let blocked = publish(&world, list).await;
        let blocked = blocked.blocked_by(&["vetting_open", "vetting_concern_open"]);
        assert!(blocked.text_at("/errors/1/detail").contains("财政局"), "{blocked}");
        let seen = world.office().await.get(&format!("/shortlists/{list}")).await.expect(200);
        assert_eq!(seen.blockers("publish_notice").unwrap(), ["vetting_open", "vetting_concern_open"]);
        // One day after the last for the answer: here silence does not consent.
        world.move_clock(NOTICE_OVER).await;
        opine(&world, campaign, (POLICE, "钱二"), "no_objection").await;
        publish(&world, list).await.blocked_by(&["vetting_concern_open"]);
        resolve(&world.office().await, asked_of(&world.unit(FINANCE).await, campaign, "钱二").await).await.expect(200);
        publish(&world, list).await.expect(200);
    }

    async fn d_702_a_departments_veto_holds_the_notice_back(world: World) {
        let campaign = selecting(&world, "consents").await;
        let list = world.endorsed(campaign).await;
        ask(&world, campaign).await.expect(201);
        opine(&world, campaign, (POLICE, "钱二"), "veto").await;
        opine(&world, campaign, (POLICE, "赵一"), "no_objection").await;
        opine(&world, campaign, (FINANCE, "钱二"), "no_objection").await;
        publish(&world, list).await.blocked_by(&["vetting_veto"]);
        world.move_clock(NOTICE_OVER).await;
        publish(&world, list).await.blocked_by(&["vetting_veto"]);
        // Who is not on the list any more holds nothing back.
        let ranked = world.ranked(campaign).await;
        let place = format!("/applications/{}/withdraw", ranked[1]);
        world.supervisor("钱二").await.act(&place, json!({})).await.expect(200);
        publish(&world, list).await.expect(200);
    }

    async fn d_702_silence_consents_once_the_day_is_over_where_the_definition_says_so(world: World) {
        let campaign = selecting(&world, "consents").await;
        let list = world.endorsed(campaign).await;
        ask(&world, campaign).await.expect(201);
        world.move_clock("2023-01-09T23:59:59+08:00").await;
        publish(&world, list).await.blocked_by(&["vetting_open"; 3]);
        world.move_clock("2023-01-10T00:00:00+08:00").await;
        publish(&world, list).await.expect(200);
        // A concern that comes late counts none the less, until the decision.
        opine(&world, campaign, (POLICE, "赵一"), "concern").await;
        world.move_clock("2023-01-18T00:00:00+08:00").await;
        let shown = world.office().await.get(&format!("/shortlists/{list}")).await.expect(200);
        let notice = shown.text_at("/notices/0/id").parse().unwrap();
        close(&world.office().await, notice).await.expect(200);
        let body = json!({"decision": decision_record()});
        approve(&world.approver().await, list, body).await.blocked_by(&["vetting_concern_open"]);
    }

    async fn d_403_a_department_is_not_told_how_the_list_was_decided(world: World) {
        let campaign = selecting(&world, "consents").await;
        let list = world.endorsed(campaign).await;
        ask(&world, campaign).await.expect(201);
        world.move_clock(NOTICE_OVER).await;
        let shown = publish(&world, list).await.expect(200);
        world.move_clock("2023-01-18T00:00:00+08:00").await;
        let office = world.office().await;
        close(&office, shown.text_at("/notices/0/id").parse().unwrap()).await.expect(200);
        approve(&world.approver().await, list, json!({"decision": decision_record()})).await.expect(200);
        let police = world.unit(POLICE).await;
        let request = asked_of(&police, campaign, "赵一").await;
        answer(&police, request, json!({"opinion": "no_objection"})).await.blocked_by(&["vetting_over"]);
        ask(&world, campaign).await.blocked_by(&["list_approved"]);
    }

    async fn d_702_what_was_answered_stands_for_the_next_list_as_well(world: World) {
        let campaign = selecting(&world, "blocks").await;
        let list = world.proposed(campaign).await;
        ask(&world, campaign).await.expect(201);
        let police = world.unit(POLICE).await;
        let open = asked_of(&police, campaign, "赵一").await;
        opine(&world, campaign, (POLICE, "钱二"), "no_objection").await;
        opine(&world, campaign, (FINANCE, "钱二"), "no_objection").await;
        let back = json!({"reason": "请重新提出。"});
        world.approver().await.act(&format!("/shortlists/{list}/return"), back).await.expect(200);
        answer(&police, open, json!({"opinion": "no_objection"})).await.blocked_by(&["vetting_over"]);
        let again = world.endorsed(campaign).await;
        publish(&world, again).await.blocked_by(&["vetting_open"]);
        ask(&world, campaign).await.blocked_by(&["nobody_to_ask"]);
        answer(&police, open, json!({"opinion": "no_objection"})).await.expect(200);
        publish(&world, again).await.expect(200);
    }
}

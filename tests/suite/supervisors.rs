//! Supervisors and their duty records (D-805, D-904, D-905).

use pingxuan_domain::Role;
use pingxuan_domain::identifiers::citizen_id_check_digit;
use pingxuan_tests::county::COUNTY;
use pingxuan_tests::story::SUPERVISOR;
use pingxuan_tests::{World, both};
use serde_json::{Value, json};
use uuid::Uuid;

fn record(number: usize) -> Value {
    COUNTY.supervisor("钟·甲", number, None)
}

fn duty(done_on: &str) -> Value {
    json!({"kind": "advice", "done_on": done_on, "title": "建议", "description": "建议优化流程。", "adopted": true})
}

both! {
    async fn d_904_citizen_id_and_telephone_are_masked_and_masks_are_refused(world: World) {
        let office = world.office().await;
        let mut sent = record(1);
        sent["phone"] = json!("13812345678");
        let made = office.post("/supervisors").json(&sent).await.expect(201);
        let place = format!("/supervisors/{}", made.id());
        assert_eq!(made.header("location"), Some(format!("/api/v1{place}").as_str()));
        let citizen_id = sent["citizen_id"].as_str().unwrap();
        let masked = format!("{}***********{}", &citizen_id[..3], &citizen_id[14..]);
        assert_eq!((made.text_at("/citizen_id"), made.text_at("/phone")), (masked.clone(), "138****5678".to_owned()));
        let read = office.get(&place).await.expect(200);
        assert_eq!(read.body, made.body);
        for reply in [&made, &read, &office.get("/supervisors").await.expect(200)] {
            assert!(!reply.text.contains(citizen_id) && !reply.text.contains("13812345678"), "{reply}");
        }
        let back = json!({"citizen_id": masked, "phone": "138****5678"});
        office.change(&place, back).await.invalid(&[("/citizen_id", "masked_value"), ("/phone", "masked_value")]);
        let changed = office.change(&place, json!({"post": "监督员", "phone": "0797-5322100"})).await.expect(200);
        assert_eq!(changed.at("/post"), "监督员");
        assert_eq!(changed.at("/phone"), "0797-*****00");
        assert_eq!(changed.at("/citizen_id"), made.at("/citizen_id"));
        let auditor = world.auditor().await;
        let events = auditor.get("/audit-events?limit=100").await.expect(200);
        assert!(!events.text.contains(citizen_id) && !events.text.contains("5322100"), "{events}");
    }

    async fn d_905_a_citizen_id_is_valid_and_one_supervisors_only(world: World) {
        let office = world.office().await;
        office.post("/supervisors").json(record(1)).await.expect(201);
        office.post("/supervisors").json(record(1)).await.blocked_by(&["citizen_id_taken"]);
        let other = office.post("/supervisors").json(record(2)).await.expect(201).id();
        let taken = json!({"citizen_id": record(1)["citizen_id"]});
        office.change(&format!("/supervisors/{other}"), taken).await.blocked_by(&["citizen_id_taken"]);
        let mut wrong = record(3);
        let digits = wrong["citizen_id"].as_str().unwrap()[..17].to_owned();
        let right = wrong["citizen_id"].as_str().unwrap().ends_with('0');
        wrong["citizen_id"] = json!(format!("{digits}{}", if right { "1" } else { "0" }));
        wrong["phone"] = json!("none");
        wrong["unit_id"] = json!(Uuid::nil());
        wrong["appointed_until"] = json!("2021-12-31");
        office.post("/supervisors").json(wrong).await.invalid(&[
            ("/citizen_id", "invalid_check_digit"),
            ("/phone", "wrong_format"),
            ("/unit_id", "unknown_reference"),
            ("/appointed_until", "invalid"),
        ]);
        // Well formed, and born tomorrow.
        let mut unborn = record(4);
        let first_17 = "36079920221108001";
        unborn["citizen_id"] = json!(format!("{first_17}{}", citizen_id_check_digit(first_17).unwrap()));
        office.post("/supervisors").json(unborn).await.invalid(&[("/citizen_id", "wrong_format")]);
        let mut more = record(4);
        more["id"] = json!(Uuid::nil());
        more["name"] = json!("甲\u{202E}");
        office.post("/supervisors").json(more).await.invalid(&[("/id", "unknown_member"), ("/name", "control_character")]);
    }

    async fn d_903_supervisors_see_themselves_and_the_keeper_of_accounts_names(world: World) {
        let (own, other) = (world.supervisor("钟甲").await, world.supervisor("钟乙").await);
        let place = format!("/supervisors/{}", own.supervisor_id());
        let listed = own.get("/supervisors").await.expect(200);
        assert_eq!(listed.column("id"), [own.supervisor_id().to_string()]);
        assert_eq!(own.get(&place).await.expect(200).at("/name"), "钟甲");
        other.get(&place).await.refused(404, "not_found");
        let keeper = world.security_admin().await;
        let named = keeper.get(&place).await.expect(200);
        assert_eq!(named.body, json!({"id": own.supervisor_id(), "name": "钟甲"}));
        assert_eq!(keeper.get("/supervisors?sort=name").await.expect(200).items().len(), 2);
        for reader in [world.approver().await, world.auditor().await] {
            assert!(reader.get(&place).await.expect(200).body.get("phone").is_some());
        }
        world.unit("江背镇").await.get("/supervisors").await.refused(403, "role_not_permitted");
        own.patch(&place).if_match("*").json(json!({"post": "组长"})).await.refused(403, "role_not_permitted");
    }

    async fn d_603_the_units_at_which_a_supervisor_has_worked_are_kept(world: World) {
        let office = world.office().await;
        let (home, other) = (world.unit_id("江背镇").await, world.unit_id("高兴镇").await);
        let mut sent = record(1);
        sent["former_units"] = json!([{"unit_id": home, "until": "2021-06-30"}]);
        let made = office.post("/supervisors").json(&sent).await.expect(201);
        assert_eq!(made.at("/former_units"), &sent["former_units"]);
        let place = format!("/supervisors/{}", made.id());
        let wrong = json!({"former_units": [{"unit_id": Uuid::nil(), "until": "2022-11-08"}, {"unit_id": home}]});
        office.change(&place, wrong).await.expect(422);
        let wrong = json!({"former_units": [{"unit_id": Uuid::nil(), "until": "2022-11-08"}]});
        office.change(&place, wrong).await.invalid(&[
            ("/former_units/0/unit_id", "unknown_reference"),
            ("/former_units/0/until", "not_in_the_past"),
        ]);
        let more = json!({"former_units": [{"unit_id": home, "until": "2021-06-30"}, {"unit_id": other, "until": "2018-01-31"}]});
        let changed = office.change(&place, more.clone()).await.expect(200);
        assert_eq!(changed.at("/former_units"), &more["former_units"]);
        let renamed = office.change(&place, json!({"post": "组长"})).await.expect(200);
        assert_eq!(renamed.at("/former_units"), &more["former_units"]);
        assert_eq!(office.change(&place, json!({"former_units": null})).await.expect(200).at("/former_units"), &json!([]));
    }

    async fn d_805_who_is_in_office_is_told_by_the_terms(world: World) {
        let office = world.office().await;
        let mut past = record(1);
        past["appointed_until"] = json!("2022-06-30");
        past["unit_id"] = json!(world.unit_id("江背镇").await);
        let past = office.post("/supervisors").json(past).await.expect(201);
        let now = office.post("/supervisors").json(record(2)).await.expect(201);
        assert_eq!((past.at("/in_office"), now.at("/in_office")), (&json!(false), &json!(true)));
        let list = async |query: &str| office.get(&format!("/supervisors?{query}")).await.expect(200).column("id");
        let (past, now) = (past.id().to_string(), now.id().to_string());
        assert_eq!(list("in_office_on=2022-06-30").await, [past.clone(), now.clone()]);
        assert_eq!(list("in_office_on=2022-07-01").await, [now]);
        assert_eq!(list("in_office_on=2021-12-31").await, [] as [&str; 0]);
        assert_eq!(list(&format!("unit_id={}", world.unit_id("江背镇").await)).await, [past]);
        office.get("/supervisors?in_office_on=2022-02-30").await.refused(400, "invalid_parameter");
    }

    async fn d_805_a_duty_record_is_written_in_the_term_and_reviewed_once(world: World) {
        let (own, other, office) =
            (world.supervisor("钟甲").await, world.supervisor("钟乙").await, world.office().await);
        let place = format!("/supervisors/{}/duty-records", own.supervisor_id());
        own.post(&place).json(duty("2021-12-31")).await.blocked_by(&["out_of_term"]);
        own.post(&place).json(duty("2022-11-08")).await.invalid(&[("/done_on", "not_in_the_past")]);
        other.post(&place).json(duty("2022-03-01")).await.refused(404, "not_found");
        office.post(&place).json(duty("2022-03-01")).await.refused(403, "role_not_permitted");
        let made = own.post(&place).json(duty("2022-11-07")).await.expect(201);
        assert_eq!(made.state(), "submitted");
        let second = own.post(&place).json(duty("2022-03-01")).await.expect(201);

        let list = format!("{place}?include=total,allowed_actions&year=2022&kind=advice&state=submitted");
        let listed = office.get(&list).await.expect(200);
        assert_eq!(listed.at("/total"), 2);
        assert_eq!(listed.at("/items/0/allowed_actions/0/operation_id"), "review_duty_record");
        assert_eq!(own.get(&list).await.expect(200).at("/items/0/allowed_actions"), &json!([]));
        other.get(&list).await.refused(404, "not_found");
        assert_eq!(office.get(&format!("{place}?year=2021")).await.expect(200).items().len(), 0);

        let review = |id: Uuid| office.post(&format!("/duty-records/{id}/review"));
        review(made.id()).json(json!({"outcome": "approved"})).await.refused(428, "precondition_required");
        let declined = review(made.id()).if_match(&made.etag()).json(json!({"outcome": "declined"})).await;
        declined.invalid(&[("/reason", "required")]);
        let version = format!("\"{}\"", listed.at("/items/0/version"));
        let done = json!({"outcome": "declined", "reason": "与职责无关。"});
        let done = review(made.id()).if_match(&version).json(done).await.expect(200);
        assert_eq!((done.state().as_str(), done.at("/review_reason")), ("declined", &json!("与职责无关。")));
        review(made.id()).if_match("*").json(json!({"outcome": "approved"})).await.refused(409, "illegal_transition");
        let both = world.account("both", &[Role::Office, Role::Supervisor], None, None).await;
        both.post(&format!("/duty-records/{}/review", second.id())).if_match("*").json(json!({"outcome": "approved"})).await.expect(200);
    }

    async fn d_902_nobody_reviews_their_own_duty_record(world: World) {
        let id = world.office().await.post("/supervisors").json(record(1)).await.expect(201).id();
        let own = world.account("both", &[Role::Office, Role::Supervisor], None, Some(id)).await;
        let made = own.post(&format!("/supervisors/{id}/duty-records")).json(duty("2022-03-01")).await.expect(201);
        assert_eq!(made.blockers("review_duty_record"), Some(vec!["supervisors_evaluated".to_owned()]));
        let review = own.post(&format!("/duty-records/{}/review", made.id())).if_match("*");
        review.json(json!({"outcome": "approved"})).await.blocked_by(&["supervisors_evaluated"]);
        let rival = world.supervisor("钟乙").await;
        let theirs = rival.post(&format!("/supervisors/{}/duty-records", rival.supervisor_id()));
        let theirs = theirs.json(duty("2022-03-01")).await.expect(201).id();
        let review = own.post(&format!("/duty-records/{theirs}/review")).if_match("*");
        review.json(json!({"outcome": "declined", "reason": "不实。"})).await.blocked_by(&["supervisors_evaluated"]);
    }

    async fn d_609_duty_records_are_closed_while_a_list_stands_that_was_ranked_by_them(world: World) {
        let campaign = world.selecting(&[("钟甲", 3), ("钟乙", 2), ("钟丙", 1)]).await;
        let own = world.supervisor("钟甲").await;
        let place = format!("/supervisors/{}/duty-records", own.supervisor_id());
        let late = own.post(&place).json(duty("2022-05-01")).await.expect(201);
        let next_year = own.post(&place).json(duty("2023-01-01")).await.expect(201);
        let list = world.proposed(campaign).await;
        let office = world.office().await;
        let review = async |id: Uuid| {
            let review = office.post(&format!("/duty-records/{id}/review")).if_match("*");
            review.json(json!({"outcome": "approved"})).await
        };
        review(late.id()).await.blocked_by(&["ranking_in_use"]);
        let listed = office.get(&format!("{place}?include=allowed_actions&state=submitted")).await.expect(200);
        assert_eq!(listed.at("/items/0/allowed_actions/0/blocked_by/0/code"), "ranking_in_use");
        assert_eq!(listed.at("/items/1/allowed_actions/0/blocked_by"), &json!([]));
        review(next_year.id()).await.expect(200);
        let back = json!({"reason": "请核对。"});
        world.approver().await.act(&format!("/shortlists/{list}/return"), back).await.expect(200);
        review(late.id()).await.expect(200);
        assert_eq!(world.ranked(campaign).await.len(), 3, "{SUPERVISOR}");
    }
}

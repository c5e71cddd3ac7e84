//! What is corrected late, equal or silent: corrections that reach what stands already, reasons where nothing else sets people apart,
//! and the refusals that few ever meet.

use pingxuan_domain::Role;
use pingxuan_tests::campaign::extension;
use pingxuan_tests::county::COUNTY;
use pingxuan_tests::selection::{SELECTS, approve, disqualify, only, ranking_of, seen, substitute, withdraw};
use pingxuan_tests::story::{
    INDIVIDUAL, SUPERVISOR, TOWNSHIP, decision_record, definition, filled_form, receive_paper, submit,
};
use pingxuan_tests::verification::{record_visit, submit_sheet, visit};
use pingxuan_tests::vetting::veto;
use pingxuan_tests::{Person, World, both};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::substitution::{proposed_of, two_places};

/// Another account of the office, whose person works at a unit.
async fn colleague(world: &World, unit: &str) -> Person {
    let home = world.unit_id(unit).await;
    world.account("colleague", &[Role::Office], Some(home), None).await
}

both! {
    async fn d_205_a_correction_of_a_supervisor_reaches_their_open_evaluation(world: World) {
        let campaign = world.selecting(&[("钟甲", 3), ("钟乙", 2), ("钟丙", 1)]).await;
        let office = world.office().await;
        let best = world.ranked(campaign).await[0];
        let place = format!("/supervisors/{}", world.supervisor("钟甲").await.supervisor_id());
        let before = seen(&office, best).await;
        office.change(&place, json!({"phone": "13812345678"})).await.expect(200);
        assert_eq!(seen(&office, best).await.etag(), before.etag(), "nothing of the evaluation changed");
        office.change(&place, json!({"is_leading_cadre": true, "post": "副局长"})).await.expect(200);
        let after = seen(&office, best).await;
        assert_ne!(after.etag(), before.etag());
        let told = world.auditor().await.get(&format!("/audit-events?object_id={best}&operation=update_supervisor")).await;
        let told = told.expect(200);
        let changed: Vec<_> = told.list_at("/items/0/changed").iter().map(|one| one["pointer"].as_str().unwrap()).collect();
        assert_eq!(changed, ["/nominee_post", "/is_leading_cadre"]);
        // With a quota of two no leading cadre may stand on the list.
        let list = world.listed(campaign, json!({"category_code": SUPERVISOR})).await.expect(201).id();
        let propose = async || office.act(&format!("/shortlists/{list}/propose"), Value::Null).await;
        propose().await.blocked_by(&["leading_cadre_share"]);
        office.change(&place, json!({"is_leading_cadre": false})).await.expect(200);
        propose().await.expect(200);
        office.change(&place, json!({"is_leading_cadre": true})).await.blocked_by(&["ranking_in_use"]);
        office.change(&place, json!({"phone": "13812345679"})).await.expect(200);
        let back = json!({"reason": "请核对。"});
        world.approver().await.act(&format!("/shortlists/{list}/return"), back).await.expect(200);
        office.change(&place, json!({"is_leading_cadre": true})).await.expect(200);
    }

    async fn d_703_a_corrected_citizen_id_is_the_one_that_vetoes_go_by(world: World) {
        let campaign = world.selecting(&[("钟甲", 2), ("钟乙", 1)]).await;
        let office = world.office().await;
        let list = world.listed(campaign, json!({"category_code": SUPERVISOR})).await.expect(201).id();
        let right = COUNTY.citizen_id(700_000);
        let place = format!("/supervisors/{}", world.supervisor("钟甲").await.supervisor_id());
        office.change(&place, json!({"citizen_id": right})).await.expect(200);
        let bar = veto(json!({"person": {"name": "钟甲", "citizen_id": right}, "department_id": world.unit_id("县公安局").await}));
        office.post("/vetoes").json(bar).await.expect(201);
        office.act(&format!("/shortlists/{list}/propose"), Value::Null).await.blocked_by(&["entry_vetoed"]);
    }

    async fn d_902_who_has_a_stake_in_the_category_fills_no_vacant_place_of_it(world: World) {
        let (townships, _) = proposed_of(&world, two_places("substitution")).await;
        let ids = &townships.applications;
        let office = world.office().await;
        disqualify(&office, ids[1], ("site_finding", townships.assignments[1])).await.expect(200);
        // Their own unit stands on the list: whom it shares the list with is nothing for them to say.
        let rival = colleague(&world, "江背镇").await;
        assert_eq!(seen(&rival, ids[2]).await.blockers("substitute_application"), Some(vec!["own_unit_stake".into()]));
        substitute(&rival, ids[2], None).await.blocked_by(&["own_unit_stake"]);
        assert_eq!(seen(&office, ids[2]).await.blockers("substitute_application"), Some(vec![]));
        substitute(&office, ids[2], None).await.expect(200);
    }

    async fn d_609_who_is_equal_takes_a_vacant_place_with_a_reason_alone(world: World) {
        let equal = [("江背镇", "95"), ("高兴镇", "90"), ("良村镇", "80"), ("龙口镇", "80"), ("梅窖镇", "70")];
        let (townships, list) = crate::substitution::proposed_with(&world, two_places("substitution"), &equal).await;
        let ids = &townships.applications;
        let office = world.office().await;
        disqualify(&office, ids[1], ("site_finding", townships.assignments[1])).await.expect(200);
        for waiting in [ids[2], ids[3]] {
            let without = substitute(&office, waiting, None).await;
            without.invalid(&[("/departure_reason", "departure_reason_missing")]);
        }
        substitute(&office, ids[3], Some("抽签决定。")).await.expect(200);
        let told = office.get(&format!("/shortlists/{list}")).await.expect(200);
        assert_eq!(told.list_at("/departures").len(), 2, "who is put in, and who is passed over");
    }

    async fn d_801_a_supervisor_who_was_not_chosen_reads_what_the_office_found(world: World) {
        let campaign = world.selecting(&[("钟甲", 3), ("钟乙", 2), ("钟丙", 1)]).await;
        let last = world.ranked(campaign).await[2];
        world.approved(campaign).await;
        let own = world.supervisor("钟丙").await;
        assert_eq!(seen(&own, last).await.at("/feedback"), &Value::Null, "nothing before the announcement");
        world.advanced(campaign).await.expect(200);
        let told = seen(&own, last).await;
        assert_eq!(told.at("/feedback/0/reasons/0"), "开展监督：审核通过 1 条，其中建议被采纳 0 条。");
        assert_eq!(told.list_at("/feedback").len(), 4);
        let english = own.get(&format!("/applications/{last}")).header("accept-language", "en").await.expect(200);
        assert!(english.text_at("/feedback/0/reasons/0").ends_with("records approved 1, of them with advice that was adopted 0."), "{english}");
    }

    async fn d_610_the_ranking_behind_a_decision_without_an_award_stays_open_to_reading(world: World) {
        let campaign = world.selecting(&[("钟甲", 2), ("钟乙", 2)]).await;
        let ranking = ranking_of(campaign, SUPERVISOR);
        let office = world.office().await;
        let ids = world.ranked(campaign).await;
        let mut decision = decision_record();
        decision["decided_on"] = json!("2023-01-01");
        let none = json!({"decision": decision});
        let category = format!("/campaigns/{campaign}/categories/{SUPERVISOR}");
        world.approver().await.act_on(&category, &format!("{category}/no-award"), none).await.expect(200);
        assert_eq!(world.ranked(campaign).await, ids);
        office.get(&format!("{ranking}/{}", ids[0])).await.expect(200);
        let points = json!({"application_id": ids[0], "points": "1.00", "reason": "获省级通报表扬。"});
        let read = office.get(&ranking).await.expect(200);
        assert_eq!(read.blockers("adjust_points"), Some(vec!["category_decided".into()]));
        office.act_on(&ranking, &format!("{ranking}/adjustments"), points).await.blocked_by(&["category_decided"]);
        let tie = json!({"application_ids": ids, "reason": "抽签。"});
        office.act_on(&ranking, &format!("{ranking}/resolve-tie"), tie).await.blocked_by(&["category_decided"]);
    }

    async fn d_601_whose_sheet_is_in_stays_on_the_trip_also_where_they_were_assigned_after_it(world: World) {
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        let application = applications[0];
        let (first, second) = (world.supervisor("钟甲").await, world.supervisor("钟乙").await);
        world.cleared(campaign, application, &first).await;
        let trip = Uuid::new_v4();
        record_visit(&first, trip, visit(application, &[&first, &second])).await.expect(201);
        let assignment = world.cleared(campaign, application, &second).await;
        let sheet = format!("/assignments/{assignment}/score-sheet");
        let body = pingxuan_tests::verification::sheet(5, "80");
        second.put(&sheet).header("if-none-match", "*").json(body).await.expect(201);
        let place = format!("/site-visits/{trip}");
        let submitted = submit_sheet(&second, assignment).await;
        if submitted.status == 409 {
            // They have to be on a recorded trip as its assigned supervisor; recording it again says so.
            let again = world.office().await.put(&place).if_match("*").json(visit(application, &[&first, &second])).await;
            again.expect(200);
            submit_sheet(&second, assignment).await.expect(200);
        }
        let without = first.put(&place).if_match("*").json(visit(application, &[&first])).await;
        without.blocked_by(&["visit_record_in_use"]);
    }

    async fn d_304_what_a_state_does_not_know_is_answered_as_everything_else_in_a_cancelled_campaign(world: World) {
        let campaign = world.accepting_campaign().await;
        let draft = world.drafted(campaign, "江背镇", TOWNSHIP).await;
        let unit = world.unit("江背镇").await;
        withdraw(&unit, draft).await.refused(409, "illegal_transition");
        world.cancelled(campaign).await.expect(200);
        withdraw(&unit, draft).await.blocked_by(&["campaign_cancelled"]);
        world.grants(campaign, extension(None, "2023-05-05")).await.refused(409, "guard_failed");
    }

    async fn d_207_a_definition_that_is_refused_is_told_all_its_faults(world: World) {
        let office = world.office().await;
        let mut wrong = definition();
        wrong["acceptance"]["value"] = json!({"opens_on": "2022-12-31", "closes_on": "2022-11-07"});
        wrong["categories"][0]["form"]["value"]["schema"]["properties"]["name"]["pattern"] = json!("(");
        wrong["categories"][0]["criteria"][0]["weight"]["value"] = json!(30);
        wrong["categories"][1]["approval_basis"]["value"]["approving_body"] = json!(" ");
        let refused = office.post("/campaigns").json(json!({"definition": wrong})).await;
        refused.invalid(&[
            ("/definition/acceptance/value/closes_on", "window_out_of_order"),
            ("/definition/categories/0/criteria", "weights_not_hundred"),
            ("/definition/categories/0/form/value/schema", "form_not_a_schema"),
            ("/definition/categories/1/approval_basis/value/approving_body", "approval_basis_missing"),
        ]);
    }

    async fn d_201_what_a_definition_leaves_out_is_what_the_rules_give(world: World) {
        let office = world.office().await;
        let mut silent = only(TOWNSHIP);
        for member in ["visits", "scoring_policy", "blend", "tie_break", "per_unit_limit"] {
            silent["categories"][0].as_object_mut().unwrap().remove(member).unwrap();
        }
        let made = office.post("/campaigns").json(json!({"definition": silent})).await.expect(201);
        assert_eq!(made.at("/definition/categories/0/visits"), &json!({"value": 2, "source": "office"}));
        assert_eq!(made.at("/definition/categories/0/blend/value/assessment"), 20);
        let mut persons = only(INDIVIDUAL);
        persons["categories"][0].as_object_mut().unwrap().remove("per_unit_limit").unwrap();
        let refused = office.post("/campaigns").json(json!({"definition": persons})).await;
        refused.invalid(&[("/definition/categories/0/per_unit_limit", "required")]);
    }

    async fn d_204_a_supervisor_who_stands_elsewhere_is_left_out_of_the_evaluations_by_name(world: World) {
        let (nominated, other) = (world.supervisor("钟甲").await, world.supervisor("钟乙").await);
        let office = world.office().await;
        let place = format!("/supervisors/{}", nominated.supervisor_id());
        let citizen_id = COUNTY.citizen_id(600_000);
        office.change(&place, json!({"citizen_id": citizen_id})).await.expect(200);
        let campaign = world.accepting_campaign().await;
        let unit = world.unit("江背镇").await;
        let mut form = filled_form(INDIVIDUAL, "江背镇", 1);
        form["citizen_id"] = json!(citizen_id);
        form["birth_month"] = json!(format!("{}-06", &citizen_id[6..10]));
        let body = json!({"campaign_id": campaign, "category_code": INDIVIDUAL, "form": form});
        let application = unit.post("/applications").json(body).await.expect(201).id();
        submit(&unit, application).await.expect(200);
        receive_paper(&office, application).await.expect(200);
        office.act(&format!("/applications/{application}/accept"), json!({})).await.expect(200);
        world.move_clock(SELECTS).await;
        world.advanced(campaign).await.expect(200);
        let list = format!("/applications?campaign_id={campaign}&category_code={SUPERVISOR}");
        let opened = office.get(&list).await.expect(200);
        assert_eq!(opened.items().len(), 1);
        assert_eq!(opened.at("/items/0/supervisor_id"), &json!(other.supervisor_id()));
        let told = world.auditor().await.get(&format!("/audit-events?object_id={campaign}&operation=open_evaluations")).await;
        let told = told.expect(200);
        assert_eq!(told.at("/items/0/changed/0/pointer"), "/left_out");
        assert_eq!(told.at("/items/0/changed/0/to/0/supervisor_id"), &json!(nominated.supervisor_id()));
    }

    async fn d_701_a_list_with_an_entry_that_no_longer_stands_is_not_proposed(world: World) {
        let campaign = world.selecting(&[("钟甲", 3), ("钟乙", 2), ("钟丙", 1)]).await;
        let ids = world.ranked(campaign).await;
        let list = world.listed(campaign, json!({"category_code": SUPERVISOR})).await.expect(201).id();
        withdraw(&world.supervisor("钟甲").await, ids[0]).await.expect(200);
        let office = world.office().await;
        let refused = office.act(&format!("/shortlists/{list}/propose"), Value::Null).await.refused(409, "guard_failed");
        assert!(refused.error_codes().contains(&"entry_not_standing".to_owned()), "{refused}");
        assert!(refused.error_codes().contains(&"ranking_changed".to_owned()), "{refused}");
    }

    async fn d_804_the_campaign_is_not_left_before_all_is_decided_nor_archived_without_its_package(world: World) {
        let campaign = world.selecting(&[("钟甲", 3), ("钟乙", 2), ("钟丙", 1)]).await;
        world.advanced(campaign).await.blocked_by(&["categories_undecided"]);
        world.approved(campaign).await;
        world.advanced(campaign).await.expect(200);
        world.advanced(campaign).await.blocked_by(&["archive_package_missing"]);
    }

    async fn d_201_a_unit_that_is_no_longer_active_declares_nothing(world: World) {
        let campaign = world.accepting_campaign().await;
        let unit = world.unit("江背镇").await;
        let draft = world.drafted(campaign, "江背镇", TOWNSHIP).await;
        world.office().await.change(&format!("/units/{}", unit.unit_id()), json!({"active": false})).await.expect(200);
        assert_eq!(seen(&unit, draft).await.blockers("submit_application"), Some(vec!["unit_inactive".into()]));
        submit(&unit, draft).await.blocked_by(&["unit_inactive"]);
    }

    async fn d_707_a_list_that_was_never_shown_is_not_approved(world: World) {
        let campaign = world.selecting(&[("钟甲", 2), ("钟乙", 1)]).await;
        let list = world.endorsed(campaign).await;
        let decision = json!({"decision": decision_record()});
        approve(&world.approver().await, list, decision).await.refused(409, "illegal_transition");
    }
}

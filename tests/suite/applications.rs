//! Declarations: who may stand where, until when, with what form and what paper (docs/rules.md, sections 4 and 5).

use futures_util::future::join_all;
use pingxuan_tests::selection::{SELECTS, withdraw};
use pingxuan_tests::story::{
    COLLECTIVE, INDIVIDUAL, SUPERVISOR, TOWNSHIP, filled_form, receive_paper, submit,
};
use pingxuan_tests::{Reply, World, both};
use serde_json::{Value, json};
use uuid::Uuid;

/// The first instant after the window of 2022.
const CLOSED: &str = "2023-01-01T00:00:00+08:00";

async fn begin(world: &World, unit: &str, campaign: Uuid, category: &str, form: Value) -> Reply {
    let body = json!({"campaign_id": campaign, "category_code": category, "form": form});
    world.unit(unit).await.post("/applications").json(body).await
}

fn place(application: Uuid) -> String {
    format!("/applications/{application}")
}

both! {
    async fn a_declaration_goes_from_draft_to_accepted_and_allowed_actions_follow(world: World) {
        let campaign = world.accepting_campaign().await;
        let (unit, office) = (world.unit("江背镇").await, world.office().await);
        let begun = begin(&world, "江背镇", campaign, TOWNSHIP, json!({})).await.expect(201);
        assert_eq!(begun.state(), "draft");
        assert_eq!(begun.actions(), ["update_application", "upload_attachment", "delete_application", "submit_application"]);
        let lacking = begun.blockers("submit_application").unwrap();
        assert!(lacking.contains(&"required".to_owned()), "{lacking:?}");

        let form = filled_form(TOWNSHIP, "江背镇", 1);
        let filled = unit.change(&place(begun.id()), json!({"form": form})).await.expect(200);
        assert_eq!(filled.blockers("submit_application").unwrap(), Vec::<String>::new());
        let submitted = submit(&unit, begun.id()).await.expect(200);
        assert_eq!((submitted.state(), submitted.actions()), ("submitted".into(), vec!["withdraw_application".into()]));

        let seen = office.get(&place(begun.id())).await.expect(200);
        assert_eq!(seen.blockers("accept_application").unwrap(), ["paper_copies_missing"]);
        office.act(&format!("{}/accept", place(begun.id())), json!({})).await.blocked_by(&["paper_copies_missing"]);
        receive_paper(&office, begun.id()).await.expect(200);
        let accepted = office.act(&format!("{}/accept", place(begun.id())), json!({})).await.expect(200);
        assert_eq!(accepted.state(), "accepted");
        let told = unit.get(&format!("{}/history", place(begun.id()))).await.expect(200);
        let operations = [
            "create_application", "update_application", "submit_application", "record_paper_receipt", "accept_application",
        ];
        assert_eq!(told.column("operation_id"), operations);
    }

    async fn d_501_check_application_answers_what_blocks_its_submission(world: World) {
        let campaign = world.accepting_campaign().await;
        let unit = world.unit("江背镇").await;
        let mut form = filled_form(TOWNSHIP, "江背镇", 1);
        form["deeds"]["criterion_2"] = json!("多".repeat(1990));
        form.as_object_mut().unwrap().remove("phone");
        let begun = begin(&world, "江背镇", campaign, TOWNSHIP, form).await;
        begun.invalid(&[("/form/deeds", "too_long")]);
        let mut form = filled_form(TOWNSHIP, "江背镇", 1);
        form.as_object_mut().unwrap().remove("phone");
        form["name"] = json!("别的镇");
        let begun = begin(&world, "江背镇", campaign, TOWNSHIP, form).await.expect(201);
        let check = unit.get(&format!("{}/check", place(begun.id()))).await.expect(200);
        assert_eq!(check.at("/ready"), false);
        let codes: Vec<_> = check.list_at("/blocked_by").iter().map(|fault| fault["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["required", "own_unit_only"]);
        assert_eq!(begun.blockers("submit_application").unwrap(), codes);
        submit(&unit, begun.id()).await.blocked_by(&["required", "own_unit_only"]);
        assert_eq!(unit.get(&place(begun.id())).await.expect(200).state(), "draft", "nothing is half done");
    }

    async fn d_204_a_unit_and_a_person_stand_once_in_a_campaign(world: World) {
        let campaign = world.accepting_campaign().await;
        world.submitted(campaign, "县财政局", COLLECTIVE).await;
        let second = world.drafted(campaign, "县财政局", COLLECTIVE).await;
        submit(&world.unit("县财政局").await, second).await.blocked_by(&["per_unit_limit_reached"]);

        let first = world.submitted_for(campaign, "县公安局", INDIVIDUAL, 1).await;
        let same = filled_form(INDIVIDUAL, "县公安局", 1);
        let elsewhere = begin(&world, "县民政局", campaign, INDIVIDUAL, same).await.expect(201).id();
        let other = world.unit("县民政局").await;
        submit(&other, elsewhere).await.blocked_by(&["stands_in_another_category"]);
        world.unit("县公安局").await.act(&format!("{}/withdraw", place(first)), json!({})).await.expect(200);
        submit(&other, elsewhere).await.expect(200);
    }

    async fn d_201_who_is_out_of_scope_cannot_declare(world: World) {
        let campaign = world.accepting_campaign().await;
        let form = json!({});
        begin(&world, "县财政局", campaign, TOWNSHIP, form.clone()).await.blocked_by(&["nominee_out_of_scope"]);
        begin(&world, "县财政局", campaign, "no_such_category", form).await
            .invalid(&[("/category_code", "unknown_category")]);
        begin(&world, "县财政局", campaign, SUPERVISOR, json!({})).await
            .blocked_by(&["route_not_declared", "nominee_out_of_scope"]);
        begin(&world, "县财政局", Uuid::from_u128(7), COLLECTIVE, json!({})).await
            .invalid(&[("/campaign_id", "unknown_reference")]);
    }

    async fn d_206_of_64_submissions_of_one_unit_over_its_limit_of_1_one_stands(world: World) {
        let campaign = world.accepting_campaign().await;
        let unit = world.unit("江背镇").await;
        let form = filled_form(TOWNSHIP, "江背镇", 1);
        let mut drafts = Vec::new();
        for _ in 0..64 {
            let draft = begin(&world, "江背镇", campaign, TOWNSHIP, form.clone()).await.expect(201);
            drafts.push((format!("{}/submit", place(draft.id())), draft.etag()));
        }
        let answers = join_all(drafts.iter().map(|(path, etag)| unit.post(path).if_match(etag).send())).await;
        let stood = answers.iter().filter(|answer| answer.status == 200).count();
        let refused = answers.iter().filter(|answer| answer.status == 409).count();
        assert_eq!((stood, refused), (1, 63));
        let submitted = unit.get("/applications?state=submitted&include=total").await.expect(200);
        assert_eq!(submitted.at("/total"), 1);
    }

    async fn d_204_of_two_units_that_nominate_one_person_at_once_one_stands(world: World) {
        let campaign = world.accepting_campaign().await;
        let form = filled_form(INDIVIDUAL, "县公安局", 1);
        let mut drafts = Vec::new();
        for unit in ["县公安局", "县民政局", "县司法局", "县财政局"] {
            let draft = begin(&world, unit, campaign, INDIVIDUAL, form.clone()).await.expect(201);
            drafts.push((world.unit(unit).await, format!("{}/submit", place(draft.id())), draft.etag()));
        }
        let answers = join_all(drafts.iter().map(|(who, path, etag)| who.post(path).if_match(etag).send())).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        for refused in answers.iter().filter(|answer| answer.status != 200) {
            assert_eq!(refused.error_codes(), ["stands_in_another_category"]);
        }
    }

    async fn d_301_the_window_closes_at_24_00_of_its_last_day(world: World) {
        let campaign = world.accepting_campaign().await;
        let draft = world.drafted(campaign, "江背镇", TOWNSHIP).await;
        let late = world.drafted(campaign, "高兴镇", TOWNSHIP).await;
        world.move_clock("2022-12-31T23:59:59.999+08:00").await;
        submit(&world.unit("江背镇").await, draft).await.expect(200);
        world.move_clock(CLOSED).await;
        submit(&world.unit("高兴镇").await, late).await.blocked_by(&["deadline_passed"]);
        let seen = world.unit("高兴镇").await.get(&place(late)).await.expect(200);
        assert_eq!(seen.blockers("submit_application").unwrap(), ["deadline_passed"]);
        assert_eq!(seen.text_at("/deadline"), "2022-12-31T16:00:00.000Z");
    }

    async fn d_301_acceptance_opens_by_itself_and_drafts_may_be_begun_before(world: World) {
        let campaign = world.published_campaign().await;
        let draft = world.drafted(campaign, "江背镇", TOWNSHIP).await;
        submit(&world.unit("江背镇").await, draft).await.blocked_by(&["campaign_not_accepting"]);
        world.move_clock("2022-11-14T00:00:00+08:00").await;
        let campaign = world.unit("江背镇").await.get(&format!("/campaigns/{campaign}")).await.expect(200);
        assert_eq!(campaign.state(), "accepting");
        submit(&world.unit("江背镇").await, draft).await.expect(200);
    }

    async fn a_returned_application_is_corrected_until_its_date_even_after_the_window(world: World) {
        let campaign = world.accepting_campaign().await;
        world.move_clock("2022-12-30T09:00:00+08:00").await;
        let one = world.returned(campaign, "江背镇", TOWNSHIP, "2023-01-05").await;
        let other = world.returned(campaign, "高兴镇", TOWNSHIP, "2023-01-05").await;
        world.move_clock("2023-01-05T23:59:00+08:00").await;
        world.unit("江背镇").await.change(&place(one), json!({"form": {"head": "张镇长"}})).await.expect(200);
        submit(&world.unit("江背镇").await, one).await.expect(200);
        world.advanced(campaign).await.blocked_by(&["applications_undecided", "corrections_open"]);
        world.move_clock("2023-01-06T00:00:00+08:00").await;
        submit(&world.unit("高兴镇").await, other).await.blocked_by(&["correction_date_passed"]);
        let office = world.office().await;
        receive_paper(&office, one).await.expect(200);
        office.act(&format!("{}/accept", place(one)), json!({})).await.expect(200);
        world.advanced(campaign).await.expect(200);
        let lapsed = world.unit("高兴镇").await.get(&place(other)).await.expect(200);
        assert_eq!(lapsed.state(), "withdrawn");
        let told = world.unit("高兴镇").await.get(&format!("{}/history", place(other))).await.expect(200);
        assert_eq!(told.column("operation_id").last().unwrap(), "lapse_application");
    }

    async fn d_503_paper_counts_only_for_the_content_that_it_carries(world: World) {
        let campaign = world.accepting_campaign().await;
        let application = world.submitted(campaign, "江背镇", TOWNSHIP).await;
        let office = world.office().await;
        receive_paper(&office, application).await.expect(200);
        let body = json!({"reason": "请补充。", "correct_by": "2022-12-01"});
        office.act(&format!("{}/return", place(application)), body).await.expect(200);
        let unit = world.unit("江背镇").await;
        let before = unit.get(&place(application)).await.expect(200).text_at("/content_digest");
        let changed = unit.change(&place(application), json!({"form": {"phone": "0797-5300001"}})).await.expect(200);
        assert_ne!(changed.text_at("/content_digest"), before, "a personal value changes the digest too");
        assert_eq!(changed.at("/paper_receipt/current"), false);
        submit(&unit, application).await.expect(200);
        office.act(&format!("{}/accept", place(application)), json!({})).await.blocked_by(&["paper_stale"]);
        receive_paper(&office, application).await.expect(200);
        office.act(&format!("{}/accept", place(application)), json!({})).await.expect(200);
    }

    async fn d_503_paper_copies_are_waived_with_a_reason_for_the_content_as_it_is(world: World) {
        let campaign = world.accepting_campaign().await;
        let application = world.submitted(campaign, "江背镇", TOWNSHIP).await;
        let office = world.office().await;
        let accept = async || office.act(&format!("{}/accept", place(application)), json!({})).await;
        let receive = async |members: Value| {
            let seen = office.get(&place(application)).await.expect(200);
            let mut body = json!({"copies": 0, "digest": seen.text_at("/content_digest"), "received_on": "2022-11-07"});
            body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
            office.put(&format!("{}/paper-receipt", place(application))).if_match(&seen.etag()).json(body).await
        };
        receive(json!({})).await.expect(200);
        accept().await.blocked_by(&["paper_copies_missing"]);
        receive(json!({"waived_reason": " "})).await.invalid(&[("/waived_reason", "wrong_format")]);
        receive(json!({"waived_reason": "洪灾道路中断。", "digest": "0".repeat(64)})).await.expect(200);
        accept().await.blocked_by(&["paper_stale"]);
        let waived = receive(json!({"waived_reason": "洪灾道路中断。"})).await.expect(200);
        assert_eq!(waived.at("/paper_receipt/waived_reason"), "洪灾道路中断。");
        let seen = world.unit("江背镇").await.get(&place(application)).await.expect(200);
        assert_eq!(seen.at("/paper_receipt/waived_reason"), "洪灾道路中断。", "openly");
        accept().await.expect(200);
        let audit = world.auditor().await.get(&format!("/audit-events?object_id={application}")).await.expect(200);
        assert!(audit.text.contains("洪灾道路中断"), "{audit}");
    }

    async fn d_204_a_correction_names_somebody_who_stands_nowhere_else(world: World) {
        let campaign = world.accepting_campaign().await;
        let application = world.submitted(campaign, "县财政局", INDIVIDUAL).await;
        let other = world.submitted(campaign, "县公安局", INDIVIDUAL).await;
        let body = json!({"reason": "请核对。", "correct_by": "2022-12-01"});
        world.office().await.act(&format!("{}/return", place(application)), body).await.expect(200);
        let unit = world.unit("县财政局").await;
        for nobody in [json!(null), json!("")] {
            let refused = unit.change(&place(application), json!({"form": {"citizen_id": nobody}})).await;
            assert!(refused.error_codes().contains(&"required".to_owned()), "{refused}");
            refused.expect(422);
        }
        let taken = filled_form(INDIVIDUAL, "县公安局", 1)["citizen_id"].clone();
        let refused = unit.change(&place(application), json!({"form": {"citizen_id": taken}})).await;
        refused.blocked_by(&["stands_in_another_category"]);
        withdraw(&world.unit("县公安局").await, other).await.expect(200);
        let freed = filled_form(INDIVIDUAL, "县公安局", 1)["citizen_id"].clone();
        unit.change(&place(application), json!({"form": {"citizen_id": freed}})).await.expect(200);
    }

    async fn d_903_a_draft_that_lapsed_is_still_its_units_alone(world: World) {
        let campaign = world.accepting_campaign().await;
        let draft = world.drafted(campaign, "江背镇", TOWNSHIP).await;
        world.move_clock(SELECTS).await;
        world.advanced(campaign).await.expect(200);
        let unit = world.unit("江背镇").await;
        assert_eq!(unit.get(&place(draft)).await.expect(200).state(), "withdrawn");
        for who in [world.office().await, world.approver().await, world.auditor().await] {
            for below in ["", "/history", "/changes"] {
                who.get(&format!("{}{below}", place(draft))).await.refused(404, "not_found");
            }
            assert_eq!(who.get("/applications?include=total").await.expect(200).at("/total"), 0);
        }
    }

    async fn d_904_personal_values_are_masked_and_masks_are_not_taken_back(world: World) {
        let campaign = world.accepting_campaign().await;
        let form = filled_form(INDIVIDUAL, "县公安局", 1);
        let citizen_id = form["citizen_id"].as_str().unwrap().to_owned();
        let phone = form["phone"].as_str().unwrap().to_owned();
        let begun = begin(&world, "县公安局", campaign, INDIVIDUAL, form).await.expect(201);
        let unit = world.unit("县公安局").await;
        let seen = unit.get(&place(begun.id())).await.expect(200);
        assert!(seen.text_at("/form/citizen_id").contains("***"));
        for secret in [&citizen_id, &phone] {
            assert!(!seen.text.contains(secret.as_str()), "{secret} is shown");
        }
        let masked = json!({"form": {"citizen_id": seen.text_at("/form/citizen_id")}});
        unit.change(&place(begun.id()), masked).await.invalid(&[("/form/citizen_id", "masked_value")]);
        let kept = unit.change(&place(begun.id()), json!({"form": {"post": "所长"}})).await.expect(200);
        assert_eq!(kept.blockers("submit_application").unwrap(), Vec::<String>::new(), "the sealed values are still there");
        submit(&unit, begun.id()).await.expect(200);
        let audit = world.auditor().await.get(&format!("/audit-events?object_id={}", begun.id())).await.expect(200);
        for secret in [&citizen_id, &phone] {
            assert!(!audit.text.contains(secret.as_str()), "{secret} stands in the audit");
        }
    }

    async fn d_905_check_digits_and_control_characters_are_looked_at(world: World) {
        let campaign = world.accepting_campaign().await;
        let mut form = filled_form(INDIVIDUAL, "县公安局", 1);
        let good = form["citizen_id"].as_str().unwrap().to_owned();
        let last = if good.ends_with('0') { '1' } else { '0' };
        form["citizen_id"] = json!(format!("{}{last}", &good[..17]));
        let begun = begin(&world, "县公安局", campaign, INDIVIDUAL, form).await.expect(201);
        assert_eq!(begun.blockers("submit_application").unwrap(), ["invalid_check_digit"]);
        let unit = world.unit("县公安局").await;
        unit.change(&place(begun.id()), json!({"form": {"name": "张\u{0}三"}})).await
            .invalid(&[("/form/name", "control_character")]);
        unit.change(&place(begun.id()), json!({"form": {"nickname": "小张"}})).await
            .invalid(&[("/form/nickname", "unknown_member")]);
        let rare = unit.change(&place(begun.id()), json!({"form": {"name": "阿卜杜拉·㐂𠮷"}})).await.expect(200);
        assert_eq!(rare.text_at("/nominee_name"), "阿卜杜拉·㐂𠮷");
    }

    async fn d_903_a_unit_sees_its_own_and_the_office_no_foreign_drafts(world: World) {
        let campaign = world.accepting_campaign().await;
        let draft = world.drafted(campaign, "江背镇", TOWNSHIP).await;
        let nobodys = place(Uuid::from_u128(9));
        for who in [world.unit("高兴镇").await, world.office().await, world.auditor().await] {
            let (hidden, missing) = (who.get(&place(draft)).await.expect(404), who.get(&nobodys).await.expect(404));
            assert_eq!((hidden.code(), hidden.text_at("/detail")), (missing.code(), missing.text_at("/detail")));
            assert_eq!(who.get("/applications?include=total").await.expect(200).at("/total"), 0);
        }
        let body = json!({"campaign_id": campaign, "category_code": TOWNSHIP, "unit_id": world.unit_id("良村镇").await});
        let entered = world.office().await.post("/applications").json(body).await.expect(201);
        assert_eq!(entered.at("/entered_by_office"), true);
        world.office().await.get(&place(entered.id())).await.expect(200);
        world.auditor().await.get(&place(entered.id())).await.expect(200);
        submit(&world.unit("江背镇").await, draft).await.expect(200);
        world.office().await.get(&place(draft)).await.expect(200);
        world.office().await.act(&format!("{}/submit", place(draft)), json!({})).await.expect(404);
    }

    async fn d_401_what_was_changed_meanwhile_is_not_overwritten(world: World) {
        let campaign = world.accepting_campaign().await;
        let draft = world.drafted(campaign, "江背镇", TOWNSHIP).await;
        let unit = world.unit("江背镇").await;
        let etag = unit.etag_of(&place(draft)).await;
        let changes = (0..20).map(|n| {
            let patch = json!({"form": {"head": format!("镇长{n}")}});
            unit.patch(&place(draft)).if_match(&etag).json(patch).send()
        });
        let answers = join_all(changes).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        assert_eq!(answers.iter().filter(|answer| answer.status == 412).count(), 19);
        unit.post(&format!("{}/submit", place(draft))).await.refused(428, "precondition_required");
    }

    async fn a_rejection_names_the_scope_or_a_criterion(world: World) {
        let campaign = world.accepting_campaign().await;
        let application = world.submitted(campaign, "江背镇", TOWNSHIP).await;
        let office = world.office().await;
        let reject = format!("{}/reject", place(application));
        office.act(&reject, json!({"ground": "criterion", "reason": "未达标"})).await
            .invalid(&[("/criterion", "required")]);
        office.act(&reject, json!({"ground": "criterion", "criterion": 9, "reason": "未达标"})).await
            .invalid(&[("/criterion", "unknown_criterion")]);
        let rejected = office.act(&reject, json!({"ground": "criterion", "criterion": 3, "reason": "未达标"})).await.expect(200);
        assert_eq!(rejected.at("/rejection"), &json!({"ground": "criterion", "criterion": 3}));
        let again = world.drafted(campaign, "江背镇", TOWNSHIP).await;
        submit(&world.unit("江背镇").await, again).await.expect(200);
    }
}

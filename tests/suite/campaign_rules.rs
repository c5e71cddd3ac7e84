//! The campaign's own rules: more time, the seal, an end before its time, and next year's copy (D-302 to D-306).

use pingxuan_tests::campaign::extension;
use pingxuan_tests::selection::{members, only};
use pingxuan_tests::story::{INDIVIDUAL, SUPERVISOR, TOWNSHIP, definition, receive_paper, submit};
use pingxuan_tests::{World, both};
use serde_json::{Value, json};
use uuid::Uuid;

fn place(application: Uuid) -> String {
    format!("/applications/{application}")
}

both! {
    async fn d_302_a_late_unit_with_an_extension_submits_and_acceptance_waits_for_it(world: World) {
        let campaign = world.accepting_campaign().await;
        let late = world.drafted(campaign, "江背镇", TOWNSHIP).await;
        let idle = world.drafted(campaign, "江背镇", INDIVIDUAL).await;
        let other = world.drafted(campaign, "高兴镇", TOWNSHIP).await;
        let granted = world.extended(campaign, "江背镇", "2023-01-10").await.expect(201);
        assert_eq!(granted.header("location").unwrap(), format!("/api/v1/campaigns/{campaign}/extensions"));
        assert_eq!((granted.at("/unit_name"), granted.at("/until")), (&json!("兴国县江背镇"), &json!("2023-01-10")));
        world.move_clock("2023-01-10T23:59:59.999+08:00").await;
        let seen = world.unit("江背镇").await.get(&place(late)).await.expect(200);
        assert_eq!(seen.text_at("/deadline"), "2023-01-10T16:00:00.000Z");
        let unlike = world.unit("高兴镇").await.get(&place(other)).await.expect(200);
        assert_eq!(unlike.text_at("/deadline"), "2022-12-31T16:00:00.000Z");
        submit(&world.unit("江背镇").await, late).await.expect(200);
        submit(&world.unit("高兴镇").await, other).await.blocked_by(&["deadline_passed"]);
        let body = json!({"ground": "scope", "reason": "不在范围。"});
        world.office().await.act(&format!("{}/reject", place(late)), body).await.expect(200);
        world.advanced(campaign).await.blocked_by(&["extensions_running"]);
        let draft = world.unit("江背镇").await.get(&place(idle)).await.expect(200);
        assert_eq!(draft.state(), "draft", "it lapses only when nobody may submit any more");
        world.move_clock("2023-01-11T00:00:00+08:00").await;
        submit(&world.unit("江背镇").await, idle).await.blocked_by(&["deadline_passed"]);
        world.advanced(campaign).await.expect(200);
        for (unit, draft) in [("江背镇", idle), ("高兴镇", other)] {
            assert_eq!(world.unit(unit).await.get(&place(draft)).await.expect(200).state(), "withdrawn");
        }
    }

    async fn d_302_after_the_window_has_closed_a_unit_or_all_by_a_document_get_more_time(world: World) {
        let campaign = world.accepting_campaign().await;
        let (one, two) = (world.drafted(campaign, "江背镇", TOWNSHIP).await, world.drafted(campaign, "高兴镇", TOWNSHIP).await);
        world.move_clock("2023-01-05T09:00:00+08:00").await;
        submit(&world.unit("江背镇").await, one).await.blocked_by(&["deadline_passed"]);
        world.extended(campaign, "江背镇", "2023-01-05").await.expect(201);
        submit(&world.unit("江背镇").await, one).await.expect(200);
        submit(&world.unit("高兴镇").await, two).await.blocked_by(&["deadline_passed"]);
        let all = world.grants(campaign, extension(None, "2023-01-08")).await.expect(201);
        assert_eq!((all.at("/unit_id"), all.at("/unit_name")), (&Value::Null, &Value::Null));
        submit(&world.unit("高兴镇").await, two).await.expect(200);
        world.extended(campaign, "江背镇", "2023-01-08").await.invalid(&[("/until", "extension_not_later")]);
        let listed = world.auditor().await.get(&format!("/campaigns/{campaign}/extensions?include=total")).await.expect(200);
        assert_eq!(listed.at("/total"), 2);
        assert_eq!(listed.column("until"), ["2023-01-05", "2023-01-08"]);
        assert_eq!(listed.column("reason"), ["灾后恢复，延期申报。"; 2]);
        let unit = world.unit_id("江背镇").await;
        let of_unit = world.approver().await.get(&format!("/campaigns/{campaign}/extensions?unit_id={unit}")).await.expect(200);
        assert_eq!(of_unit.column("unit_name"), ["兴国县江背镇"]);
        let latest = world.office().await.get(&format!("/campaigns/{campaign}/extensions?sort=-until&limit=1")).await.expect(200);
        assert_eq!(latest.column("until"), ["2023-01-08"]);
    }

    async fn d_302_an_extension_is_later_and_not_over_and_says_why_and_for_whom(world: World) {
        let campaign = world.accepting_campaign().await;
        let unit = world.unit_id("江背镇").await;
        let mut for_all = extension(None, "2023-01-05");
        for_all["document_number"] = Value::Null;
        for_all["until"] = json!("2022-12-31");
        world.grants(campaign, for_all.clone()).await
            .invalid(&[("/document_number", "required"), ("/until", "extension_not_later")]);
        for_all["document_number"] = json!("   ");
        world.grants(campaign, for_all).await.invalid(&[("/document_number", "wrong_format")]);
        let nobody = extension(Some(Uuid::from_u128(5)), "2023-01-05");
        world.grants(campaign, nobody).await.invalid(&[("/unit_id", "unknown_reference")]);
        let mut silent = extension(Some(unit), "2023-01-05");
        silent["reason"] = json!(" ");
        world.grants(campaign, silent).await.invalid(&[("/reason", "wrong_format")]);
        world.move_clock("2023-01-20T09:00:00+08:00").await;
        world.extended(campaign, "江背镇", "2023-01-19").await.invalid(&[("/until", "not_in_the_future")]);
        world.extended(campaign, "江背镇", "2022-12-01").await
            .invalid(&[("/until", "extension_not_later"), ("/until", "not_in_the_future")]);
        world.extended(campaign, "江背镇", "2023-01-20").await.expect(201);
        world.extended(campaign, "江背镇", "2023-01-20").await.invalid(&[("/until", "extension_not_later")]);
        // What one unit has does not bind the others.
        world.extended(campaign, "高兴镇", "2023-01-20").await.expect(201);
        let audit = world.auditor().await.get("/audit-events?operation=grant_extension").await.expect(200);
        assert_eq!(audit.items().len(), 2);
    }

    async fn d_302_time_is_given_while_a_campaign_is_published_or_accepts(world: World) {
        let draft = world.draft_campaign().await;
        world.extended(draft, "江背镇", "2023-01-05").await.refused(409, "illegal_transition");
        let published = world.published_campaign().await;
        world.extended(published, "江背镇", "2023-01-05").await.expect(201);
        let (verifying, _) = world.verifying(&[]).await;
        world.extended(verifying, "江背镇", "2023-05-05").await.refused(409, "illegal_transition");
        world.grants(Uuid::from_u128(7), extension(None, "2023-05-05")).await.refused(404, "not_found");
    }

    async fn d_303_the_seal_is_opened_once_and_only_after_the_last_deadline(world: World) {
        let office = world.office().await;
        let campaign = world.sealed_campaign().await;
        let declared = world.submitted(campaign, "县公安局", INDIVIDUAL).await;
        world.extended(campaign, "江背镇", "2023-01-05").await.expect(201);
        world.opened(campaign).await.blocked_by(&["deadline_not_passed", "extensions_running"]);
        world.move_clock("2023-01-01T00:00:00+08:00").await;
        world.opened(campaign).await.blocked_by(&["extensions_running"]);
        world.move_clock("2023-01-06T00:00:00+08:00").await;
        let seen = office.get(&format!("/campaigns/{campaign}")).await.expect(200);
        assert_eq!(seen.blockers("open_campaign_seal").unwrap(), Vec::<String>::new());
        assert_eq!(seen.blockers("advance_campaign").unwrap(), ["campaign_sealed", "applications_undecided"]);
        office.post(&format!("/campaigns/{campaign}/open-seal")).await.refused(428, "precondition_required");
        let opened = world.opened(campaign).await.expect(200);
        assert_eq!(opened.text_at("/seal_opened_at"), "2023-01-05T16:00:00.000Z");
        assert_eq!(opened.blockers("open_campaign_seal").unwrap(), ["seal_opened"]);
        world.opened(campaign).await.blocked_by(&["seal_opened"]);
        world.extended(campaign, "江背镇", "2023-02-05").await.blocked_by(&["seal_opened"]);
        let audit = world.auditor().await.get("/audit-events?operation=open_campaign_seal").await.expect(200);
        assert_eq!(audit.items().len(), 1);
        let read = office.get(&place(declared)).await.expect(200);
        assert_eq!(read.text_at("/nominee_name"), "张·县公安局1", "what lay sealed is there");
        let named = office.get("/applications?sort=nominee_name").await.expect(200);
        assert_eq!(named.column("nominee_name"), ["张·县公安局1"]);
        receive_paper(&office, declared).await.expect(200);
        office.act(&format!("{}/accept", place(declared)), json!({})).await.expect(200);
    }

    async fn d_303_what_is_not_sealed_is_not_opened(world: World) {
        let campaign = world.accepting_campaign().await;
        world.move_clock("2023-01-01T00:00:00+08:00").await;
        world.opened(campaign).await.blocked_by(&["not_sealed"]);
        let draft = world.draft_campaign().await;
        world.opened(draft).await.refused(409, "illegal_transition");
    }

    async fn d_304_a_campaign_is_cancelled_with_a_reason_that_everyone_sees(world: World) {
        let office = world.office().await;
        let campaign = world.accepting_campaign().await;
        let cancel = format!("/campaigns/{campaign}/cancel");
        office.act(&cancel, json!({"reason": " "})).await.invalid(&[("/reason", "wrong_format")]);
        office.post(&cancel).json(json!({"reason": "上级要求。"})).await.refused(428, "precondition_required");
        let cancelled = world.cancelled(campaign).await.expect(200);
        assert_eq!((cancelled.state().as_str(), cancelled.actions()), ("cancelled", vec!["copy_campaign".to_owned()]));
        let seen = world.unit("江背镇").await.get(&format!("/campaigns/{campaign}")).await.expect(200);
        assert_eq!(seen.at("/cancel_reason"), "上级统一调整，本年度不再评选。");
        let audit = world.auditor().await.get("/audit-events?operation=cancel_campaign").await.expect(200);
        assert_eq!(audit.items().len(), 1);
        let published = world.published_campaign().await;
        world.cancelled(published).await.expect(200);
        world.move_clock("2022-11-15T00:00:00+08:00").await;
        assert_eq!(office.get(&format!("/campaigns/{published}")).await.expect(200).state(), "cancelled");
    }

    async fn d_304_until_the_first_list_is_approved_and_no_longer(world: World) {
        let campaign = world.selecting(&[("赵一", 2), ("钱二", 1)]).await;
        let decided = world.selecting(&[]).await;
        world.noticed(campaign).await;
        world.approved(decided).await;
        let seen = world.office().await.get(&format!("/campaigns/{decided}")).await.expect(200);
        assert_eq!(seen.blockers("cancel_campaign").unwrap(), ["list_approved"]);
        world.cancelled(decided).await.blocked_by(&["list_approved"]);
        let seen = world.office().await.get(&format!("/campaigns/{campaign}")).await.expect(200);
        assert_eq!(seen.blockers("cancel_campaign").unwrap(), Vec::<String>::new());
        world.cancelled(campaign).await.expect(200);
    }

    async fn d_306_a_copy_is_next_years_draft(world: World) {
        let office = world.office().await;
        let campaign = world.accepting_campaign().await;
        world.cancelled(campaign).await.expect(200);
        let copy = office.act(&format!("/campaigns/{campaign}/copy"), json!({})).await.expect(201);
        assert_eq!((copy.state().as_str(), copy.at("/year")), ("draft", &json!(2023)));
        assert_eq!(copy.header("location").unwrap(), format!("/api/v1/campaigns/{}", copy.id()));
        assert_eq!(copy.at("/definition/document_number"), &json!({"value": null, "source": "office"}));
        let window = json!({"opens_on": "2023-11-07", "closes_on": "2023-12-31"});
        assert_eq!(copy.at("/definition/acceptance/value"), &window);
        assert_eq!(copy.at("/definition/issued_on/value"), "2023-11-04");
        assert_eq!(copy.at("/definition/assessment_year/value"), 2023);
        assert_eq!(copy.at("/definition/categories"), &definition()["categories"]);
        assert_eq!(copy.at("/cancel_reason"), &Value::Null);
        world.move_clock("2023-11-06T09:00:00+08:00").await;
        world.advanced(copy.id()).await.expect(200);
        let later = office.act(&format!("/campaigns/{}/copy", copy.id()), json!({"year": 2026})).await.expect(201);
        assert_eq!((later.at("/year"), later.at("/definition/issued_on/value")), (&json!(2026), &json!("2026-11-04")));
        office.post(&format!("/campaigns/{campaign}/copy")).json(json!({})).await.refused(428, "precondition_required");
        let last = office.act(&format!("/campaigns/{campaign}/copy"), json!({"year": 2100})).await.expect(201);
        office.act(&format!("/campaigns/{}/copy", last.id()), json!({})).await.invalid(&[("/year", "too_large")]);
        world.unit("江背镇").await.get(&format!("/campaigns/{}", last.id())).await.expect(404);
    }

    async fn d_305_a_notice_stands_over_the_spring_festivals_of_later_years(world: World) {
        let campaign = world.selecting(&[("赵一", 1), ("钱二", 0)]).await;
        let list = world.endorsed(campaign).await;
        world.move_clock("2024-02-07T09:00:00+08:00").await;
        let publish = format!("/shortlists/{list}/publish-notice");
        let shown = world.office().await.act(&publish, Value::Null).await.expect(200);
        assert_eq!(shown.text_at("/notices/0/closes_at"), "2024-02-20T16:00:00.000Z");
        let later = world.selecting(&[]).await;
        let list = world.endorsed(later).await;
        world.move_clock("2026-02-12T09:00:00+08:00").await;
        let publish = format!("/shortlists/{list}/publish-notice");
        let shown = world.office().await.act(&publish, Value::Null).await.expect(200);
        assert_eq!(shown.text_at("/notices/0/closes_at"), "2026-02-26T16:00:00.000Z");
    }

    async fn d_207_a_dry_run_says_all_that_is_wrong_and_stores_nothing(world: World) {
        let office = world.office().await;
        let run = async |body: Value| office.post("/campaigns/dry-run").json(body).await;
        let whole = run(json!({"definition": definition()})).await.expect(200);
        assert_eq!(whole.body, json!({"definition_faults": [], "categories": []}));
        let mut wrong = definition();
        wrong["categories"][0]["criteria"][0]["weight"]["value"] = json!(30);
        wrong["categories"][1]["approval_basis"] = Value::Null;
        wrong["categories"][2]["scoring_policy"]["value"] = json!("trimmed_mean");
        let told = run(json!({"definition": wrong})).await.expect(200);
        let faults = told.list_at("/definition_faults").iter();
        let faults: Vec<_> = faults.map(|fault| (fault["pointer"].as_str().unwrap(), fault["code"].as_str().unwrap())).collect();
        assert_eq!(faults, [
            ("/definition/categories/0/criteria", "weights_not_hundred"),
            ("/definition/categories/1/approval_basis", "approval_basis_missing"),
            ("/definition/categories/2/visits/value", "visits_too_few"),
        ]);
        run(json!({"definition": {}})).await.expect(422);
        assert_eq!(office.get("/campaigns?include=total").await.expect(200).at("/total"), 0);
        let audit = world.auditor().await.get("/audit-events?operation=dry_run_campaign").await.expect(200);
        assert!(audit.items().is_empty());
        world.unit("江背镇").await.post("/campaigns/dry-run").json(json!({})).await.refused(403, "role_not_permitted");
    }

    async fn d_207_a_dry_run_ranks_given_data_and_says_what_its_list_misses(world: World) {
        let office = world.office().await;
        let mut tried = only(INDIVIDUAL);
        tried["categories"][0]["quota"]["value"] = json!(5);
        let nominee = |name: &str, points: &str, leads: bool| {
            json!({"name": name, "is_leading_cadre": leads, "sheets": [[points, points, points, points], [points, points, null, points]]})
        };
        let people = json!([
            nominee("甲", "80", false), nominee("乙", "95.5", true), nominee("丙", "90", true),
            nominee("丁", "70", false), nominee("戊", "85", false), nominee("己", "60", false),
        ]);
        let data = json!([{"category_code": INDIVIDUAL, "nominees": people}]);
        let told = office.post("/campaigns/dry-run").json(json!({"definition": tried, "data": data})).await.expect(200);
        let of = "/categories/0";
        let entries = told.list_at(&format!("{of}/entries"));
        let order: Vec<_> = entries.iter().map(|entry| (entry["name"].as_str().unwrap(), entry["listed"].as_bool().unwrap())).collect();
        assert_eq!(order, [("乙", true), ("丙", true), ("戊", true), ("甲", true), ("丁", true), ("己", false)]);
        assert_eq!((&entries[0]["score"], &entries[0]["nominee"]), (&json!("95.50"), &json!(1)));
        let blocked = told.list_at(&format!("{of}/blocked_by"));
        assert_eq!(blocked.iter().map(|fault| fault["code"].as_str().unwrap()).collect::<Vec<_>>(), ["leading_cadre_share"]);
        let supervisors = json!([{"name": "甲", "points": ["10.00", "20.00", "30.00", "40.00"]}]);
        let townships = json!([
            {"name": "江背镇", "sheets": [["90", "90", "90", "90", "90"]], "assessment": "70.00"},
            {"name": "高兴镇", "sheets": [["90", "90", "90", "90", "90"]], "not_assessed": true},
            {"name": "良村镇", "sheets": [["90", "90", "90", "90", "90"]]},
        ]);
        let data = json!([
            {"category_code": SUPERVISOR, "nominees": supervisors}, {"category_code": TOWNSHIP, "nominees": townships},
        ]);
        let told = office.post("/campaigns/dry-run").json(json!({"definition": definition(), "data": data})).await.expect(200);
        assert_eq!(told.at("/categories/0/entries/0/score"), "25.00");
        let scores: Vec<_> = (0..3).map(|rank| told.at(&format!("/categories/1/entries/{rank}/score")).clone()).collect();
        assert_eq!(scores, [json!("90.00"), json!("86.00"), Value::Null]);
        assert_eq!(told.at("/categories/1/blocked_by/0/code"), "assessment_missing");
    }

    async fn d_207_sheets_of_named_supervisors_try_a_calibration(world: World) {
        let office = world.office().await;
        let mut tried = only(TOWNSHIP);
        for (member, value) in [
            ("scoring_policy", json!("calibrated")),
            ("blend", json!({"verified": 100, "assessment": 0})),
            ("quota", json!(2)),
        ] {
            tried["categories"][0][member]["value"] = value;
        }
        // The first is ten points more generous than the others; any two have one township in common.
        let nominee = |number: usize| {
            let by = [number, (number + 1) % 7, (number + 3) % 7];
            let points = by.map(|of| (70 + number + if of == 0 { 10 } else { 0 }).to_string());
            json!({
                "name": format!("乡{number}"),
                "sheets": points.map(|points| vec![points; 5]),
                "supervisors": by.map(|of| format!("督导{of}")),
            })
        };
        let run = async |nominees: Vec<Value>| {
            let data = json!([{"category_code": TOWNSHIP, "nominees": nominees}]);
            office.post("/campaigns/dry-run").json(json!({"definition": tried, "data": data})).await
        };
        let told = run((0..7).map(nominee).collect()).await.expect(200);
        assert_eq!((told.at("/categories/0/calibration/official"), told.at("/categories/0/calibration/obstacles")), (&json!(true), &json!([])));
        assert_eq!(told.at("/categories/0/calibration/design/grade"), "good");
        let entries = told.list_at("/categories/0/entries");
        assert_eq!(members(entries, "name"), ["乡6", "乡5", "乡4", "乡3", "乡2", "乡1", "乡0"]);
        let fourth = &entries[3];
        assert_eq!((&fourth["raw_mean"], &fourth["score"]), (&json!("73.00"), &fourth["calibrated"]["score"]));
        assert_ne!(fourth["score"], fourth["raw_mean"]);
        // Who visits alone is said by name: no number that was made up for the trial is shown.
        let mut alone = Vec::from_iter((0..7).map(nominee));
        alone[6]["supervisors"][0] = json!("督导独");
        let told = run(alone).await.expect(200);
        let calibration = told.at("/categories/0/calibration");
        assert_eq!(calibration["official"], false);
        assert!(calibration.to_string().contains("督导独"), "{calibration}");
        assert_eq!(calibration["obstacles"][0].get("supervisor_id"), None);
        let mut few = nominee(0);
        few["supervisors"] = json!(["甲"]);
        let mut twice = nominee(1);
        twice["supervisors"] = json!(["甲", "乙", "甲"]);
        let mut blank = nominee(2);
        blank["supervisors"][1] = json!(" ");
        run(vec![few, twice]).await.invalid(&[
            ("/data/0/nominees/0/supervisors", "too_few"),
            ("/data/0/nominees/1/supervisors/2", "duplicate"),
        ]);
        run(vec![blank]).await.invalid(&[("/data/0/nominees/0/supervisors/1", "wrong_format")]);
    }

    async fn d_207_data_that_does_not_fit_the_definition_is_refused(world: World) {
        let office = world.office().await;
        let data = json!([
            {"category_code": TOWNSHIP, "nominees": [{"name": "江背镇", "sheets": [["90"]]}]},
            {"category_code": TOWNSHIP, "nominees": []},
            {"category_code": "nothing", "nominees": []},
        ]);
        let body = json!({"definition": definition(), "data": data});
        office.post("/campaigns/dry-run").json(body).await.invalid(&[
            ("/data/0/nominees/0/sheets/0", "too_few"),
            ("/data/1/category_code", "duplicate"),
            ("/data/2/category_code", "unknown_category"),
        ]);
        let data = json!([{"category_code": TOWNSHIP, "nominees": [{"name": " ", "sheets": [["100.5", 3, "1.25"]], "score": "1"}]}]);
        office.post("/campaigns/dry-run").json(json!({"definition": definition(), "data": data})).await.invalid(&[
            ("/data/0/nominees/0/name", "wrong_format"),
            ("/data/0/nominees/0/score", "unknown_member"),
            ("/data/0/nominees/0/sheets/0/0", "wrong_format"),
            ("/data/0/nominees/0/sheets/0/1", "wrong_type"),
            ("/data/0/nominees/0/sheets/0/2", "wrong_format"),
        ]);
    }
}

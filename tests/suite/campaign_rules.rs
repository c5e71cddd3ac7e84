//! The campaign's own rules: more time, the seal, an end before its time, and next year's copy (D-302 to D-306).

use pingxuan_tests::campaign::extension;
use pingxuan_tests::story::{INDIVIDUAL, TOWNSHIP, definition, submit};
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
}

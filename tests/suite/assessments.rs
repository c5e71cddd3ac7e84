//! Annual assessments and calendars of working days (D-305, D-607, D-609).

use pingxuan_tests::story::TOWNSHIP;
use pingxuan_tests::{World, both};
use serde_json::{Value, json};
use uuid::Uuid;

fn calendar(year: i32) -> Value {
    let text = include_str!("../../campaigns/calendars/2023.json");
    let mut calendar: Value = serde_json::from_str(&text.replace("2023", &year.to_string())).unwrap();
    calendar["year"] = json!(year);
    calendar["working_days"] = json!([]);
    calendar
}

both! {
    async fn d_607_an_annual_assessment_is_a_score_or_a_reason_why_not(world: World) {
        let office = world.office().await;
        let unit = world.unit_id("江背镇").await;
        let place = format!("/annual-assessments/2022/{unit}");
        let put = |body: Value| office.put(&place).header("if-none-match", "*").json(body);
        put(json!({})).await.invalid(&[("/score", "required")]);
        put(json!({"score": "90.00", "not_assessed_reason": "驻县单位"})).await
            .invalid(&[("/not_assessed_reason", "invalid")]);
        put(json!({"score": 90})).await.invalid(&[("/score", "wrong_type")]);
        for wrong in ["100.01", "90", "90.5", "-1.00", " "] {
            put(json!({"score": wrong})).await.expect(422);
        }
        let made = put(json!({"score": "90.50"})).await.expect(201);
        assert_eq!((made.at("/score"), made.at("/unit_name")), (&json!("90.50"), &json!("兴国县江背镇")));
        put(json!({"score": "91.00"})).await.refused(412, "already_exists");
        let replace = |tag: &str| office.put(&place).if_match(tag).json(json!({"not_assessed_reason": "驻县单位"}));
        replace("\"4\"").await.refused(412, "precondition_failed");
        let version = format!("\"{}\"", made.at("/version"));
        let replaced = replace(&version).await.expect(200);
        assert_eq!((replaced.at("/score"), replaced.at("/not_assessed_reason")), (&json!(null), &json!("驻县单位")));
        office.put(&place).json(json!({"score": "1.00"})).await.refused(428, "precondition_required");
        for nowhere in [format!("/annual-assessments/2022/{}", Uuid::nil()), format!("/annual-assessments/22/{unit}")] {
            let put = office.put(&nowhere).header("if-none-match", "*").json(json!({"score": "1.00"}));
            put.await.refused(404, "not_found");
        }
    }

    async fn annual_assessments_are_listed_by_year_and_unit(world: World) {
        let office = world.office().await;
        for (year, unit) in [(2021, "江背镇"), (2022, "江背镇"), (2022, "高兴镇"), (2021, "良村镇"), (2022, "良村镇")] {
            let place = format!("/annual-assessments/{year}/{}", world.unit_id(unit).await);
            office.put(&place).header("if-none-match", "*").json(json!({"score": "88.00"})).await.expect(201);
        }
        let mut seen = Vec::new();
        let mut next = Some("/annual-assessments?limit=2&include=total".to_owned());
        while let Some(list) = next {
            let page = office.get(&list).await.expect(200);
            assert_eq!(page.at("/total"), 5);
            seen.extend(page.column("year"));
            next = page.next_cursor().map(|cursor| format!("/annual-assessments?limit=2&include=total&cursor={cursor}"));
        }
        assert_eq!(seen, ["2021", "2021", "2022", "2022", "2022"]);
        assert_eq!(office.get("/annual-assessments?year=2022&sort=-year").await.expect(200).items().len(), 3);
        let unit = world.unit_id("高兴镇").await;
        assert_eq!(office.get(&format!("/annual-assessments?unit_id={unit}")).await.expect(200).items().len(), 1);
        world.unit("江背镇").await.get("/annual-assessments").await.refused(403, "role_not_permitted");
        assert_eq!(world.auditor().await.get("/annual-assessments").await.expect(200).items().len(), 5);
        world.approver().await.put(&format!("/annual-assessments/2022/{unit}")).if_match("*").json(json!({"score": "1.00"}))
            .await.refused(403, "role_not_permitted");
    }

    async fn d_609_an_assessment_is_closed_while_a_list_stands_that_was_ranked_by_it(world: World) {
        let office = world.office().await;
        let supervisors = [world.supervisor("钟甲").await, world.supervisor("钟乙").await];
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        for supervisor in &supervisors {
            world.scored((campaign, applications[0]), supervisor, (5, "80")).await;
        }
        let unit = world.unit_id("江背镇").await;
        let place = |year: i32| format!("/annual-assessments/{year}/{unit}");
        let put = async |year: i32, tag: (&str, &str), score: &str| {
            office.put(&place(year)).header(tag.0, tag.1).json(json!({"score": score})).await
        };
        put(2022, ("if-none-match", "*"), "90.00").await.expect(201);
        world.advanced(campaign).await.expect(200);
        let list = office.post(&format!("/campaigns/{campaign}/shortlists"));
        let list = list.json(json!({"category_code": TOWNSHIP})).await.expect(201).id();
        put(2022, ("if-match", "*"), "91.00").await.expect(200);
        office.act(&format!("/shortlists/{list}/propose"), Value::Null).await.blocked_by(&["ranking_changed"]);
        put(2022, ("if-match", "*"), "90.00").await.expect(200);
        office.act(&format!("/shortlists/{list}/propose"), Value::Null).await.expect(200);
        put(2022, ("if-match", "*"), "91.00").await.blocked_by(&["ranking_in_use"]);
        put(2021, ("if-none-match", "*"), "91.00").await.expect(201);
        let elsewhere = format!("/annual-assessments/2022/{}", world.unit_id("高兴镇").await);
        office.put(&elsewhere).header("if-none-match", "*").json(json!({"score": "70.00"})).await.expect(201);
        world.approver().await.act(&format!("/shortlists/{list}/return"), json!({"reason": "请核对。"})).await.expect(200);
        put(2022, ("if-match", "*"), "91.00").await.expect(200);
    }

    async fn d_305_a_calendar_is_put_and_read_by_year(world: World) {
        let office = world.office().await;
        let reader = world.unit("江背镇").await;
        let known = reader.get("/workday-calendars/2023").await.expect(200);
        assert_eq!(known.at("/year"), 2023);
        reader.get("/workday-calendars/2027").await.refused(404, "not_found");
        reader.get("/workday-calendars/next").await.refused(404, "not_found");
        let put = |body: Value| office.put("/workday-calendars/2027").header("if-none-match", "*").json(body);
        put(calendar(2028)).await.invalid(&[("/year", "invalid")]);
        let mut wrong = calendar(2027);
        wrong["holidays"] = json!(["2027-01-01", "2026-12-31"]);
        wrong["working_days"] = json!(["2027-01-04"]);
        put(wrong).await.invalid(&[("/holidays", "invalid"), ("/working_days", "invalid")]);
        let made = put(calendar(2027)).await.expect(201);
        assert_eq!(reader.get("/workday-calendars/2027").await.expect(200).body, made.body);
        put(calendar(2027)).await.refused(412, "already_exists");
        let again = office.put("/workday-calendars/2027").if_match(&made.etag()).json(calendar(2027)).await.expect(200);
        assert_ne!(again.etag(), made.etag());
        reader.put("/workday-calendars/2027").if_match("*").json(calendar(2027)).await.refused(403, "role_not_permitted");
    }
}

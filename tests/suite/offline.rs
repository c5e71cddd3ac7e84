//! Sheets and visits written offline and sent later: the client's key and time are kept, a conflict is shown (D-606).

use futures_util::future::join_all;
use pingxuan_tests::jobs::exported;
use pingxuan_tests::story::TOWNSHIP;
use pingxuan_tests::verification::{begin_sheet, record_visit, reopen_sheet, sheet, submit_sheet, visit};
use pingxuan_tests::{Person, Reply, World, both};
use serde_json::{Value, json};
use uuid::Uuid;

const KEY: &str = "idempotency-key";

/// A supervisor with an assignment: campaign, application, assignment.
async fn assigned(world: &World, name: &str) -> (Person, Uuid, Uuid, Uuid) {
    let supervisor = world.supervisor(name).await;
    let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
    let assignment = world.cleared(campaign, applications[0], &supervisor).await;
    (supervisor, campaign, applications[0], assignment)
}

fn is_replay(reply: &Reply) -> bool {
    reply.header("idempotent-replayed") == Some("true")
}

/// A body with the time of the device.
fn written(mut body: Value, at: &str) -> Value {
    body["written_at"] = json!(at);
    body
}

both! {
    async fn d_606_what_two_devices_wrote_is_shown_side_by_side_and_never_overwritten(world: World) {
        let (supervisor, _, _, assignment) = assigned(&world, "钟甲").await;
        let place = format!("/assignments/{assignment}/score-sheet");
        let begun = begin_sheet(&supervisor, assignment, sheet(5, "80")).await.expect(201);
        let put = |tag: &str, body: &Value| supervisor.put(&place).if_match(tag).json(body);
        // Both have gone with the same version; the telephone comes back first.
        let mut telephone = sheet(5, "80");
        telephone["scores"][1]["points"] = json!("85");
        let saved = put(&begun.etag(), &telephone).await.expect(200);
        let mut tablet = sheet(5, "80");
        tablet["scores"][1]["points"] = json!("70");
        tablet["scores"][3]["reason"] = json!("看了档案。");
        tablet["remark"] = json!("待补");
        let refused = put(&begun.etag(), &tablet).await.refused(412, "precondition_failed");
        assert_eq!(refused.at("/conflicts"), &json!(["/scores/1/points", "/scores/3/reason", "/remark"]));
        assert_eq!(refused.at("/current/etag"), &json!(saved.etag()));
        assert_eq!((refused.at("/current/changed_role"), refused.at("/current/changed_by")), (&json!("supervisor"), &json!(supervisor.username())));
        assert_eq!(refused.at("/current/changed_at"), saved.at("/updated_at"));
        let stands = supervisor.get(&place).await.expect(200);
        assert_eq!((stands.at("/scores"), stands.etag()), (saved.at("/scores"), saved.etag()));
        // Who thought that there was none is told the same.
        let begins = begin_sheet(&supervisor, assignment, tablet.clone()).await.refused(412, "already_exists");
        assert_eq!(begins.at("/conflicts"), refused.at("/conflicts"));
        // Without saying what it was written on, nothing is written.
        supervisor.put(&place).json(&tablet).await.refused(428, "precondition_required");
        // Somebody has looked at both.
        let merged = put(&refused.text_at("/current/etag"), &tablet).await.expect(200);
        assert_eq!(merged.at("/scores/1/points"), "70");
        // What cannot be read differs nowhere.
        let bad = put(&begun.etag(), &json!({"scores": 1})).await.refused(412, "precondition_failed");
        assert_eq!((bad.at("/conflicts"), bad.at("/current/etag")), (&json!(null), &json!(merged.etag())));
    }

    async fn d_606_of_two_devices_at_once_one_is_told_what_the_other_wrote(world: World) {
        let (supervisor, _, _, assignment) = assigned(&world, "钟甲").await;
        let place = format!("/assignments/{assignment}/score-sheet");
        let begun = begin_sheet(&supervisor, assignment, sheet(5, "80")).await.expect(201);
        let put = |points| supervisor.put(&place).if_match(&begun.etag()).json(sheet(5, points)).send();
        let replies = join_all(["85", "70", "60"].map(put)).await;
        let won: Vec<&Reply> = replies.iter().filter(|reply| reply.status == 200).collect();
        assert_eq!(won.len(), 1);
        let stands = supervisor.get(&place).await.expect(200);
        assert_eq!(stands.at("/scores"), won[0].at("/scores"));
        for refused in replies.into_iter().filter(|reply| reply.status != 200) {
            let refused = refused.refused(412, "precondition_failed");
            assert_eq!((refused.list_at("/conflicts").len(), refused.at("/current/etag")), (5, &json!(stands.etag())));
        }
    }

    async fn d_606_who_in_the_house_changed_it_is_not_told(world: World) {
        let (supervisor, _, application, assignment) = assigned(&world, "钟甲").await;
        record_visit(&supervisor, Uuid::new_v4(), visit(application, &[&supervisor])).await.expect(201);
        let begun = begin_sheet(&supervisor, assignment, sheet(5, "80")).await.expect(201);
        submit_sheet(&supervisor, assignment).await.expect(200);
        reopen_sheet(&world.office().await, assignment).await.expect(200);
        let place = format!("/assignments/{assignment}/score-sheet");
        let refused = supervisor.put(&place).if_match(&begun.etag()).json(sheet(5, "70")).await.refused(412, "precondition_failed");
        assert_eq!((refused.at("/current/changed_role"), refused.at("/current/changed_by")), (&json!("office"), &json!(null)));
        assert_eq!(refused.list_at("/conflicts").len(), 5);
    }

    async fn d_606_what_stands_already_is_answered_as_done(world: World) {
        let (supervisor, _, application, assignment) = assigned(&world, "钟甲").await;
        let place = format!("/assignments/{assignment}/score-sheet");
        let begun = begin_sheet(&supervisor, assignment, sheet(5, "80")).await.expect(201);
        let again = begin_sheet(&supervisor, assignment, written(sheet(5, "80"), "2022-12-31T10:00:00+08:00")).await.expect(200);
        assert_eq!((again.etag(), again.at("/written_at")), (begun.etag(), &json!(null)));
        let put = |points| supervisor.put(&place).if_match(&begun.etag()).json(sheet(5, points));
        let saved = put("85").await.expect(200);
        assert_eq!(put("85").await.expect(200).etag(), saved.etag());

        let trip = Uuid::new_v4();
        let recorded = record_visit(&supervisor, trip, visit(application, &[&supervisor])).await.expect(201);
        assert_eq!(record_visit(&supervisor, trip, visit(application, &[&supervisor])).await.expect(200).etag(), recorded.etag());

        let tag = supervisor.etag_of(&place).await;
        let submit = |tag: &str| supervisor.post(&format!("{place}/submit")).if_match(tag);
        submit(&begun.etag()).await.refused(412, "precondition_failed");
        let submitted = submit(&tag).await.expect(200);
        assert_eq!(submit(&tag).await.expect(200).etag(), submitted.etag(), "the version that was submitted");
        let other = submit(&begun.etag()).await.refused(412, "precondition_failed");
        assert_eq!((other.at("/current/etag"), other.at("/conflicts")), (&json!(submitted.etag()), &json!(null)));
        submit(&submitted.etag()).await.refused(409, "illegal_transition");
        // It says so although it is submitted meanwhile, and changes nothing.
        assert_eq!(put("85").await.expect(200).state(), "submitted");
        let audit = world.auditor().await.get(&format!("/audit-events?object_id={assignment}")).await.expect(200);
        let of = |operation: &str| audit.column("operation").iter().filter(|one| *one == operation).count();
        assert_eq!((of("save_score_sheet"), of("submit_score_sheet")), (2, 1));
    }

    async fn d_606_a_key_is_known_after_weeks(world: World) {
        let (supervisor, campaign, application, assignment) = assigned(&world, "钟甲").await;
        let (trip, place) = (Uuid::new_v4(), format!("/assignments/{assignment}/score-sheet"));
        let send_trip = || {
            let put = supervisor.put(&format!("/site-visits/{trip}")).header(KEY, "trip").header("if-none-match", "*");
            put.json(written(visit(application, &[&supervisor]), "2022-12-31T10:00:00+08:00"))
        };
        let send_sheet = |points| {
            let put = supervisor.put(&place).header(KEY, "sheet").header("if-none-match", "*");
            put.json(written(sheet(5, points), "2022-12-31T18:00:00+08:00"))
        };
        let trips = [send_trip().await.expect(201), send_trip().await.expect(201)];
        let sheets = [send_sheet("80").await.expect(201), send_sheet("80").await.expect(201)];
        for [first, again] in [&trips, &sheets] {
            assert!(!is_replay(first) && is_replay(again));
            assert_eq!((&first.text, first.etag()), (&again.text, again.etag()));
        }
        send_sheet("70").await.refused(422, "idempotency_key_reused");
        let tag = sheets[0].etag();
        let submit = || supervisor.post(&format!("{place}/submit")).header(KEY, "submit").if_match(&tag).json(json!({"written_at": "2022-12-31T19:00:00+08:00"}));
        let submitted = submit().await.expect(200);
        assert_eq!(submitted.at("/written_at"), "2022-12-31T11:00:00.000Z");
        reopen_sheet(&world.office().await, assignment).await.expect(200);

        // Days later the same is sent once more: the answer is the same, and what has happened since stands.
        world.move_clock("2023-02-20T09:00:00+08:00").await;
        world.sweep().await;
        for (again, first) in [(send_trip().await, &trips[0]), (send_sheet("80").await, &sheets[0]), (submit().await, &submitted)] {
            assert!(is_replay(&again), "{again}");
            assert_eq!(again.text, first.text);
        }
        assert_eq!(supervisor.get(&place).await.expect(200).state(), "draft");
        let visits = supervisor.get(&format!("/campaigns/{campaign}/site-visits?include=total")).await.expect(200);
        assert_eq!(visits.at("/total"), 1);
        world.move_clock("2023-04-20T09:00:00+08:00").await;
        world.sweep().await;
        send_sheet("80").await.expect(200);
        assert!(!is_replay(&send_trip().await.expect(200)), "what stands is what was sent");
    }

    async fn d_606_the_time_of_the_device_is_kept_and_may_not_lie_ahead(world: World) {
        let (supervisor, campaign, application, assignment) = assigned(&world, "钟甲").await;
        let (trip, place) = (Uuid::new_v4(), format!("/assignments/{assignment}/score-sheet"));
        // It is midnight of the 1st of January there.
        let (late, ahead) = ("2023-01-01T00:05:00+08:00", "2023-01-01T00:05:01+08:00");
        let fault = [("/written_at", "clock_ahead")];
        record_visit(&supervisor, trip, written(visit(application, &[&supervisor]), ahead)).await.invalid(&fault);
        begin_sheet(&supervisor, assignment, written(sheet(5, "80"), ahead)).await.invalid(&fault);
        begin_sheet(&supervisor, assignment, written(sheet(5, "80"), "yesterday")).await.invalid(&[("/written_at", "wrong_format")]);
        let recorded = record_visit(&supervisor, trip, written(visit(application, &[&supervisor]), late)).await.expect(201);
        assert_eq!(recorded.at("/written_at"), "2022-12-31T16:05:00.000Z");
        let begun = begin_sheet(&supervisor, assignment, written(sheet(5, "80"), "2022-12-31T09:00:00+08:00")).await.expect(201);
        let submit = |body: Value| supervisor.post(&format!("{place}/submit")).if_match(&begun.etag()).json(body);
        submit(json!({"written_at": ahead})).await.invalid(&fault);
        submit(json!({"written": late})).await.invalid(&[("/written", "unknown_member")]);
        // Where the submission says nothing, the sheet's own time stays.
        let submitted = submit(json!({})).await.expect(200);
        assert_eq!(submitted.at("/written_at"), "2022-12-31T01:00:00.000Z");
        let events = world.auditor().await.get(&format!("/audit-events?object_id={trip}")).await.expect(200);
        assert!(events.text.contains("/written_at") && events.text.contains("2022-12-31T16:05:00.000Z"), "{events}");
        let office = world.office().await;
        let asked = json!({"what": "score_sheets", "format": "csv", "campaign_id": campaign, "category_code": TOWNSHIP});
        let job = exported(&office, asked).await;
        let table = office.get(&format!("/jobs/{}/result", job.id())).await.expect(200);
        assert!(table.text.contains("条件1引用的核查结论和附件") && table.text.contains("填写时间（设备）") && table.text.contains("2022-12-31 09:00"), "{}", table.text);
    }

    async fn d_606_a_conflict_of_a_visit_names_what_differs(world: World) {
        let one = world.supervisor("钟甲").await;
        let other = world.supervisor("钟乙").await;
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP), ("高兴镇", TOWNSHIP)]).await;
        for supervisor in [&one, &other] {
            world.cleared(campaign, applications[0], supervisor).await;
        }
        let trip = Uuid::new_v4();
        let begun = record_visit(&one, trip, visit(applications[0], &[&one, &other])).await.expect(201);
        let put = |who: &Person, body: Value| who.put(&format!("/site-visits/{trip}")).if_match(&begun.etag()).json(body);
        let mut mine = visit(applications[0], &[&one, &other]);
        mine["findings"] = json!([{"pointer": "/deeds/criterion_1", "verdict": "confirmed"}]);
        let saved = put(&one, mine.clone()).await.expect(200);
        let mut theirs = visit(applications[0], &[&other, &one]);
        theirs["notes"] = json!("走访了三户。");
        theirs["findings"] = json!([{"pointer": "/deeds/criterion_1", "verdict": "partly"}]);
        let refused = put(&other, theirs).await.refused(412, "precondition_failed");
        assert_eq!(refused.at("/conflicts"), &json!(["/notes", "/findings/0/verdict"]), "who took part is the same");
        assert_eq!(refused.at("/current/changed_by"), one.username());
        assert_eq!(refused.at("/current/etag"), &json!(saved.etag()));
        // To whom it is out of reach, it says nothing of what stands.
        let stranger = world.supervisor("钟丙").await;
        world.cleared(campaign, applications[1], &stranger).await;
        let blind = record_visit(&stranger, trip, visit(applications[1], &[&stranger])).await.refused(412, "already_exists");
        assert_eq!((blind.at("/current"), blind.at("/conflicts")), (&json!(null), &json!(null)));
    }
}

//! Score sheets: points and reasons, when a sheet counts, and when an application is verified (D-604, D-605).

use futures_util::future::join_all;
use pingxuan_domain::Role;
use pingxuan_tests::story::TOWNSHIP;
use pingxuan_tests::verification::{
    begin_sheet, declare_recusal, record_visit, recusal, reopen_sheet, sheet, submit_sheet, visit,
};
use pingxuan_tests::{World, both};
use serde_json::json;
use uuid::Uuid;

async fn state_of(world: &World, application: Uuid) -> String {
    world.office().await.get(&format!("/applications/{application}")).await.expect(200).state()
}

both! {
    async fn d_604_a_draft_may_be_incomplete_and_a_submitted_sheet_not(world: World) {
        let supervisor = world.supervisor("钟甲").await;
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        let assignment = world.confirmed(campaign, applications[0], &supervisor).await;
        let place = format!("/assignments/{assignment}/score-sheet");
        let draft = json!({"scores": [{"criterion": 1, "points": "87.5"}], "remark": "待补"});
        begin_sheet(&supervisor, assignment, draft.clone()).await.blocked_by(&["not_declared"]);
        supervisor.post(&format!("/assignments/{assignment}/declare")).if_match("*").await.expect(200);
        supervisor.get(&place).await.refused(404, "not_found");
        let begun = begin_sheet(&supervisor, assignment, draft).await.expect(201);
        assert_eq!(begun.state(), "draft");
        assert_eq!(begun.at("/scores/0/points"), "87.5");
        assert_eq!(begun.header("location"), Some(format!("/api/v1{place}").as_str()));
        let wanting = ["site_visit_missing"].into_iter().chain(["sheet_incomplete"; 5]);
        let wanting: Vec<&str> = wanting.collect();
        assert_eq!(begun.blockers("submit_score_sheet"), Some(wanting.iter().map(|&code| code.to_owned()).collect()));
        submit_sheet(&supervisor, assignment).await.blocked_by(&wanting);
        begin_sheet(&supervisor, assignment, sheet(5, "80")).await.refused(412, "already_exists");
        supervisor.put(&place).json(sheet(5, "80")).await.refused(428, "precondition_required");

        let mut whole = sheet(5, "80");
        whole["scores"][4] = json!({"criterion": 5, "cannot_judge": true, "reason": "未能查看。"});
        whole["scores"][3]["points"] = json!("90.5");
        let saved = supervisor.put(&place).if_match(&begun.etag()).json(whole).await.expect(200);
        assert_eq!(saved.blockers("submit_score_sheet"), Some(vec!["site_visit_missing".to_owned()]));
        record_visit(&supervisor, Uuid::new_v4(), visit(applications[0], &[&supervisor])).await.expect(201);
        let submitted = submit_sheet(&supervisor, assignment).await.expect(200);
        assert_eq!(submitted.state(), "submitted");
        assert_eq!(submitted.at("/counts"), true);
        // (80 + 80 + 80 + 90.5) / 4 with equal weights.
        assert_eq!(submitted.at("/composite"), "82.63");
        supervisor.put(&place).if_match("*").json(sheet(5, "80")).await.refused(409, "illegal_transition");
        submit_sheet(&supervisor, assignment).await.refused(409, "illegal_transition");
        assert_eq!(state_of(&world, applications[0]).await, "accepted", "two sheets are needed");
    }

    async fn d_604_points_are_0_to_100_in_steps_of_a_half(world: World) {
        let supervisor = world.supervisor("钟甲").await;
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        let assignment = world.cleared(campaign, applications[0], &supervisor).await;
        for wrong in ["100.5", "87.3", "-1", "1e1", "", "八十"] {
            let body = json!({"scores": [{"criterion": 1, "points": wrong}]});
            begin_sheet(&supervisor, assignment, body).await.expect(422);
        }
        begin_sheet(&supervisor, assignment, json!({"scores": [{"criterion": 1, "points": 80, "composite": 1}]}))
            .await
            .invalid(&[("/scores/0/points", "wrong_type"), ("/scores/0/composite", "unknown_member")]);
        let scores = json!([
            {"criterion": 6, "points": "80"}, {"criterion": 1, "points": "80", "cannot_judge": true},
            {"criterion": 1, "points": "80"},
        ]);
        begin_sheet(&supervisor, assignment, json!({"scores": scores})).await.invalid(&[
            ("/scores/0/criterion", "unknown_criterion"),
            ("/scores/1/points", "invalid"),
            ("/scores/2/criterion", "duplicate"),
        ]);
        begin_sheet(&supervisor, assignment, sheet(5, "100.0")).await.expect(201);
    }

    async fn d_601_with_the_last_sheet_that_it_needs_an_application_is_verified(world: World) {
        let (one, other) = (world.supervisor("钟甲").await, world.supervisor("钟乙").await);
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        world.scored((campaign, applications[0]), &one, (5, "80")).await;
        assert_eq!(state_of(&world, applications[0]).await, "accepted");
        world.scored((campaign, applications[0]), &other, (5, "90")).await;
        assert_eq!(state_of(&world, applications[0]).await, "verified");
        let unit = world.unit("江背镇").await;
        assert_eq!(unit.get(&format!("/applications/{}", applications[0])).await.expect(200).state(), "verified");
        let history = unit.get(&format!("/applications/{}/history", applications[0])).await.expect(200);
        assert!(history.text.contains("submit_score_sheet"), "{history}");
    }

    async fn d_401_the_last_two_sheets_at_once_verify_it_once(world: World) {
        let (one, other) = (world.supervisor("钟甲").await, world.supervisor("钟乙").await);
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        let first = world.drafted_sheet((campaign, applications[0]), &one, (5, "80")).await;
        let second = world.drafted_sheet((campaign, applications[0]), &other, (5, "90")).await;
        let submit = |(who, id): (_, Uuid)| submit_sheet(who, id);
        for reply in join_all([(&one, first), (&other, second)].map(submit)).await {
            reply.expect(200);
        }
        assert_eq!(state_of(&world, applications[0]).await, "verified");
    }

    async fn d_604_a_sheet_with_under_half_of_the_weight_judged_does_not_count(world: World) {
        let (one, two) = (world.supervisor("钟甲").await, world.supervisor("钟乙").await);
        let three = world.supervisor("钟丙").await;
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        let key = (campaign, applications[0]);
        let assignment = world.drafted_sheet(key, &one, (5, "80")).await;
        let mut half = sheet(5, "80");
        for at in [2, 3, 4] {
            half["scores"][at] = json!({"criterion": at + 1, "cannot_judge": true, "reason": "未能查看。"});
        }
        one.put(&format!("/assignments/{assignment}/score-sheet")).if_match("*").json(half).await.expect(200);
        let submitted = submit_sheet(&one, assignment).await.expect(200);
        assert_eq!((submitted.at("/counts"), submitted.at("/composite")), (&json!(false), &json!(null)));
        world.scored(key, &two, (5, "80")).await;
        assert_eq!(state_of(&world, applications[0]).await, "accepted");
        let office = world.office().await;
        let plan = office.post(&format!("/campaigns/{campaign}/assignments/plan")).json(json!({})).await.expect(200);
        assert_eq!(plan.column("supervisor_id"), [three.supervisor_id().to_string()], "another is due");
        office.post(&format!("/campaigns/{campaign}/assignments/confirm")).json(json!({})).await.expect(200);
        let assignment = plan.text_at("/items/0/id").parse().unwrap();
        three.post(&format!("/assignments/{assignment}/declare")).if_match("*").await.expect(200);
        record_visit(&three, Uuid::new_v4(), visit(applications[0], &[&three])).await.expect(201);
        begin_sheet(&three, assignment, sheet(5, "70")).await.expect(201);
        submit_sheet(&three, assignment).await.expect(200);
        assert_eq!(state_of(&world, applications[0]).await, "verified");
    }

    async fn d_604_a_sheet_is_reopened_and_submitted_again(world: World) {
        let office = world.office().await;
        let (one, other) = (world.supervisor("钟甲").await, world.supervisor("钟乙").await);
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        let key = (campaign, applications[0]);
        let first = world.scored(key, &one, (5, "80")).await;
        let second = world.drafted_sheet(key, &other, (5, "90")).await;
        reopen_sheet(&office, second).await.refused(409, "illegal_transition");
        submit_sheet(&other, second).await.expect(200);
        assert_eq!(state_of(&world, applications[0]).await, "verified");
        let place = format!("/assignments/{first}/score-sheet");
        let read = office.get(&place).await.expect(200);
        assert_eq!(read.blockers("reopen_score_sheet"), Some(vec![]));
        let reopen = format!("{place}/reopen");
        let body = json!({"reason": "第二项理由不充分。"});
        office.post(&reopen).json(&body).await.refused(428, "precondition_required");
        office.post(&reopen).if_match("\"1\"").json(&body).await.refused(412, "precondition_failed");
        office.post(&reopen).if_match("*").json(json!({})).await.invalid(&[("/reason", "required")]);
        one.post(&reopen).if_match("*").json(&body).await.refused(403, "role_not_permitted");
        reopen_sheet(&office, Uuid::nil()).await.refused(404, "not_found");

        let reopened = office.post(&reopen).if_match(&read.etag()).json(&body).await.expect(200);
        assert_eq!((reopened.state().as_str(), reopened.at("/counts")), ("draft", &json!(false)));
        assert_eq!((reopened.at("/composite"), reopened.at("/submitted_at")), (&json!(null), &json!(null)));
        assert_eq!(reopened.at("/scores/0/points"), "80", "what was written stays");
        assert_eq!(state_of(&world, applications[0]).await, "accepted");
        let unit = world.unit("江背镇").await;
        assert_eq!(unit.get(&format!("/applications/{}", applications[0])).await.expect(200).state(), "accepted");
        one.put(&place).if_match(&reopened.etag()).json(sheet(5, "85")).await.expect(200);
        submit_sheet(&one, first).await.expect(200);
        assert_eq!(state_of(&world, applications[0]).await, "verified");
        world.advanced(campaign).await.expect(200);
        reopen_sheet(&office, first).await.blocked_by(&["campaign_not_verifying"]);
    }

    async fn d_902_whoever_has_a_stake_reopens_no_sheet(world: World) {
        let supervisor = world.supervisor("钟甲").await;
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        let scored = world.scored((campaign, applications[0]), &supervisor, (5, "80")).await;
        let colleague = world.person("colleague", &[Role::Office]).await;
        let home = world.unit_id("江背镇").await;
        let local = world.account("local", &[Role::Office], Some(home), None).await;
        declare_recusal(&colleague, campaign, recusal(applications[0])).await.expect(201);
        reopen_sheet(&colleague, scored).await.blocked_by(&["recused"]);
        let read = colleague.get(&format!("/assignments/{scored}/score-sheet")).await.expect(200);
        assert_eq!(read.blockers("reopen_score_sheet"), Some(vec!["recused".to_owned()]));
        reopen_sheet(&local, scored).await.blocked_by(&["own_unit_stake"]);
        reopen_sheet(&world.office().await, scored).await.expect(200);
    }

    async fn d_605_a_sheet_is_its_supervisors_own_and_the_house_reads_it(world: World) {
        let (own, other) = (world.supervisor("钟甲").await, world.supervisor("钟乙").await);
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        let assignment = world.drafted_sheet((campaign, applications[0]), &own, (5, "80")).await;
        world.confirmed(campaign, applications[0], &other).await;
        let place = format!("/assignments/{assignment}/score-sheet");
        other.get(&place).await.refused(404, "not_found");
        other.put(&place).if_match("*").json(sheet(5, "0")).await.refused(404, "not_found");
        other.post(&format!("{place}/submit")).if_match("*").await.refused(404, "not_found");
        for reader in [world.office().await, world.approver().await, world.auditor().await] {
            let read = reader.get(&place).await.expect(200);
            assert_eq!(read.actions(), [] as [&str; 0]);
            reader.put(&place).if_match("*").json(sheet(5, "0")).await.refused(403, "role_not_permitted");
        }
        world.unit("江背镇").await.get(&place).await.refused(403, "role_not_permitted");
        world.public().get(&place).await.refused(401, "unauthenticated");
    }
}

//! Assignments and site visits: who is to score what, and who went there (D-601 to D-603, D-605).

use pingxuan_tests::county::COUNTY;
use pingxuan_tests::story::{COLLECTIVE, INDIVIDUAL, TOWNSHIP, filled_form};
use pingxuan_tests::verification::{begin_sheet, record_visit, sheet, submit_sheet, visit};
use pingxuan_tests::{Person, Reply, World, both};
use serde_json::{Value, json};
use uuid::Uuid;

async fn plan(world: &World, campaign: Uuid, body: Value) -> Reply {
    world.office().await.post(&format!("/campaigns/{campaign}/assignments/plan")).json(body).await
}

async fn confirm(world: &World, campaign: Uuid, body: Value) -> Reply {
    world.office().await.post(&format!("/campaigns/{campaign}/assignments/confirm")).json(body).await
}

fn pairs(plan: &Reply) -> Vec<(Value, Value)> {
    plan.items().iter().map(|item| (item["application_id"].clone(), item["supervisor_id"].clone())).collect()
}

both! {
    async fn d_602_a_plan_is_balanced_connected_and_made_again_by_its_seed(world: World) {
        let office = world.office().await;
        let home = world.unit_id("江背镇").await;
        let local = world.supervisor_at("钟甲", Some(home)).await;
        world.supervisor("钟乙").await;
        world.supervisor("钟丙").await;
        let declared = [("江背镇", TOWNSHIP), ("高兴镇", TOWNSHIP), ("良村镇", TOWNSHIP)];
        let (campaign, applications) = world.verifying(&declared).await;
        let first = plan(&world, campaign, json!({"seed": 7})).await.expect(200);
        assert_eq!(first.items().len(), 6);
        assert_eq!((first.at("/connected"), first.at("/seed")), (&json!(true), &json!(7)));
        assert_eq!(first.list_at("/short"), [] as [Value; 0]);
        for load in first.list_at("/loads") {
            assert_eq!(load["assignments"], 2, "{first}");
        }
        let own = (json!(applications[0]), json!(local.supervisor_id()));
        assert!(!pairs(&first).contains(&own), "{first}");

        let again = plan(&world, campaign, json!({"seed": 7, "method": "balanced"})).await.expect(200);
        assert_eq!(pairs(&again), pairs(&first));
        let list = format!("/campaigns/{campaign}/assignments?include=total,allowed_actions");
        let listed = office.get(&list).await.expect(200);
        assert_eq!(listed.at("/total"), 6, "a new plan takes the place of the earlier one");
        assert_eq!(listed.at("/items/0/state"), "planned");
        assert_eq!(listed.at("/items/0/allowed_actions/0/operation_id"), "update_assignment");
        assert_eq!(listed.at("/items/0/allowed_actions/1/operation_id"), "delete_assignment");

        assert_eq!(confirm(&world, campaign, json!({})).await.expect(200).at("/confirmed"), 6);
        confirm(&world, campaign, json!({})).await.blocked_by(&["nothing_planned"]);
        let whole = plan(&world, campaign, json!({})).await.expect(200);
        assert!(whole.items().is_empty(), "everybody has what they need: {whole}");
        assert_eq!(office.get(&list).await.expect(200).at("/total"), 6);
    }

    async fn d_602_a_plan_keeps_to_its_category_and_says_who_is_short(world: World) {
        let only = world.supervisor("钟甲").await;
        let declared = [("江背镇", TOWNSHIP), ("县财政局", COLLECTIVE)];
        let (campaign, applications) = world.verifying(&declared).await;
        let planned = plan(&world, campaign, json!({"category_code": COLLECTIVE, "method": "plain"})).await.expect(200);
        assert_eq!(pairs(&planned), [(json!(applications[1]), json!(only.supervisor_id()))]);
        assert_eq!(planned.at("/short/0/application_id"), &json!(applications[1]));
        assert_eq!(planned.at("/short/0/missing"), 1);
        let all = plan(&world, campaign, json!({})).await.expect(200);
        assert_eq!(all.items().len(), 2, "what was planned before is dropped");
        assert_eq!(confirm(&world, campaign, json!({"category_code": TOWNSHIP})).await.expect(200).at("/confirmed"), 1);
        let planned = format!("/campaigns/{campaign}/assignments?state=planned&category_code={COLLECTIVE}");
        assert_eq!(world.office().await.get(&planned).await.expect(200).items().len(), 1);
        plan(&world, campaign, json!({"category_code": "no_such"})).await.invalid(&[("/category_code", "unknown_category")]);
        plan(&world, campaign, json!({"seed": -1, "method": "best", "x": 1})).await.invalid(&[
            ("/seed", "too_small"),
            ("/method", "not_a_choice"),
            ("/x", "unknown_member"),
        ]);
    }

    async fn d_602_nothing_is_planned_before_the_campaign_verifies(world: World) {
        let supervisor = world.supervisor("钟甲").await;
        let campaign = world.accepting_campaign().await;
        let application = world.accepted(campaign, "江背镇", TOWNSHIP).await;
        plan(&world, campaign, json!({})).await.blocked_by(&["campaign_not_verifying"]);
        confirm(&world, campaign, json!({})).await.blocked_by(&["campaign_not_verifying"]);
        world.assign(campaign, application, &supervisor).await.blocked_by(&["campaign_not_verifying"]);
        plan(&world, Uuid::nil(), json!({})).await.refused(404, "not_found");
    }

    async fn d_603_nobody_is_assigned_to_their_own_unit_or_twice_or_out_of_office(world: World) {
        let office = world.office().await;
        let local = world.supervisor_at("钟甲", Some(world.unit_id("江背镇").await)).await;
        let other = world.supervisor("钟乙").await;
        let retired = world.supervisor("钟丙").await;
        let place = format!("/supervisors/{}", retired.supervisor_id());
        office.change(&place, json!({"appointed_until": "2022-12-31"})).await.expect(200);
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        world.assign(campaign, applications[0], &local).await.blocked_by(&["own_unit", "recused"]);
        world.assign(campaign, applications[0], &retired).await.blocked_by(&["supervisor_inactive"]);
        let made = world.assign(campaign, applications[0], &other).await.expect(201);
        assert_eq!(made.state(), "planned");
        assert_eq!(made.at("/nominee_unit/name"), "兴国县江背镇");
        world.assign(campaign, applications[0], &other).await.blocked_by(&["already_assigned"]);
        let foreign = json!({"application_id": Uuid::nil(), "supervisor_id": Uuid::nil()});
        let assignments = format!("/campaigns/{campaign}/assignments");
        office.post(&assignments).json(foreign).await.invalid(&[
            ("/application_id", "unknown_reference"),
            ("/supervisor_id", "unknown_reference"),
        ]);
        let planned = plan(&world, campaign, json!({})).await.expect(200);
        assert_eq!(pairs(&planned), [(json!(applications[0]), json!(other.supervisor_id()))]);
        assert_eq!(planned.at("/short/0/missing"), 1);
    }

    async fn d_605_a_candidate_has_no_hand_in_their_category(world: World) {
        let office = world.office().await;
        let form = filled_form(INDIVIDUAL, "县财政局", 1);
        let mut record = COUNTY.supervisor("张甲", 1, None);
        record["citizen_id"] = form["citizen_id"].clone();
        let candidate = office.post("/supervisors").json(record).await.expect(201).id();
        let declared = [("县财政局", INDIVIDUAL), ("江背镇", TOWNSHIP)];
        let (campaign, applications) = world.verifying(&declared).await;
        let assign = |application: Uuid| {
            let body = json!({"application_id": application, "supervisor_id": candidate});
            office.post(&format!("/campaigns/{campaign}/assignments")).json(body)
        };
        assign(applications[0]).await.blocked_by(&["supervisor_is_candidate"]);
        let planned = plan(&world, campaign, json!({})).await.expect(200);
        assert_eq!(pairs(&planned), [(json!(applications[1]), json!(candidate))]);
    }

    async fn d_605_a_candidate_goes_on_no_trip_in_their_category(world: World) {
        let office = world.office().await;
        let form = filled_form(INDIVIDUAL, "县财政局", 1);
        let mut record = COUNTY.supervisor("张甲", 1, None);
        record["citizen_id"] = form["citizen_id"].clone();
        let candidate = office.post("/supervisors").json(record).await.expect(201).id();
        let own = world.supervisor("钟甲").await;
        let declared = [("县财政局", INDIVIDUAL), ("县公安局", INDIVIDUAL), ("江背镇", TOWNSHIP)];
        let (campaign, applications) = world.verifying(&declared).await;
        for rival in [applications[1], applications[2]] {
            world.confirmed(campaign, rival, &own).await;
        }
        let with = |application: Uuid| {
            let mut body = visit(application, &[&own]);
            body["supervisor_ids"] = json!([own.supervisor_id(), candidate]);
            body
        };
        let refused = record_visit(&own, Uuid::new_v4(), with(applications[1])).await;
        refused.invalid(&[("/supervisor_ids/1", "supervisor_is_candidate")]);
        record_visit(&own, Uuid::new_v4(), with(applications[2])).await.expect(201);
    }

    async fn d_603_the_trips_of_others_are_read_once_no_conflict_is_declared(world: World) {
        let (one, other) = (world.supervisor("钟甲").await, world.supervisor("钟乙").await);
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        world.confirmed(campaign, applications[0], &one).await;
        let assignment = world.confirmed(campaign, applications[0], &other).await;
        let trip = Uuid::new_v4();
        record_visit(&one, trip, visit(applications[0], &[&one])).await.expect(201);
        let (place, list) = (format!("/site-visits/{trip}"), format!("/campaigns/{campaign}/site-visits"));
        other.get(&place).await.refused(404, "not_found");
        assert_eq!(other.get(&list).await.expect(200).items().len(), 0);
        other.post(&format!("/assignments/{assignment}/declare")).if_match("*").await.expect(200);
        other.get(&place).await.expect(200);
    }

    async fn d_603_an_application_opens_once_no_conflict_is_declared(world: World) {
        let (own, other) = (world.supervisor("钟甲").await, world.supervisor("钟乙").await);
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        let list = format!("/campaigns/{campaign}/assignments?include=total,allowed_actions");
        let made = world.assign(campaign, applications[0], &own).await.expect(201);
        let declare = format!("/assignments/{}/declare", made.id());
        let application = format!("/applications/{}", applications[0]);
        assert_eq!(own.get(&list).await.expect(200).at("/total"), 0, "what is planned is not told");
        own.post(&declare).if_match("*").await.refused(404, "not_found");
        confirm(&world, campaign, json!({})).await.expect(200);

        let told = own.get(&list).await.expect(200);
        assert_eq!(told.column("state"), ["confirmed"]);
        assert_eq!(told.at("/items/0/allowed_actions/0/operation_id"), "declare_no_conflict");
        assert_eq!(told.at("/items/0/allowed_actions/1/blocked_by/0/code"), "not_declared");
        own.get(&application).await.refused(404, "not_found");
        other.post(&declare).if_match("*").await.refused(404, "not_found");
        assert_eq!(other.get(&list).await.expect(200).at("/total"), 0);
        own.post(&declare).await.refused(428, "precondition_required");
        own.post(&declare).if_match("\"1\"").await.refused(412, "precondition_failed");
        let version = format!("\"{}\"", told.at("/items/0/version"));
        let declared = own.post(&declare).if_match(&version).await.expect(200);
        assert_eq!(declared.state(), "cleared");
        assert_eq!(declared.blockers("save_score_sheet"), Some(vec![]));
        own.get(&application).await.expect(200);
        own.post(&declare).if_match("*").await.refused(409, "illegal_transition");
        world.office().await.post(&declare).if_match("*").await.refused(403, "role_not_permitted");
        for reader in [world.approver().await, world.auditor().await] {
            assert_eq!(reader.get(&list).await.expect(200).at("/total"), 1);
        }
        world.unit("江背镇").await.get(&list).await.refused(403, "role_not_permitted");
    }

    async fn d_603_who_has_moved_to_the_unit_meanwhile_cannot_declare(world: World) {
        let supervisor = world.supervisor("钟甲").await;
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        let assignment = world.confirmed(campaign, applications[0], &supervisor).await;
        let place = format!("/supervisors/{}", supervisor.supervisor_id());
        let moved = json!({"unit_id": world.unit_id("江背镇").await});
        world.office().await.change(&place, moved).await.expect(200);
        let declare = supervisor.post(&format!("/assignments/{assignment}/declare")).if_match("*").await;
        declare.blocked_by(&["own_unit"]);
    }

    async fn d_602_an_assignment_is_deleted_until_its_sheet_is_submitted(world: World) {
        let office = world.office().await;
        let (one, other) = (world.supervisor("钟甲").await, world.supervisor("钟乙").await);
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        let drafted = world.drafted_sheet((campaign, applications[0]), &one, (5, "80")).await;
        let scored = world.scored((campaign, applications[0]), &other, (5, "80")).await;
        let place = |id: Uuid| format!("/assignments/{id}");
        office.delete(&place(scored)).if_match("*").await.blocked_by(&["sheet_submitted"]);
        office.delete(&place(drafted)).await.refused(428, "precondition_required");
        office.delete(&place(drafted)).if_match("*").await.expect(204);
        office.delete(&place(drafted)).if_match("*").await.refused(404, "not_found");
        one.get(&format!("/assignments/{drafted}/score-sheet")).await.refused(404, "not_found");
        let visits = office.get(&format!("/campaigns/{campaign}/site-visits?include=total")).await.expect(200);
        assert_eq!(visits.at("/total"), 2, "the trip stays");
    }

    async fn d_601_a_trip_has_two_participants_one_of_them_assigned(world: World) {
        let (own, other) = (world.supervisor("钟甲").await, world.supervisor("钟乙").await);
        let local = world.supervisor_at("钟丙", Some(world.unit_id("江背镇").await)).await;
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP), ("高兴镇", TOWNSHIP)]).await;
        world.confirmed(campaign, applications[0], &own).await;
        let id = Uuid::new_v4();
        let mut body = visit(applications[0], &[&own]);
        body["others"] = json!([]);
        record_visit(&own, id, body.clone()).await.invalid(&[("/supervisor_ids", "participants_missing")]);
        body["supervisor_ids"] = json!([own.supervisor_id(), own.supervisor_id(), local.supervisor_id(), Uuid::nil()]);
        body["visited_on"] = json!("2023-01-02");
        body["unit_word"] = json!({"verdict": "dissents", "spoken_by": "镇长", "reason": null});
        record_visit(&own, id, body).await.invalid(&[
            ("/supervisor_ids/1", "duplicate"),
            ("/supervisor_ids/2", "own_unit"),
            ("/supervisor_ids/3", "unknown_reference"),
            ("/visited_on", "not_in_the_past"),
            ("/unit_word/reason", "dissent_needs_reason"),
        ]);
        let elsewhere = visit(applications[1], &[&own]);
        record_visit(&own, id, elsewhere).await.invalid(&[("/application_id", "unknown_reference")]);
        let unassigned = visit(applications[0], &[&other]);
        let office = world.office().await;
        record_visit(&office, id, unassigned.clone()).await.invalid(&[("/supervisor_ids", "participants_missing")]);
        record_visit(&other, id, unassigned).await.invalid(&[("/application_id", "unknown_reference")]);
        let without_me = visit(applications[0], &[&other]);
        let faults = [("/supervisor_ids", "not_a_participant"), ("/supervisor_ids", "participants_missing")];
        record_visit(&own, id, without_me).await.invalid(&faults);

        let mut body = visit(applications[0], &[&own, &other]);
        body["unit_word"] = json!({"verdict": "confirms", "spoken_by": "镇长", "reason": null});
        body["photos"] = json!([{"file_name": "台账.jpg", "sha256": "a".repeat(64)}]);
        let made = record_visit(&own, id, body).await.expect(201);
        assert_eq!(made.id(), id);
        assert_eq!(made.list_at("/supervisors").len(), 2);
        assert_eq!(made.at("/unit_word"), &json!({"verdict": "confirms", "spoken_by": "镇长", "reason": null}));
    }

    async fn d_601_a_trip_is_seen_by_those_it_concerns_and_replaced_by_version(world: World) {
        let (own, mate) = (world.supervisor("钟甲").await, world.supervisor("钟乙").await);
        let stranger = world.supervisor("钟丙").await;
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        world.confirmed(campaign, applications[0], &own).await;
        let id = Uuid::new_v4();
        let place = format!("/site-visits/{id}");
        let body = visit(applications[0], &[&own, &mate]);
        own.put(&place).json(&body).await.refused(428, "precondition_required");
        own.put(&place).if_match("*").json(&body).await.refused(412, "precondition_failed");
        let made = record_visit(&own, id, body.clone()).await.expect(201);
        assert_eq!(made.header("location"), Some(format!("/api/v1{place}").as_str()));
        record_visit(&own, id, visit(applications[0], &[&own])).await.refused(412, "already_exists");
        let mut changed = body.clone();
        changed["notes"] = json!("查看了台账,并走访群众。");
        own.put(&place).if_match("\"9\"").json(&changed).await.refused(412, "precondition_failed");
        let put = own.put(&place).if_match(&made.etag()).json(&changed).await.expect(200);
        assert_eq!(put.at("/notes"), &changed["notes"]);
        assert_eq!(put.list_at("/supervisors").len(), 2);

        let list = format!("/campaigns/{campaign}/site-visits?include=total&application_id={}", applications[0]);
        for reader in [&own, &mate, &world.office().await, &world.approver().await, &world.auditor().await] {
            assert_eq!(reader.get(&place).await.expect(200).body, put.body);
            assert_eq!(reader.get(&list).await.expect(200).at("/total"), 1);
        }
        stranger.get(&place).await.refused(404, "not_found");
        assert_eq!(stranger.get(&list).await.expect(200).at("/total"), 0);
        record_visit(&stranger, id, visit(applications[0], &[&stranger])).await.expect(422);
        world.cleared(campaign, applications[0], &stranger).await;
        record_visit(&stranger, id, body).await.refused(412, "already_exists");
        world.unit("江背镇").await.get(&place).await.refused(403, "role_not_permitted");
    }

    async fn d_601_one_trip_serves_the_sheets_of_all_who_went(world: World) {
        let (own, mate) = (world.supervisor("钟甲").await, world.supervisor("钟乙").await);
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        let mut assignments = Vec::new();
        for supervisor in [&own, &mate] {
            assignments.push(world.cleared(campaign, applications[0], supervisor).await);
        }
        let trip = visit(applications[0], &[&own, &mate]);
        record_visit(&own, Uuid::new_v4(), trip).await.expect(201);
        for (supervisor, assignment) in [&own, &mate].into_iter().zip(assignments) {
            begin_sheet(supervisor, assignment, sheet(5, "90")).await.expect(201);
            submit_sheet(supervisor, assignment).await.expect(200);
        }
        let place = format!("/applications/{}", applications[0]);
        assert_eq!(world.office().await.get(&place).await.expect(200).state(), "verified");
    }

    async fn d_603_nobody_recused_goes_on_a_trip(world: World) {
        let (own, mate) = (world.supervisor("钟甲").await, world.supervisor("钟乙").await);
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        world.confirmed(campaign, applications[0], &own).await;
        let (earlier, id) = (Uuid::new_v4(), Uuid::new_v4());
        record_visit(&own, earlier, visit(applications[0], &[&own, &mate])).await.expect(201);
        world.recused(campaign, applications[0], &mate).await.expect(201);
        let body = visit(applications[0], &[&own, &mate]);
        record_visit(&own, id, body.clone()).await.invalid(&[("/supervisor_ids/1", "recused")]);
        let office = world.office().await;
        office.put(&format!("/site-visits/{earlier}")).if_match("*").json(body).await.expect(200);
    }

    async fn d_601_a_trip_that_a_sheet_rests_on_keeps_its_supervisor(world: World) {
        let (own, mate) = (world.supervisor("钟甲").await, world.supervisor("钟乙").await);
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        let assignment = world.cleared(campaign, applications[0], &own).await;
        world.confirmed(campaign, applications[0], &mate).await;
        let id = Uuid::new_v4();
        record_visit(&own, id, visit(applications[0], &[&own, &mate])).await.expect(201);
        let place = format!("/assignments/{assignment}/score-sheet");
        own.put(&place).header("if-none-match", "*").json(sheet(5, "90")).await.expect(201);
        submit_sheet(&own, assignment).await.expect(200);
        let replace = async |supervisors: &[&Person]| {
            let body = visit(applications[0], supervisors);
            world.office().await.put(&format!("/site-visits/{id}")).if_match("*").json(body).await
        };
        replace(&[&mate]).await.blocked_by(&["visit_record_in_use"]);
        replace(&[&own]).await.expect(200);
    }
}

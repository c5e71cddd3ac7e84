//! Thematic activities: what was held, who attended, and what it is worth (D-608, D-609, D-805).

use pingxuan_domain::Role;
use pingxuan_tests::county::COUNTY;
use pingxuan_tests::selection::{only, ranking_of};
use pingxuan_tests::story::SUPERVISOR;
use pingxuan_tests::{Person, Reply, World, both};
use serde_json::{Value, json};
use uuid::Uuid;

async fn held(world: &World, held_on: &str) -> Reply {
    let body = json!({"title": "营商环境专题监督", "held_on": held_on});
    world.office().await.post("/thematic-activities").json(body).await.expect(201)
}

async fn attend(world: &World, activity: Uuid, supervisors: &[&Person]) -> Reply {
    let ids: Vec<Uuid> = supervisors.iter().map(|supervisor| supervisor.supervisor_id()).collect();
    let body = json!({"supervisor_ids": ids});
    world
        .office()
        .await
        .put(&format!("/thematic-activities/{activity}/attendance"))
        .if_match("*")
        .json(body)
        .await
}

both! {
    async fn d_805_an_activity_is_entered_and_attendance_recorded_by_version(world: World) {
        let office = world.office().await;
        let (one, other) = (world.supervisor("钟甲").await, world.supervisor("钟乙").await);
        let retired = world.supervisor("钟丙").await;
        let term = json!({"appointed_until": "2022-06-30"});
        office.change(&format!("/supervisors/{}", retired.supervisor_id()), term).await.expect(200);
        let wrong = json!({"title": " ", "held_on": "2022-02-30", "attended": []});
        office.post("/thematic-activities").json(wrong).await.invalid(&[
            ("/title", "wrong_format"), ("/held_on", "wrong_format"), ("/attended", "unknown_member"),
        ]);
        let future = json!({"title": "座谈会", "held_on": "2022-11-08"});
        office.post("/thematic-activities").json(future).await.invalid(&[("/held_on", "not_in_the_past")]);
        let body = json!({"title": "座谈会", "held_on": "2022-07-01", "description": "听取企业意见。"});
        let made = office.post("/thematic-activities").json(&body).await.expect(201);
        assert_eq!((made.at("/attended"), made.at("/description")), (&json!([]), &body["description"]));
        held(&world, "2021-05-01").await;

        let place = format!("/thematic-activities/{}/attendance", made.id());
        let ids = [one.supervisor_id(), one.supervisor_id(), retired.supervisor_id(), Uuid::nil()];
        let wrong = office.put(&place).if_match(&made.etag()).json(json!({"supervisor_ids": ids})).await;
        wrong.invalid(&[
            ("/supervisor_ids/1", "duplicate"), ("/supervisor_ids/2", "out_of_term"), ("/supervisor_ids/3", "unknown_reference"),
        ]);
        let body = json!({"supervisor_ids": [other.supervisor_id(), one.supervisor_id()]});
        office.put(&place).json(&body).await.refused(428, "precondition_required");
        let recorded = office.put(&place).if_match(&made.etag()).json(&body).await.expect(200);
        let mut names: Vec<_> = recorded.list_at("/attended").iter().map(|one| one["name"].clone()).collect();
        names.sort_by_key(Value::to_string);
        assert_eq!(names, ["钟乙", "钟甲"]);
        office.put(&place).if_match(&made.etag()).json(&body).await.refused(412, "precondition_failed");
        let replaced = attend(&world, made.id(), &[&one]).await.expect(200);
        assert_eq!(replaced.at("/attended"), &json!([{"id": one.supervisor_id(), "name": "钟甲"}]));
        attend(&world, Uuid::nil(), &[&one]).await.refused(404, "not_found");

        for reader in [world.office().await, world.approver().await, world.auditor().await] {
            let of_year = reader.get("/thematic-activities?year=2022&include=total").await.expect(200);
            assert_eq!((of_year.at("/total"), of_year.at("/items/0/attended")), (&json!(1), replaced.at("/attended")));
            let all = reader.get("/thematic-activities?sort=held_on").await.expect(200);
            assert_eq!(all.column("held_on"), ["2021-05-01", "2022-07-01"]);
        }
        for stranger in [one, world.unit("江背镇").await] {
            stranger.get("/thematic-activities").await.refused(403, "role_not_permitted");
        }
        let approver = world.approver().await;
        approver.put(&place).if_match("*").json(&body).await.refused(403, "role_not_permitted");
    }

    async fn d_605_no_supervisor_writes_down_who_attended(world: World) {
        let supervisor = world.supervisor("钟甲").await;
        let activity = held(&world, "2022-03-01").await.id();
        let own = world.office().await.post("/supervisors").json(COUNTY.supervisor("张甲", 1, None)).await.expect(201).id();
        let both = world.account("both", &[Role::Office, Role::Supervisor], None, Some(own)).await;
        let body = json!({"supervisor_ids": [supervisor.supervisor_id()]});
        let place = format!("/thematic-activities/{activity}/attendance");
        both.put(&place).if_match("*").json(body).await.blocked_by(&["supervisors_evaluated"]);
        attend(&world, activity, &[&supervisor]).await.expect(200);
    }

    async fn d_608_attendance_counts_beside_the_duty_records(world: World) {
        let (one, other) = (world.supervisor("钟甲").await, world.supervisor("钟乙").await);
        world.duty_record(&one, 1).await.expect(200);
        for (held_on, who) in [
            ("2022-03-01", vec![&one, &other]), ("2022-06-01", vec![&one]), ("2022-09-01", vec![&one]),
        ] {
            let activity = held(&world, held_on).await.id();
            attend(&world, activity, &who).await.expect(200);
        }
        let mut definition = only(SUPERVISOR);
        definition["categories"][0]["evaluation"]["value"]["attendance_points_each"] = json!(2);
        let campaign = world.selecting_by(definition).await;
        let next_year = held(&world, "2023-01-01").await.id();
        attend(&world, next_year, &[&other]).await.expect(200);
        let ranking = world.office().await.get(&ranking_of(campaign, SUPERVISOR)).await.expect(200);
        // 10 points of a criterion that weighs a quarter, and three activities of 2 points; one activity.
        assert_eq!((ranking.at("/entries/0/nominee_name"), ranking.at("/entries/0/score")), (&json!("钟甲"), &json!("8.50")));
        assert_eq!((ranking.at("/entries/1/nominee_name"), ranking.at("/entries/1/score")), (&json!("钟乙"), &json!("2.00")));
        let place = format!("{}/{}", ranking_of(campaign, SUPERVISOR), ranking.text_at("/entries/0/application_id"));
        for language in ["zh-CN", "en"] {
            let told = world.office().await.get(&place).header("accept-language", language).await.expect(200);
            assert_eq!(told.at("/attendance"), &json!({"attended": 3, "points_each": 2}));
            for pointer in ["/entry/explanation", "/verified_explanation"] {
                let said = told.text_at(pointer);
                assert!(said.contains('3') && said.contains("8.50"), "{said}");
            }
        }
    }

    async fn d_609_attendance_is_closed_while_a_list_stands_that_was_ranked_by_it(world: World) {
        let campaign = world.selecting(&[("钟甲", 2), ("钟乙", 1)]).await;
        let one = world.supervisor("钟甲").await;
        let activity = held(&world, "2022-05-01").await.id();
        let next_year = held(&world, "2023-01-01").await.id();
        let list = world.proposed(campaign).await;
        attend(&world, activity, &[&one]).await.blocked_by(&["ranking_in_use"]);
        attend(&world, next_year, &[&one]).await.expect(200);
        let back = json!({"reason": "请核对。"});
        world.approver().await.act(&format!("/shortlists/{list}/return"), back).await.expect(200);
        attend(&world, activity, &[&one]).await.expect(200);
    }
}

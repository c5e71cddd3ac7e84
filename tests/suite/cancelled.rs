//! A cancelled campaign is frozen: everything in it stays as it stands, and every action answers `campaign_cancelled` (D-304).

use pingxuan_domain::workflow::Workflow;
use pingxuan_tests::bodies::body;
use pingxuan_tests::campaign::extension;
use pingxuan_tests::selection::{NOTICE_OVER, ranking_of};
use pingxuan_tests::story::{INDIVIDUAL, SUPERVISOR, TOWNSHIP, decision_record};
use pingxuan_tests::verification::{declare_recusal, recusal, visit};
use pingxuan_tests::vetting::request_vetting;
use pingxuan_tests::{Person, Reply, World, both};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::workflow::{Placed, acting, actor, at, owned, placed, places};

/// The campaign's being cancelled is among the reasons.
fn frozen(reply: Reply) {
    let reply = reply.refused(409, "guard_failed");
    assert!(reply.error_codes().contains(&"campaign_cancelled".to_owned()), "{reply}");
}

/// Whatever the state of a thing knows is refused, is said to be, and leaves the thing as it is.
async fn all_frozen(world: &World, workflow: Workflow, things: Vec<Placed>) {
    let table = workflow.table();
    let (_, read) = places(workflow);
    let mut calls = 0;
    for thing in &things {
        for (operation, stated) in acting(&table) {
            if !table.rows.iter().any(|row| row.from == Some(thing.state) && row.operation == operation) {
                continue;
            }
            let Some(actor) = actor(world, operation, thing).await else { continue };
            let method: Method = stated.method.parse().unwrap();
            let mut request = actor.request(method, &at(&stated.template, thing.id));
            request = match read {
                Some(read) => request.if_match(&actor.etag_of(&at(read, thing.id)).await),
                None => request.if_match("*"),
            };
            if stated.stated.get("requestBody").is_some() {
                request = request.json(body(operation, &actor));
            }
            frozen(request.await);
            calls += 1;
            let Some(read) = read else { continue };
            let found = actor.get(&at(read, thing.id)).await.expect(200);
            assert_eq!(found.state(), thing.state, "{workflow} after {operation}");
            let blockers = found.blockers(operation.code()).unwrap_or_default();
            assert!(blockers.contains(&"campaign_cancelled".to_owned()), "{operation}: {blockers:?}");
        }
    }
    assert!(calls > 0, "{workflow}: something was refused");
}

async fn sent(who: &Person, path: &str, body: Value) -> Reply {
    who.post(path).json(body).await
}

both! {
    async fn d_304_nothing_is_declared_or_accepted_any_more(world: World) {
        let campaign = world.accepting_campaign().await;
        let of = async |unit: &str, state: &'static str, id: Uuid| owned(state, id, &world.unit(unit).await);
        let things = vec![
            of("江背镇", "draft", world.drafted(campaign, "江背镇", TOWNSHIP).await).await,
            of("高兴镇", "submitted", world.submitted(campaign, "高兴镇", TOWNSHIP).await).await,
            of("良村镇", "returned", world.returned(campaign, "良村镇", TOWNSHIP, "2023-12-31").await).await,
            of("梅窖镇", "accepted", world.accepted(campaign, "梅窖镇", TOWNSHIP).await).await,
        ];
        world.cancelled(campaign).await.expect(200);
        all_frozen(&world, Workflow::Application, things).await;
        let begun = json!({"campaign_id": campaign, "category_code": INDIVIDUAL, "form": {}});
        frozen(sent(&world.unit("江背镇").await, "/applications", begun).await);
        frozen(world.grants(campaign, extension(None, "2023-05-05")).await);
        frozen(world.advanced(campaign).await);
        frozen(world.cancelled(campaign).await);
    }

    async fn d_304_nothing_is_verified_or_scored_any_more(world: World) {
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        let application = applications[0];
        let mut people = Vec::new();
        for name in ["赵一", "钱二", "孙三", "李四"] {
            people.push(world.supervisor(name).await);
        }
        let draft = world.drafted_sheet((campaign, application), &people[0], (5, "80")).await;
        let submitted = world.scored((campaign, application), &people[1], (5, "80")).await;
        let confirmed = world.confirmed(campaign, application, &people[2]).await;
        let planned = world.assign(campaign, application, &people[3]).await.expect(201).id();
        let former = world.supervisor("周五").await;
        let recused = declare_recusal(&world.office().await, campaign, json!({
            "application_id": application, "supervisor_id": former.supervisor_id(), "kind": "manual", "reason": "另有任务。",
        })).await.expect(201).id();
        world.cancelled(campaign).await.expect(200);
        all_frozen(&world, Workflow::Recusal, vec![placed("in_force", recused)]).await;
        frozen(declare_recusal(&people[0], campaign, recusal(application)).await);
        let office = world.office().await;
        let list = format!("/campaigns/{campaign}/assignments");
        let before = office.get(&list).await.expect(200).body;
        all_frozen(&world, Workflow::Assignment, vec![
            placed("planned", planned),
            owned("confirmed", confirmed, &people[2]),
            owned("cleared", draft, &people[0]),
        ]).await;
        all_frozen(&world, Workflow::ScoreSheet, vec![
            owned("draft", draft, &people[0]),
            owned("submitted", submitted, &people[1]),
        ]).await;
        let unit = owned("accepted", application, &world.unit("江背镇").await);
        all_frozen(&world, Workflow::Application, vec![unit]).await;
        let supervisor = world.supervisor("吴六").await;
        frozen(world.assign(campaign, application, &supervisor).await);
        frozen(sent(&office, &format!("{list}/plan"), json!({})).await);
        frozen(sent(&office, &format!("{list}/confirm"), json!({})).await);
        let trip = format!("/site-visits/{}", Uuid::new_v4());
        let record = visit(application, &[&people[0]]);
        frozen(people[0].put(&trip).header("if-none-match", "*").json(record).await);
        assert_eq!(office.get(&list).await.expect(200).body, before);
    }

    async fn d_304_no_list_is_made_shown_or_decided_any_more(world: World) {
        for (name, records) in [("赵一", 3), ("钱二", 2), ("孙三", 1)] {
            let supervisor = world.supervisor(name).await;
            for record in 0..records {
                world.duty_record(&supervisor, record).await.expect(200);
            }
        }
        let (bare, draft) = (world.selecting(&[]).await, world.selecting(&[]).await);
        let (proposed, endorsed) = (world.selecting(&[]).await, world.selecting(&[]).await);
        let noticed = world.selecting(&[]).await;
        let ranked = world.ranked(noticed).await;
        let (list, notice) = world.noticed(noticed).await;
        let lists = vec![
            placed("draft", world.listed(draft, json!({"category_code": SUPERVISOR})).await.expect(201).id()),
            placed("proposed", world.proposed(proposed).await),
            placed("endorsed", world.endorsed(endorsed).await),
            placed("noticed", list),
        ];
        let asked = request_vetting(&world, endorsed, json!({
            "category_code": SUPERVISOR, "department_ids": [world.unit_id("县财政局").await],
        })).await.expect(201);
        let request: Uuid = asked.column("id")[0].parse().unwrap();
        world.move_clock(NOTICE_OVER).await;
        for campaign in [bare, draft, proposed, endorsed, noticed] {
            world.cancelled(campaign).await.expect(200);
        }
        all_frozen(&world, Workflow::Shortlist, lists).await;
        all_frozen(&world, Workflow::PublicNotice, vec![placed("published", notice)]).await;
        let department = world.unit("县财政局").await;
        all_frozen(&world, Workflow::VettingRequest, vec![owned("requested", request, &department)]).await;
        let office = world.office().await;
        let evaluated = |name: &'static str| world.supervisor(name);
        all_frozen(&world, Workflow::Application, vec![
            owned("shortlisted", ranked[0], &evaluated("赵一").await),
            owned("not_shortlisted", ranked[2], &evaluated("孙三").await),
        ]).await;
        frozen(world.listed(bare, json!({"category_code": SUPERVISOR})).await);
        let ranking = ranking_of(bare, SUPERVISOR);
        let tied = world.ranked(bare).await;
        let tie = json!({"application_ids": [tied[0], tied[1]], "reason": "抽签。"});
        frozen(office.act_on(&ranking, &format!("{ranking}/resolve-tie"), tie).await);
        let points = json!({"application_id": tied[0], "points": "1.00", "reason": "获省级通报表扬。"});
        frozen(office.act_on(&ranking, &format!("{ranking}/adjustments"), points).await);
        let category = format!("/campaigns/{bare}/categories/{SUPERVISOR}");
        let none = json!({"decision": decision_record()});
        frozen(world.approver().await.act(&format!("{category}/no-award"), none).await);
        frozen(request_vetting(&world, bare, json!({"category_code": SUPERVISOR})).await);
    }
}

//! Recusals: who may not score or handle what, what comes of it, and what the system sees by itself (D-602, D-603).

use futures_util::future::join_all;
use pingxuan_domain::Role;
use pingxuan_tests::story::{COLLECTIVE, SUPERVISOR, TOWNSHIP, receive_paper};
use pingxuan_tests::verification::{
    begin_sheet, declare_recusal, lift_recusal, record_visit, recusal, sheet, submit_sheet, visit,
};
use pingxuan_tests::{Person, Reply, World, both};
use serde_json::{Value, json};
use uuid::Uuid;

async fn state_of(world: &World, application: Uuid) -> String {
    world.office().await.get(&format!("/applications/{application}")).await.expect(200).state()
}

async fn listed(who: &Person, campaign: Uuid, query: &str) -> Reply {
    who.get(&format!("/campaigns/{campaign}/recusals?include=total,allowed_actions&{query}"))
        .await
        .expect(200)
}

async fn assignments(who: &Person, campaign: Uuid, state: &str) -> Vec<String> {
    let list = format!("/campaigns/{campaign}/assignments?state={state}");
    who.get(&list).await.expect(200).column("supervisor_id")
}

async fn plan(world: &World, campaign: Uuid, body: Value) -> Reply {
    world.office().await.post(&format!("/campaigns/{campaign}/assignments/plan")).json(body).await
}

async fn confirm(world: &World, campaign: Uuid) -> Reply {
    world.office().await.post(&format!("/campaigns/{campaign}/assignments/confirm")).json(json!({})).await
}

/// The office moves a supervisor to a unit.
async fn moved(world: &World, supervisor: &Person, unit: &str) {
    let body = json!({"unit_id": world.unit_id(unit).await});
    let place = format!("/supervisors/{}", supervisor.supervisor_id());
    world.office().await.change(&place, body).await.expect(200);
}

/// The body of a recusal that the office declares of an account.
fn of_account(application: Uuid, user: Uuid) -> Value {
    let mut body = recusal(application);
    body["user_id"] = json!(user);
    body
}

both! {
    async fn d_602_whoever_is_recused_loses_the_assignment_and_somebody_else_is_planned(world: World) {
        let office = world.office().await;
        let (own, mate) = (world.supervisor("钟甲").await, world.supervisor("钟乙").await);
        let third = world.supervisor("钟丙").await;
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        let key = (campaign, applications[0]);
        let drafted = world.drafted_sheet(key, &own, (5, "80")).await;
        world.confirmed(campaign, applications[0], &mate).await;
        let application = format!("/applications/{}", applications[0]);
        own.get(&application).await.expect(200);
        let told = own.get(&format!("/campaigns/{campaign}/assignments?include=allowed_actions")).await.expect(200);
        let offered = told.list_at("/items/0/allowed_actions").last().unwrap();
        assert_eq!(offered["operation_id"], "declare_recusal");
        assert_eq!(offered["href"], format!("/api/v1/campaigns/{campaign}/recusals"));
        assert_eq!(offered["blocked_by"], json!([]));

        let declared = declare_recusal(&own, campaign, recusal(applications[0])).await.expect(201);
        assert_eq!((declared.state().as_str(), declared.at("/kind")), ("in_force", &json!("relative")));
        assert_eq!(declared.at("/supervisor_id"), &json!(own.supervisor_id()));
        assert_eq!((declared.at("/person_name"), declared.at("/nominee_name")), (&json!("钟甲"), &json!("兴国县江背镇")));
        assert_eq!((declared.at("/user_id"), declared.at("/after_verification")), (&Value::Null, &json!(false)));
        assert_eq!(declared.at("/declared_by"), &json!(own.user_id()));
        assert_eq!(declared.at("/replacement"), &Value::Null, "others' assignments are not theirs to see");
        assert_eq!(assignments(&office, campaign, "recused").await, [own.supervisor_id().to_string()]);
        assert_eq!(assignments(&office, campaign, "planned").await, [third.supervisor_id().to_string()]);

        assert_eq!(assignments(&own, campaign, "recused").await, [own.supervisor_id().to_string()]);
        own.get(&application).await.refused(404, "not_found");
        let list = format!("/applications?include=total&category_code={TOWNSHIP}");
        assert_eq!(own.get(&list).await.expect(200).at("/total"), 0);
        let sheet_at = format!("/assignments/{drafted}/score-sheet");
        own.put(&sheet_at).if_match("*").json(sheet(5, "0")).await.blocked_by(&["recused"]);
        submit_sheet(&own, drafted).await.blocked_by(&["recused"]);
        own.post(&format!("/assignments/{drafted}/declare")).if_match("*").await.refused(409, "illegal_transition");
        world.recused(campaign, applications[0], &own).await.invalid(&[("/application_id", "already_recused")]);

        let without = world.recused(campaign, applications[0], &mate).await.expect(201);
        assert_eq!(without.at("/replacement"), &Value::Null, "nobody is left who may");
        let planned = plan(&world, campaign, json!({})).await.expect(200);
        assert_eq!(planned.column("supervisor_id"), [third.supervisor_id().to_string()]);
        assert_eq!(planned.at("/short/0/missing"), 1);
        let loads: Vec<_> = planned.list_at("/loads").iter().map(|load| load["assignments"].clone()).collect();
        assert_eq!(loads.iter().filter(|load| **load == 0).count(), 2, "what is lost is no load: {planned}");
    }

    async fn d_602_the_sheet_of_whoever_is_recused_counts_no_more(world: World) {
        let (one, other) = (world.supervisor("钟甲").await, world.supervisor("钟乙").await);
        let third = world.supervisor("钟丙").await;
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        let key = (campaign, applications[0]);
        world.scored(key, &one, (5, "80")).await;
        world.scored(key, &other, (5, "90")).await;
        assert_eq!(state_of(&world, applications[0]).await, "verified");
        let declared = world.recused(campaign, applications[0], &one).await.expect(201);
        assert_eq!(state_of(&world, applications[0]).await, "accepted");
        assert_eq!(declared.at("/replacement/state"), "planned");
        assert_eq!(declared.at("/replacement/supervisor_id"), &json!(third.supervisor_id()));
        let unit = world.unit("江背镇").await;
        let application = format!("/applications/{}", applications[0]);
        assert_eq!(unit.get(&application).await.expect(200).state(), "accepted");
        let history = unit.get(&format!("{application}/history?limit=100")).await.expect(200);
        let last = history.items().last().unwrap();
        assert_eq!((&last["operation_id"], &last["role"]), (&json!("declare_recusal"), &Value::Null));
        world.office().await.act(&format!("/campaigns/{campaign}/advance"), json!({})).await.blocked_by(&["applications_unverified"]);

        confirm(&world, campaign).await.expect(200);
        let assignment = declared.text_at("/replacement/id").parse().unwrap();
        third.post(&format!("/assignments/{assignment}/declare")).if_match("*").await.expect(200);
        record_visit(&third, Uuid::new_v4(), visit(applications[0], &[&third])).await.expect(201);
        begin_sheet(&third, assignment, sheet(5, "70")).await.expect(201);
        submit_sheet(&third, assignment).await.expect(200);
        assert_eq!(state_of(&world, applications[0]).await, "verified");
        let ranking = format!("/campaigns/{campaign}/categories/{TOWNSHIP}/ranking");
        let ranking = world.office().await.get(&ranking).await.expect(200);
        // (90 + 70) / 2: the 80 of whoever is recused is out.
        assert_eq!((ranking.at("/entries/0/sheets"), ranking.at("/entries/0/verified")), (&json!(2), &json!("80.00")));
    }

    async fn d_401_of_two_who_declare_the_same_at_once_one_does(world: World) {
        let people = [world.supervisor("钟甲").await, world.supervisor("钟乙").await];
        for name in ["钟丙", "钟丁"] {
            world.supervisor(name).await;
        }
        let office = world.office().await;
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        for supervisor in &people {
            world.scored((campaign, applications[0]), supervisor, (5, "80")).await;
        }
        let declare = |supervisor: &Person| {
            let mut body = recusal(applications[0]);
            body["supervisor_id"] = json!(supervisor.supervisor_id());
            office.post(&format!("/campaigns/{campaign}/recusals")).json(body).send()
        };
        let replies = join_all([&people[0], &people[0], &people[1]].map(declare)).await;
        let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 201, 422]);
        assert_eq!(listed(&office, campaign, "state=in_force").await.at("/total"), 2);
        assert_eq!(assignments(&office, campaign, "recused").await.len(), 2);
        assert_eq!(assignments(&office, campaign, "planned").await.len(), 2, "each is replaced once");
        assert_eq!(state_of(&world, applications[0]).await, "accepted");
    }

    async fn d_602_with_sheets_enough_left_nothing_else_changes(world: World) {
        let people = [world.supervisor("钟甲").await, world.supervisor("钟乙").await, world.supervisor("钟丙").await];
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        let third = world.confirmed(campaign, applications[0], &people[2]).await;
        for supervisor in &people[..2] {
            world.scored((campaign, applications[0]), supervisor, (5, "80")).await;
        }
        people[2].post(&format!("/assignments/{third}/declare")).if_match("*").await.expect(200);
        let declared = world.recused(campaign, applications[0], &people[2]).await.expect(201);
        assert_eq!(declared.at("/replacement"), &Value::Null);
        assert_eq!(state_of(&world, applications[0]).await, "verified");
    }

    async fn d_602_a_waiver_spares_what_was_due_and_not_the_sheet_that_is_lost(world: World) {
        let (one, other) = (world.supervisor("钟甲").await, world.supervisor("钟乙").await);
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        let key = (campaign, applications[0]);
        world.scored(key, &one, (5, "80")).await;
        let waive = format!("/applications/{}/waive-visits", applications[0]);
        let waived = world.office().await.act(&waive, json!({"reason": "监督员因公出差。"})).await.expect(200);
        assert_eq!(waived.state(), "verified");
        let declared = world.recused(campaign, applications[0], &one).await.expect(201);
        assert_eq!(state_of(&world, applications[0]).await, "accepted");
        assert_eq!(declared.at("/replacement/supervisor_id"), &json!(other.supervisor_id()));
        let planned = plan(&world, campaign, json!({})).await.expect(200);
        assert_eq!((planned.items().len(), planned.list_at("/short").len()), (1, 0), "one sheet is due, not two");
        confirm(&world, campaign).await.expect(200);
        let assignment = planned.text_at("/items/0/id").parse().unwrap();
        other.post(&format!("/assignments/{assignment}/declare")).if_match("*").await.expect(200);
        record_visit(&other, Uuid::new_v4(), visit(applications[0], &[&other])).await.expect(201);
        begin_sheet(&other, assignment, sheet(5, "70")).await.expect(201);
        submit_sheet(&other, assignment).await.expect(200);
        assert_eq!(state_of(&world, applications[0]).await, "verified");
    }

    async fn d_602_after_the_verification_the_sheets_stay_as_they_are(world: World) {
        let townships = [("江背镇", ["80", "90"], json!({"score": "90.00"}))];
        let (campaign, applications) = world.selecting_townships(&townships).await;
        let one = world.supervisor("钟甲").await;
        let declared = declare_recusal(&one, campaign, recusal(applications[0])).await.expect(201);
        assert_eq!((declared.at("/after_verification"), declared.at("/replacement")), (&json!(true), &Value::Null));
        assert_eq!(state_of(&world, applications[0]).await, "verified");
        assert_eq!(assignments(&one, campaign, "cleared").await, [one.supervisor_id().to_string()]);
        one.get(&format!("/applications/{}", applications[0])).await.refused(404, "not_found");
        let visits = one.get(&format!("/campaigns/{campaign}/site-visits?include=total")).await.expect(200);
        assert_eq!(visits.at("/total"), 1, "the trip that they made themselves");
        let ranking = format!("/campaigns/{campaign}/categories/{TOWNSHIP}/ranking");
        assert_eq!(world.office().await.get(&ranking).await.expect(200).at("/entries/0/sheets_counted"), 2);
        let told = listed(&world.approver().await, campaign, "state=in_force").await;
        assert_eq!(told.at("/items/0/after_verification"), true, "the approver is told");
    }

    async fn d_603_the_system_proposes_what_it_sees_and_it_binds_until_the_office_lifts_it(world: World) {
        let office = world.office().await;
        let home = world.unit_id("江背镇").await;
        let local = world.supervisor_at("钟甲", Some(home)).await;
        let (former, long_ago) = (world.supervisor("钟乙").await, world.supervisor("钟丙").await);
        for (supervisor, until) in [(&former, "2020-06-30"), (&long_ago, "2019-12-31")] {
            let body = json!({"former_units": [{"unit_id": home, "until": until}]});
            office.change(&format!("/supervisors/{}", supervisor.supervisor_id()), body).await.expect(200);
        }
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP), ("高兴镇", TOWNSHIP)]).await;
        let proposed = listed(&office, campaign, "state=proposed").await;
        let mut kinds: Vec<_> = proposed.column("person_name").into_iter().zip(proposed.column("kind")).collect();
        kinds.sort();
        let wanted = [("钟乙", "former_unit"), ("钟甲", "own_unit")].map(|(name, kind)| (name.to_owned(), kind.to_owned()));
        assert_eq!(kinds, wanted, "who left longer than three years ago is free");
        for item in proposed.items() {
            assert_eq!(item["application_id"], json!(applications[0]));
            assert_eq!((&item["reason"], &item["declared_by"]), (&Value::Null, &Value::Null));
        }
        world.assign(campaign, applications[0], &former).await.blocked_by(&["recused"]);
        let planned = plan(&world, campaign, json!({})).await.expect(200);
        let of_home = planned.items().iter().filter(|item| item["application_id"] == json!(applications[0]));
        let of_home: Vec<_> = of_home.map(|item| item["supervisor_id"].clone()).collect();
        assert_eq!(of_home, [json!(long_ago.supervisor_id())], "{planned}");

        let query = format!("supervisor_id={}", former.supervisor_id());
        let own = listed(&former, campaign, &query).await;
        assert_eq!(own.at("/total"), 1);
        assert_eq!(own.at("/items/0/allowed_actions/0/blocked_by/0/code"), "own_recusal");
        assert_eq!(listed(&former, campaign, &format!("supervisor_id={}", local.supervisor_id())).await.at("/total"), 0);
        let id = own.text_at("/items/0/id").parse().unwrap();
        lift_recusal(&former, id).await.blocked_by(&["own_recusal"]);
        let lifted = lift_recusal(&office, id).await.expect(200);
        assert_eq!((lifted.state().as_str(), lifted.at("/lift_reason")), ("lifted", &json!("经核实不构成回避情形。")));
        plan(&world, campaign, json!({})).await.expect(200);
        assert_eq!(listed(&office, campaign, "state=proposed").await.at("/total"), 1, "what was lifted stays lifted");
        assert_eq!(listed(&office, campaign, &query).await.at("/total"), 1);
        world.recused(campaign, applications[0], &former).await.expect(201);
        assert_eq!(listed(&office, campaign, &query).await.at("/total"), 2);
    }

    async fn d_603_what_the_system_proposed_comes_into_force_and_stays_the_systems(world: World) {
        let local = world.supervisor_at("钟甲", Some(world.unit_id("江背镇").await)).await;
        let mut waiting = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        let (campaign, application) = (waiting.0, waiting.1.remove(0));
        let confirmed = world.recused(campaign, application, &local).await.expect(200);
        assert_eq!((confirmed.state().as_str(), confirmed.at("/version")), ("in_force", &json!(2)));
        assert_eq!((confirmed.at("/declared_by"), confirmed.at("/kind")), (&Value::Null, &json!("relative")));
        assert_eq!(confirmed.blockers("lift_recusal"), Some(vec![]));
        lift_recusal(&local, confirmed.id()).await.blocked_by(&["own_recusal"]);
        world.recused(campaign, application, &local).await.invalid(&[("/application_id", "already_recused")]);
        assert_eq!(listed(&world.auditor().await, campaign, "").await.at("/total"), 1);
    }

    async fn d_603_who_declares_for_whom(world: World) {
        let (office, approver) = (world.office().await, world.approver().await);
        let (own, other) = (world.supervisor("钟甲").await, world.supervisor("钟乙").await);
        let unit = world.unit("江背镇").await;
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP), ("高兴镇", TOWNSHIP)]).await;
        let elsewhere = world.campaign_of(pingxuan_tests::story::definition_with_window("2022-11-07", "2023-12-31")).await;
        world.advanced(elsewhere).await.expect(200);
        let draft = world.drafted(elsewhere, "良村镇", TOWNSHIP).await;
        world.confirmed(campaign, applications[0], &own).await;
        world.assign(campaign, applications[1], &own).await.expect(201);
        let unknown = [("/application_id", "unknown_reference")];
        declare_recusal(&own, campaign, recusal(applications[1])).await.invalid(&unknown);
        declare_recusal(&other, campaign, recusal(applications[0])).await.invalid(&unknown);
        declare_recusal(&own, elsewhere, recusal(applications[0])).await.invalid(&unknown);
        declare_recusal(&own, Uuid::nil(), recusal(applications[0])).await.refused(404, "not_found");
        declare_recusal(&office, elsewhere, recusal(draft)).await.invalid(&unknown);
        declare_recusal(&office, elsewhere, recusal(applications[0])).await.invalid(&unknown);
        let mut body = recusal(applications[0]);
        body["supervisor_id"] = json!(other.supervisor_id());
        declare_recusal(&own, campaign, body.clone()).await.invalid(&[("/supervisor_id", "unknown_reference")]);
        declare_recusal(&approver, campaign, body.clone()).await.invalid(&[("/supervisor_id", "unknown_reference")]);
        body["user_id"] = json!(approver.user_id());
        declare_recusal(&office, campaign, body).await.invalid(&[("/user_id", "invalid")]);
        for user in [Uuid::nil(), unit.user_id(), world.auditor().await.user_id()] {
            let named = of_account(applications[0], user);
            declare_recusal(&office, campaign, named).await.invalid(&[("/user_id", "unknown_reference")]);
        }
        let named = of_account(applications[0], office.user_id());
        declare_recusal(&own, campaign, named).await.invalid(&[("/user_id", "unknown_reference")]);
        let blank = json!({"application_id": applications[0], "kind": "envy", "reason": " ", "state": "lifted"});
        declare_recusal(&own, campaign, blank).await.invalid(&[
            ("/kind", "not_a_choice"), ("/reason", "wrong_format"), ("/state", "unknown_member"),
        ]);
        for (who, status) in [(&unit, 403), (&world.auditor().await, 403), (&world.public(), 401)] {
            declare_recusal(who, campaign, recusal(applications[0])).await.expect(status);
        }

        let of_approver = declare_recusal(&approver, campaign, recusal(applications[0])).await.expect(201);
        assert_eq!((of_approver.at("/user_id"), of_approver.at("/supervisor_id")), (&json!(approver.user_id()), &Value::Null));
        let of_supervisor = declare_recusal(&office, campaign, of_account(applications[0], own.user_id())).await.expect(201);
        assert_eq!(of_supervisor.at("/supervisor_id"), &json!(own.supervisor_id()), "whoever logs in as the supervisor");
        assert_eq!(assignments(&office, campaign, "recused").await, [own.supervisor_id().to_string()]);
        let told = listed(&own, campaign, "").await;
        assert_eq!(told.column("id"), [of_supervisor.id().to_string()], "a supervisor sees their own");
        let both = listed(&approver, campaign, &format!("application_id={}", applications[0])).await;
        assert_eq!(both.at("/total"), 2);
        unit.get(&format!("/campaigns/{campaign}/recusals")).await.refused(403, "role_not_permitted");
    }

    async fn d_603_from_a_draft_nobody_is_recused_and_it_can_be_deleted(world: World) {
        let campaign = world.accepting_campaign().await;
        let office = world.office().await;
        let body = json!({"campaign_id": campaign, "category_code": TOWNSHIP, "unit_id": world.unit_id("江背镇").await});
        let draft = office.post("/applications").json(body).await.expect(201).id();
        let refused = declare_recusal(&office, campaign, recusal(draft)).await;
        refused.invalid(&[("/application_id", "unknown_reference")]);
        office.delete(&format!("/applications/{draft}")).if_match("*").await.expect(204);
    }

    async fn d_603_nobody_lifts_what_others_laid_upon_them(world: World) {
        let office = world.office().await;
        let colleague = world.person("colleague", &[Role::Office]).await;
        let approver = world.approver().await;
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        let laid = declare_recusal(&office, campaign, of_account(applications[0], colleague.user_id())).await.expect(201);
        let place = format!("/recusals/{}/lift", laid.id());
        let body = json!({"reason": "无关。"});
        colleague.post(&place).json(&body).await.refused(428, "precondition_required");
        colleague.post(&place).if_match("\"2\"").json(&body).await.refused(412, "precondition_failed");
        colleague.post(&place).if_match(&laid.etag()).json(json!({"reason": " "})).await.invalid(&[("/reason", "wrong_format")]);
        colleague.post(&place).if_match(&laid.etag()).json(&body).await.blocked_by(&["own_recusal"]);
        approver.post(&place).if_match("*").json(&body).await.refused(404, "not_found");
        office.post(&place).if_match(&laid.etag()).json(&body).await.expect(200);
        lift_recusal(&office, laid.id()).await.refused(409, "illegal_transition");
        let own = declare_recusal(&approver, campaign, recusal(applications[0])).await.expect(201);
        lift_recusal(&approver, own.id()).await.expect(200);
    }

    async fn d_902_whoever_is_recused_neither_accepts_nor_reopens(world: World) {
        let office = world.office().await;
        let colleague = world.person("colleague", &[Role::Office]).await;
        let campaign = world.accepting_campaign().await;
        let application = world.submitted(campaign, "江背镇", TOWNSHIP).await;
        receive_paper(&office, application).await.expect(200);
        let declared = declare_recusal(&colleague, campaign, recusal(application)).await.expect(201);
        assert_eq!(declared.at("/user_id"), &json!(colleague.user_id()));
        let accept = format!("/applications/{application}/accept");
        colleague.act(&accept, json!({})).await.blocked_by(&["recused"]);
        office.act(&accept, json!({})).await.expect(200);
    }

    async fn d_603_none_is_confirmed_where_one_is_recused_or_not_accepted(world: World) {
        let people = [world.supervisor("钟甲").await, world.supervisor("钟乙").await, world.supervisor("钟丙").await];
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP), ("县财政局", COLLECTIVE)]).await;
        let key = (campaign, applications[0]);
        world.scored(key, &people[0], (5, "80")).await;
        let second = world.drafted_sheet(key, &people[1], (5, "80")).await;
        world.assign(campaign, applications[0], &people[2]).await.expect(201);
        submit_sheet(&people[1], second).await.expect(200);
        confirm(&world, campaign).await.blocked_by(&["application_not_accepted"]);

        moved(&world, &people[2], "江背镇").await;
        plan(&world, campaign, json!({"category_code": COLLECTIVE})).await.expect(200);
        let refused = confirm(&world, campaign).await.blocked_by(&["application_not_accepted", "recused"]);
        assert!(refused.text_at("/errors/1/detail").starts_with("兴国县江背镇 · 钟丙："), "{refused}");
        let planned = world.office().await.get(&format!("/campaigns/{campaign}/assignments?state=planned")).await;
        assert_eq!(planned.expect(200).items().len(), 3, "none is confirmed");
        let office = world.office().await;
        office.post(&format!("/campaigns/{campaign}/assignments/confirm")).json(json!({"category_code": COLLECTIVE})).await.expect(200);
    }

    async fn d_603_what_is_proposed_later_closes_what_was_cleared(world: World) {
        let supervisor = world.supervisor("钟甲").await;
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        let assignment = world.drafted_sheet((campaign, applications[0]), &supervisor, (5, "80")).await;
        moved(&world, &supervisor, "江背镇").await;
        submit_sheet(&supervisor, assignment).await.blocked_by(&["own_unit_stake"]);
        plan(&world, campaign, json!({})).await.expect(200);
        submit_sheet(&supervisor, assignment).await.blocked_by(&["own_unit_stake", "recused"]);
        supervisor.get(&format!("/applications/{}", applications[0])).await.refused(404, "not_found");
        let confirmed = declare_recusal(&supervisor, campaign, recusal(applications[0])).await.expect(200);
        assert_eq!(confirmed.at("/declared_by"), &Value::Null);
        assert_eq!(assignments(&supervisor, campaign, "recused").await.len(), 1);
    }

    async fn d_603_there_is_nothing_to_be_recused_from_once_it_is_announced(world: World) {
        world.supervisor("赵一").await;
        world.supervisor("钱二").await;
        let campaign = world.selecting(&[]).await;
        let application = world.ranked(campaign).await.remove(0);
        let approver = world.approver().await;
        let early = declare_recusal(&approver, campaign, recusal(application)).await.expect(201);
        lift_recusal(&approver, early.id()).await.expect(200);
        let again = declare_recusal(&approver, campaign, recusal(application)).await.expect(201);
        let list = world.listed(campaign, json!({"category_code": SUPERVISOR})).await.expect(201).id();
        world.office().await.act(&format!("/shortlists/{list}/propose"), Value::Null).await.expect(200);
        approver.act(&format!("/shortlists/{list}/endorse"), json!({})).await.blocked_by(&["recused"]);
        lift_recusal(&approver, again.id()).await.expect(200);
        approver.act(&format!("/shortlists/{list}/return"), json!({"reason": "请重提。"})).await.expect(200);
        world.approved(campaign).await;
        world.advanced(campaign).await.expect(200);
        declare_recusal(&approver, campaign, recusal(application)).await.blocked_by(&["campaign_not_open"]);
    }
}

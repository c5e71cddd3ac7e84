//! The workflows, state by state: each state knows the operations that its table gives it, lists them for whoever may call
//! them, and answers any other with 409 `illegal_transition`.

use std::collections::BTreeSet;

use pingxuan_domain::operation::Standing;
use pingxuan_domain::policy::{Reach, Who, rule};
use pingxuan_domain::workflow::{Table, Workflow};
use pingxuan_domain::{Operation, Role};
use pingxuan_tests::bodies::body;
use pingxuan_tests::contract::{Stated, operations};
use pingxuan_tests::objections::{finding, lead};
use pingxuan_tests::selection::{NOTICE_OVER, SELECTS, approve, close};
use pingxuan_tests::story::{COLLECTIVE, SUPERVISOR, TOWNSHIP, decision_record, definition_with_window};
use pingxuan_tests::verification::lift_recusal;
use pingxuan_tests::vetting::{answer, lift, request_vetting, resolve, veto};
use pingxuan_tests::{Person, World, both};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::townships::{TWO, assessed, two_accepted, two_noticed, two_verified};

/// What only an operation that is not yet served could reach.
const OUT_OF_REACH: [(&str, &str); 1] = [("campaign", "archived")];

/// A thing in a state.
pub(crate) struct Placed {
    pub(crate) state: &'static str,
    pub(crate) id: Uuid,
    /// Whose it is.
    owner: Option<Person>,
}

pub(crate) fn placed(state: &'static str, id: Uuid) -> Placed {
    Placed { state, id, owner: None }
}

pub(crate) fn owned(state: &'static str, id: Uuid, owner: &Person) -> Placed {
    Placed { state, id, owner: Some(owner.clone()) }
}

/// Where the things of a workflow are acted on, and where they are read.
pub(crate) fn places(workflow: Workflow) -> (&'static str, Option<&'static str>) {
    match workflow {
        Workflow::Campaign => ("/campaigns/{campaign_id}", Some("/campaigns/{campaign_id}")),
        Workflow::Application => ("/applications/{application_id}", Some("/applications/{application_id}")),
        Workflow::Assignment => ("/assignments/{assignment_id}", None),
        Workflow::ScoreSheet => {
            ("/assignments/{assignment_id}/score-sheet", Some("/assignments/{assignment_id}/score-sheet"))
        }
        Workflow::Shortlist => ("/shortlists/{shortlist_id}", Some("/shortlists/{shortlist_id}")),
        Workflow::PublicNotice => ("/public-notices/{notice_id}", Some("/public/notices/{notice_id}")),
        Workflow::DutyRecord => ("/duty-records/{duty_record_id}", None),
        Workflow::Recusal => ("/recusals/{recusal_id}", None),
        Workflow::VettingRequest => ("/vetting-requests/{request_id}", None),
        Workflow::Veto => ("/vetoes/{veto_id}", None),
        Workflow::Objection => ("/objections/{objection_id}", Some("/objections/{objection_id}")),
        Workflow::Account => ("/users/{user_id}", Some("/users/{user_id}")),
    }
}

/// A path with its only parameter filled in.
pub(crate) fn at(template: &str, id: Uuid) -> String {
    let fill = |part: &str| if part.starts_with('{') { id.to_string() } else { part.to_owned() };
    template.split('/').map(fill).collect::<Vec<_>>().join("/")
}

/// The operations that act on the things of a workflow themselves.
pub(crate) fn acting(table: &Table) -> Vec<(Operation, &'static Stated)> {
    let (resource, _) = places(table.workflow);
    let prefix = format!("/api/v1{resource}");
    let of_the_table =
        |operation: Operation| table.rows.iter().any(|row| row.operation == operation && row.from.is_some());
    let here = operations().iter().filter_map(|stated| {
        let rest = stated.template.strip_prefix(&prefix)?;
        let operation: Operation = stated.id.parse().unwrap();
        (rest.matches('/').count() <= 1 && of_the_table(operation)).then_some((operation, stated))
    });
    here.collect()
}

/// Somebody of a role, within whose reach the thing is.
pub(crate) async fn actor(world: &World, operation: Operation, thing: &Placed) -> Option<Person> {
    for grant in rule(operation) {
        let Who::Role(role) = grant.who else { continue };
        let owner = thing.owner.clone().filter(|owner| owner.roles().contains(&role));
        match grant.reach {
            Reach::All => {}
            Reach::Declared if thing.state != "draft" => {}
            Reach::Own | Reach::Assigned if owner.is_some() => return owner,
            Reach::Own
            | Reach::Assigned
            | Reach::Declared
            | Reach::Entered
            | Reach::Published
            | Reach::Names => continue,
        }
        let of_role = match role {
            Role::Office => world.office().await,
            Role::Approver => world.approver().await,
            Role::SecurityAdmin => world.security_admin().await,
            Role::Unit | Role::Supervisor | Role::Auditor | Role::Admin => continue,
        };
        return Some(of_role);
    }
    None
}

/// The states that operations with a route, or the time, lead to.
fn reached(table: &Table) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    loop {
        let rows = table.rows.iter().filter(|row| row.operation.standing() != Standing::Planned);
        let led =
            rows.filter(|row| row.from.is_none_or(|from| found.contains(from))).filter_map(|row| row.to);
        let next: BTreeSet<&'static str> = led.collect();
        if next == found {
            let workflow: &str = table.workflow.into();
            found.retain(|state| !OUT_OF_REACH.contains(&(workflow, *state)));
            return found;
        }
        found = next;
    }
}

/// Calls what no state should know, and reads what each lists.
async fn check(world: &World, workflow: Workflow, things: Vec<Placed>) {
    let table = workflow.table();
    let states: BTreeSet<&'static str> = things.iter().map(|thing| thing.state).collect();
    assert_eq!(states, reached(&table), "{workflow}: every state that can be reached is looked at");
    let (_, read) = places(workflow);
    let mut calls = 0;
    for thing in &things {
        let mut listed_for: Vec<(Person, BTreeSet<Operation>)> = Vec::new();
        for (operation, stated) in acting(&table) {
            let Some(actor) = actor(world, operation, thing).await else { continue };
            let knows =
                table.rows.iter().any(|row| row.from == Some(thing.state) && row.operation == operation);
            let mut known = BTreeSet::new();
            if knows {
                known.insert(operation);
            }
            match listed_for.iter_mut().find(|(person, _)| person.user_id() == actor.user_id()) {
                Some((_, operations)) => operations.extend(known),
                None => listed_for.push((actor.clone(), known)),
            }
            if knows {
                continue;
            }
            let etag = match read {
                Some(read) => actor.etag_of(&at(read, thing.id)).await,
                None => "*".to_owned(),
            };
            let method: Method = stated.method.parse().unwrap();
            let mut request = actor.request(method, &at(&stated.template, thing.id)).if_match(&etag);
            if stated.stated.get("requestBody").is_some() {
                request = request.json(body(operation, &actor));
            }
            let reply = request.header("accept-language", "en").await;
            let what = format!("{workflow} in {}: {reply}", thing.state);
            // In a cancelled campaign every action is answered alike (D-304).
            let cancelled = workflow == Workflow::Campaign && thing.state == "cancelled";
            let wanted = if cancelled { "guard_failed" } else { "illegal_transition" };
            assert_eq!((reply.status, reply.code()), (409, wanted), "{what}");
            assert!(!cancelled || reply.error_codes() == ["campaign_cancelled"], "{what}");
            calls += 1;
        }
        let Some(read) = read else { continue };
        let acting: Vec<Operation> = acting(&table).into_iter().map(|(operation, _)| operation).collect();
        for (person, wanted) in listed_for {
            let found = person.get(&at(read, thing.id)).await.expect(200);
            if found.body.get("state").is_some() {
                assert_eq!(found.state(), thing.state, "{workflow}: where it was put");
            }
            let listed: BTreeSet<Operation> = found
                .actions()
                .iter()
                .map(|id| id.parse().unwrap())
                .filter(|id| acting.contains(id))
                .collect();
            assert_eq!(listed, wanted, "{workflow} in {} for {person}", thing.state);
        }
    }
    assert!(calls > 0, "{workflow}: something was refused");
}

both! {
    async fn every_state_of_an_account_knows_its_operations_and_no_others(world: World) {
        let keeper = world.security_admin().await;
        let (active, disabled) = (world.office().await.user_id(), world.admin().await.user_id());
        keeper.act(&format!("/users/{disabled}/disable"), Value::Null).await.expect(200);
        check(&world, Workflow::Account, vec![placed("active", active), placed("disabled", disabled)]).await;
    }

    async fn every_state_of_a_campaign_knows_its_operations_and_no_others(world: World) {
        world.supervisor("赵一").await;
        world.supervisor("钱二").await;
        let (verifying, _) = world.verifying(&[("县财政局", COLLECTIVE)]).await;
        let announced = world.selecting(&[]).await;
        let selecting = world.selecting(&[]).await;
        world.approved(announced).await;
        world.advanced(announced).await.expect(200);
        let accepting = world.campaign_of(definition_with_window("2022-11-07", "2023-12-31")).await;
        world.advanced(accepting).await.expect(200);
        let published = world.campaign_of(definition_with_window("2023-12-01", "2023-12-31")).await;
        world.advanced(published).await.expect(200);
        let draft = world.draft_campaign().await;
        let cancelled = world.draft_campaign().await;
        world.cancelled(cancelled).await.expect(200);
        check(&world, Workflow::Campaign, vec![
            placed("draft", draft),
            placed("published", published),
            placed("accepting", accepting),
            placed("verifying", verifying),
            placed("selecting", selecting),
            placed("announced", announced),
            placed("cancelled", cancelled),
        ]).await;
    }

    async fn every_state_of_an_application_knows_its_operations_and_no_others(world: World) {
        let open = world.campaign_of(definition_with_window("2022-11-07", "2023-12-31")).await;
        world.advanced(open).await.expect(200);
        let of = async |unit: &str, state: &'static str, id: Uuid| owned(state, id, &world.unit(unit).await);
        let mut things = vec![
            of("江背镇", "draft", world.drafted(open, "江背镇", TOWNSHIP).await).await,
            of("高兴镇", "submitted", world.submitted(open, "高兴镇", TOWNSHIP).await).await,
            of("良村镇", "returned", world.returned(open, "良村镇", TOWNSHIP, "2023-12-31").await).await,
            of("古龙岗镇", "accepted", world.accepted(open, "古龙岗镇", TOWNSHIP).await).await,
            of("梅窖镇", "rejected", world.rejected(open, "梅窖镇", TOWNSHIP).await).await,
            of("龙口镇", "withdrawn", world.withdrawn(open, "龙口镇", TOWNSHIP).await).await,
        ];
        let (plain, one) = two_accepted(&world, 1).await;
        let (listed, two) = two_accepted(&world, 1).await;
        let (decided, three) = two_accepted(&world, 2).await;
        let (undone, four) = two_accepted(&world, 2).await;
        assessed(&world).await;
        world.move_clock(SELECTS).await;
        let found = two_verified(&world, plain, one).await;
        for (campaign, applications) in [(listed, two), (decided, three), (undone, four)] {
            two_verified(&world, campaign, applications).await;
        }
        let body = json!({"ground": "site_finding", "reference_id": found, "reason": "弄虚作假。"});
        world.office().await.act(&format!("/applications/{}/disqualify", one[1]), body).await.expect(200);
        let shown = [two_noticed(&world, decided).await, two_noticed(&world, undone).await];
        world.move_clock(NOTICE_OVER).await;
        let approver = world.approver().await;
        for ((list, notice), declined) in shown.into_iter().zip([Some(three[1]), None]) {
            close(&world.office().await, notice).await.expect(200);
            let declined = declined.map(|id| json!({"application_id": id, "reason": "另有考虑"}));
            let body = json!({"decision": decision_record(), "declined": Vec::from_iter(declined)});
            approve(&approver, list, body).await.expect(200);
        }
        world.advanced(decided).await.expect(200);
        let body = json!({"decision": decision_record()});
        approver.act(&format!("/applications/{}/revoke", four[0]), body).await.expect(200);
        two_noticed(&world, listed).await;
        things.extend([
            of(TWO[0], "verified", one[0]).await,
            of(TWO[0], "shortlisted", two[0]).await,
            of(TWO[1], "not_shortlisted", two[1]).await,
            of(TWO[0], "awarded", three[0]).await,
            of(TWO[1], "not_awarded", three[1]).await,
            placed("revoked", four[0]),
            of(TWO[1], "disqualified", one[1]).await,
        ]);
        check(&world, Workflow::Application, things).await;
    }

    async fn every_state_of_an_assignment_and_a_sheet_knows_its_operations_and_no_others(world: World) {
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        let application = applications[0];
        let names = ["赵一", "钱二", "孙三", "李四", "周五"];
        let mut people = Vec::new();
        for name in names {
            people.push(world.supervisor(name).await);
        }
        let draft = world.drafted_sheet((campaign, application), &people[0], (5, "80")).await;
        let submitted = world.scored((campaign, application), &people[1], (5, "80")).await;
        let confirmed = world.confirmed(campaign, application, &people[2]).await;
        let recused = world.confirmed(campaign, application, &people[4]).await;
        world.recused(campaign, application, &people[4]).await.expect(201);
        let planned = world.assign(campaign, application, &people[3]).await.expect(201).id();
        check(&world, Workflow::Assignment, vec![
            // Until it is confirmed the supervisor is not told of it.
            placed("planned", planned),
            owned("confirmed", confirmed, &people[2]),
            owned("cleared", draft, &people[0]),
            owned("recused", recused, &people[4]),
        ]).await;
        check(&world, Workflow::ScoreSheet, vec![
            owned("draft", draft, &people[0]),
            owned("submitted", submitted, &people[1]),
        ]).await;
    }

    async fn every_state_of_a_recusal_knows_its_operations_and_no_others(world: World) {
        let local = world.supervisor_at("赵一", Some(world.unit_id("江背镇").await)).await;
        let others = [world.supervisor("钱二").await, world.supervisor("孙三").await];
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        let place = format!("/campaigns/{campaign}/recusals");
        let proposed = world.office().await.get(&place).await.expect(200);
        let proposed = proposed.text_at("/items/0/id").parse().unwrap();
        let mut declared = Vec::new();
        for supervisor in &others {
            declared.push(world.recused(campaign, applications[0], supervisor).await.expect(201).id());
        }
        lift_recusal(&world.office().await, declared[1]).await.expect(200);
        check(&world, Workflow::Recusal, vec![
            owned("proposed", proposed, &local),
            owned("in_force", declared[0], &others[0]),
            owned("lifted", declared[1], &others[1]),
        ]).await;
    }

    async fn every_state_of_a_list_and_a_notice_knows_its_operations_and_no_others(world: World) {
        world.supervisor("赵一").await;
        world.supervisor("钱二").await;
        let approver = world.approver().await;
        let decided = world.selecting(&[]).await;
        let (approved, closed) = world.noticed(decided).await;
        world.move_clock(NOTICE_OVER).await;
        close(&world.office().await, closed).await.expect(200);
        approve(&approver, approved, json!({"decision": decision_record()})).await.expect(200);
        let body = json!({"category_code": SUPERVISOR});
        let draft = world.listed(world.selecting(&[]).await, body).await.expect(201).id();
        let proposed = world.proposed(world.selecting(&[]).await).await;
        let endorsed = world.endorsed(world.selecting(&[]).await).await;
        let (noticed, published) = world.noticed(world.selecting(&[]).await).await;
        let (returned, withdrawn) = world.noticed(world.selecting(&[]).await).await;
        approver.act(&format!("/shortlists/{returned}/return"), json!({"reason": "请重提。"})).await.expect(200);
        check(&world, Workflow::Shortlist, vec![
            placed("draft", draft),
            placed("proposed", proposed),
            placed("endorsed", endorsed),
            placed("noticed", noticed),
            placed("approved", approved),
            placed("returned", returned),
        ]).await;
        check(&world, Workflow::PublicNotice, vec![
            placed("published", published),
            placed("closed", closed),
            placed("withdrawn", withdrawn),
        ]).await;
    }

    async fn every_state_of_an_objection_knows_its_operations_and_no_others(world: World) {
        world.supervisor("赵一").await;
        let campaign = world.selecting(&[]).await;
        let ranked = world.ranked(campaign).await;
        let (_, notice) = world.noticed(campaign).await;
        let (filed, _) = world.objected(notice, lead(Some(ranked[0]))).await;
        let investigating = world.investigated(notice, lead(Some(ranked[0]))).await;
        let mut things = vec![placed("filed", filed), placed("investigating", investigating)];
        for outcome in ["upheld", "partly", "rejected"] {
            let objection = world.investigated(notice, lead(Some(ranked[0]))).await;
            world.answered(objection, finding(outcome)).await.expect(200);
            things.push(placed(outcome, objection));
        }
        check(&world, Workflow::Objection, things).await;
    }

    async fn every_state_of_a_duty_record_knows_its_operations_and_no_others(world: World) {
        let supervisor = world.supervisor("赵一").await;
        let office = world.office().await;
        let record = async |number: u32| {
            let body = json!({
                "kind": "advice", "done_on": format!("2022-05-{number:02}"), "title": "建议", "description": "提出建议。",
            });
            let place = format!("/supervisors/{}/duty-records", supervisor.supervisor_id());
            supervisor.post(&place).json(body).await.expect(201).id()
        };
        let (submitted, approved, declined) = (record(1).await, record(2).await, record(3).await);
        for (id, outcome) in [(approved, "approved"), (declined, "declined")] {
            let mut body = json!({"outcome": outcome});
            if outcome == "declined" {
                body["reason"] = json!("不属实。");
            }
            office.post(&format!("/duty-records/{id}/review")).if_match("*").json(body).await.expect(200);
        }
        check(&world, Workflow::DutyRecord, vec![
            owned("submitted", submitted, &supervisor),
            owned("approved", approved, &supervisor),
            owned("declined", declined, &supervisor),
        ]).await;
    }

    async fn every_state_of_a_vetting_request_and_a_veto_knows_its_operations_and_no_others(world: World) {
        world.supervisor("赵一").await;
        let office = world.office().await;
        let campaign = world.selecting(&[]).await;
        world.proposed(campaign).await;
        let mut requests = Vec::new();
        for (unit, state) in [
            ("县财政局", "requested"), ("县公安局", "no_objection"), ("县教育科技体育局", "concern"), ("县司法局", "veto"),
            ("县审计局", "resolved"),
        ] {
            let department = world.unit(unit).await;
            let body = json!({"category_code": SUPERVISOR, "department_ids": [department.unit_id()]});
            let asked = request_vetting(&world, campaign, body).await.expect(201);
            let id: Uuid = asked.text_at("/items/0/id").parse().unwrap();
            let opinion = if state == "resolved" { "concern" } else { state };
            if opinion != "requested" {
                let body = json!({"opinion": opinion, "basis": "有关情况。", "document": "函〔2023〕1号"});
                answer(&department, id, body).await.expect(200);
            }
            if state == "resolved" {
                resolve(&office, id).await.expect(200);
            }
            requests.push(owned(state, id, &department));
        }
        check(&world, Workflow::VettingRequest, requests).await;
        let department = world.unit("县财政局").await;
        let barred = world.unit_id("江背镇").await;
        let record = async || {
            department.post("/vetoes").json(veto(json!({"unit_id": barred}))).await.expect(201).id()
        };
        let (recorded, lifted) = (record().await, record().await);
        lift(&department, lifted).await.expect(200);
        check(&world, Workflow::Veto, vec![owned("recorded", recorded, &department), owned("lifted", lifted, &department)])
            .await;
    }
}

#[test]
fn every_workflow_is_looked_at_above() {
    let told = include_str!("workflow.rs");
    for workflow in <Workflow as strum::IntoEnumIterator>::iter() {
        if workflow.table().rows.iter().all(|row| row.operation.standing() != Standing::Served) {
            continue;
        }
        assert!(
            told.contains(&format!("check(&world, Workflow::{workflow:?},")),
            "{workflow} is not looked at"
        );
    }
}

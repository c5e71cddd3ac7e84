//! Objections: filed by anyone, followed by a receipt code, investigated without a stake, and in the way of the decision.

use futures_util::future::join;
use pingxuan_domain::Role;
use pingxuan_tests::contract::operations;
use pingxuan_tests::objections::{OBJECTOR, finding, lead, named, object};
use pingxuan_tests::selection::{NOTICE_OVER, approve, close};
use pingxuan_tests::story::{SUPERVISOR, decision_record};
use pingxuan_tests::{Person, Reply, World, both};
use serde_json::{Value, json};
use uuid::Uuid;

/// Of three supervisors two are to be commended.
const THREE: &[(&str, usize)] = &[("赵一", 3), ("钱二", 2), ("孙三", 1)];

/// A list of supervisors that is shown to the public: its campaign, who stands in the ranking, the list and the notice.
async fn shown(world: &World) -> (Uuid, Vec<Uuid>, Uuid, Uuid) {
    let campaign = world.selecting(THREE).await;
    let ranked = world.ranked(campaign).await;
    let (list, notice) = world.noticed(campaign).await;
    (campaign, ranked, list, notice)
}

async fn over(world: &World, notice: Uuid) {
    world.move_clock(NOTICE_OVER).await;
    close(&world.office().await, notice).await.expect(200);
}

async fn decide(world: &World, list: Uuid) -> Reply {
    approve(&world.approver().await, list, json!({"decision": decision_record()})).await
}

async fn assign(who: &Person, objection: Uuid, investigator: &Person) -> Reply {
    let body = json!({"investigator_id": investigator.user_id()});
    who.act(&format!("/objections/{objection}/assign"), body).await
}

async fn reveal(who: &Person, objection: Uuid) -> Reply {
    who.act(&format!("/objections/{objection}/reveal"), json!({"reason": "向异议人核实并反馈。"})).await
}

/// What the page on objecting sends to, each up to its query.
fn places_of_the_page() -> Vec<&'static str> {
    let words = include_str!("../../docs/objecting.md").split(['"', ' ', '\n']);
    let places = words.map(|word| word.strip_prefix("$api").unwrap_or(word).split('?').next().unwrap_or(""));
    places.filter(|place| place.starts_with('/') && place[1..].starts_with(char::is_alphabetic)).collect()
}

#[test]
fn d_705_the_page_on_objecting_names_paths_that_there_are() {
    let known = |place: &str| {
        let path = format!("/api/v1{place}");
        operations().iter().any(|stated| {
            let (stated, asked) = (stated.template.split('/'), path.split('/'));
            let alike = |(stated, asked): (&str, &str)| stated == asked || stated.starts_with('{');
            stated.clone().count() == asked.clone().count() && stated.zip(asked).all(alike)
        })
    };
    let places = places_of_the_page();
    for place in ["/public/notices/$notice", "/public/notices/$notice/objections", "/public/objections/$code"]
    {
        assert!(places.contains(&place), "{place}: {places:?}");
    }
    let strays: Vec<_> = places.into_iter().filter(|place| !known(place) && *place != "/dev/null").collect();
    assert!(strays.is_empty(), "{strays:?}");
}

fn names(reply: &Reply) -> Vec<&str> {
    let mut names: Vec<&str> = reply.body.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

both! {
    async fn d_705_anyone_objects_and_follows_the_case_without_an_account(world: World) {
        let (_, ranked, _, notice) = shown(&world).await;
        let public = world.public();
        let filed = object(&public, notice, named(Some(ranked[0]))).await.expect(201);
        let code = filed.text_at("/receipt_code");
        assert_eq!(filed.header("location"), Some(format!("/api/v1/public/objections/{code}").as_str()));
        assert_eq!((filed.at("/late"), filed.at("/state")), (&json!(false), &json!("filed")));
        assert_eq!(filed.at("/filed_at"), &json!(world.now().to_string()));
        assert_eq!(filed.header("cache-control"), Some("no-store"));

        let place = format!("/public/objections/{code}");
        let followed = public.get(&place).await.expect(200);
        assert_eq!(followed.header("cache-control"), Some("no-store"));
        let told = ["campaign_title", "candidate", "category_title", "filed_at", "late", "notice_id", "state"];
        assert_eq!(names(&followed), told, "and nothing else");
        assert_eq!(followed.at("/candidate/name"), "赵一");
        assert_eq!(followed.at("/answer"), &Value::Null);
        let spoken = format!("/public/objections/{}", code.replace('-', "").to_lowercase());
        assert_eq!(public.get(&spoken).await.expect(200).text, followed.text);

        let objection = world.office().await.get("/objections").await.expect(200).items()[0].clone();
        let id = objection["id"].as_str().unwrap().parse().unwrap();
        assign(&world.office().await, id, &world.investigator().await).await.expect(200);
        assert_eq!(public.get(&place).await.expect(200).state(), "investigating");
        world.move_clock("2023-01-05T10:00:00+08:00").await;
        world.answered(id, finding("rejected")).await.expect(200);
        let answered = public.get(&place).await.expect(200);
        let mut told = [&told[..], &["answer", "resolved_at"]].concat();
        told.sort_unstable();
        assert_eq!(names(&answered), told);
        assert_eq!((answered.state().as_str(), answered.at("/answer")), ("rejected", &json!("已核实，现予答复。")));
        assert_eq!(answered.at("/resolved_at"), "2023-01-05T02:00:00.000Z");
        for unknown in ["00000-00000-00000-00000-00000", "x", "%E5%BC%82", &"7".repeat(500)] {
            public.get(&format!("/public/objections/{unknown}")).await.refused(404, "not_found");
        }
    }

    async fn d_705_an_objection_says_what_it_is_about(world: World) {
        let (_, ranked, _, notice) = shown(&world).await;
        let public = world.public();
        let mut body = lead(Some(ranked[2]));
        object(&public, notice, body.clone()).await.invalid(&[("/application_id", "entry_unknown")]);
        body["objector"] = json!({"name": " ", "phone": ""});
        body["content"] = json!("");
        body["evidence"] = json!([" "]);
        object(&public, notice, body).await.invalid(&[
            ("/objector/name", "wrong_format"), ("/objector/phone", "too_short"), ("/objector/phone", "wrong_format"),
            ("/content", "too_short"), ("/content", "wrong_format"), ("/evidence/0", "wrong_format"),
        ]);
        object(&public, notice, json!({"content": "x", "state": "upheld"})).await.invalid(&[("/state", "unknown_member")]);
        object(&public, Uuid::new_v4(), lead(None)).await.refused(404, "not_found");
        let whole = object(&public, notice, json!({"content": "名单整体有误。"})).await.expect(201);
        assert_eq!(whole.at("/candidate"), &Value::Null);
    }

    async fn d_705_after_the_period_an_objection_is_late_and_after_the_decision_refused(world: World) {
        let (campaign, ranked, list, notice) = shown(&world).await;
        let public = world.public();
        world.move_clock("2023-01-09T23:59:59+08:00").await;
        assert_eq!(object(&public, notice, lead(None)).await.expect(201).at("/late"), &json!(false));
        world.move_clock(NOTICE_OVER).await;
        assert_eq!(object(&public, notice, lead(None)).await.expect(201).at("/late"), &json!(true));
        close(&world.office().await, notice).await.expect(200);
        assert_eq!(object(&public, notice, lead(Some(ranked[0]))).await.expect(201).at("/late"), &json!(true));
        let office = world.office().await;
        let late = office.get(&format!("/objections?campaign_id={campaign}&late=true")).await.expect(200);
        assert_eq!(late.items().len(), 2);
        decide(&world, list).await.blocked_by(&["objections_open"]);
        for id in office.get("/objections").await.expect(200).column("id") {
            let id = id.parse().unwrap();
            assign(&office, id, &world.investigator().await).await.expect(200);
            world.answered(id, finding("rejected")).await.expect(200);
        }
        decide(&world, list).await.expect(200);
        object(&public, notice, lead(None)).await.blocked_by(&["objections_closed"]);
    }

    async fn d_304_in_a_cancelled_campaign_nobody_objects_and_nothing_is_answered(world: World) {
        let (campaign, ranked, _, notice) = shown(&world).await;
        let objection = world.investigated(notice, named(Some(ranked[0]))).await;
        world.cancelled(campaign).await.expect(200);
        let frozen = ["campaign_cancelled"];
        object(&world.public(), notice, lead(None)).await.blocked_by(&frozen);
        assign(&world.office().await, objection, &world.investigator().await).await.blocked_by(&frozen);
        world.answered(objection, finding("rejected")).await.blocked_by(&frozen);
        reveal(&world.investigator().await, objection).await.blocked_by(&frozen);
    }

    async fn d_705_nobody_objects_to_a_notice_that_is_withdrawn(world: World) {
        let (_, _, list, notice) = shown(&world).await;
        let body = json!({"reason": "群众反映待核实。"});
        world.approver().await.act(&format!("/shortlists/{list}/return"), body).await.expect(200);
        object(&world.public(), notice, lead(None)).await.blocked_by(&["notice_withdrawn"]);
    }

    async fn d_705_who_objects_is_told_to_the_investigator_alone(world: World) {
        let (_, ranked, _, notice) = shown(&world).await;
        let (objection, _) = world.objected(notice, named(Some(ranked[0]))).await;
        let (office, investigator) = (world.office().await, world.investigator().await);
        let place = format!("/objections/{objection}");
        reveal(&office, objection).await.refused(409, "illegal_transition");
        assign(&office, objection, &investigator).await.expect(200);
        reveal(&office, objection).await.blocked_by(&["not_the_investigator"]);
        let seen = office.get(&place).await.expect(200);
        assert_eq!(seen.blockers("reveal_objector"), Some(vec!["not_the_investigator".into()]));
        assert_eq!(seen.blockers("resolve_objection"), Some(vec!["not_the_investigator".into()]));
        assert_eq!(seen.at("/named"), &json!(true));
        let before = investigator.get(&place).await.expect(200);
        assert_eq!(before.blockers("reveal_objector"), Some(vec![]));
        let body = json!({"reason": " "});
        investigator.act(&format!("{place}/reveal"), body).await.invalid(&[("/reason", "wrong_format")]);
        let opened = reveal(&investigator, objection).await.expect(200);
        assert_eq!(opened.body, json!({"name": OBJECTOR[0], "unit": OBJECTOR[1], "phone": OBJECTOR[2]}));
        assert_eq!(investigator.etag_of(&place).await, before.etag(), "it changes nothing");
        world.answered(objection, finding("rejected")).await.expect(200);
        reveal(&investigator, objection).await.expect(200);
        for reader in [world.approver().await, world.auditor().await] {
            reader.get(&place).await.expect(200);
            let refused = reader.post(&format!("{place}/reveal")).if_match("*").json(json!({"reason": "x"})).await;
            refused.refused(403, "role_not_permitted");
        }
        let asked = "/audit-events?operation=reveal_objector&outcome=";
        let events = world.auditor().await.get(&format!("{asked}done")).await.expect(200);
        assert_eq!(events.items().len(), 2);
        assert_eq!(world.auditor().await.get(&format!("{asked}denied")).await.expect(200).items().len(), 2);
        assert_eq!(events.items()[0]["actor"]["id"], json!(investigator.user_id()));
        assert_eq!(events.items()[0]["reason"], "向异议人核实并反馈。");

        let anonymous = world.investigated(notice, lead(None)).await;
        reveal(&investigator, anonymous).await.blocked_by(&["objector_anonymous"]);
    }

    async fn d_705_no_list_event_or_error_tells_who_objects(world: World) {
        let (campaign, ranked, _, notice) = shown(&world).await;
        // Whoever objects while logged in is not known by the log-in either.
        let supervisor = world.supervisor("孙三").await;
        let filed = object(&supervisor, notice, named(Some(ranked[0]))).await.expect(201);
        let code = filed.text_at("/receipt_code");
        let (office, investigator) = (world.office().await, world.investigator().await);
        let id: Uuid = office.get("/objections").await.expect(200).column("id")[0].parse().unwrap();
        let place = format!("/objections/{id}");
        let mut told = Vec::new();
        told.push(assign(&office, id, &investigator).await.expect(200));
        told.push(reveal(&office, id).await);
        reveal(&investigator, id).await.expect(200);
        told.push(world.answered(id, json!({"outcome": "upheld"})).await);
        told.push(world.answered(id, finding("upheld")).await.expect(200));
        told.push(world.answered(id, finding("upheld")).await);
        for reader in [&office, &investigator, &world.approver().await, &world.auditor().await] {
            told.push(reader.get(&place).await.expect(200));
            told.push(reader.get("/objections?include=allowed_actions,total").await.expect(200));
            told.push(reader.get(&format!("/campaigns/{campaign}/shortlists")).await.expect(200));
            told.push(reader.get(&format!("/applications/{}/history", ranked[0])).await.expect(200));
        }
        told.push(world.public().get(&format!("/public/notices/{notice}")).await.expect(200));
        told.push(world.public().get(&format!("/public/objections/{code}")).await.expect(200));
        let events = world.auditor().await.get(&format!("/audit-events?object_id={id}")).await.expect(200);
        assert_eq!(
            events.column("operation"),
            ["resolve_objection", "reveal_objector", "assign_objection", "file_objection"]
        );
        let filing = &events.items()[3];
        assert_eq!(filing["actor"], json!({"kind": "public"}));
        assert_eq!(filing["address"], Value::Null, "where it came from tells who it was");
        assert_eq!(filing["audience"], "insiders");
        told.push(world.auditor().await.get("/audit-events?limit=100").await.expect(200));
        told.push(events);
        for reply in told {
            for secret in OBJECTOR.into_iter().chain([code.as_str(), &code.replace('-', "")]) {
                assert!(!reply.text.contains(secret), "{reply}\ntells '{secret}'");
            }
        }
    }

    async fn d_902_nobody_with_a_stake_assigns_or_investigates(world: World) {
        let (_, ranked, _, notice) = shown(&world).await;
        let (one, two) = (world.supervisor("赵一").await, world.supervisor("钱二").await);
        for candidate in [&one, &two] {
            let place = format!("/users/{}", candidate.user_id());
            world.security_admin().await.change(&place, json!({"roles": ["office", "supervisor"]})).await.expect(200);
        }
        let office = world.office().await;
        let (against_one, _) = world.objected(notice, lead(Some(ranked[0]))).await;
        let (against_all, _) = world.objected(notice, lead(None)).await;
        let stake: &[(&str, &str)] = &[("/investigator_id", "investigator_has_stake")];
        assign(&office, against_one, &one).await.invalid(stake);
        assign(&office, against_all, &one).await.invalid(stake);
        assign(&office, against_all, &two).await.invalid(stake);
        assign(&one, against_one, &office).await.blocked_by(&["own_nomination"]);
        assign(&two, against_all, &office).await.blocked_by(&["own_nomination"]);
        let seen = one.get(&format!("/objections/{against_one}")).await.expect(200);
        assert_eq!(seen.blockers("assign_objection"), Some(vec!["own_nomination".into()]));
        // The second has no stake in the first; it is a matter of who is concerned.
        assign(&two, against_one, &two).await.expect(200);
        let unknown = [json!(Uuid::new_v4()), json!(world.approver().await.user_id())];
        for investigator in unknown {
            let body = json!({"investigator_id": investigator});
            let reply = office.act(&format!("/objections/{against_one}/assign"), body).await;
            reply.invalid(&[("/investigator_id", "unknown_reference")]);
        }
        let gone = world.person("gone", &[Role::Office]).await;
        let place = format!("/users/{}/disable", gone.user_id());
        world.security_admin().await.act(&place, Value::Null).await.expect(200);
        assign(&office, against_one, &gone).await.invalid(&[("/investigator_id", "unknown_reference")]);
    }

    async fn d_705_an_objection_is_assigned_anew_while_it_is_investigated(world: World) {
        let (_, ranked, _, notice) = shown(&world).await;
        let objection = world.investigated(notice, named(Some(ranked[0]))).await;
        let (office, first) = (world.office().await, world.investigator().await);
        let place = format!("/objections/{objection}/assign");
        let body = json!({"investigator_id": office.user_id()});
        office.post(&place).json(&body).await.refused(428, "precondition_required");
        office.post(&place).if_match("\"1\"").json(&body).await.refused(412, "precondition_failed");
        let again = assign(&office, objection, &office).await.expect(200);
        assert_eq!(again.at("/investigator_name"), "office");
        world.answered(objection, finding("rejected")).await.blocked_by(&["not_the_investigator"]);
        reveal(&first, objection).await.blocked_by(&["not_the_investigator"]);
        office.act(&format!("/objections/{objection}/resolve"), finding("rejected")).await.expect(200);
        assign(&office, objection, &first).await.refused(409, "illegal_transition");
    }

    async fn d_706_an_answer_says_what_follows(world: World) {
        let (_, ranked, _, notice) = shown(&world).await;
        let against_all = world.investigated(notice, lead(None)).await;
        world.answered(against_all, finding("upheld")).await.invalid(&[("/application_id", "required")]);
        let with = |body: &Value, members: Value| {
            let mut body = body.clone();
            body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
            body
        };
        let unknown = with(&finding("upheld"), json!({"application_id": ranked[2]}));
        world.answered(against_all, unknown).await.invalid(&[("/application_id", "entry_unknown")]);
        let choice = json!({"consequence": "keep", "consequence_reason": "情节轻微。"});
        for outcome in ["upheld", "rejected"] {
            let body = with(&with(&finding(outcome), choice.clone()), json!({"application_id": ranked[0]}));
            world.answered(against_all, body).await.invalid(&[
                ("/consequence", "consequence_not_asked"), ("/consequence_reason", "consequence_not_asked"),
            ]);
        }
        let bare = json!({"outcome": "partly", "findings": "属实。", "answer": "已办理。"});
        world.answered(against_all, bare).await.invalid(&[
            ("/application_id", "required"), ("/consequence", "required"), ("/consequence_reason", "required"),
        ]);
        let filed = json!({"outcome": "filed", "findings": "属实。", "answer": "已办理。"});
        world.answered(against_all, filed).await.invalid(&[("/outcome", "not_a_choice")]);
        let partly = with(&with(&finding("partly"), choice), json!({"application_id": ranked[0]}));
        let answered = world.answered(against_all, partly).await.expect(200);
        assert_eq!((answered.state().as_str(), answered.at("/nominee_name")), ("partly", &json!("赵一")));
        assert_eq!((answered.at("/consequence"), answered.at("/consequence_reason")), (&json!("keep"), &json!("情节轻微。")));

        let against_one = world.investigated(notice, lead(Some(ranked[0]))).await;
        let other = with(&finding("upheld"), json!({"application_id": ranked[1]}));
        world.answered(against_one, other).await.invalid(&[("/application_id", "objection_names_another")]);
        world.answered(against_one, with(&finding("upheld"), json!({"application_id": ranked[0]}))).await.expect(200);
        let office = world.office().await;
        let found = async |query: &str| office.get(&format!("/objections?{query}")).await.expect(200).items().len();
        assert_eq!(found(&format!("application_id={}", ranked[0])).await, 2);
        assert_eq!(found("state=partly").await, 1);
        assert_eq!(found("state=filed").await, 0);
        assert_eq!(found(&format!("notice_id={notice}&category_code={SUPERVISOR}&late=false")).await, 2);
        assert_eq!(found("category_code=demonstration_township").await, 0);
        world.unit("江背镇").await.get("/objections").await.refused(403, "role_not_permitted");
    }

    async fn d_707_what_is_upheld_is_carried_out_before_the_decision(world: World) {
        let (_, ranked, list, notice) = shown(&world).await;
        let upheld = world.investigated(notice, lead(Some(ranked[0]))).await;
        let partly = world.investigated(notice, lead(Some(ranked[1]))).await;
        world.answered(upheld, finding("upheld")).await.expect(200);
        let keeps = json!({
            "outcome": "partly", "findings": "部分属实。", "answer": "已批评教育。", "consequence": "keep",
            "consequence_reason": "情节轻微。",
        });
        world.answered(partly, keeps).await.expect(200);
        let approver = world.approver().await;
        let seen = approver.get(&format!("/shortlists/{list}")).await.expect(200);
        let against = vec!["notice_not_closed".to_owned(), "objection_not_carried_out".to_owned()];
        assert_eq!(seen.blockers("approve_shortlist"), Some(against));
        let one = world.supervisor("赵一").await;
        let body = json!({"reason": "本人退出。"});
        one.act(&format!("/applications/{}/withdraw", ranked[0]), body).await.expect(200);
        over(&world, notice).await;
        let approved = decide(&world, list).await.expect(200);
        assert_eq!(approved.at("/entries/0/state"), "withdrawn");
        assert_eq!(approved.at("/entries/1/state"), "awarded");
    }

    async fn d_707_an_upheld_objection_that_is_not_carried_out_blocks_the_decision(world: World) {
        let (_, ranked, list, notice) = shown(&world).await;
        over(&world, notice).await;
        let late = world.investigated(notice, lead(Some(ranked[1]))).await;
        decide(&world, list).await.blocked_by(&["objections_open"]);
        world.answered(late, finding("partly")).await.expect(200);
        let refused = decide(&world, list).await.blocked_by(&["objection_not_carried_out"]);
        assert!(refused.text.contains("钱二"), "{refused}");
    }

    async fn d_706_who_is_declined_does_not_escape_what_is_upheld(world: World) {
        let (_, ranked, list, notice) = shown(&world).await;
        over(&world, notice).await;
        let late = world.investigated(notice, lead(Some(ranked[1]))).await;
        world.answered(late, finding("upheld")).await.expect(200);
        let declined = json!([{"application_id": ranked[1], "reason": "有异议。"}]);
        let body = json!({"decision": decision_record(), "declined": declined});
        let refused = approve(&world.approver().await, list, body).await.blocked_by(&["objection_not_carried_out"]);
        assert!(refused.text.contains("钱二"), "{refused}");
    }

    async fn d_705_once_the_category_is_decided_an_earlier_notice_takes_no_objection(world: World) {
        let (campaign, ranked, first, notice) = shown(&world).await;
        over(&world, notice).await;
        let body = json!({"reason": "请重新提出。"});
        world.approver().await.act(&format!("/shortlists/{first}/return"), body).await.expect(200);
        object(&world.public(), notice, lead(Some(ranked[0]))).await.expect(201);
        let body = json!({"decision": decision_record()});
        let place = format!("/campaigns/{campaign}/categories/{SUPERVISOR}");
        let tag = world.approver().await.etag_of(&place).await;
        world.approver().await.post(&format!("{place}/no-award")).if_match(&tag).json(body).await.expect(200);
        object(&world.public(), notice, lead(Some(ranked[0]))).await.blocked_by(&["objections_closed"]);
    }

    async fn d_707_what_is_open_against_a_candidate_outlives_the_list(world: World) {
        let (campaign, ranked, list, notice) = shown(&world).await;
        let against_one = world.investigated(notice, lead(Some(ranked[0]))).await;
        let against_all = world.investigated(notice, lead(None)).await;
        let body = json!({"reason": "异议待查。"});
        world.approver().await.act(&format!("/shortlists/{list}/return"), body).await.expect(200);
        let (again, _) = world.closed(campaign).await;
        let refused = decide(&world, again).await.blocked_by(&["objections_open"]);
        assert!(refused.text.contains('2'), "{refused}");
        world.answered(against_all, finding("rejected")).await.expect(200);
        decide(&world, again).await.blocked_by(&["objections_open"]);
        world.answered(against_one, finding("rejected")).await.expect(200);
        decide(&world, again).await.expect(200);
    }

    async fn d_707_an_objection_and_the_decision_do_not_pass_each_other(world: World) {
        let (_, ranked, list, notice) = shown(&world).await;
        over(&world, notice).await;
        let (public, approver) = (world.public(), world.approver().await);
        let etag = approver.etag_of(&format!("/shortlists/{list}")).await;
        let body = json!({"decision": decision_record()});
        let place = format!("/shortlists/{list}/approve");
        let approval = approver.post(&place).if_match(&etag).json(&body).send();
        let (approved, filed) = join(approval, object(&public, notice, lead(Some(ranked[0])))).await;
        if approved.status == 200 {
            filed.blocked_by(&["objections_closed"]);
        } else {
            approved.blocked_by(&["objections_open"]);
            filed.expect(201);
        }
    }
}

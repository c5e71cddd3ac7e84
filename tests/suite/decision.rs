//! Consent, notice, decision and announcement: who sees what, and when.

use futures_util::future::join_all;
use pingxuan_domain::Role;
use pingxuan_tests::selection::{NOTICE_OVER, approve, close, members};
use pingxuan_tests::story::{SUPERVISOR, TOWNSHIP, decision_record};
use pingxuan_tests::{Reply, World, both};
use serde_json::{Value, json};
use uuid::Uuid;

/// Of three supervisors two are to be commended.
const THREE: &[(&str, usize)] = &[("赵一", 3), ("钱二", 2), ("孙三", 1)];

async fn own(world: &World, name: &str, application: Uuid) -> Reply {
    world.supervisor(name).await.get(&format!("/applications/{application}")).await.expect(200)
}

both! {
    async fn d_403_outside_the_house_a_decision_is_seen_when_it_is_made_known(world: World) {
        let campaign = world.selecting(THREE).await;
        let ranked = world.ranked(campaign).await;
        let before = own(&world, "孙三", ranked[2]).await;
        assert_eq!(before.state(), "verified");

        let list = world.proposed(campaign).await;
        let hidden = own(&world, "孙三", ranked[2]).await;
        assert_eq!((hidden.state(), hidden.etag()), (before.state(), before.etag()), "nothing has changed for them");
        let office = world.office().await;
        let place = format!("/applications/{}", ranked[2]);
        assert_eq!(office.get(&place).await.expect(200).state(), "not_shortlisted");

        world.approver().await.act(&format!("/shortlists/{list}/endorse"), json!({"remark": "同意"})).await.expect(200);
        let noticed = office.act(&format!("/shortlists/{list}/publish-notice"), Value::Null).await.expect(200);
        let notice: Uuid = noticed.text_at("/notices/0/id").parse().unwrap();
        assert_eq!(own(&world, "孙三", ranked[2]).await.state(), "not_shortlisted");
        let shown = own(&world, "赵一", ranked[0]).await;
        assert_eq!(shown.state(), "shortlisted");
        assert_ne!(shown.etag(), before.etag());

        world.move_clock(NOTICE_OVER).await;
        close(&office, notice).await.expect(200);
        let shown = own(&world, "赵一", ranked[0]).await;
        let body = json!({
            "decision": decision_record(), "declined": [{"application_id": ranked[1], "reason": "另有任用"}],
        });
        let approved = approve(&world.approver().await, list, body).await.expect(200);
        assert_eq!(members(approved.list_at("/entries"), "state"), ["awarded", "not_awarded"]);
        assert_eq!(approved.at("/entries/1/declined_reason"), "另有任用");
        assert_eq!(own(&world, "赵一", ranked[0]).await.etag(), shown.etag(), "not yet announced");
        world.public().get("/public/awards").await.expect(200);
        assert_eq!(world.public().get("/public/awards").await.expect(200).items().len(), 0);

        world.advanced(campaign).await.expect(200);
        assert_eq!(own(&world, "赵一", ranked[0]).await.state(), "awarded");
        assert_eq!(own(&world, "钱二", ranked[1]).await.state(), "not_awarded");
        assert_eq!(own(&world, "孙三", ranked[2]).await.state(), "not_shortlisted");
    }

    async fn d_403_a_unit_reads_verified_until_the_notice(world: World) {
        let townships = [
            ("江背镇", ["90", "80"], json!({"score": "70.00"})), ("高兴镇", ["60", "60"], json!({"score": "70.00"})),
        ];
        let (campaign, applications) = world.selecting_townships(&townships).await;
        let body = json!({
            "category_code": TOWNSHIP, "application_ids": [applications[0]],
        });
        let list = world.listed(campaign, body).await.expect(201).id();
        let office = world.office().await;
        let unit = world.unit("高兴镇").await;
        let place = format!("/applications/{}", applications[1]);
        let before = unit.get(&place).await.expect(200);
        let told = unit.get(&format!("{place}/history")).await.expect(200).text;
        office.act(&format!("/shortlists/{list}/propose"), Value::Null).await.expect(200);
        world.approver().await.act(&format!("/shortlists/{list}/endorse"), json!({})).await.expect(200);
        assert_eq!(unit.get(&place).await.expect(200).etag(), before.etag());
        assert_eq!(unit.get(&format!("{place}/history")).await.expect(200).text, told);
        assert_eq!(unit.get("/applications?state=verified").await.expect(200).items().len(), 1);
        assert_eq!(unit.get("/applications?state=not_shortlisted").await.expect(200).items().len(), 0);
        office.act(&format!("/shortlists/{list}/publish-notice"), Value::Null).await.expect(200);
        assert_eq!(unit.get(&place).await.expect(200).state(), "not_shortlisted");
        let told = unit.get(&format!("{place}/history")).await.expect(200).text;
        assert!(told.contains("publish_notice") && !told.contains("propose_shortlist"), "{told}");

        let body = json!({"reason": "本届不再参评。"});
        let first = world.unit("江背镇").await;
        first.act(&format!("/applications/{}/withdraw", applications[0]), body).await.expect(200);
        let notices = world.public().get(&format!("/public/notices?campaign_id={campaign}")).await.expect(200);
        let notice = &notices.items()[0];
        assert_eq!(notice["content"]["entries"].as_array().map(Vec::len), Some(1), "the name stays in it");
        assert_eq!(notice["fallen_out"][0]["state"], "withdrawn");
        world.move_clock(NOTICE_OVER).await;
        close(&office, notice["id"].as_str().unwrap().parse().unwrap()).await.expect(200);
        let record = json!({"decision": decision_record()});
        approve(&world.approver().await, list, record).await.blocked_by(&["list_empty"]);
    }

    async fn d_704_a_notice_stands_five_working_days_and_tells_names_alone(world: World) {
        let campaign = world.selecting(THREE).await;
        let (_, notice) = world.noticed(campaign).await;
        let place = format!("/public/notices/{notice}");
        let anyone = world.public().get(&place).await.expect(200);
        assert_eq!(members(anyone.list_at("/content/entries"), "name"), ["赵一", "钱二"]);
        assert_eq!(anyone.at("/content/first_day"), "2023-01-03");
        assert_eq!(anyone.at("/content/last_day"), "2023-01-09");
        assert_eq!(anyone.at("/closes_at"), "2023-01-09T16:00:00.000Z");
        assert_eq!(anyone.body.get("allowed_actions"), None);
        for hidden in ["score", "7.50", "phone", "citizen", "leading"] {
            assert!(!anyone.text.contains(hidden), "a notice tells of '{hidden}'");
        }
        let office = world.office().await;
        let seen = office.get(&place).await.expect(200);
        assert_eq!(seen.blockers("close_notice"), Some(vec!["notice_running".into()]));
        close(&office, notice).await.blocked_by(&["notice_running"]);
        world.move_clock("2023-01-09T23:59:59+08:00").await;
        close(&office, notice).await.blocked_by(&["notice_running"]);
        world.move_clock(NOTICE_OVER).await;
        close(&world.approver().await, notice).await.refused(403, "role_not_permitted");
        let closed = close(&office, notice).await.expect(200);
        assert_eq!(closed.state(), "closed");
        assert_eq!(closed.at("/digest"), anyone.at("/digest"), "what it shows is frozen");
        close(&office, notice).await.refused(409, "illegal_transition");
        let listed = world.public().get(&format!("/public/notices?campaign_id={campaign}&state=closed")).await.expect(200);
        assert_eq!(listed.items().len(), 1);
        world.public().get(&format!("/public/notices/{}", Uuid::nil())).await.refused(404, "not_found");
    }

    async fn d_305_a_year_without_a_calendar_refuses_the_notice(world: World) {
        let campaign = world.selecting(THREE).await;
        let list = world.endorsed(campaign).await;
        world.move_clock("2026-12-28T09:00:00+08:00").await;
        let office = world.office().await;
        let place = format!("/shortlists/{list}");
        let seen = office.get(&place).await.expect(200);
        assert_eq!(seen.blockers("publish_notice"), Some(vec!["calendar_missing".into()]));
        office.act(&format!("{place}/publish-notice"), Value::Null).await.blocked_by(&["calendar_missing"]);
    }

    async fn d_704_without_consent_no_name_is_shown(world: World) {
        let campaign = world.selecting(THREE).await;
        let list = world.proposed(campaign).await;
        let office = world.office().await;
        office.act(&format!("/shortlists/{list}/publish-notice"), Value::Null).await.blocked_by(&["consent_missing"]);
        assert_eq!(world.public().get("/public/notices").await.expect(200).items().len(), 0);
    }

    async fn d_902_who_proposed_a_list_decides_nothing_on_it(world: World) {
        let campaign = world.selecting(THREE).await;
        let both = world.person("both", &[Role::Office, Role::Approver]).await;
        let list = world.listed(campaign, json!({"category_code": SUPERVISOR})).await.expect(201).id();
        let place = format!("/shortlists/{list}");
        both.act(&format!("{place}/propose"), Value::Null).await.expect(200);
        both.act(&format!("{place}/endorse"), json!({})).await.blocked_by(&["own_proposal"]);
        both.act(&format!("{place}/return"), json!({"reason": "x"})).await.blocked_by(&["own_proposal"]);
        world.approver().await.act(&format!("{place}/endorse"), json!({})).await.expect(200);
        let shown = both.act(&format!("{place}/publish-notice"), Value::Null).await.expect(200);
        world.move_clock(NOTICE_OVER).await;
        close(&both, shown.text_at("/notices/0/id").parse().unwrap()).await.expect(200);
        approve(&both, list, json!({"decision": decision_record()})).await.blocked_by(&["own_proposal"]);
        approve(&world.approver().await, list, json!({"decision": decision_record()})).await.expect(200);
    }

    async fn d_707_a_list_is_approved_after_its_notice_with_a_complete_record(world: World) {
        let campaign = world.selecting(THREE).await;
        let ranked = world.ranked(campaign).await;
        let (list, notice) = world.noticed(campaign).await;
        let approver = world.approver().await;
        let mut record = decision_record();
        approve(&approver, list, json!({"decision": record})).await.invalid(&[("/decision/decided_on", "not_in_the_past")]);
        world.move_clock(NOTICE_OVER).await;
        approve(&approver, list, json!({"decision": record})).await.blocked_by(&["notice_not_closed"]);
        close(&world.office().await, notice).await.expect(200);

        record["meeting"] = json!(" ");
        approve(&approver, list, json!({"decision": record})).await.invalid(&[("/decision/meeting", "wrong_format")]);
        record["meeting"] = json!("县政府常务会议");
        record["recused"] = json!([{"name": "刘县长", "reason": "本单位"}]);
        let declined = |id: Uuid| json!({"application_id": id, "reason": "另有任用"});
        let all = [declined(ranked[0]), declined(ranked[1]), declined(ranked[2])];
        approve(&approver, list, json!({"decision": record, "declined": all})).await.invalid(&[
            ("/decision/recused/0/name", "meeting_incomplete"),
            ("/declined/2/application_id", "entry_unknown"),
            ("/declined", "declined_all"),
        ]);
        let approved = approve(&approver, list, json!({"decision": decision_record()})).await.expect(200);
        assert_eq!(approved.state(), "approved");
        assert_eq!(approved.at("/decision/document_number"), "兴府字〔2023〕1号");
        assert_eq!(approved.actions(), Vec::<String>::new());
        approve(&approver, list, json!({"decision": decision_record()})).await.refused(409, "illegal_transition");
    }

    async fn of_sixty_four_approvals_at_once_one_decides(world: World) {
        let campaign = world.selecting(THREE).await;
        let (list, _) = world.closed(campaign).await;
        let approver = world.approver().await;
        let etag = approver.etag_of(&format!("/shortlists/{list}")).await;
        let place = format!("/shortlists/{list}/approve");
        let body = json!({"decision": decision_record()});
        let answers = join_all((0..64).map(|_| approver.post(&place).if_match(&etag).json(&body).send())).await;
        assert_eq!(answers.iter().filter(|reply| reply.status == 200).count(), 1);
        assert!(answers.iter().all(|reply| matches!(reply.status, 200 | 409 | 412)));
        let office = world.office().await;
        let awarded = office.get(&format!("/applications?campaign_id={campaign}&state=awarded")).await.expect(200);
        assert_eq!(awarded.items().len(), 2);
    }

    async fn a_list_returned_after_its_notice_takes_it_back_before_everyone(world: World) {
        let campaign = world.selecting(THREE).await;
        let ranked = world.ranked(campaign).await;
        let (list, notice) = world.noticed(campaign).await;
        let approver = world.approver().await;
        let place = format!("/shortlists/{list}/return");
        approver.act(&place, json!({"reason": " "})).await.invalid(&[("/reason", "wrong_format")]);
        let back = approver.act(&place, json!({"reason": "群众反映待核实。"})).await.expect(200);
        assert_eq!(back.at("/reason"), "群众反映待核实。");
        assert_eq!(own(&world, "赵一", ranked[0]).await.state(), "verified");
        let withdrawn = world.public().get(&format!("/public/notices/{notice}")).await.expect(200);
        assert_eq!(withdrawn.state(), "withdrawn");
        assert_eq!(withdrawn.list_at("/content/entries").len(), 2, "it stays readable");
        let (again, _) = world.closed(campaign).await;
        assert_ne!(again, list);
    }

    async fn d_708_certificates_are_numbered_and_checked_by_anyone(world: World) {
        let campaign = world.selecting(THREE).await;
        world.approved(campaign).await;
        world.advanced(campaign).await.expect(200);
        let public = world.public();
        let register = public.get(&format!("/public/awards?campaign_id={campaign}&sort=certificate_number")).await.expect(200);
        assert_eq!(register.column("certificate_number"), ["202201-01-001", "202201-01-002"]);
        assert_eq!(register.column("honouree"), ["赵一", "钱二"]);
        let checked = public.get("/public/awards/202201-01-002").await.expect(200);
        assert_eq!(checked.state(), "awarded");
        assert!(checked.text_at("/statement").contains("钱二"), "{checked}");
        assert!(!checked.text.contains("application_id"));
        public.get("/public/awards/202201-01-003").await.refused(404, "not_found");
        assert_eq!(public.get("/public/awards?name=赵").await.expect(200).items().len(), 1);
        assert_eq!(public.get("/public/awards?year=2021").await.expect(200).items().len(), 0);

        let somebody = world.supervisor("孙三").await;
        let awards = somebody.get("/awards?year=2022").await.expect(200);
        assert_eq!(awards.items().len(), 2);
        let award = somebody.get(&format!("/awards/{}", awards.items()[0]["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(award.at("/document_number"), "兴府字〔2023〕1号");
        public.get("/awards").await.refused(401, "unauthenticated");
        somebody.get(&format!("/awards/{}", Uuid::nil())).await.refused(404, "not_found");
    }

    async fn d_1001_the_audit_tells_who_did_what_the_newest_first(world: World) {
        let campaign = world.selecting(THREE).await;
        let list = world.approved(campaign).await;
        let auditor = world.auditor().await;
        let told = auditor.get(&format!("/audit-events?object_id={list}")).await.expect(200);
        let operations =
            ["approve_shortlist", "publish_notice", "endorse_shortlist", "propose_shortlist", "create_shortlist"];
        assert_eq!(told.column("operation"), operations);
        let decided = &told.items()[0];
        assert_eq!(decided["actor"]["role"], "approver");
        assert_eq!((&decided["from"], &decided["to"]), (&json!("noticed"), &json!("approved")));
        assert_eq!(decided["audience"], "insiders");

        let mut seen = Vec::new();
        let mut place = format!("/audit-events?campaign_id={campaign}&limit=7");
        loop {
            let page = auditor.get(&place).await.expect(200);
            seen.extend(page.column("id"));
            let Some(cursor) = page.next_cursor() else { break };
            place = format!("/audit-events?campaign_id={campaign}&limit=7&cursor={cursor}");
        }
        let mut sorted = seen.clone();
        sorted.sort();
        sorted.reverse();
        sorted.dedup();
        assert_eq!(seen, sorted, "each once, the newest first");
        let proposals = auditor.get("/audit-events?operation=propose_shortlist&from=2023-01-01T00:00:00Z").await.expect(200);
        assert_eq!(proposals.items().len(), 0, "it was on 2022-12-31T16:00:00Z");
        auditor.get("/audit-events?operation=no_such_thing").await.refused(400, "invalid_parameter");
        auditor.get("/audit-events?from=yesterday").await.refused(400, "invalid_parameter");
        world.office().await.get("/audit-events").await.refused(403, "role_not_permitted");
    }
}

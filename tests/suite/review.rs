//! Rankings, ties and shortlists: what the office makes of the figures.

use futures_util::future::join_all;
use pingxuan_domain::Role;
use pingxuan_tests::selection::{members, ranking_of};
use pingxuan_tests::story::{SUPERVISOR, TOWNSHIP};
use pingxuan_tests::verification::{declare_recusal, recusal};
use pingxuan_tests::{Reply, World, both};
use serde_json::{Value, json};
use uuid::Uuid;

/// Of three supervisors two are to be commended: 30, 20 and 10 points.
const THREE: &[(&str, usize)] = &[("赵一", 3), ("钱二", 2), ("孙三", 1)];
/// The second and the third are equal, across the quota boundary.
const TIED: &[(&str, usize)] = &[("赵一", 3), ("钱二", 1), ("孙三", 1)];

async fn ranking(world: &World, campaign: Uuid) -> Reply {
    world.office().await.get(&ranking_of(campaign, SUPERVISOR)).await.expect(200)
}

async fn order(world: &World, campaign: Uuid, etag: &str, application_ids: Value) -> Reply {
    let place = format!("{}/resolve-tie", ranking_of(campaign, SUPERVISOR));
    let body = json!({"application_ids": application_ids, "reason": "任职时间更长者在先。"});
    world.office().await.post(&place).if_match(etag).json(body).await
}

async fn propose(world: &World, list: Uuid) -> Reply {
    world.office().await.act(&format!("/shortlists/{list}/propose"), Value::Null).await
}

both! {
    async fn d_608_a_ranking_orders_supervisors_by_their_duty_records(world: World) {
        let campaign = world.selecting(THREE).await;
        let found = ranking(&world, campaign).await;
        let entries = found.list_at("/entries");
        assert_eq!(members(entries, "nominee_name"), ["赵一", "钱二", "孙三"]);
        // A quarter of 30, 20 and 10 points.
        assert_eq!(members(entries, "score"), ["7.50", "5.00", "2.50"]);
        assert_eq!(entries.iter().map(|entry| entry["rank"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(found.at("/shortlist_id"), &Value::Null);
        assert_eq!(found.list_at("/ties").len(), 0);
        assert!(found.etag().contains(&found.text_at("/digest")));
        for reader in [world.approver().await, world.auditor().await] {
            reader.get(&ranking_of(campaign, SUPERVISOR)).await.expect(200);
        }
        world.supervisor("赵一").await.get(&ranking_of(campaign, SUPERVISOR)).await.refused(403, "role_not_permitted");
        let office = world.office().await;
        office.get(&ranking_of(campaign, "no_such_category")).await.refused(404, "not_found");
    }

    async fn d_610_a_figure_explains_itself_in_both_languages(world: World) {
        let campaign = world.selecting(THREE).await;
        let first = world.ranked(campaign).await[0];
        let place = format!("{}/{first}", ranking_of(campaign, SUPERVISOR));
        let office = world.office().await;
        let chinese = office.get(&place).await.expect(200);
        assert!(chinese.text_at("/entry/explanation").contains("7.50"), "{chinese}");
        assert_eq!(chinese.at("/duty_records/0/approved"), 3);
        assert_eq!(chinese.at("/criteria/0/mean"), "30.00");
        let english = office.get(&place).header("accept-language", "en").await.expect(200);
        assert!(english.text_at("/rank_explanation").contains("7.50"), "{english}");
        assert_ne!(english.text_at("/entry/explanation"), chinese.text_at("/entry/explanation"));
        for reply in [&chinese, &english] {
            for pointer in ["/entry/explanation", "/rank_explanation", "/verified_explanation", "/assessment_explanation"] {
                let said = reply.text_at(pointer);
                assert!(!said.contains("explain-") && !said.contains('{'), "{pointer}: {said}");
            }
        }
        office.get(&format!("{}/{}", ranking_of(campaign, SUPERVISOR), Uuid::nil())).await.refused(404, "not_found");
    }

    async fn d_607_the_sheets_mean_is_blended_with_the_annual_assessment(world: World) {
        let not_assessed = json!({"not_assessed_reason": "驻县单位,县里不考评。"});
        let townships = [
            ("江背镇", ["90", "80"], json!({"score": "70.00"})),
            ("高兴镇", ["88", "87.5"], not_assessed),
            ("良村镇", ["99", "99"], Value::Null),
        ];
        let (campaign, applications) = world.selecting_townships(&townships).await;
        let place = ranking_of(campaign, TOWNSHIP);
        let office = world.office().await;
        let found = office.get(&place).await.expect(200);
        // 87.75 whole; 0.8 x 85 + 0.2 x 70 = 82; no figure without the assessment.
        let entry = |index: usize, member: &str| found.at(&format!("/entries/{index}/{member}")).clone();
        assert_eq!([entry(0, "score"), entry(1, "score"), entry(2, "score")], [json!("87.75"), json!("82.00"), Value::Null]);
        assert_eq!(entry(0, "assessment/status"), "not_assessed");
        assert_eq!(entry(1, "assessment/score"), "70.00");
        assert_eq!(entry(2, "verified"), "99.00");
        assert_eq!(found.at("/missing_assessments"), &json!([applications[2]]));
        world.listed(campaign, json!({"category_code": TOWNSHIP})).await.blocked_by(&["assessment_missing"]);

        world.assessed("良村镇", json!({"score": "60.00"})).await.expect(201);
        let list = world.listed(campaign, json!({"category_code": TOWNSHIP})).await.expect(201);
        assert_eq!(members(list.list_at("/entries"), "score"), ["91.20", "87.75", "82.00"]);
        propose(&world, list.id()).await.expect(200);
        let assessment = format!("/annual-assessments/2022/{}", world.unit_id("良村镇").await);
        let changed = office.put(&assessment).if_match("*").json(json!({"score": "61.00"})).await;
        changed.blocked_by(&["ranking_in_use"]);
    }

    async fn d_610_a_figure_opens_down_to_the_sheets(world: World) {
        let townships = [("江背镇", ["90", "80.5"], json!({"score": "70.00"}))];
        let (campaign, applications) = world.selecting_townships(&townships).await;
        let place = format!("{}/{}", ranking_of(campaign, TOWNSHIP), applications[0]);
        let office = world.office().await;
        let opened = office.get(&place).await.expect(200);
        assert_eq!(opened.at("/entry/score"), "82.20");
        assert_eq!(opened.list_at("/sheets").len(), 2);
        let mut names = members(opened.list_at("/sheets"), "supervisor_name");
        names.sort();
        assert_eq!(names, ["钟乙", "钟甲"]);
        let composites = members(opened.list_at("/sheets"), "composite");
        assert!(composites.contains(&"80.50".into()) && composites.contains(&"90.00".into()), "{opened}");
        assert_eq!(opened.at("/sheets/0/judgements/4/reason"), "第5条属实。");
        assert_eq!(opened.at("/criteria/2/mean"), "85.25");
        assert!(opened.text_at("/entry/explanation").contains("82.20"), "{opened}");
        assert!(opened.text_at("/criteria/2/explanation").contains("80.5"), "{opened}");
        world.unit("江背镇").await.get(&place).await.refused(403, "role_not_permitted");
    }

    async fn d_609_a_tie_across_the_quota_blocks_a_list_until_it_is_ordered(world: World) {
        let campaign = world.selecting(TIED).await;
        let found = ranking(&world, campaign).await;
        assert_eq!(found.at("/ties/0/across_quota"), true);
        assert_eq!(found.blockers("resolve_tie"), Some(vec![]));
        world.listed(campaign, json!({"category_code": SUPERVISOR})).await.blocked_by(&["tie_unresolved"]);

        let tied = members(found.list_at("/entries"), "application_id");
        let (first, second, third) = (&tied[0], &tied[1], &tied[2]);
        let office = world.office().await;
        let place = format!("{}/resolve-tie", ranking_of(campaign, SUPERVISOR));
        let body = json!({"application_ids": [third, second], "reason": "任职时间更长者在先。"});
        office.post(&place).json(&body).await.refused(428, "precondition_required");
        order(&world, campaign, "\"0\"", json!([third, second])).await.refused(412, "precondition_failed");
        let etag = found.etag();
        order(&world, campaign, &etag, json!([third, first])).await.invalid(&[
            ("/application_ids/1", "entry_unknown"),
            ("/application_ids", "tie_order_incomplete"),
        ]);
        order(&world, campaign, &etag, json!([first, Uuid::nil()])).await.blocked_by(&["no_tie"]);
        let ordered = order(&world, campaign, &etag, json!([third, second])).await.expect(200);
        assert_eq!(&members(ordered.list_at("/entries"), "application_id"), &[first.clone(), third.clone(), second.clone()]);
        assert_eq!(ordered.at("/entries/1/decided_by"), &json!([{"stage": "resolved"}]));
        order(&world, campaign, &etag, json!([second, third])).await.refused(412, "precondition_failed");
        order(&world, campaign, &ordered.etag(), json!([second, third])).await.blocked_by(&["no_tie"]);

        let list = world.listed(campaign, json!({"category_code": SUPERVISOR})).await.expect(201);
        assert_eq!(&members(list.list_at("/entries"), "application_id"), &[first.clone(), third.clone()]);
    }

    async fn d_902_whoever_has_a_stake_in_a_category_adds_nothing_to_its_ranking(world: World) {
        let campaign = world.selecting(TIED).await;
        let found = ranking(&world, campaign).await;
        let tied = members(found.list_at("/entries"), "application_id");
        let (second, third) = (tied[1].clone(), tied[2].clone());
        let colleague = world.person("colleague", &[Role::Office]).await;
        declare_recusal(&colleague, campaign, recusal(second.parse().unwrap())).await.expect(201);
        let place = ranking_of(campaign, SUPERVISOR);
        let read = colleague.get(&place).await.expect(200);
        assert_eq!(read.blockers("resolve_tie"), Some(vec!["recused".into()]));
        assert_eq!(read.blockers("adjust_points"), Some(vec!["recused".into()]));
        let body = json!({"application_ids": [third, second], "reason": "任职时间更长者在先。"});
        let sent = colleague.post(&format!("{place}/resolve-tie")).if_match("*");
        sent.json(body).await.blocked_by(&["recused"]);
        let points = json!({"application_id": third, "points": "1.00", "reason": "宣传突出。"});
        colleague.post(&format!("{place}/adjustments")).if_match("*").json(&points).await.blocked_by(&["recused"]);
        world.office().await.post(&format!("{place}/adjustments")).if_match("*").json(points).await.expect(200);
    }

    async fn d_206_a_list_is_the_best_as_far_as_the_quota_goes_and_never_longer(world: World) {
        let campaign = world.selecting(THREE).await;
        let ranked = world.ranked(campaign).await;
        let body = json!({"category_code": SUPERVISOR, "application_ids": ranked});
        let list = world.listed(campaign, body).await.expect(201);
        assert_eq!(list.blockers("propose_shortlist"), Some(vec!["quota_exceeded".into()]));
        propose(&world, list.id()).await.blocked_by(&["quota_exceeded"]);
        let office = world.office().await;
        let place = format!("/shortlists/{}", list.id());
        let shorter = office.change(&place, json!({"application_ids": [ranked[0]]})).await.expect(200);
        assert_eq!(shorter.blockers("propose_shortlist"), Some(vec![]), "shorter it may be");
        let best = office.change(&place, json!({"application_ids": null})).await.expect(200);
        assert_eq!(best.list_at("/entries").len(), 2);
        assert_eq!(best.at("/entries/1/rank"), 2);
        assert_eq!(best.at("/entries/1/score"), "5.00");
        office.change(&place, json!({"application_ids": []})).await.expect(200);
        propose(&world, list.id()).await.blocked_by(&["list_empty"]);
    }

    async fn d_205_under_a_quota_of_five_no_leading_cadre_is_proposed(world: World) {
        let office = world.office().await;
        let first = world.supervisor("赵一").await.supervisor_id();
        office.change(&format!("/supervisors/{first}"), json!({"is_leading_cadre": true})).await.expect(200);
        let campaign = world.selecting(THREE).await;
        let list = world.listed(campaign, json!({"category_code": SUPERVISOR})).await.expect(201);
        assert_eq!(list.at("/entries/0/is_leading_cadre"), true);
        let blocked = propose(&world, list.id()).await.blocked_by(&["leading_cadre_share"]);
        assert!(blocked.text_at("/errors/0/detail").contains('1'), "by how many: {blocked}");
        let ranked = world.ranked(campaign).await;
        let without = json!({
            "application_ids": ranked[1..],
            "departures": [
                {"application_id": ranked[0], "reason": "领导干部不占名额"},
                {"application_id": ranked[2], "reason": "依次递补"},
            ],
        });
        office.change(&format!("/shortlists/{}", list.id()), without).await.expect(200);
        propose(&world, list.id()).await.expect(200);
    }

    async fn d_701_who_departs_from_the_ranking_says_why(world: World) {
        let campaign = world.selecting(THREE).await;
        let ranked = world.ranked(campaign).await;
        let body = json!({"category_code": SUPERVISOR, "application_ids": [ranked[2], ranked[0]]});
        let list = world.listed(campaign, body).await.expect(201);
        assert_eq!(members(list.list_at("/entries"), "application_id"), [ranked[0].to_string(), ranked[2].to_string()]);
        assert_eq!(members(list.list_at("/departures"), "kind"), ["passed_over", "put_in"]);
        propose(&world, list.id()).await.blocked_by(&["departure_reason_missing", "departure_reason_missing"]);
        let office = world.office().await;
        let place = format!("/shortlists/{}", list.id());
        let reason = |id: Uuid, reason: &str| json!({"application_id": id, "reason": reason});
        let three = [reason(ranked[0], "甲"), reason(ranked[1], "未参加专题活动"), reason(ranked[2], "事迹突出")];
        office.change(&place, json!({"departures": three})).await.expect(200);
        propose(&world, list.id()).await.blocked_by(&["departure_without_cause"]);
        let unknown = [reason(Uuid::nil(), "甲"), reason(ranked[1], "乙"), reason(ranked[1], "丙")];
        office.change(&place, json!({"departures": unknown})).await.invalid(&[
            ("/departures/0/application_id", "entry_unknown"),
            ("/departures/2/application_id", "duplicate"),
        ]);
        let said = office.change(&place, json!({"departures": three[1..]})).await.expect(200);
        assert_eq!(said.at("/departures/0/reason"), "未参加专题活动");
        let proposed = propose(&world, list.id()).await.expect(200);
        assert_eq!(proposed.state(), "proposed");
        let seen = world.approver().await.get(&place).await.expect(200);
        assert_eq!(seen.at("/departures/1/reason"), "事迹突出", "the approver sees why");
    }

    async fn a_body_names_who_is_ranked_once_each_and_nothing_else(world: World) {
        let campaign = world.selecting(THREE).await;
        let ranked = world.ranked(campaign).await;
        world.listed(campaign, json!({"category_code": "none"})).await.invalid(&[("/category_code", "unknown_category")]);
        let body = json!({"category_code": SUPERVISOR, "application_ids": [ranked[0], ranked[0], Uuid::nil()]});
        world.listed(campaign, body).await.invalid(&[
            ("/application_ids/1", "duplicate"),
            ("/application_ids/2", "entry_unknown"),
        ]);
        let body = json!({"category_code": SUPERVISOR, "state": "approved", "departures": [{"application_id": ranked[0], "reason": " "}]});
        world.listed(campaign, body).await.invalid(&[("/state", "unknown_member"), ("/departures/0/reason", "wrong_format")]);
        world.listed(Uuid::nil(), json!({"category_code": SUPERVISOR})).await.refused(404, "not_found");
    }

    async fn d_609_a_draft_whose_ranking_has_changed_is_read_anew(world: World) {
        let campaign = world.selecting(THREE).await;
        let list = world.listed(campaign, json!({"category_code": SUPERVISOR})).await.expect(201);
        let third = world.supervisor("孙三").await;
        for number in 10..15 {
            world.duty_record(&third, number).await.expect(200);
        }
        let place = format!("/shortlists/{}", list.id());
        let office = world.office().await;
        let stale = office.get(&place).await.expect(200);
        let blockers = stale.blockers("propose_shortlist").unwrap();
        assert!(blockers.contains(&"ranking_changed".into()), "{stale}");
        let blocked = propose(&world, list.id()).await.refused(409, "guard_failed");
        assert_eq!(blocked.error_codes(), blockers, "what is shown is what is answered");
        let anew = office.change(&place, json!({"application_ids": null})).await.expect(200);
        assert_eq!(anew.at("/entries/0/nominee_name"), "孙三");
        assert_ne!(anew.at("/ranking_digest"), list.at("/ranking_digest"));
        propose(&world, list.id()).await.expect(200);
    }

    async fn d_609_a_proposed_list_keeps_its_ranking_and_closes_its_inputs(world: World) {
        let campaign = world.selecting(TIED).await;
        let found = ranking(&world, campaign).await;
        let tied = members(found.list_at("/entries"), "application_id");
        let ordered = order(&world, campaign, &found.etag(), json!([tied[1], tied[2]])).await.expect(200);
        let list = world.proposed(campaign).await;
        let kept = ranking(&world, campaign).await;
        assert_eq!(kept.at("/shortlist_id"), &json!(list));
        assert_eq!(kept.at("/digest"), ordered.at("/digest"));
        assert_eq!(members(kept.list_at("/entries"), "state"), ["shortlisted", "shortlisted", "not_shortlisted"]);
        let third = world.supervisor("孙三").await;
        world.duty_record(&third, 20).await.blocked_by(&["ranking_in_use"]);
        order(&world, campaign, &kept.etag(), json!([tied[2], tied[1]])).await.blocked_by(&["ranking_in_use", "no_tie"]);

        let approver = world.approver().await;
        let back = approver.act(&format!("/shortlists/{list}/return"), json!({"reason": "请复核。"})).await.expect(200);
        assert_eq!(back.state(), "returned");
        let open = ranking(&world, campaign).await;
        assert_eq!(open.at("/shortlist_id"), &Value::Null);
        assert_eq!(members(open.list_at("/entries"), "state"), ["verified", "verified", "verified"]);
        world.duty_record(&third, 21).await.expect(200);
        let anew = world.listed(campaign, json!({"category_code": SUPERVISOR})).await.expect(201);
        assert_eq!(anew.state(), "draft");
        let lists = world.office().await.get(&format!("/campaigns/{campaign}/shortlists")).await.expect(200);
        assert_eq!(lists.column("state"), ["returned", "draft"]);
    }

    async fn of_sixty_four_lists_made_at_once_one_is_alive(world: World) {
        let campaign = world.selecting(THREE).await;
        let answers = join_all((0..64).map(|_| world.listed(campaign, json!({"category_code": SUPERVISOR})))).await;
        assert_eq!(answers.iter().filter(|reply| reply.status == 201).count(), 1);
        for refused in answers.into_iter().filter(|reply| reply.status != 201) {
            refused.blocked_by(&["list_alive"]);
        }
        let lists = world.office().await.get(&format!("/campaigns/{campaign}/shortlists?include=total")).await.expect(200);
        assert_eq!(lists.at("/total"), 1);
    }

    async fn a_list_is_acted_on_in_the_version_that_was_seen(world: World) {
        let campaign = world.selecting(THREE).await;
        let list = world.listed(campaign, json!({"category_code": SUPERVISOR})).await.expect(201);
        let office = world.office().await;
        let place = format!("/shortlists/{}", list.id());
        office.post(&format!("{place}/propose")).await.refused(428, "precondition_required");
        office.post(&format!("{place}/propose")).if_match("*").await.refused(428, "wildcard_refused");
        office.change(&place, json!({"departures": null})).await.expect(200);
        let old = list.etag();
        office.post(&format!("{place}/propose")).if_match(&old).await.refused(412, "precondition_failed");
        propose(&world, list.id()).await.expect(200);
        office.change(&place, json!({"departures": null})).await.refused(409, "illegal_transition");
        propose(&world, list.id()).await.refused(409, "illegal_transition");
        world.approver().await.act(&format!("{place}/propose"), Value::Null).await.refused(403, "role_not_permitted");
        office.get(&format!("/shortlists/{}", Uuid::nil())).await.refused(404, "not_found");
        let listed = office.get(&format!("/campaigns/{campaign}/shortlists?include=allowed_actions&state=proposed")).await;
        assert!(listed.expect(200).items()[0]["allowed_actions"].as_array().is_some_and(|actions| !actions.is_empty()));
    }

    async fn d_206_before_the_campaign_selects_no_list_is_made(world: World) {
        world.supervisor("赵一").await;
        let campaign = world.campaign_of(pingxuan_tests::selection::only(SUPERVISOR)).await;
        world.advanced(campaign).await.expect(200);
        world.listed(campaign, json!({"category_code": SUPERVISOR})).await.blocked_by(&["campaign_not_selecting"]);
    }
}

//! Rankings and decisions where they are not plain: points beside the score, no award at all, an award that is revoked.

use pingxuan_domain::Role;
use pingxuan_tests::selection::{SELECTS, members, only, ranking_of, withdraw};
use pingxuan_tests::story::{SUPERVISOR, TOWNSHIP, decision_record};
use pingxuan_tests::{Person, Reply, World, both};
use serde_json::{Value, json};
use uuid::Uuid;

/// Of three supervisors two are to be commended: 7.50, 5.00 and 2.50 points.
const THREE: &[(&str, usize)] = &[("赵一", 3), ("钱二", 2), ("孙三", 1)];

async fn adjust(who: &Person, (campaign, category): (Uuid, &str), body: Value) -> Reply {
    let ranking = ranking_of(campaign, category);
    let etag = who.etag_of(&ranking).await;
    who.post(&format!("{ranking}/adjustments")).if_match(&etag).json(body).await
}

fn points(application: Uuid, points: &str) -> Value {
    json!({"application_id": application, "points": points, "reason": "获省级通报表扬。"})
}

fn category(campaign: Uuid, code: &str) -> String {
    format!("/campaigns/{campaign}/categories/{code}")
}

async fn none_awarded(who: &Person, campaign: Uuid, code: &str) -> Reply {
    let body = json!({"decision": decided_on("2023-01-01")});
    who.act(&format!("{}/no-award", category(campaign, code)), body).await
}

fn decided_on(day: &str) -> Value {
    let mut record = decision_record();
    record["decided_on"] = json!(day);
    record
}

async fn revoke(who: &Person, application: Uuid) -> Reply {
    let mut record = decision_record();
    record["document_number"] = json!("兴府字〔2023〕9号");
    record["reasons"] = json!("申报材料失实。");
    who.act(&format!("/applications/{application}/revoke"), json!({"decision": record})).await
}

async fn own(world: &World, name: &str, application: Uuid) -> Reply {
    world.supervisor(name).await.get(&format!("/applications/{application}")).await.expect(200)
}

both! {
    async fn d_607_the_office_gives_and_takes_points_with_a_reason(world: World) {
        let campaign = world.selecting(THREE).await;
        let ranked = world.ranked(campaign).await;
        let office = world.office().await;
        let place = (campaign, SUPERVISOR);
        let found = office.get(&ranking_of(campaign, SUPERVISOR)).await.expect(200);
        assert_eq!(found.blockers("adjust_points"), Some(vec![]));
        assert_eq!(found.at("/entries/2/adjustment"), &Value::Null);

        let given = adjust(&office, place, points(ranked[2], "6.25")).await.expect(200);
        assert_eq!(members(given.list_at("/entries"), "nominee_name"), ["孙三", "赵一", "钱二"]);
        assert_eq!((given.at("/entries/0/score"), given.at("/entries/0/adjustment")), (&json!("8.75"), &json!("6.25")));
        let taken = adjust(&office, place, points(ranked[2], "-1.00")).await.expect(200);
        assert_eq!((taken.at("/entries/0/score"), taken.at("/entries/0/adjustment")), (&json!("7.75"), &json!("5.25")));
        let stale = office.post(&format!("{}/adjustments", ranking_of(campaign, SUPERVISOR))).if_match(&given.etag());
        stale.json(points(ranked[0], "1.00")).await.refused(412, "precondition_failed");

        let opened = format!("{}/{}", ranking_of(campaign, SUPERVISOR), ranked[2]);
        for language in ["zh-CN", "en"] {
            let told = office.get(&opened).header("accept-language", language).await.expect(200);
            assert_eq!(members(told.list_at("/adjustments"), "points"), ["6.25", "-1.00"]);
            assert_eq!(told.at("/adjustments/1/reason"), "获省级通报表扬。");
            assert_eq!(told.at("/adjustments/0/adjusted_by"), &json!(office.user_id()));
            assert_eq!(told.at("/attendance"), &Value::Null);
            let said = told.text_at("/entry/explanation");
            assert!(said.contains("2.50") && said.contains("5.25") && said.contains("7.75"), "{said}");
        }
        let list = world.proposed(campaign).await;
        let listed = office.get(&format!("/shortlists/{list}")).await.expect(200);
        assert_eq!(members(listed.list_at("/entries"), "nominee_name"), ["孙三", "赵一"]);
        let used = office.get(&ranking_of(campaign, SUPERVISOR)).await.expect(200);
        assert_eq!(used.blockers("adjust_points"), Some(vec!["ranking_in_use".into()]));
        adjust(&office, place, points(ranked[2], "1.00")).await.blocked_by(&["ranking_in_use"]);
    }

    async fn d_607_points_are_for_who_is_ranked_and_of_two_decimals(world: World) {
        let campaign = world.selecting(THREE).await;
        let ranked = world.ranked(campaign).await;
        let office = world.office().await;
        let place = (campaign, SUPERVISOR);
        for wrong in ["1.005", "100.01", "+1.00", "", "-0,5"] {
            adjust(&office, place, points(ranked[0], wrong)).await.invalid(&[("/points", "wrong_format")]);
        }
        let body = json!({"application_id": ranked[0], "points": "1.00", "reason": " "});
        adjust(&office, place, body).await.invalid(&[("/reason", "wrong_format")]);
        adjust(&office, place, points(Uuid::nil(), "1.00")).await.invalid(&[("/application_id", "entry_unknown")]);
        let least = adjust(&office, place, points(ranked[0], "-100.00")).await.expect(200);
        assert_eq!(least.at("/entries/2/score"), "0.00", "kept between 0 and 100");
        world.approver().await.post(&format!("{}/adjustments", ranking_of(campaign, SUPERVISOR))).if_match("*")
            .json(points(ranked[0], "1.00")).await.refused(403, "role_not_permitted");
    }

    async fn d_607_before_the_campaign_selects_no_points_are_adjusted(world: World) {
        world.supervisor("赵一").await;
        let campaign = world.campaign_of(only(SUPERVISOR)).await;
        world.advanced(campaign).await.expect(200);
        world.move_clock(SELECTS).await;
        world.advanced(campaign).await.expect(200);
        let ranked = world.ranked(campaign).await;
        let body = points(ranked[0], "1.00");
        adjust(&world.office().await, (campaign, SUPERVISOR), body).await.blocked_by(&["campaign_not_selecting"]);
    }

    async fn d_902_nobody_gives_points_to_their_own_unit(world: World) {
        let townships = [("江背镇", ["90", "80"], json!({"score": "70.00"}))];
        let (campaign, applications) = world.selecting_townships(&townships).await;
        let unit = world.unit_id("江背镇").await;
        let colleague = world.account("office-of-jiangbei", &[Role::Office], Some(unit), None).await;
        let body = points(applications[0], "1.00");
        let place = (campaign, TOWNSHIP);
        adjust(&colleague, place, body.clone()).await.blocked_by(&["own_unit_stake"]);
        adjust(&world.office().await, place, body).await.expect(200);
    }

    async fn d_206_a_category_is_decided_without_an_award(world: World) {
        let campaign = world.selecting(THREE).await;
        let ranked = world.ranked(campaign).await;
        let (approver, office) = (world.approver().await, world.office().await);
        let place = category(campaign, SUPERVISOR);
        let before = own(&world, "赵一", ranked[0]).await;
        let open = approver.get(&place).await.expect(200);
        assert_eq!(open.blockers("decide_no_award"), Some(vec![]));
        assert_eq!(office.get(&place).await.expect(200).blockers("decide_no_award"), None);
        approver.post(&format!("{place}/no-award")).if_match("*").await.refused(428, "wildcard_refused");
        let future = json!({"decision": decision_record()});
        let refused = approver.act(&format!("{place}/no-award"), future).await;
        refused.invalid(&[("/decision/decided_on", "not_in_the_past")]);

        let decided = none_awarded(&approver, campaign, SUPERVISOR).await.expect(200);
        assert_eq!(decided.at("/no_award/document/document_number"), "兴府字〔2023〕1号");
        assert_eq!(decided.at("/no_award/decision/meeting"), "县政府常务会议");
        assert_ne!(decided.etag(), open.etag());
        let stale = approver.post(&format!("{place}/no-award")).if_match(&open.etag());
        let body = json!({"decision": decided_on("2023-01-01")});
        stale.json(body).await.refused(412, "precondition_failed");
        none_awarded(&approver, campaign, SUPERVISOR).await.blocked_by(&["category_decided"]);
        world.listed(campaign, json!({"category_code": SUPERVISOR})).await.blocked_by(&["category_decided"]);
        let listed = office.get(&format!("/campaigns/{campaign}/categories")).await.expect(200);
        assert_eq!(listed.items()[0]["no_award"]["document"]["decided_on"], "2023-01-01");
        let inside = office.get(&format!("/applications/{}", ranked[0])).await.expect(200);
        assert_eq!(inside.state(), "not_awarded");

        let hidden = own(&world, "赵一", ranked[0]).await;
        assert_eq!((hidden.state(), hidden.etag()), ("verified".to_owned(), before.etag()), "D-403");
        let outside = world.supervisor("赵一").await;
        assert_eq!(outside.get(&place).await.expect(200).at("/no_award"), &Value::Null);
        let unaware = world.supervisor("钱二").await;
        let mine = unaware.get(&format!("/applications/{}", ranked[1])).await.expect(200);
        assert_eq!(mine.blockers("withdraw_application"), Some(vec![]));
        let told = withdraw(&unaware, ranked[1]).await.expect(200);
        assert!(told.state() == "withdrawn" && !told.text.contains("award"), "{told}");
        world.advanced(campaign).await.expect(200);
        assert_eq!(own(&world, "赵一", ranked[0]).await.state(), "not_awarded");
        assert_eq!(own(&world, "钱二", ranked[1]).await.state(), "withdrawn");
        withdraw(&outside, ranked[0]).await.blocked_by(&["notice_closed"]);
        let told = outside.get(&place).await.expect(200);
        assert_eq!(told.at("/no_award/document/document_number"), "兴府字〔2023〕1号");
        assert_eq!(told.at("/no_award/decision"), &Value::Null, "the record is the house's own");
        assert_eq!(outside.get("/awards").await.expect(200).items().len(), 0);
    }

    async fn d_206_no_award_waits_until_no_list_is_alive_and_no_stake_is_left(world: World) {
        let townships = [("江背镇", ["90", "80"], json!({"score": "70.00"}))];
        let (campaign, _) = world.selecting_townships(&townships).await;
        let unit = world.unit_id("江背镇").await;
        let townsman = world.account("approver-of-jiangbei", &[Role::Approver], Some(unit), None).await;
        none_awarded(&townsman, campaign, TOWNSHIP).await.blocked_by(&["own_unit_stake"]);
        let list = world.listed(campaign, json!({"category_code": TOWNSHIP})).await.expect(201).id();
        let approver = world.approver().await;
        none_awarded(&approver, campaign, TOWNSHIP).await.blocked_by(&["list_alive"]);
        let office = world.office().await;
        office.act(&format!("/shortlists/{list}/propose"), Value::Null).await.expect(200);
        approver.act(&format!("/shortlists/{list}/return"), json!({"reason": "成效不足。"})).await.expect(200);
        none_awarded(&approver, campaign, TOWNSHIP).await.expect(200);

        let early = world.accepting_campaign().await;
        none_awarded(&approver, early, TOWNSHIP).await.blocked_by(&["campaign_not_selecting"]);
        let nowhere = format!("{}/no-award", category(campaign, "nothing"));
        approver.post(&nowhere).if_match("\"0\"").await.refused(404, "not_found");
    }

    async fn d_708_a_revoked_award_says_so_at_once(world: World) {
        let campaign = world.selecting(THREE).await;
        let ranked = world.ranked(campaign).await;
        world.approved(campaign).await;
        world.advanced(campaign).await.expect(200);
        let (approver, public) = (world.approver().await, world.public());
        let place = "/public/awards/202201-01-001";
        let valid = public.get(place).await.expect(200);
        assert_eq!(valid.at("/revocation"), &Value::Null);
        let action = approver.get(&format!("/applications/{}", ranked[0])).await.expect(200);
        assert_eq!(action.blockers("revoke_award"), Some(vec![]));
        let path = format!("/applications/{}/revoke", ranked[0]);
        approver.post(&path).if_match("*").await.refused(428, "wildcard_refused");
        let mut future = decision_record();
        future["decided_on"] = json!("2099-01-01");
        let refused = approver.act(&path, json!({"decision": future})).await;
        refused.invalid(&[("/decision/decided_on", "not_in_the_past")]);
        let oneself = world.supervisor("钱二").await;
        let roles = json!({"roles": ["supervisor", "approver"]});
        world.security_admin().await.change(&format!("/users/{}", oneself.user_id()), roles).await.expect(200);
        oneself.forget();
        revoke(&oneself, ranked[1]).await.blocked_by(&["own_nomination"]);

        assert_eq!(revoke(&approver, ranked[0]).await.expect(200).state(), "revoked");
        let gone = public.get(place).await.expect(200);
        assert_eq!(gone.state(), "revoked");
        assert_eq!(gone.at("/revocation/document_number"), "兴府字〔2023〕9号");
        assert!(gone.text_at("/statement").contains("兴府字〔2023〕9号"), "{gone}");
        assert_ne!(gone.etag(), valid.etag());
        assert!(!gone.text.contains("刘县长"), "the record itself is not for the public");
        let register = public.get(&format!("/public/awards?campaign_id={campaign}")).await.expect(200);
        assert_eq!(register.column("state"), ["revoked", "awarded"]);
        let listed = world.supervisor("孙三").await.get("/awards?name=赵").await.expect(200);
        assert_eq!(listed.items()[0]["revocation"]["decided_on"], "2023-01-09");
        assert_eq!(own(&world, "赵一", ranked[0]).await.state(), "revoked");
        revoke(&approver, ranked[0]).await.refused(409, "illegal_transition");
        revoke(&approver, ranked[2]).await.refused(409, "illegal_transition");
        let number = listed.items()[0]["id"].as_str().unwrap();
        let award = world.supervisor("孙三").await.get(&format!("/awards/{number}")).await.expect(200);
        assert_eq!(award.state(), "revoked");
    }

    async fn d_708_an_award_revoked_before_the_announcement_is_never_entered(world: World) {
        let campaign = world.selecting(THREE).await;
        let ranked = world.ranked(campaign).await;
        world.approved(campaign).await;
        let before = own(&world, "赵一", ranked[0]).await;
        revoke(&world.approver().await, ranked[0]).await.expect(200);
        let hidden = own(&world, "赵一", ranked[0]).await;
        assert_eq!((hidden.state(), hidden.etag()), ("shortlisted".to_owned(), before.etag()), "D-403");
        let place = format!("/applications/{}/history", ranked[0]);
        let inside = world.office().await.get(&place).await.expect(200);
        assert!(inside.text.contains("revoke_award"), "{inside}");
        world.advanced(campaign).await.expect(200);
        assert_eq!(own(&world, "赵一", ranked[0]).await.state(), "revoked");
        let register = world.public().get("/public/awards").await.expect(200);
        assert_eq!(register.column("certificate_number"), ["202201-01-002"], "the place stays empty");
    }
}

//! Who falls out of a list, who takes the vacant place, and what then holds of notices and the decision.

use futures_util::future::join;
use pingxuan_domain::Role;
use pingxuan_tests::county::COUNTY;
use pingxuan_tests::objections::{finding, lead};
use pingxuan_tests::selection::{
    NOTICE_OVER, SELECTS, close, decide, disqualify, members, only, ranking_of, seen, shown, substitute,
    withdraw,
};
use pingxuan_tests::story::TOWNSHIP;
use pingxuan_tests::verification::{
    declare_recusal, lift_recusal, recusal, sheet_with_finding, submit_sheet,
};
use pingxuan_tests::vetting::{answer, lift, request_vetting, veto};
use pingxuan_tests::{Reply, World, both};
use serde_json::{Value, json};
use uuid::Uuid;

/// Four townships, the best first.
const FOUR: [(&str, &str); 4] = [("江背镇", "95"), ("高兴镇", "90"), ("良村镇", "85"), ("龙口镇", "80")];

/// A selection of townships alone, which two of them can win: the campaign, the applications, and the assignments whose sheets
/// tell of a finding.
pub struct Townships {
    pub campaign: Uuid,
    pub applications: Vec<Uuid>,
    pub assignments: Vec<Uuid>,
}

/// A definition of townships alone, with two places, one sheet for each, and without the annual assessment.
pub fn two_places(vacancy: &str) -> Value {
    let mut definition = only(TOWNSHIP);
    let category = &mut definition["categories"][0];
    category["quota"]["value"] = json!(2);
    category["visits"]["value"] = json!(1);
    category["blend"]["value"] = json!({"verified": 100, "assessment": 0});
    category["vacancy"]["value"] = json!(vacancy);
    definition
}

/// As far as the campaign verifies, with the sheets of these townships submitted.
async fn scored(world: &World, definition: Value, townships: &[(&str, &str)]) -> Townships {
    let campaign = world.campaign_of(definition).await;
    world.advanced(campaign).await.expect(200);
    let mut applications = Vec::new();
    for (unit, _) in townships {
        applications.push(world.accepted(campaign, unit, TOWNSHIP).await);
    }
    world.move_clock(SELECTS).await;
    world.advanced(campaign).await.expect(200);
    let scorer = world.supervisor("钟甲").await;
    let mut assignments = Vec::new();
    for (application, (_, points)) in applications.iter().zip(townships) {
        let body = sheet_with_finding(5, points);
        let assignment = world.begun_sheet((campaign, *application), &scorer, body).await;
        submit_sheet(&scorer, assignment).await.expect(200);
        assignments.push(assignment);
    }
    Townships { campaign, applications, assignments }
}

/// Four townships, selecting, with a list of the best two proposed.
async fn proposed(world: &World, vacancy: &str) -> (Townships, Uuid) {
    proposed_of(world, two_places(vacancy)).await
}

/// The same by a definition.
pub async fn proposed_of(world: &World, definition: Value) -> (Townships, Uuid) {
    proposed_with(world, definition, &FOUR).await
}

/// The same with other townships.
pub async fn proposed_with(world: &World, definition: Value, scores: &[(&str, &str)]) -> (Townships, Uuid) {
    let townships = scored(world, definition, scores).await;
    world.advanced(townships.campaign).await.expect(200);
    let list = world.listed(townships.campaign, json!({"category_code": TOWNSHIP})).await.expect(201).id();
    world.office().await.act(&format!("/shortlists/{list}/propose"), Value::Null).await.expect(200);
    (townships, list)
}

both! {
    async fn d_706_who_is_disqualified_falls_out_and_the_next_in_rank_takes_the_place(world: World) {
        let (townships, list) = proposed(&world, "substitution").await;
        let (campaign, ids) = (townships.campaign, &townships.applications);
        let office = world.office().await;
        let place = format!("/shortlists/{list}");
        let first = shown(&world, list).await[0];
        let waiting = world.unit("良村镇").await;
        let before = seen(&waiting, ids[2]).await;
        assert_eq!(before.state(), "not_shortlisted");
        assert_eq!(seen(&office, ids[2]).await.blockers("substitute_application"), Some(vec!["no_place_vacant".into()]));
        substitute(&office, ids[2], None).await.blocked_by(&["no_place_vacant"]);

        let out = disqualify(&office, ids[1], ("site_finding", townships.assignments[1])).await.expect(200);
        assert_eq!(out.at("/disqualification/ground"), "site_finding");
        let told = seen(&world.unit("高兴镇").await, ids[1]).await;
        assert_eq!((told.state(), told.at("/reason")), ("disqualified".to_owned(), &json!("实地核查发现弄虚作假。")));
        assert_eq!(told.at("/disqualification/reference_id"), &Value::Null, "for the house alone");
        let notice = world.public().get(&format!("/public/notices/{first}")).await.expect(200);
        assert_eq!(notice.list_at("/content/entries").len(), 2, "the name stays in it");
        assert_eq!(notice.at("/fallen_out/0/state"), "disqualified");

        assert_eq!(seen(&office, ids[2]).await.blockers("substitute_application"), Some(vec![]));
        let passing = substitute(&office, ids[3], None).await;
        passing.invalid(&[("/departure_reason", "departure_reason_missing")]);
        let idle = substitute(&office, ids[2], Some("另有考虑。")).await;
        idle.invalid(&[("/departure_reason", "departure_without_cause")]);
        let listed = office.get(&place).await.expect(200);
        let on = substitute(&office, ids[2], None).await.expect(200);
        assert_eq!(on.state(), "shortlisted");
        let hidden = seen(&waiting, ids[2]).await;
        assert_eq!((hidden.state(), hidden.etag()), ("not_shortlisted".to_owned(), before.etag()), "D-403");

        let anew = office.get(&place).await.expect(200);
        assert_eq!(anew.state(), "proposed");
        assert_ne!(anew.etag(), listed.etag(), "a new version");
        assert_eq!(anew.at("/entries/2/position"), 3);
        assert_eq!(anew.at("/entries/2/substitutes"), &json!(ids[1]));
        assert_eq!(anew.at("/substituted_by/0"), &json!(office.user_id()));
        assert_eq!(anew.list_at("/departures").len(), 0);
        substitute(&office, ids[3], None).await.blocked_by(&["no_place_vacant"]);
        decide(&world.approver().await, list).await.refused(409, "illegal_transition");

        let notices = shown(&world, list).await;
        assert_eq!(notices[0], first);
        let repeat = world.public().get(&format!("/public/notices/{}", notices[1])).await.expect(200);
        assert_eq!(members(repeat.list_at("/content/entries"), "application_id"), [ids[2].to_string()]);
        assert_eq!(world.public().get(&format!("/public/notices/{first}")).await.expect(200).state(), "published");
        assert_eq!(seen(&waiting, ids[2]).await.state(), "shortlisted");

        world.move_clock(NOTICE_OVER).await;
        close(&office, first).await.expect(200);
        let approver = world.approver().await;
        decide(&approver, list).await.blocked_by(&["notice_not_closed"]);
        close(&office, notices[1]).await.expect(200);
        let approved = decide(&approver, list).await.expect(200);
        assert_eq!(members(approved.list_at("/entries"), "state"), ["awarded", "disqualified", "awarded"]);
        world.advanced(campaign).await.expect(200);
        let register = world.public().get("/public/awards?sort=certificate_number").await.expect(200);
        assert_eq!(register.column("certificate_number"), ["202201-01-001", "202201-01-003"]);
    }

    async fn d_707_nobody_decides_on_a_list_from_which_somebody_has_fallen_out_since(world: World) {
        let (townships, list) = proposed(&world, "substitution").await;
        let (office, approver) = (world.office().await, world.approver().await);
        let place = format!("/shortlists/{list}");
        let seen_before = approver.etag_of(&place).await;
        let endorse = async |tag: &str| {
            approver.post(&format!("{place}/endorse")).if_match(tag).json(json!({})).await
        };
        withdraw(&world.unit("江背镇").await, townships.applications[0]).await.expect(200);
        endorse(&seen_before).await.refused(412, "precondition_failed");
        let seen_then = approver.etag_of(&place).await;
        let finding = ("site_finding", townships.assignments[1]);
        disqualify(&office, townships.applications[1], finding).await.expect(200);
        endorse(&seen_then).await.refused(412, "precondition_failed");
        endorse(&approver.etag_of(&place).await).await.expect(200);
        let events = world.auditor().await.get(&format!("/audit-events?object_id={list}&limit=100")).await.expect(200);
        let fell: Vec<_> = events.items().iter().filter(|event| event["changed"][0]["pointer"] == "/fallen_out").collect();
        let said: Vec<_> = fell.iter().map(|event| (&event["operation"], &event["changed"][0]["to"])).collect();
        assert!(said.contains(&(&json!("withdraw_application"), &json!(townships.applications[0]))), "{events}");
        assert!(said.contains(&(&json!("disqualify_application"), &json!(townships.applications[1]))), "{events}");
        // Who waits was on no list: it stays what it was.
        let now = approver.etag_of(&place).await;
        withdraw(&world.unit("龙口镇").await, townships.applications[3]).await.expect(200);
        assert_eq!(approver.etag_of(&place).await, now);
    }

    async fn d_401_a_withdrawal_and_a_return_of_the_list_wait_for_each_other(world: World) {
        let (townships, list) = proposed(&world, "substitution").await;
        let (unit, approver) = (world.unit("高兴镇").await, world.approver().await);
        let body = json!({"reason": "请重新提出。"});
        let place = format!("/shortlists/{list}/return");
        let returned = approver.act(&place, body);
        let (one, other) = join(withdraw(&unit, townships.applications[1]), returned).await;
        let statuses = [one.status, other.status];
        assert!(statuses.contains(&200) && statuses.iter().all(|status| matches!(status, 200 | 412)), "{one}\n{other}");
        let now = seen(&world.office().await, townships.applications[1]).await.state();
        assert_eq!(now, if one.status == 200 { "withdrawn" } else { "verified" });
    }

    async fn d_403_a_list_that_is_returned_does_not_tell_who_was_substituted_unseen(world: World) {
        let (townships, list) = proposed(&world, "substitution").await;
        let ids = &townships.applications;
        let office = world.office().await;
        shown(&world, list).await;
        withdraw(&world.unit("高兴镇").await, ids[1]).await.expect(200);
        substitute(&office, ids[2], None).await.expect(200);
        let body = json!({"reason": "请重新提出。"});
        world.approver().await.act(&format!("/shortlists/{list}/return"), body).await.expect(200);
        let newcomer = world.unit("良村镇").await;
        let history = newcomer.get(&format!("/applications/{}/history", ids[2])).await.expect(200);
        let told: Vec<_> = history.items().iter().map(|step| (&step["from"], &step["to"])).collect();
        assert_eq!(told.last(), Some(&(&json!("not_shortlisted"), &json!("verified"))), "{history}");
        assert!(told.iter().all(|(_, to)| *to != "shortlisted"), "{history}");
        let inside = office.get(&format!("/applications/{}/history", ids[2])).await.expect(200);
        assert!(inside.text.contains("substitute_application"), "{inside}");
    }

    async fn d_403_after_the_notice_a_substitution_opens_no_door_that_tells_of_it(world: World) {
        let (townships, list) = proposed(&world, "substitution").await;
        let ids = &townships.applications;
        let (office, winner) = (world.office().await, world.unit("江背镇").await);
        let first = shown(&world, list).await[0];
        world.move_clock(NOTICE_OVER).await;
        close(&office, first).await.expect(200);
        withdraw(&winner, ids[0]).await.blocked_by(&["notice_closed"]);
        let before = seen(&winner, ids[0]).await;
        assert_eq!(before.blockers("withdraw_application"), Some(vec!["notice_closed".into()]));
        disqualify(&office, ids[1], ("site_finding", townships.assignments[1])).await.expect(200);
        substitute(&office, ids[2], None).await.expect(200);
        let after = seen(&winner, ids[0]).await;
        assert_eq!((after.etag(), after.blockers("withdraw_application")), (before.etag(), Some(vec!["notice_closed".into()])));
        // The repeat notice is public, and so is that one may withdraw while it stands.
        shown(&world, list).await;
        assert_eq!(seen(&winner, ids[0]).await.blockers("withdraw_application"), Some(vec![]));
    }

    async fn d_706_what_is_named_must_bear_the_disqualification(world: World) {
        let mut definition = two_places("substitution");
        definition["categories"][0]["visits"]["value"] = json!(2);
        let townships = scored(&world, definition, &FOUR[..3]).await;
        let (ids, found) = (&townships.applications, &townships.assignments);
        let office = world.office().await;
        let refused = [("/reference_id", "reference_unsupported")];
        for ground in ["objection", "vetting", "veto", "site_finding"] {
            disqualify(&office, ids[0], (ground, Uuid::nil())).await.invalid(&refused);
        }
        disqualify(&office, ids[0], ("veto", found[0])).await.invalid(&refused);
        disqualify(&office, ids[0], ("site_finding", found[1])).await.invalid(&refused);
        let other = world.supervisor("钟乙").await;
        let plain = world.scored((townships.campaign, ids[0]), &other, (5, "80")).await;
        disqualify(&office, ids[0], ("site_finding", plain)).await.invalid(&refused);
        let body = sheet_with_finding(5, "80");
        let draft = world.begun_sheet((townships.campaign, ids[1]), &other, body).await;
        disqualify(&office, ids[1], ("site_finding", draft)).await.invalid(&refused);
        submit_sheet(&other, draft).await.expect(200);
        let path = format!("/applications/{}/disqualify", ids[0]);
        let body = json!({"ground": "none", "reference_id": found[0], "reason": " "});
        office.act(&path, body).await.invalid(&[("/ground", "not_a_choice"), ("/reason", "wrong_format")]);
        office.post(&path).if_match("*").await.refused(428, "wildcard_refused");
        office.post(&path).if_match("\"0\"").await.refused(412, "precondition_failed");
        let unit = world.unit_id("江背镇").await;
        let colleague = world.account("office-of-jiangbei", &[Role::Office], Some(unit), None).await;
        disqualify(&colleague, ids[0], ("site_finding", found[0])).await.blocked_by(&["own_unit_stake"]);

        assert_eq!(seen(&office, ids[0]).await.state(), "verified");
        disqualify(&office, ids[0], ("site_finding", found[0])).await.expect(200);
        assert_eq!(seen(&office, ids[2]).await.state(), "accepted");
        disqualify(&office, ids[2], ("site_finding", found[2])).await.expect(200);
        disqualify(&office, ids[0], ("site_finding", found[0])).await.refused(409, "illegal_transition");
        world.advanced(townships.campaign).await.expect(200);
        let ranked = office.get(&ranking_of(townships.campaign, TOWNSHIP)).await.expect(200);
        assert_eq!(ranked.list_at("/entries").len(), 1, "who is disqualified is not ranked");
    }

    async fn d_706_an_objection_bears_a_disqualification_where_its_answer_obliges(world: World) {
        let (townships, list) = proposed(&world, "forfeited").await;
        let ids = &townships.applications;
        let notice = shown(&world, list).await[0];
        let office = world.office().await;
        let refused = [("/reference_id", "reference_unsupported")];
        let kept = world.investigated(notice, lead(Some(ids[0]))).await;
        disqualify(&office, ids[0], ("objection", kept)).await.invalid(&refused);
        let mut keep = finding("partly");
        keep["consequence"] = json!("keep");
        world.answered(kept, keep).await.expect(200);
        disqualify(&office, ids[0], ("objection", kept)).await.invalid(&refused);
        let upheld = world.investigated(notice, lead(Some(ids[1]))).await;
        let place = format!("/shortlists/{list}");
        assert_eq!(office.get(&place).await.expect(200).at("/entries/1/open_objections"), 1);
        world.answered(upheld, finding("upheld")).await.expect(200);
        disqualify(&office, ids[0], ("objection", upheld)).await.invalid(&refused);
        let seen = office.get(&place).await.expect(200);
        assert_eq!((seen.at("/entries/1/open_objections"), seen.at("/entries/1/objection_upheld")), (&json!(0), &json!(true)));

        world.move_clock(NOTICE_OVER).await;
        close(&office, notice).await.expect(200);
        let approver = world.approver().await;
        decide(&approver, list).await.blocked_by(&["objection_not_carried_out"]);
        disqualify(&office, ids[1], ("objection", upheld)).await.expect(200);
        decide(&approver, list).await.expect(200);
    }

    async fn d_706_a_veto_in_force_bears_a_disqualification(world: World) {
        let (townships, list) = proposed(&world, "substitution").await;
        let ids = &townships.applications;
        let office = world.office().await;
        let barred = async |unit: &str, until: &str| {
            let body = veto(json!({"unit_id": world.unit_id(unit).await, "until": until}));
            office.post("/vetoes").json(body).await.expect(201).id()
        };
        let refused = [("/reference_id", "reference_unsupported")];
        let lifted = barred("高兴镇", "2023-12-31").await;
        lift(&office, lifted).await.expect(200);
        for unsupported in [lifted, barred("高兴镇", "2022-12-31").await, barred("江背镇", "2023-01-02").await] {
            disqualify(&office, ids[1], ("veto", unsupported)).await.invalid(&refused);
        }
        let place = format!("/shortlists/{list}");
        let bar = barred("高兴镇", "2023-12-31").await;
        let seen = office.get(&place).await.expect(200);
        assert_eq!(members(seen.list_at("/entries"), "veto_until"), ["2023-01-02", "2023-12-31"]);
        disqualify(&office, ids[1], ("veto", bar)).await.expect(200);
        // The next in rank is barred as well, and then is not.
        let next = barred("良村镇", "2023-12-31").await;
        substitute(&office, ids[2], None).await.blocked_by(&["veto_in_force"]);
        lift(&office, next).await.expect(200);
        substitute(&office, ids[2], None).await.expect(200);
        world.move_clock("2023-01-03T00:00:00+08:00").await;
        let seen = office.get(&place).await.expect(200);
        assert_eq!(seen.at("/entries/0/veto_until"), &Value::Null, "its last day is over");
    }

    async fn d_702_a_departments_veto_bears_a_disqualification_and_the_newcomer_is_vetted_anew(world: World) {
        world.unit_id("县公安局").await;
        let code = COUNTY.unit("县公安局")["code"].clone();
        let mut definition = two_places("substitution");
        definition["categories"][0]["vetting_departments"]["value"] = json!([code]);
        let townships = scored(&world, definition, &FOUR[..3]).await;
        let (campaign, ids) = (townships.campaign, &townships.applications);
        world.advanced(campaign).await.expect(200);
        let office = world.office().await;
        let list = world.listed(campaign, json!({"category_code": TOWNSHIP})).await.expect(201).id();
        let place = format!("/shortlists/{list}");
        let proposed = office.act(&format!("{place}/propose"), Value::Null).await.expect(200);
        assert_eq!(proposed.at("/entries/1/vetting_lacks/0/code"), "vetting_missing");

        let ask = async || request_vetting(&world, campaign, json!({"category_code": TOWNSHIP})).await.expect(201);
        let police = world.unit("县公安局").await;
        let word = async |asked: &Reply, application: Uuid, opinion: &str| {
            let of = |row: &&Value| row["application_id"] == json!(application);
            let request: Uuid = asked.items().iter().find(of).unwrap()["id"].as_str().unwrap().parse().unwrap();
            let body = json!({"opinion": opinion, "basis": "有案在查。", "document": "函〔2023〕1号"});
            answer(&police, request, body).await.expect(200);
            request
        };
        let asked = ask().await;
        let first = word(&asked, ids[0], "no_objection").await;
        disqualify(&office, ids[0], ("vetting", first)).await.invalid(&[("/reference_id", "reference_unsupported")]);
        let second = word(&asked, ids[1], "veto").await;
        let seen = office.get(&place).await.expect(200);
        assert_eq!(seen.at("/entries/1/vetting/0/state"), "veto");
        assert_eq!(seen.at("/entries/1/vetting_lacks/0/code"), "vetting_veto");
        assert_eq!(seen.list_at("/entries/0/vetting_lacks").len(), 0);
        disqualify(&office, ids[1], ("vetting", second)).await.expect(200);

        substitute(&office, ids[2], None).await.expect(200);
        world.approver().await.act(&format!("{place}/endorse"), json!({})).await.expect(200);
        let publish = format!("{place}/publish-notice");
        office.act(&publish, Value::Null).await.blocked_by(&["vetting_missing"]);
        word(&ask().await, ids[2], "no_objection").await;
        office.act(&publish, Value::Null).await.expect(200);
    }

    async fn d_706_until_its_list_is_approved_an_application_is_disqualified(world: World) {
        let (townships, list) = proposed(&world, "substitution").await;
        let (ids, found) = (&townships.applications, &townships.assignments);
        let unit = world.unit("高兴镇").await;
        assert_eq!(seen(&unit, ids[1]).await.state(), "verified", "not yet shown");
        let office = world.office().await;
        disqualify(&office, ids[1], ("site_finding", found[1])).await.expect(200);
        assert_eq!(seen(&unit, ids[1]).await.state(), "disqualified");
        let told = unit.get(&format!("/applications/{}/history", ids[1])).await.expect(200);
        assert!(told.text.contains("disqualify_application") && !told.text.contains("shortlisted"), "{told}");
        let notice = shown(&world, list).await[0];
        world.move_clock(NOTICE_OVER).await;
        close(&office, notice).await.expect(200);
        decide(&world.approver().await, list).await.expect(200);
        disqualify(&office, ids[3], ("site_finding", found[3])).await.blocked_by(&["list_approved"]);
        disqualify(&office, ids[0], ("site_finding", found[0])).await.refused(409, "illegal_transition");
        let late = substitute(&office, ids[2], None).await.refused(409, "guard_failed");
        assert!(late.error_codes().contains(&"list_approved".to_owned()), "{late}");
    }

    async fn d_706_a_forfeited_place_stays_empty(world: World) {
        let (townships, list) = proposed(&world, "forfeited").await;
        let ids = &townships.applications;
        shown(&world, list).await;
        withdraw(&world.unit("高兴镇").await, ids[1]).await.expect(200);
        let office = world.office().await;
        let blocked = seen(&office, ids[2]).await.blockers("substitute_application");
        assert_eq!(blocked, Some(vec!["place_forfeited".into()]));
        substitute(&office, ids[2], None).await.blocked_by(&["place_forfeited"]);
    }

    async fn d_701_who_is_put_in_out_of_rank_has_a_reason_that_the_approver_sees(world: World) {
        let (townships, list) = proposed(&world, "substitution").await;
        let ids = &townships.applications;
        withdraw(&world.unit("高兴镇").await, ids[1]).await.expect(200);
        let office = world.office().await;
        let path = format!("/applications/{}/substitute", ids[3]);
        let blank = json!({"reason": " ", "departure_reason": " "});
        office.act(&path, blank).await.invalid(&[("/reason", "wrong_format"), ("/departure_reason", "wrong_format")]);
        office.post(&path).if_match("\"0\"").await.refused(412, "precondition_failed");
        let unit = world.unit_id("龙口镇").await;
        let colleague = world.account("office-of-longkou", &[Role::Office], Some(unit), None).await;
        substitute(&colleague, ids[3], Some("另有考虑。")).await.blocked_by(&["own_unit_stake"]);
        substitute(&world.approver().await, ids[3], None).await.refused(403, "role_not_permitted");
        substitute(&office, ids[3], Some("良村镇正在整改。")).await.expect(200);
        let list = world.approver().await.get(&format!("/shortlists/{list}")).await.expect(200);
        assert_eq!(members(list.list_at("/departures"), "kind"), ["passed_over", "put_in"]);
        assert_eq!(members(list.list_at("/departures"), "reason"), ["良村镇正在整改。", "良村镇正在整改。"]);
    }

    async fn d_704_where_nobody_is_new_a_list_is_shown_without_another_notice(world: World) {
        let (townships, list) = proposed(&world, "substitution").await;
        let ids = &townships.applications;
        let notice = shown(&world, list).await[0];
        withdraw(&world.unit("高兴镇").await, ids[1]).await.expect(200);
        let office = world.office().await;
        substitute(&office, ids[2], None).await.expect(200);
        withdraw(&world.unit("良村镇").await, ids[2]).await.expect(200);
        assert_eq!(shown(&world, list).await, [notice]);
        world.move_clock(NOTICE_OVER).await;
        close(&office, notice).await.expect(200);
        let approved = decide(&world.approver().await, list).await.expect(200);
        assert_eq!(members(approved.list_at("/entries"), "state"), ["awarded", "withdrawn", "withdrawn"]);
    }

    async fn d_902_who_substitutes_decides_nothing_on_the_list(world: World) {
        let (townships, list) = proposed(&world, "substitution").await;
        let ids = &townships.applications;
        withdraw(&world.unit("高兴镇").await, ids[1]).await.expect(200);
        let both = world.person("both", &[Role::Office, Role::Approver]).await;
        substitute(&both, ids[2], None).await.expect(200);
        let place = format!("/shortlists/{list}");
        both.act(&format!("{place}/endorse"), json!({})).await.blocked_by(&["own_proposal"]);
        both.act(&format!("{place}/return"), json!({"reason": "x"})).await.blocked_by(&["own_proposal"]);
        let notice = shown(&world, list).await[0];
        world.move_clock(NOTICE_OVER).await;
        close(&both, notice).await.expect(200);
        decide(&both, list).await.blocked_by(&["own_proposal"]);
    }

    async fn d_902_who_has_a_stake_in_a_candidate_neither_proposes_nor_decides(world: World) {
        let townships = scored(&world, two_places("substitution"), &FOUR[..2]).await;
        world.advanced(townships.campaign).await.expect(200);
        // Their unit stands in the category, if not on the list.
        let unit = world.unit_id("高兴镇").await;
        let colleague = world.account("office-of-gaoxing", &[Role::Office], Some(unit), None).await;
        let townsman = world.account("approver-of-gaoxing", &[Role::Approver], Some(unit), None).await;
        let body = json!({"category_code": TOWNSHIP, "application_ids": [townships.applications[0]]});
        let list = world.listed(townships.campaign, body).await.expect(201).id();
        let place = format!("/shortlists/{list}");
        colleague.act(&format!("{place}/propose"), Value::Null).await.blocked_by(&["own_unit_stake"]);
        let office = world.office().await;
        office.act(&format!("{place}/propose"), Value::Null).await.expect(200);
        townsman.act(&format!("{place}/endorse"), json!({})).await.blocked_by(&["own_unit_stake"]);
        townsman.act(&format!("{place}/return"), json!({"reason": "x"})).await.blocked_by(&["own_unit_stake"]);
        let notice = shown(&world, list).await[0];
        world.move_clock(NOTICE_OVER).await;
        close(&office, notice).await.expect(200);
        decide(&townsman, list).await.blocked_by(&["own_unit_stake"]);
        decide(&world.approver().await, list).await.expect(200);
    }

    async fn d_602_the_list_tells_the_approver_of_recusals_after_the_verification(world: World) {
        let (townships, list) = proposed(&world, "substitution").await;
        let (campaign, ids) = (townships.campaign, &townships.applications);
        let scorer = world.supervisor("钟甲").await;
        let late = declare_recusal(&scorer, campaign, recusal(ids[0])).await.expect(201).id();
        let approver = world.approver().await;
        let place = format!("/shortlists/{list}");
        let seen = approver.get(&place).await.expect(200);
        assert_eq!(seen.at("/entries/0/late_recusals/0/name"), "钟甲");
        assert_eq!(seen.at("/entries/0/late_recusals/0/kind"), "relative");
        assert_eq!(seen.list_at("/entries/1/late_recusals").len(), 0);
        lift_recusal(&world.office().await, late).await.expect(200);
        assert_eq!(approver.get(&place).await.expect(200).list_at("/entries/0/late_recusals").len(), 0);

        // Whoever is recused from one of the category decides nothing on its list.
        declare_recusal(&approver, campaign, recusal(ids[3])).await.expect(201);
        let seen = approver.get(&place).await.expect(200);
        assert_eq!(seen.blockers("endorse_shortlist"), Some(vec!["recused".into()]));
        approver.act(&format!("{place}/endorse"), json!({})).await.blocked_by(&["recused"]);
        approver.act(&format!("{place}/return"), json!({"reason": "x"})).await.blocked_by(&["recused"]);
    }
}

//! The rules of declaring: corrections limited to fields, what was submitted, two steps, seals, waivers, stakes, new deeds and
//! feedback (D-303, D-402, D-501, D-505, D-801, D-902).

use pingxuan_domain::Role;
use pingxuan_tests::county::COUNTY;
use pingxuan_tests::selection::{NOTICE_OVER, SELECTS, approve, close, only};
use pingxuan_tests::story::{
    COLLECTIVE, INDIVIDUAL, TOWNSHIP, decision_record, definition, filled_form, receive_paper, submit,
};
use pingxuan_tests::verification::{
    begin_sheet, declare_recusal, record_visit, recusal, submit_sheet, visit,
};
use pingxuan_tests::{Person, Reply, World, both};
use serde_json::{Value, json};
use uuid::Uuid;

const UNIT: &str = "县财政局";
const POLICE: &str = "县公安局";

fn place(application: Uuid) -> String {
    format!("/applications/{application}")
}

fn at(application: Uuid, action: &str) -> String {
    format!("/applications/{application}/{action}")
}

/// The definition of 2022 with one value of every category set.
fn with(member: &str, value: Value) -> Value {
    let mut definition = definition();
    for category in definition["categories"].as_array_mut().unwrap() {
        category[member]["value"] = value.clone();
    }
    definition
}

/// A campaign that accepts, by this definition.
async fn accepting(world: &World, definition: Value) -> Uuid {
    let campaign = world.campaign_of(definition).await;
    world.advanced(campaign).await.expect(200);
    campaign
}

/// Another account of a unit.
async fn head_of(world: &World, unit: &str) -> Person {
    let id = world.unit_id(unit).await;
    world.account("head", &[Role::Unit], Some(id), None).await
}

async fn second_office(world: &World) -> Person {
    world.person("office-2", &[Role::Office]).await
}

/// An office account whose holder works at a unit.
async fn office_of(world: &World, unit: &str) -> Person {
    let id = world.unit_id(unit).await;
    world.account("office-of-unit", &[Role::Office], Some(id), None).await
}

async fn give_back(office: &Person, application: Uuid, fields: Value) -> Reply {
    let body = json!({"reason": "请补正。", "correct_by": "2022-12-20", "fields": fields});
    office.act(&at(application, "return"), body).await
}

fn pointers(reply: &Reply) -> Vec<String> {
    let changes = reply.list_at("/changes").iter();
    let mut found: Vec<_> = changes.map(|change| change["pointer"].as_str().unwrap().to_owned()).collect();
    found.sort();
    found
}

/// A township, verified by two supervisors whose reasons differ.
async fn scored(world: &World, campaign: Uuid, application: Uuid, points: &str) {
    for (name, tells) in [("钟甲", "台账齐全"), ("钟乙", "办事很快")] {
        let supervisor = world.supervisor(name).await;
        let assignment = world.cleared(campaign, application, &supervisor).await;
        record_visit(&supervisor, Uuid::new_v4(), visit(application, &[&supervisor])).await.expect(201);
        let score = |n: u32| json!({"criterion": n, "points": points, "reason": format!("{tells}({n})")});
        let body = json!({"scores": (1..=5).map(score).collect::<Vec<_>>()});
        begin_sheet(&supervisor, assignment, body).await.expect(201);
        submit_sheet(&supervisor, assignment).await.expect(200);
    }
}

/// A selection of townships for one place, announced: the campaign, who was commended, who was not.
async fn announced(world: &World) -> (Uuid, Uuid, Uuid) {
    let mut definition = only(TOWNSHIP);
    definition["categories"][0]["quota"]["value"] = json!(1);
    let campaign = accepting(world, definition).await;
    let chosen = world.accepted(campaign, "江背镇", TOWNSHIP).await;
    let other = world.accepted(campaign, "高兴镇", TOWNSHIP).await;
    world.move_clock(SELECTS).await;
    world.advanced(campaign).await.expect(200);
    for (application, unit, points) in [(chosen, "江背镇", "95"), (other, "高兴镇", "80")] {
        scored(world, campaign, application, points).await;
        world.assessed(unit, json!({"score": "90.00"})).await.expect(201);
    }
    world.advanced(campaign).await.expect(200);
    let office = world.office().await;
    let list = world.listed(campaign, json!({"category_code": TOWNSHIP})).await.expect(201).id();
    office.act(&format!("/shortlists/{list}/propose"), Value::Null).await.expect(200);
    world.approver().await.act(&format!("/shortlists/{list}/endorse"), json!({})).await.expect(200);
    let shown = office.act(&format!("/shortlists/{list}/publish-notice"), Value::Null).await.expect(200);
    world.move_clock(NOTICE_OVER).await;
    close(&office, shown.text_at("/notices/0/id").parse().unwrap()).await.expect(200);
    let unit = world.unit("高兴镇").await;
    assert_eq!(
        unit.get(&place(other)).await.expect(200).at("/feedback"),
        &Value::Null,
        "not before the announcement"
    );
    approve(&world.approver().await, list, json!({"decision": decision_record()})).await.expect(200);
    world.advanced(campaign).await.expect(200);
    (campaign, chosen, other)
}

both! {
    async fn d_501_a_return_limited_to_fields_opens_those_alone(world: World) {
        let campaign = world.accepting_campaign().await;
        let application = world.submitted(campaign, POLICE, INDIVIDUAL).await;
        let (office, unit) = (world.office().await, world.unit(POLICE).await);
        for wrong in ["/nickname", "/deeds/criterion_9", "/honours/0"] {
            give_back(&office, application, json!(["/post", wrong])).await
                .invalid(&[("/fields/1", "unknown_reference")]);
        }
        give_back(&office, application, json!(["post"])).await.invalid(&[("/fields/0", "wrong_format")]);
        give_back(&office, application, json!([])).await.invalid(&[("/fields", "too_few")]);
        let fields = json!(["/post", "/deeds/criterion_1"]);
        let returned = give_back(&office, application, fields.clone()).await.expect(200);
        assert_eq!(returned.at("/unlocked_fields"), &fields);
        assert_eq!(unit.get(&place(application)).await.expect(200).at("/unlocked_fields"), &fields);

        let citizen_id = COUNTY.citizen_id(4711);
        let patch = json!({"form": {
            "post": "所长", "rank": "四级主任科员", "citizen_id": citizen_id,
            "deeds": {"criterion_1": "补充事迹。", "criterion_2": "另外的事迹。"},
        }});
        let refused = unit.change(&place(application), patch).await;
        assert!(!refused.text.contains(&citizen_id) && !refused.text.contains("***"), "{refused}");
        refused.invalid(&[
            ("/form/rank", "field_locked"),
            ("/form/citizen_id", "field_locked"),
            ("/form/deeds/criterion_2", "field_locked"),
        ]);
        let same = filled_form(INDIVIDUAL, POLICE, 1)["citizen_id"].clone();
        let patch = json!({"form": {"post": "所长", "citizen_id": same, "deeds": {"criterion_1": "补充事迹。"}}});
        unit.change(&place(application), patch).await.expect(200);
        let again = submit(&unit, application).await.expect(200);
        assert_eq!(again.at("/unlocked_fields"), &Value::Null);
        let seen = office.get(&at(application, "changes")).await.expect(200);
        assert_eq!(pointers(&seen), ["/deeds/criterion_1", "/post"]);

        let whole = give_back(&office, application, Value::Null).await.expect(200);
        assert_eq!(whole.at("/unlocked_fields"), &Value::Null);
        unit.change(&place(application), json!({"form": {"rank": "四级主任科员"}})).await.expect(200);
    }

    async fn d_402_submissions_are_kept_and_compared_by_pointer(world: World) {
        let campaign = world.accepting_campaign().await;
        let draft = world.drafted(campaign, POLICE, INDIVIDUAL).await;
        let (office, unit) = (world.office().await, world.unit(POLICE).await);
        let changes = at(draft, "changes");
        let none = unit.get(&changes).await.expect(200);
        assert_eq!((none.at("/from"), none.list_at("/submissions").len()), (&Value::Null, 0));
        office.get(&changes).await.expect(404);
        submit(&unit, draft).await.expect(200);
        let one = office.get(&changes).await.expect(200);
        assert_eq!((one.at("/from"), one.at("/to"), pointers(&one).len()), (&json!(1), &json!(1), 0));

        world.move_clock("2022-12-30T09:00:00+08:00").await;
        let body = json!({"reason": "请补正。", "correct_by": "2023-01-05"});
        office.act(&at(draft, "return"), body.clone()).await.expect(200);
        let phone = "13900009999";
        unit.change(&place(draft), json!({"form": {"post": "所长", "phone": phone}})).await.expect(200);
        submit(&unit, draft).await.expect(200);
        office.act(&at(draft, "return"), body).await.expect(200);
        world.move_clock("2023-01-02T09:00:00+08:00").await;
        unit.change(&place(draft), json!({"form": {"rank": "四级主任科员"}})).await.expect(200);
        submit(&unit, draft).await.expect(200);

        let last = office.get(&changes).await.expect(200);
        assert_eq!((last.at("/from"), last.at("/to")), (&json!(2), &json!(3)));
        assert_eq!(last.list_at("/changes"), [json!({"pointer": "/rank", "from": "一级科员", "to": "四级主任科员"})]);
        let kept: Vec<_> = last.list_at("/submissions").iter()
            .map(|one| (one["number"].as_u64().unwrap(), one["at_deadline"].as_bool().unwrap()))
            .collect();
        assert_eq!(kept, [(1, false), (2, true), (3, false)], "the window closed between the second and the third");
        let digest = unit.get(&place(draft)).await.expect(200).text_at("/content_digest");
        assert_eq!(last.at("/submissions/2/content_digest"), &json!(digest));
        let first = unit.get(&format!("{changes}?from=1&to=2")).await.expect(200);
        assert_eq!(pointers(&first), ["/phone", "/post"]);
        assert!(!first.text.contains(phone) && first.text.contains("***"), "{first}");
        let back = unit.get(&format!("{changes}?from=3&to=1")).await.expect(200);
        assert_eq!(pointers(&back), ["/phone", "/post", "/rank"]);
        assert_eq!(pointers(&unit.get(&format!("{changes}?to=2")).await.expect(200)).len(), 2);
        office.get(&format!("{changes}?to=4")).await.expect(404);
        office.get(&format!("{changes}?from=9")).await.expect(404);
        world.unit(UNIT).await.get(&changes).await.expect(404);
        world.auditor().await.get(&changes).await.expect(200);
    }

    async fn d_505_in_a_unit_one_drafts_and_another_submits(world: World) {
        let campaign = accepting(&world, with("two_step", json!(true))).await;
        let (clerk, head) = (world.unit(UNIT).await, head_of(&world, UNIT).await);
        let draft = world.drafted(campaign, UNIT, COLLECTIVE).await;
        submit(&clerk, draft).await.blocked_by(&["own_draft"]);
        let seen = clerk.get(&place(draft)).await.expect(200);
        assert_eq!(seen.blockers("submit_application").unwrap(), ["own_draft"]);
        let check = clerk.get(&at(draft, "check")).await.expect(200);
        assert_eq!(check.at("/blocked_by/0/code"), "own_draft");
        assert_eq!(head.get(&place(draft)).await.expect(200).blockers("submit_application").unwrap(), Vec::<String>::new());
        let other = world.drafted(campaign, POLICE, COLLECTIVE).await;
        let rewritten = world.account("writer", &[Role::Unit], Some(world.unit_id(POLICE).await), None).await;
        rewritten.change(&place(other), json!({"form": {"head": "王局长"}})).await.expect(200);
        submit(&rewritten, other).await.blocked_by(&["own_draft"]);
        submit(&head, draft).await.expect(200);

        let plain = world.accepting_campaign().await;
        world.submitted(plain, UNIT, COLLECTIVE).await;
    }

    async fn d_505_in_the_office_one_checks_and_another_confirms(world: World) {
        let campaign = accepting(&world, with("two_step", json!(true))).await;
        let (one, other) = (world.office().await, second_office(&world).await);
        let clerk = world.unit(UNIT).await;
        let draft = world.drafted(campaign, UNIT, COLLECTIVE).await;
        submit(&head_of(&world, UNIT).await, draft).await.expect(200);
        one.act(&at(draft, "accept"), json!({})).await.blocked_by(&["paper_copies_missing"]);
        receive_paper(&one, draft).await.expect(200);
        let before = clerk.get(&place(draft)).await.expect(200);
        let checked = one.act(&at(draft, "accept"), json!({})).await.expect(200);
        assert_eq!((checked.state(), checked.text_at("/check/verdict")), ("submitted".into(), "accept".into()));
        assert_eq!(checked.at("/check/checked_by"), &json!(one.user_id()));
        assert_eq!(checked.blockers("accept_application").unwrap(), ["own_check"]);
        assert_eq!(checked.blockers("reject_application").unwrap(), Vec::<String>::new());
        one.act(&at(draft, "accept"), json!({})).await.blocked_by(&["own_check"]);
        // Its unit learns nothing of a check.
        let seen = clerk.get(&place(draft)).await.expect(200);
        assert_eq!((seen.at("/check"), seen.etag()), (&Value::Null, before.etag()));
        let told = clerk.get(&at(draft, "history")).await.expect(200);
        assert!(!told.column("operation_id").contains(&"accept_application".to_owned()), "{told}");

        // A different verdict replaces the check.
        let reject = json!({"ground": "criterion", "criterion": 1, "reason": "未见成效。"});
        let replaced = other.act(&at(draft, "reject"), reject.clone()).await.expect(200);
        assert_eq!((replaced.state(), replaced.text_at("/check/verdict")), ("submitted".into(), "reject".into()));
        assert_eq!(replaced.text_at("/check/reason"), "未见成效。");
        other.act(&at(draft, "reject"), reject.clone()).await.blocked_by(&["own_check"]);
        other.act(&at(draft, "accept"), json!({})).await.expect(200);
        let accepted = one.act(&at(draft, "accept"), json!({})).await.expect(200);
        assert_eq!((accepted.state(), accepted.at("/check")), ("accepted".into(), &Value::Null));
        let audit = world.auditor().await.get(&format!("/audit-events?object_id={draft}")).await.expect(200);
        assert!(audit.text.contains("checked"), "the audit says which step it was");

        let second = world.drafted(campaign, POLICE, COLLECTIVE).await;
        let id = world.unit_id(POLICE).await;
        let chief = world.account("chief", &[Role::Unit], Some(id), None).await;
        submit(&chief, second).await.expect(200);
        one.act(&at(second, "reject"), reject.clone()).await.expect(200);
        let body = json!({"reason": "请补正。", "correct_by": "2022-12-20"});
        let returned = other.act(&at(second, "return"), body).await.expect(200);
        assert_eq!(returned.at("/check"), &Value::Null, "a return clears the check");
        submit(&chief, second).await.expect(200);
        one.act(&at(second, "reject"), reject.clone()).await.expect(200);
        let rejected = other.act(&at(second, "reject"), reject).await.expect(200);
        assert_eq!((rejected.state(), rejected.at("/rejection/criterion")), ("rejected".into(), &json!(1)));

        let third = world.drafted(campaign, "县民政局", COLLECTIVE).await;
        let id = world.unit_id("县民政局").await;
        let third_head = world.account("third-head", &[Role::Unit], Some(id), None).await;
        submit(&third_head, third).await.expect(200);
        one.act(&at(third, "reject"), json!({"ground": "scope", "reason": "不在范围内。"})).await.expect(200);
        third_head.act(&at(third, "withdraw"), json!({})).await.expect(200);
        let withdrawn = one.get(&place(third)).await.expect(200);
        assert_eq!((withdrawn.state(), withdrawn.at("/check")), ("withdrawn".into(), &Value::Null));
    }

    async fn d_303_what_is_sealed_is_seen_by_its_unit_alone(world: World) {
        let mut sealed = definition();
        sealed["sealed"]["value"] = json!(true);
        let campaign = accepting(&world, sealed).await;
        let application = world.submitted(campaign, POLICE, INDIVIDUAL).await;
        let name = format!("张·{POLICE}1");
        let unit = world.unit(POLICE).await;
        let own = unit.get(&place(application)).await.expect(200);
        assert_eq!((own.text_at("/nominee_name"), own.text_at("/nominee_post")), (name.clone(), "办公室干部".into()));
        assert_eq!(own.text_at("/form/rank"), "一级科员");
        unit.get(&at(application, "changes")).await.expect(200);
        unit.get(&at(application, "check")).await.expect(200);
        let listed = unit.get("/applications?sort=nominee_name").await.expect(200);
        assert_eq!(listed.text_at("/items/0/nominee_name"), name);
        let office = world.office().await;
        for who in [office.clone(), world.approver().await, world.auditor().await] {
            let seen = who.get(&place(application)).await.expect(200);
            assert_eq!((seen.at("/form"), seen.at("/nominee_name"), seen.at("/nominee_post")), (&Value::Null, &json!(""), &Value::Null));
            assert_eq!(seen.at("/content_digest"), own.at("/content_digest"), "the paper's digest can be compared");
            let list = who.get("/applications?sort=-nominee_name").await.expect(200);
            assert!(!list.text.contains(&name), "{list}");
            who.get(&at(application, "check")).await.blocked_by(&["campaign_sealed"]);
            who.get(&at(application, "changes")).await.blocked_by(&["campaign_sealed"]);
        }
        let audit = world.auditor().await.get(&format!("/audit-events?campaign_id={campaign}")).await.expect(200);
        assert!(!audit.text.contains(&name) && !audit.text.contains("做了这些事"), "the audit keeps the digest alone");
        let seen = office.get(&place(application)).await.expect(200);
        assert_eq!(seen.blockers("return_application").unwrap(), ["campaign_sealed"]);
        receive_paper(&office, application).await.expect(200);
        office.act(&at(application, "accept"), json!({})).await.blocked_by(&["campaign_sealed"]);
        office.act(&at(application, "reject"), json!({"ground": "scope", "reason": "不符。"})).await.blocked_by(&["campaign_sealed"]);
        give_back(&office, application, json!(["/post"])).await.blocked_by(&["campaign_sealed"]);

        let reason = json!({"reason": "本人提出放弃。"});
        unit.act(&at(application, "withdraw"), reason).await.expect(200);
        assert_eq!(unit.get(&place(application)).await.expect(200).text_at("/reason"), "本人提出放弃。");
        for path in [place(application), at(application, "history")] {
            let told = office.get(&path).await.expect(200);
            assert!(!told.text.contains("放弃"), "{told}");
        }

        // The office sees what it entered itself, and nobody else of the house does.
        let of = world.unit_id(UNIT).await;
        let form = filled_form(INDIVIDUAL, UNIT, 1);
        let body = json!({"campaign_id": campaign, "category_code": INDIVIDUAL, "unit_id": of, "form": form});
        let entered = office.post("/applications").json(body).await.expect(201);
        assert_eq!(entered.text_at("/nominee_name"), format!("张·{UNIT}1"));
        office.get(&at(entered.id(), "check")).await.expect(200);
        let approver = world.approver().await.get(&place(entered.id())).await.expect(200);
        assert_eq!((approver.at("/form"), approver.at("/nominee_name")), (&Value::Null, &json!("")));
    }

    async fn waive_visits_takes_the_sheets_that_are_there_but_one_at_least(world: World) {
        let (campaign, applications) = world.verifying(&[(UNIT, COLLECTIVE)]).await;
        let application = applications[0];
        let (office, unit) = (world.office().await, world.unit(UNIT).await);
        let body = json!({"reason": "监督员因公出差。"});
        let seen = office.get(&place(application)).await.expect(200);
        assert_eq!(seen.blockers("waive_visits").unwrap(), ["no_sheet_counts"]);
        office.act(&at(application, "waive-visits"), body.clone()).await.blocked_by(&["no_sheet_counts"]);
        office.act(&at(application, "waive-visits"), json!({"reason": "  "})).await.invalid(&[("/reason", "wrong_format")]);
        let supervisor = world.supervisor("赵一").await;
        world.scored((campaign, application), &supervisor, (4, "90")).await;
        office_of(&world, UNIT).await.act(&at(application, "waive-visits"), body.clone()).await.blocked_by(&["own_unit_stake"]);
        office.post(&at(application, "waive-visits")).json(&body).await.refused(428, "precondition_required");
        unit.act(&at(application, "waive-visits"), body.clone()).await.expect(403);
        let waived = office.act(&at(application, "waive-visits"), body.clone()).await.expect(200);
        assert_eq!((waived.state(), waived.at("/waiver/sheets")), ("verified".into(), &json!(1)));
        assert_eq!(waived.text_at("/waiver/reason"), "监督员因公出差。");
        office.act(&at(application, "waive-visits"), body).await.refused(409, "illegal_transition");
        let own = unit.get(&place(application)).await.expect(200);
        assert_eq!((own.state(), own.at("/waiver")), ("verified".into(), &Value::Null));
        let told = unit.get(&at(application, "history")).await.expect(200);
        assert_eq!(told.column("operation_id").last().unwrap(), "waive_visits");
        assert!(!told.text.contains("出差"), "the reason stays in the house");
        assert!(office.get(&at(application, "history")).await.expect(200).text.contains("出差"));
        world.advanced(campaign).await.expect(200);
    }

    async fn d_902_who_works_at_the_unit_has_no_hand_in_its_declaration(world: World) {
        let campaign = world.accepting_campaign().await;
        let draft = world.drafted(campaign, UNIT, COLLECTIVE).await;
        let colleague = office_of(&world, UNIT).await;
        colleague.get(&place(draft)).await.expect(404);
        assert_eq!(colleague.get("/applications?include=total").await.expect(200).at("/total"), 0, "no reach is widened");
        submit(&world.unit(UNIT).await, draft).await.expect(200);
        let office = world.office().await;
        receive_paper(&office, draft).await.expect(200);
        let seen = colleague.get(&place(draft)).await.expect(200);
        for operation in ["return_application", "accept_application", "reject_application"] {
            assert_eq!(seen.blockers(operation).unwrap(), ["own_unit_stake"], "{operation}");
        }
        colleague.act(&at(draft, "accept"), json!({})).await.blocked_by(&["own_unit_stake"]);
        colleague.act(&at(draft, "reject"), json!({"ground": "scope", "reason": "不符。"})).await.blocked_by(&["own_unit_stake"]);
        give_back(&colleague, draft, json!(["/head"])).await.blocked_by(&["own_unit_stake"]);
        colleague.act(&at(draft, "withdraw"), json!({})).await.expect(404);
        office.act(&at(draft, "accept"), json!({})).await.expect(200);

        let body = json!({"campaign_id": campaign, "category_code": COLLECTIVE, "unit_id": world.unit_id(UNIT).await});
        let entered = colleague.post("/applications").json(body).await.expect(201);
        assert_eq!(entered.at("/entered_by_office"), true, "who works at a unit does not act for it");
    }

    async fn d_902_nobody_handles_their_own_nomination(world: World) {
        let campaign = world.accepting_campaign().await;
        let office = world.office().await;
        let record = office.post("/supervisors").json(COUNTY.supervisor("孙三", 77, None)).await.expect(201).id();
        let nominee = world.account("nominee", &[Role::Office, Role::Supervisor], None, Some(record)).await;
        let mut form = filled_form(INDIVIDUAL, POLICE, 1);
        form["citizen_id"] = json!(COUNTY.citizen_id(900_077));
        let body = json!({"campaign_id": campaign, "category_code": INDIVIDUAL, "form": form});
        let unit = world.unit(POLICE).await;
        let application = unit.post("/applications").json(body).await.expect(201).id();
        submit(&unit, application).await.expect(200);
        receive_paper(&office, application).await.expect(200);
        nominee.act(&at(application, "accept"), json!({})).await.blocked_by(&["own_nomination"]);
        let friend = second_office(&world).await;
        declare_recusal(&friend, campaign, recusal(application)).await.expect(201);
        friend.act(&at(application, "accept"), json!({})).await.blocked_by(&["recused"]);
        let seen = friend.get(&place(application)).await.expect(200);
        assert_eq!(seen.blockers("return_application").unwrap(), ["recused"]);
        office.act(&at(application, "accept"), json!({})).await.expect(200);
    }

    async fn d_801_feedback_and_new_deeds_after_the_announcement(world: World) {
        let (_, chosen, other) = announced(&world).await;
        let told = world.unit("高兴镇").await.get(&place(other)).await.expect(200);
        let first = told.at("/feedback/0");
        assert_eq!((&first["criterion"], first["title"].is_string()), (&json!(1), true));
        assert_eq!(first["reasons"], json!(["办事很快(1)", "台账齐全(1)"]), "by text, not by who said it");
        assert_eq!(told.list_at("/feedback").len(), 5);
        assert!(!told.text.contains("钟甲") && !told.text.contains("points"), "{told}");
        assert_eq!(world.unit("江背镇").await.get(&place(chosen)).await.expect(200).at("/feedback"), &Value::Null);
        assert_eq!(world.office().await.get(&place(other)).await.expect(200).at("/feedback"), &Value::Null);
        let listed = world.unit("高兴镇").await.get("/applications").await.expect(200);
        assert_eq!(listed.at("/items/0/feedback"), &Value::Null);

        let mut next = only(TOWNSHIP);
        next["year"]["value"] = json!(2023);
        next["assessment_year"]["value"] = json!(2023);
        next["acceptance"]["value"] = json!({"opens_on": "2023-01-10", "closes_on": "2023-12-31"});
        next["categories"][0]["repeat_award"] = json!({"value": "new_deeds", "source": "office"});
        let form = &mut next["categories"][0]["form"]["value"]["schema"]["properties"];
        form["new_deeds"] = json!({
            "type": "string", "title": "新事迹", "x-title-en": "New deeds", "maxLength": 2000, "x-means": "new_deeds",
        });
        let campaign = accepting(&world, next).await;
        let again = world.drafted(campaign, "江背镇", TOWNSHIP).await;
        let unit = world.unit("江背镇").await;
        submit(&unit, again).await.blocked_by(&["new_deeds_missing"]);
        unit.change(&place(again), json!({"form": {"new_deeds": "  "}})).await.expect(200);
        submit(&unit, again).await.blocked_by(&["new_deeds_missing"]);
        unit.change(&place(again), json!({"form": {"new_deeds": "2023年新修了便民服务中心。"}})).await.expect(200);
        submit(&unit, again).await.expect(200);
        world.submitted(campaign, "高兴镇", TOWNSHIP).await;
    }
}

//! Claim, evidence, finding, points: what bears out an application, and who sees how much of it (D-504, D-605).

use pingxuan_tests::files::png;
use pingxuan_tests::selection::{NOTICE_OVER, SELECTS, approve, close, only};
use pingxuan_tests::story::{TOWNSHIP, decision_record, receive_paper, submit};
use pingxuan_tests::verification::{begin_sheet, record_visit, sheet, submit_sheet, visit};
use pingxuan_tests::{Person, Reply, World, both};
use serde_json::{Value, json};
use uuid::Uuid;

const UNIT: &str = "江背镇";
const FIRST: &str = "/deeds/criterion_1";

/// A campaign that verifies, with townships that have attached a picture to their first deed: each application and its attachment.
async fn townships(world: &World, definition: Value, units: &[&str]) -> (Uuid, Vec<(Uuid, Uuid)>) {
    let campaign = world.campaign_of(definition).await;
    world.advanced(campaign).await.expect(200);
    let office = world.office().await;
    let mut declared = Vec::new();
    for unit in units {
        let application = world.drafted(campaign, unit, TOWNSHIP).await;
        let unit = world.unit(unit).await;
        let picture = ("新路.png", "image/png", png(3, 3, 1));
        let attached = unit.attach(application, (picture.0, picture.1, &picture.2), &[("pointers", FIRST)]);
        declared.push((application, attached.await.expect(201).id()));
        submit(&unit, application).await.expect(200);
        receive_paper(&office, application).await.expect(200);
        office.act(&format!("/applications/{application}/accept"), json!({})).await.expect(200);
    }
    world.move_clock(SELECTS).await;
    world.advanced(campaign).await.expect(200);
    (campaign, declared)
}

/// The same with one township: campaign, application, attachment.
async fn township(world: &World, definition: Value) -> (Uuid, Uuid, Uuid) {
    let (campaign, declared) = townships(world, definition, &[UNIT]).await;
    (campaign, declared[0].0, declared[0].1)
}

/// A trip with these findings, and one photo.
fn found(application: Uuid, supervisors: &[&Person], findings: Value) -> Value {
    let mut body = visit(application, supervisors);
    body["photos"] = json!([{"file_name": "路.jpg", "sha256": "a".repeat(64)}]);
    body["findings"] = findings;
    body
}

/// A sheet whose first criterion refers to findings and attachments.
fn referring(points: &str, findings: Value, attachments: Value) -> Value {
    let mut body = sheet(5, points);
    body["scores"][0]["findings"] = findings;
    body["scores"][0]["attachment_ids"] = attachments;
    body
}

async fn evidence(who: &Person, application: Uuid) -> Reply {
    who.get(&format!("/applications/{application}/evidence")).await
}

/// The points that somebody sees given to the first criterion.
async fn points(who: &Person, application: Uuid) -> Vec<String> {
    let read = evidence(who, application).await.expect(200);
    let given = read.at("/criteria/0/points").as_array().cloned().unwrap_or_default();
    given.iter().map(|one| one["points"].as_str().unwrap().to_owned()).collect()
}

both! {
    async fn d_504_a_claim_leads_to_its_evidence_its_finding_and_its_points(world: World) {
        let (one, other) = (world.supervisor("钟甲").await, world.supervisor("钟乙").await);
        let mut definition = only(TOWNSHIP);
        definition["categories"][0]["quota"]["value"] = json!(1);
        let (campaign, application, attachment) = township(&world, definition).await;
        let (unit, office) = (world.unit(UNIT).await, world.office().await);
        let before = evidence(&unit, application).await.expect(200);
        assert_eq!(before.at("/deeds/0/pointer"), FIRST);
        assert_eq!(before.at("/deeds/0/criterion"), 1);
        assert_eq!(before.text_at("/deeds/0/text"), "江背镇对照第1条做了这些事。");
        assert_eq!(before.at("/deeds/0/attachments/0/id"), &json!(attachment));
        assert_eq!((before.list_at("/deeds").len(), before.list_at("/criteria").len()), (5, 5));

        let first = world.cleared(campaign, application, &one).await;
        let second = world.cleared(campaign, application, &other).await;
        let trip = Uuid::new_v4();
        let findings = json!([
            {"pointer": FIRST, "verdict": "confirmed", "note": "道路已通车。", "attachment_ids": [attachment], "photos": ["a".repeat(64)]},
            {"pointer": "/headcount", "criterion": 2, "verdict": "not_confirmed"},
        ]);
        let recorded = record_visit(&one, trip, found(application, &[&one, &other], findings)).await.expect(201);
        assert_eq!(recorded.at("/findings/0/verdict"), "confirmed");
        let refers = json!([{"site_visit_id": trip, "pointer": FIRST}]);
        let begun = begin_sheet(&one, first, referring("90", refers.clone(), json!([attachment]))).await.expect(201);
        assert_eq!(begun.at("/scores/0/findings"), &refers);
        begin_sheet(&other, second, sheet(5, "80")).await.expect(201);

        let chain = evidence(&one, application).await.expect(200);
        let finding = chain.at("/deeds/0/findings/0");
        assert_eq!((&finding["site_visit_id"], &finding["visited_on"]), (&json!(trip), &json!("2023-01-01")));
        assert_eq!((&finding["note"], &finding["criterion"]), (&json!("道路已通车。"), &json!(1)));
        assert_eq!((&finding["attachment_ids"], &finding["photos"][0]["file_name"]), (&json!([attachment]), &json!("路.jpg")));
        let last = chain.list_at("/deeds").last().unwrap();
        assert_eq!((&last["pointer"], &last["findings"][0]["criterion"]), (&json!("/headcount"), &json!(2)));
        assert_eq!(chain.at("/criteria/0/points/0/findings"), &refers);
        assert_eq!(chain.at("/criteria/0/points/0/attachment_ids"), &json!([attachment]));
        assert_eq!(chain.at("/criteria/0/points/0/state"), "draft");

        // A supervisor sees their own points alone, the house those that are submitted, the unit neither points nor findings.
        assert_eq!(points(&one, application).await, ["90"]);
        assert_eq!(points(&other, application).await, ["80"]);
        assert_eq!(points(&office, application).await, [""; 0]);
        submit_sheet(&one, first).await.expect(200);
        submit_sheet(&other, second).await.expect(200);
        assert_eq!(points(&other, application).await, ["80"]);
        for reader in [&office, &world.approver().await, &world.auditor().await] {
            let mut seen = points(reader, application).await;
            seen.sort();
            assert_eq!(seen, ["80", "90"]);
        }
        let read = evidence(&unit, application).await.expect(200);
        assert_eq!(read.text, before.text, "nothing that came of it");
        let stranger = world.supervisor("钟丙").await;
        evidence(&stranger, application).await.refused(404, "not_found");
        evidence(&world.unit("高兴镇").await, application).await.refused(404, "not_found");

        // Once verification is over whoever has scored it sees how others did, and not who they are.
        world.assessed(UNIT, json!({"score": "90.00"})).await.expect(201);
        world.advanced(campaign).await.expect(200);
        assert_eq!(points(&other, application).await, ["80", "90"]);
        let read = evidence(&other, application).await.expect(200);
        assert!(read.text.contains("钟乙") && !read.text.contains("钟甲") && !read.text.contains(&first.to_string()), "{read}");
        evidence(&stranger, application).await.refused(404, "not_found");

        // Once the awards are announced the unit learns what was found, and neither notes nor points.
        let list = world.listed(campaign, json!({"category_code": TOWNSHIP})).await.expect(201).id();
        office.act(&format!("/shortlists/{list}/propose"), Value::Null).await.expect(200);
        world.approver().await.act(&format!("/shortlists/{list}/endorse"), json!({})).await.expect(200);
        let shown = office.act(&format!("/shortlists/{list}/publish-notice"), Value::Null).await.expect(200);
        world.move_clock(NOTICE_OVER).await;
        close(&office, shown.text_at("/notices/0/id").parse().unwrap()).await.expect(200);
        approve(&world.approver().await, list, json!({"decision": decision_record()})).await.expect(200);
        assert_eq!(evidence(&unit, application).await.expect(200).text, before.text);
        world.advanced(campaign).await.expect(200);
        let told = evidence(&unit, application).await.expect(200);
        let finding = told.at("/deeds/0/findings/0");
        assert_eq!((&finding["verdict"], &finding["visited_on"]), (&json!("confirmed"), &json!("2023-01-01")));
        assert!(!told.text.contains("道路已通车") && !told.text.contains("points\":[") && !told.text.contains(&trip.to_string()), "{told}");
    }

    async fn d_504_a_finding_is_of_a_deed_that_is_stated_and_shown_by_what_is_there(world: World) {
        let supervisor = world.supervisor("钟甲").await;
        let (campaign, application, attachment) = township(&world, only(TOWNSHIP)).await;
        world.cleared(campaign, application, &supervisor).await;
        let record = |findings| record_visit(&supervisor, Uuid::new_v4(), found(application, &[&supervisor], findings));
        let unknown = "b".repeat(64);
        record(json!([
            {"pointer": "/deeds/criterion_9", "verdict": "partly", "criterion": 1},
            {"pointer": "/penalties", "verdict": "partly", "criterion": 1},
            {"pointer": "/head", "verdict": "partly"},
            {"pointer": FIRST, "verdict": "partly", "criterion": 9},
            {"pointer": FIRST, "verdict": "partly", "attachment_ids": [attachment, Uuid::nil(), attachment], "photos": [unknown]},
        ]))
        .await
        .invalid(&[
            ("/findings/0/pointer", "unknown_reference"),
            ("/findings/1/pointer", "deed_not_stated"),
            ("/findings/2/criterion", "required"),
            ("/findings/3/criterion", "unknown_criterion"),
            ("/findings/4/pointer", "duplicate"),
            ("/findings/4/attachment_ids/1", "unknown_reference"),
            ("/findings/4/attachment_ids/2", "duplicate"),
            ("/findings/4/photos/0", "unknown_reference"),
        ]);
        record(json!([{"pointer": FIRST, "verdict": "sure"}])).await.invalid(&[("/findings/0/verdict", "not_a_choice")]);
        record(json!([{"pointer": FIRST, "verdict": "partly"}])).await.expect(201);
    }

    async fn d_504_a_score_refers_to_what_is_of_its_application(world: World) {
        let (one, other) = (world.supervisor("钟甲").await, world.supervisor("钟乙").await);
        let (campaign, declared) = townships(&world, only(TOWNSHIP), &[UNIT, "高兴镇"]).await;
        let [(application, attachment), (rival, alien)] = declared[..] else { panic!("two townships") };
        let mine = world.cleared(campaign, application, &one).await;
        world.cleared(campaign, rival, &other).await;
        let (trip, foreign) = (Uuid::new_v4(), Uuid::new_v4());
        let shown = |attachment| json!([{"pointer": FIRST, "verdict": "partly", "attachment_ids": [attachment]}]);
        record_visit(&one, trip, found(application, &[&one], shown(alien)))
            .await
            .invalid(&[("/findings/0/attachment_ids/0", "unknown_reference")]);
        record_visit(&one, trip, found(application, &[&one], shown(attachment))).await.expect(201);
        record_visit(&other, foreign, found(rival, &[&other], shown(alien))).await.expect(201);
        let refers = json!([
            {"site_visit_id": trip, "pointer": FIRST}, {"site_visit_id": foreign, "pointer": FIRST},
            {"site_visit_id": trip, "pointer": "/head"}, {"site_visit_id": trip, "pointer": FIRST},
        ]);
        begin_sheet(&one, mine, referring("80", refers, json!([attachment, alien, Uuid::nil()]))).await.invalid(&[
            ("/scores/0/findings/1", "unknown_reference"),
            ("/scores/0/findings/2", "unknown_reference"),
            ("/scores/0/findings/3", "duplicate"),
            ("/scores/0/attachment_ids/1", "unknown_reference"),
            ("/scores/0/attachment_ids/2", "unknown_reference"),
        ]);
    }

    async fn d_504_a_finding_to_which_a_sheet_refers_stays(world: World) {
        let supervisor = world.supervisor("钟甲").await;
        let (campaign, application, _) = township(&world, only(TOWNSHIP)).await;
        let assignment = world.cleared(campaign, application, &supervisor).await;
        let trip = Uuid::new_v4();
        let both = json!([{"pointer": FIRST, "verdict": "partly"}, {"pointer": "/head", "criterion": 1, "verdict": "partly"}]);
        record_visit(&supervisor, trip, found(application, &[&supervisor], both)).await.expect(201);
        let refers = json!([{"site_visit_id": trip, "pointer": FIRST}]);
        begin_sheet(&supervisor, assignment, referring("80", refers, json!([]))).await.expect(201);
        let anew = |findings| {
            let body = found(application, &[&supervisor], findings);
            supervisor.put(&format!("/site-visits/{trip}")).if_match("*").json(body)
        };
        anew(json!([])).await.blocked_by(&["finding_in_use"]);
        anew(json!([{"pointer": FIRST, "verdict": "not_confirmed", "note": "查无台账。"}])).await.expect(200);
        // No points follow from it by themselves.
        assert_eq!(points(&supervisor, application).await, ["80"]);
        let place = format!("/assignments/{assignment}/score-sheet");
        supervisor.put(&place).if_match("*").json(sheet(5, "60")).await.expect(200);
        anew(json!([])).await.expect(200);
    }
}

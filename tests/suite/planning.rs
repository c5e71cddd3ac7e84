//! Plans of assignments: trips, draws, what is kept and repeated, what is changed by hand, what falls apart (D-602, D-603).

use std::process::Command;

use pingxuan_tests::jobs::{over, text};
use pingxuan_tests::selection::SELECTS;
use pingxuan_tests::story::{COLLECTIVE, TOWNSHIP, definition};
use pingxuan_tests::truths::break_by;
use pingxuan_tests::{Person, Reply, World, both};
use serde_json::{Value, json};
use uuid::Uuid;

const TOWNSHIPS: [&str; 4] = ["江背镇", "高兴镇", "良村镇", "龙口镇"];

fn plan_of(campaign: Uuid) -> String {
    format!("/campaigns/{campaign}/assignments/plan")
}

async fn plan(world: &World, campaign: Uuid, body: Value) -> Reply {
    world.office().await.post(&plan_of(campaign)).json(body).await
}

async fn confirm(world: &World, campaign: Uuid) -> Reply {
    world.office().await.post(&format!("/campaigns/{campaign}/assignments/confirm")).json(json!({})).await
}

/// The definition of 2022 with something of its own at a pointer.
fn with(pointer: &str, value: Value) -> Value {
    let mut definition = definition();
    let (place, name) = pointer.rsplit_once('/').unwrap();
    let members = definition.pointer_mut(place).and_then(Value::as_object_mut).unwrap();
    members.insert(name.to_owned(), json!({"value": value, "source": "office"}));
    definition
}

/// A campaign of this definition that verifies townships.
async fn verifying(world: &World, definition: Value, townships: &[&str]) -> (Uuid, Vec<Uuid>) {
    let campaign = world.campaign_of(definition).await;
    world.advanced(campaign).await.expect(200);
    let mut applications = Vec::new();
    for unit in townships {
        applications.push(world.accepted(campaign, unit, TOWNSHIP).await);
    }
    world.move_clock(SELECTS).await;
    world.advanced(campaign).await.expect(200);
    (campaign, applications)
}

/// Puts a unit somewhere.
async fn located(world: &World, unit: &str, place: Value) {
    let id = world.unit_id(unit).await;
    world.office().await.change(&format!("/units/{id}"), place).await.expect(200);
}

async fn change(world: &World, assignment: &Value, patch: Value) -> Reply {
    let place = format!("/assignments/{}", assignment.as_str().unwrap());
    world.office().await.patch(&place).if_match("*").json(patch).await
}

/// What the program says of an answer that is kept in a file.
fn verified(answer: &str) -> (bool, String) {
    let program = std::env::current_exe().unwrap();
    // The suite lies in `deps` beside the program.
    let pingxuan = program.parent().and_then(|folder| folder.parent()).unwrap().join("pingxuan");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), answer).unwrap();
    let told = Command::new(pingxuan).arg("verify-plan").arg(file.path()).output().unwrap();
    let said = [told.stdout, told.stderr].concat();
    (told.status.success(), String::from_utf8_lossy(&said).into_owned())
}

/// Who scores what, in words.
async fn pairs(world: &World, campaign: Uuid) -> Vec<(String, String)> {
    let listed =
        world.office().await.get(&format!("/campaigns/{campaign}/assignments?limit=100")).await.expect(200);
    let mut pairs: Vec<_> =
        listed.column("nominee_name").into_iter().zip(listed.column("supervisor_name")).collect();
    pairs.sort();
    pairs
}

both! {
    async fn d_602_an_optimal_plan_keeps_trips_short_and_is_repeated_by_anybody(world: World) {
        // Two supervisors in the north and two in the south: one sheet each would send nobody across the county.
        let (north, south) = (json!({"latitude": 26.9, "longitude": 115.3}), json!({"latitude": 26.0, "longitude": 115.3}));
        for unit in ["县财政局", "江背镇", "高兴镇"] {
            located(&world, unit, north.clone()).await;
        }
        for unit in ["县公安局", "良村镇", "龙口镇"] {
            located(&world, unit, south.clone()).await;
        }
        for (name, unit) in [("钟甲", "县财政局"), ("钟乙", "县公安局")] {
            world.supervisor_at(name, Some(world.unit_id(unit).await)).await;
        }
        let one_sheet = with("/categories/0/visits", json!(1));
        let (campaign, _) = verifying(&world, one_sheet, &TOWNSHIPS).await;
        let draw = json!({"name": "福利彩票双色球第2023001期", "result": "05 09 12 17 26 31 + 04"});
        let body = json!({"category_code": TOWNSHIP, "method": "optimal", "draw": draw});
        let made = plan(&world, campaign, body.clone()).await.expect(200);
        let short = |nominee: &str| if ["江背镇", "高兴镇"].iter().any(|unit| nominee.contains(unit)) { "钟甲" } else { "钟乙" };
        for (nominee, supervisor) in pairs(&world, campaign).await {
            assert_eq!(supervisor, short(&nominee), "{nominee}");
        }
        let kept = world.office().await.get(&format!("{}?category_code={TOWNSHIP}", plan_of(campaign))).await.expect(200);
        assert_eq!(kept.at("/plan/seed"), made.at("/seed"));
        assert_ne!(made.at("/seed"), &json!(0));
        assert_eq!((kept.at("/plan/draw"), kept.at("/plan/method")), (&draw, &json!("optimal")));
        assert_eq!(kept.at("/plan/inputs_sha256"), made.at("/inputs_sha256"));
        assert_eq!(kept.at("/plan/result/pairs").as_array().unwrap().len(), 4);
        let (same, told) = verified(&kept.text);
        assert!(same && told.contains(&kept.text_at("/plan/result_sha256")), "{told}");
        let again = plan(&world, campaign, body).await.expect(200);
        assert_eq!(again.at("/result_sha256"), made.at("/result_sha256"));
        for (pointer, value) in [
            ("/plan/draw/result", json!("another draw")),
            ("/plan/inputs/nominees/0/wanted", json!(2)),
            ("/plan/result_sha256", json!("0".repeat(64))),
        ] {
            let mut answer = kept.body.clone();
            *answer.pointer_mut(pointer).unwrap() = value;
            assert!(!verified(&answer.to_string()).0, "{pointer}");
        }
        let nobody = world.unit("江背镇").await;
        nobody.get(&plan_of(campaign)).await.refused(403, "role_not_permitted");
        for reader in [world.approver().await, world.auditor().await] {
            reader.get(&plan_of(campaign)).await.expect(200);
        }
        world.office().await.get(&format!("{}?category_code=no_such", plan_of(campaign))).await.refused(404, "not_found");
    }

    async fn d_602_a_draw_that_is_announced_is_named_and_gives_the_seed(world: World) {
        world.supervisor("钟甲").await;
        let announced = with("/assignment_draw", json!("福利彩票双色球第2023001期"));
        let (campaign, _) = verifying(&world, announced, &["江背镇"]).await;
        let unit = world.unit("江背镇").await;
        let seen = unit.get(&format!("/campaigns/{campaign}")).await.expect(200);
        assert_eq!(seen.at("/definition/assignment_draw/value"), "福利彩票双色球第2023001期");
        let draw = json!({"name": "双色球", "result": "05 09"});
        plan(&world, campaign, json!({"method": "optimal", "seed": 1})).await.invalid(&[("/draw", "draw_missing")]);
        plan(&world, campaign, json!({"seed": 1, "draw": draw})).await.invalid(&[("/seed", "seed_from_draw")]);
        plan(&world, campaign, json!({"seed": 1})).await.expect(200);
        let all = plan(&world, campaign, json!({"method": "optimal", "draw": draw})).await.expect(200);
        let one = plan(&world, campaign, json!({"category_code": TOWNSHIP, "method": "optimal", "draw": draw})).await.expect(200);
        assert_ne!(all.at("/seed"), one.at("/seed"), "each scope has its own");
        let kept = world.office().await.get(&plan_of(campaign)).await.expect(200);
        assert_eq!(kept.at("/plan/seed"), all.at("/seed"), "the latest of all categories");
    }

    async fn d_602_what_is_locked_moved_or_swapped_is_held_to_the_same_rules(world: World) {
        let office = world.office().await;
        let home = world.unit_id("江背镇").await;
        let local = world.supervisor_at("钟甲", Some(home)).await;
        let (one, other) = (world.supervisor("钟乙").await, world.supervisor("钟丙").await);
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP), ("高兴镇", TOWNSHIP)]).await;
        let made = world.assign(campaign, applications[0], &one).await.expect(201);
        let far = world.assign(campaign, applications[1], &local).await.expect(201);
        let (id, far) = (made.at("/id").clone(), far.at("/id").clone());
        assert_eq!(made.at("/locked"), false);
        let place = format!("/assignments/{}", made.id());
        office.patch(&place).json(json!({"locked": true})).await.refused(428, "precondition_required");
        office.patch(&place).if_match("\"9\"").json(json!({"locked": true})).await.refused(412, "precondition_failed");
        one.patch(&place).if_match("*").json(json!({"locked": true})).await.refused(403, "role_not_permitted");
        // Moved: to nobody of the unit, to nobody who has it already.
        let to = |supervisor: &Person| json!({"supervisor_id": supervisor.supervisor_id()});
        change(&world, &id, to(&local)).await.blocked_by(&["own_unit", "recused"]);
        change(&world, &id, json!({"supervisor_id": Uuid::nil()})).await.invalid(&[("/supervisor_id", "unknown_reference")]);
        let moved = change(&world, &id, to(&other)).await.expect(200);
        assert_eq!((moved.at("/supervisor_name"), moved.at("/state"), moved.at("/version")), (&json!("钟丙"), &json!("planned"), &json!(2)));
        world.assign(campaign, applications[0], &one).await.expect(201);
        change(&world, &id, to(&one)).await.blocked_by(&["already_assigned"]);
        // Swapped: every reason of either is told.
        let swap = |with: &Value| json!({"swap_with": with});
        change(&world, &id, swap(&far)).await.blocked_by(&["own_unit", "recused"]);
        change(&world, &id, swap(&json!(Uuid::nil()))).await.invalid(&[("/swap_with", "unknown_reference")]);
        let both = json!({"swap_with": far, "supervisor_id": one.supervisor_id()});
        change(&world, &id, both).await.invalid(&[("/supervisor_id", "invalid")]);
        let second = world.assign(campaign, applications[1], &one).await.expect(201);
        office.delete(&format!("/assignments/{}", second.id())).if_match("*").await.expect(204);
        // Locked: a new plan leaves it as it is.
        let locked = change(&world, &far, json!({"locked": true})).await.expect(200);
        assert_eq!(locked.at("/locked"), true);
        for seed in 0..3 {
            let planned = plan(&world, campaign, json!({"seed": seed})).await.expect(200);
            assert!(planned.items().iter().all(|item| item["id"] != far));
            assert!(pairs(&world, campaign).await.contains(&("兴国县高兴镇".to_owned(), "钟甲".to_owned())));
        }
        confirm(&world, campaign).await.expect(200);
        change(&world, &far, json!({"locked": false})).await.refused(409, "illegal_transition");
    }

    async fn d_602_what_falls_apart_is_not_confirmed_where_it_is_calibrated(world: World) {
        let office = world.office().await;
        let names = ["钟甲", "钟乙", "钟丙", "钟丁"];
        let mut supervisors = Vec::new();
        for name in names {
            supervisors.push(world.supervisor(name).await);
        }
        let calibrated = with("/categories/0/scoring_policy", json!("calibrated"));
        let (campaign, applications) = verifying(&world, calibrated, &TOWNSHIPS).await;
        for (at, application) in applications.iter().enumerate() {
            for supervisor in &supervisors[at / 2 * 2..at / 2 * 2 + 2] {
                world.assign(campaign, *application, supervisor).await.expect(201);
            }
        }
        let refused = confirm(&world, campaign).await.blocked_by(&["design_disconnected"]);
        assert!(refused.text_at("/errors/0/detail").contains(" ⇄ "), "{refused}");
        assert!(refused.text_at("/errors/0/detail").contains("示范乡镇"), "{refused}");
        let office_in_english = office.post(&format!("/campaigns/{campaign}/assignments/confirm")).header("accept-language", "en");
        let said = office_in_english.json(json!({})).await.text_at("/errors/0/detail");
        assert!(said.contains("“Demonstration township”") && !said.contains("示范乡镇"), "{said}");
        assert!(!refused.text_at("/errors/0/remedy").is_empty());
        let apart = office.get(&plan_of(campaign)).await.expect(200);
        assert_eq!(apart.at("/plan"), &Value::Null);
        assert_eq!((apart.at("/categories/0/components"), apart.at("/categories/0/grade")), (&json!(2), &json!("poor")));
        assert_eq!(apart.list_at("/categories/0/links").len(), 1);
        let link = apart.at("/categories/0/links/0");
        change(&world, &link["assignment_id"], json!({"swap_with": link["swap_with"]})).await.expect(200);
        let whole = office.get(&plan_of(campaign)).await.expect(200);
        assert_eq!(whole.at("/categories/0/components"), 1);
        let (before, after) = (whole.at("/categories/0/one_more/before"), whole.at("/categories/0/one_more/after"));
        let figure = |share: &Value| share.as_str().unwrap().parse::<f64>().unwrap();
        assert!(figure(after) > figure(before), "{whole}");
        confirm(&world, campaign).await.expect(200);
    }

    async fn d_602_a_large_plan_is_a_job(world: World) {
        let office = world.office().await;
        for name in ["钟甲", "钟乙"] {
            world.supervisor(name).await;
        }
        let (campaign, _) = world.verifying(&[("江背镇", TOWNSHIP), ("高兴镇", TOWNSHIP)]).await;
        let asked = office.post(&plan_of(campaign)).header("prefer", "respond-async").json(json!({"seed": 3})).await.expect(202);
        assert_eq!((asked.at("/kind"), asked.at("/what")), (&json!("plan"), &json!("balanced")));
        let job = over(&office, asked.id()).await;
        assert_eq!(job.state(), "succeeded", "{job}");
        assert_eq!(job.at("/result/entered"), 4);
        let file: Value = serde_json::from_str(&text(&office, &job).await).unwrap();
        assert_eq!(file["items"].as_array().unwrap().len(), 4);
        assert_eq!(pairs(&world, campaign).await.len(), 4);
        let made = plan(&world, campaign, json!({"seed": 3})).await.expect(200);
        assert_eq!(made.at("/result_sha256"), &file["result_sha256"], "the same as at once");
        // Nothing is begun that cannot be done.
        let accepting = world.accepting_campaign().await;
        let refused = office.post(&plan_of(accepting)).header("prefer", "respond-async").json(json!({})).await;
        refused.blocked_by(&["campaign_not_verifying"]);
    }

    async fn d_602_a_plan_of_what_has_changed_meanwhile_is_not_entered(world: World) {
        let office = world.office().await;
        for number in 0..12 {
            world.supervisor(&format!("督导{number}")).await;
        }
        let (campaign, _) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        world.copied(2_000).await;
        let stand = "UPDATE applications SET state = 'accepted', shown_state = 'accepted' WHERE state = 'rejected'";
        break_by(world.database_url(), stand).await;
        // So many pairs are nothing to wait for.
        let asked = plan(&world, campaign, json!({"method": "optimal", "seed": 3})).await.expect(202);
        // The township moves while the trips to it are reckoned.
        let mut minute = 0;
        let job = loop {
            minute += 1;
            located(&world, "江背镇", json!({"latitude": 26.0 + f64::from(minute) / 10_000.0, "longitude": 115.3})).await;
            let job = office.get(&format!("/jobs/{}", asked.id())).await.expect(200);
            if !["queued", "running"].contains(&job.state().as_str()) {
                break job;
            }
        };
        assert_eq!((job.state().as_str(), job.at("/fault/code")), ("failed", &json!("plan_inputs_changed")), "{job}");
        assert!(pairs(&world, campaign).await.is_empty());
        let copies = "UPDATE applications SET state = 'rejected', shown_state = 'rejected' WHERE unit_id IN (SELECT id FROM units WHERE code LIKE 'copy%')";
        break_by(world.database_url(), copies).await;
        world.uncopied().await;
    }

    async fn d_603_a_shortage_and_every_conflict_are_explained(world: World) {
        let office = world.office().await;
        let home = world.unit_id("江背镇").await;
        let local = world.supervisor_at("钟甲", Some(home)).await;
        let only = world.supervisor("钟乙").await;
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP), ("县财政局", COLLECTIVE)]).await;
        let planned = plan(&world, campaign, json!({"category_code": TOWNSHIP})).await.expect(200);
        assert_eq!(planned.at("/short/0/supervisors"), &json!([{"supervisor_id": only.supervisor_id(), "supervisor_name": "钟乙"}]));
        let said = planned.text_at("/cuts/0/explanation");
        assert!(said.contains("江背镇") && said.contains("只剩 1 名无回避监督员"), "{said}");
        let english = office.post(&plan_of(campaign)).header("accept-language", "en").json(json!({"category_code": TOWNSHIP})).await;
        assert!(english.text_at("/cuts/0/explanation").contains("only 1 supervisors without a conflict"), "{english}");
        world.recused(campaign, applications[1], &only).await.expect(201);
        let told = office.get(&plan_of(campaign)).await.expect(200);
        let reasons = |application: Uuid, supervisor: &Person| -> Vec<String> {
            let of_pair = |one: &&Value| one["application_id"] == json!(application) && one["supervisor_id"] == json!(supervisor.supervisor_id());
            told.list_at("/conflicts").iter().filter(of_pair).map(|one| one["reason"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(reasons(applications[0], &local), ["own_unit", "recused"]);
        assert_eq!(reasons(applications[1], &only), ["recused"]);
        assert_eq!(told.at("/conflicts_total"), 3);
    }

    async fn d_602_pairs_of_last_year_are_avoided(world: World) {
        let one = world.supervisor("钟甲").await;
        world.supervisor("钟乙").await;
        let (last, applications) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        world.scored((last, applications[0]), &one, (5, "80")).await;
        let mut next = with("/categories/0/visits", json!(1));
        next["year"]["value"] = json!(2023);
        next["acceptance"]["value"] = json!({"opens_on": "2022-11-07", "closes_on": "2023-12-31"});
        let campaign = world.campaign_of(next).await;
        world.advanced(campaign).await.expect(200);
        world.accepted(campaign, "江背镇", TOWNSHIP).await;
        world.move_clock("2024-01-01T00:00:00+08:00").await;
        world.advanced(campaign).await.expect(200);
        for seed in 0..4 {
            plan(&world, campaign, json!({"method": "optimal", "seed": seed})).await.expect(200);
            assert_eq!(pairs(&world, campaign).await[0].1, "钟乙");
            plan(&world, campaign, json!({"method": "plain", "repeats": "barred", "seed": seed})).await.expect(200);
            assert_eq!(pairs(&world, campaign).await[0].1, "钟乙");
        }
    }
}

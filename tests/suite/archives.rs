//! The archive package: everything of a campaign that is over, which anyone can verify, and without which nothing is archived (D-804).

use std::collections::BTreeMap;

use pingxuan_documents::archive::verify;
use pingxuan_tests::canaries::in_clear;
use pingxuan_tests::jobs::{exported, result, unzipped};
use pingxuan_tests::objections::{OBJECTOR, finding, named};
use pingxuan_tests::selection::{NOTICE_OVER, SELECTS, approve, close};
use pingxuan_tests::story::{TOWNSHIP, decision_record, definition};
use pingxuan_tests::{Person, World, both};
use serde_json::{Value, json};
use uuid::Uuid;

fn archive(campaign: Uuid) -> Value {
    json!({"what": "archive", "format": "zip", "campaign_id": campaign})
}

/// The package of a campaign, as bytes and as files.
async fn package(office: &Person, campaign: Uuid) -> (Vec<u8>, BTreeMap<String, Vec<u8>>) {
    let job = exported(office, archive(campaign)).await;
    assert_eq!(job.state(), "succeeded", "{job}");
    assert_eq!(job.at("/result/media_type"), "application/zip");
    assert_eq!(job.at("/result/name"), "2022-档案包.zip");
    let file = result(office, &job).await;
    let files = unzipped(&file);
    assert_eq!(job.at("/result/rows"), files.len() - 2, "all but the manifest and the sums");
    (file, files)
}

/// The rows of a list of a package.
fn rows(files: &BTreeMap<String, Vec<u8>>, name: &str) -> Vec<Value> {
    let text = files.get(name).unwrap_or_else(|| panic!("no {name} in {:?}", files.keys()));
    String::from_utf8_lossy(text).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

both! {
    async fn d_804_a_package_is_made_and_lets_the_campaign_be_archived(world: World) {
        let office = world.office().await;
        let campaign = world.selecting(&[("赵一", 3), ("钱二", 2), ("孙三", 1)]).await;
        office.post("/exports").json(archive(campaign)).await.blocked_by(&["not_announced"]);
        let (list, notice) = world.noticed(campaign).await;
        let (objection, _) = world.objected(notice, named(None)).await;
        let investigator = json!({"investigator_id": office.user_id()});
        office.act(&format!("/objections/{objection}/assign"), investigator).await.expect(200);
        office.act(&format!("/objections/{objection}/resolve"), finding("rejected")).await.expect(200);
        world.move_clock(NOTICE_OVER).await;
        close(&office, notice).await.expect(200);
        approve(&world.approver().await, list, json!({"decision": decision_record()})).await.expect(200);
        world.advanced(campaign).await.expect(200);
        world.advanced(campaign).await.blocked_by(&["archive_package_missing"]);

        let (_, files) = package(&office, campaign).await;
        assert_eq!(rows(&files, "awards.jsonl").len(), 2);
        assert_eq!(rows(&files, "shortlists.jsonl").len(), 1);
        assert_eq!(rows(&files, "notices.jsonl").len(), 1);
        let objections = rows(&files, "objections.jsonl");
        assert_eq!(objections.len(), 1);
        assert!(objections[0]["answer"].is_string());
        for (path, content) in &files {
            let told = String::from_utf8_lossy(content);
            assert!(OBJECTOR.iter().all(|word| !told.contains(word)), "{path} tells who objects");
        }
        assert!(rows(&files, "audit.jsonl").iter().any(|event| event["operation"] == "approve_shortlist"));
        let ranking: Value = serde_json::from_slice(&files["rankings/excellent_supervisor.json"]).unwrap();
        assert_eq!(ranking["entries"].as_array().unwrap().len(), 3);
        let archived = world.advanced(campaign).await.expect(200);
        assert_eq!(archived.state(), "archived");
    }

    async fn d_306_an_archived_campaign_is_read_and_not_changed(world: World) {
        let office = world.office().await;
        let campaign = world.selecting(&[("赵一", 2), ("钱二", 1)]).await;
        world.approved(campaign).await;
        world.advanced(campaign).await.expect(200);
        package(&office, campaign).await;
        assert_eq!(world.advanced(campaign).await.expect(200).state(), "archived");
        world.advanced(campaign).await.refused(409, "illegal_transition");
        office.get(&format!("/campaigns/{campaign}")).await.expect(200);
        // It is still packed as it is now, and can be copied.
        package(&office, campaign).await;
        office.act(&format!("/campaigns/{campaign}/copy"), json!({})).await.expect(201);
    }

    async fn d_804_a_package_says_what_was_declared_and_betrays_any_change(world: World) {
        let office = world.office().await;
        let mut only = definition();
        only["categories"].as_array_mut().unwrap().retain(|category| category["code"] == TOWNSHIP);
        let campaign = world.campaign_of(only).await;
        world.advanced(campaign).await.expect(200);
        world.sweep().await;
        let application = world.rejected(campaign, "江背镇", TOWNSHIP).await;
        world.move_clock(SELECTS).await;
        world.advanced(campaign).await.expect(200);
        world.advanced(campaign).await.expect(200);
        let approver = world.approver().await;
        let place = format!("/campaigns/{campaign}/categories/{TOWNSHIP}");
        let record = json!({"decision": decision_record()});
        world.move_clock("2023-01-10T00:00:00+08:00").await;
        approver.act_on(&place, &format!("{place}/no-award"), record).await.expect(200);
        world.advanced(campaign).await.expect(200);
        let (file, files) = package(&office, campaign).await;
        let folder = format!("applications/{application}");
        let said: Value = serde_json::from_slice(&files[&format!("{folder}/application.json")]).unwrap();
        assert_eq!(said["state"], "rejected");
        assert!(said["form"]["phone"].as_str().unwrap().contains('*'), "{said}");
        assert!(files[&format!("{folder}/form.pdf")].starts_with(b"%PDF"));
        let first: Value = serde_json::from_slice(&files[&format!("{folder}/submissions/1.json")]).unwrap();
        assert_eq!(first["content_digest"], said["content_digest"]);
        assert!(String::from_utf8_lossy(&files["notice.txt"]).contains("五型"));
        assert!(files.contains_key("definition.json"));
        for (path, content) in &files {
            let clear = in_clear(&String::from_utf8_lossy(content));
            assert!(clear.is_empty(), "{path} tells in clear: {clear:?}");
        }
        // Anyone can see that nothing was changed, and what was.
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("package.zip");
        std::fs::write(&path, &file).unwrap();
        let verified = verify(&path).unwrap();
        assert_eq!(verified.about["campaign_id"], json!(campaign));
        assert_eq!(verified.entries.len(), files.len() - 2);
        let mut changed = file.clone();
        let word = "definition.json".len() + 30 + 100;
        changed[word] ^= 1;
        std::fs::write(&path, &changed).unwrap();
        let faults = verify(&path).unwrap_err();
        assert!(faults.iter().any(|fault| fault.path() == Some("definition.json")), "{faults:?}");
    }

    async fn nobody_packs_a_campaign_but_who_sends_it_on(world: World) {
        let campaign = world.accepting_campaign().await;
        world.admin().await.post("/exports").json(archive(campaign)).await.refused(403, "role_not_permitted");
        let office = world.office().await;
        for format in ["xlsx", "csv"] {
            let asked = json!({"what": "archive", "format": format, "campaign_id": campaign});
            office.post("/exports").json(asked).await.invalid(&[("/format", "not_a_choice")]);
        }
        let asked = json!({"what": "archive", "format": "zip", "campaign_id": campaign, "category_code": TOWNSHIP});
        office.post("/exports").json(asked).await.invalid(&[("/category_code", "invalid")]);
    }
}

//! Shares, surplus and quota on the entries that stand, and the register over the years (D-205, D-206, D-801).

use pingxuan_tests::selection::{
    NOTICE_OVER, approve, close, decide, members, only, ranking_of, seen, shown, substitute, withdraw,
};
use pingxuan_tests::story::{SUPERVISOR, TOWNSHIP, decision_record};
use pingxuan_tests::{World, both};
use serde_json::{Value, json};
use uuid::Uuid;

/// The supervisors' definition with so many places.
fn places(quota: u32) -> Value {
    let mut definition = only(SUPERVISOR);
    definition["categories"][0]["quota"]["value"] = json!(quota);
    definition
}

/// A selection of supervisors by a definition, each with so many points of the office: the campaign, and the applications from
/// the best down.
async fn supervisors(world: &World, definition: Value, names: &[&str]) -> (Uuid, Vec<Uuid>) {
    for name in names {
        world.supervisor(name).await;
    }
    let campaign = world.selecting_by(definition).await;
    let office = world.office().await;
    let ranking = ranking_of(campaign, SUPERVISOR);
    let entries = office.get(&ranking).await.expect(200);
    for entry in entries.list_at("/entries") {
        let place = names.iter().position(|name| entry["nominee_name"] == *name).unwrap();
        let points = format!("{}.00", 50 - place);
        let body =
            json!({"application_id": entry["application_id"], "points": points, "reason": "考核得分。"});
        office.post(&format!("{ranking}/adjustments")).if_match("*").json(body).await.expect(200);
    }
    (campaign, world.ranked(campaign).await)
}

/// Marks supervisors as leading cadres, or as not of the front line.
async fn marked(world: &World, names: &[&str], mark: Value) {
    for name in names {
        let id = world.supervisor(name).await.supervisor_id();
        world.office().await.change(&format!("/supervisors/{id}"), mark.clone()).await.expect(200);
    }
}

both! {
    async fn d_205_shares_hold_on_who_stands_at_the_notice_and_at_the_decision(world: World) {
        let names = ["赵一", "钱二", "孙三", "李四", "周五", "吴六"];
        marked(&world, &["赵一"], json!({"is_leading_cadre": true})).await;
        let (campaign, ids) = supervisors(&world, places(5), &names).await;
        let list = world.endorsed(campaign).await;
        let office = world.office().await;
        let place = format!("/shortlists/{list}");
        withdraw(&world.supervisor("钱二").await, ids[1]).await.expect(200);
        // Of four a fifth is none.
        let path = format!("{place}/publish-notice");
        let blocked = office.act(&path, Value::Null).await.blocked_by(&["leading_cadre_share"]);
        assert!(blocked.text_at("/errors/0/detail").contains('1'), "by how many: {blocked}");

        substitute(&office, ids[5], None).await.expect(200);
        let notice = shown(&world, list).await[0];
        world.move_clock(NOTICE_OVER).await;
        close(&office, notice).await.expect(200);
        let approver = world.approver().await;
        let declined = json!([{"application_id": ids[2], "reason": "另有任用"}]);
        let body = json!({"decision": decision_record(), "declined": declined});
        approve(&approver, list, body).await.blocked_by(&["leading_cadre_share"]);
        let declined = json!([{"application_id": ids[0], "reason": "领导干部从严"}]);
        approve(&approver, list, json!({"decision": decision_record(), "declined": declined})).await.expect(200);
    }

    async fn d_205_a_newcomer_keeps_the_shares_or_stays_out(world: World) {
        let names = ["赵一", "钱二", "孙三", "李四", "周五", "吴六", "郑七"];
        marked(&world, &["赵一", "吴六"], json!({"is_leading_cadre": true})).await;
        let (campaign, ids) = supervisors(&world, places(5), &names).await;
        let (list, notice) = world.noticed(campaign).await;
        withdraw(&world.supervisor("钱二").await, ids[1]).await.expect(200);
        let office = world.office().await;
        assert_eq!(
            seen(&office, ids[5]).await.blockers("substitute_application"),
            Some(vec!["leading_cadre_share".into()])
        );
        substitute(&office, ids[5], None).await.blocked_by(&["leading_cadre_share"]);
        substitute(&office, ids[6], Some("领导干部不超过名额的五分之一。")).await.expect(200);
        // Somebody falls out while the repeat notice runs.
        shown(&world, list).await;
        withdraw(&world.supervisor("孙三").await, ids[2]).await.expect(200);
        world.move_clock(NOTICE_OVER).await;
        let seen = office.get(&format!("/shortlists/{list}")).await.expect(200);
        for id in members(seen.list_at("/notices"), "id") {
            close(&office, id.parse().unwrap()).await.expect(200);
        }
        assert_eq!(seen.at("/notices/0/id"), &json!(notice));
        decide(&world.approver().await, list).await.blocked_by(&["leading_cadre_share"]);
    }

    async fn d_205_the_front_line_has_its_share(world: World) {
        let names = ["赵一", "钱二", "孙三", "李四", "周五"];
        marked(&world, &names[..3], json!({"front_line": false})).await;
        marked(&world, &names[3..], json!({"front_line": true})).await;
        let mut definition = places(4);
        let shares = &mut definition["categories"][0]["share_rules"]["value"];
        shares["front_line_at_least_percent"] = json!(50);
        let (campaign, ids) = supervisors(&world, definition, &names).await;
        let list = world.listed(campaign, json!({"category_code": SUPERVISOR})).await.expect(201);
        let office = world.office().await;
        let path = format!("/shortlists/{}/propose", list.id());
        let blocked = office.act(&path, Value::Null).await.blocked_by(&["front_line_share"]);
        assert!(blocked.text_at("/errors/0/detail").contains('2'), "two are needed: {blocked}");
        let departure = |id: Uuid| json!({"application_id": id, "reason": "向一线倾斜。"});
        let body = json!({
            "application_ids": [ids[0], ids[1], ids[3], ids[4]], "departures": [departure(ids[2]), departure(ids[4])],
        });
        office.change(&format!("/shortlists/{}", list.id()), body).await.expect(200);
        office.act(&path, Value::Null).await.expect(200);
    }

    async fn d_206_a_list_leaves_the_surplus_that_is_asked_for(world: World) {
        let mut definition = places(5);
        definition["categories"][0]["surplus_percent"]["value"] = json!(20);
        let (campaign, ids) = supervisors(&world, definition, &["赵一", "钱二", "孙三", "李四", "周五"]).await;
        let body = json!({"category_code": SUPERVISOR, "application_ids": ids});
        let list = world.listed(campaign, body).await.expect(201).id();
        let office = world.office().await;
        let path = format!("/shortlists/{list}/propose");
        let blocked = office.act(&path, Value::Null).await.blocked_by(&["surplus_missing"]);
        assert!(blocked.text_at("/errors/0/detail").contains('4'), "four are allowed: {blocked}");
        let best = office.change(&format!("/shortlists/{list}"), json!({"application_ids": null})).await.expect(200);
        assert_eq!(best.list_at("/entries").len(), 4);
        office.act(&path, Value::Null).await.expect(200);
    }

    async fn d_801_the_register_holds_the_years_one_after_the_other(world: World) {
        let names = ["赵一", "钱二", "孙三"];
        let (campaign, _) = supervisors(&world, places(2), &names).await;
        world.approved(campaign).await;
        world.advanced(campaign).await.expect(200);

        let mut next = places(1);
        next["year"]["value"] = json!(2023);
        next["acceptance"]["value"] = json!({"opens_on": "2023-01-11", "closes_on": "2023-01-31"});
        let campaign = world.campaign_of(next).await;
        world.advanced(campaign).await.expect(200);
        world.move_clock("2023-02-01T00:00:00+08:00").await;
        for _ in 0..2 {
            world.advanced(campaign).await.expect(200);
        }
        let office = world.office().await;
        let ranking = ranking_of(campaign, SUPERVISOR);
        let entries = office.get(&ranking).await.expect(200);
        let entries = entries.list_at("/entries");
        let first = entries.iter().find(|entry| entry["nominee_name"] == "赵一").unwrap();
        let body = json!({"application_id": first["application_id"], "points": "9.00", "reason": "连年优秀。"});
        office.post(&format!("{ranking}/adjustments")).if_match("*").json(body).await.expect(200);
        let (list, notice) = world.noticed(campaign).await;
        world.move_clock("2023-03-01T00:00:00+08:00").await;
        close(&office, notice).await.expect(200);
        decide(&world.approver().await, list).await.expect(200);
        world.advanced(campaign).await.expect(200);

        let public = world.public();
        let somebody = world.supervisor("孙三").await;
        for (who, register) in [(&public, "/public/awards"), (&somebody, "/awards")] {
            let found = async |query: &str| {
                who.get(&format!("{register}?sort=certificate_number{query}")).await.expect(200).column("honouree")
            };
            assert_eq!(found("").await, ["赵一", "钱二", "赵一"]);
            assert_eq!(found("&year=2022").await, ["赵一", "钱二"]);
            assert_eq!(found("&year=2023").await, ["赵一"]);
            assert_eq!(found("&name=赵").await, ["赵一", "赵一"]);
            assert_eq!(found("&name=赵&year=2023").await, ["赵一"]);
            assert_eq!(found(&format!("&category_code={SUPERVISOR}")).await.len(), 3);
            assert!(found(&format!("&category_code={TOWNSHIP}")).await.is_empty());
        }
    }
}

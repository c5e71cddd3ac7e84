//! The statistics of a campaign: figures and pictures.

use pingxuan_tests::story::{COLLECTIVE, TOWNSHIP, definition, submit};
use pingxuan_tests::{Reply, World, both};
use serde_json::{Value, json};
use uuid::Uuid;

const SVG: &str = "image/svg+xml";
const CHARTS: [&str; 4] = ["states", "submissions", "visits", "durations"];

fn place(campaign: Uuid) -> String {
    format!("/campaigns/{campaign}/statistics")
}

async fn statistics(world: &World, campaign: Uuid) -> Reply {
    world.office().await.get(&place(campaign)).await.expect(200)
}

/// The row of a list whose member has this value.
fn row(reply: &Reply, list: &str, member: &str, value: &str) -> Value {
    let found = reply.list_at(list).iter().find(|row| row[member] == value);
    found.unwrap_or_else(|| panic!("{reply}\nwithout {value} in {list}")).clone()
}

/// A list of counts, as pairs.
fn counts(rows: &Value, member: &str) -> Vec<(String, u64)> {
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| (row[member].as_str().unwrap().to_owned(), row["count"].as_u64().unwrap())).collect()
}

fn pairs(wanted: &[(&str, u64)]) -> Vec<(String, u64)> {
    wanted.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
}

both! {
    async fn applications_are_counted_by_state_category_kind_and_day(world: World) {
        let campaign = world.accepting_campaign().await;
        world.submitted(campaign, "江背镇", TOWNSHIP).await;
        world.accepted(campaign, "高兴镇", TOWNSHIP).await;
        world.drafted(campaign, "良村镇", TOWNSHIP).await;
        world.move_clock("2022-11-07T23:59:59+08:00").await;
        world.rejected(campaign, "县财政局", COLLECTIVE).await;
        world.move_clock("2022-11-08T00:00:00+08:00").await;
        world.withdrawn(campaign, "县审计局", COLLECTIVE).await;
        let found = statistics(&world, campaign).await;
        assert_eq!(found.at("/applications/total"), 5);
        let states = [("draft", 1), ("submitted", 1), ("accepted", 1), ("rejected", 1), ("withdrawn", 1)];
        let mut by_state = counts(found.at("/applications/by_state"), "state");
        by_state.sort();
        let mut wanted = pairs(&states);
        wanted.sort();
        assert_eq!(by_state, wanted);
        let townships = row(&found, "/applications/by_category", "category_code", TOWNSHIP);
        assert_eq!((&townships["total"], &townships["title"]["zh"]), (&json!(3), &json!("示范乡镇")));
        assert_eq!(counts(&townships["by_state"], "state"), pairs(&[("draft", 1), ("submitted", 1), ("accepted", 1)]));
        assert_eq!(found.list_at("/applications/by_category").len(), 4, "all, in the notice's order");
        assert_eq!(counts(found.at("/applications/by_unit_kind"), "kind"), pairs(&[("township", 3), ("department", 2)]));
        let days = counts(found.at("/applications/by_day"), "day");
        assert_eq!(days, pairs(&[("2022-11-07", 3), ("2022-11-08", 1)]), "a draft is of no day");
        assert_eq!((found.at("/extensions"), found.at("/open_objections")), (&json!({"of_units": 0, "of_all": 0}), &json!(0)));
    }

    async fn units_that_have_not_declared_are_named(world: World) {
        let campaign = world.accepting_campaign().await;
        let silent = world.unit_id("良村镇").await;
        world.drafted(campaign, "良村镇", TOWNSHIP).await;
        let before = statistics(&world, campaign).await;
        let in_scope = before.at("/units/in_scope").as_u64().unwrap();
        assert_eq!(before.at("/units/declared"), 0);
        assert_eq!(before.list_at("/units/undeclared").len() as u64, in_scope);
        world.submitted(campaign, "江背镇", TOWNSHIP).await;
        let after = statistics(&world, campaign).await;
        let undeclared = after.list_at("/units/undeclared");
        let ids: Vec<&str> = undeclared.iter().map(|unit| unit["id"].as_str().unwrap()).collect();
        assert!(ids.contains(&silent.to_string().as_str()), "a draft is no declaration");
        assert!(!ids.contains(&world.unit_id("江背镇").await.to_string().as_str()));
        assert_eq!(after.at("/units/declared"), 1);
        assert_eq!(after.at("/units/in_scope").as_u64().unwrap(), ids.len() as u64 + 1);
    }

    async fn verification_is_told_by_category(world: World) {
        let (first, second) = (world.supervisor("钟甲").await, world.supervisor("钟乙").await);
        let (campaign, applications) = world.verifying(&[("江背镇", TOWNSHIP), ("高兴镇", TOWNSHIP), ("县财政局", COLLECTIVE)]).await;
        world.scored((campaign, applications[0]), &first, (5, "90")).await;
        world.scored((campaign, applications[0]), &second, (5, "80")).await;
        world.drafted_sheet((campaign, applications[1]), &first, (5, "70")).await;
        world.assign(campaign, applications[1], &second).await.expect(201);
        let found = statistics(&world, campaign).await;
        let townships = row(&found, "/verification", "category_code", TOWNSHIP);
        let of = |name: &str| townships[name].as_u64().unwrap();
        assert_eq!((of("accepted"), of("verified"), of("trips")), (2, 1, 3));
        assert_eq!((of("sheets_due"), of("sheets_submitted"), of("sheets_counting")), (4, 2, 2));
        assert_eq!(counts(&townships["assignments"], "state"), pairs(&[("planned", 1), ("cleared", 3)]));
        let collectives = row(&found, "/verification", "category_code", COLLECTIVE);
        assert_eq!((&collectives["accepted"], &collectives["verified"], &collectives["sheets_due"]), (&json!(1), &json!(0), &json!(2)));
        assert_eq!(found.list_at("/verification").len(), 3, "what the office evaluates is not visited");
    }

    async fn time_in_each_state_is_drawn_from_the_audit(world: World) {
        let campaign = world.accepting_campaign().await;
        let draft = world.drafted(campaign, "江背镇", TOWNSHIP).await;
        world.drafted(campaign, "高兴镇", TOWNSHIP).await;
        world.move_clock("2022-11-10T09:30:00+08:00").await;
        let begun = statistics(&world, campaign).await.list_at("/durations")[0]["longest_hours"].as_u64().unwrap();
        submit(&world.unit("江背镇").await, draft).await.expect(200);
        world.move_clock("2022-11-11T10:00:00+08:00").await;
        let found = statistics(&world, campaign).await;
        let drafts = row(&found, "/durations", "state", "draft");
        assert_eq!(drafts["count"], 2);
        let longest = drafts["longest_hours"].as_u64().unwrap();
        assert!((begun + 24..=begun + 25).contains(&longest), "the other draft goes on: {begun} {longest}");
        assert_eq!(drafts["median_hours"].as_u64().unwrap(), (begun + longest) / 2);
        let submitted = row(&found, "/durations", "state", "submitted");
        assert_eq!(submitted, json!({"state": "submitted", "count": 1, "median_hours": 24, "longest_hours": 24}));
    }

    async fn d_303_while_sealed_nothing_is_told_by_category(world: World) {
        let mut definition = definition();
        definition["sealed"]["value"] = json!(true);
        let campaign = world.campaign_of(definition).await;
        world.advanced(campaign).await.expect(200);
        world.submitted(campaign, "江背镇", TOWNSHIP).await;
        let found = statistics(&world, campaign).await;
        assert_eq!((found.at("/sealed"), found.at("/applications/total")), (&json!(true), &json!(1)));
        assert_eq!(counts(found.at("/applications/by_state"), "state"), pairs(&[("submitted", 1)]));
        assert_eq!(counts(found.at("/applications/by_unit_kind"), "kind"), pairs(&[("township", 1)]));
        assert!(found.list_at("/applications/by_category").is_empty() && found.list_at("/verification").is_empty());
        assert!(!found.text.contains(TOWNSHIP));
        let drawn = world.office().await.get(&place(campaign)).header("accept", SVG).await.expect(200);
        assert!(drawn.text.contains("全部类别") && !drawn.text.contains("\n示范乡镇\n"), "{drawn}");
    }

    async fn pictures_are_drawn_in_the_callers_language(world: World) {
        let (campaign, _) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        let office = world.office().await;
        for chart in CHARTS {
            let place = format!("{}?chart={chart}", place(campaign));
            let chinese = office.get(&place).header("accept", SVG).await.expect(200);
            assert_eq!(chinese.header("content-type"), Some(SVG));
            assert!(chinese.text.starts_with("<svg") && chinese.text.ends_with("</svg>\n"), "{chinese}");
            let english = office.get(&place).header("accept", SVG).header("accept-language", "en").await.expect(200);
            assert_ne!(chinese.text, english.text);
            assert!(chinese.text.contains("“五型”") && english.text.contains("<text"), "{english}");
        }
        let whole = office.get(&place(campaign)).header("accept", "image/avif,image/svg+xml,*/*;q=0.8").await.expect(200);
        let states = office.get(&format!("{}?chart=states", place(campaign))).header("accept", SVG).await.expect(200);
        assert_eq!(whole.text, states.text, "the states, where nothing is said");
        assert!(whole.headers.get_all("vary").iter().any(|names| names == "Accept"));
        office.get(&format!("{}?chart=pie", place(campaign))).await.refused(400, "invalid_parameter");
    }

    async fn what_has_not_changed_is_not_sent_again(world: World) {
        let (campaign, _) = world.verifying(&[("江背镇", TOWNSHIP)]).await;
        let office = world.office().await;
        for accepted in ["application/json", SVG] {
            let ask = || office.get(&place(campaign)).header("accept", accepted);
            let etag = ask().await.expect(200).etag();
            ask().header("if-none-match", &etag).await.expect(304);
        }
        let etag = office.etag_of(&place(campaign)).await;
        office.get(&place(campaign)).header("accept", SVG).header("if-none-match", &etag).await.expect(200);
        world.move_clock("2023-01-02T00:00:00+08:00").await;
        assert_ne!(office.etag_of(&place(campaign)).await, etag, "a stay goes on");
    }

    async fn nothing_else_than_json_and_svg_is_answered(world: World) {
        let campaign = world.draft_campaign().await;
        let office = world.office().await;
        for accepted in ["text/html", "image/png", "application/json;q=0"] {
            office.get(&place(campaign)).header("accept", accepted).await.refused(406, "not_acceptable");
        }
        office.get("/workflows/campaign").header("accept", "image/png").await.refused(406, "not_acceptable");
        for reader in [world.approver().await, world.auditor().await] {
            reader.get(&place(campaign)).await.expect(200);
        }
        world.unit("江背镇").await.get(&place(campaign)).await.refused(403, "role_not_permitted");
        office.get(&place(Uuid::nil())).await.refused(404, "not_found");
        let drawn = office.get(&place(campaign)).header("accept", SVG).await.expect(200);
        assert!(drawn.text.contains("尚无数据"), "{drawn}");
    }
}

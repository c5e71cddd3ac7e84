//! What is written out: what the operations that read it show, with the same masks and seals, and nothing that a spreadsheet would carry out.

use pingxuan_tests::jobs::{applications_csv, exported, lines, result, text, workbook};
use pingxuan_tests::story::{INDIVIDUAL, SUPERVISOR, TOWNSHIP};
use pingxuan_tests::{World, both};
use serde_json::{Value, json};
use uuid::Uuid;

fn asks(what: &str, format: &str, campaign: Uuid) -> Value {
    json!({"what": what, "format": format, "campaign_id": campaign})
}

/// The place of a column.
fn place(lines: &[Vec<String>], title: &str) -> usize {
    lines[0].iter().position(|found| found == title).unwrap_or_else(|| panic!("no {title} in {:?}", lines[0]))
}

both! {
    async fn applications_are_written_with_their_forms_and_their_masks(world: World) {
        let office = world.office().await;
        let campaign = world.accepting_campaign().await;
        let accepted = world.accepted(campaign, "江背镇", TOWNSHIP).await;
        let person = world.submitted(campaign, "高兴镇", INDIVIDUAL).await;
        let job = exported(&office, applications_csv(campaign, TOWNSHIP)).await;
        assert_eq!(job.at("/result/name"), "2022-申报-示范乡镇.csv");
        assert_eq!(job.at("/result/media_type"), "text/csv");
        let found = lines(&office, &job).await;
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[1][place(&found, "编号")], accepted.to_string());
        assert_eq!(found[1][place(&found, "推荐对象")], "兴国县江背镇");
        assert_eq!(found[1][place(&found, "状态")], "已受理");
        assert_eq!(found[1][place(&found, "提交时间")], "2022-11-07 09:00:00");
        let job = exported(&office, applications_csv(campaign, INDIVIDUAL)).await;
        let found = lines(&office, &job).await;
        assert_eq!(found[1][place(&found, "编号")], person.to_string());
        assert_eq!(found[1][place(&found, "性别")], "女");
        assert_eq!(found[1][place(&found, "一线人员")], "是");
        assert!(found[1][place(&found, "公民身份号码")].contains('*'), "{found:?}");
        // A sheet for each category, and in the caller's language.
        let english = office.post("/exports").header("accept-language", "en").json(asks("applications", "xlsx", campaign));
        let job = pingxuan_tests::jobs::over(&office, english.await.expect(202).id()).await;
        assert_eq!(job.at("/result/rows"), 2);
        assert_eq!(job.at("/result/name"), "2022-Applications.xlsx");
        let told = workbook(&result(&office, &job).await);
        assert!(told.contains("Nominee") && told.contains("Accepted") && !told.contains("推荐对象"));
        assert_eq!(told.matches("<sheet ").count(), 4);
    }

    async fn s_32_no_cell_is_a_formula(world: World) {
        let office = world.office().await;
        let campaign = world.accepting_campaign().await;
        let application = world.drafted(campaign, "江背镇", TOWNSHIP).await;
        let unit = world.unit("江背镇").await;
        let evil = json!({"form": {"head": "=HYPERLINK(\"http://evil\";\"x\")", "contact": "@SUM(1)"}});
        unit.change(&format!("/applications/{application}"), evil).await.expect(200);
        pingxuan_tests::story::submit(&unit, application).await.expect(200);
        let job = exported(&office, applications_csv(campaign, TOWNSHIP)).await;
        let told = text(&office, &job).await;
        assert!(told.contains("HYPERLINK"));
        for line in told.lines() {
            assert!(line.split(',').all(|cell| !cell.trim_start_matches('"').starts_with(['=', '@', '+'])), "{line}");
        }
        let job = exported(&office, asks("applications", "xlsx", campaign)).await;
        assert!(!workbook(&result(&office, &job).await).contains("<f>"));
    }

    async fn d_303_what_lies_sealed_is_not_written_out(world: World) {
        let office = world.office().await;
        let campaign = world.sealed_campaign().await;
        world.submitted(campaign, "江背镇", INDIVIDUAL).await;
        let job = exported(&office, applications_csv(campaign, INDIVIDUAL)).await;
        let told = text(&office, &job).await;
        assert_eq!(job.at("/result/rows"), 1);
        assert!(!told.contains("张·") && !told.contains("一级科员"), "{told}");
    }

    async fn d_802_a_ranking_is_written_with_its_working_and_lists_and_awards_with_theirs(world: World) {
        let office = world.office().await;
        let campaign = world.selecting(&[("赵一", 3), ("钱二", 2), ("孙三", 1)]).await;
        let csv = async |what: &str| lines(&office, &exported(&office, asks(what, "csv", campaign)).await).await;
        let ranking = csv("ranking").await;
        let shown = office.get(&format!("/campaigns/{campaign}/categories/{SUPERVISOR}/ranking")).await.expect(200);
        let entries = shown.list_at("/entries");
        assert_eq!(ranking.len(), entries.len() + 1);
        for (line, entry) in ranking.iter().skip(1).zip(entries) {
            assert_eq!(line[place(&ranking, "推荐对象")], entry["nominee_name"].as_str().unwrap());
            assert_eq!(line[place(&ranking, "排名")], entry["rank"].to_string());
            assert_eq!(line[place(&ranking, "得分")], entry["score"].as_str().unwrap());
        }
        let list = world.approved(campaign).await;
        let lists = csv("shortlists").await;
        assert_eq!(lists.len(), 3, "{lists:?}");
        assert!(lists.iter().skip(1).all(|line| line[place(&lists, "名单编号")] == list.to_string()));
        // Nothing is announced yet: there is nothing in the register.
        assert_eq!(csv("awards").await.len(), 1);
        world.advanced(campaign).await.expect(200);
        let awards = csv("awards").await;
        assert_eq!(awards.len(), 3);
        assert_eq!(awards[1][place(&awards, "受表彰者")], "赵一");
        // Whoever reads the register may write it out.
        let admin = world.admin().await;
        let job = exported(&admin, asks("awards", "csv", campaign)).await;
        assert_eq!(lines(&admin, &job).await, awards);
        admin.post("/exports").json(asks("ranking", "xlsx", campaign)).await.refused(403, "role_not_permitted");
        world.security_admin().await.post("/exports").json(asks("awards", "csv", campaign)).await.refused(403, "role_not_permitted");
    }

    async fn score_sheets_and_figures_are_written_out(world: World) {
        let office = world.office().await;
        let assessed = json!({"score": "90.00"});
        let (campaign, applications) =
            world.selecting_townships(&[("江背镇", ["90", "80"], assessed.clone()), ("高兴镇", ["70", "60"], assessed)]).await;
        let asked = json!({"what": "score_sheets", "format": "csv", "campaign_id": campaign, "category_code": TOWNSHIP});
        let sheets = lines(&office, &exported(&office, asked).await).await;
        assert_eq!(sheets.len(), 5);
        let of: Vec<&Vec<String>> = sheets.iter().filter(|line| line[0] == applications[0].to_string()).collect();
        assert_eq!(of.len(), 2);
        assert!(of.iter().any(|line| line[place(&sheets, "条件1得分")] == "90.0"), "{sheets:?}");
        assert!(of.iter().any(|line| line[place(&sheets, "综合得分")] == "80.00"), "{sheets:?}");
        let job = exported(&office, asks("statistics", "xlsx", campaign)).await;
        let told = workbook(&result(&office, &job).await);
        assert!(told.contains("按状态") && told.contains("核查进度") && told.contains("示范乡镇"));
    }

    async fn what_is_several_tables_is_no_csv(world: World) {
        let office = world.office().await;
        let campaign = world.accepting_campaign().await;
        for what in ["applications", "score_sheets", "ranking", "statistics"] {
            office.post("/exports").json(asks(what, "csv", campaign)).await.invalid(&[("/format", "one_table_only")]);
        }
        office.post("/exports").json(asks("awards", "zip", campaign)).await.invalid(&[("/format", "not_a_choice")]);
        office.post("/exports").json(applications_csv(campaign, "no_such")).await.invalid(&[("/category_code", "unknown_category")]);
        office.post("/exports").json(asks("awards", "csv", Uuid::nil())).await.invalid(&[("/campaign_id", "unknown_reference")]);
        office.post("/exports").json(json!({"what": "medals"})).await.expect(422);
    }

    /// `PINGXUAN_EXPORT_ROWS=100000` copies so many applications first: how the large run is made.
    async fn many_applications_are_read_page_by_page(world: World) {
        let office = world.office().await;
        let campaign = world.accepting_campaign().await;
        world.submitted(campaign, "江背镇", TOWNSHIP).await;
        let rows: i64 = std::env::var("PINGXUAN_EXPORT_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(450);
        world.copied(rows - 1).await;
        let began = std::time::Instant::now();
        let job = exported(&office, applications_csv(campaign, TOWNSHIP)).await;
        assert_eq!(job.at("/result/rows"), rows);
        let found = lines(&office, &job).await;
        let ids: std::collections::BTreeSet<&String> = found.iter().skip(1).map(|line| &line[0]).collect();
        assert_eq!(i64::try_from(ids.len()).unwrap(), rows, "none twice and none lost");
        println!("{rows} rows in {:?}", began.elapsed());
        world.uncopied().await;
    }
}

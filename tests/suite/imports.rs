//! Tables read in: every fault at its place, nothing entered but what is right, and nobody enters so what they could not enter one by one.

use pingxuan_documents::sheets::{Cell, Column, ColumnKind, Format, Language, Title, Writer};
use pingxuan_domain::Role;
use pingxuan_tests::county::COUNTY;
use pingxuan_tests::jobs::{asks_import, imported, over, result, workbook};
use pingxuan_tests::truths::{get, look};
use pingxuan_tests::{Person, Reply, World, both};
use serde_json::json;

const UNITS: &str = "统一社会信用代码,单位类型,单位全称,单位简称,是否有效";

/// A table as CSV.
fn csv(headings: &str, rows: impl IntoIterator<Item = String>) -> Vec<u8> {
    let lines: Vec<String> = [headings.to_owned()].into_iter().chain(rows).collect();
    lines.join("\r\n").into_bytes()
}

/// So many units, of which some have a fault: a code whose check digit is wrong, and one that stands twice.
fn units(count: usize, wrong: &[usize], twice: &[usize]) -> Vec<u8> {
    let row = |number: usize| {
        let mut code = COUNTY.code(if twice.contains(&number) { number - 1 } else { number });
        if wrong.contains(&number) {
            let last = if code.ends_with('0') { '1' } else { '0' };
            code.pop();
            code.push(last);
        }
        format!("{code},乡镇,单位{number:05},单位{number:05},是")
    };
    csv(UNITS, (0..count).map(row))
}

fn counted(job: &Reply) -> [i64; 3] {
    ["rows", "faulty", "entered"].map(|name| job.at(&format!("/result/{name}")).as_i64().unwrap())
}

async fn total(who: &Person, list: &str) -> i64 {
    who.get(&format!("/{list}?include=total&limit=1")).await.expect(200).at("/total").as_i64().unwrap()
}

/// The problems that a report lists: the texts of its sheets, in which each fault stands with its code.
async fn report(who: &Person, job: &Reply) -> String {
    workbook(&result(who, job).await)
}

both! {
    async fn every_planted_fault_is_reported_and_a_dry_run_changes_nothing(world: World) {
        let office = world.office().await;
        let count = std::env::var("PINGXUAN_IMPORT_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(300);
        let wrong: Vec<usize> = (0..30).map(|n| n * 7 + 3).collect();
        let twice: Vec<usize> = (0..7).map(|n| n * 11 + 250).filter(|n| *n < count).collect();
        let planted = i64::try_from(wrong.len() + twice.len()).unwrap();
        let file = units(count, &wrong, &twice);
        let job = imported(&office, "units", "dry_run", ("单位.csv", &file)).await;
        assert_eq!(job.state(), "succeeded", "{job}");
        assert_eq!(counted(&job), [i64::try_from(count).unwrap(), planted, 0]);
        assert_eq!(total(&office, "units").await, 0);
        let report = report(&office, &job).await;
        let mut marked: Vec<usize> = report.split("<comment ref=\"A").skip(1).filter_map(|rest| rest.split('"').next()?.parse().ok()).collect();
        marked.sort_unstable();
        let mut expected: Vec<usize> = wrong.iter().chain(&twice).map(|number| number + 2).collect();
        expected.sort_unstable();
        assert_eq!(marked, expected, "each at its place and no other");
        assert!(report.contains("(invalid_check_digit)") && report.contains("(duplicate)"));
        assert_eq!(job.at("/result/name"), "单位-导入结果.xlsx");

        let job = imported(&office, "units", "all_or_nothing", ("单位.csv", &file)).await;
        assert_eq!(counted(&job), [i64::try_from(count).unwrap(), planted, 0]);
        assert_eq!(total(&office, "units").await, 0);
        let job = imported(&office, "units", "row_by_row", ("单位.csv", &file)).await;
        let right = i64::try_from(count).unwrap() - planted;
        assert_eq!(counted(&job), [i64::try_from(count).unwrap(), planted, right]);
        assert_eq!(total(&office, "units").await, right);
        // The same once more: what is there already is told apart from what is wrong.
        let job = imported(&office, "units", "row_by_row", ("单位.csv", &file)).await;
        assert_eq!(counted(&job)[2], 0);
    }

    async fn d_602_units_are_read_in_with_where_they_are(world: World) {
        let office = world.office().await;
        let headings = format!("{UNITS},纬度,经度,片区");
        let row = |number: usize, place: &str| format!("{},乡镇,单位{number},单位{number},是,{place}", COUNTY.code(number));
        let file = csv(&headings, [row(0, "26.3375,115.363451,东片"), row(1, ",,"), row(2, "26.3,,")]);
        let job = imported(&office, "units", "row_by_row", ("单位.csv", &file)).await;
        assert_eq!(counted(&job), [3, 1, 2], "{job}");
        let units = office.get("/units?sort=code").await.expect(200);
        assert_eq!((units.at("/items/0/latitude"), units.at("/items/0/longitude")), (&json!(26.3375), &json!(115.363_451)));
        assert_eq!(units.at("/items/0/district"), "东片");
    }

    async fn what_an_import_enters_is_written_down_as_if_one_by_one(world: World) {
        let office = world.office().await;
        let asked = asks_import(&office, "units", "all_or_nothing", ("units.csv", &units(3, &[], &[]))).await.expect(202);
        let job = over(&office, asked.id()).await;
        assert_eq!(counted(&job), [3, 0, 3]);
        let events = world.auditor().await.get("/audit-events?operation=create_unit").await.expect(200);
        assert_eq!(events.items().len(), 3);
        let request = asked.header("x-request-id").unwrap();
        for event in events.items() {
            assert_eq!(event["actor"]["id"], json!(office.user_id()), "{event}");
            assert_eq!(event["request_id"], request, "{event}");
        }
        assert!(world.app().files.listed().await.unwrap().iter().all(|place| !place.starts_with("given/")));
    }

    async fn nobody_imports_what_they_could_not_enter_one_by_one(world: World) {
        let file = units(1, &[], &[]);
        for (who, what) in [
            (world.office().await, "users"),
            (world.admin().await, "units"),
            (world.security_admin().await, "units"),
            (world.security_admin().await, "supervisors"),
        ] {
            asks_import(&who, what, "dry_run", ("a.csv", &file)).await.refused(403, "role_not_permitted");
        }
        for who in [world.approver().await, world.unit("江背镇").await] {
            asks_import(&who, "units", "dry_run", ("a.csv", &file)).await.refused(403, "role_not_permitted");
            who.get("/imports/templates/units").await.refused(403, "role_not_permitted");
        }
        assert!(world.office().await.get("/jobs").await.expect(200).items().is_empty());
    }

    async fn a_table_that_is_none_is_refused_at_once(world: World) {
        let office = world.office().await;
        for (what, file, code) in [
            ("units", &b""[..], "file_empty"),
            ("units", UNITS.as_bytes(), "table_empty"),
            ("units", "甲,乙\r\n1,2".as_bytes(), "headings_wrong"),
            ("annual_assessments", UNITS.as_bytes(), "headings_wrong"),
            ("units", b"PK\x03\x04 and no more", "file_unreadable"),
        ] {
            asks_import(&office, what, "dry_run", ("a.csv", file)).await.invalid(&[("/file", code)]);
        }
        asks_import(&office, "units", "at_random", ("a.csv", &units(1, &[], &[]))).await.invalid(&[("/mode", "not_a_choice")]);
        assert!(world.app().files.listed().await.unwrap().is_empty());
    }

    async fn accounts_come_with_passwords_that_stand_in_the_report_alone(world: World) {
        let keeper = world.security_admin().await;
        let code = COUNTY.unit("江背镇")["code"].as_str().unwrap().to_owned();
        world.unit_id("江背镇").await;
        let headings = "用户名,显示名称,角色,单位代码,监督员编号,有效期至";
        let rows = [
            format!("jiangbei,江背镇,申报单位,{code},,2030-12-31"),
            "nobody,无单位,unit,,,".to_owned(),
            "both,两任,审计管理员、office,,,".to_owned(),
            "Capital,大写,office,,,".to_owned(),
            "jiangbei,重复,office,,,".to_owned(),
            "office-three,办公室,office,,,".to_owned(),
        ];
        let file = csv(headings, rows);
        let tried = imported(&keeper, "users", "dry_run", ("账户.csv", &file)).await;
        assert_eq!(counted(&tried), [6, 4, 0], "{tried}");
        let told = report(&keeper, &tried).await;
        for code in ["role_needs_unit", "roles_incompatible", "wrong_format", "duplicate"] {
            assert!(told.contains(&format!("({code})")), "{code}");
        }
        let job = imported(&keeper, "users", "row_by_row", ("账户.csv", &file)).await;
        assert_eq!(counted(&job), [6, 4, 2]);
        let told = report(&keeper, &job).await;
        let password = told.split("office-three").last().unwrap().split("<t>").nth(2);
        let strings = told.split("<t>").filter_map(|text| text.split("</t>").next());
        let strings: Vec<&str> = strings.collect();
        let place = strings.iter().rposition(|text| *text == "office-three");
        let candidates: Vec<&str> = strings.iter().copied().filter(|text| text.len() >= 12 && text.is_ascii() && !text.contains(' ')).collect();
        let mut let_in = 0;
        for candidate in candidates {
            let reply = world.log_in("office-three", candidate).await;
            if reply.status == 200 {
                let_in += 1;
                assert_eq!(reply.at("/must_change_password"), true);
            }
            if reply.status == 429 { break; }
        }
        assert!(let_in == 1, "{password:?} {place:?} {strings:?}");
    }

    async fn supervisors_are_sealed_as_they_are_entered(world: World) {
        let office = world.office().await;
        let unit = COUNTY.unit("江背镇")["code"].as_str().unwrap().to_owned();
        world.unit_id("江背镇").await;
        let headings = "姓名,单位代码,职务,公民身份号码,联系电话,领导干部,一线人员,聘期开始,聘期结束";
        let id = |number| COUNTY.citizen_id(number);
        let rows = [
            format!("赵甲,{unit},干部,{},13812345678,否,是,2022-01-01,", id(1)),
            format!("钱乙,,,{},13812345679,否,是,2022-01-01,2021-12-31", id(2)),
            format!("孙丙,{},,{},13812345670,否,是,2022-01-01,", COUNTY.code(99), id(3)),
            format!("李丁,,,{},13812345671,否,是,2022-01-01,", id(1)),
            format!("周戊,,,{},无,也许,是,2022-13-01,", id(4)),
        ];
        let job = imported(&office, "supervisors", "row_by_row", ("监督员.csv", &csv(headings, rows))).await;
        assert_eq!(counted(&job), [5, 4, 1], "{job}");
        let told = report(&office, &job).await;
        for code in ["invalid", "unknown_reference", "duplicate", "not_a_boolean", "not_a_day"] {
            assert!(told.contains(&format!("({code})")), "{code}");
        }
        let listed = office.get("/supervisors").await.expect(200);
        assert_eq!(listed.column("name"), ["赵甲"]);
        assert!(listed.column("citizen_id")[0].contains('*'));
        let again = csv(headings, [format!("赵甲,,,{},13812345678,否,是,2022-01-01,", id(1))]);
        let job = imported(&office, "supervisors", "all_or_nothing", ("监督员.csv", &again)).await;
        assert_eq!(counted(&job), [1, 1, 0]);
        assert!(report(&office, &job).await.contains("(citizen_id_taken)"));
    }

    async fn assessments_are_entered_and_never_replaced(world: World) {
        let office = world.office().await;
        let code = |unit: &str| COUNTY.unit(unit)["code"].as_str().unwrap().to_owned();
        for unit in ["江背镇", "高兴镇"] {
            world.unit_id(unit).await;
        }
        let headings = "年度,单位代码,考评得分,未考评的原因";
        let (one, other) = (code("江背镇"), code("高兴镇"));
        let rows = [
            format!("2022,{one},95.5,"),
            format!("2022,{other},,驻县单位"),
            format!("2021,{other},100.5,"),
            format!("2021,{one},,"),
            format!("1999,{one},80,"),
            format!("2022,{one},80,"),
            format!("2022,{},80,", COUNTY.code(99)),
        ];
        let job = imported(&office, "annual_assessments", "row_by_row", ("考评.csv", &csv(headings, rows))).await;
        assert_eq!(counted(&job), [7, 5, 2], "{job}");
        let listed = office.get("/annual-assessments?year=2022").await.expect(200);
        assert_eq!(listed.items().len(), 2);
        assert!(listed.items().iter().any(|row| row["score"] == "95.50"));
        let again = csv(headings, [format!("2022,{one},10,")]);
        let job = imported(&office, "annual_assessments", "all_or_nothing", ("考评.csv", &again)).await;
        assert_eq!(counted(&job), [1, 1, 0]);
        assert!(report(&office, &job).await.contains("(already_exists)"));
    }

    async fn a_template_is_a_table_that_is_read_in(world: World) {
        let office = world.office().await;
        for kind in ["units", "supervisors", "annual_assessments"] {
            for language in ["zh-CN", "en"] {
                let template = office.get(&format!("/imports/templates/{kind}")).header("accept-language", language);
                let template = template.await.expect(200);
                let name = template.header("content-disposition").unwrap();
                assert!(name.contains(".xlsx"), "{name}");
                asks_import(&office, kind, "dry_run", ("a.xlsx", &template.bytes)).await.invalid(&[("/file", "table_empty")]);
            }
        }
        office.get("/imports/templates/medals").await.refused(404, "not_found");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("units.xlsx");
        let column = |title: &str| Column {
            key: title.to_owned(),
            title: Title::new(title, title),
            kind: ColumnKind::Text { most: 100 },
            width: 20,
            required: false,
        };
        let columns: Vec<Column> = UNITS.split(',').map(column).collect();
        let mut writer = Writer::create(&path, Format::Xlsx, Language::Zh, time::OffsetDateTime::UNIX_EPOCH).unwrap();
        writer.sheet("填写", &columns).unwrap();
        let code = COUNTY.code(5);
        writer.row(&[code.as_str(), "县政府部门", "甲局", "甲", "是"].map(|text| Cell::Text(text.to_owned()))).unwrap();
        writer.finish().unwrap();
        let file = std::fs::read(&path).unwrap();
        let job = imported(&office, "units", "all_or_nothing", ("units.xlsx", &file)).await;
        assert_eq!(counted(&job), [1, 0, 1], "{job}");
    }

    async fn an_import_holds_no_more_than_its_owner_may_when_it_runs(world: World) {
        let office = world.person("office-two", &[Role::Office]).await;
        let job = imported(&office, "units", "all_or_nothing", ("units.csv", &units(2, &[], &[]))).await;
        assert_eq!(counted(&job), [2, 0, 2]);
        let rows = look(world.database_url(), "SELECT changed FROM (SELECT leaf AS changed FROM audit_events WHERE operation = 'finish_job') x").await;
        assert!(get::<String>(&rows[0], "changed").contains("\"entered\":2"));
    }
}

//! The county's units: lists page by page, changes by merge patch, versions and their tags.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use pingxuan_tests::county::COUNTY;
use pingxuan_tests::{Person, World, both};
use serde_json::{Value, json};

/// Enters so many units; their names' order is not that of their codes.
async fn enter(office: &Person, numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    let enter = async |number: usize| {
        let body = json!({
            "code": COUNTY.code(number), "kind": if number.is_multiple_of(2) { "township" } else { "department" },
            "name": format!("单位{:03}", number * 7 % 100), "short_name": format!("单{number}"),
        });
        office.post("/units").json(body).await.expect(201).text_at("/id")
    };
    join_all(numbers.into_iter().map(enter)).await
}

/// All rows of a list, page by page.
async fn every_page(who: &Person, list: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut next = list.to_owned();
    loop {
        let page = who.get(&next).await.expect(200);
        rows.extend(page.items().iter().cloned());
        let cursor = page.next_cursor();
        let link = page.header("link").map(str::to_owned);
        let Some(cursor) = cursor else {
            assert_eq!(link, None, "the last page links to no other");
            return rows;
        };
        let link = link.unwrap();
        let link = link.strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap();
        assert!(link.contains(&format!("cursor={cursor}")), "{link}");
        next = link.to_owned();
    }
}

fn column(rows: &[Value], member: &str) -> Vec<String> {
    rows.iter().map(|row| row[member].as_str().unwrap().to_owned()).collect()
}

both! {
    async fn a_unit_is_entered_and_read(world: World) {
        let office = world.office().await;
        let made = office.post("/units").json(COUNTY.unit("江背镇")).await.expect(201);
        let place = format!("/units/{}", made.id());
        assert_eq!(made.header("location"), Some(format!("/api/v1{place}").as_str()));
        let read = office.get(&place).await.expect(200);
        assert_eq!(read.body, made.body);
        assert_eq!(read.etag(), made.etag());
        assert_eq!(read.at("/name"), "兴国县江背镇");
        assert_eq!(read.at("/active"), true);
        assert_eq!(read.at("/created_at"), "2022-11-07T01:00:00.000Z");
        for reader in [world.approver().await, world.admin().await, world.unit("高兴镇").await] {
            assert_eq!(reader.get(&place).await.expect(200).body, read.body);
            reader.post("/units").json(COUNTY.unit("良村镇")).await.refused(403, "role_not_permitted");
        }
        world.public().get(&place).await.refused(401, "unauthenticated");
    }

    async fn d_602_a_unit_is_somewhere_to_six_decimals(world: World) {
        let office = world.office().await;
        let mut body = COUNTY.unit("江背镇");
        body["latitude"] = json!(26.337_512_4);
        office.post("/units").json(&body).await.invalid(&[("/longitude", "required")]);
        body["longitude"] = json!(115.363_451);
        body["district"] = json!("东片");
        let made = office.post("/units").json(&body).await.expect(201);
        let place = format!("/units/{}", made.id());
        let read = office.get(&place).await.expect(200);
        assert_eq!((read.at("/latitude"), read.at("/longitude"), read.at("/district")), (&json!(26.337_512), &json!(115.363_451), &json!("东片")));
        office.change(&place, json!({"latitude": 90.1})).await.invalid(&[("/latitude", "too_large")]);
        let changed = office.change(&place, json!({"latitude": null, "longitude": null})).await.expect(200);
        assert_eq!((changed.at("/latitude"), changed.at("/district")), (&Value::Null, &json!("东片")));
    }

    async fn the_pages_together_are_the_list(world: World) {
        let office = world.office().await;
        let ids: BTreeSet<String> = enter(&office, 0..23).await.into_iter().collect();
        for sort in ["", "&sort=code", "&sort=-code", "&sort=name", "&sort=-name,code"] {
            for limit in [1, 2, 5, 22, 23, 24, 100] {
                let rows = every_page(&office, &format!("/units?limit={limit}{sort}")).await;
                assert_eq!(rows.len(), 23, "none twice: {limit}{sort}");
                assert_eq!(column(&rows, "id").into_iter().collect::<BTreeSet<_>>(), ids, "{limit}{sort}");
            }
        }
        assert_eq!(office.get("/units").await.expect(200).items().len(), 20, "by default");
    }

    async fn pages_do_not_repeat_or_lose_what_was_there(world: World) {
        let office = world.office().await;
        let id = |row: &Value| row["id"].as_str().unwrap().to_owned();
        enter(&office, (0..120).step_by(10)).await;
        for (sort, first_new) in [("code", 31), ("-code", 21), ("name", 11), ("-name", 41)] {
            let mut seen = Vec::new();
            let mut list = format!("/units?limit=3&sort={sort}");
            let mut new = first_new;
            let before: BTreeSet<String> = every_page(&office, "/units").await.iter().map(id).collect();
            loop {
                let page = office.get(&list).await.expect(200);
                seen.extend(page.column("id"));
                let Some(cursor) = page.next_cursor() else { break };
                list = format!("/units?limit=3&sort={sort}&cursor={cursor}");
                if new < first_new + 8 {
                    enter(&office, [new, new + 1]).await;
                    new += 2;
                }
            }
            let unique: BTreeSet<String> = seen.iter().cloned().collect();
            assert_eq!(unique.len(), seen.len(), "none twice by {sort}");
            assert!(unique.is_superset(&before), "none lost by {sort}");
        }
    }

    async fn lists_are_sorted_by_bytes_alike_on_both_databases(world: World) {
        let office = world.office().await;
        let names = ["a", "B", "b", "Ä", "乙", "甲", "𠮷", "-"];
        for (number, name) in names.iter().enumerate() {
            let body = json!({"code": COUNTY.code(number), "kind": "township", "name": name, "short_name": name});
            office.post("/units").json(body).await.expect(201);
        }
        let mut sorted = names.map(str::to_owned);
        sorted.sort();
        assert_eq!(office.get("/units?sort=name").await.expect(200).column("name"), sorted);
        sorted.reverse();
        assert_eq!(office.get("/units?sort=-name").await.expect(200).column("name"), sorted);
    }

    async fn filters_choose_and_the_total_counts_what_they_choose(world: World) {
        let office = world.office().await;
        let ids = enter(&office, 0..10).await;
        let place = format!("/units/{}", ids[4]);
        office.change(&place, json!({"active": false})).await.expect(200);
        for (filter, total) in [
            ("", 10),
            ("&kind=township", 5),
            ("&kind=township&active=true", 4),
            ("&active=false", 1),
            ("&name=%E5%8D%95%E4%BD%8D01", 1),
            ("&name=%25", 0),
            ("&name=_", 0),
            ("&kind=county_direct", 0),
        ] {
            let page = office.get(&format!("/units?include=total&limit=2{filter}")).await.expect(200);
            assert_eq!(page.at("/total"), total, "{filter}");
            assert_eq!(every_page(&office, &format!("/units?limit=2{filter}")).await.len(), total, "{filter}");
        }
        assert!(office.get("/units").await.expect(200).body.get("total").is_none(), "only where it is asked for");
    }

    async fn an_unknown_or_invalid_parameter_is_refused_by_name(world: World) {
        let office = world.office().await.clone();
        for (query, code, name) in [
            ("colour=red", "unknown_parameter", "colour"),
            ("limit=20&Limit=3", "unknown_parameter", "Limit"),
            ("limit=0", "invalid_parameter", "limit"),
            ("limit=101", "invalid_parameter", "limit"),
            ("limit=ten", "invalid_parameter", "limit"),
            ("limit=5&limit=6", "invalid_parameter", "limit"),
            ("kind=village", "invalid_parameter", "kind"),
            ("active=yes", "invalid_parameter", "active"),
            ("sort=kind", "invalid_parameter", "sort"),
            ("sort=name,", "invalid_parameter", "sort"),
            ("include=everything", "invalid_parameter", "include"),
            ("cursor=%00", "invalid_parameter", "cursor"),
        ] {
            let reply = office.get(&format!("/units?{query}")).header("accept-language", "en").await;
            let reply = reply.refused(400, code);
            assert!(reply.text_at("/detail").contains(name), "{reply}\nnames {name}");
        }
        let place = format!("/units/{}", world.unit_id("江背镇").await);
        office.get(&format!("{place}?limit=5")).await.refused(400, "unknown_parameter");
        office.post("/units?dry=1").json(COUNTY.unit("高兴镇")).await.refused(400, "unknown_parameter");
    }

    async fn a_cursor_is_good_for_its_own_list_alone(world: World) {
        let office = world.office().await;
        enter(&office, 0..6).await;
        let page = office.get("/units?limit=2&sort=name&kind=township").await.expect(200);
        let cursor = page.next_cursor().unwrap();
        let good = format!("/units?limit=1&kind=township&sort=name&include=total&cursor={cursor}");
        office.get(&good).await.expect(200);
        for foreign in [
            format!("/units?sort=name&cursor={cursor}"),
            format!("/units?sort=-name&kind=township&cursor={cursor}"),
            format!("/units?kind=township&cursor={cursor}"),
        ] {
            office.get(&foreign).await.refused(400, "malformed_cursor");
        }
        let keeper = world.security_admin().await;
        keeper.get(&format!("/users?cursor={cursor}")).await.refused(400, "malformed_cursor");

        let (text, signature) = cursor.split_once('.').unwrap();
        let turned: String = text.chars().rev().collect();
        for tampered in [
            format!("{turned}.{signature}"),
            format!("{text}."),
            text.to_owned(),
            format!("{text}.{text}"),
            format!("A{text}.{signature}"),
            "garbage".to_owned(),
        ] {
            let list = format!("/units?sort=name&kind=township&cursor={tampered}");
            office.get(&list).await.refused(400, "malformed_cursor");
        }
    }

    async fn a_merge_patch_changes_what_it_names(world: World) {
        let office = world.office().await;
        let before = office.post("/units").json(COUNTY.unit("江背镇")).await.expect(201);
        let place = format!("/units/{}", before.id());
        world.move_clock("2022-11-07T10:00:00+08:00").await;
        let after = office.change(&place, json!({"short_name": "江背", "active": false})).await.expect(200);
        assert_eq!(after.at("/short_name"), "江背");
        assert_eq!(after.at("/active"), false);
        assert_eq!(after.at("/name"), before.at("/name"));
        assert_eq!(after.at("/updated_at"), "2022-11-07T02:00:00.000Z");
        assert_eq!(after.at("/created_at"), before.at("/created_at"));
        assert_eq!(office.get(&place).await.expect(200).body, after.body);
        // Null takes away: `active` has a default, `name` must be there.
        let back = office.change(&place, json!({"active": null})).await.expect(200);
        assert_eq!(back.at("/active"), true);
        office.change(&place, json!({"name": null})).await.expect(422);
        office.change(&place, json!({})).await.expect(422);
    }

    async fn a_change_names_the_version_that_it_changes(world: World) {
        let office = world.office().await;
        let made = office.post("/units").json(COUNTY.unit("江背镇")).await.expect(201);
        let (place, first) = (format!("/units/{}", made.id()), made.etag());
        let patch = |name: &str| office.patch(&place).json(json!({"short_name": name}));
        patch("甲").await.refused(428, "precondition_required");
        let changed = patch("甲").if_match(&first).await.expect(200);
        patch("乙").if_match(&first).await.refused(412, "precondition_failed");
        for stale in ["\"7\"", "\"\"", "garbage", "W/\"2.abc\"", &first] {
            patch("乙").if_match(stale).await.refused(412, "precondition_failed");
        }
        patch("乙").if_match(&format!("{first}, {}", changed.etag())).await.expect(200);
        patch("丙").if_match("*").await.expect(200);
        assert_eq!(office.get(&place).await.expect(200).at("/short_name"), "丙");
    }

    async fn what_has_not_changed_is_not_sent_again(world: World) {
        let office = world.office().await;
        let made = office.post("/units").json(COUNTY.unit("江背镇")).await.expect(201);
        let (place, etag) = (format!("/units/{}", made.id()), made.etag());
        let again = async |known: &str| office.get(&place).header("if-none-match", known).await;
        let known = again(&etag).await.expect(304);
        assert_eq!(known.etag(), etag);
        again(&format!("\"7.x\", {etag}")).await.expect(304);
        again("\"7.x\"").await.expect(200);
        office.change(&place, json!({"active": false})).await.expect(200);
        again(&etag).await.expect(200);
    }

    async fn of_ten_changes_of_one_version_one_is_made(world: World) {
        let office = world.office().await;
        let made = office.post("/units").json(COUNTY.unit("江背镇")).await.expect(201);
        let (place, etag) = (format!("/units/{}", made.id()), made.etag());
        let change = async |n: usize| {
            office.patch(&place).if_match(&etag).json(json!({"short_name": format!("甲{n}")})).await
        };
        let answers = join_all((0..10).map(change)).await;
        let done: Vec<_> = answers.iter().filter(|reply| reply.status == 200).collect();
        assert_eq!(done.len(), 1);
        for late in answers.iter().filter(|reply| reply.status != 200) {
            late.clone().refused(412, "precondition_failed");
        }
        assert_eq!(office.get(&place).await.expect(200).body, done[0].body);
    }

    async fn d_905_a_unit_carries_a_valid_code_of_its_own(world: World) {
        let office = world.office().await;
        let good = COUNTY.unit("江背镇");
        let made = office.post("/units").json(&good).await.expect(201);
        let mut second = COUNTY.unit("高兴镇");
        second["code"] = good["code"].clone();
        office.post("/units").json(&second).await.blocked_by(&["unit_code_taken"]);
        let code = good["code"].as_str().unwrap();
        let last = if code.ends_with('0') { "1" } else { "0" };
        let wrong = format!("{}{last}", &code[..17]);
        second["code"] = json!(wrong);
        office.post("/units").json(&second).await.invalid(&[("/code", "invalid_check_digit")]);
        let place = format!("/units/{}", made.id());
        office.change(&place, json!({"code": wrong})).await.invalid(&[("/code", "invalid_check_digit")]);
        second["code"] = json!("91350100m000100y43");
        office.post("/units").json(&second).await.invalid(&[("/code", "wrong_format")]);
        second["code"] = json!("9135");
        office.post("/units").json(&second).await.expect(422);
        second["code"] = json!(COUNTY.code(77));
        let other = office.post("/units").json(&second).await.expect(201);
        let other = format!("/units/{}", other.id());
        office.change(&other, json!({"code": code})).await.blocked_by(&["unit_code_taken"]);
    }

    async fn every_fault_of_a_body_is_named_at_once(world: World) {
        let office = world.office().await;
        let body = json!({
            "id": "01849b5a-0000-7000-8000-000000000000", "version": 3, "kind": "village", "name": "",
            "short_name": "名\u{202E}字", "active": "yes",
        });
        office.post("/units").json(body).await.invalid(&[
            ("/code", "required"),
            ("/id", "unknown_member"),
            ("/version", "unknown_member"),
            ("/kind", "not_a_choice"),
            ("/name", "too_short"),
            ("/short_name", "control_character"),
            ("/active", "wrong_type"),
        ]);
        office.post("/units").json(json!([])).await.invalid(&[("", "wrong_type")]);
        assert_eq!(office.get("/units?include=total").await.expect(200).at("/total"), 0);
        let place = format!("/units/{}", world.unit_id("江背镇").await);
        let reply = office.change(&place, json!({"updated_at": "2022-11-07T01:00:00.000Z", "a/b~c": 1})).await;
        reply.invalid(&[("/updated_at", "unknown_member"), ("/a~1b~0c", "unknown_member")]);
    }

    async fn d_905_names_keep_rare_characters(world: World) {
        let office = world.office().await;
        let name = "阿卜杜拉·𠮷𰻝乡";
        let body = json!({"code": COUNTY.code(1), "kind": "township", "name": name, "short_name": "𰻝"});
        let made = office.post("/units").json(body).await.expect(201);
        assert_eq!(office.get(&format!("/units/{}", made.id())).await.expect(200).at("/name"), name);
        let found = office.get("/units?name=%F0%A0%AE%B7").await.expect(200);
        assert_eq!(found.items().len(), 1);
    }

    async fn what_is_not_there_is_not_found(world: World) {
        let office = world.office().await;
        for id in ["01849b5a-0000-7000-8000-000000000000", "not-an-id", "1"] {
            office.get(&format!("/units/{id}")).await.refused(404, "not_found");
            office.patch(&format!("/units/{id}")).if_match("*").json(json!({"name": "甲"})).await.refused(404, "not_found");
        }
    }
}

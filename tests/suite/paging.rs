//! Pages by key: what did not change is met once, whoever inserts and deletes meanwhile (C-06, C-07).

use std::collections::BTreeMap;

use pingxuan_tests::{Person, World, both, truths};
use serde_json::Value;

/// Rows that are there before anybody turns a page.
const ROWS: usize = 10_000;
/// Rows that a page shows at most.
const PAGE: usize = 100;

/// The id of a row, as SQL writes it; rows are in no order of their numbers.
fn id(world: &World, number: usize) -> String {
    let mixed = number.wrapping_mul(0x9e37_79b1) & 0xffff_ffff;
    let hex = format!("{mixed:08x}{:04x}7000800000000000{:04x}", number >> 16, number & 0xffff);
    if world.database_url().starts_with("sqlite") {
        format!("x'{hex}'")
    } else {
        format!("'{}-{}-{}-{}-{}'", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }
}

/// Enters activities straight into the table: created in an order that is not the ids', many at the same instant.
async fn enter(world: &World, numbers: std::ops::Range<usize>) {
    for chunk in numbers.collect::<Vec<_>>().chunks(1_000) {
        let rows = chunk.iter().map(|number| {
            let (held, created) = (number % 28 + 1, 1_667_782_800_000 + number / 7 % 500);
            format!(
                "({}, '活动{number:05}', '2022-10-{held:02}', 1, {created}, {created})",
                id(world, *number)
            )
        });
        let rows: Vec<String> = rows.collect();
        let columns = "id, title, held_on, version, created_at, updated_at";
        let sql = format!("INSERT INTO thematic_activities ({columns}) VALUES {}", rows.join(", "));
        truths::break_by(world.database_url(), &sql).await;
    }
}

async fn run(world: &World, sql: &str) {
    truths::break_by(world.database_url(), sql).await;
}

/// Turns all pages of a list, lets something happen after each, and counts how often each title was met.
async fn turned(who: &Person, order: &str, mut meanwhile: impl AsyncFnMut(usize)) -> BTreeMap<String, usize> {
    let mut met = BTreeMap::new();
    let mut place = format!("/thematic-activities?limit={PAGE}{order}");
    for page in 0.. {
        let reply = who.get(&place).await.expect(200);
        for title in reply.column("title") {
            *met.entry(title).or_insert(0) += 1;
        }
        let Some(cursor) = reply.next_cursor() else { break };
        place = format!("/thematic-activities?limit={PAGE}{order}&cursor={cursor}");
        meanwhile(page).await;
    }
    met
}

fn title(number: usize) -> String {
    format!("活动{number:05}")
}

both! {
    async fn c_06_ten_thousand_rows_are_each_met_once_while_others_come_and_go(world: World) {
        enter(&world, 0..ROWS).await;
        let office = world.office().await;
        for (round, order) in ["", "&sort=created_at", "&sort=-created_at"].into_iter().enumerate() {
            // Every tenth row may go, and as many others come: those that stay are met once, those that come at most once.
            let first_new = ROWS + round * 2_000;
            let met = turned(&office, order, async |page| {
                if page % 10 == 0 {
                    let at = page / 10;
                    let gone: Vec<String> = (0..10).map(|n| id(&world, (round * 100 + at * 10 + n) * 10 + 5)).collect();
                    run(&world, &format!("DELETE FROM thematic_activities WHERE id IN ({})", gone.join(", "))).await;
                    enter(&world, first_new + at * 20..first_new + at * 20 + 20).await;
                }
            }).await;
            let wrong: Vec<&String> = met.iter().filter(|(_, times)| **times > 1).map(|(title, _)| title).collect();
            assert_eq!(wrong, [] as [&String; 0], "{order}: met twice");
            let skipped: Vec<usize> =
                (0..ROWS).filter(|number| number % 10 != 5 && !met.contains_key(&title(*number))).collect();
            assert_eq!(skipped, [] as [usize; 0], "{order}: skipped");
        }
    }

    async fn c_06_by_a_key_that_changes_what_did_not_change_is_neither_skipped_nor_doubled(world: World) {
        enter(&world, 0..2_000).await;
        let office = world.office().await;
        // Every tenth row changes its day while pages are turned in the order of days.
        let met = turned(&office, "&sort=held_on", async |page| {
            let (from, to) = if page % 2 == 0 { (1, 28) } else { (28, 1) };
            let moved: Vec<String> = (0..10).map(|n| id(&world, (page * 10 + n) % 200 * 10 + 5)).collect();
            let sql = format!(
                "UPDATE thematic_activities SET held_on = CASE WHEN held_on < '2022-10-15' THEN '2022-10-{to:02}' \
                 ELSE '2022-10-{from:02}' END WHERE id IN ({})",
                moved.join(", ")
            );
            run(&world, &sql).await;
        }).await;
        for number in (0..2_000).filter(|number| number % 10 != 5) {
            assert_eq!(met.get(&title(number)), Some(&1), "{}", title(number));
        }
    }

    async fn c_07_a_total_is_counted_where_it_is_asked_for_and_is_what_the_filter_leaves(world: World) {
        enter(&world, 0..57).await;
        let office = world.office().await;
        let page = office.get("/thematic-activities").await.expect(200);
        assert_eq!(page.body.get("total"), None);
        assert_eq!(page.items().len(), 20);
        let counted = office.get("/thematic-activities?include=total&limit=1").await.expect(200);
        assert_eq!(counted.at("/total"), &Value::from(57));
        let other = office.get(&format!("/units?cursor={}", page.next_cursor().unwrap())).await;
        other.refused(400, "malformed_cursor");
        let sorted = office.get(&format!("/thematic-activities?sort=held_on&cursor={}", page.next_cursor().unwrap())).await;
        sorted.refused(400, "malformed_cursor");
    }
}

//! The keys that seal: changed while everything goes on, and nothing is left that the old one sealed.

use std::cell::Cell;
use std::time::Duration;

use futures_util::future::join3;
use pingxuan_api::register::{sealed_places, tables};
use pingxuan_api::running::bootstrap::rotate_sealing_key;
use pingxuan_tests::objections::named;
use pingxuan_tests::story::INDIVIDUAL;
use pingxuan_tests::truths::{get, look};
use pingxuan_tests::world::PASSWORD;
use pingxuan_tests::{World, both};
use serde_json::json;
use uuid::Uuid;

const UNIT: &str = "江背镇";

/// How many values are sealed, and how many of them with a key.
async fn sealed_with(url: &str, number: u32) -> (i64, i64) {
    let (mut all, mut with) = (0, 0);
    for (table, column) in sealed_places() {
        let rows =
            look(url, &format!("SELECT {column} AS value FROM {table} WHERE {column} IS NOT NULL")).await;
        for row in rows {
            let value: Vec<u8> = get(&row, "value");
            all += 1;
            with += i64::from(value.starts_with(&[&b"px1"[..], &number.to_be_bytes()].concat()));
        }
    }
    (all, with)
}

async fn reveal(world: &World, token: &str, id: Uuid) -> u16 {
    let path = format!("/applications/{id}/reveal");
    let request = world.bearer(token).post(&path).if_match("*").json(json!({"reason": "核对身份信息"}));
    request.await.status
}

both! {
    async fn s_64_what_is_sealed_is_sealed_anew_while_everything_goes_on(world: World) {
        let campaign = world.accepting_campaign().await;
        let mut ids = Vec::new();
        for unit in [UNIT, "高兴镇", "良村镇"] {
            ids.push(world.submitted(campaign, unit, INDIVIDUAL).await);
        }
        world.supervisor("赵一").await;
        let other_campaign = world.selecting(&[]).await;
        let (_, notice) = world.noticed(other_campaign).await;
        world.objected(notice, named(None)).await;
        let office = world.office().await;
        office.post("/me/totp").await.expect(200);
        office.post("/units").header("idempotency-key", "kept").json(json!({})).await.expect(422);
        let url = world.database_url();
        let (all, first) = sealed_with(url, 1).await;
        assert!(all >= 8 && all == first, "{first} of {all}: a new database has a key of its own");
        let token = office.token().await.unwrap();
        world.beside(|_| (), async |other| {
            let done = Cell::new(false);
            let ask = async |world: &World| {
                let mut asked = 0;
                while !done.get() {
                    for id in &ids {
                        assert_eq!(reveal(world, &token, *id).await, 200);
                        asked += 1;
                    }
                }
                asked
            };
            let rotate = async {
                let rotated = rotate_sealing_key(&world.app().db, Duration::from_millis(700)).await.unwrap();
                done.set(true);
                rotated
            };
            let (rotated, here, there) = join3(rotate, ask(&world), ask(&other)).await;
            assert_eq!(rotated.0, 2);
            assert!(rotated.1 >= u64::try_from(all).unwrap(), "{} were sealed anew", rotated.1);
            assert!(here > 0 && there > 0);
        }).await;
        let (all, second) = sealed_with(url, 2).await;
        assert_eq!(second, all, "nothing is left that the first key sealed");
        let keys = look(url, "SELECT number FROM sealing_keys").await;
        let mut kept: Vec<i32> = keys.iter().map(|row| get(row, "number")).collect();
        kept.sort_unstable();
        assert_eq!(kept, [1, 2], "what a slow transaction sealed with the first can still be opened");
        rotate_sealing_key(&world.app().db, Duration::from_millis(700)).await.unwrap();
        let oldest = look(url, "SELECT min(number) AS number FROM sealing_keys").await.remove(0);
        assert_eq!(get::<i32>(&oldest, "number"), 2, "the first is forgotten at the change after that");
        // A node that starts now opens what it needs, and everything else.
        world.beside(|_| (), async |later| {
            let token = later.log_in("office", PASSWORD).await.expect(200).text_at("/access_token");
            assert_eq!(reveal(&later, &token, ids[0]).await, 200);
        }).await;
    }
}

#[test]
fn g_14_all_that_the_register_calls_encrypted_is_sealed_anew() {
    let known: Vec<(&str, &str)> = sealed_places().collect();
    let mut encrypted = 0;
    for table in tables() {
        for column in table.columns.iter().filter(|column| column.about.is_some_and(|about| about.encrypted))
        {
            encrypted += 1;
            assert!(known.contains(&(table.name, column.name)), "{}.{} is not", table.name, column.name);
        }
    }
    assert!(encrypted >= 6, "{encrypted}");
}

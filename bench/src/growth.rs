//! Whether a page takes longer where there are more rows: the first of a list and one in its middle, asked for one after the other.

use std::time::{Duration, Instant};

use reqwest::Client;
use serde_json::Value;

use crate::driving::{Ask, Run, client};
use crate::processes::Server;
use crate::seeding::{Scene, grow, seed, share};
use crate::story::Told;
use crate::targets::{start_alone, token, told as answered};

/// Few applications, and many.
const SIZES: (u32, u32) = (1_000, 1_000_000);
/// How often a page is asked for, and how often before that to warm up.
const ASKED: (usize, usize) = (400, 100);
/// How much longer a page may take among many.
const AIM: f64 = 1.3;

/// Measures with few, fills up, and measures with many.
pub async fn compare(url: &str, told: &Told) -> String {
    let (few, many) = SIZES;
    let scene = seed(url, told, few).await;
    let (server, _folder) = start_alone(url);
    let before = pages(&server, &scene, few).await;
    grow(url, told, SIZES).await;
    let after = pages(&server, &scene, many).await;
    let mut table = format!(
        "| one connection | p50 ms at {few} | p50 ms at {many} | ratio |\n| --- | ---: | ---: | ---: |\n"
    );
    for ((name, few), (_, many)) in before.iter().zip(&after) {
        let [few, many] = [few, many].map(|run| run.percentile(50).as_secs_f64() * 1e3);
        table += &format!("| {name} | {few:.2} | {many:.2} | {:.2} |\n", many / few);
    }
    format!("{table}\nAimed at: {AIM} at most.\n")
}

/// How long the first page of a campaign's list takes, and one in its middle.
async fn pages(server: &Server, scene: &Scene, rows: u32) -> [(&'static str, Run); 2] {
    let (client, url) = (client(), server.url.as_str());
    let office = token(&client, url, &scene.office).await;
    let list = format!("/applications?campaign_id={}", scene.full);
    let mut cursor = String::new();
    for _ in 0..share(rows).div_ceil(200) {
        let place = format!("{list}&limit=100&cursor={cursor}");
        let place = place.strip_suffix("&cursor=").unwrap_or(&place);
        let page = answered(Ask::get(place, Some(&office)), &client, url).await;
        let next = page.get("next_cursor").and_then(Value::as_str);
        // Of few the whole list is one page: its middle is its end.
        let Some(next) = next else { break };
        next.clone_into(&mut cursor);
    }
    let first = format!("{list}&limit=20");
    if cursor.is_empty() {
        let page = answered(Ask::get(&first, Some(&office)), &client, url).await;
        page.get("next_cursor").and_then(Value::as_str).expect("a next page").clone_into(&mut cursor);
    }
    let deep = format!("{first}&cursor={cursor}");
    [
        ("the first page of 20", timed(&client, url, &first, &office).await),
        ("a page of 20 in the middle", timed(&client, url, &deep, &office).await),
    ]
}

async fn timed(client: &Client, url: &str, place: &str, office: &str) -> Run {
    let (asked, warm) = ASKED;
    let began = Instant::now();
    let mut answers: Vec<Duration> = Vec::with_capacity(asked);
    for number in 0..warm + asked {
        let since = Instant::now();
        let page = Ask::get(place, Some(office)).send(client, url).await;
        assert_eq!(page.status().as_u16(), 200, "{place}");
        page.bytes().await.expect("the page is whole");
        if number >= warm {
            answers.push(since.elapsed());
        }
    }
    answers.sort_unstable();
    Run { took: began.elapsed(), answers }
}

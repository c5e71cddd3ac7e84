//! Chooses the contract's examples from what was recorded in the suite (docs/adding-an-operation.md).
//!
//! `PINGXUAN_RECORD=record.jsonl cargo test --workspace`, then
//! `cargo run -p pingxuan-tests --bin choose-examples record.jsonl > api/src/contract/examples.json`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::ExitCode;

use serde_json::{Map, Value, json};

/// What an example is best long: enough to show its members, little enough to be read.
const BEST: usize = 900;
/// Rows that are shown of a list.
const ROWS: usize = 2;
/// What stands for a secret.
const TOKEN: &str = "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJleGFtcGxlIn0.c2lnbmF0dXJl";

fn main() -> ExitCode {
    let Some(name) = std::env::args().nth(1) else {
        eprintln!("choose-examples FILE: names the file that was recorded");
        return ExitCode::FAILURE;
    };
    let file = match File::open(&name) {
        Ok(file) => BufReader::new(file),
        Err(error) => {
            eprintln!("{name}: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut best: BTreeMap<String, (usize, Value)> = BTreeMap::new();
    for line in file.lines().map_while(Result::ok) {
        let Ok(call) = serde_json::from_str::<Value>(&line) else { continue };
        let text = |member: &str| call.get(member).and_then(Value::as_str).unwrap_or("").to_owned();
        let operation = text("operation");
        if operation == "openapi_document" {
            continue;
        }
        let status = call.get("status").and_then(Value::as_u64).unwrap_or_default();
        let media_type = text("media_type");
        if let Some(request) = call.get("request").filter(|request| !request.is_null()) {
            consider(&mut best, format!("{operation}\u{0}request\u{0}"), request);
        }
        if media_type.ends_with("json")
            && let Some(response) = call.get("response")
        {
            let mut response = response.clone();
            if operation != "get_campaign"
                && let Some(members) = response.as_object_mut()
            {
                // One operation shows a whole definition.
                members.remove("definition");
            }
            consider(&mut best, format!("{operation}\u{0}responses\u{0}{status}"), &response);
        }
    }
    let mut chosen: Map<String, Value> = Map::new();
    for (key, (_, value)) in best {
        let mut parts = key.split('\u{0}');
        let (operation, part, status) = (parts.next(), parts.next(), parts.next().unwrap_or(""));
        let of = chosen.entry(operation.unwrap_or("")).or_insert_with(|| json!({}));
        match (part, of.as_object_mut()) {
            (Some("request"), Some(of)) => {
                of.insert("request".into(), value);
            }
            (_, Some(of)) => {
                let responses = of.entry("responses").or_insert_with(|| json!({}));
                responses.as_object_mut().into_iter().for_each(|responses| {
                    responses.insert(status.to_owned(), value.clone());
                });
            }
            (_, None) => {}
        }
    }
    println!("{}", serde_json::to_string_pretty(&Value::Object(chosen)).unwrap_or_default());
    ExitCode::SUCCESS
}

/// Keeps the better of two examples: the one whose length is nearer to the best; of those that say as much the one in Chinese.
fn consider(best: &mut BTreeMap<String, (usize, Value)>, key: String, value: &Value) {
    let mut value = value.clone();
    shorten(&mut value);
    let text = value.to_string();
    let poor = if text.is_ascii() { 5000 } else { 0 };
    let distance = text.len().abs_diff(BEST) + poor;
    if best.get(&key).is_none_or(|(known, _)| distance < *known) {
        best.insert(key, (distance, value));
    }
}

/// Leaves one category of a definition, and the beginning of the notice's text.
fn excerpt(definition: &mut Map<String, Value>) {
    if let Some(Value::Array(categories)) = definition.get_mut("categories") {
        categories.truncate(1);
    }
    if let Some(Value::String(text)) = definition.get_mut("text").and_then(|text| text.get_mut("value")) {
        *text = text.chars().take(120).collect();
    }
}

/// Leaves two rows of a list, and nothing of a secret.
fn shorten(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(shorten),
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                match (name.as_str(), &mut *member) {
                    ("items", Value::Array(rows)) => rows.truncate(ROWS),
                    ("definition", Value::Object(definition)) => excerpt(definition),
                    ("access_token" | "refresh_token", Value::String(secret)) => *secret = TOKEN.to_owned(),
                    ("client_secret", Value::String(secret)) => *secret = "cs_told-once".to_owned(),
                    _ => {}
                }
                shorten(member);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

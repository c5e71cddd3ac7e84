//! What was asked and answered in the suite, kept where `PINGXUAN_RECORD` names a file: the contract's examples are chosen from it.

use std::env;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::sync::{LazyLock, Mutex, PoisonError};

use serde_json::{Value, json};

use crate::reply::Reply;

static RECORD: LazyLock<Option<Mutex<File>>> = LazyLock::new(|| {
    let name = env::var_os("PINGXUAN_RECORD")?;
    let file = OpenOptions::new().create(true).append(true).open(name).expect("a file to record in");
    Some(Mutex::new(file))
});

/// What a form says, as an object; nothing of a file, which is no example.
fn form(body: &[u8]) -> Value {
    if !body.iter().all(u8::is_ascii_graphic) {
        return Value::Null;
    }
    let pairs = form_urlencoded::parse(body);
    Value::Object(pairs.map(|(name, value)| (name.into_owned(), value.into())).collect())
}

/// Keeps one call of an operation that succeeded.
pub fn keep(operation: &str, sent: Option<&[u8]>, reply: &Reply) {
    let Some(record) = RECORD.as_ref().filter(|_| reply.status < 300) else { return };
    let sent =
        sent.map(|body| serde_json::from_slice(body).unwrap_or_else(|_| form(body))).unwrap_or_default();
    let media_type = reply.header("content-type").unwrap_or("").split(';').next().unwrap_or("").trim();
    let told = if reply.body.is_null() { json!(reply.text) } else { reply.body.clone() };
    let line = json!({
        "operation": operation, "request": sent, "status": reply.status, "media_type": media_type, "response": told,
    });
    let mut file = record.lock().unwrap_or_else(PoisonError::into_inner);
    writeln!(file, "{line}").expect("a line is recorded");
}

//! What must stand nowhere in clear, looked for after every story: in the database, in errors, in all that was logged (D-904, S-35).

use std::io::Write;
use std::sync::{Mutex, Once, PoisonError};

use pingxuan_domain::identifiers::check_citizen_id;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::dump::holds;
use crate::world::PASSWORD;

/// How tokens begin, and how long the rest of one is at least.
const TOKENS: [(&str, usize); 4] = [("eyJ", 30), ("rt_", 40), ("pl_", 40), ("cs_", 40)];

/// The secrets and the personal data that stand in a text in clear: everyone's password, tokens, citizen IDs, mobile numbers.
#[must_use]
pub fn in_clear(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if holds(text, PASSWORD) {
        found.push(PASSWORD.to_owned());
    }
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    found.extend(
        words.filter(|word| is_token(word) || is_citizen_id(word) || is_mobile(word)).map(str::to_owned),
    );
    found
}

fn is_token(word: &str) -> bool {
    TOKENS.iter().any(|(start, rest)| word.starts_with(start) && word.len() >= start.len() + rest)
}

fn is_citizen_id(word: &str) -> bool {
    word.len() == 18 && check_citizen_id(word).is_ok()
}

fn is_mobile(word: &str) -> bool {
    let digits = word.len() == 11 && word.bytes().all(|byte| byte.is_ascii_digit());
    digits && word.starts_with('1') && word.as_bytes().get(1).is_some_and(|second| *second >= b'3')
}

static LOGGED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Looks at every line that is logged from now on.
pub fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let filter = EnvFilter::new("debug,sqlx=info,sea_orm=info,hyper_util=info,reqwest=info");
        let logs = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(Lines);
        logs.try_init().expect("nobody else listens");
    });
}

/// The lines with something in clear that were logged since this was asked last.
pub fn logged() -> Vec<String> {
    std::mem::take(&mut *LOGGED.lock().unwrap_or_else(PoisonError::into_inner))
}

struct Lines;

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line
    }
}

struct Line;

impl Write for Line {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        if !in_clear(&text).is_empty() {
            LOGGED.lock().unwrap_or_else(PoisonError::into_inner).push(text.into_owned());
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

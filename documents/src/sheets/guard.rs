//! The guard of texts in CSV: a spreadsheet must not take them for formulas.

use std::borrow::Cow;

/// Whether a spreadsheet, or a person's hand in one, could make a formula of a text.
fn is_dangerous(text: &str) -> bool {
    let first = text.chars().next();
    let visible = text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control()).chars().next();
    matches!(first, Some('\0' | '\t' | '\r' | '\n'))
        || matches!(visible, Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠'))
}

/// The text as it is written: with an apostrophe before it where it could be taken for a formula.
pub(super) fn guarded(text: &str) -> Cow<'_, str> {
    if is_dangerous(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text that was written like this.
pub(super) fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_dangerous(rest)).unwrap_or(text)
}

//! Names of files: which may be kept, and how they are told to a browser.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use unicode_normalization::UnicodeNormalization;

use super::Refusal;

/// The most that file systems take.
const LONGEST: usize = 255;

/// Names that Windows keeps for devices, whatever follows behind a dot.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Endings that a system runs instead of showing.
const EXECUTABLE: [&str; 44] = [
    "apk", "app", "appimage", "bat", "bin", "chm", "cmd", "com", "cpl", "deb", "dll", "dmg", "exe", "hta",
    "htm", "html", "inf", "iso", "jar", "js", "jse", "lnk", "mht", "msc", "msi", "msp", "php", "pif", "ps1",
    "py", "reg", "rpm", "scf", "scr", "sh", "svg", "sys", "url", "vb", "vbe", "vbs", "ws", "wsf", "wsh",
];

/// The characters that RFC 8187 lets stand in a parameter (`attr-char`).
const ATTRIBUTE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// A name under which a file may be shown to people, in composed form (NFC).
///
/// # Errors
/// What is wrong with it.
pub fn check_name(name: &str) -> Result<String, Refusal> {
    let name: String = name.nfc().collect();
    let bad = |why| Err(Refusal::BadName { why });
    if name.is_empty() {
        return bad("empty");
    }
    if name.len() > LONGEST {
        return bad("too_long");
    }
    if name.chars().any(is_hidden) {
        return bad("hidden_character");
    }
    if name.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|', '∕', '／', '＼', '\u{2044}']) {
        return bad("forbidden_character");
    }
    if has_escaped_separator(&name) {
        return bad("escaped_separator");
    }
    let edge = |c: char| c == '.' || c.is_whitespace();
    if name.starts_with(edge) || name.ends_with(edge) {
        return bad("dot_or_blank_at_the_edge");
    }
    let small = name.to_lowercase();
    let mut parts = small.split('.').map(str::trim);
    if parts.next().is_some_and(is_device) {
        return bad("reserved");
    }
    if parts.any(|part| EXECUTABLE.contains(&part)) {
        return bad("executable");
    }
    Ok(name)
}

/// Characters that do not show, or that turn the direction of the text around them.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{3164}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffd}'
            | '\u{e0000}'..='\u{e007f}')
}

/// Whether it holds a separator, a dot or a zero byte in the writing of addresses, which something later might read.
fn has_escaped_separator(name: &str) -> bool {
    let small = name.to_ascii_lowercase();
    ["%2f", "%5c", "%2e", "%00", "%25"].iter().any(|escaped| small.contains(escaped))
}

fn is_device(stem: &str) -> bool {
    let numbered = |name: &str| {
        stem.strip_prefix(name).is_some_and(|number| {
            let mut characters = number.chars();
            matches!(characters.next(), Some('0'..='9' | '¹' | '²' | '³')) && characters.next().is_none()
        })
    };
    DEVICES.contains(&stem) || numbered("com") || numbered("lpt")
}

/// `Content-Disposition` of a download (RFC 6266): the name in ASCII for old readers, and as it is (RFC 8187).
#[must_use]
pub fn content_disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') || c == ' ' { c } else { '_' })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", utf8_percent_encode(name, ATTRIBUTE))
}

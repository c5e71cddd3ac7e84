//! Where a word that is wider than its cell may break: typst breaks only where a script allows it.

use super::paper::{Language, Paper, Part, RASTER, Role};

/// A break that takes no room.
const BREAK: char = '\u{200b}';

/// Letters that fit on a line of a table's whole width, and of the largest title; low, so that capitals fit too.
const WHOLE: usize = 70;
const LARGE: usize = 17;
/// Up to how many letters a word of an English paper is left to be hyphenated.
const HYPHENATED: usize = 16;

/// Lets words break that are wider than the place they stand in.
pub(crate) fn breakable(paper: &mut Paper) {
    let language = paper.language;
    let allow = |text: &mut String, room| allow(text, room, language);
    for part in &mut paper.parts {
        match part {
            Part::Text(_, text) => allow(text, LARGE),
            Part::Signatures(labels) => {
                let room = WHOLE / labels.len().max(1) / 2;
                labels.iter_mut().for_each(|label| allow(label, room));
            }
            Part::Table(table) => {
                for cell in table.rows.iter_mut().flatten() {
                    let room = (WHOLE * usize::from(cell.span) / usize::from(RASTER)).saturating_sub(1);
                    allow(&mut cell.text, room);
                    match &mut cell.role {
                        Role::Long(heading) => allow(heading, room),
                        Role::Seal(closing) => closing.iter_mut().for_each(|line| allow(line, room)),
                        Role::Label | Role::Value | Role::Band => {}
                    }
                }
            }
            Part::Picture { .. } | Part::NewPage => {}
        }
    }
}

/// Puts a break between the letters of each word of more than so many.
fn allow(text: &mut String, room: usize, language: Language) {
    let is_long = |word: &str| {
        let hyphenated = language == Language::En && word.chars().all(|letter| !letter.is_numeric());
        word.chars().count() > if hyphenated { room.max(HYPHENATED) } else { room }
    };
    let words = text.split_inclusive(|character: char| !is_joined(character));
    if !words.clone().any(is_long) {
        return;
    }
    let letters = words.flat_map(|word| {
        let long = is_long(word);
        word.chars().flat_map(move |letter| [Some(letter), (long && is_joined(letter)).then_some(BREAK)])
    });
    *text = letters.flatten().collect();
}

/// Whether a line may not break after a character by itself: all but blanks and what is written without blanks.
fn is_joined(character: char) -> bool {
    !character.is_whitespace() && u32::from(character) < 0x2e80
}

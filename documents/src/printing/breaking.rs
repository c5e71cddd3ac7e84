//! Where a word that is wider than its cell may break: typst breaks only where a script allows it.

use super::paper::{Paper, Part, RASTER, Role};

/// A break that takes no room.
const BREAK: char = '\u{200b}';

/// Half letters that fit on a line of a column of the raster, of the whole width, and of a label; low, so that capitals fit too.
const WHOLE: usize = 70;

/// Lets words break that are wider than the place they stand in.
pub(crate) fn breakable(paper: &mut Paper) {
    for part in &mut paper.parts {
        match part {
            Part::Text(_, text) => allow(text, WHOLE),
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
            Part::NewPage => {}
        }
    }
}

/// Puts a break between the letters of each word of more than so many.
fn allow(text: &mut String, room: usize) {
    let words = text.split_inclusive(|character: char| !is_joined(character));
    if !words.clone().any(|word| word.chars().count() > room) {
        return;
    }
    *text = words
        .flat_map(|word| {
            let long = word.chars().count() > room;
            word.chars()
                .flat_map(move |character| [Some(character), (long && is_joined(character)).then_some(BREAK)])
        })
        .flatten()
        .collect();
}

/// Whether a line may not break after a character by itself: all but blanks and what is written without blanks.
fn is_joined(character: char) -> bool {
    !character.is_whitespace() && u32::from(character) < 0x2e80
}

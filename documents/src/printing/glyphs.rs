//! Characters that cannot be printed: they are looked for before, as a renderer would leave them blank without a word.

use super::fonts::Fonts;
use super::paper::{Cell, Paper, Part, Role, Style, Table};

/// What stands in the place of a character that no font has, 缺字符号.
pub(crate) const SUBSTITUTE: char = '〓';

/// A character that no font has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The character.
    pub character: char,
    /// Where it is: the labels of the fields, or the title of the paper.
    pub places: Vec<String>,
}

/// The characters of a paper that no font has, in the order in which they are met.
#[must_use]
pub fn missing(paper: &Paper, fonts: &Fonts) -> Vec<Missing> {
    let mut found: Vec<Missing> = Vec::new();
    each_text(&mut paper.clone(), |place, text| {
        for character in clean(text).chars().filter(|character| lacks(fonts, *character)) {
            match found.iter_mut().find(|missing| missing.character == character) {
                Some(missing) if missing.places.iter().any(|known| known == place) => {}
                Some(missing) => missing.places.push(place.to_owned()),
                None => found.push(Missing { character, places: vec![place.to_owned()] }),
            }
        }
    });
    found
}

/// The paper as it can be printed: without control characters, with substitutes and a note that names what they stand for.
pub(crate) fn printable(paper: &Paper, fonts: &Fonts) -> Paper {
    let missing = missing(paper, fonts);
    let mut paper = paper.clone();
    each_text(&mut paper, |_, text| {
        let shown = |character| if lacks(fonts, character) { SUBSTITUTE } else { character };
        *text = clean(text).chars().map(shown).collect();
    });
    if !missing.is_empty() {
        let named = |missing: &Missing| {
            let places = missing.places.join(paper.language.comma());
            let (open, close) = (paper.language.of("（", " ("), paper.language.of("）", ")"));
            let places: String = clean(&places).chars().filter(|character| fonts.has(*character)).collect();
            format!("U+{:04X}{open}{places}{close}", u32::from(missing.character))
        };
        let names: Vec<String> = missing.iter().map(named).collect();
        let note = paper.language.missing().to_owned() + &names.join(paper.language.of("；", "; "));
        paper.parts.push(Part::Text(Style::Note, note));
    }
    paper
}

fn lacks(fonts: &Fonts, character: char) -> bool {
    character != '\n' && !fonts.has(character)
}

/// A text without what is no letter: control characters, marks of direction and of variants, joiners.
fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n").replace('\t', " ");
    text.chars()
        .filter(|character| *character == '\n' || !(character.is_control() || is_format(*character)))
        .collect()
}

fn is_format(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Goes through all texts of a paper, each with the name of its place.
fn each_text(paper: &mut Paper, mut visit: impl FnMut(&str, &mut String)) {
    let name = paper.title.clone();
    visit(&name, &mut paper.title);
    for part in &mut paper.parts {
        match part {
            Part::Text(_, text) => visit(&name, text),
            Part::Table(table) => each_cell(table, &name, &mut visit),
            Part::Signatures(labels) => labels.iter_mut().for_each(|label| visit(&name, label)),
            Part::Picture { said, .. } => visit(&name, said),
            Part::NewPage => {}
        }
    }
    if let Some(check) = &mut paper.check {
        visit(&name, &mut check.code);
        visit(&name, &mut check.digest);
    }
}

/// The place of a cell is the label before it in its row, the label of its column, or else the paper.
fn each_cell(table: &mut Table, name: &str, visit: &mut impl FnMut(&str, &mut String)) {
    let columns: Vec<String> = table
        .head
        .checked_sub(1)
        .and_then(|last| table.rows.get(last))
        .map_or_else(Vec::new, |head| head.iter().map(|cell| cell.text.clone()).collect());
    for row in &mut table.rows {
        let mut label: Option<String> = None;
        for (column, Cell { role, text, .. }) in row.iter_mut().enumerate() {
            let place = label.as_ref().or(columns.get(column)).map_or(name, String::as_str).to_owned();
            match role {
                Role::Label => label = Some(text.clone()),
                Role::Long(heading) => {
                    let place = heading.clone();
                    visit(&place, heading);
                    visit(&place, text);
                    continue;
                }
                Role::Seal(closing) => closing.iter_mut().for_each(|line| visit(&place, line)),
                Role::Value | Role::Band => {}
            }
            visit(&place, text);
        }
    }
}

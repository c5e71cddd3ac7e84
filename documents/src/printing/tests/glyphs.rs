//! Characters: rare ones that print, and those that no font has.

use serde_json::json;

use super::samples::{declaration, forms, individual, paper, text};
use super::*;
use crate::printing::{Language, Missing, Sheet, Style, missing};

/// Names of people, punctuation and marks of forms; 𬭎 and 𫖯 are of the 通用规范汉字表 beyond the first plane.
const RARE: &str = "䶮㛃𬭎𫖯龘堃喆犇龍龜鬱麤·•—…“”‘’《》〔〕【】①⑳㈠ⅣΩЖéüāǎ☐☑□■●○★※√×℃㎡１Ａ￥";

#[test]
fn rare_characters_print() {
    let paper =
        paper("表", Language::Zh, Sheet::Document, vec![text(Style::Title, RARE), text(Style::Body, RARE)]);
    assert_eq!(missing(&paper, fonts()), Vec::new());
    if let Some(found) = text_of(&printed("rare", &paper).0) {
        assert_eq!(found.matches(RARE).count(), 2, "{found}");
    }
}

#[test]
fn every_ideograph_of_gbk_and_of_extension_a_is_covered() {
    let blocks = [0x4e00..=0x9fa5, 0x3400..=0x4db5];
    let lacking: Vec<char> = blocks
        .into_iter()
        .flatten()
        .filter_map(char::from_u32)
        .filter(|letter| !fonts().has(*letter))
        .collect();
    assert!(lacking.is_empty(), "{lacking:?}");
}

#[test]
fn what_no_font_has_is_named_and_replaced() {
    let (form, _) = forms().remove(2);
    let mut value = individual();
    value["name"] = json!("王\u{31350}");
    value["post"] = json!("\u{e000}主任");
    for language in [Language::Zh, Language::En] {
        let paper = declaration(&form, &value, language);
        let named = |character, place: &str| Missing { character, places: vec![place.to_owned()] };
        let expected =
            [named('\u{31350}', language.of("姓名", "Name")), named('\u{e000}', language.of("职务", "Post"))];
        assert_eq!(missing(&paper, fonts()), expected);
        let (pdf, docx) = printed(language.of("missing-zh", "missing-en"), &paper);
        let found = [Some(squeezed(&text_of_docx(&docx))), text_of(&pdf)];
        for found in found.into_iter().flatten() {
            assert!(found.contains("王〓") && found.contains("〓主任"), "{found}");
            let note = language.of("U+31350（姓名）；U+E000（职务）", "U+31350(Name);U+E000(Post)");
            assert!(found.contains(note), "{found}");
        }
    }
}

#[test]
fn control_characters_are_dropped() {
    let paper = paper(
        "表",
        Language::Zh,
        Sheet::Document,
        vec![text(Style::Body, "甲\u{7}\u{202e}乙\r\n丙\u{0}\u{feff}")],
    );
    assert_eq!(missing(&paper, fonts()), Vec::new());
    let (_, docx) = printed("control", &paper);
    assert_eq!(text_of_docx(&docx), "甲乙丙");
}

#[test]
fn the_offices_fonts_are_added_by_folder_and_family() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fonts");
    let own = fonts().with_folder(folder.as_ref()).unwrap();
    assert!(own.with_families(Some("方正小标宋简体"), None).is_err());
    let own = own.with_families(Some("Noto Sans Symbols2"), None).unwrap();
    let paper = paper("表", Language::Zh, Sheet::Document, vec![text(Style::Title, "标题☑")]);
    if let Some(found) = text_of(&pdf(&paper, &own).unwrap()) {
        assert!(found.contains("标题☑"));
    }
    assert!(fonts().with_folder("/nowhere".as_ref()).is_err());
}

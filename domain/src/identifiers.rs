//! Citizen IDs, credit codes, masks, and characters that no text may hold (D-904, D-905).

use serde_json::Value;

use crate::campaign::definition::Meaning;
use crate::error::ErrorCode;
use crate::time::Day;

/// What stands for a hidden character.
const MASK: char = '*';

/// Weights of the first 17 places of a citizen ID (GB 11643-1999, ISO 7064 MOD 11-2: 2^(18-place) mod 11).
const CITIZEN_ID_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// Check characters of a citizen ID by the weighted sum mod 11 (GB 11643-1999).
const CITIZEN_ID_CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];

/// Weights of the first 17 places of a credit code (GB 32100-2015: 3^(place-1) mod 31).
const CREDIT_CODE_WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// The 31 characters of a credit code in the order of their values: no I, O, S, V, Z (GB 32100-2015).
const CREDIT_CODE_ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Births before this year are taken for mistakes; the standard's own example is of 1880.
const FIRST_BIRTH_YEAR: i32 = 1800;

/// Checks a citizen ID of 18 characters; `X` at the end is a capital, so that one person has one text.
///
/// # Errors
/// [`ErrorCode::WrongFormat`] for another shape or a day of birth that never was,
/// [`ErrorCode::InvalidCheckDigit`] where the last character does not fit the others (GB 11643-1999, D-905).
pub fn check_citizen_id(text: &str) -> Result<(), ErrorCode> {
    let (first_17, last) = split_18(text)?;
    // No region code begins with 0 (GB/T 2260).
    if first_17.starts_with('0') || !(last.is_ascii_digit() || last == 'X') {
        return Err(ErrorCode::WrongFormat);
    }
    let expected = citizen_id_check_digit(first_17).ok_or(ErrorCode::WrongFormat)?;
    let born = birth_day(first_17).ok_or(ErrorCode::WrongFormat)?;
    if born.year() < FIRST_BIRTH_YEAR {
        return Err(ErrorCode::WrongFormat);
    }
    if last == expected { Ok(()) } else { Err(ErrorCode::InvalidCheckDigit) }
}

/// Checks a citizen ID of somebody who lives: as [`check_citizen_id`], and born by this day.
///
/// # Errors
/// [`ErrorCode::WrongFormat`] for a day of birth that is still to come, and those of [`check_citizen_id`].
pub fn check_citizen_id_by(text: &str, today: Day) -> Result<(), ErrorCode> {
    check_citizen_id(text)?;
    let born = text.get(..17).and_then(birth_day);
    if born.is_some_and(|born| born <= today) { Ok(()) } else { Err(ErrorCode::WrongFormat) }
}

/// Checks a citizen ID that somebody sends: as [`check_citizen_id_by`], and no mask sent back.
///
/// # Errors
/// [`ErrorCode::MaskedValue`] for a mask (D-904), and those of [`check_citizen_id_by`].
pub fn check_sent_citizen_id(text: &str, today: Day) -> Result<(), ErrorCode> {
    if is_masked(text) { Err(ErrorCode::MaskedValue) } else { check_citizen_id_by(text, today) }
}

/// The 18th character of a citizen ID, from its first 17 digits; none where they are not 17 digits.
///
/// Sum of digit x weight, mod 11, looked up in `10X98765432` (GB 11643-1999).
#[must_use]
pub fn citizen_id_check_digit(first_17: &str) -> Option<char> {
    let sum = weighted_sum(first_17, &CITIZEN_ID_WEIGHTS, |character| character.to_digit(10))?;
    CITIZEN_ID_CHECKS.get(usize::try_from(sum % 11).ok()?).copied()
}

/// Checks a unified social credit code of 18 characters.
///
/// # Errors
/// [`ErrorCode::WrongFormat`] for another shape: a character outside the alphabet, or a region (places 3 to
/// 8) that is not of digits; [`ErrorCode::InvalidCheckDigit`] where the last character does not fit the
/// others (GB 32100-2015, D-905).
pub fn check_credit_code(text: &str) -> Result<(), ErrorCode> {
    let (first_17, last) = split_18(text)?;
    let region = first_17.get(2..8).ok_or(ErrorCode::WrongFormat)?;
    if !region.bytes().all(|byte| byte.is_ascii_digit()) || credit_code_value(last).is_none() {
        return Err(ErrorCode::WrongFormat);
    }
    let expected = credit_code_check_digit(first_17).ok_or(ErrorCode::WrongFormat)?;
    if last == expected { Ok(()) } else { Err(ErrorCode::InvalidCheckDigit) }
}

/// The 18th character of a credit code, from its first 17; none where they are not 17 of the alphabet.
///
/// 31 less the sum of value x weight mod 31, as a character; 31 is written `0` (GB 32100-2015).
#[must_use]
pub fn credit_code_check_digit(first_17: &str) -> Option<char> {
    let sum = weighted_sum(first_17, &CREDIT_CODE_WEIGHTS, credit_code_value)?;
    CREDIT_CODE_ALPHABET.chars().nth(usize::try_from((31 - sum % 31) % 31).ok()?)
}

fn credit_code_value(character: char) -> Option<u32> {
    u32::try_from(CREDIT_CODE_ALPHABET.chars().position(|of_alphabet| of_alphabet == character)?).ok()
}

fn split_18(text: &str) -> Result<(&str, char), ErrorCode> {
    if text.len() != 18 || !text.is_ascii() {
        return Err(ErrorCode::WrongFormat);
    }
    let last = text.chars().next_back().ok_or(ErrorCode::WrongFormat)?;
    Ok((text.get(..17).ok_or(ErrorCode::WrongFormat)?, last))
}

fn weighted_sum(text: &str, weights: &[u32; 17], value: impl Fn(char) -> Option<u32>) -> Option<u32> {
    if text.chars().count() != weights.len() {
        return None;
    }
    text.chars().zip(weights).try_fold(0, |sum, (character, weight)| Some(sum + value(character)? * weight))
}

fn birth_day(first_17: &str) -> Option<Day> {
    let year = first_17.get(6..10)?.parse().ok()?;
    let month = first_17.get(10..12)?.parse().ok()?;
    let day = first_17.get(12..14)?.parse().ok()?;
    Day::of(year, month, day)
}

/// The value as every view shows it (D-904): as many characters, those hidden as `*`.
///
/// A citizen ID and a mobile number keep the first three and the last four characters, a landline its area
/// code and the last two digits, a month of birth the year. What has none of these shapes is hidden whole,
/// and what is not personal is shown as it is.
#[must_use]
pub fn mask(meaning: Meaning, value: &str) -> String {
    let length = value.chars().count();
    match meaning {
        Meaning::CitizenId => hide(value, if length >= 15 { 3..length - 4 } else { 0..length }),
        Meaning::Phone => {
            let area = value.chars().position(|character| character == '-');
            let hidden = match area {
                Some(dash @ 1..=4) if length >= dash + 6 => dash + 1..length - 2,
                None if length >= 11 => 3..length - 4,
                Some(_) | None => 0..length,
            };
            hide(value, hidden)
        }
        Meaning::BirthMonth => {
            let dated = value.chars().take_while(char::is_ascii_digit).count() == 4 && length > 4;
            let start = if dated { 4 } else { 0 };
            let shown = |at: usize, character: char| at < start || (dated && character == '-');
            value.chars().enumerate().map(|(at, is)| if shown(at, is) { is } else { MASK }).collect()
        }
        Meaning::UnitName
        | Meaning::NomineeName
        | Meaning::Post
        | Meaning::LeadingCadre
        | Meaning::FrontLine
        | Meaning::NewDeeds => value.to_owned(),
    }
}

fn hide(value: &str, hidden: std::ops::Range<usize>) -> String {
    value.chars().enumerate().map(|(at, is)| if hidden.contains(&at) { MASK } else { is }).collect()
}

/// Whether a value comes from a masked view; no value of a personal kind holds `*` itself (D-904).
#[must_use]
pub fn is_masked(value: &str) -> bool {
    value.contains(MASK)
}

/// Whether a text holds a character that none may hold (D-905).
///
/// Those are control characters (but line feed and tab where the text has several lines), line and paragraph
/// separators, the characters that turn the reading direction, and the byte order mark: they make a text look
/// other than it is. Rare characters of every plane and `·` stay.
#[must_use]
pub fn control_character(text: &str, multiline: bool) -> bool {
    text.chars().any(|character| match character {
        '\n' | '\t' => !multiline,
        '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' => true,
        other => other.is_control(),
    })
}

/// JSON pointers of all texts and member names of a value that hold such a character, in the value's order,
/// each once; texts may have several lines, names may not (D-905).
#[must_use]
pub fn find_control(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    find_below(value, "", &mut found);
    found
}

fn find_below(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            // The name of this member may have been refused already.
            if control_character(text, true) && found.last().is_none_or(|last| last != pointer) {
                found.push(pointer.to_owned());
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                find_below(item, &format!("{pointer}/{at}"), found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let below = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
                if control_character(name, false) {
                    found.push(below.clone());
                }
                find_below(member, &below, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn d_905_the_examples_of_the_standards_are_valid() {
        for id in ["11010519491231002X", "440524188001010014"] {
            assert_eq!(check_citizen_id(id), Ok(()), "{id}");
        }
        assert_eq!(check_credit_code("91350100M000100Y43"), Ok(()));
    }

    #[test]
    fn d_905_a_citizen_id_of_another_shape_is_refused() {
        for id in [
            "",
            "11010519491231002",
            "11010519491231002x",
            "1101051949123100XX",
            "01010519491231002X",
            "110105194912310021X",
            "11010519490231002X",
            "110105194913310021",
            "11010500001231002X",
            "1101051949123100２X",
        ] {
            assert_eq!(check_citizen_id(id), Err(ErrorCode::WrongFormat), "{id}");
        }
        assert_eq!(check_citizen_id("110105194912310021"), Err(ErrorCode::InvalidCheckDigit));
    }

    #[test]
    fn d_905_nobody_is_born_tomorrow() {
        let id = "11010519491231002X";
        let day = |day| Day::of(1949, 12, day).unwrap();
        assert_eq!(check_citizen_id_by(id, day(31)), Ok(()));
        assert_eq!(check_sent_citizen_id(id, day(31)), Ok(()));
        assert_eq!(check_citizen_id_by(id, day(30)), Err(ErrorCode::WrongFormat));
        assert_eq!(check_sent_citizen_id(id, day(30)), Err(ErrorCode::WrongFormat));
        assert_eq!(check_sent_citizen_id("110***********002X", day(30)), Err(ErrorCode::MaskedValue));
    }

    #[test]
    fn d_905_a_credit_code_of_another_shape_is_refused() {
        for code in
            ["", "91350100M000100Y4", "91350100M000100I43", "9135010AM000100Y43", "91350100m000100Y43"]
        {
            assert_eq!(check_credit_code(code), Err(ErrorCode::WrongFormat), "{code}");
        }
        assert_eq!(check_credit_code("91350100M000100Y44"), Err(ErrorCode::InvalidCheckDigit));
    }

    #[test]
    fn d_904_masks_hide_what_is_personal_and_nothing_else() {
        assert_eq!(mask(Meaning::CitizenId, "360732198503121234"), "360***********1234");
        assert_eq!(mask(Meaning::CitizenId, "1234"), "****");
        assert_eq!(mask(Meaning::Phone, "13812345678"), "138****5678");
        assert_eq!(mask(Meaning::Phone, "0797-5322100"), "0797-*****00");
        assert_eq!(mask(Meaning::Phone, "010-53221001"), "010-******01");
        assert_eq!(mask(Meaning::Phone, "5322100"), "*******");
        assert_eq!(mask(Meaning::Phone, "0797-1"), "******");
        assert_eq!(mask(Meaning::BirthMonth, "1985-03"), "1985-**");
        assert_eq!(mask(Meaning::BirthMonth, "1985-03-12"), "1985-**-**");
        assert_eq!(mask(Meaning::BirthMonth, "1985"), "****");
        assert_eq!(mask(Meaning::BirthMonth, "03-1985"), "*******");
        assert_eq!(mask(Meaning::NomineeName, "买买提·吐尔逊"), "买买提·吐尔逊");
    }

    #[test]
    fn d_905_rare_characters_stay_and_control_characters_do_not() {
        for text in ["买买提·吐尔逊", "𠮷野", "\u{30000}\u{E0100}", "㛃〇", "line\n\ttwo"] {
            assert!(!control_character(text, true), "{text:?}");
        }
        for text in ["a\0", "a\r\n", "\u{7F}", "\u{85}", "\u{2028}", "\u{202E}abc", "\u{2066}", "\u{FEFF}a"] {
            assert!(control_character(text, true), "{text:?}");
        }
        assert!(control_character("two\nlines", false) && control_character("a\tb", false));
    }

    #[test]
    fn d_905_control_characters_are_pointed_at_in_texts_and_names() {
        let value =
            json!({"a": ["ok", "\u{7}"], "b/c": {"~": "\u{202E}", "fine": "1\n2"}, "x\ny": "\0", "n": 1});
        assert_eq!(find_control(&value), ["/a/1", "/b~1c/~0", "/x\ny"]);
        assert_eq!(find_control(&json!("\0")), [""]);
    }

    proptest! {
        #[test]
        fn d_905_any_one_wrong_digit_of_a_citizen_id_is_noticed(
            region in 100_000u32..=999_999,
            day in 0i64..60_000,
            order in 0u32..1000,
            at in 0usize..17,
            digit in 0u32..10,
        ) {
            let born = Day::of(1880, 1, 1).unwrap().plus_days(day).to_string().replace('-', "");
            let first_17 = format!("{region}{born}{order:03}");
            let id = format!("{first_17}{}", citizen_id_check_digit(&first_17).unwrap());
            prop_assert_eq!(check_citizen_id(&id), Ok(()));
            let mut wrong: Vec<char> = id.chars().collect();
            let digit = char::from_digit(digit, 10).unwrap();
            prop_assume!(wrong[at] != digit);
            wrong[at] = digit;
            prop_assert!(check_citizen_id(&wrong.into_iter().collect::<String>()).is_err());
        }

        #[test]
        fn d_905_any_two_neighbours_of_a_credit_code_swapped_are_noticed(
            head in "[0-9A-HJ-NPQRTUWXY]{2}",
            region in "[0-9]{6}",
            body in "[0-9A-HJ-NPQRTUWXY]{9}",
            at in 0usize..17,
        ) {
            let first_17 = format!("{head}{region}{body}");
            let code = format!("{first_17}{}", credit_code_check_digit(&first_17).unwrap());
            prop_assert_eq!(check_credit_code(&code), Ok(()));
            let mut swapped: Vec<char> = code.chars().collect();
            swapped.swap(at, at + 1);
            let swapped: String = swapped.into_iter().collect();
            prop_assume!(swapped != code);
            prop_assert!(check_credit_code(&swapped).is_err());
        }

        #[test]
        fn d_904_a_masked_value_is_known_as_such_and_no_longer_or_shorter(value in "\\PC{1,20}") {
            for meaning in [Meaning::CitizenId, Meaning::Phone, Meaning::BirthMonth] {
                let masked = mask(meaning, &value);
                prop_assert!(is_masked(&masked), "{} {}", meaning, masked);
                prop_assert_eq!(masked.chars().count(), value.chars().count());
            }
        }

        #[test]
        fn d_905_any_text_is_answered_and_only_eighteen_characters_pass(text in "\\PC*|.{18}") {
            let length = text.chars().count();
            prop_assert!(check_citizen_id(&text).is_err() || length == 18);
            prop_assert!(check_credit_code(&text).is_err() || length == 18);
            prop_assert!(control_character(&text, false) || !control_character(&text, true));
        }
    }
}

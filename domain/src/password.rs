//! What a password must be, by profile: as assessors of 等保 ask it (GB/T 22239-2019, 8.1.4.1 a), or as NIST SP 800-63B advises.

use serde::Serialize;
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::error::{ErrorCode, Fault};
use crate::time::Instant;

/// What passwords are held to.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, EnumIter, EnumString, IntoStaticStr, Display,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PasswordProfile {
    /// Eight characters, three of four classes, ninety days, none of the last five.
    #[default]
    Mlps,
    /// Twelve characters, and nothing else but that it is hard to guess.
    Nist,
}

/// What a profile asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The least length, in characters.
    pub least: usize,
    /// How many of the four classes: capitals, small letters, digits, other characters. Letters without case are other characters.
    pub classes: usize,
    /// Days after which it must be changed, where it must be.
    pub days: Option<i64>,
    /// How many passwords, the one in use among them, the next must differ from.
    pub history: usize,
}

/// The greatest length of a password, in characters: longer ones cost time and protect nothing more.
pub const LONGEST: usize = 200;

impl PasswordProfile {
    /// What it asks.
    #[must_use]
    pub fn rules(self) -> Rules {
        match self {
            Self::Mlps => Rules { least: 8, classes: 3, days: Some(90), history: 5 },
            Self::Nist => Rules { least: 12, classes: 1, days: None, history: 1 },
        }
    }

    /// Whether a new password is what the profile asks: long enough, of enough classes, without the account's name.
    ///
    /// # Errors
    /// `password_too_weak`, with the least length and the number of classes.
    pub fn check(self, username: &str, password: &str) -> Result<(), Fault> {
        let rules = self.rules();
        let named = password.to_lowercase().contains(&username.to_lowercase());
        if password.chars().count() >= rules.least && classes(password) >= rules.classes && !named {
            return Ok(());
        }
        let fault = Fault::at("/new_password", ErrorCode::PasswordTooWeak);
        Err(fault.with("least", rules.least).with("classes", rules.classes))
    }

    /// Whether a password that was set then is past its time now.
    #[must_use]
    pub fn is_over(self, set_at: Instant, now: Instant) -> bool {
        self.rules().days.is_some_and(|days| now >= set_at.plus_seconds(days * 24 * 60 * 60))
    }
}

/// How many classes of characters a password has.
fn classes(password: &str) -> usize {
    let kinds: [fn(char) -> bool; 4] = [
        |letter| letter.is_uppercase(),
        |letter| letter.is_lowercase(),
        |letter| letter.is_numeric(),
        |letter| !letter.is_uppercase() && !letter.is_lowercase() && !letter.is_numeric(),
    ];
    kinds.iter().filter(|kind| password.chars().any(**kind)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use PasswordProfile::{Mlps, Nist};

    #[test]
    fn g_02_a_password_is_what_its_profile_asks() {
        let table = [
            ("Ab1-efgh", true, false),
            ("Ab1-efg", false, false),
            ("abcdefg1", false, false),
            ("abcdefg1-", true, false),
            ("ABCDEFG1-", true, false),
            ("correct horse battery", false, true),
            ("Correct horse", true, true),
            ("兴国县江背镇Ab1", true, false),
            ("JiangBei-2022", false, false),
            ("elevenchar-", false, false),
            ("twelvechars-", false, true),
        ];
        for (password, mlps, nist) in table {
            assert_eq!(Mlps.check("jiangbei", password).is_ok(), mlps, "{password}");
            assert_eq!(Nist.check("jiangbei", password).is_ok(), nist, "{password}");
        }
    }

    #[test]
    fn g_02_a_password_is_over_after_ninety_days_where_its_profile_says_so() {
        let set: Instant = "2022-11-07T01:00:00Z".parse().unwrap();
        let day = |number: i64| set.plus_seconds(number * 86_400);
        assert_eq!([89, 90, 91].map(|number| Mlps.is_over(set, day(number))), [false, true, true]);
        assert!(!Mlps.is_over(set, day(90).plus_seconds(-1)));
        assert_eq!([89, 90, 91].map(|number| Nist.is_over(set, day(number))), [false; 3]);
    }
}

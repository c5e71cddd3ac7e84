//! What a paper says by itself, in Chinese and English.

use super::paper::Language;

impl Language {
    /// Of two texts, the one in this language.
    pub(crate) fn of<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }

    /// Yes or no.
    pub(crate) fn yes_or_no(self, yes: bool) -> &'static str {
        if yes { self.of("是", "Yes") } else { self.of("否", "No") }
    }

    /// What stands in a list that has no rows.
    pub(crate) fn none(self) -> &'static str {
        self.of("无", "None")
    }

    /// What is between the entries of an enumeration.
    pub(crate) fn comma(self) -> &'static str {
        self.of("、", ", ")
    }

    /// The words around the number of the page and the number of pages.
    pub(crate) fn page(self) -> [&'static str; 3] {
        match self {
            Self::Zh => ["第 ", " 页 共 ", " 页"],
            Self::En => ["Page ", " of ", ""],
        }
    }

    /// Before the check code.
    pub(crate) fn check_code(self) -> &'static str {
        self.of("核验码：", "Check code: ")
    }

    /// Before the first characters of the digest.
    pub(crate) fn digest(self) -> &'static str {
        self.of("内容摘要：", "Content digest: ")
    }

    /// Before the list of characters that no font has.
    pub(crate) fn missing(self) -> &'static str {
        self.of(
            "以下字符字库缺失，以“〓”代替，须手工补填：",
            "No font has these characters; “〓” stands in their place, to be written by hand: ",
        )
    }
}

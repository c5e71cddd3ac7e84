//! The catalogue of texts: every code, label and guard in Chinese and English (`locales/*.ftl`).

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_langneg::{
    LanguageIdentifier, NegotiationStrategy, negotiate_languages, parse_accepted_languages,
};
use pingxuan_domain::campaign::definition::Label;
use pingxuan_domain::{ErrorCode, Fact, Fault, Instant};

/// A language that the catalogue speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// 简体中文, the default.
    Chinese,
    /// English.
    English,
}

impl Language {
    /// Both.
    pub const ALL: [Language; 2] = [Language::Chinese, Language::English];

    /// Its tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// What somebody named in both languages, in this one.
    #[must_use]
    pub fn of(self, label: &Label) -> &str {
        match self {
            Self::Chinese => &label.zh,
            Self::English => &label.en,
        }
    }

    /// What an `Accept-Language` header asks for, Chinese where it asks for neither.
    #[must_use]
    pub fn negotiate(header: Option<&str>) -> Self {
        let wanted = parse_accepted_languages(&by_quality(header.unwrap_or("")));
        let known: Vec<LanguageIdentifier> =
            Self::ALL.iter().filter_map(|known| known.tag().parse().ok()).collect();
        let found = negotiate_languages(&wanted, &known, known.first(), NegotiationStrategy::Lookup);
        match found.first() {
            Some(language) if language.language.as_str() == "en" => Self::English,
            Some(_) | None => Self::Chinese,
        }
    }

    fn source(self) -> &'static str {
        match self {
            Self::Chinese => include_str!("../locales/zh-CN.ftl"),
            Self::English => include_str!("../locales/en.ftl"),
        }
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        static CHINESE: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
        static ENGLISH: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
        let kept = match self {
            Self::Chinese => &CHINESE,
            Self::English => &ENGLISH,
        };
        kept.get_or_init(|| {
            let resource =
                FluentResource::try_new(self.source().to_owned()).unwrap_or_else(|(read, errors)| {
                    tracing::error!(?errors, language = self.tag(), "the catalogue has faults");
                    read
                });
            let mut bundle = FluentBundle::new_concurrent(self.tag().parse().into_iter().collect());
            bundle.set_use_isolating(false);
            if let Err(errors) = bundle.add_resource(resource) {
                tracing::error!(?errors, language = self.tag(), "the catalogue says something twice");
            }
            bundle
        })
    }
}

/// The language ranges of a header, the most wanted first, without those of quality 0 (RFC 9110, section 12.4.2).
fn by_quality(header: &str) -> String {
    let quality = |range: &str| {
        let said = range.split(';').skip(1).find_map(|part| part.trim().strip_prefix("q="));
        said.and_then(|said| said.trim().parse::<f32>().ok()).unwrap_or(1.0)
    };
    let mut ranges: Vec<&str> = header.split(',').filter(|range| quality(range) > 0.0).collect();
    ranges.sort_by(|one, other| quality(other).total_cmp(&quality(one)));
    ranges.join(",")
}

/// The sentence of a fault.
#[must_use]
pub fn say(language: Language, fault: &Fault) -> String {
    let mut args = FluentArgs::new();
    for (name, fact) in &fault.facts {
        args.set(*name, fact_value(language, fact));
    }
    let said = message(language, fault.code.code(), None, Some(&args));
    let said = said.unwrap_or_else(|| fault.code.code().to_owned());
    if fault.facts.iter().all(|(name, _)| *name != "about") {
        return said;
    }
    args.set("said", said.clone());
    message(language, "fault-about", None, Some(&args)).unwrap_or(said)
}

/// What would satisfy a fault that stands in the way: the code's own word, or that what is pointed at be corrected.
#[must_use]
pub fn remedy(language: Language, fault: &Fault) -> Option<String> {
    let own = message(language, fault.code.code(), Some("remedy"), None);
    own.or_else(|| fault.pointer.as_ref().and_then(|_| text(language, "remedy-member")))
}

/// What to do about a code: its own word where it stands in the way of something, else what its status asks for.
#[must_use]
pub fn advice(language: Language, code: ErrorCode, status: Option<u16>) -> String {
    let own = message(language, code.code(), Some("remedy"), None);
    let of_status = || text(language, &format!("advice-{}", status.unwrap_or(422)));
    own.or_else(of_status).unwrap_or_default()
}

/// The title of a code: the kind of problem, whatever its facts.
#[must_use]
pub fn title(language: Language, code: ErrorCode) -> String {
    message(language, code.code(), Some("title"), None)
        .or_else(|| message(language, code.code(), None, Some(&FluentArgs::new())))
        .unwrap_or_else(|| code.code().to_owned())
}

/// The label of a value of an enumeration.
#[must_use]
pub fn label(language: Language, enumeration: &str, value: &str) -> String {
    text(language, &label_key(enumeration, value)).unwrap_or_else(|| value.to_owned())
}

/// The key of a label. A scope has a colon, which no key of a catalogue has.
fn label_key(enumeration: &str, value: &str) -> String {
    format!("{enumeration}-{}", value.replace(':', "_"))
}

/// A text without facts, if the catalogue has it.
#[must_use]
pub fn text(language: Language, key: &str) -> Option<String> {
    message(language, key, None, None)
}

/// A text with facts; its key where the catalogue does not have it.
#[must_use]
pub fn tell(language: Language, key: &str, facts: &[(&'static str, Fact)]) -> String {
    let mut args = FluentArgs::new();
    for (name, fact) in facts {
        args.set(*name, fact_value(language, fact));
    }
    message(language, key, None, Some(&args)).unwrap_or_else(|| key.to_owned())
}

fn message(
    language: Language,
    key: &str,
    attribute: Option<&str>,
    args: Option<&FluentArgs<'_>>,
) -> Option<String> {
    let bundle = language.bundle();
    let message = bundle.get_message(key)?;
    let pattern = match attribute {
        None => message.value()?,
        Some(attribute) => message.get_attribute(attribute)?.value(),
    };
    let mut errors = Vec::new();
    let said = bundle.format_pattern(pattern, args, &mut errors);
    Some(said.into_owned())
}

fn fact_value(language: Language, fact: &Fact) -> FluentValue<'static> {
    match fact {
        Fact::Text(text) => FluentValue::from(text.clone()),
        // As text: grouping of thousands is not for counts of people and years.
        Fact::Number(number) => FluentValue::from(number.to_string()),
        Fact::Instant(at) => FluentValue::from(in_zone(*at)),
        Fact::Day(day) => FluentValue::from(day.to_string()),
        Fact::Choice(enumeration, value) => FluentValue::from(label(language, enumeration, value)),
        Fact::Label(label) => FluentValue::from(language.of(label).to_owned()),
    }
}

/// An instant as people of the county read it; a day that ends is 24:00 of that day (D-301).
fn in_zone(at: Instant) -> String {
    let day = at.day();
    let minutes = (at.millis() - day.start().millis()) / 60_000;
    if minutes == 0 {
        format!("{} 24:00", day.plus_days(-1))
    } else {
        format!("{day} {:02}:{:02}", minutes / 60, minutes % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pingxuan_domain::Operation;
    use pingxuan_domain::campaign::definition::Meaning;
    use pingxuan_domain::policy::Reach;
    use pingxuan_domain::step::ObjectKind;
    use pingxuan_domain::workflow::Workflow;
    use std::collections::BTreeSet;
    use strum::IntoEnumIterator;

    fn keys(language: Language) -> BTreeSet<String> {
        let keys =
            language.source().lines().filter(|line| line.contains(" = ") && !line.starts_with([' ', '#']));
        keys.filter_map(|line| line.split(" = ").next()).map(str::to_owned).collect()
    }

    fn placeholders(language: Language, key: &str) -> BTreeSet<String> {
        let source = language.source();
        let entry = source.lines().skip_while(|line| !line.starts_with(&format!("{key} = ")));
        let entry: Vec<&str> = entry
            .enumerate()
            .take_while(|(i, line)| *i == 0 || line.starts_with(' '))
            .map(|(_, line)| line)
            .collect();
        let entry = entry.join(" ");
        entry.split("{ $").skip(1).filter_map(|rest| rest.split(' ').next()).map(str::to_owned).collect()
    }

    #[test]
    fn every_code_has_its_sentence_in_both_languages() {
        for code in ErrorCode::iter() {
            for language in Language::ALL {
                assert!(
                    text(language, code.code()).is_some(),
                    "{} has no {} text",
                    code.code(),
                    language.tag()
                );
            }
        }
    }

    #[test]
    fn both_catalogues_have_the_same_keys_and_placeholders() {
        assert_eq!(keys(Language::Chinese), keys(Language::English));
        for key in keys(Language::Chinese) {
            assert_eq!(placeholders(Language::Chinese, &key), placeholders(Language::English, &key), "{key}");
        }
    }

    #[test]
    fn every_value_guard_and_operation_has_its_label_in_both_languages() {
        let mut keys: Vec<String> = Vec::new();
        for (enumeration, values) in crate::enums::all() {
            keys.extend(values.iter().map(|value| label_key(enumeration, value)));
        }
        for table in Workflow::iter().map(Workflow::table) {
            keys.extend(table.rows.iter().flat_map(|row| &row.guards).map(|guard| format!("guard-{guard}")));
        }
        keys.extend(Operation::iter().map(|operation| format!("operation-{operation}")));
        keys.extend(Reach::iter().map(|reach| format!("reach-{}", <&str>::from(reach))));
        keys.extend(Meaning::iter().map(|meaning| format!("meaning-{meaning}")));
        keys.extend(ObjectKind::iter().map(|kind| format!("object_kind-{kind}")));
        for key in keys {
            for language in Language::ALL {
                assert!(
                    text(language, &key).is_some_and(|said| said != key),
                    "{key} has no {} label",
                    language.tag()
                );
            }
        }
    }

    #[test]
    fn a_deadline_is_read_as_the_end_of_its_day() {
        let closes: Instant = "2022-12-31T16:00:00Z".parse().unwrap();
        let fault = Fault::new(ErrorCode::DeadlinePassed).with("deadline", closes);
        assert!(
            say(Language::Chinese, &fault).contains("2022-12-31 24:00"),
            "{}",
            say(Language::Chinese, &fault)
        );
    }

    #[test]
    fn languages_are_negotiated() {
        for (header, language) in [
            (None, Language::Chinese),
            (Some("en-GB,en;q=0.9"), Language::English),
            (Some("zh-TW, en;q=0.5"), Language::Chinese),
            (Some("fr"), Language::Chinese),
            (Some("en;q=0"), Language::Chinese),
            (Some("zh;q=0.2, en;q=0.8"), Language::English),
            (Some("*"), Language::Chinese),
            (Some(";;;garbage"), Language::Chinese),
        ] {
            assert_eq!(Language::negotiate(header), language, "{header:?}");
        }
    }
}

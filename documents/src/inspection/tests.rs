//! Tests of the inspection: the corpus, the bounds, the names.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::LazyLock;

use proptest::prelude::*;
use tempfile::NamedTempFile;

use super::*;
use crate::corpus::{Specimen, corpus, limits};

static CORPUS: LazyLock<Vec<Specimen>> = LazyLock::new(corpus);

fn harmless(about: &str, kind: Kind) -> &'static Specimen {
    CORPUS.iter().find(|one| one.about == about && one.verdict == Ok(kind)).unwrap()
}

fn file(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn verdict(specimen: &Specimen, limits: &Limits) -> Result<Inspected, Refusal> {
    let file = file(&specimen.bytes);
    inspect(file.path(), &specimen.name, specimen.media_type, limits).map_err(|error| match error {
        InspectionError::Refused(refusal) => refusal,
        InspectionError::Io(error) => panic!("{}: {error}", specimen.about),
    })
}

#[test]
fn the_corpus_is_judged_as_it_should_be() {
    let mut wrong = Vec::new();
    let mut count = BTreeMap::new();
    for specimen in CORPUS.iter() {
        let found = verdict(specimen, &limits());
        let short = found.as_ref().map(|inspected| inspected.kind).map_err(Refusal::code);
        *count.entry(format!("{:?}", specimen.verdict)).or_insert(0) += 1;
        if short != specimen.verdict {
            wrong.push(format!(
                "{} ({}): {:?}, found {found:?}",
                specimen.about, specimen.name, specimen.verdict
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let (harmless, hostile): (Vec<_>, Vec<_>) =
        count.iter().partition(|(verdict, _)| verdict.starts_with("Ok"));
    assert_eq!(harmless.len(), 7);
    assert!(harmless.iter().all(|(_, count)| **count >= 15), "{harmless:?}");
    assert!(hostile.iter().map(|(_, count)| **count).sum::<i32>() >= 60, "{hostile:?}");
}

#[test]
fn the_facts_of_a_file_are_its_own() {
    let facts = |about: &str, kind: Kind| verdict(harmless(about, kind), &limits()).unwrap().facts;
    assert_eq!(facts("300 pages", Kind::Pdf), Facts::Pages { count: 300 });
    assert_eq!(facts("a landscape", Kind::Jpeg), Facts::Picture { width: 640, height: 480 });
    assert_eq!(facts("a screen", Kind::Png), Facts::Picture { width: 1_920, height: 1_080 });
    assert_eq!(facts("an hour", Kind::Mp4), Facts::Video { milliseconds: 3_600_000 });
    assert!(matches!(facts("one page", Kind::Ofd), Facts::Container { entries: 3, .. }));
}

#[test]
fn a_file_may_be_as_large_as_its_limit_and_no_larger() {
    let specimen = harmless("16 × 16", Kind::Png);
    let bytes = specimen.bytes.len() as u64;
    let within = |bytes| Limits { bytes, ..limits() };
    assert!(verdict(specimen, &within(bytes)).is_ok());
    assert_eq!(verdict(specimen, &within(bytes - 1)), Err(Refusal::TooLarge { bytes, most: bytes - 1 }));
    let only = Limits { kinds: vec![Kind::Pdf], ..limits() };
    assert_eq!(verdict(specimen, &only), Err(Refusal::TypeNotAllowed { extension: "png".to_owned() }));
}

#[test]
fn a_video_of_a_gibibyte_is_not_read_through() {
    let mut video = file(&harmless("data to the end", Kind::Mp4).bytes);
    video.as_file_mut().set_len(1 << 30).unwrap();
    let large = Limits { bytes: 2 << 30, ..limits() };
    let inspected = inspect(video.path(), "现场.mp4", Some("video/mp4"), &large).unwrap();
    assert_eq!(inspected.bytes, 1 << 30);
}

#[test]
fn names_are_composed_and_told_to_browsers() {
    assert_eq!(check_name("e\u{301}tude.pdf"), check_name("\u{e9}tude.pdf"));
    assert_eq!(check_name("先进集体（附件1）.pdf").unwrap(), "先进集体（附件1）.pdf");
    assert!(check_name(&format!("{}.pdf", "a".repeat(251))).is_ok());
    assert!(check_name(&format!("{}.pdf", "a".repeat(252))).is_err());
    assert!(check_name("v1.2.comparison.pdf").is_ok());
    let told = content_disposition("a \"名\"%\r\n.pdf");
    assert_eq!(
        told,
        "attachment; filename=\"a ______.pdf\"; filename*=UTF-8''a%20%22%E5%90%8D%22%25%0D%0A.pdf"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// No damage makes a parser panic or blame the machine.
    #[test]
    fn damaged_files_are_judged_and_nothing_else_comes_of_them(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let fits = |specimen: &&Specimen| specimen.verdict.is_ok() && specimen.bytes.len() < 10_000;
        let small: Vec<&Specimen> = CORPUS.iter().filter(fits).collect();
        let mut specimen = (*which.get(&small)).clone();
        for (at, byte) in changes {
            *at.get_mut(&mut specimen.bytes) = byte;
        }
        if cut.index(3) == 0 {
            specimen.bytes.truncate(cut.index(specimen.bytes.len()));
        }
        let _ = verdict(&specimen, &limits());
    }

    #[test]
    fn a_name_that_is_accepted_is_accepted_again(name in "\\PC{0,40}") {
        if let Ok(checked) = check_name(&name) {
            prop_assert_eq!(check_name(&checked), Ok(checked.clone()));
            prop_assert!(content_disposition(&checked).is_ascii());
        }
    }
}

#[test]
fn codes_are_told_with_their_values() {
    let refusal = Refusal::TooLarge { bytes: 2, most: 1 };
    let told = serde_json::to_value(&refusal).unwrap();
    assert_eq!(told, serde_json::json!({ "code": "too_large", "bytes": 2, "most": 1 }));
    assert_eq!(refusal.code(), "too_large");
}

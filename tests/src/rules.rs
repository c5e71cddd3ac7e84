//! The rules and their tests: which test bears which rule's number, and the page that tells it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use pingxuan_domain::Operation;
use pingxuan_domain::rules::{Carried, Force, RULES, Rule, SECTIONS};

use crate::pages::{begun, root, standing};

/// Where tests of rules stand.
const PLACES: [&str; 4] = ["domain/src", "persistence/src", "api/src", "tests/suite"];

/// A test that bears a rule's number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Test {
    /// The file, from the repository's folder.
    pub file: String,
    /// The function.
    pub name: String,
}

/// All tests that bear a rule's number, by number.
#[must_use]
pub fn tests() -> BTreeMap<u16, Vec<Test>> {
    let mut found: BTreeMap<u16, Vec<Test>> = BTreeMap::new();
    for place in PLACES {
        scan(&root().join(place), &mut found);
    }
    found.values_mut().for_each(|tests| tests.sort());
    found
}

fn scan(folder: &Path, found: &mut BTreeMap<u16, Vec<Test>>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            scan(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let file = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
            let text = fs::read_to_string(&path).unwrap_or_default();
            for (number, name) in text.lines().filter_map(borne) {
                let test = Test { file: file.clone(), name: name.to_owned() };
                found.entry(number).or_default().push(test);
            }
        }
    }
}

/// The rule's number and the name of the test that a line begins: `fn d_204_…(`, asynchronous or not.
fn borne(line: &str) -> Option<(u16, &str)> {
    let line = line.trim_start();
    let name = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ")?.split('(').next()?;
    let (number, _) = name.strip_prefix("d_")?.split_once('_')?;
    Some((number.parse().ok()?, name))
}

/// `docs/rules.md`: every rule with what carries it and what tests it.
#[must_use]
pub fn page() -> String {
    let tests = tests();
    let mut page = begun("Rules", "domain/src/rules.rs");
    page += "\nEach rule of the selection, what carries it, and the tests that bear its number. A rule is *in force* once every \
         operation that carries it is served; the suite fails where such a rule has no test. What is marked *not yet* has no \
         route, or is not built.\n";
    for (section, english, chinese) in SECTIONS {
        page += &format!("\n## {chinese} · {english}\n");
        for rule in RULES.iter().filter(|rule| rule.section() == *section) {
            let borne = tests.get(&rule.number).map_or(&[][..], Vec::as_slice);
            page += &paragraph(rule, borne);
        }
    }
    page
}

fn paragraph(rule: &Rule, tests: &[Test]) -> String {
    let force = match rule.force() {
        Force::Whole => "in force",
        Force::Partly => "in part",
        Force::NotYet => "not yet",
    };
    let mut said = format!("\n### {rule} · {force}\n\n{}\n\n{}\n\n", rule.zh, rule.en);
    let carrier = |operation: &Operation| format!("`{operation}`{}", standing(*operation));
    let mut carriers: Vec<String> = match rule.carried {
        Carried::By(operations) => operations.iter().map(carrier).collect(),
        Carried::Everywhere => vec!["every operation".to_owned()],
    };
    carriers.extend(rule.awaits.iter().map(|awaited| format!("`{awaited}` *not yet*")));
    said += &format!("Carried by {}.\n", carriers.join(", "));
    if tests.is_empty() {
        said += "\nNo test yet.\n";
    }
    let mut file = "";
    for test in tests {
        if file != test.file {
            file = &test.file;
            said += &format!("\n`{file}`:\n\n");
        }
        said += &format!("- `{}`\n", test.name);
    }
    said
}

#[cfg(test)]
mod tests {
    use super::borne;

    #[test]
    fn a_test_bears_the_number_in_its_name() {
        assert_eq!(borne("    async fn d_204_one(world: World) {"), Some((204, "d_204_one")));
        assert_eq!(borne("fn d_1001_two() {"), Some((1001, "d_1001_two")));
        assert_eq!(borne("fn d_plain() {"), None);
        assert_eq!(borne("// fn d_204_one() {"), None);
    }
}

//! What is said to be tested is tested: the tables of `docs/compliance` name tests that there are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use pingxuan_tests::pages::root;

const TABLES: [&str; 3] = ["asvs", "mlps", "pipl"];
const HEADER: [&str; 5] = ["id", "requirement", "status", "how", "tests"];
const STATUSES: [&str; 5] = ["tested", "built", "open", "deployment", "not_applicable"];
/// Where tests stand.
const PLACES: [&str; 7] =
    ["domain/src", "documents/src", "persistence/src", "api/src", "tests/suite", "tests/timing", "tests/src"];

/// The rows of a table whose texts may stand in quotes (RFC 4180).
fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            '\r' if !quoted => {}
            _ => cell.push(letter),
        }
    }
    assert!(!quoted && row.is_empty() && cell.is_empty(), "the last line ends, and no quotation stays open");
    rows
}

/// The functions of every file, by the file's path.
fn functions(folder: &Path, found: &mut BTreeMap<String, BTreeSet<String>>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            functions(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap_or_default();
            let names = text.lines().filter_map(|line| {
                let line = line.trim_start();
                let line = line.strip_prefix("async ").unwrap_or(line);
                line.strip_prefix("fn ")?.split(['(', '<']).next().map(str::to_owned)
            });
            let file = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
            found.insert(file, names.collect());
        }
    }
}

/// Whether a test of this name is there: `sessions::s_10_…` in the suite, `domain::password::tests::g_02_…` in a crate.
fn is_there(name: &str, functions: &BTreeMap<String, BTreeSet<String>>) -> bool {
    let Some((place, function)) = name.rsplit_once("::") else { return false };
    let first = place.split("::").next().unwrap_or(place);
    functions.iter().any(|(file, names)| {
        let here = file.starts_with(&format!("{first}/src/"))
            || *file == format!("tests/suite/{place}.rs")
            || *file == format!("tests/{place}/main.rs");
        here && names.contains(function)
    })
}

#[test]
fn every_row_of_compliance_says_what_is_and_names_tests_that_there_are() {
    let mut known = BTreeMap::new();
    for place in PLACES {
        functions(&root().join(place), &mut known);
    }
    assert!(is_there(
        "compliance::every_row_of_compliance_says_what_is_and_names_tests_that_there_are",
        &known
    ));
    assert!(!is_there("compliance::no_such_test", &known));
    let mut faults = Vec::new();
    for table in TABLES {
        let text = fs::read_to_string(root().join(format!("docs/compliance/{table}.csv"))).unwrap();
        let mut rows = rows(&text).into_iter();
        assert_eq!(rows.next().unwrap_or_default(), HEADER, "{table}");
        let mut ids = BTreeSet::new();
        for row in rows {
            let [id, requirement, status, how, tests] = row.as_slice() else {
                panic!("{table}: a row of {} cells: {row:?}", row.len());
            };
            let named: Vec<&str> = tests.split_whitespace().collect();
            if !ids.insert(id.clone())
                || requirement.is_empty()
                || how.is_empty()
                || !STATUSES.contains(&status.as_str())
            {
                faults.push(format!(
                    "{table} {id}: the id twice, no requirement, no answer, or the status '{status}'"
                ));
            }
            if (status == "tested") == named.is_empty() {
                faults.push(format!("{table} {id}: '{status}' and {} tests", named.len()));
            }
            faults.extend(
                named
                    .iter()
                    .filter(|name| !is_there(name, &known))
                    .map(|name| format!("{table} {id}: there is no {name}")),
            );
        }
        assert!(ids.len() >= 5, "{table} has rows");
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

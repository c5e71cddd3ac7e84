//! The house is as its plan says: arrows between crates, versions, lints, dependencies and files.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

/// What the domain may know; all else is I/O, a clock or a framework.
const DOMAIN_MAY: &[&str] = &[
    "libm",
    "pingxuan-fairness",
    "rust_decimal",
    "serde",
    "serde_json",
    "strum",
    "thiserror",
    "time",
    "uuid",
];
const DOMAIN_TESTS_MAY: &[&str] = &["proptest"];

/// What a crate never depends on by name. A family stands for its members: `actix` for `actix-web`.
const NEVER: &[(&str, &[&str])] = &[
    ("pingxuan-api", &["sea-orm", "sqlx", "pingxuan-tests"]),
    ("pingxuan-bench", &["pingxuan-persistence"]),
    ("pingxuan-documents", &["actix", "pingxuan", "sea-orm", "tokio", "utoipa"]),
    ("pingxuan-domain", &["pingxuan-api", "pingxuan-migration", "pingxuan-persistence", "pingxuan-tests"]),
    ("pingxuan-fairness", &["actix", "pingxuan", "sea-orm", "tokio", "utoipa"]),
    ("pingxuan-migration", &["pingxuan-api", "pingxuan-domain", "pingxuan-persistence", "pingxuan-tests"]),
    ("pingxuan-persistence", &["actix", "pingxuan-api", "pingxuan-migration", "pingxuan-tests", "utoipa"]),
    ("pingxuan-tests", &["pingxuan-persistence"]),
];

/// The crates whose files say in their first line what they are for.
const ROOMS: &[&str] = &["api", "bench", "documents", "domain", "fairness", "migration", "persistence"];

const LONGEST_FILE: usize = 500;

#[test]
fn crates_depend_only_as_the_layers_allow() {
    let metadata = metadata();
    let mut faults = Vec::new();
    for member in metadata.workspace_packages() {
        let Some((_, never)) = NEVER.iter().find(|(name, _)| *name == member.name.as_str()) else {
            faults.push(format!("{} has no row in NEVER", member.name));
            continue;
        };
        for dependency in &member.dependencies {
            let name = dependency.name.as_str();
            let of_the_family = |family: &&str| {
                name.strip_prefix(*family).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            };
            if never.iter().any(of_the_family) {
                faults.push(format!("{} must not depend on {name}", member.name));
            }
        }
    }
    none("broken arrows", faults);
}

#[test]
fn the_domain_knows_nothing_but_values() {
    let metadata = metadata();
    let domain = metadata.workspace_packages().into_iter().find(|member| member.name == "pingxuan-domain");
    let faults = domain.into_iter().flat_map(|domain| &domain.dependencies).filter_map(|dependency| {
        let name = dependency.name.as_str();
        let for_tests = dependency.kind == DependencyKind::Development && DOMAIN_TESTS_MAY.contains(&name);
        (!for_tests && !DOMAIN_MAY.contains(&name)).then(|| format!("pingxuan-domain depends on {name}"))
    });
    none("more than values", faults);
}

#[test]
fn no_file_is_too_long() {
    let root = root();
    let faults = rust_files(&root).into_iter().filter_map(|file| {
        let lines = read(&file).lines().count();
        (lines > LONGEST_FILE).then(|| format!("{}: {lines} lines", shown(&root, &file)))
    });
    none(&format!("files of more than {LONGEST_FILE} lines"), faults);
}

/// The document knows schemas by their names alone: of two with one name it would show one for both.
#[test]
fn no_two_schemas_have_one_name() {
    let root = root();
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    for file in rust_files(&root.join("api/src")) {
        let text = read(&file);
        for derived in text.split("#[derive(").skip(1).filter(|derived| {
            derived.split_once(")]").is_some_and(|(derives, _)| derives.contains("ToSchema"))
        }) {
            let words = derived.split_whitespace().skip_while(|word| !["struct", "enum"].contains(word));
            let name = words.skip(1).map(|word| word.trim_end_matches([';', '(', '<'])).next();
            let name = name.unwrap_or_default().split(['(', '<']).next().unwrap_or_default().to_owned();
            if !seen.insert(name.clone()) {
                faults.push(format!("{}: {name}", shown(&root, &file)));
            }
        }
    }
    assert!(seen.len() > 100, "the schemas are found: {}", seen.len());
    none("schemas with one name", faults);
}

#[test]
fn versions_and_lints_stand_in_the_workspace() {
    let metadata = metadata();
    let mut faults = Vec::new();
    for member in metadata.workspace_packages() {
        let mut section = "";
        let mut lints = false;
        let manifest = manifest(member);
        for line in meaningful(&manifest) {
            if line.starts_with('[') {
                section = line;
            } else if section == "[lints]" {
                lints |= line == "workspace = true";
            } else if section.contains("dependencies") && !line.contains("workspace = true") {
                faults.push(format!("{}: `{line}` needs `workspace = true`", member.name));
            }
            if line.starts_with('[') && section.contains("dependencies.") {
                faults.push(format!("{}: {line} belongs into a line of its table", member.name));
            }
        }
        if !lints {
            faults.push(format!("{} has no `workspace = true` under [lints]", member.name));
        }
    }
    none("manifests that leave the workspace's", faults);
}

#[test]
fn each_dependency_says_what_it_is_for() {
    let root = root();
    let manifest = read(&root.join("Cargo.toml"));
    let used: BTreeSet<&str> = meaningful(&manifest)
        .skip_while(|line| *line != "[workspace.dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.contains("path ="))
        .filter_map(|line| line.split_once('=').map(|(name, _)| name.trim()))
        .collect();
    let page = read(&root.join("docs/DEPENDENCIES.md"));
    let told: BTreeSet<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`').map(|(name, _)| name))
        .collect();
    assert!(!used.is_empty(), "the dependencies of the workspace are found");
    none("crates without a row in docs/DEPENDENCIES.md", used.difference(&told));
    none("rows of docs/DEPENDENCIES.md without a crate", told.difference(&used));
}

/// Members of these names are secrets, and `Debug` shows what a plain text holds.
const SECRET_NAMES: &[&str] =
    &["password", "secret", "token", "receipt_code", "recovery_codes", "otpauth_url", "database_url"];
/// Made up for a county to play with, and printed on purpose.
const INVENTED: &[&str] = &["api/src/demo/", "api/src/rehearsal/people.rs"];

#[test]
fn s_62_members_that_are_secrets_are_no_plain_texts() {
    let root = root();
    let mut faults = Vec::new();
    for file in rust_files(&root.join("api").join("src")) {
        let place = shown(&root, &file);
        for line in
            read(&file).lines().filter(|_| !INVENTED.iter().any(|invented| place.starts_with(invented)))
        {
            // Members stand in one indentation; parameters in lines of their own do too, and hold to the same.
            let member = line.strip_prefix("    ").and_then(|line| line.split_once(": "));
            let Some((name, kind)) = member else { continue };
            let name = name.strip_prefix("pub ").unwrap_or(name);
            let secret = SECRET_NAMES.iter().any(|secret| name.ends_with(secret));
            if secret && ["String,", "Option<String>,", "Vec<String>,"].contains(&kind) {
                faults
                    .push(format!("{place}: {name} is a secret; `crate::secret::Secret` does not print it"));
            }
        }
    }
    none("secrets that would be printed", faults);
}

#[test]
fn each_file_says_what_it_is_for() {
    let root = root();
    let files = ROOMS.iter().flat_map(|room| rust_files(&root.join(room).join("src")));
    let faults = files.filter_map(|file| {
        let text = read(&file);
        let said = text.lines().next().and_then(|line| line.strip_prefix("//! ")).unwrap_or_default();
        (said.split_whitespace().count() < 3).then(|| shown(&root, &file))
    });
    none("files whose first line is no `//!` that says what they are for", faults);
}

/// Fails with the list if there is one.
fn none<T: ToString>(what: &str, faults: impl IntoIterator<Item = T>) {
    let faults: Vec<String> = faults.into_iter().map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{what}:\n  {}", faults.join("\n  "));
}

fn metadata() -> Metadata {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let metadata = MetadataCommand::new().no_deps().manifest_path(manifest).exec();
    metadata.unwrap_or_else(|error| panic!("cargo metadata: {error}"))
}

fn root() -> PathBuf {
    metadata().workspace_root.into_std_path_buf()
}

fn manifest(member: &Package) -> String {
    read(member.manifest_path.as_std_path())
}

/// The lines of a manifest without comments and blanks.
fn meaningful(manifest: &str) -> impl Iterator<Item = &str> {
    manifest.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The Rust files under `folder`, without what is built, hidden or fetched.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut found = Vec::new();
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let foreign = name.starts_with('.') || ["target", "node_modules"].contains(&name.as_str());
        if path.is_dir() && !foreign {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn shown(root: &Path, file: &Path) -> String {
    file.strip_prefix(root).unwrap_or(file).display().to_string()
}

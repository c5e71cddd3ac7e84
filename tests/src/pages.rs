//! The pages of `docs/` that are written from tables, and the files of the repository that the suite compares.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use pingxuan_api::catalogue::{Language, label, text, title};
use pingxuan_api::problem::{states_of, status};
use pingxuan_api::running::settings::SETTINGS;
use pingxuan_domain::operation::Standing;
use pingxuan_domain::policy::{Grant, Reach, Who, rule};
use pingxuan_domain::workflow::{Table, Workflow};
use pingxuan_domain::{ErrorCode, Operation, Role};
use strum::IntoEnumIterator;

/// Compares a file of the repository with what it should be; `PINGXUAN_BLESS=1` writes it instead.
///
/// # Panics
/// Where they differ.
pub fn compare(path: &str, wanted: &str) {
    let file = root().join(path);
    if std::env::var("PINGXUAN_BLESS").is_ok_and(|bless| bless == "1") {
        fs::write(&file, wanted).unwrap_or_else(|error| panic!("{path}: {error}"));
        return;
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    if found == wanted {
        return;
    }
    let differs = found.lines().zip(wanted.lines()).position(|(found, wanted)| found != wanted);
    let line = differs.unwrap_or_else(|| found.lines().count().min(wanted.lines().count()));
    let at = |text: &str| text.lines().nth(line).unwrap_or("(nothing)").to_owned();
    panic!(
        "{path} is not what the code says. Line {}:\n- {}\n+ {}\nRewrite it: PINGXUAN_BLESS=1 cargo test -p pingxuan-tests contract",
        line + 1,
        at(&found),
        at(wanted)
    );
}

/// The repository's folder.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// The first lines of a page that is written from `source`.
pub(crate) fn begun(title: &str, source: &str) -> String {
    format!(
        "*Generated from `{source}`: change that, then `PINGXUAN_BLESS=1 cargo test -p pingxuan-tests contract`.*\n\n# {title}\n"
    )
}

/// What is said behind an operation that has no route.
pub(crate) fn standing(operation: Operation) -> &'static str {
    match operation.standing() {
        Standing::Served => "",
        Standing::System => " *by itself*",
        Standing::Planned => " *not yet*",
    }
}

/// A text of a table's cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn both(enumeration: &str, value: &str) -> (String, String) {
    (label(Language::Chinese, enumeration, value), label(Language::English, enumeration, value))
}

/// `docs/workflow.md`: every workflow's states, diagram and rows.
#[must_use]
pub fn workflows() -> String {
    let mut page = begun("Workflows", "domain/src/workflow");
    page += "\nNothing moves that is not in these tables. What stands in the way of an operation is asked guard by guard, and \
             all that do are named together: in `blocked_by` of `allowed_actions`, and in the 409 of the call.\n\
             An operation marked *by itself* is carried out when its time has come; one marked *not yet* has no route.\n";
    for workflow in Workflow::iter() {
        write_workflow(&mut page, &workflow.table()).unwrap_or_default();
    }
    page
}

fn write_workflow(page: &mut String, table: &Table) -> std::fmt::Result {
    let code: &str = table.workflow.into();
    let (chinese, english) = both("workflow", code);
    writeln!(page, "\n## {chinese} · {english}\n\n```mermaid\n{}```\n", table.mermaid())?;
    writeln!(page, "| state | 中文 | English |\n| --- | --- | --- |")?;
    for state in &table.states {
        let (chinese, english) = both(states_of(table.workflow), state);
        assert!(![&chinese, &english].contains(&&(*state).to_owned()), "{code}: {state} has no label");
        writeln!(page, "| `{state}` | {chinese} | {english} |")?;
    }
    writeln!(page, "\n| from | operation | to | guards |\n| --- | --- | --- | --- |")?;
    for row in &table.rows {
        let state = |state: Option<&str>| state.map_or_else(|| "–".to_owned(), |state| format!("`{state}`"));
        let outcome = if row.outcome.is_empty() { String::new() } else { format!(" ({})", row.outcome) };
        let standing = standing(row.operation);
        let guards: Vec<String> = row.guards.iter().map(|guard| format!("`{guard}`")).collect();
        let operation = row.operation;
        let (from, to) = (state(row.from), state(row.to));
        writeln!(page, "| {from} | `{operation}`{outcome}{standing} | {to} | {} |", guards.join(", "))?;
    }
    let mut guards: Vec<&str> = table.rows.iter().flat_map(|row| row.guards.iter().copied()).collect();
    guards.sort_unstable();
    guards.dedup();
    if !guards.is_empty() {
        writeln!(page, "\n| guard | 中文 | English |\n| --- | --- | --- |")?;
    }
    for guard in guards {
        let (chinese, english) = both("guard", guard);
        writeln!(page, "| `{guard}` | {} | {} |", cell(&chinese), cell(&english))?;
    }
    Ok(())
}

/// `docs/policy.md`: who may call what, and how far it reaches. The access matrix test calls every cell.
#[must_use]
pub fn policy() -> String {
    let mut page = begun("Who may do what", "domain/src/policy.rs");
    page += "\nA cell says how far the operation reaches for that role. *Anyone* and *logged in* hold for every role; where \
             they and a role's own cell are empty, the answer is 403, and without a log-in 401. What is out of reach is answered 404, as if it were not there. Accounts with several roles have the reach \
             of each. Every cell is called by the access matrix test, with things within reach, out of reach and not there.\n\n";
    page += "| reach | 中文 | English |\n| --- | --- | --- |\n";
    for reach in Reach::iter() {
        let (chinese, english) = both("reach", reach.into());
        let code: &str = reach.into();
        page += &format!("| `{code}` | {} | {} |\n", cell(&chinese), cell(&english));
    }
    let roles: Vec<Role> = Role::iter().collect();
    let heads = roles.iter().map(|role| label(Language::English, "role", (*role).into()));
    page += &format!(
        "\n| operation | 中文 | anyone | logged in | {} | machine client [scope] |\n",
        heads.collect::<Vec<_>>().join(" | ")
    );
    page += &format!("| --- | --- |{}\n", " --- |".repeat(roles.len() + 3));
    let columns: Vec<Who> =
        [Who::Public, Who::LoggedIn].into_iter().chain(roles.into_iter().map(Who::Role)).collect();
    let scope = |grant: &Grant| match grant.who {
        Who::Scope(scope) => Some(format!("{} [{scope}]", <&str>::from(grant.reach))),
        Who::Public | Who::LoggedIn | Who::Role(_) => None,
    };
    for operation in Operation::iter().filter(|operation| operation.standing() != Standing::System) {
        let grants = rule(operation);
        let reaches = |who: &Who| {
            let reaches = grants.iter().filter(|grant| grant.who == *who);
            reaches.map(|grant| <&str>::from(grant.reach)).collect::<Vec<_>>().join(", ")
        };
        let scoped = grants.iter().filter_map(scope).collect::<Vec<_>>().join(", ");
        let cells: Vec<String> = columns.iter().map(reaches).chain([scoped]).collect();
        let planned = standing(operation);
        let chinese = label(Language::Chinese, "operation", operation.code());
        page += &format!("| `{operation}`{planned} | {} | {} |\n", cell(&chinese), cells.join(" | "));
    }
    page
}

/// `docs/errors.md`: every code with its status and its sentence.
#[must_use]
pub fn errors() -> String {
    let mut page = begun("Error codes", "domain/src/error.rs");
    page += "\nEvery error is a problem document (RFC 9457) with one of these codes. Those with a status stand for the whole; \
             the others stand in `errors` of a 409 or a 422, or in `blocked_by` of an allowed action. Codes never change; \
             sentences follow `Accept-Language`, with what stands in braces filled in.\n\n\
             | code | status | 中文 | English |\n| --- | --- | --- | --- |\n";
    for code in ErrorCode::iter() {
        let whole = status(code).as_u16();
        let shown = if whole != 422 || code == ErrorCode::ValidationFailed {
            whole.to_string()
        } else {
            String::new()
        };
        let said = |language| cell(&text(language, code.code()).unwrap_or_else(|| title(language, code)));
        page += &format!(
            "| `{}` | {shown} | {} | {} |\n",
            code.code(),
            said(Language::Chinese),
            said(Language::English)
        );
    }
    page
}

/// `docs/personal-data.md`: the register of fields.
#[must_use]
pub fn personal_data() -> String {
    begun("Register of fields", "persistence/src/register") + &pingxuan_api::register::markdown()
}

/// `docs/settings.md`: every setting.
#[must_use]
pub fn settings() -> String {
    let mut page = begun("Settings", "api/src/running/settings.rs");
    page += "\nThe command line goes before the environment, the environment before the file. What makes no sense is refused \
             at the start, with a sentence that says what to mend.\n\n\
             A secret stands in its variable or in a file of its own, which `…_FILE` names, as Docker secrets are; never in both. It is never \
             logged.\n\n\
             | environment | file | default | what it does |\n| --- | --- | --- | --- |\n";
    for setting in SETTINGS {
        let default = cell(setting.default);
        let secret = if setting.secret {
            format!(" A secret: here, or in the file that `{}` names.", setting.file_variable())
        } else {
            String::new()
        };
        page += &format!(
            "| `{}` | {} | {default} | {}{secret} |\n",
            setting.variable,
            setting.key,
            cell(setting.meaning)
        );
    }
    page
}

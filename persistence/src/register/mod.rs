//! 个人信息登记表: what each column of each table holds of people, for what, on what ground, who reads it,
//! and for how long it is kept (PIPL 6, 13, 19, 28, 51).
//!
//! A column stands in the class of what it holds itself. Ids of accounts and supervisors lead to a person and
//! are personal; states, counts and instants beside them are not. Whoever adds a column adds its row here.

use std::fmt::Write;

use pingxuan_domain::Operation;
use pingxuan_domain::job::ExportKind;
use pingxuan_domain::policy::{Who, rule};
use strum::{Display, EnumIter, IntoEnumIterator};

pub use crate::sealing::places as sealed_places;

mod account;
mod county;
mod event;
mod review;
mod selection;
mod verification;

/// How much a column tells of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, Display)]
#[strum(serialize_all = "snake_case")]
pub enum Class {
    /// Published or to be published, or open to everyone who has an account.
    Public,
    /// Of the selection or of the system; it tells nothing of a person.
    Internal,
    /// It tells something of a person, or leads to one.
    Personal,
    /// It would harm a person if it came out: citizen IDs, penalties and bars, who objects, what logs in.
    Sensitive,
}

impl Class {
    /// Its Chinese name.
    #[must_use]
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Public => "公开",
            Self::Internal => "内部",
            Self::Personal => "个人信息",
            Self::Sensitive => "敏感个人信息",
        }
    }

    /// What stands in it.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Public => "published or to be published, or open to everyone who has an account",
            Self::Internal => "of the selection or of the system; it tells nothing of a person",
            Self::Personal => "it tells something of a person, or leads to one",
            Self::Sensitive => {
                "it would harm a person if it came out: citizen IDs, penalties and bars, who objects, what \
                 logs in"
            }
        }
    }
}

/// One table of the schema.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its Chinese name.
    pub label_zh: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
}

/// One column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Its Chinese name.
    pub label_zh: &'static str,
    /// How much it tells of people.
    pub class: Class,
    /// What is said of it, where it tells something.
    pub about: Option<&'static Personal>,
}

/// What is said of a column that holds personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Personal {
    /// What it is needed for.
    pub purpose: &'static str,
    /// The ground on which it is held.
    pub basis: &'static str,
    /// The operations that read it out; those that write it answer with it as well. The policy says to whom.
    pub read_in: &'static [Operation],
    /// The operations that read it out unmasked or unsealed, where others do not.
    pub unmasked_in: &'static [Operation],
    /// What is hidden of it, and from whom.
    pub mask: &'static str,
    /// Whether it is encrypted at rest.
    pub encrypted: bool,
    /// By what, and by whom, its rows are found.
    pub searchable_by: &'static str,
    /// For how long it is kept.
    pub retention: &'static str,
    /// What deletes it.
    pub deletion: &'static str,
    /// Whether it stands in public notices.
    pub shown_in_notices: &'static str,
}

const SELECTING: &str = "PIPL 13(3), 34: the county government's duty to select and commend, as its notice \
    says";
const IDENTIFYING: &str = "PIPL 13(3), 28, 34: the duty to select and commend; only a citizen ID tells for \
    certain that nobody stands twice, judges themselves or is barred";
const VETTING: &str = "PIPL 13(3), 28, 34: the duty to commend nobody who must not be; what is held against \
    somebody is heard and answered";
const PUBLISHING: &str = "PIPL 13(3), 34: the duty to show who is proposed and who is commended (公示); a \
    consent to being shown (PIPL 25) is not recorded";
const GUARDING: &str = "PIPL 13(3), 51: the duty to know who acts in the system and to keep others out, and \
    to keep its logs (Cybersecurity Law)";

/// What holds of the selection's file, where nothing else is said.
const FILE: Personal = Personal {
    purpose: "",
    basis: SELECTING,
    read_in: &[],
    unmasked_in: &[],
    mask: "nothing",
    encrypted: false,
    searchable_by: "nothing",
    retention: "as long as the selection's file",
    deletion: "nothing yet: no job deletes it",
    shown_in_notices: "no",
};

/// What holds of ids of accounts that did something in the selection.
const ACTED: Personal = Personal {
    purpose: "to know who answers for it, and that nobody decides what they proposed or have a stake in \
              (D-902)",
    ..FILE
};

/// What holds of accounts, where nothing else is said.
const ACCESS: Personal = Personal {
    basis: GUARDING,
    retention: "for good, so far",
    deletion: "nothing: accounts are disabled and never deleted, and no job deletes what belongs to them",
    ..FILE
};

const fn public(name: &'static str, label_zh: &'static str) -> Column {
    Column { name, label_zh, class: Class::Public, about: None }
}

const fn internal(name: &'static str, label_zh: &'static str) -> Column {
    Column { name, label_zh, class: Class::Internal, about: None }
}

const fn personal(name: &'static str, label_zh: &'static str, about: &'static Personal) -> Column {
    Column { name, label_zh, class: Class::Personal, about: Some(about) }
}

const fn sensitive(name: &'static str, label_zh: &'static str, about: &'static Personal) -> Column {
    Column { name, label_zh, class: Class::Sensitive, about: Some(about) }
}

/// The register: every table of the schema, area by area as the entities stand, but for the migrations' own.
pub const REGISTER: &[&[Table]] = &[
    account::TABLES,
    county::TABLES,
    selection::TABLES,
    verification::TABLES,
    review::TABLES,
    event::TABLES,
];

/// Every table of the register.
pub fn tables() -> impl Iterator<Item = &'static Table> {
    REGISTER.iter().copied().flatten()
}

/// What the page says first.
const HEAD: &str = "\nWhat each column of the database holds of people. Ids of accounts and supervisors lead \
    to a person and are personal; states, counts and instants beside them are not. To whom, and how far, an \
    operation reads out is what the policy says (`docs/policy.md`).\n\n\
    | class | 中文 | what it is | columns |\n| --- | --- | --- | --- |\n";

/// The register as a page, below its title: of each table the personal columns at length, the others by name.
#[must_use]
pub fn markdown() -> String {
    let mut page = HEAD.to_owned();
    for class in Class::iter() {
        let columns = tables().flat_map(|table| table.columns).filter(|column| column.class == class);
        let (chinese, meaning, columns) = (class.label_zh(), class.meaning(), columns.count());
        page += &format!("| `{class}` | {chinese} | {meaning} | {columns} |\n");
    }
    for table in tables() {
        write_table(&mut page, table).unwrap_or_default();
    }
    page
}

fn write_table(page: &mut String, table: &Table) -> std::fmt::Result {
    writeln!(page, "\n## {} · `{}`", table.label_zh, table.name)?;
    // Columns of which the same is said stand together.
    let mut told: Vec<(Class, &Personal, Vec<&Column>)> = Vec::new();
    for column in table.columns {
        let Some(about) = column.about else { continue };
        match told.iter_mut().find(|(class, said, _)| *class == column.class && *said == about) {
            Some((_, _, columns)) => columns.push(column),
            None => told.push((column.class, about, vec![column])),
        }
    }
    for (class, about, columns) in told {
        writeln!(page, "\n| {} | `{class}` {} |\n| --- | --- |", named(columns), class.label_zh())?;
        write_personal(page, about)?;
    }
    for class in Class::iter() {
        let plain = |column: &&Column| column.class == class && column.about.is_none();
        let columns = named(table.columns.iter().filter(plain));
        if !columns.is_empty() {
            writeln!(page, "\n`{class}` {}: {columns}.", class.label_zh())?;
        }
    }
    Ok(())
}

fn write_personal(page: &mut String, about: &Personal) -> std::fmt::Result {
    let rows = [
        ("for", about.purpose.to_owned()),
        ("on the ground of", about.basis.to_owned()),
        ("read out by", readers(about.read_in)),
        ("hidden", about.mask.to_owned()),
        ("encrypted at rest", if about.encrypted { "yes" } else { "no" }.to_owned()),
        ("found by", about.searchable_by.to_owned()),
        ("kept", about.retention.to_owned()),
        ("deleted by", about.deletion.to_owned()),
        ("in exports", exports(about.read_in)),
        ("in public notices", about.shown_in_notices.to_owned()),
    ];
    for (said, text) in rows {
        writeln!(page, "| {said} | {text} |")?;
    }
    if about.unmasked_in.is_empty() {
        return Ok(());
    }
    writeln!(page, "| opened by | {} |", readers(about.unmasked_in))
}

/// The exports that write out what some of these operations show, as they show it.
fn exports(read_in: &[Operation]) -> String {
    let shows = |kind: &ExportKind| kind.shows().iter().any(|operation| read_in.contains(operation));
    let kinds: Vec<_> = ExportKind::iter().filter(shows).map(|kind| format!("`{kind}`")).collect();
    if kinds.is_empty() { "none".to_owned() } else { kinds.join(", ") + ", as it is read out" }
}

/// Columns by name, in both languages.
fn named<'a>(columns: impl IntoIterator<Item = &'a Column>) -> String {
    let named = |column: &Column| format!("`{}` {}", column.name, column.label_zh);
    columns.into_iter().map(named).collect::<Vec<_>>().join(", ")
}

/// Operations, and to whom the policy gives them, how far.
fn readers(operations: &[Operation]) -> String {
    if operations.is_empty() {
        return "nothing: it stands in no answer".to_owned();
    }
    let mut given = Vec::new();
    for grant in operations.iter().flat_map(|operation| rule(*operation)) {
        let who = match grant.who {
            Who::Public => "anyone",
            Who::LoggedIn => "logged in",
            Who::Role(role) => role.into(),
            Who::Scope(scope) => scope.into(),
        };
        let grant = format!("{who} ({})", <&str>::from(grant.reach));
        if !given.contains(&grant) {
            given.push(grant);
        }
    }
    let operations: Vec<String> = operations.iter().map(|operation| format!("`{operation}`")).collect();
    format!("{}, for {}", operations.join(", "), given.join(", "))
}

//! Imports: tables whose rows are entered as if one by one, with every fault at its place and all that is right in one transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use futures_util::TryStreamExt;
use pingxuan_documents::sheets::{
    self, Beside, CellFault, Column, Limits, Mark, MarkingFault, Reason, Table,
};
use pingxuan_domain::job::{Asked, ImportKind, ImportMode};
use pingxuan_domain::{ErrorCode, Fault, Operation, Refused};
use pingxuan_persistence::{StoreError, Tx};

use self::annual_assessments::Assessments;
use self::supervisors::Supervisors;
use self::units::Units;
use self::users::Users;
use super::columns::{moment, sheet_language};
use super::work::{Made, Work};
use crate::attachment::looking::fault as refused;
use crate::call::Call;
use crate::catalogue::{Language, label, say, text};
use crate::files::Kept;
use crate::files::spool::Spooled;
use crate::problem::Failure;

mod annual_assessments;
mod rows;
mod supervisors;
mod units;
mod users;

/// The media type of workbooks.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// How often an import begins anew that others have come before while it was looked through.
const TRIES: u32 = 3;

/// What a table is at most.
#[must_use]
pub fn limits() -> Limits {
    Limits { faults: 10_000, ..Limits::default() }
}

/// The operation that enters one by one what an import enters.
#[must_use]
pub fn entered_by(what: ImportKind) -> Operation {
    match what {
        ImportKind::Units => Operation::CreateUnit,
        ImportKind::Users => Operation::CreateUser,
        ImportKind::Supervisors => Operation::CreateSupervisor,
        ImportKind::AnnualAssessments => Operation::PutAnnualAssessment,
    }
}

/// The columns of a table, of the template and of the import alike.
#[must_use]
pub fn columns(what: ImportKind) -> Vec<Column> {
    match what {
        ImportKind::Units => units::columns(),
        ImportKind::Users => users::columns(),
        ImportKind::Supervisors => supervisors::columns(),
        ImportKind::AnnualAssessments => annual_assessments::columns(),
    }
}

/// Reads a table, on a thread of its own.
///
/// # Errors
/// 422 that says why it is none.
pub async fn read(path: &Path, what: ImportKind) -> Result<Table, Failure> {
    let (path, columns) = (path.to_owned(), columns(what));
    let reading = tokio::task::spawn_blocking(move || sheets::read(&path, &columns, &limits()));
    let read = reading.await.map_err(|error| Failure::Internal(format!("a table: {error}")))?;
    read.map_err(|fault| unreadable(&fault))
}

/// Why nothing could be read, in the words of the contract.
fn unreadable(fault: &sheets::ReadingFault) -> Failure {
    use sheets::ReadingFault as R;
    let at = |code| Fault::at("/file", code);
    let named = |found: &[(String, String)]| {
        let shown = found.iter().take(20).map(|(letters, text)| format!("{letters} {text}"));
        shown.collect::<Vec<_>>().join(", ")
    };
    let found = match fault {
        R::Refused(refusal) => refused(refusal, "/file"),
        R::Io(error) => return Failure::Internal(format!("a table: {error}")),
        R::Encoding | R::NoSheet | R::TooManyColumns { .. } => at(ErrorCode::TableUnreadable),
        R::NoRows => at(ErrorCode::TableEmpty),
        R::TooManyRows { most } => at(ErrorCode::TooManyRows).with("limit", most.to_string()),
        R::Headings { missing, unknown, duplicate } => at(ErrorCode::HeadingsWrong)
            .with("missing", missing.join(", "))
            .with("unknown", named(unknown))
            .with("duplicate", named(duplicate)),
    };
    Refused::invalid(found).into()
}

/// What is entered.
#[derive(Debug)]
enum Entries {
    Units(Units),
    Users(Users),
    Supervisors(Supervisors),
    Assessments(Assessments),
}

impl Entries {
    /// The rows that are right, and what is wrong with the others.
    async fn check(work: &Work, call: &Call, what: ImportKind, found: &mut Found) -> Result<Self, Failure> {
        Ok(match what {
            ImportKind::Units => Self::Units(units::check(call, found).await?),
            ImportKind::Users => Self::Users(users::check(work, call, found).await?),
            ImportKind::Supervisors => Self::Supervisors(supervisors::check(call, found).await?),
            ImportKind::AnnualAssessments => Self::Assessments(annual_assessments::check(call, found).await?),
        })
    }

    fn count(&self) -> usize {
        match self {
            Self::Units(entries) => entries.len(),
            Self::Users(entries) => entries.len(),
            Self::Supervisors(entries) => entries.len(),
            Self::Assessments(entries) => entries.len(),
        }
    }

    async fn enter(&self, tx: &Tx, call: &Call) -> Result<(), Failure> {
        match self {
            Self::Units(entries) => units::enter(tx, call, entries).await,
            Self::Users(entries) => users::enter(tx, call, entries).await,
            Self::Supervisors(entries) => supervisors::enter(tx, call, entries).await,
            Self::Assessments(entries) => annual_assessments::enter(tx, call, entries).await,
        }
    }
}

/// A table with what is found wrong in it.
#[derive(Debug)]
pub struct Found {
    /// What was read.
    pub table: Table,
    columns: Vec<Column>,
    faults: BTreeMap<(u32, usize), Vec<Fault>>,
    faulty: BTreeSet<u32>,
}

impl Found {
    fn in_table(table: Table, columns: Vec<Column>) -> Self {
        let mut found = Self { faults: BTreeMap::new(), faulty: BTreeSet::new(), columns, table };
        for CellFault { row, column, reason, key, .. } in std::mem::take(&mut found.table.faults) {
            let most = found.columns.iter().find(|column| column.key == key).and_then(most);
            let fault = Fault::new(code_of(reason)).with("limit", most.unwrap_or_default());
            found.faults.entry((row, column)).or_default().push(fault);
            found.faulty.insert(row);
        }
        found
    }

    /// Enters faults of a row, each under the column that its pointer names.
    pub fn wrong(&mut self, row: u32, faults: impl IntoIterator<Item = Fault>) {
        for fault in faults {
            let pointer = fault.pointer.as_deref().unwrap_or_default();
            let member = pointer.split('/').nth(1).unwrap_or_default();
            let key = if member == "unit_id" { "unit_code" } else { member };
            let place =
                self.columns.iter().position(|column| rows::member(column) == key).unwrap_or_default();
            let place = self.table.places.get(place).copied().unwrap_or_default();
            let told = self.faults.entry((row, place)).or_default();
            if !told.contains(&fault) {
                told.push(fault);
            }
            self.faulty.insert(row);
        }
    }

    /// Whether nothing is found wrong with a row so far.
    #[must_use]
    pub fn is_right(&self, row: u32) -> bool {
        !self.faulty.contains(&row)
    }

    /// Rows with a fault, those too of which no fault is told because there are too many.
    fn faulty(&self) -> u64 {
        let read = self.table.rows.iter().filter(|row| self.is_right(row.number)).count();
        u64::try_from(self.table.count.saturating_sub(read)).unwrap_or(u64::MAX)
    }

    fn marks(&self, language: Language) -> Vec<Mark> {
        let mark = |(row, column): (u32, usize), fault: &Fault| {
            let code = fault.code.code();
            Mark { row, column, text: format!("{} ({code})", say(language, fault)) }
        };
        self.faults
            .iter()
            .flat_map(|(place, faults)| faults.iter().map(move |fault| mark(*place, fault)))
            .collect()
    }
}

/// How many characters a column takes.
fn most(column: &Column) -> Option<i64> {
    if let sheets::ColumnKind::Text { most } = &column.kind { i64::try_from(*most).ok() } else { None }
}

fn code_of(reason: Reason) -> ErrorCode {
    match reason {
        Reason::Required => ErrorCode::Required,
        Reason::TooLong => ErrorCode::TooLong,
        Reason::NotANumber => ErrorCode::NotANumber,
        Reason::NotAnInteger => ErrorCode::NotAWholeNumber,
        Reason::TooManyPlaces => ErrorCode::TooManyPlaces,
        Reason::PrecisionLost => ErrorCode::PrecisionLost,
        Reason::NotADay => ErrorCode::NotADay,
        Reason::NotAnInstant => ErrorCode::NotAnInstant,
        Reason::NotABoolean => ErrorCode::NotABoolean,
        Reason::NotAChoice => ErrorCode::NotAChoice,
        Reason::FormulaError => ErrorCode::FormulaError,
    }
}

/// Reads in what was asked for. What others enter meanwhile is noticed, and the table looked through once more.
///
/// # Errors
/// 403 where whoever asked for it may not enter it any more, 409 where the job is not this node's any more.
pub async fn carry_out(work: &Work) -> Result<(), Failure> {
    let mut tried = 0;
    loop {
        tried += 1;
        match once(work).await {
            Err(Failure::Store(StoreError::Taken(_)) | Failure::Refused(Refused::Guards(_)))
                if tried < TRIES =>
            {
                tracing::info!(job = %work.job.id, tried, "an import begins anew");
            }
            done => return done,
        }
    }
}

async fn once(work: &Work) -> Result<(), Failure> {
    let Asked::Import { what, mode, file_name } = &work.job.asked else {
        return Err(Failure::Internal("no import".into()));
    };
    let call = work.call(entered_by(*what)).await?;
    let given = given(work).await?;
    work.progress.set(10);
    let table = read(&given.path, *what).await?;
    work.progress.set(30);
    let rows = u64::try_from(table.count).unwrap_or(u64::MAX);
    let mut found = Found::in_table(table, columns(*what));
    let entries = Entries::check(work, &call, *what, &mut found).await?;
    let faulty = found.faulty();
    let enters = match mode {
        ImportMode::DryRun => false,
        ImportMode::AllOrNothing => faulty == 0,
        ImportMode::RowByRow => true,
    };
    let language = work.language();
    let entered = if enters { u64::try_from(entries.count()).unwrap_or(u64::MAX) } else { 0 };
    let beside = match &entries {
        Entries::Users(users) if entered > 0 => Some(users::passwords(language, users)),
        Entries::Users(_) | Entries::Units(_) | Entries::Supervisors(_) | Entries::Assessments(_) => None,
    };
    work.progress.set(70);
    let path = report(work, given, found.marks(language), beside).await?;
    work.progress.set(90);
    let made = Made { path, name: report_name(language, file_name), media_type: XLSX, rows, faulty, entered };
    work.deliver(made, async |tx| if enters { entries.enter(tx, &call).await } else { Ok(()) }).await
}

/// The table that was sent.
async fn given(work: &Work) -> Result<Spooled, Failure> {
    let files = &work.app.files;
    let mut spool = files.spool()?;
    let mut pieces = files.open(Kept::Given, work.job.id, None).await?;
    while let Some(piece) = pieces.try_next().await? {
        spool.write(&piece).await?;
    }
    spool.close().await
}

/// The table as it was sent, with what is wrong marked in it.
async fn report(
    work: &Work,
    given: Spooled,
    marks: Vec<Mark>,
    beside: Option<Beside>,
) -> Result<tempfile::TempPath, Failure> {
    let path = work.app.files.scratch()?;
    let language = sheet_language(work.language());
    let made = moment(work.app.clock.now());
    let marking = tokio::task::spawn_blocking(move || {
        let told = (marks.as_slice(), beside.as_ref());
        sheets::marked(&given.path, told, &limits(), language, made, &path).map(|()| path)
    });
    let marked = marking.await.map_err(|error| Failure::Internal(format!("a report: {error}")))?;
    marked.map_err(|fault| match fault {
        MarkingFault::Reading(fault) => unreadable(&fault),
        MarkingFault::Writing(fault) => Failure::Internal(format!("a report: {fault}")),
    })
}

/// The name of the report on a file.
fn report_name(language: Language, file_name: &str) -> String {
    let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
    let stem: String = stem.chars().take(200).collect();
    format!("{stem}-{}.xlsx", text(language, "import-report").unwrap_or_default())
}

/// What stands over the explanation of a template.
#[must_use]
pub fn notes(language: Language, what: ImportKind) -> Vec<String> {
    let said = |key: &str| text(language, key);
    let head = Some(label(language, "import_kind", what.into()));
    let roles = said("import-note-roles").filter(|_| what == ImportKind::Users);
    [head, said("import-note-headings"), roles].into_iter().flatten().collect()
}

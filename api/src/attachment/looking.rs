//! What is looked at before a file is kept: its name, its content, and what the virus scanner says.

use pingxuan_documents::inspection::{InspectionError, Kind, Limits, Refusal, check_name, inspect};
use pingxuan_domain::application::attachment::{AttachmentRules, FileKind};
use pingxuan_domain::{ErrorCode, Fault, Refused};
use strum::IntoEnumIterator;

use crate::files::Files;
use crate::files::scanner::Word;
use crate::files::spool::Spooled;
use crate::problem::Failure;

/// What came of a look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Looked {
    /// It may be kept: what it is.
    Good(FileKind),
    /// The virus scanner found something.
    Infected(FileKind, String),
}

/// A name as it is kept, in composed form.
///
/// # Errors
/// 422 at a pointer where it could deceive a person or a system.
pub fn named(name: &str, pointer: &str) -> Result<String, Failure> {
    check_name(name).map_err(|refusal| Refused::invalid(fault(&refusal, pointer)).into())
}

/// Looks at a file that has come: name, declared type and content must agree on a kind that is taken.
///
/// # Errors
/// 422 that names what is wrong with it, 503 where the virus scanner is away.
pub async fn look(
    files: &Files,
    spooled: &Spooled,
    (name, declared): (&str, Option<&str>),
    rules: &AttachmentRules,
) -> Result<Looked, Failure> {
    let kinds = rules.kinds.iter().filter_map(|kind| of(*kind)).collect();
    let limits = Limits { kinds, bytes: rules.max_bytes, ..Limits::default() };
    let (path, name, declared) = (spooled.path.to_path_buf(), name.to_owned(), declared.map(str::to_owned));
    // Parsers of what strangers send run on a thread of their own.
    let inspected = tokio::task::spawn_blocking(move || inspect(&path, &name, declared.as_deref(), &limits));
    let inspected = inspected.await.map_err(|error| Failure::Internal(format!("an inspection: {error}")))?;
    let kind = match inspected {
        Ok(inspected) => kind(inspected.kind)?,
        Err(InspectionError::Refused(refusal)) => {
            return Err(Refused::invalid(fault(&refusal, "/file")).into());
        }
        Err(InspectionError::Io(error)) => return Err(error.into()),
    };
    match &files.scanner {
        None => Ok(Looked::Good(kind)),
        Some(scanner) => Ok(match scanner.ask(&spooled.path).await? {
            Word::Clean => Looked::Good(kind),
            Word::Found(what) => Looked::Infected(kind, what),
        }),
    }
}

/// The same kind in the other crate's words.
fn of(kind: FileKind) -> Option<Kind> {
    Kind::iter().find(|other| <&str>::from(*other) == <&str>::from(kind))
}

fn kind(kind: Kind) -> Result<FileKind, Failure> {
    let name: &str = kind.into();
    name.parse().map_err(|_| Failure::Internal(format!("no kind of file '{name}'")))
}

/// A refusal in the words of the contract.
#[must_use]
pub fn fault(refusal: &Refusal, pointer: &str) -> Fault {
    let at = |code| Fault::at(pointer, code);
    match refusal {
        Refusal::EmptyFile => at(ErrorCode::FileEmpty),
        Refusal::TooLarge { most, .. } => at(ErrorCode::TooLarge).with("limit", most.to_string()),
        Refusal::TypeNotAllowed { extension } => at(ErrorCode::FileTypeNotAllowed)
            .with("extension", extension.chars().take(20).collect::<String>()),
        Refusal::TypeMismatch { expected, .. } => {
            at(ErrorCode::FileTypeMismatch).with("expected", <&str>::from(*expected))
        }
        Refusal::Unreadable { .. } => at(ErrorCode::FileUnreadable),
        Refusal::Polyglot { .. } => at(ErrorCode::FilePolyglot),
        Refusal::ActiveContent { .. } => at(ErrorCode::FileActiveContent),
        Refusal::Encrypted => at(ErrorCode::FileEncrypted),
        Refusal::TooManyPixels { most, .. } => {
            at(ErrorCode::FileTooManyPixels).with("limit", most.to_string())
        }
        Refusal::ArchiveBomb { .. } => at(ErrorCode::FileArchiveBomb),
        Refusal::UnsafeArchive { .. } => at(ErrorCode::FileUnsafeArchive),
        Refusal::TooComplex { .. } => at(ErrorCode::FileTooComplex),
        Refusal::Malware => at(ErrorCode::FileMalware),
        Refusal::BadName { .. } => at(ErrorCode::FileNameBad),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s_30_both_crates_know_the_same_kinds() {
        for one in FileKind::iter() {
            let other = of(one).unwrap();
            assert_eq!((kind(other).ok(), other.media_type()), (Some(one), one.media_type()));
        }
        assert_eq!(Kind::iter().count(), FileKind::iter().count());
    }
}

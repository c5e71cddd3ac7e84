//! Refusals: why a file is not kept, as a stable code and the values for a sentence.

use std::io::{self, ErrorKind};

use serde::Serialize;
use strum::IntoStaticStr;
use thiserror::Error;

use super::Kind;
use crate::container::Damage;

/// Why a file is not kept.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, IntoStaticStr)]
#[serde(tag = "code", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Refusal {
    /// It holds nothing.
    #[error("the file is empty")]
    EmptyFile,
    /// It is larger than its kind may be.
    #[error("{bytes} bytes, and at most {most}")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        most: u64,
    },
    /// Its name ends like no kind that is accepted.
    #[error("files that end in .{extension} are not accepted")]
    TypeNotAllowed {
        /// How it ends.
        extension: String,
    },
    /// Name, declared type and content do not agree.
    #[error("{} was expected, and {found} found", <&str>::from(*expected))]
    TypeMismatch {
        /// What the name says.
        expected: Kind,
        /// What the declared type or the content says.
        found: String,
    },
    /// It begins like its kind, and cannot be read as such.
    #[error("unreadable: {why}")]
    Unreadable {
        /// Where it fails.
        why: String,
    },
    /// It is two things at once, or carries bytes that belong to neither.
    #[error("it is a file of another kind too: {with}")]
    Polyglot {
        /// What was found besides.
        with: &'static str,
    },
    /// It holds something that acts when it is opened, or that fetches something.
    #[error("active content: {what}")]
    ActiveContent {
        /// What it holds.
        what: String,
    },
    /// It cannot be looked into.
    #[error("encrypted")]
    Encrypted,
    /// It would take too much memory to show.
    #[error("{width} × {height} pixels, and at most {most}")]
    TooManyPixels {
        /// Pixels in a line.
        width: u32,
        /// Lines.
        height: u32,
        /// The limit of both multiplied.
        most: u64,
    },
    /// It would swell beyond measure when it is unpacked.
    #[error("more {what} than {most}")]
    ArchiveBomb {
        /// What there is too much of.
        what: &'static str,
        /// How much there may be.
        most: u64,
    },
    /// Its parts could land outside their folder, or on each other.
    #[error("{path}: {why}")]
    UnsafeArchive {
        /// Which part.
        path: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// It has more parts inside than anybody writes.
    #[error("more {what} than {most}")]
    TooComplex {
        /// What there is too much of.
        what: &'static str,
        /// How much there may be.
        most: u64,
    },
    /// It carries the signature of malicious software.
    #[error("malicious software")]
    Malware,
    /// Its name could deceive a person or a system.
    #[error("bad name: {why}")]
    BadName {
        /// What is wrong with it.
        why: &'static str,
    },
}

impl Refusal {
    /// The stable code, in snake case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.into()
    }

    pub(crate) fn unreadable(why: impl Into<String>) -> Self {
        Self::Unreadable { why: why.into() }
    }

    pub(super) fn active(what: impl Into<String>) -> Self {
        Self::ActiveContent { what: what.into() }
    }
}

impl From<Damage> for super::InspectionError {
    fn from(damage: Damage) -> Self {
        Self::Refused(match damage {
            Damage::Foreign { .. } => Refusal::Polyglot { with: "unknown" },
            Damage::Encrypted { .. } => Refusal::Encrypted,
            Damage::Bomb { what, most } => Refusal::ArchiveBomb { what, most },
            Damage::Unsafe { path, why } => Refusal::UnsafeArchive { path, why },
            Damage::NotAContainer | Damage::Broken { .. } => Refusal::unreadable(damage.to_string()),
            Damage::Io(error) => return Self::Io(error),
        })
    }
}

/// What a parser met: data that make no sense are the file's fault, everything else is the machine's.
pub(super) fn read_failure(error: io::Error) -> super::InspectionError {
    if error.kind() == ErrorKind::UnexpectedEof {
        Refusal::unreadable("it is cut short").into()
    } else if [ErrorKind::InvalidData, ErrorKind::InvalidInput].contains(&error.kind()) {
        Refusal::unreadable(error.to_string()).into()
    } else {
        super::InspectionError::Io(error)
    }
}

//! Inspection of a file before it is kept: the content decides what it is, and its name and declared type have to agree.
//!
//! Files are read by pieces; only a PDF is read as a whole, up to a limit of its own. Everything here blocks.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use strum::{EnumIter, IntoStaticStr};
use thiserror::Error;

mod jpeg;
mod mp4;
mod names;
mod office;
mod parts;
mod pdf;
mod pdf_streams;
mod png;
mod refusal;
mod signatures;
#[cfg(test)]
mod tests;
mod xml;

pub use names::{check_name, content_disposition};
pub use refusal::Refusal;

/// The kinds of file that can be accepted.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, IntoStaticStr, serde::Serialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// A PDF document.
    Pdf,
    /// A JPEG picture.
    Jpeg,
    /// A PNG picture.
    Png,
    /// A text of Office Open XML.
    Docx,
    /// A workbook of Office Open XML.
    Xlsx,
    /// A fixed-layout document of GB/T 33190.
    Ofd,
    /// A video in an MPEG-4 container.
    Mp4,
}

impl Kind {
    /// The media type under which it is served.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Ofd => "application/ofd",
            Self::Mp4 => "video/mp4",
        }
    }

    /// The endings that its name may have, in small letters.
    #[must_use]
    pub const fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Png => &["png"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Ofd => &["ofd"],
            Self::Mp4 => &["mp4"],
        }
    }

    /// Whether a client may declare this type for it. Those that say nothing may be declared for every kind.
    fn may_be_declared(self, media_type: &str) -> bool {
        let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        matches!(essence.as_str(), "" | "application/octet-stream" | "binary/octet-stream")
            || essence == self.media_type()
            || (self == Self::Jpeg && essence == "image/jpg")
            || (self == Self::Ofd && matches!(essence.as_str(), "application/zip" | "application/x-ofd"))
    }
}

/// What a file may be at most.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The kinds that are accepted.
    pub kinds: Vec<Kind>,
    /// Bytes of the file.
    pub bytes: u64,
    /// Bytes of a PDF, which is read into memory as a whole.
    pub pdf_bytes: u64,
    /// Pixels of a picture: width times height.
    pub pixels: u64,
    /// Entries of a container.
    pub entries: u64,
    /// Bytes of a container, unpacked.
    pub unpacked: u64,
    /// How many times larger than packed an entry of a container may be.
    pub ratio: u64,
    /// Elements of all XML parts of a container, values of a PDF, boxes of a video.
    pub elements: u64,
    /// Shared strings of a workbook.
    pub strings: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            kinds: vec![Kind::Pdf, Kind::Jpeg, Kind::Png, Kind::Docx, Kind::Xlsx, Kind::Ofd],
            bytes: 100 << 20,
            pdf_bytes: 64 << 20,
            pixels: 50_000_000,
            entries: 5_000,
            unpacked: 256 << 20,
            ratio: 200,
            elements: 5_000_000,
            strings: 500_000,
        }
    }
}

/// What is known of a file that may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspected {
    /// Its name, in composed form.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// The media type under which it is served.
    pub media_type: &'static str,
    /// Its size.
    pub bytes: u64,
    /// What its content says of itself.
    pub facts: Facts,
}

/// What the content of a file says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facts {
    /// A document with pages.
    Pages {
        /// How many.
        count: u64,
    },
    /// A picture.
    Picture {
        /// Pixels in a line.
        width: u32,
        /// Lines.
        height: u32,
    },
    /// A container of parts.
    Container {
        /// How many.
        entries: u64,
        /// Their bytes.
        unpacked: u64,
    },
    /// A video.
    Video {
        /// How long it runs, in milliseconds.
        milliseconds: u64,
    },
}

/// Why a file was not accepted.
#[derive(Debug, Error)]
pub enum InspectionError {
    /// It must not be kept.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It could not be read, for which the one who sent it is not to blame.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// How much of the beginning is searched for signatures.
const HEAD: u64 = 64 << 10;

/// Looks at a file that was received under a name, perhaps with a declared type.
///
/// # Errors
/// A refusal, or that the file cannot be read here.
pub fn inspect(
    path: &Path,
    name: &str,
    declared: Option<&str>,
    limits: &Limits,
) -> Result<Inspected, InspectionError> {
    let name = check_name(name)?;
    let mut file = File::open(path)?;
    let bytes = file.metadata()?.len();
    if bytes == 0 {
        return Err(Refusal::EmptyFile.into());
    }
    if bytes > limits.bytes {
        return Err(Refusal::TooLarge { bytes, most: limits.bytes }.into());
    }
    let mut head = Vec::new();
    file.by_ref().take(HEAD).read_to_end(&mut head)?;
    if signatures::is_malware(&head) {
        return Err(Refusal::Malware.into());
    }
    let kind = expected(&name, declared, limits)?;
    signatures::check(&head, kind)?;
    let facts = inspect_content(&mut file, kind, limits)?;
    Ok(Inspected { name, kind, media_type: kind.media_type(), bytes, facts })
}

/// Looks at the content of what begins like a kind.
pub(crate) fn inspect_content(
    file: &mut File,
    kind: Kind,
    limits: &Limits,
) -> Result<Facts, InspectionError> {
    let bytes = file.metadata()?.len();
    file.seek(SeekFrom::Start(0))?;
    let facts = match kind {
        Kind::Pdf => pdf::inspect(file, bytes, limits)?,
        Kind::Jpeg => jpeg::inspect(file, limits)?,
        Kind::Png => png::inspect(file, limits)?,
        Kind::Mp4 => mp4::inspect(file, bytes, limits)?,
        Kind::Docx | Kind::Xlsx | Kind::Ofd => return office::inspect(file, kind, limits),
    };
    if signatures::ends_as_container(file)? {
        return Err(Refusal::Polyglot { with: "zip" }.into());
    }
    Ok(facts)
}

/// The kind that name and declared type agree on.
fn expected(name: &str, declared: Option<&str>, limits: &Limits) -> Result<Kind, Refusal> {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default();
    let kind = limits.kinds.iter().copied().find(|kind| kind.extensions().contains(&extension.as_str()));
    let Some(kind) = kind else { return Err(Refusal::TypeNotAllowed { extension }) };
    match declared {
        Some(declared) if !kind.may_be_declared(declared) => {
            Err(Refusal::TypeMismatch { expected: kind, found: declared.chars().take(100).collect() })
        }
        _ => Ok(kind),
    }
}

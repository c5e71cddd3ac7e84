//! 附件: files that bear out what a declaration says (D-504), and how many, how large and of which kinds a category takes.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::form::has_member;
use super::handling::is_unlocked;
use crate::campaign::definition::{Category, Source, Sourced, code_enum};
use crate::error::{ErrorCode, Fault};
use crate::time::Instant;

/// The largest file that a definition may allow, in bytes.
pub const LARGEST: u64 = 2 * 1024 * 1024 * 1024;
/// The most attachments that a definition may allow for one application.
pub const MOST: u32 = 100;
/// What is opened for a correction by this name are the attachments, beside the members of the form.
pub const ATTACHMENTS: &str = "/attachments";

code_enum! {
    /// What kind of file it is, by its content.
    FileKind {
        /// PDF.
        Pdf,
        /// A picture in JPEG.
        Jpeg,
        /// A picture in PNG.
        Png,
        /// A Word document.
        Docx,
        /// An Excel workbook.
        Xlsx,
        /// A document in OFD (GB/T 33190).
        Ofd,
        /// A film in MP4.
        Mp4,
    }
}

impl FileKind {
    /// Its media type.
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
}

code_enum! {
    /// Where an attachment stands.
    AttachmentState {
        /// Its bytes are coming in pieces; nobody but its unit sees it.
        Uploading,
        /// It is whole, and has been looked at.
        Stored,
        /// The virus scanner found something in it: it is kept apart, and nobody can fetch it.
        Quarantined,
    }
}

/// How many attachments of which kinds a category takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttachmentRules {
    /// Attachments that one application may have.
    pub max_count: u32,
    /// Bytes that one of them may have.
    pub max_bytes: u64,
    /// The kinds of files that are taken.
    pub kinds: Vec<FileKind>,
}

/// What is taken where a definition is silent: twenty documents or pictures of at most 20 MiB.
#[must_use]
pub fn usual_rules() -> Sourced<AttachmentRules> {
    use FileKind as K;
    let kinds = vec![K::Pdf, K::Jpeg, K::Png, K::Docx, K::Xlsx, K::Ofd];
    let value = AttachmentRules { max_count: 20, max_bytes: 20 * 1024 * 1024, kinds };
    Sourced { value, source: Source::Office }
}

/// Whether rules are those that hold where a definition is silent: they are left out when it is written.
#[must_use]
pub fn is_usual(rules: &Sourced<AttachmentRules>) -> bool {
    *rules == usual_rules()
}

/// An attachment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its id, which is the name that it is stored under too.
    pub id: Uuid,
    /// The application that it belongs to.
    pub application_id: Uuid,
    /// The required attachment that it is, by the definition's code.
    pub code: Option<String>,
    /// The members of the form that it bears out, as JSON pointers below `/form`.
    pub pointers: Vec<String>,
    /// Its name, as people gave it.
    pub name: String,
    /// What it is; none until it is whole.
    pub kind: Option<FileKind>,
    /// Its bytes.
    pub size: u64,
    /// Its SHA-256 in hexadecimal digits; none until it is known.
    pub digest: Option<String>,
    /// The bytes that have come.
    pub received: u64,
    /// Where it stands.
    pub state: AttachmentState,
    /// The account that uploaded it.
    pub created_by: Uuid,
    /// When it was begun.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// Its version.
    pub version: i64,
}

/// What an application keeps of an attachment: part of what is declared, and of its digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attached {
    /// The attachment.
    pub id: Uuid,
    /// The required attachment that it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The members of the form that it bears out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pointers: Vec<String>,
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub size: u64,
    /// Its SHA-256.
    pub digest: String,
}

impl Attachment {
    /// What the application keeps of it, once it is whole.
    #[must_use]
    pub fn attached(&self) -> Option<Attached> {
        let digest = self.digest.clone().filter(|_| self.state == AttachmentState::Stored)?;
        Some(Attached {
            id: self.id,
            code: self.code.clone(),
            pointers: self.pointers.clone(),
            name: self.name.clone(),
            size: self.size,
            digest,
        })
    }
}

/// What is said of an attachment before its bytes come.
#[derive(Clone, Copy, Debug)]
pub struct Announced<'a> {
    /// The required attachment that it is to be.
    pub code: Option<&'a str>,
    /// The members of the form that it is to bear out.
    pub pointers: &'a [String],
    /// Its bytes.
    pub size: u64,
}

/// What is against an attachment by its category's rules, each fault with a pointer into the request; `there` counts those that the
/// application has, and `unlocked` is what is open for a correction.
#[must_use]
pub fn faults(
    category: &Category,
    announced: Announced<'_>,
    there: u32,
    unlocked: Option<&[String]>,
) -> Vec<Fault> {
    let rules = &category.attachments.value;
    let mut found = Vec::new();
    if there >= rules.max_count {
        found.push(Fault::at("", ErrorCode::TooMany).with("limit", rules.max_count));
    }
    if announced.size > rules.max_bytes {
        found.push(Fault::at("/size", ErrorCode::TooLarge).with("limit", rules.max_bytes.to_string()));
    }
    let required = &category.required_attachments.value;
    if announced.code.is_some_and(|code| required.iter().all(|one| one.code != code)) {
        found.push(Fault::at("/code", ErrorCode::UnknownReference));
    }
    let form = category.form.as_ref().map(|form| &form.value);
    for (place, pointer) in announced.pointers.iter().enumerate() {
        if !form.is_some_and(|form| has_member(form, pointer)) {
            found.push(Fault::at(format!("/pointers/{place}"), ErrorCode::UnknownReference));
        }
    }
    if unlocked.is_some_and(|unlocked| !is_open(unlocked, announced.pointers)) {
        found.push(Fault::at("", ErrorCode::FieldLocked));
    }
    found
}

/// Whether an attachment may come or go in a correction: the attachments are open for it, or all that it bears out is.
#[must_use]
pub fn is_open(unlocked: &[String], pointers: &[String]) -> bool {
    let open = |pointer: &String| is_unlocked(unlocked, pointer);
    unlocked.iter().any(|open| open == ATTACHMENTS) || (!pointers.is_empty() && pointers.iter().all(open))
}

/// The required attachments that an application lacks: what stands in the way of its submission.
#[must_use]
pub fn missing(category: &Category, attached: &[Attached]) -> Vec<Fault> {
    let has = |code: &str| attached.iter().any(|one| one.code.as_deref() == Some(code));
    let required = category.required_attachments.value.iter().filter(|one| !has(&one.code));
    required
        .map(|one| Fault::at(ATTACHMENTS, ErrorCode::AttachmentMissing).with("title", &one.title))
        .collect()
}

//! How attachments are shown.

use pingxuan_domain::Instant;
use pingxuan_domain::application::attachment::{Attached, Attachment, AttachmentState, FileKind};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::enums;

/// An attachment.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct AttachmentView {
    /// Its id.
    id: Uuid,
    /// The application that it belongs to.
    application_id: Uuid,
    /// Its name, as it was given.
    #[schema(max_length = 255)]
    name: String,
    /// The required attachment that it is, by the category's code.
    #[schema(max_length = 64)]
    code: Option<String>,
    /// The members of the form that it bears out, as JSON pointers below it.
    #[schema(value_type = Vec<crate::application::office::FormPointer>, max_items = 20)]
    pointers: Vec<String>,
    /// Where it stands.
    #[schema(value_type = enums::AttachmentState)]
    state: AttachmentState,
    /// What it is, by its content; null until it is whole.
    #[schema(value_type = Option<enums::FileKind>)]
    kind: Option<FileKind>,
    /// Its media type; null until it is whole.
    #[schema(max_length = 100)]
    media_type: Option<String>,
    /// Its bytes.
    #[schema(minimum = 1, maximum = 2147483648_i64)]
    size: u64,
    /// The bytes that have come.
    #[schema(minimum = 0, maximum = 2147483648_i64)]
    received: u64,
    /// Its SHA-256 in hexadecimal digits; null while it is not known.
    #[schema(max_length = 64, pattern = "^[0-9a-f]{64}$")]
    sha256: Option<String>,
    /// Where its bytes are fetched; null where they cannot be.
    #[schema(max_length = 200)]
    content: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Instant,
}

impl From<&Attachment> for AttachmentView {
    fn from(of: &Attachment) -> Self {
        let stored = of.state == AttachmentState::Stored;
        Self {
            id: of.id,
            application_id: of.application_id,
            name: of.name.clone(),
            code: of.code.clone(),
            pointers: of.pointers.clone(),
            state: of.state,
            kind: of.kind,
            media_type: of.kind.map(|kind| kind.media_type().to_owned()),
            size: of.size,
            received: of.received,
            sha256: of.digest.clone(),
            content: stored.then(|| format!("/api/v1/attachments/{}/content", of.id)),
            created_at: of.created_at,
            updated_at: of.updated_at,
        }
    }
}

/// What is attached to an application, as the application shows it.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct AttachedView {
    /// The attachment.
    id: Uuid,
    /// The required attachment that it is, by the category's code.
    #[schema(max_length = 64)]
    code: Option<String>,
    /// The members of the form that it bears out, as JSON pointers below it.
    #[schema(value_type = Vec<crate::application::office::FormPointer>, max_items = 20)]
    pointers: Vec<String>,
    /// Its name.
    #[schema(max_length = 255)]
    name: String,
    /// Its bytes.
    #[schema(minimum = 1, maximum = 2147483648_i64)]
    size: u64,
    /// Its SHA-256 in hexadecimal digits.
    #[schema(max_length = 64)]
    sha256: String,
}

impl From<&Attached> for AttachedView {
    fn from(of: &Attached) -> Self {
        Self {
            id: of.id,
            code: of.code.clone(),
            pointers: of.pointers.clone(),
            name: of.name.clone(),
            size: of.size,
            sha256: of.digest.clone(),
        }
    }
}

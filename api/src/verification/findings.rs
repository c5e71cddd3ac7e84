//! What site visits find of stated deeds, as clients see it (D-504).

use pingxuan_domain::verification::finding::{Finding, FindingVerdict};
use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use crate::application::office::FormPointer;
use crate::enums;

/// What was found of one deed that the application states. It says nothing of the points: people judge.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitFinding {
    /// The deed: its place in the form, where something stands; each is named once.
    #[schema(value_type = FormPointer)]
    pointer: String,
    /// The number of the criterion that it bears on; left out where the place is named after it, as `/deeds/criterion_1` is.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1000)]
    criterion: Option<u32>,
    /// What is said of it.
    #[schema(value_type = enums::FindingVerdict)]
    verdict: FindingVerdict,
    /// What was seen.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000)]
    note: Option<String>,
    /// The application's attachments that show it.
    #[serde(default)]
    #[schema(max_items = 100)]
    attachment_ids: Vec<Uuid>,
    /// Those of the visit's photos that show it, by their SHA-256.
    #[serde(default)]
    #[schema(value_type = Vec<PhotoDigest>, max_items = 100)]
    photos: Vec<String>,
}

/// The digest of a photo.
#[derive(Debug)]
pub struct PhotoDigest;

impl PartialSchema for PhotoDigest {
    fn schema() -> RefOr<Schema> {
        let digest = ObjectBuilder::new()
            .description(Some("SHA-256 of a photo"))
            .schema_type(Type::String)
            .pattern(Some("^[0-9a-f]{64}$"));
        digest.min_length(Some(64)).max_length(Some(64)).into()
    }
}

impl ToSchema for PhotoDigest {}

impl From<VisitFinding> for Finding {
    fn from(sent: VisitFinding) -> Self {
        let VisitFinding { pointer, criterion, verdict, note, attachment_ids, photos } = sent;
        Self { pointer, criterion, verdict, note, attachment_ids, photos }
    }
}

impl From<Finding> for VisitFinding {
    fn from(finding: Finding) -> Self {
        let Finding { pointer, criterion, verdict, note, attachment_ids, photos } = finding;
        Self { pointer, criterion, verdict, note, attachment_ids, photos }
    }
}

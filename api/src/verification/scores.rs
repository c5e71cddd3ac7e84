//! What a supervisor says of one criterion, and to what that refers, as clients see it (D-504, D-604).

use pingxuan_domain::review::scoring::Points;
use pingxuan_domain::verification::finding::FindingReference;
use pingxuan_domain::verification::score_sheet::CriterionScore;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::application::office::FormPointer;

/// What a supervisor says of one criterion.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CriterionScoreIn {
    /// The criterion's number.
    #[schema(minimum = 1, maximum = 1000)]
    criterion: u32,
    /// Points, 0 to 100 in steps of 0.5; null while it is not judged.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 5, pattern = r"^(100(\.0)?|[0-9]{1,2}(\.[05])?)$")]
    points: Option<Points>,
    /// It cannot be judged; then there are no points.
    #[serde(default)]
    cannot_judge: bool,
    /// The reason; a sheet is submitted with one for each criterion.
    #[serde(default)]
    #[schema(max_length = 1000)]
    reason: String,
    /// What was found that would bar the nominee, apart from the points.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000)]
    veto_finding: Option<String>,
    /// The findings of site visits to which the reason refers.
    #[serde(default)]
    #[schema(max_items = 100)]
    findings: Vec<FoundReference>,
    /// The application's attachments to which it refers.
    #[serde(default)]
    #[schema(max_items = 100)]
    attachment_ids: Vec<Uuid>,
}

/// A finding to which a score refers.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FoundReference {
    /// The site visit.
    site_visit_id: Uuid,
    /// The deed: its place in the form.
    #[schema(value_type = FormPointer)]
    pointer: String,
}

impl From<CriterionScore> for CriterionScoreIn {
    fn from(score: CriterionScore) -> Self {
        let CriterionScore {
            criterion,
            points,
            cannot_judge,
            reason,
            veto_finding,
            findings,
            attachment_ids,
        } = score;
        let findings = findings.into_iter().map(FoundReference::from).collect();
        Self { criterion, points, cannot_judge, reason, veto_finding, findings, attachment_ids }
    }
}

impl From<CriterionScoreIn> for CriterionScore {
    fn from(sent: CriterionScoreIn) -> Self {
        let CriterionScoreIn {
            criterion,
            points,
            cannot_judge,
            reason,
            veto_finding,
            findings,
            attachment_ids,
        } = sent;
        let findings = findings.into_iter().map(FindingReference::from).collect();
        Self { criterion, points, cannot_judge, reason, veto_finding, findings, attachment_ids }
    }
}

impl From<FoundReference> for FindingReference {
    fn from(sent: FoundReference) -> Self {
        let FoundReference { site_visit_id, pointer } = sent;
        Self { site_visit_id, pointer }
    }
}

impl From<FindingReference> for FoundReference {
    fn from(reference: FindingReference) -> Self {
        let FindingReference { site_visit_id, pointer } = reference;
        Self { site_visit_id, pointer }
    }
}

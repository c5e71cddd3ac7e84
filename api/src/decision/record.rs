//! 审定记录: the record that is embedded in every decision (D-707).

use pingxuan_domain::decision::{DecisionRecord, Recused};
use pingxuan_domain::{Day, Instant, Refused};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A decision of which its record says all.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionIn {
    /// The record of the decision.
    decision: DecisionRecordBody,
}

impl DecisionIn {
    /// The record, if it is complete.
    ///
    /// # Errors
    /// [`Refused::Invalid`] with everything that is missing or wrong in it.
    pub fn complete(self, now: Instant) -> Result<DecisionRecord, Refused> {
        let decision = DecisionRecord::from(self.decision);
        Refused::unless_valid(decision.faults(now))?;
        Ok(decision)
    }
}

/// The document by which something was decided, as everyone is told of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentView {
    /// Its number.
    #[schema(max_length = 100)]
    document_number: String,
    /// The day of the decision.
    #[schema(value_type = String, format = Date)]
    decided_on: Day,
}

impl From<&DecisionRecord> for DocumentView {
    fn from(record: &DecisionRecord) -> Self {
        Self { document_number: record.document_number.clone(), decided_on: record.decided_on }
    }
}

/// 审定记录: the record that is embedded in a decision (D-707).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DecisionRecord)]
pub struct DecisionRecordBody {
    /// The document's number, 兴府字〔2023〕1号 for example; several lists may share one.
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    document_number: String,
    /// The day of the decision; not in the future.
    #[schema(value_type = String, format = Date)]
    decided_on: Day,
    /// The meeting that decided.
    #[schema(min_length = 1, max_length = 200, pattern = r"\S")]
    meeting: String,
    /// Who was present.
    #[schema(min_items = 1, max_items = 200)]
    present: Vec<String>,
    /// Who was recused, and why; nobody of them was present.
    #[serde(default)]
    #[schema(max_items = 200)]
    recused: Vec<RecusedBody>,
    /// The reasons of the decision.
    #[schema(min_length = 1, max_length = 4000, pattern = r"\S")]
    reasons: String,
}

/// Someone who took no part in a decision.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Recused)]
pub struct RecusedBody {
    /// Name.
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    name: String,
    /// Why.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S")]
    reason: String,
}

impl From<DecisionRecordBody> for DecisionRecord {
    fn from(sent: DecisionRecordBody) -> Self {
        let recused = |recused: RecusedBody| Recused { name: recused.name, reason: recused.reason };
        Self {
            document_number: sent.document_number,
            decided_on: sent.decided_on,
            meeting: sent.meeting,
            present: sent.present,
            recused: sent.recused.into_iter().map(recused).collect(),
            reasons: sent.reasons,
        }
    }
}

impl From<&DecisionRecord> for DecisionRecordBody {
    fn from(record: &DecisionRecord) -> Self {
        let recused = |of: &Recused| RecusedBody { name: of.name.clone(), reason: of.reason.clone() };
        Self {
            document_number: record.document_number.clone(),
            decided_on: record.decided_on,
            meeting: record.meeting.clone(),
            present: record.present.clone(),
            recused: record.recused.iter().map(recused).collect(),
            reasons: record.reasons.clone(),
        }
    }
}

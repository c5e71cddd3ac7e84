//! 异议: what someone holds against a candidate, from filing to answer (D-705, D-706).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::campaign::definition::code_enum;
use crate::time::Instant;
use crate::workflow::objection::ObjectionState;

code_enum! {
    /// What follows for the candidate from an objection that was upheld in part.
    Consequence {
        /// The candidate stays.
        Keep,
        /// The candidate is to be disqualified.
        Disqualify,
    }
}

/// Who objects, where they give their name: it is sealed, and opened to the investigator alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Objector {
    /// Name.
    pub name: String,
    /// Where they are from.
    pub unit: Option<String>,
    /// Telephone, so that the answer can be reported.
    pub phone: String,
}

/// An objection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// Its id.
    pub id: Uuid,
    /// The notice against which it is filed.
    pub notice_id: Uuid,
    /// The notice's list.
    pub shortlist_id: Uuid,
    /// The campaign.
    pub campaign_id: Uuid,
    /// The category.
    pub category_code: String,
    /// The candidate whom it concerns; none where it concerns the list as a whole.
    pub application_id: Option<Uuid>,
    /// Digest of the receipt code; the code itself is with the objector alone.
    pub receipt_digest: String,
    /// Who objects, sealed; none where the objection is anonymous.
    pub objector: Option<Vec<u8>>,
    /// What is held against the candidate.
    pub content: String,
    /// What proves it.
    pub evidence: Vec<String>,
    /// It came after the notice's period.
    pub late: bool,
    /// Where it stands.
    pub state: ObjectionState,
    /// Who investigates.
    pub investigator_id: Option<Uuid>,
    /// What the investigation found; for the house.
    pub findings: Option<String>,
    /// What the objector is answered.
    pub answer: Option<String>,
    /// What follows for the candidate, where it was upheld in part.
    pub consequence: Option<Consequence>,
    /// Grows with every change.
    pub version: i64,
    /// When it was filed.
    pub filed_at: Instant,
    /// When it was answered.
    pub resolved_at: Option<Instant>,
    /// When it last changed.
    pub updated_at: Instant,
}

/// Whether an answered objection obliges the office to disqualify the candidate (D-706).
#[must_use]
pub fn obliges(state: ObjectionState, consequence: Option<Consequence>) -> bool {
    match state {
        ObjectionState::Upheld => true,
        ObjectionState::Partly => consequence == Some(Consequence::Disqualify),
        ObjectionState::Filed | ObjectionState::Investigating | ObjectionState::Rejected => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    #[test]
    fn d_706_what_is_upheld_obliges_and_what_is_upheld_in_part_as_it_was_chosen() {
        let obliging: Vec<_> = ObjectionState::iter()
            .flat_map(|state| {
                [None, Some(Consequence::Keep), Some(Consequence::Disqualify)].map(|of| (state, of))
            })
            .filter(|(state, consequence)| obliges(*state, *consequence))
            .collect();
        assert_eq!(
            obliging,
            [
                (ObjectionState::Upheld, None),
                (ObjectionState::Upheld, Some(Consequence::Keep)),
                (ObjectionState::Upheld, Some(Consequence::Disqualify)),
                (ObjectionState::Partly, Some(Consequence::Disqualify)),
            ]
        );
    }
}

//! 异议: what someone holds against a candidate, from filing to answer (D-705, D-706).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::campaign::definition::code_enum;
use crate::decision::PublicNotice;
use crate::error::{ErrorCode, Fault, Refused};
use crate::operation::Operation;
use crate::time::Instant;
use crate::workflow;
use crate::workflow::objection::{ObjectionFlow, ObjectionState};
use crate::workflow::public_notice::NoticeState;

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
    /// Why that was chosen.
    pub consequence_reason: Option<String>,
    /// Grows with every change.
    pub version: i64,
    /// When it was filed.
    pub filed_at: Instant,
    /// When it was answered.
    pub resolved_at: Option<Instant>,
    /// When it last changed.
    pub updated_at: Instant,
}

/// What an investigation comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// Upheld, upheld in part, or rejected.
    pub outcome: ObjectionState,
    /// The candidate whom it concerns, where the objection named none.
    pub application_id: Option<Uuid>,
    /// What the investigation found; for the house.
    pub findings: String,
    /// What the objector is answered.
    pub answer: String,
    /// What follows for the candidate, where it is upheld in part.
    pub consequence: Option<Consequence>,
    /// Why that was chosen.
    pub consequence_reason: Option<String>,
}

impl Resolution {
    /// Everything that is wrong with it as the answer to an objection against this notice (D-706).
    #[must_use]
    pub fn faults(&self, objection: &Objection, notice: &PublicNotice) -> Vec<Fault> {
        let mut faults: Vec<Fault> = match (objection.application_id, self.application_id) {
            (Some(filed), Some(named)) if filed != named => {
                vec![Fault::at("/application_id", ErrorCode::ObjectionNamesAnother)]
            }
            (_, named) => candidate_fault(notice, named).into_iter().collect(),
        };
        let upheld = matches!(self.outcome, ObjectionState::Upheld | ObjectionState::Partly);
        if upheld && objection.application_id.or(self.application_id).is_none() {
            faults.push(Fault::at("/application_id", ErrorCode::Required));
        }
        let chosen = [
            ("/consequence", self.consequence.is_some()),
            ("/consequence_reason", self.consequence_reason.is_some()),
        ];
        let asked = self.outcome == ObjectionState::Partly;
        let code = if asked { ErrorCode::Required } else { ErrorCode::ConsequenceNotAsked };
        faults.extend(
            chosen.into_iter().filter(|(_, given)| *given != asked).map(|(at, _)| Fault::at(at, code)),
        );
        faults
    }
}

/// What is wrong with naming a candidate of a notice: it stands in it, or nobody is named.
#[must_use]
pub fn candidate_fault(notice: &PublicNotice, application_id: Option<Uuid>) -> Option<Fault> {
    let named = application_id?;
    let shown = notice.content.entries.iter().any(|entry| entry.application_id == named);
    (!shown).then(|| Fault::at("/application_id", ErrorCode::EntryUnknown))
}

/// Whether what is filed now against a notice comes after its period (D-705).
#[must_use]
pub fn is_late(notice: &PublicNotice, now: Instant) -> bool {
    now >= notice.closes_at || notice.state != NoticeState::Published
}

impl Objection {
    /// The same, given to somebody to investigate.
    ///
    /// # Errors
    /// [`Refused::Illegal`] where its state does not know the assignment.
    pub fn assigned(self, investigator_id: Uuid, now: Instant) -> Result<Self, Refused> {
        let state = workflow::next::<ObjectionFlow>(self.state, Operation::AssignObjection)?;
        let version = self.version + 1;
        Ok(Self { state, investigator_id: Some(investigator_id), version, updated_at: now, ..self })
    }

    /// The same, answered.
    ///
    /// # Errors
    /// [`Refused::Illegal`] where its state does not know the outcome.
    pub fn resolved(self, resolution: Resolution, now: Instant) -> Result<Self, Refused> {
        let operation = Operation::ResolveObjection;
        let outcome = resolution.outcome.into();
        let state = workflow::target::<ObjectionFlow>(Some(self.state), operation, outcome)?;
        Ok(Self {
            state: state.unwrap_or(self.state),
            application_id: self.application_id.or(resolution.application_id),
            findings: Some(resolution.findings),
            answer: Some(resolution.answer),
            consequence: resolution.consequence,
            consequence_reason: resolution.consequence_reason,
            version: self.version + 1,
            resolved_at: Some(now),
            updated_at: now,
            ..self
        })
    }
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

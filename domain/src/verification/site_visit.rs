//! The site visit: one trip to one nominee, with at least two participants (D-601).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{ErrorCode, Fault};
use crate::time::{Day, Instant};
use crate::workflow;
use crate::workflow::campaign::CampaignState;

/// Someone who takes part without scoring: office staff, for example.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// Name.
    pub name: String,
    /// Where they are from.
    pub affiliation: Option<String>,
}

/// A photo taken on the trip; the file itself stays with whoever took it until attachments can be uploaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Photo {
    /// File name.
    pub file_name: String,
    /// SHA-256 of the file, 64 hexadecimal digits.
    pub sha256: String,
}

/// The visited unit's word on the visit; a participant takes it down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitWord {
    /// Whether the unit confirms or dissents.
    pub verdict: Verdict,
    /// Who spoke for the unit.
    pub spoken_by: String,
    /// Why it dissents.
    pub reason: Option<String>,
}

crate::campaign::definition::code_enum! {
    /// What the visited unit says of the visit.
    Verdict {
        /// It confirms.
        Confirms,
        /// It dissents, with a reason.
        Dissents,
    }
}

/// What a site visit is made of, for its rules.
#[derive(Clone, Debug)]
pub struct VisitFacts<'a> {
    /// Now.
    pub now: Instant,
    /// The day of the trip.
    pub visited_on: Day,
    /// The supervisors who took part.
    pub supervisors: &'a [Uuid],
    /// Those of them who are assigned to the application, confirmed or cleared.
    pub assigned: &'a [Uuid],
    /// The others who took part.
    pub others: &'a [Participant],
    /// The visited unit's word.
    pub unit_word: Option<&'a UnitWord>,
    /// The supervisor who records it, where it is not the office.
    pub recorder: Option<Uuid>,
}

/// Everything that is wrong with a site visit as it is recorded.
#[must_use]
pub fn faults(visit: &VisitFacts<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    if visit.visited_on > visit.now.day() {
        faults.push(Fault::at("/visited_on", ErrorCode::NotInThePast));
    }
    let participants = visit.supervisors.len() + visit.others.len();
    if participants < 2 || visit.assigned.is_empty() {
        faults.push(
            Fault::at("/supervisor_ids", ErrorCode::ParticipantsMissing).with("participants", participants),
        );
    }
    if visit.recorder.is_some_and(|recorder| !visit.supervisors.contains(&recorder)) {
        faults.push(Fault::at("/supervisor_ids", ErrorCode::NotAParticipant));
    }
    let dissents = visit.unit_word.filter(|word| word.verdict == Verdict::Dissents);
    if dissents.is_some_and(|word| word.reason.as_deref().unwrap_or("").trim().is_empty()) {
        faults.push(Fault::at("/unit_word/reason", ErrorCode::DissentNeedsReason));
    }
    faults
}

/// What stands in the way of recording a visit: it is recorded while the campaign verifies, and those whose submitted
/// sheets rest on it stay among its participants, at the same application. `kept` says whether they do.
#[must_use]
pub fn blockers(phase: CampaignState, kept: bool) -> Vec<Fault> {
    let mut faults = workflow::phase_fault(phase, CampaignState::Verifying);
    if !kept {
        faults.push(Fault::new(ErrorCode::VisitRecordInUse));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_601_a_trip_has_two_participants_one_of_them_an_assigned_supervisor() {
        let supervisor = Uuid::from_u128(1);
        let other = [Participant { name: "办公室干部".into(), affiliation: None }];
        let day: Day = "2023-01-10".parse().unwrap();
        let visit = |supervisors: &[Uuid], assigned: &[Uuid], others: &[Participant]| {
            let facts = VisitFacts {
                now: day.start(),
                visited_on: day,
                supervisors,
                assigned,
                others,
                unit_word: None,
                recorder: Some(supervisor),
            };
            faults(&facts).into_iter().map(|fault| fault.code).collect::<Vec<_>>()
        };
        assert_eq!(visit(&[supervisor], &[supervisor], &other), []);
        assert_eq!(visit(&[supervisor], &[supervisor], &[]), [ErrorCode::ParticipantsMissing]);
        assert_eq!(visit(&[supervisor], &[], &other), [ErrorCode::ParticipantsMissing]);
        let someone_else = [Uuid::from_u128(2), Uuid::from_u128(3)];
        assert_eq!(visit(&someone_else, &someone_else, &[]), [ErrorCode::NotAParticipant]);
    }

    #[test]
    fn d_601_a_dissent_says_why_and_no_trip_lies_ahead() {
        let supervisor = [Uuid::from_u128(1), Uuid::from_u128(2)];
        let day: Day = "2023-01-10".parse().unwrap();
        let word =
            UnitWord { verdict: Verdict::Dissents, spoken_by: "镇长".into(), reason: Some(" ".into()) };
        let facts = VisitFacts {
            now: day.start().plus_millis(-1),
            visited_on: day,
            supervisors: &supervisor,
            assigned: &supervisor,
            others: &[],
            unit_word: Some(&word),
            recorder: None,
        };
        let codes: Vec<_> = faults(&facts).into_iter().map(|fault| fault.code).collect();
        assert_eq!(codes, [ErrorCode::NotInThePast, ErrorCode::DissentNeedsReason]);
    }
}

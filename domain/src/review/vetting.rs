//! 征求意见/联审: what departments say of a candidate before the notice (D-702).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::campaign::definition::{Category, Silence};
use crate::error::{ErrorCode, Fault};
use crate::time::{Day, Instant};
use crate::workflow::vetting_request::VettingState;

/// One department is asked about one candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VettingRequest {
    /// Its id.
    pub id: Uuid,
    /// The campaign.
    pub campaign_id: Uuid,
    /// The candidate.
    pub application_id: Uuid,
    /// The department that is asked.
    pub department_id: Uuid,
    /// Where it stands.
    pub state: VettingState,
    /// The last day for the answer.
    pub due_on: Day,
    /// Who asked.
    pub asked_by: Uuid,
    /// The department's answer.
    pub opinion: Option<Opinion>,
    /// How a concern was resolved.
    pub resolution: Option<Resolution>,
    /// Grows with every change.
    pub version: i64,
    /// When it was asked.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

/// What a department answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opinion {
    /// What it rests on; nothing where there is no objection.
    pub basis: Option<String>,
    /// The document that says so.
    pub document: Option<String>,
    /// Who answered for the department.
    pub given_by: Uuid,
    /// When.
    pub given_at: Instant,
}

/// How a concern was resolved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolution {
    /// What was looked into, and what came of it.
    pub text: String,
    /// Who resolved it.
    pub resolved_by: Uuid,
    /// When.
    pub resolved_at: Instant,
}

/// A request as the check of a list sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The department's code.
    pub department_code: String,
    /// The department's name.
    pub department_name: String,
    /// Where it stands.
    pub state: VettingState,
    /// The last day for the answer.
    pub due_on: Day,
}

/// What the vetting of one candidate still lacks: departments of the definition that were not asked or have not answered,
/// concerns that are not resolved, vetoes. A department is not asked about its own people.
#[must_use]
pub fn gaps(
    category: &Category,
    (nominee, nominee_unit_code): (&str, Option<&str>),
    asked: &[Asked],
    now: Instant,
) -> Vec<Fault> {
    let named =
        |code, department: &str| Fault::new(code).with("nominee", nominee).with("department", department);
    let wanted = category.vetting_departments.value.iter();
    let not_asked = wanted
        .filter(|code| Some(code.as_str()) != nominee_unit_code)
        .filter(|code| asked.iter().all(|asked| asked.department_code != **code))
        .map(|code| named(ErrorCode::VettingMissing, code));
    let silent = category.vetting_silence.value;
    let unfinished = asked.iter().filter_map(|asked| {
        let code = match asked.state {
            VettingState::NoObjection | VettingState::Resolved => return None,
            VettingState::Requested if silent == Silence::Consents && now >= asked.due_on.end() => {
                return None;
            }
            VettingState::Requested => ErrorCode::VettingOpen,
            VettingState::Concern => ErrorCode::VettingConcernOpen,
            VettingState::Veto => ErrorCode::VettingVeto,
        };
        Some(named(code, &asked.department_name))
    });
    not_asked.chain(unfinished).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::definition::Definition;

    fn category(silence: Silence) -> Category {
        let text = include_str!("../../../campaigns/xingguo-2022.json");
        let definition: Definition = serde_json::from_str(text).unwrap();
        let mut category = definition.category("advanced_collective").unwrap().clone();
        category.vetting_departments.value = vec!["A".into(), "B".into()];
        category.vetting_silence.value = silence;
        category
    }

    fn codes(
        silence: Silence,
        unit: Option<&str>,
        asked: &[(&str, VettingState)],
        now: Instant,
    ) -> Vec<ErrorCode> {
        let asked: Vec<Asked> = asked
            .iter()
            .map(|(code, state)| Asked {
                department_code: (*code).into(),
                department_name: (*code).into(),
                state: *state,
                due_on: "2023-01-10".parse().unwrap(),
            })
            .collect();
        gaps(&category(silence), ("某单位", unit), &asked, now).into_iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn d_702_every_department_is_asked_and_every_answer_is_in() {
        use VettingState as S;
        let due = "2023-01-10".parse::<Day>().unwrap().end();
        let before = due.plus_millis(-1);
        let all = |asked: &[(&str, S)]| codes(Silence::Blocks, None, asked, before);
        assert_eq!(all(&[]), [ErrorCode::VettingMissing; 2]);
        assert_eq!(all(&[("A", S::NoObjection), ("B", S::Resolved)]), []);
        assert_eq!(
            all(&[("A", S::Concern), ("B", S::Veto)]),
            [ErrorCode::VettingConcernOpen, ErrorCode::VettingVeto]
        );
        assert_eq!(all(&[("A", S::Requested), ("B", S::NoObjection)]), [ErrorCode::VettingOpen]);
        // One more than the definition asks for counts as well.
        assert_eq!(
            all(&[("A", S::NoObjection), ("B", S::NoObjection), ("C", S::Concern)]),
            [ErrorCode::VettingConcernOpen]
        );
        // A department says nothing of its own people.
        assert_eq!(codes(Silence::Blocks, Some("B"), &[("A", S::NoObjection)], before), []);
    }

    #[test]
    fn d_702_silence_is_what_the_definition_says_once_the_day_is_over() {
        let asked = [("A", VettingState::Requested), ("B", VettingState::NoObjection)];
        let due = "2023-01-10".parse::<Day>().unwrap().end();
        let at = |silence, now| codes(silence, None, &asked, now);
        assert_eq!(at(Silence::Consents, due.plus_millis(-1)), [ErrorCode::VettingOpen]);
        assert_eq!(at(Silence::Consents, due), []);
        assert_eq!(at(Silence::Blocks, due), [ErrorCode::VettingOpen]);
    }
}

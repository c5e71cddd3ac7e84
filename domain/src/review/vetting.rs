//! 征求意见/联审: what departments say of a candidate before the notice (D-702).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::campaign::definition::{Category, Definition, Silence};
use crate::county::Unit;
use crate::error::{ErrorCode, Fault, Refused};
use crate::operation::Operation;
use crate::policy::{Reach, Visibility};
use crate::step::{Audience, ObjectKind, Step};
use crate::time::{Day, Instant};
use crate::workflow;
use crate::workflow::vetting_request::{VettingFlow, VettingState};

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

impl VettingRequest {
    /// The step by which it was asked or has moved. Who is a candidate is the house's business until the notice (D-403).
    #[must_use]
    pub fn step(&self, operation: Operation, from: Option<VettingState>) -> Step {
        Step::of(operation, ObjectKind::VettingRequest, self.id, self.updated_at)
            .in_campaign(self.campaign_id)
            .states(from, Some(self.state))
            .to_audience(Audience::Insiders)
    }

    /// This request with the department's answer: one of the outcomes of `record_vetting_opinion`.
    ///
    /// # Errors
    /// [`Refused::Illegal`] where it was answered before, or where the outcome is no answer.
    pub fn answered(self, outcome: VettingState, opinion: Opinion, now: Instant) -> Result<Self, Refused> {
        let moved = self.moved(Operation::RecordVettingOpinion, outcome.into(), now)?;
        Ok(Self { opinion: Some(opinion), ..moved })
    }

    /// This request with its concern resolved.
    ///
    /// # Errors
    /// [`Refused::Illegal`] where there is no concern to resolve.
    pub fn resolved(self, resolution: Resolution, now: Instant) -> Result<Self, Refused> {
        let moved = self.moved(Operation::ResolveVettingConcern, "", now)?;
        Ok(Self { resolution: Some(resolution), ..moved })
    }

    fn moved(mut self, operation: Operation, outcome: &str, now: Instant) -> Result<Self, Refused> {
        if let Some(to) = workflow::target::<VettingFlow>(Some(self.state), operation, outcome)? {
            self.state = to;
        }
        self.version += 1;
        self.updated_at = now;
        Ok(self)
    }

    /// Whether it is within one of the caller's reaches. The repository's condition for pages says the same in SQL.
    #[must_use]
    pub fn within(&self, visibility: &Visibility) -> bool {
        let asked = visibility.actor().and_then(|actor| actor.unit_id) == Some(self.department_id);
        visibility.has(Reach::All) || (visibility.has(Reach::Own) && asked)
    }
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

impl Opinion {
    /// What is missing in it: who objects says why, and by which document (D-702).
    #[must_use]
    pub fn faults(&self, outcome: VettingState) -> Vec<Fault> {
        if outcome == VettingState::NoObjection {
            return vec![];
        }
        let said = [("/basis", &self.basis), ("/document", &self.document)];
        let missing = said.into_iter().filter(|(_, said)| said.is_none());
        missing.map(|(pointer, _)| Fault::at(pointer, ErrorCode::Required)).collect()
    }
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

/// The departments that are still to be asked about a candidate: once each, and none about its own people.
pub fn to_ask<'a>(
    departments: &'a [Unit],
    nominee_unit_code: Option<&'a str>,
    asked: &'a [Asked],
) -> impl Iterator<Item = &'a Unit> {
    let own = move |department: &&Unit| Some(department.code.as_str()) != nominee_unit_code;
    let new = |department: &&Unit| asked.iter().all(|asked| asked.department_code != department.code);
    departments.iter().filter(own).filter(new)
}

/// The codes of all departments that a definition asks.
pub fn departments_named(definition: &Definition) -> impl Iterator<Item = &str> {
    definition.categories.iter().flat_map(|category| &category.vetting_departments.value).map(String::as_str)
}

/// Departments that a definition asks and that are no active units among these, each pointing below `/definition`.
#[must_use]
pub fn unknown_departments(definition: &Definition, units: &[Unit]) -> Vec<Fault> {
    let known = |code: &String| units.iter().any(|unit| unit.active && unit.code == *code);
    let unknown = definition.categories.iter().enumerate().flat_map(|(at, category)| {
        let codes = category.vetting_departments.value.iter().enumerate();
        codes.filter(|(_, code)| !known(code)).map(move |(place, _)| {
            let pointer = format!("/definition/categories/{at}/vetting_departments/value/{place}");
            Fault::at(pointer, ErrorCode::UnknownReference)
        })
    });
    unknown.collect()
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
    use crate::Role;
    use crate::campaign::definition::UnitKind;
    use crate::policy::Actor;
    use crate::samples::{ACCOUNT, UNIT, actor, visibility};

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

    fn unit(code: &str, active: bool) -> Unit {
        Unit {
            id: UNIT,
            code: code.into(),
            kind: UnitKind::Department,
            name: String::new(),
            short_name: String::new(),
            active,
            place: Default::default(),
            version: 1,
            created_at: Instant::default(),
            updated_at: Instant::default(),
        }
    }

    #[test]
    fn d_702_a_department_is_asked_once_and_never_about_its_own_people() {
        let departments = ["A", "B", "C"].map(|code| unit(code, true));
        let asked = Asked {
            department_code: "C".into(),
            department_name: "C".into(),
            state: VettingState::NoObjection,
            due_on: "2023-01-10".parse().unwrap(),
        };
        let codes = |own, asked: &[Asked]| -> Vec<String> {
            to_ask(&departments, own, asked).map(|department| department.code.clone()).collect()
        };
        assert_eq!(codes(None, &[]), ["A", "B", "C"]);
        assert_eq!(codes(Some("B"), std::slice::from_ref(&asked)), ["A"]);
        assert_eq!(codes(None, &[asked]), ["A", "B"]);
    }

    fn request() -> VettingRequest {
        VettingRequest {
            id: Uuid::from_u128(1),
            campaign_id: Uuid::from_u128(2),
            application_id: Uuid::from_u128(6),
            department_id: UNIT,
            state: VettingState::Requested,
            due_on: "2023-01-10".parse().unwrap(),
            asked_by: ACCOUNT,
            opinion: None,
            resolution: None,
            version: 1,
            created_at: Instant::default(),
            updated_at: Instant::default(),
        }
    }

    #[test]
    fn d_702_who_objects_says_why_and_by_which_document() {
        let silent =
            Opinion { basis: None, document: None, given_by: Uuid::nil(), given_at: Instant::default() };
        let said =
            Opinion {
                basis: Some("有待核实".into()), document: Some("函1号".into()), ..silent.clone()
            };
        assert_eq!(silent.faults(VettingState::NoObjection), []);
        for outcome in [VettingState::Concern, VettingState::Veto] {
            let pointers: Vec<_> =
                silent.faults(outcome).into_iter().filter_map(|fault| fault.pointer).collect();
            assert_eq!(pointers, ["/basis", "/document"]);
            assert_eq!(said.faults(outcome), []);
        }
    }

    #[test]
    fn d_702_an_answer_and_a_resolution_are_kept() {
        let now = Instant::from_millis(1);
        let opinion = Opinion {
            basis: Some("有待核实".into()),
            document: Some("函1号".into()),
            given_by: ACCOUNT,
            given_at: now,
        };
        let answered = request().answered(VettingState::Concern, opinion.clone(), now).unwrap();
        assert_eq!(
            (answered.state, &answered.opinion, answered.version),
            (VettingState::Concern, &Some(opinion), 2)
        );
        assert!(
            answered
                .clone()
                .answered(VettingState::NoObjection, answered.opinion.clone().unwrap(), now)
                .is_err()
        );
        let resolution = Resolution { text: "已核实".into(), resolved_by: ACCOUNT, resolved_at: now };
        let resolved = answered.resolved(resolution.clone(), now).unwrap();
        assert_eq!((resolved.state, resolved.resolution), (VettingState::Resolved, Some(resolution.clone())));
        assert!(request().resolved(resolution, now).is_err());
    }

    #[test]
    fn d_702_a_department_sees_what_it_is_asked_and_the_house_all() {
        let request = request();
        let within = |role, unit_id| {
            let asking = Actor { unit_id, ..actor(&[role]) };
            request.within(&visibility(asking, Operation::ListVettingRequests))
        };
        assert!(within(Role::Unit, Some(UNIT)) && within(Role::Office, None));
        assert!(!within(Role::Unit, Some(Uuid::from_u128(77))));
    }

    #[test]
    fn d_702_the_departments_of_a_definition_are_active_units() {
        let text = include_str!("../../../campaigns/xingguo-2022.json");
        let mut definition: Definition = serde_json::from_str(text).unwrap();
        let codes: Vec<String> = vec!["A".into(), "B".into(), "C".into()];
        definition.categories[1].vetting_departments.value = codes;
        assert_eq!(departments_named(&definition).collect::<Vec<_>>(), ["A", "B", "C"]);
        let faults = unknown_departments(&definition, &[unit("A", true), unit("B", false)]);
        let pointers: Vec<_> = faults.into_iter().filter_map(|fault| fault.pointer).collect();
        let base = "/definition/categories/1/vetting_departments/value";
        assert_eq!(pointers, [format!("{base}/1"), format!("{base}/2")]);
    }
}

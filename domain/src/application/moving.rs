//! What a decision on a list does to the applications of its category, all at once (D-401, D-403).

use serde_json::{Value, json};

use super::Application;
use crate::county::Supervisor;
use crate::error::Refused;
use crate::operation::Operation;
use crate::step::{Audience, Change, ObjectKind, Step};
use crate::time::Instant;

/// Applications as they stand now, with the steps that took them there.
pub type Moved = (Vec<Application>, Vec<Step>);

/// Moves applications along rows of their table. `outcome` says which end the operation has for each, and why.
///
/// # Errors
/// [`Refused::Illegal`] where the table has no such row.
pub fn move_all(
    applications: Vec<Application>,
    operation: Operation,
    audience: Audience,
    now: Instant,
    outcome: impl Fn(&Application) -> (&'static str, Option<String>),
) -> Result<Moved, Refused> {
    let mut moved = Vec::with_capacity(applications.len());
    let mut steps = Vec::with_capacity(applications.len());
    for application in applications {
        let (from, shown) = (application.state, application.shown_state);
        let (outcome, reason) = outcome(&application);
        let application = application.moved(operation, outcome, audience, now)?;
        let step = |from, audience| {
            let step = step_of(&application, operation, now).states(Some(from), Some(application.state));
            step.because(reason.clone()).to_audience(audience)
        };
        // Those outside the house who saw it elsewhere learn of the move from there (D-403).
        if audience == Audience::Everyone && shown != from {
            steps.extend([step(from, Audience::Insiders), step(shown, Audience::Outsiders)]);
        } else {
            steps.push(step(from, audience));
        }
        moved.push(application);
    }
    Ok((moved, steps))
}

/// Makes known to those outside the house where applications stand; those of which they know already stay as they are.
#[must_use]
pub fn reveal_all(applications: Vec<Application>, operation: Operation, now: Instant) -> Moved {
    let hidden = applications.into_iter().filter(|application| application.shown_state != application.state);
    let reveal = |mut application: Application| {
        let step = step_of(&application, operation, now)
            .states(Some(application.shown_state), Some(application.state))
            .to_audience(Audience::Outsiders);
        application.reveal(now);
        (application, step)
    };
    hidden.map(reveal).unzip()
}

impl Application {
    /// Takes over what a supervisor's record says of the nominee, and tells what changed; the citizen ID the record's own step tells of.
    pub fn take_over(&mut self, supervisor: &Supervisor) -> Vec<Change> {
        let mut changed = Vec::new();
        let mut change = |pointer: &str, from: Value, to: Value| {
            if from != to {
                changed.push(Change { pointer: pointer.to_owned(), from, to });
            }
        };
        change("/nominee_name", json!(self.nominee_name), json!(supervisor.name));
        change("/nominee_post", json!(self.nominee_post), json!(supervisor.post));
        change("/is_leading_cadre", json!(self.is_leading_cadre), json!(supervisor.is_leading_cadre));
        change("/front_line", json!(self.front_line), json!(supervisor.front_line));
        let index = Some(&supervisor.citizen_index);
        change("/citizen_id_corrected", json!(false), json!(self.person_index.as_ref() != index));
        self.nominee_name.clone_from(&supervisor.name);
        self.nominee_post.clone_from(&supervisor.post);
        self.is_leading_cadre = supervisor.is_leading_cadre;
        self.front_line = supervisor.front_line;
        self.person_index = index.cloned();
        changed
    }
}

fn step_of(application: &Application, operation: Operation, now: Instant) -> Step {
    Step::of(operation, ObjectKind::Application, application.id, now).in_campaign(application.campaign_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::definition::NomineeKind;
    use crate::workflow::application::ApplicationState as S;
    use serde_json::Value;
    use uuid::Uuid;

    fn application(id: u128, state: S) -> Application {
        Application {
            id: Uuid::from_u128(id),
            campaign_id: Uuid::nil(),
            category_code: "demonstration_township".into(),
            nominee: NomineeKind::Unit,
            unit_id: None,
            supervisor_id: None,
            nominee_name: String::new(),
            nominee_post: None,
            is_leading_cadre: false,
            front_line: false,
            form: Value::Null,
            personal: None,
            person_index: None,
            content_digest: String::new(),
            attached: vec![],
            state,
            version: 7,
            shown_state: state,
            shown_version: 5,
            shown_updated_at: Instant::default(),
            entered_by_office: false,
            reason: None,
            rejection: None,
            correct_by: None,
            paper: None,
            handling: Default::default(),
            submitted_at: None,
            created_at: Instant::default(),
            updated_at: Instant::default(),
        }
    }

    fn seen(application: &Application) -> (S, i64, S, i64) {
        (application.state, application.version, application.shown_state, application.shown_version)
    }

    #[test]
    fn d_403_a_proposal_is_the_houses_own_until_the_notice_tells_all_others() {
        let now = Instant::from_millis(1);
        let verified = vec![application(1, S::Verified), application(2, S::Verified)];
        let outcome = |application: &Application| {
            (if application.id.as_u128() == 1 { "shortlisted" } else { "not_shortlisted" }, None)
        };
        let (moved, steps) =
            move_all(verified, Operation::ProposeShortlist, Audience::Insiders, now, outcome).unwrap();
        let states: Vec<_> = moved.iter().map(seen).collect();
        assert_eq!(states, [(S::Shortlisted, 8, S::Verified, 5), (S::NotShortlisted, 8, S::Verified, 5)]);
        assert!(
            steps.iter().all(|step| step.audience == Audience::Insiders && step.from == Some("verified"))
        );

        let known = application(3, S::Withdrawn);
        let (revealed, steps) = reveal_all([moved, vec![known]].concat(), Operation::PublishNotice, now);
        let states: Vec<_> = revealed.iter().map(seen).collect();
        assert_eq!(
            states,
            [(S::Shortlisted, 9, S::Shortlisted, 6), (S::NotShortlisted, 9, S::NotShortlisted, 6)]
        );
        let told: Vec<_> = steps.iter().map(|step| (step.from, step.to, step.audience)).collect();
        assert_eq!(told[0], (Some("verified"), Some("shortlisted"), Audience::Outsiders));
    }

    #[test]
    fn d_403_who_was_substituted_unseen_is_taken_back_unseen() {
        let unseen = Application { shown_state: S::NotShortlisted, ..application(1, S::Shortlisted) };
        let now = Instant::from_millis(1);
        let (moved, steps) =
            move_all(vec![unseen], Operation::ReturnShortlist, Audience::Everyone, now, |_| ("", None))
                .unwrap();
        assert_eq!(seen(&moved[0]), (S::Verified, 8, S::Verified, 6));
        let told: Vec<_> = steps.iter().map(|step| (step.from, step.to, step.audience)).collect();
        let to = Some("verified");
        assert_eq!(
            told,
            [
                (Some("shortlisted"), to, Audience::Insiders),
                (Some("not_shortlisted"), to, Audience::Outsiders)
            ]
        );
    }

    #[test]
    fn a_list_that_is_returned_takes_back_what_it_proposed_and_nothing_else() {
        let back = |state| {
            let moved = move_all(
                vec![application(1, state)],
                Operation::ReturnShortlist,
                Audience::Everyone,
                Instant::default(),
                |_| ("", Some("差额不足".into())),
            );
            moved.map(|(moved, steps)| (seen(&moved[0]), steps[0].reason.clone()))
        };
        assert_eq!(
            back(S::NotShortlisted).unwrap(),
            ((S::Verified, 8, S::Verified, 6), Some("差额不足".into()))
        );
        assert!(matches!(back(S::Withdrawn), Err(Refused::Illegal { .. })));
    }
}

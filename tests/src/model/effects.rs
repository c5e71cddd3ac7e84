//! What a step that was done leaves behind in the model's lists.

use pingxuan_domain::application::handling::{Check, Handling, Verdict};
use pingxuan_domain::application::moving::{move_all, reveal_all};
use pingxuan_domain::application::{Application, PaperReceipt};
use pingxuan_domain::campaign::definition::NomineeKind;
use pingxuan_domain::review::shortlist::first_choice;
use pingxuan_domain::review::{Entry, Shortlist};
use pingxuan_domain::step::Audience;
use pingxuan_domain::workflow::application::{ApplicationState as A, CHECKED};
use pingxuan_domain::workflow::assignment::AssignmentState;
use pingxuan_domain::workflow::campaign::CampaignState;
use pingxuan_domain::workflow::public_notice::NoticeState;
use pingxuan_domain::workflow::recusal::RecusalState;
use pingxuan_domain::workflow::score_sheet::ScoreSheetState;
use pingxuan_domain::workflow::shortlist::ShortlistState as L;
use pingxuan_domain::{Instant, Operation as O};
use serde_json::Value;
use uuid::Uuid;

use super::moves::{Kind, Step};
use super::{App, Bar, Duty, List, Model, Shown, Someone};
use crate::reply::Reply;

impl Model {
    /// What a step that was done leaves behind.
    pub(super) fn note(&mut self, step: &Step, reply: &Reply) {
        let now = self.now();
        let account = self.people.get(step.who).and_then(Someone::account);
        match &step.kind {
            Kind::Wait(_) | Kind::Hard(_) => {}
            Kind::Create { unit, category, person, leading } => {
                let who = self.people.get(step.who).expect("somebody");
                let unit = self.declaring(who, *unit);
                let app = self.begun((unit, *category, *person), *leading, account, reply);
                self.applications.push(app);
            }
            Kind::On(operation, at) => self.noted_on(*operation, *at, account, reply),
            Kind::Return { application, days } => {
                let day = now.day().plus_days(*days);
                self.moved(*application, O::ReturnApplication, "", |it| {
                    it.correct_by = Some(day);
                    it.handling.check = None;
                });
                self.compare(*application, reply);
            }
            Kind::Paper { application, stale } => {
                let app = self.applications.get_mut(*application).expect("an application");
                let digest = if *stale { "0".repeat(64) } else { app.it.content_digest.clone() };
                app.it.paper = Some(PaperReceipt {
                    copies: 2,
                    digest,
                    received_on: now.day(),
                    waived_reason: None,
                    recorded_by: account.unwrap_or_default(),
                    recorded_at: now,
                });
                app.it.touch(Audience::Everyone, now);
                self.compare(*application, reply);
            }
            Kind::Assign { application, supervisor } => {
                let application = self.applications.get(*application).expect("an application").it.id;
                self.planned((reply.id(), application), *supervisor);
            }
            Kind::Confirm => {
                for duty in self.duties.iter_mut().filter(|duty| duty.state == AssignmentState::Planned) {
                    duty.state = AssignmentState::Confirmed;
                }
            }
            Kind::Unassign(at) => {
                self.duties.remove(*at);
            }
            Kind::Declare(at) => {
                self.duties.get_mut(*at).expect("an assignment").state = AssignmentState::Cleared;
            }
            Kind::Visit(at) => {
                let duty = self.duties.get(*at).expect("an assignment");
                self.trips.push((duty.application, duty.supervisor));
            }
            Kind::Save { duty, halves } => {
                let scores = self.judged(self.duties.get(*duty).expect("an assignment"), *halves);
                let duty = self.duties.get_mut(*duty).expect("an assignment");
                duty.sheet = Some((ScoreSheetState::Draft, scores));
            }
            Kind::SubmitSheet(at) => self.sheet_submitted(*at),
            Kind::List(at) => self.listed(*at, reply, now),
            Kind::OnList(operation, at) => self.noted_on_list(*operation, *at, account, reply),
            Kind::Close { list, notice } => {
                let list = self.lists.get_mut(*list).expect("a list");
                list.notices.get_mut(*notice).expect("a notice").state = NoticeState::Closed;
            }
            Kind::Order(at) => {
                let ranking = self.shown_ranking(*at);
                if let Some(tie) = ranking.ties.first() {
                    self.orders.push((*at, tie.application_ids.clone()));
                }
            }
            Kind::Advance => self.advanced(reply),
            Kind::Cancel => self.phase = CampaignState::Cancelled,
        }
    }

    /// A supervisor is to score an application.
    pub(super) fn planned(&mut self, (id, application): (Uuid, Uuid), supervisor: usize) {
        self.duties.push(Duty { id, application, supervisor, state: AssignmentState::Planned, sheet: None });
    }

    /// The answer shows the application where the model has it.
    #[track_caller]
    pub(super) fn compare(&self, at: usize, reply: &Reply) {
        let it = &self.applications.get(at).expect("an application").it;
        assert!(reply.id() == it.id, "{reply}");
        let shown = reply.state();
        let (state, seen) = (it.state.to_string(), it.shown_state.to_string());
        assert!(shown == state || shown == seen, "{reply}\nand the model has it at {state}, shown {seen}");
    }

    fn begun(
        &self,
        (unit, category, person): (usize, usize, usize),
        leading: bool,
        account: Option<Uuid>,
        reply: &Reply,
    ) -> App {
        let category = self.definition.categories.get(category).expect("a category");
        let nominee = category.nominee.value;
        let of_person = nominee == NomineeKind::Person;
        let now = self.now();
        let it = Application {
            id: reply.id(),
            campaign_id: self.campaign,
            category_code: category.code.clone(),
            nominee,
            unit_id: self.units.get(unit).map(|unit| unit.id),
            supervisor_id: None,
            nominee_name: reply.text_at("/nominee_name"),
            nominee_post: None,
            is_leading_cadre: of_person && leading,
            front_line: of_person,
            form: Value::Null,
            personal: None,
            person_index: of_person.then(|| self.citizen(unit, person).into_bytes()),
            content_digest: reply.text_at("/content_digest"),
            attached: Vec::new(),
            state: A::Draft,
            version: 1,
            shown_state: A::Draft,
            shown_version: 1,
            shown_updated_at: now,
            entered_by_office: reply.at("/entered_by_office") == true,
            reason: None,
            rejection: None,
            correct_by: None,
            paper: None,
            handling: Handling { writers: account.into_iter().collect(), ..Handling::default() },
            submitted_at: None,
            created_at: now,
            updated_at: now,
        };
        App { it, unit, person: of_person.then_some(person) }
    }

    pub(super) fn moved(
        &mut self,
        at: usize,
        operation: O,
        outcome: &str,
        change: impl FnOnce(&mut Application),
    ) {
        let now = self.now();
        let app = self.applications.get_mut(at).expect("an application");
        let mut it = app.it.clone().moved(operation, outcome, Audience::Everyone, now).expect("a row");
        change(&mut it);
        app.it = it;
    }

    fn noted_on(&mut self, operation: O, at: usize, account: Option<Uuid>, reply: &Reply) {
        let now = self.now();
        match operation {
            O::DeleteApplication => {
                self.applications.remove(at);
                return;
            }
            O::UpdateApplication => {
                let app = self.applications.get_mut(at).expect("an application");
                app.it.content_digest = reply.text_at("/content_digest");
                app.it.touch(Audience::Everyone, now);
                if let Some(account) = account {
                    app.it.handling.written_by(account);
                }
            }
            O::SubmitApplication => self.moved(at, operation, "", |it| {
                it.submitted_at = Some(now);
                it.correct_by = None;
                it.handling.check = None;
            }),
            O::AcceptApplication => self.decided(at, operation, Verdict::Accept, account),
            O::RejectApplication => self.decided(at, operation, Verdict::Reject, account),
            _ => {
                self.fallen_out(at, operation);
                self.moved(at, operation, "", |it| it.handling.check = None);
            }
        }
        self.compare(at, reply);
    }

    /// Where it stood on a list, that is another version now.
    pub(super) fn fallen_out(&mut self, at: usize, operation: O) {
        let now = self.now();
        let app = &self.applications.get(at).expect("an application").it;
        if app.state != A::Shortlisted {
            return;
        }
        let code = app.category_code.clone();
        let alive = |list: &&mut List| list.it.category_code == code && list.it.state != L::Returned;
        let list = self.lists.iter_mut().find(alive).expect("a list");
        list.it = list.it.clone().moved(operation, now).expect("a row");
    }

    /// Accepted or rejected; with two steps the first of them is the check.
    fn decided(&mut self, at: usize, operation: O, verdict: Verdict, account: Option<Uuid>) {
        let now = self.now();
        let app = self.applications.get(at).expect("an application");
        let checked = app.it.handling.check.as_ref().map(|check| check.verdict);
        if self.category(app).two_step.value && checked != Some(verdict) {
            let by = account.unwrap_or_default();
            let app = self.applications.get_mut(at).expect("an application");
            // The check is the house's own: the unit sees nothing of it.
            let it = app.it.clone().moved(operation, CHECKED, Audience::Insiders, now).expect("a row");
            app.it = it;
            app.it.handling.check = Some(Check { verdict, by, at: now, reason: None, rejection: None });
        } else {
            self.moved(at, operation, "", |_| {});
        }
    }

    fn sheet_submitted(&mut self, at: usize) {
        let duty = self.duties.get_mut(at).expect("an assignment");
        if let Some((state, _)) = &mut duty.sheet {
            *state = ScoreSheetState::Submitted;
        }
        let id = duty.application;
        self.settled(id, O::SubmitScoreSheet);
    }

    fn listed(&mut self, at: usize, reply: &Reply, now: Instant) {
        let category = self.definition.categories.get(at).expect("a category");
        let ranking = self.ranking(at);
        let chosen = first_choice(category, &ranking);
        let entry = |(position, application_id)| Entry {
            application_id,
            position,
            declined_reason: None,
            substitutes: None,
        };
        let entries: Vec<Entry> = (1..).zip(chosen).map(entry).collect();
        let shown: Vec<String> = reply
            .list_at("/entries")
            .iter()
            .filter_map(|entry| entry.get("application_id")?.as_str().map(str::to_owned))
            .collect();
        let kept: Vec<String> = entries.iter().map(|entry| entry.application_id.to_string()).collect();
        assert_eq!(shown, kept, "{reply}");
        let it = Shortlist {
            id: reply.id(),
            campaign_id: self.campaign,
            category_code: category.code.clone(),
            state: L::Draft,
            ranking,
            ranking_digest: String::new(),
            departures: Default::default(),
            entries,
            proposed_by: None,
            substituted_by: vec![],
            decision: None,
            reason: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        self.lists.push(List { it, notices: vec![] });
    }

    fn noted_on_list(&mut self, operation: O, at: usize, account: Option<Uuid>, reply: &Reply) {
        let now = self.now();
        let list = self.lists.get_mut(at).expect("a list");
        list.it = list.it.clone().moved(operation, now).expect("a row");
        assert_eq!(reply.state(), list.it.state.to_string(), "{reply}");
        let entries: Vec<Uuid> = list.it.entries.iter().map(|entry| entry.application_id).collect();
        let code = list.it.category_code.clone();
        match operation {
            O::ProposeShortlist => {
                list.it.proposed_by = account;
                let outcome = |it: &Application| {
                    (if entries.contains(&it.id) { "shortlisted" } else { "not_shortlisted" }, None)
                };
                self.move_category(&code, &[A::Verified], (operation, Audience::Insiders), outcome);
            }
            O::PublishNotice => {
                self.published(at, reply);
                self.reveal(Some(&code), &[A::Shortlisted, A::NotShortlisted], operation);
            }
            O::ApproveShortlist => {
                let outcome = |_: &Application| ("awarded", None);
                self.move_category(&code, &[A::Shortlisted], (operation, Audience::Insiders), outcome);
            }
            O::ReturnShortlist => {
                let audience = if list.notices.is_empty() { Audience::Insiders } else { Audience::Everyone };
                for notice in &mut list.notices {
                    if notice.state == NoticeState::Published {
                        notice.state = NoticeState::Withdrawn;
                    }
                }
                let decided = [A::Shortlisted, A::NotShortlisted];
                self.move_category(&code, &decided, (operation, audience), |_| ("", None));
            }
            _ => {}
        }
    }

    /// The newest notice of the answer is the one that was published.
    fn published(&mut self, at: usize, reply: &Reply) {
        let standing: Vec<Uuid> = self
            .lists
            .get(at)
            .into_iter()
            .flat_map(|list| &list.it.entries)
            .map(|entry| entry.application_id)
            .filter(|id| self.application(*id).is_some_and(|app| app.it.state == A::Shortlisted))
            .collect();
        let list = self.lists.get_mut(at).expect("a list");
        let shown: Vec<Uuid> = list
            .notices
            .iter()
            .filter(|notice| notice.state != NoticeState::Withdrawn)
            .flat_map(|notice| notice.named.clone())
            .collect();
        let named: Vec<Uuid> = standing.into_iter().filter(|id| !shown.contains(id)).collect();
        let Some(notice) = reply.list_at("/notices").last() else { return };
        let text = |name: &str| notice.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let id: Uuid = text("id").parse().expect("a notice");
        if list.notices.iter().all(|known| known.id != id) {
            let closes_at = text("closes_at").parse().expect("an instant");
            list.notices.push(Shown { id, state: NoticeState::Published, closes_at, named });
        }
    }

    pub(super) fn move_category(
        &mut self,
        code: &str,
        states: &[A],
        (operation, audience): (O, Audience),
        outcome: impl Fn(&Application) -> (&'static str, Option<String>),
    ) {
        let now = self.now();
        let here = |app: &&mut App| app.it.category_code == code && states.contains(&app.it.state);
        for app in self.applications.iter_mut().filter(here) {
            let moved = move_all(vec![app.it.clone()], operation, audience, now, &outcome).expect("a row");
            app.it = moved.0.into_iter().next().expect("one");
        }
    }

    fn reveal(&mut self, code: Option<&str>, states: &[A], operation: O) {
        let now = self.now();
        let here = |app: &&mut App| {
            code.is_none_or(|code| app.it.category_code == code) && states.contains(&app.it.state)
        };
        for app in self.applications.iter_mut().filter(here) {
            let (revealed, _) = reveal_all(vec![app.it.clone()], operation, now);
            if let Some(it) = revealed.into_iter().next() {
                app.it = it;
            }
        }
    }

    /// The system sees who works at the unit of what was accepted.
    fn recusals_proposed(&mut self) {
        for app in self.applications.iter().filter(|app| app.it.state == A::Accepted) {
            let works_there = |(_, of): &(usize, &super::SupervisorOf)| of.unit == Some(app.unit);
            for (at, _) in self.supervisors.iter().enumerate().filter(works_there) {
                self.bars.push(Bar {
                    id: Uuid::nil(),
                    application: app.it.id,
                    supervisor: Some(at),
                    account: None,
                    declared_by: None,
                    state: RecusalState::Proposed,
                });
            }
        }
    }

    fn advanced(&mut self, reply: &Reply) {
        self.phase = match self.phase {
            CampaignState::Accepting => CampaignState::Verifying,
            CampaignState::Verifying => CampaignState::Selecting,
            CampaignState::Selecting => CampaignState::Announced,
            other => panic!("{reply}\nleads on from {other}"),
        };
        assert_eq!(reply.state(), self.phase.to_string(), "{reply}");
        let codes: Vec<String> =
            self.definition.categories.iter().map(|category| category.code.clone()).collect();
        match self.phase {
            CampaignState::Verifying => {
                for code in codes {
                    let lapse = (O::LapseApplication, Audience::Everyone);
                    self.move_category(&code, &[A::Draft, A::Returned], lapse, |_| ("", None));
                }
                self.recusals_proposed();
            }
            CampaignState::Announced => {
                let decided = [A::Shortlisted, A::NotShortlisted, A::Awarded, A::NotAwarded, A::Revoked];
                self.reveal(None, &decided, O::AdvanceCampaign);
            }
            _ => {}
        }
    }
}

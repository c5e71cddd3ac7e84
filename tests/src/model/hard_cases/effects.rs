//! What a hard case leaves behind in the model.

use std::collections::BTreeSet;

use pingxuan_domain::application::Application;
use pingxuan_domain::application::handling::Waiver;
use pingxuan_domain::review::substitution::Substitution;
use pingxuan_domain::step::Audience;
use pingxuan_domain::verification::score_sheet::total;
use pingxuan_domain::workflow::application::ApplicationState as A;
use pingxuan_domain::workflow::assignment::{AssignmentFlow, AssignmentState};
use pingxuan_domain::workflow::campaign::CampaignState;
use pingxuan_domain::workflow::objection::ObjectionState;
use pingxuan_domain::workflow::recusal::RecusalState;
use pingxuan_domain::workflow::score_sheet::ScoreSheetState;
use pingxuan_domain::workflow::shortlist::ShortlistState as L;
use pingxuan_domain::workflow::vetting_request::VettingState;
use pingxuan_domain::{Operation as O, Role};
use serde_json::Value;
use uuid::Uuid;

use super::{Hard, Whom};
use crate::model::facts::permitted;
use crate::model::{Against, App, Bar, Barred, CATEGORIES, Duty, Expected, List, Model, Question, Someone};
use crate::reply::Reply;

impl Model {
    /// What a hard case leaves behind.
    pub(in crate::model) async fn note_hard(&mut self, who: &Someone, hard: &Hard, reply: &Reply) {
        let now = self.now();
        let by = who.account().unwrap_or_default();
        match hard {
            Hard::Extend { unit, days } => {
                let until = self.later().plus_days(*days);
                self.extensions.push((*unit, until));
            }
            Hard::Waive(at) => {
                let sheets = self.counting(self.app_at(*at));
                let waiver = Waiver { reason: String::new(), sheets, by, at: now };
                self.moved(*at, hard.operation(), "", |it| it.handling.waiver = Some(waiver));
            }
            Hard::Reopen(at) => {
                let duty = self.duties.get_mut(*at).expect("an assignment");
                if let Some((state, _)) = &mut duty.sheet {
                    *state = ScoreSheetState::Draft;
                }
                let application = duty.application;
                self.settled(application, hard.operation());
            }
            Hard::Recuse { application, whom } => self.recused(who, *application, *whom, reply).await,
            Hard::LiftRecusal(at) => {
                self.bars.get_mut(*at).expect("a recusal").state = RecusalState::Lifted;
            }
            Hard::Veto { unit, days } => {
                let own = who.actor.as_ref().and_then(|actor| actor.unit_id);
                let office = who.actor.as_ref().is_some_and(|actor| actor.roles.contains(&Role::Office));
                self.vetoes.push(Barred {
                    id: reply.id(),
                    unit: *unit,
                    supplier: own.filter(|_| !office),
                    until: now.day().plus_days(*days),
                    lifted: false,
                });
            }
            Hard::LiftVeto(at) => self.vetoes.get_mut(*at).expect("a veto").lifted = true,
            Hard::Ask(at) => {
                let asked: BTreeSet<Uuid> = self.to_ask(*at).into_iter().collect();
                let id = |row: &Value, member: &str| {
                    row.get(member)
                        .and_then(Value::as_str)
                        .and_then(|id| id.parse::<Uuid>().ok())
                        .expect("an id")
                };
                let rows = reply.list_at("/items");
                let shown: BTreeSet<Uuid> = rows.iter().map(|row| id(row, "application_id")).collect();
                assert_eq!(shown, asked, "{reply}");
                for row in rows {
                    let due_on = row.get("due_on").and_then(Value::as_str).and_then(|day| day.parse().ok());
                    self.questions.push(Question {
                        id: id(row, "id"),
                        application: id(row, "application_id"),
                        state: VettingState::Requested,
                        due_on: due_on.expect("a day"),
                    });
                }
            }
            Hard::Opine { question, outcome } => {
                self.questions.get_mut(*question).expect("a question").state = *outcome;
                assert_eq!(reply.state(), outcome.to_string(), "{reply}");
            }
            Hard::ResolveConcern(at) => {
                self.questions.get_mut(*at).expect("a question").state = VettingState::Resolved;
            }
            Hard::Object { list, notice, entry } => self.objected(*list, *notice, *entry).await,
            Hard::Investigate { objection, by } => {
                let account = self.people.get(*by).and_then(Someone::account);
                let against = self.objections.get_mut(*objection).expect("an objection");
                (against.state, against.investigator) = (ObjectionState::Investigating, account);
            }
            Hard::Answer { objection, outcome, disqualify } => {
                let against = self.objections.get_mut(*objection).expect("an objection");
                against.state = *outcome;
                against.obliges =
                    *outcome == ObjectionState::Upheld || (*outcome == ObjectionState::Partly && *disqualify);
            }
            Hard::Disqualify { application, .. } => {
                self.fallen_out(*application, hard.operation());
                self.moved(*application, hard.operation(), "", |_| {});
                self.compare(*application, reply);
            }
            Hard::Substitute(at) => self.substituted(*at, by),
            Hard::Revoke(at) => {
                let announced = self.phase == CampaignState::Announced;
                let audience = if announced { Audience::Everyone } else { Audience::Insiders };
                let app = self.applications.get_mut(*at).expect("an application");
                app.it = app.it.clone().moved(hard.operation(), "", audience, now).expect("a row");
                self.compare(*at, reply);
            }
            Hard::NoAward(at) => {
                self.no_awards.push(*at);
                let code = CATEGORIES.get(*at).copied().unwrap_or_default();
                self.move_category(
                    code,
                    &[A::Verified],
                    (hard.operation(), Audience::Insiders),
                    |_: &Application| ("", None),
                );
            }
        }
    }

    /// An application goes to where its counting sheets put it.
    pub(in crate::model) fn settled(&mut self, application: Uuid, operation: O) {
        let place =
            self.applications.iter().position(|app| app.it.id == application).expect("an application");
        let app = self.app_at(place);
        let enough = self.counting(app) >= self.needed(app);
        let due = (app.it.state == A::Accepted && enough && operation == O::SubmitScoreSheet)
            || (app.it.state == A::Verified && !enough && operation != O::SubmitScoreSheet);
        if due {
            self.moved(place, operation, "", |_| {});
        }
    }

    /// The sheets that an application needs: what was waived is not due any more.
    pub(super) fn needed(&self, app: &App) -> u32 {
        let visits = self.category(app).visits.value;
        app.it.handling.waiver.as_ref().map_or(visits, |waiver| waiver.sheets.min(visits))
    }

    pub(super) async fn recused(&mut self, who: &Someone, application: usize, whom: Whom, reply: &Reply) {
        let (supervisor, account) = self.bound(who, whom).expect("somebody is bound");
        let id = self.app_at(application).it.id;
        let same = |bar: &&mut Bar| {
            bar.application == id
                && (bar.supervisor, bar.account) == (supervisor, account)
                && bar.state.binds()
        };
        if let Some(bar) = self.bars.iter_mut().find(same) {
            bar.state = RecusalState::InForce;
        } else {
            self.bars.push(Bar {
                id: reply.id(),
                application: id,
                supervisor,
                account,
                declared_by: who.account(),
                state: RecusalState::InForce,
            });
        }
        let Some(supervisor) = supervisor.filter(|_| self.phase == CampaignState::Verifying) else { return };
        let lost = self.duties.iter_mut().find(|duty| {
            duty.application == id && duty.supervisor == supervisor && duty.state != AssignmentState::Recused
        });
        let Some(lost) = lost else { return };
        lost.state = AssignmentState::Recused;
        self.settled(id, O::DeclareRecusal);
        self.replaced(application).await;
    }

    /// Where a sheet is missing and anybody may, somebody is planned instead: who, the server says, and the tables allow it.
    pub(super) async fn replaced(&mut self, application: usize) {
        let app = self.app_at(application);
        let id = app.it.id;
        // A sheet on which too little was judged does not count, and another is due for it.
        let void = |duty: &Duty| {
            let submitted = duty.sheet.as_ref().filter(|(state, _)| *state == ScoreSheetState::Submitted);
            submitted.is_some_and(|(_, scores)| !total(self.category(app), scores).counts)
        };
        let there =
            |duty: &&Duty| duty.application == id && duty.state != AssignmentState::Recused && !void(duty);
        let live = self.duties.iter().filter(there).count();
        let may: Vec<usize> = (0..self.supervisors.len())
            .filter(|supervisor| {
                let facts = self.assignment_facts(app, *supervisor, None);
                permitted::<AssignmentFlow>(None, O::CreateAssignment, &facts) == Expected::Done
            })
            .collect();
        let wanted = usize::try_from(self.needed(app)).is_ok_and(|needed| live < needed) && !may.is_empty();
        let list = format!("/campaigns/{}/assignments?state=planned&application_id={id}", self.campaign);
        let planned = self.world.office().await.get(&list).await.expect(200);
        let known = |assignment: Uuid| self.duties.iter().any(|duty| duty.id == assignment);
        let uuid = |row: &Value, member: &str| {
            row.get(member).and_then(Value::as_str).and_then(|id| id.parse::<Uuid>().ok()).expect("an id")
        };
        let new: Vec<(Uuid, Uuid)> = planned
            .items()
            .iter()
            .map(|row| (uuid(row, "id"), uuid(row, "supervisor_id")))
            .filter(|(assignment, _)| !known(*assignment))
            .collect();
        assert_eq!(new.len(), usize::from(wanted), "{planned}\n{}", self.told());
        for (assignment, supervisor) in new {
            let supervisor =
                self.supervisors.iter().position(|of| of.id == supervisor).expect("a supervisor");
            assert!(may.contains(&supervisor), "{planned}\n{}", self.told());
            self.planned((assignment, id), supervisor);
        }
    }

    pub(super) async fn objected(&mut self, list: usize, notice: usize, entry: usize) {
        let of = self.lists.get(list).expect("a list");
        let notice = of.notices.get(notice).expect("a notice");
        let (list, shown) = (of.it.id, notice.id);
        let application = notice.named.get(entry).copied().expect("a candidate");
        let place = format!("/objections?notice_id={shown}&limit=100");
        let rows = self.world.office().await.get(&place).await.expect(200);
        let ids = rows.column("id").into_iter().filter_map(|id| id.parse::<Uuid>().ok());
        let new: Vec<Uuid> = ids.filter(|id| self.objections.iter().all(|known| known.id != *id)).collect();
        assert_eq!(new.len(), 1, "{rows}");
        for id in new {
            self.objections.push(Against {
                id,
                list,
                notice: shown,
                application,
                state: ObjectionState::Filed,
                investigator: None,
                obliges: false,
            });
        }
    }

    pub(super) fn substituted(&mut self, at: usize, by: Uuid) {
        let now = self.now();
        let app = self.app_at(at);
        let substitution = Substitution {
            newcomer: app.it.id,
            passed_over: self.passed_over(app),
            departure: (!self.passed_over(app).is_empty()).then(|| "另有考虑。".to_owned()),
            by,
        };
        let code = app.it.category_code.clone();
        let standing: Vec<Uuid> = self
            .applications
            .iter()
            .filter(|app| app.it.state == A::Shortlisted)
            .map(|app| app.it.id)
            .collect();
        let alive = |list: &&mut List| list.it.category_code == code && list.it.state != L::Returned;
        let list = self.lists.iter_mut().find(alive).expect("a list");
        list.it = list.it.clone().substituted(&standing, substitution, now).expect("a place");
        let app = self.applications.get_mut(at).expect("an application");
        let moved = app.it.clone().moved(O::SubstituteApplication, "", Audience::Insiders, now);
        app.it = moved.expect("a row");
    }

    /// The recusals that the server proposed are those that the model sees, and bear these ids.
    pub(in crate::model) async fn recusals_known(&mut self) {
        let place = format!("/campaigns/{}/recusals?limit=100", self.campaign);
        let rows = self.world.office().await.get(&place).await.expect(200);
        for row in rows.items() {
            let uuid =
                |member: &str| row.get(member).and_then(Value::as_str).and_then(|id| id.parse::<Uuid>().ok());
            let supervisor = self.supervisors.iter().position(|of| Some(of.id) == uuid("supervisor_id"));
            let bar = self.bars.iter_mut().find(|bar| {
                Some(bar.application) == uuid("application_id")
                    && (bar.supervisor, bar.account) == (supervisor, uuid("user_id"))
                    && (bar.id.is_nil() || Some(bar.id) == uuid("id"))
            });
            bar.unwrap_or_else(|| panic!("{row}\nis not expected")).id = uuid("id").expect("an id");
        }
        assert!(self.bars.iter().all(|bar| !bar.id.is_nil()), "{rows}\n{}", self.told());
    }
}

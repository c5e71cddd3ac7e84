//! The hard cases of a run: extensions, waivers, reopened sheets, recusals, vetoes, vetting, objections, disqualification,
//! substitution, revocation, categories without an award. What is drawn, what comes of it, and what it leaves behind.

use std::collections::BTreeSet;

use pingxuan_api::rehearsal::chance::Chance;
use pingxuan_domain::application::Application;
use pingxuan_domain::application::handling::Waiver;
use pingxuan_domain::decision::no_award_blockers;
use pingxuan_domain::policy::{Stake, Visibility};
use pingxuan_domain::review::substitution::Substitution;
use pingxuan_domain::step::Audience;
use pingxuan_domain::verification::score_sheet::total;
use pingxuan_domain::workflow;
use pingxuan_domain::workflow::application::ApplicationState as A;
use pingxuan_domain::workflow::assignment::{AssignmentFlow, AssignmentState};
use pingxuan_domain::workflow::campaign::{CampaignFlow, CampaignState};
use pingxuan_domain::workflow::objection::{ObjectionFacts, ObjectionFlow, ObjectionState};
use pingxuan_domain::workflow::recusal::{RecusalFacts, RecusalFlow, RecusalState};
use pingxuan_domain::workflow::score_sheet::{ScoreSheetFlow, ScoreSheetState};
use pingxuan_domain::workflow::shortlist::ShortlistState as L;
use pingxuan_domain::workflow::veto::{VetoFacts, VetoFlow, VetoState};
use pingxuan_domain::workflow::vetting_request::{VettingFacts, VettingFlow, VettingState};
use pingxuan_domain::{Day, Operation as O, Reach, Role};
use serde_json::{Value, json};
use uuid::Uuid;

use super::facts::expected;
use super::moves::at;
use super::{ASKED, Against, App, Bar, Barred, CATEGORIES, Duty, Expected, Model, Question, Someone};
use crate::objections::{finding, lead};
use crate::people::{Reply, Request};

/// Whom a recusal binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Whoever declares it.
    Oneself,
    /// A supervisor, by place.
    Supervisor(usize),
    /// Somebody with an account, by place.
    Account(usize),
}

/// What a disqualification names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// An objection, by place.
    Objection(usize),
    /// A vetting request, by place.
    Question(usize),
    /// A veto, by place.
    Veto(usize),
}

/// A hard case; numbers are places in the model's lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hard {
    Extend { unit: Option<usize>, days: i64 },
    Waive(usize),
    Reopen(usize),
    Recuse { application: usize, whom: Whom },
    LiftRecusal(usize),
    Veto { unit: usize, days: i64 },
    LiftVeto(usize),
    Ask(usize),
    Opine { question: usize, outcome: VettingState },
    ResolveConcern(usize),
    Object { list: usize, notice: usize, entry: usize },
    Investigate { objection: usize, by: usize },
    Answer { objection: usize, outcome: ObjectionState, disqualify: bool },
    Disqualify { application: usize, named: Named },
    Substitute(usize),
    Revoke(usize),
    NoAward(usize),
}

impl Hard {
    /// The operation that it calls.
    #[must_use]
    pub fn operation(&self) -> O {
        match self {
            Self::Extend { .. } => O::GrantExtension,
            Self::Waive(_) => O::WaiveVisits,
            Self::Reopen(_) => O::ReopenScoreSheet,
            Self::Recuse { .. } => O::DeclareRecusal,
            Self::LiftRecusal(_) => O::LiftRecusal,
            Self::Veto { .. } => O::RecordVeto,
            Self::LiftVeto(_) => O::LiftVeto,
            Self::Ask(_) => O::RequestVetting,
            Self::Opine { .. } => O::RecordVettingOpinion,
            Self::ResolveConcern(_) => O::ResolveVettingConcern,
            Self::Object { .. } => O::FileObjection,
            Self::Investigate { .. } => O::AssignObjection,
            Self::Answer { .. } => O::ResolveObjection,
            Self::Disqualify { .. } => O::DisqualifyApplication,
            Self::Substitute(_) => O::SubstituteApplication,
            Self::Revoke(_) => O::RevokeAward,
            Self::NoAward(_) => O::DecideNoAward,
        }
    }

    /// How often it is done where it could be: of so many times, once.
    #[must_use]
    pub fn rarity(&self) -> u16 {
        match self {
            Self::Veto { .. } => 120,
            Self::NoAward(_) | Self::Recuse { .. } => 25,
            Self::Extend { .. } => 20,
            Self::LiftVeto(_) | Self::LiftRecusal(_) => 8,
            Self::Reopen(_) | Self::Revoke(_) => 4,
            Self::Object { .. } => 3,
            Self::Waive(_) => 2,
            Self::Disqualify { .. }
            | Self::Ask(_)
            | Self::Opine { .. }
            | Self::ResolveConcern(_)
            | Self::Investigate { .. }
            | Self::Answer { .. }
            | Self::Substitute(_) => 1,
        }
    }
}

fn invalid(code: &str) -> Expected {
    Expected::Invalid(BTreeSet::from([code.to_owned()]))
}

impl Model {
    /// A hard case by chance, of those for which there is anything; none where there is nothing.
    pub(super) fn any_hard(&self, chance: &mut Chance) -> Option<Hard> {
        // Most often one of those in the state that the case is about.
        let app = |chance: &mut Chance, state: A| {
            let there = self.applications.iter().enumerate().filter(|(_, app)| app.it.state == state);
            let there: Vec<usize> = there.map(|(at, _)| at).collect();
            let any = at(chance, self.applications.len());
            if chance.below(4) == 0 { any } else { chance.pick(&there).copied().unwrap_or(any) }
        };
        let (first, count) = match self.phase {
            CampaignState::Accepting => (0, 4),
            CampaignState::Verifying => (2, 6),
            _ => (4, 16),
        };
        let drawn = if chance.below(8) == 0 { chance.below(20) } else { first + chance.below(count) };
        let any = |length: usize| (length > 0).then_some(length);
        Some(match drawn {
            0 => {
                let unit = at(chance, self.units.len() + 1);
                Hard::Extend { unit: (unit < self.units.len()).then_some(unit), days: 1 }
            }
            1 | 4 => Hard::Veto { unit: at(chance, self.units.len()), days: i64::from(chance.below(3)) },
            2 => Hard::Waive(any(self.applications.len()).map(|_| app(chance, A::Accepted))?),
            3 | 5 => Hard::LiftVeto(at(chance, any(self.vetoes.len())?)),
            6 => Hard::Reopen(at(chance, any(self.duties.len())?)),
            7 => {
                any(self.applications.len())?;
                let whom = match chance.below(4) {
                    0 => Whom::Supervisor(at(chance, self.supervisors.len())),
                    1 => Whom::Account(at(chance, self.people.len())),
                    _ => Whom::Oneself,
                };
                Hard::Recuse { application: app(chance, A::Accepted), whom }
            }
            8 => Hard::LiftRecusal(at(chance, any(self.bars.len())?)),
            9 => Hard::Ask(at(chance, CATEGORIES.len())),
            10 | 11 => {
                let outcomes = [VettingState::NoObjection, VettingState::Concern, VettingState::Veto];
                let question = at(chance, any(self.questions.len())?);
                Hard::Opine { question, outcome: *chance.pick(&outcomes)? }
            }
            12 => Hard::ResolveConcern(at(chance, any(self.questions.len())?)),
            13 => {
                let list = at(chance, any(self.lists.len())?);
                let notices = &self.lists.get(list)?.notices;
                let notice = at(chance, any(notices.len())?);
                Hard::Object { list, notice, entry: at(chance, any(notices.get(notice)?.named.len())?) }
            }
            14 => Hard::Investigate {
                objection: at(chance, any(self.objections.len())?),
                by: at(chance, self.people.len()),
            },
            15 => {
                let outcomes = [ObjectionState::Upheld, ObjectionState::Partly, ObjectionState::Rejected];
                Hard::Answer {
                    objection: at(chance, any(self.objections.len())?),
                    outcome: *chance.pick(&outcomes)?,
                    disqualify: chance.below(2) == 0,
                }
            }
            16 => {
                any(self.applications.len())?;
                let named = match chance.below(3) {
                    0 => Named::Objection(at(chance, any(self.objections.len())?)),
                    1 => Named::Question(at(chance, any(self.questions.len())?)),
                    _ => Named::Veto(at(chance, any(self.vetoes.len())?)),
                };
                let borne_by = self.about(named).filter(|_| chance.below(4) > 0);
                let application = borne_by.unwrap_or_else(|| app(chance, A::Shortlisted));
                Hard::Disqualify { application, named }
            }
            17 => Hard::Substitute(any(self.applications.len()).map(|_| app(chance, A::NotShortlisted))?),
            18 => Hard::Revoke(any(self.applications.len()).map(|_| app(chance, A::Awarded))?),
            _ => Hard::NoAward(at(chance, CATEGORIES.len())),
        })
    }

    /// Whether it is somebody's own to do.
    pub(super) fn is_own_case(&self, who: &Someone, hard: &Hard) -> bool {
        let unit = who.actor.as_ref().and_then(|actor| actor.unit_id);
        match hard {
            Hard::Opine { .. } => unit == self.units.get(ASKED).map(|unit| unit.id),
            Hard::Answer { objection, .. } => {
                self.objections.get(*objection).and_then(|of| of.investigator) == who.account()
            }
            Hard::LiftVeto(veto) => self
                .vetoes
                .get(*veto)
                .is_some_and(|veto| veto.supplier.is_none_or(|supplier| unit == Some(supplier))),
            _ => true,
        }
    }

    fn app_at(&self, at: usize) -> &App {
        self.applications.get(at).expect("an application")
    }

    /// What a hard case comes to.
    pub(super) fn predict_hard(&self, who: &Someone, visibility: &Visibility, hard: &Hard) -> Expected {
        let operation = hard.operation();
        match hard {
            Hard::Extend { .. } => expected(workflow::blockers::<CampaignFlow>(
                Some(self.phase),
                operation,
                &self.campaign_facts(),
            )),
            Hard::Waive(at) | Hard::Substitute(at) | Hard::Revoke(at) => {
                self.on_application(who, operation, self.app_at(*at))
            }
            Hard::Disqualify { application, named } => {
                let app = self.app_at(*application);
                match self.on_application(who, operation, app) {
                    Expected::Done if !self.bears(app, *named) => invalid("reference_unsupported"),
                    other => other,
                }
            }
            Hard::Reopen(at) => {
                let duty = self.duties.get(*at).expect("an assignment");
                let Some((state, _)) = &duty.sheet else { return Expected::NotFound };
                let facts = self.sheet_facts(duty, visibility);
                expected(workflow::blockers::<ScoreSheetFlow>(Some(*state), operation, &facts))
            }
            Hard::Recuse { application, whom } => self.predict_recusal(who, *application, *whom),
            Hard::LiftRecusal(at) => {
                let bar = self.bars.get(*at).expect("a recusal");
                let on = self.binds(bar, visibility);
                if !(visibility.has(Reach::All) || on) {
                    return Expected::NotFound;
                }
                let laid = on && (bar.declared_by.is_none() || bar.declared_by != who.account());
                let facts = RecusalFacts { phase: self.phase, laid_on_oneself: laid };
                expected(workflow::blockers::<RecusalFlow>(Some(bar.state), operation, &facts))
            }
            Hard::Veto { .. } => Expected::Done,
            Hard::LiftVeto(at) => {
                let veto = self.vetoes.get(*at).expect("a veto");
                let own = who.actor.as_ref().and_then(|actor| actor.unit_id);
                let supplier = match veto.supplier {
                    Some(department) => own == Some(department),
                    None => visibility.has(Reach::All),
                };
                if !(visibility.has(Reach::All) || (supplier && veto.supplier.is_some())) {
                    return Expected::NotFound;
                }
                let state = if veto.lifted { VetoState::Lifted } else { VetoState::Recorded };
                expected(workflow::blockers::<VetoFlow>(Some(state), operation, &VetoFacts { supplier }))
            }
            Hard::Ask(at) => {
                let code = CATEGORIES.get(*at).expect("a category");
                let facts = self.vetting_facts(visibility, code, vec![]);
                match expected(workflow::blockers::<VettingFlow>(None, operation, &facts)) {
                    Expected::Done if self.to_ask(*at).is_empty() => {
                        Expected::Blocked(BTreeSet::from(["nobody_to_ask".to_owned()]))
                    }
                    other => other,
                }
            }
            Hard::Opine { question, .. } | Hard::ResolveConcern(question) => {
                let question = self.questions.get(*question).expect("a question");
                let unit = who.actor.as_ref().and_then(|actor| actor.unit_id);
                let asked = unit == self.units.get(ASKED).map(|unit| unit.id);
                if !(visibility.has(Reach::All) || asked) {
                    return Expected::NotFound;
                }
                let app = self.application(question.application).expect("an application");
                let stakes = self.stakes(visibility, app);
                let facts = self.vetting_facts(visibility, &app.it.category_code, stakes);
                expected(workflow::blockers::<VettingFlow>(Some(question.state), operation, &facts))
            }
            Hard::Object { list, notice, .. } => {
                let list = self.lists.get(*list).expect("a list");
                let notice = list.notices.get(*notice).expect("a notice");
                let facts = ObjectionFacts {
                    phase: self.phase,
                    notice: notice.state,
                    list_approved: list.it.state == L::Approved,
                    stakes: vec![],
                    investigator: false,
                    named: false,
                };
                expected(workflow::blockers::<ObjectionFlow>(None, operation, &facts))
            }
            Hard::Investigate { objection, by } => {
                let against = self.objections.get(*objection).expect("an objection");
                if let Some(code) = self.investigator_fault(against, *by) {
                    return invalid(code);
                }
                self.on_objection(who, visibility, against, operation)
            }
            Hard::Answer { objection, .. } => {
                let against = self.objections.get(*objection).expect("an objection");
                self.on_objection(who, visibility, against, operation)
            }
            Hard::NoAward(at) => {
                let code = CATEGORIES.get(*at).expect("a category");
                let stakes = self.stakes_in(visibility, code);
                let alive = self.alive(code).is_some();
                let decided = self.no_awards.contains(at);
                expected(Some(no_award_blockers(self.phase, alive, decided, &stakes)))
            }
        }
    }

    /// The application about which something is.
    fn about(&self, named: Named) -> Option<usize> {
        let of = |id: Uuid| self.applications.iter().position(|app| app.it.id == id);
        match named {
            Named::Objection(at) => of(self.objections.get(at)?.application),
            Named::Question(at) => of(self.questions.get(at)?.application),
            Named::Veto(at) => {
                let unit = self.vetoes.get(at)?.unit;
                self.applications.iter().position(|app| app.unit == unit && app.person.is_none())
            }
        }
    }

    /// Whether what is named bears that an application is disqualified.
    fn bears(&self, app: &App, named: Named) -> bool {
        match named {
            Named::Objection(at) => {
                let against = self.objections.get(at);
                against.is_some_and(|against| against.application == app.it.id && against.obliges)
            }
            Named::Question(at) => self.questions.get(at).is_some_and(|question| {
                question.application == app.it.id && question.state == VettingState::Veto
            }),
            Named::Veto(at) => self.vetoes.get(at).is_some_and(|veto| {
                app.person.is_none() && veto.unit == app.unit && !veto.lifted && self.now() < veto.until.end()
            }),
        }
    }

    fn binds(&self, bar: &Bar, visibility: &Visibility) -> bool {
        let Some(actor) = visibility.actor() else { return false };
        let supervisor = bar.supervisor.and_then(|at| self.supervisors.get(at)).map(|of| of.id);
        (supervisor.is_some() && supervisor == actor.supervisor_id) || bar.account == Some(actor.user_id)
    }

    /// Whom a recusal binds: a supervisor as such, anybody else by the account. None where whoever declares may not name them.
    fn bound(&self, who: &Someone, whom: Whom) -> Option<(Option<usize>, Option<Uuid>)> {
        let office = who.actor.as_ref().is_some_and(|actor| actor.roles.contains(&Role::Office));
        let of = |who: &Someone| {
            let actor = who.actor.as_ref()?;
            let supervisor = self.supervisors.iter().position(|of| Some(of.id) == actor.supervisor_id);
            Some((supervisor, supervisor.is_none().then_some(actor.user_id)))
        };
        let own = of(who)?;
        match whom {
            Whom::Oneself => Some(own),
            Whom::Supervisor(at) => (office || own.0 == Some(at)).then_some((Some(at), None)),
            Whom::Account(at) => {
                let named = self.people.get(at)?;
                let handles = |role: &Role| matches!(role, Role::Office | Role::Approver | Role::Supervisor);
                let may = named.actor.as_ref()?.roles.iter().any(handles);
                let oneself = named.account() == who.account();
                if (office && may) || oneself { of(named) } else { None }
            }
        }
    }

    fn predict_recusal(&self, who: &Someone, application: usize, whom: Whom) -> Expected {
        let app = self.app_at(application);
        let bound = self.bound(who, whom);
        let known = match self.gate(who, O::GetApplication) {
            Ok(visibility) if app.it.within(&visibility, self.opened_to(who, app)) => true,
            _ => self.told_of(who, app),
        };
        let Some(bound) = bound.filter(|_| known) else { return invalid("unknown_reference") };
        let there = self.bars.iter().find(|bar| {
            bar.application == app.it.id && (bar.supervisor, bar.account) == bound && bar.state.binds()
        });
        if there.is_some_and(|bar| bar.state == RecusalState::InForce) {
            return invalid("already_recused");
        }
        let facts = RecusalFacts { phase: self.phase, laid_on_oneself: false };
        expected(workflow::blockers::<RecusalFlow>(there.map(|bar| bar.state), O::DeclareRecusal, &facts))
    }

    fn own_duties<'a>(&'a self, who: &Someone, app: &App) -> impl Iterator<Item = &'a Duty> {
        let (own, id) = (who.actor.as_ref().and_then(|actor| actor.supervisor_id), app.it.id);
        self.duties.iter().filter(move |duty| {
            let of = self.supervisors.get(duty.supervisor).map(|of| of.id);
            duty.application == id && own.is_some() && of == own
        })
    }

    /// Whether the application is open to a supervisor.
    fn opened_to(&self, who: &Someone, app: &App) -> bool {
        self.own_duties(who, app).any(|duty| duty.state == AssignmentState::Cleared)
    }

    /// Whether a supervisor knows that the application is assigned to them.
    fn told_of(&self, who: &Someone, app: &App) -> bool {
        self.own_duties(who, app).any(|duty| duty.state != AssignmentState::Planned)
    }

    fn vetting_facts(&self, visibility: &Visibility, code: &str, stakes: Vec<Stake>) -> VettingFacts {
        VettingFacts {
            phase: self.phase,
            list: self.alive(code).map(|list| list.it.state),
            stakes,
            insider: visibility.is_insider(),
        }
    }

    /// The candidates standing about whom the department is to be asked; the townships' alone.
    fn to_ask(&self, at: usize) -> Vec<Uuid> {
        let code = CATEGORIES.get(at).copied().unwrap_or_default();
        let Some(list) = self.alive(code).filter(|_| at == 0) else { return vec![] };
        let standing = list
            .it
            .entries
            .iter()
            .map(|entry| entry.application_id)
            .filter(|id| self.application(*id).is_some_and(|app| app.it.state == A::Shortlisted));
        standing.filter(|id| self.questions.iter().all(|question| question.application != *id)).collect()
    }

    fn on_objection(
        &self,
        who: &Someone,
        visibility: &Visibility,
        against: &Against,
        operation: O,
    ) -> Expected {
        let list = self.lists.iter().find(|list| list.it.id == against.list).expect("a list");
        let notice = list.notices.iter().find(|notice| notice.id == against.notice).expect("a notice");
        let app = self.application(against.application).expect("an application");
        let facts = ObjectionFacts {
            phase: self.phase,
            notice: notice.state,
            list_approved: list.it.state == L::Approved,
            stakes: self.stakes(visibility, app),
            investigator: against.investigator.is_some() && against.investigator == who.account(),
            named: false,
        };
        expected(workflow::blockers::<ObjectionFlow>(Some(against.state), operation, &facts))
    }

    /// What is against somebody as the investigator.
    fn investigator_fault(&self, against: &Against, by: usize) -> Option<&'static str> {
        let who = self.people.get(by).expect("somebody");
        let office = who.actor.as_ref().is_some_and(|actor| actor.roles.contains(&Role::Office));
        let visibility = self.gate(who, O::AssignObjection).ok().filter(|_| office);
        let Some(visibility) = visibility else { return Some("unknown_reference") };
        let app = self.application(against.application).expect("an application");
        (!self.stakes(&visibility, app).is_empty()).then_some("investigator_has_stake")
    }

    /// Those who wait before somebody in the ranking of the list under way.
    fn passed_over(&self, app: &App) -> Vec<Uuid> {
        let Some(list) = self.alive(&app.it.category_code) else { return vec![] };
        let order = list.it.ranking.entries.iter().map(|entry| entry.application_id);
        let waits = |id: &Uuid| self.application(*id).is_some_and(|app| app.it.state == A::NotShortlisted);
        order.take_while(|id| *id != app.it.id).filter(waits).collect()
    }

    /// The request of a hard case.
    pub(super) async fn request_hard(&self, who: &Someone, hard: &Hard) -> Option<Request> {
        let person = &who.person;
        let campaign = format!("/campaigns/{}", self.campaign);
        let act = |at: usize, action: &str| {
            let app = self.app_at(at);
            person.post(&format!("/applications/{}/{action}", app.it.id)).if_match(&self.tag(who, app))
        };
        let reason = json!({"reason": "情况属实。"});
        Some(match hard {
            Hard::Extend { unit, days } => {
                let until = self.later().plus_days(*days);
                let unit = unit.and_then(|unit| self.units.get(unit)).map(|unit| unit.id);
                person
                    .post(&format!("{campaign}/extensions"))
                    .json(crate::campaign::extension(unit, &until.to_string()))
            }
            Hard::Waive(at) => act(*at, "waive-visits").json(reason),
            Hard::Revoke(at) => act(*at, "revoke").json(json!({"decision": self.record()})),
            Hard::Substitute(at) => {
                let mut body = json!({"reason": "依次递补。"});
                if !self.passed_over(self.app_at(*at)).is_empty() {
                    body["departure_reason"] = json!("另有考虑。");
                }
                act(*at, "substitute").json(body)
            }
            Hard::Disqualify { application, named } => {
                let (ground, id) = match named {
                    Named::Objection(at) => ("objection", self.objections.get(*at)?.id),
                    Named::Question(at) => ("vetting", self.questions.get(*at)?.id),
                    Named::Veto(at) => ("veto", self.vetoes.get(*at)?.id),
                };
                let body = json!({"ground": ground, "reference_id": id, "reason": "不符合评选条件。"});
                act(*application, "disqualify").json(body)
            }
            Hard::Reopen(at) => {
                let place = format!("/assignments/{}/score-sheet/reopen", self.duties.get(*at)?.id);
                person.post(&place).if_match("*").json(reason)
            }
            Hard::Recuse { application, whom } => {
                let mut body = crate::verification::recusal(self.app_at(*application).it.id);
                match whom {
                    Whom::Oneself => {}
                    Whom::Supervisor(at) => body["supervisor_id"] = json!(self.supervisors.get(*at)?.id),
                    Whom::Account(at) => body["user_id"] = json!(self.people.get(*at)?.account()?),
                }
                person.post(&format!("{campaign}/recusals")).json(body)
            }
            Hard::LiftRecusal(at) => {
                person.post(&format!("/recusals/{}/lift", self.bars.get(*at)?.id)).if_match("*").json(reason)
            }
            Hard::Veto { unit, days } => {
                let today = self.now().day();
                person.post("/vetoes").json(crate::vetting::veto(json!({
                    "unit_id": self.units.get(*unit)?.id, "decided_on": today, "until": today.plus_days(*days),
                })))
            }
            Hard::LiftVeto(at) => {
                person.post(&format!("/vetoes/{}/lift", self.vetoes.get(*at)?.id)).if_match("*").json(reason)
            }
            Hard::Ask(at) => person
                .post(&format!("{campaign}/vetting-requests"))
                .json(json!({"category_code": CATEGORIES.get(*at)?})),
            Hard::Opine { question, outcome } => {
                let mut body = json!({"opinion": outcome});
                if *outcome != VettingState::NoObjection {
                    body["basis"] = json!("有待核实的情况。");
                    body["document"] = json!("函〔2022〕1号");
                }
                let place = format!("/vetting-requests/{}/opinion", self.questions.get(*question)?.id);
                person.post(&place).if_match("*").json(body)
            }
            Hard::ResolveConcern(at) => {
                let place = format!("/vetting-requests/{}/resolve", self.questions.get(*at)?.id);
                person.post(&place).if_match("*").json(json!({"resolution": "已核实。"}))
            }
            Hard::Object { list, notice, entry } => {
                let notice = self.lists.get(*list)?.notices.get(*notice)?;
                let place = format!("/public/notices/{}/objections", notice.id);
                person.post(&place).json(lead(notice.named.get(*entry).copied()))
            }
            Hard::Investigate { objection, by } => {
                let account = self.people.get(*by)?.account().unwrap_or_else(Uuid::nil);
                let place = format!("/objections/{}/assign", self.objections.get(*objection)?.id);
                person.post(&place).if_match("*").json(json!({"investigator_id": account}))
            }
            Hard::Answer { objection, outcome, disqualify } => {
                let mut body = finding(&outcome.to_string());
                if *outcome == ObjectionState::Partly && !disqualify {
                    body["consequence"] = json!("keep");
                }
                let place = format!("/objections/{}/resolve", self.objections.get(*objection)?.id);
                person.post(&place).if_match("*").json(body)
            }
            Hard::NoAward(at) => {
                let place = format!("{campaign}/categories/{}", CATEGORIES.get(*at)?);
                let tag = self.world.approver().await.etag_of(&place).await;
                let body = json!({"decision": self.record()});
                person.post(&format!("{place}/no-award")).if_match(&tag).json(body)
            }
        })
    }

    /// The last day of all deadlines that there are, and not before today.
    fn later(&self) -> Day {
        let extensions = self.extensions.iter().map(|(_, until)| *until);
        extensions.chain([self.definition.acceptance.value.closes_on, self.now().day()]).max().expect("a day")
    }

    /// What a hard case leaves behind.
    pub(super) async fn note_hard(&mut self, who: &Someone, hard: &Hard, reply: &Reply) {
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
    pub(super) fn settled(&mut self, application: Uuid, operation: O) {
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
    fn needed(&self, app: &App) -> u32 {
        let visits = self.category(app).visits.value;
        app.it.handling.waiver.as_ref().map_or(visits, |waiver| waiver.sheets.min(visits))
    }

    async fn recused(&mut self, who: &Someone, application: usize, whom: Whom, reply: &Reply) {
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
    async fn replaced(&mut self, application: usize) {
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
                expected(workflow::blockers::<AssignmentFlow>(None, O::CreateAssignment, &facts))
                    == Expected::Done
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

    async fn objected(&mut self, list: usize, notice: usize, entry: usize) {
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

    fn substituted(&mut self, at: usize, by: Uuid) {
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
        let alive = |list: &&mut super::List| list.it.category_code == code && list.it.state != L::Returned;
        let list = self.lists.iter_mut().find(alive).expect("a list");
        list.it = list.it.clone().substituted(&standing, substitution, now).expect("a place");
        let app = self.applications.get_mut(at).expect("an application");
        let moved = app.it.clone().moved(O::SubstituteApplication, "", Audience::Insiders, now);
        app.it = moved.expect("a row");
    }

    /// The recusals that the server proposed are those that the model sees, and bear these ids.
    pub(super) async fn recusals_known(&mut self) {
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

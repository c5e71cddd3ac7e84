//! What a hard case comes to: the domain's guards, asked with facts out of the model's own lists.

use std::collections::BTreeSet;

use pingxuan_domain::decision::no_award_blockers;
use pingxuan_domain::policy::{Stake, Visibility};
use pingxuan_domain::workflow::application::ApplicationState as A;
use pingxuan_domain::workflow::assignment::AssignmentState;
use pingxuan_domain::workflow::campaign::CampaignFlow;
use pingxuan_domain::workflow::objection::{ObjectionFacts, ObjectionFlow};
use pingxuan_domain::workflow::recusal::{RecusalFacts, RecusalFlow, RecusalState};
use pingxuan_domain::workflow::score_sheet::ScoreSheetFlow;
use pingxuan_domain::workflow::shortlist::ShortlistState as L;
use pingxuan_domain::workflow::veto::{VetoFacts, VetoFlow, VetoState};
use pingxuan_domain::workflow::vetting_request::{VettingFacts, VettingFlow, VettingState};
use pingxuan_domain::{Operation as O, Reach, Role};
use uuid::Uuid;

use super::{Hard, Named, Whom};
use crate::model::facts::{expected, permitted};
use crate::model::{ASKED, Against, App, Bar, CATEGORIES, Duty, Expected, Model, Someone};

fn invalid(code: &str) -> Expected {
    Expected::Invalid(BTreeSet::from([code.to_owned()]))
}

impl Model {
    /// What a hard case comes to.
    pub(in crate::model) fn predict_hard(
        &self,
        who: &Someone,
        visibility: &Visibility,
        hard: &Hard,
    ) -> Expected {
        let operation = hard.operation();
        match hard {
            Hard::Extend { .. } => {
                permitted::<CampaignFlow>(Some(self.phase), operation, &self.campaign_facts())
            }
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
                permitted::<ScoreSheetFlow>(Some(*state), operation, &facts)
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
                permitted::<RecusalFlow>(Some(bar.state), operation, &facts)
            }
            Hard::Veto { .. } => {
                let own = who.actor.as_ref().and_then(|actor| actor.unit_id);
                let own = self.units.iter().find(|unit| Some(unit.id) == own);
                let supplies =
                    visibility.has(Reach::All) || own.is_some_and(|unit| unit.kind.is_department());
                let facts = VetoFacts { supplies, supplier: true };
                permitted::<VetoFlow>(None, operation, &facts)
            }
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
                permitted::<VetoFlow>(Some(state), operation, &VetoFacts { supplies: true, supplier })
            }
            Hard::Ask(at) => {
                let code = CATEGORIES.get(*at).expect("a category");
                let facts = self.vetting_facts(visibility, code, vec![]);
                match permitted::<VettingFlow>(None, operation, &facts) {
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
                permitted::<VettingFlow>(Some(question.state), operation, &facts)
            }
            Hard::Object { list, notice, .. } => {
                let list = self.lists.get(*list).expect("a list");
                let notice = list.notices.get(*notice).expect("a notice");
                let facts = ObjectionFacts {
                    phase: self.phase,
                    notice: notice.state,
                    decided: self.is_decided(&list.it.category_code),
                    stakes: vec![],
                    investigator: false,
                    named: false,
                };
                permitted::<ObjectionFlow>(None, operation, &facts)
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
    pub(super) fn about(&self, named: Named) -> Option<usize> {
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
    pub(super) fn bears(&self, app: &App, named: Named) -> bool {
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

    pub(super) fn binds(&self, bar: &Bar, visibility: &Visibility) -> bool {
        let Some(actor) = visibility.actor() else { return false };
        let supervisor = bar.supervisor.and_then(|at| self.supervisors.get(at)).map(|of| of.id);
        (supervisor.is_some() && supervisor == actor.supervisor_id) || bar.account == Some(actor.user_id)
    }

    /// Whom a recusal binds: a supervisor as such, anybody else by the account. None where whoever declares may not name them.
    pub(super) fn bound(&self, who: &Someone, whom: Whom) -> Option<(Option<usize>, Option<Uuid>)> {
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

    pub(super) fn predict_recusal(&self, who: &Someone, application: usize, whom: Whom) -> Expected {
        let app = self.app_at(application);
        let bound = self.bound(who, whom);
        let known = match self.gate(who, O::GetApplication) {
            Ok(visibility) if app.it.within(&visibility, self.opened_to(who, app)) => true,
            _ => self.told_of(who, app),
        };
        let known = known && app.it.state != A::Draft;
        let Some(bound) = bound.filter(|_| known) else { return invalid("unknown_reference") };
        let there = self.bars.iter().find(|bar| {
            bar.application == app.it.id && (bar.supervisor, bar.account) == bound && bar.state.binds()
        });
        if there.is_some_and(|bar| bar.state == RecusalState::InForce) {
            return invalid("already_recused");
        }
        let facts = RecusalFacts { phase: self.phase, laid_on_oneself: false };
        permitted::<RecusalFlow>(there.map(|bar| bar.state), O::DeclareRecusal, &facts)
    }

    pub(super) fn own_duties<'a>(&'a self, who: &Someone, app: &App) -> impl Iterator<Item = &'a Duty> {
        let (own, id) = (who.actor.as_ref().and_then(|actor| actor.supervisor_id), app.it.id);
        self.duties.iter().filter(move |duty| {
            let of = self.supervisors.get(duty.supervisor).map(|of| of.id);
            duty.application == id && own.is_some() && of == own
        })
    }

    /// Whether the application is open to a supervisor.
    pub(super) fn opened_to(&self, who: &Someone, app: &App) -> bool {
        self.own_duties(who, app).any(|duty| duty.state == AssignmentState::Cleared)
    }

    /// Whether a supervisor knows that the application is assigned to them.
    pub(super) fn told_of(&self, who: &Someone, app: &App) -> bool {
        self.own_duties(who, app).any(|duty| duty.state != AssignmentState::Planned)
    }

    pub(super) fn vetting_facts(
        &self,
        visibility: &Visibility,
        code: &str,
        stakes: Vec<Stake>,
    ) -> VettingFacts {
        VettingFacts {
            phase: self.phase,
            list: self.alive(code).map(|list| list.it.state),
            stakes,
            insider: visibility.is_insider(),
        }
    }

    /// The candidates standing about whom the department is to be asked; the townships' alone.
    pub(super) fn to_ask(&self, at: usize) -> Vec<Uuid> {
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

    pub(super) fn on_objection(
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
            decided: self.is_decided(&list.it.category_code),
            stakes: self.stakes(visibility, app),
            investigator: against.investigator.is_some() && against.investigator == who.account(),
            named: false,
        };
        permitted::<ObjectionFlow>(Some(against.state), operation, &facts)
    }

    /// Whether a category is decided, by whatever list or without one.
    fn is_decided(&self, code: &str) -> bool {
        let approved = self.alive(code).is_some_and(|list| list.it.state == L::Approved);
        approved || self.no_awards.iter().any(|at| CATEGORIES.get(*at) == Some(&code))
    }

    /// What is against somebody as the investigator.
    pub(super) fn investigator_fault(&self, against: &Against, by: usize) -> Option<&'static str> {
        let who = self.people.get(by).expect("somebody");
        let office = who.actor.as_ref().is_some_and(|actor| actor.roles.contains(&Role::Office));
        let visibility = self.gate(who, O::AssignObjection).ok().filter(|_| office);
        let Some(visibility) = visibility else { return Some("unknown_reference") };
        let app = self.application(against.application).expect("an application");
        (!self.stakes(&visibility, app).is_empty()).then_some("investigator_has_stake")
    }

    /// Those who wait before somebody in the ranking of the list under way.
    pub(super) fn passed_over(&self, app: &App) -> Vec<Uuid> {
        let Some(list) = self.alive(&app.it.category_code) else { return vec![] };
        let order = list.it.ranking.entries.iter().map(|entry| entry.application_id);
        let waits = |id: &Uuid| self.application(*id).is_some_and(|app| app.it.state == A::NotShortlisted);
        order.take_while(|id| *id != app.it.id).filter(waits).collect()
    }
}

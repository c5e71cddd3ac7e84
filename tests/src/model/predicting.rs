//! What the model says comes of a step, before the server is asked.

use std::collections::BTreeSet;

use pingxuan_domain::Operation as O;
use pingxuan_domain::review::tie::{self, Closed};
use pingxuan_domain::workflow::assignment::{AssignmentFlow, AssignmentState};
use pingxuan_domain::workflow::campaign::{CampaignFlow, CampaignState};
use pingxuan_domain::workflow::public_notice::{NoticeFacts, NoticeFlow};
use pingxuan_domain::workflow::score_sheet::ScoreSheetFlow;
use pingxuan_domain::workflow::shortlist::{ShortlistFlow, ShortlistState as L};

use super::facts::{expected, permitted};
use super::moves::{Kind, Step};
use super::{CATEGORIES, Expected, Model, Someone};

impl Model {
    fn someone(&self, step: &Step) -> &Someone {
        self.people.get(step.who).expect("somebody")
    }

    /// What the model says comes of a step.
    #[must_use]
    pub fn predict(&self, step: &Step) -> Expected {
        let who = self.someone(step);
        let operation = step.kind.operation();
        let visibility = match self.gate(who, operation) {
            Ok(visibility) => visibility,
            Err(refused) => return if matches!(step.kind, Kind::Wait(_)) { Expected::Done } else { refused },
        };
        match &step.kind {
            Kind::Wait(_) => Expected::Done,
            Kind::Create { unit, category, .. } => {
                self.predict_new(who, self.declaring(who, *unit), *category)
            }
            Kind::On(_, at) | Kind::Return { application: at, .. } | Kind::Paper { application: at, .. } => {
                self.on_application(who, operation, self.applications.get(*at).expect("an application"))
            }
            Kind::Assign { application, supervisor } => {
                let app = self.applications.get(*application).expect("an application");
                let facts = self.assignment_facts(app, *supervisor, None);
                permitted::<AssignmentFlow>(None, operation, &facts)
            }
            Kind::Confirm => self.predict_confirmation(),
            Kind::Unassign(at) | Kind::Declare(at) => {
                let duty = self.duties.get(*at).expect("an assignment");
                if !self.reaches(&visibility, duty) {
                    return Expected::NotFound;
                }
                let app = self.application(duty.application).expect("an application");
                let facts = self.assignment_facts(app, duty.supervisor, Some(duty));
                permitted::<AssignmentFlow>(Some(duty.state), operation, &facts)
            }
            Kind::Visit(at) => self.predict_visit(who, *at),
            Kind::Save { duty: at, .. } | Kind::SubmitSheet(at) => {
                let duty = self.duties.get(*at).expect("an assignment");
                let state = duty.sheet.as_ref().map(|(state, _)| *state);
                let begun = state.is_some() || operation == O::SaveScoreSheet;
                if !begun || !self.reaches(&visibility, duty) {
                    return Expected::NotFound;
                }
                let facts = self.sheet_facts(duty, &visibility);
                permitted::<ScoreSheetFlow>(state, operation, &facts)
            }
            Kind::List(at) => self.predict_list(*at),
            Kind::OnList(_, at) => {
                let list = self.lists.get(*at).expect("a list");
                let facts = self.list_facts(&visibility, list);
                permitted::<ShortlistFlow>(Some(list.it.state), operation, &facts)
            }
            Kind::Close { list, notice } => {
                let notice = self.lists.get(*list).and_then(|list| list.notices.get(*notice));
                let notice = notice.expect("a notice");
                let facts = NoticeFacts { phase: self.phase, now: self.now(), closes_at: notice.closes_at };
                permitted::<NoticeFlow>(Some(notice.state), operation, &facts)
            }
            Kind::Order(at) => {
                let list = self.alive(CATEGORIES.get(*at).copied().unwrap_or(""));
                let closed = match list.is_some_and(|list| list.it.state != L::Draft) {
                    true => Closed::ByList,
                    false if self.no_awards.contains(at) => Closed::ByNoAward,
                    false => Closed::Open,
                };
                let ranking = self.shown_ranking(*at);
                let stakes = self.stakes_in(&visibility, CATEGORIES.get(*at).copied().unwrap_or(""));
                let faults = tie::blockers(self.phase, closed, &stakes, &ranking);
                expected(Some(faults))
            }
            Kind::Hard(hard) => self.predict_hard(who, &visibility, hard),
            Kind::Advance | Kind::Cancel => {
                permitted::<CampaignFlow>(Some(self.phase), operation, &self.campaign_facts())
            }
        }
    }

    /// The ranking that is shown: the list's, once one is proposed.
    pub(super) fn shown_ranking(&self, at: usize) -> pingxuan_domain::review::ranking::Ranking {
        let list = self.alive(CATEGORIES.get(at).copied().unwrap_or(""));
        match list.filter(|list| list.it.state != L::Draft) {
            Some(list) => list.it.ranking.clone(),
            None => self.ranking(at),
        }
    }

    fn reaches(&self, visibility: &pingxuan_domain::Visibility, duty: &super::Duty) -> bool {
        let own = visibility.actor().and_then(|actor| actor.supervisor_id);
        let of = self.supervisors.get(duty.supervisor).map(|of| of.id);
        visibility.has(pingxuan_domain::Reach::All)
            || (of == own && of.is_some() && duty.state != AssignmentState::Planned)
    }

    fn predict_new(&self, who: &Someone, unit: usize, category: usize) -> Expected {
        let category = self.definition.categories.get(category).expect("a category");
        let unit = self.units.get(unit).expect("a unit");
        let situation = pingxuan_domain::application::Situation {
            now: self.now(),
            phase: self.phase,
            category,
            acceptance: self.definition.acceptance.value,
            paper_copies: 2,
            unit: Some((unit.kind, true)),
            application: None,
            form_faults: vec![],
            elsewhere: vec![],
            standing_of_unit: 0,
            list: Default::default(),
            extended_until: None,
            sealed: false,
            veto_until: None,
            new_deeds_missing: false,
            asking: who.account(),
            stakes: vec![],
            stakes_in_category: vec![],
            counting_sheets: 0,
            standing_list: None,
        };
        use pingxuan_domain::workflow::application::ApplicationFlow;
        permitted::<ApplicationFlow>(None, O::CreateApplication, &situation)
    }

    fn predict_confirmation(&self) -> Expected {
        let planned: Vec<_> =
            self.duties.iter().filter(|duty| duty.state == AssignmentState::Planned).collect();
        let mut codes = BTreeSet::new();
        for duty in &planned {
            let app = self.application(duty.application).expect("an application");
            let facts = self.assignment_facts(app, duty.supervisor, Some(duty));
            let state = Some(AssignmentState::Planned);
            if let Expected::Blocked(more) = permitted::<AssignmentFlow>(state, O::ConfirmAssignments, &facts)
            {
                codes.extend(more);
            }
        }
        if self.phase != CampaignState::Verifying {
            let code = if self.phase == CampaignState::Cancelled {
                "campaign_cancelled"
            } else {
                "campaign_not_verifying"
            };
            return Expected::Blocked(BTreeSet::from([code.to_owned()]));
        }
        if planned.is_empty() {
            return Expected::Blocked(BTreeSet::from(["nothing_planned".to_owned()]));
        }
        if codes.is_empty() { Expected::Done } else { Expected::Blocked(codes) }
    }

    fn predict_visit(&self, who: &Someone, at: usize) -> Expected {
        let duty = self.duties.get(at).expect("an assignment");
        let of = self.supervisors.get(duty.supervisor).map(|of| of.id);
        let own = who.actor.as_ref().and_then(|actor| actor.supervisor_id);
        let told = matches!(duty.state, AssignmentState::Confirmed | AssignmentState::Cleared);
        // What a trip may not be made of is said by the tests of trips.
        if of != own || !told {
            return Expected::NotFound;
        }
        expected(Some(pingxuan_domain::verification::site_visit::blockers(self.phase, true)))
    }

    fn predict_list(&self, at: usize) -> Expected {
        let category = self.definition.categories.get(at).expect("a category");
        let facts = pingxuan_domain::review::shortlist::ListFacts {
            phase: self.phase,
            state: None,
            category: category.clone(),
            candidates: vec![],
            verified: 0,
            other_list: self.alive(&category.code).is_some(),
            ranking: Some(self.ranking(at)),
            ranking_changed: false,
            departures: Default::default(),
            own_proposal: false,
            calendar: None,
            notice_running: false,
            now: self.now(),
            decided_without_award: self.no_awards.contains(&at),
            stakes: vec![],
            open_objections: 0,
        };
        permitted::<ShortlistFlow>(None, O::CreateShortlist, &facts)
    }
}

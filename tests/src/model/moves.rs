//! One step of a run: somebody does something, the model says what comes of it, the server does the same.

use std::collections::BTreeSet;

use pingxuan_api::rehearsal::chance::Chance;
use pingxuan_domain::workflow::application::ApplicationState as A;
use pingxuan_domain::workflow::assignment::{AssignmentFlow, AssignmentState};
use pingxuan_domain::workflow::campaign::{CampaignFlow, CampaignState};
use pingxuan_domain::workflow::public_notice::{NoticeFacts, NoticeFlow};
use pingxuan_domain::workflow::score_sheet::ScoreSheetFlow;
use pingxuan_domain::workflow::shortlist::{ShortlistFlow, ShortlistState as L};
use pingxuan_domain::workflow::{self};
use pingxuan_domain::{Operation as O, Role};
use uuid::Uuid;

use super::facts::expected;
use super::hard_cases::Hard;
use super::{CATEGORIES, Expected, Model, Someone};

/// What somebody does; numbers are places in the model's lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Create {
        unit: usize,
        category: usize,
        person: usize,
        leading: bool,
    },
    /// An operation on an application.
    On(O, usize),
    Return {
        application: usize,
        days: i64,
    },
    Paper {
        application: usize,
        stale: bool,
    },
    Assign {
        application: usize,
        supervisor: usize,
    },
    Confirm,
    Unassign(usize),
    Declare(usize),
    Visit(usize),
    /// Points in halves for every criterion; none cannot be judged.
    Save {
        duty: usize,
        halves: Option<u16>,
    },
    SubmitSheet(usize),
    List(usize),
    /// An operation on a list.
    OnList(O, usize),
    Close {
        list: usize,
        notice: usize,
    },
    Order(usize),
    /// One of the hard cases.
    Hard(Hard),
    Advance,
    Cancel,
    /// Time passes: hours.
    Wait(i64),
}

/// A step: who does what.
#[derive(Clone, Debug)]
pub struct Step {
    pub(super) who: usize,
    pub(super) kind: Kind,
}

impl Step {
    /// The operation that is asked for.
    #[must_use]
    pub fn operation(&self) -> O {
        self.kind.operation()
    }
}

/// The operations that every test of the model is to see done, and refused.
pub const DRAWN: [O; 38] = [
    O::CreateApplication,
    O::UpdateApplication,
    O::DeleteApplication,
    O::SubmitApplication,
    O::WithdrawApplication,
    O::ReturnApplication,
    O::RecordPaperReceipt,
    O::AcceptApplication,
    O::RejectApplication,
    O::CreateAssignment,
    O::ConfirmAssignments,
    O::DeleteAssignment,
    O::DeclareNoConflict,
    O::SaveScoreSheet,
    O::SubmitScoreSheet,
    O::CreateShortlist,
    O::ProposeShortlist,
    O::EndorseShortlist,
    O::PublishNotice,
    O::CloseNotice,
    O::ApproveShortlist,
    O::ReturnShortlist,
    O::AdvanceCampaign,
    O::GrantExtension,
    O::WaiveVisits,
    O::ReopenScoreSheet,
    O::DeclareRecusal,
    O::LiftRecusal,
    O::LiftVeto,
    O::RequestVetting,
    O::RecordVettingOpinion,
    O::ResolveVettingConcern,
    O::FileObjection,
    O::AssignObjection,
    O::ResolveObjection,
    O::DisqualifyApplication,
    O::SubstituteApplication,
    O::DecideNoAward,
];

const ON_APPLICATIONS: [O; 6] = [
    O::UpdateApplication,
    O::DeleteApplication,
    O::SubmitApplication,
    O::WithdrawApplication,
    O::AcceptApplication,
    O::RejectApplication,
];
const ON_LISTS: [O; 5] =
    [O::ProposeShortlist, O::EndorseShortlist, O::PublishNotice, O::ApproveShortlist, O::ReturnShortlist];

pub(super) fn at(chance: &mut Chance, length: usize) -> usize {
    usize::from(chance.below(u16::try_from(length).unwrap_or(u16::MAX)))
}

impl Model {
    /// A step by chance: of several drawn, most often one that goes through.
    pub fn draw(&self, chance: &mut Chance) -> Step {
        let wanted = chance.below(10) < 7;
        let mut drawn = self.any(chance);
        for _ in 0..60 {
            if !wanted || (self.predict(&drawn) == Expected::Done && self.is_worth_it(&drawn, chance)) {
                break;
            }
            drawn = self.any(chance);
        }
        let ends = drawn.kind == Kind::Cancel && chance.below(60) > 0;
        let idle = matches!(drawn.kind, Kind::Create { .. }) && self.is_full();
        if (ends || idle) && self.predict(&drawn) == Expected::Done {
            return Step { kind: Kind::Wait(1), ..drawn };
        }
        drawn
    }

    /// Whether there is enough to play with.
    fn is_full(&self) -> bool {
        self.applications.len() >= 12
    }

    /// What ends a run, or undoes what was hard to reach, is done now and then only.
    fn is_worth_it(&self, step: &Step, chance: &mut Chance) -> bool {
        match &step.kind {
            Kind::Cancel => chance.below(400) == 0,
            Kind::Hard(hard) => chance.below(hard.rarity()) == 0,
            Kind::Create { .. } => !self.is_full() || chance.below(40) == 0,
            Kind::Advance if self.phase == CampaignState::Accepting => {
                let accepted = self.applications.iter().filter(|app| app.it.state == A::Accepted);
                accepted.count() > 3 || chance.below(20) == 0
            }
            Kind::On(O::WithdrawApplication, at) => {
                let listed = self.applications.get(*at).is_some_and(|app| app.it.state == A::Shortlisted);
                chance.below(if listed { 5 } else { 20 }) == 0
            }
            Kind::On(O::DeleteApplication, _) => chance.below(12) == 0,
            Kind::On(O::RejectApplication, _) | Kind::Return { .. } => chance.below(5) == 0,
            Kind::OnList(O::ReturnShortlist, _) => chance.below(12) == 0,
            Kind::Unassign(_) => chance.below(6) == 0,
            Kind::Wait(_) => chance.below(6) == 0,
            _ => true,
        }
    }

    fn any(&self, chance: &mut Chance) -> Step {
        let who = at(chance, self.people.len());
        let applications = self.applications.len();
        let (duties, lists) = (self.duties.len(), self.lists.len());
        let kind = match self.leaning(chance) {
            0 | 1 => self.any_new(chance),
            2..=5 if applications > 0 => {
                let operation = *chance.pick(&ON_APPLICATIONS).expect("an operation");
                Kind::On(operation, at(chance, applications))
            }
            6 if applications > 0 => {
                Kind::Return { application: at(chance, applications), days: i64::from(chance.below(3)) }
            }
            7 if applications > 0 => {
                Kind::Paper { application: at(chance, applications), stale: chance.below(5) == 0 }
            }
            8 | 9 if applications > 0 => Kind::Assign {
                application: at(chance, applications),
                supervisor: at(chance, self.supervisors.len()),
            },
            10 => Kind::Confirm,
            11 if duties > 0 => Kind::Declare(at(chance, duties)),
            12 if duties > 0 => Kind::Visit(at(chance, duties)),
            13 if duties > 0 => {
                let halves = 120 + 10 * chance.below(8);
                Kind::Save { duty: at(chance, duties), halves: (chance.below(8) > 0).then_some(halves) }
            }
            14 if duties > 0 => Kind::SubmitSheet(at(chance, duties)),
            15 if duties > 0 => Kind::Unassign(at(chance, duties)),
            16 => Kind::List(at(chance, CATEGORIES.len())),
            17 | 18 if lists > 0 => {
                Kind::OnList(*chance.pick(&ON_LISTS).expect("an operation"), at(chance, lists))
            }
            19 if lists > 0 => {
                let list = at(chance, lists);
                let notices = self.lists.get(list).map_or(0, |list| list.notices.len());
                if notices == 0 { Kind::Advance } else { Kind::Close { list, notice: at(chance, notices) } }
            }
            20 => Kind::Order(at(chance, CATEGORIES.len())),
            21 => match chance.below(6) {
                0 => Kind::Cancel,
                1 | 2 => Kind::Wait(i64::from(chance.below(36)) + 1),
                _ => Kind::Advance,
            },
            22 => self.any_hard(chance).map_or(Kind::Advance, Kind::Hard),
            _ => self.any_new(chance),
        };
        Step { who: self.suited(chance, &kind).unwrap_or(who), kind }
    }

    /// Which kind of step is drawn: mostly one that the phase is about.
    fn leaning(&self, chance: &mut Chance) -> u16 {
        let (first, count) = match self.phase {
            CampaignState::Accepting => (0, 8),
            CampaignState::Verifying => (8, 8),
            CampaignState::Selecting => (16, 5),
            _ => (0, 22),
        };
        match chance.below(10) {
            0 => chance.below(23),
            1 => 21,
            2 => 22,
            3..=5 if self.phase == CampaignState::Selecting => 22,
            3 if self.phase == CampaignState::Verifying => 22,
            _ if self.phase == CampaignState::Announced => 22,
            _ => first + chance.below(count),
        }
    }

    fn any_new(&self, chance: &mut Chance) -> Kind {
        Kind::Create {
            unit: at(chance, self.units.len()),
            category: at(chance, CATEGORIES.len()),
            person: at(chance, 2),
            leading: chance.below(3) == 0,
        }
    }

    /// Most often somebody of a role that may do it; a supervisor their own.
    fn suited(&self, chance: &mut Chance, kind: &Kind) -> Option<usize> {
        if chance.below(8) == 0 {
            return None;
        }
        let operation = kind.operation();
        let may: Vec<usize> = (0..self.people.len())
            .filter(|at| self.people.get(*at).is_some_and(|who| self.gate(who, operation).is_ok()))
            .filter(|at| self.is_own(*at, kind))
            .collect();
        chance.pick(&may).copied()
    }

    fn is_own(&self, who: usize, kind: &Kind) -> bool {
        let Some(actor) = self.people.get(who).and_then(|who| who.actor.as_ref()) else { return true };
        let own_duty = |duty: &usize| {
            let supervisor = self.duties.get(*duty).and_then(|duty| self.supervisors.get(duty.supervisor));
            !actor.roles.contains(&Role::Supervisor) || supervisor.map(|of| of.id) == actor.supervisor_id
        };
        let own_unit = |unit: Option<Uuid>| !actor.roles.contains(&Role::Unit) || unit == actor.unit_id;
        match kind {
            Kind::Declare(duty) | Kind::Visit(duty) | Kind::SubmitSheet(duty) | Kind::Save { duty, .. } => {
                own_duty(duty)
            }
            Kind::On(_, application) => {
                own_unit(self.applications.get(*application).and_then(|app| app.it.unit_id))
            }
            Kind::Create { unit, .. } => own_unit(self.units.get(*unit).map(|unit| unit.id)),
            Kind::Hard(hard) => self.people.get(who).is_some_and(|who| self.is_own_case(who, hard)),
            _ => true,
        }
    }

    /// The unit for which somebody begins a declaration: their own, or the one that the office names.
    pub(super) fn declaring(&self, who: &Someone, named: usize) -> usize {
        let own = who.actor.as_ref().and_then(|actor| actor.unit_id);
        own.and_then(|own| self.units.iter().position(|unit| unit.id == own)).unwrap_or(named)
    }

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
                expected(workflow::blockers::<AssignmentFlow>(None, operation, &facts))
            }
            Kind::Confirm => self.predict_confirmation(),
            Kind::Unassign(at) | Kind::Declare(at) => {
                let duty = self.duties.get(*at).expect("an assignment");
                if !self.reaches(&visibility, duty) {
                    return Expected::NotFound;
                }
                let app = self.application(duty.application).expect("an application");
                let facts = self.assignment_facts(app, duty.supervisor, Some(duty));
                expected(workflow::blockers::<AssignmentFlow>(Some(duty.state), operation, &facts))
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
                expected(workflow::blockers::<ScoreSheetFlow>(state, operation, &facts))
            }
            Kind::List(at) => self.predict_list(*at),
            Kind::OnList(_, at) => {
                let list = self.lists.get(*at).expect("a list");
                let facts = self.list_facts(&visibility, list);
                expected(workflow::blockers::<ShortlistFlow>(Some(list.it.state), operation, &facts))
            }
            Kind::Close { list, notice } => {
                let notice = self.lists.get(*list).and_then(|list| list.notices.get(*notice));
                let notice = notice.expect("a notice");
                let facts = NoticeFacts { phase: self.phase, now: self.now(), closes_at: notice.closes_at };
                expected(workflow::blockers::<NoticeFlow>(Some(notice.state), operation, &facts))
            }
            Kind::Order(at) => {
                let in_use = self
                    .alive(CATEGORIES.get(*at).copied().unwrap_or(""))
                    .is_some_and(|list| list.it.state != L::Draft);
                let ranking = self.shown_ranking(*at);
                let faults = pingxuan_domain::review::tie::blockers(self.phase, in_use, &ranking);
                expected(Some(faults))
            }
            Kind::Hard(hard) => self.predict_hard(who, &visibility, hard),
            Kind::Advance | Kind::Cancel => {
                match workflow::permit::<CampaignFlow>(Some(self.phase), operation, &self.campaign_facts()) {
                    Ok(()) => Expected::Done,
                    Err(pingxuan_domain::Refused::Guards(faults)) => expected(Some(faults)),
                    Err(_) => Expected::Illegal,
                }
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
            counting_sheets: 0,
            standing_list: None,
        };
        use pingxuan_domain::workflow::application::ApplicationFlow;
        expected(workflow::blockers::<ApplicationFlow>(None, O::CreateApplication, &situation))
    }

    fn predict_confirmation(&self) -> Expected {
        let planned: Vec<_> =
            self.duties.iter().filter(|duty| duty.state == AssignmentState::Planned).collect();
        let mut codes = BTreeSet::new();
        for duty in &planned {
            let app = self.application(duty.application).expect("an application");
            let facts = self.assignment_facts(app, duty.supervisor, Some(duty));
            let state = Some(AssignmentState::Planned);
            if let Expected::Blocked(more) =
                expected(workflow::blockers::<AssignmentFlow>(state, O::ConfirmAssignments, &facts))
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
        expected(workflow::blockers::<ShortlistFlow>(None, O::CreateShortlist, &facts))
    }
}

impl Kind {
    /// The operation that it calls.
    #[must_use]
    pub fn operation(&self) -> O {
        match self {
            Self::Create { .. } => O::CreateApplication,
            Self::On(operation, _) | Self::OnList(operation, _) => *operation,
            Self::Return { .. } => O::ReturnApplication,
            Self::Paper { .. } => O::RecordPaperReceipt,
            Self::Assign { .. } => O::CreateAssignment,
            Self::Confirm => O::ConfirmAssignments,
            Self::Unassign(_) => O::DeleteAssignment,
            Self::Declare(_) => O::DeclareNoConflict,
            Self::Visit(_) => O::RecordSiteVisit,
            Self::Save { .. } => O::SaveScoreSheet,
            Self::SubmitSheet(_) => O::SubmitScoreSheet,
            Self::List(_) => O::CreateShortlist,
            Self::Close { .. } => O::CloseNotice,
            Self::Order(_) => O::ResolveTie,
            Self::Hard(hard) => hard.operation(),
            Self::Advance => O::AdvanceCampaign,
            Self::Cancel => O::CancelCampaign,
            Self::Wait(_) => O::GetWorkflow,
        }
    }
}

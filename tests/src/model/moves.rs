//! One step of a run: somebody does something, the model says what comes of it, the server does the same.

use pingxuan_api::rehearsal::chance::Chance;
use pingxuan_domain::workflow::application::ApplicationState as A;
use pingxuan_domain::workflow::campaign::CampaignState;
use pingxuan_domain::{Operation as O, Role};
use uuid::Uuid;

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
            // Waiting always goes through: what else is to be done comes first, but where a notice runs.
            Kind::Wait(_) => chance.below(if self.lists.iter().any(Self::running) { 6 } else { 20 }) == 0,
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
                // A notice stands for days, the rest of a run is about hours: all runs share a county and its calendars.
                1 | 2 if self.lists.iter().any(Self::running) => Kind::Wait(i64::from(chance.below(96)) + 1),
                1 | 2 if self.phase != CampaignState::Accepting => {
                    Kind::Wait(i64::from(chance.below(12)) + 1)
                }
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

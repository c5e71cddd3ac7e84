//! The hard cases of a run: extensions, waivers, reopened sheets, recusals, vetoes, vetting, objections, disqualification,
//! substitution, revocation, categories without an award. What is drawn, what comes of it, and what it leaves behind.

use pingxuan_api::rehearsal::chance::Chance;
use pingxuan_domain::Operation as O;
use pingxuan_domain::workflow::application::ApplicationState as A;
use pingxuan_domain::workflow::campaign::CampaignState;
use pingxuan_domain::workflow::objection::ObjectionState;
use pingxuan_domain::workflow::vetting_request::VettingState;

use super::moves::at;
use super::{ASKED, App, CATEGORIES, Model, Someone};

mod asking;
mod effects;
mod facts;

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
            Self::Recuse { .. } => 25,
            Self::NoAward(_) => 12,
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

    pub(super) fn app_at(&self, at: usize) -> &App {
        self.applications.get(at).expect("an application")
    }
}

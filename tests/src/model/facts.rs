//! What the model answers: the domain's guards, asked with facts out of the model's own lists.

use std::collections::BTreeSet;

use pingxuan_domain::application::{ListStanding, Situation, StandingList};
use pingxuan_domain::campaign::definition::{Category, NomineeKind};
use pingxuan_domain::policy::{Denied, Stake, Visibility, authorize};
use pingxuan_domain::review::calibration::Simulation;
use pingxuan_domain::review::ranking::{Assessment, Ranking, RankingInput, SheetInput, rank};
use pingxuan_domain::review::shortlist::{Candidate, ListFacts};
use pingxuan_domain::review::vetting::{Asked, gaps};
use pingxuan_domain::verification::score_sheet::{judgements, total};
use pingxuan_domain::workflow::application::{ApplicationFlow, ApplicationState as A};
use pingxuan_domain::workflow::assignment::{AssignmentFacts, AssignmentState};
use pingxuan_domain::workflow::campaign::{CampaignFacts, CampaignState};
use pingxuan_domain::workflow::public_notice::NoticeState;
use pingxuan_domain::workflow::score_sheet::{ScoreSheetFacts, ScoreSheetState};
use pingxuan_domain::workflow::shortlist::ShortlistState as L;
use pingxuan_domain::workflow::{self, Flow};
use pingxuan_domain::{Day, Fault, Operation, Refused};
use uuid::Uuid;

use super::{App, Duty, Expected, List, Model, Someone};

/// States in which an application does not count as standing.
const NOT_STANDING: [A; 3] = [A::Draft, A::Withdrawn, A::Rejected];

/// What stands in the way, as an expectation.
pub(super) fn expected(blockers: Option<Vec<Fault>>) -> Expected {
    match blockers {
        None => Expected::Illegal,
        Some(faults) if faults.is_empty() => Expected::Done,
        Some(faults) => {
            let codes: BTreeSet<String> = faults.iter().map(|fault| fault.code.code().to_owned()).collect();
            Expected::Blocked(codes)
        }
    }
}

/// Whether the state knows an operation and what stands in its way, as an expectation.
pub(super) fn permitted<F: Flow>(
    from: Option<F::State>,
    operation: Operation,
    facts: &F::Facts<'_>,
) -> Expected {
    match workflow::permit::<F>(from, operation, facts) {
        Ok(()) => Expected::Done,
        Err(Refused::Guards(faults)) => expected(Some(faults)),
        Err(_) => Expected::Illegal,
    }
}

impl Model {
    /// What the policy gives somebody.
    pub(super) fn gate(&self, who: &Someone, operation: Operation) -> Result<Visibility, Expected> {
        authorize(&who.caller(), operation).map_err(|denied| match denied {
            Denied::Unauthenticated => Expected::Unauthenticated,
            Denied::Forbidden | Denied::Due(_) => Expected::Forbidden,
        })
    }

    pub(super) fn category(&self, app: &App) -> &Category {
        self.definition.category(&app.it.category_code).expect("a category")
    }

    fn stands(app: &App) -> bool {
        !NOT_STANDING.contains(&app.it.state)
    }

    /// What stakes somebody has in an application.
    pub(super) fn stakes(&self, visibility: &Visibility, app: &App) -> Vec<Stake> {
        let Some(actor) = visibility.actor() else { return vec![] };
        let supervisor = self.supervisors.iter().position(|of| Some(of.id) == actor.supervisor_id);
        let works_at = supervisor.and_then(|at| self.supervisors.get(at)).and_then(|of| of.unit);
        let mut stakes = Vec::new();
        let home =
            self.people.iter().find(|who| who.account() == Some(actor.user_id)).and_then(|who| who.home);
        if app.it.unit_id == home || works_at == Some(app.unit) {
            stakes.push(Stake::OwnUnit);
        }
        let binds = |bar: &&super::Bar| {
            bar.application == app.it.id
                && bar.state.binds()
                && (bar.account == Some(actor.user_id)
                    || (bar.supervisor.is_some() && bar.supervisor == supervisor))
        };
        if self.bars.iter().any(|bar| binds(&bar)) {
            stakes.push(Stake::Recused);
        }
        stakes
    }

    /// The stakes in all that stands in a category.
    pub(super) fn stakes_in(&self, visibility: &Visibility, category_code: &str) -> Vec<Stake> {
        let here = |app: &&App| app.it.category_code == category_code && Self::stands(app);
        self.applications.iter().filter(here).flat_map(|app| self.stakes(visibility, app)).collect()
    }

    /// The list of a category that is alive.
    pub(super) fn alive(&self, category_code: &str) -> Option<&List> {
        self.lists.iter().find(|list| list.it.category_code == category_code && list.it.state != L::Returned)
    }

    pub(super) fn running(list: &List) -> bool {
        list.notices.iter().any(|notice| notice.state == NoticeState::Published)
    }

    fn list_standing(&self, category_code: &str) -> ListStanding {
        match self.alive(category_code) {
            Some(list) if list.it.state == L::Approved => ListStanding::Approved,
            Some(list) if !list.notices.is_empty() && !Self::running(list) => ListStanding::NoticeClosed,
            None if self.phase == CampaignState::Announced => ListStanding::NoticeClosed,
            Some(_) | None => ListStanding::Open,
        }
    }

    fn standing_list(&self, category_code: &str) -> StandingList {
        let under_way = |list: &&List| matches!(list.it.state, L::Proposed | L::Endorsed | L::Noticed);
        let Some(list) = self.alive(category_code).filter(under_way) else { return StandingList::default() };
        let mut found = StandingList::default();
        for entry in &list.it.entries {
            let Some(app) = self.application(entry.application_id) else { continue };
            if app.it.state == A::Shortlisted {
                found.entries += 1;
                found.leading_cadres += u32::from(app.it.is_leading_cadre);
                found.front_line += u32::from(app.it.front_line);
            } else if list.it.entries.iter().all(|other| other.substitutes != Some(entry.application_id)) {
                found.vacant += 1;
            }
        }
        found
    }

    /// The sheets of an application that count.
    pub(super) fn counting(&self, app: &App) -> u32 {
        let category = self.category(app);
        let counts = |duty: &&Duty| {
            duty.application == app.it.id
                && duty.state != AssignmentState::Recused
                && duty.sheet.as_ref().is_some_and(|(state, scores)| {
                    *state == ScoreSheetState::Submitted && total(category, scores).counts
                })
        };
        u32::try_from(self.duties.iter().filter(counts).count()).unwrap_or(u32::MAX)
    }

    fn same_nominee(&self, one: &App, other: &App) -> bool {
        match (one.it.nominee, other.it.nominee) {
            (NomineeKind::Unit, NomineeKind::Unit) => one.unit == other.unit,
            (NomineeKind::Person, NomineeKind::Person) => {
                (one.unit, one.person) == (other.unit, other.person)
            }
            (_, _) => false,
        }
    }

    /// Until when vetoes in force bar a nominee.
    fn barred_until(&self, app: &App) -> Option<Day> {
        let bars = |veto: &&super::Barred| {
            !veto.lifted
                && app.it.nominee == NomineeKind::Unit
                && veto.unit == app.unit
                && self.now() < veto.until.end()
        };
        self.vetoes.iter().filter(bars).map(|veto| veto.until).max()
    }

    /// The situation of an application that is there.
    pub(super) fn situation<'a>(&'a self, app: &'a App, visibility: &Visibility) -> Situation<'a> {
        let category = self.category(app);
        let others =
            || self.applications.iter().filter(move |other| other.it.id != app.it.id && Self::stands(other));
        let elsewhere = others().filter(|other| {
            let unit = app.it.nominee == NomineeKind::Unit;
            self.same_nominee(app, other) && (!unit || other.it.category_code != app.it.category_code)
        });
        let beside = others()
            .filter(|other| other.unit == app.unit && other.it.category_code == app.it.category_code)
            .count();
        let longer = self.extensions.iter().filter(|(unit, _)| unit.is_none_or(|unit| unit == app.unit));
        Situation {
            now: self.now(),
            phase: self.phase,
            category,
            acceptance: self.definition.acceptance.value,
            paper_copies: self.definition.paper_copies.value,
            unit: self.units.get(app.unit).map(|unit| (unit.kind, true)),
            application: Some(&app.it),
            form_faults: vec![],
            elsewhere: elsewhere.map(|other| other.it.category_code.clone()).min().into_iter().collect(),
            standing_of_unit: u32::try_from(beside).unwrap_or(u32::MAX),
            list: self.list_standing(&category.code),
            extended_until: longer.map(|(_, until)| *until).max(),
            sealed: false,
            veto_until: self.barred_until(app),
            new_deeds_missing: false,
            asking: visibility.actor().map(|actor| actor.user_id),
            stakes: self.stakes(visibility, app),
            stakes_in_category: match app.it.state {
                A::NotShortlisted if visibility.is_insider() => self.stakes_in(visibility, &category.code),
                _ => vec![],
            },
            counting_sheets: self.counting(app),
            standing_list: visibility.is_insider().then(|| self.standing_list(&category.code)),
        }
    }

    /// What an action on an application comes to.
    pub(super) fn on_application(&self, who: &Someone, operation: Operation, app: &App) -> Expected {
        let visibility = match self.gate(who, operation) {
            Ok(visibility) => visibility,
            Err(refused) => return refused,
        };
        if !app.it.within(&visibility, false) {
            return Expected::NotFound;
        }
        let (seen, _) = app.it.seen_by(&visibility);
        permitted::<ApplicationFlow>(Some(seen), operation, &self.situation(app, &visibility))
    }

    /// What the guards of an assignment ask.
    pub(super) fn assignment_facts(
        &self,
        app: &App,
        supervisor: usize,
        duty: Option<&Duty>,
    ) -> AssignmentFacts {
        let of = self.supervisors.get(supervisor).expect("a supervisor");
        let bound = |bar: &super::Bar| {
            bar.application == app.it.id && bar.supervisor == Some(supervisor) && bar.state.binds()
        };
        let there = |other: &Duty| other.application == app.it.id && other.supervisor == supervisor;
        let submitted = duty.and_then(|duty| duty.sheet.as_ref());
        AssignmentFacts {
            phase: self.phase,
            application_accepted: app.it.state == A::Accepted,
            supervisor_in_office: true,
            own_unit: of.unit == Some(app.unit),
            candidate: false,
            assigned_already: duty.is_none() && self.duties.iter().any(there),
            sheet_submitted: submitted.is_some_and(|(state, _)| *state == ScoreSheetState::Submitted),
            recused: self.bars.iter().any(bound),
        }
    }

    /// What the guards of a sheet ask.
    pub(super) fn sheet_facts(&self, duty: &Duty, visibility: &Visibility) -> ScoreSheetFacts {
        let app = self.application(duty.application).expect("an application");
        ScoreSheetFacts {
            phase: self.phase,
            assignment: duty.state,
            visited: self.trips.contains(&(duty.application, duty.supervisor)),
            missing: vec![],
            ranking_in_use: false,
            stakes: self.stakes(visibility, app),
        }
    }

    /// The ranking of a category as it is now.
    pub(super) fn ranking(&self, at: usize) -> Ranking {
        let category = self.definition.categories.get(at).expect("a category");
        let ranked = |app: &&App| {
            app.it.category_code == category.code
                && matches!(app.it.state, A::Verified | A::Shortlisted | A::NotShortlisted | A::NotAwarded)
        };
        let input = |app: &App| {
            let mut sheets: Vec<SheetInput> = self
                .duties
                .iter()
                .filter(|duty| duty.application == app.it.id && duty.state != AssignmentState::Recused)
                .filter_map(|duty| {
                    let (state, scores) = duty.sheet.as_ref()?;
                    (*state == ScoreSheetState::Submitted).then(|| SheetInput {
                        assignment_id: duty.id,
                        supervisor_id: self
                            .supervisors
                            .get(duty.supervisor)
                            .map(|of| of.id)
                            .unwrap_or_default(),
                        judgements: judgements(scores),
                    })
                })
                .collect();
            sheets.sort_by_key(|sheet| sheet.assignment_id);
            RankingInput {
                application_id: app.it.id,
                nominee_name: app.it.nominee_name.clone(),
                sheets,
                assessment: Assessment::NotBlended,
                evaluated: None,
                attended: 0,
                adjustments: vec![],
            }
        };
        let inputs: Vec<RankingInput> = self.applications.iter().filter(ranked).map(input).collect();
        let orders: Vec<Vec<Uuid>> =
            self.orders.iter().filter(|(of, _)| *of == at).map(|(_, order)| order.clone()).collect();
        rank(category, &inputs, &orders, Simulation::default())
    }

    /// What the guards of a list ask.
    pub(super) fn list_facts(&self, visibility: &Visibility, list: &List) -> ListFacts {
        let at =
            super::CATEGORIES.iter().position(|code| *code == list.it.category_code).expect("a category");
        let category = self.definition.categories.get(at).expect("a category");
        let current = (list.it.state == L::Draft).then(|| self.ranking(at));
        let ranked = current.as_ref().unwrap_or(&list.it.ranking).entries.len();
        let of_list = |id: Uuid| list.it.entries.iter().any(|entry| entry.application_id == id);
        let open = self.objections.iter().filter(|against| {
            against.state.is_open() && (against.list == list.it.id || of_list(against.application))
        });
        let account = visibility.actor().map(|actor| actor.user_id);
        ListFacts {
            phase: self.phase,
            state: Some(list.it.state),
            category: category.clone(),
            candidates: list
                .it
                .entries
                .iter()
                .filter_map(|entry| self.application(entry.application_id))
                .map(|app| self.candidate(category, list, app))
                .collect(),
            verified: u32::try_from(ranked).unwrap_or(u32::MAX),
            other_list: false,
            ranking_changed: current.as_ref().is_some_and(|ranking| *ranking != list.it.ranking),
            ranking: current,
            departures: list.it.departures.clone(),
            own_proposal: account.is_some_and(|account| list.it.is_proposal_of(account)),
            calendar: None,
            notice_running: Self::running(list),
            now: self.now(),
            decided_without_award: false,
            stakes: self.stakes_in(visibility, &category.code),
            open_objections: u32::try_from(open.count()).unwrap_or(u32::MAX),
        }
    }

    fn candidate(&self, category: &Category, list: &List, app: &App) -> Candidate {
        let wanted = match list.it.state {
            L::Draft | L::Returned => A::Verified,
            L::Proposed | L::Endorsed | L::Noticed => A::Shortlisted,
            L::Approved => A::Awarded,
        };
        let closed = list.notices.iter().filter(|notice| notice.state == NoticeState::Closed);
        let asked: Vec<Asked> = self
            .questions
            .iter()
            .filter(|question| question.application == app.it.id)
            .map(|question| Asked {
                department_code: self
                    .units
                    .get(super::ASKED)
                    .map(|unit| unit.code.clone())
                    .unwrap_or_default(),
                department_name: String::new(),
                state: question.state,
                due_on: question.due_on,
            })
            .collect();
        let code = self.units.get(app.unit).map(|unit| unit.code.as_str());
        let upheld = |against: &super::Against| against.application == app.it.id && against.obliges;
        Candidate {
            application_id: app.it.id,
            nominee_name: app.it.nominee_name.clone(),
            is_leading_cadre: app.it.is_leading_cadre,
            front_line: app.it.front_line,
            standing: app.it.state == wanted,
            noticed: closed.flat_map(|notice| &notice.named).any(|id| *id == app.it.id),
            veto_until: self.barred_until(app),
            vetting: gaps(category, (&app.it.nominee_name, code), &asked, self.now()),
            objection_upheld: self.objections.iter().any(upheld),
        }
    }

    /// What the guards of the campaign ask.
    pub(super) fn campaign_facts(&self) -> CampaignFacts {
        let count = |state: A| {
            let here = self.applications.iter().filter(|app| app.it.state == state);
            u32::try_from(here.count()).unwrap_or(u32::MAX)
        };
        let approved = |code: &str| self.alive(code).is_some_and(|list| list.it.state == L::Approved);
        let without = |at: usize| self.no_awards.contains(&at);
        let codes = super::CATEGORIES.iter().enumerate();
        let open = codes.clone().filter(|(at, code)| !approved(code) && !without(*at));
        let returned = self.applications.iter().filter(|app| app.it.state == A::Returned);
        CampaignFacts {
            now: self.now(),
            definition_faults: vec![],
            opens_at: self.definition.acceptance.value.opens_at(),
            closes_at: self.definition.acceptance.value.closes_at(),
            undecided: count(A::Submitted),
            last_correction: returned.filter_map(|app| app.it.correct_by).max(),
            unverified: count(A::Accepted),
            undecided_categories: open.map(|(_, code)| (*code).to_owned()).collect(),
            approved_lists: u32::try_from(codes.filter(|(_, code)| approved(code)).count())
                .unwrap_or(u32::MAX),
            last_extension: self.extensions.iter().map(|(_, until)| *until).max(),
            sealed: false,
            seal_opened: false,
            package_made: false,
        }
    }
}

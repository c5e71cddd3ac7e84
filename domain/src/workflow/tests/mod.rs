//! Every guard of every table: facts with which all is well, facts with which one thing is wrong, and what each row makes of it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use uuid::Uuid;

use super::account::{AccountFacts, AccountFlow, AccountGuard};
use super::application::{ApplicationFlow, ApplicationGuard, ApplicationState};
use super::assignment::{AssignmentFacts, AssignmentFlow, AssignmentGuard, AssignmentState};
use super::campaign::{CampaignFacts, CampaignFlow, CampaignGuard, CampaignState as P};
use super::duty_record::{DutyRecordFacts, DutyRecordFlow, DutyRecordGuard};
use super::objection::{ObjectionFacts, ObjectionFlow, ObjectionGuard};
use super::public_notice::{NoticeFacts, NoticeFlow, NoticeGuard, NoticeState};
use super::recusal::{RecusalFacts, RecusalFlow, RecusalGuard, RecusalState};
use super::score_sheet::{ScoreSheetFacts, ScoreSheetFlow, ScoreSheetGuard};
use super::shortlist::{ShortlistFlow, ShortlistGuard, ShortlistState};
use super::veto::{VetoFacts, VetoFlow, VetoGuard};
use super::vetting_request::{VettingFacts, VettingFlow, VettingGuard};
use super::*;
use crate::application::handling::{Check, Verdict};
use crate::application::{Application, ListStanding, Situation, StandingList};
use crate::campaign::definition::{Category, Definition, Route, UnitKind, Vacancy};
use crate::error::ErrorCode as E;
use crate::policy::Stake;
use crate::review::ranking::{Ranking, Tie};
use crate::review::shortlist::{Candidate, ListFacts};
use crate::samples::{NOW, application};
use crate::{Day, Instant};

/// One thing that is wrong: the guards that see it, the facts, what they say.
type Case<'a, F> = (&'a [<F as Flow>::Guard], <F as Flow>::Facts<'a>, &'a [E]);

fn codes(faults: Option<Vec<Fault>>) -> BTreeSet<E> {
    faults.expect("the state knows the operation").into_iter().map(|fault| fault.code).collect()
}

/// Each row lets through what is well, and is in the way of what one of its guards sees, whatever the others see. Every guard of
/// the table has a case.
fn each_guard_sees<'a, F: Flow>(
    guards: impl Iterator<Item = F::Guard>,
    well: &F::Facts<'a>,
    cases: &[Case<'a, F>],
) {
    for guard in guards {
        assert!(cases.iter().any(|(seeing, ..)| seeing.contains(&guard)), "no case of {guard:?}");
    }
    for row in F::ROWS {
        let (from, operation) = (row.from, row.operation);
        let guards: Vec<F::Guard> = rows::<F>(from, operation).flat_map(|row| row.guards).copied().collect();
        assert_eq!(codes(blockers::<F>(from, operation, well)), BTreeSet::new(), "{operation} from {from:?}");
        assert_eq!(permit::<F>(from, operation, well), Ok(()), "{operation} from {from:?}");
        for (seeing, facts, expected) in cases {
            let seen = seeing.iter().any(|guard| guards.contains(guard));
            let expected: BTreeSet<E> = expected.iter().filter(|_| seen).copied().collect();
            let what = format!("{operation} from {from:?}, where {seeing:?} see something");
            assert_eq!(codes(blockers::<F>(from, operation, facts)), expected, "{what}");
            match permit::<F>(from, operation, facts) {
                Ok(()) => assert!(!seen, "{what}"),
                Err(Refused::Guards(faults)) => assert_eq!(codes(Some(faults)), expected, "{what}"),
                Err(other) => panic!("{what}: {other:?}"),
            }
        }
    }
}

fn definition() -> Definition {
    serde_json::from_str(include_str!("../../../../campaigns/xingguo-2022.json")).unwrap()
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

mod declaration;
mod lists;

#[test]
fn d_602_each_guard_of_an_assignment() {
    use AssignmentGuard as G;
    let well = AssignmentFacts {
        phase: P::Verifying,
        application_accepted: true,
        supervisor_in_office: true,
        own_unit: false,
        candidate: false,
        assigned_already: false,
        sheet_submitted: false,
        recused: false,
    };
    assert_eq!(AssignmentFlow::phase(&well), Some(well.phase));
    let with = || well;
    each_guard_sees::<AssignmentFlow>(
        G::iter(),
        &well,
        &[
            (&[G::Verifying], AssignmentFacts { phase: P::Selecting, ..with() }, &[E::CampaignNotVerifying]),
            (
                &[G::ApplicationAccepted],
                AssignmentFacts { application_accepted: false, ..with() },
                &[E::ApplicationNotAccepted],
            ),
            (
                &[G::SupervisorInOffice],
                AssignmentFacts { supervisor_in_office: false, ..with() },
                &[E::SupervisorInactive],
            ),
            (&[G::NotOwnUnit], AssignmentFacts { own_unit: true, ..with() }, &[E::OwnUnit]),
            (&[G::NotCandidate], AssignmentFacts { candidate: true, ..with() }, &[E::SupervisorIsCandidate]),
            (
                &[G::NotAssignedYet],
                AssignmentFacts { assigned_already: true, ..with() },
                &[E::AlreadyAssigned],
            ),
            (
                &[G::NoSheetSubmitted],
                AssignmentFacts { sheet_submitted: true, ..with() },
                &[E::SheetSubmitted],
            ),
            (&[G::NotRecused], AssignmentFacts { recused: true, ..with() }, &[E::Recused]),
        ],
    );
}

#[test]
fn d_604_each_guard_of_a_score_sheet() {
    use ScoreSheetGuard as G;
    let well = ScoreSheetFacts {
        phase: P::Verifying,
        assignment: AssignmentState::Cleared,
        visited: true,
        missing: vec![],
        ranking_in_use: false,
        stakes: vec![],
    };
    assert_eq!(ScoreSheetFlow::phase(&well), Some(well.phase));
    let with = || well.clone();
    let assigned = |assignment| ScoreSheetFacts { assignment, ..with() };
    each_guard_sees::<ScoreSheetFlow>(
        G::iter(),
        &well,
        &[
            (&[G::Verifying], ScoreSheetFacts { phase: P::Cancelled, ..with() }, &[E::CampaignCancelled]),
            (&[G::AssignmentCleared], assigned(AssignmentState::Planned), &[E::NotConfirmed]),
            (&[G::AssignmentCleared], assigned(AssignmentState::Confirmed), &[E::NotDeclared]),
            (&[G::AssignmentCleared], assigned(AssignmentState::Recused), &[E::Recused]),
            (&[G::SiteVisitRecorded], ScoreSheetFacts { visited: false, ..with() }, &[E::SiteVisitMissing]),
            (&[G::SheetComplete], ScoreSheetFacts { missing: vec![2], ..with() }, &[E::SheetIncomplete]),
            (&[G::RankingFree], ScoreSheetFacts { ranking_in_use: true, ..with() }, &[E::RankingInUse]),
            (
                &[G::NoStake],
                ScoreSheetFacts { stakes: vec![Stake::OwnUnit, Stake::OwnNomination], ..with() },
                &[E::OwnUnitStake, E::OwnNomination],
            ),
        ],
    );
}

#[test]
fn d_305_each_guard_of_a_public_notice() {
    use NoticeGuard as G;
    let now = at(NOW);
    let well = NoticeFacts { phase: P::Selecting, now, closes_at: now };
    assert_eq!(NoticeFlow::phase(&well), Some(well.phase));
    each_guard_sees::<NoticeFlow>(
        G::iter(),
        &well,
        &[
            (&[G::CampaignAlive], NoticeFacts { phase: P::Cancelled, ..well }, &[E::CampaignCancelled]),
            (&[G::PeriodOver], NoticeFacts { closes_at: now.plus_millis(1), ..well }, &[E::NoticeRunning]),
        ],
    );
}

#[test]
fn d_805_each_guard_of_a_duty_record() {
    use DutyRecordGuard as G;
    let well = DutyRecordFacts { in_term: true, by_supervisor: false, ranking_in_use: false };
    each_guard_sees::<DutyRecordFlow>(
        G::iter(),
        &well,
        &[
            (&[G::InTerm], DutyRecordFacts { in_term: false, ..well }, &[E::OutOfTerm]),
            (
                &[G::NotSupervisor],
                DutyRecordFacts { by_supervisor: true, ..well },
                &[E::SupervisorsEvaluated],
            ),
            (&[G::RankingFree], DutyRecordFacts { ranking_in_use: true, ..well }, &[E::RankingInUse]),
        ],
    );
}

#[test]
fn d_603_each_guard_of_a_recusal() {
    use RecusalGuard as G;
    let well = RecusalFacts { phase: P::Selecting, laid_on_oneself: false };
    assert_eq!(RecusalFlow::phase(&well), Some(well.phase));
    let in_phase = |phase| RecusalFacts { phase, ..well };
    each_guard_sees::<RecusalFlow>(
        G::iter(),
        &well,
        &[
            (&[G::CampaignAlive], in_phase(P::Cancelled), &[E::CampaignCancelled]),
            (&[G::CampaignOpen], in_phase(P::Published), &[E::CampaignNotOpen]),
            (&[G::CampaignOpen], in_phase(P::Announced), &[E::CampaignNotOpen]),
            (&[G::NotBound], RecusalFacts { laid_on_oneself: true, ..well }, &[E::OwnRecusal]),
        ],
    );
    for phase in [P::Accepting, P::Verifying] {
        assert_eq!(RecusalFlow::check(G::CampaignOpen, &in_phase(phase)), []);
    }
    let binding: Vec<RecusalState> = RecusalState::iter().filter(|state| state.binds()).collect();
    assert_eq!(binding, [RecusalState::Proposed, RecusalState::InForce]);
}

#[test]
fn d_702_each_guard_of_a_vetting_request() {
    use VettingGuard as G;
    let well = VettingFacts {
        phase: P::Selecting,
        list: Some(ShortlistState::Noticed),
        stakes: vec![],
        insider: true,
    };
    assert_eq!(VettingFlow::phase(&well), Some(well.phase));
    let with = || well.clone();
    let listed = |list, insider| VettingFacts { list, insider, ..with() };
    each_guard_sees::<VettingFlow>(
        G::iter(),
        &well,
        &[
            (&[G::Selecting], VettingFacts { phase: P::Verifying, ..with() }, &[E::CampaignNotSelecting]),
            (&[G::ListUnderWay], listed(None, true), &[E::ListNotProposed]),
            (&[G::ListUnderWay], listed(Some(ShortlistState::Draft), true), &[E::ListNotProposed]),
            (&[G::ListUnderWay], listed(Some(ShortlistState::Approved), true), &[E::ListApproved]),
            (&[G::ListUnderWay], listed(Some(ShortlistState::Approved), false), &[E::VettingOver]),
            (&[G::ListUnderWay], listed(None, false), &[E::VettingOver]),
            (&[G::NoStake], VettingFacts { stakes: vec![Stake::Recused], ..with() }, &[E::Recused]),
        ],
    );
    for state in [ShortlistState::Proposed, ShortlistState::Endorsed] {
        assert_eq!(VettingFlow::check(G::ListUnderWay, &listed(Some(state), false)), []);
    }
}

#[test]
fn d_703_each_guard_of_a_veto() {
    let well = VetoFacts { supplies: true, supplier: true };
    let cases: [Case<'_, VetoFlow>; 2] = [
        (&[VetoGuard::SuppliesVetoes], VetoFacts { supplies: false, ..well }, &[E::NotADepartment]),
        (&[VetoGuard::IsSupplier], VetoFacts { supplier: false, ..well }, &[E::NotTheSupplier]),
    ];
    each_guard_sees::<VetoFlow>(VetoGuard::iter(), &well, &cases);
}

#[test]
fn d_705_each_guard_of_an_objection() {
    use ObjectionGuard as G;
    let well = ObjectionFacts {
        phase: P::Selecting,
        notice: NoticeState::Closed,
        decided: false,
        stakes: vec![],
        investigator: true,
        named: true,
    };
    assert_eq!(ObjectionFlow::phase(&well), Some(well.phase));
    let with = || well.clone();
    each_guard_sees::<ObjectionFlow>(
        G::iter(),
        &well,
        &[
            (&[G::CampaignAlive], ObjectionFacts { phase: P::Cancelled, ..with() }, &[E::CampaignCancelled]),
            (
                &[G::NoticeStands],
                ObjectionFacts { notice: NoticeState::Withdrawn, ..with() },
                &[E::NoticeWithdrawn],
            ),
            (&[G::ListUndecided], ObjectionFacts { decided: true, ..with() }, &[E::ObjectionsClosed]),
            (&[G::NoStake], ObjectionFacts { stakes: vec![Stake::OwnUnit], ..with() }, &[E::OwnUnitStake]),
            (
                &[G::IsInvestigator],
                ObjectionFacts { investigator: false, ..with() },
                &[E::NotTheInvestigator],
            ),
            (&[G::ObjectorNamed], ObjectionFacts { named: false, ..with() }, &[E::ObjectorAnonymous]),
        ],
    );
}

#[test]
fn d_901_each_guard_of_an_account() {
    use AccountGuard as G;
    let well = AccountFacts { own: false, last_security_admin: false, locked: true };
    each_guard_sees::<AccountFlow>(
        G::iter(),
        &well,
        &[
            (&[G::NotOneself], AccountFacts { own: true, ..well }, &[E::OwnAccount]),
            (
                &[G::SecurityAdminLeft],
                AccountFacts { last_security_admin: true, ..well },
                &[E::LastSecurityAdmin],
            ),
            (&[G::Locked], AccountFacts { locked: false, ..well }, &[E::NotLocked]),
        ],
    );
}

#[test]
fn a_table_reads_as_json() {
    let table = serde_json::to_value(Workflow::Veto.table()).unwrap();
    assert_eq!(table.pointer("/rows/1/guards"), Some(&json!(["is_supplier"])));
}

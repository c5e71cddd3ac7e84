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
use super::recusal::{RecusalFacts, RecusalFlow, RecusalGuard};
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
    serde_json::from_str(include_str!("../../../campaigns/xingguo-2022.json")).unwrap()
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

#[test]
fn d_301_each_guard_of_a_campaign() {
    use CampaignGuard as G;
    let now = at(NOW);
    // The package cannot be made yet: its guard always sees that (D-804).
    let well = CampaignFacts {
        now,
        opens_at: now,
        closes_at: now,
        sealed: true,
        seal_opened: true,
        ..CampaignFacts::default()
    };
    let guards: Vec<G> = G::iter().filter(|guard| !matches!(guard, G::PackageMade)).collect();
    let yesterday = Some(day("2022-11-30"));
    let faults = |facts: CampaignFacts, guard| {
        CampaignFlow::check(guard, &facts).into_iter().map(|fault| fault.code).collect::<Vec<_>>()
    };
    let (before, with) = (now.plus_millis(1), || well.clone());
    let seen = [
        (
            G::DefinitionComplete,
            CampaignFacts { definition_faults: vec![Fault::new(E::Required)], ..with() },
            E::Required,
        ),
        (G::WindowOpened, CampaignFacts { opens_at: before, ..with() }, E::WindowNotOpen),
        (G::DeadlinePassed, CampaignFacts { closes_at: before, ..with() }, E::DeadlineNotPassed),
        (G::NoneUndecided, CampaignFacts { undecided: 1, ..with() }, E::ApplicationsUndecided),
        (
            G::NoCorrectionOpen,
            CampaignFacts { last_correction: Some(day("2022-12-01")), ..with() },
            E::CorrectionsOpen,
        ),
        (G::AllVerified, CampaignFacts { unverified: 1, ..with() }, E::ApplicationsUnverified),
        (
            G::AllDecided,
            CampaignFacts { undecided_categories: vec!["a".into()], ..with() },
            E::CategoriesUndecided,
        ),
        (G::NoListApproved, CampaignFacts { approved_lists: 1, ..with() }, E::ListApproved),
        (
            G::NoExtensionRunning,
            CampaignFacts { last_extension: Some(day("2022-12-01")), ..with() },
            E::ExtensionsRunning,
        ),
        (G::SealOpened, CampaignFacts { seal_opened: false, ..with() }, E::CampaignSealed),
        (G::Sealed, CampaignFacts { sealed: false, ..with() }, E::NotSealed),
    ];
    let past = CampaignFacts { last_correction: yesterday, last_extension: yesterday, ..with() };
    for guard in guards.iter().copied().filter(|guard| !matches!(guard, G::SealUnbroken)) {
        assert_eq!(faults(past.clone(), guard), [], "{guard:?}");
        let case =
            seen.iter().find(|(of, ..)| *of == guard).unwrap_or_else(|| panic!("no case of {guard:?}"));
        assert_eq!(faults(case.1.clone(), guard), [case.2], "{guard:?}");
    }
    assert_eq!(faults(with(), G::SealUnbroken), [E::SealOpened]);
    assert_eq!(faults(CampaignFacts { seal_opened: false, ..with() }, G::SealUnbroken), []);
    let open = CampaignFacts { sealed: false, seal_opened: false, ..with() };
    assert_eq!(faults(open, G::SealOpened), [], "what is not sealed needs no opening");
    assert_eq!(faults(with(), G::PackageMade), [E::ArchivePackageMissing]);
}

#[test]
fn d_304_what_a_phase_does_not_know_is_refused_and_a_cancelled_campaign_says_so() {
    let facts = CampaignFacts::default();
    let refused = permit::<CampaignFlow>(Some(P::Selecting), Operation::GrantExtension, &facts).unwrap_err();
    let illegal = Refused::Illegal {
        workflow: Workflow::Campaign,
        operation: Operation::GrantExtension,
        state: "selecting",
    };
    assert_eq!(refused, illegal);
    let cancelled =
        permit::<CampaignFlow>(Some(P::Cancelled), Operation::GrantExtension, &facts).unwrap_err();
    assert_eq!(cancelled, Refused::guard(Fault::new(E::CampaignCancelled)));
    // A state of that name in another table is another state.
    let none = permit::<AccountFlow>(
        None,
        Operation::DisableUser,
        &AccountFacts { own: false, last_security_admin: false },
    );
    assert!(matches!(none, Err(Refused::Illegal { workflow: Workflow::Account, state: "", .. })));
    assert_eq!(
        operations::<AccountFlow>(Some(account::AccountState::Active)),
        [Operation::UpdateUser, Operation::DisableUser]
    );
    for phase in P::iter() {
        let codes =
            |wanted| phase_fault(phase, wanted).into_iter().map(|fault| fault.code).collect::<Vec<_>>();
        let expected = |wanted, code| {
            if phase == wanted {
                vec![]
            } else if phase == P::Cancelled {
                vec![E::CampaignCancelled]
            } else {
                vec![code]
            }
        };
        assert_eq!(codes(P::Verifying), expected(P::Verifying, E::CampaignNotVerifying));
        assert_eq!(codes(P::Selecting), expected(P::Selecting, E::CampaignNotSelecting));
        assert_eq!(codes(P::Accepting), expected(P::Accepting, E::CampaignNotAccepting));
    }
}

/// What is well with an application that is acted on while the campaign accepts; while it verifies, two guards differ.
fn situation<'a>(category: &'a Category, application: &'a Application) -> Situation<'a> {
    let definition = definition();
    Situation {
        now: at(NOW),
        phase: P::Accepting,
        category,
        acceptance: definition.acceptance.value,
        paper_copies: 2,
        unit: Some((UnitKind::Township, true)),
        application: Some(application),
        form_faults: vec![],
        elsewhere: vec![],
        standing_of_unit: 0,
        list: ListStanding::Open,
        extended_until: None,
        sealed: false,
        veto_until: Some(day("2022-11-30")),
        new_deeds_missing: false,
        asking: Some(Uuid::from_u128(9)),
        stakes: vec![],
        counting_sheets: 1,
        standing_list: Some(StandingList { vacant: 1, entries: 4, leading_cadres: 0, front_line: 0 }),
    }
}

#[test]
fn d_401_each_guard_of_an_application() {
    use ApplicationGuard as G;
    let township = definition().category("demonstration_township").unwrap().clone();
    let of = |change: &dyn Fn(&mut Category)| {
        let mut category = township.clone();
        change(&mut category);
        category
    };
    let plain = application();
    let by = |change: &dyn Fn(&mut Application)| {
        let mut application = application();
        change(&mut application);
        application
    };
    let two_steps = of(&|category| category.two_step.value = true);
    let evaluated = of(&|category| category.route.value = Route::OfficeEvaluated);
    let forfeited = of(&|category| category.vacancy.value = Vacancy::Forfeited);
    let shared = of(&|category| category.share_rules.value.front_line_at_least_percent = Some(10));
    let written = by(&|it| it.handling.writers = vec![Uuid::from_u128(9)]);
    let checked = |verdict| {
        by(&|it| {
            let by = Uuid::from_u128(9);
            it.handling.check = Some(Check { verdict, by, at: at(NOW), reason: None, rejection: None });
        })
    };
    let (accepting, rejecting) = (checked(Verdict::Accept), checked(Verdict::Reject));
    let (unpaid, stale) =
        (by(&|it| it.paper.as_mut().unwrap().copies = 1), by(&|it| it.content_digest = "new".into()));
    let without = by(&|it| it.paper = None);
    let with = || situation(&township, &plain);
    let late = |extended_until| Situation { now: at("2023-01-01T00:00:00+08:00"), extended_until, ..with() };
    let in_phase = |phase| Situation { phase, ..with() };
    let found = |guard: G, facts: &Situation<'_>| {
        facts.check(guard).into_iter().map(|fault| fault.code).collect::<Vec<_>>()
    };

    let cases: [(&[G], Situation<'_>, &[E]); 27] = [
        (&[G::CampaignAlive], in_phase(P::Cancelled), &[E::CampaignCancelled]),
        (&[G::DraftsOpen, G::Accepting], in_phase(P::Verifying), &[E::CampaignNotAccepting]),
        (&[G::Accepting], in_phase(P::Published), &[E::CampaignNotAccepting]),
        (&[G::Verifying], in_phase(P::Accepting), &[E::CampaignNotVerifying]),
        (&[G::RouteDeclared], Situation { category: &evaluated, ..with() }, &[E::RouteNotDeclared]),
        (
            &[G::NomineeInScope],
            Situation { unit: Some((UnitKind::Department, true)), ..with() },
            &[E::NomineeOutOfScope],
        ),
        (
            &[G::NomineeInScope],
            Situation { unit: Some((UnitKind::Township, false)), ..with() },
            &[E::UnitInactive],
        ),
        (&[G::DeadlineOpen], late(None), &[E::DeadlinePassed]),
        (&[G::DeadlineOpen], late(Some(day("2022-12-31"))), &[E::DeadlinePassed]),
        (&[G::FormValid], Situation { form_faults: vec![Fault::new(E::Required)], ..with() }, &[E::Required]),
        (
            &[G::StandsNowhereElse],
            Situation { elsewhere: vec!["x".into()], ..with() },
            &[E::StandsInAnotherCategory],
        ),
        (&[G::UnderUnitLimit], Situation { standing_of_unit: 1, ..with() }, &[E::PerUnitLimitReached]),
        (&[G::PaperReceived], situation(&township, &unpaid), &[E::PaperCopiesMissing]),
        (&[G::PaperReceived], situation(&township, &without), &[E::PaperCopiesMissing]),
        (&[G::PaperReceived], situation(&township, &stale), &[E::PaperStale]),
        (&[G::NoticeOpen], Situation { list: ListStanding::NoticeClosed, ..with() }, &[E::NoticeClosed]),
        (&[G::NoticeOpen], Situation { list: ListStanding::Approved, ..with() }, &[E::NoticeClosed]),
        (&[G::ListNotApproved], Situation { list: ListStanding::Approved, ..with() }, &[E::ListApproved]),
        (&[G::SealOpened], Situation { sealed: true, ..with() }, &[E::CampaignSealed]),
        (&[G::NoStake], Situation { stakes: vec![Stake::Recused], ..with() }, &[E::Recused]),
        (&[G::NoVeto], Situation { veto_until: Some(day("2022-12-01")), ..with() }, &[E::VetoInForce]),
        (&[G::NewDeedsGiven], Situation { new_deeds_missing: true, ..with() }, &[E::NewDeedsMissing]),
        (&[G::NotWriter], situation(&two_steps, &written), &[E::OwnDraft]),
        (&[G::AcceptedByAnother], situation(&two_steps, &accepting), &[E::OwnCheck]),
        (&[G::RejectedByAnother], situation(&two_steps, &rejecting), &[E::OwnCheck]),
        (&[G::SheetCounts], Situation { counting_sheets: 0, ..with() }, &[E::NoSheetCounts]),
        (&[G::SubstitutionAllowed], situation(&forfeited, &plain), &[E::PlaceForfeited]),
    ];
    for (guards, facts, expected) in &cases {
        for guard in *guards {
            assert_eq!(found(*guard, facts), *expected, "{guard:?}");
        }
    }
    let person = |category: &Category| Category {
        nominee: definition().category("advanced_individual").unwrap().nominee.clone(),
        ..category.clone()
    };
    let shared = person(&shared);
    let vacant = |vacant| Some(StandingList { vacant, entries: 9, leading_cadres: 0, front_line: 0 });
    let list_cases: [(G, Situation<'_>, E); 3] = [
        (G::PlaceVacant, Situation { standing_list: vacant(0), ..with() }, E::NoPlaceVacant),
        (G::PlaceVacant, Situation { standing_list: None, ..with() }, E::NoPlaceVacant),
        (
            G::SharesKept,
            Situation { standing_list: vacant(1), ..situation(&shared, &plain) },
            E::FrontLineShare,
        ),
    ];
    for (guard, facts, expected) in &list_cases {
        assert_eq!(found(*guard, facts), [*expected], "{guard:?}");
    }
    for guard in G::iter() {
        let seen = cases.iter().any(|(of, ..)| of.contains(&guard))
            || list_cases.iter().any(|(of, ..)| *of == guard);
        assert!(seen, "no case of {guard:?}");
        let phase = if guard == G::Verifying { P::Verifying } else { P::Accepting };
        assert_eq!(found(guard, &in_phase(phase)), [], "{guard:?}");
    }

    // What one step allows, and what is another's, is in nobody's way.
    for (category, application) in [(&township, &written), (&township, &accepting), (&township, &rejecting)] {
        for guard in [G::NotWriter, G::AcceptedByAnother, G::RejectedByAnother] {
            assert_eq!(found(guard, &situation(category, application)), [], "{guard:?}");
        }
    }
    assert_eq!(found(G::AcceptedByAnother, &situation(&two_steps, &rejecting)), []);
    let another = Situation { asking: Some(Uuid::from_u128(8)), ..situation(&two_steps, &accepting) };
    assert_eq!(found(G::AcceptedByAnother, &another), []);
    assert!(situation(&two_steps, &plain).is_first_step(Verdict::Accept));
    assert!(situation(&two_steps, &rejecting).is_first_step(Verdict::Accept));
    assert!(!situation(&two_steps, &accepting).is_first_step(Verdict::Accept));
    assert!(!situation(&township, &plain).is_first_step(Verdict::Accept));

    // The window, an extension, a correction date: the latest of them holds, and a cancelled campaign says that alone.
    assert_eq!(found(G::DeadlineOpen, &late(Some(day("2023-01-01")))), []);
    let returned = |correct_by: &str| {
        by(&|it| (it.state, it.correct_by) = (ApplicationState::Returned, Some(day(correct_by))))
    };
    let (open, over) = (returned("2023-01-01"), returned("2022-12-09"));
    let late_with = |application| Situation { application: Some(application), ..late(None) };
    assert_eq!(found(G::DeadlineOpen, &late_with(&open)), []);
    assert_eq!(found(G::DeadlineOpen, &late_with(&over)), [E::CorrectionDatePassed]);
    let submitted = by(&|it| it.correct_by = Some(day("2023-01-01")));
    assert_eq!(found(G::DeadlineOpen, &late_with(&submitted)), [E::DeadlinePassed], "corrected already");
    for guard in [G::DraftsOpen, G::Accepting, G::Verifying] {
        assert_eq!(found(guard, &in_phase(P::Cancelled)), [], "{guard:?}");
    }
    assert_eq!(found(G::DraftsOpen, &in_phase(P::Published)), []);
    let evaluated = Situation { unit: None, ..with() };
    assert_eq!(found(G::NomineeInScope, &evaluated), []);
}

#[test]
fn d_403_a_caller_meets_the_guards_of_what_they_see() {
    let township = definition().category("demonstration_township").unwrap().clone();
    let plain = application();
    let facts = Situation { phase: P::Cancelled, ..situation(&township, &plain) };
    for row in ApplicationFlow::ROWS {
        let found = blockers::<ApplicationFlow>(row.from, row.operation, &facts);
        let alive = codes(found).contains(&E::CampaignCancelled);
        assert_eq!(alive, row.guards.contains(&ApplicationGuard::CampaignAlive), "{row:?}");
    }
}

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

/// A list of one that could take each of its steps: endorsed, as far as it asks for that.
fn list() -> ListFacts {
    let mut category = definition().category("advanced_individual").unwrap().clone();
    category.surplus_percent.value = Some(0);
    category.share_rules.value.front_line_at_least_percent = Some(100);
    let candidate = Candidate {
        application_id: Uuid::from_u128(1),
        nominee_name: "王某".into(),
        is_leading_cadre: false,
        front_line: true,
        standing: true,
        noticed: true,
        veto_until: Some(day("2022-11-30")),
        vetting: vec![],
        objection_upheld: false,
    };
    ListFacts {
        phase: P::Selecting,
        state: Some(ShortlistState::Endorsed),
        category,
        candidates: vec![candidate],
        verified: 2,
        other_list: false,
        ranking: None,
        ranking_changed: false,
        departures: BTreeMap::new(),
        own_proposal: false,
        calendar: None,
        notice_running: false,
        now: at(NOW),
        decided_without_award: false,
        stakes: vec![],
        open_objections: 0,
    }
}

/// A ranking with a tie across the quota, or with an annual assessment that is missing.
fn ranking(tie: bool) -> Ranking {
    let input = crate::review::ranking::RankingInput {
        application_id: Uuid::from_u128(1),
        nominee_name: "王某".into(),
        sheets: vec![],
        assessment: crate::review::ranking::Assessment::NotBlended,
        evaluated: None,
        attended: 0,
        adjustments: vec![],
    };
    let mut ranking = crate::review::ranking::rank(&list().category, &[input], &[]);
    let id = Uuid::from_u128(1);
    ranking.ties =
        if tie { vec![Tie { rank: 1, application_ids: vec![id], across_quota: true }] } else { vec![] };
    ranking.missing_assessments = if tie { vec![] } else { vec![id] };
    ranking
}

#[test]
fn d_707_each_guard_of_a_shortlist() {
    use ShortlistGuard as G;
    let well = list();
    let with = list;
    let one = |change: &dyn Fn(&mut Candidate)| {
        let mut facts = list();
        facts.candidates.iter_mut().for_each(change);
        facts
    };
    let category = |change: &dyn Fn(&mut Category)| {
        let mut facts = list();
        change(&mut facts.category);
        facts
    };
    each_guard_sees::<ShortlistFlow>(
        G::iter(),
        &well,
        &[
            (&[G::Selecting], ListFacts { phase: P::Announced, ..with() }, &[E::CampaignNotSelecting]),
            (&[G::NoOtherList], ListFacts { other_list: true, ..with() }, &[E::ListAlive]),
            (&[G::NotEmpty], ListFacts { candidates: vec![], ..with() }, &[E::ListEmpty]),
            (&[G::WithinQuota], category(&|category| category.quota.value = 0), &[E::QuotaExceeded]),
            (&[G::SurplusLeft], ListFacts { verified: 0, ..with() }, &[E::SurplusMissing]),
            (&[G::SharesHold], one(&|candidate| candidate.front_line = false), &[E::FrontLineShare]),
            (&[G::SharesHold], one(&|candidate| candidate.is_leading_cadre = true), &[E::LeadingCadreShare]),
            (&[G::EntriesStanding], one_fallen(), &[E::EntryNotStanding]),
            (&[G::RankingCurrent], ListFacts { ranking_changed: true, ..with() }, &[E::RankingChanged]),
            (
                &[G::AssessmentsPresent],
                ListFacts { ranking: Some(ranking(false)), ..with() },
                &[E::AssessmentMissing],
            ),
            (&[G::TiesResolved], ListFacts { ranking: Some(ranking(true)), ..with() }, &[E::TieUnresolved]),
            (&[G::NotProposer], ListFacts { own_proposal: true, ..with() }, &[E::OwnProposal]),
            (
                &[G::ConsentGiven],
                ListFacts { state: Some(ShortlistState::Proposed), ..with() },
                &[E::ConsentMissing],
            ),
            (
                &[G::CalendarKnown],
                ListFacts { calendar: Some(Fault::new(E::CalendarMissing)), ..with() },
                &[E::CalendarMissing],
            ),
            (&[G::NoticeClosed], ListFacts { notice_running: true, ..with() }, &[E::NoticeNotClosed]),
            (&[G::EntriesNoticed], one(&|candidate| candidate.noticed = false), &[E::NotNoticed]),
            (
                &[G::NotDecidedWithoutAward],
                ListFacts { decided_without_award: true, ..with() },
                &[E::CategoryDecided],
            ),
            (&[G::NoStake], ListFacts { stakes: vec![Stake::OwnNomination], ..with() }, &[E::OwnNomination]),
            (
                &[G::NoVetoInForce],
                one(&|candidate| candidate.veto_until = Some(day("2022-12-01"))),
                &[E::EntryVetoed],
            ),
            (
                &[G::VettingDone],
                one(&|candidate| candidate.vetting = vec![Fault::new(E::VettingOpen)]),
                &[E::VettingOpen],
            ),
            (&[G::ObjectionsAnswered], ListFacts { open_objections: 1, ..with() }, &[E::ObjectionsOpen]),
            (
                &[G::UpheldCarriedOut],
                one(&|candidate| candidate.objection_upheld = true),
                &[E::ObjectionNotCarriedOut],
            ),
            (&[G::DeparturesReasoned], list_out_of_rank(), &[E::DepartureReasonMissing]),
        ],
    );
    // Who has fallen out needs nothing any more.
    let fallen = one(&|candidate| {
        *candidate = Candidate {
            standing: false,
            noticed: false,
            objection_upheld: true,
            veto_until: Some(day("2022-12-01")),
            vetting: vec![Fault::new(E::VettingOpen)],
            ..candidate.clone()
        }
    });
    for guard in [G::EntriesNoticed, G::UpheldCarriedOut, G::NoVetoInForce, G::VettingDone] {
        assert_eq!(ShortlistFlow::check(guard, &fallen), [], "{guard:?}");
    }
    let free = ListFacts {
        state: Some(ShortlistState::Proposed),
        ..category(&|category| category.notice.value.needs_consent = false)
    };
    assert_eq!(ShortlistFlow::check(G::ConsentGiven, &free), []);
}

/// A list of which one entry stands, and another does not.
fn one_fallen() -> ListFacts {
    let mut facts = list();
    let fallen = Candidate { standing: false, ..facts.candidates[0].clone() };
    facts.candidates.push(fallen);
    facts
}

/// A list whose only entry is second in rank, without a word.
fn list_out_of_rank() -> ListFacts {
    let mut facts = list();
    let judged = |id: u128, halves: u16| crate::review::ranking::RankingInput {
        application_id: Uuid::from_u128(id),
        nominee_name: id.to_string(),
        sheets: vec![crate::review::ranking::SheetInput {
            assignment_id: Uuid::from_u128(id),
            supervisor_id: Uuid::from_u128(7),
            judgements: facts
                .category
                .criteria
                .iter()
                .map(|criterion| {
                    let points = crate::review::scoring::Points::from_halves(halves).unwrap();
                    (criterion.number, crate::review::scoring::Judgement::Points(points))
                })
                .collect(),
        }],
        assessment: crate::review::ranking::Assessment::NotBlended,
        evaluated: None,
        attended: 0,
        adjustments: vec![],
    };
    let ranking = crate::review::ranking::rank(&facts.category, &[judged(1, 160), judged(2, 180)], &[]);
    facts.ranking = Some(ranking);
    facts
}

#[test]
fn d_305_each_guard_of_a_public_notice() {
    use NoticeGuard as G;
    let now = at(NOW);
    let well = NoticeFacts { phase: P::Selecting, now, closes_at: now };
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
    let well = DutyRecordFacts { in_term: true, own_record: false, ranking_in_use: false };
    each_guard_sees::<DutyRecordFlow>(
        G::iter(),
        &well,
        &[
            (&[G::InTerm], DutyRecordFacts { in_term: false, ..well }, &[E::OutOfTerm]),
            (&[G::NotOwnRecord], DutyRecordFacts { own_record: true, ..well }, &[E::OwnRecord]),
            (&[G::RankingFree], DutyRecordFacts { ranking_in_use: true, ..well }, &[E::RankingInUse]),
        ],
    );
}

#[test]
fn d_603_each_guard_of_a_recusal() {
    use RecusalGuard as G;
    let well = RecusalFacts { phase: P::Selecting, laid_on_oneself: false };
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
    let well = VetoFacts { supplier: true };
    let cases: [Case<'_, VetoFlow>; 1] =
        [(&[VetoGuard::IsSupplier], VetoFacts { supplier: false }, &[E::NotTheSupplier])];
    each_guard_sees::<VetoFlow>(VetoGuard::iter(), &well, &cases);
}

#[test]
fn d_705_each_guard_of_an_objection() {
    use ObjectionGuard as G;
    let well = ObjectionFacts {
        phase: P::Selecting,
        notice: NoticeState::Closed,
        list_approved: false,
        stakes: vec![],
        investigator: true,
        named: true,
    };
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
            (&[G::ListUndecided], ObjectionFacts { list_approved: true, ..with() }, &[E::ObjectionsClosed]),
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
    let well = AccountFacts { own: false, last_security_admin: false };
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
        ],
    );
}

#[test]
fn a_table_reads_as_json() {
    let table = serde_json::to_value(Workflow::Veto.table()).unwrap();
    assert_eq!(table.pointer("/rows/1/guards"), Some(&json!(["is_supplier"])));
}

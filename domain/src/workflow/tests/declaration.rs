//! The guards of campaigns and applications.

use super::*;

#[test]
fn d_301_each_guard_of_a_campaign() {
    use CampaignGuard as G;
    let now = at(NOW);
    // No package is made: its guard sees that (D-804).
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
        &AccountFacts { own: false, last_security_admin: false, locked: true },
    );
    assert!(matches!(none, Err(Refused::Illegal { workflow: Workflow::Account, state: "", .. })));
    assert_eq!(
        operations::<AccountFlow>(Some(account::AccountState::Active)),
        [Operation::UpdateUser, Operation::ResetUserPassword, Operation::UnlockUser, Operation::DisableUser]
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
        stakes_in_category: vec![],
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
    assert_eq!(ApplicationFlow::phase(&in_phase(P::Selecting)), Some(P::Selecting));
    let found = |guard: G, facts: &Situation<'_>| {
        facts.check(guard).into_iter().map(|fault| fault.code).collect::<Vec<_>>()
    };

    let cases: [(&[G], Situation<'_>, &[E]); 28] = [
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
        (
            &[G::NoStakeInCategory],
            Situation { stakes_in_category: vec![Stake::OwnUnit], ..with() },
            &[E::OwnUnitStake],
        ),
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
fn d_703_a_veto_bars_until_its_last_day_is_over() {
    let township = definition().category("demonstration_township").unwrap().clone();
    let plain = application();
    let last = day("2022-12-01");
    let faults = |now| {
        let facts = Situation { now, veto_until: Some(last), ..situation(&township, &plain) };
        ApplicationFlow::check(ApplicationGuard::NoVeto, &facts).len()
    };
    assert_eq!([last.end().plus_millis(-1), last.end()].map(faults), [1, 0]);
}

#[test]
fn d_205_a_newcomer_counts_in_the_shares_of_the_list() {
    let mut category = definition().category("advanced_individual").unwrap().clone();
    category.share_rules.value.leading_cadres_at_most_percent = Some(20);
    category.share_rules.value.front_line_at_least_percent = Some(50);
    let holds = |(entries, leading_cadres, front_line), is_leading_cadre, at_the_front| {
        let newcomer = Application { is_leading_cadre, front_line: at_the_front, ..application() };
        let list = StandingList { vacant: 1, entries, leading_cadres, front_line };
        let facts = Situation { standing_list: Some(list), ..situation(&category, &newcomer) };
        ApplicationFlow::check(ApplicationGuard::SharesKept, &facts).is_empty()
    };
    // Of five one leads: floor(5 x 20 / 100). Of four nobody, and two are of the front line.
    assert!(holds((4, 0, 3), true, false));
    assert!(!holds((4, 1, 3), true, false));
    assert!(!holds((3, 0, 3), true, false));
    assert!(holds((3, 0, 1), false, true));
    assert!(!holds((3, 0, 1), false, false));
}

#[test]
fn d_403_a_caller_meets_the_guards_of_what_they_see() {
    let township = definition().category("demonstration_township").unwrap().clone();
    let plain = application();
    let well = situation(&township, &plain);
    let blockers_of = |seen| plain.blockers(seen, Operation::SubmitApplication, &well);
    assert_eq!(blockers_of(ApplicationState::Draft), Some(vec![]));
    assert_eq!(blockers_of(ApplicationState::Accepted), None);
    let facts = Situation { phase: P::Cancelled, ..situation(&township, &plain) };
    for row in ApplicationFlow::ROWS {
        let found = blockers::<ApplicationFlow>(row.from, row.operation, &facts);
        let alive = codes(found).contains(&E::CampaignCancelled);
        assert_eq!(alive, row.guards.contains(&ApplicationGuard::CampaignAlive), "{row:?}");
    }
}

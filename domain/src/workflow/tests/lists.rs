//! The guards of shortlists.

use super::*;

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
    let mut ranking = crate::review::ranking::rank(&list().category, &[input], &[], Default::default());
    let id = Uuid::from_u128(1);
    ranking.ties =
        if tie { vec![Tie { rank: 1, application_ids: vec![id], across_quota: true }] } else { vec![] };
    ranking.missing_assessments = if tie { vec![] } else { vec![id] };
    ranking
}

#[test]
fn d_707_each_guard_of_a_shortlist() {
    use ShortlistGuard as G;
    assert_eq!(ShortlistFlow::phase(&list()), Some(list().phase));
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
    let ranking = crate::review::ranking::rank(
        &facts.category,
        &[judged(1, 160), judged(2, 180)],
        &[],
        Default::default(),
    );
    facts.ranking = Some(ranking);
    facts
}

#[test]
fn d_607_a_missing_assessment_is_named_by_whose_it_is() {
    let facts = ListFacts { ranking: Some(ranking(false)), ..list() };
    let found = ShortlistFlow::check(ShortlistGuard::AssessmentsPresent, &facts);
    assert_eq!(found, [Fault::new(E::AssessmentMissing).with("nominee", "王某")]);
}

#[test]
fn d_701_a_departure_without_a_reason_is_named_by_whose_it_is() {
    let found = ShortlistFlow::check(ShortlistGuard::DeparturesReasoned, &list_out_of_rank());
    let missing = |name: &str| Fault::new(E::DepartureReasonMissing).with("nominee", name);
    assert!(!found.is_empty());
    assert!(found.iter().all(|fault| [missing("1"), missing("2")].contains(fault)), "{found:?}");
    assert!(found.contains(&missing("2")), "{found:?}");
}

#[test]
fn d_701_a_reason_for_no_departure_is_without_cause() {
    let mut facts = list_out_of_rank();
    // Both depart: the second stands where the first should, and the first is passed over.
    facts.departures = [1, 2].map(|id| (Uuid::from_u128(id), "另有安排。".to_owned())).into();
    assert_eq!(ShortlistFlow::check(ShortlistGuard::DeparturesReasoned, &facts), []);
    facts.departures.insert(Uuid::from_u128(9), "没有缘由。".into());
    let found = ShortlistFlow::check(ShortlistGuard::DeparturesReasoned, &facts);
    assert_eq!(found, [Fault::new(E::DepartureWithoutCause).with("nominee", "")]);
}

#[test]
fn d_703_a_veto_is_in_force_until_its_last_day_is_over() {
    let until = day("2022-12-01");
    let with = |now: Instant| {
        let mut facts = ListFacts { now, ..list() };
        facts.candidates[0].veto_until = Some(until);
        ShortlistFlow::check(ShortlistGuard::NoVetoInForce, &facts)
    };
    assert_eq!(with(Instant::from_millis(until.end().millis() - 1)).len(), 1);
    assert_eq!(with(until.end()), []);
}

#[test]
fn d_304_a_notice_of_a_cancelled_campaign_says_that_it_is_cancelled() {
    let facts = NoticeFacts { phase: P::Cancelled, now: Instant::default(), closes_at: Instant::default() };
    let closed = permit::<NoticeFlow>(Some(NoticeState::Closed), Operation::CloseNotice, &facts);
    assert_eq!(closed, Err(Refused::guard(Fault::new(E::CampaignCancelled))));
    let facts = NoticeFacts { phase: P::Announced, ..facts };
    let closed = permit::<NoticeFlow>(Some(NoticeState::Closed), Operation::CloseNotice, &facts);
    assert!(matches!(closed, Err(Refused::Illegal { .. })), "{closed:?}");
}

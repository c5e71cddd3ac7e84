//! The shortlist: the candidates that the office proposes in a category, and what holds it back (D-205, D-701, D-707).

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::campaign::definition::Category;
use crate::error::{ErrorCode, Fault, Refused};
use crate::policy::Stake;
use crate::review::Entry;
use crate::review::ranking::Ranking;
use crate::review::shares::{quota_fault, share_faults, surplus_fault};
use crate::time::{Day, Instant};
use crate::workflow::campaign::CampaignState;
use crate::workflow::shortlist::{ShortlistGuard, ShortlistState};

/// One candidate, as the list's guards see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The application.
    pub application_id: Uuid,
    /// Who is to be commended.
    pub nominee_name: String,
    /// Whether they are a leading cadre.
    pub is_leading_cadre: bool,
    /// Whether they work at the front line.
    pub front_line: bool,
    /// Whether the application still stands for this list: verified for a draft, shortlisted from then on.
    pub standing: bool,
    /// Whether they stood in a closed notice of this list.
    pub noticed: bool,
    /// The last day of a veto recorded against them, the latest of them (D-703).
    pub veto_until: Option<Day>,
    /// What the vetting of them still lacks (D-702).
    pub vetting: Vec<Fault>,
    /// An objection against them was upheld: they may not stand any more (D-706).
    pub objection_upheld: bool,
}

/// What must be known to say what may be done with a shortlist.
#[derive(Clone, Debug)]
pub struct ListFacts {
    /// The campaign's phase.
    pub phase: CampaignState,
    /// Where the list stands; none before there is one.
    pub state: Option<ShortlistState>,
    /// The category, as the definition has it.
    pub category: Category,
    /// The candidates, in order.
    pub candidates: Vec<Candidate>,
    /// Verified applications of the category when the list is proposed.
    pub verified: u32,
    /// The category has another list alive.
    pub other_list: bool,
    /// The ranking as it is now; none once the list is proposed and its inputs are closed.
    pub ranking: Option<Ranking>,
    /// The ranking is not the one that the list was made from.
    pub ranking_changed: bool,
    /// Reasons for departing from the ranking, by application.
    pub departures: BTreeMap<Uuid, String>,
    /// Whoever asks has proposed it.
    pub own_proposal: bool,
    /// The calendar that the notice's period needs is missing.
    pub calendar: Option<Fault>,
    /// A notice of it is still running.
    pub notice_running: bool,
    /// Now.
    pub now: Instant,
    /// The category has been decided without an award.
    pub decided_without_award: bool,
    /// What stakes whoever asks has in the category's candidates.
    pub stakes: Vec<Stake>,
    /// Objections on its notices or its entries that wait for their answer.
    pub open_objections: u32,
}

impl ListFacts {
    /// What this guard has against it.
    pub(crate) fn check(&self, guard: ShortlistGuard) -> Vec<Fault> {
        use ShortlistGuard as G;
        let fault = |fails: bool, code| if fails { vec![Fault::new(code)] } else { vec![] };
        match guard {
            G::Selecting => crate::workflow::phase_fault(self.phase, CampaignState::Selecting),
            G::NoOtherList => fault(self.other_list, ErrorCode::ListAlive),
            G::NotEmpty => fault(self.standing().next().is_none(), ErrorCode::ListEmpty),
            G::WithinQuota => quota_fault(&self.category, self.count(|_| true)).into_iter().collect(),
            G::SurplusLeft => {
                surplus_fault(&self.category, self.count(|_| true), self.verified).into_iter().collect()
            }
            G::SharesHold => share_faults(
                &self.category,
                self.count(|_| true),
                self.count(|candidate| candidate.is_leading_cadre),
                self.count(|candidate| candidate.front_line),
            ),
            G::DeparturesReasoned => self.departure_faults(),
            G::EntriesStanding => self.named(ErrorCode::EntryNotStanding, |candidate| !candidate.standing),
            G::RankingCurrent => fault(self.ranking_changed, ErrorCode::RankingChanged),
            G::AssessmentsPresent => self.assessment_faults(),
            G::TiesResolved => match &self.ranking {
                Some(ranking) if ranking.ties.iter().any(|tie| tie.across_quota) => {
                    vec![Fault::new(ErrorCode::TieUnresolved)]
                }
                Some(_) | None => vec![],
            },
            G::NotProposer => fault(self.own_proposal, ErrorCode::OwnProposal),
            G::ConsentGiven => fault(
                self.category.notice.value.needs_consent && self.state != Some(ShortlistState::Endorsed),
                ErrorCode::ConsentMissing,
            ),
            G::CalendarKnown => self.calendar.clone().into_iter().collect(),
            G::NoticeClosed => fault(self.notice_running, ErrorCode::NoticeNotClosed),
            G::EntriesNoticed => self.named(ErrorCode::NotNoticed, |candidate| {
                candidate.standing && !candidate.noticed && !self.notice_running
            }),
            G::NotDecidedWithoutAward => fault(self.decided_without_award, ErrorCode::CategoryDecided),
            G::NoStake => Stake::faults(&self.stakes),
            G::NoVetoInForce => self.veto_faults(),
            G::VettingDone => self.standing().flat_map(|candidate| candidate.vetting.clone()).collect(),
            G::ObjectionsAnswered if self.open_objections > 0 => {
                vec![Fault::new(ErrorCode::ObjectionsOpen).with("count", self.open_objections)]
            }
            G::ObjectionsAnswered => vec![],
            G::UpheldCarriedOut => self.named(ErrorCode::ObjectionNotCarriedOut, |candidate| {
                candidate.standing && candidate.objection_upheld
            }),
        }
    }

    /// One fault for each candidate that fails, by name.
    fn named(&self, code: ErrorCode, fails: impl Fn(&Candidate) -> bool) -> Vec<Fault> {
        let failing = self.candidates.iter().filter(|candidate| fails(candidate));
        failing.map(|candidate| Fault::new(code).with("nominee", candidate.nominee_name.as_str())).collect()
    }

    fn veto_faults(&self) -> Vec<Fault> {
        let barred = |candidate: &Candidate| {
            let until = candidate.veto_until.filter(|until| self.now < until.end())?;
            let fault = Fault::new(ErrorCode::EntryVetoed).with("until", until);
            Some(fault.with("nominee", candidate.nominee_name.as_str()))
        };
        self.standing().filter_map(barred).collect()
    }

    fn standing(&self) -> impl Iterator<Item = &Candidate> {
        self.candidates.iter().filter(|candidate| candidate.standing)
    }

    fn count(&self, wanted: impl Fn(&Candidate) -> bool) -> u32 {
        u32::try_from(self.standing().filter(|candidate| wanted(candidate)).count()).unwrap_or(u32::MAX)
    }

    fn assessment_faults(&self) -> Vec<Fault> {
        let Some(ranking) = &self.ranking else { return vec![] };
        let name = |id: &Uuid| {
            let entry = ranking.entries.iter().find(|entry| entry.application_id == *id);
            entry.map_or_else(String::new, |entry| entry.nominee_name.clone())
        };
        let missing = ranking.missing_assessments.iter();
        missing.map(|id| Fault::new(ErrorCode::AssessmentMissing).with("nominee", name(id))).collect()
    }

    fn departure_faults(&self) -> Vec<Fault> {
        let Some(ranking) = &self.ranking else { return vec![] };
        let order: Vec<Uuid> = ranking.entries.iter().map(|entry| entry.application_id).collect();
        let listed: Vec<Uuid> = self.candidates.iter().map(|candidate| candidate.application_id).collect();
        let departing = departures(&order, &listed);
        let name = |id: &Uuid| {
            let entry = ranking.entries.iter().find(|entry| entry.application_id == *id);
            entry.map_or_else(String::new, |entry| entry.nominee_name.clone())
        };
        let unsaid = departing.iter().filter(|id| !self.departures.contains_key(*id));
        let missing =
            unsaid.map(|id| Fault::new(ErrorCode::DepartureReasonMissing).with("nominee", name(id)));
        let idle = self.departures.keys().filter(|id| !departing.contains(id));
        let idle = idle.map(|id| Fault::new(ErrorCode::DepartureWithoutCause).with("nominee", name(id)));
        missing.chain(idle).collect()
    }
}

/// How many entries a list may hold of so many verified applications: the quota, fewer where the surplus asks for it (D-206).
#[must_use]
pub fn places(category: &Category, verified: u32) -> u32 {
    let fits = |entries: &u32| surplus_fault(category, *entries, verified).is_none();
    (0..=category.quota.value).rev().find(fits).unwrap_or(0)
}

/// The list that follows the ranking: as many of the best as the quota allows, fewer where the surplus asks for it
/// (D-206). Who has no figure is not on it.
#[must_use]
pub fn first_choice(category: &Category, ranking: &Ranking) -> Vec<Uuid> {
    let most = places(category, u32::try_from(ranking.entries.len()).unwrap_or(u32::MAX));
    let scored = ranking.entries.iter().filter(|entry| entry.score.is_some());
    scored.map(|entry| entry.application_id).take(usize::try_from(most).unwrap_or(usize::MAX)).collect()
}

/// Who stands on a list, in the ranking's order, and why it departs from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Reasons for departing from the ranking, by application.
    pub departures: BTreeMap<Uuid, String>,
}

/// Reads the office's choice; without one, it is the [`first_choice`].
///
/// # Errors
/// [`Refused::Invalid`]: `entry_unknown` for who is not ranked, `duplicate` for who is named twice, `required` for a
/// reason that says nothing.
pub fn choose(
    category: &Category,
    ranking: &Ranking,
    application_ids: Option<&[Uuid]>,
    departures: &[(Uuid, String)],
) -> Result<Choice, Refused> {
    let ranked: Vec<Uuid> = ranking.entries.iter().map(|entry| entry.application_id).collect();
    let mut faults = Vec::new();
    for (index, id) in application_ids.unwrap_or_default().iter().enumerate() {
        let earlier = application_ids.unwrap_or_default().iter().take(index);
        faults.extend(
            naming_fault(&ranked, earlier, id)
                .map(|code| Fault::at(format!("/application_ids/{index}"), code)),
        );
    }
    for (index, (id, reason)) in departures.iter().enumerate() {
        let earlier = departures.iter().take(index).map(|(id, _)| id);
        let at = |member: &str, code| Fault::at(format!("/departures/{index}/{member}"), code);
        faults.extend(naming_fault(&ranked, earlier, id).map(|code| at("application_id", code)));
        if reason.trim().is_empty() {
            faults.push(at("reason", ErrorCode::Required));
        }
    }
    Refused::unless_valid(faults)?;
    let listed = match application_ids {
        Some(application_ids) => in_rank_order(&ranked, application_ids),
        None => first_choice(category, ranking),
    };
    let entry = |(position, application_id)| Entry {
        application_id,
        position,
        declined_reason: None,
        substitutes: None,
    };
    Ok(Choice {
        entries: (1..).zip(listed).map(entry).collect(),
        departures: departures.iter().cloned().collect(),
    })
}

/// What is wrong with naming somebody, after those that were named before.
pub(crate) fn naming_fault<'a>(
    known: &[Uuid],
    mut earlier: impl Iterator<Item = &'a Uuid>,
    id: &Uuid,
) -> Option<ErrorCode> {
    if !known.contains(id) {
        Some(ErrorCode::EntryUnknown)
    } else if earlier.any(|named| named == id) {
        Some(ErrorCode::Duplicate)
    } else {
        None
    }
}

/// Who is passed over, and who is put in out of rank (D-701): the listed ones against as many from the ranking's top.
#[must_use]
pub fn departures(ranking: &[Uuid], listed: &[Uuid]) -> Vec<Uuid> {
    let top: Vec<Uuid> = ranking.iter().take(listed.len()).copied().collect();
    let passed_over = top.iter().filter(|id| !listed.contains(id));
    let put_in = listed.iter().filter(|id| !top.contains(id));
    passed_over.chain(put_in).copied().collect()
}

/// The listed ones in the ranking's order; unknown ones are left out.
#[must_use]
pub fn in_rank_order(ranking: &[Uuid], listed: &[Uuid]) -> Vec<Uuid> {
    ranking.iter().filter(|id| listed.contains(id)).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::calibration::Simulation;
    use crate::review::ranking::{Assessment, RankingInput, SheetInput, rank};
    use crate::review::scoring::{Judgement, Points};

    fn points(halves: u16) -> Judgement {
        Judgement::Points(Points::from_halves(halves).unwrap())
    }

    fn ids(numbers: &[u128]) -> Vec<Uuid> {
        numbers.iter().copied().map(Uuid::from_u128).collect()
    }

    #[test]
    fn d_701_a_choice_names_the_ranked_once_each_and_says_why() {
        let text = include_str!("../../../campaigns/xingguo-2022.json");
        let definition: crate::campaign::definition::Definition = serde_json::from_str(text).unwrap();
        let category = definition.category("demonstration_township").unwrap();
        let input = |number: u128| RankingInput {
            application_id: Uuid::from_u128(number),
            nominee_name: number.to_string(),
            sheets: vec![],
            assessment: Assessment::NotAssessed,
            evaluated: None,
            attended: 0,
            adjustments: vec![],
        };
        let ranking = rank(category, &[input(1), input(2), input(3)], &[], Simulation::default());
        let choice =
            choose(category, &ranking, Some(&ids(&[3, 1])), &[(Uuid::from_u128(2), "未整改".into())])
                .unwrap();
        let listed: Vec<_> =
            choice.entries.iter().map(|entry| (entry.position, entry.application_id.as_u128())).collect();
        assert_eq!(listed, [(1, 1), (2, 3)]);
        let wrong = [
            (Uuid::from_u128(2), " ".into()),
            (Uuid::from_u128(2), "x".into()),
            (Uuid::from_u128(8), "x".into()),
        ];
        let Err(Refused::Invalid(faults)) = choose(category, &ranking, Some(&ids(&[1, 9, 1])), &wrong) else {
            panic!("refused")
        };
        let faults: Vec<_> =
            faults.iter().map(|fault| (fault.pointer.as_deref().unwrap(), fault.code)).collect();
        assert_eq!(
            faults,
            [
                ("/application_ids/1", ErrorCode::EntryUnknown),
                ("/application_ids/2", ErrorCode::Duplicate),
                ("/departures/0/reason", ErrorCode::Required),
                ("/departures/1/application_id", ErrorCode::Duplicate),
                ("/departures/2/application_id", ErrorCode::EntryUnknown),
            ]
        );
    }

    #[test]
    fn d_206_the_first_choice_is_the_best_of_the_ranking_as_far_as_quota_and_surplus_go() {
        let text = include_str!("../../../campaigns/xingguo-2022.json");
        let definition: crate::campaign::definition::Definition = serde_json::from_str(text).unwrap();
        let mut category = definition.category("demonstration_township").unwrap().clone();
        let input = |number: u32| RankingInput {
            application_id: Uuid::from_u128(u128::from(number)),
            nominee_name: number.to_string(),
            sheets: vec![SheetInput {
                assignment_id: Uuid::nil(),
                supervisor_id: Uuid::nil(),
                judgements: (1..=5).map(|of| (of, points(200 - u16::try_from(number).unwrap()))).collect(),
            }],
            assessment: Assessment::NotAssessed,
            evaluated: None,
            attended: 0,
            adjustments: vec![],
        };
        let mut inputs: Vec<_> = (1..=8).map(input).collect();
        inputs.push(RankingInput { sheets: vec![], ..input(9) });
        let choice = |category: &Category, inputs: &[RankingInput]| {
            first_choice(category, &rank(category, inputs, &[], Simulation::default()))
        };
        assert_eq!(choice(&category, &inputs), ids(&[1, 2, 3, 4, 5]));
        assert_eq!(choice(&category, &inputs[6..]), ids(&[7, 8]));
        // floor(9 x 100 / 200) = 4.
        category.surplus_percent.value = Some(100);
        assert_eq!(choice(&category, &inputs), ids(&[1, 2, 3, 4]));
        assert!(choice(&category, &[]).is_empty());
    }

    #[test]
    fn d_701_a_list_that_follows_the_ranking_departs_from_nothing() {
        let ranking = ids(&[1, 2, 3, 4, 5]);
        assert!(departures(&ranking, &ids(&[1, 2, 3])).is_empty());
        assert!(departures(&ranking, &[]).is_empty());
    }

    #[test]
    fn d_701_both_the_passed_over_and_the_put_in_need_a_reason() {
        let ranking = ids(&[1, 2, 3, 4, 5]);
        assert_eq!(departures(&ranking, &ids(&[1, 3, 4])), ids(&[2, 4]));
        assert_eq!(in_rank_order(&ranking, &ids(&[4, 1, 9, 3])), ids(&[1, 3, 4]));
    }
}

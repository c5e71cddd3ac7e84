//! 递补: the next in rank takes a vacant place (D-701, D-706).

use uuid::Uuid;

use crate::error::{ErrorCode, Fault, Refused};
use crate::operation::Operation;
use crate::review::ranking::{RankedEntry, Ranking};
use crate::review::{Entry, Shortlist};
use crate::time::Instant;

/// Who is to take a vacant place, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Substitution {
    /// The newcomer's application.
    pub newcomer: Uuid,
    /// Those who wait with a better rank, or an equal one.
    pub passed_over: Vec<Uuid>,
    /// Why they are passed over.
    pub departure: Option<String>,
    /// The account that substitutes.
    pub by: Uuid,
}

/// Those of the waiting who do not stand behind a newcomer in the ranking: whom the ranking leaves equal, nothing but a reason sets
/// apart (D-609, D-701).
#[must_use]
pub fn passed_over(ranking: &Ranking, waiting: &[Uuid], newcomer: Uuid) -> Vec<Uuid> {
    let of = |entry: &&RankedEntry| entry.application_id == newcomer;
    let rank = ranking.entries.iter().find(of).map_or(u32::MAX, |entry| entry.rank);
    let ahead = ranking.entries.iter().filter(|entry| entry.rank <= rank).map(|entry| entry.application_id);
    ahead.filter(|id| *id != newcomer && waiting.contains(id)).collect()
}

impl Substitution {
    /// What is wrong with what is said of passing others over: nothing, or something where nobody is (D-701).
    #[must_use]
    pub fn fault(&self, nominee_name: &str) -> Option<Fault> {
        let code = match (self.passed_over.is_empty(), &self.departure) {
            (false, None) => ErrorCode::DepartureReasonMissing,
            (true, Some(_)) => ErrorCode::DepartureWithoutCause,
            (false, Some(_)) | (true, None) => return None,
        };
        Some(Fault::at("/departure_reason", code).with("nominee", nominee_name))
    }
}

impl Shortlist {
    /// The vacant place that is filled first: the best from which somebody fell out and that nobody has taken.
    #[must_use]
    pub fn vacant_place(&self, standing: &[Uuid]) -> Option<Uuid> {
        let taken = |id| self.entries.iter().any(|entry| entry.substitutes == Some(id));
        let vacant =
            |entry: &&Entry| !standing.contains(&entry.application_id) && !taken(entry.application_id);
        self.entries
            .iter()
            .filter(vacant)
            .min_by_key(|entry| entry.position)
            .map(|entry| entry.application_id)
    }

    /// This list with a newcomer in a vacant place, at its end; it is proposed anew, by whoever substitutes as well.
    ///
    /// # Errors
    /// [`Refused::Illegal`] where it is not under way, `no_place_vacant` where no place of it is vacant.
    pub fn substituted(
        self,
        standing: &[Uuid],
        substitution: Substitution,
        now: Instant,
    ) -> Result<Self, Refused> {
        let vacant = || Refused::guard(Fault::new(ErrorCode::NoPlaceVacant));
        let place = self.vacant_place(standing).ok_or_else(vacant)?;
        let mut list = self.moved(Operation::SubstituteApplication, now)?;
        let Substitution { newcomer, passed_over, departure, by } = substitution;
        let last = list.entries.iter().map(|entry| entry.position).max().unwrap_or(0);
        list.entries.push(Entry {
            application_id: newcomer,
            position: last.saturating_add(1),
            declined_reason: None,
            substitutes: Some(place),
        });
        for (id, reason) in passed_over.into_iter().chain([newcomer]).zip(departure.iter().cycle()) {
            // The newest reason is the one that the approver decides by; the audit keeps the earlier.
            list.departures.insert(id, reason.clone());
        }
        if !list.substituted_by.contains(&by) {
            list.substituted_by.push(by);
        }
        Ok(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::shortlist::ShortlistState;

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn list(state: ShortlistState) -> Shortlist {
        let entry = |(position, number)| Entry {
            application_id: id(number),
            position,
            declined_reason: None,
            substitutes: None,
        };
        Shortlist {
            id: id(100),
            campaign_id: id(101),
            category_code: "demonstration_township".into(),
            state,
            ranking: Ranking {
                entries: vec![],
                ties: vec![],
                missing_assessments: vec![],
                quota: 3,
                calibration: None,
            },
            ranking_digest: String::new(),
            departures: Default::default(),
            entries: (1..).zip([1, 2, 3]).map(entry).collect(),
            proposed_by: Some(id(50)),
            substituted_by: vec![],
            decision: None,
            reason: None,
            version: 4,
            created_at: Instant::default(),
            updated_at: Instant::default(),
        }
    }

    fn newcomer(number: u128, passed_over: &[u128], departure: Option<&str>) -> Substitution {
        Substitution {
            newcomer: id(number),
            passed_over: passed_over.iter().copied().map(id).collect(),
            departure: departure.map(str::to_owned),
            by: id(51),
        }
    }

    #[test]
    fn d_706_the_best_vacant_place_is_taken_once_and_the_list_is_proposed_anew() {
        let now = Instant::from_millis(7);
        let once = list(ShortlistState::Noticed).substituted(&[id(2)], newcomer(4, &[], None), now).unwrap();
        assert_eq!((once.state, once.version), (ShortlistState::Proposed, 5));
        let last = once.entries.last().unwrap();
        assert_eq!((last.application_id, last.position, last.substitutes), (id(4), 4, Some(id(1))));
        assert_eq!([50, 51, 52].map(|account| once.is_proposal_of(id(account))), [true, true, false]);
        assert!(once.departures.is_empty());
        let twice = once.substituted(&[id(2), id(4)], newcomer(5, &[], None), now).unwrap();
        assert_eq!(twice.entries.last().unwrap().substitutes, Some(id(3)));
        assert_eq!(twice.substituted_by, [id(51)]);
        let full = twice.substituted(&[id(2), id(4), id(5)], newcomer(6, &[], None), now);
        assert_eq!(full, Err(Refused::guard(Fault::new(ErrorCode::NoPlaceVacant))));
        let draft = list(ShortlistState::Draft).substituted(&[], newcomer(4, &[], None), now);
        assert!(matches!(draft, Err(Refused::Illegal { .. })));
    }

    #[test]
    fn d_701_who_passes_others_over_says_why_and_nobody_else_does() {
        let code = |substitution: Substitution| substitution.fault("甲").map(|fault| fault.code);
        assert_eq!(code(newcomer(5, &[4], None)), Some(ErrorCode::DepartureReasonMissing));
        assert_eq!(code(newcomer(4, &[], Some("x"))), Some(ErrorCode::DepartureWithoutCause));
        assert_eq!(code(newcomer(4, &[], None)), None);
        let departing = newcomer(5, &[4], Some("已调离"));
        assert_eq!(departing.fault("甲"), None);
        let list = list(ShortlistState::Proposed).substituted(&[id(1), id(2)], departing, Instant::default());
        let reasons = list.unwrap().departures;
        assert_eq!(reasons.into_iter().collect::<Vec<_>>(), [4, 5].map(|of| (id(of), "已调离".to_owned())));
    }

    #[test]
    fn d_701_the_approver_reads_the_newest_reason() {
        let mut before = list(ShortlistState::Proposed);
        before.departures.insert(id(4), "以前的理由".into());
        let departing = newcomer(5, &[4], Some("已调离"));
        let after = before.substituted(&[id(1), id(2)], departing, Instant::default()).unwrap();
        assert_eq!(after.departures.get(&id(4)).map(String::as_str), Some("已调离"));
    }
}

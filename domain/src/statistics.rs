//! Statistics of a campaign: how long its applications stay where.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::time::Instant;
use crate::workflow::application::ApplicationState;

/// An application came into a state, or went; in the order of applications and then of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The application.
    pub application_id: Uuid,
    /// Where it came to; none where it was deleted.
    pub state: Option<ApplicationState>,
    /// When.
    pub at: Instant,
}

/// How long applications stayed in a state, in whole hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stays {
    /// The state.
    pub state: ApplicationState,
    /// How many stays there were, with those that go on.
    pub count: u32,
    /// The middle one; of two in the middle the mean.
    pub median_hours: u32,
    /// The longest one.
    pub longest_hours: u32,
}

/// The stays in each state in which somebody is still expected to act; a stay that goes on lasts until `until`.
#[must_use]
pub fn stays(arrivals: &[Arrival], until: Instant) -> Vec<Stays> {
    let mut found: BTreeMap<ApplicationState, Vec<u32>> = BTreeMap::new();
    let nexts = arrivals.iter().skip(1).map(Some).chain([None]);
    for (arrival, next) in arrivals.iter().zip(nexts) {
        let next = next.filter(|next| next.application_id == arrival.application_id);
        let ends = next.map_or(until, |next| next.at);
        if let Some(state) = arrival.state.filter(|state| is_passing(*state)) {
            let hours = (ends.millis() - arrival.at.millis()).max(0) / 3_600_000;
            found.entry(state).or_default().push(u32::try_from(hours).unwrap_or(u32::MAX));
        }
    }
    found.into_iter().map(|(state, hours)| summary(state, hours)).collect()
}

fn summary(state: ApplicationState, mut hours: Vec<u32>) -> Stays {
    hours.sort_unstable();
    let at = |index: usize| hours.get(index).copied().unwrap_or_default();
    let middle = hours.len() / 2;
    let odd = hours.len() % 2 == 1;
    Stays {
        state,
        count: u32::try_from(hours.len()).unwrap_or(u32::MAX),
        median_hours: if odd { at(middle) } else { at(middle.saturating_sub(1)).midpoint(at(middle)) },
        longest_hours: hours.last().copied().unwrap_or_default(),
    }
}

/// Whether an application waits in this state for somebody; the others are ends.
fn is_passing(state: ApplicationState) -> bool {
    use ApplicationState as S;
    match state {
        S::Draft
        | S::Submitted
        | S::Returned
        | S::Accepted
        | S::Verified
        | S::Shortlisted
        | S::NotShortlisted => true,
        S::Rejected | S::Awarded | S::NotAwarded | S::Disqualified | S::Withdrawn | S::Revoked => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(hours: i64) -> Instant {
        Instant::from_millis(hours * 3_600_000)
    }

    #[test]
    fn a_stay_lasts_until_the_next_arrival_or_goes_on() {
        use ApplicationState as S;
        let of = |application: u128, state, hours| Arrival {
            application_id: Uuid::from_u128(application),
            state,
            at: hour(hours),
        };
        let arrivals = [
            of(1, Some(S::Draft), 0),
            of(1, Some(S::Submitted), 10),
            of(1, Some(S::Rejected), 15),
            of(2, Some(S::Draft), 20),
            of(2, None, 24),
            of(3, Some(S::Draft), 30),
            of(3, Some(S::Submitted), 35),
        ];
        let found = stays(&arrivals, hour(100));
        assert_eq!(
            found,
            [
                Stays { state: S::Draft, count: 3, median_hours: 5, longest_hours: 10 },
                Stays { state: S::Submitted, count: 2, median_hours: 35, longest_hours: 65 },
            ]
        );
        assert_eq!(stays(&[], hour(1)), []);
    }
}

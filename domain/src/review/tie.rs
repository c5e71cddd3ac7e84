//! What the office itself adds to a ranking, and when: the order that it gives to a tie (D-609), points (D-607).

use uuid::Uuid;

use crate::error::{ErrorCode, Fault, Refused};
use crate::policy::Stake;
use crate::review::ranking::Ranking;
use crate::review::shortlist::naming_fault;
use crate::workflow::campaign::CampaignState;
use crate::workflow::phase_fault;

/// What a ranking's inputs are closed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// Nothing: they are open.
    Open,
    /// A list was proposed from it (D-609).
    ByList,
    /// The category was decided without an award.
    ByNoAward,
}

/// What stands in the way of adding anything to a ranking: the phase, since before every sheet is in nobody knows what is to
/// be evened out, what closed its inputs, or a stake in the category (D-605, D-902).
#[must_use]
pub fn input_blockers(phase: CampaignState, closed: Closed, stakes: &[Stake]) -> Vec<Fault> {
    let mut faults = phase_fault(phase, CampaignState::Selecting);
    match closed {
        Closed::Open => {}
        Closed::ByList => faults.push(Fault::new(ErrorCode::RankingInUse)),
        Closed::ByNoAward => faults.push(Fault::new(ErrorCode::CategoryDecided)),
    }
    faults.extend(Stake::faults(stakes));
    faults
}

/// What stands in the way of ordering a tie: what stands in the way of any addition, or that there is none.
#[must_use]
pub fn blockers(phase: CampaignState, closed: Closed, stakes: &[Stake], ranking: &Ranking) -> Vec<Fault> {
    let mut faults = input_blockers(phase, closed, stakes);
    if ranking.ties.is_empty() {
        faults.push(Fault::new(ErrorCode::NoTie));
    }
    faults
}

/// Whether an order names all the applications of one tie, each once.
///
/// # Errors
/// [`Refused::Guards`] with `no_tie` where nobody named is tied, [`Refused::Invalid`] where somebody is missing, named
/// twice or not of the tie.
pub fn check_order(ranking: &Ranking, application_ids: &[Uuid]) -> Result<(), Refused> {
    let named = |ids: &[Uuid]| ids.iter().any(|id| application_ids.contains(id));
    let Some(tie) = ranking.ties.iter().find(|tie| named(&tie.application_ids)) else {
        return Err(Refused::guard(Fault::new(ErrorCode::NoTie)));
    };
    let mut faults = Vec::new();
    for (index, id) in application_ids.iter().enumerate() {
        let fault = naming_fault(&tie.application_ids, application_ids.iter().take(index), id);
        faults.extend(fault.map(|code| Fault::at(format!("/application_ids/{index}"), code)));
    }
    let missing = tie.application_ids.iter().filter(|id| !application_ids.contains(id)).count();
    if missing > 0 {
        faults.push(Fault::at("/application_ids", ErrorCode::TieOrderIncomplete).with("missing", missing));
    }
    Refused::unless_valid(faults)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::ranking::Tie;

    fn ids(numbers: &[u128]) -> Vec<Uuid> {
        numbers.iter().copied().map(Uuid::from_u128).collect()
    }

    fn ranking() -> Ranking {
        let tie = Tie { application_ids: ids(&[2, 3, 4]), rank: 2, across_quota: true };
        Ranking { entries: vec![], ties: vec![tie], missing_assessments: vec![], quota: 3, calibration: None }
    }

    #[test]
    fn d_609_an_order_names_the_whole_tie_and_nobody_else() {
        assert_eq!(check_order(&ranking(), &ids(&[4, 2, 3])), Ok(()));
        assert_eq!(check_order(&ranking(), &ids(&[1, 5])), Err(Refused::guard(Fault::new(ErrorCode::NoTie))));
        let Err(Refused::Invalid(faults)) = check_order(&ranking(), &ids(&[4, 1, 4])) else {
            panic!("refused")
        };
        let codes: Vec<_> = faults.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, [ErrorCode::EntryUnknown, ErrorCode::Duplicate, ErrorCode::TieOrderIncomplete]);
    }

    #[test]
    fn d_609_a_tie_is_ordered_while_the_campaign_selects_and_no_list_is_proposed() {
        assert_eq!(blockers(CampaignState::Selecting, Closed::Open, &[], &ranking()), []);
        let own = Fault::new(ErrorCode::OwnUnitStake);
        assert_eq!(blockers(CampaignState::Selecting, Closed::Open, &[Stake::OwnUnit], &ranking()), [own]);
        let decided = Fault::new(ErrorCode::CategoryDecided);
        assert_eq!(blockers(CampaignState::Selecting, Closed::ByNoAward, &[], &ranking()), [decided]);
        let none = Ranking { ties: vec![], ..ranking() };
        let codes: Vec<_> = blockers(CampaignState::Verifying, Closed::ByList, &[], &none)
            .into_iter()
            .map(|fault| fault.code)
            .collect();
        assert_eq!(codes, [ErrorCode::CampaignNotSelecting, ErrorCode::RankingInUse, ErrorCode::NoTie]);
    }
}

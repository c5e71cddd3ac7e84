//! A definition tried on data that somebody gives: what its quotas, shares and weights come to (D-207). Nothing is stored.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use super::definition::{Category, Route};
use crate::error::{ErrorCode, Fault};
use crate::review::calibration::{Calibration, Simulation};
use crate::review::ranking::{Assessment, RankedEntry, RankingInput, SheetInput, rank};
use crate::review::scoring::{Figure, Judgement, Points};
use crate::review::shortlist::{Candidate, ListFacts, first_choice};
use crate::time::Instant;
use crate::workflow::campaign::CampaignState;
use crate::workflow::shortlist::ShortlistGuard;

/// Nominees that a trial takes at most, all categories together.
pub const MOST_NOMINEES: usize = 2000;

/// Somebody whom a category is tried on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nominee {
    /// Who.
    pub name: String,
    /// Whether they are a leading cadre.
    pub is_leading_cadre: bool,
    /// Whether they work at the front line.
    pub front_line: bool,
    /// Score sheets: the points of each criterion in the definition's order, none where it cannot be judged.
    pub sheets: Vec<Vec<Option<Points>>>,
    /// Who gave each sheet, by name; nobody where each sheet is somebody else's.
    pub supervisors: Vec<String>,
    /// The annual assessment.
    pub assessment: Assessment,
    /// The points of each criterion in the definition's order, where the office evaluates.
    pub points: Option<Vec<Figure>>,
}

/// What a category comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// The nominees by rank.
    pub places: Vec<Place>,
    /// What is still equal: the rank, the nominees by number, and whether the quota ends among them.
    pub ties: Vec<(u32, Vec<usize>, bool)>,
    /// What would stand in the way of proposing the list that follows the ranking.
    pub faults: Vec<Fault>,
    /// What the sheets say together, where the policy is `calibrated`.
    pub calibration: Option<Calibration>,
    /// The names of those who gave sheets, by the ids that a calibration knows them by.
    pub supervisors: HashMap<Uuid, String>,
}

/// One nominee's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The nominee's number in the data, from 0.
    pub nominee: usize,
    /// The figures.
    pub entry: RankedEntry,
    /// Whether the list that follows the ranking has them.
    pub listed: bool,
}

/// What of the data does not fit the category, each pointing below its nominees: sheets and points have one value for each
/// criterion, and only where the route takes them.
#[must_use]
pub fn faults(category: &Category, nominees: &[Nominee]) -> Vec<Fault> {
    let evaluated = category.route.value == Route::OfficeEvaluated;
    let criteria = category.criteria.len();
    let mut faults = Vec::new();
    for (index, nominee) in nominees.iter().enumerate() {
        if evaluated && !nominee.sheets.is_empty() {
            faults.push(Fault::at(format!("/{index}/sheets"), ErrorCode::TooMany).with("limit", 0));
        }
        if !evaluated && nominee.points.is_some() {
            faults.push(Fault::at(format!("/{index}/points"), ErrorCode::UnknownMember));
        }
        faults.extend(supervisor_faults(index, nominee));
        let sheets = nominee.sheets.iter().enumerate().filter(|_| !evaluated);
        let sheets = sheets.map(|(at, sheet)| (format!("/{index}/sheets/{at}"), sheet.len()));
        let points = nominee.points.iter().filter(|_| evaluated);
        let points = points.map(|points| (format!("/{index}/points"), points.len()));
        faults.extend(sheets.chain(points).filter(|(_, length)| *length != criteria).map(
            |(pointer, length)| {
                let code = if length < criteria { ErrorCode::TooFew } else { ErrorCode::TooMany };
                Fault::at(pointer, code).with("limit", criteria)
            },
        ));
    }
    faults
}

/// Whoever is named gave one sheet of a nominee, and each sheet somebody gave.
fn supervisor_faults(index: usize, nominee: &Nominee) -> Vec<Fault> {
    let (named, given) = (nominee.supervisors.len(), nominee.sheets.len());
    if named > 0 && named != given {
        let code = if named < given { ErrorCode::TooFew } else { ErrorCode::TooMany };
        return vec![Fault::at(format!("/{index}/supervisors"), code).with("limit", given)];
    }
    let names = nominee.supervisors.iter().enumerate();
    let again =
        names.filter(|(at, name)| nominee.supervisors.iter().take(*at).any(|earlier| earlier == *name));
    again.map(|(at, _)| Fault::at(format!("/{index}/supervisors/{at}"), ErrorCode::Duplicate)).collect()
}

/// Ranks the nominees by the definition's weights, blend and cascade, and takes the list that follows the ranking.
#[must_use]
pub fn try_out(category: &Category, nominees: &[Nominee]) -> Trial {
    let mut names: Vec<&str> =
        nominees.iter().flat_map(|nominee| &nominee.supervisors).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    let inputs: Vec<RankingInput> =
        (0..).zip(nominees).map(|(number, nominee)| input(category, (number, nominee), &names)).collect();
    let ranking = rank(category, &inputs, &[], Simulation::default());
    let listed = first_choice(category, &ranking);
    let candidate = |nominee: &Nominee, id| Candidate {
        application_id: id,
        nominee_name: nominee.name.clone(),
        is_leading_cadre: nominee.is_leading_cadre,
        front_line: nominee.front_line,
        standing: true,
        noticed: false,
        veto_until: None,
        vetting: vec![],
        objection_upheld: false,
    };
    let candidates = listed.iter().filter_map(|id| Some(candidate(nominees.get(number(*id))?, *id)));
    let facts = ListFacts {
        phase: CampaignState::Selecting,
        state: None,
        category: category.clone(),
        candidates: candidates.collect(),
        verified: u32::try_from(nominees.len()).unwrap_or(u32::MAX),
        other_list: false,
        ranking: Some(ranking.clone()),
        ranking_changed: false,
        departures: BTreeMap::new(),
        own_proposal: false,
        calendar: None,
        notice_running: false,
        now: Instant::default(),
        decided_without_award: false,
        stakes: vec![],
        open_objections: 0,
    };
    // What of a list's guards depends on the definition and on who is nominated.
    let guards = [
        ShortlistGuard::NotEmpty,
        ShortlistGuard::WithinQuota,
        ShortlistGuard::SurplusLeft,
        ShortlistGuard::SharesHold,
        ShortlistGuard::AssessmentsPresent,
        ShortlistGuard::TiesResolved,
    ];
    let numbers = |ids: &[Uuid]| ids.iter().copied().map(number).collect();
    let place = |entry: RankedEntry| Place {
        nominee: number(entry.application_id),
        listed: listed.contains(&entry.application_id),
        entry,
    };
    Trial {
        ties: ranking
            .ties
            .iter()
            .map(|tie| (tie.rank, numbers(&tie.application_ids), tie.across_quota))
            .collect(),
        supervisors: (0..).zip(&names).map(|(place, name)| (named(place), (*name).to_owned())).collect(),
        calibration: ranking.calibration,
        faults: guards.into_iter().flat_map(|guard| facts.check(guard)).collect(),
        places: ranking.entries.into_iter().map(place).collect(),
    }
}

/// In a trial a nominee's number stands for the application.
fn number(id: Uuid) -> usize {
    usize::try_from(id.as_u128()).unwrap_or(usize::MAX)
}

/// The id of the supervisor with the name at this place of all names.
fn named(place: u128) -> Uuid {
    Uuid::from_u128(u128::MAX - place)
}

fn input(category: &Category, (number, nominee): (u128, &Nominee), names: &[&str]) -> RankingInput {
    let numbers = || category.criteria.iter().map(|criterion| criterion.number);
    let judgement = |points: &Option<Points>| points.map_or(Judgement::CannotJudge, Judgement::Points);
    let supervisor = |place: u128| {
        let name = usize::try_from(place).ok().and_then(|place| nominee.supervisors.get(place))?;
        (0..).zip(names).find(|(_, known)| *known == name).map(|(place, _)| named(place))
    };
    // Where nobody is named, each sheet is another supervisor's, and no calibration of them is official.
    let sheet = |(place, sheet): (u128, &Vec<Option<Points>>)| SheetInput {
        assignment_id: Uuid::from_u128(number << 64 | place),
        supervisor_id: supervisor(place).unwrap_or(Uuid::from_u128(number << 64 | place)),
        judgements: numbers().zip(sheet.iter().map(judgement)).collect(),
    };
    RankingInput {
        application_id: Uuid::from_u128(number),
        nominee_name: nominee.name.clone(),
        sheets: (0..).zip(&nominee.sheets).map(sheet).collect(),
        assessment: nominee.assessment,
        evaluated: nominee.points.as_ref().map(|points| numbers().zip(points.iter().copied()).collect()),
        attended: 0,
        adjustments: vec![],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::definition::{Definition, ScoringPolicy};

    fn category(code: &str) -> Category {
        let text = include_str!("../../../campaigns/xingguo-2022.json");
        serde_json::from_str::<Definition>(text).unwrap().category(code).unwrap().clone()
    }

    fn nominee(name: &str, points: &[&[u16]]) -> Nominee {
        let sheet = |points: &&[u16]| points.iter().map(|points| Points::from_halves(2 * points)).collect();
        Nominee {
            name: name.to_owned(),
            is_leading_cadre: false,
            front_line: false,
            sheets: points.iter().map(sheet).collect(),
            supervisors: vec![],
            assessment: Assessment::Missing,
            points: None,
        }
    }

    fn figures(trial: &Trial) -> Vec<(u32, usize, Option<String>, bool)> {
        let figure = |place: &Place| {
            let score = place.entry.score.map(|score| score.to_string());
            (place.entry.rank, place.nominee, score, place.listed)
        };
        trial.places.iter().map(figure).collect()
    }

    #[test]
    fn d_207_a_trial_ranks_by_weights_and_blend_and_takes_the_best() {
        let mut category = category("demonstration_township");
        category.quota.value = 2;
        let assessed = |name, points: u16, assessment: i64| Nominee {
            assessment: Assessment::Score(Figure::from_hundredths(assessment * 100).unwrap()),
            ..nominee(name, &[&[points; 5]])
        };
        let trial =
            try_out(&category, &[assessed("甲", 80, 90), assessed("乙", 90, 80), assessed("丙", 70, 70)]);
        let expected = [(1, 1, "88.00", true), (2, 0, "82.00", true), (3, 2, "70.00", false)];
        let expected = expected.map(|(rank, number, score, on)| (rank, number, Some(score.to_owned()), on));
        assert_eq!(figures(&trial), expected);
        assert_eq!((trial.faults, trial.ties), (vec![], vec![]));
        // The first criterion alone: the other weights say nothing any more.
        for (criterion, weight) in category.criteria.iter_mut().zip([100, 0, 0, 0, 0]) {
            criterion.weight.value = weight;
        }
        (category.blend.value.verified, category.blend.value.assessment) = (100, 0);
        let trial = try_out(
            &category,
            &[nominee("甲", &[&[60, 99, 99, 99, 99]]), nominee("乙", &[&[61, 0, 0, 0, 0]])],
        );
        assert_eq!(figures(&trial)[0], (1, 1, Some("61.00".to_owned()), true));
    }

    #[test]
    fn d_607_a_trial_names_no_supervisors_and_is_ranked_by_the_mean_instead_of_a_calibration() {
        let mut category = category("demonstration_township");
        (category.blend.value.verified, category.blend.value.assessment) = (100, 0);
        category.scoring_policy.value = ScoringPolicy::Calibrated;
        let trial =
            try_out(&category, &[nominee("甲", &[&[60; 5], &[80; 5]]), nominee("乙", &[&[90; 5], &[95; 5]])]);
        let expected = [(1, 1, Some("92.50".to_owned()), true), (2, 0, Some("70.00".to_owned()), true)];
        assert_eq!(figures(&trial), expected);
        for place in &trial.places {
            let told = place.entry.explanation;
            assert_eq!((told.policy, told.applied), (ScoringPolicy::Calibrated, ScoringPolicy::Mean));
        }
    }

    #[test]
    fn d_607_a_trial_that_names_supervisors_is_calibrated() {
        let mut category = category("demonstration_township");
        (category.blend.value.verified, category.blend.value.assessment) = (100, 0);
        category.scoring_policy.value = ScoringPolicy::Calibrated;
        // Any two of seven supervisors have one nominee in common; the first is ten points above the others.
        let nominees: Vec<Nominee> = (0..7_u16)
            .map(|number| {
                let by = [number, (number + 1) % 7, (number + 3) % 7];
                let points = by.map(|of| 70 + number + if of == 0 { 10 } else { 0 });
                let sheets = points.map(|points| [points; 5]);
                Nominee {
                    supervisors: by.iter().map(|of| format!("督导{of}")).collect(),
                    ..nominee(&format!("乡{number}"), &sheets.each_ref().map(|sheet| sheet.as_slice()))
                }
            })
            .collect();
        assert_eq!(faults(&category, &nominees), vec![]);
        let trial = try_out(&category, &nominees);
        let calibration = trial.calibration.unwrap();
        assert!(calibration.official, "{calibration:?}");
        let order: Vec<usize> = trial.places.iter().map(|place| place.nominee).collect();
        assert_eq!(order, [6, 5, 4, 3, 2, 1, 0]);
        let scales = calibration.fit.unwrap().supervisors;
        let generous = scales.iter().max_by_key(|scale| scale.leniency).unwrap();
        assert_eq!(trial.supervisors[&generous.supervisor_id], "督导0");
        let twice =
            Nominee { supervisors: vec!["甲".into(), "甲".into(), "乙".into()], ..nominees[0].clone() };
        let few = Nominee { supervisors: vec!["甲".into()], ..nominees[0].clone() };
        let found: Vec<_> = faults(&category, &[twice, few]);
        let found: Vec<_> = found.into_iter().map(|fault| (fault.pointer.unwrap(), fault.code)).collect();
        let expected = [
            ("/0/supervisors/1".to_owned(), ErrorCode::Duplicate),
            ("/1/supervisors".to_owned(), ErrorCode::TooFew),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn d_205_a_trial_says_which_shares_the_first_list_misses() {
        let mut category = category("advanced_individual");
        category.share_rules.value.front_line_at_least_percent = Some(50);
        let leading = |points: u16| Nominee { is_leading_cadre: true, ..nominee("甲", &[&[points; 4]]) };
        let nominees: Vec<Nominee> = (0..5).map(|number| leading(90 - number)).collect();
        let codes: Vec<_> = try_out(&category, &nominees).faults.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, [ErrorCode::LeadingCadreShare, ErrorCode::FrontLineShare]);
    }

    #[test]
    fn d_609_a_trial_shows_what_is_equal_and_what_is_missing() {
        let mut category = category("demonstration_township");
        category.quota.value = 1;
        let not_assessed =
            |name| Nominee { assessment: Assessment::NotAssessed, ..nominee(name, &[&[80; 5]]) };
        let trial = try_out(&category, &[not_assessed("甲"), not_assessed("乙"), nominee("丙", &[&[99; 5]])]);
        assert_eq!(trial.ties, [(1, vec![0, 1], true)]);
        let codes: Vec<_> = trial.faults.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, [ErrorCode::AssessmentMissing, ErrorCode::TieUnresolved]);
        assert_eq!(try_out(&category, &[]).faults, [Fault::new(ErrorCode::ListEmpty)]);
    }

    #[test]
    fn d_608_where_the_office_evaluates_points_are_given() {
        let category = category("excellent_supervisor");
        let figure = |whole: i64| Figure::from_hundredths(whole * 100).unwrap();
        let evaluated = |points: &[i64]| Nominee {
            points: Some(points.iter().copied().map(figure).collect()),
            ..nominee("甲", &[])
        };
        let trial = try_out(&category, &[evaluated(&[10, 20, 30, 40]), evaluated(&[40, 40, 40, 40])]);
        let scores: Vec<_> =
            figures(&trial).into_iter().map(|(_, number, score, _)| (number, score)).collect();
        assert_eq!(scores, [(1, Some("40.00".to_owned())), (0, Some("25.00".to_owned()))]);
    }

    #[test]
    fn d_207_data_that_does_not_fit_the_category_is_named() {
        let named = |category: &Category, nominees: &[Nominee]| -> Vec<_> {
            let named = faults(category, nominees).into_iter();
            named.map(|fault| (fault.pointer.unwrap(), fault.code)).collect()
        };
        let points = |nominee: Nominee| Nominee { points: Some(vec![Figure::default()]), ..nominee };
        let sheets = [nominee("甲", &[&[1; 5], &[1; 4], &[1; 6]]), points(nominee("乙", &[]))];
        let expected = [
            ("/0/sheets/1".to_owned(), ErrorCode::TooFew),
            ("/0/sheets/2".to_owned(), ErrorCode::TooMany),
            ("/1/points".to_owned(), ErrorCode::UnknownMember),
        ];
        assert_eq!(named(&category("demonstration_township"), &sheets), expected);
        let evaluated = [nominee("甲", &[&[1; 9]]), points(nominee("乙", &[]))];
        let expected =
            [("/0/sheets".to_owned(), ErrorCode::TooMany), ("/1/points".to_owned(), ErrorCode::TooFew)];
        assert_eq!(named(&category("excellent_supervisor"), &evaluated), expected);
    }
}

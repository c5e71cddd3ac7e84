//! The figures of a campaign.

use std::collections::BTreeMap;

use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::campaign::definition::{Category, Route, ScopeItem, UnitKind};
use pingxuan_domain::statistics::{Stays, stays};
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::workflow::assignment::AssignmentState;
use pingxuan_domain::workflow::campaign::CampaignState;
use pingxuan_domain::{Day, Instant};
use pingxuan_persistence::statistics::{self, Assigned, SilentUnit, Standing};
use serde::Serialize;
use strum::IntoEnumIterator;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::call::Call;
use crate::campaign::views::LabelView;
use crate::enums;
use crate::problem::Failure;

/// How many units without a declaration are named.
const NAMED: u64 = 5000;

/// The statistics of a campaign.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatisticsView {
    pub(super) campaign_id: Uuid,
    /// The notice's title.
    #[schema(max_length = 200)]
    pub(super) title: String,
    /// The phase.
    #[schema(value_type = enums::CampaignState)]
    pub(super) state: CampaignState,
    /// Whether what is declared still lies sealed: then nothing is told by category.
    pub(super) sealed: bool,
    pub(super) applications: ApplicationsView,
    pub(super) units: UnitsView,
    /// How far verification has come in each category whose nominees declare themselves; none while sealed.
    #[schema(max_items = 1000)]
    pub(super) verification: Vec<ProgressView>,
    /// How long applications stay in each state in which somebody is still to act, with those that stay there now.
    #[schema(max_items = 20)]
    pub(super) durations: Vec<StaysView>,
    pub(super) extensions: ExtensionsView,
    /// Objections that nobody has decided yet.
    #[schema(minimum = 0, maximum = 10000000)]
    pub(super) open_objections: u32,
}

/// How many applications there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApplicationsView {
    /// All, drafts and withdrawn ones too.
    #[schema(minimum = 0, maximum = 10000000)]
    pub(super) total: u32,
    /// By state, those that there are.
    #[schema(max_items = 20)]
    pub(super) by_state: Vec<StateCountView>,
    /// By category and state, in the notice's order; none while sealed.
    #[schema(max_items = 1000)]
    pub(super) by_category: Vec<CategoryCountView>,
    /// By the kind of the unit that declares; without those that the office evaluates.
    #[schema(max_items = 10)]
    pub(super) by_unit_kind: Vec<KindCountView>,
    /// By the day of the last submission in the campaign's zone, in order.
    #[schema(max_items = 10000)]
    pub(super) by_day: Vec<DayCountView>,
}

/// Applications in a state.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct StateCountView {
    /// The state.
    #[schema(value_type = enums::ApplicationState)]
    pub(super) state: ApplicationState,
    /// How many.
    #[schema(minimum = 0, maximum = 10000000)]
    pub(super) count: u32,
}

/// Applications in a category.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryCountView {
    /// The category.
    #[schema(max_length = 64)]
    pub(super) category_code: String,
    pub(super) title: LabelView,
    /// All.
    #[schema(minimum = 0, maximum = 10000000)]
    pub(super) total: u32,
    /// By state, those that there are.
    #[schema(max_items = 20)]
    pub(super) by_state: Vec<StateCountView>,
}

/// Applications of units of a kind.
#[derive(Debug, Serialize, ToSchema)]
pub struct KindCountView {
    /// The kind.
    #[schema(value_type = enums::UnitKind)]
    pub(super) kind: UnitKind,
    /// How many.
    #[schema(minimum = 0, maximum = 10000000)]
    pub(super) count: u32,
}

/// Applications submitted on a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayCountView {
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub(super) day: Day,
    /// How many.
    #[schema(minimum = 0, maximum = 10000000)]
    pub(super) count: u32,
}

/// Who has declared: units of the kinds that some category asks to declare.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitsView {
    /// Active units of these kinds.
    #[schema(minimum = 0, maximum = 10000000)]
    pub(super) in_scope: u32,
    /// Those that have submitted something.
    #[schema(minimum = 0, maximum = 10000000)]
    pub(super) declared: u32,
    /// Those that have not, 5,000 of them at most.
    #[schema(max_items = 5000)]
    pub(super) undeclared: Vec<UndeclaredView>,
}

/// A unit that has submitted nothing.
#[derive(Debug, Serialize, ToSchema)]
pub struct UndeclaredView {
    pub(super) id: Uuid,
    /// Its name.
    #[schema(max_length = 100)]
    pub(super) name: String,
    /// Its kind.
    #[schema(value_type = enums::UnitKind)]
    pub(super) kind: UnitKind,
}

/// How far verification has come in a category. Applications that were withdrawn or disqualified are left out.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgressView {
    /// The category.
    #[schema(max_length = 64)]
    pub(super) category_code: String,
    pub(super) title: LabelView,
    /// Applications that were accepted.
    #[schema(minimum = 0, maximum = 10000000)]
    pub(super) accepted: u32,
    /// Those of them that are verified.
    #[schema(minimum = 0, maximum = 10000000)]
    pub(super) verified: u32,
    /// Assignments by state, those that there are.
    #[schema(max_items = 10)]
    pub(super) assignments: Vec<AssignmentCountView>,
    /// Sheets that the accepted applications need by the definition, waived ones among them.
    #[schema(minimum = 0, maximum = 10000000)]
    pub(super) sheets_due: u32,
    /// Sheets submitted.
    #[schema(minimum = 0, maximum = 10000000)]
    pub(super) sheets_submitted: u32,
    /// Sheets submitted that count.
    #[schema(minimum = 0, maximum = 10000000)]
    pub(super) sheets_counting: u32,
    /// Trips recorded.
    #[schema(minimum = 0, maximum = 10000000)]
    pub(super) trips: u32,
}

/// Assignments in a state.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssignmentCountView {
    /// The state.
    #[schema(value_type = enums::AssignmentState)]
    pub(super) state: AssignmentState,
    /// How many.
    #[schema(minimum = 0, maximum = 10000000)]
    pub(super) count: u32,
}

/// How long applications stay in a state, in whole hours.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaysView {
    /// The state.
    #[schema(value_type = enums::ApplicationState)]
    pub(super) state: ApplicationState,
    /// How many stays there were, with those that go on.
    #[schema(minimum = 0, maximum = 10000000)]
    pub(super) count: u32,
    /// The middle one; of two in the middle the mean.
    #[schema(minimum = 0, maximum = 100000000)]
    pub(super) median_hours: u32,
    /// The longest one.
    #[schema(minimum = 0, maximum = 100000000)]
    pub(super) longest_hours: u32,
}

/// Extensions granted.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExtensionsView {
    /// To one unit each.
    #[schema(minimum = 0, maximum = 10000000)]
    pub(super) of_units: u32,
    /// To all.
    #[schema(minimum = 0, maximum = 10000000)]
    pub(super) of_all: u32,
}

impl StatisticsView {
    /// Counts it.
    ///
    /// # Errors
    /// [`Failure`] where the database refuses.
    pub async fn of(call: &Call, campaign: &Campaign) -> Result<Self, Failure> {
        let (read, visibility, id) = (call.app.db.read(), &call.visibility, campaign.id);
        let standing = statistics::standing(read, visibility, id).await?;
        let submissions = statistics::submissions(read, visibility, id).await?;
        let kinds = declaring_kinds(campaign);
        let declaring = statistics::declaring(read, visibility, (id, &kinds)).await?;
        let silent = statistics::silent_units(read, visibility, (id, &kinds), NAMED).await?;
        let assigned = statistics::assigned(read, visibility, id).await?;
        let trips = statistics::trips(read, visibility, id).await?;
        let arrivals = statistics::arrivals(read, visibility, id).await?;
        let counted = statistics::counted(read, visibility, id).await?;
        let shown = if campaign.is_sealed() { &[][..] } else { &campaign.definition.categories };
        let declared = shown.iter().filter(|category| category.route.value == Route::SelfDeclared);
        let trips: BTreeMap<&str, u32> = trips.iter().map(|(code, count)| (code.as_str(), *count)).collect();
        Ok(Self {
            campaign_id: id,
            title: campaign.title.clone(),
            state: campaign.state,
            sealed: campaign.is_sealed(),
            applications: ApplicationsView {
                total: standing.iter().map(|found| found.count).sum(),
                by_state: by_state(standing.iter()),
                by_category: shown
                    .iter()
                    .map(|category| CategoryCountView::of(category, &standing))
                    .collect(),
                by_unit_kind: tally(
                    standing.iter().filter_map(|found| Some((found.unit_kind?, found.count))),
                )
                .map(|(kind, count)| KindCountView { kind, count })
                .collect(),
                by_day: tally(submissions.iter().map(|(hour, count)| (hour.day(), *count)))
                    .map(|(day, count)| DayCountView { day, count })
                    .collect(),
            },
            units: UnitsView {
                in_scope: declaring.in_scope,
                declared: declaring.declared,
                undeclared: silent.into_iter().map(UndeclaredView::from).collect(),
            },
            verification: declared
                .map(|category| {
                    let trips = trips.get(category.code.as_str()).copied().unwrap_or_default();
                    ProgressView::of(category, &standing, &assigned, trips)
                })
                .collect(),
            durations: stays(&arrivals, until(call, campaign)).into_iter().map(StaysView::from).collect(),
            extensions: ExtensionsView {
                of_units: counted.extensions_of_units,
                of_all: counted.extensions_of_all,
            },
            open_objections: counted.open_objections,
        })
    }
}

/// Until when stays go on: nobody waits for anything in a campaign that is over.
fn until(call: &Call, campaign: &Campaign) -> Instant {
    match campaign.state {
        CampaignState::Draft
        | CampaignState::Published
        | CampaignState::Accepting
        | CampaignState::Verifying
        | CampaignState::Selecting
        | CampaignState::Announced => call.now,
        CampaignState::Archived | CampaignState::Cancelled => campaign.updated_at,
    }
}

/// The kinds of units that some category asks to declare.
fn declaring_kinds(campaign: &Campaign) -> Vec<UnitKind> {
    let categories = &campaign.definition.categories;
    let asked = |kind: &UnitKind| {
        let of = |category: &Category| category.scope.value.contains(&ScopeItem::from(*kind));
        categories.iter().any(|category| category.route.value == Route::SelfDeclared && of(category))
    };
    UnitKind::iter().filter(asked).collect()
}

/// Sums by key, in the order of the keys.
fn tally<K: Ord>(counts: impl Iterator<Item = (K, u32)>) -> impl Iterator<Item = (K, u32)> {
    let mut sums = BTreeMap::new();
    for (key, count) in counts {
        *sums.entry(key).or_default() += count;
    }
    sums.into_iter()
}

fn by_state<'a>(found: impl Iterator<Item = &'a Standing>) -> Vec<StateCountView> {
    tally(found.map(|found| (found.state, found.count)))
        .map(|(state, count)| StateCountView { state, count })
        .collect()
}

fn title(category: &Category) -> LabelView {
    LabelView::of(&category.title.value)
}

impl CategoryCountView {
    fn of(category: &Category, standing: &[Standing]) -> Self {
        let of = |found: &&Standing| found.category_code == category.code;
        Self {
            category_code: category.code.clone(),
            title: title(category),
            total: standing.iter().filter(of).map(|found| found.count).sum(),
            by_state: by_state(standing.iter().filter(of)),
        }
    }
}

impl ProgressView {
    fn of(category: &Category, standing: &[Standing], assigned: &[Assigned], trips: u32) -> Self {
        use ApplicationState as S;
        let verified =
            [S::Verified, S::Shortlisted, S::NotShortlisted, S::Awarded, S::NotAwarded, S::Revoked];
        let of = |states: &[S]| -> u32 {
            let found = standing.iter().filter(|found| found.category_code == category.code);
            found.filter(|found| states.contains(&found.state)).map(|found| found.count).sum()
        };
        let (waiting, verified) = (of(&[S::Accepted]), of(&verified));
        let assigned = || assigned.iter().filter(|found| found.category_code == category.code);
        Self {
            category_code: category.code.clone(),
            title: title(category),
            accepted: waiting + verified,
            verified,
            assignments: tally(assigned().map(|found| (found.state, found.count)))
                .map(|(state, count)| AssignmentCountView { state, count })
                .collect(),
            sheets_due: category.visits.value.saturating_mul(waiting + verified),
            sheets_submitted: assigned().map(|found| found.submitted).sum(),
            sheets_counting: assigned().map(|found| found.counting).sum(),
            trips,
        }
    }
}

impl From<SilentUnit> for UndeclaredView {
    fn from(unit: SilentUnit) -> Self {
        Self { id: unit.id, name: unit.name, kind: unit.kind }
    }
}

impl From<Stays> for StaysView {
    fn from(stays: Stays) -> Self {
        let Stays { state, count, median_hours, longest_hours } = stays;
        Self { state, count, median_hours, longest_hours }
    }
}

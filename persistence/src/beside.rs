//! What is read beside an application in the same query: its campaign, its unit, where it stands and where its list stands.

use std::collections::HashMap;
use std::sync::LazyLock;

use pingxuan_domain::application::{ListStanding, StandingList};
use pingxuan_domain::campaign::definition::UnitKind;
use pingxuan_domain::policy::{Caller, Grant, Stake, Who, rule};
use pingxuan_domain::workflow::application::{ApplicationFlow, ApplicationGuard as Guard, ApplicationState};
use pingxuan_domain::workflow::{Flow, Row};
use pingxuan_domain::{Day, Role, Visibility};
use sea_orm::sea_query::{CaseStatement, Expr};
use sea_orm::{EntityTrait, QuerySelect, Select};
use strum::IntoEnumIterator;

use crate::applications;
use crate::campaigns::Head;
use crate::cells::Cells;
use crate::entity::county::unit;
use crate::entity::selection::application::Entity;
use crate::entity::selection::campaign;
use crate::error::StoreError;
use crate::stakes;
use crate::standing::{NOT_STANDING, Scalar};

/// How much is read of an application and of what its guards ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Neither what guards ask nor what is declared: it is shown in a list.
    Brief,
    /// Nothing that guards ask: it is shown without what may be done with it.
    Nothing,
    /// What is asked in most states, of stakes, sheets and lists; [`Asked::is_little`] says where that is not all.
    Little,
    /// What is asked in the state that the caller sees.
    Here,
    /// What is asked in the state in which the caller sees it, and in those to which that leads: it is acted on, and shown as it is then.
    Ahead(ApplicationState),
}

/// What is asked in most states.
const LITTLE: [Guard; 4] = [Guard::NoStake, Guard::SheetCounts, Guard::NoticeOpen, Guard::ListNotApproved];
/// What is asked in a few.
const MUCH: [Guard; 7] = [
    Guard::NoStakeInCategory,
    Guard::PlaceVacant,
    Guard::SharesKept,
    Guard::NoVeto,
    Guard::NewDeedsGiven,
    Guard::StandsNowhereElse,
    Guard::UnderUnitLimit,
];

impl Asked {
    /// The states of an application, as the caller sees them, in which one of these guards is asked of what the house may do, or
    /// those outside it.
    fn states(self, insider: bool, guards: &[Guard]) -> Vec<&'static str> {
        let outside =
            |grant: &Grant| !matches!(grant.who, Who::Role(Role::Office | Role::Approver | Role::Auditor));
        let may = |operation| insider || rule(operation).iter().any(outside);
        let asked =
            |row: &&Row<_, Guard>| row.guards.iter().any(|it| guards.contains(it)) && may(row.operation);
        let asking: Vec<_> = ApplicationFlow::ROWS.iter().filter(asked).filter_map(|row| row.from).collect();
        let leads_there = |state| {
            let leads =
                |row: &&Row<_, _>| row.from == Some(state) && row.to.is_some_and(|to| asking.contains(&to));
            ApplicationFlow::ROWS.iter().any(|row| leads(&row))
        };
        let wanted = |state: &ApplicationState| match self {
            Self::Brief | Self::Nothing => false,
            Self::Little if !guards.iter().all(|guard| LITTLE.contains(guard)) => false,
            Self::Little | Self::Here => asking.contains(state),
            Self::Ahead(_) => asking.contains(state) || leads_there(*state),
        };
        ApplicationState::iter().filter(wanted).map(Into::into).collect()
    }

    /// Whether [`Asked::Little`] is all that is asked of a caller in a state.
    pub(crate) fn is_little(visibility: &Visibility, state: ApplicationState) -> bool {
        static MORE: LazyLock<[Vec<&str>; 2]> =
            LazyLock::new(|| [false, true].map(|insider| Asked::Here.states(insider, &MUCH)));
        let [outside, within] = &*MORE;
        let more = if visibility.is_insider() { within } else { outside };
        *visibility.caller() == Caller::System || !more.contains(&state.into())
    }
}

/// The columns of an application and of what its guards ask, as SQL: these are reckoned out for applications in a state that asks them.
struct Columns {
    /// Those without a value of the caller's, in the order in which applications and [`Beside`] are read.
    columns: String,
    /// Where the caller's stakes in the nominee are asked.
    stakes: Option<String>,
    /// Where the caller's stakes in the candidates of the category are asked.
    stakes_in_category: Option<String>,
}

static BRIEF: LazyLock<Columns> = LazyLock::new(|| Columns::of(false, Asked::Brief));
static NOTHING: LazyLock<Columns> = LazyLock::new(|| Columns::of(false, Asked::Nothing));
static LITTLE_ASKED: LazyLock<Columns> = LazyLock::new(|| Columns::of(false, Asked::Little));
static LITTLE_ASKED_OF_THE_HOUSE: LazyLock<Columns> = LazyLock::new(|| Columns::of(true, Asked::Little));
static HERE: LazyLock<Columns> = LazyLock::new(|| Columns::of(false, Asked::Here));
static HERE_FOR_THE_HOUSE: LazyLock<Columns> = LazyLock::new(|| Columns::of(true, Asked::Here));
/// Of each state, for the house and for those outside it. What a state does not ask is not in the select: a database makes every
/// subquery ready before it knows whether it is wanted.
static AHEAD: LazyLock<HashMap<(bool, ApplicationState), Columns>> = LazyLock::new(|| {
    let of = |insider, state| ((insider, state), Columns::of(insider, Asked::Ahead(state)));
    ApplicationState::iter().flat_map(|state| [of(false, state), of(true, state)]).collect()
});

impl Columns {
    fn of(insider: bool, asked: Asked) -> Self {
        let seen = if insider { "state" } else { "shown_state" };
        let asking = |guards: &[Guard]| {
            let states = asked.states(insider, guards);
            if let Asked::Ahead(state) = asked {
                return states.contains(&state.into()).then(|| "1 = 1".to_owned());
            }
            (!states.is_empty()).then(|| format!("applications.{seen} IN ('{}')", states.join("', '")))
        };
        let others = format!(
            "FROM applications o WHERE o.campaign_id = applications.campaign_id AND o.id <> applications.id \
             AND o.state NOT IN {NOT_STANDING}"
        );
        let elsewhere = format!(
            // Each part has its own index: of an OR of both none serves.
            "SELECT min(e.code) FROM (SELECT o.category_code AS code {others} AND o.unit_id = applications.unit_id \
             AND applications.nominee_kind = 'unit' AND o.nominee_kind = 'unit' \
             AND o.category_code <> applications.category_code \
             UNION ALL SELECT o.category_code {others} AND o.person_index = applications.person_index) e"
        );
        let standing_of_unit = format!(
            // What is counted is no condition: a unit has few applications, a category has many.
            "SELECT count(*) FILTER (WHERE o.category_code = applications.category_code) {others} \
             AND o.unit_id = applications.unit_id"
        );
        let asked_of: [(&[Guard], &str, &str); 7] = [
            (&[Guard::PlaceVacant, Guard::SharesKept], "standing_list", STANDING_LIST),
            (&[Guard::NoVeto], "veto_until", VETO_UNTIL),
            (&[Guard::SheetCounts], "counting_sheets", COUNTING_SHEETS),
            (&[Guard::NewDeedsGiven], "awarded_last_time", AWARDED_LAST_TIME),
            (&[Guard::StandsNowhereElse], "elsewhere", &elsewhere),
            (&[Guard::UnderUnitLimit], "standing_of_unit", &standing_of_unit),
            (&[Guard::NoticeOpen, Guard::ListNotApproved], "list_standing", LIST_STANDING),
        ];
        let columns = asked_of.into_iter().map(|(guards, name, subquery)| match asking(guards) {
            Some(asking) => format!("CASE WHEN {asking} THEN ({subquery}) END AS {name}"),
            None => format!("NULL AS {name}"),
        });
        let own = applications::columns(asked == Asked::Brief);
        Self {
            columns: [own, BESIDE.into()].into_iter().chain(columns).collect::<Vec<_>>().join(", "),
            stakes: asking(&[Guard::NoStake]),
            stakes_in_category: asking(&[Guard::NoStakeInCategory]),
        }
    }

    fn asked(visibility: &Visibility, asked: Asked) -> &'static Self {
        match (asked, visibility.is_insider()) {
            (Asked::Brief, _) => &BRIEF,
            // What time or the office brings about is not asked whether it may be.
            (_, _) if *visibility.caller() == Caller::System => &NOTHING,
            (Asked::Nothing, _) => &NOTHING,
            (Asked::Little, false) => &LITTLE_ASKED,
            (Asked::Little, true) => &LITTLE_ASKED_OF_THE_HOUSE,
            (Asked::Here, false) => &HERE,
            (Asked::Here, true) => &HERE_FOR_THE_HOUSE,
            // Every state is there.
            (Asked::Ahead(state), insider) => AHEAD.get(&(insider, state)).unwrap_or(&HERE_FOR_THE_HOUSE),
        }
    }
}

/// A select without a column: what it reads is said last.
pub(crate) static ROWS: LazyLock<Select<Entity>> = LazyLock::new(|| Entity::find().select_only());

/// The select, which has none, with the columns of an application and those that [`Beside`] reads behind them.
pub(crate) fn with_beside(select: Select<Entity>, visibility: &Visibility, asked: Asked) -> Select<Entity> {
    let columns = Columns::asked(visibility, asked);
    let stakes_where = |asking: &'static Option<String>, stakes: fn(&Visibility) -> Expr| match asking {
        Some(asking) => {
            let asking = Expr::cust(asking.as_str());
            Expr::Case(Box::new(CaseStatement::new().case(asking, stakes(visibility))))
        }
        None => Expr::cust("NULL"),
    };
    select
        .with(campaign::Entity, "c", "c.id = applications.campaign_id")
        .with_if_any(unit::Entity, "u", "u.id = applications.unit_id")
        .columns_as_said(&columns.columns)
        .expr(stakes_where(&columns.stakes, stakes::in_row))
        .expr(stakes_where(&columns.stakes_in_category, stakes::in_category_of_row))
}

/// The campaign's columns but for its definition, what is shown of the unit, and the last day of its extension.
const BESIDE: &str = "c.id AS c_id, c.year AS c_year, c.title AS c_title, c.state AS c_state, \
     c.definition_digest AS c_definition_digest, c.opens_at AS c_opens_at, c.closes_at AS c_closes_at, \
     c.published_at AS c_published_at, c.announced_at AS c_announced_at, c.seal_opened_at AS c_seal_opened_at, \
     c.cancel_reason AS c_cancel_reason, c.version AS c_version, c.created_at AS c_created_at, c.updated_at AS c_updated_at, \
     u.name AS u_name, u.kind AS u_kind, u.active AS u_active, \
     (SELECT max(x.until) FROM extensions x WHERE x.campaign_id = applications.campaign_id \
     AND (x.unit_id IS NULL OR x.unit_id = applications.unit_id)) AS extended_until";

/// Where the list stands that decides, by the notices alone, which everyone knows, and not by its state, which the house knows (D-403),
/// but for whether it is approved.
const LIST_STANDING: &str = "SELECT CASE WHEN s.state = 'approved' THEN 'approved' \
     WHEN EXISTS (SELECT 1 FROM public_notices n WHERE n.shortlist_id = s.id AND n.state = 'closed') \
     AND NOT EXISTS (SELECT 1 FROM public_notices n WHERE n.shortlist_id = s.id AND n.state = 'published') \
     THEN 'notice_closed' ELSE 'open' END FROM shortlists s WHERE s.campaign_id = applications.campaign_id \
     AND s.category_code = applications.category_code AND s.state <> 'returned'";

/// Who stands on the list that is under way: the places that are vacant, the entries, leading cadres and people of the front line
/// among them, with a space between.
const STANDING_LIST: &str = "SELECT count(*) FILTER (WHERE m.state <> 'shortlisted' AND t.application_id IS NULL) \
     || ' ' || count(*) FILTER (WHERE m.state = 'shortlisted') \
     || ' ' || count(*) FILTER (WHERE m.state = 'shortlisted' AND m.is_leading_cadre) \
     || ' ' || count(*) FILTER (WHERE m.state = 'shortlisted' AND m.front_line) \
     FROM shortlists s JOIN shortlist_entries e ON e.shortlist_id = s.id JOIN applications m ON m.id = e.application_id \
     LEFT JOIN shortlist_entries t ON t.shortlist_id = s.id AND t.substitutes = e.application_id \
     WHERE s.campaign_id = applications.campaign_id AND s.category_code = applications.category_code \
     AND s.state IN ('proposed', 'endorsed', 'noticed')";

/// Submitted sheets that count.
const COUNTING_SHEETS: &str = "SELECT count(*) FROM score_sheets h JOIN assignments g ON g.id = h.assignment_id \
     WHERE g.application_id = applications.id AND g.state <> 'recused' AND h.state = 'submitted' AND h.counts";

/// The last day of a veto recorded against an application's nominee, the latest of them (D-703).
pub(crate) const VETO_UNTIL: &str = "SELECT max(v.until) FROM vetoes v WHERE v.state = 'recorded' \
     AND ((applications.nominee_kind = 'unit' AND v.unit_id = applications.unit_id) \
     OR v.person_index = applications.person_index)";

/// How often the nominee was commended in the category when it was last awarded before the campaign's year (D-801). It goes by the awards of
/// that campaign, of which there are few: a subquery in the select is not joined the other way round, from all awards or from all
/// applications of the nominee.
const AWARDED_LAST_TIME: &str = "SELECT max((SELECT count(*) FROM awards w JOIN applications o ON o.id = w.application_id \
     WHERE w.campaign_id = k.id AND w.category_code = applications.category_code AND w.state = 'awarded' \
     AND CASE applications.nominee_kind WHEN 'unit' THEN o.nominee_kind = 'unit' AND o.unit_id = applications.unit_id \
     ELSE o.person_index = applications.person_index END)) \
     FROM campaigns k WHERE k.year = (SELECT max(y.year) FROM campaigns y WHERE y.year < c.year AND EXISTS (SELECT 1 FROM awards a \
     WHERE a.campaign_id = y.id AND a.category_code = applications.category_code))";

/// What is read beside an application's own columns.
#[derive(Clone, Debug)]
pub(crate) struct Beside {
    /// Name, kind and whether it is active.
    pub(crate) unit: Option<(String, UnitKind, bool)>,
    /// Another category in which the nominee stands.
    pub(crate) elsewhere: Option<String>,
    /// Other applications of the unit that stand in the category.
    pub(crate) standing_of_unit: u32,
    /// Where the list stands that decides.
    pub(crate) list: ListStanding,
    /// The last day of the unit's extension.
    pub(crate) extended_until: Option<Day>,
    /// The last day of a veto against the nominee.
    pub(crate) veto_until: Option<Day>,
    /// The nominee was commended in the category last time.
    pub(crate) awarded_last_time: bool,
    /// Submitted sheets that count.
    pub(crate) counting_sheets: u32,
    /// What stakes whoever asks has in the nominee.
    pub(crate) stakes: Vec<Stake>,
    /// What stakes whoever asks has in the category's candidates, while this one waits for a place; none where it is not asked.
    pub(crate) stakes_in_category: Vec<Stake>,
    /// Who stands on the list that is under way; none where it is not asked.
    pub(crate) standing_list: Option<StandingList>,
}

impl Beside {
    /// What stands behind an application's own columns, in the order of [`with_beside`]: the campaign but for its definition, and the rest.
    pub(crate) fn read(cells: &mut Cells<'_>) -> Result<(Head, Self), StoreError> {
        let campaign = Head::read(cells)?;
        let (name, kind, active): (Option<String>, _, Option<bool>) =
            (cells.take()?, cells.code_option("units.kind")?, cells.take()?);
        let beside = Self {
            unit: name.zip(kind).zip(active).map(|((name, kind), active)| (name, kind, active)),
            extended_until: cells.day_option("extensions.until")?,
            standing_list: cells.text_option()?.map(standing_on).transpose()?,
            veto_until: cells.day_option("vetoes.until")?,
            counting_sheets: cells.counted()?,
            awarded_last_time: cells.counted()? > 0,
            elsewhere: cells.take()?,
            standing_of_unit: cells.counted()?,
            list: match cells.text_option()? {
                Some("approved") => ListStanding::Approved,
                Some("notice_closed") => ListStanding::NoticeClosed,
                None if campaign.is_announced() => ListStanding::NoticeClosed,
                Some(_) | None => ListStanding::Open,
            },
            stakes: stakes::of_bits(cells.take()?),
            stakes_in_category: stakes::of_bits(cells.take()?),
        };
        Ok((campaign, beside))
    }
}

/// The counts of [`STANDING_LIST`].
fn standing_on(counts: &str) -> Result<StandingList, StoreError> {
    let read: Result<Vec<u32>, _> = counts.split(' ').map(str::parse).collect();
    match read.as_deref() {
        Ok([vacant, entries, leading_cadres, front_line]) => Ok(StandingList {
            vacant: *vacant,
            entries: *entries,
            leading_cadres: *leading_cadres,
            front_line: *front_line,
        }),
        Ok(_) | Err(_) => Err(StoreError::Corrupt(format!("'{counts}' counts no list"))),
    }
}

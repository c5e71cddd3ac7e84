//! What is read beside an application in the same query: its campaign, its unit, where it stands and where its list stands.

use pingxuan_domain::application::{ListStanding, StandingList};
use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::campaign::definition::UnitKind;
use pingxuan_domain::policy::Stake;
use pingxuan_domain::workflow::campaign::CampaignState;
use pingxuan_domain::{Day, Instant, Visibility};
use sea_orm::{FromQueryResult, QueryResult, Select};
use uuid::Uuid;

use crate::convert::{code, day_option, instant_option};
use crate::database::Connection;
use crate::entity::selection::application::Entity;
use crate::error::StoreError;
use crate::stakes::with_stakes;
use crate::standing::{NOT_STANDING, Scalar};

/// The select with the columns that [`Beside`] reads.
pub(crate) fn with_beside(select: Select<Entity>, visibility: &Visibility) -> Select<Entity> {
    let campaign =
        |column: &str| format!("SELECT c.{column} FROM campaigns c WHERE c.id = applications.campaign_id");
    let unit = |column: &str| format!("SELECT u.{column} FROM units u WHERE u.id = applications.unit_id");
    let list = "FROM shortlists s WHERE s.campaign_id = applications.campaign_id \
                AND s.category_code = applications.category_code AND s.state <> 'returned'";
    let notices = |state: &str| {
        format!(
            "SELECT count(*) FROM public_notices n WHERE n.state = '{state}' \
             AND n.shortlist_id IN (SELECT s.id {list})"
        )
    };
    let others = format!(
        "FROM applications o WHERE o.campaign_id = applications.campaign_id AND o.id <> applications.id \
         AND o.state NOT IN {NOT_STANDING}"
    );
    let standing = "FROM shortlists s JOIN shortlist_entries e ON e.shortlist_id = s.id \
                    JOIN applications m ON m.id = e.application_id WHERE s.campaign_id = applications.campaign_id \
                    AND s.category_code = applications.category_code AND s.state IN ('proposed', 'endorsed', 'noticed')";
    let select = with_stakes(select, "", "o.id = applications.id", visibility);
    // Only the house may fill a vacant place: who else asks is spared the counting.
    let select = if visibility.is_insider() {
        let rivals = format!(
            "applications.state = 'not_shortlisted' AND o.campaign_id = applications.campaign_id \
             AND o.category_code = applications.category_code AND o.state NOT IN {NOT_STANDING}"
        );
        with_stakes(select, IN_CATEGORY, &rivals, visibility)
            .scalar("l_vacant", &format!("SELECT count(*) {standing} AND m.state <> 'shortlisted' AND NOT EXISTS \
                     (SELECT 1 FROM shortlist_entries t WHERE t.shortlist_id = s.id AND t.substitutes = e.application_id)"))
            .scalar("l_entries", &format!("SELECT count(*) {standing} AND m.state = 'shortlisted'"))
            .scalar("l_leading", &format!("SELECT count(*) {standing} AND m.state = 'shortlisted' AND m.is_leading_cadre"))
            .scalar("l_front", &format!("SELECT count(*) {standing} AND m.state = 'shortlisted' AND m.front_line"))
    } else {
        select
    };
    select
        .scalar("c_seal_opened_at", &campaign("seal_opened_at"))
        .scalar("c_cancel_reason", &campaign("cancel_reason"))
        .scalar(
            "extended_until",
            "SELECT max(x.until) FROM extensions x WHERE x.campaign_id = applications.campaign_id \
             AND (x.unit_id IS NULL OR x.unit_id = applications.unit_id)",
        )
        .scalar("veto_until", VETO_UNTIL)
        .scalar(
            "counting_sheets",
            "SELECT count(*) FROM score_sheets h JOIN assignments g ON g.id = h.assignment_id \
             WHERE g.application_id = applications.id AND g.state <> 'recused' AND h.state = 'submitted' AND h.counts",
        )
        .scalar("awarded_last_time", AWARDED_LAST_TIME)
        .scalar("c_year", &campaign("year"))
        .scalar("c_title", &campaign("title"))
        .scalar("c_state", &campaign("state"))
        .scalar("c_digest", &campaign("definition_digest"))
        .scalar("c_opens_at", &campaign("opens_at"))
        .scalar("c_closes_at", &campaign("closes_at"))
        .scalar("c_published_at", &campaign("published_at"))
        .scalar("c_announced_at", &campaign("announced_at"))
        .scalar("c_version", &campaign("version"))
        .scalar("c_created_at", &campaign("created_at"))
        .scalar("c_updated_at", &campaign("updated_at"))
        .scalar("u_name", &unit("name"))
        .scalar("u_kind", &unit("kind"))
        .scalar("u_active", &unit("active"))
        .scalar(
            "elsewhere",
            // Each part has its own index: of an OR of both none serves.
            &format!(
                "SELECT min(e.code) FROM (SELECT o.category_code AS code {others} AND o.unit_id = applications.unit_id \
                 AND applications.nominee_kind = 'unit' AND o.nominee_kind = 'unit' \
                 AND o.category_code <> applications.category_code \
                 UNION ALL SELECT o.category_code {others} AND o.person_index = applications.person_index) e"
            ),
        )
        .scalar(
            "standing_of_unit",
            // What is counted is no condition: a unit has few applications, a category has many.
            &format!(
                "SELECT count(*) FILTER (WHERE o.category_code = applications.category_code) {others} \
                 AND o.unit_id = applications.unit_id"
            ),
        )
        .scalar("list_state", &format!("SELECT s.state {list}"))
        .scalar("notices_running", &notices("published"))
        .scalar("notices_closed", &notices("closed"))
}

/// Before the columns of the caller's stakes in all candidates of the category.
const IN_CATEGORY: &str = "category_";

/// The last day of a veto recorded against an application's nominee, the latest of them (D-703).
pub(crate) const VETO_UNTIL: &str = "SELECT max(v.until) FROM vetoes v WHERE v.state = 'recorded' \
     AND ((applications.nominee_kind = 'unit' AND v.unit_id = applications.unit_id) \
     OR v.person_index = applications.person_index)";

/// How often the nominee was commended in the category when it was last awarded before the campaign's year (D-801).
const AWARDED_LAST_TIME: &str = "SELECT count(*) FROM awards w JOIN applications o ON o.id = w.application_id \
     JOIN campaigns wc ON wc.id = w.campaign_id WHERE w.state = 'awarded' \
     AND w.category_code = applications.category_code AND wc.year = (SELECT max(k.year) FROM awards y \
     JOIN campaigns k ON k.id = y.campaign_id WHERE y.category_code = applications.category_code \
     AND k.year < (SELECT c.year FROM campaigns c WHERE c.id = applications.campaign_id)) \
     AND ((applications.nominee_kind = 'unit' AND o.nominee_kind = 'unit' AND o.unit_id = applications.unit_id) \
     OR o.person_index = applications.person_index)";

/// What is read beside an application's own columns.
#[derive(Clone, Debug)]
pub(crate) struct Beside {
    campaign: CampaignHead,
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
    /// What stakes whoever asks has in the category's candidates, while this one waits for a place; none for those outside the house.
    pub(crate) stakes_in_category: Vec<Stake>,
    /// Who stands on the list that is under way; none for those outside the house.
    pub(crate) standing_list: Option<StandingList>,
}

/// The campaign's columns but for its definition.
#[derive(Clone, Debug, FromQueryResult)]
struct CampaignHead {
    c_year: i32,
    c_title: String,
    c_state: String,
    c_digest: String,
    c_opens_at: i64,
    c_closes_at: i64,
    c_published_at: Option<i64>,
    c_announced_at: Option<i64>,
    c_seal_opened_at: Option<i64>,
    c_cancel_reason: Option<String>,
    c_version: i64,
    c_created_at: i64,
    c_updated_at: i64,
}

impl Beside {
    pub(crate) fn read(row: &QueryResult, visibility: &Visibility) -> Result<Self, StoreError> {
        let kind: Option<String> = row.try_get("", "u_kind")?;
        let unit = match kind {
            Some(kind) => {
                Some((row.try_get("", "u_name")?, code("units.kind", &kind)?, row.try_get("", "u_active")?))
            }
            None => None,
        };
        let state: Option<String> = row.try_get("", "list_state")?;
        let running: i64 = row.try_get("", "notices_running")?;
        let ended: i64 = row.try_get("", "notices_closed")?;
        let announced: Option<i64> = row.try_get("", "c_announced_at")?;
        let list = match state.as_deref() {
            Some("approved") => ListStanding::Approved,
            // By the notices alone, which everyone knows, and not by where the list stands, which the house knows (D-403).
            Some(_) if ended > 0 && running == 0 => ListStanding::NoticeClosed,
            None if announced.is_some() => ListStanding::NoticeClosed,
            Some(_) | None => ListStanding::Open,
        };
        let number =
            |name: &str| row.try_get::<i64>("", name).map(|number| u32::try_from(number).unwrap_or(u32::MAX));
        let day = |name: &str| day_option(name, row.try_get::<Option<String>>("", name)?.as_deref());
        let stakes_in_category = match visibility.is_insider() {
            true => crate::stakes::read(row, IN_CATEGORY)?,
            false => vec![],
        };
        let standing_list = if visibility.is_insider() {
            Some(StandingList {
                vacant: number("l_vacant")?,
                entries: number("l_entries")?,
                leading_cadres: number("l_leading")?,
                front_line: number("l_front")?,
            })
        } else {
            None
        };
        Ok(Self {
            campaign: CampaignHead::from_query_result(row, "")?,
            unit,
            elsewhere: row.try_get("", "elsewhere")?,
            standing_of_unit: number("standing_of_unit")?,
            list,
            extended_until: day("extended_until")?,
            veto_until: day("veto_until")?,
            awarded_last_time: number("awarded_last_time")? > 0,
            counting_sheets: number("counting_sheets")?,
            stakes: crate::stakes::read(row, "")?,
            stakes_in_category,
            standing_list,
        })
    }
}

impl Beside {
    /// The campaign; its definition is read only the first time that it is met.
    pub(crate) async fn campaign(
        &self,
        connection: &impl Connection,
        id: Uuid,
    ) -> Result<Campaign, StoreError> {
        let head = &self.campaign;
        let definition = crate::campaigns::definition(connection, id, &head.c_digest).await?;
        Ok(Campaign {
            id,
            year: head.c_year,
            title: head.c_title.clone(),
            state: code::<CampaignState>("campaigns.state", &head.c_state)?,
            definition,
            definition_digest: head.c_digest.clone(),
            opens_at: Instant::from_millis(head.c_opens_at),
            closes_at: Instant::from_millis(head.c_closes_at),
            published_at: instant_option(head.c_published_at),
            announced_at: instant_option(head.c_announced_at),
            seal_opened_at: instant_option(head.c_seal_opened_at),
            cancel_reason: head.c_cancel_reason.clone(),
            version: head.c_version,
            created_at: Instant::from_millis(head.c_created_at),
            updated_at: Instant::from_millis(head.c_updated_at),
        })
    }
}

//! What is read beside an application in the same query: its campaign, its unit, where it stands and where its list stands.

use pingxuan_domain::Instant;
use pingxuan_domain::application::ListStanding;
use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::campaign::definition::UnitKind;
use pingxuan_domain::workflow::campaign::CampaignState;
use sea_orm::{FromQueryResult, QueryResult, Select};
use uuid::Uuid;

use crate::convert::{code, instant_option};
use crate::database::Connection;
use crate::entity::selection::application::Entity;
use crate::error::StoreError;
use crate::standing::{NOT_STANDING, Scalar};

/// The select with the columns that [`Beside`] reads.
pub(crate) fn with_beside(select: Select<Entity>) -> Select<Entity> {
    let campaign =
        |column: &str| format!("SELECT c.{column} FROM campaigns c WHERE c.id = applications.campaign_id");
    let unit = |column: &str| format!("SELECT u.{column} FROM units u WHERE u.id = applications.unit_id");
    let list = "FROM shortlists s WHERE s.campaign_id = applications.campaign_id \
                AND s.category_code = applications.category_code AND s.state <> 'returned'";
    let others = format!(
        "FROM applications o WHERE o.campaign_id = applications.campaign_id AND o.id <> applications.id \
         AND o.state NOT IN {NOT_STANDING}"
    );
    select
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
            &format!(
                "SELECT min(o.category_code) {others} AND ((applications.nominee_kind = 'unit' \
                 AND o.nominee_kind = 'unit' AND o.unit_id = applications.unit_id \
                 AND o.category_code <> applications.category_code) \
                 OR o.person_index = applications.person_index)"
            ),
        )
        .scalar(
            "standing_of_unit",
            &format!(
                "SELECT count(*) {others} AND o.unit_id = applications.unit_id \
                 AND o.category_code = applications.category_code"
            ),
        )
        .scalar("list_state", &format!("SELECT s.state {list}"))
        .scalar(
            "notices_running",
            &format!(
                "SELECT count(*) FROM public_notices n WHERE n.state = 'published' \
                 AND n.shortlist_id IN (SELECT s.id {list})"
            ),
        )
}

/// What is read beside an application's own columns.
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
}

/// The campaign's columns but for its definition.
#[derive(FromQueryResult)]
struct CampaignHead {
    c_year: i32,
    c_title: String,
    c_state: String,
    c_digest: String,
    c_opens_at: i64,
    c_closes_at: i64,
    c_published_at: Option<i64>,
    c_announced_at: Option<i64>,
    c_version: i64,
    c_created_at: i64,
    c_updated_at: i64,
}

impl Beside {
    pub(crate) fn read(row: &QueryResult) -> Result<Self, StoreError> {
        let kind: Option<String> = row.try_get("", "u_kind")?;
        let unit = match kind {
            Some(kind) => {
                Some((row.try_get("", "u_name")?, code("units.kind", &kind)?, row.try_get("", "u_active")?))
            }
            None => None,
        };
        let state: Option<String> = row.try_get("", "list_state")?;
        let running: i64 = row.try_get("", "notices_running")?;
        let list = match state.as_deref() {
            Some("approved") => ListStanding::Approved,
            Some("noticed") if running == 0 => ListStanding::NoticeClosed,
            Some(_) | None => ListStanding::Open,
        };
        let standing: i64 = row.try_get("", "standing_of_unit")?;
        Ok(Self {
            campaign: CampaignHead::from_query_result(row, "")?,
            unit,
            elsewhere: row.try_get("", "elsewhere")?,
            standing_of_unit: u32::try_from(standing).unwrap_or(u32::MAX),
            list,
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
            version: head.c_version,
            created_at: Instant::from_millis(head.c_created_at),
            updated_at: Instant::from_millis(head.c_updated_at),
        })
    }
}

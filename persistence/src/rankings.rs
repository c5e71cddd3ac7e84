//! 排名: what the nominees of a category are ranked by, read at once, and the orders given to ties.

use std::collections::HashMap;

use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::campaign::definition::{Category, Route};
use pingxuan_domain::policy::Stake;
use pingxuan_domain::review::calibration::screening::{SheetSurroundings, Surroundings};
use pingxuan_domain::review::evaluation::evaluate;
use pingxuan_domain::review::ranking::Ranking;
use pingxuan_domain::review::scoring::Adjustment;
use pingxuan_domain::review::{PointAdjustment, TieResolution};
use pingxuan_domain::step::Step;
use pingxuan_domain::verification::score_sheet::CriterionScore;
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::workflow::shortlist::ShortlistState;
use pingxuan_domain::{Instant, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

use crate::campaigns::{self, Head};
use crate::cells::Cells;
use crate::connection::{Connection, Tx};
use crate::convert::{canonical, from_json, instant_option, to_json};
use crate::entity::review::point_adjustment;
use crate::entity::review::tie_resolution::{self, Column as R};
use crate::entity::selection::application::{self, Column};
use crate::entity::selection::campaign;
use crate::entity::verification::assignment;
use crate::entity::verification::score_sheet::{self, Column as S};
use crate::error::StoreError;
use crate::journal::Journal;
use crate::stakes;
use crate::standing::Scalar;
use crate::vault::digest_hex;

mod material;
mod nominees;

pub use material::Material;
use material::{Ranked, Sheet};
pub use nominees::{Nominee, nominees};
use nominees::{read_columns, select_nominees};

/// The states in which an application takes part in a ranking; also once its category was decided without an award, so that the
/// ranking behind that decision stays open to reading.
const RANKED: [ApplicationState; 4] = [
    ApplicationState::Verified,
    ApplicationState::Shortlisted,
    ApplicationState::NotShortlisted,
    ApplicationState::NotAwarded,
];

/// A sheet opened down to its points and reasons (D-610).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedSheet {
    /// The assignment that it belongs to.
    pub assignment_id: Uuid,
    /// Who scored.
    pub supervisor_id: Uuid,
    /// Their name.
    pub supervisor_name: String,
    /// Points and reasons, criterion by criterion.
    pub scores: Vec<CriterionScore>,
    /// A remark on the whole.
    pub remark: Option<String>,
    /// When it was submitted.
    pub submitted_at: Option<Instant>,
}

/// All that a category is ranked by.
#[derive(Clone, Debug)]
pub struct Inputs<'c> {
    /// The category, with the rules that it is ranked by.
    pub category: &'c Category,
    /// What its ranking follows from.
    pub material: Material,
    /// What is shown of each nominee, by application.
    pub nominees: HashMap<Uuid, Nominee>,
}

/// All that a category is ranked by: five queries at most; two where supervisors score and no order and no points are given.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn inputs<'c>(
    connection: &impl Connection,
    visibility: &Visibility,
    campaign: &Campaign,
    category: &'c Category,
) -> Result<Inputs<'c>, StoreError> {
    let orders = Query::select()
        .expr(Expr::cust("count(*)"))
        .from(tie_resolution::Entity)
        .and_where(R::CampaignId.eq(campaign.id))
        .and_where(R::CategoryCode.eq(category.code.as_str()))
        .take();
    let select = select_nominees(campaign.definition.assessment_year.value)
        .filter(Column::CampaignId.eq(campaign.id))
        .filter(Column::CategoryCode.eq(category.code.as_str()))
        .filter(Column::State.is_in(RANKED.map(|state| state.to_string())))
        .expr_as(Expr::from(orders), "orders")
        .scalar("given", "SELECT count(*) FROM point_adjustments g WHERE g.application_id = applications.id")
        .order_by_asc(Column::Id);
    let rows = connection.query_all(&select.into_query()).await?;
    let mut ranked = Vec::with_capacity(rows.len());
    let (mut ordered, mut given) = (false, false);
    for row in &rows {
        let mut cells = Cells::of(row)?;
        ranked.push(read_columns(&mut cells)?);
        ordered |= cells.counted()? > 0;
        given |= cells.counted()? > 0;
    }
    let mut material = Material::of(campaign, category)?;
    if ordered {
        material.orders = orders_of_ties(connection, campaign.id, &category.code).await?;
    }
    let mut points: HashMap<Uuid, Vec<Adjustment>> = HashMap::new();
    if given {
        for given in adjustments(connection, visibility, campaign.id, &category.code).await? {
            points.entry(given.application_id).or_default().push(given.points);
        }
    }
    let (mut sheets, mut duty, mut attended) = (HashMap::new(), HashMap::new(), HashMap::new());
    match category.route.value {
        Route::SelfDeclared => sheets = counting_sheets(connection, campaign.id, &category.code).await?,
        Route::OfficeEvaluated => {
            duty = crate::duty_records::approved_counts(connection, visibility, campaign.year).await?;
            attended =
                crate::thematic_activities::attended_counts(connection, visibility, campaign.year).await?;
        }
    }
    let mut nominees = HashMap::with_capacity(ranked.len());
    for (nominee, assessment) in ranked {
        let id = nominee.application_id;
        let evaluated = (category.route.value == Route::OfficeEvaluated).then(|| {
            let counts = nominee.supervisor_id.and_then(|supervisor| duty.remove(&supervisor));
            evaluate(category, &counts.unwrap_or_default())
        });
        material.ranked.push(Ranked {
            application_id: id,
            nominee_name: nominee.name.clone(),
            sheets: sheets.remove(&id).unwrap_or_default(),
            assessment,
            evaluated,
            attended: nominee.supervisor_id.and_then(|of| attended.get(&of).copied()).unwrap_or(0),
            adjustments: points.remove(&id).unwrap_or_default(),
        });
        nominees.insert(id, nominee);
    }
    Ok(Inputs { category, material, nominees })
}

/// A campaign with the list that keeps the ranking of a category, once one is proposed, and the stakes in the category of whoever
/// is named.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn standing(
    connection: &impl Connection,
    visibility: &Visibility,
    whose: Option<&Visibility>,
    (campaign_id, category_code): (Uuid, &str),
) -> Result<Option<(Campaign, Option<Uuid>, Vec<Stake>)>, StoreError> {
    use crate::entity::review::shortlist::{self, Column as L};
    let passing = [ShortlistState::Draft, ShortlistState::Returned].map(|state| state.to_string());
    let list = Query::select()
        .column(L::Id)
        .from(shortlist::Entity)
        .and_where(L::CampaignId.eq(campaign_id))
        .and_where(L::CategoryCode.eq(category_code))
        .and_where(L::State.is_not_in(passing))
        .take();
    let mut select = campaigns::heads(campaign::Entity::find_by_id(campaign_id));
    select.expr_as(Expr::SubQuery(None, Box::new(list.into())), "list");
    select.expr_as(stakes::in_this_category(whose, campaign_id, category_code), "stakes");
    let Some(row) = connection.query_one(&select).await? else { return Ok(None) };
    let mut cells = Cells::of(&row)?;
    let campaign = Head::read(&mut cells)?.campaign(connection).await?;
    let (list, stakes) = (cells.take()?, stakes::of_bits(cells.take()?));
    Ok(campaign.within(visibility).then_some((campaign, list, stakes)))
}

/// The sheets of these assignments, down to their points and reasons, in order of assignment.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn opened_sheets(
    connection: &impl Connection,
    _: &Visibility,
    assignment_ids: &[Uuid],
) -> Result<Vec<OpenedSheet>, StoreError> {
    let name = "SELECT s.name FROM supervisors s WHERE s.id = a.supervisor_id";
    let rows = select_sheets()
        .column(S::Remark)
        .column(S::SubmittedAt)
        .scalar("supervisor_name", name)
        .filter(S::AssignmentId.is_in(assignment_ids.iter().copied()))
        .order_by_asc(S::AssignmentId)
        .into_model::<OpenedRow>()
        .all(connection)
        .await?;
    let open = |row: OpenedRow| {
        Ok(OpenedSheet {
            assignment_id: row.assignment_id,
            supervisor_id: row.supervisor_id,
            supervisor_name: row.supervisor_name,
            scores: from_json("score_sheets.scores", &row.scores)?,
            remark: row.remark,
            submitted_at: instant_option(row.submitted_at),
        })
    };
    rows.into_iter().map(open).collect()
}

/// What is known of the sheets of a category beside their points: units, times and photos.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn surroundings(
    connection: &impl Connection,
    _: &Visibility,
    campaign_id: Uuid,
    category_code: &str,
) -> Result<Surroundings, StoreError> {
    use crate::entity::verification::assignment::Column as A;
    let rows = assignment::Entity::find()
        .select_only()
        .columns([A::Id, A::ApplicationId, A::SupervisorId])
        .scalar(
            "nominee_unit",
            "SELECT n.unit_id FROM applications n WHERE n.id = assignments.application_id",
        )
        .scalar(
            "supervisor_unit",
            "SELECT s.unit_id FROM supervisors s WHERE s.id = assignments.supervisor_id",
        )
        .scalar(
            "submitted_at",
            "SELECT t.submitted_at FROM score_sheets t WHERE t.assignment_id = assignments.id",
        )
        .scalar(
            "photos",
            "SELECT count(*) FROM site_visits v, site_visit_supervisors p WHERE p.site_visit_id = v.id \
             AND p.assignment_id = assignments.id AND CAST(v.photos AS text) <> '[]'",
        )
        .filter(A::ApplicationId.in_subquery(of_category(campaign_id, category_code)))
        .into_model::<SurroundingsRow>()
        .all(connection)
        .await?;
    let mut known = Surroundings::default();
    for row in rows {
        known.nominee_units.extend(row.nominee_unit.map(|unit| (row.application_id, unit)));
        known.supervisor_units.extend(row.supervisor_unit.map(|unit| (row.supervisor_id, unit)));
        let of_sheet =
            SheetSurroundings { submitted_at: instant_option(row.submitted_at), has_photo: row.photos > 0 };
        known.sheets.insert(row.id, of_sheet);
    }
    Ok(known)
}

/// Enters the order given to a tie.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn insert_resolution(
    tx: &Tx,
    journal: &Journal,
    resolution: &TieResolution,
    step: Step,
) -> Result<(), StoreError> {
    let row = tie_resolution::ActiveModel {
        id: Set(resolution.id),
        campaign_id: Set(resolution.campaign_id),
        category_code: Set(resolution.category_code.clone()),
        application_ids: Set(to_json(&resolution.application_ids)?),
        reason: Set(resolution.reason.clone()),
        resolved_by: Set(resolution.resolved_by),
        resolved_at: Set(resolution.resolved_at.millis()),
    };
    tie_resolution::Entity::insert(row).exec_without_returning(tx).await?;
    journal.write(tx, &[step]).await
}

/// Enters points that the office gives or takes.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn insert_adjustment(
    tx: &Tx,
    journal: &Journal,
    given: &PointAdjustment,
    step: Step,
) -> Result<(), StoreError> {
    let row = point_adjustment::ActiveModel {
        id: Set(given.id),
        application_id: Set(given.application_id),
        points: Set(i32::try_from(given.points.hundredths()).unwrap_or_default()),
        reason: Set(given.reason.clone()),
        adjusted_by: Set(given.adjusted_by),
        adjusted_at: Set(given.adjusted_at.millis()),
    };
    point_adjustment::Entity::insert(row).exec_without_returning(tx).await?;
    journal.write(tx, &[step]).await
}

/// The points that the office gave or took in a category, the newest last.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn adjustments(
    connection: &impl Connection,
    _: &Visibility,
    campaign_id: Uuid,
    category_code: &str,
) -> Result<Vec<PointAdjustment>, StoreError> {
    use point_adjustment::Column as A;
    let select = point_adjustment::Entity::find()
        .filter(A::ApplicationId.in_subquery(of_category(campaign_id, category_code)))
        .order_by_asc(A::Id);
    let given = |row: point_adjustment::Model| {
        let points = Adjustment::from_hundredths(i64::from(row.points));
        Ok(PointAdjustment {
            id: row.id,
            application_id: row.application_id,
            points: points
                .ok_or_else(|| StoreError::Corrupt(format!("point_adjustments: {}", row.points)))?,
            reason: row.reason,
            adjusted_by: row.adjusted_by,
            adjusted_at: Instant::from_millis(row.adjusted_at),
        })
    };
    select.all(connection).await?.into_iter().map(given).collect()
}

/// The applications of a category.
fn of_category(campaign_id: Uuid, category_code: &str) -> SelectStatement {
    Query::select()
        .column(Column::Id)
        .from(application::Entity)
        .and_where(Column::CampaignId.eq(campaign_id))
        .and_where(Column::CategoryCode.eq(category_code))
        .to_owned()
}

/// The digest of a ranking: equal rankings have equal digests.
///
/// # Errors
/// [`StoreError::Corrupt`] where it cannot be written as JSON.
pub fn ranking_digest(ranking: &Ranking) -> Result<String, StoreError> {
    Ok(digest_hex(canonical(ranking)?.as_bytes()))
}

/// The orders given to ties, the newest last.
async fn orders_of_ties(
    connection: &impl Connection,
    campaign_id: Uuid,
    category_code: &str,
) -> Result<Vec<Vec<Uuid>>, StoreError> {
    let select = Query::select()
        .column(R::ApplicationIds)
        .from(tie_resolution::Entity)
        .and_where(R::CampaignId.eq(campaign_id))
        .and_where(R::CategoryCode.eq(category_code))
        .order_by(R::Id, Order::Asc)
        .take();
    let rows = connection.query_all(&select).await?;
    rows.iter().map(|row| Cells::of(row)?.json("tie_resolutions.application_ids")).collect()
}

/// The submitted sheets of a category by application, but for those of recused supervisors (D-602); each in order of
/// assignment, so that an unchanged ranking keeps its digest.
async fn counting_sheets(
    connection: &impl Connection,
    campaign_id: Uuid,
    category_code: &str,
) -> Result<HashMap<Uuid, Vec<Sheet>>, StoreError> {
    use crate::entity::verification::assignment::Column as A;
    let of_nominee = Expr::col(("a", A::ApplicationId)).in_subquery(of_category(campaign_id, category_code));
    let select = select_sheets()
        .expr_as(Expr::cust("a.application_id"), "application_id")
        .filter(S::State.eq("submitted"))
        .filter(Expr::cust("a.state <> 'recused'"))
        .filter(of_nominee)
        .order_by_asc(S::AssignmentId)
        .into_query();
    let mut sheets: HashMap<Uuid, Vec<Sheet>> = HashMap::new();
    for row in connection.query_all(&select).await? {
        let mut cells = Cells::of(&row)?;
        let sheet =
            Sheet { assignment_id: cells.take()?, scores: cells.take()?, supervisor_id: cells.take()? };
        sheets.entry(cells.take()?).or_default().push(sheet);
    }
    Ok(sheets)
}

/// What sheets are ranked by.
fn select_sheets() -> Select<score_sheet::Entity> {
    score_sheet::Entity::find()
        .select_only()
        .with(assignment::Entity, "a", "a.id = score_sheets.assignment_id")
        .column(S::AssignmentId)
        .column(S::Scores)
        .expr_as(Expr::cust("a.supervisor_id"), "supervisor_id")
}

#[derive(FromQueryResult)]
struct SurroundingsRow {
    id: Uuid,
    application_id: Uuid,
    supervisor_id: Uuid,
    nominee_unit: Option<Uuid>,
    supervisor_unit: Option<Uuid>,
    submitted_at: Option<i64>,
    photos: i64,
}

#[derive(FromQueryResult)]
struct OpenedRow {
    assignment_id: Uuid,
    supervisor_id: Uuid,
    supervisor_name: String,
    scores: String,
    remark: Option<String>,
    submitted_at: Option<i64>,
}

//! 核查计划: how it was decided who scores whom, kept so that anybody can repeat it (D-602).

use pingxuan_domain::verification::plan::{Draw, Method, Plan, Request};
use pingxuan_domain::{Instant, Visibility};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, Order, Query};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use crate::connection::{Connection, Tx};
use crate::convert::{canonical, code, from_json_option, to_json};
use crate::entity::selection::campaign;
use crate::entity::verification::assignment;
use crate::entity::verification::assignment_plan::{ActiveModel, Column, Entity, Model};
use crate::error::StoreError;
use crate::standing::Scalar;
use crate::vault::digest_hex;

/// A plan that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptPlan {
    /// Its id.
    pub id: Uuid,
    /// The campaign.
    pub campaign_id: Uuid,
    /// The category; none where all were planned.
    pub category_code: Option<String>,
    /// How it was made.
    pub method: Method,
    /// What decided between equals.
    pub seed: u64,
    /// The public draw from which the seed follows.
    pub draw: Option<Draw>,
    /// What it was made from.
    pub inputs: Sealed,
    /// What came of it.
    pub result: Sealed,
    /// When.
    pub made_at: Instant,
    /// The account that had it made.
    pub made_by: Option<Uuid>,
}

/// Canonical JSON (RFC 8785) with its digest: whoever reckons anew compares the digests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The text.
    pub text: String,
    /// Its SHA-256 in hexadecimal digits.
    pub digest: String,
}

impl Sealed {
    /// What a plan is made from, in order.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where it cannot be written as JSON.
    pub fn inputs(request: &Request) -> Result<Self, StoreError> {
        canonical(&request.clone().ordered()).map(Self::of)
    }

    /// What came of it.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where it cannot be written as JSON.
    pub fn result(plan: &Plan) -> Result<Self, StoreError> {
        canonical(plan).map(Self::of)
    }

    fn of(text: String) -> Self {
        let digest = digest_hex(text.as_bytes());
        Self { text, digest }
    }
}

/// The latest plan of a campaign: of a category the latest in which it was planned, else the latest of all at once.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn latest(
    connection: &impl Connection,
    _: &Visibility,
    campaign_id: Uuid,
    category_code: Option<&str>,
) -> Result<Option<KeptPlan>, StoreError> {
    let select =
        Entity::find().filter(Column::CampaignId.eq(campaign_id)).apply_if(category_code, |select, code| {
            select.filter(Column::CategoryCode.is_null().or(Column::CategoryCode.eq(code)))
        });
    let select = if category_code.is_none() { select.filter(Column::CategoryCode.is_null()) } else { select };
    select.order_by_desc(Column::Id).one(connection).await?.map(from_row).transpose()
}

/// Who scored which unit in the last campaign before a year in which sheets were submitted.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn last_met(
    connection: &impl Connection,
    _: &Visibility,
    year: i32,
) -> Result<Vec<(Uuid, Uuid)>, StoreError> {
    use assignment::Column as A;
    use campaign::Column as C;
    let scored = "EXISTS (SELECT 1 FROM assignments t JOIN score_sheets h ON h.assignment_id = t.id \
                  WHERE t.campaign_id = campaigns.id AND h.state = 'submitted')";
    let last = Query::select()
        .column(C::Id)
        .from(campaign::Entity)
        .and_where(C::Year.lt(year))
        .and_where(Expr::cust(scored))
        .order_by(C::Year, Order::Desc)
        .order_by(C::Id, Order::Desc)
        .limit(1)
        .to_owned();
    let select = assignment::Entity::find()
        .select_only()
        .scalar("unit_id", "SELECT a.unit_id FROM applications a WHERE a.id = assignments.application_id")
        .column(A::SupervisorId)
        .filter(A::CampaignId.in_subquery(last))
        .filter(Expr::cust(
            "EXISTS (SELECT 1 FROM score_sheets h WHERE h.assignment_id = assignments.id AND h.state = 'submitted')",
        ));
    let rows: Vec<(Option<Uuid>, Uuid)> = select.into_tuple().all(connection).await?;
    Ok(rows.into_iter().filter_map(|(unit, supervisor)| Some((unit?, supervisor))).collect())
}

/// Keeps a plan; the step of the plan itself is written down with the assignments that it makes.
///
/// # Errors
/// [`StoreError`] where the database refuses.
pub async fn insert(tx: &Tx, plan: &KeptPlan) -> Result<(), StoreError> {
    let row = ActiveModel {
        id: Set(plan.id),
        campaign_id: Set(plan.campaign_id),
        category_code: Set(plan.category_code.clone()),
        method: Set(plan.method.to_string()),
        // Below 2^53, as JSON wants it.
        seed: Set(i64::try_from(plan.seed).unwrap_or(i64::MAX)),
        draw: Set(plan.draw.as_ref().map(to_json).transpose()?),
        inputs: Set(plan.inputs.text.clone()),
        inputs_digest: Set(plan.inputs.digest.clone()),
        result: Set(plan.result.text.clone()),
        result_digest: Set(plan.result.digest.clone()),
        made_at: Set(plan.made_at.millis()),
        made_by: Set(plan.made_by),
    };
    Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

fn from_row(row: Model) -> Result<KeptPlan, StoreError> {
    Ok(KeptPlan {
        id: row.id,
        campaign_id: row.campaign_id,
        category_code: row.category_code,
        method: code("assignment_plans.method", &row.method)?,
        seed: u64::try_from(row.seed)
            .map_err(|_| StoreError::Corrupt(format!("assignment_plans.seed: {}", row.seed)))?,
        draw: from_json_option("assignment_plans.draw", row.draw.as_deref())?,
        inputs: Sealed { text: row.inputs, digest: row.inputs_digest },
        result: Sealed { text: row.result, digest: row.result_digest },
        made_at: Instant::from_millis(row.made_at),
        made_by: row.made_by,
    })
}

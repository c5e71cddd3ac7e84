//! 年度考评: the yearly appraisals of the units, which rankings blend in (D-607).

use std::ops::RangeInclusive;

use actix_web::{get, put, web};
use pingxuan_domain::county::{AnnualAssessment, Unit};
use pingxuan_domain::review::scoring::Figure;
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::{ErrorCode, Instant, Operation, Refused};
use pingxuan_persistence::{Tx, annual_assessments, units};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::call::{Answer, Call};
use crate::pages::{PageQuery, PageView};
use crate::problem::Failure;

/// The years that there may be assessments of.
pub const YEARS: RangeInclusive<i32> = 2000..=2100;

/// Which annual assessments are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AnnualAssessmentQuery {
    /// 年度 · Of this year.
    #[param(minimum = 2000, maximum = 2100)]
    year: Option<i32>,
    /// 单位 · Of this unit.
    unit_id: Option<Uuid>,
    /// 排序 · Order: `year`; `-` before it turns it round.
    #[param(max_length = 10, pattern = "^-?year$")]
    #[expect(dead_code, reason = "read with the page")]
    sort: Option<String>,
}

/// An annual assessment as it is entered: a score, or why there is none.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnnualAssessmentIn {
    /// 0.00 to 100.00; null where the unit was not assessed.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 6, pattern = r"^(100\.00|[0-9]{1,2}\.[0-9]{2})$")]
    score: Option<Figure>,
    /// 未考评的原因: why the unit was not assessed; then the verified score counts whole.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 500, pattern = r"\S")]
    not_assessed_reason: Option<String>,
}

impl AnnualAssessmentIn {
    /// The assessment that is entered by it.
    #[must_use]
    pub fn assessment(self, (year, unit_id): (i32, Uuid), now: Instant) -> AnnualAssessment {
        let Self { score, not_assessed_reason } = self;
        AnnualAssessment { year, unit_id, score, not_assessed_reason, version: 1, updated_at: now }
    }
}

/// A unit's assessment in a year.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct AnnualAssessmentView {
    /// The year appraised.
    #[schema(minimum = 2000, maximum = 2100)]
    year: i32,
    /// The unit.
    unit_id: Uuid,
    /// The unit's name.
    #[schema(max_length = 100)]
    unit_name: String,
    /// 0.00 to 100.00; absent where the unit was not assessed.
    #[schema(value_type = Option<String>, max_length = 6, pattern = r"^(100\.00|[0-9]{1,2}\.[0-9]{2})$")]
    score: Option<Figure>,
    /// Why the unit was not assessed.
    #[schema(max_length = 500)]
    not_assessed_reason: Option<String>,
    /// The version, for `If-Match`: `"<version>"`.
    #[schema(minimum = 1, maximum = 9007199254740991i64)]
    version: i64,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Instant,
}

fn view(assessment: AnnualAssessment, unit_name: String) -> AnnualAssessmentView {
    AnnualAssessmentView {
        year: assessment.year,
        unit_id: assessment.unit_id,
        unit_name,
        score: assessment.score,
        not_assessed_reason: assessment.not_assessed_reason,
        version: assessment.version,
        updated_at: assessment.updated_at,
    }
}

/// 年度考评列表 · List annual assessments
///
/// Assessments by year and unit.
#[utoipa::path(tag = "county", params(PageQuery, AnnualAssessmentQuery), responses((status = 200, description = "A page of assessments", body = PageView<AnnualAssessmentView>)))]
#[get("/annual-assessments")]
pub async fn list_annual_assessments(call: Call) -> Answer {
    let asked: AnnualAssessmentQuery = call.filters()?;
    let filter = annual_assessments::Filter { year: asked.year, unit_id: asked.unit_id };
    let page = annual_assessments::page(call.app.db.read(), &call.visibility, &filter, &call.page()?).await?;
    call.listed(page, |(assessment, unit_name)| view(assessment, unit_name))
}

/// 录入年度考评 · Put a unit's annual assessment
///
/// Enters or replaces what a unit scored in a year, or why it was not assessed. It is closed while a list stands that
/// was ranked by it.
#[utoipa::path(
    tag = "county",
    params(
        ("year" = i32, Path, description = "The year appraised", minimum = 2000, maximum = 2100),
        ("unit_id" = Uuid, Path, description = "The unit"),
        ("If-Match" = Option<String>, Header, description = "The version that is replaced"),
        ("If-None-Match" = Option<String>, Header, description = "`*` where it is created"),
    ),
    request_body = AnnualAssessmentIn,
    responses(
        (status = 200, description = "Replaced", body = AnnualAssessmentView),
        (status = 201, description = "Created", body = AnnualAssessmentView),
    )
)]
#[put("/annual-assessments/{year}/{unit_id}")]
pub async fn put_annual_assessment(call: Call, place: web::Path<(i32, Uuid)>) -> Answer {
    let (year, unit_id) = *place;
    let answer = call.act(async |tx| {
        let (assessment, unit) = put(&call, tx, (year, unit_id)).await?;
        let version = assessment.version.to_string();
        let view = view(assessment, unit.name);
        if view.version == 1 {
            call.created(&format!("/api/v1/annual-assessments/{year}/{unit_id}"), &view, &version)
        } else {
            call.ok(&view, &version)
        }
    });
    answer.await.map_err(Failure::taken_is_there)
}

async fn put(
    call: &Call,
    tx: &Tx,
    (year, unit_id): (i32, Uuid),
) -> Result<(AnnualAssessment, Unit), Failure> {
    let unit = units::find(tx, &call.visibility, unit_id).await?.filter(|_| YEARS.contains(&year));
    let unit = unit.ok_or_else(Failure::not_found)?;
    let before = annual_assessments::find(tx, &call.visibility, (year, unit_id)).await?;
    call.puts(before.as_ref().map(|before| before.version.to_string()).as_deref())?;
    let sent: AnnualAssessmentIn = call.read()?;
    let version = before.as_ref().map_or(1, |before| before.version + 1);
    let after = AnnualAssessment { version, ..sent.assessment((year, unit_id), call.now) };
    Refused::unless_valid(after.faults())?;
    if is_in_use(tx, call, &after).await? {
        return Err(Failure::guard(ErrorCode::RankingInUse));
    }
    let step = Step::of(call.operation(), ObjectKind::AnnualAssessment, unit_id, call.now);
    let step = step.difference(&audited(before.as_ref()), &audited(Some(&after)));
    if before.is_none() {
        annual_assessments::insert(tx, &call.journal(), &after, step).await?;
    } else {
        annual_assessments::record(tx, &call.journal(), &after, step).await?;
    }
    Ok((after, unit))
}

/// Whether a list stands that is ranked by an assessment. No list is proposed until the transaction ends.
///
/// # Errors
/// [`Failure`] where the database refuses.
pub async fn is_in_use(tx: &Tx, call: &Call, assessment: &AnnualAssessment) -> Result<bool, Failure> {
    let lists = annual_assessments::in_use(tx, &call.visibility, assessment.unit_id).await?;
    Ok(lists.iter().any(|(definition, code)| assessment.counts_in(definition, code)))
}

/// What is written down of an assessment that is entered.
#[must_use]
pub fn entering(assessment: &AnnualAssessment) -> Step {
    let (operation, kind) = (Operation::PutAnnualAssessment, ObjectKind::AnnualAssessment);
    let step = Step::of(operation, kind, assessment.unit_id, assessment.updated_at);
    step.difference(&audited(None), &audited(Some(assessment)))
}

/// In the audit an assessment stands under its unit, by year.
fn audited(assessment: Option<&AnnualAssessment>) -> Value {
    assessment.map_or(Value::Null, |assessment| {
        let said = json!({"score": assessment.score, "not_assessed_reason": assessment.not_assessed_reason});
        json!({assessment.year.to_string(): said})
    })
}

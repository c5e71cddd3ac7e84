//! 单位: the units of the county.

use actix_web::{get, patch, post, web};
use pingxuan_domain::campaign::definition::UnitKind;
use pingxuan_domain::county::Unit;
use pingxuan_domain::geography::{Place, Point};
use pingxuan_domain::identifiers::check_credit_code;
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::{ErrorCode, Fault, Instant, Operation, Refused};
use pingxuan_persistence::{Tx, units};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::call::{Answer, Call};
use crate::enums;
use crate::pages::{PageQuery, PageView};
use crate::problem::Failure;

/// Which units are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UnitQuery {
    /// 类别 · Of this kind.
    #[param(value_type = Option<enums::UnitKind>)]
    kind: Option<UnitKind>,
    /// 是否有效 · Active or not.
    active: Option<bool>,
    /// 名称包含 · With this in the name.
    #[param(min_length = 1, max_length = 100)]
    name: Option<String>,
    /// 排序 · Order: `code`, `name`; `-` before a name turns it round.
    #[param(max_length = 60, pattern = "^-?(code|name)(,-?(code|name))*$")]
    #[expect(dead_code, reason = "read with the page")]
    sort: Option<String>,
}

/// A unit as it is entered.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitIn {
    /// 统一社会信用代码, GB 32100, with its check digit.
    #[schema(min_length = 18, max_length = 18, pattern = "^[0-9A-HJ-NPQRTUWXY]{18}$")]
    code: String,
    /// What kind of unit it is.
    #[schema(value_type = enums::UnitKind)]
    kind: UnitKind,
    /// Full name.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Short name.
    #[schema(min_length = 1, max_length = 50)]
    short_name: String,
    /// Whether it still exists and may declare.
    #[serde(default = "yes")]
    #[schema(default = true)]
    active: bool,
    /// Degrees north, WGS 84, kept to six decimals; with `longitude`, or neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = -90, maximum = 90)]
    latitude: Option<f64>,
    /// Degrees east, WGS 84, kept to six decimals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = -180, maximum = 180)]
    longitude: Option<f64>,
    /// 片区: the part of the county, where trips are planned by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 50)]
    district: Option<String>,
}

fn yes() -> bool {
    true
}

impl UnitIn {
    /// Its code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// What no schema says: that the code's check digit is right, and that there are both coordinates or none.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let code = check_credit_code(&self.code).err().map(|code| Fault::at("/code", code));
        let missing = match (self.latitude, self.longitude) {
            (None, Some(_)) => Some("/latitude"),
            (Some(_), None) => Some("/longitude"),
            (Some(_), Some(_)) | (None, None) => None,
        };
        let missing = missing.map(|pointer| Fault::at(pointer, ErrorCode::Required));
        code.into_iter().chain(missing).collect()
    }

    fn place(&self) -> Place {
        let point = self.latitude.zip(self.longitude);
        Place {
            point: point.map(|(latitude, longitude)| Point::at(latitude, longitude)),
            district: self.district.clone(),
        }
    }

    /// The unit that is entered by it.
    #[must_use]
    pub fn unit(self, id: Uuid, now: Instant) -> Unit {
        let place = self.place();
        let Self { code, kind, name, short_name, active, .. } = self;
        Unit { id, code, kind, name, short_name, active, place, version: 1, created_at: now, updated_at: now }
    }
}

/// What is written down of a unit that is entered.
#[must_use]
pub fn entering(unit: &Unit) -> Step {
    let step = Step::of(Operation::CreateUnit, ObjectKind::Unit, unit.id, unit.created_at);
    step.difference(&Value::Null, &audited(unit))
}

/// A unit.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitView {
    id: Uuid,
    /// 统一社会信用代码.
    #[schema(max_length = 18)]
    code: String,
    /// What kind of unit it is.
    #[schema(value_type = enums::UnitKind)]
    kind: UnitKind,
    /// Full name.
    #[schema(max_length = 100)]
    name: String,
    /// Short name.
    #[schema(max_length = 50)]
    short_name: String,
    /// Whether it still exists and may declare.
    active: bool,
    /// Degrees north, WGS 84, to six decimals.
    #[schema(minimum = -90, maximum = 90)]
    latitude: Option<f64>,
    /// Degrees east, WGS 84, to six decimals.
    #[schema(minimum = -180, maximum = 180)]
    longitude: Option<f64>,
    /// 片区: the part of the county.
    #[schema(max_length = 50)]
    district: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Instant,
}

impl From<Unit> for UnitView {
    fn from(unit: Unit) -> Self {
        let (latitude, longitude) = unit.place.point.map(Point::degrees).unzip();
        Self {
            id: unit.id,
            code: unit.code,
            kind: unit.kind,
            name: unit.name,
            short_name: unit.short_name,
            active: unit.active,
            latitude,
            longitude,
            district: unit.place.district,
            created_at: unit.created_at,
            updated_at: unit.updated_at,
        }
    }
}

/// 单位列表 · List units
///
/// Units by kind, name, or whether they are active.
#[utoipa::path(tag = "county", params(PageQuery, UnitQuery), responses((status = 200, description = "A page of units", body = PageView<UnitView>)))]
#[get("/units")]
pub async fn list_units(call: Call) -> Answer {
    let asked: UnitQuery = call.filters()?;
    let filter = units::Filter { kind: asked.kind, active: asked.active, name: asked.name };
    let page = units::page(call.app.db.read(), &call.visibility, &filter, &call.page()?).await?;
    call.listed(page, UnitView::from)
}

/// 新建单位 · Create a unit
///
/// Its code is unique and carries a valid check digit.
#[utoipa::path(tag = "county", request_body = UnitIn, responses((status = 201, description = "Created", body = UnitView)))]
#[post("/units")]
pub async fn create_unit(call: Call) -> Answer {
    let sent: UnitIn = call.read()?;
    Refused::unless_valid(sent.faults())?;
    let unit = sent.unit(call.app.clock.new_id(), call.now);
    let step = entering(&unit);
    let journal = call.journal();
    let answer = call.act(async |tx| {
        units::insert(tx, &journal, &unit, step.clone()).await?;
        call.created(&format!("/api/v1/units/{}", unit.id), &UnitView::from(unit.clone()), "1")
    });
    answer.await.map_err(|failure| failure.taken_is(ErrorCode::UnitCodeTaken))
}

/// 查看单位 · Get a unit
///
/// One unit of the county.
#[utoipa::path(tag = "county", params(("unit_id" = Uuid, Path, description = "The unit")), responses((status = 200, description = "The unit", body = UnitView)))]
#[get("/units/{unit_id}")]
pub async fn get_unit(call: Call, id: web::Path<Uuid>) -> Answer {
    let unit =
        units::find(call.app.db.read(), &call.visibility, *id).await?.ok_or_else(Failure::not_found)?;
    answered(&call, unit)
}

/// 修改单位 · Change a unit
///
/// A merge patch; a unit that is no longer active cannot declare.
#[utoipa::path(
    tag = "county",
    params(("unit_id" = Uuid, Path, description = "The unit"), ("If-Match" = String, Header, description = "The version that is changed")),
    request_body(content = UnitIn, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "Changed", body = UnitView))
)]
#[patch("/units/{unit_id}")]
pub async fn update_unit(call: Call, id: web::Path<Uuid>) -> Answer {
    let answer = call.act(async |tx| answered(&call, changed(&call, tx, *id).await?));
    answer.await.map_err(|failure| failure.taken_is(ErrorCode::UnitCodeTaken))
}

async fn changed(call: &Call, tx: &Tx, id: Uuid) -> Result<Unit, Failure> {
    let before = units::find(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    call.expects(&before.version.to_string())?;
    let (latitude, longitude) = before.place.point.map(Point::degrees).unzip();
    let sent = call.patched(&UnitIn {
        code: before.code.clone(),
        kind: before.kind,
        name: before.name.clone(),
        short_name: before.short_name.clone(),
        active: before.active,
        latitude,
        longitude,
        district: before.place.district.clone(),
    })?;
    Refused::unless_valid(sent.faults())?;
    let after = Unit {
        place: sent.place(),
        code: sent.code,
        kind: sent.kind,
        name: sent.name,
        short_name: sent.short_name,
        active: sent.active,
        version: before.version + 1,
        updated_at: call.now,
        ..before.clone()
    };
    let step = Step::of(Operation::UpdateUnit, ObjectKind::Unit, id, call.now);
    units::record(tx, &call.journal(), &after, step.difference(&audited(&before), &audited(&after))).await?;
    Ok(after)
}

fn audited(unit: &Unit) -> Value {
    let (latitude, longitude) = unit.place.point.map(Point::degrees).unzip();
    json!({
        "code": unit.code, "kind": unit.kind, "name": unit.name, "short_name": unit.short_name, "active": unit.active,
        "latitude": latitude, "longitude": longitude, "district": unit.place.district,
    })
}

fn answered(call: &Call, unit: Unit) -> Answer {
    let version = unit.version.to_string();
    call.ok(&UnitView::from(unit), &version)
}

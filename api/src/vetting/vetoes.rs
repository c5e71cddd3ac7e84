//! 一票否决: bars on units and persons; a person's citizen ID is sealed and shown with a mask (D-703, D-904).

use actix_web::{get, post, web};
use pingxuan_domain::campaign::definition::Meaning;
use pingxuan_domain::county::Unit;
use pingxuan_domain::decision::veto::{Barred, Veto, VetoField, VetoTerms, day_faults};
use pingxuan_domain::identifiers::{check_sent_citizen_id, mask};
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::workflow::veto::{VetoFacts, VetoFlow, VetoState};
use pingxuan_domain::workflow::{self};
use pingxuan_domain::{Day, ErrorCode, Fault, Reach, Refused};
use pingxuan_persistence::vetoes::{self, Case};
use pingxuan_persistence::{Tx, Vault, units};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::views::VetoView;
use crate::call::{Answer, Call};
use crate::enums;
use crate::pages::{PageQuery, PageView};
use crate::problem::Failure;

/// How long vetoes last where nothing else is said.
const TERMS: &str = include_str!("../../../campaigns/veto-terms.json");

/// Which vetoes are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VetoQuery {
    /// 单位 · Against this unit.
    unit_id: Option<Uuid>,
    /// 领域 · About this.
    #[param(value_type = Option<enums::VetoField>)]
    field: Option<VetoField>,
    /// 状态 · In this state.
    #[param(value_type = Option<enums::VetoState>)]
    state: Option<VetoState>,
    /// 是否有效 · Whether it bars now.
    in_force: Option<bool>,
    /// 排序 · Order: `decided_on`, `until`, `created_at`; `-` before a name turns it round.
    #[param(
        max_length = 60,
        pattern = "^-?(decided_on|until|created_at)(,-?(decided_on|until|created_at))*$"
    )]
    #[expect(dead_code, reason = "read with the page")]
    sort: Option<String>,
}

/// A veto as it is entered: against a unit, or against a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VetoIn {
    /// The unit that is barred.
    #[serde(default)]
    unit_id: Option<Uuid>,
    /// The person who is barred.
    #[serde(default)]
    person: Option<BarredPersonIn>,
    /// What it is about.
    #[schema(value_type = enums::VetoField)]
    field: VetoField,
    /// The department that supplied it and alone may lift it. For a unit it is itself; for the office, none where it is its own.
    #[serde(default)]
    department_id: Option<Uuid>,
    /// The written decision.
    #[schema(min_length = 1, max_length = 200, pattern = r"\S")]
    document: String,
    /// What it rests on.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    basis: String,
    /// The day of the written decision; not in the future.
    #[schema(value_type = String, format = Date)]
    decided_on: Day,
    /// Its last day; by the field's term from the day of the decision, where it is not given.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    until: Option<Day>,
}

/// A person who is barred.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BarredPersonIn {
    /// Name.
    #[schema(min_length = 1, max_length = 50, pattern = r"\S")]
    name: String,
    /// Citizen ID, GB 11643, with its check digit. It is never shown again but with a mask.
    #[schema(min_length = 1, max_length = 18)]
    citizen_id: String,
}

/// Why a veto is lifted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VetoLiftIn {
    /// Why.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    reason: String,
}

/// 一票否决列表 · List vetoes
///
/// Bars on units and persons, by unit, field, and whether they are in force. A department sees those that it supplied.
#[utoipa::path(tag = "vetting", params(PageQuery, VetoQuery), responses((status = 200, description = "A page of vetoes", body = PageView<VetoView>)))]
#[get("/vetoes")]
pub async fn list_vetoes(call: Call) -> Answer {
    let asked: VetoQuery = call.filters()?;
    let filter = vetoes::Filter {
        unit_id: asked.unit_id,
        field: asked.field,
        state: asked.state,
        in_force: asked.in_force.map(|wanted| (call.now.day(), wanted)),
    };
    let page = vetoes::page(call.app.db.read(), &call.visibility, &filter, &call.page()?).await?;
    let with_actions = call.includes("allowed_actions");
    call.listed(page, |case| VetoView::of(&call, case, with_actions))
}

/// 登记一票否决 · Record a veto
///
/// A department or county-direct unit records its own; the office any such unit's, or its own. From now on, and until its last
/// day is over or it is lifted, the unit or person is not submitted, proposed, shown to the public or commended.
#[utoipa::path(tag = "vetting", request_body = VetoIn, responses((status = 201, description = "Recorded", body = VetoView)))]
#[post("/vetoes")]
pub async fn record_veto(call: Call) -> Answer {
    let sent: VetoIn = call.read()?;
    call.act(async |tx| {
        let case = recorded(&call, tx, &sent).await?;
        let location = format!("/api/v1/vetoes/{}", case.veto.id);
        call.created(&location, &VetoView::of(&call, case, true), "1")
    })
    .await
}

async fn recorded(call: &Call, tx: &Tx, sent: &VetoIn) -> Result<Case, Failure> {
    let id = call.app.clock.new_id();
    let (department_id, mut faults) = supplier(call, sent);
    let until = sent.until()?;
    let named = sent.named();
    faults.extend(named.as_ref().err().cloned());
    if let Ok(Named::Person(person)) = &named
        && let Err(code) = check_sent_citizen_id(&person.citizen_id, call.now.day())
    {
        faults.push(Fault::at("/person/citizen_id", code));
    }
    faults.extend(day_faults(sent.decided_on, until, call.now));
    let known = named_units(call, tx, sent.unit_id, department_id).await?;
    let department = department_id.and_then(|id| known.iter().find(|unit| unit.id == id));
    let supplies = department.is_none_or(|unit| unit.active && unit.kind.is_department());
    if !call.visibility.has(Reach::All) {
        let facts = VetoFacts { supplies, supplier: true };
        workflow::permit::<VetoFlow>(None, call.operation(), &facts)?;
    } else if !supplies {
        faults.push(Fault::at("/department_id", ErrorCode::NotADepartment));
    }
    faults.extend(unknown_units(&known, sent.unit_id, department_id));
    Refused::unless_valid(faults)?;
    let veto = Veto {
        id,
        barred: barred(call.vault(), id, named.map_err(Refused::invalid)?)?,
        field: sent.field,
        department_id,
        document: sent.document.clone(),
        basis: sent.basis.clone(),
        decided_on: sent.decided_on,
        until,
        state: VetoState::Recorded,
        lift_reason: None,
        version: 1,
        created_at: call.now,
        updated_at: call.now,
    };
    let step = Step::of(call.operation(), ObjectKind::Veto, veto.id, call.now)
        .states(None, Some(veto.state))
        .difference(&Value::Null, &audited(call.vault(), &veto, sent));
    vetoes::insert(tx, &call.journal(), &veto, step).await?;
    vetoes::find(tx, &call.visibility, veto.id).await?.ok_or_else(Failure::not_found)
}

/// The department that supplies it: whoever records for all names it, a unit is itself and names no other.
fn supplier(call: &Call, sent: &VetoIn) -> (Option<Uuid>, Vec<Fault>) {
    if call.visibility.has(Reach::All) {
        return (sent.department_id, vec![]);
    }
    let own = call.visibility.actor().and_then(|actor| actor.unit_id);
    let foreign = sent.department_id.filter(|named| Some(*named) != own);
    let fault = foreign.map(|_| Fault::at("/department_id", ErrorCode::UnknownReference));
    (own, fault.into_iter().collect())
}

/// The units that are named, as far as they are there.
async fn named_units(
    call: &Call,
    tx: &Tx,
    unit_id: Option<Uuid>,
    department_id: Option<Uuid>,
) -> Result<Vec<Unit>, Failure> {
    let ids: Vec<Uuid> = unit_id.into_iter().chain(department_id).collect();
    Ok(units::among(tx, &call.visibility, &ids, &[]).await?)
}

/// Units that are named and not there.
fn unknown_units(known: &[Unit], unit_id: Option<Uuid>, department_id: Option<Uuid>) -> Vec<Fault> {
    let named = [("/unit_id", unit_id), ("/department_id", department_id)];
    let unknown = |id: Uuid| known.iter().all(|unit| unit.id != id);
    let unknown = named.into_iter().filter(|(_, id)| id.is_some_and(unknown));
    unknown.map(|(pointer, _)| Fault::at(pointer, ErrorCode::UnknownReference)).collect()
}

/// Who is barred by a body.
enum Named<'a> {
    Unit(Uuid),
    Person(&'a BarredPersonIn),
}

impl VetoIn {
    /// A unit or a person, not both.
    fn named(&self) -> Result<Named<'_>, Fault> {
        match (self.unit_id, &self.person) {
            (Some(unit_id), None) => Ok(Named::Unit(unit_id)),
            (None, Some(person)) => Ok(Named::Person(person)),
            (Some(_), Some(_)) => Err(Fault::at("/person", ErrorCode::Invalid)),
            (None, None) => Err(Fault::at("/unit_id", ErrorCode::Required)),
        }
    }

    /// Its last day: the one given, or the field's term from the written decision.
    fn until(&self) -> Result<Day, Failure> {
        let terms: VetoTerms =
            serde_json::from_str(TERMS).map_err(|error| Failure::Internal(error.to_string()))?;
        let until = self.until.or_else(|| terms.until(self.field, self.decided_on));
        Ok(until.ok_or_else(|| Refused::invalid(Fault::at("/until", ErrorCode::Required)))?)
    }
}

/// Who is barred, with the citizen ID sealed.
fn barred(vault: &Vault, id: Uuid, named: Named<'_>) -> Result<Barred, Failure> {
    Ok(match named {
        Named::Unit(unit_id) => Barred::Unit(unit_id),
        Named::Person(person) => Barred::Person {
            name: person.name.clone(),
            citizen_id_masked: mask(Meaning::CitizenId, &person.citizen_id),
            index: vault.index("citizen_id", &person.citizen_id),
            personal: vault.seal(id.as_bytes(), person.citizen_id.as_bytes())?,
        },
    })
}

/// What the audit says of a veto: of the citizen ID a salted digest.
fn audited(vault: &Vault, veto: &Veto, sent: &VetoIn) -> Value {
    let salt = format!("{} citizen_id", veto.id);
    let citizen_id = sent.person.as_ref().map(|person| vault.salted_digest(&salt, &person.citizen_id));
    json!({
        "unit_id": sent.unit_id, "name": sent.person.as_ref().map(|person| &person.name), "citizen_id": citizen_id,
        "field": veto.field, "department_id": veto.department_id, "document": veto.document, "basis": veto.basis,
        "decided_on": veto.decided_on, "until": veto.until,
    })
}

/// 解除一票否决 · Lift a veto
///
/// By the department that supplied it alone, or by the office where it is its own. What it held back goes on at once.
#[utoipa::path(
    tag = "vetting",
    params(("veto_id" = Uuid, Path, description = "The veto"), ("If-Match" = String, Header, description = "The version that is lifted")),
    request_body = VetoLiftIn,
    responses((status = 200, description = "Lifted", body = VetoView))
)]
#[post("/vetoes/{veto_id}/lift")]
pub async fn lift_veto(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let case = lifted(&call, tx, *id).await?;
        let version = case.veto.version.to_string();
        call.ok(&VetoView::of(&call, case, true), &version)
    })
    .await
}

async fn lifted(call: &Call, tx: &Tx, id: Uuid) -> Result<Case, Failure> {
    let mut case = vetoes::lock(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    call.expects(&case.veto.version.to_string())?;
    let sent: VetoLiftIn = call.read()?;
    let facts = case.veto.facts(&call.visibility);
    workflow::permit::<VetoFlow>(Some(case.veto.state), call.operation(), &facts)?;
    let (after, step) = case.veto.lifted(sent.reason, call.now)?;
    vetoes::record(tx, &call.journal(), &after, step).await?;
    case.veto = after;
    Ok(case)
}

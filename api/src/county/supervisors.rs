//! 监督员: who verifies on site and scores; citizen ID and telephone are sealed and shown with masks (D-904).

use actix_web::{get, patch, post, web};
use pingxuan_domain::campaign::definition::Meaning;
use pingxuan_domain::county::{Supervisor, SupervisorPersonal};
use pingxuan_domain::identifiers::mask;
use pingxuan_domain::step::{Audience, ObjectKind, Step};
use pingxuan_domain::verification::recusal::FormerUnit;
use pingxuan_domain::workflow::application::ApplicationState;
use pingxuan_domain::{Day, ErrorCode, Fault, Instant, Operation, Reach, Refused};
use pingxuan_persistence::{Connection, Tx, Vault, candidates, supervisors, units};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::call::{Answer, Call};
use crate::pages::{PageQuery, PageView};
use crate::problem::Failure;

/// Which supervisors are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SupervisorQuery {
    /// 单位 · Working at this unit.
    unit_id: Option<Uuid>,
    /// 在任日期 · In office on this day.
    #[param(value_type = Option<String>, format = Date)]
    in_office_on: Option<Day>,
    /// 姓名包含 · With this in the name.
    #[param(min_length = 1, max_length = 50)]
    name: Option<String>,
    /// 排序 · Order: `name`; `-` before it turns it round.
    #[param(max_length = 10, pattern = "^-?name$")]
    #[expect(dead_code, reason = "read with the page")]
    sort: Option<String>,
}

/// A unit at which a supervisor has worked.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FormerUnitIn {
    /// The unit.
    unit_id: Uuid,
    /// The last day there.
    #[schema(value_type = String, format = Date)]
    until: Day,
}

impl From<&FormerUnit> for FormerUnitIn {
    fn from(former: &FormerUnit) -> Self {
        Self { unit_id: former.unit_id, until: former.until }
    }
}

/// A supervisor as they are entered.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupervisorIn {
    /// Name.
    #[schema(min_length = 1, max_length = 50)]
    name: String,
    /// The unit at which they work; their own unit is never theirs to score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit_id: Option<Uuid>,
    /// Units at which they have worked: lately left ones are not theirs to score either.
    #[serde(default)]
    #[schema(max_items = 50)]
    former_units: Vec<FormerUnitIn>,
    /// Their post there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 100)]
    post: Option<String>,
    /// Citizen ID, GB 11643, with its check digit. It is never shown again but with a mask, which is not sent back.
    #[schema(min_length = 1, max_length = 18)]
    citizen_id: String,
    /// Telephone. It is never shown again but with a mask, which is not sent back.
    #[schema(min_length = 1, max_length = 30)]
    phone: String,
    /// Whether they are a leading cadre.
    #[serde(default)]
    is_leading_cadre: bool,
    /// Whether they work at the front line.
    #[serde(default)]
    front_line: bool,
    /// The first day of their term.
    #[schema(value_type = String, format = Date)]
    appointed_from: Day,
    /// The last day of their term; none while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    appointed_until: Option<Day>,
}

/// A supervisor. Those who read names only are shown id and name; what is not known is left out.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct SupervisorView {
    id: Uuid,
    /// Name.
    #[schema(max_length = 50)]
    name: String,
    /// The unit at which they work.
    unit_id: Option<Uuid>,
    /// Units at which they have worked.
    #[schema(max_items = 50)]
    former_units: Option<Vec<FormerUnitIn>>,
    /// Their post there.
    #[schema(max_length = 100)]
    post: Option<String>,
    /// Citizen ID, masked.
    #[schema(max_length = 18)]
    citizen_id: Option<String>,
    /// Telephone, masked.
    #[schema(max_length = 30)]
    phone: Option<String>,
    /// Whether they are a leading cadre.
    is_leading_cadre: Option<bool>,
    /// Whether they work at the front line.
    front_line: Option<bool>,
    /// The first day of their term.
    #[schema(value_type = String, format = Date, required = false)]
    appointed_from: Option<Day>,
    /// The last day of their term.
    #[schema(value_type = String, format = Date, required = false)]
    appointed_until: Option<Day>,
    /// Whether they are in office today.
    in_office: Option<bool>,
    #[schema(value_type = String, format = DateTime, required = false)]
    created_at: Option<Instant>,
    #[schema(value_type = String, format = DateTime, required = false)]
    updated_at: Option<Instant>,
}

fn view(call: &Call, supervisor: Supervisor) -> SupervisorView {
    let whole = call.visibility.reaches().any(|reach| reach != Reach::Names);
    let in_office = supervisor.in_office(call.now.day());
    SupervisorView {
        id: supervisor.id,
        name: supervisor.name,
        unit_id: supervisor.unit_id.filter(|_| whole),
        former_units: whole.then(|| supervisor.former_units.iter().map(FormerUnitIn::from).collect()),
        post: supervisor.post.filter(|_| whole),
        citizen_id: whole.then_some(supervisor.citizen_id_masked),
        phone: whole.then_some(supervisor.phone_masked),
        is_leading_cadre: whole.then_some(supervisor.is_leading_cadre),
        front_line: whole.then_some(supervisor.front_line),
        appointed_from: whole.then_some(supervisor.appointed_from),
        appointed_until: supervisor.appointed_until.filter(|_| whole),
        in_office: whole.then_some(in_office),
        created_at: whole.then_some(supervisor.created_at),
        updated_at: whole.then_some(supervisor.updated_at),
    }
}

/// 监督员列表 · List supervisors
///
/// Supervisors by unit, name, or whether they were in office on a day. A supervisor sees themselves; those who keep
/// accounts see ids and names.
#[utoipa::path(tag = "county", params(PageQuery, SupervisorQuery), responses((status = 200, description = "A page of supervisors", body = PageView<SupervisorView>)))]
#[get("/supervisors")]
pub async fn list_supervisors(call: Call) -> Answer {
    let asked: SupervisorQuery = call.filters()?;
    let filter =
        supervisors::Filter { unit_id: asked.unit_id, in_office_on: asked.in_office_on, name: asked.name };
    let page = supervisors::page(call.app.db.read(), &call.visibility, &filter, &call.page()?).await?;
    call.listed(page, |supervisor| view(&call, supervisor))
}

/// 登记监督员 · Enter a supervisor
///
/// Citizen ID and telephone are sealed; a citizen ID is one supervisor's only.
#[utoipa::path(tag = "county", request_body = SupervisorIn, responses((status = 201, description = "Created", body = SupervisorView)))]
#[post("/supervisors")]
pub async fn create_supervisor(call: Call) -> Answer {
    let sent: SupervisorIn = call.read()?;
    let answer = call.act(async |tx| {
        let supervisor = entered(&call, tx, &sent).await?;
        call.created(&format!("/api/v1/supervisors/{}", supervisor.id), &view(&call, supervisor), "1")
    });
    answer.await.map_err(|failure| failure.taken_is(ErrorCode::CitizenIdTaken))
}

async fn entered(call: &Call, tx: &Tx, sent: &SupervisorIn) -> Result<Supervisor, Failure> {
    check(call, tx, sent).await?;
    let supervisor = sent.supervisor(call.vault(), call.app.clock.new_id(), call.now)?;
    let step = entering(call.vault(), &supervisor, sent);
    supervisors::insert(tx, &call.journal(), &supervisor, step).await?;
    Ok(supervisor)
}

/// 查看监督员 · Get a supervisor
///
/// One supervisor. A supervisor sees themselves; those who keep accounts see id and name.
#[utoipa::path(tag = "county", params(("supervisor_id" = Uuid, Path, description = "The supervisor")), responses((status = 200, description = "The supervisor", body = SupervisorView)))]
#[get("/supervisors/{supervisor_id}")]
pub async fn get_supervisor(call: Call, id: web::Path<Uuid>) -> Answer {
    let found = supervisors::find(call.app.db.read(), &call.visibility, *id).await?;
    answered(&call, found.ok_or_else(Failure::not_found)?)
}

/// 修改监督员 · Change a supervisor
///
/// A merge patch. Citizen ID and telephone are left out of it where they stay as they are: a mask sent back is refused. What is
/// corrected reaches the supervisor's open evaluations as well; while they stand on a proposed list it is refused with
/// `ranking_in_use`.
#[utoipa::path(
    tag = "county",
    params(("supervisor_id" = Uuid, Path, description = "The supervisor"), ("If-Match" = String, Header, description = "The version that is changed")),
    request_body(content = SupervisorIn, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "Changed", body = SupervisorView))
)]
#[patch("/supervisors/{supervisor_id}")]
pub async fn update_supervisor(call: Call, id: web::Path<Uuid>) -> Answer {
    let answer = call.act(async |tx| answered(&call, changed(&call, tx, *id).await?));
    answer.await.map_err(|failure| failure.taken_is(ErrorCode::CitizenIdTaken))
}

async fn changed(call: &Call, tx: &Tx, id: Uuid) -> Result<Supervisor, Failure> {
    let before = supervisors::find(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    call.expects(&before.version.to_string())?;
    let current = SupervisorIn::of(call.vault(), &before)?;
    let sent = call.patched(&current)?;
    check(call, tx, &sent).await?;
    let after = Supervisor {
        version: before.version + 1,
        created_at: before.created_at,
        ..sent.supervisor(call.vault(), id, call.now)?
    };
    corrected(call, tx, &after).await?;
    let step = Step::of(call.operation(), ObjectKind::Supervisor, id, call.now)
        .difference(&audited(call.vault(), id, &current), &audited(call.vault(), id, &sent));
    supervisors::record(tx, &call.journal(), &after, step).await?;
    Ok(after)
}

/// Carries what is corrected of a supervisor into their evaluations: who they are, and what shares and vetoes go by, is looked for
/// there (D-204, D-205, D-703). While a list stands that was made with it, it is closed.
async fn corrected(call: &Call, tx: &Tx, supervisor: &Supervisor) -> Result<(), Failure> {
    let (mut applications, mut steps) = (Vec::new(), Vec::new());
    for mut application in candidates::lock_evaluations(tx, &call.visibility, supervisor.id).await? {
        let changed = application.take_over(supervisor);
        if changed.is_empty() {
            continue;
        }
        if application.state != ApplicationState::Verified {
            return Err(Failure::guard(ErrorCode::RankingInUse));
        }
        application.touch(Audience::Everyone, call.now);
        let step = Step::of(call.operation(), ObjectKind::Application, application.id, call.now)
            .in_campaign(application.campaign_id)
            .states(Some(application.state), Some(application.state));
        steps.push(Step { changed, ..step });
        applications.push(application);
    }
    Ok(candidates::correct_all(tx, &call.journal(), &applications, &steps).await?)
}

impl SupervisorIn {
    /// Their citizen ID.
    #[must_use]
    pub fn citizen_id(&self) -> &str {
        &self.citizen_id
    }

    /// What no schema says: identifiers, and the order of the term's days.
    #[must_use]
    pub fn faults(&self, today: Day) -> Vec<Fault> {
        let mut faults = self.personal().faults(today);
        if self.appointed_until.is_some_and(|until| until < self.appointed_from) {
            faults.push(Fault::at("/appointed_until", ErrorCode::Invalid));
        }
        faults
    }

    /// The supervisor that is entered by it, with the personal values sealed.
    ///
    /// # Errors
    /// [`Failure`] where they cannot be sealed.
    pub fn supervisor(&self, vault: &Vault, id: Uuid, now: Instant) -> Result<Supervisor, Failure> {
        let personal =
            serde_json::to_vec(&self.personal()).map_err(|error| Failure::Internal(error.to_string()))?;
        let former = |sent: &FormerUnitIn| FormerUnit { unit_id: sent.unit_id, until: sent.until };
        Ok(Supervisor {
            id,
            name: self.name.clone(),
            unit_id: self.unit_id,
            former_units: self.former_units.iter().map(former).collect(),
            post: self.post.clone(),
            citizen_id_masked: mask(Meaning::CitizenId, &self.citizen_id),
            phone_masked: mask(Meaning::Phone, &self.phone),
            citizen_index: vault.index("citizen_id", &self.citizen_id),
            personal: vault.seal(id.as_bytes(), &personal)?,
            is_leading_cadre: self.is_leading_cadre,
            front_line: self.front_line,
            appointed_from: self.appointed_from,
            appointed_until: self.appointed_until,
            version: 1,
            created_at: now,
            updated_at: now,
        })
    }

    /// A supervisor as they would be entered, with the personal values opened: what a patch is laid over.
    fn of(vault: &Vault, supervisor: &Supervisor) -> Result<Self, Failure> {
        let opened = vault.open(supervisor.id.as_bytes(), &supervisor.personal)?;
        let personal: SupervisorPersonal =
            serde_json::from_slice(&opened).map_err(|error| Failure::Internal(error.to_string()))?;
        Ok(Self {
            name: supervisor.name.clone(),
            unit_id: supervisor.unit_id,
            former_units: supervisor.former_units.iter().map(FormerUnitIn::from).collect(),
            post: supervisor.post.clone(),
            citizen_id: personal.citizen_id,
            phone: personal.phone,
            is_leading_cadre: supervisor.is_leading_cadre,
            front_line: supervisor.front_line,
            appointed_from: supervisor.appointed_from,
            appointed_until: supervisor.appointed_until,
        })
    }

    fn personal(&self) -> SupervisorPersonal {
        SupervisorPersonal { citizen_id: self.citizen_id.clone(), phone: self.phone.clone() }
    }
}

/// What no schema says: identifiers, the order of the term's days, and whether the units are there.
async fn check(call: &Call, connection: &impl Connection, sent: &SupervisorIn) -> Result<(), Failure> {
    let mut faults = sent.faults(call.now.day());
    let named = sent.unit_id.map(|id| ("/unit_id".to_owned(), id)).into_iter();
    let former = sent.former_units.iter().enumerate();
    let named: Vec<(String, Uuid)> =
        named.chain(former.map(|(at, it)| (format!("/former_units/{at}/unit_id"), it.unit_id))).collect();
    let ids: Vec<Uuid> = named.iter().map(|(_, id)| *id).collect();
    let known = units::among(connection, &call.visibility, &ids, &[]).await?;
    let unknown = named.into_iter().filter(|(_, id)| known.iter().all(|unit| unit.id != *id));
    faults.extend(unknown.map(|(pointer, _)| Fault::at(pointer, ErrorCode::UnknownReference)));
    for (at, former) in sent.former_units.iter().enumerate() {
        if former.until > call.now.day() {
            faults.push(Fault::at(format!("/former_units/{at}/until"), ErrorCode::NotInThePast));
        }
    }
    Ok(Refused::unless_valid(faults)?)
}

/// What is written down of a supervisor who is entered.
#[must_use]
pub fn entering(vault: &Vault, supervisor: &Supervisor, sent: &SupervisorIn) -> Step {
    Step::of(Operation::CreateSupervisor, ObjectKind::Supervisor, supervisor.id, supervisor.created_at)
        .difference(&Value::Null, &audited(vault, supervisor.id, sent))
}

/// What the audit says of a supervisor: of personal values a salted digest.
fn audited(vault: &Vault, id: Uuid, sent: &SupervisorIn) -> Value {
    json!({
        "name": sent.name, "unit_id": sent.unit_id, "former_units": sent.former_units, "post": sent.post,
        "citizen_id": vault.salted_digest(&format!("{id} citizen_id"), &sent.citizen_id),
        "phone": vault.salted_digest(&format!("{id} phone"), &sent.phone),
        "is_leading_cadre": sent.is_leading_cadre, "front_line": sent.front_line,
        "appointed_from": sent.appointed_from, "appointed_until": sent.appointed_until,
    })
}

fn answered(call: &Call, supervisor: Supervisor) -> Answer {
    let version = supervisor.version.to_string();
    call.ok(&view(call, supervisor), &version)
}

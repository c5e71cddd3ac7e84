//! 实地核查: one trip to one nominee, with at least two participants, and the visited unit's word on it (D-601).

use std::collections::{BTreeSet, HashMap};

use actix_web::{get, put, web};
use pingxuan_domain::application::Application;
use pingxuan_domain::step::{ObjectKind, Step};
use pingxuan_domain::verification::SiteVisit;
use pingxuan_domain::verification::finding::{Finding, FindingReference};
use pingxuan_domain::verification::offline::written_fault;
use pingxuan_domain::verification::site_visit::{self, Participant, Photo, UnitWord, Verdict, VisitFacts};
use pingxuan_domain::{Day, ErrorCode, Fault, Instant, Reach, Refused, Visibility};
use pingxuan_persistence::site_visits::Case;
use pingxuan_persistence::{Tx, applications, recusals, score_sheets, site_visits, supervisors};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::assignments::seen_campaign;
use super::findings::VisitFinding;
use super::score_sheets::stated;
use crate::call::{Answer, Call};
use crate::campaign::held;
use crate::conflict::{self, Sides};
use crate::enums;
use crate::pages::{PageQuery, PageView};
use crate::problem::Failure;

/// Which site visits are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SiteVisitQuery {
    /// 申报 · To the nominee of this application.
    application_id: Option<Uuid>,
    /// 排序 · Order: `visited_on`, `created_at`; `-` before a name turns it round.
    #[param(max_length = 60, pattern = "^-?(visited_on|created_at)(,-?(visited_on|created_at))*$")]
    #[expect(dead_code, reason = "read with the page")]
    sort: Option<String>,
}

/// Someone who takes part without scoring: office staff, for example.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitParticipant {
    /// Name.
    #[schema(min_length = 1, max_length = 50)]
    name: String,
    /// Where they are from.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100)]
    affiliation: Option<String>,
}

/// A photo taken on the trip.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitPhoto {
    /// File name.
    #[schema(min_length = 1, max_length = 200)]
    file_name: String,
    /// SHA-256 of the file.
    #[schema(min_length = 64, max_length = 64, pattern = "^[0-9a-f]{64}$")]
    sha256: String,
}

impl From<Photo> for VisitPhoto {
    fn from(photo: Photo) -> Self {
        let Photo { file_name, sha256 } = photo;
        Self { file_name, sha256 }
    }
}

/// The visited unit's word on the visit; a participant takes it down.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitUnitWord {
    /// Whether the unit confirms or dissents.
    #[schema(value_type = enums::Verdict)]
    verdict: Verdict,
    /// Who spoke for the unit.
    #[schema(min_length = 1, max_length = 50)]
    spoken_by: String,
    /// Why it dissents.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000)]
    reason: Option<String>,
}

/// A site visit as it is recorded.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteVisitIn {
    /// The application whose nominee was visited.
    application_id: Uuid,
    /// The day.
    #[schema(value_type = String, format = Date)]
    visited_on: Day,
    /// The place.
    #[schema(min_length = 1, max_length = 200)]
    place: String,
    /// The supervisors who took part, at least one of them assigned to the application.
    #[schema(min_items = 1, max_items = 50)]
    supervisor_ids: Vec<Uuid>,
    /// The others who took part.
    #[serde(default)]
    #[schema(max_items = 50)]
    others: Vec<VisitParticipant>,
    /// What was found.
    #[schema(max_length = 5000)]
    notes: String,
    /// Photos taken; the files stay with whoever took them.
    #[serde(default)]
    #[schema(max_items = 100)]
    photos: Vec<VisitPhoto>,
    /// What was found of the deeds that the application states.
    #[serde(default)]
    #[schema(max_items = 100)]
    findings: Vec<VisitFinding>,
    /// The visited unit's word.
    #[serde(default)]
    unit_word: Option<VisitUnitWord>,
    /// When it was written, by the clock of the device, where that was offline; at most five minutes ahead.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    written_at: Option<Instant>,
}

/// A supervisor who took part.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitSupervisor {
    pub(super) id: Uuid,
    /// Name.
    #[schema(max_length = 50)]
    pub(super) name: String,
}

/// A site visit.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct SiteVisitView {
    id: Uuid,
    /// The campaign.
    campaign_id: Uuid,
    /// The application whose nominee was visited.
    application_id: Uuid,
    /// Its category.
    #[schema(max_length = 60)]
    category_code: String,
    /// Who was visited.
    #[schema(max_length = 100)]
    nominee_name: String,
    /// The day.
    #[schema(value_type = String, format = Date)]
    visited_on: Day,
    /// The place.
    #[schema(max_length = 200)]
    place: String,
    /// The supervisors who took part.
    #[schema(max_items = 50)]
    supervisors: Vec<VisitSupervisor>,
    /// The others who took part.
    #[schema(max_items = 50)]
    others: Vec<VisitParticipant>,
    /// What was found.
    #[schema(max_length = 5000)]
    notes: String,
    /// Photos taken.
    #[schema(max_items = 100)]
    photos: Vec<VisitPhoto>,
    /// What was found of the deeds that the application states.
    #[schema(max_items = 100)]
    findings: Vec<VisitFinding>,
    /// The visited unit's word.
    unit_word: Option<VisitUnitWord>,
    /// When it was last written, by the clock of whoever wrote it.
    #[schema(value_type = Option<String>, format = DateTime)]
    written_at: Option<Instant>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Instant,
}

impl From<Case> for SiteVisitView {
    fn from(case: Case) -> Self {
        let visit = case.visit;
        let supervisors = visit.supervisor_ids.into_iter().zip(case.supervisor_names);
        Self {
            id: visit.id,
            campaign_id: visit.campaign_id,
            application_id: visit.application_id,
            category_code: case.category_code,
            nominee_name: case.nominee_name,
            visited_on: visit.visited_on,
            place: visit.place,
            supervisors: supervisors.map(|(id, name)| VisitSupervisor { id, name }).collect(),
            others: visit
                .others
                .into_iter()
                .map(|Participant { name, affiliation }| VisitParticipant { name, affiliation })
                .collect(),
            notes: visit.notes,
            photos: visit.photos.into_iter().map(VisitPhoto::from).collect(),
            findings: visit.findings.into_iter().map(VisitFinding::from).collect(),
            written_at: visit.written_at,
            unit_word: visit.unit_word.map(|UnitWord { verdict, spoken_by, reason }| VisitUnitWord {
                verdict,
                spoken_by,
                reason,
            }),
            created_at: visit.created_at,
            updated_at: visit.updated_at,
        }
    }
}

/// 实地核查列表 · List the site visits of a campaign
///
/// Trips, all or those to one nominee. A supervisor sees those in which they took part, and those to nominees assigned to
/// them.
#[utoipa::path(
    tag = "verification",
    params(("campaign_id" = Uuid, Path, description = "The campaign"), PageQuery, SiteVisitQuery),
    responses((status = 200, description = "A page of site visits", body = PageView<SiteVisitView>))
)]
#[get("/campaigns/{campaign_id}/site-visits")]
pub async fn list_site_visits(call: Call, campaign_id: web::Path<Uuid>) -> Answer {
    seen_campaign(&call, *campaign_id).await?;
    let asked: SiteVisitQuery = call.filters()?;
    let filter =
        site_visits::Filter { campaign_id: Some(*campaign_id), application_id: asked.application_id };
    let page = site_visits::page(call.app.db.read(), &call.visibility, &filter, &call.page()?).await?;
    call.listed(page, SiteVisitView::from)
}

/// 查看实地核查 · Get a site visit
///
/// One trip to one nominee.
#[utoipa::path(
    tag = "verification",
    params(("site_visit_id" = Uuid, Path, description = "The site visit")),
    responses((status = 200, description = "The site visit", body = SiteVisitView))
)]
#[get("/site-visits/{site_visit_id}")]
pub async fn get_site_visit(call: Call, id: web::Path<Uuid>) -> Answer {
    let case =
        site_visits::find(call.app.db.read(), &call.visibility, *id).await?.ok_or_else(Failure::not_found)?;
    let version = case.visit.version.to_string();
    call.ok(&SiteVisitView::from(case), &version)
}

/// 记录实地核查 · Record a site visit
///
/// Whoever records it chooses the id, so that it can be written offline. At least two take part, one of them a supervisor
/// assigned to the application; a supervisor records only trips in which they took part. Once a sheet that rests on it
/// is submitted, its supervisor stays among the participants; findings to which a sheet refers stay too. Where another version
/// stands than was named, the refusal shows it, and in what it differs; what stands already is answered as done.
#[utoipa::path(
    tag = "verification",
    params(
        ("site_visit_id" = Uuid, Path, description = "The site visit"),
        ("If-Match" = Option<String>, Header, description = "The version that is replaced"),
        ("If-None-Match" = Option<String>, Header, description = "`*` where it is created"),
    ),
    request_body = SiteVisitIn,
    responses(
        (status = 200, description = "Replaced", body = SiteVisitView),
        (status = 201, description = "Created", body = SiteVisitView),
    )
)]
#[put("/site-visits/{site_visit_id}")]
pub async fn record_site_visit(call: Call, id: web::Path<Uuid>) -> Answer {
    let answer = call.act(async |tx| {
        let before = site_visits::lock(tx, &call.visibility, *id).await?;
        let version = before.as_ref().map(|case| case.visit.version.to_string());
        if let Err(refused) = call.puts(version.as_deref()) {
            return match before {
                Some(case) => stands(&call, tx, refused, case).await,
                None => Err(refused),
            };
        }
        let case = recorded(&call, tx, *id, before.map(|case| case.visit)).await?;
        let version = case.visit.version;
        let view = SiteVisitView::from(case);
        if version == 1 {
            call.created(&format!("/api/v1/site-visits/{id}"), &view, "1")
        } else {
            call.ok(&view, &version.to_string())
        }
    });
    answer.await.map_err(Failure::taken_is_there)
}

/// What stands, for whoever thought to find something else.
async fn stands(call: &Call, tx: &Tx, refused: Failure, case: Case) -> Answer {
    let visit = &case.visit;
    let sent = call.read::<SiteVisitIn>().ok();
    let sent = sent.map(|sent| content(&sent.visit(call, (visit.id, visit.campaign_id), Some(visit))));
    let sides = Sides { sent, stands: content(visit) };
    let (object, version) = ((ObjectKind::SiteVisit, visit.id), visit.version);
    conflict::met(call, tx, refused, object, (&SiteVisitView::from(case), version), sides).await
}

async fn recorded(call: &Call, tx: &Tx, id: Uuid, before: Option<SiteVisit>) -> Result<Case, Failure> {
    let sent: SiteVisitIn = call.read()?;
    let declared = visited(call, tx, sent.application_id).await?;
    let application = &declared.application;
    let campaign = held(call, tx, application.campaign_id).await?;
    let after = sent.visit(call, (id, campaign.id), before.as_ref());
    let assigned = check(call, tx, (&declared, &after), before.as_ref()).await?;
    let kept = kept(call, tx, before.as_ref(), &after).await?;
    let mut blockers = site_visit::blockers(campaign.state, kept);
    blockers.extend(cited(call, tx, before.as_ref(), &after).await?);
    if !blockers.is_empty() {
        return Err(Refused::Guards(blockers).into());
    }
    let step = Step::of(call.operation(), ObjectKind::SiteVisit, id, call.now)
        .in_campaign(campaign.id)
        .difference(&before.as_ref().map_or(Value::Null, content), &content(&after))
        .changing(
            "/written_at",
            json!(before.as_ref().and_then(|before| before.written_at)),
            json!(after.written_at),
        );
    if before.is_none() {
        site_visits::insert(tx, &call.journal(), &after, &assigned, step).await?;
    } else {
        site_visits::record(tx, &call.journal(), &after, &assigned, step).await?;
    }
    site_visits::find(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)
}

/// The application whose nominee was visited.
async fn visited(call: &Call, tx: &Tx, id: Uuid) -> Result<applications::Case, Failure> {
    let system = Visibility::system(call.operation());
    applications::find(tx, &system, id).await?.ok_or_else(|| unknown_application().into())
}

fn unknown_application() -> Refused {
    Refused::invalid(Fault::at("/application_id", ErrorCode::UnknownReference))
}

/// The supervisor who records it, where it is not the office.
fn recorder(call: &Call) -> Option<Uuid> {
    let own = call.visibility.actor().and_then(|actor| actor.supervisor_id);
    own.filter(|_| !call.visibility.has(Reach::All))
}

/// Checks who took part and everything else; answers the assignments of those participants who have one. An application
/// that is not assigned to the supervisor who records is as good as not there.
async fn check(
    call: &Call,
    tx: &Tx,
    (declared, visit): (&applications::Case, &SiteVisit),
    before: Option<&SiteVisit>,
) -> Result<HashMap<Uuid, Uuid>, Failure> {
    let system = Visibility::system(call.operation());
    let application = &declared.application;
    let recorder = recorder(call);
    let asked: Vec<Uuid> = visit.supervisor_ids.iter().copied().chain(recorder).collect();
    let mut assigned = site_visits::assigned_of(tx, &system, application.id, &asked).await?;
    if recorder.is_some_and(|recorder| !assigned.contains_key(&recorder)) {
        return Err(unknown_application().into());
    }
    assigned.retain(|supervisor, _| visit.supervisor_ids.contains(supervisor));
    let mut faults = participant_faults(call, tx, (application, visit), before).await?;
    faults.extend(site_visit::faults(&VisitFacts {
        now: call.now,
        visited_on: visit.visited_on,
        supervisors: &visit.supervisor_ids,
        assigned: &assigned.keys().copied().collect::<Vec<_>>(),
        others: &visit.others,
        unit_word: visit.unit_word.as_ref(),
        recorder,
    }));
    faults.extend(written_fault(visit.written_at, call.now));
    faults.extend(stated(declared)?.finding_faults(&visit.findings, &visit.photos));
    let stranger = |before: &SiteVisit| recorder.is_some_and(|id| !before.supervisor_ids.contains(&id));
    if before.is_some_and(stranger) {
        faults.push(Fault::at("/supervisor_ids", ErrorCode::NotAParticipant));
    }
    Refused::unless_valid(faults)?;
    Ok(assigned)
}

/// Supervisors named twice, not there, of the visited unit itself, recused before they were named (D-603), or candidates in the
/// category (D-605).
async fn participant_faults(
    call: &Call,
    tx: &Tx,
    (application, visit): (&Application, &SiteVisit),
    before: Option<&SiteVisit>,
) -> Result<Vec<Fault>, Failure> {
    let system = Visibility::system(call.operation());
    let known = supervisors::among(tx, &system, &visit.supervisor_ids).await?;
    let mut bound = recusals::bound_among(tx, &system, application.id, &visit.supervisor_ids).await?;
    let standing = supervisors::candidates(tx, &system, application.campaign_id).await?;
    bound.retain(|id| before.is_none_or(|before| !before.supervisor_ids.contains(id)));
    let mut faults = Vec::new();
    for (index, id) in visit.supervisor_ids.iter().enumerate() {
        let pointer = format!("/supervisor_ids/{index}");
        let code = match known.iter().find(|supervisor| supervisor.id == *id) {
            _ if visit.supervisor_ids.iter().take(index).any(|earlier| earlier == id) => ErrorCode::Duplicate,
            None => ErrorCode::UnknownReference,
            Some(one) if one.unit_id.is_some() && one.unit_id == application.unit_id => ErrorCode::OwnUnit,
            Some(_) if bound.contains(id) => ErrorCode::Recused,
            Some(_) if standing.contains(&(application.category_code.clone(), *id)) => {
                ErrorCode::SupervisorIsCandidate
            }
            Some(_) => continue,
        };
        faults.push(Fault::at(pointer, code));
    }
    Ok(faults)
}

/// Whether everyone whose submitted sheet rests on the visit is still on it, at the same application.
async fn kept(call: &Call, tx: &Tx, before: Option<&SiteVisit>, after: &SiteVisit) -> Result<bool, Failure> {
    let Some(before) = before else { return Ok(true) };
    let system = Visibility::system(call.operation());
    let relying = site_visits::relied_on_by(tx, &system, before.id).await?;
    let same = before.application_id == after.application_id;
    Ok(relying.is_empty() || (same && relying.iter().all(|id| after.supervisor_ids.contains(id))))
}

/// What stands in the way of leaving findings out: that sheets refer to them. Whoever saves a sheet meanwhile waits.
async fn cited(
    call: &Call,
    tx: &Tx,
    before: Option<&SiteVisit>,
    after: &SiteVisit,
) -> Result<Option<Fault>, Failure> {
    let Some(before) = before else { return Ok(None) };
    let stays = |finding: &Finding| {
        before.application_id == after.application_id
            && after.findings.iter().any(|after| after.pointer == finding.pointer)
    };
    let gone: Vec<&Finding> = before.findings.iter().filter(|finding| !stays(finding)).collect();
    if gone.is_empty() {
        return Ok(None);
    }
    let system = Visibility::system(call.operation());
    applications::lock(tx, &system, before.application_id).await?.ok_or_else(Failure::not_found)?;
    let sheets = score_sheets::written_of(tx, &system, before.application_id).await?;
    let mut cited = sheets.iter().flat_map(|of| &of.sheet.scores).flat_map(|score| &score.findings);
    let is_gone = |reference: &FindingReference| {
        reference.site_visit_id == before.id
            && gone.iter().any(|finding| finding.pointer == reference.pointer)
    };
    Ok(cited.any(is_gone).then(|| Fault::new(ErrorCode::FindingInUse)))
}

impl SiteVisitIn {
    fn visit(self, call: &Call, (id, campaign_id): (Uuid, Uuid), before: Option<&SiteVisit>) -> SiteVisit {
        let word = |VisitUnitWord { verdict, spoken_by, reason }| UnitWord { verdict, spoken_by, reason };
        let other = |VisitParticipant { name, affiliation }| Participant { name, affiliation };
        let photo = |VisitPhoto { file_name, sha256 }| Photo { file_name, sha256 };
        SiteVisit {
            id,
            campaign_id,
            application_id: self.application_id,
            visited_on: self.visited_on,
            place: self.place,
            supervisor_ids: self.supervisor_ids,
            others: self.others.into_iter().map(other).collect(),
            notes: self.notes,
            photos: self.photos.into_iter().map(photo).collect(),
            findings: self.findings.into_iter().map(Finding::from).collect(),
            written_at: self.written_at,
            unit_word: self.unit_word.map(word),
            version: before.map_or(1, |before| before.version + 1),
            created_at: before.map_or(call.now, |before| before.created_at),
            updated_at: call.now,
        }
    }
}

/// What a visit says, whenever and in whatever order of the supervisors it was written.
fn content(visit: &SiteVisit) -> Value {
    let supervisors: BTreeSet<&Uuid> = visit.supervisor_ids.iter().collect();
    json!({
        "application_id": visit.application_id, "visited_on": visit.visited_on, "place": visit.place,
        "supervisor_ids": supervisors, "others": visit.others, "notes": visit.notes,
        "photos": visit.photos, "findings": visit.findings, "unit_word": visit.unit_word,
    })
}

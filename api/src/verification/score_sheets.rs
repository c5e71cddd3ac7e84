//! 评分表: one supervisor's points and reasons for each criterion of one application (D-604).

use std::collections::HashSet;

use actix_web::{get, post, put, web};
use pingxuan_domain::application::Application;
use pingxuan_domain::policy::Stake;
use pingxuan_domain::review::scoring::Figure;
use pingxuan_domain::step::{Audience, ObjectKind, Step};
use pingxuan_domain::verification::ScoreSheet;
use pingxuan_domain::verification::finding::Stated;
use pingxuan_domain::verification::offline::written_fault;
use pingxuan_domain::verification::score_sheet::{self, CriterionScore};
use pingxuan_domain::workflow::application::{ApplicationFlow, ApplicationState};
use pingxuan_domain::workflow::assignment::AssignmentState;
use pingxuan_domain::workflow::score_sheet::{ScoreSheetFacts, ScoreSheetFlow, ScoreSheetState};
use pingxuan_domain::workflow::{self};
use pingxuan_domain::{Fault, Instant, Refused, Visibility};
use pingxuan_persistence::assignments::{self, Case};
use pingxuan_persistence::{Tx, applications, score_sheets, site_visits};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::scores::CriterionScoreIn;
use crate::actions::AllowedAction;
use crate::call::{Answer, Call};
use crate::campaign::held_already;
use crate::conflict::{self, Sides};
use crate::enums;
use crate::problem::Failure;

/// A score sheet as it is written; a draft may be incomplete.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScoreSheetIn {
    /// Points and reasons, criterion by criterion.
    #[schema(max_items = 100)]
    scores: Vec<CriterionScoreIn>,
    /// A remark on the whole.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000)]
    remark: Option<String>,
    /// When it was written, by the clock of the device, where that was offline; at most five minutes ahead.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    written_at: Option<Instant>,
}

/// What is said beside the submission of a sheet.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SheetSubmission {
    /// When it was submitted, by the clock of the device, where that was offline; at most five minutes ahead.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    written_at: Option<Instant>,
}

/// Why a sheet is given back to its supervisor.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SheetReopening {
    /// The reason.
    #[schema(min_length = 1, max_length = 500, pattern = r"\S")]
    reason: String,
}

/// A score sheet.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct ScoreSheetView {
    /// The assignment that it belongs to.
    assignment_id: Uuid,
    /// The campaign.
    campaign_id: Uuid,
    /// The application that is scored.
    application_id: Uuid,
    /// Its category.
    #[schema(max_length = 60)]
    category_code: String,
    /// Who is scored.
    #[schema(max_length = 100)]
    nominee_name: String,
    /// Who scores.
    supervisor_id: Uuid,
    /// Their name.
    #[schema(max_length = 50)]
    supervisor_name: String,
    /// Where it stands.
    #[schema(value_type = enums::ScoreSheetState)]
    state: ScoreSheetState,
    /// Points and reasons, criterion by criterion.
    #[schema(max_items = 100)]
    scores: Vec<CriterionScoreIn>,
    /// A remark on the whole.
    #[schema(max_length = 2000)]
    remark: Option<String>,
    /// Whether it counts: it is submitted, and at least half of the weight is judged.
    counts: bool,
    /// The weighted mean of the criteria judged; null until it counts.
    #[schema(value_type = Option<String>, max_length = 6, pattern = r"^(100\.00|[0-9]{1,2}\.[0-9]{2})$")]
    composite: Option<Figure>,
    /// When it was last written, by the clock of whoever wrote it.
    #[schema(value_type = Option<String>, format = DateTime)]
    written_at: Option<Instant>,
    #[schema(value_type = Option<String>, format = DateTime)]
    submitted_at: Option<Instant>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Instant,
    /// What may be done with it.
    #[schema(max_items = 40)]
    allowed_actions: Vec<AllowedAction>,
}

pub(crate) fn view(call: &Call, case: Case, sheet: ScoreSheet) -> Result<ScoreSheetView, Failure> {
    let allowed_actions = actions(call, &case, &sheet)?;
    Ok(ScoreSheetView {
        assignment_id: sheet.assignment_id,
        campaign_id: case.assignment.campaign_id,
        application_id: case.assignment.application_id,
        category_code: case.category_code,
        nominee_name: case.nominee_name,
        supervisor_id: case.assignment.supervisor_id,
        supervisor_name: case.supervisor_name,
        state: sheet.state,
        scores: sheet.scores.into_iter().map(CriterionScoreIn::from).collect(),
        remark: sheet.remark,
        counts: sheet.counts,
        composite: sheet.composite,
        written_at: sheet.written_at,
        submitted_at: sheet.submitted_at,
        created_at: sheet.created_at,
        updated_at: sheet.updated_at,
        allowed_actions,
    })
}

fn actions(call: &Call, case: &Case, sheet: &ScoreSheet) -> Result<Vec<AllowedAction>, Failure> {
    let facts = facts(case, score_sheet::missing(case.category()?, &sheet.scores));
    let operations = workflow::operations::<ScoreSheetFlow>(Some(sheet.state));
    let id = sheet.assignment_id.to_string();
    Ok(call.allowed_actions((PLACE, &id), &operations, |operation| {
        workflow::blockers::<ScoreSheetFlow>(Some(sheet.state), operation, &facts)
    }))
}

const PLACE: &str = "/assignments/{assignment_id}/score-sheet";

/// What the guards of a sheet ask. No list is made from a ranking while the campaign verifies.
pub(super) fn facts(case: &Case, missing: Vec<u32>) -> ScoreSheetFacts {
    // That somebody is recused is said once.
    let said = |stake: &Stake| *stake == Stake::Recused && case.assignment.state == AssignmentState::Recused;
    ScoreSheetFacts {
        phase: case.phase,
        assignment: case.assignment.state,
        visited: case.visited,
        missing,
        ranking_in_use: false,
        stakes: case.stakes.iter().filter(|stake| !said(stake)).copied().collect(),
    }
}

/// 查看评分表 · Get a score sheet
///
/// The sheet of an assignment, once it is begun.
#[utoipa::path(
    tag = "verification",
    params(("assignment_id" = Uuid, Path, description = "The assignment")),
    responses((status = 200, description = "The score sheet", body = ScoreSheetView))
)]
#[get("/assignments/{assignment_id}/score-sheet")]
pub async fn get_score_sheet(call: Call, id: web::Path<Uuid>) -> Answer {
    let found = score_sheets::find(call.app.db.read(), &call.visibility, *id).await?;
    let (case, sheet) = found.ok_or_else(Failure::not_found)?;
    let sheet = sheet.ok_or_else(Failure::not_found)?;
    let version = sheet.version.to_string();
    call.ok(&view(&call, case, sheet)?, &version)
}

/// 保存评分表 · Save a score sheet
///
/// Begins or replaces the draft. The supervisor has declared that there is no conflict; a draft may be incomplete. Where another
/// version stands than was named, the refusal shows it, and in what it differs; what stands already is answered as done.
#[utoipa::path(
    tag = "verification",
    params(
        ("assignment_id" = Uuid, Path, description = "The assignment"),
        ("If-Match" = Option<String>, Header, description = "The version that is replaced"),
        ("If-None-Match" = Option<String>, Header, description = "`*` where it is begun"),
    ),
    request_body = ScoreSheetIn,
    responses(
        (status = 200, description = "Replaced", body = ScoreSheetView),
        (status = 201, description = "Begun", body = ScoreSheetView),
    )
)]
#[put("/assignments/{assignment_id}/score-sheet")]
pub async fn save_score_sheet(call: Call, id: web::Path<Uuid>) -> Answer {
    let answer = call.act(async |tx| {
        let (case, before, declared) = locked(&call, tx, *id).await?;
        let version = before.as_ref().map(|before| before.version.to_string());
        if let Err(refused) = call.puts(version.as_deref()) {
            let Some(sheet) = before else { return Err(refused) };
            let sent = call.read::<ScoreSheetIn>().ok().map(|sent| {
                let scores: Vec<CriterionScore> = sent.scores.into_iter().map(CriterionScore::from).collect();
                content(&scores, sent.remark.as_deref())
            });
            return stands(&call, tx, refused, (case, sheet), sent).await;
        }
        let (case, sheet) = saved(&call, tx, (case, &declared), before).await?;
        let version = sheet.version;
        let view = view(&call, case, sheet)?;
        if version == 1 {
            call.created(&format!("/api/v1/assignments/{id}/score-sheet"), &view, "1")
        } else {
            call.ok(&view, &version.to_string())
        }
    });
    answer.await.map_err(Failure::taken_is_there)
}

/// What stands, for whoever thought to find something else.
async fn stands(
    call: &Call,
    tx: &Tx,
    refused: Failure,
    (case, sheet): (Case, ScoreSheet),
    sent: Option<Value>,
) -> Answer {
    let sides = Sides { sent, stands: content(&sheet.scores, sheet.remark.as_deref()) };
    let (object, version) = ((ObjectKind::ScoreSheet, sheet.assignment_id), sheet.version);
    conflict::met(call, tx, refused, object, (&view(call, case, sheet)?, version), sides).await
}

async fn saved(
    call: &Call,
    tx: &Tx,
    (case, declared): (Case, &applications::Case),
    before: Option<ScoreSheet>,
) -> Result<(Case, ScoreSheet), Failure> {
    let sent: ScoreSheetIn = call.read()?;
    let scores: Vec<CriterionScore> = sent.scores.into_iter().map(CriterionScore::from).collect();
    let mut faults = score_sheet::faults(case.category()?, &scores);
    faults.extend(written_fault(sent.written_at, call.now));
    faults.extend(reference_faults(call, tx, declared, &scores).await?);
    Refused::unless_valid(faults)?;
    let state = before.as_ref().map(|before| before.state);
    workflow::permit::<ScoreSheetFlow>(state, call.operation(), &facts(&case, Vec::new()))?;
    let after = ScoreSheet {
        assignment_id: case.assignment.id,
        state: ScoreSheetState::Draft,
        scores,
        remark: sent.remark,
        counts: false,
        composite: None,
        written_at: sent.written_at,
        version: before.as_ref().map_or(1, |before| before.version + 1),
        submitted_at: None,
        created_at: before.as_ref().map_or(call.now, |before| before.created_at),
        updated_at: call.now,
    };
    let was = before.as_ref().map_or(Value::Null, |before| content(&before.scores, before.remark.as_deref()));
    let step = step(call, &case, state, after.state)
        .difference(&was, &content(&after.scores, after.remark.as_deref()))
        .changing(
            "/written_at",
            json!(before.as_ref().and_then(|before| before.written_at)),
            json!(after.written_at),
        );
    if before.is_none() {
        score_sheets::insert(tx, &call.journal(), &after, step).await?;
    } else {
        score_sheets::record(tx, &call.journal(), &after, step).await?;
    }
    Ok((case, after))
}

/// What an application states, for what is found of it and refers to it.
///
/// # Errors
/// [`Failure`] where the definition does not have its category.
pub(crate) fn stated(declared: &applications::Case) -> Result<Stated<'_>, Failure> {
    let application = &declared.application;
    Ok(Stated { category: declared.category()?, form: &application.form, attached: &application.attached })
}

/// What scores refer to and is not of the application: its visits are asked where they refer to any.
async fn reference_faults(
    call: &Call,
    tx: &Tx,
    declared: &applications::Case,
    scores: &[CriterionScore],
) -> Result<Vec<Fault>, Failure> {
    let mut found = HashSet::new();
    if scores.iter().any(|score| !score.findings.is_empty()) {
        let system = Visibility::system(call.operation());
        let visits = site_visits::found_of(tx, &system, declared.application.id).await?;
        found = visits.iter().flat_map(site_visits::Found::references).collect();
    }
    Ok(stated(declared)?.reference_faults(scores, &found))
}

/// 提交评分表 · Submit a score sheet
///
/// Every criterion has points and a reason, or "cannot judge" and a reason, and a trip to the nominee is recorded. With
/// the last sheet that it needs the application is verified. Where another version stands than was named, the refusal shows it;
/// a version that was submitted already is answered as done.
#[utoipa::path(
    tag = "verification",
    params(("assignment_id" = Uuid, Path, description = "The assignment"), ("If-Match" = String, Header, description = "The version that is submitted")),
    request_body = Option<SheetSubmission>,
    responses((status = 200, description = "Submitted", body = ScoreSheetView))
)]
#[post("/assignments/{assignment_id}/score-sheet/submit")]
pub async fn submit_score_sheet(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let (case, before, _) = locked(&call, tx, *id).await?;
        let before = before.ok_or_else(Failure::not_found)?;
        if let Err(refused) = call.expects(&before.version.to_string()) {
            let done = before.state == ScoreSheetState::Submitted
                && call.expects(&(before.version - 1).to_string()).is_ok();
            let sent = done.then(|| content(&before.scores, before.remark.as_deref()));
            return stands(&call, tx, refused, (case, before), sent).await;
        }
        let (case, sheet) = submitted(&call, tx, case, before).await?;
        let version = sheet.version.to_string();
        call.ok(&view(&call, case, sheet)?, &version)
    })
    .await
}

async fn submitted(
    call: &Call,
    tx: &Tx,
    case: Case,
    before: ScoreSheet,
) -> Result<(Case, ScoreSheet), Failure> {
    let sent: SheetSubmission = call.read_or_empty()?;
    Refused::unless_valid(written_fault(sent.written_at, call.now).into_iter().collect())?;
    let missing = score_sheet::missing(case.category()?, &before.scores);
    let from = before.state;
    workflow::permit::<ScoreSheetFlow>(Some(from), call.operation(), &facts(&case, missing))?;
    let was = before.written_at;
    let after = before.submitted(case.category()?, sent.written_at, call.now)?;
    let step = step(call, &case, Some(from), after.state).changing(
        "/written_at",
        json!(was),
        json!(after.written_at),
    );
    score_sheets::record(tx, &call.journal(), &after, step).await?;
    settle(call, tx, case.assignment.application_id).await?;
    Ok((case, after))
}

/// Moves an application to where its counting sheets put it, if that is what the operation leads to: `verified` once it has
/// as many as it needs, back to `accepted` with fewer (D-602, D-604).
pub(super) async fn settle(call: &Call, tx: &Tx, application_id: Uuid) -> Result<Application, Failure> {
    let (operation, system) = (call.operation(), Visibility::system(call.operation()));
    let counting = score_sheets::counting(tx, &system, application_id).await?;
    let case = applications::find(tx, &system, application_id).await?.ok_or_else(Failure::not_found)?;
    let needed = case.application.handling.sheets_needed(case.category()?.visits.value);
    let (from, before) = (Some(case.application.state), case.application);
    let enough = counting >= needed;
    let due = (from == Some(ApplicationState::Accepted) && enough)
        || (from == Some(ApplicationState::Verified) && !enough);
    if !due || workflow::rows::<ApplicationFlow>(from, operation).next().is_none() {
        return Ok(before);
    }
    let after = before.moved(operation, "", Audience::Everyone, call.now)?;
    let step = Step::of(operation, ObjectKind::Application, application_id, call.now)
        .in_campaign(after.campaign_id)
        .states(from, Some(after.state));
    applications::record(tx, &call.journal().as_system(), &after, &[step]).await?;
    Ok(after)
}

/// 退回评分表重填 · Reopen a score sheet
///
/// The office gives a submitted sheet back to its supervisor, with the reason. With too few sheets left that count, the
/// application is accepted and no longer verified.
#[utoipa::path(
    tag = "verification",
    params(("assignment_id" = Uuid, Path, description = "The assignment"), ("If-Match" = String, Header, description = "The version that is reopened")),
    request_body = SheetReopening,
    responses((status = 200, description = "Reopened", body = ScoreSheetView))
)]
#[post("/assignments/{assignment_id}/score-sheet/reopen")]
pub async fn reopen_score_sheet(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let (case, sheet) = reopened(&call, tx, *id).await?;
        let version = sheet.version.to_string();
        call.ok(&view(&call, case, sheet)?, &version)
    })
    .await
}

async fn reopened(call: &Call, tx: &Tx, id: Uuid) -> Result<(Case, ScoreSheet), Failure> {
    let (case, before, _) = locked(call, tx, id).await?;
    let before = before.ok_or_else(Failure::not_found)?;
    call.expects(&before.version.to_string())?;
    let sent: SheetReopening = call.read()?;
    let from = before.state;
    workflow::permit::<ScoreSheetFlow>(Some(from), call.operation(), &facts(&case, Vec::new()))?;
    let after = before.reopened(call.now)?;
    let step = step(call, &case, Some(from), after.state).because(sent.reason);
    score_sheets::record(tx, &call.journal(), &after, step).await?;
    settle(call, tx, case.assignment.application_id).await?;
    Ok((case, after))
}

/// The assignment, its sheet and its application, locked: the campaign first, then the application, whose other sheets wait.
async fn locked(
    call: &Call,
    tx: &Tx,
    id: Uuid,
) -> Result<(Case, Option<ScoreSheet>, applications::Case), Failure> {
    let campaign = assignments::hold_campaign(tx, &call.visibility, id).await?;
    held_already(call, tx, campaign.ok_or_else(Failure::not_found)?).await?;
    let declared = applications::lock_of_assignment(tx, &call.visibility, id).await?;
    let declared = declared.ok_or_else(Failure::not_found)?;
    let (case, sheet) = score_sheets::lock(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
    Ok((case, sheet, declared))
}

fn step(call: &Call, case: &Case, from: Option<ScoreSheetState>, to: ScoreSheetState) -> Step {
    Step::of(call.operation(), ObjectKind::ScoreSheet, case.assignment.id, call.now)
        .in_campaign(case.assignment.campaign_id)
        .states(from, Some(to))
}

/// What a sheet says, whenever it was written.
fn content(scores: &[CriterionScore], remark: Option<&str>) -> Value {
    json!({"scores": scores, "remark": remark})
}

//! Applications written: begun, filled in, deleted while they are drafts (docs/rules.md, section 5).

use std::cell::RefCell;

use actix_web::{delete, patch, post, web};
use pingxuan_domain::application::handling::Handling;
use pingxuan_domain::application::{Application, Situation};
use pingxuan_domain::campaign::definition::NomineeKind;
use pingxuan_domain::step::{Audience, ObjectKind, Step};
use pingxuan_domain::workflow::application::{ApplicationFlow, ApplicationState};
use pingxuan_domain::workflow::{self};
use pingxuan_domain::{ErrorCode, Fault, Operation, Refused};
use pingxuan_persistence::applications::{self, Case};
use pingxuan_persistence::{Tx, attachments, units};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::reading::answered;
use super::views::ApplicationView;
use super::{acted_on, forms, permitted, version};
use crate::call::{Answer, Call};
use crate::campaign::advance::category_of;
use crate::campaign::held;
use crate::identity::session::actor;
use crate::problem::Failure;

/// An application as it is begun.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplicationIn {
    /// The campaign.
    campaign_id: Uuid,
    /// The category.
    #[schema(min_length = 1, max_length = 64)]
    category_code: String,
    /// The unit on whose behalf the office enters it; a unit leaves it out or names itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit_id: Option<Uuid>,
    /// The form, as far as it is filled in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    form: Option<Value>,
}

/// What of an application can be changed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplicationFormIn {
    /// Members of the form: those sent are changed, those sent as null are taken away.
    #[schema(value_type = Object)]
    form: Value,
}

/// 新建申报 · Begin an application
///
/// Begins a draft, which may be incomplete. The office may enter one on behalf of a unit.
#[utoipa::path(tag = "applications", request_body = ApplicationIn, responses((status = 201, description = "Begun", body = ApplicationView)))]
#[post("/applications")]
pub async fn create_application(call: Call) -> Answer {
    let sent: ApplicationIn = call.read()?;
    let unit_id = declaring_unit(&call, sent.unit_id)?;
    call.act(async |tx| {
        let case = begun(&call, tx, &sent, unit_id).await?;
        let location = format!("/api/v1/applications/{}", case.application.id);
        call.created(&location, &ApplicationView::full(&call, &case)?, &version(&case, &call.visibility))
    })
    .await
}

/// A unit declares for itself; the office says for which unit it enters an application.
fn declaring_unit(call: &Call, named: Option<Uuid>) -> Result<Uuid, Failure> {
    let actor = actor(&call.visibility)?;
    match (actor.unit_id, named) {
        (Some(own), None) => Ok(own),
        (Some(own), Some(named)) if own == named => Ok(own),
        (None, Some(named)) => Ok(named),
        (Some(_), Some(_)) => {
            Err(Refused::invalid(Fault::at("/unit_id", ErrorCode::UnknownReference)).into())
        }
        (None, None) => Err(Refused::invalid(Fault::at("/unit_id", ErrorCode::Required)).into()),
    }
}

async fn begun(call: &Call, tx: &Tx, sent: &ApplicationIn, unit_id: Uuid) -> Result<Case, Failure> {
    let unknown =
        |pointer: &str| Failure::from(Refused::invalid(Fault::at(pointer, ErrorCode::UnknownReference)));
    // A database that is away, or wants the transaction once more, says nothing of the campaign.
    let campaign = held(call, tx, sent.campaign_id).await.map_err(|failure| {
        let absent = matches!(&failure, Failure::Plain(fault) if fault.code == ErrorCode::NotFound);
        if absent { unknown("/campaign_id") } else { failure }
    })?;
    if !campaign.is_public() {
        return Err(unknown("/campaign_id"));
    }
    let category = category_of(&campaign, &sent.category_code, "/category_code")?;
    let unit = units::find(tx, &call.visibility, unit_id).await?.ok_or_else(|| unknown("/unit_id"))?;
    let actor = actor(&call.visibility)?;
    let application = Application {
        id: call.app.clock.new_id(),
        campaign_id: campaign.id,
        category_code: category.code.clone(),
        nominee: category.nominee.value,
        unit_id: Some(unit.id),
        supervisor_id: None,
        nominee_name: if category.nominee.value == NomineeKind::Unit {
            unit.name.clone()
        } else {
            String::new()
        },
        nominee_post: None,
        is_leading_cadre: false,
        front_line: false,
        form: json!({}),
        personal: None,
        person_index: None,
        content_digest: String::new(),
        attached: vec![],
        state: ApplicationState::Draft,
        version: 1,
        shown_state: ApplicationState::Draft,
        shown_version: 1,
        shown_updated_at: call.now,
        entered_by_office: actor.unit_id != Some(unit.id),
        reason: None,
        rejection: None,
        correct_by: None,
        paper: None,
        handling: Handling { writers: vec![actor.user_id], ..Handling::default() },
        submitted_at: None,
        created_at: call.now,
        updated_at: call.now,
    };
    let mut case = Case::begun(application, campaign, &unit);
    let situation = Situation { application: None, ..case.situation(&call.visibility, call.now, vec![])? };
    workflow::permit::<ApplicationFlow>(None, Operation::CreateApplication, &situation)?;
    forms::fill(call.vault(), &mut case, sent.form.as_ref().unwrap_or(&json!({})))?;
    let step = step(call, &case, None).difference(&Value::Null, &forms::audited(call.vault(), &case)?);
    applications::insert(tx, &call.journal(), &case.application, step).await?;
    Ok(case)
}

/// 修改申报 · Fill in an application
///
/// A merge patch of the form. A personal value that is shown masked is left out of the patch, or sent anew. In a correction that
/// was limited to some members of the form, only those may change.
#[utoipa::path(
    tag = "applications",
    params(("application_id" = Uuid, Path, description = "The application"), ("If-Match" = String, Header, description = "The version that is changed")),
    request_body(content = ApplicationFormIn, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "Changed", body = ApplicationView))
)]
#[patch("/applications/{application_id}")]
pub async fn update_application(call: Call, id: web::Path<Uuid>) -> Answer {
    let answer = call.act(async |tx| answered(&call, &filled(&call, tx, *id).await?));
    answer.await.map_err(|failure| failure.taken_is(ErrorCode::StandsInAnotherCategory))
}

async fn filled(call: &Call, tx: &Tx, id: Uuid) -> Result<Case, Failure> {
    let mut case = acted_on(call, tx, id).await?;
    let patch = call.patch()?;
    permitted(call, &case, vec![])?;
    let before = forms::audited(call.vault(), &case)?;
    forms::fill(call.vault(), &mut case, patch.get("form").unwrap_or(&json!({})))?;
    case.application.handling.written_by(actor(&call.visibility)?.user_id);
    case.application.touch(Audience::Everyone, call.now);
    let state = case.application.state;
    let after = forms::audited(call.vault(), &case)?;
    let step = step(call, &case, Some(state)).difference(&before, &after);
    applications::record_content(tx, &call.journal(), &case.application, &[step]).await?;
    Ok(case)
}

/// 删除申报草稿 · Delete a draft
///
/// Only a draft can be deleted; what was submitted can be withdrawn.
#[utoipa::path(
    tag = "applications",
    params(("application_id" = Uuid, Path, description = "The application"), ("If-Match" = String, Header, description = "The version that is deleted")),
    responses((status = 204, description = "Deleted"))
)]
#[delete("/applications/{application_id}")]
pub async fn delete_application(call: Call, id: web::Path<Uuid>) -> Answer {
    let files = RefCell::new(Vec::new());
    let gone = call
        .act(async |tx| {
            let case = acted_on(&call, tx, *id).await?;
            permitted(&call, &case, vec![])?;
            files.replace(attachments::delete_all(tx, case.application.id).await?);
            let mut step = step(&call, &case, Some(case.application.state));
            step.to = None;
            let step = step.difference(&forms::audited(call.vault(), &case)?, &Value::Null);
            applications::delete(tx, &call.journal(), &case.application, step).await?;
            call.gone()
        })
        .await?;
    call.app.files.let_go(&files.take()).await;
    Ok(gone)
}

fn step(call: &Call, case: &Case, from: Option<ApplicationState>) -> Step {
    let application = &case.application;
    Step::of(call.operation(), ObjectKind::Application, application.id, call.now)
        .in_campaign(application.campaign_id)
        .states(from, Some(application.state))
}

/// The steps of an application that moved from where it really stood. Where those outside the house saw it elsewhere, they
/// learn of the move from there (D-403).
#[must_use]
pub fn steps_of_move(
    call: &Call,
    before: &Application,
    after: &Application,
    reason: Option<&str>,
) -> Vec<Step> {
    let of = |from: ApplicationState, audience| {
        Step::of(call.operation(), ObjectKind::Application, after.id, call.now)
            .in_campaign(after.campaign_id)
            .states(Some(from), Some(after.state))
            .because(reason.map(str::to_owned))
            .to_audience(audience)
    };
    if before.state == before.shown_state {
        vec![of(before.state, Audience::Everyone)]
    } else {
        vec![of(before.state, Audience::Insiders), of(before.shown_state, Audience::Outsiders)]
    }
}

//! Opening the personal data of an application: for a reason, and never without an audit event (D-904).

use actix_web::{post, web};
use pingxuan_domain::step::{Audience, ObjectKind, Step};
use pingxuan_persistence::Tx;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::acted_on;
use super::forms::opened_personal;
use super::sealing::opened;
use crate::call::{Answer, Call};
use crate::problem::Failure;

/// Why personal data is opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonalDataRevealIn {
    /// Why: it stands in the audit.
    #[schema(min_length = 2, max_length = 500)]
    reason: String,
}

/// A personal value of a form, in clear.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonalValueView {
    /// Where it stands, by JSON pointer into the application.
    #[schema(max_length = 200, pattern = "^/form/")]
    pointer: String,
    /// The value.
    #[schema(max_length = 500)]
    value: String,
}

/// The personal values of an application's form, in clear.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonalDataView {
    /// Each that is filled in.
    #[schema(max_items = 100)]
    items: Vec<PersonalValueView>,
}

/// 查看个人信息 · Open the personal data of an application
///
/// Tells what is masked everywhere else: citizen ID, telephone, birth date, as they were filled in. Each opening leaves an audit event
/// with its reason and the names of the members that were opened; the application itself stays as it is. While a campaign's
/// declarations lie sealed, they are opened to their unit alone.
#[utoipa::path(
    tag = "applications",
    params(("application_id" = Uuid, Path, description = "The application"), ("If-Match" = String, Header, description = "The version whose data is opened")),
    request_body = PersonalDataRevealIn,
    responses((status = 200, description = "What the form says of persons", body = PersonalDataView))
)]
#[post("/applications/{application_id}/reveal")]
pub async fn reveal_personal_data(call: Call, id: web::Path<Uuid>) -> Answer {
    call.act(async |tx| {
        let view = revealed(&call, tx, *id).await?;
        call.plain(&view)
    })
    .await
}

async fn revealed(call: &Call, tx: &Tx, id: Uuid) -> Result<PersonalDataView, Failure> {
    let case = acted_on(call, tx, id).await?;
    let sent: PersonalDataRevealIn = call.read()?;
    opened(call, &case)?;
    let application = &case.application;
    let personal = opened_personal(call.vault(), application.id, application.personal.as_deref())?;
    let names: Vec<&String> = personal.keys().collect();
    let step = Step::of(call.operation(), ObjectKind::Application, application.id, call.now)
        .in_campaign(application.campaign_id)
        .to_audience(Audience::Insiders)
        .because(sent.reason)
        .changing("/opened", Value::Null, serde_json::json!(names));
    call.journal().write(tx, &[step]).await?;
    let item = |(name, value): (String, Value)| PersonalValueView {
        pointer: format!("/form/{}", name.replace('~', "~0").replace('/', "~1")),
        value: value.as_str().unwrap_or_default().to_owned(),
    };
    Ok(PersonalDataView { items: personal.into_iter().map(item).collect() })
}

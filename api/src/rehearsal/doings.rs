//! What people do more than once: units begin and submit, the office sends back, receives papers and accepts.

use serde_json::{Value, json};
use uuid::Uuid;

use super::RehearsalError;
use super::people::{Person, Reply};

/// Where an application is.
#[must_use]
pub fn place(id: Uuid) -> String {
    format!("/applications/{id}")
}

/// A unit begins a declaration.
///
/// # Errors
/// [`RehearsalError`] where it is refused.
pub async fn begin(
    unit: &Person,
    campaign: Uuid,
    category: &str,
    form: Value,
) -> Result<Reply, RehearsalError> {
    let body = json!({"campaign_id": campaign, "category_code": category, "form": form});
    unit.post("/applications").json(body).expect(201).await
}

/// A unit submits what it has begun or corrected.
///
/// # Errors
/// [`RehearsalError`] where it is refused.
pub async fn submit(unit: &Person, written: &Reply) -> Result<Reply, RehearsalError> {
    unit.act(&place(written.id()?), written.tag()?, "submit").expect(200).await
}

/// The office sends an application back, to be corrected by a day.
///
/// # Errors
/// [`RehearsalError`] where it is refused.
pub async fn send_back(
    office: &Person,
    id: Uuid,
    reason: &str,
    correct_by: &str,
) -> Result<Reply, RehearsalError> {
    let found = office.get(&place(id)).await?;
    let body = json!({"reason": reason, "correct_by": correct_by});
    office.act(&place(id), found.tag()?, "return").json(body).expect(200).await
}

/// The office records two sealed copies of what the application says now.
///
/// # Errors
/// [`RehearsalError`] where it is refused.
pub async fn receive_paper(office: &Person, id: Uuid) -> Result<Reply, RehearsalError> {
    let found = office.get(&place(id)).await?;
    let today = office.stage().now().day();
    let body = json!({"copies": 2, "digest": found.text("/content_digest")?, "received_on": today});
    office.put(&format!("{}/paper-receipt", place(id)), found.tag()?).json(body).expect(200).await
}

/// The office accepts what its papers have come for.
///
/// # Errors
/// [`RehearsalError`] where it is refused.
pub async fn accept(office: &Person, received: &Reply) -> Result<Reply, RehearsalError> {
    office.act(&place(received.id()?), received.tag()?, "accept").expect(200).await
}

//! What departments are asked and answer, and what they bar.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::county::COUNTY;
use crate::people::Person;
use crate::reply::Reply;
use crate::selection::only;
use crate::story::SUPERVISOR;
use crate::world::World;

/// The definition of 2022 with the supervisors alone, vetted by these units of the county.
#[must_use]
pub fn vetted_by(departments: &[&str]) -> Value {
    let codes: Vec<Value> =
        departments.iter().map(|unit| COUNTY.unit(unit).get("code").cloned().unwrap_or_default()).collect();
    let mut definition = only(SUPERVISOR);
    let named = definition.pointer_mut("/categories/0/vetting_departments/value");
    *named.expect("a list of departments") = json!(codes);
    definition
}

/// The body of a veto of 2022-11-01, with these members besides or instead.
#[must_use]
pub fn veto(members: Value) -> Value {
    let mut body = json!({
        "field": "safety", "document": "兴应急〔2022〕7号", "basis": "发生责任事故。", "decided_on": "2022-11-01",
    });
    let said = body.as_object_mut().expect("an object");
    said.extend(members.as_object().cloned().unwrap_or_default());
    said.retain(|_, member| !member.is_null());
    body
}

/// The office asks departments about the candidates of a category.
pub async fn request_vetting(world: &World, campaign: Uuid, body: Value) -> Reply {
    world.office().await.post(&format!("/campaigns/{campaign}/vetting-requests")).json(body).await
}

/// A department answers a request, whatever version it has.
pub async fn answer(who: &Person, request: Uuid, body: Value) -> Reply {
    who.post(&format!("/vetting-requests/{request}/opinion")).if_match("*").json(body).await
}

/// The office resolves a concern.
pub async fn resolve(who: &Person, request: Uuid) -> Reply {
    let body = json!({"resolution": "经核实,问题已整改到位。"});
    who.post(&format!("/vetting-requests/{request}/resolve")).if_match("*").json(body).await
}

/// Somebody lifts a veto.
pub async fn lift(who: &Person, veto: Uuid) -> Reply {
    who.post(&format!("/vetoes/{veto}/lift")).if_match("*").json(json!({"reason": "整改验收合格。"})).await
}

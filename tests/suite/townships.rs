//! The story of two townships, from their acceptance to the notice that shows them.

use pingxuan_tests::World;
use pingxuan_tests::selection::only;
use pingxuan_tests::story::TOWNSHIP;
use pingxuan_tests::verification::{sheet_with_finding, submit_sheet};
use serde_json::{Value, json};
use uuid::Uuid;

/// A definition of townships alone, with so many places and one sheet for each.
fn townships(quota: u32) -> Value {
    let mut definition = only(TOWNSHIP);
    definition["categories"][0]["quota"]["value"] = json!(quota);
    definition["categories"][0]["visits"]["value"] = json!(1);
    definition
}

/// The two.
pub(crate) const TWO: [&str; 2] = ["江背镇", "高兴镇"];

/// A campaign of two townships, both accepted, before its deadline.
pub(crate) async fn two_accepted(world: &World, quota: u32) -> (Uuid, [Uuid; 2]) {
    let campaign = world.campaign_of(townships(quota)).await;
    world.advanced(campaign).await.expect(200);
    let first = world.accepted(campaign, TWO[0], TOWNSHIP).await;
    (campaign, [first, world.accepted(campaign, TWO[1], TOWNSHIP).await])
}

/// After the deadline: both are scored, the first better, and the campaign selects. Something was found at the second: the
/// assignment whose sheet says so.
pub(crate) async fn two_verified(world: &World, campaign: Uuid, [first, second]: [Uuid; 2]) -> Uuid {
    world.advanced(campaign).await.expect(200);
    let supervisor = world.supervisor("赵一").await;
    world.scored((campaign, first), &supervisor, (5, "95")).await;
    let found = world.begun_sheet((campaign, second), &supervisor, sheet_with_finding(5, "80")).await;
    submit_sheet(&supervisor, found).await.expect(200);
    world.advanced(campaign).await.expect(200);
    found
}

/// The annual assessments of both.
pub(crate) async fn assessed(world: &World) {
    for unit in TWO {
        let id = world.unit_id(unit).await;
        let place = format!("/annual-assessments/2022/{id}");
        let put =
            world.office().await.put(&place).header("if-none-match", "*").json(json!({"score": "90.00"}));
        put.await.expect(201);
    }
}

/// A list of the townships, shown to the public: the list and its notice.
pub(crate) async fn two_noticed(world: &World, campaign: Uuid) -> (Uuid, Uuid) {
    let list = world.listed(campaign, json!({"category_code": TOWNSHIP})).await.expect(201).id();
    let office = world.office().await;
    office.act(&format!("/shortlists/{list}/propose"), Value::Null).await.expect(200);
    world.approver().await.act(&format!("/shortlists/{list}/endorse"), json!({})).await.expect(200);
    let shown = office.act(&format!("/shortlists/{list}/publish-notice"), Value::Null).await.expect(200);
    (list, shown.text_at("/notices/0/id").parse().unwrap())
}

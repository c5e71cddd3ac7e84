//! What the office does with a whole campaign: more time, an end before its time.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::reply::Reply;
use crate::story::definition;
use crate::world::World;

/// An extension as the office grants it: for a unit, or for all by a document.
#[must_use]
pub fn extension(unit: Option<Uuid>, until: &str) -> Value {
    let document = unit.is_none().then_some("兴五型办字〔2022〕9号");
    json!({"unit_id": unit, "until": until, "document_number": document, "reason": "灾后恢复，延期申报。"})
}

/// The definition of 2022 with declarations that lie sealed (D-303).
#[must_use]
pub fn sealed_definition() -> Value {
    let mut definition = definition();
    let sealed = definition.pointer_mut("/sealed").expect("whether it is sealed");
    *sealed = json!({"value": true, "source": "office"});
    definition
}

impl World {
    /// A campaign that accepts declarations under seal.
    pub async fn sealed_campaign(&self) -> Uuid {
        let campaign = self.campaign_of(sealed_definition()).await;
        self.advanced(campaign).await.expect(200);
        campaign
    }

    /// The office opens the seal of a campaign.
    pub async fn opened(&self, campaign: Uuid) -> Reply {
        self.office().await.act(&format!("/campaigns/{campaign}/open-seal"), Value::Null).await
    }

    /// The office grants a unit an extension.
    pub async fn extended(&self, campaign: Uuid, unit: &str, until: &str) -> Reply {
        self.grants(campaign, extension(Some(self.unit_id(unit).await), until)).await
    }

    /// The office grants an extension, said in full.
    pub async fn grants(&self, campaign: Uuid, body: Value) -> Reply {
        self.office().await.post(&format!("/campaigns/{campaign}/extensions")).json(body).await
    }

    /// The office cancels a campaign.
    pub async fn cancelled(&self, campaign: Uuid) -> Reply {
        let body = json!({"reason": "上级统一调整，本年度不再评选。"});
        self.office().await.act(&format!("/campaigns/{campaign}/cancel"), body).await
    }
}

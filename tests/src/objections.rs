//! Objections: what anyone holds against a candidate, and what an investigator makes of it.

use pingxuan_domain::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::people::Person;
use crate::reply::Reply;
use crate::world::World;

/// Who objects where a name is given, and what must be seen of them nowhere.
pub const OBJECTOR: [&str; 3] = ["欧阳举报", "兴国县某村委会", "13907970000"];

/// An anonymous objection to a candidate, or to the list as a whole.
#[must_use]
pub fn lead(application: Option<Uuid>) -> Value {
    let mut body =
        json!({"content": "履职记录与事实不符。", "evidence": ["2022年3月督查记录", "可问村干部"]});
    if let (Some(application), Some(members)) = (application, body.as_object_mut()) {
        members.insert("application_id".into(), json!(application));
    }
    body
}

/// The same, with the objector's name.
#[must_use]
pub fn named(application: Option<Uuid>) -> Value {
    let mut body = lead(application);
    let [name, unit, phone] = OBJECTOR;
    if let Some(members) = body.as_object_mut() {
        members.insert("objector".into(), json!({"name": name, "unit": unit, "phone": phone}));
    }
    body
}

/// What an investigation finds, with this outcome; one in part has the candidate disqualified.
#[must_use]
pub fn finding(outcome: &str) -> Value {
    let mut body =
        json!({"outcome": outcome, "findings": "经调阅台账并走访核实。", "answer": "已核实，现予答复。"});
    if let (true, Some(members)) = (outcome == "partly", body.as_object_mut()) {
        members.insert("consequence".into(), json!("disqualify"));
        members.insert("consequence_reason".into(), json!("影响评选条件。"));
    }
    body
}

/// Anyone objects to a notice.
pub async fn object(who: &Person, notice: Uuid, body: Value) -> Reply {
    who.post(&format!("/public/notices/{notice}/objections")).json(body).await
}

impl World {
    /// Somebody of the office who investigates.
    pub async fn investigator(&self) -> Person {
        self.person("investigator", &[Role::Office]).await
    }

    /// An objection to a notice that somebody has filed: its id, and the code of its receipt.
    pub async fn objected(&self, notice: Uuid, body: Value) -> (Uuid, String) {
        let filed = object(&self.public(), notice, body).await.expect(201);
        let newest = format!("/objections?notice_id={notice}&sort=-filed_at&limit=1");
        let listed = self.office().await.get(&newest).await.expect(200);
        let id = listed.column("id").pop().and_then(|id| id.parse().ok());
        (id.expect("an objection"), filed.text_at("/receipt_code"))
    }

    /// The same, assigned to the investigator.
    pub async fn investigated(&self, notice: Uuid, body: Value) -> Uuid {
        let (objection, _) = self.objected(notice, body).await;
        let body = json!({"investigator_id": self.investigator().await.user_id()});
        self.office().await.act(&format!("/objections/{objection}/assign"), body).await.expect(200);
        objection
    }

    /// The investigator answers an objection.
    pub async fn answered(&self, objection: Uuid, body: Value) -> Reply {
        self.investigator().await.act(&format!("/objections/{objection}/resolve"), body).await
    }
}

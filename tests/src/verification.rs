//! A selection that verifies: who is assigned, who went there, who has scored; each told through HTTP alone.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::people::Person;
use crate::reply::Reply;
use crate::selection::SELECTS;
use crate::story::definition;
use crate::world::World;

/// The body of a score sheet: so many points for each of so many criteria.
#[must_use]
pub fn sheet(criteria: u32, points: &str) -> Value {
    let score = |criterion| json!({"criterion": criterion, "points": points, "reason": format!("第{criterion}条属实。")});
    json!({"scores": (1..=criteria).map(score).collect::<Vec<_>>()})
}

/// The same, with something found on site that would bar the nominee.
#[must_use]
pub fn sheet_with_finding(criteria: u32, points: &str) -> Value {
    let mut body = sheet(criteria, points);
    if let Some(first) = body.pointer_mut("/scores/0").and_then(Value::as_object_mut) {
        first.insert("veto_finding".into(), json!("存在弄虚作假问题。"));
    }
    body
}

/// The body of a site visit of 2023-01-01 with a member of the office.
#[must_use]
pub fn visit(application: Uuid, supervisors: &[&Person]) -> Value {
    let ids: Vec<Uuid> = supervisors.iter().map(|supervisor| supervisor.supervisor_id()).collect();
    json!({
        "application_id": application, "visited_on": "2023-01-01", "place": "便民服务中心", "supervisor_ids": ids,
        "others": [{"name": "县五型办干部"}], "notes": "查看了台账。",
    })
}

/// Somebody records a visit.
pub async fn record_visit(who: &Person, id: Uuid, body: Value) -> Reply {
    who.put(&format!("/site-visits/{id}")).header("if-none-match", "*").json(body).await
}

/// A supervisor begins a sheet.
pub async fn begin_sheet(who: &Person, assignment: Uuid, body: Value) -> Reply {
    who.put(&format!("/assignments/{assignment}/score-sheet")).header("if-none-match", "*").json(body).await
}

/// A supervisor submits the sheet as it is.
pub async fn submit_sheet(who: &Person, assignment: Uuid) -> Reply {
    who.act(&format!("/assignments/{assignment}/score-sheet/submit"), Value::Null).await
}

/// The body of one's own recusal from an application.
#[must_use]
pub fn recusal(application: Uuid) -> Value {
    json!({"application_id": application, "kind": "relative", "reason": "与单位负责人有亲属关系。"})
}

/// Somebody declares a recusal.
pub async fn declare_recusal(who: &Person, campaign: Uuid, body: Value) -> Reply {
    who.post(&format!("/campaigns/{campaign}/recusals")).json(body).await
}

/// Somebody lifts a recusal, whatever its version.
pub async fn lift_recusal(who: &Person, recusal: Uuid) -> Reply {
    let body = json!({"reason": "经核实不构成回避情形。"});
    who.post(&format!("/recusals/{recusal}/lift")).if_match("*").json(body).await
}

/// The office, or whoever tries, gives a sheet back to its supervisor.
pub async fn reopen_sheet(who: &Person, assignment: Uuid) -> Reply {
    let body = json!({"reason": "第二项理由不充分。"});
    who.post(&format!("/assignments/{assignment}/score-sheet/reopen")).if_match("*").json(body).await
}

impl World {
    /// A campaign that verifies, with these applications accepted: the campaign and its applications.
    pub async fn verifying(&self, declared: &[(&str, &str)]) -> (Uuid, Vec<Uuid>) {
        self.verifying_by(definition(), declared).await
    }

    /// The same, by this definition.
    pub async fn verifying_by(&self, definition: Value, declared: &[(&str, &str)]) -> (Uuid, Vec<Uuid>) {
        let campaign = self.campaign_of(definition).await;
        self.advanced(campaign).await.expect(200);
        let mut applications = Vec::new();
        for (unit, category) in declared {
            applications.push(self.accepted(campaign, unit, category).await);
        }
        self.move_clock(SELECTS).await;
        self.advanced(campaign).await.expect(200);
        (campaign, applications)
    }

    /// The office declares that a supervisor is recused from an application.
    pub async fn recused(&self, campaign: Uuid, application: Uuid, supervisor: &Person) -> Reply {
        let mut body = recusal(application);
        if let Some(members) = body.as_object_mut() {
            members.insert("supervisor_id".into(), json!(supervisor.supervisor_id()));
        }
        declare_recusal(&self.office().await, campaign, body).await
    }

    /// The office assigns a supervisor to an application: the answer, not yet confirmed.
    pub async fn assign(&self, campaign: Uuid, application: Uuid, supervisor: &Person) -> Reply {
        let body = json!({"application_id": application, "supervisor_id": supervisor.supervisor_id()});
        self.office().await.post(&format!("/campaigns/{campaign}/assignments")).json(body).await
    }

    /// The same, confirmed by the office.
    pub async fn confirmed(&self, campaign: Uuid, application: Uuid, supervisor: &Person) -> Uuid {
        let assignment = self.assign(campaign, application, supervisor).await.expect(201).id();
        let office = self.office().await;
        office.post(&format!("/campaigns/{campaign}/assignments/confirm")).json(json!({})).await.expect(200);
        assignment
    }

    /// The same, declared free of conflict.
    pub async fn cleared(&self, campaign: Uuid, application: Uuid, supervisor: &Person) -> Uuid {
        let assignment = self.confirmed(campaign, application, supervisor).await;
        supervisor.post(&format!("/assignments/{assignment}/declare")).if_match("*").await.expect(200);
        assignment
    }

    /// The same, with a trip recorded and a sheet of so many points for each of so many criteria, not yet submitted.
    pub async fn drafted_sheet(
        &self,
        (campaign, application): (Uuid, Uuid),
        supervisor: &Person,
        (criteria, points): (u32, &str),
    ) -> Uuid {
        self.begun_sheet((campaign, application), supervisor, sheet(criteria, points)).await
    }

    /// The same, with a sheet of this body.
    pub async fn begun_sheet(
        &self,
        (campaign, application): (Uuid, Uuid),
        supervisor: &Person,
        body: Value,
    ) -> Uuid {
        let assignment = self.cleared(campaign, application, supervisor).await;
        let trip = visit(application, &[supervisor]);
        record_visit(supervisor, Uuid::new_v4(), trip).await.expect(201);
        begin_sheet(supervisor, assignment, body).await.expect(201);
        assignment
    }

    /// The same, submitted.
    pub async fn scored(
        &self,
        (campaign, application): (Uuid, Uuid),
        supervisor: &Person,
        (criteria, points): (u32, &str),
    ) -> Uuid {
        let assignment = self.drafted_sheet((campaign, application), supervisor, (criteria, points)).await;
        submit_sheet(supervisor, assignment).await.expect(200);
        assignment
    }
}

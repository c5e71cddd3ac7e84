//! A selection that has come as far as its lists: supervisors evaluated by their duty records, lists proposed and shown.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::people::Person;
use crate::reply::Reply;
use crate::story::{SUPERVISOR, TOWNSHIP, decision_record, definition};
use crate::world::World;

/// The first instant at which a campaign of 2022 can leave `accepting`.
pub const SELECTS: &str = "2023-01-01T00:00:00+08:00";
/// Five working days after a notice of 2023-01-01: the 3rd to the 6th, and the 9th, until 24:00.
pub const NOTICE_OVER: &str = "2023-01-10T00:00:00+08:00";

/// The definition of 2022 with one category alone.
#[must_use]
pub fn only(category: &str) -> Value {
    let mut definition = definition();
    let categories = definition.get_mut("categories").and_then(Value::as_array_mut).expect("categories");
    categories.retain(|found| found.get("code").is_some_and(|code| code == category));
    definition
}

/// Where the ranking of the supervisors is.
#[must_use]
pub fn ranking_of(campaign: Uuid, category: &str) -> String {
    format!("/campaigns/{campaign}/categories/{category}/ranking")
}

/// One member of each row of a list in a body, as text.
#[must_use]
pub fn members(rows: &[Value], member: &str) -> Vec<String> {
    let text = |row: &Value| row.get(member).and_then(Value::as_str).map(str::to_owned);
    rows.iter().filter_map(text).collect()
}

impl World {
    /// A selection of supervisors alone that selects: each is named with the duty records of theirs that were approved.
    pub async fn selecting(&self, supervisors: &[(&str, usize)]) -> Uuid {
        for (name, records) in supervisors {
            let supervisor = self.supervisor(name).await;
            for record in 0..*records {
                self.duty_record(&supervisor, record).await.expect(200);
            }
        }
        self.selecting_by(only(SUPERVISOR)).await
    }

    /// A campaign of supervisors alone that selects, by this definition.
    pub async fn selecting_by(&self, definition: Value) -> Uuid {
        let campaign = self.campaign_of(definition).await;
        self.advanced(campaign).await.expect(200);
        self.move_clock(SELECTS).await;
        self.advanced(campaign).await.expect(200);
        let selecting = self.advanced(campaign).await.expect(200);
        assert_eq!(selecting.state(), "selecting");
        campaign
    }

    /// The 2022 selection, selecting, with townships that two supervisors have scored: the points that each gave for every
    /// criterion, and the body of the township's annual assessment. The campaign, and the applications in order.
    pub async fn selecting_townships(&self, townships: &[(&str, [&str; 2], Value)]) -> (Uuid, Vec<Uuid>) {
        let scorers = [self.supervisor("钟甲").await, self.supervisor("钟乙").await];
        let declared: Vec<_> = townships.iter().map(|(unit, _, _)| (*unit, TOWNSHIP)).collect();
        let (campaign, applications) = self.verifying(&declared).await;
        for (application, (unit, points, assessment)) in applications.iter().zip(townships) {
            for (scorer, points) in scorers.iter().zip(points) {
                self.scored((campaign, *application), scorer, (5, points)).await;
            }
            if !assessment.is_null() {
                self.assessed(unit, assessment.clone()).await.expect(201);
            }
        }
        self.advanced(campaign).await.expect(200);
        (campaign, applications)
    }

    /// The office records the annual assessment of a unit for 2022.
    pub async fn assessed(&self, unit: &str, assessment: Value) -> Reply {
        let place = format!("/annual-assessments/2022/{}", self.unit_id(unit).await);
        self.office().await.put(&place).header("if-none-match", "*").json(assessment).await
    }

    /// Something that a supervisor did, approved by the office: worth 10 points of a criterion.
    pub async fn duty_record(&self, supervisor: &Person, number: usize) -> Reply {
        let body = json!({
            "kind": "supervision", "done_on": format!("2022-03-{:02}", number + 1), "title": "督查",
            "description": "到乡镇督查作风建设。",
        });
        let place = format!("/supervisors/{}/duty-records", supervisor.supervisor_id());
        let made = supervisor.post(&place).json(body).await.expect(201);
        let office = self.office().await;
        let review = office.post(&format!("/duty-records/{}/review", made.id())).if_match(&made.etag());
        review.json(json!({"outcome": "approved"})).await
    }

    /// The application of each supervisor of a campaign, in the order of the ranking.
    pub async fn ranked(&self, campaign: Uuid) -> Vec<Uuid> {
        let ranking = self.office().await.get(&ranking_of(campaign, SUPERVISOR)).await.expect(200);
        let ids = members(ranking.list_at("/entries"), "application_id");
        ids.iter().map(|id| id.parse().expect("an id")).collect()
    }

    /// A draft of a list, as the office makes it.
    pub async fn listed(&self, campaign: Uuid, body: Value) -> Reply {
        self.office().await.post(&format!("/campaigns/{campaign}/shortlists")).json(body).await
    }

    /// A list of the supervisors, proposed.
    pub async fn proposed(&self, campaign: Uuid) -> Uuid {
        let list = self.listed(campaign, json!({"category_code": SUPERVISOR})).await.expect(201).id();
        self.office().await.act(&format!("/shortlists/{list}/propose"), Value::Null).await.expect(200);
        list
    }

    /// The same, with the approver's consent.
    pub async fn endorsed(&self, campaign: Uuid) -> Uuid {
        let list = self.proposed(campaign).await;
        self.approver().await.act(&format!("/shortlists/{list}/endorse"), json!({})).await.expect(200);
        list
    }

    /// The same, shown to the public: the list and its notice.
    pub async fn noticed(&self, campaign: Uuid) -> (Uuid, Uuid) {
        let list = self.endorsed(campaign).await;
        let shown = self
            .office()
            .await
            .act(&format!("/shortlists/{list}/publish-notice"), Value::Null)
            .await
            .expect(200);
        (list, shown.text_at("/notices/0/id").parse().expect("a notice"))
    }

    /// The same, with its period over and its notice closed.
    pub async fn closed(&self, campaign: Uuid) -> (Uuid, Uuid) {
        let (list, notice) = self.noticed(campaign).await;
        self.move_clock(NOTICE_OVER).await;
        close(&self.office().await, notice).await.expect(200);
        (list, notice)
    }

    /// The same, approved.
    pub async fn approved(&self, campaign: Uuid) -> Uuid {
        let (list, _) = self.closed(campaign).await;
        approve(&self.approver().await, list, json!({"decision": decision_record()})).await.expect(200);
        list
    }
}

/// Somebody closes a notice.
pub async fn close(who: &Person, notice: Uuid) -> Reply {
    who.act_on(&format!("/public/notices/{notice}"), &format!("/public-notices/{notice}/close"), Value::Null)
        .await
}

/// Somebody decides on a list.
pub async fn approve(who: &Person, list: Uuid, body: Value) -> Reply {
    who.act(&format!("/shortlists/{list}/approve"), body).await
}

/// The approver consents and the office shows the list: the ids of its notices.
pub async fn shown(world: &World, list: Uuid) -> Vec<Uuid> {
    world.approver().await.act(&format!("/shortlists/{list}/endorse"), json!({})).await.expect(200);
    let place = format!("/shortlists/{list}/publish-notice");
    let shown = world.office().await.act(&place, Value::Null).await.expect(200);
    members(shown.list_at("/notices"), "id").iter().map(|id| id.parse().expect("a notice")).collect()
}

/// The office disqualifies an application for something: what kind of thing, and which.
pub async fn disqualify(who: &Person, application: Uuid, (ground, reference): (&str, Uuid)) -> Reply {
    let body = json!({"ground": ground, "reference_id": reference, "reason": "实地核查发现弄虚作假。"});
    who.act(&format!("/applications/{application}/disqualify"), body).await
}

/// Somebody puts an application in a vacant place, with a reason for passing others over where there are any.
pub async fn substitute(who: &Person, application: Uuid, departure: Option<&str>) -> Reply {
    let mut body = json!({"reason": "依次递补。"});
    if let (Some(departure), Some(members)) = (departure, body.as_object_mut()) {
        members.insert("departure_reason".into(), json!(departure));
    }
    who.act(&format!("/applications/{application}/substitute"), body).await
}

/// Somebody withdraws their application.
pub async fn withdraw(who: &Person, application: Uuid) -> Reply {
    who.act(&format!("/applications/{application}/withdraw"), json!({"reason": "不再参评。"})).await
}

/// An application as somebody sees it.
pub async fn seen(who: &Person, application: Uuid) -> Reply {
    who.get(&format!("/applications/{application}")).await.expect(200)
}

/// Somebody approves a list as it stands.
pub async fn decide(who: &Person, list: Uuid) -> Reply {
    approve(who, list, json!({"decision": decision_record()})).await
}

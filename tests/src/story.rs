//! What has happened so far: a campaign that accepts, an application that is accepted, each told through HTTP alone.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::county::{COUNTY, number};
use crate::people::Person;
use crate::reply::Reply;
use crate::world::World;

/// 示范乡镇.
pub const TOWNSHIP: &str = "demonstration_township";
/// 先进集体.
pub const COLLECTIVE: &str = "advanced_collective";
/// 先进个人.
pub const INDIVIDUAL: &str = "advanced_individual";
/// 优秀监督员.
pub const SUPERVISOR: &str = "excellent_supervisor";

/// The definition of the 2022 selection, as it is embedded in the program.
#[must_use]
pub fn definition() -> Value {
    let text = include_str!("../../campaigns/xingguo-2022.json");
    serde_json::from_str(text).expect("the definition of 2022")
}

/// The same, with other days of acceptance.
#[must_use]
pub fn definition_with_window(opens_on: &str, closes_on: &str) -> Value {
    let mut definition = definition();
    let window = definition.pointer_mut("/acceptance/value").expect("a window");
    *window = json!({"opens_on": opens_on, "closes_on": closes_on});
    definition
}

/// The form of a category, filled in by a unit so that it can be submitted; `person` tells the people of a unit apart.
#[must_use]
pub fn filled_form(category: &str, unit: &str, person: usize) -> Value {
    let deeds = |criteria: usize| -> Value {
        (1..=criteria)
            .map(|n| (format!("criterion_{n}"), json!(format!("{unit}对照第{n}条做了这些事。"))))
            .collect()
    };
    let whole = number(unit) * 100 + person;
    if category == INDIVIDUAL {
        let citizen_id = COUNTY.citizen_id(whole);
        let born = citizen_id.get(6..10).unwrap_or_default();
        return json!({
            "name": format!("张·{unit}{person}"), "sex": "female", "ethnicity": "畲族",
            "birth_month": format!("{born}-06"), "political_status": "party_member", "education": "大学",
            "working_since": "2008-07", "post": "办公室干部", "rank": "一级科员", "citizen_id": citizen_id,
            "phone": format!("139{whole:08}"), "is_leading_cadre": false, "front_line": true,
            "resume": "2008年7月参加工作。", "deeds": deeds(4), "honours": [], "penalties": [],
            "internal_showing": {
                "shown_from": "2022-11-01", "shown_until": "2022-11-05", "how": "单位公示栏", "result": "无异议",
            },
        });
    }
    json!({
        "name": COUNTY.full_name(unit), "headcount": 60, "head": "王主任", "contact": "李干事",
        "phone": format!("0797-{:07}", 5_300_000 + whole), "deeds": deeds(if category == TOWNSHIP { 5 } else { 4 }),
        "honours": [{"year": 2021, "title": "先进单位", "granted_by": "县政府"}], "penalties": [],
    })
}

/// A decision record (D-707's), as every decision embeds one.
#[must_use]
pub fn decision_record() -> Value {
    json!({
        "document_number": "兴府字〔2023〕1号", "decided_on": "2023-01-09", "meeting": "县政府常务会议",
        "present": ["刘县长", "陈副县长"], "recused": [], "reasons": "按排名审定。",
    })
}

impl World {
    /// The office enters a campaign from a definition.
    pub async fn campaign_of(&self, definition: Value) -> Uuid {
        let body = json!({"definition": definition});
        self.office().await.post("/campaigns").json(body).await.expect(201).id()
    }

    /// The 2022 campaign as a draft.
    pub async fn draft_campaign(&self) -> Uuid {
        self.campaign_of(definition()).await
    }

    /// The 2022 campaign, published, with a window that opens in a week.
    pub async fn published_campaign(&self) -> Uuid {
        let campaign = self.campaign_of(definition_with_window("2022-11-14", "2022-12-31")).await;
        self.advanced(campaign).await.expect(200);
        campaign
    }

    /// The 2022 campaign, accepting declarations.
    pub async fn accepting_campaign(&self) -> Uuid {
        let campaign = self.draft_campaign().await;
        self.advanced(campaign).await.expect(200);
        campaign
    }

    /// The office sends a campaign on to its next phase; what is due by then is carried out before anything else is done.
    pub async fn advanced(&self, campaign: Uuid) -> Reply {
        let reply = self.office().await.act(&format!("/campaigns/{campaign}/advance"), json!({})).await;
        self.sweep().await;
        reply
    }

    /// A draft of a unit, with its form filled in.
    pub async fn drafted(&self, campaign: Uuid, unit: &str, category: &str) -> Uuid {
        self.drafted_for(campaign, unit, category, 1).await
    }

    /// A draft of a unit for one of its people.
    pub async fn drafted_for(&self, campaign: Uuid, unit: &str, category: &str, person: usize) -> Uuid {
        let form = filled_form(category, unit, person);
        let body = json!({"campaign_id": campaign, "category_code": category, "form": form});
        self.unit(unit).await.post("/applications").json(body).await.expect(201).id()
    }

    /// What a unit has submitted.
    pub async fn submitted(&self, campaign: Uuid, unit: &str, category: &str) -> Uuid {
        self.submitted_for(campaign, unit, category, 1).await
    }

    /// What a unit has submitted for one of its people.
    pub async fn submitted_for(&self, campaign: Uuid, unit: &str, category: &str, person: usize) -> Uuid {
        let application = self.drafted_for(campaign, unit, category, person).await;
        submit(&self.unit(unit).await, application).await.expect(200);
        application
    }

    /// What a unit has submitted and the office has returned, to be corrected by a day.
    pub async fn returned(&self, campaign: Uuid, unit: &str, category: &str, correct_by: &str) -> Uuid {
        let application = self.submitted(campaign, unit, category).await;
        let body = json!({"reason": "请补充事迹。", "correct_by": correct_by});
        self.office().await.act(&format!("/applications/{application}/return"), body).await.expect(200);
        application
    }

    /// What a unit has submitted and the office has accepted, with its paper copies.
    pub async fn accepted(&self, campaign: Uuid, unit: &str, category: &str) -> Uuid {
        let application = self.submitted(campaign, unit, category).await;
        let office = self.office().await;
        receive_paper(&office, application).await.expect(200);
        office.act(&format!("/applications/{application}/accept"), json!({})).await.expect(200);
        application
    }

    /// What a unit has submitted and the office has rejected.
    pub async fn rejected(&self, campaign: Uuid, unit: &str, category: &str) -> Uuid {
        let application = self.submitted(campaign, unit, category).await;
        let body = json!({"ground": "criterion", "criterion": 1, "reason": "未见成效。"});
        self.office().await.act(&format!("/applications/{application}/reject"), body).await.expect(200);
        application
    }

    /// What a unit has submitted and withdrawn.
    pub async fn withdrawn(&self, campaign: Uuid, unit: &str, category: &str) -> Uuid {
        let application = self.submitted(campaign, unit, category).await;
        let unit = self.unit(unit).await;
        unit.act(&format!("/applications/{application}/withdraw"), json!({})).await.expect(200);
        application
    }
}

/// Somebody submits an application.
pub async fn submit(who: &Person, application: Uuid) -> Reply {
    who.act(&format!("/applications/{application}/submit"), json!({})).await
}

/// The office records two sealed copies of what the application says now.
pub async fn receive_paper(office: &Person, application: Uuid) -> Reply {
    let place = format!("/applications/{application}");
    let found = office.get(&place).await.expect(200);
    let body = json!({"copies": 2, "digest": found.text_at("/content_digest"), "received_on": found_day(office.world())});
    office.put(&format!("{place}/paper-receipt")).if_match(&found.etag()).json(body).await
}

/// Today, in the campaign's zone.
fn found_day(world: &World) -> String {
    world.now().day().to_string()
}

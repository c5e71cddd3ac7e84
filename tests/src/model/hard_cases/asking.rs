//! What a hard case asks of the server.

use pingxuan_domain::Day;
use pingxuan_domain::workflow::objection::ObjectionState;
use pingxuan_domain::workflow::vetting_request::VettingState;
use serde_json::json;
use uuid::Uuid;

use super::{Hard, Named, Whom};
use crate::model::{CATEGORIES, Model, Someone};
use crate::objections::{finding, lead};
use crate::people::Request;

impl Model {
    /// The request of a hard case.
    pub(in crate::model) async fn request_hard(&self, who: &Someone, hard: &Hard) -> Option<Request> {
        let person = &who.person;
        let campaign = format!("/campaigns/{}", self.campaign);
        let act = |at: usize, action: &str| {
            let app = self.app_at(at);
            person.post(&format!("/applications/{}/{action}", app.it.id)).if_match(&self.tag(who, app))
        };
        let reason = json!({"reason": "情况属实。"});
        Some(match hard {
            Hard::Extend { unit, days } => {
                let until = self.later().plus_days(*days);
                let unit = unit.and_then(|unit| self.units.get(unit)).map(|unit| unit.id);
                person
                    .post(&format!("{campaign}/extensions"))
                    .json(crate::campaign::extension(unit, &until.to_string()))
            }
            Hard::Waive(at) => act(*at, "waive-visits").json(reason),
            Hard::Revoke(at) => act(*at, "revoke").json(json!({"decision": self.record()})),
            Hard::Substitute(at) => {
                let mut body = json!({"reason": "依次递补。"});
                if !self.passed_over(self.app_at(*at)).is_empty() {
                    body["departure_reason"] = json!("另有考虑。");
                }
                act(*at, "substitute").json(body)
            }
            Hard::Disqualify { application, named } => {
                let (ground, id) = match named {
                    Named::Objection(at) => ("objection", self.objections.get(*at)?.id),
                    Named::Question(at) => ("vetting", self.questions.get(*at)?.id),
                    Named::Veto(at) => ("veto", self.vetoes.get(*at)?.id),
                };
                let body = json!({"ground": ground, "reference_id": id, "reason": "不符合评选条件。"});
                act(*application, "disqualify").json(body)
            }
            Hard::Reopen(at) => {
                let place = format!("/assignments/{}/score-sheet/reopen", self.duties.get(*at)?.id);
                person.post(&place).if_match("*").json(reason)
            }
            Hard::Recuse { application, whom } => {
                let mut body = crate::verification::recusal(self.app_at(*application).it.id);
                match whom {
                    Whom::Oneself => {}
                    Whom::Supervisor(at) => body["supervisor_id"] = json!(self.supervisors.get(*at)?.id),
                    Whom::Account(at) => body["user_id"] = json!(self.people.get(*at)?.account()?),
                }
                person.post(&format!("{campaign}/recusals")).json(body)
            }
            Hard::LiftRecusal(at) => {
                person.post(&format!("/recusals/{}/lift", self.bars.get(*at)?.id)).if_match("*").json(reason)
            }
            Hard::Veto { unit, days } => {
                let today = self.now().day();
                person.post("/vetoes").json(crate::vetting::veto(json!({
                    "unit_id": self.units.get(*unit)?.id, "decided_on": today, "until": today.plus_days(*days),
                })))
            }
            Hard::LiftVeto(at) => {
                person.post(&format!("/vetoes/{}/lift", self.vetoes.get(*at)?.id)).if_match("*").json(reason)
            }
            Hard::Ask(at) => person
                .post(&format!("{campaign}/vetting-requests"))
                .json(json!({"category_code": CATEGORIES.get(*at)?})),
            Hard::Opine { question, outcome } => {
                let mut body = json!({"opinion": outcome});
                if *outcome != VettingState::NoObjection {
                    body["basis"] = json!("有待核实的情况。");
                    body["document"] = json!("函〔2022〕1号");
                }
                let place = format!("/vetting-requests/{}/opinion", self.questions.get(*question)?.id);
                person.post(&place).if_match("*").json(body)
            }
            Hard::ResolveConcern(at) => {
                let place = format!("/vetting-requests/{}/resolve", self.questions.get(*at)?.id);
                person.post(&place).if_match("*").json(json!({"resolution": "已核实。"}))
            }
            Hard::Object { list, notice, entry } => {
                let notice = self.lists.get(*list)?.notices.get(*notice)?;
                let place = format!("/public/notices/{}/objections", notice.id);
                person.post(&place).json(lead(notice.named.get(*entry).copied()))
            }
            Hard::Investigate { objection, by } => {
                let account = self.people.get(*by)?.account().unwrap_or_else(Uuid::nil);
                let place = format!("/objections/{}/assign", self.objections.get(*objection)?.id);
                person.post(&place).if_match("*").json(json!({"investigator_id": account}))
            }
            Hard::Answer { objection, outcome, disqualify } => {
                let mut body = finding(&outcome.to_string());
                if *outcome == ObjectionState::Partly && !disqualify {
                    body["consequence"] = json!("keep");
                }
                let place = format!("/objections/{}/resolve", self.objections.get(*objection)?.id);
                person.post(&place).if_match("*").json(body)
            }
            Hard::NoAward(at) => {
                let place = format!("{campaign}/categories/{}", CATEGORIES.get(*at)?);
                let tag = self.world.approver().await.etag_of(&place).await;
                let body = json!({"decision": self.record()});
                person.post(&format!("{place}/no-award")).if_match(&tag).json(body)
            }
        })
    }

    /// The last day of all deadlines that there are, and not before today.
    pub(super) fn later(&self) -> Day {
        let extensions = self.extensions.iter().map(|(_, until)| *until);
        extensions.chain([self.definition.acceptance.value.closes_on, self.now().day()]).max().expect("a day")
    }
}

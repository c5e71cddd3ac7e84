//! What a step asks of the server, and how its answer is held to what the model says.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use pingxuan_domain::Operation as O;
use pingxuan_domain::campaign::definition::NomineeKind;
use pingxuan_domain::operation::Standing;
use pingxuan_domain::verification::score_sheet::CriterionScore;
use pingxuan_domain::workflow::campaign::CampaignState;
use serde_json::{Value, json};
use uuid::Uuid;

use super::moves::{Kind, Step};
use super::{App, CATEGORIES, Duty, Expected, Model, Someone};
use crate::people::Request;
use crate::story::{INDIVIDUAL, decision_record, filled_form};
use crate::verification::visit;

/// Of so many actions one is looked for among the thing's `allowed_actions` before it is taken.
const LOOKED_AT: usize = 4;

/// What stands in the way of an action by the thing's own `allowed_actions`, asked by whoever is about to take it: none where it is not
/// listed. Nothing is said of things that cannot be looked at, and of three actions in four.
async fn listed(request: &Request, operation: O) -> Option<Option<BTreeSet<String>>> {
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    let (who, thing) = request.acts_on()?;
    if !ASKED.fetch_add(1, Ordering::Relaxed).is_multiple_of(LOOKED_AT) {
        return None;
    }
    let shown = who.get(&thing).await;
    (shown.status == 200).then(|| shown.blockers(operation.code()).map(|codes| codes.into_iter().collect()))
}

impl Model {
    /// Carries a step out on the server, holds its answer to what the model says, and notes what it leaves behind.
    pub async fn play(&mut self, step: &Step) -> Expected {
        let predicted = self.predict(step);
        if let Kind::Wait(hours) = &step.kind {
            let to = self.now().plus_seconds(hours * 3600);
            self.world.move_clock(&to.to_string()).await;
            return predicted;
        }
        if step.kind.operation().standing() != Standing::Served {
            return predicted;
        }
        let request = match &step.kind {
            Kind::Hard(hard) => {
                let who = self.people.get(step.who).cloned();
                self.request_hard(&who.expect("somebody"), hard).await
            }
            _ => self.request(step),
        };
        let Some(request) = request else { return predicted };
        let listed = listed(&request, step.kind.operation()).await;
        let reply = request.await;
        let said = match (reply.status, reply.code()) {
            (200..=299, _) => Expected::Done,
            (401, _) => Expected::Unauthenticated,
            (403, _) => Expected::Forbidden,
            (404, _) => Expected::NotFound,
            (409, "illegal_transition") => Expected::Illegal,
            (409, "guard_failed") => Expected::Blocked(reply.error_codes().into_iter().collect()),
            (422, _) => Expected::Invalid(reply.error_codes().into_iter().collect()),
            (_, _) => panic!("{reply}\nafter {step:?}, and the model says {predicted:?}\n{}", self.told()),
        };
        assert_eq!(said, predicted, "{reply}\nby {step:?}\n{}", self.told());
        if let Some(listed) = listed {
            let fits = match (&said, &listed) {
                (Expected::Done, Some(blockers)) => blockers.is_empty(),
                (Expected::Blocked(codes), Some(blockers)) => codes == blockers,
                // In a cancelled campaign everything is answered alike, what the state does not know as well (D-304).
                (Expected::Blocked(codes), None) => codes.iter().all(|code| code == "campaign_cancelled"),
                (Expected::Illegal | Expected::Forbidden | Expected::NotFound, listed) => listed.is_none(),
                // What a body says is never a guard.
                (Expected::Invalid(_), _) => true,
                (_, _) => false,
            };
            assert!(fits, "{reply}\nby {step:?}, whose allowed_actions say {listed:?}\n{}", self.told());
        }
        if said == Expected::Done {
            match &step.kind {
                Kind::Hard(hard) => {
                    let who = self.people.get(step.who).cloned().expect("somebody");
                    self.note_hard(&who, hard, &reply).await;
                }
                _ => self.note(step, &reply),
            }
            if step.kind == Kind::Advance && self.phase == CampaignState::Verifying {
                self.recusals_known().await;
            }
        }
        said
    }

    pub(super) fn tag(&self, who: &Someone, app: &App) -> String {
        let insider = who.actor.as_ref().is_some_and(|actor| {
            use pingxuan_domain::Role;
            actor.roles.iter().any(|role| matches!(role, Role::Office | Role::Approver | Role::Auditor))
        });
        let it = &app.it;
        if insider { format!("\"{}\"", it.version) } else { format!("\"s{}\"", it.shown_version) }
    }

    /// The request of a step; none where it would be none at all.
    fn request(&mut self, step: &Step) -> Option<Request> {
        let who = self.people.get(step.who)?.clone();
        let person = who.person.clone();
        let campaign = format!("/campaigns/{}", self.campaign);
        let request = match &step.kind {
            Kind::Wait(_) | Kind::Hard(_) => return None,
            Kind::Create { unit, category, person: citizen, leading } => {
                let unit = self.units.get(self.declaring(&who, *unit))?;
                let code = CATEGORIES.get(*category)?;
                let mut form = filled_form(code, unit.short_name, citizen + 1);
                if *code == INDIVIDUAL {
                    form["is_leading_cadre"] = json!(leading);
                }
                let mut body = json!({"campaign_id": self.campaign, "category_code": code, "form": form});
                let actor = who.actor.as_ref();
                if actor.is_some_and(|actor| actor.roles.contains(&pingxuan_domain::Role::Office)) {
                    body["unit_id"] = json!(unit.id);
                }
                person.post("/applications").json(body)
            }
            Kind::On(operation, at) => self.on(&who, *operation, *at)?,
            Kind::Return { application, days } => {
                let app = self.applications.get(*application)?;
                let day = self.now().day().plus_days(*days);
                let body = json!({"reason": "请补充佐证。", "correct_by": day});
                let place = format!("/applications/{}/return", app.it.id);
                person.post(&place).if_match(&self.tag(&who, app)).json(body)
            }
            Kind::Paper { application, stale } => {
                let app = self.applications.get(*application)?;
                let digest = if *stale { "0".repeat(64) } else { app.it.content_digest.clone() };
                let body = json!({"copies": 2, "digest": digest, "received_on": self.now().day()});
                let place = format!("/applications/{}/paper-receipt", app.it.id);
                person.put(&place).if_match(&self.tag(&who, app)).json(body)
            }
            Kind::Assign { application, supervisor } => {
                let app = self.applications.get(*application)?;
                let of = self.supervisors.get(*supervisor)?;
                let body = json!({"application_id": app.it.id, "supervisor_id": of.id});
                person.post(&format!("{campaign}/assignments")).json(body)
            }
            Kind::Confirm => person.post(&format!("{campaign}/assignments/confirm")).json(json!({})),
            Kind::Unassign(at) => {
                person.delete(&format!("/assignments/{}", self.duties.get(*at)?.id)).if_match("*")
            }
            Kind::Declare(at) => {
                person.post(&format!("/assignments/{}/declare", self.duties.get(*at)?.id)).if_match("*")
            }
            Kind::Visit(at) => {
                let duty = self.duties.get(*at)?;
                let own = who.actor.as_ref()?.supervisor_id?;
                if self.supervisors.get(duty.supervisor)?.id != own
                    || self.predict(step) == Expected::NotFound
                {
                    return None;
                }
                let mut body = visit(duty.application, &[&person]);
                body["visited_on"] = json!(self.now().day());
                person
                    .put(&format!("/site-visits/{}", Uuid::new_v4()))
                    .header("if-none-match", "*")
                    .json(body)
            }
            Kind::Save { duty, halves } => {
                let duty = self.duties.get(*duty)?;
                let place = format!("/assignments/{}/score-sheet", duty.id);
                let request = person.put(&place);
                let request = match duty.sheet {
                    Some(_) => request.if_match("*"),
                    None => request.header("if-none-match", "*"),
                };
                request.json(json!({"scores": self.scores(duty, *halves)}))
            }
            Kind::SubmitSheet(at) => {
                let place = format!("/assignments/{}/score-sheet/submit", self.duties.get(*at)?.id);
                person.post(&place).if_match("*")
            }
            Kind::List(at) => person
                .post(&format!("{campaign}/shortlists"))
                .json(json!({"category_code": CATEGORIES.get(*at)?})),
            Kind::OnList(operation, at) => {
                let list = &self.lists.get(*at)?.it;
                let action = match operation {
                    O::ProposeShortlist => "propose",
                    O::EndorseShortlist => "endorse",
                    O::PublishNotice => "publish-notice",
                    O::ApproveShortlist => "approve",
                    _ => "return",
                };
                let tag = format!("\"{}\"", list.version);
                let request = person.post(&format!("/shortlists/{}/{action}", list.id)).if_match(&tag);
                match operation {
                    O::EndorseShortlist => request.json(json!({})),
                    O::ApproveShortlist => request.json(json!({"decision": self.record()})),
                    O::ReturnShortlist => request.json(json!({"reason": "请重提。"})),
                    _ => request,
                }
            }
            Kind::Close { list, notice } => {
                let notice = self.lists.get(*list)?.notices.get(*notice)?;
                person.post(&format!("/public-notices/{}/close", notice.id)).if_match("*")
            }
            Kind::Order(at) => {
                let code = CATEGORIES.get(*at)?;
                let ranking = self.shown_ranking(*at);
                let tie = ranking.ties.first();
                let ids = tie.map_or(vec![Uuid::nil(), self.campaign], |tie| tie.application_ids.clone());
                let body = json!({"application_ids": ids, "reason": "按任职时间先后。"});
                person
                    .post(&format!("{campaign}/categories/{code}/ranking/resolve-tie"))
                    .if_match("*")
                    .json(body)
            }
            Kind::Advance => person.post(&format!("{campaign}/advance")).if_match("*"),
            Kind::Cancel => person
                .post(&format!("{campaign}/cancel"))
                .if_match("*")
                .json(json!({"reason": "上级另有部署。"})),
        };
        Some(request)
    }

    pub(super) fn record(&self) -> Value {
        let mut record = decision_record();
        record["decided_on"] = json!(self.now().day());
        record
    }

    fn on(&mut self, who: &Someone, operation: O, at: usize) -> Option<Request> {
        self.written += 1;
        let app = self.applications.get(at)?;
        let place = format!("/applications/{}", app.it.id);
        let tag = self.tag(who, app);
        let act = |action: &str| who.person.post(&format!("{place}/{action}")).if_match(&tag);
        Some(match operation {
            O::UpdateApplication => {
                let member = if app.it.nominee == NomineeKind::Person { "resume" } else { "contact" };
                let form = json!({member: format!("第{}稿", self.written)});
                who.person.patch(&place).if_match(&tag).json(json!({"form": form}))
            }
            O::DeleteApplication => who.person.delete(&place).if_match(&tag),
            O::SubmitApplication => act("submit"),
            O::WithdrawApplication => act("withdraw").json(json!({})),
            O::AcceptApplication => act("accept"),
            _ => act("reject").json(json!({"ground": "scope", "reason": "不在范围内。"})),
        })
    }

    fn scores(&self, duty: &Duty, halves: Option<u16>) -> Vec<Value> {
        self.judged(duty, halves)
            .iter()
            .map(|score| {
                json!({"criterion": score.criterion, "points": score.points, "cannot_judge": score.cannot_judge, "reason": score.reason})
            })
            .collect()
    }

    pub(super) fn judged(&self, duty: &Duty, halves: Option<u16>) -> Vec<CriterionScore> {
        let app = self.application(duty.application).expect("an application");
        let criteria = self.category(app).criteria.iter();
        let points = halves.and_then(pingxuan_domain::review::scoring::Points::from_halves);
        let score = |number: u32| CriterionScore {
            criterion: number,
            points,
            cannot_judge: points.is_none(),
            reason: "属实。".into(),
            veto_finding: None,
            findings: vec![],
            attachment_ids: vec![],
        };
        criteria.map(|criterion| score(criterion.number)).collect()
    }
}

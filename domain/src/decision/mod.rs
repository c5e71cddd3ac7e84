//! The decision: its record, and the certificates that follow from it (D-707, D-708).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::campaign::definition::code_enum;
use crate::error::{ErrorCode, Fault};
use crate::policy::Stake;
use crate::time::{Day, Instant};
use crate::workflow;
use crate::workflow::campaign::CampaignState;
use crate::workflow::public_notice::NoticeState;

pub mod approval;
pub mod notice;
pub mod objection;
pub mod veto;

/// 审定记录: embedded in every decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionRecord {
    /// The document's number, 兴府字〔2023〕1号 for example; several lists may share one.
    pub document_number: String,
    /// The day of the decision.
    pub decided_on: Day,
    /// The meeting that decided.
    pub meeting: String,
    /// Who was present.
    pub present: Vec<String>,
    /// Who was recused, and why.
    pub recused: Vec<Recused>,
    /// The reasons of the decision.
    pub reasons: String,
}

/// Someone who took no part in a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recused {
    /// Name.
    pub name: String,
    /// Why.
    pub reason: String,
}

impl DecisionRecord {
    /// Everything that is missing or wrong in it, pointing below `/decision`.
    #[must_use]
    pub fn faults(&self, now: Instant) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.decided_on > now.day() {
            faults.push(Fault::at("/decision/decided_on", ErrorCode::NotInThePast));
        }
        let blank = |text: &str| text.trim().is_empty();
        let texts = [
            ("document_number", &self.document_number),
            ("meeting", &self.meeting),
            ("reasons", &self.reasons),
        ];
        for (member, _) in texts.into_iter().filter(|(_, text)| blank(text)) {
            faults.push(Fault::at(format!("/decision/{member}"), ErrorCode::Required));
        }
        if self.present.is_empty() || self.present.iter().any(|name| blank(name)) {
            faults.push(Fault::at("/decision/present", ErrorCode::MeetingIncomplete));
        }
        for (index, recused) in self.recused.iter().enumerate() {
            if self.present.contains(&recused.name) {
                faults
                    .push(Fault::at(format!("/decision/recused/{index}/name"), ErrorCode::MeetingIncomplete));
            }
        }
        faults
    }
}

/// 公示: a frozen shortlist shown to the public (D-704).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicNotice {
    /// Its id.
    pub id: Uuid,
    /// The campaign.
    pub campaign_id: Uuid,
    /// The list that it shows.
    pub shortlist_id: Uuid,
    /// The category.
    pub category_code: String,
    /// Where it stands.
    pub state: NoticeState,
    /// What it shows; never edited.
    pub content: NoticeContent,
    /// Digest of the content.
    pub digest: String,
    /// When it was published.
    pub published_at: Instant,
    /// When its period is over.
    pub closes_at: Instant,
    /// When it was closed or withdrawn.
    pub ended_at: Option<Instant>,
    /// Grows with every change.
    pub version: i64,
}

/// What a public notice shows: names, units and posts, no personal data and no scores by construction (D-704).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeContent {
    /// The campaign's title.
    pub campaign_title: String,
    /// The honour, in Chinese.
    pub category_title: String,
    /// Who is proposed, in the list's order.
    pub entries: Vec<NoticeEntry>,
    /// Working days that it stands.
    pub working_days: u32,
    /// The first day of the period.
    pub first_day: Day,
    /// The last day of the period, until 24:00.
    pub last_day: Day,
}

/// One name of a public notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeEntry {
    /// The place on the list.
    pub position: u32,
    /// The application.
    pub application_id: Uuid,
    /// Who is proposed.
    pub name: String,
    /// Their unit.
    pub unit: Option<String>,
    /// Their post.
    pub post: Option<String>,
}

/// 表彰: the honour granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Award {
    /// Its id.
    pub id: Uuid,
    /// The application that it honours.
    pub application_id: Uuid,
    /// The campaign.
    pub campaign_id: Uuid,
    /// The category.
    pub category_code: String,
    /// Its certificate's number.
    pub certificate_number: String,
    /// Who is commended.
    pub honouree: String,
    /// Their unit.
    pub unit_name: Option<String>,
    /// Their post.
    pub post: Option<String>,
    /// The decision's document number.
    pub document_number: String,
    /// The day of the decision.
    pub decided_on: Day,
    /// The place on the list.
    pub position: u32,
    /// Whether it stands.
    pub state: AwardState,
    /// The decision by which it was revoked.
    pub revocation: Option<DecisionRecord>,
    /// When it was announced.
    pub announced_at: Instant,
    /// Grows with every change.
    pub version: i64,
}

/// A category that was decided without an award (宁缺毋滥).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoAward {
    /// Its id.
    pub id: Uuid,
    /// The campaign.
    pub campaign_id: Uuid,
    /// The category.
    pub category_code: String,
    /// The record of the decision.
    pub decision: DecisionRecord,
    /// Who decided.
    pub decided_by: Uuid,
    /// When.
    pub decided_at: Instant,
}

/// What stands in the way of deciding a category without an award: the phase, a list that is alive, that it was decided so
/// already, a stake of whoever decides.
#[must_use]
pub fn no_award_blockers(
    phase: CampaignState,
    list_alive: bool,
    decided: bool,
    stakes: &[Stake],
) -> Vec<Fault> {
    let mut faults = workflow::phase_fault(phase, CampaignState::Selecting);
    faults.extend(list_alive.then(|| Fault::new(ErrorCode::ListAlive)));
    faults.extend(decided.then(|| Fault::new(ErrorCode::CategoryDecided)));
    faults.extend(Stake::faults(stakes));
    faults
}

code_enum! {
    /// Whether an award stands.
    AwardState {
        /// It stands.
        Awarded,
        /// It was revoked.
        Revoked,
    }
}

/// A certificate's number: the year, the campaign's number in it, the category's and the place on the list.
#[must_use]
pub fn certificate_number(year: i32, campaign: u32, category: u32, position: u32) -> String {
    format!("{year:04}{campaign:02}-{category:02}-{position:03}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_707_a_decision_record_is_complete_or_says_what_is_missing() {
        let record = DecisionRecord {
            document_number: "兴府字〔2023〕1号".into(),
            decided_on: "2023-02-20".parse().unwrap(),
            meeting: "县政府常务会议".into(),
            present: vec!["甲".into(), "乙".into()],
            recused: vec![],
            reasons: "同意".into(),
        };
        let now = record.decided_on.start();
        assert_eq!(record.faults(now), []);
        let bad = DecisionRecord {
            meeting: " ".into(),
            recused: vec![Recused { name: "甲".into(), reason: "本单位".into() }],
            decided_on: "2023-02-21".parse().unwrap(),
            ..record
        };
        let pointers: Vec<_> = bad.faults(now).into_iter().filter_map(|fault| fault.pointer).collect();
        assert_eq!(pointers, ["/decision/decided_on", "/decision/meeting", "/decision/recused/0/name"]);
    }

    #[test]
    fn d_708_certificate_numbers_read_well_and_differ() {
        assert_eq!(certificate_number(2022, 1, 3, 7), "202201-03-007");
    }
}

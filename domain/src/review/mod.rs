//! From sheets to a proposal: scores, rankings, share rules and shortlists.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::decision::DecisionRecord;
use crate::error::Refused;
use crate::operation::Operation;
use crate::review::ranking::Ranking;
use crate::review::scoring::Adjustment;
use crate::step::{Audience, ObjectKind, Step};
use crate::time::Instant;
use crate::workflow;
use crate::workflow::shortlist::{ShortlistFlow, ShortlistState};

pub mod calibration;
pub mod evaluation;
pub mod measure;
pub mod ranking;
pub mod scoring;
pub mod shares;
pub mod shortlist;
pub mod substitution;
pub mod tie;
pub mod vetting;
pub mod what_if;

/// 候选名单: the candidates that the office proposes in a category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortlist {
    /// Its id.
    pub id: Uuid,
    /// The campaign.
    pub campaign_id: Uuid,
    /// The category.
    pub category_code: String,
    /// Where it stands.
    pub state: ShortlistState,
    /// The ranking that it was made from.
    pub ranking: Ranking,
    /// Digest of that ranking.
    pub ranking_digest: String,
    /// Reasons for departing from the ranking, by application.
    pub departures: BTreeMap<Uuid, String>,
    /// Its candidates, in order.
    pub entries: Vec<Entry>,
    /// Who proposed it.
    pub proposed_by: Option<Uuid>,
    /// Who put somebody into a vacant place: they count as its proposers too (D-707).
    pub substituted_by: Vec<Uuid>,
    /// The record of its decision.
    pub decision: Option<DecisionRecord>,
    /// Why it was returned.
    pub reason: Option<String>,
    /// Grows with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

impl Shortlist {
    /// This list moved along a row of its table.
    ///
    /// # Errors
    /// [`Refused::Illegal`] where the table has no such row.
    pub fn moved(mut self, operation: Operation, now: Instant) -> Result<Self, Refused> {
        self.state = workflow::next::<ShortlistFlow>(self.state, operation)?;
        self.version += 1;
        self.updated_at = now;
        Ok(self)
    }

    /// Whether an account has proposed it, or put somebody into a vacant place of it.
    #[must_use]
    pub fn is_proposal_of(&self, account: Uuid) -> bool {
        self.proposed_by == Some(account) || self.substituted_by.contains(&account)
    }

    /// The step that takes it from a state to where it stands. Before its notice is published a list is the house's own
    /// business; its notice and its applications tell all others what they may know (D-403).
    #[must_use]
    pub fn step(&self, operation: Operation, from: Option<ShortlistState>) -> Step {
        Step::of(operation, ObjectKind::Shortlist, self.id, self.updated_at)
            .in_campaign(self.campaign_id)
            .states(from, Some(self.state))
            .to_audience(Audience::Insiders)
    }
}

/// One candidate on a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The application.
    pub application_id: Uuid,
    /// The place on the list, from 1.
    pub position: u32,
    /// Why the approver declined it singly.
    pub declined_reason: Option<String>,
    /// Whose vacant place it has taken.
    pub substitutes: Option<Uuid>,
}

/// Points that the office gives or takes beside the score, with its reason (D-607, D-608).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointAdjustment {
    /// Its id.
    pub id: Uuid,
    /// The application.
    pub application_id: Uuid,
    /// The points given, or taken where they are negative.
    pub points: Adjustment,
    /// Why.
    pub reason: String,
    /// Who recorded it.
    pub adjusted_by: Uuid,
    /// When.
    pub adjusted_at: Instant,
}

/// An order that the office gave to a tie (D-609).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TieResolution {
    /// Its id.
    pub id: Uuid,
    /// The campaign.
    pub campaign_id: Uuid,
    /// The category.
    pub category_code: String,
    /// The tied applications, in the order given.
    pub application_ids: Vec<Uuid>,
    /// Why in this order.
    pub reason: String,
    /// Who gave it.
    pub resolved_by: Uuid,
    /// When.
    pub resolved_at: Instant,
}

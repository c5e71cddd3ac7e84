//! The campaign: one year's selection, opened by a notice.

use std::sync::Arc;

use uuid::Uuid;

use crate::campaign::definition::Definition;
use crate::policy::{Reach, Visibility};
use crate::time::Instant;
use crate::workflow::campaign::CampaignState;

pub mod check;
pub mod definition;

/// 评选活动.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Campaign {
    /// Its id.
    pub id: Uuid,
    /// The year that is selected for.
    pub year: i32,
    /// The notice's title.
    pub title: String,
    /// Its phase.
    pub state: CampaignState,
    /// What it is made of.
    pub definition: Arc<Definition>,
    /// Digest of the definition.
    pub definition_digest: String,
    /// When declarations open.
    pub opens_at: Instant,
    /// When they close.
    pub closes_at: Instant,
    /// When the notice was published.
    pub published_at: Option<Instant>,
    /// When the awards were announced.
    pub announced_at: Option<Instant>,
    /// Grows with every change.
    pub version: i64,
    /// When it was begun.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

impl Campaign {
    /// Whether it has ever been published.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.published_at.is_some()
    }

    /// Whether it is within one of the caller's reaches.
    #[must_use]
    pub fn within(&self, visibility: &Visibility) -> bool {
        visibility.has(Reach::All) || (visibility.has(Reach::Published) && self.is_public())
    }
}

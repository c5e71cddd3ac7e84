//! The campaign: one year's selection, opened by a notice.

use std::sync::Arc;

use uuid::Uuid;

use crate::campaign::definition::Definition;
use crate::error::{ErrorCode, Fault};
use crate::policy::{Reach, Visibility};
use crate::time::{Day, Instant};
use crate::workflow::campaign::CampaignState;

pub mod check;
mod copy;
pub mod defaults;
pub mod definition;
pub mod dry_run;

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
    /// When the sealed declarations were opened (D-303).
    pub seal_opened_at: Option<Instant>,
    /// Why it was cancelled.
    pub cancel_reason: Option<String>,
    /// Grows with every change.
    pub version: i64,
    /// When it was begun.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

/// A longer time for one unit, or for all (D-302).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Its id.
    pub id: Uuid,
    /// The campaign.
    pub campaign_id: Uuid,
    /// The unit; none where it is for all.
    pub unit_id: Option<Uuid>,
    /// The last day, until 24:00.
    pub until: Day,
    /// The document that grants it; one for all has one.
    pub document_number: Option<String>,
    /// Why.
    pub reason: String,
    /// Who granted it.
    pub granted_by: Uuid,
    /// When.
    pub granted_at: Instant,
}

impl Extension {
    /// What is wrong with it (D-302): it ends later than the deadline that there is now, and not before today; one for all
    /// names its document.
    #[must_use]
    pub fn faults(&self, deadline: Day, today: Day) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.unit_id.is_none() && self.document_number.is_none() {
            faults.push(Fault::at("/document_number", ErrorCode::Required));
        }
        if self.until <= deadline {
            faults.push(Fault::at("/until", ErrorCode::ExtensionNotLater).with("until", deadline));
        }
        if self.until < today {
            faults.push(Fault::at("/until", ErrorCode::NotInTheFuture));
        }
        faults
    }
}

impl Campaign {
    /// The last day on which declarations are accepted, for who has no extension.
    #[must_use]
    pub fn closes_on(&self) -> Day {
        self.definition.acceptance.value.closes_on
    }

    /// Whether declarations still lie sealed: until the seal is opened the house does not see what they say (D-303).
    #[must_use]
    pub fn is_sealed(&self) -> bool {
        self.definition.sealed.value && self.seal_opened_at.is_none()
    }

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Role;
    use crate::error::ErrorCode;
    use crate::samples::{actor, visibility};

    fn campaign(sealed: bool) -> Campaign {
        let text = include_str!("../../../campaigns/xingguo-2022.json");
        let mut definition: Definition = serde_json::from_str(text).unwrap();
        definition.sealed.value = sealed;
        Campaign {
            id: Uuid::nil(),
            year: 2022,
            title: String::new(),
            state: CampaignState::Draft,
            definition: Arc::new(definition),
            definition_digest: String::new(),
            opens_at: Instant::default(),
            closes_at: Instant::default(),
            published_at: None,
            announced_at: None,
            seal_opened_at: None,
            cancel_reason: None,
            version: 1,
            created_at: Instant::default(),
            updated_at: Instant::default(),
        }
    }

    #[test]
    fn d_302_an_extension_ends_after_the_deadline_and_not_in_the_past_and_one_for_all_names_its_document() {
        let day = |day| Day::of(2022, 12, day).unwrap();
        let faults = |until, unit: Option<Uuid>, document: Option<&str>, deadline, today| -> Vec<ErrorCode> {
            let extension = Extension {
                id: Uuid::nil(),
                campaign_id: Uuid::nil(),
                unit_id: unit,
                until: day(until),
                document_number: document.map(str::to_owned),
                reason: String::new(),
                granted_by: Uuid::nil(),
                granted_at: Instant::default(),
            };
            extension.faults(day(deadline), day(today)).into_iter().map(|fault| fault.code).collect()
        };
        let unit = Some(Uuid::nil());
        assert_eq!(faults(11, unit, None, 10, 11), []);
        assert_eq!(faults(11, None, Some("1号"), 10, 11), []);
        assert_eq!(faults(11, unit, Some("1号"), 10, 11), []);
        assert_eq!(faults(11, None, None, 10, 11), [ErrorCode::Required]);
        assert_eq!(faults(10, unit, None, 10, 10), [ErrorCode::ExtensionNotLater]);
        assert_eq!(faults(9, unit, None, 10, 9), [ErrorCode::ExtensionNotLater]);
        assert_eq!(faults(11, unit, None, 10, 12), [ErrorCode::NotInTheFuture]);
    }

    #[test]
    fn d_303_what_is_sealed_is_so_until_it_is_opened() {
        assert!(campaign(true).is_sealed());
        assert!(!campaign(false).is_sealed());
        assert!(!Campaign { seal_opened_at: Some(Instant::default()), ..campaign(true) }.is_sealed());
    }

    #[test]
    fn d_903_others_than_the_house_see_what_has_been_published() {
        let draft = campaign(false);
        let published = Campaign { published_at: Some(Instant::default()), ..draft.clone() };
        for (role, sees_draft) in [(Role::Office, true), (Role::Unit, false)] {
            let visibility = visibility(actor(&[role]), crate::Operation::GetCampaign);
            assert_eq!((draft.within(&visibility), published.within(&visibility)), (sees_draft, true));
        }
        assert!(!draft.is_public() && published.is_public());
    }
}

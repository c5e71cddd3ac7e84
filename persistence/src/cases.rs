//! One application with what must be known of its campaign, unit and list.

use pingxuan_domain::application::form::understand;
use pingxuan_domain::application::{Application, ListStanding, Situation};
use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::campaign::definition::{Category, RepeatAward, UnitKind};
use pingxuan_domain::county::Unit;
use pingxuan_domain::policy::Stake;
use pingxuan_domain::{Fault, Instant, Visibility};
use uuid::Uuid;

use crate::beside::Beside;
use crate::campaigns::Head;
use crate::connection::Connection;
use crate::error::StoreError;

/// An application with what must be known of its campaign, unit and list, all read at once.
#[derive(Clone, Debug)]
pub struct Case {
    /// The application.
    pub application: Application,
    /// The campaign.
    pub campaign: Campaign,
    /// The declaring unit.
    pub unit: Option<UnitBrief>,
    beside: Option<Beside>,
}

/// What is shown of a unit beside what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitBrief {
    /// Its id.
    pub id: Uuid,
    /// Full name.
    pub name: String,
    /// What kind of unit it is.
    pub kind: UnitKind,
    /// Whether it is active.
    pub active: bool,
}

impl Case {
    /// The case of an application with what was read beside it.
    pub(crate) async fn of(
        connection: &impl Connection,
        application: Application,
        (campaign, mut beside): (Head, Beside),
    ) -> Result<Self, StoreError> {
        let campaign = campaign.campaign(connection).await?;
        let unit = application.unit_id.zip(beside.unit.take());
        let unit = unit.map(|(id, (name, kind, active))| UnitBrief { id, name, kind, active });
        Ok(Self { application, campaign, unit, beside: Some(beside) })
    }

    /// The case of an application that is just begun: it stands nowhere yet.
    #[must_use]
    pub fn begun(application: Application, campaign: Campaign, unit: &Unit) -> Self {
        let unit = UnitBrief { id: unit.id, name: unit.name.clone(), kind: unit.kind, active: unit.active };
        Self { application, campaign, unit: Some(unit), beside: None }
    }

    /// The category.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where the definition does not have it.
    pub fn category(&self) -> Result<&Category, StoreError> {
        let code = &self.application.category_code;
        self.campaign
            .definition
            .category(code)
            .ok_or_else(|| StoreError::Corrupt(format!("no category '{code}'")))
    }

    /// Whether what the application says is kept from this caller (D-303).
    #[must_use]
    pub fn is_sealed_from(&self, visibility: &Visibility) -> bool {
        self.application.sealed_from(&self.campaign, visibility)
    }

    /// The stakes that the caller may know of: that they are nominated themselves lies sealed with the rest (D-303).
    fn told_stakes(&self, stakes: &[Stake], visibility: &Visibility) -> Vec<Stake> {
        let sealed = self.is_sealed_from(visibility);
        stakes.iter().copied().filter(|stake| !(sealed && *stake == Stake::OwnNomination)).collect()
    }

    /// The situation that the guards ask, with what is wrong with the form.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where the definition does not have the category.
    pub fn situation(
        &self,
        visibility: &Visibility,
        now: Instant,
        form_faults: Vec<Fault>,
    ) -> Result<Situation<'_>, StoreError> {
        let category = self.category()?;
        let application = &self.application;
        let beside = self.beside.as_ref();
        let asks_for_new_deeds = category.repeat_award.value == RepeatAward::NewDeeds
            && beside.is_some_and(|beside| beside.awarded_last_time);
        let names_new_deeds = || {
            category.form.as_ref().is_some_and(|form| understand(&form.value, &application.form).new_deeds)
        };
        Ok(Situation {
            now,
            phase: self.campaign.state,
            category,
            acceptance: self.campaign.definition.acceptance.value,
            paper_copies: self.campaign.definition.paper_copies.value,
            unit: self.unit.as_ref().map(|unit| (unit.kind, unit.active)),
            application: Some(application),
            form_faults,
            elsewhere: beside.and_then(|beside| beside.elsewhere.clone()).into_iter().collect(),
            standing_of_unit: beside.map_or(0, |beside| beside.standing_of_unit),
            list: beside.map_or(ListStanding::Open, |beside| beside.list),
            extended_until: beside.and_then(|beside| beside.extended_until),
            sealed: self.campaign.is_sealed(),
            veto_until: beside.and_then(|beside| beside.veto_until),
            new_deeds_missing: asks_for_new_deeds && !names_new_deeds(),
            asking: visibility.actor().map(|actor| actor.user_id),
            stakes: beside.map(|beside| self.told_stakes(&beside.stakes, visibility)).unwrap_or_default(),
            stakes_in_category: beside.map(|beside| beside.stakes_in_category.clone()).unwrap_or_default(),
            counting_sheets: beside.map_or(0, |beside| beside.counting_sheets),
            standing_list: beside.and_then(|beside| beside.standing_list),
        })
    }
}

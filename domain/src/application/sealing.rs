//! Sealed campaigns: until the seal is opened the house sees that an application exists, not what it says (D-303).

use super::Application;
use super::form::{Understood, understand};
use crate::campaign::Campaign;
use crate::campaign::definition::{Form, NomineeKind};
use crate::policy::{Role, Visibility};

impl Application {
    /// Whether what it says is kept from this caller: from all of the house, but for what the office itself entered, and for
    /// whoever acts for the declaring unit as well.
    #[must_use]
    pub fn sealed_from(&self, campaign: &Campaign, visibility: &Visibility) -> bool {
        let Some(actor) = visibility.actor().filter(|_| campaign.is_sealed()) else { return false };
        let own = self.unit_id.is_some() && self.unit_id == actor.unit_id;
        let entered = self.entered_by_office && actor.roles.contains(&Role::Office);
        visibility.is_insider() && !own && !entered
    }

    /// Writes down beside the form what the system understands of the person whom it nominates.
    pub fn name_nominee(&mut self, understood: Understood) {
        self.nominee_name = understood.nominee_name.unwrap_or_default();
        self.nominee_post = understood.post;
        self.is_leading_cadre = understood.leading_cadre;
        self.front_line = understood.front_line;
    }

    /// The same, read from the form as it is: what lay sealed in it alone is opened. Only persons are named by their forms.
    #[must_use]
    pub fn unsealed(mut self, form: &Form) -> Self {
        if self.nominee == NomineeKind::Person {
            let understood = understand(form, &self.form);
            self.name_nominee(understood);
        }
        self
    }
}

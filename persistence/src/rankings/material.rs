//! What a ranking follows from, as the database keeps it: compared with what is known already, and opened only where it is new.

use pingxuan_domain::campaign::Campaign;
use pingxuan_domain::campaign::definition::Category;
use pingxuan_domain::review::calibration::Simulation;
use pingxuan_domain::review::ranking::{Assessment, Ranking, RankingInput, SheetInput, rank};
use pingxuan_domain::review::scoring::{Adjustment, Figure};
use pingxuan_domain::verification::score_sheet::{CriterionScore, judgements};
use uuid::Uuid;

use crate::convert::{from_json, to_json};
use crate::error::StoreError;
use crate::vault::digest_hex;

/// All that a ranking follows from: the same material makes the same ranking, figure for figure, on every machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Material {
    campaign_id: Uuid,
    category_code: String,
    /// Digest of the definition; of a category that is supposed, its own.
    rules: String,
    /// In order of application.
    pub(super) ranked: Vec<Ranked>,
    /// The orders given to ties, the newest last.
    pub(super) orders: Vec<Vec<Uuid>>,
}

/// What one nominee is ranked by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Ranked {
    pub application_id: Uuid,
    pub nominee_name: String,
    pub sheets: Vec<Sheet>,
    pub assessment: Assessment,
    pub evaluated: Option<Vec<(u32, Figure)>>,
    pub attended: u32,
    pub adjustments: Vec<Adjustment>,
}

/// A sheet that counts, closed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Sheet {
    pub assignment_id: Uuid,
    pub supervisor_id: Uuid,
    /// Points and reasons, as JSON.
    pub scores: String,
}

impl Material {
    /// That of a category, under its own rules or others, before anybody is ranked.
    pub(super) fn of(campaign: &Campaign, category: &Category) -> Result<Self, StoreError> {
        let own = campaign.definition.category(&category.code).is_some_and(|own| std::ptr::eq(own, category));
        let rules =
            if own { campaign.definition_digest.clone() } else { digest_hex(to_json(category)?.as_bytes()) };
        Ok(Self {
            campaign_id: campaign.id,
            category_code: category.code.clone(),
            rules,
            ranked: Vec::new(),
            orders: Vec::new(),
        })
    }

    /// What its sheets take in memory, in bytes: reasons are as long as supervisors write them.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.ranked
            .iter()
            .flat_map(|ranked| &ranked.sheets)
            .map(|sheet| size_of::<Sheet>() + sheet.scores.len())
            .sum()
    }

    /// One input for each application that takes part.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where the points of a sheet cannot be read.
    pub fn opened(&self) -> Result<Vec<RankingInput>, StoreError> {
        self.ranked.iter().map(Ranked::opened).collect()
    }

    /// The ranking under the rules of the category that the material is of. The seed of its simulation is of the campaign and the
    /// category, so that nobody chooses it and every look draws the same.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where the points of a sheet cannot be read.
    pub fn rank(&self, category: &Category) -> Result<Ranking, StoreError> {
        let digest = digest_hex(format!("{}/{}", self.campaign_id, self.category_code).as_bytes());
        let seed =
            digest.get(..16).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or_default();
        Ok(rank(category, &self.opened()?, &self.orders, Simulation::seeded(seed)))
    }
}

impl Ranked {
    fn opened(&self) -> Result<RankingInput, StoreError> {
        Ok(RankingInput {
            application_id: self.application_id,
            nominee_name: self.nominee_name.clone(),
            sheets: self.sheets.iter().map(Sheet::opened).collect::<Result<_, _>>()?,
            assessment: self.assessment,
            evaluated: self.evaluated.clone(),
            attended: self.attended,
            adjustments: self.adjustments.clone(),
        })
    }
}

impl Sheet {
    fn opened(&self) -> Result<SheetInput, StoreError> {
        let scores: Vec<CriterionScore> = from_json("score_sheets.scores", &self.scores)?;
        Ok(SheetInput {
            assignment_id: self.assignment_id,
            supervisor_id: self.supervisor_id,
            judgements: judgements(&scores),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn material(scores: &str) -> Material {
        let sheet =
            Sheet { assignment_id: Uuid::nil(), supervisor_id: Uuid::nil(), scores: scores.to_owned() };
        let ranked = Ranked {
            application_id: Uuid::nil(),
            nominee_name: "A".into(),
            sheets: vec![sheet],
            assessment: Assessment::Missing,
            evaluated: None,
            attended: 0,
            adjustments: vec![],
        };
        Material {
            campaign_id: Uuid::nil(),
            category_code: "a".into(),
            rules: "b".into(),
            ranked: vec![ranked],
            orders: vec![],
        }
    }

    #[test]
    fn another_sheet_makes_another_material_and_a_longer_one_takes_more() {
        let (short, long) = (material("[]"), material(&format!("[]{}", " ".repeat(1000))));
        assert_ne!(short, long);
        assert_eq!(short, material("[]"));
        assert_eq!(long.bytes() - short.bytes(), 1000);
        assert!(material("{").opened().is_err(), "points that cannot be read are told");
    }
}

//! What is true in the rehearsed county, and nobody there knows: how good each nominee is, and how generous each supervisor.

use std::collections::HashMap;

use pingxuan_domain::campaign::definition::Category;
use uuid::Uuid;

use super::chance::Chance;
use super::reckoning::Assessed;

/// What the truth is drawn from.
const SEED: u64 = 20_230_106;
/// A nominee in the middle, and how far nominees and supervisors are from theirs, in hundredths of a point.
const MIDDLE: i32 = 8200;
const AMONG_NOMINEES: i32 = 300;
const AMONG_SUPERVISORS: i32 = 300;
/// The noise of a sheet; with that of its criteria it is 1.5 points.
const NOISE: i32 = 115;

/// The truth about one category, in hundredths of a point.
#[derive(Clone, Debug)]
pub struct Truth {
    /// How good each nominee is, by application, in their order.
    qualities: Vec<(Uuid, i32)>,
    /// How far each supervisor is above their colleagues.
    leniencies: HashMap<Uuid, i32>,
    chance: Chance,
}

impl Truth {
    /// The truth about these nominees, whom these supervisors may score.
    #[must_use]
    pub fn of(nominees: impl IntoIterator<Item = Uuid>, supervisors: impl IntoIterator<Item = Uuid>) -> Self {
        let mut chance = Chance::of(SEED);
        let quality = |id| (id, MIDDLE + chance.normal(AMONG_NOMINEES));
        let qualities = nominees.into_iter().map(quality).collect();
        let leniency = |id| (id, chance.normal(AMONG_SUPERVISORS));
        let leniencies = supervisors.into_iter().map(leniency).collect();
        Self { qualities, leniencies, chance }
    }

    /// What a supervisor sees of a nominee: the truth by their own measure, and noise.
    pub fn seen(&mut self, application: Uuid, supervisor: Uuid) -> Option<u16> {
        let (_, quality) = *self.qualities.iter().find(|(id, _)| *id == application)?;
        let seen = quality + self.leniencies.get(&supervisor)? + self.chance.normal(NOISE);
        u16::try_from(seen.clamp(0, 10_000)).ok()
    }

    /// Those who would have the places if everybody saw the truth; the assessment of each is blended in as the category says.
    #[must_use]
    pub fn best(&self, category: &Category, assessed: impl Fn(Uuid) -> Assessed) -> Vec<Uuid> {
        let blend = category.blend.value;
        let figure = |id: Uuid, quality: i32| {
            let (assessment, weight) = assessed(id).map_or((0, 0), |figure| (figure, blend.assessment));
            i64::from(quality) * i64::from(100 - weight) + i64::from(assessment) * i64::from(weight)
        };
        let mut all: Vec<(Uuid, i64)> =
            self.qualities.iter().map(|(id, quality)| (*id, figure(*id, *quality))).collect();
        all.sort_by_key(|(_, figure)| -figure);
        let places = usize::try_from(category.quota.value).unwrap_or(usize::MAX);
        all.into_iter().take(places).map(|(id, _)| id).collect()
    }
}

#[cfg(test)]
mod tests {
    use pingxuan_domain::campaign::definition::Definition;

    use super::*;

    #[test]
    fn the_truth_is_the_same_again_and_seen_with_little_noise() {
        let ids: Vec<Uuid> = (0..40).map(Uuid::from_u128).collect();
        let truth = || Truth::of(ids.clone(), ids.clone());
        let (mut one, mut other) = (truth(), truth());
        for id in &ids {
            let (seen, leniency) = (one.seen(*id, *id), one.leniencies[id]);
            assert_eq!(seen, other.seen(*id, *id));
            let quality = one.qualities.iter().find(|(of, _)| of == id).unwrap().1;
            assert!((i32::from(seen.unwrap()) - quality - leniency).abs() < 6 * NOISE);
        }
        assert_eq!(one.seen(Uuid::from_u128(99), ids[0]), None);
    }

    #[test]
    fn the_best_are_the_first_as_far_as_the_quota_goes_with_their_assessment() {
        let definition: Definition = serde_json::from_str(crate::demo::county::DEFINITION).unwrap();
        let category = definition.category("demonstration_township").unwrap();
        let ids: Vec<Uuid> = (0..25).map(Uuid::from_u128).collect();
        let truth = Truth::of(ids.clone(), []);
        let mut by_quality = truth.qualities.clone();
        by_quality.sort_by_key(|(_, quality)| -quality);
        let best: Vec<Uuid> = by_quality.iter().take(5).map(|(id, _)| *id).collect();
        assert_eq!(truth.best(category, |_| None), best);
        let last = by_quality.last().unwrap().0;
        let lifted = truth.best(category, |id| Some(if id == last { 10_000 } else { 0 }));
        assert_eq!(lifted[0], last);
    }
}

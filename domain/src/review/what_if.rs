//! 假设试算: the same scores under another policy or other weights; never official, never stored.

use crate::campaign::check::scoring_faults;
use crate::campaign::definition::{Blend, Category, ScoringPolicy};
use crate::error::{ErrorCode, Fault, Refused};

/// What is to be otherwise; the rest stays as the definition has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// How sheets become one figure.
    pub scoring_policy: Option<ScoringPolicy>,
    /// The weights of all criteria: number and percent.
    pub weights: Option<Vec<(u32, u32)>>,
    /// The weights of the verified score and the assessment.
    pub blend: Option<Blend>,
    /// How many may be commended.
    pub quota: Option<u32>,
}

/// The category as it would be.
///
/// # Errors
/// [`Refused::Invalid`] with every rule that a definition with this category would break (D-201, D-607), pointing into the change.
pub fn supposed(category: &Category, change: &Change) -> Result<Category, Refused> {
    let mut supposed = category.clone();
    let mut faults = Vec::new();
    if let Some(policy) = change.scoring_policy {
        supposed.scoring_policy.value = policy;
    }
    if let Some(blend) = change.blend {
        supposed.blend.value = blend;
    }
    if let Some(quota) = change.quota {
        supposed.quota.value = quota;
    }
    if let Some(weights) = &change.weights {
        faults.extend(weighted(&mut supposed, weights));
    }
    if faults.is_empty() {
        faults.extend(scoring_faults(&supposed).into_iter().map(|fault| repointed(fault, change)));
    }
    Refused::unless_valid(faults)?;
    Ok(supposed)
}

/// Puts in the weights: one for each criterion.
fn weighted(category: &mut Category, weights: &[(u32, u32)]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, (number, weight)) in weights.iter().enumerate() {
        let pointer = format!("/weights/{at}/criterion");
        let known = category.criteria.iter_mut().find(|criterion| criterion.number == *number);
        match known {
            None => faults.push(Fault::at(pointer, ErrorCode::UnknownCriterion).with("criterion", *number)),
            Some(_) if weights.iter().take(at).any(|(earlier, _)| earlier == number) => {
                faults.push(Fault::at(pointer, ErrorCode::Duplicate));
            }
            Some(criterion) => criterion.weight.value = *weight,
        }
    }
    let missing = category.criteria.iter().any(|one| weights.iter().all(|(number, _)| *number != one.number));
    if missing && faults.is_empty() {
        faults.push(Fault::at("/weights", ErrorCode::TooFew).with("limit", category.criteria.len()));
    }
    faults
}

/// A fault of the definition as one of the change that makes it.
fn repointed(mut fault: Fault, change: &Change) -> Fault {
    let of = |pointer: &str, start: &str| pointer.starts_with(start);
    let pointer = fault.pointer.take().unwrap_or_default();
    let place = if of(&pointer, "/criteria") {
        "/weights"
    } else if of(&pointer, "/blend") {
        if change.blend.is_some() { "/blend" } else { "" }
    } else if of(&pointer, "/quota") {
        "/quota"
    } else {
        "/scoring_policy"
    };
    fault.pointer = Some(place.to_owned());
    fault
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    const TOWNSHIPS: &str = "demonstration_township";

    fn faults(change: &Change) -> Vec<(Option<String>, ErrorCode)> {
        match supposed(&samples::category(TOWNSHIPS), change) {
            Err(Refused::Invalid(faults)) => {
                faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn d_607_what_a_definition_may_not_say_cannot_be_supposed() {
        let category = samples::category(TOWNSHIPS);
        let all: Vec<(u32, u32)> = category.criteria.iter().map(|one| (one.number, 1)).collect();
        let at = |pointer: &str, code| vec![(Some(pointer.to_owned()), code)];
        let weights = |weights| Change { weights: Some(weights), ..Change::default() };
        assert_eq!(
            faults(&weights(vec![(99, 100)])),
            at("/weights/0/criterion", ErrorCode::UnknownCriterion)
        );
        assert_eq!(faults(&weights(vec![])), at("/weights", ErrorCode::TooFew));
        let twice = [all.clone(), all.clone()].concat();
        let place = format!("/weights/{}/criterion", all.len());
        assert_eq!(faults(&weights(twice)).first(), at(&place, ErrorCode::Duplicate).first());
        assert_eq!(faults(&weights(all)), at("/weights", ErrorCode::WeightsNotHundred));
        let blend = Change { blend: Some(Blend { verified: 70, assessment: 20 }), ..Change::default() };
        assert_eq!(faults(&blend), at("/blend", ErrorCode::BlendNotHundred));
        let trimmed = Change { scoring_policy: Some(ScoringPolicy::TrimmedMean), ..Change::default() };
        assert_eq!(faults(&trimmed), at("/scoring_policy", ErrorCode::VisitsTooFew));
    }

    #[test]
    fn d_607_the_rest_stays_as_it_is() {
        let category = samples::category(TOWNSHIPS);
        assert_eq!(supposed(&category, &Change::default()), Ok(category.clone()));
        let change = Change {
            quota: Some(1),
            blend: Some(Blend { verified: 60, assessment: 40 }),
            ..Change::default()
        };
        let other = supposed(&category, &change).unwrap();
        assert_eq!((other.quota.value, other.blend.value.assessment), (1, 40));
        assert_eq!(other.criteria, category.criteria);
    }
}

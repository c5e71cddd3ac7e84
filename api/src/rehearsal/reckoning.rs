//! Scores reckoned a second time, apart from the server's own code: in fractions of whole numbers, from what was sent.

use pingxuan_domain::campaign::definition::Category;
use pingxuan_domain::review::evaluation::DutyCount;

/// An exact fraction; its denominator is above 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fraction {
    over: i128,
    under: i128,
}

impl Fraction {
    fn of(over: i128, under: i128) -> Option<Self> {
        (under > 0).then_some(Self { over, under })
    }

    fn plus(self, other: Self) -> Self {
        Self { over: self.over * other.under + other.over * self.under, under: self.under * other.under }
    }

    fn times(self, factor: i128) -> Self {
        Self { over: self.over * factor, under: self.under }
    }

    fn divided(self, by: i128) -> Option<Self> {
        Self::of(self.over, self.under.checked_mul(by)?)
    }

    /// Two decimals, halves upwards: `87.25`.
    fn shown(self) -> String {
        let hundredths = (self.over * 200 + self.under).div_euclid(self.under * 2);
        format!("{}.{:02}", hundredths / 100, hundredths % 100)
    }
}

/// The points of one sheet: criterion and half points, none where it could not be judged.
pub type Sheet = Vec<(u32, Option<u16>)>;

/// A unit's annual assessment in hundredths, or that it was not assessed.
pub type Assessed = Option<u32>;

/// Σ w·s / Σ w over the judged criteria, where they have half of the weight at least (D-604).
fn composite(category: &Category, sheet: &Sheet) -> Option<Fraction> {
    let (mut sum, mut judged, mut whole) = (0_i128, 0_i128, 0_i128);
    for criterion in &category.criteria {
        let weight = i128::from(criterion.weight.value);
        whole += weight;
        let points =
            sheet.iter().find(|(number, _)| *number == criterion.number).and_then(|(_, points)| *points);
        if let Some(halves) = points {
            sum += weight * i128::from(halves);
            judged += weight;
        }
    }
    if judged * 2 < whole { None } else { Fraction::of(sum, judged * 2) }
}

/// The score of whoever is verified by sheets: the mean of those that count, blended with the assessment (D-607).
#[must_use]
pub fn by_sheets(category: &Category, sheets: &[Sheet], assessed: Assessed) -> Option<String> {
    let counting: Vec<Fraction> = sheets.iter().filter_map(|sheet| composite(category, sheet)).collect();
    let sum = counting.iter().copied().reduce(Fraction::plus)?;
    let verified = sum.divided(i128::try_from(counting.len()).ok()?)?;
    let blend = category.blend.value;
    let Some(assessed) = assessed.filter(|_| blend.assessment > 0) else { return Some(verified.shown()) };
    let (of_verified, of_assessment) = (i128::from(blend.verified), i128::from(blend.assessment));
    let assessment = Fraction::of(i128::from(assessed) * of_assessment, 100)?;
    Some(verified.times(of_verified).plus(assessment).divided(of_verified + of_assessment)?.shown())
}

/// The score of a supervisor, from their approved duty records: Σ w·p / Σ w, no criterion above 100 (D-608).
#[must_use]
pub fn by_records(category: &Category, records: &[DutyCount]) -> Option<String> {
    let rules = &category.evaluation.as_ref()?.value.duty_points;
    let points = |number: u32| {
        let of_rule = rules.iter().filter(|rule| rule.criterion == number).flat_map(|rule| {
            let counts = records.iter().filter(|count| count.kind == rule.kind);
            counts.map(|count| rule.points_each * count.approved + rule.adopted_bonus * count.adopted)
        });
        i128::from(of_rule.sum::<u32>().min(100))
    };
    let weight = |of: &pingxuan_domain::campaign::definition::Criterion| i128::from(of.weight.value);
    let sum = category.criteria.iter().map(|criterion| weight(criterion) * points(criterion.number)).sum();
    Some(Fraction::of(sum, category.criteria.iter().map(weight).sum())?.shown())
}

#[cfg(test)]
mod tests {
    use pingxuan_domain::campaign::definition::{Definition, DutyKind};

    use super::*;

    fn category(code: &str) -> Category {
        let definition: Definition = serde_json::from_str(crate::demo::county::DEFINITION).unwrap();
        definition.category(code).unwrap().clone()
    }

    #[test]
    fn d_607_the_mean_of_the_sheets_is_blended_with_the_assessment() {
        let category = category("demonstration_township");
        let sheet = |halves: u16| -> Sheet { (1..=5).map(|number| (number, Some(halves))).collect() };
        assert_eq!(by_sheets(&category, &[sheet(160), sheet(170)], Some(9000)).unwrap(), "84.00");
        assert_eq!(by_sheets(&category, &[sheet(160), sheet(171)], None).unwrap(), "82.75");
        let hardly: Sheet = vec![(1, Some(200)), (2, Some(200)), (3, None)];
        assert_eq!(by_sheets(&category, &[sheet(160), hardly.clone()], None).unwrap(), "80.00");
        assert_eq!(by_sheets(&category, &[hardly], None), None);
    }

    #[test]
    fn d_608_records_are_worth_their_points() {
        let records = [
            DutyCount { kind: DutyKind::Supervision, approved: 11, adopted: 0 },
            DutyCount { kind: DutyKind::Advice, approved: 4, adopted: 3 },
        ];
        assert_eq!(by_records(&category("excellent_supervisor"), &records).unwrap(), "38.75");
    }
}

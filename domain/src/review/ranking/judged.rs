//! A nominee as it is judged: what each sheet comes to, and what is blended in and added after that (D-604, D-607).

use rust_decimal::{Decimal, RoundingStrategy};

use super::{Assessment, RankingInput, SheetInput};
use crate::campaign::definition::{Blend, Category};
use crate::review::scoring::{Adjustment, Composite, Figure, Judgement, blend, composite};

/// A nominee with what each of its sheets comes to.
pub(in crate::review) struct Judged<'a> {
    /// What it is ranked by.
    pub input: &'a RankingInput,
    /// The composite of each sheet, in the input's order.
    pub composites: Vec<Composite>,
    /// The assessment, as the category needs it.
    pub assessment: Assessment,
    /// The weights that apply to it.
    pub weights: Blend,
}

/// A sheet that counts.
#[derive(Clone, Copy)]
pub(in crate::review) struct Counting<'a> {
    /// Its place among the nominee's sheets.
    pub place: usize,
    /// What it says.
    pub sheet: &'a SheetInput,
    /// Its composite.
    pub composite: Decimal,
}

impl Counting<'_> {
    /// The points of a criterion; none where it is not judged.
    pub fn points(&self, criterion: u32) -> Option<Decimal> {
        let judgement = self.sheet.judgements.iter().find(|(of, _)| *of == criterion);
        match judgement.map(|(_, judgement)| *judgement) {
            Some(Judgement::Points(points)) => Some(points.decimal()),
            Some(Judgement::CannotJudge) | None => None,
        }
    }
}

impl<'a> Judged<'a> {
    /// A nominee by its input.
    pub fn of(category: &Category, weights: &[(u32, u32)], input: &'a RankingInput) -> Self {
        let composites = input.sheets.iter().map(|sheet| composite(weights, &sheet.judgements)).collect();
        let assessment = settle(category.blend.value, input.assessment);
        let weights = match assessment {
            // The verified score counts whole, visibly (D-607).
            Assessment::NotAssessed => Blend { verified: 100, assessment: 0 },
            Assessment::NotBlended | Assessment::Missing | Assessment::Score(_) => category.blend.value,
        };
        Self { input, composites, assessment, weights }
    }

    /// The sheets that count (D-604).
    pub fn counting(&self) -> impl Iterator<Item = Counting<'a>> + '_ {
        self.input.sheets.iter().zip(&self.composites).enumerate().filter_map(
            |(place, (sheet, composite))| {
                let composite = composite.score.filter(|_| composite.counts)?;
                Some(Counting { place, sheet, composite })
            },
        )
    }

    /// The assessment's figure, where it has a weight.
    pub fn blended(&self) -> Option<Figure> {
        self.assessment.figure().filter(|_| self.weights.assessment > 0)
    }

    /// The part that the assessment has in the figure, 0 to 1; 0 where there is none or it is missing.
    pub fn assessment_share(&self) -> Decimal {
        let whole = Decimal::from(self.weights.verified) + Decimal::from(self.weights.assessment);
        let share = self.blended().and_then(|_| Decimal::from(self.weights.assessment).checked_div(whole));
        share.unwrap_or_default()
    }

    /// What the office gives or takes, all together.
    pub fn adjustment(&self) -> Decimal {
        self.input.adjustments.iter().map(|adjustment| adjustment.decimal()).sum()
    }

    /// What comes of a verified score before anything is given or taken: none where the assessment is missing.
    pub(super) fn whole(&self, verified: Option<Decimal>) -> Option<Decimal> {
        let verified = verified.filter(|_| self.assessment != Assessment::Missing)?;
        Some(blend(verified, self.blended().map(Figure::decimal), self.weights))
    }

    /// The official figure of a calibrated score: to millionths, then half up to hundredths (Numerics of `docs/FAIRNESS.md`).
    pub(super) fn calibrated_score(&self, verified: Option<Decimal>) -> Option<Figure> {
        self.whole(verified).map(|whole| in_millionths(whole + self.adjustment()))
    }
}

/// A calibrated number as a figure.
pub(in crate::review) fn in_millionths(number: Decimal) -> Figure {
    Figure::from_decimal(number.round_dp_with_strategy(6, RoundingStrategy::MidpointNearestEven))
}

/// All adjustments together, as far as one can say it.
pub(super) fn total(adjustments: &[Adjustment]) -> Adjustment {
    let sum: i64 = adjustments.iter().map(|adjustment| adjustment.hundredths()).sum();
    let farthest = Adjustment::FARTHEST_HUNDREDTHS;
    Adjustment::from_hundredths(sum.clamp(-farthest, farthest)).unwrap_or_default()
}

/// What is said of the assessment depends on whether the category needs it, not on who looked it up.
fn settle(weights: Blend, given: Assessment) -> Assessment {
    match given {
        Assessment::NotBlended | Assessment::Missing if weights.assessment > 0 => Assessment::Missing,
        Assessment::NotBlended | Assessment::Missing => Assessment::NotBlended,
        Assessment::NotAssessed | Assessment::Score(_) => given,
    }
}

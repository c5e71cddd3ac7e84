//! Points, figures and how sheets become one figure (D-604, D-607). Exact decimals, never floats.

use std::fmt;
use std::str::FromStr;

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::campaign::definition::Blend;
use crate::error::ErrorCode;

/// The points that a supervisor gives for a criterion: 0 to 100 in steps of 0.5 (D-604).
///
/// Written `87.5` or `88`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Points(u16);

impl Points {
    /// What may stand before the digits: nothing.
    const SIGN: &str = "";

    /// The most points, in halves.
    pub const MOST_HALVES: u16 = 200;

    /// From half points, 0 to 200; none above.
    #[must_use]
    pub const fn from_halves(halves: u16) -> Option<Self> {
        if halves <= Self::MOST_HALVES { Some(Self(halves)) } else { None }
    }

    /// The points as a decimal number, 0 to 100.
    #[must_use]
    pub fn decimal(self) -> Decimal {
        // Tenths: a half is five of them.
        Decimal::new(i64::from(self.0) * 5, 1)
    }

    /// From a JSON number such as `88`, `87.5` or `87.0`.
    ///
    /// # Errors
    /// [`ErrorCode::WrongType`] where it is no number, [`ErrorCode::TooSmall`] below 0,
    /// [`ErrorCode::TooLarge`] above 100, [`ErrorCode::WrongFormat`] between two steps of 0.5.
    pub fn from_json(value: &Value) -> Result<Self, ErrorCode> {
        Self::from_number(number_of(value)?)
    }

    fn from_number(number: Decimal) -> Result<Self, ErrorCode> {
        steps_of(number, Decimal::new(5, 1)).and_then(|halves| {
            u16::try_from(halves).ok().and_then(Self::from_halves).ok_or(ErrorCode::TooLarge)
        })
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.0 / 2, if self.0 % 2 == 1 { ".5" } else { "" })
    }
}

/// What a supervisor says of a criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// So many points.
    Points(Points),
    /// It cannot be judged: the criterion counts for nothing on this sheet.
    CannotJudge,
}

/// An official figure: 0.00 to 100.00, in hundredths. Equal means equal figures (D-609). Written `87.25`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Figure(i64);

impl Figure {
    /// What may stand before the digits: nothing.
    const SIGN: &str = "";

    /// The greatest figure, in hundredths.
    pub const MOST_HUNDREDTHS: i64 = 10_000;

    /// From hundredths, 0 to 10,000; none outside.
    #[must_use]
    pub const fn from_hundredths(hundredths: i64) -> Option<Self> {
        if hundredths >= 0 && hundredths <= Self::MOST_HUNDREDTHS { Some(Self(hundredths)) } else { None }
    }

    /// The figure in hundredths, 0 to 10,000.
    #[must_use]
    pub const fn hundredths(self) -> i64 {
        self.0
    }

    /// The figure as a decimal number, 0 to 100.
    #[must_use]
    pub fn decimal(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    /// A number as an official figure, kept between 0 and 100.
    ///
    /// Rounded to 12 decimals and then, halves away from zero, to 2 (D-609): a quotient such as 87.125 that
    /// was reached through repeating decimals lies a hair beside the half and must not fall to its other
    /// side.
    #[must_use]
    pub fn from_decimal(number: Decimal) -> Self {
        let half_up = |number: Decimal, places| {
            number.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
        };
        let number = half_up(half_up(number, 12), 2).clamp(Decimal::ZERO, Decimal::ONE_HUNDRED);
        // 0 to 100 with two decimals always fits.
        Self((number * Decimal::ONE_HUNDRED).to_i64().unwrap_or_default())
    }

    /// From a JSON number of at most two decimals.
    ///
    /// # Errors
    /// [`ErrorCode::WrongType`] where it is no number, [`ErrorCode::TooSmall`] below 0,
    /// [`ErrorCode::TooLarge`] above 100, [`ErrorCode::WrongFormat`] with more than two decimals.
    pub fn from_json(value: &Value) -> Result<Self, ErrorCode> {
        Self::from_number(number_of(value)?)
    }

    fn from_number(number: Decimal) -> Result<Self, ErrorCode> {
        let hundredths = steps_of(number, Decimal::new(1, 2))?;
        Self::from_hundredths(hundredths).ok_or(ErrorCode::TooLarge)
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// Points given, or taken where they are negative, beside a score: -100.00 to 100.00 in hundredths. Written `2.50` or `-1.00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Adjustment(i64);

impl Adjustment {
    /// What may stand before the digits.
    const SIGN: &str = "-";

    /// The farthest from 0, in hundredths.
    pub const FARTHEST_HUNDREDTHS: i64 = 10_000;

    /// From hundredths, -10,000 to 10,000; none outside.
    #[must_use]
    pub const fn from_hundredths(hundredths: i64) -> Option<Self> {
        if hundredths >= -Self::FARTHEST_HUNDREDTHS && hundredths <= Self::FARTHEST_HUNDREDTHS {
            Some(Self(hundredths))
        } else {
            None
        }
    }

    /// The points in hundredths, -10,000 to 10,000.
    #[must_use]
    pub const fn hundredths(self) -> i64 {
        self.0
    }

    /// The points as a decimal number.
    #[must_use]
    pub fn decimal(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    fn from_number(number: Decimal) -> Result<Self, ErrorCode> {
        let hundredths = steps_of(number.abs(), Decimal::new(1, 2))?;
        Self::from_hundredths(if number.is_sign_negative() { -hundredths } else { hundredths })
            .ok_or(ErrorCode::TooLarge)
    }
}

impl fmt::Display for Adjustment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", size / 100, size % 100)
    }
}

/// The exact value of a JSON number, read from its text.
fn number_of(value: &Value) -> Result<Decimal, ErrorCode> {
    let Value::Number(number) = value else { return Err(ErrorCode::WrongType) };
    let text = number.to_string();
    let read = if text.contains(['e', 'E']) { Decimal::from_scientific(&text) } else { text.parse() };
    // What a decimal cannot hold lies far outside 0 to 100, or closer to 0 than any step.
    read.map_err(|_| match text {
        text if text.starts_with('-') => ErrorCode::TooSmall,
        text if text.contains("e-") || text.contains("E-") => ErrorCode::WrongFormat,
        _ => ErrorCode::TooLarge,
    })
}

/// How many steps a number of 0 to 100 has.
fn steps_of(number: Decimal, step: Decimal) -> Result<i64, ErrorCode> {
    if number < Decimal::ZERO {
        return Err(ErrorCode::TooSmall);
    }
    if number > Decimal::ONE_HUNDRED {
        return Err(ErrorCode::TooLarge);
    }
    if !(number % step).is_zero() {
        return Err(ErrorCode::WrongFormat);
    }
    (number / step).to_i64().ok_or(ErrorCode::TooLarge)
}

macro_rules! as_text {
    ($($type:ty),*) => {$(
        impl FromStr for $type {
            type Err = ErrorCode;

            /// Reads what `Display` writes.
            fn from_str(text: &str) -> Result<Self, ErrorCode> {
                let digits = text.strip_prefix(Self::SIGN).unwrap_or(text);
                if !digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
                    return Err(ErrorCode::WrongFormat);
                }
                Self::from_number(text.parse().map_err(|_| ErrorCode::WrongFormat)?)
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(|code: ErrorCode| serde::de::Error::custom(code.code()))
            }
        }
    )*};
}
as_text!(Points, Figure, Adjustment);

/// What a sheet comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Composite {
    /// The composite, 0 to 100, unrounded; none where nothing is judged.
    pub score: Option<Decimal>,
    /// The weight of the criteria judged, in the definition's percent.
    pub judged_weight: u32,
    /// Whether the sheet counts: at least half of the weight is judged.
    pub counts: bool,
}

/// The composite of a sheet: Σ w·s / Σ w over the judged criteria; it counts with at least half of the weight
/// judged (D-604).
///
/// `weights` are pairs of criterion and weight in percent, `judged` of criterion and judgement. A criterion
/// without judgement is not judged, a judgement of a criterion without weight counts for nothing, of two of
/// one criterion the first counts.
#[must_use]
pub fn composite(weights: &[(u32, u32)], judged: &[(u32, Judgement)]) -> Composite {
    let mut total = 0_u64;
    let mut judged_weight = 0_u32;
    let mut sum = Decimal::ZERO;
    for (criterion, weight) in weights {
        total = total.saturating_add(u64::from(*weight));
        let judgement = judged.iter().find(|(of, _)| of == criterion).map(|(_, judgement)| judgement);
        if let Some(Judgement::Points(points)) = judgement {
            judged_weight = judged_weight.saturating_add(*weight);
            sum += Decimal::from(*weight) * points.decimal();
        }
    }
    let score = sum.checked_div(Decimal::from(judged_weight));
    Composite { score, judged_weight, counts: score.is_some() && u64::from(judged_weight) * 2 >= total }
}

/// The plain mean, unrounded (policy `mean`, D-607); none of none.
#[must_use]
pub fn mean(numbers: &[Decimal]) -> Option<Decimal> {
    numbers.iter().sum::<Decimal>().checked_div(Decimal::from(numbers.len()))
}

/// The verified score and the annual assessment by their weights, unrounded (D-607). Where there is no
/// assessment the verified score counts whole.
#[must_use]
pub fn blend(verified: Decimal, assessment: Option<Decimal>, weights: Blend) -> Decimal {
    let Some(assessment) = assessment else { return verified };
    let of_verified = Decimal::from(weights.verified);
    let of_assessment = Decimal::from(weights.assessment);
    let sum = of_verified * verified + of_assessment * assessment;
    sum.checked_div(of_verified + of_assessment).unwrap_or(verified)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn points(halves: u16) -> Judgement {
        Judgement::Points(Points::from_halves(halves).unwrap())
    }

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn d_604_points_are_0_to_100_in_steps_of_a_half() {
        for (value, halves) in
            [(json!(0), 0), (json!(88), 176), (json!(87.5), 175), (json!(87.0), 174), (json!(1e2), 200)]
        {
            assert_eq!(Points::from_json(&value), Ok(Points::from_halves(halves).unwrap()), "{value}");
        }
        for (value, code) in [
            (json!("88"), ErrorCode::WrongType),
            (json!(null), ErrorCode::WrongType),
            (json!(-0.5), ErrorCode::TooSmall),
            (json!(-1e300), ErrorCode::TooSmall),
            (json!(-1e-300), ErrorCode::TooSmall),
            (json!(100.5), ErrorCode::TooLarge),
            (json!(u64::MAX), ErrorCode::TooLarge),
            (json!(1e300), ErrorCode::TooLarge),
            (json!(87.25), ErrorCode::WrongFormat),
            (json!(99.999_999_999), ErrorCode::WrongFormat),
            (json!(1e-300), ErrorCode::WrongFormat),
        ] {
            assert_eq!(Points::from_json(&value), Err(code), "{value}");
        }
        assert_eq!(Points::from_json(&json!(-0.0)), Ok(Points::default()));
        assert_eq!(Points::from_halves(201), None);
    }

    #[test]
    fn d_609_a_figure_has_two_decimals_and_halves_go_up() {
        assert_eq!(Figure::from_decimal(decimal("87.125")).to_string(), "87.13");
        assert_eq!(Figure::from_decimal(decimal("87.1249")).to_string(), "87.12");
        // A third three times, a hair under the half.
        let third = decimal("87.125") / Decimal::from(3);
        assert_eq!(Figure::from_decimal(third + third + third).to_string(), "87.13");
        assert_eq!(Figure::from_decimal(decimal("87.1249999999999999")).to_string(), "87.13");
        assert_eq!(Figure::from_decimal(decimal("100.4")).to_string(), "100.00");
        assert_eq!(Figure::from_decimal(decimal("-3")).to_string(), "0.00");
        assert_eq!(Figure::from_json(&json!(87.25)), Ok(Figure::from_hundredths(8725).unwrap()));
        assert_eq!(Figure::from_json(&json!(87.255)), Err(ErrorCode::WrongFormat));
        assert_eq!("8７.25".parse::<Figure>(), Err(ErrorCode::WrongFormat));
        assert_eq!("1e1".parse::<Figure>(), Err(ErrorCode::WrongFormat));
    }

    #[test]
    fn d_609_a_figure_lies_between_0_and_100() {
        for (hundredths, figure) in [(-1, None), (0, Some(0)), (10_000, Some(10_000)), (10_001, None)] {
            assert_eq!(Figure::from_hundredths(hundredths).map(Figure::hundredths), figure);
        }
    }

    #[test]
    fn d_607_an_adjustment_gives_or_takes_up_to_100_points() {
        for text in ["0.00", "2.50", "-1.05", "100.00", "-100.00"] {
            assert_eq!(text.parse::<Adjustment>().unwrap().to_string(), text);
        }
        for (text, code) in [
            ("--1", ErrorCode::WrongFormat),
            ("+1", ErrorCode::WrongFormat),
            ("1.005", ErrorCode::WrongFormat),
            ("-100.01", ErrorCode::TooLarge),
            ("", ErrorCode::WrongFormat),
        ] {
            assert_eq!(text.parse::<Adjustment>(), Err(code), "{text}");
        }
        assert_eq!(Adjustment::from_hundredths(-10_001), None);
        assert_eq!("-0".parse::<Adjustment>().unwrap(), Adjustment::default());
    }

    #[test]
    fn d_604_a_sheet_counts_with_half_of_the_weight_judged() {
        let weights = [(1, 50), (2, 30), (3, 20)];
        let whole = composite(&weights, &[(1, points(200)), (2, points(100)), (3, points(0))]);
        assert_eq!(whole, Composite { score: Some(decimal("65")), judged_weight: 100, counts: true });
        let half = composite(&weights, &[(1, Judgement::CannotJudge), (2, points(160)), (3, points(110))]);
        assert_eq!(half, Composite { score: Some(decimal("70")), judged_weight: 50, counts: true });
        let less = composite(&weights, &[(2, points(160)), (9, points(200))]);
        assert_eq!(less, Composite { score: Some(decimal("80")), judged_weight: 30, counts: false });
        let none = composite(&weights, &[(1, Judgement::CannotJudge)]);
        assert_eq!(none, Composite { score: None, judged_weight: 0, counts: false });
        assert!(!composite(&[], &[]).counts);
    }

    #[test]
    fn d_607_the_blend_is_80_to_20_and_whole_without_an_assessment() {
        let weights = Blend { verified: 80, assessment: 20 };
        assert_eq!(blend(decimal("90"), Some(decimal("70")), weights), decimal("86"));
        assert_eq!(blend(decimal("90"), None, weights), decimal("90"));
        assert_eq!(
            blend(decimal("90"), Some(decimal("70")), Blend { verified: 0, assessment: 0 }),
            decimal("90")
        );
        assert_eq!(mean(&[]), None);
        assert_eq!(mean(&[decimal("90"), decimal("85.5")]), Some(decimal("87.75")));
    }

    proptest! {
        #[test]
        fn d_604_points_and_figures_survive_json(halves in 0u16..=200, hundredths in 0i64..=10_000) {
            let points = Points::from_halves(halves).unwrap();
            let figure = Figure::from_hundredths(hundredths).unwrap();
            let number: Value = serde_json::from_str(&points.to_string()).unwrap();
            prop_assert_eq!(Points::from_json(&number), Ok(points));
            let number: Value = serde_json::from_str(&figure.to_string()).unwrap();
            prop_assert_eq!(Figure::from_json(&number), Ok(figure));
            prop_assert_eq!(Figure::from_decimal(figure.decimal()), figure);
            let both = (Judgement::Points(points), figure);
            let text = serde_json::to_string(&both).unwrap();
            prop_assert_eq!(serde_json::from_str::<(Judgement, Figure)>(&text).unwrap(), both);
        }

        #[test]
        fn d_604_a_composite_lies_between_the_lowest_and_the_highest_points(
            sheet in proptest::collection::vec((1u32..=100, 0u16..=200), 1..20),
        ) {
            let numbered = || (1u32..).zip(&sheet);
            let weights: Vec<_> = numbered().map(|(number, (weight, _))| (number, *weight)).collect();
            let judged: Vec<_> = numbered().map(|(number, (_, halves))| (number, points(*halves))).collect();
            let score = Figure::from_decimal(composite(&weights, &judged).score.unwrap()).hundredths();
            let halves = || sheet.iter().map(|(_, halves)| i64::from(*halves) * 50);
            prop_assert!(halves().min().unwrap() <= score && score <= halves().max().unwrap());
        }
    }
}

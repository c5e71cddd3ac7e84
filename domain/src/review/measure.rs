//! Numbers of statistics as a list keeps them: six decimals, written the same on every machine (D-610).

use std::fmt;
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::scoring::Figure;
use crate::error::ErrorCode;

/// A number in millionths: an error, a probability, a ratio. Written without idle zeros, such as `0.224528`, `-3.5` or `2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Measure(i64);

impl Measure {
    const DECIMALS: u32 = 6;

    /// The nearest millionth, halves to the even one. It saturates far beyond all that is measured here.
    #[must_use]
    pub fn from_f64(number: f64) -> Self {
        Self((number * 1e6).round_ties_even() as i64)
    }

    /// A number of things.
    #[must_use]
    pub fn from_count(count: usize) -> Self {
        Self(i64::try_from(count).unwrap_or(i64::MAX).saturating_mul(1_000_000))
    }

    /// The number in millionths.
    #[must_use]
    pub const fn millionths(self) -> i64 {
        self.0
    }

    /// So many decimals, at most 6, halves away from zero: as sentences say it.
    #[must_use]
    pub fn rounded(self, decimals: u32) -> String {
        let rounded = self.decimal().round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
        let rounded = if rounded.is_zero() { Decimal::ZERO } else { rounded };
        format!("{rounded:.*}", usize::try_from(decimals).unwrap_or_default())
    }

    /// A share as percents, whole where that does not say that something is certain or out of the question which is not: `92` of
    /// `0.9239`, but `99.9` of `0.9990`.
    #[must_use]
    pub fn percent(self) -> String {
        let percent = Self(self.0.saturating_mul(100));
        let certain = [Ok(Self::from_count(0)), Ok(Self::from_count(100))];
        let honest = |said: &String| {
            let said = said.parse();
            said == Ok(percent) || !certain.contains(&said)
        };
        let mut said = (0..Self::DECIMALS).map(|decimals| percent.rounded(decimals));
        said.find(honest).unwrap_or_else(|| percent.to_string())
    }

    /// The number without its sign.
    #[must_use]
    pub const fn size(self) -> Self {
        Self(self.0.saturating_abs())
    }

    /// The number as a decimal.
    #[must_use]
    pub fn decimal(self) -> Decimal {
        Decimal::new(self.0, Self::DECIMALS)
    }

    /// The number as a figure: two decimals, halves up, kept between 0 and 100.
    #[must_use]
    pub fn figure(self) -> Figure {
        Figure::from_decimal(self.decimal())
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.decimal().normalize())
    }
}

impl FromStr for Measure {
    type Err = ErrorCode;

    /// Reads what `Display` writes.
    fn from_str(text: &str) -> Result<Self, ErrorCode> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || part.len() > 6 || !is_number(whole) || !is_number(part) {
            return Err(ErrorCode::WrongFormat);
        }
        format!("{whole}{part:0<6}")
            .parse::<i64>()
            .map(|size| Self(sign * size))
            .map_err(|_| ErrorCode::TooLarge)
    }
}

impl Serialize for Measure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        as_text::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Measure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        as_text::deserialize(deserializer)
    }
}

/// Numbers that JSON keeps whole as texts alone.
pub(super) mod as_text {
    use std::borrow::Cow;
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(value: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(crate) fn deserialize<'de, T: FromStr, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(|_| D::Error::custom(format_args!("`{text}` is no such number")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn d_610_a_measure_has_six_decimals_and_no_idle_zeros() {
        for (number, text) in [
            (0.224_527_752, "0.224528"),
            (-3.5, "-3.5"),
            (2.0, "2"),
            (-0.000_000_4, "0"),
            (f64::NAN, "0"),
            (f64::INFINITY, "9223372036854.775807"),
        ] {
            assert_eq!(Measure::from_f64(number).to_string(), text);
        }
        assert_eq!(Measure::from_count(12).to_string(), "12");
        assert_eq!(Measure::from_f64(87.125).figure().to_string(), "87.13");
        for (number, said) in [(2.345, "2.35"), (-2.345, "-2.35"), (-0.004, "0.00"), (3.0, "3.00")] {
            assert_eq!(Measure::from_f64(number).rounded(2), said);
        }
        for (share, percent) in [
            (0.9239, "92"),
            (0.995, "99.5"),
            (0.999, "99.9"),
            (0.9999, "99.99"),
            (1.0, "100"),
            (0.004, "0.4"),
            (0.000_04, "0.004"),
            (0.0, "0"),
        ] {
            assert_eq!(Measure::from_f64(share).percent(), percent);
        }
        assert_eq!(Measure::from_f64(-3.5).size(), Measure::from_f64(3.5));
        for text in ["", "-", ".5", "1.0000001", "1e3", "+1", "1,5", "--1", "１"] {
            assert_eq!(text.parse::<Measure>(), Err(ErrorCode::WrongFormat), "{text}");
        }
        assert_eq!("9223372036855".parse::<Measure>(), Err(ErrorCode::TooLarge));
    }

    proptest! {
        #[test]
        fn d_610_a_measure_survives_json(millionths in -i64::MAX..=i64::MAX) {
            let measure = Measure(millionths);
            let text = serde_json::to_string(&measure).unwrap();
            prop_assert_eq!(serde_json::from_str::<Measure>(&text).unwrap(), measure);
        }
    }
}

//! The stream of random numbers that anybody can recompute from its seed.

use serde::{Deserialize, Serialize};

/// SplitMix64 (Steele, Lea and Flood 2014): each number is a mix of the seed and of its place in the stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitMix64 {
    state: u64,
}

const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

impl SplitMix64 {
    /// The stream of a seed, from its beginning.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits.
    pub const fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GAMMA);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// The next number between 0 and 1, neither of them included: the middle of one of 2^53 equal cells.
    pub const fn uniform(&mut self) -> f64 {
        // The last middle would be rounded to 1.
        (((self.next_u64() >> 11) as f64 + 0.5) * (1.0 / 9_007_199_254_740_992.0))
            .min(1.0 - f64::EPSILON / 2.0)
    }

    /// The next of the whole numbers below `n`, by multiplication (Lemire 2019) without rejection: the bias is below
    /// n / 2^64. 0 where `n` is 0.
    pub const fn below(&mut self, n: u64) -> u64 {
        ((self.next_u64() as u128 * n as u128) >> 64) as u64
    }

    /// Fills a slice with the next standard normal numbers.
    pub fn fill_normal(&mut self, target: &mut [f64]) {
        const BATCH: usize = 64;
        for batch in target.chunks_mut(BATCH) {
            // All by the formula of the centre first, as that is one straight loop; then the few in the tails anew.
            let mut around = [0.0; BATCH];
            for (q, value) in around.iter_mut().zip(batch.iter_mut()) {
                *q = self.uniform() - 0.5;
                *value = central(*q);
            }
            for (q, value) in around.iter().zip(batch) {
                if q.abs() > CENTRE {
                    // Exact, as the stream is made of whole cells.
                    *value = tail(0.5 - q.abs()).copysign(*q);
                }
            }
        }
    }
}

/// Half the width of the centre.
const CENTRE: f64 = 0.425;

/// The standard normal number below which a share u of them lies, 0 < u < 1, to about 1e-16 of itself
/// (algorithm AS 241, PPND16; Wichura 1988).
#[must_use]
pub fn normal_quantile(u: f64) -> f64 {
    let q = u - 0.5;
    if q.abs() <= CENTRE {
        central(q)
    } else if q < 0.0 {
        -tail(u)
    } else {
        tail(1.0 - u)
    }
}

/// A ratio of two polynomials of degree 7, coefficients from the constant up.
#[inline]
fn ratio(over: &[f64; 8], under: &[f64; 8], r: f64) -> f64 {
    let [a0, a1, a2, a3, a4, a5, a6, a7] = over;
    let [b0, b1, b2, b3, b4, b5, b6, b7] = under;
    (((((((a7 * r + a6) * r + a5) * r + a4) * r + a3) * r + a2) * r + a1) * r + a0)
        / (((((((b7 * r + b6) * r + b5) * r + b4) * r + b3) * r + b2) * r + b1) * r + b0)
}

#[inline]
fn central(q: f64) -> f64 {
    q * ratio(&CENTRE_OVER, &CENTRE_UNDER, 0.180_625 - q * q)
}

/// The quantile, up, of what lies beyond the share of a tail.
fn tail(share: f64) -> f64 {
    let r = (-libm::log(share)).sqrt();
    if r <= 5.0 { ratio(&NEAR_OVER, &NEAR_UNDER, r - 1.6) } else { ratio(&FAR_OVER, &FAR_UNDER, r - 5.0) }
}

const CENTRE_OVER: [f64; 8] = [
    3.387_132_872_796_366_5,
    1.331_416_678_917_843_8e2,
    1.971_590_950_306_551_3e3,
    1.373_169_376_550_946e4,
    4.592_195_393_154_987e4,
    6.726_577_092_700_87e4,
    3.343_057_558_358_813e4,
    2.509_080_928_730_122_7e3,
];
const CENTRE_UNDER: [f64; 8] = [
    1.0,
    4.231_333_070_160_091e1,
    6.871_870_074_920_579e2,
    5.394_196_021_424_751e3,
    2.121_379_430_158_659_7e4,
    3.930_789_580_009_271e4,
    2.872_908_573_572_194_3e4,
    5.226_495_278_852_854e3,
];
const NEAR_OVER: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    2.417_807_251_774_506e-1,
    2.272_384_498_926_918_4e-2,
    7.745_450_142_783_414e-4,
];
const NEAR_UNDER: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    6.897_673_349_851e-1,
    1.481_039_764_274_800_8e-1,
    1.519_866_656_361_645_7e-2,
    5.475_938_084_995_345e-4,
    1.050_750_071_644_416_9e-9,
];
const FAR_OVER: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    2.965_605_718_285_048_7e-1,
    2.653_218_952_657_612_4e-2,
    1.242_660_947_388_078_4e-3,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const FAR_UNDER: [f64; 8] = [
    1.0,
    5.998_322_065_558_88e-1,
    1.369_298_809_227_358e-1,
    1.487_536_129_085_061_5e-2,
    7.868_691_311_456_133e-4,
    1.846_318_317_510_054_8e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_8e-15,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_of_seed_zero_is_the_published_one() {
        let mut stream = SplitMix64::new(0);
        let first = [stream.next_u64(), stream.next_u64(), stream.next_u64()];
        assert_eq!(first, [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F]);
    }

    #[test]
    fn the_stream_of_another_seed_is_the_published_one() {
        let mut stream = SplitMix64::new(1_234_567);
        let first = [stream.next_u64(), stream.next_u64(), stream.next_u64()];
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn numbers_stay_within_their_bounds() {
        let mut stream = SplitMix64::new(7);
        for _ in 0..1_000 {
            let uniform = stream.uniform();
            assert!(uniform > 0.0 && uniform < 1.0);
            assert!(stream.below(3) < 3);
        }
        assert_eq!(stream.below(0), 0);
    }

    #[test]
    fn quantiles_are_those_of_wichura_and_odd_around_the_middle() {
        let known = [
            (0.25, -0.674_489_750_196_081_7),
            (0.001, -3.090_232_306_167_813_5),
            (1e-20, -9.262_340_089_798_408),
        ];
        for (share, quantile) in known {
            assert!((normal_quantile(share) / quantile - 1.0).abs() < 1e-15, "{share}");
        }
        for share in [0.3, 0.05, 0.01] {
            assert!((normal_quantile(share) + normal_quantile(1.0 - share)).abs() < 1e-13);
        }
        assert_eq!(normal_quantile(0.5), 0.0);
    }

    #[test]
    fn many_at_once_are_the_same_as_one_by_one() {
        let mut many = [0.0; 300];
        SplitMix64::new(7).fill_normal(&mut many);
        let mut stream = SplitMix64::new(7);
        assert!(many.iter().all(|value| *value == normal_quantile(stream.uniform())));
    }
}

//! Chance that can be had again: the same seed, the same rehearsal.

/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same everywhere.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// Chance from a seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to one below the limit; 0 for a limit of 0.
    pub fn below(&mut self, limit: u16) -> u16 {
        u16::try_from(self.next() % u64::from(limit.max(1))).unwrap_or(0)
    }

    /// About normal, with mean 0 and this standard deviation: twelve even draws together.
    pub fn normal(&mut self, deviation: i32) -> i32 {
        let drawn: i32 = (0..12).map(|_| i32::from(self.below(1000))).sum();
        (drawn - 5994) * deviation / 1000
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        let limit = u16::try_from(of.len()).unwrap_or(u16::MAX);
        of.get(usize::from(self.below(limit)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_chance() {
        let drawn = |seed| (0..20).map(|_| Chance::of(seed).below(100)).collect::<Vec<_>>();
        assert_eq!(drawn(7), drawn(7));
        let mut chance = Chance::of(1);
        assert!((0..1000).all(|_| chance.below(7) < 7));
        assert_eq!(chance.below(0), 0);
        assert_eq!(chance.pick::<u8>(&[]), None);
    }

    #[test]
    fn a_normal_draw_has_its_mean_and_deviation() {
        let mut chance = Chance::of(1);
        let drawn: Vec<i32> = (0..10_000).map(|_| chance.normal(300)).collect();
        let mean = drawn.iter().sum::<i32>() / 10_000;
        let variance = drawn.iter().map(|one| (one - mean).pow(2)).sum::<i32>() / 10_000;
        assert!(mean.abs() < 10 && (variance - 90_000).abs() < 4_000, "{mean} {variance}");
    }
}

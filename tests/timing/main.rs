//! Nobody can tell by the time whether there is an account of some name (S-17). Runs alone, after the suite: `cargo test` runs one
//! binary after the other.
//!
//! Log-ins with a wrong password, of a name that is known and of names that nobody has, in a random order; the slowest twentieth is
//! left out; the rest is compared by the test of Mann and Whitney (1947, normal approximation with the correction for ties left out,
//! since two times are hardly ever the same). It fails where three rounds out of three say so at p < 1e-6 (p < 0.01 in `.ci/long`). A server that leaves out the
//! hash that is nobody's must be found out in one round.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on says so")]

use std::time::Instant as Stopwatch;

use pingxuan_api::identity::passwords::{Cost, Passwords};
use pingxuan_tests::{Database, World};

/// Log-ins of either kind in a round.
const LOG_INS: usize = 500;
/// What must not be reached by chance: on a machine that does other things too, and where `PINGXUAN_TIMING=sensitive` says that it does not.
const P: [f64; 2] = [1e-6, 0.01];

fn least() -> f64 {
    let sensitive = std::env::var("PINGXUAN_TIMING").is_ok_and(|how| how == "sensitive");
    P[usize::from(sensitive)]
}

/// How likely it is that two samples come from one source: two-sided.
fn mann_whitney(one: &[f64], other: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> =
        one.iter().map(|time| (*time, true)).chain(other.iter().map(|time| (*time, false))).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let ranks: f64 =
        all.iter().zip(1_u32..).filter(|((_, first), _)| *first).map(|(_, rank)| f64::from(rank)).sum();
    let (n, m) = (count(one), count(other));
    let u = ranks - n * (n + 1.0) / 2.0;
    let z = (u - n * m / 2.0) / (n * m * (n + m + 1.0) / 12.0).sqrt();
    erfc(z.abs() / std::f64::consts::SQRT_2)
}

fn count(times: &[f64]) -> f64 {
    f64::from(u32::try_from(times.len()).unwrap())
}

/// The complementary error function (Abramowitz and Stegun 7.1.26 is too coarse for small values; this is the continued fraction of
/// Press et al., Numerical Recipes 6.2, relative error below 1.2e-7).
fn erfc(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.5 * x);
    let polynomial = [
        0.170_872_77,
        -0.822_152_23,
        1.488_515_87,
        -1.135_203_98,
        0.278_868_07,
        -0.186_288_06,
        0.096_784_18,
        0.374_091_96,
        1.000_023_68,
        -1.265_512_23,
    ];
    t * (-x * x + polynomial.iter().fold(0.0, |sum, term| sum * t + term)).exp()
}

/// A row of numbers by chance, the same for a seed (SplitMix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// A round: how likely it is that known and unknown names take the same time, and the medians of both in milliseconds.
async fn round(world: &World, chance: &mut Chance) -> (f64, f64, f64) {
    let mut times = [Vec::new(), Vec::new()];
    let mut left = [LOG_INS, LOG_INS];
    while left[0] + left[1] > 0 {
        let number = chance.next();
        let kind = if left[0] == 0 || (left[1] > 0 && number % 2 == 1) { 1 } else { 0 };
        left[kind] -= 1;
        let name = if kind == 0 { "office".to_owned() } else { format!("nobody-{:06x}", number >> 40) };
        let began = Stopwatch::now();
        world.log_in(&name, "a wrong password").await.refused(401, "invalid_credentials");
        times[kind].push(began.elapsed().as_secs_f64() * 1000.0);
    }
    for times in &mut times {
        times.sort_by(f64::total_cmp);
        times.truncate(LOG_INS - LOG_INS / 20);
    }
    let median = |times: &[f64]| times[times.len() / 2];
    (mann_whitney(&times[0], &times[1]), median(&times[0]), median(&times[1]))
}

/// So many rounds against a server; the likelihood of each.
fn told(rounds: usize, hash: fn() -> Passwords) -> Vec<f64> {
    let mut likely = Vec::new();
    pingxuan_tests::world::run(Database::Sqlite, async |world: World| {
        world.office().await;
        let change = |app: &mut pingxuan_api::app::App| {
            app.passwords = hash();
            app.security.failures = i64::MAX;
        };
        let (server, running) = World::start_with(world.database_url(), change).await;
        // The account's own hash is made at the cost that is measured.
        server.log_in("office", pingxuan_tests::world::PASSWORD).await.expect(200);
        for number in 0..50 {
            server.log_in(&format!("warm-{number}"), "x").await.refused(401, "invalid_credentials");
        }
        let mut chance = Chance(20_221_107);
        for number in 1..=rounds {
            let (p, known, unknown) = round(&server, &mut chance).await;
            println!(
                "round {number}: p = {p:.3e}, median {known:.2} ms for a known name, {unknown:.2} ms for unknown ones"
            );
            likely.push(p);
            if p >= least() {
                break;
            }
        }
        let app = std::sync::Arc::clone(&running.app);
        running.stop().await;
        app.db.clone().close().await.unwrap();
    });
    likely
}

#[test]
fn s_17_known_and_unknown_names_take_the_same_time_and_the_test_would_notice() {
    let honest = told(3, || Passwords::new(Cost::Full).unwrap());
    assert!(honest.iter().any(|p| *p >= least()), "known and unknown names can be told apart: {honest:?}");
    let hasty = told(1, || Passwords::new(Cost::Full).unwrap().hasty());
    assert!(hasty[0] < P[0], "a server without the hash that is nobody's is not found out: {hasty:?}");
}

#[test]
fn the_arithmetic_is_right() {
    assert!((erfc(0.0) - 1.0).abs() < 1e-6);
    assert!((erfc(1.0) - 0.157_299_207).abs() < 1e-6);
    assert!((erfc(3.459_f64) / 9.97e-7 - 1.0).abs() < 0.01);
    let same: Vec<f64> = (0..100).map(|number| f64::from(number) * 2.0).collect();
    let between: Vec<f64> = same.iter().map(|time| time + 1.0).collect();
    assert!(mann_whitney(&same, &between) > 0.5);
    let later: Vec<f64> = same.iter().map(|time| time + 500.0).collect();
    assert!(mann_whitney(&same, &later) < 1e-20);
}

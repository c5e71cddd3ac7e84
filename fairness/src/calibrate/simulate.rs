//! The noise of a round replayed ten thousand times: how often each applicant is among the first (C10).
#![expect(clippy::indexing_slicing, reason = "buffers are made for the numbers of one checked round")]

use serde::{Deserialize, Serialize};

use super::boundary::settled;
use super::fit::Fit;
use super::input::Simulation;
use super::shrunk::Shrunk;
use crate::design::count;
use crate::linear::{BLOCK, Factor};
use crate::random::SplitMix64;

/// What came of the draws.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Certainty {
    /// The seed of the stream.
    pub seed: u64,
    /// How many rounds were drawn.
    pub draws: u32,
    /// In how many of them each applicant was among the first q; together q x draws.
    pub top_count: Vec<u32>,
    /// 入选把握: that share of the draws, 0 to 1.
    pub top_share: Vec<f64>,
    /// How many draws were ranked.
    pub rank_draws: u32,
    /// 名次区间: the first and the last rank of nine tenths of the draws, from 1.
    pub rank_interval: Vec<(u16, u16)>,
}

/// One model, ready to be drawn from.
struct Sampler<'a> {
    factor: &'a Factor,
    /// Reviewers of all applicants one after the other, and where each applicant's end.
    reviewers: Vec<usize>,
    ends: Vec<usize>,
    centre: Vec<f64>,
    /// What is added for each applicant: shared x sum of its reviewers' w + overall x w of the mean + own x z.
    shared: Vec<f64>,
    overall: Option<Vec<f64>>,
    own: Vec<f64>,
    places: usize,
}

/// Draws from model A: the calibrated figures and their errors.
#[must_use]
pub fn simulate(fit: &Fit<'_>, simulation: Simulation) -> Certainty {
    let noise = fit.noise_variance.sqrt();
    let of = |visits: f64| (noise / visits, 0.0, noise / visits.sqrt());
    Sampler::new(fit, &fit.factor, &fit.calibrated, of, false).run(simulation)
}

/// Draws from model B's posterior: the source of what is published.
#[must_use]
pub fn simulate_shrunk(fit: &Fit<'_>, shrunk: &Shrunk, simulation: Simulation) -> Certainty {
    let (noise, kappa) = (fit.noise_variance.sqrt(), shrunk.kappa);
    let of = |visits: f64| {
        (noise / (visits + kappa), noise * kappa / (visits + kappa), noise / (visits + kappa).sqrt())
    };
    Sampler::new(fit, &shrunk.factor, &shrunk.means, of, true).run(simulation)
}

impl<'a> Sampler<'a> {
    fn new(
        fit: &Fit<'_>,
        factor: &'a Factor,
        centre: &[f64],
        of: impl Fn(f64) -> (f64, f64, f64),
        with_mean: bool,
    ) -> Self {
        let design = fit.scores.design();
        let mut reviewers = Vec::with_capacity(design.visits());
        let mut ends = Vec::with_capacity(design.applicants());
        let (mut shared, mut overall, mut own) = (Vec::new(), Vec::new(), Vec::new());
        for (applicant, of_one) in design.reviewers_of().iter().enumerate() {
            let part = fit.scores.scores_share(applicant);
            reviewers.extend_from_slice(of_one);
            ends.push(reviewers.len());
            let (by_reviewer, by_mean, alone) = of(count(of_one.len()));
            shared.push(-part * by_reviewer);
            overall.push(part * by_mean);
            own.push(part * alone);
        }
        Self {
            factor,
            reviewers,
            ends,
            centre: fit.scores.finals(centre).into_iter().map(settled).collect(),
            shared,
            overall: with_mean.then_some(overall),
            own,
            places: fit.scores.places(),
        }
    }

    /// All draws. Each has its own stretch of the stream and its own order of sums, however many are made side by side.
    fn run(&self, simulation: Simulation) -> Certainty {
        let applicants = self.centre.len();
        let unknowns = self.factor.size();
        let mut stream = SplitMix64::new(simulation.seed);
        let mut counts = vec![0_u32; applicants];
        let rank_draws = simulation.ranked(applicants);
        let mut ranks = Ranks::new(applicants, rank_draws);
        let mut top = Top::default();
        let mut solved = vec![[0.0; BLOCK]; unknowns];
        let mut column = vec![0.0; unknowns];
        let mut figures = vec![0.0; applicants * BLOCK];
        let mut done = 0;
        while done < simulation.draws {
            let width = BLOCK.min(usize::try_from(simulation.draws - done).unwrap_or(BLOCK));
            for (lane, noise) in figures.chunks_exact_mut(applicants).enumerate().take(width) {
                stream.fill_normal(&mut column);
                for (cells, value) in solved.iter_mut().zip(&column) {
                    cells[lane] = *value;
                }
                stream.fill_normal(noise);
            }
            self.factor.back_substitute(&mut solved);
            for (lane, figures) in figures.chunks_exact_mut(applicants).enumerate().take(width) {
                for (value, cells) in column.iter_mut().zip(&solved) {
                    *value = cells[lane];
                }
                self.figures(&column, figures);
                top.count(figures, self.places, &mut counts);
                ranks.record(figures);
                done += 1;
            }
        }
        let draws = f64::from(simulation.draws);
        Certainty {
            seed: simulation.seed,
            draws: simulation.draws,
            top_share: counts.iter().map(|count| f64::from(*count) / draws).collect(),
            top_count: counts,
            rank_draws,
            rank_interval: ranks.intervals(),
        }
    }

    /// Turns an applicant's own noise into its figure, in place.
    fn figures(&self, leniency: &[f64], noise: &mut [f64]) {
        let mut start = 0;
        for (applicant, (cell, end)) in noise.iter_mut().zip(&self.ends).enumerate() {
            let sum: f64 = self.reviewers[start..*end].iter().map(|reviewer| leniency[*reviewer]).sum();
            *cell = self.centre[applicant] + self.shared[applicant] * sum + self.own[applicant] * *cell;
            start = *end;
        }
        if let (Some(overall), Some(mean)) = (&self.overall, leniency.last()) {
            for (cell, by_mean) in noise.iter_mut().zip(overall) {
                *cell += by_mean * mean;
            }
        }
    }
}

/// The q largest of a draw.
#[derive(Default)]
struct Top {
    sorted: Vec<f64>,
}

impl Top {
    /// Counts the q largest figures, ties to the lower index.
    fn count(&mut self, figures: &[f64], places: usize, counts: &mut [u32]) {
        let Some(last) = places.checked_sub(1) else { return };
        self.sorted.clear();
        self.sorted.extend_from_slice(figures);
        let (_, least, _) = self.sorted.select_nth_unstable_by(last, |left, right| right.total_cmp(left));
        let least = *least;
        let mut left = places;
        for (figure, count) in figures.iter().zip(counts.iter_mut()) {
            let above = *figure > least;
            *count += u32::from(above);
            left -= usize::from(above);
        }
        for (figure, count) in figures.iter().zip(counts) {
            if left > 0 && *figure == least {
                *count += 1;
                left -= 1;
            }
        }
    }
}

/// The ranks of each applicant in the draws that are ranked.
struct Ranks {
    draws: usize,
    recorded: usize,
    /// Draw after draw.
    ranks: Vec<u16>,
    order: Vec<u16>,
}

impl Ranks {
    fn new(applicants: usize, draws: u32) -> Self {
        let draws = usize::try_from(draws).unwrap_or(usize::MAX);
        let order = (0..applicants).map(|applicant| u16::try_from(applicant).unwrap_or(u16::MAX)).collect();
        Self { draws, recorded: 0, ranks: vec![0; applicants * draws], order }
    }

    fn record(&mut self, figures: &[f64]) {
        if self.recorded == self.draws {
            return;
        }
        let figure = |applicant: &u16| figures[usize::from(*applicant)];
        self.order
            .sort_unstable_by(|left, right| figure(right).total_cmp(&figure(left)).then(left.cmp(right)));
        let ranks = &mut self.ranks[self.recorded * figures.len()..][..figures.len()];
        for (rank, applicant) in (1..).zip(&self.order) {
            ranks[usize::from(*applicant)] = rank;
        }
        self.recorded += 1;
    }

    /// Ranks floor(.05 D) and ceil(.95 D) - 1 of the sorted ranks of each applicant.
    fn intervals(&self) -> Vec<(u16, u16)> {
        let applicants = self.order.len();
        let (low, high) = (self.draws / 20, (self.draws * 19).div_ceil(20).saturating_sub(1));
        let mut of_one = Vec::with_capacity(self.draws);
        let interval = |applicant| {
            of_one.clear();
            of_one.extend(self.ranks.chunks_exact(applicants).map(|draw: &[u16]| draw[applicant]));
            let (_, last, _) = of_one.select_nth_unstable(high);
            let last = *last;
            let (_, first, _) = of_one.select_nth_unstable(low);
            (*first, last)
        };
        (0..applicants).map(interval).collect()
    }
}

/// What is certain without drawing: nothing is distinguishable, and each of N has q of N places in prospect.
pub(crate) fn indistinguishable(applicants: usize, places: usize) -> Vec<f64> {
    vec![count(places) / count(applicants); applicants]
}

/// The final figures of the posterior means, and their standard deviations.
pub(crate) fn final_posterior(fit: &Fit<'_>, shrunk: &Shrunk) -> (Vec<f64>, Vec<f64>) {
    let of_one = |(applicant, deviation): (usize, &f64)| fit.scores.scores_share(applicant) * deviation;
    let deviations = shrunk.deviations.iter().enumerate().map(of_one).collect();
    (fit.scores.finals(&shrunk.means), deviations)
}

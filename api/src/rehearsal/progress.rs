//! How far the rehearsal has come: a bar for each phase on a terminal, a line for each elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant as Moment};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What a phase took.
#[derive(Clone, Debug)]
pub struct PhaseTaken {
    /// Its name.
    pub name: &'static str,
    /// Its time.
    pub took: Duration,
    /// Its requests.
    pub requests: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Voice {
    Bars,
    Lines,
    Silent,
}

/// The progress of a rehearsal.
#[derive(Debug)]
pub struct Progress {
    voice: Voice,
    bar: ProgressBar,
    begun: Option<(&'static str, Moment, usize)>,
    taken: Vec<PhaseTaken>,
}

impl Progress {
    /// Progress that is shown as it can be, or not at all.
    #[must_use]
    pub fn new(quiet: bool) -> Self {
        let voice = match (quiet, std::io::stderr().is_terminal()) {
            (true, _) => Voice::Silent,
            (false, true) => Voice::Bars,
            (false, false) => Voice::Lines,
        };
        Self { voice, bar: ProgressBar::hidden(), begun: None, taken: Vec::new() }
    }

    /// A phase begins, after so many requests, with so many steps to come.
    pub fn begin(&mut self, name: &'static str, requests: usize, steps: u64) {
        self.end(requests);
        self.begun = Some((name, Moment::now(), requests));
        if self.voice == Voice::Bars {
            let style = ProgressStyle::with_template("{prefix:<30} [{bar:40}] {pos:>4}/{len} {elapsed}");
            let bar = ProgressBar::with_draw_target(Some(steps), ProgressDrawTarget::stderr());
            self.bar =
                bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())).with_prefix(name);
        }
    }

    /// One step is done.
    pub fn step(&self) {
        self.bar.inc(1);
    }

    /// The phase has ended.
    pub fn end(&mut self, requests: usize) {
        let Some((name, begun, before)) = self.begun.take() else { return };
        let taken = PhaseTaken { name, took: begun.elapsed(), requests: requests.saturating_sub(before) };
        match self.voice {
            Voice::Bars => self.bar.finish(),
            Voice::Lines => {
                eprintln!("{name}: {} requests in {:.1} s", taken.requests, taken.took.as_secs_f64());
            }
            Voice::Silent => {}
        }
        self.taken.push(taken);
    }

    /// What the phases took, in their order.
    #[must_use]
    pub fn taken(&self) -> &[PhaseTaken] {
        &self.taken
    }
}

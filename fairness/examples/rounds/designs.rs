//! The four designs of the simulation: fixed teams, teams with one swap, random and balanced, pair-balanced.
#![expect(clippy::indexing_slicing, reason = "indices below the sizes of this example")]

use pingxuan_fairness::random::SplitMix64;

pub const APPLICANTS: usize = 25;
pub const REVIEWERS: usize = 12;
pub const EACH: usize = 3;
const TEAMS: usize = REVIEWERS / EACH;

/// The reviewers of each applicant.
pub type Panels = Vec<[usize; EACH]>;

fn below(stream: &mut SplitMix64, limit: usize) -> usize {
    (stream.uniform() * limit as f64) as usize
}

/// Four teams of three, each with an area of its own.
pub fn fixed_teams() -> Panels {
    (0..APPLICANTS).map(|applicant| [0, 1, 2].map(|member| team(applicant) * EACH + member)).collect()
}

/// The area that an applicant lies in.
fn team(applicant: usize) -> usize {
    applicant * TEAMS / APPLICANTS
}

/// Fixed teams whose neighbours change one reviewer for one visit: three swaps, six of 75 visits.
pub fn teams_and_swaps() -> Panels {
    let mut panels = fixed_teams();
    for boundary in 1..TEAMS {
        let next = (0..APPLICANTS).find(|applicant| team(*applicant) == boundary).unwrap_or(0);
        let (left, right) = (next - 1, next);
        let (one, other) = (panels[left][EACH - 1], panels[right][0]);
        panels[left][EACH - 1] = other;
        panels[right][0] = one;
    }
    panels
}

/// Drawn by lot with loads as equal as they can be.
pub fn random_balanced(stream: &mut SplitMix64) -> Panels {
    let mut panels: Panels = (0..APPLICANTS)
        .map(|applicant| [0, 1, 2].map(|place| (applicant * EACH + place) % REVIEWERS))
        .collect();
    for _ in 0..4_000 {
        swap(&mut panels, stream, |_, _| true);
    }
    panels
}

/// The same, then swaps that make no two reviewers meet more often than they must: less and less of the sum of squares.
pub fn pair_balanced(stream: &mut SplitMix64) -> Panels {
    let mut panels = random_balanced(stream);
    for _ in 0..6_000 {
        swap(&mut panels, stream, |before, after| pair_square(after) <= pair_square(before));
    }
    panels
}

/// Changes two reviewers of two applicants for each other, where neither sees an applicant twice and it is wanted.
fn swap(panels: &mut Panels, stream: &mut SplitMix64, wanted: impl Fn(&Panels, &Panels) -> bool) {
    let (a, b) = (below(stream, APPLICANTS), below(stream, APPLICANTS));
    let (x, y) = (below(stream, EACH), below(stream, EACH));
    let (one, other) = (panels[a][x], panels[b][y]);
    if panels[a].contains(&other) || panels[b].contains(&one) {
        return;
    }
    let mut after = panels.clone();
    after[a][x] = other;
    after[b][y] = one;
    if wanted(panels, &after) {
        *panels = after;
    }
}

/// The sum over pairs of reviewers of the square of how many applicants they share.
fn pair_square(panels: &Panels) -> usize {
    let mut shared = [[0_usize; REVIEWERS]; REVIEWERS];
    for panel in panels {
        for one in panel {
            for other in panel.iter().filter(|other| *other > one) {
                shared[*one][*other] += 1;
            }
        }
    }
    shared.iter().flatten().map(|times| times * times).sum()
}

//! Better plans by small moves: even loads, mixed pairs, one connected design (D-602).

use super::board::{Board, Desk, Seat};

/// Passes over all assignments; far more than a plan of a county needs.
const ROUNDS: usize = 100;
/// Moves tried at most, so that a plan of thousands is made in seconds too.
const TRIES: usize = 4_000_000;
/// Assignments that are tried as one end of a link.
const LINK_ENDS: usize = 200;

/// One assignment.
type Link = (Seat, Desk);

/// Moves and exchanges assignments until none makes the loads more even or, at even loads, the sum of squared
/// pair counts smaller, or until the tries are used up.
pub(super) fn improve(board: &mut Board) {
    let mut tries = 0;
    for _ in 0..ROUNDS {
        let moved = move_all(board, &mut tries);
        let exchanged = exchange_all(board, &mut tries);
        if tries > TRIES || !(moved || exchanged) {
            return;
        }
    }
}

/// The assignments that the plan has given, which alone may change.
fn given(board: &Board) -> Vec<Link> {
    board.seats().flat_map(|seat| board.chosen(seat).iter().map(move |desk| (seat, *desk))).collect()
}

/// Gives assignments to less loaded supervisors; the sum of squared loads and then that of pairs only ever
/// falls, so it ends.
fn move_all(board: &mut Board, tries: &mut usize) -> bool {
    let mut moved = false;
    for (seat, mut from) in given(board) {
        for to in board.desks() {
            *tries += 1;
            if *tries > TRIES {
                return moved;
            }
            if board.load(from) <= board.load(to) || !board.may_take(seat, to) {
                continue;
            }
            // By one, the two only change places: worth it for better pairs alone.
            let evener = board.load(from) - board.load(to) > 1;
            if board.replace(seat, from, to) < 0 || evener {
                moved = true;
                from = to;
            } else {
                board.replace(seat, to, from);
            }
        }
    }
    moved
}

/// Exchanges the supervisors of two assignments where that mixes the pairs better; loads stay.
fn exchange_all(board: &mut Board, tries: &mut usize) -> bool {
    let mut exchanged = false;
    let mut all = given(board);
    for second in 1..all.len() {
        for first in 0..second {
            *tries += 1;
            if *tries > TRIES {
                return exchanged;
            }
            let (Some(&one), Some(&other)) = (all.get(first), all.get(second)) else { continue };
            if !may_exchange(board, one, other) {
                continue;
            }
            if exchange(board, one, other) < 0 {
                exchanged = true;
                if let Ok([one, other]) = all.get_disjoint_mut([first, second]) {
                    std::mem::swap(&mut one.1, &mut other.1);
                }
            } else {
                exchange(board, (one.0, other.1), (other.0, one.1));
            }
        }
    }
    exchanged
}

fn may_exchange(board: &Board, one: Link, other: Link) -> bool {
    board.may_take(one.0, other.1) && board.may_take(other.0, one.1)
}

fn exchange(board: &mut Board, one: Link, other: Link) -> i64 {
    board.replace(one.0, one.1, other.1) + board.replace(other.0, other.1, one.1)
}

/// What hangs together.
#[derive(Debug)]
pub(super) struct Survey {
    /// Parts of the design: nominees and supervisors that assignments, old and new, link.
    pub(super) components: usize,
    /// New assignments without which their part still hangs together, and that part.
    spare: Vec<(Seat, Desk, usize)>,
    /// The part of each supervisor; one without assignments is a part of its own.
    parts: Vec<usize>,
}

/// Finds the parts of the design.
pub(super) fn survey(board: &Board) -> Survey {
    let seats = board.seats().len();
    let mut forest = Forest((0..seats + board.desks().len()).collect());
    let mut components: usize = board.seats().filter(|seat| count_at(board, *seat) > 0).count();
    let mut used = vec![false; board.desks().len()];
    let mut link = |forest: &mut Forest, seat: Seat, desk: Desk| {
        if let Some(used) = used.get_mut(desk)
            && !std::mem::replace(used, true)
        {
            components += 1;
        }
        let linked = forest.join(seat, seats + desk);
        components -= usize::from(linked);
        linked
    };
    // What cannot change first: what may change then is spare as often as can be.
    for seat in board.seats() {
        for desk in board.fixed(seat) {
            link(&mut forest, seat, *desk);
        }
    }
    let mut spare = Vec::new();
    for (seat, desk) in given(board) {
        if !link(&mut forest, seat, desk) {
            spare.push((seat, desk));
        }
    }
    let spare = spare.into_iter().map(|(seat, desk)| (seat, desk, forest.root(seat))).collect();
    let parts = board.desks().map(|desk| forest.root(seats + desk)).collect();
    Survey { components, spare, parts }
}

fn count_at(board: &Board, seat: Seat) -> usize {
    board.fixed(seat).len() + board.chosen(seat).len()
}

/// Links the parts of the design, where that can be done without breaking a hard rule.
///
/// A spare assignment exchanged with any of another part makes one of the two, since its own part hangs
/// together without it and what the other falls into is tied to both ends. The exchange that mixes the pairs
/// best is taken; where none may be made, a spare assignment moves over. Without a spare one there are too
/// few sheets to link anything.
pub(super) fn link(board: &mut Board) {
    loop {
        let found = survey(board);
        if found.components <= 1 || !(link_by_exchange(board, &found) || link_by_move(board, &found)) {
            return;
        }
    }
}

fn link_by_exchange(board: &mut Board, found: &Survey) -> bool {
    let others = given(board);
    let mut best: Option<(i64, Link, Link)> = None;
    for &(seat, desk, part) in found.spare.iter().take(LINK_ENDS) {
        let one = (seat, desk);
        for &other in &others {
            if found.parts.get(other.1) == Some(&part) || !may_exchange(board, one, other) {
                continue;
            }
            let grown = exchange(board, one, other);
            exchange(board, (seat, other.1), (other.0, desk));
            if best.is_none_or(|(least, ..)| grown < least) {
                best = Some((grown, one, other));
            }
        }
    }
    best.map(|(_, one, other)| exchange(board, one, other)).is_some()
}

fn link_by_move(board: &mut Board, found: &Survey) -> bool {
    let with_assignments: std::collections::BTreeSet<Desk> =
        board.seats().flat_map(|seat| board.fixed(seat).iter().chain(board.chosen(seat))).copied().collect();
    let mut best: Option<((i64, i64), Seat, Desk, Desk)> = None;
    for &(seat, from, part) in found.spare.iter().take(LINK_ENDS) {
        for &to in &with_assignments {
            if found.parts.get(to) == Some(&part) || !board.may_take(seat, to) {
                continue;
            }
            let more = i64::from(board.load(to)) - i64::from(board.load(from));
            let grown = board.replace(seat, from, to);
            board.replace(seat, to, from);
            if best.is_none_or(|(least, ..)| (more, grown) < least) {
                best = Some(((more, grown), seat, from, to));
            }
        }
    }
    best.map(|(_, seat, from, to)| board.replace(seat, from, to)).is_some()
}

/// Sets that are joined (union-find with path halving).
#[derive(Debug)]
struct Forest(Vec<usize>);

impl Forest {
    fn root(&mut self, mut node: usize) -> usize {
        loop {
            let parent = self.0.get(node).copied().unwrap_or(node);
            if parent == node {
                return node;
            }
            let above = self.0.get(parent).copied().unwrap_or(parent);
            if let Some(link) = self.0.get_mut(node) {
                *link = above;
            }
            node = above;
        }
    }

    /// Joins the sets of two nodes; says whether they were two.
    fn join(&mut self, one: usize, other: usize) -> bool {
        let (one, other) = (self.root(one), self.root(other));
        if let Some(link) = self.0.get_mut(one) {
            *link = other;
        }
        one != other
    }
}

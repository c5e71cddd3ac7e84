//! What sets equal figures apart: the definition's cascade, then the orders of the office (D-609).

use std::collections::BTreeSet;

use uuid::Uuid;

use super::{RankedEntry, Ranking, Tie, TieStep, count};
use crate::campaign::definition::{Category, TieBreak};

/// Entries that are equal so far.
pub(super) type Group = Vec<RankedEntry>;

/// Puts a group at the end of the ranking, under one rank. Of `places` on the list the last may lie within it.
pub(super) fn place(ranking: &mut Ranking, group: Group, places: u32) {
    let before = count(ranking.entries.len());
    let rank = before.saturating_add(1);
    let after = before.saturating_add(count(group.len()));
    if group.len() > 1 && group.iter().all(|entry| entry.score.is_some()) {
        ranking.ties.push(Tie {
            application_ids: group.iter().map(|entry| entry.application_id).collect(),
            rank,
            across_quota: before < places && places < after,
        });
    }
    ranking.entries.extend(group.into_iter().map(|entry| RankedEntry { rank, ..entry }));
}

/// Parts a group by a key, the greatest first and no key last; the order within stays.
pub(super) fn split<K: Ord>(mut group: Group, key: impl Fn(&RankedEntry) -> K) -> Vec<Group> {
    // A stable sort: entries of one key stay ordered by id.
    group.sort_by_key(|entry| std::cmp::Reverse(key(entry)));
    let mut parts: Vec<Group> = Vec::new();
    for entry in group {
        match parts.last_mut() {
            Some(part) if part.first().is_some_and(|first| key(first) == key(&entry)) => part.push(entry),
            Some(_) | None => parts.push(vec![entry]),
        }
    }
    parts
}

/// Sets equal entries apart by the stages of the definition.
pub(super) fn cascade(category: &Category, equals: Group) -> Vec<Group> {
    let mut groups = vec![equals];
    for step in steps(category) {
        groups = groups.into_iter().flat_map(|group| apart(group, step)).collect();
    }
    groups
}

/// The definition's cascade, step by step: criteria from the heaviest, equal weights by number.
fn steps(category: &Category) -> Vec<TieStep> {
    let mut criteria: Vec<_> = category.criteria.iter().collect();
    criteria.sort_by_key(|criterion| (std::cmp::Reverse(criterion.weight.value), criterion.number));
    let by_weight: Vec<_> =
        criteria.into_iter().map(|criterion| TieStep::Criterion(criterion.number)).collect();
    let of_stage = |stage: &TieBreak| match stage {
        TieBreak::CriteriaByWeight => by_weight.clone(),
        TieBreak::AnnualAssessment => vec![TieStep::AnnualAssessment],
    };
    category.tie_break.value.iter().flat_map(of_stage).collect()
}

fn apart(group: Group, step: TieStep) -> Vec<Group> {
    let figure = |entry: &RankedEntry| match step {
        TieStep::Criterion(number) => {
            entry.criteria.iter().find(|(of, _)| *of == number).map(|(_, figure)| *figure)
        }
        TieStep::AnnualAssessment => entry.assessment.figure(),
        TieStep::Resolved => None,
    };
    if group.iter().any(|entry| figure(entry).is_none()) {
        return vec![group];
    }
    decided(split(group, figure), step)
}

/// Orders a group that is still equal by the newest resolution that names exactly its entries.
pub(super) fn resolve(group: Group, resolutions: &[Vec<Uuid>]) -> Vec<Group> {
    let tied: BTreeSet<Uuid> = group.iter().map(|entry| entry.application_id).collect();
    let names_it = |order: &&Vec<Uuid>| order.len() == tied.len() && order.iter().all(|id| tied.contains(id));
    // Of one length, and nobody outside the group: an order that names somebody twice leaves somebody out.
    let is_whole = |order: &&Vec<Uuid>| order.iter().collect::<BTreeSet<_>>().len() == tied.len();
    let scored = group.iter().all(|entry| entry.score.is_some());
    let order = resolutions.iter().rev().find(|order| scored && names_it(order) && is_whole(order));
    match order {
        Some(order) if group.len() > 1 => {
            let place = |entry: &RankedEntry| order.iter().position(|id| *id == entry.application_id);
            decided(split(group, |entry| std::cmp::Reverse(place(entry))), TieStep::Resolved)
        }
        Some(_) | None => vec![group],
    }
}

/// Notes the step with every entry that it set apart.
fn decided(mut parts: Vec<Group>, step: TieStep) -> Vec<Group> {
    if parts.len() > 1 {
        parts.iter_mut().flatten().for_each(|entry| entry.decided_by.push(step));
    }
    parts
}
